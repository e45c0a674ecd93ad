//! What is in a press kit, from plain data to the entries of its archive.

use std::fmt::Write as _;

use bytes::Bytes;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use sha2::{Digest, Sha256};

use super::labels::{Labels, labels};
use super::layout::{LayoutError, Source, ZipEntry, ZipLayout};
use super::names::{self, Names};
use super::{captions, docx, release_page};
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::rendition::{Format, Rendition};
use crate::feed::vcard;
use crate::text::plain;

/// Which file of each picture a kit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// The print original.
    #[default]
    Print,
    /// The largest JPEG of the rendition ladder; the original where there is none.
    Web,
}

/// The text of a release as a kit needs it.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseText<'a> {
    pub headline: &'a str,
    pub sub_headlines: &'a [String],
    pub dateline_place: &'a str,
    pub dateline_date: Option<Date>,
    /// Markdown.
    pub body: &'a str,
    pub boilerplate_title: &'a str,
    /// Markdown, already looked up.
    pub boilerplate: &'a str,
}

/// What a kit is made for.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    Release(ReleaseText<'a>),
    /// An album by its title, or a selection by a word for it.
    Collection {
        title: &'a str,
    },
}

/// Everything a kit is made of. The caller has checked that each part may be seen.
#[derive(Debug, Clone)]
pub struct KitContents<'a> {
    pub organisation: &'a str,
    /// BCP 47: decides the names of files and the labels inside them.
    pub language: &'a str,
    /// Where a text does not exist in `language`.
    pub default_language: &'a str,
    /// The newsroom's time zone, in which its days end.
    pub zone: &'a str,
    /// The public URL of the site, to complete links of the text.
    pub base: &'a str,
    /// The absolute address of the page the kit belongs to; may be empty.
    pub page_url: &'a str,
    pub subject: Subject<'a>,
    /// In order. What is no picture goes into a folder of its own.
    pub assets: Vec<&'a Asset>,
    pub contacts: Vec<&'a Contact>,
    /// Usage terms where an asset says nothing of its own; plain text.
    pub default_terms: &'a str,
    pub size: Size,
    /// Stands as the time of every file. Take the last change of what is in the kit.
    pub modified: Timestamp,
}

/// An asset with the place it gets in the archive.
#[derive(Debug)]
pub struct PlacedAsset<'a> {
    pub asset: &'a Asset,
    pub path: String,
    /// Width and height of the file in the kit, in pixels.
    pub pixels: Option<(u32, u32)>,
    /// The asset's own usage terms or the newsroom's.
    pub terms: &'a str,
    /// The last day on which it may be used, ISO 8601; may be empty.
    pub rights_until: String,
}

/// The last day that has at least a moment before the end of the rights.
fn last_day(end: Timestamp, zone: &TimeZone) -> String {
    let last = end.checked_sub(1.nanosecond()).unwrap_or(end);
    last.to_zoned_datetime(zone.clone()).date().to_string()
}

/// Lays a kit out.
pub fn layout(kit: &KitContents<'_>) -> Result<ZipLayout, LayoutError> {
    ZipLayout::new(entries(kit), kit.modified)
}

/// The name under which a kit is saved.
pub fn file_name(kit: &KitContents<'_>) -> String {
    names::archive_name(kit.organisation, subject_date(kit), subject_title(kit))
}

/// The release of a kit as plain text for pasting; empty for a collection.
pub fn release_as_text(kit: &KitContents<'_>) -> String {
    match &kit.subject {
        Subject::Release(release) => release_page::as_text(release, kit, labels(kit.language)),
        Subject::Collection { .. } => String::new(),
    }
}

/// The release of a kit as one HTML file without its photos; empty for a collection.
pub fn release_as_html(kit: &KitContents<'_>) -> String {
    match &kit.subject {
        Subject::Release(release) => release_page::as_html(release, kit, &[], labels(kit.language)),
        Subject::Collection { .. } => String::new(),
    }
}

/// The release of a kit as a word-processor document; `None` for a collection.
pub fn release_as_docx(kit: &KitContents<'_>) -> Option<Vec<u8>> {
    match &kit.subject {
        Subject::Release(release) => docx::of_release(release, kit, labels(kit.language)).ok(),
        Subject::Collection { .. } => None,
    }
}

/// The files of a kit in order: texts first, so that a reader of the stream has them early, then the assets,
/// and the checksums of all of them (GNU coreutils: `sha256sum -c SHA256SUMS`) among the texts.
pub fn entries(kit: &KitContents<'_>) -> Vec<ZipEntry> {
    let labels = labels(kit.language);
    let (placed, blobs) = place(kit, labels);
    let mut texts: Vec<(String, Bytes)> = Vec::new();
    let mut add = |stem: &str, extension: &str, text: String| {
        texts.push((format!("{stem}.{extension}"), text.into()));
    };
    if let Subject::Release(release) = &kit.subject {
        add(labels.release, "txt", release_page::as_text(release, kit, labels));
        add(labels.release, "html", release_page::as_html(release, kit, &placed, labels));
    }
    if !placed.is_empty() {
        add(labels.captions, "txt", captions::as_text(&placed, labels));
        add(labels.captions, "csv", captions::as_csv(&placed, labels));
        add(labels.terms, "txt", terms(&placed, kit, labels));
    }
    if !kit.contacts.is_empty() {
        let cards: String = kit
            .contacts
            .iter()
            .map(|contact| {
                vcard::contact(contact, kit.language, kit.default_language, &vcard::Links::default())
            })
            .collect();
        add(labels.contacts, "vcf", cards);
    }
    if let Subject::Release(release) = &kit.subject {
        match docx::of_release(release, kit, labels) {
            Ok(document) => texts.insert(1, (format!("{}.docx", labels.release), document.into())),
            // Written into memory, it cannot fail; a kit without it is still a kit.
            Err(error) => tracing::error!(%error, "A release could not be written as .docx"),
        }
    }
    let mut sums = String::new();
    let mut entries = Vec::with_capacity(texts.len() + blobs.len() + 1);
    for (name, text) in texts {
        let _ = writeln!(sums, "{}  {name}", hex::encode(Sha256::digest(&text)));
        entries.push(ZipEntry::inline(name, text));
    }
    for entry in &blobs {
        if let Source::Blob { sha256 } = &entry.source {
            let _ = writeln!(sums, "{sha256}  {}", entry.name);
        }
    }
    entries.push(ZipEntry::inline("SHA256SUMS", sums));
    entries.extend(blobs);
    entries
}

/// Gives every asset its path and the blob that fills it.
fn place<'a>(kit: &KitContents<'a>, labels: &Labels) -> (Vec<PlacedAsset<'a>>, Vec<ZipEntry>) {
    let mut taken = Names::default();
    let zone = TimeZone::get(kit.zone).unwrap_or(TimeZone::UTC);
    let mut placed = Vec::with_capacity(kit.assets.len());
    let mut blobs = Vec::with_capacity(kit.assets.len());
    for (i, &asset) in kit.assets.iter().enumerate() {
        let (sha256, size_bytes, crc32, extension, pixels) = match web_file(asset, kit.size) {
            Some(r) => (&r.sha256, r.size_bytes, r.crc32, r.format.extension(), Some((r.width, r.height))),
            None => {
                let blob = &asset.download;
                let pixels = asset.width.zip(asset.height);
                (&blob.sha256, blob.size_bytes, blob.crc32, asset.extension(), pixels)
            }
        };
        let date = match kit.subject {
            Subject::Release(_) => subject_date(kit),
            Subject::Collection { .. } => day_taken(asset),
        };
        let stem = names::photo_stem(kit.organisation, date, asset_subject(asset), i + 1, kit.assets.len());
        let folder = if asset.kind.is_picture() { labels.photos_folder } else { labels.files_folder };
        let path = taken.claim(folder, &stem, extension);
        let own_terms = asset.description.usage_terms.trim();
        let terms = if own_terms.is_empty() { kit.default_terms.trim() } else { own_terms };
        let rights_until = asset.rights_until.map(|end| last_day(end, &zone)).unwrap_or_default();
        let source = Source::Blob { sha256: sha256.clone() };
        blobs.push(ZipEntry { name: path.clone(), size_bytes, crc32, source });
        placed.push(PlacedAsset { asset, path, pixels, terms, rights_until });
    }
    (placed, blobs)
}

/// The rendition that stands for a picture in a kit of web size, if it has one.
fn web_file(asset: &Asset, size: Size) -> Option<&Rendition> {
    match size {
        Size::Web => asset.rendition("large", Format::Jpeg),
        Size::Print => None,
    }
}

/// How many bytes the files of these assets have in a kit of a size.
pub fn size_bytes<'a>(assets: impl IntoIterator<Item = &'a Asset>, size: Size) -> u64 {
    let one = |asset: &Asset| web_file(asset, size).map_or(asset.download.size_bytes, |file| file.size_bytes);
    assets.into_iter().map(one).sum()
}

fn subject_title<'a>(kit: &KitContents<'a>) -> &'a str {
    match kit.subject {
        Subject::Release(release) => release.headline,
        Subject::Collection { title } => title,
    }
}

fn subject_date(kit: &KitContents<'_>) -> Option<Date> {
    match kit.subject {
        Subject::Release(release) => release.dateline_date,
        Subject::Collection { .. } => None,
    }
}

/// The day a picture was taken, where it is known to the day.
fn day_taken(asset: &Asset) -> Option<Date> {
    asset.description.date_created.get(..10)?.parse().ok()
}

/// What a picture's name should say: its title, else who is on it, else the name it came with.
fn asset_subject(asset: &Asset) -> &str {
    let d = &asset.description;
    let stem = asset.file_name.rsplit_once('.').map_or(asset.file_name.as_str(), |(stem, _)| stem);
    let person = d.persons.first().map_or("", String::as_str);
    [d.title.trim(), person.trim(), stem].into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// The usage terms: once for all files, then for each group of files with terms of their own.
fn terms(files: &[PlacedAsset<'_>], kit: &KitContents<'_>, labels: &Labels) -> String {
    let default = kit.default_terms.trim();
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for file in files {
        let until = &file.rights_until;
        let mut text = file.terms.to_owned();
        if !until.is_empty() {
            let until = labels.lang.labelled(labels.rights_until, until);
            let _ = write!(text, "\n{}", plain::clean(&until));
        }
        let text = text.trim().to_owned();
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, paths)) => paths.push(&file.path),
            None => groups.push((text, vec![&file.path])),
        }
    }
    let mut out = String::new();
    if groups.iter().any(|(text, _)| text == default) {
        let text = if default.is_empty() { labels.no_terms } else { default };
        let _ = writeln!(out, "{}\n{text}\n", labels.terms_for_all);
    }
    for (text, paths) in groups.iter().filter(|(text, _)| text != default) {
        let _ = writeln!(out, "{}\n{text}", labels.terms_for_some);
        for path in paths {
            let _ = writeln!(out, "– {path}");
        }
        out.push('\n');
    }
    if !kit.page_url.is_empty() {
        let _ = writeln!(out, "{}", plain::clean(&labels.lang.labelled(labels.online, kit.page_url)));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::public::tests as samples;
    use crate::kit::layout::Part;
    use std::collections::HashMap;
    use std::path::Path;
    use std::process::Command;

    const PHOTO: &[u8] = b"the bytes of a photo";

    fn kit<'a>(
        release: &'a crate::domain::release::Release,
        assets: &[&'a Asset],
        who: &'a Contact,
    ) -> KitContents<'a> {
        KitContents {
            organisation: "Messe Föhrwald",
            language: "de",
            default_language: "de",
            zone: "Europe/Berlin",
            base: "https://p.example",
            page_url: "https://p.example/releases/messe",
            subject: Subject::Release(ReleaseText {
                headline: &release.headline,
                sub_headlines: &release.sub_headlines,
                dateline_place: &release.dateline_place,
                dateline_date: release.dateline_date,
                body: &release.body,
                boilerplate_title: "Über die Messe",
                boilerplate: "Die **Messe** ist groß.",
            }),
            assets: assets.to_vec(),
            contacts: vec![who],
            default_terms: "Frei für die Berichterstattung mit Bildnachweis.",
            size: Size::Print,
            modified: "2025-11-04T09:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn rights_end_with_a_day_of_the_newsroom() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for (end, day) in [
            ("2027-07-01T03:59:59Z", "2027-06-30"),
            ("2027-07-01T04:00:00Z", "2027-06-30"),
            ("2027-07-01T04:00:01Z", "2027-07-01"),
        ] {
            assert_eq!(last_day(end.parse().unwrap(), &zone), day, "{end}");
        }
    }

    /// Writes the archive to disk and lets `unzip` take it apart.
    fn unpack(layout: &ZipLayout, dir: &Path) {
        let mut blobs = HashMap::new();
        for bytes in [PHOTO, &PHOTO[..PHOTO.len() / 2]] {
            blobs.insert(hex::encode(Sha256::digest(bytes)), bytes);
        }
        let mut zip = Vec::new();
        for part in layout.parts(0..layout.len()) {
            match part {
                Part::Bytes(bytes) => zip.extend_from_slice(&bytes),
                Part::Blob { sha256, .. } => zip.extend_from_slice(blobs[&sha256]),
            }
        }
        std::fs::write(dir.join("kit.zip"), zip).unwrap();
        let unzip = Command::new("unzip").arg("-q").arg("kit.zip").current_dir(dir).output().unwrap();
        assert!(unzip.status.success(), "{}", String::from_utf8_lossy(&unzip.stderr));
    }

    #[test]
    fn a_kit_unpacks_and_its_checksums_hold() {
        let release = samples::release();
        let mut photo = samples::photo("Größe der Halle 4", PHOTO);
        let other = samples::photo("größe der halle 4", PHOTO);
        photo.description.usage_terms = "Nur redaktionell".to_owned();
        photo.description.title = "=HYPERLINK(\"x\")".to_owned();
        let who = samples::contact();
        let dir = tempfile::tempdir().unwrap();
        unpack(&layout(&kit(&release, &[&photo, &other], &who)).unwrap(), dir.path());

        let sums = Command::new("sha256sum")
            .args(["--strict", "-c", "SHA256SUMS"])
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
        let sums = String::from_utf8(sums.stdout).unwrap();
        assert_eq!(sums.lines().count(), 9, "{sums}");

        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
        let second = "fotos/Messe-Föhrwald_2025-11-04_größe-der-halle-4_02.jpg";
        assert_eq!(std::fs::read(dir.path().join(second)).unwrap(), PHOTO);
        let text = read("pressemitteilung.txt");
        assert!(text.starts_with("Messe zählt 10.600 Gäste\n\n– Erster Punkt\n– Zweiter Punkt\n\nFöhrwald, 4. November 2025 – Mit Gästen (https://p.example/releases/alt) begann"), "{text}");
        assert!(text.contains("Pressekontakt\n\nDr. Ada Muster\nPressesprecherin"), "{text}");
        let captions = read("bildunterschriften.txt");
        assert!(
            captions.contains(&format!(
                "{second}\ngröße der halle 4\nDie Halle & ihre „Gäste“\nBildnachweis: Föhrwald/A. Müller\n"
            )),
            "{captions}"
        );
        let terms = read("nutzung.txt");
        assert!(terms.contains("Für diese Dateien:\nNur redaktionell\n– fotos/"), "{terms}");
        assert!(
            terms.starts_with("Für alle Dateien, zu denen unten nichts anderes steht:\nFrei für"),
            "{terms}"
        );
        assert!(read("kontakte.vcf").starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n"));
        let html = read("pressemitteilung.html");
        assert!(
            html.contains(&format!("<img src=\"{second}\""))
                && html.contains("https://p.example/releases/alt"),
            "{html}"
        );
    }

    #[test]
    fn a_spreadsheet_reads_the_captions_as_text() {
        let release = samples::release();
        let mut photo = samples::photo("=1+1", PHOTO);
        photo.description.caption = "Mit \"Zitat\",\nzwei Zeilen; Größe".to_owned();
        let who = samples::contact();
        let dir = tempfile::tempdir().unwrap();
        unpack(&layout(&kit(&release, &[&photo], &who)).unwrap(), dir.path());
        let script = "import csv\nrows=list(csv.DictReader(open('bildunterschriften.csv',encoding='utf-8-sig',newline='')))\n\
            r=rows[0]\nprint(r['Titel'],'|',r['Bildunterschrift'],'|',r['Breite (Pixel)'],'|',r['Datei'])";
        let read = Command::new("python3").args(["-c", script]).current_dir(dir.path()).output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&read.stdout).trim(),
            "'=1+1 | Mit \"Zitat\",\nzwei Zeilen; Größe | 6000 | fotos/Messe-Föhrwald_2025-11-04_1-1_01.jpg"
        );
        assert!(
            std::fs::read(dir.path().join("bildunterschriften.csv")).unwrap().starts_with(b"\xef\xbb\xbf\"")
        );
    }

    #[test]
    fn an_album_in_the_web_size_speaks_its_own_language() {
        let release = samples::release();
        let photo = samples::photo("Hall", PHOTO);
        let mut leaflet = samples::photo("Fact sheet", PHOTO);
        leaflet.kind = crate::domain::asset::AssetKind::Document;
        leaflet.media_type = "application/pdf".to_owned();
        leaflet.renditions.clear();
        let who = samples::contact();
        let mut kit = kit(&release, &[&photo, &leaflet], &who);
        kit.subject = Subject::Collection { title: "Halls" };
        kit.size = Size::Web;
        kit.language = "fr";
        let french = self::entries(&kit);
        assert_eq!(french[0].name, "legendes.txt");
        assert!(french[6].name.starts_with("fichiers/"), "{}", french[6].name);
        // English where there are no words of the language.
        kit.language = "tlh";
        let entries = entries(&kit);
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "captions.txt",
                "captions.csv",
                "terms.txt",
                "contacts.vcf",
                "SHA256SUMS",
                "photos/Messe-Föhrwald_2025-11-03_Hall_01.jpg",
                "files/Messe-Föhrwald_2025-11-03_Fact-sheet_02.pdf",
            ]
        );
        assert_eq!(entries[5].size_bytes, PHOTO.len() as u64 / 2);
        assert_eq!(file_name(&kit), "Messe-Föhrwald_Halls.zip");
    }
}
