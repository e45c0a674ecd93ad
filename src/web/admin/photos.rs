//! The library: a grid of all files with their state, and the way to upload.

use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::desk::{Desk, DeskResult, Section, Shell};
use super::picker::Tile;
use super::record::{Pager, page_number};
use crate::domain::Id;
use crate::domain::asset::{Asset, AssetKind, AssetState};
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::i18n::Lang;
use crate::newsroom::content;
use crate::store;
use crate::store::desk::{AssetFilter, assets, count_assets};
use crate::web::Error;
use crate::web::extract::UrlQuery;
use crate::web::page::{Page, Policy};
use crate::web::url;

const PAGE_TILES: usize = 60;

#[derive(Debug, Default, Deserialize)]
pub struct GridQuery {
    state: Option<String>,
    kind: Option<String>,
    q: Option<String>,
    page: Option<String>,
    /// The release that uploads are put into.
    release: Option<String>,
}

/// A file that was not taken, by the name it came with.
pub struct Refusal {
    pub name: String,
    pub reason: String,
}

/// What an upload without script did.
#[derive(Default)]
pub struct Outcome {
    pub taken: Vec<Tile>,
    pub refused: Vec<Refusal>,
    /// Names of files whose bytes are in the library already.
    pub twins: Vec<String>,
}

impl Outcome {
    fn uploaded(&self, lang: &Lang) -> String {
        lang.count("desk-count-uploaded", self.taken.len())
    }
}

struct FilterChoice {
    value: String,
    label: String,
    is_chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "admin/photos.html")]
struct GridPage {
    shell: Shell,
    tiles: Vec<Tile>,
    total: String,
    count: usize,
    query: String,
    states: Vec<FilterChoice>,
    kinds: Vec<FilterChoice>,
    pager: Pager,
    outcome: Outcome,
    release: Option<(Id, String)>,
    limit: String,
    sheet_url: String,
    /// The files of the grid as a table.
    /// What the grid is filtered by, as a query.
    filtered: String,
}

pub fn state_name(lang: Lang, state: AssetState) -> String {
    lang.t(match state {
        AssetState::Processing => "desk-photo-processing",
        AssetState::Ready => "desk-photo-ready",
        AssetState::Failed => "desk-photo-failed-short",
    })
}

pub fn kind_name(lang: Lang, kind: AssetKind) -> String {
    lang.t(match kind {
        AssetKind::Photo => "desk-kind-photo",
        AssetKind::Logo => "desk-kind-logo",
        AssetKind::Graphic => "desk-kind-graphic",
        AssetKind::Document => "desk-kind-document",
        AssetKind::Video => "desk-kind-video",
        AssetKind::Audio => "desk-kind-audio",
    })
}

pub async fn grid(desk: Desk, UrlQuery(query): UrlQuery<GridQuery>) -> DeskResult {
    render(&desk, query, Outcome::default()).await
}

/// The grid under what an upload did.
pub async fn after_upload(desk: &Desk, release: Option<Id>, outcome: Outcome) -> DeskResult {
    let query = GridQuery { release: release.map(|id| id.to_string()), ..GridQuery::default() };
    render(desk, query, outcome).await
}

async fn render(desk: &Desk, query: GridQuery, outcome: Outcome) -> DeskResult {
    let lang = desk.lang;
    let page = page_number(query.page.as_deref());
    let text = query.q.unwrap_or_default().trim().to_owned();
    let (state, kind) = (query.state.unwrap_or_default(), query.kind.unwrap_or_default());
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let filter = AssetFilter { state: some(&state), form: some(&kind), text: text.clone() };
    let db = &desk.ctx().db;
    let found = assets(db, &filter, PAGE_TILES, (page - 1) * PAGE_TILES).await?;
    let total = match found.len() {
        // All there are.
        few if page == 1 && few < PAGE_TILES => few,
        _ => count_assets(db, &filter).await?,
    };
    let release = match query.release.as_deref().and_then(|id| id.parse().ok()) {
        Some(id) => Some((id, content::get::<Release>(desk.ctx(), id).await?.headline)),
        None => None,
    };
    let option = |value: &str, label: String, chosen: &str| FilterChoice {
        value: value.to_owned(),
        label,
        is_chosen: value == chosen,
    };
    let mut states = vec![option("", lang.t("desk-state-all"), &state)];
    for of in [AssetState::Processing, AssetState::Ready, AssetState::Failed] {
        states.push(option(of.as_str(), state_name(lang, of), &state));
    }
    let mut kinds = vec![option("", lang.t("desk-kind-all"), &kind)];
    kinds.extend(AssetKind::ALL.iter().map(|of| option(of.as_str(), kind_name(lang, *of), &kind)));
    let filtered = {
        let mut pairs = ::url::form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("state", &state).append_pair("kind", &kind).append_pair("q", &text);
        pairs.finish()
    };
    let sheet_of: Vec<String> = outcome.taken.iter().map(|tile| tile.id.to_string()).collect();
    desk.page(&GridPage {
        shell: desk.shell(lang.t("desk-photos-title"), Section::Photos),
        tiles: found.iter().map(|asset| Tile::new(lang, asset)).collect(),
        total: lang.count("desk-count-files", total),
        count: total,
        query: text,
        states,
        kinds,
        pager: Pager::new(&format!("/admin/photos?{filtered}&page="), page, total, PAGE_TILES),
        filtered,
        release,
        limit: lang.bytes(*desk.state.config.max_upload_bytes),
        sheet_url: if sheet_of.is_empty() {
            String::new()
        } else {
            format!("/admin/photos/sheet?ids={}", sheet_of.join(","))
        },
        outcome,
    })
}

#[derive(Deserialize)]
pub struct StatesQuery {
    ids: String,
}

#[derive(Serialize)]
struct State {
    id: Id,
    state: AssetState,
    state_name: String,
    thumb: Option<String>,
    plate: &'static str,
    failure: String,
    lacks: String,
    title: String,
    /// The file that stands for it within a text; none while there is none.
    address: Option<String>,
    alt_text: String,
    caption: String,
}

/// How far the files are, for the script that waits for them.
pub async fn states(desk: Desk, UrlQuery(query): UrlQuery<StatesQuery>) -> DeskResult<Response> {
    let ids: Vec<Id> = query.ids.split(',').filter_map(|id| id.parse().ok()).take(500).collect();
    let found: Vec<Asset> = store::record::find_all(&desk.ctx().db, &ids).await?;
    let states: Vec<State> = found
        .iter()
        .map(|asset| {
            let tile = Tile::new(desk.lang, asset);
            State {
                id: asset.id,
                state: asset.state,
                state_name: state_name(desk.lang, asset.state),
                thumb: tile.thumb,
                plate: tile.plate,
                failure: tile.failure,
                lacks: tile.lacks,
                title: tile.title,
                address: place_in_text(asset),
                alt_text: asset.description.alt_text.clone(),
                caption: asset.description.caption.clone(),
            }
        })
        .collect();
    let body = serde_json::to_vec(&states).map_err(|error| Error::Internal(error.into()))?;
    Ok(Page::new("application/json", body, Policy::NoStore).into_response())
}

fn place_in_text(asset: &Asset) -> Option<String> {
    let whole = asset.renditions.iter().filter(|file| file.format == Format::Jpeg && file.is_whole());
    let file = whole.filter(|file| file.name != "original").max_by_key(|file| file.width)?;
    asset.kind.is_picture().then(|| url::rendition(asset, file))
}
