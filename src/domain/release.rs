//! A press release and the steps of its life.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::review::Review;
use super::visibility::Exposure;
use super::{DomainError, FieldError, Id, Timestamp, ZonedTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseState {
    #[default]
    Draft,
    /// Goes online at `publish_at`.
    Scheduled,
    /// Finished and promised for `embargo_until`; public from that moment on.
    Embargoed,
    Published,
    /// Was public and was taken back, with a reason.
    Withdrawn,
}

impl ReleaseState {
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Scheduled, Self::Embargoed, Self::Published, Self::Withdrawn];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Embargoed => "embargoed",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CorrectionKind {
    /// Something was wrong.
    Correction,
    /// Something was added.
    Update,
}

/// A public note on a change after publication; notes are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub at: Timestamp,
    pub kind: CorrectionKind,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub id: Id,
    pub slug: String,
    /// BCP 47.
    pub language: String,
    /// The state that was last decided; [`Release::state_at`] says what the clock has made of it.
    #[serde(default)]
    pub state: ReleaseState,
    #[serde(default)]
    pub version: i64,
    pub headline: String,
    #[serde(default)]
    pub sub_headlines: Vec<String>,
    #[serde(default)]
    pub dateline_place: String,
    #[serde(default)]
    pub dateline_date: Option<Date>,
    /// Markdown.
    #[serde(default)]
    pub body: String,
    /// The key of a boilerplate of the newsroom, or Markdown of its own.
    #[serde(default)]
    pub boilerplate: String,
    #[serde(default)]
    pub topics: Vec<String>,
    #[serde(default)]
    pub contacts: Vec<Id>,
    /// In order; the first is the lead picture.
    #[serde(default)]
    pub assets: Vec<Id>,
    #[serde(default)]
    pub related: Vec<Id>,
    /// The release this one is a translation of.
    #[serde(default)]
    pub translation_of: Option<Id>,
    #[serde(default)]
    pub publish_at: Option<ZonedTime>,
    #[serde(default)]
    pub embargo_until: Option<ZonedTime>,
    /// The moment it first became public (or will, once that is decided).
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// The last change the public can see.
    pub updated_at: Timestamp,
    pub created_at: Timestamp,
    /// Earlier slugs and old paths that lead here.
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub withdrawn_at: Option<Timestamp>,
    #[serde(default)]
    pub withdrawn_reason: String,
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// How far it has come on the way to somebody else's approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Who last changed what it says, as in the audit log; empty when that was before it was noted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edited_by: String,
    /// When that was; its publication and the like do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
}

impl Release {
    /// A draft with nothing in it.
    pub fn draft(id: Id, language: &str, headline: &str, now: Timestamp) -> Self {
        Self {
            id,
            slug: String::new(),
            language: language.to_owned(),
            state: ReleaseState::Draft,
            version: 0,
            headline: headline.to_owned(),
            sub_headlines: Vec::new(),
            dateline_place: String::new(),
            dateline_date: None,
            body: String::new(),
            boilerplate: String::new(),
            topics: Vec::new(),
            contacts: Vec::new(),
            assets: Vec::new(),
            related: Vec::new(),
            translation_of: None,
            publish_at: None,
            embargo_until: None,
            published_at: None,
            updated_at: now,
            created_at: now,
            aliases: Vec::new(),
            withdrawn_at: None,
            withdrawn_reason: String::new(),
            corrections: Vec::new(),
            review: None,
            edited_by: String::new(),
            edited_at: None,
        }
    }

    /// From when the public may see it, or `None` while nobody has decided so.
    pub fn public_from(&self) -> Option<Timestamp> {
        match self.state {
            ReleaseState::Draft | ReleaseState::Withdrawn => None,
            ReleaseState::Scheduled => self.publish_at.as_ref().map(|at| at.utc),
            ReleaseState::Embargoed => self.embargo_until.as_ref().map(|at| at.utc),
            ReleaseState::Published => self.published_at,
        }
    }

    /// The state at a moment: a schedule that came and an embargo that passed are published.
    pub fn state_at(&self, now: Timestamp) -> ReleaseState {
        match self.public_from() {
            Some(from) if from <= now => ReleaseState::Published,
            _ => self.state,
        }
    }

    pub fn exposure(&self) -> Exposure {
        Exposure {
            public_from: self.public_from(),
            withdrawn: self.state == ReleaseState::Withdrawn,
            until: None,
        }
    }

    /// Publishes now, or under an embargo that ends later. Publishing what is public already changes
    /// nothing and returns `false`.
    pub fn publish(&mut self, embargo: Option<ZonedTime>, now: Timestamp) -> Result<bool, DomainError> {
        self.ready_for_the_public()?;
        let public = self.state_at(now) == ReleaseState::Published;
        match embargo.filter(|until| until.utc > now) {
            Some(_) if public => Err(DomainError::conflict(
                "already_published",
                "A release that is public cannot be embargoed",
            )),
            Some(until) => {
                self.state = ReleaseState::Embargoed;
                self.published_at = Some(until.utc);
                self.embargo_until = Some(until);
                self.publish_at = None;
                self.take_back_withdrawal();
                Ok(true)
            }
            None if public => Ok(false),
            None => {
                let first_time = self.state != ReleaseState::Withdrawn;
                self.state = ReleaseState::Published;
                self.publish_at = None;
                self.embargo_until = None;
                if first_time || self.published_at.is_none() {
                    self.published_at = Some(now);
                }
                self.take_back_withdrawal();
                Ok(true)
            }
        }
    }

    /// Whatever comes back, now or at its time, is withdrawn no more.
    fn take_back_withdrawal(&mut self) {
        self.withdrawn_at = None;
        self.withdrawn_reason.clear();
    }

    /// Plans the publication for a moment in the future.
    pub fn schedule(&mut self, at: ZonedTime, now: Timestamp) -> Result<(), DomainError> {
        self.ready_for_the_public()?;
        if self.state_at(now) == ReleaseState::Published {
            return Err(DomainError::conflict("already_published", "The release is public already"));
        }
        if at.utc <= now {
            return Err(DomainError::field("publish_at", "in_the_past", "The time has passed already"));
        }
        self.state = ReleaseState::Scheduled;
        self.published_at = Some(at.utc);
        self.publish_at = Some(at);
        self.embargo_until = None;
        self.take_back_withdrawal();
        Ok(())
    }

    /// Takes back what is public, or calls off a schedule or an embargo: that becomes a draft again.
    pub fn withdraw(&mut self, reason: &str, now: Timestamp) -> Result<(), DomainError> {
        match self.state_at(now) {
            ReleaseState::Published => {
                if reason.trim().is_empty() {
                    return Err(DomainError::field(
                        "reason",
                        "required",
                        "Say why: the public reads it at the release's address",
                    ));
                }
                self.state = ReleaseState::Withdrawn;
                self.withdrawn_at = Some(now);
                self.withdrawn_reason = reason.trim().to_owned();
            }
            ReleaseState::Scheduled | ReleaseState::Embargoed => {
                self.state = ReleaseState::Draft;
                self.publish_at = None;
                self.embargo_until = None;
                self.published_at = None;
            }
            state => {
                return Err(DomainError::conflict(
                    "not_published",
                    format!("A release that is {} cannot be withdrawn", state.as_str()),
                ));
            }
        }
        Ok(())
    }

    /// When and why it was taken back, as long as it is. Of what came back there may be words left from before they were
    /// cleared; they are nobody's any more.
    pub fn withdrawal(&self) -> (Option<Timestamp>, &str) {
        match self.state {
            ReleaseState::Withdrawn => (self.withdrawn_at, &self.withdrawn_reason),
            _ => (None, ""),
        }
    }

    /// What a draft may lack and a release for the public may not.
    pub fn ready_for_the_public(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        if self.headline.trim().is_empty() {
            errors.push(FieldError::new("headline", "required", "A release needs a headline"));
        }
        if self.body.trim().is_empty() {
            errors.push(FieldError::new("body", "required", "A release needs a body before it is published"));
        }
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }

    pub fn validate(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        if self.headline.trim().is_empty() {
            errors.push(FieldError::new("headline", "required", "A release needs a headline"));
        }
        if self.headline.chars().count() > 300 {
            errors.push(FieldError::new("headline", "too_long", "A headline has at most 300 characters"));
        }
        if self.body.len() > 1_000_000 {
            errors.push(FieldError::new("body", "too_long", "A body has at most 1,000,000 bytes"));
        }
        if !super::newsroom::is_language(&self.language) {
            errors.push(FieldError::new("language", "invalid", "Not a language tag such as de or en"));
        }
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::{Clock, ManualClock};
    use crate::domain::visibility::{Access, Viewer, decide};

    fn draft(now: Timestamp) -> Release {
        let clock = ManualClock::at(now);
        let mut release = Release::draft(Id::new(&clock), "de", "Titel", clock.now());
        release.body = "Text".to_owned();
        release
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_embargo_lifts_because_the_clock_passed() {
        let now = at("2026-11-24T12:00:00Z");
        let mut release = draft(now);
        let until = ZonedTime::resolve("t", "2026-11-30T10:00".parse().unwrap(), "Europe/Berlin").unwrap();
        assert!(release.publish(Some(until.clone()), now).unwrap());
        assert_eq!(release.state_at(now), ReleaseState::Embargoed);
        assert_eq!(decide(&release.exposure(), Viewer::Public, now), Access::Hidden);
        assert_eq!(release.state_at(until.utc), ReleaseState::Published);
        assert_eq!(decide(&release.exposure(), Viewer::Public, until.utc), Access::Open);
    }

    #[test]
    fn publishing_twice_changes_nothing_and_an_embargo_comes_too_late() {
        let now = at("2026-11-24T12:00:00Z");
        let mut release = draft(now);
        assert!(release.publish(None, now).unwrap());
        let later = at("2026-11-24T13:00:00Z");
        assert!(!release.publish(None, later).unwrap());
        assert_eq!(release.published_at, Some(now));
        let until = ZonedTime::from_instant(at("2027-01-01T00:00:00Z"), "UTC");
        assert!(matches!(release.publish(Some(until), later), Err(DomainError::Conflict { .. })));
    }

    #[test]
    fn withdrawing_needs_a_reason_and_calls_off_what_is_planned() {
        let now = at("2026-11-24T12:00:00Z");
        let mut release = draft(now);
        assert!(release.withdraw("x", now).is_err());
        release.schedule(ZonedTime::from_instant(at("2026-12-01T09:00:00Z"), "UTC"), now).unwrap();
        release.withdraw("", now).unwrap();
        assert_eq!(release.state, ReleaseState::Draft);
        release.publish(None, now).unwrap();
        assert!(release.withdraw(" ", now).is_err());
        release.withdraw("Zahlen falsch", now).unwrap();
        assert_eq!(decide(&release.exposure(), Viewer::Public, now), Access::Gone);
        release.publish(None, at("2026-11-25T12:00:00Z")).unwrap();
        assert_eq!(release.published_at, Some(now), "the first publication stands");
    }

    #[test]
    fn what_comes_back_by_the_clock_is_withdrawn_no_more() {
        let (first, now) = (at("2026-11-20T12:00:00Z"), at("2026-11-24T12:00:00Z"));
        let later = ZonedTime::from_instant(at("2026-12-01T09:00:00Z"), "UTC");
        let mut withdrawn = draft(first);
        withdrawn.publish(None, first).unwrap();
        withdrawn.withdraw("Zahlen falsch", first).unwrap();
        let (mut embargoed, mut scheduled) = (withdrawn.clone(), withdrawn);
        embargoed.publish(Some(later.clone()), now).unwrap();
        scheduled.schedule(later, now).unwrap();
        for mut release in [embargoed, scheduled] {
            assert_eq!((release.withdrawn_at, release.withdrawn_reason.as_str()), (None, ""));
            // Sooner than planned, it is public from then on.
            release.publish(None, now).unwrap();
            assert_eq!(decide(&release.exposure(), Viewer::Public, now), Access::Open);
        }
    }

    #[test]
    fn words_left_of_an_old_withdrawal_are_not_told() {
        let (first, now) = (at("2026-11-20T12:00:00Z"), at("2026-11-24T12:00:00Z"));
        let later = ZonedTime::from_instant(at("2026-12-01T09:00:00Z"), "UTC");
        let mut release = draft(first);
        release.publish(None, first).unwrap();
        release.withdraw("Zahlen falsch", first).unwrap();
        assert_eq!(release.withdrawal(), (Some(first), "Zahlen falsch"));
        release.schedule(later, now).unwrap();
        // As it was stored once.
        release.withdrawn_at = Some(first);
        release.withdrawn_reason = "Zahlen falsch".to_owned();
        assert_eq!(release.withdrawal(), (None, ""));
        release.publish(None, now).unwrap();
        assert_eq!(decide(&release.exposure(), Viewer::Public, now), Access::Open, "not only at its time");
        assert_eq!(release.withdrawal(), (None, ""));
        release.withdraw("Foto falsch", now).unwrap();
        assert_eq!(release.withdrawal(), (Some(now), "Foto falsch"));
    }

    #[test]
    fn nothing_without_a_body_gets_public() {
        let now = at("2026-11-24T12:00:00Z");
        let mut release = draft(now);
        release.body.clear();
        assert!(release.publish(None, now).is_err());
    }
}
