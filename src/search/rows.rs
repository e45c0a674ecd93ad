//! What of a document is asked whenever it is ranked or counted, side by side in memory: gathered from the columns of a
//! segment it takes many times as long. About 40 bytes a document.

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::schema::{DATE, KIND, LANGUAGE, PERSONS, TOPICS, YEAR};

/// A document without a language.
const NONE: u16 = u16::MAX;

#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Seconds.
    pub date: i64,
    first_topic: u32,
    first_person: u32,
    pub year: i16,
    language: u16,
    pub kind: u8,
}

impl Row {
    /// The ordinal of its language.
    pub fn language(&self) -> Option<usize> {
        (self.language != NONE).then_some(usize::from(self.language))
    }
}

/// The documents of a segment, deleted ones included.
pub struct Rows {
    /// One more than there are documents: the last ends the lists of the last but one.
    rows: Vec<Row>,
    /// Ordinals.
    topics: Vec<u32>,
    persons: Vec<u32>,
}

impl Rows {
    pub fn read(reader: &SegmentReader) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let kind = fast.column_first_or_default::<u64>(KIND)?;
        let date = fast.column_first_or_default::<i64>(DATE)?;
        let year = fast.column_first_or_default::<i64>(YEAR)?;
        let [languages, topics, persons] = [fast.str(LANGUAGE)?, fast.str(TOPICS)?, fast.str(PERSONS)?];
        let mut all = Self { rows: vec![], topics: vec![], persons: vec![] };
        all.rows.reserve_exact(reader.max_doc() as usize + 1);
        for doc in 0..reader.max_doc() {
            let language = languages.as_ref().and_then(|column| column.ords().first(doc));
            all.rows.push(Row {
                date: date.get_val(doc),
                first_topic: all.topics.len() as u32,
                first_person: all.persons.len() as u32,
                year: year.get_val(doc).clamp(i16::MIN.into(), i16::MAX.into()) as i16,
                language: language.and_then(|ordinal| u16::try_from(ordinal).ok()).unwrap_or(NONE),
                kind: kind.get_val(doc).min(u8::MAX.into()) as u8,
            });
            add_ordinals(&mut all.topics, topics.as_ref(), doc);
            add_ordinals(&mut all.persons, persons.as_ref(), doc);
        }
        all.rows.push(Row {
            date: 0,
            first_topic: all.topics.len() as u32,
            first_person: all.persons.len() as u32,
            year: 0,
            language: NONE,
            kind: 0,
        });
        all.topics.shrink_to_fit();
        all.persons.shrink_to_fit();
        Ok(all)
    }

    pub fn row(&self, doc: DocId) -> &Row {
        &self.rows[doc as usize]
    }

    /// Ordinals of its topics.
    pub fn topics(&self, doc: DocId) -> &[u32] {
        self.list(&self.topics, doc, |row| row.first_topic)
    }

    /// Ordinals of its persons.
    pub fn persons(&self, doc: DocId) -> &[u32] {
        self.list(&self.persons, doc, |row| row.first_person)
    }

    fn list<'a>(&self, all: &'a [u32], doc: DocId, first: impl Fn(&Row) -> u32) -> &'a [u32] {
        let doc = doc as usize;
        &all[first(&self.rows[doc]) as usize..first(&self.rows[doc + 1]) as usize]
    }

    /// The years of the first and the last document in time.
    pub fn years(&self) -> Option<(i16, i16)> {
        let years = || self.rows[..self.rows.len() - 1].iter().map(|row| row.year);
        Some((years().min()?, years().max()?))
    }
}

fn add_ordinals(list: &mut Vec<u32>, column: Option<&StrColumn>, doc: DocId) {
    if let Some(column) = column {
        list.extend(column.term_ords(doc).map(|ordinal| u32::try_from(ordinal).unwrap_or(u32::MAX)));
    }
}
