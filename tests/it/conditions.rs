//! What a request asks besides its address: only about something, only if it is still the same, only a part; and who may
//! keep what somebody who works here was told.

use serde_json::{Value, json};

use crate::desk::Browser;
use crate::harness::{Client, Newsroom, Server, eventually, id_of, images, now, sleep_ms, soon};

on_both_engines!(
    what_is_only_asked_about_is_not_sent_and_not_counted,
    what_staff_are_told_is_told_to_nobody_else,
    addresses_of_old_lead_to_the_release,
);

const READER: (&str, &str) =
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

async fn head_with(client: &Client, path: &str, headers: &[(&str, &str)]) -> crate::harness::Answer {
    let request =
        headers.iter().fold(client.request(reqwest::Method::HEAD, path), |request, (name, value)| {
            request.header(*name, *value)
        });
    client.send(request).await
}

async fn counted(desk: &Client) -> Vec<(String, Value)> {
    let counts = desk.get("/api/v1/downloads").await.expect(200).json();
    let items = counts["items"].as_array().unwrap();
    items.iter().map(|item| (item["form"].as_str().unwrap().to_owned(), item["count"].clone())).collect()
}

/// A photo in a public release and a public album: the release's address, the photo.
async fn shown(desk: &Client) -> (String, Value) {
    let photo = desk.upload_ready("bild.jpg", images::jpeg(1600, 1000, 8), json!({ "title": "Bild" })).await;
    let album =
        desk.post("/api/v1/albums", json!({ "title": "Kräne", "assets": [id_of(&photo)] })).await.expect(201);
    desk.post_empty(&format!("/api/v1/albums/{}/publish", id_of(&album.json()))).await.expect(200);
    let mut release = Client::plain_release("Mit Bild");
    release["assets"] = json!([id_of(&photo)]);
    let release = desk.published(release).await;
    (release["url"].as_str().unwrap().to_owned(), photo)
}

async fn what_is_only_asked_about_is_not_sent_and_not_counted(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let (url, photo) = shown(&desk).await;
    let original = photo["original"]["url"].as_str().unwrap();
    let rendition = photo["renditions"][0]["url"].as_str().unwrap();
    let selection = format!("/selection.zip?photos={}", id_of(&photo));
    let kit = format!("{url}/photos.zip");
    let files = [original, rendition, &kit, "/albums/kraene.zip", &selection];
    let mut known = Vec::new();
    for path in files {
        // Whether or not it has been laid out before.
        for _ in 0..2 {
            let head = head_with(&public, path, &[READER]).await.expect(200);
            let part = head_with(&public, path, &[READER, ("range", "bytes=0-9")]).await.expect(200);
            assert_eq!(part.header("content-length"), head.header("content-length"), "HEAD {path}");
            assert_eq!(part.header("content-range"), "", "HEAD {path}");
            known.push((path, head.header("etag").to_owned(), head.header("content-length").to_owned()));
        }
    }
    assert_eq!(counted(&desk).await, [], "a HEAD downloads nothing");

    let form = format!("{url}.json");
    for path in [url.as_str(), &form, "/releases", "/social/home.png", "/theme.css"] {
        let head = public.head(path).await.expect(200);
        known.push((path, head.header("etag").to_owned(), String::new()));
    }
    for (path, tag, length) in &known {
        let other = "\"another\"";
        for refused in [
            vec![("if-match", other)],
            vec![("if-match", &format!("W/{tag}"))],
            // Before all that could be answered otherwise.
            vec![("if-match", other), ("if-none-match", tag)],
            vec![("if-match", other), ("range", "bytes=0-9")],
        ] {
            let answer = public.get_with(path, &refused).await.expect(412);
            assert!(answer.body.is_empty(), "{path} {refused:?}");
            assert!(answer.header("cache-control").contains("no-store"), "{path} {refused:?}");
            head_with(&public, path, &refused).await.expect(412);
        }
        for wanted in [
            vec![("if-match", "*")],
            vec![("if-match", &format!("\"x\", {tag}"))],
            vec![("if-match", tag), ("if-unmodified-since", LONG_AGO)],
            vec![("if-unmodified-since", "Tue, 01 Jan 2999 00:00:00 GMT")],
            vec![("if-unmodified-since", "gestern")],
        ] {
            let answer = public.get_with(path, &wanted).await.expect(200);
            assert!(!answer.body.is_empty(), "{path} {wanted:?}");
        }
        let both = [("if-match", tag.as_str()), ("if-none-match", tag)];
        assert!(public.get_with(path, &both).await.expect(304).body.is_empty(), "{path}");
        if !length.is_empty() {
            let part = [("if-match", tag.as_str()), ("range", "bytes=0-9")];
            assert_eq!(public.get_with(path, &part).await.expect(206).body.len(), 10, "{path}");
            public.get_with(path, &[("if-unmodified-since", LONG_AGO)]).await.expect(412);
        }
    }
    // The tag of each encoding is its own.
    let packed = [("accept-encoding", "br")];
    let tag = public.get_with(&url, &packed).await.expect(200).header("etag").to_owned();
    public.get_with(&url, &[packed[0], ("if-match", &tag)]).await.expect(200);
    public.get_with(&url, &[("if-match", &tag)]).await.expect(412);
    assert_eq!(counted(&desk).await, [], "these programs have no name");
}

/// A redirect that only those who work here may have, asked by session and by token.
async fn leads_in_confidence(server: &Server, browser: &mut Browser, from: &str, to: &str) {
    let shown = browser.get(from).await.expect(301);
    assert_eq!(shown.location, to, "{from}");
    let answer = server.desk().get(from).await.expect(301);
    assert_eq!(answer.header("cache-control"), "private, no-store", "{from}");
    assert_eq!(server.public().get(from).await.expect(404).header("location"), "", "{from}");
}

async fn what_staff_are_told_is_told_to_nobody_else(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let mut browser = Browser::signed_in(room, &server, "editor").await;
    let photo = desk.upload_ready("bild.jpg", images::jpeg(900, 600, 9), json!({ "title": "Alt" })).await;
    let mut release = Client::plain_release("Alt");
    release["assets"] = json!([id_of(&photo)]);
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let embargo = json!({ "embargo_until": "2999-01-01T00:00:00Z" });
    desk.post(&format!("{path}/publish"), embargo).await.expect(200);
    let event = json!({ "title": "Alt", "starts_at": "2999-01-01T00:00:00Z" });
    let event = desk.post("/api/v1/events", event).await.expect(201).json();
    let album = json!({ "title": "Alt", "assets": [id_of(&photo)] });
    let album = desk.post("/api/v1/albums", album).await.expect(201).json();
    for (kind, record) in [("releases", &release), ("assets", &photo), ("events", &event), ("albums", &album)]
    {
        let path = format!("/api/v1/{kind}/{}", id_of(record));
        desk.patch(&path, json!({ "slug": "neu" })).await.expect(200);
    }
    for (from, to) in [
        ("/releases/alt", "/releases/neu"),
        ("/releases/alt.txt", "/releases/neu.txt"),
        ("/en/releases/neu", "/releases/neu"),
        ("/releases/alt/photos.zip", "/releases/neu/photos.zip"),
        ("/releases/alt/social.png", "/releases/neu/social.png"),
        ("/photos/alt", "/photos/neu"),
        ("/photos/alt/original.jpg", "/photos/neu/original.jpg"),
        ("/albums/alt", "/albums/neu"),
        ("/albums/alt.zip", "/albums/neu.zip"),
        ("/events/alt.ics", "/events/neu.ics"),
        ("/events/neu", "/events#neu"),
    ] {
        leads_in_confidence(&server, &mut browser, from, to).await;
    }

    // What the clock changes is told to those who have seen it before; the tag still guards what is written.
    let lifts_at = soon(3);
    let embargo = json!({ "embargo_until": lifts_at.to_string() });
    desk.patch(&path, embargo).await.expect(200);
    let before = desk.get(&path).await.expect(200);
    let tag = before.header("etag").to_owned();
    assert_eq!((before.json()["state"].as_str(), tag.is_empty()), (Some("embargoed"), false));
    let photo_path = format!("/api/v1/assets/{}", id_of(&photo));
    let closed = desk.get(&photo_path).await.expect(200);
    while now() < lifts_at {
        sleep_ms(20).await;
    }
    let after = desk.get_with(&path, &[("if-none-match", &tag)]).await.expect(200);
    assert_eq!(after.json()["state"], "published", "{}", after.text());
    assert_eq!(after.header("etag"), tag);
    desk.get_with(&photo_path, &[("if-none-match", closed.header("etag"))]).await.expect(200);
    public.get_with(&path, &[("if-none-match", &tag)]).await.expect(200);
    let answer = public.get("/api/openapi.json").await.expect(200);
    public.get_with("/api/openapi.json", &[("if-none-match", answer.header("etag"))]).await.expect(304);
    let moved = public.get("/releases/alt").await.expect(301);
    assert_eq!(moved.header("cache-control"), "public, max-age=300");
    let change = |tag: &str| {
        let request = desk.request(reqwest::Method::PATCH, &path).header("if-match", tag.to_owned());
        request.header("content-type", "application/json").body("{\"headline\":\"Neu\"}")
    };
    assert_eq!(desk.send(change(&tag)).await.expect(200).json()["headline"], "Neu");
    desk.send(change(&tag)).await.problem(409, "version_conflict");

    // What was taken back and comes back by the clock is withdrawn no more.
    for (step, field) in [("publish", "embargo_until"), ("schedule", "publish_at")] {
        desk.post(&format!("{path}/withdraw"), json!({ "reason": "Zahlen falsch" })).await.expect(200);
        public.get("/releases/neu").await.expect(410);
        let comes_at = soon(2);
        desk.post(&format!("{path}/{step}"), json!({ field: comes_at.to_string() })).await.expect(200);
        let ninjs = eventually(10.0, "it is public again", async || {
            let answer = public.get("/releases/neu.json").await;
            (answer.status == 200).then(|| answer.json())
        })
        .await;
        assert_eq!(ninjs["pubStatus"], "usable", "{step}");
        assert!(!ninjs.to_string().contains("Zahlen falsch"), "{step}: {ninjs:#}");
        let told = public.get(&path).await.expect(200).json();
        assert_eq!((&told["withdrawn_at"], &told["withdrawn_reason"]), (&Value::Null, &json!("")), "{step}");
    }
    lists_of_what_is_planned_come_to_their_end(room, &desk).await;
}

/// One whose time has come stands before fifty-one that were public before, say, and are planned anew.
async fn lists_of_what_is_planned_come_to_their_end(room: &Newsroom, desk: &Client) {
    let folder = room.folder().join("planned");
    std::fs::create_dir_all(folder.join("releases")).unwrap();
    let write = |name: &str, publish_at: &str, published_at: &str| {
        let text = format!(
            "+++\nlanguage = \"de\"\nstate = \"scheduled\"\nheadline = \"{name}\"\npublished_at = {published_at}\n\
             publish_at = {{ local = \"{publish_at}\", zone = \"Europe/Berlin\" }}\n+++\nText\n"
        );
        std::fs::write(folder.join("releases").join(format!("{name}.md")), text).unwrap();
    };
    write("gekommen", "2025-01-01T10:00", "2025-01-01T09:00:00Z");
    for n in 0..51 {
        write(&format!("geplant-{n}"), "2999-01-01T10:00", "2020-01-01T09:00:00Z");
    }
    room.cli_ok(&["import", folder.to_str().unwrap()]);
    let mut slugs = Vec::new();
    let mut next = json!("1");
    while let Some(page) = next.as_str() {
        let list = format!("/api/v1/releases?state=scheduled&page={page}");
        let list = desk.get(&list).await.expect(200).json();
        let items = list["items"].as_array().unwrap();
        slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
        next = list["next"].clone();
    }
    assert_eq!(slugs.len(), 51, "{slugs:?}");
    assert!(slugs.iter().all(|slug| slug.starts_with("geplant-")), "{slugs:?}");
}

async fn addresses_of_old_lead_to_the_release(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let mut release = Client::plain_release("Umgezogen");
    release["aliases"] = json!([
        "/alte-meldung.html",
        "/presse/photos",
        "/de/releases/alt",
        "/presse/grüße.html",
        "ohne/strich.php",
        " kurz.htm ",
        "/gr%C3%BCn",
        "/xy/",
    ]);
    let old = [
        "/alte-meldung.html",
        "/presse/photos",
        "/de/releases/alt",
        "/presse/gr%C3%BC%C3%9Fe.html",
        "/presse/grüße.html",
        "/ohne/strich.php",
        "/kurz.htm",
        "/gr%C3%BCn",
        "/xy/",
    ];
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let nowhere = public.get("/gibt/es/nicht").await.expect(404);
    for old in old {
        for client in [&public, &desk] {
            let closed = client.get(old).await.expect(404);
            assert_eq!(closed.header("location"), "", "{old}");
            assert_eq!(closed.header("cache-control"), nowhere.header("cache-control"), "{old}");
            assert!(!closed.text().contains("releases/umgezogen"), "{old} tells of it");
        }
    }
    desk.post_empty(&format!("{path}/publish")).await.expect(200);
    for old in old {
        for client in [&public, &desk] {
            let answer = client.get(old).await.expect(301);
            assert_eq!(answer.header("location"), "/releases/umgezogen", "{old}");
        }
        public.head(old).await.expect(301);
    }
    // These were never elsewhere, nor is the present name an address by itself.
    for other in ["/umgezogen", "/presse/photos/", "/api/v1/alte-meldung.html", "/gibt/%00/nicht", "/%FF"] {
        public.get(other).await.expect(404);
    }
    public.post("/presse/photos", json!({})).await.expect(405);
    desk.post(&format!("{path}/withdraw"), json!({ "reason": "Zahlen falsch" })).await.expect(200);
    public.get("/alte-meldung.html").await.expect(301);
}
