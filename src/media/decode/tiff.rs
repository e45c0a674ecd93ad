//! TIFF, the print trade's format: 8 and 16 bits, grey, RGB and CMYK, in strips, tiles or planes.

use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::container::tiff::{Tiff, tag};
use crate::media::raster::{Model, Raster, Samples};
use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::Path;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::{SampleFormat, Tag};
use tiff::{ColorType, TiffError};

pub fn decode(path: &Path) -> Result<Decoded, MediaError> {
    if let Some((width, height)) = header_size(File::open(path)?) {
        check_size(width, height)?;
    }
    let mut decoder = Decoder::new(BufReader::new(File::open(path)?)).map_err(media_error)?;
    let (width, height) = decoder.dimensions().map_err(media_error)?;
    check_size(width, height)?;
    let coding = Coding::of(&mut decoder)?;

    let layout = decoder.image_buffer_layout().map_err(media_error)?;
    let bytes = layout.complete_len as u64;
    check_memory(bytes.saturating_mul(if layout.planes > 1 { 2 } else { 1 }))?;
    let mut limits = Limits::default();
    limits.decoding_buffer_size = layout.complete_len;
    limits.intermediate_buffer_size = super::MAX_DECODE_BYTES as usize;
    limits.ifd_value_size = 64 * 1024 * 1024;
    let mut decoder = decoder.with_limits(limits);
    let icc_profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();

    let mut result = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut result).map_err(media_error)?;
    let samples = match result {
        DecodingResult::U8(samples) if coding.bits < 8 => {
            Samples::U8(unpack(&samples, width as usize, coding.bits))
        }
        DecodingResult::U8(samples) => Samples::U8(interleaved(samples, layout.planes)),
        DecodingResult::U16(samples) => Samples::U16(interleaved(samples, layout.planes)),
        _ => return Err(unusual()),
    };
    let samples = match samples {
        Samples::U8(samples) => Samples::U8(coding.arrange(samples, u8::MAX)),
        Samples::U16(samples) => Samples::U16(coding.arrange(samples, u16::MAX)),
    };
    let raster = Raster { width, height, model: coding.model, samples };
    if raster_length(&raster) != width as usize * height as usize * coding.model.channels() {
        return Err(unusual());
    }
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}

/// Width and height by the header alone; the decoder would judge the whole directory first.
fn header_size(file: File) -> Option<(u32, u32)> {
    let tiff = Tiff::open(file)?;
    let directory = tiff.first_directory()?;
    let side = |tag| u32::try_from(tiff.number(directory.entry(tag)?)?).ok();
    Some((side(tag::IMAGE_WIDTH)?, side(tag::IMAGE_LENGTH)?))
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
    fn of(decoder: &mut Decoder<BufReader<File>>) -> Result<Self, MediaError> {
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

    fn arrange<T: Sample>(&self, samples: Vec<T>, full: T) -> Vec<T> {
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
trait Sample: Copy {
    fn divided_by(self, alpha: Self, full: Self) -> Self;
    fn ycbcr_to_rgb(pixel: &mut [Self]);
}

impl Sample for u8 {
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

impl Sample for u16 {
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
