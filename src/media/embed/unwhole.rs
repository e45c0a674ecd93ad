//! Files that every viewer shows although something about them is not whole: nothing private may leave with them.

use crate::media::container::{heif, png};
use crate::media::testing::{CORNERS, Studio, exiftool, run, text};
use crate::media::{RenderRequest, render};
use std::path::PathBuf;

const POSITION: [&str; 6] = [
    "-overwrite_original",
    "-EXIF:GPSLatitude=48.13",
    "-EXIF:GPSLatitudeRef=N",
    "-EXIF:SerialNumber=SECRET1",
    "-XMP-exif:GPSLatitude=48.13",
    "-XMP-dc:Description=Hallo",
];

fn photo(studio: &Studio, name: &str) -> PathBuf {
    let file = studio.make(name, &[&CORNERS[..], &["-strip"]].concat());
    exiftool(&POSITION, &file);
    assert_ne!(exiftool(&["-GPSLatitude", "-s3", "-a"], &file), "", "the scene is set");
    file
}

fn avif(studio: &Studio) -> Vec<u8> {
    let (photo, file) = (photo(studio, "photo.jpg"), studio.path("photo.avif"));
    run("avifenc", &["-s", "10", text(&photo), text(&file)]);
    std::fs::read(file).unwrap()
}

#[test]
fn what_lies_behind_the_last_whole_part_is_left_out() {
    let studio = Studio::new();
    let png = std::fs::read(photo(&studio, "a.png")).unwrap();
    let without_end = png.len() - 12;
    assert_eq!(&png[without_end + 4..without_end + 8], b"IEND");
    let mut broken = png::build(*b"eXIf", b"SECRET2");
    broken[2] = 0xFF;
    let gif = std::fs::read(photo(&studio, "a.gif")).unwrap();
    let jxl = studio.path("photo.jxl");
    run("cjxl", &["--lossless_jpeg=1", text(&photo(&studio, "b.jpg")), text(&jxl)]);
    let jxl = std::fs::read(jxl).unwrap();
    for (name, media_type, bytes) in [
        ("stray.avif", "image/avif", [&avif(&studio)[..], b"\0"].concat()),
        ("secret.avif", "image/avif", [&avif(&studio)[..], b"\0\0\xff\0mdatSECRET3"].concat()),
        ("endless.png", "image/png", png[..without_end].to_vec()),
        ("broken.png", "image/png", [&png[..without_end], &broken, &png[without_end..]].concat()),
        ("cut.gif", "image/gif", gif[..gif.len() - 1].to_vec()),
        ("odd.gif", "image/gif", [&gif[..gif.len() - 1], b"SECRET4"].concat()),
        ("stray.jxl", "image/jxl", [&jxl[..], b"\0\0\xff"].concat()),
    ] {
        let file = studio.write(name, &bytes);
        let report = studio.render(&file, media_type);
        assert_eq!(report.description.caption, "Hallo", "{name}");
        let download = report.download.unwrap().path;
        assert_eq!(exiftool(&["-a", "-s", "-*GPS*", "-*Serial*", "-Warning"], &download), "", "{name}");
        assert_eq!(exiftool(&["-s3", "-XMP-dc:Description"], &download), "Hallo", "{name}");
        let written = std::fs::read(&download).unwrap();
        assert!(!written.windows(6).any(|word| word == b"SECRET"), "{name}");
        // Its picture is all there.
        studio.render(&download, media_type);
    }
}

#[test]
fn a_file_out_of_which_nothing_can_be_taken_is_not_offered() {
    let studio = Studio::new();
    let mut bytes = avif(&studio);
    let last = heif::boxes(&bytes, 0..bytes.len()).pop().unwrap();
    assert_eq!(&last.kind, b"mdat");
    // The box with the picture promises a byte more than there is; the picture itself is whole.
    let length = last.whole.len() as u32 + 1;
    bytes[last.whole.start..last.whole.start + 4].copy_from_slice(&length.to_be_bytes());
    let file = studio.write("a.avif", &bytes);
    assert_eq!(studio.refusal(&file, "image/avif"), "unsupported_format");
    // Those who let positions leave have nothing to lose by it.
    let request = RenderRequest { keep_camera_data: true, ..studio.request(&file, "image/avif") };
    assert!(render(&request).unwrap().download.is_none());
}
