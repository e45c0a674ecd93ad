//! Who asks: nobody in particular, a script with a token, or someone signed in at the desk.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;

use crate::domain::account::Actor;
use crate::domain::visibility::Viewer;
use crate::newsroom::accounts;
use crate::web::error::ApiError;
use crate::web::{AppState, Error};

/// The name of the session cookie; over TLS the browser guards it by its prefix.
pub const SESSION_COOKIE: &str = "pressroom_session";

/// The bearer token of a request (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The session secret of a request.
pub fn session_secret(headers: &HeaderMap) -> Option<&str> {
    cookie_value(headers, SESSION_COOKIE)
}

pub fn cookie_value<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// Who asks for a public address, if they say so by token or session. A wrong token is an error even
/// where none is needed: the script should know.
#[derive(Debug, Clone)]
pub struct MaybeActor(pub Option<Actor>);

impl MaybeActor {
    pub fn viewer(&self) -> Viewer {
        self.0.as_ref().map_or(Viewer::Public, |actor| Viewer::Staff(actor.role))
    }
}

impl<S> FromRequestParts<S> for MaybeActor
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        if let Some(token) = bearer(&parts.headers) {
            return match accounts::token_actor(&state.ctx, token).await? {
                Some(actor) => Ok(Self(Some(actor))),
                None => Err(Error::Unauthorized.into()),
            };
        }
        if let Some(secret) = session_secret(&parts.headers) {
            let signed_in = accounts::session(&state.ctx, secret).await?;
            return Ok(Self(signed_in.map(|found| accounts::account_actor(&found.account))));
        }
        Ok(Self(None))
    }
}

/// A script that writes, or reads what is not public: it must bring a valid token.
#[derive(Debug, Clone)]
pub struct ApiActor(pub Actor);

impl<S> FromRequestParts<S> for ApiActor
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        let token = bearer(&parts.headers).ok_or(Error::Unauthorized)?;
        let actor = accounts::token_actor(&state.ctx, token).await?.ok_or(Error::Unauthorized)?;
        Ok(Self(actor))
    }
}
