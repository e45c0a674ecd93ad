# The public site. Every key must be in every language; see keys.rs.

skip-to-content = Zum Inhalt springen
site-description = { $newsroom }: Meldungen, druckfähige Fotos mit Bildunterschrift und Nachweis, Termine und Ansprechpersonen für Medien.
nav-label = Hauptnavigation
nav-releases = Meldungen
nav-photos = Bilder
nav-events = Termine
nav-contacts = Kontakte
nav-search = Suche
language-label = Sprache
foot-nav-label = Bereiche
foot-newsroom = Presseraum
foot-feeds = Feeds
foot-legal = Rechtliches
foot-phone = Pressetelefon
preview-notice = Vorschau: Diese Seite ist nicht öffentlich
preview-shared = Vorschau – nicht veröffentlicht, vertraulich.
preview-embargo = Sperrfrist: { $time }.
preview-scheduled = Geplant für { $time }.

count-photos = { $count ->
    [one] 1 Foto
   *[other] { $number } Fotos
}
count-releases = { $count ->
    [one] 1 Meldung
   *[other] { $number } Meldungen
}
count-documents = { $count ->
    [one] { $number } Dokument
   *[other] { $number } Dokumente
}
zip-all-files = Alle Dateien (ZIP, { $size })
zip-all-photos = Alle Fotos (ZIP, { $size })
zip-album = { $count } laden (ZIP, { $size })
zip-web = In Webgröße (ZIP, { $size })

selection-title = Ihre Auswahl
selection-intro = Bildunterschriften, Bildnachweise und Nutzungsbedingungen liegen bei.
selection-empty = Sie haben noch keine Fotos ausgewählt. Setzen Sie ein Häkchen auf einem Foto, um es zu sammeln.
selection-choose = Fotos auswählen
selection-choose-one = Auswählen
selection-show = Auswahl ansehen
selection-more = Weitere auswählen
selection-clear = Auswahl leeren
selection-remove = Entfernen
selection-missing = Einige Fotos dieser Auswahl gibt es nicht mehr.

pager-label = Seiten
pager-position = Seite { $page } von { $pages }
pager-previous = Zurück
pager-next = Weiter

home-lead = Aktuelle Meldung
home-read = Meldung lesen
home-latest = Neueste Meldungen
home-all-releases = Alle Meldungen
home-photos = Pressefotos
home-all-photos = Alle Bilder
home-contacts = Ihre Ansprechpartner
home-all-contacts = Alle Kontakte
home-events = Termine
home-all-events = Alle Termine
home-empty = Noch ist nichts veröffentlicht. Schauen Sie bald wieder vorbei.
home-elsewhere = In dieser Sprache ist noch nichts veröffentlicht. Meldungen in anderen Sprachen:

archive-title = Meldungen
archive-empty = Zu dieser Auswahl gibt es keine Meldungen.
archive-all = Alle
filter-topic = Thema
filter-year = Jahr

release-kicker = Pressemitteilung
release-contact = Pressekontakt
release-contacts = Ansprechpartner
release-translations = Auch auf
release-photos = Fotos zur Meldung
release-documents = Dokumente
release-take = Zum Mitnehmen
release-take-text = Text übernehmen
release-related = Mehr zum Thema
copy-text = Text kopieren
copy-quote = Zitat kopieren
copy-link = Link kopieren
copied = Kopiert
print = Drucken
permalink = Permalink
correction-correction = Korrektur
correction-update = Ergänzung

gallery-title = Bilder
gallery-intro = Druckfähig, mit Bildunterschrift und Quelle in jeder Datei.
gallery-albums = Alben
gallery-all = Alle Bilder, neueste zuerst
filter-form = Fotos filtern
filter-person = Person
filter-stands = Format
filter-fills = Mindestgröße im Druck
filter-any = Alle
filter-show = Anzeigen
filter-none = Filter aufheben
stands-landscape = Querformat
stands-portrait = Hochformat
stands-square = Quadrat
fills-paper = { $paper } bei 300 ppi
gallery-none-such = Zu diesen Angaben gibt es keine Fotos.
gallery-empty = Noch sind keine Bilder veröffentlicht.
album-kicker = Album

photo-zoom = Vergrößern
photo-no-picture = Für diese Datei gibt es keine Vorschau.
photo-nav = Weitere Bilder
photo-previous = Vorheriges
photo-next = Nächstes
photo-all = Alle Bilder
photo-credit = Quelle
photo-facts-link = Alle Angaben
photo-terms = Nutzung
photo-rights-link = Nutzungsbedingungen im Wortlaut
photo-persons = Im Bild
photo-location = Ort
photo-date = Aufgenommen
photo-creator = Urheber
photo-copyright = Copyright
photo-albums = Album
photo-keywords = Schlagwörter
photo-downloads = Herunterladen
photo-print = Reicht im Druck bis
photo-releases = { $count ->
    [one] Gehört zur Meldung
   *[other] Gehört zu diesen Meldungen
}
copy-caption = Bildtext und Quelle kopieren
copy-credit = Nur Quelle kopieren
print-resolution = Auflösung
print-size = Größe
print-purpose = Geeignet für
print-magazine = Magazin, Broschüre
print-newspaper = Zeitung
print-in-format = In diesen Formaten
print-page = Seite A4
print-double-page = Doppelseite A4 (42 × 29,7 cm)
print-too-small = Für den Druck zu klein
print-poster = Plakat

contacts-title = Pressekontakte
contacts-intro = Rufen Sie an oder schreiben Sie: Hier antworten Menschen.
contacts-empty = Noch sind keine Kontakte hinterlegt.
contact-topics = Themen
contact-languages = Sprachen
contact-email = E-Mail
contact-vcf = Visitenkarte (vCard)
contact-portrait = Porträt in Druckqualität
contact-releases = Meldungen mit diesem Kontakt

events-title = Termine
events-upcoming = Demnächst
events-past = Vergangen
events-none = Zurzeit stehen keine Termine an.
event-ics = In den Kalender
event-website = Zur Veranstaltung
event-releases = Meldungen dazu:

search-title = Suche
search-label = Meldungen, Bilder und Kontakte durchsuchen
search-placeholder = Suchen
search-submit = Suchen
search-dates = Zeitraum
search-from = Von
search-to = Bis
search-did-you-mean = Meinten Sie
search-narrow = Ergebnisse eingrenzen
search-active = Gewählte Filter
search-remove = Filter entfernen:
search-feeds = Diese Suche als Feed
search-trouble = Die Suche antwortet gerade nicht. Bitte versuchen Sie es gleich noch einmal.
search-photos-kit = Gefundene Fotos (ZIP)
search-nothing = Dazu haben wir nichts gefunden. Versuchen Sie ein kürzeres Wort, oder fragen Sie uns.
search-topics = Themen
search-ask = Fragen Sie uns

not-found-title = Diese Seite gibt es nicht
not-found-text = Vielleicht wurde sie umbenannt. Die Suche findet, was veröffentlicht ist.
not-found-near = Vielleicht gesucht
withdrawn-kicker = Zurückgezogen
withdrawn-title = Diese Meldung wurde zurückgezogen
withdrawn-reason = Grund:
withdrawn-text = Bitte verwenden Sie Text und Bilder der Meldung nicht weiter.
error-title = Da ist etwas schiefgegangen
error-text = Der Fehler liegt bei uns und ist vermerkt. Bitte versuchen Sie es in ein paar Minuten noch einmal.
error-busy-title = Gleich wieder da
error-busy-text = Der Presseraum ist kurz nicht erreichbar. Bitte laden Sie die Seite in einer Minute neu.
error-request-title = Diese Anfrage können wir nicht beantworten
error-request-text = Bitte prüfen Sie die Adresse oder beginnen Sie auf der Startseite.
error-request-id = Kennung der Anfrage:
error-home = Zur Startseite

prose-table = Tabelle
phone-work = Telefon
phone-mobile = Mobil
phone-fax = Fax
event-tentative = Vorläufig
event-cancelled = Abgesagt
event-postponed = Verschoben
rendition-original = Original
rendition-large = Groß
rendition-medium = Mittel
rendition-small = Klein
rendition-thumb = Vorschau
rendition-mini = Miniatur
rendition-social = Für soziale Medien
rendition-print = Für den Druck
kind-release = Meldung
kind-photo = Bild
kind-contact = Kontakt
kind-album = Album
kind-event = Termin
kinds-release = Meldungen
kinds-photo = Bilder
kinds-contact = Kontakte
kinds-album = Alben
kinds-event = Termine
facet-kind = Art
facet-person = Person
search-order = Reihenfolge
search-by-relevance = Nach Relevanz
search-by-date = Neueste zuerst
search-total = { $count ->
    [one] 1 Treffer
   *[other] { $number } Treffer
}
search-total-for = { $count ->
    [one] 1 Treffer für „{ $query }“
   *[other] { $number } Treffer für „{ $query }“
}

duty-now = Jetzt erreichbar
duty-from = Erreichbar ab { $day }, { $time } ({ $zone })
time-of-place = Ortszeit { $place }
duty-away = Abwesend bis { $date }
duty-instead = Vertretung:
contact-hours = Erreichbar
contact-qr = QR-Code der Adresskarte
contact-qr-hint = Mit der Kamera des Telefons aufnehmen, um den Kontakt zu speichern.
events-subscribe = Kalender abonnieren
contact-message = Nachricht schreiben
message-title = Nachricht an { $name }
message-name = Name
message-outlet = Redaktion oder Medium (freiwillig)
message-text = Nachricht
message-trap = Bitte leer lassen
message-send = Absenden
message-direct = Direkter Weg
message-sent = Danke, Ihre Nachricht ist angekommen.
message-keeps = Nur die Pressestelle liest Ihre Nachricht. Nach { $days } wird sie gelöscht.
message-error-name = Bitte nennen Sie Ihren Namen.
message-error-email = Bitte prüfen Sie die E-Mail-Adresse: An sie geht die Antwort.
message-error-text = Die Nachricht ist leer.
message-error-links = Bitte schreiben Sie ein paar Worte, und höchstens fünf Links.
message-error-long = Das ist zu lang.
message-error-fast = Das ging sehr schnell. Bitte senden Sie noch einmal ab.
message-error-expired = Die Seite war zu lange offen. Bitte senden Sie noch einmal ab; Ihr Text ist noch da.
message-error-trap = Ein Feld, das leer bleiben soll, war ausgefüllt. Bitte senden Sie noch einmal ab.
message-error-full = Heute sind zu viele Nachrichten gekommen. Bitte rufen Sie an oder schreiben Sie eine E-Mail.
count-days = { $count ->
    [one] einem Tag
   *[other] { $number } Tagen
}
alert-offer = Per E-Mail Bescheid bekommen, wenn Neues dazu erscheint
alert-title = Neues per E-Mail
alert-search = Neue Meldungen zu:
alert-everything = Alle neuen Meldungen
alert-email = Ihre E-Mail-Adresse
alert-ask = Bestätigung anfordern
alert-keeps = Sie bekommen zuerst eine E-Mail, mit der Sie bestätigen. Ohne Bestätigung schreiben wir Ihnen nicht weiter und löschen die Adresse nach zwei Tagen. Jede spätere E-Mail enthält einen Link zum Abbestellen; damit wird auch die Adresse gelöscht.
alert-sent = Danke. Wenn diese Adresse die Suche nicht schon abonniert hat, ist eine E-Mail mit einem Link zur Bestätigung unterwegs; er gilt zwei Tage. Je Adresse sind es höchstens fünf am Tag und zwanzig insgesamt.
alert-confirm = Ja, Neues bitte per E-Mail
alert-confirmed = Bestätigt. Sie bekommen eine E-Mail, wenn Neues dazu erscheint, höchstens eine in der Stunde.
alert-end = Abbestellen
alert-ended = Dazu verschicken wir nichts mehr; die Adresse ist gelöscht.
alert-error-email = Bitte prüfen Sie die E-Mail-Adresse.
alert-error-full = Heute wurde das zu oft bestellt. Bitte versuchen Sie es morgen noch einmal.
alert-request-subject = { $newsroom }: Bitte bestätigen Sie
alert-request-text = Jemand, vermutlich Sie, möchte an diese Adresse eine E-Mail bekommen, wenn bei { $newsroom } neue Meldungen zu einer Suche erscheinen. Bitte bestätigen Sie das auf dieser Seite:
alert-request-otherwise = Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne Bestätigung schreiben wir Ihnen nicht weiter und löschen die Adresse nach zwei Tagen.
alert-news = Neu zu Ihrer Suche: { $what }
alert-news-all = Neu erschienen:
alert-news-end = Diese E-Mails abbestellen:
