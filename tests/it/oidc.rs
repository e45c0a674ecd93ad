//! The organisation's own identity provider lets people in: as it should, and when it misbehaves. The provider here is
//! ours; the browser's test has one that others wrote.

use serde_json::json;

use crate::desk::{Browser, PASSWORD, Shown, add_account, put};
use crate::harness::{CLIENT, Fault, IdentityProvider, Newsroom, SECRET, Server, sleep_ms, unzip_all};

on_both_engines!(
    people_sign_in_by_the_organisations_provider,
    who_was_removed_stays_out_until_let_in_again,
    a_provider_that_misbehaves_lets_nobody_in,
);

async fn provider_of(room: &Newsroom) -> IdentityProvider {
    let provider = IdentityProvider::start().await;
    configure(room, &provider);
    provider
}

fn configure(room: &Newsroom, provider: &IdentityProvider) {
    room.configure("oidc_issuer", &format!("{}/", provider.issuer));
    room.configure("oidc_client_id", CLIENT);
    room.configure("oidc_client_secret", SECRET);
    room.configure("oidc_name", "Messe-Konto");
}

/// Adds lines to the configuration, as they stand.
fn configure_more(room: &Newsroom, lines: &str) {
    let file = room.data().join("pressroom.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, format!("{text}{lines}")).unwrap();
}

/// To the provider and back, as whom it knows.
async fn arrive(browser: &mut Browser, provider: &IdentityProvider) -> Shown {
    let sent = browser.get("/admin/oidc?next=%2Fadmin%2Fphotos").await.expect(303);
    browser.get(&provider.sign_in(&sent.location)).await
}

async fn lets_in(server: &Server, provider: &IdentityProvider) -> Browser {
    let mut browser = Browser::new(server);
    let answer = arrive(&mut browser, provider).await.expect(303);
    assert_eq!(answer.location, "/admin/photos");
    browser.get("/admin").await.expect(200);
    browser
}

#[track_caller]
fn is_told(answer: &Shown, status: u16, sentence: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let told = answer.words("#message");
    assert!(told.contains(sentence), "{told}");
    assert!(answer.text.contains("Mit Messe-Konto anmelden"), "there is a way on");
}

async fn turns_away(server: &Server, provider: &IdentityProvider, status: u16, sentence: &str) {
    let mut browser = Browser::new(server);
    let answer = arrive(&mut browser, provider).await;
    is_told(&answer, status, sentence);
    assert_eq!(browser.cookie.as_deref(), Some("pressroom_oidc="), "nothing is kept, nobody is in");
    browser.get("/admin").await.expect(303);
}

async fn people_sign_in_by_the_organisations_provider(room: &Newsroom) {
    let provider = provider_of(room).await;
    let shown = room.cli_ok(&["config", "show"]);
    assert!(shown.contains("Messe-Konto") && !shown.contains("g%h"), "{shown}");
    assert!(room.cli_ok(&["config", "check"]).contains("identity provider"));
    add_account(room, "ada@messe.example", "editor");
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let begun = server.public().get("/admin/oidc").await.expect(303);
    let cookie = begun.header("set-cookie").to_owned();
    for part in ["Path=/admin/oidc;", "HttpOnly", "SameSite=Lax", "Max-Age=600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(server.public().get("/").await.expect(200).header("set-cookie").is_empty());

    // An address counts when the provider vouches for it.
    let ada = json!({"sub": "17", "email": "Ada@Messe.example", "name": "Ada Muster"});
    provider.person(ada.clone());
    turns_away(&server, &provider, 422, "bestätigt keine E-Mail-Adresse").await;
    provider.tells(ada.clone(), json!({"email": "eve@messe.example", "email_verified": true}));
    turns_away(&server, &provider, 422, "Für eve@messe.example gibt es hier kein Konto").await;
    provider.tells(
        json!({"sub": "17"}),
        json!({"email": "ada@messe.example", "email_verified": true, "sub": "18"}),
    );
    turns_away(&server, &provider, 422, "ließ sich nicht bestätigen").await;
    provider.tells(ada, json!({"email": "ada@messe.example", "email_verified": true}));
    let mut ada = lets_in(&server, &provider).await;
    assert!(ada.get("/admin/account").await.expect(200).has("form #current"), "the password is still hers");
    // From here on the subject counts.
    provider.person(json!({"sub": "17", "email": "muster@messe.example", "email_verified": true}));
    let mut ada_again = lets_in(&server, &provider).await;
    assert!(ada_again.get("/admin/account").await.expect(200).text.contains("ada@messe.example"));
    Browser::new(&server).sign_in("ada@messe.example", PASSWORD).await.expect(303);
    provider.person(json!({"sub": "99", "email": "ada@messe.example", "email_verified": true}));
    turns_away(&server, &provider, 422, "gehört zu einer anderen Anmeldung").await;
    room.cli_ok(&["account", "unlink", "--email", "ada@messe.example"]);
    lets_in(&server, &provider).await;

    // An invitation is taken up on the way; without one nobody gets an account.
    let bo = json!({"sub": "b", "email": "bo@messe.example", "email_verified": "true", "name": "Bo"});
    provider.person(bo.clone());
    turns_away(&server, &provider, 422, "Bitten Sie die Verwaltung").await;
    let invited = [("name", "Bo Beispiel"), ("email", "bo@messe.example"), ("role", "author")];
    admin.post("/admin/accounts", &invited).await.expect(200);
    let mut bo_in = lets_in(&server, &provider).await;
    assert!(
        room.cli_ok(&["account", "list"]).contains("author   bo@messe.example                 Bo Beispiel")
    );
    assert!(!admin.get("/admin/accounts").await.expect(200).has("#h-invited"));
    let account = bo_in.get("/admin/account").await.expect(200);
    assert!(account.text.contains("Sie melden sich mit Messe-Konto an") && !account.has("#current"));
    assert!(account.has(".sessions li"));
    for password in ["", " "] {
        Browser::new(&server).sign_in("bo@messe.example", password).await.expect(422);
    }

    // Our own second step is not asked of those whom the provider has asked.
    let mut form = admin.get("/admin/settings").await.expect(200).form("#form");
    put(&mut form, "second_factor", "all");
    admin.post_form("/admin/settings", &form).await.expect(303);
    bo_in.get("/admin/releases").await.expect(200);
    let led = admin.get("/admin/releases").await.expect(303);
    assert!(led.location.contains("second-factor"), "{}", led.location);

    // Who is removed is out, and stays out where anybody is let in.
    room.cli_ok(&["account", "remove", "--email", "bo@messe.example"]);
    bo_in.get("/admin").await.expect(303);
    server.stop().await;
    let backup = room.folder().join("b.zip");
    room.cli_ok(&["backup", backup.to_str().unwrap()]);
    let log: String = unzip_all(&std::fs::read(&backup).unwrap())
        .into_values()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    for deed in ["account-linked", "account-signed-in", "account-unlinked"] {
        assert!(log.contains(deed), "{deed}");
    }
    let elsewhere = Newsroom::bare(room.engine).await;
    elsewhere.cli_ok(&["restore", backup.to_str().unwrap()]);
    configure(&elsewhere, &provider);
    configure_more(&elsewhere, "oidc_default_role = \"author\"\n");
    let server = elsewhere.start().await;
    turns_away(&server, &provider, 422, "Für bo@messe.example gibt es hier kein Konto").await;
    provider.person(json!({"sub": "99"}));
    lets_in(&server, &provider).await;
    provider.person(json!({"sub": "c", "email": "cleo@messe.example", "email_verified": true}));
    lets_in(&server, &provider).await;
    assert!(elsewhere.cli_ok(&["account", "list"]).contains("author   cleo@messe.example"));
}

async fn who_was_removed_stays_out_until_let_in_again(room: &Newsroom) {
    let provider = provider_of(room).await;
    configure_more(room, "oidc_default_role = \"author\"\n");
    for name in ["ada", "bo", "dora"] {
        add_account(room, &format!("{name}@messe.example"), "editor");
    }
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let is = |subject: &str, name: &str| json!({"sub": subject, "email": format!("{name}@messe.example"), "email_verified": true});
    // Ada came by the provider before, Bo and Dora only by password.
    provider.person(is("1", "ada"));
    lets_in(&server, &provider).await;
    for name in ["ada", "bo", "dora"] {
        let email = format!("{name}@messe.example");
        admin.post("/admin/accounts/remove", &[("email", &email)]).await.expect(303);
    }
    for (subject, name) in [("1", "ada"), ("2", "bo"), ("3", "dora"), ("4", "ada")] {
        provider.person(is(subject, name));
        turns_away(&server, &provider, 422, "gibt es hier kein Konto").await;
    }
    // Under another address they are the same person to the provider.
    provider.person(is("1", "ada.muster"));
    turns_away(&server, &provider, 422, "gibt es hier kein Konto").await;
    provider.person(is("5", "eve"));
    lets_in(&server, &provider).await;

    let page = admin.get("/admin/accounts").await.expect(200);
    let told = page.words("section[aria-labelledby=h-removed]");
    for part in ["ada@messe.example", "bo@messe.example", "entfernt am", "von admin@"] {
        assert!(told.contains(part), "{told}");
    }
    let door = |email: &str| {
        let before = page.text.split("id=\"h-removed\"").nth(1).unwrap().split(email).nth(1).unwrap();
        before.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    for (subject, name) in [("1", "ada"), ("2", "bo")] {
        let opened = admin.post(&door(&format!("{name}@messe.example")), &[]).await.expect(303);
        assert!(opened.location.ends_with("done=readmitted"), "{}", opened.location);
        provider.person(is(subject, name));
        lets_in(&server, &provider).await;
    }
    // An invitation lets in as well, whatever it was before.
    let invited = [("name", "Dora"), ("email", "Dora@messe.example"), ("role", "editor")];
    admin.post("/admin/accounts", &invited).await.expect(200);
    provider.person(is("3", "dora"));
    lets_in(&server, &provider).await;
    assert!(!admin.get("/admin/accounts").await.expect(200).has("#h-removed"), "nobody is left out");
    let listed = room.cli_ok(&["account", "list"]);
    for line in ["author   ada@", "author   bo@", "editor   dora@"] {
        assert!(listed.contains(line), "{listed}");
    }
}

async fn a_provider_that_misbehaves_lets_nobody_in(room: &Newsroom) {
    let provider = provider_of(room).await;
    provider.fail_by(Fault::Down);
    add_account(room, "ada@messe.example", "editor");
    provider.person(json!({"sub": "17", "email": "ada@messe.example", "email_verified": true}));
    let server = room.start().await;
    let answer = Browser::new(&server).get("/admin/oidc").await;
    is_told(&answer, 503, "antwortet im Moment nicht");
    provider.fail_by(Fault::None);
    sleep_ms(3500).await;

    let mut browser = Browser::new(&server);
    let sent = browser.get("/admin/oidc").await.expect(303);
    let kept = browser.cookie.clone().unwrap();
    let back = provider.sign_in(&sent.location);
    for (path, sentence) in [
        (back.replace("state=", "state=x"), "abgelaufen"),
        ("/admin/oidc/callback".to_owned(), "abgelaufen"),
        ("/admin/oidc/callback?state=%00&code=%ff".to_owned(), "abgelaufen"),
        (format!("{}&error=access_denied", back.replace("code=", "x=")), "abgebrochen"),
        (back.replace("iss=", "iss=x"), "ließ sich nicht bestätigen"),
        (back.replace("code=", "code=x"), "abgelaufen"),
    ] {
        browser.cookie = Some(kept.clone());
        is_told(&browser.get(&path).await, 422, sentence);
    }
    // Only the browser that began it, and only as it was put there.
    is_told(&Browser::new(&server).get(&back).await, 422, "in einem anderen Browser begonnen");
    let mut forged = kept.clone().into_bytes();
    forged[30] ^= 1;
    browser.cookie = Some(String::from_utf8(forged).unwrap());
    is_told(&browser.get(&back).await, 422, "abgelaufen");
    browser.cookie = Some(kept.clone());
    browser.get(&back).await.expect(303);
    browser.get("/admin").await.expect(200);
    // Once; and who goes back in the browser is in already.
    assert_eq!(browser.get(&back).await.expect(303).location, "/admin");
    browser.cookie = Some(kept);
    is_told(&browser.get(&back).await, 422, "schon benutzt");

    for fault in
        [Fault::Forged, Fault::Unsigned, Fault::Nonce, Fault::Audience, Fault::Issuer, Fault::Expired]
    {
        provider.fail_by(fault);
        turns_away(&server, &provider, 422, "ließ sich nicht bestätigen").await;
    }
    provider.fail_by(Fault::Garbage);
    turns_away(&server, &provider, 422, "ließ sich nicht bestätigen").await;
    for fault in [Fault::Endless, Fault::Slow] {
        provider.fail_by(fault);
        let began = std::time::Instant::now();
        turns_away(&server, &provider, 503, "antwortet im Moment nicht").await;
        assert!(began.elapsed().as_secs() < 15, "{fault:?}");
    }
    // Providers change their keys.
    provider.fail_by(Fault::None);
    provider.change_key();
    lets_in(&server, &provider).await;
    let log = server.log();
    assert!(log.contains("It has expired") && !log.contains("code 1") && !log.contains("code+1"), "{log}");
    server.stop().await;

    // Groups decide, and passwords open no door.
    configure_more(
        room,
        "oidc_only = true\noidc_role_claim = \"resource_access.presse.roles\"\noidc_roles = [\"/a=b=editor\", \"Leitung=admin\"]\n",
    );
    let server = room.start().await;
    turns_away(&server, &provider, 422, "Keine Ihrer Gruppen").await;
    let ada = json!({"sub": "17", "email": "ada@messe.example", "email_verified": true});
    let groups = |groups: &[&str]| json!({"resource_access": {"presse": {"roles": groups}}});
    provider.tells(ada.clone(), groups(&["/a=b", "Leitung", "other"]));
    let mut ada_in = lets_in(&server, &provider).await;
    ada_in.get("/admin/settings").await.expect(200);
    // The newsroom keeps its last admin.
    provider.tells(ada.clone(), groups(&["/a=b"]));
    lets_in(&server, &provider).await.get("/admin/settings").await.expect(200);
    add_account(room, "other@messe.example", "admin");
    lets_in(&server, &provider).await;
    ada_in.get("/admin/settings").await.expect(403);

    let page = Browser::new(&server).sign_in("ada@messe.example", PASSWORD).await.expect(422);
    assert!(
        page.words("#message").contains("Passwörter werden hier nicht benutzt") && !page.has("#password")
    );
    for path in ["/admin/forgotten", "/admin/link/x", "/admin/sign-in/code"] {
        assert_eq!(Browser::new(&server).get(path).await.expect(303).location, "/admin/sign-in", "{path}");
    }
    // What was typed waits in its tab until somebody has signed in beside it.
    let mut form = ada_in.get("/admin/releases/new").await.expect(200).form("#form");
    put(&mut form, "headline", "Was nicht verloren geht");
    ada_in.post("/admin/sign-out", &[]).await.expect(303);
    let held = ada_in.post_form("/admin/releases/new", &form).await.expect(401);
    assert!(held.has("a[target=_blank][href^='/admin/oidc?']"), "{}", held.text);
    let mut waiting = held.form("form");
    put(&mut waiting, "signed_in", "1");
    let not_yet = ada_in.post_form("/admin/sign-in", &waiting).await.expect(422);
    assert!(not_yet.words("#message").contains("noch nicht angemeldet"));
    arrive(&mut ada_in, &provider).await.expect(303);
    let resumed = ada_in
        .post_form(
            "/admin/sign-in",
            &not_yet
                .form("form")
                .into_iter()
                .chain([("signed_in".to_owned(), "1".to_owned())])
                .collect::<Vec<_>>(),
        )
        .await
        .expect(200);
    assert!(resumed.text.contains("Was nicht verloren geht"), "{}", resumed.text);
}
