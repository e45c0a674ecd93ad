//! What is kept of an answer is the same for everybody, whoever asked first, and is kept no longer than it may be shown.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::desk::Browser;
use crate::harness::{
    Answer, Client, Newsroom, Server, id_of, images, now, public_url_of_photo, unhurried, unzip_all,
};

on_both_engines!(
    who_is_signed_in_leaves_nothing_behind,
    nothing_is_kept_beyond_the_end_of_rights,
    the_last_day_of_rights_is_the_newsrooms,
);

const LONG_AGO: &str = "2020-01-01T00:00:00Z";

async fn photo(desk: &Client, seed: u32, words: Value) -> Value {
    desk.upload_ready(&format!("{seed}.jpg"), images::jpeg(1200, 800, seed), words).await
}

async fn shown_in(desk: &Client, assets: &[&Value]) -> (Value, Value) {
    let assets: Vec<&str> = assets.iter().map(|asset| id_of(asset)).collect();
    let mut release = Client::plain_release("Kräne am Hafen");
    release["assets"] = json!(assets);
    let album = json!({ "title": { "de": "Alle Kräne" }, "state": "published", "assets": assets });
    let album = desk.post("/api/v1/albums", album).await.expect(201).json();
    (desk.published(release).await, album)
}

/// All that an answer says, the files of an archive and their names included.
fn told(answer: &Answer) -> String {
    let mut text = answer.text();
    if answer.body.starts_with(b"PK") {
        for (name, bytes) in unzip_all(&answer.body) {
            text.push_str(&format!("{name}\n{}\n", String::from_utf8_lossy(&bytes)));
        }
    }
    text
}

fn may_be_kept(answer: &Answer) -> bool {
    answer.header("cache-control").starts_with("public")
}

/// Addresses that answer to everybody.
fn open_addresses(release: &Value, album: &Value, open: &Value) -> Vec<String> {
    let page = release["url"].as_str().unwrap();
    let album = album["url"].as_str().unwrap();
    let mut all: Vec<String> =
        ["", ".txt", ".docx", ".html", ".md", ".json", "/photos.zip", "/photos.zip?size=web"]
            .map(|form| format!("{page}{form}"))
            .into();
    all.extend(["", ".zip", ".zip?size=web"].map(|form| format!("{album}{form}")));
    all.extend(["/", "/releases", "/photos", "/feed.atom", "/feed.json", "/contacts"].map(str::to_owned));
    all.push(public_url_of_photo(open));
    all.push(format!("/selection.zip?photos={}", id_of(open)));
    all
}

async fn who_is_signed_in_leaves_nothing_behind(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let open = photo(&desk, 1, json!({ "title": "Offener Kran" })).await;
    let words = json!({ "title": "Alter Kran", "caption": "Verflossenes", "rights_until": LONG_AGO });
    let ended = photo(&desk, 2, words).await;
    let (release, album) = shown_in(&desk, &[&open, &ended]).await;
    let officer = Browser::signed_in(room, &server, "author").await;
    let closed =
        ["alter-kran", "Alter-Kran", "Verflossenes", id_of(&ended), ended["sha256"].as_str().unwrap()];
    for path in open_addresses(&release, &album, &open) {
        // Twice, for what the first answer has laid ready; a token before the public as well.
        let first = officer.download(&path).await.expect(200);
        let answers = [
            officer.download(&path).await.expect(200),
            desk.get(&path).await.expect(200),
            public.get(&path).await.expect(200),
            public.get(&path).await.expect(200),
        ];
        for answer in std::iter::once(&first).chain(&answers) {
            assert!(may_be_kept(answer), "{path}: {}", answer.header("cache-control"));
            let text = told(answer);
            for word in closed {
                assert!(!text.contains(word), "{path} tells {word}");
            }
            assert_eq!(answer.header("etag"), first.header("etag"), "{path} is not the same for all");
        }
        assert!(answers[3].body == first.body, "{path} is not the same for all");
    }

    // What is closed is still there for who works here, and stays with them.
    let original = format!("{}/original.jpg", public_url_of_photo(&ended));
    for path in [&public_url_of_photo(&ended), &original, &format!("/selection.zip?photos={}", id_of(&ended))]
    {
        for answer in [officer.download(path).await, desk.get(path).await] {
            assert_eq!(answer.expect(200).header("cache-control"), "private, no-store", "{path}");
        }
        public.get(path).await.expect(404);
    }
}

/// For how many seconds anybody may keep an answer without asking.
fn kept_secs(answer: &Answer) -> i64 {
    let policy = answer.header("cache-control");
    assert!(!policy.contains("immutable"), "{}: {policy}", answer.asked);
    let age = policy.split(',').find_map(|part| part.trim().strip_prefix("max-age="));
    match age {
        Some(age) => age.parse().unwrap(),
        None => {
            assert!(policy.contains("no-cache") || policy.contains("no-store"), "{}: {policy}", answer.asked);
            0
        }
    }
}

async fn set_end(desk: &Client, asset: &Value, secs: i64) -> jiff::Timestamp {
    let end = now() + SignedDuration::from_secs(secs);
    let path = format!("/api/v1/assets/{}", id_of(asset));
    desk.patch(&path, json!({ "rights_until": end.to_string() })).await.expect(200);
    end
}

/// The address of a rendition that names its content, as the page of the photo has it.
async fn pinned(server: &Server, asset: &Value) -> String {
    let page = server.public().get(&public_url_of_photo(asset)).await.expect(200).text();
    let mut addresses = page.split(['"', ' ', ',', '&']).map(|word| word.trim_start_matches(server.base()));
    let is_pinned = |address: &&str| address.starts_with("/photos/") && address.contains("?v=");
    addresses.find(is_pinned).unwrap_or_else(|| panic!("no pinned address in {page}")).to_owned()
}

/// Where oEmbed tells of a page, as the page says.
async fn oembed_of(public: &Client, page: &str) -> String {
    let text = public.get(page).await.expect(200).text();
    let start = text.find("/oembed?url=").unwrap_or_else(|| panic!("{page} has no oEmbed: {text}"));
    text[start..].split('"').next().unwrap().to_owned()
}

async fn nothing_is_kept_beyond_the_end_of_rights(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let ending = photo(&desk, 1, json!({ "title": "Endender Kran", "persons": ["Ada Muster"] })).await;
    let lasting = photo(&desk, 2, json!({ "title": "Bleibender Kran" })).await;
    let (release, album) = shown_in(&desk, &[&ending, &lasting]).await;
    let page = public_url_of_photo(&ending);
    let pinned_to = pinned(&server, &ending).await;
    let before = public.get(&pinned_to).await.expect(200);
    assert_eq!(before.header("cache-control"), "public, max-age=31536000, immutable");
    let old_slug = page.clone();
    let path = format!("/api/v1/assets/{}", id_of(&ending));
    desk.patch(&path, json!({ "slug": "kran-bis-morgen" })).await.expect(200);
    let page = format!("{}kran-bis-morgen", &page[..=page.rfind('/').unwrap()]);
    let pinned_to = pinned_to.replace(&old_slug, &page);
    let release_url = release["url"].as_str().unwrap();
    let told_by = oembed_of(&public, &page).await;
    let addresses = [
        pinned_to.clone(),
        format!("{page}/large.jpg"),
        format!("{page}/original.jpg"),
        format!("{old_slug}/large.jpg"),
        old_slug,
        page.clone(),
        release_url.to_owned(),
        format!("{release_url}/photos.zip"),
        format!("{}.zip", album["url"].as_str().unwrap()),
        told_by.clone(),
        oembed_of(&public, release_url).await,
    ];
    for secs in [3600, 100] {
        let end = set_end(&desk, &ending, secs).await;
        for path in &addresses {
            // The second answer comes from what the first has laid ready.
            for _ in 0..2 {
                let left = (end - now()).as_secs() + 1;
                let answer = public.get(path).await;
                assert!(matches!(answer.status, 200 | 301), "{path}: {}", answer.status);
                let kept = kept_secs(&answer);
                assert!(kept <= left.max(0), "{path} is kept for {kept} s of {left} s that are left");
            }
        }
        let answer = public.get(&pinned_to).await.expect(200);
        assert!(kept_secs(&answer) > secs - 60, "it is kept as long as it may be");
        let etag = answer.header("etag").to_owned();
        let again = public.get_with(&pinned_to, &[("if-none-match", &etag)]).await.expect(304);
        assert!(kept_secs(&again) <= secs);
        let told = public.get(&told_by).await.expect(200).json();
        assert!(told["cache_age"].as_i64().unwrap() <= secs, "{told:#}");
    }
    let lasting = pinned(&server, &lasting).await;
    let answer = public.get(&lasting).await.expect(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");

    let secs = unhurried(3);
    let end = set_end(&desk, &ending, secs).await;
    for path in [&pinned_to, &page] {
        assert!(kept_secs(&public.get(path).await.expect(200)) <= secs);
    }
    assert!(now() < end, "the machine was too slow to see the state before");
    while now() < end {
        crate::harness::sleep_ms(20).await;
    }
    public.get(&pinned_to).await.expect(404);
    public.get(&page).await.expect(404);
}

async fn the_last_day_of_rights_is_the_newsrooms(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    // In Berlin the first of July has begun.
    let words = json!({ "title": "Kran", "rights_until": "2031-06-30T22:30:00Z" });
    let night = photo(&desk, 1, words).await;
    // And here the last of July has ended.
    let words = json!({ "title": "Kahn", "rights_until": "2031-07-31T22:00:00Z" });
    let month = photo(&desk, 2, words).await;
    let (release, album) = shown_in(&desk, &[&night, &month]).await;
    let (release, album) = (release["url"].as_str().unwrap(), album["url"].as_str().unwrap());
    for path in [format!("{release}/photos.zip"), format!("{album}.zip")] {
        let kit = unzip_all(&public.get(&path).await.expect(200).body);
        let texts: Vec<String> = kit
            .iter()
            .filter(|(name, _)| name.ends_with(".txt") || name.ends_with(".csv"))
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .collect();
        for (day, other) in [("2031-07-01", "2031-06-30"), ("2031-07-31", "2031-08-01")] {
            assert!(texts.iter().filter(|text| text.contains(day)).count() >= 3, "{path} {day}: {texts:#?}");
            assert!(!texts.iter().any(|text| text.contains(other)), "{path} {other}: {texts:#?}");
        }
    }
}
