//! The directories of a TIFF file, and of the EXIF block inside other formats, which is built the same way.

use std::fs::File;
use std::os::unix::fs::FileExt;

pub mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 0x00FE;
    /// Its forerunner.
    pub const SUBFILE_TYPE: u16 = 0x00FF;
    pub const IMAGE_WIDTH: u16 = 0x0100;
    pub const IMAGE_LENGTH: u16 = 0x0101;
    pub const BITS_PER_SAMPLE: u16 = 0x0102;
    pub const COMPRESSION: u16 = 0x0103;
    pub const PHOTOMETRIC: u16 = 0x0106;
    pub const FILL_ORDER: u16 = 0x010A;
    pub const IMAGE_DESCRIPTION: u16 = 0x010E;
    pub const MAKE: u16 = 0x010F;
    pub const ORIENTATION: u16 = 0x0112;
    pub const SAMPLES_PER_PIXEL: u16 = 0x0115;
    pub const PLANAR_CONFIGURATION: u16 = 0x011C;
    /// Whether fax rows tell only what differs from the row above.
    pub const T4_OPTIONS: u16 = 0x0124;
    pub const PREDICTOR: u16 = 0x013D;
    pub const INK_SET: u16 = 0x014C;
    pub const INK_NAMES: u16 = 0x014D;
    pub const SAMPLE_FORMAT: u16 = 0x0153;
    /// From where to where the axes of Lab go.
    pub const DECODE: u16 = 0x01B1;
    pub const YCBCR_COEFFICIENTS: u16 = 0x0211;
    pub const YCBCR_SUBSAMPLING: u16 = 0x0212;
    pub const REFERENCE_BLACK_WHITE: u16 = 0x0214;
    pub const ARTIST: u16 = 0x013B;
    pub const COLOR_MAP: u16 = 0x0140;
    pub const SUB_DIRECTORIES: u16 = 0x014A;
    pub const XMP: u16 = 0x02BC;
    pub const COPYRIGHT: u16 = 0x8298;
    pub const IIM: u16 = 0x83BB;
    pub const PHOTOSHOP: u16 = 0x8649;
    pub const WINDOWS_TITLE: u16 = 0x9C9B;
    pub const WINDOWS_COMMENT: u16 = 0x9C9C;
    pub const WINDOWS_AUTHOR: u16 = 0x9C9D;
    pub const WINDOWS_KEYWORDS: u16 = 0x9C9E;
    pub const WINDOWS_SUBJECT: u16 = 0x9C9F;
    pub const EXIF_DIRECTORY: u16 = 0x8769;
    pub const GPS_DIRECTORY: u16 = 0x8825;
    pub const MAKER_NOTE: u16 = 0x927C;
    pub const DATE_TIME_ORIGINAL: u16 = 0x9003;
    pub const OFFSET_TIME: u16 = 0x9010;
    pub const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
    pub const STRIP_OFFSETS: u16 = 0x0111;
    pub const STRIP_BYTE_COUNTS: u16 = 0x0117;
    pub const TILE_OFFSETS: u16 = 0x0144;
    pub const TILE_BYTE_COUNTS: u16 = 0x0145;
    /// The whole picture, of the first kind of JPEG in TIFF.
    pub const JPEG_OFFSET: u16 = 0x0201;
    pub const JPEG_BYTE_COUNT: u16 = 0x0202;
    pub const INTEROP_DIRECTORY: u16 = 0xA005;
    pub const MANIFEST_STORE: u16 = 0xCD41;
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
    /// Where that offset stands.
    pub next_at: u64,
}

/// How many bytes the parts of a directory take, which differs between TIFF and BigTIFF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The number of entries at the beginning.
    pub count: usize,
    pub entry: usize,
    /// Counts, offsets, and values that stand in the entry itself.
    pub field: usize,
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
    pub is_big_tiff: bool,
    /// Offset of the first directory.
    pub first: u64,
}

impl<S: Source> Tiff<S> {
    pub fn open(source: S) -> Option<Self> {
        let head = source.read_at(0, 8)?;
        if !is_header(&head) {
            return None;
        }
        let mut tiff = Self {
            is_little_endian: head.first() == Some(&b'I'),
            is_big_tiff: head.get(2..4).is_some_and(|magic| magic.contains(&b'+')),
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
        let layout = self.layout();
        let count = self.number_at(offset, layout.count)?;
        if offset == 0 || count > MAX_ENTRIES {
            return None;
        }
        let start = offset.checked_add(layout.count as u64)?;
        let table = self.read_at(start, count as usize * layout.entry)?;
        let mut directory = Directory::default();
        for (index, record) in table.chunks_exact(layout.entry).enumerate() {
            let at = start + (index * layout.entry) as u64;
            directory.entries.extend(self.entry(record, at));
        }
        directory.next_at = start + table.len() as u64;
        directory.next = self.number_at(directory.next_at, layout.field).unwrap_or(0);
        Some(directory)
    }

    /// Whether a directory is that of a smaller copy of another picture in the file.
    pub fn is_reduced(&self, directory: &Directory) -> bool {
        let number = |tag| directory.entry(tag).and_then(|entry| self.number(entry));
        number(tag::NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1)
            || number(tag::SUBFILE_TYPE).is_some_and(|kind| kind == 2)
    }

    /// The picture that is meant, and where its directory is: the first that is no smaller copy of another one, beneath
    /// the first page or behind it.
    pub fn picture_directory(&self) -> Option<(u64, Directory)> {
        /// Programs write one copy before the picture, or a few.
        const MAX_COPIES: usize = 16;
        let first = self.first_directory()?;
        if self.is_reduced(&first) {
            let beneath = first.entry(tag::SUB_DIRECTORIES);
            let beneath = beneath.and_then(|entry| self.numbers(entry, 8 * MAX_COPIES as u64));
            let mut beneath = beneath.unwrap_or_default().into_iter();
            if let Some(found) = beneath.find_map(|place| Some((place, self.whole_picture(place)?))) {
                return Some(found);
            }
            let mut next = first.next;
            for _ in 0..MAX_COPIES {
                if let Some(other) = self.whole_picture(next) {
                    return Some((next, other));
                }
                let Some(other) = self.directory(next) else { break };
                next = other.next;
            }
        }
        Some((self.first, first))
    }

    /// The directory at an offset, if it is that of a picture: neither a smaller copy nor what another one lets through.
    fn whole_picture(&self, offset: u64) -> Option<Directory> {
        const MASK: u64 = 4;
        let directory = self.directory(offset)?;
        let kind = directory.entry(tag::NEW_SUBFILE_TYPE).and_then(|entry| self.number(entry)).unwrap_or(0);
        let is_whole = !self.is_reduced(&directory) && kind & MASK == 0;
        (is_whole && directory.entry(tag::IMAGE_WIDTH).is_some()).then_some(directory)
    }

    /// Where the directory at an offset ends, if its beginning is there.
    pub fn directory_end(&self, offset: u64) -> Option<u64> {
        let layout = self.layout();
        let entries = self.number_at(offset, layout.count)?.checked_mul(layout.entry as u64)?;
        offset.checked_add(layout.count as u64)?.checked_add(entries)
    }

    /// An entry from its bytes and their offset in the file. `None`: its type is unknown, or its length absurd.
    pub fn entry(&self, record: &[u8], at: u64) -> Option<Entry> {
        let field = self.layout().field;
        let number = |at: usize, size: usize| Some(self.integer(record.get(at..at + size)?));
        let kind = number(2, 2)? as u16;
        let count = number(4, field)?;
        let length_bytes = count.checked_mul(type_size(kind)?)?;
        let is_inside = length_bytes <= field as u64;
        let offset = if is_inside { at + 4 + field as u64 } else { number(4 + field, field)? };
        Some(Entry { tag: number(0, 2)? as u16, kind, count, offset, length_bytes })
    }

    pub const fn layout(&self) -> Layout {
        if self.is_big_tiff {
            Layout { count: 8, entry: 20, field: 8 }
        } else {
            Layout { count: 2, entry: 12, field: 4 }
        }
    }

    /// A number in the byte order of the file.
    pub fn integer(&self, bytes: &[u8]) -> u64 {
        let append = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        if self.is_little_endian { bytes.iter().rev().fold(0, append) } else { bytes.iter().fold(0, append) }
    }

    pub fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        self.source.read_at(offset, length)
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
        let size = integer_size(entry.kind).filter(|_| entry.count > 0)?;
        self.number_at(entry.offset, size)
    }

    /// All numbers of an integer field, unless they take more than `max_bytes`.
    pub fn numbers(&self, entry: &Entry, max_bytes: u64) -> Option<Vec<u64>> {
        let size = integer_size(entry.kind)?;
        let bytes = self.bytes(entry, max_bytes)?;
        Some(bytes.chunks_exact(size).map(|number| self.integer(number)).collect())
    }

    /// The fractions of a field that holds a few of them.
    pub fn fractions(&self, entry: &Entry) -> Option<Vec<f32>> {
        const MAX_BYTES: u64 = 8 * 64;
        let is_signed = match entry.kind {
            5 => false,
            10 => true,
            _ => return None,
        };
        let number = |bytes: &[u8]| {
            let number = self.integer(bytes) as u32;
            if is_signed { number.cast_signed() as f32 } else { number as f32 }
        };
        let bytes = self.bytes(entry, MAX_BYTES)?;
        let fraction = |[above, below]: &[[u8; 4]; 2]| number(above) / number(below);
        let fractions: Vec<f32> = bytes.as_chunks::<4>().0.as_chunks::<2>().0.iter().map(fraction).collect();
        fractions.iter().all(|fraction| fraction.is_finite()).then_some(fractions)
    }

    fn number_at(&self, offset: u64, size: usize) -> Option<u64> {
        self.read_at(offset, size).map(|bytes| self.integer(&bytes))
    }
}

/// Bytes of a field type that holds whole numbers.
const fn integer_size(kind: u16) -> Option<usize> {
    match kind {
        1 | 6 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 13 => Some(4),
        16..=18 => Some(8),
        _ => None,
    }
}

const fn type_size(kind: u16) -> Option<u64> {
    match kind {
        // 129: the text type of EXIF 3, always UTF-8.
        1 | 2 | 6 | 7 | 129 => Some(1),
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

/// Whether the TIFF coat holds sensor data: its first directory is then a camera's preview, or says so otherwise.
pub fn is_camera_raw(head: &[u8]) -> bool {
    if is_header(head) && head.get(8..10) == Some(b"CR") {
        return true;
    }
    let Some(tiff) = Tiff::open(head) else { return false };
    let Some(directory) = tiff.first_directory() else { return false };
    let is_raw = |directory: &Directory| {
        let number = |tag| directory.entry(tag).and_then(|entry| tiff.number(entry));
        // Colour filter array and linear raw; and what Sony, Nikon, Kodak and Pentax pack such data with.
        matches!(number(tag::PHOTOMETRIC), Some(32803 | 34892))
            || matches!(number(tag::COMPRESSION), Some(32767 | 32769 | 34713 | 65000 | 65535))
    };
    // Scanners' programs, too, put a small copy before the picture.
    let picture = tiff.picture_directory().filter(|(place, _)| *place != tiff.first);
    directory.entry(tag::DNG_VERSION).is_some()
        || is_raw(&directory)
        || picture.as_ref().is_some_and(|(_, picture)| is_raw(picture))
        || directory.entry(tag::MAKE).is_some() && tiff.is_reduced(&directory) && picture.is_none()
}
