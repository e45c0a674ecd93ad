//! What of a document is asked whenever it is ranked or counted, side by side in memory: gathered from the columns of a
//! segment it takes many times as long. A document takes a quarter of a line of the processor's cache (16 bytes): what a
//! hit costs is the look into memory.

use std::collections::HashMap;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::schema::{DATE, KIND, LANGUAGE, PERSONS, TOPICS, YEAR};

/// A document without a language.
const NONE: u8 = u8::MAX;
/// Topics and persons that have room in the row itself.
const ROOM: usize = 4;
/// More of one kind than this stand elsewhere, for the numbers of both share half a byte.
const MOST_OF_ONE: usize = 3;
/// Instead of these numbers, which there is no room for: they stand elsewhere.
const ELSEWHERE: u8 = 0b1111;
/// Kinds have the other half.
const MOST_KIND: u8 = 15;

#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(16))]
pub struct Row {
    /// Seconds; the first and the last stand for what is beyond.
    date: u32,
    /// Since the first year of the segment.
    pub year: u16,
    language: u8,
    /// Its kind, and how many topics and persons there are.
    kind_and_counts: u8,
    /// Ordinals of topics, then of persons; or where they begin in the long lists.
    ordinals: [u16; ROOM],
}

impl Row {
    pub const fn kind(&self) -> u8 {
        self.kind_and_counts >> 4
    }

    const fn counts(&self) -> u8 {
        self.kind_and_counts & 0xf
    }

    /// The ordinal of its language.
    pub fn language(&self) -> Option<usize> {
        (self.language != NONE).then_some(usize::from(self.language))
    }
}

/// The documents of a segment, deleted ones included.
pub struct Rows {
    rows: Vec<Row>,
    /// Topics and persons of documents with more than there is room for: how many of each, then their ordinals.
    long: Vec<u32>,
    /// Dates long ago or far ahead.
    far: HashMap<DocId, i64>,
    /// The year of the first document in time.
    pub first_year: i64,
}

impl Rows {
    pub fn read(reader: &SegmentReader) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let kind = fast.column_first_or_default::<u64>(KIND)?;
        let date = fast.column_first_or_default::<i64>(DATE)?;
        let year = fast.column_first_or_default::<i64>(YEAR)?;
        let [languages, topics, persons] = [fast.str(LANGUAGE)?, fast.str(TOPICS)?, fast.str(PERSONS)?];
        let first_year = (0..reader.max_doc()).map(|doc| year.get_val(doc)).min().unwrap_or(0);
        let rows = Vec::with_capacity(reader.max_doc() as usize);
        let mut all = Self { rows, long: vec![], far: HashMap::new(), first_year };
        for doc in 0..reader.max_doc() {
            let language = languages.as_ref().and_then(|column| column.ords().first(doc));
            let seconds = date.get_val(doc);
            let near = u32::try_from(seconds).ok().filter(|date| (1..u32::MAX).contains(date));
            if near.is_none() {
                all.far.insert(doc, seconds);
            }
            let (counts, ordinals) =
                all.keep(&ordinals(topics.as_ref(), doc), &ordinals(persons.as_ref(), doc));
            all.rows.push(Row {
                date: near.unwrap_or(if seconds > 0 { u32::MAX } else { 0 }),
                year: (year.get_val(doc) - first_year).min(u16::MAX.into()) as u16,
                language: language.and_then(|ordinal| u8::try_from(ordinal).ok()).unwrap_or(NONE),
                kind_and_counts: (kind.get_val(doc).min(MOST_KIND.into()) as u8) << 4 | counts,
                ordinals,
            });
        }
        all.long.shrink_to_fit();
        Ok(all)
    }

    /// What stands in a row for a document's topics and persons.
    fn keep(&mut self, topics: &[u32], persons: &[u32]) -> (u8, [u16; ROOM]) {
        let mut room = [0; ROOM];
        let fits = topics.len() + persons.len() <= ROOM && topics.len().max(persons.len()) <= MOST_OF_ONE;
        let short = topics.iter().chain(persons).map(|ordinal| u16::try_from(*ordinal));
        if fits && room.iter_mut().zip(short).all(|(room, ordinal)| ordinal.map(|o| *room = o).is_ok()) {
            return ((topics.len() << 2 | persons.len()) as u8, room);
        }
        let at = self.long.len();
        self.long.extend([topics.len() as u32, persons.len() as u32]);
        self.long.extend(topics.iter().chain(persons));
        (ELSEWHERE, [(at >> 16) as u16, at as u16, (at >> 32) as u16, 0])
    }

    pub fn row(&self, doc: DocId) -> &Row {
        &self.rows[doc as usize]
    }

    /// Rows of up to 64 documents. One after another with nothing between, so that the processor waits for memory once
    /// and not for each.
    pub fn gather(&self, docs: &[DocId]) -> [Row; 64] {
        let mut out = [Row::default(); 64];
        for (row, doc) in out.iter_mut().zip(docs) {
            *row = self.rows[*doc as usize];
        }
        out
    }

    /// Seconds.
    pub fn date(&self, doc: DocId, row: &Row) -> i64 {
        match row.date {
            0 | u32::MAX => self.far.get(&doc).copied().unwrap_or_default(),
            date => date.into(),
        }
    }

    /// Calls for each ordinal of its topics, then for each of its persons.
    pub fn lists(&self, row: &Row, topic: impl FnMut(u32), person: impl FnMut(u32)) {
        if row.counts() == ELSEWHERE {
            let [high, low, highest, _] = row.ordinals.map(usize::from);
            let at = highest << 32 | high << 16 | low;
            let (topics, persons) = (self.long[at] as usize, self.long[at + 1] as usize);
            let (topics, persons) = self.long[at + 2..at + 2 + topics + persons].split_at(topics);
            topics.iter().copied().for_each(topic);
            persons.iter().copied().for_each(person);
        } else {
            let (topics, persons) = (usize::from(row.counts() >> 2), usize::from(row.counts() & 0b11));
            let (topics, persons) = row.ordinals[..topics + persons].split_at(topics);
            topics.iter().map(|ordinal| (*ordinal).into()).for_each(topic);
            persons.iter().map(|ordinal| (*ordinal).into()).for_each(person);
        }
    }

    pub fn has_topic(&self, row: &Row, wanted: u32) -> bool {
        let mut has = false;
        self.lists(row, |topic| has |= topic == wanted, |_| {});
        has
    }

    pub fn has_person(&self, row: &Row, wanted: u32) -> bool {
        let mut has = false;
        self.lists(row, |_| {}, |person| has |= person == wanted);
        has
    }

    /// How many years there are from the first to the last.
    pub fn years(&self) -> usize {
        self.rows.iter().map(|row| usize::from(row.year) + 1).max().unwrap_or(0)
    }
}

fn ordinals(column: Option<&StrColumn>, doc: DocId) -> Vec<u32> {
    let ordinals = column.into_iter().flat_map(|column| column.term_ords(doc));
    ordinals.map(|ordinal| u32::try_from(ordinal).unwrap_or(u32::MAX)).collect()
}
