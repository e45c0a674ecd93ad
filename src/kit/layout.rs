//! Where every byte of a kit comes from: the length is known before a byte is read, and any range can be answered.

use std::collections::HashSet;
use std::ops::Range;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::zip_records::{DosTime, FileRecord, write_end};

/// Where the bytes of a file in the archive are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the blob store, under this hash in lower-case hexadecimal.
    Blob { sha256: String },
    /// Here.
    Inline(Bytes),
}

/// A file of the archive, stored as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipEntry {
    /// Path inside the archive: relative, with `/` between folders.
    pub name: String,
    pub size_bytes: u64,
    /// CRC-32 (ISO 3309) of the bytes.
    pub crc32: u32,
    pub source: Source,
}

impl ZipEntry {
    /// A file whose bytes are at hand.
    pub fn inline(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            size_bytes: bytes.len() as u64,
            crc32: crc32fast::hash(&bytes),
            source: Source::Inline(bytes),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    #[error("`{0}` cannot be the path of a file in an archive")]
    Name(String),
    #[error("`{0}` stands twice in the archive for readers that ignore case")]
    Twice(String),
    #[error("`{0}` has another length than its bytes")]
    Length(String),
    #[error("The archive would be longer than 2^64 bytes")]
    TooLong,
}

/// A run of bytes of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Bytes(Bytes),
    /// These bytes of a blob.
    Blob {
        sha256: String,
        range: Range<u64>,
    },
}

impl Part {
    pub fn len_bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Blob { range, .. } => range.end - range.start,
        }
    }
}

/// A laid-out archive. Its memory grows with the number of files, not with their size: about 150 bytes and
/// twice the name for each.
#[derive(Debug)]
pub struct ZipLayout {
    entries: Vec<ZipEntry>,
    /// Where each local header begins, in bytes.
    starts: Vec<u64>,
    modified: DosTime,
    /// Central directory and end records.
    tail: Bytes,
    tail_start: u64,
    etag: String,
}

impl ZipLayout {
    /// Lays the files out in the given order. `modified` is the time every file carries; take one that changes
    /// only with the content, so that the same kit has the same bytes on every node.
    pub fn new(entries: Vec<ZipEntry>, modified: Timestamp) -> Result<Self, LayoutError> {
        check(&entries)?;
        let modified = DosTime::from_timestamp(modified);
        let mut starts = Vec::with_capacity(entries.len());
        let mut tail = Vec::new();
        let mut at: u64 = 0;
        for entry in &entries {
            let record = record(entry, modified);
            starts.push(at);
            record.write_central_header(at, &mut tail);
            at = at
                .checked_add(record.local_header_len())
                .and_then(|at| at.checked_add(entry.size_bytes))
                .ok_or(LayoutError::TooLong)?;
        }
        write_end(entries.len() as u64, at, &mut tail);
        at.checked_add(tail.len() as u64).ok_or(LayoutError::TooLong)?;
        let etag = etag(&tail, &entries);
        Ok(Self { entries, starts, modified, tail: tail.into(), tail_start: at, etag })
    }

    /// The length of the archive in bytes, exactly.
    #[expect(clippy::len_without_is_empty, reason = "an archive without files still has its end record")]
    pub fn len(&self) -> u64 {
        self.tail_start + self.tail.len() as u64
    }

    /// A strong entity tag with its quotation marks. It changes with every name, size, time, order and content.
    pub fn etag(&self) -> &str {
        &self.etag
    }

    pub fn entries(&self) -> &[ZipEntry] {
        &self.entries
    }

    /// The runs of bytes that make up `range` of the archive, in order, without empty ones.
    /// What lies behind the end is left out.
    pub fn parts(&self, range: Range<u64>) -> impl Iterator<Item = Part> + '_ {
        let first = self.starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        let last = self.starts.partition_point(|start| *start < range.end).max(first);
        let tail_range = range.clone();
        let files = (first..last).flat_map(move |i| self.file_parts(i, &range));
        let tail =
            cut(&tail_range, self.tail_start, self.tail.len() as u64).map(|cut| slice(&self.tail, &cut));
        files.chain(tail)
    }

    /// The parts of one file, header and data, that lie in `range`.
    fn file_parts(&self, i: usize, range: &Range<u64>) -> impl Iterator<Item = Part> + use<> {
        let (entry, start) = (&self.entries[i], self.starts[i]);
        let record = record(entry, self.modified);
        let header_len = record.local_header_len();
        let header = cut(range, start, header_len).map(|cut| slice(&record.local_header().into(), &cut));
        let data = cut(range, start + header_len, entry.size_bytes).map(|cut| match &entry.source {
            Source::Blob { sha256 } => Part::Blob { sha256: sha256.clone(), range: cut },
            Source::Inline(bytes) => slice(bytes, &cut),
        });
        header.into_iter().chain(data)
    }
}

fn record(entry: &ZipEntry, modified: DosTime) -> FileRecord<'_> {
    FileRecord { name: &entry.name, size_bytes: entry.size_bytes, crc32: entry.crc32, modified }
}

/// The piece of a run of `len` bytes at `start` that lies in `range`, counted from the run's own begin.
fn cut(range: &Range<u64>, start: u64, len: u64) -> Option<Range<u64>> {
    let from = range.start.max(start);
    let to = range.end.min(start + len);
    (from < to).then(|| from - start..to - start)
}

/// A piece of bytes in memory, whose positions fit `usize`.
fn slice(bytes: &Bytes, range: &Range<u64>) -> Part {
    let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(bytes.len());
    Part::Bytes(bytes.slice(at(range.start)..at(range.end)))
}

fn check(entries: &[ZipEntry]) -> Result<(), LayoutError> {
    let mut seen = HashSet::with_capacity(entries.len());
    for entry in entries {
        let name = &entry.name;
        let plain = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !plain || name.contains(['\\', '\0', '\n', '\r']) || name.len() >= 0xffff {
            return Err(LayoutError::Name(name.clone()));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(LayoutError::Twice(name.clone()));
        }
        if let Source::Inline(bytes) = &entry.source
            && bytes.len() as u64 != entry.size_bytes
        {
            return Err(LayoutError::Length(name.clone()));
        }
    }
    Ok(())
}

/// The directory says names, sizes, CRCs, times and places; the blobs' hashes say the rest that a CRC may miss.
fn etag(tail: &[u8], entries: &[ZipEntry]) -> String {
    let mut hash = Sha256::new();
    hash.update(tail);
    for entry in entries {
        if let Source::Blob { sha256 } = &entry.source {
            hash.update(sha256);
        }
    }
    format!("\"{}\"", hex::encode(&hash.finalize()[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::io::{Read as _, Seek, SeekFrom, Write};
    use std::process::Command;

    fn day() -> Timestamp {
        "2026-11-24T12:34:56Z".parse().unwrap()
    }

    /// Names and bytes.
    type Files = Vec<(String, Vec<u8>)>;

    /// 26 files, 13 of them blobs, with names from several scripts, one of them empty.
    fn sample() -> (ZipLayout, HashMap<String, Vec<u8>>, Files) {
        let mut blobs = HashMap::new();
        let mut files = Vec::new();
        let mut entries = Vec::new();
        for i in 0..26_usize {
            let name = match i % 4 {
                0 => format!("fotos/Größe-ß-{i:02}.jpg"),
                1 => format!("fotos/展示会-{i:02}.jpg"),
                2 => format!("fotos/plain-{i:02}.txt"),
                _ => format!("Übersicht-{i:02}.csv"),
            };
            let len = if i == 5 { 0 } else { i * 997 + 3 };
            let bytes: Vec<u8> = (0..len).map(|n| u8::try_from((n * 31 + i) % 251).unwrap()).collect();
            let mut entry = ZipEntry::inline(name.clone(), bytes.clone());
            if i % 2 == 0 {
                let sha256 = hex::encode(Sha256::digest(&bytes));
                blobs.insert(sha256.clone(), bytes.clone());
                entry.source = Source::Blob { sha256 };
            }
            files.push((name, bytes));
            entries.push(entry);
        }
        (ZipLayout::new(entries, day()).unwrap(), blobs, files)
    }

    fn assemble(layout: &ZipLayout, blobs: &HashMap<String, Vec<u8>>, range: Range<u64>) -> Vec<u8> {
        let mut out = Vec::new();
        for part in layout.parts(range) {
            assert!(part.len_bytes() > 0);
            match part {
                Part::Bytes(bytes) => out.extend_from_slice(&bytes),
                Part::Blob { sha256, range } => {
                    let at = |n: u64| usize::try_from(n).unwrap();
                    out.extend_from_slice(&blobs[&sha256][at(range.start)..at(range.end)]);
                }
            }
        }
        out
    }

    fn python(script: &str, path: &std::path::Path) -> String {
        let output = Command::new("python3").arg("-c").arg(script).arg(path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn other_programs_read_what_the_parts_make_up() {
        let (layout, blobs, files) = sample();
        let whole = assemble(&layout, &blobs, 0..layout.len());
        assert_eq!(whole.len() as u64, layout.len());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kit.zip");
        std::fs::write(&path, &whole).unwrap();

        let unzip = Command::new("unzip").arg("-t").arg(&path).output().unwrap();
        assert!(unzip.status.success(), "{}", String::from_utf8_lossy(&unzip.stdout));
        let info = Command::new("unzip").args(["-Z", "-v"]).arg(&path).output().unwrap();
        let info = String::from_utf8_lossy(&info.stdout).into_owned();
        let info = info.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(info.matches("extended local header: no").count(), 26);
        assert!(info.contains("2026 Nov 24 12:34:56"));
        let listed = python(
            "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
             for i in z.infolist(): print(i.filename, i.file_size, z.read(i).hex()[:8], i.external_attr>>16)",
            &path,
        );
        for ((name, bytes), line) in files.iter().zip(listed.lines()) {
            let start: String = hex::encode(bytes).chars().take(8).collect();
            assert_eq!(line, format!("{name} {} {start} 33188", bytes.len()));
        }
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
        assert_eq!(archive.len(), 26);
        let mut read = Vec::new();
        archive.by_name("fotos/展示会-25.jpg").unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, files[25].1);
    }

    #[test]
    fn every_range_is_a_slice_of_the_whole() {
        let (layout, blobs, _) = sample();
        let whole = assemble(&layout, &blobs, 0..layout.len());
        let len = layout.len();
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % (len + 1)
        };
        let mut ranges: Vec<Range<u64>> =
            vec![0..0, 0..1, len - 1..len, len..len, 29..31, 0..len + 99, len..len + 5];
        ranges.extend(layout.starts.iter().flat_map(|s| [*s..s + 1, s.saturating_sub(1)..s + 31]));
        ranges.extend((0..300).map(|_| {
            let (a, b) = (random(), random());
            a.min(b)..a.max(b)
        }));
        for range in ranges {
            let at = |n: u64| usize::try_from(n.min(len)).unwrap();
            let expected = &whole[at(range.start)..at(range.end)];
            assert_eq!(assemble(&layout, &blobs, range.clone()), expected, "{range:?}");
        }
    }

    /// Writes the archive with holes where the data of blobs would be.
    fn write_sparse(layout: &ZipLayout, path: &std::path::Path) {
        let mut file = std::fs::File::create(path).unwrap();
        for part in layout.parts(0..layout.len()) {
            match part {
                Part::Bytes(bytes) => file.write_all(&bytes).unwrap(),
                Part::Blob { range, .. } => {
                    let _ = file
                        .seek(SeekFrom::Current(i64::try_from(range.end - range.start).unwrap()))
                        .unwrap();
                }
            }
        }
        assert_eq!(file.metadata().unwrap().len(), layout.len());
    }

    #[test]
    fn files_and_archives_past_four_gigabytes_are_found() {
        let large: u64 = 5 * 1024 * 1024 * 1024;
        let blob = |name: &str, size_bytes| ZipEntry {
            name: name.to_owned(),
            size_bytes,
            crc32: 0,
            source: Source::Blob { sha256: "0".repeat(64) },
        };
        let entries = vec![
            ZipEntry::inline("first.txt", "first"),
            blob("film.mp4", large),
            ZipEntry::inline("last.txt", "behind the film"),
            blob("just-above.bin", 0x1_0000_0000),
            blob("just-below.bin", 0xffff_fffe),
        ];
        let layout = ZipLayout::new(entries, day()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("large.zip");
        write_sparse(&layout, &path);
        let listed = python(
            "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\n\
             for i in z.infolist(): print(i.filename, i.file_size, i.header_offset)\n\
             print(z.read('last.txt').decode())\nprint(z.open('film.mp4').read(4).hex())\nprint(z.open('just-below.bin').read(4).hex())",
            &path,
        );
        let film_start = 30 + 9 + 5;
        let last_start = film_start + 30 + 8 + 20 + large;
        let lines: Vec<&str> = listed.lines().collect();
        assert_eq!(lines[1], format!("film.mp4 {large} {film_start}"));
        assert_eq!(lines[2], format!("last.txt 15 {last_start}"));
        assert_eq!(lines[5..], ["behind the film", "00000000", "00000000"]);
        let listed = Command::new("unzip").arg("-l").arg(&path).output().unwrap();
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        assert!(String::from_utf8_lossy(&listed.stdout).contains("5 files"));
    }

    #[test]
    fn seventy_thousand_files_are_counted() {
        let entries: Vec<ZipEntry> =
            (0..70_000).map(|i| ZipEntry::inline(format!("n/{i}.txt"), format!("{i}"))).collect();
        let layout = ZipLayout::new(entries, day()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("many.zip");
        write_sparse(&layout, &path);
        let read = python(
            "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nprint(len(z.namelist()), z.read('n/69999.txt').decode())",
            &path,
        );
        assert_eq!(read.trim(), "70000 69999");
    }

    #[test]
    fn the_tag_changes_with_everything_and_with_nothing_else() {
        let one = |name: &str, text: &'static str, at| {
            ZipLayout::new(vec![ZipEntry::inline(name, text)], at).unwrap().etag().to_owned()
        };
        let tag = one("a.txt", "abc", day());
        assert_eq!(tag, one("a.txt", "abc", day()));
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() == 34);
        assert_ne!(tag, one("b.txt", "abc", day()));
        assert_ne!(tag, one("a.txt", "abd", day()));
        assert_ne!(tag, one("a.txt", "abc", "2026-11-25T00:00:00Z".parse().unwrap()));
        let blob = |hash: &str| {
            let source = Source::Blob { sha256: hash.repeat(64) };
            let entry = ZipEntry { name: "a".to_owned(), size_bytes: 3, crc32: 7, source };
            ZipLayout::new(vec![entry], day()).unwrap().etag().to_owned()
        };
        assert_ne!(blob("a"), blob("b"), "two contents with the same CRC");
    }

    #[test]
    fn names_that_could_harm_are_refused() {
        for name in ["", "/etc/passwd", "a/../b", "a//b", "a\\b", "dir/", "a\nb", "."] {
            let made = ZipLayout::new(vec![ZipEntry::inline(name, "x")], day());
            assert!(matches!(made, Err(LayoutError::Name(_))), "{name:?}");
        }
        let twice = vec![ZipEntry::inline("Ä.txt", "x"), ZipEntry::inline("ä.TXT", "y")];
        assert!(matches!(ZipLayout::new(twice, day()), Err(LayoutError::Twice(_))));
        let mut wrong = ZipEntry::inline("a", "abc");
        wrong.size_bytes = 4;
        assert!(matches!(ZipLayout::new(vec![wrong], day()), Err(LayoutError::Length(_))));
    }

    #[test]
    fn an_empty_archive_is_an_archive() {
        let layout = ZipLayout::new(Vec::new(), day()).unwrap();
        let whole = assemble(&layout, &HashMap::new(), 0..layout.len());
        assert_eq!(whole.len(), 22);
        assert_eq!(zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap().len(), 0);
    }
}
