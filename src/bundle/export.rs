//! Writes the newsroom out as a bundle. The same newsroom gives the same bytes, and a bundle that is taken
//! in elsewhere and written out again is the same bundle: ids are not in it, everything else is.

mod photos;
mod sheets;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use super::Result;
use super::files::Writer;
use crate::blob::{BlobError, BlobKey};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::domain::{Id, Kind};
use crate::newsroom::Context;
use crate::store::{self, Record, Tx};

/// Records read at a time.
const CHUNK: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportReport {
    pub releases: usize,
    pub contacts: usize,
    pub albums: usize,
    pub events: usize,
    pub photos: usize,
    /// Of the originals.
    pub size_bytes: u64,
    /// Originals that the blob store could not give, by their name in the bundle.
    pub missing: Vec<String>,
}

impl fmt::Display for ExportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in &self.missing {
            writeln!(f, "photos/{name}: The original is missing in the blob store")?;
        }
        write!(
            f,
            "Exported {} releases, {} contacts, {} albums, {} events and {} photos ({} bytes)",
            self.releases, self.contacts, self.albums, self.events, self.photos, self.size_bytes
        )
    }
}

/// What records are called in the bundle.
struct Called {
    contacts: HashMap<Id, String>,
    releases: HashMap<Id, String>,
    photos: HashMap<Id, String>,
    /// Slugs that a record had once, sorted.
    earlier: HashMap<Id, Vec<String>>,
}

impl Called {
    fn all(names: &HashMap<Id, String>, ids: &[Id]) -> Vec<String> {
        ids.iter().filter_map(|id| names.get(id).cloned()).collect()
    }

    fn earlier(&self, id: Id) -> &[String] {
        self.earlier.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// Writes a ZIP file when the name ends in `.zip`, else a folder, which must be new or empty. Nothing is
/// seen under the name before the bundle is complete.
pub async fn export(ctx: &Context, target: &Path) -> Result<ExportReport> {
    let mut writer = Writer::create(target)?;
    let mut report = ExportReport::default();
    // Texts are read in one moment of the newsroom's life; originals never change, so they can wait.
    let mut tx = ctx.db.snapshot().await?;
    let assets = all_by_slug::<Asset>(&mut tx).await?;
    let names = photos::names(&assets);
    let mut called = Called {
        contacts: HashMap::new(),
        releases: HashMap::new(),
        photos: assets.iter().map(|asset| asset.id).zip(names.iter().cloned()).collect(),
        earlier: HashMap::new(),
    };
    for kind in [Kind::Contact, Kind::Release, Kind::Asset, Kind::Album, Kind::Event] {
        for owner in store::record::slugs(&mut tx, kind).await? {
            match (kind, owner.is_current) {
                (_, false) => called.earlier.entry(owner.record).or_default().push(owner.slug),
                (Kind::Contact, true) => drop(called.contacts.insert(owner.record, owner.slug)),
                (Kind::Release, true) => drop(called.releases.insert(owner.record, owner.slug)),
                _ => {}
            }
        }
    }
    called.earlier.values_mut().for_each(|slugs| slugs.sort());

    let newsroom = store::setting::newsroom(&mut tx).await?;
    let topics = all_by_slug::<Topic>(&mut tx).await?;
    writer.text("newsroom.toml", &sheets::newsroom(&newsroom, topics))?;
    report.contacts = write_all::<Contact>(&mut tx, &mut writer, &called, sheets::contact).await?;
    report.releases = write_all::<Release>(&mut tx, &mut writer, &called, sheets::release).await?;
    report.albums = write_all::<Album>(&mut tx, &mut writer, &called, sheets::album).await?;
    report.events = write_all::<Event>(&mut tx, &mut writer, &called, sheets::event).await?;
    drop(tx);

    for (asset, name) in assets.iter().zip(&names) {
        write_photo(ctx, &mut writer, &mut report, &called, asset, name).await?;
    }
    writer.finish()?;
    Ok(report)
}

async fn write_photo(
    ctx: &Context,
    writer: &mut Writer,
    report: &mut ExportReport,
    called: &Called,
    asset: &Asset,
    name: &str,
) -> Result<()> {
    let size_bytes = asset.original.size_bytes;
    let key = BlobKey::original(asset);
    let stored = ctx.blobs.size(&key).await?;
    if stored != Some(size_bytes) {
        report.missing.push(name.to_owned());
        return Ok(());
    }
    let bytes = match ctx.blobs.read(&key, 0..size_bytes).await {
        Ok(bytes) => bytes,
        Err(BlobError::Missing(_)) => {
            report.missing.push(name.to_owned());
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    writer.stream(&format!("photos/{name}"), size_bytes, bytes).await?;
    writer.text(&format!("photos/{name}.toml"), &photos::sheet(asset, name, called.earlier(asset.id)))?;
    report.photos += 1;
    report.size_bytes += size_bytes;
    Ok(())
}

/// The ids of a kind in the order of the slugs, which is the same on every engine.
async fn ids_by_slug(tx: &mut Tx, kind: Kind) -> Result<Vec<Id>> {
    let mut owners = store::record::slugs(&mut *tx, kind).await?;
    owners.retain(|owner| owner.is_current);
    owners.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(owners.into_iter().map(|owner| owner.record).collect())
}

async fn all_by_slug<R: Record>(tx: &mut Tx) -> Result<Vec<R>> {
    let mut records = Vec::new();
    for ids in ids_by_slug(tx, R::KIND).await?.chunks(CHUNK) {
        records.extend(store::record::find_some(&mut *tx, ids).await?);
    }
    Ok(records)
}

/// One file for each record of a kind.
async fn write_all<R: Record>(
    tx: &mut Tx,
    writer: &mut Writer,
    called: &Called,
    sheet: impl Fn(&R, &Called) -> (String, String),
) -> Result<usize> {
    let ids = ids_by_slug(tx, R::KIND).await?;
    for chunk in ids.chunks(CHUNK) {
        for record in store::record::find_some::<R>(&mut *tx, chunk).await? {
            let (path, text) = sheet(&record, called);
            writer.text(&path, &text)?;
        }
    }
    Ok(ids.len())
}
