//! Bundles as no program writes them.

use super::zip_of;
use crate::bundle::files::Reader;
use crate::bundle::format::{
    AlbumSheet, ContactSheet, EventSheet, NewsroomSheet, PhotoSheet, ReleaseSheet, Sheet,
};
use crate::fuzz_tests::fuzz;

const RELEASE: &str = "+++\nheadline = \"Größe\"\nlanguage = \"de\"\ntopics = [\"a\"]\npublish_at = 2026-11-24T10:00:00Z\n\
                       corrections = [{ at = 2026-11-24T10:00:00Z, text = \"x\" }]\n+++\nText\n";
const PHOTO: &str = "title = \"a\"\npersons = [\"b\"]\ndate_created = 2025-11-03\nfocal_point = { x = 0.5, y = 0.5 }\n\
     crops = { social = { x = 0.1, y = 0.2, width = 0.5, height = 0.5 } }\n";

#[test]
fn any_bytes_are_a_bundle_or_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bundle.zip");
    let good = zip_of(&[
        ("newsroom.toml", b"organisation = \"a\"\n"),
        ("contacts/anna.toml", b"name = \"Anna\"\n"),
        ("releases/eins.md", RELEASE.as_bytes()),
        ("photos/a.jpg", &[0xFF; 300]),
        ("photos/a.jpg.toml", PHOTO.as_bytes()),
    ]);
    let words: [&[u8]; 7] = [
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"PK\x06\x06",
        b"PK\x06\x07",
        b"../",
        b"\xff\xff\xff\xff",
    ];
    fuzz("bundle", 1500, &[good], &words, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        let Ok((mut reader, _)) = Reader::open(&path) else { return };
        for folder in ["contacts", "releases", "albums", "events", "photos"] {
            for file in reader.paths_in(folder) {
                assert!(!file.contains("..") && !file.starts_with('/'), "{file}");
                let length = reader.size_bytes(&file);
                if let Ok(text) = reader.text(&file) {
                    assert!(text.len() as u64 <= length, "{file}");
                }
            }
        }
    });
}

#[test]
fn any_text_is_a_sheet_or_a_list_of_mistakes() {
    let good = [RELEASE.as_bytes().to_vec(), PHOTO.as_bytes().to_vec()];
    let words: [&[u8]; 8] =
        [b"\"", b"[[", b"]", b"= ", b"+++\n", b"'''", b"\xef\xbb\xbf", b"9999-99-99T99:99:99Z"];
    fuzz("sheets", 2000, &good, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if let Ok((sheet, body)) = Sheet::with_body("releases/a.md", &text) {
            assert!(body.len() <= text.len());
            for problem in sheet.read::<ReleaseSheet>().err().unwrap_or_default() {
                assert!(problem.line.is_none_or(|line| line <= text.lines().count() + 1), "{problem}");
            }
        }
        let sheet = Sheet::new("photos/a.toml", text);
        let _ = sheet.read::<PhotoSheet>();
        let _ = sheet.read::<ContactSheet>();
        let _ = sheet.read::<AlbumSheet>();
        let _ = sheet.read::<EventSheet>();
        let _ = sheet.read::<NewsroomSheet>();
    });
}
