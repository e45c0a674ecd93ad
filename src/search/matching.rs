//! The query for several words: documents that have all of them, or all but some.
//!
//! A word is answered by any of a handful of term lists. Only the lists of the rarest words are walked; in the others
//! it is looked up whether they have a document, and scores are reckoned for documents that are found, not for what
//! is passed over.

use std::sync::Arc;

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError, Term};

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
        let weights = |queries: &[Boxed]| -> tantivy::Result<Vec<Box<dyn Weight>>> {
            queries.iter().map(|query| query.weight(scoring)).collect()
        };
        let parts = &self.parts;
        let mut required = parts
            .required
            .iter()
            .map(|query| Ok(vec![query.weight(scoring)?]))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let mut words = vec![];
        let mut needed = self.needed;
        for (at, word) in parts.known_words() {
            let word = weights(&word.alternatives)?;
            if self.with == Some(at) {
                required.push(word);
                needed = needed.saturating_sub(1);
            } else {
                words.push(word);
            }
        }
        if needed >= words.len() {
            required.append(&mut words);
            needed = 0;
        } else if needed == 0 {
            words.clear();
        }
        let extras = if scoring.is_scoring_enabled() { weights(&parts.extras)? } else { vec![] };
        Ok(Box::new(AllOfWeight { required, words, needed, extras: extras.into() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        let parts = &self.parts;
        let words = parts.words.iter().flat_map(|word| &word.alternatives);
        for query in parts.required.iter().chain(words).chain(&parts.extras) {
            query.query_terms(visitor);
        }
    }
}

struct AllOfWeight {
    required: Vec<Vec<Box<dyn Weight>>>,
    words: Vec<Vec<Box<dyn Weight>>>,
    needed: usize,
    extras: Arc<[Box<dyn Weight>]>,
}

impl AllOfWeight {
    fn found(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<Found>> {
        let open = |word: &Vec<Box<dyn Weight>>| Lists::open(word, reader, boost);
        let mut required = vec![];
        for word in &self.required {
            let lists = open(word)?;
            if lists.0.is_empty() {
                return Ok(None);
            }
            required.push(lists);
        }
        let mut words = vec![];
        for word in &self.words {
            words.push(open(word)?);
        }
        words.retain(|lists| !lists.0.is_empty());
        if words.len() < self.needed || (required.is_empty() && words.is_empty()) {
            return Ok(None);
        }
        required.sort_by_key(Lists::cost);
        words.sort_by_key(Lists::cost);
        let extras =
            Extras { weights: Arc::clone(&self.extras), reader: reader.clone(), boost, open: vec![] };
        let mut found = Found { required, words, needed: self.needed, extras, doc: 0 };
        found.find(0);
        Ok(Some(found))
    }
}

impl Weight for AllOfWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.found(reader, boost)? {
            Some(found) => Box::new(found),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let Some(mut found) = self.found(reader, 1.0)? else { return Err(no_match(doc)) };
        if found.seek(doc) != doc {
            return Err(no_match(doc));
        }
        let mut all = Explanation::new("Sum of the words", found.score());
        let parts = self.required.iter().chain(&self.words).flatten().chain(self.extras.iter());
        for part in parts {
            if let Ok(part) = part.explain(reader, doc) {
                all.add_detail(part);
            }
        }
        Ok(all)
    }
}

fn no_match(doc: DocId) -> TantivyError {
    TantivyError::InvalidArgument(format!("Document {doc} does not match"))
}

/// The lists of one word, the longest first.
struct Lists(Vec<Box<dyn Scorer>>);

impl Lists {
    fn open(word: &[Box<dyn Weight>], reader: &SegmentReader, boost: Score) -> tantivy::Result<Self> {
        let mut lists = vec![];
        for weight in word {
            lists.push(weight.scorer(reader, boost)?);
        }
        lists.retain(|list| list.doc() != TERMINATED);
        lists.sort_by_key(|list| std::cmp::Reverse(list.cost()));
        Ok(Self(lists))
    }

    fn cost(&self) -> u64 {
        self.0.iter().map(|list| list.cost()).sum()
    }

    /// The first document from `target` on that one of the lists has.
    fn seek(&mut self, target: DocId) -> DocId {
        let first = |list: &mut Box<dyn Scorer>| {
            let doc = list.doc();
            if doc < target { list.seek(target) } else { doc }
        };
        self.0.iter_mut().map(first).min().unwrap_or(TERMINATED)
    }

    /// Whether one of the lists has the document; if not, the next one that one of them has.
    fn has(&mut self, doc: DocId) -> Result<(), DocId> {
        let mut next = TERMINATED;
        for list in &mut self.0 {
            let mut at = list.doc();
            if at < doc {
                at = list.seek(doc);
            }
            if at == doc {
                return Ok(());
            }
            next = next.min(at);
        }
        Err(next)
    }

    /// What the lists make of a document that has been looked up in some of them.
    fn score(&mut self, doc: DocId) -> Score {
        let mut sum = 0.0;
        for list in &mut self.0 {
            let mut at = list.doc();
            if at < doc {
                at = list.seek(doc);
            }
            if at == doc {
                sum += list.score();
            }
        }
        sum
    }
}

struct Found {
    /// Those of which a document must have every one, the rarest first.
    required: Vec<Lists>,
    /// Those of which it must have some.
    words: Vec<Lists>,
    needed: usize,
    extras: Extras,
    doc: DocId,
}

impl Found {
    /// Goes to the first document from `target` on that has enough.
    fn find(&mut self, mut target: DocId) -> DocId {
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
        self.required.first().map_or_else(|| self.words.iter().map(Lists::cost).sum(), Lists::cost)
    }
}

impl Scorer for Found {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let words = self.required.iter_mut().chain(&mut self.words);
        words.map(|lists| lists.score(doc)).sum::<Score>() + self.extras.score(doc)
    }
}

/// What is worth something where it occurs, looked up in documents that are found and nowhere else.
struct Extras {
    weights: Arc<[Box<dyn Weight>]>,
    reader: SegmentReader,
    boost: Score,
    /// Opened with the first document, since most searches in most segments find none. Each with a document before
    /// which it has none.
    open: Vec<(DocId, Box<dyn Scorer>)>,
}

impl Extras {
    fn score(&mut self, doc: DocId) -> Score {
        let mut sum = 0.0;
        if self.open.is_empty() {
            for weight in self.weights.iter() {
                // One that cannot be read is worth nothing.
                if let Ok((result, mut list)) = weight.scorer_danger(&self.reader, doc, self.boost) {
                    let (next, score) = worth(result, &mut *list, doc);
                    sum += score;
                    self.open.push((next, list));
                }
            }
            return sum;
        }
        for (next, list) in self.open.iter_mut().filter(|(next, _)| *next < doc) {
            let result = list.seek_danger(doc);
            let (bound, score) = worth(result, &mut **list, doc);
            *next = bound;
            sum += score;
        }
        sum
    }
}

/// Up to where a list has been looked through, and what it makes of the document it was looked up in.
fn worth(result: SeekDangerResult, list: &mut dyn Scorer, doc: DocId) -> (DocId, Score) {
    match result {
        SeekDangerResult::Found => (doc, list.score()),
        SeekDangerResult::SeekLowerBound(next) => (next, 0.0),
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
