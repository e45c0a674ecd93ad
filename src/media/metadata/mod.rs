//! What a picture says about itself: XMP before IIM before EXIF, as the IPTC mapping guidelines have it.

mod charset;
mod countries;
pub(super) mod dates;
pub(super) mod exif;
pub(super) mod iim;
mod packets;
pub(super) mod xmp;

pub(super) use charset::text_of_unknown_encoding;
pub(super) use countries::country_code;
pub(super) use packets::{PNG_XMP_KEYWORD, Packets, packets_of_png, xmp_packets};

use super::MediaError;
use super::input::Input;
use crate::domain::asset::{Description, data_mining_term};
use iim::{Iim, dataset};
use std::collections::HashSet;
use std::path::Path;
use xmp::{Xmp, ns};

/// Longest text that is taken over, in characters.
const MAX_TEXT_CHARS: usize = 200_000;
const MAX_LINE_CHARS: usize = 1_000;
const MAX_LIST_ITEMS: usize = 2_000;

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
    let both = Both { is_iim_newer: packets.is_iim_newer() };
    let png_text = |keyword: &str| {
        let found = packets.texts.iter().find(|(key, _)| key.eq_ignore_ascii_case(keyword));
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let mut keywords = both.list(xmp.list(ns::DC, "subject"), iim.all(dataset::KEYWORD), dataset::KEYWORD);
    if keywords.is_empty() {
        keywords.clone_from(&exif.windows.keywords);
    }
    Description {
        title: line(first([
            both.text(
                first([xmp.text(ns::PHOTOSHOP, "Headline"), xmp.text(ns::DC, "title")]),
                first([iim.first(dataset::HEADLINE), iim.first(dataset::OBJECT_NAME)]),
                dataset::HEADLINE,
            ),
            png_text("Title"),
            exif.windows.title.clone(),
        ])),
        caption: paragraph(&first([
            both.text(xmp.text(ns::DC, "description"), iim.first(dataset::CAPTION), dataset::CAPTION),
            exif.description.clone(),
            png_text("Description"),
            exif.windows.caption.clone(),
        ])),
        alt_text: paragraph(&xmp.text(ns::IPTC_CORE, "AltTextAccessibility")),
        credit: line(both.text(
            xmp.text(ns::PHOTOSHOP, "Credit"),
            iim.first(dataset::CREDIT),
            dataset::CREDIT,
        )),
        copyright_notice: line(first([
            both.text(
                xmp.text(ns::DC, "rights"),
                iim.first(dataset::COPYRIGHT_NOTICE),
                dataset::COPYRIGHT_NOTICE,
            ),
            exif.copyright.clone(),
            png_text("Copyright"),
        ])),
        usage_terms: paragraph(&xmp.text(ns::XMP_RIGHTS, "UsageTerms")),
        rights_url: web_address(&xmp.text(ns::XMP_RIGHTS, "WebStatement")),
        creator: line(first([
            both.list(xmp.list(ns::DC, "creator"), iim.all(dataset::BY_LINE), dataset::BY_LINE).join(", "),
            exif.artist.clone(),
            png_text("Author"),
            exif.windows.authors.join(", "),
        ])),
        persons: persons(&xmp),
        keywords: list(keywords),
        date_created: first([
            both.text(
                dates::from_xmp(&xmp.text(ns::PHOTOSHOP, "DateCreated")).unwrap_or_default(),
                dates::from_iim(&iim.first(dataset::DATE_CREATED), &iim.first(dataset::TIME_CREATED))
                    .unwrap_or_default(),
                dataset::DATE_CREATED,
            ),
            exif.date_created.clone(),
            dates::from_xmp(&xmp.text(ns::EXIF, "DateTimeOriginal")).unwrap_or_default(),
            dates::from_xmp(&xmp.text(ns::XMP, "CreateDate")).unwrap_or_default(),
        ]),
        location: in_words(&place(packets, &xmp, &iim)),
        digital_source_type: source_type(&xmp.text(ns::IPTC_EXT, "DigitalSourceType")),
        data_mining: data_mining_term(&xmp.text(ns::PLUS, "DataMining")).unwrap_or_default(),
    }
}

/// How to choose where XMP and IIM say something: XMP, unless the digest shows that a program which does not
/// know XMP changed IIM afterwards (the guidelines of the Metadata Working Group).
struct Both {
    is_iim_newer: bool,
}

impl Both {
    fn text(&self, xmp: String, iim: String, number: u8) -> String {
        if self.is_iim_newer && !is_cut_from(&iim, &xmp, number) {
            return first([iim, xmp]);
        }
        first([xmp, iim])
    }

    fn list(&self, xmp: Vec<String>, iim: Vec<String>, number: u8) -> Vec<String> {
        let same = xmp.len() == iim.len()
            && iim.iter().zip(&xmp).all(|(iim, xmp)| iim == xmp || is_cut_from(iim, xmp, number));
        let (first, second) = if self.is_iim_newer && !same { (iim, xmp) } else { (xmp, iim) };
        if first.is_empty() { second } else { first }
    }
}

/// Whether a text of IIM is the other one, cut at the length that the standard allows.
fn is_cut_from(iim: &str, whole: &str, number: u8) -> bool {
    // Cutting between words or characters makes it a little shorter.
    const SLACK_BYTES: usize = 8;
    let limit = dataset::max_bytes(number);
    whole.len() > limit && iim.len() + SLACK_BYTES >= limit && whole.starts_with(iim.trim_end())
}

fn persons(xmp: &Xmp) -> Vec<String> {
    let plain = list(xmp.list(ns::IPTC_EXT, "PersonInImage"));
    if plain.is_empty() { detailed_persons(xmp) } else { plain }
}

/// The names of those persons of whom more than a name is told.
pub(super) fn detailed_persons(xmp: &Xmp) -> Vec<String> {
    list(xmp.members(ns::IPTC_EXT, "PersonInImageWDetails", "PersonName"))
}

/// IPTC's Title, which names the picture as a file or a number does where it is not the headline. Nothing: the file
/// has none, or repeats its headline there, as most programs do.
pub(super) fn identifier(packets: &Packets, xmp: &Xmp, iim: &Iim<'_>) -> String {
    let both = Both { is_iim_newer: packets.is_iim_newer() };
    let headline =
        both.text(xmp.text(ns::PHOTOSHOP, "Headline"), iim.first(dataset::HEADLINE), dataset::HEADLINE);
    let title = both.text(xmp.text(ns::DC, "title"), iim.first(dataset::OBJECT_NAME), dataset::OBJECT_NAME);
    let (headline, title) = (line(headline), line(title));
    let is_its_own =
        !headline.is_empty() && title != headline && !is_cut_from(&title, &headline, dataset::OBJECT_NAME);
    if is_its_own { title } else { String::new() }
}

/// Sublocation, city, state and country. What XMP leaves open is filled from IIM, part by part, as the Metadata
/// Working Group asks; the other sources count as a whole, so that their parts fit together.
pub(super) fn place(packets: &Packets, xmp: &Xmp, iim: &Iim<'_>) -> [String; 4] {
    let plain = [
        xmp.text(ns::IPTC_CORE, "Location"),
        xmp.text(ns::PHOTOSHOP, "City"),
        xmp.text(ns::PHOTOSHOP, "State"),
        xmp.text(ns::PHOTOSHOP, "Country"),
    ];
    let structured =
        |name| xmp.structure(ns::IPTC_EXT, name, ["Sublocation", "City", "ProvinceState", "CountryName"]);
    let datasets = [dataset::SUB_LOCATION, dataset::CITY, dataset::STATE, dataset::COUNTRY];
    let old = datasets.map(|set| iim.first(set));
    let newer = if packets.is_iim_newer() { old.clone() } else { Default::default() };
    let mut both = plain;
    if both.iter().any(|part| !part.is_empty()) {
        for (part, old) in both.iter_mut().zip(&old).filter(|(part, _)| part.is_empty()) {
            part.clone_from(old);
        }
    }
    [newer, both, old, structured("LocationCreated"), structured("LocationShown")]
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
pub(super) fn source_type(text: &str) -> String {
    if text.starts_with("http://") || text.starts_with("https://") {
        return line(text.to_owned());
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return format!("{SOURCE_TYPE_VOCABULARY}{text}");
    }
    String::new()
}

pub(super) fn web_address(text: &str) -> String {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    if is_address && !text.contains(char::is_whitespace) { line(text.to_owned()) } else { String::new() }
}

fn first<const N: usize>(candidates: [String; N]) -> String {
    candidates.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()
}

/// A list, cleaned and without repetitions.
pub(super) fn list(items: Vec<String>) -> Vec<String> {
    let mut known = HashSet::new();
    let clean = items.into_iter().map(line).filter(|item| !item.is_empty() && known.insert(item.clone()));
    clean.take(MAX_LIST_ITEMS).collect()
}

/// One line: no control characters, runs of white space as one space.
pub(super) fn line(text: String) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_LINE_CHARS).collect()
}

/// Text that may have several lines.
pub(super) fn paragraph(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_TEXT_CHARS).collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests;
