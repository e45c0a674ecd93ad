//! Links that show a release to somebody without an account before it is public.

use pressroom::app;
use pressroom::config::{Config, Flags};
use pressroom::store::q;
use serde_json::{Value, json};

use crate::desk::{Browser, Shown, put};
use crate::harness::{Answer, Client, Newsroom, Server, id_of, images, now, sleep_ms, soon, unzip_all};
use crate::leaks::probed;

on_both_engines!(a_link_opens_the_page_until_it_ends, what_is_typed_survives_the_making_of_a_link);

/// A release under embargo with a photo in its text, and one whose rights have ended.
async fn write(desk: &Client) -> (Value, Value, Value) {
    let words = json!({ "title": "Neuer Kran", "caption": "Der Kran am Hafen", "credit": "Messe" });
    let asset = desk.upload_ready("kran.jpg", images::jpeg(1800, 1200, 5), words).await;
    let ended = json!({ "title": "Alter Kran", "rights_until": "2020-01-01T00:00:00Z" });
    let ended = desk.upload_ready("alt.jpg", images::jpeg(900, 600, 6), ended).await;
    let mut release = Client::plain_release("Geheimer Kran");
    release["assets"] = json!([id_of(&asset), id_of(&ended)]);
    let large = file(&asset, "large", "jpeg");
    release["body"] = json!(format!("Vorab.\n\n![Der Kran]({large})"));
    let of_ended = file(&ended, "large", "jpeg");
    release["boilerplate"] = json!(format!(
        "Über uns.\n\n![Im Baustein]({large})\n\nIm Satz ![Am Rand]({large}) steht er.\n\n![Alter Kran]({of_ended})"
    ));
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let embargo = json!({ "embargo_until": { "local": "2099-11-30T10:00", "zone": "Europe/Berlin" } });
    desk.post(&format!("/api/v1/releases/{}/publish", id_of(&release)), embargo).await.expect(200);
    (release, asset, ended)
}

fn file(asset: &Value, name: &str, format: &str) -> String {
    let renditions = asset["renditions"].as_array().unwrap();
    let found = renditions.iter().find(|r| r["name"] == name && r["format"] == format);
    found.unwrap_or_else(|| panic!("no {name} in {asset:#}"))["url"].as_str().unwrap().to_owned()
}

/// Makes a link at the desk and gives its path.
async fn link(officer: &mut Browser, release: &Value, recipient: &str) -> String {
    let page = format!("/admin/releases/{}", id_of(release));
    let mut form = officer.get(&page).await.expect(200).form("#form");
    put(&mut form, "link-recipient", recipient);
    let made = officer.post_form(&format!("{page}/preview-links"), &form).await.expect(200);
    path_in(&made)
}

fn path_in(made: &Shown) -> String {
    let link = made.words("#fresh-link");
    let path = link.find("/preview/").map(|at| link[at..].to_owned());
    path.unwrap_or_else(|| panic!("no link in {link}"))
}

fn revocations(page: &Shown) -> Vec<String> {
    page.text
        .split("formaction=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|action| action.contains("/preview-links/"))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn is_confidential(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "private, no-store", "{}", answer.asked);
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{}", answer.asked);
    assert_eq!(answer.header("x-robots-tag"), "noindex", "{}", answer.asked);
}

/// The addresses of the site that a page leads to or loads, without the site's own styles and scripts.
fn addresses(text: &str) -> Vec<String> {
    text.split(['"', ' ', ','])
        .filter(|word| word.starts_with("/preview/") || word.starts_with("/photos/"))
        .map(|word| word.replace("&#38;", "&"))
        .collect()
}

async fn a_link_opens_the_page_until_it_ends(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let (release, asset, ended) = write(&desk).await;
    let url = release["url"].as_str().unwrap();
    // An author may read what is under embargo, and may show it.
    let mut author = Browser::signed_in(room, &server, "author").await;
    let path = link(&mut author, &release, "Vorstand").await;
    let other = link(&mut author, &release, "").await;
    assert_ne!(path, other);

    let reader = [("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")];
    let page = public.get_with(&path, &reader).await.expect(200);
    is_confidential(&page);
    let text = page.text();
    assert!(
        text.contains("Vorschau – nicht veröffentlicht, vertraulich. Sperrfrist: Montag, 30. November 2099")
    );
    assert!(text.contains("Geheimer Kran") && text.contains("Der Kran am Hafen"));
    assert!(!text.contains("og:") && !text.contains("application/ld+json") && !text.contains("canonical"));
    assert!(text.contains("Im Baustein") && text.contains("Am Rand"));
    assert!(!text.contains("Alter Kran"), "its rights have ended");
    // Every picture and file that the page names is there for its reader, and nowhere else.
    let named = addresses(&text);
    assert!(named.iter().any(|address| address.ends_with("/original.jpg")), "{named:?}");
    assert!(named.iter().any(|address| address.contains("/large.")), "{named:?}");
    for address in
        named.iter().chain([format!("{path}/photos.zip?size=web"), format!("{path}/text.docx")].iter())
    {
        let below =
            address.strip_prefix(&path).unwrap_or_else(|| panic!("{address} leads out of the preview"));
        is_confidential(&public.get(address).await.expect(200));
        if below.starts_with("/photos/") {
            public.get(below).await.expect(404);
        }
    }
    let original = format!("{path}{}", asset["original"]["url"].as_str().unwrap());
    let part = public.get_with(&original, &[("range", "bytes=0-2")]).await.expect(206);
    assert_eq!(part.body[..], [0xff, 0xd8, 0xff]);
    let kit = unzip_all(&public.get(&format!("{path}/photos.zip")).await.expect(200).body);
    assert!(kit.keys().any(|name| name.contains("Neuer-Kran")), "{:?}", kit.keys());
    assert!(!kit.keys().any(|name| name.contains("Alter-Kran")), "{:?}", kit.keys());
    let photo = public.get(&format!("{path}/photos/neuer-kran")).await.expect(200).text();
    assert!(photo.contains("Der Kran am Hafen") && photo.contains(&format!("href=\"{path}\"")));
    let gone = format!("{path}{}", ended["original"]["url"].as_str().unwrap());
    public.get(&gone).await.expect(404);
    // Nothing of it is anywhere else, and the probe agrees.
    for closed in
        [url.to_owned(), format!("{url}.txt"), format!("{url}/photos.zip"), "/photos/neuer-kran".into()]
    {
        public.get(&closed).await.expect(404);
    }
    for list in ["/", "/photos", "/feed.atom", "/sitemap.xml", "/search?q=kran", "/api/v1/search?q=kran"] {
        assert!(!public.get(list).await.expect(200).text().contains("kran.jpg"), "{list}");
        assert!(!public.get(list).await.expect(200).text().contains("geheimer-kran"), "{list}");
    }
    let (code, told) = probed(room, &server, &release);
    assert_eq!(code, 0, "{told}");

    // A photo that is taken off the release is gone with the next request; what was typed last is what is shown.
    let patch = json!({ "assets": [], "headline": "Geheimer Turm" });
    let api = format!("/api/v1/releases/{}", id_of(&release));
    desk.patch(&api, patch).await.expect(200);
    public.get(&original).await.expect(404);
    assert!(public.get_with(&path, &reader).await.expect(200).text().contains("Geheimer Turm"));
    desk.patch(&api, json!({ "assets": [id_of(&asset)] })).await.expect(200);
    public.get(&original).await.expect(200);

    let mut editor = Browser::signed_in(room, &server, "editor").await;
    let shown = editor.get(&format!("/admin/releases/{}", id_of(&release))).await.expect(200);
    let listed = shown.words(".links");
    assert!(listed.contains("Vorstand") && listed.contains("2-mal geöffnet"), "{listed}");
    assert!(listed.contains("Noch nicht geöffnet") && listed.contains("author@messe.example"), "{listed}");
    let robot = public.get_with(&path, &[("user-agent", "Chatbot/1.0")]).await;
    assert_eq!(robot.status, 200);
    let [_, first] = &revocations(&shown)[..] else { panic!("{:?}", revocations(&shown)) };
    let told = editor.post_form(first, &shown.form("#form")).await.expect(200);
    assert!(told.words(".links").contains("2-mal geöffnet"), "robots are not counted");
    assert_eq!(revocations(&told).len(), 1);

    // A revoked link, a wrong one and one of another release's making answer with the same words.
    let revoked = public.get(&path).await.expect(404);
    is_confidential(&revoked);
    let wrong = public.get(&format!("/preview/{}", "A".repeat(43))).await.expect(404);
    assert_eq!(revoked.text(), wrong.text());
    for below in [original.clone(), format!("{path}/photos.zip"), format!("{path}/text.txt")] {
        public.get(&below).await.expect(404);
    }
    let history = editor.get(&format!("/admin/releases/{}/history", id_of(&release))).await.expect(200);
    for deed in ["Link zur Vorschau erstellt: Vorstand", "Link zur Vorschau widerrufen: Vorstand"] {
        assert!(history.text.contains(deed), "{deed}");
    }
    published(&server, &mut editor, &release, &asset, &other).await;
    ended_by_itself(room, &server, &mut editor).await;
}

async fn published(server: &Server, editor: &mut Browser, release: &Value, asset: &Value, other: &str) {
    let (desk, public) = (server.desk(), server.public());
    let lifts_at = soon(3);
    let publish = format!("/api/v1/releases/{}/publish", id_of(release));
    desk.post(&publish, json!({ "embargo_until": lifts_at.to_string() })).await.expect(200);
    assert!(public.get(other).await.status == 200 || now() >= lifts_at);
    while now() < lifts_at {
        sleep_ms(20).await;
    }
    // The moment it is public the link leads there, without anybody's doing.
    let url = desk.get(&format!("/api/v1/releases/{}", id_of(release))).await.json()["url"].clone();
    let away = public.get(other).await.expect(303);
    assert_eq!(away.header("location"), url.as_str().unwrap());
    is_confidential(&away);
    public.get(url.as_str().unwrap()).await.expect(200);
    let file = asset["original"]["url"].as_str().unwrap();
    assert_eq!(public.get(&format!("{other}{file}")).await.expect(303).header("location"), file);
    let page = format!("/admin/releases/{}", id_of(release));
    assert!(!editor.get(&page).await.expect(200).has(".links"));
    let form = [("link-days", "7")];
    let refused = editor.post(&format!("{page}/preview-links"), &form).await.expect(422);
    assert!(refused.text.contains("Die Meldung ist schon öffentlich."));
}

/// A link ends by itself, and with its release.
async fn ended_by_itself(room: &Newsroom, server: &Server, editor: &mut Browser) {
    let (desk, public) = (server.desk(), server.public());
    let draft =
        desk.post("/api/v1/releases", Client::plain_release("Nur ein Entwurf")).await.expect(201).json();
    let short = link(editor, &draft, "kurz").await;
    let long = link(editor, &draft, "lang").await;
    public.get(&short).await.expect(200);
    age(room, "kurz").await;
    assert_eq!(
        public.get(&short).await.expect(404).text(),
        public.get("/preview/x").await.expect(404).text()
    );
    let listed = editor.get(&format!("/admin/releases/{}", id_of(&draft))).await.expect(200).words(".links");
    assert!(listed.contains("Abgelaufen"), "{listed}");
    desk.delete(&format!("/api/v1/releases/{}", id_of(&draft))).await.expect(204);
    public.get(&long).await.expect(404);
}

/// Lets a link end as if its days had passed.
async fn age(room: &Newsroom, recipient: &str) {
    let mut config = Config::load(room.data(), &Flags::default()).unwrap();
    if let Some(url) = room.database_url() {
        config.database_url.value = url.to_owned();
    }
    if let Some(url) = room.blob_url() {
        config.blob_url.value = url.to_owned();
    }
    let ctx = app::open(&config).await.unwrap();
    let update = q("UPDATE preview_link SET expires_at = 1 WHERE recipient = $1").bind(recipient.to_owned());
    assert_eq!(ctx.db.execute(update).await.unwrap(), 1);
    ctx.db.close().await;
}

/// Links are made and revoked while somebody writes: what is typed stays, unstored, and cannot be shown by accident.
async fn what_is_typed_survives_the_making_of_a_link(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let page = rita.draft("Gespeichert").await;
    let mut form = rita.get(&page).await.expect(200).form("#form");
    put(&mut form, "headline", "Nur getippt");
    put(&mut form, "link-days", "30");
    let made = rita.post_form(&format!("{page}/preview-links"), &form).await.expect(200);
    let path = path_in(&made);
    let kept = made.form("#form");
    assert!(kept.contains(&("headline".to_owned(), "Nur getippt".to_owned())) && made.has("[data-unsaved]"));
    assert!(made.text.contains("erst, wenn Sie speichern"));
    let public = server.public();
    assert!(public.get(&path).await.expect(200).text().contains("Gespeichert"));
    // The address that the step leaves behind leads back.
    assert_eq!(rita.get(&format!("{page}/preview-links")).await.expect(303).location, page);
    rita.post_form(&page, &kept).await.expect(303);
    assert!(public.get(&path).await.expect(200).text().contains("Nur getippt"));

    for (days, status) in [("1", 200), ("31", 422), ("", 422), ("x", 422)] {
        rita.post(&format!("{page}/preview-links"), &[("link-days", days)]).await.expect(status);
    }
    let long = "x".repeat(121);
    let refused =
        rita.post(&format!("{page}/preview-links"), &[("link-days", "1"), ("link-recipient", &long)]).await;
    assert!(refused.expect(422).text.contains("Höchstens 120 Zeichen"));
    // Another release's link is none of this one's.
    let other = rita.draft("Eine andere").await;
    let revoke = revocations(&rita.get(&page).await.expect(200)).remove(0);
    let (_, link) = revoke.rsplit_once('/').unwrap();
    rita.post(&format!("{other}/preview-links/{link}"), &[]).await.expect(404);
    rita.post(&revoke, &[]).await.expect(200);
    rita.post(&revoke, &[]).await.expect(200);
    // Who has no session learns nothing and makes nothing.
    rita.post("/admin/sign-out", &[]).await.expect(303);
    rita.post(&format!("{page}/preview-links"), &[("link-days", "7")]).await.expect(401);
}
