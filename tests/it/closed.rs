//! What is closed is not told by what is open: records that name it, texts that show its photos, the search index, and
//! the places that it takes in lists.

use serde_json::{Value, json};

use crate::harness::{
    Client, Newsroom, eventually, id_of, images, now, percent, public_url_of_photo, sleep_ms, soon, unzip_all,
};

on_both_engines!(
    the_api_names_only_what_is_open,
    absences_to_come_are_not_told,
    a_closed_photo_stands_in_no_form_of_a_text,
    hidden_releases_take_no_open_ones_place,
    the_index_follows_what_a_release_tells_of_others,
    the_index_follows_the_clock_both_ways,
);

pub const LONG_AGO: &str = "2020-01-01T00:00:00Z";

/// Under an embargo that does not end.
pub async fn embargoed(desk: &Client, release: Value) -> Value {
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let embargo = json!({ "embargo_until": "2099-01-01T00:00:00Z" });
    desk.post(&format!("/api/v1/releases/{}/publish", id_of(&release)), embargo).await.expect(200);
    release
}

pub async fn photo(desk: &Client, seed: u32, words: Value) -> Value {
    desk.upload_ready(&format!("{seed}.jpg"), images::jpeg(900, 600, seed), words).await
}

pub fn with(headline: &str, more: &Value) -> Value {
    let mut release = Client::plain_release(headline);
    for (name, value) in more.as_object().unwrap() {
        release[name] = value.clone();
    }
    release
}

async fn the_api_names_only_what_is_open(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let open_photo = photo(&desk, 1, json!({ "title": "Offen" })).await;
    let ended = photo(&desk, 2, json!({ "title": "Abgelaufen", "rights_until": LONG_AGO })).await;
    let (open_photo, ended) = (id_of(&open_photo), id_of(&ended));
    let secret = embargoed(&desk, Client::plain_release("Geheim")).await;
    let draft = desk.post("/api/v1/releases", Client::plain_release("Entwurf")).await.expect(201).json();
    let other = desk.published(Client::plain_release("Offen")).await;
    let (secret_id, draft_id, other_id) = (id_of(&secret), id_of(&draft), id_of(&other));
    let more = json!({ "language": "en", "related": [secret_id, other_id, draft_id],
        "translation_of": secret_id, "assets": [open_photo, ended] });
    let release = desk.published(with("Told", &more)).await;
    let event = json!({ "title": { "de": "Termin" }, "state": "published", "releases": [other_id, secret_id],
        "starts_at": { "local": "2031-03-09T10:00", "zone": "Europe/Berlin" } });
    let event = desk.post("/api/v1/events", event).await.expect(201).json();
    let album = json!({ "title": { "de": "Bilder" }, "state": "published", "assets": [ended, open_photo] });
    let album = desk.post("/api/v1/albums", album).await.expect(201).json();
    let contact = json!({ "name": "Ada Muster", "portrait": ended });
    let contact = desk.post("/api/v1/contacts", contact).await.expect(201).json();

    let paths =
        |kind: &str, record: &Value| [format!("/api/v1/{kind}/{}", id_of(record)), format!("/api/v1/{kind}")];
    let told = [
        (paths("releases", &release), &[other_id, open_photo][..], &[secret_id, draft_id, ended][..]),
        (paths("events", &event), &[other_id], &[secret_id]),
        (paths("albums", &album), &[open_photo], &[ended]),
        (paths("contacts", &contact), &[], &[ended]),
    ];
    for (paths, open, closed) in &told {
        for path in paths {
            let text = public.get(path).await.expect(200).text();
            for id in *open {
                assert!(text.contains(id), "{path} does not name {id}: {text}");
            }
            for id in *closed {
                assert!(!text.contains(id), "{path} names {id}: {text}");
            }
            // Who works here edits what is there, not what others see of it.
            let text = desk.get(path).await.expect(200).text();
            assert!(open.iter().chain(*closed).all(|id| text.contains(id)), "{path}: {text}");
        }
    }
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let seen = public.get(&path).await.expect(200).json();
    assert_eq!((&seen["related"], &seen["translation_of"]), (&json!([other_id]), &Value::Null));
    let publish = format!("/api/v1/releases/{secret_id}/publish");
    desk.post(&publish, json!({ "embargo_until": null })).await.expect(200);
    let seen = public.get(&path).await.expect(200).json();
    assert_eq!(
        (&seen["related"], &seen["translation_of"]),
        (&json!([secret_id, other_id]), &json!(secret_id))
    );
}

async fn absences_to_come_are_not_told(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let absences = json!([{ "from": "2020-01-01", "until": "2020-01-05" },
        { "from": "2025-01-01", "until": "2099-12-30" }, { "from": "2099-12-31", "until": "2099-12-31" }]);
    let hours = json!([{ "days": ["mon"], "from": "09:00", "until": "17:00" }]);
    let contact = json!({ "name": "Ada Muster", "email": "ada@messe.example",
        "roster": { "hours": hours, "absences": absences } });
    let contact = desk.post("/api/v1/contacts", contact).await.expect(201).json();
    let path = format!("/api/v1/contacts/{}", id_of(&contact));
    let seen = public.get(&path).await.expect(200).json();
    assert_eq!(seen["roster"]["absences"], json!([absences[1]]), "only that of today");
    assert_eq!(seen["roster"]["hours"], hours);
    let mut release = Client::plain_release("Mit Ansprechpartnerin");
    release["contacts"] = json!([id_of(&contact)]);
    let release = desk.published(release).await;
    let (release, card) = (release["url"].as_str().unwrap(), contact["url"].as_str().unwrap());
    for path in [
        &path,
        "/api/v1/contacts",
        "/contacts",
        card,
        &format!("{card}.vcf"),
        release,
        &format!("{release}.json"),
        &format!("{release}.txt"),
        "/feed.json",
        "/",
    ] {
        let text = public.get(path).await.expect(200).text();
        for day in ["2020-01", "2099-12-31", "31. Dezember 2099"] {
            assert!(!text.contains(day), "{path} tells of {day}: {text}");
        }
    }
    for path in [path.as_str(), "/api/v1/contacts"] {
        let text = desk.get(path).await.expect(200).text();
        assert!(text.contains("2020-01-05") && text.contains("2099-12-31"), "{path}: {text}");
    }
}

async fn a_closed_photo_stands_in_no_form_of_a_text(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let open = photo(&desk, 1, json!({ "title": "Offener Kran" })).await;
    let secret = photo(&desk, 2, json!({ "title": "Geheimer Kran" })).await;
    let ended = photo(&desk, 3, json!({ "title": "Alter Kran", "rights_until": LONG_AGO })).await;
    embargoed(&desk, with("Sperrfrist", &json!({ "assets": [id_of(&secret)] }))).await;
    let figure = |asset: &Value, alt: &str| {
        format!("![{alt}]({}/large.jpg \"{alt}unterschrift\")", public_url_of_photo(asset))
    };
    let body = format!(
        "{}\n\nVorher.\n\n{}\n\nMitten im Satz {} steht eines.\n\n{}\n\nNachher.",
        figure(&secret, "Verbotenes"),
        figure(&open, "Erlaubtes"),
        figure(&ended, "Verflossenes"),
        figure(&ended, "Verflossenes"),
    );
    let assets = json!([id_of(&open), id_of(&ended)]);
    let release = desk.published(with("Kräne", &json!({ "body": body, "assets": assets }))).await;
    let url = release["url"].as_str().unwrap();
    eventually(3.0, "the release is found", async || {
        public.found("Kräne").await.contains_key("release").then_some(())
    })
    .await;

    let api = format!("/api/v1/releases/{}", id_of(&release));
    let mut forms: Vec<(String, String)> = Vec::new();
    for path in [
        url,
        &format!("{url}.txt"),
        &format!("{url}.html"),
        &format!("{url}.md"),
        &format!("{url}.json"),
        "/",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/search.atom?q=Kr%C3%A4ne",
        &api,
        "/api/v1/releases",
    ] {
        forms.push((path.to_owned(), public.get(path).await.expect(200).text()));
    }
    let document = public.get(&format!("{url}.docx")).await.expect(200).body;
    let kit = unzip_all(&public.get(&format!("{url}/photos.zip")).await.expect(200).body);
    for (name, bytes) in unzip_all(&document) {
        forms.push((format!(".docx {name}"), String::from_utf8_lossy(&bytes).into_owned()));
    }
    for (name, bytes) in kit {
        if name.ends_with(".docx") {
            let inside = unzip_all(&bytes).into_values();
            let text = inside.map(|part| String::from_utf8_lossy(&part).into_owned()).collect();
            forms.push((format!("kit {name}"), text));
        } else if !name.ends_with(".jpg") {
            forms.push((format!("kit {name}"), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    assert!(forms.len() > 20, "{}", forms.len());
    for (form, text) in &forms {
        for closed in ["geheimer-kran", "alter-kran", "Verboten", "Verflossen"] {
            assert!(!text.contains(closed), "{form} tells {closed}: {text}");
        }
    }
    let tells = |word: &str| forms.iter().filter(|(_, text)| text.contains(word)).count();
    assert!(tells("Vorher.") > 12 && tells("Nachher.") > 12, "the words around stay");
    for (form, text) in forms.iter().filter(|(form, _)| form == url || form.ends_with(".html")) {
        assert!(text.contains("offener-kran") || text.contains("Offener-Kran"), "{form}: {text}");
    }
    let markdown = public.get(&format!("{url}.md")).await.expect(200).text();
    assert!(markdown.contains("Vorher.\n\n![Erlaubtes](/photos/offener-kran/large.jpg"), "{markdown}");
    for word in ["Verbotenes", "Verflossenes"] {
        let answer = public.get(&format!("/api/v1/search?q=%22{word}%22")).await.expect(200).json();
        assert_eq!(answer["total"], 0, "{word}: {answer:#}");
    }
    assert_eq!(desk.get(&api).await.expect(200).json()["body"], json!(body), "who edits it has all of it");
}

async fn hidden_releases_take_no_open_ones_place(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let asset = photo(&desk, 1, json!({ "title": "Kran" })).await;
    desk.post("/api/v1/topics", json!({ "slug": "bau", "name": { "de": "Bau" } })).await.expect(201);
    let shows = |topics: Value| json!({ "assets": [id_of(&asset)], "topics": topics });
    let open = desk.published(with("Offen gezeigt", &shows(json!(["bau"])))).await;
    let album =
        json!({ "title": { "de": "Offenes Album" }, "assets": [id_of(&asset)], "state": "published" });
    desk.post("/api/v1/albums", album).await.expect(201);
    for number in 0..22 {
        let release = with(&format!("Verdeckt {number}"), &shows(json!([])));
        if number % 2 == 0 {
            embargoed(&desk, release).await;
        } else {
            desk.post("/api/v1/releases", release).await.expect(201);
        }
        let album = json!({ "title": { "de": format!("Verdecktes Album {number}") }, "order": 9,
            "assets": [id_of(&asset)] });
        desk.post("/api/v1/albums", album).await.expect(201);
    }
    // Described anew, so that the index reads what shows it.
    let path = format!("/api/v1/assets/{}", id_of(&asset));
    desk.patch(&path, json!({ "caption": "Schwebekran" })).await.expect(200);
    let page = public.get(&public_url_of_photo(&asset)).await.expect(200).text();
    assert!(page.contains(open["url"].as_str().unwrap()) && page.contains("Offenes Album"), "{page}");
    assert!(!page.contains("Verdeckt"), "{page}");
    eventually(4.0, "the photo is found by the topic of the open release", async || {
        let path = "/api/v1/search?q=Schwebekran&kind=photo&topic=bau";
        (public.get(path).await.expect(200).json()["total"] == 1).then_some(())
    })
    .await;
}

/// How many hits there are, those counted that the list may leave out.
async fn total(public: &Client, query: &str) -> u64 {
    let answer = public.get(&format!("/api/v1/search?{query}")).await.expect(200).json();
    answer["total"].as_u64().unwrap_or_else(|| panic!("{answer:#}"))
}

pub async fn totals(public: &Client, wanted: &[(&str, u64)]) {
    eventually(5.0, &format!("the index follows: {wanted:?}"), async || {
        for (query, count) in wanted {
            if total(public, query).await != *count {
                return None;
            }
        }
        Some(())
    })
    .await;
}

async fn the_index_follows_what_a_release_tells_of_others(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let words = json!({ "title": "Bild", "caption": "Ein Wanderfalke", "persons": ["Erika Beispiel"] });
    let asset = photo(&desk, 1, words).await;
    let contact = desk.post("/api/v1/contacts", json!({ "name": "Gisela Zaun" })).await.expect(201).json();
    let topic = json!({ "slug": "voegel", "name": { "de": "Vogelkunde" } });
    let topic = desk.post("/api/v1/topics", topic).await.expect(201).json();
    let more = json!({ "assets": [id_of(&asset)], "contacts": [id_of(&contact)], "topics": ["voegel"] });
    desk.published(with("Meldung", &more)).await;
    let person = format!("kind=release&person={}", percent("Erika Beispiel"));
    let before: [(&str, u64); 4] = [
        ("kind=release&q=Wanderfalke", 1),
        (&person, 1),
        ("kind=release&q=Gisela", 1),
        ("kind=release&q=Vogelkunde", 1),
    ];
    totals(&public, &before).await;
    let path = format!("/api/v1/assets/{}", id_of(&asset));
    desk.patch(&path, json!({ "caption": "Ein Buntspecht", "persons": [] })).await.expect(200);
    totals(&public, &[("q=Buntspecht", 2), ("q=Wanderfalke", 0), (&person, 0)]).await;
    let facets = public.get("/api/v1/search?q=Meldung").await.expect(200).json()["facets"].to_string();
    assert!(!facets.contains("Erika"), "{facets}");
    let path = format!("/api/v1/contacts/{}", id_of(&contact));
    desk.patch(&path, json!({ "name": "Hannelore Zaun" })).await.expect(200);
    totals(&public, &[("kind=release&q=Hannelore", 1), ("q=Gisela", 0)]).await;
    let path = format!("/api/v1/topics/{}", id_of(&topic));
    desk.patch(&path, json!({ "name": { "de": "Ornithologie" } })).await.expect(200);
    totals(&public, &[("kind=release&q=Ornithologie", 1), ("q=Vogelkunde", 0)]).await;
}

async fn the_index_follows_the_clock_both_ways(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let words = json!({ "title": "Bild", "caption": "Ein Wanderfalke", "persons": ["Erika Beispiel"] });
    let ending = photo(&desk, 1, words).await;
    let words = json!({ "title": "Bild", "caption": "Ein Steinkauz", "persons": ["Berta Neu"] });
    let coming = photo(&desk, 2, words).await;
    desk.published(with("Endet", &json!({ "assets": [id_of(&ending)] }))).await;
    let planned = with("Kommt", &json!({ "assets": [id_of(&coming)] }));
    let planned = desk.post("/api/v1/releases", planned).await.expect(201).json();
    let person = |name: &str| format!("kind=release&person={}", percent(name));
    let (erika, berta) = (person("Erika Beispiel"), person("Berta Neu"));
    totals(&public, &[("q=Wanderfalke", 2), (&erika, 1), ("q=Steinkauz", 0), (&berta, 0)]).await;

    let turn = soon(3);
    let path = format!("/api/v1/assets/{}", id_of(&ending));
    desk.patch(&path, json!({ "rights_until": turn.to_string() })).await.expect(200);
    let embargo = json!({ "embargo_until": turn.to_string() });
    desk.post(&format!("/api/v1/releases/{}/publish", id_of(&planned)), embargo).await.expect(200);
    totals(&public, &[("q=Wanderfalke", 2), (&erika, 1), ("q=Steinkauz", 0), (&berta, 0)]).await;
    assert!(now() < turn, "the machine was too slow to see the state before");

    while now() < turn {
        sleep_ms(20).await;
    }
    totals(&public, &[("q=Wanderfalke", 0), (&erika, 0), ("q=Steinkauz", 2), (&berta, 1)]).await;
    let offered = public.get("/api/v1/suggest?q=wander").await.expect(200).text();
    assert!(!offered.contains("Wanderfalke"), "{offered}");
    let offered = public.get("/api/v1/suggest?q=Erika").await.expect(200).text();
    assert!(!offered.contains("Beispiel"), "{offered}");
}
