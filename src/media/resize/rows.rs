//! Resampling while rows are still coming, so that a picture is made smaller as fast as it is decoded.

use super::{Source, pixel_type_8};
use crate::media::MediaError;
use crate::media::raster::Model;

/// Rows of the smaller picture that are made at a time: few enough to follow the decoder closely, and enough
/// that the rows which two neighbours both look at weigh little.
const STRIP_ROWS: u32 = 64;
/// How far Lanczos looks to either side, in rows of the smaller picture, and one row for rounding.
const REACH: f64 = 3.0;
const SPARE_ROWS: f64 = 1.0;

/// Makes a picture of eight bits smaller from rows that come from top to bottom. Where the strips begin depends
/// on the sizes alone, so the same picture gives the same pixels however its rows arrive.
pub struct RowScaler {
    source: (u32, u32),
    target: (u32, u32),
    model: Model,
    /// The rows of the source that are still looked at, from `first` on.
    window: Vec<u8>,
    first: u32,
    /// Rows of the target that are made.
    done: u32,
}

impl RowScaler {
    pub const fn new(source: (u32, u32), target: (u32, u32), model: Model) -> Self {
        Self { source, target, model, window: Vec::new(), first: 0, done: 0 }
    }

    /// Takes whole rows of the source and appends the rows of the target that have become possible.
    pub fn push(&mut self, rows: &[u8], into: &mut Vec<u8>) -> Result<(), MediaError> {
        if self.source == self.target {
            into.extend_from_slice(rows);
            return Ok(());
        }
        self.window.extend_from_slice(rows);
        let row_bytes = self.source.0 as usize * self.model.channels();
        let scale = f64::from(self.source.1) / f64::from(self.target.1);
        while self.done < self.target.1 {
            let end = (self.done + STRIP_ROWS).min(self.target.1);
            let below = (f64::from(end) + REACH) * scale + SPARE_ROWS;
            let needed = (below.ceil() as u32).min(self.source.1);
            let present = self.first + (self.window.len() / row_bytes) as u32;
            if present < needed {
                break;
            }
            self.strip(end, present, scale, into)?;
            self.done = end;
            let above = (f64::from(end) - REACH) * scale - SPARE_ROWS;
            let keep_from = (above.max(0.0) as u32).clamp(self.first, present);
            self.window.drain(..(keep_from - self.first) as usize * row_bytes);
            self.first = keep_from;
        }
        Ok(())
    }

    fn strip(&self, end: u32, present: u32, scale: f64, into: &mut Vec<u8>) -> Result<(), MediaError> {
        let rows = end - self.done;
        let height = present - self.first;
        let source = Source {
            bytes: &self.window,
            width: self.source.0,
            height,
            kind: pixel_type_8(self.model.channels()),
        };
        let top = f64::from(self.done) * scale - f64::from(self.first);
        let piece_height = (f64::from(rows) * scale).min(f64::from(height) - top);
        let start = into.len();
        into.resize(start + rows as usize * self.target.0 as usize * self.model.channels(), 0);
        let target = into.get_mut(start..).unwrap_or_default();
        let piece = [0.0, top, f64::from(self.source.0), piece_height];
        source.resample_into(target, Some(piece), (self.target.0, rows), self.model.has_alpha())
    }
}

#[cfg(test)]
mod tests {
    use super::RowScaler;
    use crate::media::raster::{Model, Raster, Samples};

    #[test]
    fn strips_make_the_picture_that_the_whole_makes() {
        for ((width, height), (small_width, small_height)) in
            [((300, 900), (200, 600)), ((64, 1000), (64, 999)), ((50, 400), (7, 56)), ((20, 30), (20, 30))]
        {
            let samples: Vec<u8> = (0..width * height * 3)
                .map(|index: u32| (index.wrapping_mul(2_654_435_761) >> 24) as u8)
                .collect();
            let whole = Raster { width, height, model: Model::Rgb, samples: Samples::U8(samples.clone()) };
            let Samples::U8(whole) = whole.resized(small_width, small_height).unwrap().samples else {
                panic!("eight bits stay eight bits");
            };
            for rows_at_once in [1, 17, height as usize] {
                let mut scaler = RowScaler::new((width, height), (small_width, small_height), Model::Rgb);
                let mut small = Vec::new();
                for rows in samples.chunks(rows_at_once * width as usize * 3) {
                    scaler.push(rows, &mut small).unwrap();
                }
                assert_eq!(small.len(), whole.len(), "{width} x {height}, {rows_at_once} rows at once");
                let off = small.iter().zip(&whole).map(|(one, other)| one.abs_diff(*other)).max();
                assert!(off <= Some(1), "{width} x {height}, {rows_at_once} rows at once: {off:?}");
            }
        }
    }
}
