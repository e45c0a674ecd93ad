//! A button that is pressed twice, and a browser that hangs up on the first press: one step, one entry in the log.

use serde_json::json;

use crate::desk::{Browser, field, put};
use crate::harness::{Newsroom, id_of};

on_both_engines!(
    a_step_pressed_twice_is_taken_once,
    a_step_cut_off_behind_its_text_is_taken_by_the_next_press,
    a_step_on_an_old_form_says_that_it_was_not_taken,
);

const ROUNDS: usize = 8;

async fn taken(browser: &mut Browser, id: &str) -> usize {
    let history = browser.get(&format!("/admin/releases/{id}/history")).await.expect(200);
    history.text.matches("<strong>Veröffentlicht</strong>").count()
}

async fn a_step_pressed_twice_is_taken_once(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    for round in 0..ROUNDS {
        let draft = json!({ "language": "de", "headline": format!("Runde {round}"), "body": "Der Text." });
        let release = desk.post("/api/v1/releases", draft).await.expect(201).json();
        let id = id_of(&release).to_owned();
        let mut form = rita.get(&format!("/admin/releases/{id}")).await.expect(200).form("#form");
        // Every other time what is typed has to be stored first, which is a write of its own.
        if round % 2 == 0 {
            put(&mut form, "headline", &format!("Runde {round}, geändert"));
        }
        let path = format!("/admin/releases/{id}/publish");
        let (mut one, mut other) = (rita.another(), rita.another());
        let (first, second) = tokio::join!(one.post_form(&path, &form), other.post_form(&path, &form));
        for answer in [first, second] {
            let answer = answer.expect(303);
            assert_eq!(answer.location, format!("/admin/releases/{id}?done=published"), "round {round}");
        }
        let release = desk.get(&format!("/api/v1/releases/{id}")).await.expect(200).json();
        assert_eq!(release["state"], "published");
        assert_eq!(taken(&mut rita, &id).await, 1, "round {round}");
    }
}

async fn a_step_cut_off_behind_its_text_is_taken_by_the_next_press(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let draft = json!({ "language": "de", "headline": "Entwurf", "body": "Der Text." });
    let release = desk.post("/api/v1/releases", draft.clone()).await.expect(201).json();
    let id = id_of(&release).to_owned();
    let page = format!("/admin/releases/{id}");
    let mut form = rita.get(&page).await.expect(200).form("#form");
    put(&mut form, "headline", "Fertig");
    // The first press came as far as storing the text.
    rita.post_form(&page, &form).await.expect(303);
    let done = rita.post_form(&format!("{page}/publish"), &form).await.expect(303);
    assert_eq!(done.location, format!("{page}?done=published"));
    let release = desk.get(&format!("/api/v1/releases/{id}")).await.expect(200).json();
    assert_eq!((&release["state"], &release["headline"]), (&json!("published"), &json!("Fertig")));

    // What a colleague has written since is not published unseen.
    let release = desk.post("/api/v1/releases", draft.clone()).await.expect(201).json();
    let id = id_of(&release).to_owned();
    let page = format!("/admin/releases/{id}");
    let form = rita.get(&page).await.expect(200).form("#form");
    let change = json!({ "body": "Ein ganz anderer Text." });
    desk.patch(&format!("/api/v1/releases/{id}"), change).await.expect(200);
    let answer = rita.post_form(&format!("{page}/publish"), &form).await;
    assert!(!answer.location.contains("done=published"), "{}", answer.location);
    assert_eq!(desk.get(&format!("/api/v1/releases/{id}")).await.json()["state"], "draft");
}

/// What the colleague wrote, and what was typed by hand over an old version.
async fn a_step_on_an_old_form_says_that_it_was_not_taken(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let draft = json!({ "language": "de", "headline": "Entwurf", "body": "Der Text." });
    let change = json!({ "body": "Ein ganz anderer Text." });
    for (typed, step, button) in [
        (None, "publish", "Jetzt veröffentlichen"),
        (Some("Mein Titel"), "publish", "Jetzt veröffentlichen"),
        (None, "submit", "Zur Freigabe vorlegen"),
        (None, "delete", "Endgültig löschen"),
    ] {
        let release = desk.post("/api/v1/releases", draft.clone()).await.expect(201).json();
        let (id, page) = (id_of(&release).to_owned(), format!("/admin/releases/{}", id_of(&release)));
        let path = format!("/api/v1/releases/{id}");
        let mut form = rita.get(&page).await.expect(200).form("#form");
        if let Some(headline) = typed {
            put(&mut form, "headline", headline);
        }
        let theirs = desk.patch(&path, change.clone()).await.expect(200).json();
        let told = rita.post_form(&format!("{page}/{step}"), &form).await.expect(409);
        let refusal = told.words("#refusal");
        assert!(refusal.contains("ist nicht geschehen") && refusal.contains(button), "{step}: {refusal}");
        let conflict = told.words("#conflict");
        assert!(
            conflict.contains("token:") && conflict.contains("Noch ist nichts überschrieben"),
            "{conflict}"
        );
        assert!(!told.text.contains("Gespeichert."), "{step} claims to have stored something");
        // As the colleague has left it, to the last field.
        assert_eq!(desk.get(&path).await.expect(200).json(), theirs, "{step}");
        // The page shows what there is now; pressed again on that, it happens.
        let form = told.form("#form");
        assert_eq!(field(&form, "body"), "Ein ganz anderer Text.");
        assert_eq!(field(&form, "headline"), typed.unwrap_or("Entwurf"));
        if step == "publish" {
            let done = rita.post_form(&format!("{page}/publish"), &form).await.expect(303);
            assert_eq!(done.location, format!("{page}?done=published"));
            let release = desk.get(&path).await.expect(200).json();
            assert_eq!((&release["state"], &release["body"]), (&json!("published"), &change["body"]));
            assert_eq!(release["headline"], typed.unwrap_or("Entwurf"));
        }
    }
}
