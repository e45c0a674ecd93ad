//! Every record against what the database says about it beside its document: columns, slugs, references,
//! jobs.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::CheckReport;
use super::blobs::Parts;
use crate::backup::Result;
use crate::backup::parts::parts_of;
use crate::domain::Kind;
use crate::domain::album::Album;
use crate::domain::asset::{Asset, AssetState};
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::newsroom::assets::{RENDER, RENDER_LATER, RenderPayload};
use crate::newsroom::renditions;
use crate::store::dump::{JsonRow, Table, read_table};
use crate::store::record::QUALITIES;
use crate::store::{Record, StoreError, Tx};

/// A reference as the link table has it: source, relation, target.
type Link = (String, String, String);

#[derive(Default)]
struct Tables {
    /// Owner by kind and slug.
    slugs: HashMap<(String, String), String>,
    links: HashSet<Link>,
    /// Assets for which a render job waits or runs.
    rendering: HashSet<String>,
}

/// What is gathered while records are read.
#[derive(Default)]
struct Found {
    /// Ids, and for topics the slugs by which they are named.
    names: HashSet<String>,
    /// What each reference was read from, in words.
    links: HashMap<Link, String>,
    parts: Parts,
}

/// Returns the blobs that the records name.
pub async fn check(tx: &mut Tx, report: &mut CheckReport) -> Result<Parts> {
    let tables = read_tables(tx, report).await?;
    let mut found = Found::default();
    each(tx, "record", |row| match Kind::parse(text(&row, "kind")) {
        Some(Kind::Release) => drop(inspect::<Release>(&row, &tables, &mut found, report)),
        Some(Kind::Contact) => drop(inspect::<Contact>(&row, &tables, &mut found, report)),
        Some(Kind::Album) => drop(inspect::<Album>(&row, &tables, &mut found, report)),
        Some(Kind::Topic) => drop(inspect::<Topic>(&row, &tables, &mut found, report)),
        Some(Kind::Event) => drop(inspect::<Event>(&row, &tables, &mut found, report)),
        Some(Kind::Asset) => {
            if let Some(asset) = inspect::<Asset>(&row, &tables, &mut found, report) {
                inspect_asset(&asset, &tables, &mut found, report);
            }
        }
        Some(Kind::Newsroom) | None => {
            report.findings.push(format!("record {}: It is of no known kind", text(&row, "id")));
        }
    })
    .await?;
    compare(&tables, &found, report);
    Ok(found.parts)
}

async fn each(tx: &mut Tx, table: &str, mut take: impl FnMut(JsonRow) + Send) -> Result<()> {
    let Some(table) = Table::by_name(table) else { return Ok(()) };
    read_table::<StoreError>(tx, table, |row| {
        take(row);
        Ok(())
    })
    .await?;
    Ok(())
}

async fn read_tables(tx: &mut Tx, report: &mut CheckReport) -> Result<Tables> {
    let mut tables = Tables::default();
    each(tx, "slug", |row| {
        let name = (text(&row, "kind").to_owned(), text(&row, "slug").to_owned());
        tables.slugs.insert(name, text(&row, "record_id").to_owned());
    })
    .await?;
    each(tx, "link", |row| {
        let part = |name| text(&row, name).to_owned();
        tables.links.insert((part("source"), part("rel"), part("target")));
    })
    .await?;
    each(tx, "job", |row| {
        let name = text(&row, "name");
        let payload: Option<RenderPayload> = serde_json::from_str(text(&row, "payload")).ok();
        match (text(&row, "state"), payload) {
            ("waiting" | "running", Some(payload)) if name == RENDER || name == RENDER_LATER => {
                tables.rendering.insert(payload.asset.to_string());
            }
            ("failed", payload) => {
                let about =
                    payload.map_or_else(String::new, |payload| format!(" of asset {}", payload.asset));
                report.notes.push(format!("the job `{name}`{about} failed: {}", text(&row, "error")));
            }
            _ => {}
        }
    })
    .await?;
    Ok(tables)
}

/// Reads a record's document and compares it with the columns beside it.
fn inspect<R: Record>(
    row: &JsonRow,
    tables: &Tables,
    found: &mut Found,
    report: &mut CheckReport,
) -> Option<R> {
    report.records += 1;
    let kind = R::KIND.as_str();
    let (id, slug) = (text(row, "id"), text(row, "slug"));
    let name = format!("{kind} `{slug}`");
    let record: R = match serde_json::from_str(text(row, "doc")) {
        Ok(record) => record,
        Err(error) => {
            report.findings.push(format!("{name}: Its document cannot be read: {error}"));
            return None;
        }
    };
    let columns = record.columns();
    let micros = |time: Option<crate::domain::Timestamp>| time.map(|time| time.as_microsecond());
    let number = |column: &str| row.get(column).and_then(Value::as_i64);
    let differing = [
        ("id", record.id().to_string() == id),
        ("slug", record.slug() == slug),
        ("state", columns.state == text(row, "state")),
        ("form", columns.form == text(row, "form")),
        ("language", columns.language == text(row, "language")),
        ("title", columns.title == text(row, "title")),
        ("sort_key", Some(columns.sort_key) == number("sort_key")),
        ("public_from", micros(columns.public_from) == number("public_from")),
        ("public_until", micros(columns.public_until) == number("public_until")),
        ("digest", columns.digest.as_deref().unwrap_or_default() == text(row, "digest")),
    ];
    for (column, _) in differing.iter().filter(|(_, is_equal)| !is_equal) {
        report.findings.push(format!("{name}: The column {column} differs from its document"));
    }
    for slug in std::iter::once(record.slug()).chain(record.aliases().iter().map(String::as_str)) {
        let owner = tables.slugs.get(&(kind.to_owned(), slug.to_owned()));
        if owner.map(String::as_str) != Some(id) {
            report.findings.push(format!("{name}: `{slug}` does not lead to it"));
        }
    }
    found.names.insert(if R::KIND == Kind::Topic { slug.to_owned() } else { id.to_owned() });
    for link in record.links() {
        found.links.insert((id.to_owned(), link.rel.to_owned(), link.target), name.clone());
    }
    Some(record)
}

fn inspect_asset(asset: &Asset, tables: &Tables, found: &mut Found, report: &mut CheckReport) {
    let name = format!("asset `{}` ({})", asset.slug, asset.file_name);
    for part in parts_of(asset) {
        found.parts.add(part, &name, report);
    }
    let is_waited_for = tables.rendering.contains(&asset.id.to_string());
    match asset.state {
        AssetState::Processing if !is_waited_for => {
            report.findings.push(format!(
                "{name}: It waits for renditions and no job makes them; run `pressroom renditions rebuild`"
            ));
        }
        AssetState::Ready if asset.kind.is_picture() && !is_waited_for && !renditions::is_complete(asset) => {
            report.notes.push(format!(
                "{name} lacks renditions that newer pictures have; run `pressroom renditions rebuild --missing`"
            ));
        }
        AssetState::Failed => {
            let reason = asset.error.as_ref().map_or("unknown", |error| error.detail.as_str());
            report.notes.push(format!("{name} has no renditions: {reason}"));
        }
        AssetState::Processing | AssetState::Ready => {}
    }
}

/// Names what leads nowhere, and where the link table and the documents disagree.
fn compare(tables: &Tables, found: &Found, report: &mut CheckReport) {
    let mut findings = BTreeSet::new();
    for ((kind, slug), owner) in &tables.slugs {
        if kind != Kind::Topic.as_str() && !found.names.contains(owner) {
            findings.insert(format!("{kind} slug `{slug}`: It leads to {owner}, which does not exist"));
        }
    }
    for (link, name) in &found.links {
        let (_, rel, target) = link;
        if !tables.links.contains(link) {
            findings
                .insert(format!("{name}: Its reference ({rel}) to {target} is not in the table of links"));
        }
        if !QUALITIES.contains(&rel.as_str()) && !found.names.contains(target) {
            findings.insert(format!("{name}: Its reference ({rel}) leads to {target}, which does not exist"));
        }
    }
    for link @ (source, rel, target) in &tables.links {
        if !found.links.contains_key(link) {
            findings
                .insert(format!("record {source}: The table of links has a reference ({rel}) to {target} of which the record knows nothing"));
        }
    }
    report.findings.extend(findings);
}

/// A column's text; empty for NULL.
fn text<'a>(row: &'a JsonRow, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}
