//! Who did what to a record, newest first, with what changed.

use serde_json::Value;

use super::conflict::{action_name, deed_of, known_label, who};
use super::desk::{Desk, DeskResult, Section, Shell, parse_id};
use super::told::{self, Names};
use super::when;
use crate::domain::Id;
use crate::domain::asset::Asset;
use crate::domain::release::{Release, ReleaseState};
use crate::newsroom::content;
use crate::store::audit::{self, Entry};
use crate::web::extract::UrlPath;

const ENTRIES: i64 = 100;
/// One piece of a changed text.
pub struct Piece {
    pub text: String,
    pub is_gone: bool,
    pub is_new: bool,
}

pub struct Change {
    pub label: String,
    pub pieces: Vec<Piece>,
}

pub struct Deed {
    pub who: String,
    pub when: String,
    pub action: String,
    pub version: String,
    /// The form with the text of this version in it; empty for the present one.
    pub form_url: String,
    pub changes: Vec<Change>,
}

#[derive(askama::Template)]
#[template(path = "admin/history.html")]
struct HistoryPage {
    shell: Shell,
    back: String,
    deeds: Vec<Deed>,
}

pub async fn release(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let id = parse_id(&id)?;
    let release: Release = content::get(desk.ctx(), id).await?;
    let back = format!("/admin/releases/{id}");
    let forms = Some((back.clone(), release.version));
    page(&desk, id, release.headline, back, forms, Section::Releases).await
}

pub async fn asset(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let id = parse_id(&id)?;
    let asset: Asset = content::get(desk.ctx(), id).await?;
    page(&desk, id, asset.file_name, format!("/admin/photos/{id}"), None, Section::Photos).await
}

/// `forms`: where earlier versions can be taken up again, and which one is the present.
async fn page(
    desk: &Desk,
    id: Id,
    title: String,
    back: String,
    forms: Option<(String, i64)>,
    section: Section,
) -> DeskResult {
    let entries = audit::of_record(&desk.ctx().db, id, ENTRIES).await?;
    let names = Names::of(desk, &entries).await?;
    let deeds = entries.iter().map(|entry| deed(desk, &names, entry, forms.as_ref())).collect();
    desk.page(&HistoryPage { shell: desk.shell(title, section), back, deeds })
}

fn deed(desk: &Desk, names: &Names, entry: &Entry, forms: Option<&(String, i64)>) -> Deed {
    let version = entry.after.as_ref().and_then(|after| after.get("version")).and_then(Value::as_i64);
    Deed {
        who: who(desk.lang, &entry.actor),
        when: when::short(desk.lang, entry.at, desk.zone()),
        action: match recipient(entry).or_else(|| review_note(entry)) {
            Some(more) => format!("{}: {more}", action_name(desk.lang, deed_of(entry))),
            None => action_name(desk.lang, deed_of(entry)),
        },
        form_url: match (version, forms) {
            (Some(version), Some((form, present))) if version < *present => {
                format!("{form}?version={version}")
            }
            _ => String::new(),
        },
        version: version.map_or_else(String::new, |version| version.to_string()),
        changes: changes(desk, names, entry),
    }
}

/// For whom a link to the preview was.
fn recipient(entry: &Entry) -> Option<&str> {
    let link = entry.after.as_ref().or(entry.before.as_ref())?;
    link.get("recipient").and_then(Value::as_str).filter(|recipient| !recipient.is_empty())
}

/// Why it was given back to who wrote it.
fn review_note(entry: &Entry) -> Option<&str> {
    let review = entry.after.as_ref().filter(|_| entry.action == "return")?.get("review")?;
    review.get("note").and_then(Value::as_str)
}

fn changes(desk: &Desk, names: &Names, entry: &Entry) -> Vec<Change> {
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (&entry.before, &entry.after) else {
        return Vec::new();
    };
    let is_out = after.get("state").and_then(Value::as_str) == Some(ReleaseState::Published.as_str());
    let mut changes = Vec::new();
    for (field, new) in after {
        // What is only planned has its moment in the plan.
        if field == "published_at" && !is_out {
            continue;
        }
        let old = before.get(field).unwrap_or(&Value::Null);
        // A description is a record of its own: its fields are what people edit.
        if let (Value::Object(old), Value::Object(new)) = (old, new)
            && field == "description"
        {
            for (field, new) in new {
                changes.extend(change(desk, names, field, old.get(field).unwrap_or(&Value::Null), new));
            }
            continue;
        }
        changes.extend(change(desk, names, field, old, new));
    }
    changes
}

/// What changed in a field that people know; the others change with every write and say nothing.
fn change(desk: &Desk, names: &Names, field: &str, old: &Value, new: &Value) -> Option<Change> {
    if old == new {
        return None;
    }
    let label = known_label(desk.lang, field)?;
    let (old, new) = (names.told(desk, field, old), names.told(desk, field, new));
    let pieces = if told::is_list(field) { line_pieces(&old, &new) } else { pieces(&old, &new) };
    Some(Change { label, pieces: apart(pieces) })
}

/// What went and what came do not run into each other where no space was between them.
fn apart(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let touches =
            out.last().is_some_and(|last| last.is_gone && !last.text.ends_with(char::is_whitespace));
        if touches && piece.is_new {
            push(&mut out, " ", false, false);
        }
        out.push(piece);
    }
    out
}

/// Words of context that stay beside a change in a long text.
const CONTEXT_WORDS: usize = 12;
/// Longer texts are compared by their middle part only as a whole: the table of the comparison grows with
/// the product of both lengths.
const MAX_CELLS: usize = 4_000_000;

/// The difference of two texts, word by word.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    difference(&words(old), &words(new))
}

/// The difference of two lists with a thing on each line.
fn line_pieces(old: &str, new: &str) -> Vec<Piece> {
    // Each ends its line, the last one too, so that it is the same wherever it stands.
    let ended = |text: &str| if text.is_empty() { String::new() } else { format!("{text}\n") };
    let (old, new) = (ended(old), ended(new));
    difference(&old.split_inclusive('\n').collect::<Vec<_>>(), &new.split_inclusive('\n').collect::<Vec<_>>())
}

fn difference(a: &[&str], b: &[&str]) -> Vec<Piece> {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a_rest, b_rest) = (&a[start..], &b[start..]);
    let end = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a_mid, b_mid) = (&a_rest[..a_rest.len() - end], &b_rest[..b_rest.len() - end]);

    let mut pieces = Vec::new();
    push(&mut pieces, &shorten_start(&a[..start]), false, false);
    if a_mid.len().saturating_mul(b_mid.len()) > MAX_CELLS {
        push(&mut pieces, &a_mid.concat(), true, false);
        push(&mut pieces, &b_mid.concat(), false, true);
    } else {
        for (word, is_gone, is_new) in compare(a_mid, b_mid) {
            push(&mut pieces, word, is_gone, is_new);
        }
    }
    push(&mut pieces, &shorten_end(&a_rest[a_rest.len() - end..]), false, false);
    pieces
}

/// Words with the space that follows them.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

fn shorten_start(words: &[&str]) -> String {
    match words.len().checked_sub(CONTEXT_WORDS) {
        Some(cut) if cut > 0 => format!("… {}", words[cut..].concat()),
        _ => words.concat(),
    }
}

fn shorten_end(words: &[&str]) -> String {
    if words.len() > CONTEXT_WORDS {
        format!("{}…", words[..CONTEXT_WORDS].concat())
    } else {
        words.concat()
    }
}

fn push(pieces: &mut Vec<Piece>, text: &str, is_gone: bool, is_new: bool) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.is_gone == is_gone && last.is_new == is_new => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), is_gone, is_new }),
    }
}

/// The longest common subsequence, told as (word, gone, new).
fn compare<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<(&'a str, bool, bool)> {
    let width = b.len() + 1;
    let mut table = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::with_capacity(a.len() + b.len()));
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            out.push((a[i], false, false));
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            out.push((a[i], true, false));
            i += 1;
        } else {
            out.push((b[j], false, true));
            j += 1;
        }
    }
    out.extend(a[i..].iter().map(|word| (*word, true, false)));
    out.extend(b[j..].iter().map(|word| (*word, false, true)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        pieces(old, new)
            .iter()
            .map(|piece| match (piece.is_gone, piece.is_new) {
                (true, _) => format!("[-{}-]", piece.text),
                (_, true) => format!("[+{}+]", piece.text),
                _ => piece.text.clone(),
            })
            .collect()
    }

    #[test]
    fn a_changed_word_is_shown_as_such() {
        assert_eq!(
            told("Die Messe beginnt am Montag um zehn", "Die Messe beginnt am Dienstag um zehn"),
            "Die Messe beginnt am [-Montag -][+Dienstag +]um zehn"
        );
        assert_eq!(told("", "neu"), "[+neu+]");
        assert_eq!(told("a b c", "a c"), "a [-b -]c");
    }

    #[test]
    fn the_things_of_a_list_come_and_go_as_wholes() {
        let told: Vec<_> = line_pieces("Halle Nord\nBühne", "Halle Süd\nBühne\nFoyer")
            .into_iter()
            .map(|piece| (piece.text, piece.is_gone, piece.is_new))
            .collect();
        let piece = |text: &str, is_gone, is_new| (text.to_owned(), is_gone, is_new);
        assert_eq!(
            told,
            [
                piece("Halle Nord\n", true, false),
                piece("Halle Süd\n", false, true),
                piece("Bühne\n", false, false),
                piece("Foyer\n", false, true)
            ]
        );
    }

    #[test]
    fn the_unchanged_rest_of_a_long_text_is_left_out() {
        let long = "wort ".repeat(100);
        let shown = told(&format!("{long}alt {long}"), &format!("{long}neu {long}"));
        assert!(shown.contains("[-alt -][+neu +]") && shown.len() < 250, "{shown}");
    }
}
