//! Tells what a file is from its first bytes. Names and declared types are never asked.

use super::container::tiff;
use super::embed::jxl;
use super::recode;
use crate::domain::asset::MEDIA_TYPES;

/// The media type of a file, from `domain::asset::MEDIA_TYPES`, or `None` for what is not taken.
///
/// `head` is the beginning of the file, up to 64 KiB of it; less is enough for all but camera raw files.
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    if recognise_refused(head).is_some() {
        return None;
    }
    // A PostScript file for a desktop publisher may begin with a binary header that points to its preview.
    if head.starts_with(&[0xC5, 0xD0, 0xD3, 0xC6]) {
        return listed("application/postscript");
    }
    // The eight bytes that every PNG has; the matcher of the library is content with four.
    if head.starts_with(b"\x89PNG") && !head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return None;
    }
    if tiff::is_header(head) {
        return listed("image/tiff");
    }
    if head.starts_with(jxl::SIGNATURE) || head.starts_with(b"\xff\x0a") {
        return listed("image/jxl");
    }
    if is_avif(head) {
        return listed("image/avif");
    }
    if root_element(head).as_deref() == Some("svg") {
        return listed("image/svg+xml");
    }
    listed(infer::get(head)?.mime_type())
}

fn listed(media_type: &str) -> Option<&'static str> {
    MEDIA_TYPES.iter().map(|(name, ..)| *name).find(|name| *name == media_type)
}

/// A sentence that tells a person why a file with this beginning is refused, naming the format if it is known.
pub fn refusal(head: &[u8]) -> String {
    if head.is_empty() {
        return "The file is empty".to_owned();
    }
    let Some((name, advice)) = recognise_refused(head) else {
        return "This kind of file cannot be taken; send a picture as JPEG, PNG, WebP or TIFF, \
                a document as PDF, a film as MP4"
            .to_owned();
    };
    format!("{name} cannot be taken; {advice}")
}

const AS_JPEG: &str = "export it as JPEG";
const AS_PHOTO: &str = "export it as JPEG or TIFF";

/// Formats that are known and not taken: their name in the plural, and what to do instead.
fn recognise_refused(head: &[u8]) -> Option<(&'static str, &'static str)> {
    if let Some(brands) = iso_media_brands(head) {
        let has = |names: &[&[u8; 4]]| brands.iter().any(|brand| names.contains(&brand));
        return match brands.first() {
            Some(b"crx ") => Some(("Canon raw pictures", AS_PHOTO)),
            Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"hevx") => {
                Some(("HEIC pictures", AS_JPEG))
            }
            Some(b"mif1" | b"msf1") if !has(&[b"avif", b"avis"]) => Some(("HEIC pictures", AS_JPEG)),
            // The same structure around JPEG 2000, H.264 and others.
            _ if has(&[b"mif1", b"msf1"]) && !has(&[b"avif", b"avis"]) => Some(("HEIF pictures", AS_JPEG)),
            _ => None,
        };
    }
    let raw = ("Camera raw pictures", AS_PHOTO);
    let magic: &[(&[u8], (&str, &str))] = &[
        (b"\0\0\0\x0cjP  \r\n\x87\n", ("JPEG 2000 pictures", AS_JPEG)),
        (b"\xff\x4f\xff\x51", ("JPEG 2000 pictures", AS_JPEG)),
        (b"8BPS", ("Photoshop documents", AS_PHOTO)),
        (b"8BPB", ("Photoshop documents", AS_PHOTO)),
        (b"\0\0\x01\0", ("Icon files", "export it as PNG")),
        (b"gimp xcf", ("GIMP documents", "export it as PNG")),
        (b"II\xbc\x01", ("JPEG XR pictures", AS_JPEG)),
        (b"\x76\x2f\x31\x01", ("OpenEXR pictures", AS_PHOTO)),
        (b"#?RADIANCE", ("Radiance pictures", AS_PHOTO)),
        (b"II\x1a\0\0\0HEAPCCDR", raw),
        (b"FUJIFILMCCD-RAW", raw),
        (b"IIRO", raw),
        (b"IIRS", raw),
        (b"MMOR", raw),
        (b"IIU\0", raw),
        (b"FOVb", raw),
        (b"\0MRM", raw),
        (b"PK\x03\x04", ("ZIP archives and Office documents", "send the files themselves, or a PDF")),
        (b"PK\x05\x06", ("ZIP archives and Office documents", "send the files themselves, or a PDF")),
        (b"Rar!\x1a\x07", ("RAR archives", "send the files themselves")),
        (b"7z\xbc\xaf\x27\x1c", ("7z archives", "send the files themselves")),
        (b"\x1f\x8b", ("Compressed files", "send the files themselves")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("Office documents", "export it as PDF")),
        (b"{\\rtf", ("Office documents", "export it as PDF")),
        (b"MZ", ("Programs", "send a picture or a document")),
        (b"\x7fELF", ("Programs", "send a picture or a document")),
    ];
    if let Some((_, found)) = magic.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Some(*found);
    }
    // Two letters alone would take the beginning of "BMW presents" for a picture.
    if head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Some(("BMP pictures", "export it as PNG"));
    }
    if matches!(head, [b'P', b'1'..=b'6', b'\n' | b' ' | b'\t' | b'\r', ..]) {
        return Some(("PNM pictures", "export it as PNG"));
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") {
        return Some(("AVI films", "export it as MP4"));
    }
    if tiff::is_camera_raw(head) {
        return Some(raw);
    }
    recognise_text(head)
}

fn recognise_text(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let beginning = head.get(..head.len().min(4096)).unwrap_or_default();
    let beginning = &*recode::in_utf8(beginning);
    let beginning = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
    let text = String::from_utf8_lossy(beginning).trim_start().to_ascii_lowercase();
    if !text.starts_with('<') {
        return None;
    }
    if root_element(head).as_deref() == Some("svg") {
        return None;
    }
    if text.contains("<html") || text.contains("<!doctype html") || text.contains("<script") {
        return Some(("Web pages", "save the picture itself and send that"));
    }
    Some(("XML files", "send a picture or a document"))
}

/// Whether the brands of the file name AVIF.
fn is_avif(head: &[u8]) -> bool {
    iso_media_brands(head).is_some_and(|brands| brands.iter().any(|b| matches!(b, b"avif" | b"avis")))
}

/// The name of an XML document's first element, without its prefix: behind declarations and comments.
fn root_element(head: &[u8]) -> Option<String> {
    let head = recode::in_utf8(head);
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head));
    let mut rest = text.trim_start();
    loop {
        rest = rest.trim_start();
        let (start, end) = match rest {
            _ if rest.starts_with("<?") => ("<?", "?>"),
            _ if rest.starts_with("<!--") => ("<!--", "-->"),
            _ if rest.starts_with("<!") => {
                // A document type may bring declarations of its own in brackets.
                let bracket = rest.find('[').filter(|at| rest.find('>').is_none_or(|end| *at < end));
                ("<!", if bracket.is_some() { "]>" } else { ">" })
            }
            _ => break,
        };
        rest = rest.get(start.len()..)?.split_once(end)?.1;
    }
    let name = rest.strip_prefix('<')?;
    let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
    Some(name.rsplit(':').next().unwrap_or(name).to_owned())
}

/// The brands of an ISO base media file (MP4, HEIC, AVIF), the major one first.
fn iso_media_brands(head: &[u8]) -> Option<Vec<[u8; 4]>> {
    if head.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let length = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    let body = head.get(8..length.min(head.len()).min(8 + 4 * 64))?;
    let brands = body.as_chunks::<4>().0;
    // The second word is the minor version, not a brand.
    Some(brands.iter().enumerate().filter(|(i, _)| *i != 1).map(|(_, brand)| *brand).collect())
}

#[cfg(test)]
mod tests {
    use super::{refusal, sniff};

    fn isobmff(brands: &[&[u8; 4]]) -> Vec<u8> {
        let mut bytes = ((16 + 4 * (brands.len() - 1)) as u32).to_be_bytes().to_vec();
        bytes.extend_from_slice(b"ftyp");
        bytes.extend_from_slice(brands[0]);
        bytes.extend_from_slice(&[0; 4]);
        brands[1..].iter().for_each(|brand| bytes.extend_from_slice(*brand));
        bytes.resize(600, 0);
        bytes
    }

    #[test]
    fn what_is_taken_is_told_by_content() {
        let cases: &[(&[u8], &str)] = &[
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"II*\0\x08\0\0\0\0\0", "image/tiff"),
            (b"MM\0*\0\0\0\x08\0\0", "image/tiff"),
            (b"GIF89a\x01\0\x01\0", "image/gif"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
            (b"%!PS-Adobe-3.0 EPSF-3.0\n", "application/postscript"),
            (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "application/postscript"),
            (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/x-wav"),
            (b"OggS\0\x02\0\0\0\0", "audio/ogg"),
            (b"fLaC\0\0\0\x22", "audio/x-flac"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(sniff(bytes), Some(*expected), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(sniff(&isobmff(&[b"avif"])), Some("image/avif"));
        assert_eq!(sniff(&isobmff(&[b"mif1", b"avif"])), Some("image/avif"));
        assert_eq!(sniff(b"\xff\x0a\xfa\x1f"), Some("image/jxl"));
        for svg in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "\u{feff}<?xml version=\"1.0\"?>\n<!-- drawn > by hand -->\n<svg:svg/>",
            "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"svg11.dtd\" [ <!ENTITY a \"b\"> ]>\n<svg>",
        ] {
            assert_eq!(sniff(svg.as_bytes()), Some("image/svg+xml"), "{svg}");
        }
        assert_eq!(sniff(b"<html><svg></svg></html>"), None, "a page with a drawing is a page");
        assert_eq!(sniff(&isobmff(&[b"isom", b"mp41"])), Some("video/mp4"));
        assert_eq!(sniff(&isobmff(&[b"qt  "])), Some("video/quicktime"));
    }

    #[test]
    fn what_is_refused_is_named() {
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (isobmff(&[b"heic", b"mif1"]), "HEIC"),
            (isobmff(&[b"mif1", b"heic"]), "HEIC"),
            (isobmff(&[b"j2ki", b"mif1"]), "HEIF"),
            (b"II\x1a\0\0\0HEAPCCDR\x02\0".to_vec(), "raw"),
            (b"P6\n640 480\n255\n".to_vec(), "PNM"),
            (b"BM\x36\0\x0c\0\0\0\0\0\x36".to_vec(), "BMP"),
            (b"<?xml version=\"1.0\"?><rss/>".to_vec(), "XML"),
            (b"\xef\xbb\xbf  <!DOCTYPE html><html>".to_vec(), "Web pages"),
            (b"PK\x03\x04\x14\0".to_vec(), "ZIP"),
            (b"8BPS\0\x01".to_vec(), "Photoshop"),
            (b"MZ\x90\0".to_vec(), "Programs"),
        ];
        for (bytes, name) in cases {
            assert_eq!(sniff(&bytes), None, "{name}");
            let sentence = refusal(&bytes);
            assert!(sentence.contains(name) && sentence.contains(';'), "{sentence}");
        }
        for bytes in [&b"Dear Sir or Madam"[..], b"", b"\0\0\0\0", b"\x89PNG but no more"] {
            assert_eq!(sniff(bytes), None);
            assert!(!refusal(bytes).is_empty());
        }
    }

    #[test]
    fn a_raw_file_in_a_tiff_coat_is_not_taken_for_a_picture() {
        // NewSubfileType 1, which says "only a preview of another picture", and the maker of the camera.
        let mut nef = b"MM\0*\0\0\0\x08\0\x02".to_vec();
        nef.extend_from_slice(&[0x00, 0xFE, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1]);
        nef.extend_from_slice(&[0x01, 0x0F, 0, 2, 0, 0, 0, 4, b'N', b'i', b'k', 0, 0, 0, 0, 0]);
        assert_eq!(sniff(&nef), None);
        assert!(refusal(&nef).contains("raw"), "{}", refusal(&nef));
    }
}
