//! The steps of a release's life.

use super::content::{self, Edit, Stamp};
use super::{Context, Error, Result, preflight, require};
use crate::domain::account::{Actor, Role};
use crate::domain::newsroom::Newsroom;
use crate::domain::release::{Correction, CorrectionKind, Release, ReleaseState};
use crate::domain::review::ReviewStep;
use crate::domain::{Id, Timestamp, ZonedTime};
use crate::store::audit;

/// How far back the log is read for who wrote last.
const LOG_ENTRIES: i64 = 200;

/// When a release shall become public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publish {
    /// As the release itself says: under its embargo if it has one that lies ahead, else now.
    AsPlanned,
    Now,
    Embargo(ZonedTime),
}

/// How releases are sent on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Going {
    Publish(Publish),
    /// `None` takes the time that the release itself plans.
    Schedule(Option<ZonedTime>),
}

impl Going {
    const fn action(&self) -> &'static str {
        match self {
            Self::Publish(_) => "publish",
            Self::Schedule(_) => "schedule",
        }
    }

    /// When a release would be public.
    fn moment(&self, release: &Release, now: Timestamp) -> Timestamp {
        let planned = match self {
            Self::Publish(Publish::AsPlanned) => release.embargo_until.as_ref(),
            Self::Publish(Publish::Now) => None,
            Self::Publish(Publish::Embargo(until)) => Some(until),
            Self::Schedule(at) => at.as_ref().or(release.publish_at.as_ref()),
        };
        planned.map_or(now, |at| at.utc)
    }

    fn take(&self, release: &mut Release, newsroom: &Newsroom, now: Timestamp) -> Result<()> {
        if newsroom.require_approval && !is_public(release, now) && !release.is_approved() {
            return Err(Error::conflict(
                "approval_missing",
                "Somebody else than who last changed the release has to approve it first",
            ));
        }
        match self {
            Self::Publish(when) => publish_one(release, when, now),
            Self::Schedule(at) => {
                let at = at.clone().or_else(|| release.publish_at.clone()).ok_or_else(|| {
                    Error::field("publish_at", "required", "Say when the release shall go online")
                })?;
                Ok(release.schedule(at, now)?)
            }
        }
    }
}

fn publish_one(release: &mut Release, when: &Publish, now: Timestamp) -> Result<()> {
    let embargo = match when {
        Publish::AsPlanned => release.embargo_until.clone(),
        Publish::Now => None,
        Publish::Embargo(until) if until.utc <= now => {
            return Err(Error::field("embargo_until", "in_the_past", "The embargo has passed already"));
        }
        Publish::Embargo(until) => Some(until.clone()),
    };
    // What is public stays as it is: an embargo that has lifted is history, not a plan.
    let embargo = if matches!(when, Publish::AsPlanned) && is_public(release, now) { None } else { embargo };
    release.publish(embargo, now)?;
    Ok(())
}

pub async fn publish(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    when: Publish,
) -> Result<Release> {
    send(ctx, actor, id, version, Going::Publish(when)).await
}

/// `at` of `None` takes the time that the release itself plans.
pub async fn schedule(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    at: Option<ZonedTime>,
) -> Result<Release> {
    send(ctx, actor, id, version, Going::Schedule(at)).await
}

async fn send(ctx: &Context, actor: &Actor, id: Id, version: Option<i64>, going: Going) -> Result<Release> {
    require(actor, Role::Editor)?;
    let release: Release = content::get(ctx, id).await?;
    preflight::require(ctx, &release, going.moment(&release, ctx.now())).await?;
    let newsroom = ctx.newsroom().await?;
    let edit = Edit { actor, id, version, action: going.action() };
    content::edit(ctx, edit, |release: &mut Release, now| {
        going.take(release, &newsroom, now)?;
        Ok(None)
    })
    .await
}

/// Why a set of releases was not sent on its way: the one that could not go, and why.
#[derive(Debug)]
pub struct Stopped {
    pub release: Id,
    pub error: Error,
}

/// Sends several releases on their way, or none of them. Each is named with the version that was looked at.
pub async fn send_together(
    ctx: &Context,
    actor: &Actor,
    releases: &[(Id, i64)],
    going: &Going,
) -> std::result::Result<(), Stopped> {
    for (id, _) in releases {
        let is_fine = async {
            require(actor, Role::Editor)?;
            let release: Release = content::get(ctx, *id).await?;
            preflight::require(ctx, &release, going.moment(&release, ctx.now())).await
        };
        is_fine.await.map_err(|error| Stopped { release: *id, error })?;
    }
    let first = releases.first().map_or_else(|| ctx.new_id(), |(id, _)| *id);
    let outside = |error: Error| Stopped { release: first, error };
    let newsroom = ctx.newsroom().await.map_err(outside)?;
    let mut tx = ctx.db.begin().await.map_err(|error| outside(error.into()))?;
    for (id, version) in releases {
        let edit = Edit { actor, id: *id, version: Some(*version), action: going.action() };
        let change = |release: &mut Release, now| {
            going.take(release, &newsroom, now)?;
            Ok(None)
        };
        let done = content::edit_in(ctx, &mut tx, edit, Stamp::Now, change).await;
        done.map_err(|error| Stopped { release: *id, error })?;
    }
    tx.commit().await.map_err(|error| outside(error.into()))?;
    ctx.announce();
    Ok(())
}

/// Takes a step on the way to an approval.
pub async fn review(
    ctx: &Context,
    actor: &Actor,
    id: Id,
    version: Option<i64>,
    step: ReviewStep,
    note: &str,
) -> Result<Release> {
    let (role, action) = match step {
        ReviewStep::Submitted => (Role::Author, "submit"),
        ReviewStep::Approved => (Role::Editor, "approve"),
        ReviewStep::Returned => (Role::Editor, "return"),
    };
    require(actor, role)?;
    let log = audit::of_record(&ctx.db, id, LOG_ENTRIES).await?;
    let wrote = log.into_iter().find(|entry| matches!(entry.action.as_str(), "edit" | "create" | "import"));
    let edit = Edit { actor, id, version, action };
    content::edit(ctx, edit, |release: &mut Release, now| {
        // Before it was noted in the release itself, only the log knew.
        if let Some(entry) = wrote.as_ref().filter(|_| release.edited_by.is_empty()) {
            release.edited_by.clone_from(&entry.actor);
        }
        match step {
            ReviewStep::Submitted => release.submit(&actor.name, now)?,
            ReviewStep::Approved => release.approve(&actor.name, now)?,
            ReviewStep::Returned => release.give_back(&actor.name, note, now)?,
        }
        Ok(None)
    })
    .await
}

fn is_public(release: &Release, now: Timestamp) -> bool {
    release.state_at(now) == ReleaseState::Published
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
