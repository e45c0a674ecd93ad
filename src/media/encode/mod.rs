//! Pictures to bytes, by the recipes of the ladder: the same bytes for the same pixels every time.

mod avif;
mod grain;
mod webp;

use super::MediaError;
use super::raster::Picture;
use crate::domain::rendition::{AVIF_420, AVIF_444, PNG, QUICK_JPEG, Recipe, SMALL_JPEG, WEBP};
use avif::Detail;
use image::ImageEncoder;
use mozjpeg::qtable::KleinSilversteinCarney;
use mozjpeg::{ColorSpace, Compress, compress::CompressStarted};
pub use webp::WebpRows;

const JPEG_QUALITY: f32 = 80.0;
/// The search for fewer bytes costs a little of the look at the same number.
const SMALL_JPEG_QUALITY: f32 = 81.5;

/// Encodes a picture. JPEG has no alpha: it is flattened on white.
pub fn encode(picture: &Picture, recipe: &Recipe) -> Result<Vec<u8>, MediaError> {
    match *recipe {
        QUICK_JPEG => quick_jpeg(picture),
        SMALL_JPEG => small_jpeg(picture),
        WEBP => webp::encode(picture),
        AVIF_420 => avif::encode(picture, Detail::Half),
        AVIF_444 => avif::encode(picture, Detail::Full),
        PNG => png(picture),
        _ => Err(MediaError::unsupported("This version does not know how to make that rendition")),
    }
}

fn quick_jpeg(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let mut rows = JpegRows::new(picture.width, picture.height)?;
    rows.push(&picture.flattened())?;
    rows.finish()
}

/// The quick JPEG from rows as they come: most of the work is done when the last one is there.
pub struct JpegRows(CompressStarted<Vec<u8>>);

impl JpegRows {
    pub fn new(width: u32, height: u32) -> Result<Self, MediaError> {
        let mut encoder = Compress::new(ColorSpace::JCS_RGB);
        encoder.set_fastest_defaults();
        encoder.set_optimize_coding(true);
        set_look(&mut encoder, JPEG_QUALITY);
        started_jpeg(width, height, encoder).map(Self)
    }

    /// Takes whole rows of red, green and blue.
    pub fn push(&mut self, rows: &[u8]) -> Result<(), MediaError> {
        self.0.write_scanlines(rows).map_err(jpeg_failed)
    }

    pub fn finish(self) -> Result<Vec<u8>, MediaError> {
        self.0.finish().map_err(jpeg_failed)
    }
}

/// How coarse each frequency may be, by a study of what people see in JPEG (Klein, Silverstein and Carney, 1992), for
/// colour as well. At one SSIMULACRA2 score the tables of the standard's annex K need 7 to 16 per cent more bytes.
fn set_look(encoder: &mut Compress, quality: f32) {
    let table = KleinSilversteinCarney.scaled(quality, quality);
    encoder.set_luma_qtable(&table);
    encoder.set_chroma_qtable(&table);
}

/// mozjpeg's search over roundings and its progressive scans.
fn small_jpeg(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let mut encoder = Compress::new(ColorSpace::JCS_RGB);
    set_look(&mut encoder, SMALL_JPEG_QUALITY);
    encoder.set_optimize_scans(false);
    encoder.set_progressive_mode();
    jpeg(picture, encoder)
}

fn jpeg(picture: &Picture, encoder: Compress) -> Result<Vec<u8>, MediaError> {
    let mut started = started_jpeg(picture.width, picture.height, encoder)?;
    started.write_scanlines(&picture.flattened()).map_err(jpeg_failed)?;
    started.finish().map_err(jpeg_failed)
}

fn started_jpeg(
    width: u32,
    height: u32,
    mut encoder: Compress,
) -> Result<CompressStarted<Vec<u8>>, MediaError> {
    encoder.set_size(width as usize, height as usize);
    encoder.set_color_space(ColorSpace::JCS_YCbCr);
    encoder.set_chroma_sampling_pixel_sizes((2, 2), (2, 2));
    let expected_bytes = width as usize * height as usize / 4;
    encoder.start_compress(Vec::with_capacity(expected_bytes)).map_err(jpeg_failed)
}

fn jpeg_failed(error: std::io::Error) -> MediaError {
    MediaError::Crashed { detail: format!("JPEG encoder: {error}") }
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
