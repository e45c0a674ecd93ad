//! How people get in: by invitation, again after a forgotten password, with a code as second step. Mail is read by
//! Python, codes are made by oathtool.

use crate::desk::{Browser, PASSWORD, add_account, put};
use crate::harness::{Engine, MailServer, Newsroom, Server, run_ok, sleep_ms};

on_both_engines!(
    an_invitation_sets_an_own_password,
    a_forgotten_password_is_replaced_by_mail,
    a_second_step_keeps_out_who_knows_the_password,
);

const NEW: &str = "Wendeltreppe-41";

fn path_of(link: &str) -> &str {
    &link[link.find("/admin/link/").unwrap_or_else(|| panic!("no link: {link}"))..]
}

async fn an_invitation_sets_an_own_password(room: &Newsroom) {
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let invited = [("name", "Ada Muster"), ("email", "Ada@messe.example"), ("role", "editor")];
    let page = admin.post("/admin/accounts", &invited).await.expect(200);
    assert!(
        page.text.contains("Bitte geben Sie ihn auf sicherem Weg weiter") && !page.text.contains("assword:")
    );
    let first = page.words("#fresh-link");
    let page = admin.post("/admin/accounts", &invited).await.expect(200);
    let link = page.words("#fresh-link");
    let listed = admin.get("/admin/accounts").await.expect(200);
    assert!(listed.words("[aria-labelledby=h-invited]").contains("Ada Muster"), "{}", listed.text);
    assert!(!listed.text.contains("/admin/link/"), "the link is shown once");

    let mut ada = Browser::new(&server);
    let ended = ada.get(path_of(&first)).await.expect(404);
    assert!(ended.text.contains("gilt nicht mehr"), "the newer invitation stands for the older");
    let path = path_of(&link);
    // Whoever scans mails for bad links opens them too.
    for _ in 0..2 {
        assert!(ada.get(path).await.expect(200).text.contains("Guten Tag Ada Muster"));
    }
    let refused = ada.post(path, &[("password", NEW), ("repeat", "anders")]).await.expect(422);
    assert!(refused.has("#repeat-error"));
    ada.post(path, &[("password", "kurz"), ("repeat", "kurz")]).await.expect(422);
    let set = ada.post(path, &[("password", NEW), ("repeat", NEW)]).await.expect(303);
    assert_eq!(set.location, "/admin/sign-in?done=password-set");
    ada.get(path).await.expect(404);
    ada.post(path, &[("password", PASSWORD), ("repeat", PASSWORD)]).await.expect(404);
    ada.sign_in("ada@messe.example", NEW).await.expect(303);
    assert!(ada.get("/admin").await.expect(200).text.contains("Ada Muster"));
    assert!(room.cli_ok(&["account", "list"]).contains("editor   ada@messe.example"));
    let taken = admin.post("/admin/accounts", &invited).await.expect(422);
    assert!(taken.has("#refusal"));

    let invited = [("name", "Bo"), ("email", "bo@messe.example"), ("role", "author")];
    let page = admin.post("/admin/accounts", &invited).await.expect(200);
    let link = page.words("#fresh-link");
    let revoke = page.text.split("/admin/accounts/invitations/").nth(1).unwrap().split('"').next().unwrap();
    admin.post(&format!("/admin/accounts/invitations/{revoke}"), &[]).await.expect(303);
    Browser::new(&server).get(path_of(&link)).await.expect(404);
    let log = server.log();
    assert!(!log.contains(link.rsplit('/').next().unwrap()), "the key stands in the log");
    // An admin lets somebody in again who is locked out; that ends what was open.
    let page = admin.post("/admin/accounts/recovery", &[("email", "ada@messe.example")]).await.expect(200);
    let link = page.words("#fresh-link");
    ada.get("/admin").await.expect(200);
    let path = path_of(&link);
    Browser::new(&server).post(path, &[("password", PASSWORD), ("repeat", PASSWORD)]).await.expect(303);
    ada.get("/admin").await.expect(303);
    ada.sign_in("ada@messe.example", PASSWORD).await.expect(303);
    let page = Browser::new(&server).get("/admin/forgotten").await.expect(200);
    assert!(!page.has("form") && page.text.contains("verschickt keine E-Mails"), "{}", page.text);
}

async fn a_forgotten_password_is_replaced_by_mail(room: &Newsroom) {
    let post = MailServer::start().await;
    room.configure("smtp_url", &post.url());
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let invited = [("name", "Ada Muster"), ("email", "ada@messe.example"), ("role", "editor")];
    let page = admin.post("/admin/accounts", &invited).await.expect(200);
    assert!(page.text.contains("auch per E-Mail unterwegs"));
    let mail = post.mail(0).await;
    assert_eq!(mail.recipient, "ada@messe.example");
    assert_eq!(mail.part("subject"), "Ihr Zugang zu „Presseraum“");
    assert_eq!(path_of(&mail.link("/admin/link/")), path_of(&page.words("#fresh-link")));
    let path = mail.link("/admin/link/");
    let mut ada = Browser::new(&server);
    ada.post(path_of(&path), &[("password", NEW), ("repeat", NEW)]).await.expect(303);
    ada.sign_in("ada@messe.example", NEW).await.expect(303);

    let mut out = Browser::new(&server);
    let sign_in = out.get("/admin/sign-in").await.expect(200);
    assert!(sign_in.text.contains("href=\"/admin/forgotten\""));
    assert!(out.get("/admin/forgotten").await.expect(200).has("form #email"));
    let nobody = out.post("/admin/forgotten", &[("email", "nobody@messe.example")]).await.expect(200);
    let somebody = out.post("/admin/forgotten", &[("email", "ADA@messe.example")]).await.expect(200);
    assert_eq!(nobody.text, somebody.text);
    let mail = post.mail(1).await;
    assert_eq!((post.count(), mail.recipient.as_str()), (2, "ada@messe.example"));
    let link = mail.link("/admin/link/");
    // Asking is not enough to change anything.
    ada.get("/admin").await.expect(200);
    out.post(path_of(&link), &[("password", PASSWORD), ("repeat", PASSWORD)]).await.expect(303);
    ada.get("/admin").await.expect(303);
    out.sign_in("ada@messe.example", NEW).await.expect(422);
    out.sign_in("ada@messe.example", PASSWORD).await.expect(303);
    let mut last = 0;
    for _ in 0..8 {
        last = out.post("/admin/forgotten", &[("email", "ada@messe.example")]).await.status;
    }
    assert_eq!(last, 429, "a mailbox is not flooded");
    sleep_ms(1500).await;
    assert!(post.count() <= 5, "{}", post.count());
    // What was mailed is not kept where a backup would find it.
    let backup = room.folder().join("b.zip");
    room.cli_ok(&["backup", backup.to_str().unwrap()]);
    let secret = link.rsplit('/').next().unwrap();
    for (name, bytes) in crate::harness::unzip_all(&std::fs::read(&backup).unwrap()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{name} has the key");
    }
}

/// The code of an authenticator app, now or a step later.
fn code(secret: &str, now: &str) -> String {
    run_ok("oathtool", &["--totp", "-b", "-N", now, secret]).trim().to_owned()
}

async fn first_step(server: &Server, email: &str) -> (Browser, String) {
    let mut browser = Browser::new(server);
    let page = browser.sign_in(email, PASSWORD).await.expect(200);
    assert!(browser.cookie.is_none(), "nobody is in yet");
    let ticket = page.form("form").into_iter().find(|(name, _)| name == "ticket").unwrap().1;
    (browser, ticket)
}

async fn a_second_step_keeps_out_who_knows_the_password(room: &Newsroom) {
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let page = "/admin/account/second-factor";
    rita.post(page, &[("step", "begin"), ("current", "falsch")]).await.expect(422);
    rita.post(page, &[("step", "begin"), ("current", PASSWORD)]).await.expect(303);
    let shown = rita.get(page).await.expect(200);
    let secret = shown.words("#factor-secret").replace(' ', "");
    assert!(shown.has("svg.qr") && shown.text.contains(&format!("secret={secret}&")), "{}", shown.text);
    rita.post(page, &[("step", "confirm"), ("code", "000000")]).await.expect(422);
    let first = code(&secret, "now");
    let shown = rita.post(page, &[("step", "confirm"), ("code", &first)]).await.expect(200);
    let codes = shown.text.split("<li><code>").skip(1);
    let codes: Vec<String> = codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
    assert!(!rita.get(page).await.expect(200).text.contains(&codes[0]), "they are shown once");

    let email = "editor@messe.example";
    let take = "/admin/sign-in/code";
    let (mut browser, ticket) = first_step(&server, email).await;
    browser.post(take, &[("ticket", &ticket), ("code", "12345")]).await.expect(422);
    let used = browser.post(take, &[("ticket", &ticket), ("code", &first)]).await.expect(422);
    assert!(used.text.contains("schon benutzt") && browser.cookie.is_none());
    let next = code(&secret, "now + 30 seconds");
    let typed = format!("{} {}", &next[..3], &next[3..]);
    browser.post(take, &[("ticket", &ticket), ("code", &typed), ("next", "/admin/photos")]).await.expect(303);
    browser.get("/admin").await.expect(200);
    browser.post(take, &[("ticket", &ticket), ("code", &codes[1])]).await.expect(422);
    // A recovery code instead, once.
    let (mut browser, ticket) = first_step(&server, email).await;
    browser.post(take, &[("ticket", &ticket), ("code", &codes[0].to_uppercase())]).await.expect(303);
    let (mut browser, ticket) = first_step(&server, email).await;
    browser.post(take, &[("ticket", &ticket), ("code", &codes[0])]).await.expect(422);
    // Guessing ends the sign-in, and then has to wait.
    let mut last = 0;
    for guess in 0..12 {
        let answer = browser.post(take, &[("ticket", &ticket), ("code", &format!("{guess:06}"))]).await;
        last = answer.status;
        assert!(browser.cookie.is_none() && matches!(last, 422 | 429), "{last}");
    }
    assert!(matches!(last, 422 | 429));
    let (mut browser, ticket) = first_step(&server, email).await;
    let waits = browser.post(take, &[("ticket", &ticket), ("code", "111111")]).await;
    assert_eq!(waits.status, 429, "{}", waits.text);

    // A colleague of the administration takes it away; then the newsroom asks for it of everybody.
    assert!(admin.get("/admin/accounts").await.expect(200).text.contains("mit zweitem Schritt"));
    rita.post("/admin/accounts/second-factor", &[("email", email)]).await.expect(403);
    match room.engine {
        Engine::SqliteDisk => {
            admin.post("/admin/accounts/second-factor", &[("email", email)]).await.expect(303);
        }
        Engine::PostgresS3 => drop(room.cli_ok(&["account", "reset-second-factor", "--email", email])),
    }
    let mut free = Browser::new(&server);
    free.sign_in(email, PASSWORD).await.expect(303);
    add_account(room, "second@messe.example", "author");
    let mut form = admin.get("/admin/settings").await.expect(200).form("#form");
    put(&mut form, "second_factor", "all");
    admin.post_form("/admin/settings", &form).await.expect(303);
    let led = free.get("/admin/releases").await.expect(303);
    assert!(led.location.starts_with(page), "{}", led.location);
    free.get(page).await.expect(200);
    let folder = room.folder().join("out");
    room.cli_ok(&["export", folder.to_str().unwrap()]);
    let sheet = std::fs::read_to_string(folder.join("newsroom.toml")).unwrap();
    assert!(sheet.contains("second_factor = \"all\""), "{sheet}");
}
