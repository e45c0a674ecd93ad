//! Who has a release open at the desk.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::{Id, Timestamp};

/// Somebody with their page open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    pub name: String,
    pub since: Timestamp,
}

/// Everybody but one who was seen at a record after some moment, who came first first.
pub async fn others(db: &Db, record: Id, account: Id, after: Timestamp) -> Result<Vec<Present>> {
    let query =
        q("SELECT name, since FROM presence WHERE record_id = $1 AND account_id <> $2 AND seen_at > $3 \
                   ORDER BY since, name LIMIT 20");
    let rows: Vec<(String, i64)> =
        db.all(query.bind(record.to_string()).bind(account.to_string()).bind(micros(after))).await?;
    Ok(rows.into_iter().map(|(name, since)| Present { name, since: instant(since) }).collect())
}

impl Tx {
    /// Notes that somebody is there; who was not seen after `lost` has come anew.
    pub async fn note_presence(
        &mut self,
        record: Id,
        (account, name): (Id, &str),
        now: Timestamp,
        lost: Timestamp,
    ) -> Result<()> {
        self.execute(
            q("INSERT INTO presence (record_id, account_id, name, since, seen_at) VALUES ($1, $2, $3, $4, $4) \
               ON CONFLICT (record_id, account_id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at, \
               since = CASE WHEN presence.seen_at > $5 THEN presence.since ELSE excluded.since END")
            .bind(record.to_string())
            .bind(account.to_string())
            .bind(name.to_owned())
            .bind(micros(now))
            .bind(micros(lost)),
        )
        .await?;
        Ok(())
    }

    pub async fn end_presence(&mut self, record: Id, account: Id) -> Result<()> {
        let delete = q("DELETE FROM presence WHERE record_id = $1 AND account_id = $2");
        self.execute(delete.bind(record.to_string()).bind(account.to_string())).await?;
        Ok(())
    }

    pub async fn delete_presence_before(&mut self, time: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM presence WHERE seen_at < $1").bind(micros(time))).await
    }
}
