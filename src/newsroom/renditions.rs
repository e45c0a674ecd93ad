//! What a render job leaves behind: blobs first, then one transaction that makes them part of the asset.

use super::assets::{Urgency, enqueue_render};
use super::{Context, Error, Result};
use crate::blob::{Area, BlobKey};
use crate::domain::asset::{Asset, AssetError, AssetState, BlobRef, Description};
use crate::domain::rendition::{LADDER, Rendition};
use crate::domain::{Id, Timestamp};
use crate::media::{MediaError, RenderReport};
use crate::store;
use crate::store::jobs::Leased;

/// Whether an asset has every rung of the ladder.
pub fn is_complete(asset: &Asset) -> bool {
    LADDER
        .iter()
        .all(|preset| preset.formats.iter().all(|format| asset.rendition(preset.name, *format).is_some()))
}

/// Stores what was rendered. `rendered_with` is the description that went into the files: when someone
/// changed it meanwhile, the asset stays in processing and the job that the change enqueued does it again.
/// Returns `false` when another node has taken the job over.
pub async fn store_report(
    ctx: &Context,
    job: &Leased,
    owner: &str,
    rendered_with: &Asset,
    report: RenderReport,
) -> Result<bool> {
    let mut renditions = Vec::with_capacity(report.renditions.len());
    for file in &report.renditions {
        let key = BlobKey::new(Area::Derived, &file.sha256, file.format.media_type());
        let blob = ctx.blobs.put_file(&file.path, &key, ctx.new_id()).await?;
        renditions.push(Rendition {
            name: file.name.clone(),
            format: file.format,
            width: file.width,
            height: file.height,
            size_bytes: blob.size_bytes,
            sha256: blob.sha256,
            crc32: blob.crc32,
        });
    }
    let download = match &report.download {
        Some(file) => {
            let key = BlobKey::new(Area::Derived, &file.sha256, &rendered_with.media_type);
            Some(ctx.blobs.put_file(&file.path, &key, ctx.new_id()).await?)
        }
        None => None,
    };
    let taken = Taken { renditions, download, report: &report };
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    if !tx.finish_job(job, owner, now).await? {
        return Ok(false);
    }
    if let Some(mut asset) = store::record::find::<Asset>(&mut tx, rendered_with.id).await? {
        let is_incomplete = taken.put_into(&mut asset, rendered_with, now);
        tx.update(&mut asset, now).await?;
        if is_incomplete {
            enqueue_render(ctx, &mut tx, asset.id, Urgency::Upload).await?;
        }
    }
    tx.commit().await?;
    ctx.announce();
    Ok(true)
}

struct Taken<'a> {
    renditions: Vec<Rendition>,
    download: Option<BlobRef>,
    report: &'a RenderReport,
}

impl Taken<'_> {
    /// Returns whether the files lack words that were found in the original only now.
    fn put_into(self, asset: &mut Asset, rendered_with: &Asset, now: Timestamp) -> bool {
        let first_time = asset.width.is_none();
        asset.width = Some(self.report.width);
        asset.height = Some(self.report.height);
        asset.placeholder.clone_from(&self.report.placeholder);
        asset.renditions = self.renditions;
        asset.download = self.download.unwrap_or_else(|| asset.original.clone());
        asset.error = None;
        let unchanged =
            asset.description == rendered_with.description && asset.focal_point == rendered_with.focal_point;
        let mut is_incomplete = false;
        if first_time && !asset.described {
            prefill(&mut asset.description, &self.report.description);
            // Files rendered without words of ours kept their own; others carry only what was said on upload.
            let had_words = rendered_with.description != Description::default();
            is_incomplete = had_words && unchanged && asset.description != rendered_with.description;
        }
        asset.state = if unchanged && !is_incomplete { AssetState::Ready } else { AssetState::Processing };
        asset.updated_at = now;
        is_incomplete
    }
}

/// Fills what nobody has said yet from what the file says.
pub fn prefill(description: &mut Description, file: &Description) {
    let fill = |mine: &mut String, theirs: &String| {
        if mine.is_empty() {
            mine.clone_from(theirs);
        }
    };
    fill(&mut description.title, &file.title);
    fill(&mut description.caption, &file.caption);
    fill(&mut description.alt_text, &file.alt_text);
    fill(&mut description.credit, &file.credit);
    fill(&mut description.copyright_notice, &file.copyright_notice);
    fill(&mut description.usage_terms, &file.usage_terms);
    fill(&mut description.rights_url, &file.rights_url);
    fill(&mut description.creator, &file.creator);
    fill(&mut description.date_created, &file.date_created);
    fill(&mut description.location, &file.location);
    fill(&mut description.digital_source_type, &file.digital_source_type);
    fill(&mut description.data_mining, &file.data_mining);
    if description.persons.is_empty() {
        description.persons.clone_from(&file.persons);
    }
    if description.keywords.is_empty() {
        description.keywords.clone_from(&file.keywords);
    }
}

/// Says on the asset why no rendition could be made. Files of an earlier, successful render stay.
pub async fn store_failure(
    ctx: &Context,
    job: &Leased,
    owner: &str,
    asset: Id,
    error: &MediaError,
) -> Result<bool> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    if !tx.fail_job(job, owner, &error.to_string(), None, now).await? {
        return Ok(false);
    }
    if let Some(mut asset) = store::record::find::<Asset>(&mut tx, asset).await? {
        asset.state = AssetState::Failed;
        asset.error = Some(AssetError { code: error.code().to_owned(), detail: error.to_string() });
        asset.updated_at = now;
        tx.update(&mut asset, now).await?;
    }
    tx.commit().await?;
    ctx.announce();
    Ok(true)
}

/// The asset a job is about, or `None` when it was deleted meanwhile.
pub async fn find(ctx: &Context, id: Id) -> Result<Option<Asset>> {
    store::record::find(&ctx.db, id).await.map_err(Error::from)
}
