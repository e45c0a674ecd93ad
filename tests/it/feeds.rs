//! What other programs read: feeds, sitemaps, cards and calendars, judged by other people's readers.

use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, Server, eventually, id_of, images, run_ok, temp_dir, test_variable};

on_both_engines!(
    feeds_are_read_by_feedparser,
    sitemaps_name_what_is_open,
    the_identity_is_set_in_one_file,
    cards_and_calendars,
    ninjs_of_a_release
);

/// What a few lines of Python, or a file of them, print about a document that lies where their argument says.
fn python(script: &str, document: &[u8], folder: &std::path::Path) -> String {
    let file = folder.join("document");
    std::fs::write(&file, document).unwrap();
    let python = format!("{}/python/bin/python", test_variable("PRESSROOM_TEST_TOOLS"));
    let file = file.to_str().unwrap();
    if script.ends_with(".py") {
        return run_ok(&python, &[script, file]);
    }
    run_ok(&python, &["-c", script, file])
}

/// What feedparser makes of a document.
fn feedparser(document: &[u8], folder: &std::path::Path) -> Value {
    let script = "import feedparser, json, sys\n\
        f = feedparser.parse(open(sys.argv[1], 'rb').read())\n\
        print(json.dumps({'bozo': bool(f.bozo), 'why': str(f.get('bozo_exception', '')), 'version': f.version,\n\
        'title': f.feed.get('title', ''), 'entries': [{'id': e.get('id', ''), 'title': e.get('title', ''),\n\
        'link': e.get('link', ''), 'published': e.get('published', e.get('updated', '')),\n\
        'summary': e.get('summary', '')} for e in f.entries]}))";
    serde_json::from_str(&python(script, document, folder)).unwrap()
}

async fn two_releases(server: &Server) -> (Value, Value) {
    let desk = server.desk();
    let asset = desk.upload_ready("bild.jpg", images::jpeg(900, 600, 31), json!({ "title": "Bild" })).await;
    let topic = json!({ "slug": "verkehr", "name": { "de": "Verkehr", "en": "Transport" } });
    desk.post("/api/v1/topics", topic).await.expect(201);
    let mut with = Client::plain_release("Erste & <wichtige> Meldung");
    with["topics"] = json!(["verkehr"]);
    with["assets"] = json!([id_of(&asset)]);
    let first = desk.published(with).await;
    (first, desk.published(Client::plain_release("Zweite Meldung")).await)
}

async fn feeds_are_read_by_feedparser(room: &Newsroom) {
    let server = room.start().await;
    let (first, second) = two_releases(&server).await;
    let public = server.public();
    // The index follows within a second (asserted by the tests of the search); feeds of searches are read after it.
    eventually(3.0, "both are found", async || {
        (public.found("Meldung").await.get("release").map_or(0, Vec::len) == 2).then_some(())
    })
    .await;
    for (path, version, kind) in [
        ("/feed.atom", "atom10", "application/atom+xml"),
        ("/feed.rss", "rss20", "application/rss+xml"),
        ("/search.atom?q=Meldung", "atom10", "application/atom+xml"),
        ("/search.rss?q=Meldung", "rss20", "application/rss+xml"),
    ] {
        let answer = public.get(path).await.expect(200);
        assert!(answer.header("content-type").starts_with(kind), "{path}: {}", answer.header("content-type"));
        let feed = feedparser(&answer.body, room.folder());
        assert_eq!(feed["bozo"], false, "{path}: {feed:#}");
        assert_eq!(feed["version"], version, "{path}");
        let entries = feed["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 2, "{path}: {feed:#}");
        for (release, title) in [(&second, "Zweite Meldung"), (&first, "Erste & <wichtige> Meldung")] {
            let entry = entries
                .iter()
                .find(|each| each["link"].as_str().unwrap().ends_with(release["url"].as_str().unwrap()))
                .unwrap_or_else(|| panic!("{path} has no {title}: {feed:#}"));
            let plain = entry["title"]
                .as_str()
                .unwrap()
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
            assert_eq!(plain, title, "{path}");
            assert!(entry["link"].as_str().unwrap().starts_with("http"), "{path}: {entry:#}");
            assert!(
                !entry["id"].as_str().unwrap().is_empty() && !entry["published"].as_str().unwrap().is_empty()
            );
        }
    }
    let feed = public.get("/feed.json").await.expect(200);
    assert!(
        feed.header("content-type").starts_with("application/feed+json"),
        "{}",
        feed.header("content-type")
    );
    let feed = feed.json();
    assert!(feed["version"].as_str().unwrap().starts_with("https://jsonfeed.org/version/1"), "{feed:#}");
    assert_eq!(feed["items"].as_array().unwrap().len(), 2);

    // A feed's identity does not change when it is asked for again or the server restarts.
    let before = public.get("/feed.atom").await.body;
    drop(server);
    let server = room.start().await;
    let ids = |document: &[u8]| {
        feedparser(document, room.folder())["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&before), ids(&server.public().get("/feed.atom").await.body));
}

async fn sitemaps_name_what_is_open(room: &Newsroom) {
    let server = room.start().await;
    let (first, _) = two_releases(&server).await;
    let draft =
        server.desk().post("/api/v1/releases", Client::plain_release("Entwurf")).await.expect(201).json();
    for path in ["/sitemap.xml", "/news-sitemap.xml"] {
        let answer = server.public().get(path).await.expect(200);
        assert!(answer.header("content-type").contains("xml"), "{path}");
        // Ultimate Sitemap Parser leaves out what it cannot read.
        let script = "import sys\nfrom usp.tree import sitemap_from_str\n\
            for p in sitemap_from_str(open(sys.argv[1]).read()).all_pages():\n\
            \tprint(p.url)\n\
            \tif n := p.news_story: print('http news:', n.title, n.publication_name, n.publication_language, n.publish_date)";
        let places = python(script, &answer.body, room.folder());
        if path.starts_with("/news") {
            assert!(places.contains("news: Erste & <wichtige> Meldung "), "{places}");
        }
        assert!(
            places.lines().any(|place| place.ends_with(first["url"].as_str().unwrap())),
            "{path}: {places}"
        );
        assert!(!places.contains(draft["url"].as_str().unwrap()), "{path} names a draft");
        for place in places.lines() {
            assert!(place.starts_with("http"), "{path}: {place}");
        }
    }
    let robots = server.public().get("/robots.txt").await.expect(200).text();
    assert!(robots.contains("/sitemap.xml") && !robots.contains("GPTBot"), "{robots}");
}

async fn the_identity_is_set_in_one_file(room: &Newsroom) {
    let server = room.start().await;
    let (first, _) = two_releases(&server).await;
    let public = server.public();
    let hidden = images::jpeg(300, 100, 8);
    let hidden = server.desk().upload_ready("geheim.jpg", hidden, json!({ "title": "Geheimes Logo" })).await;
    public.get("/.well-known/tdmrep.json").await.expect(404);
    let bundle = temp_dir();
    let set = |logo: &str| {
        let sheet = format!(
            "logo = \"{logo}\"\nreserve_mining = true\n[style]\nheadlines = \"sans\"\ncorners = \"round\"\n"
        );
        std::fs::write(bundle.path().join("newsroom.toml"), sheet).unwrap();
        room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
    };
    let shown = first["assets"][0].as_str().or(first["assets"][0]["id"].as_str()).unwrap();
    let shown = server.desk().get(&format!("/api/v1/assets/{shown}")).await.expect(200).json();
    set(shown["slug"].as_str().unwrap());
    let home = eventually(10.0, "the logo to stand in the head", async || {
        let home = public.get("/").await.expect(200).text();
        home.contains("class=\"brand-logo").then_some(home)
    })
    .await;
    let logo = home.split("class=\"brand-logo").nth(1).unwrap().split("src=\"").nth(1).unwrap();
    let logo = public.get(logo.split('"').next().unwrap()).await.expect(200);
    assert_eq!(logo.header("content-type"), "image/webp");
    assert!(home.contains("<meta name=\"tdm-reservation\" content=\"1\">"));
    // Typefaces, room and corners too; the address of the style sheet changes with them.
    let sheet = home.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let css = public.get(sheet).await.expect(200);
    assert!(css.header("cache-control").contains("immutable"), "{sheet}");
    assert!(css.text().ends_with(":root{--display:var(--sans);--radius:12px}\n"), "{sheet}");
    let wrong = "[style]\ncorners = \"spitz\"\n";
    std::fs::write(bundle.path().join("newsroom.toml"), wrong).unwrap();
    let refused = room.cli(&["import", bundle.path().to_str().unwrap()]);
    assert!(refused.code != 0 && refused.stdout.contains("spitz"), "{}{}", refused.stdout, refused.stderr);
    let rules = public.get("/.well-known/tdmrep.json").await.expect(200).json();
    assert_eq!(rules, json!([{ "location": "/", "tdm-reservation": 1 }]));
    // Judged by Python's reader: who trains is kept out, who searches is not.
    let robots = public.get("/robots.txt").await.expect(200).text();
    let script = "import sys, urllib.robotparser as r\n\
        p = r.RobotFileParser(); p.parse(open(sys.argv[1]).read().splitlines())\n\
        print(*[p.can_fetch(bot, '/releases') for bot in ('GPTBot', 'Googlebot')], p.can_fetch('Googlebot', '/admin/'))";
    assert_eq!(python(script, robots.as_bytes(), room.folder()).trim(), "False True False");

    // What the public may not see is no logo.
    set(hidden["slug"].as_str().unwrap());
    eventually(10.0, "the letter to come back", async || {
        let home = public.get("/").await.expect(200).text();
        (!home.contains("class=\"brand-logo") && home.contains("class=\"brand-mark\"")).then_some(())
    })
    .await;
}

async fn cards_and_calendars(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let contact = json!({ "name": "Dr. Emilie Weiß", "role": "Sprecherin; Umwelt, Verkehr", "organisation": "Messe, GmbH",
        "phones": [{ "type": "mobile", "number": "+49 170 1" }], "email": "e@messe.example" });
    let contact = desk.post("/api/v1/contacts", contact).await.expect(201).json();
    assert_eq!(contact["slug"], "dr-emilie-weiss");
    // A contact is public by itself, or once a release shows it; both are fine here.
    let mut release = Client::plain_release("Mit Kontakt");
    release["contacts"] = json!([id_of(&contact)]);
    desk.published(release).await;
    let card = server.public().get("/contacts/dr-emilie-weiss.vcf").await.expect(200);
    assert!(card.header("content-type").starts_with("text/vcard"), "{}", card.header("content-type"));
    let card = card.text();
    for line in ["BEGIN:VCARD\r\n", "\r\nVERSION:", "FN:Dr. Emilie Weiß\r\n", "Messe\\, GmbH", "END:VCARD"] {
        assert!(card.contains(line), "The card lacks {line:?}:\n{card}");
    }
    assert!(card.lines().all(|line| line.len() <= 76), "lines are folded:\n{card}");
    let script = "import sys, vobject\n\
        c = vobject.readOne(open(sys.argv[1], newline='').read())\n\
        print(c.fn.value, c.title.value, c.org.value[0], c.tel.value, c.email.value, sep='|')";
    assert_eq!(
        python(script, card.as_bytes(), room.folder()).trim(),
        "Dr. Emilie Weiß|Sprecherin; Umwelt, Verkehr|Messe, GmbH|tel:+491701|e@messe.example"
    );

    let event = json!({ "title": { "de": "Pressekonferenz, Halle 1" }, "venue": "Halle 1; Föhrwald",
        "starts_at": { "local": "2031-07-09T10:00", "zone": "Europe/Berlin" },
        "ends_at": { "local": "2031-07-09T11:30", "zone": "Europe/Berlin" }, "state": "published" });
    let event = desk.post("/api/v1/events", event).await.expect(201).json();
    let path = format!("/events/{}.ics", event["slug"].as_str().unwrap());
    let calendar = server.public().get(&path).await.expect(200);
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    let calendar = calendar.text();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n"), "{calendar}");
    let ten = calendar.contains("DTSTART:20310709T080000Z")
        || calendar.contains("DTSTART;TZID=Europe/Berlin:20310709T100000");
    assert!(ten, "ten o'clock in Berlin's summer:\n{calendar}");
    assert!(calendar.contains("SUMMARY:Pressekonferenz\\, Halle 1"), "{calendar}");
    assert!(calendar.contains("UID:"), "{calendar}");
    let script = "import sys, icalendar\n\
        c = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())\n\
        for e in c.walk('VEVENT'): print(e['SUMMARY'], e['LOCATION'], e['DTSTART'].dt.isoformat(), e['DTEND'].dt.isoformat(), sep='|')\n\
        print(sum((e.errors for e in c.walk()), []))";
    assert_eq!(
        python(script, calendar.as_bytes(), room.folder()).trim(),
        "Pressekonferenz, Halle 1|Halle 1; Föhrwald|2031-07-09T10:00:00+02:00|2031-07-09T11:30:00+02:00\n[]"
    );
}

async fn ninjs_of_a_release(room: &Newsroom) {
    let server = room.start().await;
    let (first, _) = two_releases(&server).await;
    let path = format!("{}.json", first["url"].as_str().unwrap());
    let answer = server.public().get(&path).await.expect(200);
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/readers/ninjs.py");
    assert_eq!(python(rules, &answer.body, room.folder()), "", "{}", answer.text());
    let ninjs = answer.json();
    let text = ninjs.to_string();
    assert_eq!(ninjs["type"], "text", "{ninjs:#}");
    assert!(ninjs["language"] == "de", "{ninjs:#}");
    let uri = ninjs["uri"].as_str().unwrap();
    assert!(uri.starts_with("http") || uri.starts_with("tag:"), "{ninjs:#}");
    assert!(text.contains("Erste & <wichtige> Meldung"), "{ninjs:#}");
    assert!(text.contains("original") || text.contains("renditions"), "its photo is associated: {ninjs:#}");
}
