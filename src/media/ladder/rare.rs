//! Files that are right and seldom: by other programs where one writes them, else with a few bytes changed.

use super::render;
use crate::media::container::{png, riff};
use crate::media::testing::{CORNERS, Studio, difference, rendition, run, seen, text};
use crate::media::{refusal, sniff};
use std::path::Path;

/// The colour in the middle of the large JPEG.
fn middle(studio: &Studio, file: &Path, media_type: &str) -> [u8; 3] {
    let (width, height, pixels) = seen(&rendition(&studio.render(file, media_type), "large.jpg"));
    let at = 3 * (height / 2 * width + width / 2) as usize;
    [pixels[at], pixels[at + 1], pixels[at + 2]]
}

fn is_near(found: [u8; 3], meant: [u8; 3]) -> bool {
    found.iter().zip(meant).all(|(found, meant)| found.abs_diff(meant) <= 3)
}

#[test]
fn colours_that_were_multiplied_with_alpha_come_back_from_avif() {
    let studio = Studio::new();
    let png = studio.make(
        "half.png",
        &["-size", "90x60", "xc:rgba(200,90,30,0.5)", "-define", "png:color-type=6", "-depth", "8"],
    );
    let plain = studio.path("plain.avif");
    run("avifenc", &["-s", "8", "-y", "444", "--min", "0", "--max", "4", text(&png), text(&plain)]);
    let multiplied = studio.path("multiplied.avif");
    let arguments = ["-s", "8", "-y", "444", "--min", "0", "--max", "4", "--premultiply"];
    run("avifenc", &[&arguments[..], &[text(&png), text(&multiplied)]].concat());
    let large = |file: &Path| rendition(&studio.render(file, "image/avif"), "large.png");
    let (plain, multiplied) = (large(&plain), large(&multiplied));
    let off = difference(&multiplied, &plain);
    assert!(off < 3.0, "{off}");
    let pixel = image::open(&multiplied).unwrap().into_rgba8().get_pixel(40, 30).0;
    assert!(is_near([pixel[0], pixel[1], pixel[2]], [200, 90, 30]), "{pixel:?}");
}

/// Chunks put behind the header of a PNG of one colour without any of its own.
fn with_chunks(studio: &Studio, colour: &str, chunks: &[Vec<u8>]) -> std::path::PathBuf {
    let canvas = format!("xc:{colour}");
    let arguments = ["-size", "60x40", &canvas, "-depth", "8", "-define", "png:color-type=2", "-strip"];
    let excluded = ["-define", "png:exclude-chunks=all"];
    let photo = std::fs::read(studio.make("plain.png", &[&arguments[..], &excluded].concat())).unwrap();
    studio.write("told.png", &[&photo[..33], &chunks.concat(), &photo[33..]].concat())
}

#[test]
fn a_png_tells_its_colours_in_numbers() {
    let studio = Studio::new();
    let numbers =
        |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
    let gamma = |exponent: u32| png::build(*b"gAMA", &numbers(&[exponent]));
    let adobe =
        png::build(*b"cHRM", &numbers(&[31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000]));
    let srgb = png::build(*b"sRGB", &[0]);
    let film = |range: u8| png::build(*b"cICP", &[1, 13, 0, range]);
    for (colour, chunks, meant) in [
        // Light as it is: 21.6 per cent of white is the middle grey of screens.
        ("rgb(55,55,55)", vec![gamma(100_000)], [128, 128, 128]),
        ("rgb(55,55,55)", vec![gamma(45_455)], [55, 55, 55]),
        ("rgb(55,55,55)", vec![gamma(100_000), srgb], [55, 55, 55]),
        ("rgb(144,0,0)", vec![gamma(45_455), adobe.clone()], [167, 0, 0]),
        // Primaries without an exponent tell too little.
        ("rgb(144,0,0)", vec![adobe], [144, 0, 0]),
        ("rgb(16,126,235)", vec![film(0)], [0, 128, 255]),
        ("rgb(16,126,235)", vec![film(1)], [16, 126, 235]),
    ] {
        let found = middle(&studio, &with_chunks(&studio, colour, &chunks), "image/png");
        assert!(is_near(found, meant), "{colour}: {found:?} for {meant:?}");
    }
}

#[test]
fn a_webp_may_promise_metadata_that_it_has_not() {
    let studio = Studio::new();
    let photo = studio.make("photo.webp", &[&CORNERS[..], &["-strip"]].concat());
    let plain = std::fs::read(&photo).unwrap();
    // EXIF and XMP; width and height less one.
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    riff::push(&mut file, *b"VP8X", &[0x0C, 0, 0, 0, 89, 0, 0, 59, 0, 0]);
    let chunks = riff::chunks(&plain);
    let picture = chunks.iter().find(|chunk| chunk.kind.starts_with(b"VP8 ")).unwrap();
    riff::push(&mut file, picture.kind, &plain[picture.data.clone()]);
    let length = (file.len() as u32 - 8).to_le_bytes();
    file[4..8].copy_from_slice(&length);
    let promised = studio.render(&studio.write("promised.webp", &file), "image/webp");
    let meant = studio.render(&photo, "image/webp");
    assert_eq!(difference(&rendition(&promised, "large.jpg"), &rendition(&meant, "large.jpg")), 0.0);
}

/// A first page that is a small copy of the second one, as scanning programs write it.
#[test]
fn behind_a_small_copy_a_tiff_has_its_picture() {
    let studio = Studio::new();
    for options in [&[][..], &["-endian", "LSB"], &["-endian", "MSB"]] {
        let copy = ["(", "-size", "30x20", "xc:red", ")"];
        let picture = ["(", "-size", "90x60", "xc:rgb(0,128,128)", ")"];
        let arguments = [&copy[..], &picture, options, &["-compress", "none"]].concat();
        let file = studio.make("pages.tif", &arguments);
        run("tiffset", &["-d", "0", "-s", "254", "1", text(&file)]);
        let head = std::fs::read(&file).unwrap();
        assert_eq!(sniff(&head), Some("image/tiff"), "{}", refusal(&head));
        let seen = studio.render(&file, "image/tiff").seen.unwrap();
        assert_eq!((seen.width, seen.height), (90, 60));
        assert!(is_near(middle(&studio, &file, "image/tiff"), [0, 128, 128]));
    }
}

#[test]
fn jpeg_ls_is_named() {
    let studio = Studio::new();
    let mut file = std::fs::read(studio.make("a.jpg", &CORNERS)).unwrap();
    let at = file.windows(2).position(|some| some == [0xFF, 0xC0]).unwrap();
    file[at + 1] = 0xF7;
    let error = render(&studio.request(&studio.write("ls.jpg", &file), "image/jpeg")).unwrap_err();
    assert!(error.to_string().contains("lossless"), "{error}");
}
