//! JPEG XL through a decoder in Rust: the first picture, upright, in its own colour space.

use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::raster::{Model, Raster, Samples};
use jxl_oxide::{AllocTracker, EnumColourEncoding, JxlImage, PixelFormat, RenderingIntent};
use std::io::Cursor;

/// The decoder works in 32-bit floating point, with a second picture for its filters, and we hold 16 bits.
const BYTES_PER_CHANNEL: u64 = 11;

fn open(bytes: &[u8], limit_bytes: u64) -> Result<JxlImage, MediaError> {
    JxlImage::builder()
        .alloc_tracker(AllocTracker::with_limit(usize::try_from(limit_bytes).unwrap_or(usize::MAX)))
        .read(Cursor::new(bytes))
        .map_err(MediaError::damaged)
}

pub const fn memory_bytes(width: u32, height: u32, channels: u64) -> u64 {
    width as u64 * height as u64 * channels * BYTES_PER_CHANNEL
}

pub fn decode(bytes: &[u8]) -> Result<Decoded, MediaError> {
    let mut image = open(bytes, super::MAX_DECODE_BYTES)?;
    let (width, height) = (image.width(), image.height());
    check_size(width, height)?;
    let model = match image.pixel_format() {
        PixelFormat::Gray => Model::Gray,
        PixelFormat::Graya => Model::GrayAlpha,
        PixelFormat::Rgb => Model::Rgb,
        PixelFormat::Rgba => Model::Rgba,
        _ => {
            return Err(MediaError::unsupported(
                "JPEG XL pictures in ink colours cannot be taken; export it as TIFF or JPEG",
            ));
        }
    };
    if image.hdr_type().is_some() {
        // The decoder tones light that no screen of sRGB has, by what the file says of its brightness.
        let intent = RenderingIntent::Relative;
        let is_gray = matches!(model, Model::Gray | Model::GrayAlpha);
        image.request_color_encoding(if is_gray {
            EnumColourEncoding::gray_srgb(intent)
        } else {
            EnumColourEncoding::srgb(intent)
        });
    }
    let channels = model.channels();
    check_memory(memory_bytes(width, height, channels as u64))?;
    if !image.is_loading_done() {
        return Err(MediaError::Truncated);
    }
    let render = image.render_frame(0).map_err(MediaError::damaged)?;
    let mut stream = render.stream();
    if (stream.width(), stream.height()) != (width, height) || stream.channels() as usize != channels {
        return Err(MediaError::damaged("JPEG XL size"));
    }
    let mut samples = vec![0_u16; width as usize * height as usize * channels];
    let written = stream.write_to_buffer(&mut samples);
    if written != samples.len() {
        return Err(MediaError::Truncated);
    }
    let raster = Raster { width, height, model, samples: Samples::U16(samples) };
    let icc_profile = Some(image.rendered_icc()).filter(|profile| !profile.is_empty());
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}
