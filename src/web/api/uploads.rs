//! `/api/v1/uploads`: files in pieces, after the tus protocol.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::post;

use super::{json, parse_id};
use crate::newsroom::uploads;
use crate::web::error::ApiError;
use crate::web::extract::{ApiActor, UrlPath};
use crate::web::page::Policy;
use crate::web::{AppState, tus};

const PLACE: &str = "/api/v1/uploads";

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/uploads", post(create).options(options))
        .route("/uploads/{id}", axum::routing::get(show).patch(append).post(overridden).delete(end))
        .layer(map_response(tus::stamp))
}

async fn options(State(state): State<AppState>, ApiActor(_): ApiActor) -> Response {
    tus::options(&state)
}

async fn create(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    Ok(tus::create(&state, &actor, PLACE, &headers, body).await?)
}

/// HEAD is the protocol's; GET says the same as JSON, and which assets have the same bytes.
async fn show(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    method: Method,
) -> Result<Response, ApiError> {
    let upload = uploads::find(&state.ctx, &actor, parse_id(&id)?).await?;
    tus::check_free(&method, &upload)?;
    let twins = uploads::outcome(&state.ctx, &upload).await?.map(|(_, twins)| twins).unwrap_or_default();
    let mut value = tus::json_of(&upload);
    value["duplicate_of"] = serde_json::to_value(twins).unwrap_or_default();
    let mut response = json(&value, Policy::NoStore)?;
    tus::describe(response.headers_mut(), &upload);
    Ok(response)
}

async fn append(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    Ok(tus::append(&state, &actor, parse_id(&id)?, &headers, body).await?)
}

async fn overridden(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    Ok(tus::overridden(&state, &actor, parse_id(&id)?, &headers, body).await?)
}

async fn end(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(tus::end(&state, &actor, parse_id(&id)?, &headers).await?)
}
