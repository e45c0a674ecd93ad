//! A small press archive and what readers ask it: a guard against changes that make answers worse.

use super::*;

/// Language, title, body.
const ARCHIVE: &[(&str, &str, &str)] = &[
    (
        "de",
        "Stadtwerke senken Strompreise zum Jahreswechsel",
        "Haushalte zahlen ab Januar 3,2 Cent weniger je Kilowattstunde. Die Netzentgelte sinken, weil der Ausbau der Übertragungsnetze schneller vorankommt.",
    ),
    (
        "de",
        "Neue Ladesäulen für Elektroautos in der Innenstadt",
        "Bis Ende 2026 entstehen 120 Schnellladepunkte in Parkhäusern und an Tankstellen.",
    ),
    (
        "de",
        "Hochschule eröffnet Labor für Batterieforschung",
        "Forscherinnen und Forscher untersuchen Festkörperbatterien. Das Wissenschaftsministerium gibt 4,5 Mio. Euro.",
    ),
    (
        "de",
        "Grüner Wasserstoff: Elektrolyseur geht in Betrieb",
        "Die Anlage im Hafen erzeugt 900 Tonnen im Jahr für die Stahlindustrie.",
    ),
    (
        "de",
        "Rekord bei der Buchmesse: 10.600 Aussteller",
        "Zur Eröffnung am 14. Oktober 2025 kamen Autorinnen aus 60 Ländern. Lesungen fanden in allen Hallen statt.",
    ),
    (
        "de",
        "Museumsnacht zieht 45.000 Gäste an",
        "In 38 Häusern gab es Führungen, Konzerte und Workshops für Kinder.",
    ),
    (
        "de",
        "Feuerwehr löscht Großbrand in Lagerhalle",
        "Verletzt wurde niemand. Die Brandursache ist unklar, die Kriminalpolizei ermittelt.",
    ),
    (
        "de",
        "Polizei sucht Zeugen nach Verkehrsunfall in Köln-Deutz",
        "Ein Radfahrer wurde an der Kreuzung schwer verletzt. Der Autofahrer flüchtete.",
    ),
    (
        "de",
        "Krankenhaus erweitert Kinderklinik",
        "Der Neubau mit 80 Betten kostet 52 Millionen Euro. Die Notaufnahme bleibt geöffnet.",
    ),
    (
        "de",
        "Impfaktion gegen Grippe startet im Rathaus",
        "Ärztinnen impfen ohne Termin. Die Krankenkassen übernehmen die Kosten.",
    ),
    (
        "de",
        "KI-Verordnung: Verband fordert klare Regeln für Start-ups",
        "Die Umsetzung der europäischen Vorgaben dürfe junge Unternehmen nicht überlasten.",
    ),
    (
        "de",
        "Studie: Jedes dritte Unternehmen nutzt künstliche Intelligenz",
        "Befragt wurden 604 Betriebe. Datenschutz bleibt die größte Hürde.",
    ),
    (
        "de",
        "Cyberangriff auf Stadtverwaltung abgewehrt",
        "Schadsoftware wurde in E-Mails entdeckt. Bürgerdaten seien nicht abgeflossen.",
    ),
    (
        "de",
        "Glasfaserausbau im Landkreis abgeschlossen",
        "Alle 23 Gemeinden sind ans schnelle Netz angeschlossen.",
    ),
    (
        "de",
        "Fahrplanwechsel: Mehr Züge zwischen Hamburg und Bremen",
        "Ab 14. Dezember 2025 fährt der Regionalexpress alle 30 Minuten.",
    ),
    (
        "de",
        "Brücke über die Weser wird gesperrt",
        "Die Bauarbeiten dauern bis Mai 2026. Eine Umleitung ist ausgeschildert.",
    ),
    (
        "de",
        "Radschnellweg: Erster Abschnitt freigegeben",
        "Pendler sparen auf der Strecke nach Göttingen zwölf Minuten.",
    ),
    (
        "de",
        "Hauptversammlung beschließt Dividende von 1,20 Euro",
        "Die Aktionäre entlasteten Vorstand und Aufsichtsrat mit großer Mehrheit.",
    ),
    (
        "de",
        "Quartalszahlen: Umsatz steigt um 7,4 Prozent",
        "Der Gewinn vor Steuern erreicht 12,8 Mrd. Euro. Die Prognose wird angehoben.",
    ),
    (
        "de",
        "Dr. Jana Müller wird neue Finanzchefin",
        "Die Betriebswirtin folgt auf Peter Weiß, der in den Ruhestand geht.",
    ),
    (
        "de",
        "Tarifeinigung für Beschäftigte im Einzelhandel",
        "Löhne steigen in zwei Stufen. Die Gewerkschaft spricht von einem guten Ergebnis.",
    ),
    (
        "de",
        "Ausbildungsplätze bleiben unbesetzt",
        "Vor allem Handwerksbetriebe suchen Lehrlinge. Die Kammer wirbt an Schulen.",
    ),
    ("de", "Schüler gewinnen Bundeswettbewerb Mathematik", "Das Team des Gymnasiums löste alle Aufgaben."),
    (
        "de",
        "Naturschutzgebiet wird um 300 Hektar erweitert",
        "Im Moor brüten seltene Vögel wie der Große Brachvogel.",
    ),
    (
        "de",
        "Waldbrandgefahr: Höchste Stufe ausgerufen",
        "Grillen ist verboten, Förster kontrollieren die Wege.",
    ),
    (
        "de",
        "Tierheim sucht Familien für 40 Hunde und Katzen",
        "Die Tiere kommen aus einer aufgelösten Zucht.",
    ),
    ("de", "Käsefest lockt Genießer ins Allgäu", "Sennereien zeigen, wie aus Milch Bergkäse entsteht."),
    ("de", "Handballer stehen im Pokalfinale", "Nach dem Sieg gegen Kiel träumen die Spieler vom Titel."),
    (
        "de",
        "Stadtmarathon: Anmeldung beginnt am 1. März 2026",
        "Läuferinnen und Läufer können drei Distanzen wählen.",
    ),
    (
        "de",
        "Theater zeigt Kleists „Der zerbrochne Krug“",
        "Premiere ist am Samstag, Karten gibt es an der Abendkasse.",
    ),
    (
        "de",
        "Orchester spielt Beethovens Neunte in der Philharmonie",
        "Der Chor wird von Sängern aus Wien verstärkt.",
    ),
    (
        "de",
        "Filmfestspiele: Goldener Bär geht nach Norwegen",
        "Die Jury würdigte die Regisseurin für ein stilles Drama.",
    ),
    (
        "de",
        "Hochwasser: Deiche halten, Pegel sinken",
        "Der Katastrophenschutz hebt die Warnung auf. Keller werden ausgepumpt.",
    ),
    (
        "de",
        "Wohnungsbau: Genehmigungen auf niedrigstem Stand seit 2012",
        "Hohe Zinsen und Baukosten bremsen Bauherren.",
    ),
    ("de", "Mietspiegel 2025 vorgelegt", "Die Nettokaltmiete stieg auf 9,47 Euro je Quadratmeter."),
    ("de", "Sanierung des Freibads beginnt", "Das Becken wird gefliest, die Wassertechnik erneuert."),
    (
        "de",
        "Verbraucherzentrale warnt vor falschen Paketnachrichten",
        "Betrüger verschicken SMS mit Links auf gefälschte Webseiten.",
    ),
    (
        "de",
        "Landwirte bringen gute Kartoffelernte ein",
        "Trotz Dürre im Frühjahr liegt der Ertrag über dem Mittel.",
    ),
    (
        "de",
        "Weltraumteleskop liefert Bilder ferner Galaxien",
        "Astronominnen der Universität Heidelberg sind beteiligt.",
    ),
    ("de", "Ehrenamtspreis für Bahnhofsmission", "Freiwillige helfen Reisenden seit 130 Jahren."),
    (
        "en",
        "City utility cuts electricity prices",
        "Households will pay 3.2 cents less per kilowatt hour from January as grid fees fall.",
    ),
    (
        "en",
        "University opens battery research laboratory",
        "Scientists study solid-state cells with a grant of 4.5 million euros.",
    ),
    (
        "en",
        "Green hydrogen plant starts production",
        "The electrolyser in the port makes 900 tonnes a year for steel makers.",
    ),
    (
        "en",
        "Book fair reports record number of exhibitors",
        "Some 10,600 publishers attended the opening on October 14, 2025.",
    ),
    ("en", "Hospital expands children's ward", "The new building with 80 beds costs 52 million euros."),
    (
        "en",
        "Survey: one in three companies uses artificial intelligence",
        "Privacy remains the greatest obstacle, 604 firms said.",
    ),
    (
        "en",
        "Cyber attack on city administration averted",
        "Malware was found in e-mails, no data was stolen.",
    ),
    ("en", "Shareholders approve dividend of 1.20 euros", "The annual general meeting discharged the board."),
    (
        "en",
        "Quarterly results: revenue up 7.4 per cent",
        "Profit before tax reached 12.8 billion euros and the outlook was raised.",
    ),
    ("en", "Jana Müller appointed chief financial officer", "She succeeds Peter Weiss, who is retiring."),
    (
        "en",
        "Bridge across the Weser closed for repairs",
        "Works will last until May 2026, a diversion is signposted.",
    ),
    (
        "en",
        "Space telescope delivers images of distant galaxies",
        "Astronomers from Heidelberg take part in the mission.",
    ),
    (
        "en",
        "Flood: dikes hold as water levels drop",
        "Authorities lifted the warning; cellars are being pumped dry.",
    ),
    ("en", "Theatre season begins with Shakespeare", "Tickets for the premiere are sold at the box office."),
    ("en", "Wildfire risk at highest level", "Barbecues are banned and foresters patrol the paths."),
    ("en", "Animal shelter seeks homes for forty dogs", "The puppies were rescued from an illegal breeder."),
    (
        "en",
        "New timetable: more trains between Hamburg and Bremen",
        "From December 14, 2025 the express runs every 30 minutes.",
    ),
    (
        "en",
        "Consumer advocates warn of fake parcel messages",
        "Fraudsters send text messages with links to forged websites.",
    ),
    (
        "en",
        "Housing permits fall to lowest level since 2012",
        "High interest rates and construction costs slow builders.",
    ),
    ("en", "City marathon registration opens", "Runners can choose between three distances."),
];

/// What a reader of a language types and how the title they mean begins.
const QUESTIONS: &[(&str, &str, &str)] = &[
    ("de", "strompreis", "Stadtwerke senken"),
    ("de", "netzentgelt", "Stadtwerke senken"),
    ("de", "ladestation elektroauto", "Neue Ladesäulen"),
    ("de", "schnellladen parkhaus", "Neue Ladesäulen"),
    ("de", "batterie forschung", "Hochschule eröffnet"),
    ("de", "ministerium 4,5 millionen", "Hochschule eröffnet"),
    ("de", "wasserstoffanlage hafen", "Grüner Wasserstoff"),
    ("de", "industrie stahl", "Grüner Wasserstoff"),
    ("de", "messe aussteller rekord", "Rekord bei der Buchmesse"),
    ("de", "14.10.2025", "Rekord bei der Buchmesse"),
    ("de", "10600", "Rekord bei der Buchmesse"),
    ("de", "nacht der museen", "Museumsnacht"),
    ("de", "brand halle", "Feuerwehr löscht"),
    ("de", "unfall koeln", "Polizei sucht"),
    ("de", "fahrradunfall zeugen", "Polizei sucht"),
    ("de", "klinik neubau betten", "Krankenhaus erweitert"),
    ("de", "grippeimpfung", "Impfaktion"),
    ("de", "arzt rathaus", "Impfaktion"),
    ("de", "startups ki verordnung", "KI-Verordnung"),
    ("de", "was bringt künstliche intelligenz den unternehmen", "Studie: Jedes"),
    ("de", "hackerangriff stadt verwaltung", "Cyberangriff"),
    ("de", "glasfaser landkreis", "Glasfaserausbau"),
    ("de", "bahn hamburg bremen dezember 2025", "Fahrplanwechsel"),
    ("de", "weserbrücke sperrung", "Brücke über"),
    ("de", "goettingen radweg", "Radschnellweg"),
    ("de", "dividende aktionär", "Hauptversammlung"),
    ("de", "12,8 Milliarden gewinn", "Quartalszahlen"),
    ("de", "jana mueller", "Dr. Jana Müller"),
    ("de", "peter weiss nachfolge", "Dr. Jana Müller"),
    ("de", "lohn einzelhandel tarif", "Tarifeinigung"),
    ("de", "lehrling handwerk", "Ausbildungsplätze"),
    ("de", "mathematikwettbewerb gymnasium", "Schüler gewinnen"),
    ("de", "vogel moor", "Naturschutzgebiet"),
    ("de", "grillverbot wald", "Waldbrandgefahr"),
    ("de", "hund katze tierheim", "Tierheim sucht"),
    ("de", "allgaeu kaese", "Käsefest"),
    ("de", "\"goldener bär\"", "Filmfestspiele"),
    ("de", "deich hochwaser", "Hochwasser"),
    ("de", "baugenehmigung wohnung", "Wohnungsbau"),
    ("de", "quadratmeter miete", "Mietspiegel"),
    ("de", "schwimmbad becken sanieren", "Sanierung des"),
    ("de", "betrug sms paket", "Verbraucherzentrale"),
    ("de", "galaxie teleskop", "Weltraumteleskop"),
    ("de", "kartoffel ernte dürre", "Landwirte bringen"),
    ("en", "electricity price", "City utility"),
    ("en", "batteries laboratory", "University opens"),
    ("en", "hydrogen production", "Green hydrogen"),
    ("en", "book fairs 10600", "Book fair"),
    ("en", "October 14 2025 opening", "Book fair"),
    ("en", "hospitals child ward", "Hospital expands"),
    ("en", "companies using artificial intelligence", "Survey: one"),
    ("en", "cyber attacks", "Cyber attack"),
    ("en", "cyberattack administration", "Cyber attack"),
    ("en", "dividends shareholder meeting", "Shareholders approve"),
    ("en", "quarter revenue 7.4", "Quarterly results"),
    ("en", "jana muller cfo financial", "Jana Müller"),
    ("en", "weser bridge closure repair", "Bridge across"),
    ("en", "telescopes galaxy", "Space telescope"),
    ("en", "flooding warning", "Flood: dikes"),
    ("en", "theater tickets shakespeare", "Theatre season"),
    ("en", "forest wildfires", "Wildfire risk"),
    ("en", "dog puppies shelter", "Animal shelter"),
    ("en", "trains hamburg", "New timetable"),
    ("en", "fake parcels message fraud", "Consumer advocates"),
    ("en", "building permits interest rate", "Housing permits"),
    ("en", "maraton runner", "City marathon"),
];

#[test]
fn readers_of_an_archive_are_served() {
    let documents: Vec<_> =
        ARCHIVE.iter().map(|(language, title, body)| document(language, title, body)).collect();
    let index = index(&documents);
    let mut first = 0;
    let mut missed = vec![];
    for (reader, text, meant) in QUESTIONS {
        let query = Query { reader_language: (*reader).to_owned(), ..query(text) };
        let answer = index.search(&query).unwrap();
        let place = titles(&answer).iter().position(|title| title.starts_with(meant));
        first += usize::from(place == Some(0));
        if place.is_none_or(|place| place > 2) {
            missed.push((*text, titles(&answer).first().map(|title| (*title).to_owned())));
        }
    }
    let (all, missing) = (QUESTIONS.len(), missed.len());
    assert!(missing * 50 <= all, "{missing} of {all} not among the first three: {missed:#?}");
    assert!(first * 100 >= all * 93, "only {first} of {all} in the first place");
}
