//! Writes a bundle under a working name and gives it its own name when it is complete.

use std::fs::{DirBuilder, File};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::blob::BlobStream;
use crate::bundle::{BundleError, Result};

pub struct Writer {
    /// Goes away with everything in it unless the bundle was finished.
    workshop: tempfile::TempDir,
    target: PathBuf,
    /// `None` writes a folder.
    archive: Option<ZipWriter<BufWriter<File>>>,
}

impl Writer {
    /// A ZIP file when the name ends in `.zip`, else a folder, which must be new or empty.
    pub fn create(target: &Path) -> Result<Self> {
        let beside = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let is_zip = target.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        if !is_zip && target.exists() {
            let mut entries = std::fs::read_dir(target).map_err(BundleError::file(target))?;
            if entries.next().is_some() {
                return Err(BundleError::NotEmpty { path: target.to_owned() });
            }
        }
        let workshop = tempfile::Builder::new()
            .prefix(".pressroom-export-")
            .tempdir_in(beside)
            .map_err(BundleError::file(beside))?;
        let work = workshop.path().join("bundle");
        let archive = if is_zip {
            let file = private_file(&work).map_err(BundleError::file(target))?;
            Some(ZipWriter::new(BufWriter::new(file)))
        } else {
            private_folder(&work).map_err(BundleError::file(target))?;
            None
        };
        Ok(Self { workshop, target: target.to_owned(), archive })
    }

    fn work(&self) -> PathBuf {
        self.workshop.path().join("bundle")
    }

    fn file_for(&self, path: &str) -> Result<File> {
        let place = self.work().join(path);
        let open = || {
            if let Some(folder) = place.parent() {
                private_folder(folder)?;
            }
            private_file(&place)
        };
        open().map_err(BundleError::file(path))
    }

    pub fn text(&mut self, path: &str, text: &str) -> Result<()> {
        let Some(archive) = &mut self.archive else {
            return self.file_for(path)?.write_all(text.as_bytes()).map_err(BundleError::file(path));
        };
        archive.start_file(path, options(CompressionMethod::Deflated))?;
        archive.write_all(text.as_bytes()).map_err(BundleError::file(path))
    }

    /// Writes `size_bytes` bytes as they come. Photos are not compressed: they are already.
    pub async fn stream(&mut self, path: &str, size_bytes: u64, mut bytes: BlobStream) -> Result<()> {
        if let Some(archive) = &mut self.archive {
            let large = size_bytes >= u64::from(u32::MAX);
            archive.start_file(path, options(CompressionMethod::Stored).large_file(large))?;
            while let Some(chunk) = bytes.try_next().await? {
                archive.write_all(&chunk).map_err(BundleError::file(path))?;
            }
        } else {
            let mut file = self.file_for(path)?;
            while let Some(chunk) = bytes.try_next().await? {
                file.write_all(&chunk).map_err(BundleError::file(path))?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<()> {
        if let Some(archive) = self.archive.take() {
            let file = archive.finish()?.into_inner().map_err(|error| BundleError::File {
                path: self.target.clone(),
                source: error.into_error(),
            })?;
            file.sync_all().map_err(BundleError::file(&self.target))?;
        }
        std::fs::rename(self.work(), &self.target).map_err(BundleError::file(&self.target))
    }
}

/// Drafts and private photos are in a bundle, too: only its owner can read it until they say otherwise.
fn private_file(path: &Path) -> std::io::Result<File> {
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Every entry has the same time, so that the same newsroom gives the same file.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}
