//! Strips read as a stream: one row at a time, however many rows a strip has. Some programs put a whole picture
//! into one strip, which nobody should have to hold in memory.

use super::fax::{Fax, Rows};
use super::luma::Shared;
use super::view::View;
use super::{Coding, Source, media_error};
use crate::media::MediaError;
use std::io::{BufReader, ErrorKind, Read};
use tiff::decoder::ChunkType;
use tiff::tags::Tag;
use weezl::BitOrder;
use weezl::decode::Decoder;

/// Compressions that are undone here; all others go through the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Deflate,
    Lzw,
    /// As the first programs of all wrote it, with the bits of a code the other way round.
    OldLzw,
    Zstd,
    PackBits,
    Fax(Rows),
}

impl Packing {
    /// By the number in the file (`Compression`).
    pub const fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::None),
            8 | 32_946 => Some(Self::Deflate),
            5 => Some(Self::Lzw),
            50_000 => Some(Self::Zstd),
            32_773 => Some(Self::PackBits),
            _ => None,
        }
    }

    /// What undoing it holds at most, beside what comes out.
    pub const fn memory_bytes(self) -> u64 {
        if matches!(self, Self::Zstd) { 1 << ZSTD_WINDOW_LOG } else { 0 }
    }
}

/// How far back packed data may point, as a power of two: what the strongest level of the packers asks for.
const ZSTD_WINDOW_LOG: u32 = 27;

pub struct Strips {
    file: View,
    packing: Packing,
    is_little_endian: bool,
    /// Each sample is stored as the difference to its left neighbour.
    is_predicted: bool,
    is_deep: bool,
    channels: usize,
    width: usize,
    height: usize,
    rows_per_strip: usize,
    /// Offset and length of each strip.
    places: Vec<(u64, u64)>,
    /// How many pixels across and down share their colour.
    together: (usize, usize),
}

impl Strips {
    /// `None` for files of another build.
    pub fn of(
        decoder: &mut Source,
        view: &View,
        coding: &Coding,
        width: u32,
        height: u32,
    ) -> Result<Option<Self>, MediaError> {
        if decoder.get_chunk_type() != ChunkType::Strip
            || coding.bits < 8
            || coding.is_light
            || coding.bytes > 2
        {
            return Ok(None);
        }
        let mut number = |tag, default: u32| {
            decoder.find_tag_unsigned::<u32>(tag).map_err(media_error).map(|found| found.unwrap_or(default))
        };
        let Some(packing) = Packing::of(number(Tag::Compression, 1)?) else { return Ok(None) };
        let predictor = number(Tag::Predictor, 1)?;
        // Planes one after the other and floating-point prediction are rare.
        if number(Tag::PlanarConfiguration, 1)? != 1 || !matches!(predictor, 1 | 2) {
            return Ok(None);
        }
        let rows_per_strip = number(Tag::RowsPerStrip, height)?.clamp(1, height) as usize;
        let mut list = |tag| {
            decoder.find_tag_unsigned_vec::<u64>(tag).map_err(media_error).map(Option::unwrap_or_default)
        };
        let offsets = list(Tag::StripOffsets)?;
        let lengths = list(Tag::StripByteCounts)?;
        if offsets.len() != (height as usize).div_ceil(rows_per_strip) || lengths.len() != offsets.len() {
            return Ok(None);
        }
        let mut order = [0; 2];
        view.from(0)?.read_exact(&mut order)?;
        let packing = match packing {
            Packing::Lzw if is_old_lzw(view, offsets.first().copied())? => Packing::OldLzw,
            other => other,
        };
        Ok(Some(Self {
            file: view.from(0)?,
            packing,
            is_little_endian: &order == b"II",
            is_predicted: predictor == 2,
            is_deep: coding.bits == 16,
            channels: coding.file_channels,
            width: width as usize,
            height: height as usize,
            rows_per_strip,
            places: offsets.into_iter().zip(lengths).collect(),
            together: coding.luma.map_or((1, 1), |luma| luma.together),
        }))
    }

    /// What unpacking holds at most.
    pub const fn memory_bytes(&self) -> u64 {
        self.packing.memory_bytes()
    }

    /// The rows as they are stored.
    pub fn read<T: FromBytes>(
        &self,
        take: &mut dyn FnMut(Vec<T>) -> Result<(), MediaError>,
    ) -> Result<(), MediaError> {
        let sample_bytes = if self.is_deep { 2 } else { 1 };
        let mut bytes = vec![0; self.width * self.channels * sample_bytes];
        let mut rows_left = self.height;
        for (offset, length) in &self.places {
            let strip_bytes = bytes.len().saturating_mul(self.rows_per_strip);
            let piece = Packed { offset: *offset, length: *length, ahead: strip_bytes, width: self.width };
            let mut strip = unpacked(&self.file, self.packing, piece, self.together)?;
            for _ in 0..rows_left.min(self.rows_per_strip) {
                strip.read_exact(&mut bytes).map_err(stream_error)?;
                let mut row = T::from_bytes(&bytes, self.is_little_endian);
                if self.is_predicted {
                    undo_prediction(&mut row, self.channels);
                }
                take(row)?;
            }
            rows_left = rows_left.saturating_sub(self.rows_per_strip);
        }
        Ok(())
    }
}

/// Every sample is the difference to that of the pixel on its left.
pub(super) fn undo_prediction<T: FromBytes>(row: &mut [T], channels: usize) {
    for index in channels..row.len() {
        let left = row.get(index - channels).copied().unwrap_or_default();
        if let Some(sample) = row.get_mut(index) {
            *sample = sample.plus(left);
        }
    }
}

/// Where a strip or tile lies, and about what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packed {
    pub offset: u64,
    pub length: u64,
    /// How many bytes it has when it is unpacked, as far as is known.
    pub ahead: usize,
    /// In pixels, with what pads it.
    pub width: usize,
}

/// The bytes of a strip or tile; where pixels share their colour (`together`), as if each had its own.
pub(super) fn unpacked(
    view: &View,
    packing: Packing,
    place: Packed,
    together: (usize, usize),
) -> Result<Box<dyn Read>, MediaError> {
    let file = view.from(place.offset)?;
    // Small tiles come by the hundred thousand.
    let packed =
        BufReader::with_capacity(place.length.clamp(1, 128 * 1024) as usize, file.take(place.length));
    let ahead = place.ahead.clamp(1, 64 * 1024);
    let bytes: Box<dyn Read> = match packing {
        Packing::None => Box::new(packed),
        Packing::Deflate => Box::new(flate2::bufread::ZlibDecoder::new(packed)),
        Packing::Lzw => Box::new(Unlzw::new(packed, Decoder::with_tiff_size_switch(BitOrder::Msb, 8), ahead)),
        Packing::Zstd => {
            let mut unpacking = zstd::stream::read::Decoder::with_buffer(packed)?;
            unpacking.window_log_max(ZSTD_WINDOW_LOG)?;
            Box::new(unpacking)
        }
        Packing::OldLzw => Box::new(Unlzw::new(packed, Decoder::new(BitOrder::Lsb, 8), ahead)),
        Packing::PackBits => Box::new(Unpacked { from: packed, run: Run::None }),
        Packing::Fax(rows) => {
            let width = u16::try_from(place.width).map_err(MediaError::damaged)?;
            Box::new(Fax::new(packed, rows, width))
        }
    };
    if together == (1, 1) {
        return Ok(bytes);
    }
    Ok(Box::new(Shared::new(BufReader::new(bytes), together, place.width)))
}

pub(super) fn is_old_lzw(view: &View, offset: Option<u64>) -> Result<bool, MediaError> {
    let mut start = [0; 2];
    view.from(offset.unwrap_or(0))?.read_exact(&mut start).map_err(|_| MediaError::Truncated)?;
    Ok(start[0] == 0 && start[1] & 1 == 1)
}

pub(super) fn stream_error(error: std::io::Error) -> MediaError {
    if error.kind() == ErrorKind::UnexpectedEof { MediaError::Truncated } else { MediaError::damaged(error) }
}

/// Samples from a row of bytes.
pub trait FromBytes: Copy + Default {
    fn from_bytes(bytes: &[u8], is_little_endian: bool) -> Vec<Self>;
    fn plus(self, other: Self) -> Self;
}

impl FromBytes for u8 {
    fn from_bytes(bytes: &[u8], _: bool) -> Vec<Self> {
        bytes.to_vec()
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

impl FromBytes for u16 {
    fn from_bytes(bytes: &[u8], is_little_endian: bool) -> Vec<Self> {
        let pairs = bytes.as_chunks::<2>().0.iter();
        if is_little_endian {
            pairs.map(|pair| Self::from_le_bytes(*pair)).collect()
        } else {
            pairs.map(|pair| Self::from_be_bytes(*pair)).collect()
        }
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

/// LZW as TIFF packs it, undone as a stream.
struct Unlzw<R> {
    from: R,
    decoder: Decoder,
    /// How many bytes are unpacked in one go.
    ahead: usize,
    ready: Vec<u8>,
    at: usize,
}

impl<R: std::io::BufRead> Unlzw<R> {
    fn new(from: R, decoder: Decoder, ahead: usize) -> Self {
        Self { from, decoder, ahead, ready: Vec::new(), at: 0 }
    }
}

impl<R: std::io::BufRead> Read for Unlzw<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.ready.len() {
            let packed = self.from.fill_buf()?;
            let is_end = packed.is_empty();
            self.ready.resize(self.ahead, 0);
            let result = self.decoder.decode_bytes(packed, &mut self.ready);
            self.from.consume(result.consumed_in);
            self.ready.truncate(result.consumed_out);
            self.at = 0;
            match result.status {
                Err(error) => return Err(std::io::Error::new(ErrorKind::InvalidData, error.to_string())),
                Ok(weezl::LzwStatus::Done) if self.ready.is_empty() => return Ok(0),
                Ok(weezl::LzwStatus::NoProgress) if is_end => return Ok(0),
                Ok(_) => {}
            }
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(into), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            into.copy_from_slice(from);
        }
        self.at += length;
        Ok(length)
    }
}

/// Bytes of which equal ones stand once (TIFF 6.0, section 9).
struct Unpacked<R> {
    from: R,
    run: Run,
}

enum Run {
    None,
    /// How many bytes stand as they are.
    Plain(usize),
    /// How many times one stands.
    Equal(usize, u8),
}

impl<R: std::io::BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            match self.run {
                Run::None | Run::Plain(0) | Run::Equal(0, _) => {
                    let mut head = [0];
                    if self.from.read(&mut head)? == 0 {
                        return Ok(0);
                    }
                    self.run = match head[0].cast_signed() {
                        -128 => Run::None,
                        count @ 0.. => Run::Plain(usize::from(count.unsigned_abs()) + 1),
                        count => {
                            let mut byte = [0];
                            self.from.read_exact(&mut byte)?;
                            Run::Equal(usize::from(count.unsigned_abs()) + 1, byte[0])
                        }
                    };
                }
                Run::Plain(left) => {
                    let length = left.min(buffer.len());
                    let read = self.from.read(buffer.get_mut(..length).unwrap_or_default())?;
                    self.run = if read == 0 { Run::None } else { Run::Plain(left - read) };
                    return Ok(read);
                }
                Run::Equal(left, byte) => {
                    let length = left.min(buffer.len());
                    buffer.get_mut(..length).unwrap_or_default().fill(byte);
                    self.run = Run::Equal(left - length, byte);
                    return Ok(length);
                }
            }
        }
    }
}
