//! A date for the press: a press conference, a photo call, a fair.

use super::{DomainError, FieldError, Id, Localized, Publication, Timestamp, ZonedTime};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// As in iCalendar (RFC 5545, section 3.8.1.11) with schema.org's "postponed" beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    #[default]
    Confirmed,
    Tentative,
    Cancelled,
    Postponed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: Id,
    pub slug: String,
    #[serde(default)]
    pub version: i64,
    pub title: Localized,
    /// Markdown.
    #[serde(default)]
    pub description: Localized,
    pub starts_at: ZonedTime,
    #[serde(default)]
    pub ends_at: Option<ZonedTime>,
    #[serde(default)]
    pub venue: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub status: EventStatus,
    #[serde(default)]
    pub contacts: Vec<Id>,
    #[serde(default)]
    pub releases: Vec<Id>,
    #[serde(default)]
    pub topics: Vec<String>,
    #[serde(default)]
    pub state: Publication,
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Event {
    /// From when the public may see the event, or `None` while it is a draft.
    pub fn public_from(&self) -> Option<Timestamp> {
        (self.state == Publication::Published).then_some(self.published_at.unwrap_or(self.created_at))
    }

    /// When it is over: its end, or, when none is given, the end of its first day where it takes place.
    pub fn over_at(&self) -> Timestamp {
        self.ends_at.as_ref().map_or_else(|| self.starts_at.end_of_day(), |end| end.utc)
    }

    /// The days on which it takes place, on the clocks there.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let first = self.starts_at.local.date();
        let last = self.ends_at.as_ref().map_or(first, |end| end.local.date());
        first.series(1.day()).take_while(move |day| *day <= last)
    }

    pub fn validate(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        if self.title.is_empty() {
            errors.push(FieldError::new("title", "required", "An event needs a title"));
        }
        if self.ends_at.as_ref().is_some_and(|end| end.utc < self.starts_at.utc) {
            errors.push(FieldError::new("ends_at", "before_start", "The event ends before it starts"));
        }
        if !self.url.is_empty() && !self.url.starts_with("https://") && !self.url.starts_with("http://") {
            errors.push(FieldError::new("url", "invalid", "The address must begin with https:// or http://"));
        }
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }
}
