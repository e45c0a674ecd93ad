//! The public site around photos and files: filters that show only what is public, documents that are no photos,
//! files in the language of the page that leads to them.

use serde_json::json;

use crate::harness::{Client, Newsroom, id_of, images, temp_dir, unzip_all};

on_both_engines!(
    the_gallery_is_filtered_by_what_is_in_the_photos,
    documents_are_no_photos,
    a_page_leads_to_files_in_its_language,
    the_site_speaks_four_languages,
);

async fn the_gallery_is_filtered_by_what_is_in_the_photos(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let photo = async |name: &str, width, height, year: &str, person: &str| {
        let words = json!({ "title": name, "date_created": year, "persons": [person] });
        let asset = desk.upload_ready(&format!("{name}.jpg"), images::jpeg(width, height, 7), words).await;
        id_of(&asset).to_owned()
    };
    let wide = photo("Querbild", 2520, 1680, "2024-05-01", "Ada Muster").await;
    let tall = photo("Hochbild", 1200, 1800, "2025", "Änne & Groß").await;
    let small = photo("Kleinbild", 600, 600, "2025-01-01", "Ada Muster").await;
    photo("Geheimbild", 900, 600, "2023-01-01", "Geheime Person").await;
    let mut release = Client::plain_release("Mit Bildern");
    release["assets"] = json!([wide, tall, small]);
    desk.published(release).await;

    for (query, expected) in [
        ("", &["Querbild", "Hochbild", "Kleinbild"][..]),
        ("?stands=portrait", &["Hochbild"]),
        ("?stands=square", &["Kleinbild"]),
        ("?year=2025", &["Hochbild", "Kleinbild"]),
        ("?person=Ada+Muster", &["Querbild", "Kleinbild"]),
        ("?person=%C3%84nne+%26+Gro%C3%9F&year=2025", &["Hochbild"]),
        ("?fills=a5", &["Querbild"]),
        ("?fills=a6&stands=landscape", &["Querbild"]),
        ("?person=Geheime+Person", &[]),
        ("?year=1999", &[]),
    ] {
        let page = public.get(&format!("/photos{query}")).await.expect(200).text();
        for name in ["Querbild", "Hochbild", "Kleinbild", "Geheimbild"] {
            assert_eq!(page.contains(name), expected.contains(&name), "{query}: {name}");
        }
    }
    let page = public.get("/photos").await.expect(200).text();
    assert!(page.contains("<option value=\"Ada Muster\">") && !page.contains("Geheime Person"));
    assert!(!page.contains("<option value=\"2023\">"), "a year of which nothing is public");
    // The photo is described anew: the filter follows.
    desk.patch(&format!("/api/v1/assets/{wide}"), json!({ "persons": ["Berta Neu"] })).await.expect(200);
    desk.wait_ready(&wide).await;
    let page = public.get("/photos?person=Berta+Neu").await.expect(200).text();
    assert!(page.contains("Querbild"));
}

async fn documents_are_no_photos(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let asset = desk.upload("Tagesordnung.pdf", b"%PDF-1.7\nnothing\n".to_vec()).await.expect(201).json();
    desk.wait_processed(id_of(&asset)).await;
    let mut release = Client::plain_release("Mit Tagesordnung");
    release["assets"] = json!([id_of(&asset)]);
    let release = desk.published(release).await;
    let url = release["url"].as_str().unwrap();
    let page = public.get(url).await.expect(200).text();
    assert!(!page.contains("1 Foto") && !page.contains("Alle Fotos"), "a document is counted as a photo");
    assert!(page.contains("Alle Dateien (ZIP") && page.contains(asset["original"]["url"].as_str().unwrap()));
    assert!(!page.contains("strip-pics"), "a strip of photos without photos");

    let word = public.get(&format!("{url}.docx")).await.expect(200);
    assert!(word.header("content-disposition").contains(".docx"));
    let document = String::from_utf8(unzip_all(&word.body)["word/document.xml"].clone()).unwrap();
    assert!(document.contains("Mit Tagesordnung"));
    let html = public.get(&format!("{url}.html")).await.expect(200);
    assert!(html.text().contains("<h1>Mit Tagesordnung</h1>"));
    assert!(html.header("content-disposition").starts_with("attachment"));
}

async fn a_page_leads_to_files_in_its_language(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let contact = json!({
        "name": "Dr. Ada Muster",
        "role": { "de": "Pressesprecherin", "en": "Press spokesperson" },
        "email": "ada@messe.example",
    });
    let contact = desk.post("/api/v1/contacts", contact).await.expect(201).json();
    let slug = contact["slug"].as_str().unwrap();
    for (prefix, role) in [("", "Pressesprecherin"), ("/en", "Press spokesperson")] {
        let card = format!("{prefix}/contacts/{slug}.vcf");
        let page = public.get(&format!("{prefix}/contacts/{slug}")).await.expect(200).text();
        assert!(page.contains(&format!("href=\"{card}\"")), "{card} in\n{page}");
        assert!(public.get(&card).await.expect(200).text().contains(role), "{card}");
    }
}

/// A newsroom in French and Arabic: the interface, the writing direction, the dateline, the words of the kit.
async fn the_site_speaks_four_languages(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let bundle = temp_dir();
    std::fs::write(bundle.path().join("newsroom.toml"), "languages = [\"de\", \"en\", \"fr\", \"ar\"]\n")
        .unwrap();
    room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
    let words = json!({ "title": "معرض", "caption": "قاعة المعرض" });
    let photo = desk.upload_ready("a.jpg", images::jpeg(900, 600, 3), words).await;
    let release = json!({
        "language": "ar", "headline": "افتتاح المعرض", "body": "بدأ المعرض اليوم.", "dateline_place": "دبي",
        "dateline_date": "2026-02-09", "assets": [id_of(&photo)],
    });
    let release = desk.published(release).await;
    let url = release["url"].as_str().unwrap();
    assert!(url.starts_with("/ar/releases/"), "{url}");
    let page = public.get(url).await.expect(200).text();
    for part in ["<html lang=\"ar\" dir=\"rtl\"", "دبي، 9 فبراير 2026", "صورة واحدة", "كل الصور (ZIP"]
    {
        assert!(page.contains(part), "{part} in\n{page}");
    }
    assert!(!page.contains(">Photos<") && !page.contains("⟦"), "English left in the Arabic page");
    let kit = unzip_all(&public.get(&format!("{url}/photos.zip")).await.expect(200).body);
    let captions = String::from_utf8(kit["captions.txt"].clone()).unwrap();
    assert!(captions.contains("قاعة المعرض"), "{captions}");
    let french = public.get("/fr/photos").await.expect(200).text();
    assert!(french.contains("<html lang=\"fr\" dir=\"ltr\"") && french.contains("1 photo"), "{french}");
    assert!(french.contains("Toutes les photos, les plus récentes d’abord"));
    // The desk stays in a language that it is written in.
    let sign_in = public.get_with("/admin/sign-in", &[("accept-language", "fr, en;q=0.5")]).await.expect(200);
    assert!(sign_in.text().contains("<html lang=\"en\""));
}
