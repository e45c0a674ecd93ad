//! Resampling with Lanczos, and the shapes of renditions.

mod rows;

use super::MediaError;
use super::raster::{Model, Picture, Raster, Samples};
use crate::domain::crop::CropArea;
use crate::domain::rendition::Shape;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4, U16, U16x2, U16x3, U16x4};
use fast_image_resize::{FilterType, PixelTrait, PixelType, ResizeAlg, ResizeOptions, Resizer};
pub use rows::RowScaler;

/// Width and height of a picture whose long edge is at most `long_edge` pixels.
pub fn fitted(width: u32, height: u32, long_edge: u32) -> (u32, u32) {
    scaled(width, height, f64::from(long_edge) / f64::from(width.max(height)))
}

/// Both sides times a factor, which is taken as 1 at most; no side becomes less than one pixel.
pub fn scaled(width: u32, height: u32, factor: f64) -> (u32, u32) {
    let side = |length: u32| ((f64::from(length) * factor.min(1.0)).round() as u32).clamp(1, length.max(1));
    (side(width), side(height))
}

/// Which fraction of an upright picture's size a rung of the ladder uses, or one that is cut to a `chosen` area.
pub fn needed_scale(width: u32, height: u32, shape: Shape, chosen: Option<&CropArea>) -> f64 {
    let full = (width, height);
    let (width, height) = (f64::from(width), f64::from(height));
    let ratio = match shape {
        Shape::LongEdge(pixels) => f64::from(pixels) / width.max(height),
        Shape::Cut { width: cut_width, height: cut_height } => {
            let (across, down) = (f64::from(cut_width) / width, f64::from(cut_height) / height);
            match chosen {
                _ if across > 1.0 || down > 1.0 => across.min(down),
                Some(area) => across / area.shaped(full, (cut_width, cut_height)).width,
                None => across.max(down),
            }
        }
        // Made by rows, out of the ladder's way.
        Shape::Full => 0.0,
    };
    ratio.min(1.0)
}

impl Raster {
    /// The raster made smaller, in its own colour space and depth.
    pub fn resized(self, width: u32, height: u32) -> Result<Self, MediaError> {
        if (self.width, self.height) == (width, height) {
            return Ok(self);
        }
        let resample = |bytes: &[u8], kind| {
            let source = Source { bytes, width: self.width, height: self.height, kind };
            source.resample(None, width, height, self.model.has_alpha())
        };
        let samples = match &self.samples {
            Samples::U8(samples) => Samples::U8(resample(samples, pixel_type_8(self.model.channels()))?),
            Samples::U16(samples) => {
                let bytes = resample(bytemuck::cast_slice(samples), pixel_type_16(self.model))?;
                Samples::U16(bytes.as_chunks().0.iter().map(|pair| u16::from_ne_bytes(*pair)).collect())
            }
        };
        Ok(Self { width, height, model: self.model, samples })
    }
}

impl Picture {
    /// The whole picture at another size.
    pub fn resized(&self, width: u32, height: u32) -> Result<Self, MediaError> {
        if (self.width, self.height) == (width, height) {
            return Ok(self.clone());
        }
        self.cut(None, width, height)
    }

    /// A piece of the picture at exactly this size.
    pub fn cut_to(&self, area: CropArea, width: u32, height: u32) -> Result<Self, MediaError> {
        let (own_width, own_height) = (f64::from(self.width), f64::from(self.height));
        let (left, top) = (area.x * own_width, area.y * own_height);
        let cut_width = (area.width * own_width).min(own_width - left);
        let cut_height = (area.height * own_height).min(own_height - top);
        self.cut(Some([left, top, cut_width, cut_height]), width, height)
    }

    /// The whole picture in the middle of a white ground of exactly this size, never enlarged.
    pub fn fitted_on_white(&self, width: u32, height: u32) -> Result<Self, MediaError> {
        let factor = (f64::from(width) / f64::from(self.width))
            .min(f64::from(height) / f64::from(self.height))
            .min(1.0);
        let (inner_width, inner_height) = scaled(self.width, self.height, factor);
        let inner = self.resized(inner_width, inner_height)?;
        let flat = inner.flattened();
        let mut pixels = vec![255; width as usize * height as usize * 3];
        let left = ((width - inner_width) / 2) as usize;
        let top = ((height - inner_height) / 2) as usize;
        let rows = pixels.chunks_exact_mut(width as usize * 3).skip(top);
        for (target, source) in rows.zip(flat.chunks_exact(inner_width as usize * 3)) {
            if let Some(place) = target.get_mut(left * 3..(left + inner_width as usize) * 3) {
                place.copy_from_slice(source);
            }
        }
        Ok(Self { width, height, has_alpha: false, pixels })
    }

    fn cut(&self, piece: Option<[f64; 4]>, width: u32, height: u32) -> Result<Self, MediaError> {
        let source = Source {
            bytes: &self.pixels,
            width: self.width,
            height: self.height,
            kind: pixel_type_8(self.channels()),
        };
        let pixels = source.resample(piece, width, height, self.has_alpha)?;
        Ok(Self { width, height, has_alpha: self.has_alpha, pixels })
    }
}

/// Pixels that are resampled.
pub(super) struct Source<'a> {
    pub bytes: &'a [u8],
    pub width: u32,
    pub height: u32,
    pub kind: PixelType,
}

impl Source<'_> {
    /// `piece`: left, top, width and height of the part that is used.
    fn resample(
        &self,
        piece: Option<[f64; 4]>,
        width: u32,
        height: u32,
        has_alpha: bool,
    ) -> Result<Vec<u8>, MediaError> {
        let mut bytes = vec![0; width as usize * height as usize * self.kind.size()];
        self.resample_into(&mut bytes, piece, (width, height), has_alpha)?;
        Ok(bytes)
    }

    pub(super) fn resample_into(
        &self,
        target: &mut [u8],
        piece: Option<[f64; 4]>,
        (width, height): (u32, u32),
        has_alpha: bool,
    ) -> Result<(), MediaError> {
        let mut options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
            // Four inks look like a picture with alpha to the library.
            .use_alpha(has_alpha);
        if let Some([left, top, piece_width, piece_height]) = piece {
            options = options.crop(left, top, piece_width, piece_height);
        }
        // By type, because the library's own choice also brings in the code of the types that never occur.
        match self.kind {
            PixelType::U8 => self.resample_as::<U8>(target, (width, height), &options),
            PixelType::U8x2 => self.resample_as::<U8x2>(target, (width, height), &options),
            PixelType::U8x3 => self.resample_as::<U8x3>(target, (width, height), &options),
            PixelType::U8x4 => self.resample_as::<U8x4>(target, (width, height), &options),
            PixelType::U16 => self.resample_as::<U16>(target, (width, height), &options),
            PixelType::U16x2 => self.resample_as::<U16x2>(target, (width, height), &options),
            PixelType::U16x3 => self.resample_as::<U16x3>(target, (width, height), &options),
            PixelType::U16x4 => self.resample_as::<U16x4>(target, (width, height), &options),
            other => Err(MediaError::damaged(format!("resize: {other:?}"))),
        }
    }

    fn resample_as<P: PixelTrait>(
        &self,
        target: &mut [u8],
        (width, height): (u32, u32),
        options: &ResizeOptions,
    ) -> Result<(), MediaError> {
        let failed = |error: &dyn std::fmt::Display| MediaError::damaged(format!("resize: {error}"));
        let source = TypedImageRef::<P>::from_buffer(self.width, self.height, self.bytes)
            .map_err(|error| failed(&error))?;
        let mut target =
            TypedImage::<P>::from_buffer(width, height, target).map_err(|error| failed(&error))?;
        Resizer::new().resize_typed(&source, &mut target, options).map_err(|error| failed(&error))
    }
}

pub(super) const fn pixel_type_8(channels: usize) -> PixelType {
    match channels {
        1 => PixelType::U8,
        2 => PixelType::U8x2,
        3 => PixelType::U8x3,
        _ => PixelType::U8x4,
    }
}

const fn pixel_type_16(model: Model) -> PixelType {
    match model.channels() {
        1 => PixelType::U16,
        2 => PixelType::U16x2,
        3 => PixelType::U16x3,
        _ => PixelType::U16x4,
    }
}

#[cfg(test)]
mod tests {
    use super::{fitted, needed_scale};
    use crate::domain::asset::FocalPoint;
    use crate::domain::crop::CropArea;
    use crate::domain::rendition::Shape;
    use crate::media::raster::{Model, Picture, Raster, Samples};

    /// Red on the left third, green in the middle, blue on the right.
    fn flag(width: u32, height: u32) -> Picture {
        let row = (0..width).flat_map(|x| match x * 3 / width {
            0 => [255, 0, 0],
            1 => [0, 255, 0],
            _ => [0, 0, 255],
        });
        let pixels = (0..height).flat_map(|_| row.clone()).collect();
        Picture { width, height, has_alpha: false, pixels }
    }

    fn middle(picture: &Picture) -> [u8; 3] {
        let index = (picture.height / 2 * picture.width + picture.width / 2) as usize * 3;
        picture.pixels[index..index + 3].try_into().unwrap()
    }

    #[test]
    fn no_side_vanishes_and_nothing_is_enlarged() {
        assert_eq!(fitted(6000, 4000, 2560), (2560, 1707));
        assert_eq!(fitted(400, 17320, 2560), (59, 2560));
        assert_eq!(fitted(30000, 1, 400), (400, 1));
        assert_eq!(fitted(1, 1, 400), (1, 1));
        assert_eq!(fitted(399, 200, 400), (399, 200));
    }

    #[test]
    fn a_panorama_is_decoded_large_enough_for_its_social_cut() {
        let cut = Shape::Cut { width: 1200, height: 630 };
        assert!((needed_scale(8000, 800, cut, None) - 0.7875).abs() < 1e-9);
        assert!(needed_scale(17320, 400, cut, None) < 0.1, "too low to be cut, so it is fitted");
        assert!((needed_scale(100, 100, Shape::LongEdge(400), None) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_chosen_area_is_decoded_large_enough() {
        let cut = Shape::Cut { width: 1200, height: 630 };
        let half = CropArea { x: 0.5, y: 0.5, width: 0.5, height: 0.3 };
        assert!((needed_scale(6000, 4000, cut, Some(&half)) - 0.4).abs() < 1e-9);
        let dot = CropArea { x: 0.5, y: 0.5, width: 0.001, height: 0.001 };
        assert!((needed_scale(6000, 4000, cut, Some(&dot)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_cut_follows_the_focal_point_up_to_the_edge() {
        let flag = flag(900, 300);
        let at = |x| {
            let area = CropArea::around(FocalPoint { x, y: 0.5 }, (900, 300), (100, 100));
            middle(&flag.cut_to(area, 100, 100).unwrap())
        };
        assert_eq!(at(0.0), [255, 0, 0]);
        assert_eq!(at(0.5), [0, 255, 0]);
        assert_eq!(at(1.0), [0, 0, 255]);
        assert_eq!(at(f64::NAN), [0, 255, 0]);
    }

    #[test]
    fn a_small_picture_is_centred_on_white() {
        let social = flag(30, 30).fitted_on_white(1200, 630).unwrap();
        assert_eq!((social.width, social.height), (1200, 630));
        assert_eq!(&social.pixels[..3], &[255, 255, 255]);
        assert_eq!(middle(&social), [0, 255, 0]);
        let coloured = social.pixels.chunks(3).filter(|pixel| *pixel != [255, 255, 255]).count();
        assert_eq!(coloured, 900, "its own size is kept");
    }

    #[test]
    fn inks_and_sixteen_bits_are_resampled_without_being_taken_for_alpha() {
        let inks = Raster {
            width: 4,
            height: 1,
            model: Model::Cmyk,
            samples: Samples::U8([[200, 100, 50, 0]; 4].concat()),
        };
        assert_eq!(inks.resized(2, 1).unwrap().samples, Samples::U8([[200, 100, 50, 0]; 2].concat()));
        let deep = Raster {
            width: 4,
            height: 2,
            model: Model::Rgb,
            samples: Samples::U16([[65_535, 30_000, 1]; 8].concat()),
        };
        assert_eq!(deep.resized(2, 1).unwrap().samples, Samples::U16([[65_535, 30_000, 1]; 2].concat()));
    }
}
