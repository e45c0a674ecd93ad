//! WebP through a decoder in Rust; of an animation the first frame.

use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::raster::{Model, Raster, Samples};
use image::error::LimitErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::{Cursor, ErrorKind};

pub fn webp(bytes: &[u8]) -> Result<Decoded, MediaError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::WebP);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(super::MAX_SIDE_PX);
    limits.max_image_height = Some(super::MAX_SIDE_PX);
    limits.max_alloc = Some(super::MAX_DECODE_BYTES);
    reader.limits(limits);

    let mut decoder = reader.into_decoder().map_err(media_error)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    // Twice the pixels where there is alpha, which is multiplied in for resizing.
    let copies = if decoder.color_type().has_alpha() { 2 } else { 1 };
    check_memory(decoder.total_bytes().saturating_mul(copies) + bytes.len() as u64)?;
    let icc_profile = decoder.icc_profile().ok().flatten();
    let raster = raster(DynamicImage::from_decoder(decoder).map_err(media_error)?);
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
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
