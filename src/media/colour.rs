//! From the file's colour space to 8-bit sRGB, which every browser shows right without a profile.

use super::ink;
use super::raster::{Model, Picture, Raster, Samples};
use moxcms::{
    CmsError, ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformExecutor, TransformOptions,
};
use rayon::prelude::*;

/// Pixels that one task converts; enough to make the hand-over cheap.
const TASK_PIXELS: usize = 1 << 16;

/// Converts a raster. A profile that is broken or does not fit the pixels is passed over: the picture is then
/// taken for sRGB, or for ordinary offset print if it is made of inks.
pub fn to_srgb(raster: Raster, icc_profile: Option<&[u8]>) -> Picture {
    let profile = icc_profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
    let raster = match &profile {
        // Grey pixels are often tagged with the RGB profile they were edited in.
        Some(profile) if profile.color_space == DataColorSpace::Rgb => gray_to_rgb(raster),
        _ => raster,
    };
    let converted = profile
        .filter(|profile| !is_srgb(profile))
        .and_then(|profile| through_profile(&raster, &profile).ok());
    let has_alpha = raster.model.has_alpha();
    let (width, height) = (raster.width, raster.height);
    let pixels = converted.unwrap_or_else(|| without_profile(raster));
    Picture { width, height, has_alpha, pixels }
}

fn options(profile: &ColorProfile) -> TransformOptions {
    // Ink profiles map their blacks to the screen's black in the perceptual table; the colorimetric one
    // would leave print black a dark grey.
    let rendering_intent = if profile.color_space == DataColorSpace::Cmyk {
        RenderingIntent::Perceptual
    } else {
        RenderingIntent::RelativeColorimetric
    };
    TransformOptions { rendering_intent, ..TransformOptions::default() }
}

const fn layouts(model: Model) -> (Layout, Layout) {
    match model {
        Model::Gray => (Layout::Gray, Layout::Rgb),
        Model::GrayAlpha => (Layout::GrayAlpha, Layout::Rgba),
        Model::Rgb => (Layout::Rgb, Layout::Rgb),
        Model::Rgba => (Layout::Rgba, Layout::Rgba),
        // moxcms has no layout of its own for four inks.
        Model::Cmyk => (Layout::Rgba, Layout::Rgb),
    }
}

fn fits(profile: &ColorProfile, model: Model) -> bool {
    let space = match model {
        Model::Gray | Model::GrayAlpha => DataColorSpace::Gray,
        Model::Rgb | Model::Rgba => DataColorSpace::Rgb,
        Model::Cmyk => DataColorSpace::Cmyk,
    };
    profile.color_space == space
}

fn through_profile(raster: &Raster, profile: &ColorProfile) -> Result<Vec<u8>, CmsError> {
    if !fits(profile, raster.model) {
        return Err(CmsError::InvalidProfile);
    }
    let srgb = ColorProfile::new_srgb();
    let (from, to) = layouts(raster.model);
    let options = options(profile);
    match &raster.samples {
        Samples::U8(samples) => {
            let transform = profile.create_transform_8bit(from, &srgb, to, options)?;
            converted(samples, from, to, &*transform)
        }
        Samples::U16(samples) => {
            let transform = profile.create_transform_16bit(from, &srgb, to, options)?;
            Ok(converted(samples, from, to, &*transform)?.into_iter().map(to_8_bits).collect())
        }
    }
}

fn converted<T: Copy + Default + Send + Sync>(
    samples: &[T],
    from: Layout,
    to: Layout,
    transform: &(dyn TransformExecutor<T> + Send + Sync),
) -> Result<Vec<T>, CmsError> {
    let (from, to) = (from.channels(), to.channels());
    let mut result = vec![T::default(); samples.len() / from * to];
    samples
        .par_chunks(TASK_PIXELS * from)
        .zip(result.par_chunks_mut(TASK_PIXELS * to))
        .try_for_each(|(source, target)| transform.transform(source, target))?;
    Ok(result)
}

/// Whether a profile changes nothing that 8 bits could show, so that the pass can be saved.
fn is_srgb(profile: &ColorProfile) -> bool {
    if profile.color_space != DataColorSpace::Rgb {
        return false;
    }
    let mut probe: Vec<u8> = (0..=255).step_by(5).flat_map(|level| [level; 3]).collect();
    for saturated in [[255, 0, 0], [0, 255, 0], [0, 0, 255], [200, 90, 30], [30, 140, 190], [90, 30, 160]] {
        probe.extend_from_slice(&saturated);
    }
    let raster = Raster {
        width: probe.len() as u32 / 3,
        height: 1,
        model: Model::Rgb,
        samples: Samples::U8(probe.clone()),
    };
    through_profile(&raster, profile)
        .is_ok_and(|result| result.iter().zip(&probe).all(|(after, before)| after.abs_diff(*before) <= 1))
}

const fn to_8_bits(value: u16) -> u8 {
    ((value as u32 * 255 + 32_767) / 65_535) as u8
}

fn without_profile(raster: Raster) -> Vec<u8> {
    let raster = gray_to_rgb(raster);
    let samples = match raster.samples {
        Samples::U8(samples) => samples,
        Samples::U16(samples) => samples.into_iter().map(to_8_bits).collect(),
    };
    if raster.model == Model::Cmyk { ink::to_srgb(&samples) } else { samples }
}

fn gray_to_rgb(raster: Raster) -> Raster {
    fn spread<T: Copy>(samples: &[T], channels: usize) -> Vec<T> {
        let mut wide = Vec::with_capacity(samples.len() / channels * (channels + 2));
        for pixel in samples.chunks_exact(channels) {
            let Some((gray, alpha)) = pixel.split_first() else { continue };
            wide.extend_from_slice(&[*gray; 3]);
            wide.extend_from_slice(alpha);
        }
        wide
    }
    let (model, channels) = match raster.model {
        Model::Gray => (Model::Rgb, 1),
        Model::GrayAlpha => (Model::Rgba, 2),
        _ => return raster,
    };
    let samples = match &raster.samples {
        Samples::U8(samples) => Samples::U8(spread(samples, channels)),
        Samples::U16(samples) => Samples::U16(spread(samples, channels)),
    };
    Raster { model, samples, ..raster }
}

#[cfg(test)]
mod tests {
    use super::{is_srgb, to_srgb};
    use crate::media::raster::{Model, Raster, Samples};
    use moxcms::ColorProfile;

    fn pixel(model: Model, samples: &[u8]) -> Raster {
        Raster { width: 1, height: 1, model, samples: Samples::U8(samples.to_vec()) }
    }

    #[test]
    fn wide_gamut_colours_become_what_the_eye_saw() {
        // (144, 0, 0) in Adobe RGB and its sRGB value are a fixed pair of the two standards: the red primaries
        // share their hue, so only the level moves.
        let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
        let red = to_srgb(pixel(Model::Rgb, &[144, 0, 0]), Some(&adobe));
        assert!(red.pixels[0].abs_diff(167) <= 2 && red.pixels[1] <= 2, "{:?}", red.pixels);
        let gray = to_srgb(pixel(Model::Rgb, &[128, 128, 128]), Some(&adobe));
        assert!(gray.pixels.iter().all(|level| level.abs_diff(128) <= 1), "{:?}", gray.pixels);
    }

    #[test]
    fn sixteen_bits_keep_their_alpha_and_their_order() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let raster = Raster {
            width: 1,
            height: 1,
            model: Model::Rgba,
            samples: Samples::U16(vec![40_000, 20_000, 10_000, 32_768]),
        };
        let picture = to_srgb(raster, Some(&p3));
        assert!(picture.has_alpha);
        assert_eq!(picture.pixels[3], 128);
        assert!(picture.pixels[0] > picture.pixels[1] && picture.pixels[1] > picture.pixels[2]);
    }

    #[test]
    fn a_profile_that_does_not_fit_or_is_broken_is_passed_over() {
        let gray = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
        for profile in [&b"no profile at all"[..], &[0; 200], &gray] {
            assert_eq!(to_srgb(pixel(Model::Rgb, &[10, 20, 30]), Some(profile)).pixels, [10, 20, 30]);
        }
        let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
        assert_eq!(to_srgb(pixel(Model::Cmyk, &[0, 0, 0, 0]), Some(&adobe)).pixels, [255, 255, 255]);
    }

    #[test]
    fn gray_pixels_may_carry_an_rgb_or_a_gray_profile() {
        let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
        let from_rgb = to_srgb(pixel(Model::Gray, &[100]), Some(&adobe)).pixels;
        assert!(from_rgb.iter().all(|level| level.abs_diff(100) <= 2), "{from_rgb:?}");
        let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let from_linear = to_srgb(pixel(Model::Gray, &[55]), Some(&linear)).pixels;
        // 21.6 % linear light is sRGB level 128.
        assert!(from_linear.iter().all(|level| level.abs_diff(128) <= 2), "{from_linear:?}");
        let with_alpha = to_srgb(pixel(Model::GrayAlpha, &[55, 7]), Some(&linear)).pixels;
        assert!(with_alpha[0].abs_diff(128) <= 2 && with_alpha[3] == 7, "{with_alpha:?}");
    }

    #[test]
    fn srgb_is_known_for_what_it_is() {
        assert!(is_srgb(&ColorProfile::new_srgb()));
        assert!(!is_srgb(&ColorProfile::new_adobe_rgb()));
        assert!(!is_srgb(&ColorProfile::new_display_p3()));
    }
}
