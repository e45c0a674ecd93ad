use crate::media::testing::{CORNERS, Studio, exiftool, rendition, seen, text};
use crate::media::{RenderRequest, render};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[test]
fn a_photo_in_a_drawing_does_not_tell_where_it_was_taken() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &[&CORNERS[..], &["-strip"]].concat());
    let tags = ["-EXIF:GPSLatitude=48.13", "-EXIF:GPSLatitudeRef=N", "-XMP-aux:SerialNumber=SECRET"];
    exiftool(&[&["-overwrite_original"][..], &tags].concat(), &photo);
    let image = |data: &[u8], media_type: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='90' height='60'>\
             <image width='90' height='60' xlink:href='data:{media_type};base64,{}'/></svg>",
            STANDARD.encode(data)
        )
    };
    let outer = image(&std::fs::read(&photo).unwrap(), "image/jpeg");
    let nested = image(outer.as_bytes(), "image/svg+xml");
    for (name, svg, depth) in [("outer.svg", &outer, 1), ("nested.svg", &nested, 2)] {
        let file = studio.write(name, svg.as_bytes());
        let request = studio.request(&file, "image/svg+xml");
        for keeps in [false, true] {
            let request = RenderRequest { keep_camera_data: keeps, ..request.clone() };
            let report = render(&request).unwrap();
            let mut inside = std::fs::read(report.download.as_ref().unwrap().path.as_path()).unwrap();
            for _ in 0..depth {
                let drawing = String::from_utf8(inside).unwrap();
                let data = drawing.split("base64,").nth(1).unwrap().split('"').next().unwrap();
                inside = STANDARD.decode(data.trim()).unwrap();
            }
            let found = studio.write("found.jpg", &inside);
            let told = exiftool(&["-s3", "-a", "-GPSLatitude", "-SerialNumber"], &found);
            assert_eq!(told.is_empty(), !keeps, "{name}: {told}");
            assert_eq!(seen(&found).0, 90);
            assert_eq!(seen(&rendition(&report, "large.jpg")).0, 2560, "{}", text(&file));
        }
    }
}

#[test]
fn a_drawing_may_be_written_in_any_encoding() {
    let studio = Studio::new();
    let drawing = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?><svg xmlns='http://www.w3.org/2000/svg' width='40' \
             height='20'><title>Größe</title><rect id='ö' width='40' height='20' fill='#008080'/></svg>"
        )
    };
    let wide: Vec<u8> =
        format!("\u{feff}{}", drawing("UTF-16")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = drawing("ISO-8859-1").chars().map(|letter| letter as u8).collect();
    for (name, file) in [("wide.svg", wide), ("latin.svg", latin)] {
        let report = studio.render(&studio.write(name, &file), "image/svg+xml");
        let (width, _, pixels) = seen(&rendition(&report, "large.jpg"));
        let at = 3 * (100 * width + 100) as usize;
        let colour = &pixels[at..at + 3];
        assert!(
            colour.iter().zip([0, 128, 128]).all(|(is, meant)| is.abs_diff(meant) < 4),
            "{name}: {colour:?}"
        );
        let offered = std::fs::read(report.download.unwrap().path).unwrap();
        assert!(std::str::from_utf8(&offered).unwrap().contains("<svg"), "{name}");
    }
}

#[test]
fn copies_of_copies_of_copies_are_too_much() {
    let studio = Studio::new();
    let mut svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><defs><g id='a0'><rect/></g>"
        .to_owned();
    for level in 1..9 {
        let copies = format!("<use href='#a{}'/>", level - 1).repeat(8);
        svg.push_str(&format!("<g id='a{level}'>{copies}</g>"));
    }
    svg.push_str("</defs><use href='#a8'/></svg>");
    assert_eq!(studio.refusal(&studio.write("copies.svg", svg.as_bytes()), "image/svg+xml"), "too_complex");
}
