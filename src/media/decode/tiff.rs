//! TIFF, the print trade's format: 8 and 16 bits, grey, RGB and CMYK, in strips, tiles or planes.

mod lab;
mod strips;

use super::shrink::{Sample, Shrinker, factor_for};
use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::container::tiff::{Tiff, tag};
use crate::media::raster::{Model, Raster, Samples};
use lab::{Lab, Renamed};
use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::Path;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::{SampleFormat, Tag};
use tiff::{ColorType, TiffError};

pub fn decode(path: &Path, needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Decoded, MediaError> {
    let facts = facts(path)?;
    check_size(facts.width, facts.height)?;
    // The library knows no Lab; it reads the three channels just as well under another name.
    let file = Renamed::open(path, facts.lab_offset)?;
    let mut decoder = Decoder::new(BufReader::new(file)).map_err(media_error)?;
    let (width, height) = decoder.dimensions().map_err(media_error)?;
    check_size(width, height)?;
    let coding = Coding::of(&mut decoder)?;
    let factor = factor_for(needed_scale(width, height));
    let mut limits = Limits::default();
    limits.decoding_buffer_size = super::MAX_DECODE_BYTES as usize;
    limits.intermediate_buffer_size = super::MAX_DECODE_BYTES as usize;
    limits.ifd_value_size = 64 * 1024 * 1024;
    let mut decoder = decoder.with_limits(limits);
    let icc_profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    let is_deep = coding.bits == 16;
    let kept = Kept { width, height, model: coding.model, factor, is_deep };
    let raster = match strips::Strips::of(&mut decoder, path, &coding, width, height)? {
        Some(strips) => {
            check_memory(kept.bytes())?;
            if is_deep {
                strips.read(Shrinker::<u16>::new(width, height, coding.model, factor), |row| {
                    coding.arrange(row, u16::MAX)
                })?
            } else {
                strips.read(Shrinker::<u8>::new(width, height, coding.model, factor), |row| {
                    coding.arrange(row, u8::MAX)
                })?
            }
        }
        None => chunks(&mut decoder, &coding, &kept)?,
    };
    let raster = if let Some(lab) = facts.lab { lab.to_rgb(raster) } else { raster };
    let icc_profile = icc_profile.filter(|_| facts.lab.is_none());
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}

/// What is kept of the picture while it is read.
struct Kept {
    width: u32,
    height: u32,
    model: Model,
    factor: u32,
    is_deep: bool,
}

impl Kept {
    fn bytes(&self) -> u64 {
        let pixels =
            u64::from(self.width.div_ceil(self.factor)) * u64::from(self.height.div_ceil(self.factor));
        // Twice where alpha is multiplied in for resizing.
        let copies = if self.model.has_alpha() { 2 } else { 1 };
        pixels * self.model.channels() as u64 * if self.is_deep { 2 } else { 1 } * copies
    }
}

/// Reads strips or tiles one after the other through the library, band by band; planes only as a whole.
fn chunks(decoder: &mut Source, coding: &Coding, kept: &Kept) -> Result<Raster, MediaError> {
    let layout = decoder.image_buffer_layout().map_err(media_error)?;
    if layout.planes > 1 {
        check_memory(2 * layout.complete_len as u64)?;
        return planes(decoder, coding, kept);
    }
    let (chunk_width, chunk_height) = decoder.chunk_dimensions();
    let sample_bytes = if kept.is_deep { 2 } else { 1 };
    let band = u64::from(kept.width) * u64::from(chunk_height) * coding.stored_channels as u64 * sample_bytes;
    check_memory(kept.bytes() + 2 * band)?;
    let across = kept.width.div_ceil(chunk_width.max(1));
    let down = kept.height.div_ceil(chunk_height.max(1));
    let grid = Grid { across, down, chunk_width: chunk_width as usize };
    if kept.is_deep {
        let shrinker = Shrinker::<u16>::new(kept.width, kept.height, coding.model, kept.factor);
        bands(decoder, coding, kept, &grid, shrinker, u16::MAX, |result| match result {
            DecodingResult::U16(samples) => Some(samples),
            _ => None,
        })
    } else {
        let shrinker = Shrinker::<u8>::new(kept.width, kept.height, coding.model, kept.factor);
        bands(decoder, coding, kept, &grid, shrinker, u8::MAX, |result| match result {
            DecodingResult::U8(samples) => Some(samples),
            _ => None,
        })
    }
}

/// How a picture is cut into pieces.
struct Grid {
    across: u32,
    down: u32,
    chunk_width: usize,
}

fn bands<T: Sample + Arranged>(
    decoder: &mut Source,
    coding: &Coding,
    kept: &Kept,
    grid: &Grid,
    mut shrinker: Shrinker<T>,
    full: T,
    samples_of: impl Fn(DecodingResult) -> Option<Vec<T>>,
) -> Result<Raster, MediaError> {
    let (width, channels) = (kept.width as usize, coding.stored_channels);
    for row in 0..grid.down {
        let mut band: Vec<T> = Vec::new();
        for column in 0..grid.across {
            let index = row * grid.across + column;
            let (piece_width, piece_height) = decoder.chunk_data_dimensions(index);
            let piece = decoder.read_chunk(index).map_err(media_error)?;
            let mut piece = samples_of(piece).ok_or_else(unusual)?;
            if coding.bits < 8 {
                piece = T::unpacked(&piece, piece_width as usize, coding.bits);
            }
            if grid.across == 1 {
                band = piece;
                continue;
            }
            band.resize(width * piece_height as usize * channels, T::default());
            let left = column as usize * grid.chunk_width * channels;
            let length = piece_width as usize * channels;
            for (from, into) in piece.chunks_exact(length.max(1)).zip(band.chunks_exact_mut(width * channels))
            {
                if let Some(place) = into.get_mut(left..left + length) {
                    place.copy_from_slice(from);
                }
            }
        }
        for line in band.chunks_exact(width * channels) {
            shrinker.push(&coding.arrange(line.to_vec(), full));
        }
    }
    let raster = shrinker.finish();
    if raster.height == kept.height.div_ceil(kept.factor) { Ok(raster) } else { Err(MediaError::Truncated) }
}

fn planes(decoder: &mut Source, coding: &Coding, kept: &Kept) -> Result<Raster, MediaError> {
    let mut result = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut result).map_err(media_error)?;
    let samples = match result {
        DecodingResult::U8(samples) => {
            Samples::U8(coding.arrange(interleaved(samples, layout.planes), u8::MAX))
        }
        DecodingResult::U16(samples) => {
            Samples::U16(coding.arrange(interleaved(samples, layout.planes), u16::MAX))
        }
        _ => return Err(unusual()),
    };
    let raster = Raster { width: kept.width, height: kept.height, model: coding.model, samples };
    if raster_length(&raster) != kept.width as usize * kept.height as usize * coding.model.channels() {
        return Err(unusual());
    }
    Ok(raster)
}

/// What decoding takes, as the header tells it.
pub fn memory_bytes(path: &Path, needed_scale: &dyn Fn(u32, u32) -> f64) -> Option<u64> {
    let facts = facts(path).ok()?;
    let factor = factor_for(needed_scale(facts.width, facts.height));
    let kept = Kept { width: facts.width, height: facts.height, model: Model::Rgba, factor, is_deep: true };
    Some(kept.bytes())
}

type Source = Decoder<BufReader<Renamed>>;

struct Facts {
    width: u32,
    height: u32,
    /// The picture is in Lab …
    lab: Option<Lab>,
    /// … and this is where it says so.
    lab_offset: Option<(u64, bool)>,
}

/// What the header alone says; the decoder would judge the whole directory first.
fn facts(path: &Path) -> Result<Facts, MediaError> {
    let missing = || MediaError::damaged("no TIFF directory");
    let tiff = Tiff::open(File::open(path)?).ok_or_else(missing)?;
    let directory = tiff.first_directory().ok_or_else(missing)?;
    let number = |tag| directory.entry(tag).and_then(|entry| tiff.number(entry));
    let side = |tag| number(tag).and_then(|side| u32::try_from(side).ok()).ok_or_else(missing);
    let lab = match number(tag::PHOTOMETRIC) {
        Some(8) => Some(Lab { is_signed: true }),
        Some(9) => Some(Lab { is_signed: false }),
        _ => None,
    };
    let lab_offset = lab.and_then(|_| {
        directory
            .entry(tag::PHOTOMETRIC)
            .filter(|entry| entry.kind == 3)
            .map(|entry| (entry.offset, tiff.is_little_endian))
    });
    Ok(Facts { width: side(tag::IMAGE_WIDTH)?, height: side(tag::IMAGE_LENGTH)?, lab, lab_offset })
}

fn raster_length(raster: &Raster) -> usize {
    match &raster.samples {
        Samples::U8(samples) => samples.len(),
        Samples::U16(samples) => samples.len(),
    }
}

fn unusual() -> MediaError {
    MediaError::unsupported(
        "This kind of TIFF cannot be taken; export it with 8 or 16 bits per channel in RGB, grey or CMYK",
    )
}

/// How the samples of the file are to be read.
struct Coding {
    model: Model,
    bits: u8,
    /// Channels in the file, which may be more than are used.
    stored_channels: usize,
    is_ycbcr: bool,
    /// Colours were multiplied with alpha.
    is_premultiplied: bool,
}

impl Coding {
    fn of(decoder: &mut Source) -> Result<Self, MediaError> {
        let colour = decoder.colortype().map_err(media_error)?;
        let extra =
            decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten().unwrap_or_default();
        let formats = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).ok().flatten();
        if formats.is_some_and(|formats| formats.iter().any(|f| *f != SampleFormat::Uint.to_u16())) {
            return Err(unusual());
        }
        let has_alpha = matches!(extra.first(), Some(1 | 2));
        let (model, bits, stored_channels) = match colour {
            ColorType::Gray(bits @ (1 | 2 | 4 | 8 | 16)) => (Model::Gray, bits, 1),
            ColorType::GrayA(bits @ (8 | 16)) => (Model::GrayAlpha, bits, 2),
            ColorType::Multiband { bit_depth: bits @ (8 | 16), num_samples: 2 } => {
                (if has_alpha { Model::GrayAlpha } else { Model::Gray }, bits, 2)
            }
            ColorType::RGB(bits @ (8 | 16)) => (Model::Rgb, bits, 3),
            ColorType::YCbCr(bits @ 8) => (Model::Rgb, bits, 3),
            ColorType::RGBA(bits @ (8 | 16)) if has_alpha || extra.is_empty() => (Model::Rgba, bits, 4),
            ColorType::RGBA(bits @ (8 | 16)) => (Model::Rgb, bits, 4),
            ColorType::CMYK(bits @ (8 | 16)) => (Model::Cmyk, bits, 4),
            ColorType::CMYKA(bits @ (8 | 16)) => (Model::Cmyk, bits, 5),
            _ => return Err(unusual()),
        };
        Ok(Self {
            model,
            bits,
            stored_channels,
            is_ycbcr: matches!(colour, ColorType::YCbCr(_)),
            is_premultiplied: model.has_alpha() && extra.first() == Some(&1),
        })
    }

    fn arrange<T: Arranged>(&self, samples: Vec<T>, full: T) -> Vec<T> {
        let used = self.model.channels();
        let mut samples = samples;
        if self.stored_channels > used {
            let pixels = samples.len() / self.stored_channels;
            for pixel in 0..pixels {
                let from = pixel * self.stored_channels;
                samples.copy_within(from..from + used, pixel * used);
            }
            samples.truncate(pixels * used);
        }
        if self.is_premultiplied {
            for pixel in samples.chunks_exact_mut(used) {
                let Some((alpha, colours)) = pixel.split_last_mut() else { continue };
                colours.iter_mut().for_each(|colour| *colour = colour.divided_by(*alpha, full));
            }
        }
        if self.is_ycbcr {
            samples.chunks_exact_mut(3).for_each(T::ycbcr_to_rgb);
        }
        samples
    }
}

/// What the two sample sizes do differently.
trait Arranged: Copy {
    /// Rows of less than eight bits a sample, spread out.
    fn unpacked(packed: &[Self], width: usize, bits: u8) -> Vec<Self>;
    fn divided_by(self, alpha: Self, full: Self) -> Self;
    fn ycbcr_to_rgb(pixel: &mut [Self]);
}

impl Arranged for u8 {
    fn unpacked(packed: &[Self], width: usize, bits: u8) -> Vec<Self> {
        unpack(packed, width, bits)
    }

    fn divided_by(self, alpha: Self, full: Self) -> Self {
        if alpha == 0 {
            return 0;
        }
        (u32::from(self) * u32::from(full) / u32::from(alpha)).min(u32::from(full)) as Self
    }

    /// The full-range conversion of JFIF, in which JPEG-compressed TIFF stores its pixels.
    fn ycbcr_to_rgb(pixel: &mut [Self]) {
        let [luma, blue, red] = pixel else { return };
        let y = f32::from(*luma);
        let (cb, cr) = (f32::from(*blue) - 128.0, f32::from(*red) - 128.0);
        let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
        for (channel, value) in pixel.iter_mut().zip(rgb) {
            *channel = value.round().clamp(0.0, 255.0) as Self;
        }
    }
}

impl Arranged for u16 {
    fn unpacked(packed: &[Self], _: usize, _: u8) -> Vec<Self> {
        packed.to_vec()
    }

    fn divided_by(self, alpha: Self, full: Self) -> Self {
        if alpha == 0 {
            return 0;
        }
        (u32::from(self) * u32::from(full) / u32::from(alpha)).min(u32::from(full)) as Self
    }

    fn ycbcr_to_rgb(_: &mut [Self]) {}
}

/// Planes, one after the other, to interleaved channels.
fn interleaved<T: Copy>(samples: Vec<T>, planes: usize) -> Vec<T> {
    if planes <= 1 {
        return samples;
    }
    let pixels = samples.len() / planes;
    let mut mixed = Vec::with_capacity(pixels * planes);
    for pixel in 0..pixels {
        mixed.extend((0..planes).filter_map(|plane| samples.get(plane * pixels + pixel)).copied());
    }
    mixed
}

/// Rows of 1-, 2- or 4-bit grey, each padded to whole bytes, to one byte a pixel.
fn unpack(packed: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let bits = usize::from(bits);
    let row_bytes = (width * bits).div_ceil(8).max(1);
    let highest = (1_usize << bits) - 1;
    let mut pixels = Vec::with_capacity(packed.len() * 8 / bits);
    for row in packed.chunks_exact(row_bytes) {
        for column in 0..width {
            let bit = column * bits;
            let byte = row.get(bit / 8).copied().unwrap_or_default();
            let value = usize::from(byte) >> (8 - bits - bit % 8) & highest;
            pixels.push((value * 255 / highest) as u8);
        }
    }
    pixels
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
