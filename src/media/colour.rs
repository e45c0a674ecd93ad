//! From the file's colour space to 8-bit sRGB, which every browser shows right without a profile.

use super::container::u32_be;
use super::hdr::Toning;
use super::ink;
use super::raster::{Model, Picture, Raster, Samples};
use moxcms::{
    CmsError, ColorProfile, DataColorSpace, Layout, ProfileText, RenderingIntent, ToneReprCurve,
    Transform8BitExecutor, Transform16BitExecutor, TransformExecutor, TransformOptions,
};
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// Pixels that one task converts; enough to make the hand-over cheap.
const TASK_PIXELS: usize = 1 << 16;

/// How the pixels of one file become sRGB. It is made once and converts as many pieces of the picture as come.
pub struct Conversion {
    transform: Transform,
    /// Grey pixels are often tagged with the RGB profile they were edited in.
    spreads_gray: bool,
    /// From each level to a darker one, where the blackest of the inks is not the screen's black.
    deepened: Option<Box<[u8; 256]>>,
}

enum Transform {
    /// Taken for sRGB, or for ordinary offset print if it is made of inks.
    None,
    Eight(Arc<Transform8BitExecutor>),
    Sixteen(Arc<Transform16BitExecutor>),
    /// More light than sRGB has.
    Toned(Box<Toning>),
}

impl Conversion {
    /// A profile that is broken or does not fit the pixels is passed over.
    pub fn new(model: Model, is_deep: bool, icc_profile: Option<&[u8]>) -> Self {
        let profile = icc_profile.and_then(profile_of);
        let spreads_gray = profile.as_ref().is_some_and(|profile| profile.color_space == DataColorSpace::Rgb);
        let model = if spreads_gray { spread_model(model) } else { model };
        let transform = profile
            .filter(|profile| !is_srgb(profile))
            .and_then(|profile| Transform::new(&profile, model, is_deep).ok())
            .unwrap_or(Transform::None);
        let deepened = if model == Model::Cmyk { transform.deepened(is_deep) } else { None };
        Self { transform, spreads_gray, deepened }
    }

    pub fn convert(&self, raster: Raster) -> Picture {
        let raster = if self.spreads_gray { gray_to_rgb(raster) } else { raster };
        let has_alpha = raster.model.has_alpha();
        let (width, height) = (raster.width, raster.height);
        let converted = self.transform.apply(&raster).ok().flatten();
        let mut pixels = converted.unwrap_or_else(|| without_profile(raster));
        if let Some(levels) = &self.deepened {
            pixels.par_chunks_mut(TASK_PIXELS).for_each(|some| {
                some.iter_mut().for_each(|level| *level = levels[usize::from(*level)]);
            });
        }
        Picture { width, height, has_alpha, pixels }
    }
}

/// A profile as it stands in a file, unless it is broken. One that lists a part twice (ICC.1:2022, 7.3.1 forbids it)
/// could have the same large table read a hundred thousand times.
fn profile_of(bytes: &[u8]) -> Option<ColorProfile> {
    const LIST_AT: usize = 132;
    const ENTRY_BYTES: usize = 12;
    let count = u32_be(bytes, LIST_AT - 4)? as usize;
    let list = bytes.get(LIST_AT..LIST_AT.checked_add(count.checked_mul(ENTRY_BYTES)?)?)?;
    let mut known = HashSet::new();
    let is_list = list.chunks_exact(ENTRY_BYTES).all(|entry| known.insert(entry.get(..4)));
    if is_list { ColorProfile::new_from_slice(bytes).ok().map(in_light) } else { None }
}

/// A profile of grey whose curve gives lightness (the L* of Lab), which the library does not read, with a curve that
/// gives light.
fn in_light(mut profile: ColorProfile) -> ColorProfile {
    const STEPS: u16 = 4096;
    let has_tables = profile.lut_a_to_b_perceptual.is_some() || profile.lut_a_to_b_colorimetric.is_some();
    let is_meant = profile.color_space == DataColorSpace::Gray && profile.pcs == DataColorSpace::Lab;
    if !is_meant || has_tables {
        return profile;
    }
    let Some(Ok(curve)) = profile.gray_trc.as_ref().map(ToneReprCurve::make_linear_evaluator) else {
        return profile;
    };
    let light = |step: u16| {
        let lightness = curve.evaluate_value(f32::from(step) / f32::from(STEPS - 1)).clamp(0.0, 1.0) * 100.0;
        let share =
            if lightness > 8.0 { ((lightness + 16.0) / 116.0).powi(3) } else { lightness * 27.0 / 24_389.0 };
        (share * 65_535.0 + 0.5) as u16
    };
    let levels = (0..STEPS).map(light).collect();
    profile.gray_trc = Some(ToneReprCurve::Lut(levels));
    profile.pcs = DataColorSpace::Xyz;
    profile
}

/// The colour space of a file as people name it: by its profile, else by what its pixels are made of. Empty where
/// that is not told: only some formats mean sRGB when they say nothing.
pub fn name(model: Model, icc_profile: Option<&[u8]>, media_type: &str) -> String {
    const MAX_CHARS: usize = 80;
    let profile = icc_profile.and_then(profile_of);
    let told = profile.and_then(|profile| profile.description).map(|text| match text {
        ProfileText::PlainString(text) => text,
        ProfileText::Description(text) => text.ascii_string,
        ProfileText::Localizable(texts) => {
            let english = texts.iter().position(|text| text.language == "en").unwrap_or_default();
            texts.into_iter().nth(english).map(|text| text.value).unwrap_or_default()
        }
    });
    let told: String =
        told.unwrap_or_default().chars().filter(|letter| !letter.is_control()).take(MAX_CHARS).collect();
    let means_srgb =
        matches!(media_type, "image/jpeg" | "image/png" | "image/webp" | "image/gif" | "image/svg+xml");
    if media_type == "image/jxl"
        && let Some(usual) = of_jxl(&told)
    {
        return usual.to_owned();
    }
    match (told.trim(), model) {
        ("", Model::Cmyk) => "CMYK".to_owned(),
        ("", _) if means_srgb && icc_profile.is_none() => "sRGB".to_owned(),
        (told, _) => told.to_owned(),
    }
}

/// What a colour space is called that a JPEG XL file tells by numbers: its decoder describes the profile that it makes of
/// them as `Rgb_Relative_D65_P3_Srgb`. `None` for a profile that came with the file; empty where there is no usual name.
fn of_jxl(told: &str) -> Option<&'static str> {
    let parts: Vec<&str> = told.split('_').collect();
    let ["Rgb" | "Grey", _intent, white, primaries, curve] = parts[..] else { return None };
    Some(match (white, primaries, curve) {
        ("D65", "Srgb", "Srgb") => "sRGB",
        ("D65", "P3", "Srgb") => "Display P3",
        ("D65", "Bt2100", "Bt709") => "BT.2020",
        _ => "",
    })
}

/// Converts a whole raster.
pub fn to_srgb(raster: Raster, icc_profile: Option<&[u8]>) -> Picture {
    let is_deep = matches!(raster.samples, Samples::U16(_));
    Conversion::new(raster.model, is_deep, icc_profile).convert(raster)
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

impl Transform {
    fn new(profile: &ColorProfile, model: Model, is_deep: bool) -> Result<Self, CmsError> {
        if !fits(profile, model) {
            return Err(CmsError::InvalidProfile);
        }
        if let Some(toning) = Toning::of(profile, is_deep) {
            return Ok(Self::Toned(Box::new(toning)));
        }
        let srgb = ColorProfile::new_srgb();
        let (from, to) = layouts(model);
        let options = options(profile);
        Ok(if is_deep {
            Self::Sixteen(profile.create_transform_16bit(from, &srgb, to, options)?)
        } else {
            Self::Eight(profile.create_transform_8bit(from, &srgb, to, options)?)
        })
    }

    /// Black point compensation, as programs of print offer it: the light of all inks at once becomes none, and white
    /// stays. That black is taken for neutral, so light moves alike in all three channels.
    fn deepened(&self, is_deep: bool) -> Option<Box<[u8; 256]>> {
        /// Of L* = 50; whose blackest is lighter than this has no black.
        const MAX_LIGHT: f64 = 0.184;
        let samples = if is_deep { Samples::U16(vec![u16::MAX; 4]) } else { Samples::U8(vec![u8::MAX; 4]) };
        let all_inks = Raster { width: 1, height: 1, model: Model::Cmyk, samples };
        let black = self.apply(&all_inks).ok().flatten()?;
        let light = |level: &u8| {
            let level = f64::from(*level) / 255.0;
            if level <= 0.040_45 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
        };
        let shares = [0.2126, 0.7152, 0.0722];
        let black: f64 = black.iter().zip(shares).map(|(level, share)| light(level) * share).sum();
        if black <= 0.0 || black > MAX_LIGHT {
            return None;
        }
        Some(Box::new(std::array::from_fn(|level| {
            let left = ((light(&(level as u8)) - black) / (1.0 - black)).max(0.0);
            let coded = if left <= 0.003_130_8 { left * 12.92 } else { 1.055 * left.powf(1.0 / 2.4) - 0.055 };
            (coded * 255.0 + 0.5) as u8
        })))
    }

    /// `None` where there is nothing to go through.
    fn apply(&self, raster: &Raster) -> Result<Option<Vec<u8>>, CmsError> {
        let (from, to) = layouts(raster.model);
        match (self, &raster.samples) {
            (Self::Eight(transform), Samples::U8(samples)) => {
                converted(samples, from, to, &**transform).map(Some)
            }
            (Self::Sixteen(transform), Samples::U16(samples)) => {
                Ok(Some(converted(samples, from, to, &**transform)?.into_iter().map(to_8_bits).collect()))
            }
            (Self::Toned(toning), Samples::U8(samples)) => {
                Ok(Some(toning.convert(samples, from.channels(), |alpha| alpha)))
            }
            (Self::Toned(toning), Samples::U16(samples)) => {
                Ok(Some(toning.convert(samples, from.channels(), to_8_bits)))
            }
            _ => Ok(None),
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
    Transform::new(profile, Model::Rgb, false).and_then(|transform| transform.apply(&raster)).is_ok_and(
        |result| {
            let after = result.unwrap_or_default();
            after.iter().zip(&probe).all(|(after, before)| after.abs_diff(*before) <= 1)
        },
    )
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

const fn spread_model(model: Model) -> Model {
    match model {
        Model::Gray => Model::Rgb,
        Model::GrayAlpha => Model::Rgba,
        other => other,
    }
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
    let (model, channels) = (spread_model(raster.model), raster.model.channels());
    if model == raster.model {
        return raster;
    }
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
    fn grey_in_terms_of_lightness_is_read() {
        // A curve of 1.5 in a profile whose connection space is Lab or XYZ.
        let profile = |connection: &[u8; 4]| {
            let mut profile = vec![0; 128];
            profile[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
            profile[12..20].copy_from_slice(b"prtrGRAY");
            profile[20..24].copy_from_slice(connection);
            profile[36..40].copy_from_slice(b"acsp");
            let white = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D];
            profile[68..80].copy_from_slice(&white);
            profile.extend([0, 0, 0, 2]);
            for (name, place, length) in [(b"wtpt", 156_u32, 20_u32), (b"kTRC", 176, 14)] {
                profile.extend(name);
                profile.extend(place.to_be_bytes());
                profile.extend(length.to_be_bytes());
            }
            profile.extend(b"XYZ \0\0\0\0");
            profile.extend(white);
            profile.extend(b"curv\0\0\0\0\0\0\0\x01\x01\x80\0\0");
            let length = (profile.len() as u32).to_be_bytes();
            profile[..4].copy_from_slice(&length);
            profile
        };
        // (127/255)^1.5 is L* = 35.1, which is level 83 of sRGB; as light it is level 160.
        for (connection, meant) in [(b"Lab ", 83), (b"XYZ ", 160)] {
            let picture = to_srgb(pixel(Model::Gray, &[127]), Some(&profile(connection)));
            assert!(picture.pixels[0].abs_diff(meant) <= 1, "{:?}", picture.pixels);
        }
        let alpha = to_srgb(pixel(Model::GrayAlpha, &[127, 200]), Some(&profile(b"Lab ")));
        assert!(alpha.pixels[0].abs_diff(83) <= 1 && alpha.pixels[3] == 200, "{:?}", alpha.pixels);
    }

    /// Four inks to L*a*b* by the corners of their cube: paper is white, black ink alone L* = 40, all inks L* = 10.
    fn ink_profile() -> Vec<u8> {
        let ramp: Vec<u8> = (0..=255).collect();
        let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
        for number in [1_u32, 0, 0, 0, 1, 0, 0, 0, 1] {
            table.extend((number << 16).to_be_bytes());
        }
        table.extend(ramp.repeat(4));
        for corner in 0..16_u8 {
            // The last ink is that which changes first.
            let (black, others) = (corner & 1, (corner >> 1).count_ones() as u8);
            let light = if black == 1 { 102 - others * 25 } else { 255 - others * 60 };
            table.extend([if corner == 15 { 26 } else { light }, 128, 128]);
        }
        table.extend(ramp.repeat(3));
        let mut profile = vec![0; 128];
        profile[8..24].copy_from_slice(b"\x02\x40\0\0prtrCMYKLab ");
        profile[36..40].copy_from_slice(b"acsp");
        profile[68..80].copy_from_slice(&[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
        profile.extend([0, 0, 0, 1]);
        profile.extend(b"A2B0");
        profile.extend(144_u32.to_be_bytes());
        profile.extend((table.len() as u32).to_be_bytes());
        profile.extend(table);
        let size = (profile.len() as u32).to_be_bytes();
        profile[..4].copy_from_slice(&size);
        profile
    }

    #[test]
    fn the_blackest_of_the_inks_is_black() {
        let inks = ink_profile();
        // L* = 40 has 11.25 % of the light of white, L* = 10 has 1.13 %; what is left above it is level 90 of sRGB.
        for (ink, expected) in [([0; 4], 255), ([255; 4], 0), ([0, 0, 0, 255], 90)] {
            let found = to_srgb(pixel(Model::Cmyk, &ink), Some(&inks)).pixels;
            assert!(found.iter().all(|level| level.abs_diff(expected) <= 2), "{ink:?}: {found:?}");
            let deep = Samples::U16(ink.iter().map(|level| u16::from(*level) * 257).collect());
            let raster = Raster { width: 1, height: 1, model: Model::Cmyk, samples: deep };
            let found = to_srgb(raster, Some(&inks)).pixels;
            assert!(found.iter().all(|level| level.abs_diff(expected) <= 2), "{ink:?}, deep: {found:?}");
        }
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
