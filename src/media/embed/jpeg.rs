//! Metadata into a JPEG file; the compressed picture is copied byte by byte.

mod further;

use super::wanted::Wanted;
use super::{exif, iim, xmp};
use crate::media::container::jpeg::{
    APP0, APP1, APP2, APP11, APP13, EXIF_NAME, EXTENDED_XMP_NAME, ICC_NAME, PHOTOSHOP_NAME, Segment,
    XMP_NAME, late_segments, named, photoshop_resources, segments, structure,
};
use crate::media::container::{jpeg, mpf};
use crate::media::metadata::xmp_packets;
use further::Further;

const MAX_PAYLOAD_BYTES: usize = 65_533;
/// Adobe's limit for a packet in one segment.
const MAX_XMP_BYTES: usize = 65_502;
const EXTENDED_PART_BYTES: usize = 65_400;
const PICTURE_INFO: &[u8] = b"[picture info]";

/// The file with our metadata. Of what lies behind the picture's end, further pictures with an index stay; films
/// and makers' data are left out, and with them the lists that point there. `None` if this is no whole JPEG.
pub fn embed(bytes: &[u8], wanted: &Wanted) -> Option<Vec<u8>> {
    let (found, first_scan) = segments(bytes);
    let structure = structure(bytes);
    let end = structure.end.unwrap_or(bytes.len());
    let facts = structure.frame.map(|frame| exif::Facts {
        width: frame.width.into(),
        height: frame.height.into(),
        has_profile: named(bytes, &found, APP2, ICC_NAME).is_some(),
    });
    let first_scan = first_scan?;
    let late = if wanted.keeps_private { Vec::new() } else { late_segments(bytes, first_scan, end)? };
    // A film behind the pictures would be missing from a list that names all of it.
    let has_film = xmp_packets(bytes, &found).iter().any(|packet| xmp::tells_of_a_film(packet));
    let further = Further::of(bytes, &found, end + 2).filter(|_| !has_film);
    let wanted = &Wanted { keeps_further: further.is_some(), ..wanted.clone() };

    let mut out = Vec::with_capacity(bytes.len() + 16 * 1024);
    out.extend_from_slice(&[0xFF, 0xD8]);
    let is_leading = |segment: &&Segment| segment.marker == APP0;
    for segment in found.iter().filter(is_leading) {
        let payload = bytes.get(segment.payload.clone())?;
        if wanted.keeps_private || !is_of_a_maker(segment.marker, payload) {
            out.extend_from_slice(bytes.get(segment.whole.clone())?);
        }
    }
    push_exif(&mut out, jpeg::exif(bytes, &found), facts, wanted);
    push_xmp_and_iim(&mut out, bytes, &found, wanted);
    let mut index_at = None;
    for segment in found.iter().filter(|segment| !is_leading(segment)) {
        let payload = bytes.get(segment.payload.clone())?;
        if further.as_ref().is_some_and(|further| further.segment_at == segment.whole.start) {
            index_at = Some(out.len());
        } else if is_replaced(segment.marker, payload, wanted)
            || !wanted.keeps_private && is_of_a_maker(segment.marker, payload)
        {
            continue;
        }
        out.extend_from_slice(bytes.get(segment.whole.clone())?);
    }
    // What programs left between the scans is no part of the picture.
    let mut at = first_scan;
    for segment in late {
        out.extend_from_slice(bytes.get(at..segment.start)?);
        at = segment.end;
    }
    out.extend_from_slice(bytes.get(at..end)?);
    out.extend_from_slice(&[0xFF, 0xD9]);
    if let Some((further, index_at)) = further.zip(index_at) {
        further.append(&mut out, bytes, end + 2, index_at, wanted)?;
    }
    Some(out)
}

fn push_exif(out: &mut Vec<u8>, existing: Option<&[u8]>, facts: Option<exif::Facts>, wanted: &Wanted) {
    let fresh = || exif::fresh_with(wanted, facts);
    let Some(block) = existing.and_then(|old| exif::rewritten(wanted, old)).or_else(fresh) else { return };
    // A block that grew beyond a segment had no room for our texts; they stand in XMP and IIM too.
    if !push_segment(out, APP1, &[EXIF_NAME, &block])
        && let Some(block) = fresh()
    {
        push_segment(out, APP1, &[EXIF_NAME, &block]);
    }
}

fn push_xmp_and_iim(out: &mut Vec<u8>, bytes: &[u8], found: &[Segment], wanted: &Wanted) {
    let old_xmp = xmp_packets(bytes, found);
    let packet = xmp::packet_within(wanted, old_xmp.iter().map(Vec::as_slice), MAX_XMP_BYTES);
    push_segment(out, APP1, &[XMP_NAME, packet.main.as_bytes()]);
    if let Some((text, digest)) = packet.extension {
        push_extension(out, text.as_bytes(), &digest);
    }
    let block = iim::photoshop_block(wanted, &photoshop_resources(bytes, found));
    for part in block.chunks(MAX_PAYLOAD_BYTES - PHOTOSHOP_NAME.len()) {
        push_segment(out, APP13, &[PHOTOSHOP_NAME, part]);
    }
}

fn push_extension(out: &mut Vec<u8>, text: &[u8], digest: &str) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
    for (index, part) in text.chunks(EXTENDED_PART_BYTES).enumerate() {
        let offset = u32::try_from(index * EXTENDED_PART_BYTES).unwrap_or(u32::MAX).to_be_bytes();
        push_segment(out, APP1, &[EXTENDED_XMP_NAME, digest.as_bytes(), &length, &offset, part]);
    }
}

/// Appends a segment unless it is too long for one.
fn push_segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) -> bool {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let Some(length) = u16::try_from(length + 2).ok() else { return false };
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    parts.iter().for_each(|part| out.extend_from_slice(part));
    true
}

fn is_replaced(marker: u8, payload: &[u8], wanted: &Wanted) -> bool {
    match marker {
        // Programs find positions under names that are not quite the standard's too.
        APP1 if !wanted.keeps_private => true,
        APP1 => {
            jpeg::exif_block(payload).is_some()
                || [XMP_NAME, EXTENDED_XMP_NAME].iter().any(|name| payload.starts_with(name))
        }
        // Lists and promises of further pictures behind the first, if those are left out.
        APP2 if payload.starts_with(mpf::NAME) => true,
        APP2 => !wanted.keeps_further && payload.starts_with(b"urn:iso:std:iso:ts:21496:-1\0"),
        APP13 => payload.starts_with(PHOTOSHOP_NAME),
        // A C2PA manifest signs the bytes as they were; broken, it would say that the picture was tampered with.
        APP11 => payload.starts_with(b"JP") && payload.get(12..16) == Some(b"jumb"),
        _ => false,
    }
}

/// Cameras, phones and drones keep logs, positions and serial numbers in segments of their own. What other
/// programs left in the numbers that are used for more than one thing stays.
fn is_of_a_maker(marker: u8, payload: &[u8]) -> bool {
    match marker {
        APP2 => payload.starts_with(b"FPXR\0"),
        APP0 => payload.starts_with(b"AVI1") || payload.get(6..14) == Some(b"HEAPJPGM"),
        // APP3 to APP10.
        0xE3..=0xEA => true,
        // APP12 of early digital cameras: a text of exposure and serial numbers.
        0xEC => payload.windows(PICTURE_INFO.len()).any(|window| window == PICTURE_INFO),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
