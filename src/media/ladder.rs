//! One picture file to all its renditions.
//!
//! The picture is decoded no larger than the ladder needs, converted to sRGB once at that size, and each rung
//! is made from the next larger one. The largest picture is encoded while the smaller ones are still resized.

use super::embed::{self, Wanted};
use super::input::Input;
use super::raster::Picture;
use super::{MediaError, decode, encode, metadata, orient, resize, sniff};
use crate::domain::asset::{Description, FocalPoint};
use crate::domain::rendition::{Format, LADDER, Preset, Shape};
use base64::Engine as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Threads for one picture; the machine that is planned for has two cores.
const THREADS: usize = 2;
/// Largest side that ThumbHash takes; more pixels would not change the hash.
const PLACEHOLDER_PX: u32 = 100;
/// As it stands in the URL of the print original.
const DOWNLOAD_NAME: &str = "original";
const HEAD_BYTES: u64 = 64 * 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// The original, which is only read.
    pub input: PathBuf,
    /// As [`sniff`] told it when the file came.
    pub media_type: String,
    pub focal_point: FocalPoint,
    /// What every file is to carry; without it they carry what the original says.
    pub description: Option<Description>,
    /// An existing folder into which the renditions are written.
    pub out_dir: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenderReport {
    /// Of the upright original, in pixels.
    pub width: u32,
    pub height: u32,
    /// What the file said about itself.
    pub description: Description,
    /// A ThumbHash, base64.
    pub placeholder: String,
    /// Every rung of the ladder in every format, in the ladder's order.
    pub renditions: Vec<RenderedFile>,
    /// The original with metadata written into it; `None` if it is offered as it came.
    pub download: Option<RenderedFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedFile {
    /// The rung's name, such as `large`.
    pub name: String,
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub path: PathBuf,
    pub size_bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub crc32: u32,
}

/// Renders a picture in this process. Callers with a file from outside take [`super::render_in_child`].
///
/// # Errors
/// See [`MediaError`]; nothing of the ladder is usable then, though files may have been written.
pub fn render(request: &RenderRequest) -> Result<RenderReport, MediaError> {
    check_content(&request.input, &request.media_type)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(THREADS)
        .build()
        .map_err(|error| MediaError::Worker { detail: error.to_string() })?;
    pool.install(|| render_ladder(request))
}

/// The content must be what its type says; the type was found by content too, so a difference is a mistake.
fn check_content(path: &Path, media_type: &str) -> Result<(), MediaError> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    match sniff::sniff(&head) {
        _ if head.is_empty() => Err(MediaError::Empty),
        None => Err(MediaError::Unsupported { what: sniff::refusal(&head) }),
        Some(found) if found != media_type => {
            Err(MediaError::Mislabelled { declared: media_type.to_owned() })
        }
        Some(_) => Ok(()),
    }
}

fn render_ladder(request: &RenderRequest) -> Result<RenderReport, MediaError> {
    let input = Input::open(&request.input, &request.media_type)?;
    let packets = metadata::read_packets(&input, &request.media_type);
    let orientation = packets.exif.orientation.unwrap_or(1);
    let description = metadata::describe(&packets);

    let needed = |width, height| {
        let (width, height) = orient::upright_size(width, height, orientation);
        LADDER.iter().map(|rung| resize::needed_scale(width, height, rung.shape)).fold(0.0, f64::max)
    };
    let decoded = decode::decode(&input, &request.media_type, &needed)?;
    let wanted = Wanted::new(request.description.as_ref().unwrap_or(&description), &packets);
    let (width, height) = orient::upright_size(decoded.width, decoded.height, orientation);
    let download = write_download(input, (width, height), &wanted, request)?;
    let scale = needed(decoded.width, decoded.height);
    let (working_width, working_height) = resize::scaled(decoded.width, decoded.height, scale);
    let raster = decoded.raster.resized(working_width, working_height)?;
    let picture = super::colour::to_srgb(raster, decoded.icc_profile.as_deref());
    let picture = orient::upright(picture, orientation);

    let (renditions, placeholder) = make_rungs(picture, (width, height), &wanted, request)?;
    Ok(RenderReport { width, height, description, placeholder, renditions, download })
}

/// Makes and writes every rung. `full` is the upright size of the original.
fn make_rungs(
    working: Picture,
    full: (u32, u32),
    wanted: &Wanted,
    request: &RenderRequest,
) -> Result<(Vec<RenderedFile>, String), MediaError> {
    let finished = Mutex::new(Vec::new());
    let mut larger = vec![Arc::new(working)];
    let mut smallest = None;
    rayon::scope_fifo(|scope| {
        for (order, rung) in rungs_by_size() {
            let picture = shaped(&larger, rung.shape, full, request.focal_point)?;
            // The costly format first: the last encoder to end decides how long all of it takes.
            for format in rung.formats.iter().rev().copied() {
                let (picture, finished) = (Arc::clone(&picture), &finished);
                scope.spawn_fifo(move |_| {
                    let file = write_rendition(&picture, rung.name, format, wanted, &request.out_dir);
                    let position = (order, rung.formats.iter().position(|other| *other == format));
                    finished.lock().unwrap_or_else(PoisonError::into_inner).push((position, file));
                });
            }
            if matches!(rung.shape, Shape::LongEdge(_)) {
                smallest = Some(Arc::clone(&picture));
                larger.push(picture);
            }
        }
        Ok::<(), MediaError>(())
    })?;
    let placeholder = smallest.map(|picture| placeholder(&picture)).transpose()?.unwrap_or_default();
    let mut files = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_by_key(|(position, _)| *position);
    let files = files.into_iter().map(|(_, file)| file).collect::<Result<_, _>>()?;
    Ok((files, placeholder))
}

/// The ladder with its own order, the rungs of most pixels first.
fn rungs_by_size() -> Vec<(usize, &'static Preset)> {
    let mut rungs: Vec<_> = LADDER.iter().enumerate().collect();
    rungs.sort_by_key(|(_, rung)| {
        std::cmp::Reverse(match rung.shape {
            Shape::LongEdge(pixels) => pixels,
            Shape::Cut { width, height } => width.max(height),
        })
    });
    rungs
}

/// One rung's picture, from the smallest of the larger ones that has enough pixels.
fn shaped(
    larger: &[Arc<Picture>],
    shape: Shape,
    full: (u32, u32),
    focal_point: FocalPoint,
) -> Result<Arc<Picture>, MediaError> {
    let smallest_with = |width: u32, height: u32| {
        let enough = |picture: &&Arc<Picture>| picture.width >= width && picture.height >= height;
        larger.iter().rev().find(enough).or(larger.first())
    };
    let none = || MediaError::damaged("no picture to make a rung of");
    match shape {
        Shape::LongEdge(pixels) => {
            let (width, height) = resize::fitted(full.0, full.1, pixels);
            let source = smallest_with(width, height).ok_or_else(none)?;
            if (source.width, source.height) == (width, height) {
                return Ok(Arc::clone(source));
            }
            source.resized(width, height).map(Arc::new)
        }
        Shape::Cut { width, height } => {
            let source = smallest_with(width, height).ok_or_else(none)?;
            // A cut-out, a logo mostly, would be maimed; what is too small would be blurred.
            let is_cut = !source.has_alpha && source.width >= width && source.height >= height;
            let picture = if is_cut {
                source.cut_around(focal_point, width, height)?
            } else {
                source.fitted_on_white(width, height)?
            };
            Ok(Arc::new(picture))
        }
    }
}

fn write_rendition(
    picture: &Picture,
    name: &str,
    format: Format,
    wanted: &Wanted,
    out_dir: &Path,
) -> Result<RenderedFile, MediaError> {
    let plain = encode::encode(picture, format)?;
    let bytes = embed::embed(&plain, format.media_type(), wanted).unwrap_or(plain);
    write_file(&bytes, name, format, (picture.width, picture.height), out_dir)
}

/// The original with metadata in it, where the format allows that; its picture is the same bit by bit.
fn write_download(
    input: Input,
    (width, height): (u32, u32),
    wanted: &Wanted,
    request: &RenderRequest,
) -> Result<Option<RenderedFile>, MediaError> {
    let Input::Memory(original) = input else { return Ok(None) };
    let format = Format::ALL.into_iter().find(|format| format.media_type() == request.media_type);
    let Some(format) = format else { return Ok(None) };
    match embed::embed(&original, &request.media_type, wanted) {
        Some(bytes) if bytes != original => {
            write_file(&bytes, DOWNLOAD_NAME, format, (width, height), &request.out_dir).map(Some)
        }
        _ => Ok(None),
    }
}

fn write_file(
    bytes: &[u8],
    name: &str,
    format: Format,
    (width, height): (u32, u32),
    out_dir: &Path,
) -> Result<RenderedFile, MediaError> {
    let path = out_dir.join(format!("{name}.{}", format.extension()));
    std::fs::write(&path, bytes)?;
    Ok(RenderedFile {
        name: name.to_owned(),
        format,
        width,
        height,
        path,
        size_bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
        crc32: crc32fast::hash(bytes),
    })
}

fn placeholder(picture: &Picture) -> Result<String, MediaError> {
    let (width, height) = resize::fitted(picture.width, picture.height, PLACEHOLDER_PX);
    let small = picture.resized(width, height)?;
    let rgba: Vec<u8> = if small.has_alpha {
        small.pixels
    } else {
        small.pixels.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, u8::MAX]).collect()
    };
    let hash = thumbhash::rgba_to_thumb_hash(width as usize, height as usize, &rgba);
    Ok(base64::engine::general_purpose::STANDARD.encode(hash))
}

#[cfg(test)]
mod tests;
