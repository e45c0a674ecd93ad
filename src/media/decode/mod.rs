//! From a file to pixels. What a file claims is checked before memory is given to it.

mod jpeg;
mod still;
mod tiff;

use super::MediaError;
use super::input::Input;
use super::raster::Raster;

pub const MAX_PIXELS: u64 = 120_000_000;
pub const MAX_SIDE_PX: u32 = 30_000;
/// What decoding may hold at once, by our own estimate; below the address space of the render process.
const MAX_DECODE_BYTES: u64 = 380 * 1024 * 1024;

/// Pixels as the file stores them: not upright yet, in the file's colour space, perhaps already smaller.
pub struct Decoded {
    pub raster: Raster,
    pub icc_profile: Option<Vec<u8>>,
    /// The size of the whole picture in the file, before any orientation.
    pub width: u32,
    pub height: u32,
}

/// Decodes the first picture of a file.
///
/// `needed_scale` gets the picture's width and height and says which fraction of that size (0 to 1) is going
/// to be used; a JPEG is then decoded no larger than needed.
pub fn decode(
    input: &Input,
    media_type: &str,
    needed_scale: &dyn Fn(u32, u32) -> f64,
) -> Result<Decoded, MediaError> {
    match (media_type, input) {
        ("image/jpeg", Input::Memory(bytes)) => jpeg::decode(bytes, needed_scale),
        ("image/png", Input::Memory(bytes)) => still::decode(bytes, image::ImageFormat::Png),
        ("image/webp", Input::Memory(bytes)) => still::decode(bytes, image::ImageFormat::WebP),
        ("image/gif", Input::Memory(bytes)) => still::decode(bytes, image::ImageFormat::Gif),
        ("image/tiff", Input::Disk(path)) => tiff::decode(path),
        _ => Err(MediaError::unsupported("Pictures cannot be made of this kind of file")),
    }
}

/// The size limits, checked from the header before anything is decoded.
fn check_size(width: u32, height: u32) -> Result<(), MediaError> {
    if width == 0 || height == 0 {
        return Err(MediaError::damaged("no width or height"));
    }
    if width > MAX_SIDE_PX || height > MAX_SIDE_PX || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(MediaError::TooManyPixels { width, height });
    }
    Ok(())
}

/// Refuses what would need more memory than decoding may take.
fn check_memory(bytes: u64) -> Result<(), MediaError> {
    if bytes > MAX_DECODE_BYTES {
        return Err(MediaError::TooComplex { detail: format!("decoding needs about {bytes} bytes") });
    }
    Ok(())
}
