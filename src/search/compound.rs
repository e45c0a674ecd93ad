//! German compounds: which words a word is made of, so that "Messe" finds "Fachmesse".
//!
//! The word is covered with entries of a lexicon, letters that link them ("Wirtschaft-s-messe"), and at most one
//! stretch that the lexicon does not know at either end. The cheapest cover wins. A word that is an entry itself
//! ("Bahnhof") is not taken apart.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::fold::fold;
use super::german;

/// Words that may stand anywhere in a compound; one compound is listed only if taking it apart would mislead.
pub const NOUNS: &str = include_str!("lexicon/nouns.txt");
/// Words that stand only before others: verb stems, adjectives, prefixes with a meaning of their own.
pub const MODIFIERS: &str = include_str!("lexicon/modifiers.txt");

/// More nouns and the names of places, one a line and folded; see `lexicon/README.md`.
pub const MORE_NOUNS: &str = include_str!("lexicon/wiktionary/nouns.txt");
pub const PLACES: &str = include_str!("lexicon/wiktionary/places.txt");

/// Folded bytes. Shorter words are no compounds, longer ones are not worth the time.
const COMPOUND_BYTES: Range<usize> = 6..64;
const MOST_PARTS: usize = 5;

/// Letters between two parts with what each costs.
const LINKS: [(&str, u32); 7] =
    [("", 0), ("s", 12), ("n", 15), ("en", 20), ("es", 25), ("er", 30), ("e", 35)];

/// Stretches that are no words although they stand before or after one.
const NO_FIRST: &[&str] = &[
    "ver", "vor", "ent", "zer", "auf", "aus", "ein", "bei", "mit", "nach", "uber", "unter", "durch",
    "wieder", "hin", "her", "dar", "wider", "miss", "weg", "los", "zusammen", "gegen", "hinter", "ruck",
    "ge", "ges", "be", "an", "anti", "inter", "trans", "prasen", "kon", "kom", "pro", "per", "sub", "des",
    "dis", "res", "pra", "sch", "str", "stra", "schl", "kri", "tra", "gar", "ver", "unver", "unge", "vera",
    "verun", "vorge", "ange", "ausge", "einge", "aufge", "abge", "zuge", "umge", "bean", "beauf", "veran",
    "voran", "heran", "herein", "heraus",
];
const NO_LAST: &[&str] = &[
    "ung", "heit", "keit", "schaft", "lich", "isch", "bar", "los", "tum", "nis", "chen", "lein", "ier",
    "ation", "innen", "ende", "eten", "este", "sein", "haft", "sam", "end", "ern", "eln", "erin", "igen",
    "ische", "ismus", "ist", "iell", "ell", "ige", "ieren", "iert", "ester", "erer", "barkeit", "ibel",
];

#[derive(Clone, Copy, Default)]
struct Entry {
    first: bool,
    last: bool,
}

pub struct Lexicon {
    entries: HashMap<Box<str>, Entry>,
    /// Stems of the nouns, so that a plural at the end is recognised.
    stems: std::collections::HashSet<Box<str>>,
}

/// The lexicon that comes with the program.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new(&[NOUNS, MORE_NOUNS, PLACES], MODIFIERS));

/// One cheapest way to cover a word from some place to its end.
#[derive(Clone, Copy)]
struct Cover {
    cost: u32,
    parts: usize,
    /// Where the first part of this cover ends, and where the next one begins after the linking letters.
    end: usize,
    next: usize,
}

const UNKNOWN_COST: u32 = 260;

impl Lexicon {
    fn new(nouns: &[&str], modifiers: &str) -> Self {
        let mut lexicon = Self { entries: HashMap::new(), stems: std::collections::HashSet::new() };
        for word in nouns.iter().flat_map(|file| words(file)) {
            let folded = fold(word, true);
            // "Schule" stands as "Schul-" before others, "Kirche" as "Kirch-".
            if folded.len() > 4
                && let Some(short) = folded.strip_suffix('e')
            {
                lexicon.entries.entry(short.into()).or_default().first = true;
            }
            lexicon.stems.insert(german::stem(&folded).into());
            *lexicon.entries.entry(folded.into()).or_default() = Entry { first: true, last: true };
        }
        for word in words(modifiers) {
            lexicon.entries.entry(fold(word, true).into()).or_default().first = true;
        }
        lexicon
    }

    /// The parts of a folded word as ranges in it, without the word itself: single parts and, of three or more,
    /// also neighbours together ("tankstelle" in "wasserstofftankstelle"). Empty if it does not come apart.
    pub fn split(&self, word: &str) -> Vec<Range<usize>> {
        let leaves = self.leaves(word);
        let mut parts = leaves.clone();
        for first in 0..leaves.len() {
            for last in first + 1..leaves.len() {
                if last - first + 1 < leaves.len() {
                    parts.push(leaves[first].start..leaves[last].end);
                }
            }
        }
        parts
    }

    /// The smallest parts of a folded word, left to right; empty if it does not come apart.
    pub fn leaves(&self, word: &str) -> Vec<Range<usize>> {
        if !COMPOUND_BYTES.contains(&word.len())
            || !word.bytes().all(|b| b.is_ascii_lowercase())
            || self.is_noun(word)
        {
            return vec![];
        }
        self.cover(word).unwrap_or_default()
    }

    /// Whether the lexicon has this folded word as a noun, in any of its forms.
    fn is_noun(&self, word: &str) -> bool {
        self.entries.get(word).is_some_and(|entry| entry.last)
            || (word.len() >= 4 && self.stems.contains(german::stem(word)))
    }

    fn cover(&self, word: &str) -> Option<Vec<Range<usize>>> {
        let length = word.len();
        let mut best: Vec<Option<Cover>> = vec![None; length + 1];
        for start in (0..length).rev() {
            let rest = &word[start..];
            let mut here: Option<Cover> = None;
            let mut consider = |cover: Cover| {
                if cover.parts <= MOST_PARTS && here.is_none_or(|other| cover.cost < other.cost) {
                    here = Some(cover);
                }
            };
            if start > 0 {
                if rest.len() >= 3 && self.is_noun(rest) {
                    consider(Cover { cost: word_cost(rest), parts: 1, end: length, next: length });
                } else if rest.len() >= 4 && plausible(rest) && !NO_LAST.contains(&german::stem(rest)) {
                    consider(Cover { cost: UNKNOWN_COST + 20, parts: 1, end: length, next: length });
                }
            }
            for end in start + 2..length.saturating_sub(2) {
                let part = &word[start..end];
                let known = self.entries.get(part).is_some_and(|entry| entry.first);
                let unknown =
                    start == 0 && !known && part.len() >= 3 && plausible(part) && !NO_FIRST.contains(&part);
                if !known && !unknown {
                    continue;
                }
                for (link, link_cost) in LINKS {
                    let next = end + link.len();
                    if next >= length
                        || !word[end..].starts_with(link)
                        || (unknown && !link.is_empty() && link != "s")
                    {
                        continue;
                    }
                    let Some(tail) = best[next] else { continue };
                    // The longer the stretch that nobody knows, the less chance made its neighbour a word.
                    let shortest_tail = match part.len() {
                        ..4 => 5,
                        4..7 => 4,
                        _ => 3,
                    };
                    if unknown && (tail.cost >= UNKNOWN_COST || word.len() - next < shortest_tail) {
                        continue;
                    }
                    if known && tail.cost >= UNKNOWN_COST && tail.parts == 1 && part.len() < 5 {
                        continue;
                    }
                    let cost = if unknown { unknown_cost(part) } else { word_cost(part) };
                    consider(Cover { cost: cost + link_cost + tail.cost, parts: tail.parts + 1, end, next });
                }
            }
            best[start] = here;
        }
        let mut parts = vec![];
        let mut at = 0;
        while at < length {
            let cover = best[at]?;
            parts.push(at..cover.end);
            at = cover.next;
        }
        (parts.len() > 1).then_some(parts)
    }
}

/// The longer the stretch, the likelier a word hides in it.
fn unknown_cost(letters: &str) -> u32 {
    UNKNOWN_COST + 10 * u32::try_from(letters.len().saturating_sub(6)).unwrap_or(0)
}

/// Fewer and longer words make the better reading.
fn word_cost(word: &str) -> u32 {
    match word.len() {
        0..=2 => 190,
        3 => 150,
        4 => 115,
        _ => 100,
    }
}

/// Whether letters that no lexicon knows can be a word: they have a vowel and a consonant, and begin and end as
/// words do.
fn plausible(letters: &str) -> bool {
    let vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let vowels = letters.bytes().filter(|b| vowel(b)).count();
    let opening = letters.bytes().take_while(|b| !vowel(b)).count();
    let closing = letters.bytes().rev().take_while(|b| !vowel(b)).count();
    vowels > 0 && vowels < letters.len() && opening <= 3 && closing <= 4
}

/// The words of a lexicon file: separated by white space, `#` begins a comment.
fn words(file: &str) -> impl Iterator<Item = &str> {
    file.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(word: &str) -> Vec<String> {
        let folded = fold(word, true);
        LEXICON.leaves(&folded).into_iter().map(|range| folded[range].to_owned()).collect()
    }

    #[test]
    fn compounds_come_apart_at_their_joints() {
        for (word, parts) in [
            ("Fachmesse", &["fach", "messe"][..]),
            ("Wasserstofftankstelle", &["wasserstoff", "tank", "stelle"]),
            ("Wirtschaftsministerium", &["wirtschaft", "ministerium"]),
            ("Bundesaußenminister", &["bund", "aussen", "minister"]),
            ("Schulbuch", &["schul", "buch"]),
            ("Hauptversammlungstermin", &["haupt", "versammlung", "termin"]),
            ("Energiewende", &["energie", "wende"]),
            ("Städtebau", &["stadte", "bau"]),
            ("Kindergartenplätze", &["kindergarten", "platze"]),
        ] {
            assert_eq!(leaves(word), parts, "{word}");
        }
    }

    #[test]
    fn one_known_part_is_enough() {
        assert_eq!(leaves("Zwirbelmesse"), ["zwirbel", "messe"]);
        assert_eq!(leaves("Bitkomstudie"), ["bitkom", "studie"]);
        assert_eq!(leaves("Kranichtag"), ["kranich", "tag"]);
    }

    #[test]
    fn words_that_are_no_compounds_stay_whole() {
        for word in [
            "Verstand",
            "Bahnhof",
            "Dortmund",
            "Vorstand",
            "Digitalisierung",
            "Partnerschaft",
            "entwickeln",
            "Hannover",
            "verschieden",
            "Bilanz",
            "Teilnehmer",
            "gestanden",
            "Wirtschaft",
        ] {
            assert_eq!(leaves(word), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn neighbours_are_found_together() {
        let word = "wasserstofftankstelle";
        let parts: Vec<&str> = LEXICON.split(word).into_iter().map(|range| &word[range]).collect();
        for part in ["wasserstoff", "tank", "stelle", "tankstelle"] {
            assert!(parts.contains(&part), "{part} is missing in {parts:?}");
        }
    }
}
