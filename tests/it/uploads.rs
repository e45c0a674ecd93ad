//! What comes in through `POST /api/v1/assets`: good pictures of every format, and everything else.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::harness::{
    Client, Filling, Newsroom, Part, eventually, files_under, id_of, images, public_url_of_photo, run,
    run_ok, temp_dir, zip_names,
};

on_both_engines!(
    every_picture_format_becomes_renditions,
    rare_builds_of_a_format_show_the_same_picture,
    an_asset_tells_its_colour_space,
    the_same_bytes_twice_are_one_blob,
    metadata_in_the_file_is_read,
    metadata_with_the_upload_wins_and_reaches_the_files,
    bad_files_are_refused_or_fail_visibly,
    names_are_kept_and_never_paths,
    an_upload_cut_in_the_middle_leaves_nothing,
    a_form_without_a_file_is_refused,
);

async fn every_picture_format_becomes_renditions(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    for (format, media_type) in [
        ("jpeg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
        ("tiff", "image/tiff"),
        ("gif", "image/gif"),
    ] {
        let bytes = images::picture(format, 700, 500, 3);
        // The name lies; the content decides.
        let asset = desk.upload_ready("bild.bin", bytes.clone(), json!({})).await;
        assert_eq!(asset["media_type"], media_type, "{format}");
        assert_eq!((&asset["width"], &asset["height"]), (&json!(700), &json!(500)), "{format}");
        assert_eq!(asset["sha256"], sha256(&bytes), "{format}");
        let renditions = asset["renditions"].as_array().unwrap();
        assert!(!renditions.is_empty(), "{format}");
        // The social picture has one size by its nature; smaller pictures stand on a plain ground there.
        for rendition in renditions.iter().filter(|each| each["name"] != "social") {
            let (width, height) =
                (rendition["width"].as_u64().unwrap(), rendition["height"].as_u64().unwrap());
            assert!(width <= 700 && height <= 500, "{format}: enlarged: {rendition:#}");
        }
        let thumb = renditions.iter().find(|each| each["name"] == "thumb").expect("a thumb");
        let file = desk.get(thumb["url"].as_str().unwrap()).await.expect(200);
        assert_eq!(file.body.len() as u64, thumb["size_bytes"].as_u64().unwrap());
        let (_, width, height) = images::identify(&file.body);
        assert_eq!((json!(width), json!(height)), (thumb["width"].clone(), thumb["height"].clone()));
        let original = desk.get(asset["original"]["url"].as_str().unwrap()).await.expect(200);
        assert_eq!(images::identify(&original.body).1, 700);
    }
}

async fn an_asset_tells_its_colour_space(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let dir = temp_dir();
    let (file, profile) = (dir.path().join("wide.jpg"), dir.path().join("wide.icc"));
    std::fs::write(&file, images::jpeg(300, 200, 4)).unwrap();
    std::fs::write(&profile, moxcms::ColorProfile::new_display_p3().encode().unwrap()).unwrap();
    let embedded = format!("-icc_profile<={}", profile.display());
    run_ok("exiftool", &["-q", "-overwrite_original", &embedded, file.to_str().unwrap()]);
    let called = run_ok("exiftool", &["-s3", "-ProfileDescription", file.to_str().unwrap()]);
    assert!(!called.trim().is_empty());
    for (bytes, expected) in [
        (std::fs::read(&file).unwrap().into(), called.trim()),
        (images::jpeg(300, 200, 4), "sRGB"),
        // Nothing is said, and nothing means sRGB of itself.
        (images::picture("tiff", 300, 200, 4), ""),
    ] {
        let asset = desk.upload_ready("bild.bin", bytes, json!({})).await;
        assert_eq!(asset["colour_space"], expected);
        let path = format!("/api/v1/assets/{}", asset["id"].as_str().unwrap());
        assert_eq!(desk.get(&path).await.expect(200).json()["colour_space"], expected);
    }
    let openapi = server.public().get("/api/openapi.json").await.expect(200).json();
    assert_eq!(openapi["components"]["schemas"]["Asset"]["properties"]["colour_space"]["type"], "string");
}

/// Bits the other way round, planes in tiles, palettes, and bytes that some camera left between two segments.
async fn rare_builds_of_a_format_show_the_same_picture(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let dir = temp_dir();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let plain = path("plain.tif");
    std::fs::write(&plain, images::picture("tiff", 300, 220, 17)).unwrap();
    let grey = path("grey.tif");
    run_ok("convert", &[&plain, "-colorspace", "Gray", "-depth", "4", "-compress", "none", &grey]);
    run_ok("tiffcp", &["-f", "lsb2msb", "-c", "none", &grey, &path("grey-turned.tif")]);
    run_ok("tiffcp", &["-f", "lsb2msb", "-c", "lzw", &plain, &path("turned.tif")]);
    let tiles = path("planes-in-tiles.tif");
    run_ok("tiffcp", &["-p", "separate", "-t", "-w", "64", "-l", "64", "-c", "lzw", &plain, &tiles]);
    for (colours, name) in [("200", "palette-8.tif"), ("16", "palette-4.tif"), ("2", "palette-1.tif")] {
        run_ok("convert", &[&plain, "-colors", colours, "-type", "palette", &path(name)]);
    }
    let lines = path("lines.tif");
    let bilevel = ["-threshold", "50%", "-depth", "1", "-type", "bilevel", "-compress", "none"];
    run_ok("convert", &[&[&*plain], &bilevel[..], &[&*lines]].concat());
    run_ok("tiffcp", &["-c", "g3:2d", &lines, &path("fax.tif")]);
    let jpeg = images::jpeg(300, 220, 17);
    let table = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDB]).expect("a quantisation table");
    let with_junk = [&jpeg[..table], &b"\0\xff\0junk"[..], &jpeg[table..]].concat();
    std::fs::write(path("junk.jpg"), with_junk).unwrap();

    for name in [
        "grey-turned.tif",
        "turned.tif",
        "planes-in-tiles.tif",
        "palette-8.tif",
        "palette-4.tif",
        "palette-1.tif",
        "fax.tif",
        "junk.jpg",
    ] {
        let bytes = Bytes::from(std::fs::read(path(name)).unwrap());
        let asset = desk.upload_ready(name, bytes, json!({})).await;
        let renditions = asset["renditions"].as_array().unwrap();
        let jpeg = |each: &&Value| each["format"] == "jpeg" && each["width"] == 300;
        let shown = renditions.iter().find(jpeg).unwrap_or_else(|| panic!("{name}: {renditions:#?}"));
        let file = desk.get(shown["url"].as_str().unwrap()).await.expect(200);
        std::fs::write(path("shown.jpg"), &file.body).unwrap();
        let compared = run("compare", &["-metric", "RMSE", &path(name), &path("shown.jpg"), "null:"]);
        // "1234.5 (0.0188)": the second number is a share of the full range. A wrong reading is above .2.
        let share = compared.stderr.rsplit(['(', ')']).nth(1).and_then(|share| share.parse::<f64>().ok());
        assert!(share.is_some_and(|share| share < 0.08), "{name}: {}", compared.stderr);
    }
}

async fn the_same_bytes_twice_are_one_blob(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let bytes = images::jpeg(800, 600, 11);
    let first = desk.upload("eins.jpg", bytes.clone()).await.expect(201).json();
    let second = desk.upload("zwei.jpg", bytes.clone()).await;
    assert!(matches!(second.status, 200 | 201), "{}", second.status);
    let second = second.json();
    assert_eq!(first["sha256"], second["sha256"]);
    assert_eq!(first["sha256"], sha256(&bytes));
    // It says so: which asset had these bytes already.
    assert!(
        id_of(&second) == id_of(&first) || second["duplicate_of"][0] == first["id"],
        "nothing tells that the bytes were known: {second:#}"
    );
    desk.wait_ready(id_of(&first)).await;
    desk.wait_ready(id_of(&second)).await;
    if room.blob_url().is_none() {
        let copies = files_under(room.data())
            .iter()
            .filter(|path| std::fs::read(path).is_ok_and(|found| found == bytes))
            .count();
        assert_eq!(copies, 1, "the original lies there {copies} times");
    }
}

async fn metadata_in_the_file_is_read(room: &Newsroom) {
    let server = room.start().await;
    let bytes = images::tagged_jpeg(
        640,
        480,
        &[
            "-XMP-dc:Title=Turm bei Nebel",
            "-XMP-dc:Description=Der Turm im Herbst, Föhrwald",
            "-IPTC:Caption-Abstract=Eine ältere Unterschrift",
            "-XMP-dc:Creator=Jördis Kühn",
            "-XMP-photoshop:Credit=Kühn/Messe Föhrwald",
            "-XMP-dc:Rights=© 2026 Messe Föhrwald",
            "-XMP-xmpRights:UsageTerms=Abdruck honorarfrei",
            "-XMP-dc:Subject=Turm",
            "-XMP-dc:Subject=Nebel",
            "-XMP-iptcExt:PersonInImage=Ada Beispiel",
            "-XMP-iptcCore:AltTextAccessibility=Ein Turm, halb im Nebel",
            "-XMP-photoshop:City=Föhrwald",
            "-EXIF:DateTimeOriginal=2025:11:03 10:20:30",
        ],
    );
    let asset = server.desk().upload_ready("turm.jpg", bytes, json!({})).await;
    assert_eq!(asset["title"], "Turm bei Nebel");
    assert_eq!(asset["caption"], "Der Turm im Herbst, Föhrwald", "XMP comes before IIM");
    assert_eq!(asset["creator"], "Jördis Kühn");
    assert_eq!(asset["credit"], "Kühn/Messe Föhrwald");
    assert_eq!(asset["copyright_notice"], "© 2026 Messe Föhrwald");
    assert_eq!(asset["usage_terms"], "Abdruck honorarfrei");
    assert_eq!(asset["keywords"], json!(["Turm", "Nebel"]));
    assert_eq!(asset["persons"], json!(["Ada Beispiel"]));
    assert_eq!(asset["alt_text"], "Ein Turm, halb im Nebel");
    assert!(asset["location"].to_string().contains("Föhrwald"), "{asset:#}");
    assert!(asset["date_created"].as_str().unwrap().starts_with("2025-11-03"), "{asset:#}");

    // Without one in the file, an alternative text is nobody's guess: never the caption.
    let bytes = images::tagged_jpeg(640, 480, &["-XMP-dc:Description=Nur eine Unterschrift"]);
    let asset = server.desk().upload_ready("ohne.jpg", bytes, json!({})).await;
    assert_eq!(asset["caption"], "Nur eine Unterschrift");
    assert_eq!(asset["alt_text"], "");
}

async fn metadata_with_the_upload_wins_and_reaches_the_files(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let bytes = images::tagged_jpeg(900, 600, &["-XMP-dc:Title=Alter Titel", "-XMP-photoshop:Credit=Alt"]);
    let asset =
        desk.upload_ready("a.jpg", bytes, json!({ "title": "Neuer Titel", "credit": "Neu/Haus" })).await;
    assert_eq!((&asset["title"], &asset["credit"]), (&json!("Neuer Titel"), &json!("Neu/Haus")));

    let path = format!("/api/v1/assets/{}", id_of(&asset));
    let answer = desk
        .patch(&path, json!({ "credit": "Später/Haus", "alt_text": "Ein Bild" }))
        .await
        .expect(200)
        .json();
    assert_eq!(answer["state"], "processing", "until every file carries it");
    let asset = desk.wait_ready(id_of(&asset)).await;
    let mut files = vec![asset["original"]["url"].as_str().unwrap().to_owned()];
    let jpegs = asset["renditions"].as_array().unwrap().iter().filter(|each| each["format"] == "jpeg");
    files.extend(
        jpegs.filter(|each| each["name"] == "large").map(|each| each["url"].as_str().unwrap().to_owned()),
    );
    assert_eq!(files.len(), 2, "{asset:#}");
    for url in files {
        let file = desk.get(&url).await.expect(200);
        let said = images::tags(&file.body, &["XMP-dc:Title", "XMP-photoshop:Credit", "IPTC:Credit"]);
        assert_eq!(said[0], "Neuer Titel", "{url}");
        assert_eq!(said[1], "Später/Haus", "{url}");
        assert_eq!(said[2], "Später/Haus", "{url}: old readers look into IIM");
    }
}

async fn bad_files_are_refused_or_fail_visibly(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let photo = images::jpeg(1600, 1200, 5);
    let cases: Vec<(&str, Bytes)> = vec![
        ("empty.jpg", Bytes::new()),
        ("hundred.jpg", photo.slice(..100)),
        ("truncated.jpg", photo.slice(..photo.len() / 3)),
        ("text.jpg", Bytes::from_static(b"I am no picture, whatever my name says. ")),
        ("script.jpg", Bytes::from_static(b"<!doctype html><script>alert(1)</script>")),
        ("program.png", Bytes::from([b"\x7fELF\x02\x01\x01".as_slice(), &[0; 500]].concat())),
        ("bomb.png", images::png_bomb(60_000, 60_000)),
        ("wide.png", images::png_bomb(2_000_000_000, 1)),
        ("header.png", images::png_bomb(900, 600).slice(..40)),
    ];
    let before = server.memory_bytes();
    for (name, bytes) in cases {
        let answer = desk.upload(name, bytes).await;
        match answer.status {
            201 => {
                let asset = desk.wait_processed(id_of(&answer.json())).await;
                assert_eq!(asset["state"], "failed", "{name}: {asset:#}");
                assert!(
                    asset["error"]["code"].as_str().is_some_and(|code| !code.is_empty()),
                    "{name}: {asset:#}"
                );
                assert!(
                    asset["error"]["detail"].as_str().is_some_and(|words| words.len() > 5),
                    "{name}: {asset:#}"
                );
                assert!(!asset["media_type"].as_str().unwrap_or("").contains("html"), "{name}");
            }
            400 | 413 | 415 | 422 => {
                assert_eq!(answer.header("content-type"), "application/problem+json", "{name}");
                assert!(answer.json()["code"].as_str().is_some_and(|code| !code.is_empty()), "{name}");
            }
            other => panic!("{name}: {other}\n{}", answer.text()),
        }
        server.public().get("/readyz").await.expect(200);
    }
    let grown = server.memory_bytes().saturating_sub(before);
    assert!(grown < 200_000_000, "bad files cost {grown} bytes of memory");
    // And a good one still goes through.
    desk.upload_ready("gut.jpg", photo, json!({})).await;
}

async fn names_are_kept_and_never_paths(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let long = format!("{}.jpg", "ä".repeat(150));
    let names = [
        "../../../etc/passwd",
        "/etc/cron.d/x.jpg",
        "C:\\Bilder\\foto.jpg",
        "a/b/c.jpg",
        "zeile\numbruch.jpg",
        "\u{202e}gpj.exe",
        "🎉 Fest 🎉.jpg",
        "\"quoted\"; filename=x.jpg",
        "  .jpg",
        "CON.jpg",
        ".htaccess",
        "größe & maß <b>.jpg",
        &long,
    ];
    let mut ids = Vec::new();
    for (seed, name) in names.iter().enumerate() {
        let bytes = images::jpeg(320, 240, 100 + seed as u32);
        let asset = desk.upload(name, bytes).await.expect(201).json();
        let kept = asset["file_name"].as_str().unwrap();
        assert!(!kept.is_empty(), "{name:?}");
        assert!(kept.len() <= 255, "{name:?} is kept with {} bytes", kept.len());
        assert!(!kept.contains(['/', '\\', '\n', '\r', '\0', '\u{202e}']), "{name:?} is kept as {kept:?}");
        let asset = desk.wait_ready(id_of(&asset)).await;
        let original = desk.get(asset["original"]["url"].as_str().unwrap()).await.expect(200);
        let disposition = original.header("content-disposition");
        assert!(disposition.starts_with("attachment"), "{name:?}: {disposition}");
        ids.push(id_of(&asset).to_owned());
    }
    let stray =
        files_under(room.data()).into_iter().find(|path| path.ends_with("passwd") || path.ends_with("x.jpg"));
    assert_eq!(stray, None);

    // The names of a kit are one file each, wherever it is unpacked.
    let mut release = Client::plain_release("Namen");
    release["assets"] = json!(ids);
    let release = desk.published(release).await;
    let kit =
        server.public().get(&format!("{}/photos.zip", release["url"].as_str().unwrap())).await.expect(200);
    let file = room.folder().join("kit.zip");
    std::fs::write(&file, &kit.body).unwrap();
    let entries = zip_names(&file);
    assert_eq!(entries.iter().filter(|entry| entry.ends_with(".jpg")).count(), names.len(), "{entries:#?}");
    let mut unique: Vec<_> = entries.iter().map(|entry| entry.to_lowercase()).collect();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), entries.len(), "two entries would overwrite each other: {entries:#?}");
    for entry in &entries {
        assert!(!entry.starts_with('/') && !entry.split('/').any(|part| part == ".."), "{entry:?}");
        assert!(!entry.contains(['\\', '\n', ':', '\u{202e}']), "{entry:?}");
    }
    let asset = desk.get(&format!("/api/v1/assets/{}", ids[11])).await.json();
    let page = server.public().get(&public_url_of_photo(&asset)).await.expect(200).text();
    assert!(!page.contains("<b>"), "the name of a file is text, not markup");
}

async fn an_upload_cut_in_the_middle_leaves_nothing(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let before = files_under(room.data()).len();
    let photo = images::print_photo();
    let half = photo.slice(..photo.len() / 2);
    let request = desk.upload_request(vec![Part::file("halb.jpg", Filling::cut_after(half))]);
    assert!(desk.try_send(request).await.is_err(), "the connection was cut");

    let assets = desk.get("/api/v1/assets").await.expect(200).json();
    assert!(assets["items"].as_array().unwrap().is_empty(), "{assets:#}");
    eventually(5.0, "the half file is swept away", async || {
        let large = files_under(room.data())
            .into_iter()
            .filter(|path| std::fs::metadata(path).is_ok_and(|facts| facts.len() > 1_000_000))
            .filter(|path| path.extension().is_none_or(|kind| kind != "db"))
            .filter(|path| !path.to_string_lossy().contains("db"))
            .count();
        (large == 0).then_some(())
    })
    .await;
    let after = files_under(room.data()).len();
    assert!(after <= before + 6, "{before} files became {after}");
    assert_eq!(room.cli(&["check"]).code, 0);
    // The same file whole goes through.
    desk.upload_ready("ganz.jpg", photo, json!({})).await;
}

async fn a_form_without_a_file_is_refused(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let nothing = desk.upload_parts(vec![]).await;
    assert!(matches!(nothing.status, 400 | 422), "{}", nothing.status);
    let only_words = desk.upload_parts(vec![Part::json("metadata", &json!({ "title": "x" }))]).await;
    assert!(matches!(only_words.status, 400 | 422), "{}", only_words.status);
    let unknown = desk.upload_with("a.jpg", images::jpeg(64, 64, 1), json!({ "titel": "x" })).await;
    unknown.blames("titel", "unknown_field");
    let not_a_form = desk.post("/api/v1/assets", json!({})).await;
    assert!(matches!(not_a_form.status, 400 | 415 | 422), "{}", not_a_form.status);
    let assets: Value = desk.get("/api/v1/assets").await.expect(200).json();
    assert!(assets["items"].as_array().unwrap().is_empty(), "{assets:#}");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(bytes))
}
