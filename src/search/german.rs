//! Light stemming of folded German words: plural and case endings, no derivation. Works on what folding left,
//! so "Häuser" and "Haus" meet.

use std::collections::HashMap;
use std::sync::LazyLock;

mod derived;

pub use derived::derived;

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
    ("startups", "startup"),
    ("nahm", "nehm"),
    ("nahmen", "nehm"),
    ("genommen", "nehm"),
    ("gab", "geb"),
    ("gaben", "geb"),
    ("gibt", "geb"),
    ("gegeben", "geb"),
    ("fand", "find"),
    ("fanden", "find"),
    ("gefunden", "find"),
    ("kam", "komm"),
    ("kamen", "komm"),
    ("gekommen", "komm"),
    ("ging", "geh"),
    ("gingen", "geh"),
    ("gegangen", "geh"),
    ("fuhr", "fahr"),
    ("fuhren", "fahr"),
    ("brach", "brech"),
    ("brachen", "brech"),
    ("gebrochen", "brech"),
    ("sprach", "sprech"),
    ("gesprochen", "sprech"),
    ("half", "helf"),
    ("halfen", "helf"),
    ("geholfen", "helf"),
    ("starb", "sterb"),
    ("starben", "sterb"),
    ("gestorben", "sterb"),
    ("warb", "werb"),
    ("warben", "werb"),
    ("geworben", "werb"),
    ("traf", "treff"),
    ("trafen", "treff"),
    ("getroffen", "treff"),
    ("verlor", "verlier"),
    ("verloren", "verlier"),
    ("geschlossen", "schliess"),
    ("beschloss", "beschliess"),
    ("beschlossen", "beschliess"),
    ("zog", "zieh"),
    ("zogen", "zieh"),
    ("gezogen", "zieh"),
    ("flog", "flieg"),
    ("flogen", "flieg"),
    ("geflogen", "flieg"),
    ("floh", "flieh"),
    ("flohen", "flieh"),
    ("geflohen", "flieh"),
    ("gestohlen", "stehl"),
    ("schrieb", "schreib"),
    ("schrieben", "schreib"),
    ("geschrieben", "schreib"),
    ("blieb", "bleib"),
    ("blieben", "bleib"),
    ("geblieben", "bleib"),
    ("sank", "sink"),
    ("sanken", "sink"),
    ("gesunken", "sink"),
    ("wahlte", "wahl"),
    ("gewahlt", "wahl"),
    ("lief", "lauf"),
    ("liefen", "lauf"),
    ("gelaufen", "lauf"),
];

/// Forms of nouns that the rules below do not bring to the stem of the noun; see `lexicon/README.md`.
pub const NOUN_FORMS: &str = include_str!("lexicon/wiktionary/forms.txt");

/// The stem of a folded word. What is not plain a to z (numbers, other scripts) stays as it is.
pub fn stem(word: &str) -> &str {
    if !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    EXCEPTIONS.get(word).copied().unwrap_or_else(|| by_rule(word))
}

fn by_rule(word: &str) -> &str {
    second_ending(first_ending(genitive(feminine(word))))
}

static EXCEPTIONS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = NOUN_FORMS.lines().filter(|line| !line.starts_with('#'));
    let nouns = lines.filter_map(|line| line.split_once(' ')).map(|(form, noun)| (form, by_rule(noun)));
    nouns.chain(IRREGULAR.iter().copied()).collect()
});

/// All irregular forms in a row: part of the index format.
pub fn irregular_forms() -> impl Iterator<Item = &'static str> {
    IRREGULAR.iter().flat_map(|(from, to)| [*from, *to])
}

/// The -s and -n after -er and -el: "Bürgermeisters", "Formeln".
fn genitive(word: &str) -> &str {
    match word.as_bytes() {
        [.., b'e', b'r' | b'l', b's'] | [.., b'e', b'l', b'n'] if word.len() > 5 => &word[..word.len() - 1],
        _ => word,
    }
}

/// "Teilnehmerinnen" and "Teilnehmerin" mean the same people as "Teilnehmer"; "Ärztinnen" becomes "Ärztin".
fn feminine(word: &str) -> &str {
    let singular = if word.len() > 7 && word.ends_with("innen") { &word[..word.len() - 3] } else { word };
    match singular.strip_suffix("in") {
        Some(masculine) if masculine.len() > 5 && masculine.ends_with("er") => masculine,
        Some(masculine) if PROFESSIONS.iter().any(|ending| masculine.ends_with(ending)) => masculine,
        _ => singular,
    }
}

/// Endings of words for people, folded, to which -in makes the feminine.
const PROFESSIONS: [&str; 13] =
    ["ist", "ent", "ant", "or", "eur", "arzt", "chef", "anwalt", "wirt", "olog", "onom", "graf", "sekretar"];

fn first_ending(word: &str) -> &str {
    let bytes = word.as_bytes();
    let length = bytes.len();
    let keep = |cut: usize| &word[..length - cut];
    match bytes {
        [.., b'n', b'i', b's', b's', b'e'] if length > 7 => keep(2),
        [.., b'n', b'i', b's', b's', b'e', b'n' | b's'] if length > 8 => keep(3),
        // Neubauten.
        [.., b'b', b'a', b'u', b't', b'e', b'n'] if length > 7 => keep(3),
        // Materialien, Potenziale.
        [.., b'a', b'l', b'i', b'e', b'n'] if length > 7 => keep(3),
        [.., b'e', b'r', b'n'] if length > 5 => keep(3),
        [.., b'e', b'm' | b'n' | b'r' | b's'] if length > 4 => keep(2),
        [.., b'e'] if length > 3 => keep(1),
        [.., before, b's']
            if length > 3 && (ends_a_stem(*before) || matches!(before, b'p' | b'r' | b'v' | b'w')) =>
        {
            keep(1)
        }
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
            &["Neubau", "Neubauten"],
            &["Bürgermeister", "Bürgermeisters", "Bürgermeistern"],
            &["Mensa", "Mensen"],
            &["Direktor", "Direktorin", "Direktorinnen"],
            &["Arzt", "Ärztin", "Ärztinnen", "Ärzte"],
            &["Astronom", "Astronominnen"],
            &["Formel", "Formeln"],
            &["Start-up", "Start-ups"],
            &["System", "Systems", "Systeme"],
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
