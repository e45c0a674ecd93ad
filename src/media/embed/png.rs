//! Metadata into a PNG file; the chunks of the picture are copied byte by byte.

use super::wanted::Wanted;
use super::{exif, xmp};
use crate::media::container::png::{SIGNATURE, build, chunks};
use crate::media::metadata;

/// What other text chunks say about the same things, or hide in hexadecimal.
const REPLACED_KEYWORDS: [&str; 5] = ["title", "author", "description", "copyright", "xml:com.adobe.xmp"];

/// The file with our metadata; `None` if this is no whole PNG.
pub fn embed(bytes: &[u8], wanted: &Wanted) -> Option<Vec<u8>> {
    let found = chunks(bytes);
    if &found.last()?.kind != b"IEND" {
        return None;
    }
    let data = |range: &std::ops::Range<usize>| bytes.get(range.clone()).unwrap_or_default();
    let old_xmp = found.iter().find_map(|chunk| {
        let data = data(&chunk.data);
        let has_keyword = data.strip_prefix(metadata::PNG_XMP_KEYWORD)?.starts_with(b"\0");
        let (_, text) = has_keyword.then(|| metadata::png_text(chunk.kind, data))??;
        Some(text)
    });
    let packet = xmp::packet(wanted, old_xmp.as_deref());
    // Keyword, not compressed, no language, no translated keyword.
    let text = [metadata::PNG_XMP_KEYWORD, &[0; 5], packet.as_bytes()].concat();

    let mut out = Vec::with_capacity(bytes.len() + text.len() + 64);
    out.extend_from_slice(SIGNATURE);
    let old_exif = found.iter().find(|chunk| &chunk.kind == b"eXIf");
    let exif = old_exif
        .and_then(|chunk| exif::rewritten(wanted, tiff_block(data(&chunk.data))))
        .or_else(|| exif::fresh(wanted));
    let mut is_written = false;
    for chunk in &found {
        // Readers that stop at the picture must have come across it.
        if &chunk.kind == b"IDAT" && !is_written {
            if let Some(block) = &exif {
                out.extend_from_slice(&build(*b"eXIf", block));
            }
            out.extend_from_slice(&build(*b"iTXt", &text));
            is_written = true;
        }
        match &chunk.kind {
            // A manifest that signs the bytes as they were would be a broken one now.
            b"caBX" => {}
            b"tEXt" | b"iTXt" | b"zTXt" if is_replaced(data(&chunk.data)) => {}
            b"eXIf" => {}
            _ => out.extend_from_slice(data(&chunk.whole)),
        }
    }
    is_written.then_some(out)
}

/// Some programs put JPEG's name before the block in this format too.
fn tiff_block(data: &[u8]) -> &[u8] {
    data.strip_prefix(b"Exif\0\0").unwrap_or(data)
}

fn is_replaced(data: &[u8]) -> bool {
    let keyword = data.split(|byte| *byte == 0).next().unwrap_or_default();
    let keyword = String::from_utf8_lossy(keyword).to_ascii_lowercase();
    REPLACED_KEYWORDS.contains(&&*keyword) || keyword.starts_with("raw profile type")
}
