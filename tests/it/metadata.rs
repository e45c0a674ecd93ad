//! What is said about a picture stands in every one of its files, in the three notations alike, and the picture
//! itself is the same bit by bit.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, eventually, id_of, images, run, run_ok, temp_dir};

on_both_engines!(
    an_edit_reaches_every_file_in_all_three_notations,
    long_and_unusual_texts_come_back_whole,
    a_tiff_original_carries_metadata_and_keeps_its_strips,
    old_captions_are_read_in_their_own_encoding,
    where_a_photo_was_taken_stays_in_it_only_if_the_newsroom_says_so,
    where_a_film_was_taken_is_not_in_what_readers_get,
);

/// Field, its name in XMP, in IIM and in EXIF, and the longest value of IIM in bytes.
const FIELDS: [(&str, &str, &str, &str, usize); 9] = [
    ("title", "XMP-photoshop:Headline", "IPTC:Headline", "", 256),
    ("caption", "XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription", 2000),
    ("credit", "XMP-photoshop:Credit", "IPTC:Credit", "", 32),
    ("creator", "XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist", 32),
    ("copyright_notice", "XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright", 128),
    ("usage_terms", "XMP-xmpRights:UsageTerms", "", "", 0),
    ("rights_url", "XMP-xmpRights:WebStatement", "", "", 0),
    ("alt_text", "XMP-iptcCore:AltTextAccessibility", "", "", 0),
    ("digital_source_type", "XMP-iptcExt:DigitalSourceType", "", "", 0),
];

fn words() -> Value {
    json!({
        "title": "Eröffnung der „Süßmost“-Kelterei 漢字 😀",
        "caption": "Bürgermeisterin Änne Groß – „Grüß Gott“ & <Prost>",
        "alt_text": "Zwei Frauen halten einen großen Schlüssel",
        "credit": "Bundesverband der Süßmostkeltereien Österreichs",
        "copyright_notice": "© 2026 Bär & Söhne GmbH",
        "usage_terms": "Honorarfrei nur für redaktionelle Zwecke",
        "rights_url": "https://example.org/rechte?a=1&b=2",
        "creator": "Jörg Müller",
        "persons": ["Änne Groß", "Ole Dahl"],
        "keywords": ["Apfel", "Süßmost"],
        "date_created": "2026-11-03T14:05:00+01:00",
        "location": "Halle 4, Föhrwald, Deutschland",
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
        "data_mining": "DMI-PROHIBITED",
    })
}

/// Everything exiftool reads, by group and tag.
fn told(bytes: &[u8]) -> Value {
    let dir = temp_dir();
    let path = dir.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap();
    // The time zone of a date and the exact digits are what it makes nicer otherwise.
    let json =
        run_ok("exiftool", &["-json", "-G1", "-a", "-all", "-validate", "-charset", "exif=utf8", path]);
    serde_json::from_str::<Value>(&json).unwrap()[0].take()
}

/// The text of a tag that may be a list of one.
fn text(told: &Value, tag: &str) -> String {
    match &told[tag] {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[track_caller]
fn check(file: &str, bytes: &[u8], asset: &Value) {
    let told = told(bytes);
    let has_iim = file.ends_with(".jpg") || file.ends_with(".tif");
    let has_exif = !file.ends_with(".gif") && !file.ends_with(".avif");
    for (field, xmp, iim, exif, limit) in FIELDS {
        let said = asset[field].as_str().unwrap();
        assert_eq!(text(&told, xmp), said, "{file}: {field} in XMP");
        if has_iim && !iim.is_empty() {
            let cut = text(&told, iim);
            assert!(said.starts_with(&cut), "{file}: {field} in IIM: {cut}");
            // A character of four bytes may be what did not fit.
            assert!(
                cut == said || cut.len() <= limit && cut.len() + 5 > limit,
                "{file}: {field} in IIM: {cut}"
            );
        }
        if has_exif && !exif.is_empty() {
            assert_eq!(text(&told, exif), said, "{file}: {field} in EXIF");
        }
    }
    assert_eq!(told["XMP-dc:Subject"], asset["keywords"], "{file}");
    assert_eq!(told["XMP-iptcExt:PersonInImage"], asset["persons"], "{file}");
    assert_eq!(
        text(&told, "XMP-plus:DataMining"),
        "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
        "{file}"
    );
    assert_eq!(text(&told, "XMP-photoshop:DateCreated"), "2026:11:03 14:05:00+01:00", "{file}");
    let place =
        ["XMP-iptcCore:Location", "XMP-photoshop:City", "XMP-photoshop:Country", "XMP-iptcCore:CountryCode"];
    assert_eq!(place.map(|tag| text(&told, tag)), ["Halle 4", "Föhrwald", "Deutschland", "DEU"], "{file}");
    if has_iim {
        assert_eq!(told["IPTC:Keywords"], asset["keywords"], "{file}");
        assert_eq!(told["IPTC:CodedCharacterSet"], "UTF8", "{file}");
        assert_eq!(text(&told, "IPTC:DateCreated"), "2026:11:03", "{file}");
        assert_eq!(text(&told, "IPTC:TimeCreated"), "14:05:00+01:00", "{file}");
        assert_eq!(text(&told, "IPTC:City"), "Föhrwald", "{file}");
        assert_eq!(told["Photoshop:IPTCDigest"], told["File:CurrentIPTCDigest"], "{file}");
    }
    if has_exif {
        assert_eq!(text(&told, "ExifIFD:DateTimeOriginal"), "2026:11:03 14:05:00", "{file}");
        assert_eq!(text(&told, "ExifIFD:OffsetTimeOriginal"), "+01:00", "{file}");
    }
    let private: Vec<&String> = told
        .as_object()
        .unwrap()
        .keys()
        .filter(|key| key.contains("GPS") || key.contains("SerialNumber") || key.contains("OwnerName"))
        .collect();
    assert!(private.is_empty(), "{file}: {private:?}");
    assert!(told["ExifTool:Error"].is_null(), "{file}: {}", told["ExifTool:Error"]);
}

/// The download and every rendition, by their paths.
async fn files(desk: &Client, asset: &Value) -> Vec<(String, Bytes)> {
    let mut paths = vec![asset["original"]["url"].as_str().unwrap().to_owned()];
    paths.extend(
        asset["renditions"].as_array().unwrap().iter().map(|each| each["url"].as_str().unwrap().to_owned()),
    );
    let mut files = Vec::new();
    for path in paths {
        let body = desk.get(&path).await.expect(200).body;
        files.push((path, body));
    }
    files
}

async fn an_edit_reaches_every_file_in_all_three_notations(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let camera = [
        "-EXIF:GPSLatitude=48.13",
        "-EXIF:GPSLatitudeRef=N",
        "-EXIF:SerialNumber=4711",
        "-EXIF:LensSerialNumber=4712",
        "-EXIF:OwnerName=Jemand",
        "-EXIF:ISO=400",
        "-EXIF:DateTimeOriginal=2020:01:01 00:00:00",
        "-XMP-aux:SerialNumber=4711",
        "-XMP-exif:GPSLatitude=48.13",
        "-XMP-xmp:Rating=5",
        "-XMP-photoshop:Instructions=Bitte Größe nennen",
        "-IPTC:SpecialInstructions=Bitte Größe nennen",
        "-IPTC:Caption-Abstract=alt",
        "-XMP-dc:Description=auch alt",
    ];
    let original = images::tagged_jpeg(900, 600, &camera);
    let asset = desk.upload_ready("turm.jpg", original.clone(), json!({})).await;
    let path = format!("/api/v1/assets/{}", id_of(&asset));
    desk.patch(&path, words()).await.expect(200);
    let asset = desk.wait_ready(id_of(&asset)).await;
    let files = files(&desk, &asset).await;
    assert!(files.len() > 5, "{}", files.len());
    for (file, bytes) in &files {
        check(file, bytes, &asset);
    }
    // What other programs wrote about the picture stays in the print original, and its picture is untouched.
    let download = &files[0].1;
    let told = told(download);
    assert_eq!((&told["XMP-xmp:Rating"], &told["ExifIFD:ISO"]), (&json!(5), &json!(400)));
    assert_eq!(told["XMP-photoshop:Instructions"], "Bitte Größe nennen");
    assert_eq!(told["IPTC:SpecialInstructions"], "Bitte Größe nennen");
    let bare = |bytes: &[u8]| {
        let dir = temp_dir();
        let (from, to) = (dir.path().join("from.jpg"), dir.path().join("to.jpg"));
        std::fs::write(&from, bytes).unwrap();
        let arguments = ["-copy", "none", "-outfile", to.to_str().unwrap(), from.to_str().unwrap()];
        run_ok("jpegtran", &arguments);
        std::fs::read(to).unwrap()
    };
    assert_eq!(bare(download), bare(&original));
    // The uploaded bytes themselves are what was sent.
    assert_eq!(asset["size_bytes"], original.len());
}

/// A change of the setting reaches the photos that are there already; small pictures never tell.
async fn where_a_photo_was_taken_stays_in_it_only_if_the_newsroom_says_so(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let camera = ["-EXIF:GPSLatitude=48.13", "-EXIF:GPSLatitudeRef=N", "-EXIF:SerialNumber=4711"];
    let asset = desk.upload_ready("turm.jpg", images::tagged_jpeg(900, 600, &camera), json!({})).await;
    let path = format!("/api/v1/assets/{}", id_of(&asset));
    let bundle = temp_dir();
    let tells = async || {
        let asset = desk.get(&path).await.expect(200).json();
        let files = files(&desk, &asset).await;
        let tells = |bytes: &[u8]| {
            let told = told(bytes);
            told.as_object()
                .unwrap()
                .keys()
                .any(|key| key.contains("GPSLatitude") || key.contains("SerialNumber"))
        };
        for (file, bytes) in &files[1..] {
            assert!(!tells(bytes), "{file}");
        }
        tells(&files[0].1)
    };
    assert!(!tells().await);
    for keeps in [true, false] {
        std::fs::write(bundle.path().join("newsroom.toml"), format!("keep_camera_data = {keeps}\n")).unwrap();
        room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
        eventually(60.0, "the original to follow the setting", async || {
            (tells().await == keeps).then_some(())
        })
        .await;
    }
}

/// The smallest film that notes its position, as phones do.
fn film(pictures: usize) -> Vec<u8> {
    let part = |kind: &[u8], body: &[u8]| [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat();
    let position = part(b"\xA9xyz", b"\0\x12\x15\xC7+52.5123+013.4321/");
    let pictures = part(b"mdat", &b"pictures".repeat(pictures));
    [part(b"ftyp", b"isom\0\0\0\0isommp41"), pictures, part(b"moov", &part(b"udta", &position))].concat()
}

async fn where_a_film_was_taken_is_not_in_what_readers_get(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let sent = film(100_000);
    let asset = desk.upload_ready("rundgang.mp4", sent.clone(), json!({})).await;
    let release = json!({ "language": "de", "headline": "Rundgang", "body": "x", "assets": [id_of(&asset)],
        "dateline_place": "Köln", "dateline_date": "2026-11-03" });
    desk.published(release).await;
    let has_position = |film: &[u8]| film.windows(8).any(|some| some == b"+52.5123");
    let got = async |asset: &Value| {
        let address = asset["original"]["url"].as_str().unwrap().to_owned();
        server.public().get(&address).await.expect(200).body
    };
    let found = got(&asset).await;
    assert!(has_position(&sent) && !has_position(&found));
    assert_eq!(found.len(), sent.len());
    // All else is as it was sent, down to the byte.
    let differing = found.iter().zip(&sent).filter(|(found, sent)| found != sent).count();
    assert!(differing <= 4 + 22, "{differing}");
    let path = format!("/api/v1/assets/{}", id_of(&asset));
    let bundle = temp_dir();
    for keeps in [true, false] {
        std::fs::write(bundle.path().join("newsroom.toml"), format!("keep_camera_data = {keeps}\n")).unwrap();
        room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
        eventually(60.0, "the film to follow the setting", async || {
            let asset = desk.get(&path).await.expect(200).json();
            (has_position(&got(&asset).await) == keeps).then_some(())
        })
        .await;
    }
}

async fn long_and_unusual_texts_come_back_whole(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let caption = "Länge „Zitat“ 漢字 😀 & <x> ".repeat(2500).trim().to_owned();
    let keywords: Vec<String> = (0..300).map(|number| format!("Stichwörtchen {number}")).collect();
    let metadata = json!({ "caption": caption, "keywords": keywords, "credit": "a\u{1}b\u{0}c" });
    let asset = desk.upload_ready("lang.jpg", images::jpeg(500, 400, 9), metadata).await;
    for (file, bytes) in files(&desk, &asset).await {
        let told = told(&bytes);
        assert!(told["XMP-dc:Description"] == caption, "{file}");
        assert!(told["XMP-dc:Subject"] == json!(keywords), "{file}");
        assert_eq!(text(&told, "XMP-photoshop:Credit"), "abc", "{file}");
    }
    // And on the way in again, as another newsroom would get it.
    let download = desk.get(asset["original"]["url"].as_str().unwrap()).await.expect(200).body;
    let again = desk.upload_ready("wieder.jpg", download, json!({})).await;
    assert!(again["caption"] == caption, "{} bytes", again["caption"].as_str().unwrap().len());
    assert!(again["keywords"] == json!(keywords));
}

async fn a_tiff_original_carries_metadata_and_keeps_its_strips(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let original = images::picture("tiff", 700, 500, 3);
    let asset = desk.upload_ready("druck.tif", original.clone(), words()).await;
    let files = files(&desk, &asset).await;
    for (file, bytes) in &files {
        check(file, bytes, &asset);
    }
    let dir = temp_dir();
    let (before, after) = (dir.path().join("before.tif"), dir.path().join("after.tif"));
    std::fs::write(&before, &original).unwrap();
    std::fs::write(&after, &files[0].1).unwrap();
    let compared = run("tiffcmp", &["-t", before.to_str().unwrap(), after.to_str().unwrap()]);
    assert_eq!(compared.code, 0, "{}{}", compared.stdout, compared.stderr);
}

async fn old_captions_are_read_in_their_own_encoding(room: &Newsroom) {
    let server = room.start().await;
    for charset in ["iptc=Latin", "iptc=MacRoman"] {
        let dir = temp_dir();
        let file = dir.path().join("alt.jpg");
        std::fs::write(&file, images::jpeg(300, 200, 7)).unwrap();
        let fields = ["-IPTC:Caption-Abstract=Süße Äpfel für Föhrwald", "-IPTC:Credit=Bär/Söhne"];
        let arguments = ["-q", "-overwrite_original", "-charset", charset, file.to_str().unwrap()];
        run_ok("exiftool", &[&fields[..], &arguments].concat());
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(4).any(|word| word == &"Süß".as_bytes()[..4]), "not in UTF-8");
        let asset = server.desk().upload_ready("alt.jpg", bytes, json!({})).await;
        assert_eq!(asset["caption"], "Süße Äpfel für Föhrwald", "{charset}");
        assert_eq!(asset["credit"], "Bär/Söhne", "{charset}");
        let download = server.desk().get(asset["original"]["url"].as_str().unwrap()).await.expect(200).body;
        assert_eq!(text(&told(&download), "IPTC:Caption-Abstract"), "Süße Äpfel für Föhrwald", "{charset}");
    }
}
