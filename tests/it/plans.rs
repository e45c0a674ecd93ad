//! Times that are typed at the desk: none is passed over, whichever button is pressed and whoever else works on it.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::desk::{Browser, Shown, field, put};
use crate::harness::{Newsroom, Server, id_of};

on_both_engines!(
    a_typed_time_is_set_or_refused,
    saving_keeps_a_typed_time,
    what_is_set_is_lifted_by_its_own_button,
    a_colleagues_time_is_not_typed_over,
    other_languages_keep_their_own_time,
    a_time_of_another_zone_is_left_alone,
    whoever_writes_notes_an_embargo,
);

const NINTH: &str = "2099-12-09T10:00";
const NINTH_UTC: &str = "2099-12-09T09:00:00Z";
const SECOND: &str = "2099-12-02T10:00";
const SECOND_UTC: &str = "2099-12-02T09:00:00Z";

async fn stored(server: &Server, page: &str) -> Value {
    server.desk().get(&page.replace("/admin/", "/api/v1/")).await.expect(200).json()
}

async fn is_public(server: &Server, page: &str) -> bool {
    let address = stored(server, page).await["url"].as_str().unwrap().to_owned();
    server.public().get(&address).await.status == 200
}

/// What the button says that lifts the plan.
fn lift(page: &Shown) -> String {
    let html = Html::parse_document(&page.text);
    let button = Selector::parse(r#"#step-now button[name="lift"][formaction$="/publish"]"#).unwrap();
    html.select(&button).next().unwrap().value().attr("value").unwrap().to_owned()
}

async fn a_typed_time_is_set_or_refused(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    for (name, other) in [("embargo_until", "schedule"), ("publish_at", "embargo")] {
        let page = rita.draft("Noch nicht").await;
        let mut form = rita.get(&page).await.expect(200).form("#form");
        put(&mut form, name, NINTH);
        // Neither at once, nor at the other time.
        let refused = rita.post_form(&format!("{page}/publish"), &form).await.expect(422);
        assert!(refused.words(&format!("#{name}-error")).contains("noch nicht"), "{}", refused.text);
        assert_eq!(field(&refused.form("#form"), name), NINTH, "what was typed stays");
        let mut both = form.clone();
        put(&mut both, if name == "publish_at" { "embargo_until" } else { "publish_at" }, SECOND);
        rita.post_form(&format!("{page}/{other}"), &both).await.expect(422);
        // Nor a time that is mistyped: last year, or none that the clock has.
        for wrong in ["2020-12-09T10:00", "2099-03-29T02:30", "morgen"] {
            put(&mut form, name, wrong);
            for step in ["/publish", ""] {
                let refused = rita.post_form(&format!("{page}{step}"), &form).await.expect(422);
                assert!(refused.has(&format!("#{name}-error")), "{wrong} {step}");
            }
        }
        let release = stored(&server, &page).await;
        assert_eq!((&release["state"], &release[name]), (&json!("draft"), &Value::Null));
        assert!(!is_public(&server, &page).await);
        // Emptied, the word is taken back.
        put(&mut form, name, "");
        rita.post_form(&format!("{page}/publish"), &form).await.expect(303);
        assert!(is_public(&server, &page).await);
    }
}

async fn saving_keeps_a_typed_time(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    for (name, step, state) in
        [("embargo_until", "embargo", "embargoed"), ("publish_at", "schedule", "scheduled")]
    {
        // A draft notes it, and says that it is only noted.
        let page = rita.draft("Vorgemerkt").await;
        let mut form = rita.get(&page).await.form("#form");
        put(&mut form, name, NINTH);
        let saved = rita.post_form(&page, &form).await.expect(303);
        let shown = rita.get(&saved.location).await.expect(200);
        assert!(
            shown.words(".done").contains("vorgemerkt")
                && shown.words(".state-line").contains("Dezember 2099")
        );
        assert_eq!(field(&shown.form("#form"), name), NINTH);
        let release = stored(&server, &page).await;
        assert_eq!((&release["state"], &release[name]), (&json!("draft"), &json!(NINTH_UTC)));

        // Set, it moves by saving, and is not emptied by saving.
        rita.post_form(&format!("{page}/{step}"), &shown.form("#form")).await.expect(303);
        let mut form = rita.get(&page).await.form("#form");
        put(&mut form, name, SECOND);
        let saved = rita.post_form(&page, &form).await.expect(303);
        assert!(rita.get(&saved.location).await.words(".done").contains("neue Zeitpunkt"));
        let release = stored(&server, &page).await;
        assert_eq!((&release["state"], &release[name]), (&json!(state), &json!(SECOND_UTC)));
        assert!(!is_public(&server, &page).await);
        let mut form = rita.get(&page).await.form("#form");
        put(&mut form, "headline", "Anders");
        for wrong in ["", "2020-12-09T10:00"] {
            put(&mut form, name, wrong);
            let refused = rita.post_form(&page, &form).await.expect(422);
            assert!(refused.has(&format!("#{name}-error")), "{wrong}");
        }
        // A time that it does not wait for takes its own button.
        put(&mut form, name, SECOND);
        let other = if name == "publish_at" { "embargo_until" } else { "publish_at" };
        put(&mut form, other, NINTH);
        let refused = rita.post_form(&page, &form).await.expect(422);
        assert!(refused.words(&format!("#{other}-error")).contains("noch nicht"), "{}", refused.text);
        assert_eq!(stored(&server, &page).await, release, "a refused form changes nothing");
    }
}

async fn what_is_set_is_lifted_by_its_own_button(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    for (name, step) in [("embargo_until", "embargo"), ("publish_at", "schedule"), ("embargo_until", "")] {
        let page = rita.draft("Wartet").await;
        let mut form = rita.get(&page).await.form("#form");
        put(&mut form, name, NINTH);
        // Set, or noted in a draft; by a script too.
        match step {
            "" => {
                let api = page.replace("/admin/", "/api/v1/");
                desk.patch(&api, json!({ "embargo_until": NINTH_UTC })).await.expect(200);
            }
            step => drop(rita.post_form(&format!("{page}/{step}"), &form).await.expect(303)),
        }
        let shown = rita.get(&page).await.expect(200);
        let mut form = shown.form("#form");
        for said in [None, Some(""), Some(SECOND_UTC)] {
            said.into_iter().for_each(|said| put(&mut form, "lift", said));
            let refused = rita.post_form(&format!("{page}/publish"), &form).await.expect(422);
            assert!(refused.words("#errors").contains("wartet auf ihre Zeit"), "{}", refused.text);
            assert!(refused.has("#step-now[open]"));
        }
        // The button lifts what it shows, not what is typed beside it.
        put(&mut form, "lift", &lift(&shown));
        put(&mut form, name, SECOND);
        rita.post_form(&format!("{page}/publish"), &form).await.expect(422);
        assert!(!is_public(&server, &page).await);
        put(&mut form, name, NINTH);
        let done = rita.post_form(&format!("{page}/publish"), &form).await.expect(303);
        assert_eq!(done.location, format!("{page}?done=published"));
        assert!(is_public(&server, &page).await);
        // Pressed twice, it is one step.
        assert_eq!(
            rita.post_form(&format!("{page}/publish"), &form).await.expect(303).location,
            done.location
        );
    }
}

async fn a_colleagues_time_is_not_typed_over(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let page = rita.draft("Zu zweit").await;
    let api = page.replace("/admin/", "/api/v1/");
    let old = rita.get(&page).await.form("#form");
    desk.post(&format!("{api}/publish"), json!({ "embargo_until": NINTH_UTC })).await.expect(200);
    let mut typed = old.clone();
    put(&mut typed, "headline", "Zu zweit geschrieben");
    for step in ["", "/publish"] {
        let told = rita.post_form(&format!("{page}{step}"), &typed).await.expect(409);
        let mut form = told.form("#form");
        assert_eq!(field(&form, "embargo_until"), NINTH, "the form below has it already");
        put(&mut form, "body", &format!("Neuer Text {step}."));
        rita.post_form(&format!("{page}/publish"), &form).await.expect(422);
        rita.post_form(&page, &form).await.expect(303);
        let release = stored(&server, &page).await;
        assert_eq!((&release["state"], &release["embargo_until"]), (&json!("embargoed"), &json!(NINTH_UTC)));
    }
    // Moved by a colleague while this form was open: a button on the old time moves it back only after a look.
    let mut form = rita.get(&page).await.form("#form");
    let button = lift(&rita.get(&page).await);
    desk.patch(&api, json!({ "embargo_until": "2099-12-16T09:00:00Z" })).await.expect(200);
    rita.post_form(&format!("{page}/embargo"), &form).await.expect(409);
    put(&mut form, "lift", &button);
    rita.post_form(&format!("{page}/publish"), &form).await.expect(409);
    assert_eq!(stored(&server, &page).await["embargo_until"], json!("2099-12-16T09:00:00Z"));
}

async fn other_languages_keep_their_own_time(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let page = rita.draft("Auf Deutsch").await;
    let source = stored(&server, &page).await;
    let english = json!({ "language": "en", "headline": "In English", "body": "Text.", "translation_of": id_of(&source) });
    let english = desk.post("/api/v1/releases", english).await.expect(201).json();
    let other = format!("/admin/releases/{}", id_of(&english));
    let api = other.replace("/admin/", "/api/v1/");
    desk.post(&format!("{api}/publish"), json!({ "embargo_until": NINTH_UTC })).await.expect(200);
    let mut form = rita.get(&page).await.form("#form");
    put(&mut form, "with-translations", "1");
    let refused = rita.post_form(&format!("{page}/publish"), &form).await.expect(422);
    let said = refused.words("#refusal");
    assert!(said.contains("„In English“") && said.contains("eigene Zeit"), "{said}");
    put(&mut form, "version", field(&refused.form("#form"), "version"));
    put(&mut form, "embargo_until", SECOND);
    rita.post_form(&format!("{page}/embargo"), &form).await.expect(422);
    assert_eq!(stored(&server, &page).await["state"], "draft");
    assert_eq!(stored(&server, &other).await["embargo_until"], json!(NINTH_UTC));

    // Together under one embargo, they are lifted together.
    put(&mut form, "embargo_until", NINTH);
    put(&mut form, "version", &stored(&server, &page).await["version"].to_string());
    rita.post_form(&format!("{page}/embargo"), &form).await.expect(303);
    let shown = rita.get(&page).await;
    let mut form = shown.form("#form");
    put(&mut form, "with-translations", "1");
    put(&mut form, "lift", &lift(&shown));
    rita.post_form(&format!("{page}/publish"), &form).await.expect(303);
    assert!(is_public(&server, &page).await && is_public(&server, &other).await);
}

async fn a_time_of_another_zone_is_left_alone(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let page = rita.draft("Aus London").await;
    let api = page.replace("/admin/", "/api/v1/");
    let embargo = json!({ "embargo_until": { "local": "2099-12-02T09:00:30", "zone": "Europe/London" } });
    desk.post(&format!("{api}/publish"), embargo).await.expect(200);
    let before = stored(&server, &page).await;
    let mut form = rita.get(&page).await.form("#form");
    assert_eq!(field(&form, "embargo_until"), SECOND, "on the clock that the hint beside the field names");
    put(&mut form, "body", "Ein anderer Text.");
    let saved = rita.post_form(&page, &form).await.expect(303);
    assert_eq!(saved.location, format!("{page}?done=saved"));
    let after = stored(&server, &page).await;
    assert_eq!(after["embargo_until"], before["embargo_until"]);
    assert_eq!(after["body"], "Ein anderer Text.");
}

async fn whoever_writes_notes_an_embargo(room: &Newsroom) {
    let server = room.start().await;
    let mut author = Browser::signed_in(room, &server, "author").await;
    let blank = author.get("/admin/releases/new").await.expect(200);
    let mut form = blank.form("#form");
    put(&mut form, "headline", "Mit Sperrfrist geschrieben");
    put(&mut form, "body", "Text.");
    put(&mut form, "embargo_until", "2020-01-01T10:00");
    let refused = author.post_form("/admin/releases/new", &form).await.expect(422);
    assert!(refused.words("#embargo_until-error").contains("vorbei"));
    put(&mut form, "embargo_until", SECOND);
    let made = author.post_form("/admin/releases/new", &form).await.expect(303);
    let page = made.location.split('?').next().unwrap().to_owned();
    assert!(author.get(&made.location).await.words(".done").contains("vorgemerkt"));
    let release = stored(&server, &page).await;
    assert_eq!((&release["state"], &release["embargo_until"]), (&json!("draft"), &json!(SECOND_UTC)));
    // It can be put right by whoever wrote it.
    let mut form = author.get(&page).await.expect(200).form("#form");
    put(&mut form, "embargo_until", NINTH);
    author.post_form(&page, &form).await.expect(303);
    assert_eq!(stored(&server, &page).await["embargo_until"], json!(NINTH_UTC));
    // A script publishes a draft under the embargo that it notes, as it always did.
    let api = page.replace("/admin/", "/api/v1/");
    server.desk().post_empty(&format!("{api}/publish")).await.expect(200);
    assert_eq!(stored(&server, &page).await["state"], "embargoed");
}
