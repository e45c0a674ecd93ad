//! What we ask the provider, and how long we wait for it and believe it.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::Refusal;
use super::token::Claims;
use crate::config::{OidcClient, is_safe};
use crate::domain::Timestamp;

/// How long the provider's addresses and keys are believed …
const KEEP_SECS: i64 = 3600;
/// … if no token is signed by a key that we do not know; then we look again, but not at each.
const LOOK_AGAIN_SECS: i64 = 5;
/// How long a failure is remembered, so that a provider in trouble is left alone.
const PAUSE_SECS: i64 = 3;
const PATIENCE: Duration = Duration::from_secs(6);
const MAX_ANSWER_BYTES: usize = 256 << 10;

/// The parts of the provider's own description that are used (OpenID Connect Discovery 1.0).
#[derive(Debug, Deserialize)]
pub struct Metadata {
    pub issuer: String,
    #[serde(deserialize_with = "address")]
    pub authorization_endpoint: Url,
    #[serde(deserialize_with = "address")]
    token_endpoint: Url,
    #[serde(deserialize_with = "address")]
    jwks_uri: Url,
    #[serde(default, deserialize_with = "maybe_address")]
    userinfo_endpoint: Option<Url>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

fn address<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    Url::parse(&String::deserialize(from)?).map_err(D::Error::custom)
}

fn maybe_address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| Url::parse(&text)).transpose().map_err(D::Error::custom)
}

pub struct Known {
    pub metadata: Metadata,
    pub keys: Vec<Jwk>,
    at: Timestamp,
}

#[derive(Default)]
struct Kept {
    known: Option<Arc<Known>>,
    failed: Option<(Timestamp, String)>,
}

pub struct Provider {
    pub client: OidcClient,
    http: reqwest::Client,
    pub redirect_uri: String,
    kept: tokio::sync::Mutex<Kept>,
}

#[derive(Deserialize)]
pub struct Tokens {
    pub id_token: String,
    access_token: String,
}

impl Provider {
    pub fn open(client: OidcClient, public_url: &str) -> anyhow::Result<Self> {
        super::token::use_ring();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent("pressroom")
            .build()?;
        let redirect_uri = format!("{public_url}/admin/oidc/callback");
        Ok(Self { client, http, redirect_uri, kept: tokio::sync::Mutex::default() })
    }

    /// Addresses and keys. Whoever comes while they are fetched waits for them.
    pub async fn known(&self, now: Timestamp) -> Result<Arc<Known>, Refusal> {
        self.known_since(now, KEEP_SECS).await
    }

    /// The same, after a token that none of these keys has signed.
    pub async fn known_anew(&self, now: Timestamp) -> Result<Arc<Known>, Refusal> {
        self.known_since(now, LOOK_AGAIN_SECS).await
    }

    async fn known_since(&self, now: Timestamp, max_age_secs: i64) -> Result<Arc<Known>, Refusal> {
        let mut kept = self.kept.lock().await;
        let age_secs = |at: Timestamp| now.as_second() - at.as_second();
        if let Some(known) = &kept.known
            && age_secs(known.at) < max_age_secs
        {
            return Ok(Arc::clone(known));
        }
        if let Some((at, text)) = &kept.failed
            && age_secs(*at) < PAUSE_SECS
        {
            return Err(Refusal::Unreachable(text.clone()));
        }
        match self.fetch(now).await {
            Ok(known) => {
                let known = Arc::new(known);
                *kept = Kept { known: Some(Arc::clone(&known)), failed: None };
                Ok(known)
            }
            Err(text) => {
                kept.failed = Some((now, text.clone()));
                Err(Refusal::Unreachable(text))
            }
        }
    }

    async fn fetch(&self, now: Timestamp) -> Result<Known, String> {
        #[derive(Deserialize)]
        struct Keys {
            keys: Vec<Value>,
        }
        let issuer = &self.client.issuer;
        let address = format!("{issuer}/.well-known/openid-configuration");
        let metadata: Metadata = self.read(self.http.get(address)).await?;
        if metadata.issuer.trim_end_matches('/') != issuer {
            return Err(format!("The provider calls itself {}", metadata.issuer));
        }
        let endpoints = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        if let Some(open) = endpoints.into_iter().chain(&metadata.userinfo_endpoint).find(|url| !is_safe(url))
        {
            return Err(format!("{open} is not protected by TLS"));
        }
        let keys: Keys = self.read(self.http.get(metadata.jwks_uri.clone())).await?;
        // Keys of kinds that we do not know are none of ours.
        let keys = keys.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        Ok(Known { metadata, keys, at: now })
    }

    /// Exchanges the code that the browser brought.
    pub async fn tokens(&self, known: &Known, code: &str, verifier: &str) -> Result<Tokens, Refusal> {
        #[derive(Deserialize)]
        struct Failed {
            error: String,
        }
        let request = self.token_request(&known.metadata, code, verifier);
        let (status, body) = self.ask(request).await.map_err(Refusal::Unreachable)?;
        if status.is_server_error() {
            return Err(Refusal::Unreachable(format!("The provider answers {status}")));
        }
        if !status.is_success() {
            let error =
                serde_json::from_slice::<Failed>(&body).map(|failed| failed.error).unwrap_or_default();
            // A code that is too old or was used before.
            if error == "invalid_grant" {
                return Err(Refusal::Ended);
            }
            let error: String = error.chars().take(100).collect();
            return Err(Refusal::Wrong(format!("The provider answers {status} {error}")));
        }
        serde_json::from_slice(&body).map_err(|error| Refusal::Wrong(format!("No tokens: {error}")))
    }

    fn token_request(&self, metadata: &Metadata, code: &str, verifier: &str) -> reqwest::RequestBuilder {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_verifier", verifier);
        let mut request = self.http.post(metadata.token_endpoint.clone());
        let id = &self.client.client_id;
        let ways = metadata.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let takes = |way: &str| ways.iter().any(|known| known == way);
        match &self.client.secret {
            Some(secret) if takes("client_secret_post") && !takes("client_secret_basic") => {
                form.append_pair("client_id", id).append_pair("client_secret", secret);
            }
            // As RFC 6749 wants it in a password (section 2.3.1).
            Some(secret) => request = request.basic_auth(encoded(id), Some(encoded(secret))),
            None => {
                form.append_pair("client_id", id);
            }
        }
        request.header("content-type", "application/x-www-form-urlencoded").body(form.finish())
    }

    /// What the provider tells of the person beside the ID token, if it does.
    pub async fn user_info(&self, known: &Known, tokens: &Tokens) -> Result<Claims, Refusal> {
        let Some(url) = known.metadata.userinfo_endpoint.clone() else { return Ok(Claims::new()) };
        self.read(self.http.get(url).bearer_auth(&tokens.access_token)).await.map_err(Refusal::Unreachable)
    }

    async fn read<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, String> {
        let (status, body) = self.ask(request).await?;
        if !status.is_success() {
            return Err(format!("The provider answers {status}"));
        }
        serde_json::from_slice(&body).map_err(|error| format!("The answer cannot be read: {error}"))
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<(reqwest::StatusCode, Vec<u8>), String> {
        // Without the address: it is in the configuration. With its cause: that is what an operator looks for.
        let failed = |error: reqwest::Error| format!("{:#}", anyhow::Error::new(error.without_url()));
        let mut response = request.header("accept", "application/json").send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER_BYTES {
                return Err("The answer is too long".to_owned());
            }
        }
        Ok((response.status(), body))
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
