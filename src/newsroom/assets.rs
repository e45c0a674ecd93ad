//! Taking in files and describing them.

use serde::{Deserialize, Serialize};

use super::content::{self, Edit, create_in};
use super::fields::{AssetFields, Fields, Setting};
use super::{Context, Error, Result, renditions, require};
use crate::blob::{Area, Incoming};
use crate::domain::account::{Actor, Role};
use crate::domain::asset::{
    Asset, AssetKind, AssetState, BlobRef, Description, FileInPlace, FocalPoint, clean_file_name,
    is_processed, kind_of,
};
use crate::domain::crop::Crops;
use crate::domain::rendition::{Pass, ladder_edition};
use crate::domain::{Id, Timestamp};
use crate::media;
use crate::store;
use crate::store::Tx;
use crate::store::jobs::Leased;

/// The job that makes what an asset needs to be ready, and writes words into its files.
pub const RENDER: &str = "render";
/// The job that makes the costly files afterwards.
pub const RENDER_LATER: &str = "render-later";
/// The job that lets every offered original be written anew.
pub const REWRITE_DOWNLOADS: &str = "rewrite-downloads";

/// What a job for one asset carries.

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderPayload {
    pub asset: Id,
}

/// The setting that tells for which edition of the ladder the files were made.
const LADDER_SETTING: &str = "ladder";
const LINKS_SETTING: &str = "asset-links";
/// To be raised when assets get other links.
const LINKS_EDITION: &str = "1";

const OFFERS_SETTING: &str = "offered-originals";
/// To be raised when more is left out of the originals that are offered.
const OFFERS_EDITION: &str = "2";

/// Lower runs first: a photo just dropped is waited for, an old one is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Upload,
    Edit,
    Rebuild,
}

impl Urgency {
    const fn priority(self) -> i64 {
        match self {
            Self::Upload => 10,
            Self::Edit => 20,
            Self::Rebuild => 50,
        }
    }
}

/// A file that has arrived completely but is not yet part of the newsroom.
#[derive(Debug)]
pub struct Received {
    pub incoming: Incoming,
    pub file_name: String,
    pub fields: AssetFields,
}

/// Makes the bytes safe and records them as an asset. Also tells which assets have the same bytes already.
pub async fn add(ctx: &Context, actor: &Actor, received: Received) -> Result<(Asset, Vec<Id>)> {
    require(actor, Role::Author)?;
    let (mut asset, slug) = take_in(ctx, received).await?;
    let mut tx = ctx.db.begin().await?;
    let twins = record_in(ctx, &mut tx, actor, &mut asset, slug.as_deref()).await?;
    tx.commit().await?;
    ctx.announce();
    Ok((asset, twins))
}

/// Records an asset whose bytes are safe; tells which assets have the same bytes already.
pub async fn record_in(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    asset: &mut Asset,
    slug: Option<&str>,
) -> Result<Vec<Id>> {
    let twins = store::list::assets_with_digest(&mut *tx, &asset.original.sha256).await?;
    create_in(ctx, tx, actor, asset, slug).await?;
    Ok(twins)
}

/// Makes the bytes safe and describes them as an asset that is not yet recorded; also returns the slug
/// that was asked for.
pub async fn take_in(ctx: &Context, received: Received) -> Result<(Asset, Option<String>)> {
    let Received { mut incoming, file_name, fields } = received;
    let media_type = match accept(&incoming) {
        Ok(media_type) => media_type,
        Err(error) => {
            incoming.abort().await;
            return Err(error);
        }
    };
    let newsroom = ctx.newsroom().await?;
    let setting = Setting {
        time_zone: &newsroom.time_zone,
        default_language: &newsroom.default_language,
        now: ctx.now(),
    };
    let empty = BlobRef { sha256: String::new(), size_bytes: 0, crc32: 0 };
    let mut asset = blank(ctx.new_id(), &file_name, media_type, empty, setting.now);
    let slug = match fields.apply(&mut asset, setting).and_then(|slug| Ok((slug, asset.validate()?))) {
        Ok((slug, ())) => slug,
        Err(error) => {
            incoming.abort().await;
            return Err(error);
        }
    };
    asset.original = incoming.finish(Area::Original).await?;
    asset.download = asset.original.clone();
    Ok((asset, slug))
}

/// Lets another file take an asset's place. Its address, its words and where it is shown stay; what the record does not
/// say is taken from the new file. Until its renditions are made, the old file is what everybody gets.
pub async fn replace(
    ctx: &Context,
    edit: Edit<'_>,
    incoming: Incoming,
    file_name: &str,
) -> Result<(Asset, Vec<Id>)> {
    require(edit.actor, Role::Author)?;
    let file = take_in_for(ctx, edit.id, incoming, file_name).await?;
    let mut twins = store::list::assets_with_digest(&ctx.db, &file.original.sha256).await?;
    twins.retain(|twin| *twin != edit.id);
    let asset = content::edit(ctx, edit, |asset: &mut Asset, now| {
        give_place(asset, &file, now);
        Ok(None)
    })
    .await?;
    Ok((asset, twins))
}

/// Makes the bytes safe that shall take an asset's place, if they can.
pub async fn take_in_for(
    ctx: &Context,
    id: Id,
    mut incoming: Incoming,
    file_name: &str,
) -> Result<FileInPlace> {
    // The file is judged before the wait: it must not be lent across one.
    let told = accept(&incoming);
    let media_type = match fits_place(ctx, id, told).await {
        Ok(media_type) => media_type.to_owned(),
        Err(error) => {
            incoming.abort().await;
            return Err(error);
        }
    };
    let original = incoming.finish(Area::Original).await?;
    Ok(FileInPlace { file_name: clean_file_name(file_name), media_type, original, at: ctx.now() })
}

/// Lets a file take an asset's place, or wait for it until it is rendered. The same bytes change nothing.
pub fn give_place(asset: &mut Asset, file: &FileInPlace, now: Timestamp) {
    if asset.original == file.original && asset.replacement.is_none() {
        return;
    }
    let file = FileInPlace { at: now, ..file.clone() };
    if is_processed(asset.kind, &file.media_type) {
        asset.replacement = Some(file);
        asset.state = AssetState::Processing;
    } else {
        asset.put_in_place(file, now);
        asset.state = AssetState::Ready;
    }
    asset.error = None;
}

/// A picture takes the place of a picture, and any other file that of its own kind.
async fn fits_place(ctx: &Context, id: Id, told: Result<&'static str>) -> Result<&'static str> {
    let asset: Asset = content::get(ctx, id).await?;
    let media_type = told?;
    let new = kind_of(media_type).unwrap_or(AssetKind::Document);
    if new == asset.kind || (new.is_picture() && asset.kind.is_picture()) {
        return Ok(media_type);
    }
    let detail = format!("A {} cannot take the place of a {}", new.as_str(), asset.kind.as_str());
    Err(Error::Unsupported { code: "other_kind", detail })
}

/// Tells the media type by content, or says why the file is refused.
fn accept(incoming: &Incoming) -> Result<&'static str> {
    if incoming.size_bytes() == 0 {
        return Err(Error::Unsupported { code: "empty_file", detail: "The file is empty".to_owned() });
    }
    media::sniff(incoming.head()).ok_or_else(|| Error::Unsupported {
        code: "unsupported_type",
        detail: media::refusal(incoming.head()),
    })
}

/// An asset of which nothing is known but its file.
pub fn blank(id: Id, file_name: &str, media_type: &str, original: BlobRef, now: Timestamp) -> Asset {
    let kind = kind_of(media_type).unwrap_or(AssetKind::Document);
    Asset {
        id,
        slug: String::new(),
        version: 0,
        kind,
        state: if is_processed(kind, media_type) { AssetState::Processing } else { AssetState::Ready },
        file_name: clean_file_name(file_name),
        media_type: media_type.to_owned(),
        download: original.clone(),
        download_words: String::new(),
        original,
        width: None,
        height: None,
        has_alpha: false,
        colour_space: String::new(),
        error: None,
        description: Description::default(),
        described: false,
        focal_point: FocalPoint::default(),
        crops: Crops::new(),
        rights_until: None,
        renditions: Vec::new(),
        placeholder: String::new(),
        replacement: None,
        earlier: Vec::new(),
        created_at: now,
        updated_at: now,
    }
}

pub async fn enqueue_render(ctx: &Context, tx: &mut Tx, asset: Id, urgency: Urgency) -> Result<()> {
    let payload = serde_json::to_string(&RenderPayload { asset }).map_err(anyhow::Error::from)?;
    let key = Some(format!("{RENDER}:{asset}"));
    tx.enqueue(ctx.new_id(), RENDER, payload, key, urgency.priority(), ctx.now()).await?;
    Ok(())
}

pub async fn enqueue_later(ctx: &Context, tx: &mut Tx, asset: Id) -> Result<()> {
    let payload = serde_json::to_string(&RenderPayload { asset }).map_err(anyhow::Error::from)?;
    let key = Some(format!("{RENDER_LATER}:{asset}"));
    tx.enqueue(ctx.new_id(), RENDER_LATER, payload, key, Urgency::Rebuild.priority(), ctx.now()).await?;
    Ok(())
}

/// Lets the originals that are offered be written anew, after a change of what of their metadata stays in them.
pub async fn enqueue_rewriting(ctx: &Context, tx: &mut Tx) -> Result<()> {
    let key = Some(REWRITE_DOWNLOADS.to_owned());
    let priority = Urgency::Edit.priority();
    tx.enqueue(ctx.new_id(), REWRITE_DOWNLOADS, "{}".to_owned(), key, priority, ctx.now()).await?;
    Ok(())
}

/// Enqueues the rewriting of every picture's offered original, the newest first, and ends the job.
pub async fn rewrite_downloads(ctx: &Context, job: &Leased, owner: &str) -> Result<()> {
    let mut before = None;
    loop {
        let batch: Vec<Asset> = store::list::walk_back(&ctx.db, before, 200).await?;
        let Some(last) = batch.last() else { break };
        before = Some(last.id);
        let mut tx = ctx.db.begin().await?;
        for asset in batch.iter().filter(|asset| asset.is_processed() && asset.state != AssetState::Failed) {
            enqueue_render(ctx, &mut tx, asset.id, Urgency::Rebuild).await?;
        }
        tx.commit().await?;
        ctx.signals.job.notify_waiters();
    }
    let mut tx = ctx.db.begin().await?;
    tx.finish_job(job, owner, ctx.now()).await?;
    Ok(tx.commit().await?)
}

/// Changes what is said of an asset. The files follow: they carry the new words, and are cut anew when
/// the focal point or their area moved, before the asset is ready again.
pub async fn describe(
    ctx: &Context,
    edit: Edit<'_>,
    mut change: impl FnMut(&mut Asset, Timestamp) -> Result<Option<String>>,
) -> Result<Asset> {
    content::edit(ctx, edit, |asset: &mut Asset, now| {
        let before = asset.clone();
        let slug = change(asset, now)?;
        let_files_follow(asset, &before);
        Ok(slug)
    })
    .await
}

/// Puts a picture back to processing when its files no longer say or show what the record does.
pub fn let_files_follow(asset: &mut Asset, before: &Asset) {
    let lacks_more = || renditions::missing(asset, Pass::First) != renditions::missing(before, Pass::First);
    if asset.has_renditions() && (before.description != asset.description || lacks_more()) {
        asset.state = AssetState::Processing;
        asset.error = None;
    }
}

/// Enqueues the jobs of every picture, the newest first; returns of how many. With `only_missing`, of those
/// that lack a rung of the ladder or have one of an older table.
pub async fn rebuild(ctx: &Context, only_missing: bool) -> Result<usize> {
    let mut before = None;
    let mut count = 0;
    loop {
        let batch: Vec<Asset> = store::list::walk_back(&ctx.db, before, 200).await?;
        let Some(last) = batch.last() else { return Ok(count) };
        before = Some(last.id);
        let mut tx = ctx.db.begin().await?;
        if !only_missing {
            // Before the first job: an edit enqueues when it has its turn.
            tx.take_turn().await?;
        }
        for asset in batch.iter().filter(|a| a.is_processed() && a.state != AssetState::Failed) {
            let lacks = |pass| !renditions::missing(asset, pass).is_empty();
            if !only_missing {
                renditions::forget_marks(ctx, &mut tx, asset.id).await?;
                enqueue_render(ctx, &mut tx, asset.id, Urgency::Rebuild).await?;
            } else if lacks(Pass::First) {
                enqueue_render(ctx, &mut tx, asset.id, Urgency::Rebuild).await?;
            } else if lacks(Pass::Later) {
                enqueue_later(ctx, &mut tx, asset.id).await?;
            } else {
                continue;
            }
            count += 1;
        }
        tx.commit().await?;
        ctx.signals.job.notify_waiters();
    }
}

/// Writes the links of all assets as this version knows them, once.
pub async fn follow_links(ctx: &Context) -> Result<()> {
    if store::setting::value(&ctx.db, LINKS_SETTING).await?.as_deref() == Some(LINKS_EDITION) {
        return Ok(());
    }
    let mut before = None;
    loop {
        let batch: Vec<Asset> = store::list::walk_back(&ctx.db, before, 200).await?;
        let Some(last) = batch.last() else { break };
        before = Some(last.id);
        for asset in &batch {
            let mut tx = ctx.db.begin().await?;
            // As it is now, not as it was when the batch was read.
            if let Some(asset) = store::record::find::<Asset>(&mut tx, asset.id).await? {
                tx.link_anew(&asset).await?;
            }
            tx.commit().await?;
        }
    }
    let mut tx = ctx.db.begin().await?;
    tx.save_value(LINKS_SETTING, LINKS_EDITION).await?;
    Ok(tx.commit().await?)
}

/// Has the offered originals written anew, once for every edition of what is left out of them.
pub async fn follow_offers(ctx: &Context) -> Result<()> {
    if store::setting::value(&ctx.db, OFFERS_SETTING).await?.as_deref() == Some(OFFERS_EDITION) {
        return Ok(());
    }
    let any: Vec<Asset> = store::list::walk_back(&ctx.db, None, 1).await?;
    let mut tx = ctx.db.begin().await?;
    tx.save_value(OFFERS_SETTING, OFFERS_EDITION).await?;
    if !any.is_empty() {
        enqueue_rewriting(ctx, &mut tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Renders what a newer ladder has and the newsroom's files lack, once for every edition of the ladder.
pub async fn follow_ladder(ctx: &Context) -> Result<()> {
    let edition = ladder_edition();
    if store::setting::value(&ctx.db, LADDER_SETTING).await?.as_deref() == Some(&edition) {
        return Ok(());
    }
    let count = rebuild(ctx, true).await?;
    if count > 0 {
        tracing::info!(count, "The ladder of renditions has changed; what is new is made in the background");
    }
    let mut tx = ctx.db.begin().await?;
    tx.save_value(LADDER_SETTING, &edition).await?;
    Ok(tx.commit().await?)
}
