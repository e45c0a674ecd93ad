//! Another file takes a photo's place; its address, its words and where it is shown stay.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::desk::Browser;
use crate::harness::{Answer, Client, Filling, Newsroom, Part, eventually, id_of, images, unzip_all};

on_both_engines!(
    a_new_file_takes_the_place_and_nothing_breaks,
    what_cannot_take_the_place_is_refused,
    a_new_file_comes_in_pieces,
);

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}

async fn put(desk: &Client, id: &str, name: &str, bytes: Bytes) -> Answer {
    // The form of an upload, sent to where the file belongs.
    let mut form = desk.upload_request(vec![Part::file(name, Filling::Bytes(bytes))]).build().unwrap();
    let content_type = form.headers()["content-type"].clone();
    let body = form.body_mut().take().unwrap();
    let request = desk.request(Method::PUT, &format!("/api/v1/assets/{id}/file"));
    desk.send(request.header("content-type", content_type).body(body)).await
}

async fn a_new_file_takes_the_place_and_nothing_breaks(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let old = images::tagged_jpeg(900, 600, &["-XMP-dc:Title=Kran", "-XMP-photoshop:Credit=Alt/Haus"]);
    let asset = desk.upload_ready("kran.jpg", old.clone(), json!({})).await;
    let id = id_of(&asset).to_owned();
    let mut release = Client::plain_release("Der Kran dreht sich");
    release["assets"] = json!([id]);
    let release = desk.published(release).await;
    let kit = format!("{}/photos.zip", release["url"].as_str().unwrap());
    let original = asset["original"]["url"].as_str().unwrap().to_owned();
    let thumb = asset["renditions"].as_array().unwrap().iter().find(|each| each["name"] == "thumb").unwrap();
    let thumb = thumb["url"].as_str().unwrap().to_owned();
    let before = public.get(&original).await.expect(200);
    let kit_before = public.get(&kit).await.expect(200);
    let thumb_before = public.get(&thumb).await.expect(200);

    // What the record says wins; what it lacks is taken from the new file.
    let tags = ["-XMP-dc:Title=Neuer Titel", "-XMP-dc:Description=Der Kran von Norden", "-GPSLatitude=50"];
    let new = {
        let file = room.folder().join("neu.jpg");
        std::fs::write(&file, images::jpeg(1200, 1500, 71)).unwrap();
        let path = file.to_str().unwrap().to_owned();
        let arguments: Vec<&str> = tags.into_iter().chain(["-overwrite_original", "-q", &path]).collect();
        crate::harness::run_ok("exiftool", &arguments);
        Bytes::from(std::fs::read(&file).unwrap())
    };
    let answer = put(&desk, &id, "kran-nord.jpg", new.clone()).await.expect(200).json();
    assert_eq!(answer["state"], "processing");
    assert_eq!(answer["sha256"], sha256(&old), "the old one until the new one is ready");
    // While it is being prepared, every address gives a whole picture: the old one, and then the new one.
    let page = release["url"].as_str().unwrap();
    let asset = eventually(90.0, "the new file is in place", async || {
        let picture = public.get(&thumb).await.expect(200);
        assert!(picture.body.starts_with(&[0xff, 0xd8]) || picture.body.len() > 100);
        public.get(&original).await.expect(200);
        assert!(public.get(page).await.expect(200).text().contains("<img"));
        let asset = desk.get(&format!("/api/v1/assets/{id}")).await.expect(200).json();
        (asset["state"] == "ready").then_some(asset)
    })
    .await;
    assert_eq!(asset["sha256"], sha256(&new));
    assert_eq!((&asset["width"], &asset["height"]), (&json!(1200), &json!(1500)));
    assert_eq!((&asset["title"], &asset["credit"]), (&json!("Kran"), &json!("Alt/Haus")));
    assert_eq!(asset["caption"], "Der Kran von Norden");
    assert_eq!(asset["original"]["url"], original, "the address stays");
    assert_eq!(asset["file_name"], "kran-nord.jpg");

    let after = eventually(10.0, "the caches have let go", async || {
        let after = public.get(&original).await.expect(200);
        (after.body != before.body).then_some(after)
    })
    .await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let said = images::tags(&after.body, &["XMP-dc:Title", "XMP-photoshop:Credit", "XMP-dc:Description"]);
    assert_eq!(said, ["Kran", "Alt/Haus", "Der Kran von Norden"]);
    assert_eq!(images::identify(&after.body).1, 1200);
    assert_ne!(public.get(&thumb).await.expect(200).body, thumb_before.body);
    let kit_after = public.get(&kit).await.expect(200);
    assert_ne!(kit_after.header("etag"), kit_before.header("etag"));
    let files = unzip_all(&kit_after.body);
    let photo = files.iter().find(|(name, _)| name.ends_with(".jpg")).expect("the photo in the kit").1;
    assert_eq!(*photo, after.body, "the kit has the file of the page");
    assert_eq!(images::tags(photo, &["XMP-dc:Description"]), ["Der Kran von Norden"]);

    // Both files are named in the history and kept in the store.
    let mut editor = Browser::signed_in(room, &server, "editor").await;
    let history = editor.get(&format!("/admin/photos/{id}/history")).await.expect(200).text;
    assert!(history.contains("Datei ausgetauscht") && history.contains(&sha256(&new)), "{history}");
    assert_eq!(room.cli(&["check"]).code, 0, "the old upload is still referred to");
    if room.blob_url().is_none() {
        let digest = sha256(&old);
        let kept = room.data().join("blobs/originals").join(&digest[..2]).join(&digest);
        assert_eq!(std::fs::read(kept).unwrap(), old);
    }

    // The same file again changes nothing; one of another format moves only the ending. What the background makes of a
    // file raises the version too, so it is waited for.
    let version = desk.wait_whole(&id).await["version"].clone();
    let same = put(&desk, &id, "x.jpg", new).await.expect(200).json();
    assert_eq!((&same["state"], &same["version"]), (&json!("ready"), &version));
    put(&desk, &id, "kran.tif", images::picture("tiff", 600, 400, 8)).await.expect(200);
    let asset = desk.wait_ready(&id).await;
    assert_eq!(asset["media_type"], "image/tiff");
    let moved = public.get(&original).await.expect(301);
    assert_eq!(moved.header("location"), asset["original"]["url"].as_str().unwrap());
}

async fn what_cannot_take_the_place_is_refused(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let photo = images::jpeg(640, 480, 5);
    let asset = desk.upload_ready("gut.jpg", photo.clone(), json!({ "title": "Gut" })).await;
    let id = id_of(&asset).to_owned();
    let pdf =
        Bytes::from_static(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
    put(&desk, &id, "a.pdf", pdf).await.problem(415, "other_kind");
    put(&desk, &id, "a.txt", Bytes::from_static(b"Only words.")).await.problem(415, "unsupported_type");
    put(&desk, &id, "a.jpg", Bytes::new()).await.problem(422, "empty_file");

    // A file that turns out to be broken leaves the old one in its place, and is told of.
    put(&desk, &id, "kaputt.jpg", photo.slice(..photo.len() / 3)).await.expect(200);
    let asset: Value = desk.wait_processed(&id).await;
    assert_eq!((&asset["state"], &asset["sha256"]), (&json!("ready"), &json!(sha256(&photo))));
    assert!(asset["error"]["code"].as_str().is_some_and(|code| !code.is_empty()), "{asset:#}");
    desk.get(asset["original"]["url"].as_str().unwrap()).await.expect(200);
    let mut author = Browser::signed_in(room, &server, "author").await;
    let page = author.get(&format!("/admin/photos/{id}")).await.expect(200).text;
    assert!(page.contains("die bisherige gilt weiter"), "{page}");
    // A good one afterwards heals it.
    put(&desk, &id, "neu.jpg", images::jpeg(640, 480, 6)).await.expect(200);
    let asset = desk.wait_ready(&id).await;
    assert_eq!(asset["error"], Value::Null);
    assert_eq!(asset["file_name"], "neu.jpg");

    // Who notices at once and sends the right file is not thrown back by what becomes of the wrong one.
    let right = images::jpeg(640, 480, 7);
    put(&desk, &id, "kaputt.jpg", photo.slice(..photo.len() / 3)).await.expect(200);
    put(&desk, &id, "recht.jpg", right.clone()).await.expect(200);
    let asset = desk.wait_ready(&id).await;
    assert_eq!((&asset["sha256"], &asset["error"]), (&json!(sha256(&right)), &Value::Null));
}

/// The new file as an upload that may be interrupted.
async fn a_new_file_comes_in_pieces(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let old = images::jpeg(900, 600, 11);
    let asset = desk.upload_ready("kran.jpg", old.clone(), json!({ "title": "Kran" })).await;
    let id = id_of(&asset).to_owned();
    let other = desk.upload_ready("halle.jpg", images::jpeg(300, 200, 12), json!({})).await;
    let new = images::jpeg(1200, 1500, 13);
    let meta = |name: &str, replaces: &str, digest: &str| {
        let pairs = [("filename", name), ("replaces", replaces), ("sha256", digest)];
        pairs.map(|(key, value)| format!("{key} {}", BASE64.encode(value))).join(",")
    };
    let begin = async |name: &str, replaces: &str, bytes: &Bytes| {
        let request = desk
            .request(Method::POST, "/api/v1/uploads")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", bytes.len().to_string())
            .header("upload-metadata", meta(name, replaces, &sha256(bytes)));
        desk.send(request).await
    };
    let bring = async |place: &str, at: usize, bytes: Bytes| {
        let request = desk
            .request(Method::PATCH, place)
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", at.to_string())
            .header("content-type", "application/offset+octet-stream");
        desk.send(request.body(bytes)).await
    };
    let place = begin("kran-nord.jpg", &id, &new).await.expect(201).header("location").to_owned();
    bring(&place, 0, new.slice(..1000)).await.expect(204);
    let half = desk.get(&place).await.expect(200).json();
    assert_eq!((&half["replaces"], &half["received_bytes"]), (&json!(id), &json!(1000)));
    let as_it_was = desk.get(&format!("/api/v1/assets/{id}")).await.expect(200).json();
    assert_eq!((&as_it_was["sha256"], &as_it_was["state"]), (&json!(sha256(&old)), &json!("ready")));
    let done = bring(&place, 1000, new.slice(1000..)).await.expect(204);
    assert_eq!(done.header("pressroom-asset"), id, "no new asset");
    // The answer was lost, and the client asks again.
    assert_eq!(bring(&place, new.len(), Bytes::new()).await.expect(204).header("pressroom-asset"), id);
    let asset = eventually(90.0, "the new file is in place", async || {
        let asset = desk.get(&format!("/api/v1/assets/{id}")).await.expect(200).json();
        (asset["state"] == "ready" && asset["sha256"] == sha256(&new)).then_some(asset)
    })
    .await;
    assert_eq!((&asset["title"], &asset["file_name"]), (&json!("Kran"), &json!("kran-nord.jpg")));
    assert_eq!(desk.get("/api/v1/assets").await.json()["items"].as_array().unwrap().len(), 2);

    // Of another kind, for what is not there, for what goes while the bytes come.
    let pdf =
        Bytes::from_static(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
    let place = begin("a.pdf", &id, &pdf).await.expect(201).header("location").to_owned();
    bring(&place, 0, pdf).await.problem(415, "other_kind");
    assert_eq!(desk.get(&place).await.status, 404, "it is gone");
    begin("a.jpg", "00000000-0000-7000-8000-000000000000", &new).await.problem(404, "not_found");
    begin("a.jpg", "nichts", &new).await.problem(400, "invalid_upload_metadata");
    let place = begin("a.jpg", id_of(&other), &new).await.expect(201).header("location").to_owned();
    bring(&place, 0, new.slice(..1000)).await.expect(204);
    desk.delete(&format!("/api/v1/assets/{}", id_of(&other))).await.expect(204);
    bring(&place, 1000, new.slice(1000..)).await.problem(404, "not_found");
    assert_eq!(desk.get("/api/v1/assets").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(room.cli(&["check"]).code, 0);
}
