//! What the index knows about single words: whether a word occurs in something public, what a mistyped or
//! unfinished word may have meant, how a word is written.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::columnar::ColumnValues;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use super::analysis::SURFACE_MARK;
use super::schema::{Fields, LANGUAGE, PUBLIC_FROM};
use crate::domain::Timestamp;

/// Terms looked at while completing a word: a short prefix of a large index must not cost more.
const MOST_TERMS_READ: usize = 4_000;
/// Postings read to see whether a term is public, and how often.
const MOST_POSTINGS_READ: usize = 2_000;

pub struct Vocabulary<'a> {
    pub searcher: &'a Searcher,
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
    /// Whether any document has the term, dead and not yet public ones included: for choosing query clauses.
    pub fn has(&self, field: Field, term: &str) -> bool {
        self.frequency(field, term) > 0
    }

    pub fn frequency(&self, field: Field, term: &str) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(field, term)).unwrap_or(0)
    }

    /// Public documents with the term, in `language` if one is named. Withdrawn documents stay in the term lists
    /// until segments merge, so what is shown to a reader must pass here.
    pub fn public_documents(
        &self,
        field: Field,
        term: &str,
        language: Option<&str>,
    ) -> tantivy::Result<usize> {
        let term = Term::from_field_text(field, term);
        let now = self.now.as_microsecond();
        let mut count = 0;
        for segment in self.searcher.segment_readers() {
            let Some(mut postings) =
                segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?
            else {
                continue;
            };
            let public_from: Arc<dyn ColumnValues<i64>> =
                segment.fast_fields().column_first_or_default(PUBLIC_FROM)?;
            let languages = segment.fast_fields().str(LANGUAGE)?;
            let wanted = match (language, &languages) {
                (Some(language), Some(column)) => column.dictionary().term_ord(language.as_bytes())?,
                _ => None,
            };
            let in_language = |doc| match (language, &languages) {
                (None, _) => true,
                (Some(_), Some(column)) => wanted.is_some() && column.ords().first(doc) == wanted,
                (Some(_), None) => false,
            };
            let mut read = 0;
            let mut doc = postings.doc();
            while doc != TERMINATED && read < MOST_POSTINGS_READ {
                if !segment.is_deleted(doc) && public_from.get_val(doc) <= now && in_language(doc) {
                    count += 1;
                }
                read += 1;
                doc = postings.advance();
            }
        }
        Ok(count)
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
        let fuzzy = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
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
        let mut near = vec![];
        for (term, _) in found {
            let documents = self.public_documents(field, &term, None)?;
            near.push(Near { term, distance, documents });
        }
        Ok(near)
    }

    /// Terms of a field that begin with `prefix`, most frequent first, with their raw document counts.
    pub fn beginning_with(
        &self,
        field: Field,
        prefix: &str,
        limit: usize,
    ) -> tantivy::Result<Vec<(String, u64)>> {
        let mut found: HashMap<String, u64> = HashMap::new();
        let mut end = prefix.as_bytes().to_vec();
        end.push(0xff);
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().range().ge(prefix.as_bytes()).lt(&end).into_stream()?;
            let mut read = 0;
            while read < MOST_TERMS_READ && terms.advance() {
                read += 1;
                if let Ok(term) = std::str::from_utf8(terms.key()) {
                    *found.entry(term.to_owned()).or_default() += u64::from(terms.value().doc_freq);
                }
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(limit);
        Ok(found)
    }

    /// How public texts most often write a folded word; nothing if none has it.
    pub fn surface(&self, folded: &str) -> tantivy::Result<Option<String>> {
        let prefix = format!("{folded}{SURFACE_MARK}");
        for (term, _) in self.beginning_with(self.fields.surface, &prefix, 5)? {
            if self.public_documents(self.fields.surface, &term, None)? > 0 {
                return Ok(term.split_once(SURFACE_MARK).map(|(_, written)| written.to_owned()));
            }
        }
        Ok(None)
    }
}
