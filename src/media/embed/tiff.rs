//! Metadata into a TIFF file, from file to file: the pictures may be larger than memory and stay where they are.
//!
//! The file is copied. What is new, the first page's directory included, is appended; the header points there
//! at last. What the old directories alone pointed to is overwritten with zeros, so that nothing of it lies in
//! the bytes any more. Other pages lose what is private and nothing else.

pub(super) mod ranges;
mod walk;

use super::wanted::Wanted;
use super::xmp::Stripped;
use super::{exif, iim, xmp};
use crate::media::MediaError;
use crate::media::container::tiff::{Tiff, tag};
use crate::media::metadata::exif as reading;
use crate::media::metadata::iim::{RESOURCE_IIM, RESOURCES_EXIF_AND_XMP, datasets, resources};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use walk::{Found, Record, Role};

const MAX_PACKET_BYTES: u64 = 16 * 1024 * 1024;
/// Of all pages behind the first together, which may point to the same bytes; a page has some kilobytes.
const MAX_PACKETS_BYTES: u64 = 32 * 1024 * 1024;
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

const BYTE: u16 = 1;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const UNDEFINED: u16 = 7;
const LONG8: u16 = 16;

/// Fields of the first page that we write ourselves.
const OURS: [u16; 6] =
    [tag::XMP, tag::IIM, tag::PHOTOSHOP, tag::IMAGE_DESCRIPTION, tag::ARTIST, tag::COPYRIGHT];

/// Writes a copy of a file with metadata in it. `false`: the file is not understood, and nothing was written.
///
/// # Errors
/// If a file cannot be read or written, or has too many directories or bytes for its kind of offsets.
pub fn write(input: &Path, output: &Path, wanted: &Wanted) -> Result<bool, MediaError> {
    let Some(tiff) = Tiff::open(File::open(input)?) else { return Ok(false) };
    let directories = walk::directories(&tiff)?;
    let Some(main) = directories.first().filter(|directory| directory.role == Role::Main) else {
        return Ok(false);
    };
    let pictures = walk::pictures(&tiff, &directories)?;
    std::fs::copy(input, output)?;
    let file = File::options().write(true).open(output)?;
    let length = file.metadata()?.len();
    let mut copy = Copy {
        tiff: &tiff,
        file,
        end: length.next_multiple_of(8),
        dead: Vec::new(),
        kept: pictures,
        left_bytes: MAX_PACKETS_BYTES,
    };

    let capture = directories.iter().find(|directory| directory.role == Role::MainCapture);
    let capture_at = copy.put_capture(capture, wanted)?;
    let main_at = copy.put_main(main, capture_at, wanted)?;
    for directory in &directories {
        match directory.role {
            Role::Main => {}
            Role::MainCapture if capture_at.is_some() => {}
            Role::Position if !wanted.keeps_private => copy.forget(directory),
            Role::Other if !wanted.keeps_private => copy.strip(directory)?,
            _ => copy.keep(directory),
        }
        if directory.role != Role::Main && directory.next == main.offset {
            let end = directory.table(&tiff).end;
            let size = tiff.layout().field;
            copy.file.write_all_at(&copy.number(0, size)?, end - size as u64)?;
        }
    }
    copy.erase(length)?;
    let (header_at, size) = if tiff.is_big_tiff { (8, 8) } else { (4, 4) };
    let pointer = copy.number(main_at, size)?;
    copy.file.write_all_at(&pointer, header_at)?;
    Ok(true)
}

struct Copy<'a> {
    tiff: &'a Tiff<File>,
    file: File,
    /// Where the next part is appended.
    end: u64,
    dead: Vec<Range<u64>>,
    kept: Vec<Range<u64>>,
    /// What may still be read of the packets of other pages.
    left_bytes: u64,
}

impl Copy<'_> {
    /// The first page's directory, anew; where it is.
    fn put_main(
        &mut self,
        main: &Found,
        capture_at: Option<u64>,
        wanted: &Wanted,
    ) -> Result<u64, MediaError> {
        let tiff = self.tiff;
        let value =
            |tag| main.entry(tag).and_then(|entry| tiff.bytes(entry, MAX_PACKET_BYTES)).unwrap_or_default();
        let old_xmp = Some(value(tag::XMP)).filter(|packet| !packet.is_empty());
        let photoshop = value(tag::PHOTOSHOP);
        let mut old_iim = value(tag::IIM);
        if datasets(&old_iim).is_empty() {
            let inner = resources(&photoshop).into_iter().find(|resource| resource.id == RESOURCE_IIM);
            old_iim = inner.map(|resource| resource.data.to_vec()).unwrap_or_default();
        }
        let mut new_iim = iim::datasets(wanted, &old_iim);
        // As words of four bytes, wrong as it is: what Photoshop does and readers expect.
        new_iim.resize(new_iim.len().next_multiple_of(4), 0);
        let block = iim::photoshop_block_beside(&new_iim, &photoshop);

        let mut records = Vec::new();
        let is_dated_anew = !exif::date_changes(&reading::read(tiff).date_created, wanted).is_empty();
        let replaced = |record: &Record| {
            OURS.contains(&record.tag)
                || record.tag == tag::EXIF_DIRECTORY && capture_at.is_some()
                || record.tag == tag::DATE_TIME_ORIGINAL && is_dated_anew
        };
        for record in &main.records {
            if replaced(record) || is_left_out(record.tag, wanted) {
                self.dead.extend(self.outside(record));
            } else {
                self.kept.extend(self.outside(record));
                records.push(record.bytes.clone());
            }
        }
        self.dead.push(main.table(tiff));
        records.push(self.put_value(tag::XMP, BYTE, xmp::packet(wanted, old_xmp.as_deref()).as_bytes())?);
        records.push(self.put_value(tag::IIM, LONG, &new_iim)?);
        records.push(self.put_value(tag::PHOTOSHOP, BYTE, &block)?);
        for (tag, text) in exif::texts(wanted) {
            if !text.is_empty() {
                records.push(self.put_value(tag, exif::ASCII, &[text.as_bytes(), b"\0"].concat())?);
            }
        }
        if let Some(at) = capture_at {
            let (kind, size) = if tiff.is_big_tiff { (LONG8, 8) } else { (LONG, 4) };
            let pointer = self.number(at, size)?;
            records.push(self.put_value(tag::EXIF_DIRECTORY, kind, &pointer)?);
        }
        // A chain that is a loop leads to where nothing is any more.
        self.put_directory(records, if main.next == main.offset { 0 } else { main.next })
    }

    /// The capture data of the first page, anew if anything in there changes; where they are then.
    fn put_capture(&mut self, old: Option<&Found>, wanted: &Wanted) -> Result<Option<u64>, MediaError> {
        let changes = exif::date_changes(&reading::read(self.tiff).date_created, wanted);
        let is_changed = |tag: u16| changes.iter().any(|(changed, _)| *changed == tag);
        let records = old.map(|directory| &*directory.records).unwrap_or_default();
        let leaves =
            |record: &Record| is_changed(record.tag) || exif::is_dropped(record.tag, wanted.keeps_private);
        let adds = changes.iter().any(|(_, text)| text.is_some());
        if !adds && !records.iter().any(leaves) {
            return Ok(None);
        }
        let mut left = Vec::new();
        for record in records {
            if leaves(record) {
                self.dead.extend(self.outside(record));
            } else {
                self.kept.extend(self.outside(record));
                left.push(record.bytes.clone());
            }
        }
        self.dead.extend(old.map(|directory| directory.table(self.tiff)));
        if old.is_none() {
            // What the standard demands of every such directory: versions, and colours that a profile explains.
            left.push(self.put_value(0x9000, UNDEFINED, b"0232")?);
            left.push(self.put_value(0xA000, UNDEFINED, b"0100")?);
            let uncalibrated = self.number(0xFFFF, 2)?;
            left.push(self.put_value(0xA001, SHORT, &uncalibrated)?);
        }
        for (tag, text) in changes {
            if let Some(text) = text {
                left.push(self.put_value(tag, exif::ASCII, &[text.as_bytes(), b"\0"].concat())?);
            }
        }
        self.put_directory(left, 0).map(Some)
    }

    /// Another page or preview: what is private goes, its place in the file stays.
    fn strip(&mut self, directory: &Found) -> Result<(), MediaError> {
        let tiff = self.tiff;
        let mut left = Vec::new();
        for record in &directory.records {
            let is_kept = match record.tag {
                tag::XMP => self.strip_packet(record)?,
                tag::PHOTOSHOP => {
                    let block = self.packet(record);
                    let has_copies = |block: Vec<u8>| {
                        resources(&block).iter().any(|each| RESOURCES_EXIF_AND_XMP.contains(&each.id))
                    };
                    !block.is_none_or(has_copies)
                }
                other => !exif::is_private(other) && other != tag::MANIFEST_STORE,
            };
            if is_kept {
                self.kept.extend(self.outside(record));
                left.push(record.bytes.clone());
            } else {
                self.dead.extend(self.outside(record));
            }
        }
        let table = directory.table(tiff);
        self.kept.push(table.clone());
        if left.len() < directory.records.len() {
            let mut bytes = self.directory_bytes(&left, directory.next)?;
            bytes.resize((table.end - table.start) as usize, 0);
            self.file.write_all_at(&bytes, table.start)?;
        }
        Ok(())
    }

    /// The value of another page's record; `None` for one that is too long, or when too much has been read before.
    fn packet(&mut self, record: &Record) -> Option<Vec<u8>> {
        let entry = record.entry?;
        let packet = self.tiff.bytes(&entry, MAX_PACKET_BYTES.min(self.left_bytes))?;
        self.left_bytes -= packet.len() as u64;
        Some(packet)
    }

    /// Whether a page's packet may stay: rewritten without what is private, if it still fits.
    fn strip_packet(&mut self, record: &Record) -> Result<bool, MediaError> {
        let (Some(entry), Some(old)) = (record.entry, self.packet(record)) else { return Ok(false) };
        match xmp::without_private(&old) {
            Stripped::Whole => Ok(true),
            Stripped::Rewritten(mut new) if new.len() <= old.len() => {
                // Blanks behind a packet are part of the format.
                new.resize(old.len(), b' ');
                self.file.write_all_at(&new, entry.offset)?;
                Ok(true)
            }
            Stripped::Rewritten(_) | Stripped::Unreadable => Ok(false),
        }
    }

    fn keep(&mut self, directory: &Found) {
        self.kept.push(directory.table(self.tiff));
        for record in &directory.records {
            self.kept.extend(self.outside(record));
        }
    }

    fn forget(&mut self, directory: &Found) {
        self.dead.push(directory.table(self.tiff));
        for record in &directory.records {
            self.dead.extend(self.outside(record));
        }
    }

    /// Where the value of a record is, if it does not stand in the record itself.
    fn outside(&self, record: &Record) -> Option<Range<u64>> {
        let entry = record.entry?;
        let is_outside = entry.length_bytes > self.tiff.layout().field as u64;
        is_outside.then(|| entry.offset..entry.offset.saturating_add(entry.length_bytes))
    }

    fn erase(&mut self, length: u64) -> Result<(), MediaError> {
        let dead = ranges::without(std::mem::take(&mut self.dead), std::mem::take(&mut self.kept));
        for range in dead {
            // The header is nobody's value.
            let mut at = range.start.max(if self.tiff.is_big_tiff { 16 } else { 8 });
            let end = range.end.min(length);
            while at < end {
                let part = (end - at).min(ZEROS.len() as u64) as usize;
                self.file.write_all_at(ZEROS.get(..part).unwrap_or_default(), at)?;
                at += part as u64;
            }
        }
        Ok(())
    }

    /// A record whose value stands in it or is appended.
    fn put_value(&mut self, tag: u16, kind: u16, value: &[u8]) -> Result<Vec<u8>, MediaError> {
        let field = self.tiff.layout().field;
        let size = match kind {
            SHORT => 2,
            LONG => 4,
            LONG8 => 8,
            _ => 1,
        };
        let mut record = self.number(tag.into(), 2)?;
        record.extend(self.number(kind.into(), 2)?);
        record.extend(self.number((value.len() / size) as u64, field)?);
        if value.len() <= field {
            record.extend_from_slice(value);
            record.resize(4 + 2 * field, 0);
        } else {
            let at = self.append(value)?;
            record.extend(self.number(at, field)?);
        }
        Ok(record)
    }

    fn put_directory(&mut self, records: Vec<Vec<u8>>, next: u64) -> Result<u64, MediaError> {
        let bytes = self.directory_bytes(&records, next)?;
        self.append(&bytes)
    }

    fn directory_bytes(&self, records: &[Vec<u8>], next: u64) -> Result<Vec<u8>, MediaError> {
        let layout = self.tiff.layout();
        let mut records: Vec<&Vec<u8>> = records.iter().collect();
        records.sort_by_key(|record| self.tiff.integer(record.get(..2).unwrap_or_default()));
        let mut bytes = self.number(records.len() as u64, layout.count)?;
        records.iter().for_each(|record| bytes.extend_from_slice(record));
        bytes.extend(self.number(next, layout.field)?);
        Ok(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<u64, MediaError> {
        let at = self.end;
        self.file.write_all_at(bytes, at)?;
        self.end = (at + bytes.len() as u64).next_multiple_of(8);
        Ok(at)
    }

    /// A number of so many bytes in the byte order of the file.
    fn number(&self, number: u64, size: usize) -> Result<Vec<u8>, MediaError> {
        let too_large = || MediaError::TooComplex { detail: "TIFF beyond 4 GiB".to_owned() };
        let bytes = number.to_be_bytes();
        let (high, low) = bytes.split_at_checked(bytes.len() - size).ok_or_else(too_large)?;
        if high.iter().any(|byte| *byte != 0) {
            return Err(too_large());
        }
        let mut bytes = low.to_vec();
        if self.tiff.is_little_endian {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

/// What the first page does not keep. Its previews stay, and the fields that we write are judged apart.
fn is_left_out(tag: u16, wanted: &Wanted) -> bool {
    tag == tag::MANIFEST_STORE || tag != tag::SUB_DIRECTORIES && exif::is_dropped(tag, wanted.keeps_private)
}

#[cfg(test)]
mod tests;
