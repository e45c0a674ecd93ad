//! The records of a ZIP archive without compression, as APPNOTE.TXT 6.3 describes them: local file header (4.3.7),
//! central directory header (4.3.12) and the end records with their ZIP64 forms (4.3.14 to 4.3.16).
//!
//! Sizes and CRC-32 stand in the local header, so no data descriptor follows the data and readers of streams work too.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A 32-bit field with this value says "look into the ZIP64 extra field"; a 16-bit one likewise.
const IN_ZIP64_32: u64 = 0xffff_ffff;
const IN_ZIP64_16: u64 = 0xffff;

const VERSION_PLAIN: u16 = 20;
const VERSION_ZIP64: u16 = 45;
/// Made on Unix, so that the permissions in the external attributes count.
const MADE_ON_UNIX: u16 = 3 << 8;
const NAME_IS_UTF8: u16 = 1 << 11;
const STORED: u16 = 0;
const READABLE_FILE: u32 = 0o100_644 << 16;

/// Date and time in the form of MS-DOS, to two seconds, without a zone; UTC here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DosTime {
    date: u16,
    time: u16,
}

impl DosTime {
    /// Years before 1980 and after 2107 cannot be written and become the nearest one that can.
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        let t = TimeZone::UTC.to_datetime(timestamp);
        let small = |n: i8| u16::try_from(n).unwrap_or(0);
        let year = u16::try_from(t.year().clamp(1980, 2107) - 1980).unwrap_or(0);
        Self {
            date: (year << 9) | (small(t.month()) << 5) | small(t.day()),
            time: (small(t.hour()) << 11) | (small(t.minute()) << 5) | (small(t.second()) / 2),
        }
    }
}

/// What both headers of a file say about it.
pub struct FileRecord<'a> {
    pub name: &'a str,
    pub size_bytes: u64,
    pub crc32: u32,
    pub modified: DosTime,
}

impl FileRecord<'_> {
    fn is_large(&self) -> bool {
        self.size_bytes >= IN_ZIP64_32
    }

    /// The length of [`Self::local_header`] in bytes.
    pub fn local_header_len(&self) -> u64 {
        30 + self.name.len() as u64 + if self.is_large() { 20 } else { 0 }
    }

    pub fn local_header(&self) -> Vec<u8> {
        let mut out = Writer(Vec::with_capacity(64 + self.name.len()));
        out.u32(0x0403_4b50);
        out.u16(if self.is_large() { VERSION_ZIP64 } else { VERSION_PLAIN });
        self.common(&mut out, if self.is_large() { 20 } else { 0 });
        out.bytes(self.name.as_bytes());
        if self.is_large() {
            out.u16(0x0001);
            out.u16(16);
            out.u64(self.size_bytes);
            out.u64(self.size_bytes);
        }
        out.0
    }

    /// Appends the entry of the central directory for a file whose local header is at `offset` bytes.
    pub fn write_central_header(&self, offset: u64, directory: &mut Vec<u8>) {
        let is_far = offset >= IN_ZIP64_32;
        let version = if self.is_large() || is_far { VERSION_ZIP64 } else { VERSION_PLAIN };
        let extra_len = if self.is_large() { 16 } else { 0 } + if is_far { 8 } else { 0 };
        let mut out = Writer(std::mem::take(directory));
        out.u32(0x0201_4b50);
        out.u16(MADE_ON_UNIX | version);
        out.u16(version);
        self.common(&mut out, if extra_len > 0 { extra_len + 4 } else { 0 });
        out.u16(0); // no comment
        out.u16(0); // first disk
        out.u16(0); // no internal attributes
        out.u32(READABLE_FILE);
        out.u32(saturated32(offset));
        out.bytes(self.name.as_bytes());
        if extra_len > 0 {
            out.u16(0x0001);
            out.u16(extra_len);
            if self.is_large() {
                out.u64(self.size_bytes);
                out.u64(self.size_bytes);
            }
            if is_far {
                out.u64(offset);
            }
        }
        *directory = out.0;
    }

    /// The fields that stand in both headers in the same order.
    fn common(&self, out: &mut Writer, extra_len: u16) {
        out.u16(NAME_IS_UTF8);
        out.u16(STORED);
        out.u16(self.modified.time);
        out.u16(self.modified.date);
        out.u32(self.crc32);
        out.u32(saturated32(self.size_bytes));
        out.u32(saturated32(self.size_bytes));
        out.u16(saturated16(self.name.len() as u64));
        out.u16(extra_len);
    }
}

/// Appends what closes the archive: the directory of `count` files begins at `offset` bytes.
pub fn write_end(count: u64, offset: u64, directory: &mut Vec<u8>) {
    let size = directory.len() as u64;
    let mut out = Writer(std::mem::take(directory));
    if count >= IN_ZIP64_16 || offset >= IN_ZIP64_32 || size >= IN_ZIP64_32 {
        out.u32(0x0606_4b50);
        out.u64(44); // length of the rest of this record
        out.u16(MADE_ON_UNIX | VERSION_ZIP64);
        out.u16(VERSION_ZIP64);
        out.u32(0); // this disk
        out.u32(0); // disk of the directory
        out.u64(count);
        out.u64(count);
        out.u64(size);
        out.u64(offset);
        out.u32(0x0706_4b50);
        out.u32(0);
        out.u64(offset.saturating_add(size));
        out.u32(1); // number of disks
    }
    out.u32(0x0605_4b50);
    out.u16(0);
    out.u16(0);
    out.u16(saturated16(count));
    out.u16(saturated16(count));
    out.u32(saturated32(size));
    out.u32(saturated32(offset));
    out.u16(0); // no comment
    *directory = out.0;
}

fn saturated32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn saturated16(value: u64) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// Little-endian, as all numbers in a ZIP are.
struct Writer(Vec<u8>);

impl Writer {
    fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
