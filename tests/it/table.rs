//! The words of many photos leave as a table, are edited in a spreadsheet and come back.

use serde_json::json;

use crate::desk::Browser;
use crate::harness::{Newsroom, id_of, images, run_ok, test_variable};

on_both_engines!(
    a_table_is_edited_and_read_back,
    a_workbook_is_edited_and_read_back,
    a_workbook_that_libreoffice_saved_is_read_back,
    what_looks_like_a_number_comes_back_as_it_was,
);

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

/// What a program that writes workbooks makes of ours: once only saved again, once edited with numbers and dates where
/// texts stood, and a workbook that unpacks to far more than it is.
const BOOKS: &str = r##"
import datetime, openpyxl, sys, zipfile
given, same, edited, bomb = sys.argv[1:]
book = openpyxl.load_workbook(given)
sheet = book.active
head = [cell.value for cell in sheet[1]]
at = {name: head.index(name) + 1 for name in head}
by_title = {row[at["Titel"] - 1].value: row for row in sheet.iter_rows(min_row=2)}
def cell(title, column):
    return by_title[title][at[column] - 1]
assert cell("Kran", "Bildtext").value == "Der Kran; \"gro\u00df\"\nzweite Zeile", cell("Kran", "Bildtext").value
for row in sheet.iter_rows():
    for each in row:
        assert each.value is None or each.data_type == "s", (each.coordinate, each.data_type, each.value)
        assert each.number_format == "@", (each.coordinate, each.number_format)
assert cell("Formel", "Bildtext").value == "=1+1" and cell("Formel", "Bildtext").quotePrefix
assert cell("Nummer", "Bildnachweis").value == "007" and cell("Nummer", "Bildtext").value == "3.12.2026"
book.save(same)
rights, taken = cell("Kran", "Rechte bis"), cell("Kran", "Aufgenommen")
rights.value, rights.number_format = datetime.date(2027, 6, 30), "dd.mm.yyyy"
taken.value, taken.number_format = datetime.datetime(2026, 3, 4, 15, 30), "dd.mm.yyyy hh:mm"
cell("Kran", "Bildtext").value = "Der Kran im M\u00e4rz \u2013 \u201eneu\u201c"
cell("Nummer", "Bildtext").value = "=HYPERLINK(\"https://example.com\")"
place = cell("Nummer", "Aufnahmeort")
place.value, place.number_format = 2026.5, "General"
cell("Falsch", "Bildtext").value = "#REF!"
sheet.append(["kein Bild"])
book.create_sheet("Notizen")["A1"] = "nur f\u00fcr uns"
book.save(edited)
with zipfile.ZipFile(given) as whole, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
    for name in whole.namelist():
        text = whole.read(name)
        if name.endswith("sheet1.xml"):
            text = text.replace(b"</sheetData>", b" " * (400 << 20) + b"</sheetData>")
        out.writestr(name, text)
"##;

async fn a_workbook_is_edited_and_read_back(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut ids = Vec::new();
    for (seed, title, caption, credit) in [
        (91, "Kran", "Der Kran; \"groß\"\nzweite Zeile", "Messe"),
        (92, "Formel", "=1+1", "+49 30 1234"),
        (93, "Nummer", "3.12.2026", "007"),
        (94, "Falsch", "Bleibt", "Messe"),
    ] {
        let words = json!({ "title": title, "caption": caption, "credit": credit });
        let asset = desk.upload_ready("bild.jpg", images::jpeg(320, 240, seed), words).await;
        ids.push(id_of(&asset).to_owned());
    }
    let mut browser = Browser::signed_in(room, &server, "author").await;
    let grid = browser.get("/admin/photos?q=kran").await.expect(200);
    assert!(grid.text.contains("/admin/photos/table.xlsx?state="), "{}", grid.words(".table-tools"));
    let table = browser.download("/admin/photos/table.xlsx").await.expect(200);
    assert_eq!(
        table.header("content-type"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    let path = |name: &str| room.folder().join(name).to_str().unwrap().to_owned();
    let (given, same, edited, bomb) =
        (path("photos.xlsx"), path("same.xlsx"), path("edited.xlsx"), path("bomb.xlsx"));
    std::fs::write(&given, &table.body).unwrap();
    let python = format!("{}/python/bin/python", test_variable("PRESSROOM_TEST_TOOLS"));
    run_ok(&python, &["-c", BOOKS, &given, &same, &edited, &bomb]);
    let bytes = |file: &str| std::fs::read(file).unwrap();

    // Neither our own table nor one that was only saved again changes anything.
    for file in [&given, &same] {
        let page = browser.upload("/admin/photos/table", &[("a.xlsx", bytes(file))]).await.expect(200);
        assert!(page.words(".note").contains("Kein Bild würde sich ändern"), "{}", page.words(".note"));
        assert!(!page.has(".errors"), "{}", page.words(".errors"));
    }
    let page = browser.upload("/admin/photos/table", &[("a.xlsx", bytes(&edited))]).await.expect(200);
    let errors = page.words(".errors");
    assert!(errors.contains("#REF!") && errors.contains("Bildtext"), "{errors}");
    assert!(errors.contains("Zeile 6: Die ID fehlt"), "{errors}");
    let form = page.form("form.sheet");
    browser.post_form("/admin/photos/sheet", &form).await.expect(303);
    let asset = async |at: usize| desk.get(&format!("/api/v1/assets/{}", ids[at])).await.expect(200).json();
    let crane = asset(0).await;
    assert_eq!(crane["caption"], "Der Kran im März – „neu“");
    assert_eq!(crane["rights_until"], "2027-06-30T21:59:59Z");
    assert_eq!(crane["date_created"], "2026-03-04T15:30");
    assert_eq!((&crane["title"], &crane["credit"]), (&json!("Kran"), &json!("Messe")));
    assert_eq!(asset(1).await["caption"], "=1+1");
    assert_eq!(asset(1).await["credit"], "+49 30 1234");
    let number = asset(2).await;
    assert_eq!(number["caption"], "=HYPERLINK(\"https://example.com\")");
    assert_eq!((&number["credit"], &number["location"]), (&json!("007"), &json!("2026,5")));
    assert_eq!(asset(3).await["caption"], "Bleibt");

    // What cannot be read says in words why.
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(64);
    let old = encrypted.clone();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let whole = bytes(&edited);
    for (wrong, said) in [
        (whole[..whole.len() / 2].to_vec(), "beschädigt"),
        (bytes(&bomb), "zu groß"),
        (encrypted, "Kennwort"),
        (old, "bis 2003"),
        (images::jpeg(32, 32, 1).to_vec(), "Überschriften"),
    ] {
        let refused = browser.upload("/admin/photos/table", &[("a.xlsx", wrong)]).await.expect(422);
        assert!(refused.words(".errors").contains(said), "{said}: {}", refused.words(".errors"));
    }
}

/// Our own table, opened, edited and saved by LibreOffice Calc 7.4: a text, a date, a date with a time, a number and a
/// formula were typed into it. The ids of its photos are those of no newsroom.
const SAVED_BY_LIBREOFFICE: &[u8] = include_bytes!("tables/libreoffice.xlsx");

async fn a_workbook_that_libreoffice_saved_is_read_back(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut ids = Vec::new();
    for (seed, words) in (101..).zip([
        json!({
            "title": "Kran", "caption": "Der Kran; \"groß\"\nzweite Zeile", "credit": "Messe",
            "persons": ["Ada Muster", "Bo Muster"], "date_created": "2026-03-04",
        }),
        json!({
            "title": "Formel", "caption": "=1+1", "alt_text": "-5", "credit": "+49 30 1234", "creator": "@home",
            "usage_terms": "bleibt",
        }),
        json!({
            "title": "Nummer", "caption": "3.12.2026", "alt_text": "WAHR", "credit": "007", "creator": "1e5",
            "copyright_notice": "10 %", "usage_terms": "0,30", "date_created": "2026", "location": "1/2",
        }),
        json!({
            "title": "#NV", "caption": "'s war  einmal", "alt_text": "'=1", "credit": "📷 „Größe“",
            "creator": "<b>&amp;</b>", "date_created": "2025-11-03T10:20", "rights_until": "2099-06-30T21:59:59Z",
        }),
    ]) {
        let asset = desk.upload_ready("bild.jpg", images::jpeg(320, 240, seed), words).await;
        ids.push(id_of(&asset).to_owned());
    }
    let asset = async |at: usize| desk.get(&format!("/api/v1/assets/{}", ids[at])).await.expect(200).json();
    let (formula, number, mark) = (asset(1).await, asset(2).await, asset(3).await);

    let (given, ours) = (room.folder().join("calc.xlsx"), room.folder().join("ours.xlsx"));
    std::fs::write(&given, SAVED_BY_LIBREOFFICE).unwrap();
    let mut arguments = vec!["-c", OUR_IDS, given.to_str().unwrap(), ours.to_str().unwrap()];
    arguments.extend(ids.iter().map(String::as_str));
    run_ok("python3", &arguments);
    let mut browser = Browser::signed_in(room, &server, "author").await;
    let page = browser.upload("/admin/photos/table", &[("a.xlsx", std::fs::read(&ours).unwrap())]).await;
    let page = page.expect(200);
    assert!(!page.has(".errors"), "{}", page.words(".errors"));
    assert!(
        page.words(".note").contains("3 Bilder würden sich ändern; eines bleibt"),
        "{}",
        page.words(".note")
    );
    let form = page.form("form.sheet");
    browser.post_form("/admin/photos/sheet", &form).await.expect(303);

    let crane = asset(0).await;
    assert_eq!(crane["caption"], "Der Kran im März – „neu“");
    assert_eq!(
        (&crane["rights_until"], &crane["date_created"]),
        (&json!("2028-06-30T21:59:59Z"), &json!("2026-03-04T15:30"))
    );
    assert_eq!((&crane["persons"], &crane["credit"]), (&json!(["Ada Muster", "Bo Muster"]), &json!("Messe")));
    let others = [
        "title",
        "caption",
        "alt_text",
        "credit",
        "creator",
        "copyright_notice",
        "date_created",
        "rights_until",
    ];
    for (at, before) in [(1, formula), (2, number), (3, mark)] {
        let after = asset(at).await;
        for name in others {
            assert_eq!(after[name], before[name], "{name} of {}", before["title"]);
        }
    }
    assert_eq!(
        (&asset(1).await["usage_terms"], &asset(2).await["location"]),
        (&json!("frei2"), &json!("2026,5"))
    );
    assert_eq!(asset(2).await["usage_terms"], "0,30");
}

/// Puts the ids of a newsroom into a workbook, in the place of those that it came with.
const OUR_IDS: &str = r#"
import sys, zipfile
given, ours, *ids = sys.argv[1:]
with zipfile.ZipFile(given) as whole, zipfile.ZipFile(ours, "w", zipfile.ZIP_DEFLATED) as out:
    for name in whole.namelist():
        part = whole.read(name)
        for number, id in enumerate(ids, 1):
            part = part.replace(f"00000000-0000-7000-8000-{number:012}".encode(), id.encode())
        out.writestr(name, part)
"#;

/// What a spreadsheet does with a table of texts by commas when nobody tells it what is a number: each cell that looks
/// like one is written anew, in its own way.
const GUESSED: &str = r#"
import csv, re, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline=""), delimiter=";"))
def guess(cell):
    if re.fullmatch(r"[0-9]+", cell):
        return str(int(cell))
    if re.fullmatch(r"[0-9]+,[0-9]+", cell):
        return re.sub(r",?0+$", "", cell)
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", cell):
        return ".".join(reversed(match.groups()))
    if match := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", cell):
        return f"{int(match[1]):02}.{int(match[2]):02}.{match[3]}"
    if re.fullmatch(r"[0-9]+ ?%", cell):
        return "0," + cell.rstrip("% ")
    return {"wahr": "WAHR", "1e5": "100000"}.get(cell, cell)
out = csv.writer(open(sys.argv[2], "w", encoding="utf-8", newline=""), delimiter=";")
out.writerows([[guess(cell) for cell in row] for row in rows])
"#;

async fn what_looks_like_a_number_comes_back_as_it_was(room: &Newsroom) {
    let server = room.start().await;
    let words = json!({
        "title": "4711", "caption": "  3.12.2026 ", "alt_text": "wahr", "credit": "007", "creator": "1e5",
        "copyright_notice": "10 %", "usage_terms": "0,30", "date_created": "2026-03-04", "location": "2026-12-03",
        "rights_until": "2099-06-30T21:59:59Z", "keywords": ["1", "2"],
    });
    server.desk().upload_ready("bild.jpg", images::jpeg(320, 240, 111), words).await;
    let mut browser = Browser::signed_in(room, &server, "author").await;
    let table = browser.get("/admin/photos/table.csv").await.expect(200).text;
    let (given, guessed) = (room.folder().join("photos.csv"), room.folder().join("guessed.csv"));
    std::fs::write(&given, &table).unwrap();
    run_ok("python3", &["-c", GUESSED, given.to_str().unwrap(), guessed.to_str().unwrap()]);
    for file in [&given, &guessed] {
        let bytes = std::fs::read(file).unwrap();
        let page = browser.upload("/admin/photos/table", &[("a.csv", bytes)]).await.expect(200);
        assert!(
            page.words(".note").contains("Kein Bild würde sich ändern"),
            "{} {}",
            page.words(".note"),
            page.words(".diff")
        );
    }
}
