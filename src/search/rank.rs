//! The best of the documents that match, in an order that is the same on every node: by score, then newest first,
//! then by a number drawn with the id.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};
use std::time::Instant;

use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::Sort;
use super::filter::{Filter, SegmentFilter};
use super::language::Group;
use super::snapshot::{Segment, Snapshot};
use crate::domain::Timestamp;

/// How much a document of today gains over an old one, and the days in which that fades to a third.
const RECENCY_GAIN: f64 = 0.5;
const RECENCY_DAYS: f64 = 365.0;
/// What a text in another language than the reader's is worth to them.
const OTHER_LANGUAGE: f64 = 0.7;
/// No document gains more than this over the score of its words. A little above the truth, for rounding.
const MOST_GAIN: f64 = (1.0 + RECENCY_GAIN) * 1.000_1;

/// Where a document stands in a list.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub order: f64,
    /// Seconds.
    pub date: i64,
    pub tie: u64,
}

/// The greater place comes later.
impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .order
            .total_cmp(&self.order)
            .then_with(|| other.date.cmp(&self.date))
            .then_with(|| self.tie.cmp(&other.tie))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Place {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    pub place: Place,
    pub address: DocAddress,
}

/// What a score is multiplied with.
#[derive(Debug, Clone, Copy)]
pub struct Gains {
    pub recency: f64,
    pub language: f64,
}

/// Documents of a segment that are looked at however late it is: on a machine that is busy with other things, a small
/// newsroom would find nothing otherwise.
pub const ALWAYS_SEEN: u32 = 1024;

pub struct Ranking<'a> {
    pub snapshot: &'a Snapshot,
    pub filter: &'a Filter,
    pub sort: Sort,
    pub reader: Group,
    /// The moment from which ages are counted: that of a list's first page.
    pub now: Timestamp,
    /// When to stop and answer with what was found.
    pub deadline: Instant,
    /// Documents that have their place already.
    pub taken: &'a HashSet<DocAddress>,
}

impl Ranking<'_> {
    /// The best `keep` documents that come after a place, best first.
    pub fn best(
        &self,
        query: &dyn IndexQuery,
        keep: usize,
        after: Option<Place>,
    ) -> tantivy::Result<Vec<Candidate>> {
        if keep == 0 {
            return Ok(vec![]);
        }
        let scoring = match self.sort {
            Sort::Relevance => EnableScoring::enabled_from_searcher(self.snapshot),
            Sort::Date => EnableScoring::disabled_from_searcher(self.snapshot),
        };
        let weight = query.weight(scoring)?;
        let mut best: BinaryHeap<Candidate> = BinaryHeap::with_capacity(keep + 1);
        for (ordinal, (segment, reader)) in (0..).zip(self.snapshot.segments()) {
            let shelf = Shelf::open(self, ordinal, (segment, reader))?;
            let mut seen: u32 = 0;
            let mut late = false;
            match self.sort {
                Sort::Relevance => {
                    let start = lowest_score(&best, keep);
                    weight.for_each_pruning(start, reader, &mut |doc, score| {
                        seen += 1;
                        if late || (seen.is_multiple_of(ALWAYS_SEEN) && Instant::now() > self.deadline) {
                            late = true;
                            return Score::MAX;
                        }
                        if let Some(candidate) = shelf.candidate(doc, score, after) {
                            offer(&mut best, keep, candidate);
                        }
                        lowest_score(&best, keep)
                    })?;
                }
                Sort::Date => weight.for_each_no_score(reader, &mut |docs| {
                    late = late || (seen >= ALWAYS_SEEN && Instant::now() > self.deadline);
                    seen = seen.saturating_add(docs.len() as u32);
                    if !late {
                        for candidate in docs.iter().filter_map(|doc| shelf.candidate(*doc, 0.0, after)) {
                            offer(&mut best, keep, candidate);
                        }
                    }
                })?,
            }
        }
        Ok(best.into_sorted_vec())
    }

    pub fn gains(&self, address: DocAddress) -> tantivy::Result<Gains> {
        let shelf = Shelf::open(self, address.segment_ord, self.snapshot.segment(address.segment_ord))?;
        Ok(shelf.gains(address.doc_id, shelf.filter.columns.date.get_val(address.doc_id)))
    }
}

fn offer(best: &mut BinaryHeap<Candidate>, keep: usize, candidate: Candidate) {
    if best.len() < keep {
        best.push(candidate);
    } else if let Some(mut worst) = best.peek_mut()
        && candidate < *worst
    {
        *worst = candidate;
    }
}

/// The score of words below which no document can come among the best any more.
fn lowest_score(best: &BinaryHeap<Candidate>, keep: usize) -> Score {
    match best.peek() {
        Some(worst) if best.len() == keep => (worst.place.order / MOST_GAIN) as Score,
        _ => Score::MIN,
    }
}

/// One segment as a ranking sees it.
struct Shelf<'a> {
    ranking: &'a Ranking<'a>,
    ordinal: SegmentOrdinal,
    segment: &'a Segment,
    filter: SegmentFilter<'a>,
    now: i64,
}

impl<'a> Shelf<'a> {
    fn open(
        ranking: &'a Ranking<'a>,
        ordinal: SegmentOrdinal,
        (segment, reader): (&'a Segment, &'a SegmentReader),
    ) -> tantivy::Result<Self> {
        let filter = SegmentFilter::open(ranking.filter, (segment, reader))?;
        Ok(Self { ranking, ordinal, segment, filter, now: ranking.now.as_second() })
    }

    fn gains(&self, doc: DocId, date: i64) -> Gains {
        let age_days = (self.now - date).max(0) as f64 / 86_400.0;
        let own = self.segment.language_of(doc) == Some(self.ranking.reader);
        Gains {
            recency: 1.0 + RECENCY_GAIN * (-age_days / RECENCY_DAYS).exp(),
            language: if own { 1.0 } else { OTHER_LANGUAGE },
        }
    }

    fn candidate(&self, doc: DocId, score: Score, after: Option<Place>) -> Option<Candidate> {
        let address = DocAddress::new(self.ordinal, doc);
        let taken = self.ranking.taken;
        if !self.filter.passes(doc) || (!taken.is_empty() && taken.contains(&address)) {
            return None;
        }
        let date = self.filter.columns.date.get_val(doc);
        let order = match self.ranking.sort {
            Sort::Date => date as f64,
            Sort::Relevance => {
                let gains = self.gains(doc, date);
                f64::from(score) * gains.recency * gains.language
            }
        };
        let place = Place { order, date, tie: self.filter.columns.tie.get_val(doc) };
        after.is_none_or(|after| place > after).then_some(Candidate { place, address })
    }
}
