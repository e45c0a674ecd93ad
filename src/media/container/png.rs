//! The chunks of a PNG file.

use super::u32_be;
use std::ops::Range;

pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture of the largest size that is taken, in pieces as small as any program writes them, has a hundred thousand.
const MAX_CHUNKS: usize = 250_000;

#[derive(Debug, Clone)]
pub struct Chunk {
    pub kind: [u8; 4],
    /// Length, kind, data and check sum.
    pub whole: Range<usize>,
    pub data: Range<usize>,
}

/// The complete chunks of the file, in order, up to and with IEND; none of a file with more than any picture has.
pub fn chunks(bytes: &[u8]) -> Vec<Chunk> {
    let mut found = Vec::new();
    if !bytes.starts_with(SIGNATURE) {
        return found;
    }
    let mut at = SIGNATURE.len();
    while let (Some(length), Some(kind)) = (u32_be(bytes, at), bytes.get(at + 4..at + 8)) {
        let end = at + 12 + length as usize;
        let Ok(kind) = <[u8; 4]>::try_from(kind) else { break };
        if end > bytes.len() {
            break;
        }
        if found.len() == MAX_CHUNKS {
            return Vec::new();
        }
        found.push(Chunk { kind, whole: at..end, data: at + 8..end - 4 });
        if &kind == b"IEND" {
            break;
        }
        at = end;
    }
    found
}

/// A chunk ready to be written, with its check sum.
pub fn build(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = Vec::with_capacity(data.len() + 12);
    chunk.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    chunk.extend_from_slice(&kind);
    chunk.extend_from_slice(data);
    let sum = crc32fast::hash(chunk.get(4..).unwrap_or_default());
    chunk.extend_from_slice(&sum.to_be_bytes());
    chunk
}
