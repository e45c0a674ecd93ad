//! The direction of dependencies and the size of files, which the compiler does not guard inside one crate.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::harness::files_under;

/// What rooms may use beside what the map in the crate's documentation allows: neighbours of their own layer, and
/// the operator's settings, which stand outside the layers.
const ALSO: &[(&str, &[&str])] = &[
    ("config", &["domain"]),
    ("kit", &["feed", "text", "i18n"]),
    ("feed", &["text", "i18n"]),
    ("search", &["text", "i18n"]),
    ("manuscript", &["text"]),
    ("newsroom", &["config"]),
    ("jobs", &["config"]),
    ("web", &["config"]),
    ("bundle", &["config"]),
    ("backup", &["config"]),
    ("demo", &["config", "bundle"]),
    ("site", &["config", "web", "app"]),
    ("cli", &["config", "bundle", "backup", "demo", "site", "web", "app"]),
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

/// The layers of the map `a, b ─► c ─► d` in the crate's documentation, from the top.
fn layers() -> Vec<Vec<String>> {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let map =
        docs.lines().filter_map(|line| line.strip_prefix("//! ")).find(|line| line.matches("─►").count() > 1);
    let map = map.expect("src/lib.rs documents the layers as `a, b ─► c ─► d`");
    map.split("─►").map(|layer| layer.split(',').map(|room| room.trim().to_owned()).collect()).collect()
}

fn may_use(layers: &[Vec<String>], room: &str, used: &str) -> bool {
    let depth = |name: &str| layers.iter().position(|layer| layer.iter().any(|each| each == name));
    let below = depth(room).zip(depth(used)).is_some_and(|(from, to)| from < to);
    below || ALSO.iter().any(|(of, also)| *of == room && also.contains(&used))
}

#[test]
fn dependencies_point_one_way() {
    let layers = layers();
    let mut wrong = Vec::new();
    let rooms: BTreeSet<String> =
        layers.iter().flatten().cloned().chain(["config", "app"].map(str::to_owned)).collect();
    for path in source_files() {
        let name = under_src(&path);
        let room = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        // Tests may set a scene with whatever helps.
        if ["lib", "main", "app"].contains(&room.as_str()) || name.ends_with("tests.rs") {
            continue;
        }
        if !rooms.contains(&room) {
            wrong.push(format!("src/{name}:1: `{room}` is not on the map in src/lib.rs"));
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for (line, code) in statements(&source) {
            for used in rooms_named(&code) {
                if rooms.contains(&used) && used != room && !may_use(&layers, &room, &used) {
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
