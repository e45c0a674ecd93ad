//! What handlers take from a request; the rejections are ours, so that nothing of the framework shows.

mod address;
mod json;
mod language;
mod viewer;

pub use address::ClientAddress;
pub use json::ApiJson;
pub use language::Language;
pub use viewer::{
    ApiActor, MaybeActor, SESSION_COOKIE, Sight, cookie_value, keep_in_confidence, session_secret,
};

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::Error;

/// Path parameters; what does not fit is not there.
#[derive(Debug, Clone)]
pub struct UrlPath<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for UrlPath<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "this is the wrapper")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// The query string.
#[derive(Debug, Clone)]
pub struct UrlQuery<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for UrlQuery<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "this is the wrapper")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(error) => Err(Error::BadRequest { code: "invalid_query", detail: error.body_text() }),
        }
    }
}

/// A form of the public site: anybody may send it, from anywhere; what it does is checked by what is in it.
#[derive(Debug, Clone)]
pub struct PublicForm<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequest<S> for PublicForm<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        DeskForm::from_request(request, state).await.map(|DeskForm(value)| Self(value))
    }
}

/// A form of the desk. It cannot be had without a session and a same-origin request: the layer around the
/// desk's routes has refused all others before.
#[derive(Debug, Clone)]
pub struct DeskForm<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequest<S> for DeskForm<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "this is the wrapper")]
    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::extract::Form::<T>::from_request(request, state).await {
            Ok(axum::extract::Form(value)) => Ok(Self(value)),
            Err(error) => Err(Error::BadRequest { code: "invalid_form", detail: error.body_text() }),
        }
    }
}
