use super::write;
use crate::domain::asset::Description;
use crate::media::embed::Wanted;
use crate::media::input::Input;
use crate::media::testing::{CORNERS, Studio, exiftool, run, text};
use crate::media::{metadata, read_description};
use std::path::{Path, PathBuf};

fn words() -> Description {
    Description {
        title: "Eröffnung".into(),
        caption: "Größe – „Süße“".into(),
        credit: "Bär & Söhne".into(),
        creator: "Jörg Müller".into(),
        copyright_notice: "© Bär".into(),
        date_created: "2025-11-03T14:05:00+01:00".into(),
        location: "Köln, Deutschland".into(),
        keywords: vec!["Apfel".into()],
        ..Description::default()
    }
}

fn written(studio: &Studio, file: &Path) -> PathBuf {
    let packets = metadata::read_packets(&Input::open(file, "image/tiff").unwrap(), "image/tiff");
    let output = studio.path(&format!("written-{}", file.file_name().unwrap().to_str().unwrap()));
    assert!(write(file, &output, &Wanted::new(&words(), &packets)).unwrap());
    output
}

/// The bytes of every strip or tile of every page, found by libtiff.
fn strips(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    let told = String::from_utf8_lossy(&run("tiffinfo", &["-s", text(path)])).into_owned();
    // "    0: [     174,     1234]"
    let ranges = told.lines().filter_map(|line| {
        let (offset, length) = line.split_once('[')?.1.trim_end_matches(']').split_once(',')?;
        Some((offset.trim().parse::<usize>().ok()?, length.trim().parse::<usize>().ok()?))
    });
    ranges.map(|(offset, length)| bytes[offset..offset + length].to_vec()).collect()
}

fn pixels(path: &Path) -> Vec<u8> {
    run("convert", &[text(path), "-depth", "16", "rgb:-"])
}

#[test]
fn every_kind_of_tiff_carries_metadata_and_keeps_its_strips() {
    let studio = Studio::new();
    let plain = studio.make(
        "plain.tif",
        &[&CORNERS[..], &["-strip", "-density", "300", "-units", "PixelsPerInch", "-compress", "none"]]
            .concat(),
    );
    let copy = |name: &str, options: &[&str], sources: &[&Path]| {
        let path = studio.path(name);
        let sources: Vec<&str> = sources.iter().map(|source| text(source)).collect();
        run("tiffcp", &[options, &sources, &[text(&path)]].concat());
        path
    };
    let files = [
        copy("little.tif", &["-L", "-r", "7"], &[&plain]),
        copy("big.tif", &["-B", "-c", "lzw", "-r", "16"], &[&plain]),
        copy("bigtiff-little.tif", &["-8", "-L"], &[&plain]),
        copy("bigtiff-big.tif", &["-8", "-B", "-c", "zip"], &[&plain]),
        copy("tiles.tif", &["-t", "-w", "16", "-l", "16", "-c", "packbits"], &[&plain]),
        copy("planes.tif", &["-p", "separate"], &[&plain]),
        copy("pages.tif", &["-c", "lzw"], &[&plain, &plain, &plain]),
        studio.make("sixteen.tif", &[&CORNERS[..6], &["-depth", "16", "-colorspace", "CMYK"]].concat()),
        studio.make("jpeg.tif", &[&CORNERS[..], &["-compress", "jpeg"]].concat()),
        studio.make(
            "fax.tif",
            &["-size", "60x40", "pattern:checkerboard", "-monochrome", "-compress", "group4"],
        ),
    ];
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let written = written(&studio, &file);
        assert_eq!(read_description(&written, "image/tiff").unwrap(), words(), "{name}");
        assert!(!strips(&file).is_empty(), "{name}");
        assert_eq!(strips(&written), strips(&file), "{name}");
        assert_eq!(pixels(&written), pixels(&file), "{name}");
        let told = exiftool(
            &[
                "-s3",
                "-XMP-dc:Description",
                "-IPTC:Caption-Abstract",
                "-EXIF:ImageDescription",
                "-XMP-dc:Creator",
                "-IPTC:By-line",
                "-EXIF:Artist",
                "-XMP-dc:Rights",
                "-IPTC:CopyrightNotice",
                "-EXIF:Copyright",
                "-XMP-photoshop:DateCreated",
                "-EXIF:DateTimeOriginal",
                "-XMP-photoshop:City",
                "-IPTC:City",
                "-charset",
                "exif=utf8",
            ],
            &written,
        );
        let three = |text: &str| [text; 3].join("\n");
        let expected = [
            three("Größe – „Süße“"),
            three("Jörg Müller"),
            three("© Bär"),
            "2025:11:03 14:05:00+01:00\n2025:11:03 14:05:00\nKöln\nKöln".to_owned(),
        ];
        assert_eq!(told, expected.join("\n"), "{name}");
        let digest = |tag| exiftool(&["-s3", tag], &written);
        assert_eq!(digest("-IPTCDigest"), digest("-CurrentIPTCDigest"), "{name}");
        let complaints = |path: &Path| {
            let told = exiftool(&["-s3", "-validate", "-warning", "-error", "-a"], path);
            told.lines()
                .filter(|line| !line.contains("Warning") && *line != "OK")
                .map(str::to_owned)
                .collect()
        };
        let before: Vec<String> = complaints(&file);
        let after: Vec<String> = complaints(&written);
        assert!(after.iter().all(|line| before.contains(line)), "{name}: {after:?}");
    }
}

/// A classic TIFF in big-endian order, directory by directory.
struct Builder {
    bytes: Vec<u8>,
}

impl Builder {
    fn new() -> Self {
        // The pointer to the first directory comes later; then a strip of 12 bytes: 2 × 2 pixels of RGB.
        Self { bytes: b"MM\0*\0\0\0\0picturepixel".to_vec() }
    }

    fn append(&mut self, value: &[u8]) -> u32 {
        let at = self.bytes.len() as u32;
        self.bytes.extend(value);
        if self.bytes.len() % 2 == 1 {
            self.bytes.push(0);
        }
        at
    }

    /// Tag, type, count and value or offset.
    fn directory(&mut self, entries: &[(u16, u16, u32, u32)], next: u32) -> u32 {
        let mut table = (entries.len() as u16).to_be_bytes().to_vec();
        for (tag, kind, count, value) in entries {
            table.extend([&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes()].concat());
            table.extend(if *kind == 3 && *count == 1 { value << 16 } else { *value }.to_be_bytes());
        }
        table.extend(next.to_be_bytes());
        self.append(&table)
    }

    /// A page whose metadata tells everything.
    fn telling_page(&mut self, number: u8, next: u32) -> u32 {
        let secret = |word: &str| format!("SECRET-{word}-{number}").into_bytes();
        let serial = self.append(&secret("serial"));
        let camera = self.append(&secret("camera"));
        let note = self.append(&secret("note"));
        let owner = self.append(&secret("owner"));
        let manifest = self.append(&secret("manifest"));
        let latitude = self.append(&secret("latitude!!"));
        let exposure = self.append(&[0, 0, 0, 1, 0, 0, 0, 60]);
        let packet = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\
             \"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:xmp=\
             \"http://ns.adobe.com/xap/1.0/\" xmlns:aux=\"http://ns.adobe.com/exif/1.0/aux/\" \
             xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmp:Rating=\"4\" aux:SerialNumber=\"SECRET-xmp\" \
             aux:OwnerName=\"SECRET-name\" exif:GPSLatitude=\"SECRET-gps\"/></rdf:RDF></x:xmpmeta>"
            .to_owned();
        let packet_at = self.append(packet.as_bytes());
        let position = self.directory(&[(1, 2, 2, 0x4E00_0000), (2, 5, 3, latitude)], 0);
        let capture = self.directory(
            &[
                (0x829A, 5, 1, exposure),
                (0x927C, 7, 13, note),
                (0xA430, 2, 14, owner),
                (0xA431, 2, 15, serial),
            ],
            0,
        );
        self.directory(
            &[
                (0x0100, 3, 1, 2),
                (0x0101, 3, 1, 2),
                (0x0103, 3, 1, 1),
                (0x0106, 3, 1, 2),
                (0x0111, 4, 1, 8),
                (0x0115, 3, 1, 3),
                (0x0116, 3, 1, 2),
                (0x0117, 4, 1, 12),
                (0x02BC, 1, packet.len() as u32, packet_at),
                (0x8769, 4, 1, capture),
                (0x8825, 4, 1, position),
                (0xC62F, 2, 15, camera),
                (0xCD41, 7, 17, manifest),
            ],
            next,
        )
    }

    fn finish(mut self, first: u32) -> Vec<u8> {
        self.bytes[4..8].copy_from_slice(&first.to_be_bytes());
        self.bytes
    }
}

#[test]
fn no_page_tells_whose_camera_it_was_and_where() {
    let studio = Studio::new();
    let mut builder = Builder::new();
    let second = builder.telling_page(2, 0);
    let first = builder.telling_page(1, second);
    let file = studio.write("two.tif", &builder.finish(first));
    assert!(exiftool(&["-a", "-G1", "-GPSLatitudeRef"], &file).contains("North"), "it has them at first");
    let written = written(&studio, &file);
    let bytes = std::fs::read(&written).unwrap();
    let left: Vec<String> = bytes
        .windows(14)
        .filter(|at| at.starts_with(b"SECRET"))
        .map(|at| String::from_utf8_lossy(at).into())
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(exiftool(&["-a", "-GPS:all", "-SerialNumber", "-MakerNotes:all"], &written), "");
    // What tells nothing stays, on both pages.
    assert_eq!(exiftool(&["-a", "-s3", "-ExposureTime", "-Rating"], &written), "1/60\n1/60\n4\n4");
    assert_eq!(strips(&written), strips(&file));
    assert_eq!(strips(&written).len(), 2);

    // An organisation that keeps them keeps them.
    let packets = metadata::read_packets(&Input::open(&file, "image/tiff").unwrap(), "image/tiff");
    let wanted = Wanted { keeps_private: true, ..Wanted::new(&words(), &packets) };
    assert!(write(&file, &written, &wanted).unwrap());
    assert!(exiftool(&["-a", "-G1", "-GPSLatitudeRef"], &written).contains("North"));
    assert_eq!(exiftool(&["-s3", "-XMP-aux:SerialNumber"], &written), "SECRET-xmp");
}

#[test]
fn directories_that_lead_in_circles_are_walked_once() {
    let studio = Studio::new();
    let mut builder = Builder::new();
    // The next directory, its previews and its capture data are all itself.
    let at = builder.bytes.len() as u32;
    let first = builder.directory(
        &[(0x0111, 4, 1, 8), (0x0117, 4, 1, 12), (0x014A, 4, 1, at), (0x8769, 4, 1, at), (0x8825, 4, 1, at)],
        at,
    );
    assert_eq!(first, at);
    let file = studio.write("circle.tif", &builder.finish(first));
    let written = written(&studio, &file);
    assert_eq!(read_description(&written, "image/tiff").unwrap(), words());
    let whole = std::fs::read(&written).unwrap();
    assert_eq!(&whole[8..20], b"picturepixel");
}

#[test]
fn what_is_private_is_not_erased_where_the_picture_is() {
    let studio = Studio::new();
    let mut builder = Builder::new();
    // A value that claims to lie in the strip.
    let first = builder.directory(&[(0x0111, 4, 1, 8), (0x0117, 4, 1, 12), (0xC62F, 2, 60, 8)], 0);
    let file = studio.write("overlap.tif", &builder.finish(first));
    assert_eq!(&std::fs::read(written(&studio, &file)).unwrap()[8..20], b"picturepixel");
}
