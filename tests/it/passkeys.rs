//! Passkeys, with a device that signs what it is told to: also what no browser would let through.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::desk::{Browser, PASSWORD, Shown, put};
use crate::harness::{Engine, Newsroom, unzip_all};

on_both_engines!(a_passkey_opens_the_desk_to_its_owner_alone, a_number_is_no_address_for_passkeys);

const ORIGIN: &str = "http://localhost:8080";
const PAGE: &str = "/admin/account/passkeys";
const SIGN_IN: &str = "/admin/sign-in/passkey";
const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const WITH_KEY: u8 = 0x40;
/// What stands before the point of a key on P-256.
const SPKI: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// A key on a device.
struct Device {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    user: String,
    counter: u32,
    origin: &'static str,
    flags: u8,
}

impl Device {
    fn new(id: u8) -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &random).unwrap();
        let flags = PRESENT | VERIFIED;
        Self { key, id: vec![id; 32], user: String::new(), counter: 1, origin: ORIGIN, flags }
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = &options["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest("localhost").to_vec();
        data.push(self.flags | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// What a browser answers about a new passkey.
    fn make(&mut self, options: &Value) -> Value {
        options["user"]["id"].as_str().unwrap().clone_into(&mut self.user);
        let mut data = self.data(WITH_KEY);
        data.extend([0; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(&self.id);
        // The key once more, which nobody reads: it stands decoded beside this.
        data.push(0xa0);
        let key = [SPKI, self.key.public_key().as_ref()].concat();
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": {
            "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "publicKey": URL_SAFE_NO_PAD.encode(key),
            "publicKeyAlgorithm": -7,
        } })
    }

    /// What it answers at the sign-in.
    fn sign(&self, options: &Value) -> Value {
        let client = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [data.clone(), Sha256::digest(&client).to_vec()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": {
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature),
            "userHandle": self.user,
        } })
    }
}

/// What a browser is asked, with a new challenge.
async fn asked(browser: &mut Browser, path: &str) -> Value {
    let told = browser.post(&format!("{path}/challenge"), &[("current", PASSWORD)]).await.expect(200);
    serde_json::from_str(&told.text).unwrap()
}

async fn add(browser: &mut Browser, answer: &Value) -> Shown {
    browser.post(PAGE, &[("step", "add"), ("name", "Mein Telefon"), ("answer", &answer.to_string())]).await
}

async fn enter(browser: &mut Browser, answer: &Value) -> Shown {
    browser.post(SIGN_IN, &[("answer", &answer.to_string()), ("next", "/admin/photos")]).await
}

/// A sign-in with a fresh challenge.
async fn signed_in(browser: &mut Browser, device: &Device) -> Shown {
    let options = asked(browser, SIGN_IN).await;
    enter(browser, &device.sign(&options)).await
}

async fn refused(browser: &mut Browser, device: &Device, why: &str) {
    let answer = signed_in(browser, device).await;
    assert_eq!((answer.status, browser.cookie.is_none()), (422, true), "{why}: {}", answer.text);
    assert!(answer.words("#message").contains("nicht angenommen"), "{why}");
}

async fn a_passkey_opens_the_desk_to_its_owner_alone(room: &Newsroom) {
    room.configure("public_url", ORIGIN);
    let server = room.start().await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let mut bo = Browser::signed_in(room, &server, "author").await;
    let mut device = Device::new(7);

    // ---- added by who knows the password, with an answer to one's own challenge
    let wrong = rita.post(&format!("{PAGE}/challenge"), &[("current", "falsch")]).await.expect(422);
    assert_eq!(wrong.text, r#"{"message":"Das bisherige Passwort stimmt nicht."}"#);
    let options = asked(&mut rita, PAGE).await;
    assert_eq!((&options["rp"]["id"], &options["attestation"]), (&json!("localhost"), &json!("none")));
    let selection = &options["authenticatorSelection"];
    assert_eq!(
        (&selection["residentKey"], &selection["userVerification"]),
        (&json!("required"), &json!("required")),
        "{options}"
    );
    for malformed in [json!({}), json!("x"), json!({ "rawId": "x".repeat(40_000) })] {
        add(&mut rita, &malformed).await.expect(422);
    }
    device.origin = "https://presse.example";
    add(&mut rita, &device.make(&options)).await.expect(422);
    device.origin = ORIGIN;
    device.flags = PRESENT;
    add(&mut rita, &device.make(&options)).await.expect(422);
    device.flags = PRESENT | VERIFIED;
    let mut own = json!({ "user": options["user"], "challenge": URL_SAFE_NO_PAD.encode("1.x.y") });
    add(&mut rita, &device.make(&own)).await.expect(422);
    own["challenge"] = asked(&mut rita, SIGN_IN).await["challenge"].clone();
    add(&mut rita, &device.make(&own)).await.expect(422);
    add(&mut bo, &device.make(&options)).await.expect(422);
    let answer = device.make(&options);
    let done = add(&mut rita, &answer).await.expect(303);
    assert_eq!(done.location, "/admin/account/passkeys?done=passkey-added");
    let again = add(&mut rita, &answer).await.expect(422);
    assert!(again.words("#refusal").contains("nicht angenommen"), "{}", again.text);
    let listed = rita.get(PAGE).await.expect(200);
    assert!(
        listed.words("ul.passkeys").contains("Mein Telefon") && listed.text.contains("noch nicht benutzt")
    );
    // Another account cannot claim the same key, and the owner's device is told to make no second one.
    let options = asked(&mut bo, PAGE).await;
    let known = add(&mut bo, &Device { id: vec![7; 32], ..Device::new(0) }.make(&options)).await;
    assert!(known.expect(422).words("#refusal").contains("gibt es schon"));
    let adding = asked(&mut rita, PAGE).await;
    assert_eq!(adding["excludeCredentials"][0]["id"], json!(URL_SAFE_NO_PAD.encode([7; 32])));

    // ---- in without password, and with every answer once
    let mut out = Browser::new(&server);
    device.counter = 2;
    let options = asked(&mut out, SIGN_IN).await;
    let answer = device.sign(&options);
    let entered = enter(&mut out, &answer).await.expect(303);
    assert_eq!(entered.location, "/admin/photos");
    assert!(out.get("/admin/account").await.expect(200).text.contains("editor@messe.example"));
    assert!(rita.get(PAGE).await.expect(200).text.contains("zuletzt benutzt"));
    let mut thief = Browser::new(&server);
    device.counter = 3;
    enter(&mut thief, &answer).await.expect(422);
    enter(&mut thief, &device.sign(&options)).await.expect(422);
    enter(&mut thief, &device.sign(&adding)).await.expect(422);
    enter(&mut thief, &json!({ "rawId": 5 })).await.expect(422);
    assert!(thief.cookie.is_none());
    device.origin = "http://localhost:8081";
    refused(&mut thief, &device, "another origin").await;
    device.origin = ORIGIN;
    device.flags = PRESENT;
    refused(&mut thief, &device, "nobody's finger").await;
    device.flags = PRESENT | VERIFIED;
    let other = Device { id: device.id.clone(), user: device.user.clone(), counter: 9, ..Device::new(0) };
    refused(&mut thief, &other, "another key").await;
    let own = std::mem::take(&mut device.user);
    asked(&mut bo, PAGE).await["user"]["id"].as_str().unwrap().clone_into(&mut device.user);
    refused(&mut thief, &device, "another account").await;
    device.user = own;
    device.counter = 2;
    refused(&mut thief, &device, "a copy, whose counter is behind").await;
    device.counter = 3;
    signed_in(&mut thief, &device).await.expect(303);

    // ---- a second factor where the newsroom requires one: the password alone is none
    let mut form = admin.get("/admin/settings").await.expect(200).form("#form");
    put(&mut form, "second_factor", "all");
    admin.post_form("/admin/settings", &form).await.expect(303);
    rita.get("/admin/releases").await.expect(200);
    assert!(bo.get("/admin/releases").await.expect(303).location.contains("second-factor"));
    let mut free = Browser::new(&server);
    let held = free.sign_in("editor@messe.example", PASSWORD).await.expect(422);
    assert!(held.words("#message").contains("mit Ihrem Passkey") && free.cookie.is_none());
    let id = rita.get(PAGE).await.expect(200).form("ul.passkeys form");
    let id = id.iter().find(|(name, _)| name == "id").unwrap().1.clone();
    let remove = [("step", "remove"), ("id", id.as_str()), ("current", PASSWORD)];
    let due = rita.post(PAGE, &remove).await.expect(422);
    assert!(due.words("#refusal").contains("zweiten Schritt"), "{}", due.text);
    put(&mut form, "second_factor", "nobody");
    let version: i64 = form.iter().find(|(name, _)| name == "version").unwrap().1.parse().unwrap();
    put(&mut form, "version", &(version + 1).to_string());
    admin.post_form("/admin/settings", &form).await.expect(303);

    // ---- removed by oneself, by a colleague, from the command line
    rita.post(PAGE, &[("step", "remove"), ("id", &id), ("current", "falsch")]).await.expect(422);
    bo.post(PAGE, &remove).await.expect(404);
    bo.post("/admin/accounts/passkeys/remove", &[("id", &id)]).await.expect(403);
    rita.post(PAGE, &remove).await.expect(303);
    device.counter = 4;
    let mut out = Browser::new(&server);
    refused(&mut out, &device, "removed").await;
    let mut second = Device::new(8);
    let options = asked(&mut rita, PAGE).await;
    add(&mut rita, &second.make(&options)).await.expect(303);
    let accounts = admin.get("/admin/accounts").await.expect(200);
    assert!(accounts.text.contains("Ein Passkey"), "{}", accounts.text);
    let backup = room.folder().join("b.zip");
    room.cli_ok(&["backup", backup.to_str().unwrap()]);
    let kept = unzip_all(&std::fs::read(&backup).unwrap());
    let kept = |what: &str| kept.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(what));
    assert!(kept(&"08".repeat(32)) && kept("Mein Telefon"), "a backup brings passkeys back");
    assert!(kept("passkey-added") && kept("passkey-removed") && kept("passkey-copied"), "it is in the log");
    match room.engine {
        Engine::SqliteDisk => {
            let form = accounts.form("details.passkeys form");
            admin.post_form("/admin/accounts/passkeys/remove", &form).await.expect(303);
        }
        Engine::PostgresS3 => {
            let said = room.cli_ok(&["account", "reset-second-factor", "--email", "editor@messe.example"]);
            assert!(said.contains("password alone"));
        }
    }
    second.counter = 2;
    refused(&mut out, &second, "taken away").await;
    let mut last = 0;
    for _ in 0..25 {
        last = enter(&mut out, &json!({})).await.status;
    }
    assert_eq!(last, 429, "guesses have to wait");
}

async fn a_number_is_no_address_for_passkeys(room: &Newsroom) {
    let server = room.start().await;
    let mut rita = Browser::signed_in(room, &server, "editor").await;
    let page = rita.get(PAGE).await.expect(200);
    assert!(page.text.contains("Passkeys gehören zu einem Namen") && !page.has("form[data-passkey]"));
    let told = rita.post(&format!("{PAGE}/challenge"), &[("current", PASSWORD)]).await.expect(422);
    assert!(told.text.contains("erlaubt keine Passkeys"), "{}", told.text);
    let mut out = Browser::new(&server);
    assert!(!out.get("/admin/sign-in").await.expect(200).has("form[data-passkey]"));
    out.post(&format!("{SIGN_IN}/challenge"), &[]).await.expect(409);
}
