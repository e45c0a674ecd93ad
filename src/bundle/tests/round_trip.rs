//! A bundle written by hand, taken in, written out, taken in elsewhere.

use super::{House, house, png, tree, write, zip_of};
use crate::bundle::{export, import};
use crate::domain::account::Actor;
use crate::domain::album::Album;
use crate::domain::asset::{Asset, AssetState};
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::topic::Topic;
use crate::domain::{Localized, ZonedTime};
use crate::newsroom::content::{self, Edit};
use crate::store;

const NEWSROOM: &str = r##"
name = "Presseraum der Stadtwerke"
organisation = "Stadtwerke Föhrwald"
default_language = "de"
languages = ["de", "en"]
time_zone = "Europe/Berlin"
default_usage_terms = "Honorarfrei bei Nennung der Quelle"
[colours]
accent = "#0b5c6b"
[[boilerplates]]
key = "about"
language = "de"
title = "Über uns"
text = """
Wir versorgen.
"""
[[topics]]
slug = "energie"
[topics.name]
de = "Energie"
en = "Energy"
[[topics]]
slug = "wasser"
name = "Wasser"
[[pages]]
slug = "impressum"
language = "de"
title = "Impressum"
body = "Föhrwald"
"##;

const RELEASE: &str = r#"+++
language = "de"
state = "published"
headline = "Erstes Windrad „Elsa“ dreht sich"
sub_headlines = ["Strom für 3.000 Haushalte"]
dateline_place = "Föhrwald"
dateline_date = 2025-11-04
topics = ["wasser", "energie"]
contacts = ["anna-wirth"]
assets = ["halle.png", "größe.png"]
related = ["first-turbine"]
boilerplate = "about"
published_at = 2025-11-04T09:00:00Z
aliases = ["presse/2025/windrad.html"]
corrections = [ { at = 2025-11-05T08:00:00Z, kind = "correction", note = "Leistung berichtigt" } ]
review = { at = 2025-11-03T08:00:00Z, step = "approved", by = "wirth@stadtwerke.example" }
edited_by = "muster@stadtwerke.example"
+++

Ein *Text* mit Umlauten: äöü.

> „Es läuft.“
> — Anna Wirth, Sprecherin
"#;

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let text = |path, text: &str| (path, text.as_bytes().to_vec());
    vec![
        text("newsroom.toml", NEWSROOM),
        text("README.md", "Ein Hinweis für Menschen"),
        text(
            "contacts/anna-wirth.toml",
            "name = \"Anna Wirth\"\nrole = { de = \"Sprecherin\", en = \"Spokesperson\" }\n\
             phones = [ { type = \"work\", number = \"+49 30 23125-401\" } ]\n\
             email = \"wirth@stadtwerke.example\"\nlanguages = [\"de\"]\ntopics = [\"energie\"]\n\
             portrait = \"anna.png\"\norder = 1\n[roster]\nzone = \"Europe/Vienna\"\n\
             hours = [ { days = [\"mon\", \"fri\"], from = \"9:00\", until = 17:30:00 } ]\n\
             absences = [ { from = 2026-12-24, until = 2026-12-31, stand_in = \"ben\" } ]\n",
        ),
        text("releases/erstes-windrad-elsa-dreht-sich.md", RELEASE),
        text(
            "releases/first-turbine.md",
            "+++\nlanguage = \"en\"\nstate = \"published\"\nheadline = \"First turbine turns\"\n\
             translation_of = \"erstes-windrad-elsa-dreht-sich\"\npublished_at = 2025-11-04T09:00:00Z\n+++\nText\n",
        ),
        text(
            "releases/geplant.md",
            "+++\nlanguage = \"de\"\nstate = \"embargoed\"\nheadline = \"Geplant\"\n\
             embargo_until = { local = \"2026-12-01T10:00\", zone = \"Europe/Berlin\" }\n+++\nText\n",
        ),
        text(
            "releases/zurueck.md",
            "+++\nlanguage = \"de\"\nstate = \"withdrawn\"\nheadline = \"Zurück\"\n\
             published_at = 2024-01-01T09:00:00Z\nwithdrawn_reason = \"Die Zahlen stimmten nicht\"\n+++\nText\n",
        ),
        text("releases/entwurf.md", "+++\nheadline = \"Entwurf\"\n+++\n"),
        text(
            "albums/logos.toml",
            "title = \"Logos\"\nassets = [\"halle.png\"]\nstate = \"published\"\n\
             published_at = 2024-03-01T09:00:00Z\norder = 1\n",
        ),
        text(
            "events/tag-der-tuer.toml",
            "title = { de = \"Tag der Tür\", en = \"Open day\" }\n\
             starts_at = { local = \"2027-03-09T10:00\", zone = \"Europe/Berlin\" }\n\
             ends_at = { local = \"2027-03-09T11:30\" }\nvenue = \"Halle 4\"\n\
             contacts = [\"anna-wirth\"]\nreleases = [\"first-turbine\"]\nstate = \"published\"\n",
        ),
        ("photos/anna.png", png(1)),
        ("photos/halle.png", png(2)),
        ("photos/größe.png", png(3)),
        text(
            "photos/halle.png.toml",
            "title = \"Die Halle\"\ncaption = \"\"\"\nZwei\nZeilen\"\"\"\ncredit = \"Foto: Wirth\"\n\
             persons = [\"Anna Wirth\"]\nfocal_point = { x = 0.25, y = 0.4 }\nkind = \"graphic\"\n\
             rights_until = 2030-01-01T00:00:00Z\ndate_created = 2025-11-03\n",
        ),
    ]
}

fn borrowed<'a>(files: &'a [(&'a str, Vec<u8>)]) -> Vec<(&'a str, &'a [u8])> {
    files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect()
}

async fn filled() -> House {
    let house = house().await;
    let bundle = house.folder.path().join("by-hand");
    write(&bundle, &borrowed(&files()));
    let report = import(&house.ctx, &bundle).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    assert_eq!((report.changed, report.unchanged), (0, 0), "{report}");
    house
}

#[tokio::test]
async fn a_bundle_written_by_hand_becomes_the_newsroom_it_describes() {
    let house = filled().await;
    let release: Release = house.find("erstes-windrad-elsa-dreht-sich").await;
    assert_eq!(release.state, ReleaseState::Published);
    assert_eq!(release.published_at, Some("2025-11-04T09:00:00Z".parse().unwrap()));
    assert_eq!(release.updated_at, "2025-11-04T09:00:00Z".parse().unwrap(), "nobody changed it since");
    assert!(release.body.starts_with("Ein *Text*") && release.body.ends_with("Sprecherin"));
    assert_eq!(release.topics, ["wasser", "energie"]);
    assert_eq!(release.corrections[0].note, "Leistung berichtigt");
    assert!(release.is_approved());
    let lead: Asset = content::get(&house.ctx, release.assets[0]).await.unwrap();
    assert_eq!(lead.description.title, "Die Halle");
    assert_eq!(lead.description.caption, "Zwei\nZeilen");
    assert_eq!(lead.description.date_created, "2025-11-03");
    assert_eq!(lead.state, AssetState::Processing, "renditions are the server's work");
    let second: Asset = content::get(&house.ctx, release.assets[1]).await.unwrap();
    assert_eq!(second.file_name, "größe.png");

    let translation: Release = house.find("first-turbine").await;
    assert_eq!(translation.translation_of, Some(release.id));
    assert_eq!(translation.updated_at, "2025-11-04T09:00:00Z".parse().unwrap());
    assert_eq!(release.related, [translation.id]);
    let by_old_path: Release = house.find("presse/2025/windrad.html").await;
    assert_eq!(by_old_path.id, release.id);

    let planned: Release = house.find("geplant").await;
    let until = "2026-12-01T09:00:00Z".parse().unwrap();
    assert_eq!(planned.public_from(), Some(until));
    let gone: Release = house.find("zurueck").await;
    assert_eq!(gone.withdrawn_reason, "Die Zahlen stimmten nicht");

    let contact: Contact = house.find("anna-wirth").await;
    let portrait: Asset = content::get(&house.ctx, contact.portrait.unwrap()).await.unwrap();
    assert_eq!(portrait.file_name, "anna.png");
    assert_eq!(contact.role.get("en", "de"), "Spokesperson");
    let album: Album = house.find("logos").await;
    assert_eq!(album.published_at, Some("2024-03-01T09:00:00Z".parse().unwrap()));
    let event: Event = house.find("tag-der-tuer").await;
    assert_eq!(event.ends_at.unwrap().utc, "2027-03-09T10:30:00Z".parse().unwrap());
    let topics = store::list::list::<Topic>(
        &house.ctx.db,
        &store::list::ListFilter::all(store::list::Order::Rising),
        10,
        0,
    )
    .await
    .unwrap();
    assert_eq!(topics.iter().map(|t| t.slug.as_str()).collect::<Vec<_>>(), ["energie", "wasser"]);
    let settings = house.ctx.newsroom().await.unwrap();
    assert_eq!(settings.organisation, "Stadtwerke Föhrwald");
    assert_eq!(settings.boilerplates[0].text, "Wir versorgen.\n");
}

#[tokio::test]
async fn the_same_bundle_twice_changes_nothing() {
    let house = filled().await;
    let head = house.head().await;
    house.clock.set("2026-11-25T12:00:00Z".parse().unwrap());
    let report = import(&house.ctx, &house.folder.path().join("by-hand")).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    assert_eq!((report.created, report.changed), (0, 0), "{report}");
    assert_eq!(house.head().await, head, "nothing was logged");
}

#[tokio::test]
async fn a_zip_of_a_folder_is_the_same_bundle() {
    let house = filled().await;
    let head = house.head().await;
    let zip = house.folder.path().join("bundle.zip");
    let files = files();
    let wrapped: Vec<(String, &[u8])> =
        files.iter().map(|(path, bytes)| (format!("presse/{path}"), bytes.as_slice())).collect();
    let wrapped: Vec<(&str, &[u8])> = wrapped.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
    for archive in [zip_of(&borrowed(&files)), zip_of(&wrapped)] {
        std::fs::write(&zip, archive).unwrap();
        let report = import(&house.ctx, &zip).await.unwrap();
        assert!(report.problems.is_empty(), "{report}");
        assert_eq!((report.created, report.changed), (0, 0), "{report}");
    }
    assert_eq!(house.head().await, head);
}

#[tokio::test]
async fn what_is_written_out_and_taken_in_elsewhere_is_written_out_the_same() {
    let here = filled().await;
    // What only the desk and scripts can do: a renamed release, twins, an hour that happens twice, odd texts.
    let desk = Actor::system("desk");
    let release: Release = here.find("entwurf").await;
    let edit = Edit { actor: &desk, id: release.id, version: None, action: "edit" };
    let twice = ZonedTime::from_instant("2026-10-25T01:30:00Z".parse().unwrap(), "Europe/Berlin");
    content::edit(&here.ctx, edit, |release: &mut Release, _| {
        release.body = "\n\nbeginnt leer,\r\nendet leer\n".to_owned();
        release.headline = "+++ \"Entwurf\" \\".to_owned();
        release.publish_at = Some(twice.clone());
        Ok(Some("umbenannt".to_owned()))
    })
    .await
    .unwrap();
    let contact: Contact = here.find("anna-wirth").await;
    let edit = Edit { actor: &desk, id: contact.id, version: None, action: "edit" };
    content::edit(&here.ctx, edit, |contact: &mut Contact, _| {
        contact.role = Localized::One(String::new());
        Ok(Some("anna-wirth-neu".to_owned()))
    })
    .await
    .unwrap();
    for title in ["Zwilling", "Noch ein Zwilling"] {
        let mut incoming = here.ctx.blobs.receive(here.ctx.new_id());
        incoming.push(png(7).into()).await.unwrap();
        let fields = crate::newsroom::fields::AssetFields { title: title.to_owned(), ..Default::default() };
        let file_name = "Halle.PNG".to_owned();
        let received = crate::newsroom::assets::Received { incoming, file_name, fields };
        crate::newsroom::assets::add(&here.ctx, &desk, received).await.unwrap();
    }

    let first = here.folder.path().join("first");
    let report = export(&here.ctx, &first).await.unwrap();
    assert_eq!((report.releases, report.photos), (5, 5), "{report}");

    let there = house().await;
    there.clock.set("2027-01-01T00:00:00Z".parse().unwrap());
    let report = import(&there.ctx, &first).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    let second = there.folder.path().join("second");
    export(&there.ctx, &second).await.unwrap();
    let (first_files, second_files) = (tree(&first), tree(&second));
    assert_eq!(first_files.keys().collect::<Vec<_>>(), second_files.keys().collect::<Vec<_>>());
    for (path, bytes) in &first_files {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(bytes, &second_files[path], "{path}:\n{}\n{}", text(bytes), text(&second_files[path]));
    }
    let renamed: Release = there.find("umbenannt").await;
    assert_eq!(renamed.publish_at, Some(twice));
    assert_eq!(renamed.body, "\n\nbeginnt leer,\r\nendet leer\n");
    assert_eq!(there.find::<Release>("entwurf").await.id, renamed.id, "the old slug leads there too");
    assert!(there.is_there::<Contact>("anna-wirth").await);

    // An export is a bundle like any other: twice changes nothing, here as there.
    for house in [&here, &there] {
        let head = house.head().await;
        let report = import(&house.ctx, &first).await.unwrap();
        assert_eq!((report.created, report.changed, report.problems.len()), (0, 0, 0), "{report}");
        assert_eq!(house.head().await, head);
    }
    // And the ZIP holds the same files.
    let zip = there.folder.path().join("out.zip");
    export(&there.ctx, &zip).await.unwrap();
    let bytes = std::fs::read(&zip).unwrap();
    export(&there.ctx, &zip).await.unwrap();
    assert_eq!(bytes, std::fs::read(&zip).unwrap(), "the same newsroom gives the same file");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), first_files.len());
    for (path, bytes) in &first_files {
        let mut entry = archive.by_name(path).unwrap();
        let mut packed = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut packed).unwrap();
        assert_eq!(&packed, bytes, "{path}");
    }
}

#[tokio::test]
async fn other_bytes_under_a_known_name_become_another_photo() {
    let house = filled().await;
    let before: Release = house.find("erstes-windrad-elsa-dreht-sich").await;
    let bundle = house.folder.path().join("by-hand");
    write(&bundle, &[("photos/halle.png", &png(99))]);
    let report = import(&house.ctx, &bundle).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    let after: Release = house.find("erstes-windrad-elsa-dreht-sich").await;
    assert_ne!(before.assets[0], after.assets[0]);
    assert_eq!(before.assets[1], after.assets[1]);
    let old: Asset = content::get(&house.ctx, before.assets[0]).await.unwrap();
    let new: Asset = content::get(&house.ctx, after.assets[0]).await.unwrap();
    assert_ne!(old.original.sha256, new.original.sha256);
    let head = house.head().await;
    import(&house.ctx, &bundle).await.unwrap();
    assert_eq!(house.head().await, head);
}

#[tokio::test]
async fn an_export_never_overwrites_a_folder_that_holds_something() {
    let house = filled().await;
    let full = house.folder.path().join("by-hand");
    let error = export(&house.ctx, &full).await.unwrap_err().to_string();
    assert!(error.contains("holds something already"), "{error}");
    assert!(full.join("README.md").exists());
}
