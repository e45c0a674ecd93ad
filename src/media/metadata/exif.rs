//! The few EXIF fields that say something about a picture rather than about its camera.

use super::dates;
use crate::media::container::tiff::{Directory, Source, Tiff, tag};

/// Longer texts are not read; EXIF blocks of JPEG files end at 64 KiB anyway.
const MAX_TEXT_BYTES: u64 = 64 * 1024;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exif {
    /// 1 to 8; anything else in the file is ignored.
    pub orientation: Option<u8>,
    pub description: String,
    pub artist: String,
    pub copyright: String,
    /// ISO 8601.
    pub date_created: String,
    pub windows: Windows,
}

/// Fields of Microsoft's own, which Windows fills when a file has no other place for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Windows {
    pub title: String,
    /// Its comment, or else its subject.
    pub caption: String,
    pub authors: Vec<String>,
    pub keywords: Vec<String>,
}

/// What cameras write into the description when nobody wrote anything.
const CAMERA_PHRASES: [&str; 9] = [
    "olympus digital camera",
    "sony dsc",
    "minolta digital camera",
    "konica minolta digital camera",
    "digital camera",
    "exif_jpeg_picture",
    "default",
    "dcim",
    "samsung",
];

pub fn read<S: Source>(tiff: &Tiff<S>) -> Exif {
    let Some(main) = tiff.first_directory() else { return Exif::default() };
    let capture = tiff.sub_directory(&main, tag::EXIF_DIRECTORY).unwrap_or_default();
    let mut exif = Exif {
        orientation: orientation(tiff, &main),
        description: text_of(tiff, &main, tag::IMAGE_DESCRIPTION, |bytes| {
            // Behind the end lies what was in the camera's memory.
            bytes.split(|byte| *byte == 0).next().unwrap_or_default()
        }),
        artist: text(tiff, &main, tag::ARTIST),
        copyright: text(tiff, &main, tag::COPYRIGHT),
        date_created: String::new(),
        windows: windows(tiff, &main),
    };
    let offset = [tag::OFFSET_TIME_ORIGINAL, tag::OFFSET_TIME]
        .map(|tag| text(tiff, &capture, tag))
        .into_iter()
        .find(|offset| !offset.is_empty())
        .unwrap_or_default();
    // Some programs put it among the fields of the picture.
    let taken = [&capture, &main]
        .map(|directory| text(tiff, directory, tag::DATE_TIME_ORIGINAL))
        .into_iter()
        .find(|taken| !taken.is_empty())
        .unwrap_or_default();
    exif.date_created = dates::from_exif(&taken, &offset).unwrap_or_default();
    if CAMERA_PHRASES.contains(&exif.description.trim().to_lowercase().as_str()) {
        exif.description.clear();
    }
    exif
}

/// How the picture of a directory is held.
pub fn orientation<S: Source>(tiff: &Tiff<S>, directory: &Directory) -> Option<u8> {
    let number = tiff.number(directory.entry(tag::ORIENTATION)?)?;
    u8::try_from(number).ok().filter(|number| (1..=8).contains(number))
}

fn windows<S: Source>(tiff: &Tiff<S>, main: &Directory) -> Windows {
    let text = |tag| {
        let bytes = main
            .entry(tag)
            .filter(|entry| matches!(entry.kind, 1 | 7))
            .and_then(|entry| tiff.bytes(entry, MAX_TEXT_BYTES))
            .unwrap_or_default();
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        String::from_utf16_lossy(units.split(|unit| *unit == 0).next().unwrap_or_default()).trim().to_owned()
    };
    let list = |tag| {
        let text = text(tag);
        text.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let comment = text(tag::WINDOWS_COMMENT);
    Windows {
        title: text(tag::WINDOWS_TITLE),
        caption: if comment.is_empty() { text(tag::WINDOWS_SUBJECT) } else { comment },
        authors: list(tag::WINDOWS_AUTHOR),
        keywords: list(tag::WINDOWS_KEYWORDS),
    }
}

fn text<S: Source>(tiff: &Tiff<S>, directory: &Directory, tag: u16) -> String {
    text_of(tiff, directory, tag, <[u8]>::trim_ascii_end)
}

fn text_of<S: Source>(
    tiff: &Tiff<S>,
    directory: &Directory,
    tag: u16,
    part: impl Fn(&[u8]) -> &[u8],
) -> String {
    directory
        .entry(tag)
        .filter(|entry| matches!(entry.kind, 1 | 2 | 7 | 129))
        .and_then(|entry| tiff.bytes(entry, MAX_TEXT_BYTES))
        // A copyright field may hold the photographer's and the editor's notice, apart by a NUL.
        .map(|bytes| super::text_of_unknown_encoding(part(&bytes)).replace('\0', " "))
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}
