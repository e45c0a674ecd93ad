//! Bytes of an unnamed encoding to text: UTF-8, Windows-1252 (of which Latin-1 is a part), Mac Roman, or what is written
//! east of there.

mod alphabets;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_5, ISO_8859_7, ISO_8859_13, ISO_8859_15, MACINTOSH, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1257,
};

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
/// those on Windows did; only what reads clearly better as Mac Roman is taken for it, and only what is a word of no
/// Western language for the encoding of another one.
pub fn guess<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> &'static Encoding {
    /// Longer than any caption; what comes behind it reads alike.
    const ENOUGH_BYTES: usize = 200_000;
    let mut joined = Vec::new();
    for bytes in texts {
        let left = ENOUGH_BYTES.saturating_sub(joined.len());
        joined.extend_from_slice(bytes.get(..left).unwrap_or(bytes));
        joined.push(b'\n');
    }
    let windows = Reading::of(WINDOWS_1252, &joined);
    let mac = Reading::of(MACINTOSH, &joined);
    if !windows.is_western
        && !mac.is_western
        && let Some(foreign) = foreign(&joined)
    {
        return foreign;
    }
    if mac.sense > windows.sense.max(0) { MACINTOSH } else { WINDOWS_1252 }
}

/// What programs meant that named a standard's encoding and wrote by the one of Windows, which has letters and quotation
/// marks where the standard has nothing.
pub fn as_written<'a>(
    named: &'static Encoding,
    texts: impl IntoIterator<Item = &'a [u8]>,
) -> &'static Encoding {
    let of_windows = match named {
        _ if named == ISO_8859_2 => WINDOWS_1250,
        _ if named == ISO_8859_5 => WINDOWS_1251,
        _ if named == ISO_8859_7 => WINDOWS_1253,
        _ if named == ISO_8859_13 => WINDOWS_1257,
        _ if named == ISO_8859_15 => WINDOWS_1252,
        _ => return named,
    };
    let is_of_windows = |bytes: &[u8]| bytes.iter().any(|byte| (0x80..0xA0).contains(byte));
    if texts.into_iter().any(is_of_windows) { of_windows } else { named }
}

/// How bytes read in an encoding.
struct Reading {
    sense: i64,
    /// Whether everything makes sense, in letters of one Western language.
    is_western: bool,
}

impl Reading {
    fn of(encoding: &'static Encoding, bytes: &[u8]) -> Self {
        let text = encoding.decode_without_bom_handling(bytes).0;
        let (sense, makes_sense) = sense(&text);
        Self { sense, is_western: makes_sense && alphabets::cover(&alphabets::WESTERN, &text) }
    }
}

/// The encoding of another part of the world, if the detector of the browsers says so and its languages agree.
fn foreign(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    let (text, has_errors) = guessed.decode_without_bom_handling(bytes);
    if !has_errors && alphabets::cover(alphabets::of(guessed), &text) {
        return Some(guessed);
    }
    // Two letters alone tell Hungarian from what the detector takes it for.
    let text = WINDOWS_1250.decode_without_bom_handling(bytes).0;
    alphabets::is_hungarian(&text).then_some(WINDOWS_1250)
}

/// How much the characters beyond ASCII look like writing: letters where letters stand, signs where signs do; and
/// whether all do.
fn sense(text: &str) -> (i64, bool) {
    let characters: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| characters.get(index)).copied().unwrap_or(' ');
    let (mut sum, mut all_fit) = (0, true);
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
        all_fit &= fits;
    }
    (sum, all_fit)
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
