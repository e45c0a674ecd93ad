//! The pictures behind the first one. They stay as long as they are, so that what names their lengths remains
//! right; what is private in them is blanked in its place.

use super::is_of_a_maker;
use crate::media::container::jpeg::{APP1, APP2, APP11, Segment, XMP_NAME, exif_block, segments};
use crate::media::container::mpf::{self, Entry, Index};
use crate::media::container::tiff::Tiff;
use crate::media::embed::xmp::{self, Stripped};
use crate::media::embed::{Wanted, exif};
use std::ops::Range;

pub struct Further {
    index: Index,
    /// Of the index segment in the old file: the beginning of the segment, and that of the block in it.
    pub segment_at: usize,
    block_at: usize,
    pictures: Vec<Range<usize>>,
}

impl Further {
    /// `end`: where the first picture is over. `None`: there is no index, or it does not fit the file.
    pub fn of(bytes: &[u8], found: &[Segment], end: usize) -> Option<Self> {
        let is_index = |segment: &&Segment| {
            let payload = bytes.get(segment.payload.clone()).unwrap_or_default();
            segment.marker == APP2 && payload.starts_with(mpf::NAME)
        };
        let segment = found.iter().find(is_index)?;
        let block_at = segment.payload.start + mpf::NAME.len();
        let index = Index::read(bytes.get(block_at..segment.payload.end)?)?;
        let (first, others) = index.entries.split_first()?;
        let mut pictures = Vec::new();
        let mut at = end;
        for entry in others {
            let start = block_at + entry.offset as usize;
            let range = start..start.checked_add(entry.size as usize)?;
            let is_picture = bytes.get(range.clone())?.starts_with(&[0xFF, 0xD8]);
            // One behind the other, as everybody writes them.
            if !is_picture || range.start < at {
                return None;
            }
            at = range.end;
            pictures.push(range);
        }
        let fits = first.offset == 0 && !pictures.is_empty();
        fits.then_some(Self {
            segment_at: segment.whole.start,
            block_at: block_at - segment.whole.start,
            index,
            pictures,
        })
    }

    /// Appends the pictures to a file that ends with the first one. `old_end`: where that was over in the old
    /// file; `segment_at`: where the index segment is in the new one.
    pub fn append(
        &self,
        out: &mut Vec<u8>,
        bytes: &[u8],
        old_end: usize,
        segment_at: usize,
        wanted: &Wanted,
    ) -> Option<()> {
        let block_at = segment_at + self.block_at;
        let new_end = out.len();
        let mut entries = vec![Entry { size: u32::try_from(new_end).ok()?, ..*self.index.entries.first()? }];
        for (range, entry) in self.pictures.iter().zip(self.index.entries.iter().skip(1)) {
            // What stands between two pictures belongs to nobody.
            out.resize(new_end + range.start - old_end, 0);
            let offset = u32::try_from(out.len() - block_at).ok()?;
            entries.push(Entry { offset, ..*entry });
            let mut picture = bytes.get(range.clone())?.to_vec();
            if !wanted.keeps_private {
                blank_private(&mut picture);
            }
            out.extend_from_slice(&picture);
        }
        let block = out.get_mut(block_at..)?;
        entries.into_iter().try_for_each(|entry| self.index.write(block, entry))
    }
}

/// Overwrites what is private in a picture without changing its length.
fn blank_private(picture: &mut [u8]) {
    let (found, _) = segments(picture);
    let mut has_packet = false;
    for segment in found {
        let Some(payload) = picture.get_mut(segment.payload.clone()) else { continue };
        if let Some(packet) = payload.strip_prefix(XMP_NAME).filter(|_| segment.marker == APP1) {
            let room = packet.len();
            // A picture has one; reading any number of others would only take time.
            let stripped = if has_packet { Stripped::Unreadable } else { xmp::without_private(packet) };
            has_packet = true;
            match stripped {
                Stripped::Whole => {}
                Stripped::Rewritten(mut clean) if clean.len() <= room => {
                    // Blanks behind a packet are part of the format.
                    clean.resize(room, b' ');
                    payload.split_at_mut(XMP_NAME.len()).1.copy_from_slice(&clean);
                }
                _ => payload.fill(0),
            }
            continue;
        }
        let tells = match segment.marker {
            APP1 => exif_block(payload).is_none_or(tells_private),
            APP11 => true,
            _ => false,
        };
        if tells || is_of_a_maker(segment.marker, payload) {
            payload.fill(0);
        }
    }
}

/// A block that cannot be read may tell anything.
fn tells_private(block: &[u8]) -> bool {
    let Some(tiff) = Tiff::open(block) else { return true };
    let Some(main) = tiff.first_directory() else { return true };
    let capture = tiff.sub_directory(&main, crate::media::container::tiff::tag::EXIF_DIRECTORY);
    let directories = [Some(main), capture];
    directories
        .iter()
        .flatten()
        .flat_map(|directory| &directory.entries)
        .any(|entry| exif::is_private(entry.tag))
}
