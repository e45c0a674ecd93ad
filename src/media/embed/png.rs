//! Metadata into a PNG file; the chunks of the picture are copied byte by byte.

use super::parts::Parts;
use super::wanted::Wanted;
use super::{exif, iim, xmp};
use crate::media::container::png::{SIGNATURE, build, chunks};
use crate::media::metadata;

/// What other text chunks say about the same things, or hide in hexadecimal.
const REPLACED_KEYWORDS: [&str; 5] = ["title", "author", "description", "copyright", "xml:com.adobe.xmp"];
/// ImageMagick writes every field of the metadata blocks that it read into a text chunk as well, `exif:GPSLatitude`
/// or `aux:SerialNumber`. What is to stay of them stands in the blocks.
const COPIED_PREFIXES: [&str; 16] = [
    "raw profile type",
    "exif:",
    "exifex:",
    "iptc:",
    "iptc4xmpcore:",
    "iptc4xmpext:",
    "xmp:",
    "xmpmm:",
    "xmprights:",
    "dc:",
    "photoshop:",
    "plus:",
    "aux:",
    "tiff:",
    "dng:",
    "8bim:",
];
/// Those among them that say in other words what ours say.
const COPIED_TEXTS: [&str; 3] = ["exif:imagedescription", "exif:artist", "exif:copyright"];

/// The file with our metadata; `None` if this is no PNG, or its picture is not whole. Everything behind the first
/// chunk that is not whole is left out, as nobody can say what it holds.
pub fn parts(bytes: &[u8], wanted: &Wanted) -> Option<Parts> {
    let found = chunks(bytes);
    let whole_to = found.last()?.whole.end;
    let is_ended = &found.last()?.kind == b"IEND";
    if !is_ended && bytes.get(whole_to + 4..whole_to + 8) == Some(b"IDAT") {
        return None;
    }
    let data = |range: &std::ops::Range<usize>| bytes.get(range.clone()).unwrap_or_default();
    let old = metadata::packets_of_png(bytes);
    let packet = xmp::packet(wanted, old.xmp.iter().map(Vec::as_slice));
    // Keyword, not compressed, no language, no translated keyword.
    let text = [metadata::PNG_XMP_KEYWORD, &[0; 5], packet.as_bytes()].concat();

    let mut out = Parts::default();
    out.keep(0..SIGNATURE.len());
    let old_exif = found.iter().find(|chunk| &chunk.kind == b"eXIf");
    let exif = old_exif
        .and_then(|chunk| exif::rewritten(wanted, tiff_block(data(&chunk.data))))
        // Nobody turns a picture by what is written in a text, and by this block browsers do.
        .or_else(|| exif::rewritten_with(wanted, old.exif_as_text.as_deref()?, false))
        .or_else(|| {
            let tells_resolution = found.iter().any(|chunk| &chunk.kind == b"pHYs");
            if tells_resolution { exif::fresh_without_resolution(wanted) } else { exif::fresh(wanted) }
        });
    // What agencies say of a transmission has no other place in this format.
    let of_others = iim::block_of_others(&old.iim).map(|block| raw_profile("iptc", &block));
    let mut is_written = false;
    for chunk in &found {
        // Readers that stop at the picture must have come across it.
        if &chunk.kind == b"IDAT" && !is_written {
            if let Some(block) = &exif {
                out.put(&build(*b"eXIf", block));
            }
            out.put(&build(*b"iTXt", &text));
            if let Some(profile) = &of_others {
                out.put(&build(*b"tEXt", profile));
            }
            is_written = true;
        }
        match &chunk.kind {
            // A manifest that signs the bytes as they were would be a broken one now.
            b"caBX" => {}
            b"tEXt" | b"iTXt" | b"zTXt" if is_replaced(data(&chunk.data), wanted.keeps_private) => {}
            b"eXIf" => {}
            // Another name for compressed EXIF, which some programs read.
            b"zxIf" if !wanted.keeps_private => {}
            _ => out.keep(chunk.whole.clone()),
        }
    }
    if !is_ended {
        out.put(&build(*b"IEND", &[]));
    }
    is_written.then_some(out)
}

/// A block of another format as ImageMagick keeps it in a text: a name, a length, and hexadecimal digits in lines.
fn raw_profile(kind: &str, block: &[u8]) -> Vec<u8> {
    let mut text = format!("Raw profile type {kind}\0\n{kind}\n{:8}\n", block.len());
    for line in block.chunks(36) {
        text.push_str(&hex::encode(line));
        text.push('\n');
    }
    text.into_bytes()
}

/// Some programs put JPEG's name before the block in this format too.
fn tiff_block(data: &[u8]) -> &[u8] {
    data.strip_prefix(b"Exif\0\0").unwrap_or(data)
}

fn is_replaced(data: &[u8], keeps_private: bool) -> bool {
    let keyword = data.split(|byte| *byte == 0).next().unwrap_or_default();
    let keyword = String::from_utf8_lossy(keyword).to_ascii_lowercase();
    if keeps_private && keyword.starts_with("exif:") {
        return COPIED_TEXTS.contains(&&*keyword);
    }
    // Whatever else an XMP packet held of a position or a serial number, a drone's for example.
    let (prefix, name) = keyword.rsplit_once(':').unwrap_or(("", &*keyword));
    let is_private =
        xmp::names_something_private(name) || prefix == "geo" && matches!(name, "lat" | "long" | "lat_long");
    REPLACED_KEYWORDS.contains(&&*keyword)
        || COPIED_PREFIXES.iter().any(|prefix| keyword.starts_with(prefix))
        || !keeps_private && is_private
}
