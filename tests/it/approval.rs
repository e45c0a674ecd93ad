//! Four eyes and several languages: what goes out was approved by somebody else, or goes out together.

use serde_json::json;

use crate::desk::{Browser, add_account, put};
use crate::harness::{Newsroom, Server};

on_both_engines!(nothing_goes_out_before_somebody_else_has_approved_it, languages_go_out_together,);

async fn state(server: &Server, path: &str) -> String {
    let release = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.expect(200).json();
    release["state"].as_str().unwrap().to_owned()
}

async fn nothing_goes_out_before_somebody_else_has_approved_it(room: &Newsroom) {
    let server = room.start().await;
    let mut chief = Browser::signed_in(room, &server, "admin").await;
    let mut settings = chief.get("/admin/settings").await.expect(200).form("#form");
    put(&mut settings, "approval", "require");
    chief.post_form("/admin/settings", &settings).await.expect(303);

    let mut author = Browser::signed_in(room, &server, "author").await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let path = author.draft("Vier Augen").await;
    let api = path.replace("/admin/", "/api/v1/");
    let step = |name: &str| format!("{path}/{name}");

    // Neither the desk nor a script gets it out, not even its highest role.
    let form = rita.get(&path).await.expect(200).form("#form");
    let refused = rita.post_form(&step("publish"), &form).await.expect(422);
    assert!(refused.words("#refusal").contains("jemand anders"), "{}", refused.words("#refusal"));
    let desk = server.desk();
    desk.post_empty(&format!("{api}/publish")).await.problem(409, "approval_missing");
    let later = json!({ "publish_at": "2099-01-01T00:00:00Z" });
    desk.post(&format!("{api}/schedule"), later).await.problem(409, "approval_missing");
    let embargo = json!({ "embargo_until": "2099-01-01T00:00:00Z" });
    desk.post(&format!("{api}/publish"), embargo).await.problem(409, "approval_missing");

    // The author hands it in; the editor gives it back with a note, and gets it again.
    let form = author.get(&path).await.form("#form");
    author.post_form(&step("submit"), &form).await.expect(303);
    author.post_form(&step("submit"), &form).await.expect(303);
    assert!(rita.get("/admin").await.words("#h-waiting + ul").contains("Vier Augen"));
    let mut form = rita.get(&path).await.form("#form");
    rita.post_form(&step("return"), &form).await.expect(422);
    put(&mut form, "review-note", "Bitte mit Ort.");
    rita.post_form(&step("return"), &form).await.expect(303);
    assert!(!rita.get("/admin").await.has("#h-waiting"));
    let page = author.get(&path).await;
    assert_eq!(page.words(".review .note"), "Bitte mit Ort.");
    let mut form = page.form("#form");
    put(&mut form, "dateline_place", "Musterstadt");
    author.post_form(&step("submit"), &form).await.expect(303);

    // Who changes a word has written it, and cannot approve it.
    let mut form = rita.get(&path).await.form("#form");
    put(&mut form, "body", "Der erste Absatz, geändert.");
    let refused = rita.post_form(&step("approve"), &form).await.expect(422);
    assert!(refused.words("#refusal").contains("ungespeichert"));
    rita.post_form(&path, &form).await.expect(303);
    let page = rita.get(&path).await;
    assert!(page.words(".review").contains("jemand anders") && !page.text.contains("/approve\""));
    let form = page.form("#form");
    rita.post_form(&step("approve"), &form).await.expect(422);
    let stale = author.get(&path).await.form("#form");
    author.post_form(&step("approve"), &stale).await.expect(422);
    let form = chief.get(&path).await.form("#form");
    chief.post_form(&step("approve"), &form).await.expect(303);
    assert!(rita.get(&path).await.words(".review").contains("Freigegeben von admin@messe.example"));

    // Another word, and the approval is gone; a new address is no new word.
    desk.patch(&api, json!({ "slug": "vier-augen-neu" })).await.expect(200);
    let mut form = rita.get(&path).await.form("#form");
    put(&mut form, "headline", "Vier Augen sehen mehr");
    let refused = rita.post_form(&step("publish"), &form).await.expect(422);
    assert!(refused.words("#refusal").contains("freigeben"));
    assert_eq!(state(&server, &path).await, "draft");
    let form = chief.get(&path).await.form("#form");
    chief.post_form(&step("approve"), &form).await.expect(303);
    let mut form = rita.get(&path).await.form("#form");
    put(&mut form, "publish_at", "2099-01-01T10:00");
    rita.post_form(&step("schedule"), &form).await.expect(303);
    assert_eq!(state(&server, &path).await, "scheduled");

    // What is planned does not change behind the back of who approved it.
    desk.patch(&api, json!({ "body": "Anders" })).await.problem(409, "approved_and_planned");
    desk.patch(&api, json!({ "publish_at": "2098-01-01T00:00:00Z" })).await.expect(200);
    desk.post_empty(&format!("{api}/publish")).await.expect(200);
    assert_eq!(state(&server, &path).await, "published");

    let history = rita.get(&format!("{path}/history")).await.expect(200).text;
    for deed in ["Zur Freigabe vorgelegt", "Zurückgegeben: Bitte mit Ort.", "Freigegeben"] {
        assert!(history.contains(deed), "{deed} in {history}");
    }
    // The bundle carries both the rule and how far each release has come.
    let folder = crate::harness::temp_dir();
    room.cli_ok(&["export", folder.path().to_str().unwrap()]);
    let sheet = std::fs::read_to_string(folder.path().join("newsroom.toml")).unwrap();
    assert!(sheet.contains("require_approval = true"));
    let release = std::fs::read_to_string(folder.path().join("releases/vier-augen-neu.md")).unwrap();
    assert!(release.contains("step = \"approved\", by = \"admin@messe.example\""), "{release}");
    assert!(!server.public().get("/releases/vier-augen-neu").await.text().contains("admin@messe.example"));
    assert!(!server.public().get(&api).await.text().contains("@messe.example"));
}

async fn languages_go_out_together(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    add_account(room, "anna@messe.example", "editor");
    let mut anna = Browser::new(&server);
    anna.sign_in("anna@messe.example", crate::desk::PASSWORD).await.expect(303);
    let source = rita.draft("Auf Deutsch").await;
    let id = source.rsplit('/').next().unwrap();
    let blank = rita.get(&format!("/admin/releases/new?translation_of={id}&from={id}&language=en")).await;
    let mut form = blank.form("#form");
    put(&mut form, "headline", "In English");
    put(&mut form, "body", "");
    let made = rita.post_form("/admin/releases/new", &form).await.expect(303);
    let english = made.location.split('?').next().unwrap().to_owned();

    // One cannot go, so none goes; the page says which and why.
    let mut form = rita.get(&source).await.form("#form");
    put(&mut form, "with-translations", "1");
    let refused = rita.post_form(&format!("{source}/publish"), &form).await.expect(422);
    assert!(refused.words("#refusal").contains("„In English“ kann noch nicht hinaus"), "{}", refused.text);
    assert_eq!(
        (state(&server, &source).await, state(&server, &english).await),
        ("draft".into(), "draft".into())
    );

    let mut form = rita.get(&english).await.form("#form");
    put(&mut form, "body", "Text.");
    rita.post_form(&english, &form).await.expect(303);
    let mut form = rita.get(&source).await.form("#form");
    put(&mut form, "with-translations", "1");
    rita.post_form(&format!("{source}/publish"), &form).await.expect(303);
    assert_eq!(
        (state(&server, &source).await, state(&server, &english).await),
        ("published".into(), "published".into())
    );

    // Going out makes no translation stale; another text does.
    assert!(!rita.get("/admin/releases").await.text.contains("veraltet"));
    // Times are told apart to the microsecond; the clock moves on by more than that.
    let mut form = rita.get(&source).await.form("#form");
    put(&mut form, "body", "Der erste Absatz, berichtigt.");
    rita.post_form(&source, &form).await.expect(303);
    assert_eq!(rita.get("/admin/releases").await.text.matches("Übersetzung veraltet").count(), 1);
    assert!(rita.get(&source).await.words("#h-siblings + ul").contains("veraltet"));
    assert!(rita.get(&english).await.text.contains("Die Vorlage wurde nach dieser Fassung geändert"));

    // Two at one release hear of each other, until one leaves.
    assert!(!rita.get(&source).await.has(".presence li"));
    let told = anna.get(&source).await.words(".presence li");
    assert!(told.starts_with("Rita hat diese Meldung seit ") && told.ends_with(" Uhr geöffnet."), "{told}");
    let heard = rita.post(&format!("{source}/presence"), &[]).await.expect(200).text;
    assert!(heard.contains("Rita hat diese Meldung seit"), "{heard}");
    anna.post(&format!("{source}/presence?gone=true"), &[]).await.expect(200);
    assert_eq!(rita.post(&format!("{source}/presence"), &[]).await.expect(200).text, "[]");
}
