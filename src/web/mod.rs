//! The HTTP side: the public site, the desk and the API. Handlers return values; headers are made in one place.

pub mod admin;
pub mod api;
pub mod assets;
pub mod begun;
pub mod busy;
pub mod bytes;
pub mod cache;
pub mod conditions;
pub mod error;
pub mod express;
pub mod extract;
pub mod feeds;
pub mod found;
mod frames;
pub mod front;
pub mod gather;
pub mod handover;
pub mod health;
pub mod kits;
pub mod limits;
pub mod misses;
pub mod oembed;
pub mod page;
pub mod patience;
pub mod probe;
pub mod public;
pub mod qr;
pub mod ready;
pub mod security;
pub mod serve;
pub mod sitemaps;
pub mod social;
pub mod state;
pub mod taken;
pub mod tally;
pub mod theme;
pub mod tls;
pub mod tus;
pub mod upload;
pub mod url;
pub mod view;

pub use error::Error;
pub use page::{Page, Policy};
pub use state::AppState;

use std::time::Duration;

use axum::Router;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

/// A page or an API answer that takes longer than this has gone wrong; uploads and downloads are exempt.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// An upload that brings nothing for this long has gone away.
const BODY_LIMIT: Duration = Duration::from_secs(30);

/// All routes. Each area brings its own error rendering: HTML for people, problem documents for scripts.
pub fn router(state: AppState) -> Router {
    let quick = ServiceBuilder::new()
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, ANSWER_LIMIT));
    let costly = axum::middleware::from_fn_with_state(state.clone(), limits::costly);
    let keep = axum::middleware::from_fn_with_state(state.clone(), cache::serve_ready);
    let admit = axum::middleware::from_fn_with_state(state.clone(), busy::admit);
    let confide = axum::middleware::from_fn(extract::keep_in_confidence);
    // From the inside out: who asks too often does not take a place, and what is ready needs neither.
    let pages = public::router()
        .merge(feeds::router())
        .merge(sitemaps::router())
        .merge(social::router())
        .merge(oembed::router())
        .layer(confide.clone())
        .layer(admit.clone())
        .layer(costly.clone())
        .layer(keep.clone())
        .layer(quick.clone());
    let files = bytes::router()
        .merge(kits::router())
        .merge(public::preview::router())
        .layer(confide.clone())
        .layer(admit.clone())
        .layer(costly.clone());
    let desk = admin::router(&state);
    let api = api::router(&state).layer(confide).layer(admit).layer(costly);
    Router::new()
        .merge(pages)
        .merge(files)
        .merge(assets::router().layer(keep))
        .merge(health::router().layer(quick))
        .nest("/admin", desk)
        .merge(api)
        .fallback(public::not_found)
        .layer(axum::middleware::from_fn_with_state(state.clone(), public::errors::in_readers_language))
        .layer(axum::middleware::from_fn(security::finish))
        .layer(RequestBodyTimeoutLayer::new(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(axum::middleware::from_fn(security::log_request))
        .with_state(state)
}
