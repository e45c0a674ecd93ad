//! The newsroom as an open bundle, both ways, and as a backup taken while it lives.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, eventually, files_under, id_of, images};

on_both_engines!(
    importing_twice_changes_nothing,
    export_and_import_give_an_equal_newsroom,
    problems_are_told_with_file_and_line,
    backup_and_restore_of_a_live_newsroom,
    the_site_as_static_files,
);

/// A small newsroom as a person would write it.
fn write_bundle(dir: &Path) {
    let text = |name: &str, content: &str| {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    text(
        "newsroom.toml",
        r##"name = "Presseraum der Messe Föhrwald"
organisation = "Messe Föhrwald GmbH"
organisation_url = "https://messe.example"
default_language = "de"
languages = ["de", "en"]
time_zone = "Europe/Berlin"
default_usage_terms = "Abdruck honorarfrei bei Namensnennung"
[colours]
accent = "#0b5c6b"
[style]
headlines = "sans"
space = "airy"
corners = "square"
[[boilerplates]]
key = "about"
language = "de"
title = "Über die Messe"
text = "Die **Messe Föhrwald** gibt es seit 1912."
[[boilerplates]]
key = "about"
language = "en"
title = "About"
text = "The fair began in 1912."
[[topics]]
slug = "verkehr"
[topics.name]
de = "Verkehr"
en = "Transport"
[[pages]]
slug = "impressum"
language = "de"
title = "Impressum"
body = "Messe Föhrwald GmbH"
"##,
    );
    text(
        "contacts/emilie-weiss.toml",
        "name = \"Dr. Emilie Weiß\"\nrole = { de = \"Pressesprecherin\", en = \"Press spokesperson\" }\n\
         organisation = \"Messe Föhrwald\"\nphones = [ { type = \"work\", number = \"+49 30 23125-401\" } ]\n\
         email = \"presse@messe.example\"\nlanguages = [\"de\", \"en\"]\ntopics = [\"verkehr\"]\n\
         portrait = \"weiss.jpg\"\norder = 1\n",
    );
    text(
        "releases/10600-gaeste.md",
        "+++\nlanguage = \"de\"\nstate = \"published\"\nheadline = \"10.600 Gäste zur Fachmesse\"\n\
         sub_headlines = [\"Ein Rekord\"]\ndateline_place = \"Föhrwald\"\ndateline_date = 2025-11-04\n\
         topics = [\"verkehr\"]\ncontacts = [\"emilie-weiss\"]\nassets = [\"halle.jpg\"]\nboilerplate = \"about\"\n\
         published_at = 2025-11-04T09:00:00Z\naliases = [\"alte-adresse\"]\n\
         corrections = [ { at = 2025-11-05T08:00:00Z, kind = \"correction\", note = \"Zahl berichtigt\" } ]\n+++\n\
         Die Messe hat **geöffnet**.\n\n> Wir freuen uns.\n> — Emilie Weiß, Sprecherin\n",
    );
    text(
        "releases/10600-guests.md",
        "+++\nlanguage = \"en\"\nstate = \"published\"\nheadline = \"10,600 guests at the fair\"\n\
         translation_of = \"10600-gaeste\"\ndateline_place = \"Föhrwald\"\ndateline_date = 2025-11-04\n\
         topics = [\"verkehr\"]\ncontacts = [\"emilie-weiss\"]\nassets = [\"halle.jpg\"]\nboilerplate = \"about\"\n\
         related = [\"10600-gaeste\"]\npublished_at = 2025-11-04T09:00:00Z\n+++\nThe fair has opened.\n",
    );
    text(
        "releases/unter-embargo.md",
        "+++\nlanguage = \"de\"\nstate = \"embargoed\"\nheadline = \"Unter Embargo\"\n\
         embargo_until = { local = \"2031-12-01T10:00\", zone = \"Europe/Berlin\" }\n+++\nNoch geheim.\n",
    );
    text(
        "releases/entwurf.md",
        "+++\nlanguage = \"de\"\nstate = \"draft\"\nheadline = \"Entwurf\"\n+++\nNoch nicht fertig.\n",
    );
    text(
        "albums/logos.toml",
        "title = { de = \"Logos\", en = \"Logos\" }\ndescription = { de = \"Für den Abdruck\" }\nassets = [\"logo.png\"]\n\
         state = \"published\"\npublished_at = 2024-03-01T09:00:00Z\norder = 1\n",
    );
    text(
        "events/pressekonferenz.toml",
        "title = { de = \"Pressekonferenz\", en = \"Press conference\" }\ndescription = { de = \"Mit *Rundgang*\" }\n\
         starts_at = { local = \"2031-03-09T10:00\", zone = \"Europe/Berlin\" }\n\
         ends_at = { local = \"2031-03-09T11:30\", zone = \"Europe/Berlin\" }\nvenue = \"Halle 1\"\n\
         address = \"Messeplatz 1, Föhrwald\"\nurl = \"https://messe.example/pk\"\nstatus = \"confirmed\"\n\
         contacts = [\"emilie-weiss\"]\nreleases = [\"10600-gaeste\"]\ntopics = [\"verkehr\"]\nstate = \"published\"\n",
    );
    let photos = dir.join("photos");
    std::fs::create_dir_all(&photos).unwrap();
    let tagged = images::tagged_jpeg(
        1500,
        1000,
        &["-XMP-dc:Title=Titel aus der Datei", "-XMP-photoshop:Credit=Datei"],
    );
    std::fs::write(photos.join("halle.jpg"), tagged).unwrap();
    std::fs::write(photos.join("weiss.jpg"), images::jpeg(600, 800, 41)).unwrap();
    std::fs::write(photos.join("logo.png"), images::picture("png", 500, 200, 42)).unwrap();
    text(
        "photos/halle.jpg.toml",
        "caption = \"Die Halle am Morgen\"\nalt_text = \"Eine leere Halle\"\ncredit = \"Foto: Kühn\"\n\
         keywords = [\"Halle\", \"Messe\"]\nkind = \"photo\"\nfocal_point = { x = 0.5, y = 0.4 }\n\
         rights_until = 2035-01-01T00:00:00Z\n",
    );
    text("photos/logo.png.toml", "title = \"Logo\"\nkind = \"logo\"\n");
}

/// Every file of a folder by its name in it.
fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    files_under(dir)
        .into_iter()
        .map(|path| {
            (path.strip_prefix(dir).unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
        })
        .collect()
}

fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, bytes) in left {
        let other = &right[name];
        if bytes != other {
            let shown = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(3000)]).into_owned();
            panic!("{name} differs:\n{}\n----\n{}", shown(bytes), shown(other));
        }
    }
}

/// How far the change log has got.
async fn last_change(client: &Client) -> i64 {
    let mut last = 0;
    loop {
        let changes = client.get(&format!("/api/v1/changes?since={last}")).await.expect(200).json();
        let items = changes["items"].as_array().unwrap();
        match items.iter().filter_map(|change| change["seq"].as_i64()).max() {
            Some(newest) if newest > last => last = newest,
            _ => return last,
        }
    }
}

/// Renditions append to the log too: waits until all assets are done, what the background makes included.
async fn settle(client: &Client) {
    eventually(60.0, "all assets are processed", async || {
        let processing = client.get("/api/v1/assets?state=processing").await.expect(200).json();
        processing["items"].as_array().unwrap().is_empty().then_some(())
    })
    .await;
    // The background stands back behind everything else on the machine, other tests included.
    eventually(300.0, "what the background makes is there", async || {
        let assets = client.get("/api/v1/assets").await.expect(200).json();
        let has_avif = |asset: &Value| {
            let files = asset["renditions"].as_array().unwrap();
            files.is_empty() || files.iter().any(|file| file["format"] == "avif")
        };
        assets["items"].as_array().unwrap().iter().all(has_avif).then_some(())
    })
    .await;
}

async fn importing_twice_changes_nothing(room: &Newsroom) {
    let bundle = room.folder().join("bundle");
    write_bundle(&bundle);
    room.cli_ok(&["import", bundle.to_str().unwrap()]);
    let server = room.start().await;
    let desk = server.desk();
    settle(&desk).await;

    let german = server.public().get("/releases/10600-gaeste").await.expect(200).text();
    for seen in [
        "10.600 Gäste zur Fachmesse",
        "<strong>geöffnet</strong>",
        "seit 1912",
        "Zahl berichtigt",
        "Dr. Emilie Weiß",
        "Foto: Kühn",
    ] {
        assert!(german.contains(seen), "The page lacks {seen}");
    }
    assert!(german.contains("/en/releases/10600-guests"), "the translation is linked");
    server.public().get("/en/releases/10600-guests").await.expect(200);
    for closed in ["/releases/unter-embargo", "/releases/entwurf"] {
        assert_eq!(server.public().get(closed).await.status, 404);
    }
    for open in [
        "/albums/logos",
        "/albums/logos.zip",
        "/events",
        "/events/pressekonferenz.ics",
        "/contacts",
        "/contacts/emilie-weiss",
        "/en/",
    ] {
        let answer = server.public().get(open).await;
        assert!(
            answer.status == 200 || (open == "/en/" && answer.status == 308),
            "{open}: {}",
            answer.status
        );
    }
    let photos = desk.get("/api/v1/assets?kind=photo").await.expect(200).json();
    let halle =
        photos["items"].as_array().unwrap().iter().find(|a| a["file_name"] == "halle.jpg").unwrap().clone();
    assert_eq!(halle["title"], "Titel aus der Datei", "what the sidecar does not say is read from the file");
    assert_eq!(halle["credit"], "Foto: Kühn", "what the sidecar says wins");

    let before = last_change(&desk).await;
    let versions = desk.get("/api/v1/releases").await.expect(200).json();
    let said = room.cli_ok(&["import", bundle.to_str().unwrap()]);
    settle(&desk).await;
    assert_eq!(last_change(&desk).await, before, "the log tells of a change:\n{said}");
    assert_eq!(desk.get("/api/v1/releases").await.expect(200).json(), versions);

    // And a change in one file changes one record.
    let path = bundle.join("releases/entwurf.md");
    let text = std::fs::read_to_string(&path).unwrap().replace("Noch nicht fertig", "Fast fertig");
    std::fs::write(&path, text).unwrap();
    room.cli_ok(&["import", bundle.to_str().unwrap()]);
    let after = desk.get("/api/v1/releases").await.expect(200).json();
    let changed: Vec<_> = after["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| !versions["items"].as_array().unwrap().contains(item))
        .map(|item| item["headline"].clone())
        .collect();
    assert_eq!(changed, ["Entwurf"]);
}

async fn export_and_import_give_an_equal_newsroom(room: &Newsroom) {
    let bundle = room.folder().join("bundle");
    write_bundle(&bundle);
    room.cli_ok(&["import", bundle.to_str().unwrap()]);
    let first = room.folder().join("first");
    room.cli_ok(&["export", first.to_str().unwrap()]);
    let exported = contents(&first);
    let photo = contents(&bundle.join("photos"))["halle.jpg"].clone();
    assert!(
        exported.iter().any(|(name, bytes)| name.ends_with("halle.jpg") && *bytes == photo),
        "byte for byte"
    );
    assert_eq!(exported.keys().filter(|name| name.starts_with("releases/")).count(), 4);

    let other = room.another().await;
    other.cli_ok(&["import", first.to_str().unwrap()]);
    let second = room.folder().join("second-export");
    other.cli_ok(&["export", second.to_str().unwrap()]);
    assert_same(&exported, &contents(&second));

    // The same through a ZIP.
    let zip = room.folder().join("bundle.zip");
    other.cli_ok(&["export", zip.to_str().unwrap()]);
    let third = room.another().await;
    third.cli_ok(&["import", zip.to_str().unwrap()]);
    let last = room.folder().join("third-export");
    third.cli_ok(&["export", last.to_str().unwrap()]);
    assert_same(&exported, &contents(&last));

    // With the same pages.
    let (server, copy) = (room.start().await, other.start().await);
    settle(&server.desk()).await;
    settle(&copy.desk()).await;
    for path in ["/releases/10600-gaeste.txt", "/releases/10600-gaeste.md", "/contacts/emilie-weiss.vcf"] {
        let left = server.public().get(path).await.expect(200).text();
        let right = copy.public().get(path).await.expect(200).text();
        // Records get ids of their own in each newsroom.
        let plain = |text: &str, base: &str| {
            let text = text.replace(base, "");
            text.lines().filter(|line| !line.starts_with("UID:")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(plain(&left, server.base()), plain(&right, copy.base()), "{path}");
    }
}

async fn problems_are_told_with_file_and_line(room: &Newsroom) {
    let bundle = room.folder().join("bundle");
    write_bundle(&bundle);
    std::fs::write(
        bundle.join("releases/kaputt.md"),
        "+++\nlanguage = \"de\"\nstate = \"published\"\nheadlin = \"x\"\n+++\nText\n",
    )
    .unwrap();
    std::fs::write(
        bundle.join("releases/verweis.md"),
        "+++\nlanguage = \"de\"\nstate = \"draft\"\nheadline = \"Verweis\"\nassets = [\"fehlt.jpg\"]\n+++\nText\n",
    )
    .unwrap();
    std::fs::write(bundle.join("photos/kein-bild.jpg"), "kein Bild").unwrap();
    let output = room.cli(&["import", bundle.to_str().unwrap()]);
    let said = format!("{}{}", output.stdout, output.stderr);
    assert_ne!(output.code, 0, "problems are an exit code too:\n{said}");
    assert!(said.contains("kaputt.md:4") && said.contains("headlin"), "{said}");
    assert!(said.contains("verweis.md:5") && said.contains("fehlt.jpg"), "{said}");
    // What is right is there all the same: each record stands for itself.
    let server = room.start().await;
    server.public().get("/releases/10600-gaeste").await.expect(200);
    assert_eq!(server.public().get("/releases/kaputt").await.status, 404);
}

async fn backup_and_restore_of_a_live_newsroom(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let asset = desk.upload_ready("bild.jpg", images::jpeg(900, 700, 51), json!({ "title": "Bild" })).await;
    let mut release = Client::plain_release("Gesichert");
    release["assets"] = json!([id_of(&asset)]);
    let release = desk.published(release).await;
    let url = release["url"].as_str().unwrap().to_owned();

    let file = room.folder().join("backup");
    // While others write.
    let writing = async {
        for number in 0..20 {
            desk.post("/api/v1/releases", Client::plain_release(&format!("Nebenher {number}")))
                .await
                .expect(201);
        }
    };
    let backing_up = async { tokio::task::block_in_place(|| room.cli(&["backup", file.to_str().unwrap()])) };
    let ((), output) = tokio::join!(writing, backing_up);
    assert_eq!(output.code, 0, "{}\n{}", output.stdout, output.stderr);
    let checked = room.cli(&["check"]);
    assert_eq!(checked.code, 0, "{}\n{}", checked.stdout, checked.stderr);
    desk.patch(&format!("/api/v1/releases/{}", id_of(&release)), json!({ "headline": "Danach" }))
        .await
        .expect(200);

    let other = Newsroom::bare(room.engine).await;
    other.cli_ok(&["restore", file.to_str().unwrap()]);
    let checked = other.cli(&["check"]);
    assert_eq!(checked.code, 0, "{}\n{}", checked.stdout, checked.stderr);
    let copy = other.start().await;
    let restored = copy.public().with_token(room.token());
    let found = restored.get(&format!("/api/v1/releases/{}", id_of(&release))).await.expect(200).json();
    assert_eq!(found["headline"], "Gesichert", "the state of the backup, ids and tokens included");
    copy.public().get(&url).await.expect(200);
    let original = asset["original"]["url"].as_str().unwrap();
    let (left, right) = (server.public().get(original).await, copy.public().get(original).await);
    assert_eq!(left.expect(200).body, right.expect(200).body);
    eventually(5.0, "the search is filled again", async || {
        copy.public().found("Gesichert").await.contains_key("release").then_some(())
    })
    .await;
    // Nobody's newsroom is overwritten by mistake.
    let refused = other.cli(&["restore", file.to_str().unwrap()]);
    assert_ne!(refused.code, 0);
}

async fn the_site_as_static_files(room: &Newsroom) {
    let bundle = room.folder().join("bundle");
    write_bundle(&bundle);
    room.cli_ok(&["import", bundle.to_str().unwrap()]);
    let server = room.start().await;
    settle(&server.desk()).await;
    let site = room.folder().join("site");
    room.cli_ok(&["site", site.to_str().unwrap()]);
    let files = contents(&site);
    let page =
        files.iter().find(|(name, _)| name.starts_with("releases/10600-gaeste") && name.ends_with("html"));
    assert!(String::from_utf8_lossy(page.expect("the release's page").1).contains("10.600 Gäste"));
    let again = room.cli_ok(&["site", site.to_str().unwrap()]);
    assert!(again.contains("; 0 written, 0 removed"), "nothing has changed: {again}");
    for name in [
        "feed.atom",
        "sitemap.xml",
        "search-index.json",
        "releases/10600-gaeste.txt",
        "releases/10600-gaeste/photos.zip",
    ] {
        assert!(files.contains_key(name), "{name} is missing: {:#?}", files.keys());
    }
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("Noch geheim") && !text.contains("Unter Embargo"),
            "{name} tells what is closed"
        );
    }
}
