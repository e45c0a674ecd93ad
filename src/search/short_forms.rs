//! Short forms and what they stand for: who types "KI" means "künstliche Intelligenz" too, and the other way round.
//!
//! Only what every reader knows, in the languages of the interface; names of organisations beside the best known are
//! the newsroom's own matter. It is asked of the query alone, so the index knows nothing of it.

use std::sync::LazyLock;

use compact_str::CompactString;

use super::fold::fold;

/// The short form as it is folded, and its long forms as they are written.
const FORMS: &[(&str, &[&str])] = &[
    ("ki", &["künstliche Intelligenz"]),
    ("ai", &["artificial intelligence", "künstliche Intelligenz"]),
    ("ia", &["intelligence artificielle", "inteligencia artificial", "intelligenza artificiale"]),
    ("eu", &["Europäische Union", "European Union"]),
    ("ue", &["Union européenne", "Unión Europea", "Unione europea", "União Europeia"]),
    ("un", &["Vereinte Nationen", "United Nations"]),
    ("onu", &["Nations unies", "Naciones Unidas", "Nazioni Unite"]),
    ("usa", &["Vereinigte Staaten", "United States"]),
    ("uk", &["Vereinigtes Königreich", "United Kingdom"]),
    ("who", &["Weltgesundheitsorganisation", "World Health Organization"]),
    ("oms", &["Organisation mondiale de la santé", "Organización Mundial de la Salud"]),
    ("ezb", &["Europäische Zentralbank"]),
    ("ecb", &["European Central Bank"]),
    ("bip", &["Bruttoinlandsprodukt"]),
    ("gdp", &["gross domestic product"]),
    ("drk", &["Deutsches Rotes Kreuz"]),
    ("thw", &["Technisches Hilfswerk"]),
    ("ihk", &["Industrie- und Handelskammer"]),
    ("ngo", &["Nichtregierungsorganisation", "non-governmental organisation"]),
    ("nhs", &["National Health Service"]),
    ("opnv", &["öffentlicher Nahverkehr", "öffentlicher Personennahverkehr"]),
    ("kfz", &["Kraftfahrzeug"]),
    ("pkw", &["Personenkraftwagen"]),
    ("lkw", &["Lastkraftwagen", "Lastwagen"]),
    ("kita", &["Kindertagesstätte", "Kindertageseinrichtung"]),
    ("uni", &["Universität"]),
    ("azubi", &["Auszubildende"]),
    ("ceo", &["chief executive"]),
    ("cfo", &["chief financial officer"]),
    ("cto", &["chief technology officer"]),
    ("agm", &["annual general meeting"]),
    ("ev", &["electric vehicle"]),
    ("wm", &["Weltmeisterschaft"]),
    ("em", &["Europameisterschaft"]),
    ("kwh", &["Kilowattstunde", "kilowatt hour", "kilowattheure", "kilovatio hora"]),
    ("mwh", &["Megawattstunde", "megawatt hour"]),
    ("gwh", &["Gigawattstunde", "gigawatt hour"]),
    ("kw", &["Kilowatt"]),
    ("mw", &["Megawatt"]),
    ("gw", &["Gigawatt"]),
    ("kg", &["Kilogramm", "kilogram"]),
    ("mg", &["Milligramm", "milligram"]),
    ("km", &["Kilometer", "kilometre"]),
    ("qm", &["Quadratmeter"]),
    ("ha", &["Hektar", "hectare"]),
];

/// Numbers that are written as words and in figures.
const NUMBERS: &[(&str, [&str; 2])] = &[
    ("2", ["zwei", "two"]),
    ("3", ["drei", "three"]),
    ("4", ["vier", "four"]),
    ("5", ["fünf", "five"]),
    ("6", ["sechs", "six"]),
    ("7", ["sieben", "seven"]),
    ("8", ["acht", "eight"]),
    ("9", ["neun", "nine"]),
    ("10", ["zehn", "ten"]),
    ("11", ["elf", "eleven"]),
    ("12", ["zwölf", "twelve"]),
];

/// The words of each long form as they are compared, with its short form: folded once, and not for every query.
static LONG_FORMS: LazyLock<Vec<(&str, Vec<CompactString>)>> = LazyLock::new(|| {
    let folded = |long: &str| long.split_whitespace().map(|word| stem(&fold(word, true)).into()).collect();
    FORMS.iter().flat_map(|(short, long)| long.iter().map(move |long| (*short, folded(long)))).collect()
});

/// What a word may stand for.
pub fn long_forms(word: &str) -> &'static [&'static str] {
    let folded = fold(word, true);
    // The plural of what has become a word: "Kitas", "Azubis".
    let singular = folded.strip_suffix('s').filter(|singular| singular.len() >= 3);
    let named = |short: &str| *short == *folded || singular == Some(short);
    FORMS.iter().find(|(short, _)| named(short)).map_or(&[], |(_, long)| *long)
}

/// The other ways to write a small number: in words or in figures.
pub fn number_forms(word: &str) -> Vec<&'static str> {
    let folded = fold(word, true);
    let found = NUMBERS.iter().find_map(|(figures, words)| {
        if **figures == *folded {
            return Some(words.to_vec());
        }
        words.iter().any(|one| *fold(one, true) == *folded).then(|| vec![*figures])
    });
    found.unwrap_or_default()
}

/// For each word of a query, the short form of what it is a part of.
pub fn short_forms(words: &[&str]) -> Vec<Option<&'static str>> {
    let folded: Vec<CompactString> = words.iter().map(|word| fold(word, true)).collect();
    let mut out = vec![None; words.len()];
    for (short, long) in LONG_FORMS.iter() {
        for at in 0..folded.len() {
            let Some(here) = folded.get(at..at + long.len()) else { break };
            if here.iter().zip(long).all(|(word, stem)| is_form(word, stem)) {
                // The first that is named is the usual one.
                out[at..at + long.len()].iter_mut().for_each(|known| _ = known.get_or_insert(*short));
            }
        }
    }
    out
}

fn stem(folded: &str) -> &str {
    folded.trim_end_matches(['e', 'r', 's'])
}

/// The same word, whatever it ends with: "künstlicher", "Kilowattstunden".
fn is_form(word: &str, stem: &str) -> bool {
    word.strip_prefix(stem)
        .is_some_and(|rest| matches!(rest, "" | "e" | "en" | "er" | "es" | "em" | "n" | "s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms_know_each_other() {
        assert_eq!(long_forms("KI"), ["künstliche Intelligenz"]);
        assert_eq!(long_forms("Kitas")[0], "Kindertagesstätte");
        assert!(long_forms("Messe").is_empty());
        assert_eq!(
            short_forms(&["Verordnung", "künstlicher", "Intelligenz"]),
            [None, Some("ki"), Some("ki")]
        );
        assert_eq!(short_forms(&["Kilowattstunden"]), [Some("kwh")]);
        assert_eq!(short_forms(&["künstlich"]), [None], "half of it stands for nothing");
        assert_eq!(number_forms("Zwölf"), ["12"]);
        assert_eq!(number_forms("3"), ["drei", "three"]);
        assert!(number_forms("30").is_empty());
    }
}
