//! Rewrites an EXIF block: our three texts in, position, serial numbers and makers' notes out.
//!
//! The block is built anew from its fields, because its values are found by offsets: what is only taken off
//! the list would still lie in the bytes.

use super::iim::cut;
use super::wanted::Wanted;
use crate::media::container::tiff::{Directory, Source, Tiff, tag};

/// A JPEG segment ends at 64 KiB; what else is in the block has room beside this.
const MAX_TEXT_BYTES: usize = 8_000;
const MAX_VALUE_BYTES: u64 = 60_000;

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

const INTEROP_DIRECTORY: u16 = 0xA005;

/// Fields that are not carried over. The makers' notes hold serial numbers in hundreds of dialects, the
/// others what Windows, XMP and IIM said before our change, offsets that would dangle, or padding.
const DROPPED: [u16; 16] = [
    tag::XMP,
    tag::IIM,
    tag::PHOTOSHOP,
    tag::GPS_DIRECTORY,
    0x014A, // further directories
    0x927C, // maker's note
    0x9C9B, // Windows: title
    0x9C9C, // Windows: comment
    0x9C9D, // Windows: author
    0x9C9E, // Windows: keywords
    0x9C9F, // Windows: subject
    0xA431, // serial number of the body
    0xA435, // serial number of the lens
    0xC62F, // serial number of the camera
    0xEA1C, // padding
    0xEA1D, // offset of the maker's note
];

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

/// The block of a file that has one. `None`: it cannot be read, so that nobody can say what it holds.
pub fn rewritten(wanted: &Wanted, existing: &[u8]) -> Option<Vec<u8>> {
    let tiff = Tiff::open(existing)?;
    let order = Order { is_little_endian: tiff.is_little_endian };
    let main_directory = tiff.first_directory()?;
    let capture_directory = tiff.sub_directory(&main_directory, tag::EXIF_DIRECTORY);
    let mut main = fields(&tiff, &main_directory);
    let capture = capture_directory.as_ref().map(|directory| fields(&tiff, directory)).unwrap_or_default();
    let interop = capture_directory
        .and_then(|directory| tiff.sub_directory(&directory, INTEROP_DIRECTORY))
        .map(|directory| fields(&tiff, &directory))
        .unwrap_or_default();
    put_texts(&mut main, wanted);
    Some(block(&order, main, capture, interop))
}

/// A block for a file that has none; `None` if there is nothing to say.
pub fn fresh(wanted: &Wanted) -> Option<Vec<u8>> {
    let order = Order { is_little_endian: false };
    let mut main = Vec::new();
    put_texts(&mut main, wanted);
    if main.is_empty() {
        return None;
    }
    // What the standard demands of every block: 72 pixels per inch, chroma in the middle.
    main.push(order.number(0x011A, RATIONAL, 72));
    main.push(order.number(0x011B, RATIONAL, 72));
    main.push(order.number(0x0128, SHORT, 2));
    main.push(order.number(0x0213, SHORT, 1));
    Some(block(&order, main, Vec::new(), Vec::new()))
}

fn fields<S: Source>(tiff: &Tiff<S>, directory: &Directory) -> Vec<Field> {
    let pointers = [tag::EXIF_DIRECTORY, INTEROP_DIRECTORY];
    directory
        .entries
        .iter()
        .filter(|entry| !DROPPED.contains(&entry.tag) && !pointers.contains(&entry.tag))
        .filter_map(|entry| {
            Some(Field {
                tag: entry.tag,
                kind: entry.kind,
                count: u32::try_from(entry.count).ok()?,
                value: tiff.bytes(entry, MAX_VALUE_BYTES)?,
            })
        })
        .collect()
}

/// The three texts that EXIF knows, in UTF-8 as the Metadata Working Group has it.
fn put_texts(fields: &mut Vec<Field>, wanted: &Wanted) {
    let artists = wanted.creators.join("; ");
    let about = &wanted.description;
    for (tag, text) in [
        (tag::IMAGE_DESCRIPTION, &about.caption),
        (tag::ARTIST, &artists),
        (tag::COPYRIGHT, &about.copyright_notice),
    ] {
        fields.retain(|field| field.tag != tag);
        let clean = text.replace('\0', "");
        if !clean.is_empty() {
            let value = [cut(&clean, MAX_TEXT_BYTES).as_bytes(), b"\0"].concat();
            fields.push(Field { tag, kind: ASCII, count: value.len() as u32, value });
        }
    }
}

fn block(order: &Order, mut main: Vec<Field>, mut capture: Vec<Field>, interop: Vec<Field>) -> Vec<u8> {
    let mut out = if order.is_little_endian { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
    out.extend_from_slice(&order.u32(8));
    // A pointer is a field of the directory before; the sizes are known, so the offsets are as well.
    if !interop.is_empty() {
        capture.push(order.number(INTEROP_DIRECTORY, LONG, 0));
    }
    if !capture.is_empty() {
        main.push(order.number(tag::EXIF_DIRECTORY, LONG, 0));
    }
    let capture_at = 8 + size(&main);
    let interop_at = capture_at + size(&capture);
    point(order, &mut main, tag::EXIF_DIRECTORY, capture_at);
    point(order, &mut capture, INTEROP_DIRECTORY, interop_at);
    for fields in [main, capture, interop] {
        if !fields.is_empty() {
            push_directory(order, &mut out, fields);
        }
    }
    out
}

fn point(order: &Order, fields: &mut [Field], tag: u16, offset: usize) {
    if let Some(field) = fields.iter_mut().find(|field| field.tag == tag) {
        field.value = order.u32(offset as u32).to_vec();
    }
}

/// Bytes of a directory with the values that do not fit into it.
fn size(fields: &[Field]) -> usize {
    let outside =
        |field: &Field| if field.value.len() > 4 { field.value.len().next_multiple_of(2) } else { 0 };
    2 + fields.len() * 12 + 4 + fields.iter().map(outside).sum::<usize>()
}

fn push_directory(order: &Order, out: &mut Vec<u8>, mut fields: Vec<Field>) {
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
