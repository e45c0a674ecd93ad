//! Nothing leaks: the probe finds everything closed before an embargo lifts and open after, on a running server
//! and, with the clock in the test's hands, across the nights when clocks are changed.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pressroom::app;
use pressroom::config::{Config, Flags};
use pressroom::domain::clock::ManualClock;
use pressroom::newsroom::Context;
use pressroom::search::Index;
use pressroom::web::front::Front;
use pressroom::web::probe::{self, Report};
use pressroom::web::{self, AppState};
use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, Server, eventually, id_of, images, now, percent, sleep_ms, soon};

on_both_engines!(
    the_probe_is_all_closed_before_and_all_open_after,
    a_leak_is_found,
    a_closed_photo_of_an_open_release_is_found,
    clock_changes_open_nothing_early,
);

/// A release in German with a photo of a person, a topic and an earlier address.
async fn write(desk: &Client) -> Value {
    desk.post("/api/v1/topics", json!({ "slug": "bau", "name": { "de": "Bau" } })).await.expect(201);
    let words = json!({ "title": "Neuer Leuchtturm", "persons": ["Ada Muster"], "caption": "Der Turm" });
    let asset = desk.upload_ready("turm.jpg", images::jpeg(1800, 1200, 5), words).await;
    let mut release = Client::plain_release("Leuchtturm wird saniert");
    release["assets"] = json!([id_of(&asset)]);
    release["topics"] = json!(["bau"]);
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let path = format!("/api/v1/releases/{}", id_of(&release));
    desk.patch(&path, json!({ "slug": "leuchtturm" })).await;
    desk.get(&path).await.expect(200).json()
}

/// The probe on the command line: its exit code and what it says.
pub fn probed(room: &Newsroom, server: &Server, release: &Value) -> (i32, String) {
    let output = room
        .command()
        .env("PRESSROOM_PUBLIC_URL", server.base())
        .args(["probe", release["slug"].as_str().unwrap(), "--data"])
        .arg(room.data())
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn the_probe_is_all_closed_before_and_all_open_after(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release = write(&desk).await;
    let (code, told) = probed(room, &server, &release);
    assert_eq!(code, 0, "a draft is closed everywhere\n{told}");
    assert!(!told.contains(" open "), "{told}");

    let lifts_at = soon(8);
    let path = format!("/api/v1/releases/{}/publish", id_of(&release));
    desk.post(&path, json!({ "embargo_until": lifts_at.to_string() })).await.expect(200);
    let (code, told) = probed(room, &server, &release);
    assert!(now() < lifts_at, "the machine was too slow to see the closed state");
    assert_eq!(code, 0, "{told}");
    assert!(!told.contains(" open ") && told.lines().count() > 40, "{told}");

    while now() < lifts_at {
        sleep_ms(20).await;
    }
    eventually(3.0, "everything is open", async || {
        let (code, told) = probed(room, &server, &release);
        (code == 0 && told.contains("photos.zip")).then_some(())
    })
    .await;

    let withdraw = format!("/api/v1/releases/{}/withdraw", id_of(&release));
    desk.post(&withdraw, json!({ "reason": "Ein Irrtum" })).await.expect(200);
    eventually(3.0, "everything is closed again", async || {
        (probed(room, &server, &release).0 == 0).then_some(())
    })
    .await;
}

/// The probe must not be blind: what it is told should be closed and is open, it reports.
async fn a_leak_is_found(room: &Newsroom) {
    let mut server = room.start().await;
    let release = write(&server.desk()).await;
    server.desk().post_empty(&format!("/api/v1/releases/{}/publish", id_of(&release))).await.expect(200);
    server.kill_9();
    // A server whose clock is ahead of the probe's shows too early.
    let published: Timestamp = now();
    let ahead = Faked::serve(room, published).await;
    let mut behind = ahead.ctx.clone();
    behind.clock = Arc::new(ManualClock::at(published - SignedDuration::from_hours(1)));
    let report = probe_of(&behind, &ahead.config, &release).await;
    let leaks = leaks_of(&report);
    let url = release["url"].as_str().unwrap();
    for part in [url, "/photos.zip", "/original.jpg", "/sitemap.xml", "/selection.zip", "/api/v1/releases/"] {
        assert!(leaks.iter().any(|path| path.contains(part)), "{part} is not among {leaks:?}");
    }
}

/// A release may be open and one of its photos not: the probe asks for the photo wherever the release shows.
async fn a_closed_photo_of_an_open_release_is_found(room: &Newsroom) {
    let mut server = room.start().await;
    let desk = server.desk();
    let words = json!({ "title": "Alter Leuchtturm", "persons": ["Ada Muster"] });
    let ending = desk.upload_ready("alt.jpg", images::jpeg(1200, 800, 6), words).await;
    let words = json!({ "title": "Neuer Leuchtturm", "persons": ["Ada Muster"] });
    let lasting = desk.upload_ready("neu.jpg", images::jpeg(900, 600, 7), words).await;
    let both = json!([id_of(&ending), id_of(&lasting)]);
    let album = json!({ "title": { "de": "Türme" }, "state": "published", "assets": both });
    let album = desk.post("/api/v1/albums", album).await.expect(201).json();
    let mut release = Client::plain_release("Leuchtturm wird saniert");
    release["assets"] = both;
    release["body"] =
        json!(format!("Vorher.\n\n![Turm](/photos/{}/large.jpg)", ending["slug"].as_str().unwrap()));
    let release = desk.published(release).await;
    // Its text shows the photo, and nothing else leads from one to the other.
    let mut other = Client::plain_release("Zehn Türme am Meer");
    other["body"] = release["body"].clone();
    let other = desk.published(other).await;
    server.kill_9();

    let at = now() + SignedDuration::from_hours(1);
    let faked = Faked::serve(room, at).await;
    faked.set(at).await;
    let report = probe_of(&faked.ctx, &faked.config, &release).await;
    assert_eq!(report.wrong(), 0, "{report}");
    // By the probe's clock the rights have ended, and the server does not know it.
    let path = format!("/api/v1/assets/{}", id_of(&ending));
    let rights_until = json!({ "rights_until": (at + SignedDuration::from_hours(1)).to_string() });
    Client::new(&faked.config.public_url, Some(room.token())).patch(&path, rights_until).await.expect(200);
    faked.set(at).await;
    let mut behind = faked.ctx.clone();
    behind.clock = Arc::new(ManualClock::at(at + SignedDuration::from_hours(2)));
    let report = probe_of(&behind, &faked.config, &release).await;
    let leaks = leaks_of(&report);
    let (url, album) = (release["url"].as_str().unwrap(), album["url"].as_str().unwrap());
    let (old, new) = (ending["slug"].as_str().unwrap(), lasting["slug"].as_str().unwrap());
    let (oembed, person) = (percent(&format!("{}{url}", faked.config.public_url.value)), "person=Ada+Muster");
    for path in [
        url,
        &format!("{url}.json"),
        &format!("{url}.md"),
        &format!("{url}/photos.zip"),
        &format!("{url}/photos.zip?size=web"),
        other["url"].as_str().unwrap(),
        album,
        &format!("{album}.zip"),
        &format!("{album}.zip?size=web"),
        "/",
        "/photos",
        &format!("/photos?{person}"),
        &format!("/photos.zip?{person}"),
        &format!("/search.zip?{person}"),
        "/search.zip?q=Alter+Leuchtturm",
        "/search?q=Alter+Leuchtturm",
        &format!("/photos/{new}"),
        &format!("/photos/{old}"),
        &format!("/oembed?url={oembed}"),
        &format!("/selection?photos={}", id_of(&ending)),
        &format!("/selection.zip?photos={}", id_of(&ending)),
        &format!("/api/v1/releases/{}", id_of(&release)),
        "/api/v1/releases",
        "/api/v1/albums",
        "/feed.json",
        "/sitemap.xml",
    ] {
        assert!(leaks.contains(&path), "{path} is not among {leaks:#?}");
    }
    for form in ["txt", "docx", "html"] {
        let path = format!("{url}.{form}");
        assert!(
            report.findings.iter().any(|finding| finding.question.path == path && finding.answer == "200")
        );
    }
    // And when the server's clock is right, nothing is left of it.
    faked.set(at + SignedDuration::from_hours(2)).await;
    let report = probe_of(&faked.ctx, &faked.config, &release).await;
    assert_eq!(report.wrong(), 0, "{report}");
}

async fn clock_changes_open_nothing_early(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release = write(&desk).await;
    // The hour from two to three happens twice that night; three o'clock is after both.
    let embargo = json!({ "embargo_until": { "local": "2031-10-26T03:00", "zone": "Europe/Berlin" } });
    desk.post(&format!("/api/v1/releases/{}/publish", id_of(&release)), embargo).await.expect(200);
    let spring = Client::plain_release("Im Frühling");
    let spring = desk.post("/api/v1/releases", spring).await.expect(201).json();
    // The hour from two to three does not happen that night.
    let schedule = json!({ "publish_at": { "local": "2031-03-30T03:00", "zone": "Europe/Berlin" } });
    desk.post(&format!("/api/v1/releases/{}/schedule", id_of(&spring)), schedule).await.expect(200);
    assert!(server.stop().await.success());

    // From here on no job runs and no follower looks at the clock.
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let faked = Faked::serve(room, at("2031-03-30T00:59:59.999999Z")).await;
    let closed_then_open = [
        (&spring, "2031-03-30T00:59:59.999999Z", "2031-03-30T01:00:00Z"),
        (&release, "2031-10-26T00:30:00Z", "2031-10-26T02:00:00Z"),
        (&release, "2031-10-26T01:59:59.999999Z", "2031-10-26T02:00:00Z"),
    ];
    for (release, before, after) in closed_then_open {
        for (time, status) in [(before, 404), (after, 200)] {
            faked.set(at(time)).await;
            let report = probe_of(&faked.ctx, &faked.config, release).await;
            assert_eq!(report.wrong(), 0, "at {time}\n{report}");
            let page =
                Client::new(&faked.config.public_url, None).get(release["url"].as_str().unwrap()).await;
            assert_eq!(page.status, status, "at {time}");
        }
    }
}

/// The addresses that should be closed and are open.
fn leaks_of(report: &Report) -> Vec<&str> {
    let leaks = report.findings.iter().filter(|finding| finding.is_leak());
    leaks.map(|finding| finding.question.path.as_str()).collect()
}

async fn probe_of(ctx: &Context, config: &Config, release: &Value) -> Report {
    let found = probe::find(ctx, id_of(release)).await.unwrap().unwrap();
    probe::run(ctx, config, &found).await.unwrap()
}

/// The newsroom served from this process, by a clock that stands where the test puts it.
struct Faked {
    ctx: Context,
    config: Config,
    clock: Arc<ManualClock>,
    index: Index,
}

impl Faked {
    async fn serve(room: &Newsroom, time: Timestamp) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::load(room.data(), &Flags::default()).unwrap();
        config.public_url.value = format!("http://{}", listener.local_addr().unwrap());
        if let Some(url) = room.database_url() {
            config.database_url.value = url.to_owned();
        }
        if let Some(url) = room.blob_url() {
            config.blob_url.value = url.to_owned();
        }
        let clock = Arc::new(ManualClock::at(time));
        let mut ctx = app::open(&config).await.unwrap();
        ctx.clock = clock.clone();
        let index = Index::in_memory().unwrap();
        let state = AppState::new(ctx.clone(), config.clone(), index.clone(), None);
        let front = Front::new(state.clone(), web::router(state));
        tokio::spawn(web::serve::serve(listener, front, None, std::future::pending()));
        Self { ctx, config, clock, index }
    }

    /// Pages that were made before may lie in memory until this moment.
    async fn set(&self, time: Timestamp) {
        app::index_follower(&self.ctx, &self.config, self.index.clone()).fill().await.unwrap();
        let turn = pressroom::store::list::next_turn(&self.ctx.db, self.ctx.now()).await.unwrap();
        self.ctx.signals.set_next_turn(turn);
        Client::new(&self.config.public_url, None).get("/").await.expect(200);
        self.clock.set(time);
        app::index_follower(&self.ctx, &self.config, self.index.clone()).fill().await.unwrap();
    }
}
