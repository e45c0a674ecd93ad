//! The words of many photos leave as a table, are edited in a spreadsheet and come back.

use serde_json::json;

use crate::desk::Browser;
use crate::harness::{Newsroom, id_of, images, run_ok};

on_both_engines!(a_table_is_edited_and_read_back,);

/// Python reads the table as a spreadsheet in German would and writes it as Excel does: semicolons, Windows-1252.
const EDIT: &str = r#"
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline=""), delimiter=";"))
head, rows = rows[0], rows[1:]
at = {name: head.index(name) for name in ("ID", "Bildtext", "Personen im Bild", "Titel")}
by_title = {row[at["Titel"]]: row for row in rows}
assert by_title["Kran"][at["Bildtext"]] == "Der Kran; \"groß\"\nzweite Zeile", by_title
assert by_title["Formel"][at["Bildtext"]] == "'=1+1", by_title
by_title["Kran"][at["Bildtext"]] = "Der Kran im März – „neu“"
by_title["Kran"][at["Personen im Bild"]] = "Ada Muster, Bo Muster"
wrong = by_title["Falsch"][:]
wrong[head.index(sys.argv[3])] = "nirgends"
out = [by_title["Kran"], by_title["Formel"], wrong, ["kein Bild"] + [""] * (len(head) - 1), by_title["Kran"]]
csv.writer(open(sys.argv[2], "w", encoding="cp1252", newline=""), delimiter=";", lineterminator="\r\n").writerows([head] + out)
"#;

async fn a_table_is_edited_and_read_back(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut ids = Vec::new();
    for (seed, title, caption) in [
        (81, "Kran", "Der Kran; \"groß\"\nzweite Zeile"),
        (82, "Formel", "=1+1"),
        (83, "Falsch", "Bleibt"),
        (84, "Anderes", "Bleibt auch"),
    ] {
        let words = json!({ "title": title, "caption": caption, "credit": "Messe" });
        let asset = desk.upload_ready("bild.jpg", images::jpeg(320, 240, seed), words).await;
        ids.push(id_of(&asset).to_owned());
    }
    let mut browser = Browser::signed_in(room, &server, "author").await;
    let grid = browser.get("/admin/photos?q=kran").await.expect(200);
    assert!(
        grid.text.contains("/admin/photos/table.csv?state=&amp;kind=&amp;q=kran")
            || grid.text.contains("table.csv?state=&#38;kind=&#38;q=kran")
    );
    let only = browser.get("/admin/photos/table.csv?state=&kind=&q=kran").await.expect(200).text;
    assert!(only.contains("Kran") && !only.contains("Anderes"), "{only}");

    let table = browser.get("/admin/photos/table.csv").await.expect(200).text;
    let (given, edited) = (room.folder().join("photos.csv"), room.folder().join("edited.csv"));
    std::fs::write(&given, &table).unwrap();
    let head = table.trim_start_matches('\u{feff}').lines().next().unwrap();
    let rights = head.split(';').nth(9).unwrap().to_owned();
    run_ok("python3", &["-c", EDIT, given.to_str().unwrap(), edited.to_str().unwrap(), &rights]);
    let shown =
        browser.upload("/admin/photos/table", &[("edited.csv", std::fs::read(&edited).unwrap())]).await;
    let page = shown.expect(200);
    assert!(page.words(".errors").contains("Zeile 4:"), "the wrong address: {}", page.words(".errors"));
    assert!(page.words(".errors").contains("Zeile 5: Die ID fehlt"), "{}", page.words(".errors"));
    assert!(page.words(".errors").contains("Zeile 6: Dieses Bild kommt"), "{}", page.words(".errors"));
    assert!(page.words(".note").contains("Ein Bild würde sich ändern"), "{}", page.words(".note"));
    assert!(page.words(".diff").contains("„neu“"), "{}", page.words(".diff"));
    // Nothing has changed before it is confirmed.
    let path = format!("/api/v1/assets/{}", ids[0]);
    assert_eq!(desk.get(&path).await.json()["caption"], "Der Kran; \"groß\"\nzweite Zeile");
    let form = page.form("form.sheet");
    browser.post_form("/admin/photos/sheet", &form).await.expect(303);
    let asset = desk.get(&path).await.json();
    assert_eq!(asset["caption"], "Der Kran im März – „neu“");
    assert_eq!(asset["persons"], json!(["Ada Muster", "Bo Muster"]));
    assert_eq!((&asset["title"], &asset["credit"]), (&json!("Kran"), &json!("Messe")));
    for (id, caption) in [(&ids[1], "=1+1"), (&ids[2], "Bleibt"), (&ids[3], "Bleibt auch")] {
        assert_eq!(desk.get(&format!("/api/v1/assets/{id}")).await.json()["caption"], caption);
    }
    // The table as it was given changes nothing; what is no table says so.
    let table = browser.get("/admin/photos/table.csv").await.expect(200).text;
    let same = browser.upload("/admin/photos/table", &[("same.csv", table.into_bytes())]).await.expect(200);
    assert!(same.words(".note").contains("Kein Bild würde sich ändern"), "{}", same.words(".note"));
    for (name, bytes) in
        [("a.xlsx", &b"PK\x03\x04rest"[..]), ("a.csv", b"Titel;Credit\nKran;Messe\n"), ("b.csv", b"")]
    {
        let refused = browser.upload("/admin/photos/table", &[(name, bytes.to_vec())]).await.expect(422);
        assert!(!refused.words(".errors").is_empty(), "{name}");
    }
}
