//! What is kept of a picture where a rendition is cut to a fixed shape.

use super::FieldError;
use super::asset::FocalPoint;
use super::rendition::{LADDER, Shape};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By the name of the cut rendition. One without an area is cut around the focal point.
pub type Crops = BTreeMap<String, CropArea>;

/// What sums of decimal fractions may be off by.
const TOLERANCE: f64 = 1e-6;

/// A rectangle in fractions of the upright picture's width and height, from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CropArea {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl CropArea {
    /// As much of the picture as a cut of this size takes, as near around the point as the edges let it.
    pub fn around(point: FocalPoint, picture: (u32, u32), cut: (u32, u32)) -> Self {
        let coordinate = |value: f64| if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.5 };
        Self::of_scale((coordinate(point.x), coordinate(point.y)), f64::INFINITY, picture, cut)
    }

    /// The area that a cut of this size really shows: the one that was chosen, made wider or higher until it has the
    /// cut's shape, and no smaller than the cut, which would be blurred. Where the picture ends, it ends.
    pub fn shaped(self, picture: (u32, u32), cut: (u32, u32)) -> Self {
        let across = self.width * f64::from(picture.0) / f64::from(cut.0);
        let down = self.height * f64::from(picture.1) / f64::from(cut.1);
        let centre = (self.x + self.width / 2.0, self.y + self.height / 2.0);
        Self::of_scale(centre, across.max(down).max(1.0), picture, cut)
    }

    /// `scale`: how many pixels of the picture become one of the cut.
    fn of_scale(centre: (f64, f64), scale: f64, picture: (u32, u32), cut: (u32, u32)) -> Self {
        let across = f64::from(cut.0) / f64::from(picture.0.max(1));
        let down = f64::from(cut.1) / f64::from(picture.1.max(1));
        let scale = scale.min((1.0 / across).min(1.0 / down));
        let (width, height) = ((across * scale).min(1.0), (down * scale).min(1.0));
        let start = |middle: f64, length: f64| (middle - length / 2.0).clamp(0.0, 1.0 - length);
        Self { x: start(centre.0, width), y: start(centre.1, height), width, height }
    }

    fn is_in_the_picture(self) -> bool {
        let fits = |start: f64, length: f64| {
            // What is no number is in no range.
            (0.0..=1.0).contains(&start) && length > 0.0 && start + length <= 1.0 + TOLERANCE
        };
        fits(self.x, self.width) && fits(self.y, self.height)
    }
}

/// The renditions that are cut, with their size.
pub fn cut_renditions() -> impl Iterator<Item = (&'static str, (u32, u32))> {
    LADDER.iter().filter_map(|preset| match preset.shape {
        Shape::Cut { width, height } => Some((preset.name, (width, height))),
        Shape::LongEdge(_) | Shape::Full => None,
    })
}

pub fn mistakes(crops: &Crops) -> Vec<FieldError> {
    let wrong = crops.iter().filter_map(|(name, area)| {
        let field = format!("crops.{name}");
        if !cut_renditions().any(|(cut, _)| cut == name) {
            let detail = format!("There is no rendition `{name}` that is cut");
            return Some(FieldError::new(field, "unknown_rendition", detail));
        }
        let detail =
            "x, y, width and height are fractions of the picture: the area must lie in it and not be empty";
        (!area.is_in_the_picture()).then(|| FieldError::new(field, "outside_picture", detail))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCIAL: (u32, u32) = (1200, 630);

    fn area(x: f64, y: f64, width: f64, height: f64) -> CropArea {
        CropArea { x, y, width, height }
    }

    fn near(left: CropArea, right: CropArea) -> bool {
        let pairs =
            [(left.x, right.x), (left.y, right.y), (left.width, right.width), (left.height, right.height)];
        pairs.iter().all(|(a, b)| (a - b).abs() < 1e-9)
    }

    #[test]
    fn an_area_of_the_cuts_shape_stays_as_it_is() {
        // 2400 × 1260 of 6000 × 4000.
        let chosen = area(0.1, 0.2, 0.4, 0.315);
        assert!(near(chosen.shaped((6000, 4000), SOCIAL), chosen));
    }

    #[test]
    fn another_shape_is_made_wider_or_higher_around_its_middle() {
        let tall = area(0.4, 0.1, 0.1, 0.63).shaped((6000, 4000), SOCIAL);
        assert!(near(tall, area(0.05, 0.1, 0.8, 0.63)), "{tall:?}");
        let at_the_edge = area(0.9, 0.0, 0.1, 0.63).shaped((6000, 4000), SOCIAL);
        assert!(near(at_the_edge, area(0.2, 0.0, 0.8, 0.63)), "{at_the_edge:?}");
        let all = area(0.0, 0.0, 1.0, 1.0).shaped((6000, 4000), SOCIAL);
        assert!(near(all, area(0.0, 0.106_25, 1.0, 0.7875)), "{all:?}");
    }

    #[test]
    fn a_small_area_is_not_enlarged() {
        let dot = area(0.5, 0.5, 0.001, 0.001).shaped((2400, 1260), SOCIAL);
        assert!((dot.width - 0.5).abs() < 1e-9 && (dot.height - 0.5).abs() < 1e-9, "{dot:?}");
    }

    #[test]
    fn around_the_focal_point_is_as_much_as_there_is() {
        let right = CropArea::around(FocalPoint { x: 1.0, y: 0.5 }, (1000, 1000), (100, 50));
        assert!(near(right, area(0.0, 0.25, 1.0, 0.5)));
        let wide = CropArea::around(FocalPoint { x: 0.9, y: 0.5 }, (4000, 1000), (100, 100));
        assert!(near(wide, area(0.75, 0.0, 0.25, 1.0)), "{wide:?}");
    }

    #[test]
    fn only_areas_in_the_picture_are_taken() {
        let faults = |area: CropArea| mistakes(&Crops::from([("social".to_owned(), area)])).len();
        assert_eq!(faults(area(0.3, 0.0, 0.7, 1.0)), 0);
        for wrong in [
            area(0.5, 0.0, 0.6, 0.5),
            area(-0.1, 0.0, 0.5, 0.5),
            area(0.0, 0.0, 0.0, 0.5),
            area(0.0, 0.0, 0.5, -0.5),
            area(f64::NAN, 0.0, 0.5, 0.5),
            area(0.0, 0.0, f64::NAN, 0.5),
            area(0.0, 0.0, 0.5, f64::INFINITY),
        ] {
            assert_eq!(faults(wrong), 1, "{wrong:?}");
        }
        let unknown = mistakes(&Crops::from([("large".to_owned(), area(0.0, 0.0, 0.5, 0.5))]));
        assert_eq!((unknown[0].code, unknown[0].field.as_str()), ("unknown_rendition", "crops.large"));
    }
}
