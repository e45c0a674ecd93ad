//! What was downloaded most in the last weeks.

use std::collections::HashMap;

use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use super::desk::{Desk, DeskResult, Section, Shell};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::release::Release;
use crate::domain::{Id, Kind};
use crate::store::{self, downloads};

const DAYS: i32 = 30;
const ROWS: usize = 100;

struct Row {
    title: String,
    url: String,
    form: String,
    count: String,
}

#[derive(askama::Template)]
#[template(path = "admin/downloads.html")]
struct DownloadsPage {
    shell: Shell,
    rows: Vec<Row>,
}

pub async fn show(desk: Desk) -> DeskResult {
    let db = &desk.ctx().db;
    let today = TimeZone::UTC.to_datetime(desk.now()).date();
    let from = today.checked_sub(DAYS.days()).unwrap_or(today);
    // What was counted a moment ago is on the page.
    desk.state.tally.store(db).await?;
    let most = downloads::most_since(db, from, ROWS).await?;
    let of = |kind: Kind| most.iter().filter(|row| row.0 == kind).map(|row| row.1).collect::<Vec<Id>>();
    let mut named: HashMap<Id, (String, &str)> = HashMap::new();
    let assets: Vec<Asset> = store::record::find_all(db, &of(Kind::Asset)).await?;
    named.extend(assets.iter().map(|asset| {
        let title = asset.description.title.trim();
        (asset.id, (if title.is_empty() { &asset.file_name } else { title }.to_owned(), "photos"))
    }));
    let releases: Vec<Release> = store::record::find_all(db, &of(Kind::Release)).await?;
    named.extend(releases.iter().map(|release| (release.id, (release.headline.clone(), "releases"))));
    let albums: Vec<Album> = store::record::find_all(db, &of(Kind::Album)).await?;
    named.extend(albums.iter().map(|album| (album.id, (desk.pick(&album.title).to_owned(), "albums"))));
    let rows = most.iter().filter_map(|(_, id, form, count)| {
        let (title, place) = named.get(id)?;
        Some(Row {
            title: title.clone(),
            url: format!("/admin/{place}/{id}"),
            form: match form.as_str() {
                "kit-print" => desk.lang.t("desk-downloads-kit-print"),
                "kit-web" => desk.lang.t("desk-downloads-kit-web"),
                "in-kit" => desk.lang.t("desk-downloads-in-kit"),
                file => file.to_owned(),
            },
            count: desk.lang.number(u64::try_from(*count).unwrap_or(0)),
        })
    });
    desk.page(&DownloadsPage {
        shell: desk.shell(desk.lang.t("desk-downloads"), Section::Overview),
        rows: rows.collect(),
    })
}
