//! The public site.

pub mod errors;
pub mod release;

use axum::Router;

use super::{AppState, Error};

pub fn router() -> Router<AppState> {
    Router::new()
}

/// Whatever no route knows.
pub async fn not_found() -> Error {
    Error::NotFound
}
