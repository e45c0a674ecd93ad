//! Ready pages in memory: rendered once, compressed once, then a look-up and a write.
//!
//! An entry is good as long as the newsroom's generation is the one it was rendered in. The generation
//! moves with every write on this node, with every change another node logs, and with every moment at
//! which the clock alone changes what is public; so nothing stale and nothing early is ever served.

use std::io::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, ETAG, IF_NONE_MATCH,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::page::Policy;
use super::state::AppState;

/// Pages longer than this are not kept.
const MAX_PAGE_BYTES: usize = 2 << 20;

/// A finished answer in each encoding it is worth having in.
#[derive(Debug)]
struct Ready {
    generation: u64,
    headers: HeaderMap,
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

#[derive(Clone)]
struct BySize;

impl Weighter<String, Arc<Ready>> for BySize {
    fn weight(&self, key: &String, page: &Arc<Ready>) -> u64 {
        let length = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, Bytes::len);
        // The headers and the map's own bookkeeping take about a kilobyte.
        (key.len() + page.plain.len() + length(&page.gzip) + length(&page.brotli) + 1024) as u64
    }
}

pub struct PageCache {
    pages: Cache<String, Arc<Ready>, BySize>,
}

impl PageCache {
    pub fn new(max_bytes: u64) -> Self {
        let items = usize::try_from(max_bytes / 16_384).unwrap_or(1024).max(16);
        Self { pages: Cache::with_weighter(items, max_bytes, BySize) }
    }
}

/// Answers from memory when it can; keeps what may be kept.
pub async fn serve_ready(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let cachable = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(AUTHORIZATION);
    if !cachable {
        return next.run(request).await;
    }
    let asked = Asked::of(&request);
    let key = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    // Read before rendering: a page rendered while something changed belongs to the old generation.
    let generation = state.generation();
    let settled = state.ctx.signals.is_settled(state.now());
    if settled
        && let Some(ready) = state.pages.pages.get(&key)
        && ready.generation == generation
    {
        return asked.answer(&ready);
    }
    let response = next.run(request).await;
    let policy = response.extensions().get::<Policy>().copied();
    if response.status() != StatusCode::OK || policy != Some(Policy::Revalidate) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else { return super::error::unavailable() };
    let plain = collected.to_bytes();
    let ready = tokio::task::spawn_blocking(move || prepare(generation, parts.headers, plain)).await;
    let Ok(ready) = ready.map(Arc::new) else { return super::error::unavailable() };
    if settled && ready.plain.len() <= MAX_PAGE_BYTES {
        state.pages.pages.insert(key, Arc::clone(&ready));
    }
    asked.answer(&ready)
}

fn prepare(generation: u64, mut headers: HeaderMap, plain: Bytes) -> Ready {
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    super::security::add_headers(&mut headers);
    let worth_it = |packed: Vec<u8>| (packed.len() + 64 < plain.len()).then(|| Bytes::from(packed));
    let gzip = gzip(&plain).and_then(worth_it);
    let brotli = brotli(&plain).and_then(worth_it);
    Ready { generation, headers, plain, gzip, brotli }
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

fn brotli(plain: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    {
        let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 5, 20);
        encoder.write_all(plain).ok()?;
    }
    Some(packed)
}

/// What of a request decides between the forms of a ready answer.
struct Asked {
    head: bool,
    brotli: bool,
    gzip: bool,
    if_none_match: Option<HeaderValue>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let accepts = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self {
            head: request.method() == Method::HEAD,
            brotli: accepts_coding(accepts, "br"),
            gzip: accepts_coding(accepts, "gzip"),
            if_none_match: headers.get(IF_NONE_MATCH).cloned(),
        }
    }

    fn answer(&self, ready: &Ready) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.clone_from(&ready.headers);
        let (body, coding) = match (&ready.brotli, &ready.gzip) {
            (Some(body), _) if self.brotli => (body, Some("br")),
            (_, Some(body)) if self.gzip => (body, Some("gzip")),
            _ => (&ready.plain, None),
        };
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            // Strong tags differ by encoding (RFC 9110, section 8.8.3.3).
            if let Some(tag) = headers.get(ETAG).and_then(|t| t.to_str().ok()) {
                let tag = format!("{}-{coding}\"", tag.trim_end_matches('"'));
                if let Ok(tag) = HeaderValue::from_str(&tag) {
                    headers.insert(ETAG, tag);
                }
            }
        }
        if let (Some(asked), Some(tag)) = (&self.if_none_match, headers.get(ETAG))
            && etag_matches(asked, tag)
        {
            headers.remove(CONTENT_ENCODING);
            headers.remove(axum::http::header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        debug_assert!(headers.contains_key(CACHE_CONTROL), "a page without a policy is never kept");
        if !self.head {
            *response.body_mut() = Body::from(body.clone());
        }
        response
    }
}

fn accepts_coding(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';');
        let name = pieces.next().unwrap_or_default().trim();
        let refused = pieces.any(|p| matches!(p.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        name.eq_ignore_ascii_case(coding) && !refused
    })
}

/// Weak comparison, as `If-None-Match` asks for (RFC 9110, section 13.1.2).
pub fn etag_matches(asked: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(asked), Ok(tag)) = (asked.to_str(), tag.to_str()) else { return false };
    let bare = |t: &str| t.trim().trim_start_matches("W/").to_owned();
    asked.trim() == "*" || asked.split(',').any(|one| bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_at_their_word() {
        assert!(accepts_coding("gzip, deflate, br", "br"));
        assert!(!accepts_coding("gzip, br;q=0", "br"));
        assert!(!accepts_coding("", "gzip"));
    }

    #[test]
    fn entity_tags_match_in_lists_and_weakly() {
        let tag = HeaderValue::from_static("\"a\"");
        assert!(etag_matches(&HeaderValue::from_static("W/\"a\", \"b\""), &tag));
        assert!(!etag_matches(&HeaderValue::from_static("\"b\""), &tag));
    }
}
