//! From a file to pixels. What a file claims is checked before memory is given to it.

mod avif;
mod gif;
pub mod jpeg;
mod jxl;
mod png;
mod shrink;
mod still;
pub(super) mod tiff;

use super::MediaError;
use super::input::{Input, is_mapped};
use super::ladder::RenderRequest;
use super::raster::Raster;
use super::resize::needed_scale;
use crate::domain::asset::is_film;
use crate::domain::rendition::{LADDER, Preset, Shape, preset};
use std::fs::File;
use std::io::Read;

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

/// Program, stacks, the pictures of the ladder and what the encoders hold beside the decoded original.
const LADDER_BYTES: u64 = 110 * 1024 * 1024;

/// What a drawing may take; files that need more are stopped by the limits of the process.
const DRAWING_BYTES: u64 = 96 * 1024 * 1024;
/// Where headers stand: behind profiles, thumbnails and other metadata.
const HEAD_BYTES: u64 = 2 * 1024 * 1024;

/// About what a request will need at most, told by the file's header before any work starts.
pub fn memory_bytes(request: &RenderRequest) -> u64 {
    let file_bytes = std::fs::metadata(&request.input).map_or(0, |meta| meta.len());
    if is_film(&request.media_type) {
        return LADDER_BYTES / 2;
    }
    // What is mapped is no memory of the process: what is not read just now gives way to others.
    let held_bytes = if is_mapped(&request.media_type) { 0 } else { file_bytes.min(MAX_DECODE_BYTES) };
    if request.make.is_empty() {
        // The file, and the file with words in it.
        return LADDER_BYTES / 2 + 2 * held_bytes;
    }
    let needed = |width: u32, height: u32| {
        let scale = |rung: &Preset| needed_scale(width, height, rung.shape, request.crops.get(rung.name));
        LADDER.iter().map(scale).fold(0.0, f64::max)
    };
    let decoding = decode_bytes(request, &needed).unwrap_or(MAX_DECODE_BYTES);
    let ladder = LADDER_BYTES + held_bytes + decoding.min(MAX_DECODE_BYTES);
    ladder.max(LADDER_BYTES + print_bytes(request).min(MAX_DECODE_BYTES))
}

/// Whether a picture can be held at the scale that its orders ask for.
pub fn can_be_held(request: &RenderRequest, needed: &dyn Fn(u32, u32) -> f64) -> bool {
    decode_bytes(request, needed).is_none_or(|bytes| bytes <= MAX_DECODE_BYTES)
}

/// Refuses what could not be held, before it is read.
pub fn check_file(request: &RenderRequest) -> Result<(), MediaError> {
    // A JPEG is there twice when words are written into it; the largest honest ones are half of this.
    let is_held_twice = request.media_type == "image/jpeg" && !request.make.is_empty();
    if is_held_twice { check_memory(2 * std::fs::metadata(&request.input)?.len()) } else { Ok(()) }
}

/// What the rendition of every pixel takes, if it is ordered.
fn print_bytes(request: &RenderRequest) -> u64 {
    let is_full = |name: &str| preset(name).is_some_and(|preset| preset.shape == Shape::Full);
    if !request.make.iter().any(|order| is_full(&order.name)) {
        return 0;
    }
    let pixels = tiff::size(&request.input).map(|(width, height)| u64::from(width) * u64::from(height));
    pixels.map_or(MAX_DECODE_BYTES, super::print::memory_bytes)
}

/// From the beginning of a file, so that the server never holds a whole one.
fn decode_bytes(request: &RenderRequest, needed: &dyn Fn(u32, u32) -> f64) -> Option<u64> {
    let (path, media_type) = (&request.input, request.media_type.as_str());
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
    match media_type {
        "image/jpeg" => jpeg::memory_bytes(&head, needed),
        "image/avif" => avif::memory_bytes(&head),
        "image/png" => png::memory_bytes(&head, needed),
        "image/tiff" => tiff::memory_bytes(path, needed),
        "image/svg+xml" | "application/pdf" => Some(DRAWING_BYTES),
        _ => Some(MAX_DECODE_BYTES),
    }
}

/// Decodes the first picture of a file; a JPEG goes its own way, by [`jpeg::open`].
///
/// `needed_scale` gets the picture's width and height and says which fraction of that size (0 to 1) is going
/// to be used.
pub fn decode(
    input: &Input,
    media_type: &str,
    needed_scale: &dyn Fn(u32, u32) -> f64,
) -> Result<Decoded, MediaError> {
    match (media_type, input) {
        ("image/avif", Input::Memory(bytes)) => avif::decode(bytes),
        ("image/jxl", Input::Memory(bytes)) => jxl::decode(bytes, needed_scale),
        ("application/pdf", Input::Memory(bytes)) => super::pdf::decode(bytes.to_vec(), needed_scale),
        ("image/svg+xml", Input::Memory(bytes)) => super::svg::decode(bytes, needed_scale),
        ("image/png", Input::Memory(bytes)) => png::decode(bytes, needed_scale),
        ("image/webp", Input::Memory(bytes)) => still::webp(bytes),
        ("image/gif", Input::Memory(bytes)) => gif::decode(bytes),
        ("image/tiff", Input::Disk(path)) => tiff::decode(path, needed_scale),
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
