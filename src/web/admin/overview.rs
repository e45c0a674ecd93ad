//! The first page: what is due, what failed, what is being written, what went out.

use super::desk::{Desk, DeskResult, Section, Shell};
use super::picker::Tile;
use super::releases::ReleaseRow;
use super::when;
use crate::domain::asset::Asset;
use crate::store::desk::{self, AssetFilter};
use crate::store::jobs;
use crate::store::list::{self, ReleaseFilter};

const ROWS: usize = 8;

/// A release that goes online by itself.
pub struct Due {
    pub row: ReleaseRow,
    pub when: String,
    /// "in 3 hours"
    pub left: String,
}

#[derive(askama::Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    shell: Shell,
    greeting: String,
    due: Vec<Due>,
    failed: Vec<Tile>,
    /// For somebody's approval.
    waiting: Vec<ReleaseRow>,
    processing: usize,
    drafts: Vec<ReleaseRow>,
    published: Vec<ReleaseRow>,
}

pub async fn show(desk: Desk) -> DeskResult {
    let db = &desk.ctx().db;
    let now = desk.now();
    let due = desk::due_releases(db, now, ROWS).await?;
    let waiting =
        if desk.newsroom.require_approval { desk::waiting_releases(db, ROWS).await? } else { Vec::new() };
    let failed = AssetFilter { state: Some("failed".to_owned()), ..AssetFilter::default() };
    let failed: Vec<Asset> = desk::assets(db, &failed, ROWS, 0).await?;
    let drafts = ReleaseFilter { state: Some("draft".to_owned()), ..ReleaseFilter::default() };
    let drafts = list::releases(db, &drafts, ROWS, 0).await?;
    let published = list::releases(db, &ReleaseFilter::public(now), ROWS, 0).await?;
    let backlog = jobs::backlog(db).await?;
    desk.page(&OverviewPage {
        shell: desk.shell(desk.lang.t("desk-overview-title"), Section::Overview),
        greeting: when::long(desk.lang, now, desk.zone()),
        due: due
            .iter()
            .zip(ReleaseRow::all(&desk, &due).await?)
            .map(|(release, row)| {
                let planned = release.publish_at.as_ref().or(release.embargo_until.as_ref());
                Due {
                    row,
                    when: planned.map_or_else(String::new, |at| when::planned(desk.lang, at)),
                    left: planned
                        .map_or_else(String::new, |at| left(&desk, at.utc.as_second() - now.as_second())),
                }
            })
            .collect(),
        failed: failed.iter().map(|asset| Tile::new(desk.lang, asset)).collect(),
        processing: usize::try_from(backlog.waiting + backlog.running).unwrap_or(0),
        drafts: ReleaseRow::all(&desk, &drafts).await?,
        published: ReleaseRow::all(&desk, &published).await?,
        waiting: ReleaseRow::all(&desk, &waiting).await?,
    })
}

/// The time that is left, in the largest unit that says enough.
fn left(desk: &Desk, secs: i64) -> String {
    let minutes = usize::try_from((secs + 59) / 60).unwrap_or(0);
    match minutes {
        0..=119 => desk.lang.count("desk-in-minutes", minutes),
        120..=2879 => desk.lang.count("desk-in-hours", minutes / 60),
        _ => desk.lang.count("desk-in-days", minutes / 1440),
    }
}
