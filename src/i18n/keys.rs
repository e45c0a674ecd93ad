//! Every text key that templates and code use exists in every language, and none lies unused.

use super::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The calls that take a key as their first argument.
const CALLS: [&str; 3] = [".t(\"", ".t_args(\"", ".count(\""];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

/// The keys of each language, from `<language>.ftl` and, where the desk is written in it, `<language>/desk.ftl`.
fn keys_by_language() -> BTreeMap<String, BTreeSet<String>> {
    let locales = root().join("src/i18n/locales");
    let mut files = Vec::new();
    files_below(&locales, "ftl", &mut files);
    let mut languages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&locales).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let language = first.trim_end_matches(".ftl").to_owned();
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some((key, _)) = line.split_once('=') else { continue };
            if key.starts_with(|c: char| c.is_ascii_lowercase()) {
                let fresh = languages.entry(language.clone()).or_default().insert(key.trim().to_owned());
                assert!(fresh, "{} names `{}` twice", file.display(), key.trim());
            }
        }
    }
    languages
}

/// The text of every template and source file, without the tests of this room.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    files_below(&root().join("templates"), "html", &mut files);
    files_below(&root().join("src"), "rs", &mut files);
    files
        .into_iter()
        .filter(|path| !path.ends_with("i18n/keys.rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn every_language_has_the_same_keys() {
    let languages = keys_by_language();
    let desk: Vec<&str> = Lang::DESK.iter().map(|lang| lang.tag()).collect();
    let all: BTreeSet<_> = languages.values().flatten().collect();
    let of_the_site = |key: &str| !key.starts_with("desk-");
    for (language, keys) in &languages {
        let is_wanted = |key: &str| of_the_site(key) || desk.contains(&language.as_str());
        let missing: Vec<_> = all.iter().filter(|key| is_wanted(key) && !keys.contains(**key)).collect();
        assert!(missing.is_empty(), "{language} lacks {missing:?}");
    }
    assert_eq!(languages.len(), Lang::ALL.len());
}

#[test]
fn every_used_key_exists() {
    let languages = keys_by_language();
    let keys = &languages["en"];
    let mut missing = BTreeSet::new();
    for (path, text) in sources() {
        for call in CALLS {
            for (at, _) in text.match_indices(call) {
                let rest = &text[at + call.len()..];
                let key = rest.split('"').next().unwrap();
                if !keys.contains(key) {
                    missing.insert(format!("{key} in {}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_key_lies_unused() {
    let languages = keys_by_language();
    let sources = sources();
    let unused: Vec<_> = languages["en"]
        .iter()
        .filter(|key| {
            let quoted = format!("\"{key}\"");
            !sources.iter().any(|(_, text)| text.contains(&quoted))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}
