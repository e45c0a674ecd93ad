//! Full-text search over what is public: a reader types the words they think of, in their language, and finds
//! the release.
//!
//! The index is a follower of the change log and can be rebuilt from it at any time; it holds nothing that is not
//! in the database. Who feeds it puts only what is public, and every answer is filtered by `public_from` again.
//!
//! Text is cut by [`tokenizer`], folded by [`fold`], stemmed per [`language`] and taken apart by [`compound`];
//! [`plan`] turns a reader's words into index queries, [`matching`] walks their lists, [`rank`] finds the best of what they match, [`count`] counts it,
//! [`highlight`] shows where they matched.

mod analysis;
mod arabic;
mod bits;
mod compound;
mod count;
mod cursor;
mod extras;
mod filter;
mod fold;
#[cfg(test)]
mod fuzz_tests;
mod german;
mod highlight;
mod index;
mod input;
mod language;
mod lists;
mod matching;
mod number;
mod phrase;
mod plan;
mod query;
mod rank;
mod recovery;
mod related;
mod room;
mod rows;
mod schema;
mod short_forms;
mod snapshot;
mod suggest;
mod tokenizer;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::domain::{Id, Kind, Timestamp};

pub use cursor::{BadCursor, Cursor};
pub use index::Index;
pub use suggest::Suggestions;

/// Whether hits come by how well they match or newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Relevance,
    Date,
}

/// What the index keeps of a release, asset, contact, album or event.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: Id,
    pub kind: Kind,
    /// BCP 47 tag of the text.
    pub language: String,
    /// Headline, title or name.
    pub title: String,
    /// Sub-headlines.
    pub sub: Vec<String>,
    /// Plain text.
    pub body: String,
    /// What stands beside the text: captions, persons, places, keywords, roles.
    pub side: Vec<String>,
    /// Full names, offered while a reader types.
    pub persons: Vec<String>,
    /// Slugs of topics.
    pub topics: Vec<String>,
    /// The date a reader knows it by; sorts and feeds the year facet (in UTC).
    pub date: Timestamp,
    /// Days that are shown beside the text: when it was published, on which days an event takes place.
    pub days: Vec<jiff::civil::Date>,
    /// Before this moment no search shows it or counts it.
    pub public_from: Timestamp,
}

impl Document {
    /// How long its texts are, together.
    fn text_bytes(&self) -> usize {
        let lists = [&self.sub, &self.side, &self.persons];
        self.title.len() + self.body.len() + lists.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

/// A reader's question.
#[derive(Debug, Clone)]
pub struct Query {
    /// Words, "phrases", -exclusions, `field:values`; any text is valid. Empty lists everything by date.
    pub text: String,
    /// Kinds wanted; empty means all.
    pub kinds: Vec<Kind>,
    /// Slug of the topic wanted.
    pub topic: Option<String>,
    /// Full name of a person wanted.
    pub person: Option<String>,
    /// Language wanted.
    pub language: Option<String>,
    /// The language the reader reads the site in: its words count first.
    pub reader_language: String,
    /// Earliest date wanted.
    pub from: Option<Timestamp>,
    /// Latest date wanted.
    pub to: Option<Timestamp>,
    pub now: Timestamp,
    pub sort: Sort,
    /// Documents that come first whatever the words, as far as the other choices let them.
    pub pinned: Vec<Id>,
    /// Where the page before ended; `offset` counts from there.
    pub cursor: Option<Cursor>,
    pub offset: usize,
    pub limit: usize,
    /// Whether total and facets are wanted too.
    pub count: bool,
}

impl Query {
    /// A query that asks for nothing in particular.
    pub const fn everything(now: Timestamp) -> Self {
        Self {
            text: String::new(),
            kinds: vec![],
            topic: None,
            person: None,
            language: None,
            reader_language: String::new(),
            from: None,
            to: None,
            now,
            sort: Sort::Relevance,
            pinned: vec![],
            cursor: None,
            offset: 0,
            limit: 10,
            count: false,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// All documents that match, beyond this page.
    pub total: usize,
    pub hits: Vec<Hit>,
    pub facets: Facets,
    /// The query with words the index does not know put right ("did you mean").
    pub correction: Option<String>,
    /// Where the next page begins, as the text of a [`Cursor`].
    pub next: Option<String>,
    /// The time was up before all matches were counted.
    pub cut_short: bool,
}

/// Why a document stands where it stands.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// 0 if it has all that was asked for; greater where some of the words are missing.
    pub stage: usize,
    /// What its words are worth, before the factors below.
    pub words: f32,
    pub recency: f64,
    pub language: f64,
    /// Each word and field with its part, as JSON.
    pub tree: String,
}

#[derive(Debug, Clone)]
pub struct Hit {
    pub id: Id,
    pub kind: Kind,
    /// Comparable within one answer only.
    pub score: f32,
    pub title: Highlighted,
    /// About 200 characters around the match.
    pub snippet: Highlighted,
}

impl Hit {
    /// A document known by its title alone.
    pub fn named(kind: Kind, id: Id, title: String) -> Self {
        let title = Highlighted { text: title, marks: vec![] };
        Self { id, kind, score: 0.0, title, snippet: Highlighted::default() }
    }
}

/// Plain text with the ranges that matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlighted {
    pub text: String,
    /// Byte ranges at character boundaries, ascending, without overlap.
    pub marks: Vec<Range<usize>>,
}

/// How many documents an answer would have with this kind, topic, person, year or language chosen instead of the one the
/// query names; the other filters hold. Kinds, topics and languages come most frequent first, years newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub kinds: Vec<(Kind, usize)>,
    pub topics: Vec<(String, usize)>,
    /// Those who occur most often.
    pub persons: Vec<(String, usize)>,
    pub years: Vec<(i16, usize)>,
    pub languages: Vec<(String, usize)>,
}

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("The search index cannot be read or written")]
    Index(#[from] tantivy::TantivyError),
    #[error("The folder of the search index cannot be used")]
    Folder(#[from] std::io::Error),
    #[error("Another process is writing the search index")]
    Busy,
    #[error("Changes since the last commit are lost; they must be fed again from the committed sequence on")]
    Lost,
}

impl From<tantivy::directory::error::OpenReadError> for SearchError {
    fn from(error: tantivy::directory::error::OpenReadError) -> Self {
        Self::Index(error.into())
    }
}
