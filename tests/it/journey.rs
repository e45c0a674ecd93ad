//! The main job from end to end, as an outsider's script does it: upload, write, check that all is closed,
//! publish, check that all is open, find, download, and survive a power cut.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::{
    Client, Newsroom, Server, eventually, id_of, images, now, percent, public_url_of_photo, unzip_all,
};

on_both_engines!(from_upload_to_download);

const HEADLINE: &str = "10.600 Gäste: Größte Fachmesse für Straßenbahnen öffnet";
const SLUG: &str = "10600-gaeste-groesste-fachmesse-fuer-strassenbahnen-oeffnet";

struct Story {
    contact: Value,
    asset: Value,
    release: Value,
}

async fn from_upload_to_download(room: &Newsroom) {
    let mut server = room.start().await;
    let story = write(&server.desk()).await;
    assert_eq!(story.release["slug"], SLUG);
    assert_eq!(story.release["url"], format!("/releases/{SLUG}"));
    assert_eq!(story.release["state"], "draft");
    everything_is_closed(&server, &story).await;

    let release_path = format!("/api/v1/releases/{}", id_of(&story.release));
    let published = server.desk().post_empty(&format!("{release_path}/publish")).await.expect(200).json();
    assert_eq!(published["state"], "published");
    let published_at: jiff::Timestamp = published["published_at"].as_str().unwrap().parse().unwrap();
    assert!(now().duration_since(published_at).as_secs() < 60, "{published:#}");

    found_within_a_second(&server).await;
    everything_is_open(&server, &story).await;
    let kit = the_kit_is_whole(&server, &story).await;

    server.kill_9();
    drop(server);
    let server = room.start().await;
    everything_is_open(&server, &story).await;
    assert_eq!(the_kit_is_whole(&server, &story).await, kit, "the kit is the same bytes after a restart");
    let release = server.desk().get(&release_path).await.expect(200).json();
    assert_eq!(release["state"], "published");
    assert_eq!(release["published_at"], published["published_at"]);
    found_within_a_second(&server).await;
    assert_eq!(room.cli(&["check"]).code, 0);
    assert!(server.stop().await.success());
}

async fn write(desk: &Client) -> Story {
    let uploaded = desk
        .upload_with(
            "Größe Halle 1.jpg",
            images::print_photo(),
            json!({ "title": "Elefanten vor Halle 1", "caption": "Elefanten am Tor der Fachmesse",
                "alt_text": "Drei Elefanten gehen auf ein Tor zu", "credit": "Foto: Jördis Kühn",
                "usage_terms": "Abdruck honorarfrei" }),
        )
        .await
        .expect(201)
        .json();
    assert_eq!(uploaded["state"], "processing");
    assert_eq!(uploaded["visibility"], "private");
    assert_eq!(uploaded["file_name"], "Größe Halle 1.jpg");
    assert_eq!(uploaded["media_type"], "image/jpeg");
    assert_eq!(uploaded["size_bytes"], images::print_photo().len());
    let asset = desk.wait_ready(id_of(&uploaded)).await;
    assert_eq!((&asset["width"], &asset["height"]), (&json!(5640), &json!(3172)));
    assert_eq!(asset["caption"], "Elefanten am Tor der Fachmesse");

    let contact = desk
        .post(
            "/api/v1/contacts",
            json!({ "name": "Dr. Ämilie Weiß", "role": "Pressesprecherin", "organisation": "Messe Föhrwald",
                "phones": [{ "type": "work", "number": "+49 30 23125-401" }],
                "email": "presse@messe.example", "languages": ["de"] }),
        )
        .await
        .expect(201)
        .json();
    let release = desk
        .post(
            "/api/v1/releases",
            json!({ "language": "de", "headline": HEADLINE, "sub_headlines": ["Drei Tage, fünf Hallen"],
                "dateline_place": "Föhrwald", "dateline_date": "2026-11-24",
                "body": "Die **Schau** beginnt am Dienstag.\n\n## Was es gibt\n\nBahnen & Busse, 3 < 4.",
                "contacts": [id_of(&contact)], "assets": [id_of(&asset)] }),
        )
        .await
        .expect(201)
        .json();
    Story { contact, asset, release }
}

fn media_of(asset: &Value) -> Vec<(String, u64)> {
    let mut media: Vec<_> = asset["renditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (each["url"].as_str().unwrap().to_owned(), each["size_bytes"].as_u64().unwrap()))
        .collect();
    assert!(!media.is_empty());
    let original = &asset["original"];
    media.push((original["url"].as_str().unwrap().to_owned(), original["size_bytes"].as_u64().unwrap()));
    media
}

/// Nothing of an unpublished story is to be had, wherever one guesses.
async fn everything_is_closed(server: &Server, story: &Story) {
    let public = server.public();
    let page = format!("/releases/{SLUG}");
    let mut paths: Vec<_> =
        ["", ".txt", ".md", ".json", "/photos.zip"].map(|end| format!("{page}{end}")).into();
    paths.extend(media_of(&story.asset).into_iter().map(|(url, _)| url));
    paths.push(public_url_of_photo(&story.asset));
    paths.push(format!("/api/v1/releases/{}", id_of(&story.release)));
    paths.push(format!("/api/v1/assets/{}", id_of(&story.asset)));
    paths.push(format!("/selection.zip?photos={}", id_of(&story.asset)));
    for path in paths {
        let answer = public.get(&path).await;
        assert_eq!(answer.status, 404, "{path} is open");
        assert!(answer.header("cache-control").contains("no-store"), "{path}: {:?}", answer.headers);
    }
    nothing_tells(server, &["Fachmesse", SLUG, "Elefanten"]).await;
    assert!(public.get("/api/v1/releases").await.expect(200).json()["items"].as_array().unwrap().is_empty());
    // Those who work here see it.
    server.desk().get(&page).await.expect(200);
}

/// No list, feed, search or sitemap names any of the words.
async fn nothing_tells(server: &Server, words: &[&str]) {
    let public = server.public();
    for path in [
        "/",
        "/releases",
        "/photos",
        "/search?q=messe",
        "/search.json?q=messe",
        "/search.atom?q=messe",
        "/search.rss?q=messe",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/sitemap.xml",
        "/news-sitemap.xml",
        "/api/v1/search?q=messe",
        "/api/v1/releases",
        "/api/v1/assets",
    ] {
        let answer = public.get(path).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
        for word in words {
            assert!(!answer.text().contains(word), "{path} tells {word}");
        }
    }
}

async fn found_within_a_second(server: &Server) {
    let public = server.public();
    let began = Instant::now();
    // A part of a compound, with and without its umlauts.
    for query in ["messe", "Fachmesse", "strassenbahn", "Straßenbahnen", "grosste"] {
        eventually(5.0, &format!("{query} finds the release"), async || {
            let found = public.found(query).await;
            found
                .get("release")
                .is_some_and(|titles| titles.iter().any(|title| title == HEADLINE))
                .then_some(())
        })
        .await;
    }
    assert!(began.elapsed().as_secs_f64() < 3.0, "found after {:?}", began.elapsed());
    let answer =
        public.get(&format!("/api/v1/search?q={}&kind=photo", percent("elefant"))).await.expect(200).json();
    assert_eq!(answer["total"], 1, "{answer:#}");
    assert_eq!(answer["hits"][0]["kind"], "photo");
}

async fn everything_is_open(server: &Server, story: &Story) {
    let public = server.public();
    let page = public.get(&format!("/releases/{SLUG}")).await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    let html = page.text();
    for seen in ["10.600 Gäste", "Drei Tage, fünf Hallen", "Föhrwald", "<strong>Schau</strong>", "3 &lt; 4"]
    {
        assert!(html.contains(seen), "The page lacks {seen}");
    }
    for seen in ["Dr. Ämilie Weiß", "+49 30 23125-401", "presse@messe.example", "Foto: Jördis Kühn"] {
        assert!(html.contains(seen), "The page lacks {seen}");
    }

    let text = public.get(&format!("/releases/{SLUG}.txt")).await.expect(200);
    assert!(text.header("content-type").starts_with("text/plain"));
    assert!(text.text().contains(HEADLINE) && !text.text().contains("**"), "{}", text.text());
    let markdown = public.get(&format!("/releases/{SLUG}.md")).await.expect(200);
    assert!(markdown.header("content-type").starts_with("text/markdown"));
    assert!(markdown.text().contains("**Schau**"));
    let ninjs = public.get(&format!("/releases/{SLUG}.json")).await.expect(200).json();
    assert!(ninjs.to_string().contains("10.600 Gäste"), "{ninjs:#}");
    assert!(ninjs["uri"].as_str().is_some_and(|uri| !uri.is_empty()), "ninjs needs a uri: {ninjs:#}");

    for (url, size_bytes) in media_of(&story.asset) {
        let answer = public.get(&url).await.expect(200);
        assert_eq!(answer.body.len() as u64, size_bytes, "{url}");
        assert_eq!(answer.header("content-length"), size_bytes.to_string(), "{url}");
        assert!(answer.header("content-type").starts_with("image/"), "{url}");
    }
    let original = public.get(story.asset["original"]["url"].as_str().unwrap()).await.expect(200);
    assert_eq!(original.header("content-disposition").split(';').next(), Some("attachment"));
    for rendition in story.asset["renditions"].as_array().unwrap() {
        let url = rendition["url"].as_str().unwrap();
        if rendition["format"] == "jpeg" {
            let (format, width, height) = images::identify(&public.get(url).await.body);
            assert_eq!(format, "JPEG");
            assert_eq!((&json!(width), &json!(height)), (&rendition["width"], &rendition["height"]), "{url}");
        }
    }

    let photo_page = public_url_of_photo(&story.asset);
    let photo = public.get(&photo_page).await.expect(200).text();
    for seen in ["Elefanten am Tor der Fachmesse", "Foto: Jördis Kühn", "Abdruck honorarfrei", "5640"] {
        assert!(photo.contains(seen), "The photo page lacks {seen}");
    }
    assert!(
        photo.contains("Drei Elefanten gehen auf ein Tor zu"),
        "The photo page lacks the alternative text"
    );
    public.get("/contacts").await.expect(200);
    let card = public
        .get(&format!("/contacts/{}.vcf", story.contact["slug"].as_str().unwrap()))
        .await
        .expect(200)
        .text();
    assert!(card.contains("BEGIN:VCARD") && card.contains("Weiß"), "{card}");

    for path in ["/", "/releases", "/search?q=messe", "/feed.atom", "/feed.rss", "/feed.json", "/sitemap.xml"]
    {
        let answer = public.get(path).await.expect(200);
        assert!(answer.text().contains(SLUG), "{path} does not lead to the release");
    }
    assert!(public.get("/photos").await.expect(200).text().contains(&photo_page));
    let asset = public.get(&format!("/api/v1/assets/{}", id_of(&story.asset))).await.expect(200).json();
    assert_eq!(asset["visibility"], "public");
    let release = public.get(&format!("/api/v1/releases/{}", id_of(&story.release))).await.expect(200).json();
    assert_eq!(release["headline"], HEADLINE);
    let items = public.get("/api/v1/releases").await.expect(200).json();
    assert_eq!(items["items"].as_array().unwrap().len(), 1);
}

async fn the_kit_is_whole(server: &Server, story: &Story) -> bytes::Bytes {
    let kit = server.public().get(&format!("/releases/{SLUG}/photos.zip")).await.expect(200);
    assert_eq!(kit.header("content-type"), "application/zip");
    assert_eq!(kit.header("content-length"), kit.body.len().to_string());
    assert_eq!(kit.header("accept-ranges"), "bytes");
    let files = unzip_all(&kit.body);
    let photos: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".jpg")).collect();
    let original = server.public().get(story.asset["original"]["url"].as_str().unwrap()).await.expect(200);
    assert_eq!(photos.len(), 1, "{:?}", files.keys());
    assert_eq!(photos[0].1.as_slice(), &original.body[..], "{} is not the original", photos[0].0);
    let (_, words) = files.iter().find(|(name, _)| name.ends_with(".txt")).expect("a text with the credits");
    let words = String::from_utf8(words.clone()).unwrap();
    for seen in ["Elefanten am Tor der Fachmesse", "Jördis Kühn", photos[0].0.rsplit('/').next().unwrap()] {
        assert!(words.contains(seen), "The kit's text lacks {seen}:\n{words}");
    }
    kit.body
}
