//! The jobs that make the files of one asset: what it needs to be ready, and what follows in the background.

use super::runner::{Outcome, Runner};
use crate::blob::BlobKey;
use crate::domain::asset::{Asset, is_film};
use crate::domain::rendition::Pass;
use crate::media::{self, MediaError, Niceness, RenderRequest, Written};
use crate::newsroom::assets::RenderPayload;
use crate::newsroom::renditions;
use crate::store::jobs::Leased;

pub async fn run(runner: &Runner, job: &Leased, pass: Pass) -> Outcome {
    match try_run(runner, job, pass).await {
        Ok(()) => Outcome::Settled,
        Err(error) => Outcome::Retry(format!("{error:#}")),
    }
}

async fn try_run(runner: &Runner, job: &Leased, pass: Pass) -> anyhow::Result<()> {
    let ctx = &runner.ctx;
    let payload: RenderPayload = serde_json::from_str(&job.payload)?;
    let Some(asset) = renditions::find(ctx, payload.asset).await? else {
        let mut tx = ctx.db.begin().await?;
        tx.finish_job(job, &runner.owner, ctx.now()).await?;
        tx.commit().await?;
        return Ok(());
    };
    // A file that waits to take the place is what the first pass is about.
    let asset = match (pass, asset.with_replacement()) {
        (Pass::First, Some(new)) => new,
        _ => asset,
    };
    let is_document = !asset.kind.is_picture() && !is_film(&asset.media_type);
    if is_document && asset.original.size_bytes > media::MAX_DOCUMENT_BYTES {
        // Known before the file is fetched from a remote store.
        let reason = MediaError::TooComplex { detail: "a large document".to_owned() };
        renditions::store_failure(ctx, job, &runner.owner, &asset, &reason).await?;
        return Ok(());
    }
    let original = ctx.blobs.local(&BlobKey::original(&asset), &ctx.scratch).await?;
    let out_dir = tempfile::tempdir_in(&ctx.scratch)?;
    let words = words_for_the_files(&asset);
    let mut request = RenderRequest {
        input: original.path().to_owned(),
        media_type: asset.media_type.clone(),
        focal_point: asset.focal_point,
        crops: asset.crops.clone(),
        description: words.clone(),
        make: renditions::missing(&asset, pass),
        describe: Vec::new(),
        describe_original: pass == Pass::First,
        keep_camera_data: ctx.newsroom().await?.keep_camera_data,
        out_dir: out_dir.path().to_owned(),
    };
    // Copies of what lies in a remote store live as long as the job.
    let mut copies = Vec::new();
    if pass == Pass::First {
        for file in renditions::outdated(&asset) {
            let copy = ctx.blobs.local(&BlobKey::rendition(file), &ctx.scratch).await?;
            let written =
                Written { name: file.name.clone(), format: file.format, path: copy.path().to_owned() };
            request.describe.push(written);
            copies.push(copy);
        }
    }
    let niceness = match pass {
        Pass::First => Niceness::Work,
        Pass::Later => Niceness::Background,
    };
    let made = {
        // Only a closed semaphore refuses, and nobody closes it.
        let _process = runner.processes.acquire().await;
        let _room = runner.memory.room_for(media::memory_bytes(&request)).await;
        media::render_in_child(&request, &runner.limits, niceness).await
    };
    match made {
        Ok(report) => {
            renditions::store_report(ctx, job, &runner.owner, &asset, words.as_ref(), pass, report).await?;
        }
        Err(error) if error.is_final() && pass == Pass::First => {
            tracing::info!(asset.id = %asset.id, code = error.code(), %error, "A file cannot be rendered");
            renditions::store_failure(ctx, job, &runner.owner, &asset, &error).await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// On the first render the files keep what they say themselves unless something was said on upload; from
/// then on they say what the newsroom says.
fn words_for_the_files(asset: &Asset) -> Option<crate::domain::asset::Description> {
    let silent = asset.description == crate::domain::asset::Description::default();
    let untouched = asset.width.is_none() && silent && !asset.described;
    (!untouched).then(|| asset.description.clone())
}

/// After the last try: the asset says that it failed.
pub async fn give_up(runner: &Runner, job: &Leased, error: &str) {
    let reason = MediaError::GaveUp(error.to_owned());
    if let Err(error) = try_give_up(runner, job, &reason).await {
        tracing::error!(job.id = job.id, %error, "A failure could not be written down");
    }
}

async fn try_give_up(runner: &Runner, job: &Leased, reason: &MediaError) -> anyhow::Result<()> {
    let payload: RenderPayload = serde_json::from_str(&job.payload)?;
    if let Some(asset) = renditions::find(&runner.ctx, payload.asset).await? {
        let asset = asset.with_replacement().unwrap_or(asset);
        renditions::store_failure(&runner.ctx, job, &runner.owner, &asset, reason).await?;
    }
    Ok(())
}
