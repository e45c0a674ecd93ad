//! Which of the documents that match the words a reader may and wants to see.
//!
//! The filters are applied here and not in the index query, because a facet counts what the other filters leave: who
//! chose "photos" still sees how many releases there are.

use tantivy::columnar::StrColumn;
use tantivy::fastfield::AliveBitSet;
use tantivy::{DocId, SegmentReader};

use super::Query;
use super::rows::Row;
use super::schema::kind_number;
use super::snapshot::Segment;

#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Numbers of the kinds wanted; empty means all.
    kinds: Vec<u64>,
    topic: Option<String>,
    person: Option<String>,
    language: Option<String>,
    /// Seconds.
    from: i64,
    to: i64,
    /// Microseconds: an embargo may end within a second.
    now: i64,
}

/// Which of the reader's choices a document does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misses(u8);

impl Misses {
    pub const NONE: Self = Self(0);
    pub const KIND: Self = Self(1);
    pub const TOPIC: Self = Self(2);
    pub const PERSON: Self = Self(4);
    pub const DATE: Self = Self(8);
    pub const LANGUAGE: Self = Self(16);
}

impl Filter {
    pub fn new(query: &Query) -> Self {
        Self {
            kinds: query.kinds.iter().map(|kind| kind_number(*kind)).collect(),
            topic: query.topic.clone(),
            person: query.person.clone(),
            language: query.language.as_ref().map(|language| language.to_ascii_lowercase()),
            from: query.from.map_or(i64::MIN, |from| from.as_second()),
            to: query.to.map_or(i64::MAX, |to| to.as_second()),
            now: query.now.as_microsecond(),
        }
    }

    /// The same of any kind, topic, person and date.
    pub fn without_choices(&self) -> Self {
        Self {
            language: self.language.clone(),
            from: i64::MIN,
            to: i64::MAX,
            now: self.now,
            ..Self::default()
        }
    }

    /// Whether [`without_choices`](Self::without_choices) lets more through.
    pub fn chooses(&self) -> bool {
        !(Self { language: None, ..self.clone() }).asks_nothing()
    }

    fn asks_nothing(&self) -> bool {
        self.kinds.is_empty()
            && self.topic.is_none()
            && self.person.is_none()
            && self.language.is_none()
            && self.from == i64::MIN
            && self.to == i64::MAX
    }
}

/// A filter with the columns of one segment.
pub struct SegmentFilter<'a> {
    filter: &'a Filter,
    pub segment: &'a Segment,
    alive: Option<&'a AliveBitSet>,
    /// All of the segment has been public for long.
    all_public: bool,
    asks_nothing: bool,
    /// The ordinals of what is wanted; `Some(None)` if no document of the segment has it.
    topic: Option<Option<u32>>,
    person: Option<Option<u32>>,
    language: Option<Option<u32>>,
}

impl<'a> SegmentFilter<'a> {
    pub fn open(
        filter: &'a Filter,
        (segment, reader): (&'a Segment, &'a SegmentReader),
    ) -> tantivy::Result<Self> {
        let columns = &segment.columns;
        Ok(Self {
            alive: reader.alive_bitset(),
            all_public: segment.is_public(filter.now),
            asks_nothing: filter.asks_nothing(),
            topic: wanted_ordinal(columns.topics.as_ref(), filter.topic.as_deref())?,
            person: wanted_ordinal(columns.persons.as_ref(), filter.person.as_deref())?,
            language: wanted_ordinal(columns.language.as_ref(), filter.language.as_deref())?,
            segment,
            filter,
        })
    }

    /// Whether the document is there at all: not deleted, and public. The second lock: what is not public yet
    /// influences nothing.
    pub fn exists(&self, doc: DocId) -> bool {
        self.alive.is_none_or(|alive| alive.is_alive(doc))
            && (self.all_public || self.segment.columns.public_from.get_val(doc) <= self.filter.now)
    }

    /// What a document misses of what the reader chose.
    pub fn misses(&self, doc: DocId, row: &Row) -> Misses {
        if self.asks_nothing {
            return Misses::NONE;
        }
        let rows = &self.segment.rows;
        let date = rows.date(doc, row);
        let mut misses = 0;
        let mut miss = |choice: Misses, fits: bool| misses |= if fits { 0 } else { choice.0 };
        let kinds = &self.filter.kinds;
        miss(Misses::KIND, kinds.is_empty() || kinds.contains(&row.kind().into()));
        miss(Misses::TOPIC, has(self.topic, |topic| rows.has_topic(row, topic)));
        miss(Misses::PERSON, has(self.person, |person| rows.has_person(row, person)));
        miss(Misses::DATE, self.filter.from <= date && date <= self.filter.to);
        let speaks =
            |wanted: Option<u32>| wanted.is_some_and(|wanted| row.language() == Some(wanted as usize));
        miss(Misses::LANGUAGE, self.language.is_none_or(speaks));
        Misses(misses)
    }

    pub fn passes(&self, doc: DocId) -> bool {
        self.exists(doc) && self.misses(doc, self.segment.rows.row(doc)) == Misses::NONE
    }
}

fn wanted_ordinal(column: Option<&StrColumn>, wanted: Option<&str>) -> tantivy::Result<Option<Option<u32>>> {
    let Some(wanted) = wanted else { return Ok(None) };
    let ordinal = match column {
        Some(column) => column.dictionary().term_ord(wanted.as_bytes())?,
        None => None,
    };
    Ok(Some(ordinal.and_then(|ordinal| u32::try_from(ordinal).ok())))
}

fn has(wanted: Option<Option<u32>>, own: impl FnOnce(u32) -> bool) -> bool {
    wanted.is_none_or(|wanted| wanted.is_some_and(own))
}
