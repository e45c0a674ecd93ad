//! The steps of a release's life.

use super::content::{self, Edit};
use super::{Context, Error, Result, preflight, require};
use crate::domain::account::{Actor, Role};
use crate::domain::release::{Correction, CorrectionKind, Release, ReleaseState};
use crate::domain::{Id, Timestamp, ZonedTime};

/// When a release shall become public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publish {
    /// As the release itself says: under its embargo if it has one that lies ahead, else now.
    AsPlanned,
    Now,
    Embargo(ZonedTime),
}

pub async fn publish(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    when: Publish,
) -> Result<Release> {
    require(actor, Role::Editor)?;
    let release: Release = content::get(ctx, id).await?;
    let embargo = match &when {
        Publish::AsPlanned => release.embargo_until.as_ref(),
        Publish::Now => None,
        Publish::Embargo(until) => Some(until),
    };
    preflight::require(ctx, &release, embargo.map_or(ctx.now(), |until| until.utc)).await?;
    let edit = Edit { actor, id, version, action: "publish" };
    content::edit(ctx, edit, |release: &mut Release, now| {
        let embargo = match &when {
            Publish::AsPlanned => release.embargo_until.clone(),
            Publish::Now => None,
            Publish::Embargo(until) if until.utc <= now => {
                return Err(Error::field("embargo_until", "in_the_past", "The embargo has passed already"));
            }
            Publish::Embargo(until) => Some(until.clone()),
        };
        // What is public stays as it is: an embargo that has lifted is history, not a plan.
        let embargo =
            if matches!(when, Publish::AsPlanned) && is_public(release, now) { None } else { embargo };
        release.publish(embargo, now)?;
        Ok(None)
    })
    .await
}

fn is_public(release: &Release, now: Timestamp) -> bool {
    release.state_at(now) == ReleaseState::Published
}

/// `at` of `None` takes the time that the release itself plans.
pub async fn schedule(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    at: Option<ZonedTime>,
) -> Result<Release> {
    require(actor, Role::Editor)?;
    let release: Release = content::get(ctx, id).await?;
    let planned = at.as_ref().or(release.publish_at.as_ref());
    preflight::require(ctx, &release, planned.map_or(ctx.now(), |at| at.utc)).await?;
    let edit = Edit { actor, id, version, action: "schedule" };
    content::edit(ctx, edit, |release: &mut Release, now| {
        let at = at
            .clone()
            .or_else(|| release.publish_at.clone())
            .ok_or_else(|| Error::field("publish_at", "required", "Say when the release shall go online"))?;
        release.schedule(at, now)?;
        Ok(None)
    })
    .await
}

pub async fn withdraw(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    reason: &str,
) -> Result<Release> {
    require(actor, Role::Editor)?;
    let edit = Edit { actor, id, version, action: "withdraw" };
    content::edit(ctx, edit, |release: &mut Release, now| {
        release.withdraw(reason, now)?;
        Ok(None)
    })
    .await
}

/// Adds a public note on a change; earlier notes stay as they are.
pub async fn correct(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    kind: CorrectionKind,
    note: &str,
) -> Result<Release> {
    require(actor, Role::Editor)?;
    if note.trim().is_empty() {
        return Err(Error::field("note", "required", "Say what was changed: the public reads it"));
    }
    let edit = Edit { actor, id, version, action: "correct" };
    content::edit(ctx, edit, |release: &mut Release, now| {
        release.corrections.push(Correction { at: now, kind, note: note.trim().to_owned() });
        Ok(None)
    })
    .await
}

/// Deletes a release that never was public; what was public is withdrawn, so that its address can say why.
pub async fn delete(ctx: &Context, actor: &Actor, id: Id, version: Option<i64>) -> Result<Release> {
    let release: Release = content::get(ctx, id).await?;
    let was_public = is_public(&release, ctx.now()) || release.state == ReleaseState::Withdrawn;
    if was_public {
        return Err(Error::conflict("was_public", "A release that was public is withdrawn, not deleted"));
    }
    content::delete(ctx, actor, id, version).await
}
