//! What a reader typed, read as words, "phrases", -exclusions and `field:values`. Any text is valid; whatever cannot be read is
//! skipped, and there is a bound to everything.

use std::ops::Range;

use super::fold::{is_unspaced, is_word_char};
use super::schema::cut;
use super::tokenizer::{Piece, PieceKind, pieces};

/// Longest query text looked at; bytes.
const LONGEST_TEXT_BYTES: usize = 2_000;
const MOST_WORDS: usize = 128;
/// A text of more words than this was pasted, not typed: what it has in quotation marks is said, not asked for, and a dash
/// before a word excludes nothing.
pub const MOST_TYPED_WORDS: usize = 12;
const MOST_PHRASES: usize = 4;
const MOST_EXCLUSIONS: usize = 6;
const MOST_FIELDS: usize = 6;
/// Longest word of a script without spaces that is one word and not a sentence; characters.
const LONGEST_UNSPACED: usize = 4;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Input {
    pub wanted: Vec<Wanted>,
    pub phrases: Vec<String>,
    /// Words or phrases.
    pub excluded: Vec<String>,
    /// `person:Maas`, `title:"grüner Strom"`: what must stand in one place.
    pub fields: Vec<(Place, String)>,
}

/// A part of a document, or a fact about it, that a reader can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Title,
    Person,
    Topic,
    Kind,
    Year,
    Language,
}

impl Place {
    /// By its name in a query, in German or English.
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "title" | "titel" | "headline" => Self::Title,
            "person" | "persons" | "personen" | "name" => Self::Person,
            "topic" | "thema" => Self::Topic,
            "kind" | "art" | "typ" | "type" => Self::Kind,
            "year" | "jahr" => Self::Year,
            "lang" | "language" | "sprache" => Self::Language,
            _ => return None,
        })
    }
}

/// One thing a document should have.
#[derive(Debug, PartialEq, Eq, Clone)]
pub enum Wanted {
    Word(String),
    /// A day or month, as written and as index terms.
    Date {
        text: String,
        terms: Vec<String>,
    },
}

impl Input {
    pub fn read(text: &str) -> Self {
        let text = cut(text, LONGEST_TEXT_BYTES);
        let mut input = Self::default();
        let mut words: Vec<&str> = vec![];
        let mut quoted: Vec<&str> = vec![];
        let mut excluded: Vec<&str> = vec![];
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            let Some(first) = rest.chars().next() else { break };
            let negated = first == '-' && rest[1..].starts_with(|c: char| is_word_char(c) || is_quote(c));
            let chunk = if negated { &rest[1..] } else { rest };
            if !negated && let Some((place, value, consumed)) = field(chunk) {
                rest = &chunk[consumed..];
                input.fields.push((place, value.to_owned()));
                continue;
            }
            let (content, is_phrase, consumed) = match phrase(chunk) {
                Some((content, consumed)) => (content, true, consumed),
                None => {
                    let end = chunk.find(char::is_whitespace).unwrap_or(chunk.len());
                    // A quotation mark without a partner is no part of a word; one inside begins a phrase.
                    let end = chunk
                        .char_indices()
                        .skip(1)
                        .find(|(_, c)| is_quote(*c))
                        .map_or(end, |(at, _)| at.min(end));
                    (&chunk[..end], false, end)
                }
            };
            rest = &chunk[consumed..];
            let content = content.trim_matches(|c: char| !is_word_char(c));
            if content.is_empty() {
                continue;
            }
            if negated {
                excluded.push(content);
            } else if is_phrase {
                quoted.push(content);
            } else {
                words.push(content);
            }
        }
        if words.len() > MOST_TYPED_WORDS {
            words.extend(quoted.iter().flat_map(|phrase| phrase.split_whitespace()));
            words.extend(excluded.iter().flat_map(|phrase| phrase.split_whitespace()));
        } else {
            input.phrases.extend(quoted.iter().map(|phrase| (*phrase).to_owned()));
            input.excluded.extend(excluded.iter().map(|text| (*text).to_owned()));
        }
        input.phrases.truncate(MOST_PHRASES);
        input.excluded.truncate(MOST_EXCLUSIONS);
        input.fields.truncate(MOST_FIELDS);
        words.truncate(MOST_WORDS);
        input.wanted = with_dates(&words);
        input
    }

    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
            && self.phrases.is_empty()
            && self.excluded.is_empty()
            && self.fields.is_empty()
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”' | '«' | '»' | '‟')
}

/// The text between the quotation mark that `chunk` begins with and the next one, and the bytes of both with it.
fn phrase(chunk: &str) -> Option<(&str, usize)> {
    let mut chars = chunk.char_indices();
    let (_, first) = chars.next()?;
    if !is_quote(first) {
        return None;
    }
    let start = first.len_utf8();
    let (end, last) = chars.find(|(_, c)| is_quote(*c))?;
    Some((&chunk[start..end], end + last.len_utf8()))
}

/// The place and value that `chunk` begins with, as in `person:Maas` or `title:"grüner Strom"`, and their bytes.
fn field(chunk: &str) -> Option<(Place, &str, usize)> {
    let (name, rest) = chunk.split_once(':')?;
    let place = Place::named(name)?;
    let (value, consumed) = phrase(rest).unwrap_or_else(|| {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        (&rest[..end], end)
    });
    let value = value.trim_matches(|c: char| !is_word_char(c));
    (!value.is_empty()).then_some((place, value, name.len() + 1 + consumed))
}

/// Joins words that make a date ("7.", "November", "2025") into one.
fn with_dates(words: &[&str]) -> Vec<Wanted> {
    let mut text = String::new();
    let mut places: Vec<Range<usize>> = vec![];
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        places.push(text.len()..text.len() + word.len());
        text.push_str(word);
    }
    let mut dates: Vec<Piece> = vec![];
    let mut numbers: Vec<Piece> = vec![];
    for piece in pieces(&text) {
        match piece.kind {
            PieceKind::Date => dates.push(piece),
            PieceKind::Joined if text[piece.range.clone()].contains(' ') => numbers.push(piece),
            _ => {}
        }
    }
    let mut wanted = vec![];
    let mut at = 0;
    while at < words.len() {
        let place = &places[at];
        let starting = dates.iter().filter(|date| place.contains(&date.range.start));
        let end = if let Some(end) = starting.clone().map(|date| date.range.end).max() {
            let has_day = starting.clone().any(|date| date.text.starts_with('d'));
            let terms = starting
                .filter(|date| !has_day || date.text.starts_with('d'))
                .map(|date| date.text.to_string())
                .collect();
            wanted.push(Wanted::Date { text: text[place.start..end].to_owned(), terms });
            end
        } else if let Some(number) = numbers.iter().find(|number| number.range.start == place.start) {
            wanted.push(Wanted::Word(number.text.to_string()));
            number.range.end
        } else {
            push_word(words[at], &mut wanted);
            place.end
        };
        while at < words.len() && places[at].start < end {
            at += 1;
        }
    }
    wanted
}

/// A word, or the pieces of a sentence in a script without spaces.
fn push_word(word: &str, wanted: &mut Vec<Wanted>) {
    if word.chars().filter(|c| is_unspaced(*c)).count() <= LONGEST_UNSPACED {
        wanted.push(Wanted::Word(word.to_owned()));
        return;
    }
    let pieces = pieces(word).into_iter().filter(|piece| piece.kind != PieceKind::Joined);
    wanted.extend(pieces.take(MOST_WORDS).map(|piece| Wanted::Word(word[piece.range].to_owned())));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Wanted {
        Wanted::Word(text.into())
    }

    #[test]
    fn words_phrases_and_exclusions_come_apart() {
        let input =
            Input::read("Messe \"Smart Country\" -Berlin „grüner Strom“ -\"alte Halle\" KI-Verordnung");
        assert_eq!(input.wanted, [word("Messe"), word("KI-Verordnung")]);
        assert_eq!(input.phrases, ["Smart Country", "grüner Strom"]);
        assert_eq!(input.excluded, ["Berlin", "alte Halle"]);
    }

    #[test]
    fn places_are_named() {
        let input = Input::read("titel:Messe person:\"Heiko Maas\" 10:30 https://a.example kind:");
        assert_eq!(input.fields, [(Place::Title, "Messe".into()), (Place::Person, "Heiko Maas".into())]);
        assert_eq!(input.wanted, [word("10:30"), word("https://a.example"), word("kind")]);
    }

    #[test]
    fn numbers_in_groups_and_long_runs_are_read() {
        assert_eq!(Input::read("480 000 Haushalte").wanted, [word("480000"), word("Haushalte")]);
        assert_eq!(Input::read("人工知能を利用").wanted.len(), 6);
        assert_eq!(Input::read("人工知能").wanted, [word("人工知能")]);
    }

    #[test]
    fn loose_signs_mean_nothing() {
        for text in ["", "   ", "-", "\"", "- \"\" -- !!! ()", "„"] {
            assert!(Input::read(text).is_empty(), "{text}");
        }
        assert_eq!(
            Input::read("Berlin - Messe \"offen").wanted,
            [word("Berlin"), word("Messe"), word("offen")]
        );
        assert_eq!(Input::read("a\"b c\"").phrases, ["b c"]);
    }

    #[test]
    fn dates_are_one_thing() {
        let input = Input::read("Messe am 7. November 2025");
        assert_eq!(input.wanted.len(), 3);
        assert_eq!(
            input.wanted[2],
            Wanted::Date { text: "7 November 2025".into(), terms: vec!["d20251107".into()] }
        );
        let input = Input::read("Mai 2024 07.11.2025");
        assert_eq!(input.wanted[0], Wanted::Date { text: "Mai 2024".into(), terms: vec!["m202405".into()] });
        assert_eq!(
            input.wanted[1],
            Wanted::Date { text: "07.11.2025".into(), terms: vec!["d20251107".into()] }
        );
    }

    #[test]
    fn a_pasted_text_asks_for_no_phrase_and_excludes_nothing() {
        let text = format!("{} \"grüner Strom\" -basiert", "wort ".repeat(MOST_TYPED_WORDS + 1));
        let input = Input::read(&text);
        assert!(input.phrases.is_empty() && input.excluded.is_empty());
        assert_eq!(input.wanted[MOST_TYPED_WORDS + 1..], [word("grüner"), word("Strom"), word("basiert")]);
    }

    #[test]
    fn endless_text_is_cut() {
        let input = Input::read(&"wort ".repeat(10_000));
        assert_eq!(input.wanted.len(), MOST_WORDS);
    }
}
