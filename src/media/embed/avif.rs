//! Metadata into an AVIF file: the items `Exif` and `mime` are written anew behind everything else; the coded
//! picture is copied byte by byte and only its offsets move. In a file that holds a film too, whose own tables say where
//! its pictures stand, nothing moves: the new structure comes last, and the old one is room that nobody uses, and so is what
//! the film and its tracks say about themselves.

use super::parts::Parts;
use super::tiff::ranges::without;
use super::wanted::Wanted;
use super::{exif, xmp};
use crate::media::container::heif::{self, Location, Meta, build, build_full, build_locations};
use std::ops::Range;

pub const XMP_TYPE: &str = "application/rdf+xml";
/// The box in which C2PA puts its manifest.
const C2PA_UUID: [u8; 16] =
    [0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81];
const MAX_PACKET_BYTES: usize = 16 * 1024 * 1024;

/// The file with our metadata; `None` if its structure is not whole or not one that we know. What lies behind the last
/// whole box is left out; a picture that has pieces there is not whole.
pub fn parts(bytes: &[u8], wanted: &Wanted) -> Option<Parts> {
    let meta = heif::meta(bytes)?;
    let outer = heif::boxes(bytes, 0..bytes.len());
    let packet = xmp::packet(wanted, xmp_of(bytes, &meta).iter().map(Vec::as_slice));
    let block = match exif_of(bytes, &meta) {
        Some(old) => exif::rewritten(wanted, &old),
        None => exif::fresh(wanted),
    };
    // The block is preceded by the distance to its TIFF header.
    let block = block.map(|block| [&[0; 4], block.as_slice()].concat());

    let is_ours =
        |id: u32| meta.item(id).is_some_and(|item| is_metadata(item) && is_of_the_picture(&meta, id));
    // What is not listed any more would still lie in the bytes.
    let extents = |method: u8, ours: bool| {
        let listed = meta.locations.iter().filter(|one| one.method == method && is_ours(one.item) == ours);
        let ranges = listed.flat_map(|one| &one.extents).map(|(at, length)| *at..at.saturating_add(*length));
        ranges.collect::<Vec<_>>()
    };
    let films = outer.iter().filter(|one| &one.kind == b"moov");
    let of_film: Vec<heif::Box> = films.flat_map(|one| heif::words_of_film(bytes, one)).collect();
    let listed_there = of_film.iter().flat_map(|one| heif::listed_metadata(bytes, one));
    let dead = without(extents(0, true).into_iter().chain(listed_there).collect(), extents(0, false));
    let dead_inside = without(extents(1, true), extents(1, false));

    let highest = meta.items.iter().map(|item| item.id).chain([meta.primary]).max()?;
    let mut additions: Vec<(u32, Vec<u8>, Vec<u8>)> = Vec::new();
    let entry = |id: u32, kind: &[u8; 4], rest: &[u8]| {
        let short = u16::try_from(id).ok()?;
        Some(build_full(b"infe", 2, 0, &[&short.to_be_bytes(), &[0, 0], kind, rest]))
    };
    if let Some(block) = block {
        additions.push((highest + 1, entry(highest + 1, b"Exif", b"Exif\0")?, block));
    }
    let name = [b"XMP\0", XMP_TYPE.as_bytes(), &[0]].concat();
    additions.push((highest + 2, entry(highest + 2, b"mime", &name)?, packet.into_bytes()));

    let kept: Vec<&heif::Item> = meta.items.iter().filter(|item| !is_ours(item.id)).collect();
    let mut entries = Vec::new();
    for item in &kept {
        entries.extend_from_slice(bytes.get(item.entry.clone())?);
    }
    additions.iter().for_each(|(_, entry, _)| entries.extend_from_slice(entry));
    let count = u16::try_from(kept.len() + additions.len()).ok()?;
    let item_list = build_full(b"iinf", 0, 0, &[&count.to_be_bytes(), &entries]);
    let references = references(&meta, &is_ours, additions.iter().map(|(id, ..)| *id))?;

    // Everything in front of and behind the structure, without manifests that the change breaks.
    let is_kept = |one: &&heif::Box| {
        let is = |name: &[u8; 16]| heif::uuid(bytes, one, name).is_some();
        let is_private = !wanted.keeps_private && (is(&heif::EXIF_UUID) || is(&heif::IIM_UUID));
        !is(&C2PA_UUID) && !is(&heif::XMP_UUID) && !is_private && one.whole != meta.whole
    };
    let has_film = outer.iter().any(|one| &one.kind == b"moov");
    let is_before = |one: &&heif::Box| has_film || one.whole.start < meta.whole.start;
    let takes_part = |one: &&heif::Box| has_film || is_kept(one);
    let before: Vec<&heif::Box> = outer.iter().filter(is_before).filter(takes_part).collect();
    let behind: Vec<&heif::Box> = outer.iter().filter(|one| !is_before(one)).filter(takes_part).collect();

    let structure = |moved: &dyn Fn(u64) -> Option<u64>, start: u64| {
        let mut locations = Vec::new();
        for location in meta.locations.iter().filter(|location| !is_ours(location.item)) {
            let extents = location.extents.iter().map(|(offset, length)| {
                Some((if location.method == 0 { moved(*offset)? } else { *offset }, *length))
            });
            locations.push(Location { extents: extents.collect::<Option<_>>()?, ..location.clone() });
        }
        let mut at = start;
        for (id, _, data) in &additions {
            locations.push(Location { item: *id, method: 0, extents: vec![(at, data.len() as u64)] });
            at += data.len() as u64;
        }
        let mut body = Vec::new();
        let mut has_references = false;
        for part in &meta.parts {
            match &part.kind {
                b"iloc" => body.extend(build_locations(&locations)?),
                b"iinf" => body.extend_from_slice(&item_list),
                b"iref" => {
                    has_references = true;
                    body.extend_from_slice(&references);
                }
                _ => {
                    let start = body.len();
                    body.extend_from_slice(bytes.get(part.whole.clone())?);
                    if &part.kind == b"idat" {
                        blank(body.get_mut(start + part.body.start - part.whole.start..)?, 0, &dead_inside);
                    }
                }
            }
        }
        if !has_references {
            body.extend_from_slice(&references);
        }
        Some(build_full(b"meta", 0, 0, &[&body]))
    };
    let length = |boxes: &[&heif::Box]| boxes.iter().map(|one| one.whole.len()).sum::<usize>();
    let structure_length = structure(&|offset| Some(offset), 0)?.len();
    let data_start = length(&before) + structure_length + length(&behind) + 8;
    let moved = |offset: u64| {
        let mut at = 0;
        for one in &before {
            if one.whole.contains(&(offset as usize)) {
                return Some((at + offset as usize - one.whole.start) as u64);
            }
            at += one.whole.len();
        }
        at += structure_length;
        for one in &behind {
            if one.whole.contains(&(offset as usize)) {
                return Some((at + offset as usize - one.whole.start) as u64);
            }
            at += one.whole.len();
        }
        None
    };
    let structure = structure(&moved, data_start as u64)?;
    let mut out = Parts::default();
    let copy = |one: &heif::Box, out: &mut Parts| {
        let mut head = bytes.get(one.whole.start..one.body.start)?.to_vec();
        // A size of 0 means "to the end of the file", which is no longer here.
        if heif::size_is_open(bytes, one) {
            let size = u32::try_from(one.whole.len()).ok()?;
            head.get_mut(..4)?.copy_from_slice(&size.to_be_bytes());
        }
        if !is_kept(&one) {
            head.get_mut(4..8)?.copy_from_slice(b"free");
            out.put(&head);
            out.blank(one.body.len());
            return Some(());
        }
        out.put(&head);
        let mut at = one.body.start;
        for range in dead.iter().filter(|_| &one.kind == b"mdat") {
            let inside = |place: u64| (place.min(one.body.end as u64) as usize).max(at);
            let (start, end) = (inside(range.start), inside(range.end));
            out.keep(at..start);
            out.blank(end - start);
            at = end;
        }
        for part in of_film.iter().filter(|part| one.whole.contains(&part.whole.start)) {
            // The kind is behind the size.
            out.keep(at..part.whole.start + 4);
            out.put(b"free");
            out.keep(part.whole.start + 8..part.body.start);
            out.blank(part.body.len());
            at = part.body.end;
        }
        out.keep(at..one.body.end);
        Some(())
    };
    before.iter().try_for_each(|one| copy(one, &mut out))?;
    out.put(&structure);
    behind.iter().try_for_each(|one| copy(one, &mut out))?;
    let data: Vec<&[u8]> = additions.iter().map(|(.., data)| data.as_slice()).collect();
    out.put(&build(b"mdat", &data));
    Some(out)
}

/// Zeros what lies in dead ranges of a piece of the file that begins at `start`.
fn blank(piece: &mut [u8], start: u64, dead: &[Range<u64>]) {
    let length = piece.len() as u64;
    let inside = |at: u64| at.saturating_sub(start).min(length) as usize;
    for range in dead {
        if let Some(bytes) = piece.get_mut(inside(range.start)..inside(range.end)) {
            bytes.fill(0);
        }
    }
}

/// The references between the items that stay, and from each added item to the picture it describes.
fn references(
    meta: &Meta,
    is_ours: &dyn Fn(u32) -> bool,
    added: impl Iterator<Item = u32>,
) -> Option<Vec<u8>> {
    let mut links = Vec::new();
    for one in meta.references.iter().filter(|one| !is_ours(one.from)) {
        let to: Vec<u32> = one.to.iter().copied().filter(|id| !is_ours(*id)).collect();
        links.push((one.kind, one.from, to));
    }
    links.extend(added.map(|id| (*b"cdsc", id, vec![meta.primary])));
    let mut body = Vec::new();
    for (kind, from, to) in links {
        let mut link = u16::try_from(from).ok()?.to_be_bytes().to_vec();
        link.extend_from_slice(&u16::try_from(to.len()).ok()?.to_be_bytes());
        for id in to {
            link.extend_from_slice(&u16::try_from(id).ok()?.to_be_bytes());
        }
        body.extend(build(&kind, &[&link]));
    }
    Some(build_full(b"iref", 0, 0, &[&body]))
}

fn is_metadata(item: &heif::Item) -> bool {
    &item.kind == b"Exif" || (&item.kind == b"mime" && item.content_type == XMP_TYPE)
}

/// Whether an item describes the picture that is shown, and not a part of it, such as a gain map.
fn is_of_the_picture(meta: &Meta, id: u32) -> bool {
    let mut described =
        meta.references.iter().filter(|one| &one.kind == b"cdsc" && one.from == id).peekable();
    described.peek().is_none() || described.any(|one| one.to.contains(&meta.primary))
}

/// The EXIF block of a file, without the distance before it.
pub fn exif_of(bytes: &[u8], meta: &Meta) -> Option<Vec<u8>> {
    let item = meta.items.iter().find(|item| &item.kind == b"Exif" && is_of_the_picture(meta, item.id))?;
    let data = meta.data(bytes, item.id, MAX_PACKET_BYTES)?;
    let distance = heif::distance(&data)?;
    Some(data.get(4_usize.checked_add(distance)?..)?.to_vec())
}

/// The XMP packets of a file: that of the picture, and one that stands beside it.
pub fn xmp_of(bytes: &[u8], meta: &Meta) -> Vec<Vec<u8>> {
    let is_packet = |item: &&heif::Item| &item.kind == b"mime" && item.content_type == XMP_TYPE;
    let item = meta.items.iter().filter(is_packet).find(|item| is_of_the_picture(meta, item.id));
    let packet = item.and_then(|item| meta.data(bytes, item.id, MAX_PACKET_BYTES));
    let beside = heif::xmp_in_uuid(bytes).filter(|packet| packet.len() <= MAX_PACKET_BYTES);
    packet.into_iter().chain(beside.map(<[u8]>::to_vec)).collect()
}
