//! The newsroom's settings: one versioned document.

use super::change::{self, Action};
use super::db::{Source, Tx, q};
use super::error::{Result, StoreError};
use crate::domain::newsroom::Newsroom;
use crate::domain::{Kind, Timestamp};

/// The settings, or the defaults while nobody has changed them.
pub async fn newsroom(on: impl Source) -> Result<Newsroom> {
    let row: Option<(String, i64)> =
        on.first(q("SELECT doc, version FROM setting WHERE name = 'newsroom'")).await?;
    match row {
        Some((doc, version)) => Ok(Newsroom { version, ..serde_json::from_str(&doc)? }),
        None => Ok(Newsroom::default()),
    }
}

impl Tx {
    /// Replaces the settings when their version is still the one that was read.
    pub async fn save_newsroom(&mut self, newsroom: &mut Newsroom, now: Timestamp) -> Result<()> {
        let expected = newsroom.version;
        newsroom.version = expected + 1;
        let doc = serde_json::to_string(newsroom)?;
        let rows = if expected == 0 {
            self.execute(
                q("INSERT INTO setting (name, version, doc) VALUES ('newsroom', 1, $1) ON CONFLICT (name) DO NOTHING")
                    .bind(doc),
            )
            .await?
        } else {
            self.execute(
                q("UPDATE setting SET version = version + 1, doc = $1 WHERE name = 'newsroom' AND version = $2")
                    .bind(doc)
                    .bind(expected),
            )
            .await?
        };
        if rows == 0 {
            newsroom.version = expected;
            let current = self::newsroom(&mut *self).await?.version;
            return Err(StoreError::Stale { expected, current });
        }
        change::append_named(self, Kind::Newsroom, "newsroom", Action::Updated, now).await
    }
}
