//! Bundles that someone made to do harm.

use super::{house, write, zip_of};
use crate::bundle::import;
use crate::domain::contact::Contact;

const ANNA: &[u8] = b"name = \"Anna\"\n";

#[tokio::test]
async fn paths_that_lead_out_of_a_zip_are_named_and_left_alone() {
    let house = house().await;
    let zip = house.folder.path().join("bundle.zip");
    let bytes = zip_of(&[
        ("../../escape.toml", ANNA),
        ("/etc/passwd", ANNA),
        ("contacts/../../up.toml", ANNA),
        ("contacts\\back.toml", ANNA),
        ("contacts/anna.toml", ANNA),
    ]);
    std::fs::write(&zip, bytes).unwrap();
    let report = import(&house.ctx, &zip).await.unwrap();
    let said = report.to_string();
    for path in ["../../escape.toml", "/etc/passwd", "contacts/../../up.toml", "contacts\\back.toml"] {
        assert!(said.contains(&format!("{path}: ")), "{path} in {said}");
    }
    assert_eq!(report.problems.len(), 4, "{said}");
    assert!(house.is_there::<Contact>("anna").await);
    assert!(!house.folder.path().parent().unwrap().join("escape.toml").exists());
}

#[tokio::test]
async fn links_are_not_followed() {
    let house = house().await;
    let bundle = house.folder.path().join("bundle");
    write(&bundle, &[("contacts/anna.toml", ANNA)]);
    std::os::unix::fs::symlink("/etc/passwd", bundle.join("contacts/passwd.toml")).unwrap();
    std::os::unix::fs::symlink("/etc", bundle.join("photos")).unwrap();
    let report = import(&house.ctx, &bundle).await.unwrap();
    assert_eq!(report.problems.len(), 2, "{report}");
    assert!(report.to_string().contains("Links are not followed"), "{report}");

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(zip_of(&[("contacts/anna.toml", ANNA)])));
    archive.start_file("contacts/anna.toml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, ANNA).unwrap();
    archive.add_symlink("photos/x.jpg", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    let zip = house.folder.path().join("links.zip");
    std::fs::write(&zip, archive.finish().unwrap().into_inner()).unwrap();
    let report = import(&house.ctx, &zip).await.unwrap();
    assert!(report.to_string().contains("photos/x.jpg: Links are not followed"), "{report}");
}

#[tokio::test]
async fn what_blows_up_is_not_unpacked() {
    let house = house().await;
    let zip = house.folder.path().join("bomb.zip");
    let long = vec![b' '; 40 << 20];
    let bytes =
        zip_of(&[("photos/bomb.jpg", &long), ("releases/long.md", &long), ("contacts/anna.toml", ANNA)]);
    assert!(bytes.len() < 1 << 20);
    std::fs::write(&zip, bytes).unwrap();
    let report = import(&house.ctx, &zip).await.unwrap();
    assert_eq!(report.problems.len(), 2, "{report}");
    assert!(report.to_string().contains("photos/bomb.jpg: The entry grows"), "{report}");
    assert!(house.is_there::<Contact>("anna").await);
}

#[tokio::test]
async fn what_is_no_bundle_is_refused_in_words() {
    let house = house().await;
    let file = house.folder.path().join("x.zip");
    std::fs::write(&file, b"PK but no archive").unwrap();
    let error = import(&house.ctx, &file).await.unwrap_err().to_string();
    assert!(error.contains("neither a folder nor a ZIP file"), "{error}");
    let empty = house.folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let error = import(&house.ctx, &empty).await.unwrap_err().to_string();
    assert!(error.contains("nothing in it that belongs to a bundle"), "{error}");
    let missing = import(&house.ctx, &house.folder.path().join("missing")).await.unwrap_err().to_string();
    assert!(missing.contains("missing"), "{missing}");
}
