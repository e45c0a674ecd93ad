//! The ladder: every rendition that is made of a picture, in one table.

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
    /// Exactly this width and height in pixels, cut around the focal point; a smaller picture is fitted
    /// on a plain ground instead of being enlarged.
    Cut { width: u32, height: u32 },
}

/// One rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Named after its use; it stands in URLs.
    pub name: &'static str,
    pub shape: Shape,
    pub formats: &'static [Format],
}

/// Changing this table makes the `renditions rebuild --missing` job render what is new.
pub const LADDER: [Preset; 5] = [
    Preset { name: "large", shape: Shape::LongEdge(2560), formats: &[Format::Jpeg, Format::Webp] },
    Preset { name: "medium", shape: Shape::LongEdge(1600), formats: &[Format::Jpeg, Format::Webp] },
    Preset { name: "small", shape: Shape::LongEdge(800), formats: &[Format::Jpeg, Format::Webp] },
    Preset { name: "thumb", shape: Shape::LongEdge(400), formats: &[Format::Jpeg, Format::Webp] },
    Preset { name: "social", shape: Shape::Cut { width: 1200, height: 630 }, formats: &[Format::Jpeg] },
];

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
}
