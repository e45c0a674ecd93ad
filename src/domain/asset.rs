//! An asset: one original file with its facts, its rights and its renditions.

use super::crop::{self, Crops};
use super::rendition::{Format, Rendition};
use super::visibility::Exposure;
use super::{DomainError, FieldError, Id, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssetKind {
    #[default]
    Photo,
    Logo,
    Graphic,
    Document,
    Video,
    Audio,
}

impl AssetKind {
    pub const ALL: [Self; 6] =
        [Self::Photo, Self::Logo, Self::Graphic, Self::Document, Self::Video, Self::Audio];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Logo => "logo",
            Self::Graphic => "graphic",
            Self::Document => "document",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is something to look at rather than to read, watch or hear.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Photo | Self::Logo | Self::Graphic)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssetState {
    /// The original is safe; renditions are being made.
    #[default]
    Processing,
    Ready,
    /// No rendition could be made; `error` says why. The original is kept.
    Failed,
}

impl AssetState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetError {
    pub code: String,
    pub detail: String,
}

/// Fractions of the width and height from the top left corner, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FocalPoint {
    pub x: f64,
    pub y: f64,
}

impl Default for FocalPoint {
    fn default() -> Self {
        Self { x: 0.5, y: 0.5 }
    }
}

/// Bytes in the blob store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobRef {
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub size_bytes: u64,
    pub crc32: u32,
}

/// What a picture desk wants to know about a picture, named as in the IPTC Photo Metadata Standard.
/// The same struct is what the media readers fill from a file and what people edit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Description {
    pub title: String,
    pub caption: String,
    /// What is seen, for people who cannot see it. Never made from the caption.
    pub alt_text: String,
    pub credit: String,
    pub copyright_notice: String,
    pub usage_terms: String,
    pub rights_url: String,
    pub creator: String,
    pub persons: Vec<String>,
    pub keywords: Vec<String>,
    /// ISO 8601, as exact as it is known: `2025`, `2025-11-03` or `2025-11-03T14:05:00+01:00`.
    pub date_created: String,
    /// Place in words, from the narrow to the wide: "Halle 4, Föhrwald, Deutschland".
    pub location: String,
    /// A URI of the IPTC Digital Source Type vocabulary, or empty.
    pub digital_source_type: String,
    /// Whether machines may learn from the picture: a URI of the PLUS vocabulary, or empty.
    pub data_mining: String,
}

/// The PLUS vocabulary of data mining that IPTC uses, by the last parts of its URIs.
const DATA_MINING: [&str; 9] = [
    "DMI-UNSPECIFIED",
    "DMI-ALLOWED",
    "DMI-PROHIBITED-AIMLTRAINING",
    "DMI-PROHIBITED-GENAIMLTRAINING",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "DMI-PROHIBITED",
    "DMI-PROHIBITED-SEECONSTRAINT",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
];
const DATA_MINING_VOCABULARY: &str = "http://ns.useplus.org/ldf/vocab/";

/// The URI of a term of the data-mining vocabulary, also if only its last part was written. `None`: no term.
pub fn data_mining_term(text: &str) -> Option<String> {
    let text = text.trim();
    let name = text.strip_prefix(DATA_MINING_VOCABULARY).unwrap_or(text);
    DATA_MINING.contains(&name).then(|| format!("{DATA_MINING_VOCABULARY}{name}"))
}

impl Description {
    /// Tells whether a file says what is said here: 16 hexadecimal digits of the words' SHA-256.
    pub fn digest(&self) -> String {
        // Plain strings and lists always become JSON.
        let words = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(Sha256::digest(words).get(..8).unwrap_or_default())
    }
}

/// A file in an asset's place: one that waits to take it, or one that had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInPlace {
    pub file_name: String,
    pub media_type: String,
    pub original: BlobRef,
    /// When it was uploaded, or when another one took its place.
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    pub id: Id,
    pub slug: String,
    #[serde(default)]
    pub version: i64,
    pub kind: AssetKind,
    pub state: AssetState,
    /// The name the file came with, cleaned for display.
    pub file_name: String,
    pub media_type: String,
    /// The bytes as they were uploaded; never changed.
    pub original: BlobRef,
    /// The bytes that are offered as the print original.
    pub download: BlobRef,
    /// The [`Description::digest`] of the words in the print original.
    #[serde(default)]
    pub download_words: String,
    /// Upright, in pixels; unknown while processing and for what is no picture.
    #[serde(default)]
    pub width: Option<u32>,
    #[serde(default)]
    pub height: Option<u32>,
    /// The picture has transparency.
    #[serde(default)]
    pub has_alpha: bool,
    /// Of the original, as its profile calls itself, such as "Adobe RGB (1998)"; empty when it is not told.
    #[serde(default)]
    pub colour_space: String,
    #[serde(default)]
    pub error: Option<AssetError>,
    pub description: Description,
    /// Everything about the file was said when it came, the empty words included: what the file says
    /// itself fills no gap.
    #[serde(default)]
    pub described: bool,
    #[serde(default)]
    pub focal_point: FocalPoint,
    /// The areas that were chosen for renditions that are cut.
    #[serde(default, skip_serializing_if = "Crops::is_empty")]
    pub crops: Crops,
    #[serde(default)]
    pub rights_until: Option<Timestamp>,
    #[serde(default)]
    pub renditions: Vec<Rendition>,
    /// A ThumbHash, base64, shown until the picture is there.
    #[serde(default)]
    pub placeholder: String,
    /// The file that takes the present one's place once its renditions are made; until then nothing changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<FileInPlace>,
    /// The files that were here before, the oldest first. Their bytes are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<FileInPlace>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    Landscape,
    Portrait,
    Square,
}

impl Orientation {
    pub const ALL: [Self; 3] = [Self::Landscape, Self::Portrait, Self::Square];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Landscape => "landscape",
            Self::Portrait => "portrait",
            Self::Square => "square",
        }
    }
}

/// Sizes of paper, the small ones first, with the pixels of a long edge at 300 ppi.
pub const PRINT_SIZES: [(&str, u32); 4] = [("a6", 1748), ("a5", 2480), ("a4", 3508), ("a3", 4961)];

impl Asset {
    /// Within a fiftieth of a square is a square.
    pub fn orientation(&self) -> Option<Orientation> {
        let (width, height) = (self.width?, self.height?);
        Some(match (width.abs_diff(height)) * 50 <= width.max(height) {
            true => Orientation::Square,
            false if width > height => Orientation::Landscape,
            false => Orientation::Portrait,
        })
    }

    /// Every size of paper that the picture fills at 300 ppi.
    pub fn print_sizes(&self) -> impl Iterator<Item = &'static str> {
        let long_edge = self.width.max(self.height).unwrap_or(0);
        PRINT_SIZES.into_iter().filter(move |(_, pixels)| long_edge >= *pixels).map(|(name, _)| name)
    }

    /// The year in which the picture was taken, or else came.
    pub fn year(&self) -> String {
        let taken =
            self.description.date_created.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
        taken.map_or_else(|| self.created_at.strftime("%Y").to_string(), str::to_owned)
    }

    pub fn rendition(&self, name: &str, format: Format) -> Option<&Rendition> {
        self.renditions.iter().find(|r| r.name == name && r.format == format)
    }

    /// Whether renditions are made: of every picture, and of a PDF's first page.
    pub fn has_renditions(&self) -> bool {
        has_renditions(self.kind, &self.media_type)
    }

    /// Whether a job makes something of the file.
    pub fn is_processed(&self) -> bool {
        is_processed(self.kind, &self.media_type)
    }

    /// Whether a job has made what is offered; it notes the words that are in there.
    pub const fn is_offered_anew(&self) -> bool {
        !self.download_words.is_empty()
    }

    /// The asset as it will be with the file that waits, before anything is made of it.
    pub fn with_replacement(&self) -> Option<Self> {
        let file = self.replacement.clone()?;
        let mut asset = self.clone();
        asset.put_in_place(file, self.updated_at);
        Some(asset)
    }

    /// Gives the place to another file. What was made of the old one goes with it; what is said stays.
    pub fn put_in_place(&mut self, file: FileInPlace, now: Timestamp) {
        self.earlier.push(FileInPlace {
            file_name: std::mem::replace(&mut self.file_name, file.file_name),
            media_type: std::mem::replace(&mut self.media_type, file.media_type),
            original: std::mem::replace(&mut self.original, file.original),
            at: now,
        });
        self.download = self.original.clone();
        self.download_words.clear();
        (self.width, self.height, self.has_alpha) = (None, None, false);
        self.renditions.clear();
        self.placeholder.clear();
        self.replacement = None;
    }

    /// The extension of the print original, from its media type.
    pub fn extension(&self) -> &'static str {
        extension_of(&self.media_type)
    }

    /// Whether there are files for visitors: until the first render ends, and when it fails, there is only the
    /// upload, which may tell where it was taken.
    pub fn has_public_files(&self) -> bool {
        if is_film(&self.media_type) {
            return self.state == AssetState::Ready || self.is_offered_anew();
        }
        !self.kind.is_picture() || !self.renditions.is_empty()
    }

    /// What the visibility decision needs, given from when a published record shows the asset.
    pub fn exposure(&self, shown_from: Option<Timestamp>) -> Exposure {
        let public_from = shown_from.filter(|_| self.has_public_files());
        Exposure { public_from, withdrawn: false, until: self.rights_until }
    }

    pub fn validate(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        let FocalPoint { x, y } = self.focal_point;
        if !(0.0..=1.0).contains(&x) || !(0.0..=1.0).contains(&y) {
            errors.push(FieldError::new("focal_point", "out_of_range", "x and y must be between 0 and 1"));
        }
        errors.extend(crop::mistakes(&self.crops));
        let url = &self.description.rights_url;
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            errors.push(FieldError::new(
                "rights_url",
                "invalid",
                "The address must begin with https:// or http://",
            ));
        }
        let data_mining = &self.description.data_mining;
        if !data_mining.is_empty() && data_mining_term(data_mining).as_ref() != Some(data_mining) {
            errors.push(FieldError::new(
                "data_mining",
                "invalid",
                "A term of the PLUS vocabulary, such as DMI-PROHIBITED",
            ));
        }
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }
}

/// Every media type that can be stored, with its extension and kind: one table for sniffing, names and URLs.
pub const MEDIA_TYPES: [(&str, &str, AssetKind); 18] = [
    ("image/jpeg", "jpg", AssetKind::Photo),
    ("image/png", "png", AssetKind::Photo),
    ("image/webp", "webp", AssetKind::Photo),
    ("image/tiff", "tif", AssetKind::Photo),
    ("image/gif", "gif", AssetKind::Graphic),
    ("image/avif", "avif", AssetKind::Photo),
    ("image/jxl", "jxl", AssetKind::Photo),
    ("image/svg+xml", "svg", AssetKind::Logo),
    ("application/pdf", "pdf", AssetKind::Document),
    ("application/postscript", "eps", AssetKind::Document),
    ("video/mp4", "mp4", AssetKind::Video),
    ("video/quicktime", "mov", AssetKind::Video),
    ("video/webm", "webm", AssetKind::Video),
    ("audio/mpeg", "mp3", AssetKind::Audio),
    ("audio/x-wav", "wav", AssetKind::Audio),
    ("audio/m4a", "m4a", AssetKind::Audio),
    ("audio/ogg", "ogg", AssetKind::Audio),
    ("audio/x-flac", "flac", AssetKind::Audio),
];

pub fn has_renditions(kind: AssetKind, media_type: &str) -> bool {
    kind.is_picture() || media_type == "application/pdf"
}

/// Films whose position is taken out of what is offered.
pub fn is_film(media_type: &str) -> bool {
    matches!(media_type, "video/mp4" | "video/quicktime")
}

/// Whether a job makes something of a file: renditions, or a film without its position.
pub fn is_processed(kind: AssetKind, media_type: &str) -> bool {
    has_renditions(kind, media_type) || is_film(media_type)
}

pub fn extension_of(media_type: &str) -> &'static str {
    MEDIA_TYPES.iter().find(|(name, ..)| *name == media_type).map_or("bin", |(_, extension, _)| extension)
}

pub fn kind_of(media_type: &str) -> Option<AssetKind> {
    MEDIA_TYPES.iter().find(|(name, ..)| *name == media_type).map(|(.., kind)| *kind)
}

/// Cleans a client's file name for display: no folders, no control or direction characters, at most 120 bytes.
pub fn clean_file_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let clean = clean.trim().trim_end_matches('.').trim_start_matches('.').trim();
    if clean.is_empty() {
        return "upload".to_owned();
    }
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 8 && !stem.is_empty() => {
            (stem, format!(".{extension}"))
        }
        _ => (clean, String::new()),
    };
    let mut end = stem.len().min(120 - extension.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem.get(..end).unwrap_or_default().trim_end())
}

#[cfg(test)]
mod tests {
    use super::clean_file_name;

    #[test]
    fn file_names_lose_what_could_harm_and_keep_what_speaks() {
        assert_eq!(clean_file_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_file_name("C:\\fakepath\\Größe ü.jpg"), "Größe ü.jpg");
        assert_eq!(clean_file_name("a\u{202e}gpj.exe\n"), "agpj.exe");
        assert_eq!(clean_file_name("\u{1f600}.png"), "\u{1f600}.png");
        assert_eq!(clean_file_name("..."), "upload");
        let long = clean_file_name(&format!("{}.jpeg", "ü".repeat(200)));
        assert!(long.len() <= 120 && long.ends_with(".jpeg"), "{long}");
    }
}
