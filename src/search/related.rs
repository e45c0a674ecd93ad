//! More like this: documents of the same kind and language that share a document's own words and topics.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query as IndexQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, TantivyDocument, Term};

use super::analysis::stems;
use super::filter::Filter;
use super::index::Index;
use super::language::Group;
use super::rank::Ranking;
use super::schema::{cut, kind_of_number};
use super::snapshot::Snapshot;
use super::vocabulary::Vocabulary;
use super::words::term;
use super::{Query, SearchError, Sort};
use crate::domain::{Id, Timestamp};

/// Words that stand for a document, and how much of its text they are taken from.
const MOST_TERMS: usize = 16;
const READ_BYTES: usize = 8_000;
/// What a word in the title counts more than one in the body.
const TITLE_COUNT: f64 = 3.0;
/// Share of the words another document must have.
const SHARED: f64 = 0.25;
/// What a shared topic is worth beside the words.
const TOPIC: f32 = 3.0;
const TIME_LIMIT: Duration = Duration::from_millis(150);

type Boxed = Box<dyn IndexQuery>;

impl Index {
    /// Public documents in `language` that are about the same as the document `id`, best first; none if the index
    /// does not know it.
    pub fn related(
        &self,
        id: Id,
        language: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Id>, SearchError> {
        let snapshot = self.snapshot();
        let fields = self.fields();
        let own = TermQuery::new(Term::from_field_text(fields.id, &id.to_string()), IndexRecordOption::Basic);
        let mut query =
            Query { language: None, reader_language: language.to_owned(), limit, ..Query::everything(now) };
        let none = HashSet::new();
        let best = |query: &Query, words: &dyn IndexQuery, sort, keep| {
            let filter = Filter::new(query);
            let reader = Group::of(language);
            let deadline = Instant::now() + TIME_LIMIT;
            Ranking { snapshot: &snapshot, filter: &filter, sort, reader, now, deadline, taken: &none }
                .best(words, keep, None)
        };
        let Some(address) = best(&query, &own, Sort::Date, 1)?.pop().map(|candidate| candidate.address)
        else {
            return Ok(vec![]);
        };
        let stored: TantivyDocument = snapshot.doc(address)?;
        let kind = stored.get_first(fields.kind).and_then(|value| value.as_u64()).and_then(kind_of_number);
        query.kinds = kind.into_iter().collect();
        query.language = Some(language.to_owned());
        let mut likeness: Vec<(Occur, Boxed)> = vec![];
        if let Some(words) = self.own_words(&snapshot, &stored, now) {
            likeness.push((Occur::Should, words));
        }
        for topic in topics(&snapshot, address)? {
            likeness
                .push((Occur::Should, Box::new(ConstScoreQuery::new(term(fields.topics, &topic), TOPIC))));
        }
        if likeness.is_empty() {
            return Ok(vec![]);
        }
        likeness.push((Occur::MustNot, Box::new(own)));
        let mut out = vec![];
        for candidate in best(&query, &BooleanQuery::new(likeness), Sort::Relevance, limit.min(50))? {
            let stored: TantivyDocument = snapshot.doc(candidate.address)?;
            let id = stored.get_first(fields.id).and_then(|value| value.as_str());
            out.extend(id.and_then(|id| id.parse::<Id>().ok()));
        }
        Ok(out)
    }

    /// The words that tell the document from others, of which a related one shares some.
    fn own_words(&self, snapshot: &Snapshot, stored: &TantivyDocument, now: Timestamp) -> Option<Boxed> {
        let fields = self.fields();
        let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let group = Group::of(text(fields.language));
        let mut counts: HashMap<String, f64> = HashMap::new();
        for (field, worth) in
            [(fields.stored_title, TITLE_COUNT), (fields.stored_sub, 2.0), (fields.stored_body, 1.0)]
        {
            for token in stems(group, cut(text(field), READ_BYTES)) {
                // The first two letters name the language.
                if token.text.len() > 4 && !token.text[2..].bytes().all(|b| b.is_ascii_digit()) {
                    *counts.entry(token.text).or_default() += worth;
                }
            }
        }
        let vocabulary = Vocabulary { snapshot, fields, now };
        let documents = snapshot.num_docs().max(1) as f64;
        let mut weighed: Vec<(f64, String)> = counts
            .into_iter()
            .filter_map(|(word, count)| {
                let having = vocabulary.frequency(fields.text, &word) as f64;
                // A word nobody else has links to nothing, one that most have to everything.
                (having >= 2.0 && (having < documents / 3.0 || documents < 20.0))
                    .then(|| ((1.0 + count.ln()) * (1.0 + documents / having).ln(), word))
            })
            .collect();
        weighed.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        weighed.truncate(MOST_TERMS);
        let required = ((weighed.len() as f64 * SHARED).ceil() as usize).max(2);
        if weighed.len() < required {
            return None;
        }
        let clauses = weighed
            .iter()
            .map(|(_, word)| {
                Box::new(BooleanQuery::union(vec![term(fields.title, word), term(fields.text, word)]))
                    as Boxed
            })
            .collect();
        Some(Box::new(BooleanQuery::union_with_minimum_required_clauses(clauses, required)))
    }
}

fn topics(snapshot: &Snapshot, address: DocAddress) -> tantivy::Result<Vec<String>> {
    let (segment, _) = snapshot.segment(address.segment_ord);
    let Some(column) = &segment.columns.topics else { return Ok(vec![]) };
    let names = segment.topics()?;
    Ok(column.term_ords(address.doc_id).filter_map(|topic| names.get(topic as usize).cloned()).collect())
}
