//! What readers may type.

use super::input::Input;
use crate::fuzz_tests::fuzz;

#[test]
fn any_text_is_a_query() {
    let good = ["Größe \"Süßer Most\" -Birne", "24.11.2026 10.600", "\"\"\"", "-\"a b\" c"];
    let good = good.map(|text| text.as_bytes().to_vec());
    let words: [&[u8]; 8] =
        [b"\"", b"-", b" ", b"\xe2\x80\x9e", b"\xe2\x80\x9c", b"\xcc\x88", b"\xf0\x9f\x98\x80", b"."];
    fuzz("query", 5000, &good, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let input = Input::read(&text);
        assert!(input.wanted.len() + input.phrases.len() + input.excluded.len() <= text.len());
    });
}
