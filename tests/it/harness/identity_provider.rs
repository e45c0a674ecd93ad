//! An identity provider (OpenID Connect) that does as it should, or misbehaves as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawForm, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::tools::{now, sleep_ms};

pub const CLIENT: &str = "presse raum";
pub const SECRET: &str = "g%h:eim +ß";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The token is signed by somebody else.
    Forged,
    /// The token is not signed at all.
    Unsigned,
    Nonce,
    Audience,
    Issuer,
    Expired,
    /// The token endpoint answers with something else …
    Garbage,
    /// … or without an end …
    Endless,
    /// … or too late.
    Slow,
    /// Nothing but errors.
    Down,
}

struct Play {
    fault: Fault,
    /// What the ID token says …
    claims: Value,
    /// … and what is told beside it.
    user_info: Value,
    key: EcdsaKeyPair,
    key_id: u32,
    /// By code: nonce, challenge, redirect address.
    codes: HashMap<String, [String; 3]>,
    issued: u32,
}

#[derive(Clone)]
pub struct IdentityProvider {
    pub issuer: String,
    play: Arc<Mutex<Play>>,
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn token(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let signed =
        format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()));
    let signature = match header["alg"].as_str() {
        Some("none") => String::new(),
        _ => base64url(key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap().as_ref()),
    };
    format!("{signed}.{signature}")
}

impl IdentityProvider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realm", listener.local_addr().unwrap());
        let play = Play {
            fault: Fault::None,
            claims: json!({}),
            user_info: json!({}),
            key: new_key(),
            key_id: 1,
            codes: HashMap::new(),
            issued: 0,
        };
        let provider = Self { issuer, play: Arc::new(Mutex::new(play)) };
        let routes = Router::new()
            .route("/realm/.well-known/openid-configuration", get(describe))
            .route("/realm/keys", get(keys))
            .route("/realm/token", post(exchange))
            .route("/realm/userinfo", get(user_info))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        provider
    }

    pub fn fail_by(&self, fault: Fault) {
        self.play.lock().unwrap().fault = fault;
    }

    /// Who signs in from here on.
    pub fn person(&self, claims: Value) {
        self.tells(claims, json!({}));
    }

    /// The same, with part of it beside the token.
    pub fn tells(&self, claims: Value, user_info: Value) {
        let mut play = self.play.lock().unwrap();
        (play.claims, play.user_info) = (claims, user_info);
    }

    pub fn change_key(&self) {
        let mut play = self.play.lock().unwrap();
        play.key = new_key();
        play.key_id += 1;
    }

    /// What a person does there whom the newsroom has sent: the path on which they come back.
    #[track_caller]
    pub fn sign_in(&self, sent_to: &str) -> String {
        let url = Url::parse(sent_to).unwrap();
        assert!(sent_to.starts_with(&format!("{}/authorize?tenant=a&", self.issuer)), "{sent_to}");
        let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(
            (asked["scope"].as_str(), asked["code_challenge_method"].as_str()),
            ("openid email profile", "S256")
        );
        let mut play = self.play.lock().unwrap();
        play.issued += 1;
        let code = format!("code {}", play.issued);
        let kept = ["nonce", "code_challenge", "redirect_uri"].map(|name| asked[name].clone());
        play.codes.insert(code.clone(), kept);
        let mut back = Url::parse(&asked["redirect_uri"]).unwrap();
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &asked["state"])
            .append_pair("iss", &self.issuer);
        format!("{}?{}", back.path(), back.query().unwrap())
    }
}

async fn describe(State(provider): State<IdentityProvider>) -> Response {
    if provider.play.lock().unwrap().fault == Fault::Down {
        return (StatusCode::BAD_GATEWAY, "<h1>Wartung</h1>").into_response();
    }
    let issuer = &provider.issuer;
    json(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize?tenant=a"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "response_types_supported": ["code"],
    }))
}

fn json(value: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn keys(State(provider): State<IdentityProvider>) -> Response {
    let play = provider.play.lock().unwrap();
    let point = play.key.public_key().as_ref();
    json(&json!({"keys": [
        {"kty": "of another time", "kid": "x"},
        {"kty": "RSA", "use": "enc", "kid": "y", "n": "AQAB", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "use": "sig", "kid": play.key_id.to_string(),
         "x": base64url(&point[1..33]), "y": base64url(&point[33..])},
    ]}))
}

async fn exchange(
    State(provider): State<IdentityProvider>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Response {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(CLIENT), encode(SECRET))));
    if headers.get("authorization").is_none_or(|value| value.to_str().unwrap() != basic) {
        return (StatusCode::UNAUTHORIZED, json(&json!({"error": "invalid_client"}))).into_response();
    }
    let form: HashMap<String, String> = url::form_urlencoded::parse(&form).into_owned().collect();
    let fault = provider.play.lock().unwrap().fault;
    match fault {
        Fault::Slow => sleep_ms(20_000).await,
        Fault::Garbage => return "<h1>Guten Tag</h1>".into_response(),
        Fault::Endless => return vec![b' '; 4 << 20].into_response(),
        _ => {}
    }
    let mut play = provider.play.lock().unwrap();
    let kept = play.codes.remove(&form["code"]);
    let challenge = base64url(&Sha256::digest(form["code_verifier"].as_bytes()));
    let Some([nonce, ..]) =
        kept.filter(|[_, known, uri]| *known == challenge && *uri == form["redirect_uri"])
    else {
        return (StatusCode::BAD_REQUEST, json(&json!({"error": "invalid_grant"}))).into_response();
    };
    let at = now().as_second();
    let pick = |wrong: Fault, bad: Value, good: Value| if fault == wrong { bad } else { good };
    let mut claims = json!({
        "iss": pick(Fault::Issuer, json!("https://other.example"), json!(provider.issuer)),
        "aud": pick(Fault::Audience, json!("another"), json!([CLIENT])),
        "nonce": pick(Fault::Nonce, json!("another"), json!(nonce)),
        "exp": pick(Fault::Expired, json!(at - 120), json!(at + 300)),
        "iat": at - 200,
    });
    claims.as_object_mut().unwrap().extend(play.claims.as_object().unwrap().clone());
    let alg = pick(Fault::Unsigned, json!("none"), json!("ES256"));
    let header = json!({"alg": alg, "typ": "JWT", "kid": play.key_id.to_string()});
    let id_token = match fault {
        Fault::Forged => token(&new_key(), &header, &claims),
        _ => token(&play.key, &header, &claims),
    };
    json(&json!({"access_token": "zugang", "token_type": "Bearer", "id_token": id_token}))
}

async fn user_info(State(provider): State<IdentityProvider>, headers: HeaderMap) -> Response {
    if headers.get("authorization").is_none_or(|value| value != "Bearer zugang") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let play = provider.play.lock().unwrap();
    let mut told = json!({"sub": play.claims["sub"]});
    told.as_object_mut().unwrap().extend(play.user_info.as_object().unwrap().clone());
    json(&told)
}
