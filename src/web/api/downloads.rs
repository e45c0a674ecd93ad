//! `/api/v1/downloads`: how often what was downloaded, by day.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Cursor, PAGE_ITEMS, json};
use crate::domain::{Id, Kind};
use crate::store::downloads;
use crate::web::error::ApiError;
use crate::web::extract::{ApiActor, UrlQuery};
use crate::web::page::Policy;
use crate::web::{AppState, Error};

#[derive(Deserialize)]
pub struct Span {
    from: Option<String>,
    to: Option<String>,
    page: Option<String>,
}

#[derive(Serialize)]
struct DownloadsDto {
    day: Date,
    kind: &'static str,
    id: Id,
    form: String,
    count: i64,
}

pub async fn list(
    State(state): State<AppState>,
    ApiActor(_): ApiActor,
    UrlQuery(span): UrlQuery<Span>,
) -> Result<Response, ApiError> {
    let day = |text: &Option<String>, default: Date| match text.as_deref().filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| {
            let detail = format!("`{text}` is not a day such as 2026-11-28");
            ApiError(Error::BadRequest { code: "invalid_day", detail })
        }),
    };
    let cursor = Cursor::parse(span.page.as_deref())?;
    let (from, to) = (day(&span.from, jiff::civil::date(1970, 1, 1))?, day(&span.to, Date::MAX)?);
    state.tally.store(&state.ctx.db).await?;
    let rows = downloads::between(&state.ctx.db, from, to, PAGE_ITEMS + 1, cursor.offset()).await?;
    let items = rows.into_iter().map(|(taken, count)| DownloadsDto {
        day: taken.day,
        kind: if taken.kind == Kind::Asset { "photo" } else { taken.kind.as_str() },
        id: taken.id,
        form: taken.form,
        count,
    });
    json(&cursor.list(items.collect()), Policy::NoStore)
}
