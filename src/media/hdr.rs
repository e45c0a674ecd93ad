//! Pictures with more light than a screen of sRGB shows (PQ and HLG, ITU-R BT.2100), toned down to it.
//!
//! Their curves say how bright a spot is, not which share of white it is. White paper is at 203 cd/m² (ITU-R BT.2408);
//! what shines brighter is bent below the screen's white, and nothing keeps its hue worse than by a common factor.

use moxcms::{ColorProfile, TransferCharacteristics};

const PAPER_WHITE: f32 = 203.0;
/// What pictures are mastered for, in cd/m²; what is brighter still is white.
const PEAK: f32 = 1000.0;
/// Steps of the table from linear light to sRGB.
const STEPS: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Curve {
    Pq,
    Hlg,
}

pub struct Toning {
    curve: Curve,
    /// Linear light of the file's primaries to that of sRGB.
    matrix: [[f32; 3]; 3],
    /// Light for each value of a sample, in multiples of white paper; for HLG in shares of the brightest scene.
    light: Vec<f32>,
    encoded: Vec<u8>,
}

impl Toning {
    /// `None` for profiles of ordinary light.
    pub fn of(profile: &ColorProfile, is_deep: bool) -> Option<Self> {
        let curve = match profile.cicp?.transfer_characteristics {
            TransferCharacteristics::Smpte2084 => Curve::Pq,
            TransferCharacteristics::Hlg => Curve::Hlg,
            _ => return None,
        };
        let values = if is_deep { 65_536_u32 } else { 256 };
        let highest = (values - 1) as f32;
        let light = (0..values).map(|value| {
            let value = value as f32 / highest;
            match curve {
                Curve::Pq => pq(value) / PAPER_WHITE,
                Curve::Hlg => hlg(value),
            }
        });
        let matrix = profile.transform_matrix(&ColorProfile::new_srgb()).v;
        Some(Self {
            curve,
            matrix: matrix.map(|row| row.map(|weight| weight as f32)),
            light: light.collect(),
            encoded: (0..=STEPS).map(|step| srgb(step as f32 / STEPS as f32)).collect(),
        })
    }

    /// Three or four channels a pixel, the fourth being `alpha`, which is only made narrower.
    pub fn convert<T: Copy + Into<usize>>(
        &self,
        samples: &[T],
        channels: usize,
        alpha: impl Fn(T) -> u8,
    ) -> Vec<u8> {
        let mut result = Vec::with_capacity(samples.len());
        for pixel in samples.chunks_exact(channels.max(3)) {
            let [red, green, blue, others @ ..] = pixel else { continue };
            result.extend(self.pixel([(*red).into(), (*green).into(), (*blue).into()]));
            result.extend(others.iter().map(|value| alpha(*value)));
        }
        result
    }

    fn pixel(&self, values: [usize; 3]) -> [u8; 3] {
        let mut light = values.map(|value| self.light.get(value).copied().unwrap_or(0.0));
        if self.curve == Curve::Hlg {
            // The scene as a screen of this peak shows it: the whole picture gets its contrast by its luma.
            let luma = 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2];
            let gain = luma.powf(0.2) * PEAK / PAPER_WHITE;
            light = light.map(|value| value * gain);
        }
        let brightest = light.iter().copied().fold(0.0, f32::max);
        let gain = toned(brightest);
        let light = light.map(|value| value * gain);
        self.matrix.map(|[red, green, blue]| {
            let linear = red * light[0] + green * light[1] + blue * light[2];
            let step = (linear.clamp(0.0, 1.0) * STEPS as f32 + 0.5) as usize;
            self.encoded.get(step).copied().unwrap_or(u8::MAX)
        })
    }
}

/// The factor that brings light of this brightness below white: none up to half of it, then less and less.
fn toned(brightest: f32) -> f32 {
    const KNEE: f32 = 0.5;
    if brightest <= KNEE {
        return 1.0;
    }
    let rest = 1.0 - KNEE;
    let peak = (PEAK / PAPER_WHITE - KNEE) / rest;
    let above = ((brightest - KNEE) / rest).min(peak);
    (KNEE + rest * above * (1.0 + above / (peak * peak)) / (1.0 + above)) / brightest
}

/// SMPTE ST 2084: a sample from 0 to 1 to cd/m².
fn pq(value: f32) -> f32 {
    const M1: f32 = 2610.0 / 16_384.0;
    const M2: f32 = 2523.0 / 32.0;
    const C1: f32 = 3424.0 / 4096.0;
    const C2: f32 = 2413.0 / 128.0;
    const C3: f32 = 2392.0 / 128.0;
    let root = value.powf(1.0 / M2);
    10_000.0 * ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1)
}

/// Hybrid log-gamma: a sample from 0 to 1 to the light of the scene, from 0 to 1.
fn hlg(value: f32) -> f32 {
    const A: f32 = 0.178_832_77;
    const B: f32 = 0.284_668_92;
    const C: f32 = 0.559_910_7;
    if value <= 0.5 { value * value / 3.0 } else { (((value - C) / A).exp() + B) / 12.0 }
}

fn srgb(linear: f32) -> u8 {
    let encoded = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    (encoded * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::{Toning, hlg, pq};
    use moxcms::{
        CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics,
    };

    fn toning(transfer: TransferCharacteristics) -> Option<Toning> {
        let profile = ColorProfile::new_from_cicp(CicpProfile {
            color_primaries: CicpColorPrimaries::Bt2020,
            transfer_characteristics: transfer,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        });
        // As it stands in a file.
        let profile = ColorProfile::new_from_slice(&profile.encode().unwrap()).unwrap();
        Toning::of(&profile, true)
    }

    /// ITU-R BT.2408, table 1: white paper is 58 % of PQ and 75 % of HLG, grey card 38 % of both.
    #[test]
    fn the_reference_levels_of_broadcasters_are_where_they_belong() {
        assert!((pq(0.58) - 203.0).abs() < 4.0 && (pq(1.0) - 10_000.0).abs() < 1.0 && pq(0.0) == 0.0);
        assert!((hlg(0.75) - 0.265).abs() < 0.002 && (hlg(1.0) - 1.0).abs() < 1e-4);
        for (transfer, paper) in
            [(TransferCharacteristics::Smpte2084, 0.58_f32), (TransferCharacteristics::Hlg, 0.75)]
        {
            let toning = toning(transfer).unwrap();
            let gray = |share: f32| {
                let value = (share * 65_535.0) as u16;
                let pixel = toning.convert(&[value; 3], 3, |_| 0);
                assert!(pixel.iter().all(|level| level.abs_diff(pixel[0]) <= 1), "{transfer:?} {pixel:?}");
                pixel[0]
            };
            assert!((215..235).contains(&gray(paper)), "{transfer:?} {}", gray(paper));
            // 18 % of the light of white paper is level 118.
            assert!((100..135).contains(&gray(0.38)), "{transfer:?} {}", gray(0.38));
            assert_eq!((gray(0.0), gray(1.0)), (0, 255));
        }
    }

    #[test]
    fn ordinary_light_is_none_of_its_business() {
        assert!(toning(TransferCharacteristics::Srgb).is_none());
        assert!(Toning::of(&ColorProfile::new_srgb(), false).is_none());
        assert!(Toning::of(&ColorProfile::new_adobe_rgb(), false).is_none());
    }

    #[test]
    fn colours_stay_what_they_are_and_alpha_stays_beside_them() {
        let toning = toning(TransferCharacteristics::Smpte2084).unwrap();
        let narrow = |value: u16| (value >> 8) as u8;
        let pixel = toning.convert(&[36_000_u16, 20_000, 20_000, 0x8000], 4, narrow);
        assert!(pixel[0] > 150 && pixel[1] < pixel[0] / 2 && pixel[3] == 0x80, "{pixel:?}");
    }
}
