# The desk. Every key must be in every language.

# navigation and frame
desk-nav-overview = Überblick
desk-nav-releases = Meldungen
desk-nav-photos = Bilder
desk-nav-contacts = Kontakte
desk-nav-albums = Alben
desk-nav-events = Termine
desk-nav-topics = Themen
desk-nav-settings = Einstellungen
desk-nav-accounts = Konten
desk-nav-tokens = API-Schlüssel
desk-to-site = Zur Website
desk-sign-out = Abmelden
desk-back = Zurück
desk-back-to-release = Zurück zur Meldung
desk-save = Speichern
desk-save-public = Speichern (sofort öffentlich)
desk-see-page = Öffentliche Seite ansehen
desk-preview = Vorschau
desk-history = Verlauf
desk-version-take = In das Formular holen
desk-version-taken = Im Formular steht der Stand von Version { $version }. Er gilt erst, wenn Sie speichern.
desk-version = Version
desk-delete = Löschen
desk-delete-sure = Das lässt sich nicht rückgängig machen.
desk-delete-now = Endgültig löschen
desk-more = Weitere Angaben
desk-none-yet = Noch nichts angelegt.
desk-releases-none = Noch keine Meldungen. Eine neue ist zuerst ein Entwurf, den nur die Redaktion sieht.
desk-contacts-none = Noch keine Kontakte. Sie stehen neben Meldungen und auf einer Seite, wo Redaktionen sie anrufen oder ihnen schreiben.
desk-albums-none = Noch keine Alben. Ein Album fasst Bilder zusammen, die auch ohne Meldung angeboten werden, etwa Logos und Porträts.
desk-events-none = Noch keine Termine. Sie stehen im Presseraum und lassen sich als Kalender abonnieren.
desk-topics-none = Noch keine Themen. Mit ihnen lassen sich Meldungen ordnen, filtern und als Feed verfolgen.
desk-nothing-found = Nichts gefunden.
desk-unsaved = Ihre Änderungen sind noch nicht gespeichert.
desk-read-only = Sie können das ansehen, aber nicht ändern: Dafür braucht es die Rolle Redaktion.

# sign-in and account
desk-sign-in = Anmelden
desk-sign-in-wrong = E-Mail oder Passwort stimmt nicht.
desk-session-ended = Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.
desk-session-ended-held = Ihre Sitzung ist abgelaufen. Melden Sie sich wieder an; was Sie geschrieben haben, ist noch da.
desk-resume-title = Sie sind wieder angemeldet
desk-resume-text = Ihr Text wurde aufbewahrt und noch nicht gespeichert.
desk-resume-send = Jetzt speichern
desk-account-title = Mein Konto
desk-change-password = Passwort ändern
desk-field-password = Passwort
desk-field-password-current = Bisheriges Passwort
desk-field-password-new = Neues Passwort
desk-field-password-repeat = Neues Passwort wiederholen
desk-hint-password = Mindestens 10 Zeichen. Andere Sitzungen dieses Kontos werden beendet.
desk-role-author = Autor
desk-role-editor = Redaktion
desk-role-admin = Verwaltung

# confirmations
desk-done-saved = Gespeichert.
desk-done-noted = Gespeichert. Die Zeit ist vorgemerkt und gilt noch nicht: Wirksam wird sie mit „Sperrfrist setzen“ oder „Planen“.
desk-done-moved = Gespeichert. Der neue Zeitpunkt gilt.
desk-done-created = Angelegt.
desk-done-deleted = Gelöscht.
desk-done-published = Veröffentlicht. Die Meldung ist ab sofort für alle zu sehen.
desk-done-scheduled = Geplant. Die Meldung geht zur angegebenen Zeit von selbst online.
desk-done-embargoed = Mit Sperrfrist versehen. Bis dahin ist nichts davon öffentlich.
desk-done-withdrawn = Zurückgezogen. Die Adresse nennt jetzt Ihren Grund.
desk-done-recalled = Die Planung ist aufgehoben. Die Meldung ist wieder ein Entwurf.
desk-done-corrected = Der öffentliche Hinweis steht jetzt bei der Meldung.
desk-done-password = Das Passwort ist geändert.
desk-done-revoked = Der Schlüssel gilt nicht mehr.
desk-done-signed-out = Sie sind abgemeldet.

# failures
desk-failure-title = Das hat nicht geklappt
desk-failure-not-found = Hier gibt es nichts. Vielleicht wurde es gelöscht.
desk-failure-forbidden = Ihre Rolle erlaubt das nicht.
desk-failure-cross-site = Formulare werden nur von dieser Website angenommen. Laden Sie die Seite neu und senden Sie noch einmal.
desk-failure-contended = Andere haben im selben Augenblick gespeichert, und diese Eingabe kam nicht durch. Versuchen Sie es noch einmal.
desk-failure-unavailable = Der Speicher des Presseraums ist gerade nicht erreichbar. Versuchen Sie es gleich noch einmal.
desk-failure-full = Der Speicherplatz ist voll. Es wurde nichts davon behalten.
desk-failure-too-large = Das ist mehr, als ein Formular tragen kann.
desk-failure-inside = Im Inneren ist etwas fehlgeschlagen.
desk-held-text = Was Sie geschrieben haben, ist noch da.
desk-send-again = Noch einmal senden
desk-errors-title = Bitte prüfen Sie diese Angaben
desk-refused-role = Ihre Rolle erlaubt das nicht. Ihr Text steht noch hier.
desk-stale = Sie haben an Version { $expected } gearbeitet, inzwischen gibt es Version { $current }. Laden Sie die Seite neu, bevor Sie weitermachen.
desk-stale-settings = Die Einstellungen wurden inzwischen geändert (Ihre Fassung beruht auf Version { $expected }, gespeichert ist Version { $current }). Ihre Angaben stehen noch hier; noch einmal speichern ersetzt die andere Fassung.

# two editors
desk-step-not-taken = „{ $button }“ ist nicht geschehen: Die Meldung wurde inzwischen geändert. Prüfen Sie den Text unten und drücken Sie dann noch einmal.
desk-conflict-title = Jemand war schneller
desk-conflict-who = { $who } hat am { $when } gespeichert. Sie haben an Version { $expected } gearbeitet, gespeichert ist Version { $current }.
desk-conflict-step = Dabei geschah: { $step }.
desk-conflict-taken = Diese Felder haben nur die anderen geändert; ihre Fassung steht schon im Formular:
desk-conflict-clash = Diese Felder haben beide geändert. Im Formular steht Ihre Fassung, hier die andere:
desk-conflict-choose = Noch ist nichts überschrieben. Übernehmen Sie, was Sie brauchen, und speichern Sie dann.

# mistakes at fields
desk-error-required = Diese Angabe fehlt.
desk-error-headline = Eine Meldung braucht eine Überschrift.
desk-error-headline-long = Eine Überschrift hat höchstens 300 Zeichen.
desk-error-body = Zum Veröffentlichen braucht die Meldung einen Text.
desk-error-body-long = Der Text hat höchstens 1.000.000 Bytes.
desk-error-reason = Sagen Sie, warum: Der Grund steht öffentlich an der Adresse der Meldung.
desk-error-note = Sagen Sie, was geändert wurde: Der Hinweis ist öffentlich.
desk-error-name = Der Name fehlt.
desk-error-title = Der Titel fehlt.
desk-error-starts-at = Sagen Sie, wann der Termin beginnt.
desk-error-time = Geben Sie Datum und Uhrzeit an.
desk-error-time-invalid = Das ist keine Zeit wie 2026-11-30T10:00.
desk-error-time-skipped = Diese Uhrzeit gibt es an dem Tag nicht: Die Uhren werden vorgestellt.
desk-error-time-repeated = Diese Uhrzeit gibt es an dem Tag zweimal: Die Uhren werden zurückgestellt. Wählen Sie eine eindeutige.
desk-error-time-past = Dieser Zeitpunkt ist schon vorbei.
desk-error-date = Das ist kein Datum wie 2026-11-30.
desk-error-before-start = Der Termin endet, bevor er beginnt.
desk-error-zone = Das ist keine IANA-Zeitzone wie Europe/Berlin.
desk-error-email = Das ist keine E-Mail-Adresse.
desk-error-last-admin = Das ist das letzte Konto mit Verwaltungsrechten; ohne es könnte niemand mehr Konten anlegen.
desk-error-email-taken = Für diese E-Mail-Adresse gibt es schon ein Konto.
desk-error-phone = Eine Telefonnummer hat mindestens drei Ziffern.
desk-error-url = Die Adresse muss mit https:// oder http:// beginnen.
desk-error-slug = Nur a–z, 0–9 und Bindestriche.
desk-error-topic-slug = Das Kürzel eines Themas steht in Meldungen und lässt sich nicht ändern.
desk-error-taken = Das hat schon ein anderer Eintrag.
desk-error-range = Der Wert muss zwischen 0 und 100 liegen.
desk-error-crop = Der Ausschnitt muss ganz im Bild liegen und darf nicht leer sein.
desk-error-not-listed = Die Standardsprache muss eine der Sprachen sein.
desk-error-colour = Das ist keine Farbe wie #0b5a6f.
desk-error-reference = Etwas, auf das verwiesen wird, gibt es nicht mehr.
desk-error-password-short = Ein Passwort hat mindestens 10 Zeichen.
desk-error-password-wrong = Das bisherige Passwort stimmt nicht.
desk-error-passwords-differ = Die beiden neuen Passwörter sind verschieden.
desk-error-in-use = Es wird noch verwendet und lässt sich deshalb nicht löschen.
desk-error-was-public = Eine Meldung, die öffentlich war, wird zurückgezogen, nicht gelöscht.
desk-error-already-published = Die Meldung ist schon öffentlich.
desk-error-plan-stands = Die Meldung wartet auf ihre Zeit. Wenn sie trotzdem sofort erscheinen soll, heben Sie diese Zeit hier auf.
desk-error-embargo-not-set = Diese Sperrfrist ist noch nicht gesetzt. Drücken Sie „Sperrfrist setzen“ oder stellen Sie das Feld zurück.
desk-error-schedule-not-set = Diese Zeit ist noch nicht geplant. Drücken Sie „Planen“ oder stellen Sie das Feld zurück.
desk-error-plan-needed = Eine geplante Veröffentlichung braucht eine Zeit, die noch bevorsteht.
desk-error-not-published = Was nicht veröffentlicht ist, lässt sich nicht zurückziehen.
desk-error-empty-file = Die Datei ist leer.
desk-error-file-type = Dieses Dateiformat wird nicht angenommen.
desk-error-too-large = Eine Datei darf höchstens { $size } haben.
desk-error-upload-broken = Die Übertragung wurde unterbrochen.

# overview
desk-overview-title = Überblick
desk-begin = So fängt es an
desk-begin-name = Sagen, wessen Presseraum das ist
desk-begin-contact = Den ersten Pressekontakt anlegen
desk-begin-imprint = Impressum und Datenschutz schreiben
desk-due = Was ansteht
desk-due-none = Keine Sperrfrist und keine geplante Veröffentlichung.
desk-failed = Fehlgeschlagen
desk-drafts = Entwürfe
desk-drafts-none = Keine Entwürfe.
desk-published = Zuletzt veröffentlicht
desk-published-none = Noch nichts veröffentlicht.

# states and steps of a release
desk-releases-title = Meldungen
desk-releases-new = Neue Meldung
desk-search-releases = Überschrift suchen
desk-state-all = Alle
desk-state-draft = Entwurf
desk-state-scheduled = Geplant
desk-state-embargoed = Sperrfrist
desk-state-published = Veröffentlicht
desk-state-withdrawn = Zurückgezogen
desk-steps = Veröffentlichen
desk-save-first = Speichern Sie den Entwurf; danach können Sie veröffentlichen, planen oder eine Sperrfrist setzen.
desk-needs-editor = Veröffentlichen kann, wer die Rolle Redaktion hat.
desk-publish-now = Jetzt veröffentlichen
desk-lift-embargo = Sperrfrist aufheben und sofort veröffentlichen
desk-lift-schedule = Planung aufheben und sofort veröffentlichen
desk-lift-sure = Dieser Knopf wartet das nicht ab: Die Meldung ist sofort für alle zu sehen.
desk-noted-embargo = Sperrfrist vorgemerkt, noch nicht gesetzt: { $until }
desk-noted-schedule = Veröffentlichung vorgemerkt, noch nicht geplant: { $until }
desk-hint-noted = Wird mit dem Entwurf vorgemerkt. Wirksam wird die Sperrfrist, wenn die Redaktion sie setzt.
desk-embargo = Unter Sperrfrist stellen
desk-embargo-set = Sperrfrist setzen
desk-hint-embargo = Die Meldung ist fertig, bleibt aber mit allen Bildern verborgen, bis die Frist vorbei ist.
desk-schedule = Zu einer Zeit veröffentlichen
desk-schedule-set = Planen
desk-recall = Planung aufheben
desk-withdraw = Zurückziehen
desk-withdraw-now = Jetzt zurückziehen
desk-withdrawn-unsaved = Die Meldung ist zurückgezogen. Ihre Änderungen am Text stehen noch hier und sind nicht gespeichert.
desk-correct = Korrektur oder Ergänzung
desk-correct-add = Text speichern und Hinweis veröffentlichen
desk-correction = Korrektur
desk-update = Ergänzung
desk-translations = Andere Sprachen
desk-translate-into = Übersetzen: { $language }
desk-translation-none = Keine Übersetzung
desk-boilerplate-none = Keiner
desk-boilerplate-own = Eigener Text
desk-draft-found = In diesem Browser liegt ein nicht gespeicherter Stand dieses Formulars.
desk-draft-restore = Wiederherstellen
desk-draft-forget = Verwerfen
desk-chars = Zeichen
desk-md-bold = Fett
desk-md-italic = Kursiv
desk-md-heading = Zwischentitel
desk-md-list = Liste
desk-md-quote = Zitat
desk-md-link = Link

# fields
desk-field-headline = Überschrift
desk-field-sub-headlines = Unterzeilen
desk-hint-sub-headlines = Eine je Zeile.
desk-field-place = Ort
desk-field-date = Datum
desk-field-body = Text
desk-hint-body = Absätze durch eine Leerzeile trennen. ## Zwischentitel, - Liste, > Zitat mit einer letzten Zeile > – Name, Funktion
desk-field-boilerplate = Über das Unternehmen
desk-field-boilerplate-own = Eigener Text über das Unternehmen
desk-field-topics = Themen
desk-field-contacts = Kontakte
desk-field-photos = Bilder
desk-field-related = Verwandte Meldungen
desk-field-translation-of = Übersetzung von
desk-field-language = Sprache
desk-field-slug = Adresse (Kürzel)
desk-hint-slug = Die bisherige Adresse führt weiterhin hierher.
desk-field-aliases = Frühere Adressen
desk-hint-aliases = Kürzel oder alte Pfade, eine je Zeile.
desk-field-publish-at = Veröffentlichen am
desk-field-embargo-until = Sperrfrist bis
desk-hint-zone = Ortszeit in { $zone }
desk-field-published-at = Veröffentlicht am
desk-field-state = Status
desk-field-reason = Grund
desk-hint-reason = Steht öffentlich an der Adresse der Meldung.
desk-field-correction-kind = Art
desk-field-note = Hinweis
desk-hint-note = Steht mit Datum öffentlich bei der Meldung.
desk-field-corrections = Öffentliche Hinweise
desk-field-title = Titel
desk-field-text = Text
desk-field-key = Schlüssel
desk-field-caption = Bildtext
desk-hint-caption = Wer, was, wann, wo: so, wie es gedruckt werden kann.
desk-field-alt-text = Alternativtext
desk-hint-alt-text = Was zu sehen ist, für Menschen, die es nicht sehen können.
desk-field-credit = Bildnachweis
desk-hint-credit = So soll er neben dem Bild stehen.
desk-field-creator = Fotograf/in
desk-field-copyright = Rechteinhaber
desk-field-usage-terms = Nutzungsbedingungen
desk-field-rights-url = Adresse der Bedingungen
desk-field-source-type = Art der Aufnahme
desk-field-data-mining = Auswertung durch Maschinen
desk-hint-data-mining = Steht als plus:DataMining in allen Dateien
desk-term-none = keine Angabe
desk-source-capture = mit der Kamera aufgenommen
desk-source-edited = aufgenommen und bearbeitet
desk-source-drawn = am Rechner gestaltet
desk-source-composite = mit KI-erzeugten Teilen
desk-source-generated = von KI erzeugt
desk-mining-allowed = erlaubt
desk-mining-search = nur für Suchmaschinen erlaubt
desk-mining-no-generation = nicht für generative KI
desk-mining-no-training = nicht für das Training von KI
desk-mining-prohibited = untersagt
desk-field-rights-until = Rechte bis
desk-hint-rights-until = Nach diesem Tag ist das Bild nicht mehr öffentlich.
desk-field-persons = Personen im Bild
desk-field-keywords = Schlagwörter
desk-hint-list = Durch Kommas getrennt.
desk-field-location = Aufnahmeort
desk-field-date-created = Aufgenommen
desk-hint-date-created = 2026, 2026-11-03 oder mit Uhrzeit.
desk-field-focal-point = Bildmitte für Zuschnitte
desk-hint-focal-point = In Prozent von links und von oben, oder ins Bild klicken.
desk-focus-x = Von links (%)
desk-focus-y = Von oben (%)
desk-field-crops = Ausschnitte
desk-crop-social = Ausschnitt für soziale Netzwerke ({ $size })
desk-crop-follows = Folgt der Bildmitte
desk-crop-own = Selbst gewählt
desk-crop-width = Breite (%)
desk-crop-height = Höhe (%)
desk-hint-crop = In Prozent des Bildes, oder den Rahmen im Bild ziehen. Er hat immer die Form des Ausschnitts und nie weniger Pixel als dieser, damit nichts unscharf wird.
desk-field-kind = Art
desk-field-name = Name
desk-field-role = Funktion
desk-field-organisation = Organisation
desk-field-email = E-Mail
desk-field-phones = Telefon
desk-phone-type = Art der Nummer
desk-phone-number = Nummer
desk-phone-work = Büro
desk-phone-mobile = Mobil
desk-phone-fax = Fax
desk-field-languages = Sprachen
desk-field-portrait = Porträt
desk-field-order = Reihenfolge
desk-field-description = Beschreibung
desk-field-starts-at = Beginn
desk-field-ends-at = Ende
desk-field-venue = Ort
desk-field-address = Anschrift
desk-field-website = Website
desk-field-status = Stand
desk-field-releases = Meldungen dazu
desk-field-account-role = Rolle
desk-event-confirmed = Findet statt
desk-event-tentative = Unter Vorbehalt
desk-event-postponed = Verschoben
desk-event-cancelled = Abgesagt

# photos
desk-photos-title = Bilder und Dateien
desk-upload-title = Dateien hochladen
desk-upload-link = Bilder hochladen
desk-upload-send = Hochladen
desk-upload-into = Hochgeladene Dateien kommen in die Meldung „{ $headline }“.
desk-hint-files = JPEG, PNG, WebP, TIFF, AVIF, JPEG XL, GIF, SVG, PDF, Video und Ton; je Datei bis { $size }. Beschreibungen in den Dateien werden übernommen.
desk-choose-file = Datei wählen
desk-choose-files = Dateien wählen
desk-drop-here = oder hierher ziehen
desk-upload-done = Angekommen
desk-upload-failed = Nicht angenommen
desk-upload-twin = Angekommen; dieselbe Datei gibt es schon
desk-upload-again = Noch einmal
desk-upload-signed-out = Die Sitzung ist abgelaufen. Melden Sie sich in einem anderen Fenster an und versuchen Sie es noch einmal.
desk-upload-there = Diese Datei ist schon in der Mediathek und wurde nicht noch einmal hochgeladen:
desk-upload-anyway = Trotzdem hochladen
desk-upload-checking = Wird verglichen …
desk-upload-waiting = Die Verbindung ist unterbrochen. Es geht von selbst weiter, sobald sie wieder da ist.
desk-upload-lost = Die Verbindung kommt nicht zustande. Was angekommen ist, bleibt erhalten.
desk-upload-unreadable = Die Datei kann nicht gelesen werden. Wurde sie verschoben oder geändert?
desk-upload-cancel = Nicht hochladen
desk-upload-folder = Ordner wählen
desk-upload-all = Alle Dateien
desk-upload-total = { $done } von { $all } angekommen.
desk-upload-resume = Bricht es ab, ziehen Sie dieselben Dateien noch einmal hierher: Es geht weiter, wo es stand.
desk-error-too-many-uploads = Gerade sind sehr viele Uploads unterwegs. Versuchen Sie es in einigen Minuten noch einmal.
desk-error-damaged-upload = Die Datei ist nicht unversehrt angekommen. Versuchen Sie es noch einmal.
desk-not-taken = Nicht angenommen
desk-twins = Dieselben Dateien gab es schon:
desk-search-photos = Bilder suchen
desk-kind-all = Alle Arten
desk-kind-photo = Foto
desk-kind-logo = Logo
desk-kind-graphic = Grafik
desk-kind-document = Dokument
desk-kind-video = Video
desk-kind-audio = Ton
desk-photo-processing = Wird aufbereitet
desk-photo-ready = Fertig
desk-photo-failed-short = Fehlgeschlagen
desk-photo-failed = Die Datei ließ sich nicht aufbereiten.
desk-photo-error-truncated = Die Datei hört zu früh auf, wie nach einer abgebrochenen Übertragung. Laden Sie sie noch einmal hoch.
desk-photo-error-damaged = Die Datei ist beschädigt und lässt sich nicht lesen.
desk-photo-error-mislabelled = Der Inhalt der Datei ist ein anderer, als sie vorgibt.
desk-photo-error-format = Diese Art von Bild lässt sich nicht aufbereiten.
desk-photo-error-too-large = Das Bild hat mehr Pixel, als verarbeitet werden.
desk-photo-error-machine = Beim Aufbereiten ist etwas fehlgeschlagen. Das Original ist sicher.
desk-photo-private = Nicht öffentlich: Noch zeigt keine veröffentlichte Meldung dieses Bild.
desk-photo-public = Öffentlich.
desk-photo-public-from = Öffentlich ab { $when }.
desk-photo-rights-ended = Nicht mehr öffentlich: Die Rechte sind abgelaufen.
desk-lacks = Es fehlt:
desk-fact-file = Datei
desk-fact-size = Größe
desk-fact-pixels = Pixel
desk-table-tools = Texte in einer Tabelle bearbeiten
desk-table-hint = Laden Sie die Texte der gefilterten Dateien als Tabelle, bearbeiten Sie sie in Excel, LibreOffice oder Numbers und lesen Sie die Tabelle wieder ein. Bevor sich etwas ändert, sehen Sie, was sich ändern würde. Die Spalte „ID“ bitte stehen lassen.
desk-table-export-xlsx = Tabelle laden (Excel)
desk-table-export = Tabelle laden (CSV)
desk-table-file = Bearbeitete Tabelle
desk-table-read = Vergleichen
desk-table-title = Was die Tabelle ändern würde
desk-table-summary = { $changed ->
    [0] Kein Bild würde sich ändern
    [one] Ein Bild würde sich ändern
   *[other] { $changed } Bilder würden sich ändern
}; { $same ->
    [one] eines bleibt, wie es ist.
   *[other] { $same } bleiben, wie sie sind.
}
desk-table-apply = Änderungen übernehmen
desk-table-cancel = Nichts ändern
desk-table-problems = Diese Zeilen werden nicht übernommen
desk-table-line = Zeile { $line }: { $text }
desk-table-other-kind = Das ist weder eine Excel-Tabelle (.xlsx) noch eine CSV-Datei. Speichern Sie die Tabelle in einem dieser beiden Formate.
desk-table-old = Das ist eine Tabelle im Format von Excel bis 2003. Speichern Sie sie als „Excel-Arbeitsmappe (.xlsx)“.
desk-table-encrypted = Die Tabelle ist mit einem Kennwort geschützt. Nehmen Sie den Schutz in Excel heraus und speichern Sie sie noch einmal.
desk-table-damaged = Die Tabelle ist beschädigt oder unvollständig und lässt sich nicht lesen.
desk-table-too-large = Die Tabelle ist ausgepackt zu groß. Nehmen Sie Bilder und fremde Blätter heraus.
desk-table-cell-long = Ein Text ist länger als eine Zelle in Excel sein kann (32 767 Zeichen). Laden Sie die Tabelle als CSV.
desk-table-formula = In der Spalte „{ $column }“ steht der Fehler einer Formel: { $text }. Ein Text, der mit = beginnt, braucht in Excel einen Apostroph davor.
desk-table-unreadable = Die Zeile lässt sich nicht lesen.
desk-table-twice = Eine Spalte kommt zweimal vor.
desk-table-no-columns = In der ersten Zeile fehlen die Überschriften: die Spalte „ID“ und mindestens eine Spalte mit Texten.
desk-table-too-long = Die Tabelle hat zu viele Zeilen; höchstens { $max } sind möglich.
desk-table-no-id = Die ID fehlt oder ist verändert.
desk-table-row-twice = Dieses Bild kommt weiter oben schon vor.
desk-table-unknown = Dieses Bild gibt es nicht (mehr).
desk-replace-title = Datei austauschen
desk-replace-hint = Adresse, Texte, Rechte und alle Verwendungen bleiben; was hier noch fehlt, wird aus der neuen Datei gelesen. Bis sie aufbereitet ist, sehen alle die bisherige. Ungespeicherte Texte oben bitte vorher speichern.
desk-replace-file = Neue Datei
desk-replace-now = Austauschen
desk-replace-failed = Die neue Datei wurde nicht übernommen, die bisherige gilt weiter.
desk-fact-new-file = Neue Datei
desk-fact-earlier-files = Frühere Dateien
desk-action-replace = Datei ausgetauscht
desk-done-replaced = Die neue Datei ist da und wird aufbereitet. Bis dahin gilt die bisherige.
desk-done-same-file = Das ist dieselbe Datei wie bisher; nichts hat sich geändert.
desk-error-other-kind = Die neue Datei ist von anderer Art: An die Stelle eines Bildes kann nur ein Bild treten, an die eines Dokuments nur ein Dokument.
desk-fact-uploaded = Hochgeladen
desk-fact-uses = Verwendet in
desk-fact-no-uses = Noch nirgends.
desk-files = Alle Fassungen
desk-original = Original
desk-edit-captions = Bildtexte bearbeiten
desk-sheet-title = Bildtexte
desk-sheet-problems = Einige Bilder wurden nicht gespeichert. Die Gründe stehen dabei.
desk-for-all = Für alle
desk-hint-for-all = Füllt beim Speichern alle Felder, die leer sind.
desk-picker-empty = Noch keine Bilder. Das erste wird das Aufmacherbild.
desk-place = Platz
desk-remove = Entfernen
desk-move-up = Nach vorn
desk-move-down = Nach hinten
desk-from-library = Aus dem Bestand wählen

# other records
desk-contacts-title = Kontakte
desk-contacts-new = Neuer Kontakt
desk-albums-title = Alben
desk-albums-new = Neues Album
desk-events-title = Termine
desk-events-new = Neuer Termin
desk-topics-title = Themen
desk-topics-new = Neues Thema

# history
desk-action-create = Angelegt
desk-action-edit = Bearbeitet
desk-action-publish = Veröffentlicht
desk-action-schedule = Geplant
desk-action-withdraw = Zurückgezogen
desk-action-correct = Hinweis ergänzt
desk-action-delete = Gelöscht
desk-action-embargo = Mit Sperrfrist versehen
desk-action-recall = Planung aufgehoben
desk-who-import = Import
desk-who-system = Presseraum (von selbst)
desk-action-import = Importiert
desk-history-photo-gone = gelöschtes Foto
desk-history-contact-gone = gelöschter Kontakt
desk-history-release-gone = gelöschte Meldung

# settings, accounts, tokens
desk-settings-title = Einstellungen
desk-settings-identity = Wer wir sind
desk-settings-languages = Sprachen und Zeit
desk-settings-boilerplates = Über-uns-Texte
desk-settings-pages = Rechtliche und andere Seiten
desk-field-newsroom-name = Name des Presseraums
desk-field-default-terms = Nutzungsbedingungen, wenn ein Bild keine nennt
desk-field-mining = Text- und Data-Mining
desk-mining-allow = Nicht vorbehalten
desk-mining-reserve = Vorbehalten, auch für das Trainieren von KI
desk-hint-mining = Maschinenlesbar nach § 44b UrhG: im Kopf jeder Seite, unter /.well-known/tdmrep.json und in robots.txt. Suchmaschinen bleiben willkommen.
desk-field-logo = Logo
desk-field-logo-dark = Logo für dunkle Hintergründe
desk-hint-logo = Adresse oder Kurzname eines Fotos, das öffentlich ist, etwa in einem Album mit Logos. Ohne steht der Anfangsbuchstabe da.
desk-field-camera-data = Ort und Kamera in den Fotos
desk-camera-data-remove = Aufnahmeort und Seriennummern entfernen
desk-camera-data-keep = Aufnahmeort und Seriennummern behalten
desk-hint-camera-data = Gilt für die angebotenen Originale; was hochgeladen wurde, bleibt im Archiv unverändert. Eine Änderung schreibt alle Fotos neu.
desk-field-pins = Zuerst gezeigt bei Suchen
desk-hint-languages = Sprachkürzel, durch Kommas getrennt: de, en
desk-field-default-language = Standardsprache
desk-field-zone = Zeitzone
desk-hint-time-zone = IANA-Name, zum Beispiel Europe/Berlin
desk-hint-pins = Je Zeile: Suchworte = releases/kennung, photos/kennung
desk-colour-accent = Akzent
desk-hint-colours = Der Presseraum passt die Farbe an, bis Text darin lesbar ist.
desk-field-headlines = Überschriften
desk-field-running-text = Fließtext
desk-field-space = Abstände
desk-field-corners = Ecken
desk-style-serif = Mit Serifen
desk-style-sans = Ohne Serifen
desk-style-dense = Eng
desk-style-normal = Normal
desk-style-airy = Weit
desk-style-square = Eckig
desk-style-soft = Leicht gerundet
desk-style-round = Rund
desk-look-title = Erscheinungsbild
desk-look-show = Vorschau
desk-look-unsaved = So sähe die Startseite aus. Gespeichert ist noch nichts.
desk-look-light-wide = Hell, am Rechner
desk-look-light-phone = Hell, am Telefon
desk-look-dark-wide = Dunkel, am Rechner
desk-look-dark-phone = Dunkel, am Telefon
desk-look-too-light = { $asked } hat auf hellem Grund einen Kontrast von { $ratio } : 1; lesbar ist Text ab 4,5 : 1. Die Seiten nehmen dort { $taken }.
desk-look-too-dark = { $asked } hat auf dunklem Grund einen Kontrast von { $ratio } : 1; lesbar ist Text ab 4,5 : 1. Die Seiten nehmen dort { $taken }.
desk-look-no-logo = „{ $slug }“ ist kein Bild, das öffentlich zu sehen ist; bis dahin fehlt dieses Logo.
desk-hint-boilerplates = Stehen am Ende von Meldungen. Derselbe Schlüssel in zwei Sprachen ist derselbe Text. Ohne Titel und Text wird ein Eintrag gelöscht.
desk-hint-pages = Impressum, Datenschutz und Ähnliches. Ohne Titel und Text wird eine Seite gelöscht.
desk-add-text = Neuer Eintrag
desk-accounts-title = Konten
desk-accounts-new = Jemanden einladen
desk-accounts-add = Einladen
desk-role-change = Rolle ändern
desk-account-remove = Entfernen
desk-account-remove-sure = Offene Sitzungen enden sofort. Was diese Person getan hat, bleibt in der Historie.
desk-account-remove-now = Konto entfernen
desk-new-password = Link für neues Passwort
desk-secret-once = Das wird nur jetzt gezeigt.
desk-hint-roles = Autor: Entwürfe und Bilder. Redaktion: auch veröffentlichen. Verwaltung: auch Konten und Einstellungen.
desk-tokens-title = API-Schlüssel
desk-tokens-new = Neuer Schlüssel
desk-tokens-add = Schlüssel anlegen
desk-token-for = Schlüssel „{ $name }“:
desk-revoke = Widerrufen
desk-revoked = Widerrufen

# counted
desk-count-files = { $count ->
    [one] 1 Datei
   *[other] { $number } Dateien
}
desk-count-processing = { $count ->
    [one] 1 Bild wird gerade aufbereitet.
   *[other] { $number } Bilder werden gerade aufbereitet.
}
desk-count-uploaded = { $count ->
    [one] 1 Datei ist angekommen.
   *[other] { $number } Dateien sind angekommen.
}
desk-sign-in-wait = { $count ->
    [one] Zu viele Versuche. Warten Sie eine Sekunde.
   *[other] Zu viele Versuche. Warten Sie { $number } Sekunden.
}
desk-in-minutes = { $count ->
    [one] in 1 Minute
   *[other] in { $number } Minuten
}
desk-in-hours = { $count ->
    [one] in 1 Stunde
   *[other] in { $number } Stunden
}
desk-in-days = { $count ->
    [one] in 1 Tag
   *[other] in { $number } Tagen
}

# what outsiders see
desk-probe = Sichtbarkeit prüfen
desk-preflight = Vor der Veröffentlichung
desk-preflight-duty = Pflicht
desk-preflight-hint = Hinweis
desk-preflight-off = Aus
desk-hint-preflight = Hinweise stehen neben der Meldung. Gegen eine Pflicht wird nichts veröffentlicht.
desk-rule-headline-long = Überschrift länger als 110 Zeichen
desk-rule-dateline-missing = Ort oder Datum fehlt
desk-rule-contact-missing = Kein Kontakt
desk-rule-contact-unreachable = Weder Telefon noch E-Mail
desk-rule-photo-unready = Datei ist noch nicht bereit
desk-rule-each = Welche?
desk-count-places = { $count ->
    [one] 1 Stelle
   *[other] { $number } Stellen
}
desk-rule-photo-caption = Bildtext fehlt
desk-rule-photo-alt-text = Alternativtext fehlt
desk-rule-photo-credit = Bildnachweis fehlt
desk-rule-photo-terms = Nutzungsbedingungen fehlen
desk-rule-photo-rights = Rechte enden innerhalb von 30 Tagen
desk-rule-photo-small = Zu klein für den Druck
desk-rule-link-broken = Link führt ins Leere
desk-rule-translation-stale = Übersetzung ist älter als ihr Original
desk-probe-hint = Soeben ohne Anmeldung über die öffentliche Adresse gefragt.
desk-probe-open = offen
desk-probe-closed = geschlossen
desk-probe-unclear = keine klare Antwort
desk-probe-leak = Sollte geschlossen sein!
desk-probe-missing = Sollte offen sein
desk-probe-good = { $count ->
    [one] 1 Adresse gefragt, sie ist, wie sie sein soll
   *[other] { $number } Adressen gefragt, alle sind, wie sie sein sollen
}
desk-probe-bad = { $count ->
    [one] 1 Adresse ist nicht, wie sie sein soll
   *[other] { $number } Adressen sind nicht, wie sie sein sollen
}

# downloads

desk-document-title = Aus einem Dokument anfangen
desk-document-hint = Eine Datei aus Word, LibreOffice oder Google Docs füllt das Formular aus. Gespeichert wird noch nichts. Text aus diesen Programmen lässt sich auch einfach in das leere Feld „Text“ einfügen.
desk-document-file = Dokument (.docx)
desk-document-pictures = Bilder daraus in die Mediathek übernehmen
desk-document-send = Formular ausfüllen
desk-document-read = Erkannt: { $parts }.
desk-document-check = Bitte prüfen und speichern.
desk-document-none = Es wurde kein Dokument ausgewählt.
desk-document-other = Dateien der Art { $kind } können hier nicht gelesen werden. Bitte im Schreibprogramm als .docx speichern und diese Datei wählen.
desk-document-unknown = Das ist kein Dokument aus einem Schreibprogramm. Gelesen werden Dateien mit der Endung .docx.
desk-document-encrypted = Das Dokument ist mit einem Kennwort geschützt. Bitte ohne Kennwort speichern und noch einmal wählen.
desk-document-damaged = Das Dokument ist beschädigt und kann nicht gelesen werden. Oft hilft es, es zu öffnen und neu zu speichern.
desk-document-too-large = Das Dokument ist zu groß oder zu verschachtelt. Bitte nur die Meldung in ein neues Dokument kopieren.
desk-document-empty = In dem Dokument steht kein Text.
desk-document-no-headline = Eine Schlagzeile war nicht zu erkennen.
desk-document-embargo = Das Dokument nennt eine Sperrfrist: „{ $line }“. Sie ist noch nicht eingetragen; das geht nach dem Speichern unter „Unter Sperrfrist stellen“.
desk-document-embargo-until = Das Dokument nennt eine Sperrfrist: „{ $line }“ ({ $until }). Sie ist unter „Sperrfrist bis“ vorgemerkt; wirksam wird sie nach dem Speichern mit „Sperrfrist setzen“.
desk-document-left-out = Nicht übernommen: { $lines }
desk-document-changes = Änderungen aus dem Überarbeiten-Modus wurden übernommen; Gelöschtes ist nicht dabei.
desk-document-comments = { $count ->
    [one] Ein Kommentar wurde weggelassen.
   *[other] { $count } Kommentare wurden weggelassen.
}
desk-document-cut = Das Dokument ist sehr lang; das Ende fehlt.
desk-document-has-pictures = { $count ->
    [one] Das Dokument enthält ein Bild. Um es zu übernehmen, das Dokument mit dem Haken bei „Bilder“ noch einmal senden; besser ist die Bilddatei selbst in Druckqualität.
   *[other] Das Dokument enthält { $count } Bilder. Um sie zu übernehmen, das Dokument mit dem Haken bei „Bilder“ noch einmal senden; besser sind die Bilddateien selbst in Druckqualität.
}
desk-document-pictures-taken = { $count ->
    [one] Ein Bild ist in der Mediathek und unten ausgewählt.
   *[other] { $count } Bilder sind in der Mediathek und unten ausgewählt.
}
desk-document-picture-not-taken = Bild { $name } wurde nicht übernommen: { $reason }
desk-found-title = Im Dokument genannte Kontakte
desk-found-hint = Angekreuzte werden beim Speichern als Kontakte angelegt und ausgewählt.
desk-found-hint-author = Noch nicht unter den Kontakten. Anlegen kann sie, wer redigiert.
desk-paste-done = Eingefügt, ohne die Formate des anderen Programms. Rückgängig mit Strg+Z.
desk-paste-plain = Als reiner Text eingefügt; die Gliederung ließ sich gerade nicht übernehmen.
desk-paste-undo = Rückgängig machen
desk-paste-undone = Rückgängig gemacht.
# statistics
desk-statistics = Statistik
desk-statistics-hint = Wer herunterlädt oder sucht, wird nicht erfasst; Roboter zählen nicht. Tage gelten in Weltzeit (UTC).
desk-statistics-alerts = { $count ->
    [one] Eine Suche wird per E-Mail verfolgt.
   *[other] { $number } Suchen werden per E-Mail verfolgt.
}
desk-statistics-period = Zeitraum
desk-statistics-span = { $count ->
    [one] 1 Tag
   *[other] { $number } Tage
}
desk-statistics-sum = { $files } einzelne Dateien und { $kits } Pressemappen heruntergeladen
desk-statistics-day = { $day }: { $files } einzelne Dateien, { $kits } Pressemappen
desk-statistics-none = In diesem Zeitraum nichts.
desk-statistics-as-table = Als Tabelle
desk-statistics-days = Nach Tag
desk-statistics-photos = Nach Bild
desk-statistics-photo = Bild
desk-statistics-release = Meldung
desk-statistics-kit = Pressemappe von
desk-statistics-kits = Pressemappen
desk-statistics-single = Einzelne Dateien
desk-statistics-in-kits = In Pressemappen
desk-statistics-photos-single = Ihre Bilder einzeln
desk-statistics-print = Druckqualität
desk-statistics-web = Webgröße
desk-statistics-searches = Vergeblich gesucht
desk-statistics-words = Suchwörter
desk-statistics-times = Wie oft

# links to the preview
desk-links = Link zur Vorschau
desk-links-hint = Zeigt jemandem ohne Konto die Meldung mit ihren Bildern, so wie sie zuletzt gespeichert wurde. Mit der Veröffentlichung führt der Link zur öffentlichen Seite.
desk-link-new = Neuer Link
desk-link-make = Link erstellen
desk-link-unsaved = Was Sie geschrieben haben, zeigt er erst, wenn Sie speichern.
desk-link-nobody = Ohne Empfänger
desk-link-made-by = Erstellt von { $who }, { $when }
desk-link-until = Gilt bis { $when }
desk-link-ended = Abgelaufen
desk-link-seen = { $count ->
    [one] Einmal geöffnet, zuletzt
   *[other] { $number }-mal geöffnet, zuletzt
}
desk-link-unseen = Noch nicht geöffnet
desk-link-revoke = Widerrufen
desk-link-revoked = Der Link ist widerrufen. Wer ihn öffnet, sieht ab sofort nichts mehr.
desk-field-link-recipient = Für wen
desk-hint-link-recipient = Nur für Ihre Übersicht. Ein Link für jede Person lässt sich einzeln widerrufen.
desk-field-link-days = Gilt
desk-count-days = { $count ->
    [one] einen Tag
   *[other] { $number } Tage
}
desk-action-preview-link = Link zur Vorschau erstellt
desk-action-preview-link-revoked = Link zur Vorschau widerrufen
desk-error-too-many-links = Zu dieser Meldung gibt es schon 50 gültige Links. Widerrufen Sie zuerst, was nicht mehr gebraucht wird.
desk-error-link-recipient = Höchstens 120 Zeichen.

# sessions
desk-sessions = Wo Sie angemeldet sind
desk-session-this = dieser Browser
desk-session-times = Seit { $since }, zuletzt benutzt { $seen }
desk-sign-out-elsewhere = Überall sonst abmelden
desk-done-signed-out-elsewhere = In allen anderen Browsern sind Sie abgemeldet.
desk-editor-tools = Formatierung
desk-editor-view = Ansicht
desk-editor-visual = Visuell
desk-editor-text = Text (Markdown)
desk-editor-raw = Diese Stelle bleibt, wie sie geschrieben wurde. Ändern lässt sie sich in der Ansicht „Text“.
desk-editor-speaker = Name, Funktion
desk-editor-heading = Zwischentitel
desk-editor-subheading = Unterzwischentitel
desk-editor-numbers = Nummerierte Liste
desk-editor-deeper = Listenpunkt einrücken
desk-editor-higher = Listenpunkt ausrücken
desk-editor-photo = Foto
desk-editor-table = Tabelle
desk-editor-row-add = Zeile dazu
desk-editor-column-add = Spalte dazu
desk-editor-row-drop = Zeile löschen
desk-editor-column-drop = Spalte löschen
desk-editor-table-drop = Tabelle löschen
desk-editor-undo = Rückgängig
desk-editor-redo = Wiederholen
desk-editor-cancel = Abbrechen
desk-editor-link-address = Adresse
desk-editor-link-wrong = Das ist keine Adresse, etwa https://messe.example, presse@messe.example oder /releases/…
desk-editor-link-set = Link setzen
desk-editor-link-drop = Link entfernen
desk-editor-photo-choose = Foto wählen
desk-editor-photo-search = In der Mediathek suchen
desk-editor-photo-look = Suchen
desk-editor-photo-none = Kein passendes Foto.
desk-editor-photo-failed = Die Fotos konnten gerade nicht geladen werden.
desk-editor-photo-alt = Alternativtext
desk-editor-photo-caption = Bildunterschrift an dieser Stelle (leer: die des Fotos)
desk-editor-photo-set = Foto einsetzen
desk-editor-photo-change = Übernehmen
desk-presence = { $name } hat diese Meldung seit { $since } Uhr geöffnet.
desk-field-approval = Freigabe
desk-approval-free = Veröffentlicht wird ohne Freigabe
desk-approval-require = Eine zweite Person gibt jede Meldung frei
desk-hint-approval = Mit Freigabe geht eine Meldung erst hinaus, wenn jemand anders als die letzte Bearbeiterin sie genau so freigegeben hat.
desk-review = Freigabe
desk-review-open = Noch nicht freigegeben.
desk-review-submitted = Zur Freigabe vorgelegt von { $who }, { $when }.
desk-review-approved = Freigegeben von { $who }, { $when }.
desk-review-returned = Zurückgegeben von { $who }, { $when }:
desk-review-own = Sie haben den Text zuletzt geändert; freigeben muss ihn jemand anders.
desk-review-approve = Freigeben
desk-review-submit = Zur Freigabe vorlegen
desk-review-return = Zurückgeben
desk-review-return-now = Mit Anmerkung zurückgeben
desk-field-review-note = Was zu ändern ist
desk-waiting = Wartet auf Freigabe
desk-flag-submitted = wartet auf Freigabe
desk-flag-approved = freigegeben
desk-flag-returned = zurückgegeben
desk-flag-stale = Übersetzung veraltet
desk-stale-translation = Die Vorlage wurde nach dieser Fassung geändert.
desk-with-translations = Die anderen Sprachen mit veröffentlichen, alle oder keine: { $list }
desk-set-refused = Nichts wurde veröffentlicht, denn „{ $headline }“ kann noch nicht hinaus: { $reason }
desk-set-other-time = Sie hat eine eigene Zeit ({ $time }), die zuerst dort aufzuheben ist.
desk-set-changed = Jemand hat die Übersetzung gerade geändert. Bitte noch einmal ansehen.
desk-set-failed = Ein Fehler im Server. Bitte noch einmal versuchen.
desk-done-submitted = Zur Freigabe vorgelegt.
desk-done-approved = Freigegeben.
desk-done-returned = Zurückgegeben.
desk-action-submit = Zur Freigabe vorgelegt
desk-action-approve = Freigegeben
desk-action-return = Zurückgegeben
desk-error-approval-missing = Vor der Veröffentlichung muss jemand anders, als wer den Text zuletzt geändert hat, die Meldung freigeben.
desk-error-approved-and-planned = Die Meldung ist freigegeben und geplant. Um den Text zu ändern, bitte zuerst den Plan zurücknehmen.
desk-error-own-text = Freigeben muss jemand anders, als wer den Text zuletzt geändert hat.
desk-error-not-submitted = Die Meldung ist nicht zur Freigabe vorgelegt.
desk-error-not-a-draft = Freigegeben wird nur, was weder geplant noch öffentlich ist.
desk-error-unsaved-text = Im Formular steht ungespeicherter Text. Bitte erst speichern; freigeben muss ihn dann jemand anders.
desk-error-review-note = Bitte sagen, was zu ändern ist.

# Mail
desk-mails-failed = Nicht zugestellte E-Mails
desk-mail-retry = Noch einmal senden
desk-mail-discard = Verwerfen
desk-mail-waits = Wird von selbst noch einmal versucht
desk-done-mail-retried = Die E-Mail wird noch einmal gesendet.

desk-field-hours = Erreichbar
desk-hint-hours = Steht auf der Website als „Jetzt erreichbar“ oder mit der nächsten Zeit. 00:00 als Ende heißt Mitternacht. Nach dem Speichern ist Platz für eine weitere Zeile.
desk-field-roster-zone = Zeitzone
desk-hint-roster-zone = Leer: die des Presseraums ({ $zone }).
desk-field-absences = Abwesend
desk-hint-absences = Ganze Tage, der letzte eingeschlossen. Wer vertritt, steht statt der Zeiten auf der Website.
desk-roster-row = Zeile
desk-roster-from = Von
desk-roster-until = Bis
desk-away-from = Erster Tag
desk-away-until = Letzter Tag
desk-away-stand-in = Vertretung
desk-away-nobody = Ohne Vertretung
desk-error-hours-days = Wählen Sie zu den Zeiten wenigstens einen Tag.
desk-error-roster-order = Das Ende liegt vor dem Beginn.
desk-error-clock = Das ist keine Uhrzeit wie 09:00.
desk-messages-title = Nachrichten
desk-messages-none = Noch hat niemand geschrieben. Das Formular steht auf der Seite jedes Kontakts.
desk-messages-keeps = Nachrichten werden nach { $days } gelöscht
desk-count-unread = { $count ->
    [one] 1 ungelesene Nachricht
   *[other] { $number } ungelesene Nachrichten
}
desk-message-new = Neu
desk-message-to = an
desk-message-read = Gelesen
desk-message-unread = Ungelesen
desk-field-message-days = Nachrichten an Kontakte löschen nach … Tagen
desk-error-message-days = Wählen Sie 1 bis 3650 Tage.
desk-message-subject = Nachricht aus dem Presseraum von { $who }
desk-message-for = An { $name } wurde über das Formular im Presseraum geschrieben:

# Einladungen, neue Passwörter, zweiter Schritt
desk-invitations = Eingeladen
desk-invitation-until = gilt bis { $until }
desk-invitation-over = abgelaufen
desk-invitation-revoke = Einladung zurückziehen
desk-done-invitation-revoked = Die Einladung gilt nicht mehr.
desk-removed-title = Entfernt
desk-hint-removed = Diese Personen bekommen auch über den Identitätsanbieter kein neues Konto, bis Sie sie wieder zulassen oder einladen.
desk-removed-when = entfernt am { $when } von { $who }
desk-readmit = Wieder zulassen
desk-done-readmitted = Diese Person kann sich wieder anmelden.
desk-hint-invite-mail = Die Person bekommt einen Link per E-Mail und setzt sich ein eigenes Passwort. Er gilt sieben Tage und einmal.
desk-hint-invite-by-hand = Sie bekommen einen Link zum Weitergeben; die Person setzt sich damit ein eigenes Passwort. Er gilt sieben Tage und einmal. E-Mails verschickt dieser Presseraum nicht.
desk-link-for = Link für { $who }, gültig bis { $until }:
desk-link-mailed = Er ist auch per E-Mail unterwegs.
desk-link-hand-over = Bitte geben Sie ihn auf sicherem Weg weiter.
desk-welcome-title = Willkommen
desk-welcome-lead = Guten Tag { $name }, wählen Sie ein Passwort für Ihr neues Konto.
desk-recover-title = Neues Passwort
desk-recover-lead = Danach sind Sie überall abgemeldet und melden sich mit dem neuen Passwort an.
desk-set-password = Passwort setzen
desk-done-password-set = Das Passwort ist gesetzt. Sie können sich jetzt anmelden.
desk-link-ended-title = Dieser Link gilt nicht mehr
desk-link-ended-text = Er wurde schon benutzt, zurückgezogen oder ist abgelaufen. Bitten Sie die Verwaltung Ihres Presseraums um einen neuen.
desk-back-to-sign-in = Zur Anmeldung
desk-forgotten-title = Passwort vergessen?
desk-forgotten-lead = Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort setzen. Er gilt eine Stunde.
desk-forgotten-send = Link schicken
desk-forgotten-sent = Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail unterwegs. Sehen Sie bitte auch im Spam-Ordner nach.
desk-forgotten-no-mail = Dieser Presseraum verschickt keine E-Mails. Bitten Sie die Verwaltung um einen Link zu einem neuen Passwort.
desk-mail-invitation-subject = Ihr Zugang zu „{ $newsroom }“
desk-mail-invitation-text =
    Guten Tag { $name },

    { $who } hat Sie in den Presseraum „{ $newsroom }“ eingeladen. Unter diesem Link setzen Sie sich ein Passwort:

    { $link }

    Der Link gilt sieben Tage und einmal. Wenn Sie nichts davon wissen, löschen Sie diese E-Mail einfach.
desk-mail-recovery-subject = Neues Passwort für „{ $newsroom }“
desk-mail-recovery-text =
    Guten Tag { $name },

    unter diesem Link setzen Sie ein neues Passwort für „{ $newsroom }“:

    { $link }

    Der Link gilt eine Stunde und einmal. Wenn Sie ihn nicht angefordert haben, löschen Sie diese E-Mail einfach; Ihr Passwort bleibt, wie es ist.
desk-code-title = Zweiter Schritt
desk-code-ended = Das hat zu lange gedauert oder der Code war zu oft falsch. Bitte melden Sie sich noch einmal an.
desk-field-code = Code
desk-hint-code = Sechs Ziffern aus Ihrer Authenticator-App, oder einer Ihrer Wiederherstellungscodes.
desk-error-code = Dieser Code stimmt nicht oder wurde schon benutzt.
desk-error-factor-due = Dieser Presseraum verlangt einen zweiten Schritt.
desk-factor-title = Zweiter Schritt bei der Anmeldung
desk-factor-on = Bei der Anmeldung wird nach dem Passwort ein Code verlangt.
desk-factor-off = Bei der Anmeldung genügt das Passwort.
desk-factor-lead = Nach dem Passwort wird ein Code aus einer Authenticator-App verlangt. Ein erratenes oder gestohlenes Passwort genügt dann nicht mehr.
desk-factor-begin = Einrichten
desk-factor-scan = Lesen Sie dieses Bild mit Ihrer Authenticator-App ein.
desk-factor-picture = QR-Code für die Authenticator-App; der Schlüssel steht darunter als Text
desk-factor-type = Oder geben Sie dort diesen Schlüssel ein:
desk-factor-open = In einer App auf diesem Gerät öffnen
desk-factor-confirm = Bestätigen
desk-factor-codes = Wiederherstellungscodes
desk-factor-codes-keep = Bewahren Sie sie sicher auf, getrennt vom Gerät mit der App. Jeder ersetzt einmal den Code, falls Ihnen das Gerät fehlt.
desk-factor-codes-left = { $count ->
    [0] Es ist kein Wiederherstellungscode mehr übrig.
    [one] Ein Wiederherstellungscode ist noch übrig.
   *[other] { $count } Wiederherstellungscodes sind noch übrig.
}
desk-factor-change = Ändern
desk-factor-new-codes = Neue Wiederherstellungscodes
desk-factor-remove = Ausschalten
desk-factor-reset = Zweiten Schritt und Passkeys zurücksetzen
desk-factor-has = mit zweitem Schritt
desk-done-factor-removed = Der zweite Schritt ist ausgeschaltet.
desk-done-factor-due = Dieser Presseraum verlangt einen zweiten Schritt bei der Anmeldung. Bitte richten Sie ihn jetzt ein.
desk-field-second-factor = Zweiter Schritt bei der Anmeldung
desk-hint-second-factor = Wer ihn braucht und noch nicht hat, wird nach der Anmeldung zum Einrichten geführt.
desk-factor-nobody = freigestellt
desk-factor-admins = verlangt von der Verwaltung
desk-factor-all = verlangt von allen

# Anmeldung beim Anmeldedienst der Organisation
desk-oidc-sign-in = Mit { $name } anmelden
desk-oidc-unreachable = { $name } antwortet im Moment nicht, wie es soll. Bitte versuchen Sie es in einer Minute noch einmal. Bleibt es dabei, steht der Grund im Protokoll des Servers.
desk-oidc-wrong = Was { $name } geschickt hat, ließ sich nicht bestätigen; deshalb wurde niemand angemeldet. Bitte versuchen Sie es noch einmal; der Grund steht im Protokoll des Servers.
desk-oidc-denied = Die Anmeldung bei { $name } wurde abgebrochen, oder Sie wurden dort nicht zugelassen.
desk-oidc-ended = Diese Anmeldung ist abgelaufen, wurde schon benutzt oder in einem anderen Browser begonnen. Bitte beginnen Sie neu.
desk-oidc-no-email = { $name } bestätigt keine E-Mail-Adresse von Ihnen; deshalb wissen wir nicht, welches Konto Ihres ist. Bitte wenden Sie sich an die Betreuung von { $name }.
desk-oidc-unknown = Für { $email } gibt es hier kein Konto. Bitten Sie die Verwaltung dieses Presseraums um eine Einladung.
desk-oidc-somebody-else = Das Konto von { $email } gehört zu einer anderen Anmeldung bei { $name }. Bitten Sie die Verwaltung dieses Presseraums, diese Verbindung zu lösen.
desk-oidc-no-role = Keine Ihrer Gruppen bei { $name } arbeitet in diesem Presseraum. Bitte wenden Sie sich an die Betreuung von { $name }.
desk-oidc-only = Passwörter werden hier nicht benutzt. Bitte melden Sie sich mit dem Knopf oben an.
desk-oidc-no-password = Sie melden sich mit { $name } an; ein Passwort gibt es hier nicht.
desk-oidc-hint-held = Die Anmeldung öffnet sich in einem neuen Tab. Kommen Sie danach hierher zurück: Was Sie getippt haben, ist hier aufbewahrt.
desk-oidc-go-on = Ich bin angemeldet, weiter
desk-oidc-not-yet = Sie sind noch nicht angemeldet. Was Sie getippt haben, ist noch da.

# Passkeys
desk-passkeys-title = Passkeys
desk-passkeys-lead = Mit einem Passkey melden Sie sich per Fingerabdruck, Gesicht oder Geräte-PIN an, ohne Passwort und Code.
desk-passkeys-count = { $count ->
    [one] Ein Passkey
   *[other] { $count } Passkeys
}
desk-passkey-times = Angelegt { $made }, zuletzt benutzt { $used }
desk-passkey-unused = Angelegt { $made }, noch nicht benutzt
desk-passkey-new = Neuer Passkey
desk-field-passkey-name = Name
desk-hint-passkey-name = Damit Sie ihn wiedererkennen: das Gerät oder der Passwortmanager, in dem er liegt.
desk-passkey-add = Passkey anlegen
desk-passkey-remove = Entfernen
desk-passkey-remove-sure = Niemand kann sich damit mehr anmelden. Löschen Sie ihn bitte auch auf Ihrem Gerät.
desk-passkey-sign-in = Mit Passkey anmelden
desk-passkey-wrong = Dieser Passkey wurde nicht angenommen: Er ist hier unbekannt, wurde entfernt, oder es hat zu lange gedauert. Bitte versuchen Sie es noch einmal oder melden Sie sich mit dem Passwort an.
desk-passkey-due = Dieser Presseraum verlangt mehr als ein Passwort. Bitte melden Sie sich mit Ihrem Passkey an.
desk-passkey-cancelled = Das wurde abgebrochen oder hat zu lange gedauert, oder auf diesem Gerät gibt es keinen passenden Passkey.
desk-passkey-failed = Das hat nicht geklappt. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.
desk-error-passkey = Der Passkey wurde nicht angenommen, oder es hat zu lange gedauert. Bitte versuchen Sie es noch einmal.
desk-error-passkey-known = Auf diesem Gerät gibt es schon einen Passkey dieses Kontos.
desk-error-too-many-passkeys = Es gibt schon 20 Passkeys. Bitte entfernen Sie zuerst einen.
desk-error-no-passkeys-here = Die Adresse dieses Presseraums erlaubt keine Passkeys.
desk-passkeys-no-name = Passkeys gehören zu einem Namen, und dieser Presseraum ist unter { $address } eingerichtet. Benutzen lassen sie sich, sobald seine öffentliche Adresse eine wie https://presse.example.org ist (oder zum Ausprobieren http://localhost).
desk-passkeys-no-tls = Browser erlauben Passkeys nur über eine verschlüsselte Verbindung, und dieser Presseraum ist unter { $address } eingerichtet. Benutzen lassen sie sich, sobald seine öffentliche Adresse mit https:// beginnt.
desk-passkeys-no-script = Einen Passkey legt der Browser an, und dafür braucht er JavaScript.
desk-passkeys-elsewhere = Passkeys gelten nur unter der öffentlichen Adresse dieses Presseraums:
desk-passkeys-unknown = Dieser Browser kennt keine Passkeys.
desk-factor-or-passkey = Ein Passkey genügt auch:
desk-done-passkey-added = Der Passkey ist angelegt. Ab jetzt können Sie sich damit anmelden.
desk-done-passkey-removed = Der Passkey ist entfernt.
# calendar
desk-calendar = Kalender
desk-calendar-today = Heute
desk-calendar-event = Termin
desk-calendar-none = In diesem Monat steht nichts an.
