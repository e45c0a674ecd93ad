//! Pictures in luma and two colour differences, as video has them (TIFF 6.0, section 21).

use std::io::{ErrorKind, Read};

/// How luma and colour differences were made of red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Luma {
    /// The shares of red, green and blue.
    shares: [f32; 3],
    /// Levels of black and white, and of none and all of each colour difference.
    levels: [f32; 6],
    /// How many pixels, across and down, have one pair of colour differences.
    pub together: (usize, usize),
}

impl Default for Luma {
    /// As JPEG has them.
    fn default() -> Self {
        Self {
            shares: [0.299, 0.587, 0.114],
            levels: [0.0, 255.0, 128.0, 255.0, 128.0, 255.0],
            together: (1, 1),
        }
    }
}

impl Luma {
    /// By the fields of a file; what makes no sense there is taken as JPEG has it.
    pub fn of(shares: Option<&[f32]>, levels: Option<&[f32]>, together: &[u64]) -> Self {
        let mut luma = Self::default();
        if let Some([red, green, blue]) = shares
            && [red, green, blue].into_iter().all(|share| (0.001..1.0).contains(share))
        {
            luma.shares = [*red, *green, *blue];
        }
        if let Some(levels) = levels.and_then(|levels| <[f32; 6]>::try_from(levels).ok())
            && levels.as_chunks::<2>().0.iter().all(|[none, all]| all - none >= 1.0)
        {
            luma.levels = levels;
        }
        let side = |index: usize| together.get(index).copied().unwrap_or(2) as usize;
        luma.together = (side(0), side(1));
        luma
    }

    /// Whether all pixels have differences of their own, or some share them in a way that is known.
    pub const fn is_known(&self) -> bool {
        matches!(self.together, (1 | 2 | 4, 1 | 2 | 4))
    }

    pub const fn is_shared(&self) -> bool {
        self.together.0 * self.together.1 > 1
    }

    pub fn to_rgb(self, [luma, blue, red]: [u8; 3]) -> [u8; 3] {
        let [black, white, no_blue, all_blue, no_red, all_red] = self.levels;
        let [of_red, of_green, of_blue] = self.shares;
        let y = (f32::from(luma) - black) * 255.0 / (white - black);
        let blue = (f32::from(blue) - no_blue) * 127.0 / (all_blue - no_blue);
        let red = (f32::from(red) - no_red) * 127.0 / (all_red - no_red);
        let r = y + red * (2.0 - 2.0 * of_red);
        let b = y + blue * (2.0 - 2.0 * of_blue);
        let g = (y - of_red * r - of_blue * b) / of_green;
        [r, g, b].map(|level| level.round().clamp(0.0, 255.0) as u8)
    }
}

/// A strip or tile in which some pixels share their colour differences, as one in which each has its own.
pub struct Shared<R> {
    from: R,
    across: usize,
    down: usize,
    width: usize,
    /// The rows that share a row of differences.
    rows: Vec<u8>,
    at: usize,
}

impl<R: Read> Shared<R> {
    /// `width` is that of the strip or tile in pixels.
    pub fn new(from: R, (across, down): (usize, usize), width: usize) -> Self {
        Self { from, across, down, width, rows: Vec::new(), at: 0 }
    }

    /// `false` at the end.
    fn next_rows(&mut self) -> std::io::Result<bool> {
        let unit_bytes = self.across * self.down + 2;
        let mut units = vec![0; self.width.div_ceil(self.across) * unit_bytes];
        match self.from.read_exact(&mut units) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            done => done?,
        }
        self.at = 0;
        self.rows.resize(self.down * self.width * 3, 0);
        for (row, pixels) in self.rows.chunks_exact_mut(self.width * 3).enumerate() {
            for (column, pixel) in pixels.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                let start = column / self.across * unit_bytes;
                let Some(unit) = units.get(start..start + unit_bytes) else { continue };
                let Some((lumas, [blue, red])) = unit.split_last_chunk::<2>() else { continue };
                let luma = lumas.get(row * self.across + column % self.across).copied().unwrap_or_default();
                *pixel = [luma, *blue, *red];
            }
        }
        Ok(true)
    }
}

impl<R: Read> Read for Shared<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.rows.len() && !self.next_rows()? {
            return Ok(0);
        }
        let ready = self.rows.get(self.at..).unwrap_or_default();
        let length = ready.len().min(buffer.len());
        if let (Some(into), Some(from)) = (buffer.get_mut(..length), ready.get(..length)) {
            into.copy_from_slice(from);
        }
        self.at += length;
        Ok(length)
    }
}
