//! Words in a row.
//!
//! A phrase of words that many documents have is looked for list by list: reading all places of a word in one go takes
//! a fraction of what it takes to look them up document by document.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentComponent};
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{
    Bm25Weight, BoostWeight, EnableScoring, Explanation, PhraseQuery, Query, Scorer, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::bits::{Bits, Run};

/// Up to here a document is looked up; its places take as long as those of so many documents read in a row.
const LOOK_UP_COST: u64 = 16;
const FEW_DOCUMENTS: u64 = 256;
/// Lists of more documents together are gone through by all processors, each its share: nobody waits longer for a phrase
/// of the most frequent words than for other searches.
const MANY_DOCUMENTS: u64 = 200_000;

/// Terms of one field in exactly these places.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// Each with its place in the row.
    pub terms: Vec<(usize, Term)>,
    pub worth: Score,
}

impl Phrase {
    fn prepare(&self, scoring: EnableScoring<'_>) -> tantivy::Result<PhraseWeight> {
        let looked_up = boosted(&PhraseQuery::new_with_offset(self.terms.clone()), self.worth, scoring)?;
        let terms: Vec<Term> = self.terms.iter().map(|(_, term)| term.clone()).collect();
        let worth = match scoring {
            EnableScoring::Enabled { statistics_provider: index, .. } => {
                Some(Bm25Weight::for_terms(index, &terms)?.boost_by(self.worth))
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(PhraseWeight { looked_up, terms: self.terms.clone(), worth, many: MANY_DOCUMENTS })
    }
}

impl Query for Phrase {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.prepare(scoring)?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.terms.iter().for_each(|(_, term)| visitor(term, true));
    }
}

/// Two terms side by side, in this order or with another word between.
#[derive(Debug, Clone)]
pub struct Near {
    pub terms: [Term; 2],
    pub worth: Score,
}

impl Query for Near {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms = self.terms.iter().cloned().enumerate().collect();
        boosted(&PhraseQuery::new_with_offset_and_slop(terms, 1), self.worth, scoring)
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.terms.iter().for_each(|term| visitor(term, true));
    }
}

fn boosted(query: &dyn Query, worth: Score, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
    let weight = query.weight(scoring)?;
    let is_plain = worth == 1.0 || !scoring.is_scoring_enabled();
    Ok(if is_plain { weight } else { Box::new(BoostWeight::new(weight, worth)) })
}

struct PhraseWeight {
    looked_up: Box<dyn Weight>,
    terms: Vec<(usize, Term)>,
    worth: Option<Bm25Weight>,
    /// From how many documents on the lists are gone through by all processors.
    many: u64,
}

impl PhraseWeight {
    /// The documents with the phrase and how often they have it; nothing if they are better looked up one by one.
    fn read(&self, reader: &SegmentReader) -> tantivy::Result<Option<Vec<(DocId, u32)>>> {
        let [(_, first), ..] = &self.terms[..] else { return Ok(None) };
        let index = reader.inverted_index(first.field())?;
        let last_place = self.terms.iter().map(|(place, _)| *place).max().unwrap_or(0);
        let mut lists = vec![];
        for (place, term) in &self.terms {
            // So that the places of all words of a phrase become the same.
            let shift = (last_place - place) as u32;
            match index.get_term_info(term)? {
                Some(info) => lists.push((info, shift)),
                None => return Ok(Some(vec![])),
            }
        }
        lists.sort_by_key(|(info, _)| info.doc_freq);
        let rarest = lists.first().map_or(0, |(info, _)| u64::from(info.doc_freq));
        let all: u64 = lists.iter().map(|(info, _)| u64::from(info.doc_freq)).sum();
        if rarest < FEW_DOCUMENTS || rarest * LOOK_UP_COST < all {
            return Ok(None);
        }
        let file = CompositeFile::open(&reader.open_read(SegmentComponent::Positions)?)?;
        let Some(places) = file.open_read(first.field()) else { return Ok(None) };
        let mut bits = Bits::all(reader.max_doc());
        for (info, _) in &lists {
            let mut own = Bits::none(reader.max_doc());
            let mut blocks = index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            while !blocks.docs().is_empty() {
                own.insert_all(blocks.docs());
                blocks.advance();
            }
            bits.and(&own);
        }
        let row = Row { index: &index, places: &places, lists: &lists };
        let runs = bits.runs(if all < self.many { 1 } else { rayon::current_num_threads() });
        Ok(Some(match runs[..] {
            [one] => row.find(one)?,
            _ => {
                let found = runs.into_par_iter().map(|run| row.find(run));
                found.collect::<tantivy::Result<Vec<_>>>()?.concat()
            }
        }))
    }
}

/// The words of a phrase in one segment.
struct Row<'a> {
    index: &'a InvertedIndexReader,
    places: &'a FileSlice,
    /// The rarest first, each with what is added to its places.
    lists: &'a [(TermInfo, u32)],
}

impl Row<'_> {
    /// Those documents of a run that have the words in a row, and how often; all of them have the words.
    fn find(&self, run: Run<'_>) -> tantivy::Result<Vec<(DocId, u32)>> {
        let mut streams = vec![];
        for (info, shift) in self.lists {
            let places = self.places.read_bytes_slice(info.positions_range.clone())?;
            streams.push(Stream::open(self.index, info, PositionReader::open(places)?, *shift)?);
        }
        let mut found = vec![];
        let mut row = vec![];
        run.for_each(|docs| {
            for doc in docs {
                let [first, second, others @ ..] = &mut streams[..] else { return };
                common(first.places(*doc), second.places(*doc), &mut row);
                for other in others {
                    if row.is_empty() {
                        break;
                    }
                    keep_common(&mut row, other.places(*doc));
                }
                if !row.is_empty() {
                    found.push((*doc, row.len() as u32));
                }
            }
        });
        Ok(found)
    }
}

/// The places of a term in one document.
struct Places<'a> {
    /// Each as its distance from the one before.
    distances: &'a [u32],
    shift: u32,
}

impl Iterator for Places<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (first, rest) = self.distances.split_first()?;
        self.shift += first;
        self.distances = rest;
        Some(self.shift)
    }
}

/// The places that two lists share. Most documents have the words of a phrase and not the phrase: nothing is written
/// down for them.
fn common(mut first: Places<'_>, mut second: Places<'_>, row: &mut Vec<u32>) {
    row.clear();
    let (mut a, mut b) = (first.next(), second.next());
    while let (Some(here), Some(there)) = (a, b) {
        if here == there {
            row.push(here);
        }
        if here <= there {
            a = first.next();
        }
        if there <= here {
            b = second.next();
        }
    }
}

/// Keeps what stands in another ascending list too.
fn keep_common(row: &mut Vec<u32>, mut other: Places<'_>) {
    let mut place = other.next();
    row.retain(|own| {
        while place.is_some_and(|place| place < *own) {
            place = other.next();
        }
        place == Some(*own)
    });
}

/// The places of a term, document by document.
struct Stream {
    blocks: BlockSegmentPostings,
    reader: PositionReader,
    /// What is added to each place.
    shift: u32,
    /// How many places there are before this block.
    before: u64,
    /// The last document of the block whose places are at hand, if there is one.
    last: Option<DocId>,
    /// Its places, each as its distance from the one before, and where those of each document begin.
    places: Vec<u32>,
    starts: Vec<u32>,
    /// By distance from the block's first document: the how manieth one is. Of documents outside it says nothing.
    slots: Vec<u8>,
    first: DocId,
}

impl Stream {
    fn open(
        index: &InvertedIndexReader,
        info: &TermInfo,
        reader: PositionReader,
        shift: u32,
    ) -> tantivy::Result<Self> {
        let blocks = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        let (places, starts, slots) = (vec![], vec![], vec![]);
        Ok(Self { blocks, reader, shift, before: 0, last: None, places, starts, slots, first: 0 })
    }

    /// The places in a document that does not come before those asked for earlier, and has the term.
    fn places(&mut self, doc: DocId) -> Places<'_> {
        if self.last.is_none_or(|last| last < doc) {
            self.go_to_block_of(doc);
        }
        let slot = usize::from(self.slots[(doc - self.first) as usize]);
        let (start, end) = (self.starts[slot], self.starts[slot + 1]);
        Places { distances: &self.places[start as usize..end as usize], shift: self.shift }
    }

    fn go_to_block_of(&mut self, doc: DocId) {
        while self.blocks.docs().last().is_some_and(|last| *last < doc) {
            self.before += u64::from(self.blocks.freqs().iter().sum::<u32>());
            self.blocks.advance();
        }
        let (docs, counts) = (self.blocks.docs(), self.blocks.freqs());
        let mut sum = 0;
        self.starts.clear();
        self.starts.push(0);
        self.starts.extend(counts.iter().map(|count| {
            sum += count;
            sum
        }));
        self.places.resize(sum as usize, 0);
        self.reader.read(self.before, &mut self.places);
        let (Some(first), Some(last)) = (docs.first().copied(), docs.last().copied()) else { return };
        let span = (last - first) as usize + 1;
        if self.slots.len() < span {
            self.slots.resize(span, 0);
        }
        for (slot, doc) in (0..).zip(docs) {
            self.slots[(doc - first) as usize] = slot;
        }
        (self.first, self.last) = (first, Some(last));
    }
}

impl Weight for PhraseWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(found) = self.read(reader)? else { return self.looked_up.scorer(reader, boost) };
        let worth = match (&self.worth, self.terms.first()) {
            (Some(worth), Some((_, term))) => {
                Some((worth.boost_by(boost), reader.get_fieldnorms_reader(term.field())?))
            }
            _ => None,
        };
        Ok(Box::new(Rows { found, at: 0, worth }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.looked_up.explain(reader, doc)
    }
}

/// The documents with a phrase, all of them.
pub struct Rows {
    found: Vec<(DocId, u32)>,
    at: usize,
    worth: Option<(Bm25Weight, FieldNormReader)>,
}

impl Rows {
    pub fn docs(&self) -> impl Iterator<Item = DocId> {
        self.found.iter().map(|(doc, _)| *doc)
    }
}

impl DocSet for Rows {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        // Most go from one to the next …
        if self.found.get(self.at + 1).is_none_or(|(doc, _)| *doc >= target) {
            self.at += usize::from(self.doc() < target);
            return self.doc();
        }
        // … or a little further.
        let mut step = 1;
        while self.found.get(self.at + step).is_some_and(|(doc, _)| *doc < target) {
            self.at += step;
            step *= 2;
        }
        let left = self.found.get(self.at..).unwrap_or_default();
        let near = &left[..left.len().min(step + 1)];
        self.at += near.partition_point(|(doc, _)| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        self.found.len() as u32
    }
}

impl Scorer for Rows {
    fn score(&mut self) -> Score {
        match (&self.worth, self.found.get(self.at)) {
            (Some((worth, lengths)), Some((doc, count))) => worth.score(lengths.fieldnorm_id(*doc), *count),
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, IndexWriter, doc};

    use super::*;

    /// Documents and what they are worth.
    fn all(weight: &dyn Weight, reader: &SegmentReader) -> Vec<(DocId, Score)> {
        let mut scorer = weight.scorer(reader, 1.0).unwrap();
        let mut found = vec![];
        while scorer.doc() != TERMINATED {
            found.push((scorer.doc(), scorer.score()));
            scorer.advance();
        }
        found
    }

    #[test]
    fn what_is_read_in_one_go_is_what_the_index_finds_one_by_one() {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut state = 7_u32;
        let mut below = |bound: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % bound
        };
        for _ in 0..2000 {
            // Words stand in a text once, a few times, or often.
            let letters = 2 + below(9);
            let text: Vec<String> =
                (0..1 + below(40)).map(|_| char::from(b'p' + below(letters) as u8).to_string()).collect();
            writer.add_document(doc!(field => text.join(" "))).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let scoring = EnableScoring::enabled_from_searcher(&searcher);
        for words in [
            &[(0, "p"), (1, "q")][..],
            &[(0, "q"), (1, "q")],
            &[(0, "r"), (1, "p"), (3, "q")],
            &[(1, "s"), (0, "q"), (2, "p")],
        ] {
            let terms: Vec<_> =
                words.iter().map(|(place, word)| (*place, Term::from_field_text(field, word))).collect();
            let plain = PhraseQuery::new_with_offset(terms.clone()).weight(scoring).unwrap();
            let mut own = Phrase { terms, worth: 1.0 }.prepare(scoring).unwrap();
            let mut count = 0;
            for reader in searcher.segment_readers() {
                assert!(own.scorer(reader, 1.0).unwrap().is::<Rows>(), "read in one go");
                let expected = all(&*plain, reader);
                for many in [MANY_DOCUMENTS, 0] {
                    own.many = many;
                    assert_eq!(all(&own, reader), expected, "{words:?}");
                }
                count += expected.len();
            }
            assert!(count > 50, "{words:?}: {count}");
        }
    }
}
