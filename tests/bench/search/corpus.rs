//! Documents and queries as they stand in files.

use std::fs::File;
use std::io::{BufRead, BufReader};

use pressroom::domain::clock::SystemClock;
use pressroom::domain::{Id, Kind, Timestamp};
use pressroom::search::{Document, Query};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Written {
    pub id: String,
    pub lang: String,
    pub title: String,
    #[serde(default)]
    pub sub: Vec<String>,
    pub body: String,
    #[serde(default)]
    pub side: Vec<String>,
    #[serde(default)]
    pub persons: Vec<String>,
    #[serde(default)]
    pub topics: Vec<String>,
    #[serde(default)]
    pub date: Option<Timestamp>,
}

#[derive(Deserialize, Clone)]
pub struct Asked {
    #[serde(default)]
    pub id: String,
    pub lang: String,
    pub text: String,
}

pub fn lines<T: serde::de::DeserializeOwned>(path: &str) -> impl Iterator<Item = T> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    BufReader::new(file).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

pub fn document(written: Written) -> Document {
    let date = written.date.unwrap_or_else(|| "2025-11-07T09:00:00Z".parse().unwrap());
    Document {
        id: Id::new(&SystemClock),
        kind: Kind::Release,
        language: written.lang,
        title: written.title,
        sub: written.sub,
        body: written.body,
        side: written.side,
        persons: written.persons,
        topics: written.topics,
        date,
        days: vec![],
        public_from: date,
    }
}

pub fn now() -> Timestamp {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

pub fn query(asked: &Asked) -> Query {
    Query { text: asked.text.clone(), reader_language: asked.lang.clone(), ..Query::everything(now()) }
}
