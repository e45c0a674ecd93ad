//! The approval of a release by a second person.

use serde::{Deserialize, Serialize};

use super::release::{Release, ReleaseState};
use super::{DomainError, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReviewStep {
    /// Waits for somebody else's look.
    Submitted,
    Approved,
    /// Given back, with a note.
    Returned,
}

impl ReviewStep {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Returned => "returned",
        }
    }
}

/// The last step that was taken on the way to an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub step: ReviewStep,
    /// As in the audit log.
    pub by: String,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Release {
    /// Whether somebody else than who last changed the content has approved it as it is.
    pub fn is_approved(&self) -> bool {
        self.review
            .as_ref()
            .is_some_and(|review| review.step == ReviewStep::Approved && review.by != self.edited_by)
    }

    /// Whether it says or shows something else; when it becomes public, and the like, is no content.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let content = |release: &Self| Self {
            state: ReleaseState::Draft,
            version: 0,
            slug: String::new(),
            aliases: Vec::new(),
            publish_at: None,
            embargo_until: None,
            published_at: None,
            updated_at: other.updated_at,
            created_at: other.created_at,
            withdrawn_at: None,
            withdrawn_reason: String::new(),
            corrections: Vec::new(),
            review: None,
            edited_by: String::new(),
            edited_at: None,
            ..release.clone()
        };
        content(self) == content(other)
    }

    /// Notes who has changed the content; an approval held for what was there before.
    pub fn note_edit(&mut self, before: &Self, by: &str, now: Timestamp) {
        if self.says_the_same(before) {
            return;
        }
        by.clone_into(&mut self.edited_by);
        self.edited_at = Some(now);
        if self.review.as_ref().is_some_and(|review| review.step == ReviewStep::Approved) {
            self.review = None;
        }
    }

    /// When it last came to say something else.
    pub fn last_edited(&self) -> Timestamp {
        self.edited_at.unwrap_or(self.updated_at)
    }

    pub fn submit(&mut self, by: &str, now: Timestamp) -> Result<(), DomainError> {
        self.take_step(ReviewStep::Submitted, by, "", now)
    }

    pub fn approve(&mut self, by: &str, now: Timestamp) -> Result<(), DomainError> {
        if by == self.edited_by {
            return Err(DomainError::conflict(
                "own_text",
                "Somebody else than who last changed the text has to approve it",
            ));
        }
        self.take_step(ReviewStep::Approved, by, "", now)
    }

    pub fn give_back(&mut self, by: &str, note: &str, now: Timestamp) -> Result<(), DomainError> {
        let is_open = self.review.as_ref().is_some_and(|review| review.step != ReviewStep::Returned);
        if !is_open {
            return Err(DomainError::conflict("not_submitted", "The release was not submitted for approval"));
        }
        if note.trim().is_empty() {
            return Err(DomainError::field("review-note", "required", "Say what is to be changed"));
        }
        self.take_step(ReviewStep::Returned, by, note.trim(), now)
    }

    fn take_step(
        &mut self,
        step: ReviewStep,
        by: &str,
        note: &str,
        now: Timestamp,
    ) -> Result<(), DomainError> {
        self.ready_for_the_public()?;
        if !matches!(self.state_at(now), ReleaseState::Draft | ReleaseState::Withdrawn) {
            return Err(DomainError::conflict(
                "not_a_draft",
                "Only what is not planned or public is approved",
            ));
        }
        self.review = Some(Review { step, by: by.to_owned(), at: now, note: note.to_owned() });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Id;
    use crate::domain::clock::ManualClock;

    #[test]
    fn an_approval_is_somebody_elses_and_for_this_text() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let mut release = Release::draft(Id::new(&ManualClock::at(now)), "de", "Titel", now);
        release.body = "Text".to_owned();
        release.edited_by = "a@x.example".to_owned();
        assert!(release.give_back("b@x.example", "Warum?", now).is_err(), "nothing was submitted");
        release.submit("a@x.example", now).unwrap();
        assert!(release.approve("a@x.example", now).is_err());
        assert!(release.give_back("b@x.example", " ", now).is_err());
        release.approve("b@x.example", now).unwrap();
        assert!(release.is_approved());

        let before = release.clone();
        release.slug = "anders".to_owned();
        release.note_edit(&before, "c@x.example", now);
        assert!(release.is_approved(), "its address is no content");
        release.body.push('!');
        release.note_edit(&before, "b@x.example", now);
        assert_eq!((release.is_approved(), release.edited_by.as_str()), (false, "b@x.example"));
        assert!(release.approve("b@x.example", now).is_err(), "who approved has become the one who wrote");
        release.approve("a@x.example", now).unwrap();
        release.publish(None, now).unwrap();
        assert!(release.submit("a@x.example", now).is_err());
    }
}
