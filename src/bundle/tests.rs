//! Bundles on a real database and a real blob store, in a folder that goes away.

mod fuzz;
mod hostile;
mod mistakes;
mod round_trip;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::blob::BlobStore;
use crate::domain::clock::ManualClock;
use crate::newsroom::mail::Mailer;
use crate::newsroom::{Context, Signals};
use crate::store::{self, Db, Record};

/// A newsroom of its own with a clock that stands still.
pub struct House {
    pub ctx: Context,
    pub clock: Arc<ManualClock>,
    pub folder: tempfile::TempDir,
}

pub async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(&folder.path().join("pressroom.db")).await.unwrap();
    db.migrate().await.unwrap();
    let blobs = BlobStore::open_folder(&folder.path().join("blobs")).unwrap();
    let scratch = folder.path().join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    let clock = Arc::new(ManualClock::at("2026-11-24T12:00:00Z".parse().unwrap()));
    let shared: crate::domain::clock::SharedClock = Arc::<ManualClock>::clone(&clock);
    let (mail, signals) = (Mailer::default(), Arc::new(Signals::default()));
    let ctx = Context { db, blobs, clock: shared, scratch, mail, oidc: None, signals };
    House { ctx, clock, folder }
}

impl House {
    pub async fn head(&self) -> i64 {
        store::change::head(&self.ctx.db).await.unwrap()
    }

    pub async fn find<R: Record>(&self, slug: &str) -> R {
        let found = store::record::find_by_slug(&self.ctx.db, slug).await.unwrap();
        found.unwrap_or_else(|| panic!("no {} `{slug}`", R::KIND.as_str()))
    }

    pub async fn is_there<R: Record>(&self, slug: &str) -> bool {
        store::record::find_by_slug::<R>(&self.ctx.db, slug).await.unwrap().is_some()
    }
}

/// A small picture whose bytes differ with `shade`.
pub fn png(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(16, 12, image::Rgb([shade, 90, 160]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (path, bytes) in files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
}

/// Every file below a folder with its bytes.
pub fn tree(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

pub fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
