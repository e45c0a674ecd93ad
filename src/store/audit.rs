//! Who changed what, with the record before and after.

use serde::Serialize;

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::{Id, Kind, Timestamp};

#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub at: Timestamp,
    pub actor: String,
    /// A verb of the desk: `create`, `edit`, `publish`, `withdraw`, `delete` …
    pub action: String,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// A deed to be written down.
pub struct Deed<'a> {
    pub id: Id,
    pub at: Timestamp,
    pub actor: &'a str,
    pub action: &'a str,
    pub kind: Kind,
    pub record_id: String,
}

impl Tx {
    pub async fn audit<T: Serialize>(
        &mut self,
        deed: Deed<'_>,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<()> {
        let text = |value: Option<&T>| value.map(serde_json::to_string).transpose();
        self.execute(
            q("INSERT INTO audit_log (id, at, actor, action, kind, record_id, before, after) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(deed.id.to_string())
            .bind(micros(deed.at))
            .bind(deed.actor.to_owned())
            .bind(deed.action.to_owned())
            .bind(deed.kind.as_str())
            .bind(deed.record_id)
            .bind(text(before)?)
            .bind(text(after)?),
        )
        .await?;
        Ok(())
    }
}

/// A record as a version left it, if the log knows that.
pub async fn version_of(db: &Db, id: Id, version: i64) -> Result<Option<serde_json::Value>> {
    let entries = of_record(db, id, i64::from(u16::MAX)).await?;
    let mut left = entries.into_iter().filter_map(|entry| entry.after);
    let is_it =
        |after: &serde_json::Value| after.get("version").and_then(serde_json::Value::as_i64) == Some(version);
    Ok(left.find(is_it))
}

/// The latest deeds on one record, newest first.
pub async fn of_record(db: &Db, id: Id, limit: i64) -> Result<Vec<Entry>> {
    type Row = (i64, String, String, Option<String>, Option<String>);
    let rows: Vec<Row> = db
        .all(
            q("SELECT at, actor, action, before, after FROM audit_log WHERE record_id = $1 ORDER BY id DESC LIMIT $2")
                .bind(id.to_string())
                .bind(limit),
        )
        .await?;
    rows.into_iter()
        .map(|(at, actor, action, before, after)| {
            let read = |text: Option<String>| text.map(|t| serde_json::from_str(&t)).transpose();
            Ok(Entry { at: instant(at), actor, action, before: read(before)?, after: read(after)? })
        })
        .collect()
}
