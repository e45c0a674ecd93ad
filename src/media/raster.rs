//! Pixels in memory: as they come out of a file ([`Raster`]) and as they go into a rendition ([`Picture`]).

/// What the channels of a pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    Gray,
    GrayAlpha,
    Rgb,
    /// Alpha is not multiplied into the colours.
    Rgba,
    /// Amounts of ink: 0 is bare paper.
    Cmyk,
}

impl Model {
    pub const fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    U8(Vec<u8>),
    U16(Vec<u16>),
}

/// Decoded pixels in the file's own colour space, row by row from the top left, channels interleaved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    pub model: Model,
    pub samples: Samples,
}

impl Raster {
    /// Drops an alpha channel that says "opaque" everywhere, as cameras' and scanners' software writes it:
    /// such a picture is a photo, not a cut-out.
    pub fn without_opaque_alpha(mut self) -> Self {
        let plain = match self.model {
            Model::GrayAlpha => Model::Gray,
            Model::Rgba => Model::Rgb,
            _ => return self,
        };
        let dropped = match &mut self.samples {
            Samples::U8(samples) => drop_last_channel(samples, self.model.channels(), u8::MAX),
            Samples::U16(samples) => drop_last_channel(samples, self.model.channels(), u16::MAX),
        };
        if dropped {
            self.model = plain;
        }
        self
    }
}

impl Raster {
    /// A part of the picture, which must lie inside it.
    pub fn cut(self, left: u32, top: u32, width: u32, height: u32) -> Self {
        fn part<T: Copy>(
            samples: &[T],
            row: usize,
            left: usize,
            length: usize,
            top: usize,
            rows: usize,
        ) -> Vec<T> {
            let rows = samples.chunks_exact(row.max(1)).skip(top).take(rows);
            rows.filter_map(|row| row.get(left..left + length)).flatten().copied().collect()
        }
        if (left, top, width, height) == (0, 0, self.width, self.height) {
            return self;
        }
        let channels = self.model.channels();
        let (row, left, length) =
            (self.width as usize * channels, left as usize * channels, width as usize * channels);
        let samples = match &self.samples {
            Samples::U8(all) => Samples::U8(part(all, row, left, length, top as usize, height as usize)),
            Samples::U16(all) => Samples::U16(part(all, row, left, length, top as usize, height as usize)),
        };
        Self { width, height, model: self.model, samples }
    }
}

/// Removes the last of `channels` in place if it is `opaque` in every pixel.
fn drop_last_channel<T: Copy + PartialEq>(samples: &mut Vec<T>, channels: usize, opaque: T) -> bool {
    if samples.chunks_exact(channels).any(|pixel| pixel.last() != Some(&opaque)) {
        return false;
    }
    let kept = channels - 1;
    let pixels = samples.len() / channels;
    for pixel in 0..pixels {
        samples.copy_within(pixel * channels..pixel * channels + kept, pixel * kept);
    }
    samples.truncate(pixels * kept);
    samples.shrink_to_fit();
    true
}

/// 8-bit sRGB, three channels or four with alpha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub has_alpha: bool,
    pub pixels: Vec<u8>,
}

impl Picture {
    pub const fn channels(&self) -> usize {
        if self.has_alpha { 4 } else { 3 }
    }

    /// The picture on white, without alpha.
    pub fn flattened(&self) -> std::borrow::Cow<'_, [u8]> {
        if !self.has_alpha {
            return std::borrow::Cow::Borrowed(&self.pixels);
        }
        let mut flat = Vec::with_capacity(self.pixels.len() / 4 * 3);
        for [red, green, blue, alpha] in self.pixels.as_chunks::<4>().0 {
            let on_white = |value: u8| {
                let sum = u32::from(value) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha));
                ((sum + 127) / 255) as u8
            };
            flat.extend_from_slice(&[on_white(*red), on_white(*green), on_white(*blue)]);
        }
        std::borrow::Cow::Owned(flat)
    }
}

#[cfg(test)]
mod tests {
    use super::{Model, Picture, Raster, Samples};

    #[test]
    fn only_a_wholly_opaque_alpha_channel_is_dropped() {
        let raster = |alpha| Raster {
            width: 2,
            height: 1,
            model: Model::Rgba,
            samples: Samples::U8(vec![1, 2, 3, 255, 4, 5, 6, alpha]),
        };
        let opaque = raster(255).without_opaque_alpha();
        assert_eq!((opaque.model, opaque.samples), (Model::Rgb, Samples::U8(vec![1, 2, 3, 4, 5, 6])));
        assert_eq!(raster(254).without_opaque_alpha(), raster(254));
    }

    #[test]
    fn a_part_is_cut_out_of_the_rows() {
        let whole = Raster {
            width: 3,
            height: 2,
            model: Model::GrayAlpha,
            samples: Samples::U16(vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        };
        let part = whole.clone().cut(1, 1, 2, 1);
        assert_eq!((part.width, part.height, part.samples), (2, 1, Samples::U16(vec![9, 10, 11, 12])));
        assert_eq!(whole.clone().cut(0, 0, 3, 2), whole);
    }

    #[test]
    fn transparency_is_shown_on_white() {
        let picture = Picture {
            width: 3,
            height: 1,
            has_alpha: true,
            pixels: vec![9, 9, 9, 0, 0, 0, 0, 255, 0, 0, 0, 128],
        };
        assert_eq!(&*picture.flattened(), &[255, 255, 255, 0, 0, 0, 127, 127, 127]);
    }
}
