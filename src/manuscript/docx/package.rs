//! The ZIP around a document and the relations between its parts (Office Open XML, part 2).

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::xml::{self, Node};
use crate::manuscript::ManuscriptError;

const MAX_ENTRIES: usize = 5_000;
/// One part of XML, unpacked; bytes.
const MAX_PART_BYTES: u64 = 24 << 20;
/// One picture, unpacked; bytes.
const MAX_PICTURE_BYTES: u64 = 64 << 20;
/// All parts that are read, unpacked; bytes.
const MAX_READ_BYTES: u64 = 160 << 20;

pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Path in lower case, since writers are careless about case, and the number of the entry.
    entries: HashMap<String, usize>,
    read_bytes: u64,
}

/// Where a part points to.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The last part of its type: `hyperlink`, `image`, `styles` …
    pub kind: String,
    pub target: String,
    pub is_external: bool,
}

pub type Relations = HashMap<String, Relation>;

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, ManuscriptError> {
        if !bytes.starts_with(b"PK") {
            return Err(other_kind(bytes));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ManuscriptError::Damaged)?;
        if archive.len() > MAX_ENTRIES {
            return Err(ManuscriptError::TooLarge);
        }
        let names: Vec<String> =
            archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let entries = names.iter().enumerate().map(|(number, name)| (key(name), number)).collect();
        Ok(Self { archive, entries, read_bytes: 0 })
    }

    /// The path of the main part and its content type.
    pub fn main_part(&mut self) -> Result<String, ManuscriptError> {
        let relations = self.relations("");
        let main = relations.values().find(|relation| relation.kind == "officeDocument");
        let path = main.map_or_else(|| "word/document.xml".to_owned(), |main| main.target.clone());
        if self.has(&path) && !path.starts_with("xl/") && !path.starts_with("ppt/") {
            return Ok(path);
        }
        Err(self.other_zip())
    }

    /// What else the ZIP is, as far as its files tell.
    fn other_zip(&mut self) -> ManuscriptError {
        if let Ok(kind) = self.bytes("mimetype", 200) {
            return match kind.as_slice() {
                b"application/vnd.oasis.opendocument.text" => ManuscriptError::OtherKind(".odt"),
                b"application/epub+zip" => ManuscriptError::OtherKind(".epub"),
                _ => ManuscriptError::NotADocument,
            };
        }
        let has = |start: &str| self.entries.keys().any(|path| path.starts_with(start));
        if has("index/document.iwa") || has("index.zip") || (has("index.xml") && has("quicklook/")) {
            ManuscriptError::OtherKind(".pages")
        } else if has("xl/") {
            ManuscriptError::OtherKind(".xlsx")
        } else if has("ppt/") {
            ManuscriptError::OtherKind(".pptx")
        } else {
            ManuscriptError::NotADocument
        }
    }

    pub fn has(&self, path: &str) -> bool {
        self.entries.contains_key(&key(path))
    }

    /// A part of XML; none when it is not there.
    pub fn xml(&mut self, path: &str) -> Result<Option<Node>, ManuscriptError> {
        if !self.has(path) {
            return Ok(None);
        }
        xml::tree(&self.bytes(path, MAX_PART_BYTES)?).map(Some)
    }

    /// A part of XML without which the text can be read too.
    pub fn optional_xml(&mut self, path: &str) -> Option<Node> {
        self.xml(path).ok().flatten()
    }

    pub fn picture(&mut self, path: &str) -> Result<Vec<u8>, ManuscriptError> {
        self.bytes(path, MAX_PICTURE_BYTES)
    }

    /// The bytes of a part; sizes that a file declares are believed only as far as they hold.
    pub fn bytes(&mut self, path: &str, limit_bytes: u64) -> Result<Vec<u8>, ManuscriptError> {
        let number = *self.entries.get(&key(path)).ok_or(ManuscriptError::Damaged)?;
        let limit_bytes = limit_bytes.min(MAX_READ_BYTES.saturating_sub(self.read_bytes));
        let file = self.archive.by_index(number).map_err(|_| ManuscriptError::Damaged)?;
        if file.size() > limit_bytes {
            return Err(ManuscriptError::TooLarge);
        }
        let mut bytes = Vec::new();
        file.take(limit_bytes + 1).read_to_end(&mut bytes).map_err(|_| ManuscriptError::Damaged)?;
        self.read_bytes += bytes.len() as u64;
        if bytes.len() as u64 > limit_bytes { Err(ManuscriptError::TooLarge) } else { Ok(bytes) }
    }

    /// What a part points to, by id; the package itself is the part without a path.
    pub fn relations(&mut self, part: &str) -> Relations {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let path = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let Some(root) = self.optional_xml(&path) else { return Relations::new() };
        let relation = |node: &Node| {
            let target = node.attribute("Target")?;
            let is_external =
                node.attribute("TargetMode").is_some_and(|m| m.eq_ignore_ascii_case("external"));
            let kind = node.attribute("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default();
            let target = if is_external { target.to_owned() } else { resolved(folder, target) };
            Some((node.attribute("Id")?.to_owned(), Relation { kind: kind.to_owned(), target, is_external }))
        };
        root.children.iter().filter_map(relation).collect()
    }
}

fn key(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// A target within the package, from the folder of the part that points to it.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|name| !name.is_empty()).collect(),
    };
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

/// Compound files of Microsoft: old Word documents, and new ones inside their encryption.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn other_kind(bytes: &[u8]) -> ManuscriptError {
    if bytes.starts_with(COMPOUND) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_encrypted = bytes.windows(name.len()).any(|window| window == name);
        return if is_encrypted { ManuscriptError::Encrypted } else { ManuscriptError::OtherKind(".doc") };
    }
    let start: Vec<u8> = bytes.iter().copied().skip_while(|b| b.is_ascii_whitespace()).take(32).collect();
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).to_lowercase();
    if start.starts_with(b"{\\rtf") {
        ManuscriptError::OtherKind(".rtf")
    } else if start.starts_with(b"%PDF") {
        ManuscriptError::OtherKind(".pdf")
    } else if start.starts_with(b"\xFFWPC") {
        ManuscriptError::OtherKind(".wpd")
    } else if text.contains("<office:document") {
        ManuscriptError::OtherKind(".fodt")
    } else if text.contains("<!doctype html") || text.contains("<html") {
        ManuscriptError::OtherKind(".html")
    } else if text.contains("mime-version:") {
        ManuscriptError::OtherKind(".mht")
    } else if text.trim_start_matches('\u{feff}').starts_with("<?xml") {
        ManuscriptError::OtherKind(".xml")
    } else {
        ManuscriptError::NotADocument
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_the_folder_of_their_part() {
        assert_eq!(resolved("word", "media/a.png"), "word/media/a.png");
        assert_eq!(resolved("word", "/word/styles.xml"), "word/styles.xml");
        assert_eq!(resolved("word", "../media/a.png"), "media/a.png");
        assert_eq!(resolved("", "../../x.xml"), "x.xml");
    }
}
