//! How things are handed out: who may cache them, ranges, conditional requests.

use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, Server, id_of, images, public_url_of_photo, unzip_all};

on_both_engines!(
    caching_headers_of_every_route,
    what_is_private_is_never_stored,
    photos_come_in_ranges,
    kits_come_in_ranges,
    an_own_selection_is_a_zip,
    a_kit_has_everything_a_desk_needs,
    kits_of_a_search_and_a_person,
    a_selection_is_collected_without_a_script,
    files_say_what_they_are,
    pages_come_in_every_encoding,
);

struct Open {
    release: Value,
    asset: Value,
}

async fn open(server: &Server) -> Open {
    let desk = server.desk();
    let asset = desk.upload_ready("bild.jpg", images::jpeg(1800, 1200, 71), json!({ "title": "Bild" })).await;
    let mut release = Client::plain_release("Offen");
    release["assets"] = json!([id_of(&asset)]);
    Open { release: desk.published(release).await, asset }
}

async fn caching_headers_of_every_route(room: &Newsroom) {
    let server = room.start().await;
    let (public, open) = (server.public(), open(&server).await);
    let url = open.release["url"].as_str().unwrap();
    let photo = public_url_of_photo(&open.asset);
    let rendition = open.asset["renditions"][0]["url"].as_str().unwrap();
    let original = open.asset["original"]["url"].as_str().unwrap();
    let pages = [
        "/",
        "/releases",
        url,
        &format!("{url}.txt"),
        &format!("{url}.md"),
        &format!("{url}.json"),
        "/photos",
        &photo,
        rendition,
        original,
        &format!("{url}/photos.zip"),
        "/contacts",
        "/events",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/sitemap.xml",
        "/robots.txt",
    ];
    for path in pages {
        let answer = public.get(path).await.expect(200);
        let policy = answer.header("cache-control").to_owned();
        assert!(!policy.is_empty(), "{path} says nothing about caching");
        assert!(!policy.contains("private") && !policy.contains("no-store"), "{path}: {policy}");
        // What can be withdrawn must not live on for long in somebody's cache.
        let max_age =
            policy.split("max-age=").nth(1).and_then(|rest| rest.split(',').next()?.trim().parse().ok());
        // Unless its address names the very bytes: then only who has seen it can ask for it again.
        let named = policy.contains("immutable") && path.contains("v=");
        assert!(max_age.unwrap_or(0) <= 300 || policy.contains("no-cache") || named, "{path}: {policy}");
        assert_eq!(answer.header("set-cookie"), "", "{path} sets a cookie");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");

        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"') || tag.starts_with("W/\""), "{path} has no ETag");
        let again = public.get_with(path, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, 304, "{path}");
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), tag, "{path}");
        assert_eq!(again.header("cache-control"), policy, "{path}");
        assert_eq!(public.get_with(path, &[("if-none-match", "\"other\"")]).await.status, 200, "{path}");

        let head = public.head(path).await;
        assert_eq!(head.status, 200, "HEAD {path}");
        assert_eq!(head.header("etag"), tag, "HEAD {path}");
        assert!(head.body.is_empty());
    }
    for path in ["/gibt-es-nicht", "/releases/gibt-es-nicht", "/api/v1/assets/x"] {
        let answer = public.get(path).await.expect(404);
        assert!(
            answer.header("cache-control").contains("no-store"),
            "{path}: {}",
            answer.header("cache-control")
        );
    }
    // A page on its way to a shared cache differs by what the reader accepts; it says so.
    let packed = public.get_with(url, &[("accept-encoding", "br, gzip")]).await.expect(200);
    assert!(packed.header("vary").to_lowercase().contains("accept-encoding"), "{}", packed.header("vary"));
    let plain = public.get(url).await.expect(200);
    assert!(packed.header("content-encoding").is_empty() || packed.body.len() < plain.body.len());
}

async fn what_is_private_is_never_stored(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let asset = desk.upload_ready("geheim.jpg", images::jpeg(800, 600, 72), json!({})).await;
    let mut release = Client::plain_release("Geheim");
    release["assets"] = json!([id_of(&asset)]);
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let url = release["url"].as_str().unwrap();
    let paths = [
        url,
        &format!("{url}.json"),
        &format!("{url}/photos.zip"),
        asset["original"]["url"].as_str().unwrap(),
        asset["renditions"][0]["url"].as_str().unwrap(),
        &public_url_of_photo(&asset),
        &format!("/api/v1/assets/{}", id_of(&asset)),
        &format!("/api/v1/releases/{}", id_of(&release)),
        "/api/v1/assets",
        "/api/v1/releases",
        "/api/v1/changes?since=0",
    ];
    for path in paths {
        let answer = desk.get(path).await.expect(200);
        let policy = answer.header("cache-control");
        assert!(policy.contains("no-store"), "{path} for those who work here: {policy}");
        assert!(policy.contains("private"), "{path} for those who work here: {policy}");
    }
    for path in ["/admin", "/admin/"] {
        let answer = server.public().get(path).await;
        assert!(
            answer.header("cache-control").contains("no-store"),
            "{path}: {}",
            answer.header("cache-control")
        );
    }
    // A staff member's look at a page must not open it to the next reader.
    assert_eq!(server.public().get(url).await.status, 404);
    let open = open(&server).await;
    let url = open.release["url"].as_str().unwrap();
    let for_staff = desk.get(url).await.expect(200);
    assert!(
        for_staff.header("cache-control").contains("no-store")
            || for_staff.header("vary").contains("uthorization")
            || for_staff.header("etag") == server.public().get(url).await.header("etag")
    );
}

/// What must hold for ranges of any downloadable file.
async fn ranges_of(client: &Client, path: &str) {
    let whole = client.get(path).await.expect(200);
    let len = whole.body.len();
    assert_eq!(whole.header("accept-ranges"), "bytes", "{path}");
    assert_eq!(whole.header("content-length"), len.to_string(), "{path}");
    let tag = whole.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{path}: a strong ETag, or no download can be resumed: {tag}");

    let middle = len / 2;
    let cases = [
        ("bytes=0-0".to_owned(), 0, 1),
        ("bytes=0-99".to_owned(), 0, 100),
        (format!("bytes={middle}-{}", middle + 999), middle, middle + 1000),
        (format!("bytes={}-", len - 7), len - 7, len),
        ("bytes=-31".to_owned(), len - 31, len),
        (format!("bytes={middle}-{}", len * 3), middle, len),
        (format!("bytes=-{}", len * 3), 0, len),
    ];
    for (range, from, to) in cases {
        let part = client.get_with(path, &[("range", &range)]).await;
        assert_eq!(part.status, 206, "{path} {range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{len}", to - 1), "{path} {range}");
        assert_eq!(part.header("content-length"), (to - from).to_string(), "{path} {range}");
        assert!(part.body == whole.body.slice(from..to), "{path} {range}: other bytes");
    }
    let beyond = client.get_with(path, &[("range", &format!("bytes={len}-"))]).await;
    assert_eq!(beyond.status, 416, "{path}");
    assert_eq!(beyond.header("content-range"), format!("bytes */{len}"), "{path}");
    for ignored in ["lines=1-2", "bytes=9-3", "bytes=a-b"] {
        let answer = client.get_with(path, &[("range", ignored)]).await;
        assert!(matches!(answer.status, 200 | 416), "{path} {ignored}: {}", answer.status);
    }
    let same = client.get_with(path, &[("range", "bytes=5-9"), ("if-range", &tag)]).await;
    assert_eq!(same.status, 206, "{path} if-range");
    let other = client.get_with(path, &[("range", "bytes=5-9"), ("if-range", "\"another\"")]).await;
    assert_eq!((other.status, other.body.len()), (200, len), "{path}: what changed comes whole");
    let head = client.head(path).await;
    assert_eq!((head.status, head.header("content-length")), (200, len.to_string().as_str()), "HEAD {path}");
}

async fn photos_come_in_ranges(room: &Newsroom) {
    let server = room.start().await;
    let open = open(&server).await;
    ranges_of(&server.public(), open.asset["original"]["url"].as_str().unwrap()).await;
    for rendition in open.asset["renditions"].as_array().unwrap() {
        ranges_of(&server.public(), rendition["url"].as_str().unwrap()).await;
    }
}

async fn kits_come_in_ranges(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut ids = Vec::new();
    for seed in 0..3 {
        let asset =
            desk.upload_ready("gleicher name.jpg", images::jpeg(700, 500, 80 + seed), json!({})).await;
        ids.push(id_of(&asset).to_owned());
    }
    let mut release = Client::plain_release("Drei Bilder");
    release["assets"] = json!(ids);
    let release = desk.published(release).await;
    let path = format!("{}/photos.zip", release["url"].as_str().unwrap());
    ranges_of(&server.public(), &path).await;
    let kit = server.public().get(&path).await.expect(200);
    assert_eq!(unzip_all(&kit.body).keys().filter(|name| name.ends_with(".jpg")).count(), 3);
    assert!(kit.header("content-disposition").contains(".zip"), "{}", kit.header("content-disposition"));
    assert_eq!(server.public().get(&path).await.body, kit.body, "the same kit is the same bytes");
}

async fn an_own_selection_is_a_zip(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let open = open(&server).await;
    let closed = desk.upload_ready("zu.jpg", images::jpeg(500, 400, 90), json!({})).await;
    let (open, closed) = (id_of(&open.asset), id_of(&closed));
    let public = server.public();
    let zip = public.get(&format!("/selection.zip?photos={open}")).await.expect(200);
    assert_eq!(zip.header("content-length"), zip.body.len().to_string());
    assert_eq!(unzip_all(&zip.body).keys().filter(|name| name.ends_with(".jpg")).count(), 1);
    let mixed = public.get(&format!("/selection.zip?photos={open},{closed}")).await;
    if mixed.status == 200 {
        assert_eq!(unzip_all(&mixed.body).keys().filter(|name| name.ends_with(".jpg")).count(), 1);
    } else {
        assert_eq!(mixed.status, 404);
    }
    for nonsense in ["", "x", "x,y", "../etc"] {
        let status = public.get(&format!("/selection.zip?photos={nonsense}")).await.status;
        assert!(matches!(status, 400 | 404), "{nonsense:?}: {status}");
    }
}

async fn a_kit_has_everything_a_desk_needs(room: &Newsroom) {
    let server = room.start().await;
    let open = open(&server).await;
    let path = format!("{}/photos.zip", open.release["url"].as_str().unwrap());
    let page = server.public().get(open.release["url"].as_str().unwrap()).await.expect(200).text();
    for (query, name) in [("", "print"), ("?size=web", "web")] {
        let kit = server.public().get(&format!("{path}{query}")).await.expect(200);
        assert!(page.contains(&format!("{path}{query}\"")), "the page offers the {name} kit");
        let files = unzip_all(&kit.body);
        for file in [
            "pressemitteilung.txt",
            "pressemitteilung.docx",
            "pressemitteilung.html",
            "nutzung.txt",
            "bildunterschriften.csv",
            "bildunterschriften.txt",
            "SHA256SUMS",
        ] {
            assert!(files.contains_key(file), "no {file} in {:?}", files.keys());
        }
        let document = unzip_all(&files["pressemitteilung.docx"]);
        let text = String::from_utf8_lossy(&document["word/document.xml"]).into_owned();
        assert!(text.contains("Offen") && text.contains("Der zweite Absatz."), "{text}");
        let photo = files.iter().find(|(name, _)| name.ends_with(".jpg")).unwrap().1.len() as u64;
        let print = open.asset["original"]["size_bytes"].as_u64().unwrap();
        assert_eq!(photo == print, name == "print", "{name}: {photo} of {print} bytes");
    }
}

async fn kits_of_a_search_and_a_person(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut ids = Vec::new();
    for (seed, title, person) in
        [(1, "Rathaus", "Ada Muster"), (2, "Rathaus bei Nacht", "Bo Beispiel"), (3, "Hafen", "Ada Muster")]
    {
        let words = json!({ "title": title, "persons": [person] });
        let asset = desk.upload_ready("bild.jpg", images::jpeg(700, 500, 40 + seed), words).await;
        ids.push(id_of(&asset).to_owned());
    }
    let secret = json!({ "title": "Rathaus geheim", "persons": ["Ada Muster"] });
    desk.upload_ready("geheim.jpg", images::jpeg(700, 500, 50), secret).await;
    let mut release = Client::plain_release("Drei Bilder");
    release["assets"] = json!(ids);
    desk.published(release).await;
    let public = server.public();
    let photos = async |path: &str| {
        let answer = public.get(path).await;
        if answer.status != 200 {
            return Vec::new();
        }
        let names = unzip_all(&answer.body).into_keys().filter(|name| name.ends_with(".jpg"));
        names.collect::<Vec<_>>()
    };
    crate::harness::eventually(5.0, "the search knows the photos", async || {
        (photos("/search.zip?q=Rathaus").await.len() == 2).then_some(())
    })
    .await;
    let of_ada = photos("/photos.zip?person=Ada+Muster").await;
    assert_eq!(of_ada.len(), 2, "{of_ada:?}");
    assert!(of_ada.iter().all(|name| !name.contains("geheim")), "{of_ada:?}");
    assert_eq!(public.get("/photos.zip?person=Niemand").await.status, 404);
    assert_eq!(public.get("/search.zip?q=xyzzy").await.status, 404);
    ranges_of(&public, "/photos.zip?person=Ada+Muster").await;
}

async fn a_selection_is_collected_without_a_script(room: &Newsroom) {
    let server = room.start().await;
    let open = open(&server).await;
    let (public, id) = (server.public(), id_of(&open.asset));
    let gallery = public.get("/photos").await.expect(200).text();
    assert!(gallery.contains(&format!("name=\"photos\" value=\"{id}\" form=\"selection\"")), "a box to tick");
    // What a browser sends for ticked boxes, and what the links say.
    for query in [format!("photos={id}&photos={id}"), format!("photos={id}")] {
        let page = public.get(&format!("/selection?{query}")).await.expect(200).text();
        assert!(page.contains(&format!("/selection.zip?photos={id}")), "{page}");
        assert!(page.contains(&format!("/photos?selection={id}")), "more can be collected");
    }
    let again = public.get(&format!("/photos?selection={id}")).await.expect(200).text();
    assert!(again.contains("checked"), "what was chosen stays chosen");
    let empty = public.get("/selection").await.expect(200);
    assert_eq!(empty.header("set-cookie"), "");
    for nonsense in ["photos=x", "photos=%00", "photos=../../etc"] {
        assert_eq!(public.get(&format!("/selection?{nonsense}")).await.status, 400, "{nonsense}");
    }
}

async fn files_say_what_they_are(room: &Newsroom) {
    use base64::Engine as _;
    let server = room.start().await;
    let open = open(&server).await;
    let public = server.public();
    let original = open.asset["original"]["url"].as_str().unwrap();
    let whole = public.get(original).await.expect(200);
    let sum = sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(&whole.body));
    let digest = format!("sha-256=:{}:", base64::engine::general_purpose::STANDARD.encode(sum));
    assert_eq!(whole.header("repr-digest"), digest);
    // A part has the digest of the whole.
    let part = public.get_with(original, &[("range", "bytes=0-9")]).await.expect(206);
    assert_eq!(part.header("repr-digest"), digest);
    assert!(whole.header("content-disposition").contains("filename*=UTF-8''"));
    let date = whole.header("last-modified").to_owned();
    assert_eq!(public.get_with(original, &[("if-modified-since", &date)]).await.status, 304);
    let long_ago = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(public.get_with(original, &[("if-modified-since", long_ago)]).await.status, 200);
    let other_tag = [("if-modified-since", date.as_str()), ("if-none-match", "\"x\"")];
    assert_eq!(public.get_with(original, &other_tag).await.status, 200, "the tag counts, not the date");
}

async fn pages_come_in_every_encoding(room: &Newsroom) {
    let server = room.start().await;
    let open = open(&server).await;
    let (public, url) = (server.public(), open.release["url"].as_str().unwrap());
    // A HEAD that comes first leaves the page whole.
    public.head(url).await.expect(200);
    let plain = public.get(url).await.expect(200);
    let mut tags = vec![plain.header("etag").to_owned()];
    for coding in ["br", "zstd", "gzip"] {
        for _ in 0..2 {
            let packed = public.get_with(url, &[("accept-encoding", coding)]).await.expect(200);
            assert_eq!(packed.header("content-encoding"), coding);
            assert!(packed.body.len() < plain.body.len() / 2);
            assert_eq!(packed.header("content-length"), packed.body.len().to_string());
            assert!(!packed.header("content-security-policy").is_empty());
            tags.push(packed.header("etag").to_owned());
        }
    }
    tags.dedup();
    assert_eq!(tags.len(), 4, "each encoding is a representation of its own: {tags:?}");
}
