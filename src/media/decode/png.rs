//! PNG, row by row: of an animation the default picture.

use super::shrink::{Sample, Shrinker, factor_for};
use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::container::png::chunks;
use crate::media::raster::{Model, Raster, Samples};
use png::{BitDepth, ColorType, DecodingError, Limits, Reader, Transformations};
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
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
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
    info.icc_profile.as_ref().map(|profile| profile.to_vec())
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
