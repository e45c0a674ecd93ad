//! Rows of a decoder to a smaller picture, without ever holding the large one.

use crate::media::raster::{Model, Raster, Samples};

/// Averaging over whole squares is followed by Lanczos, which needs this much more than the final size.
const MARGIN: f64 = 1.25;

/// The side of the squares over which a picture may be averaged when only this fraction of it is used.
pub fn factor_for(needed_scale: f64) -> u32 {
    if needed_scale.is_finite() && needed_scale > 0.0 {
        ((1.0 / (needed_scale * MARGIN)).floor() as u32).clamp(1, 64)
    } else {
        1
    }
}

/// A sample of 8 or 16 bits.
pub trait Sample: Copy + Default + Send {
    const FULL: u64;
    fn into_sum(self) -> u64;
    fn from_sum(value: u64) -> Self;
    fn wrap(samples: Vec<Self>) -> Samples;
}

impl Sample for u8 {
    const FULL: u64 = 255;

    fn into_sum(self) -> u64 {
        self.into()
    }

    fn from_sum(value: u64) -> Self {
        value as Self
    }

    fn wrap(samples: Vec<Self>) -> Samples {
        Samples::U8(samples)
    }
}

impl Sample for u16 {
    const FULL: u64 = 65_535;

    fn into_sum(self) -> u64 {
        self.into()
    }

    fn from_sum(value: u64) -> Self {
        value as Self
    }

    fn wrap(samples: Vec<Self>) -> Samples {
        Samples::U16(samples)
    }
}

/// Takes the rows of a picture from top to bottom.
pub struct Shrinker<T> {
    model: Model,
    factor: usize,
    small_width: usize,
    sums: Vec<u64>,
    rows_in_sums: usize,
    width: usize,
    samples: Vec<T>,
}

impl<T: Sample> Shrinker<T> {
    pub fn new(width: u32, height: u32, model: Model, factor: u32) -> Self {
        let factor = factor.max(1) as usize;
        let small_width = (width as usize).div_ceil(factor);
        let small_height = (height as usize).div_ceil(factor);
        let channels = model.channels();
        Self {
            model,
            factor,
            small_width,
            sums: vec![0; if factor > 1 { small_width * channels } else { 0 }],
            rows_in_sums: 0,
            width: width as usize,
            samples: Vec::with_capacity(small_width * small_height * channels),
        }
    }

    /// One row, channels interleaved.
    pub fn push(&mut self, row: &[T]) {
        let channels = self.model.channels();
        let row = row.get(..self.width * channels).unwrap_or(row);
        if self.factor == 1 {
            self.samples.extend_from_slice(row);
            return;
        }
        for (square, sums) in row.chunks(self.factor * channels).zip(self.sums.chunks_exact_mut(channels)) {
            for pixel in square.chunks_exact(channels) {
                add(self.model, pixel, sums);
            }
        }
        self.rows_in_sums += 1;
        if self.rows_in_sums == self.factor {
            self.close_row();
        }
    }

    fn close_row(&mut self) {
        let channels = self.model.channels();
        let last_width = self.width - (self.small_width - 1) * self.factor;
        for (index, sums) in self.sums.chunks_exact_mut(channels).enumerate() {
            let across = if index + 1 == self.small_width { last_width } else { self.factor };
            let count = (across * self.rows_in_sums) as u64;
            average(self.model, sums, count, &mut self.samples);
            sums.fill(0);
        }
        self.rows_in_sums = 0;
    }

    /// What has come of the picture; rows that were missing are missing.
    pub fn finish(mut self) -> Raster {
        if self.rows_in_sums > 0 {
            self.close_row();
        }
        let height = self.samples.len() / (self.small_width * self.model.channels()).max(1);
        Raster {
            width: self.small_width as u32,
            height: height as u32,
            model: self.model,
            samples: T::wrap(self.samples),
        }
    }
}

/// Colours count as much as they are opaque.
fn add<T: Sample>(model: Model, pixel: &[T], sums: &mut [u64]) {
    if model.has_alpha()
        && let (Some((alpha, colours)), Some((alpha_sum, colour_sums))) =
            (pixel.split_last(), sums.split_last_mut())
    {
        let alpha = alpha.into_sum();
        colour_sums.iter_mut().zip(colours).for_each(|(sum, value)| *sum += value.into_sum() * alpha);
        *alpha_sum += alpha;
    } else {
        sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value.into_sum());
    }
}

fn average<T: Sample>(model: Model, sums: &[u64], count: u64, into: &mut Vec<T>) {
    let divided = |sum: u64, by: u64| T::from_sum((sum + by / 2).checked_div(by).unwrap_or(0).min(T::FULL));
    match sums.split_last() {
        Some((alpha, colours)) if model.has_alpha() => {
            into.extend(colours.iter().map(|sum| divided(*sum, *alpha)));
            into.push(divided(*alpha, count));
        }
        _ => into.extend(sums.iter().map(|sum| divided(*sum, count))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_averaged_up_to_the_edge() {
        let mut shrinker = Shrinker::<u8>::new(3, 3, Model::Gray, 2);
        for row in [[0, 10, 90], [20, 30, 110], [40, 60, 7]] {
            shrinker.push(&row);
        }
        let raster = shrinker.finish();
        assert_eq!((raster.width, raster.height), (2, 2));
        assert_eq!(raster.samples, Samples::U8(vec![15, 100, 50, 7]));
    }

    #[test]
    fn what_is_transparent_lends_no_colour() {
        let mut shrinker = Shrinker::<u16>::new(2, 1, Model::GrayAlpha, 2);
        shrinker.push(&[50_000, 65_535, 1000, 0]);
        assert_eq!(shrinker.finish().samples, Samples::U16(vec![50_000, 32_768]));
    }

    #[test]
    fn a_picture_is_never_averaged_below_what_is_needed() {
        assert_eq!(factor_for(1.0), 1);
        assert_eq!(factor_for(2560.0 / 6000.0), 1);
        assert_eq!(factor_for(2560.0 / 12_000.0), 3);
        assert_eq!(factor_for(0.0), 1);
    }
}
