//! Names of files as they land in a download folder: speaking, unique, valid on every system.

use std::collections::HashSet;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest name of a file that is made, in bytes of UTF-8, extension included.
pub const MAX_LEN_BYTES: usize = 120;

/// Names that Windows keeps for devices, whatever extension follows.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin", "conout"];

/// Hands out paths inside one archive; none twice, also not for systems that ignore case.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A path for a file in `folder` (empty for the top level). The extension comes without its dot.
    pub fn claim(&mut self, folder: &str, stem: &str, extension: &str) -> String {
        let mut suffix = String::new();
        let mut number = 1;
        loop {
            let name = file_name(stem, &suffix, extension);
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if self.taken.insert(path.to_lowercase()) {
                return path;
            }
            number += 1;
            suffix = format!("-{number}");
        }
    }
}

/// The stem of a photo's name: organisation, date, subject and number, such as
/// `Messe-Föhrwald_2025-11-04_Halle-4_03`. The number has as many digits as `count` needs, at least two.
pub fn photo_stem(
    organisation: &str,
    date: Option<Date>,
    subject: &str,
    number: usize,
    count: usize,
) -> String {
    let width = count.to_string().len().max(2);
    let number = format!("{number:0width$}");
    let stem = joined(organisation, date, subject, MAX_LEN_BYTES - number.len() - 10);
    if stem.is_empty() { number } else { format!("{stem}_{number}") }
}

/// The name of a whole archive: `Messe-Föhrwald_2025-11-04_Wasserstoff.zip`.
pub fn archive_name(organisation: &str, date: Option<Date>, subject: &str) -> String {
    let stem = joined(organisation, date, subject, MAX_LEN_BYTES - 4);
    file_name(if stem.is_empty() { "photos" } else { &stem }, "", "zip")
}

/// Joins the parts with `_`; the organisation may take a third of the room, the subject the rest.
fn joined(organisation: &str, date: Option<Date>, subject: &str, room: usize) -> String {
    let organisation = cut(&words(organisation), room / 3).to_owned();
    let date = date.map(|date| date.to_string()).unwrap_or_default();
    let left = room.saturating_sub(organisation.len() + date.len() + 2);
    let subject = cut(&words(subject), left).to_owned();
    let parts = [organisation, date, subject];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("_")
}

fn file_name(stem: &str, suffix: &str, extension: &str) -> String {
    let mut stem = cut(stem, MAX_LEN_BYTES - suffix.len() - extension.len() - 1).to_owned();
    if is_device(&stem) {
        stem.push('_');
    }
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{stem}{suffix}{dot}{extension}")
}

fn is_device(stem: &str) -> bool {
    let stem = stem.to_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|n| {
        let mut n = n.chars();
        n.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³')) && n.next().is_none()
    });
    is_port || DEVICES.contains(&stem.as_str())
}

/// Text as part of a file name: letters of every script and digits stay, in NFC; "10.600" keeps its point;
/// everything else becomes a single hyphen.
pub fn words(text: &str) -> String {
    let chars: Vec<char> = text.nfc().collect();
    let mut out = String::with_capacity(text.len());
    for (i, &c) in chars.iter().enumerate() {
        let between_digits = || {
            let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
            digit(i.checked_sub(1).and_then(|p| chars.get(p))) && digit(chars.get(i + 1))
        };
        match c {
            c if c.is_alphanumeric() => out.push(c),
            c if is_combining_mark(c) && out.ends_with(|last: char| last != '-') => out.push(c),
            '.' | ',' if between_digits() => out.push(c),
            '_' => out.push('_'),
            // Invisible characters join, apostrophes belong to the word.
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\'' | '’' => {}
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    out.trim_matches(['-', '_', '.']).to_owned()
}

/// At most `max` bytes, not inside a character or between a letter and its accents, and no mark at the end.
fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if at > max {
            break;
        }
        if !is_combining_mark(c) {
            end = at;
        }
    }
    // Rather lose half a word than keep one that ends in the middle.
    let head = text.get(..end).unwrap_or_default();
    let at_word = head.rfind('-').filter(|at| *at > max / 2).unwrap_or(end);
    head.get(..at_word).unwrap_or(head).trim_end_matches(['-', '_', '.', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_speak() {
        let date = Some("2025-11-04".parse().unwrap());
        assert_eq!(
            photo_stem("Messe Föhrwald GmbH", date, "Halle 4: Übergabe der „Schlüssel“", 3, 26),
            "Messe-Föhrwald-GmbH_2025-11-04_Halle-4-Übergabe-der-Schlüssel_03"
        );
        assert_eq!(photo_stem("Org", None, "10.600 Gäste", 7, 120), "Org_10.600-Gäste_007");
        assert_eq!(photo_stem("", None, "🎉", 1, 1), "01");
        assert_eq!(archive_name("Org", date, "展示会"), "Org_2025-11-04_展示会.zip");
        assert_eq!(words("Müller/Meier <x>: \"a\"|b?*\\ c..."), "Müller-Meier-x-a-b-c");
        assert_eq!(words("O’Neill's ..hidden"), "ONeills-hidden");
        assert_eq!(words("u\u{308}ber"), "über");
        assert_eq!(words("हिन्दी"), "हिन्दी");
    }

    #[test]
    fn no_name_comes_twice_also_not_in_another_case() {
        let mut names = Names::default();
        assert_eq!(names.claim("fotos", "Größe", "jpg"), "fotos/Größe.jpg");
        assert_eq!(names.claim("fotos", "GRÖßE", "jpg"), "fotos/GRÖßE-2.jpg");
        assert_eq!(names.claim("fotos", "größe", "JPG"), "fotos/größe-3.JPG");
        assert_eq!(names.claim("", "größe", "jpg"), "größe.jpg");
    }

    #[test]
    fn devices_of_windows_are_avoided() {
        let mut names = Names::default();
        for (stem, name) in
            [("CON", "CON_.txt"), ("com1", "com1_.txt"), ("LPT³", "LPT³_.txt"), ("com10", "com10.txt")]
        {
            assert_eq!(names.claim("", stem, "txt"), name);
        }
    }

    #[test]
    fn long_names_are_cut_inside_the_limit() {
        let date = Some("2025-11-04".parse().unwrap());
        for text in ["ü".repeat(200), "Wort ".repeat(60), "e\u{301}\u{302}".repeat(100), "展".repeat(100)] {
            let stem = photo_stem(&text, date, &text, 12, 2000);
            let mut names = Names::default();
            for _ in 0..12 {
                let name = names.claim("", &stem, "jpeg");
                assert!(name.len() <= MAX_LEN_BYTES, "{} {name}", name.len());
                assert!(name.contains("_2025-11-04_"), "{name}");
            }
            assert!(stem.ends_with("_0012"), "{stem}");
        }
    }
}
