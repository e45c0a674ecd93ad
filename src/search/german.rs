//! Light stemming of folded German words: plural and case endings, no derivation. Works on what folding left,
//! so "Häuser" and "Haus" meet.

use std::collections::HashMap;
use std::sync::LazyLock;

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

/// Words made from a word, and that it may be made from: "Sperrung" and "gesperrt", "impfen" and "Impfung",
/// "Demonstration" and "demonstrieren", "Ehrenamt" and "ehrenamtlich", "pünktlich" and "Pünktlichkeit".
pub fn derived(word: &str) -> Vec<String> {
    let mut out = of_verbs(word);
    if let Some(base) = word.strip_suffix("ation").or_else(|| word.strip_suffix("ition")) {
        out.push(format!("{base}ieren"));
    } else if let Some(base) = word.strip_suffix("ieren") {
        out.extend([format!("{base}ation"), format!("{base}ition")]);
    }
    let quality = word.strip_suffix("en").unwrap_or(word);
    if let Some(base) = quality.strip_suffix("keit").or_else(|| quality.strip_suffix("heit")) {
        out.push(base.to_owned());
    }
    let bare = ["em", "en", "er", "es", "e"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let adjective = if is_adjective(bare) { bare } else { word };
    if is_adjective(adjective) {
        out.push(format!("{adjective}keit"));
        let noun = adjective.strip_suffix("lich").or_else(|| adjective.strip_suffix("isch"));
        out.extend(noun.into_iter().flat_map(|noun| [noun.to_owned(), format!("{noun}e")]));
    } else {
        out.push(format!("{word}lich"));
    }
    out.retain(|form| form.len() >= 4);
    out
}

fn is_adjective(word: &str) -> bool {
    word.len() >= 7 && ["lich", "isch", "ig", "sam", "bar"].iter().any(|end| word.ends_with(end))
}

fn of_verbs(word: &str) -> Vec<String> {
    let singular = word.strip_suffix("en").filter(|noun| noun.ends_with("ung")).unwrap_or(word);
    if let Some(base) = singular.strip_suffix("ung").filter(|base| base.len() >= 4) {
        return vec![format!("{base}en"), format!("{base}n"), format!("{base}t"), format!("ge{base}t")];
    }
    let base = word.strip_suffix("en").or_else(|| word.strip_suffix('n')).filter(|base| base.len() >= 4);
    base.map(|base| vec![format!("{base}ung"), format!("{base}t"), format!("ge{base}t")]).unwrap_or_default()
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
    fn words_lead_to_those_they_are_made_from() {
        for (word, other) in [
            ("digitalisieren", "digitalisierung"),
            ("sperrung", "gesperrt"),
            ("demonstration", "demonstrieren"),
            ("investieren", "investition"),
            ("punktlichkeit", "punktlich"),
            ("sicherheiten", "sicher"),
            ("ehrenamtlicher", "ehrenamt"),
            ("genossenschaftlich", "genossenschaft"),
            ("kirchlich", "kirche"),
            ("ehrenamt", "ehrenamtlich"),
        ] {
            assert!(derived(word).contains(&other.to_owned()), "{word}: {:?}", derived(word));
        }
    }

    #[test]
    fn numbers_and_short_words_stay() {
        for word in ["10600", "3.5", "ki", "d20251107", "see", "eis"] {
            assert_eq!(stem(word), word);
        }
    }
}
