//! The site as plain files, on bad days and over the years: runs that end early, answers that fail, addresses of old.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{Client, Engine, Newsroom, OwnPostgres, files_under, id_of, images, sleep_ms};

on_both_engines!(
    what_an_unfinished_run_wrote_goes_when_it_is_taken_back,
    an_answer_that_fails_takes_nothing_away,
    old_addresses_lead_on,
    every_file_that_a_page_names_is_there,
);

fn site_of(room: &Newsroom) -> (PathBuf, String) {
    let site = room.folder().join("site");
    let name = site.to_str().unwrap().to_owned();
    (site, name)
}

async fn take_back(desk: &Client, release: &Value) {
    let path = format!("/api/v1/releases/{}/withdraw", id_of(release));
    desk.post(&path, json!({ "reason": "Falsche Zahlen" })).await.expect(200);
}

async fn what_an_unfinished_run_wrote_goes_when_it_is_taken_back(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let first = desk.published(Client::plain_release("Erste Meldung")).await;
    let (site, name) = site_of(room);
    std::fs::create_dir_all(site.join("releases/own")).unwrap();
    std::fs::write(site.join("releases/own/index.html"), "of somebody else").unwrap();
    // Where the run's last file belongs is a folder: everything before it is written.
    std::fs::create_dir(site.join("search-index.json")).unwrap();
    assert_ne!(room.cli(&["site", &name]).code, 0);
    let page = |slug: &str| site.join("releases").join(slug).join("index.html");
    assert!(page("erste-meldung").is_file() && site.join("releases/erste-meldung.txt").is_file());

    take_back(&desk, &first).await;
    std::fs::remove_dir(site.join("search-index.json")).unwrap();
    room.cli_ok(&["site", &name]);
    assert!(
        !site.join("releases/erste-meldung").exists() && !site.join("releases/erste-meldung.txt").exists()
    );
    assert!(page("own").is_file(), "what no run has written stays");

    // A run that is killed, wherever it is.
    let second = desk.published(Client::plain_release("Zweite Meldung")).await;
    let mut run = room.command();
    run.args(["site", &name, "--data"]).arg(room.data()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = run.spawn().unwrap();
    while !page("zweite-meldung").exists() && run.try_wait().unwrap().is_none() {
        sleep_ms(2).await;
    }
    run.kill().unwrap();
    run.wait().unwrap();
    take_back(&desk, &second).await;
    room.cli_ok(&["site", &name]);
    assert!(!page("zweite-meldung").exists() && page("own").is_file());
    let again = room.cli_ok(&["site", &name]);
    assert!(again.contains("; 0 written, 0 removed"), "{again}");
    let drafts = files_under(&site).into_iter().filter(|file| file.to_string_lossy().contains("draft"));
    assert_eq!(drafts.count(), 0);
}

async fn an_answer_that_fails_takes_nothing_away(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let photo = desk.upload_whole("halle.jpg", images::jpeg(1400, 900, 3), json!({ "title": "Halle" })).await;
    let mut shows = Client::plain_release("Mit Foto");
    shows["assets"] = json!([id_of(&photo)]);
    desk.published(shows).await;
    let other = desk.published(Client::plain_release("Wird zurückgezogen")).await;
    let (site, name) = site_of(room);
    room.cli_ok(&["site", &name]);
    let kept = ["photos/halle/large.jpg", "photos/halle/original.jpg", "releases/mit-foto/photos.zip"];
    let before = kept.map(|file| std::fs::read(site.join(file)).unwrap());

    // Other words are in every file now, and the store that has the bytes is away.
    let path = format!("/api/v1/assets/{}", id_of(&photo));
    desk.patch(&path, json!({ "caption": "Die Halle am Abend" })).await.expect(200);
    desk.wait_ready(id_of(&photo)).await;
    take_back(&desk, &other).await;
    let empty = room.folder().join("empty");
    let mut run = room.command();
    run.env("PRESSROOM_BLOB_URL", format!("file:{}", empty.display()));
    let run = run.args(["site", &name, "--data"]).arg(room.data()).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("run the command again") && said.contains("/photos/halle/"), "{said}");
    for (file, bytes) in kept.iter().zip(&before) {
        assert!(std::fs::read(site.join(file)).is_ok_and(|now| now == *bytes), "{file} is not as it was");
    }
    // What is answered for is looked after all the same.
    let page = std::fs::read_to_string(site.join("photos/halle/index.html")).unwrap();
    assert!(page.contains("Die Halle am Abend"), "{page}");
    assert!(!site.join("releases/wird-zurueckgezogen").exists());

    room.cli_ok(&["site", &name]);
    for (file, bytes) in kept.iter().zip(&before) {
        assert!(std::fs::read(site.join(file)).is_ok_and(|now| now != *bytes), "{file} is as it was");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_takes_nothing_away() {
    let postgres = OwnPostgres::start();
    let room = Newsroom::on_database(&postgres.url());
    let server = room.start().await;
    let desk = server.desk();
    let photo = desk.upload_whole("halle.jpg", images::jpeg(1400, 900, 3), json!({ "title": "Halle" })).await;
    let mut last = Value::Null;
    for number in 0..80 {
        let mut shows = Client::plain_release(&format!("Meldung {number}"));
        shows["assets"] = json!([id_of(&photo)]);
        last = desk.published(shows).await;
    }
    let (site, name) = site_of(&room);
    room.cli_ok(&["site", &name]);
    let before = contents(&site);

    // Every page is another one now, and one is gone; in the middle of the run the database goes.
    let bundle = room.folder().join("bundle");
    std::fs::create_dir(&bundle).unwrap();
    std::fs::write(bundle.join("newsroom.toml"), "name = \"Ein anderer Name\"\n").unwrap();
    room.cli_ok(&["import", bundle.to_str().unwrap()]);
    take_back(&desk, &last).await;
    let gone = last["slug"].as_str().unwrap();
    let mut run = room.command();
    run.args(["site", &name, "--data"]).arg(room.data()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut run = run.spawn().unwrap();
    let home = site.join("index.html");
    while std::fs::read(&home).is_ok_and(|now| now == before[&home]) && run.try_wait().unwrap().is_none() {
        sleep_ms(1).await;
    }
    postgres.take_away();
    assert!(run.try_wait().unwrap().is_none(), "the run was over before the database went");
    let run = tokio::task::spawn_blocking(move || run.wait_with_output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("run the command again"), "{said}");
    let after = contents(&site);
    let is_of_gone = |file: &Path| file.to_string_lossy().contains(gone);
    let lost: Vec<_> = before.keys().filter(|file| !after.contains_key(*file) && !is_of_gone(file)).collect();
    assert_eq!(lost, Vec::<&PathBuf>::new());
    assert!(after.values().all(|bytes| !bytes.is_empty()), "no file is half");
    let kept = before.iter().filter(|(file, bytes)| after.get(*file) == Some(bytes)).count();
    assert!(kept > 10, "the run was cut off: {kept}");

    postgres.give_back();
    room.cli_ok(&["site", &name]);
    let other = room.folder().join("other");
    room.cli_ok(&["site", other.to_str().unwrap()]);
    let below = |folder: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let all = contents(folder).into_iter();
        all.map(|(file, bytes)| (file.strip_prefix(folder).unwrap().to_owned(), bytes)).collect()
    };
    let (again, fresh) = (below(&site), below(&other));
    assert!(again.keys().eq(fresh.keys()), "{:#?}", again.keys());
    let differ: Vec<_> =
        again.iter().filter(|(file, bytes)| fresh[*file] != **bytes).map(|(f, _)| f).collect();
    assert_eq!(differ, Vec::<&PathBuf>::new());
}

/// The files of a site, without the notes of its runs.
fn contents(site: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let is_note =
        |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let files = files_under(site).into_iter().filter(|file| !is_note(file));
    files.map(|file| (file.clone(), std::fs::read(&file).unwrap())).collect()
}

async fn old_addresses_lead_on(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut release = Client::plain_release("Neuer Name");
    release["aliases"] =
        json!(["/presse/2019/alt.html", "/presse/alt.php", "alte-adresse", "/presse/grüße/"]);
    release["slug"] = json!("alter-name");
    let release = desk.published(release).await;
    let path = format!("/api/v1/releases/{}", id_of(&release));
    let photo = desk.upload_whole("halle.jpg", images::jpeg(1400, 900, 3), json!({ "title": "Halle" })).await;
    desk.patch(&path, json!({ "slug": "neuer-name", "assets": [id_of(&photo)] })).await.expect(200);
    let photo = format!("/api/v1/assets/{}", id_of(&photo));
    desk.patch(&photo, json!({ "slug": "messehalle" })).await.expect(200);
    let mut closed = Client::plain_release("Entwurf");
    closed["aliases"] = json!(["/presse/geheim.html"]);
    desk.post("/api/v1/releases", closed).await.expect(201);

    let (site, name) = site_of(room);
    room.cli_ok(&["site", &name]);
    let public = server.public();
    let old = [
        ("/releases/alter-name", "releases/alter-name/index.html"),
        ("/presse/2019/alt.html", "presse/2019/alt.html"),
        ("/presse/alt.php", "presse/alt.php/index.html"),
        ("/alte-adresse", "alte-adresse/index.html"),
        ("/presse/gr%C3%BC%C3%9Fe/", "presse/grüße/index.html"),
        ("/photos/halle", "photos/halle/index.html"),
    ];
    for (address, file) in old {
        let to = public.get(address).await.expect(301).header("location").to_owned();
        let page = std::fs::read_to_string(site.join(file)).unwrap_or_else(|_| panic!("{file} is missing"));
        assert!(page.contains(&format!("http-equiv=\"refresh\" content=\"0; url={to}\"")), "{file}: {page}");
        assert!(
            page.contains("<link rel=\"canonical\" href=\"http") && page.contains(&format!("{to}\"")),
            "{page}"
        );
        assert!(site.join(to.trim_start_matches('/')).join("index.html").is_file(), "{to}");
    }
    assert!(!site.join("presse/geheim.html").exists());
    let again = room.cli_ok(&["site", &name]);
    assert!(again.contains("; 0 written, 0 removed"), "{again}");

    take_back(&desk, &release).await;
    room.cli_ok(&["site", &name]);
    for (address, file) in &old[..5] {
        assert!(!site.join(file).exists(), "{address} leads to what was taken back");
    }
}

async fn every_file_that_a_page_names_is_there(room: &Newsroom) {
    // Settings for a server that has others send the bytes; files are written from the bytes.
    match room.engine {
        Engine::SqliteDisk => room.configure("accel_redirect", "/blobs/"),
        Engine::PostgresS3 => {
            let file = room.data().join("pressroom.toml");
            std::fs::write(file, "s3_redirect = true\n").unwrap();
        }
    }
    let server = room.start().await;
    let desk = server.desk();
    let logo = r##"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"><rect width="90" height="50" fill="#0b5c6b"/></svg>"##;
    let logo =
        desk.upload_ready("logo.svg", logo, json!({ "title": "Logo", "persons": ["Ada Muster"] })).await;
    let photo = desk.upload_whole("halle.jpg", images::jpeg(1400, 900, 3), json!({ "title": "Halle" })).await;
    let mut shows = Client::plain_release("Mit Bildern");
    shows["assets"] = json!([id_of(&logo), id_of(&photo)]);
    desk.published(shows).await;
    desk.post("/api/v1/contacts", json!({ "name": "Ada Muster", "email": "ada@messe.example" }))
        .await
        .expect(201);
    let (site, name) = site_of(room);
    room.cli_ok(&["site", &name]);

    let original = std::fs::metadata(site.join("photos/halle/original.jpg")).unwrap().len();
    let photo = desk.get(&format!("/api/v1/assets/{}", id_of(&photo))).await.expect(200).json();
    assert_eq!(Some(original), photo["original"]["size_bytes"].as_u64(), "the whole file");
    let pages =
        files_under(&site).into_iter().filter(|file| file.extension().is_some_and(|kind| kind == "html"));
    let named: BTreeSet<String> = pages.flat_map(|page| files_named(&page)).collect();
    assert!(named.contains("/photos/logo/large.png"), "{named:#?}");
    // A web server gives a folder's page where the folder is asked for.
    let is_there = |path: &str| {
        let place = site.join(path.trim_start_matches('/'));
        place.is_file() || place.join("index.html").is_file()
    };
    let lost: Vec<_> = named.iter().filter(|path| !is_there(path)).collect();
    assert_eq!(lost, Vec::<&String>::new());
}

/// The files of this site that a page leads to or shows, without what is put together on request.
fn files_named(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let is_to_order = |path: &str| {
        let path = path.strip_prefix("/en").unwrap_or(path);
        ["/selection.zip", "/photos.zip", "/search.zip", "/search.atom", "/search.rss", "/search.json"]
            .contains(&path)
    };
    let links = ["href=\"", "src=\""].into_iter().flat_map(|opening| text.split(opening).skip(1));
    links
        .map(|link| link.split(['"', '?', '#']).next().unwrap_or_default().to_owned())
        .filter(|path| path.starts_with('/') && !is_to_order(path) && !path.starts_with("/api"))
        .filter(|path| path.rsplit('/').next().is_some_and(|name| name.contains('.')))
        .collect()
}
