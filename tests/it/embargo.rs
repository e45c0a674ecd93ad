//! What the clock does: embargoes lift and schedules come without anybody's call; withdrawing closes all again.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{
    Client, Newsroom, Server, eventually, id_of, images, now, public_url_of_photo, sleep_ms, soon,
};

on_both_engines!(
    an_embargo_lifts_by_itself,
    a_schedule_comes_by_itself,
    an_embargo_lifts_while_the_server_is_down,
    withdrawing_closes_everything,
    a_planned_release_can_be_called_off,
    local_times_are_resolved_and_impossible_ones_refused,
);

struct Piece {
    release: Value,
    asset: Value,
}

impl Piece {
    async fn write(desk: &Client, headline: &str) -> Self {
        let asset =
            desk.upload_ready("bild.jpg", images::jpeg(900, 600, 1), json!({ "title": headline })).await;
        let mut release = Client::plain_release(headline);
        release["assets"] = json!([id_of(&asset)]);
        let release = desk.post("/api/v1/releases", release).await.expect(201).json();
        Self { release, asset }
    }

    fn path(&self) -> String {
        format!("/api/v1/releases/{}", id_of(&self.release))
    }

    fn url(&self) -> &str {
        self.release["url"].as_str().unwrap()
    }

    fn urls(&self) -> Vec<String> {
        let url = self.url();
        let mut urls: Vec<_> =
            ["", ".txt", ".md", ".json", "/photos.zip"].map(|end| format!("{url}{end}")).into();
        urls.push(public_url_of_photo(&self.asset));
        urls.push(self.asset["original"]["url"].as_str().unwrap().to_owned());
        for rendition in self.asset["renditions"].as_array().unwrap() {
            urls.push(rendition["url"].as_str().unwrap().to_owned());
        }
        urls.push(self.path());
        urls.push(format!("/api/v1/assets/{}", id_of(&self.asset)));
        urls
    }

    async fn statuses(&self, client: &Client) -> Vec<(String, u16)> {
        let mut statuses = Vec::new();
        for url in self.urls() {
            let status = client.get(&url).await.status;
            statuses.push((url, status));
        }
        statuses
    }

    async fn all_answer(&self, client: &Client, status: u16) {
        let wrong: Vec<_> =
            self.statuses(client).await.into_iter().filter(|(_, got)| *got != status).collect();
        assert!(wrong.is_empty(), "not {status}: {wrong:?}");
    }
}

/// Lists, feeds and search speak of it or not.
async fn told_by(server: &Server, piece: &Piece) -> Vec<&'static str> {
    let public = server.public();
    let slug = piece.release["slug"].as_str().unwrap();
    let mut telling = Vec::new();
    for path in [
        "/",
        "/releases",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/sitemap.xml",
        "/search?q=leuchtturm",
        "/search.json?q=leuchtturm",
        "/api/v1/search?q=leuchtturm&kind=release",
        "/api/v1/releases",
    ] {
        if public.get(path).await.expect(200).text().contains(slug) {
            telling.push(path);
        }
    }
    telling
}

async fn an_embargo_lifts_by_itself(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let piece = Piece::write(&desk, "Leuchtturm wird saniert").await;
    let lifts_at = soon(6);
    let answer = desk
        .post(&format!("{}/publish", piece.path()), json!({ "embargo_until": lifts_at.to_string() }))
        .await
        .expect(200)
        .json();
    assert_eq!(answer["state"], "embargoed");
    piece.all_answer(&public, 404).await;
    assert_eq!(told_by(&server, &piece).await, Vec::<&str>::new());
    piece.all_answer(&desk, 200).await;
    assert!(now() < lifts_at, "the machine was too slow to see the closed state");

    while now() < lifts_at {
        sleep_ms(20).await;
    }
    // From that moment on, not from when some job has run.
    piece.all_answer(&public, 200).await;
    eventually(3.0, "lists and search speak of it", async || {
        (told_by(&server, &piece).await.len() == 10).then_some(())
    })
    .await;
    let release = public.get(&piece.path()).await.expect(200).json();
    assert_eq!(release["state"], "published");
    let published_at: jiff::Timestamp = release["published_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(published_at.as_second(), lifts_at.as_second());
}

async fn a_schedule_comes_by_itself(room: &Newsroom) {
    let server = room.start().await;
    let piece = Piece::write(&server.desk(), "Leuchtturm öffnet wieder").await;
    let at = soon(4);
    let answer = server
        .desk()
        .post(&format!("{}/schedule", piece.path()), json!({ "publish_at": at.to_string() }))
        .await
        .expect(200)
        .json();
    assert_eq!(answer["state"], "scheduled");
    assert_eq!(server.public().get(piece.url()).await.status, 404);
    while now() < at {
        sleep_ms(20).await;
    }
    piece.all_answer(&server.public(), 200).await;
    eventually(3.0, "lists and search speak of it", async || {
        (told_by(&server, &piece).await.len() == 10).then_some(())
    })
    .await;
}

async fn an_embargo_lifts_while_the_server_is_down(room: &Newsroom) {
    let mut server = room.start().await;
    let piece = Piece::write(&server.desk(), "Leuchtturm bei Nacht").await;
    let lifts_at = soon(2);
    let body = json!({ "embargo_until": lifts_at.to_string() });
    server.desk().post(&format!("{}/publish", piece.path()), body).await.expect(200);
    server.kill_9();
    while now() < lifts_at {
        sleep_ms(20).await;
    }
    let server = room.start().await;
    piece.all_answer(&server.public(), 200).await;
    eventually(3.0, "lists and search speak of it", async || {
        (told_by(&server, &piece).await.len() == 10).then_some(())
    })
    .await;
}

async fn withdrawing_closes_everything(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let piece = Piece::write(&desk, "Leuchtturm verkauft").await;
    desk.post_empty(&format!("{}/publish", piece.path())).await.expect(200);
    piece.all_answer(&public, 200).await;
    eventually(3.0, "search speaks of it", async || {
        (told_by(&server, &piece).await.len() == 10).then_some(())
    })
    .await;

    let no_reason = desk.post(&format!("{}/withdraw", piece.path()), json!({ "reason": " " })).await;
    no_reason.blames("reason", "required");
    let answer = desk
        .post(&format!("{}/withdraw", piece.path()), json!({ "reason": "Der Käufer ist zurückgetreten" }))
        .await
        .expect(200)
        .json();
    assert_eq!(answer["state"], "withdrawn");
    let gone = public.get(piece.url()).await.expect(410);
    assert!(gone.text().contains("Der Käufer ist zurückgetreten"), "the public reads why");
    assert!(!gone.text().contains("Der erste Absatz"), "but not what it said");
    for end in [".txt", ".md", ".json", "/photos.zip"] {
        let status = public.get(&format!("{}{end}", piece.url())).await.status;
        assert_eq!(status, 410, "{end}");
    }
    let original = piece.asset["original"]["url"].as_str().unwrap();
    for url in [public_url_of_photo(&piece.asset), original.to_owned()] {
        let status = public.get(&url).await.status;
        assert!(status == 404 || status == 410, "{url}: {status}");
    }
    eventually(3.0, "nothing speaks of it any more", async || {
        told_by(&server, &piece).await.is_empty().then_some(())
    })
    .await;

    desk.post_empty(&format!("{}/publish", piece.path())).await.expect(200);
    piece.all_answer(&public, 200).await;
}

async fn a_planned_release_can_be_called_off(room: &Newsroom) {
    let server = room.start().await;
    let piece = Piece::write(&server.desk(), "Leuchtturm vorerst nicht").await;
    let at = soon(2);
    let desk = server.desk();
    desk.post(&format!("{}/schedule", piece.path()), json!({ "publish_at": at.to_string() }))
        .await
        .expect(200);
    let answer =
        desk.post(&format!("{}/withdraw", piece.path()), json!({ "reason": "" })).await.expect(200).json();
    assert_eq!(answer["state"], "draft");
    while now() < at + SignedDuration::from_millis(500) {
        sleep_ms(20).await;
    }
    piece.all_answer(&server.public(), 404).await;
}

async fn local_times_are_resolved_and_impossible_ones_refused(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release = desk.post("/api/v1/releases", Client::plain_release("Zeiten")).await.expect(201).json();
    let schedule = format!("/api/v1/releases/{}/schedule", id_of(&release));
    let berlin = |local: &str| json!({ "publish_at": { "local": local, "zone": "Europe/Berlin" } });

    for (local, code) in [("2031-03-30T02:30", "time_skipped"), ("2031-10-26T02:30", "time_repeated")] {
        desk.post(&schedule, berlin(local)).await.blames("publish_at", code);
    }
    let unknown = json!({ "publish_at": { "local": "2031-01-01T10:00", "zone": "Europe/Atlantis" } });
    desk.post(&schedule, unknown).await.blames("publish_at", "unknown_zone");
    let past = json!({ "publish_at": "2020-01-01T10:00:00Z" });
    desk.post(&schedule, past).await.blames("publish_at", "in_the_past");

    let planned = desk.post(&schedule, berlin("2031-07-01T10:00")).await.expect(200).json();
    assert_eq!(planned["state"], "scheduled");
    let said = planned["publish_at"].to_string();
    assert!(said.contains("2031-07-01T08:00:00"), "ten in Berlin's summer is eight in UTC: {said}");
}
