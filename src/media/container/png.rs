//! The chunks of a PNG file.

use super::u32_be;
use std::ops::Range;

pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

#[derive(Debug, Clone)]
pub struct Chunk {
    pub kind: [u8; 4],
    pub data: Range<usize>,
}

/// The complete chunks of the file, in order, up to and with IEND.
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
        found.push(Chunk { kind, data: at + 8..end - 4 });
        if &kind == b"IEND" {
            break;
        }
        at = end;
    }
    found
}
