//! Full-text search over what is public: a reader types the words they think of, in German or English, and finds
//! the release.
//!
//! The index is a follower of the change log and can be rebuilt from it at any time; it holds nothing that is not
//! in the database. Who feeds it puts only what is public, and every answer is filtered by `public_from` again.
//!
//! Text is cut by [`tokenizer`], folded by [`fold`], stemmed per [`language`] and taken apart by [`compound`];
//! [`query`] turns a reader's words into index queries, [`highlight`] shows where they matched.

mod analysis;
mod collect;
mod compound;
mod fold;
#[cfg(test)]
mod fuzz_tests;
mod german;
mod highlight;
mod index;
mod input;
mod language;
mod number;
mod query;
mod recovery;
mod related;
mod schema;
mod suggest;
mod tokenizer;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::domain::{Id, Kind, Timestamp};

pub use index::Index;

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
    /// Before this moment no search shows it or counts it.
    pub public_from: Timestamp,
}

/// A reader's question.
#[derive(Debug, Clone)]
pub struct Query {
    /// Words, "phrases", -exclusions; any text is valid. Empty lists everything by date.
    pub text: String,
    /// Kinds wanted; empty means all.
    pub kinds: Vec<Kind>,
    /// Slug of the topic wanted.
    pub topic: Option<String>,
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
    pub offset: usize,
    pub limit: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// All documents that match, beyond this page.
    pub total: usize,
    pub hits: Vec<Hit>,
    pub facets: Facets,
    /// The query with words the index does not know put right ("did you mean").
    pub correction: Option<String>,
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

/// Plain text with the ranges that matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlighted {
    pub text: String,
    /// Byte ranges at character boundaries, ascending, without overlap.
    pub marks: Vec<Range<usize>>,
}

/// How many documents an answer would have with this kind, topic, year or language chosen instead of the one the
/// query names; the other filters hold. Kinds, topics and languages come most frequent first, years newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub kinds: Vec<(Kind, usize)>,
    pub topics: Vec<(String, usize)>,
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
