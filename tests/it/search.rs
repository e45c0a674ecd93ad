//! What journalists type into the search field.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{
    Client, Newsroom, eventually, id_of, images, percent, public_url_of_photo, sleep_ms, unhurried,
};

on_both_engines!(
    words_parts_and_umlauts_find_it,
    what_is_written_first_is_found,
    the_index_can_be_rebuilt,
    every_kind_is_found_and_facets_count,
    changes_are_followed,
    pages_follow_each_other_by_cursor,
    what_is_typed_is_completed,
    an_admin_learns_why,
    a_running_server_rebuilds_beside,
    a_killed_or_damaged_index_gives_the_same_answers,
    an_index_of_a_later_state_is_built_anew,
);

on_both_engines!(Alone: a_publication_is_found_within_a_second);

async fn releases(client: &Client, query: &str) -> Vec<String> {
    client.found(query).await.remove("release").unwrap_or_default()
}

async fn words_parts_and_umlauts_find_it(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut release = Client::plain_release("Größte Fachmesse für Wärmepumpen öffnet");
    release["body"] = json!("Die Häuser der Zukunft heizen leise. <b>Kein</b> Öl, 4.500 Aussteller.");
    desk.published(release).await;
    let mut english = Client::plain_release("The largest fair for heat pumps opens");
    english["language"] = json!("en");
    english["body"] = json!("Houses are running on heat pumps.");
    desk.published(english).await;
    let german = [
        "Fachmesse",
        "messe",
        "groesste",
        "größte",
        "GRÖSSTE",
        "wärmepumpe",
        "warmepumpe",
        "haus",
        "öl",
        "4.500",
        "4500",
        "\"Fachmesse für Wärmepumpen\"",
        "fachmese",
    ];
    let public = server.public();
    eventually(3.0, "it is in the index", async || {
        let both =
            !releases(&public, "Fachmesse").await.is_empty() && !releases(&public, "fair").await.is_empty();
        both.then_some(())
    })
    .await;
    for query in german {
        let found = releases(&public, query).await;
        assert!(found.iter().any(|title| title.contains("Fachmesse")), "{query:?} finds {found:?}");
    }
    for query in ["house", "run", "pump", "largest fair"] {
        let found = releases(&public, query).await;
        assert!(found.iter().any(|title| title.contains("heat pumps")), "{query:?} finds {found:?}");
    }
    assert!(releases(&public, "Dampflokomotive").await.is_empty());
    // Whatever is typed, there is an answer.
    for query in [
        "",
        " ",
        "\"",
        "(((",
        "a AND",
        "NOT",
        "title:",
        "*",
        "?",
        "~~",
        "+-",
        "\\",
        "👩‍🚀",
        "\u{0}",
        "' OR 1=1",
    ] {
        for path in ["/search", "/api/v1/search", "/search.json", "/search.atom"] {
            let status = public.get(&format!("{path}?q={}", percent(query))).await.status;
            assert!(matches!(status, 200 | 400 | 422), "{path} {query:?}: {status}");
        }
    }
    let long = "wort ".repeat(2000);
    let status = public.get(&format!("/search?q={}", percent(&long))).await.status;
    assert!(status < 500, "{status}");

    let answer = public.get("/api/v1/search?q=Fachmesse").await.expect(200).json();
    let hit = &answer["hits"][0];
    for field in ["kind", "id", "title", "url", "snippet", "date", "score"] {
        assert!(!hit[field].is_null(), "a hit has no {field}: {hit:#}");
    }
    let page = public.get("/search?q=Aussteller").await.expect(200).text();
    assert!(page.contains("<mark>Aussteller</mark>"), "the snippet shows why");
    assert!(!page.contains("<b>Kein</b>"), "a snippet is text, not markup");
    let filtered = public.get("/api/v1/search?q=heat&lang=de").await.expect(200).json();
    assert_eq!(filtered["total"], 0);
}

async fn every_kind_is_found_and_facets_count(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    desk.post("/api/v1/topics", json!({ "slug": "vogelkunde", "name": { "de": "Vogelkunde" } }))
        .await
        .expect(201);
    let asset =
        desk.upload_ready("k.jpg", images::jpeg(700, 500, 95), json!({ "title": "Kranich im Moor" })).await;
    let contact = desk.post("/api/v1/contacts", json!({ "name": "Karla Kranich" })).await.expect(201).json();
    let mut release = Client::plain_release("Kranich kehrt zurück");
    release["assets"] = json!([id_of(&asset)]);
    release["contacts"] = json!([id_of(&contact)]);
    release["topics"] = json!(["vogelkunde"]);
    desk.published(release).await;
    let album =
        json!({ "title": { "de": "Kranichbilder" }, "assets": [id_of(&asset)], "state": "published" });
    desk.post("/api/v1/albums", album).await.expect(201);
    let event = json!({ "title": { "de": "Kranichtag" }, "state": "published",
        "starts_at": { "local": "2031-03-09T10:00", "zone": "Europe/Berlin" } });
    desk.post("/api/v1/events", event).await.expect(201);
    let public = server.public();
    eventually(4.0, "every kind is found", async || {
        let found = public.found("kranich").await;
        ["release", "photo", "contact", "album", "event"]
            .iter()
            .all(|kind| found.contains_key(*kind))
            .then_some(())
    })
    .await;
    for kind in ["release", "photo", "contact", "album", "event"] {
        let answer = public.get(&format!("/api/v1/search?q=kranich&kind={kind}")).await.expect(200).json();
        assert_eq!(answer["total"], 1, "{kind}: {answer:#}");
        let url = answer["hits"][0]["url"].as_str().unwrap();
        public.get(url).await.expect(200);
    }
    let answer = public.get("/api/v1/search?q=kranich").await.expect(200).json();
    assert!(answer["facets"].to_string().contains("release"), "{answer:#}");
    assert!(answer["facets"].to_string().contains("vogelkunde"), "{answer:#}");
    let topical =
        public.get("/api/v1/search?q=kranich&topic=vogelkunde&kind=release").await.expect(200).json();
    assert_eq!(topical["total"], 1);
    let that_day = public.get("/api/v1/search?q=9.%20M%C3%A4rz%202031").await.expect(200).json();
    assert_eq!(that_day["hits"][0]["kind"], "event", "{that_day:#}");
    let early = public.get("/api/v1/search?q=kranich&kind=release&to=2001-01-01").await.expect(200).json();
    assert_eq!(early["total"], 0);
    assert_eq!(public.get(&public_url_of_photo(&asset)).await.status, 200);
}

async fn changes_are_followed(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release = desk.published(Client::plain_release("Seeadler gesichtet")).await;
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let public = server.public();
    eventually(3.0, "found", async || (releases(&public, "Seeadler").await.len() == 1).then_some(())).await;
    desk.patch(&path, json!({ "headline": "Steinkauz gesichtet" })).await.expect(200);
    eventually(3.0, "the new words are found", async || {
        (releases(&public, "Steinkauz").await.len() == 1).then_some(())
    })
    .await;
    assert!(releases(&public, "Seeadler").await.is_empty(), "the old words are gone");
    desk.post(&format!("{path}/withdraw"), json!({ "reason": "Verwechslung" })).await.expect(200);
    eventually(3.0, "no longer found", async || {
        releases(&public, "Steinkauz").await.is_empty().then_some(())
    })
    .await;
}

/// The log of an empty newsroom ends before its first entry.
async fn what_is_written_first_is_found(room: &Newsroom) {
    let server = room.start().await;
    sleep_ms(600).await;
    server.desk().post("/api/v1/contacts", json!({ "name": "Ada Erstling" })).await.expect(201);
    let public = server.public();
    eventually(3.0, "the contact is found", async || {
        public.found("Erstling").await.contains_key("contact").then_some(())
    })
    .await;
}

async fn the_index_can_be_rebuilt(room: &Newsroom) {
    let server = room.start().await;
    server.desk().published(Client::plain_release("Wiederaufbau gelungen")).await;
    eventually(3.0, "found", async || {
        (!releases(&server.public(), "Wiederaufbau").await.is_empty()).then_some(())
    })
    .await;
    assert!(server.stop().await.success());
    room.cli_ok(&["index", "rebuild"]);
    let server = room.start().await;
    eventually(3.0, "found again", async || {
        (!releases(&server.public(), "Wiederaufbau").await.is_empty()).then_some(())
    })
    .await;
}

async fn a_publication_is_found_within_a_second(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    desk.published(Client::plain_release("Vorlauf")).await;
    let mut slowest = Duration::ZERO;
    for name in ["Uhu", "Kauz", "Eule", "Falke", "Habicht"] {
        let release =
            desk.post("/api/v1/releases", Client::plain_release(&format!("{name} brütet"))).await.expect(201);
        let publish = format!("/api/v1/releases/{}/publish", id_of(&release.json()));
        desk.post_empty(&publish).await.expect(200);
        let began = Instant::now();
        eventually(5.0, "found", async || (!releases(&public, name).await.is_empty()).then_some(())).await;
        slowest = slowest.max(began.elapsed());
    }
    let limit = Duration::from_secs(unhurried(1) as u64);
    assert!(slowest < limit, "the slowest took {slowest:?}");
}

async fn many(desk: &Client, count: usize) {
    for number in 0..count {
        desk.published(Client::plain_release(&format!("Laubfrosch Bericht {number}"))).await;
    }
}

async fn all_found(public: &Client, query: &str, count: usize) {
    eventually(5.0, "all are found", async || {
        let answer = public.get(&format!("/api/v1/search?q={query}")).await.expect(200).json();
        (answer["total"] == count).then_some(())
    })
    .await;
}

async fn pages_follow_each_other_by_cursor(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    many(&desk, 45).await;
    all_found(&public, "laubfrosch", 45).await;
    for sort in ["", "date"] {
        let mut seen = Vec::new();
        let mut page = String::new();
        for number in 0..4 {
            let path = format!("/api/v1/search?q=laubfrosch&sort={sort}&page={page}");
            let answer = public.get(&path).await.expect(200).json();
            seen.extend(answer["hits"].as_array().unwrap().iter().map(|hit| id_of(hit).to_owned()));
            if number == 0 && sort.is_empty() {
                // What comes in between moves nothing.
                desk.published(Client::plain_release("Laubfrosch Laubfrosch Laubfrosch")).await;
                all_found(&public, "laubfrosch", 46).await;
            }
            match answer["next"].as_str() {
                Some(next) => page = next.to_owned(),
                None => break,
            }
        }
        let distinct: std::collections::BTreeSet<&String> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "no hit comes twice");
        assert!(seen.len() >= 45, "{sort}: {}", seen.len());
    }
    public.get("/api/v1/search?q=laubfrosch&page=cAAAA").await.expect(404);
    public.get("/api/v1/search?q=laubfrosch&sort=size").await.problem(400, "invalid_search");
}

async fn what_is_typed_is_completed(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    desk.published(Client::plain_release("Wasseramsel zurück am Bach")).await;
    let mut secret = Client::plain_release("Wassernixe kauft Werft");
    secret["embargo_until"] = json!("2999-01-01T00:00:00Z");
    desk.post("/api/v1/releases", secret).await.expect(201);
    all_found(&public, "wasseramsel", 1).await;
    let offered = public.get("/api/v1/suggest?q=wasser").await.expect(200).json();
    assert_eq!(offered["words"], json!(["Wasseramsel"]));
    assert_eq!(offered["headlines"][0]["title"], "Wasseramsel zurück am Bach");
    public.get(offered["headlines"][0]["url"].as_str().unwrap()).await.expect(200);
    assert!(!offered.to_string().contains("nixe"), "{offered}");
}

async fn an_admin_learns_why(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    desk.published(Client::plain_release("Eisvogel am Wehr")).await;
    all_found(&public, "eisvogel", 1).await;
    public.get("/api/v1/search?q=eisvogel&explain=1").await.problem(401, "unauthorized");
    let author = desk.with_token(&room.token_for("author"));
    author.get("/api/v1/search?q=eisvogel&explain=1").await.problem(403, "forbidden");
    let admin = desk.with_token(&room.token_for("admin"));
    let answer = admin.get("/api/v1/search?q=eisvogel&explain=1").await.expect(200).json();
    let why = &answer["hits"][0]["why"];
    assert!(why["words"].as_f64().unwrap() > 0.0 && why["recency"].as_f64().unwrap() > 1.0, "{why}");
    assert_eq!(why["stage"], 0);
}

async fn a_running_server_rebuilds_beside(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    many(&desk, 5).await;
    all_found(&public, "laubfrosch", 5).await;
    let said = room.cli_ok(&["index", "rebuild"]);
    assert!(said.contains("5 documents are indexed"), "{said}");
    all_found(&public, "laubfrosch", 5).await;
    desk.published(Client::plain_release("Laubfrosch danach")).await;
    all_found(&public, "laubfrosch", 6).await;
    assert!(server.stop().await.success());
    let server = room.start().await;
    all_found(&server.public(), "laubfrosch", 6).await;
}

async fn a_killed_or_damaged_index_gives_the_same_answers(room: &Newsroom) {
    let mut server = room.start().await;
    many(&server.desk(), 12).await;
    // In the middle of following the log.
    server.kill_9();
    let mut server = room.start().await;
    all_found(&server.public(), "laubfrosch", 12).await;
    let answer = async |server: &crate::harness::Server| {
        let answer = server.public().get("/api/v1/search?q=laubfrosch+bericht").await.expect(200).json();
        let hits = answer["hits"].as_array().unwrap().iter();
        hits.map(|hit| (id_of(hit).to_owned(), hit["title"].to_string())).collect::<Vec<_>>()
    };
    let before = answer(&server).await;
    server.kill_9();
    let store = std::fs::read_dir(room.data().join("search"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "store"))
        .unwrap();
    let bytes = std::fs::read(&store).unwrap();
    std::fs::write(&store, &bytes[..bytes.len() / 2]).unwrap();
    let server = room.start().await;
    all_found(&server.public(), "laubfrosch", 12).await;
    assert_eq!(answer(&server).await, before);
}

async fn an_index_of_a_later_state_is_built_anew(room: &Newsroom) {
    let server = room.start().await;
    let backup = room.folder().join("backup");
    many(&server.desk(), 2).await;
    room.cli_ok(&["backup", backup.to_str().unwrap()]);
    many(&server.desk(), 4).await;
    all_found(&server.public(), "laubfrosch", 6).await;
    assert!(server.stop().await.success());
    // Yesterday's database, and the data folder of today.
    let other = Newsroom::bare(room.engine).await;
    other.cli_ok(&["restore", backup.to_str().unwrap()]);
    std::fs::create_dir_all(other.data().join("search")).unwrap();
    for name in ["search", "search.clock"] {
        let (from, to) = (room.data().join(name), other.data().join(name));
        if from.is_file() {
            std::fs::copy(&from, &to).unwrap();
            continue;
        }
        for file in std::fs::read_dir(from).unwrap().map(|file| file.unwrap()) {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    let copy = other.start().await;
    copy.public().with_token(room.token()).published(Client::plain_release("Laubfrosch danach")).await;
    all_found(&copy.public(), "laubfrosch", 3).await;
}
