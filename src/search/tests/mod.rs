//! What a reader notices.

mod asking;
mod judged;
mod keeping;
mod naughty;
mod reading;

use super::{Answer, Document, Index, Query};
use crate::domain::clock::ManualClock;
use crate::domain::{Id, Kind, Timestamp};

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    at("2026-01-15T12:00:00Z")
}

pub fn new_id() -> Id {
    Id::new(&ManualClock::at(now()))
}

pub fn document(language: &str, title: &str, body: &str) -> Document {
    Document {
        id: new_id(),
        kind: Kind::Release,
        language: language.into(),
        title: title.into(),
        sub: vec![],
        body: body.into(),
        side: vec![],
        persons: vec![],
        topics: vec![],
        date: at("2025-11-07T09:00:00Z"),
        days: vec![],
        public_from: at("2025-11-07T09:00:00Z"),
    }
}

pub fn query(text: &str) -> Query {
    Query { text: text.into(), reader_language: "de".into(), count: true, ..Query::everything(now()) }
}

pub fn index(documents: &[Document]) -> Index {
    let index = Index::in_memory().unwrap();
    for document in documents {
        index.put(document).unwrap();
    }
    index.commit(1).unwrap();
    index
}

pub fn titles(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.title.text.as_str()).collect()
}

/// The titles a query finds, best first.
pub fn found(index: &Index, text: &str) -> Vec<String> {
    titles(&index.search(&query(text)).unwrap()).into_iter().map(str::to_owned).collect()
}
