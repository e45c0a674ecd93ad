//! Uploads with the script: the protocol of `web/tus.rs` for who is signed in, with refusals in the officer's
//! language.

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use super::desk::{Desk, DeskError, DeskResult, parse_id};
use super::upload::{Taken, refusal};
use crate::newsroom::uploads;
use crate::web::extract::{UrlPath, UrlQuery};
use crate::web::page::{Page, Policy};
use crate::web::{AppState, Error, tus};

const PLACE: &str = "/admin/uploads";

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/uploads", get(known).post(create).options(options))
        .route("/uploads/{id}", get(show).patch(append).post(overridden).delete(end))
        .layer(map_response(tus::stamp))
}

/// A refusal is a problem document whose `detail` the officer can read.
fn told(desk: &Desk, answer: Result<Response, Error>) -> DeskResult {
    let error = match answer {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let mut problem = error.problem();
    let status = problem.status_code();
    if !status.is_server_error() || problem.code == "storage_full" {
        problem.detail = refusal(desk, String::new(), error)?.reason;
    }
    let body = serde_json::to_vec(&problem).map_err(|error| Error::Internal(error.into()))?;
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    Ok(response)
}

async fn options(desk: Desk) -> Response {
    tus::options(&desk.state)
}

async fn create(desk: Desk, headers: HeaderMap, body: Body) -> DeskResult {
    told(&desk, tus::create(&desk.state, &desk.actor, PLACE, &headers, body).await)
}

#[derive(Deserialize)]
struct Known {
    #[serde(default)]
    sha256: String,
    /// The photo whose file it shall replace.
    #[serde(default)]
    replaces: String,
}

/// What is known of a file before it is sent: whether the library has it, and whether a part of it is here.
async fn known(desk: Desk, UrlQuery(query): UrlQuery<Known>) -> DeskResult {
    let digest = query.sha256.to_ascii_lowercase();
    let (assets, upload) = if tus::is_sha256(&digest) {
        uploads::known(desk.ctx(), &desk.actor, &digest, query.replaces.parse().ok()).await?
    } else {
        (Vec::new(), None)
    };
    let asset = assets.first().map(|asset| Taken::new(&desk, asset, true));
    answer(&json!({ "asset": asset, "upload": upload.map(|upload| format!("{PLACE}/{}", upload.id)) }))
}

async fn show(desk: Desk, UrlPath(id): UrlPath<String>, method: Method) -> DeskResult {
    let upload = uploads::find(desk.ctx(), &desk.actor, parse_id(&id)?).await?;
    tus::check_free(&method, &upload)?;
    let outcome = uploads::outcome(desk.ctx(), &upload).await?;
    let mut value = tus::json_of(&upload);
    if let (Some(id), Some((asset, _))) = (upload.replaces, &outcome) {
        let done = if uploads::has_changed(&upload, asset) { "replaced" } else { "same-file" };
        value["next"] = json!(format!("/admin/photos/{id}?done={done}"));
    }
    value["taken"] = json!(outcome.map(|(asset, twins)| Taken::new(&desk, &asset, !twins.is_empty())));
    let mut response = answer(&value)?;
    tus::describe(response.headers_mut(), &upload);
    Ok(response)
}

fn answer(value: &serde_json::Value) -> DeskResult {
    Ok(Page::new("application/json", value.to_string(), Policy::NoStore).into_response())
}

async fn append(desk: Desk, UrlPath(id): UrlPath<String>, headers: HeaderMap, body: Body) -> DeskResult {
    let id = parse_id(&id)?;
    told(&desk, tus::append(&desk.state, &desk.actor, id, &headers, body).await)
}

async fn overridden(desk: Desk, UrlPath(id): UrlPath<String>, headers: HeaderMap, body: Body) -> DeskResult {
    let id = parse_id(&id)?;
    told(&desk, tus::overridden(&desk.state, &desk.actor, id, &headers, body).await)
}

async fn end(desk: Desk, UrlPath(id): UrlPath<String>, headers: HeaderMap) -> Result<Response, DeskError> {
    Ok(tus::end(&desk.state, &desk.actor, parse_id(&id)?, &headers).await?)
}
