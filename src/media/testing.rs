//! What the tests of this room share: files made by other programs, and other programs' view of ours.

use super::{Order, RenderReport, RenderRequest, RenderedFile, render};
use crate::domain::asset::FocalPoint;
use crate::domain::rendition::{LADDER, Pass};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Runs a program and returns what it wrote, or fails the test with its complaint.
pub fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output =
        Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {complaint}");
    output.stdout
}

pub fn exiftool(arguments: &[&str], path: &Path) -> String {
    let arguments: Vec<&str> =
        ["-charset", "utf8"].into_iter().chain(arguments.iter().copied()).chain([text(path)]).collect();
    String::from_utf8(run("exiftool", &arguments)).unwrap().trim().to_owned()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder for one test, in which ImageMagick makes the pictures.
pub struct Studio {
    dir: TempDir,
}

impl Studio {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A picture by ImageMagick's rules, for example `["-size", "60x40", "gradient:red-blue"]`.
    pub fn make(&self, name: &str, arguments: &[&str]) -> PathBuf {
        let path = self.path(name);
        let arguments: Vec<&str> = arguments.iter().copied().chain([text(&path)]).collect();
        run("convert", &arguments);
        path
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn request(&self, input: &Path, media_type: &str) -> RenderRequest {
        let out_dir = self.path(&format!("{}.out", input.file_name().unwrap().to_str().unwrap()));
        std::fs::create_dir_all(&out_dir).unwrap();
        RenderRequest {
            input: input.to_owned(),
            media_type: media_type.to_owned(),
            focal_point: FocalPoint::default(),
            crops: Default::default(),
            description: None,
            make: first_pass(),
            describe: Vec::new(),
            describe_original: true,
            keep_camera_data: false,
            out_dir,
        }
    }

    pub fn render(&self, input: &Path, media_type: &str) -> RenderReport {
        render(&self.request(input, media_type))
            .unwrap_or_else(|error| panic!("{}: {error:?}", input.display()))
    }

    /// The code with which a file is refused.
    pub fn refusal(&self, input: &Path, media_type: &str) -> &'static str {
        match render(&self.request(input, media_type)) {
            Ok(_) => panic!("{} was rendered", input.display()),
            Err(error) => error.code(),
        }
    }
}

/// A smooth picture whose corners all differ: any turn, mirror or lost channel shows.
pub const CORNERS: [&str; 10] = [
    "-size",
    "90x60",
    "xc:white",
    "-sparse-color",
    "Bilinear",
    "0,0 red 89,0 lime 0,59 blue 89,59 yellow",
    "-depth",
    "8",
    "-type",
    "TrueColor",
];

/// Width, height and RGB pixels of a file as ImageMagick sees them, on white.
pub fn seen(path: &Path) -> (u32, u32, Vec<u8>) {
    let first = format!("{}[0]", text(path));
    let arguments =
        [&first, "-background", "white", "-alpha", "remove", "-alpha", "off", "-colorspace", "sRGB"];
    let size = run("convert", &[&arguments[..], &["-format", "%w %h", "info:"]].concat());
    let size = String::from_utf8(size).unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    let pixels = run("convert", &[&arguments[..], &["-type", "TrueColor", "-depth", "8", "rgb:-"]].concat());
    (width.parse().unwrap(), height.parse().unwrap(), pixels)
}

/// Mean difference per channel, in levels of 255; the sizes must agree.
pub fn difference(ours: &Path, theirs: &Path) -> f64 {
    let (ours, theirs) = (seen(ours), seen(theirs));
    assert_eq!((ours.0, ours.1), (theirs.0, theirs.1), "size");
    let sum: u64 = ours.2.iter().zip(&theirs.2).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / ours.2.len() as f64
}

/// Everything that an asset needs to be ready.
pub fn first_pass() -> Vec<Order> {
    of_pass(Pass::First)
}

pub fn of_pass(pass: Pass) -> Vec<Order> {
    LADDER
        .iter()
        .flat_map(|preset| preset.recipes.iter().map(move |recipe| (preset, recipe)))
        .filter(|(_, recipe)| recipe.pass == pass && recipe.suits("image/jpeg", true))
        .map(|(preset, recipe)| Order { name: preset.name.to_owned(), recipe: recipe.name.to_owned() })
        .collect()
}

/// The file of a report by the name that it has in public, such as `large.jpg`.
pub fn rendition(report: &RenderReport, file_name: &str) -> PathBuf {
    let is_it = |file: &&RenderedFile| format!("{}.{}", file.name, file.format.extension()) == file_name;
    let found = report.renditions.iter().find(is_it);
    found.unwrap_or_else(|| panic!("no {file_name}")).path.clone()
}

/// An EXIF segment that says nothing but the orientation, put behind the start of a JPEG file.
pub fn with_orientation(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend(orientation.to_be_bytes());
    exif.extend([0, 0, 0, 0, 0, 0]);
    let mut file = jpeg[..2].to_vec();
    file.extend([0xFF, 0xE1]);
    file.extend((exif.len() as u16 + 2).to_be_bytes());
    file.extend(exif);
    file.extend(&jpeg[2..]);
    file
}
