//! Metadata into a JPEG file; the compressed picture is copied byte by byte.

use super::wanted::Wanted;
use super::{exif, iim, xmp};
use crate::media::container::jpeg::{
    APP0, APP1, APP2, APP11, APP13, EXIF_NAME, EXTENDED_XMP_NAME, PHOTOSHOP_NAME, Segment, XMP_NAME,
    extended_xmp, named, photoshop_resources, segments, structure,
};

const MAX_PAYLOAD_BYTES: usize = 65_533;
/// Adobe's limit for a packet in one segment.
const MAX_XMP_BYTES: usize = 65_502;
const EXTENDED_PART_BYTES: usize = 65_400;

/// The file with our metadata. What lies behind the picture's end (previews, films, makers' data) is left
/// out, and with it the list that points there. `None` if this is no whole JPEG.
pub fn embed(bytes: &[u8], wanted: &Wanted) -> Option<Vec<u8>> {
    let (found, first_scan) = segments(bytes);
    let end = structure(bytes).end.unwrap_or(bytes.len());
    let picture = bytes.get(first_scan?..end)?;

    let mut out = Vec::with_capacity(bytes.len() + 16 * 1024);
    out.extend_from_slice(&[0xFF, 0xD8]);
    let is_leading = |segment: &&Segment| segment.marker == APP0;
    for segment in found.iter().filter(is_leading) {
        out.extend_from_slice(bytes.get(segment.whole.clone())?);
    }
    push_metadata(&mut out, bytes, &found, wanted);
    for segment in found.iter().filter(|segment| !is_leading(segment)) {
        let payload = bytes.get(segment.payload.clone())?;
        if !is_replaced(segment.marker, payload) {
            out.extend_from_slice(bytes.get(segment.whole.clone())?);
        }
    }
    out.extend_from_slice(picture);
    out.extend_from_slice(&[0xFF, 0xD9]);
    Some(out)
}

fn push_metadata(out: &mut Vec<u8>, bytes: &[u8], found: &[Segment], wanted: &Wanted) {
    let old_exif = named(bytes, found, APP1, EXIF_NAME);
    let new_exif = old_exif.and_then(|old| exif::rewritten(wanted, old)).or_else(|| exif::fresh(wanted));
    if let Some(block) = new_exif {
        // A block that grew beyond a segment had no room for our texts; they stand in XMP and IIM too.
        let fits = push_segment(out, APP1, &[EXIF_NAME, &block]);
        if !fits && let Some(block) = exif::fresh(wanted) {
            push_segment(out, APP1, &[EXIF_NAME, &block]);
        }
    }
    let old_xmp = named(bytes, found, APP1, XMP_NAME);
    let old_extension = old_xmp
        .and_then(crate::media::metadata::extension_digest)
        .and_then(|digest| extended_xmp(bytes, found, digest.as_bytes()));
    let packet = xmp::packet_within(wanted, old_xmp, old_extension.as_deref(), MAX_XMP_BYTES);
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

fn is_replaced(marker: u8, payload: &[u8]) -> bool {
    match marker {
        APP1 => [EXIF_NAME, XMP_NAME, EXTENDED_XMP_NAME].iter().any(|name| payload.starts_with(name)),
        APP2 => payload.starts_with(b"MPF\0"),
        APP13 => payload.starts_with(PHOTOSHOP_NAME),
        // A C2PA manifest signs the bytes as they were; broken, it would say that the picture was tampered with.
        APP11 => payload.starts_with(b"JP") && payload.get(12..16) == Some(b"jumb"),
        _ => false,
    }
}
