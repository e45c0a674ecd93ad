//! The parsers and writers of metadata and containers under fire. Decoders of pixels run in a process of their
//! own, and what breaks there breaks alone; telling what a file is runs in the server too.

use super::container::{gif, jpeg, png, riff, tiff};
use super::embed::{Wanted, embed, write_copy};
use super::input::Input;
use super::metadata::{self, iim, xmp};
use super::sniff;
use crate::domain::asset::Description;
use crate::fuzz_tests::fuzz;

const XMP_WORDS: [&[u8]; 14] = [
    b"<rdf:li>",
    b"</rdf:li>",
    b"<rdf:Alt>",
    b"<rdf:Description ",
    b"rdf:about=\"\"",
    b"xmlns:a=\"b\" ",
    b"xml:lang=\"x-default\"",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"&b;",
    b"&#0;",
    b"\xef\xbb\xbf",
];
const SEGMENT_WORDS: [&[u8]; 12] = [
    b"\xff\xd8",
    b"\xff\xd9",
    b"\xff\xda\0\x08",
    b"\xff\xe1\0\x20Exif\0\0",
    b"\xff\xe1\0\x40http://ns.adobe.com/xmp/extension/\0",
    b"\xff\xed\0\x20Photoshop 3.0\0",
    b"8BIM\x04\x04\0\0\0\0\0\x05",
    b"\x1c\x02\x78\0\x02ok",
    b"II*\0\x08\0\0\0",
    b"MM\0+\0\x08\0\0",
    b"\x21\xff\x0bXMP DataXMP",
    b"IEND",
];

fn words() -> Description {
    Description {
        title: "Eröffnung".into(),
        caption: "Größe & „Süße“ 漢字 😀 ".repeat(20).trim().into(),
        alt_text: "Ein Bild".into(),
        credit: "Bär/Söhne".into(),
        copyright_notice: "© Bär".into(),
        creator: "Jörg Müller".into(),
        persons: vec!["Änne Groß".into()],
        keywords: vec!["Apfel".into(), "Saft".into()],
        date_created: "2025-11-03T14:05:00+01:00".into(),
        location: "Halle 4, Köln, Deutschland".into(),
        ..Description::default()
    }
}

/// Files with nothing but a picture in them, or what looks like one from outside.
fn plain(media_type: &str) -> Vec<u8> {
    match media_type {
        "image/jpeg" => {
            let mut file = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
            file.extend(
                b"\xff\xc0\0\x0b\x08\0\x08\0\x08\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0abc\xff\xd9",
            );
            file
        }
        "image/png" => [
            png::SIGNATURE,
            &png::build(*b"IHDR", b"\0\0\0\x08\0\0\0\x08\x08\0\0\0\0"),
            &png::build(*b"tEXt", b"Title\0Alt"),
            &png::build(*b"IDAT", b"not inflated here"),
            &png::build(*b"IEND", b""),
        ]
        .concat(),
        "image/webp" => b"RIFF\x12\0\0\0WEBPVP8L\x06\0\0\0\x2f\x07\xc0\x01\0\0".to_vec(),
        "image/gif" => {
            b"GIF89a\x08\0\x08\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\x08\0\x08\0\0\x02\x01a\0\x3b".to_vec()
        }
        _ => {
            // Width, height, a strip of four bytes at 8, and GPS data.
            let mut file = b"II*\0\x0c\0\0\0abcd".to_vec();
            let long = |tag: u16, value: u32| {
                [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat()
            };
            let entries = [(0x100, 2), (0x101, 2), (0x111, 8), (0x117, 4), (0x8825, 78)];
            file.extend([entries.len() as u8, 0]);
            entries.iter().for_each(|(tag, value)| file.extend(long(*tag, *value)));
            file.extend([0; 4]);
            file.extend([1, 0]);
            file.extend(long(1, 77));
            file.extend([0; 4]);
            file
        }
    }
}

fn with_words(media_type: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    std::fs::write(&from, plain(media_type)).unwrap();
    let wanted = Wanted::new(&words(), &metadata::Packets::default());
    assert!(write_copy(&from, media_type, &wanted, &to).unwrap(), "{media_type}");
    std::fs::read(to).unwrap()
}

/// Reads a file, writes metadata into it and reads that again: what was wanted must be there.
fn read_write_read(bytes: &[u8], media_type: &str) {
    let packets = |bytes: &[u8]| metadata::read_packets(&Input::Memory(bytes.to_vec().into()), media_type);
    let there = packets(bytes);
    for description in [metadata::describe(&there), words()] {
        let wanted = Wanted::new(&description, &there);
        let Some(written) = embed(bytes, media_type, &wanted) else { continue };
        let after = metadata::describe(&packets(&written));
        assert_eq!(after.credit, wanted.description.credit);
        assert_eq!(after.caption, wanted.description.caption);
        assert_eq!(after.keywords, wanted.description.keywords);
        // A JPEG that was cut off gets an end, perhaps inside of what was meant to be a segment.
        if media_type != "image/jpeg" || jpeg::structure(bytes).end.is_some() {
            let again = embed(&written, media_type, &Wanted::new(&description, &packets(&written)));
            assert_eq!(
                again.map(|again| again.len()),
                Some(written.len()),
                "the second time changes nothing"
            );
        }
    }
}

#[test]
fn files_with_metadata() {
    for media_type in ["image/jpeg", "image/png", "image/webp", "image/gif"] {
        let good = [plain(media_type), with_words(media_type)];
        let name = media_type.replace('/', "-");
        fuzz(&name, 400, &good, &SEGMENT_WORDS, |bytes| read_write_read(bytes, media_type));
        fuzz(&name, 200, &good[1..], &XMP_WORDS, |bytes| read_write_read(bytes, media_type));
    }
}

#[test]
fn tiff_from_file_to_file() {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    let good = [plain("image/tiff"), with_words("image/tiff")];
    fuzz("tiff", 800, &good, &SEGMENT_WORDS, |bytes| {
        std::fs::write(&from, bytes).unwrap();
        let read = |path| metadata::read_packets(&Input::Disk(path), "image/tiff");
        let there = read(from.clone());
        let wanted = Wanted::new(&words(), &there);
        if let Ok(true) = write_copy(&from, "image/tiff", &wanted, &to) {
            let length = std::fs::metadata(&to).unwrap().len();
            assert!(length < bytes.len() as u64 * 2 + 100_000, "{length} bytes");
            assert_eq!(metadata::describe(&read(to.clone())).credit, words().credit);
        }
    });
}

#[test]
fn blocks_alone() {
    let file = with_words("image/jpeg");
    let packet = file.windows(10).position(|at| at == b"<x:xmpmeta").unwrap();
    let packet = file[packet..].to_vec();
    fuzz("xmp", 1500, &[packet], &XMP_WORDS, |bytes| {
        let read = xmp::Xmp::parse([bytes]);
        read.list(xmp::ns::DC, "subject");
        read.structure(xmp::ns::IPTC_EXT, "LocationCreated", ["City"]);
    });
    let block = file.windows(4).position(|at| at == b"8BIM").unwrap();
    let block = file[block..].to_vec();
    fuzz("iim", 2500, &[block.clone(), block[12..].to_vec()], &SEGMENT_WORDS, |bytes| {
        iim::resources(bytes);
        let read = iim::Iim::parse(bytes);
        read.all(iim::dataset::KEYWORD);
    });
    let exif = file.windows(6).position(|at| at == b"Exif\0\0").unwrap() + 6;
    fuzz("exif", 2500, &[file[exif..].to_vec(), plain("image/tiff")], &SEGMENT_WORDS, |bytes| {
        if let Some(tiff) = tiff::Tiff::open(bytes) {
            metadata::exif::read(&tiff);
        }
        tiff::is_camera_raw(bytes);
    });
}

#[test]
fn containers_and_beginnings() {
    let types = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"];
    let good: Vec<Vec<u8>> = types.into_iter().flat_map(|each| [plain(each), with_words(each)]).collect();
    fuzz("containers", 2500, &good, &SEGMENT_WORDS, |bytes| {
        let (segments, _) = jpeg::segments(bytes);
        assert!(segments.iter().all(|segment| segment.whole.end <= bytes.len()));
        jpeg::structure(bytes);
        jpeg::photoshop_resources(bytes, &segments);
        assert!(png::chunks(bytes).iter().all(|chunk| chunk.whole.end <= bytes.len()));
        assert!(riff::chunks(bytes).iter().all(|chunk| chunk.data.end <= bytes.len()));
        gif::xmp(bytes);
        if sniff(bytes).is_none() {
            assert!(!sniff::refusal(bytes).is_empty());
        }
    });
}
