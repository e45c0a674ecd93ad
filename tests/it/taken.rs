//! What a desk takes over: texts, captions and numbers say what they are, in the words of their language.

use serde_json::{Value, json};

use crate::harness::{Client, Newsroom, eventually, id_of, images, temp_dir, unzip_all};

on_both_engines!(
    a_table_is_taken_over_as_a_table,
    nobody_is_asked_to_call_a_fax,
    credits_and_dates_are_told_once_and_in_words,
    a_kit_in_french_has_french_colons,
    an_address_has_the_words_of_the_headline_or_its_day,
    a_photo_says_what_language_its_words_are_in,
);

const TABLE: &str =
    "## Haltung von Zebrafinken\n\n| Quokkas | 2025 |\n|---|---|\n| Tiere | 1.234 |\n\nDanach.";

/// What the newsroom is, as a bundle says it.
fn set_up(room: &Newsroom, settings: &str) {
    let bundle = temp_dir();
    std::fs::write(bundle.path().join("newsroom.toml"), settings).unwrap();
    room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
}

/// The texts of a kit by their names.
async fn texts(public: &Client, kit: &str) -> std::collections::BTreeMap<String, String> {
    let files = unzip_all(&public.get(kit).await.expect(200).body);
    files.into_iter().map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

async fn a_table_is_taken_over_as_a_table(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let mut release = Client::plain_release("Tiere im Park");
    let photo = desk.upload_ready("a.jpg", images::jpeg(600, 400, 3), json!({ "title": "Park" })).await;
    release["body"] = json!(TABLE);
    release["assets"] = json!([id_of(&photo)]);
    let url = desk.published(release).await["url"].as_str().unwrap().to_owned();
    let kit = texts(&public, &format!("{url}/photos.zip")).await;
    let text = public.get(&format!("{url}.txt")).await.expect(200).text();
    for text in [&text, &kit["pressemitteilung.txt"]] {
        assert!(
            text.contains("Haltung von Zebrafinken\n\nQuokkas  2025\nTiere    1.234\n\nDanach."),
            "{text}"
        );
    }
    let page = public.get(&url).await.expect(200).text();
    assert!(
        page.contains("aria-label=\"Tabelle\" tabindex=\"0\"><table>"),
        "a wide table can be moved: {page}"
    );
    eventually(3.0, "the head of the table is found", async || {
        public.found("Quokkas").await.contains_key("release").then_some(())
    })
    .await;
}

async fn nobody_is_asked_to_call_a_fax(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let (fax, mobile) = ("+49 30 5550199", "+49 171 5550100");
    let phones = json!([{ "type": "fax", "number": fax }, { "type": "mobile", "number": mobile }]);
    let ada = json!({ "name": "Ada Muster", "phones": phones });
    let ada = desk.post("/api/v1/contacts", ada).await.expect(201).json();
    let photo = desk.upload_ready("a.jpg", images::jpeg(600, 400, 4), json!({ "title": "Park" })).await;
    let mut release = Client::plain_release("Mit Fax");
    release["contacts"] = json!([id_of(&ada)]);
    release["assets"] = json!([id_of(&photo)]);
    let url = desk.published(release).await["url"].as_str().unwrap().to_owned();
    for page in ["/", "/contacts", "/contacts/ada-muster", "/search", &url] {
        let text = public.get(page).await.expect(200).text();
        assert!(!text.contains("tel:+49305550199"), "{page}: {text}");
        let foot =
            text.split("foot-phone").nth(1).unwrap_or_else(|| panic!("no number at the foot of {page}"));
        assert!(foot.contains("tel:+491715550100"), "{page}: {foot}");
    }
    let article = public.get(&url).await.expect(200).text();
    let data = article.split("application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let point = &data["publisher"]["contactPoint"][0];
    assert_eq!((&point["telephone"], &point["faxNumber"]), (&json!(mobile), &json!(fax)), "{point:#}");
    let kit = texts(&public, &format!("{url}/photos.zip")).await;
    let markdown = public.get(&format!("{url}.md")).await.expect(200).text();
    for text in [&kit["pressemitteilung.txt"], &kit["pressemitteilung.html"], &markdown] {
        assert!(
            text.contains(&format!("Fax: {fax}")) && text.contains(&format!("Mobil: {mobile}")),
            "{text}"
        );
    }
}

async fn credits_and_dates_are_told_once_and_in_words(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let drawing = json!({ "title": "Entwurf", "caption": "So soll es werden", "credit": "Visualisierung: Elsforum",
        "date_created": "2025-09-12T10:30:00+02:00" });
    let drawing = desk.upload_ready("a.jpg", images::jpeg(600, 400, 5), drawing).await;
    let photo = json!({ "caption": "Der Bauplatz", "credit": "A. Muster" });
    let photo = desk.upload_ready("IMG_2010.jpg", images::jpeg(400, 600, 6), photo).await;
    let bare = desk.upload_ready("IMG_2011.jpg", images::jpeg(400, 600, 7), json!({})).await;
    let mut release = Client::plain_release("Neubau");
    release["assets"] = json!([id_of(&drawing), id_of(&photo), id_of(&bare)]);
    let url = desk.published(release).await["url"].as_str().unwrap().to_owned();
    let page = public.get(&url).await.expect(200).text();
    assert!(page.contains(">Visualisierung: Elsforum<") && page.contains(">Quelle: A. Muster<"), "{page}");
    assert!(!page.contains("<p>IMG_2011.jpg</p>"), "the name of a file is no caption: {page}");
    let kit = texts(&public, &format!("{url}/photos.zip")).await;
    let captions = &kit["bildunterschriften.txt"];
    for line in
        ["\nVisualisierung: Elsforum\n", "\nBildnachweis: A. Muster\n", "\nAufgenommen: 12. September 2025\n"]
    {
        assert!(captions.contains(line), "{line:?} in {captions}");
    }
    let table = &kit["bildunterschriften.csv"];
    assert!(table.contains("\"2025-09-12T10:30:00+02:00\""), "what a program reads stays exact: {table}");
}

async fn a_kit_in_french_has_french_colons(room: &Newsroom) {
    set_up(room, "languages = [\"de\", \"fr\"]\n");
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let photo = json!({ "title": "Parc", "caption": "Le parc", "credit": "A. Muster", "location": "Lyon" });
    let photo = desk.upload_ready("a.jpg", images::jpeg(600, 400, 8), photo).await;
    let ada = json!({ "name": "Ada Muster", "email": "ada@parc.example",
        "phones": [{ "type": "work", "number": "+33 4 72 00 00 00" }] });
    let ada = desk.post("/api/v1/contacts", ada).await.expect(201).json();
    let mut release = Client::plain_release("Plan d’investissement : l’eau");
    release["language"] = json!("fr");
    release["contacts"] = json!([id_of(&ada)]);
    release["assets"] = json!([id_of(&photo)]);
    let url = desk.published(release).await["url"].as_str().unwrap().to_owned();
    assert_eq!(url, "/fr/releases/plan-d-investissement-l-eau");
    let kit = texts(&public, &format!("{url}/photos.zip")).await;
    let lines = ["Téléphone : +33 4 72 00 00 00", "E-mail : ada@parc.example", "En ligne : http"];
    for line in lines {
        assert!(kit["communique.txt"].contains(line), "{line} in {}", kit["communique.txt"]);
    }
    for line in ["Crédit : A. Muster", "Lieu : Lyon"] {
        assert!(kit["legendes.txt"].contains(line), "{line} in {}", kit["legendes.txt"]);
    }
}

async fn an_address_has_the_words_of_the_headline_or_its_day(room: &Newsroom) {
    set_up(room, "languages = [\"de\", \"ar\"]\n");
    let server = room.start().await;
    let desk = server.desk();
    let mut release = Client::plain_release("استثمار بقيمة 1200 مليون يورو");
    release["language"] = json!("ar");
    release["dateline_date"] = json!("2026-11-24");
    let first = desk.published(release.clone()).await;
    assert_eq!(first["url"], "/ar/releases/release-2026-11-24");
    assert_eq!(desk.published(release).await["url"], "/ar/releases/release-2026-11-24-2");
}

async fn a_photo_says_what_language_its_words_are_in(room: &Newsroom) {
    set_up(
        room,
        "languages = [\"de\", \"en\"]\n[default_usage_terms]\nde = \"Frei für die Berichterstattung\"\nen = \"Free for reporting\"\n",
    );
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let words = json!({ "title": "Halle am Morgen", "caption": "Die Halle vor der Öffnung",
        "usage_terms": "Frei für die Berichterstattung" });
    let photo = desk.upload_ready("a.jpg", images::jpeg(600, 400, 9), words).await;
    let publish = async |headline: &str, language: &str, of: Option<&Value>| {
        let mut release = Client::plain_release(headline);
        release["language"] = json!(language);
        release["assets"] = json!([id_of(&photo)]);
        if let Some(of) = of {
            release["translation_of"] = json!(id_of(of));
        }
        desk.published(release).await
    };
    let german = publish("Die Halle öffnet", "de", None).await;
    publish("The hall opens", "en", Some(&german)).await;
    let page = public.get("/en/photos/halle-am-morgen").await.expect(200).text();
    assert!(page.contains("lang=\"de\">Halle am Morgen</h1>"), "{page}");
    assert!(page.contains("lang=\"de\">Die Halle vor der Öffnung</p>"), "{page}");
    assert!(page.contains("<p>Free for reporting</p>"), "{page}");
    let page = public.get("/photos/halle-am-morgen").await.expect(200).text();
    assert!(page.contains("<h1 class=\"photo-title\">Halle am Morgen</h1>"), "{page}");
    let (own, other) = (page.find(">Die Halle öffnet<").unwrap(), page.find(">The hall opens<").unwrap());
    assert!(own < other, "the release in the reader's language comes first");
    let tag = "<span class=\"tag\">English</span>";
    eventually(3.0, "the English one is found and says so", async || {
        public.get("/search?q=hall").await.expect(200).text().contains(tag).then_some(())
    })
    .await;
}
