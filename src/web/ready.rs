//! A finished answer: every header and every encoding made ahead, so that giving it is a copy of pointers.

use std::io::Write as _;

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, ETAG, IF_NONE_MATCH, LAST_MODIFIED,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use bytes::Bytes;

use super::conditions::{self, etag_matches};

/// A finished page in each encoding it is worth having in.
#[derive(Debug)]
pub struct Ready {
    pub generation: u64,
    plain: Form,
    /// The smallest first.
    packed: Vec<(Coding, Form)>,
}

/// One encoding of a page with its headers.
#[derive(Debug)]
struct Form {
    tag: Option<HeaderValue>,
    headers: HeaderMap,
    /// Those of a 304.
    known_headers: HeaderMap,
    /// Both as HTTP/1.1 writes them, up to the date.
    head: Bytes,
    known_head: Bytes,
    body: Bytes,
}

/// What an answer from memory depends on, apart from the address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    pub is_head: bool,
    /// `Accept-Encoding`.
    pub encodings: Option<&'a [u8]>,
    /// `If-None-Match`.
    pub known: Option<&'a [u8]>,
}

impl<'a> Asked<'a> {
    fn of(method: &Method, headers: &'a HeaderMap) -> Self {
        Self {
            is_head: *method == Method::HEAD,
            encodings: headers.get(ACCEPT_ENCODING).map(HeaderValue::as_bytes),
            known: headers.get(IF_NONE_MATCH).map(HeaderValue::as_bytes),
        }
    }
}

/// An answer as HTTP/1.1 writes it; between head and body belong a date and an empty line.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    pub is_known: bool,
    pub head: &'a Bytes,
    pub body: Option<&'a Bytes>,
}

impl Written<'_> {
    /// Without the date; bytes.
    pub fn size(&self) -> usize {
        self.head.len() + self.body.map_or(0, Bytes::len)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// Done once per change of a page: worth some milliseconds, not more.
    fn pack(self, plain: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
                encoder.write_all(plain).ok()?;
                encoder.finish().ok()
            }
            Self::Zstd => zstd::bulk::compress(plain, 9).ok(),
            Self::Brotli => {
                let mut packed = Vec::new();
                {
                    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 5, 20);
                    encoder.write_all(plain).ok()?;
                }
                Some(packed)
            }
        }
    }
}

impl Ready {
    /// Compresses a page. `headers` are those of the plain answer.
    pub fn prepare(generation: u64, mut headers: HeaderMap, plain: Bytes) -> Self {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        super::security::add_headers(&mut headers);
        debug_assert!(headers.contains_key(CACHE_CONTROL), "a page without a policy is never kept");
        let mut packed: Vec<(Coding, Form)> = [Coding::Brotli, Coding::Zstd, Coding::Gzip]
            .into_iter()
            .filter_map(|coding| {
                let bytes = coding.pack(&plain).filter(|bytes| bytes.len() + 64 < plain.len())?;
                Some((coding, Form::new(&headers, Some(coding), bytes.into())))
            })
            .collect();
        packed.sort_by_key(|(_, form)| form.body.len());
        Self { generation, plain: Form::new(&headers, None, plain), packed }
    }

    /// What it takes in memory, about: each form has two header maps.
    pub fn weight(&self) -> u64 {
        let forms = self.packed.iter().map(|(_, form)| form).chain([&self.plain]);
        forms.map(|form| form.body.len() as u64 + 4096).sum()
    }

    pub fn plain_len(&self) -> usize {
        self.plain.body.len()
    }

    /// The answer to a GET or HEAD, with its body.
    pub fn answer(&self, method: &Method, headers: &HeaderMap) -> Response<Bytes> {
        let asked = Asked::of(method, headers);
        let form = self.form(asked.encodings);
        if conditions::forbid(headers, &form.headers) {
            return conditions::refusal(&form.headers);
        }
        let mut response = Response::new(Bytes::new());
        if form.is_known(asked.known) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().clone_from(&form.known_headers);
            return response;
        }
        response.headers_mut().clone_from(&form.headers);
        if !asked.is_head {
            *response.body_mut() = form.body.clone();
        }
        response
    }

    /// The same answer without a detour over header maps.
    pub fn written(&self, asked: &Asked<'_>) -> Written<'_> {
        let form = self.form(asked.encodings);
        if form.is_known(asked.known) {
            return Written { is_known: true, head: &form.known_head, body: None };
        }
        Written { is_known: false, head: &form.head, body: (!asked.is_head).then_some(&form.body) }
    }

    fn form(&self, encodings: Option<&[u8]>) -> &Form {
        let Some(accepted) = encodings else { return &self.plain };
        let fitting = self.packed.iter().find(|(coding, _)| accepts_coding(accepted, coding.name()));
        fitting.map_or(&self.plain, |(_, form)| form)
    }
}

impl Form {
    fn new(plain: &HeaderMap, coding: Option<Coding>, body: Bytes) -> Self {
        let mut headers = plain.clone();
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
            // Strong tags differ by encoding (RFC 9110, section 8.8.3.3).
            let tag = plain.get(ETAG).and_then(|tag| tag.to_str().ok()).and_then(|tag| {
                HeaderValue::from_str(&format!("{}-{}\"", tag.trim_end_matches('"'), coding.name())).ok()
            });
            if let Some(tag) = tag {
                headers.insert(ETAG, tag);
            }
        }
        // The rest holds as the client has it stored (RFC 9110, section 15.4.5; RFC 9111, section 3.2).
        let mut known_headers = HeaderMap::new();
        for name in [CACHE_CONTROL, ETAG, VARY, LAST_MODIFIED] {
            if let Some(value) = headers.get(&name) {
                known_headers.insert(name, value.clone());
            }
        }
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        Self {
            tag: headers.get(ETAG).cloned(),
            head: head("200 OK", &headers),
            known_head: head("304 Not Modified", &known_headers),
            headers,
            known_headers,
            body,
        }
    }

    fn is_known(&self, known: Option<&[u8]>) -> bool {
        known.zip(self.tag.as_ref()).is_some_and(|(known, tag)| etag_matches(known, tag))
    }
}

fn head(status: &str, headers: &HeaderMap) -> Bytes {
    let mut text = format!("HTTP/1.1 {status}\r\n").into_bytes();
    for (name, value) in headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.into()
}

fn accepts_coding(header: &[u8], coding: &str) -> bool {
    header.split(|byte| *byte == b',').any(|part| {
        let mut pieces = part.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding.as_bytes()))
            && !pieces.any(|p| matches!(p, b"q=0" | b"q=0.0" | b"q=0.00" | b"q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::CONTENT_TYPE;

    fn page() -> Ready {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        headers.insert(ETAG, HeaderValue::from_static("\"abc\""));
        Ready::prepare(1, headers, Bytes::from("Die Messe zählt Gäste. ".repeat(400)))
    }

    fn asked(pairs: &[(axum::http::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn encodings_are_taken_at_their_word() {
        assert!(accepts_coding(b"gzip, deflate, br", "br"));
        assert!(!accepts_coding(b"gzip, br;q=0", "br"));
        assert!(!accepts_coding(b"", "gzip"));
    }

    #[test]
    fn each_encoding_has_its_own_tag_and_unpacks_to_the_page() {
        let page = page();
        for (accepts, tag) in [("br", "\"abc-br\""), ("zstd", "\"abc-zstd\""), ("gzip", "\"abc-gzip\"")] {
            let answer = page.answer(&Method::GET, &asked(&[(ACCEPT_ENCODING, accepts)]));
            assert_eq!(answer.headers()[CONTENT_ENCODING], accepts);
            assert_eq!(answer.headers()[ETAG], tag);
            assert_eq!(answer.headers()[CONTENT_LENGTH], answer.body().len().to_string());
            let again =
                page.answer(&Method::GET, &asked(&[(ACCEPT_ENCODING, accepts), (IF_NONE_MATCH, tag)]));
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert!(again.body().is_empty() && !again.headers().contains_key(CONTENT_LENGTH));
            assert_eq!(again.headers()[CACHE_CONTROL], "public, no-cache");
        }
        let packed = page.answer(&Method::GET, &asked(&[(ACCEPT_ENCODING, "zstd")]));
        assert_eq!(zstd::bulk::decompress(packed.body(), 1 << 20).unwrap(), page.plain.body);
    }

    #[test]
    fn a_head_tells_the_length_and_sends_nothing() {
        let answer = page().answer(&Method::HEAD, &HeaderMap::new());
        assert_eq!(answer.headers()[CONTENT_LENGTH], page().plain_len().to_string());
        assert!(answer.body().is_empty());
    }
}
