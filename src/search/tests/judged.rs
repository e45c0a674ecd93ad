//! What readers of many languages look for: a guard against changes that make answers worse. The searches stand in
//! `tests/judged`, which says how they are written.

use std::collections::HashMap;

use super::*;

/// Name, language, text and the share of searches that must find what they mean; in percent.
const SETS: &[(&str, &str, usize)] = &[
    ("de", include_str!("../../../tests/judged/de.txt"), 95),
    ("en", include_str!("../../../tests/judged/en.txt"), 97),
    ("fr", include_str!("../../../tests/judged/fr.txt"), 95),
    ("es", include_str!("../../../tests/judged/es.txt"), 95),
    ("it", include_str!("../../../tests/judged/it.txt"), 95),
    ("nl", include_str!("../../../tests/judged/nl.txt"), 95),
    ("pt", include_str!("../../../tests/judged/pt.txt"), 95),
    ("sv", include_str!("../../../tests/judged/sv.txt"), 95),
    ("ar", include_str!("../../../tests/judged/ar.txt"), 95),
    ("zh", include_str!("../../../tests/judged/zh.txt"), 95),
    ("ja", include_str!("../../../tests/judged/ja.txt"), 95),
];

const FRESH_GERMAN: &str = include_str!("../../../tests/judged/fresh/de.txt");

/// Asked anew by somebody who had not seen the engine, of the releases above and of new ones. What they do not find
/// stays in. The last file asks, those before it bring releases.
const FRESH: &[(&str, &[&str], usize)] = &[
    ("de", &[FRESH_GERMAN], 90),
    ("de", &[FRESH_GERMAN, include_str!("../../../tests/judged/reworded/de.txt")], 97),
    ("en", &[include_str!("../../../tests/judged/fresh/en.txt")], 97),
    ("fr", &[include_str!("../../../tests/judged/fresh/fr.txt")], 95),
    ("es", &[include_str!("../../../tests/judged/fresh/es.txt")], 95),
    ("ar", &[include_str!("../../../tests/judged/fresh/ar.txt")], 95),
    ("ja", &[include_str!("../../../tests/judged/fresh/ja.txt")], 95),
];

struct Judged {
    language: &'static str,
    text: &'static str,
    title: &'static str,
}

/// Titles by their keys.
type Titles = HashMap<&'static str, &'static str>;

fn read(language: &'static str, file: &'static str, titles: &mut Titles) -> (Vec<Document>, Vec<Judged>) {
    let (mut documents, mut searches): (Vec<Document>, Vec<Judged>) = (vec![], vec![]);
    let mut title = "";
    for line in file.lines() {
        if let Some(head) = line.strip_prefix("= ") {
            match head.split_once(" | ") {
                Some((key, new)) => {
                    title = new;
                    titles.insert(key, title);
                    documents.push(document(language, title, ""));
                }
                None => title = titles[head],
            }
        } else if let Some(search) = line.strip_prefix("? ") {
            let text = search.split(" > ").next().unwrap();
            searches.push(Judged { language, text, title });
        } else if let Some(last) = documents.last_mut() {
            line.clone_into(&mut last.body);
        }
    }
    (documents, searches)
}

/// The searches that do not find what they mean among the first three.
fn missed(index: &Index, searches: &[Judged]) -> Vec<(&'static str, Option<String>)> {
    let mut missed = vec![];
    for judged in searches {
        let query = Query { reader_language: judged.language.to_owned(), ..query(judged.text) };
        let answer = index.search(&query).unwrap();
        let found = titles(&answer);
        if !found.iter().take(3).any(|title| *title == judged.title) {
            missed.push((judged.text, found.first().map(|title| (*title).to_owned())));
        }
    }
    missed
}

#[test]
fn readers_of_each_language_find_what_they_mean() {
    for (language, file, floor) in SETS {
        let (documents, searches) = read(language, file, &mut Titles::new());
        assert!(searches.len() >= 20, "{language}");
        let missed = missed(&index(&documents), &searches);
        let passed = searches.len() - missed.len();
        assert!(
            passed * 100 >= floor * searches.len(),
            "{language}: {passed} of {}: {missed:#?}",
            searches.len()
        );
    }
}

#[test]
fn what_is_asked_anew_is_found() {
    for (language, files, floor) in FRESH {
        let (_, asked_before, _) = SETS.iter().find(|(known, ..)| known == language).unwrap();
        let mut titles = Titles::new();
        let (mut documents, mut searches) = read(language, asked_before, &mut titles);
        for file in *files {
            let (more, asked) = read(language, file, &mut titles);
            documents.extend(more);
            searches = asked;
        }
        let missed = missed(&index(&documents), &searches);
        let passed = searches.len() - missed.len();
        assert!(
            passed * 100 >= floor * searches.len(),
            "{language}: {passed} of {}: {missed:#?}",
            searches.len()
        );
    }
}

#[test]
fn languages_do_not_stand_in_each_others_way() {
    let mut documents = vec![];
    let mut searches = vec![];
    for (language, file, _) in SETS {
        let (more, asked) = read(language, file, &mut Titles::new());
        documents.extend(more);
        searches.extend(asked);
    }
    let missed = missed(&index(&documents), &searches);
    assert!(missed.len() * 100 <= searches.len() * 12, "{} of {}: {missed:#?}", missed.len(), searches.len());
}
