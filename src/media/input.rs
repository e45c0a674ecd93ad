//! A picture file, opened once for everything that reads it.

use super::MediaError;
use crate::domain::asset::is_film;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A picture file is read into memory at once; pixel limits keep honest files far below this.
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// Of larger documents no preview is made.
pub const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

pub enum Input {
    Memory(Vec<u8>),
    /// TIFF and films stay on the disk: they are large, and their parts are found by offsets.
    Disk(PathBuf),
}

impl Input {
    pub fn open(path: &Path, media_type: &str) -> Result<Self, MediaError> {
        if media_type == "image/tiff" || is_film(media_type) {
            File::open(path)?;
            return Ok(Self::Disk(path.to_owned()));
        }
        let size_bytes = std::fs::metadata(path)?.len();
        let max_bytes = if media_type == "application/pdf" { MAX_DOCUMENT_BYTES } else { MAX_FILE_BYTES };
        if size_bytes > max_bytes {
            return Err(MediaError::TooComplex { detail: format!("file of {size_bytes} bytes") });
        }
        Ok(Self::Memory(std::fs::read(path)?))
    }
}
