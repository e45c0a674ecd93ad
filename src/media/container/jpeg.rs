//! The segments of a JPEG file, and what its headers promise.

use super::{u16_be, u32_be};
use std::ops::Range;

pub const APP0: u8 = 0xE0;
pub const APP1: u8 = 0xE1;
pub const APP2: u8 = 0xE2;
pub const APP11: u8 = 0xEB;
pub const APP13: u8 = 0xED;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

pub const EXIF_NAME: &[u8] = b"Exif\0\0";
pub const XMP_NAME: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
pub const EXTENDED_XMP_NAME: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
pub const PHOTOSHOP_NAME: &[u8] = b"Photoshop 3.0\0";
pub const ICC_NAME: &[u8] = b"ICC_PROFILE\0";

/// The EXIF block in a segment. The byte that pads the name is a zero by the standard, and not in all files.
pub fn exif_block(payload: &[u8]) -> Option<&[u8]> {
    payload.strip_prefix(b"Exif\0")?.get(1..)
}

/// The first EXIF block of a file.
pub fn exif<'a>(bytes: &'a [u8], segments: &[Segment]) -> Option<&'a [u8]> {
    segments
        .iter()
        .filter(|segment| segment.marker == APP1)
        .find_map(|segment| exif_block(bytes.get(segment.payload.clone())?))
}

/// What all segments of one kind may hold together; a picture's metadata is far below, a bomb is not.
const JOINED_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Segments before the first scan. The largest files that are taken have room for some thousand full ones.
pub const MAX_SEGMENTS: usize = 100_000;

/// A marker segment before the first scan.
#[derive(Debug, Clone)]
pub struct Segment {
    pub marker: u8,
    /// The segment as it stands in the file, from the 0xFF to its last byte.
    pub whole: Range<usize>,
    /// What follows the length.
    pub payload: Range<usize>,
}

/// The segments between the start of the image and the first scan, in file order, and where that scan
/// begins (the offset of its marker). `None` for the offset: the file ends before any scan, or goes on with more
/// segments than any picture has. Bytes between segments, as some programs leave there, belong to none of them.
pub fn segments(bytes: &[u8]) -> (Vec<Segment>, Option<usize>) {
    let mut found = Vec::new();
    if bytes.get(..2) != Some(&[0xFF, SOI]) {
        return (found, None);
    }
    let mut at = 2;
    while let Some((marker, after)) = next_marker(bytes, at) {
        let start = after - 2;
        at = after;
        match marker {
            SOS => return (found, Some(start)),
            EOI => return (found, None),
            _ => {}
        }
        let Some(length) = u16_be(bytes, at).map(usize::from) else { return (found, None) };
        if length < 2 || at + length > bytes.len() || found.len() == MAX_SEGMENTS {
            return (found, None);
        }
        found.push(Segment { marker, whole: start..at + length, payload: at + 2..at + length });
        at += length;
    }
    (found, None)
}

/// The segments of programs (APP0 to APP15) between the beginning of the first scan and the end of the picture, as
/// they stand in the file. `None`: there are more than any picture has.
pub fn late_segments(bytes: &[u8], first_scan: usize, end: usize) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut at = first_scan;
    while let Some((marker, after)) = next_marker(bytes, at).filter(|(_, after)| *after <= end) {
        let length = u16_be(bytes, after).map_or(2, usize::from);
        at = after + length;
        if matches!(marker, 0xE0..=0xEF) {
            if found.len() == MAX_SEGMENTS {
                return None;
            }
            found.push(after - 2..at.min(end));
        }
    }
    Some(found)
}

const DNL: u8 = 0xDC;
const JPEG_LS: u8 = 0xF7;

/// Scans that are looked at; no honest file has as many.
const MAX_NOTED_SCANS: usize = 128;

/// What the headers say, and how the compressed part is cut into scans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Structure {
    pub frame: Option<Frame>,
    /// Those up to the end marker or the end of the bytes, but not more than a good hundred.
    pub scans: Vec<Scan>,
    /// Where the end marker begins, if there is one.
    pub end: Option<usize>,
    /// The height that stands behind the first scan, for frames whose header leaves it open.
    pub late_height: Option<u16>,
    /// More segments stand before the first scan than any picture has; nothing behind them was looked at.
    pub has_too_many_segments: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The SOF marker: 0xC0 to 0xCF, or 0xF7.
    pub marker: u8,
    /// Bits per sample.
    pub precision: u8,
    pub width: u16,
    pub height: u16,
    pub components: u8,
    /// All components together, by their sampling factors: 48 without subsampling, 24 for 4:2:0.
    pub samples_per_16_pixels: u32,
    /// The first four components.
    pub parts: [Part; 4],
}

/// A component as the frame header describes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    pub id: u8,
    /// The sampling factors.
    pub across: u8,
    pub down: u8,
}

/// A pass over some components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    /// Which of the frame's components it holds.
    pub holds: [bool; 4],
    /// The coefficients of a block that it tells of, 0 to 63.
    pub first: u8,
    pub last: u8,
    /// Compressed.
    pub size_bytes: u64,
}

impl Frame {
    pub const fn is_progressive(&self) -> bool {
        self.marker == 0xC2
    }

    /// Blocks of 64 samples that a scan holds.
    pub fn blocks(&self, scan: &Scan) -> u64 {
        let widest = self.parts.iter().map(|part| part.across).max().unwrap_or(1).max(1);
        let highest = self.parts.iter().map(|part| part.down).max().unwrap_or(1).max(1);
        let along =
            |side: u16, own: u8, most: u8| (u64::from(side) * u64::from(own)).div_ceil(8 * u64::from(most));
        let held = self.parts.iter().zip(scan.holds).filter(|(_, is_held)| *is_held);
        held.map(|(part, _)| along(self.width, part.across, widest) * along(self.height, part.down, highest))
            .sum()
    }
}

/// Walks the whole file once.
pub fn structure(bytes: &[u8]) -> Structure {
    let (segments, first_scan) = segments(bytes);
    let mut result = Structure::default();
    for segment in &segments {
        let payload = bytes.get(segment.payload.clone()).unwrap_or_default();
        note_segment(&mut result, segment.marker, payload);
    }
    let Some(mut at) = first_scan else {
        result.has_too_many_segments = segments.len() == MAX_SEGMENTS;
        return result;
    };
    // Within a scan 0xFF is followed by 0 (a stuffed byte) or a restart marker; anything else ends it.
    let mut scan_start = None;
    while let Some((marker, after)) = next_marker(bytes, at) {
        close_scan(&mut result, scan_start.take(), after - 2);
        if marker == EOI {
            result.end = Some(after - 2);
            return result;
        }
        let length = u16_be(bytes, after).map_or(2, usize::from);
        let payload = bytes.get(after + 2..after + length.max(2)).unwrap_or_default();
        at = after + length;
        if marker == SOS && result.scans.len() < MAX_NOTED_SCANS {
            result.scans.push(scan(result.frame, payload));
            scan_start = Some(at);
        }
        note_segment(&mut result, marker, payload);
    }
    close_scan(&mut result, scan_start, bytes.len());
    result
}

fn close_scan(structure: &mut Structure, start: Option<usize>, end: usize) {
    if let (Some(start), Some(scan)) = (start, structure.scans.last_mut()) {
        scan.size_bytes = end.saturating_sub(start) as u64;
    }
}

/// From the header of a scan: two bytes for each of its components, then the range of coefficients. What cannot be
/// read holds everything.
fn scan(frame: Option<Frame>, payload: &[u8]) -> Scan {
    let everything = Scan { holds: [true; 4], first: 0, last: 63, size_bytes: 0 };
    let read = || {
        let (count, rest) = payload.split_first()?;
        let (components, range) = rest.split_at_checked(2 * usize::from(*count))?;
        let ids: Vec<u8> = components.iter().step_by(2).copied().collect();
        let (frame, [first, last, ..]) = (frame?, range) else { return None };
        let mut scan = Scan { holds: frame.parts.map(|part| ids.contains(&part.id)), ..everything };
        if frame.is_progressive() {
            (scan.first, scan.last) = (*first, (*last).min(63));
        }
        Some(scan)
    };
    read().unwrap_or(everything)
}

fn note_segment(structure: &mut Structure, marker: u8, payload: &[u8]) {
    match marker {
        // SOF, without the Huffman (C4), arithmetic (CC) and reserved (C8) markers that sit among them.
        // JPEG-LS has a marker of its own (F7).
        0xC0..=0xCF | JPEG_LS if !matches!(marker, 0xC4 | 0xC8 | 0xCC) && structure.frame.is_none() => {
            structure.frame = (|| {
                Some(Frame {
                    marker,
                    precision: *payload.first()?,
                    height: u16_be(payload, 1)?,
                    width: u16_be(payload, 3)?,
                    components: *payload.get(5)?,
                    samples_per_16_pixels: samples_per_16_pixels(payload.get(6..)?),
                    parts: parts(payload.get(6..)?),
                })
            })();
        }
        DNL if structure.scans.len() == 1 && structure.late_height.is_none() => {
            structure.late_height = u16_be(payload, 0);
        }
        _ => {}
    }
}

/// From the components of a frame header: three bytes each, the sampling factors in the second.
fn parts(components: &[u8]) -> [Part; 4] {
    let mut parts = [Part::default(); 4];
    for (part, [id, factors, _]) in parts.iter_mut().zip(components.as_chunks::<3>().0) {
        *part = Part { id: *id, across: (factors >> 4).clamp(1, 4), down: (factors & 0xF).clamp(1, 4) };
    }
    parts
}

fn samples_per_16_pixels(components: &[u8]) -> u32 {
    let factors =
        components.as_chunks::<3>().0.iter().map(|[_, factors, _]| {
            (u32::from(factors >> 4).clamp(1, 4), u32::from(factors & 0xF).clamp(1, 4))
        });
    let widest = factors.clone().map(|(across, _)| across).max().unwrap_or(1);
    let highest = factors.clone().map(|(_, down)| down).max().unwrap_or(1);
    factors.map(|(across, down)| 16 * across * down / (widest * highest)).sum()
}

/// The next marker that is no restart marker, and the offset behind it.
fn next_marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut at = from;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        let next = *bytes.get(at + 1)?;
        match next {
            0xFF => at += 1,
            0 | 0x01 | 0xD0..=0xD7 => at += 2,
            _ => return Some((next, at + 2)),
        }
    }
}

/// The file with the height in its frame header, where that left it to a segment behind the first scan (DNL).
pub fn with_height(bytes: &[u8], height: u16) -> Option<Vec<u8>> {
    let (segments, _) = segments(bytes);
    let frame = segments.iter().find(|segment| matches!(segment.marker, 0xC0..=0xC2))?;
    let mut complete = bytes.to_vec();
    let place = frame.payload.start + 1..frame.payload.start + 3;
    complete.get_mut(place)?.copy_from_slice(&height.to_be_bytes());
    Some(complete)
}

/// The payload of the first segment of a kind, behind its name.
pub fn named<'a>(bytes: &'a [u8], segments: &[Segment], marker: u8, name: &[u8]) -> Option<&'a [u8]> {
    all_named(bytes, segments, marker, name).next()
}

pub fn all_named<'a>(
    bytes: &'a [u8],
    segments: &[Segment],
    marker: u8,
    name: &[u8],
) -> impl Iterator<Item = &'a [u8]> {
    segments
        .iter()
        .filter(move |segment| segment.marker == marker)
        .filter_map(|segment| bytes.get(segment.payload.clone())?.strip_prefix(name))
}

/// The ICC profile, joined from its numbered parts. A profile that fills a file is none.
pub fn icc_profile(bytes: &[u8], segments: &[Segment]) -> Option<Vec<u8>> {
    let mut parts: Vec<(u8, &[u8])> = all_named(bytes, segments, APP2, ICC_NAME)
        .filter_map(|part| Some((*part.first()?, part.get(2..)?)))
        .collect();
    if parts.iter().map(|(_, data)| data.len()).sum::<usize>() > JOINED_MAX_BYTES {
        return None;
    }
    parts.sort_by_key(|(number, _)| *number);
    let joined: Vec<u8> = parts.into_iter().flat_map(|(_, data)| data).copied().collect();
    (!joined.is_empty()).then_some(joined)
}

/// All Photoshop segments joined, as a large resource block may be spread over several.
pub fn photoshop_resources(bytes: &[u8], segments: &[Segment]) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in all_named(bytes, segments, APP13, PHOTOSHOP_NAME) {
        if joined.len() + part.len() <= JOINED_MAX_BYTES {
            joined.extend_from_slice(part);
        }
    }
    joined
}

/// The extended XMP packet that belongs to the main one: its parts carry its digest, its full length and
/// an offset each. Incomplete packets are dropped, and those whose parts disagree about the length.
pub fn extended_xmp(bytes: &[u8], segments: &[Segment], digest: &[u8]) -> Option<Vec<u8>> {
    let mut packet: Option<Vec<u8>> = None;
    let mut filled = 0;
    for part in all_named(bytes, segments, APP1, EXTENDED_XMP_NAME) {
        if part.get(..32)? != digest {
            continue;
        }
        let length = u32_be(part, 32)? as usize;
        let offset = u32_be(part, 36)? as usize;
        let data = part.get(40..)?;
        if length > JOINED_MAX_BYTES {
            return None;
        }
        let packet = packet.get_or_insert_with(|| vec![0; length]);
        if packet.len() != length {
            return None;
        }
        packet.get_mut(offset..offset.checked_add(data.len())?)?.copy_from_slice(data);
        filled += data.len();
    }
    packet.filter(|packet| filled > 0 && filled == packet.len())
}

#[cfg(test)]
mod tests {
    use super::{EXTENDED_XMP_NAME, ICC_NAME, MAX_SEGMENTS, extended_xmp, icc_profile, segments, structure};

    fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
        let payload = parts.concat();
        [&[0xFF, marker][..], &(payload.len() as u16 + 2).to_be_bytes(), &payload].concat()
    }

    #[test]
    fn more_segments_than_any_picture_has_are_told() {
        let file = |count: usize| [&b"\xff\xd8"[..], &b"\xff\xe0\0\x02".repeat(count), b"\xff\xda"].concat();
        let (found, scan) = segments(&file(MAX_SEGMENTS));
        assert_eq!((found.len(), scan.is_some()), (MAX_SEGMENTS, true));
        assert!(!structure(&file(MAX_SEGMENTS)).has_too_many_segments);
        let (found, scan) = segments(&file(MAX_SEGMENTS + 1));
        assert_eq!((found.len(), scan), (MAX_SEGMENTS, None));
        assert!(structure(&file(MAX_SEGMENTS + 1)).has_too_many_segments);
    }

    #[test]
    fn parts_of_an_extended_packet_agree_about_its_length() {
        let digest = [b'A'; 32];
        let part = |length: u32, offset: u32, data: &[u8]| {
            let (length, offset) = (length.to_be_bytes(), offset.to_be_bytes());
            segment(0xE1, &[EXTENDED_XMP_NAME, &digest, &length, &offset, data])
        };
        let read = |parts: &[Vec<u8>]| {
            let file = [b"\xff\xd8".to_vec(), parts.concat()].concat();
            extended_xmp(&file, &segments(&file).0, &digest)
        };
        assert_eq!(read(&[part(4, 2, b"cd"), part(4, 0, b"ab")]).as_deref(), Some(&b"abcd"[..]));
        assert_eq!(read(&[part(2, 0, b"a"), part(3, 1, b"b")]), None);
        assert_eq!(read(&[part(4, 0, b"ab")]), None, "a part is missing");
    }

    #[test]
    fn a_profile_that_fills_a_file_is_none() {
        let part = |number: u8| segment(0xE2, &[ICC_NAME, &[number, 255], &[7; 65_000]]);
        let read = |count: u8| {
            let file = [b"\xff\xd8".to_vec(), (0..count).flat_map(part).collect()].concat();
            icc_profile(&file, &segments(&file).0).map(|profile| profile.len())
        };
        assert_eq!(read(200), Some(13_000_000));
        // As often as one likes under the same numbers.
        let file = [b"\xff\xd8".to_vec(), part(1).repeat(300)].concat();
        assert_eq!(icc_profile(&file, &segments(&file).0), None);
    }

    #[test]
    fn hostile_lengths_end_the_walk() {
        for bytes in [
            &b"\xff\xd8\xff\xe1\xff\xff123"[..],
            b"\xff\xd8\xff\xe1\0\0",
            b"\xff\xd8\xff\xe1\0\x01",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xff\xff\xff",
            b"\xff\xd8\xff\xda",
            b"\xff\xd8\xff\xda\xff\xff\xff",
            b"\xff\xd8\0\0",
            b"",
        ] {
            let (found, _) = segments(bytes);
            assert!(found.is_empty());
            assert!(structure(bytes).frame.is_none());
        }
    }
}
