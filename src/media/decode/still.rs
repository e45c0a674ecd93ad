//! WebP through a decoder in Rust; of an animation the first frame.

use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::raster::{Model, Raster, Samples};
use image::error::LimitErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::borrow::Cow;
use std::io::{Cursor, ErrorKind};

pub fn webp(bytes: &[u8]) -> Result<Decoded, MediaError> {
    decoded(&with_true_flags(bytes)).map_err(|error| match error {
        MediaError::Damaged { .. } if is_cut_short(bytes) => MediaError::Truncated,
        other => other,
    })
}

/// The file without the promise of metadata that is not there: the decoder takes it for damaged, and nobody else cares.
fn with_true_flags(bytes: &[u8]) -> Cow<'_, [u8]> {
    const FLAG_XMP: u8 = 0x04;
    const FLAG_EXIF: u8 = 0x08;
    let found = crate::media::container::riff::chunks(bytes);
    let Some(header) = found.first().filter(|chunk| &chunk.kind == b"VP8X") else { return bytes.into() };
    let promised = |flag: u8, kind: &[u8; 4]| {
        if found.iter().any(|chunk| chunk.kind == *kind) { 0 } else { flag }
    };
    let broken = promised(FLAG_XMP, b"XMP ") | promised(FLAG_EXIF, b"EXIF");
    let at = header.data.start;
    if bytes.get(at).is_none_or(|flags| flags & broken == 0) {
        return bytes.into();
    }
    let mut mended = bytes.to_vec();
    if let Some(flags) = mended.get_mut(at) {
        *flags &= !broken;
    }
    mended.into()
}

/// Whether the file is shorter than its first lines say.
fn is_cut_short(bytes: &[u8]) -> bool {
    let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
    length.is_some_and(|length| u64::from(length) + 8 > bytes.len() as u64)
}

fn decoded(bytes: &[u8]) -> Result<Decoded, MediaError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::WebP);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(super::MAX_SIDE_PX);
    limits.max_image_height = Some(super::MAX_SIDE_PX);
    limits.max_alloc = Some(super::MAX_DECODE_BYTES);
    reader.limits(limits);

    let mut decoder = reader.into_decoder().map_err(media_error)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let handed_over = decoder.total_bytes();
    let decoding = handed_over + u64::from(width) * u64::from(height) * working_bytes(bytes);
    // Twice the pixels where there is alpha, which is multiplied in for resizing.
    let copies = if decoder.color_type().has_alpha() { 2 } else { 1 };
    check_memory(decoding.max(handed_over * copies) + bytes.len() as u64)?;
    let icc_profile = decoder.icc_profile().ok().flatten();
    let raster = raster(DynamicImage::from_decoder(decoder).map_err(media_error)?);
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}

/// What the decoder holds of each pixel beside the one that it hands over: planes of brightness and colour, a whole
/// pixel where nothing is lost, or both the canvas of a film and its picture.
fn working_bytes(bytes: &[u8]) -> u64 {
    let chunks = crate::media::container::riff::chunks(bytes);
    match chunks.iter().find(|chunk| matches!(&chunk.kind, b"VP8 " | b"VP8L" | b"ANMF")) {
        Some(chunk) if &chunk.kind == b"VP8 " => 2,
        Some(chunk) if &chunk.kind == b"VP8L" => 4,
        _ => 8,
    }
}

fn raster(image: DynamicImage) -> Raster {
    let (width, height) = (image.width(), image.height());
    let (model, samples) = match image {
        DynamicImage::ImageLuma8(pixels) => (Model::Gray, Samples::U8(pixels.into_raw())),
        DynamicImage::ImageLumaA8(pixels) => (Model::GrayAlpha, Samples::U8(pixels.into_raw())),
        DynamicImage::ImageRgb8(pixels) => (Model::Rgb, Samples::U8(pixels.into_raw())),
        DynamicImage::ImageRgba8(pixels) => (Model::Rgba, Samples::U8(pixels.into_raw())),
        DynamicImage::ImageLuma16(pixels) => (Model::Gray, Samples::U16(pixels.into_raw())),
        DynamicImage::ImageLumaA16(pixels) => (Model::GrayAlpha, Samples::U16(pixels.into_raw())),
        DynamicImage::ImageRgb16(pixels) => (Model::Rgb, Samples::U16(pixels.into_raw())),
        DynamicImage::ImageRgba16(pixels) => (Model::Rgba, Samples::U16(pixels.into_raw())),
        other => (Model::Rgba, Samples::U16(other.into_rgba16().into_raw())),
    };
    Raster { width, height, model, samples }
}

fn media_error(error: ImageError) -> MediaError {
    match error {
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => MediaError::Truncated,
        ImageError::Unsupported(_) => MediaError::unsupported(
            "This variant of the file format cannot be taken; export it as JPEG or PNG",
        ),
        ImageError::Limits(error) => match error.kind() {
            LimitErrorKind::InsufficientMemory => MediaError::OutOfMemory,
            _ => MediaError::TooComplex { detail: error.to_string() },
        },
        other => MediaError::damaged(other),
    }
}
