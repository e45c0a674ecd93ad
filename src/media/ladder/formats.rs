//! Formats beyond the everyday ones, as files by other programs, and as other programs see ours.

use super::{RenderRequest, Written, render};
use crate::domain::asset::Description;
use crate::domain::rendition::{Format, Pass};
use crate::media::testing::{
    CORNERS, Studio, difference, exiftool, of_pass, rendition, run, seen, text, with_orientation,
};

#[test]
fn avif_and_small_jpegs_follow_in_the_later_pass() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &["-size", "2100x1401", "plasma:navy-orange", "-quality", "92"]);
    let description = Description { caption: "Größe & Güte".to_owned(), ..Description::default() };
    let later = RenderRequest {
        make: of_pass(Pass::Later),
        description: Some(description),
        ..studio.request(&photo, "image/jpeg")
    };
    let report = render(&later).unwrap();
    let made: Vec<_> = report.renditions.iter().map(|file| (file.name.as_str(), file.format)).collect();
    let avif = ["large", "medium", "small", "thumb", "mini"].map(|name| (name, Format::Avif));
    let jpeg = ["large", "medium"].map(|name| (name, Format::Jpeg));
    assert!(avif.iter().chain(&jpeg).all(|file| made.contains(file)) && made.len() == 7, "{made:?}");
    for file in report.renditions.iter().filter(|file| file.format == Format::Avif) {
        let decoded = studio.path("decoded.png");
        run("avifdec", &[text(&file.path), text(&decoded)]);
        let size = format!("{}x{}!", file.width, file.height);
        let reference = studio.make("reference.png", &[text(&photo), "-resize", &size]);
        let off = difference(&decoded, &reference);
        assert!(off < 5.0, "{}: {off}", file.name);
        assert_eq!(exiftool(&["-s3", "-XMP-dc:Description"], &file.path), "Größe & Güte");
        assert_eq!(exiftool(&["-s3", "-warning"], &file.path), "");
    }
    let quick = studio.render(&photo, "image/jpeg");
    let bytes =
        |report: &super::RenderReport| std::fs::metadata(rendition(report, "large.jpg")).unwrap().len();
    assert!(bytes(&report) * 20 < bytes(&quick) * 19, "{} of {}", bytes(&report), bytes(&quick));
    assert_eq!(render(&later).unwrap(), report, "the same file gives the same bytes");
}

/// Strips, tiles, planes, inks, sixteen bits, a scan on its side: every pixel arrives, in colours that print shops read.
#[test]
fn a_tiff_gets_a_jpeg_ready_for_print() {
    let studio = Studio::new();
    let photo = studio
        .make("photo.png", &["-size", "1203x802", "plasma:navy-orange", "-blur", "0x3", "-depth", "16"]);
    for (name, arguments) in [
        ("strips.tif", &["-depth", "16", "-compress", "LZW"][..]),
        ("one-strip.tif", &["-depth", "8", "-compress", "Zip", "-define", "tiff:rows-per-strip=802"]),
        ("tiles.tif", &["-depth", "8", "-define", "tiff:tile-geometry=256x256"]),
        ("planes.tif", &["-depth", "8", "-interlace", "plane"]),
        ("turned.tif", &["-depth", "8", "-rotate", "-90", "-orient", "RightTop"]),
        ("alpha.tif", &["-depth", "8", "-alpha", "set"]),
    ] {
        let tiff = studio.make(name, &[&[text(&photo)], arguments].concat());
        let description = Description { caption: "Größe & Güte".to_owned(), ..Description::default() };
        let order = super::Order { name: "print".to_owned(), recipe: "jpeg-print-1".to_owned() };
        let asked = RenderRequest {
            make: vec![order],
            description: Some(description),
            ..studio.request(&tiff, "image/tiff")
        };
        let report = render(&asked).unwrap();
        let print = rendition(&report, "print.jpg");
        assert_eq!((report.renditions[0].width, report.renditions[0].height), (1203, 802), "{name}");
        let off = difference(&print, &photo);
        assert!(off < 1.5, "{name}: {off}");
        let told = exiftool(
            &[
                "-s3",
                "-IPTC:Caption-Abstract",
                "-ICC_Profile:ColorSpaceData",
                "-JFIF:XResolution",
                "-YCbCrSubSampling",
            ],
            &print,
        );
        assert_eq!(told, "Größe & Güte\nRGB\n300\nYCbCr4:4:4 (1 1)", "{name}");
        assert_eq!(exiftool(&["-s3", "-warning"], &print), "", "{name}");
        assert!(std::fs::metadata(&print).unwrap().len() < 1203 * 802, "{name}");
        assert_eq!(render(&asked).unwrap(), report, "the same file gives the same bytes");
    }
}

#[test]
fn avif_keeps_transparency_both_ways() {
    let studio = Studio::new();
    let logo = studio.make(
        "logo.png",
        &["-size", "600x600", "xc:none", "-fill", "teal", "-draw", "circle 300,300 300,10"],
    );
    let coded = studio.path("logo.avif");
    run("avifenc", &["-s", "8", "--min", "0", "--max", "20", text(&logo), text(&coded)]);
    let report = studio.render(&coded, "image/avif");
    assert!(report.seen.as_ref().unwrap().has_alpha);
    let webp = image::open(rendition(&report, "large.webp")).unwrap().into_rgba8();
    assert_eq!((webp.get_pixel(2, 2).0[3], webp.get_pixel(300, 300).0[3]), (0, 255));

    let later = RenderRequest { make: of_pass(Pass::Later), ..studio.request(&logo, "image/png") };
    let decoded = studio.path("decoded.png");
    run("avifdec", &[text(&rendition(&render(&later).unwrap(), "large.avif")), text(&decoded)]);
    let ours = image::open(&decoded).unwrap().into_rgba8();
    assert!(ours.get_pixel(2, 2).0[3] < 3 && ours.get_pixel(300, 300).0[3] > 252);
    assert!(difference(&decoded, &logo) < 3.0);
}

#[test]
fn avif_and_jpeg_xl_originals_are_shown_as_they_were() {
    let studio = Studio::new();
    let corners = studio.make("corners.png", &CORNERS);
    let plain = studio.make("plain.png", &[text(&corners), "-resize", "300x201!"]);
    for (name, arguments) in [
        ("full.avif", &["-y", "444"][..]),
        ("half.avif", &["-y", "420"]),
        ("wide.avif", &["-y", "422"]),
        ("deep.avif", &["-y", "444", "-d", "10"]),
        ("limited.avif", &["-y", "444", "-r", "limited"]),
    ] {
        let coded = studio.path(name);
        let quality = ["-s", "8", "--min", "0", "--max", "10"];
        run("avifenc", &[&quality[..], arguments, &[text(&plain), text(&coded)]].concat());
        let report = studio.render(&coded, "image/avif");
        let seen = report.seen.clone().unwrap();
        assert_eq!((seen.width, seen.height), (300, 201), "{name}");
        let off = difference(&rendition(&report, "thumb.webp"), &plain);
        assert!(off < 4.0, "{name}: {off}");
    }
    let turned = studio.path("turned.avif");
    run("avifenc", &["-s", "8", "--min", "0", "--max", "10", "--irot", "1", text(&plain), text(&turned)]);
    let upright = studio.make("upright.png", &[text(&plain), "-rotate", "-90"]);
    assert!(difference(&rendition(&studio.render(&turned, "image/avif"), "thumb.webp"), &upright) < 4.0);

    for (name, arguments) in
        [("lossy.jxl", &["-d", "1"][..]), ("lossless.jxl", &["-d", "0"]), ("box.jxl", &["--container=1"])]
    {
        let coded = studio.path(name);
        run("cjxl", &[&[text(&plain), text(&coded)], arguments].concat());
        let report = studio.render(&coded, "image/jxl");
        let told = &report.seen.as_ref().unwrap().colour_space;
        assert!(!told.contains('_'), "{name}: {told} is no name that people use");
        let off = difference(&rendition(&report, "thumb.webp"), &plain);
        assert!(off < 4.0, "{name}: {off}");
    }
    let bare = studio.make("bare.ppm", &[text(&plain)]);
    for (space, told) in [("RGB_D65_SRG_Rel_SRG", "sRGB"), ("RGB_D65_DCI_Rel_SRG", "Display P3")] {
        let coded = studio.path("named.jxl");
        run("cjxl", &[text(&bare), text(&coded), "-d", "1", "-x", &format!("color_space={space}")]);
        assert_eq!(studio.render(&coded, "image/jxl").seen.unwrap().colour_space, told);
    }
}

#[test]
fn downloads_of_modern_formats_carry_words_around_the_same_picture() {
    let studio = Studio::new();
    let plain = studio.make("plain.png", &CORNERS);
    let avif = studio.path("a.avif");
    run("avifenc", &["-s", "8", text(&plain), text(&avif)]);
    let jxl = studio.path("a.jxl");
    run("cjxl", &[text(&plain), text(&jxl)]);
    for (file, media_type, decoder) in [(&avif, "image/avif", "avifdec"), (&jxl, "image/jxl", "djxl")] {
        run(
            "exiftool",
            &[
                "-q",
                "-m",
                "-overwrite_original",
                "-GPSLatitude=52",
                "-GPSLatitudeRef=N",
                "-XMP-dc:Source=Archiv",
                text(file),
            ],
        );
        let description = Description {
            caption: "Ärzte „im“ Café 北京".to_owned(),
            credit: "Foto Muster".to_owned(),
            ..Description::default()
        };
        let request = RenderRequest { description: Some(description), ..studio.request(file, media_type) };
        let download = render(&request).unwrap().download.unwrap().path;
        let said =
            exiftool(&["-s3", "-XMP-dc:Description", "-XMP-photoshop:Credit", "-XMP-dc:Source"], &download);
        assert_eq!(said, "Ärzte „im“ Café 北京\nFoto Muster\nArchiv", "{media_type}");
        assert_eq!(exiftool(&["-s3", "-GPSLatitude"], &download), "");
        let decoded = |path: &std::path::Path, name: &str| {
            let renamed = studio.write(name, &std::fs::read(path).unwrap());
            let png = studio.path(&format!("{name}.png"));
            run(decoder, &[text(&renamed), text(&png)]);
            seen(&png)
        };
        let suffix = media_type.strip_prefix("image/").unwrap();
        assert_eq!(decoded(&download, &format!("ours.{suffix}")), decoded(file, &format!("theirs.{suffix}")));
    }
}

#[test]
fn a_drawing_is_rendered_large_and_offered_without_what_could_harm() {
    let studio = Studio::new();
    let secret = studio.make("secret.png", &["-size", "10x10", "xc:red"]);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='40' height='20'>\
         <script>alert(1)</script><rect width='20' height='20' fill='#008080' onclick='alert(2)'/>\
         <image x='20' width='20' height='20' xlink:href='{}'/>\
         <a href='javascript:alert(3)'><rect x='30' width='5' height='5' fill='#ff8800'/></a></svg>",
        text(&secret)
    );
    let report = studio.render(&studio.write("logo.svg", svg.as_bytes()), "image/svg+xml");
    let seen_by_us = report.seen.clone().unwrap();
    assert_eq!((seen_by_us.width, seen_by_us.height, seen_by_us.has_alpha), (2560, 1280, true));
    let png = image::open(rendition(&report, "large.png")).unwrap().into_rgba8();
    assert_eq!(png.get_pixel(600, 600).0, [0, 128, 128, 255]);
    assert_eq!(png.get_pixel(1500, 1000).0[3], 0, "a file of the machine is not shown");
    assert_eq!(png.get_pixel(2000, 100).0, [255, 136, 0, 255]);
    let offered = std::fs::read_to_string(report.download.unwrap().path).unwrap();
    for harm in ["script", "onclick", "javascript", "secret"] {
        assert!(!offered.contains(harm), "{harm}: {offered}");
    }
}

#[test]
fn entities_that_multiply_are_refused() {
    let studio = Studio::new();
    let mut svg = "<!DOCTYPE svg [<!ENTITY a0 'lol'>".to_owned();
    for level in 1..20 {
        svg.push_str(&format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(10)));
    }
    svg.push_str("]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&a19;</text></svg>");
    let code = studio.refusal(&studio.write("laughs.svg", svg.as_bytes()), "image/svg+xml");
    assert!(matches!(code, "damaged" | "too_complex"), "{code}");
}

#[test]
fn tiff_in_lab_and_in_one_long_strip_is_read() {
    let studio = Studio::new();
    let corners = studio.make("corners.png", &[&CORNERS[..], &["-resize", "300x201!"]].concat());
    for (name, arguments) in [
        ("lab.tif", &["-colorspace", "Lab"][..]),
        ("lab16.tif", &["-depth", "16", "-colorspace", "Lab"]),
        ("strip-none.tif", &["-define", "tiff:rows-per-strip=201", "-compress", "none"]),
        ("strip-lzw.tif", &["-define", "tiff:rows-per-strip=201", "-compress", "lzw"]),
        ("strip-zip16.tif", &["-define", "tiff:rows-per-strip=201", "-compress", "zip", "-depth", "16"]),
        (
            "strip-big16.tif",
            &[
                "-define",
                "tiff:rows-per-strip=201",
                "-compress",
                "lzw",
                "-depth",
                "16",
                "-define",
                "tiff:endian=msb",
            ],
        ),
        ("big.tiff", &["-define", "tiff:tile-geometry=64x64", "-depth", "16"]),
        ("bigtiff.tif64", &["-depth", "16"]),
    ] {
        let target = studio.path(name);
        let arguments = [&[text(&corners)], arguments].concat();
        let path = if name.ends_with("tif64") {
            let made = format!("tiff64:{}", text(&target));
            run("convert", &[&arguments[..], &[&made]].concat());
            target
        } else {
            studio.make(name, &arguments)
        };
        let report = studio.render(&path, "image/tiff");
        let off = difference(&rendition(&report, "thumb.webp"), &corners);
        // ImageMagick computes Lab under the white of D65, where print has D50.
        let allowed = if name.starts_with("lab") { 8.0 } else { 4.0 };
        assert!(off < allowed, "{name}: {off}");
    }
}

#[test]
fn a_huge_picture_is_averaged_and_looks_the_same() {
    let studio = Studio::new();
    let source = ["-size", "9000x600", "gradient:red-blue", "-swirl", "20", "-depth", "16"];
    for (name, media_type) in [("wide.png", "image/png"), ("wide.tif", "image/tiff")] {
        let wide = studio.make(name, &source);
        let report = studio.render(&wide, media_type);
        let seen = report.seen.clone().unwrap();
        assert_eq!((seen.width, seen.height), (9000, 600), "{name}");
        let reference = studio.make("reference.png", &[text(&wide), "-resize", "800x53!"]);
        let off = difference(&rendition(&report, "small.webp"), &reference);
        assert!(off < 2.5, "{name}: {off}");
    }
}

#[test]
fn other_words_leave_the_picture_as_it_is() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &["-size", "900x601", "plasma:navy-orange"]);
    let first = studio.render(&photo, "image/jpeg");
    let words = Description { caption: "Neu: 300 m² „Grün“".to_owned(), ..Description::default() };
    let describe: Vec<Written> = first
        .renditions
        .iter()
        .map(|file| Written { name: file.name.clone(), format: file.format, path: file.path.clone() })
        .collect();
    let request = RenderRequest {
        make: Vec::new(),
        describe,
        description: Some(words.clone()),
        ..studio.request(&photo, "image/jpeg")
    };
    let report = render(&request).unwrap();
    assert!(report.seen.is_none() && report.renditions.is_empty());
    for (new, old) in report.described.iter().zip(&first.renditions) {
        assert_eq!(exiftool(&["-s3", "-XMP-dc:Description"], &new.path), words.caption, "{}", new.name);
        assert_eq!(seen(&new.path), seen(&old.path), "{}", new.name);
        if new.format == Format::Jpeg {
            let bare = |path| run("jpegtran", &["-copy", "none", text(path)]);
            assert_eq!(bare(&new.path), bare(&old.path));
        }
    }
    let from_scratch =
        render(&RenderRequest { description: Some(words), ..studio.request(&photo, "image/jpeg") });
    let hashes =
        |files: &[super::RenderedFile]| files.iter().map(|file| file.sha256.clone()).collect::<Vec<_>>();
    assert_eq!(hashes(&report.described), hashes(&from_scratch.unwrap().renditions), "one way or the other");
}

#[test]
fn the_first_page_of_a_document_is_its_preview() {
    let studio = Studio::new();
    let drawing = "0 0.5 0.5 rg 0 0 400 600 re f";
    let pdf = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
         2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R>>endobj\n\
         4 0 obj<</Length {}>>stream\n{drawing}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        drawing.len()
    );
    let page = studio.write("page.pdf", pdf.as_bytes());
    let report = studio.render(&page, "application/pdf");
    let (width, height, pixels) = seen(&rendition(&report, "small.jpg"));
    assert_eq!((width, height), (534, 800));
    let middle = ((height / 2 * width + width / 2) * 3) as usize;
    assert!(
        pixels[middle] < 20 && pixels[middle + 1].abs_diff(128) < 12,
        "{:?}",
        &pixels[middle..middle + 3]
    );
}

/// A height that follows the picture instead of standing in the frame header (DNL).
#[test]
fn a_jpeg_that_tells_its_height_last_is_shown() {
    let studio = Studio::new();
    let corners = studio.make("corners.png", &CORNERS);
    let common = studio.make("common.jpg", &[text(&corners), "-quality", "92", "-interlace", "none"]);
    let jpeg = std::fs::read(&common).unwrap();
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    let mut late = jpeg.clone();
    late[frame + 5..frame + 7].fill(0);
    let end = late.len() - 2;
    late.splice(end..end, [0xFF, 0xDC, 0, 4, 0, 60]);
    let late = studio.write("late.jpg", &late);
    let report = studio.render(&late, "image/jpeg");
    let seen_size = report.seen.as_ref().map(|seen| (seen.width, seen.height));
    assert_eq!(seen_size, Some((90, 60)));
    assert!(difference(&rendition(&report, "large.jpg"), &common) < 2.0);

    let mut never = jpeg;
    never[frame + 5..frame + 7].fill(0);
    assert_eq!(studio.refusal(&studio.write("never.jpg", &never), "image/jpeg"), "damaged");
}

/// The rows of a large JPEG pass several pictures at once: what comes of them must not depend on the way.
#[test]
fn a_jpeg_gives_the_same_pictures_on_every_way_through_the_ladder() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &["-size", "3300x2200", "plasma:navy-orange", "-blur", "0x6"]);
    let whole = studio.render(&photo, "image/jpeg");
    for name in ["medium.jpg", "small.webp", "thumb.jpg", "social.jpg"] {
        let (rung, _) = name.split_once('.').unwrap();
        let request = studio.request(&photo, "image/jpeg");
        let make = request.make.iter().filter(|order| order.name == rung).cloned().collect();
        let alone = render(&RenderRequest { make, ..request }).unwrap();
        let off = difference(&rendition(&alone, name), &rendition(&whole, name));
        assert!(off < 3.0, "{name}: {off}");
    }
    for orientation in [1, 6] {
        let stored = std::fs::read(&photo).unwrap();
        let turned = studio.write("turned.jpg", &with_orientation(&stored, orientation));
        let report = studio.render(&turned, "image/jpeg");
        let upright = studio.make("upright.png", &[text(&turned), "-auto-orient", "-resize", "800x800"]);
        let off = difference(&rendition(&report, "small.jpg"), &upright);
        assert!(off < 3.0, "orientation {orientation}: {off}");
        assert_eq!(studio.render(&turned, "image/jpeg"), report, "the same file gives the same bytes");
    }
}
