//! The areas that renditions are cut to, as inputs of a photo's form.

use super::form::{Mistakes, Values};
use super::photo::percent;
use crate::domain::FieldError;
use crate::domain::asset::FocalPoint;
use crate::domain::crop::{CropArea, Crops, cut_renditions};
use crate::i18n::Lang;

/// The parts of an area, with the keys of their labels.
const PARTS: [(&str, &str); 4] = [
    ("x", "desk-focus-x"),
    ("y", "desk-focus-y"),
    ("width", "desk-crop-width"),
    ("height", "desk-crop-height"),
];

/// A rendition that is cut.
pub struct CropInput {
    pub name: &'static str,
    pub label: String,
    pub width: u32,
    pub height: u32,
    pub is_chosen: bool,
    pub parts: Vec<Part>,
    pub error: Option<String>,
}

pub struct Part {
    pub name: &'static str,
    pub label: String,
    pub value: String,
}

/// Puts what was chosen into the record's areas; a form without these inputs changes nothing.
pub fn fill(values: &Values, crops: &mut Crops) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (name, _) in cut_renditions() {
        match (values.line(&format!("crop-{name}")).as_str(), typed(values, name)) {
            ("follow", _) => {
                crops.remove(name);
            }
            // A finer area that reads the same is left as it is.
            ("own", Some(parts)) if crops.get(name).is_some_and(|area| percents(*area) == parts) => {}
            ("own", Some(parts)) => {
                // Divided by a whole number, 33.3 percent are 0.333 and nothing beside it.
                let [x, y, width, height] = parts.map(|percent| (percent * 1000.0).round() / 100_000.0);
                crops.insert(name.to_owned(), CropArea { x, y, width, height });
            }
            ("own", None) => {
                let detail = "Four numbers from 0 to 100 percent";
                errors.push(FieldError::new(format!("crops.{name}"), "outside_picture", detail));
            }
            _ => {}
        }
    }
    errors
}

fn typed(values: &Values, name: &str) -> Option<[f64; 4]> {
    let part = |part: &str| percent(values, &format!("crop-{name}-{part}"));
    Some([part("x")?, part("y")?, part("width")?, part("height")?])
}

/// As the form shows an area: rounded, and still inside the picture.
fn percents(area: CropArea) -> [f64; 4] {
    let tenths = |fraction: f64| (fraction * 1000.0).round();
    let pair = |start: f64, length: f64| {
        let start = tenths(start);
        (start / 10.0, tenths(length).min(1000.0 - start) / 10.0)
    };
    let ((x, width), (y, height)) = (pair(area.x, area.width), pair(area.y, area.height));
    [x, y, width, height]
}

/// The inputs. Where nothing is chosen they say what is shown now, so that a choice begins there.
pub fn inputs(
    lang: Lang,
    picture: Option<(u32, u32)>,
    (focal_point, crops): (FocalPoint, &Crops),
    values: Option<&Values>,
    mistakes: &Mistakes,
) -> Vec<CropInput> {
    let values = values.filter(|values| values.has("focus-x"));
    let input = |(name, (width, height)): (&'static str, (u32, u32))| {
        let whole = CropArea { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
        let followed =
            picture.map_or(whole, |picture| CropArea::around(focal_point, picture, (width, height)));
        let shown = percents(*crops.get(name).unwrap_or(&followed));
        let parts = PARTS.iter().zip(shown).map(|((part, key), shown)| Part {
            name: part,
            label: lang.t(key),
            value: values.map_or_else(|| shown.to_string(), |v| v.line(&format!("crop-{name}-{part}"))),
        });
        let size = format!("{width} × {height}");
        CropInput {
            name,
            label: match name {
                "social" => lang.t_args("desk-crop-social", &[("size", size.into())]),
                other => format!("{other} ({size})"),
            },
            width,
            height,
            is_chosen: values.map_or_else(
                || crops.contains_key(name),
                |values| values.line(&format!("crop-{name}")) == "own",
            ),
            parts: parts.collect(),
            error: mistakes.of(&format!("crops.{name}"), lang),
        }
    };
    // What is smaller than the cut is shown whole.
    let is_cut = |(_, cut): &(&str, (u32, u32))| picture.is_none_or(|it| it.0 >= cut.0 && it.1 >= cut.1);
    cut_renditions().filter(is_cut).map(input).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Values {
        Values::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    const OWN: [(&str, &str); 5] = [
        ("crop-social", "own"),
        ("crop-social-x", "12,5"),
        ("crop-social-y", "20"),
        ("crop-social-width", "50"),
        ("crop-social-height", "40"),
    ];

    #[test]
    fn what_is_typed_becomes_an_area_and_following_takes_it_away() {
        let mut crops = Crops::new();
        assert!(fill(&form(&OWN), &mut crops).is_empty());
        assert_eq!(crops["social"], CropArea { x: 0.125, y: 0.2, width: 0.5, height: 0.4 });
        assert!(fill(&form(&[("title", "Kran")]), &mut crops).is_empty());
        assert!(crops.contains_key("social"), "a form that does not show it changes nothing");
        assert!(fill(&form(&[("crop-social", "follow")]), &mut crops).is_empty());
        assert!(crops.is_empty());
    }

    #[test]
    fn an_area_that_is_shown_rounded_is_not_changed_by_saving() {
        let fine = CropArea { x: 0.123_45, y: 0.0, width: 0.876_55, height: 1.0 };
        let mut crops = Crops::from([("social".to_owned(), fine)]);
        let [x, y, width, height] = percents(fine).map(|percent| percent.to_string());
        let same = form(&[
            ("crop-social", "own"),
            ("crop-social-x", &x),
            ("crop-social-y", &y),
            ("crop-social-width", &width),
            ("crop-social-height", &height),
        ]);
        assert!(fill(&same, &mut crops).is_empty());
        assert_eq!(crops["social"], fine);
    }

    #[test]
    fn what_is_no_number_is_refused_and_the_area_stays() {
        for wrong in ["", "NaN", "inf", "-1", "100.1", "zehn"] {
            let mut pairs = OWN;
            pairs[3].1 = wrong;
            let before =
                Crops::from([("social".to_owned(), CropArea { x: 0.0, y: 0.0, width: 1.0, height: 1.0 })]);
            let mut crops = before.clone();
            assert_eq!(fill(&form(&pairs), &mut crops).len(), 1, "{wrong}");
            assert_eq!(crops, before, "{wrong}");
        }
    }
}
