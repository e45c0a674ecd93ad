//! TIFF, the print trade's format: 8 and 16 bits, grey, RGB, CMYK, Lab, YCbCr and palettes, in strips, tiles or planes;
//! fax pages; and 32 bits, whole numbers or light in floating point.

mod depth;
mod facts;
mod fax;
mod lab;
mod luma;
mod palette;
mod pieces;
mod strips;
mod view;
mod whole;

use super::shrink::{Shrinker, factor_for};
use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::raster::{Model, Raster};
use depth::Depth;
use facts::{Facts, facts};
use fax::Rows;
use lab::Lab;
use luma::Luma;
use palette::Palette;
use pieces::{Part, Pieces};
use std::io::{BufReader, ErrorKind};
use std::path::Path;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::{SampleFormat, Tag};
use tiff::{ColorType, TiffError};
use view::View;

/// Pixels of a band: enough for the colour engine to be quick, little enough to be held.
const BAND_PIXELS: u32 = 2_000_000;

pub fn decode(path: &Path, needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Decoded, MediaError> {
    let facts = facts(path)?;
    if let Some(place) = facts.jpeg {
        return whole::decode(path, place, needed_scale);
    }
    let mut file = Opened::open(path, facts)?;
    let factor = factor_for(needed_scale(file.width, file.height));
    let raster =
        if file.coding.bits == 16 { file.shrunk::<u16>(factor)? } else { file.shrunk::<u8>(factor)? };
    let raster = file.in_rgb(raster).without_opaque_alpha();
    Ok(Decoded { raster, icc_profile: file.icc_profile, width: file.width, height: file.height })
}

/// Hands over the whole picture in bands of some rows, with the profile of their colours.
pub fn each_band(path: &Path, take: &mut BandTaker<'_>) -> Result<(), MediaError> {
    let facts = facts(path)?;
    if let Some(place) = facts.jpeg {
        return whole::each_band(path, place, take);
    }
    let mut file = Opened::open(path, facts)?;
    if file.coding.bits == 16 { file.banded::<u16>(take) } else { file.banded::<u8>(take) }
}

/// The size of the picture as it is stored; width and height in pixels.
pub fn size(path: &Path) -> Result<(u32, u32), MediaError> {
    facts(path).map(|facts| (facts.width, facts.height))
}

/// A file whose header has been read and found to be within the limits.
struct Opened {
    view: View,
    decoder: Source,
    coding: Coding,
    width: u32,
    height: u32,
    lab: Option<Lab>,
    icc_profile: Option<Vec<u8>>,
}

impl Opened {
    fn open(path: &Path, facts: Facts) -> Result<Self, MediaError> {
        check_size(facts.width, facts.height)?;
        facts.check()?;
        let view = View::open(path, &facts.tiff, &facts.directory, facts.changes)?;
        let mut decoder = Decoder::new(BufReader::new(view.from(0)?)).map_err(media_error)?;
        let (width, height) = decoder.dimensions().map_err(media_error)?;
        check_size(width, height)?;
        let kind = Kind {
            palette: facts.palette,
            luma: facts.luma,
            fax: facts.fax,
            white_is_zero: facts.white_is_zero,
            is_floating_lab: facts.lab.is_some_and(|lab| lab.is_floating),
        };
        let coding = Coding::of(&mut decoder, kind)?;
        let mut limits = Limits::default();
        limits.decoding_buffer_size = super::MAX_DECODE_BYTES as usize;
        limits.intermediate_buffer_size = super::MAX_DECODE_BYTES as usize;
        limits.ifd_value_size = 64 * 1024 * 1024;
        let mut decoder = decoder.with_limits(limits);
        let icc_profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok().filter(|_| facts.lab.is_none());
        let is_linear = coding.is_light && facts.lab.is_none();
        let icc_profile = icc_profile.or_else(|| if is_linear { linear_profile() } else { None });
        Ok(Self { view, decoder, coding, width, height, lab: facts.lab, icc_profile })
    }

    fn in_rgb(&self, raster: Raster) -> Raster {
        if let Some(lab) = self.lab { lab.to_rgb(raster) } else { raster }
    }

    fn shrunk<T: Depth>(&mut self, factor: u32) -> Result<Raster, MediaError> {
        let (width, height, model) = (self.width, self.height, self.coding.model);
        let mut shrinker = Shrinker::<T>::new(width, height, model, factor);
        let is_deep = size_of::<T>() == 2;
        self.read(kept_bytes(width, height, model, factor, is_deep), &mut |row: &[T]| {
            shrinker.push(row);
            Ok(())
        })?;
        let raster = shrinker.finish();
        if raster.height == height.div_ceil(factor) { Ok(raster) } else { Err(MediaError::Truncated) }
    }

    fn banded<T: Depth>(&mut self, take: &mut BandTaker<'_>) -> Result<(), MediaError> {
        let (width, model, lab) = (self.width, self.coding.model, self.lab);
        let icc_profile = self.icc_profile.clone();
        let band_rows = (BAND_PIXELS / width).max(1);
        let (mut samples, mut rows) = (Vec::<T>::new(), 0);
        let mut close = |samples: &mut Vec<T>, rows: &mut u32| {
            let (samples, height) = (T::wrap(std::mem::take(samples)), std::mem::take(rows));
            let band = Raster { width, height, model, samples };
            let band = if let Some(lab) = lab { lab.to_rgb(band) } else { band };
            take(band, icc_profile.as_deref())
        };
        self.read(kept_bytes(width, band_rows, model, 1, true), &mut |row: &[T]| {
            samples.extend_from_slice(row.get(..width as usize * model.channels()).unwrap_or(row));
            rows += 1;
            if rows == band_rows { close(&mut samples, &mut rows) } else { Ok(()) }
        })?;
        if rows > 0 { close(&mut samples, &mut rows) } else { Ok(()) }
    }

    /// All rows from top to bottom, channels interleaved. `kept_bytes` is what the taker of the rows will hold.
    fn read<T: Depth>(&mut self, kept_bytes: u64, take: &mut RowTaker<'_, T>) -> Result<(), MediaError> {
        let (decoder, coding) = (&mut self.decoder, &self.coding);
        if let Some(strips) = strips::Strips::of(decoder, &self.view, coding, self.width, self.height)? {
            check_memory(kept_bytes + strips.memory_bytes())?;
            return strips.read(&mut |row| take(&coding.arrange(row, coding.file_channels)));
        }
        let (chunk_width, chunk_height) = decoder.chunk_dimensions();
        let row_bytes = u64::from(self.width) * coding.stored_channels as u64 * size_of::<T>() as u64;
        // As the library has it, and as it is handed over.
        let copies = if coding.bytes > 2 { 3 } else { 2 };
        let pieces = Pieces::of(decoder, &self.view, coding)?;
        let unpacking = pieces.as_ref().map_or(0, Pieces::memory_bytes);
        check_memory(kept_bytes + unpacking + copies * row_bytes * u64::from(chunk_height))?;
        let across = self.width.div_ceil(chunk_width.max(1));
        let down = self.height.div_ceil(chunk_height.max(1));
        let is_planar = decoder.find_tag_unsigned::<u32>(Tag::PlanarConfiguration).map_err(media_error)?;
        let planes = if is_planar == Some(2) { coding.stored_channels } else { 1 };
        let width = self.width as usize;
        let grid = Grid { across, down, planes, chunk_width: chunk_width as usize, width, pieces };
        chunks(decoder, coding, &grid, take)
    }
}

/// What takes bands of the picture, each with the profile of its colours.
pub type BandTaker<'a> = dyn FnMut(Raster, Option<&[u8]>) -> Result<(), MediaError> + 'a;

/// What takes one row after the other.
type RowTaker<'a, T> = dyn FnMut(&[T]) -> Result<(), MediaError> + 'a;

/// What is kept of a picture while it is read.
fn kept_bytes(width: u32, height: u32, model: Model, factor: u32, is_deep: bool) -> u64 {
    let pixels = u64::from(width.div_ceil(factor)) * u64::from(height.div_ceil(factor));
    // Twice where alpha is multiplied in for resizing.
    let copies = if model.has_alpha() { 2 } else { 1 };
    pixels * model.channels() as u64 * if is_deep { 2 } else { 1 } * copies
}

/// How a picture is cut into pieces.
struct Grid {
    across: u32,
    down: u32,
    /// One, or as many as there are channels, each of which is then stored by itself.
    planes: usize,
    chunk_width: usize,
    width: usize,
    /// For what the library fails to read.
    pieces: Option<Pieces>,
}

/// Reads strips or tiles one after the other through the library, band by band.
fn chunks<T: Depth>(
    decoder: &mut Source,
    coding: &Coding,
    grid: &Grid,
    take: &mut RowTaker<'_, T>,
) -> Result<(), MediaError> {
    let row_samples = grid.width * coding.stored_channels;
    for row in 0..grid.down {
        let mut band: Vec<T> = Vec::new();
        for plane in 0..grid.planes {
            for column in 0..grid.across {
                let place = row * grid.across + column;
                let piece = piece(decoder, coding, grid, plane, place)?;
                if grid.across == 1 && grid.planes == 1 {
                    band = piece.samples;
                    continue;
                }
                band.resize(row_samples * piece.height, T::default());
                piece.lay(&mut band, grid, coding.stored_channels, plane, column as usize);
            }
        }
        for line in band.chunks_exact(row_samples) {
            take(&coding.arrange(line.to_vec(), coding.stored_channels))?;
        }
    }
    Ok(())
}

/// One strip or tile as it was decoded, without what pads it.
struct Piece<T> {
    samples: Vec<T>,
    width: usize,
    height: usize,
}

fn piece<T: Depth>(
    decoder: &mut Source,
    coding: &Coding,
    grid: &Grid,
    plane: usize,
    place: u32,
) -> Result<Piece<T>, MediaError> {
    let per_plane = grid.across * grid.down;
    let index = u32::try_from(plane).unwrap_or(u32::MAX).saturating_mul(per_plane).saturating_add(place);
    // The library knows the lowest tiles by their number in the first plane; those of the others come with the rows
    // that pad them.
    let (width, height) = decoder.chunk_data_dimensions(place);
    let (width, height) = (width as usize, height as usize);
    let by_ourselves = |pieces: &Pieces| -> Result<Vec<T>, MediaError> {
        let channels = if grid.planes == 1 { coding.file_channels } else { 1 };
        let part = Part { stored_width: grid.chunk_width, width, height, channels };
        let mut whole: Vec<T> = pieces.read(index, part)?;
        if grid.planes == 1 {
            keep_first(&mut whole, channels, coding.stored_channels);
        }
        Ok(whole)
    };
    let whole = match &grid.pieces {
        Some(pieces) if pieces.are_foreign() => by_ourselves(pieces)?,
        pieces => match (decoder.read_chunk(index).map_err(media_error), pieces) {
            (Err(MediaError::Truncated), Some(pieces)) => by_ourselves(pieces)?,
            (read, _) => {
                let mut read = read?;
                if coding.is_floating_lab {
                    let (first, channels) =
                        if grid.planes == 1 { (0, coding.stored_channels) } else { (plane, usize::MAX) };
                    level(&mut read, first, channels);
                }
                T::of(read).ok_or_else(unusual)?
            }
        },
    };
    let samples = if coding.bits < 8 { T::unpacked(&whole, width, coding.bits) } else { whole };
    Ok(Piece { samples, width, height })
}

impl<T: Depth> Piece<T> {
    /// Puts the samples where they belong in a band of whole rows.
    fn lay(&self, band: &mut [T], grid: &Grid, channels: usize, plane: usize, column: usize) {
        let left = column * grid.chunk_width * channels;
        let own = if grid.planes == 1 { channels } else { 1 };
        let length = self.width * channels;
        let rows = self.samples.chunks_exact((self.width * own).max(1));
        for (from, into) in rows.zip(band.chunks_exact_mut(grid.width * channels)) {
            let Some(into) = into.get_mut(left..left + length) else { continue };
            if own == channels {
                into.copy_from_slice(from);
            } else {
                into.iter_mut().skip(plane).step_by(channels).zip(from).for_each(|(to, from)| *to = *from);
            }
        }
    }
}

/// What decoding takes, as the header tells it.
pub fn memory_bytes(path: &Path, needed_scale: &dyn Fn(u32, u32) -> f64) -> Option<u64> {
    let facts = facts(path).ok()?;
    let scale = needed_scale(facts.width, facts.height);
    if let Some((_, length)) = facts.jpeg {
        // The decoder makes a picture smaller by eighths, and is given one that is rather too large.
        let pixels = f64::from(facts.width) * f64::from(facts.height) * (scale * 1.5).min(1.0).powi(2);
        return Some(length + pixels as u64 * 4);
    }
    let factor = factor_for(scale);
    Some(kept_bytes(facts.width, facts.height, Model::Rgba, factor, true))
}

type Source = Decoder<BufReader<View>>;

/// Values of Lab to what sixteen bits hold of them; where planes are apart, all are of the axis `first`.
fn level(read: &mut DecodingResult, first: usize, channels: usize) {
    match read {
        DecodingResult::F32(values) if channels == usize::MAX => {
            values.iter_mut().for_each(|value| Lab::level(std::slice::from_mut(value), first, channels));
        }
        DecodingResult::F32(values) => Lab::level(values, first, channels),
        DecodingResult::F16(values) => {
            let wide = values.iter().map(|value| value.to_f32()).collect();
            *read = DecodingResult::F32(wide);
            level(read, first, channels);
        }
        _ => {}
    }
}

fn unusual() -> MediaError {
    facts::refusal("of this kind")
}

/// Light in floating point is stored as it is, without the curve that screens expect.
fn linear_profile() -> Option<Vec<u8>> {
    let profile = moxcms::ColorProfile::new_from_cicp(moxcms::CicpProfile {
        color_primaries: moxcms::CicpColorPrimaries::Bt709,
        transfer_characteristics: moxcms::TransferCharacteristics::Linear,
        matrix_coefficients: moxcms::MatrixCoefficients::Identity,
        full_range: true,
    });
    profile.encode().ok()
}

/// How the samples of the file are to be read.
struct Coding {
    model: Model,
    bits: u8,
    /// Channels of a pixel in the file: some programs put selections and spot inks behind the colours.
    file_channels: usize,
    /// Channels that the library hands over, which may still be more than are used.
    stored_channels: usize,
    /// Samples are luma and colour differences.
    luma: Option<Luma>,
    fax: Option<Rows>,
    /// Samples are the values of Lab in floating point.
    is_floating_lab: bool,
    /// Numbers are light in floating point, in which 1 is white.
    is_light: bool,
    /// Of a sample in the file; 1 for all that are smaller.
    bytes: u8,
    /// Numbers are amounts of black.
    is_inverted: bool,
    /// Colours were multiplied with alpha.
    is_premultiplied: bool,
    /// Behind the inks is alpha, which says how much of them is seen on the paper.
    is_on_paper: bool,
    palette: Option<Palette>,
}

/// What the directory tells of the pixels that the library does not know of.
struct Kind {
    palette: Option<Palette>,
    luma: Option<Luma>,
    fax: Option<Rows>,
    white_is_zero: bool,
    is_floating_lab: bool,
}

impl Coding {
    fn of(decoder: &mut Source, kind: Kind) -> Result<Self, MediaError> {
        let colour = decoder.colortype().map_err(media_error)?;
        let extra =
            decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten().unwrap_or_default();
        let formats = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).ok().flatten();
        let all_are = |one: SampleFormat| formats.iter().flatten().all(|format| *format == one.to_u16());
        let is_light = formats.is_some() && all_are(SampleFormat::IEEEFP);
        if !is_light && !all_are(SampleFormat::Uint) {
            return Err(unusual());
        }
        let has_alpha = matches!(extra.first(), Some(1 | 2));
        let file_channels = decoder.find_tag_unsigned::<u16>(Tag::SamplesPerPixel).map_err(media_error)?;
        let compression = decoder.find_tag_unsigned::<u16>(Tag::Compression).map_err(media_error)?;
        let (model, bits, stored_channels) = match colour {
            ColorType::Gray(bits @ (1 | 2 | 4 | 8 | 16 | 32)) => (Model::Gray, bits, 1),
            ColorType::GrayA(bits @ (8 | 16 | 32)) => (Model::GrayAlpha, bits, 2),
            // JPEG knows no pictures of two channels.
            ColorType::Multiband { bit_depth: bits @ (8 | 16 | 32), num_samples }
                if compression != Some(7) =>
            {
                (if has_alpha { Model::GrayAlpha } else { Model::Gray }, bits, usize::from(num_samples))
            }
            ColorType::RGB(bits @ (8 | 16 | 32)) => (Model::Rgb, bits, 3),
            ColorType::YCbCr(bits @ 8) => (Model::Rgb, bits, 3),
            ColorType::RGBA(bits @ (8 | 16 | 32)) if has_alpha || extra.is_empty() => (Model::Rgba, bits, 4),
            ColorType::RGBA(bits @ (8 | 16 | 32)) => (Model::Rgb, bits, 4),
            ColorType::CMYK(bits @ (8 | 16)) => (Model::Cmyk, bits, 4),
            ColorType::CMYKA(bits @ (8 | 16)) => (Model::Cmyk, bits, 5),
            _ => return Err(unusual()),
        };
        let model = match (&kind.palette, model) {
            (None, model) => model,
            (Some(_), Model::Gray) => Model::Rgb,
            (Some(_), Model::GrayAlpha) => Model::Rgba,
            _ => return Err(unusual()),
        };
        if is_light && (bits < 16 || model == Model::Cmyk) {
            return Err(unusual());
        }
        Ok(Self {
            model,
            // What is finer than sixteen bits is handed over in sixteen.
            bits: bits.min(16),
            file_channels: file_channels.map_or(stored_channels, usize::from).max(stored_channels),
            stored_channels,
            is_light,
            bytes: bits.div_ceil(8),
            is_inverted: kind.white_is_zero && matches!(model, Model::Gray | Model::GrayAlpha),
            luma: kind.luma,
            fax: kind.fax,
            is_floating_lab: kind.is_floating_lab,
            is_premultiplied: model.has_alpha() && extra.first() == Some(&1),
            is_on_paper: model == Model::Cmyk && stored_channels > 4 && extra.first() == Some(&2),
            palette: kind.palette,
        })
    }

    /// A row of pixels of so many channels to the channels that are used.
    fn arrange<T: Depth>(&self, mut samples: Vec<T>, channels: usize) -> Vec<T> {
        if let Some(palette) = &self.palette {
            return T::coloured(&samples, channels, self.model, palette);
        }
        let used = self.model.channels();
        if self.is_on_paper && channels > used {
            for pixel in samples.chunks_exact_mut(channels) {
                let Some((inks, [alpha, ..])) = pixel.split_at_mut_checked(used) else { continue };
                inks.iter_mut().for_each(|ink| *ink = ink.multiplied_by(*alpha));
            }
        }
        keep_first(&mut samples, channels, used);
        if self.is_inverted {
            samples.iter_mut().step_by(used).for_each(|sample| *sample = sample.inverted());
        }
        if self.is_premultiplied {
            for pixel in samples.chunks_exact_mut(used) {
                let Some((alpha, colours)) = pixel.split_last_mut() else { continue };
                colours.iter_mut().for_each(|colour| *colour = colour.divided_by(*alpha));
            }
        }
        if let Some(luma) = self.luma {
            samples.chunks_exact_mut(3).for_each(|pixel| T::in_rgb(pixel, luma));
        }
        samples
    }
}

/// Of every pixel the first channels.
fn keep_first<T: Copy>(samples: &mut Vec<T>, channels: usize, kept: usize) {
    if channels > kept {
        let pixels = samples.len() / channels;
        for pixel in 0..pixels {
            let from = pixel * channels;
            samples.copy_within(from..from + kept, pixel * kept);
        }
        samples.truncate(pixels * kept);
    }
}

fn media_error(error: TiffError) -> MediaError {
    match error {
        TiffError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => MediaError::Truncated,
        TiffError::IoError(error) => MediaError::damaged(error),
        TiffError::UnsupportedError(_) => unusual(),
        TiffError::LimitsExceeded | TiffError::IntSizeError => {
            MediaError::TooComplex { detail: error.to_string() }
        }
        other => MediaError::damaged(other),
    }
}
