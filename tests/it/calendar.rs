//! The month on the desk's overview, in the newsroom's zone.

use scraper::{Html, Selector};
use serde_json::json;

use crate::desk::{Browser, Shown};
use crate::harness::{Client, Newsroom, id_of};

on_both_engines!(what_is_due_stands_on_its_day);

/// What stands on a day such as `2031-03-01`.
fn day(page: &Shown, date: &str) -> String {
    let html = Html::parse_document(&page.text);
    let cell = Selector::parse(&format!("td:has(time[datetime=\"{date}\"])")).unwrap();
    let cell = html.select(&cell).next().unwrap_or_else(|| panic!("no {date} in\n{}", page.text));
    cell.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn what_is_due_stands_on_its_day(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    for (headline, at, step) in [
        // In London it is still February.
        ("Kurz nach Mitternacht", "2031-03-01T00:30", "schedule"),
        ("Kurz vor Mitternacht", "2031-03-31T23:30", "publish"),
        ("Im April", "2031-04-01T00:00", "schedule"),
    ] {
        let release = desk.post("/api/v1/releases", Client::plain_release(headline)).await.expect(201).json();
        let at = json!({ "local": at, "zone": "Europe/Berlin" });
        let name = if step == "publish" { "embargo_until" } else { "publish_at" };
        let path = format!("/api/v1/releases/{}/{step}", id_of(&release));
        desk.post(&path, json!({ name: at })).await.expect(200);
    }
    let at = |local: &str| json!({ "local": local, "zone": "Europe/Berlin" });
    let fair = json!({ "title": "Frühjahrsmesse", "starts_at": at("2031-02-27T09:00"),
        "ends_at": at("2031-03-02T00:00"), "state": "published" });
    desk.post("/api/v1/events", fair).await.expect(201);
    let talk = json!({ "title": "Pressegespräch", "starts_at": at("2031-03-12T11:00"), "status": "cancelled",
        "state": "published" });
    desk.post("/api/v1/events", talk).await.expect(201);

    let mut rita = Browser::signed_in(room, &server, "author").await;
    let march = rita.get("/admin?month=2031-03").await.expect(200);
    assert_eq!(march.words("table.calendar caption"), "März 2031");
    // The first of March 2031 is a Saturday: five empty places before it.
    assert!(march.text.contains(&format!("<tr>{}<td class=\"day", "<td></td>".repeat(5))), "{}", march.text);
    assert_eq!(
        day(&march, "2031-03-01"),
        "1 Samstag, 1. März 2031 Termin Frühjahrsmesse 00:30 Geplant Kurz nach Mitternacht"
    );
    assert!(!day(&march, "2031-03-02").contains("Frühjahrsmesse"), "midnight ends the day before");
    assert!(
        day(&march, "2031-03-12").ends_with("11:00 Abgesagt Pressegespräch"),
        "{}",
        day(&march, "2031-03-12")
    );
    assert!(day(&march, "2031-03-31").ends_with("23:30 Sperrfrist Kurz vor Mitternacht"));
    assert!(!march.words("table.calendar").contains("Im April"));
    assert!(march.text.contains("/admin?month=2031-02#") && march.text.contains("/admin?month=2031-04#"));
    let february = rita.get("/admin?month=2031-02").await.expect(200);
    assert!(day(&february, "2031-02-27").contains("09:00 Termin Frühjahrsmesse"));
    assert!(day(&february, "2031-02-28").ends_with("2031 Termin Frühjahrsmesse"));
    assert!(
        rita.get("/admin?month=2031-05").await.expect(200).text.contains("In diesem Monat steht nichts an.")
    );
    for wrong in ["2031-13", "x", "99999-01"] {
        let present = rita.get(&format!("/admin?month={wrong}")).await.expect(200);
        assert!(present.words("td.today").contains("Heute"), "{wrong}");
    }
}
