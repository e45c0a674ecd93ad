//! The list of releases.

use serde::Deserialize;

use super::desk::{Desk, DeskResult, Section, Shell};
use super::record::{Pager, page_number};
use super::release_edit::state_name;
use super::when;
use crate::domain::Id;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::review::ReviewStep;
use crate::store::list::{self, ReleaseFilter};
use crate::store::{StoreError, record};
use crate::web::extract::UrlQuery;

const PAGE_ROWS: usize = 40;

/// A release as one line.
pub struct ReleaseRow {
    pub id: Id,
    pub headline: String,
    pub language: String,
    pub state: ReleaseState,
    pub state_name: String,
    pub time: String,
    pub photos: String,
    /// Its class and what it says: that it waits for somebody, that its source is newer.
    pub flags: Vec<(&'static str, String)>,
}

impl ReleaseRow {
    pub async fn all(desk: &Desk, releases: &[Release]) -> Result<Vec<Self>, StoreError> {
        let sources: Vec<Id> = releases.iter().filter_map(|release| release.translation_of).collect();
        let sources: Vec<Release> = record::find_all(&desk.ctx().db, &sources).await?;
        let is_stale = |release: &Release| {
            let source = sources.iter().find(|source| Some(source.id) == release.translation_of);
            source.is_some_and(|source| release.last_edited() < source.last_edited())
        };
        let row = |release: &Release| Self {
            flags: flags(desk, release, is_stale(release)),
            ..Self::new(desk, release)
        };
        Ok(releases.iter().map(row).collect())
    }

    fn new(desk: &Desk, release: &Release) -> Self {
        let state = release.state_at(desk.now());
        let at = match state {
            ReleaseState::Draft => release.updated_at,
            ReleaseState::Withdrawn => release.withdrawn_at.unwrap_or(release.updated_at),
            _ => release.public_from().unwrap_or(release.updated_at),
        };
        Self {
            id: release.id,
            headline: release.headline.clone(),
            language: release.language.clone(),
            state,
            state_name: state_name(desk, state),
            time: when::short(desk.lang, at, desk.zone()),
            photos: desk.lang.count("count-photos", release.assets.len()),
            flags: Vec::new(),
        }
    }
}

fn flags(desk: &Desk, release: &Release, is_stale: bool) -> Vec<(&'static str, String)> {
    let mut flags = Vec::new();
    if desk.newsroom.require_approval
        && let Some(review) = &release.review
        && matches!(release.state_at(desk.now()), ReleaseState::Draft | ReleaseState::Withdrawn)
    {
        flags.push(match review.step {
            ReviewStep::Submitted => ("processing", desk.lang.t("desk-flag-submitted")),
            ReviewStep::Approved => ("ready", desk.lang.t("desk-flag-approved")),
            ReviewStep::Returned => ("failed", desk.lang.t("desk-flag-returned")),
        });
    }
    if is_stale {
        flags.push(("processing", desk.lang.t("desk-flag-stale")));
    }
    flags
}

#[derive(Deserialize)]
pub struct ListQuery {
    state: Option<String>,
    q: Option<String>,
    page: Option<String>,
}

struct Tab {
    url: String,
    label: String,
    is_current: bool,
}

#[derive(askama::Template)]
#[template(path = "admin/releases.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<Tab>,
    state: String,
    query: String,
    total: String,
    rows: Vec<ReleaseRow>,
    pager: Pager,
}

pub async fn list(desk: Desk, UrlQuery(query): UrlQuery<ListQuery>) -> DeskResult {
    let page = page_number(query.page.as_deref());
    let state = query.state.as_deref().and_then(ReleaseState::parse);
    let text = query.q.unwrap_or_default().trim().to_owned();
    let filter = filter(&desk, state, &text);
    let db = &desk.ctx().db;
    let releases = list::releases(db, &filter, PAGE_ROWS, (page - 1) * PAGE_ROWS).await?;
    let total = match releases.len() {
        // All there are.
        few if page == 1 && few < PAGE_ROWS => few,
        _ => list::count_releases(db, &filter).await?,
    };
    let encoded: String = ::url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let state_text = state.map_or("", ReleaseState::as_str);
    let tab = |wanted: Option<ReleaseState>| Tab {
        url: format!("/admin/releases?state={}&q={encoded}", wanted.map_or("", ReleaseState::as_str)),
        label: wanted.map_or_else(|| desk.lang.t("desk-state-all"), |state| state_name(&desk, state)),
        is_current: wanted == state,
    };
    desk.page(&ListPage {
        shell: desk.shell(desk.lang.t("desk-releases-title"), Section::Releases),
        tabs: std::iter::once(None).chain(ReleaseState::ALL.into_iter().map(Some)).map(tab).collect(),
        state: state_text.to_owned(),
        total: desk.lang.count("count-releases", total),
        rows: ReleaseRow::all(&desk, &releases).await?,
        pager: Pager::new(
            &format!("/admin/releases?state={state_text}&q={encoded}&page="),
            page,
            total,
            PAGE_ROWS,
        ),
        query: text,
    })
}

/// A schedule that has come is published, whatever its row says, so the clock is part of the question.
fn filter(desk: &Desk, state: Option<ReleaseState>, text: &str) -> ReleaseFilter {
    let headline = (!text.is_empty()).then(|| text.to_owned());
    let base = ReleaseFilter { headline, ..ReleaseFilter::default() };
    match state {
        None => base,
        Some(ReleaseState::Published) => ReleaseFilter { public_at: Some(desk.now()), ..base },
        Some(state @ (ReleaseState::Scheduled | ReleaseState::Embargoed)) => {
            ReleaseFilter { state: Some(state.as_str().to_owned()), from: Some(desk.now()), ..base }
        }
        Some(state) => ReleaseFilter { state: Some(state.as_str().to_owned()), ..base },
    }
}
