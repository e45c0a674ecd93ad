//! `/api/v1/releases`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

use super::dto::ReleaseDto;
use super::{Cursor, PAGE_ITEMS, expected_version, json, named, parse_id, record};
use crate::domain::release::{CorrectionKind, Release, ReleaseState};
use crate::domain::visibility::{Access, Viewer, decide};
use crate::domain::{DomainError, ZonedTime};
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::{Fields as _, ReleaseFields, Setting, TimeInput, merge};
use crate::newsroom::releases::{self as desk, Publish};
use crate::store::list::{self, ReleaseFilter};
use crate::web::error::ApiError;
use crate::web::extract::{ApiActor, ApiJson, MaybeActor, UrlPath, UrlQuery};
use crate::web::page::Policy;
use crate::web::{AppState, Error};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    state: Option<String>,
    topic: Option<String>,
    language: Option<String>,
    page: Option<String>,
}

/// The public sees what is public; a token sees all.
pub async fn list(
    State(state): State<AppState>,
    actor: MaybeActor,
    UrlQuery(query): UrlQuery<ListQuery>,
) -> Result<Response, ApiError> {
    let now = state.now();
    let cursor = Cursor::parse(query.page.as_deref())?;
    let wanted = query.state.as_deref().map(|text| {
        ReleaseState::parse(text).ok_or_else(|| {
            Error::from(DomainError::field("state", "unknown", format!("There is no state `{text}`")))
        })
    });
    let wanted = wanted.transpose()?;
    let public_only = actor.viewer() == Viewer::Public || wanted == Some(ReleaseState::Published);
    // A schedule that has come is published, whatever its row says.
    let is_planned = matches!(wanted, Some(ReleaseState::Scheduled | ReleaseState::Embargoed));
    let filter = ReleaseFilter {
        from: is_planned.then(|| now + SignedDuration::from_micros(1)),
        language: query.language,
        topic: query.topic,
        public_at: public_only.then_some(now),
        state: wanted.filter(|s| *s != ReleaseState::Published).map(|s| s.as_str().to_owned()),
        ..ReleaseFilter::default()
    };
    let newsroom = state.ctx.newsroom().await?;
    let mut releases = list::releases(&state.ctx.db, &filter, PAGE_ITEMS + 1, cursor.offset()).await?;
    named::leave_out_closed(&state, actor.viewer(), &mut releases).await?;
    let items = releases
        .iter()
        .filter(|r| decide(&r.exposure(), actor.viewer(), now).is_allowed())
        .map(|r| ReleaseDto::new(&newsroom, r, now))
        .collect();
    json(&cursor.list(items), Policy::NoStore)
}

pub async fn show(
    State(state): State<AppState>,
    actor: MaybeActor,
    UrlPath(id): UrlPath<String>,
) -> Result<Response, ApiError> {
    let mut release: Release = content::get(&state.ctx, parse_id(&id)?).await?;
    match decide(&release.exposure(), actor.viewer(), state.now()) {
        Access::Open | Access::Staff => {
            let shown = std::slice::from_mut(&mut release);
            named::leave_out_closed(&state, actor.viewer(), shown).await?;
            answer(&state, StatusCode::OK, &release, None).await
        }
        Access::Gone | Access::Hidden => Err(Error::NotFound.into()),
    }
}

async fn answer(
    state: &AppState,
    status: StatusCode,
    release: &Release,
    location: Option<String>,
) -> Result<Response, ApiError> {
    let newsroom = state.ctx.newsroom().await?;
    record(status, &ReleaseDto::new(&newsroom, release, state.now()), release.version, location)
}

pub async fn create(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    ApiJson(body): ApiJson<Value>,
) -> Result<Response, ApiError> {
    let newsroom = state.ctx.newsroom().await?;
    let setting = Setting {
        time_zone: &newsroom.time_zone,
        default_language: &newsroom.default_language,
        now: state.now(),
    };
    let fields = merge(&ReleaseFields::default(), &body)?;
    let (release, slug) = fields.create(state.ctx.new_id(), setting)?;
    let release = content::create(&state.ctx, &actor, release, slug.as_deref()).await?;
    let location = format!("/api/v1/releases/{}", release.id);
    answer(&state, StatusCode::CREATED, &release, Some(location)).await
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
    let release = content::edit(&state.ctx, edit, |release: &mut Release, now| {
        let setting =
            Setting { time_zone: &newsroom.time_zone, default_language: &newsroom.default_language, now };
        merge(&ReleaseFields::of(release), &body)?.apply(release, setting)
    })
    .await?;
    answer(&state, StatusCode::OK, &release, None).await
}

pub async fn delete(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let version = expected_version(&headers, &mut Value::Null)?;
    desk::delete(&state.ctx, &actor, parse_id(&id)?, version).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishBody {
    version: Option<i64>,
    /// Left out: as the release plans. Null: now.
    #[serde(default, deserialize_with = "present")]
    embargo_until: Option<Option<TimeInput>>,
}

/// Tells a null from a field that is not there.
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

pub async fn publish(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    ApiJson(body): ApiJson<PublishBody>,
) -> Result<Response, ApiError> {
    let when = match body.embargo_until {
        None => Publish::AsPlanned,
        Some(None) => Publish::Now,
        Some(Some(time)) => Publish::Embargo(resolve(&state, &time, "embargo_until").await?),
    };
    let release = desk::publish(&state.ctx, &actor, parse_id(&id)?, body.version, when).await?;
    answer(&state, StatusCode::OK, &release, None).await
}

async fn resolve(state: &AppState, time: &TimeInput, field: &str) -> Result<ZonedTime, ApiError> {
    let newsroom = state.ctx.newsroom().await?;
    Ok(time.resolve(field, &newsroom.time_zone)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleBody {
    version: Option<i64>,
    publish_at: Option<TimeInput>,
}

pub async fn schedule(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    ApiJson(body): ApiJson<ScheduleBody>,
) -> Result<Response, ApiError> {
    let at = match &body.publish_at {
        Some(time) => Some(resolve(&state, time, "publish_at").await?),
        None => None,
    };
    let release = desk::schedule(&state.ctx, &actor, parse_id(&id)?, body.version, at).await?;
    answer(&state, StatusCode::OK, &release, None).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawBody {
    version: Option<i64>,
    #[serde(default)]
    reason: String,
}

pub async fn withdraw(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    ApiJson(body): ApiJson<WithdrawBody>,
) -> Result<Response, ApiError> {
    let release = desk::withdraw(&state.ctx, &actor, parse_id(&id)?, body.version, &body.reason).await?;
    answer(&state, StatusCode::OK, &release, None).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectBody {
    version: Option<i64>,
    kind: CorrectionKind,
    note: String,
}

pub async fn correct(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    ApiJson(body): ApiJson<CorrectBody>,
) -> Result<Response, ApiError> {
    let release =
        desk::correct(&state.ctx, &actor, parse_id(&id)?, body.version, body.kind, &body.note).await?;
    answer(&state, StatusCode::OK, &release, None).await
}
