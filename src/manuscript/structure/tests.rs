//! Whole releases in the forms in which they are really sent.

use super::{Draft, Remark, draft};
use crate::manuscript::read_html;

/// With the head of the paper above, bold lines for headings, and the contact without a heading of its own.
const LETTER: &str = "<p><b>Stadtwerke Musterstadt GmbH</b></p><p>Musterstraße 10</p><p>12345 Musterstadt</p><p>Telefon 030 123456</p>\
     <p>Presseinformation</p><p>Musterstadt, den 3. Dezember 2026</p>\
     <p><b>Neues Wasserwerk versorgt 40.000 Menschen</b></p>\
     <p><b>Weniger Kalk, mehr Druck</b></p>\
     <p><b>Das neue Wasserwerk der Stadtwerke Musterstadt hat am Donnerstag seinen Betrieb aufgenommen. Es liefert täglich bis zu 12.000 Kubikmeter Wasser und ersetzt die Anlage aus dem Jahr 1954.</b></p>\
     <p>„Wir haben nach vier Jahren Bauzeit allen Grund zur Freude“, sagt Ada Muster, Geschäftsführerin der Stadtwerke. „Das Wasser ist weicher als vorher.“</p>\
     <p><b>Weniger Kalk</b></p>\
     <p>Der Härtegrad sinkt von 18 auf 12 Grad deutscher Härte. Haushalte sparen Waschmittel und Energie, weil Geräte seltener entkalkt werden müssen.</p>\
     <p><b>Hintergrund:</b> Das Wasserwerk wurde von 2022 bis 2026 gebaut.</p>\
     <p>Über die Stadtwerke Musterstadt<br>Die Stadtwerke Musterstadt versorgen die Region seit 1901 mit Wasser, Strom und Wärme und beschäftigen 800 Menschen.</p>\
     <p>Für Rückfragen:<br>Bo Beispiel<br>Leiter Unternehmenskommunikation<br>Stadtwerke Musterstadt GmbH<br>Tel.: 030 123456-78<br>Mobil: 0171 2345678<br><a href=\"mailto:b.beispiel@stadtwerke.example\">b.beispiel@stadtwerke.example</a></p>\
     <p>Zeichen (mit Leerzeichen): 1.234</p>";

/// As agencies in English send them, with a quotation set apart and contacts side by side.
const WIRE: &str = "<p>FOR IMMEDIATE RELEASE</p><h1>Example Corp. Launches Quiet Drone</h1><h2>First model that birds do not fear</h2>\
     <p><b>LONDON, 3 December 2026</b> — Example Corp. (EXM) today launched a drone that is quiet, the company said in the park where it was shown to guests.</p>\
     <ul><li>Flies 40 minutes</li><li>Weighs 900 grams</li></ul>\
     <p>“Birds simply ignore it,” said Jane Example, Chief Executive Officer. “That has never been the case.”</p>\
     <h2>Availability</h2><p>The drone is available from January in the United Kingdom and in Ireland, and from March in the rest of Europe.</p>\
     <p><i>“A milestone for the industry and for nature.”</i></p><p><i>John Sample, Chairman of the Drone Association</i></p>\
     <p><b>About Example Corp.</b></p><p>Example Corp. builds drones in Leeds.</p>\
     <p><b>Contacts</b></p><table><tr><td><p>Jane Example<br>Press Officer<br>+44 20 7946 0000<br>jane@corp.example</p></td><td><p>Max Sample<br>Investor Relations Manager<br>+44 20 7946 0001<br>max@corp.example</p></td></tr></table>\
     <p>- ENDS -</p>";

const FRENCH: &str = "<p>COMMUNIQUÉ DE PRESSE</p><p>Paris, le 1er mars 2026</p><p style=\"font-size:22pt\">Une foire plus verte</p><p style=\"font-size:12pt\">La foire de l’Exemple ouvre ses portes aux visiteurs pour la première fois depuis des années, et elle accueille les exposants de toute la région dans les halles rénovées avec des panneaux solaires.</p><p style=\"font-size:12pt\">« Nous sommes prêts », déclare Anne Exemple, directrice de la foire.</p><p>À propos de la Foire</p><p>La foire existe depuis 1901.</p><p>Contact presse : Anne Exemple – 01 23 45 67 89 – presse@foire.example</p>";

/// Without any style at all.
const BARE: &str = "<p>Messe Musterstadt</p><p>Halle 7 wird zum Garten und bleibt es bis zum Frühjahr</p><p>(Musterstadt, 03.12.2026) Die Messe Musterstadt hat ihre Halle 7 in einen Garten verwandelt. Besucherinnen und Besucher können dort bis zum 1. März spazieren.</p><p>Fakten:</p><p>- 300 Bäume</p><p>- 12 Bänke</p><p>Zitat Ada Muster, Vorständin:</p><p>„Der Garten ist ein Geschenk an die Stadt, und wir hoffen auf viele Gäste.“</p><p>Ada Muster | Messe Musterstadt | T 030 1234567 | presse@messe.example</p>";

fn read(html: &str) -> Draft {
    draft(&read_html(html))
}

fn dateline(draft: &Draft) -> (String, String) {
    (draft.dateline_place.clone(), draft.dateline_date.map_or_else(String::new, |date| date.to_string()))
}

fn names(draft: &Draft) -> Vec<(&str, &str)> {
    draft.contacts.iter().map(|contact| (contact.name.as_str(), contact.function.as_str())).collect()
}

#[test]
fn a_letter_is_taken_apart() {
    let found = read(LETTER);
    assert_eq!(found.headline, "Neues Wasserwerk versorgt 40.000 Menschen");
    assert_eq!(found.sub_headlines, ["Weniger Kalk, mehr Druck"]);
    assert_eq!(dateline(&found), ("Musterstadt".into(), "2026-12-03".into()));
    assert!(
        found.body.starts_with("Das neue Wasserwerk der Stadtwerke") && !found.body.contains("Zeichen"),
        "{}",
        found.body
    );
    assert!(found.body.contains("\n\n## Weniger Kalk\n\nDer Härtegrad"), "{}", found.body);
    assert!(
        found.body.ends_with("**Hintergrund:** Das Wasserwerk wurde von 2022 bis 2026 gebaut."),
        "{}",
        found.body
    );
    assert!(
        found.boilerplate.starts_with("## Über die Stadtwerke Musterstadt\n\nDie Stadtwerke"),
        "{}",
        found.boilerplate
    );
    assert_eq!(names(&found), [("Bo Beispiel", "Leiter Unternehmenskommunikation")]);
    assert_eq!(found.contacts[0].mobile, "0171 2345678");
    assert_eq!(found.language, Some("de"));
}

#[test]
fn a_wire_release_is_taken_apart() {
    let found = read(WIRE);
    assert_eq!(found.headline, "Example Corp. Launches Quiet Drone");
    assert_eq!(found.sub_headlines, ["First model that birds do not fear"]);
    assert_eq!(dateline(&found), ("London".into(), "2026-12-03".into()));
    assert!(found.body.starts_with("Example Corp. (EXM) today"), "{}", found.body);
    assert!(
        found.body.contains("\n\n- Flies 40 minutes\n- Weighs 900 grams\n\n"),
        "a list of the text stays: {}",
        found.body
    );
    assert!(
        found.body.ends_with("> “A milestone for the industry and for nature.”\n>\n> — John Sample, Chairman of the Drone Association"),
        "{}",
        found.body
    );
    assert_eq!(found.boilerplate, "## About Example Corp.\n\nExample Corp. builds drones in Leeds.");
    assert_eq!(
        names(&found),
        [("Jane Example", "Press Officer"), ("Max Sample", "Investor Relations Manager")]
    );
    assert_eq!(found.remarks, []);
}

#[test]
fn other_languages_and_bare_text_are_taken_apart() {
    let found = read(FRENCH);
    assert_eq!((found.headline.as_str(), found.language), ("Une foire plus verte", Some("fr")));
    assert_eq!(dateline(&found), ("Paris".into(), "2026-03-01".into()));
    assert_eq!(names(&found), [("Anne Exemple", "")]);
    let found = read(BARE);
    assert_eq!(found.headline, "Halle 7 wird zum Garten und bleibt es bis zum Frühjahr");
    assert_eq!(dateline(&found), ("Musterstadt".into(), "2026-12-03".into()));
    assert!(found.body.contains("\n\n- 300 Bäume\n- 12 Bänke\n\n"), "{}", found.body);
    assert_eq!(found.contacts[0].email, "presse@messe.example");
    assert!(found.remarks.iter().all(|remark| matches!(remark, Remark::LeftOut(_))), "{:?}", found.remarks);
}

#[test]
fn the_labels_of_many_houses_are_known() {
    let release = |kind: &str, contact: &str| {
        read(&format!(
            "<p><b>{kind}</b></p><p><b>Kunsthalle zeigt Fotografien</b></p><p><b>Volksabstimmung am 7. März 2027</b></p>\
             <p>Mannheim, den 20. November 2026: Die Kunsthalle widmet der Fotografin eine große Werkschau mit 120 Aufnahmen aus vielen Jahren.</p>\
             <p>Der Eintritt kostet zwölf Euro, und Kinder unter zwölf Jahren haben an allen Tagen freien Eintritt in das Haus.</p>\
             <p><b>Über die Kunsthalle</b></p><p>Die Kunsthalle zeigt Kunst.</p>\
             <p><b>{contact}</b></p><p>Dr. Heike Vogel<br>Leiterin Kommunikation<br>Kunsthalle Mannheim<br>Fon: 0621 293-6433<br>presse@kunsthalle.example</p>"
        ))
    };
    for (kind, contact) in [
        ("Corporate News", "Ansprechpartnerin für die Presse"),
        ("INFORMACJA PRASOWA", "Kontakt dla mediów"),
        ("Pressmeddelande", "Weitere Auskünfte:"),
        ("Nota de imprensa", "Rückfragen von Journalistinnen und Journalisten"),
        ("プレスリリース", "Fachliche Ansprechpartnerin"),
    ] {
        let found = release(kind, contact);
        assert_eq!(found.headline, "Kunsthalle zeigt Fotografien", "{kind}");
        assert_eq!(found.sub_headlines, ["Volksabstimmung am 7. März 2027"], "{kind}");
        assert_eq!(dateline(&found), ("Mannheim".into(), "2026-11-20".into()), "{kind}");
        assert_eq!(found.boilerplate, "## Über die Kunsthalle\n\nDie Kunsthalle zeigt Kunst.", "{contact}");
        assert_eq!(names(&found), [("Dr. Heike Vogel", "Leiterin Kommunikation")], "{contact}");
        assert!(!found.body.contains("presse@"), "{contact}: {}", found.body);
    }
    let found = read("<p>Kontakt zu Unternehmen gesucht</p><p>Text der Meldung, der weitergeht.</p>");
    assert!(found.contacts.is_empty() && found.headline.starts_with("Kontakt zu"), "{found:?}");
}

#[test]
fn an_embargo_is_found_at_the_end_too() {
    let long = "Besucherinnen und Besucher gehen auf neuen Wegen durch die Halle. ".repeat(6);
    let text = format!(
        "<p><b>Die neue Halle steht in Musterstadt</b></p><p>Musterstadt, 1. Dezember 2026 – Die neue Halle der Messe steht und wird am Montag geöffnet. {long}</p>\
         <p>Kontakt: Ada Muster, presse@messe.example</p>"
    );
    let release = read(&format!("{text}<p>Sperrfrist: 3. Dezember 2026, 10:00 Uhr</p>"));
    let until = "2026-12-03T10:00:00".parse().ok();
    let line = "Sperrfrist: 3. Dezember 2026, 10:00 Uhr".to_owned();
    assert!(release.remarks.contains(&Remark::Embargo { line, until }), "{:?}", release.remarks);
    // No moment, no embargo: then it is a line like any other.
    let release = read(&format!("{text}<p>Embargo gegen die Halle aufgehoben</p>"));
    assert!(release.remarks.iter().all(|remark| !matches!(remark, Remark::Embargo { .. })));
}
