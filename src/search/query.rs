//! From what a reader typed to an answer.

use tantivy::collector::DocSetCollector;
use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, Occur, Query as IndexQuery};
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument};

use super::collect::{Candidate, Gather};
use super::highlight::Marks;
use super::index::Index;
use super::input::{Input, Wanted};
use super::language::Group;
use super::schema::kind_of_number;
use super::words::{Clause, Words};
use super::{Answer, Hit, Query, SearchError, Sort};

/// Up to here a query is short and most of its words must occur; a longer one is a description of which the best
/// matches are wanted.
const SHORT_WORDS: usize = 6;
/// With fewer hits than this, documents with only some of the words follow.
const FEW_HITS: usize = 10;
/// Bounds of a page.
const DEEPEST_OFFSET: usize = 10_000;
const LONGEST_PAGE: usize = 200;

type Boxed = Box<dyn IndexQuery>;

/// A reader's text as index queries.
struct Built {
    strict: Boxed,
    /// The same with fewer words required, if that makes a difference.
    relaxed: Option<Boxed>,
    /// What must not occur.
    excluded: Option<Boxed>,
    marks: Marks,
    correction: Option<String>,
}

impl Index {
    /// Answers a reader's query. Takes milliseconds of CPU time, so call it where blocking is allowed. No text
    /// makes it fail.
    pub fn search(&self, query: &Query) -> Result<Answer, SearchError> {
        let searcher = self.searcher();
        let offset = query.offset.min(DEEPEST_OFFSET);
        let limit = query.limit.min(LONGEST_PAGE);
        let keep = (offset + limit).max(FEW_HITS);
        if query.text.trim().is_empty() {
            let gathered = searcher.search(&AllQuery, &Gather::new(query, Sort::Date, keep))?;
            let hits = self.hits(&searcher, &Marks::default(), page(&gathered.best, offset, limit))?;
            return Ok(Answer { total: gathered.total, hits, facets: gathered.facets, correction: None });
        }
        let input = Input::read(&query.text);
        if input.is_empty() {
            return Ok(Answer::default());
        }
        let words = Words::new(&searcher, self.fields(), &query.reader_language, query.now)?;
        let built = build(words, &input, &query.text)?;
        let mut gather = Gather::new(query, query.sort, keep);
        if let Some(excluded) = &built.excluded {
            gather = gather.without(searcher.search(&**excluded, &DocSetCollector)?);
        }
        let mut gathered = searcher.search(&*built.strict, &gather)?;
        if let Some(relaxed) = &built.relaxed {
            // A list by date has no place for weaker matches "below": there they only stand in for none.
            let wanted = if query.sort == Sort::Relevance { FEW_HITS } else { 1 };
            if gathered.total < wanted {
                let strict: Vec<DocAddress> = gathered.best.iter().map(|hit| hit.address).collect();
                gathered = searcher.search(&**relaxed, &gather.with_above(strict.into_iter()))?;
            }
        }
        let hits = self.hits(&searcher, &built.marks, page(&gathered.best, offset, limit))?;
        Ok(Answer { total: gathered.total, hits, facets: gathered.facets, correction: built.correction })
    }

    fn hits(&self, searcher: &Searcher, marks: &Marks, page: &[Candidate]) -> Result<Vec<Hit>, SearchError> {
        let fields = self.fields();
        let mut hits = Vec::with_capacity(page.len());
        for candidate in page {
            let stored: TantivyDocument = searcher.doc(candidate.address)?;
            let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            let kind =
                stored.get_first(fields.kind).and_then(|value| value.as_u64()).and_then(kind_of_number);
            let (Ok(id), Some(kind)) = (text(fields.id).parse(), kind) else { continue };
            let group = Group::of(text(fields.language));
            let texts = [text(fields.stored_body), text(fields.stored_sub), text(fields.stored_side)];
            let (title, snippet) = marks.highlight(text(fields.stored_title), texts, group);
            hits.push(Hit { id, kind, score: candidate.score, title, snippet });
        }
        Ok(hits)
    }
}

fn page(best: &[Candidate], offset: usize, limit: usize) -> &[Candidate] {
    let start = offset.min(best.len());
    &best[start..(start + limit).min(best.len())]
}

fn build(mut words: Words<'_>, input: &Input, text: &str) -> tantivy::Result<Built> {
    let mut required: Vec<(Occur, Boxed)> = vec![];
    for phrase in &input.phrases {
        required.extend(words.phrase(phrase).map(|query| (Occur::Must, query)));
    }
    let mut extras: Vec<(Occur, Boxed)> = vec![];
    let excluded: Vec<Boxed> = input.excluded.iter().flat_map(|text| words.excluded(text)).collect();
    let long = input.wanted.len() > SHORT_WORDS;
    let mut clauses: Vec<Boxed> = vec![];
    let mut corrected = text.to_owned();
    let mut previous: Option<&str> = None;
    for wanted in &input.wanted {
        match wanted {
            Wanted::Date { text, terms } => {
                clauses.push(words.date(text, terms));
                previous = None;
            }
            Wanted::Word(word) if long => clauses.extend(words.plain_word(word)),
            Wanted::Word(word) => {
                let Some(Clause { query, optional, correction }) = words.word(word)? else { continue };
                if let Some(correction) = correction {
                    corrected = corrected.replacen(word.as_str(), &correction, 1);
                }
                if optional {
                    extras.push((Occur::Should, query));
                } else {
                    clauses.push(query);
                }
                if let Some(previous) = previous.replace(word) {
                    extras.extend(words.near(previous, word).into_iter().map(|query| (Occur::Should, query)));
                }
            }
        }
    }
    if clauses.is_empty() && required.is_empty() && !input.wanted.is_empty() {
        // Nothing but words without meaning: then they are what is wanted.
        for wanted in &input.wanted {
            if let Wanted::Word(word) = wanted {
                required.extend(words.literal(word).map(|query| (Occur::Must, query)));
            }
        }
        if required.is_empty() {
            required.push((Occur::Must, Box::new(EmptyQuery)));
        }
    }
    if clauses.is_empty() && required.is_empty() {
        required.push((Occur::Must, Box::new(AllQuery)));
    }
    let must_match = if long { 1.min(clauses.len()) } else { words_required(clauses.len()) };
    let relaxed = (must_match > 1).then(|| compose(&required, &clauses, 1, &extras));
    Ok(Built {
        strict: compose(&required, &clauses, must_match, &extras),
        relaxed,
        excluded: (!excluded.is_empty()).then(|| Box::new(BooleanQuery::union(excluded)) as Boxed),
        marks: words.marks,
        correction: (corrected != text).then_some(corrected),
    })
}

/// How many of `count` words a document must have.
const fn words_required(count: usize) -> usize {
    match count {
        0..=2 => count,
        3..=4 => count - 1,
        _ => 2,
    }
}

fn compose(
    required: &[(Occur, Boxed)],
    clauses: &[Boxed],
    must_match: usize,
    extras: &[(Occur, Boxed)],
) -> Boxed {
    let copy = |(occur, query): &(Occur, Boxed)| (*occur, query.box_clone());
    let mut all: Vec<(Occur, Boxed)> = required.iter().map(copy).collect();
    if !clauses.is_empty() {
        let clauses: Vec<Boxed> = clauses.iter().map(|query| query.box_clone()).collect();
        let core = if must_match == clauses.len() {
            BooleanQuery::intersection(clauses)
        } else {
            BooleanQuery::union_with_minimum_required_clauses(clauses, must_match)
        };
        all.push((Occur::Must, Box::new(core)));
    }
    all.extend(extras.iter().map(copy));
    Box::new(BooleanQuery::new(all))
}
