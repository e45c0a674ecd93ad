//! Letters as a reader may type them: "München", "Muenchen" and "munchen" become the same word.

use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Characters inside a word that nobody sees: soft hyphen, zero-width space and joiners, word joiner, BOM.
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Whether `c` belongs to a word: letters, digits, marks over letters and invisible characters.
pub fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && (is_combining_mark(c) || is_invisible(c)))
}

/// Whether `c` belongs to a script written without spaces between words, or with long words glued from syllables:
/// such text is cut into pairs of characters.
pub const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}'
        | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Marks that a reader may leave out: accents, Hebrew and Arabic vowels. Those of other scripts are letters.
const fn is_optional_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// A few characters of a script without spaces in their one form.
pub fn fold_unspaced(text: &str) -> CompactString {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Lower case without accents; `german` also takes "ae", "oe", "ue" for the umlaut they stand for.
pub fn fold(word: &str, german: bool) -> CompactString {
    if german && has_spelled_umlaut(word) {
        if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return fold_spelled_umlauts(word);
        }
    } else if let Some(folded) = fold_common(word) {
        return folded;
    }
    folded_chars(word, german).into_iter().map(|(c, _)| c).collect()
}

/// A folded word in both readings: with "ae", "oe", "ue" taken for umlauts, and, where that differs, as it is.
pub fn fold_both(word: &str) -> (CompactString, Option<CompactString>) {
    let folded = fold(word, true);
    if word.is_ascii() && !has_spelled_umlaut(word) {
        return (folded, None);
    }
    let plain = fold(word, false);
    let differs = plain != folded;
    (folded, differs.then_some(plain))
}

/// Most words: nothing but Latin letters, digits and what German and French put on them.
fn fold_common(word: &str) -> Option<CompactString> {
    if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let mut out = CompactString::new(word);
        out.as_mut_str().make_ascii_lowercase();
        return Some(out);
    }
    let mut out = CompactString::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            'ä' | 'Ä' | 'à' | 'â' => out.push('a'),
            'ö' | 'Ö' | 'ô' => out.push('o'),
            'ü' | 'Ü' | 'ù' | 'û' => out.push('u'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'ß' => out.push_str("ss"),
            'ç' => out.push('c'),
            _ => return None,
        }
    }
    Some(out)
}

/// A German word of plain letters in which an "e" may be the second half of an umlaut.
fn fold_spelled_umlauts(word: &str) -> CompactString {
    let mut out = CompactString::with_capacity(word.len());
    let mut last_is_plain = false;
    for letter in word.bytes().map(|b| b.to_ascii_lowercase()) {
        let mut before = out.bytes().rev();
        let is_second_half = letter == b'e' && last_is_plain && spells_umlaut(before.next(), before.next());
        last_is_plain = !is_second_half && letter.is_ascii_alphabetic();
        if !is_second_half {
            out.push(letter.into());
        }
    }
    out
}

/// Like [`fold`], with the byte offset in `word` that each byte of the result comes from; the list has one
/// more entry than the result has bytes: the end of `word`.
pub fn fold_with_origins(word: &str, german: bool) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(word.len());
    let mut origins = Vec::with_capacity(word.len() + 1);
    for (c, origin) in folded_chars(word, german) {
        text.push(c);
        origins.resize(text.len(), origin);
    }
    origins.push(word.len());
    (text, origins)
}

fn has_spelled_umlaut(word: &str) -> bool {
    word.as_bytes()
        .windows(2)
        .any(|pair| pair[1].eq_ignore_ascii_case(&b'e') && matches!(pair[0] | 0x20, b'a' | b'o' | b'u'))
}

fn folded_chars(word: &str, german: bool) -> Vec<(char, usize)> {
    let mut out: Vec<(char, usize)> = Vec::with_capacity(word.len());
    // Whether the last letter was written without a mark: only then may an "e" after it spell an umlaut.
    let mut last_is_plain = false;
    for (origin, original) in word.char_indices() {
        if is_optional_mark(original) || is_invisible(original) {
            last_is_plain &= is_invisible(original);
            continue;
        }
        for c in original.to_lowercase() {
            let mut before = out.iter().rev().map(|(c, _)| u8::try_from(*c).unwrap_or(0));
            if german && c == 'e' && last_is_plain && spells_umlaut(before.next(), before.next()) {
                last_is_plain = false;
                continue;
            }
            last_is_plain = c.is_ascii_alphabetic();
            push_folded(c, origin, &mut out);
        }
    }
    out
}

/// Whether an "e" after these letters is the second half of a spelled-out umlaut. Not after a vowel or q:
/// "neue", "bauen" and "Quelle" keep their e.
fn spells_umlaut(last: Option<u8>, before: Option<u8>) -> bool {
    match last {
        Some(b'u') => !matches!(before, Some(b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'q')),
        last => matches!(last, Some(b'a' | b'o')),
    }
}

fn push_folded(c: char, origin: usize, out: &mut Vec<(char, usize)>) {
    let replacement = match c {
        'a'..='z' | '0'..='9' => {
            out.push((c, origin));
            return;
        }
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'й' => "й",
        'ё' => "е",
        'ة' => "ه",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ٱ' => "ا",
        _ => "",
    };
    if replacement.is_empty() {
        decompose_compatible(c, |part| {
            if !is_optional_mark(part) && (part.is_alphanumeric() || is_combining_mark(part)) {
                let digit = part.to_digit(10).or_else(|| other_digit(part));
                let part = digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(part);
                out.extend(part.to_lowercase().map(|lower| (lower, origin)));
            }
        });
    } else {
        out.extend(replacement.chars().map(|part| (part, origin)));
    }
}

/// The value of an Arabic or Devanagari digit.
const fn other_digit(c: char) -> Option<u32> {
    match c {
        '\u{660}'..='\u{669}' => Some(c as u32 - 0x660),
        '\u{6f0}'..='\u{6f9}' => Some(c as u32 - 0x6f0),
        '\u{966}'..='\u{96f}' => Some(c as u32 - 0x966),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_write_a_word_meet() {
        for (a, b) in [
            ("München", "Muenchen"),
            ("München", "munchen"),
            ("Straße", "STRASSE"),
            ("Mu\u{308}nchen", "München"),
            ("Wasser\u{ad}stoff", "wasserstoff"),
            ("CO₂", "co2"),
            ("Café", "cafe"),
            ("Łódź", "lodz"),
            (
                "\u{627}\u{644}\u{645}\u{64e}\u{631}\u{643}\u{632}",
                "\u{627}\u{644}\u{645}\u{631}\u{643}\u{632}",
            ),
            ("\u{623}\u{62d}\u{645}\u{62f}", "\u{627}\u{62d}\u{645}\u{62f}"),
        ] {
            assert_eq!(fold(a, true), fold(b, true), "{a} and {b}");
        }
    }

    #[test]
    fn an_e_that_is_an_e_stays() {
        for word in ["neue", "bauen", "quelle", "steuer", "frauen"] {
            assert_eq!(fold(word, true), word);
        }
        assert_eq!(fold("Säen", true), "saen");
        // Plain letters take a short way, which has to come to the same as the long one.
        for word in
            ["Muenchen", "Goethe", "Ueberall", "Bauern", "oe", "Aeeoeue", "queue", "Statue", "AUE7ue", "e"]
        {
            let long: String = folded_chars(word, true).into_iter().map(|(c, _)| c).collect();
            assert_eq!(fold(word, true), long, "{word}");
        }
        assert_eq!(fold("Michael", false), "michael");
    }

    #[test]
    fn origins_point_into_the_original() {
        let (text, origins) = fold_with_origins("Großmesse", true);
        assert_eq!(text, "grossmesse");
        let start = text.find("messe").unwrap();
        assert_eq!(&"Großmesse"[origins[start]..origins[text.len()]], "messe");
    }
}
