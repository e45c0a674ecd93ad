//! Embargo, withdrawal, restarts, damage.

use std::path::{Path, PathBuf};

use super::super::Suggestions;
use super::super::{Document, SearchError};
use super::*;

fn embargoed() -> Document {
    Document {
        public_from: at("2026-01-15T12:00:00.000001Z"),
        topics: vec!["geheim".into()],
        persons: vec!["Geheime Person".into()],
        language: "en".into(),
        kind: Kind::Event,
        date: at("2027-01-01T00:00:00Z"),
        ..document("de", "Übernahmeangebot", "Übernahmeangebot Fusionsvertrag")
    }
}

#[test]
fn nothing_under_embargo_influences_an_answer() {
    let secret = embargoed();
    let index = index(&[document("de", "Messe", "Messe in Berlin"), secret.clone()]);
    for text in [
        "",
        "Übernahmeangebot",
        "Übernahmeangebt",
        "übernahmea",
        "\"Übernahmeangebot\"",
        "-messe",
        "Messe Fusionsvertrag",
    ] {
        let answer = index.search(&query(text)).unwrap();
        assert!(answer.hits.iter().all(|hit| hit.id != secret.id), "{text}");
        assert!(answer.total <= 1, "{text}");
        assert!(answer.facets.kinds.iter().all(|(kind, _)| *kind == Kind::Release), "{text}");
        assert!(answer.facets.topics.is_empty() && answer.facets.years.iter().all(|(year, _)| *year == 2025));
        assert_eq!(answer.correction, None, "{text}");
    }
    assert!(index.related(secret.id, "en", now(), 5).unwrap().is_empty());
    // The same document a moment later.
    let later = Query { now: at("2026-01-15T12:00:00.000001Z"), ..query("Übernahmeangebot") };
    assert_eq!(index.search(&later).unwrap().total, 1);
}

#[test]
fn suggestions_know_nothing_that_is_not_public() {
    let far = Document { public_from: at("2999-01-01T00:00:00Z"), ..embargoed() };
    let index = index(&[document("de", "Messe", "Messe"), far]);
    for prefix in ["über", "geheim", "fusion"] {
        assert!(index.suggest(prefix, "de", now(), 5).unwrap() == Suggestions::default(), "{prefix}");
    }
}

#[test]
fn what_is_withdrawn_is_gone_from_suggestions_and_corrections_too() {
    let release = document("de", "Werksschließung", "Werksschließung in Kassel");
    let index = index(&[release.clone(), document("de", "Messe", "Messe")]);
    assert_eq!(index.suggest("werkss", "de", now(), 5).unwrap().words, ["Werksschließung"]);
    index.remove(release.id).unwrap();
    index.commit(2).unwrap();
    assert!(found(&index, "Werksschließung").is_empty());
    assert!(index.suggest("werkss", "de", now(), 5).unwrap() == Suggestions::default());
    assert_eq!(index.search(&query("Werksschliesung")).unwrap().correction, None);
    assert_eq!(index.document_count(), 1);
}

#[test]
fn a_document_is_replaced_by_its_id() {
    let mut release = document("de", "Entwurf", "alt");
    let index = index(&[release.clone()]);
    release.title = "Endfassung".into();
    index.put(&release).unwrap();
    index.put(&release).unwrap();
    assert!(found(&index, "Endfassung").is_empty(), "not before the commit");
    index.commit(2).unwrap();
    assert_eq!(found(&index, "Endfassung"), ["Endfassung"]);
    assert!(found(&index, "Entwurf").is_empty());
    assert_eq!((index.document_count(), index.sequence()), (1, 2));
    index.clear().unwrap();
    assert_eq!((index.document_count(), index.sequence()), (0, 0));
}

fn filled(dir: &Path) {
    let index = Index::open(dir).unwrap();
    assert_eq!(index.sequence(), 0);
    for number in 0..50 {
        index.put(&document("de", &format!("Messe {number}"), "Fachmesse in München")).unwrap();
    }
    index.commit(41).unwrap();
    index.put(&document("de", "Nachzügler", "Text")).unwrap();
    index.commit(42).unwrap();
}

#[test]
fn a_restart_goes_on_where_the_last_commit_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("search");
    filled(&path);
    let index = Index::open(&path).unwrap();
    assert_eq!((index.sequence(), index.document_count()), (42, 51));
    assert_eq!(found(&index, "nachzügler"), ["Nachzügler"]);
    assert!(!path.with_file_name("search.set-aside").exists());
}

fn segment_files(path: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|extension| extension != "json" && extension != "lock"))
        .collect();
    files.sort();
    files
}

/// Damages a filled index and sees that an empty one that works takes its place.
fn heals_after(damage: impl Fn(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("search");
    filled(&path);
    damage(&path);
    let index = Index::open(&path).unwrap();
    assert_eq!((index.sequence(), index.document_count()), (0, 0));
    assert!(path.with_file_name("search.set-aside").exists());
    index.put(&document("de", "Neuanfang", "Text")).unwrap();
    index.commit(7).unwrap();
    assert_eq!(found(&index, "neuanfang"), ["Neuanfang"]);
    drop(index);
    assert_eq!(Index::open(&path).unwrap().sequence(), 7);
}

#[test]
fn any_damaged_file_leads_to_a_fresh_index() {
    let dir = tempfile::tempdir().unwrap();
    let probe = dir.path().join("search");
    filled(&probe);
    let kinds: std::collections::BTreeSet<String> = segment_files(&probe)
        .iter()
        .filter_map(|file| file.extension())
        .map(|extension| extension.to_string_lossy().into_owned())
        .collect();
    assert!(kinds.len() >= 5, "{kinds:?}");
    for kind in kinds {
        let victim = |path: &Path| {
            segment_files(path)
                .into_iter()
                .find(|file| file.extension().is_some_and(|e| *e == *kind))
                .unwrap()
        };
        heals_after(|path| {
            let file = victim(path);
            let bytes = std::fs::read(&file).unwrap();
            std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        });
        heals_after(|path| {
            let file = victim(path);
            let mut bytes = std::fs::read(&file).unwrap();
            bytes[0] ^= 0x55;
            std::fs::write(&file, bytes).unwrap();
        });
        heals_after(|path| std::fs::remove_file(victim(path)).unwrap());
    }
}

#[test]
fn foreign_and_outdated_folders_are_set_aside() {
    heals_after(|path| std::fs::write(path.join("meta.json"), "{").unwrap());
    heals_after(|path| {
        std::fs::remove_dir_all(path).unwrap();
        std::fs::create_dir(path).unwrap();
        std::fs::write(path.join("notes.txt"), "no index").unwrap();
    });
    heals_after(|path| {
        let meta = std::fs::read_to_string(path.join("meta.json")).unwrap();
        std::fs::write(
            path.join("meta.json"),
            meta.replace("\\\"format\\\":\\\"6-", "\\\"format\\\":\\\"0-"),
        )
        .unwrap();
    });
}

#[test]
fn a_folder_another_process_writes_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let first = Index::open(dir.path()).unwrap();
    first.put(&document("de", "Eins", "Text")).unwrap();
    first.commit(1).unwrap();
    let second = Index::open(dir.path()).unwrap();
    assert_eq!(found(&second, "eins"), ["Eins"]);
    assert!(matches!(second.put(&document("de", "Zwei", "Text")), Err(SearchError::Busy)));
    first.put(&document("de", "Drei", "Text")).unwrap();
    first.commit(2).unwrap();
    assert_eq!(first.document_count(), 2);
}

#[test]
fn many_small_commits_become_few_segments_before_the_index_rests() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    let mut releases: Vec<Document> =
        (0..30).map(|number| document("de", &format!("Messe {number}"), "Fachmesse in München")).collect();
    for (sequence, release) in (1..).zip(&releases) {
        index.put(release).unwrap();
        index.commit(sequence).unwrap();
    }
    for (sequence, release) in (31..).zip(&mut releases[..15]) {
        release.title = "Tagung".to_owned();
        index.put(release).unwrap();
        index.commit(sequence).unwrap();
    }
    while !index.rest().unwrap() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let stores = segment_files(dir.path()).iter().filter(|file| file.extension().unwrap() == "store").count();
    assert!(stores < 4, "{stores} segments, or files of segments that are no more");
    assert_eq!((index.sequence(), index.document_count()), (45, 30));
    assert_eq!((found(&index, "Tagung").len(), found(&index, "Messe").len()), (10, 10));
    assert_eq!(index.search(&query("Tagung")).unwrap().total, 15);
    // It goes on after the rest.
    index.put(&document("de", "Nachzügler", "Text")).unwrap();
    index.commit(46).unwrap();
    assert_eq!(found(&index, "nachzügler"), ["Nachzügler"]);
}
