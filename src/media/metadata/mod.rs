//! What a picture says about itself: XMP before IIM before EXIF, as the IPTC mapping guidelines have it.

pub(super) mod dates;
pub(super) mod exif;
pub(super) mod iim;
mod packets;
pub(super) mod xmp;

pub(super) use packets::{Packets, extension_digest, international_text};

use super::MediaError;
use super::input::Input;
use crate::domain::asset::Description;
use iim::{Iim, dataset};
use std::path::Path;
use xmp::{Xmp, ns};

/// Longest text that is taken over, in characters.
const MAX_TEXT_CHARS: usize = 10_000;
const MAX_LINE_CHARS: usize = 1_000;
const MAX_LIST_ITEMS: usize = 200;

const SOURCE_TYPE_VOCABULARY: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/";

/// Reads what a file says about itself. Unreadable metadata is as good as none.
///
/// # Errors
/// Only if the file itself cannot be read.
pub fn read_description(path: &Path, media_type: &str) -> Result<Description, MediaError> {
    Ok(describe(&read_packets(&Input::open(path, media_type)?, media_type)))
}

pub(super) fn read_packets(input: &Input, media_type: &str) -> Packets {
    packets::read(input, media_type)
}

/// Brings the three standards together into one description.
pub(super) fn describe(packets: &Packets) -> Description {
    let xmp = Xmp::parse(packets.xmp.iter().map(Vec::as_slice));
    let iim = Iim::parse(&packets.iim);
    let exif = &packets.exif;
    let png_text = |keyword: &str| {
        let found = packets.texts.iter().find(|(key, _)| key.eq_ignore_ascii_case(keyword));
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    Description {
        title: line(first([
            xmp.text(ns::PHOTOSHOP, "Headline"),
            xmp.text(ns::DC, "title"),
            iim.first(dataset::HEADLINE),
            iim.first(dataset::OBJECT_NAME),
            png_text("Title"),
        ])),
        caption: paragraph(&first([
            xmp.text(ns::DC, "description"),
            iim.first(dataset::CAPTION),
            exif.description.clone(),
            png_text("Description"),
        ])),
        alt_text: paragraph(&xmp.text(ns::IPTC_CORE, "AltTextAccessibility")),
        credit: line(first([xmp.text(ns::PHOTOSHOP, "Credit"), iim.first(dataset::CREDIT)])),
        copyright_notice: line(first([
            xmp.text(ns::DC, "rights"),
            iim.first(dataset::COPYRIGHT_NOTICE),
            exif.copyright.clone(),
            png_text("Copyright"),
        ])),
        usage_terms: paragraph(&xmp.text(ns::XMP_RIGHTS, "UsageTerms")),
        rights_url: web_address(&xmp.text(ns::XMP_RIGHTS, "WebStatement")),
        creator: line(first([
            xmp.list(ns::DC, "creator").join(", "),
            iim.all(dataset::BY_LINE).join(", "),
            exif.artist.clone(),
            png_text("Author"),
        ])),
        persons: list(vec![xmp.list(ns::IPTC_EXT, "PersonInImage")]),
        keywords: list(vec![xmp.list(ns::DC, "subject"), iim.all(dataset::KEYWORD)]),
        date_created: first([
            dates::from_xmp(&xmp.text(ns::PHOTOSHOP, "DateCreated")).unwrap_or_default(),
            dates::from_iim(&iim.first(dataset::DATE_CREATED), &iim.first(dataset::TIME_CREATED))
                .unwrap_or_default(),
            exif.date_created.clone(),
            dates::from_xmp(&xmp.text(ns::XMP, "CreateDate")).unwrap_or_default(),
        ]),
        location: in_words(&place(&xmp, &iim)),
        digital_source_type: source_type(&xmp.text(ns::IPTC_EXT, "DigitalSourceType")),
    }
}

/// Sublocation, city, state and country; all of one standard, so that they fit together.
pub(super) fn place(xmp: &Xmp, iim: &Iim<'_>) -> [String; 4] {
    let plain = [
        xmp.text(ns::IPTC_CORE, "Location"),
        xmp.text(ns::PHOTOSHOP, "City"),
        xmp.text(ns::PHOTOSHOP, "State"),
        xmp.text(ns::PHOTOSHOP, "Country"),
    ];
    let structured =
        |name| xmp.structure(ns::IPTC_EXT, name, ["Sublocation", "City", "ProvinceState", "CountryName"]);
    let datasets = [dataset::SUB_LOCATION, dataset::CITY, dataset::STATE, dataset::COUNTRY];
    [plain, structured("LocationCreated"), structured("LocationShown"), datasets.map(|set| iim.first(set))]
        .into_iter()
        .find(|parts| parts.iter().any(|part| !part.is_empty()))
        .unwrap_or_default()
}

/// A place in words, from the narrow to the wide.
pub(super) fn in_words(place: &[String; 4]) -> String {
    let mut parts: Vec<&str> = place.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    // City and state often have one name.
    parts.dedup();
    line(parts.join(", "))
}

/// A URI of the vocabulary, also if only its last part was written.
fn source_type(text: &str) -> String {
    if text.starts_with("http://") || text.starts_with("https://") {
        return line(text.to_owned());
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return format!("{SOURCE_TYPE_VOCABULARY}{text}");
    }
    String::new()
}

fn web_address(text: &str) -> String {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    if is_address && !text.contains(char::is_whitespace) { line(text.to_owned()) } else { String::new() }
}

fn first<const N: usize>(candidates: [String; N]) -> String {
    candidates.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()
}

/// The first list that says something, cleaned and without repetitions.
fn list(candidates: Vec<Vec<String>>) -> Vec<String> {
    let chosen = candidates.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
    let mut clean: Vec<String> = Vec::new();
    for item in chosen.into_iter().map(line) {
        if !item.is_empty() && !clean.contains(&item) && clean.len() < MAX_LIST_ITEMS {
            clean.push(item);
        }
    }
    clean
}

/// One line: no control characters, runs of white space as one space.
fn line(text: String) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_LINE_CHARS).collect()
}

/// Text that may have several lines.
fn paragraph(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_TEXT_CHARS).collect();
    clean.trim().to_owned()
}

/// UTF-8 if it can be, otherwise Windows-1252, of which Latin-1 is a part.
fn text_of_unknown_encoding(bytes: &[u8]) -> String {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests;
