//! The index at one moment, with what of its segments would otherwise be looked up for every query. A segment never
//! changes, so what was learnt of it is handed on from one moment to the next.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::RandomState;
use tantivy::columnar::{ColumnValues, StrColumn};
use tantivy::index::SegmentId;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, SegmentReader, Term};

use super::language::Group;
use super::rows::Rows;
use super::schema::{LANGUAGE, PERSONS, PUBLIC_FROM, TIE, TOPICS};

/// Beginnings of words that are remembered; those of which a segment has more words than this are, since many readers
/// type them.
const REMEMBERED_FROM: usize = 200;
const REMEMBERED_BEGINNINGS: usize = 2_000;
const REMEMBERED_SPELLINGS: usize = 4_000;
/// Terms of which it is remembered in how many documents they are: every one is asked for several times in a query.
const REMEMBERED_TERMS: usize = 20_000;
/// Of more persons in a segment than this the names are read when they are needed.
const MOST_KEPT_PERSONS: usize = 5_000;
/// Words kept of one beginning, the most frequent.
const WORDS_KEPT: usize = 64;

/// Terms, with the number of their documents.
pub type Frequencies = Vec<(String, u64)>;

pub struct Snapshot {
    searcher: Searcher,
    segments: Vec<Arc<Segment>>,
    /// Languages there are texts in.
    pub groups: Vec<Group>,
    /// How folded words are written, as far as it was looked up.
    spellings: Mutex<HashMap<String, String>>,
    frequencies: Mutex<HashMap<Term, u64, RandomState>>,
}

impl Snapshot {
    pub fn new(searcher: Searcher, before: Option<&Self>) -> tantivy::Result<Self> {
        let known: HashMap<SegmentId, &Arc<Segment>> =
            before.iter().flat_map(|before| before.segments.iter().map(|one| (one.id, one))).collect();
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            segments.push(match known.get(&reader.segment_id()) {
                Some(known) => Arc::clone(known),
                None => Arc::new(Segment::open(reader)?),
            });
        }
        let mut groups: Vec<Group> =
            segments.iter().flat_map(|segment| segment.languages.iter().copied()).collect();
        groups.sort_unstable();
        groups.dedup();
        Ok(Self { searcher, segments, groups, spellings: Mutex::default(), frequencies: Mutex::default() })
    }

    /// The segments, each with its reader.
    pub fn segments(&self) -> impl Iterator<Item = (&Segment, &SegmentReader)> {
        self.segments.iter().map(AsRef::as_ref).zip(self.searcher.segment_readers())
    }

    /// Whether there are documents that nobody may see: deleted ones, and such as are not public yet.
    pub fn hides_some(&self, now: i64) -> bool {
        self.segments().any(|(segment, reader)| reader.has_deletes() || !segment.is_public(now))
    }

    /// How a word is written: remembered, or looked up.
    pub fn spelling(
        &self,
        folded: &str,
        look_up: impl FnOnce() -> tantivy::Result<Option<String>>,
    ) -> tantivy::Result<Option<String>> {
        let lock = || self.spellings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(folded) {
            return Ok(Some(known.clone()));
        }
        let written = look_up()?;
        if let Some(written) = &written {
            let mut known = lock();
            if known.len() >= REMEMBERED_SPELLINGS {
                known.clear();
            }
            known.insert(folded.to_owned(), written.clone());
        }
        Ok(written)
    }

    pub fn segment(&self, ordinal: u32) -> (&Segment, &SegmentReader) {
        (&self.segments[ordinal as usize], self.searcher.segment_reader(ordinal))
    }
}

/// As the index has it, with what was asked before remembered.
impl Bm25StatisticsProvider for Snapshot {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let lock = || self.frequencies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(term) {
            return Ok(*known);
        }
        let documents = self.searcher.doc_freq(term)?;
        let mut known = lock();
        if known.len() >= REMEMBERED_TERMS {
            known.clear();
        }
        known.insert(term.clone(), documents);
        Ok(documents)
    }
}

impl Deref for Snapshot {
    type Target = Searcher;

    fn deref(&self) -> &Searcher {
        &self.searcher
    }
}

pub struct Segment {
    id: SegmentId,
    pub columns: Columns,
    pub rows: Rows,
    /// How many years its documents are from.
    pub years: usize,
    /// By ordinal.
    pub languages: Vec<Group>,
    /// The latest moment at which one of its documents becomes public; microseconds.
    last_public_from: i64,
    topics: OnceLock<Vec<String>>,
    /// Names of its persons by ordinal, if they are not too many to keep.
    persons: OnceLock<Vec<String>>,
    /// Tags by ordinal.
    pub language_tags: Vec<String>,
    beginnings: Mutex<HashMap<(Field, String), Arc<Frequencies>>>,
}

/// What of a document is read as columns, and the names of what [`Rows`] know by ordinal.
pub struct Columns {
    pub tie: Arc<dyn ColumnValues<u64>>,
    pub public_from: Arc<dyn ColumnValues<i64>>,
    pub topics: Option<StrColumn>,
    pub persons: Option<StrColumn>,
    pub language: Option<StrColumn>,
}

impl Segment {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let columns = Columns {
            tie: fast.column_first_or_default(TIE)?,
            public_from: fast.column_first_or_default(PUBLIC_FROM)?,
            topics: fast.str(TOPICS)?,
            persons: fast.str(PERSONS)?,
            language: fast.str(LANGUAGE)?,
        };
        let languages = names(columns.language.as_ref())?;
        let rows = Rows::read(reader)?;
        Ok(Self {
            id: reader.segment_id(),
            years: rows.years(),
            rows,
            last_public_from: columns.public_from.max_value(),
            languages: languages.iter().map(|tag| Group::of(tag)).collect(),
            language_tags: languages,
            topics: OnceLock::new(),
            persons: OnceLock::new(),
            beginnings: Mutex::default(),
            columns,
        })
    }

    /// Whether all of it has been public for long.
    pub const fn is_public(&self, now: i64) -> bool {
        self.last_public_from <= now
    }

    pub fn language_of(&self, doc: DocId) -> Option<Group> {
        self.languages.get(self.rows.row(doc).language()?).copied()
    }

    /// Slugs of its topics by ordinal.
    pub fn topics(&self) -> tantivy::Result<&[String]> {
        if let Some(known) = self.topics.get() {
            return Ok(known);
        }
        let read = names(self.columns.topics.as_ref())?;
        Ok(self.topics.get_or_init(|| read))
    }

    /// Names of its persons by ordinal; nothing if they are too many to keep.
    pub fn persons(&self) -> tantivy::Result<Option<&[String]>> {
        let Some(column) = &self.columns.persons else { return Ok(Some(&[])) };
        if column.num_terms() > MOST_KEPT_PERSONS {
            return Ok(None);
        }
        if let Some(known) = self.persons.get() {
            return Ok(Some(known));
        }
        let read = names(Some(column))?;
        Ok(Some(self.persons.get_or_init(|| read)))
    }

    /// Terms of a field that begin with `prefix`, with the number of their documents: all, or the most frequent of
    /// many.
    pub fn beginning_with(
        &self,
        reader: &SegmentReader,
        field: Field,
        prefix: &str,
    ) -> tantivy::Result<Arc<Frequencies>> {
        let key = (field, prefix.to_owned());
        if let Some(known) = self.beginnings.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let mut end = prefix.as_bytes().to_vec();
        end.push(0xff);
        let index = reader.inverted_index(field)?;
        let mut terms = index.terms().range().ge(prefix.as_bytes()).lt(&end).into_stream()?;
        let mut found = Frequencies::new();
        let mut read = 0_usize;
        let mut least = 0;
        while terms.advance() {
            read += 1;
            let documents = u64::from(terms.value().doc_freq);
            if documents <= least {
                continue;
            }
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                found.push((term.to_owned(), documents));
            }
            if found.len() >= WORDS_KEPT * 8 {
                least = keep_most_frequent(&mut found);
            }
        }
        if found.len() > WORDS_KEPT {
            keep_most_frequent(&mut found);
        }
        let found = Arc::new(found);
        if read >= REMEMBERED_FROM {
            let mut known = self.beginnings.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= REMEMBERED_BEGINNINGS {
                known.clear();
            }
            known.insert(key, Arc::clone(&found));
        }
        Ok(found)
    }
}

/// Drops all but the most frequent; returns how many documents the last of them has.
fn keep_most_frequent(found: &mut Frequencies) -> u64 {
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(WORDS_KEPT);
    found.last().map_or(0, |(_, documents)| *documents)
}

/// What the ordinals of a column stand for.
fn names(column: Option<&StrColumn>) -> tantivy::Result<Vec<String>> {
    let mut out = vec![];
    if let Some(column) = column {
        let all: Vec<u64> = (0..column.num_terms() as u64).collect();
        column
            .dictionary()
            .sorted_ords_to_term_cb(&all, |name| out.push(String::from_utf8_lossy(name).into_owned()))?;
    }
    Ok(out)
}
