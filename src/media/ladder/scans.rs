//! TIFF as scanners, fax programs and print shops write it: put together byte by byte where no program does, and judged
//! by what other programs see in it.

use super::render;
use crate::media::testing::{Studio, difference, exiftool, rendition, run, seen, text};
use crate::media::{refusal, sniff};
use std::io::Write;
use std::path::{Path, PathBuf};

const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const SIGNED_RATIONAL: u16 = 10;
const STRIP_OFFSETS: u16 = 273;
const STRIP_BYTE_COUNTS: u16 = 279;

/// A field; a fraction is two numbers.
type Field<'a> = (u16, u16, &'a [u32]);

/// A file of one page with these strips.
fn tiff(fields: &[Field<'_>], strips: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let mut starts = Vec::new();
    for strip in strips {
        starts.push(file.len() as u32);
        file.extend(strip);
        file.resize(file.len().next_multiple_of(2), 0);
    }
    let lengths: Vec<u32> = strips.iter().map(|strip| strip.len() as u32).collect();
    let mut fields = fields.to_vec();
    fields.extend([(STRIP_OFFSETS, LONG, &*starts), (STRIP_BYTE_COUNTS, LONG, &*lengths)]);
    let at = directory(&mut file, &mut fields);
    file[4..8].copy_from_slice(&at.to_le_bytes());
    file
}

/// Appends a directory, and says where it is. Of a field that is there twice the first counts; one without numbers is
/// left out.
fn directory(file: &mut Vec<u8>, fields: &mut Vec<Field<'_>>) -> u32 {
    fields.sort_by_key(|(tag, ..)| *tag);
    fields.dedup_by_key(|(tag, ..)| *tag);
    fields.retain(|(.., numbers)| !numbers.is_empty());
    let mut table = (fields.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, numbers) in fields {
        let mut value: Vec<u8> = match *kind {
            SHORT => numbers.iter().flat_map(|number| (*number as u16).to_le_bytes()).collect(),
            _ => numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
        };
        if value.len() > 4 {
            let place = (file.len() as u32).to_le_bytes();
            file.extend(&value);
            file.resize(file.len().next_multiple_of(2), 0);
            value = place.to_vec();
        }
        value.resize(4, 0);
        let count = numbers.len() as u32 / if matches!(*kind, RATIONAL | SIGNED_RATIONAL) { 2 } else { 1 };
        table.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        table.extend([count.to_le_bytes().to_vec(), value].concat());
    }
    let at = file.len() as u32;
    file.extend(table);
    file.extend([0; 4]);
    at
}

/// What every picture has: width, height, bits of each channel, packing, kind of pixels.
fn page<'a>(
    size: &'a [u32; 2],
    bits: &'a [u32],
    packing: &'a [u32; 1],
    kind: &'a [u32; 1],
    channels: &'a [u32; 1],
) -> Vec<Field<'a>> {
    vec![
        (256, LONG, &size[..1]),
        (257, LONG, &size[1..]),
        (258, SHORT, bits),
        (259, SHORT, packing),
        (262, SHORT, kind),
        (277, SHORT, channels),
        (278, LONG, &size[1..]),
    ]
}

/// The picture of every pixel, as print shops get it.
fn print(studio: &Studio, file: &Path) -> PathBuf {
    let order = super::Order { name: "print".to_owned(), recipe: "jpeg-print-1".to_owned() };
    let request = super::RenderRequest { make: vec![order], ..studio.request(file, "image/tiff") };
    let report = render(&request).unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
    rendition(&report, "print.jpg")
}

fn pixel(picture: &Path, x: u32, y: u32) -> [u8; 3] {
    let (width, _, pixels) = seen(picture);
    let at = 3 * (y * width + x) as usize;
    [pixels[at], pixels[at + 1], pixels[at + 2]]
}

fn assert_near(found: [u8; 3], meant: [u8; 3], name: &str) {
    assert!(found.iter().zip(meant).all(|(found, meant)| found.abs_diff(meant) <= 4), "{name}: {found:?}");
}

#[test]
fn fax_pages_of_all_groups_are_read() {
    let studio = Studio::new();
    let letter = ["-size", "203x151", "xc:white", "-fill", "black", "-draw", "circle 90,70 90,20"];
    let bilevel = ["-monochrome", "-depth", "1", "-compress", "none"];
    let plain = studio.make("plain.tif", &[&letter[..], &bilevel].concat());
    let plain_view = studio.make("plain.png", &[text(&plain)]);
    for (name, options) in [
        ("one.tif", &["-c", "g3:1d"][..]),
        ("one-filled.tif", &["-c", "g3:1d:fill"]),
        ("two.tif", &["-c", "g3:2d"]),
        ("two-filled.tif", &["-c", "g3:2d:fill", "-r", "20"]),
        ("two-turned.tif", &["-c", "g3:2d", "-f", "lsb2msb"]),
        ("four.tif", &["-c", "g4", "-r", "20"]),
    ] {
        let file = studio.path(name);
        run("tiffcp", &[options, &[text(&plain), text(&file)]].concat());
        let off = difference(&print(&studio, &file), &plain_view);
        assert!(off < 3.0, "{name}: {off}");
    }
    // Eight white and eight black pixels; sixteen white ones; sixteen black ones: each row from a whole byte.
    let rows = vec![0b1001_1000, 0b1010_0000, 0b1010_1000, 0b0011_0101, 0b0000_0101, 0b1100_0000];
    let bare = tiff(&page(&[16, 3], &[1], &[2], &[0], &[1]), &[rows]);
    let bare = studio.write("bare.tif", &bare);
    let bare = print(&studio, &bare);
    for (x, y, is_black) in [(2, 0, false), (12, 0, true), (7, 1, false), (7, 2, true)] {
        assert_eq!(pixel(&bare, x, y)[0] < 128, is_black, "{x}, {y}");
    }
    let cut = std::fs::read(studio.path("two.tif")).unwrap();
    let zeroed = [&cut[..8], &[0; 200], &cut[208..]].concat();
    assert_eq!(studio.refusal(&studio.write("zeroed.tif", &zeroed), "image/tiff"), "damaged");
}

/// Units of so many pixels across and down that share their colour: levels of grey that grow, in two colours.
fn shared(width: usize, height: usize, across: usize, down: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in 0..height.div_ceil(down) {
        for column in 0..width.div_ceil(across) {
            for y in 0..down {
                bytes.extend((0..across).map(|x| (60 + 2 * (row * down + y) + column * across + x) as u8));
            }
            bytes.extend(if column * across < width / 2 { [100, 160] } else { [150, 110] });
        }
    }
    bytes
}

#[test]
fn pixels_that_share_their_colour_are_read() {
    let studio = Studio::new();
    let (width, height) = (43, 31);
    let video: &[u32] = &[16, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1];
    let television: &[u32] = &[2126, 10_000, 7152, 10_000, 722, 10_000];
    for (name, (across, down), more) in [
        ("half.tif", (2, 1), &[][..]),
        ("quarter.tif", (2, 2), &[]),
        ("wide.tif", (4, 1), &[]),
        ("four.tif", (4, 4), &[]),
        ("video.tif", (2, 2), &[(532, RATIONAL, video)]),
        ("television.tif", (2, 2), &[(529, RATIONAL, television)]),
        ("even.tif", (1, 1), &[(532, RATIONAL, video)]),
    ] {
        let together = [across as u32, down as u32];
        let (size, bits) = ([width as u32, height as u32], [8, 8, 8]);
        let mut fields = page(&size, &bits, &[1], &[6], &[3]);
        fields.push((530, SHORT, &together));
        fields.extend(more);
        let file = studio.write(name, &tiff(&fields, &[shared(width, height, across, down)]));
        let view = studio.path("view.tif");
        run("tiff2rgba", &["-c", "none", text(&file), text(&view)]);
        let off = difference(&print(&studio, &file), &view);
        assert!(off < 2.0, "{name}: {off}");
        // Packed, in strips whose last is not full.
        let units = shared(width, height, across, down);
        let row_bytes = width.div_ceil(across) * (across * down + 2);
        let deflated = |bytes: &[u8]| {
            let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(bytes).unwrap();
            packed.finish().unwrap()
        };
        let strips: Vec<Vec<u8>> = units.chunks(row_bytes * 16 / down).map(deflated).collect();
        let packing: [Field<'_>; 2] = [(278, LONG, &[16]), (259, SHORT, &[8])];
        let fields = [&packing[..], &*fields].concat();
        let packed = studio.write("packed.tif", &tiff(&fields, &strips));
        let off = difference(&print(&studio, &packed), &view);
        assert!(off < 2.0, "{name}, packed: {off}");
    }
}

/// A small copy first, and the picture in a directory beneath it.
#[test]
fn beneath_a_small_copy_a_tiff_has_its_picture() {
    let studio = Studio::new();
    let teal = [0, 128, 128].repeat(90 * 60);
    let scan = |kind: u32, make: bool| {
        let mut file = b"II*\0\0\0\0\0".to_vec();
        let page_at = |file: &mut Vec<u8>, size: [u32; 2], pixels: &[u8], more: &[Field<'_>]| {
            let (start, length) = (file.len() as u32, pixels.len() as u32);
            file.extend(pixels);
            let (start, length) = ([start], [length]);
            let mut fields = page(&size, &[8, 8, 8], &[1], &[2], &[3]);
            fields.extend(more);
            fields.extend([(STRIP_OFFSETS, LONG, &start[..]), (STRIP_BYTE_COUNTS, LONG, &length)]);
            directory(file, &mut fields)
        };
        let turned: Field<'_> = (274, SHORT, &[6]);
        let whole = page_at(&mut file, [90, 60], &teal, &[(254, LONG, &[kind]), turned]);
        let mask = page_at(&mut file, [90, 60], &teal, &[(254, LONG, &[4])]);
        let beneath = [mask, whole];
        let mut more: Vec<Field<'_>> = vec![(254, LONG, &[1]), (330, LONG, &beneath)];
        let maker = [u32::from_le_bytes(*b"Epso")];
        if make {
            more.push((271, LONG, &maker));
        }
        let first = page_at(&mut file, [30, 20], &[255, 0, 0].repeat(600), &more);
        file[4..8].copy_from_slice(&first.to_le_bytes());
        file
    };
    for make in [false, true] {
        let file = studio.write("scan.tif", &scan(0, make));
        assert_eq!(exiftool(&["-s3", "-SubIFD1:ImageWidth"], &file), "90");
        let head = std::fs::read(&file).unwrap();
        assert_eq!(sniff(&head), Some("image/tiff"), "{}", refusal(&head));
        let seen = studio.render(&file, "image/tiff").seen.unwrap();
        assert_eq!((seen.width, seen.height), (60, 90), "held as the picture's own directory says");
        assert_near(pixel(&print(&studio, &file), 5, 5), [0, 128, 128], "scan");
    }
    // Nothing but smaller copies: the first page it is.
    let seen = studio.render(&studio.write("copies.tif", &scan(1, false)), "image/tiff").seen.unwrap();
    assert_eq!((seen.width, seen.height), (30, 20));
}

#[test]
fn lab_in_all_notations_has_its_colours() {
    let studio = Studio::new();
    let colours = [([54.29, 80.81, 69.89_f32], [255, 0, 0]), ([29.57, 68.30, -112.03], [0, 0, 255])];
    let size = [8, 8];
    for (lab, rgb) in colours {
        let [l, a, b] = lab;
        let floating: Vec<u8> = lab.iter().flat_map(|value| value.to_le_bytes()).collect();
        let near = |value: f32| value.round().clamp(0.0, 255.0) as u8;
        let fax = vec![near(l * 2.55), near((a + 85.0) * 1.5), near((b + 75.0) * 1.275)];
        let wide = vec![near(l * 2.55), near(a + 128.0), near(b + 128.0)];
        let ends: &[u32] =
            &[0, 1, 100, 1, (-128_i32).cast_unsigned(), 1, 127, 1, (-128_i32).cast_unsigned(), 1, 127, 1];
        let told: Vec<Field<'_>> = vec![(433, SIGNED_RATIONAL, ends)];
        for (name, bits, kind, format, bytes, more) in [
            ("floating.tif", 32, 8, 3, floating.clone(), vec![]),
            ("offset.tif", 8, 9, 1, wide.clone(), vec![]),
            ("told.tif", 8, 10, 1, wide.clone(), told),
            ("fax.tif", 8, 10, 1, fax.clone(), vec![]),
        ] {
            // Blue lies beyond the axis of colour fax.
            if name == "fax.tif" && b < -75.0 {
                continue;
            }
            let (bits, kind, format) = ([bits; 3], [kind], [format; 3]);
            let mut fields = page(&size, &bits, &[1], &kind, &[3]);
            fields.push((339, SHORT, &format));
            fields.extend(more);
            let file = studio.write(name, &tiff(&fields, &[bytes.repeat(64)]));
            assert_near(pixel(&print(&studio, &file), 4, 4), rgb, name);
        }
    }
}

#[test]
fn what_old_programs_left_out_is_put_in() {
    let studio = Studio::new();
    let (size, bits) = ([40, 30], [8, 8, 8]);
    let strip = |level: u8| [level, 128, 40].repeat(40 * 15);
    let rows: Field<'_> = (278, LONG, &[15]);
    for (name, more) in [
        ("told.tif", &[][..]),
        ("no-lengths.tif", &[(STRIP_BYTE_COUNTS, LONG, &[][..])]),
        ("zero-lengths.tif", &[(STRIP_BYTE_COUNTS, LONG, &[0, 0])]),
        ("no-kind.tif", &[(262, SHORT, &[][..])]),
    ] {
        let mut fields = [more, &[rows]].concat();
        fields.extend(page(&size, &bits, &[1], &[2], &[3]));
        let file = studio.write(name, &tiff(&fields, &[strip(200), strip(90)]));
        let print = print(&studio, &file);
        assert_near(pixel(&print, 20, 5), [200, 128, 40], name);
        assert_near(pixel(&print, 20, 25), [90, 128, 40], name);
    }
}

/// As imaging programs of the nineties wrote it.
#[test]
fn a_whole_jpeg_inside_of_a_tiff_is_read() {
    let studio = Studio::new();
    let photo = studio.make("photo.jpg", &["-size", "403x302", "gradient:navy-orange", "-quality", "95"]);
    let bytes = std::fs::read(&photo).unwrap();
    let (size, bits, length) = ([403, 302], [8, 8, 8], [bytes.len() as u32]);
    let mut fields = page(&size, &bits, &[6], &[6], &[3]);
    fields.extend([(512, SHORT, &[1][..]), (513, LONG, &[8]), (514, LONG, &length)]);
    let file = studio.write("old.tif", &tiff(&fields, std::slice::from_ref(&bytes)));
    assert!(difference(&print(&studio, &file), &photo) < 1.5);
    let small = rendition(&studio.render(&file, "image/tiff"), "thumb.webp");
    assert!(difference(&small, &studio.make("small.png", &[text(&photo), "-resize", "400x300!"])) < 3.0);
    let cut = tiff(&fields, &[bytes[..bytes.len() / 2].to_vec()]);
    assert_eq!(studio.refusal(&studio.write("cut.tif", &cut), "image/tiff"), "truncated");
}

/// Inks beneath alpha are seen on paper, spot colours beside them are not.
#[test]
fn further_channels_behind_the_inks_are_told_apart() {
    let studio = Studio::new();
    let size = [20, 20];
    let bits = [8; 6];
    for (name, channels, extra, pixel_bytes, meant) in [
        ("spots.tif", 6, &[0, 0][..], &[0, 0, 0, 255, 200, 90][..], [29, 29, 27]),
        ("clear.tif", 5, &[2], &[0, 0, 0, 255, 0], [255, 255, 255]),
        ("solid.tif", 5, &[2], &[0, 0, 0, 255, 255], [29, 29, 27]),
    ] {
        let channels = [channels];
        let mut fields = page(&size, &bits[..channels[0] as usize], &[1], &[5], &channels);
        fields.push((338, SHORT, extra));
        let file = studio.write(name, &tiff(&fields, &[pixel_bytes.repeat(400)]));
        assert_near(pixel(&print(&studio, &file), 10, 10), meant, name);
    }
}

#[test]
fn what_is_refused_says_which_trait_it_is() {
    let studio = Studio::new();
    let plain = studio.make("plain.tif", &["-size", "20x20", "xc:teal", "-depth", "8", "-compress", "none"]);
    for (tag, value, named) in [
        ("259", "34925", "LZMA"),
        ("259", "34712", "JPEG 2000"),
        ("259", "50002", "JPEG XL"),
        ("259", "7777", "7777"),
        ("262", "4", "mask"),
        ("262", "32844", "LogLuv"),
    ] {
        let file = studio.write("changed.tif", &std::fs::read(&plain).unwrap());
        run("tiffset", &["-s", tag, value, text(&file)]);
        let error = render(&studio.request(&file, "image/tiff")).unwrap_err();
        assert_eq!(error.code(), "unsupported_format", "{error:?}");
        assert!(error.to_string().contains(named), "{error}");
    }
    let (size, bits, inks) = ([20, 20], [8; 4], b"Orange\0Green\0Violet\0Black\0");
    let inks: Vec<u32> = inks
        .chunks(4)
        .map(|some| some.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
        .collect();
    let mut fields = page(&size, &bits, &[1], &[5], &[4]);
    fields.extend([(332, SHORT, &[2][..]), (333, LONG, &inks)]);
    let file = studio.write("inks.tif", &tiff(&fields, &[vec![0; 1600]]));
    let error = render(&studio.request(&file, "image/tiff")).unwrap_err();
    assert!(error.to_string().contains("other inks"), "{error}");
    for (format, named) in [([2; 3], "below zero"), ([6; 3], "complex")] {
        let mut fields = page(&size, &bits[..3], &[1], &[2], &[3]);
        fields.push((339, SHORT, &format));
        let file = studio.write("format.tif", &tiff(&fields, &[vec![0; 1200]]));
        let error = render(&studio.request(&file, "image/tiff")).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
    let odd = studio.write("odd.tif", &tiff(&page(&size, &[12], &[1], &[1], &[1]), &[vec![0; 600]]));
    assert!(render(&studio.request(&odd, "image/tiff")).unwrap_err().to_string().contains("12 bits"));
}
