//! A TIFF file as the library can read it: a kind of pixels under the name of another that is stored alike, and
//! bits in the order that all other files have.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// What reads differently from how it stands in the file.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Where the kind of pixels (`PhotometricInterpretation`) stands, and the bytes that are read instead.
    pub photometric: Option<(u64, [u8; 2])>,
    /// Where the pointer to the first picture stands, and the bytes that are read instead.
    pub first: Option<(u64, Vec<u8>)>,
    /// Where the pointer to the next picture stands, which reads as if there were none: the library follows it before
    /// it looks at this one, and refuses files that point in a circle.
    pub next: Range<u64>,
    /// Where bytes have their lowest bit first (`FillOrder` 2), in ascending order and without overlap.
    pub reversed: Vec<Range<u64>>,
}

impl Changes {
    fn touches(&self, read: &Range<u64>) -> bool {
        let overlaps = |start: u64, end: u64| start < read.end && end > read.start;
        overlaps(self.next.start, self.next.end)
            || self
                .first
                .as_ref()
                .is_some_and(|(offset, bytes)| overlaps(*offset, offset + bytes.len() as u64))
            || self.photometric.is_some_and(|(offset, bytes)| overlaps(offset, offset + bytes.len() as u64))
    }
}

pub struct View {
    file: File,
    at: u64,
    changes: Changes,
}

impl View {
    pub fn open(path: &Path, changes: Changes) -> std::io::Result<Self> {
        Ok(Self { file: File::open(path)?, at: 0, changes })
    }
}

impl Read for View {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.file.read(buffer)?;
        let read = self.at..self.at + length as u64;
        let begun = self.changes.reversed.partition_point(|range| range.end <= read.start);
        for range in self.changes.reversed.iter().skip(begun).take_while(|range| range.start < read.end) {
            let inside = range.start.max(read.start) - read.start..range.end.min(read.end) - read.start;
            let bytes = buffer.get_mut(inside.start as usize..inside.end as usize).unwrap_or_default();
            bytes.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        let kind = self.changes.photometric.into_iter().flat_map(|(offset, bytes)| (offset..).zip(bytes));
        let next = self.changes.next.clone().map(|place| (place, 0));
        let first =
            self.changes.first.iter().flat_map(|(offset, bytes)| (*offset..).zip(bytes.iter().copied()));
        if self.changes.touches(&read) {
            for (place, byte) in kind.chain(next).chain(first).filter(|(place, _)| read.contains(place)) {
                if let Some(target) = buffer.get_mut((place - read.start) as usize) {
                    *target = byte;
                }
            }
        }
        self.at = read.end;
        Ok(length)
    }
}

impl Seek for View {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}
