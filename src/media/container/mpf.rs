//! The index of the pictures behind the first one in a JPEG file (CIPA's Multi-Picture Format): the second eye's
//! view, a preview, the map of an HDR picture's brightness.

use super::tiff::Tiff;

pub const NAME: &[u8] = b"MPF\0";
const ENTRIES: u16 = 0xB002;
const ENTRY_BYTES: usize = 16;
const MAX_ENTRIES: usize = 256;

/// One picture of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands in the block.
    pub at: usize,
    pub size: u32,
    /// From the beginning of the block (behind its name); 0 for the first picture.
    pub offset: u32,
}

#[derive(Debug, Clone)]
pub struct Index {
    is_little_endian: bool,
    pub entries: Vec<Entry>,
}

impl Index {
    /// From a block behind its name.
    pub fn read(block: &[u8]) -> Option<Self> {
        let tiff = Tiff::open(block)?;
        let directory = tiff.first_directory()?;
        let list = directory.entry(ENTRIES)?;
        let bytes = tiff.bytes(list, (MAX_ENTRIES * ENTRY_BYTES) as u64)?;
        let start = usize::try_from(list.offset).ok()?;
        let entries = bytes.as_chunks::<ENTRY_BYTES>().0.iter().enumerate().map(|(index, entry)| Entry {
            at: start + index * ENTRY_BYTES,
            size: tiff.integer(entry.get(4..8).unwrap_or_default()) as u32,
            offset: tiff.integer(entry.get(8..12).unwrap_or_default()) as u32,
        });
        Some(Self { is_little_endian: tiff.is_little_endian, entries: entries.collect() })
    }

    /// Writes size and offset of a picture into a block.
    pub fn write(&self, block: &mut [u8], entry: Entry) -> Option<()> {
        let place = block.get_mut(entry.at + 4..entry.at + 12)?;
        for (place, number) in place.chunks_exact_mut(4).zip([entry.size, entry.offset]) {
            let bytes = if self.is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() };
            place.copy_from_slice(&bytes);
        }
        Some(())
    }
}
