//! Light stemming of folded German words: plural and case endings, no derivation. Works on what folding left,
//! so "Häuser" and "Haus" meet.

/// Plurals and abbreviations that no rule of endings reaches, folded, with the stem they share.
const IRREGULAR: &[(&str, &str)] = &[
    ("museen", "museum"),
    ("zentren", "zentrum"),
    ("gremien", "gremium"),
    ("kriterien", "kriterium"),
    ("ministerien", "ministerium"),
    ("stipendien", "stipendium"),
    ("jubilaen", "jubilaum"),
    ("visen", "visum"),
    ("themen", "thema"),
    ("firmen", "firma"),
    ("konten", "konto"),
    ("risiken", "risiko"),
    ("praktika", "praktikum"),
    ("spektren", "spektrum"),
    ("mio", "million"),
    ("mrd", "milliard"),
    ("tsd", "tausend"),
    ("dr", "doktor"),
    ("prof", "professor"),
    ("stieg", "steig"),
    ("stiegen", "steig"),
    ("gestiegen", "steig"),
    ("wuchs", "wachs"),
    ("gewachsen", "wachs"),
    ("gewann", "gewinn"),
    ("gewannen", "gewinn"),
    ("gewonnen", "gewinn"),
];

/// The stem of a folded word. What is not plain a to z (numbers, other scripts) stays as it is.
pub fn stem(word: &str) -> &str {
    if let Ok(index) = SORTED.binary_search_by_key(&word, |(from, _)| from) {
        return SORTED[index].1;
    }
    if !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    let word = feminine(word);
    second_ending(first_ending(word))
}

static SORTED: std::sync::LazyLock<Vec<(&str, &str)>> = std::sync::LazyLock::new(|| {
    let mut sorted = IRREGULAR.to_vec();
    sorted.sort_unstable();
    sorted
});

/// All irregular forms in a row: part of the index format.
pub fn irregular_forms() -> impl Iterator<Item = &'static str> {
    IRREGULAR.iter().flat_map(|(from, to)| [*from, *to])
}

/// "Teilnehmerinnen" and "Teilnehmerin" mean the same people as "Teilnehmer"; "Ärztinnen" becomes "Ärztin".
fn feminine(word: &str) -> &str {
    let singular = if word.len() > 7 && word.ends_with("innen") { &word[..word.len() - 3] } else { word };
    match singular.strip_suffix("in") {
        Some(masculine) if masculine.len() > 5 && masculine.ends_with("er") => masculine,
        _ => singular,
    }
}

fn first_ending(word: &str) -> &str {
    let bytes = word.as_bytes();
    let length = bytes.len();
    let keep = |cut: usize| &word[..length - cut];
    match bytes {
        [.., b'n', b'i', b's', b's', b'e'] if length > 7 => keep(2),
        [.., b'n', b'i', b's', b's', b'e', b'n' | b's'] if length > 8 => keep(3),
        [.., b'e', b'r', b'n'] if length > 5 => keep(3),
        [.., b'e', b'm' | b'n' | b'r' | b's'] if length > 4 => keep(2),
        [.., b'e'] if length > 3 => keep(1),
        [.., before, b's'] if length > 3 && ends_a_stem(*before) => keep(1),
        // Plurals of loan words: Fotos, Kameras, Büros, Handys.
        [.., b'a' | b'o' | b'y', b's'] if length > 4 => keep(1),
        _ => word,
    }
}

fn second_ending(word: &str) -> &str {
    let bytes = word.as_bytes();
    let length = bytes.len();
    match bytes {
        [.., b'e', b's', b't'] if length > 5 => &word[..length - 3],
        [.., b'e', b'r' | b'n'] if length > 4 => &word[..length - 2],
        [.., before, b's', b't'] if length > 4 && ends_a_stem(*before) => &word[..length - 2],
        _ => word,
    }
}

/// Consonants after which -s and -st are endings.
const fn ends_a_stem(letter: u8) -> bool {
    matches!(letter, b'b' | b'd' | b'f' | b'g' | b'h' | b'k' | b'l' | b'm' | b'n' | b't')
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            &["Haus", "Häuser", "Häusern", "Hauses"][..],
            &["Messe", "Messen"],
            &["Foto", "Fotos"],
            &["Büro", "Büros"],
            &["Teilnehmer", "Teilnehmern", "Teilnehmerin", "Teilnehmerinnen"],
            &["Ergebnis", "Ergebnisse", "Ergebnissen"],
            &["Museum", "Museen", "Museums"],
            &["digital", "digitale", "digitalen", "digitaler"],
            &["Tankstelle", "Tankstellen"],
            &["Million", "Millionen", "Mio"],
            &["Stadt", "Städte", "Städten"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stem(&fold(form, true)).to_owned()).collect();
            assert!(stems.iter().all(|other| *other == stems[0]), "{forms:?} became {stems:?}");
        }
    }

    #[test]
    fn numbers_and_short_words_stay() {
        for word in ["10600", "3.5", "ki", "d20251107", "see", "eis"] {
            assert_eq!(stem(word), word);
        }
    }
}
