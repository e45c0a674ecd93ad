//! Pictures made by ImageMagick and tagged by exiftool, each made once per run.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use bytes::Bytes;

use super::tools::{run_ok, temp_dir, test_variable};

static MADE: LazyLock<Mutex<HashMap<String, Arc<OnceLock<Bytes>>>>> = LazyLock::new(Mutex::default);

/// The path of the 18-megapixel photograph.
pub fn print_photo_path() -> PathBuf {
    PathBuf::from(test_variable("PRESSROOM_TEST_PHOTO"))
}

/// A JPEG photograph of 5640 × 3172 pixels, about 16 MB.
pub fn print_photo() -> Bytes {
    once("print photo", || std::fs::read(print_photo_path()).unwrap())
}

/// A colourful picture in a format that ImageMagick writes; different seeds give different bytes.
pub fn picture(format: &str, width: u32, height: u32, seed: u32) -> Bytes {
    once(&format!("{format} {width} {height} {seed}"), || {
        convert(&[
            "-seed",
            &seed.to_string(),
            "-size",
            &format!("{width}x{height}"),
            "plasma:fractal",
            "-depth",
            "8",
            "-quality",
            "92",
            &format!("{format}:-"),
        ])
    })
}

pub fn jpeg(width: u32, height: u32, seed: u32) -> Bytes {
    picture("jpeg", width, height, seed)
}

/// A JPEG with the given exiftool assignments, for example `-XMP-dc:Title=…`.
pub fn tagged_jpeg(width: u32, height: u32, assignments: &[&str]) -> Bytes {
    once(&format!("tagged {width} {height} {assignments:?}"), || {
        let dir = temp_dir();
        let file = dir.path().join("tagged.jpg");
        std::fs::write(&file, jpeg(width, height, 7)).unwrap();
        let mut arguments = vec!["-q", "-overwrite_original", "-codedcharacterset=utf8"];
        arguments.extend(assignments);
        arguments.push(file.to_str().unwrap());
        run_ok("exiftool", &arguments);
        std::fs::read(&file).unwrap()
    })
}

/// A PNG whose header claims more pixels than anyone could hold, in a few bytes.
pub fn png_bomb(width: u32, height: u32) -> Bytes {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 1_000_000]).unwrap();
    let packed = packed.finish().unwrap();
    for (kind, data) in [(b"IHDR", header.as_slice()), (b"IDAT", packed.as_slice()), (b"IEND", &[])] {
        png.extend((data.len() as u32).to_be_bytes());
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(kind);
        checksum.update(data);
        png.extend(kind);
        png.extend(data);
        png.extend(checksum.finalize().to_be_bytes());
    }
    png.into()
}

/// What a decoder that is not ours says of a picture: format, width, height.
pub fn identify(bytes: &[u8]) -> (String, u32, u32) {
    let dir = temp_dir();
    let file = dir.path().join("picture");
    std::fs::write(&file, bytes).unwrap();
    let said = run_ok("identify", &["-format", "%m %w %h\n", file.to_str().unwrap()]);
    let mut words = said.lines().next().unwrap_or_default().split(' ').map(str::to_owned);
    let mut next = || words.next().unwrap_or_default();
    (next(), next().parse().unwrap(), next().parse().unwrap())
}

/// What exiftool reads in a file under the given names (`XMP-dc:Title`, say), empty where there is nothing.
pub fn tags(bytes: &[u8], names: &[&str]) -> Vec<String> {
    let dir = temp_dir();
    let file = dir.path().join("file");
    std::fs::write(&file, bytes).unwrap();
    names
        .iter()
        .map(|name| {
            let asked = format!("-{name}");
            run_ok("exiftool", &["-s3", "-sep", ", ", &asked, file.to_str().unwrap()]).trim().to_owned()
        })
        .collect()
}

fn once(key: &str, make: impl FnOnce() -> Vec<u8>) -> Bytes {
    let cell = {
        let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Arc::clone(made.entry(key.to_owned()).or_default())
    };
    // Two tests that want the same picture make it once; one picture may be made out of another.
    cell.get_or_init(|| Bytes::from(make())).clone()
}

fn convert(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("convert").args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "convert {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
