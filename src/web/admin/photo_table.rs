//! The words of many photos as a table for a spreadsheet, and back again. What a table would change is shown before
//! anything is; the sheet's own form then stores it.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Multipart;
use axum::http::StatusCode;
use serde::Deserialize;

use super::desk::{Desk, DeskResult, Section, Shell, see_other};
use super::form::{Mistakes, Values};
use super::history::{Change, pieces};
use super::photo::fill;
use super::picker::Tile;
use super::{csv, when, xlsx};
use crate::domain::asset::Asset;
use crate::domain::{DomainError, Id};
use crate::i18n::Lang;
use crate::newsroom;
use crate::newsroom::fields::{AssetFields, Fields as _};
use crate::store;
use crate::store::desk::AssetFilter;
use crate::web::extract::UrlQuery;
use crate::web::{Error, upload};

/// Photos of one table: as many as are stored within the time of one answer.
pub const MAX_ROWS: usize = 1000;
const MAX_TABLE_BYTES: usize = 8 << 20;
const FILE_COLUMN: &str = "desk-fact-file";
/// The id and the name of the file.
const LEADING_COLUMNS: usize = 2;
const DATES: [&str; 2] = ["rights_until", "date_created"];

/// The columns by the names of their fields, with the keys of their headings.
pub const COLUMNS: [(&str, &str); 14] = [
    ("title", "desk-field-title"),
    ("caption", "desk-field-caption"),
    ("alt_text", "desk-field-alt-text"),
    ("credit", "desk-field-credit"),
    ("creator", "desk-field-creator"),
    ("copyright_notice", "desk-field-copyright"),
    ("usage_terms", "desk-field-usage-terms"),
    ("rights_url", "desk-field-rights-url"),
    ("rights_until", "desk-field-rights-until"),
    ("persons", "desk-field-persons"),
    ("keywords", "desk-field-keywords"),
    ("location", "desk-field-location"),
    ("date_created", "desk-field-date-created"),
    ("data_mining", "desk-field-data-mining"),
];

/// What stands in a cell whose formula has failed, in the languages of spreadsheets: nobody means it as a text.
const CELL_ERRORS: [&str; 14] = [
    "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#DATA!", "#SPILL!", "#CALC!",
    "#WERT!", "#BEZUG!", "#NV", "#ZAHL!",
];

/// What is true or false to spreadsheets in the languages of the desk.
const TRUTHS: [&str; 4] = ["TRUE", "FALSE", "WAHR", "FALSCH"];

fn value(zone: &str, fields: &AssetFields, column: &str) -> String {
    match column {
        "title" => fields.title.clone(),
        "caption" => fields.caption.clone(),
        "alt_text" => fields.alt_text.clone(),
        "credit" => fields.credit.clone(),
        "creator" => fields.creator.clone(),
        "copyright_notice" => fields.copyright_notice.clone(),
        "usage_terms" => fields.usage_terms.clone(),
        "rights_url" => fields.rights_url.clone(),
        "rights_until" => fields.rights_until.map_or_else(String::new, |until| when::date_input(until, zone)),
        "persons" => fields.persons.join(", "),
        "keywords" => fields.keywords.join(", "),
        "location" => fields.location.clone(),
        "date_created" => fields.date_created.clone(),
        "data_mining" => fields.data_mining.clone(),
        _ => String::new(),
    }
}

#[derive(Deserialize)]
pub struct TableQuery {
    #[serde(default)]
    ids: String,
    state: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    q: String,
}

/// The photos of the filtered grid, or those that are named, as CSV.
pub async fn as_csv(desk: Desk, UrlQuery(query): UrlQuery<TableQuery>) -> DeskResult {
    // Dates are known by their column, however a spreadsheet writes them.
    let is_text = |at: usize| {
        let column = at.checked_sub(LEADING_COLUMNS).and_then(|at| COLUMNS.get(at));
        column.is_some_and(|(name, _)| !DATES.contains(name))
    };
    Ok(csv::file(desk.lang, "photos.csv", table(&desk, query).await?, is_text))
}

/// The same as a workbook of Excel.
pub async fn as_workbook(desk: Desk, UrlQuery(query): UrlQuery<TableQuery>) -> DeskResult {
    let rows = table(&desk, query).await?;
    let sheet = desk.lang.t("desk-nav-photos");
    let now = desk.now();
    let made = tokio::task::spawn_blocking(move || xlsx::file("photos.xlsx", &sheet, now, &rows));
    match made.await.map_err(|error| Error::Internal(error.into()))?? {
        Some(response) => Ok(response),
        None => shown(
            &desk,
            Reading { problems: vec![desk.lang.t("desk-table-cell-long")], ..Reading::default() },
        ),
    }
}

async fn table(desk: &Desk, query: TableQuery) -> DeskResult<Vec<Vec<String>>> {
    let (db, lang) = (&desk.ctx().db, desk.lang);
    let ids: Vec<Id> = query.ids.split(',').filter_map(|id| id.parse().ok()).take(MAX_ROWS).collect();
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let assets: Vec<Asset> = if ids.is_empty() {
        let filter = AssetFilter { state: some(query.state), form: some(query.kind), text: query.q };
        store::desk::assets(db, &filter, MAX_ROWS, 0).await?
    } else {
        store::record::find_all(db, &ids).await?
    };
    let head = ["ID".to_owned(), lang.t(FILE_COLUMN)];
    let head = head.into_iter().chain(COLUMNS.iter().map(|(_, key)| lang.t(key))).collect();
    let rows = assets.iter().map(|asset| -> Vec<String> {
        let fields = AssetFields::of(asset);
        let words = COLUMNS.iter().map(|(column, _)| value(desk.zone(), &fields, column));
        [asset.id.to_string(), asset.file_name.clone()].into_iter().chain(words).collect()
    });
    Ok(std::iter::once(head).chain(rows).collect())
}

/// A photo that the table changes.
struct Line {
    tile: Tile,
    version: i64,
    changes: Vec<Change>,
    /// The fields to be stored, by name.
    fields: Vec<(&'static str, String)>,
}

#[derive(Default)]
struct Reading {
    lines: Vec<Line>,
    unchanged: usize,
    /// What is wrong, with the line of the table.
    problems: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "admin/photo_table.html")]
struct TablePage {
    shell: Shell,
    reading: Reading,
    summary: String,
}

/// Whoever reloads is back at the library.
pub async fn back(_desk: Desk) -> DeskResult {
    Ok(see_other("/admin/photos"))
}

/// Reads a table and shows what it would change.
pub async fn compare(desk: Desk, mut multipart: Multipart) -> DeskResult {
    let mut bytes = Vec::new();
    while let Some(part) = upload::next_part(&mut multipart).await? {
        if part.file_name().is_some_and(|name| !name.is_empty()) {
            bytes = upload::bytes(part, MAX_TABLE_BYTES).await?;
        }
    }
    let reading = match read(&desk, bytes).await {
        Ok(reading) => reading,
        Err(Refusal::Words(problem)) => Reading { problems: vec![problem], ..Reading::default() },
        Err(Refusal::Failure(error)) => return Err(error.into()),
    };
    shown(&desk, reading)
}

fn shown(desk: &Desk, reading: Reading) -> DeskResult {
    let status = match reading.lines.is_empty() && !reading.problems.is_empty() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let counts = [("changed", reading.lines.len().into()), ("same", reading.unchanged.into())];
    let summary = desk.lang.t_args("desk-table-summary", &counts);
    let shell = desk.shell(desk.lang.t("desk-table-title"), Section::Photos);
    desk.page_with(status, &TablePage { shell, reading, summary })
}

enum Refusal {
    Words(String),
    Failure(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

/// The rows of a table in whatever form it came, with the lines on which they stand.
async fn parsed(lang: Lang, bytes: Vec<u8>) -> Result<Vec<(u64, Vec<String>)>, Refusal> {
    if !xlsx::is_meant(&bytes) {
        return csv::rows(&bytes)
            .map_err(|line| Refusal::Words(at_line(lang, line, "desk-table-unreadable")));
    }
    let read = tokio::task::spawn_blocking(move || xlsx::rows(&bytes, lang, MAX_ROWS));
    let read = read.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "A workbook made its parser give up");
        Err(xlsx::Fault::Damaged)
    });
    read.map_err(|fault| {
        Refusal::Words(lang.t(match fault {
            xlsx::Fault::OtherKind => "desk-table-other-kind",
            xlsx::Fault::Encrypted => "desk-table-encrypted",
            xlsx::Fault::Old => "desk-table-old",
            xlsx::Fault::Damaged => "desk-table-damaged",
            xlsx::Fault::TooLarge => "desk-table-too-large",
        }))
    })
}

async fn read(desk: &Desk, bytes: Vec<u8>) -> Result<Reading, Refusal> {
    let lang = desk.lang;
    let refused = |key: &str| Refusal::Words(lang.t(key));
    if bytes.is_empty() {
        return Err(refused("desk-error-empty-file"));
    }
    let mut rows = parsed(lang, bytes).await?.into_iter();
    let (_, head) = rows.next().ok_or_else(|| refused("desk-error-empty-file"))?;
    let columns: Vec<Option<&'static str>> = head.iter().map(|cell| column(cell)).collect();
    let known = columns.iter().flatten().count();
    if known != columns.iter().flatten().collect::<BTreeSet<_>>().len() {
        return Err(refused("desk-table-twice"));
    }
    let Some(id_at) = columns.iter().position(|column| *column == Some("id")).filter(|_| known > 1) else {
        return Err(refused("desk-table-no-columns"));
    };
    let rows: Vec<(u64, Vec<String>)> =
        rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty())).collect();
    if rows.len() > MAX_ROWS {
        return Err(Refusal::Words(lang.t_args("desk-table-too-long", &[("max", MAX_ROWS.into())])));
    }
    let id_of = |cells: &[String]| cells.get(id_at).and_then(|cell| cell.trim().parse::<Id>().ok());
    let ids: Vec<Id> = rows.iter().filter_map(|(_, cells)| id_of(cells)).collect();
    let assets: Vec<Asset> = store::record::find_all(&desk.ctx().db, &ids).await?;
    let mut assets: BTreeMap<Id, Asset> = assets.into_iter().map(|asset| (asset.id, asset)).collect();
    let mut reading = Reading::default();
    let mut seen = BTreeSet::new();
    for (line, cells) in rows {
        let Some(id) = id_of(&cells) else {
            reading.problems.push(at_line(lang, line, "desk-table-no-id"));
            continue;
        };
        if !seen.insert(id) {
            reading.problems.push(at_line(lang, line, "desk-table-row-twice"));
            continue;
        }
        let Some(asset) = assets.remove(&id) else {
            reading.problems.push(at_line(lang, line, "desk-table-unknown"));
            continue;
        };
        let pairs = columns.iter().zip(cells).filter_map(|(column, cell)| Some(((*column)?, cell)));
        match changed(desk, &asset, pairs.filter(|(column, _)| *column != "id").collect()) {
            Ok(Some(changed)) => reading.lines.push(changed),
            Ok(None) => reading.unchanged += 1,
            Err(problem) => reading.problems.push(said_of(lang, line, &problem)),
        }
    }
    Ok(reading)
}

fn at_line(lang: Lang, line: u64, key: &str) -> String {
    said_of(lang, line, &lang.t(key))
}

fn said_of(lang: Lang, line: u64, text: &str) -> String {
    lang.t_args("desk-table-line", &[("line", line.to_string().into()), ("text", text.into())])
}

/// The field that a heading means, in either language of the desk or by its name.
fn column(heading: &str) -> Option<&'static str> {
    let heading = heading.trim();
    let is = |text: &str| heading.to_lowercase() == text.to_lowercase();
    if is("id") {
        return Some("id");
    }
    let named = |(name, key): &(&str, &str)| is(name) || Lang::DESK.iter().any(|lang| is(&lang.t(key)));
    COLUMNS.iter().find(|column| named(column)).map(|(name, _)| *name)
}

/// What a row changes of a photo, or what is wrong with it in words.
fn changed(desk: &Desk, asset: &Asset, cells: Vec<(&'static str, String)>) -> Result<Option<Line>, String> {
    let before = AssetFields::of(asset);
    // What came back as it was given is no change, whatever it looks like, and neither is the mark that CSV needed.
    let differs = |(column, cell): (&'static str, String)| {
        let old = value(desk.zone(), &before, column);
        // Truths come back in capitals.
        let is_same_truth = |cell: &str| {
            let truth = cell.trim().to_uppercase();
            TRUTHS.contains(&truth.as_str()) && truth == old.trim().to_uppercase()
        };
        let is_new = |cell: &str| cell.trim() != old.trim() && !is_same_truth(cell);
        let meant = Some(csv::unmarked(&cell)).filter(|meant| is_new(&cell) && is_new(meant))?;
        Some((column, meant.to_owned()))
    };
    let cells: Vec<(&'static str, String)> = cells.into_iter().filter_map(differs).collect();
    if let Some((column, cell)) = cells.iter().find(|(_, cell)| CELL_ERRORS.contains(&cell.trim())) {
        let heading = COLUMNS.iter().find(|(name, _)| name == column).map_or("", |(_, key)| *key);
        let told = [("column", desk.lang.t(heading).into()), ("text", cell.trim().into())];
        return Err(desk.lang.t_args("desk-table-formula", &told));
    }
    let typed = cells.into_iter().map(|(column, cell)| (column.to_owned(), meant(column, &cell))).collect();
    let typed = Values::new(typed);
    let mut after = before.clone();
    let mut errors = fill(desk.zone(), &typed, &mut after);
    let (mut changes, mut fields) = (Vec::new(), Vec::new());
    for (column, key) in COLUMNS {
        let (old, new) = (value(desk.zone(), &before, column), value(desk.zone(), &after, column));
        if old != new {
            changes.push(Change { label: desk.lang.t(key), pieces: pieces(&old, &new) });
            fields.push((column, new));
        }
    }
    let mut trial = asset.clone();
    let applied = after.apply(&mut trial, desk.setting()).and_then(|_| Ok(trial.validate()?));
    if let Err(newsroom::Error::Domain(DomainError::Invalid(wrong))) = applied {
        errors.extend(wrong);
    }
    if !errors.is_empty() {
        let told = Mistakes::new(errors).summary(desk.lang);
        return Err(told.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" "));
    }
    let tile = Tile::new(desk.lang, asset);
    Ok((!fields.is_empty()).then_some(Line { tile, version: asset.version, changes, fields }))
}

/// What a spreadsheet made of a cell is undone: dates as they are written in German, and a time behind a date.
fn meant(column: &str, cell: &str) -> String {
    if !DATES.contains(&column) {
        return cell.to_owned();
    }
    let is_time = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let (date, time) = match cell.trim().split_once(' ').filter(|(_, time)| is_time(time)) {
        // Rights end with a day; a photo was taken at a time.
        Some((date, _)) if column == "rights_until" => (date, String::new()),
        Some((date, time)) => (date, format!("T{time}")),
        None => (cell.trim(), String::new()),
    };
    let parts: Vec<&str> = date.split('.').collect();
    if let [day, month, year] = parts[..]
        && year.len() == 4
        && let (Ok(day), Ok(month), Ok(year)) = (day.parse::<u8>(), month.parse::<u8>(), year.parse::<u16>())
    {
        return format!("{year:04}-{month:02}-{day:02}{time}");
    }
    if date.parse::<jiff::civil::Date>().is_ok() { format!("{date}{time}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_cells_are_read_as_they_were_meant() {
        assert_eq!(column(" Bildtext "), column("caption"));
        assert_eq!(column("CREDIT"), Some("credit"));
        assert_eq!((column("id"), column("Bemerkung")), (Some("id"), None));
        assert_eq!(meant("rights_until", "3.12.2026"), "2026-12-03");
        assert_eq!(meant("date_created", "2026-12"), "2026-12");
        assert_eq!(meant("date_created", "03.12.2026 10:30"), "2026-12-03T10:30");
        assert_eq!(meant("rights_until", "03.12.2026 00:01"), "2026-12-03");
        assert_eq!(meant("date_created", "2026-12-03 10:30"), "2026-12-03T10:30");
        assert_eq!(meant("date_created", "3.12.2026 abends"), "3.12.2026 abends");
        assert_eq!(meant("rights_until", "bald"), "bald");
        assert_eq!(meant("caption", "3.12.2026"), "3.12.2026");
    }
}
