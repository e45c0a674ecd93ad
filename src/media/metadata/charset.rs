//! Bytes of an unnamed encoding to text: UTF-8, Windows-1252 (of which Latin-1 is a part) or Mac Roman.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// Letters of Western European words beyond ASCII.
const LETTERS: &str = "äöüßÄÖÜéèêëàâáãåæøçñíìîïóòôõúùûœšžÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛŒŠŽ";
const OPENING: &str = "„‚«‹“‘¿¡";
const CLOSING: &str = "“”’‘»›…";

/// UTF-8 if it can be, otherwise what all of the bytes make most sense in.
pub fn text_of_unknown_encoding(bytes: &[u8]) -> String {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    match utf8_but_for_its_end(bytes) {
        Some(text) => text.to_owned(),
        None => guess([bytes]).decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Text in UTF-8, of which the last character may be cut through. A letter alone at the end is as well the last one of
/// a word in another encoding, unless whole ones stand before it.
pub fn utf8_but_for_its_end(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => {
            let whole = std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?;
            (!whole.is_ascii()).then_some(whole)
        }
        Err(_) => None,
    }
}

/// The single-byte encoding of texts that belong together. Programs on classic Macs marked theirs as little as
/// those on Windows did; only what reads clearly better as Mac Roman is taken for it.
pub fn guess<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> &'static Encoding {
    /// Longer than any caption; what comes behind it reads alike.
    const ENOUGH_BYTES: usize = 200_000;
    let (mut windows, mut mac) = (0, 0);
    let mut left_bytes = ENOUGH_BYTES;
    for bytes in texts {
        let bytes = bytes.get(..left_bytes).unwrap_or(bytes);
        left_bytes -= bytes.len();
        windows += sense(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
        mac += sense(&MACINTOSH.decode_without_bom_handling(bytes).0);
    }
    if mac > windows { MACINTOSH } else { WINDOWS_1252 }
}

/// How much the characters beyond ASCII look like writing: letters where letters stand, signs where signs do.
fn sense(text: &str) -> i64 {
    let characters: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| characters.get(index)).copied().unwrap_or(' ');
    let mut sum = 0;
    for (index, &c) in characters.iter().enumerate().filter(|(_, c)| !c.is_ascii()) {
        let (before, after) = (at(index.checked_sub(1)), at(Some(index + 1)));
        let in_word = (before.is_alphabetic(), after.is_alphabetic());
        let fits = if c.is_control() {
            false
        } else if LETTERS.contains(c) {
            in_word != (false, false) && !(c.is_uppercase() && before.is_lowercase())
        } else if c.is_alphabetic() {
            // Ligatures, dotless letters and the like: they exist, but hardly anybody types them.
            continue;
        } else {
            match in_word {
                (true, true) => c == '’',
                (false, true) => OPENING.contains(c) || matches!(c, '–' | '…' | '©' | '®'),
                (true, false) => CLOSING.contains(c) || matches!(c, '–' | '®' | '™' | '°'),
                (false, false) => true,
            }
        };
        sum += if fits { 1 } else { -2 };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::text_of_unknown_encoding;

    #[test]
    fn the_encoding_in_which_bytes_read_like_words_is_taken() {
        let cases: [(&[u8], &str); 12] = [
            ("Größe".as_bytes(), "Größe"),
            (b"Gr\xf6\xdfe", "Größe"),
            (b"\x84zitiert\x93 \x96 \x80", "„zitiert“ – €"),
            (b"\x93quoted\x94, it\x92s", "“quoted”, it’s"),
            (b"Tom\xe1\x9a Bene\x9a", "Tomáš Beneš"),
            (b"\xa9 2025 M\xfcller", "© 2025 Müller"),
            (b"Caf\xe9", "Café"),
            (b"Gr\xc3\xb6\xc3\x9fe und S\xc3", "Größe und S"),
            // The same as a Mac wrote it.
            (b"Gr\x9a\xa7e und S\x9f\xa7e", "Größe und Süße"),
            (b"M\x9fller, \x85sterreich", "Müller, Österreich"),
            (b"Ch\x89teau-Thierry, \x8ecole fran\x8daise", "Château-Thierry, école française"),
            (b"\xe3S\x9f\xa7most\xd2 und \x80pfel", "„Süßmost“ und Äpfel"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(text_of_unknown_encoding(bytes), expected);
        }
    }
}
