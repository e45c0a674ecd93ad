//! A picture file, opened once for everything that reads it.

use super::MediaError;
use crate::domain::asset::is_film;
use memmap2::Mmap;
use std::fs::File;
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// A picture file is read into memory at once; pixel limits keep honest files far below this.
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// A file that is mapped takes no memory, and a copy of it with words in it is within what a process may write.
const MAX_MAPPED_BYTES: u64 = 960 * 1024 * 1024;

/// Of larger documents no preview is made.
pub const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

pub enum Input {
    Memory(Bytes),
    /// TIFF and films stay on the disk: they are large, and their parts are found by offsets.
    Disk(PathBuf),
}

/// The bytes of a file as one piece.
pub enum Bytes {
    Read(Vec<u8>),
    Mapped(Mmap),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Read(bytes) => bytes,
            Self::Mapped(file) => file,
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Read(bytes)
    }
}

/// Whether files of this type are mapped: their pictures may be nearly uncompressed, and most of one is not looked at when
/// words are written into it.
pub fn is_mapped(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/webp" | "image/gif" | "image/avif")
}

impl Input {
    pub fn open(path: &Path, media_type: &str) -> Result<Self, MediaError> {
        if media_type == "image/tiff" || is_film(media_type) {
            File::open(path)?;
            return Ok(Self::Disk(path.to_owned()));
        }
        let size_bytes = std::fs::metadata(path)?.len();
        let max_bytes = match media_type {
            "application/pdf" => MAX_DOCUMENT_BYTES,
            _ if is_mapped(media_type) => MAX_MAPPED_BYTES,
            _ => MAX_FILE_BYTES,
        };
        if size_bytes > max_bytes {
            return Err(MediaError::TooComplex { detail: format!("file of {size_bytes} bytes") });
        }
        if is_mapped(media_type)
            && let Some(file) = mapped(path)
        {
            return Ok(Self::Memory(Bytes::Mapped(file)));
        }
        Ok(Self::Memory(Bytes::Read(std::fs::read(path)?)))
    }

    /// Whether it may be too large to be held a second time.
    pub const fn is_mapped(&self) -> bool {
        matches!(self, Self::Memory(Bytes::Mapped(_)))
    }
}

/// `None` where the file system cannot do it.
#[expect(unsafe_code, reason = "a mapped file is sound as long as nobody cuts or changes it")]
fn mapped(path: &Path) -> Option<Mmap> {
    let file = File::open(path).ok()?;
    // SAFETY: originals lie under the hash of their content and are never changed; what broke that rule would hit a
    // process of its own, which is what this one runs in.
    unsafe { Mmap::map(&file) }.ok()
}
