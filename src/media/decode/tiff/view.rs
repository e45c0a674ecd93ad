//! A TIFF file as the library can read it: with a directory of our own behind its end, in which a kind of pixels goes
//! under the name of another that is stored alike and what old programs left out is put in, and with bits in the order
//! that all other files have.

use crate::media::MediaError;
use crate::media::container::tiff::{Directory, Entry, Tiff, tag};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const LONG8: u16 = 16;

/// What reads differently from how it stands in the file.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The kind of pixels (`PhotometricInterpretation`) that is read instead.
    pub photometric: Option<u16>,
    /// Whether the kinds of samples (`SampleFormat`) are left out, so that all are whole numbers.
    pub drops_formats: bool,
    /// How many bytes each strip has, where the file does not tell it.
    pub strip_lengths: Option<Vec<u64>>,
    /// Where bytes have their lowest bit first (`FillOrder` 2), in ascending order and without overlap.
    pub reversed: Vec<Range<u64>>,
}

impl Changes {
    /// A directory with these changes, and nothing behind it: the library follows the pointer to the next page before it
    /// looks at this one, and refuses files that point in a circle.
    fn directory(&self, tiff: &Tiff<File>, old: &Directory, at: u64) -> Option<Vec<u8>> {
        let layout = tiff.layout();
        let number = |number: u64, size: usize| {
            let mut bytes = number.to_le_bytes().get(..size).unwrap_or_default().to_vec();
            if !tiff.is_little_endian {
                bytes.reverse();
            }
            bytes
        };
        let padded = |mut bytes: Vec<u8>| {
            bytes.resize(layout.field, 0);
            bytes
        };
        let record = |tag: u16, kind: u16, count: u64, value: Vec<u8>| {
            let numbers =
                [number(u64::from(tag), 2), number(u64::from(kind), 2), number(count, layout.field)];
            (tag, [numbers.concat(), value].concat())
        };
        let kept = |entry: &Entry| {
            let value = if entry.length_bytes <= layout.field as u64 {
                padded(tiff.read_at(entry.offset, entry.length_bytes as usize)?)
            } else {
                number(entry.offset, layout.field)
            };
            Some(record(entry.tag, entry.kind, entry.count, value))
        };
        let is_changed = |entry: &&Entry| match entry.tag {
            tag::PHOTOMETRIC => self.photometric.is_some(),
            tag::SAMPLE_FORMAT => self.drops_formats,
            tag::STRIP_BYTE_COUNTS => self.strip_lengths.is_some(),
            _ => false,
        };
        let mut records: Vec<(u16, Vec<u8>)> =
            old.entries.iter().filter(|entry| !is_changed(entry)).filter_map(kept).collect();
        if let Some(photometric) = self.photometric {
            records.push(record(tag::PHOTOMETRIC, SHORT, 1, padded(number(u64::from(photometric), 2))));
        }
        let mut behind = Vec::new();
        if let Some(lengths) = &self.strip_lengths {
            let kind = if tiff.is_big_tiff { LONG8 } else { LONG };
            let table: Vec<u8> = lengths.iter().flat_map(|length| number(*length, layout.field)).collect();
            let value = if lengths.len() == 1 {
                table
            } else {
                let entries = records.len() + 1;
                behind = table;
                let end = layout.count + entries * layout.entry + layout.field;
                number(at.checked_add(end as u64)?, layout.field)
            };
            records.push(record(tag::STRIP_BYTE_COUNTS, kind, lengths.len() as u64, value));
        }
        records.sort_by_key(|(tag, _)| *tag);
        let mut directory = number(records.len() as u64, layout.count);
        records.iter().for_each(|(_, record)| directory.extend(record));
        directory.resize(directory.len() + layout.field, 0);
        directory.extend(behind);
        Some(directory)
    }
}

pub struct View {
    file: File,
    at: u64,
    changed: Arc<Changed>,
}

struct Changed {
    /// Of the file itself.
    length: u64,
    /// Where the pointer to the first directory stands, and what is read there.
    pointer: (u64, Vec<u8>),
    directory_at: u64,
    directory: Vec<u8>,
    reversed: Vec<Range<u64>>,
}

impl View {
    pub fn open(
        path: &Path,
        tiff: &Tiff<File>,
        directory: &Directory,
        changes: Changes,
    ) -> Result<Self, MediaError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let directory_at = length.next_multiple_of(8);
        let far = || MediaError::TooComplex { detail: "no room for a directory".to_owned() };
        let directory = changes.directory(tiff, directory, directory_at).ok_or_else(far)?;
        let field = tiff.layout().field;
        if field == 4 && directory_at + directory.len() as u64 > u64::from(u32::MAX) {
            return Err(far());
        }
        let mut pointer = directory_at.to_le_bytes().get(..field).unwrap_or_default().to_vec();
        if !tiff.is_little_endian {
            pointer.reverse();
        }
        let pointer = (field as u64, pointer);
        let changed = Changed { length, pointer, directory_at, directory, reversed: changes.reversed };
        Ok(Self { file, at: 0, changed: Arc::new(changed) })
    }

    /// The same file from another place.
    pub fn from(&self, offset: u64) -> std::io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, at: offset, changed: Arc::clone(&self.changed) })
    }
}

impl Read for View {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let changed = &*self.changed;
        if self.at >= changed.length {
            let into = (self.at.saturating_sub(changed.directory_at)) as usize;
            let gap = changed.directory_at.saturating_sub(self.at) as usize;
            let zeros = gap.min(buffer.len());
            buffer.get_mut(..zeros).unwrap_or_default().fill(0);
            let rest = changed.directory.get(into..).unwrap_or_default();
            let target = buffer.get_mut(zeros..).unwrap_or_default();
            let length = rest.len().min(target.len());
            if let (Some(target), Some(rest)) = (target.get_mut(..length), rest.get(..length)) {
                target.copy_from_slice(rest);
            }
            self.at += (zeros + length) as u64;
            return Ok(zeros + length);
        }
        let length = self.file.read_at(buffer, self.at)?;
        let read = self.at..self.at + length as u64;
        let begun = changed.reversed.partition_point(|range| range.end <= read.start);
        for range in changed.reversed.iter().skip(begun).take_while(|range| range.start < read.end) {
            let inside = range.start.max(read.start) - read.start..range.end.min(read.end) - read.start;
            let bytes = buffer.get_mut(inside.start as usize..inside.end as usize).unwrap_or_default();
            bytes.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        let (pointer_at, pointer) = &changed.pointer;
        if read.start < pointer_at + pointer.len() as u64 {
            for (place, byte) in (*pointer_at..).zip(pointer).filter(|(place, _)| read.contains(place)) {
                if let Some(target) = buffer.get_mut((place - read.start) as usize) {
                    *target = *byte;
                }
            }
        }
        self.at = read.end;
        Ok(length)
    }
}

impl Seek for View {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let end = self.changed.directory_at + self.changed.directory.len() as u64;
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => end.checked_add_signed(by),
        };
        self.at = place.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
