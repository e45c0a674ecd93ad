//! AVIF: the primary picture, with its transparency, in its own colour space. Large ones are put together from tiles.

mod grid;

use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::av1::{self, Frame};
use crate::media::container::heif::{self, Meta};
use crate::media::raster::{Model, Raster, Samples};

/// What decoding a file holds at once, as its boxes describe it.
pub fn memory_bytes(bytes: &[u8]) -> Option<u64> {
    let meta = structure(bytes).ok()?;
    let (width, height) = meta.size(bytes, meta.primary)?;
    let planes = bytes_per_four_pixels(bytes, &meta, meta.primary);
    let alpha = meta.alpha_of(bytes, meta.primary).map(|item| bytes_per_four_pixels(bytes, &meta, item));
    let is_wide = planes > 12;
    let colours = if alpha.is_some() { 4 } else { 3 } << u32::from(is_wide);
    Some(held(width, height, planes + alpha.unwrap_or(0), colours))
}

/// The planes, and beside them first what the decoder has of its own, then the colours that are made of them.
fn held(width: u32, height: u32, plane_bytes_per_four_pixels: u64, colour_bytes: u64) -> u64 {
    const DECODER_BYTES: u64 = 6;
    let pixels = u64::from(width) * u64::from(height);
    pixels * plane_bytes_per_four_pixels / 4 + pixels * colour_bytes.max(DECODER_BYTES)
}

/// Of all planes of an item, as its `av1C` property tells (AV1 Codec ISO Media File Format Binding, 2.3.3); the most there
/// can be if there is none. A picture of tiles is like its first tile.
fn bytes_per_four_pixels(bytes: &[u8], meta: &Meta, item: u32) -> u64 {
    const WIDE: u8 = 0x40;
    const GREY: u8 = 0x10;
    const HALF_WIDTH: u8 = 0x08;
    const HALF_HEIGHT: u8 = 0x04;
    let tiles = meta.references.iter().find(|one| &one.kind == b"dimg" && one.from == item);
    let coded = tiles.and_then(|tiles| tiles.to.first().copied()).unwrap_or(item);
    let said = meta.property(coded, b"av1C").and_then(|body| bytes.get(body.start + 2).copied());
    let samples = match said {
        Some(said) if said & GREY != 0 => 4,
        Some(said) if said & HALF_HEIGHT != 0 => 6,
        Some(said) if said & HALF_WIDTH != 0 => 8,
        _ => 12,
    };
    if said.is_none_or(|said| said & WIDE != 0) { 2 * samples } else { samples }
}

fn structure(bytes: &[u8]) -> Result<Meta, MediaError> {
    heif::meta(bytes).ok_or_else(|| {
        // The brand of films; most have a still picture beside it.
        if bytes.get(8..12) == Some(b"avis") {
            MediaError::unsupported(
                "AVIF films without a still picture cannot be taken; export it as MP4 or JPEG",
            )
        } else {
            MediaError::damaged("AVIF boxes")
        }
    })
}

pub fn decode(bytes: &[u8]) -> Result<Decoded, MediaError> {
    let meta = structure(bytes)?;
    let (width, height) = meta.size(bytes, meta.primary).ok_or_else(|| MediaError::damaged("no size"))?;
    check_size(width, height)?;
    check_memory(memory_bytes(bytes).unwrap_or(u64::MAX))?;
    let frame = frame(bytes, &meta, meta.primary)?;
    if (frame.width, frame.height) != (width, height) {
        return Err(MediaError::damaged("AVIF size"));
    }
    let alpha = match meta.alpha_of(bytes, meta.primary) {
        Some(item) => Some(Alpha {
            frame: self::frame(bytes, &meta, item)?,
            is_multiplied: meta
                .references
                .iter()
                .any(|one| &one.kind == b"prem" && one.from == meta.primary && one.to.contains(&item)),
        }),
        None => None,
    }
    .filter(|alpha| (alpha.frame.width, alpha.frame.height) == (width, height));
    let coding = Coding::of(bytes, &meta, &frame);
    if matches!(coding.matrix, 10 | 11 | 13 | 14) {
        return Err(MediaError::unsupported(
            "This AVIF picture mixes its colours in a way that cannot be taken; export it as JPEG",
        ));
    }
    let icc_profile = icc_profile(bytes, &meta).or_else(|| coding.profile());
    let raster = raster(&frame, alpha.as_ref(), coding)?.without_opaque_alpha();
    let raster = match meta.aperture(bytes, (width, height)) {
        Some((left, top, width, height)) => raster.cut(left, top, width, height),
        None => raster,
    };
    let (width, height) = (raster.width, raster.height);
    Ok(Decoded { raster, icc_profile, width, height })
}

/// The pixels of an item, which is a picture of its own or a grid of others.
fn frame(bytes: &[u8], meta: &Meta, item: u32) -> Result<Frame, MediaError> {
    match meta.item(item).map(|item| &item.kind) {
        Some(b"av01") => coded(bytes, meta, item),
        Some(b"grid") => grid::joined(bytes, meta, item),
        _ => Err(MediaError::damaged("no AV1 picture")),
    }
}

fn coded(bytes: &[u8], meta: &Meta, item: u32) -> Result<Frame, MediaError> {
    let data = meta.data(bytes, item, bytes.len()).ok_or(MediaError::Truncated)?;
    // What the boxes promise is not what the AV1 stream may ask for.
    let sequence = av1::sequence(&data).ok_or_else(|| MediaError::damaged("no AV1 sequence"))?;
    check_size(sequence.width, sequence.height)?;
    check_memory(held(sequence.width, sequence.height, sequence.bytes_per_four_pixels, 0))?;
    av1::decode(&data)
}

fn icc_profile(bytes: &[u8], meta: &Meta) -> Option<Vec<u8>> {
    let colours =
        meta.properties.iter().filter(|one| &one.kind == b"colr" && one.items.contains(&meta.primary));
    let mut bodies = colours.filter_map(|one| bytes.get(one.body.clone()));
    bodies
        .find_map(|body| body.strip_prefix(b"prof").or_else(|| body.strip_prefix(b"rICC")))
        .map(<[u8]>::to_vec)
}

struct Alpha {
    frame: Frame,
    /// Colours were multiplied with it.
    is_multiplied: bool,
}

/// How samples become colours, as numbered by ITU-T H.273.
#[derive(Debug, Clone, Copy)]
struct Coding {
    primaries: u8,
    transfer: u8,
    matrix: u8,
    is_full_range: bool,
}

impl Coding {
    /// The `colr` box wins over the AV1 stream.
    fn of(bytes: &[u8], meta: &Meta, frame: &Frame) -> Self {
        let boxed = meta
            .properties
            .iter()
            .filter(|one| &one.kind == b"colr" && one.items.contains(&meta.primary))
            .filter_map(|one| bytes.get(one.body.clone())?.strip_prefix(b"nclx"))
            .find_map(|body| match body {
                [_, primaries, _, transfer, _, matrix, range, ..] => Some(Self {
                    primaries: *primaries,
                    transfer: *transfer,
                    matrix: *matrix,
                    is_full_range: range & 0x80 != 0,
                }),
                _ => None,
            });
        boxed.unwrap_or(Self {
            primaries: frame.primaries,
            transfer: frame.transfer,
            matrix: frame.matrix,
            is_full_range: frame.is_full_range,
        })
    }

    /// A profile for what is not sRGB anyway.
    fn profile(self) -> Option<Vec<u8>> {
        let is_srgb = matches!(self.primaries, 1 | 2) && matches!(self.transfer, 1 | 2 | 6 | 13 | 14 | 15);
        if is_srgb {
            return None;
        }
        let profile = moxcms::ColorProfile::new_from_cicp(moxcms::CicpProfile {
            color_primaries: moxcms::CicpColorPrimaries::try_from(self.primaries).ok()?,
            transfer_characteristics: moxcms::TransferCharacteristics::try_from(self.transfer).ok()?,
            matrix_coefficients: moxcms::MatrixCoefficients::Identity,
            full_range: true,
        });
        profile.encode().ok()
    }

    /// The weights of red and blue in the luma.
    const fn weights(self) -> (f32, f32) {
        match self.matrix {
            1 => (0.2126, 0.0722),
            7 => (0.212, 0.087),
            9 => (0.2627, 0.0593),
            _ => (0.299, 0.114),
        }
    }
}

/// Luma, green and orange differences to red, green and blue. The reversible kinds (16 and 17) spend one or two bits of
/// the samples on the differences.
fn ycgco(matrix: u8, (y, cg, co): (f32, f32, f32), highest: f32) -> (f32, f32, f32) {
    if matrix == 8 {
        let rest = y - cg;
        return (rest + co, y + cg, rest - co);
    }
    let whole = |share: f32| (share * highest).round() as i32;
    let (y, cg, co) = (whole(y), whole(cg), whole(co));
    let rest = y - (cg >> 1);
    let green = cg + rest;
    let blue = rest - (co >> 1);
    let spent = if matrix == 16 { 2 } else { 1 };
    let white = ((highest as i32 + 1) >> spent) - 1;
    let share = |value: i32| value as f32 / white as f32;
    (share(co + blue), share(green), share(blue))
}

fn raster(frame: &Frame, alpha: Option<&Alpha>, coding: Coding) -> Result<Raster, MediaError> {
    let samples = if frame.bit_depth > 8 {
        Samples::U16(colours(frame, alpha, coding, |share| (share * 65_535.0 + 0.5) as u16)?)
    } else {
        Samples::U8(colours(frame, alpha, coding, |share| (share * 255.0 + 0.5) as u8)?)
    };
    let model = if alpha.is_some() { Model::Rgba } else { Model::Rgb };
    Ok(Raster { width: frame.width, height: frame.height, model, samples })
}

fn colours<T>(
    frame: &Frame,
    alpha: Option<&Alpha>,
    coding: Coding,
    level: impl Fn(f32) -> T,
) -> Result<Vec<T>, MediaError> {
    let (width, height) = (frame.width as usize, frame.height as usize);
    let highest = ((1_u32 << frame.bit_depth) - 1) as f32;
    let unit = (1_u32 << (frame.bit_depth - 8)) as f32;
    let (black, luma_span, chroma_span) = if coding.is_full_range {
        (0.0, highest, highest)
    } else {
        (16.0 * unit, 219.0 * unit, 224.0 * unit)
    };
    let middle = (1_u32 << (frame.bit_depth - 1)) as f32;
    let (red_weight, blue_weight) = coding.weights();
    let green_weight = 1.0 - red_weight - blue_weight;
    let [luma, chroma @ ..] = frame.planes.as_slice() else { return Err(MediaError::damaged("no planes")) };
    let (shift_x, shift_y) = frame.chroma_shift;
    let chroma_width = width.div_ceil(1 << shift_x);
    let channels = if alpha.is_some() { 4 } else { 3 };
    let mut samples = Vec::with_capacity(width * height * channels);
    let is_multiplied = alpha.is_some_and(|alpha| alpha.is_multiplied);
    let alpha_plane = alpha.map(|alpha| &alpha.frame);
    let alpha_plane =
        alpha_plane.and_then(|alpha| Some((alpha.planes.first()?, ((1_u32 << alpha.bit_depth) - 1) as f32)));
    for row in 0..height {
        for column in 0..width {
            let at = row * width + column;
            let y = (value(luma, at).unwrap_or(0.0) - black) / luma_span;
            let near = (row >> shift_y) * chroma_width + (column >> shift_x);
            let of = |plane: usize| chroma.get(plane).and_then(|plane| value(plane, near));
            let (red, green, blue) = match (of(0), of(1)) {
                (Some(cg), Some(co)) if matches!(coding.matrix, 8 | 16 | 17) => ycgco(
                    coding.matrix,
                    (y, (cg - middle) / chroma_span, (co - middle) / chroma_span),
                    highest,
                ),
                // The identity matrix: the planes are green, blue and red.
                (Some(second), Some(third)) if coding.matrix == 0 => (third / highest, y, second / highest),
                (Some(cb), Some(cr)) => {
                    let (cb, cr) = ((cb - middle) / chroma_span, (cr - middle) / chroma_span);
                    let red = y + 2.0 * (1.0 - red_weight) * cr;
                    let blue = y + 2.0 * (1.0 - blue_weight) * cb;
                    (red, (y - red_weight * red - blue_weight * blue) / green_weight, blue)
                }
                _ => (y, y, y),
            };
            let alpha = alpha_plane.map(|(plane, highest)| value(plane, at).unwrap_or(0.0) / highest);
            // What cannot be seen has no colour.
            let divisor = alpha.filter(|alpha| is_multiplied && *alpha > 0.0).unwrap_or(1.0);
            samples.extend([red, green, blue].map(|share| level((share / divisor).clamp(0.0, 1.0))));
            samples.extend(alpha.map(|alpha| level(alpha.clamp(0.0, 1.0))));
        }
    }
    Ok(samples)
}

fn value(plane: &Samples, at: usize) -> Option<f32> {
    match plane {
        Samples::U8(plane) => plane.get(at).map(|value| f32::from(*value)),
        Samples::U16(plane) => plane.get(at).map(|value| f32::from(*value)),
    }
}
