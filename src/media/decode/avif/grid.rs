//! A picture that is put together from tiles (ISO/IEC 23008-12, 6.6.2.3.2), as encoders make of large ones.

use super::{check_size, coded};
use crate::media::MediaError;
use crate::media::av1::Frame;
use crate::media::container::heif::Meta;
use crate::media::raster::Samples;
use std::collections::HashMap;

/// What a grid item says: how many tiles there are, and how much of them is the picture.
struct Layout {
    rows: usize,
    columns: usize,
    width: u32,
    height: u32,
}

impl Layout {
    fn of(item: &[u8]) -> Option<Self> {
        let [0, flags, rows, columns, sides @ ..] = item else { return None };
        let number = |bytes: &[u8]| bytes.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let size = if flags & 1 == 1 { 4 } else { 2 };
        let (width, rest) = sides.split_at_checked(size)?;
        let height = rest.get(..size)?;
        Some(Self {
            rows: usize::from(*rows) + 1,
            columns: usize::from(*columns) + 1,
            width: number(width),
            height: number(height),
        })
    }
}

/// Decodes the tiles one after the other into one frame; one that stands in several places is decoded once.
pub fn joined(bytes: &[u8], meta: &Meta, item: u32) -> Result<Frame, MediaError> {
    /// A grid item has twelve bytes at most.
    const ITEM_BYTES: usize = 64;
    let wrong = || MediaError::damaged("AVIF tiles");
    let layout = meta.data(bytes, item, ITEM_BYTES).and_then(|data| Layout::of(&data)).ok_or_else(wrong)?;
    check_size(layout.width, layout.height)?;
    let parts = meta.references.iter().find(|one| &one.kind == b"dimg" && one.from == item);
    let tiles = parts.map(|one| one.to.as_slice()).unwrap_or_default();
    if tiles.len() != layout.rows * layout.columns {
        return Err(wrong());
    }
    let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, tile) in tiles.iter().enumerate() {
        places.entry(*tile).or_default().push(index);
    }
    let mut whole: Option<(Frame, (u32, u32))> = None;
    for tile in tiles {
        let Some(places) = places.remove(tile) else { continue };
        if meta.item(*tile).map(|tile| &tile.kind) != Some(b"av01") {
            return Err(wrong());
        }
        let tile = coded(bytes, meta, *tile)?;
        let (frame, size) = match &mut whole {
            Some((frame, size)) => (frame, *size),
            empty => {
                let size = (tile.width, tile.height);
                let (frame, _) = empty.insert((canvas(&layout, &tile).ok_or_else(wrong)?, size));
                (frame, size)
            }
        };
        // Tiles of one depth have planes of one kind.
        let is_alike = (tile.width, tile.height) == size
            && (tile.bit_depth, tile.chroma_shift) == (frame.bit_depth, frame.chroma_shift)
            && tile.planes.len() == frame.planes.len();
        if !is_alike {
            return Err(wrong());
        }
        for index in places {
            lay(frame, &tile, index % layout.columns, index / layout.columns);
        }
    }
    whole.map(|(frame, _)| frame).ok_or_else(wrong)
}

/// An empty frame for a picture of tiles like this one; `None` if they do not cover it, or some lie outside.
fn canvas(layout: &Layout, tile: &Frame) -> Option<Frame> {
    let is_covered = |side: u32, count: usize, whole: u32| {
        let (side, count, whole) = (u64::from(side), count as u64, u64::from(whole));
        (count - 1) * side < whole && whole <= count * side
    };
    if !is_covered(tile.width, layout.columns, layout.width)
        || !is_covered(tile.height, layout.rows, layout.height)
    {
        return None;
    }
    let plane = |(index, plane): (usize, &Samples)| {
        let (across, down) = shift(tile, index);
        let length =
            (layout.width as usize).div_ceil(1 << across) * (layout.height as usize).div_ceil(1 << down);
        match plane {
            Samples::U8(_) => Samples::U8(vec![0; length]),
            Samples::U16(_) => Samples::U16(vec![0; length]),
        }
    };
    let planes = tile.planes.iter().enumerate().map(plane).collect();
    Some(Frame { width: layout.width, height: layout.height, planes, ..*tile })
}

/// By how many bits the sides of a plane are smaller than the picture's.
fn shift(frame: &Frame, plane: usize) -> (u32, u32) {
    if plane == 0 { (0, 0) } else { frame.chroma_shift }
}

fn lay(frame: &mut Frame, tile: &Frame, column: usize, row: usize) {
    for (index, (from, into)) in tile.planes.iter().zip(&mut frame.planes).enumerate() {
        let (across, down) = shift(tile, index);
        let place = Place {
            left: (column * tile.width as usize) >> across,
            top: (row * tile.height as usize) >> down,
            tile_width: (tile.width as usize).div_ceil(1 << across),
            width: (frame.width as usize).div_ceil(1 << across),
        };
        match (from, into) {
            (Samples::U8(from), Samples::U8(into)) => place.copy(from, into),
            (Samples::U16(from), Samples::U16(into)) => place.copy(from, into),
            _ => {}
        }
    }
}

/// Where a tile's plane lies in the whole one.
struct Place {
    left: usize,
    top: usize,
    tile_width: usize,
    width: usize,
}

impl Place {
    fn copy<T: Copy>(&self, from: &[T], into: &mut [T]) {
        let Some(length) = self.width.checked_sub(self.left).map(|rest| rest.min(self.tile_width)) else {
            return;
        };
        for (from, into) in
            from.chunks_exact(self.tile_width).zip(into.chunks_exact_mut(self.width).skip(self.top))
        {
            if let (Some(from), Some(into)) =
                (from.get(..length), into.get_mut(self.left..self.left + length))
            {
                into.copy_from_slice(from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Samples, canvas};
    use crate::media::av1::Frame;

    #[test]
    fn tiles_cover_the_picture_and_none_lies_outside() {
        let tile = Frame {
            width: 64,
            height: 64,
            bit_depth: 8,
            chroma_shift: (1, 1),
            is_full_range: true,
            primaries: 1,
            transfer: 13,
            matrix: 6,
            planes: vec![Samples::U8(Vec::new()); 3],
        };
        let is_taken =
            |columns, rows, width, height| canvas(&Layout { rows, columns, width, height }, &tile).is_some();
        assert!(is_taken(2, 3, 128, 192));
        // The last ones may reach over the edge.
        assert!(is_taken(2, 3, 65, 129));
        for (columns, rows, width, height) in
            [(2, 3, 64, 192), (2, 3, 128, 128), (2, 3, 129, 192), (2, 3, 128, 193), (256, 255, 1, 1)]
        {
            assert!(!is_taken(columns, rows, width, height), "{columns} x {rows} for {width} x {height}");
        }
    }
}
