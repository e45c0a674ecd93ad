//! Words, dates and places that a file has where few look for them, or twice and not alike.

use super::tests::written;
use crate::domain::asset::Description;
use crate::media::container::{heif, png};
use crate::media::read_description;
use crate::media::testing::{CORNERS, Studio, exiftool, run, text};
use std::path::{Path, PathBuf};

fn photo(studio: &Studio, name: &str, tags: &[&str]) -> PathBuf {
    let file = studio.make(name, &[&CORNERS[..], &["-strip"]].concat());
    exiftool(&[&["-overwrite_original"][..], tags].concat(), &file);
    file
}

fn with_caption(file: &Path, media_type: &str) -> Description {
    Description { caption: "Neu".into(), ..read_description(file, media_type).unwrap() }
}

fn holds(file: &Path, word: &str) -> bool {
    std::fs::read(file).unwrap().windows(word.len()).any(|some| some == word.as_bytes())
}

fn packet_beside() -> Vec<u8> {
    let packet = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
        xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
        xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:aux=\"http://ns.adobe.com/exif/1.0/aux/\" \
        xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" exif:GPSLatitude=\"48,7.8N\" \
        aux:SerialNumber=\"SECRET1\" aux:OwnerName=\"SECRET2\" photoshop:Headline=\"Beiseite\" \
        photoshop:Source=\"Archiv\"/></rdf:RDF></x:xmpmeta>";
    let name = hex::decode("be7acfcb97a942e89c71999491e3afac").unwrap();
    heif::build(b"uuid", &[&name, packet.as_bytes()])
}

#[test]
fn a_packet_beside_the_picture_is_read_and_does_not_leave_as_it_is() {
    let studio = Studio::new();
    let jpeg = studio.make("a.jpg", &CORNERS);
    let (avif, jxl) = (studio.path("a.avif"), studio.path("a.jxl"));
    run("avifenc", &["-s", "10", text(&jpeg), text(&avif)]);
    run("cjxl", &["--lossless_jpeg=1", text(&jpeg), text(&jxl)]);
    for (file, media_type) in [(avif, "image/avif"), (jxl, "image/jxl")] {
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.extend(packet_beside());
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(exiftool(&["-s3", "-XMP-aux:SerialNumber"], &file), "SECRET1", "the scene is set");
        assert_eq!(read_description(&file, media_type).unwrap().title, "Beiseite");
        let edited = Description { title: "Neu".into(), ..Description::default() };
        let out = written(&studio, &file, media_type, &edited);
        assert!(!holds(&out, "SECRET") && !holds(&out, "Beiseite"), "{media_type}");
        assert_eq!(exiftool(&["-a", "-s", "-*GPS*", "-*Serial*", "-*Owner*"], &out), "", "{media_type}");
        let told = exiftool(&["-a", "-s3", "-XMP-photoshop:Headline", "-XMP-photoshop:Source"], &out);
        assert_eq!(told, "Neu\nArchiv", "{media_type}");
    }
}

#[test]
fn a_track_does_not_go_on_pointing_at_the_words_that_were() {
    let studio = Studio::new();
    let tags = ["-EXIF:Artist=SECRET1", "-EXIF:GPSLatitude=48.13", "-EXIF:GPSLatitudeRef=N"];
    let [one, two] = ["1.png", "2.png"].map(|name| photo(&studio, name, &tags));
    let exif =
        studio.write("exif", &run("exiftool", &["-b", "-Exif", text(&photo(&studio, "e.jpg", &tags))]));
    let file = studio.path("film.avif");
    run("avifenc", &["-s", "10", "--exif", text(&exif), text(&one), text(&two), text(&file)]);
    let tracks = |file: &Path| {
        let bytes = std::fs::read(file).unwrap();
        let film = heif::boxes(&bytes, 0..bytes.len()).into_iter().find(|one| &one.kind == b"moov").unwrap();
        heif::words_of_film(&bytes, &film).len()
    };
    assert!(tracks(&file) > 0 && holds(&file, "SECRET"), "the scene is set");
    let out = written(
        &studio,
        &file,
        "image/avif",
        &Description { caption: "Neu".into(), ..Description::default() },
    );
    assert_eq!(tracks(&out), 0);
    assert!(!holds(&out, "SECRET"));
    assert_eq!(exiftool(&["-s3", "-XMP-dc:Description", "-GPSLatitude"], &out), "Neu");
    run("avifdec", &["--info", text(&out)]);
    run("avifdec", &[text(&out), text(&studio.path("out.png"))]);
}

#[test]
fn a_map_does_not_tell_where_it_lies() {
    let studio = Studio::new();
    let tags = [
        "-IFD0:PixelScale=0.5 0.5 0",
        "-IFD0:ModelTiePoint=0 0 0 682200 5332100 0",
        "-IFD0:ModelTransform=1 0 0 7 0 1 0 8 0 0 1 0 0 0 0 1",
        "-IFD0:GDALMetadata=<GDALMetadata>SECRET</GDALMetadata>",
    ];
    let file = photo(&studio, "a.tif", &tags);
    let asked = ["-s3", "-PixelScale", "-ModelTiePoint", "-ModelTransform", "-GDALMetadata"];
    assert_eq!(exiftool(&asked, &file).lines().count(), 4, "the scene is set");
    let out = written(&studio, &file, "image/tiff", &with_caption(&file, "image/tiff"));
    assert_eq!(exiftool(&asked, &out), "");
    assert!(!holds(&out, "SECRET"));
}

#[test]
fn dates_that_nobody_edited_stay_as_they_are() {
    let studio = Studio::new();
    let exif = ["-s3", "-EXIF:DateTimeOriginal", "-EXIF:OffsetTimeOriginal", "-EXIF:SubSecTimeOriginal"];
    let cases: [&[&str]; 3] = [
        &["-IPTC:DateCreated=2002:07:15"],
        &["-XMP-photoshop:DateCreated=2019"],
        &["-XMP-photoshop:DateCreated=2002:07:13 14:58:28Z"],
    ];
    for (name, media_type) in [("a.jpg", "image/jpeg"), ("a.tif", "image/tiff")] {
        for other in cases {
            let own = [
                "-EXIF:DateTimeOriginal=2002:07:13 15:58:28",
                "-EXIF:OffsetTimeOriginal=+01:00",
                "-EXIF:SubSecTimeOriginal=25",
            ];
            let file = photo(&studio, name, &[&own, other].concat());
            let edited = with_caption(&file, media_type);
            let out = written(&studio, &file, media_type, &edited);
            assert_eq!(exiftool(&exif, &out), "2002:07:13 15:58:28\n+01:00\n25", "{name} {other:?}");
            // An edited date is told everywhere.
            let edited = Description { date_created: "2020-02-03T04:05:06Z".into(), ..edited };
            let out = written(&studio, &file, media_type, &edited);
            assert_eq!(exiftool(&exif, &out), "2020:02:03 04:05:06\n+00:00", "{name} {other:?}");
        }
    }
}

#[test]
fn a_place_of_the_older_notation_comes_before_the_structured_ones() {
    let studio = Studio::new();
    let said = ["-IPTC:City=Berlin", "-IPTC:Sub-location=Mitte", "-XMP-iptcExt:LocationShownCity=Potsdam"];
    let file = photo(&studio, "a.jpg", &said);
    assert_eq!(read_description(&file, "image/jpeg").unwrap().location, "Mitte, Berlin");
    let out = written(&studio, &file, "image/jpeg", &with_caption(&file, "image/jpeg"));
    let told = ["-s3", "-IPTC:City", "-IPTC:Sub-location", "-XMP-iptcExt:LocationShownCity"];
    assert_eq!(exiftool(&told, &out), "Berlin\nMitte\nPotsdam");
}

#[test]
fn a_date_among_the_fields_of_the_picture_is_read_and_follows_an_edit() {
    let studio = Studio::new();
    let file = photo(&studio, "a.tif", &["-IFD0:DateTimeOriginal=2008:05:06 07:08:09"]);
    assert_eq!(
        exiftool(&["-s3", "-IFD0:DateTimeOriginal"], &file),
        "2008:05:06 07:08:09",
        "the scene is set"
    );
    let read = read_description(&file, "image/tiff").unwrap();
    assert_eq!(read.date_created, "2008-05-06T07:08:09");
    let edited = Description { date_created: "2020-02-03T04:05:06".into(), ..read };
    let out = written(&studio, &file, "image/tiff", &edited);
    assert_eq!(exiftool(&["-s3", "-a", "-EXIF:DateTimeOriginal"], &out), "2020:02:03 04:05:06");
}

#[test]
fn exif_that_a_png_has_as_text_becomes_its_own() {
    let studio = Studio::new();
    let tags = [
        "-EXIF:Make=Kamerawerk",
        "-EXIF:ExposureTime=1/125",
        "-EXIF:SerialNumber=SECRET1",
        "-EXIF:Orientation#=6",
        "-EXIF:XResolution=300",
    ];
    let source = photo(&studio, "a.jpg", &tags);
    let profile = |kind: &str, block: Vec<u8>| {
        let digits = hex::encode(&block);
        png::build(
            *b"tEXt",
            format!("Raw profile type {kind}\0\n{kind}\n{:8}\n{digits}\n", block.len()).as_bytes(),
        )
    };
    let bytes = std::fs::read(studio.make("a.png", &[&CORNERS[..], &["-strip"]].concat())).unwrap();
    let exif =
        profile("exif", [&b"Exif\0\0"[..], &run("exiftool", &["-b", "-Exif", text(&source)])].concat());
    let dots = png::build(*b"pHYs", &[&11811_u32.to_be_bytes()[..], &11811_u32.to_be_bytes(), &[1]].concat());
    let file = studio.write("b.png", &[&bytes[..33], &dots, &exif, &bytes[33..]].concat());
    let out = written(&studio, &file, "image/png", &with_caption(&file, "image/png"));
    let told = ["-s3", "-EXIF:Make", "-EXIF:ExposureTime", "-EXIF:XResolution"];
    assert_eq!(exiftool(&told, &out), "Kamerawerk\n1/125\n300");
    assert!(!holds(&out, "SECRET") && !holds(&out, &hex::encode("SECRET")));
    // Browsers, which do not turn a picture by a text, must not begin to.
    assert_eq!(exiftool(&["-s3", "-EXIF:Orientation"], &out), "");
    // Without such a block nothing false is said about its resolution.
    let plain = studio.write("c.png", &[&bytes[..33], &dots, &bytes[33..]].concat());
    let out = written(&studio, &plain, "image/png", &with_caption(&plain, "image/png"));
    assert_eq!(exiftool(&["-s3", "-EXIF:ImageDescription", "-EXIF:XResolution"], &out), "Neu");
}

#[test]
fn a_chain_of_pages_that_is_a_loop_ends() {
    let studio = Studio::new();
    let file = photo(&studio, "a.tif", &[]);
    let mut bytes = std::fs::read(&file).unwrap();
    assert_eq!(&bytes[..2], b"II");
    let first = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes(bytes[first..first + 2].try_into().unwrap()));
    let next = first + 2 + 12 * count;
    bytes[next..next + 4].copy_from_slice(&(first as u32).to_le_bytes());
    std::fs::write(&file, &bytes).unwrap();
    let out = written(&studio, &file, "image/tiff", &with_caption(&file, "image/tiff"));
    assert_eq!(exiftool(&["-s3", "-Warning", "-XMP-dc:Description"], &out), "Neu");
    let bytes = std::fs::read(&out).unwrap();
    let number = |at: usize, size: usize| {
        bytes[at..at + size].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let first = number(4, 4);
    assert_eq!(number(first + 2 + 12 * number(first, 2), 4), 0, "no page follows");
}
