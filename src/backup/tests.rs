//! Backups of a real newsroom with a photo that has renditions.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{backup, check, restore};
use crate::blob::{Area, BlobKey};
use crate::bundle;
use crate::bundle::tests::{House, house, house as empty_house, png, write};
use crate::domain::account::Actor;
use crate::domain::account::Role;
use crate::domain::asset::{Asset, AssetState};
use crate::domain::release::Release;
use crate::domain::rendition::{Format, Rendition};
use crate::newsroom::accounts;
use crate::newsroom::content::{Edit, edit};
use crate::store::{Source as _, dump, q};

async fn newsroom() -> House {
    let house = house().await;
    let folder = house.folder.path().join("bundle");
    write(
        &folder,
        &[
            (
                "newsroom.toml",
                b"organisation = \"Haus\"\n[[topics]]\nslug = \"energie\"\nname = \"Energie\"\n",
            ),
            (
                "releases/erste.md",
                "+++\nheadline = \"Erste „Größe“\"\nstate = \"published\"\ntopics = [\"energie\"]\n\
                 assets = [\"halle.png\"]\nrelated = [\"zweite\"]\naliases = [\"alt\"]\n+++\nText\n"
                    .as_bytes(),
            ),
            ("releases/zweite.md", b"+++\nheadline = \"Zweite\"\n+++\nText\n"),
            ("photos/halle.png", &png(1)),
        ],
    );
    let report = bundle::import(&house.ctx, &folder).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    accounts::add_account(
        &house.ctx,
        &Actor::system("test"),
        "desk@haus.example",
        "Desk",
        Role::Admin,
        "correct horse battery",
    )
    .await
    .unwrap();
    // As if a server had rendered it.
    let mut incoming = house.ctx.blobs.receive(house.ctx.new_id());
    incoming.push(png(2).into()).await.unwrap();
    let blob = incoming.finish(Area::Derived).await.unwrap();
    let asset: Asset = house.find("halle").await;
    let actor = Actor::system("test");
    let wish = Edit { actor: &actor, id: asset.id, version: None, action: "edit" };
    edit(&house.ctx, wish, |asset: &mut Asset, _| {
        asset.state = AssetState::Ready;
        asset.width = Some(16);
        asset.renditions = vec![Rendition {
            name: "large".to_owned(),
            format: Format::Png,
            width: 16,
            height: 12,
            size_bytes: blob.size_bytes,
            sha256: blob.sha256.clone(),
            crc32: blob.crc32,
            recipe: String::new(),
            words: String::new(),
        }];
        Ok(None)
    })
    .await
    .unwrap();
    house
}

async fn rows(house: &House) -> BTreeMap<&'static str, Vec<dump::JsonRow>> {
    let mut tables = BTreeMap::new();
    let mut tx = house.ctx.db.snapshot().await.unwrap();
    for table in &dump::TABLES {
        let mut rows = Vec::new();
        dump::read_table::<crate::store::StoreError>(&mut tx, table, |row| {
            rows.push(row);
            Ok(())
        })
        .await
        .unwrap();
        tables.insert(table.name, rows);
    }
    tables
}

/// Where a blob lies on disk.
fn blob_path(house: &House, area: &str, sha256: &str) -> std::path::PathBuf {
    house.folder.path().join("blobs").join(area).join(&sha256[..2]).join(sha256)
}

/// The same ZIP file with one entry's bytes changed.
fn tampered(file: &Path, entry: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if name.starts_with(entry) {
            change(&mut bytes);
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_backup_restored_elsewhere_has_every_row_and_every_byte() {
    let here = newsroom().await;
    let file = here.folder.path().join("night.backup");
    let report = backup(&here.ctx, &file).await.unwrap();
    assert_eq!((report.blobs, report.missing.len()), (2, 0), "{report}");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else reads what is in it");

    let there = house().await;
    let restored = restore(&there.ctx, &file).await.unwrap();
    assert_eq!((restored.rows, restored.blobs), (report.rows, report.blobs));
    assert_eq!(rows(&here).await, rows(&there).await);
    assert_eq!(there.head().await, here.head().await);
    let release: Release = there.find("alt").await;
    assert_eq!(release.headline, "Erste „Größe“");
    let asset: Asset = there.find("halle").await;
    let original = std::fs::read(blob_path(&there, "originals", &asset.original.sha256)).unwrap();
    assert_eq!(original, png(1));
    let sound = check(&there.ctx, Some(there.head().await)).await.unwrap();
    assert!(sound.findings.is_empty(), "{sound}");
    assert_eq!(sound.blobs, 2, "{sound}");
    // The change log goes on where it was.
    let folder = there.folder.path().join("more");
    write(&folder, &[("contacts/anna.toml", b"name = \"Anna\"\n")]);
    bundle::import(&there.ctx, &folder).await.unwrap();
    assert_eq!(there.head().await, here.head().await + 1);

    let error = restore(&there.ctx, &file).await.unwrap_err().to_string();
    assert!(error.contains("into an empty newsroom only"), "{error}");
}

#[tokio::test]
async fn a_damaged_backup_restores_nothing() {
    let here = newsroom().await;
    let file = here.folder.path().join("night.backup");
    backup(&here.ctx, &file).await.unwrap();
    let bad = here.folder.path().join("bad.backup");
    let there = house().await;
    for entry in ["blobs/originals/", "tables/record.jsonl", "blobs.jsonl", "tables/slug.jsonl"] {
        let bytes = tampered(&file, entry, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] = if bytes[middle] == b'7' { b'8' } else { b'7' };
        });
        std::fs::write(&bad, bytes).unwrap();
        let error = restore(&there.ctx, &bad).await.unwrap_err();
        assert!(
            matches!(error, super::BackupError::Damaged(_) | super::BackupError::Json(_)),
            "{entry}: {error}"
        );
    }
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    let error = restore(&there.ctx, &bad).await.unwrap_err().to_string();
    assert!(error.contains("is no backup that can be read"), "{error}");
    let newer = tampered(&file, "manifest.json", |bytes| {
        let text = String::from_utf8(std::mem::take(bytes)).unwrap();
        *bytes = text.replace("\"schema\": ", "\"schema\": 9").into_bytes();
    });
    std::fs::write(&bad, newer).unwrap();
    let error = restore(&there.ctx, &bad).await.unwrap_err().to_string();
    assert!(error.contains("made by a newer pressroom"), "{error}");
    // Still empty, so the sound one can be restored.
    restore(&there.ctx, &file).await.unwrap();
}

#[tokio::test]
async fn check_names_the_record_and_the_file() {
    let house = newsroom().await;
    let asset: Asset = house.find("halle").await;
    let sound = check(&house.ctx, None).await.unwrap();
    assert!(sound.findings.is_empty(), "{sound}");

    let original = blob_path(&house, "originals", &asset.original.sha256);
    let mut bytes = std::fs::read(&original).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&original, &bytes).unwrap();
    std::fs::remove_file(blob_path(&house, "derived", &asset.renditions[0].sha256)).unwrap();
    let mut stray = house.ctx.blobs.receive(house.ctx.new_id());
    stray.push(bytes::Bytes::from_static(b"stray")).await.unwrap();
    let stray = stray.finish(Area::Derived).await.unwrap();
    let mut tx = house.ctx.db.begin().await.unwrap();
    tx.execute(q("DELETE FROM link WHERE rel = 'topic'")).await.unwrap();
    tx.execute(q("UPDATE record SET title = 'x' WHERE slug = 'zweite'")).await.unwrap();
    tx.execute(q("DELETE FROM slug WHERE slug = 'alt'")).await.unwrap();
    tx.commit().await.unwrap();

    let report = check(&house.ctx, Some(house.head().await + 5)).await.unwrap();
    let said = report.to_string();
    for expected in [
        "asset `halle` (halle.png), original: The blob is damaged",
        "asset `halle` (halle.png), rendition large.png: The blob is missing",
        &asset.renditions[0].sha256,
        "release `erste`: Its reference (topic) to energie is not in the table of links",
        "release `zweite`: The column title differs",
        "release `erste`: `alt` does not lead to it",
        "search index: It has reached change",
        &format!("Note: no record names the blob derived/{}", stray.sha256),
    ] {
        assert!(said.contains(expected), "{expected}\nis missing in\n{said}");
    }
    assert_eq!(report.findings.len(), 6, "{said}");
    // A backup saves what can be saved and says what cannot.
    let file = house.folder.path().join("night.backup");
    let saved = backup(&house.ctx, &file).await.unwrap();
    assert_eq!((saved.blobs, saved.missing.len()), (0, 2), "{saved}");
    assert!(saved.to_string().contains("rendition large.png: The blob is missing"), "{saved}");
    let there = empty_house().await;
    let restored = restore(&there.ctx, &file).await.unwrap();
    assert_eq!(restored.missing.len(), 2);
}

#[tokio::test]
async fn a_picture_that_nobody_renders_is_found() {
    let house = newsroom().await;
    let asset: Asset = house.find("halle").await;
    let actor = Actor::system("test");
    let wish = Edit { actor: &actor, id: asset.id, version: None, action: "edit" };
    edit(&house.ctx, wish, |asset: &mut Asset, _| {
        asset.state = AssetState::Processing;
        Ok(None)
    })
    .await
    .unwrap();
    let waiting = check(&house.ctx, None).await.unwrap();
    assert!(waiting.findings.is_empty(), "{waiting}");
    house.ctx.db.execute(q("DELETE FROM job")).await.unwrap();
    let lost = check(&house.ctx, None).await.unwrap().to_string();
    assert!(lost.contains("It waits for renditions and no job makes them"), "{lost}");
    assert!(house.ctx.db.all::<(String,)>(q("SELECT id FROM job")).await.unwrap().is_empty());
    let key = BlobKey::original(&asset);
    assert_eq!(house.ctx.blobs.size(&key).await.unwrap(), Some(asset.original.size_bytes));
}
