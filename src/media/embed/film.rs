//! Films (MP4 and QuickTime): what tells where and with whose camera they were taken is overwritten in its place, so
//! that nothing in the file moves. What stands among the pictures and sounds themselves, such as a track of positions,
//! stays.

use super::xmp::{self, Stripped};
use crate::media::MediaError;
use crate::media::container::heif::{Box, XMP_UUID as XMP_ID, boxes};
use crate::media::container::u32_be;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Of what describes a film; hours take some ten megabytes.
const MAX_HEADER_BYTES: u64 = 256 * 1024 * 1024;
/// Boxes in a row: films that are made for streaming have one or two for every second.
const MAX_BOXES: usize = 1_000_000;
const MAX_DEPTH: usize = 8;

/// User data that is a position, or a maker's own notes.
const PRIVATE: [&[u8; 4]; 7] = [b"\xA9xyz", b"loci", b"GPS ", b"gps ", b"GPMF", b"CAME", b"NCDT"];

/// Bytes that take the place of others.
struct Change {
    at: u64,
    bytes: Vec<u8>,
}

/// Writes a copy of a film without what is private in it. `false`: there is nothing of it, and nothing was written.
pub fn write(input: &Path, output: &Path, keeps_private: bool) -> Result<bool, MediaError> {
    if keeps_private {
        return Ok(false);
    }
    let mut film = File::open(input)?;
    let changes = changes(&film)?;
    if changes.is_empty() {
        return Ok(false);
    }
    let mut copy = File::create(output)?;
    std::io::copy(&mut film, &mut copy)?;
    changes.iter().try_for_each(|change| copy.write_all_at(&change.bytes, change.at))?;
    Ok(true)
}

fn changes(film: &File) -> Result<Vec<Change>, MediaError> {
    let end = film.metadata()?.len();
    let mut found = Vec::new();
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        let mut head = [0; 32];
        let there = usize::try_from(end - at).unwrap_or(usize::MAX).min(head.len());
        film.read_exact_at(&mut head[..there], at)?;
        let Some(size) = u32_be(&head[..there], 0).map(u64::from).filter(|_| there >= 8) else {
            return Ok(found);
        };
        let size = match size {
            0 => end - at,
            1 => u64::from_be_bytes([8, 9, 10, 11, 12, 13, 14, 15].map(|place| head[place])),
            size => size,
        };
        if size < 8 {
            return Ok(found);
        }
        let inside = size.min(end - at);
        let is_xmp = head[8..24] == XMP_ID || head[16..] == XMP_ID;
        if matches!(&head[4..8], b"moov" | b"moof" | b"meta" | b"udta") || &head[4..8] == b"uuid" && is_xmp {
            if inside > MAX_HEADER_BYTES {
                return Err(MediaError::TooComplex { detail: format!("film header of {inside} bytes") });
            }
            let mut bytes = vec![0; inside as usize];
            film.read_exact_at(&mut bytes, at)?;
            let mut inner = Vec::new();
            walk(&bytes, 0..bytes.len(), 0, &mut inner);
            found.extend(inner.into_iter().map(|change| Change { at: at + change.at, ..change }));
        }
        at += inside;
        if at == end {
            return Ok(found);
        }
    }
    Err(MediaError::TooComplex { detail: "more boxes than any film has".to_owned() })
}

fn walk(bytes: &[u8], range: Range<usize>, depth: usize, found: &mut Vec<Change>) {
    if depth > MAX_DEPTH {
        return;
    }
    for one in boxes(bytes, range) {
        match &one.kind {
            b"moov" | b"trak" | b"mdia" | b"moof" | b"traf" | b"udta" => {
                walk(bytes, one.body, depth + 1, found);
            }
            b"meta" => items(bytes, one.body, found),
            b"XMP_" => packet(bytes, &one, one.body.clone(), found),
            b"uuid" => {
                let (id, rest) = (one.body.start..one.body.start + XMP_ID.len(), one.body.end);
                if bytes.get(id.clone()) == Some(&XMP_ID[..]) && id.end <= rest {
                    packet(bytes, &one, id.end..rest, found);
                }
            }
            kind if PRIVATE.contains(&kind) => found.extend(emptied(&one)),
            _ => {}
        }
    }
}

/// A box under the name of those that are passed over, with nothing in it.
fn emptied(one: &Box) -> [Change; 2] {
    [
        Change { at: one.whole.start as u64 + 4, bytes: b"free".to_vec() },
        Change { at: one.body.start as u64, bytes: vec![0; one.body.len()] },
    ]
}

fn packet(bytes: &[u8], one: &Box, place: Range<usize>, found: &mut Vec<Change>) {
    let packet = bytes.get(place.clone()).unwrap_or_default();
    match xmp::without_private(packet) {
        Stripped::Whole => {}
        Stripped::Rewritten(mut clean) if clean.len() <= place.len() => {
            // Blanks behind a packet are part of the format.
            clean.resize(place.len(), b' ');
            found.push(Change { at: place.start as u64, bytes: clean });
        }
        _ => found.extend(emptied(one)),
    }
}

/// A list of items with numbers, whose names stand in another list, or with names of their own.
fn items(bytes: &[u8], body: Range<usize>, found: &mut Vec<Change>) {
    // MP4 has a version before the first box, QuickTime has none.
    let is_plain = bytes.get(body.start + 4..body.start + 8) == Some(b"hdlr");
    let start = if is_plain { body.start } else { body.start + 4 };
    let parts = boxes(bytes, start..body.end);
    let names = parts.iter().find(|part| &part.kind == b"keys").map(|keys| names(bytes, keys.body.clone()));
    let names = names.unwrap_or_default();
    for part in &parts {
        if PRIVATE.contains(&&part.kind) {
            found.extend(emptied(part));
        }
    }
    let lists = parts.iter().filter(|part| &part.kind == b"ilst");
    for item in lists.flat_map(|list| boxes(bytes, list.body.clone())) {
        let number = (u32::from_be_bytes(item.kind) as usize).checked_sub(1);
        let inner = boxes(bytes, item.body.clone());
        let own_name = inner.iter().find(|one| &one.kind == b"name");
        let own_name = own_name.and_then(|one| bytes.get(one.body.clone()));
        let name = number.and_then(|number| names.get(number).copied()).or(own_name).unwrap_or_default();
        if PRIVATE.contains(&&item.kind) || is_private(name) {
            // The item stays, with blanks for a value: its number must not name another one.
            let data = inner.iter().filter(|one| &one.kind == b"data");
            let mut values: Vec<_> = data.map(|one| one.body.start + 8..one.body.end).collect();
            if values.is_empty() {
                values.push(item.body.clone());
            }
            for value in values {
                let told = bytes.get(value.clone()).unwrap_or_default();
                if told.iter().any(|byte| *byte != b' ') {
                    found.push(Change { at: value.start as u64, bytes: vec![b' '; told.len()] });
                }
            }
        }
    }
}

/// The names of items: a length with itself, a kind of four letters, and the name.
fn names(bytes: &[u8], body: Range<usize>) -> Vec<&[u8]> {
    let listed = boxes(bytes, (body.start + 8).min(body.end)..body.end);
    listed.iter().map(|one| bytes.get(one.body.clone()).unwrap_or_default()).collect()
}

fn is_private(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let last = name.rsplit(['.', ':', '/']).next().unwrap_or_default();
    name.contains("location") || name.contains("gps") || xmp::names_something_private(last)
}

#[cfg(test)]
mod tests;
