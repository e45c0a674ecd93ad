//! Ready pages in memory: rendered once, compressed once, then a look-up and a write.
//!
//! An entry is good as long as the newsroom's generation is the one it was rendered in. The generation
//! moves with every write on this node, with every change another node logs, and with every moment at
//! which the clock alone changes what is public; so nothing stale and nothing early is ever served.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt as _;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Mutex;

use super::page::Policy;
use super::ready::Ready;
use super::state::AppState;
use crate::domain::Timestamp;

/// Pages longer than this are not kept.
const MAX_PAGE_BYTES: usize = 2 << 20;
/// When many readers want a page that has just become stale, one renders it and the others wait: they share
/// this many locks by address.
const RENDER_LOCKS: usize = 64;

#[derive(Clone)]
struct BySize;

impl Weighter<String, Arc<Ready>> for BySize {
    fn weight(&self, key: &String, page: &Arc<Ready>) -> u64 {
        key.len() as u64 + page.weight()
    }
}

pub struct PageCache {
    pages: Cache<String, Arc<Ready>, BySize>,
    rendering: Vec<Mutex<()>>,
    hasher: RandomState,
}

impl PageCache {
    pub fn new(max_bytes: u64) -> Self {
        let items = usize::try_from(max_bytes / 16_384).unwrap_or(1024).max(16);
        Self {
            pages: Cache::with_weighter(items, max_bytes, BySize),
            rendering: std::iter::repeat_with(Mutex::default).take(RENDER_LOCKS).collect(),
            hasher: RandomState::new(),
        }
    }

    fn lock_of(&self, key: &str) -> Option<&Mutex<()>> {
        let place = self.hasher.hash_one(key) % RENDER_LOCKS as u64;
        usize::try_from(place).ok().and_then(|place| self.rendering.get(place))
    }
}

/// Whether a request may be answered from memory.
pub fn is_cachable(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && !headers.contains_key(AUTHORIZATION)
}

fn is_style_or_script(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| {
        ["text/css", "text/javascript"].iter().any(|known| kind.as_bytes().starts_with(known.as_bytes()))
    })
}

impl AppState {
    /// The ready answer for an address (path and query), if there is one that is good right now; for a request
    /// that may be answered from memory.
    pub fn ready(&self, address: &str) -> Option<Arc<Ready>> {
        self.ready_at(address, self.now())
    }

    /// The same for who has looked at the clock already.
    pub fn ready_at(&self, address: &str, now: Timestamp) -> Option<Arc<Ready>> {
        let ready = self.pages.pages.get(address)?;
        let is_good = ready.generation == self.generation() && self.ctx.signals.is_settled(now);
        is_good.then_some(ready)
    }

    /// Whether an address had a ready answer, which may have become stale.
    pub fn was_ready(&self, address: &str) -> bool {
        self.pages.pages.peek(address).is_some()
    }
}

/// The method that a request was sent with, which is not the one that a page is made for.
#[derive(Debug, Clone)]
pub struct SentAs(pub Method);

impl<S: Sync> FromRequestParts<S> for SentAs {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(|| Self(parts.method.clone())))
    }
}

/// Keeps what may be kept, and answers from memory what another request has rendered in the meantime.
pub async fn serve_ready(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let (method, headers) = (request.method().clone(), request.headers().clone());
    if !is_cachable(&method, &headers) {
        return next.run(request).await;
    }
    let key = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    // Only for what was kept before: an address that is never kept must not make its readers queue.
    let lock = state.pages.pages.get(&key).and_then(|_| state.pages.lock_of(&key));
    let _turn = match lock {
        Some(lock) => Some(lock.lock().await),
        None => None,
    };
    if let Some(ready) = state.ready(&key) {
        return ready.answer(&method, &headers).map(Body::from);
    }
    // A HEAD that comes first must not leave an empty page behind.
    *request.method_mut() = Method::GET;
    request.extensions_mut().insert(SentAs(method.clone()));
    // Read before rendering: a page rendered while something changed belongs to the old generation.
    let generation = state.generation();
    let settled = state.ctx.signals.is_settled(state.now());
    let response = next.run(request).await;
    let policy = response.extensions().get::<Policy>().copied();
    // Style sheets and scripts are kept beside the pages for being compressed; photos are not worth it.
    let is_kept = match policy {
        Some(Policy::Revalidate) => true,
        Some(Policy::Forever | Policy::Short) => is_style_or_script(response.headers()),
        _ => false,
    };
    if response.status() != StatusCode::OK || !is_kept {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else { return super::error::unavailable() };
    let plain = collected.to_bytes();
    let ready = tokio::task::spawn_blocking(move || Ready::prepare(generation, parts.headers, plain)).await;
    let Ok(ready) = ready.map(Arc::new) else { return super::error::unavailable() };
    if settled && ready.plain_len() <= MAX_PAGE_BYTES {
        state.pages.pages.insert(key, Arc::clone(&ready));
    }
    ready.answer(&method, &headers).map(Body::from)
}
