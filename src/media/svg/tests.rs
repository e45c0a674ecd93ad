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

fn ink(file: &std::path::Path, whole: [f64; 4]) -> usize {
    let (width, height, pixels) = seen(file);
    let [left, top, right, bottom] = whole;
    let (x, y) = (
        (f64::from(width) * left) as u32..(f64::from(width) * right) as u32,
        (f64::from(height) * top) as u32..(f64::from(height) * bottom) as u32,
    );
    y.flat_map(|y| x.clone().map(move |x| 3 * (y * width + x) as usize))
        .filter(|at| pixels[*at] < 128)
        .count()
}

/// One rendition and the download: the other rungs show the same.
fn first_only(studio: &Studio, file: &std::path::Path) -> crate::media::RenderReport {
    let mut request = studio.request(file, "image/svg+xml");
    request.make.retain(|order| order.name == "large" && order.recipe.starts_with("jpeg-quick"));
    render(&request).unwrap()
}

/// In the upper half stands a word; the lower one is empty.
fn labelled(attributes: &str, word: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='200'><rect width='400' height='200' fill='#fff'/>\
         <text x='20' y='80' font-size='60' {attributes}>{word}</text></svg>"
    )
}

#[test]
fn words_are_drawn_whatever_their_font_is_called() {
    let studio = Studio::new();
    for family in [
        "",
        "font-family='Arial'",
        "font-family='Helvetica, Arial, sans-serif'",
        "font-family='serif'",
        "font-family='monospace'",
        "font-family='No Such Font'",
        "font-family='Times New Roman' font-weight='bold' font-style='italic'",
    ] {
        let svg = labelled(family, "Umsatz");
        let nested = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='200'><image width='400' height='200' \
             href='data:image/svg+xml;base64,{}'/></svg>",
            STANDARD.encode(&svg)
        );
        let prefixed = svg
            .replace("<svg xmlns", "<s:svg xmlns:s")
            .replace("<text", "<s:text")
            .replace("</text", "</s:text")
            .replace("<rect", "<s:rect")
            .replace("</svg", "</s:svg");
        for (name, drawing) in [("plain.svg", &svg), ("nested.svg", &nested), ("prefixed.svg", &prefixed)] {
            let file = studio.write(name, drawing.as_bytes());
            let report = first_only(&studio, &file);
            let large = rendition(&report, "large.jpg");
            assert!(ink(&large, [0.0, 0.0, 1.0, 0.5]) > 10_000, "{name} {family}");
            assert_eq!(ink(&large, [0.0, 0.55, 1.0, 1.0]), 0, "{name} {family}");
            // What is offered shows the same, also to another program.
            let offered = report.download.unwrap().path;
            let again = rendition(&first_only(&studio, &offered), "large.jpg");
            assert!(ink(&again, [0.0, 0.0, 1.0, 0.5]) > 10_000, "{name} {family}");
        }
    }
}

#[test]
fn the_offered_drawing_keeps_its_words_as_text() {
    let studio = Studio::new();
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='600' \
               height='200' onload='alert(1)'><script>alert(2)</script><defs><path id='p' d='M20 150 H500'/></defs>\
               <a xlink:href='javascript:alert(3)'><text x='300' y='60' text-anchor='middle' font-size='30' \
               font-family='Helvetica, Arial' fill='#036'>Umsatz &amp; Ertrag &lt;2025&gt; \
               <tspan font-weight='bold' dy='5'>€ fett</tspan></text></a>\
               <text font-size='20'><textPath xlink:href='#p'>auf dem Weg</textPath></text></svg>";
    let file = studio.write("chart.svg", svg.as_bytes());
    let offered =
        std::fs::read_to_string(studio.render(&file, "image/svg+xml").download.unwrap().path).unwrap();
    for gone in ["alert", "script", "onload"] {
        assert!(!offered.contains(gone), "{offered}");
    }
    let parsed = resvg::usvg::roxmltree::Document::parse(&offered).unwrap();
    let words: String =
        parsed.root().descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect();
    for said in ["Umsatz & Ertrag <2025>", "€ fett", "auf dem Weg"] {
        assert!(words.contains(said), "{said}: {offered}");
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_in_words() {
    let studio = Studio::new();
    let embedded = |media_type: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image width='9' height='9' \
             href='data:{media_type};base64,AAAA'/></svg>"
        )
    };
    for (name, svg, reason) in [
        (
            "zero.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='9'/>".to_owned(),
            "has no size",
        ),
        ("inner.svg", embedded("image/avif"), "(image/avif)"),
        // Gothic, of which no font of any system knows the last sign.
        ("letters.svg", labelled("", "\u{1E921}\u{1047C}\u{16A40}\u{1E2C3}\u{16AC1}"), "text into paths"),
    ] {
        let file = studio.write(name, svg.as_bytes());
        let error = render(&studio.request(&file, "image/svg+xml")).unwrap_err();
        assert_eq!(error.code(), "unsupported_format", "{name}");
        assert!(error.to_string().contains(reason), "{name}: {error}");
    }
}
