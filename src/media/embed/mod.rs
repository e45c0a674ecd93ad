//! Metadata into files without touching the picture: XMP, IIM and EXIF say the same, what other programs
//! wrote stays, and what would betray a person (position, serial numbers) goes.

pub(super) mod avif;
mod exif;
mod iim;
mod jpeg;
pub(super) mod jxl;
mod png;
mod wanted;
mod webp;
mod xmp;

pub use wanted::Wanted;

/// The bytes of a file with metadata written into it. `None`: this format is left as it is, or the file is
/// not whole.
pub fn embed(bytes: &[u8], media_type: &str, wanted: &Wanted) -> Option<Vec<u8>> {
    match media_type {
        "image/jpeg" => jpeg::embed(bytes, wanted),
        "image/png" => png::embed(bytes, wanted),
        "image/avif" => avif::embed(bytes, wanted),
        "image/jxl" => jxl::embed(bytes, wanted),
        "image/webp" => webp::embed(bytes, wanted),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
