//! The desk as a press officer's browser sees it, without script: forms, sessions, roles, and text that is not lost.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;

use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::json;

use crate::harness::{Answer, Client, Newsroom, Server, id_of, images};

on_both_engines!(
    an_officer_writes_publishes_corrects_and_withdraws,
    an_embargo_is_set_in_local_time,
    two_editors_lose_nothing,
    an_ended_session_keeps_what_was_typed,
    other_sites_cannot_use_the_session,
    roles_see_and_may_what_is_theirs,
    who_leaves_is_out_at_once,
    a_duty_keeps_a_release_back,
    an_earlier_version_is_taken_up_again,
    a_document_fills_the_form,
    guessing_is_slowed_down,
    several_files_at_once_are_taken_one_by_one,
    captions_of_many_photos_are_written_on_one_sheet,
    contacts_albums_topics_and_events_are_kept,
    settings_are_changed_by_admins,
);

pub const PASSWORD: &str = "Wohlfeil-Kranich-27";

/// A browser: a cookie, forms, no script.
pub struct Browser {
    client: Client,
    pub cookie: Option<String>,
}

pub struct Shown {
    pub status: u16,
    pub location: String,
    pub text: String,
}

impl Shown {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text.chars().take(3000).collect::<String>());
        self
    }

    pub fn first(&self, selector: &str) -> Option<String> {
        let page = Html::parse_document(&self.text);
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).next().map(|element| element.text().collect::<String>().trim().to_owned())
    }

    #[track_caller]
    pub fn words(&self, selector: &str) -> String {
        self.first(selector).unwrap_or_else(|| panic!("no {selector} in\n{}", self.text))
    }

    pub fn has(&self, selector: &str) -> bool {
        self.first(selector).is_some()
    }

    /// What a browser would send of the form with this id.
    pub fn form(&self, selector: &str) -> Vec<(String, String)> {
        let page = Html::parse_document(&self.text);
        let inputs =
            Selector::parse(&format!("{selector} input, {selector} textarea, {selector} select")).unwrap();
        let chosen = Selector::parse("option[selected]").unwrap();
        let options = Selector::parse("option").unwrap();
        let mut pairs = Vec::new();
        for element in page.select(&inputs) {
            let node = element.value();
            let Some(name) = node.attr("name") else { continue };
            let value = match node.name() {
                // HTML drops the line end behind the opening tag.
                "textarea" => {
                    let text = element.text().collect::<String>();
                    text.strip_prefix('\n').map_or(text.clone(), str::to_owned)
                }
                "select" => element
                    .select(&chosen)
                    .next()
                    .or_else(|| element.select(&options).next())
                    .map_or_else(String::new, |option| {
                        option.value().attr("value").map_or_else(|| option.text().collect(), str::to_owned)
                    }),
                _ if matches!(node.attr("type"), Some("checkbox" | "radio"))
                    && node.attr("checked").is_none() =>
                {
                    continue;
                }
                _ if node.attr("type") == Some("file") => continue,
                _ => node.attr("value").unwrap_or_default().to_owned(),
            };
            pairs.push((name.to_owned(), value));
        }
        pairs
    }
}

pub fn put(form: &mut Vec<(String, String)>, name: &str, value: &str) {
    match form.iter_mut().find(|(key, _)| key == name) {
        Some((_, old)) => value.clone_into(old),
        None => form.push((name.to_owned(), value.to_owned())),
    }
}

pub fn field<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

fn encode(form: &[(String, String)]) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(form);
    out.finish()
}

impl Browser {
    pub fn new(server: &Server) -> Self {
        Self { client: server.public(), cookie: None }
    }

    pub async fn signed_in(room: &Newsroom, server: &Server, role: &str) -> Self {
        let email = format!("{role}@messe.example");
        add_account(room, &email, role);
        let mut browser = Self::new(server);
        let answer = browser.sign_in(&email, PASSWORD).await;
        assert_eq!((answer.status, answer.location.as_str()), (303, "/admin"), "{}", answer.text);
        browser
    }

    /// The same browser in a second window.
    pub fn another(&self) -> Self {
        Self { client: self.client.clone(), cookie: self.cookie.clone() }
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Shown {
        self.post("/admin/sign-in", &[("email", email), ("password", password)]).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .client
            .request(method, path)
            .header("accept-language", "de")
            .header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Shown {
        let answer = self.client.send(request).await;
        if let Some(cookie) = answer.header("set-cookie").split(';').next().filter(|c| !c.is_empty()) {
            self.cookie = Some(cookie.to_owned());
        }
        assert_eq!(answer.header("cache-control"), "private, no-store", "{}", answer.asked);
        Shown { status: answer.status, location: answer.header("location").to_owned(), text: answer.text() }
    }

    pub async fn get(&mut self, path: &str) -> Shown {
        self.send(self.request(Method::GET, path)).await
    }

    /// A file, as its bytes.
    pub async fn download(&self, path: &str) -> Answer {
        self.client.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Shown {
        let form: Vec<_> = form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        self.post_form(path, &form).await
    }

    pub async fn post_form(&mut self, path: &str, form: &[(String, String)]) -> Shown {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(form));
        self.send(request).await
    }

    /// Uploads files by the form; each is a name and its bytes.
    pub async fn upload(&mut self, path: &str, files: &[(&str, Vec<u8>)]) -> Shown {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend_from_slice(
                format!("--grenze\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--grenze--\r\n");
        let request = self
            .request(Method::POST, path)
            .header("content-type", "multipart/form-data; boundary=grenze")
            .body(body);
        self.send(request).await
    }

    /// Sends a document to begin a release with.
    async fn send_document(&mut self, bytes: &[u8], with_pictures: bool) -> Shown {
        let mut body = Vec::new();
        if with_pictures {
            body.extend_from_slice(
                b"--grenze\r\nContent-Disposition: form-data; name=\"pictures\"\r\n\r\n1\r\n",
            );
        }
        body.extend_from_slice(
            b"--grenze\r\nContent-Disposition: form-data; name=\"document\"; filename=\"meldung.docx\"\r\n\r\n",
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--grenze--\r\n");
        let request = self
            .request(Method::POST, "/admin/releases/from-document")
            .header("content-type", "multipart/form-data; boundary=grenze")
            .body(body);
        self.send(request).await
    }

    async fn paste(&mut self, html: &str, is_whole: bool) -> Shown {
        let request = self
            .request(Method::POST, &format!("/admin/releases/from-clipboard?whole={is_whole}"))
            .header("accept", "application/json")
            .header("content-type", "text/html")
            .body(html.to_owned());
        self.send(request).await
    }

    /// Writes a release and gives its page's path.
    pub async fn draft(&mut self, headline: &str) -> String {
        let blank = self.get("/admin/releases/new").await.expect(200);
        let mut form = blank.form("#form");
        put(&mut form, "headline", headline);
        put(&mut form, "body", "Der erste Absatz.\r\n\r\nDer zweite.");
        let made = self.post_form("/admin/releases/new", &form).await.expect(303);
        made.location.split('?').next().unwrap().to_owned()
    }
}

/// From the history into the form, and stored only by saving.
async fn an_earlier_version_is_taken_up_again(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let path = rita.draft("Die erste Fassung").await;
    let mut form = rita.get(&path).await.expect(200).form("#form");
    put(&mut form, "headline", "Die zweite Fassung");
    put(&mut form, "body", "Alles neu.");
    rita.post_form(&path, &form).await.expect(303);
    let history = rita.get(&format!("{path}/history")).await.expect(200);
    let link = format!("{path}?version=1");
    assert!(history.text.contains(&format!("href=\"{link}\"")) && !history.text.contains("?version=2"));
    let taken = rita.get(&link).await.expect(200);
    let form = taken.form("#form");
    assert_eq!(field(&form, "headline"), "Die erste Fassung");
    assert!(field(&form, "body").contains("Der zweite."), "{}", field(&form, "body"));
    assert!(taken.text.contains("gilt erst, wenn Sie speichern"));
    assert_eq!(rita.get(&path).await.expect(200).words("h1"), "Die zweite Fassung");
    rita.post_form(&path, &form).await.expect(303);
    assert_eq!(rita.get(&path).await.expect(200).words("h1"), "Die erste Fassung");
    rita.get(&format!("{path}?version=99")).await.expect(404);
}

/// Hints stand beside the release; what the newsroom has made a duty is not published against, by nobody.
async fn a_duty_keeps_a_release_back(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let words = json!({ "title": "Eröffnung", "credit": "Messe", "usage_terms": "Frei" });
    let photo = desk.upload_ready("bild.jpg", images::jpeg(1800, 1200, 5), words).await;
    let mut release = Client::plain_release("Mit Bild");
    release["assets"] = json!([id_of(&photo)]);
    release["body"] = json!("Mehr [dazu](/releases/gibt-es-nicht).");
    let release = desk.post("/api/v1/releases", release).await.expect(201).json();
    let page = format!("/admin/releases/{}", id_of(&release));
    let hints = admin.get(&page).await.expect(200).words(".preflight");
    for hint in
        ["Alternativtext fehlt: Eröffnung", "Kein Kontakt", "Link führt ins Leere: /releases/gibt-es-nicht"]
    {
        assert!(hints.contains(hint), "{hint} in {hints}");
    }
    assert!(!hints.contains("Pflicht") && !hints.contains("Bildnachweis fehlt"), "{hints}");

    let settings = admin.get("/admin/settings").await.expect(200);
    let mut form = settings.form("#form");
    put(&mut form, "preflight-photo_alt_text", "duty");
    put(&mut form, "preflight-contact_missing", "off");
    admin.post_form("/admin/settings", &form).await.expect(303);
    let publish = format!("/api/v1/releases/{}/publish", id_of(&release));
    desk.post_empty(&publish).await.blames("assets", "photo_alt_text");
    let shown = admin.get(&page).await.expect(200);
    assert!(shown.words(".preflight").contains("Pflicht") && !shown.text.contains("Kein Kontakt"));
    let refused = admin.post_form(&format!("{page}/publish"), &shown.form("#form")).await.expect(422);
    assert!(refused.text.contains("Alternativtext"), "{}", refused.text);

    let alt_text = json!({ "alt_text": "Zwei Frauen schneiden ein Band durch" });
    desk.patch(&format!("/api/v1/assets/{}", id_of(&photo)), alt_text).await.expect(200);
    desk.wait_ready(id_of(&photo)).await;
    desk.post_empty(&publish).await.expect(200);
}

/// Another role holds from the next click on; an account that is gone ends its sessions; the last administrator stays.
async fn who_leaves_is_out_at_once(room: &Newsroom) {
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let email = "editor@messe.example";
    assert!(admin.get("/admin/accounts").await.expect(200).text.contains(email));
    rita.post("/admin/accounts/role", &[("email", email), ("role", "admin")]).await.expect(403);
    admin.post("/admin/accounts/role", &[("email", email), ("role", "author")]).await.expect(303);
    let draft = rita.draft("Noch ein Entwurf").await;
    let page = rita.get(&draft).await.expect(200);
    let refused = rita.post_form(&format!("{draft}/publish"), &page.form("#form")).await.expect(422);
    assert!(refused.words("#refusal").contains("Ihre Rolle erlaubt das nicht"));
    // An address that a refused step left behind leads back.
    assert_eq!(rita.get(&format!("{draft}/publish")).await.expect(303).location, draft);
    rita.post("/admin/accounts/remove", &[("email", email)]).await.expect(403);
    admin.post("/admin/accounts/remove", &[("email", email)]).await.expect(303);
    let sent_away = rita.get("/admin").await.expect(303);
    assert!(sent_away.location.starts_with("/admin/sign-in"), "{}", sent_away.location);
    assert_ne!(rita.sign_in(email, PASSWORD).await.status, 303);

    let own = "admin@messe.example";
    for (step, form) in [("remove", vec![("email", own)]), ("role", vec![("email", own), ("role", "author")])]
    {
        let refused = admin.post(&format!("/admin/accounts/{step}"), &form).await.expect(422);
        assert!(refused.text.contains("das letzte Konto mit Verwaltungsrechten"), "{}", refused.text);
    }
    admin.get("/admin/accounts").await.expect(200);
    let listed = room.cli_ok(&["account", "list"]);
    assert!(listed.contains(own) && !listed.contains(email), "{listed}");
    room.cli_ok(&["account", "add", "--email", email, "--name", "Rita", "--role", "admin"]);
    room.cli_ok(&["account", "role", "--email", own, "--role", "editor"]);
    admin.get("/admin/accounts").await.expect(403);
    assert_ne!(room.cli(&["account", "remove", "--email", email]).code, 0, "the last administrator");
}

pub fn add_account(room: &Newsroom, email: &str, role: &str) {
    let mut command = room.command();
    command
        .args(["account", "add", "--email", email, "--name", "Rita", "--role", role, "--password-stdin"])
        .arg("--data")
        .arg(room.data());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "account add {email}");
}

async fn public_release(server: &Server, path: &str) -> (u16, String) {
    let release = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.expect(200).json();
    let url = release["url"].as_str().unwrap().to_owned();
    let answer = server.public().get(&url).await;
    (answer.status, answer.text())
}

async fn an_officer_writes_publishes_corrects_and_withdraws(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    let path = officer.draft("Neue Halle eröffnet").await;
    assert_eq!(public_release(&server, &path).await.0, 404);

    // What stands in the form is what goes out.
    let page = officer.get(&path).await.expect(200);
    let mut form = page.form("#form");
    assert_eq!(field(&form, "body"), "Der erste Absatz.\n\nDer zweite.");
    put(&mut form, "sub_headlines", "Mehr Platz\r\nMehr Licht");
    put(&mut form, "body", "Die **Halle** ist offen.");
    let preview = officer.post_form("/admin/releases/preview", &form).await.expect(200);
    assert!(preview.text.contains("<strong>Halle</strong>"), "the preview shows what is typed");
    assert_eq!(public_release(&server, &path).await.0, 404);
    officer.post_form(&format!("{path}/publish"), &form).await.expect(303);
    let (status, text) = public_release(&server, &path).await;
    assert_eq!(status, 200);
    assert!(text.contains("<strong>Halle</strong>") && text.contains("Mehr Licht"));

    let mut form = officer.get(&path).await.expect(200).form("#form");
    let refused = officer.post_form(&format!("{path}/correct"), &form).await.expect(422);
    assert!(refused.words("#note-error").contains("öffentlich"), "the note is asked for");
    put(&mut form, "note", "Die Halle hat 4.200 m², nicht 2.400.");
    officer.post_form(&format!("{path}/correct"), &form).await.expect(303);
    assert!(public_release(&server, &path).await.1.contains("4.200"));

    let mut form = officer.get(&path).await.expect(200).form("#form");
    officer.post_form(&format!("{path}/withdraw"), &form).await.expect(422);
    put(&mut form, "reason", "Ein Irrtum");
    officer.post_form(&format!("{path}/withdraw"), &form).await.expect(303);
    let (status, text) = public_release(&server, &path).await;
    assert_eq!(status, 410);
    assert!(text.contains("Ein Irrtum"));

    let history = officer.get(&format!("{path}/history")).await.expect(200);
    for deed in ["Angelegt", "Veröffentlicht", "Hinweis ergänzt", "Zurückgezogen"] {
        assert!(history.text.contains(deed), "{deed}");
    }
    assert!(history.words("ins").len() > 1);
    officer.post_form(&format!("{path}/delete"), &form).await.expect(422);
}

async fn an_embargo_is_set_in_local_time(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    let path = officer.draft("Unter Sperrfrist").await;
    let mut form = officer.get(&path).await.form("#form");
    for (typed, said) in [
        ("2099-03-29T02:30", "vorgestellt"),
        ("2099-10-25T02:30", "zweimal"),
        ("2020-01-01T10:00", "vorbei"),
        ("", "Datum und Uhrzeit"),
    ] {
        put(&mut form, "embargo_until", typed);
        let refused = officer.post_form(&format!("{path}/embargo"), &form).await.expect(422);
        assert!(refused.words("#embargo_until-error").contains(said), "{typed}");
        assert_eq!(field(&refused.form("#form"), "embargo_until"), typed, "what was typed stays");
        assert!(refused.has(r##"#errors a[href="#embargo_until"]"##), "the summary leads to the field");
    }
    put(&mut form, "embargo_until", "2099-11-30T10:00");
    officer.post_form(&format!("{path}/embargo"), &form).await.expect(303);
    let release = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    assert_eq!(release["state"], "embargoed");
    assert_eq!(release["embargo_until"], "2099-11-30T09:00:00Z", "{release:#}");
    let overview = officer.get("/admin").await.expect(200);
    assert!(overview.text.contains("Unter Sperrfrist") && overview.text.contains("09:00 UTC"));

    let form = officer.get(&path).await.form("#form");
    officer.post_form(&format!("{path}/withdraw"), &form).await.expect(303);
    let release = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    assert_eq!(release["state"], "draft");
}

async fn two_editors_lose_nothing(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let mut anna = Browser::signed_in(room, &server, "admin").await;
    let path = rita.draft("Gemeinsam").await;
    let mut ritas = rita.get(&path).await.form("#form");
    let mut annas = anna.get(&path).await.form("#form");
    put(&mut annas, "headline", "Gemeinsam, sagt Anna");
    put(&mut annas, "dateline_place", "Bonn");
    anna.post_form(&path, &annas).await.expect(303);

    put(&mut ritas, "headline", "Gemeinsam, sagt Rita");
    put(&mut ritas, "body", "Ritas Text");
    let conflict = rita.post_form(&path, &ritas).await.expect(409);
    let told = conflict.words("#conflict");
    assert!(told.contains("admin@messe.example"), "{told}");
    assert!(told.contains("Version 1") && told.contains("Version 2"), "{told}");
    assert!(told.contains("Gemeinsam, sagt Anna"), "{told}");
    let merged = conflict.form("#form");
    assert_eq!(field(&merged, "headline"), "Gemeinsam, sagt Rita", "what was typed stays");
    assert_eq!(field(&merged, "body"), "Ritas Text");
    assert_eq!(field(&merged, "dateline_place"), "Bonn", "what only Anna touched is hers");
    let stored = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    assert_eq!(stored["headline"], "Gemeinsam, sagt Anna", "nothing was overwritten");
    rita.post_form(&path, &merged).await.expect(303);
    let stored = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    assert_eq!(
        (&stored["headline"], &stored["dateline_place"]),
        (&json!("Gemeinsam, sagt Rita"), &json!("Bonn"))
    );

    // The same form sent twice is one change and no conflict.
    let mut form = rita.get(&path).await.form("#form");
    put(&mut form, "body", "Einmal");
    rita.post_form(&path, &form).await.expect(303);
    rita.post_form(&path, &form).await.expect(303);
    let blank = rita.get("/admin/releases/new").await.form("#form");
    let mut twice = blank.clone();
    put(&mut twice, "headline", "Doppelt geklickt");
    rita.post_form("/admin/releases/new", &twice).await.expect(303);
    rita.post_form("/admin/releases/new", &twice).await.expect(303);
    let list = server.desk().get("/api/v1/releases").await.json();
    let made =
        list["items"].as_array().unwrap().iter().filter(|r| r["headline"] == "Doppelt geklickt").count();
    assert_eq!(made, 1);
}

async fn an_ended_session_keeps_what_was_typed(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    let path = officer.draft("Bleibt").await;
    let mut form = officer.get(&path).await.form("#form");
    put(&mut form, "body", "Lang & \"breit\" <geschrieben>\r\n\r\nmit Umlauten: äöü");
    officer.post("/admin/sign-out", &[]).await.expect(303);

    let away = officer.get(&path).await.expect(303);
    assert!(away.location.starts_with("/admin/sign-in?next=%2Fadmin%2Freleases%2F"), "{}", away.location);
    let asked = officer.post_form(&path, &form).await.expect(401);
    let mut sign_in = asked.form("form");
    put(&mut sign_in, "email", "editor@messe.example");
    put(&mut sign_in, "password", "falsch");
    let again = officer.post_form("/admin/sign-in", &sign_in).await.expect(422);
    let mut sign_in = again.form("form");
    put(&mut sign_in, "password", PASSWORD);
    let resume = officer.post_form("/admin/sign-in", &sign_in).await.expect(200);
    let held = resume.form("form");
    officer.post_form(&path, &held).await.expect(303);
    let stored = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    assert_eq!(stored["body"], "Lang & \"breit\" <geschrieben>\n\nmit Umlauten: äöü");

    for evil in ["//evil.example/", "https://evil.example/admin", "/admin/../../x\\y"] {
        let mut browser = Browser::new(&server);
        let form = [("email", "editor@messe.example"), ("password", PASSWORD), ("next", evil)];
        let answer = browser.post("/admin/sign-in", &form).await.expect(303);
        assert_eq!(answer.location, "/admin", "{evil}");
    }
}

async fn other_sites_cannot_use_the_session(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    let path = officer.draft("Unser").await;
    let form = officer.get(&path).await.form("#form");
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        [("sec-fetch-site", "same-site"), ("origin", "https://x.messe.example")],
        [("x-old-browser", "1"), ("origin", "https://evil.example")],
        [("x-old-browser", "1"), ("origin", "null")],
    ] {
        let mut request = server
            .public()
            .request(Method::POST, &format!("{path}/publish"))
            .header("cookie", officer.cookie.clone().unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode(&form));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = officer.send(request).await.expect(403);
        assert!(answer.text.contains("<html"), "it is told as a page");
    }
    assert_eq!(public_release(&server, &path).await.0, 404);
}

async fn roles_see_and_may_what_is_theirs(room: &Newsroom) {
    let server = room.start().await;
    let mut author = Browser::signed_in(room, &server, "author").await;
    let path = author.draft("Vom Autor").await;
    let page = author.get(&path).await.expect(200);
    assert!(!page.has(r#"[formaction$="/publish"]"#), "no button that does not work");
    assert!(!page.has(r#"a[href="/admin/settings"]"#));
    let form = page.form("#form");
    let refused = author.post_form(&format!("{path}/publish"), &form).await.expect(422);
    assert!(refused.words("#refusal").contains("Rolle"));
    assert_eq!(public_release(&server, &path).await.0, 404);
    for path in ["/admin/settings", "/admin/accounts", "/admin/tokens"] {
        author.get(path).await.expect(403);
        author
            .post(path, &[("name", "x"), ("email", "x@messe.example"), ("role", "admin")])
            .await
            .expect(403);
    }
    author.get("/admin/contacts/new").await.expect(403);

    let mut editor = Browser::signed_in(room, &server, "editor").await;
    let form = editor.get(&path).await.form("#form");
    editor.post_form(&format!("{path}/publish"), &form).await.expect(303);
    let mut form = author.get(&path).await.expect(200).form("#form");
    put(&mut form, "body", "Nachträglich vom Autor");
    let refused = author.post_form(&path, &form).await.expect(422);
    assert_eq!(field(&refused.form("#form"), "body"), "Nachträglich vom Autor");
    editor.get("/admin/tokens").await.expect(403);
}

async fn guessing_is_slowed_down(room: &Newsroom) {
    let server = room.start().await;
    Browser::signed_in(room, &server, "editor").await;
    let mut guesser = Browser::new(&server);
    let mut statuses = Vec::new();
    for _ in 0..9 {
        statuses.push(guesser.sign_in("editor@messe.example", "falsch").await.status);
    }
    assert_eq!(statuses[..5], [422; 5]);
    assert_eq!(*statuses.last().unwrap(), 429);
    let right = guesser.sign_in("editor@messe.example", PASSWORD).await.expect(429);
    assert!(right.words("[role=alert]").contains("Sekunden"));
}

async fn several_files_at_once_are_taken_one_by_one(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "author").await;
    let path = officer.draft("Mit Bildern").await;
    let id = path.rsplit('/').next().unwrap();
    let files = [
        ("größe.jpg", images::jpeg(640, 480, 1).to_vec()),
        ("leer.jpg", Vec::new()),
        ("programm.jpg", b"\x7fELF no picture at all".to_vec()),
        ("zweites.jpg", images::jpeg(480, 640, 2).to_vec()),
    ];
    let shown = officer.upload(&format!("/admin/photos?release={id}"), &files).await.expect(200);
    let refused = shown.words(".errors");
    assert!(refused.contains("leer.jpg") && refused.contains("leer."), "{refused}");
    assert!(refused.contains("programm.jpg"), "{refused}");
    let release = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    let assets: Vec<_> = release["assets"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
    assert_eq!(assets.len(), 2);
    let first = server.desk().wait_ready(assets[0]).await;
    assert_eq!(first["file_name"], "größe.jpg");

    // Their order is changed by numbers, without script.
    let mut form = officer.get(&path).await.form("#form");
    put(&mut form, &format!("assets-place-{}", assets[1]), "1");
    officer.post_form(&path, &form).await.expect(303);
    let release = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
    assert_eq!(release["assets"], json!([assets[1], assets[0]]));
}

async fn captions_of_many_photos_are_written_on_one_sheet(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "author").await;
    let mut ids = Vec::new();
    for seed in 0..3 {
        let uploaded = server.desk().upload(&format!("bild{seed}.jpg"), images::jpeg(320, 240, seed)).await;
        ids.push(id_of(&uploaded.expect(201).json()).to_owned());
    }
    let sheet = officer.get(&format!("/admin/photos/sheet?ids={}", ids.join(","))).await.expect(200);
    // The files are prepared while the officer types: that is no conflict.
    for id in &ids {
        server.desk().wait_ready(id).await;
    }
    let mut form = sheet.form("form.sheet");
    put(&mut form, "all-credit", "Messe / M. Weber");
    put(&mut form, &format!("caption-{}", ids[0]), "Die neue Halle");
    put(&mut form, &format!("credit-{}", ids[2]), "Werkfoto");
    officer.post_form("/admin/photos/sheet", &form).await.expect(303);
    let mut told = BTreeMap::new();
    for id in &ids {
        let asset = server.desk().wait_ready(id).await;
        told.insert(id.clone(), (asset["caption"].clone(), asset["credit"].clone()));
    }
    assert_eq!(told[&ids[0]], (json!("Die neue Halle"), json!("Messe / M. Weber")));
    assert_eq!(told[&ids[2]].1, "Werkfoto");

    let page = officer.get(&format!("/admin/photos/{}", ids[0])).await.expect(200);
    let mut form = page.form("#form");
    put(&mut form, "alt_text", "Eine leere Halle");
    put(&mut form, "focus-x", "25");
    put(&mut form, "focus-y", "75.5");
    put(&mut form, "rights_until", "2098-06-30");
    officer.post_form(&format!("/admin/photos/{}", ids[0]), &form).await.expect(303);
    let asset = server.desk().wait_ready(&ids[0]).await;
    assert_eq!(asset["focal_point"], json!({"x": 0.25, "y": 0.755}));
    assert_eq!(asset["rights_until"], "2098-06-30T21:59:59Z");
    assert_eq!(asset["alt_text"], "Eine leere Halle");
}

async fn contacts_albums_topics_and_events_are_kept(room: &Newsroom) {
    let server = room.start().await;
    let mut officer = Browser::signed_in(room, &server, "editor").await;
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);
    let cases: [Case; 4] = [
        ("contacts", &[("name", "Ada Beispiel"), ("email", "kein-at")], "email", "ada@messe.example"),
        ("topics", &[("name.de", "")], "name.de", "Hallen"),
        ("albums", &[("title.de", "")], "title.de", "Logos"),
        (
            "events",
            &[("title.de", "Presserundgang"), ("starts_at", "2099-03-29T02:30")],
            "starts_at",
            "2099-03-29T10:00",
        ),
    ];
    for (folder, wrong, name, right) in cases {
        let blank = officer.get(&format!("/admin/{folder}/new")).await.expect(200);
        let mut form = blank.form("#form");
        for (name, value) in wrong {
            put(&mut form, name, value);
        }
        let refused = officer.post_form(&format!("/admin/{folder}/new"), &form).await.expect(422);
        assert!(refused.has("#errors a"), "{folder}");
        let mut form = refused.form("#form");
        for (name, value) in wrong {
            assert_eq!(field(&form, name), *value, "{folder}: what was typed stays");
        }
        put(&mut form, name, right);
        let made = officer.post_form(&format!("/admin/{folder}/new"), &form).await.expect(303);
        let path = made.location.split('?').next().unwrap().to_owned();
        let record = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.expect(200).json();
        let page = officer.get(&path).await.expect(200);
        // Saving what nobody changed changes nothing.
        let form = page.form("#form");
        officer.post_form(&path, &form).await.expect(303);
        let after = server.desk().get(&path.replace("/admin/", "/api/v1/")).await.json();
        assert_eq!(record, after, "{folder}");
        let list = officer.get(&format!("/admin/{folder}")).await.expect(200);
        assert!(list.has(&format!(r#"a[href="{path}"]"#)), "{folder}");
        let version = field(&form, "version").to_owned();
        officer.post(&format!("{path}/delete"), &[("version", &version)]).await.expect(303);
        officer.get(&path).await.expect(404);
    }
}

async fn settings_are_changed_by_admins(room: &Newsroom) {
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let page = admin.get("/admin/settings").await.expect(200);
    let mut form = page.form("#form");
    put(&mut form, "organisation", "Messe Föhrwald GmbH");
    put(&mut form, "colour-accent", "rot");
    put(&mut form, "boilerplate-title", "Über die Messe");
    put(&mut form, "boilerplate-text", "Die Messe Föhrwald …");
    let refused = admin.post_form("/admin/settings", &form).await.expect(422);
    assert!(refused.words("#colours .error").contains("Farbe"));
    let mut form = refused.form("#form");
    assert_eq!(field(&form, "organisation"), "Messe Föhrwald GmbH");
    put(&mut form, "colour-accent", "#123456");
    let stale = form.clone();
    admin.post_form("/admin/settings", &form).await.expect(303);
    let again = admin.post_form("/admin/settings", &stale).await.expect(409);
    assert!(again.words("#refusal").contains("Version"));
    let blank = admin.get("/admin/releases/new").await.expect(200);
    assert!(blank.text.contains("Über die Messe"), "the boilerplate can be chosen");

    let shown = admin
        .post("/admin/accounts", &[("name", "Neu"), ("email", "neu@messe.example"), ("role", "author")])
        .await
        .expect(200);
    let link = shown.words("#fresh-link");
    let link = &link[link.find("/admin/link/").expect("a link")..];
    let mut new = Browser::new(&server);
    let password = PASSWORD.to_owned();
    new.post(link, &[("password", PASSWORD), ("repeat", PASSWORD)]).await.expect(303);
    new.sign_in("neu@messe.example", &password).await.expect(303);
    let first = new.cookie.clone();
    let change =
        [("current", password.as_str()), ("password", "Neues-Passwort-1"), ("repeat", "Neues-Passwort-1")];
    new.post("/admin/account", &change).await.expect(303);
    assert_ne!(new.cookie, first);
    new.get("/admin").await.expect(200);
    new.cookie = first;
    new.get("/admin").await.expect(303);

    let shown = admin.post("/admin/tokens", &[("name", "cms"), ("role", "author")]).await.expect(200);
    let token = shown.words(".secret code");
    let script = server.public().with_token(&token);
    script.post("/api/v1/releases", Client::plain_release("Vom Skript")).await.expect(201);
    let path = {
        let page = Html::parse_document(&shown.text);
        let forms = Selector::parse(r#"form[action$="/revoke"]"#).unwrap();
        page.select(&forms).next().unwrap().value().attr("action").unwrap().to_owned()
    };
    admin.post(&path, &[]).await.expect(303);
    script.post("/api/v1/releases", Client::plain_release("Zu spät")).await.expect(401);
}

/// A document with these paragraphs, as few programs write so little of one.
fn document(paragraphs: &[&str]) -> Vec<u8> {
    let text: String = paragraphs
        .iter()
        .map(|text| format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"))
        .collect();
    let body = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"r\"><w:body>{text}<w:p><w:r><w:drawing>\
         <a:blip r:embed=\"p1\"/></w:drawing></w:r></w:p></w:body></w:document>"
    );
    let relations = "<Relationships><Relationship Id=\"p1\" Type=\"x/image\" Target=\"media/image1.jpeg\"/></Relationships>";
    let photo = images::jpeg(640, 480, 5);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("word/document.xml", body.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        ("word/media/image1.jpeg", photo.as_ref()),
    ] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// From a word processor into the form, and nothing is stored before it is sent.
async fn a_document_fills_the_form(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let mut contact = rita.get("/admin/contacts/new").await.expect(200).form("#form");
    put(&mut contact, "name", "Dr. Bo Beispiel");
    put(&mut contact, "email", "bo@messe.example");
    rita.post_form("/admin/contacts/new", &contact).await.expect(303);

    let bytes = document(&[
        "PRESSEMITTEILUNG",
        "Sperrfrist: 3. Dezember 2026, 10:00 Uhr",
        "Kraniche ziehen durch Halle 7",
        "• Drei Tage lang",
        "• Eintritt frei",
        "Musterstadt, 3. Dezember 2026 – Am Mittwoch ziehen sie. Alle Gäste dürfen zusehen, denn Platz ist genug.",
        "Über die Messe",
        "Die Messe gibt es seit 1901.",
        "Pressekontakt",
        "Bo Beispiel, Pressesprecher, bo@messe.example",
        "Ada Muster, Leiterin Kommunikation, Tel. 030 1234567, ada@messe.example",
    ]);
    assert!(rita.get("/admin/releases/new").await.has("form.from-document #document"));
    let filled = rita.send_document(&bytes, true).await.expect(200);
    let mut form = filled.form("#form");
    assert_eq!(field(&form, "headline"), "Kraniche ziehen durch Halle 7");
    assert_eq!(field(&form, "sub_headlines"), "Drei Tage lang\nEintritt frei");
    assert_eq!(
        (field(&form, "dateline_place"), field(&form, "dateline_date")),
        ("Musterstadt", "2026-12-03")
    );
    assert_eq!(
        field(&form, "body"),
        "Am Mittwoch ziehen sie. Alle Gäste dürfen zusehen, denn Platz ist genug."
    );
    assert_eq!(field(&form, "boilerplate"), "own");
    assert_eq!(field(&form, "boilerplate-own"), "## Über die Messe\n\nDie Messe gibt es seit 1901.");
    let note = filled.words(".note[data-unsaved]");
    assert!(
        note.contains("Sperrfrist: 3. Dezember 2026") && note.contains("Ein Bild ist in der Mediathek"),
        "{note}"
    );
    assert!(filled.has("[data-picker=assets] .pick"), "the picture is chosen");
    assert!(filled.words(".found label").contains("Ada Muster · Leiterin Kommunikation"));
    assert_eq!(form.iter().filter(|(name, _)| name == "contacts").count(), 1, "who is known is chosen");
    assert_eq!(rita.get("/admin/releases").await.text.matches("Kraniche ziehen").count(), 0);

    // What is wrong elsewhere in the form loses neither proposals nor ticks.
    form.push(("found".to_owned(), "0".to_owned()));
    put(&mut form, "dateline_date", "gestern");
    let again = rita.post_form("/admin/releases/new", &form).await.expect(422);
    let mut form = again.form("#form");
    assert!(again.has(".found input[checked]"));
    put(&mut form, "dateline_date", "2026-12-03");
    let made = rita.post_form("/admin/releases/new", &form).await.expect(303);
    rita.post_form("/admin/releases/new", &form).await.expect(303);
    let release = rita.get(&made.location).await.expect(200);
    assert_eq!(release.form("#form").iter().filter(|(name, _)| name == "contacts").count(), 2);
    assert_eq!(rita.get("/admin/contacts").await.text.matches("Ada Muster").count(), 1);

    for (bytes, expected) in [
        (b"{\\rtf1 Text}".to_vec(), ".rtf"),
        (b"Nur Text".to_vec(), "Dateien mit der Endung .docx"),
        (bytes[..bytes.len() / 2].to_vec(), "beschädigt"),
        (Vec::new(), "kein Dokument ausgewählt"),
    ] {
        let refused = rita.send_document(&bytes, false).await.expect(422);
        assert!(refused.words("[role=alert]").contains(expected), "{expected}");
        assert!(refused.has("#document"));
    }

    // What is copied from one comes back as Markdown, whole or as a piece; an author proposes, an editor makes.
    let mut otto = Browser::signed_in(room, &server, "author").await;
    let html = "<b style='font-weight:normal' id='docs-internal-guid-1'><h1>Kraniche ziehen</h1><p class=MsoNormal style='mso-x:y'>\
                Musterstadt, 3. Dezember 2026 – Am <b>Mittwoch</b> ziehen sie.</p><p>Pressekontakt</p><p>Cy Muster, Tel. 030 7654321</p></b>";
    let answer = otto.paste(html, true).await.expect(200);
    let pasted: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(pasted["release"]["headline"], "Kraniche ziehen");
    assert_eq!(pasted["release"]["body"], "Am **Mittwoch** ziehen sie.");
    let found = pasted["release"]["found"].as_str().unwrap();
    assert!(found.contains("Cy Muster") && !found.contains("checkbox"), "{found}");
    assert_eq!(pasted["release"]["embargo_until"], "");
    // An embargo that lies ahead stands in its field, wherever the paper names it; one that has passed binds nobody.
    for (year, noted) in [("2098", "2098-12-03T10:00"), ("2020", "")] {
        let html = format!("{html}<p>Sperrfrist: 3. Dezember {year}, 10:00 Uhr</p>");
        let answer = otto.paste(&html, true).await.expect(200);
        let pasted: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(pasted["release"]["embargo_until"], noted);
        let remarks = pasted["release"]["reading"]["remarks"].to_string();
        assert!(
            remarks.contains("nennt eine Sperrfrist") && !remarks.contains("Nicht übernommen"),
            "{remarks}"
        );
    }
    let piece: serde_json::Value =
        serde_json::from_str(&otto.paste(html, false).await.expect(200).text).unwrap();
    assert!(piece["release"].is_null());
    assert!(piece["markdown"].as_str().unwrap().starts_with("## Kraniche ziehen\n\nMusterstadt"), "{piece}");
    otto.cookie = None;
    otto.paste(html, true).await.expect(401);
}
