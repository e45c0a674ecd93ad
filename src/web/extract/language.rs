//! The language of a page: the first segment of its path.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::domain::newsroom::Newsroom;
use crate::web::{AppState, Error};

/// The interface language of a public page, with the newsroom's settings, which were needed to know it.
/// A prefix that is no language of this newsroom (or the default one) is not an address.
#[derive(Debug, Clone)]
pub struct Language {
    pub code: String,
    pub newsroom: Newsroom,
}

impl<S> FromRequestParts<S> for Language
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let state = AppState::from_ref(state);
        let newsroom = state.ctx.newsroom().await?;
        let path =
            parts.extensions.get::<axum::extract::OriginalUri>().map_or(parts.uri.path(), |u| u.0.path());
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let routed = parts
            .extensions
            .get::<axum::extract::MatchedPath>()
            .is_some_and(|route| route.as_str().starts_with("/{lang}"));
        if !routed {
            return Ok(Self { code: newsroom.default_language.clone(), newsroom });
        }
        if newsroom.speaks(first) && first != newsroom.default_language {
            return Ok(Self { code: first.to_owned(), newsroom });
        }
        Err(Error::NotFound)
    }
}
