//! Metadata into a JPEG XL file: boxes around the codestream, which is copied byte by byte
//! (ISO/IEC 18181-2, clause 9).

use super::wanted::Wanted;
use super::{exif, xmp};
use crate::media::container::heif::{self, Box, boxes, build, distance};
use std::io::Read;

pub const SIGNATURE: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";
const FILE_TYPE: &[u8] = b"\0\0\0\x14ftypjxl \0\0\0\0jxl ";
/// The start of a codestream without boxes.
const NAKED: &[u8] = b"\xff\x0a";

/// No block of metadata is larger, unpacked.
const MAX_BLOCK_BYTES: u64 = 16 * 1024 * 1024;

/// The file with our metadata; `None` if its codestream is not whole. What lies behind the last whole box is left out.
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
        // In one box, or in several, of which the last says so in its number.
        let is_last = |part: &Box| match &part.kind {
            b"jxlc" => true,
            b"jxlp" => bytes.get(part.body.start).is_some_and(|byte| byte & 0x80 != 0),
            _ => false,
        };
        if !parts.iter().any(is_last) {
            return None;
        }
        for part in &parts {
            match &part.kind {
                // Also packed boxes, whose metadata was read above, signatures of what the bytes were, and the
                // recipe for a JPEG file that would carry other metadata.
                b"Exif" | b"xml " | b"brob" | b"jumb" | b"jbrd" => {}
                b"uuid" if is_left_out(bytes, part, wanted.keeps_private) => {}
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

/// Metadata in boxes that the format does not have, which some programs read all the same.
fn is_left_out(bytes: &[u8], part: &Box, keeps_private: bool) -> bool {
    let is = |name: &[u8; 16]| heif::uuid(bytes, part, name).is_some();
    is(&heif::XMP_UUID) || !keeps_private && (is(&heif::EXIF_UUID) || is(&heif::IIM_UUID))
}

/// The EXIF block of a file, without the distance before it.
pub fn exif_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let data = block_of(bytes, b"Exif")?;
    Some(data.get(4_usize.checked_add(distance(&data)?)?..)?.to_vec())
}

pub fn xmp_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let beside = || heif::xmp_in_uuid(bytes).filter(|packet| packet.len() as u64 <= MAX_BLOCK_BYTES);
    block_of(bytes, b"xml ").or_else(|| beside().filter(|_| bytes.starts_with(SIGNATURE)).map(<[u8]>::to_vec))
}

/// What a box of this kind holds, which may be packed into another one behind its kind.
fn block_of(bytes: &[u8], kind: &[u8; 4]) -> Option<Vec<u8>> {
    if !bytes.starts_with(SIGNATURE) {
        return None;
    }
    boxes(bytes, 0..bytes.len()).into_iter().find_map(|part| {
        let data = bytes.get(part.body)?;
        if part.kind == *kind {
            return Some(data.to_vec());
        }
        let packed = data.strip_prefix(kind).filter(|_| &part.kind == b"brob")?;
        let mut block = Vec::new();
        let unpacked =
            brotli::Decompressor::new(packed, 4096).take(MAX_BLOCK_BYTES + 1).read_to_end(&mut block);
        (unpacked.is_ok() && block.len() as u64 <= MAX_BLOCK_BYTES).then_some(block)
    })
}
