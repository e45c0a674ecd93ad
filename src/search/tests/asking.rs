//! What readers may ask for in other words than a text has them, and lists in which every hit has to fit.

use super::*;
use crate::search::Sort;

#[test]
fn a_slip_in_a_chain_of_words_is_put_right() {
    let index = index(&[
        document("de", "KI-Verordnung tritt in Kraft", "Der Bundestag hat zugestimmt."),
        document("de", "Bundestag tagt", "Über die Gurkenkrümmung."),
    ]);
    let answer = index.search(&query("KI-Verodnung")).unwrap();
    assert_eq!(titles(&answer), ["KI-Verordnung tritt in Kraft"]);
    assert_eq!(answer.correction.as_deref(), Some("KI-Verordnung"));
    assert_eq!(found(&index, "KI-Verodnung Bundestag")[0], "KI-Verordnung tritt in Kraft");
}

#[test]
fn a_slip_in_a_german_question_is_forgiven_and_short_forms_are_understood() {
    let index = index(&[
        document("de", "Fachmesse schließt", "In München zählte die Fachmesse 10.600 Besucher."),
        document("de", "Zoo wächst", "Viele Besucher kamen in den Zoo von München, auch aus München."),
        document("de", "Verband äußert sich", "Künstliche Intelligenz gehört in die Schule."),
        document("de", "Neue Schule", "Der Verband weiht eine Schule ein, und der Verband freut sich."),
    ]);
    let answer = index.search(&query("wie viele Besucher kamen zur Fachmese in München")).unwrap();
    assert_eq!(titles(&answer)[0], "Fachmesse schließt");
    assert!(answer.correction.unwrap().contains("Fachmesse"));
    assert_eq!(found(&index, "was sagt denn der Verband zur KI in der Schule")[0], "Verband äußert sich");
}

#[test]
fn words_written_apart_find_the_one_they_make() {
    let index = index(&[
        document("de", "Homeoffice bleibt", "Vier von zehn arbeiten weiter so."),
        document("de", "Smart Home im Test", "Alles für das vernetzte Haus."),
        document("de", "Start der Saison", "Am Start sind viele."),
        document("de", "Startups wachsen", "Jedes zweite Startup stellt ein."),
    ]);
    assert_eq!(found(&index, "Home Office")[0], "Homeoffice bleibt");
    assert_eq!(found(&index, "Start up")[0], "Startups wachsen");
}

#[test]
fn a_word_of_one_language_that_means_nothing_in_another_is_a_word() {
    let mut documents = vec![document("de", "IT-Fachkräfte gesucht", "Der Branche fehlen Leute.")];
    for number in 0..5 {
        documents.push(document(
            "en",
            &format!("It is number {number}"),
            "It is what it is, and it is good.",
        ));
    }
    let answer = index(&documents).search(&query("IT")).unwrap();
    assert_eq!((titles(&answer), answer.total), (vec!["IT-Fachkräfte gesucht"], 1));
}

#[test]
fn dates_and_times_meet_in_all_their_forms() {
    let index = index(&[
        document("de", "Im November", "Alles im November 2023."),
        document("de", "Am achten", "Am 8. November 2023 um 22.30 Uhr."),
        document("de", "Tagung", "Vom 8.–10.12.2023, davor 30.10.–2.11.2022."),
        document("de", "Alt", "Seit dem 3. Mai 1998."),
        document("de", "Nichts davon", "22 Hunde, 30 Katzen, 8 Pferde, 11 Kühe im Jahr 2023."),
    ]);
    for (text, title) in [
        ("8. 11. 2023", "Am achten"),
        ("8.11.23", "Am achten"),
        ("22:30", "Am achten"),
        ("8. Dezember 2023", "Tagung"),
        ("30. Oktober 2022", "Tagung"),
        ("3.5.98", "Alt"),
    ] {
        assert_eq!(found(&index, text).first().map(String::as_str), Some(title), "{text}");
    }
    for text in ["11/2023", "11.2023"] {
        let found = found(&index, text);
        assert!(found.iter().any(|title| title == "Im November"), "{text}: {found:?}");
        assert!(!found.iter().any(|title| title == "Nichts davon"), "{text}: {found:?}");
    }
}

#[test]
fn every_hit_of_a_list_by_date_has_all_words_of_a_long_query() {
    let fitting =
        document("de", "Ehrenamt", "Vereine auf dem Land: Ehrenamt braucht Förderung durch den Staat.");
    let other = document("de", "Wald", "Viel Wald auf dem Land.");
    let ids = [fitting.id, other.id];
    let index = index(&[fitting, other]);
    let long = "Förderung von Ehrenamt in den Vereinen auf dem Land";
    let by_date = |text: &str| Query { sort: Sort::Date, ..query(text) };
    let answer = index.search(&by_date(long)).unwrap();
    assert_eq!((titles(&answer), answer.total), (vec!["Ehrenamt"], 1));
    assert_eq!(index.matching(&by_date(long), &ids).unwrap(), [ids[0]]);
    let with_unknown = format!("{long} Zwiebelkuchen");
    assert_eq!(index.matching(&by_date(&with_unknown), &ids).unwrap(), []);
    // The best hits come whatever they lack.
    assert_eq!(found(&index, long), ["Ehrenamt", "Wald"]);
}

#[test]
fn a_choice_gives_what_its_facet_counted() {
    let mut documents = vec![];
    for number in 0..60 {
        let is_both = number < 20;
        let title = if is_both { format!("Messe Berlin {number}") } else { format!("Messe {number}") };
        let mut document = document("de", &title, "Text.");
        if number < 2 || !is_both {
            document.kind = Kind::Asset;
        }
        documents.push(document);
    }
    let index = index(&documents);
    let all = index.search(&query("Messe Berlin")).unwrap();
    let photos = index.search(&Query { kinds: vec![Kind::Asset], ..query("Messe Berlin") }).unwrap();
    assert_eq!((all.total, photos.total), (20, 2));
    assert_eq!(all.facets.kinds, photos.facets.kinds);
}

#[test]
fn a_word_of_nothing_but_withdrawn_texts_is_not_known() {
    let slip = document("de", "Fachmese in Köln", "Text.");
    let id = slip.id;
    let index = index(&[slip, document("de", "Wald", "Viel Wald.")]);
    let mended = Document { id, ..document("de", "Fachmesse in Köln", "Text.") };
    index.put(&mended).unwrap();
    index.commit(2).unwrap();
    let answer = index.search(&query("Fachmese")).unwrap();
    assert_eq!(titles(&answer), ["Fachmesse in Köln"]);
    assert_eq!(answer.correction.as_deref(), Some("Fachmesse"));
    // Nor one of a text that is not public yet.
    let later = Document { public_from: at("2026-02-01T00:00:00Z"), ..document("de", "Wadl", "Text.") };
    index.put(&later).unwrap();
    index.commit(3).unwrap();
    assert_eq!(index.search(&query("Wadl")).unwrap().correction.as_deref(), Some("Wald"));
}

#[test]
fn what_a_long_text_says_again_counts_again() {
    let index = index(&[
        document("en", "Rain", "Rain fell on the hills, the lakes and the valleys of the north."),
        document("en", "Trains", "Trains ran late on the hills, the lakes and the valleys of the north."),
    ]);
    let text =
        "trains and rain, trains to the hills, more trains on the lakes, where trains meet the valleys";
    assert_eq!(found(&index, text)[0], "Trains");
}

#[test]
fn a_word_at_the_end_of_a_long_text_is_marked() {
    let body = format!("{}Ganz am Ende steht die Zwiebel.", "Viel größerer Text davor. ".repeat(4_000));
    let answer = index(&[document("de", "Lang", &body)]).search(&query("Zwiebeln")).unwrap();
    let snippet = &answer.hits[0].snippet;
    let marked: Vec<&str> = snippet.marks.iter().map(|mark| &snippet.text[mark.clone()]).collect();
    assert_eq!(marked, ["Zwiebel"]);
}

#[test]
fn nouns_and_participles_of_a_verb_find_each_other() {
    let index = index(&[
        document("de", "Freibad eröffnet", "Der Bürgermeister hat das Freibad eröffnet."),
        document("de", "Bäckerei ausgezeichnet", "Die Bäckerei wurde für ihr Brot ausgezeichnet."),
        document("de", "Sanierung beginnt", "Die Sanierung des Hallenbads dauert ein Jahr."),
        document("de", "Stadtwerke übernehmen Netz", "Die Stadt übernimmt das Stromnetz."),
        document("de", "Brücke gesperrt", "Die Brücke über die Elbe ist seit Montag gesperrt."),
        document("de", "Brückenfest", "Auf der Brücke wird gefeiert, die Straße ist frei."),
    ]);
    for (text, title) in [
        ("Eröffnung", "Freibad eröffnet"),
        ("Auszeichnung", "Bäckerei ausgezeichnet"),
        ("saniert", "Sanierung beginnt"),
        ("sanierte", "Sanierung beginnt"),
        ("Übernahme", "Stadtwerke übernehmen Netz"),
        ("Brückensperrung", "Brücke gesperrt"),
    ] {
        assert_eq!(found(&index, text).first().map(String::as_str), Some(title), "{text}");
    }
}

#[test]
fn small_numbers_are_found_in_words_and_in_figures() {
    let index = index(&[
        document("de", "Zwölf Forderungen", "Der Verband stellt zwölf Forderungen auf."),
        document("de", "Forderungen erhoben", "Im Jahr 2012 gab es Forderungen."),
        document("en", "New hospitals", "The county builds 3 hospitals."),
    ]);
    assert_eq!(found(&index, "12 Forderungen")[0], "Zwölf Forderungen");
    assert_eq!(found(&index, "three hospitals")[0], "New hospitals");
}

#[test]
fn a_day_beside_the_text_is_found_behind_one_in_it() {
    let day = |day| jiff::civil::date(2027, 3, day);
    let index = index(&[
        Document { days: vec![day(18), day(19)], ..document("de", "Tagung", "Anmeldung bis Januar.") },
        Document { days: vec![day(18)], ..document("de", "Termine", "Am 18. März 2027 geht es los.") },
        document("de", "Rückblick", "Der 18. war ein Montag, im März, und 2027 ist weit."),
    ]);
    assert_eq!(found(&index, "18. März 2027")[..2], ["Termine", "Tagung"]);
    assert_eq!(found(&index, "19.03.2027")[0], "Tagung");
    assert!(found(&index, "März 2027").contains(&"Tagung".to_owned()));
}

#[test]
fn names_are_not_taken_apart() {
    let person = "Mareike Thießen".to_owned();
    let index = index(&[
        Document { kind: Kind::Contact, persons: vec![person.clone()], ..document("de", &person, "") },
        Document {
            side: vec![person.clone()],
            persons: vec![person],
            ..document("de", "Haushalt", "Zahlen.")
        },
        document("de", "Schulen", "In Essen werden Schulen gebaut."),
    ]);
    assert_eq!(found(&index, "Essen"), ["Schulen"]);
    assert_eq!(found(&index, "Thießen").len(), 2);
}

#[test]
fn words_written_as_one_are_found_apart_and_the_other_way_round() {
    let index = index(&[
        document("en", "Cybersecurity rules", "Cybersecurity is for everyone."),
        document("en", "Offshore", "The wind farm has fifty turbines."),
        document("de", "Windpark", "Der Windpark geht ans Netz."),
    ]);
    assert_eq!(found(&index, "cyber security"), ["Cybersecurity rules"]);
    let answer = index.search(&query("windfarm")).unwrap();
    assert_eq!(titles(&answer)[0], "Offshore");
    assert_eq!(answer.correction.as_deref(), Some("wind farm"));
}

#[test]
fn a_slip_is_put_right_where_texts_have_another_form_of_the_word() {
    let index = index(&[
        document("de", "Lastenräder im Test", "Vier Lastenräder fahren um die Wette."),
        document("de", "Patenschaften", "Wer einen Baum gießt, übernimmt eine der Patenschaften."),
        document("de", "Bürgschaft", "Das Land gibt eine Bürgschaft für den Baumarkt."),
        document("de", "Neubau der Schule", "Der Neubau kostet zehn Millionen Euro."),
    ]);
    let answer = index.search(&query("Lastenrda")).unwrap();
    assert_eq!(
        (titles(&answer)[0], answer.correction.as_deref()),
        ("Lastenräder im Test", Some("Lastenräder"))
    );
    assert_eq!(found(&index, "Baumpatenschaft")[0], "Patenschaften");
    assert_eq!(found(&index, "Neubauten")[0], "Neubau der Schule");
}
