//! A reader's text as index queries: first the strict one, then those that forgive more.

use std::sync::Arc;

use tantivy::query::{AllQuery, EmptyQuery, Query as IndexQuery};

use super::highlight::Marks;
use super::input::{Input, Place, Wanted};
use super::matching::{AllOf, AnyOf, Parts, Word};
use super::short_forms::short_forms;
use super::words::{Clause, Words, any_of, boost};

/// A query of more words was pasted: nobody mistyped it.
const MOST_TYPED_WORDS: usize = 6;
/// Of a long query these many words are looked for, those that say most.
const MOST_LONG_WORDS: usize = 40;

type Boxed = Box<dyn IndexQuery>;

pub struct Plan {
    /// For the best hits; each forgives more than the one before.
    pub stages: Vec<Boxed>,
    /// The same for lists in which every hit has to fit, such as lists by date: of a long query too, all words.
    pub strict: Vec<Boxed>,
    /// What to answer when all of them find nothing.
    pub fallback: Option<Boxed>,
    /// What must not occur.
    pub excluded: Option<Boxed>,
    pub marks: Marks,
    pub correction: Option<String>,
}

impl Plan {
    pub fn new(mut words: Words<'_>, input: &Input, text: &str) -> tantivy::Result<Self> {
        words.listen(input);
        let mut parts = Parts::default();
        parts.required.extend(input.phrases.iter().filter_map(|phrase| words.phrase(phrase)));
        for (place, value) in &input.fields {
            parts.required.extend(words.placed(*place, value)?);
        }
        let excluded: Vec<Boxed> = input.excluded.iter().flat_map(|text| words.excluded(text)).collect();
        let long = input.wanted.len() > words.most_short();
        let is_question = long && words.is_question(input);
        let mut last_resort: Vec<Boxed> = vec![];
        let mut optionals: Vec<Word> = vec![];
        let mut corrected = text.to_owned();
        let mut previous: Option<&str> = None;
        let typed = input.wanted.iter().map(|wanted| match wanted {
            Wanted::Word(word) => word.as_str(),
            Wanted::Date { .. } => "",
        });
        let short_forms = short_forms(&typed.collect::<Vec<_>>());
        for (at, wanted) in input.wanted.iter().enumerate() {
            // What a long text says again and again it is about.
            let times = if long { times_from(&input.wanted, at) } else { 1 };
            if times == 0 {
                continue;
            }
            match wanted {
                Wanted::Date { text, terms } => {
                    parts.words.push(Word { alternatives: words.date(text, terms), documents: 0 });
                    previous = None;
                }
                Wanted::Word(word) if long => {
                    let is_typed = is_question || input.wanted.len() <= MOST_TYPED_WORDS;
                    let Some((plain, correction)) =
                        words.plain_word(word, short_forms[at], is_typed, is_question)?
                    else {
                        continue;
                    };
                    let worth = times as f32;
                    let alternatives =
                        plain.alternatives.into_iter().map(|query| boost(query, worth)).collect();
                    parts.words.push(Word { alternatives, documents: plain.documents / times });
                    if let Some(correction) = correction {
                        corrected = corrected.replacen(word.as_str(), &correction, 1);
                    }
                }
                Wanted::Word(word) => {
                    let clause = words.word(word, short_forms[at], beside(&input.wanted, at))?;
                    let Some(Clause { alternatives, fallback, optional, correction, documents }) = clause
                    else {
                        continue;
                    };
                    last_resort.extend(fallback);
                    if let Some(correction) = correction {
                        corrected = corrected.replacen(word.as_str(), &correction, 1);
                    }
                    if optional {
                        parts.extras.extend(alternatives.iter().map(|query| query.box_clone()));
                        optionals.push(Word { alternatives, documents });
                    } else {
                        parts.words.push(Word { alternatives, documents });
                    }
                    if let Some(previous) = previous.replace(word) {
                        parts.extras.extend(words.near(previous, word));
                    }
                }
            }
        }
        let mut all_known = true;
        if long {
            all_known = parts.words.iter().all(|word| !word.alternatives.is_empty());
            parts.words.retain(|word| !word.alternatives.is_empty());
            parts.words.sort_by_key(|word| word.documents);
            parts.words.truncate(MOST_LONG_WORDS);
        }
        let places = input
            .fields
            .iter()
            .any(|(place, _)| !matches!(place, Place::Kind | Place::Year | Place::Language));
        if parts.words.is_empty() && input.phrases.is_empty() && !places {
            optionals.retain(|word| !word.alternatives.is_empty());
            if input.wanted.is_empty() {
                parts.required.push(Box::new(AllQuery));
            } else if !optionals.is_empty() {
                // "IT" is a word in German and means nothing in English.
                parts.words = optionals;
                parts.extras.clear();
            } else {
                // Nothing but words without meaning: then they are what is wanted.
                let literal = input.wanted.iter().filter_map(|wanted| match wanted {
                    Wanted::Word(word) => Some(Word { alternatives: words.literal(word), documents: 0 }),
                    Wanted::Date { .. } => None,
                });
                parts.words = literal.filter(|word| !word.alternatives.is_empty()).collect();
                parts.extras.clear();
            }
        }
        let fallback = any_of(last_resort).filter(|_| parts.required.is_empty());
        let parts = Arc::new(parts);
        let mut strict = stages(&parts, false);
        if !all_known {
            // Nothing has all of the words.
            strict.insert(0, Box::new(EmptyQuery));
        }
        Ok(Self {
            fallback,
            stages: stages(&parts, long),
            strict,
            excluded: any_of(excluded),
            marks: words.marks,
            correction: (corrected != text).then_some(corrected),
        })
    }
}

/// The words that stand before and after a word, if they are words.
fn beside(wanted: &[Wanted], at: usize) -> [Option<&str>; 2] {
    [at.checked_sub(1), Some(at + 1)].map(|at| match wanted.get(at?)? {
        Wanted::Word(word) => Some(word.as_str()),
        Wanted::Date { .. } => None,
    })
}

/// How often the text says what stands at a place, if it says it there for the first time.
fn times_from(wanted: &[Wanted], at: usize) -> u64 {
    let is_same = |other: &&Wanted| match (&wanted[at], other) {
        (Wanted::Word(one), Wanted::Word(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == *other,
    };
    if wanted[..at].iter().any(|other| is_same(&other)) {
        return 0;
    }
    wanted[at..].iter().filter(is_same).count() as u64
}

/// Queries that forgive more and more.
fn stages(parts: &Arc<Parts>, long: bool) -> Vec<Boxed> {
    let count = parts.words.len();
    let any = |needed| stage(parts, needed, None, long);
    match count {
        0 => vec![any(0)],
        1 => vec![any(1)],
        _ if long => vec![any(1)],
        2 => vec![any(2), any(1)],
        // What has the word that says most, before what has the others: it is nearly always enough, and there is little
        // to look through.
        _ => vec![any(count), stage(parts, count - 1, parts.rarest_word(), long), any(count - 1), any(1)],
    }
}

/// What has all that is required and at least `needed` of the words, one of them named.
fn stage(parts: &Arc<Parts>, needed: usize, with: Option<usize>, long: bool) -> Boxed {
    let known = parts.known_words().count();
    if known < needed || (known == 0 && parts.required.is_empty()) {
        return Box::new(EmptyQuery);
    }
    let is_alone = parts.words.len() == 1 && !parts.extras.is_empty() && !long;
    if needed == 1 && parts.required.is_empty() && !is_alone {
        // One flat list: the index passes over what cannot come among the best.
        let words = parts.known_words().flat_map(|(_, word)| &word.alternatives);
        return Box::new(AnyOf(words.map(|query| query.box_clone()).collect()));
    }
    Box::new(AllOf { parts: Arc::clone(parts), needed, with })
}
