//! The ladder: every rendition that is made of a picture, in one table.

use super::asset::FocalPoint;
use super::crop::{CropArea, Crops};
use serde::{Deserialize, Serialize};

/// File formats a rendition can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Jpeg,
    Webp,
    Avif,
    Png,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Webp, Self::Avif, Self::Png];

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Png => "png",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Png => "image/png",
        }
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }
}

/// How a rung of the ladder gets its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The whole picture, its long edge at most this many pixels; never enlarged.
    LongEdge(u32),
    /// Exactly this width and height in pixels, cut to the area that was chosen for it, or around the focal point; a
    /// smaller picture is fitted on a plain ground instead of being enlarged.
    Cut { width: u32, height: u32 },
    /// Every pixel of the original.
    Full,
}

/// When a file of the ladder is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pass {
    /// Before the asset is ready.
    First,
    /// In the background: costly files that pages offer as soon as they are there.
    Later,
}

/// Which pictures a recipe is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suited {
    ToAll,
    /// Those with transparency, which the other formats of the pass lack.
    ToAlpha,
    /// Those whose original is of the print trade and opens in few programs.
    ToPrintFormats,
}

/// How a picture is encoded. The name of a recipe is kept with each file, so that a changed recipe makes old
/// files be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    pub name: &'static str,
    pub format: Format,
    pub pass: Pass,
    pub suited: Suited,
}

impl Recipe {
    /// Whether the recipe is for a picture of this kind; as long as nobody has looked for transparency, it may be there.
    pub fn suits(&self, media_type: &str, may_have_alpha: bool) -> bool {
        match self.suited {
            Suited::ToAll => true,
            Suited::ToAlpha => may_have_alpha,
            Suited::ToPrintFormats => media_type == "image/tiff",
        }
    }
}

const fn recipe(name: &'static str, format: Format, pass: Pass) -> Recipe {
    Recipe { name, format, pass, suited: Suited::ToAll }
}

/// libjpeg-turbo's quick way, and the long search for fewer bytes at the same look.
pub const QUICK_JPEG: Recipe = recipe("jpeg-quick-2", Format::Jpeg, Pass::First);
pub const SMALL_JPEG: Recipe = recipe("jpeg-small-2", Format::Jpeg, Pass::Later);
pub const WEBP: Recipe = recipe("webp-4", Format::Webp, Pass::First);
/// Chroma at half size, where pixels are plenty …
pub const AVIF_420: Recipe = recipe("avif-420-4", Format::Avif, Pass::Later);
/// … and at full size, where each one counts.
pub const AVIF_444: Recipe = recipe("avif-444-1", Format::Avif, Pass::Later);
pub const PNG: Recipe =
    Recipe { name: "png-1", format: Format::Png, pass: Pass::First, suited: Suited::ToAlpha };
/// Ready for print: little compressed, colour at full size, the profile inside.
pub const PRINT_JPEG: Recipe =
    Recipe { name: "jpeg-print-1", format: Format::Jpeg, pass: Pass::Later, suited: Suited::ToPrintFormats };

/// Kept with the files of drawings beside the recipe; to be raised when drawings are drawn otherwise, so that their files
/// alone are made anew.
const DRAWING_EDITION: &str = "drawing-2";

/// One rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Named after its use; it stands in URLs.
    pub name: &'static str,
    pub shape: Shape,
    /// Of two recipes for one format the one of the later pass replaces the file of the first.
    pub recipes: &'static [Recipe],
}

impl Preset {
    /// What is written down about a file of this rung: another recipe, or another area or focal point of a cut,
    /// makes another mark, and the file is then made anew.
    pub fn mark(&self, recipe: &Recipe, media_type: &str, focal_point: FocalPoint, crops: &Crops) -> String {
        let mark = self.mark_of_shape(recipe, focal_point, crops);
        if media_type == "image/svg+xml" { format!("{mark} {DRAWING_EDITION}") } else { mark }
    }

    fn mark_of_shape(&self, recipe: &Recipe, focal_point: FocalPoint, crops: &Crops) -> String {
        match (self.shape, crops.get(self.name)) {
            (Shape::LongEdge(_) | Shape::Full, _) => recipe.name.to_owned(),
            (Shape::Cut { .. }, None) => format!("{} {:.3} {:.3}", recipe.name, focal_point.x, focal_point.y),
            (Shape::Cut { .. }, Some(CropArea { x, y, width, height })) => {
                format!("{} {x:.5} {y:.5} {width:.5} {height:.5}", recipe.name)
            }
        }
    }

    /// The formats of this rung, each once, in the order in which they are listed to people.
    pub fn formats(&self) -> impl Iterator<Item = Format> {
        let recipes = self.recipes;
        recipes.iter().enumerate().filter_map(move |(index, recipe)| {
            let earlier = recipes.get(..index).unwrap_or_default();
            (!earlier.iter().any(|other| other.format == recipe.format)).then_some(recipe.format)
        })
    }
}

/// Changing this table makes a job render what is new, the newest photos first.
pub const LADDER: [Preset; 7] = [
    Preset {
        name: "large",
        shape: Shape::LongEdge(2560),
        recipes: &[QUICK_JPEG, WEBP, AVIF_420, PNG, SMALL_JPEG],
    },
    Preset {
        name: "medium",
        shape: Shape::LongEdge(1600),
        recipes: &[QUICK_JPEG, WEBP, AVIF_420, SMALL_JPEG],
    },
    Preset { name: "small", shape: Shape::LongEdge(800), recipes: &[QUICK_JPEG, WEBP, AVIF_444] },
    Preset { name: "thumb", shape: Shape::LongEdge(400), recipes: &[QUICK_JPEG, WEBP, AVIF_444] },
    Preset { name: "mini", shape: Shape::LongEdge(200), recipes: &[QUICK_JPEG, WEBP, AVIF_444] },
    Preset { name: "social", shape: Shape::Cut { width: 1200, height: 630 }, recipes: &[QUICK_JPEG] },
    Preset { name: "print", shape: Shape::Full, recipes: &[PRINT_JPEG] },
];

pub fn preset(name: &str) -> Option<&'static Preset> {
    LADDER.iter().find(|preset| preset.name == name)
}

/// Changes with the table, so that a newsroom notices on start that its files are of an older one.
pub fn ladder_edition() -> String {
    let rungs = LADDER.iter().map(|preset| {
        let recipes: Vec<&str> = preset.recipes.iter().map(|recipe| recipe.name).collect();
        format!("{}={:?}:{}", preset.name, preset.shape, recipes.join("+"))
    });
    rungs.chain([DRAWING_EDITION.to_owned()]).collect::<Vec<_>>().join(";")
}

/// A rendition that exists, with the blob that holds its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    pub name: String,
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub size_bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// CRC-32 (ISO 3309) of the bytes, which lets a ZIP be laid out before a byte is read.
    pub crc32: u32,
    /// How the file was made: see [`Preset::mark`].
    #[serde(default)]
    pub recipe: String,
    /// The [`Description::digest`](super::asset::Description::digest) of the words in the file.
    #[serde(default)]
    pub words: String,
}

impl Rendition {
    /// Whether it shows the whole picture, and is no cut or copy of the original.
    pub fn is_whole(&self) -> bool {
        LADDER
            .iter()
            .find(|preset| preset.name == self.name)
            .is_some_and(|preset| matches!(preset.shape, Shape::LongEdge(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_of_a_rung_is_listed_once() {
        let formats: Vec<Format> = LADDER[0].formats().collect();
        assert_eq!(formats, [Format::Jpeg, Format::Webp, Format::Avif, Format::Png]);
    }

    #[test]
    fn files_of_drawings_made_before_count_as_old_and_those_of_photos_do_not() {
        let mark = |media_type| LADDER[0].mark(&WEBP, media_type, FocalPoint::default(), &Crops::default());
        assert_eq!(mark("image/jpeg"), WEBP.name);
        assert_ne!(mark("image/svg+xml"), WEBP.name);
    }

    #[test]
    fn recipes_have_names_of_their_own() {
        let mut all: Vec<Recipe> = LADDER.iter().flat_map(|preset| preset.recipes).copied().collect();
        all.sort_by_key(|recipe| recipe.name);
        all.dedup();
        assert!(all.windows(2).all(|pair| pair[0].name != pair[1].name));
    }
}
