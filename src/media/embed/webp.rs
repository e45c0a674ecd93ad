//! Metadata into a WebP file; the chunks of the picture are copied byte by byte.

use super::parts::Parts;
use super::wanted::Wanted;
use super::{exif, xmp};
use crate::media::container::riff::{Chunk, chunks, push};

const FLAG_XMP: u8 = 0x04;
const FLAG_EXIF: u8 = 0x08;
const FLAG_ALPHA: u8 = 0x10;

/// The file with our metadata; `None` if this is no whole WebP.
pub fn parts(bytes: &[u8], wanted: &Wanted) -> Option<Parts> {
    let found = chunks(bytes);
    let data = |chunk: &Chunk| bytes.get(chunk.data.clone()).unwrap_or_default();
    let of_kind = |kind: &[u8; 4]| found.iter().find(|chunk| chunk.kind == *kind);
    let packet = xmp::packet(wanted, of_kind(b"XMP ").map(data));
    let exif = of_kind(b"EXIF")
        .map(data)
        .and_then(|old| exif::rewritten(wanted, old.strip_prefix(b"Exif\0\0").unwrap_or(old)))
        .or_else(|| exif::fresh(wanted));

    let mut header = match of_kind(b"VP8X") {
        Some(chunk) => data(chunk).to_vec(),
        None => extended_header(&found, bytes)?,
    };
    let flags = header.first_mut()?;
    *flags = (*flags | FLAG_XMP) & !FLAG_EXIF | if exif.is_some() { FLAG_EXIF } else { 0 };

    let built = |kind: [u8; 4], data: &[u8]| {
        let mut chunk = Vec::new();
        push(&mut chunk, kind, data);
        chunk
    };
    let mut body = Parts::default();
    body.put(b"WEBP");
    body.put(&built(*b"VP8X", &header));
    for chunk in &found {
        // Programs read metadata under names in other letters too.
        let name = chunk.kind.to_ascii_uppercase();
        let is_named_alike = name.starts_with(b"XMP") || name == *b"EXIF";
        let is_ours = matches!(&chunk.kind, b"VP8X" | b"XMP " | b"EXIF" | b"C2PA");
        if !is_ours && (wanted.keeps_private || !is_named_alike) {
            // The name and the length stand in front, and what pads it behind may be missing at the end of the file.
            body.keep(chunk.data.start - 8..chunk.data.end);
            if chunk.data.len() % 2 == 1 {
                body.put(&[0]);
            }
        }
    }
    if let Some(block) = exif {
        body.put(&built(*b"EXIF", &block));
    }
    body.put(&built(*b"XMP ", packet.as_bytes()));
    let mut out = Parts::default();
    out.put(b"RIFF");
    out.put(&u32::try_from(body.len()).ok()?.to_le_bytes());
    out.append(body);
    Some(out)
}

/// The header of an extended file for a simple one: flags, and width and height less one in three bytes each.
fn extended_header(found: &[Chunk], bytes: &[u8]) -> Option<Vec<u8>> {
    let picture = found.iter().find(|chunk| matches!(&chunk.kind, b"VP8 " | b"VP8L"))?;
    let data = bytes.get(picture.data.clone())?;
    let (flags, width, height) = if &picture.kind == b"VP8 " {
        // Frame tag, start code, then 14 bits each with two bits of scaling above them.
        let side = |at: usize| Some(u32::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?)));
        (0, side(6)? & 0x3FFF, side(8)? & 0x3FFF)
    } else {
        // A signature, then 14 bits each of width and height less one, and a bit that hints at alpha.
        let bits = u32::from_le_bytes(data.get(1..5)?.try_into().ok()?);
        let flags = if bits >> 28 & 1 == 1 { FLAG_ALPHA } else { 0 };
        (flags, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    };
    let mut header = vec![flags, 0, 0, 0];
    header.extend_from_slice(width.checked_sub(1)?.to_le_bytes().get(..3)?);
    header.extend_from_slice(height.checked_sub(1)?.to_le_bytes().get(..3)?);
    Some(header)
}
