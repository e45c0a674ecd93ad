//! An upload that nobody edits: what the file says stays as it was, in its own notation.

use super::tests::written;
use super::{Wanted, write_copy};
use crate::domain::asset::Description;
use crate::media::container::{jpeg, png};
use crate::media::input::Input;
use crate::media::testing::{CORNERS, Studio, exiftool, run, text};
use crate::media::{metadata, read_description};
use std::path::{Path, PathBuf};

/// A file with a packet whose description holds this.
fn with_packet(studio: &Studio, name: &str, body: &str) -> PathBuf {
    let packet = packet(body);
    let packet = studio.write("packet.xmp", packet.as_bytes());
    let file = studio.make(name, &[&CORNERS[..], &["-strip"]].concat());
    exiftool(&["-overwrite_original", &format!("-XMP<={}", text(&packet))], &file);
    file
}

fn packet(body: &str) -> String {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
        xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
        xmlns:iptc="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{body}</rdf:Description></rdf:RDF></x:xmpmeta>"#
    )
}

fn unedited(studio: &Studio, file: &Path, media_type: &str) -> PathBuf {
    written(studio, file, media_type, &read_description(file, media_type).unwrap())
}

#[test]
fn persons_with_details_keep_them_until_others_are_named() {
    let studio = Studio::new();
    let file = with_packet(
        &studio,
        "a.jpg",
        r#"<iptc:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType="Resource"><iptc:PersonName><rdf:Alt>
        <rdf:li xml:lang="x-default">Änne Groß</rdf:li></rdf:Alt></iptc:PersonName><iptc:PersonId><rdf:Bag>
        <rdf:li>https://example.org/gross</rdf:li></rdf:Bag></iptc:PersonId></rdf:li></rdf:Bag>
        </iptc:PersonInImageWDetails>"#,
    );
    let details = |path: &Path| {
        exiftool(
            &[
                "-s3",
                "-XMP-iptcExt:PersonInImageName",
                "-XMP-iptcExt:PersonInImageId",
                "-XMP-iptcExt:PersonInImage",
            ],
            path,
        )
    };
    let same = unedited(&studio, &file, "image/jpeg");
    assert_eq!(details(&same), "Änne Groß\nhttps://example.org/gross\nÄnne Groß");
    assert_eq!(details(&unedited(&studio, &same, "image/jpeg")), details(&same), "once more");
    for persons in [vec!["Ole Dahl".to_owned()], Vec::new()] {
        let changed = Description { persons: persons.clone(), ..Description::default() };
        for file in [&file, &same] {
            assert_eq!(details(&written(&studio, file, "image/jpeg", &changed)), persons.join(""));
        }
    }
}

#[test]
fn what_reading_tidies_up_stays_as_it_stands() {
    let studio = Studio::new();
    let long = "Länge ".repeat(300);
    let translated = |name: &str, german: &str| {
        format!(
            "<{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{german}</rdf:li>\
             <rdf:li xml:lang=\"fr\">français</rdf:li></rdf:Alt></{name}>"
        )
    };
    let body = [
        translated("dc:rights", &format!("© Bär\n{long}")),
        translated("dc:title", "Zeile\nzwei"),
        translated("dc:description", "eins&#xD;&#xA;zwei&#x9;drei"),
        translated("xmpRights:UsageTerms", "Nur&#xD;heute"),
        "<photoshop:Headline>Zeile\nzwei</photoshop:Headline>".to_owned(),
        "<photoshop:Credit>Bär  &amp;\nSöhne</photoshop:Credit>".to_owned(),
        "<photoshop:City>Bad  Tölz</photoshop:City>".to_owned(),
        "<xmpRights:WebStatement>www.example.com/licence</xmpRights:WebStatement>".to_owned(),
        "<dc:creator><rdf:Seq><rdf:li>Jörg  Müller</rdf:li><rdf:li>Ek</rdf:li></rdf:Seq></dc:creator>"
            .to_owned(),
    ];
    let tags = [
        "-XMP-dc:Rights",
        "-XMP-dc:Rights-fr",
        "-XMP-dc:Title",
        "-XMP-dc:Title-fr",
        "-XMP-dc:Description",
        "-XMP-dc:Description-fr",
        "-XMP-xmpRights:UsageTerms",
        "-XMP-xmpRights:UsageTerms-fr",
        "-XMP-photoshop:Headline",
        "-XMP-photoshop:Credit",
        "-XMP-photoshop:City",
        "-XMP-xmpRights:WebStatement",
        "-XMP-dc:Creator",
    ];
    for (name, media_type) in [("a.jpg", "image/jpeg"), ("a.tif", "image/tiff"), ("a.png", "image/png")] {
        let file = with_packet(&studio, name, &body.concat());
        let same = unedited(&studio, &file, media_type);
        for tag in tags {
            let value = |path: &Path| run("exiftool", &["-b", tag, text(path)]);
            assert!(!value(&file).is_empty(), "{tag}");
            assert_eq!(value(&same), value(&file), "{name} {tag}");
        }
        let described = read_description(&file, media_type).unwrap();
        assert_eq!(described.rights_url, "", "no address of the web");
        let edited = Description { rights_url: "https://example.com/licence".into(), ..described };
        let edited = written(&studio, &file, media_type, &edited);
        let address = exiftool(&["-s3", "-XMP-xmpRights:WebStatement"], &edited);
        assert_eq!(address, "https://example.com/licence", "{name}");
    }
    for script in ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x"] {
        let body = format!("<xmpRights:WebStatement>{script}</xmpRights:WebStatement>");
        let file = with_packet(&studio, "script.jpg", &body);
        let same = unedited(&studio, &file, "image/jpeg");
        assert_eq!(exiftool(&["-s3", "-XMP-xmpRights:WebStatement"], &same), "", "{script}");
    }
}

#[test]
fn the_identifier_of_an_agency_is_no_headline() {
    let studio = Studio::new();
    let titles = ["-s3", "-XMP-photoshop:Headline", "-IPTC:Headline", "-XMP-dc:Title", "-IPTC:ObjectName"];
    let blank = || studio.make("a.jpg", &CORNERS);
    let agency = blank();
    let said = [
        "-overwrite_original",
        "-XMP-photoshop:Headline=Big news",
        "-XMP-dc:Title=dpa-4711",
        "-XMP-dc:Title-fr=afp-4711",
        "-IPTC:ObjectName=dpa-4711",
    ];
    exiftool(&said, &agency);
    let read = read_description(&agency, "image/jpeg").unwrap();
    assert_eq!(read.title, "Big news");
    let same = unedited(&studio, &agency, "image/jpeg");
    assert_eq!(exiftool(&titles, &same), "Big news\nBig news\ndpa-4711\ndpa-4711");
    assert_eq!(exiftool(&["-s3", "-XMP-dc:Title-fr"], &same), "afp-4711");
    let edited = Description { title: "Old news".into(), ..read };
    let edited = written(&studio, &agency, "image/jpeg", &edited);
    assert_eq!(exiftool(&titles, &edited), "Old news\nOld news\ndpa-4711\ndpa-4711");
    // One of the two standards is enough.
    let older = blank();
    exiftool(&["-overwrite_original", "-IPTC:Headline=Big news", "-IPTC:ObjectName=dpa-4711"], &older);
    let same = unedited(&studio, &older, "image/jpeg");
    assert_eq!(exiftool(&titles, &same), "Big news\nBig news\ndpa-4711\ndpa-4711");
    // Where it repeats the headline, or stands in its place, it follows it.
    for said in [
        &["-overwrite_original", "-XMP-dc:Title=IMG 1"][..],
        &["-overwrite_original", "-XMP-dc:Title=IMG 1", "-XMP-photoshop:Headline=IMG 1"],
    ] {
        let plain = blank();
        exiftool(said, &plain);
        let edited = Description { title: "News".into(), ..Description::default() };
        let edited = written(&studio, &plain, "image/jpeg", &edited);
        assert_eq!(exiftool(&titles, &edited), "News\nNews\nNews\nNews");
    }
}

#[test]
fn what_an_agency_says_of_its_transmission_stays() {
    let studio = Studio::new();
    for (name, media_type) in [("a.jpg", "image/jpeg"), ("a.tif", "image/tiff")] {
        let file = studio.make(name, &CORNERS);
        let said = [
            "-overwrite_original",
            "-IPTC:EnvelopeNumber=4711",
            "-IPTC:Destination=AAA",
            "-IPTC:Destination=BBB",
            "-IPTC:UniqueObjectName=DE:dpa:2025:4711",
            "-IPTC:IPTCPictureNumber=1*2*3*4",
            "-IPTC:Credit=Bär",
        ];
        exiftool(&said, &file);
        let same = unedited(&studio, &file, media_type);
        let told = exiftool(
            &[
                "-s3",
                "-IPTC:EnvelopeNumber",
                "-IPTC:Destination",
                "-IPTC:UniqueObjectName",
                "-IPTC:IPTCPictureNumber",
                "-IPTC:CodedCharacterSet",
                "-IPTC:Credit",
                "-Warning",
            ],
            &same,
        );
        assert_eq!(
            told,
            "00004711\nAAA, BBB\nDE:dpa:2025:4711\n1 (Associated Press, USA), equip 2, 3, no. 4\nUTF8\nBär",
            "{name}"
        );
    }
}

#[test]
fn what_windows_noted_moves_to_where_others_look() {
    let studio = Studio::new();
    let noted = [
        "-overwrite_original",
        "-EXIF:XPTitle=Eröffnung",
        "-EXIF:XPComment=Süßmost",
        "-EXIF:XPSubject=Nebensache",
        "-EXIF:XPAuthor=Jörg Müller;Anna Ek",
        "-EXIF:XPKeywords=Apfel; Saft",
    ];
    for (name, media_type) in [("a.jpg", "image/jpeg"), ("a.png", "image/png"), ("a.tif", "image/tiff")] {
        let file = studio.make(name, &[&CORNERS[..], &["-strip"]].concat());
        exiftool(&noted, &file);
        let expected = Description {
            title: "Eröffnung".into(),
            caption: "Süßmost".into(),
            creator: "Jörg Müller, Anna Ek".into(),
            keywords: vec!["Apfel".into(), "Saft".into()],
            ..Description::default()
        };
        assert_eq!(read_description(&file, media_type).unwrap(), expected, "{name}");
        let same = unedited(&studio, &file, media_type);
        let told = exiftool(&["-s3", "-XMP-photoshop:Headline", "-XMP-dc:Creator", "-XMP-dc:Subject"], &same);
        assert_eq!(told, "Eröffnung\nJörg Müller, Anna Ek\nApfel, Saft", "{name}");
        assert_eq!(exiftool(&["-s3", "-XPTitle", "-XPKeywords"], &same), "", "{name}");
        assert_eq!(read_description(&same, media_type).unwrap(), expected, "{name}");
    }
    // Everything else that says something comes first.
    let file = studio.make("b.jpg", &CORNERS);
    exiftool(
        &[&noted[..], &["-EXIF:ImageDescription=x", "-EXIF:Artist=y", "-XMP-dc:Subject=z"]].concat(),
        &file,
    );
    let found = read_description(&file, "image/jpeg").unwrap();
    assert_eq!([found.caption, found.creator, found.keywords.join("")], ["x", "y", "z"]);
}

#[test]
fn a_second_packet_completes_the_first() {
    let studio = Studio::new();
    let first = packet("<photoshop:Credit>Bär</photoshop:Credit><xmp:Rating>3</xmp:Rating>");
    let second = packet(
        "<photoshop:Credit>Wolf</photoshop:Credit><photoshop:Source>Archiv</photoshop:Source>\
         <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">Hallo</rdf:li></rdf:Alt></dc:description>",
    );
    let jpeg = std::fs::read(studio.make("a.jpg", &CORNERS)).unwrap();
    let segment = |packet: &str| {
        let length = (2 + jpeg::XMP_NAME.len() + packet.len()) as u16;
        [&[0xFF, 0xE1][..], &length.to_be_bytes(), jpeg::XMP_NAME, packet.as_bytes()].concat()
    };
    let jpeg = [&jpeg[..2], &segment(&first), &segment(&second), &jpeg[2..]].concat();
    let png = std::fs::read(studio.make("a.png", &[&CORNERS[..], &["-strip"]].concat())).unwrap();
    let chunk = |packet: &str| {
        let text = [metadata::PNG_XMP_KEYWORD, &[0; 5], packet.as_bytes()].concat();
        png::build(*b"iTXt", &text)
    };
    let png = [&png[..33], &chunk(&first), &chunk(&second), &png[33..]].concat();
    for (name, media_type, bytes) in [("b.jpg", "image/jpeg", jpeg), ("b.png", "image/png", png)] {
        let file = studio.write(name, &bytes);
        let read = read_description(&file, media_type).unwrap();
        assert_eq!([&*read.credit, &read.caption], ["Bär", "Hallo"], "{name}");
        let same = unedited(&studio, &file, media_type);
        let tags =
            ["-XMP-photoshop:Credit", "-XMP-dc:Description", "-XMP-photoshop:Source", "-XMP-xmp:Rating"];
        assert_eq!(exiftool(&[&["-s3", "-a"][..], &tags].concat(), &same), "Bär\nHallo\nArchiv\n3", "{name}");
        assert_eq!(exiftool(&["-s3", "-Warning"], &same), "", "{name}");
    }
}

#[test]
fn a_jpeg_xl_whose_blocks_are_packed_is_read_and_kept() {
    let studio = Studio::new();
    let photo = studio.make("a.jpg", &CORNERS);
    let said = [
        "-overwrite_original",
        "-EXIF:GPSLatitude=48.13",
        "-EXIF:SerialNumber=SECRET1",
        "-EXIF:Artist=Jörg Müller",
        "-EXIF:Model=Kamera 3",
        "-XMP-dc:Description=Hallo",
        "-XMP-photoshop:Source=Archiv",
    ];
    exiftool(&said, &photo);
    let file = studio.path("a.jxl");
    run("cjxl", &["--lossless_jpeg=1", text(&photo), text(&file)]);
    let bytes = std::fs::read(&file).unwrap();
    let is_packed = |kind: &[u8]| bytes.windows(8).any(|at| at == [b"brob", kind].concat());
    assert!(is_packed(b"Exif") && is_packed(b"xml "), "the scene is set");
    let read = read_description(&file, "image/jxl").unwrap();
    assert_eq!([&*read.caption, &read.creator], ["Hallo", "Jörg Müller"]);
    let same = unedited(&studio, &file, "image/jxl");
    let told = exiftool(&["-s3", "-XMP-dc:Description", "-XMP-photoshop:Source", "-EXIF:Model"], &same);
    assert_eq!(told, "Hallo\nArchiv\nKamera 3");
    assert_eq!(exiftool(&["-a", "-s", "-GPS*", "-*Serial*"], &same), "");
}

#[test]
fn a_packed_block_that_unpacks_to_too_much_is_none() {
    use crate::media::container::heif::build;
    use std::io::Write;
    let studio = Studio::new();
    let mut packed = b"xml ".to_vec();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 5, 22);
    encoder.write_all(&vec![b' '; 17 << 20]).unwrap();
    drop(encoder);
    let file = [super::jxl::SIGNATURE, &build(b"jxlc", &[b"\xff\x0a"]), &build(b"brob", &[&packed])].concat();
    assert!(file.len() < 10_000);
    let file = studio.write("a.jxl", &file);
    assert_eq!(read_description(&file, "image/jxl").unwrap(), Description::default());
}

#[test]
fn the_copies_that_imagemagick_makes_of_every_field_go() {
    let studio = Studio::new();
    let photo = studio.make("a.jpg", &CORNERS);
    let said = [
        "-overwrite_original",
        "-EXIF:GPSLatitude=48.13",
        "-EXIF:GPSLatitudeRef=N",
        "-EXIF:SerialNumber=SECRET1",
        "-EXIF:Artist=Jörg Müller",
        "-XMP-photoshop:Source=Archiv",
        "-XMP-aux:SerialNumber=SECRET2",
    ];
    exiftool(&said, &photo);
    let file = studio.path("a.png");
    // Having looked at the fields, it writes them.
    run("convert", &[text(&photo), "-verbose", text(&file)]);
    let drone = png::build(*b"tEXt", b"drone-dji:GpsLatitude\0SECRET3");
    let bytes = std::fs::read(&file).unwrap();
    let bytes = [&bytes[..33], &drone, &bytes[33..]].concat();
    let file = studio.write("a.png", &bytes);
    let has = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|at| at == word.as_bytes());
    for word in ["exif:GPSLatitude", "exif:BodySerialNumber\0SECRET1", "exif:Artist", "SECRET3"] {
        assert!(has(&bytes, word), "the scene is set: {word}");
    }
    let packets = metadata::read_packets(&Input::open(&file, "image/png").unwrap(), "image/png");
    let described = metadata::describe(&packets);
    assert_eq!(described.creator, "Jörg Müller");
    let output = studio.path("written.png");
    for (keeps_private, kept) in
        [(false, &[][..]), (true, &["exif:GPSLatitude", "exif:BodySerialNumber\0SECRET1"])]
    {
        let wanted = Wanted { keeps_private, ..Wanted::new(&described, &packets) };
        assert!(write_copy(&file, "image/png", &wanted, &output).unwrap());
        let bytes = std::fs::read(&output).unwrap();
        assert!(!has(&bytes, "exif:Artist"));
        assert!(kept.iter().all(|word| has(&bytes, word)));
        assert_eq!(exiftool(&["-s3", "-XMP-photoshop:Source"], &output), "Archiv");
        if !keeps_private {
            assert!(!has(&bytes, "SECRET") && !has(&bytes, "GPS"));
            assert_eq!(exiftool(&["-a", "-s", "-*GPS*", "-*Serial*"], &output), "");
        }
    }
}
