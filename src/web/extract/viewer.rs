//! Who asks: nobody in particular, a script with a token, or someone signed in at the desk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{FromRef, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, COOKIE, ETAG, LAST_MODIFIED};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::Timestamp;
use crate::domain::account::Actor;
use crate::domain::visibility::{Access, Exposure, Viewer, decide};
use crate::newsroom::accounts;
use crate::web::error::ApiError;
use crate::web::page::Policy;
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
///
/// It gives no viewer away but with the decision about one record: what is open is looked at as the public does, whoever
/// asks, and so may be kept for all; what is not may be looked at with all its parts, and is never kept.
#[derive(Debug, Clone, Default)]
pub struct MaybeActor {
    actor: Option<Actor>,
    trace: Trace,
}

/// What somebody gets of a record, as whom they look at its parts, and with that whether the answer may be kept.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    access: Access,
    viewer: Viewer,
}

impl Sight {
    pub const fn access(self) -> Access {
        self.access
    }

    /// Anybody but the public only where the answer may not be kept.
    pub const fn viewer(self) -> Viewer {
        self.viewer
    }

    /// The policy of an answer that may be kept if the record is open.
    pub fn policy(self, open: Policy) -> Policy {
        if self.access == Access::Open { open } else { Policy::NoStore }
    }
}

impl MaybeActor {
    pub const NOBODY: Self = Self { actor: None, trace: Trace(None) };

    pub const fn is_anybody(&self) -> bool {
        self.actor.is_none()
    }

    pub fn into_actor(self) -> Option<Actor> {
        self.actor
    }

    /// Decides about a record.
    pub fn sight(&self, exposure: &Exposure, now: Timestamp) -> Sight {
        let access = decide(exposure, self.role(), now);
        let viewer = if access == Access::Staff { self.viewer() } else { Viewer::Public };
        Sight { access, viewer }
    }

    /// Who asks, for an answer that is never kept.
    pub fn viewer(&self) -> Viewer {
        if self.actor.is_some() {
            self.trace.leave();
        }
        self.role()
    }

    fn role(&self) -> Viewer {
        self.actor.as_ref().map_or(Viewer::Public, |actor| Viewer::Staff(actor.role))
    }
}

/// Remembers for one request that its answer shows more than the public may see.
#[derive(Debug, Clone, Default)]
struct Trace(Option<Arc<AtomicBool>>);

impl Trace {
    fn leave(&self) {
        if let Some(is_left) = &self.0 {
            is_left.store(true, Ordering::Relaxed);
        }
    }

    fn is_left(&self) -> bool {
        self.0.as_ref().is_some_and(|is_left| is_left.load(Ordering::Relaxed))
    }
}

/// The lock behind the rule: an answer that staff saw more in than the public is kept nowhere, whatever its handler says.
pub async fn keep_in_confidence(mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !headers.contains_key(COOKIE) && !headers.contains_key(AUTHORIZATION) {
        return next.run(request).await;
    }
    let trace = Trace(Some(Arc::default()));
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    request.extensions_mut().insert(trace.clone());
    let mut response = next.run(request).await;
    let no_store = Policy::NoStore.header();
    let is_kept = response.headers().get(CACHE_CONTROL).is_some_and(|policy| *policy != no_store);
    if is_read && is_kept && trace.is_left() {
        tracing::error!("An answer for staff was to be kept");
        response.extensions_mut().insert(Policy::NoStore);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, no_store);
        headers.remove(ETAG);
        headers.remove(LAST_MODIFIED);
    }
    response
}

impl<S> FromRequestParts<S> for MaybeActor
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
        if let Some(token) = bearer(&parts.headers) {
            return match accounts::token_actor(&state.ctx, token).await? {
                Some(actor) => Ok(Self { actor: Some(actor), trace }),
                None => Err(Error::Unauthorized.into()),
            };
        }
        if let Some(secret) = session_secret(&parts.headers) {
            let signed_in = accounts::session(&state.ctx, secret).await?;
            let actor = signed_in.map(|found| accounts::account_actor(&found.account));
            return Ok(Self { actor, trace });
        }
        Ok(Self::NOBODY)
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

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::Extension;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::web::page::Page;

    #[tokio::test]
    async fn what_staff_saw_more_in_is_kept_nowhere() {
        let page = || Page::new("text/plain", "text", Policy::Revalidate);
        let careless = move |Extension(trace): Extension<Trace>| async move {
            trace.leave();
            page()
        };
        let router = Router::new()
            .route("/careless", get(careless))
            .route("/same-for-all", get(move || async move { page() }))
            .layer(axum::middleware::from_fn(keep_in_confidence));
        for (path, policy) in [("/careless", "private, no-store"), ("/same-for-all", "public, no-cache")] {
            let request =
                axum::http::Request::get(path).header(COOKIE, "a=b").body(axum::body::Body::empty());
            let answer = router.clone().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(answer.headers()[CACHE_CONTROL], policy, "{path}");
            assert_eq!(answer.headers().contains_key(ETAG), path != "/careless");
            let kept = answer.extensions().get::<Policy>();
            assert_eq!(kept == Some(&Policy::NoStore), path == "/careless");
        }
    }
}
