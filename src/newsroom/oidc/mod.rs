//! Sign-in by the organisation's own identity provider: OpenID Connect, authorization code flow with PKCE.

mod arrival;
mod provider;
mod token;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::accounts::Secret;
use super::{Context, Error, Result, forms};
use crate::domain::account::Account;
use crate::store::StoreError;
use arrival::Person;
pub use provider::Provider;
use token::{Claims, Expected, Fault};

/// How long somebody may take at the provider.
pub const BEGUN_SECS: i64 = 600;
/// How long all that we ask the provider may take at the end of a sign-in.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longer ones would not fit into a cookie.
const MAX_NEXT_BYTES: usize = 1500;

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("The identity provider does not answer as it should: {0}")]
    Unreachable(String),
    #[error("What the identity provider sent is not believed: {0}")]
    Wrong(String),
    /// By the provider, or by the person in front of it.
    #[error("The identity provider let nobody in: {0}")]
    Denied(String),
    #[error("The sign-in was not begun in this browser, was ended already, or took too long")]
    Ended,
    #[error("The identity provider vouches for no e-mail address")]
    NoEmail,
    #[error("There is no account for {0}")]
    Unknown(String),
    #[error("The account of {0} belongs to somebody else at the identity provider")]
    SomebodyElse(String),
    #[error("None of the groups has a role here")]
    NoRole,
    #[error(transparent)]
    Inside(#[from] Error),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Inside(error.into())
    }
}

/// A sign-in that has begun. It stays in the browser that began it.
#[derive(Serialize, Deserialize)]
struct Begun {
    state: String,
    nonce: String,
    verifier: String,
    at: i64,
    /// Where they wanted to go.
    next: String,
}

/// What the provider gave the browser to bring along.
#[derive(Debug, Default, Deserialize)]
pub struct Brought {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Who came in, with the secret of the session, and where they wanted to go.
pub struct Welcome {
    pub account: Account,
    pub secret: Secret,
    pub next: String,
}

/// Where the browser is to be sent, and what it must keep until it is back.
pub async fn begin(
    ctx: &Context,
    provider: &Provider,
    next: &str,
) -> std::result::Result<(Url, String), Refusal> {
    let known = provider.known(ctx.now()).await?;
    let random = || Secret::random("").map(|secret| secret.reveal().to_owned());
    let next = if next.len() > MAX_NEXT_BYTES { "/admin" } else { next }.to_owned();
    let at = ctx.now().as_second();
    let begun = Begun { state: random()?, nonce: random()?, verifier: random()?, at, next };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(begun.verifier.as_bytes()));
    let mut url = known.metadata.authorization_endpoint.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client.client_id)
        .append_pair("redirect_uri", &provider.redirect_uri)
        .append_pair("scope", &provider.client.scope)
        .append_pair("state", &begun.state)
        .append_pair("nonce", &begun.nonce)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    Ok((url, seal(ctx, &begun).await?))
}

/// Signed, so that nobody else can have put it into the browser and nobody can make it last.
async fn seal(ctx: &Context, begun: &Begun) -> Result<String> {
    let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(begun).map_err(anyhow::Error::from)?);
    let proof = forms::proof(ctx, "oidc", &text).await?;
    Ok(format!("{text}.{proof}"))
}

async fn unseal(ctx: &Context, sealed: &str) -> Result<Option<Begun>> {
    let Some((text, proof)) = sealed.split_once('.') else { return Ok(None) };
    if !forms::is_same(&forms::proof(ctx, "oidc", text).await?, proof) {
        return Ok(None);
    }
    let begun: Option<Begun> =
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(begun.filter(|begun| (0..BEGUN_SECS).contains(&(ctx.now().as_second() - begun.at))))
}

/// Ends a sign-in with what the browser kept and what it brought.
pub async fn finish(
    ctx: &Context,
    provider: &Provider,
    (kept, brought): (&str, Brought),
    user_agent: &str,
) -> std::result::Result<Welcome, Refusal> {
    let begun = unseal(ctx, kept).await?.ok_or(Refusal::Ended)?;
    let state = brought.state.unwrap_or_default();
    if !bool::from(state.as_bytes().ct_eq(begun.state.as_bytes())) {
        return Err(Refusal::Ended);
    }
    if let Some(error) = brought.error {
        return Err(Refusal::Denied(error.chars().take(100).collect()));
    }
    let code = brought.code.ok_or_else(|| Refusal::Wrong("There is no code".to_owned()))?;
    let asked = claims(ctx, provider, &begun, &code, brought.iss.as_deref());
    let claims = tokio::time::timeout(PATIENCE, asked)
        .await
        .map_err(|_| Refusal::Unreachable("It took too long".to_owned()))??;
    let person = Person::read(&provider.client, &claims)?;
    let (account, secret) = match arrival::let_in(ctx, &provider.client, &person, user_agent).await {
        // Somebody who comes twice at once for the first time.
        Err(Refusal::Inside(Error::Domain(_))) => return Err(Refusal::Ended),
        other => other?,
    };
    Ok(Welcome { account, secret, next: begun.next })
}

/// What the provider says of who has signed in there.
async fn claims(
    ctx: &Context,
    provider: &Provider,
    begun: &Begun,
    code: &str,
    iss: Option<&str>,
) -> std::result::Result<Claims, Refusal> {
    let client = &provider.client;
    let mut known = provider.known(ctx.now()).await?;
    // RFC 9207: the answer is from the one who was asked.
    if iss.is_some_and(|iss| iss != known.metadata.issuer) {
        return Err(Refusal::Wrong("The answer is from another issuer".to_owned()));
    }
    let tokens = provider.tokens(&known, code, &begun.verifier).await?;
    let mut is_second_look = false;
    let mut claims = loop {
        let expected = Expected {
            issuer: &known.metadata.issuer,
            client_id: &client.client_id,
            nonce: &begun.nonce,
            now_secs: ctx.now().as_second(),
        };
        match token::verify(&tokens.id_token, &known.keys, &expected) {
            Ok(claims) => break claims,
            // Providers change their keys.
            Err(Fault::Signature) if !is_second_look => {
                is_second_look = true;
                known = provider.known_anew(ctx.now()).await?;
            }
            Err(Fault::Signature) => {
                return Err(Refusal::Wrong("No key of the provider has signed it".to_owned()));
            }
            Err(Fault::Content(text)) => return Err(Refusal::Wrong(text)),
        }
    };
    // Scopes may put their claims into the token or behind an address of their own.
    let needs_groups = !client.roles.is_empty() && arrival::groups(&claims, &client.role_claim).is_empty();
    let has = |name: &str| claims.contains_key(name);
    if needs_groups || !has("email") || !(client.trusts_email || has("email_verified")) {
        let more = provider.user_info(&known, &tokens).await?;
        if !more.is_empty() && more.get("sub") != claims.get("sub") {
            return Err(Refusal::Wrong("The provider tells of somebody else".to_owned()));
        }
        // What is said of an address is said of this one.
        if more.contains_key("email") {
            claims.remove("email");
            claims.remove("email_verified");
        }
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
    }
    Ok(claims)
}

/// Asks for the provider's addresses and keys, to see whether it is there.
pub async fn try_out(ctx: &Context, provider: &Provider) -> std::result::Result<(), Refusal> {
    let known = provider.known(ctx.now()).await?;
    if known.keys.is_empty() { Err(Refusal::Unreachable("It has no keys".to_owned())) } else { Ok(()) }
}
