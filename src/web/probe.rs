//! The leak probe: asks anonymously, through the public address, for everything in which a release or its photos
//! could show, and says what is open and what is closed.
//!
//! It knows nothing of how access is decided inside; it sees what an outsider sees.

mod questions;

use std::fmt;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use anyhow::Context as _;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RANGE};
use futures_util::stream::{self, StreamExt as _};
use zip::ZipArchive;

use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::release::{Release, ReleaseState};
use crate::newsroom::Context;
use crate::web::public::release_forms::WORD;

pub use questions::{Question, Tell, find};

/// Questions under way at the same time.
const AT_ONCE: usize = 4;
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// A page is read so far when it is searched for the release.
const MAX_READ_BYTES: usize = 8 << 20;

/// What an address showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Open,
    Closed,
    /// No answer, or one that says nothing either way.
    Unclear,
}

/// What an address should show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Should {
    BeOpen,
    BeClosed,
    /// Either is right: an older release has left the first page of the feed, say.
    Either,
}

#[derive(Debug, Clone)]
pub struct Finding {
    pub question: Question,
    /// The status of the answer, or what prevented one.
    pub answer: String,
    pub seen: Seen,
}

impl Finding {
    pub fn is_right(&self) -> bool {
        match (self.question.should, self.seen) {
            (Should::Either, seen) => seen != Seen::Unclear,
            (Should::BeOpen, seen) => seen == Seen::Open,
            (Should::BeClosed, seen) => seen == Seen::Closed,
        }
    }

    /// Something is open that should not be.
    pub fn is_leak(&self) -> bool {
        self.question.should == Should::BeClosed && self.seen == Seen::Open
    }
}

#[derive(Debug)]
pub struct Report {
    pub headline: String,
    pub state: ReleaseState,
    pub at: Timestamp,
    pub base: String,
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn wrong(&self) -> usize {
        self.findings.iter().filter(|finding| !finding.is_right()).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({}, asked at {})", self.headline, self.state.as_str(), self.at)?;
        for finding in &self.findings {
            let seen = match finding.seen {
                Seen::Open => "open",
                Seen::Closed => "closed",
                Seen::Unclear => "unclear",
            };
            let mark = match finding {
                leak if leak.is_leak() => "LEAK",
                right if right.is_right() => "ok",
                _ => "WRONG",
            };
            let Finding { question, answer, .. } = finding;
            writeln!(f, "{mark:<5} {seen:<7} {answer:<8} {}{}", self.base, question.path)?;
        }
        let wrong = self.wrong();
        write!(f, "{} addresses asked, {wrong} not as they should be", self.findings.len())
    }
}

/// Asks for everything in which the release could show.
pub async fn run(ctx: &Context, config: &Config, release: &Release) -> anyhow::Result<Report> {
    let now = ctx.now();
    let base = config.public_url.value.clone();
    let questions = questions::about(ctx, &base, release, now).await?;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ANSWER_LIMIT)
        .user_agent(concat!("pressroom-probe/", env!("CARGO_PKG_VERSION"), " (bot)"))
        .build()
        .context("The probe cannot ask over HTTP")?;
    let asking: Vec<_> = questions.into_iter().map(|question| ask(&client, &base, question)).collect();
    let findings = stream::iter(asking).buffered(AT_ONCE).collect().await;
    Ok(Report { headline: release.headline.clone(), state: release.state_at(now), at: now, base, findings })
}

async fn ask(client: &reqwest::Client, base: &str, question: Question) -> Finding {
    let mut request = client.get(format!("{base}{}", question.path));
    if question.tell == Tell::Status {
        // Whether it is there is told by the first byte.
        request = request.header(RANGE, "bytes=0-0");
    }
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => {
            let answer = if error.is_timeout() { "timeout" } else { "failed" };
            return Finding { question, answer: answer.to_owned(), seen: Seen::Unclear };
        }
    };
    let status = response.status();
    let answer = status.as_u16().to_string();
    let seen = match (&question.tell, status) {
        (_, status) if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => Seen::Unclear,
        (_, status) if status.is_client_error() => Seen::Closed,
        // An address that leads on has told where.
        (Tell::Status, _) => Seen::Open,
        (Tell::Words(words), _) => match read(response).await {
            Some(text) if words.iter().any(|word| names(&text, word)) => Seen::Open,
            Some(_) => Seen::Closed,
            None => Seen::Unclear,
        },
    };
    Finding { question, answer, seen }
}

/// The text of an answer with its headers; `None` when it breaks off.
async fn read(response: reqwest::Response) -> Option<String> {
    let mut text = String::new();
    let is_packed = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == WORD);
    for value in response.headers().values() {
        text.push_str(&String::from_utf8_lossy(value.as_bytes()));
        text.push('\n');
    }
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.ok()?);
        if body.len() > MAX_READ_BYTES {
            break;
        }
    }
    if is_packed {
        text.push_str(&unpacked(body)?);
    } else {
        text.push_str(&String::from_utf8_lossy(&body));
    }
    Some(text)
}

/// The parts of a word-processor document, so far as they are read; `None` when it is none.
fn unpacked(document: Vec<u8>) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(document)).ok()?;
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let left = MAX_READ_BYTES.saturating_sub(parts.len()) as u64;
        archive.by_index(index).ok()?.take(left).read_to_end(&mut parts).ok()?;
    }
    Some(String::from_utf8_lossy(&parts).into_owned())
}

/// Whether a text names an address or an id, and not merely a longer one that begins the same.
fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let next = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_longer_slug_is_another_release() {
        assert!(names("<a href=\"/releases/messe\">", "/releases/messe"));
        assert!(names("https://p.example/releases/messe.txt", "/releases/messe"));
        assert!(!names("<a href=\"/releases/messe-2026\">", "/releases/messe"));
    }
}
