//! Rewrites an EXIF block: our texts and date in, position, serial numbers and makers' notes out.
//!
//! The block is built anew from its fields, because its values are found by offsets: what is only taken off
//! the list would still lie in the bytes.

use super::iim::cut;
use super::wanted::Wanted;
use crate::media::container::tiff::{Directory, Source, Tiff, tag};
use crate::media::metadata::{dates, exif};

/// A JPEG segment ends at 64 KiB; what else is in the block has room beside this.
const MAX_TEXT_BYTES: usize = 24_000;
const MAX_VALUE_BYTES: u64 = 60_000;
/// Values may overlap in a block, so that all together could be thousands of times as long as the block: they may be
/// this much longer, and no block that is carried over is longer than that.
const MAX_OVERLAP_BYTES: u64 = 256 * 1024;
const MAX_BLOCK_BYTES: u64 = 4 * 1024 * 1024;

pub const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

const EXIF_VERSION: u16 = 0x9000;
const SUB_SECOND_ORIGINAL: u16 = 0x9291;

/// Fields that are not carried over: what Windows, XMP and IIM said before our change, offsets that would
/// dangle, and padding. The makers' notes hold serial numbers in hundreds of dialects, and offsets besides.
const DROPPED: [u16; 12] = [
    tag::XMP,
    tag::IIM,
    tag::PHOTOSHOP,
    tag::SUB_DIRECTORIES,
    tag::MAKER_NOTE,
    tag::WINDOWS_TITLE,
    tag::WINDOWS_COMMENT,
    tag::WINDOWS_AUTHOR,
    tag::WINDOWS_KEYWORDS,
    tag::WINDOWS_SUBJECT,
    0xEA1C, // padding
    0xEA1D, // offset of the maker's note
];

/// Whose camera it was, and where.
const PRIVATE: [u16; 12] = [
    tag::GPS_DIRECTORY,
    0xA430, // owner of the camera
    0xA431, // serial number of the body
    0xA435, // serial number of the lens
    0xC62F, // serial number of the camera
    // Where a map or an aerial photo lies (GeoTIFF 1.1): scale, tie points, transformation, keys with their numbers and
    // texts; and what GDAL says about it.
    0x830E,
    0x8482,
    0x85D8,
    0x87AF,
    0x87B0,
    0x87B1,
    0xA480,
];

/// Whether a field says whose camera it was, and where; makers' notes do so in their own ways.
pub fn is_private(tag: u16) -> bool {
    tag == tag::MAKER_NOTE || PRIVATE.contains(&tag)
}

/// Whether a field is not carried over into a file of ours.
pub fn is_dropped(tag: u16, keeps_private: bool) -> bool {
    DROPPED.contains(&tag) || !keeps_private && PRIVATE.contains(&tag)
}

/// A field with its value in the byte order of its block.
struct Field {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

struct Order {
    is_little_endian: bool,
}

impl Order {
    fn u16(&self, number: u16) -> [u8; 2] {
        if self.is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn u32(&self, number: u32) -> [u8; 4] {
        if self.is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn number(&self, tag: u16, kind: u16, number: u32) -> Field {
        let value = match kind {
            SHORT => self.u16(number as u16).to_vec(),
            RATIONAL => [self.u32(number), self.u32(1)].concat(),
            _ => self.u32(number).to_vec(),
        };
        Field { tag, kind, count: 1, value }
    }
}

/// The block of a file that has one. `None`: it cannot be read, so that nobody can say what it holds, or its values
/// would fill many times its length.
pub fn rewritten(wanted: &Wanted, existing: &[u8]) -> Option<Vec<u8>> {
    rewritten_with(wanted, existing, true)
}

/// As [`rewritten`]; `turns`: how the picture is held stays in the block.
pub fn rewritten_with(wanted: &Wanted, existing: &[u8], turns: bool) -> Option<Vec<u8>> {
    let tiff = Tiff::open(existing)?;
    let order = Order { is_little_endian: tiff.is_little_endian };
    let main_directory = tiff.first_directory()?;
    let capture_directory = tiff.sub_directory(&main_directory, tag::EXIF_DIRECTORY);
    let mut left_bytes = (existing.len() as u64).min(MAX_BLOCK_BYTES) + MAX_OVERLAP_BYTES;
    let mut all = |directory: Option<&Directory>| match directory {
        Some(directory) => fields(&tiff, directory, wanted.keeps_private, &mut left_bytes),
        None => Some(Vec::new()),
    };
    let interop =
        capture_directory.as_ref().and_then(|capture| tiff.sub_directory(capture, tag::INTEROP_DIRECTORY));
    let position = tiff.sub_directory(&main_directory, tag::GPS_DIRECTORY).filter(|_| wanted.keeps_private);
    let mut block = Block {
        main: all(Some(&main_directory))?,
        capture: all(capture_directory.as_ref())?,
        interop: all(interop.as_ref())?,
        position: all(position.as_ref())?,
    };
    put_texts(&mut block.main, wanted);
    if put_date(&mut block.capture, &exif::read(&tiff).date_created, wanted) {
        // Some programs put it there.
        block.main.retain(|field| field.tag != tag::DATE_TIME_ORIGINAL);
    }
    raise_version(&mut block.capture);
    if !turns {
        block.main.retain(|field| field.tag != tag::ORIENTATION);
    }
    // A directory without entries is none.
    (!block.is_empty()).then(|| block.bytes(&order))
}

/// What a block says about the picture that it is in.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub width: u32,
    pub height: u32,
    pub has_profile: bool,
}

/// A block for a file that has none; `None` if there is nothing to say.
pub fn fresh(wanted: &Wanted) -> Option<Vec<u8>> {
    fresh_with(wanted, None)
}

/// As [`fresh`], for a file that tells its resolution elsewhere.
pub fn fresh_without_resolution(wanted: &Wanted) -> Option<Vec<u8>> {
    fresh_as(wanted, None, false)
}

/// As [`fresh`], with what JPEG's standard wants to be said of the picture.
pub fn fresh_with(wanted: &Wanted, facts: Option<Facts>) -> Option<Vec<u8>> {
    fresh_as(wanted, facts, true)
}

fn fresh_as(wanted: &Wanted, facts: Option<Facts>, has_resolution: bool) -> Option<Vec<u8>> {
    let order = Order { is_little_endian: false };
    let mut block = Block::default();
    put_texts(&mut block.main, wanted);
    put_date(&mut block.capture, "", wanted);
    if block.is_empty() {
        return None;
    }
    // What the standard demands of every block: 72 pixels per inch, chroma in the middle, version 2.32, the
    // order of the components, sRGB or a profile, and the size.
    if has_resolution {
        block.main.extend([
            order.number(0x011A, RATIONAL, 72),
            order.number(0x011B, RATIONAL, 72),
            order.number(0x0128, SHORT, 2),
        ]);
    }
    block.main.push(order.number(0x0213, SHORT, 1));
    if let Some(facts) = facts {
        let four = |tag, value: &[u8; 4]| Field { tag, kind: UNDEFINED, count: 4, value: value.to_vec() };
        block.capture.extend([
            four(EXIF_VERSION, b"0232"),
            four(0x9101, &[1, 2, 3, 0]),
            four(0xA000, b"0100"),
            order.number(0xA001, SHORT, if facts.has_profile { 0xFFFF } else { 1 }),
            order.number(0xA002, LONG, facts.width),
            order.number(0xA003, LONG, facts.height),
        ]);
    }
    Some(block.bytes(&order))
}

/// The fields of a directory that are carried over. `None`: their values are longer than what is left for them.
fn fields<S: Source>(
    tiff: &Tiff<S>,
    directory: &Directory,
    keeps_private: bool,
    left_bytes: &mut u64,
) -> Option<Vec<Field>> {
    let pointers = [tag::EXIF_DIRECTORY, tag::GPS_DIRECTORY, tag::INTEROP_DIRECTORY];
    let mut found = Vec::new();
    for entry in &directory.entries {
        if is_dropped(entry.tag, keeps_private) || pointers.contains(&entry.tag) {
            continue;
        }
        let (Ok(count), Some(value)) = (u32::try_from(entry.count), tiff.bytes(entry, MAX_VALUE_BYTES))
        else {
            continue;
        };
        *left_bytes = left_bytes.checked_sub(value.len() as u64)?;
        found.push(Field { tag: entry.tag, kind: entry.kind, count, value });
    }
    Some(found)
}

/// The three texts that EXIF knows, in UTF-8 as the Metadata Working Group has it.
pub fn texts(wanted: &Wanted) -> [(u16, String); 3] {
    let about = &wanted.description;
    [
        (tag::IMAGE_DESCRIPTION, about.caption.clone()),
        (tag::ARTIST, wanted.creators.join("; ")),
        (tag::COPYRIGHT, about.copyright_notice.clone()),
    ]
}

/// What changes about the moment of the shot, by field; nothing for a field is "not there".
pub fn date_changes(there: &str, wanted: &Wanted) -> Vec<(u16, Option<String>)> {
    let iso = &*wanted.description.date_created;
    // Nobody edited it: of several dates of a file each stays as exact as it is.
    if !there.is_empty() && wanted.unedited_exif_date.as_deref() == Some(there) {
        return Vec::new();
    }
    // A date that is only more exact in here contradicts nothing.
    if there == iso || !iso.is_empty() && there.starts_with(iso) {
        return Vec::new();
    }
    let (date, time) = iso.split_once('T').unwrap_or((iso, ""));
    let (clock, zone) = time.split_at_checked(8).unwrap_or_default();
    // A day without its hour, or a year alone, cannot be said here so that all programs understand it.
    let is_whole = date.len() == 10 && !clock.is_empty() && dates::from_xmp(iso).is_some();
    let moment = is_whole.then(|| format!("{} {clock}", date.replace('-', ":")));
    let offset = Some(if zone == "Z" { "+00:00" } else { zone }).filter(|zone| !zone.is_empty());
    let mut changes = vec![
        (tag::DATE_TIME_ORIGINAL, moment),
        (SUB_SECOND_ORIGINAL, None),
        (tag::OFFSET_TIME_ORIGINAL, offset.map(str::to_owned)),
    ];
    if offset.is_none() {
        // It would be taken for that of this date too.
        changes.push((tag::OFFSET_TIME, None));
    }
    changes
}

fn put_texts(fields: &mut Vec<Field>, wanted: &Wanted) {
    for (tag, text) in texts(wanted) {
        put(fields, tag, Some(cut(&text, MAX_TEXT_BYTES)).filter(|text| !text.is_empty()));
    }
}

/// Whether anything about the date had to be changed.
fn put_date(fields: &mut Vec<Field>, there: &str, wanted: &Wanted) -> bool {
    let changes = date_changes(there, wanted);
    for (tag, text) in &changes {
        put(fields, *tag, text.as_deref());
    }
    !changes.is_empty()
}

/// A block says which edition of the standard it follows; offsets from UTC came with 2.31.
fn raise_version(fields: &mut [Field]) {
    const WITH_OFFSETS: &[u8] = b"0231";
    if fields.iter().any(|field| field.tag == tag::OFFSET_TIME_ORIGINAL) {
        let version = fields.iter_mut().find(|field| field.tag == EXIF_VERSION && field.value.len() == 4);
        for field in version.into_iter().filter(|field| &*field.value < WITH_OFFSETS) {
            field.value = WITH_OFFSETS.to_vec();
        }
    }
}

fn put(fields: &mut Vec<Field>, tag: u16, text: Option<&str>) {
    fields.retain(|field| field.tag != tag);
    if let Some(text) = text {
        let value = [text.as_bytes(), b"\0"].concat();
        fields.push(Field { tag, kind: ASCII, count: value.len() as u32, value });
    }
}

#[derive(Default)]
struct Block {
    main: Vec<Field>,
    capture: Vec<Field>,
    interop: Vec<Field>,
    position: Vec<Field>,
}

impl Block {
    fn is_empty(&self) -> bool {
        [&self.main, &self.capture, &self.interop, &self.position].iter().all(|fields| fields.is_empty())
    }

    fn bytes(self, order: &Order) -> Vec<u8> {
        let Self { mut main, mut capture, interop, position } = self;
        let mut out = if order.is_little_endian { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        out.extend_from_slice(&order.u32(8));
        // A pointer is a field of the directory before; the sizes are known, so the offsets are as well.
        if !interop.is_empty() {
            capture.push(order.number(tag::INTEROP_DIRECTORY, LONG, 0));
        }
        for (tag, target) in [(tag::EXIF_DIRECTORY, &capture), (tag::GPS_DIRECTORY, &position)] {
            if !target.is_empty() {
                main.push(order.number(tag, LONG, 0));
            }
        }
        let capture_at = 8 + size(&main);
        let interop_at = capture_at + size(&capture);
        let position_at = interop_at + size(&interop);
        point(order, &mut main, tag::EXIF_DIRECTORY, capture_at);
        point(order, &mut main, tag::GPS_DIRECTORY, position_at);
        point(order, &mut capture, tag::INTEROP_DIRECTORY, interop_at);
        for fields in [main, capture, interop, position] {
            push_directory(order, &mut out, fields);
        }
        out
    }
}

fn point(order: &Order, fields: &mut [Field], tag: u16, offset: usize) {
    if let Some(field) = fields.iter_mut().find(|field| field.tag == tag) {
        field.value = order.u32(offset as u32).to_vec();
    }
}

/// Bytes of a directory with the values that do not fit into it; one without fields is left out.
fn size(fields: &[Field]) -> usize {
    if fields.is_empty() {
        return 0;
    }
    let outside =
        |field: &Field| if field.value.len() > 4 { field.value.len().next_multiple_of(2) } else { 0 };
    2 + fields.len() * 12 + 4 + fields.iter().map(outside).sum::<usize>()
}

fn push_directory(order: &Order, out: &mut Vec<u8>, mut fields: Vec<Field>) {
    if fields.is_empty() {
        return;
    }
    fields.sort_by_key(|field| field.tag);
    let values_at = out.len() + 2 + fields.len() * 12 + 4;
    let mut values = Vec::new();
    out.extend_from_slice(&order.u16(fields.len() as u16));
    for field in &fields {
        out.extend_from_slice(&order.u16(field.tag));
        out.extend_from_slice(&order.u16(field.kind));
        out.extend_from_slice(&order.u32(field.count));
        if field.value.len() > 4 {
            out.extend_from_slice(&order.u32((values_at + values.len()) as u32));
            values.extend_from_slice(&field.value);
            if values.len() % 2 == 1 {
                values.push(0);
            }
        } else {
            let mut inline = field.value.clone();
            inline.resize(4, 0);
            out.extend_from_slice(&inline);
        }
    }
    // No further directory: the thumbnail, which may show what was cut away, is not carried over.
    out.extend_from_slice(&order.u32(0));
    out.extend_from_slice(&values);
}

#[cfg(test)]
mod tests {
    use super::{fresh, rewritten};
    use crate::domain::asset::Description;
    use crate::media::embed::Wanted;
    use crate::media::metadata::Packets;

    /// A block with so many fields of 60,000 bytes, all of them the same.
    fn block(count: u16) -> Vec<u8> {
        let mut block = [&b"II*\0\x08\0\0\0"[..], &count.to_le_bytes()].concat();
        for tag in 0..count {
            block.extend([(0xC800 + tag).to_le_bytes(), [7, 0]].concat());
            block.extend([60_000_u32.to_le_bytes(), 8_u32.to_le_bytes()].concat());
        }
        block.resize(65_000, 0);
        block
    }

    #[test]
    fn values_that_overlap_a_thousand_times_are_not_carried_over() {
        let description = Description { title: "a".into(), caption: "b".into(), ..Description::default() };
        let wanted = Wanted::new(&description, &Packets::default());
        assert!(rewritten(&wanted, &block(3)).is_some_and(|block| block.len() > 180_000));
        assert_eq!(rewritten(&wanted, &block(4096)), None);
        assert!(fresh(&wanted).is_some_and(|block| block.len() < 1000));
    }
}
