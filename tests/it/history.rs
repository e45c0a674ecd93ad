//! The history of a release as the desk tells it: deeds and things by their names, moments by the newsroom's clock.

use serde_json::json;

use crate::desk::Browser;
use crate::harness::{Client, Newsroom, id_of, images, temp_dir};

on_both_engines!(a_history_speaks_as_people_do, what_was_only_planned_was_not_published);

/// Whether it holds something like `01a22c74-b8f6-7814-aae9-ce4b6425faf4`.
fn has_id(text: &str) -> bool {
    let is_id = |word: &str| {
        let parts: Vec<usize> = word.split('-').map(str::len).collect();
        parts == [8, 4, 4, 4, 12] && word.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
    };
    text.split(|c: char| !(c == '-' || c.is_ascii_alphanumeric())).any(is_id)
}

async fn a_history_speaks_as_people_do(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    let titled = json!({ "title": "Halle Nord" });
    let titled = desk.upload_ready("nord.jpg", images::jpeg(300, 200, 1), titled).await;
    let bare = desk.upload_ready("sued.jpg", images::jpeg(300, 200, 2), json!({})).await;
    let ada = desk.post("/api/v1/contacts", json!({ "name": "Ada Muster" })).await.expect(201).json();
    let ben = desk.post("/api/v1/contacts", json!({ "name": "Ben Beispiel" })).await.expect(201).json();
    let first = desk.post("/api/v1/releases", Client::plain_release("Die erste")).await.expect(201).json();
    let release = desk.post("/api/v1/releases", Client::plain_release("Die zweite")).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let full = json!({
        "assets": [id_of(&titled), id_of(&bare)], "contacts": [id_of(&ada), id_of(&ben)], "related": [id_of(&first)],
    });
    desk.patch(&path, full).await.expect(200);
    desk.patch(&path, json!({ "contacts": [id_of(&ada)] })).await.expect(200);
    desk.delete(&format!("/api/v1/contacts/{}", id_of(&ben))).await.expect(204);

    let address = format!("/admin/releases/{}/history", id_of(&release));
    let history = officer.get(&address).await.expect(200);
    let told = history.words(".deeds");
    for name in ["Halle Nord", "sued.jpg", "Ada Muster", "gelöschter Kontakt", "Die erste"] {
        assert!(told.contains(name), "{name} in {told}");
    }
    assert!(!has_id(&told) && !told.contains("edited_at"), "{told}");
    // Who left is all that changed, not who stayed.
    assert_eq!(history.words("del").trim(), "gelöschter Kontakt");

    let bundle = temp_dir();
    std::fs::create_dir(bundle.path().join("releases")).unwrap();
    let text = "+++\nlanguage = \"de\"\nheadline = \"Die zweite, neu\"\n+++\nDer Text.\n";
    std::fs::write(bundle.path().join("releases/die-zweite.md"), text).unwrap();
    room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
    let told = officer.get(&address).await.expect(200).words(".deeds");
    assert!(told.starts_with("Importiert"), "{told}");
}

async fn what_was_only_planned_was_not_published(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    let release = desk.post("/api/v1/releases", Client::plain_release("Geheim")).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let embargo = json!({ "embargo_until": { "local": "2099-02-01T09:30", "zone": "Europe/London" } });
    desk.post(&format!("{path}/publish"), embargo).await.expect(200);
    let address = format!("/admin/releases/{}/history", id_of(&release));
    let history = officer.get(&address).await.expect(200);
    assert_eq!(history.words(".deed-head strong"), "Mit Sperrfrist versehen");
    let told = history.words(".deeds");
    // Half past nine in London is half past ten where the newsroom is.
    assert!(told.contains("01.02.2099, 10:30") && told.contains("Sperrfrist"), "{told}");
    for inside in ["Veröffentlicht", "embargoed", "draft", "2099-02-01"] {
        assert!(!told.contains(inside), "{inside} in {told}");
    }
    desk.post(&format!("{path}/withdraw"), json!({ "reason": "Zu früh" })).await.expect(200);
    assert_eq!(officer.get(&address).await.expect(200).words(".deed-head strong"), "Planung aufgehoben");
    desk.post_empty(&format!("{path}/publish")).await.expect(200);
    assert_eq!(officer.get(&address).await.expect(200).words(".deed-head strong"), "Veröffentlicht");
}
