//! What an asset's files lack, and what a render job leaves behind: blobs first, then one transaction that
//! makes them part of the asset.

use super::assets::{Urgency, enqueue_later, enqueue_render};
use super::{Context, Error, Result};
use crate::blob::Area;
use crate::domain::asset::{Asset, AssetError, AssetState, BlobRef, Description, is_film};
use crate::domain::rendition::{Format, LADDER, Pass, Preset, Recipe, Rendition, preset};
use crate::domain::{Id, Timestamp};
use crate::media::{MediaError, Order, RenderReport, RenderedFile};
use crate::store;
use crate::store::Tx;
use crate::store::jobs::Leased;

/// The renditions that a pass has to make: those that are not there, and those of another recipe.
pub fn missing(asset: &Asset, pass: Pass) -> Vec<Order> {
    if is_film(&asset.media_type) {
        return Vec::new();
    }
    let wanted = LADDER.iter().flat_map(|preset| preset.recipes.iter().map(move |recipe| (preset, recipe)));
    wanted
        .filter(|(_, recipe)| recipe.pass == pass && is_fitting(asset, recipe))
        .filter(|(preset, recipe)| !is_made(asset, preset, recipe))
        .map(|(preset, recipe)| Order { name: preset.name.to_owned(), recipe: recipe.name.to_owned() })
        .collect()
}

fn is_fitting(asset: &Asset, recipe: &Recipe) -> bool {
    recipe.suits(&asset.media_type, asset.has_alpha || asset.renditions.is_empty())
}

/// A file of a later pass makes the one of an earlier pass in the same format needless.
fn is_made(asset: &Asset, preset: &Preset, recipe: &Recipe) -> bool {
    asset.rendition(preset.name, recipe.format).is_some_and(|made| {
        let as_good = preset.recipes.iter().filter(|other| {
            other.format == recipe.format && (other.name == recipe.name || other.pass > recipe.pass)
        });
        as_good.into_iter().any(|other| {
            preset.mark(other, &asset.media_type, asset.focal_point, &asset.crops) == made.recipe
        })
    })
}

/// The renditions that exist and carry other words than the asset; those to be made anew are not among them.
pub fn outdated(asset: &Asset) -> Vec<&Rendition> {
    let words = asset.description.digest();
    let remade = missing(asset, Pass::First);
    let is_remade = |file: &Rendition| {
        remade.iter().any(|order| {
            order.name == file.name
                && preset(&file.name).is_some_and(|preset| {
                    preset.recipes.iter().any(|r| r.name == order.recipe && r.format == file.format)
                })
        })
    };
    asset.renditions.iter().filter(|file| file.words != words && !is_remade(file)).collect()
}

/// Whether an asset has every file of the ladder, in its present form.
pub fn is_complete(asset: &Asset) -> bool {
    missing(asset, Pass::First).is_empty() && missing(asset, Pass::Later).is_empty()
}

/// Makes every file of an asset count as one of an older ladder.
pub async fn forget_marks(ctx: &Context, tx: &mut Tx, id: Id) -> Result<()> {
    if let Some(mut asset) = store::record::find::<Asset>(&mut *tx, id).await? {
        asset.renditions.iter_mut().for_each(|file| file.recipe.clear());
        asset.download_words.clear();
        tx.update(&mut asset, ctx.now()).await?;
    }
    Ok(())
}

/// Stores what was rendered. `rendered` is the asset as it was read for the job: when someone changed it
/// meanwhile, it stays in processing until its files have followed.
/// Returns `false` when another node has taken the job over.
pub async fn store_report(
    ctx: &Context,
    job: &Leased,
    owner: &str,
    rendered: &Asset,
    words: Option<&Description>,
    pass: Pass,
    report: RenderReport,
) -> Result<bool> {
    let carried = words.unwrap_or(&report.description).digest();
    let mut files = Vec::with_capacity(report.renditions.len() + report.described.len());
    for file in report.renditions.iter().chain(&report.described) {
        files.push(stored(ctx, rendered, file, &carried).await?);
    }
    let download = match &report.download {
        Some(file) => {
            let (sha256, crc32) = (file.sha256.clone(), file.crc32);
            let made = BlobRef { sha256, size_bytes: file.size_bytes, crc32 };
            Some(ctx.blobs.take_file(&file.path, Area::Derived, made, ctx.new_id()).await?)
        }
        None => None,
    };
    let taken = Taken { files, download, carried, had_words: words.is_some(), report: &report };
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    tx.take_turn().await?;
    if !tx.finish_job(job, owner, now).await? {
        return Ok(false);
    }
    if let Some(mut asset) = store::record::find::<Asset>(&mut tx, rendered.id).await? {
        let waits = asset.replacement.clone().filter(|file| file.original == rendered.original);
        let is_new_file = waits.is_some() && pass == Pass::First;
        if let Some(file) = waits.filter(|_| is_new_file) {
            asset.put_in_place(file, now);
        }
        match pass {
            // Another file took the place meanwhile: what was made of the old one is of no use.
            _ if asset.original != rendered.original => {}
            Pass::First => taken.put_first(&mut asset, is_new_file, now),
            Pass::Later => taken.put_later(&mut asset, rendered, now),
        }
        tx.update(&mut asset, now).await?;
        if asset.state == AssetState::Processing {
            enqueue_render(ctx, &mut tx, asset.id, Urgency::Edit).await?;
        } else if asset.state == AssetState::Ready && !missing(&asset, Pass::Later).is_empty() {
            enqueue_later(ctx, &mut tx, asset.id).await?;
        }
    }
    tx.commit().await?;
    ctx.announce();
    Ok(true)
}

/// Puts a file's bytes into the store. One that only got other words keeps what was known of its picture.
async fn stored(ctx: &Context, asset: &Asset, file: &RenderedFile, words: &str) -> Result<Rendition> {
    let made = BlobRef { sha256: file.sha256.clone(), size_bytes: file.size_bytes, crc32: file.crc32 };
    let blob = ctx.blobs.take_file(&file.path, Area::Derived, made, ctx.new_id()).await?;
    let (width, height, recipe) = match asset.rendition(&file.name, file.format) {
        Some(known) if file.recipe.is_empty() => (known.width, known.height, known.recipe.clone()),
        _ => (file.width, file.height, mark(asset, &file.name, &file.recipe)),
    };
    Ok(Rendition {
        name: file.name.clone(),
        format: file.format,
        width,
        height,
        size_bytes: blob.size_bytes,
        sha256: blob.sha256,
        crc32: blob.crc32,
        recipe,
        words: words.to_owned(),
    })
}

fn mark(asset: &Asset, name: &str, recipe: &str) -> String {
    let known =
        preset(name).and_then(|preset| Some((preset, preset.recipes.iter().find(|r| r.name == recipe)?)));
    known
        .map(|(preset, recipe)| preset.mark(recipe, &asset.media_type, asset.focal_point, &asset.crops))
        .unwrap_or_default()
}

struct Taken<'a> {
    files: Vec<Rendition>,
    download: Option<BlobRef>,
    /// The digest of the words in the files.
    carried: String,
    /// The words were the newsroom's, not the file's own.
    had_words: bool,
    report: &'a RenderReport,
}

impl Taken<'_> {
    fn put_first(self, asset: &mut Asset, is_new_file: bool, now: Timestamp) {
        let first_time = is_new_file || asset.renditions.is_empty();
        if let Some(seen) = &self.report.seen
            && asset.kind.is_picture()
        {
            asset.width = Some(seen.width);
            asset.height = Some(seen.height);
            asset.has_alpha = seen.has_alpha;
            asset.colour_space.clone_from(&seen.colour_space);
            // One that was made of a small cut would be another one.
            if first_time || asset.placeholder.is_empty() {
                asset.placeholder.clone_from(&seen.placeholder);
            }
        }
        merge(asset, self.files);
        asset.download = self.download.unwrap_or_else(|| asset.original.clone());
        asset.download_words.clone_from(&self.carried);
        asset.error = None;
        if first_time && !asset.described {
            prefill(&mut asset.description, &self.report.description);
        }
        let is_current = asset.description.digest() == self.carried;
        let is_whole = missing(asset, Pass::First).is_empty() && outdated(asset).is_empty();
        // A file that waits is not ready yet.
        asset.state = if is_current && is_whole && asset.replacement.is_none() {
            AssetState::Ready
        } else {
            AssetState::Processing
        };
        asset.updated_at = now;
        if asset.state == AssetState::Processing && !self.had_words {
            tracing::debug!(asset.id = %asset.id, "The asset was changed while it was rendered");
        }
    }

    /// Files that say or show what the asset no longer does are not taken; the job comes again.
    fn put_later(self, asset: &mut Asset, rendered: &Asset, now: Timestamp) {
        let shows_the_same = asset.focal_point == rendered.focal_point && asset.crops == rendered.crops;
        if shows_the_same && asset.description == rendered.description {
            merge(asset, self.files);
            asset.updated_at = now;
        }
    }
}

/// Replaces files by newer ones, drops those that the ladder no longer has, and keeps the ladder's order.
fn merge(asset: &mut Asset, files: Vec<Rendition>) {
    let place = |file: &Rendition| {
        let rung = LADDER.iter().position(|preset| preset.name == file.name)?;
        let has_format = |format: Format| LADDER.get(rung).is_some_and(|p| p.formats().any(|f| f == format));
        has_format(file.format).then_some((rung, file.format))
    };
    asset.renditions.retain(|old| {
        place(old).is_some() && !files.iter().any(|new| new.name == old.name && new.format == old.format)
    });
    asset.renditions.extend(files);
    asset.renditions.sort_by_key(place);
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
    rendered: &Asset,
    error: &MediaError,
) -> Result<bool> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    tx.take_turn().await?;
    if !tx.fail_job(job, owner, &error.to_string(), None, now).await? {
        return Ok(false);
    }
    if let Some(mut asset) = store::record::find::<Asset>(&mut tx, rendered.id).await?
        && note_failure(&mut asset, rendered, error, now)
    {
        asset.updated_at = now;
        tx.update(&mut asset, now).await?;
        if asset.state == AssetState::Processing {
            enqueue_render(ctx, &mut tx, asset.id, Urgency::Edit).await?;
        }
    }
    tx.commit().await?;
    ctx.announce();
    Ok(true)
}

/// `false` when the file that failed is of no interest any more: another one waits, or has taken the place meanwhile.
fn note_failure(asset: &mut Asset, rendered: &Asset, error: &MediaError, now: Timestamp) -> bool {
    let reason = AssetError { code: error.code().to_owned(), detail: error.to_string() };
    let waits = asset.replacement.as_ref().is_some_and(|file| file.original == rendered.original);
    if waits && asset.kind.is_picture() && !asset.renditions.is_empty() {
        // The old file stays in its place, and the asset says why.
        asset.replacement = None;
        asset.error = Some(reason);
        asset.state = if follows_its_words(asset) { AssetState::Ready } else { AssetState::Processing };
        return true;
    }
    match asset.replacement.take_if(|_| waits) {
        Some(file) => asset.put_in_place(file, now),
        None if asset.replacement.is_some() || asset.original != rendered.original => return false,
        None => {}
    }
    // A document without a preview is a document all the same; a film may tell where it was taken.
    let is_lost = asset.kind.is_picture() || is_film(&asset.media_type);
    asset.state = if is_lost { AssetState::Failed } else { AssetState::Ready };
    asset.error = is_lost.then_some(reason);
    true
}

/// Whether every file there is says what the asset does.
fn follows_its_words(asset: &Asset) -> bool {
    asset.download_words == asset.description.digest() && outdated(asset).is_empty()
}

/// The asset a job is about, or `None` when it was deleted meanwhile.
pub async fn find(ctx: &Context, id: Id) -> Result<Option<Asset>> {
    store::record::find(&ctx.db, id).await.map_err(Error::from)
}
