//! What was taken and what was looked for in vain, as the desk shows it and hands it out.

use serde_json::json;

use crate::desk::{Browser, PASSWORD, add_account};
use crate::harness::{Client, Newsroom, eventually, id_of, images, percent};

on_both_engines!(downloads_and_vain_searches_are_counted_and_nobody_is, one_signs_out_everywhere_else);

const READER: (&str, &str) =
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

async fn downloads_and_vain_searches_are_counted_and_nobody_is(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let photo = json!({ "title": "=Kran; \"groß\"" });
    let photo = desk.upload_ready("kran.jpg", images::jpeg(900, 600, 5), photo).await;
    let mut release = Client::plain_release("Der Kran am Hafen");
    release["assets"] = json!([id_of(&photo)]);
    let release = desk.published(release).await;
    let album = json!({ "title": "Kräne", "assets": [id_of(&photo)] });
    let album = desk.post("/api/v1/albums", album).await.expect(201).json();
    desk.post_empty(&format!("/api/v1/albums/{}/publish", id_of(&album))).await.expect(200);

    let original = photo["original"]["url"].as_str().unwrap();
    let url = release["url"].as_str().unwrap();
    let kit = format!("{url}/photos.zip");
    let web = format!("{kit}?size=web");
    for (path, times) in [(original, 3), (&kit, 2), (&web, 1), ("/albums/kraene.zip", 1)] {
        for _ in 0..times {
            public.get_with(path, &[READER]).await.expect(200);
            public.get_with(path, &[("user-agent", "Suchbot/1.0")]).await.expect(200);
        }
    }
    eventually(10.0, "the release can be found", async || {
        let found = public.get("/api/v1/search?q=kran").await.expect(200).json();
        (found["total"].as_u64() > Some(0)).then_some(())
    })
    .await;
    // Results come while one types: a word counts once, as it was typed in the end, and what was found does not.
    for words in ["Zeb", "Zebraf", "Zebrafink ", "Kran", "=HYPERLINK", "rita@messe.example", "0170 1234567"] {
        let words = percent(words);
        public.get_with(&format!("/search?q={words}"), &[READER]).await.expect(200);
        public
            .get_with(&format!("/search?q={words}robot"), &[("user-agent", "Suchbot/1.0")])
            .await
            .expect(200);
    }
    public.get_with("/search?q=zebrafink", &[READER]).await.expect(200);

    let mut author = Browser::signed_in(room, &server, "author").await;
    let page = author.get("/admin/statistics?days=7").await.expect(200);
    assert!(
        page.words(".chart figcaption").starts_with("3 einzelne Dateien und 4 Pressemappen"),
        "{}",
        page.text
    );
    let searched = page.words("[aria-labelledby=h-searches] tbody");
    assert!(searched.contains("zebrafink") && searched.contains("=hyperlink"), "{searched}");
    for nobody in ["rita", "0170", "robot", "kran"] {
        assert!(!searched.contains(nobody), "{nobody} in {searched}");
    }
    assert!(!searched.contains("zeb1") && page.words("[aria-labelledby=h-photos]").contains("groß"));

    let mut rows = async |file: &str| -> Vec<String> {
        let table = author.get(&format!("/admin/statistics/{file}.csv?days=30")).await.expect(200).text;
        let table = table.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("no mark in {table}")).to_owned();
        table.lines().map(str::to_owned).collect()
    };
    assert_eq!(
        rows("photos").await,
        ["Bild;Einzelne Dateien;In Pressemappen", "\"'=Kran; \"\"groß\"\"\";3;4"]
    );
    assert_eq!(rows("releases").await, ["Meldung;Pressemappen;Ihre Bilder einzeln", "Der Kran am Hafen;3;3"]);
    assert_eq!(
        rows("kits").await,
        ["Pressemappe von;Druckqualität;Webgröße", "Der Kran am Hafen;2;1", "Kräne;1;0"]
    );
    let days = rows("days").await;
    assert_eq!(days.len(), 31, "{days:?}");
    assert_eq!(days.iter().filter(|day| day.ends_with(";3;4")).count(), 1, "{days:?}");
    let searches = rows("searches").await;
    assert!(searches.iter().any(|row| row.ends_with(";zebrafink;2")), "{searches:?}");
    assert!(searches.iter().any(|row| row.contains("\"'=hyperlink\"")), "{searches:?}");
    author.get("/admin/statistics/users.csv").await.expect(404);
    author.get("/admin/statistics?days=nonsense").await.expect(200);
}

async fn one_signs_out_everywhere_else(room: &Newsroom) {
    let server = room.start().await;
    let mut here = Browser::signed_in(room, &server, "editor").await;
    let mut there = Browser::new(&server);
    add_account(room, "other@messe.example", "editor");
    let mut other = Browser::new(&server);
    for (browser, email) in [(&mut there, "editor@messe.example"), (&mut other, "other@messe.example")] {
        assert_eq!(browser.sign_in(email, PASSWORD).await.location, "/admin");
    }
    let page = here.get("/admin/account").await.expect(200);
    assert_eq!(page.text.matches("Seit ").count(), 2, "{}", page.words(".sessions"));
    assert_eq!(page.text.matches("dieser Browser").count(), 1);
    here.post("/admin/account/sessions", &[]).await.expect(303);
    here.get("/admin").await.expect(200);
    other.get("/admin").await.expect(200);
    there.get("/admin").await.expect(303);
    assert_eq!(here.get("/admin/account").await.expect(200).text.matches("Seit ").count(), 1);
}
