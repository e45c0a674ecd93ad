//! The directories of a TIFF file, and of the EXIF block inside other formats, which is built the same way.

use std::fs::File;
use std::os::unix::fs::FileExt;

pub mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 0x00FE;
    pub const IMAGE_WIDTH: u16 = 0x0100;
    pub const IMAGE_LENGTH: u16 = 0x0101;
    pub const PHOTOMETRIC: u16 = 0x0106;
    pub const IMAGE_DESCRIPTION: u16 = 0x010E;
    pub const ORIENTATION: u16 = 0x0112;
    pub const ARTIST: u16 = 0x013B;
    pub const XMP: u16 = 0x02BC;
    pub const COPYRIGHT: u16 = 0x8298;
    pub const IIM: u16 = 0x83BB;
    pub const PHOTOSHOP: u16 = 0x8649;
    pub const EXIF_DIRECTORY: u16 = 0x8769;
    pub const GPS_DIRECTORY: u16 = 0x8825;
    pub const DATE_TIME_ORIGINAL: u16 = 0x9003;
    pub const OFFSET_TIME: u16 = 0x9010;
    pub const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
    pub const DNG_VERSION: u16 = 0xC612;
}

const MAX_ENTRIES: u64 = 4096;

/// Bytes that can be read anywhere: a block in memory or a file.
pub trait Source {
    /// Exactly `length` bytes from `offset`, or nothing.
    fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>>;
}

impl Source for &[u8] {
    fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        let start = usize::try_from(offset).ok()?;
        self.get(start..start.checked_add(length)?).map(<[u8]>::to_vec)
    }
}

impl Source for File {
    fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        let mut buffer = vec![0; length];
        self.read_exact_at(&mut buffer, offset).ok()?;
        Some(buffer)
    }
}

/// One field of a directory; its value stays where it is until asked for.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub tag: u16,
    /// The TIFF field type, 1 to 13 and, in BigTIFF, 16 to 18.
    pub kind: u16,
    pub count: u64,
    pub offset: u64,
    pub length_bytes: u64,
}

#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub entries: Vec<Entry>,
    /// Offset of the next directory, 0 for none.
    pub next: u64,
}

impl Directory {
    pub fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }
}

/// A TIFF structure over some bytes.
pub struct Tiff<S> {
    source: S,
    pub is_little_endian: bool,
    is_big_tiff: bool,
    first: u64,
}

impl<S: Source> Tiff<S> {
    pub fn open(source: S) -> Option<Self> {
        let head = source.read_at(0, 8)?;
        if !is_header(&head) {
            return None;
        }
        let mut tiff = Self {
            is_little_endian: head.first() == Some(&b'I'),
            is_big_tiff: head.contains(&b'+'),
            first: 0,
            source,
        };
        tiff.first = if tiff.is_big_tiff { tiff.number_at(8, 8)? } else { tiff.number_at(4, 4)? };
        Some(tiff)
    }

    pub fn first_directory(&self) -> Option<Directory> {
        self.directory(self.first)
    }

    /// The directory at an offset; entries whose type is unknown are left out.
    pub fn directory(&self, offset: u64) -> Option<Directory> {
        let (count_size, entry_size, field_size) = if self.is_big_tiff { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number_at(offset, count_size)?;
        if offset == 0 || count > MAX_ENTRIES {
            return None;
        }
        let start = offset.checked_add(count_size as u64)?;
        let mut directory = Directory::default();
        for index in 0..count {
            let at = start.checked_add(index * entry_size)?;
            let kind = self.number_at(at + 2, 2)? as u16;
            let count = self.number_at(at + 4, field_size)?;
            let Some(size) = type_size(kind) else { continue };
            let length_bytes = count.checked_mul(size)?;
            let field = at + 4 + field_size as u64;
            let offset =
                if length_bytes <= field_size as u64 { field } else { self.number_at(field, field_size)? };
            directory.entries.push(Entry {
                tag: self.number_at(at, 2)? as u16,
                kind,
                count,
                offset,
                length_bytes,
            });
        }
        directory.next = self.number_at(start.checked_add(count * entry_size)?, field_size).unwrap_or(0);
        Some(directory)
    }

    /// The directory that an entry of another one points to.
    pub fn sub_directory(&self, directory: &Directory, tag: u16) -> Option<Directory> {
        self.directory(self.number(directory.entry(tag)?)?)
    }

    /// The raw bytes of a value, unless there are more than `max_bytes`.
    pub fn bytes(&self, entry: &Entry, max_bytes: u64) -> Option<Vec<u8>> {
        if entry.length_bytes > max_bytes {
            return None;
        }
        self.source.read_at(entry.offset, usize::try_from(entry.length_bytes).ok()?)
    }

    /// The first number of an integer field.
    pub fn number(&self, entry: &Entry) -> Option<u64> {
        let size = type_size(entry.kind).filter(|size| matches!(size, 1 | 2 | 4 | 8))?;
        if entry.count == 0 || matches!(entry.kind, 2 | 5 | 7 | 10 | 11 | 12) {
            return None;
        }
        self.number_at(entry.offset, size as usize)
    }

    fn number_at(&self, offset: u64, size: usize) -> Option<u64> {
        let mut bytes = self.source.read_at(offset, size)?;
        if self.is_little_endian {
            bytes.reverse();
        }
        Some(bytes.into_iter().fold(0, |number, byte| (number << 8) | u64::from(byte)))
    }
}

const fn type_size(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

/// Whether a file begins like TIFF or BigTIFF.
pub fn is_header(head: &[u8]) -> bool {
    matches!(head.get(..4), Some(b"II*\0" | b"MM\0*" | b"II+\0" | b"MM\0+"))
}

/// Whether the TIFF coat holds sensor data: its first directory is then a preview, or says so otherwise.
pub fn is_camera_raw(head: &[u8]) -> bool {
    if is_header(head) && head.get(8..10) == Some(b"CR") {
        return true;
    }
    let Some(tiff) = Tiff::open(head) else { return false };
    let Some(directory) = tiff.first_directory() else { return false };
    let number = |tag| directory.entry(tag).and_then(|entry| tiff.number(entry));
    directory.entry(tag::DNG_VERSION).is_some()
        || number(tag::NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1)
        // Colour filter array and linear raw.
        || matches!(number(tag::PHOTOMETRIC), Some(32803 | 34892))
}
