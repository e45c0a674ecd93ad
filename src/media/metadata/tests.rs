use super::read_description;
use crate::domain::asset::Description;
use crate::media::testing::{Studio, exiftool, run, text};
use std::path::Path;

const MEDIA: [(&str, &str); 4] =
    [("a.jpg", "image/jpeg"), ("a.png", "image/png"), ("a.webp", "image/webp"), ("a.tif", "image/tiff")];

fn blank(studio: &Studio, name: &str) -> std::path::PathBuf {
    studio.make(name, &["-size", "16x16", "xc:teal"])
}

fn read(path: &Path, media_type: &str) -> Description {
    read_description(path, media_type).unwrap()
}

#[test]
fn xmp_of_every_format_fills_every_field() {
    let studio = Studio::new();
    for (name, media_type) in MEDIA {
        let file = blank(&studio, name);
        let written = [
            "-overwrite_original",
            "-XMP-photoshop:Headline=Eröffnung der Kelterei",
            "-XMP-dc:Title=IMG_0815",
            "-XMP-dc:Description=Bürgermeisterin Änne Groß: „Grüß Gott“",
            "-XMP-dc:Description-fr=Madame la maire",
            "-XMP-photoshop:Credit=Bär & Söhne / Presse",
            "-XMP-dc:Creator=Jörg Müller",
            "-XMP-dc:Creator=Anna Ek",
            "-XMP-photoshop:CaptionWriter=Praktikant",
            "-XMP-dc:Rights=© 2025 Bär & Söhne",
            "-XMP-xmpRights:UsageTerms=Honorarfrei bei Namensnennung",
            "-XMP-xmpRights:WebStatement=https://example.org/rechte",
            "-XMP-iptcExt:PersonInImage=Änne Groß",
            "-XMP-iptcExt:PersonInImage=Ole Dahl",
            "-XMP-dc:Subject=Apfel",
            "-XMP-dc:Subject=Saft",
            "-XMP-photoshop:DateCreated=2025:11:03 14:05:00+01:00",
            "-XMP-iptcCore:Location=Halle 4",
            "-XMP-photoshop:City=Föhrwald",
            "-XMP-photoshop:State=Bayern",
            "-XMP-photoshop:Country=Deutschland",
            "-XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
        ];
        exiftool(&written, &file);
        let expected = Description {
            title: "Eröffnung der Kelterei".into(),
            caption: "Bürgermeisterin Änne Groß: „Grüß Gott“".into(),
            alt_text: String::new(),
            credit: "Bär & Söhne / Presse".into(),
            copyright_notice: "© 2025 Bär & Söhne".into(),
            usage_terms: "Honorarfrei bei Namensnennung".into(),
            rights_url: "https://example.org/rechte".into(),
            creator: "Jörg Müller, Anna Ek".into(),
            persons: vec!["Änne Groß".into(), "Ole Dahl".into()],
            keywords: vec!["Apfel".into(), "Saft".into()],
            date_created: "2025-11-03T14:05:00+01:00".into(),
            location: "Halle 4, Föhrwald, Bayern, Deutschland".into(),
            digital_source_type: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture".into(),
            data_mining: String::new(),
        };
        assert_eq!(read(&file, media_type), expected, "{name}");
    }
}

#[test]
fn alternative_text_has_its_own_field_and_is_never_made_up() {
    let studio = Studio::new();
    // This exiftool is older than the property, so the packet is written by hand.
    let packet = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
        xmlns:c="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"><c:AltTextAccessibility><rdf:Alt>
        <rdf:li xml:lang="x-default">Eine Frau hält einen Apfel</rdf:li></rdf:Alt>
        </c:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>"#;
    let packet = studio.write("packet.xmp", packet.as_bytes());
    for (name, media_type) in MEDIA {
        let file = blank(&studio, name);
        exiftool(&["-overwrite_original", &format!("-XMP<={}", packet.display())], &file);
        let description = read(&file, media_type);
        assert_eq!(description.alt_text, "Eine Frau hält einen Apfel", "{name}");
        assert_eq!(description.caption, "");
    }
}

#[test]
fn iim_alone_is_enough_in_either_encoding() {
    let studio = Studio::new();
    for (name, media_type) in [("a.jpg", "image/jpeg"), ("a.tif", "image/tiff")] {
        for charset in [&["-IPTC:CodedCharacterSet=UTF8"][..], &["-charset", "iptc=Latin"]] {
            let file = blank(&studio, name);
            let written = [
                "-overwrite_original",
                "-IPTC:ObjectName=Apfeltag",
                "-IPTC:Caption-Abstract=Größe und Süße",
                "-IPTC:Credit=Bär & Söhne",
                "-IPTC:Writer-Editor=Praktikant",
                "-IPTC:By-line=Jörg Müller",
                "-IPTC:CopyrightNotice=© Bär",
                "-IPTC:Keywords=Apfel",
                "-IPTC:Keywords=Saft",
                "-IPTC:DateCreated=2025:11:03",
                "-IPTC:TimeCreated=14:05:00+01:00",
                "-IPTC:City=Berlin",
                "-IPTC:Province-State=Berlin",
                "-IPTC:Country-PrimaryLocationName=Deutschland",
            ];
            exiftool(&[charset, &written[..]].concat(), &file);
            let expected = Description {
                title: "Apfeltag".into(),
                caption: "Größe und Süße".into(),
                credit: "Bär & Söhne".into(),
                creator: "Jörg Müller".into(),
                copyright_notice: "© Bär".into(),
                keywords: vec!["Apfel".into(), "Saft".into()],
                date_created: "2025-11-03T14:05:00+01:00".into(),
                location: "Berlin, Deutschland".into(),
                ..Description::default()
            };
            assert_eq!(read(&file, media_type), expected, "{name} {charset:?}");
        }
    }
}

#[test]
fn exif_alone_is_enough_and_comes_last() {
    let studio = Studio::new();
    for (name, media_type) in MEDIA {
        let file = blank(&studio, name);
        let written = [
            "-overwrite_original",
            "-charset",
            "exif=utf8",
            "-EXIF:ImageDescription=Über allem",
            "-EXIF:Artist=Jörg Müller",
            "-EXIF:Copyright=© Bär",
            "-EXIF:DateTimeOriginal=2025:11:03 14:05:00",
            "-EXIF:OffsetTimeOriginal=+01:00",
        ];
        exiftool(&written, &file);
        let description = read(&file, media_type);
        assert_eq!(description.caption, "Über allem", "{name}");
        assert_eq!(description.creator, "Jörg Müller", "{name}");
        assert_eq!(description.copyright_notice, "© Bär", "{name}");
        assert_eq!(description.date_created, "2025-11-03T14:05:00+01:00", "{name}");
        assert_eq!(description.credit, "");
    }
    let file = blank(&studio, "b.jpg");
    let written = [
        "-overwrite_original",
        "-EXIF:ImageDescription=from EXIF",
        "-EXIF:Artist=from EXIF",
        "-EXIF:Copyright=from EXIF",
        "-IPTC:Caption-Abstract=from IIM",
        "-IPTC:By-line=from IIM",
        "-XMP-dc:Description=from XMP",
    ];
    exiftool(&written, &file);
    let description = read(&file, "image/jpeg");
    assert_eq!(description.caption, "from XMP");
    assert_eq!(description.creator, "from IIM");
    assert_eq!(description.copyright_notice, "from EXIF");
}

#[test]
fn what_a_camera_writes_by_itself_is_no_caption() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    exiftool(&["-overwrite_original", "-EXIF:ImageDescription=OLYMPUS DIGITAL CAMERA         "], &file);
    assert_eq!(read(&file, "image/jpeg"), Description::default());
}

#[test]
fn a_packet_too_long_for_one_segment_is_joined() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    let long = "Lange Geschichte. ".repeat(4_500);
    exiftool(
        &["-overwrite_original", "-XMP-dc:Subject=Apfel", &format!("-XMP-dc:Description={long}")],
        &file,
    );
    assert_eq!(
        exiftool(&["-s3", "-XMP-xmpNote:HasExtendedXMP"], &file).len(),
        32,
        "it is an extended packet"
    );
    let description = read(&file, "image/jpeg");
    assert_eq!(description.caption, long.trim());
    assert_eq!(description.keywords, ["Apfel"]);
}

#[test]
fn compressed_and_plain_text_chunks_of_png_are_read() {
    let studio = Studio::new();
    let file = blank(&studio, "a.png");
    exiftool(&["-overwrite_original", "-z", "-XMP-dc:Description=Über allem"], &file);
    assert_eq!(read(&file, "image/png").caption, "Über allem");
    let file =
        studio.make("b.png", &["-size", "8x8", "xc:red", "-set", "Title", "Apfel", "-set", "Author", "Ek"]);
    let description = read(&file, "image/png");
    assert_eq!((&*description.title, &*description.creator), ("Apfel", "Ek"));
}

#[test]
fn metadata_of_any_brokenness_is_as_good_as_none() {
    let studio = Studio::new();
    for (name, media_type) in MEDIA {
        let file = blank(&studio, name);
        let written =
            ["-overwrite_original", "-EXIF:ImageDescription=x", "-IPTC:City=y", "-XMP-dc:Description=a & b"];
        exiftool(&written[..if name == "a.webp" || name == "a.png" { 2 } else { 4 }], &file);
        let whole = std::fs::read(&file).unwrap();
        // Every byte once inverted, in steps that keep the test short: nothing may panic or hang.
        for at in (0..whole.len()).step_by(1.max(whole.len() / 400)) {
            let mut broken = whole.clone();
            broken[at] ^= 0xFF;
            read(&studio.write("broken", &broken), media_type);
            read(&studio.write("broken", &whole[..at]), media_type);
        }
    }
}

#[test]
fn an_address_that_is_none_is_not_taken_over() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    exiftool(&["-overwrite_original", "-XMP-xmpRights:WebStatement=javascript:alert(1)"], &file);
    assert_eq!(read(&file, "image/jpeg").rights_url, "");
}

#[test]
fn a_program_that_knows_iim_alone_had_the_last_word() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    let both = [
        "-overwrite_original",
        "-XMP-dc:Description=aus XMP",
        "-XMP-photoshop:Credit=Agentur",
        "-XMP-photoshop:City=Köln",
        "-XMP-dc:Subject=eins",
        "-IPTC:CodedCharacterSet=UTF8",
        "-IPTC:Caption-Abstract=aus IIM",
        "-IPTC:City=Bonn",
        "-IPTC:Keywords=zwei",
    ];
    exiftool(&both, &file);
    assert_eq!(read(&file, "image/jpeg").caption, "aus XMP", "no digest: XMP");
    exiftool(&["-overwrite_original", "-Photoshop:IPTCDigest=new"], &file);
    let read_as = |expected: [&str; 4]| {
        let found = read(&file, "image/jpeg");
        assert_eq!([&*found.caption, &found.credit, &found.location, &found.keywords.join(",")], expected);
    };
    read_as(["aus XMP", "Agentur", "Köln", "eins"]);
    exiftool(&["-overwrite_original", "-IPTC:Caption-Abstract=später geändert"], &file);
    read_as(["später geändert", "Agentur", "Bonn", "zwei"]);

    // What IIM had to cut is not a change.
    let long = "Ein langer Satz. ".repeat(200);
    let cut: String = long.chars().take(2000).collect();
    let texts = [format!("-XMP-dc:Description={long}"), format!("-IPTC:Caption-Abstract={cut}")];
    exiftool(&["-overwrite_original", &texts[0], &texts[1], "-Photoshop:IPTCDigest=new"], &file);
    exiftool(&["-overwrite_original", "-IPTC:City=Trier"], &file);
    read_as([long.trim(), "Agentur", "Trier", "zwei"]);
}

#[test]
fn what_xmp_says_of_a_place_is_completed_from_iim() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    let both = [
        "-overwrite_original",
        "-XMP-photoshop:City=Köln",
        "-IPTC:CodedCharacterSet=UTF8",
        "-IPTC:City=Bonn",
        "-IPTC:Sub-location=Markt",
        "-IPTC:Country-PrimaryLocationName=Deutschland",
    ];
    exiftool(&both, &file);
    assert_eq!(read(&file, "image/jpeg").location, "Markt, Köln, Deutschland");
}

#[test]
fn a_mac_of_the_last_century_is_understood() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    let written = [
        "-overwrite_original",
        "-charset",
        "iptc=MacRoman",
        "-IPTC:Caption-Abstract=Süßes für Äpfel",
        "-IPTC:By-line=Jörg Müller",
    ];
    exiftool(&written, &file);
    let description = read(&file, "image/jpeg");
    assert_eq!((&*description.caption, &*description.creator), ("Süßes für Äpfel", "Jörg Müller"));
}

/// Captions as agencies in all of Europe sent them for decades, of which nothing tells the encoding.
#[test]
fn unmarked_captions_of_other_languages_are_read_in_their_own_letters() {
    let studio = Studio::new();
    for (charset, caption, creator) in [
        ("Latin", "Größe und Süße: Bürgermeister Weiß öffnet die Kelterei „Äpfel“", "Jörg Müller"),
        ("Latin", "Château de Besançon : l’été où Noël est reçu à l’école, cœur brûlé", "Hélène Lefèvre"),
        ("Latin", "Søren Kjærgård møder João Simões, Íñigo Peña, Özil und Citroën", "Jørgen Åkesson"),
        ("Latin", "Ein Café", "Muster"),
        ("Latin2", "Prezydent Łodzi otwiera wystawę w Gdańsku", "Wałęsa"),
        ("Latin2", "Prezydent Łodzi", "Muster"),
        ("Latin2", "Starosta Jiří Řezníček otevřel výstavu v Plzni", "Dvořák"),
        ("Latin2", "Orbán Viktor miniszterelnök beszéde Győrben a jövőről", "Kovács"),
        ("Latin2", "Luka Modrić slavi u Šibeniku, Đoković čestita", "Muster"),
        ("Cyrillic", "Президент открывает выставку в Москве", "Иван Петров"),
        ("Cyrillic", "Виставка в Києві", "Фото"),
        ("MacRoman", "Größe und Süße: Bürgermeister Weiß öffnet die Kelterei „Äpfel“", "Jörg Müller"),
    ] {
        let file = blank(&studio, "a.jpg");
        let written = [
            "-overwrite_original",
            "-charset",
            &format!("iptc={charset}"),
            &format!("-IPTC:Caption-Abstract={caption}"),
            &format!("-IPTC:By-line={creator}"),
        ];
        exiftool(&written, &file);
        let read = read(&file, "image/jpeg");
        assert_eq!((&*read.caption, &*read.creator), (caption, creator), "{charset}");
        // What goes out says its encoding, and other programs read the same.
        let out = studio.render(&file, "image/jpeg").download.unwrap().path;
        let seen = exiftool(&["-s3", "-IPTC:CodedCharacterSet", "-IPTC:Caption-Abstract"], &out);
        assert_eq!(seen, format!("UTF8\n{caption}"), "{charset}");
    }
}

#[test]
fn a_named_encoding_is_believed_and_an_unnamed_one_of_unix_is_found() {
    let studio = Studio::new();
    for (encoding, mark, caption) in [
        ("ISO-8859-2", "ESC - B", "Džem"),
        ("ISO-8859-2", "ESC . B", "Zażółć gęślą jaźń"),
        ("WINDOWS-1250", "ESC - B", "„Šťastný“ kůň"),
        ("ISO-8859-5", "ESC - L", "Мир"),
        ("ISO-8859-9", "ESC - M", "Şişli"),
        ("ISO-8859-15", "ESC - b", "5 € für Œuvre"),
        ("ISO-8859-1", "ESC . A", "Köln"),
        ("ISO-8859-2", "", "Zażółć gęślą jaźń w Gdańsku"),
        ("ISO-8859-2", "", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
        ("KOI8-R", "", "Выставка в Москве"),
    ] {
        let utf8 = studio.write("caption.utf8", caption.as_bytes());
        let raw = studio.write("caption", &run("iconv", &["-f", "UTF-8", "-t", encoding, text(&utf8)]));
        let file = blank(&studio, "a.jpg");
        let value = format!("-IPTC:Caption-Abstract<={}", raw.display());
        let coded = format!("-IPTC:CodedCharacterSet={mark}");
        // Both of its sides in one encoding: the bytes go in as they are.
        let plain = ["-q", "-m", "-overwrite_original", "-charset", "Latin", "-charset", "iptc=Latin"];
        run("exiftool", &[&plain[..], &[&coded, &value, text(&file)]].concat());
        assert_eq!(read(&file, "image/jpeg").caption, caption, "{encoding} {mark}");
    }
}

#[test]
fn persons_with_details_are_persons() {
    let studio = Studio::new();
    let file = blank(&studio, "a.jpg");
    let details = [
        "-overwrite_original",
        "-struct",
        "-XMP-iptcExt:PersonInImageWDetails=[{PersonName=Änne Groß},{PersonName=Ole Dahl}]",
    ];
    exiftool(&details, &file);
    assert_eq!(read(&file, "image/jpeg").persons, ["Änne Groß", "Ole Dahl"]);
}

/// Chunks put in front of the picture of a PNG file.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    let at = png.windows(4).position(|piece| piece == b"IDAT").unwrap() - 4;
    [&png[..at], &chunks.concat(), &png[at..]].concat()
}

#[test]
fn the_older_places_of_png_are_looked_into_and_cleared() {
    use crate::media::container::png;
    use std::io::Write;
    let studio = Studio::new();
    let plain = std::fs::read(blank(&studio, "a.png")).unwrap();
    let mut deflated =
        flate2::write::ZlibEncoder::new(b"author\0\0".to_vec(), flate2::Compression::default());
    deflated.write_all("Jörg Müller".as_bytes()).unwrap();
    let zipped = png::build(*b"zTXt", &deflated.finish().unwrap());
    let iim = [b"\x1c\x02\x6e\0\x0a".as_slice(), b"B\xe4r & Sohn", b"\x1c\x02\x37\0\x0a2025-11-03"];
    let iim = [&iim.concat()[..], b"\x1c\x02\x28\0\x0fNicht f\xfcr Titel"].concat();
    let kept = format!(
        "Raw profile type iptc\0\niptc\n{:8}\n{}\n{}\n",
        iim.len(),
        hex::encode(&iim[..9]),
        hex::encode(&iim[9..])
    );
    let raw = png::build(*b"tEXt", kept.as_bytes());
    let packet = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
                  <rdf:Description xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" photoshop:Headline=\"Föhr\" \
                  photoshop:Source=\"Archiv\"/></rdf:RDF></x:xmpmeta>";
    let xmp = png::build(*b"tEXt", format!("XML:com.adobe.xmp\0{packet}").as_bytes());
    let file = studio.write("b.png", &with_chunks(&plain, &[zipped, raw, xmp]));
    let description = read(&file, "image/png");
    assert_eq!(description.creator, "Jörg Müller");
    assert_eq!(description.credit, "Bär & Sohn");
    assert_eq!(description.date_created, "2025-11-03");
    assert_eq!(description.title, "Föhr");
    // What is written anew stands in one place only, and what others wrote there stays.
    let report = studio.render(&file, "image/png");
    let download = report.download.unwrap().path;
    let told = exiftool(
        &[
            "-s3",
            "-a",
            "-XMP-photoshop:Headline",
            "-XMP-photoshop:Source",
            "-IPTC:Credit",
            "-IPTC:SpecialInstructions",
        ],
        &download,
    );
    assert_eq!(told, "Föhr\nArchiv\nNicht für Titel");
}

#[test]
fn a_description_ends_where_it_says() {
    let studio = Studio::new();
    let mut jpeg = std::fs::read(blank(&studio, "a.jpg")).unwrap();
    // One field of ten bytes, whose text ends after three.
    let mut exif =
        b"\xff\xe1\0\x2cExif\0\0II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0\x0a\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    exif.extend(b"Bug\0@W*U*Q");
    jpeg.splice(2..2, exif);
    assert_eq!(read(&studio.write("b.jpg", &jpeg), "image/jpeg").caption, "Bug");
}
