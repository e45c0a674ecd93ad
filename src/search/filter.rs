//! Which of the documents that match the words a reader may and wants to see.
//!
//! The filters are applied here and not in the index query, because a facet counts what the other filters leave: who
//! chose "photos" still sees how many releases there are.

use tantivy::columnar::StrColumn;
use tantivy::fastfield::AliveBitSet;
use tantivy::{DocId, SegmentReader};

use super::Query;
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

/// Which of the reader's choices a document fits.
#[derive(Debug, Clone, Copy)]
pub struct Fits {
    pub kind: bool,
    pub topic: bool,
    pub person: bool,
    pub date: bool,
    pub language: bool,
}

impl Fits {
    pub const ALL: Self = Self { kind: true, topic: true, person: true, date: true, language: true };

    pub const fn all(self) -> bool {
        self.kind && self.topic && self.person && self.date && self.language
    }
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

    pub fn fits(&self, doc: DocId) -> Fits {
        if self.asks_nothing {
            return Fits::ALL;
        }
        let rows = &self.segment.rows;
        let row = rows.row(doc);
        let kinds = &self.filter.kinds;
        Fits {
            kind: kinds.is_empty() || kinds.contains(&row.kind.into()),
            topic: has(self.topic, || rows.topics(doc)),
            person: has(self.person, || rows.persons(doc)),
            date: (self.filter.from..=self.filter.to).contains(&row.date),
            language: self.language.is_none_or(|wanted| {
                row.language().is_some_and(|own| wanted.is_some_and(|wanted| wanted as usize == own))
            }),
        }
    }

    pub fn passes(&self, doc: DocId) -> bool {
        self.exists(doc) && self.fits(doc).all()
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

fn has<'a>(wanted: Option<Option<u32>>, own: impl FnOnce() -> &'a [u32]) -> bool {
    wanted.is_none_or(|wanted| wanted.is_some_and(|wanted| own().contains(&wanted)))
}
