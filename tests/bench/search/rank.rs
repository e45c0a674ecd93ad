//! Answers judged queries.

use std::collections::HashMap;

use pressroom::search::Index;
use serde_json::json;

use super::corpus::{Asked, Written, document, lines, query};

pub fn run(documents: &str, queries: &str) {
    let index = Index::in_memory().unwrap();
    let mut names = HashMap::new();
    for written in lines::<Written>(documents) {
        let name = written.id.clone();
        let document = document(written);
        names.insert(document.id, name);
        index.put(&document).unwrap();
    }
    index.commit(1).unwrap();
    for asked in lines::<Asked>(queries) {
        let mut question = query(&asked);
        question.limit = 100;
        let answer = index.search(&question).unwrap();
        let hits: Vec<&String> = answer.hits.iter().map(|hit| &names[&hit.id]).collect();
        println!("{}", json!({ "id": asked.id, "hits": hits, "correction": answer.correction }));
    }
}
