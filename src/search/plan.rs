//! A reader's text as index queries: first the strict one, then those that forgive more.

use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, Occur, Query as IndexQuery};

use super::highlight::Marks;
use super::input::{Input, Place, Wanted};
use super::words::{Clause, Words, any_of};

/// Up to here a query is short and its words must occur; a longer one is a description of which the best matches are
/// wanted.
const SHORT_WORDS: usize = 6;

type Boxed = Box<dyn IndexQuery>;

pub struct Plan {
    /// Each forgives more than the one before.
    pub stages: Vec<Boxed>,
    /// What to answer when all of them find nothing.
    pub fallback: Option<Boxed>,
    /// What must not occur.
    pub excluded: Option<Boxed>,
    pub marks: Marks,
    pub correction: Option<String>,
}

#[derive(Default)]
struct Parts {
    /// Phrases and named places.
    required: Vec<Boxed>,
    /// Of each word, what answers it.
    words: Vec<Vec<Boxed>>,
    /// Worth something, and not required.
    extras: Vec<Boxed>,
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
        let long = input.wanted.len() > SHORT_WORDS;
        let mut last_resort: Vec<Boxed> = vec![];
        let mut corrected = text.to_owned();
        let mut previous: Option<&str> = None;
        for wanted in &input.wanted {
            match wanted {
                Wanted::Date { text, terms } => {
                    parts.words.push(words.date(text, terms));
                    previous = None;
                }
                Wanted::Word(word) if long => parts.words.push(words.plain_word(word)),
                Wanted::Word(word) => {
                    let Some(Clause { alternatives, fallback, optional, correction }) = words.word(word)?
                    else {
                        continue;
                    };
                    last_resort.extend(fallback);
                    if let Some(correction) = correction {
                        corrected = corrected.replacen(word.as_str(), &correction, 1);
                    }
                    if optional {
                        parts.extras.extend(alternatives);
                    } else {
                        parts.words.push(alternatives);
                    }
                    if let Some(previous) = previous.replace(word) {
                        parts.extras.extend(words.near(previous, word));
                    }
                }
            }
        }
        if long {
            parts.words.retain(|alternatives| !alternatives.is_empty());
        }
        let places = input
            .fields
            .iter()
            .any(|(place, _)| !matches!(place, Place::Kind | Place::Year | Place::Language));
        if parts.words.is_empty() && input.phrases.is_empty() && !places {
            if input.wanted.is_empty() {
                parts.required.push(Box::new(AllQuery));
            } else {
                // Nothing but words without meaning: then they are what is wanted.
                let literal = input.wanted.iter().filter_map(|wanted| match wanted {
                    Wanted::Word(word) => Some(words.literal(word)),
                    Wanted::Date { .. } => None,
                });
                parts.words = literal.filter(|alternatives| !alternatives.is_empty()).collect();
                parts.extras.clear();
            }
        }
        Ok(Self {
            stages: parts.stages(long),
            fallback: any_of(last_resort).filter(|_| parts.required.is_empty()),
            excluded: any_of(excluded),
            marks: words.marks,
            correction: (corrected != text).then_some(corrected),
        })
    }
}

impl Parts {
    fn stages(&self, long: bool) -> Vec<Boxed> {
        let count = self.words.len();
        let steps = match count {
            0 => vec![0],
            1 => vec![1],
            _ if long => vec![1],
            2 => vec![2, 1],
            _ => vec![count, count - 1, 1],
        };
        steps.into_iter().map(|needed| self.query(needed, long)).collect()
    }

    /// What has all that is required and at least `needed` of the words.
    fn query(&self, needed: usize, long: bool) -> Boxed {
        let copy =
            |queries: &[Boxed]| -> Vec<Boxed> { queries.iter().map(|query| query.box_clone()).collect() };
        let known = || self.words.iter().filter(|alternatives| !alternatives.is_empty());
        if needed == 1 && self.required.is_empty() {
            // One flat list: the index passes over what cannot come among the best.
            let all: Vec<Boxed> = known().flat_map(|alternatives| copy(alternatives)).collect();
            if self.words.len() == 1 && !long {
                return self.with_extras(any_of(all).unwrap_or_else(|| Box::new(EmptyQuery)));
            }
            return any_of(all).unwrap_or_else(|| Box::new(EmptyQuery));
        }
        let mut clauses: Vec<(Occur, Boxed)> =
            copy(&self.required).into_iter().map(|query| (Occur::Must, query)).collect();
        let words: Vec<Boxed> = known().filter_map(|alternatives| any_of(copy(alternatives))).collect();
        if words.len() < needed {
            return Box::new(EmptyQuery);
        }
        match needed {
            0 => {}
            _ if needed == words.len() => clauses.extend(words.into_iter().map(|query| (Occur::Must, query))),
            _ => {
                let some = BooleanQuery::union_with_minimum_required_clauses(words, needed);
                clauses.push((Occur::Must, Box::new(some)));
            }
        }
        if clauses.is_empty() {
            return Box::new(EmptyQuery);
        }
        self.with_extras(Box::new(BooleanQuery::new(clauses)))
    }

    fn with_extras(&self, core: Boxed) -> Boxed {
        if self.extras.is_empty() {
            return core;
        }
        let extras = self.extras.iter().map(|query| (Occur::Should, query.box_clone()));
        Box::new(BooleanQuery::new(std::iter::once((Occur::Must, core)).chain(extras).collect()))
    }
}
