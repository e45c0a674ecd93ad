//! Pictures in CIE L*a*b*, as scanners and print shops write them.

use crate::media::raster::{Raster, Samples};

/// How the three axes are stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Axes {
    /// Colour in two's complement (TIFF 6.0, section 23).
    Signed,
    /// Colour with the offset of the ICC.
    Offset,
    /// From the lowest to the highest number, axis by axis (ITU-T T.42).
    FromTo([f32; 6]),
}

#[derive(Debug, Clone, Copy)]
pub struct Lab {
    pub axes: Axes,
    /// Numbers are the values themselves.
    pub is_floating: bool,
}

impl Lab {
    /// Alpha, if there is any, stays as it is.
    pub fn to_rgb(self, raster: Raster) -> Raster {
        let channels = raster.model.channels();
        let samples = match raster.samples {
            Samples::U8(mut samples) => {
                for pixel in samples.chunks_exact_mut(channels) {
                    let [l, a, b, ..] = pixel else { continue };
                    let [light, green_red, blue_yellow] = match self.axes {
                        Axes::Signed => {
                            [f32::from(*l) / 2.55, f32::from(a.cast_signed()), f32::from(b.cast_signed())]
                        }
                        Axes::Offset => [f32::from(*l) / 2.55, f32::from(*a) - 128.0, f32::from(*b) - 128.0],
                        Axes::FromTo(ends) => {
                            spread([*l, *a, *b].map(|value| f32::from(value) / 255.0), ends)
                        }
                    };
                    let rgb = rgb_of(light, green_red, blue_yellow);
                    [*l, *a, *b] = rgb.map(|level| (level * 255.0 + 0.5) as u8);
                }
                Samples::U8(samples)
            }
            Samples::U16(mut samples) => {
                for pixel in samples.chunks_exact_mut(channels) {
                    let [l, a, b, ..] = pixel else { continue };
                    let [light, green_red, blue_yellow] = match self.axes {
                        Axes::Signed => [
                            f32::from(*l) / 655.35,
                            f32::from(a.cast_signed()) / 256.0,
                            f32::from(b.cast_signed()) / 256.0,
                        ],
                        Axes::Offset => [
                            f32::from(*l) / 655.35,
                            f32::from(*a) / 256.0 - 128.0,
                            f32::from(*b) / 256.0 - 128.0,
                        ],
                        Axes::FromTo(ends) => {
                            spread([*l, *a, *b].map(|value| f32::from(value) / 65_535.0), ends)
                        }
                    };
                    let rgb = rgb_of(light, green_red, blue_yellow);
                    [*l, *a, *b] = rgb.map(|level| (level * 65_535.0 + 0.5) as u16);
                }
                Samples::U16(samples)
            }
        };
        Raster { samples, ..raster }
    }

    /// Values of a row or more to what sixteen bits hold of them, from 0 to 1; `first` is the axis of the first one.
    pub fn level(values: &mut [f32], first: usize, channels: usize) {
        for (index, value) in values.iter_mut().enumerate() {
            *value = match (first + index) % channels.max(1) {
                0 => *value / 100.0,
                1 | 2 => (*value + 128.0) * 256.0 / 65_535.0,
                _ => *value,
            };
        }
    }
}

/// Shares of each axis to places on it.
fn spread(shares: [f32; 3], [l0, l1, a0, a1, b0, b1]: [f32; 6]) -> [f32; 3] {
    let [l, a, b] = shares;
    [l0 + l * (l1 - l0), a0 + a * (a1 - a0), b0 + b * (b1 - b0)]
}

/// Lab under D50 to sRGB, each channel from 0 to 1.
fn rgb_of(l: f32, a: f32, b: f32) -> [f32; 3] {
    let y = (l + 16.0) / 116.0;
    let back = |t: f32| if t > 6.0 / 29.0 { t * t * t } else { (t - 4.0 / 29.0) * 108.0 / 841.0 };
    // The white of the ICC's connection space.
    let (x, y, z) = (0.964_2 * back(y + a / 500.0), back(y), 0.824_9 * back(y - b / 200.0));
    // XYZ under D50 to linear sRGB (Bradford).
    let linear = [
        3.133_856 * x - 1.616_867 * y - 0.490_615 * z,
        -0.978_768 * x + 1.916_142 * y + 0.033_454 * z,
        0.071_945 * x - 0.228_991 * y + 1.405_243 * z,
    ];
    linear.map(|value| {
        let value = value.clamp(0.0, 1.0);
        if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 }
    })
}

#[cfg(test)]
mod tests {
    use super::rgb_of;

    #[test]
    fn known_colours_come_out_right() {
        // sRGB primaries in D50 Lab, as every colour calculator gives them.
        for ((l, a, b), rgb) in [
            ((100.0, 0.0, 0.0), [255, 255, 255]),
            ((0.0, 0.0, 0.0), [0, 0, 0]),
            ((54.29, 80.81, 69.89), [255, 0, 0]),
            ((87.82, -79.27, 80.99), [0, 255, 0]),
            ((29.57, 68.30, -112.03), [0, 0, 255]),
        ] {
            let found = rgb_of(l, a, b).map(|level| (level * 255.0).round() as i32);
            let off = found.iter().zip(rgb).map(|(found, known)| (found - known).abs()).max();
            assert!(off <= Some(2), "{found:?} for {rgb:?}");
        }
    }
}
