//! The direction of dependencies and the size of files, which the compiler does not guard inside one crate.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::harness::files_under;

/// What each room may use besides itself. `app` and `main` build everything and may use everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &["domain"]),
    ("i18n", &["domain"]),
    ("config", &["domain"]),
    ("store", &["domain", "config"]),
    ("blob", &["domain", "config"]),
    ("media", &["domain"]),
    ("kit", &["domain", "i18n", "text"]),
    ("search", &["domain", "text"]),
    ("feed", &["domain", "text", "i18n"]),
    ("newsroom", &["domain", "store", "blob", "media", "kit", "search", "feed", "text", "i18n", "config"]),
    (
        "bundle",
        &["domain", "newsroom", "store", "blob", "media", "kit", "search", "feed", "text", "i18n", "config"],
    ),
    (
        "jobs",
        &["domain", "newsroom", "store", "blob", "media", "kit", "search", "feed", "text", "i18n", "config"],
    ),
    (
        "web",
        &[
            "domain", "newsroom", "store", "blob", "media", "kit", "search", "feed", "text", "i18n",
            "config", "app",
        ],
    ),
    (
        "cli",
        &[
            "domain", "newsroom", "bundle", "store", "blob", "media", "kit", "search", "feed", "text",
            "i18n", "config", "app", "web", "jobs",
        ],
    ),
];

const LINES_AT_MOST: usize = 600;

fn source_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    files_under(&root).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs")).collect()
}

fn under_src(path: &Path) -> String {
    path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

/// The rooms that a line of code names: `crate::store::…` gives `store`, `crate::{blob::…, store}` both.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            let mut at_start = true;
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => at_start = true,
                    c if depth == 0 && at_start && (c.is_alphanumeric() || c == '_') => {
                        word.push(c);
                        continue;
                    }
                    c if c.is_whitespace() => continue,
                    _ => at_start = at_start && word.is_empty(),
                }
                if !word.is_empty() {
                    rooms.insert(std::mem::take(&mut word));
                    at_start = c == ',' && depth == 0;
                }
            }
            if !word.is_empty() {
                rooms.insert(word);
            }
        } else {
            rooms.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms
}

/// Statements with the line they begin at: a `use` may spread over lines. Comments are dropped.
fn statements(source: &str) -> Vec<(usize, String)> {
    let mut statements = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let (begun, mut text) = open.take().unwrap_or((index + 1, String::new()));
        text.push_str(code);
        let braces = text.matches('{').count() > text.matches('}').count();
        if text.contains("crate::{") && braces {
            open = Some((begun, text));
        } else {
            statements.push((begun, text));
        }
    }
    statements.extend(open);
    statements
}

#[test]
fn dependencies_point_one_way() {
    let mut wrong = Vec::new();
    let known: BTreeSet<_> = MAY_USE.iter().map(|(room, _)| *room).chain(["app"]).collect();
    for path in source_files() {
        let name = under_src(&path);
        let room = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        if ["lib", "main", "app"].contains(&room.as_str()) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(of, _)| *of == room) else {
            wrong.push(format!("src/{name}:1: the room `{room}` is not in the table of allowed edges"));
            continue;
        };
        let source = std::fs::read_to_string(&path).unwrap();
        for (line, code) in statements(&source) {
            for used in rooms_named(&code) {
                if known.contains(used.as_str()) && used != room && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("src/{name}:{line}: `{room}` must not use `{used}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_scanner_sees_every_way_to_name_a_room() {
    let named = |code: &str| rooms_named(code).into_iter().collect::<Vec<_>>();
    assert_eq!(named("use crate::store::Db;"), ["store"]);
    assert_eq!(named("let x = crate::blob::Key::new(crate::domain::Id::nil());"), ["blob", "domain"]);
    assert_eq!(
        named("use crate::{domain::{Id, release::Release}, store, web::page as p};"),
        ["domain", "store", "web"]
    );
    assert_eq!(named("use other_crate::store;"), Vec::<String>::new());
    assert_eq!(statements("use crate::{\n    a::B, // c\n    d,\n};\nx").len(), 2);
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let too_long: Vec<_> = source_files()
        .into_iter()
        .map(|path| (std::fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > LINES_AT_MOST)
        .map(|(lines, path)| format!("src/{}: {lines} lines, {LINES_AT_MOST} at most", under_src(&path)))
        .collect();
    assert!(too_long.is_empty(), "\n{}", too_long.join("\n"));
}
