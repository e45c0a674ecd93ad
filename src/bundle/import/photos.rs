//! Photos and other files: known again by their bytes and their name.

use std::io::Read as _;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::batch::mistakes;
use super::names::KnownAsset;
use super::{Fate, Importer, Result, made_at};
use crate::bundle::format::{PhotoSheet, Sheet};
use crate::domain::asset::{Asset, clean_file_name};
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::assets::{Received, let_files_follow, take_in};
use crate::newsroom::content::{Edit, Stamp, create_in, edit_in};
use crate::newsroom::fields::{AssetFields, Fields as _, Setting};
use crate::newsroom::{self, Error};
use crate::store;

const CHUNK_BYTES: usize = 256 * 1024;

/// A file in photos/ with what is said of it.
struct Photo {
    /// Within the bundle.
    path: String,
    /// The name that releases and albums use.
    name: String,
    /// What stands beside it; without a text when nothing does.
    sheet: Sheet,
    said: PhotoSheet,
}

impl Photo {
    /// The name the file came with.
    fn file_name(&self) -> String {
        clean_file_name(self.said.file_name.as_deref().unwrap_or(&self.name))
    }
}

impl Importer<'_> {
    pub(super) async fn photos(&mut self) -> Result<()> {
        let mut taken = Vec::new();
        for photo in self.find_photos() {
            let done = self.photo(&photo, &taken).await;
            match done {
                Ok((id, fate)) => {
                    taken.push(id);
                    self.names.add_photo(&photo.name, id);
                    self.report.count(Kind::Asset, fate);
                }
                Err(error) => {
                    let mistakes = mistakes(error)?;
                    let problems: Vec<_> = mistakes
                        .iter()
                        .map(|mistake| match mistake.field.as_str() {
                            "" => super::Problem {
                                file: photo.path.clone(),
                                ..photo.sheet.problem(&mistake.detail)
                            },
                            _ => photo.sheet.problem_in(mistake),
                        })
                        .collect();
                    self.note(problems);
                }
            }
        }
        Ok(())
    }

    fn find_photos(&mut self) -> Vec<Photo> {
        let mut photos = Vec::new();
        for path in self.reader.paths_in("photos") {
            if let Some(of) = path.strip_suffix(".toml") {
                if !self.reader.contains(of) {
                    let detail = format!("There is no file `{of}` that this could be about");
                    self.note([Sheet::new(&path, String::new()).problem(detail)]);
                }
                continue;
            }
            let name = path.trim_start_matches("photos/").to_owned();
            let beside = format!("{path}.toml");
            let text = if self.reader.contains(&beside) {
                match self.text(&beside) {
                    Some(text) => text,
                    None => continue,
                }
            } else {
                String::new()
            };
            let sheet = Sheet::new(&beside, text);
            match sheet.read() {
                Ok(said) => photos.push(Photo { path, name, sheet, said }),
                Err(problems) => self.note(problems),
            }
        }
        photos.sort_by_key(|photo| made_at(photo.said.created_at));
        photos
    }

    async fn photo(&mut self, photo: &Photo, taken: &[Id]) -> newsroom::Result<(Id, Fate)> {
        match self.find(photo, taken)? {
            Some(known) => self.describe(photo, &known).await,
            None => self.add(photo).await,
        }
    }

    /// The asset that a file is already. Twins (the same bytes under the same name) are told apart by the
    /// slug that stands in the file, and no two files of a bundle are the same asset.
    fn find(&mut self, photo: &Photo, taken: &[Id]) -> newsroom::Result<Option<KnownAsset>> {
        let size_bytes = self.reader.size_bytes(&photo.path);
        let could_be = |asset: &&KnownAsset| asset.size_bytes == size_bytes && !taken.contains(&asset.id);
        if !self.names.assets.iter().any(|asset| could_be(&asset)) {
            return Ok(None);
        }
        let sha256 = self.hash(&photo.path).map_err(|error| unreadable(&error))?;
        let file_name = photo.file_name();
        let same = || self.names.assets.iter().filter(could_be).filter(|asset| asset.sha256 == sha256);
        let by_slug = same().find(|asset| photo.said.slug.as_deref() == Some(asset.slug.as_str()));
        Ok(by_slug.or_else(|| same().find(|asset| asset.file_name == file_name)).cloned())
    }

    fn hash(&mut self, path: &str) -> std::io::Result<String> {
        let mut file = self.reader.open_file(path)?;
        let mut sha256 = Sha256::new();
        std::io::copy(&mut file, &mut sha256)?;
        Ok(hex::encode(sha256.finalize()))
    }

    async fn add(&mut self, photo: &Photo) -> newsroom::Result<(Id, Fate)> {
        let mut incoming = self.ctx.blobs.receive(self.ctx.new_id());
        let mut file = self.reader.open_file(&photo.path).map_err(|error| unreadable(&error))?;
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => {
                    incoming.abort().await;
                    return Err(unreadable(&error));
                }
            };
            incoming.push(Bytes::copy_from_slice(&buffer[..read])).await?;
        }
        drop(file);
        let mut fields = AssetFields::default();
        photo.said.apply(&mut fields);
        fields.slug.clone_from(&photo.said.slug);
        let received = Received { incoming, file_name: photo.file_name(), fields };
        let (mut asset, slug) = take_in(self.ctx, received).await?;
        asset.described = photo.said.is_complete();
        if let Some(created_at) = photo.said.created_at {
            asset.created_at = created_at.0;
            asset.updated_at = created_at.0;
        }
        let mut tx = self.ctx.db.begin().await?;
        create_in(self.ctx, &mut tx, self.actor, &mut asset, slug.as_deref()).await?;
        lead_here(&mut tx, asset.id, &photo.said.earlier_slugs).await?;
        tx.commit().await?;
        self.ctx.announce();
        let id = asset.id;
        self.names.add(Kind::Asset, &asset.slug, id);
        self.names.assets.push(KnownAsset::from(asset));
        Ok((id, Fate::Created))
    }

    async fn describe(&mut self, photo: &Photo, known: &KnownAsset) -> newsroom::Result<(Id, Fate)> {
        // A slug that another asset has is that asset's.
        let wish = photo.said.slug.clone();
        let slug = wish.filter(|slug| *slug != known.slug && self.may_take(slug, known.id));
        let edit = Edit { actor: self.actor, id: known.id, version: None, action: "import" };
        let mut tx = self.ctx.db.begin().await?;
        let (asset, changed) = edit_in(self.ctx, &mut tx, edit, Stamp::Now, |asset: &mut Asset, now| {
            describe(asset, &photo.said, now)?;
            Ok(slug.clone())
        })
        .await?;
        lead_here(&mut tx, known.id, &photo.said.earlier_slugs).await?;
        tx.commit().await?;
        if changed {
            self.ctx.announce();
        }
        self.names.add(Kind::Asset, &asset.slug, asset.id);
        Ok((asset.id, if changed { Fate::Changed } else { Fate::Unchanged }))
    }

    fn may_take(&self, slug: &str, id: Id) -> bool {
        match self.names.record(Kind::Asset, slug) {
            super::names::Target::Found(owner) => owner == id,
            _ => true,
        }
    }
}

/// Says of an asset what its file says, and keeps what the file does not mention.
fn describe(asset: &mut Asset, said: &PhotoSheet, now: Timestamp) -> newsroom::Result<()> {
    let before = asset.clone();
    let mut fields = AssetFields::of(asset);
    said.apply(&mut fields);
    fields.apply(asset, Setting { time_zone: "UTC", default_language: "", now })?;
    // Before the first render, empty words may still be meant to be filled from the file.
    if asset.width.is_none() && said.is_complete() {
        asset.described = true;
    }
    let_files_follow(asset, &before);
    Ok(())
}

async fn lead_here(tx: &mut store::Tx, id: Id, slugs: &[String]) -> newsroom::Result<()> {
    for slug in slugs {
        tx.lead_here::<Asset>(id, slug).await.map_err(|error| match error {
            store::StoreError::Taken => {
                Error::field("earlier_slugs", "taken", format!("`{slug}` leads to another photo already"))
            }
            other => other.into(),
        })?;
    }
    Ok(())
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::Unsupported { code: "unreadable", detail: format!("The file cannot be read: {error}") }
}
