//! The narrow tables beside the records: written with them, in the same transaction, and made anew from them.

use super::db::{Tx, marks, q};
use super::error::Result;
use super::record::{Columns, Record};
use crate::domain::{Id, Kind};

/// Assets written by one statement.
const CHUNK: usize = 500;

/// Each photo from when something that is public shows it; the condition says which ones.
const GALLERY: &str = "INSERT INTO gallery (asset_id, listed_from, public_until, form) \
                       SELECT a.id, MIN(r.public_from), a.public_until, a.form \
                       FROM link l JOIN record r ON r.id = l.source JOIN record a ON a.id = l.target \
                       WHERE l.rel = 'asset' AND a.kind = 'asset' AND r.public_from IS NOT NULL";

const fn has_heading(kind: Kind) -> bool {
    matches!(kind, Kind::Release | Kind::Asset)
}

impl Tx {
    /// Follows a record that was just written; `before` is what it listed until now. To be called when the change is
    /// logged: from then on no other transaction writes, and none that has written is still unseen.
    pub(super) async fn derive<R: Record>(
        &mut self,
        record: &R,
        columns: &Columns,
        mut before: Vec<String>,
    ) -> Result<()> {
        let id = record.id().to_string();
        if has_heading(R::KIND) {
            let heading = q(
                "INSERT INTO heading (record_id, kind, state, form, sort_key, words) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (record_id) DO UPDATE SET state = excluded.state, form = excluded.form, \
                   sort_key = excluded.sort_key, words = excluded.words",
            );
            self.execute(
                heading
                    .bind(id.clone())
                    .bind(R::KIND.as_str())
                    .bind(columns.state)
                    .bind(columns.form)
                    .bind(columns.sort_key)
                    .bind(format!("{} {}", columns.title.to_lowercase(), record.slug())),
            )
            .await?;
        }
        if R::KIND == Kind::Asset {
            return self.list_anew(vec![id]).await;
        }
        before.extend(record.links().into_iter().filter(|link| link.rel == "asset").map(|link| link.target));
        before.sort_unstable();
        before.dedup();
        self.list_anew(before).await
    }

    /// Follows a record that was just deleted.
    pub(super) async fn derive_deleted(&mut self, id: Id, mut before: Vec<String>) -> Result<()> {
        self.execute(q("DELETE FROM heading WHERE record_id = $1").bind(id.to_string())).await?;
        before.push(id.to_string());
        self.list_anew(before).await
    }

    /// Writes down from when these assets are listed.
    async fn list_anew(&mut self, assets: Vec<String>) -> Result<()> {
        for chunk in assets.chunks(CHUNK) {
            let marks = marks(1, chunk.len());
            let of = |sql: String| chunk.iter().fold(q(sql), |query, id| query.bind(id.clone()));
            self.execute(of(format!("DELETE FROM gallery WHERE asset_id IN ({marks})"))).await?;
            let group = "GROUP BY a.id, a.public_until, a.form";
            self.execute(of(format!("{GALLERY} AND l.target IN ({marks}) {group}"))).await?;
        }
        Ok(())
    }

    /// Makes all of it anew, after the records were written by other means.
    pub async fn derive_all(&mut self) -> Result<()> {
        self.execute(q("DELETE FROM gallery")).await?;
        self.execute(q(format!("{GALLERY} GROUP BY a.id, a.public_until, a.form"))).await?;
        self.execute(q("DELETE FROM heading")).await?;
        self.execute(q("INSERT INTO heading (record_id, kind, state, form, sort_key, words) \
             SELECT id, kind, state, form, sort_key, LOWER(title) || ' ' || slug FROM record \
             WHERE kind IN ('release', 'asset')"))
            .await?;
        self.execute(q("DELETE FROM release_photo_count")).await?;
        self.execute(q("INSERT INTO release_photo_count (day, release_id, count) \
             SELECT d.day, l.source, CAST(SUM(d.count) AS BIGINT) \
             FROM download_count d JOIN link l ON l.target = d.record_id JOIN record r ON r.id = l.source \
             WHERE d.kind = 'asset' AND d.form <> 'in-kit' AND l.rel = 'asset' AND r.kind = 'release' \
             GROUP BY d.day, l.source"))
            .await?;
        Ok(())
    }
}
