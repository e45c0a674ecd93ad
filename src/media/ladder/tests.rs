use super::{RenderReport, RenderRequest, render};
use crate::domain::asset::FocalPoint;
use crate::domain::crop::{CropArea, Crops};
use crate::domain::rendition::Format;
use crate::media::testing::{
    CORNERS, Studio, difference, exiftool, rendition, run, seen, text, with_orientation,
};
use moxcms::ColorProfile;

/// The upright size that decoding told.
fn seen_size(report: &RenderReport) -> (u32, u32) {
    let seen = report.seen.as_ref().unwrap();
    (seen.width, seen.height)
}

#[test]
fn every_name_exists_in_its_formats_and_nothing_is_enlarged() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &["-size", "1300x900", "gradient:navy-orange"]);
    let report = studio.render(&photo, "image/jpeg");
    assert_eq!(seen_size(&report), (1300, 900));
    let made: Vec<_> = report
        .renditions
        .iter()
        .map(|file| (file.name.as_str(), file.format, file.width, file.height))
        .collect();
    assert_eq!(
        made,
        [
            ("large", Format::Jpeg, 1300, 900),
            ("large", Format::Webp, 1300, 900),
            ("medium", Format::Jpeg, 1300, 900),
            ("medium", Format::Webp, 1300, 900),
            ("small", Format::Jpeg, 800, 554),
            ("small", Format::Webp, 800, 554),
            ("thumb", Format::Jpeg, 400, 277),
            ("thumb", Format::Webp, 400, 277),
            ("mini", Format::Jpeg, 200, 138),
            ("mini", Format::Webp, 200, 138),
            ("social", Format::Jpeg, 1200, 630),
        ]
    );
    let paths: Vec<&str> = report.renditions.iter().map(|file| text(&file.path)).collect();
    let columns = ["-q", "-T", "-MIMEType", "-ImageWidth", "-ImageHeight", "-FileSize#"];
    let facts = String::from_utf8(run("exiftool", &[&columns, &paths[..]].concat())).unwrap();
    let sums = String::from_utf8(run("sha256sum", &paths)).unwrap();
    for ((file, facts), sum) in report.renditions.iter().zip(facts.lines()).zip(sums.lines()) {
        let media_type = file.format.media_type();
        assert_eq!(facts, format!("{media_type}\t{}\t{}\t{}", file.width, file.height, file.size_bytes));
        assert!(sum.starts_with(&file.sha256));
    }
    let subsampling = exiftool(&["-s3", "-YCbCrSubSampling"], &rendition(&report, "large.jpg"));
    assert_eq!(subsampling, "YCbCr4:2:0 (2 2)");
    let placeholder = &report.seen.as_ref().unwrap().placeholder;
    assert!(placeholder.len() >= 20, "{placeholder}");
    let again = studio.render(&photo, "image/jpeg");
    assert_eq!(report, again, "the same file gives the same bytes");
}

#[test]
fn a_large_photo_is_scaled_in_the_decoder_and_looks_the_same() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &["-size", "4000x2600", "gradient:red-blue", "-quality", "90"]);
    let report = studio.render(&photo, "image/jpeg");
    assert_eq!(seen_size(&report), (4000, 2600));
    let reference = studio.make("reference.png", &[text(&photo), "-resize", "400x260!"]);
    assert!(difference(&rendition(&report, "thumb.jpg"), &reference) < 1.5);
    assert!(difference(&rendition(&report, "thumb.webp"), &reference) < 1.5);
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let studio = Studio::new();
    let jpeg = std::fs::read(studio.make("stored.jpg", &CORNERS)).unwrap();
    for orientation in 0..=9 {
        let file = studio.write(&format!("turned{orientation}.jpg"), &with_orientation(&jpeg, orientation));
        let report = studio.render(&file, "image/jpeg");
        let upright = studio.make("upright.png", &[text(&file), "-auto-orient"]);
        let (width, height, _) = seen(&upright);
        assert_eq!(seen_size(&report), (width, height), "orientation {orientation}");
        let off = difference(&rendition(&report, "thumb.webp"), &upright);
        assert!(off < 4.0, "orientation {orientation}: {off}");
    }
}

#[test]
fn colours_of_a_wide_profile_agree_with_littlecms() {
    let studio = Studio::new();
    let srgb = studio.write("srgb.icc", &ColorProfile::new_srgb().encode().unwrap());
    let wide = [
        ("adobe", ColorProfile::new_adobe_rgb()),
        ("p3", ColorProfile::new_display_p3()),
        ("prophoto", ColorProfile::new_pro_photo_rgb()),
    ];
    for (name, profile) in wide {
        let profile = studio.write("wide.icc", &profile.encode().unwrap());
        for (file, media_type, depth) in
            [("a.jpg", "image/jpeg", "8"), ("a.png", "image/png", "16"), ("a.tif", "image/tiff", "16")]
        {
            let source = ["-size", "64x64", "gradient:rgb(200,40,50)-rgb(40,150,90)", "-quality", "98"];
            let arguments = [&source[..], &["-depth", depth, "-profile", text(&profile)]].concat();
            let tagged = studio.make(file, &arguments);
            let report = studio.render(&tagged, media_type);
            let reference = studio.make("reference.png", &[text(&tagged), "-profile", text(&srgb)]);
            let off = difference(&rendition(&report, "thumb.jpg"), &reference);
            assert!(off < 2.0, "{name} in {file}: {off}");
            let told = exiftool(&["-s3", "-ICC_Profile:ProfileDescription"], &tagged);
            assert_eq!(report.seen.unwrap().colour_space, told, "{name} in {file}");
            let naive = studio.make("naive.png", &[text(&tagged), "-strip"]);
            let shift = difference(&naive, &reference);
            assert!(shift > 5.0, "a lost profile would show: {name} in {file}: {shift}");
        }
    }
}

#[test]
fn every_kind_of_png_webp_gif_and_tiff_is_shown_as_others_show_it() {
    let studio = Studio::new();
    let corners = studio.make("corners.png", &CORNERS);
    let from: [&str; 1] = [text(&corners)];
    let cases: [(&str, &str, &[&str]); 22] = [
        ("rgb.png", "image/png", &[]),
        ("interlaced.png", "image/png", &["-interlace", "PNG"]),
        ("deep.png", "image/png", &["-depth", "16", "-define", "png:color-type=2"]),
        ("gray.png", "image/png", &["-colorspace", "Gray", "-define", "png:color-type=0"]),
        ("bilevel.png", "image/png", &["-monochrome", "-define", "png:bit-depth=1"]),
        ("palette.png", "image/png", &["+dither", "-colors", "16", "-define", "png:color-type=3"]),
        ("alpha.png", "image/png", &["-alpha", "set", "-channel", "A", "-evaluate", "set", "50%"]),
        (
            "gray-alpha.png",
            "image/png",
            &["-colorspace", "Gray", "-alpha", "set", "-channel", "A", "-evaluate", "set", "30%"],
        ),
        (
            "deep-alpha.png",
            "image/png",
            &["-depth", "16", "-alpha", "set", "-channel", "A", "-evaluate", "set", "30%"],
        ),
        ("lossy.webp", "image/webp", &["-quality", "95"]),
        ("lossless.webp", "image/webp", &["-define", "webp:lossless=true"]),
        ("alpha.webp", "image/webp", &["-alpha", "set", "-channel", "A", "-evaluate", "set", "50%"]),
        ("colours.gif", "image/gif", &["+dither", "-colors", "64"]),
        ("plain.tif", "image/tiff", &["-compress", "none"]),
        ("lzw.tif", "image/tiff", &["-compress", "lzw"]),
        ("deflate16.tif", "image/tiff", &["-depth", "16", "-compress", "zip"]),
        ("big-endian.tif", "image/tiff", &["-define", "tiff:endian=msb", "-depth", "16"]),
        ("planes.tif", "image/tiff", &["-interlace", "plane"]),
        ("tiles.tif", "image/tiff", &["-define", "tiff:tile-geometry=32x32"]),
        ("jpeg.tif", "image/tiff", &["-compress", "jpeg", "-quality", "95"]),
        ("alpha.tif", "image/tiff", &["-alpha", "set", "-channel", "A", "-evaluate", "set", "50%"]),
        ("fax.tif", "image/tiff", &["-monochrome", "-compress", "group4"]),
    ];
    for (name, media_type, arguments) in cases {
        let file = studio.make(name, &[&from[..], arguments].concat());
        let report = studio.render(&file, media_type);
        let off = difference(&rendition(&report, "thumb.jpg"), &file);
        // Dithered patterns suffer from chroma subsampling.
        let allowed = if name.starts_with(['b', 'f', 'p', 'c']) { 12.0 } else { 4.0 };
        assert!(off < allowed, "{name}: {off}");
    }
}

#[test]
fn of_several_pictures_in_a_file_the_first_is_taken() {
    let studio = Studio::new();
    for (name, media_type) in [("a.gif", "image/gif"), ("a.webp", "image/webp"), ("a.tif", "image/tiff")] {
        let frames = ["-size", "40x30", "-delay", "10", "-loop", "0", "xc:red", "xc:lime", "xc:blue"];
        let report = studio.render(&studio.make(name, &frames), media_type);
        let (_, _, pixels) = seen(&rendition(&report, "thumb.jpg"));
        assert!(pixels[0] > 240 && pixels[1] < 15 && pixels[2] < 15, "{name}: {:?}", &pixels[..3]);
    }
}

#[test]
fn gray_progressive_and_ink_jpegs_are_shown_right() {
    let studio = Studio::new();
    let corners = studio.make("corners.png", &CORNERS);
    for (name, arguments) in [
        ("gray.jpg", &["-colorspace", "Gray"][..]),
        ("progressive.jpg", &["-interlace", "JPEG"]),
        ("fine.jpg", &["-sampling-factor", "1x1"]),
        ("wide.jpg", &["-sampling-factor", "2x1"]),
    ] {
        let file = studio.make(name, &[&[text(&corners)], arguments].concat());
        let report = studio.render(&file, "image/jpeg");
        let off = difference(&rendition(&report, "thumb.jpg"), &file);
        assert!(off < 4.0, "{name}: {off}");
        assert_eq!(report.seen.unwrap().colour_space, "sRGB");
    }
    for (name, media_type) in [("ink.jpg", "image/jpeg"), ("ink.tif", "image/tiff")] {
        let ink = ["-size", "40x30", "xc:cmyk(0,255,255,0)", "-colorspace", "CMYK", "-depth", "8"];
        let report = studio.render(&studio.make(name, &ink), media_type);
        let (_, _, pixels) = seen(&rendition(&report, "thumb.webp"));
        assert_eq!(report.seen.as_ref().unwrap().colour_space, "CMYK");
        // Magenta on yellow is the print trade's red.
        assert!(pixels[0] > 200 && pixels[1] < 50 && pixels[2] < 60, "{name}: {:?}", &pixels[..3]);
        let paper = ["-size", "40x30", "xc:cmyk(0,0,0,0)", "-colorspace", "CMYK"];
        let report = studio.render(&studio.make(name, &paper), media_type);
        assert!(seen(&rendition(&report, "thumb.jpg")).2.iter().all(|level| *level > 250), "{name}");
    }
}

#[test]
fn a_logo_keeps_its_transparency_and_is_not_cut() {
    let studio = Studio::new();
    let logo = studio.make(
        "logo.png",
        &["-size", "2000x2000", "xc:none", "-fill", "teal", "-draw", "circle 1000,1000 1000,10"],
    );
    let report = studio.render(&logo, "image/png");
    let webp = image::open(rendition(&report, "large.webp")).unwrap().into_rgba8();
    assert_eq!(webp.get_pixel(2, 2).0[3], 0);
    assert_eq!(webp.get_pixel(1000, 1000).0[3], 255);
    let (width, height, pixels) = seen(&rendition(&report, "social.jpg"));
    assert_eq!((width, height), (1200, 630));
    let at = |x: u32, y: u32| &pixels[((y * width + x) * 3) as usize..][..3];
    assert!(at(600, 315)[0] < 40, "the middle is the logo");
    assert!(at(5, 5)[0] > 250 && at(600, 2)[0] > 200, "the corner is white and the top is all there");
}

#[test]
fn the_social_picture_is_cut_at_the_focal_point() {
    let studio = Studio::new();
    let stripes = ["-size", "1000x1000", "xc:red", "xc:lime", "xc:blue", "+append"];
    let photo = studio.make("wide.jpg", &stripes);
    for (x, channel) in [(0.0, 0), (0.5, 1), (1.0, 2)] {
        let request =
            RenderRequest { focal_point: FocalPoint { x, y: 0.5 }, ..studio.request(&photo, "image/jpeg") };
        let report = render(&request).unwrap();
        let (width, height, pixels) = seen(&rendition(&report, "social.jpg"));
        assert_eq!((width, height), (1200, 630));
        let middle = &pixels[((height / 2 * width + width / 2) * 3) as usize..][..3];
        let brightest = (0..3).max_by_key(|index| middle[*index]).unwrap();
        assert_eq!(brightest, channel, "focal point {x}: {middle:?}");
    }
}

#[test]
fn a_chosen_area_is_what_the_social_picture_shows() {
    let studio = Studio::new();
    // 3 × 3 fields of 1300 × 700 pixels.
    let row = |colours: [&str; 3]| colours.map(|colour| format!("xc:{colour}"));
    let mut arguments = vec!["-size".to_owned(), "1300x700".to_owned()];
    for colours in [["red", "lime", "blue"], ["black", "white", "gray"], ["cyan", "magenta", "yellow"]] {
        arguments.push("(".to_owned());
        arguments.extend(row(colours));
        arguments.extend(["+append".to_owned(), ")".to_owned()]);
    }
    arguments.push("-append".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let chosen = CropArea { x: 1.0 / 3.0, y: 0.67, width: 1.0 / 3.0, height: 0.32 };
    for (name, media_type) in
        [("nine.jpg", "image/jpeg"), ("nine.png", "image/png"), ("nine.tif", "image/tiff")]
    {
        let photo = studio.make(name, &arguments);
        let crops = Crops::from([("social".to_owned(), chosen)]);
        let report = render(&RenderRequest { crops, ..studio.request(&photo, media_type) }).unwrap();
        let (width, height, pixels) = seen(&rendition(&report, "social.jpg"));
        assert_eq!((width, height), (1200, 630), "{name}");
        for (x, y) in [(8, 8), (1191, 8), (600, 315), (8, 560), (1191, 560)] {
            let at = &pixels[((y * width + x) * 3) as usize..][..3];
            assert!(at[0] > 230 && at[1] < 30 && at[2] > 230, "{name} {x} {y}: {at:?} is not magenta");
        }
        let (width, _, _) = seen(&rendition(&report, "large.jpg"));
        assert_eq!(width, 2560, "{name}: the whole picture stays what it is");
    }
}

#[test]
fn a_cut_out_is_cut_where_somebody_chose() {
    let studio = Studio::new();
    let disc = ["-size", "2000x2000", "xc:none", "-fill", "teal", "-draw", "circle 1000,1000 1000,10"];
    let logo = studio.make("disc.png", &disc);
    let crops = Crops::from([("social".to_owned(), CropArea { x: 0.2, y: 0.3, width: 0.6, height: 0.3 })]);
    let report = render(&RenderRequest { crops, ..studio.request(&logo, "image/png") }).unwrap();
    let (width, _, pixels) = seen(&rendition(&report, "social.jpg"));
    let corner = &pixels[(5 * width as usize + 5) * 3..][..3];
    assert!(corner[0] < 40 && corner[1] > 90, "{corner:?} is not the disc's teal");
}

#[test]
fn the_smallest_and_the_longest_pictures_are_fine() {
    let studio = Studio::new();
    for (name, size, thumb) in
        [("dot.png", "1x1", (1, 1)), ("tall.png", "40x1732", (9, 400)), ("line.png", "9000x1", (400, 1))]
    {
        let report = studio.render(&studio.make(name, &["-size", size, "xc:green"]), "image/png");
        let file = report.renditions.iter().find(|file| file.name == "thumb").unwrap();
        assert_eq!((file.width, file.height), thumb, "{name}");
        assert_eq!(report.renditions.len(), 11);
    }
}

#[test]
fn what_a_header_claims_is_checked_before_memory_is_given() {
    let studio = Studio::new();
    let mut png = std::fs::read(studio.make("small.png", &["-size", "8x8", "xc:red"])).unwrap();
    png[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let sum = crc32fast::hash(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    assert_eq!(studio.refusal(&studio.write("bomb.png", &png), "image/png"), "too_many_pixels");

    let mut jpeg = std::fs::read(studio.make("small.jpg", &["-size", "8x8", "xc:red"])).unwrap();
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0] || pair == [0xFF, 0xC2]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(studio.refusal(&studio.write("bomb.jpg", &jpeg), "image/jpeg"), "too_many_pixels");

    let mut gif = std::fs::read(studio.make("small.gif", &["-size", "8x8", "xc:red"])).unwrap();
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    assert_eq!(studio.refusal(&studio.write("bomb.gif", &gif), "image/gif"), "too_many_pixels");

    let mut tiff = std::fs::read(studio.make("small.tif", &["-size", "8x8", "xc:red"])).unwrap();
    for tag in [[0, 1, 3, 0, 1, 0, 0, 0], [1, 1, 3, 0, 1, 0, 0, 0]] {
        let at = tiff.windows(8).position(|bytes| bytes == tag).unwrap();
        tiff[at + 8..at + 10].copy_from_slice(&[0xFF, 0xFF]);
    }
    assert_eq!(studio.refusal(&studio.write("bomb.tif", &tiff), "image/tiff"), "too_many_pixels");
}

#[test]
fn a_progressive_jpeg_of_countless_scans_is_refused() {
    let studio = Studio::new();
    let arguments = ["-size", "64x64", "gradient:red-blue", "-interlace", "JPEG"];
    let jpeg = std::fs::read(studio.make("scans.jpg", &arguments)).unwrap();
    let is_scan = |at: &usize| jpeg[*at..].starts_with(&[0xFF, 0xDA]);
    let last = (0..jpeg.len()).rev().find(is_scan).unwrap();
    let bomb = [&jpeg[..last], &jpeg[last..jpeg.len() - 2].repeat(500), &[0xFF, 0xD9]].concat();
    assert_eq!(studio.refusal(&studio.write("bomb.jpg", &bomb), "image/jpeg"), "too_complex");
}

#[test]
fn a_file_cut_short_is_refused_wherever_it_was_cut() {
    let studio = Studio::new();
    let noise = ["-size", "160x120", "plasma:red-blue"];
    let cases: [(&str, &str, &[&str]); 7] = [
        ("base.jpg", "image/jpeg", &["-interlace", "none"]),
        ("prog.jpg", "image/jpeg", &["-interlace", "JPEG"]),
        ("a.png", "image/png", &[]),
        ("a.webp", "image/webp", &["-quality", "90"]),
        ("a.gif", "image/gif", &[]),
        ("strips.tif", "image/tiff", &["-compress", "none"]),
        ("lzw.tif", "image/tiff", &["-compress", "lzw"]),
    ];
    for (name, media_type, arguments) in cases {
        let whole = std::fs::read(studio.make(name, &[&noise[..], arguments].concat())).unwrap();
        for percent in [15, 40, 60, 80, 95] {
            let cut = studio.write(name, &whole[..whole.len() * percent / 100]);
            assert_eq!(studio.refusal(&cut, media_type), "truncated", "{name} at {percent} %");
        }
    }
    let squares = r##"<g><rect width="9" height="9" fill="#c03"/></g>"##.repeat(40);
    let drawing =
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">{squares}</svg>"#);
    for percent in [15, 40, 60, 80, 95] {
        let cut = studio.write("cut.svg", &drawing.as_bytes()[..drawing.len() * percent / 100]);
        assert_eq!(studio.refusal(&cut, "image/svg+xml"), "truncated", "a drawing at {percent} %");
    }
}

#[test]
fn a_jpeg_that_lost_only_its_end_mark_is_shown() {
    let studio = Studio::new();
    let arguments = ["-size", "160x120", "plasma:red-blue", "-interlace", "none"];
    let whole = std::fs::read(studio.make("whole.jpg", &arguments)).unwrap();
    let cut = studio.write("cut.jpg", &whole[..whole.len() - 2]);
    assert_eq!(seen_size(&studio.render(&cut, "image/jpeg")).0, 160);
    let trailing = studio.write("trailing.jpg", &[&whole[..], b"and something behind it"].concat());
    assert_eq!(seen_size(&studio.render(&trailing, "image/jpeg")).0, 160);
}

#[test]
fn damage_within_a_file_is_noticed() {
    let studio = Studio::new();
    let noise = ["-size", "160x120", "plasma:red-blue", "-interlace", "none"];
    for (name, media_type) in [("a.jpg", "image/jpeg"), ("a.png", "image/png")] {
        let mut bytes = std::fs::read(studio.make(name, &noise)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 400].fill(0x55);
        assert_eq!(studio.refusal(&studio.write(name, &bytes), media_type), "damaged", "{name}");
    }
}

#[test]
fn empty_mislabelled_and_foreign_files_are_told_apart() {
    let studio = Studio::new();
    assert_eq!(studio.refusal(&studio.write("empty.jpg", b""), "image/jpeg"), "empty_file");
    let png = studio.make("real.png", &["-size", "8x8", "xc:red"]);
    assert_eq!(studio.refusal(&png, "image/jpeg"), "mislabelled");
    let html = studio.write("page.jpg", b"<!DOCTYPE html><html><script>alert(1)</script></html>");
    assert_eq!(studio.refusal(&html, "image/jpeg"), "unsupported_format");
    assert_eq!(studio.refusal(&studio.write("noise.jpg", b"\xff\xd8\xff"), "image/jpeg"), "truncated");
    let pdf = studio.write("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    assert_eq!(studio.refusal(&pdf, "application/pdf"), "damaged");
}
