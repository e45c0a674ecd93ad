//! The list of a term's documents, as a query that knows what it asks for and as what is walked.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, BoostWeight, EnableScoring, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::bits::Bits;

type Boxed = Box<dyn Query>;

/// The documents that have a term, and what the term is worth.
#[derive(Debug, Clone)]
pub struct Listed {
    pub term: Term,
    pub worth: Score,
    /// What has the term has another alternative of its word too: it adds to a score and finds nothing more.
    pub adds_only: bool,
}

impl Query for Listed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weight = TermQuery::new(self.term.clone(), IndexRecordOption::WithFreqs).weight(scoring)?;
        let is_plain = self.worth == 1.0 || !scoring.is_scoring_enabled();
        Ok(if is_plain { weight } else { Box::new(BoostWeight::new(weight, self.worth)) })
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        visitor(&self.term, false);
    }
}

/// Whether a query adds to the score of what others find and finds nothing more.
pub fn adds_only(query: &Boxed) -> bool {
    query.downcast_ref::<Listed>().is_some_and(|listed| listed.adds_only)
}

/// A query made ready for all segments.
pub enum Way {
    Term { term: Term, weight: Option<Bm25Weight> },
    Other(Box<dyn Weight>),
}

impl Way {
    pub fn new(query: &Boxed, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        let Some(Listed { term, worth, .. }) = query.downcast_ref() else {
            return Ok(Self::Other(query.weight(scoring)?));
        };
        let weight = match scoring {
            EnableScoring::Enabled { statistics_provider: index, .. } => {
                let documents = index.total_num_docs()?;
                let mean_length = index.total_num_tokens(term.field())? as Score / documents as Score;
                let weight =
                    Bm25Weight::for_one_term_without_explain(index.doc_freq(term)?, documents, mean_length);
                Some(weight.boost_by(*worth))
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Self::Term { term: term.clone(), weight })
    }

    /// The list in a segment; nothing if it has no document there.
    pub fn open(&self, reader: &SegmentReader) -> tantivy::Result<Option<List>> {
        let list = match self {
            Self::Other(weight) => List::Other(weight.scorer(reader, 1.0)?),
            Self::Term { term, weight } => {
                let option = match weight {
                    Some(_) => IndexRecordOption::WithFreqs,
                    None => IndexRecordOption::Basic,
                };
                let index = reader.inverted_index(term.field())?;
                let Some(postings) = index.read_postings(term, option)? else { return Ok(None) };
                let worth = match weight {
                    Some(weight) => Some((weight.clone(), reader.get_fieldnorms_reader(term.field())?)),
                    None => None,
                };
                List::Term { postings: Box::new(postings), worth }
            }
        };
        Ok((list.doc() != TERMINATED).then_some(list))
    }

    /// Adds the documents of a segment to `bits`.
    pub fn add_to(&self, bits: &mut Bits, reader: &SegmentReader) -> tantivy::Result<()> {
        self.for_each(reader, &mut |docs| bits.insert_all(docs))
    }

    /// The documents of a segment, some at a time.
    pub fn for_each(&self, reader: &SegmentReader, see: &mut dyn FnMut(&[DocId])) -> tantivy::Result<()> {
        match self {
            Self::Other(weight) => weight.for_each_no_score(reader, see),
            Self::Term { term, .. } => {
                let index = reader.inverted_index(term.field())?;
                if let Some(mut blocks) = index.read_block_postings(term, IndexRecordOption::Basic)? {
                    while !blocks.docs().is_empty() {
                        see(blocks.docs());
                        blocks.advance();
                    }
                }
                Ok(())
            }
        }
    }
}

/// A list in one segment.
pub enum List {
    Term { postings: Box<SegmentPostings>, worth: Option<(Bm25Weight, FieldNormReader)> },
    Other(Box<dyn Scorer>),
}

impl List {
    pub fn doc(&self) -> DocId {
        match self {
            Self::Term { postings, .. } => postings.doc(),
            Self::Other(scorer) => scorer.doc(),
        }
    }

    /// The first document from `target` on; stays if it is there or further already.
    pub fn reach(&mut self, target: DocId) -> DocId {
        let doc = self.doc();
        if doc >= target {
            return doc;
        }
        match self {
            Self::Term { postings, .. } => postings.seek(target),
            Self::Other(scorer) => scorer.seek(target),
        }
    }

    pub fn cost(&self) -> u64 {
        match self {
            Self::Term { postings, .. } => postings.size_hint().into(),
            Self::Other(scorer) => scorer.cost(),
        }
    }

    /// What the document is worth where the list stands.
    pub fn score(&mut self) -> Score {
        match self {
            Self::Term { postings, worth: Some((weight, lengths)) } => {
                weight.score(lengths.fieldnorm_id(postings.doc()), postings.term_freq())
            }
            Self::Term { worth: None, .. } => 1.0,
            Self::Other(scorer) => scorer.score(),
        }
    }
}
