//! Where each format keeps its metadata.

use super::exif::{self, Exif};
use super::iim;
use crate::media::container::tiff::{Tiff, tag};
use crate::media::container::{gif, heif, jpeg, png, riff};
use crate::media::embed;
use crate::media::input::Input;
use md5::{Digest, Md5};
use std::fs::File;
use std::io::Read;

const MAX_PACKET_BYTES: u64 = 16 * 1024 * 1024;

/// The metadata blocks of one file, not yet understood (except EXIF, whose fields lie scattered).
#[derive(Debug, Default)]
pub struct Packets {
    /// The main packet first, an extended one behind it.
    pub xmp: Vec<Vec<u8>>,
    pub iim: Vec<u8>,
    /// The MD5 that IIM had when it was last brought in line with XMP.
    pub iim_digest: Option<Vec<u8>>,
    pub exif: Exif,
    /// The EXIF block that a PNG has as text.
    pub exif_as_text: Option<Vec<u8>>,
    /// Keyword and text of PNG's own text chunks.
    pub texts: Vec<(String, String)>,
}

impl Packets {
    /// Whether IIM was changed by a program that left XMP as it was. A digest of zeros was never computed.
    pub fn is_iim_newer(&self) -> bool {
        let Some(digest) = self.iim_digest.as_deref().filter(|digest| digest.iter().any(|b| *b != 0)) else {
            return false;
        };
        // TIFF fills IIM up to whole words, which the digest may cover or not.
        let unfilled = self.iim.iter().rev().take(3).take_while(|byte| **byte == 0).count();
        let is_digest =
            |length: usize| Md5::digest(self.iim.get(..length).unwrap_or_default())[..] == *digest;
        let length = self.iim.len();
        length > 0 && digest.len() == 16 && !(length - unfilled..=length).any(is_digest)
    }

    fn take_photoshop(&mut self, block: &[u8]) {
        for resource in iim::resources(block) {
            match resource.id {
                iim::RESOURCE_IIM if self.iim.is_empty() => self.iim = resource.data.to_vec(),
                iim::RESOURCE_IIM_DIGEST => self.iim_digest = Some(resource.data.to_vec()),
                _ => {}
            }
        }
    }
}

impl Packets {
    /// Takes what no chunk of PNG's own said better.
    fn take_raw_profile(&mut self, kind: &[u8], block: &[u8]) {
        match kind {
            b"iptc" | b"8bim" if self.iim.is_empty() => {
                self.take_photoshop(block);
                if self.iim.is_empty() && !iim::datasets(block).is_empty() {
                    self.iim = block.to_vec();
                }
            }
            b"xmp" if self.xmp.is_empty() => self.xmp.push(block.to_vec()),
            b"app1" if block.starts_with(jpeg::XMP_NAME) => {
                let packet = block.strip_prefix(jpeg::XMP_NAME).unwrap_or_default();
                self.take_raw_profile(b"xmp", packet);
            }
            // Browsers do not turn the picture by it.
            b"exif" | b"app1" if self.exif == Exif::default() => {
                self.exif = Exif { orientation: None, ..exif_block(block) };
                self.exif_as_text = Some(jpeg::exif_block(block).unwrap_or(block).to_vec());
            }
            _ => {}
        }
    }
}

pub fn read(input: &Input, media_type: &str) -> Packets {
    match (media_type, input) {
        ("image/jpeg", Input::Memory(bytes)) => of_jpeg(bytes),
        ("image/png", Input::Memory(bytes)) => packets_of_png(bytes),
        ("image/webp", Input::Memory(bytes)) => of_webp(bytes),
        ("image/jxl", Input::Memory(bytes)) => of_jxl(bytes),
        ("image/avif", Input::Memory(bytes)) => of_avif(bytes),
        ("image/gif", Input::Memory(bytes)) => {
            Packets { xmp: gif::xmp(bytes).into_iter().collect(), ..Packets::default() }
        }
        ("image/tiff", Input::Disk(path)) => File::open(path).map(of_tiff).unwrap_or_default(),
        _ => Packets::default(),
    }
}

fn of_jpeg(bytes: &[u8]) -> Packets {
    let (segments, _) = jpeg::segments(bytes);
    let mut packets = Packets::default();
    if let Some(block) = jpeg::exif(bytes, &segments) {
        packets.exif = exif_block(block);
    }
    packets.xmp = xmp_packets(bytes, &segments);
    packets.take_photoshop(&jpeg::photoshop_resources(bytes, &segments));
    packets
}

/// More packets than one are a mistake of the program that wrote the last of them; so many are looked at.
pub const MAX_XMP_PACKETS: usize = 4;

/// The packets of a JPEG, the extension of the main one behind it.
pub fn xmp_packets(bytes: &[u8], segments: &[jpeg::Segment]) -> Vec<Vec<u8>> {
    let mut packets: Vec<Vec<u8>> = jpeg::all_named(bytes, segments, jpeg::APP1, jpeg::XMP_NAME)
        .take(MAX_XMP_PACKETS)
        .map(<[u8]>::to_vec)
        .collect();
    let digest = packets.first().and_then(|main| extension_digest(main));
    if let Some(extended) = digest.and_then(|digest| jpeg::extended_xmp(bytes, segments, digest.as_bytes())) {
        packets.insert(1, extended);
    }
    packets
}

/// The digest by which the main packet names its extension.
fn extension_digest(main: &[u8]) -> Option<String> {
    let digest = super::xmp::Xmp::parse([main]).text(super::xmp::ns::XMP_NOTE, "HasExtendedXMP");
    (digest.len() == 32).then_some(digest)
}

pub fn packets_of_png(bytes: &[u8]) -> Packets {
    let mut packets = Packets::default();
    let mut kept_aside = Vec::new();
    // Texts are small; a file can ask for any number of large ones, and for millions of empty ones.
    let mut left_bytes = MAX_PACKET_BYTES as usize;
    for chunk in png::chunks(bytes) {
        let data = bytes.get(chunk.data).unwrap_or_default();
        if &chunk.kind == b"eXIf" {
            packets.exif = exif_block(data);
            continue;
        }
        let Some((keyword, text)) = png_text(chunk.kind, data) else { continue };
        let taken = text.len() + keyword.len() + TEXT_BYTES;
        let Some(rest) = left_bytes.checked_sub(taken) else { break };
        left_bytes = rest;
        if keyword == PNG_XMP_KEYWORD {
            if packets.xmp.len() < MAX_XMP_PACKETS {
                packets.xmp.push(text);
            }
        } else if let Some(kind) = keyword.strip_prefix(b"Raw profile type ") {
            kept_aside.extend(raw_profile(&text).map(|block| (kind.to_ascii_lowercase(), block)));
        } else {
            let text = if &chunk.kind == b"iTXt" {
                let Ok(text) = String::from_utf8(text) else { continue };
                text
            } else {
                super::text_of_unknown_encoding(&text)
            };
            packets.texts.push((String::from_utf8_lossy(keyword).into_owned(), text));
        }
    }
    for (kind, block) in kept_aside {
        packets.take_raw_profile(&kind, &block);
    }
    packets
}

/// What a text of PNG takes beside its bytes.
const TEXT_BYTES: usize = 64;

pub const PNG_XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp";

/// Keyword and text of one of the three kinds of text chunks, inflated if need be, as far as that is possible: what
/// took time to be found broken must count.
pub fn png_text(kind: [u8; 4], data: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let (keyword, rest) = split_at_nul(data)?;
    let (is_compressed, text) = match (&kind, rest) {
        (b"tEXt", text) => (false, text),
        (b"zTXt", [0, text @ ..]) => (true, text),
        (b"iTXt", [is_compressed, _method, rest @ ..]) => {
            let (_language, rest) = split_at_nul(rest)?;
            let (_translated_keyword, text) = split_at_nul(rest)?;
            (*is_compressed != 0, text)
        }
        _ => return None,
    };
    if !is_compressed {
        return Some((keyword, text.to_vec()));
    }
    let mut inflated = Vec::new();
    let _ = flate2::read::ZlibDecoder::new(text).take(MAX_PACKET_BYTES).read_to_end(&mut inflated);
    Some((keyword, inflated))
}

/// What ImageMagick keeps of other formats: a name, a length, and the bytes in hexadecimal with line breaks.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.splitn(4, |byte| *byte == b'\n');
    let (_, _name, length, digits) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    let length: usize = std::str::from_utf8(length).ok()?.trim().parse().ok()?;
    let digits: Vec<u8> = digits.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    hex::decode(digits.get(..length.checked_mul(2)?)?).ok()
}

fn split_at_nul(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|byte| *byte == 0)?;
    Some((data.get(..at)?, data.get(at + 1..)?))
}

fn of_webp(bytes: &[u8]) -> Packets {
    let mut packets = Packets::default();
    for chunk in riff::chunks(bytes) {
        let data = bytes.get(chunk.data).unwrap_or_default();
        match &chunk.kind {
            b"EXIF" => packets.exif = exif_block(data),
            // There is one; the largest hold a history of some hundred kilobytes.
            b"XMP " if packets.xmp.is_empty() && data.len() as u64 <= MAX_PACKET_BYTES => {
                packets.xmp.push(data.to_vec());
            }
            _ => {}
        }
    }
    packets
}

fn of_jxl(bytes: &[u8]) -> Packets {
    let exif = embed::jxl::exif_of(bytes).map(|block| exif_block(&block)).unwrap_or_default();
    // The decoder turns the picture as the codestream asks; EXIF has no say.
    let exif = Exif { orientation: None, ..exif };
    Packets { exif, xmp: embed::jxl::xmp_of(bytes).into_iter().collect(), ..Packets::default() }
}

fn of_avif(bytes: &[u8]) -> Packets {
    let mut packets = Packets::default();
    let Some(meta) = heif::meta(bytes) else { return packets };
    if let Some(block) = embed::avif::exif_of(bytes, &meta) {
        packets.exif = exif_block(&block);
    }
    // HEIF forbids EXIF to turn the picture: its own properties do.
    packets.exif.orientation = Some(meta.orientation(bytes));
    packets.xmp.extend(embed::avif::xmp_of(bytes, &meta));
    packets
}

/// An EXIF block; some programs put JPEG's name before it in other formats too.
fn exif_block(block: &[u8]) -> Exif {
    let block = jpeg::exif_block(block).unwrap_or(block);
    Tiff::open(block).map(|tiff| exif::read(&tiff)).unwrap_or_default()
}

fn of_tiff(file: File) -> Packets {
    let Some(tiff) = Tiff::open(file) else { return Packets::default() };
    let Some(main) = tiff.first_directory() else { return Packets::default() };
    let value = |tag| main.entry(tag).and_then(|entry| tiff.bytes(entry, MAX_PACKET_BYTES));
    let mut packets = Packets {
        xmp: value(tag::XMP).into_iter().collect(),
        iim: value(tag::IIM).filter(|iim| !iim::datasets(iim).is_empty()).unwrap_or_default(),
        exif: exif::read(&tiff),
        ..Packets::default()
    };
    // A picture beneath the first page, or behind it, may say for itself how it is held.
    let picture = tiff.picture_directory().filter(|(place, _)| *place != tiff.first);
    if let Some(own) = picture.and_then(|(_, picture)| exif::orientation(&tiff, &picture)) {
        packets.exif.orientation = Some(own);
    }
    packets.take_photoshop(&value(tag::PHOTOSHOP).unwrap_or_default());
    packets
}
