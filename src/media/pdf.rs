//! PDF documents: the first page as a preview, through an interpreter in Rust.

use super::MediaError;
use super::decode::Decoded;
use super::raster::{Model, Raster, Samples};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

/// A page has no size in pixels; this is the long edge as which it is shown.
const LONG_EDGE_PX: f32 = 1600.0;
/// A page of the largest paper has a few thousand points.
const MAX_SIDE_POINTS: f32 = 20_000.0;

/// Draws the first page, no larger than needed.
pub fn decode(bytes: Vec<u8>, needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Decoded, MediaError> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => MediaError::unsupported(
            "The document opens only with a password, so no preview can be made; save it without one",
        ),
        other => MediaError::damaged(format!("{other:?}")),
    })?;
    let pages = pdf.pages();
    let page = pages.first().ok_or_else(|| MediaError::damaged("no page"))?;
    let (own_width, own_height) = page.render_dimensions();
    let is_sane = |side: f32| side.is_finite() && (1.0..=MAX_SIDE_POINTS).contains(&side);
    if !is_sane(own_width) || !is_sane(own_height) {
        return Err(MediaError::damaged("page size"));
    }
    let enlarged = LONG_EDGE_PX / own_width.max(own_height);
    let side = |length: f32| (length * enlarged).round().clamp(1.0, LONG_EDGE_PX) as u32;
    let (width, height) = (side(own_width), side(own_height));
    let scale = needed_scale(width, height) as f32 * enlarged;
    let drawing = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (drawn_width, drawn_height) = (u32::from(drawing.width()), u32::from(drawing.height()));
    if drawn_width == 0 || drawn_height == 0 {
        return Err(MediaError::damaged("page size"));
    }
    // On white nothing is transparent, so nothing is multiplied with alpha.
    let pixels = drawing.data_as_u8_slice();
    let samples = pixels.as_chunks::<4>().0.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]);
    let samples = Samples::U8(samples.collect());
    let raster = Raster { width: drawn_width, height: drawn_height, model: Model::Rgb, samples };
    Ok(Decoded { raster, icc_profile: None, width, height })
}
