//! What the site offers beside what was asked for: below a release, and where an address leads nowhere.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, eventually, id_of, now};

on_both_engines!(a_lost_reader_is_led_to_what_was_meant, what_is_near_stands_below_a_release);

/// Releases on other things, and one on the lighthouse that nobody may see yet.
async fn fill(desk: &Client) {
    let until = now() + SignedDuration::from_hours(1);
    let closed = Client::plain_release("Leuchtturm geheim: Saniert wird 2031");
    let closed = desk.post("/api/v1/releases", closed).await.expect(201).json();
    let publish = format!("/api/v1/releases/{}/publish", id_of(&closed));
    desk.post(&publish, json!({ "embargo_until": until.to_string() })).await.expect(200);
    for (headline, body) in [
        ("Haushalt beschlossen", "Die Ratsmitglieder stimmten am Abend für mehr Spielplätze."),
        ("Neue Buslinie fährt nachts", "Von Mitternacht bis vier kommt jede Stunde ein Wagen."),
        ("Schwimmbad öffnet früher", "Das Wasser hat schon zwanzig Grad."),
    ] {
        desk.published(release(headline, body)).await;
    }
}

fn release(headline: &str, body: &str) -> Value {
    let mut release = Client::plain_release(headline);
    release["body"] = json!(body);
    release
}

/// The releases a page links to from a heading on.
fn linked(page: &str, heading: &str) -> Vec<String> {
    let Some((_, below)) = page.split_once(&format!("id=\"{heading}\"")) else { return Vec::new() };
    let below = below.split("</section>").next().unwrap();
    let links =
        below.split("href=\"/releases/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut slugs: Vec<String> = links.collect();
    slugs.dedup();
    slugs
}

async fn a_lost_reader_is_led_to_what_was_meant(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let wanted = desk.published(Client::plain_release("Leuchtturm wird saniert")).await;
    let wanted = wanted["slug"].as_str().unwrap();
    fill(&desk).await;
    let offered = async |path: &str| linked(&public.get(path).await.expect(404).text(), "h-offered");
    for path in
        ["/releases/leuchtturm-wird-sanirt", "/presse/2019/sanierung-leuchtturm.html", "/releases/leuchtturn"]
    {
        eventually(3.0, path, async || (offered(path).await.first()? == wanted).then_some(())).await;
        let all = offered(path).await;
        assert!(!all.iter().any(|slug| slug.contains("geheim")), "{path} offers {all:?}");
    }
    // Where nothing is near there is the latest.
    assert_eq!(offered("/xyzzy-quux").await.first().unwrap(), "schwimmbad-oeffnet-frueher");
}

async fn what_is_near_stands_below_a_release(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let body = "Seit hundert Jahren leuchtet das Bauwerk an der Küste.";
    let one = desk.published(release("Leuchtturm wird saniert", body)).await;
    let body = "Das Bauwerk an der Küste gehört zu den ältesten des Landes.";
    let other = desk.published(release("Warum der Leuchtturm so viele Gäste hat", body)).await;
    fill(&desk).await;
    let slug = |release: &Value| release["slug"].as_str().unwrap().to_owned();
    for (shown, near) in [(&one, &other), (&other, &one)] {
        let page = format!("/releases/{}", slug(shown));
        let expected = [slug(near)];
        eventually(3.0, &page, async || {
            (linked(&public.get(&page).await.expect(200).text(), "h-related") == expected).then_some(())
        })
        .await;
    }
}
