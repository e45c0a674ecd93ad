//! A JPEG ready for print of an original that few programs open: every pixel, colour at full size, 8-bit sRGB with its
//! profile inside. It is written band by band, so that no picture is held at full size.

use super::decode::tiff;
use super::raster::{Picture, Raster};
use super::{MediaError, colour, orient};
use moxcms::ColorProfile;
use mozjpeg::{ColorSpace, Compress, PixelDensity, PixelDensityUnit};
use std::path::Path;

const QUALITY: f32 = 92.0;
/// What print shops count on; pixels per inch.
const DENSITY_PPI: u16 = 300;
/// A picture that has to be turned must be held, and is made no larger than this: rare, since scanners and editors
/// write their pixels upright.
const MAX_TURNED_PIXELS: f64 = 25_000_000.0;
/// Bytes of JPEG that a pixel may take, for the estimate.
const BYTES_PER_PIXEL: u64 = 1;
/// A band with its copies in other depths and colours.
const BAND_BYTES: u64 = 64 * 1024 * 1024;

/// A finished file with its width and height in pixels.
pub struct Print {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Makes the JPEG of a TIFF file. `orientation` is that of EXIF.
pub fn jpeg_of_tiff(path: &Path, orientation: u8) -> Result<Print, MediaError> {
    let (width, height) = tiff::size(path)?;
    if orientation > 1 {
        let scale = (MAX_TURNED_PIXELS / (f64::from(width) * f64::from(height))).sqrt().min(1.0);
        let decoded = tiff::decode(path, &|_, _| scale)?;
        let (width, height) = super::resize::scaled(width, height, scale);
        let raster = decoded.raster.resized(width, height)?;
        let picture = orient::upright(colour::to_srgb(raster, decoded.icc_profile.as_deref()), orientation);
        let mut jpeg = Jpeg::begin(picture.width, picture.height)?;
        jpeg.write(&picture)?;
        return jpeg.finish();
    }
    let mut jpeg = Jpeg::begin(width, height)?;
    tiff::each_band(path, &mut |band: Raster, profile| jpeg.write(&colour::to_srgb(band, profile)))?;
    jpeg.finish()
}

/// About what making it takes; the file is held twice, with and without words in it.
pub const fn memory_bytes(pixels: u64) -> u64 {
    BAND_BYTES + 2 * BYTES_PER_PIXEL * pixels
}

struct Jpeg {
    encoder: mozjpeg::compress::CompressStarted<Vec<u8>>,
    width: u32,
    height: u32,
    rows: u32,
}

impl Jpeg {
    fn begin(width: u32, height: u32) -> Result<Self, MediaError> {
        let mut encoder = Compress::new(ColorSpace::JCS_RGB);
        // The searches for fewer bytes hold the whole picture.
        encoder.set_fastest_defaults();
        encoder.set_optimize_coding(false);
        encoder.set_quality(QUALITY);
        encoder.set_size(width as usize, height as usize);
        encoder.set_color_space(ColorSpace::JCS_YCbCr);
        encoder.set_chroma_sampling_pixel_sizes((1, 1), (1, 1));
        encoder.set_pixel_density(PixelDensity {
            unit: PixelDensityUnit::Inches,
            x: DENSITY_PPI,
            y: DENSITY_PPI,
        });
        let mut encoder = encoder.start_compress(Vec::new()).map_err(failed)?;
        encoder.write_icc_profile(&srgb_profile()?);
        Ok(Self { encoder, width, height, rows: 0 })
    }

    fn write(&mut self, band: &Picture) -> Result<(), MediaError> {
        self.rows += band.height;
        self.encoder.write_scanlines(&band.flattened()).map_err(failed)
    }

    fn finish(self) -> Result<Print, MediaError> {
        if self.rows < self.height {
            return Err(MediaError::Truncated);
        }
        Ok(Print { bytes: self.encoder.finish().map_err(failed)?, width: self.width, height: self.height })
    }
}

fn srgb_profile() -> Result<Vec<u8>, MediaError> {
    let mut profile = ColorProfile::new_srgb();
    // It would be that of this second, and no two files the same.
    let made = &mut profile.creation_date_time;
    (made.year, made.month, made.day_of_the_month) = (2026, 1, 1);
    (made.hours, made.minutes, made.seconds) = (0, 0, 0);
    profile.encode().map_err(|error| MediaError::Crashed { detail: format!("sRGB profile: {error}") })
}

fn failed(error: std::io::Error) -> MediaError {
    MediaError::Crashed { detail: format!("JPEG encoder: {error}") }
}
