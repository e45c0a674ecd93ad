//! PNG, row by row: of an animation the default picture.

use super::shrink::{Sample, Shrinker, factor_for};
use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::container::png::chunks;
use crate::media::raster::{Model, Raster, Samples};
use png::{BitDepth, ColorType, DecodingError, Info, Limits, Reader, Transformations};
use std::io::{Cursor, ErrorKind};

/// Palettes, profiles and texts; pixels are not counted by the library.
const CHUNK_BYTES: usize = 64 * 1024 * 1024;

pub fn decode(bytes: &[u8], needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Decoded, MediaError> {
    if let Some((width, height)) = header_size(bytes) {
        check_size(width, height)?;
    }
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: CHUNK_BYTES });
    decoder.set_transformations(Transformations::EXPAND);
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().map_err(media_error)?;
    let (width, height) = (reader.info().width, reader.info().height);
    check_size(width, height)?;
    // The header was there, so there is one at least where there are not too many.
    if chunks(bytes).is_empty() {
        return Err(MediaError::TooComplex { detail: "more chunks than any picture has".to_owned() });
    }
    let (colour, depth) = reader.output_color_type();
    let model = match colour {
        ColorType::Grayscale => Model::Gray,
        ColorType::GrayscaleAlpha => Model::GrayAlpha,
        ColorType::Rgba => Model::Rgba,
        _ => Model::Rgb,
    };
    check_memory(memory_bytes(bytes, needed_scale).unwrap_or(0))?;
    let icc_profile = icc_profile(&reader);
    let factor = factor_for(needed_scale(width, height));
    let raster = if reader.info().interlaced {
        whole(&mut reader, model, depth)?
    } else if depth == BitDepth::Sixteen {
        rows(&mut reader, Shrinker::<u16>::new(width, height, model, factor), |row| {
            row.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
        })?
    } else {
        rows(&mut reader, Shrinker::<u8>::new(width, height, model, factor), <[u8]>::to_vec)?
    };
    let is_narrow = reader
        .info()
        .coding_independent_code_points
        .as_ref()
        .is_some_and(|code| !code.is_video_full_range_image);
    let raster = if is_narrow { stretched(raster) } else { raster };
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}

/// Colours from the range of films, which leaves room below black and above white, to all levels.
fn stretched(mut raster: Raster) -> Raster {
    let (channels, colours) = (raster.model.channels(), raster.model.channels());
    let colours = colours - usize::from(raster.model.has_alpha());
    let stretch = |level: f32, unit: f32, highest: f32| {
        ((level - 16.0 * unit) / (219.0 * unit) * highest).round().clamp(0.0, highest)
    };
    match &mut raster.samples {
        Samples::U8(samples) => samples.chunks_exact_mut(channels).for_each(|pixel| {
            let levels = pixel.iter_mut().take(colours);
            levels.for_each(|level| *level = stretch(f32::from(*level), 1.0, 255.0) as u8);
        }),
        Samples::U16(samples) => samples.chunks_exact_mut(channels).for_each(|pixel| {
            let levels = pixel.iter_mut().take(colours);
            levels.for_each(|level| *level = stretch(f32::from(*level), 256.0, 65_535.0) as u16);
        }),
    }
    raster
}

type Source<'a> = Reader<Cursor<&'a [u8]>>;

fn rows<T: Sample>(
    reader: &mut Source<'_>,
    mut shrinker: Shrinker<T>,
    samples: impl Fn(&[u8]) -> Vec<T>,
) -> Result<Raster, MediaError> {
    let height = reader.info().height;
    for _ in 0..height {
        let row = reader.next_row().map_err(media_error)?.ok_or(MediaError::Truncated)?;
        shrinker.push(&samples(row.data()));
    }
    Ok(shrinker.finish())
}

/// An interlaced picture comes in seven passes and is only then complete.
fn whole(reader: &mut Source<'_>, model: Model, depth: BitDepth) -> Result<Raster, MediaError> {
    let size = reader.output_buffer_size().ok_or(MediaError::OutOfMemory)?;
    let mut buffer = vec![0; size];
    reader.next_frame(&mut buffer).map_err(media_error)?;
    let samples = if depth == BitDepth::Sixteen {
        Samples::U16(buffer.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
    } else {
        Samples::U8(buffer)
    };
    Ok(Raster { width: reader.info().width, height: reader.info().height, model, samples })
}

/// The embedded profile, or one made of what the file says about its colours in numbers.
fn icc_profile(reader: &Source<'_>) -> Option<Vec<u8>> {
    let info = reader.info();
    if let Some(code) = &info.coding_independent_code_points {
        let profile = moxcms::ColorProfile::new_from_cicp(moxcms::CicpProfile {
            color_primaries: moxcms::CicpColorPrimaries::try_from(code.color_primaries).ok()?,
            transfer_characteristics: moxcms::TransferCharacteristics::try_from(code.transfer_function)
                .ok()?,
            matrix_coefficients: moxcms::MatrixCoefficients::Identity,
            full_range: true,
        });
        return profile.encode().ok();
    }
    let embedded = info.icc_profile.as_ref().map(|profile| profile.to_vec());
    embedded.or_else(|| if info.srgb.is_some() { None } else { profile_in_numbers(info) })
}

/// What older programs say of their colours: the exponent by which light was stored (`gAMA`), and the primaries
/// (`cHRM`). Nothing for what is sRGB but for the rounding.
fn profile_in_numbers(info: &Info<'_>) -> Option<Vec<u8>> {
    const SRGB: [f32; 8] = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
    let exponent = info.gama_chunk?.into_value();
    if !(0.1..=2.0).contains(&exponent) {
        return None;
    }
    let numbers = info.chrm_chunk.map(|told| {
        [told.white, told.red, told.green, told.blue].map(|(x, y)| [x.into_value(), y.into_value()])
    });
    let is_near = |told: &[[f32; 2]; 4]| {
        told.as_flattened().iter().zip(SRGB).all(|(told, srgb)| (told - srgb).abs() < 0.002)
    };
    let other = numbers.filter(|told| !is_near(told));
    if other.is_none() && (exponent * 2.2 - 1.0).abs() < 0.05 {
        return None;
    }
    let mut profile = moxcms::ColorProfile::new_srgb();
    if let Some([white, red, green, blue]) = other {
        let area = (green[0] - red[0]) * (blue[1] - red[1]) - (blue[0] - red[0]) * (green[1] - red[1]);
        // Without a triangle between them there are no colours.
        if area.abs() < 0.001
            || [white, red, green, blue].iter().any(|[x, y]| !(0.0..=1.0).contains(x) || *y <= 0.0)
        {
            return None;
        }
        let place = |[x, y]: [f32; 2]| moxcms::Chromaticity::new(x, y);
        let white = moxcms::XyY { x: white[0].into(), y: white[1].into(), yb: 1.0 };
        let (red, green, blue) = (place(red), place(green), place(blue));
        profile.update_rgb_colorimetry(white, moxcms::ColorPrimaries { red, green, blue });
    }
    let curve = moxcms::curve_from_gamma(1.0 / exponent);
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
    profile.cicp = None;
    profile.description = None;
    profile.encode().ok()
}

fn header_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let be = |at: usize| crate::media::container::u32_be(bytes, at);
    (bytes.get(12..16) == Some(b"IHDR")).then(|| Some((be(16)?, be(20)?))).flatten()
}

/// What decoding takes: the part of the picture that is kept, twice where alpha is multiplied in.
pub fn memory_bytes(bytes: &[u8], needed_scale: &dyn Fn(u32, u32) -> f64) -> Option<u64> {
    let (width, height) = header_size(bytes)?;
    let (depth, colour, interlace) = (*bytes.get(24)?, *bytes.get(25)?, *bytes.get(28)?);
    let has_transparent_colour =
        chunks(bytes).iter().take_while(|chunk| &chunk.kind != b"IDAT").any(|chunk| &chunk.kind == b"tRNS");
    let channels = match colour {
        0 | 4 => 1,
        _ => 3,
    } + u64::from(colour >= 4 || has_transparent_colour);
    let sample_bytes = if depth == 16 { 2 } else { 1 };
    let has_alpha = channels == 2 || channels == 4;
    let factor = if interlace == 1 { 1 } else { u64::from(factor_for(needed_scale(width, height))) };
    let kept = u64::from(width).div_ceil(factor) * u64::from(height).div_ceil(factor);
    let copies = if has_alpha { 2 } else { 1 } + u64::from(interlace == 1 && depth == 16);
    Some(kept * channels * sample_bytes * copies)
}

fn media_error(error: DecodingError) -> MediaError {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => MediaError::Truncated,
        DecodingError::IoError(error) => MediaError::damaged(error),
        DecodingError::LimitsExceeded => {
            MediaError::TooComplex { detail: "chunks beyond the limit".to_owned() }
        }
        other => MediaError::damaged(other),
    }
}
