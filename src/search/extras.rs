//! What a document gains beside its words, such as two of them side by side.

use std::sync::Arc;

use tantivy::query::{Bm25Weight, EnableScoring, Query, Scorer, Weight};
use tantivy::{DocId, Score, SeekDangerResult, SegmentReader};

use super::lists::Listed;
use super::phrase::Near;

type Boxed = Box<dyn Query>;

/// What is worth something where it occurs.
pub struct Extra {
    weight: Box<dyn Weight>,
    /// It is worth this at most.
    most: Score,
}

impl Extra {
    pub fn new(query: &Boxed, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        Ok(Self { weight: query.weight(scoring)?, most: most(query, scoring)? })
    }
}

/// What a query is worth at most.
fn most(query: &Boxed, scoring: EnableScoring<'_>) -> tantivy::Result<Score> {
    let EnableScoring::Enabled { statistics_provider: index, .. } = scoring else { return Ok(0.0) };
    if let Some(Near { terms, worth }) = query.downcast_ref() {
        return Ok(Bm25Weight::for_terms(index, terms)?.max_score() * worth);
    }
    if let Some(Listed { term, worth, .. }) = query.downcast_ref() {
        return Ok(Bm25Weight::for_terms(index, std::slice::from_ref(term))?.max_score() * worth);
    }
    Ok(Score::INFINITY)
}

/// The extras, looked up in documents that are found and nowhere else.
pub struct Extras {
    all: Arc<[Extra]>,
    reader: SegmentReader,
    /// Opened when first wanted, since most searches in most segments find nothing. Each with a document before which it
    /// has none.
    open: Vec<Option<(DocId, Box<dyn Scorer>)>>,
}

impl Extras {
    pub fn new(all: &Arc<[Extra]>, reader: &SegmentReader) -> Self {
        Self { all: Arc::clone(all), reader: reader.clone(), open: vec![] }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A score with what the document gains; stops when it cannot become `least` any more.
    pub fn add_to(&mut self, mut score: Score, doc: DocId, least: Score) -> Score {
        let Self { all, reader, open } = self;
        open.resize_with(all.len(), || None);
        let mut most: Score = all.iter().map(|extra| extra.most).sum();
        for (extra, open) in all.iter().zip(open) {
            if score + most < least {
                return score;
            }
            most -= extra.most;
            let gained = match open {
                Some((next, _)) if *next > doc => 0.0,
                Some((next, list)) => {
                    let result = list.seek_danger(doc);
                    worth(result, &mut **list, doc, next)
                }
                // One that cannot be read is worth nothing.
                None => extra.weight.scorer_danger(reader, doc, 1.0).map_or(0.0, |(result, mut list)| {
                    let mut next = doc;
                    let gained = worth(result, &mut *list, doc, &mut next);
                    *open = Some((next, list));
                    gained
                }),
            };
            score += gained;
        }
        score
    }
}

/// What a list makes of the document it was looked up in; notes up to where it has been looked through.
fn worth(result: SeekDangerResult, list: &mut dyn Scorer, doc: DocId, next: &mut DocId) -> Score {
    match result {
        SeekDangerResult::Found => {
            *next = doc + 1;
            list.score()
        }
        SeekDangerResult::SeekLowerBound(bound) => {
            *next = bound;
            0.0
        }
    }
}
