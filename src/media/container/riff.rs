//! The chunks of a WebP file, which is a RIFF container.

use std::ops::Range;

/// Far more than the longest films have pictures.
const MAX_CHUNKS: usize = 250_000;

#[derive(Debug, Clone)]
pub struct Chunk {
    pub kind: [u8; 4],
    pub data: Range<usize>,
}

/// The complete chunks of a WebP file, in order; none of a file with more than any picture has.
pub fn chunks(bytes: &[u8]) -> Vec<Chunk> {
    let mut found = Vec::new();
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WEBP") {
        return found;
    }
    let mut at = 12;
    while let (Some(kind), Some(length)) = (bytes.get(at..at + 4), bytes.get(at + 4..at + 8)) {
        let (Ok(kind), Ok(length)) = (<[u8; 4]>::try_from(kind), <[u8; 4]>::try_from(length)) else { break };
        let end = at + 8 + u32::from_le_bytes(length) as usize;
        if end > bytes.len() {
            break;
        }
        if found.len() == MAX_CHUNKS {
            return Vec::new();
        }
        found.push(Chunk { kind, data: at + 8..end });
        at = end + end % 2;
    }
    found
}

/// Appends a chunk with the byte that pads it to an even length.
pub fn push(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend_from_slice(&kind);
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}
