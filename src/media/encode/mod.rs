//! Pictures to bytes, by the recipes of the ladder: the same bytes for the same pixels every time.

mod avif;

use super::MediaError;
use super::raster::Picture;
use crate::domain::rendition::{AVIF_420, AVIF_444, PNG, QUICK_JPEG, Recipe, SMALL_JPEG, WEBP};
use avif::Detail;
use image::ImageEncoder;
use mozjpeg::{ColorSpace, Compress};

const JPEG_QUALITY: f32 = 80.0;
/// The search for fewer bytes costs a little of the look at the same number.
const SMALL_JPEG_QUALITY: f32 = 81.5;
/// A little above the JPEG's number because the method is a faster one than libwebp's default.
const WEBP_QUALITY: f32 = 80.5;
/// The largest rung comes from a picture that was decoded at a fraction of its size, which costs it some detail.
const LARGE_WEBP_QUALITY: f32 = 81.5;
const LARGE_FROM_PX: u32 = 2048;
const WEBP_METHOD: i32 = 2;

/// Encodes a picture. JPEG has no alpha: it is flattened on white.
pub fn encode(picture: &Picture, recipe: &Recipe) -> Result<Vec<u8>, MediaError> {
    match *recipe {
        QUICK_JPEG => quick_jpeg(picture),
        SMALL_JPEG => small_jpeg(picture),
        WEBP => webp(picture),
        AVIF_420 => avif::encode(picture, Detail::Half),
        AVIF_444 => avif::encode(picture, Detail::Full),
        PNG => png(picture),
        _ => Err(MediaError::unsupported("This version does not know how to make that rendition")),
    }
}

fn quick_jpeg(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let mut encoder = Compress::new(ColorSpace::JCS_RGB);
    encoder.set_fastest_defaults();
    encoder.set_optimize_coding(true);
    encoder.set_quality(JPEG_QUALITY);
    jpeg(picture, encoder)
}

/// mozjpeg's search over roundings and its progressive scans.
fn small_jpeg(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let mut encoder = Compress::new(ColorSpace::JCS_RGB);
    encoder.set_quality(SMALL_JPEG_QUALITY);
    encoder.set_optimize_scans(false);
    encoder.set_progressive_mode();
    jpeg(picture, encoder)
}

fn jpeg(picture: &Picture, mut encoder: Compress) -> Result<Vec<u8>, MediaError> {
    let failed = |error: std::io::Error| MediaError::Crashed { detail: format!("JPEG encoder: {error}") };
    encoder.set_size(picture.width as usize, picture.height as usize);
    encoder.set_color_space(ColorSpace::JCS_YCbCr);
    encoder.set_chroma_sampling_pixel_sizes((2, 2), (2, 2));
    let expected_bytes = picture.width as usize * picture.height as usize / 4;
    let mut started = encoder.start_compress(Vec::with_capacity(expected_bytes)).map_err(failed)?;
    started.write_scanlines(&picture.flattened()).map_err(failed)?;
    started.finish().map_err(failed)
}

fn webp(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let failed = |detail: String| MediaError::Crashed { detail: format!("WebP encoder: {detail}") };
    let mut config = webp::WebPConfig::new().map_err(|()| failed("no configuration".to_owned()))?;
    let is_large = picture.width.max(picture.height) >= LARGE_FROM_PX;
    config.quality = if is_large { LARGE_WEBP_QUALITY } else { WEBP_QUALITY };
    config.method = WEBP_METHOD;
    let encoder = if picture.has_alpha {
        webp::Encoder::from_rgba(&picture.pixels, picture.width, picture.height)
    } else {
        webp::Encoder::from_rgb(&picture.pixels, picture.width, picture.height)
    };
    let bytes = encoder.encode_advanced(&config).map_err(|error| failed(format!("{error:?}")))?;
    Ok(bytes.to_vec())
}

fn png(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let colour =
        if picture.has_alpha { image::ExtendedColorType::Rgba8 } else { image::ExtendedColorType::Rgb8 };
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(&picture.pixels, picture.width, picture.height, colour)
        .map_err(|error| MediaError::Crashed { detail: format!("PNG encoder: {error}") })?;
    Ok(bytes)
}
