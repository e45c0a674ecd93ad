//! Press kits: ZIP archives laid out before their first byte is sent, so that length, ranges and the entity
//! tag are known and a broken download resumes.

mod laid;
mod selection;
mod sets;

pub use laid::KitCache;
pub use selection::{MAX_SELECTION, Selection};
pub use sets::{Linked, lay_ahead, of_album, of_preview, photos_of};

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::routing::get;
use serde::Deserialize;

use super::AppState;
use super::cache::SentAs;
use crate::kit::press_kit::Size;

pub fn router() -> Router<AppState> {
    let mut router = Router::new();
    for prefix in ["", "/{lang}"] {
        router = router
            .route(&format!("{prefix}/releases/{{slug}}/photos.zip"), get(sets::of_release))
            .route(&format!("{prefix}/selection.zip"), get(sets::of_selection))
            .route(&format!("{prefix}/search.zip"), get(sets::of_search))
            .route(&format!("{prefix}/photos.zip"), get(sets::of_person));
    }
    router
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct SizeChoice {
    /// `web` for pictures of 2560 pixels; anything else is print originals.
    size: Option<String>,
}

impl SizeChoice {
    pub fn size(&self) -> Size {
        if self.size.as_deref() == Some("web") { Size::Web } else { Size::Print }
    }
}

/// How a kit was asked for.
pub struct Asked {
    pub method: Method,
    pub headers: HeaderMap,
    /// Path and query.
    pub address: String,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let SentAs(method) = SentAs::from_request_parts(parts, state).await?;
        let address = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        Ok(Self { method, headers: parts.headers.clone(), address })
    }
}
