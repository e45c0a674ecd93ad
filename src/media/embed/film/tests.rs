use super::write;
use crate::media::testing::{Studio, exiftool};

fn atom(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, &body].concat()
}

/// A list of named items as Apple's devices write it.
fn list(is_full_box: bool, items: &[(&str, &str)]) -> Vec<u8> {
    let handler = atom(b"hdlr", &[&[0; 8], b"mdta", &[0; 13]]);
    let count = (items.len() as u32).to_be_bytes();
    let names: Vec<u8> = items.iter().flat_map(|(name, _)| atom(b"mdta", &[name.as_bytes()])).collect();
    let keys = atom(b"keys", &[&[0; 4], &count, &names]);
    let values = items.iter().zip(1_u32..).flat_map(|((_, value), number)| {
        let data = atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], value.as_bytes()]);
        atom(&number.to_be_bytes(), &[&data])
    });
    let values = atom(b"ilst", &[&values.collect::<Vec<u8>>()]);
    let version: &[u8] = if is_full_box { &[0; 4] } else { &[] };
    atom(b"meta", &[version, &handler, &keys, &values])
}

const POSITION: &str = "+52.5123+013.4321/";
const PACKET: &str = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
    xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
    xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    exif:GPSLatitude=\"52,30.738N\" exif:GPSLongitude=\"13,25.926E\" dc:format=\"video\"/></rdf:RDF></x:xmpmeta>";

fn film(brand: &[u8; 4], is_full_box: bool) -> Vec<u8> {
    let header = [&[0; 12][..], &1000_u32.to_be_bytes(), &[0; 80], &1_u32.to_be_bytes()].concat();
    let xyz = atom(b"\xA9xyz", &[&[0, 18, 0x15, 0xC7], POSITION.as_bytes()]);
    let place = atom(
        b"loci",
        &[&[0; 4], b"\x15\xC7Hof\0\0", &[0, 13, 0x6E, 0x9D, 0, 52, 0x83, 0x26, 0, 0, 0, 0], b"earth\0\0"],
    );
    let title = atom(b"\xA9nam", &[&[0, 5, 0x15, 0xC7], b"Titel"]);
    let named = list(
        is_full_box,
        &[
            ("com.apple.quicktime.title", "Rundgang"),
            ("com.apple.quicktime.location.ISO6709", POSITION),
            ("com.apple.quicktime.make", "Apple"),
        ],
    );
    let packet = atom(b"uuid", &[&super::XMP_ID, PACKET.as_bytes(), &[b' '; 600]]);
    let moov = atom(b"moov", &[&atom(b"mvhd", &[&header]), &atom(b"udta", &[&title, &xyz, &place]), &named]);
    let pictures = atom(b"mdat", &[b"+52.5123 among the pictures"]);
    [atom(b"ftyp", &[brand, &[0; 4], brand]), packet, pictures, moov].concat()
}

#[test]
fn a_film_does_not_tell_where_it_was_taken() {
    let studio = Studio::new();
    for (brand, is_full_box) in [(b"isom", true), (b"qt  ", false)] {
        let file = film(brand, is_full_box);
        let input = studio.write("film.mp4", &file);
        let output = studio.path("copy.mp4");
        let told = |path| exiftool(&["-a", "-G1", "-s", "-n", "-GPS*", "-*Location*"], path);
        assert!(told(&input).contains("52.51"), "the scene is set: {}", told(&input));
        assert!(write(&input, &output, false).unwrap());
        let copy = std::fs::read(&output).unwrap();
        assert!(!told(&output).contains("52") && !told(&output).contains("Hof"), "{}", told(&output));
        let holds = |file: &[u8], text: &[u8]| file.windows(text.len()).any(|some| some == text);
        assert!(!holds(&copy, POSITION.as_bytes()) && !holds(&copy, b"52,30") && !holds(&copy, b"Hof"));
        // Nothing has moved, and everything else is still said.
        assert_eq!(copy.len(), file.len());
        let pictures = |file: &[u8]| file.windows(4).position(|some| some == b"mdat");
        assert_eq!(pictures(&copy), pictures(&file));
        assert!(holds(&copy, b"+52.5123 among the pictures"));
        let said = |path| exiftool(&["-s3", "-a", "-Title", "-Keys:Make", "-XMP-dc:Format"], path);
        let titles = said(&output);
        assert_eq!(titles, said(&input));
        assert!(titles.contains("Titel") && titles.contains("video"), "{titles}");
        // Of the two forms of a list, exiftool reads QuickTime's.
        assert!(is_full_box || titles.contains("Rundgang") && titles.contains("Apple"), "{titles}");
        assert!(holds(&copy, b"Rundgang") && holds(&copy, b"Apple"));
        // A second time there is nothing to do.
        assert!(!write(&output, &studio.path("again.mp4"), false).unwrap());
        assert!(
            !write(&input, &studio.path("again.mp4"), true).unwrap(),
            "the organisation wants it to stay"
        );
        assert!(!studio.path("again.mp4").exists());
    }
}

#[test]
fn films_that_are_cut_off_or_hostile_come_to_an_end() {
    let studio = Studio::new();
    let file = film(b"isom", true);
    for length in 0..file.len() {
        let input = studio.write("film.mp4", &file[..length]);
        let output = studio.path("copy.mp4");
        if write(&input, &output, false).unwrap() {
            assert_eq!(std::fs::read(&output).unwrap().len(), length);
        }
    }
    let mut nested = atom(b"\xA9xyz", &[b"x"]);
    for _ in 0..2_000 {
        nested = atom(b"udta", &[&nested]);
    }
    assert!(!write(&studio.write("deep.mp4", &nested), &studio.path("deep"), false).unwrap());
    let endless = [&[0, 0, 0, 1][..], b"mdat", &[0xFF; 8]].concat();
    assert!(!write(&studio.write("endless.mp4", &endless), &studio.path("endless"), false).unwrap());
}
