//! Tiles, planes and rows of few bits as the library does not read them: it takes some that are packed by LZW for
//! incomplete that are not, and knows neither Zstandard nor the older fax codes nor pixels that share their colour.

use super::strips::{FromBytes, Packed, Packing, is_old_lzw, stream_error, undo_prediction, unpacked};
use super::view::View;
use super::{Coding, Source, check_memory, media_error};
use crate::media::MediaError;
use std::io::Read;
use tiff::decoder::ChunkType;
use tiff::tags::Tag;

pub struct Pieces {
    file: View,
    packing: Packing,
    is_little_endian: bool,
    is_predicted: bool,
    bits: usize,
    /// Offset and length of each piece.
    places: Vec<(u64, u64)>,
    /// How many pixels across and down share their colour.
    together: (usize, usize),
}

/// The part of a piece that is picture; what pads it to full width and height is not.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub stored_width: usize,
    pub width: usize,
    pub height: usize,
    /// Of a pixel.
    pub channels: usize,
}

impl Pieces {
    /// `None` for files of another build.
    pub fn of(decoder: &mut Source, view: &View, coding: &Coding) -> Result<Option<Self>, MediaError> {
        let mut number = |tag, default: u32| {
            decoder.find_tag_unsigned::<u32>(tag).map_err(media_error).map(|found| found.unwrap_or(default))
        };
        let packing = coding.fax.map(Packing::Fax).or(Packing::of(number(Tag::Compression, 1)?));
        let is_shared = coding.luma.is_some_and(|luma| luma.is_shared());
        let is_ours = |packing: &Packing| {
            is_shared || matches!(packing, Packing::Lzw | Packing::Zstd | Packing::Fax(_))
        };
        let Some(packing) = packing.filter(is_ours) else { return Ok(None) };
        let predictor = number(Tag::Predictor, 1)?;
        let is_known = matches!((predictor, coding.bits), (1, _) | (2, 8 | 16));
        if !is_known || coding.is_light || coding.bytes > 2 {
            return Ok(None);
        }
        let (offsets, lengths) = match decoder.get_chunk_type() {
            ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
            ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
        };
        let mut list = |tag| {
            decoder.find_tag_unsigned_vec::<u64>(tag).map_err(media_error).map(Option::unwrap_or_default)
        };
        let places: Vec<(u64, u64)> = list(offsets)?.into_iter().zip(list(lengths)?).collect();
        let mut order = [0; 2];
        view.from(0)?.read_exact(&mut order)?;
        let first = places.first().map(|(offset, _)| *offset);
        let is_old = packing == Packing::Lzw && is_old_lzw(view, first)?;
        Ok(Some(Self {
            file: view.from(0)?,
            packing: if is_old { Packing::OldLzw } else { packing },
            is_little_endian: &order == b"II",
            is_predicted: predictor == 2,
            bits: usize::from(coding.bits),
            places,
            together: if is_shared { coding.luma.map_or((1, 1), |luma| luma.together) } else { (1, 1) },
        }))
    }

    /// Whether the library cannot read any of them.
    pub fn are_foreign(&self) -> bool {
        matches!(self.packing, Packing::Zstd | Packing::Fax(_)) || self.together != (1, 1)
    }

    /// What unpacking one holds at most.
    pub const fn memory_bytes(&self) -> u64 {
        self.packing.memory_bytes()
    }

    /// The samples of a piece; those of less than eight bits in packed rows.
    pub fn read<T: FromBytes>(&self, index: u32, part: Part) -> Result<Vec<T>, MediaError> {
        let Some((offset, length)) = self.places.get(index as usize) else {
            return Err(MediaError::damaged("a piece without a place"));
        };
        let row_bytes = |width: usize| {
            let bits = width.saturating_mul(part.channels).saturating_mul(self.bits);
            bits.div_ceil(8)
        };
        check_memory(row_bytes(part.stored_width) as u64)?;
        let mut stored = vec![0; row_bytes(part.stored_width)];
        let piece_bytes = stored.len().saturating_mul(part.height);
        let place = Packed { offset: *offset, length: *length, ahead: piece_bytes, width: part.stored_width };
        let mut stream = unpacked(&self.file, self.packing, place, self.together)?;
        let mut samples = Vec::new();
        for _ in 0..part.height {
            stream.read_exact(&mut stored).map_err(stream_error)?;
            let picture = stored.get(..row_bytes(part.width)).unwrap_or(&stored);
            let mut row = T::from_bytes(picture, self.is_little_endian);
            if self.is_predicted {
                undo_prediction(&mut row, part.channels);
            }
            samples.append(&mut row);
        }
        Ok(samples)
    }
}
