//! JPEG XL through a decoder in Rust: the first picture, upright, in its own colour space.

use super::shrink::{Sample, Shrinker, factor_for};
use super::{Decoded, check_size};
use crate::media::MediaError;
use crate::media::raster::{Model, Raster};
use jxl_oxide::{
    AllocTracker, CropInfo, EnumColourEncoding, FrameBufferSample, JxlImage, PixelFormat, Render,
    RenderingIntent,
};
use std::io::Cursor;

/// A strip takes up to 30 bytes for each of its pixels while it is decoded.
const STRIP_PIXELS: u32 = 5_000_000;
/// So many are decoded as a whole, which is as cheap for a progressive lossless picture as each of its strips.
const WHOLE_PIXELS: u64 = 10_000_000;
/// The decoder works in squares of this many pixels a side.
const SQUARE_PX: u32 = 256;
/// Phones take pictures of this size in this format. They take six seconds of processor time, lossless progressive ones
/// several times as long.
const MAX_PIXELS: u64 = 50_000_000;

pub fn decode(bytes: &[u8], needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Decoded, MediaError> {
    decode_within(bytes, needed_scale, super::MAX_DECODE_BYTES, (WHOLE_PIXELS, STRIP_PIXELS))
}

fn decode_within(
    bytes: &[u8],
    needed_scale: &dyn Fn(u32, u32) -> f64,
    limit_bytes: u64,
    (whole_pixels, strip_pixels): (u64, u32),
) -> Result<Decoded, MediaError> {
    let tracker = AllocTracker::with_limit(usize::try_from(limit_bytes).unwrap_or(usize::MAX));
    let image = JxlImage::builder().alloc_tracker(tracker.clone()).read(Cursor::new(bytes));
    let mut image = image.map_err(media_error)?;
    let (width, height) = (image.width(), image.height());
    check_size(width, height)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(MediaError::unsupported(format!(
            "The picture has {} megapixels, and as JPEG XL at most {} are taken; export it as JPEG or TIFF",
            pixels / 1_000_000,
            MAX_PIXELS / 1_000_000
        )));
    }
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
    if !image.is_loading_done() {
        return Err(MediaError::Truncated);
    }
    let factor = factor_for(needed_scale(width, height));
    let side = |length: u32| length.div_ceil(factor) as usize;
    let is_deep = image.image_header().metadata.bit_depth.bits_per_sample() > 8;
    let sample_bytes = if is_deep { size_of::<u16>() } else { size_of::<u8>() };
    let kept_bytes = side(width) * side(height) * model.channels() * sample_bytes;
    // What we hold of it, the decoder cannot have.
    tracker.shrink_limit(kept_bytes).map_err(|error| media_error(error.into()))?;
    let strip_rows = match pixels <= whole_pixels {
        true => height,
        false => (strip_pixels / width / SQUARE_PX).max(1) * SQUARE_PX,
    };
    let raster = if is_deep {
        in_strips::<u16>(&mut image, model, strip_rows, factor)?
    } else {
        in_strips::<u8>(&mut image, model, strip_rows, factor)?
    };
    let icc_profile = Some(image.rendered_icc()).filter(|profile| !profile.is_empty());
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}

/// The picture, averaged over squares of `factor` pixels a side. It is never there as a whole: while one strip is
/// averaged, the next is decoded. The decoder has a lossless one as a whole, beside which there is no room for two.
fn in_strips<T: Sample + FrameBufferSample>(
    image: &mut JxlImage,
    model: Model,
    strip_rows: u32,
    factor: u32,
) -> Result<Raster, MediaError> {
    let (width, height) = (image.width(), image.height());
    let is_lossy = image.image_header().metadata.xyb_encoded;
    let mut shrinker = Shrinker::<T>::new(width, height, model, factor);
    let mut decoded = None;
    for top in (0..height).step_by(strip_rows as usize) {
        let rows = strip_rows.min(height - top);
        let average = || decoded.take().map_or(Ok(()), |strip| push(strip, model, &mut shrinker));
        let decode = || {
            image.set_image_region(CropInfo { left: 0, top, width, height: rows });
            image.render_frame(0).map_err(media_error)
        };
        let (averaged, strip) = rayon::join(average, decode);
        averaged?;
        let strip = Strip { picture: strip?, width, rows };
        if is_lossy && top + rows < height {
            decoded = Some(strip);
        } else {
            push(strip, model, &mut shrinker)?;
        }
    }
    Ok(shrinker.finish())
}

/// Whole rows of the picture.
struct Strip {
    picture: Render,
    width: u32,
    rows: u32,
}

fn push<T: Sample + FrameBufferSample>(
    strip: Strip,
    model: Model,
    shrinker: &mut Shrinker<T>,
) -> Result<(), MediaError> {
    let mut stream = strip.picture.stream();
    if (stream.width(), stream.height()) != (strip.width, strip.rows)
        || stream.channels() as usize != model.channels()
    {
        return Err(MediaError::damaged("JPEG XL size"));
    }
    let row_samples = strip.width as usize * model.channels();
    let mut row = vec![T::default(); row_samples];
    for _ in 0..strip.rows {
        if stream.write_to_buffer(&mut row) != row_samples {
            return Err(MediaError::Truncated);
        }
        shrinker.push(&row);
    }
    Ok(())
}

/// The decoder has a limit of memory, and says only in words that it came there.
fn media_error(error: Box<dyn std::error::Error + Send + Sync>) -> MediaError {
    let detail = error.to_string();
    let is_too_much = ["failed to allocate", "out of memory"].iter().any(|words| detail.contains(words));
    if is_too_much { MediaError::TooComplex { detail } } else { MediaError::damaged(detail) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::raster::Samples;
    use crate::media::testing::{Studio, run, text};

    #[test]
    fn a_picture_of_several_strips_is_that_of_one() {
        let studio = Studio::new();
        let plain = studio
            .make("plain.png", &["-size", "700x900", "gradient:navy-gold", "-swirl", "60", "-depth", "8"]);
        let coded = studio.path("long.jxl");
        for arguments in [&["-d", "1"][..], &["-d", "0", "-e", "3"]] {
            run("cjxl", &[&[text(&plain), text(&coded)], arguments].concat());
            let bytes = std::fs::read(&coded).unwrap();
            let again = studio.path("again.png");
            run("djxl", &[text(&coded), text(&again), "--bits_per_sample=8"]);
            let whole = image::open(&again).unwrap().to_rgb8();
            let decoded = decode_within(&bytes, &|_, _| 1.0, u64::MAX, (0, 1)).unwrap();
            assert_eq!((decoded.width, decoded.height, decoded.raster.height), (700, 900, 900));
            let Samples::U8(samples) = &decoded.raster.samples else { panic!("8 bits") };
            let off = samples.iter().zip(whole.as_raw()).map(|(own, other)| own.abs_diff(*other)).max();
            assert!(off.unwrap() <= 2, "{off:?}");
            let half = decode_within(&bytes, &|_, _| 0.4, u64::MAX, (0, 1)).unwrap().raster;
            assert_eq!((half.width, half.height), (350, 450));
        }
        let bytes = std::fs::read(&coded).unwrap();
        let refusal =
            decode_within(&bytes, &|_, _| 1.0, 1 << 20, (0, STRIP_PIXELS)).err().map(|error| error.code());
        assert_eq!(refusal, Some("too_complex"));
        let cut = decode(&bytes[..bytes.len() / 2], &|_, _| 1.0).err().map(|error| error.code());
        assert_eq!(cut, Some("truncated"));
    }
}
