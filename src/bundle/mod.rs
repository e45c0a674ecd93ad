//! The newsroom as an open bundle: a folder, or a ZIP file of it, that a person can read and write.
//!
//! ```text
//! newsroom.toml            the newsroom's settings, boilerplates, standing pages and topics
//! contacts/SLUG.toml       releases/SLUG.md       albums/SLUG.toml       events/SLUG.toml
//! photos/FILE              an original, byte for byte
//! photos/FILE.toml         what is said of it; a key that stands here wins over the file's own metadata
//! ```
//!
//! A record is known again by its kind and slug, a photo by the SHA-256 of its bytes and its file name, so
//! the same bundle twice changes nothing. What a release's, contact's, album's or event's file does not
//! mention is empty; what `newsroom.toml` or a photo's file does not mention stays as it is. A photo whose
//! bytes differ under a known name becomes a new asset: originals are never replaced.

pub mod export;
mod files;
mod format;
pub mod import;
#[cfg(test)]
pub(crate) mod tests;

pub use export::{ExportReport, export};
pub use import::{ImportReport, Problem, import};

use std::path::PathBuf;

use crate::blob::BlobError;
use crate::newsroom;
use crate::store::StoreError;

/// What ends an import or an export; mistakes in single files are [`Problem`]s and do not.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path} is neither a folder nor a ZIP file that can be read: {detail}")]
    NotABundle { path: PathBuf, detail: String },
    #[error("{path} holds something already; export into a new or an empty folder")]
    NotEmpty { path: PathBuf },
    #[error("The bundle is too large: {0}")]
    TooLarge(String),
    #[error("The ZIP file cannot be written")]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Newsroom(#[from] newsroom::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
}

impl BundleError {
    fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

type Result<T> = std::result::Result<T, BundleError>;
