//! Links to the preview of a release. Of their secrets only SHA-256 hashes are kept.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::preview_link::PreviewLink;
use crate::domain::{Id, Timestamp};

type Row = (String, String, String, String, i64, i64, Option<i64>, Option<i64>, i64);

fn link((id, release, recipient, by, made, expires, revoked, seen, count): Row) -> Option<PreviewLink> {
    Some(PreviewLink {
        id: id.parse().ok()?,
        release: release.parse().ok()?,
        recipient,
        created_by: by,
        created_at: instant(made),
        expires_at: instant(expires),
        revoked_at: revoked.map(instant),
        seen_at: seen.map(instant),
        seen_count: count,
    })
}

const LINK: &str = "SELECT id, release_id, recipient, created_by, created_at, expires_at, revoked_at, seen_at, \
                    seen_count FROM preview_link";

/// The links of a release, those that are alive first, each newest first.
pub async fn of_release(
    on: impl Source,
    release: Id,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<PreviewLink>> {
    let query = q(format!(
        "{LINK} WHERE release_id = $1 \
         ORDER BY CASE WHEN revoked_at IS NULL AND expires_at > $2 THEN 0 ELSE 1 END, id DESC LIMIT {limit}"
    ));
    let rows: Vec<Row> = on.all(query.bind(release.to_string()).bind(micros(now))).await?;
    Ok(rows.into_iter().filter_map(link).collect())
}

/// The link with this secret's hash, if it is alive: one that has ended is looked up like one that never was.
pub async fn live_by_hash(db: &Db, hash: String, now: Timestamp) -> Result<Option<PreviewLink>> {
    let query = q(format!("{LINK} WHERE secret_hash = $1 AND revoked_at IS NULL AND expires_at > $2"));
    let row: Option<Row> = db.first(query.bind(hash).bind(micros(now))).await?;
    Ok(row.and_then(link))
}

impl Tx {
    pub async fn insert_preview_link(&mut self, link: &PreviewLink, secret_hash: String) -> Result<()> {
        self.execute(
            q("INSERT INTO preview_link (id, release_id, secret_hash, recipient, created_by, created_at, expires_at, \
               seen_count) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)")
            .bind(link.id.to_string())
            .bind(link.release.to_string())
            .bind(secret_hash)
            .bind(link.recipient.clone())
            .bind(link.created_by.clone())
            .bind(micros(link.created_at))
            .bind(micros(link.expires_at)),
        )
        .await?;
        Ok(())
    }

    pub async fn revoke_preview_link(&mut self, id: Id, now: Timestamp) -> Result<()> {
        let update = q("UPDATE preview_link SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL");
        self.execute(update.bind(micros(now)).bind(id.to_string())).await?;
        Ok(())
    }

    pub async fn note_preview_seen(&mut self, id: Id, now: Timestamp) -> Result<()> {
        let update = q("UPDATE preview_link SET seen_at = $1, seen_count = seen_count + 1 WHERE id = $2");
        self.execute(update.bind(micros(now)).bind(id.to_string())).await?;
        Ok(())
    }

    pub async fn delete_preview_links_ended_before(&mut self, time: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM preview_link WHERE expires_at < $1").bind(micros(time))).await
    }
}
