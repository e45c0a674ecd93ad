//! SVG graphics: drawn at the sizes of the ladder, and offered as the drawing alone, without scripts, links
//! or foreign files. Words stay words there; the pictures of the ladder have them in the fonts of this program.

use super::decode::Decoded;
use super::fonts::Fonts;
use super::raster::{Model, Raster, Samples};
use super::{MediaError, embed, recode};
use resvg::{tiny_skia, usvg};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use usvg::roxmltree;

/// A drawing has no size in pixels; this is the long edge as which it is shown.
const LONG_EDGE_PX: f32 = 2560.0;
/// Logos have a few hundred; this bounds what a file can ask for.
const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;

/// Of all pictures in a drawing together, each as often as it is drawn: they are decoded at full size.
const MAX_EMBEDDED_PIXELS: u64 = 24_000_000;

/// What the renderer draws inside a drawing.
const KNOWN_KINDS: [&str; 6] =
    ["image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "image/svg+xml"];

fn tree(bytes: &[u8], keeps_private: bool) -> Result<usvg::Tree, MediaError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(MediaError::TooComplex { detail: format!("SVG of {} bytes", bytes.len()) });
    }
    let bytes = &*recode::in_utf8(bytes);
    let fonts = Fonts::default();
    let embedded_pixels = Arc::new(AtomicU64::new(0));
    let unknown_kind = Arc::new(OnceLock::new());
    let options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: within_bounds(
                Arc::clone(&embedded_pixels),
                Arc::clone(&unknown_kind),
                keeps_private,
            ),
            // Neither files of this machine nor of others.
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: Fonts::bundled(),
        font_resolver: fonts.resolver(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_data(bytes, &options);
    let embedded_pixels = embedded_pixels.load(Ordering::Relaxed);
    if embedded_pixels > MAX_EMBEDDED_PIXELS {
        return Err(MediaError::unsupported(format!(
            "The pictures inside this drawing have {} megapixels together, and at most {} are taken; embed smaller ones",
            embedded_pixels.div_ceil(1_000_000),
            MAX_EMBEDDED_PIXELS / 1_000_000
        )));
    }
    if let Some(media_type) = unknown_kind.get() {
        return Err(MediaError::unsupported(format!(
            "A picture inside this drawing is of a kind that is not taken there ({media_type}); embed it as JPEG or PNG"
        )));
    }
    let letters = fonts.missing_letters();
    if !letters.is_empty() {
        return Err(MediaError::unsupported(format!(
            "No font here has the letters “{letters}” of this drawing; turn its text into paths and send it again"
        )));
    }
    tree.map_err(|error| match error {
        usvg::Error::InvalidSize => MediaError::unsupported(
            "The drawing has no size; give it a width and a height above zero, or a viewBox, and send it again",
        ),
        // Copies of copies of copies.
        usvg::Error::ElementsLimitReached
        | usvg::Error::ParsingFailed(roxmltree::Error::NodesLimitReached) => {
            MediaError::TooComplex { detail: error.to_string() }
        }
        usvg::Error::ParsingFailed(
            roxmltree::Error::UnexpectedEndOfStream | roxmltree::Error::UnclosedRootNode,
        ) => MediaError::Truncated,
        other => MediaError::damaged(other),
    })
}

/// Counts the pixels of pictures by their headers, those in drawings inside this one too, and takes no more of them
/// than may be decoded.
fn within_bounds(
    pixels: Arc<AtomicU64>,
    unknown_kind: Arc<OnceLock<String>>,
    keeps_private: bool,
) -> usvg::ImageHrefDataResolverFn<'static> {
    let resolve = usvg::ImageHrefResolver::default_data_resolver();
    Box::new(move |media_type, data, options| {
        if media_type.starts_with("image/") && !KNOWN_KINDS.contains(&media_type) {
            // The first one is told.
            let _ = unknown_kind.set(media_type.chars().take(40).collect());
            return None;
        }
        let kind = resolve(media_type, data, options)?;
        let (usvg::ImageKind::JPEG(data)
        | usvg::ImageKind::PNG(data)
        | usvg::ImageKind::GIF(data)
        | usvg::ImageKind::WEBP(data)) = &kind
        else {
            return Some(kind);
        };
        let size = imagesize::blob_size(data).ok()?;
        let own = (size.width as u64).saturating_mul(size.height as u64);
        let before = pixels.fetch_add(own.min(u64::from(u32::MAX)), Ordering::Relaxed);
        if before + own > MAX_EMBEDDED_PIXELS {
            return None;
        }
        if keeps_private { Some(kind) } else { without_words(kind) }
    })
}

/// A picture without what it says about itself: it stands in the file that is offered byte by byte. One that cannot be
/// taken apart is left out.
fn without_words(kind: usvg::ImageKind) -> Option<usvg::ImageKind> {
    use usvg::ImageKind;
    let nothing = embed::Wanted::default();
    let bare = |data: &[u8], media_type: &str| embed::embed(data, media_type, &nothing).map(Arc::new);
    match kind {
        ImageKind::JPEG(data) => bare(&data, "image/jpeg").map(ImageKind::JPEG),
        ImageKind::PNG(data) => bare(&data, "image/png").map(ImageKind::PNG),
        ImageKind::GIF(data) => bare(&data, "image/gif").map(ImageKind::GIF),
        ImageKind::WEBP(data) => bare(&data, "image/webp").map(ImageKind::WEBP),
        drawing @ ImageKind::SVG(_) => Some(drawing),
    }
}

/// Draws no larger than needed. The whole picture is taken to be 2560 pixels long.
pub fn decode(bytes: &[u8], needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Decoded, MediaError> {
    let tree = tree(bytes, true)?;
    let (own_width, own_height) = (tree.size().width(), tree.size().height());
    let enlarged = LONG_EDGE_PX / own_width.max(own_height);
    let side = |length: f32| (length * enlarged).round().clamp(1.0, LONG_EDGE_PX) as u32;
    let (width, height) = (side(own_width), side(own_height));
    let scale = needed_scale(width, height);
    let drawn = |length: u32| ((f64::from(length) * scale).ceil() as u32).clamp(1, length);
    let mut canvas = tiny_skia::Pixmap::new(drawn(width), drawn(height)).ok_or(MediaError::OutOfMemory)?;
    let transform = tiny_skia::Transform::from_scale(
        canvas.width() as f32 / own_width,
        canvas.height() as f32 / own_height,
    );
    resvg::render(&tree, transform, &mut canvas.as_mut());
    let (drawn_width, drawn_height) = (canvas.width(), canvas.height());
    let raster = Raster {
        width: drawn_width,
        height: drawn_height,
        model: Model::Rgba,
        samples: Samples::U8(canvas.take_demultiplied()),
    };
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile: None, width, height })
}

/// The drawing written anew: what is not part of it is gone. The pictures in it keep what they say about themselves only
/// if the organisation wants that. Its words stay text where they then stand as before; others become outlines.
pub fn sanitized(bytes: &[u8], keeps_private: bool) -> Result<Vec<u8>, MediaError> {
    let drawing = tree(bytes, keeps_private)?;
    let before = words(drawing.root());
    if !before.is_empty() {
        let options = usvg::WriteOptions { preserve_text: true, ..usvg::WriteOptions::default() };
        let written = drawing.to_string(&options).into_bytes();
        let is_same = tree(&written, true).is_ok_and(|after| are_alike(&before, &words(after.root())));
        if is_same {
            return Ok(written);
        }
    }
    Ok(drawing.to_string(&usvg::WriteOptions::default()).into_bytes())
}

/// Each piece of text and the place that it takes.
fn words(group: &usvg::Group) -> Vec<(String, usvg::Rect)> {
    let mut found = Vec::new();
    for node in group.children() {
        match node {
            usvg::Node::Text(text) => {
                let said = text.chunks().iter().map(usvg::TextChunk::text).collect();
                found.push((said, text.abs_bounding_box()));
            }
            usvg::Node::Group(group) => found.extend(words(group)),
            usvg::Node::Path(_) | usvg::Node::Image(_) => {}
        }
    }
    found
}

fn are_alike(before: &[(String, usvg::Rect)], after: &[(String, usvg::Rect)]) -> bool {
    let is_near = |(one, other): (f32, f32), extent: f32| (one - other).abs() <= 0.01 * extent.max(1.0);
    before.len() == after.len()
        && before.iter().zip(after).all(|((said, at), (said_after, at_after))| {
            let extent = at.width().max(at.height());
            said == said_after
                && is_near((at.left(), at_after.left()), extent)
                && is_near((at.top(), at_after.top()), extent)
                && is_near((at.right(), at_after.right()), extent)
                && is_near((at.bottom(), at_after.bottom()), extent)
        })
}

#[cfg(test)]
mod tests;
