//! Headers that every answer carries, and the request log.

use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::conditions::{self, etag_matches};
use super::page::Policy;

/// Everything from this house, nothing inline but `static/after-paint.js`, named by its SHA-256.
const CSP: &str = "default-src 'self'; script-src 'self' 'sha256-gB6MzDlO44rIV4g/K4Oeg9EAJBBeD9JFWkad0AetAfg='; \
                   img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
                   frame-ancestors 'none'";

/// Stored files can be anything an outsider made: they may be shown, never run.
pub const CSP_FILE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Below them is what only the holder of a link may see; the address is the key to it.
const CONFIDENTIAL: [&str; 3] = ["/preview/", "/alerts/", ACCOUNT_LINK];
const ACCOUNT_LINK: &str = "/admin/link/";

fn confidential(path: &str) -> Option<&'static str> {
    CONFIDENTIAL.into_iter().find(|prefix| path.starts_with(prefix))
}

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const CROSS_ORIGIN_OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Adds what is missing; an answer that brings its own value keeps it.
pub fn add_headers(headers: &mut HeaderMap) {
    let defaults = [
        (CONTENT_SECURITY_POLICY, CSP),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (CROSS_ORIGIN_OPENER, "same-origin"),
        (PERMISSIONS, "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// The last touch on every answer: an answer that says nothing about caching is never kept, one for another version
/// than the asker wants is refused, and one that the asker has already is not sent again.
pub async fn finish(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = if is_read { conditions::of(request.headers()) } else { HeaderMap::new() };
    let confidential = confidential(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(prefix) = confidential {
        headers.insert(CACHE_CONTROL, Policy::NoStore.header());
        // Without any, a form could not say that it comes from this site.
        let referrer = if prefix == ACCOUNT_LINK { "same-origin" } else { "no-referrer" };
        headers.insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    headers.entry(CACHE_CONTROL).or_insert(Policy::NoStore.header());
    add_headers(headers);
    let Some(tag) = response.headers().get(ETAG).filter(|_| response.status() == StatusCode::OK) else {
        return response;
    };
    // What is no page has looked at its conditions itself, or leaves them to whoever sends it.
    let is_page = response.extensions().get::<Policy>().is_some();
    if is_page && conditions::forbid(&asked, response.headers()) {
        let mut refusal = conditions::refusal(response.headers());
        add_headers(refusal.headers_mut());
        return refusal;
    }
    // What nobody may keep nobody has: its tag serves for writing, and says nothing of what the clock has changed.
    if !is_never_kept(response.headers())
        && asked.get(IF_NONE_MATCH).is_some_and(|known| etag_matches(known.as_bytes(), tag))
    {
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.remove(CONTENT_TYPE);
        *response.body_mut() = Body::empty();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

fn is_never_kept(headers: &HeaderMap) -> bool {
    let policy = headers.get(CACHE_CONTROL).and_then(|policy| policy.to_str().ok());
    policy.is_some_and(|policy| policy.contains("no-store"))
}

/// One line per request, and the counters behind `/metrics`.
pub async fn log_request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path();
    let path = confidential(path).unwrap_or(path).to_owned();
    let response = next.run(request).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    metrics::counter!("pressroom_requests_total", "status" => status.to_string()).increment(1);
    metrics::histogram!("pressroom_request_seconds").record(elapsed.as_secs_f64());
    tracing::debug!(http.method = %method, http.path = path, http.status = status, duration_ms = elapsed.as_secs_f64() * 1e3, "Request");
    response
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::CSP;
    use crate::web::assets::AFTER_PAINT;

    #[test]
    fn the_policy_lets_the_inline_script_run_and_no_other() {
        let source = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(AFTER_PAINT)));
        let sources = CSP.split(';').find_map(|rule| rule.trim().strip_prefix("script-src ")).unwrap();
        assert_eq!(sources.split_whitespace().collect::<Vec<_>>(), ["'self'", source.as_str()]);
    }
}
