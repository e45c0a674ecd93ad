//! Tiles, and planes, that are packed by LZW or Zstandard. The library takes some of the first for incomplete that are
//! not, and does not know the second.

use super::strips::{FromBytes, Packing, is_old_lzw, stream_error, undo_prediction, unpacked};
use super::{Coding, Source, check_memory, media_error};
use crate::media::MediaError;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use tiff::decoder::ChunkType;
use tiff::tags::Tag;

pub struct Pieces {
    file: File,
    packing: Packing,
    is_little_endian: bool,
    is_predicted: bool,
    bits: usize,
    /// Offset and length of each piece.
    places: Vec<(u64, u64)>,
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
    pub fn of(decoder: &mut Source, path: &Path, coding: &Coding) -> Result<Option<Self>, MediaError> {
        let mut number = |tag, default: u32| {
            decoder.find_tag_unsigned::<u32>(tag).map_err(media_error).map(|found| found.unwrap_or(default))
        };
        let packing = Packing::of(number(Tag::Compression, 1)?);
        let packing = packing.filter(|packing| matches!(packing, Packing::Lzw | Packing::Zstd));
        let predictor = number(Tag::Predictor, 1)?;
        let is_known = matches!((predictor, coding.bits), (1, _) | (2, 8 | 16));
        let Some(packing) = packing else { return Ok(None) };
        if !is_known
            || coding.is_ycbcr
            || coding.is_light
            || coding.bytes > 2
            || number(Tag::FillOrder, 1)? != 1
        {
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
        let mut file = File::open(path)?;
        let mut order = [0; 2];
        file.read_exact(&mut order)?;
        let first = places.first().map(|(offset, _)| *offset);
        let is_old = packing == Packing::Lzw && is_old_lzw(&mut file, first)?;
        Ok(Some(Self {
            file,
            packing: if is_old { Packing::OldLzw } else { packing },
            is_little_endian: &order == b"II",
            is_predicted: predictor == 2,
            bits: usize::from(coding.bits),
            places,
        }))
    }

    /// Whether the library cannot read any of them.
    pub fn are_foreign(&self) -> bool {
        self.packing == Packing::Zstd
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
        let mut stream = unpacked(&self.file, self.packing, *offset, *length, piece_bytes)?;
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
