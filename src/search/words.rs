//! One word of a query as an index query: everything in a document that answers it, with what each is worth.

use tantivy::Searcher;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::Token;

use super::analysis::Analysis;
use super::compound::LEXICON;
use super::fold::fold;
use super::german;
use super::highlight::Marks;
use super::language::Group;
use super::schema::{Fields, GroupFields};
use super::vocabulary::Vocabulary;
use crate::domain::Timestamp;

const TITLE: f32 = 2.0;
const SUB: f32 = 1.5;
const BODY: f32 = 1.0;
const SIDE: f32 = 1.0;
/// A compound that contains the word.
const PARTS: f32 = 0.5;
/// The parts of the reader's compound, anywhere in the document.
const SCATTERED: f32 = 0.2;
/// Gained by the very form the reader typed.
const EXACT: f32 = 0.4;
const DATE: f32 = 3.0;
/// Words that begin with what the reader typed, and words near to it.
const COMPLETED: f32 = 0.5;
const CORRECTED: f32 = 0.6;
/// What a further field that matches adds to the best one.
const TIE: f32 = 0.3;
/// Unknown words of a query that are looked up in the whole vocabulary.
const MOST_LOOKUPS: usize = 3;
/// Members of a hyphen chain or address that are looked for.
const MOST_MEMBERS: usize = 8;

type Boxed = Box<dyn Query>;

/// The query for one word.
pub struct Clause {
    pub query: Boxed,
    /// The word may be missing: it carries no meaning in one of the index's languages.
    pub optional: bool,
    /// What the reader may have meant, if the index does not know the word.
    pub correction: Option<String>,
}

/// Makes the queries of words and collects what they should mark in texts.
pub struct Words<'a> {
    vocabulary: Vocabulary<'a>,
    /// Languages the index has texts in.
    groups: Vec<GroupFields>,
    reader: Group,
    pub marks: Marks,
    lookups: usize,
}

impl<'a> Words<'a> {
    pub fn new(
        searcher: &'a Searcher,
        fields: &'a Fields,
        reader_language: &str,
        now: Timestamp,
    ) -> tantivy::Result<Self> {
        let reader = Group::of(reader_language);
        let mut groups = vec![];
        for group in fields.groups {
            for segment in searcher.segment_readers() {
                if segment.inverted_index(group.title)?.terms().num_terms() > 0 {
                    groups.push(group);
                    break;
                }
            }
        }
        Ok(Self {
            vocabulary: Vocabulary { searcher, fields, now },
            groups,
            reader,
            marks: Marks::default(),
            lookups: MOST_LOOKUPS,
        })
    }

    /// The query for a word of a short query; nothing for a word without meaning in the reader's language.
    pub fn word(&mut self, word: &str) -> tantivy::Result<Option<Clause>> {
        let stopped: Vec<Group> = self.stopped_in(word);
        if stopped.contains(&self.reader) || stopped.len() == self.groups.len() {
            return Ok(None);
        }
        let optional = !stopped.is_empty();
        let mut alternatives = self.stems(word, 1.0);
        alternatives.extend(self.german_parts(word));
        let exact = Analysis::Exact.tokens(word);
        let exact_known = self.all_known(self.vocabulary.fields.exact, &exact);
        if exact_known {
            self.marks.exact.extend(exact.iter().map(|token| token.text.clone()));
        }
        let mut correction = None;
        if alternatives.is_empty() && !exact_known {
            (alternatives, correction) = self.unknown(word, &exact)?;
        }
        let exact = exact_known.then(|| sequence(self.vocabulary.fields.exact, &exact, EXACT));
        let query: Boxed = match (any_of(alternatives), exact) {
            (Some(stems), Some(exact)) => {
                Box::new(BooleanQuery::new(vec![(Occur::Must, stems), (Occur::Should, exact)]))
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Box::new(EmptyQuery),
        };
        Ok(Some(Clause { query, optional, correction }))
    }

    /// The query for one word of many: stems only.
    pub fn plain_word(&mut self, word: &str) -> Option<Boxed> {
        if !self.stopped_in(word).is_empty() {
            return None;
        }
        any_of(self.stems(word, 1.0))
    }

    /// The word as it is, for queries that are nothing but words without meaning.
    pub fn literal(&mut self, word: &str) -> Option<Boxed> {
        let tokens = Analysis::Exact.tokens(word);
        self.marks.exact.extend(tokens.iter().map(|token| token.text.clone()));
        (!tokens.is_empty()).then(|| sequence(self.vocabulary.fields.exact, &tokens, 1.0))
    }

    /// A day or month in any written form, or its words.
    pub fn date(&mut self, text: &str, terms: &[String]) -> Boxed {
        let exact = self.vocabulary.fields.exact;
        self.marks.exact.extend(terms.iter().cloned());
        let mut alternatives: Vec<Boxed> = terms.iter().map(|date| boost(term(exact, date), DATE)).collect();
        let words = Analysis::Exact.tokens(text).into_iter().filter(|token| !terms.contains(&token.text));
        let words: Vec<Boxed> = words.map(|token| term(exact, &token.text)).collect();
        alternatives.push(boost(Box::new(BooleanQuery::intersection(words)), SCATTERED));
        Box::new(DisjunctionMaxQuery::with_tie_breaker(alternatives, TIE))
    }

    /// Words in exactly this order and form.
    pub fn phrase(&mut self, text: &str) -> Option<Boxed> {
        let tokens = Analysis::Exact.tokens(text);
        let members = members(&tokens).0;
        self.marks.phrases.push(members.iter().map(|token| token.text.clone()).collect());
        (!tokens.is_empty()).then(|| sequence(self.vocabulary.fields.exact, &tokens, 1.0))
    }

    /// Documents a reader does not want: with this word in any of its forms, or with this phrase.
    pub fn excluded(&self, text: &str) -> Vec<Boxed> {
        let exact = Analysis::Exact.tokens(text);
        let mut out = vec![];
        if exact.is_empty() {
            return out;
        }
        out.push(sequence(self.vocabulary.fields.exact, &exact, 1.0));
        if !text.contains(char::is_whitespace) {
            for group in &self.groups {
                let tokens = Analysis::Stem(group.group).tokens(text);
                if !tokens.is_empty() {
                    out.extend(
                        [group.title, group.sub, group.body, group.side]
                            .map(|field| sequence(field, &tokens, 1.0)),
                    );
                }
            }
        }
        out
    }

    /// Two neighbouring words of the query close together in a title or body: worth a little more.
    pub fn near(&self, first: &str, second: &str) -> Vec<Boxed> {
        let text = format!("{first} {second}");
        let mut out = vec![];
        for group in &self.groups {
            let tokens = Analysis::Stem(group.group).tokens(&text);
            let [a, b] = members(&tokens).0[..] else { continue };
            for (field, gain) in [(group.title, 1.0), (group.body, 0.5)] {
                if self.vocabulary.has(field, &a.text) && self.vocabulary.has(field, &b.text) {
                    let terms = [a, b].map(|token| Term::from_field_text(field, &token.text));
                    let terms = terms.into_iter().enumerate().collect();
                    out.push(boost(Box::new(PhraseQuery::new_with_offset_and_slop(terms, 1)), gain));
                }
            }
        }
        out
    }

    /// The languages of the index in which the word carries no meaning.
    fn stopped_in(&self, word: &str) -> Vec<Group> {
        let groups = self.groups.iter().map(|fields| fields.group);
        groups.filter(|group| Analysis::Stem(*group).tokens(word).is_empty()).collect()
    }

    /// The forms of the word in title, sub-headlines, body and side texts, as far as the index has them.
    fn stems(&mut self, word: &str, weight: f32) -> Vec<Boxed> {
        let mut out = vec![];
        for fields in &self.groups {
            let tokens = Analysis::Stem(fields.group).tokens(word);
            if tokens.is_empty() {
                continue;
            }
            for (field, worth) in
                [(fields.title, TITLE), (fields.sub, SUB), (fields.body, BODY), (fields.side, SIDE)]
            {
                if tokens.iter().any(|token| self.vocabulary.has(field, &token.text)) {
                    out.push(sequence(field, &tokens, worth * weight));
                }
            }
            self.marks.add_stems(fields.group, tokens.into_iter().map(|token| token.text));
        }
        out
    }

    /// Compounds that contain the word, and the parts of the word if it is a compound itself.
    fn german_parts(&mut self, word: &str) -> Vec<Boxed> {
        let Some(german) = self.groups.iter().find(|fields| fields.group == Group::German).copied() else {
            return vec![];
        };
        let parts = self.vocabulary.fields.parts;
        let folded = fold(word, true);
        if !folded.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return vec![];
        }
        let mut out = vec![];
        let stem = german::stem(&folded);
        if self.vocabulary.has(parts, stem) {
            out.push(boost(term(parts, stem), PARTS));
            self.marks.parts.insert(stem.to_owned());
        }
        let leaves: Vec<&str> =
            LEXICON.leaves(&folded).into_iter().map(|leaf| german::stem(&folded[leaf])).collect();
        let anywhere = [parts, german.title, german.sub, german.body, german.side];
        let everywhere: Vec<Boxed> = leaves
            .iter()
            .map_while(|leaf| {
                let places = anywhere.into_iter().filter(|field| self.vocabulary.has(*field, leaf));
                any_of(places.map(|field| term(field, leaf)).collect())
            })
            .collect();
        if leaves.len() > 1 && everywhere.len() == leaves.len() {
            out.push(boost(Box::new(BooleanQuery::intersection(everywhere)), SCATTERED));
            self.marks.weak.extend(leaves.into_iter().map(str::to_owned));
        }
        out
    }

    fn all_known(&self, field: Field, tokens: &[Token]) -> bool {
        let members = members(tokens);
        !tokens.is_empty()
            && (members.0.iter().all(|token| self.vocabulary.has(field, &token.text))
                || members.1.iter().any(|token| self.vocabulary.has(field, &token.text)))
    }

    /// A word the index does not know: unfinished, mistyped, or two words written as one.
    fn unknown(&mut self, word: &str, exact: &[Token]) -> tantivy::Result<(Vec<Boxed>, Option<String>)> {
        let [token] = exact else { return Ok((vec![], None)) };
        if self.lookups == 0 {
            return Ok((vec![], None));
        }
        self.lookups -= 1;
        let field = self.vocabulary.fields.exact;
        let typed = token.text.clone();
        if typed.chars().count() >= 3 {
            let mut longer = self.vocabulary.beginning_with(field, &typed, 12)?;
            longer.retain(|(term, _)| term.bytes().any(|b| b.is_ascii_alphabetic()));
            if !longer.is_empty() {
                self.marks.exact.extend(longer.iter().map(|(term, _)| term.clone()));
                let queries = longer.iter().map(|(longer, _)| boost(term(field, longer), COMPLETED));
                return Ok((queries.collect(), None));
            }
        }
        let mut out = vec![];
        let mut meant = None;
        for near in self.vocabulary.corrections(&typed, 3)? {
            let Some(written) = self.vocabulary.surface(&near.term)? else { continue };
            let weight = CORRECTED / f32::from(near.distance);
            out.extend(self.stems(&written, weight));
            out.push(boost(term(field, &near.term), weight));
            self.marks.exact.insert(near.term);
            meant = meant.or(Some(written));
        }
        if out.is_empty()
            && let Some((first, second)) = self.two_words(&typed)?
        {
            let terms = vec![Term::from_field_text(field, &first), Term::from_field_text(field, &second)];
            out.push(boost(Box::new(PhraseQuery::new(terms)), CORRECTED));
            let written = (self.vocabulary.surface(&first)?, self.vocabulary.surface(&second)?);
            if let (Some(a), Some(b)) = written {
                meant = Some(format!("{a} {b}"));
            }
            self.marks.phrases.push(vec![first, second]);
        }
        Ok((out, meant.filter(|meant| meant != word)))
    }

    /// The one place where an unknown word comes apart into two the index knows.
    fn two_words(&self, typed: &str) -> tantivy::Result<Option<(String, String)>> {
        if !typed.is_ascii() || !(7..=40).contains(&typed.len()) {
            return Ok(None);
        }
        let field = self.vocabulary.fields.exact;
        for at in 3..=typed.len() - 3 {
            let (first, second) = typed.split_at(at);
            if self.vocabulary.has(field, first)
                && self.vocabulary.has(field, second)
                && self.vocabulary.public_documents(field, first, None)? > 0
                && self.vocabulary.public_documents(field, second, None)? > 0
            {
                return Ok(Some((first.to_owned(), second.to_owned())));
            }
        }
        Ok(None)
    }
}

/// The tokens of a text one after another, and the joined forms that stand for several of them.
fn members(tokens: &[Token]) -> (Vec<&Token>, Vec<&Token>) {
    let spans_another = |token: &&Token| {
        tokens.iter().any(|other| {
            other.offset_from >= token.offset_from
                && other.offset_to <= token.offset_to
                && other.offset_to - other.offset_from < token.offset_to - token.offset_from
        })
    };
    let (joined, mut plain): (Vec<&Token>, Vec<&Token>) = tokens.iter().partition(spans_another);
    plain.dedup_by_key(|token| token.position);
    plain.truncate(MOST_MEMBERS);
    (plain, joined)
}

/// The tokens in a row in one field, or one of their joined forms.
fn sequence(field: Field, tokens: &[Token], weight: f32) -> Boxed {
    let (plain, joined) = members(tokens);
    let mut alternatives: Vec<Boxed> = joined.iter().map(|token| term(field, &token.text)).collect();
    match plain[..] {
        [] => {}
        [one] => alternatives.push(term(field, &one.text)),
        _ => {
            let terms = plain.iter().map(|token| (token.position, Term::from_field_text(field, &token.text)));
            alternatives.push(Box::new(PhraseQuery::new_with_offset(terms.collect())));
        }
    }
    boost(any_of(alternatives).unwrap_or_else(|| Box::new(EmptyQuery)), weight)
}

/// The best of the alternatives counts, the others add a little; nothing if there is none.
fn any_of(mut alternatives: Vec<Boxed>) -> Option<Boxed> {
    match alternatives.len() {
        0 | 1 => alternatives.pop(),
        _ => Some(Box::new(DisjunctionMaxQuery::with_tie_breaker(alternatives, TIE))),
    }
}

pub fn term(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

pub fn boost(query: Boxed, weight: f32) -> Boxed {
    if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) }
}
