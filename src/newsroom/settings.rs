//! The newsroom's settings.

use super::{Context, Error, Result, assets, require};
use crate::domain::Kind;
use crate::domain::account::{Actor, Role};
use crate::domain::newsroom::Newsroom;
use crate::store::audit::Deed;
use crate::store::{StoreError, setting};

/// Changes the settings; `version` as in [`super::content::Edit`].
pub async fn edit(
    ctx: &Context,
    actor: &Actor,
    version: Option<i64>,
    change: impl FnOnce(&mut Newsroom) -> Result<()>,
) -> Result<Newsroom> {
    require(actor, Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    let before = setting::newsroom(&mut tx).await?;
    if let Some(expected) = version
        && expected != before.version
    {
        return Err(Error::Store(StoreError::Stale { expected, current: before.version }));
    }
    let mut newsroom = before.clone();
    change(&mut newsroom)?;
    if newsroom == before {
        return Ok(before);
    }
    newsroom.validate()?;
    tx.save_newsroom(&mut newsroom, ctx.now()).await?;
    let deed = Deed {
        id: ctx.new_id(),
        at: ctx.now(),
        actor: &actor.name,
        action: "settings",
        kind: Kind::Newsroom,
        record_id: "newsroom".to_owned(),
    };
    tx.audit(deed, Some(&before), Some(&newsroom)).await?;
    if newsroom.keep_camera_data != before.keep_camera_data {
        assets::enqueue_rewriting(ctx, &mut tx).await?;
    }
    tx.commit().await?;
    ctx.announce();
    Ok(newsroom)
}
