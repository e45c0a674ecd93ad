//! The change log: what followers (search index, page cache, feeds) read, in commit order and without gaps.

use serde::Serialize;

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::{Id, Kind, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Created,
    Updated,
    Deleted,
}

impl Action {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub seq: i64,
    pub at: Timestamp,
    pub kind: Kind,
    pub record_id: String,
    pub action: Action,
}

/// Appends to the log. The counter's row is locked until the transaction ends, so on PostgreSQL too the
/// numbers appear in commit order: a follower that has seen `n` will never meet a smaller one later. That row is also
/// what [`Tx::take_turn`] locks.
pub(super) async fn append(tx: &mut Tx, kind: Kind, id: Id, action: Action, now: Timestamp) -> Result<()> {
    append_named(tx, kind, &id.to_string(), action, now).await
}

pub(super) async fn append_named(
    tx: &mut Tx,
    kind: Kind,
    record_id: &str,
    action: Action,
    now: Timestamp,
) -> Result<()> {
    tx.execute(q("UPDATE sequence SET value = value + 1 WHERE name = 'change_log'")).await?;
    tx.execute(
        q("INSERT INTO change_log (seq, at, kind, record_id, action) \
           SELECT value, $1, $2, $3, $4 FROM sequence WHERE name = 'change_log'")
        .bind(micros(now))
        .bind(kind.as_str())
        .bind(record_id.to_owned())
        .bind(action.as_str()),
    )
    .await?;
    Ok(())
}

/// The newest number in the log; 0 while nothing has happened.
pub async fn head(db: &Db) -> Result<i64> {
    let row: Option<(i64,)> = db.first(q("SELECT value FROM sequence WHERE name = 'change_log'")).await?;
    Ok(row.map_or(0, |(value,)| value))
}

/// At most `limit` changes after `since`, oldest first.
pub async fn since(db: &Db, since: i64, limit: i64) -> Result<Vec<Change>> {
    let rows: Vec<(i64, i64, String, String, String)> = db
        .all(
            q("SELECT seq, at, kind, record_id, action FROM change_log WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(since)
                .bind(limit),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(seq, at, kind, record_id, action)| {
            let action = match action.as_str() {
                "created" => Action::Created,
                "updated" => Action::Updated,
                _ => Action::Deleted,
            };
            Some(Change { seq, at: instant(at), kind: Kind::parse(&kind)?, record_id, action })
        })
        .collect())
}
