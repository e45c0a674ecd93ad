//! JSON bodies of the API.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::newsroom;
use crate::web::Error;
use crate::web::error::ApiError;

/// A JSON body; an empty one reads as `{}`, so that calls without options need none.
#[derive(Debug, Clone)]
pub struct ApiJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| Error::BadRequest { code: "unreadable_body", detail: error.body_text() })?;
        let text: &[u8] = if bytes.iter().all(u8::is_ascii_whitespace) { b"{}" } else { &bytes };
        let mut reader = serde_json::Deserializer::from_slice(text);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let field = error.path().to_string();
            let detail = error.into_inner().to_string();
            if field == "." || field.is_empty() {
                Error::BadRequest { code: "invalid_json", detail }
            } else {
                let code = if detail.starts_with("unknown field") { "unknown_field" } else { "invalid" };
                Error::Newsroom(newsroom::Error::field(field, code, detail))
            }
        })?;
        Ok(Self(value))
    }
}
