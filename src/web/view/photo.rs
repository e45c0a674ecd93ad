//! Photos: the gallery, one photo with its facts, albums.

use super::picture::Picture;
use super::release::{Kit, ReleaseTeaser};
use super::shell::{Link, Pager, Shell};
use crate::i18n::Lang;
use askama::Template;

/// A photo in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoTile {
    pub id: String,
    /// Part of the selection that the address of the page names.
    pub is_chosen: bool,
    pub url: String,
    pub title: String,
    /// Whether the title is more than the name of a file.
    pub is_named: bool,
    /// BCP 47, of title and caption; empty when it is the page's.
    pub language: String,
    pub caption: String,
    pub credit: String,
    /// `None` while it is processed or when the asset is no picture.
    pub picture: Option<Picture>,
    /// The print original.
    pub original_url: String,
    /// "JPEG, 6000 × 4000 px, 12 MB".
    pub original_facts: String,
    /// "JPG" and the like, shown where there is no picture.
    pub extension: String,
}

/// An album in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumTeaser {
    pub url: String,
    pub title: String,
    /// "6 Fotos".
    pub count: String,
    pub picture: Option<Picture>,
}

/// What a list can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// In the address.
    pub name: &'static str,
    pub label: String,
    /// Value, name, and whether it is chosen.
    pub choices: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "public/photos.html")]
pub struct GalleryPage {
    pub shell: Shell,
    /// The person whose photos these are, or what the gallery is called.
    pub title: String,
    /// All photos of that person.
    pub kit: Option<Kit>,
    /// "19 Fotos".
    pub total: String,
    pub filters: Vec<Filter>,
    pub is_filtered: bool,
    /// Photos chosen before, as in the address.
    pub selection: String,
    pub albums: Vec<AlbumTeaser>,
    pub photos: Vec<PhotoTile>,
    /// What was chosen before and is not on this page, as in an address; empty is nothing.
    pub chosen: String,
    pub pager: Pager,
}

/// What a reader has chosen.
#[derive(Template)]
#[template(path = "public/selection.html")]
pub struct SelectionPage {
    pub shell: Shell,
    /// `None` while nothing is chosen.
    pub kit: Option<Kit>,
    pub photos: Vec<ChosenPhoto>,
    /// The gallery, where more can be chosen.
    pub more_url: String,
    /// Photos that were named and cannot be had: withdrawn, or never public.
    pub missing: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenPhoto {
    pub tile: PhotoTile,
    /// The selection without it.
    pub without_url: String,
}

#[derive(Template)]
#[template(path = "public/album.html")]
pub struct AlbumPage {
    pub shell: Shell,
    pub title: String,
    /// Sanitised.
    pub description_html: String,
    pub kit: Option<Kit>,
    pub photos: Vec<PhotoTile>,
}

/// One file that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// "Original", "Groß".
    pub label: String,
    /// "JPEG", "WebP".
    pub format: String,
    /// "6000 × 4000".
    pub pixels: String,
    /// "sRGB"; empty when it is not told.
    pub colour_space: String,
    pub size: String,
    pub url: String,
    /// The one for print.
    pub is_original: bool,
}

/// The files of one size, in the formats that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size<'a> {
    pub label: &'a str,
    pub pixels: &'a str,
    pub colour_space: &'a str,
    pub files: Vec<&'a Download>,
}

/// How large a photo prints at a resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintSize {
    /// "300 ppi".
    pub resolution: String,
    /// "50,8 × 33,9 cm".
    pub size: String,
    /// What it is good for.
    pub purpose: String,
}

impl PrintSize {
    /// The print sizes of a picture at the resolutions that desks ask for.
    pub fn of(lang: Lang, width: u32, height: u32) -> Vec<Self> {
        let purposes = [
            (300.0, lang.t("print-magazine")),
            (200.0, lang.t("print-newspaper")),
            (150.0, lang.t("print-poster")),
        ];
        purposes
            .into_iter()
            .map(|(ppi, purpose)| {
                let cm = |pixels: u32| lang.decimal(f64::from(pixels) / ppi * 2.54);
                Self {
                    resolution: format!("{ppi:.0}\u{a0}ppi"),
                    size: format!("{}\u{a0}×\u{a0}{}\u{a0}cm", cm(width), cm(height)),
                    purpose,
                }
            })
            .collect()
    }

    /// The resolutions of a picture that fills formats in common use, turned as the picture is and cut where it must be.
    pub fn in_formats(lang: Lang, width: u32, height: u32) -> Vec<Self> {
        let formats = [
            ("13\u{a0}×\u{a0}18\u{a0}cm".to_owned(), 13.0, 18.0),
            (lang.t("print-page"), 21.0, 29.7),
            (lang.t("print-double-page"), 29.7, 42.0),
        ];
        let (short, long) = (f64::from(width.min(height)), f64::from(width.max(height)));
        let told = |(size, short_cm, long_cm): (String, f64, f64)| {
            let ppi = (short / short_cm).min(long / long_cm) * 2.54;
            let purpose = match ppi {
                300.0.. => "print-magazine",
                200.0.. => "print-newspaper",
                150.0.. => "print-poster",
                _ => "print-too-small",
            };
            Self {
                resolution: format!("{}\u{a0}ppi", lang.number(ppi as u64)),
                size,
                purpose: lang.t(purpose),
            }
        };
        formats.into_iter().map(told).collect()
    }
}

#[derive(Template)]
#[template(path = "public/photo.html")]
pub struct PhotoPage {
    pub shell: Shell,
    /// BCP 47, of what is said of the photo; empty when it is the page's.
    pub language: String,
    pub title: String,
    pub caption: String,
    pub credit: String,
    pub copyright_notice: String,
    pub usage_terms: String,
    /// As `language`.
    pub terms_language: String,
    pub rights_url: String,
    pub creator: String,
    pub persons: Vec<Link>,
    pub keywords: Vec<Link>,
    /// When it was taken, in words.
    pub date_created: String,
    pub location: String,
    pub picture: Option<Picture>,
    pub downloads: Vec<Download>,
    pub print_sizes: Vec<PrintSize>,
    /// The resolution it reaches in formats that desks know.
    pub print_formats: Vec<PrintSize>,
    pub releases: Vec<ReleaseTeaser>,
    pub albums: Vec<Link>,
    pub previous: Option<Link>,
    pub next: Option<Link>,
}

impl PhotoPage {
    /// The print original.
    pub fn original(&self) -> Option<&Download> {
        self.downloads.iter().find(|download| download.is_original)
    }

    /// Every other file, by size.
    pub fn sizes(&self) -> Vec<Size<'_>> {
        let renditions: Vec<&Download> = self.downloads.iter().filter(|file| !file.is_original).collect();
        renditions
            .chunk_by(|a, b| a.label == b.label && a.pixels == b.pixels)
            .filter_map(|files| {
                let first: &Download = files.first()?;
                Some(Size {
                    label: &first.label,
                    pixels: &first.pixels,
                    colour_space: &first.colour_space,
                    files: files.to_vec(),
                })
            })
            .collect()
    }

    /// What the copy button copies: caption and credit, as a picture desk prints them.
    pub fn caption_with_credit(&self) -> String {
        let credit = self.shell.lang.credit(&self.credit);
        [self.caption.as_str(), &credit]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_filled_whichever_way_the_picture_stands() {
        for (width, height) in [(4961, 3508), (3508, 4961)] {
            let formats = PrintSize::in_formats(Lang::De, width, height);
            // A4 is 210 mm wide: 3508 pixels / 29.7 cm for the double page, 3508 / 21 for the page.
            assert_eq!(formats[1].resolution, "424\u{a0}ppi");
            assert_eq!(formats[2].resolution, "300\u{a0}ppi");
        }
        assert_eq!(PrintSize::in_formats(Lang::De, 800, 600)[1].purpose, Lang::De.t("print-too-small"));
    }

    #[test]
    fn print_sizes_are_what_a_picture_desk_reckons() {
        let sizes = PrintSize::of(Lang::De, 4961, 3508);
        assert_eq!(sizes[0].size, "42\u{a0}×\u{a0}29,7\u{a0}cm");
        assert_eq!(sizes[0].resolution, "300\u{a0}ppi");
        assert_eq!(sizes[2].size, "84\u{a0}×\u{a0}59,4\u{a0}cm");
    }
}
