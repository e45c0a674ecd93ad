//! Positions and serial numbers in places that programs read although no standard names them.

use super::{Wanted, embed};
use crate::domain::asset::Description;
use crate::media::container::{jpeg, png, riff};
use crate::media::testing::{CORNERS, Studio, exiftool, run, text, with_orientation};
use std::path::{Path, PathBuf};

fn words() -> Wanted {
    let description = Description { caption: "Hallo".into(), ..Description::default() };
    Wanted { description, ..Wanted::default() }
}

fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    [&[0xFF, marker][..], &(payload.len() as u16 + 2).to_be_bytes(), &payload].concat()
}

fn plain(studio: &Studio, name: &str) -> Vec<u8> {
    std::fs::read(studio.make(name, &[&CORNERS[..], &["-strip"]].concat())).unwrap()
}

/// A block with a position and a serial number, as exiftool writes it.
fn exif_block(studio: &Studio) -> Vec<u8> {
    let file = studio.make("tagged.jpg", &[&CORNERS[..], &["-strip"]].concat());
    let tags = ["-EXIF:GPSLatitude=48.13", "-EXIF:GPSLatitudeRef=N", "-EXIF:SerialNumber=SECRET1"];
    exiftool(&[&["-overwrite_original"][..], &tags].concat(), &file);
    run("exiftool", &["-b", "-Exif", text(&file)])
}

fn packet(declared: &str, said: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" {declared} {said}/></rdf:RDF></x:xmpmeta>"
    )
}

fn written(studio: &Studio, file: &[u8], name: &str, media_type: &str) -> (Vec<u8>, PathBuf) {
    let bytes = embed(file, media_type, &words()).unwrap();
    let path = studio.write(&format!("written-{name}"), &bytes);
    (bytes, path)
}

fn private(path: &Path) -> String {
    exiftool(&["-a", "-G1", "-s", "-*Latitude*", "-*Longitude*", "-*Longtitude*", "-*SerialNumber*"], path)
}

fn holds(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|some| some == text.as_bytes())
}

#[test]
fn the_position_of_a_drone_goes_in_the_words_of_its_maker() {
    let studio = Studio::new();
    let said = packet(
        "xmlns:d=\"http://www.dji.com/drone-dji/1.0/\" xmlns:dwc=\"http://rs.tdwg.org/dwc/index.htm\" \
         xmlns:geo=\"http://www.w3.org/2003/01/geo/wgs84_pos#\" xmlns:exifEX=\"http://cipa.jp/exif/1.0/\"",
        "d:Latitude=\"+52.512345\" d:Longitude=\"+13.432100\" d:GpsLongtitude=\"+13.432100\" \
         d:GimbalYawDegree=\"+17.30\" dwc:decimalLatitude=\"52.512345\" geo:lat=\"52.512345\" geo:long=\"13.4321\" \
         exifEX:ISOSpeedLatitudeyyy=\"200\"",
    );
    let photo = plain(&studio, "a.jpg");
    let packet = segment(jpeg::APP1, &[jpeg::XMP_NAME, said.as_bytes()]);
    let file = [&photo[..2], &packet, &photo[2..]].concat();
    assert!(private(&studio.write("drone.jpg", &file)).contains("52.5"), "the scene is set");
    let (bytes, path) = written(&studio, &file, "drone.jpg", "image/jpeg");
    assert!(!holds(&bytes, "52.51") && !holds(&bytes, "13.43"), "{}", private(&path));
    let rest = exiftool(&["-s3", "-GimbalYawDegree", "-ISOSpeedLatitudeyyy"], &path);
    assert_eq!(rest, "+17.30\n200", "what is no position stays");
}

#[test]
fn blocks_of_a_jpeg_under_almost_the_right_name_are_left_out() {
    let studio = Studio::new();
    let photo = plain(&studio, "a.jpg");
    let exif = exif_block(&studio);
    let xmp = packet(
        "xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:aux=\"http://ns.adobe.com/exif/1.0/aux/\"",
        "exif:GPSLatitude=\"52,30.7N\" aux:SerialNumber=\"SECRET2\"",
    );
    let xmp = xmp.as_bytes();
    let cases: [(&str, Vec<u8>); 6] = [
        ("ff.jpg", segment(0xE1, &[b"Exif\0\xFF", &exif])),
        ("upper.jpg", segment(0xE1, &[b"EXIF\0\0", &exif])),
        ("before.jpg", segment(0xE1, &[b"\0\0Exif\0\0", &exif])),
        ("no-zero.jpg", segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/", xmp])),
        ("bare.jpg", segment(0xE1, &[xmp])),
        ("behind.jpg", Vec::new()),
    ];
    for (name, block) in cases {
        let file = [&photo[..2], &block, &photo[2..]].concat();
        let late = segment(0xE1, &[b"Exif\0\0", &exif]);
        // Between the last scan and the end of the picture.
        let file =
            if block.is_empty() { [&photo[..photo.len() - 2], &late, &[0xFF, 0xD9]].concat() } else { file };
        let sent = studio.write(name, &file);
        let (bytes, path) = written(&studio, &file, name, "image/jpeg");
        assert!(!holds(&bytes, "SECRET"), "{name}");
        assert_eq!(private(&path), "", "{name}");
        assert_eq!(exiftool(&["-s3", "-XMP-dc:Description"], &path), "Hallo", "{name}");
        assert_eq!(super::tests::pixels(&path), super::tests::pixels(&sent), "{name}");
        let kept = embed(&file, "image/jpeg", &Wanted { keeps_private: true, ..words() }).unwrap();
        assert!(holds(&kept, "SECRET"), "{name}: the organisation wants it to stay");
    }
}

#[test]
fn a_picture_is_turned_by_exif_whose_name_is_padded_otherwise() {
    let studio = Studio::new();
    let mut file = with_orientation(&plain(&studio, "a.jpg"), 6);
    let at = file.windows(6).position(|some| some == b"Exif\0\0").unwrap();
    file[at + 5] = 0xFF;
    let report = studio.render(&studio.write("turned.jpg", &file), "image/jpeg");
    let seen = report.seen.unwrap();
    assert_eq!((seen.width, seen.height), (60, 90));
}

#[test]
fn chunks_of_a_png_that_name_a_position_are_left_out() {
    let studio = Studio::new();
    let photo = plain(&studio, "a.png");
    let exif = exif_block(&studio);
    let squeezed = [&[0, 0, 0, 0, exif.len() as u8][..], &exif].concat();
    for (name, chunk) in [
        ("squeezed.png", png::build(*b"zxIf", &[&squeezed[..], b"SECRET3"].concat())),
        ("whole.png", png::build(*b"tEXt", b"GPSLatitude\0SECRET 52 deg")),
        ("drone.png", png::build(*b"tEXt", b"drone-dji:Longtitude\0SECRET 13 deg")),
        ("point.png", png::build(*b"tEXt", b"geo:lat\0SECRET 52")),
    ] {
        // Behind the header.
        let file = [&photo[..33], &chunk, &photo[33..]].concat();
        let (bytes, path) = written(&studio, &file, name, "image/png");
        assert!(!holds(&bytes, "SECRET"), "{name}");
        assert_eq!(private(&path), "", "{name}");
    }
}

#[test]
fn chunks_of_a_webp_in_other_letters_are_left_out() {
    let studio = Studio::new();
    let photo = plain(&studio, "a.webp");
    let exif = exif_block(&studio);
    let packet = packet("xmlns:aux=\"http://ns.adobe.com/exif/1.0/aux/\"", "aux:SerialNumber=\"SECRET4\"");
    for (kind, data) in [(*b"exif", &exif[..]), (*b"XMP\0", packet.as_bytes())] {
        let mut file = photo.clone();
        riff::push(&mut file, kind, data);
        let length = (file.len() as u32 - 8).to_le_bytes();
        file[4..8].copy_from_slice(&length);
        let (bytes, _) = written(&studio, &file, "a.webp", "image/webp");
        assert!(!holds(&bytes, "SECRET"), "{kind:?}");
    }
}
