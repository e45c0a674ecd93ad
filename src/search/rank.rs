//! The best of the documents that match, in an order that is the same on every node: by score, then newest first,
//! then by a number drawn with the id.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};
use std::time::Instant;

use tantivy::query::{EnableScoring, Query as IndexQuery, Weight};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::Sort;
use super::count::Count;
use super::filter::{Filter, Misses, SegmentFilter};
use super::language::Group;
use super::matching::{AllOf, Found};
use super::rows::Row;
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
        let weight = query.weight(self.scoring())?;
        let mut best = Best::new(keep, after);
        for (ordinal, (segment, reader)) in (0..).zip(self.snapshot.segments()) {
            let shelf = Shelf::open(self, ordinal, (segment, reader))?;
            let mut pace = Pace::new(self.deadline);
            match self.sort {
                Sort::Relevance if query.is::<AllOf>() => each_found(&*weight, reader, |docs, found| {
                    let rows = segment.rows.gather(docs);
                    for (doc, row) in docs.iter().zip(&rows) {
                        if pace.is_late(1) {
                            return false;
                        }
                        if shelf.filter.exists(*doc) && shelf.filter.misses(*doc, row) == Misses::NONE {
                            best.offer_found(&shelf, *doc, row, found);
                        }
                    }
                    true
                })?,
                Sort::Relevance => {
                    weight.for_each_pruning(best.lowest_score(), reader, &mut |doc, score| {
                        if pace.is_late(1) {
                            return Score::MAX;
                        }
                        if shelf.filter.passes(doc) {
                            best.offer(&shelf, doc, segment.rows.row(doc), score);
                        }
                        best.lowest_score()
                    })?;
                }
                Sort::Date => weight.for_each_no_score(reader, &mut |docs| {
                    if !pace.is_late(docs.len() as u32) {
                        for doc in docs.iter().filter(|doc| shelf.filter.passes(**doc)) {
                            best.offer(&shelf, *doc, segment.rows.row(*doc), 0.0);
                        }
                    }
                })?,
            }
        }
        Ok(best.in_order())
    }

    /// The same, and all that match are counted on the way: for queries that have to look at every one of them anyway.
    pub fn best_and_count(
        &self,
        query: &dyn IndexQuery,
        keep: usize,
        after: Option<Place>,
        count: &mut Count<'_>,
    ) -> tantivy::Result<Vec<Candidate>> {
        let weight = query.weight(self.scoring())?;
        let mut best = Best::new(keep, after);
        for (ordinal, (segment, reader)) in (0..).zip(self.snapshot.segments()) {
            let shelf = Shelf::open(self, ordinal, (segment, reader))?;
            let mut tally = count.segment(ordinal, &shelf.filter);
            let mut pace = Pace::new(self.deadline);
            let mut see = |doc, row: &Row| {
                if !shelf.filter.exists(doc) {
                    return false;
                }
                let misses = shelf.filter.misses(doc, row);
                tally.see(doc, row, misses);
                misses == Misses::NONE
            };
            match self.sort {
                Sort::Relevance => each_found(&*weight, reader, |docs, found| {
                    let rows = segment.rows.gather(docs);
                    for (doc, row) in docs.iter().zip(&rows) {
                        if pace.is_late(1) {
                            return false;
                        }
                        if see(*doc, row) {
                            best.offer_found(&shelf, *doc, row, found);
                        }
                    }
                    true
                })?,
                Sort::Date => weight.for_each_no_score(reader, &mut |docs| {
                    for docs in docs.chunks(64) {
                        if pace.is_late(docs.len() as u32) {
                            return;
                        }
                        let rows = segment.rows.gather(docs);
                        for (doc, row) in docs.iter().zip(&rows).filter(|(doc, row)| see(**doc, row)) {
                            best.offer(&shelf, *doc, row, 0.0);
                        }
                    }
                })?,
            }
            count.end(tally, pace.late)?;
        }
        Ok(best.in_order())
    }

    fn scoring(&self) -> EnableScoring<'_> {
        match self.sort {
            Sort::Relevance => EnableScoring::enabled_from_statistics_provider(self.snapshot, self.snapshot),
            Sort::Date => EnableScoring::disabled_from_searcher(self.snapshot),
        }
    }

    pub fn gains(&self, address: DocAddress) -> tantivy::Result<Gains> {
        let shelf = Shelf::open(self, address.segment_ord, self.snapshot.segment(address.segment_ord))?;
        Ok(shelf.gains(address.doc_id, shelf.segment.rows.row(address.doc_id)))
    }
}

/// Goes through what an [`AllOf`] finds in a segment, some documents at a time, until it is told to stop.
fn each_found(
    weight: &dyn Weight,
    reader: &SegmentReader,
    mut see: impl FnMut(&[DocId], &mut Found) -> bool,
) -> tantivy::Result<()> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    let Some(found) = scorer.downcast_mut::<Found>() else { return Ok(()) };
    let mut docs = [0; 64];
    loop {
        let count = found.next(&mut docs);
        if count == 0 || !see(&docs[..count], found) {
            return Ok(());
        }
    }
}

/// The best so far.
struct Best {
    keep: usize,
    after: Option<Place>,
    heap: BinaryHeap<Candidate>,
}

impl Best {
    fn new(keep: usize, after: Option<Place>) -> Self {
        Self { keep, after, heap: BinaryHeap::with_capacity(keep + 1) }
    }

    /// Takes a document where `found` stands, which is scored as far as it can come among the best.
    fn offer_found(&mut self, shelf: &Shelf<'_>, doc: DocId, row: &Row, found: &mut Found) {
        let least = match self.worst() {
            Some(worst) if found.has_extras() => {
                let gains = shelf.gains(doc, row);
                // A little below the truth, for rounding.
                (worst / (gains.recency * gains.language * 1.000_1)) as Score
            }
            _ => Score::MIN,
        };
        let score = found.score_of(doc, least);
        self.offer(shelf, doc, row, score);
    }

    /// What the last of the best is ordered by; nothing as long as there is room for more.
    fn worst(&self) -> Option<f64> {
        self.heap.peek().filter(|_| self.heap.len() == self.keep).map(|worst| worst.place.order)
    }

    /// Takes a document that the reader may and wants to see.
    fn offer(&mut self, shelf: &Shelf<'_>, doc: DocId, row: &Row, score: Score) {
        let worst = self.worst();
        // Most documents are far from the best; it shows before all that orders them is known.
        if worst.is_some_and(|worst| shelf.most(doc, row, score) < worst) {
            return;
        }
        let order = shelf.order(doc, row, score);
        if worst.is_some_and(|worst| order < worst) {
            return;
        }
        let Some(candidate) = shelf.candidate(doc, row, order, self.after) else { return };
        if self.heap.len() < self.keep {
            self.heap.push(candidate);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && candidate < *worst
        {
            *worst = candidate;
        }
    }

    /// The score of words below which no document can come among the best any more.
    fn lowest_score(&self) -> Score {
        match self.heap.peek() {
            Some(worst) if self.heap.len() == self.keep => (worst.place.order / MOST_GAIN) as Score,
            _ => Score::MIN,
        }
    }

    fn in_order(self) -> Vec<Candidate> {
        self.heap.into_sorted_vec()
    }
}

/// Looks at the clock now and then.
struct Pace {
    deadline: Instant,
    seen: u32,
    late: bool,
}

impl Pace {
    const fn new(deadline: Instant) -> Self {
        Self { deadline, seen: 0, late: false }
    }

    /// Whether it is too late to look at so many documents more.
    fn is_late(&mut self, more: u32) -> bool {
        let before = self.seen / ALWAYS_SEEN;
        self.seen = self.seen.saturating_add(more);
        if !self.late && self.seen / ALWAYS_SEEN > before && before > 0 {
            self.late = Instant::now() > self.deadline;
        }
        self.late
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

    fn gains(&self, doc: DocId, row: &Row) -> Gains {
        let age_days = (self.now - self.segment.rows.date(doc, row)).max(0) as f64 / 86_400.0;
        Gains {
            recency: 1.0 + RECENCY_GAIN * (-age_days / RECENCY_DAYS).exp(),
            language: self.language_gain(row),
        }
    }

    fn language_gain(&self, row: &Row) -> f64 {
        let own =
            row.language().is_some_and(|language| self.segment.languages[language] == self.ranking.reader);
        if own { 1.0 } else { OTHER_LANGUAGE }
    }

    /// What a document is ordered by.
    fn order(&self, doc: DocId, row: &Row, score: Score) -> f64 {
        match self.ranking.sort {
            Sort::Date => self.segment.rows.date(doc, row) as f64,
            Sort::Relevance => {
                let gains = self.gains(doc, row);
                f64::from(score) * gains.recency * gains.language
            }
        }
    }

    /// At most this is [`order`](Self::order), which takes longer.
    fn most(&self, doc: DocId, row: &Row, score: Score) -> f64 {
        match self.ranking.sort {
            Sort::Date => self.segment.rows.date(doc, row) as f64,
            Sort::Relevance => f64::from(score) * MOST_GAIN * self.language_gain(row),
        }
    }

    fn candidate(&self, doc: DocId, row: &Row, order: f64, after: Option<Place>) -> Option<Candidate> {
        let address = DocAddress::new(self.ordinal, doc);
        let taken = self.ranking.taken;
        if !taken.is_empty() && taken.contains(&address) {
            return None;
        }
        let date = self.segment.rows.date(doc, row);
        let place = Place { order, date, tie: self.segment.columns.tie.get_val(doc) };
        after.is_none_or(|after| place > after).then_some(Candidate { place, address })
    }
}
