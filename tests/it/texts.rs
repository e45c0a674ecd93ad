//! Every text that can show photos, in every form in which it leaves the house: boilerplates, standing pages, albums,
//! events. What is closed stands in none of them, and what opens or closes does so in all.

use serde_json::{Value, json};

use crate::closed::{LONG_AGO, embargoed, photo, totals, with};
use crate::harness::{
    Client, Newsroom, eventually, files_under, id_of, images, now, public_url_of_photo, sleep_ms, soon,
    unzip_all,
};

on_both_engines!(
    a_closed_photo_is_told_by_no_text,
    a_photo_opens_and_closes_in_every_text,
    pages_are_dropped_when_rights_end,
);

fn figure(asset: &Value, word: &str) -> String {
    format!("![{word}bild]({}/large.jpg \"{word}zeile\")", public_url_of_photo(asset))
}

/// One text of each kind.
struct Texts {
    /// With the newsroom's boilerplate.
    by_key: Value,
    /// With a boilerplate of its own.
    own: Value,
    album: Value,
    event: Value,
}

impl Texts {
    /// Writes the same Markdown into all of them.
    async fn write(room: &Newsroom, desk: &Client, markdown: &str, assets: Value) -> Self {
        let bundle = room.folder().join("bundle");
        std::fs::create_dir_all(&bundle).unwrap();
        let settings = format!(
            "name = \"Presseraum\"\ndefault_language = \"de\"\nlanguages = [\"de\", \"en\"]\n\
             [[boilerplates]]\nkey = \"about\"\nlanguage = \"de\"\ntitle = \"Über uns\"\ntext = '''{markdown}'''\n\
             [[pages]]\nslug = \"impressum\"\nlanguage = \"de\"\ntitle = \"Impressum\"\nbody = '''{markdown}'''\n"
        );
        std::fs::write(bundle.join("newsroom.toml"), settings).unwrap();
        room.cli_ok(&["import", bundle.to_str().unwrap()]);
        let by_key = with("Mit Baustein", &json!({ "boilerplate": "about", "assets": assets }));
        let own = with("Mit eigenem Text", &json!({ "boilerplate": markdown, "assets": assets }));
        let both = json!({ "de": markdown, "en": markdown });
        let album = json!({ "title": { "de": "Sammlung" }, "description": both, "state": "published" });
        let event = json!({ "title": { "de": "Rundgang" }, "description": both, "state": "published",
            "starts_at": { "local": "2031-03-09T10:00", "zone": "Europe/Berlin" } });
        Self {
            by_key: desk.published(by_key).await,
            own: desk.published(own).await,
            album: desk.post("/api/v1/albums", album).await.expect(201).json(),
            event: desk.post("/api/v1/events", event).await.expect(201).json(),
        }
    }

    /// The pages, on each of which a photo of the text is shown with its caption.
    fn pages(&self) -> Vec<String> {
        let url = |record: &Value| record["url"].as_str().unwrap().to_owned();
        let fixed = ["/pages/impressum", "/events", "/en/events"].map(str::to_owned);
        let own = [url(&self.by_key), url(&self.own), url(&self.album), format!("/en{}", url(&self.album))];
        fixed.into_iter().chain(own).collect()
    }

    /// Everything else that tells them.
    fn forms(&self) -> Vec<String> {
        let url = |record: &Value| record["url"].as_str().unwrap().to_owned();
        let mut all: Vec<String> = ["/", "/events.ics", "/feed.json", "/feed.atom", "/search?q=Sammlung"]
            .into_iter()
            .chain(["/search.json?q=Rundgang", "/api/v1/search?q=Rundgang", "/api/v1/releases"])
            .chain(["/api/v1/albums", "/api/v1/events"])
            .map(str::to_owned)
            .collect();
        all.push(format!("/events/{}.ics", self.event["slug"].as_str().unwrap()));
        for release in [&self.by_key, &self.own] {
            all.extend(["txt", "html", "md", "json"].map(|form| format!("{}.{form}", url(release))));
            all.push(format!("/api/v1/releases/{}", id_of(release)));
        }
        all.push(format!("/api/v1/albums/{}", id_of(&self.album)));
        all.push(format!("/api/v1/events/{}", id_of(&self.event)));
        all
    }

    /// All that the public can have of them, each part by a name.
    async fn told(&self, public: &Client) -> Vec<(String, String)> {
        let mut told = Vec::new();
        for path in self.pages().into_iter().chain(self.forms()) {
            let text = public.get(&path).await.expect(200).text();
            told.push((path, text));
        }
        for release in [&self.by_key, &self.own] {
            let url = release["url"].as_str().unwrap();
            let document = public.get(&format!("{url}.docx")).await.expect(200).body;
            let kit = public.get(&format!("{url}/photos.zip")).await;
            let kit = if kit.status == 200 { unzip_all(&kit.body) } else { Default::default() };
            for (name, bytes) in unzip_all(&document) {
                told.push((format!("{url}.docx {name}"), String::from_utf8_lossy(&bytes).into_owned()));
            }
            for (name, bytes) in kit.into_iter().filter(|(name, _)| !name.ends_with(".jpg")) {
                let bytes = if name.ends_with(".docx") {
                    unzip_all(&bytes).into_values().flatten().collect()
                } else {
                    bytes
                };
                told.push((format!("{url} kit {name}"), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        told
    }
}

#[track_caller]
fn is_told_nowhere(told: &[(String, String)], words: &[&str]) {
    for (form, text) in told {
        for word in words {
            assert!(!text.contains(word), "{form} tells {word}: {text}");
        }
    }
}

async fn a_closed_photo_is_told_by_no_text(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let words = |title: &str| json!({ "title": title, "credit": format!("{title}/Foto"), "alt_text": title });
    let open = photo(&desk, 1, words("Offener Kran")).await;
    let secret = photo(&desk, 2, words("Geheimer Kran")).await;
    let unused = photo(&desk, 3, words("Loser Kran")).await;
    let mut ended = words("Alter Kran");
    ended["rights_until"] = json!(LONG_AGO);
    let ended = photo(&desk, 4, ended).await;
    embargoed(&desk, with("Sperrfrist", &json!({ "assets": [id_of(&secret)] }))).await;
    let markdown = format!(
        "Vorher.\n\n{}\n\n{}\n\nIm Satz {} und <img src=\"{}/small.jpg\" alt=\"Verschwiegenes\"> steht es.\n\n\
         {}\n\nNachher.",
        figure(&secret, "Verboten"),
        figure(&open, "Erlaubt"),
        figure(&unused, "Verloren"),
        public_url_of_photo(&secret),
        figure(&ended, "Verflossen"),
    );
    let texts = Texts::write(room, &desk, &markdown, json!([id_of(&open), id_of(&ended)])).await;
    totals(&public, &[("kind=album&q=Sammlung", 1), ("kind=event&q=Rundgang", 1)]).await;

    let told = texts.told(&public).await;
    let closed = ["eheimer-", "lter-kran", "oser-kran", "eheimer Kran", "lter Kran", "oser Kran"];
    let said = ["Verboten", "Verschwiegen", "Verloren", "Verflossen"];
    is_told_nowhere(&told, &[&closed[..], &said[..]].concat());
    let around =
        told.iter().filter(|(_, text)| text.contains("Vorher.") && text.contains("Nachher.")).count();
    assert!(around > 20, "the words around stay: {around}");
    for page in texts.pages() {
        let (_, text) = told.iter().find(|(form, _)| *form == page).unwrap();
        for shown in ["Erlaubtbild", "Erlaubtzeile", "Offener Kran/Foto", "/photos/offener-kran/"] {
            assert!(text.contains(shown), "{page} lacks {shown}: {text}");
        }
    }
    for word in said {
        totals(&public, &[(&format!("q=%22{word}bild%22"), 0), (&format!("q=%22{word}zeile%22"), 0)]).await;
    }

    // Files for a plain web server, and who edits has all of it.
    let site = room.folder().join("site");
    room.cli_ok(&["site", site.to_str().unwrap()]);
    let files = files_under(&site).into_iter().filter(|file| !file.to_string_lossy().ends_with(".jpg"));
    let files: Vec<(String, String)> = files
        .map(|file| {
            (file.display().to_string(), String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into())
        })
        .collect();
    assert!(
        files.iter().any(|(name, text)| name.ends_with("impressum/index.html") && text.contains("Erlaubt"))
    );
    is_told_nowhere(&files, &[&closed[..], &said[..]].concat());
    for (kind, record) in [("albums", &texts.album), ("events", &texts.event)] {
        let seen = desk.get(&format!("/api/v1/{kind}/{}", id_of(record))).await.expect(200).json();
        assert_eq!(seen["description"]["de"], json!(markdown), "{kind}");
    }
    let seen = desk.get(&format!("/api/v1/releases/{}", id_of(&texts.own))).await.expect(200).json();
    assert_eq!(seen["boilerplate"], json!(markdown));
}

async fn a_photo_opens_and_closes_in_every_text(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let kite = photo(&desk, 1, json!({ "title": "Drachen", "credit": "Wind/Foto" })).await;
    let release = with("Zeigt ihn", &json!({ "assets": [id_of(&kite)] }));
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let markdown = format!("Vorher.\n\n{}\n\nNachher.", figure(&kite, "Flatter"));
    let texts = Texts::write(room, &desk, &markdown, json!([])).await;
    let words = ["Flatter", "/photos/drachen", "Wind/Foto"];
    is_told_nowhere(&texts.told(&public).await, &words);

    let path = format!("/api/v1/releases/{}", id_of(&release));
    desk.post_empty(&format!("{path}/publish")).await.expect(200);
    let are_shown = async || {
        for page in texts.pages() {
            let text = public.get(&page).await.expect(200).text();
            assert!(words.iter().all(|word| text.contains(word)), "{page}: {text}");
        }
    };
    are_shown().await;
    // Looked at again from memory, and then at once no more.
    are_shown().await;
    // Of a photo that is another release's no word is found here: nobody would notice that it closes.
    let other = with("Zeigt ihn im Text", &json!({ "body": markdown }));
    let other = desk.published(other).await;
    totals(&public, &[("kind=release&q=%22Zeigt+ihn+im+Text%22", 1), ("q=Flatterzeile", 0)]).await;
    let shown = public.get(other["url"].as_str().unwrap()).await.expect(200).text();
    assert!(shown.contains("Flatterzeile"), "{shown}");
    // What stands in the text of one of its own is found, as long as that is open.
    let own = with("Zeigt ihn auch", &json!({ "body": markdown, "assets": [id_of(&kite)] }));
    let own = desk.published(own).await;
    totals(&public, &[("kind=release&q=Flatterbild", 1)]).await;
    desk.post(&format!("/api/v1/releases/{}/withdraw", id_of(&own)), json!({ "reason": "Irrtum" }))
        .await
        .expect(200);
    totals(&public, &[("q=Flatterbild", 0)]).await;
    desk.post(&format!("{path}/withdraw"), json!({ "reason": "Irrtum" })).await.expect(200);
    is_told_nowhere(&texts.told(&public).await, &["Flatter", "Wind/Foto"]);
    for page in texts.pages() {
        let text = public.get(&page).await.expect(200).text();
        assert!(text.contains("Vorher.") && !text.contains("/photos/drachen"), "{page}: {text}");
    }
}

async fn pages_are_dropped_when_rights_end(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let kite = desk.upload_ready("1.jpg", images::jpeg(900, 600, 1), json!({ "title": "Drachen" })).await;
    desk.published(with("Zeigt ihn", &json!({ "assets": [id_of(&kite)] }))).await;
    let texts = Texts::write(room, &desk, &figure(&kite, "Flatter"), json!([])).await;
    let pages = texts.pages();
    let end = soon(4);
    let path = format!("/api/v1/assets/{}", id_of(&kite));
    desk.patch(&path, json!({ "rights_until": end.to_string() })).await.expect(200);
    let mut tags = Vec::new();
    for page in &pages {
        let seen = public.get(page).await.expect(200);
        assert!(seen.text().contains("Flatterzeile"), "{page}: {}", seen.text());
        tags.push(seen.header("etag").to_owned());
    }
    let ics = format!("/events/{}.ics", texts.event["slug"].as_str().unwrap());
    public.get(&ics).await.expect(200);
    assert!(now() < end, "the machine was too slow to see the state before");
    while now() < end {
        sleep_ms(5).await;
    }
    // The first answer after the moment, whoever has looked at the clock; also to who has the page of before.
    for (page, tag) in pages.iter().zip(&tags) {
        let seen = public.get_with(page, &[("if-none-match", tag)]).await.expect(200);
        assert!(
            !seen.text().contains("Flatter") && !seen.text().contains("drachen"),
            "{page}: {}",
            seen.text()
        );
    }
    assert!(!public.get(&ics).await.expect(200).text().contains("Flatter"));
    eventually(5.0, "nothing is found by it", async || {
        let answer = public.get("/api/v1/search?q=%22Flatterzeile%22").await.expect(200).json();
        (answer["total"] == 0).then_some(())
    })
    .await;
}
