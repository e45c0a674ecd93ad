//! `/api/v1/contacts`, `/albums`, `/topics`, `/events`: the same calls for each.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::dto::{AlbumDto, ContactDto, EventDto, TopicDto};
use super::named::{self, Naming};
use super::{Cursor, PAGE_ITEMS, expected_version, parse_id, record};
use crate::domain::Kind;
use crate::domain::visibility::{Exposure, Viewer, decide};
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::{AlbumFields, ContactFields, EventFields, Fields, Setting, TopicFields, merge};
use crate::store::Record as _;
use crate::store::list::{self, ListFilter, Order};
use crate::web::error::ApiError;
use crate::web::extract::{ApiActor, ApiJson, MaybeActor, UrlPath, UrlQuery};
use crate::web::page::Policy;
use crate::web::{AppState, Error};

/// How a kind of record is told.
pub trait Told: Fields<Record: Naming> + Send + Sync + 'static {
    type Dto: Serialize + for<'a> From<&'a Self::Record> + Send;
    /// Whether the kind can be a draft.
    const HAS_DRAFTS: bool;
}

impl Told for ContactFields {
    type Dto = ContactDto;
    const HAS_DRAFTS: bool = false;
}

impl Told for TopicFields {
    type Dto = TopicDto;
    const HAS_DRAFTS: bool = false;
}

impl Told for AlbumFields {
    type Dto = AlbumDto;
    const HAS_DRAFTS: bool = true;
}

impl Told for EventFields {
    type Dto = EventDto;
    const HAS_DRAFTS: bool = true;
}

pub fn routes<F: Told>(name: &str) -> Router<AppState> {
    let router = Router::new()
        .route(&format!("/{name}"), get(list_all::<F>).post(create::<F>))
        .route(&format!("/{name}/{{id}}"), get(show::<F>).patch(edit::<F>).delete(delete::<F>));
    if F::HAS_DRAFTS { router.route(&format!("/{name}/{{id}}/publish"), post(publish::<F>)) } else { router }
}

fn exposure<F: Told>(record: &F::Record) -> Exposure {
    Exposure { public_from: record.columns().public_from, ..Exposure::default() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    page: Option<String>,
}

async fn list_all<F: Told>(
    State(state): State<AppState>,
    actor: MaybeActor,
    UrlQuery(query): UrlQuery<ListQuery>,
) -> Result<Response, ApiError> {
    use crate::store::Record;
    let now = state.now();
    let cursor = Cursor::parse(query.page.as_deref())?;
    let order = if F::Record::KIND == Kind::Event { Order::Falling } else { Order::Rising };
    let filter = match actor.viewer() {
        Viewer::Public => ListFilter::public(now, order),
        Viewer::Staff(_) => ListFilter::all(order),
    };
    let mut records: Vec<F::Record> =
        list::list(&state.ctx.db, &filter, PAGE_ITEMS + 1, cursor.offset()).await?;
    named::leave_out_closed(&state, actor.viewer(), &mut records).await?;
    let items = records
        .iter()
        .filter(|r| decide(&exposure::<F>(r), actor.viewer(), now).is_allowed())
        .map(F::Dto::from)
        .collect();
    super::json(&cursor.list(items), Policy::NoStore)
}

async fn show<F: Told>(
    State(state): State<AppState>,
    actor: MaybeActor,
    UrlPath(id): UrlPath<String>,
) -> Result<Response, ApiError> {
    let mut found: F::Record = content::get(&state.ctx, parse_id(&id)?).await?;
    if !decide(&exposure::<F>(&found), actor.viewer(), state.now()).is_allowed() {
        return Err(Error::NotFound.into());
    }
    named::leave_out_closed(&state, actor.viewer(), std::slice::from_mut(&mut found)).await?;
    record(StatusCode::OK, &F::Dto::from(&found), found.version(), None)
}

async fn create<F: Told>(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    ApiJson(body): ApiJson<Value>,
) -> Result<Response, ApiError> {
    use crate::store::Record;
    let newsroom = state.ctx.newsroom().await?;
    let setting = Setting {
        time_zone: &newsroom.time_zone,
        default_language: &newsroom.default_language,
        now: state.now(),
    };
    let fields: F = merge(&F::default(), &body)?;
    let (new, slug) = fields.create(state.ctx.new_id(), setting)?;
    let new = content::create(&state.ctx, &actor, new, slug.as_deref()).await?;
    let location = format!("/api/v1/{}s/{}", F::Record::KIND.as_str(), new.id());
    record(StatusCode::CREATED, &F::Dto::from(&new), new.version(), Some(location))
}

async fn edit<F: Told>(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    ApiJson(mut body): ApiJson<Value>,
) -> Result<Response, ApiError> {
    let version = expected_version(&headers, &mut body)?;
    let edit = Edit { actor: &actor, id: parse_id(&id)?, version, action: "edit" };
    change::<F>(&state, edit, &body).await
}

async fn publish<F: Told>(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    ApiJson(mut body): ApiJson<Value>,
) -> Result<Response, ApiError> {
    let version = expected_version(&headers, &mut body)?;
    let edit = Edit { actor: &actor, id: parse_id(&id)?, version, action: "publish" };
    change::<F>(&state, edit, &json!({ "state": "published" })).await
}

async fn change<F: Told>(state: &AppState, edit: Edit<'_>, patch: &Value) -> Result<Response, ApiError> {
    let newsroom = state.ctx.newsroom().await?;
    let changed = content::edit(&state.ctx, edit, |old: &mut F::Record, now| {
        let setting =
            Setting { time_zone: &newsroom.time_zone, default_language: &newsroom.default_language, now };
        merge(&F::of(old), patch)?.apply(old, setting)
    })
    .await?;
    record(StatusCode::OK, &F::Dto::from(&changed), changed.version(), None)
}

async fn delete<F: Told>(
    State(state): State<AppState>,
    ApiActor(actor): ApiActor,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let version = expected_version(&headers, &mut Value::Null)?;
    content::delete::<F::Record>(&state.ctx, &actor, parse_id(&id)?, version).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
