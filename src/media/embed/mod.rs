//! Metadata into files without touching the picture: XMP, IIM and EXIF say the same, what other programs
//! wrote stays, and what would betray a person (position, serial numbers) goes.

pub(super) mod avif;
mod exif;
mod film;
mod gif;
mod iim;
mod jpeg;
pub(super) mod jxl;
mod parts;
mod png;
mod tiff;
mod wanted;
mod webp;
mod xmp;

pub use parts::Parts;
pub use wanted::Wanted;

use super::MediaError;
use crate::domain::asset::is_film;
use std::path::Path;

/// Whether files of this type carry metadata that we know how to replace.
pub fn is_written(media_type: &str) -> bool {
    matches!(
        media_type,
        "image/jpeg" | "image/png" | "image/avif" | "image/jxl" | "image/webp" | "image/gif" | "image/tiff"
    )
}

/// The bytes of a file with metadata written into it. `None`: this format is left as it is, or the file is
/// not whole.
pub fn embed(bytes: &[u8], media_type: &str, wanted: &Wanted) -> Option<Vec<u8>> {
    match media_type {
        "image/jpeg" => jpeg::embed(bytes, wanted),
        "image/jxl" => jxl::embed(bytes, wanted),
        _ => parts(bytes, media_type, wanted)?.joined(bytes),
    }
}

/// The same, told by the pieces of the file that stay: where it is put together from those, it need not be held.
pub fn parts(bytes: &[u8], media_type: &str, wanted: &Wanted) -> Option<Parts> {
    match media_type {
        "image/png" => png::parts(bytes, wanted),
        "image/avif" => avif::parts(bytes, wanted),
        "image/webp" => webp::parts(bytes, wanted),
        "image/gif" => gif::parts(bytes, wanted),
        _ => None,
    }
}

/// Writes a copy of a file with metadata in it, or of a film without its position; TIFF and films go from file to file,
/// whatever their size. `false`: this
/// format is left as it is, or the file is not whole, and nothing was written.
///
/// # Errors
/// If a file cannot be read or written.
pub fn write_copy(
    input: &Path,
    media_type: &str,
    wanted: &Wanted,
    output: &Path,
) -> Result<bool, MediaError> {
    if is_film(media_type) {
        return film::write(input, output, wanted.keeps_private);
    }
    if media_type == "image/tiff" {
        return tiff::write(input, output, wanted);
    }
    let Some(bytes) = embed(&std::fs::read(input)?, media_type, wanted) else { return Ok(false) };
    std::fs::write(output, bytes)?;
    Ok(true)
}

#[cfg(test)]
mod elsewhere;
#[cfg(test)]
mod private;
#[cfg(test)]
pub(super) mod tests;
#[cfg(test)]
mod unedited;
#[cfg(test)]
mod unwhole;
