//! Two who write at once, and what the API refuses: stale versions, unknown fields, wrong tokens, hostile text.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, id_of};

on_both_engines!(
    a_stale_write_names_both_versions,
    two_who_publish_at_once_publish_once,
    unknown_fields_are_refused_by_name,
    wrong_values_are_refused_by_field,
    tokens_open_what_their_role_may,
    hostile_markup_is_made_harmless,
    lists_go_on_with_a_cursor,
    everything_can_be_made_changed_and_removed,
    old_addresses_lead_to_the_new_one,
);

async fn a_stale_write_names_both_versions(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release =
        desk.post("/api/v1/releases", Client::plain_release("Erster Stand")).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let old = release["version"].as_i64().unwrap();
    let fresh =
        desk.patch(&path, json!({ "version": old, "headline": "Zweiter Stand" })).await.expect(200).json();
    let current = fresh["version"].as_i64().unwrap();
    assert!(current > old);

    let stale = desk.patch(&path, json!({ "version": old, "headline": "Dritter Stand" })).await;
    let problem = stale.problem(409, "version_conflict");
    assert_eq!((&problem["expected_version"], &problem["current_version"]), (&json!(old), &json!(current)));
    let by_header = desk
        .request(reqwest::Method::PATCH, &path)
        .header("content-type", "application/json")
        .header("if-match", format!("\"{old}\""))
        .body(json!({ "headline": "Vierter Stand" }).to_string());
    desk.send(by_header).await.problem(409, "version_conflict");
    assert_eq!(desk.get(&path).await.json()["headline"], "Zweiter Stand");

    // Many at once from the same stand: one gets through.
    let writes =
        (0..8).map(|i| desk.patch(&path, json!({ "version": current, "headline": format!("Stand {i}") })));
    let answers = futures_util::future::join_all(writes).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(desk.get(&path).await.json()["version"], current + 1);
}

async fn two_who_publish_at_once_publish_once(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release = desk.post("/api/v1/releases", Client::plain_release("Zugleich")).await.expect(201).json();
    let publish = format!("/api/v1/releases/{}/publish", id_of(&release));
    let answers = futures_util::future::join_all((0..6).map(|_| desk.post_empty(&publish))).await;
    for answer in &answers {
        assert!(answer.status == 200 || answer.status == 409, "{}: {}", answer.status, answer.text());
    }
    let times: Vec<Value> = answers
        .iter()
        .filter(|a| a.status == 200)
        .map(|answer| answer.json()["published_at"].clone())
        .collect();
    assert!(!times.is_empty());
    assert!(times.iter().all(|time| *time == times[0]), "published more than once: {times:?}");
    let after = desk.get(&format!("/api/v1/releases/{}", id_of(&release))).await.expect(200).json();
    assert_eq!(after["version"], release["version"].as_i64().unwrap() + 1, "it changed once");
}

async fn unknown_fields_are_refused_by_name(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut release = Client::plain_release("Tippfehler");
    release["headlin"] = json!("x");
    desk.post("/api/v1/releases", release).await.blames("headlin", "unknown_field");
    let release = desk.post("/api/v1/releases", Client::plain_release("Gut")).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    desk.patch(&path, json!({ "boddy": "x" })).await.blames("boddy", "unknown_field");
    desk.post(&format!("{path}/publish"), json!({ "embargo": "x" })).await.blames("embargo", "unknown_field");
    desk.post("/api/v1/contacts", json!({ "name": "A", "phone": "1" }))
        .await
        .blames("phone", "unknown_field");
    for collection in ["albums", "events", "topics"] {
        let answer = desk.post(&format!("/api/v1/{collection}"), json!({ "nonsense": 1 })).await;
        assert!(matches!(answer.status, 400 | 422), "{collection}: {}", answer.status);
        assert!(answer.json()["fields"].to_string().contains("nonsense"), "{collection}: {}", answer.text());
    }
}

async fn wrong_values_are_refused_by_field(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    desk.post("/api/v1/releases", json!({ "language": "de", "headline": " ", "body": "x" }))
        .await
        .blames("headline", "required");
    let unfinished = json!({ "language": "de", "headline": "Ohne Text" });
    let release = desk.post("/api/v1/releases", unfinished).await.expect(201).json();
    desk.post_empty(&format!("/api/v1/releases/{}/publish", id_of(&release)))
        .await
        .blames("body", "required");
    for body in ["{", "[]", "\"x\"", "", "{\"headline\": 7}"] {
        let request = desk
            .request(reqwest::Method::POST, "/api/v1/releases")
            .header("content-type", "application/json")
            .body(body.to_owned());
        let answer = desk.send(request).await;
        assert!(matches!(answer.status, 400 | 422), "{body}: {}", answer.status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{body}");
    }
    let mut release = Client::plain_release("Fremd");
    release["assets"] = json!(["01900000-0000-7000-8000-000000000000"]);
    let answer = desk.post("/api/v1/releases", release).await;
    assert!(matches!(answer.status, 400 | 422), "an asset that is not there: {}", answer.status);
    for path in
        ["/api/v1/releases/not-an-id", "/api/v1/releases/01900000-0000-7000-8000-000000000000", "/api/v1/x"]
    {
        let answer = desk.get(path).await.expect(404);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
}

async fn tokens_open_what_their_role_may(room: &Newsroom) {
    let server = room.start().await;
    let public = server.public();
    let release = Client::plain_release("Wer darf");
    assert_eq!(public.post("/api/v1/releases", release.clone()).await.status, 401);
    let wrong = ["x", "pressroom", "", "ä", &"a".repeat(5000), &format!("{}x", room.token())];
    for token in wrong {
        let request = public
            .request(reqwest::Method::POST, "/api/v1/releases")
            .header(
                "authorization",
                reqwest::header::HeaderValue::from_bytes(format!("Bearer {token}").as_bytes()).unwrap(),
            )
            .header("content-type", "application/json")
            .body(release.to_string());
        let answer = public.send(request).await;
        assert!(matches!(answer.status, 400 | 401 | 431), "{token:?}: {}", answer.status);
    }
    let refused = public.with_token("x").post("/api/v1/releases", release.clone()).await;
    refused.problem(401, refused.json()["code"].as_str().unwrap());
    assert!(refused.header("www-authenticate").starts_with("Bearer"), "{:?}", refused.headers);

    let author = public.with_token(&room.token_for("author"));
    let draft = author.post("/api/v1/releases", release.clone()).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&draft));
    let refused = author.post_empty(&format!("{path}/publish")).await;
    refused.problem(403, refused.json()["code"].as_str().unwrap());
    assert_eq!(public.get(draft["url"].as_str().unwrap()).await.status, 404);
    let editor = public.with_token(&room.token_for("editor"));
    editor.post_empty(&format!("{path}/publish")).await.expect(200);
    public.get(draft["url"].as_str().unwrap()).await.expect(200);
    // A wrong token does not become "the public" in silence where reading would be allowed.
    assert_eq!(public.with_token("wrong").get(&path).await.status, 401);
}

async fn hostile_markup_is_made_harmless(room: &Newsroom) {
    let server = room.start().await;
    let mut release = Client::plain_release("<script>alert('h')</script> & \"Titel\"");
    release["body"] = json!(
        "Ein Absatz <script>alert(1)</script> mit <b onclick=\"alert(2)\">HTML</b>.\n\n\
         <img src=x onerror=alert(3)>\n\n<iframe src=\"https://evil.example\"></iframe>\n\n\
         [klick](javascript:alert(4)) [daten](data:text/html,<script>alert(5)</script>)\n\n\
         <style>body{display:none}</style><svg/onload=alert(6)>\n\n\
         [gut](https://gut.example/ \"Titel\") ![bild](https://fremd.example/pixel.gif)\n\n\
         <a href=\"java\nscript:alert(7)\">x</a> </main></body></html> **fett\n\n> Zitat\n> — Sprecher, Amt\n\n\
         | a | b\n|---|\n| `x` |\n\n[[[[[[[[[[((((((((((**__**__![]()[]()\u{0}\u{202e}"
    );
    release["dateline_place"] = json!("<i>Ort</i>");
    let release = server.desk().published(release).await;
    let page = server.public().get(release["url"].as_str().unwrap()).await.expect(200);
    let html = Html::parse_document(&page.text());
    let all = |css: &str| html.select(&Selector::parse(css).unwrap()).collect::<Vec<_>>();
    for script in all("script:not([type='application/ld+json'])") {
        assert!(!script.inner_html().contains("alert"), "{}", script.html());
    }
    for css in ["main iframe", "main style", "main object", "main svg[onload]", "main form[action*=evil]"] {
        assert!(all(css).is_empty(), "{css} got through");
    }
    for element in all("*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{name} got through: {}", element.html());
            let value: String = value.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
            assert!(
                !value.starts_with("javascript:") && !value.starts_with("data:text"),
                "{value} got through"
            );
        }
    }
    assert!(all("img[src*='fremd.example']").is_empty(), "a picture from elsewhere tells who reads");
    assert_eq!(all("a[href='https://gut.example/']").len(), 1);
    assert!(all("blockquote").iter().any(|quote| quote.text().collect::<String>().contains("Zitat")));
    let heading: String = all("h1")[0].text().collect();
    assert!(
        heading.contains("<script>alert('h')</script>"),
        "the headline is shown as it was written: {heading}"
    );
    assert_eq!(all("html > body").len(), 1);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src") || policy.contains("default-src"), "{policy}");
    assert!(!policy.contains("unsafe-inline") || !policy.contains("script-src 'unsafe-inline'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");

    // What the search shows is text too.
    let found = server.public().get("/search?q=%3Cscript%3Ealert(9)%3C%2Fscript%3E").await.expect(200).text();
    assert!(!found.contains("<script>alert(9)"), "the query comes back as markup");
}

async fn lists_go_on_with_a_cursor(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    for number in 0..45 {
        desk.published(Client::plain_release(&format!("Meldung {number}"))).await;
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/releases".to_owned();
    for _ in 0..50 {
        let page = server.public().get(&path).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| id_of(item).to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/releases?page={}", crate::harness::percent(next)),
            None => break,
        }
    }
    assert_eq!(seen.len(), 45);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 45, "a release came twice");
    let bad = server.public().get("/api/v1/releases?page=%00nonsense").await;
    assert!(matches!(bad.status, 400 | 422), "{}", bad.status);
    assert!(server.public().get("/releases").await.expect(200).text().contains("Meldung 44"));
    assert!(server.public().get("/releases?page=2").await.expect(200).text().contains("Meldung"));
}

async fn everything_can_be_made_changed_and_removed(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let cases = [
        ("contacts", json!({ "name": "Ada Beispiel" }), json!({ "organisation": "Neu" }), "organisation"),
        (
            "topics",
            json!({ "slug": "energie", "name": { "de": "Energie", "en": "Energy" } }),
            json!({ "order": 2 }),
            "order",
        ),
        ("albums", json!({ "title": { "de": "Logos" } }), json!({ "order": 3 }), "order"),
        (
            "events",
            json!({ "title": { "de": "Pressekonferenz" },
                "starts_at": { "local": "2031-03-09T10:00", "zone": "Europe/Berlin" } }),
            json!({ "venue": "Halle 1" }),
            "venue",
        ),
        ("releases", Client::plain_release("Weg damit"), json!({ "headline": "Neu" }), "headline"),
    ];
    for (collection, new, change, field) in cases {
        let made = desk.post(&format!("/api/v1/{collection}"), new).await.expect(201);
        let path = format!("/api/v1/{collection}/{}", id_of(&made.json()));
        assert_eq!(made.header("location"), path, "{collection}");
        desk.get(&path).await.expect(200);
        let changed = desk.patch(&path, change.clone()).await.expect(200).json();
        assert_eq!(changed[field], change[field], "{collection}");
        let list = desk.get(&format!("/api/v1/{collection}")).await.expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{collection}");
        assert_eq!(desk.delete(&path).await.status, 204, "{collection}");
        assert_eq!(desk.get(&path).await.status, 404, "{collection}");
    }
    let openapi = server.public().get("/api/openapi.json").await.expect(200).json();
    for path in ["/api/v1/assets", "/api/v1/releases/{id}/publish", "/api/v1/search"] {
        assert!(openapi["paths"][path].is_object(), "{path} is not described");
    }
}

async fn old_addresses_lead_to_the_new_one(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut release = Client::plain_release("Endgültiger Titel");
    release["aliases"] = json!(["alte-adresse", "/presse/2019/meldung-17.html"]);
    let release = desk.published(release).await;
    let url = release["url"].as_str().unwrap();
    for old in ["/releases/alte-adresse", "/presse/2019/meldung-17.html"] {
        let answer = server.public().get(old).await;
        assert!(matches!(answer.status, 301 | 308), "{old}: {}", answer.status);
        assert!(answer.header("location").ends_with(url), "{old}: {}", answer.header("location"));
    }
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let renamed = desk.patch(&path, json!({ "slug": "neue-adresse" })).await.expect(200).json();
    assert_eq!(renamed["url"], "/releases/neue-adresse");
    let answer = server.public().get(url).await;
    assert!(matches!(answer.status, 301 | 308), "{url}: {}", answer.status);
    server.public().get("/releases/neue-adresse").await.expect(200);
}
