//! `/api/v1/assets`

use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::dto::AssetDto;
use super::{Cursor, PAGE_ITEMS, expected_version, json, parse_id, record};
use crate::domain::DomainError;
use crate::domain::asset::Asset;
use crate::domain::visibility::{Viewer, decide};
use crate::newsroom::assets as desk;
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::{AssetFields, Fields as _, Setting, merge};
use crate::store::list::{self, GalleryFilter, ListFilter, Order};
use crate::web::error::ApiError;
use crate::web::extract::{ApiActor, ApiJson, MaybeActor, UrlPath, UrlQuery};
use crate::web::page::Policy;
use crate::web::upload;
use crate::web::{AppState, Error};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    state: Option<String>,
    kind: Option<String>,
    page: Option<String>,
}

/// The public sees what releases and albums show; a token sees all.
pub async fn list(
    State(state): State<AppState>,
    actor: MaybeActor,
    UrlQuery(query): UrlQuery<ListQuery>,
) -> Result<Response, ApiError> {
    let (db, now) = (&state.ctx.db, state.now());
    let cursor = Cursor::parse(query.page.as_deref())?;
    let assets: Vec<Asset> = if actor.viewer() == Viewer::Public {
        let filter = GalleryFilter { form: query.kind, ..GalleryFilter::default() };
        let shown = list::gallery(db, &filter, now, PAGE_ITEMS + 1, cursor.offset()).await?;
        shown.into_iter().map(|(asset, _)| asset).collect()
    } else {
        let filter =
            ListFilter { state: query.state, form: query.kind, public_at: None, order: Order::Falling };
        list::list(db, &filter, PAGE_ITEMS + 1, cursor.offset()).await?
    };
    let ids: Vec<_> = assets.iter().map(|a| a.id).collect();
    let shown = list::shown_from(db, &ids).await?;
    let items = assets
        .iter()
        .filter_map(|asset| {
            let exposure = asset.exposure(shown.get(&asset.id).copied());
            let public = decide(&exposure, Viewer::Public, now).is_allowed();
            let allowed = decide(&exposure, actor.viewer(), now).is_allowed();
            allowed.then(|| AssetDto::new(asset, public, Vec::new()))
        })
        .collect();
    json(&cursor.list(items), Policy::NoStore)
}

pub async fn show(
    State(state): State<AppState>,
    actor: MaybeActor,
    UrlPath(id): UrlPath<String>,
) -> Result<Response, ApiError> {
    let asset: Asset = content::get(&state.ctx, parse_id(&id)?).await?;
    answer(&state, StatusCode::OK, &asset, actor.viewer(), Vec::new()).await
}

async fn answer(
    state: &AppState,
    status: StatusCode,
    asset: &Asset,
    viewer: Viewer,
    twins: Vec<crate::domain::Id>,
) -> Result<Response, ApiError> {
    let shown = list::shown_from(&state.ctx.db, &[asset.id]).await?;
    let exposure = asset.exposure(shown.get(&asset.id).copied());
    let now = state.now();
    if !decide(&exposure, viewer, now).is_allowed() {
        return Err(Error::NotFound.into());
    }
    let public = decide(&exposure, Viewer::Public, now).is_allowed();
    let location = (status == StatusCode::CREATED).then(|| format!("/api/v1/assets/{}", asset.id));
    record(status, &AssetDto::new(asset, public, twins), asset.version, location)
}

/// Multipart: `file`, and optionally `metadata` (JSON). Answers as soon as the original is safe.
pub async fn upload(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    multipart: Multipart,
) -> Result<Response, ApiError> {
    let received = upload::receive(&state, multipart).await?;
    let (asset, twins) = desk::add(&state.ctx, &actor, received).await?;
    answer(&state, StatusCode::CREATED, &asset, Viewer::Staff(actor.role), twins).await
}

pub async fn edit(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    ApiJson(mut body): ApiJson<Value>,
) -> Result<Response, ApiError> {
    let version = expected_version(&headers, &mut body)?;
    let newsroom = state.ctx.newsroom().await?;
    let edit = Edit { actor: &actor, id: parse_id(&id)?, version, action: "edit" };
    let asset = desk::describe(&state.ctx, edit, |asset: &mut Asset, now| {
        let setting =
            Setting { time_zone: &newsroom.time_zone, default_language: &newsroom.default_language, now };
        merge(&AssetFields::of(asset), &body)?.apply(asset, setting)
    })
    .await?;
    answer(&state, StatusCode::OK, &asset, Viewer::Staff(actor.role), Vec::new()).await
}

/// Multipart: `file`, which takes the place of the one there is; the address and what is said stay.
pub async fn replace(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    multipart: Multipart,
) -> Result<Response, ApiError> {
    let id = parse_id(&id)?;
    let version = expected_version(&headers, &mut Value::Null)?;
    let mut received = upload::receive(&state, multipart).await?;
    if received.fields != AssetFields::default() {
        received.incoming.abort().await;
        let detail = "What is said of a photo is changed by PATCH; its file brings none of it";
        return Err(Error::from(DomainError::field("metadata", "not_here", detail)).into());
    }
    let edit = Edit { actor: &actor, id, version, action: "replace" };
    let (asset, twins) = desk::replace(&state.ctx, edit, received.incoming, &received.file_name).await?;
    answer(&state, StatusCode::OK, &asset, Viewer::Staff(actor.role), twins).await
}

pub async fn delete(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let version = expected_version(&headers, &mut Value::Null)?;
    content::delete::<Asset>(&state.ctx, &actor, parse_id(&id)?, version).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
