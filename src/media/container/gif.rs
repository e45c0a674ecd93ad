//! The blocks of a GIF file, and the XMP packet that may be one of them.

use std::ops::Range;

const EXTENSION: u8 = 0x21;
const APPLICATION: u8 = 0xFF;
const PICTURE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;
/// The flag for a table of colours that follows.
const HAS_TABLE: u8 = 0x80;

const XMP_NAME: &[u8] = b"XMP DataXMP";
/// A packet stands in the file without division into sub-blocks. A reader that does not know it takes any byte
/// of it for a length, lands somewhere in this slope and slides down to its end.
const SLOPE_BYTES: usize = 258;

/// The packet of a file, if it has one.
pub fn xmp(bytes: &[u8]) -> Option<Vec<u8>> {
    let blocks = blocks(bytes)?;
    let packet = blocks.packets.first()?;
    let start = packet.start + 3 + XMP_NAME.len();
    bytes.get(start..packet.end.checked_sub(SLOPE_BYTES)?).map(<[u8]>::to_vec)
}

/// The same file with this packet instead of any other: what is kept of it, and what comes behind. `None`: it is no GIF
/// with a picture in it. Of one that was cut off or goes on in another language, the whole blocks are taken.
pub fn with_xmp(bytes: &[u8], packet: &[u8]) -> Option<(Vec<Range<usize>>, Vec<u8>)> {
    let blocks = blocks(bytes)?;
    let mut kept = Vec::new();
    let mut from = 0;
    for old in &blocks.packets {
        kept.push(from..old.start);
        from = old.end;
    }
    kept.push(from..blocks.end);
    let mut out = vec![EXTENSION, APPLICATION, XMP_NAME.len() as u8];
    out.extend_from_slice(XMP_NAME);
    out.extend_from_slice(packet);
    out.push(1);
    out.extend((0..=u8::MAX).rev());
    out.extend_from_slice(&[0, TRAILER]);
    Some((kept, out))
}

/// Whether the first picture has a table of colours neither of its own nor from the file.
pub fn lacks_colours(bytes: &[u8]) -> bool {
    let flags_at = |at: usize| bytes.get(at).copied().unwrap_or(HAS_TABLE);
    let mut at = 13;
    while bytes.get(at) == Some(&EXTENSION) {
        let Some(end) = after_sub_blocks(bytes, at + 2) else { return false };
        at = end;
    }
    flags_at(10) & HAS_TABLE == 0 && bytes.get(at) == Some(&PICTURE) && flags_at(at + 9) & HAS_TABLE == 0
}

struct Blocks {
    /// Whole extension blocks with a packet.
    packets: Vec<Range<usize>>,
    /// Where the trailer stands, or the first block that is not whole.
    end: usize,
}

fn blocks(bytes: &[u8]) -> Option<Blocks> {
    if !matches!(bytes.get(..6)?, b"GIF87a" | b"GIF89a") {
        return None;
    }
    let mut at = 13 + table_bytes(*bytes.get(10)?);
    let mut packets = Vec::new();
    let mut has_picture = false;
    while let Some((kind, end)) = block(bytes, at) {
        let is_packet = kind == EXTENSION
            && bytes.get(at + 1) == Some(&APPLICATION)
            && bytes.get(at + 3..at + 3 + XMP_NAME.len()) == Some(XMP_NAME);
        if is_packet {
            packets.push(at..end);
        }
        has_picture |= kind == PICTURE;
        at = end;
    }
    (has_picture || bytes.get(at) == Some(&TRAILER)).then_some(Blocks { packets, end: at })
}

/// The kind of the block that begins here, and where it ends; nothing for the trailer and what is no whole block.
fn block(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let kind = *bytes.get(at)?;
    let end = match kind {
        EXTENSION => after_sub_blocks(bytes, at + 2)?,
        // A descriptor of ten bytes, perhaps a colour table, the size of codes, then sub-blocks.
        PICTURE => after_sub_blocks(bytes, at + 11 + table_bytes(*bytes.get(at + 9)?))?,
        _ => return None,
    };
    Some((kind, end))
}

/// The colour table that flags announce.
fn table_bytes(flags: u8) -> usize {
    if flags & HAS_TABLE == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn after_sub_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
