//! Samples of eight and of sixteen bits, and what differs between them.

use super::luma::Luma;
use super::palette::Palette;
use super::strips::FromBytes;
use crate::media::decode::shrink::Sample;
use crate::media::raster::Model;
use tiff::decoder::DecodingResult;

/// What the two sample sizes do differently.
pub trait Depth: Sample + FromBytes {
    /// What the library has read, if it is of this size.
    fn of(result: DecodingResult) -> Option<Vec<Self>>;
    /// Rows of less than eight bits a sample, spread out.
    fn unpacked(packed: &[Self], width: usize, bits: u8) -> Vec<Self>;
    fn divided_by(self, alpha: Self) -> Self;
    fn inverted(self) -> Self;
    fn in_rgb(pixel: &mut [Self], luma: Luma);
    /// Of an ink beneath alpha, what is seen of it.
    fn multiplied_by(self, alpha: Self) -> Self;
    /// Numbers of colours to those colours; the second channel, if it is used, is alpha.
    fn coloured(samples: &[Self], channels: usize, model: Model, palette: &Palette) -> Vec<Self>;
}

impl Depth for u8 {
    fn of(result: DecodingResult) -> Option<Vec<Self>> {
        if let DecodingResult::U8(samples) = result { Some(samples) } else { None }
    }

    fn unpacked(packed: &[Self], width: usize, bits: u8) -> Vec<Self> {
        unpack(packed, width, bits)
    }

    fn divided_by(self, alpha: Self) -> Self {
        let full = u32::from(Self::MAX);
        (u32::from(self) * full).checked_div(u32::from(alpha)).unwrap_or(0).min(full) as Self
    }

    fn inverted(self) -> Self {
        Self::MAX - self
    }

    fn in_rgb(pixel: &mut [Self], luma: Luma) {
        if let Ok(pixel) = <&mut [Self; 3]>::try_from(pixel) {
            *pixel = luma.to_rgb(*pixel);
        }
    }

    fn multiplied_by(self, alpha: Self) -> Self {
        let full = u32::from(Self::MAX);
        ((u32::from(self) * u32::from(alpha) + full / 2) / full) as Self
    }

    fn coloured(samples: &[Self], channels: usize, model: Model, palette: &Palette) -> Vec<Self> {
        let mut row = Vec::with_capacity(samples.len() / channels.max(1) * model.channels());
        for pixel in samples.chunks_exact(channels.max(1)) {
            let [number, others @ ..] = pixel else { continue };
            row.extend(palette.colour(*number));
            if model.has_alpha() {
                row.push(others.first().copied().unwrap_or(Self::MAX));
            }
        }
        row
    }
}

impl Depth for u16 {
    fn of(result: DecodingResult) -> Option<Vec<Self>> {
        let light = |value: f32| (value.clamp(0.0, 1.0) * 65_535.0 + 0.5) as Self;
        match result {
            DecodingResult::U16(samples) => Some(samples),
            DecodingResult::U32(samples) => {
                Some(samples.into_iter().map(|value| (value >> 16) as Self).collect())
            }
            DecodingResult::F16(samples) => {
                Some(samples.into_iter().map(|value| light(value.to_f32())).collect())
            }
            DecodingResult::F32(samples) => Some(samples.into_iter().map(light).collect()),
            _ => None,
        }
    }

    fn unpacked(packed: &[Self], _: usize, _: u8) -> Vec<Self> {
        packed.to_vec()
    }

    fn divided_by(self, alpha: Self) -> Self {
        let full = u32::from(Self::MAX);
        (u32::from(self) * full).checked_div(u32::from(alpha)).unwrap_or(0).min(full) as Self
    }

    fn inverted(self) -> Self {
        Self::MAX - self
    }

    /// The library reads such pixels in eight bits alone.
    fn in_rgb(_: &mut [Self], _: Luma) {}

    fn multiplied_by(self, alpha: Self) -> Self {
        let full = u32::from(Self::MAX);
        ((u64::from(self) * u64::from(alpha) + u64::from(full / 2)) / u64::from(full)) as Self
    }

    fn coloured(samples: &[Self], _: usize, _: Model, _: &Palette) -> Vec<Self> {
        samples.to_vec()
    }
}

/// Rows of 1-, 2- or 4-bit grey, each padded to whole bytes, to one byte a pixel.
fn unpack(packed: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let bits = usize::from(bits);
    let row_bytes = (width * bits).div_ceil(8).max(1);
    let highest = (1_usize << bits) - 1;
    let mut pixels = Vec::with_capacity(packed.len() * 8 / bits);
    for row in packed.chunks_exact(row_bytes) {
        for column in 0..width {
            let bit = column * bits;
            let byte = row.get(bit / 8).copied().unwrap_or_default();
            let value = usize::from(byte) >> (8 - bits - bit % 8) & highest;
            pixels.push((value * 255 / highest) as u8);
        }
    }
    pixels
}
