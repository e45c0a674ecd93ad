//! What the index knows about single words: whether a word occurs in something public, what a mistyped or
//! unfinished word may have meant, how a word is written.

use std::collections::HashMap;

use tantivy::query::{Bm25StatisticsProvider as _, FuzzyTermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, DocSet, SegmentReader, TERMINATED, TantivyDocument, Term};

use super::analysis::stem_term;
use super::fold::{fold, is_invisible, is_word_char};
use super::language::Group;
use super::schema::{Fields, cut};
use super::snapshot::{Segment, Snapshot};
use super::tokenizer::pieces;
use crate::domain::Timestamp;

/// Postings read to see how often a term is public, where some of its documents may not be.
const MOST_POSTINGS_READ: usize = 2_000;
/// A term that so many documents have is looked up in each of them, where some may not be public.
const FEW_DOCUMENTS: u64 = 64;
/// Documents of a segment whose language is looked at.
const SAMPLED_DOCUMENTS: usize = 64;
/// Documents that are asked how a word is written, and how much of each is read; bytes.
const ASKED_DOCUMENTS: usize = 4;
const READ_BYTES: usize = 20_000;
/// With which the term of a stem begins: its language.
const TAG_BYTES: usize = 2;

pub struct Vocabulary<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub now: Timestamp,
}

/// A word the index knows that is near to one it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub term: String,
    /// Letters to change, add, drop or swap.
    pub distance: u8,
    /// Public documents with it, at most.
    pub documents: usize,
}

impl Vocabulary<'_> {
    /// Whether any document has the term: for choosing query clauses. What few have is asked whether they can be seen: a
    /// word that stands in nothing public any more, or not yet, must not pass for a known one.
    pub fn has(&self, field: Field, term: &str) -> bool {
        match self.frequency(field, term) {
            0 => false,
            1..=FEW_DOCUMENTS if self.snapshot.hides_some(self.now.as_microsecond()) => {
                self.is_public(field, term).unwrap_or(true)
            }
            _ => true,
        }
    }

    pub fn frequency(&self, field: Field, term: &str) -> u64 {
        self.snapshot.doc_freq(&Term::from_field_text(field, term)).unwrap_or(0)
    }

    /// Public documents with the term. Withdrawn documents stay in the term lists until segments merge, so what is
    /// shown to a reader must pass here.
    pub fn public_documents(&self, field: Field, term: &str) -> tantivy::Result<usize> {
        let term = Term::from_field_text(field, term);
        let now = self.now.as_microsecond();
        let mut count = 0;
        for (segment, reader) in self.snapshot.segments() {
            if segment.is_public(now) && !reader.has_deletes() {
                count += reader.inverted_index(field)?.doc_freq(&term)? as usize;
            } else {
                let most = MOST_POSTINGS_READ;
                count += self.public_ones((segment, reader), &term, most, most)?.len();
            }
        }
        Ok(count)
    }

    /// How many of some public documents with the term are in a language, in a hundred.
    pub fn share_in(&self, group: Group, field: Field, term: &str) -> tantivy::Result<usize> {
        let term = Term::from_field_text(field, term);
        let (mut asked, mut own) = (0, 0);
        for (segment, reader) in self.snapshot.segments() {
            let documents =
                self.public_ones((segment, reader), &term, SAMPLED_DOCUMENTS, MOST_POSTINGS_READ)?;
            asked += documents.len();
            own += documents.into_iter().filter(|doc| segment.language_of(*doc) == Some(group)).count();
        }
        Ok(own * 100 / asked.max(1))
    }

    pub fn is_public(&self, field: Field, term: &str) -> tantivy::Result<bool> {
        let term = Term::from_field_text(field, term);
        for (segment, reader) in self.snapshot.segments() {
            if !self.public_ones((segment, reader), &term, 1, MOST_POSTINGS_READ)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The first `keep` public documents of a segment that have the term, among the first `most` that have it at all.
    fn public_ones(
        &self,
        (segment, reader): (&Segment, &SegmentReader),
        term: &Term,
        keep: usize,
        most: usize,
    ) -> tantivy::Result<Vec<u32>> {
        let mut out = vec![];
        let index = reader.inverted_index(term.field())?;
        let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
            return Ok(out);
        };
        let now = self.now.as_microsecond();
        let mut read = 0;
        let mut doc = postings.doc();
        while doc != TERMINATED && read < most && out.len() < keep {
            if !reader.is_deleted(doc) && segment.columns.public_from.get_val(doc) <= now {
                out.push(doc);
            }
            read += 1;
            doc = postings.advance();
        }
        Ok(out)
    }

    /// The words nearest to a folded word that the index does not know, best first.
    pub fn corrections(&self, word: &str, limit: usize) -> tantivy::Result<Vec<Near>> {
        let length = word.chars().count();
        if !(4..=40).contains(&length) || word.bytes().any(|b| b.is_ascii_digit()) {
            return Ok(vec![]);
        }
        let furthest = if length >= 8 { 2 } else { 1 };
        for distance in 1..=furthest {
            let mut near = self.within(word, distance)?;
            if near.is_empty() {
                near = self.other_forms_within(word, distance)?;
            }
            near.retain(|near| near.documents > 0);
            if !near.is_empty() {
                // Few readers mistype the first letter.
                let first = word.chars().next();
                near.sort_by_key(|near| {
                    (near.term.chars().next() != first, std::cmp::Reverse(near.documents))
                });
                near.truncate(limit);
                return Ok(near);
            }
        }
        Ok(vec![])
    }

    fn within(&self, word: &str, distance: u8) -> tantivy::Result<Vec<Near>> {
        let field = self.fields.exact;
        let mut near = vec![];
        for term in self.terms_within(field, word, distance)? {
            let documents = self.public_documents(field, &term)?;
            near.push(Near { term, distance, documents });
        }
        Ok(near)
    }

    /// Words whose stem is near to that of the word: texts may have no other form than the plural.
    fn other_forms_within(&self, word: &str, distance: u8) -> tantivy::Result<Vec<Near>> {
        let Fields { text, exact, .. } = *self.fields;
        let mut near = vec![];
        for &group in &self.snapshot.groups {
            let stem = stem_term(group, word);
            let Some((language, _)) = stem.split_at_checked(TAG_BYTES) else { continue };
            for found in self.terms_within(text, &stem, distance)? {
                let Some(found) = found.strip_prefix(language).filter(|found| found.len() >= 4) else {
                    continue;
                };
                for (term, _) in self.beginning_with(exact, found, 2)? {
                    let documents = self.public_documents(exact, &term)?;
                    near.push(Near { term, distance, documents });
                }
            }
        }
        Ok(near)
    }

    /// The most frequent terms of a field that are so near to a word.
    fn terms_within(&self, field: Field, word: &str, distance: u8) -> tantivy::Result<Vec<String>> {
        let fuzzy = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
        let mut found: HashMap<String, u64> = HashMap::new();
        for reader in self.snapshot.segment_readers() {
            let index = reader.inverted_index(field)?;
            let mut terms = index.terms().search(fuzzy.automaton()?).into_stream()?;
            while terms.advance() {
                if let Ok(term) = std::str::from_utf8(terms.key())
                    && !term.bytes().any(|b| b.is_ascii_digit())
                {
                    *found.entry(term.to_owned()).or_default() += u64::from(terms.value().doc_freq);
                }
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(10);
        Ok(found.into_iter().map(|(term, _)| term).collect())
    }

    /// Terms of a field that begin with `prefix`, most frequent first, with their raw document counts.
    pub fn beginning_with(
        &self,
        field: Field,
        prefix: &str,
        limit: usize,
    ) -> tantivy::Result<Vec<(String, u64)>> {
        let mut found: HashMap<String, u64> = HashMap::new();
        for (segment, reader) in self.snapshot.segments() {
            for (term, documents) in segment.beginning_with(reader, field, prefix)?.iter() {
                match found.get_mut(term) {
                    Some(count) => *count += documents,
                    None => drop(found.insert(term.clone(), *documents)),
                }
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(limit);
        Ok(found)
    }

    /// How public texts write a folded word; nothing if none has it.
    pub fn written(&self, folded: &str) -> tantivy::Result<Option<String>> {
        self.snapshot.spelling(folded, || self.look_up_spelling(folded))
    }

    fn look_up_spelling(&self, folded: &str) -> tantivy::Result<Option<String>> {
        let term = Term::from_field_text(self.fields.exact, folded);
        let mut spellings: Vec<(String, usize)> = vec![];
        let mut asked = 0;
        for (ordinal, (segment, reader)) in (0..).zip(self.snapshot.segments()) {
            if asked >= ASKED_DOCUMENTS {
                break;
            }
            let missing = ASKED_DOCUMENTS - asked;
            for doc in self.public_ones((segment, reader), &term, missing, MOST_POSTINGS_READ)? {
                asked += 1;
                let stored: TantivyDocument = self.snapshot.doc(DocAddress::new(ordinal, doc))?;
                let fields = self.fields;
                for field in [fields.stored_title, fields.stored_sub, fields.stored_body, fields.stored_side]
                {
                    let text = stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
                    add_spellings(folded, cut(text, READ_BYTES), &mut spellings);
                }
            }
        }
        // The first seen of those that are seen as often.
        let most = spellings.iter().enumerate().max_by_key(|(at, (_, count))| (*count, usize::MAX - at));
        Ok(most.map(|(_, (written, _))| written.clone()))
    }
}

/// Counts how a text writes a folded word.
fn add_spellings(folded: &str, text: &str, spellings: &mut Vec<(String, usize)>) {
    let mut add = |written: &str| {
        let written = written.replace(is_invisible, "");
        match spellings.iter_mut().find(|(known, _)| *known == written) {
            Some((_, count)) => *count += 1,
            None => spellings.push((written, 1)),
        }
    };
    let first = folded.as_bytes().first();
    let mut found = false;
    for word in text.split(|c: char| !is_word_char(c)) {
        let begins = word.as_bytes().first().map(u8::to_ascii_lowercase);
        if begins.is_some_and(|begins| !begins.is_ascii() || Some(&begins) == first)
            && fold(word, true) == folded
        {
            add(word);
            found = true;
        }
    }
    if !found {
        // A chain such as "KI-Verordnung", which is one word to the index.
        for piece in pieces(text).iter().filter(|piece| piece.text == folded) {
            add(&text[piece.range.clone()]);
        }
    }
}
