//! What the directory of a picture says about it, before anything is decoded; and what cannot be taken, by name.

use super::fax::Rows;
use super::lab::{Axes, Lab};
use super::luma::Luma;
use super::palette::Palette;
use super::view::Changes;
use crate::media::MediaError;
use crate::media::container::jpeg;
use crate::media::container::tiff::{Directory, Tiff, tag};
use std::fs::File;
use std::path::Path;

/// What the places of millions of strips take; pictures within the limits have far fewer.
const PLACES_MAX_BYTES: u64 = 4 * 1024 * 1024;

const JPEG_OF_1992: u64 = 6;
const JPEG: u64 = 7;
const UNDEFINED_FORMAT: u64 = 4;

pub struct Facts {
    pub tiff: Tiff<File>,
    pub directory: Directory,
    pub width: u32,
    pub height: u32,
    pub lab: Option<Lab>,
    pub palette: Option<Palette>,
    pub luma: Option<Luma>,
    pub fax: Option<Rows>,
    pub white_is_zero: bool,
    pub changes: Changes,
    /// Where a whole JPEG file lies in the file, of the first kind of JPEG in TIFF.
    pub jpeg: Option<(u64, u64)>,
    /// Why it cannot be taken.
    refused: Option<String>,
}

/// What the header alone says; the decoder would judge the whole directory first.
pub fn facts(path: &Path) -> Result<Facts, MediaError> {
    let missing = || MediaError::damaged("no TIFF directory");
    let size_bytes = std::fs::metadata(path).map_or(u64::MAX, |facts| facts.len());
    let tiff = Tiff::open(File::open(path)?).ok_or_else(missing)?;
    let (_, directory) = tiff.picture_directory().ok_or_else(|| {
        // Most programs write it behind the picture.
        if tiff.directory_end(tiff.first).is_none_or(|end| end > size_bytes) {
            MediaError::Truncated
        } else {
            missing()
        }
    })?;
    let fields = Fields { tiff: &tiff, directory: &directory };
    let side = |tag| fields.number(tag).and_then(|side| u32::try_from(side).ok()).ok_or_else(missing);
    let (width, height) = (side(tag::IMAGE_WIDTH)?, side(tag::IMAGE_LENGTH)?);
    let compression = fields.number(tag::COMPRESSION).unwrap_or(1);
    let channels = fields.number(tag::SAMPLES_PER_PIXEL).unwrap_or(1);
    let is_fax = matches!(compression, 2..=4);
    let told = fields.number(tag::PHOTOMETRIC);
    let photometric = told.unwrap_or(match (channels, is_fax) {
        (1 | 2, true) => 0,
        (1 | 2, false) => 1,
        _ => 2,
    });
    let lab = lab(&fields, photometric);
    let palette = (photometric == 3)
        .then(|| {
            let map = fields.numbers(tag::COLOR_MAP);
            Palette::of(&map, fields.number(tag::BITS_PER_SAMPLE).unwrap_or(1))
        })
        .flatten();
    let luma = (photometric == 6).then(|| match compression {
        JPEG_OF_1992 | JPEG => Luma::default(),
        _ => Luma::of(
            fields.fractions(tag::YCBCR_COEFFICIENTS).as_deref(),
            fields.fractions(tag::REFERENCE_BLACK_WHITE).as_deref(),
            &fields.numbers(tag::YCBCR_SUBSAMPLING),
        ),
    });
    let fax = match compression {
        2 => Some(Rows::Bare),
        3 if fields.number(tag::T4_OPTIONS).unwrap_or(0) & 1 == 1 => Some(Rows::Related),
        3 => Some(Rows::Marked),
        _ => None,
    };
    // The library knows neither of these, and turns white into black only where it sees fit; it reads the samples just
    // as well as RGB or as grey.
    let white_is_zero = photometric == 0;
    let read_as = lab.map(|_| 2_u16).or_else(|| (palette.is_some() || white_is_zero).then_some(1));
    let changes = Changes {
        photometric: read_as.or_else(|| if told.is_none() { u16::try_from(photometric).ok() } else { None }),
        // The colour axes have signs where lightness has none, which the library does not know; nor a kind that is not told.
        drops_formats: lab.is_some_and(|lab| !lab.is_floating)
            || fields.number(tag::SAMPLE_FORMAT) == Some(UNDEFINED_FORMAT),
        strip_lengths: strip_lengths(&fields, size_bytes),
        // JPEG has an order of its own.
        reversed: if matches!(compression, JPEG_OF_1992 | JPEG) { Vec::new() } else { reversed(&fields) },
    };
    let jpeg = if compression == JPEG_OF_1992 { whole_jpeg(&fields, size_bytes) } else { None };
    let refused = if jpeg.is_some() {
        None
    } else {
        packing_refused(compression)
            .or_else(|| if compression == JPEG { coding_refused(&fields) } else { None })
            .or_else(|| pixels_refused(&fields, photometric, palette.is_some()))
            .or_else(|| luma.as_ref().and_then(|luma| luma_refused(&fields, luma, compression)))
    };
    let (width, height) = jpeg.as_ref().map_or((width, height), |jpeg| (jpeg.width, jpeg.height));
    let jpeg = jpeg.map(|jpeg| jpeg.place);
    let facts = Facts {
        width,
        height,
        lab,
        palette,
        luma,
        fax,
        white_is_zero,
        changes,
        jpeg,
        refused,
        directory,
        tiff,
    };
    Ok(facts)
}

impl Facts {
    /// Refuses what is known not to be taken.
    pub fn check(&self) -> Result<(), MediaError> {
        self.refused.as_ref().map_or(Ok(()), |what| Err(refusal(what)))
    }
}

/// The sentence for a file with something that is not taken.
pub fn refusal(what: &str) -> MediaError {
    MediaError::unsupported(format!(
        "TIFF files {what} cannot be taken; export it with LZW or ZIP compression and 8 or 16 bits per channel in RGB, \
         grey or CMYK"
    ))
}

struct Fields<'a> {
    tiff: &'a Tiff<File>,
    directory: &'a Directory,
}

impl Fields<'_> {
    fn number(&self, tag: u16) -> Option<u64> {
        self.directory.entry(tag).and_then(|entry| self.tiff.number(entry))
    }

    fn numbers(&self, tag: u16) -> Vec<u64> {
        let entry = self.directory.entry(tag);
        entry.and_then(|entry| self.tiff.numbers(entry, PLACES_MAX_BYTES)).unwrap_or_default()
    }

    fn fractions(&self, tag: u16) -> Option<Vec<f32>> {
        self.directory.entry(tag).and_then(|entry| self.tiff.fractions(entry))
    }
}

fn lab(fields: &Fields<'_>, photometric: u64) -> Option<Lab> {
    let axes = match photometric {
        8 => Axes::Signed,
        9 => Axes::Offset,
        10 => {
            let told = fields.fractions(tag::DECODE).and_then(|told| <[f32; 6]>::try_from(told).ok());
            Axes::FromTo(told.unwrap_or([0.0, 100.0, -85.0, 85.0, -75.0, 125.0]))
        }
        _ => return None,
    };
    const FLOATING: u64 = 3;
    let is_floating = fields.number(tag::SAMPLE_FORMAT) == Some(FLOATING);
    // Such numbers are brought to sixteen bits in the ICC's notation while they are read.
    Some(Lab { axes: if is_floating { Axes::Offset } else { axes }, is_floating })
}

/// Old scanners' programs left out how long strips are, or wrote zeros: each then goes to the next one.
fn strip_lengths(fields: &Fields<'_>, size_bytes: u64) -> Option<Vec<u64>> {
    let offsets = fields.numbers(tag::STRIP_OFFSETS);
    let lengths = fields.numbers(tag::STRIP_BYTE_COUNTS);
    if offsets.is_empty() || lengths.len() == offsets.len() && lengths.iter().any(|length| *length > 0) {
        return None;
    }
    let mut starts = offsets.clone();
    starts.sort_unstable();
    let length = |offset: &u64| {
        let next = starts.get(starts.partition_point(|start| start <= offset)).copied();
        next.unwrap_or(size_bytes).saturating_sub(*offset)
    };
    Some(offsets.iter().map(length).collect())
}

fn reversed(fields: &Fields<'_>) -> Vec<std::ops::Range<u64>> {
    if fields.number(tag::FILL_ORDER) != Some(2) {
        return Vec::new();
    }
    let mut reversed = Vec::new();
    for (offsets, lengths) in
        [(tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS), (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS)]
    {
        let places = fields.numbers(offsets).into_iter().zip(fields.numbers(lengths));
        reversed.extend(places.map(|(offset, length)| offset..offset.saturating_add(length)));
    }
    reversed.sort_by_key(|range| range.start);
    // A place that is named twice would be turned twice.
    reversed.dedup_by(|next, kept| next.start < kept.end);
    reversed
}

/// A whole JPEG file in another one.
struct Inside {
    /// Offset and length.
    place: (u64, u64),
    width: u32,
    height: u32,
}

/// The first kind of JPEG in TIFF has a whole JPEG file in it, or one in pieces that every program cut in another way.
fn whole_jpeg(fields: &Fields<'_>, size_bytes: u64) -> Option<Inside> {
    const HEAD_BYTES: u64 = 64 * 1024;
    let offsets = fields.numbers(tag::STRIP_OFFSETS);
    let only = if let [only] = *offsets { Some(only) } else { None };
    let told = fields.number(tag::JPEG_OFFSET).map(|offset| (offset, fields.number(tag::JPEG_BYTE_COUNT)));
    let strip = only.map(|offset| (offset, fields.number(tag::STRIP_BYTE_COUNTS)));
    [told, strip].into_iter().flatten().find_map(|(offset, length)| {
        let rest = size_bytes.saturating_sub(offset);
        let length = length.filter(|length| *length > 0).map_or(rest, |length| length.min(rest));
        let head = fields.tiff.read_at(offset, usize::try_from(length.min(HEAD_BYTES)).ok()?)?;
        let frame = jpeg::structure(&head).frame.filter(|_| head.starts_with(&[0xFF, 0xD8]))?;
        // What has tables alone has its picture elsewhere.
        let holds = only.is_none_or(|strip| (offset..offset + length).contains(&strip));
        (holds && offsets.len() <= 1).then_some(Inside {
            place: (offset, length),
            width: u32::from(frame.width),
            height: u32::from(frame.height),
        })
    })
}

fn packing_refused(compression: u64) -> Option<String> {
    let name = match compression {
        1..=5 | JPEG | 8 | 32_773 | 32_946 | 50_000 => return None,
        JPEG_OF_1992 => return Some("with the first kind of JPEG compression, cut in pieces,".to_owned()),
        9 | 10 | 34_661 => "JBIG",
        32_771 => "fax runs in words of two bytes",
        33_003 | 33_004 | 33_005 | 34_712 => "JPEG 2000",
        34_676 | 34_677 => "LogLuv",
        34_887 => "LERC",
        34_892 => "lossy DNG",
        34_925 => "LZMA",
        34_927 | 50_001 => "WebP",
        22_610 | 34_934 => "JPEG XR",
        50_002 | 52_546 => "JPEG XL",
        other => return Some(format!("with compression number {other}")),
    };
    Some(format!("with {name} compression"))
}

/// Of JPEG in TIFF, what the first piece says about its kind.
fn coding_refused(fields: &Fields<'_>) -> Option<String> {
    const HEAD_BYTES: u64 = 16 * 1024;
    let (offsets, lengths) = if fields.directory.entry(tag::TILE_OFFSETS).is_some() {
        (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS)
    } else {
        (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS)
    };
    let length = fields.number(lengths)?.min(HEAD_BYTES);
    let head = fields.tiff.read_at(fields.number(offsets)?, usize::try_from(length).ok()?)?;
    let frame = jpeg::structure(&head).frame?;
    match frame.marker {
        0xC0..=0xC2 if frame.precision == 8 => None,
        0xC0..=0xC2 => Some(format!("with JPEG compression of {} bits", frame.precision)),
        0xC3 => Some("with lossless JPEG compression".to_owned()),
        _ => Some("with a rare kind of JPEG compression".to_owned()),
    }
}

fn pixels_refused(fields: &Fields<'_>, photometric: u64, has_palette: bool) -> Option<String> {
    match photometric {
        0..=2 | 5 | 6 | 8..=10 => {}
        3 if has_palette => {}
        3 => return Some("whose palette is missing or incomplete".to_owned()),
        4 => return Some("that are only a mask of transparency".to_owned()),
        32_803 | 34_892 => return Some("with a camera's raw data".to_owned()),
        32_844 | 32_845 => return Some("in LogLuv".to_owned()),
        other => return Some(format!("with colours of kind number {other}")),
    }
    let bits = fields.numbers(tag::BITS_PER_SAMPLE);
    let first = bits.first().copied().unwrap_or(1);
    if bits.iter().any(|bits| *bits != first) {
        return Some("whose channels have different numbers of bits".to_owned());
    }
    let formats = fields.numbers(tag::SAMPLE_FORMAT);
    let format = formats.first().copied().unwrap_or(1);
    let are = |name: &str| format!("with {name} for samples");
    match format {
        _ if formats.iter().any(|other| *other != format) && !matches!(photometric, 8) => {
            return Some("whose channels have different kinds of samples".to_owned());
        }
        1 | UNDEFINED_FORMAT => {}
        // The colour axes of Lab have signs.
        2 if photometric == 8 => {}
        2 => return Some(are("numbers below zero")),
        3 if matches!(first, 16 | 32) && photometric != 5 => {}
        3 if photometric == 5 => return Some(are("floating-point inks")),
        3 => return Some(are(&format!("floating-point numbers of {first} bits"))),
        _ => return Some(are("complex numbers")),
    }
    let is_grey = matches!(photometric, 0 | 1 | 3) && fields.number(tag::SAMPLES_PER_PIXEL).unwrap_or(1) == 1;
    let is_taken = match first {
        8 | 16 => true,
        1 | 2 | 4 => is_grey,
        32 => !matches!(photometric, 3 | 5 | 6),
        _ => false,
    };
    if !is_taken || photometric == 3 && first > 8 || photometric == 6 && first != 8 {
        let kind = match photometric {
            3 => " and a palette",
            5 => " and CMYK",
            6 => " and YCbCr",
            _ if is_grey => "",
            _ => " and several channels",
        };
        return Some(format!("with {first} bits per channel{kind}"));
    }
    (photometric == 5 && has_other_inks(fields))
        .then(|| "in other inks than cyan, magenta, yellow and black".to_owned())
}

/// Whether the first four inks are not those of process printing.
fn has_other_inks(fields: &Fields<'_>) -> bool {
    const NOT_CMYK: u64 = 2;
    if fields.number(tag::INK_SET) != Some(NOT_CMYK) {
        return fields.number(tag::SAMPLES_PER_PIXEL).is_some_and(|channels| channels < 4);
    }
    let names = fields.directory.entry(tag::INK_NAMES);
    let names =
        names.and_then(|entry| fields.tiff.bytes(entry, 4096)).unwrap_or_default().to_ascii_lowercase();
    !names.starts_with(b"cyan\0magenta\0yellow\0black\0")
}

fn luma_refused(fields: &Fields<'_>, luma: &Luma, compression: u64) -> Option<String> {
    let (across, down) = luma.together;
    if luma.is_shared() && compression != JPEG && fields.number(tag::SAMPLES_PER_PIXEL) != Some(3) {
        return Some("in YCbCr with further channels".to_owned());
    }
    if !luma.is_known() {
        return Some(format!("whose colour is stored once for {across} by {down} pixels"));
    }
    let is_in_planes = fields.number(tag::PLANAR_CONFIGURATION) == Some(2);
    let is_predicted = fields.number(tag::PREDICTOR).unwrap_or(1) != 1;
    // JPEG's own headers tell how it is stored, but in planes.
    let is_shared = luma.is_shared()
        || compression == JPEG && is_in_planes && fields.numbers(tag::YCBCR_SUBSAMPLING) != [1, 1];
    if is_shared && is_in_planes {
        return Some("whose colour is stored at half size in planes of its own".to_owned());
    }
    (is_shared && is_predicted).then(|| "in YCbCr with a predictor".to_owned())
}
