//! What the public site hands to other programs: pictures for social networks, oEmbed, cards with a photo, rosters.

use base64::Engine as _;
use serde_json::{Value, json};

use crate::desk::{Browser, put};
use crate::harness::{Client, MailServer, Newsroom, eventually, id_of, images, percent, sleep_ms};

on_both_engines!(
    a_shared_link_has_its_picture,
    others_can_embed_what_is_public,
    a_contact_says_when_it_answers,
    a_reader_writes_to_a_contact,
    a_language_without_releases_leads_to_the_others,
    the_default_language_has_no_prefix,
    a_contact_is_found_in_the_readers_language,
);

/// The content of a meta element.
fn meta(page: &str, property: &str) -> String {
    let marker = format!("property=\"{property}\" content=\"");
    let rest = page.split(&marker).nth(1).unwrap_or_else(|| panic!("no {property}"));
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

/// Where the server believes itself to be.
const HOUSE: &str = "http://127.0.0.1:0";

fn path_of(url: &str) -> &str {
    url.strip_prefix(HOUSE).unwrap_or_else(|| panic!("{url} is not at {HOUSE}"))
}

async fn a_shared_link_has_its_picture(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let headline = "Zur Leitmesse kommen so viele Fachbesucherinnen und Fachbesucher wie nie zuvor nach Föhrwald: \
        der Veranstalter spricht von einem Rekord";
    let release = desk.published(Client::plain_release(headline)).await;
    let url = release["url"].as_str().unwrap();
    let page = public.get(url).await.expect(200).text();
    let image = meta(&page, "og:image");
    assert_eq!(
        (meta(&page, "og:image:width"), meta(&page, "og:image:height")),
        ("1200".into(), "630".into())
    );
    assert!(meta(&page, "og:image:alt").contains("Leitmesse"));
    let picture = public.get(path_of(&image)).await.expect(200);
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(images::identify(&picture.body), ("PNG".to_owned(), 1200, 630));
    assert!(picture.body.len() < 200_000, "{} bytes", picture.body.len());
    let tag = picture.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    public.get_with(path_of(&image), &known).await.expect(304);
    // A new headline is a new picture at a new address.
    let path = format!("/api/v1/releases/{}", id_of(&release));
    desk.patch(&path, json!({ "headline": "Anders" })).await.expect(200);
    let renamed = meta(&public.get(url).await.expect(200).text(), "og:image");
    assert_ne!(renamed, image);
    assert_ne!(public.get(path_of(&renamed)).await.expect(200).body, picture.body);
    // The other pages have one too, in each language.
    for path in ["/", "/en/", "/search", "/contacts", "/en/events", "/releases", "/photos"] {
        let image = meta(&public.get(path).await.expect(200).text(), "og:image");
        let picture = public.get(path_of(&image)).await.expect(200);
        assert_eq!(images::identify(&picture.body), ("PNG".to_owned(), 1200, 630), "{path}");
    }
    public.get("/social/other.png").await.expect(404);

    // What is not public has no picture for the public.
    let draft = desk.post("/api/v1/releases", Client::plain_release("Geheim")).await.expect(201).json();
    let hidden = format!("{}/social.png", draft["url"].as_str().unwrap());
    public.get(&hidden).await.expect(404);
    assert!(desk.get(&hidden).await.expect(200).header("cache-control").contains("no-store"));
    let embargo = json!({ "embargo_until": "2099-01-01T00:00:00Z" });
    desk.post(&format!("/api/v1/releases/{}/publish", id_of(&draft)), embargo).await.expect(200);
    public.get(&hidden).await.expect(404);
    desk.post(&format!("{path}/withdraw"), json!({ "reason": "Irrtum" })).await.expect(200);
    public.get(&format!("{url}/social.png")).await.expect(410);

    // A photo of its own goes before.
    let asset = desk.upload_ready("bild.jpg", images::jpeg(1600, 1000, 3), json!({ "title": "Bild" })).await;
    let mut with = Client::plain_release("Mit Bild");
    with["assets"] = json!([id_of(&asset)]);
    let with = desk.published(with).await;
    let page = public.get(with["url"].as_str().unwrap()).await.expect(200).text();
    assert!(meta(&page, "og:image").contains("/photos/"));
}

async fn others_can_embed_what_is_public(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let words = json!({ "title": "Kran", "creator": "A. Muster", "credit": "Messe/A. Muster",
        "usage_terms": "Frei bei Nennung", "rights_url": "https://messe.example/terms" });
    let asset = desk.upload_ready("kran.jpg", images::jpeg(1800, 1200, 8), words).await;
    let mut release = Client::plain_release("Kran & <Bagger>");
    release["assets"] = json!([id_of(&asset)]);
    let release = desk.published(release).await;
    let draft = desk.post("/api/v1/releases", Client::plain_release("Geheim")).await.expect(201).json();
    let page = format!("{HOUSE}{}", release["url"].as_str().unwrap());
    let ask = |url: &str, more: &str| format!("/oembed?url={}{more}", percent(url));

    // The page leads there.
    let html = public.get(release["url"].as_str().unwrap()).await.expect(200).text();
    let found = html.split("type=\"application/json+oembed\"").nth(1).unwrap();
    let link = found.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let told = public.get(path_of(&link)).await.expect(200).json();
    assert_eq!((told["version"].as_str(), told["type"].as_str()), (Some("1.0"), Some("rich")), "{told:#}");
    assert_eq!(told["title"], "Kran & <Bagger>");
    assert!(told["html"].as_str().unwrap().contains("Kran &amp; &lt;Bagger&gt;"), "{told:#}");
    assert!(told["thumbnail_url"].as_str().unwrap().starts_with(HOUSE));
    let narrow = public.get(&ask(&page, "&maxwidth=300&format=json")).await.expect(200).json();
    assert!(narrow["width"] == 300 && narrow.get("thumbnail_url").is_none(), "{narrow:#}");

    let photo = format!("{HOUSE}/en/photos/{}", asset["slug"].as_str().unwrap_or("kran"));
    let told = public.get(&ask(&photo, "&maxwidth=1300")).await.expect(200).json();
    assert_eq!(told["type"], "photo", "{told:#}");
    assert!(told["width"].as_u64().is_some_and(|width| width <= 1300));
    assert_eq!(told["author_name"], "A. Muster");
    assert_eq!(
        (&told["license"], &told["license_url"]),
        (&json!("Frei bei Nennung"), &json!("https://messe.example/terms"))
    );
    let file = public.get(path_of(told["url"].as_str().unwrap())).await.expect(200);
    let size = images::identify(&file.body);
    assert_eq!((told["width"].as_u64(), told["height"].as_u64()), (Some(size.1.into()), Some(size.2.into())));

    let answer = public.get(&ask(&page, "&format=xml")).await.expect(200);
    assert!(answer.header("content-type").starts_with("text/xml"));
    assert!(answer.text().contains("<title>Kran &amp; &lt;Bagger&gt;</title>"), "{}", answer.text());
    public.get(&ask(&page, "&format=yaml")).await.expect(501);
    for nothing in ["/oembed", "/oembed?url=", "/oembed?format=json"] {
        let answer = public.get(nothing).await.expect(400);
        assert!(answer.text().contains("/oembed?url="), "{nothing}: {}", answer.text());
    }
    let secret = format!("{HOUSE}{}", draft["url"].as_str().unwrap());
    for url in ["https://other.example/releases/a", &secret, &format!("{HOUSE}/releases/none")] {
        public.get(&ask(url, "")).await.expect(404);
        // Who may see more is told no more: the answer is for everybody.
        desk.get(&ask(url, "")).await.expect(404);
    }
}

async fn a_contact_says_when_it_answers(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let portrait = desk.upload_ready("ada.jpg", images::jpeg(800, 1000, 9), json!({ "title": "Ada" })).await;
    let days = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let always =
        json!({ "zone": "Europe/Berlin", "hours": [{ "days": days, "from": "00:00", "until": "00:00" }] });
    let ada = json!({ "name": "Ada Muster", "email": "ada@messe.example", "portrait": id_of(&portrait), "roster": always,
        "phones": [{ "type": "work", "number": "+49 30 1234567" }] });
    let ada = desk.post("/api/v1/contacts", ada).await.expect(201).json();
    assert_eq!(ada["roster"]["hours"][0]["until"], "00:00", "{ada:#}");
    let path = format!("/api/v1/contacts/{}", id_of(&ada));
    let ben = json!({ "name": "Ben Beispiel" });
    desk.post("/api/v1/contacts", ben).await.expect(201);
    let mut release = Client::plain_release("Mit Kontakt");
    release["contacts"] = json!([id_of(&ada)]);
    let release = desk.published(release).await;
    for page in ["/contacts/ada-muster", "/contacts", "/", release["url"].as_str().unwrap()] {
        let text = public.get(page).await.expect(200).text();
        assert!(text.contains("Jetzt erreichbar"), "{page}: {text}");
    }
    let text = public.get("/en/contacts/ada-muster").await.expect(200).text();
    assert!(
        text.contains("Available now")
            && text.contains("Monday–Sunday 00:00\u{2060}–\u{2060}24:00 (Berlin time)"),
        "{text}"
    );
    assert!(text.contains("<svg class=\"qr-code\""), "{text}");

    let away = json!({ "roster": { "absences": [{ "from": "2020-01-01", "until": "2099-12-31", "stand_in": "ben-beispiel" }] } });
    desk.patch(&path, away).await.expect(200);
    let text = public.get("/contacts/ada-muster").await.expect(200).text();
    assert!(!text.contains("Jetzt erreichbar") && text.contains("Abwesend bis 31. Dezember 2099"), "{text}");
    assert!(text.contains("<a href=\"/contacts/ben-beispiel\">Ben Beispiel</a>"), "{text}");
    let wrong = json!({ "roster": { "hours": [{ "days": [], "from": "17:00", "until": "09:00" }] } });
    desk.patch(&path, wrong).await.blames("roster.hours[0].days", "required");

    // Files that a web server gives tell what does not depend on the clock.
    let folder = room.folder().join("site");
    desk.patch(&path, json!({ "roster": { "absences": null, "hours": always["hours"] } })).await.expect(200);
    room.cli_ok(&["site", folder.to_str().unwrap()]);
    let text = std::fs::read_to_string(folder.join("contacts/ada-muster/index.html")).unwrap();
    assert!(!text.contains("Jetzt erreichbar") && text.contains("Montag–Sonntag"), "{text}");
    assert!(folder.join("events.ics").is_file() && folder.join("social/home.png").is_file());

    // A contact shows the portrait to everybody, and so does the card; who has none has none there.
    let card = |text: String| text.replace("\r\n ", "");
    assert!(!card(public.get("/contacts/ben-beispiel.vcf").await.expect(200).text()).contains("PHOTO"));
    let whole = public.get("/contacts/ada-muster.vcf").await.expect(200).text();
    assert!(whole.lines().all(|line| line.len() <= 76));
    let text = card(whole);
    let photo = text.lines().find_map(|line| line.strip_prefix("PHOTO:data:image/jpeg;base64,")).unwrap();
    let jpeg = base64::engine::general_purpose::STANDARD.decode(photo).unwrap();
    let (format, width, height) = images::identify(&jpeg);
    assert!(format == "JPEG" && width >= 160 && height >= 160 && jpeg.len() < 96 * 1024, "{width}x{height}");

    for (title, at) in [("Pressetermin", "2099-01-05T10:00"), ("Rundgang", "2099-01-06T10:00")] {
        let event = json!({ "title": title, "starts_at": { "local": at, "zone": "Europe/Berlin" } });
        let event: Value = desk.post("/api/v1/events", event).await.expect(201).json();
        if title == "Pressetermin" {
            desk.post_empty(&format!("/api/v1/events/{}/publish", id_of(&event))).await.expect(200);
        }
    }
    let calendar = public.get("/events.ics").await.expect(200);
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    assert!(calendar.text().contains("SUMMARY:Pressetermin") && !calendar.text().contains("Rundgang"));
    let page = public.get("/events").await.expect(200).text();
    assert!(page.contains("href=\"webcal://") && page.contains("/events.ics\""), "{page}");
}

async fn a_reader_writes_to_a_contact(room: &Newsroom) {
    let post = MailServer::start().await;
    room.configure("smtp_url", &post.url());
    let server = room.start().await;
    let ada = json!({ "name": "Ada Muster", "email": "ada@messe.example" });
    server.desk().post("/api/v1/contacts", ada).await.expect(201);
    let path = "/contacts/ada-muster/message";
    let link = server.public().get("/contacts/ada-muster").await.expect(200).text();
    assert!(link.contains(&format!("href=\"{path}\"")));
    let mut reader = Browser::new(&server);
    let page = reader.get(path).await.expect(200);
    let mut form = page.form(".message-form");
    put(&mut form, "name", "Rita Reporter");
    put(&mut form, "email", "rita@zeitung.example");
    put(&mut form, "outlet", "Waldbote");
    put(&mut form, "message", "Guten Tag,\r\n\r\nwann öffnet die Messe?");
    // Nobody writes that fast; what was typed is still there.
    let again = reader.post_form(path, &form).await.expect(422);
    assert!(again.text.contains("Das ging sehr schnell") && again.text.contains("wann öffnet die Messe?"));
    let kept = again.form(".message-form");
    assert_eq!(kept.iter().find(|(name, _)| name == "form"), form.iter().find(|(name, _)| name == "form"));
    sleep_ms(3200).await;
    let with = |name: &str, value: &str| {
        let mut other = form.clone();
        put(&mut other, name, value);
        other
    };
    for (wrong, told) in [
        (with("website", "https://spam.example"), "leer bleiben"),
        (with("message", "https://a.example https://b.example"), "ein paar Worte"),
        (with("message", ""), "ist leer"),
        (with("email", "rita"), "prüfen Sie die E-Mail-Adresse"),
        (with("form", "1764400000.0011.00"), "zu lange offen"),
    ] {
        let page = reader.post_form(path, &wrong).await.expect(422);
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    let other = json!({ "name": "Ben Muster" });
    server.desk().post("/api/v1/contacts", other).await.expect(201);
    reader.post_form("/contacts/ben-muster/message", &form).await.expect(422);
    // Sent twice, it is stored once.
    for _ in 0..2 {
        assert_eq!(reader.post_form(path, &form).await.expect(303).location, format!("{path}?sent=1"));
    }
    assert!(reader.get(&format!("{path}?sent=1")).await.expect(200).text.contains("ist angekommen"));
    assert!(reader.cookie.is_none());
    let mail = post.mail(0).await;
    assert_eq!(
        (mail.recipient.as_str(), mail.part("reply-to")),
        ("ada@messe.example", "rita@zeitung.example")
    );
    assert!(
        mail.part("body").contains("wann öffnet die Messe?") && mail.part("subject").contains("Waldbote")
    );

    let mut editor = Browser::signed_in(room, &server, "editor").await;
    assert!(editor.get("/admin").await.expect(200).text.contains("1 ungelesene Nachricht"));
    let list = editor.get("/admin/messages").await.expect(200);
    assert!(
        list.words(".message").contains("Rita Reporter, Waldbote")
            && list.text.contains("wann öffnet die Messe?")
    );
    let read =
        list.text.split("action=\"/admin/messages/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(read.ends_with("/read"), "{read}");
    editor.post(&format!("/admin/messages/{read}"), &[]).await.expect(303);
    assert!(!editor.get("/admin").await.expect(200).text.contains("ungelesene"));
    let delete = read.replace("/read", "/delete");
    editor.post(&format!("/admin/messages/{delete}"), &[]).await.expect(303);
    assert!(editor.get("/admin/messages").await.expect(200).text.contains("Noch hat niemand geschrieben"));
    assert_eq!(post.count(), 1);
}

async fn a_language_without_releases_leads_to_the_others(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let home = public.get("/en/").await.expect(200).text();
    assert!(home.contains("Nothing has been published yet. Please come back soon."), "{home}");
    desk.published(Client::plain_release("Nur auf Deutsch")).await;
    let home = public.get("/en/").await.expect(200).text();
    let link = "<a class=\"button\" href=\"/releases\" hreflang=\"de\" lang=\"de\">Deutsch</a>";
    assert!(home.contains("Releases in other languages:") && home.contains(link), "{home}");
    assert!(!home.contains("come back soon"), "{home}");
    let mut english = Client::plain_release("In English too");
    english["language"] = json!("en");
    desk.published(english).await;
    let home = public.get("/en/").await.expect(200).text();
    assert!(home.contains("In English too") && !home.contains("in other languages"), "{home}");
}

async fn the_default_language_has_no_prefix(room: &Newsroom) {
    let bundle = room.folder().join("bundle");
    std::fs::create_dir(&bundle).unwrap();
    let settings = "default_language = \"de\"\nlanguages = [\"de\", \"en\"]\n\
        [[pages]]\nslug = \"impressum\"\nlanguage = \"de\"\ntitle = \"Impressum\"\nbody = \"Wir\"\n";
    std::fs::write(bundle.join("newsroom.toml"), settings).unwrap();
    room.cli_ok(&["import", bundle.to_str().unwrap()]);
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let words = json!({ "title": "Kran", "persons": ["Ada Muster"] });
    let photo = desk.upload_ready("kran.jpg", images::jpeg(900, 600, 1), words).await;
    let ends = json!({ "title": "Endet bald", "rights_until": "2099-01-01T00:00:00Z" });
    let ending = desk.upload_ready("bald.jpg", images::jpeg(900, 600, 2), ends).await;
    let photos = json!([id_of(&photo), id_of(&ending)]);
    desk.post("/api/v1/topics", json!({ "slug": "bau", "name": { "de": "Bau" } })).await.expect(201);
    let mut release = Client::plain_release("Unter zwei Adressen");
    (release["assets"], release["topics"]) = (photos.clone(), json!(["bau"]));
    let release = desk.published(release).await;
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let album = json!({ "title": { "de": "Sammlung" }, "assets": photos, "state": "published" });
    desk.post("/api/v1/albums", album).await.expect(201);
    let event = json!({ "title": { "de": "Rundgang" }, "state": "published",
        "starts_at": { "local": "2031-03-09T10:00", "zone": "Europe/Berlin" } });
    desk.post("/api/v1/events", event).await.expect(201);
    let contact = json!({ "name": "Ada Muster", "email": "ada@messe.example" });
    desk.post("/api/v1/contacts", contact).await.expect(201);
    let url = release["url"].as_str().unwrap();
    let selection = format!("/selection.zip?photos={}", id_of(&photo));
    let here = [
        "/",
        url,
        &format!("{url}.txt"),
        "/search?q=messe",
        "/releases?topic=bau",
        "/photos",
        "/photos?person=Ada+Muster",
        "/photos.zip?person=Ada+Muster",
        "/photos/kran",
        "/photos/endet-bald",
        "/albums/sammlung",
        "/albums/sammlung.zip",
        "/albums/sammlung.zip?size=web",
        "/events",
        "/events/rundgang.ics",
        "/contacts",
        "/contacts/ada-muster",
        "/contacts/ada-muster.vcf",
        "/contacts/ada-muster/message",
        "/pages/impressum",
        "/feed.atom",
        &selection,
    ];
    eventually(5.0, "the photo is found by its person", async || {
        (public.get("/photos.zip?person=Ada+Muster").await.status == 200).then_some(())
    })
    .await;
    for without in here {
        let moved = public.get(&format!("/de{without}")).await;
        assert_eq!((moved.status, moved.header("location")), (301, without));
        public.get(without).await.expect(200);
    }
    assert_eq!(public.get("/de").await.expect(301).header("location"), "/");
    // An event has its place on the page of events.
    let moved = public.get("/de/events/rundgang").await.expect(301);
    assert_eq!(moved.header("location"), "/events/rundgang");
    let moved = public.get("/de/photos/endet-bald").await.expect(301);
    assert!(moved.header("cache-control").contains("must-revalidate"), "{}", moved.header("cache-control"));

    // What no page is called is not there under either name, and what is closed is told under neither.
    for nowhere in ["/dea", "/de/gibt/es/nicht", "/de/photos/nichts", "/de/albums/nichts", "/de/pages/nichts"]
    {
        public.get(nowhere).await.expect(404);
    }
    let closed = desk.upload_ready("zu.jpg", images::jpeg(900, 600, 3), json!({ "title": "Zu" })).await;
    let album = json!({ "title": { "de": "Entwurf" }, "assets": [id_of(&closed)] });
    desk.post("/api/v1/albums", album).await.expect(201);
    let event = json!({ "title": { "de": "Geplant" },
        "starts_at": { "local": "2031-03-09T10:00", "zone": "Europe/Berlin" } });
    desk.post("/api/v1/events", event).await.expect(201);
    desk.post("/api/v1/releases", Client::plain_release("Noch nicht")).await.expect(201);
    let hidden =
        ["/photos/zu", "/albums/entwurf", "/albums/entwurf.zip", "/events/geplant", "/events/geplant.ics"];
    for path in hidden.into_iter().chain(["/releases/noch-nicht", "/releases/noch-nicht.txt"]) {
        public.get(path).await.expect(404);
        public.get(&format!("/de{path}")).await.expect(404);
    }
    let ended = format!("/api/v1/assets/{}", id_of(&ending));
    desk.patch(&ended, json!({ "rights_until": "2020-01-01T00:00:00Z" })).await.expect(200);
    public.get("/de/photos/endet-bald").await.expect(404);
    desk.post(&format!("{path}/withdraw"), json!({ "reason": "Irrtum" })).await.expect(200);
    public.get(&format!("/de{url}")).await.expect(404);
}

async fn a_contact_is_found_in_the_readers_language(room: &Newsroom) {
    let server = room.start().await;
    let role = json!({ "de": "Sprecherin für Bahnen", "en": "Spokesperson for railways" });
    let ada = json!({ "name": "Ada Muster", "role": role, "organisation": "Messe Föhrwald" });
    server.desk().post("/api/v1/contacts", ada).await.expect(201);
    for (path, snippet) in [
        ("/search?q=Muster", "Sprecherin für Bahnen, Messe Föhrwald"),
        ("/en/search?q=Muster", "Spokesperson for railways, Messe Föhrwald"),
        ("/en/search?q=railways", "Spokesperson for <mark>railways</mark>, Messe Föhrwald"),
    ] {
        let shown = eventually(4.0, "the contact is found", async || {
            let page = server.public().get(path).await.expect(200).text();
            let rest = page.split("<p class=\"snippet\"").nth(1)?;
            Some(rest.split_once('>')?.1.split_once("</p>")?.0.to_owned())
        })
        .await;
        assert_eq!(shown, snippet, "{path}");
    }
}
