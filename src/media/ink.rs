//! Four inks on paper to sRGB where no profile says which press was meant.
//!
//! The model is the one of halftone printing: dots of the inks overlap by chance, so the light from a spot is
//! the average of the sixteen possible overprints, weighted by the area each covers (Neugebauer), where dots
//! print larger than they were set (dot gain). The overprint colours are those of offset on coated paper.

/// Linear light (red, green, blue) of the eight overprints without black; cyan is bit 0, magenta bit 1, yellow
/// bit 2. Colours outside sRGB keep their negative share, so that tints come out right.
const OVERPRINTS: [[f32; 3]; 8] = [
    [1.000, 1.000, 1.000],
    [-0.110, 0.337, 0.762],
    [0.787, -0.020, 0.202],
    [0.031, 0.020, 0.223],
    [1.050, 0.840, -0.020],
    [-0.040, 0.305, 0.051],
    [0.764, 0.003, 0.006],
    [0.020, 0.018, 0.016],
];

/// The share of light that black ink lets through.
const BLACK_TRANSMISSION: f32 = 0.012;

/// What a dot set at half the area gains in print.
const DOT_GAIN_AT_HALF: f32 = 0.16;

/// Pixels of cyan, magenta, yellow and black (0 is no ink) to sRGB.
pub fn to_srgb(inks: &[u8]) -> Vec<u8> {
    let coverage: [f32; 256] = std::array::from_fn(|level| {
        let set = level as f32 / 255.0;
        set + 4.0 * DOT_GAIN_AT_HALF * set * (1.0 - set)
    });
    let encoded: Vec<u8> = (0..=4095).map(|level| srgb_level(level as f32 / 4095.0)).collect();
    let mut result = Vec::with_capacity(inks.len() / 4 * 3);
    let mut last: ([u8; 4], [u8; 3]) = ([0; 4], [255; 3]);
    for pixel in inks.as_chunks::<4>().0 {
        if *pixel != last.0 {
            let covered = pixel.map(|ink| coverage.get(usize::from(ink)).copied().unwrap_or(1.0));
            let level = |light: f32| {
                let index = (light.clamp(0.0, 1.0) * 4095.0).round() as usize;
                encoded.get(index).copied().unwrap_or(u8::MAX)
            };
            last = (*pixel, light(covered).map(level));
        }
        result.extend_from_slice(&last.1);
    }
    result
}

/// Linear light of a spot, given the area that each ink covers.
fn light([cyan, magenta, yellow, black]: [f32; 4]) -> [f32; 3] {
    std::array::from_fn(|channel| {
        let at =
            |overprint: usize| OVERPRINTS.get(overprint).map_or(0.0, |colour: &[f32; 3]| colour[channel]);
        let mix = |without: f32, with: f32, area: f32| without + (with - without) * area;
        let bare = mix(mix(at(0), at(1), cyan), mix(at(2), at(3), cyan), magenta);
        let yellowed = mix(mix(at(4), at(5), cyan), mix(at(6), at(7), cyan), magenta);
        let coloured = mix(bare, yellowed, yellow);
        coloured * mix(1.0, BLACK_TRANSMISSION, black)
    })
}

fn srgb_level(linear: f32) -> u8 {
    let encoded = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    (encoded * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::to_srgb;

    fn near(inks: [u8; 4], expected: [u8; 3], tolerance: u8) {
        let got = to_srgb(&inks);
        let close = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= tolerance);
        assert!(close, "{inks:?} became {got:?}, expected about {expected:?}");
    }

    #[test]
    fn the_solids_look_like_offset_on_coated_paper() {
        near([0, 0, 0, 0], [255, 255, 255], 0);
        near([255, 0, 0, 0], [0, 158, 226], 4);
        near([0, 255, 0, 0], [230, 0, 126], 4);
        near([0, 0, 255, 0], [255, 237, 0], 4);
        near([0, 0, 0, 255], [29, 29, 27], 5);
        near([0, 255, 255, 0], [227, 6, 19], 6);
        near([255, 0, 255, 0], [0, 150, 64], 6);
    }

    #[test]
    fn tints_are_lighter_than_their_ink_and_black_is_neutral() {
        // 50 % black prints as a mid grey of about 157.
        near([0, 0, 0, 128], [157, 157, 157], 6);
        near([128, 0, 0, 0], [131, 208, 245], 12);
        near([255, 255, 255, 255], [4, 4, 4], 8);
    }
}
