use super::{Wanted, embed, write_copy};
use crate::domain::asset::Description;
use crate::media::input::Input;
use crate::media::testing::{CORNERS, Studio, difference, exiftool, rendition, run, text, with_orientation};
use crate::media::{RenderRequest, metadata, read_description, render};
use std::path::Path;

pub fn full() -> Description {
    Description {
        title: "Eröffnung der Süßmost-Kelterei".into(),
        caption: "Bürgermeisterin Änne Groß übergibt den Schlüssel – „Grüß Gott“ & <Prost>".into(),
        alt_text: "Zwei Frauen halten einen großen Schlüssel".into(),
        credit: "Bär & Söhne / Presse".into(),
        copyright_notice: "© 2025 Bär & Söhne GmbH".into(),
        usage_terms: "Honorarfrei nur für redaktionelle Zwecke".into(),
        rights_url: "https://example.org/rechte?a=1&b=2".into(),
        creator: "Jörg Müller".into(),
        persons: vec!["Änne Groß".into(), "Ole Dahl".into()],
        keywords: vec!["Apfel".into(), "Süßmost".into()],
        date_created: "2025-11-03T14:05:00+01:00".into(),
        location: "Halle 4, Föhrwald, Deutschland".into(),
        digital_source_type: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture".into(),
        data_mining: "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED".into(),
    }
}

const FORMATS: [(&str, &str); 5] = [
    ("a.jpg", "image/jpeg"),
    ("a.png", "image/png"),
    ("a.webp", "image/webp"),
    ("a.gif", "image/gif"),
    ("a.tif", "image/tiff"),
];

/// Writes a description into a file as the ladder does for the print original.
pub fn written(
    studio: &Studio,
    file: &Path,
    media_type: &str,
    description: &Description,
) -> std::path::PathBuf {
    let packets = metadata::read_packets(&Input::open(file, media_type).unwrap(), media_type);
    let output = studio.path(&format!("written-{}", file.file_name().unwrap().to_str().unwrap()));
    let wanted = Wanted::new(description, &packets);
    assert!(write_copy(file, media_type, &wanted, &output).unwrap(), "{}", file.display());
    output
}

/// What exiftool complains about, without what no writer of metadata has to do with.
fn complaints(path: &Path) -> Vec<String> {
    let told = exiftool(&["-s3", "-validate", "-warning", "-error", "-a"], path);
    let is_ours = |line: &&str| {
        *line != "OK"
            && !line.contains("Warning")
            && !line.contains("Missing required TIFF IFD0 tag")
            && !line.contains("wrong extension")
    };
    told.lines().filter(is_ours).map(str::to_owned).collect()
}

/// Of every page or frame.
pub fn pixels(path: &Path) -> Vec<u8> {
    run("convert", &[text(path), "-depth", "16", "rgba:-"])
}

#[test]
fn every_field_comes_back_from_every_format() {
    let studio = Studio::new();
    for (name, media_type) in FORMATS {
        // Without ImageMagick's own chunks, about whose place exiftool would complain.
        let file = studio.make(name, &[&CORNERS[..], &["-strip"]].concat());
        let written = written(&studio, &file, media_type, &full());
        assert_eq!(read_description(&written, media_type).unwrap(), full(), "{name}");
        assert_eq!(pixels(&written), pixels(&file), "{name}");
        let told = exiftool(
            &[
                "-s3",
                "-XMP-dc:Description",
                "-XMP-photoshop:Credit",
                "-XMP-xmpRights:WebStatement",
                "-XMP-iptcExt:PersonInImage",
                "-XMP-dc:Creator",
                "-XMP-photoshop:DateCreated",
                "-XMP-photoshop:City",
                "-XMP-photoshop:Country",
                "-XMP-iptcCore:CountryCode",
                "-XMP-plus:DataMining",
            ],
            &written,
        );
        assert_eq!(complaints(&written), complaints(&file), "{name}");
        let expected = "Bürgermeisterin Änne Groß übergibt den Schlüssel – „Grüß Gott“ & <Prost>\n\
                        Bär & Söhne / Presse\nhttps://example.org/rechte?a=1&b=2\nÄnne Groß, Ole Dahl\n\
                        Jörg Müller\n2025:11:03 14:05:00+01:00\nFöhrwald\nDeutschland\nDEU\n\
                        http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED";
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn iim_and_exif_of_a_jpeg_say_the_same_within_their_limits() {
    let studio = Studio::new();
    let long = Description {
        credit: "Bundesverband der Süßmostkeltereien Österreichs".into(),
        caption: "ü".repeat(1500),
        ..full()
    };
    let written = written(&studio, &studio.make("a.jpg", &CORNERS), "image/jpeg", &long);
    let iim = exiftool(
        &[
            "-s3",
            "-IPTC:CodedCharacterSet",
            "-IPTC:ObjectName",
            "-IPTC:Headline",
            "-IPTC:By-line",
            "-IPTC:Keywords",
            "-IPTC:DateCreated",
            "-IPTC:TimeCreated",
            "-IPTC:CopyrightNotice",
            "-IPTC:Credit",
        ],
        &written,
    );
    assert_eq!(
        iim,
        "UTF8\nEröffnung der Süßmost-Kelterei\nEröffnung der Süßmost-Kelterei\nJörg Müller\nApfel, Süßmost\n\
         2025:11:03\n14:05:00+01:00\n© 2025 Bär & Söhne GmbH\nBundesverband der Süßmostkelte"
    );
    assert_eq!(exiftool(&["-s3", "-IPTC:Caption-Abstract"], &written), "ü".repeat(1000));
    assert_eq!(exiftool(&["-s3", "-XMP-dc:Description"], &written), "ü".repeat(1500));
    assert_eq!(exiftool(&["-s3", "-charset", "exif=utf8", "-EXIF:Artist"], &written), "Jörg Müller");
    assert_eq!(
        exiftool(&["-s3", "-charset", "exif=utf8", "-EXIF:Copyright"], &written),
        "© 2025 Bär & Söhne GmbH"
    );
    assert_eq!(complaints(&written), Vec::<String>::new());
}

#[test]
fn jpegtran_sees_no_difference() {
    let studio = Studio::new();
    for interlace in ["none", "JPEG"] {
        let file = studio.make("a.jpg", &[&CORNERS[..], &["-interlace", interlace]].concat());
        let written = written(&studio, &file, "image/jpeg", &full());
        let bare = |path: &Path| run("jpegtran", &["-copy", "none", text(path)]);
        assert_eq!(bare(&written), bare(&file));
    }
}

#[test]
fn the_compressed_picture_of_every_format_is_the_same_byte_by_byte() {
    let studio = Studio::new();
    let png = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        let chunks = crate::media::container::png::chunks(&bytes).into_iter();
        chunks.filter(|chunk| &chunk.kind == b"IDAT").flat_map(|chunk| bytes[chunk.data].to_vec()).collect()
    };
    let webp = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        let chunks = crate::media::container::riff::chunks(&bytes).into_iter();
        let picture = chunks.filter(|chunk| chunk.kind.starts_with(b"VP8") && &chunk.kind != b"VP8X");
        picture.flat_map(|chunk| bytes[chunk.data].to_vec()).collect()
    };
    type Extract<'a> = &'a dyn Fn(&Path) -> Vec<u8>;
    let cases: [(&str, &str, Extract<'_>); 2] =
        [("a.png", "image/png", &png), ("a.webp", "image/webp", &webp)];
    for (name, media_type, compressed) in cases {
        let file = studio.make(name, &CORNERS);
        let written = written(&studio, &file, media_type, &full());
        assert!(!compressed(&file).is_empty());
        assert_eq!(compressed(&written), compressed(&file), "{name}");
    }
}

#[test]
fn the_compressed_picture_of_a_jpeg_is_the_same_byte_by_byte() {
    let studio = Studio::new();
    for interlace in ["none", "JPEG"] {
        let file = studio.make("a.jpg", &[&CORNERS[..], &["-interlace", interlace]].concat());
        let scans = |path: &Path| {
            let bytes = std::fs::read(path).unwrap();
            let first = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
            bytes[first..].to_vec()
        };
        let written = written(&studio, &file, "image/jpeg", &full());
        assert_eq!(scans(&written), scans(&file));
    }
}

#[test]
fn what_other_programs_wrote_stays() {
    let studio = Studio::new();
    let file = studio.make("a.jpg", &CORNERS);
    let foreign = [
        "-overwrite_original",
        "-XMP-dc:Description=alt",
        "-XMP-dc:Description-fr=vieux",
        "-XMP-dc:Creator=A",
        "-XMP-dc:Creator=B",
        "-XMP-xmp:Rating=5",
        "-XMP-photoshop:Instructions=Sperrfrist & mehr",
        "-XMP-photoshop:CaptionWriter=Praktikant",
        "-XMP-iptcExt:LocationCreatedCity=Köln",
        "-IPTC:SpecialInstructions=Größe wählen",
        "-IPTC:Writer-Editor=Praktikant",
        "-Photoshop:URL=https://example.org/",
        "-EXIF:Model=Kamera 3",
        "-EXIF:ISO=400",
        "-EXIF:Orientation#=6",
        "-EXIF:DateTimeOriginal=2025:11:03 14:05:00",
        "-ICC_Profile<=profile",
    ];
    let profile = studio.write("adobe.icc", &moxcms::ColorProfile::new_adobe_rgb().encode().unwrap());
    let profile = format!("-ICC_Profile<={}", profile.display());
    exiftool(&[&foreign[..16], &[&profile]].concat(), &file);
    let before = read_description(&file, "image/jpeg").unwrap();
    assert_eq!(before.creator, "A, B");
    let changed = Description { credit: "Neu".into(), ..before.clone() };
    let written = written(&studio, &file, "image/jpeg", &changed);
    let told = exiftool(
        &[
            "-s3",
            "-XMP-photoshop:Credit",
            "-IPTC:Credit",
            "-XMP-dc:Description",
            "-XMP-dc:Description-fr",
            "-XMP-dc:Creator",
            "-IPTC:By-line",
            "-XMP-xmp:Rating",
            "-XMP-photoshop:Instructions",
            "-XMP-photoshop:CaptionWriter",
            "-XMP-iptcExt:LocationCreatedCity",
            "-IPTC:SpecialInstructions",
            "-IPTC:Writer-Editor",
            "-Photoshop:URL",
            "-EXIF:Model",
            "-EXIF:ISO",
            "-EXIF:Orientation#",
            "-EXIF:DateTimeOriginal",
            "-ICC_Profile:ProfileClass",
            "-Warning",
        ],
        &written,
    );
    assert_eq!(
        told,
        "Neu\nNeu\nalt\nvieux\nA, B\nA, B\n5\nSperrfrist & mehr\nPraktikant\nKöln\nGröße wählen\nPraktikant\n\
         https://example.org/\nKamera 3\n400\n6\n2025:11:03 14:05:00\nDisplay Device Profile"
    );
    let moved = Description { location: "Bonn".into(), ..before.clone() };
    let moved_file = self::written(&studio, &file, "image/jpeg", &moved);
    assert_eq!(read_description(&moved_file, "image/jpeg").unwrap().location, "Bonn");
    assert_eq!(exiftool(&["-s3", "-XMP-iptcExt:LocationCreatedCity"], &moved_file), "");
    let replaced = Description { caption: "neu".into(), ..before };
    let written = self::written(&studio, &file, "image/jpeg", &replaced);
    assert_eq!(exiftool(&["-s3", "-XMP-dc:Description", "-XMP-dc:Description-fr"], &written), "neu");
}

#[test]
fn nothing_tells_where_the_photographer_stood_or_whose_camera_it_was() {
    let studio = Studio::new();
    for (name, media_type) in FORMATS.into_iter().filter(|(name, _)| *name != "a.gif") {
        let file = studio.make(name, &CORNERS);
        let private = [
            "-overwrite_original",
            "-EXIF:GPSLatitude=48.13",
            "-EXIF:GPSLatitudeRef=N",
            "-EXIF:GPSLongitude=11.57",
            "-EXIF:GPSLongitudeRef=E",
            "-EXIF:SerialNumber=SECRET1",
            "-EXIF:LensSerialNumber=SECRET2",
            "-EXIF:CameraSerialNumber=SECRET3",
            "-EXIF:OwnerName=SECRET6",
            "-XMP-aux:OwnerName=SECRET7",
            "-XMP-microsoft:CameraSerialNumber=SECRET8",
            "-XMP-exif:GPSLatitude=48.13",
            "-XMP-aux:SerialNumber=SECRET4",
            "-XMP-exifEX:SerialNumber=SECRET5",
            "-XMP-iptcExt:LocationCreatedGPSLatitude=48.13",
            "-EXIF:Model=Kamera 3",
        ];
        exiftool(&private, &file);
        assert!(
            exiftool(&["-a", "-GPS*", "-*Serial*"], &file).contains("SECRET1"),
            "{name} has them at first"
        );
        let written = written(&studio, &file, media_type, &full());
        let found = exiftool(&["-a", "-s", "-GPS*", "-*GPS*", "-*Serial*", "-OwnerName"], &written);
        assert_eq!(found, "", "{name}");
        let bytes = std::fs::read(&written).unwrap();
        assert!(!bytes.windows(6).any(|word| word == b"SECRET"), "{name}: still in the bytes");
        assert_eq!(exiftool(&["-s3", "-EXIF:Model"], &written), "Kamera 3", "{name}");
    }
}

#[test]
fn manifests_trailers_and_stale_digests_are_not_left_broken() {
    let studio = Studio::new();
    let file = studio.make("a.jpg", &CORNERS);
    exiftool(&["-overwrite_original", "-IPTC:City=Köln", "-Photoshop:IPTCDigest=new"], &file);
    let whole = std::fs::read(&file).unwrap();
    let manifest = b"JP\0\x01\0\0\0\x01\0\0\0\x20jumb\0\0\0\x18jumdc2pa............";
    let mut signed = whole[..2].to_vec();
    signed.extend([0xFF, 0xEB]);
    signed.extend((manifest.len() as u16 + 2).to_be_bytes());
    signed.extend(manifest);
    signed.extend(&whole[2..]);
    signed.extend(b"a film with a position in it");
    let file = studio.write("signed.jpg", &signed);
    let written = written(&studio, &file, "image/jpeg", &full());
    let bytes = std::fs::read(&written).unwrap();
    assert!(!bytes.windows(4).any(|word| word == b"jumb" || word == b"film"));
    let digest = |name| exiftool(&["-s3", name], &written);
    assert_eq!(digest("-Photoshop:IPTCDigest"), digest("-CurrentIPTCDigest"));
    assert_eq!(digest("-Warning"), "");

    let manifest = studio.make("b.png", &CORNERS);
    let mut signed = std::fs::read(&manifest).unwrap();
    signed.splice(33..33, crate::media::container::png::build(*b"caBX", b"jumbjumd"));
    let manifest = studio.write("b.png", &signed);
    let written = self::written(&studio, &manifest, "image/png", &full());
    assert!(!std::fs::read(written).unwrap().windows(4).any(|word| word == b"jumb"));
}

#[test]
fn long_texts_and_lists_come_back_whole() {
    let studio = Studio::new();
    let long = Description {
        caption: "Länge „Zitat“ 漢字 😀 & <x> ".repeat(2_500).trim().to_owned(),
        usage_terms: "Nur ".repeat(20_000).trim().to_owned(),
        keywords: (0..300).map(|number| format!("Stichwörtchen {number}")).collect(),
        ..full()
    };
    assert!(long.caption.len() > 90_000);
    for (name, media_type) in FORMATS {
        let file = studio.make(name, &[&CORNERS[..], &["-strip"]].concat());
        let written = written(&studio, &file, media_type, &long);
        assert_eq!(exiftool(&["-s3", "-b", "-XMP-dc:Description"], &written), long.caption, "{name}");
        assert_eq!(exiftool(&["-s3", "-XMP-xmpRights:UsageTerms"], &written), long.usage_terms, "{name}");
        let keywords = exiftool(&["-s3", "-sep", "|", "-XMP-dc:Subject"], &written);
        assert_eq!(keywords, long.keywords.join("|"), "{name}");
        assert_eq!(read_description(&written, media_type).unwrap(), long, "{name}");
        if matches!(media_type, "image/jpeg" | "image/tiff") {
            assert_eq!(exiftool(&["-s3", "-sep", "|", "-IPTC:Keywords"], &written), keywords, "{name}");
            let caption = exiftool(&["-s3", "-IPTC:Caption-Abstract"], &written);
            assert!(caption.len() <= 2000 && caption.len() > 1990 && long.caption.starts_with(&caption));
        }
        assert_eq!(complaints(&written), complaints(&file), "{name}");
        // Short again, the same file carries no remainder of the long one.
        let short = self::written(&studio, &written, media_type, &full());
        assert_eq!(read_description(&short, media_type).unwrap(), full(), "{name}");
        assert_eq!(exiftool(&["-s3", "-HasExtendedXMP"], &short), "", "{name}");
    }
}

#[test]
fn characters_that_no_form_can_show_reach_no_file() {
    let studio = Studio::new();
    let odd = Description {
        title: "Zeile\u{0}\u{1b}[31m\u{ffff}".into(),
        caption: "eins\r\nzwei\rdrei\tvier\u{7f}".into(),
        creator: "  Jörg\u{8} ".into(),
        ..Description::default()
    };
    let written = written(&studio, &studio.make("a.jpg", &CORNERS), "image/jpeg", &odd);
    for (tags, expected) in [
        (["-XMP-photoshop:Headline", "-IPTC:Headline"], "Zeile[31m\nZeile[31m"),
        (["-XMP-dc:Creator", "-EXIF:Artist"], "Jörg\nJörg"),
    ] {
        assert_eq!(exiftool(&[&["-s3", "-charset", "exif=utf8"][..], &tags].concat(), &written), expected);
    }
    for tag in ["-XMP-dc:Description", "-IPTC:Caption-Abstract", "-EXIF:ImageDescription"] {
        assert_eq!(exiftool(&["-s3", "-b", tag], &written), "eins\nzwei\ndrei\tvier", "{tag}");
    }
}

#[test]
fn the_three_standards_agree_on_when_it_was() {
    let studio = Studio::new();
    let moments = |path: &Path| {
        exiftool(
            &[
                "-s3",
                "-XMP-photoshop:DateCreated",
                "-IPTC:DateCreated",
                "-IPTC:TimeCreated",
                "-EXIF:DateTimeOriginal",
                "-EXIF:OffsetTimeOriginal",
                "-EXIF:SubSecTimeOriginal",
            ],
            path,
        )
    };
    let file = studio.make("a.jpg", &CORNERS);
    let camera = [
        "-overwrite_original",
        "-EXIF:DateTimeOriginal=2020:01:02 03:04:05",
        "-EXIF:OffsetTimeOriginal=+02:00",
        "-EXIF:SubSecTimeOriginal=77",
    ];
    exiftool(&camera, &file);
    for (date, expected) in [
        (
            "2025-11-03T14:05:00+01:00",
            "2025:11:03 14:05:00+01:00\n2025:11:03\n14:05:00+01:00\n2025:11:03 14:05:00\n+01:00",
        ),
        (
            "2020-01-02T03:04:05+02:00",
            "2020:01:02 03:04:05+02:00\n2020:01:02\n03:04:05+02:00\n2020:01:02 03:04:05\n+02:00\n77",
        ),
        ("2020-01-02", "2020:01:02\n2020:01:02\n2020:01:02 03:04:05\n+02:00\n77"),
        ("2021-05-06", "2021:05:06\n2021:05:06"),
        ("2021", "2021\n2021:00:00"),
        ("", ""),
    ] {
        let description = Description { date_created: date.into(), ..full() };
        let written = written(&studio, &file, "image/jpeg", &description);
        assert_eq!(moments(&written), expected, "{date}");
        assert_eq!(complaints(&written), complaints(&file), "{date}");
        assert_eq!(read_description(&written, "image/jpeg").unwrap().date_created, date);
    }
}

#[test]
fn what_old_programs_wrote_is_as_valid_as_before() {
    let studio = Studio::new();
    let file = studio.make("a.jpg", &[&CORNERS[..], &["-strip"]].concat());
    exiftool(
        &["-overwrite_original", "-EXIF:ExifVersion=0220", "-EXIF:DateTimeOriginal=2020:01:02 03:04:05"],
        &file,
    );
    let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
                  xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
                  about='uuid:0daaefdb-56a2-11de-9ae7-efa9c01c3c86' xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/' \
                  crs:Version='3.7'/></rdf:RDF></x:xmpmeta>";
    let packet = studio.write("old.xmp", packet.as_bytes());
    exiftool(&["-overwrite_original", &format!("-xmp<={}", text(&packet))], &file);
    let written = written(&studio, &file, "image/jpeg", &full());
    let told = exiftool(&["-s3", "-ExifVersion", "-OffsetTimeOriginal", "-XMP-crs:Version"], &written);
    assert_eq!(told, "0231\n+01:00\n3.7");
    let new: Vec<String> = complaints(&written);
    assert_eq!(new, complaints(&file));
}

#[test]
fn a_packet_that_outgrows_its_segment_moves_what_is_not_ours() {
    let studio = Studio::new();
    let file = studio.make("a.jpg", &CORNERS);
    let history = "Schritt für Schritt. ".repeat(2_900);
    let fits = format!("-XMP-photoshop:History={history}");
    exiftool(&["-overwrite_original", "-XMP-xmp:Rating=3", &fits], &file);
    assert_eq!(exiftool(&["-s3", "-HasExtendedXMP"], &file), "", "one segment is enough at first");
    let long = Description { caption: "Länge ".repeat(1_600).trim().to_owned(), ..full() };
    let written = written(&studio, &file, "image/jpeg", &long);
    assert_eq!(exiftool(&["-s3", "-HasExtendedXMP"], &written).len(), 32);
    assert_eq!(exiftool(&["-s3", "-XMP-photoshop:History"], &written), history.trim());
    assert_eq!(exiftool(&["-s3", "-XMP-xmp:Rating", "-Warning"], &written), "3");
    assert_eq!(read_description(&written, "image/jpeg").unwrap(), long);
    // And once more, from a file that has an extension by now.
    let again = Description { caption: "Kurz".into(), ..long };
    let written = self::written(&studio, &written, "image/jpeg", &again);
    assert_eq!(exiftool(&["-s3", "-XMP-photoshop:History"], &written), history.trim());
    assert_eq!(exiftool(&["-s3", "-XMP-dc:Description", "-a", "-Warning"], &written), "Kurz");
}

#[test]
fn writing_twice_changes_nothing_more() {
    let studio = Studio::new();
    // TIFF grows by its directory each time; its text is the same.
    for (name, media_type) in FORMATS.into_iter().filter(|(name, _)| *name != "a.tif") {
        let once = written(&studio, &studio.make(name, &CORNERS), media_type, &full());
        let twice = written(&studio, &once, media_type, &full());
        assert_eq!(std::fs::read(&once).unwrap(), std::fs::read(&twice).unwrap(), "{name}");
    }
}

#[test]
fn a_field_that_was_emptied_is_empty_in_the_file() {
    let studio = Studio::new();
    for (name, media_type) in FORMATS {
        let once = written(&studio, &studio.make(name, &CORNERS), media_type, &full());
        let bare = written(&studio, &once, media_type, &Description::default());
        assert_eq!(read_description(&bare, media_type).unwrap(), Description::default(), "{name}");
        let groups = ["-XMP-dc:all", "-XMP-photoshop:all", "-XMP-plus:all", "-XMP-iptcCore:all"];
        let fields = ["-s3", "-EXIF:Artist", "-EXIF:DateTimeOriginal", "-IPTC:Credit", "-IPTC:City"];
        assert_eq!(exiftool(&[&fields[..], &groups].concat(), &bare), "", "{name}");
    }
}

#[test]
fn webp_of_every_kind_keeps_its_flags() {
    let studio = Studio::new();
    for (name, arguments) in [
        ("lossy.webp", &["-quality", "80"][..]),
        ("lossless.webp", &["-define", "webp:lossless=true"]),
        ("alpha.webp", &["-alpha", "set", "-channel", "A", "-evaluate", "set", "40%"]),
        (
            "alpha-lossless.webp",
            &["-define", "webp:lossless=true", "-alpha", "set", "-channel", "A", "-evaluate", "set", "40%"],
        ),
    ] {
        let file = studio.make(name, &[&CORNERS[..], arguments].concat());
        let written = written(&studio, &file, "image/webp", &full());
        let facts = exiftool(&["-s3", "-ImageWidth", "-ImageHeight", "-WebP_Flags"], &written);
        assert!(facts.starts_with("90\n60\n") && facts.contains("XMP"), "{name}: {facts}");
        assert_eq!(facts.contains("Alpha"), name.starts_with("alpha"), "{name}: {facts}");
        assert_eq!(pixels(&written), pixels(&file), "{name}");
    }
}

#[test]
fn every_rendition_and_the_download_carry_the_words() {
    let studio = Studio::new();
    let stored = std::fs::read(studio.make("stored.jpg", &CORNERS)).unwrap();
    let file = studio.write("photo.jpg", &with_orientation(&stored, 6));
    let request = RenderRequest { description: Some(full()), ..studio.request(&file, "image/jpeg") };
    let report = render(&request).unwrap();
    assert_eq!(report.description, Description::default(), "what the file said itself");
    for rendered in &report.renditions {
        let media_type = rendered.format.media_type();
        assert_eq!(read_description(&rendered.path, media_type).unwrap(), full(), "{}", rendered.name);
        assert_eq!(exiftool(&["-s3", "-Orientation"], &rendered.path), "", "upright already");
    }
    let credit = exiftool(&["-s3", "-IPTC:Credit"], &rendition(&report, "thumb.jpg"));
    assert_eq!(credit, "Bär & Söhne / Presse");
    let download = report.download.unwrap();
    let size = exiftool(&["-s3", "-ImageWidth", "-ImageHeight"], &download.path);
    assert_eq!(size, "90\n60", "the pixels stand as they were stored");
    assert_eq!(read_description(&download.path, "image/jpeg").unwrap(), full());
    assert_eq!(exiftool(&["-s3", "-Orientation#"], &download.path), "6", "still to be turned");
    assert!(difference(&download.path, &file) < f64::EPSILON);
}

#[test]
fn hostile_bytes_are_rewritten_or_left_but_never_panic() {
    let studio = Studio::new();
    let wanted = Wanted { description: full(), ..Wanted::default() };
    for (name, media_type) in FORMATS.into_iter().filter(|(name, _)| !name.ends_with("if")) {
        let file = studio.make(name, &CORNERS);
        exiftool(&["-overwrite_original", "-EXIF:Artist=x", "-EXIF:GPSLatitude=1", "-XMP-dc:Title=y"], &file);
        let whole = std::fs::read(&file).unwrap();
        for at in (0..whole.len()).step_by(1.max(whole.len() / 300)) {
            let mut broken = whole.clone();
            broken[at] ^= 0xFF;
            let _ = embed(&broken, media_type, &wanted);
            let _ = embed(&whole[..at], media_type, &wanted);
        }
    }
}
