//! Kits of whatever names and sizes, asked for in whatever pieces.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use super::{Part, Source, ZipEntry, ZipLayout};
use crate::fuzz_tests::{Random, fuzz};

/// Names and lengths out of bytes: a length, whether it is a blob, a name up to the next NUL.
fn entries(bytes: &[u8]) -> (Vec<ZipEntry>, HashMap<String, Vec<u8>>) {
    let mut blobs = HashMap::new();
    let mut entries = Vec::new();
    for part in bytes.split(|byte| *byte == 0).take(40) {
        let [length, kind, name @ ..] = part else { continue };
        let data: Vec<u8> = (0..usize::from(*length) * 7).map(|n| (n % 251) as u8 ^ kind).collect();
        let mut entry = ZipEntry::inline(String::from_utf8_lossy(name), data.clone());
        if kind % 2 == 0 {
            let sha256 = format!("{length:02x}{kind:02x}");
            blobs.insert(sha256.clone(), data);
            entry.source = Source::Blob { sha256 };
        }
        entries.push(entry);
    }
    (entries, blobs)
}

fn assembled(layout: &ZipLayout, blobs: &HashMap<String, Vec<u8>>, range: std::ops::Range<u64>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in layout.parts(range) {
        match part {
            Part::Bytes(bytes) => out.extend_from_slice(&bytes),
            Part::Blob { sha256, range } => {
                out.extend_from_slice(&blobs[&sha256][range.start as usize..range.end as usize]);
            }
        }
    }
    out
}

#[test]
fn every_layout_is_an_archive_and_every_piece_a_piece_of_it() {
    let good = vec![
        b"\x20\x01fotos/Gr\xc3\xb6\xc3\x9fe.jpg\0\x05\x02plain.txt\0\x01\x03a/b/c.csv".to_vec(),
        [&b"\x30\x04"[..], &b"x".repeat(300), b"\0\x02\x05y"].concat(),
    ];
    let words: [&[u8]; 6] = [b"../", b"/", b"\\", b"\0\x01\x01", b"\xf0\x9f\x98\x80", b"\xff"];
    let modified = "2026-11-24T12:34:56Z".parse().unwrap();
    fuzz("kit", 1500, &good, &words, |bytes| {
        let (entries, blobs) = entries(bytes);
        let Ok(layout) = ZipLayout::new(entries.clone(), modified) else { return };
        let whole = assembled(&layout, &blobs, 0..layout.len());
        assert_eq!(whole.len() as u64, layout.len());
        let mut archive = zip::ZipArchive::new(Cursor::new(&whole)).unwrap();
        assert_eq!(archive.len(), entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let mut file = archive.by_index(index).unwrap();
            assert_eq!(file.name().unwrap(), entry.name);
            let mut data = Vec::new();
            // Checks the CRC-32 too.
            file.read_to_end(&mut data).unwrap();
            assert_eq!(data.len() as u64, entry.size_bytes);
        }
        let mut random = Random(layout.len());
        for _ in 0..20 {
            let start = random.below(whole.len() + 10);
            let end = start + random.below(whole.len());
            let piece = whole.get(start.min(whole.len())..end.min(whole.len())).unwrap_or_default();
            assert_eq!(assembled(&layout, &blobs, start as u64..end as u64), piece, "{start}..{end}");
        }
    });
}
