//! Slugs as a reader expects them: umlauts transliterated, punctuation dropped, "10.600" becomes "10600".

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest slug that is made, in bytes; it is cut at a word.
pub const MAX_LEN: usize = 96;

/// Makes a slug from a headline, a name or a file stem. Empty when nothing of the text can be spelled in ASCII.
pub fn slugify(text: &str) -> String {
    let spelled = spell(text);
    let chars: Vec<char> = spelled.chars().collect();
    let mut slug = String::new();
    let mut gap = false;
    for (i, &c) in chars.iter().enumerate() {
        if c.is_ascii_alphanumeric() {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.push(c.to_ascii_lowercase());
        } else if is_joiner(&chars, i) {
            // "10.600" stays one number, "O'Neill" and "Smart's" stay one word.
        } else {
            gap = true;
        }
    }
    cut_at_word(slug)
}

/// The same, or `fallback` when the text has nothing that a slug can carry.
pub fn slugify_or(text: &str, fallback: &str) -> String {
    let slug = slugify(text);
    if slug.is_empty() { fallback.to_owned() } else { slug }
}

/// Whether a text may stand as a slug as it is.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 120
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_joiner(chars: &[char], i: usize) -> bool {
    let before = i.checked_sub(1).and_then(|p| chars.get(p)).copied();
    let after = chars.get(i + 1).copied();
    let digits = before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
    let letters =
        before.is_some_and(|c| c.is_ascii_alphabetic()) && after.is_some_and(|c| c.is_ascii_alphabetic());
    match chars[i] {
        '.' | ',' | '\u{202f}' | '\u{2009}' => digits,
        '\'' | '\u{2019}' | '\u{ad}' => letters,
        _ => false,
    }
}

fn spell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            'ä' | 'Ä' | 'æ' | 'Æ' => out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'ß' | 'ẞ' => out.push_str("ss"),
            'å' | 'Å' => out.push_str("aa"),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'þ' | 'Þ' => out.push_str("th"),
            '&' => out.push_str(" und "),
            '€' => out.push_str(" euro "),
            '%' => out.push_str(" prozent "),
            _ => out.extend(std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c))),
        }
    }
    out
}

fn cut_at_word(slug: String) -> String {
    if slug.len() <= MAX_LEN {
        return slug;
    }
    let head = &slug[..=MAX_LEN];
    let end = head.rfind('-').filter(|end| *end > 0).unwrap_or(MAX_LEN);
    slug[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::slugify;

    #[test]
    fn headlines_become_what_a_reader_expects() {
        let cases = [
            (
                "Erste virtuelle Messe zieht 10.600 Teilnehmer an",
                "erste-virtuelle-messe-zieht-10600-teilnehmer-an",
            ),
            ("Größe, Maß & Übermut!", "groesse-mass-und-uebermut"),
            ("„Fachmesse“ – neu: KI-Gipfel", "fachmesse-neu-ki-gipfel"),
            ("Café Señor Łódź", "cafe-senor-lodz"),
            ("O’Neill's Smart-Grid", "oneills-smart-grid"),
            ("3,5 Prozent mehr", "35-prozent-mehr"),
            ("  --  ", ""),
            ("日本語", ""),
        ];
        for (text, slug) in cases {
            assert_eq!(slugify(text), slug);
        }
    }

    #[test]
    fn long_headlines_are_cut_at_a_word() {
        let slug = slugify(&"Wasserstofftankstelle ".repeat(20));
        assert!(slug.len() <= super::MAX_LEN && slug.ends_with("tankstelle"));
    }
}
