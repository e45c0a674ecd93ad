//! A curated set of assets: logos, portraits, an event.

use super::{DomainError, Id, Localized, Publication, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Album {
    pub id: Id,
    pub slug: String,
    #[serde(default)]
    pub version: i64,
    pub title: Localized,
    /// Markdown.
    #[serde(default)]
    pub description: Localized,
    #[serde(default)]
    pub assets: Vec<Id>,
    #[serde(default)]
    pub state: Publication,
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    #[serde(default)]
    pub order: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Album {
    /// From when the public may see the album, or `None` while it is a draft.
    pub fn public_from(&self) -> Option<Timestamp> {
        (self.state == Publication::Published).then_some(self.published_at.unwrap_or(self.created_at))
    }

    pub fn validate(&self) -> Result<(), DomainError> {
        if self.title.is_empty() {
            return Err(DomainError::field("title", "required", "An album needs a title"));
        }
        Ok(())
    }
}
