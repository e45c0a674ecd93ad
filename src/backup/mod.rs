//! The whole newsroom in one file, and whether all of it is sound.
//!
//! A backup is a ZIP file: every table as JSON lines, read in one moment of the newsroom's life, then every
//! blob that those records name, then a manifest with counts and SHA-256s. Nothing in it belongs to one
//! database engine or blob store, so it can be restored on any other.

mod archive;
mod check;
mod parts;
mod restore;
mod save;
#[cfg(test)]
mod tests;

pub use check::{CheckReport, check};
pub use restore::{RestoreReport, restore};
pub use save::{BackupReport, backup};

use std::path::{Path, PathBuf};

use crate::blob::BlobError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path} is no backup that can be read: {detail}")]
    NotABackup { path: PathBuf, detail: String },
    #[error("The backup was made by a newer pressroom (schema {found}, this program knows up to {known})")]
    NewerSchema { found: i64, known: i64 },
    #[error("A backup is restored into an empty newsroom only; this one has {0}")]
    NotEmpty(String),
    #[error("The backup is damaged: {0}; nothing was restored")]
    Damaged(String),
    #[error("The backup cannot be written")]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("A line of the backup cannot be written or read")]
    Json(#[from] serde_json::Error),
}

impl BackupError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

type Result<T> = std::result::Result<T, BackupError>;
