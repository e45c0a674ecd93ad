//! One picture file to all its renditions.
//!
//! The picture is decoded no larger than the ladder needs, converted to sRGB once at that size, and each rung
//! is made from the next larger one. The largest picture is encoded while the smaller ones are still resized, and a JPEG
//! is made smaller while it is still decoded (`ladder/flow.rs`).

mod flow;

use super::embed::{self, Wanted};
use super::input::Input;
use super::raster::Picture;
use super::{MediaError, decode, encode, metadata, orient, resize, sniff};
use crate::domain::asset::{Description, FocalPoint};
use crate::domain::crop::{CropArea, Crops};
use crate::domain::rendition::{Format, LADDER, Preset, QUICK_JPEG, Recipe, Shape, WEBP};
use base64::Engine as _;
use flow::{Flow, Pictures};
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
const HEAD_BYTES: u64 = 64 * 1024;
/// A finished file is hashed in pieces of this size.
const PIECE_BYTES: usize = 256 * 1024;

/// A rendition that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The rung's name, such as `large`.
    pub name: String,
    /// The name of one of the rung's recipes.
    pub recipe: String,
}

/// A rendition that exists and is to carry other words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub name: String,
    pub format: Format,
    pub path: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// The original, which is only read.
    pub input: PathBuf,
    /// As [`sniff`] told it when the file came.
    pub media_type: String,
    pub focal_point: FocalPoint,
    #[serde(default)]
    pub crops: Crops,
    /// What every file is to carry; without it they carry what the original says.
    pub description: Option<Description>,
    /// The renditions to make; with none the picture is not decoded at all.
    pub make: Vec<Order>,
    /// The renditions that only get other words: their pictures stay the same bit by bit.
    pub describe: Vec<Written>,
    /// Whether the original is to be offered with the words in it.
    pub describe_original: bool,
    /// Whether that keeps where and with whose camera the picture was taken.
    pub keep_camera_data: bool,
    /// An existing folder into which the renditions are written.
    pub out_dir: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenderReport {
    /// `None` when nothing was decoded.
    pub seen: Option<Seen>,
    /// What the file said about itself.
    pub description: Description,
    /// What was ordered, in the ladder's order.
    pub renditions: Vec<RenderedFile>,
    /// What was described, in the order of the request.
    pub described: Vec<RenderedFile>,
    /// The original with metadata written into it; `None` if it is offered as it came, or was not asked for.
    pub download: Option<DownloadFile>,
}

/// What decoding told about a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Of the upright original, in pixels.
    pub width: u32,
    pub height: u32,
    pub has_alpha: bool,
    /// A ThumbHash, base64.
    pub placeholder: String,
    /// Of the original, such as "Adobe RGB (1998)"; empty when it is not told.
    pub colour_space: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedFile {
    /// The rung's name, such as `large`.
    pub name: String,
    pub format: Format,
    /// The recipe's name; empty for a file that only got other words.
    pub recipe: String,
    pub width: u32,
    pub height: u32,
    pub path: PathBuf,
    pub size_bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub crc32: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownloadFile {
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
    render_watched(request, &())
}

/// Who hears how far a rendering has come.
pub trait Watch: Sync {
    /// The file has said how many pixels wide and high the picture is; now it is decoded. Not said of JPEGs.
    fn is_sized(&self, _width: u32, _height: u32) {}
    /// The picture is there, and all that is left is work of known size.
    fn is_seen(&self) {}
}

impl Watch for () {}

/// As [`render`].
pub fn render_watched(request: &RenderRequest, watch: &dyn Watch) -> Result<RenderReport, MediaError> {
    check_content(&request.input, &request.media_type)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(THREADS)
        .build()
        .map_err(|error| MediaError::Worker { detail: error.to_string() })?;
    pool.install(|| render_ladder(request, watch))
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

fn render_ladder(request: &RenderRequest, watch: &dyn Watch) -> Result<RenderReport, MediaError> {
    decode::check_file(request)?;
    let input = Input::open(&request.input, &request.media_type)?;
    let packets = metadata::read_packets(&input, &request.media_type);
    let description = metadata::describe(&packets);
    let wanted = Wanted::new(request.description.as_ref().unwrap_or(&description), &packets);
    let for_download = Wanted { keeps_private: request.keep_camera_data, ..wanted.clone() };
    let described = request.describe.iter().map(|file| rewrite(file, &wanted, &request.out_dir));
    let described = described.collect::<Result<_, _>>()?;

    let orientation = packets.exif.orientation.unwrap_or(1);
    let (full, orders) = Orders::of(request)?.apart();
    let full = full.map(|(preset, recipe)| write_print(preset, recipe, orientation, &wanted, request));
    let full = full.transpose()?;
    if orders.is_empty() {
        let download = write_download(&input, &for_download, request)?;
        let renditions = full.into_iter().collect();
        return Ok(RenderReport { seen: None, description, renditions, described, download });
    }
    let needed_for = |width, height, crops: &Crops| {
        let (width, height) = orient::upright_size(width, height, orientation);
        let presets = orders.0.iter().map(|(preset, _)| preset);
        let scale = |rung: &Preset| resize::needed_scale(width, height, rung.shape, crops.get(rung.name));
        presets.map(|preset| scale(preset)).fold(0.0, f64::max)
    };
    // A small area of a huge picture is rather cut a little softly than not at all.
    let is_held = request.crops.is_empty()
        || decode::can_be_held(request, &|width, height| needed_for(width, height, &request.crops));
    let crops = if is_held { request.crops.clone() } else { Crops::new() };
    let needed = |width, height| needed_for(width, height, &crops);
    let flow = match &input {
        Input::Memory(bytes) if request.media_type == "image/jpeg" => {
            flow::jpeg(&decode::jpeg::open(bytes, &needed)?, &needed, orientation, &orders.0)?
        }
        _ => {
            let told = |width, height| {
                watch.is_sized(width, height);
                needed(width, height)
            };
            let decoded = decode::decode(&input, &request.media_type, &told)?;
            let scale = needed(decoded.width, decoded.height);
            let (working_width, working_height) = resize::scaled(decoded.width, decoded.height, scale);
            let raster = decoded.raster.resized(working_width, working_height)?;
            let colour_space =
                super::colour::name(raster.model, decoded.icc_profile.as_deref(), &request.media_type);
            let picture = super::colour::to_srgb(raster, decoded.icc_profile.as_deref());
            Flow::of(orient::upright(picture, orientation), (decoded.width, decoded.height), colour_space)
        }
    };
    watch.is_seen();
    let (width, height) = orient::upright_size(flow.full.0, flow.full.1, orientation);
    let has_alpha = flow.largest.has_alpha;
    let colour_space = flow.colour_space.clone();

    let meanwhile = move || {
        let download = write_download(&input, &for_download, request);
        // The file is not needed any more, its memory is.
        drop(input);
        download
    };
    let Rungs { mut renditions, placeholder, download } =
        make_rungs(flow, (width, height), &orders, &wanted, request, meanwhile)?;
    renditions.extend(full);
    let seen = Some(Seen { width, height, has_alpha, placeholder, colour_space });
    Ok(RenderReport { seen, description, renditions, described, download })
}

/// What is ordered, by rungs of the ladder; the rungs of most pixels first.
struct Orders(Vec<(&'static Preset, Vec<&'static Recipe>)>);

impl Orders {
    fn of(request: &RenderRequest) -> Result<Self, MediaError> {
        let mut orders = Vec::new();
        for preset in rungs_by_size() {
            let ordered = |recipe: &&Recipe| {
                request.make.iter().any(|order| order.name == preset.name && order.recipe == recipe.name)
            };
            let recipes: Vec<&Recipe> = preset.recipes.iter().filter(ordered).collect();
            if !recipes.is_empty() {
                orders.push((preset, recipes));
            }
        }
        let known: usize = orders.iter().map(|(_, recipes)| recipes.len()).sum();
        if known == request.make.len() {
            Ok(Self(orders))
        } else {
            Err(MediaError::Worker { detail: "an order that the ladder does not know".to_owned() })
        }
    }

    /// The one that is made of every pixel, and the others.
    fn apart(mut self) -> (Option<(&'static Preset, &'static Recipe)>, Self) {
        let place = self.0.iter().position(|(preset, _)| preset.shape == Shape::Full);
        let full = place.and_then(|place| {
            let (preset, recipes) = self.0.remove(place);
            Some((preset, *recipes.first()?))
        });
        (full, self)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Makes and writes every rung that is ordered. `full` is the upright size of the original; `meanwhile` is done by
/// this thread once the other one has the costliest file to make.
fn make_rungs(
    mut flow: Flow,
    full: (u32, u32),
    orders: &Orders,
    wanted: &Wanted,
    request: &RenderRequest,
    meanwhile: impl FnOnce() -> Result<Option<DownloadFile>, MediaError>,
) -> Result<Rungs, MediaError> {
    let finished = Mutex::new(Vec::new());
    let keep = |file| finished.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    let written = |plain: &[u8], picture: &Picture, rung: &str, recipe: &Recipe| {
        write_rendition(plain, picture, rung, recipe, wanted, &request.out_dir)
    };
    let mut larger = Vec::new();
    let mut download = None;
    rayon::in_place_scope_fifo(|scope| {
        let (keep, written) = (&keep, &written);
        let spawn = |picture: &Arc<Picture>, rung: &'static str, recipe: &'static Recipe| {
            let picture = Arc::clone(picture);
            scope.spawn_fifo(move |_| {
                keep(
                    encode::encode(&picture, recipe)
                        .and_then(|plain| written(&plain, &picture, rung, recipe)),
                );
            });
        };
        // The costly formats first: the last encoder to end decides how long all of it takes.
        let mut ahead = Vec::new();
        if let Some((preset, recipes)) = orders.0.first()
            && flow::size_of(preset, full) == Some((flow.largest.width, flow.largest.height))
        {
            ahead = costly(recipes, request, &flow.largest);
            ahead.retain(|recipe| **recipe != QUICK_JPEG);
            for recipe in &ahead {
                match flow.webp.take_if(|_| **recipe == WEBP) {
                    Some(rows) => {
                        let (picture, rung) = (Arc::clone(&flow.largest), preset.name);
                        scope.spawn_fifo(move |_| {
                            let plain = rows.finish(&picture);
                            keep(plain.and_then(|plain| written(&plain, &picture, rung, &WEBP)));
                        });
                    }
                    None => spawn(&flow.largest, preset.name, recipe),
                }
            }
        }
        download = meanwhile()?;
        let Pictures { pictures, mut begun } = flow.finish()?;
        larger = pictures;
        for (index, (preset, recipes)) in orders.0.iter().enumerate() {
            let picture = shaped(&larger, preset, full, request)?;
            for recipe in costly(recipes, request, &picture) {
                if index == 0 && ahead.contains(&recipe) {
                    continue;
                }
                if *recipe == QUICK_JPEG
                    && let Some(rows) = begun.take(preset.name)
                {
                    // An encoder that has begun stays on its thread.
                    keep(rows.finish().and_then(|plain| written(&plain, &picture, preset.name, recipe)));
                    continue;
                }
                spawn(&picture, preset.name, recipe);
            }
            let is_new = !larger.iter().any(|other| Arc::ptr_eq(other, &picture));
            if matches!(preset.shape, Shape::LongEdge(_)) && is_new {
                larger.push(picture);
            }
        }
        Ok::<(), MediaError>(())
    })?;
    let placeholder = larger.last().map(|picture| placeholder(picture)).transpose()?.unwrap_or_default();
    let files = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut files: Vec<RenderedFile> = files.into_iter().collect::<Result<_, _>>()?;
    let rung = |file: &RenderedFile| LADDER.iter().position(|preset| preset.name == file.name);
    files.sort_by_key(|file| (rung(file), file.format));
    Ok(Rungs { renditions: files, placeholder, download })
}

struct Rungs {
    renditions: Vec<RenderedFile>,
    placeholder: String,
    download: Option<DownloadFile>,
}

/// The recipes that suit a picture, the costliest format first.
fn costly(recipes: &[&'static Recipe], request: &RenderRequest, picture: &Picture) -> Vec<&'static Recipe> {
    let mut recipes = recipes.to_vec();
    recipes.retain(|recipe| recipe.suits(&request.media_type, picture.has_alpha));
    recipes.sort_by_key(|recipe| std::cmp::Reverse(recipe.format));
    recipes
}

fn rungs_by_size() -> Vec<&'static Preset> {
    let mut rungs: Vec<_> = LADDER.iter().collect();
    rungs.sort_by_key(|rung| {
        std::cmp::Reverse(match rung.shape {
            Shape::LongEdge(pixels) => pixels,
            Shape::Cut { width, height } => width.max(height),
            Shape::Full => 0,
        })
    });
    rungs
}

/// One rung's picture, from the smallest of the larger ones that has enough pixels.
fn shaped(
    larger: &[Arc<Picture>],
    preset: &Preset,
    full: (u32, u32),
    request: &RenderRequest,
) -> Result<Arc<Picture>, MediaError> {
    let smallest_with = |width: u32, height: u32| {
        let enough = |picture: &&Arc<Picture>| picture.width >= width && picture.height >= height;
        larger.iter().rev().find(enough).or(larger.first())
    };
    let none = || MediaError::damaged("no picture to make a rung of");
    match preset.shape {
        Shape::LongEdge(pixels) => {
            let (width, height) = resize::fitted(full.0, full.1, pixels);
            let source = smallest_with(width, height).ok_or_else(none)?;
            if (source.width, source.height) == (width, height) {
                return Ok(Arc::clone(source));
            }
            source.resized(width, height).map(Arc::new)
        }
        Shape::Cut { width, height } => {
            let chosen = request.crops.get(preset.name);
            let area = match chosen {
                Some(chosen) => chosen.shaped(full, (width, height)),
                None => CropArea::around(request.focal_point, full, (width, height)),
            };
            // All of the picture, at the scale at which the area has the cut's pixels.
            let whole = |cut: u32, share: f64| (f64::from(cut) / share).floor() as u32;
            let source =
                smallest_with(whole(width, area.width), whole(height, area.height)).ok_or_else(none)?;
            // A cut-out, a logo mostly, would be maimed unless somebody chose where; what is too small would be blurred.
            let has_pixels = source.width >= width && source.height >= height;
            let picture = if has_pixels && (chosen.is_some() || !source.has_alpha) {
                source.cut_to(area, width, height)?
            } else {
                source.fitted_on_white(width, height)?
            };
            Ok(Arc::new(picture))
        }
        Shape::Full => Err(none()),
    }
}

fn write_rendition(
    plain: &[u8],
    picture: &Picture,
    name: &str,
    recipe: &Recipe,
    wanted: &Wanted,
    out_dir: &Path,
) -> Result<RenderedFile, MediaError> {
    let with_words = embed::embed(plain, recipe.format.media_type(), wanted);
    let bytes = with_words.as_deref().unwrap_or(plain);
    let path = out_dir.join(format!("{name}-{}.{}", recipe.name, recipe.format.extension()));
    let file = write_file(bytes, name, recipe.format, path)?;
    let (width, height) = (picture.width, picture.height);
    Ok(RenderedFile { recipe: recipe.name.to_owned(), width, height, ..file })
}

fn write_print(
    preset: &Preset,
    recipe: &Recipe,
    orientation: u8,
    wanted: &Wanted,
    request: &RenderRequest,
) -> Result<RenderedFile, MediaError> {
    if request.media_type != "image/tiff" {
        return Err(MediaError::unsupported("Only TIFF files get a JPEG for print"));
    }
    let print = super::print::jpeg_of_tiff(&request.input, orientation)?;
    let bytes = embed::embed(&print.bytes, recipe.format.media_type(), wanted).unwrap_or(print.bytes);
    let path = request.out_dir.join(format!("{}.{}", recipe.name, recipe.format.extension()));
    let file = write_file(&bytes, preset.name, recipe.format, path)?;
    Ok(RenderedFile { recipe: recipe.name.to_owned(), width: print.width, height: print.height, ..file })
}

/// Puts other words into a file of ours.
fn rewrite(file: &Written, wanted: &Wanted, out_dir: &Path) -> Result<RenderedFile, MediaError> {
    let old = std::fs::read(&file.path)?;
    let bytes = embed::embed(&old, file.format.media_type(), wanted)
        .ok_or_else(|| MediaError::damaged("a rendition without its structure"))?;
    let path = out_dir.join(format!("{}.described.{}", file.name, file.format.extension()));
    write_file(&bytes, &file.name, file.format, path)
}

/// The original with metadata in it, where the format allows that; its picture is the same bit by bit.
fn write_download(
    input: &Input,
    wanted: &Wanted,
    request: &RenderRequest,
) -> Result<Option<DownloadFile>, MediaError> {
    if !request.describe_original {
        return Ok(None);
    }
    let path = request.out_dir.join("download");
    let original = match input {
        Input::Memory(original) => original,
        // Too large to be held: it goes from file to file.
        Input::Disk(original) => {
            let is_written = embed::write_copy(original, &request.media_type, wanted, &path)?;
            return if is_written { hashed(path).map(Some) } else { as_it_came(wanted, request) };
        }
    };
    if input.is_mapped() {
        return match embed::parts(original, &request.media_type, wanted) {
            Some(parts) if parts.is_same_as(original) => Ok(None),
            Some(parts) => {
                parts.write(original, &mut File::create(&path)?)?;
                hashed(path).map(Some)
            }
            None => as_it_came(wanted, request),
        };
    }
    let offered = if request.media_type == "image/svg+xml" {
        Some(super::svg::sanitized(original, wanted.keeps_private)?)
    } else {
        embed::embed(original, &request.media_type, wanted)
    };
    match offered {
        Some(bytes) if bytes != **original => {
            std::fs::write(&path, &bytes)?;
            Ok(Some(DownloadFile {
                path,
                size_bytes: bytes.len() as u64,
                sha256: hex::encode(Sha256::digest(&bytes)),
                crc32: crc32fast::hash(&bytes),
            }))
        }
        Some(_) => Ok(None),
        None => as_it_came(wanted, request),
    }
}

/// The original is offered as it is, unless it may tell what is to stay in the house. There is no other picture of its
/// size to offer in its place, and a download that quietly loses its pixels or gives away where somebody lives would
/// be found out too late: whoever sent the file is told and can save it anew.
fn as_it_came(wanted: &Wanted, request: &RenderRequest) -> Result<Option<DownloadFile>, MediaError> {
    if wanted.keeps_private || !embed::is_written(&request.media_type) {
        return Ok(None);
    }
    Err(MediaError::unsupported(
        "The file is not built as its format demands, so that position and camera data cannot be taken out of it; \
         open it in a photo program and save it anew",
    ))
}

fn hashed(path: PathBuf) -> Result<DownloadFile, MediaError> {
    let mut file = File::open(&path)?;
    let (mut sha256, mut crc32, mut size_bytes) = (Sha256::new(), crc32fast::Hasher::new(), 0);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        sha256.update(&piece[..read]);
        crc32.update(&piece[..read]);
        size_bytes += read as u64;
    }
    let sha256 = hex::encode(sha256.finalize());
    Ok(DownloadFile { path, size_bytes, sha256, crc32: crc32.finalize() })
}

fn write_file(bytes: &[u8], name: &str, format: Format, path: PathBuf) -> Result<RenderedFile, MediaError> {
    std::fs::write(&path, bytes)?;
    Ok(RenderedFile {
        name: name.to_owned(),
        format,
        recipe: String::new(),
        width: 0,
        height: 0,
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
mod formats;
#[cfg(test)]
mod odd;
#[cfg(test)]
mod rare;
#[cfg(test)]
mod scans;
#[cfg(test)]
mod tests;
