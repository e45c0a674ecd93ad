//! The newsroom's settings: one versioned document; and small notes of the program to itself.

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

/// A note of the program to itself.
pub async fn value(on: impl Source, name: &'static str) -> Result<Option<String>> {
    let row: Option<(String,)> = on.first(q("SELECT doc FROM setting WHERE name = $1").bind(name)).await?;
    Ok(row.map(|(doc,)| doc))
}

impl Tx {
    pub async fn save_value(&mut self, name: &'static str, value: &str) -> Result<()> {
        self.execute(
            q("INSERT INTO setting (name, version, doc) VALUES ($1, 1, $2) \
               ON CONFLICT (name) DO UPDATE SET version = setting.version + 1, doc = excluded.doc")
            .bind(name)
            .bind(value.to_owned()),
        )
        .await?;
        Ok(())
    }

    /// Writes a note unless there is one.
    pub async fn keep_value(&mut self, name: &'static str, value: &str) -> Result<()> {
        self.execute(
            q("INSERT INTO setting (name, version, doc) VALUES ($1, 1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(name)
                .bind(value.to_owned()),
        )
        .await?;
        Ok(())
    }

    /// Replaces the settings when their version is still the one that was read.
    pub async fn save_newsroom(&mut self, newsroom: &mut Newsroom, now: Timestamp) -> Result<()> {
        self.take_turn().await?;
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
