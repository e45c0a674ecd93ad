//! The query for several words: documents that have all of them, or all but some.
//!
//! A word is answered by any of a handful of term lists. Only the lists of the rarest words are walked; in the others
//! it is looked up whether they have a document, and scores are reckoned for documents that are found, not for what
//! is passed over.

use std::cmp::Reverse;
use std::sync::Arc;

use tantivy::query::{BooleanQuery, EmptyScorer, EnableScoring, Explanation, Occur, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::bits::Bits;
use super::extras::{Extra, Extras};
use super::lists::{List, Way, adds_only};
use super::phrase::Rows;

/// Of fewer documents than this none is looked up ahead.
const FEW_DOCUMENTS: u64 = 256;
/// To look for a document in the lists of a word takes as long as to read so many documents of them in a row.
const LOOK_UP_COST: u64 = 24;

type Boxed = Box<dyn Query>;

/// What answers a word.
#[derive(Debug)]
pub struct Word {
    /// Nothing if the index does not know the word.
    pub alternatives: Vec<Boxed>,
    /// In how many documents it stands, roughly.
    pub documents: u64,
}

/// What answers a query.
#[derive(Debug, Default)]
pub struct Parts {
    /// Phrases and named places: what a document must have.
    pub required: Vec<Boxed>,
    pub words: Vec<Word>,
    /// Worth something, and not required.
    pub extras: Vec<Boxed>,
}

impl Parts {
    pub fn known_words(&self) -> impl Iterator<Item = (usize, &Word)> {
        self.words.iter().enumerate().filter(|(_, word)| !word.alternatives.is_empty())
    }

    /// The known word that stands in the fewest documents.
    pub fn rarest_word(&self) -> Option<usize> {
        self.known_words().min_by_key(|(_, word)| word.documents).map(|(at, _)| at)
    }
}

/// What is required and at least so many of the words.
#[derive(Debug, Clone)]
pub struct AllOf {
    pub parts: Arc<Parts>,
    pub needed: usize,
    /// The word that must be among them.
    pub with: Option<usize>,
}

impl Query for AllOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = &self.parts;
        let mut required = vec![];
        for query in &parts.required {
            required.push(vec![Way::new(query, scoring)?]);
        }
        let mut words = vec![];
        let mut needed = self.needed;
        let mut gains = vec![];
        for (at, word) in parts.known_words() {
            let mut ways = vec![];
            for query in &word.alternatives {
                if !adds_only(query) {
                    ways.push(Way::new(query, scoring)?);
                } else if scoring.is_scoring_enabled() {
                    gains.push(Way::new(query, scoring)?);
                }
            }
            if self.with == Some(at) {
                required.push(ways);
                needed = needed.saturating_sub(1);
            } else {
                words.push(ways);
            }
        }
        if needed >= words.len() {
            required.append(&mut words);
            needed = 0;
        } else if needed == 0 {
            words.clear();
        }
        let mut extras = vec![];
        if scoring.is_scoring_enabled() {
            for query in &parts.extras {
                extras.push(Extra::new(query, scoring)?);
            }
        }
        Ok(Box::new(AllOfWeight { required, words, needed, gains, extras: extras.into() }))
    }

    fn explain(&self, searcher: &Searcher, address: DocAddress) -> tantivy::Result<Explanation> {
        let scoring = EnableScoring::enabled_from_searcher(searcher);
        let reader = searcher.segment_reader(address.segment_ord);
        let mut all = self.weight(scoring)?.explain(reader, address.doc_id)?;
        for query in self.queries() {
            if let Ok(part) = query.weight(scoring)?.explain(reader, address.doc_id) {
                all.add_detail(part);
            }
        }
        Ok(all)
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for query in self.queries() {
            query.query_terms(visitor);
        }
    }
}

impl AllOf {
    fn queries(&self) -> impl Iterator<Item = &Boxed> {
        let parts = &self.parts;
        let words = parts.words.iter().flat_map(|word| &word.alternatives);
        parts.required.iter().chain(words).chain(&parts.extras)
    }
}

/// Any of some queries, in one flat list: the index passes over what cannot come among the best.
#[derive(Debug, Clone)]
pub struct AnyOf(pub Arc<[Boxed]>);

impl Query for AnyOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let all = self.0.iter().map(|query| (Occur::Should, query.box_clone())).collect();
        let all = BooleanQuery::new(all).weight(scoring)?;
        if scoring.is_scoring_enabled() {
            return Ok(all);
        }
        let finding = self.0.iter().filter(|query| !adds_only(query)).map(|query| Way::new(query, scoring));
        Ok(Box::new(AnyOfWeight { all, finding: finding.collect::<tantivy::Result<_>>()? }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.iter().for_each(|query| query.query_terms(visitor));
    }
}

/// The same without scores.
struct AnyOfWeight {
    all: Box<dyn Weight>,
    finding: Vec<Way>,
}

impl Weight for AnyOfWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.all.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.all.explain(reader, doc)
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        see: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        if let [only] = &self.finding[..] {
            return only.for_each(reader, see);
        }
        let mut bits = Bits::none(reader.max_doc());
        for way in &self.finding {
            way.add_to(&mut bits, reader)?;
        }
        bits.for_each(see);
        Ok(())
    }
}

struct AllOfWeight {
    required: Vec<Vec<Way>>,
    words: Vec<Vec<Way>>,
    needed: usize,
    /// What the words gain where they are found.
    gains: Vec<Way>,
    extras: Arc<[Extra]>,
}

impl AllOfWeight {
    fn found(&self, reader: &SegmentReader) -> tantivy::Result<Option<Found>> {
        let mut required = vec![];
        for (place, word) in self.required.iter().enumerate() {
            let lists = Lists::open(word, place, reader)?;
            if lists.all.is_empty() {
                return Ok(None);
            }
            required.push(lists);
        }
        let mut words = vec![];
        for (place, word) in self.words.iter().enumerate() {
            words.push(Lists::open(word, place, reader)?);
        }
        words.retain(|lists| !lists.all.is_empty());
        if words.len() < self.needed || (required.is_empty() && words.is_empty()) {
            return Ok(None);
        }
        required.sort_by_key(|lists| lists.cost);
        words.sort_by_key(|lists| lists.cost);
        let known = self.known(reader, &mut required, &mut words)?;
        let mut gains = vec![];
        for way in &self.gains {
            gains.extend(way.open(reader)?);
        }
        let extras = Extras::new(&self.extras, reader);
        let mut found =
            Found { required, words, needed: self.needed, known, gains, extras, doc: 0, handed_out: false };
        found.find(0);
        Ok(Some(found))
    }

    /// All that match, where so many may that it is quicker to read whole lists than to look into them for each.
    fn known(
        &self,
        reader: &SegmentReader,
        required: &mut [Lists],
        words: &mut [Lists],
    ) -> tantivy::Result<Option<Bits>> {
        let leading = match required.first() {
            Some(rarest) => rarest.cost,
            // Who has all but so many of the words has one of the rarest of them.
            None => words[..=words.len() - self.needed].iter().map(|lists| lists.cost).sum(),
        };
        if let ([only], []) = (&*required, &*words) {
            return Ok(only.read_ahead(reader));
        }
        if leading < FEW_DOCUMENTS {
            return Ok(None);
        }
        let mut known: Option<Bits> = None;
        for lists in required {
            known = Some(match known {
                None => lists.documents(&self.required, None, reader)?,
                Some(mut known) => {
                    known.and(&lists.documents(&self.required, Some(&known), reader)?);
                    known
                }
            });
        }
        if words.is_empty() {
            return Ok(known);
        }
        // Those of which no word is missing so far, at most one, at most two …
        let all = known.unwrap_or_else(|| Bits::all(reader.max_doc()));
        let mut missing = vec![all; words.len() - self.needed + 1];
        let last = missing.len() - 1;
        for lists in words {
            let own = lists.documents(&self.words, Some(&missing[last]), reader)?;
            for at in (0..=last).rev() {
                let (fewer, here) = missing.split_at_mut(at);
                here[0].and(&own);
                if let Some(fewer) = fewer.last() {
                    here[0].or(fewer);
                }
            }
        }
        Ok(missing.pop())
    }
}

impl Weight for AllOfWeight {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.found(reader)? {
            Some(found) => Box::new(found),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let no_match = || TantivyError::InvalidArgument(format!("Document {doc} does not match"));
        let mut found = self.found(reader)?.ok_or_else(no_match)?;
        if found.seek(doc) != doc {
            return Err(no_match());
        }
        Ok(Explanation::new("Sum of the words", found.score()))
    }
}

/// The lists of one word, the longest first.
struct Lists {
    all: Vec<List>,
    cost: u64,
    /// Which of the words it is.
    place: usize,
}

impl Lists {
    fn open(word: &[Way], place: usize, reader: &SegmentReader) -> tantivy::Result<Self> {
        let mut all = vec![];
        for way in word {
            all.extend(way.open(reader)?);
        }
        all.sort_by_key(|list| Reverse(list.cost()));
        Ok(Self { cost: all.iter().map(List::cost).sum(), all, place })
    }

    /// The documents that one of the lists has; only those `among` others matter.
    fn documents(
        &mut self,
        words: &[Vec<Way>],
        among: Option<&Bits>,
        reader: &SegmentReader,
    ) -> tantivy::Result<Bits> {
        let word = &words[self.place];
        let candidates = among.map_or(u64::MAX, Bits::count);
        if candidates.saturating_mul(LOOK_UP_COST) < self.cost
            && let Some(among) = among
        {
            let mut own = among.clone();
            own.retain(|doc| self.has(doc).is_ok());
            // They are walked once more for the scores.
            *self = Self::open(word, self.place, reader)?;
            return Ok(own);
        }
        let mut own = Bits::none(reader.max_doc());
        for way in word {
            way.add_to(&mut own, reader)?;
        }
        Ok(own)
    }

    /// The documents if they are known already.
    fn read_ahead(&self, reader: &SegmentReader) -> Option<Bits> {
        let [List::Other(only)] = &self.all[..] else { return None };
        let mut bits = Bits::none(reader.max_doc());
        only.downcast_ref::<Rows>()?.docs().for_each(|doc| bits.insert(doc));
        Some(bits)
    }

    /// The first document from `target` on that one of the lists has.
    fn seek(&mut self, target: DocId) -> DocId {
        self.all.iter_mut().map(|list| list.reach(target)).min().unwrap_or(TERMINATED)
    }

    /// Whether one of the lists has the document; if not, the next one that one of them has.
    fn has(&mut self, doc: DocId) -> Result<(), DocId> {
        let mut next = TERMINATED;
        for list in &mut self.all {
            let at = list.reach(doc);
            if at == doc {
                return Ok(());
            }
            next = next.min(at);
        }
        Err(next)
    }
}

/// What lists make of a document that has been looked up in some of them.
fn sum<'a>(lists: impl Iterator<Item = &'a mut List>, doc: DocId) -> Score {
    lists.map(|list| if list.reach(doc) == doc { list.score() } else { 0.0 }).sum()
}

pub struct Found {
    /// Those of which a document must have every one, the rarest first.
    required: Vec<Lists>,
    /// Those of which it must have some.
    words: Vec<Lists>,
    needed: usize,
    /// What is found, if it was looked up ahead.
    known: Option<Bits>,
    gains: Vec<List>,
    extras: Extras,
    doc: DocId,
    handed_out: bool,
}

impl Found {
    /// Goes to the first document from `target` on that has enough.
    fn find(&mut self, mut target: DocId) -> DocId {
        if let Some(known) = &self.known {
            self.doc = known.seek(target);
            return self.doc;
        }
        self.doc = loop {
            let candidate = match self.required.split_first_mut() {
                Some((rarest, others)) => {
                    let candidate = rarest.seek(target);
                    if candidate == TERMINATED {
                        break TERMINATED;
                    }
                    if let Some(next) = others.iter_mut().find_map(|lists| lists.has(candidate).err()) {
                        target = next;
                        continue;
                    }
                    candidate
                }
                None => {
                    // Who has all but so many of the words has one of the rarest of them.
                    let leading = self.words.len() - self.needed + 1;
                    let first = self.words[..leading].iter_mut().map(|lists| lists.seek(target));
                    first.min().unwrap_or(TERMINATED)
                }
            };
            if candidate == TERMINATED || self.has_enough(candidate) {
                break candidate;
            }
            target = candidate + 1;
        };
        self.doc
    }

    fn has_enough(&mut self, doc: DocId) -> bool {
        let mut missing = self.words.len() - self.needed;
        for lists in &mut self.words {
            if lists.has(doc).is_err() {
                let Some(left) = missing.checked_sub(1) else { return false };
                missing = left;
            }
        }
        true
    }

    /// Whether there is more to a score than the words.
    pub fn has_extras(&self) -> bool {
        !self.extras.is_empty()
    }

    /// The next documents, from where it stands. Such as it looks for one by one come one by one, for they are scored
    /// before it goes on.
    pub fn next(&mut self, docs: &mut [DocId; 64]) -> usize {
        let most = if self.known.is_some() { docs.len() } else { 1 };
        let mut count = 0;
        // What was handed out last has been scored by now.
        if self.handed_out {
            self.advance();
        }
        while count < most && self.doc != TERMINATED {
            docs[count] = self.doc;
            count += 1;
            if count < most {
                self.advance();
            }
        }
        self.handed_out = true;
        count
    }

    /// The score of a document that it found last, or something below `least` if it is less than that.
    pub fn score_of(&mut self, doc: DocId, least: Score) -> Score {
        let words = self.required.iter_mut().chain(&mut self.words).flat_map(|lists| &mut lists.all);
        let score = sum(words, doc) + sum(self.gains.iter_mut(), doc);
        self.extras.add_to(score, doc, least)
    }
}

impl DocSet for Found {
    fn advance(&mut self) -> DocId {
        match self.doc {
            TERMINATED => TERMINATED,
            doc => self.find(doc + 1),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.find(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.cost()).unwrap_or(u32::MAX)
    }

    fn cost(&self) -> u64 {
        match self.required.first() {
            Some(rarest) => rarest.cost,
            None => self.words.iter().map(|lists| lists.cost).sum(),
        }
    }
}

impl Scorer for Found {
    fn score(&mut self) -> Score {
        self.score_of(self.doc, Score::MIN)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tantivy::collector::TopDocs;
    use tantivy::query::{PhraseQuery, TermQuery};
    use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TEXT};
    use tantivy::{Index, IndexWriter, doc};

    use super::*;

    fn term(field: Field, text: &str) -> Boxed {
        Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
    }

    /// Documents made of few letters in two fields, in two segments.
    fn index() -> (Index, [Field; 2], Vec<[String; 2]>) {
        let mut schema = Schema::builder();
        let fields = [schema.add_text_field("a", TEXT), schema.add_text_field("b", TEXT)];
        let place = schema.add_u64_field("place", FAST);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut texts = vec![];
        let mut state = 7_u32;
        for number in 0..600_u64 {
            let text = |state: &mut u32| {
                let mut words = vec![];
                for letter in ["p", "q", "r", "s"] {
                    *state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                    if (*state >> 16).is_multiple_of(5) {
                        words.push(letter);
                    }
                }
                words.join(" ")
            };
            let both = [text(&mut state), text(&mut state)];
            let [a, b] = &both;
            writer
                .add_document(doc!(fields[0] => a.as_str(), fields[1] => b.as_str(), place => number))
                .unwrap();
            texts.push(both);
            if number == 250 {
                writer.commit().unwrap();
            }
        }
        writer.commit().unwrap();
        (index, fields, texts)
    }

    #[test]
    fn finds_what_has_enough_and_nothing_else() {
        let (index, fields, texts) = index();
        let searcher = index.reader().unwrap().searcher();
        let [a, b] = fields;
        let word = |letter: &str| Word {
            alternatives: vec![term(a, letter), term(b, letter)],
            documents: u64::from(letter.as_bytes()[0]),
        };
        let phrase: Boxed =
            Box::new(PhraseQuery::new(vec![Term::from_field_text(a, "p"), Term::from_field_text(a, "q")]));
        let found = |required: Vec<Boxed>, letters: &[&str], needed, with| -> BTreeMap<usize, Score> {
            let words = letters.iter().map(|letter| word(letter)).collect();
            let parts = Arc::new(Parts { required, words, extras: vec![phrase.box_clone()] });
            let all = AllOf { parts, needed, with };
            let top = searcher.search(&all, &TopDocs::with_limit(1000).order_by_score()).unwrap();
            let place = |address: tantivy::DocAddress| {
                let reader = searcher.segment_reader(address.segment_ord);
                reader.fast_fields().u64("place").unwrap().first(address.doc_id).unwrap() as usize
            };
            top.into_iter().map(|(score, address)| (place(address), score)).collect()
        };
        let has = |text: &[String; 2], letter: &str| text.iter().any(|one| one.contains(letter));
        for (letters, needed, with) in [
            (&["p"][..], 1, None),
            (&["p", "q"], 2, None),
            (&["p", "q"], 1, None),
            (&["p", "q", "r"], 3, None),
            (&["p", "q", "r"], 2, None),
            (&["p", "q", "r"], 2, Some(1)),
            (&["p", "q", "r", "s"], 3, Some(0)),
            (&["p", "nowhere"], 2, None),
            (&["p", "nowhere"], 1, None),
        ] {
            let fits = |text: &&[String; 2]| {
                letters.iter().filter(|letter| has(text, letter)).count() >= needed
                    && with.is_none_or(|at: usize| has(text, letters[at]))
            };
            let expected = texts.iter().filter(fits).count();
            let found_ones = found(vec![], letters, needed, with);
            assert!(found_ones.keys().all(|at| fits(&&texts[*at])), "{letters:?} {needed} {with:?}");
            assert_eq!(found_ones.len(), expected, "{letters:?} {needed} {with:?}");
            let required = found(vec![term(b, "s")], letters, needed, with);
            assert_eq!(required.len(), texts.iter().filter(fits).filter(|t| t[1].contains('s')).count());
        }
        // What is worth something counts where it occurs.
        let scores = found(vec![], &["p"], 1, None);
        let same_words = |at: &usize| texts[*at][0].len() == 3 && !texts[*at][1].contains('p');
        let near = scores.iter().find(|(at, _)| texts[**at][0] == "p q" && same_words(at)).unwrap().1;
        let apart = scores.iter().find(|(at, _)| texts[**at][0] == "p r" && same_words(at)).unwrap().1;
        assert!(near > apart, "{near} {apart}");
    }
}
