//! The description of the API for programs (OpenAPI 3.1).

use crate::web::error::ApiError;
use crate::web::page::{Page, Policy};

/// Written by hand; a test holds it against the routes and the answers.
const DOCUMENT: &str = include_str!("openapi.json");

pub async fn document() -> Result<Page, ApiError> {
    Ok(Page::new("application/json", DOCUMENT, Policy::Short))
}
