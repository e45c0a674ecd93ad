//! Two people at one release: each is told of the other while both have it open.

use axum::response::{IntoResponse as _, Response};
use jiff::ToSpan as _;
use serde::Deserialize;

use super::desk::{Desk, DeskResult, parse_id};
use super::when;
use crate::domain::Id;
use crate::domain::release::Release;
use crate::newsroom::content;
use crate::store::{StoreError, presence};
use crate::web::Error;
use crate::web::extract::{UrlPath, UrlQuery};
use crate::web::page::{Page, Policy};

/// A page that was not heard of for so long is closed, or its computer sleeps. The script speaks up every 20 seconds.
const LOST_SECS: i64 = 70;

/// Notes that this person has the release open, and says who else has.
pub async fn look(desk: &Desk, release: Id) -> Result<Vec<String>, StoreError> {
    let (db, now) = (&desk.ctx().db, desk.now());
    let lost = now.checked_sub(LOST_SECS.seconds()).unwrap_or(now);
    let mut tx = db.begin().await?;
    tx.note_presence(release, (desk.account.id, &desk.account.name), now, lost).await?;
    tx.commit().await?;
    let others = presence::others(db, release, desk.account.id, lost).await?;
    Ok(others
        .into_iter()
        .map(|other| {
            let since = when::clock(other.since, desk.zone());
            desk.lang
                .t_args("desk-presence", &[("name", other.name.as_str().into()), ("since", since.into())])
        })
        .collect())
}

#[derive(Deserialize)]
pub struct PresenceQuery {
    /// The page is being left.
    #[serde(default)]
    gone: bool,
}

/// For the script of the page: one sentence for each other person.
pub async fn heartbeat(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    UrlQuery(query): UrlQuery<PresenceQuery>,
) -> DeskResult<Response> {
    let release: Release = content::get(desk.ctx(), parse_id(&id)?).await?;
    let told = if query.gone {
        let mut tx = desk.ctx().db.begin().await?;
        tx.end_presence(release.id, desk.account.id).await?;
        tx.commit().await?;
        Vec::new()
    } else {
        look(&desk, release.id).await?
    };
    let body = serde_json::to_vec(&told).map_err(|error| Error::Internal(error.into()))?;
    Ok(Page::new("application/json", body, Policy::NoStore).into_response())
}
