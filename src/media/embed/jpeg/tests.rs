use crate::media::embed::tests::{full, pixels, written};
use crate::media::read_description;
use crate::media::testing::{CORNERS, Studio, exiftool, run, text};
use std::path::{Path, PathBuf};

/// A JPEG as phones write it: an index, a map of brightness behind the picture, and a list of both in XMP.
fn ultra_hdr(studio: &Studio, attributes: &str, behind: &[u8]) -> PathBuf {
    let map = studio.make("map.jpg", &["-size", "30x20", "gradient:black-white"]);
    let private = [
        "-overwrite_original",
        "-EXIF:GPSLatitude=48.13",
        "-EXIF:SerialNumber=SECRET1",
        "-XMP-aux:SerialNumber=SECRET2",
        "-XMP-xmp:Rating=2",
    ];
    exiftool(&private, &map);
    let map = std::fs::read(map).unwrap();
    let list = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" hdrgm:Version=\"1.0\" {attributes} \
         xmlns:Container=\"http://ns.google.com/photos/1.0/container/\" \
         xmlns:Item=\"http://ns.google.com/photos/1.0/container/item/\"><Container:Directory><rdf:Seq>\
         <rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"Primary\" Item:Mime=\"image/jpeg\"/>\
         </rdf:li><rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"GainMap\" \
         Item:Mime=\"image/jpeg\" Item:Length=\"{}\"/></rdf:li></rdf:Seq></Container:Directory>\
         </rdf:Description></rdf:RDF></x:xmpmeta>",
        map.len()
    );
    let segment = |marker: u8, payload: &[u8]| {
        [&[0xFF, marker][..], &(payload.len() as u16 + 2).to_be_bytes(), payload].concat()
    };
    let plain = std::fs::read(studio.make("plain.jpg", &CORNERS)).unwrap();
    let list = segment(0xE1, list.as_bytes());
    // Version, number of pictures, and two entries of 16 bytes behind the directory.
    let mut index =
        b"MPF\0MM\0*\0\0\0\x08\0\x03\xb0\0\0\x07\0\0\0\x040100\xb0\x01\0\x04\0\0\0\x01\0\0\0\x02".to_vec();
    index.extend(b"\xb0\x02\0\x07\0\0\0\x20\0\0\0\x32\0\0\0\0");
    let whole = plain.len() + list.len() + index.len() + 4 + 32;
    let block_at = 2 + list.len() + 4 + 4;
    for (attribute, size, offset) in [(0x2003_0000, whole, 0), (0, map.len(), whole - block_at)] {
        index.extend([attribute, size as u32, offset as u32, 0].map(u32::to_be_bytes).concat());
    }
    let file = [&plain[..2], &list, &segment(0xE2, &index), &plain[2..], &map, behind].concat();
    studio.write("phone.jpg", &file)
}

#[test]
fn the_brightness_map_of_a_phone_stays_and_its_list_leads_there() {
    let studio = Studio::new();
    let file = ultra_hdr(&studio, "", b"");
    let map = |path: &Path| run("exiftool", &["-b", "-MPImage2", text(path)]);
    assert!(map(&file).starts_with(&[0xFF, 0xD8]), "the scene is set");
    let written = written(&studio, &file, "image/jpeg", &full());
    assert_eq!(read_description(&written, "image/jpeg").unwrap(), full());
    let found = studio.write("found.jpg", &map(&written));
    let sent = studio.write("sent.jpg", &map(&file));
    assert_eq!(pixels(&found), pixels(&sent));
    let bytes = std::fs::read(&written).unwrap();
    assert!(!bytes.windows(6).any(|word| word == b"SECRET"));
    assert_eq!(exiftool(&["-GPS*", "-a"], &found), "");
    assert_eq!(exiftool(&["-s3", "-XMP-xmp:Rating"], &found), "2");
    // The other list counts from the end of the first picture.
    let packet = String::from_utf8(run("exiftool", &["-b", "-XMP", text(&written)])).unwrap();
    let length = packet.split("Item:Length=\"").nth(1).unwrap().split('"').next().unwrap();
    let length: usize = length.parse().unwrap();
    assert_eq!(&bytes[bytes.len() - length..], std::fs::read(&found).unwrap());
    assert!(packet.contains("hdrgm:Version=\"1.0\""), "{packet}");
    assert_eq!(exiftool(&["-s3", "-Warning"], &written), "");
}

#[test]
fn a_film_behind_the_picture_goes_with_all_that_names_it() {
    let studio = Studio::new();
    let film = "xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" GCamera:MotionPhoto=\"1\"";
    let file = ultra_hdr(&studio, film, b"a film with a position in it");
    let written = written(&studio, &file, "image/jpeg", &full());
    let bytes = std::fs::read(&written).unwrap();
    assert!(!bytes.windows(4).any(|word| word == b"film" || word == b"MPF\0"));
    let packet = String::from_utf8(run("exiftool", &["-b", "-XMP", text(&written)])).unwrap();
    for list in ["hdrgm:", "Container:", "GCamera:MotionPhoto"] {
        assert!(!packet.contains(list), "{packet}");
    }
    assert_eq!(exiftool(&["-s3", "-Warning"], &written), "");
}
