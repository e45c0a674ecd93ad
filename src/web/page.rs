//! What a handler returns: a body and a cache policy. Headers are made here and nowhere else.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, LAST_MODIFIED,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::domain::Timestamp;

/// Who may keep an answer, and for how long. An answer without a policy is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Not public, or about one visitor.
    #[default]
    NoStore,
    /// A public page: anyone may keep it, everyone asks again each time (the strong ETag makes that cheap),
    /// so that a correction or a withdrawal is seen at once.
    Revalidate,
    /// Public bytes behind a stable address; a replaced or withdrawn photo is noticed within five minutes.
    Short,
    /// Public bytes whose address names their content.
    Forever,
}

const SHORT_SECS: i64 = 300;
const FOREVER_SECS: i64 = 31_536_000;

impl Policy {
    /// The header for what may be shown until a known moment: nobody keeps it longer than that.
    pub fn header_until(self, end: Option<Timestamp>, now: Timestamp) -> HeaderValue {
        let longest_secs = match self {
            Self::NoStore | Self::Revalidate => return self.header(),
            Self::Short => SHORT_SECS,
            Self::Forever => FOREVER_SECS,
        };
        let Some(end) = end else { return self.header() };
        let left_secs = end.duration_since(now).as_secs().clamp(0, longest_secs);
        // A cache that cannot ask must not show it after its end either.
        HeaderValue::from_str(&format!("public, max-age={left_secs}, must-revalidate"))
            .unwrap_or(Self::NoStore.header())
    }

    pub const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::NoStore => "private, no-store",
            Self::Revalidate => "public, no-cache",
            Self::Short => "public, max-age=300",
            Self::Forever => "public, max-age=31536000, immutable",
        })
    }
}

pub const HTML: &str = "text/html; charset=utf-8";

/// A whole document in memory.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: Bytes,
    pub policy: Policy,
    pub language: Option<String>,
    pub last_modified: Option<Timestamp>,
    /// A file name makes it a download.
    pub download_as: Option<String>,
    /// `Cache-Control`, where the policy alone does not say it.
    pub cache_control: Option<HeaderValue>,
}

impl Page {
    pub fn new(content_type: &'static str, body: impl Into<Bytes>, policy: Policy) -> Self {
        Self {
            status: StatusCode::OK,
            content_type,
            body: body.into(),
            policy,
            language: None,
            last_modified: None,
            download_as: None,
            cache_control: None,
        }
    }

    /// Of something that may be shown until a known moment.
    pub fn until(mut self, end: Option<Timestamp>, now: Timestamp) -> Self {
        self.cache_control = Some(self.policy.header_until(end, now));
        self
    }

    /// Renders a template as HTML.
    pub fn html(template: &impl askama::Template, policy: Policy) -> Result<Self, super::Error> {
        let body = template.render().map_err(|error| super::Error::Internal(anyhow::Error::from(error)))?;
        Ok(Self::new(HTML, body, policy))
    }

    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub fn language(mut self, language: &str) -> Self {
        self.language = Some(language.to_owned());
        self
    }

    pub const fn last_modified(mut self, time: Timestamp) -> Self {
        self.last_modified = Some(time);
        self
    }

    pub fn download_as(mut self, name: String) -> Self {
        self.download_as = Some(name);
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let etag = etag_of(&self.body);
        let mut response = Response::new(axum::body::Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CACHE_CONTROL, self.cache_control.unwrap_or(self.policy.header()));
        if self.policy != Policy::NoStore && self.status == StatusCode::OK {
            headers.insert(ETAG, etag);
            if let Some(value) =
                self.last_modified.and_then(|time| HeaderValue::from_str(&http_date(time)).ok())
            {
                headers.insert(LAST_MODIFIED, value);
            }
        }
        if let Some(value) = self.language.and_then(|language| HeaderValue::from_str(&language).ok()) {
            headers.insert(CONTENT_LANGUAGE, value);
        }
        if let Some(name) = self.download_as {
            headers.insert(CONTENT_DISPOSITION, attachment(&name));
        }
        response.extensions_mut().insert(self.policy);
        response
    }
}

/// A strong entity tag from the bytes.
pub fn etag_of(body: &[u8]) -> HeaderValue {
    let hash = hex::encode(&Sha256::digest(body)[..16]);
    HeaderValue::from_str(&format!("\"{hash}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// An HTTP date (RFC 9110, section 5.6.7).
pub fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads an HTTP date, in the form that is written today, as seconds since the epoch.
pub fn read_http_date(text: &str) -> Option<i64> {
    let civil = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text.trim()).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?.as_second())
}

/// `Content-Disposition: attachment` with an ASCII name and, per RFC 8187, the real one.
pub fn attachment(name: &str) -> HeaderValue {
    let ascii: String = name
        .chars()
        .map(
            |c| if c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '\\' | '%') { c } else { '_' },
        )
        .collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        // attr-char of RFC 8187, section 3.2.1
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_is_not_kept_beyond_its_end() {
        let now: Timestamp = "2026-11-30T12:00:00.5Z".parse().unwrap();
        let of = |policy: Policy, end: Option<&str>| {
            let header = policy.header_until(end.map(|end| end.parse().unwrap()), now);
            header.to_str().unwrap().to_owned()
        };
        assert_eq!(
            of(Policy::Forever, Some("2026-12-01T12:00:00Z")),
            "public, max-age=86399, must-revalidate"
        );
        assert_eq!(of(Policy::Short, Some("2026-12-01T12:00:00Z")), "public, max-age=300, must-revalidate");
        assert_eq!(of(Policy::Short, Some("2026-11-30T12:01:00Z")), "public, max-age=59, must-revalidate");
        assert_eq!(of(Policy::Forever, Some("2026-11-30T12:00:00Z")), "public, max-age=0, must-revalidate");
        assert_eq!(of(Policy::Forever, None), "public, max-age=31536000, immutable");
        assert_eq!(of(Policy::Short, None), "public, max-age=300");
        assert_eq!(of(Policy::Revalidate, Some("2026-12-01T12:00:00Z")), "public, no-cache");
        assert_eq!(of(Policy::NoStore, Some("2026-12-01T12:00:00Z")), "private, no-store");
    }

    #[test]
    fn umlauts_survive_in_download_names() {
        let value = attachment("Größe \"1\".jpg");
        assert_eq!(
            value.to_str().unwrap(),
            "attachment; filename=\"Gr__e _1_.jpg\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.jpg"
        );
    }

    #[test]
    fn http_dates_are_in_the_fixed_form() {
        let time: Timestamp = "1994-11-06T08:49:37Z".parse().unwrap();
        assert_eq!(http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(time.as_second()));
        assert_eq!(read_http_date("yesterday"), None);
    }
}
