//! What was taken and what was looked for in vain: by day, photo, release and kit, as tables that are pages and files.

use std::collections::HashMap;

use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::csv;
use super::desk::{Desk, DeskResult, Section, Shell};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::release::Release;
use crate::domain::{Id, Kind};
use crate::store::downloads::Counts;
use crate::store::{self, search_misses};
use crate::web::Error;
use crate::web::extract::{UrlPath, UrlQuery};
use crate::web::taken::Taken;

/// Spans to choose from, in days, and the one that is shown first.
const SPANS: [i32; 4] = [7, 30, 90, 365];
const USUAL_SPAN: i32 = 30;
/// Rows of a table on the page, and in a file.
const ROWS: usize = 20;
const FILE_ROWS: usize = 10_000;

#[derive(Deserialize)]
pub struct Asked {
    days: Option<String>,
}

/// The days that are looked at, both included.
struct Span {
    days: i32,
    from: Date,
    to: Date,
}

impl Span {
    fn of(desk: &Desk, asked: &Asked) -> Self {
        let days = asked.days.as_deref().and_then(|days| days.parse().ok());
        let days = days.filter(|days| SPANS.contains(days)).unwrap_or(USUAL_SPAN);
        let to = TimeZone::UTC.to_datetime(desk.now()).date();
        Self { days, from: to.checked_sub((days - 1).days()).unwrap_or(to), to }
    }
}

/// A table, to be shown or written to a file of its name.
struct Table {
    name: &'static str,
    title: String,
    /// Of the first column, and of the numbers.
    columns: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    title: String,
    /// Where it leads on the page; empty: nowhere.
    url: String,
    numbers: Vec<i64>,
}

impl Table {
    fn largest(&self) -> i64 {
        self.rows.iter().map(Row::total).max().unwrap_or(0)
    }

    /// The length of a row's bar in hundredths.
    fn share(&self, row: &Row) -> i64 {
        row.total() * 100 / self.largest().max(1)
    }
}

impl Row {
    fn total(&self) -> i64 {
        self.numbers.iter().sum()
    }
}

/// A day in the chart: the heights of its two parts in hundredths of the largest, and what it says.
struct Column {
    x: usize,
    kits: i64,
    files: i64,
    text: String,
}

#[derive(askama::Template)]
#[template(path = "admin/statistics.html")]
struct StatisticsPage {
    shell: Shell,
    span: i32,
    spans: Vec<(i32, String, bool)>,
    chart: Vec<Column>,
    first_day: String,
    last_day: String,
    most: String,
    summary: String,
    alerts: String,
    tables: Vec<Table>,
}

impl StatisticsPage {
    fn number(&self, number: &i64) -> String {
        number_in(&self.shell, *number)
    }
}

fn number_in(shell: &Shell, number: i64) -> String {
    shell.lang.number(u64::try_from(number).unwrap_or(0))
}

/// What was counted a moment ago is on the page too.
async fn write_down(desk: &Desk) -> Result<(), Error> {
    let db = &desk.ctx().db;
    desk.state.tally.store(db).await?;
    desk.state.misses.store(db, desk.now(), true).await?;
    Ok(())
}

pub async fn show(desk: Desk, UrlQuery(asked): UrlQuery<Asked>) -> DeskResult {
    write_down(&desk).await?;
    let span = Span::of(&desk, &asked);
    let lang = desk.lang;
    let shell = desk.shell(lang.t("desk-statistics"), Section::Statistics);
    let taken = taken(&desk, &span).await?;
    let by_day = days(&taken, &span);
    let most = by_day.iter().map(|(_, counts)| kits(counts) + counts.single).max().unwrap_or(0);
    let chart = by_day.iter().enumerate().map(|(index, (day, counts))| Column {
        x: index * 10,
        kits: kits(counts) * 100 / most.max(1),
        files: counts.single * 100 / most.max(1),
        text: lang.t_args(
            "desk-statistics-day",
            &[
                ("day", lang.date(*day).into()),
                ("files", number_in(&shell, counts.single).into()),
                ("kits", number_in(&shell, kits(counts)).into()),
            ],
        ),
    });
    let total = |count: fn(&Counts) -> i64| by_day.iter().map(|(_, counts)| count(counts)).sum::<i64>();
    let summary = lang.t_args(
        "desk-statistics-sum",
        &[
            ("files", number_in(&shell, total(|counts| counts.single)).into()),
            ("kits", number_in(&shell, total(kits)).into()),
        ],
    );
    let alerts = store::alert::count_confirmed(&desk.ctx().db).await?;
    let page = StatisticsPage {
        span: span.days,
        spans: SPANS
            .map(|days| {
                let name = lang.count("desk-statistics-span", usize::try_from(days).unwrap_or(0));
                (days, name, days == span.days)
            })
            .into(),
        chart: chart.collect(),
        first_day: lang.date(span.from),
        last_day: lang.date(span.to),
        most: number_in(&shell, most),
        summary,
        alerts: lang.count("desk-statistics-alerts", usize::try_from(alerts).unwrap_or(0)),
        tables: vec![
            photos(&desk, &taken, ROWS).await?,
            releases(&desk, &taken, ROWS).await?,
            kits_taken(&desk, &taken, ROWS).await?,
            searches(&desk, &span, ROWS).await?,
            day_table(&desk, &by_day),
        ],
        shell,
    };
    desk.page(&page)
}

/// One of the tables as a file: `photos.csv`.
pub async fn file(
    desk: Desk,
    UrlPath(name): UrlPath<String>,
    UrlQuery(asked): UrlQuery<Asked>,
) -> DeskResult<Response> {
    let span = Span::of(&desk, &asked);
    write_down(&desk).await?;
    if name == "searches.csv" {
        // By day: what is searched for changes with what happens.
        let found = search_misses::by_day(&desk.ctx().db, span.from, span.to, FILE_ROWS).await?;
        let head =
            ["desk-field-date", "desk-statistics-words", "desk-statistics-times"].map(|key| desk.lang.t(key));
        let rows = found.into_iter().map(|(day, words, count)| vec![day, words, count.to_string()]);
        return Ok(csv::file(desk.lang, &name, std::iter::once(head.into()).chain(rows), |_| false));
    }
    let taken = taken(&desk, &span).await?;
    let table = match name.as_str() {
        "photos.csv" => photos(&desk, &taken, FILE_ROWS).await?,
        "releases.csv" => releases(&desk, &taken, FILE_ROWS).await?,
        "kits.csv" => kits_taken(&desk, &taken, FILE_ROWS).await?,
        "days.csv" => day_table(&desk, &days(&taken, &span)),
        _ => return Err(Error::NotFound.into()),
    };
    let row = |row: Row| {
        let mut cells = vec![row.title];
        cells.extend(row.numbers.iter().map(ToString::to_string));
        cells
    };
    Ok(csv::file(
        desk.lang,
        &name,
        std::iter::once(table.columns).chain(table.rows.into_iter().map(row)),
        |_| false,
    ))
}

const fn kits(counts: &Counts) -> i64 {
    counts.kits_print + counts.kits_web
}

async fn taken(desk: &Desk, span: &Span) -> DeskResult<Taken> {
    Ok(desk.state.past_downloads.taken(&desk.ctx().db, span.from, span.to).await?)
}

/// Every day of the span, those without downloads too.
fn days(taken: &Taken, span: &Span) -> Vec<(Date, Counts)> {
    let days = span.from.series(1.day()).take_while(|day| *day <= span.to);
    days.map(|day| (day, taken.on(day))).collect()
}

fn day_table(desk: &Desk, days: &[(Date, Counts)]) -> Table {
    let row = |(day, counts): &(Date, Counts)| Row {
        title: day.to_string(),
        url: String::new(),
        numbers: vec![counts.single, kits(counts)],
    };
    Table {
        name: "days",
        title: desk.lang.t("desk-statistics-days"),
        columns: columns(desk, &["desk-field-date", "desk-statistics-single", "desk-statistics-kits"]),
        rows: days.iter().rev().map(row).collect(),
    }
}

fn columns(desk: &Desk, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| desk.lang.t(key)).collect()
}

async fn photos(desk: &Desk, taken: &Taken, limit: usize) -> DeskResult<Table> {
    let db = &desk.ctx().db;
    let counted = taken.most(Kind::Asset, limit, |counts| counts.single + counts.in_kits);
    let ids: Vec<Id> = counted.iter().map(|(id, _)| *id).collect();
    let assets: Vec<Asset> = store::record::find_all(db, &ids).await?;
    let named: HashMap<Id, &Asset> = assets.iter().map(|asset| (asset.id, asset)).collect();
    let row = |(id, counts): &(Id, Counts)| {
        let asset = named.get(id)?;
        let title = asset.description.title.trim();
        let title = if title.is_empty() { &asset.file_name } else { title };
        let numbers = vec![counts.single, counts.in_kits];
        Some(Row { title: title.to_owned(), url: format!("/admin/photos/{id}"), numbers })
    };
    Ok(Table {
        name: "photos",
        title: desk.lang.t("desk-statistics-photos"),
        columns: columns(
            desk,
            &["desk-statistics-photo", "desk-statistics-single", "desk-statistics-in-kits"],
        ),
        rows: counted.iter().filter_map(row).collect(),
    })
}

/// Of each release its kits, and its photos by themselves.
async fn releases(desk: &Desk, taken: &Taken, limit: usize) -> DeskResult<Table> {
    let db = &desk.ctx().db;
    let order = taken.most(Kind::Release, limit, |counts| kits(counts) + counts.single);
    let ids: Vec<Id> = order.iter().map(|(id, _)| *id).collect();
    let found: Vec<Release> = store::record::find_all(db, &ids).await?;
    let named: HashMap<Id, &Release> = found.iter().map(|release| (release.id, release)).collect();
    let row = |(id, counts): &(Id, Counts)| {
        let title = named.get(id)?.headline.clone();
        let numbers = vec![kits(counts), counts.single];
        Some(Row { title, url: format!("/admin/releases/{id}"), numbers })
    };
    Ok(Table {
        name: "releases",
        title: desk.lang.t("desk-nav-releases"),
        columns: columns(
            desk,
            &["desk-statistics-release", "desk-statistics-kits", "desk-statistics-photos-single"],
        ),
        rows: order.iter().filter_map(row).collect(),
    })
}

/// The kits of releases and albums, in print and in web size.
async fn kits_taken(desk: &Desk, taken: &Taken, limit: usize) -> DeskResult<Table> {
    let db = &desk.ctx().db;
    let of_releases = taken.most(Kind::Release, limit, kits);
    let of_albums = taken.most(Kind::Album, limit, kits);
    let ids = |counted: &[(Id, Counts)]| counted.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    let releases: Vec<Release> = store::record::find_all(db, &ids(&of_releases)).await?;
    let albums: Vec<Album> = store::record::find_all(db, &ids(&of_albums)).await?;
    let mut named: HashMap<Id, (String, String)> = HashMap::new();
    named.extend(releases.into_iter().map(|r| (r.id, (r.headline, format!("/admin/releases/{}", r.id)))));
    named.extend(
        albums.iter().map(|a| (a.id, (desk.pick(&a.title).to_owned(), format!("/admin/albums/{}", a.id)))),
    );
    let mut counted = of_releases;
    counted.extend(of_albums);
    counted.sort_by_key(|(id, counts)| (std::cmp::Reverse(kits(counts)), *id));
    counted.truncate(limit);
    let row = |(id, counts): &(Id, Counts)| {
        let (title, url) = named.get(id)?.clone();
        Some(Row { title, url, numbers: vec![counts.kits_print, counts.kits_web] })
    };
    Ok(Table {
        name: "kits",
        title: desk.lang.t("desk-statistics-kits"),
        columns: columns(desk, &["desk-statistics-kit", "desk-statistics-print", "desk-statistics-web"]),
        rows: counted.iter().filter_map(row).collect(),
    })
}

async fn searches(desk: &Desk, span: &Span, limit: usize) -> DeskResult<Table> {
    let found = search_misses::most(&desk.ctx().db, span.from, span.to, limit).await?;
    let row = |(words, count): (String, i64)| {
        let encoded: String = ::url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
        Row { title: words, url: format!("/search?q={encoded}"), numbers: vec![count] }
    };
    Ok(Table {
        name: "searches",
        title: desk.lang.t("desk-statistics-searches"),
        columns: columns(desk, &["desk-statistics-words", "desk-statistics-times"]),
        rows: found.into_iter().map(row).collect(),
    })
}
