//! Uploads that are interrupted and go on, over tus 1.0.0 spoken with a plain HTTP client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use sha2::Digest as _;

use crate::harness::{Answer, Client, Newsroom, eventually, files_under, id_of, images, sleep_ms};

on_both_engines!(
    an_upload_survives_broken_lines_and_a_killed_server,
    the_protocol_is_kept_to_the_letter,
    nobody_goes_on_with_what_another_began,
);

const PLACE: &str = "/api/v1/uploads";

/// A request as the protocol wants it.
fn tus(desk: &Client, method: &str, path: &str) -> RequestBuilder {
    desk.request(Method::from_bytes(method.as_bytes()).unwrap(), path).header("tus-resumable", "1.0.0")
}

fn metadata(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(key, value)| format!("{key} {}", BASE64.encode(value))).collect::<Vec<_>>().join(",")
}

async fn create(desk: &Client, size_bytes: usize, pairs: &[(&str, &str)]) -> Answer {
    let request = tus(desk, "POST", PLACE)
        .header("upload-length", size_bytes.to_string())
        .header("upload-metadata", metadata(pairs));
    desk.send(request).await
}

async fn created(desk: &Client, size_bytes: usize, pairs: &[(&str, &str)]) -> String {
    create(desk, size_bytes, pairs).await.expect(201).header("location").to_owned()
}

fn patch(desk: &Client, place: &str, offset: usize) -> RequestBuilder {
    tus(desk, "PATCH", place)
        .header("upload-offset", offset.to_string())
        .header("content-type", "application/offset+octet-stream")
}

async fn offset(desk: &Client, place: &str) -> usize {
    let answer = eventually(30.0, "nobody writes", async || {
        let answer = desk.send(tus(desk, "HEAD", place)).await;
        (answer.status != 423).then_some(answer)
    })
    .await
    .expect(200);
    assert_eq!(answer.header("tus-resumable"), "1.0.0");
    assert!(answer.header("cache-control").contains("no-store"), "{}", answer.header("cache-control"));
    answer.header("upload-offset").parse().unwrap()
}

/// Brings the rest, as often as another request has the upload.
async fn bring_rest(desk: &Client, place: &str, photo: &Bytes) -> Answer {
    eventually(30.0, "the upload may go on", async || {
        let at = offset(desk, place).await;
        let answer = desk.send(patch(desk, place, at).body(photo.slice(at..))).await;
        (answer.status != 423).then_some(answer)
    })
    .await
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}

async fn assets(desk: &Client) -> usize {
    desk.get("/api/v1/assets").await.expect(200).json()["items"].as_array().unwrap().len()
}

async fn an_upload_survives_broken_lines_and_a_killed_server(room: &Newsroom) {
    let mut server = room.start().await;
    let desk = server.desk();
    let photo = images::print_photo();
    let digest = sha256(&photo);
    let words = json!({ "credit": "Messe/Kühn" }).to_string();
    let pairs = [("filename", "größe.jpg"), ("metadata", words.as_str()), ("sha256", digest.as_str())];
    let place = created(&desk, photo.len(), &pairs).await;
    assert_eq!(offset(&desk, &place).await, 0);

    // The line breaks after some bytes, which are no whole piece: all that came is kept.
    let cut = 1_234_567;
    let sent = stream::iter([Ok(photo.slice(..cut))]).chain(stream::once(async {
        sleep_ms(300).await;
        Err(std::io::Error::other("cut in the middle"))
    }));
    let broken = patch(&desk, &place, 0).body(reqwest::Body::wrap_stream(sent));
    assert!(desk.try_send(broken).await.is_err(), "the line was cut");
    eventually(10.0, "what came is safe", async || (offset(&desk, &place).await == cut).then_some(())).await;

    // A second request beside one that is writing is refused; the server dies under the first.
    let (first, rest) = (photo.slice(cut..cut + 9_000_000), photo.slice(cut + 9_000_000..));
    let slow = stream::iter([Ok::<_, std::io::Error>(first)]).chain(stream::once(async move {
        sleep_ms(60_000).await;
        Ok(rest)
    }));
    let request = patch(&desk, &place, cut).body(reqwest::Body::wrap_stream(slow));
    let sender = desk.clone();
    let writing = tokio::spawn(async move { sender.try_send(request).await.is_err() });
    let reached = eventually(20.0, "pieces are safe", async || {
        // GET tells while another request writes; HEAD, which announces going on, has to wait.
        let at = desk.get(&place).await.expect(200).json()["received_bytes"].as_u64().unwrap() as usize;
        (at > cut).then_some(at)
    })
    .await;
    assert_eq!((reached - cut) % (4 << 20), 0, "whole pieces");
    let second = desk.send(patch(&desk, &place, reached).body(photo.slice(reached..reached + 10))).await;
    second.problem(423, "upload_busy");
    assert_eq!(desk.send(tus(&desk, "HEAD", &place)).await.status, 423);
    server.kill_9();
    assert!(writing.await.unwrap(), "the server is gone");

    let server = room.start().await;
    let desk = server.desk();
    let at = offset(&desk, &place).await;
    assert!(at >= reached && at < photo.len(), "{at}");
    if room.blob_url().is_none() {
        let folder = room.data().join("blobs/uploads");
        let on_disk: u64 =
            files_under(&folder).iter().map(|file| std::fs::metadata(file).unwrap().len()).sum();
        assert!(on_disk >= at as u64, "{at} bytes are said to be here, {on_disk} are");
    }
    desk.send(patch(&desk, &place, at + 1).body("x")).await.problem(409, "offset_mismatch");
    let done = bring_rest(&desk, &place, &photo).await.expect(204);
    assert_eq!(done.header("upload-offset"), photo.len().to_string());
    let id = done.header("pressroom-asset").to_owned();
    let asset = desk.get(&format!("/api/v1/assets/{id}")).await.expect(200).json();
    assert_eq!((&asset["sha256"], &asset["file_name"]), (&json!(digest), &json!("größe.jpg")));
    assert_eq!(asset["credit"], "Messe/Kühn");

    // The answer was lost: whoever asks again is told the same, and nothing is made twice.
    assert_eq!(offset(&desk, &place).await, photo.len());
    let again = desk.send(patch(&desk, &place, photo.len()).body("")).await.expect(204);
    assert_eq!(again.header("pressroom-asset"), id);
    desk.send(patch(&desk, &place, at).body(photo.slice(at..))).await.problem(409, "offset_mismatch");
    assert_eq!(assets(&desk).await, 1);
    assert_eq!(desk.get(&place).await.expect(200).json()["asset"], json!(id));
    desk.wait_ready(&id).await;
    if room.blob_url().is_none() {
        assert_eq!(files_under(&room.data().join("blobs/uploads")), Vec::<std::path::PathBuf>::new());
    }
    assert_eq!(room.cli(&["check"]).code, 0);

    // The same bytes again are told.
    let place = created(&desk, photo.len(), &[("filename", "noch einmal.jpg")]).await;
    bring_rest(&desk, &place, &photo).await.expect(204);
    assert_eq!(desk.get(&place).await.expect(200).json()["duplicate_of"], json!([id]));
}

async fn the_protocol_is_kept_to_the_letter(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let photo = images::jpeg(320, 240, 61);
    let can = desk.send(desk.request(Method::OPTIONS, PLACE)).await.expect(204);
    assert_eq!((can.header("tus-version"), can.header("tus-resumable")), ("1.0.0", "1.0.0"));
    for extension in ["creation", "creation-with-upload", "expiration", "checksum", "termination"] {
        assert!(can.header("tus-extension").split(',').any(|each| each == extension), "{extension}");
    }
    let max: u64 = can.header("tus-max-size").parse().unwrap();

    let old = desk.request(Method::POST, PLACE).header("tus-resumable", "0.2.2").header("upload-length", "1");
    let old = desk.send(old).await;
    old.problem(412, "unsupported_tus_version");
    assert_eq!(old.header("tus-version"), "1.0.0");
    create(&desk, max as usize + 1, &[]).await.problem(413, "too_large");
    create(&desk, 0, &[]).await.problem(422, "empty_file");
    create(&desk, 1, &[("sha256", "x")]).await.problem(400, "invalid_upload_metadata");
    create(&desk, 1, &[("metadata", r#"{"titel":"x"}"#)]).await.blames("titel", "unknown_field");
    let later = tus(&desk, "POST", PLACE).header("upload-defer-length", "1");
    desk.send(later).await.problem(400, "length_required");

    let place = created(&desk, photo.len(), &[("filename", "a.jpg")]).await;
    let head = desk.send(tus(&desk, "HEAD", &place)).await.expect(200);
    assert_eq!(head.header("upload-length"), photo.len().to_string());
    assert_eq!(head.header("upload-metadata"), metadata(&[("filename", "a.jpg")]));
    assert!(head.header("upload-expires").ends_with(" GMT"), "{}", head.header("upload-expires"));
    let wrong_type = tus(&desk, "PATCH", &place).header("upload-offset", "0").body(photo.clone());
    desk.send(wrong_type.header("content-type", "image/jpeg")).await.problem(415, "unsupported_body");

    // A piece whose checksum is wrong leaves no trace; a right one counts, by either algorithm.
    let piece = photo.slice(..1000);
    let with = |at: usize, checksum: String, body: Bytes| {
        desk.send(patch(&desk, &place, at).header("upload-checksum", checksum).body(body))
    };
    let of_nothing = BASE64.encode(sha2::Sha256::digest(b""));
    with(0, format!("sha256 {of_nothing}"), piece.clone()).await.problem(460, "checksum_mismatch");
    with(0, "md5 AAAA".to_owned(), piece.clone()).await.problem(400, "invalid_checksum");
    assert_eq!(offset(&desk, &place).await, 0);
    let right = BASE64.encode(sha2::Sha256::digest(&piece));
    with(0, format!("sha256 {right}"), piece).await.expect(204);
    let right = BASE64.encode(<sha1::Sha1 as sha1::Digest>::digest(&photo[1000..1500]));
    with(1000, format!("sha1 {right}"), photo.slice(1000..1500)).await.expect(204);
    let more = Bytes::from(vec![0; photo.len()]);
    desk.send(patch(&desk, &place, 1500).body(more)).await.problem(413, "too_large");
    assert_eq!(offset(&desk, &place).await, 1500);
    let override_ = desk
        .request(Method::POST, &place)
        .header("tus-resumable", "1.0.0")
        .header("x-http-method-override", "PATCH")
        .header("upload-offset", "1500")
        .header("content-type", "application/offset+octet-stream");
    let done = desk.send(override_.body(photo.slice(1500..))).await.expect(204);
    let asset = desk.wait_ready(done.header("pressroom-asset")).await;
    assert_eq!(asset["sha256"], sha256(&photo));

    // All at once; what is no press file, or not what was announced, is refused and gone.
    let whole = |bytes: Bytes, pairs: &[(&str, &str)]| {
        let request = tus(&desk, "POST", PLACE)
            .header("upload-length", bytes.len().to_string())
            .header("upload-metadata", metadata(pairs))
            .header("content-type", "application/offset+octet-stream");
        desk.send(request.body(bytes))
    };
    let other = images::jpeg(320, 240, 62);
    let done = whole(other.clone(), &[("filename", "b.jpg")]).await.expect(201);
    assert_eq!(done.header("upload-offset"), other.len().to_string());
    assert!(!done.header("pressroom-asset").is_empty() && done.header("location").starts_with(PLACE));
    whole(Bytes::from_static(b"I am no picture, whatever my name says."), &[("filename", "c.jpg")])
        .await
        .problem(415, "unsupported_type");
    let lie = sha256(b"something else");
    whole(other.slice(..), &[("sha256", lie.as_str())]).await.problem(415, "damaged_upload");
    assert_eq!(assets(&desk).await, 2);

    let place = created(&desk, photo.len(), &[]).await;
    desk.send(patch(&desk, &place, 0).body(photo.slice(..100))).await.expect(204);
    desk.send(tus(&desk, "DELETE", &place)).await.expect(204);
    assert_eq!(desk.send(tus(&desk, "HEAD", &place)).await.status, 404);
    if room.blob_url().is_none() {
        assert_eq!(files_under(&room.data().join("blobs/uploads")), Vec::<std::path::PathBuf>::new());
    }
}

async fn nobody_goes_on_with_what_another_began(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let photo = images::jpeg(320, 240, 63);
    let place = created(&desk, photo.len(), &[]).await;
    let token = room.cli_ok(&["token", "create", "--name", "somebody else", "--role", "author"]);
    let other = desk.with_token(token.trim());
    assert_eq!(other.send(tus(&other, "HEAD", &place)).await.status, 404);
    other.send(patch(&other, &place, 0).body(photo.clone())).await.problem(404, "not_found");
    other.send(tus(&other, "DELETE", &place)).await.problem(404, "not_found");
    let public = server.public();
    create(&public, 10, &[]).await.problem(401, "unauthorized");
    let done = bring_rest(&desk, &place, &photo).await.expect(204);
    let asset = desk.get(&format!("/api/v1/assets/{}", done.header("pressroom-asset"))).await.json();
    assert_eq!(id_of(&asset), place.rsplit('/').next().unwrap(), "the upload becomes the asset");
}
