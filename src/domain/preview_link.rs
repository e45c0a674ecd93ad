//! A link that shows a release to somebody without an account before it is public: a board member, a partner, a
//! journalist who keeps an embargo. It ends by itself and can be revoked at any time.

use serde::Serialize;

use super::{DomainError, Id, Timestamp};

/// For how many days a link can be made.
pub const DAYS: [i64; 3] = [1, 7, 30];
/// Characters of a recipient.
pub const MAX_RECIPIENT: usize = 120;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewLink {
    pub id: Id,
    pub release: Id,
    /// For whom it was made, as the officer wrote it; may be empty.
    pub recipient: String,
    /// Who made it, as the audit log names them.
    pub created_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// When the page was last opened.
    pub seen_at: Option<Timestamp>,
    pub seen_count: i64,
}

impl PreviewLink {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A recipient without space around it.
pub fn recipient(text: &str) -> Result<String, DomainError> {
    let text = text.trim();
    if text.chars().count() > MAX_RECIPIENT {
        return Err(DomainError::field("link-recipient", "too_long", "At most 120 characters"));
    }
    Ok(text.to_owned())
}
