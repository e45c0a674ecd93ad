//! Files as they also come: rare kinds of common formats, which the viewers on people's machines open.

use super::{RenderRequest, render};
use crate::domain::asset::Description;
use crate::media::testing::{CORNERS, Studio, difference, rendition, run, seen, text};
use base64::Engine as _;
use std::path::Path;

/// A TIFF of one strip, little-endian, from its entries (tag, type, value) and the samples.
fn tiff(entries: &[(u16, u16, u32)], samples: &[u8], next: u32) -> Vec<u8> {
    let directory = 8 + samples.len() as u32;
    let mut file = b"II*\0".to_vec();
    file.extend(directory.to_le_bytes());
    file.extend(samples);
    let mut entries = entries.to_vec();
    entries.extend([(273, 4, 8), (279, 4, samples.len() as u32)]);
    entries.sort_unstable();
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend(next.to_le_bytes());
    file
}

fn gray_entries(width: u32, height: u32, bits: u32, photometric: u32) -> Vec<(u16, u16, u32)> {
    vec![
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 1),
        (262, 3, photometric),
        (277, 3, 1),
        (278, 4, height),
    ]
}

/// The level of grey in the middle of a rendition.
fn middle(studio: &Studio, name: &str, file: &[u8]) -> u8 {
    let report = studio.render(&studio.write(name, file), "image/tiff");
    let (width, height, pixels) = seen(&rendition(&report, "large.jpg"));
    pixels[((height / 2 * width + width / 2) * 3) as usize]
}

#[test]
fn a_tiff_whose_numbers_count_the_black_is_no_negative() {
    let studio = Studio::new();
    for (bits, sample) in [(8, vec![55_u8]), (16, 14_135_u16.to_le_bytes().to_vec())] {
        let level = |photometric: u32| {
            let samples = sample.repeat(32 * 32);
            let file = tiff(&gray_entries(32, 32, bits, photometric), &samples, 0);
            middle(&studio, &format!("{bits}-{photometric}.tif"), &file)
        };
        assert!(level(0).abs_diff(200) <= 2 && level(1).abs_diff(55) <= 2, "{bits} bits");
    }
}

#[test]
fn a_tiff_of_32_bits_is_light_or_a_fine_number() {
    let studio = Studio::new();
    // 21.6 % of the light of white is level 128 of sRGB.
    let light = 0.216_f32.to_le_bytes().repeat(32 * 32);
    let mut entries = gray_entries(32, 32, 32, 1);
    let number = (0x8080_8080_u32).to_le_bytes().repeat(32 * 32);
    assert!(middle(&studio, "number.tif", &tiff(&entries, &number, 0)).abs_diff(128) <= 2);
    entries.push((339, 3, 3));
    assert!(middle(&studio, "light.tif", &tiff(&entries, &light, 0)).abs_diff(128) <= 2);
    // What is no number or more than white breaks nothing.
    for odd in [f32::NAN, f32::INFINITY, -1.0, 7.5] {
        let level = middle(&studio, "odd.tif", &tiff(&entries, &odd.to_le_bytes().repeat(32 * 32), 0));
        assert_eq!(level, if odd > 1.0 { 255 } else { 0 }, "{odd}");
    }
}

#[test]
fn a_tiff_that_points_to_itself_shows_its_first_picture() {
    let studio = Studio::new();
    let samples = [90; 32 * 32];
    let file = tiff(&gray_entries(32, 32, 8, 1), &samples, 8 + samples.len() as u32);
    assert!(middle(&studio, "circle.tif", &file).abs_diff(90) <= 2);
}

/// Photoshop stores selections and spot inks as further channels, of which the file says no more than that they are there.
#[test]
fn channels_behind_the_colours_are_none_of_them() {
    let studio = Studio::new();
    let plain = studio.make("plain.png", &[&CORNERS[..], &["-resize", "256x192!"]].concat());
    let extra = ["-alpha", "set", "-channel", "A", "-evaluate", "set", "40%", "+channel"];
    for (space, depth, packing) in [
        ("sRGB", "8", "none"),
        ("sRGB", "8", "lzw"),
        ("sRGB", "16", "zip"),
        ("CMYK", "8", "lzw"),
        ("CMYK", "16", "none"),
        ("gray", "8", "zip"),
    ] {
        let made = |name: &str, more: &[&str]| {
            let kind = ["-colorspace", space, "-depth", depth, "-compress", packing];
            studio.make(name, &[&[text(&plain)][..], &kind, more].concat())
        };
        let (few, many) = (made("few.tif", &[]), made("many.tif", &extra));
        run("tiffset", &["-s", "338", "1", "0", text(&many)]);
        let report = studio.render(&many, "image/tiff");
        assert_eq!(report.seen.as_ref().map(|seen| seen.has_alpha), Some(false), "{space} {depth} {packing}");
        let large = |file: &Path| rendition(&studio.render(file, "image/tiff"), "large.jpg");
        let off = difference(&large(&many), &large(&few));
        assert!(off < 1.0, "{space} {depth} {packing}: {off}");
    }
    // Red taken for grey, green and blue for further channels.
    let many = studio.make("gray.tif", &["-size", "32x32", "xc:rgb(90,200,30)", "-type", "TrueColor"]);
    run("tiffset", &["-s", "262", "1", text(&many)]);
    run("tiffset", &["-s", "338", "2", "0", "0", text(&many)]);
    assert!(middle(&studio, "gray.tif", &std::fs::read(&many).unwrap()).abs_diff(90) <= 2);
}

#[test]
fn tiles_packed_by_lzw_are_read_to_their_end() {
    let studio = Studio::new();
    let plain = studio.make("plain.png", &["-size", "420x300", "gradient:black-white", "-rotate", "30"]);
    let tiles = ["-define", "tiff:tile-geometry=64x64", "-compress", "lzw"];
    for (name, kind) in [
        ("gray.tif", &["-colorspace", "gray", "-depth", "8"][..]),
        ("deep.tif", &["-colorspace", "gray", "-depth", "16"]),
        ("bits.tif", &["-threshold", "50%", "-type", "bilevel"]),
        ("rgb.tif", &["-type", "TrueColor", "-depth", "8"]),
        ("alpha.tif", &["-type", "TrueColorAlpha", "-depth", "8"]),
    ] {
        let file = studio.make(name, &[&[text(&plain)], kind, &tiles].concat());
        let same = studio.make("same.png", &[text(&file)]);
        let large = rendition(&studio.render(&file, "image/tiff"), "large.jpg");
        assert!(difference(&large, &same) < 4.0, "{name}: {}", difference(&large, &same));
    }
}

/// As geographers' programs and new scanners pack them.
#[test]
fn a_tiff_packed_by_zstandard_is_read_whatever_its_build() {
    let studio = Studio::new();
    let plain = studio.make("plain.png", &["-size", "420x300", "gradient:black-white", "-rotate", "30"]);
    for (name, kind) in [
        ("gray.tif", &["-colorspace", "gray", "-depth", "8"][..]),
        ("deep.tif", &["-colorspace", "gray", "-depth", "16"]),
        ("bits.tif", &["-threshold", "50%", "-type", "bilevel", "-depth", "1"]),
        ("rgb.tif", &["-type", "TrueColor", "-depth", "8"]),
        ("alpha.tif", &["-type", "TrueColorAlpha", "-depth", "16"]),
    ] {
        let file = studio.make(name, &[&[text(&plain)], kind, &["-compress", "none"]].concat());
        let same = studio.make("same.png", &[text(&file)]);
        for (build, packing) in [
            (&["-s", "-r", "64"][..], "zstd"),
            (&["-s", "-r", "1000"], "zstd:2"),
            (&["-t", "-w", "64", "-l", "64"], "zstd"),
            (&["-t", "-w", "64", "-l", "64"], "zstd:2"),
            (&["-s", "-p", "separate"], "zstd"),
        ] {
            let is_possible = match packing {
                "zstd:2" => name != "bits.tif",
                _ => name == "rgb.tif" || !build.contains(&"separate"),
            };
            if !is_possible {
                continue;
            }
            let packed = studio.path(&format!("packed-{name}"));
            run("tiffcp", &[build, &["-c", packing, text(&file), text(&packed)]].concat());
            let large = rendition(&studio.render(&packed, "image/tiff"), "large.jpg");
            let off = difference(&large, &same);
            assert!(off < 4.0, "{name} {build:?} {packing}: {off}");
            let whole = std::fs::read(&packed).unwrap();
            let broken: Vec<u8> = whole.iter().map(|byte| if *byte == 0xB5 { 0xF5 } else { *byte }).collect();
            let refusal = studio.refusal(&studio.write("broken.tif", &broken), "image/tiff");
            assert!(matches!(refusal, "damaged" | "truncated" | "mislabelled"), "{name}: {refusal}");
        }
    }
}

#[test]
fn a_fax_of_the_fourth_group_is_read() {
    let studio = Studio::new();
    let plain = studio.make("plain.png", &["-size", "420x300", "gradient:black-white", "-rotate", "30"]);
    let kind = ["-threshold", "50%", "-type", "bilevel", "-depth", "1", "-compress", "none"];
    let bits = studio.make("bits.tif", &[&[text(&plain)][..], &kind].concat());
    for order in ["msb2lsb", "lsb2msb"] {
        let fax = studio.path("fax.tif");
        run("tiffcp", &["-s", "-r", "64", "-c", "g4", "-f", order, text(&bits), text(&fax)]);
        let large = rendition(&studio.render(&fax, "image/tiff"), "large.jpg");
        assert!(difference(&large, &bits) < 4.0, "{order}: {}", difference(&large, &bits));
    }
}

#[test]
fn a_gif_without_colours_is_refused_in_words() {
    let studio = Studio::new();
    let file = b"GIF89a\x02\0\x02\0\0\0\0,\0\0\0\0\x02\0\x02\0\0\x02\x03\x44\x02\x05\0;";
    let error = render(&studio.request(&studio.write("bare.gif", file), "image/gif")).unwrap_err();
    assert!(error.code() == "unsupported_format" && error.to_string().contains("colours"), "{error:?}");
}

#[test]
fn a_drawing_may_hold_pictures_but_not_any_number_of_pixels() {
    let studio = Studio::new();
    let embedded = |size: &str| {
        let picture = studio.make("inside.png", &["-size", size, "xc:rgb(40,90,200)"]);
        base64::engine::general_purpose::STANDARD.encode(std::fs::read(picture).unwrap())
    };
    let drawing = |inside: &str| {
        let head = r#"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">"#;
        format!("{head}{inside}</svg>")
    };
    let image = |media_type: &str, data: &str| {
        format!(r#"<image width="90" height="60" href="data:{media_type};base64,{data}"/>"#)
    };
    let (photo, poster) = (embedded("3000x2000"), embedded("5000x5000"));
    let taken = studio.write("taken.svg", drawing(&image("image/png", &photo)).as_bytes());
    let (width, height, pixels) = seen(&rendition(&studio.render(&taken, "image/svg+xml"), "large.jpg"));
    let at = (((height / 2) * width + width / 2) * 3) as usize;
    assert!(pixels[at].abs_diff(40) < 6 && pixels[at + 2].abs_diff(200) < 6, "{:?}", &pixels[at..at + 3]);

    let inner = drawing(&image("image/png", &photo).repeat(5));
    let nested = base64::engine::general_purpose::STANDARD.encode(&inner);
    for inside in [image("image/png", &poster), image("image/svg+xml", &nested)] {
        let refused = studio.write("refused.svg", drawing(&inside).as_bytes());
        let error = render(&studio.request(&refused, "image/svg+xml")).unwrap_err();
        assert!(error.to_string().contains("megapixels"), "{error:?}");
    }
}

#[test]
fn a_picture_in_lab_may_be_transparent() {
    let studio = Studio::new();
    let color = ["-size", "64x64", "xc:rgba(180,90,60,0.4)", "-colorspace", "Lab", "-depth", "8"];
    let file = studio.make("lab.tif", &color);
    let report = studio.render(&file, "image/tiff");
    assert_eq!(report.seen.as_ref().map(|seen| seen.has_alpha), Some(true));
    let png = image::open(rendition(&report, "large.png")).unwrap().into_rgba8();
    let off = png.get_pixel(32, 32).0.iter().zip([180, 90, 60, 102]).map(|(a, b)| a.abs_diff(b)).max();
    assert!(off <= Some(6), "{:?}", png.get_pixel(32, 32));
}

#[test]
fn a_webp_is_refused_by_its_header_when_it_would_take_too_much_memory() {
    let studio = Studio::new();
    let small = ["-size", "32x32", "plasma:red-blue", "-define", "webp:lossless=true"];
    let mut file = std::fs::read(studio.make("small.webp", &small)).unwrap();
    // Behind the length of the chunk and a byte of signature: width and height less one, 14 bits each.
    let at = file.windows(4).position(|piece| piece == b"VP8L").unwrap() + 9;
    let bits = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let bits = bits & 0xF000_0000 | 16_382 | 7_299 << 14;
    file[at..at + 4].copy_from_slice(&bits.to_le_bytes());
    assert_eq!(studio.refusal(&studio.write("large.webp", &file), "image/webp"), "too_complex");
}

/// The hash of its password is that of no password, so that it does not open without.
#[test]
fn a_document_with_a_password_is_refused_in_words() {
    let studio = Studio::new();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>".to_owned(),
        format!(
            "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{}> /U <{}> >>",
            "41".repeat(32),
            "42".repeat(32)
        ),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (index, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = file.len();
    let id = "00".repeat(16);
    file.push_str(&format!(
        "xref\n0 5\n0000000000 65535 f \n{places}trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R \
         /ID [<{id}> <{id}>] >>\nstartxref\n{table}\n%%EOF\n"
    ));
    let request = studio.request(&studio.write("locked.pdf", file.as_bytes()), "application/pdf");
    let error = render(&request).unwrap_err();
    assert!(error.to_string().contains("password"), "{error:?}");
    let open = file.replace("/Encrypt 4 0 R", "");
    studio.render(&studio.write("open.pdf", open.as_bytes()), "application/pdf");
}

/// Viewers take the inks of all JPEG files the way Adobe's programs store them: 255 is bare paper.
#[test]
fn a_jpeg_of_inks_without_a_mark_of_adobe_is_no_negative() {
    let studio = Studio::new();
    let mut encoder = mozjpeg::Compress::new(mozjpeg::ColorSpace::JCS_CMYK);
    encoder.set_size(32, 32);
    let mut started = encoder.start_compress(Vec::new()).unwrap();
    started.write_scanlines(&[255; 32 * 32 * 4]).unwrap();
    let marked = started.finish().unwrap();
    let at = marked.windows(7).position(|piece| piece == b"\xff\xee\0\x0eAdo").unwrap();
    let unmarked = [&marked[..at], &marked[at + 16..]].concat();
    for (name, file) in [("marked.jpg", &marked), ("unmarked.jpg", &unmarked)] {
        let report = studio.render(&studio.write(name, file), "image/jpeg");
        let (.., pixels) = seen(&rendition(&report, "large.jpg"));
        assert!(pixels.iter().all(|level| *level > 250), "{name}: {}", pixels[0]);
    }
}

/// A GIF of 2 x 2 pixels on a smaller screen, with a block that no standard knows in front of it.
#[test]
fn a_gif_is_shown_whole_in_spite_of_its_screen_and_of_strange_blocks() {
    let studio = Studio::new();
    let mut file = b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\xff".to_vec();
    file.extend(b"!\xc3\x04odds\0");
    // At 1, 1: two rows of red and blue, uncompressed codes of three bits.
    file.extend(b",\x01\0\x01\0\x02\0\x02\0\0\x02\x03\x44\x02\x05\0;");
    let report = studio.render(&studio.write("odd.gif", &file), "image/gif");
    let size = report.seen.as_ref().map(|seen| (seen.width, seen.height, seen.has_alpha));
    assert_eq!(size, Some((3, 3, true)));
    let png = image::open(rendition(&report, "large.png")).unwrap().into_rgba8();
    assert_eq!(png.get_pixel(0, 0).0[3], 0);
    assert_eq!(png.get_pixel(1, 1).0, [255, 0, 0, 255]);
}

#[test]
fn an_avif_of_tiles_is_put_together_and_one_with_a_frame_is_cut() {
    let studio = Studio::new();
    let corners = studio.make("corners.png", &CORNERS);
    let plain = studio.make("plain.png", &[text(&corners), "-resize", "512x384!"]);
    let fine = ["-s", "8", "--min", "0", "--max", "10"];
    for (name, sampling) in [("full.avif", "444"), ("half.avif", "420")] {
        let tiled = studio.path(name);
        run("avifenc", &[&fine[..], &["-y", sampling, "--grid", "2x2", text(&plain), text(&tiled)]].concat());
        let report = studio.render(&tiled, "image/avif");
        let size = report.seen.as_ref().map(|seen| (seen.width, seen.height));
        assert_eq!(size, Some((512, 384)), "{name}");
        assert!(difference(&rendition(&report, "large.jpg"), &plain) < 4.0, "{name}");
    }
    let framed = studio.path("framed.avif");
    let part = ["--clap", "200,1,100,1,-56,1,42,1"];
    run("avifenc", &[&fine[..], &part, &["-y", "444", text(&plain), text(&framed)]].concat());
    let report = studio.render(&framed, "image/avif");
    let cut = studio.make("cut.png", &[text(&plain), "-crop", "200x100+100+184", "+repage"]);
    assert!(difference(&rendition(&report, "large.jpg"), &cut) < 4.0);
}

/// White paper is 58 % of the PQ signal (ITU-R BT.2408): light, but darker than the brightest white.
#[test]
fn pictures_of_more_light_than_a_screen_has_are_not_dark() {
    let studio = Studio::new();
    for (name, level, expected) in
        [("paper", "58%", 215..240), ("gray", "38%", 100..135), ("sun", "90%", 250..256)]
    {
        let plain = studio.make(
            &format!("{name}.png"),
            &["-size", "64x64", &format!("xc:gray({level})"), "-depth", "16", "-type", "TrueColor"],
        );
        let coded = studio.path(&format!("{name}.avif"));
        let arguments = ["-s", "8", "--min", "0", "--max", "5", "-d", "10", "-y", "444", "--cicp", "9/16/9"];
        run("avifenc", &[&arguments[..], &[text(&plain), text(&coded)]].concat());
        let report = studio.render(&coded, "image/avif");
        let (.., pixels) = seen(&rendition(&report, "large.jpg"));
        assert!(expected.contains(&i32::from(pixels[0])), "{name}: {}", pixels[0]);
    }
}

#[test]
fn other_ways_to_mix_colours_give_the_same_ones() {
    let studio = Studio::new();
    let plain = studio.make("plain.png", &[&CORNERS[..], &["-resize", "256x192!"]].concat());
    for cicp in ["1/13/1", "1/13/8", "9/13/9", "1/13/0"] {
        let coded = studio.path("mixed.avif");
        let arguments = ["-s", "8", "--min", "0", "--max", "5", "-y", "444", "--cicp", cicp];
        run("avifenc", &[&arguments[..], &[text(&plain), text(&coded)]].concat());
        let report = studio.render(&coded, "image/avif");
        let off = difference(&rendition(&report, "large.jpg"), &plain);
        // Without conversion, numbers of wider primaries are paler than what they stand for.
        assert!(if cicp.starts_with('9') { off > 4.0 } else { off < 4.0 }, "{cicp}: {off}");
    }
}

#[test]
fn words_in_an_avif_film_leave_its_pictures_in_their_places() {
    let studio = Studio::new();
    let first = studio.make("first.png", &[&CORNERS[..], &["-resize", "128x96!"]].concat());
    let second = studio.make("second.png", &[text(&first), "-negate"]);
    let film = studio.path("film.avif");
    run("avifenc", &["-s", "8", text(&first), text(&second), "-o", text(&film)]);
    let description = Description { caption: "Größe & Güte".to_owned(), ..Description::default() };
    let request = RenderRequest {
        description: Some(description),
        make: Vec::new(),
        ..studio.request(&film, "image/avif")
    };
    let download = std::fs::read(render(&request).unwrap().download.unwrap().path).unwrap();
    let download = studio.write("words.avif", &download);
    for index in ["0", "1"] {
        let decoded = |file: &Path, name: &str| {
            let png = studio.path(name);
            run("avifdec", &["--index", index, text(file), text(&png)]);
            seen(&png)
        };
        assert_eq!(decoded(&download, "ours.png"), decoded(&film, "theirs.png"), "{index}");
    }
    let report = studio.render(&download, "image/avif");
    assert_eq!(report.description.caption, "Größe & Güte");
}
