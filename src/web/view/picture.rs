//! A picture in a page: its place is kept before it arrives, and browsers choose the fitting file.

use crate::domain::asset::{Asset, FocalPoint};
use crate::domain::rendition::{Format, Rendition};
use crate::web::view::placeholder::{Plate, placeholder};
use askama::Template;

/// A picture with its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What is seen; empty when the text beside the picture says it already.
    pub alt: String,
    /// Upright, in pixels; it gives the shape of the place that is kept.
    pub width: u32,
    pub height: u32,
    /// The file for browsers that know no `srcset`.
    pub src: String,
    pub jpeg_srcset: String,
    pub webp_srcset: String,
    /// Empty until all of these files are there: they come later.
    pub avif_srcset: String,
    /// The largest file, for who wants to look closely.
    pub largest: String,
    placeholder_svg: String,
    plate: Plate,
    focal_class: String,
}

/// When a browser fetches a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fetch {
    /// It is what the first screen is about.
    First,
    /// It stands in the first screen.
    Soon,
    /// It stands in the first screen, and the words there come before it.
    AfterWords,
    /// When the reader comes near.
    Near,
    /// When the reader comes near, and after all that is read first: it stands beside that.
    Aside,
}

/// How a place in a page asks for its picture.
#[derive(Template)]
#[template(path = "partial/picture.html")]
struct PictureTag<'a> {
    picture: &'a Picture,
    class: &'a str,
    sizes: &'a str,
    fetch: Fetch,
    ratio: String,
}

impl Picture {
    /// The picture of an asset, or `None` while it has no rendition. `url_of` gives the address of a file.
    pub fn of(asset: &Asset, url_of: impl Fn(&Rendition) -> String) -> Option<Self> {
        let mut ladder: Vec<&Rendition> = asset.renditions.iter().filter(|r| r.is_whole()).collect();
        // A small original is as wide on several rungs.
        ladder.sort_by_key(|r| (r.width, r.format));
        ladder.dedup_by_key(|r| (r.width, r.format));
        let of_format = |format: Format| ladder.iter().copied().filter(move |r| r.format == format);
        let srcset = |format: Format| {
            of_format(format).map(|r| format!("{} {}w", url_of(r), r.width)).collect::<Vec<_>>().join(", ")
        };
        let plain = Format::Jpeg;
        let fallback = of_format(plain).find(|r| r.width >= 700).or_else(|| of_format(plain).next_back());
        let largest = of_format(plain).next_back().or(ladder.last().copied())?;
        let has_all_avif = of_format(Format::Avif).count() == of_format(Format::Webp).count();
        // A document has no size of its own, its first page has.
        let (width, height) = asset.width.zip(asset.height).unwrap_or((largest.width, largest.height));
        let (placeholder_svg, plate) = placeholder(&asset.placeholder);
        Some(Self {
            alt: asset.description.alt_text.clone(),
            width,
            height,
            src: url_of(fallback.or(ladder.last().copied())?),
            jpeg_srcset: srcset(plain),
            webp_srcset: srcset(Format::Webp),
            avif_srcset: if has_all_avif { srcset(Format::Avif) } else { String::new() },
            largest: url_of(largest),
            placeholder_svg,
            plate,
            focal_class: focal_class(asset.focal_point),
        })
    }

    /// Width divided by height.
    pub fn ratio(&self) -> f64 {
        f64::from(self.width.max(1)) / f64::from(self.height.max(1))
    }

    /// The class that gives a place the picture's shape. What stands on a plate, such as a logo, has room around
    /// it and takes the shape of most photos.
    pub fn ratio_class(&self) -> String {
        ratio_class_of(self.place_ratio())
    }

    fn place_ratio(&self) -> f64 {
        if self.plate == Plate::None { self.ratio() } else { 1.5 }
    }

    /// The opening picture of the home page.
    pub fn lead(&self) -> String {
        self.tag("pic-lead", "(min-width: 1280px) 800px, (min-width: 900px) 62vw, 100vw", Fetch::First)
    }

    /// In the strip of a release, the first of them in the first screen. All are of one height, see the style sheet.
    pub fn strip(&self, first: &bool) -> String {
        let wide = |height: f64| (height * self.place_ratio()).round();
        let sizes = format!(
            "(min-width: 1346px) {}px, (min-width: 691px) {}vw, {}px",
            wide(296.0),
            wide(22.0),
            wide(152.0)
        );
        self.tag("pic-strip", &sizes, if *first { Fetch::AfterWords } else { Fetch::Aside })
    }

    /// In a card of a list of releases.
    pub fn card(&self) -> String {
        self.tag("pic-card", "(min-width: 1280px) 390px, (min-width: 700px) 45vw, 100vw", Fetch::Near)
    }

    /// The cover of an album, the first of them in the first screen.
    pub fn cover(&self, first: &bool) -> String {
        self.tag(
            "pic-card",
            "(min-width: 1280px) 300px, (min-width: 700px) 24vw, 46vw",
            if *first { Fetch::Soon } else { Fetch::Near },
        )
    }

    /// In the rows of a gallery, which are of one height: upright pictures share a row.
    pub fn tile(&self) -> String {
        let is_upright = self.plate == Plate::None && self.ratio() < 1.0;
        let sizes =
            if is_upright { "(min-width: 700px) 280px, 46vw" } else { "(min-width: 700px) 420px, 92vw" };
        self.tag("pic-tile", sizes, Fetch::Near)
    }

    /// The large view of a photo page.
    pub fn stage(&self) -> String {
        self.tag("pic-stage", "(min-width: 1440px) 1360px, 96vw", Fetch::First)
    }

    /// Within the text of a release.
    pub fn body(&self) -> String {
        self.tag("pic-body", "(min-width: 720px) 656px, 92vw", Fetch::Near)
    }

    /// A small square: search hits, related releases.
    pub fn thumb(&self) -> String {
        self.tag("pic-thumb", "120px", Fetch::Near)
    }

    /// A person's face beside the name, cut round.
    pub fn face(&self) -> String {
        self.tag("pic-portrait", "72px", Fetch::Aside)
    }

    /// A person's face in a card, cut round.
    pub fn portrait(&self) -> String {
        self.tag("pic-portrait", "128px", Fetch::Near)
    }

    /// A person, large.
    pub fn portrait_large(&self) -> String {
        self.tag("pic-portrait-large", "(min-width: 900px) 400px, 92vw", Fetch::First)
    }

    fn tag(&self, class: &str, sizes: &str, fetch: Fetch) -> String {
        let tag = PictureTag { picture: self, class, sizes, fetch, ratio: self.ratio_class() };
        // The template has nothing that can fail; a page without a picture beats no page.
        tag.render().unwrap_or_default()
    }
}

/// The style sheet knows ratios in steps of a tenth, from 0.4 to 3.
fn ratio_class_of(ratio: f64) -> String {
    format!("ar-{}", (ratio * 10.0).round().clamp(4.0, 30.0) as u32)
}

/// The style sheet knows focal points in steps of a tenth; the middle needs no class.
fn focal_class(focus: FocalPoint) -> String {
    let step = |fraction: f64| (fraction * 10.0).round().clamp(0.0, 10.0) as u32;
    let (x, y) = (step(focus.x), step(focus.y));
    let mut class = String::new();
    if x != 5 {
        class.push_str(&format!(" fx-{x}"));
    }
    if y != 5 {
        class.push_str(&format!(" fy-{y}"));
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::view::samples;

    fn picture() -> Picture {
        Picture::of(&samples::asset(1), |r| format!("/photos/x/{}.{}", r.name, r.format.extension())).unwrap()
    }

    #[test]
    fn a_picture_names_its_files_by_width_and_keeps_its_place() {
        let html = picture().tile();
        assert!(html.contains("/photos/x/small.webp 800w"), "{html}");
        assert!(html.contains("/photos/x/large.jpg 2560w"), "{html}");
        assert!(html.contains("width=\"6000\" height=\"4000\""), "{html}");
        assert!(html.contains("loading=\"lazy\""), "{html}");
        assert!(!html.contains("social"), "a cut-out is no smaller version of the picture: {html}");
    }

    #[test]
    fn a_modern_format_is_offered_when_all_its_sizes_are_there() {
        let mut asset = samples::asset(1);
        let url = |r: &Rendition| format!("/photos/x/{}.{}", r.name, r.format.extension());
        assert!(Picture::of(&asset, url).unwrap().tile().contains("/photos/x/small.avif 800w"));
        asset.renditions.retain(|r| (r.name.as_str(), r.format) != ("large", Format::Avif));
        assert!(!Picture::of(&asset, url).unwrap().tile().contains("avif"));
    }

    #[test]
    fn no_width_is_offered_twice() {
        let mut asset = samples::asset(1);
        for rendition in &mut asset.renditions {
            rendition.width = rendition.width.min(1600);
        }
        let html = Picture::of(&asset, |r| format!("/{}.{}", r.name, r.format.extension())).unwrap().tile();
        let set =
            html.split("image/webp\" srcset=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert_eq!(set.matches("1600w").count(), 1, "{html}");
    }

    #[test]
    fn what_is_in_the_first_screen_is_fetched_first() {
        let html = picture().stage();
        assert!(html.contains("fetchpriority=\"high\"") && !html.contains("loading=\"lazy\""), "{html}");
    }

    #[test]
    fn ratio_and_focus_become_classes() {
        assert_eq!(ratio_class_of(1.5), "ar-15");
        assert_eq!(ratio_class_of(9.0), "ar-30");
        assert_eq!(focal_class(FocalPoint { x: 0.5, y: 0.5 }), "");
        assert_eq!(focal_class(FocalPoint { x: 0.52, y: 0.31 }), " fy-3");
    }

    #[test]
    fn nothing_to_show_while_an_asset_is_processed() {
        let mut asset = samples::asset(1);
        asset.renditions.clear();
        assert_eq!(Picture::of(&asset, |_| String::new()), None);
    }
}
