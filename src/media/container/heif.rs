//! The item structure of HEIF files, as AVIF uses it (ISO/IEC 23008-12, AV1 Image File Format 1.1): which items
//! there are, what is said of them, and where their bytes stand.

use super::u32_be;
use std::ops::Range;

/// More boxes or items than any picture has.
const MAX_PARTS: usize = 4096;
/// Extents of all items together, their references, and their properties: an item has a handful of each. Without a
/// bound extents of no length, which take no bytes in the file, would fill the memory.
const MAX_LINKS: usize = 16 * MAX_PARTS;
/// Of the text that says what a `mime` item is.
const MAX_TEXT_BYTES: usize = 1024;

/// A box: its four-letter type, and where it stands.
#[derive(Debug, Clone)]
pub struct Box {
    pub kind: [u8; 4],
    pub whole: Range<usize>,
    pub body: Range<usize>,
}

/// The boxes of a range. A box that reaches beyond the range ends the walk.
pub fn boxes(bytes: &[u8], range: Range<usize>) -> Vec<Box> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end && found.len() < MAX_PARTS {
        let Some(size) = u32_be(bytes, at) else { break };
        let Some(kind) = bytes.get(at + 4..at + 8).and_then(|kind| <[u8; 4]>::try_from(kind).ok()) else {
            break;
        };
        let (header, size) = match size {
            0 => (8, range.end - at),
            1 => match u64_be(bytes, at + 8).and_then(|size| usize::try_from(size).ok()) {
                Some(size) => (16, size),
                None => break,
            },
            size => (8, size as usize),
        };
        let Some(end) = at.checked_add(size).filter(|end| size >= header && *end <= range.end) else { break };
        found.push(Box { kind, whole: at..end, body: at + header..end });
        at = end;
    }
    found
}

/// Whether a box says "up to the end of the file" instead of a size.
pub fn size_is_open(bytes: &[u8], one: &Box) -> bool {
    u32_be(bytes, one.whole.start) == Some(0)
}

/// The number with which an `Exif` item begins: how far behind it the TIFF header stands.
pub fn distance(item: &[u8]) -> Option<usize> {
    u32_be(item, 0).map(|distance| distance as usize)
}

fn u64_be(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32_be(bytes, at)?) << 32 | u64::from(u32_be(bytes, at + 4)?))
}

/// The name of a `uuid` box that holds an XMP packet (XMP specification, part 3).
pub const XMP_UUID: [u8; 16] =
    [0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC];
/// Those of EXIF and IIM, as JPEG 2000 has them.
pub const EXIF_UUID: [u8; 16] = *b"JpgTiffExif->JP2";
pub const IIM_UUID: [u8; 16] =
    [0x33, 0xC7, 0xA4, 0xD2, 0xB8, 0x1D, 0x47, 0x23, 0xA0, 0xBA, 0xF1, 0xA3, 0xE0, 0x97, 0xAD, 0x38];

/// What a `uuid` box of this name holds.
pub fn uuid<'a>(bytes: &'a [u8], one: &Box, name: &[u8; 16]) -> Option<&'a [u8]> {
    bytes.get(one.body.clone()).filter(|_| &one.kind == b"uuid")?.strip_prefix(name)
}

/// The packet that stands beside everything else, where exiftool puts it in a file with a film.
pub fn xmp_in_uuid(bytes: &[u8]) -> Option<&[u8]> {
    boxes(bytes, 0..bytes.len()).iter().find_map(|one| uuid(bytes, one, &XMP_UUID))
}

/// What a film says about itself as a whole and track by track, inside its `moov` box.
pub fn words_of_film(bytes: &[u8], film: &Box) -> Vec<Box> {
    let mut found = Vec::new();
    for part in boxes(bytes, film.body.clone()) {
        if &part.kind == b"trak" {
            found.extend(boxes(bytes, part.body));
        } else {
            found.push(part);
        }
    }
    found.retain(|part| matches!(&part.kind, b"meta" | b"udta" | b"uuid"));
    found
}

/// Where EXIF and XMP stand that a `meta` box inside another one lists.
pub fn listed_metadata(bytes: &[u8], meta: &Box) -> Vec<Range<u64>> {
    let body = meta.body.start.saturating_add(4).min(meta.body.end)..meta.body.end;
    let parts = boxes(bytes, if &meta.kind == b"meta" { body } else { 0..0 });
    let part = |kind: &[u8; 4]| parts.iter().find(|one| &one.kind == kind).map(|one| one.body.clone());
    let items = part(b"iinf").and_then(|body| items(bytes, body)).unwrap_or_default();
    let mut locations = part(b"iloc").and_then(|body| locations(bytes, body)).unwrap_or_default();
    locations.retain(|one| {
        let is_words = |item: &Item| item.id == one.item && matches!(&item.kind, b"Exif" | b"mime");
        one.method == 0 && items.iter().any(is_words)
    });
    let extents = locations.iter().flat_map(|one| &one.extents);
    extents.map(|(at, length)| *at..at.saturating_add(*length)).collect()
}

/// Where the bytes of an item stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub item: u32,
    /// Offsets count from the beginning of the file (0) or of the `idat` box (1).
    pub method: u8,
    /// Offset and length of each piece.
    pub extents: Vec<(u64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: u32,
    pub kind: [u8; 4],
    /// Of `mime` items.
    pub content_type: String,
    /// The `infe` box as it stands in the file.
    pub entry: Range<usize>,
}

/// From one item to others, such as `auxl`: "is an auxiliary picture of".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub kind: [u8; 4],
    pub from: u32,
    pub to: Vec<u32>,
}

/// A property with the items it belongs to.
#[derive(Debug, Clone)]
pub struct Property {
    pub kind: [u8; 4],
    pub body: Range<usize>,
    pub items: Vec<u32>,
}

/// The `meta` box of a file, read.
#[derive(Debug, Default)]
pub struct Meta {
    /// Where the box stands.
    pub whole: Range<usize>,
    pub primary: u32,
    pub items: Vec<Item>,
    pub locations: Vec<Location>,
    pub references: Vec<Reference>,
    pub properties: Vec<Property>,
    /// The boxes inside, in their order.
    pub parts: Vec<Box>,
    idat: Option<Range<usize>>,
}

/// Reads the structure; `None` if it is not whole.
pub fn meta(bytes: &[u8]) -> Option<Meta> {
    let outer = boxes(bytes, 0..bytes.len()).into_iter().find(|one| &one.kind == b"meta")?;
    // A full box: one byte of version, three of flags.
    let parts = boxes(bytes, outer.body.start.checked_add(4)?..outer.body.end);
    let part = |kind: &[u8; 4]| parts.iter().find(|one| &one.kind == kind).map(|one| one.body.clone());
    let primary = part(b"pitm").and_then(|body| {
        let mut reader = Reader::full(bytes, body)?;
        if reader.version == 0 { reader.number(2) } else { reader.number(4) }
    })? as u32;
    Some(Meta {
        primary,
        items: part(b"iinf").and_then(|body| items(bytes, body))?,
        locations: part(b"iloc").and_then(|body| locations(bytes, body))?,
        references: part(b"iref").and_then(|body| references(bytes, body)).unwrap_or_default(),
        properties: part(b"iprp").and_then(|body| properties(bytes, body)).unwrap_or_default(),
        idat: part(b"idat"),
        whole: outer.whole,
        parts,
    })
}

impl Meta {
    pub fn item(&self, id: u32) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The property of a kind that belongs to an item.
    pub fn property(&self, item: u32, kind: &[u8; 4]) -> Option<Range<usize>> {
        self.properties
            .iter()
            .find(|property| &property.kind == kind && property.items.contains(&item))
            .map(|property| property.body.clone())
    }

    /// The bytes of an item, joined, unless there are more than `max_bytes`.
    pub fn data(&self, bytes: &[u8], item: u32, max_bytes: usize) -> Option<Vec<u8>> {
        let location = self.locations.iter().find(|location| location.item == item)?;
        let space = match location.method {
            0 => bytes,
            1 => bytes.get(self.idat.clone()?)?,
            _ => return None,
        };
        let mut joined = Vec::new();
        for (offset, length) in &location.extents {
            let start = usize::try_from(*offset).ok()?;
            let end = start.checked_add(usize::try_from(*length).ok()?)?;
            let piece = space.get(start..end)?;
            if joined.len() + piece.len() > max_bytes {
                return None;
            }
            joined.extend_from_slice(piece);
        }
        Some(joined)
    }

    /// The item that gives the picture's transparency.
    pub fn alpha_of(&self, bytes: &[u8], item: u32) -> Option<u32> {
        let auxiliary = self.references.iter().filter(|one| &one.kind == b"auxl" && one.to.contains(&item));
        auxiliary.map(|one| one.from).find(|id| {
            self.property(*id, b"auxC").is_some_and(|body| {
                let kind = bytes.get(body).and_then(|body| body.get(4..)).unwrap_or_default();
                [&b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"[..], b"urn:mpeg:hevc:2015:auxid:1"]
                    .iter()
                    .any(|name| kind.starts_with(name))
            })
        })
    }

    /// Width and height as the item's `ispe` property tells them.
    pub fn size(&self, bytes: &[u8], item: u32) -> Option<(u32, u32)> {
        let body = self.property(item, b"ispe")?;
        Some((u32_be(bytes, body.start + 4)?, u32_be(bytes, body.start + 8)?))
    }

    /// The part of the picture that is to be shown, if that is not all of it (`clap`): left, top, width and height.
    pub fn aperture(&self, bytes: &[u8], (width, height): (u32, u32)) -> Option<(u32, u32, u32, u32)> {
        let body = self.property(self.primary, b"clap")?;
        let number = |index: usize| u32_be(bytes, body.start + 4 * index).filter(|_| body.len() >= 32);
        let share = |index: usize| {
            let (over, under) = (number(index)?, number(index + 1)?);
            (over.checked_rem(under)? == 0).then(|| over / under)
        };
        // The middle of the part is given by its distance from the middle of the whole, of which halves are common.
        let start = |side: u32, part: u32, index: usize| {
            let (over, under) = (number(index)?.cast_signed(), number(index + 1)?.cast_signed());
            let twice = (2 * i64::from(over)).checked_div(under.into())?;
            let start = i64::from(side) - i64::from(part) + twice;
            let start = u32::try_from(start / 2).ok().filter(|_| start >= 0 && start % 2 == 0)?;
            (part > 0 && start.checked_add(part)? <= side).then_some(start)
        };
        let (part_width, part_height) = (share(0)?, share(2)?);
        Some((start(width, part_width, 4)?, start(height, part_height, 6)?, part_width, part_height))
    }

    /// The orientation that `irot` and `imir` ask for, as an EXIF number.
    pub fn orientation(&self, bytes: &[u8]) -> u8 {
        let first = |kind| self.property(self.primary, kind).and_then(|body| bytes.get(body.start)).copied();
        let quarter_turns_left = first(b"irot").unwrap_or(0) & 3;
        match (quarter_turns_left, first(b"imir").map(|axis| axis & 1)) {
            (0, None) => 1,
            (1, None) => 8,
            (2, None) => 3,
            (_, None) => 6,
            // Axis 1 exchanges left and right, axis 0 top and bottom; turning comes first.
            (0, Some(1)) | (2, Some(0)) => 2,
            (0, Some(_)) | (2, Some(_)) => 4,
            (1, Some(1)) | (3, Some(0)) => 7,
            (_, Some(_)) => 5,
        }
    }
}

/// Reads numbers one after the other.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    version: u8,
    flags: u32,
}

impl<'a> Reader<'a> {
    /// Over the body of a full box, behind its version and flags.
    fn full(bytes: &'a [u8], body: Range<usize>) -> Option<Self> {
        let word = u32_be(bytes, body.start)?;
        let version = (word >> 24) as u8;
        Some(Self { bytes, at: body.start + 4, end: body.end, version, flags: word & 0xFF_FFFF })
    }

    fn number(&mut self, size: usize) -> Option<u64> {
        let end = self.at.checked_add(size).filter(|end| *end <= self.end)?;
        let value = self.bytes.get(self.at..end)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        self.at = end;
        Some(value)
    }

    fn text(&mut self) -> String {
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
        self.at = (self.at + length + 1).min(self.end);
        String::from_utf8_lossy(rest.get(..length.min(MAX_TEXT_BYTES)).unwrap_or_default()).into_owned()
    }
}

fn items(bytes: &[u8], body: Range<usize>) -> Option<Vec<Item>> {
    let mut reader = Reader::full(bytes, body)?;
    let count_size = if reader.version == 0 { 2 } else { 4 };
    reader.number(count_size)?;
    let entries = boxes(bytes, reader.at..reader.end);
    let item = |entry: &Box| {
        let mut reader = Reader::full(bytes, entry.body.clone())?;
        if &entry.kind != b"infe" || reader.version < 2 {
            return None;
        }
        let id_size = if reader.version == 2 { 2 } else { 4 };
        let id = reader.number(id_size)? as u32;
        reader.number(2)?;
        let kind = (reader.number(4)? as u32).to_be_bytes();
        let _name = reader.text();
        let content_type = if &kind == b"mime" { reader.text() } else { String::new() };
        Some(Item { id, kind, content_type, entry: entry.whole.clone() })
    };
    Some(entries.iter().filter_map(item).collect())
}

fn locations(bytes: &[u8], body: Range<usize>) -> Option<Vec<Location>> {
    let mut reader = Reader::full(bytes, body)?;
    let sizes = reader.number(2)?;
    let nibble = |shift: u32| (sizes >> shift & 0xF) as usize;
    let (offset_size, length_size, base_size) = (nibble(12), nibble(8), nibble(4));
    let index_size = if reader.version == 0 { 0 } else { nibble(0) };
    let id_size = if reader.version < 2 { 2 } else { 4 };
    let count = reader.number(id_size)?;
    let mut found = Vec::new();
    let mut links_left = MAX_LINKS;
    for _ in 0..count {
        let item = reader.number(id_size)? as u32;
        let method = if reader.version == 0 { 0 } else { (reader.number(2)? & 0xF) as u8 };
        let data_reference = reader.number(2)?;
        let base = reader.number(base_size)?;
        let extent_count = reader.number(2)?;
        links_left = links_left.checked_sub(extent_count as usize)?;
        let extents = (0..extent_count)
            .map(|_| {
                reader.number(index_size)?;
                let offset = reader.number(offset_size)?;
                Some((base.checked_add(offset)?, reader.number(length_size)?))
            })
            .collect::<Option<Vec<_>>>()?;
        if found.len() >= MAX_PARTS || data_reference != 0 {
            return None;
        }
        found.push(Location { item, method, extents });
    }
    Some(found)
}

fn references(bytes: &[u8], body: Range<usize>) -> Option<Vec<Reference>> {
    let reader = Reader::full(bytes, body)?;
    let id_size = if reader.version == 0 { 2 } else { 4 };
    let parts = boxes(bytes, reader.at..reader.end);
    let mut links_left = MAX_LINKS;
    let reference = |part: &Box| {
        let mut reader =
            Reader { bytes, at: part.body.start, end: part.body.end, version: 0, flags: reader.flags };
        let from = reader.number(id_size)? as u32;
        let count = reader.number(2)?;
        links_left = links_left.checked_sub(count as usize)?;
        let to = (0..count).map(|_| reader.number(id_size).map(|id| id as u32)).collect::<Option<_>>()?;
        Some(Reference { kind: part.kind, from, to })
    };
    Some(parts.iter().filter_map(reference).collect())
}

fn properties(bytes: &[u8], body: Range<usize>) -> Option<Vec<Property>> {
    let parts = boxes(bytes, body);
    let container = parts.iter().find(|part| &part.kind == b"ipco")?;
    let mut found: Vec<Property> = boxes(bytes, container.body.clone())
        .into_iter()
        .map(|one| Property { kind: one.kind, body: one.body, items: Vec::new() })
        .collect();
    let mut links_left = MAX_LINKS;
    for part in parts.iter().filter(|part| &part.kind == b"ipma") {
        let mut reader = Reader::full(bytes, part.body.clone())?;
        let id_size = if reader.version == 0 { 2 } else { 4 };
        let is_wide = reader.flags & 1 == 1;
        for _ in 0..reader.number(4)? {
            let item = reader.number(id_size)? as u32;
            for _ in 0..reader.number(1)? {
                let index = if is_wide { reader.number(2)? & 0x7FFF } else { reader.number(1)? & 0x7F };
                // Counted from 1; 0 stands for none.
                let property = (index as usize).checked_sub(1).and_then(|index| found.get_mut(index));
                if let Some(property) = property {
                    links_left = links_left.checked_sub(1)?;
                    property.items.push(item);
                }
            }
        }
    }
    Some(found)
}

/// A box from its contents.
pub fn build(kind: &[u8; 4], contents: &[&[u8]]) -> Vec<u8> {
    let length: usize = contents.iter().map(|part| part.len()).sum();
    let mut whole = Vec::with_capacity(length + 8);
    whole.extend_from_slice(&(length as u32 + 8).to_be_bytes());
    whole.extend_from_slice(kind);
    contents.iter().for_each(|part| whole.extend_from_slice(part));
    whole
}

/// A full box: version and flags come before the contents.
pub fn build_full(kind: &[u8; 4], version: u8, flags: u32, contents: &[&[u8]]) -> Vec<u8> {
    let word = (u32::from(version) << 24 | flags).to_be_bytes();
    build(kind, &[&[&word[..]], contents].concat())
}

/// An `iloc` box that any reader of version 1 understands, with offsets and lengths of four bytes.
/// `None`: a number is too large for that.
pub fn build_locations(locations: &[Location]) -> Option<Vec<u8>> {
    let is_wide = locations.iter().any(|location| location.item > 0xFFFF);
    let mut body = vec![0x44, 0x00];
    let id = |body: &mut Vec<u8>, number: u32| {
        if is_wide {
            body.extend_from_slice(&number.to_be_bytes());
        } else {
            body.extend_from_slice(&(number as u16).to_be_bytes());
        }
    };
    id(&mut body, u32::try_from(locations.len()).ok()?);
    for location in locations {
        id(&mut body, location.item);
        body.extend_from_slice(&u16::from(location.method).to_be_bytes());
        body.extend_from_slice(&[0, 0]);
        body.extend_from_slice(&u16::try_from(location.extents.len()).ok()?.to_be_bytes());
        for (offset, length) in &location.extents {
            body.extend_from_slice(&u32::try_from(*offset).ok()?.to_be_bytes());
            body.extend_from_slice(&u32::try_from(*length).ok()?.to_be_bytes());
        }
    }
    Some(build_full(b"iloc", if is_wide { 2 } else { 1 }, 0, &[&body]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_reach_too_far_end_the_walk() {
        for bytes in [
            &b"\0\0\0\x07meta"[..],
            b"\0\0\0\xffmeta",
            b"\0\0\0\x01meta\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\0\0",
        ] {
            assert!(boxes(bytes, 0..bytes.len()).is_empty());
            assert!(meta(bytes).is_none());
        }
        let whole = build(b"free", &[b"1234"]);
        assert_eq!(boxes(&whole, 0..whole.len())[0].body, 8..12);
    }

    #[test]
    fn what_takes_no_bytes_in_the_file_takes_no_memory() {
        // Numbers of no bytes, and 65,535 extents for each of 4,000 items.
        let item = [0, 1, 0, 0, 0xFF, 0xFF];
        let whole = build_full(b"iloc", 0, 0, &[&[0, 0], &4000_u16.to_be_bytes(), &item.repeat(4000)]);
        assert_eq!(locations(&whole, 8..whole.len()), None);
    }

    #[test]
    fn locations_are_read_as_they_were_written() {
        let written = vec![
            Location { item: 1, method: 0, extents: vec![(100, 20), (300, 4)] },
            Location { item: 7, method: 1, extents: vec![(0, 9)] },
        ];
        let whole = build_locations(&written).unwrap();
        assert_eq!(locations(&whole, 8..whole.len()).unwrap(), written);
    }

    #[test]
    fn a_part_of_the_picture_is_found_by_its_middle_and_must_lie_inside() {
        let aperture = |numbers: [i32; 8]| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
            let properties = vec![Property { kind: *b"clap", body: 0..32, items: vec![1] }];
            Meta { primary: 1, properties, ..Meta::default() }.aperture(&bytes, (100, 60))
        };
        assert_eq!(aperture([100, 1, 60, 1, 0, 1, 0, 1]), Some((0, 0, 100, 60)));
        assert_eq!(aperture([50, 1, 20, 1, -25, 1, 20, 1]), Some((0, 40, 50, 20)));
        // Odd parts lie half a pixel beside the middle.
        assert_eq!(aperture([99, 1, 120, 2, -1, 2, 0, 1]), Some((0, 0, 99, 60)));
        for wrong in [
            [50, 1, 20, 1, -26, 1, 20, 1],
            [50, 1, 20, 1, 26, 1, 20, 1],
            [99, 1, 60, 1, 0, 1, 0, 1],
            [0, 1, 60, 1, 0, 1, 0, 1],
            [50, 0, 20, 1, 0, 0, 0, 0],
            [-1, 1, -1, 1, i32::MIN, 1, i32::MAX, 1],
        ] {
            assert_eq!(aperture(wrong), None, "{wrong:?}");
        }
    }

    /// The pairs of turn (to the left, in quarters) and mirror axis to EXIF's numbers, as libavif's manual lists
    /// them; other pairs mean the same as one of these.
    #[test]
    fn turns_come_before_mirrors() {
        let known = [
            (0, None, 1),
            (0, Some(1), 2),
            (2, None, 3),
            (0, Some(0), 4),
            (1, Some(0), 5),
            (3, None, 6),
            (3, Some(0), 7),
            (1, None, 8),
            (2, Some(1), 4),
            (2, Some(0), 2),
            (1, Some(1), 7),
            (3, Some(1), 5),
        ];
        for (turns, axis, orientation) in known {
            let bytes = [turns, axis.unwrap_or(0)];
            let property = |kind, at| Property { kind, body: at..at + 1, items: vec![1] };
            let mut properties = vec![property(*b"irot", 0)];
            properties.extend(axis.map(|_| property(*b"imir", 1)));
            let meta = Meta { primary: 1, properties, ..Meta::default() };
            assert_eq!(meta.orientation(&bytes), orientation, "{turns} {axis:?}");
        }
    }
}
