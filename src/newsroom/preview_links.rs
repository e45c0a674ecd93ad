//! Links that show a release to somebody without an account before it is public.

use jiff::ToSpan as _;

use super::accounts::{Secret, hash_secret};
use super::{Context, Error, Result, content, require};
use crate::domain::account::{Actor, Role};
use crate::domain::preview_link::{self, PreviewLink};
use crate::domain::release::{Release, ReleaseState};
use crate::domain::{DomainError, Id, Kind};
use crate::store::audit::Deed;
use crate::store::{self, Tx};

/// Links of one release that are alive at the same time.
const MAX_LIVE: usize = 50;
/// The links of a release that are looked at, living and ended.
pub const MAX_LISTED: usize = 200;

/// Makes a link; the secret is told only now.
pub async fn create(
    ctx: &Context,
    actor: &Actor,
    release: Id,
    recipient: &str,
    days: i64,
) -> Result<(PreviewLink, Secret)> {
    require(actor, Role::Author)?;
    let now = ctx.now();
    let found: Release = content::get(ctx, release).await?;
    if matches!(found.state_at(now), ReleaseState::Published | ReleaseState::Withdrawn) {
        return Err(Error::conflict("already_published", "The release is public already"));
    }
    if !preview_link::DAYS.contains(&days) {
        return Err(Error::field("link-days", "not_listed", "A link is good for 1, 7 or 30 days"));
    }
    let secret = Secret::random("")?;
    let link = PreviewLink {
        id: ctx.new_id(),
        release,
        recipient: preview_link::recipient(recipient)?,
        created_by: actor.name.clone(),
        created_at: now,
        expires_at: now.checked_add((days * 24).hours()).map_err(anyhow::Error::from)?,
        revoked_at: None,
        seen_at: None,
        seen_count: 0,
    };
    let mut tx = ctx.db.begin().await?;
    let others = store::preview_link::of_release(&mut tx, release, now, MAX_LISTED).await?;
    if others.iter().filter(|other| other.is_live(now)).count() >= MAX_LIVE {
        return Err(DomainError::conflict("too_many_links", "Revoke links that are not needed first").into());
    }
    tx.insert_preview_link(&link, hash_secret(secret.reveal())).await?;
    note(ctx, &mut tx, actor, "preview-link", (None, Some(&link))).await?;
    tx.commit().await?;
    Ok((link, secret))
}

/// Ends a link at once. One that has ended already stays ended.
pub async fn revoke(ctx: &Context, actor: &Actor, release: Id, id: Id) -> Result<()> {
    require(actor, Role::Author)?;
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let links = store::preview_link::of_release(&mut tx, release, now, MAX_LISTED).await?;
    let link = links.iter().find(|link| link.id == id).ok_or(Error::NotFound)?;
    if link.revoked_at.is_some() {
        return Ok(());
    }
    tx.revoke_preview_link(id, now).await?;
    note(ctx, &mut tx, actor, "preview-link-revoked", (Some(link), None)).await?;
    Ok(tx.commit().await?)
}

/// Written down with the release, in whose history it is looked for.
async fn note(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    (before, after): (Option<&PreviewLink>, Option<&PreviewLink>),
) -> Result<()> {
    let Some(link) = before.or(after) else { return Ok(()) };
    let deed = Deed {
        id: ctx.new_id(),
        at: ctx.now(),
        actor: &actor.name,
        action,
        kind: Kind::Release,
        record_id: link.release.to_string(),
    };
    Ok(tx.audit(deed, before, after).await?)
}

/// The living link with this secret.
pub async fn open(ctx: &Context, secret: &str) -> Result<Option<PreviewLink>> {
    Ok(store::preview_link::live_by_hash(&ctx.db, hash_secret(secret), ctx.now()).await?)
}

/// Counts that somebody opened the page.
pub async fn note_seen(ctx: &Context, link: Id) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    tx.note_preview_seen(link, ctx.now()).await?;
    Ok(tx.commit().await?)
}
