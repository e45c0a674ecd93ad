//! Counts downloads without knowing anybody: what, which file, which day. Kept in memory and written every few
//! seconds, so that a download costs no write.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::header::{CONTENT_RANGE, IF_MODIFIED_SINCE, IF_NONE_MATCH, RANGE, USER_AGENT};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use jiff::tz::TimeZone;

use crate::domain::byte_range::{self, Requested};
use crate::domain::{Id, Kind, Timestamp};
use crate::store::downloads::{self, Taken};
use crate::store::{Db, Result};

/// A range from the beginning counts as the download when it asks for so many bytes, or for everything: some
/// programs feel their way with a single byte.
const A_BEGINNING: u64 = 64 * 1024;
/// Different things that are held until they are written; more are written at once.
const MAX_HELD: usize = 50_000;

/// Parts of the names that robots give themselves.
const ROBOTS: [&str; 12] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "monitor",
    "headless",
    "scrape",
    "facebookexternalhit",
    "archiver",
    "feedfetcher",
    "lighthouse",
];

#[derive(Debug, Default)]
pub struct Tally(Mutex<HashMap<Taken, i64>>);

impl Tally {
    pub fn add(&self, kind: Kind, id: Id, form: &str, now: Timestamp) {
        let day = TimeZone::UTC.to_datetime(now).date();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MAX_HELD {
            *counts.entry(Taken { day, kind, id, form: form.to_owned() }).or_default() += 1;
        }
    }

    /// Writes what was counted since the last time. What cannot be written is kept for the next.
    pub async fn store(&self, db: &Db) -> Result<()> {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return Ok(());
        }
        let written = downloads::add(db, counts.clone()).await;
        if written.is_err() {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (taken, count) in counts {
                *held.entry(taken).or_default() += count;
            }
        }
        written
    }
}

/// Whether an answer is the beginning of somebody's download: the ranges of one download count once.
pub fn is_download<B>(method: &Method, asked: &HeaderMap, response: &Response<B>) -> bool {
    is_reader(method, asked) && begins(response)
}

/// The same where another sends the bytes, and so decides about conditions and ranges: by what is asked for. Who asks
/// whether a file has changed has it, as a rule.
pub fn is_download_elsewhere(method: &Method, asked: &HeaderMap, len_bytes: u64) -> bool {
    let range = asked.get(RANGE).and_then(|value| value.to_str().ok());
    let begins = match byte_range::parse(range, len_bytes) {
        Requested::Whole => true,
        Requested::Part(range) => is_beginning(range.start, range.end - range.start, len_bytes),
        Requested::Unsatisfiable => false,
    };
    let has_it = asked.contains_key(IF_NONE_MATCH) || asked.contains_key(IF_MODIFIED_SINCE);
    is_reader(method, asked) && begins && !has_it
}

fn begins<B>(response: &Response<B>) -> bool {
    match response.status() {
        StatusCode::OK => true,
        StatusCode::PARTIAL_CONTENT => {
            let range = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
            range
                .and_then(first_and_length)
                .is_some_and(|(first, length, whole)| is_beginning(first, length, whole))
        }
        _ => false,
    }
}

const fn is_beginning(first: u64, length: u64, whole: u64) -> bool {
    first == 0 && (length >= A_BEGINNING || length == whole)
}

/// `bytes 0-499/1234`: the first byte, how many, of how many.
fn first_and_length(range: &str) -> Option<(u64, u64, u64)> {
    let (range, whole) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    Some((first, last.checked_sub(first)? + 1, whole.parse().ok()?))
}

/// Whether somebody wants to read or have something: a HEAD only asks about it.
pub fn is_reader(method: &Method, asked: &HeaderMap) -> bool {
    *method == Method::GET && !is_robot(asked)
}

/// Every browser says what it is; what says nothing, or that it is a robot, is one.
fn is_robot(asked: &HeaderMap) -> bool {
    let Some(agent) = asked.get(USER_AGENT).and_then(|value| value.to_str().ok()) else { return true };
    let agent = agent.to_ascii_lowercase();
    agent.trim().is_empty() || ROBOTS.iter().any(|part| agent.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn counted(agent: Option<&'static str>, status: u16, range: &'static str) -> bool {
        let mut asked = HeaderMap::new();
        if let Some(agent) = agent {
            asked.insert(USER_AGENT, HeaderValue::from_static(agent));
        }
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        if !range.is_empty() {
            response.headers_mut().insert(CONTENT_RANGE, HeaderValue::from_static(range));
        }
        is_download(&Method::GET, &asked, &response)
    }

    #[test]
    fn one_download_is_one_download() {
        let firefox = Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        assert!(counted(firefox, 200, ""));
        assert!(counted(firefox, 206, "bytes 0-999999/12000000"));
        assert!(counted(firefox, 206, "bytes 0-99/100"));
        assert!(!counted(firefox, 206, "bytes 0-0/12000000"), "a feeler");
        assert!(!counted(firefox, 206, "bytes 1000000-11999999/12000000"), "the rest of it");
        assert!(!counted(firefox, 304, ""));
        assert!(!counted(firefox, 416, "bytes */5"));
    }

    #[test]
    fn what_another_sends_counts_by_what_is_asked_for() {
        let counted = |name: HeaderName, value: &'static str| {
            let agent = HeaderValue::from_static("curl/7.88.1");
            let asked = HeaderMap::from_iter([(USER_AGENT, agent), (name, HeaderValue::from_static(value))]);
            is_download_elsewhere(&Method::GET, &asked, 12_000_000)
        };
        for whole in ["bytes=0-", "bytes=0-999999", "bytes=-12000000", "lines=1-2"] {
            assert!(counted(RANGE, whole), "{whole}");
        }
        for part in ["bytes=0-0", "bytes=1000000-", "bytes=-5", "bytes=12000000-"] {
            assert!(!counted(RANGE, part), "{part}");
        }
        assert!(!counted(IF_NONE_MATCH, "\"of the proxy\""));
        assert!(!counted(IF_MODIFIED_SINCE, "Sun, 06 Nov 1994 08:49:37 GMT"));
    }

    #[test]
    fn robots_are_not_readers() {
        for robot in [None, Some(""), Some("Googlebot/2.1"), Some("Mozilla/5.0 (compatible; bingbot/2.0)")] {
            assert!(!counted(robot, 200, ""), "{robot:?}");
        }
        assert!(counted(Some("curl/7.88.1"), 200, ""));
    }
}
