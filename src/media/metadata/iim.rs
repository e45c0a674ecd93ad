//! IPTC-IIM, the older standard: numbered datasets in a Photoshop resource.

use super::charset::{as_written, guess, utf8_but_for_its_end};
use crate::media::container::{u16_be, u32_be};
use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8,
    ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, ISO_8859_16, WINDOWS_1252, WINDOWS_1254,
};

/// The resource that holds IIM among those of Photoshop.
pub const RESOURCE_IIM: u16 = 0x0404;

/// The MD5 of it, by which readers notice that a program which does not know XMP changed it.
pub const RESOURCE_IIM_DIGEST: u16 = 0x0425;

/// Copies of the EXIF and XMP blocks, which the formats that we write keep elsewhere.
pub const RESOURCES_EXIF_AND_XMP: [u16; 3] = [0x0422, 0x0423, 0x0424];

/// The escape sequence in dataset 1:90 that says "UTF-8".
pub const UTF8_MARK: &[u8] = b"\x1b%G";

const MAX_DATASETS: usize = 10_000;

/// Dataset numbers of the application record (2).
pub mod dataset {
    pub const OBJECT_NAME: u8 = 5;
    pub const KEYWORD: u8 = 25;
    pub const DATE_CREATED: u8 = 55;
    pub const TIME_CREATED: u8 = 60;
    pub const BY_LINE: u8 = 80;
    pub const CITY: u8 = 90;
    pub const SUB_LOCATION: u8 = 92;
    pub const STATE: u8 = 95;
    pub const COUNTRY_CODE: u8 = 100;
    pub const COUNTRY: u8 = 101;
    pub const HEADLINE: u8 = 105;
    pub const CREDIT: u8 = 110;
    pub const COPYRIGHT_NOTICE: u8 = 116;
    pub const CAPTION: u8 = 120;

    /// The longest value that the standard allows.
    pub const fn max_bytes(number: u8) -> usize {
        match number {
            DATE_CREATED => 8,
            TIME_CREATED => 11,
            BY_LINE | CITY | SUB_LOCATION | STATE | CREDIT => 32,
            COUNTRY_CODE => 3,
            OBJECT_NAME | KEYWORD | COUNTRY => 64,
            COPYRIGHT_NOTICE => 128,
            HEADLINE => 256,
            _ => 2000,
        }
    }
}

/// One dataset as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dataset<'a> {
    pub record: u8,
    pub number: u8,
    pub value: &'a [u8],
}

/// A Photoshop resource as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource<'a> {
    pub id: u16,
    /// The Pascal string with its padding.
    pub name: &'a [u8],
    pub data: &'a [u8],
}

/// The resources of a Photoshop block; reading stops at the first that is malformed.
pub fn resources(mut bytes: &[u8]) -> Vec<Resource<'_>> {
    let mut found = Vec::new();
    while let Some(resource) = resource(&mut bytes) {
        found.push(resource);
    }
    found
}

fn resource<'a>(bytes: &mut &'a [u8]) -> Option<Resource<'a>> {
    let whole = *bytes;
    if !matches!(whole.get(..4)?, b"8BIM" | b"PHUT" | b"AgHg" | b"DCSR" | b"MeSa") {
        return None;
    }
    let id = u16_be(whole, 4)?;
    let name_length = usize::from(*whole.get(6)?) + 1;
    let name_end = 6 + name_length + name_length % 2;
    let length = u32_be(whole, name_end)? as usize;
    let start = name_end + 4;
    let data = whole.get(start..start.checked_add(length)?)?;
    let end = start + length + length % 2;
    *bytes = whole.get(end..).unwrap_or_default();
    Some(Resource { id, name: whole.get(6..name_end)?, data })
}

/// The datasets of an IIM block; reading stops at the first that is malformed.
pub fn datasets(mut bytes: &[u8]) -> Vec<Dataset<'_>> {
    let mut found = Vec::new();
    while found.len() < MAX_DATASETS {
        let [0x1C, record, number, ..] = *bytes else { break };
        let Some(short) = u16_be(bytes, 3) else { break };
        // With the highest bit set, the length stands in the next so many bytes.
        let (start, length) = if short & 0x8000 == 0 {
            (5, usize::from(short))
        } else {
            let size = usize::from(short & 0x7FFF);
            let Some(digits) = bytes.get(5..5 + size).filter(|_| size <= 4) else { break };
            (5 + size, digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
        };
        let Some(value) = bytes.get(start..start + length) else { break };
        found.push(Dataset { record, number, value });
        bytes = bytes.get(start + length..).unwrap_or_default();
    }
    found
}

/// The encoding that dataset 1:90 names: the right half of the code table by its number in the registry of ISO, invoked
/// in any of three ways (ISO 2022).
fn marked(mark: &[u8]) -> Option<&'static Encoding> {
    let [0x1B, b'-' | b'.' | b'/', number] = mark else { return None };
    Some(match number {
        b'A' => WINDOWS_1252,
        b'B' => ISO_8859_2,
        b'C' => ISO_8859_3,
        b'D' => ISO_8859_4,
        b'F' => ISO_8859_7,
        b'G' => ISO_8859_6,
        b'H' => ISO_8859_8,
        b'L' => ISO_8859_5,
        b'M' => WINDOWS_1254,
        b'V' => ISO_8859_10,
        b'Y' => ISO_8859_13,
        b'_' => ISO_8859_14,
        b'b' => ISO_8859_15,
        b'f' => ISO_8859_16,
        _ => return None,
    })
}

/// All but the preview and its format.
pub const fn is_text(number: u8) -> bool {
    !matches!(number, 0 | 200..=202)
}

/// Decoded texts of the application record.
pub struct Iim<'a> {
    datasets: Vec<Dataset<'a>>,
    /// For what is no UTF-8.
    encoding: &'static Encoding,
    is_marked_utf8: bool,
}

impl<'a> Iim<'a> {
    pub fn parse(bytes: &'a [u8]) -> Self {
        let datasets = datasets(bytes);
        let mark = datasets.iter().find(|set| (set.record, set.number) == (1, 90)).map(|set| set.value);
        let is_marked_utf8 = mark == Some(UTF8_MARK);
        let texts = datasets.iter().filter(|set| set.record == 2 && is_text(set.number));
        let texts = texts.filter(|set| utf8(set, is_marked_utf8).is_none()).map(|set| set.value);
        let encoding = match mark.and_then(marked) {
            Some(encoding) => as_written(encoding, texts),
            None => guess(texts),
        };
        Self { datasets, encoding, is_marked_utf8 }
    }

    pub fn datasets(&self) -> &[Dataset<'a>] {
        &self.datasets
    }

    /// The text of a dataset. Marks are often wrong: bytes that are UTF-8 by chance hardly exist, and what is
    /// none does not become so by its mark.
    pub fn decoded(&self, set: &Dataset<'_>) -> String {
        match utf8(set, self.is_marked_utf8) {
            Some(text) => text.to_owned(),
            None => self.encoding.decode_without_bom_handling(set.value).0.into_owned(),
        }
    }

    /// Every value of a repeatable dataset.
    pub fn all(&self, number: u8) -> Vec<String> {
        self.datasets
            .iter()
            .filter(|set| set.record == 2 && set.number == number)
            .map(|set| self.decoded(set))
            .map(|text| text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    pub fn first(&self, number: u8) -> String {
        self.all(number).into_iter().next().unwrap_or_default()
    }
}

/// A value as UTF-8. Programs that count bytes cut it at the standard's length, if need be through a character.
fn utf8<'a>(set: &Dataset<'a>, is_marked: bool) -> Option<&'a str> {
    let is_at_its_end = |error: &std::str::Utf8Error| {
        error.error_len().is_none() && set.value.len() == dataset::max_bytes(set.number)
    };
    match std::str::from_utf8(set.value) {
        Ok(text) => Some(text),
        Err(error) if is_marked && is_at_its_end(&error) => {
            set.value.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok())
        }
        Err(_) => utf8_but_for_its_end(set.value),
    }
}

#[cfg(test)]
mod tests {
    use super::{Iim, dataset, datasets, resources};

    #[test]
    fn the_encoding_is_taken_from_its_mark_or_guessed() {
        let caption = |mark: &[u8], text: &[u8]| {
            let mut bytes = mark.to_vec();
            bytes.extend_from_slice(&[0x1C, 2, 120, 0, text.len() as u8]);
            bytes.extend_from_slice(text);
            Iim::parse(&bytes).first(dataset::CAPTION)
        };
        let mark = b"\x1c\x01\x5a\0\x03\x1b%G";
        assert_eq!(caption(mark, "Größe".as_bytes()), "Größe");
        assert_eq!(caption(b"", "Größe".as_bytes()), "Größe", "unmarked UTF-8");
        assert_eq!(caption(b"", b"Gr\xf6\xdfe"), "Größe", "Latin-1");
        assert_eq!(caption(b"", b"\x84zitiert\x93 \x96 \x80"), "„zitiert“ – €", "Windows-1252");
        assert_eq!(caption(b"", b"Gr\x9a\xa7e"), "Größe", "Mac Roman");
        assert_eq!(caption(mark, b"Gr\xf6\xdfe"), "Größe", "a mark that is wrong");
        assert_eq!(caption(b"\x1c\x01\x5a\0\x03\x1b.A", b"K\x9anig"), "Kšnig", "a mark for Latin-1");
    }

    #[test]
    fn a_text_that_was_cut_through_a_character_loses_that_alone() {
        let first = |mark: &[u8], number: u8, text: &[u8]| {
            let length = (text.len() as u16).to_be_bytes();
            let bytes = [mark, &[0x1C, 2, number], &length, text].concat();
            Iim::parse(&bytes).first(number)
        };
        let mark = b"\x1c\x01\x5a\0\x03\x1b%G";
        let caption = format!("Größe {}ü", "x".repeat(1991));
        assert_eq!(caption.len(), 2001);
        let kept = &caption[..1999];
        for mark in [&mark[..], b""] {
            assert_eq!(first(mark, dataset::CAPTION, &caption.as_bytes()[..2000]), kept);
        }
        // Nothing but the mark and the length tells this one from a text in Latin-1.
        let name = format!("{}ü", "x".repeat(31));
        assert_eq!(first(mark, dataset::BY_LINE, &name.as_bytes()[..32]), "x".repeat(31));
        assert_eq!(first(mark, dataset::BY_LINE, b"Caf\xe9"), "Café", "a mark that is wrong");
        assert_eq!(first(b"", dataset::BY_LINE, b"Caf\xe9"), "Café");
    }

    #[test]
    fn malformed_blocks_yield_what_comes_before() {
        let good = b"\x1c\x02\x78\0\x02ok";
        for tail in [&b"\x1c\x02\x78\xff\xff"[..], b"\x1c\x02\x78\x80\x04\xff\xff\xff\xff", b"\x1c", b"junk"]
        {
            let bytes = [good, tail].concat();
            assert_eq!(datasets(&bytes).len(), 1);
        }
        for bytes in [&b"8BIM"[..], b"8BIM\x04\x04\0\0\xff\xff\xff\xff", b"8BIM\x04\x04\xff", b"nothing"] {
            assert!(resources(bytes).is_empty());
        }
    }
}
