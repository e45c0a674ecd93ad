//! Conditional requests (RFC 9110, section 13): what the asker knows of the version that there is.

use axum::http::header::{CACHE_CONTROL, ETAG, IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::page::{Policy, read_http_date};

/// The conditions of a request that are asked of its answer.
pub fn of(asked: &HeaderMap) -> HeaderMap {
    let mut conditions = HeaderMap::new();
    for name in [IF_MATCH, IF_UNMODIFIED_SINCE, IF_NONE_MATCH] {
        for line in asked.get_all(&name) {
            conditions.append(&name, line.clone());
        }
    }
    conditions
}

/// Whether the answer is for another version than the asker wants: asked before every other condition
/// (section 13.2.2). `answer` are the headers that it would have.
pub fn forbid(asked: &HeaderMap, answer: &HeaderMap) -> bool {
    let mut lines = asked.get_all(IF_MATCH).iter().peekable();
    if lines.peek().is_some() {
        let tag = answer.get(ETAG);
        return !lines.any(|line| matches_strongly(line.as_bytes(), tag));
    }
    asked.contains_key(IF_UNMODIFIED_SINCE)
        && date(asked, IF_UNMODIFIED_SINCE)
            .zip(date(answer, LAST_MODIFIED))
            .is_some_and(|(date, modified)| modified > date)
}

/// 412, which says what version there is.
pub fn refusal<B: Default>(answer: &HeaderMap) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::PRECONDITION_FAILED;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, Policy::NoStore.header());
    if let Some(tag) = answer.get(ETAG) {
        headers.insert(ETAG, tag.clone());
    }
    response
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<i64> {
    headers.get(name)?.to_str().ok().and_then(read_http_date)
}

/// Strong comparison, as `If-Match` asks for (section 13.1.1).
fn matches_strongly(asked: &[u8], tag: Option<&HeaderValue>) -> bool {
    if asked.trim_ascii() == b"*" {
        return true;
    }
    let Some(tag) = tag.map(HeaderValue::as_bytes).filter(|tag| tag.starts_with(b"\"")) else { return false };
    asked.split(|byte| *byte == b',').any(|one| one.trim_ascii() == tag)
}

/// Weak comparison, as `If-None-Match` asks for (section 13.1.2).
pub fn etag_matches(asked: &[u8], tag: &HeaderValue) -> bool {
    if asked == tag.as_bytes() {
        return true;
    }
    let (Ok(asked), Ok(tag)) = (std::str::from_utf8(asked), tag.to_str()) else { return false };
    fn bare(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    asked.trim() == "*" || asked.split(',').any(|one| bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn entity_tags_match_in_lists_and_weakly() {
        let tag = HeaderValue::from_static("\"a\"");
        assert!(etag_matches(b"W/\"a\", \"b\"", &tag));
        assert!(!etag_matches(b"\"b\"", &tag));
    }

    #[test]
    fn another_version_is_not_what_was_wanted() {
        let answer = headers(&[(ETAG, "\"a\""), (LAST_MODIFIED, "Sun, 06 Nov 1994 08:49:37 GMT")]);
        let forbid = |pairs: &[(HeaderName, &'static str)]| forbid(&headers(pairs), &answer);
        assert!(!forbid(&[]));
        for wanted in ["\"a\"", "*", "\"b\", \"a\""] {
            assert!(!forbid(&[(IF_MATCH, wanted)]), "{wanted}");
        }
        for other in ["\"b\"", "W/\"a\"", "a", "\"b\", W/\"a\"", ""] {
            assert!(forbid(&[(IF_MATCH, other)]), "{other}");
        }
        assert!(!forbid(&[(IF_MATCH, "\"b\""), (IF_MATCH, "\"a\"")]), "a list in two lines");
        let (same, before) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:36 GMT");
        assert!(!forbid(&[(IF_UNMODIFIED_SINCE, same)]));
        assert!(forbid(&[(IF_UNMODIFIED_SINCE, before)]));
        assert!(!forbid(&[(IF_UNMODIFIED_SINCE, "yesterday")]), "no date");
        assert!(
            !forbid(&[(IF_UNMODIFIED_SINCE, before), (IF_MATCH, "\"a\"")]),
            "the tag counts, not the date"
        );
    }
}
