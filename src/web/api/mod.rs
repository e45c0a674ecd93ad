//! The JSON API, version 1. What the caller may not see answers 404, as if it did not exist.

pub mod assets;
pub mod content;
pub mod downloads;
pub mod dto;
mod named;
pub mod openapi;
pub mod releases;
pub mod search;
pub mod uploads;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ApiError;
use super::extract::{ApiActor, UrlQuery};
use super::page::{Page, Policy};
use super::{AppState, Error};
use crate::domain::Id;
use crate::newsroom::fields::{AlbumFields, ContactFields, EventFields, TopicFields};
use crate::store;
use crate::store::change::Change;

/// A JSON body may have this many bytes.
const MAX_JSON_BYTES: usize = 4 << 20;
/// Items on one page of a list.
pub const PAGE_ITEMS: usize = 50;

pub fn router(_state: &AppState) -> Router<AppState> {
    let v1 = Router::new()
        .route("/releases", get(releases::list).post(releases::create))
        .route("/releases/{id}", get(releases::show).patch(releases::edit).delete(releases::delete))
        .route("/releases/{id}/publish", post(releases::publish))
        .route("/releases/{id}/schedule", post(releases::schedule))
        .route("/releases/{id}/withdraw", post(releases::withdraw))
        .route("/releases/{id}/correct", post(releases::correct))
        .route("/assets/{id}", get(assets::show).patch(assets::edit).delete(assets::delete))
        .merge(content::routes::<ContactFields>("contacts"))
        .merge(content::routes::<AlbumFields>("albums"))
        .merge(content::routes::<TopicFields>("topics"))
        .merge(content::routes::<EventFields>("events"))
        .route("/search", get(search::search))
        .route("/suggest", get(search::suggest))
        .route("/changes", get(changes))
        .route("/downloads", get(downloads::list))
        .layer(DefaultBodyLimit::max(MAX_JSON_BYTES))
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            super::ANSWER_LIMIT,
        ))
        // Uploads bring their own limit and may take as long as the line needs.
        .route("/assets", get(assets::list).post(assets::upload).layer(DefaultBodyLimit::disable()))
        .route("/assets/{id}/file", put(assets::replace).layer(DefaultBodyLimit::disable()))
        .merge(uploads::router())
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method);
    Router::new().nest("/api/v1", v1).route("/api/openapi.json", get(openapi::document))
}

async fn unknown() -> ApiError {
    Error::NotFound.into()
}

async fn wrong_method() -> ApiError {
    Error::MethodNotAllowed.into()
}

/// A list: its items and what to ask for to see more.
#[derive(Debug, Serialize)]
pub struct List<T> {
    pub items: Vec<T>,
    /// To be given as `page`; null on the last page.
    pub next: Option<String>,
}

/// Where a list continues.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cursor(usize);

impl Cursor {
    pub fn parse(text: Option<&str>) -> Result<Self, ApiError> {
        match text.map(str::trim).filter(|t| !t.is_empty()) {
            None => Ok(Self(0)),
            Some(text) => match text.parse::<usize>() {
                Ok(page) if (1..=1_000_000).contains(&page) => Ok(Self((page - 1) * PAGE_ITEMS)),
                _ => Err(ApiError(Error::BadRequest {
                    code: "invalid_page",
                    detail: format!("`{text}` is not a page of this list"),
                })),
            },
        }
    }

    pub const fn offset(self) -> usize {
        self.0
    }

    /// Makes the list out of one item more than a page has.
    pub fn list<T>(self, mut items: Vec<T>) -> List<T> {
        let more = items.len() > PAGE_ITEMS;
        items.truncate(PAGE_ITEMS);
        let next = more.then(|| (self.0 / PAGE_ITEMS + 2).to_string());
        List { items, next }
    }
}

/// JSON that only the asker may keep, or that everyone may have but must ask for again.
pub fn json(value: &impl Serialize, policy: Policy) -> Result<Response, ApiError> {
    let body = serde_json::to_vec(value).map_err(|error| Error::Internal(error.into()))?;
    Ok(Page::new("application/json", body, policy).into_response())
}

/// The same for one record: its version is its entity tag, to be sent back as `If-Match`.
pub fn record(
    status: StatusCode,
    value: &impl Serialize,
    version: i64,
    location: Option<String>,
) -> Result<Response, ApiError> {
    let mut response = json(value, Policy::NoStore)?;
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        headers.insert(ETAG, tag);
    }
    if let Some(location) = location.and_then(|l| HeaderValue::from_str(&l).ok()) {
        headers.insert(LOCATION, location);
    }
    Ok(response)
}

/// The version a change was made on: `version` in the body, else `If-Match`.
pub fn expected_version(headers: &HeaderMap, body: &mut Value) -> Result<Option<i64>, ApiError> {
    let in_body = body.as_object_mut().and_then(|object| object.remove("version"));
    if let Some(version) = in_body {
        return version.as_i64().map(Some).ok_or_else(|| {
            Error::from(crate::domain::DomainError::field("version", "invalid", "The version is a number"))
                .into()
        });
    }
    let Some(tag) = headers.get(IF_MATCH).and_then(|v| v.to_str().ok()).filter(|t| *t != "*") else {
        return Ok(None);
    };
    tag.trim().trim_matches('"').parse().map(Some).map_err(|_| {
        ApiError(Error::BadRequest {
            code: "invalid_if_match",
            detail: "If-Match must hold the version as it stands in ETag".to_owned(),
        })
    })
}

/// An id from a path; what is no id names nothing.
pub fn parse_id(text: &str) -> Result<Id, ApiError> {
    text.parse().map_err(|_| Error::NotFound.into())
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: i64,
}

#[derive(Serialize)]
struct Changes {
    items: Vec<Change>,
    /// The sequence to ask from next, or null when there is no more at the moment.
    next: Option<String>,
    /// The newest sequence in the log.
    head: i64,
}

/// The change log speaks of unpublished records, so it needs a token.
async fn changes(
    State(state): State<AppState>,
    ApiActor(_): ApiActor,
    UrlQuery(query): UrlQuery<Since>,
) -> Result<Response, ApiError> {
    const LIMIT: usize = 500;
    let items = store::change::since(&state.ctx.db, query.since, LIMIT as i64).await?;
    let head = store::change::head(&state.ctx.db).await?;
    let next = items.last().filter(|_| items.len() == LIMIT).map(|last| last.seq.to_string());
    json(&Changes { items, next, head }, Policy::NoStore)
}
