//! AVIF: the picture as luma and chroma, AV1 by libaom, and the boxes around it (AV1 Image File Format 1.1).

use super::grain::grain;
use crate::media::MediaError;
use crate::media::av1::{self, Chroma, Planes, Settings};
use crate::media::container::heif::{Location, build, build_full, build_locations};
use crate::media::raster::Picture;

// Levels and matrices were searched for the fewest bytes at one SSIMULACRA2 score; the matrices that libaom would
// choose by itself cost three points of it.
const HALF: (u32, i32) = (23, 9);
const FULL: (u32, i32) = (27, 10);
/// Large pictures of less grain than this lose more of their look by the same errors, and get one level more.
const LARGE_SOFT_BELOW: f32 = 18.6;
/// An alpha channel is mostly flat; its edges should stay clean.
const ALPHA_QUANTIZER: u32 = 16;
const SPEED: i32 = 8;
/// From this width on a picture is encoded in two halves at the same time.
const TWO_TILES_FROM_PX: u32 = 2048;

/// How much of the colour detail is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Half,
    Full,
}

pub fn encode(picture: &Picture, detail: Detail) -> Result<Vec<u8>, MediaError> {
    let two = picture.width.max(picture.height) >= TWO_TILES_FROM_PX;
    let (quantizer, matrix_level) = match detail {
        Detail::Half if two && grain(picture) < LARGE_SOFT_BELOW => (HALF.0 - 1, HALF.1),
        Detail::Half => HALF,
        Detail::Full => FULL,
    };
    let settings = Settings {
        quantizer,
        matrix_level,
        has_few_transforms: detail == Detail::Half,
        speed: SPEED,
        tile_columns_log2: u32::from(two),
        threads: if two { 2 } else { 1 },
    };
    let colour = planes(picture, detail);
    let main = Coded { bytes: av1::encode(&colour, settings)?, chroma: colour.chroma };
    let alpha = if picture.has_alpha {
        let planes = alpha_plane(picture);
        let settings = Settings { quantizer: ALPHA_QUANTIZER, ..settings };
        Some(Coded { bytes: av1::encode(&planes, settings)?, chroma: Chroma::None })
    } else {
        None
    };
    boxed(picture.width, picture.height, &main, alpha.as_ref())
        .ok_or_else(|| MediaError::Crashed { detail: "AVIF: too large".to_owned() })
}

struct Coded {
    bytes: Vec<u8>,
    chroma: Chroma,
}

/// RGB to full-range Y'CbCr with the BT.601 matrix, as JPEG has it.
fn planes(picture: &Picture, detail: Detail) -> Planes {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let channels = picture.channels();
    let row_bytes = width * channels;
    let mut luma = Vec::with_capacity(width * height);
    let (chroma, mut blue, mut red) = match detail {
        Detail::Full => {
            (Chroma::Full, Vec::with_capacity(width * height), Vec::with_capacity(width * height))
        }
        Detail::Half => {
            let samples = width.div_ceil(2) * height.div_ceil(2);
            (Chroma::Half, Vec::with_capacity(samples), Vec::with_capacity(samples))
        }
    };
    for row in picture.pixels.chunks_exact(row_bytes) {
        luma.extend(row.chunks_exact(channels).map(|pixel| y_of(rgb(pixel))));
    }
    match detail {
        Detail::Full => {
            for pixel in picture.pixels.chunks_exact(channels) {
                let [cb, cr] = chroma_of(rgb(pixel), 1);
                blue.push(cb);
                red.push(cr);
            }
        }
        Detail::Half => {
            for pair in picture.pixels.chunks(row_bytes * 2) {
                let (upper, lower) = pair.split_at(row_bytes);
                // The last row of an odd height stands for two.
                let lower = if lower.is_empty() { upper } else { lower };
                let columns = upper.chunks(channels * 2).zip(lower.chunks(channels * 2));
                for (above, below) in columns {
                    let mut sum = [0; 3];
                    for two in [above, below] {
                        let (left, right) = two.split_at(channels);
                        let right = if right.is_empty() { left } else { right };
                        for pixel in [left, right] {
                            sum.iter_mut().zip(rgb(pixel)).for_each(|(sum, value)| *sum += value);
                        }
                    }
                    let [cb, cr] = chroma_of(sum, 4);
                    blue.push(cb);
                    red.push(cr);
                }
            }
        }
    }
    Planes { width: picture.width, height: picture.height, chroma, planes: vec![luma, blue, red] }
}

fn rgb(pixel: &[u8]) -> [i32; 3] {
    match pixel {
        [red, green, blue, ..] => [i32::from(*red), i32::from(*green), i32::from(*blue)],
        _ => [0; 3],
    }
}

/// Weights in 65536ths.
fn y_of([red, green, blue]: [i32; 3]) -> u8 {
    ((19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16) as u8
}

/// Of the sum of `pixels` pixels.
fn chroma_of([red, green, blue]: [i32; 3], pixels: i32) -> [u8; 2] {
    let half = 32_768 * pixels;
    let level =
        |weighted: i32| ((weighted + (128 << 16) * pixels + half - 1) / (pixels << 16)).clamp(0, 255) as u8;
    [
        level(-11_059 * red - 21_709 * green + 32_768 * blue),
        level(32_768 * red - 27_439 * green - 5_329 * blue),
    ]
}

fn alpha_plane(picture: &Picture) -> Planes {
    let alpha = picture.pixels.as_chunks::<4>().0.iter().map(|[.., alpha]| *alpha).collect();
    Planes { width: picture.width, height: picture.height, chroma: Chroma::None, planes: vec![alpha] }
}

/// The coded picture, and its transparency if it has one, as a file.
fn boxed(width: u32, height: u32, main: &Coded, alpha: Option<&Coded>) -> Option<Vec<u8>> {
    let entry =
        |id: u16, name: &[u8]| build_full(b"infe", 2, 0, &[&id.to_be_bytes(), &[0, 0], b"av01", name, &[0]]);
    let size = build_full(b"ispe", 0, 0, &[&width.to_be_bytes(), &height.to_be_bytes()]);
    let depth = |channels: u8| build_full(b"pixi", 0, 0, &[&[channels], &vec![8; channels.into()]]);
    // sRGB with the BT.601 matrix and the full range, as numbered by ITU-T H.273.
    let colours = build(b"colr", &[b"nclx", &[0, 1, 0, 13, 0, 6, 0x80]]);
    let kind = build_full(b"auxC", 0, 0, &[b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"]);
    let mut list = [size, configuration(main), depth(3), colours].concat();
    // Property numbers count from 1; the high bit marks what a reader must understand.
    let mut owners = vec![(1_u16, vec![1, 0x80 | 2, 3, 4])];
    if let Some(alpha) = alpha {
        list.extend([configuration(alpha), depth(1), kind].concat());
        owners.push((2, vec![1, 0x80 | 5, 6, 7]));
    }
    let mut association = (owners.len() as u32).to_be_bytes().to_vec();
    for (item, properties) in &owners {
        association.extend_from_slice(&item.to_be_bytes());
        association.push(properties.len() as u8);
        association.extend_from_slice(properties);
    }
    let mut entries = entry(1, b"Color");
    let mut items = 1_u16;
    let mut references = Vec::new();
    if alpha.is_some() {
        entries.extend(entry(2, b"Alpha"));
        items = 2;
        let link = build(b"auxl", &[&2_u16.to_be_bytes(), &1_u16.to_be_bytes(), &1_u16.to_be_bytes()]);
        references = build_full(b"iref", 0, 0, &[&link]);
    }
    let handler = build_full(b"hdlr", 0, 0, &[&[0; 4], b"pict", &[0; 12], &[0]]);
    let head = build(b"ftyp", &[b"avif", &[0; 4], b"avif", b"mif1", b"miaf"]);
    let meta = |start: u64| {
        let mut locations =
            vec![Location { item: 1, method: 0, extents: vec![(start, main.bytes.len() as u64)] }];
        if let Some(alpha) = alpha {
            let offset = start + main.bytes.len() as u64;
            locations.push(Location {
                item: 2,
                method: 0,
                extents: vec![(offset, alpha.bytes.len() as u64)],
            });
        }
        Some(build_full(
            b"meta",
            0,
            0,
            &[
                &handler,
                &build_full(b"pitm", 0, 0, &[&1_u16.to_be_bytes()]),
                &build_locations(&locations)?,
                &build_full(b"iinf", 0, 0, &[&items.to_be_bytes(), &entries]),
                &references,
                &build(b"iprp", &[&build(b"ipco", &[&list]), &build_full(b"ipma", 0, 0, &[&association])]),
            ],
        ))
    };
    // The length of the structure does not depend on the offsets in it.
    let start = head.len() + meta(0)?.len() + 8;
    let alpha = alpha.map(|alpha| alpha.bytes.as_slice()).unwrap_or_default();
    Some([head, meta(start as u64)?, build(b"mdat", &[&main.bytes, alpha])].concat())
}

/// The `av1C` box, from the sequence header that the encoder wrote.
fn configuration(coded: &Coded) -> Vec<u8> {
    let (profile, level, tier) = sequence(&coded.bytes).unwrap_or((0, 31, 0));
    let (is_monochrome, is_half) = (coded.chroma == Chroma::None, coded.chroma != Chroma::Full);
    let flags = tier << 7 | u8::from(is_monochrome) << 4 | u8::from(is_half) << 3 | u8::from(is_half) << 2;
    build(b"av1C", &[&[0x81, profile << 5 | level, flags, 0]])
}

/// Profile, level and tier out of a reduced or a full sequence header (AV1, section 5.5.1).
fn sequence(obus: &[u8]) -> Option<(u8, u8, u8)> {
    let mut at = 0;
    loop {
        let header = *obus.get(at)?;
        let (kind, has_extension, has_size) = (header >> 3 & 0xF, header >> 2 & 1, header >> 1 & 1);
        at += 1 + usize::from(has_extension);
        let mut size = 0_usize;
        if has_size == 1 {
            for index in 0..8 {
                let byte = *obus.get(at)?;
                at += 1;
                size |= usize::from(byte & 0x7F) << (7 * index);
                if byte & 0x80 == 0 {
                    break;
                }
            }
        }
        if kind != 1 {
            at = at.checked_add(size)?;
            continue;
        }
        let bits = obus.get(at..at + 8)?.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let take = |from: u32, count: u32| (bits >> (64 - from - count) & ((1 << count) - 1)) as u8;
        let profile = take(0, 3);
        if take(4, 1) == 1 {
            return Some((profile, take(5, 5), 0));
        }
        // Without timing information: one operating point follows its idc of twelve bits.
        let has_timing = take(5, 1);
        let level = take(24, 5);
        let tier = if level > 7 { take(29, 1) } else { 0 };
        return (has_timing == 0).then_some((profile, level, tier));
    }
}
