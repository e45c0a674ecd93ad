//! A release.

use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::web::page::{Page, Policy};
use crate::web::{AppState, Error};

/// The page that says why a release was withdrawn.
pub fn gone(_state: &AppState, _newsroom: &Newsroom, release: &Release) -> Error {
    let page = Page::new("text/plain; charset=utf-8", release.withdrawn_reason.clone(), Policy::NoStore)
        .status(axum::http::StatusCode::GONE);
    Error::Gone(Box::new(page))
}
