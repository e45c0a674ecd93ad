//! Words, phrases, forms of words, marks, facets.

use super::super::Suggestions;
use super::super::{Document, Index, Sort};
use super::*;

fn press() -> Index {
    index(&[
        document(
            "de",
            "Fachmesse für Gebäudetechnik zieht 10.600 Besucher an",
            "München, 7. November 2025 – Auf dem Gelände an der Straße der Nationen trafen sich Handwerker:innen. \
             Die KI-Verordnung der EU war Thema.",
        ),
        document(
            "de",
            "Erste Wasserstofftankstelle in Köln eröffnet",
            "Das Wirtschaftsministerium fördert die Anlage mit 3,5 Mio. Euro. Ansprechpartner: presse@beispiel.example",
        ),
        document(
            "en",
            "Trade fair opens its doors in Munich",
            "On November 7, 2025 the world's largest fair for building technology welcomed 10,600 visitors.",
        ),
        document(
            "de",
            "Museen bleiben abends länger geöffnet",
            "Die Häuser am Ufer laden zur langen Nacht ein.",
        ),
        document("fr", "L’entreprise présente sa stratégie", "Une conférence de presse à Genève."),
    ])
}

const FAIR: &str = "Fachmesse für Gebäudetechnik zieht 10.600 Besucher an";
const HYDROGEN: &str = "Erste Wasserstofftankstelle in Köln eröffnet";
const TRADE_FAIR: &str = "Trade fair opens its doors in Munich";
const MUSEUMS: &str = "Museen bleiben abends länger geöffnet";

#[test]
fn readers_find_what_they_mean() {
    let index = press();
    for (text, title) in [
        ("messe", FAIR),
        ("Fachmessen", FAIR),
        ("Muenchen", FAIR),
        ("munchen", FAIR),
        ("strasse", FAIR),
        ("Straße der Nationen", FAIR),
        ("10600", FAIR),
        ("10.600 besucher", FAIR),
        ("Handwerkerinnen", FAIR),
        ("handwerker", FAIR),
        ("KI Verordnung", FAIR),
        ("kiverordnung", FAIR),
        ("07.11.2025", FAIR),
        ("7. November 2025", FAIR),
        ("Gebäude Technik", FAIR),
        ("wasserstoff", HYDROGEN),
        ("tankstelle", HYDROGEN),
        ("Tankstellen", HYDROGEN),
        ("Wasserstoff-Tankstelle", HYDROGEN),
        ("ministerium", HYDROGEN),
        ("koeln", HYDROGEN),
        ("3,5 Millionen", HYDROGEN),
        ("presse@beispiel.example", HYDROGEN),
        ("museum", MUSEUMS),
        ("Haus", MUSEUMS),
        ("entreprises", "L’entreprise présente sa stratégie"),
        ("strategie geneve", "L’entreprise présente sa stratégie"),
    ] {
        assert_eq!(found(&index, text).first().map(String::as_str), Some(title), "{text}");
    }
}

#[test]
fn english_readers_too() {
    let index = press();
    for text in ["fairs", "opening doors", "visitors 10600", "November 7 2025", "technologies"] {
        let answer = index.search(&Query { reader_language: "en".into(), ..query(text) }).unwrap();
        assert_eq!(titles(&answer).first(), Some(&TRADE_FAIR), "{text}");
    }
}

#[test]
fn a_compound_is_found_by_its_scattered_parts() {
    let index = index(&[
        document("de", "Neue Tankstelle", "Hier fließt grüner Wasserstoff."),
        document("de", "Alte Tankstelle", "Hier fließt Benzin."),
    ]);
    assert_eq!(found(&index, "Wasserstofftankstelle"), ["Neue Tankstelle"]);
}

#[test]
fn phrases_and_exclusions_hold() {
    let index = index(&[
        document("de", "Eins", "Die Smart Country Convention in Berlin"),
        document("de", "Zwei", "Convention on Smart Country Living in Hamburg"),
    ]);
    assert_eq!(found(&index, "\"smart country convention\""), ["Eins"]);
    assert_eq!(found(&index, "„Smart Country“").len(), 2);
    assert_eq!(found(&index, "convention -berlin"), ["Zwei"]);
    assert_eq!(found(&index, "-\"country living\""), ["Eins"]);
    assert!(found(&index, "\"country smart\"").is_empty());
}

#[test]
fn a_title_counts_more_than_a_body_and_the_word_more_than_its_compound() {
    let index = index(&[
        document("de", "Drei", "Der Messebau wächst."),
        document("de", "Zwei", "Eine Messe in der Halle."),
        document("de", "Messe", "Viele kamen."),
    ]);
    assert_eq!(found(&index, "messe"), ["Messe", "Zwei", "Drei"]);
}

#[test]
fn full_matches_come_before_partial_ones() {
    let index = index(&[
        document("de", "Strom Strom Strom", "Strom und noch einmal Strom"),
        document("de", "Haus", "Strom im Keller, Speicher im Garten"),
    ]);
    assert_eq!(found(&index, "strom speicher"), ["Haus", "Strom Strom Strom"]);
}

#[test]
fn newer_comes_first_when_all_else_is_equal() {
    let old = Document { date: at("2015-01-01T00:00:00Z"), ..document("de", "Bilanz", "Das Jahr in Zahlen") };
    let new = Document { date: at("2026-01-10T00:00:00Z"), ..document("de", "Bilanz", "Das Jahr in Zahlen") };
    let index = index(&[old.clone(), new.clone()]);
    let hits = index.search(&query("bilanz")).unwrap().hits;
    assert_eq!([hits[0].id, hits[1].id], [new.id, old.id]);
    let by_date = index.search(&Query { sort: Sort::Date, ..query("") }).unwrap();
    assert_eq!([by_date.hits[0].id, by_date.hits[1].id], [new.id, old.id]);
}

#[test]
fn marks_stand_where_the_reader_sees_the_match() {
    let index = press();
    let html = |text: &str| {
        let hit = index.search(&query(text)).unwrap().hits.remove(0);
        (hit.title.to_html(), hit.snippet.to_html())
    };
    assert_eq!(html("messe").0, "Fach<mark>messe</mark> für Gebäudetechnik zieht 10.600 Besucher an");
    assert_eq!(html("10600").0, "Fachmesse für Gebäudetechnik zieht <mark>10.600</mark> Besucher an");
    assert!(html("muenchen").1.starts_with("<mark>München</mark>, 7. November 2025 – "));
    assert!(html("07.11.2025").1.starts_with("München, <mark>7. November 2025</mark> – "));
    assert!(html("handwerkerinnen").1.contains("<mark>Handwerker:innen</mark>"));
    assert!(html("\"straße der nationen\"").1.contains("an der <mark>Straße der Nationen</mark> trafen"));
    assert_eq!(html("tankstelle").0, "Erste Wasserstoff<mark>tankstelle</mark> in Köln eröffnet");
}

#[test]
fn wrong_letters_are_put_right() {
    let index = press();
    for (typed, meant, title) in [
        ("Wasserstofftanksetlle", "Wasserstofftankstelle", HYDROGEN),
        ("Gebäudetechnk", "Gebäudetechnik", FAIR),
        ("münhcen", "München", FAIR),
        ("fachmese zieht", "Fachmesse zieht", FAIR),
        ("wirtschaftsminsterium", "Wirtschaftsministerium", HYDROGEN),
    ] {
        let answer = index.search(&query(typed)).unwrap();
        assert_eq!(answer.correction.as_deref(), Some(meant), "{typed}");
        assert_eq!(titles(&answer).first(), Some(&title), "{typed}");
    }
    assert_eq!(index.search(&query("Fachmesse")).unwrap().correction, None);
    // An unfinished word is no mistake.
    let answer = index.search(&query("gebäudetec")).unwrap();
    assert_eq!((answer.correction.as_deref(), titles(&answer).first()), (None, Some(&FAIR)));
}

#[test]
fn suggestions_are_written_as_people_write() {
    let mut release =
        document("de", "Convention zieht Besucher an", "Die Smart Country Convention in München.");
    release.persons = vec!["Heiko Maas".into(), "Dorothee Bär".into()];
    let index = index(&[release, document("en", "Conventional wisdom", "A convent in Munich.")]);
    assert_eq!(index.suggest("mün", "de", now(), 5).unwrap().words, ["München"]);
    assert_eq!(index.suggest("muen", "de", now(), 5).unwrap().words, ["München", "Munich"]);
    assert_eq!(index.suggest("baer", "de", now(), 5).unwrap().persons[0], "Dorothee Bär");
    assert_eq!(index.suggest("heiko m", "de", now(), 5).unwrap().persons[0], "Heiko Maas");
    assert_eq!(index.suggest("smart cou", "de", now(), 5).unwrap().words, ["smart Country"]);
    assert_eq!(index.suggest("conv", "de", now(), 5).unwrap().words[0], "Convention");
    assert_eq!(
        index.suggest("conv", "en", now(), 5).unwrap().words,
        ["convent", "Conventional", "Convention"]
    );
    assert!(index.suggest("", "de", now(), 5).unwrap() == Suggestions::default());
}

#[test]
fn facets_count_what_another_choice_would_give() {
    let with = |kind, topics: &[&str], language: &str, date: &str| Document {
        kind,
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        date: at(date),
        ..document(language, "Messe", "Messe")
    };
    let index = index(&[
        with(Kind::Release, &["energie", "messe"], "de", "2025-03-01T00:00:00Z"),
        with(Kind::Release, &["energie"], "de", "2024-03-01T00:00:00Z"),
        with(Kind::Asset, &["messe"], "en", "2025-06-01T00:00:00Z"),
    ]);
    let all = index.search(&query("messe")).unwrap();
    assert_eq!(all.total, 3);
    assert_eq!(all.facets.kinds, [(Kind::Release, 2), (Kind::Asset, 1)]);
    assert_eq!(all.facets.topics, [("energie".to_owned(), 2), ("messe".to_owned(), 2)]);
    assert_eq!(all.facets.years, [(2025, 2), (2024, 1)]);
    assert_eq!(all.facets.languages, [("de".to_owned(), 2), ("en".to_owned(), 1)]);

    let filtered = Query { kinds: vec![Kind::Release], topic: Some("messe".into()), ..query("messe") };
    let some = index.search(&filtered).unwrap();
    assert_eq!(some.total, 1);
    assert_eq!(some.facets.kinds, [(Kind::Release, 1), (Kind::Asset, 1)]);
    assert_eq!(some.facets.topics, [("energie".to_owned(), 2), ("messe".to_owned(), 1)]);

    let dated = Query {
        from: Some(at("2025-01-01T00:00:00Z")),
        to: Some(at("2025-05-01T00:00:00Z")),
        language: Some("de".into()),
        ..query("")
    };
    assert_eq!(index.search(&dated).unwrap().total, 1);
    let nothing = Query { topic: Some("fehlt".into()), ..query("") };
    assert_eq!(index.search(&nothing).unwrap().total, 0);
}

#[test]
fn pages_follow_each_other() {
    let documents: Vec<Document> =
        (0..25).map(|number| document("de", &format!("Messe {number}"), "Text")).collect();
    let index = index(&documents);
    let mut seen = std::collections::HashSet::new();
    for offset in [0, 10, 20, 30] {
        let answer = index.search(&Query { offset, ..query("messe") }).unwrap();
        assert_eq!(answer.total, 25);
        seen.extend(answer.hits.iter().map(|hit| hit.id.to_string()));
    }
    assert_eq!(seen.len(), 25);
}

#[test]
fn related_documents_share_words_or_topics() {
    let hydrogen =
        document("de", "Wasserstoff für Köln", "Eine Tankstelle für Busse mit Wasserstoff entsteht.");
    let mut same_topic = document("de", "Neues Museum", "Die Sammlung zieht um.");
    same_topic.topics = vec!["kultur".into()];
    let mut culture = document("de", "Lange Nacht", "Musik am Ufer.");
    culture.topics = vec!["kultur".into()];
    let busses =
        document("de", "Busse fahren mit Wasserstoff", "Die Tankstelle in Köln versorgt zehn Busse.");
    let english = document("en", "Hydrogen busses", "Wasserstoff Tankstelle Köln Busse");
    let index = index(&[hydrogen.clone(), same_topic.clone(), culture.clone(), busses.clone(), english]);
    assert_eq!(index.related(hydrogen.id, "de", now(), 3).unwrap(), [busses.id]);
    assert_eq!(index.related(culture.id, "de", now(), 3).unwrap(), [same_topic.id]);
    assert!(index.related(new_id(), "de", now(), 3).unwrap().is_empty());
}

#[test]
fn a_slip_in_a_long_question_is_forgiven() {
    let index = index(&[
        document("en", "Harbour bridge closed for repairs", "The diversion is signposted until May."),
        document("en", "Library opens on Sundays", "Readers may borrow games and instruments."),
    ]);
    let text = "harbour bridge repairs diversion signpsted";
    let answer = index.search(&Query { reader_language: "en".into(), ..query(text) }).unwrap();
    assert_eq!(titles(&answer)[0], "Harbour bridge closed for repairs");
    assert_eq!(answer.correction.as_deref(), Some("harbour bridge repairs diversion signposted"));
}

#[test]
fn hyphens_short_forms_and_words_made_of_others_are_understood() {
    let index = index(&[
        document("de", "Cyberangriff auf die Stadtverwaltung", "Niemand kam zu Schaden."),
        document("de", "Roboter sortiert Abfall", "Eine künstliche Intelligenz erkennt Kunststoff."),
        document("de", "Haushalte zahlen weniger", "Der Preis je Kilowattstunde sinkt."),
        document("de", "Dorfladen als Genossenschaft", "Mitglieder sichern die Versorgung."),
        document("de", "KI-Verordnung tritt in Kraft", "Betriebe müssen Verzeichnisse führen."),
    ]);
    assert_eq!(found(&index, "IT-Angriff"), ["Cyberangriff auf die Stadtverwaltung"]);
    assert!(found(&index, "KI").contains(&"Roboter sortiert Abfall".to_owned()));
    assert_eq!(found(&index, "Abfall KI")[0], "Roboter sortiert Abfall");
    assert_eq!(found(&index, "Verordnung künstliche Intelligenz")[0], "KI-Verordnung tritt in Kraft");
    assert_eq!(found(&index, "kWh")[0], "Haushalte zahlen weniger");
    assert_eq!(found(&index, "genossenschaftlich")[0], "Dorfladen als Genossenschaft");
}
