//! Sample contexts of every page, and the test that renders every page in every language.
//! The pages are left under `target/pages/` to be looked at in a browser.

mod asset;

use super::contact::{ContactCard, ContactPage, ContactsPage, DutyView, PhoneView};
use super::error::{FailurePage, NotFoundPage, WithdrawnPage};
use super::event::{EventView, EventsPage};
use super::home::{HomePage, Lead};
use super::photo::{AlbumPage, AlbumTeaser, Download, GalleryPage, PhotoPage, PhotoTile, PrintSize};
use super::picture::Picture;
use super::release::{
    ArchivePage, BoilerplateView, CorrectionView, FormLink, Kit, KitSize, ReleasePage, ReleaseTeaser,
};
use super::search::{Facet, FacetChoice, HiddenField, HitView, SearchPage};
use super::shell::{FeedLink, LanguageLink, Link, Meta, Pager, Section, Shell, SocialImage, StaticUrls};
use super::standing::StandingPageView;
use crate::domain::release::{Correction, CorrectionKind};
use crate::i18n::Lang;
use askama::Template;
pub use asset::asset;

fn picture(number: usize) -> Option<Picture> {
    Picture::of(&asset(number), |r| format!("/photos/foto-{number}/{}.{}", r.name, r.format.extension()))
}

/// German or English, as the language asks.
fn either(lang: Lang, de: &str, en: &str) -> String {
    if lang == Lang::De { de.to_owned() } else { en.to_owned() }
}

fn phone(number: &str) -> PhoneView {
    PhoneView {
        label: "Telefon".to_owned(),
        number: number.to_owned(),
        url: "tel:+493023125401".to_owned(),
        is_plain: true,
    }
}

fn shell(lang: Lang, section: Section, title: &str) -> Shell {
    let prefix = either(lang, "", "/en");
    let language = |tag: &str, name: &str, url: &str| {
        let [tag, name, url] = [tag, name, url].map(str::to_owned);
        LanguageLink { current: tag == lang.tag(), tag, name, url }
    };
    let feed = |label: &str, media_type| {
        let url = format!("{prefix}/feed.{}", label.to_lowercase());
        FeedLink { label: label.to_owned(), url, media_type }
    };
    Shell {
        lang,
        language: lang.tag().to_owned(),
        newsroom: either(lang, "Presseraum des Elsforums", "Elsforum Newsroom"),
        organisation: "Elsforum e. V.".to_owned(),
        organisation_url: "https://www.elsforum.example".to_owned(),
        logo: None,
        initial: "F".to_owned(),
        reserves_mining: false,
        home_url: format!("{prefix}/"),
        releases_url: format!("{prefix}/releases"),
        photos_url: format!("{prefix}/photos"),
        events_url: format!("{prefix}/events"),
        contacts_url: format!("{prefix}/contacts"),
        search_url: format!("{prefix}/search"),
        selection_url: "/selection".to_owned(),
        section,
        languages: vec![language("de", "Deutsch", "/"), language("en", "English", "/en/")],
        phone: Some(phone("+49 30 23125-401")),
        legal: vec![
            Link::new("Impressum", "/pages/impressum"),
            Link::new("Datenschutz", "/pages/datenschutz"),
        ],
        feeds: vec![
            feed("Atom", "application/atom+xml"),
            feed("RSS", "application/rss+xml"),
            feed("JSON", "application/feed+json"),
        ],
        static_urls: StaticUrls {
            css: "/static/app.css".to_owned(),
            script: "/static/app.js".to_owned(),
            begin: "{}",
            icon: "/static/icon.svg",
        },
        meta: Meta {
            title: title.to_owned(),
            description: "Ein Satz \"mit\" Zeichen <b>".to_owned(),
            canonical: "https://presse.example/releases/x".to_owned(),
            alternates: vec![("de".to_owned(), "https://presse.example/".to_owned())],
            kind: "website",
            image: Some(SocialImage {
                url: "https://presse.example/photos/foto-1/social.jpg".to_owned(),
                width: 1200,
                height: 630,
                alt: "Halle".to_owned(),
            }),
            json_ld: vec!["{\"@context\":\"https://schema.org\"}".to_owned()],
            ..Meta::default()
        },
        preview: None,
    }
}

fn headline(lang: Lang, number: usize) -> String {
    let pairs = [
        (
            "Besucherrekord: 10.600 Fachbesucher auf der Netz & Quelle 2026",
            "Visitor record: 10,600 trade visitors at Netz & Quelle 2026",
        ),
        (
            "Erste Wasserstofftankstelle im Elshafen versorgt Müllwagen und Busse",
            "First hydrogen filling station at Els harbour fuels refuse trucks and buses",
        ),
        (
            "Wärmepumpe im Altbau: Feldtest zeigt, was sie leisten kann",
            "Heat pumps in older homes: field test shows what they can do",
        ),
        ("Messe Elsmünde eröffnet Messehalle 4 aus Holz", "Elsmünde opens timber-built Exhibition Hall 4"),
        (
            "Wasserverluste im Rohrnetz sinken auf vier Prozent",
            "Water losses in the pipe network fall to four per cent",
        ),
        ("KI-Verordnung: Was Versorger jetzt klären müssen", "EU AI Act: what utilities need to settle now"),
    ];
    let (de, en) = pairs[number % pairs.len()];
    either(lang, de, en)
}

fn teaser(lang: Lang, number: usize) -> ReleaseTeaser {
    ReleaseTeaser {
        url: format!("/releases/meldung-{number}"),
        headline: headline(lang, number),
        language: lang.tag().to_owned(),
        language_note: if number == 3 { "English".to_owned() } else { String::new() },
        summary: either(
            lang,
            "Erstmals mehr als 10.000 Gäste, jeder fünfte aus dem Ausland",
            "More than 10,000 guests for the first time, one in five from abroad",
        ),
        date: either(lang, "5. November 2026", "5 November 2026"),
        date_iso: "2026-11-05".to_owned(),
        topic: Some(Link::new(either(lang, "Fachmesse", "Trade fair"), "/releases?topic=fachmesse")),
        picture: if number == 5 { None } else { picture(number) },
        photo_note: if number == 5 { String::new() } else { lang.count("count-photos", 3) },
    }
}

fn teasers(lang: Lang, count: usize) -> Vec<ReleaseTeaser> {
    (1..=count).map(|number| teaser(lang, number)).collect()
}

fn tile(lang: Lang, number: usize) -> PhotoTile {
    PhotoTile {
        id: format!("0190b5a0-0000-7000-8000-{number:012}"),
        is_chosen: false,
        url: format!("/photos/foto-{number}"),
        title: either(lang, "Messehalle 4 am Eröffnungstag", "Exhibition Hall 4 on opening day"),
        is_named: true,
        language: String::new(),
        caption: either(
            lang,
            "Zweiundzwanzig Träger aus Brettschichtholz überspannen Messehalle 4 auf 64 Metern Breite.",
            "Twenty-two glued laminated timber beams span Exhibition Hall 4 across 64 metres.",
        ),
        credit: "Elsforum / Carla Steinhövel".to_owned(),
        picture: if number == 99 { None } else { picture(number) },
        original_url: format!("/photos/foto-{number}/original.jpg"),
        original_facts: "JPEG, 6000 × 4000 px, 12\u{a0}MB".to_owned(),
        extension: "PDF".to_owned(),
    }
}

fn kit_size(photos: usize) -> KitSize {
    KitSize { photos, documents: 0, print_bytes: 46_300_000, web_bytes: 3_900_000 }
}

fn kit(lang: Lang) -> Kit {
    Kit::of_release(lang, "/releases/meldung-1/photos.zip".to_owned(), kit_size(4))
}

fn contact(lang: Lang, number: usize) -> ContactCard {
    let names = ["Dr. Henrike Asmussen", "Tobias Grünwald", "Meryem Özkan", "Samuel Adeyemi"];
    ContactCard {
        name: names[number % 4].to_owned(),
        role: either(lang, "Leiterin Presse und Kommunikation", "Head of Press and Communications"),
        organisation: "Elsforum e. V.".to_owned(),
        url: "/contacts/henrike-asmussen".to_owned(),
        vcf_url: "/contacts/henrike-asmussen.vcf".to_owned(),
        phones: vec![phone("+49 30 23125-401"), phone("+49 171 3920041")],
        email: "h.asmussen@elsforum.example".to_owned(),
        portrait: if number == 3 { None } else { picture(4) },
        languages: "Deutsch, English".to_owned(),
        topics: vec![
            Link::new("Fachmesse", "/releases?topic=fachmesse"),
            Link::new("Wasser", "/releases?topic=wasser"),
        ],
        duty: Some(DutyView {
            is_now: number == 0,
            text: either(lang, "Jetzt erreichbar", "Available now"),
            stand_in: (number == 1).then(|| Link::new("Meryem Özkan", "/contacts/meryem-oezkan")),
        }),
    }
}

fn contacts(lang: Lang, count: usize) -> Vec<ContactCard> {
    (0..count).map(|number| contact(lang, number)).collect()
}

fn event(lang: Lang, number: usize) -> EventView {
    EventView {
        slug: format!("termin-{number}"),
        url: format!("/events#termin-{number}"),
        title: either(
            lang,
            "Jahrespressekonferenz: Branchenbarometer 2027",
            "Annual press conference: Industry Barometer 2027",
        ),
        period: either(
            lang,
            "Dienstag, 9. Februar 2027, 10:00–11:30 Uhr (MEZ)",
            "Tuesday, 9 February 2027, 10:00–11:30 (CET)",
        ),
        starts_iso: "2027-02-09T10:00:00+01:00".to_owned(),
        day: "9".to_owned(),
        month: "Feb".to_owned(),
        year: "2027".to_owned(),
        venue: "Elsforum, Atrium".to_owned(),
        address: "Am Speicherhafen 12, 00412 Elsmünde".to_owned(),
        website: "https://www.elsforum.example/jpk".to_owned(),
        description_html:
            "<p>Das Elsforum stellt die Ergebnisse vor. Bild- und Tonaufnahmen sind ab 9.30 Uhr möglich.</p>"
                .to_owned(),
        ics_url: "/events/termin-1.ics".to_owned(),
        status: if number == 2 { either(lang, "Abgesagt", "Cancelled") } else { String::new() },
        is_off: number == 2,
        contacts: contacts(lang, 1),
        releases: vec![Link::new(headline(lang, 0), "/releases/meldung-1")],
    }
}

const BODY: &str = "<p>Die Netz &amp; Quelle 2026 ist am Donnerstag mit einem Besucherrekord zu Ende gegangen. 10.600 Fachbesucherinnen und Fachbesucher kamen an drei Tagen zur Fachmesse für Wasser, Energie und Stadttechnik nach Elsmünde.</p><figure class=\"quote\" id=\"q1\"><blockquote><p>„Fünfstellig, das hatten wir uns für das Jahr 2030 vorgenommen.“</p></blockquote><figcaption>Prof. Dr. Ingrid Wallmeroth, Präsidentin des Elsforums</figcaption></figure><h2>Wärme, Wasser, Wachsamkeit</h2><p>Den stärksten Zulauf hatte die Sonderfläche in Messehalle 4. Dort liefen sieben Großwärmepumpen im Betrieb, darunter eine Anlage, die ihre Wärme aus dem Ablauf einer Kläranlage bezieht.</p><ul><li>Abschlussarbeiten an Hochschulen</li><li>Meisterstücke und Technikerarbeiten</li></ul><table><thead><tr><th></th><th>2025</th><th>2026</th></tr></thead><tbody><tr><td>Fachbesucher</td><td>9.700</td><td>10.600</td></tr><tr><td>Aussteller</td><td>389</td><td>418</td></tr></tbody></table><p>Die nächste Netz &amp; Quelle findet vom 9. bis 11. November 2027 statt.</p>";

fn correction(lang: Lang) -> CorrectionView {
    let note = either(
        lang,
        "In einer früheren Fassung stand eine falsche Zahl der Aussteller.",
        "An earlier version gave a wrong number of exhibitors.",
    );
    let at = "2026-11-06T08:00:00Z".parse().unwrap();
    CorrectionView::of(lang, &Correction { at, kind: CorrectionKind::Correction, note }, "Europe/Berlin")
}

fn release_page(lang: Lang) -> ReleasePage {
    ReleasePage {
        shell: shell(lang, Section::Releases, &headline(lang, 0)),
        headline: headline(lang, 0),
        sub_headlines: vec![
            either(lang, "Erstmals mehr als 10.000 Gäste, jeder fünfte aus dem Ausland", "More than 10,000 guests for the first time, one in five from abroad"),
        ],
        dateline: either(lang, "Elsmünde, 5. November 2026", "Elsmünde, 5 November 2026"),
        date_iso: "2026-11-05".to_owned(),
        topics: vec![Link::new("Fachmesse", "/releases?topic=fachmesse"), Link::new("Wärmewende", "/releases?topic=waermewende")],
        photos: vec![tile(lang, 1), tile(lang, 3), tile(lang, 2), tile(lang, 6), tile(lang, 99)],
        documents: Vec::new(),
        kit: Some(kit(lang)),
        contacts: contacts(lang, 2),
        body_html: BODY.to_owned(),
        boilerplate: Some(BoilerplateView {
            title: either(lang, "Über das Elsforum", "About Elsforum"),
            html: "<p>Das Elsforum ist der Verband für Wasser, Energie und Stadttechnik mit Sitz in Elsmünde.</p>".to_owned(),
        }),
        corrections: vec![correction(lang)],
        related: teasers(lang, 3),
        translations: vec![LanguageLink { tag: "en".to_owned(), name: "English".to_owned(), url: "/en/releases/x".to_owned(), current: false }],
        permalink: "https://presse.example/releases/besucherrekord-10600-fachbesucher".to_owned(),
        text_url: "/releases/meldung-1.txt".to_owned(),
        forms: [("Text", ".txt"), ("Markdown", ".md"), ("JSON", ".json")]
            .map(|(label, suffix)| FormLink { label: label.to_owned(), suffix: suffix.to_owned(), url: format!("/releases/meldung-1{suffix}") })
            .into(),
    }
}

fn photo_page(lang: Lang, number: usize) -> PhotoPage {
    let file = |label: &str, format: &str, pixels: &str, size_bytes, is_original| Download {
        label: label.to_owned(),
        format: format.to_owned(),
        pixels: pixels.to_owned(),
        colour_space: "sRGB".to_owned(),
        size: lang.bytes(size_bytes),
        url: "/photos/foto-1/large.jpg".to_owned(),
        is_original,
    };
    PhotoPage {
        shell: shell(lang, Section::Photos, "Messehalle 4"),
        language: String::new(),
        terms_language: String::new(),
        title: either(lang, "Messehalle 4 am Eröffnungstag", "Exhibition Hall 4 on opening day"),
        caption: either(
            lang,
            "Zweiundzwanzig Träger aus Brettschichtholz überspannen Messehalle 4 auf 64 Metern Breite. Die Halle bietet 9.600 Quadratmeter Ausstellungsfläche.",
            "Twenty-two glued laminated timber beams span Exhibition Hall 4.",
        ),
        credit: "Elsforum / Carla Steinhövel".to_owned(),
        copyright_notice: "© 2025 Elsforum e. V.".to_owned(),
        usage_terms: either(
            lang,
            "Abdruck und Veröffentlichung für redaktionelle Zwecke honorarfrei bei Nennung der Quelle.",
            "Free for editorial use when the credit is given.",
        ),
        rights_url: "https://www.elsforum.example/rechte".to_owned(),
        creator: "Carla Steinhövel".to_owned(),
        persons: vec![Link::new("Ingrid Wallmeroth", "/search?q=Ingrid+Wallmeroth")],
        keywords: vec![
            Link::new("Messehalle", "/search?q=Messehalle"),
            Link::new("Holzbau", "/search?q=Holzbau"),
        ],
        date_created: either(lang, "16. September 2025", "16 September 2025"),
        location: "Messe Elsmünde, Elsmünde".to_owned(),
        picture: picture(number),
        downloads: vec![
            file("Original", "JPEG", "6000 × 4000", 12_400_000, true),
            file("Groß", "JPEG", "2560 × 1707", 1_400_000, false),
            file("Groß", "WebP", "2560 × 1707", 900_000, false),
            file("Mittel", "JPEG", "1600 × 1067", 640_000, false),
        ],
        print_sizes: PrintSize::of(lang, 6000, 4000),
        print_formats: PrintSize::in_formats(lang, 6000, 4000),
        releases: teasers(lang, 1),
        albums: vec![Link::new("Messe Elsmünde", "/albums/messe")],
        previous: Some(Link::new("Eingang Ost", "/photos/foto-2")),
        next: Some(Link::new("Hauptbühne", "/photos/foto-3")),
    }
}

fn search_page(lang: Lang, found: bool) -> SearchPage {
    let hit = |number: usize, kind: &str| {
        HitView {
        kind: kind.to_owned(),
        title_html: headline(lang, number).replace('&', "&amp;"),
        url: format!("/releases/meldung-{number}"),
        language: lang.tag().to_owned(),
        language_note: String::new(),
        snippet_html: "… kamen an drei Tagen zur <mark>Fachmesse</mark> für Wasser, Energie und Stadttechnik nach Elsmünde …".to_owned(),
        date: either(lang, "5. November 2026", "5 November 2026"),
        date_iso: "2026-11-05".to_owned(),
        picture: picture(number),
    }
    };
    let choice = |label: &str, count: &str, current| FacetChoice {
        label: label.to_owned(),
        count: count.to_owned(),
        url: "/search?q=messe&kind=photo".to_owned(),
        current,
    };
    SearchPage {
        shell: shell(lang, Section::Search, "Suche"),
        query: "messe".to_owned(),
        asked: true,
        from: String::new(),
        to: String::new(),
        hidden: vec![HiddenField { name: "kind", value: "release".to_owned() }],
        total: "12 Treffer".to_owned(),
        alert_url: "/search/alert?q=messe".to_owned(),
        photos_kit_url: "/search.zip?q=messe".to_owned(),
        did_you_mean: Some(Link::new("Fachmesse", "/search?q=Fachmesse")),
        orders: vec![choice("Relevanz", "", true), choice("Datum", "", false)],
        facets: vec![
            Facet {
                title: "Art".to_owned(),
                choices: vec![choice("Meldungen", "8", true), choice("Fotos", "4", false)],
            },
            Facet {
                title: lang.t("filter-year"),
                choices: vec![choice("2026", "6", false), choice("2025", "6", false)],
            },
        ],
        active: vec![Link::new("Meldungen", "/search?q=messe")],
        trouble: false,
        hits: if found { vec![hit(0, "Meldung"), hit(3, "Foto"), hit(4, "Meldung")] } else { Vec::new() },
        pager: Pager::new(lang, 1, 2, |page| format!("/search?q=messe&page={page}")),
        topics: vec![
            Link::new("Fachmesse", "/releases?topic=fachmesse"),
            Link::new("Wasser", "/releases?topic=wasser"),
        ],
        latest: teasers(lang, 3),
        contact: Some(contact(lang, 0)),
    }
}

/// Every page with a name.
fn pages(lang: Lang) -> Vec<(&'static str, String)> {
    let chosen =
        |label: &str, current| Link { label: label.to_owned(), url: "/releases?topic=x".to_owned(), current };
    let tiles = |count: usize| (0..count).map(|number| tile(lang, number)).collect::<Vec<_>>();
    let lead = Lead {
        release: teaser(lang, 0),
        sub_headlines: release_page(lang).sub_headlines,
        kit: Some(kit(lang)),
    };
    let home = |lead| HomePage {
        elsewhere: Vec::new(),
        shell: shell(lang, Section::Other, ""),
        lead,
        releases: teasers(lang, 6),
        photos: tiles(8),
        contacts: contacts(lang, 4),
        events: vec![event(lang, 1), event(lang, 2)],
    };
    let home_elsewhere = HomePage {
        elsewhere: vec![LanguageLink {
            tag: "de".to_owned(),
            name: "Deutsch".to_owned(),
            url: "/releases".to_owned(),
            current: false,
        }],
        ..home(None)
    };
    let mut preview = release_page(lang);
    preview.shell.preview = Some(lang.t("preview-notice"));
    let archive = ArchivePage {
        is_cut: false,
        shell: shell(lang, Section::Releases, "Meldungen"),
        title: lang.t("archive-title"),
        total: lang.count("count-releases", 22),
        topics: vec![
            chosen(&lang.t("archive-all"), true),
            chosen("Fachmesse", false),
            chosen("Energie und Netze", false),
        ],
        years: vec![chosen(&lang.t("archive-all"), true), chosen("2026", false), chosen("2025", false)],
        releases: teasers(lang, 6),
        pager: Pager::new(lang, 2, 5, |page| format!("/releases?page={page}")),
    };
    let gallery = GalleryPage {
        shell: shell(lang, Section::Photos, "Bilder"),
        title: "Bilder".to_owned(),
        kit: None,
        total: lang.count("count-photos", 19),
        filters: Vec::new(),
        is_filtered: false,
        selection: String::new(),
        albums: (1..5)
            .map(|n| AlbumTeaser {
                url: "/albums/x".to_owned(),
                title: "Wasser und Energie".to_owned(),
                count: lang.count("count-photos", n),
                picture: picture(n),
            })
            .collect(),
        photos: tiles(14),
        chosen: String::new(),
        pager: Pager::default(),
    };
    let album = AlbumPage {
        shell: shell(lang, Section::Photos, "Album"),
        title: either(lang, "Messe Elsmünde und Netz & Quelle", "Elsmünde exhibition grounds"),
        description_html: "<p>Hallen, Eingang und Bühne.</p>".to_owned(),
        kit: Some(Kit::of_album(lang, "/albums/messe.zip".to_owned(), kit_size(5))),
        photos: tiles(5),
    };
    let contact_page = ContactPage {
        shell: shell(lang, Section::Contacts, "Henrike Asmussen"),
        contact: contact(lang, 0),
        hours: vec!["Montag–Freitag 09:00–17:00\u{a0}Uhr (Europe/Berlin)".to_owned()],
        qr: None,
        message_url: "/contacts/henrike-asmussen/message".to_owned(),
        photos_kit: Some(kit(lang)),
        portrait_url: Some("/photos/portrait".to_owned()),
        releases: teasers(lang, 2),
    };
    let withdrawn = WithdrawnPage {
        shell: shell(lang, Section::Other, "Zurückgezogen"),
        headline: headline(lang, 4),
        reason: either(lang, "Die Zahlen beruhten auf einem Übertragungsfehler.", "The figures were wrong."),
        date: either(lang, "6. November 2026", "6 November 2026"),
        date_iso: "2026-11-06".to_owned(),
        contacts: contacts(lang, 1),
        releases: teasers(lang, 2),
    };
    let failure = |status| FailurePage {
        lang,
        status,
        css_url: "/static/app.css".to_owned(),
        icon_url: "/static/icon.svg".to_owned(),
        home_url: "/".to_owned(),
        request_id: "0192-4711".to_owned(),
    };
    let not_found = NotFoundPage {
        shell: shell(lang, Section::Other, "404"),
        query: "fachmesse".to_owned(),
        releases: teasers(lang, 3),
        is_near: true,
    };
    let contacts_page =
        ContactsPage { shell: shell(lang, Section::Contacts, "Kontakte"), contacts: contacts(lang, 4) };
    let events = EventsPage {
        shell: shell(lang, Section::Events, "Termine"),
        calendar_url: "webcal://press.example/events.ics".to_owned(),
        upcoming: vec![event(lang, 1), event(lang, 2)],
        past: vec![event(lang, 3)],
    };
    let standing = StandingPageView {
        shell: shell(lang, Section::Other, "Impressum"),
        title: "Impressum".to_owned(),
        html: BODY.to_owned(),
    };
    let render = |page: &dyn DynRender| page.html();
    vec![
        ("home", render(&home(Some(lead)))),
        ("home-empty", render(&home(None))),
        ("home-elsewhere", render(&home_elsewhere)),
        ("releases", render(&archive)),
        ("release", render(&release_page(lang))),
        ("release-preview", render(&preview)),
        ("photos", render(&gallery)),
        ("photo", render(&photo_page(lang, 1))),
        ("photo-tall", render(&photo_page(lang, 2))),
        ("album", render(&album)),
        ("contacts", render(&contacts_page)),
        ("contact", render(&contact_page)),
        ("events", render(&events)),
        ("search", render(&search_page(lang, true))),
        ("search-nothing", render(&search_page(lang, false))),
        ("standing", render(&standing)),
        ("not-found", render(&not_found)),
        ("withdrawn", render(&withdrawn)),
        ("failure-500", render(&failure(500))),
        ("failure-503", render(&failure(503))),
        ("failure-400", render(&failure(400))),
    ]
}

trait DynRender {
    fn html(&self) -> String;
}

impl<T: Template> DynRender for T {
    fn html(&self) -> String {
        self.render().unwrap()
    }
}

#[test]
fn every_page_renders_in_every_language() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    for lang in Lang::ALL {
        for (name, html) in pages(lang) {
            std::fs::write(folder.join(format!("{}-{name}.html", lang.tag())), &html).unwrap();
            assert!(!html.contains('⟦'), "{name} in {} lacks a text", lang.tag());
            assert!(
                !html.contains(" style="),
                "{name}: the content security policy forbids style attributes"
            );
            assert!(
                !html.contains(" onclick="),
                "{name}: the content security policy forbids inline scripts"
            );
            assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{name}");
            assert_eq!(html.matches("<h1").count(), 1, "{name} needs one first heading");
            assert!(html.contains("<main"), "{name}");
        }
    }
}

#[test]
fn what_people_write_is_escaped() {
    let mut page = release_page(Lang::De);
    page.headline = "<script>alert(1)</script>".to_owned();
    page.shell.meta.title = "\"><script>".to_owned();
    assert!(
        !page.render().unwrap().contains("<script>"),
        "only script elements with attributes are the site's own"
    );
}
