//! All directories of a TIFF file: its pages, their previews, and what belongs to each of them.

use crate::media::MediaError;
use crate::media::container::tiff::{Entry, Tiff, tag};
use std::collections::HashSet;
use std::fs::File;
use std::ops::Range;

/// Scanned books have some hundred pages; each directory costs a read and some memory.
const MAX_DIRECTORIES: usize = 10_000;
/// Records of all directories together, which may overlap: some twenty for a page.
const MAX_RECORDS: usize = 400_000;
/// Strips and tiles of all pages together, which may share their lists: a picture of the largest size that is taken
/// has thirty thousand strips.
const MAX_PLACES: usize = 2_000_000;

/// One record of a directory, as it stands there.
#[derive(Debug, Clone)]
pub struct Record {
    pub tag: u16,
    pub bytes: Vec<u8>,
    /// `None` if its type is unknown, so that nobody can say where its value is.
    pub entry: Option<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The first page, whose metadata is that of the file.
    Main,
    /// The capture data (EXIF) of the first page.
    MainCapture,
    /// Another page or a preview, or the capture data of one.
    Other,
    /// A position (GPS).
    Position,
    /// What EXIF says about interoperability.
    Interop,
}

#[derive(Debug, Clone)]
pub struct Found {
    pub role: Role,
    pub offset: u64,
    pub records: Vec<Record>,
    pub next: u64,
}

impl Found {
    pub fn record(&self, tag: u16) -> Option<&Record> {
        self.records.iter().find(|record| record.tag == tag)
    }

    pub fn entry(&self, tag: u16) -> Option<&Entry> {
        self.record(tag)?.entry.as_ref()
    }

    /// The table itself, the offset of the next directory included.
    pub fn table(&self, tiff: &Tiff<File>) -> Range<u64> {
        let layout = tiff.layout();
        let length = layout.count + self.records.len() * layout.entry + layout.field;
        self.offset..self.offset + length as u64
    }
}

fn too_many(what: &str) -> MediaError {
    MediaError::TooComplex { detail: format!("too many TIFF {what}") }
}

/// Every directory that can be reached, each once; the first page comes first. Directories that cannot be read
/// are passed over.
///
/// # Errors
/// If there are more directories, records or pointers to directories than any file has.
pub fn directories(tiff: &Tiff<File>) -> Result<Vec<Found>, MediaError> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting = vec![(tiff.first, Role::Main)];
    let (mut records_left, mut pointers_left) = (MAX_RECORDS, 2 * MAX_DIRECTORIES);
    while let Some((offset, role)) = waiting.pop() {
        if !seen.insert(offset) {
            continue;
        }
        if found.len() >= MAX_DIRECTORIES {
            return Err(too_many("directories"));
        }
        let Some(directory) = read(tiff, offset, role) else { continue };
        records_left =
            records_left.checked_sub(directory.records.len()).ok_or_else(|| too_many("records"))?;
        if matches!(role, Role::Main | Role::Other) {
            waiting.push((directory.next, Role::Other));
        }
        let below = if role == Role::Main { Role::MainCapture } else { Role::Other };
        for (tag, role) in [
            (tag::SUB_DIRECTORIES, Role::Other),
            (tag::EXIF_DIRECTORY, below),
            (tag::GPS_DIRECTORY, Role::Position),
            (tag::INTEROP_DIRECTORY, Role::Interop),
        ] {
            let offsets = numbers(tiff, &directory, tag, &mut pointers_left);
            let offsets = offsets.ok_or_else(|| too_many("directories"))?;
            waiting.extend(offsets.into_iter().map(|offset| (offset, role)));
        }
        found.push(directory);
    }
    Ok(found)
}

fn read(tiff: &Tiff<File>, offset: u64, role: Role) -> Option<Found> {
    let directory = tiff.directory(offset)?;
    let layout = tiff.layout();
    let count = tiff.integer(&tiff.read_at(offset, layout.count)?) as usize;
    let start = offset + layout.count as u64;
    let table = tiff.read_at(start, count * layout.entry)?;
    let records = table.chunks_exact(layout.entry).enumerate().map(|(index, bytes)| Record {
        tag: tiff.integer(bytes.get(..2).unwrap_or_default()) as u16,
        bytes: bytes.to_vec(),
        entry: tiff.entry(bytes, start + (index * layout.entry) as u64),
    });
    Some(Found { role, offset, records: records.collect(), next: directory.next })
}

/// All numbers of a field, none if there is no such field or it lies outside the file. `None`: there are more than `left`.
fn numbers(tiff: &Tiff<File>, directory: &Found, tag: u16, left: &mut usize) -> Option<Vec<u64>> {
    let is_there = |entry: &&Entry| {
        let last = entry.length_bytes.checked_sub(1).and_then(|rest| entry.offset.checked_add(rest));
        last.is_some_and(|last| tiff.read_at(last, 1).is_some())
    };
    let Some(entry) = directory.entry(tag).filter(is_there) else { return Some(Vec::new()) };
    *left = left.checked_sub(usize::try_from(entry.count).ok()?)?;
    Some(tiff.numbers(entry, entry.length_bytes).unwrap_or_default())
}

/// Where the compressed pictures of all directories lie.
///
/// # Errors
/// If there are more than any file has.
pub fn pictures(tiff: &Tiff<File>, directories: &[Found]) -> Result<Vec<Range<u64>>, MediaError> {
    let mut left = MAX_PLACES;
    let mut ranges = Vec::new();
    for directory in directories {
        let found = pictures_of(tiff, directory, &mut left);
        ranges.extend(found.ok_or_else(|| too_many("strips"))?);
    }
    Ok(ranges)
}

fn pictures_of(tiff: &Tiff<File>, directory: &Found, left: &mut usize) -> Option<Vec<Range<u64>>> {
    let mut numbers = |tag| numbers(tiff, directory, tag, left);
    let mut ranges = Vec::new();
    for (offsets, lengths) in [
        (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
        (tag::JPEG_OFFSET, tag::JPEG_BYTE_COUNT),
    ] {
        let lengths = numbers(lengths)?;
        for (index, offset) in numbers(offsets)?.into_iter().enumerate() {
            // A strip of unknown length could reach to the end.
            let end = lengths.get(index).map_or(u64::MAX, |length| offset.saturating_add(*length));
            ranges.push(offset..end);
        }
    }
    Some(ranges)
}
