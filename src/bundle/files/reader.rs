//! Reads a bundle. Whoever made it is not trusted: paths that lead out of the bundle, links, encrypted and
//! blown-up entries are named and left alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;
use zip::ZipArchive;

use super::{MAX_FILES, MAX_PHOTO_BYTES, MAX_TEXT_BYTES, MAX_TEXTS_BYTES};
use crate::bundle::import::Problem;
use crate::bundle::{BundleError, Result};

const FOLDERS: [&str; 5] = ["contacts", "releases", "albums", "events", "photos"];

pub struct Reader {
    files: BTreeMap<String, Found>,
    archive: Option<ZipArchive<BufReader<File>>>,
}

struct Found {
    size_bytes: u64,
    place: Place,
}

enum Place {
    File(PathBuf),
    /// The number of a ZIP entry.
    Entry(usize),
}

impl Reader {
    /// Looks through a folder or a ZIP file; also returns what in it belongs to no bundle.
    pub fn open(source: &Path) -> Result<(Self, Vec<Problem>)> {
        let meta = std::fs::metadata(source).map_err(BundleError::file(source))?;
        let mut finds = Finds::default();
        let archive = if meta.is_dir() {
            finds.walk(source, "")?;
            None
        } else {
            Some(finds.list(source)?)
        };
        let reader = Self { files: finds.files, archive };
        if reader.files.is_empty() {
            let detail = "there is nothing in it that belongs to a bundle".to_owned();
            return Err(BundleError::NotABundle { path: source.to_owned(), detail });
        }
        Ok((reader, finds.problems))
    }

    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub fn size_bytes(&self, path: &str) -> u64 {
        self.files.get(path).map_or(0, |found| found.size_bytes)
    }

    /// The paths of the files in a folder of the bundle, sorted.
    pub fn paths_in(&self, folder: &str) -> Vec<String> {
        let prefix = format!("{folder}/");
        self.files
            .range(prefix.clone()..)
            .map(|(path, _)| path)
            .take_while(|path| path.starts_with(&prefix))
            .cloned()
            .collect()
    }

    /// A text in UTF-8.
    pub fn text(&mut self, path: &str) -> std::result::Result<String, Problem> {
        let problem = |line, message: String| Problem { file: path.to_owned(), line, column: None, message };
        let mut bytes = Vec::new();
        self.open_file(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|error| problem(None, format!("The file cannot be read: {error}")))?;
        String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..good].iter().filter(|b| **b == b'\n').count() + 1;
            problem(Some(line), "The text is not UTF-8; save it as UTF-8 in the editor".to_owned())
        })
    }

    /// The bytes of a file; never more than the bundle said there are.
    pub fn open_file(&mut self, path: &str) -> std::io::Result<Box<dyn Read + Send + '_>> {
        let Some(found) = self.files.get(path) else { return Err(std::io::ErrorKind::NotFound.into()) };
        let limit = found.size_bytes;
        match (&found.place, &mut self.archive) {
            (Place::File(path), _) => Ok(Box::new(File::open(path)?.take(limit))),
            (Place::Entry(number), Some(archive)) => {
                Ok(Box::new(archive.by_index(*number).map_err(std::io::Error::from)?.take(limit)))
            }
            (Place::Entry(_), None) => Err(std::io::ErrorKind::NotFound.into()),
        }
    }
}

/// What is found while looking through a bundle.
#[derive(Default)]
struct Finds {
    files: BTreeMap<String, Found>,
    problems: Vec<Problem>,
    texts_bytes: u64,
}

impl Finds {
    fn refuse(&mut self, path: &str, message: &str) {
        self.problems.push(Problem {
            file: path.to_owned(),
            line: None,
            column: None,
            message: message.to_owned(),
        });
    }

    /// Takes a file into the list when its path has a meaning in a bundle.
    fn take(&mut self, path: &str, found: Found) -> Result<()> {
        let path: String = path.nfc().collect();
        let name = path.rsplit('/').next().unwrap_or_default();
        // What file managers leave behind.
        if name.starts_with('.') || matches!(name, "Thumbs.db" | "desktop.ini") {
            return Ok(());
        }
        let known = match path.split_once('/') {
            None => path == "newsroom.toml",
            Some(("releases", file)) => !file.contains('/') && file.ends_with(".md"),
            Some(("photos", file)) => !file.contains('/'),
            Some((folder, file)) => {
                FOLDERS.contains(&folder) && !file.contains('/') && file.ends_with(".toml")
            }
        };
        if !known {
            // Notes beside the bundle are for people.
            let is_note = !path.contains('/') && (path.ends_with(".md") || path.ends_with(".txt"));
            if !is_note {
                self.refuse(&path, misplaced(&path));
            }
            return Ok(());
        }
        let is_text = !path.starts_with("photos/") || path.ends_with(".toml");
        let limit = if is_text { MAX_TEXT_BYTES } else { MAX_PHOTO_BYTES };
        if found.size_bytes > limit {
            self.refuse(&path, &format!("The file has {} bytes; at most {limit} are read", found.size_bytes));
            return Ok(());
        }
        if is_text {
            self.texts_bytes += found.size_bytes;
        }
        self.files.insert(path, found);
        if self.files.len() > MAX_FILES {
            return Err(BundleError::TooLarge(format!("it has more than {MAX_FILES} files")));
        }
        if self.texts_bytes > MAX_TEXTS_BYTES {
            let detail = format!("its texts have more than {MAX_TEXTS_BYTES} bytes together");
            return Err(BundleError::TooLarge(detail));
        }
        Ok(())
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let mut entries = std::fs::read_dir(folder)
            .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
            .map_err(BundleError::file(folder))?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                self.refuse(&format!("{prefix}{}", name.display()), "The name is not UTF-8");
                continue;
            };
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(BundleError::file(entry.path()))?;
            if kind.is_symlink() {
                self.refuse(&path, "Links are not followed; put the file itself here");
            } else if kind.is_dir() {
                if prefix.is_empty() && FOLDERS.contains(&name) {
                    self.walk(&entry.path(), &format!("{path}/"))?;
                } else if !name.starts_with('.') {
                    self.refuse(&format!("{path}/"), misplaced(&path));
                }
            } else {
                let size_bytes = entry.metadata().map_err(BundleError::file(entry.path()))?.len();
                self.take(&path, Found { size_bytes, place: Place::File(entry.path()) })?;
            }
        }
        Ok(())
    }

    fn list(&mut self, source: &Path) -> Result<ZipArchive<BufReader<File>>> {
        let file = File::open(source).map_err(BundleError::file(source))?;
        let not_a_bundle = |error: zip::result::ZipError| BundleError::NotABundle {
            path: source.to_owned(),
            detail: error.to_string(),
        };
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(not_a_bundle)?;
        if archive.len() > 2 * MAX_FILES {
            return Err(BundleError::TooLarge(format!("it has more than {MAX_FILES} files")));
        }
        let mut listed = Vec::with_capacity(archive.len());
        for number in 0..archive.len() {
            let entry = archive.by_index_raw(number).map_err(not_a_bundle)?;
            if entry.is_dir() {
                continue;
            }
            let name = entry.name().map_err(not_a_bundle)?.into_owned();
            let inside = entry.enclosed_name().is_some_and(|safe| safe.to_str() == Some(name.as_str()));
            if !inside || name.contains('\\') {
                self.refuse(&name, "The path leads out of the bundle or is not plain");
            } else if entry.is_symlink() {
                self.refuse(&name, "Links are not followed; put the file itself here");
            } else if entry.encrypted() {
                self.refuse(&name, "The entry is encrypted");
            } else if entry.size() > (1 << 20) && entry.size() / 200 > entry.compressed_size() {
                self.refuse(&name, "The entry grows more than two hundredfold when it is unpacked");
            } else {
                listed.push((name, Found { size_bytes: entry.size(), place: Place::Entry(number) }));
            }
        }
        listed.retain(|(name, _)| !name.starts_with("__MACOSX/"));
        let root = common_root(&listed);
        for (name, found) in listed {
            self.take(name.strip_prefix(&root).unwrap_or(&name), found)?;
        }
        Ok(archive)
    }
}

/// Who packs a folder gets the folder's name before each path.
fn common_root(listed: &[(String, Found)]) -> String {
    let first = listed.first().and_then(|(name, _)| name.split_once('/')).map(|(top, _)| top);
    match first {
        Some(top) if !FOLDERS.contains(&top) => {
            let root = format!("{top}/");
            if listed.iter().all(|(name, _)| name.starts_with(&root)) { root } else { String::new() }
        }
        _ => String::new(),
    }
}

fn misplaced(path: &str) -> &'static str {
    match path.split('/').next().unwrap_or_default() {
        "releases" => "In releases/ each file is named SLUG.md; folders are not looked into",
        "contacts" | "albums" | "events" => "Each file here is named SLUG.toml; folders are not looked into",
        "photos" => "Folders within photos/ are not looked into; put the files beside each other",
        _ => {
            "This belongs to no part of a bundle: newsroom.toml, contacts/, releases/, albums/, events/, photos/"
        }
    }
}
