//! Metadata into a JPEG XL file: boxes around the codestream, which is copied byte by byte
//! (ISO/IEC 18181-2, clause 9).

use super::wanted::Wanted;
use super::{exif, xmp};
use crate::media::container::heif::{boxes, build, distance};

pub const SIGNATURE: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";
const FILE_TYPE: &[u8] = b"\0\0\0\x14ftypjxl \0\0\0\0jxl ";
/// The start of a codestream without boxes.
const NAKED: &[u8] = b"\xff\x0a";

/// The file with our metadata; `None` if it is not whole.
pub fn embed(bytes: &[u8], wanted: &Wanted) -> Option<Vec<u8>> {
    let naked = bytes.starts_with(NAKED);
    if !naked && !bytes.starts_with(SIGNATURE) {
        return None;
    }
    let packet = xmp::packet(wanted, xmp_of(bytes).as_deref());
    let block = match exif_of(bytes) {
        Some(old) => exif::rewritten(wanted, &old),
        None => exif::fresh(wanted),
    };
    let mut out = Vec::with_capacity(bytes.len() + packet.len() + 4096);
    if naked {
        out.extend_from_slice(SIGNATURE);
        out.extend_from_slice(FILE_TYPE);
        out.extend(build(b"jxlc", &[bytes]));
    } else {
        let parts = boxes(bytes, 0..bytes.len());
        if parts.last()?.whole.end != bytes.len() {
            return None;
        }
        for part in &parts {
            match &part.kind {
                // Also compressed metadata, signatures of what the bytes were, and the recipe for a JPEG file that
                // would carry other metadata.
                b"Exif" | b"xml " | b"brob" | b"jumb" | b"jbrd" => {}
                kind => out.extend(build(kind, &[bytes.get(part.body.clone())?])),
            }
        }
    }
    if let Some(block) = block {
        out.extend(build(b"Exif", &[&[0; 4], &block]));
    }
    out.extend(build(b"xml ", &[packet.as_bytes()]));
    Some(out)
}

/// The EXIF block of a file, without the distance before it.
pub fn exif_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let part = boxes(bytes, 0..bytes.len()).into_iter().find(|part| &part.kind == b"Exif")?;
    let data = bytes.get(part.body)?;
    Some(data.get(4_usize.checked_add(distance(data)?)?..)?.to_vec())
}

pub fn xmp_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let part = boxes(bytes, 0..bytes.len()).into_iter().find(|part| &part.kind == b"xml ")?;
    bytes.get(part.body).map(<[u8]>::to_vec)
}
