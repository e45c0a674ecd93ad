//! Schema steps, applied at start. Each is additive and is never changed after a release.

use super::db::{Db, Source, Tx, q};
use super::error::{Result, StoreError};

const MIGRATIONS: [(i64, &str); 16] = [
    (1, include_str!("migrations/0001_newsroom.sql")),
    (2, include_str!("migrations/0002_downloads.sql")),
    (3, include_str!("migrations/0003_preview_links.sql")),
    (4, include_str!("migrations/0004_search_misses.sql")),
    (5, include_str!("migrations/0005_uploads.sql")),
    (6, include_str!("migrations/0006_presence.sql")),
    (7, include_str!("migrations/0007_mail.sql")),
    (8, include_str!("migrations/0008_accounts.sql")),
    (9, include_str!("migrations/0009_messages.sql")),
    (10, include_str!("migrations/0010_alerts.sql")),
    (11, include_str!("migrations/0011_identities.sql")),
    (12, include_str!("migrations/0012_passkeys.sql")),
    (13, include_str!("migrations/0013_large_newsrooms.sql")),
    (14, include_str!("migrations/0014_replacing_uploads.sql")),
    (15, include_str!("migrations/0015_release_photos.sql")),
    (16, include_str!("migrations/0016_removed_accounts.sql")),
];

/// An arbitrary number that all nodes agree on: only one of them migrates at a time.
const ADVISORY_LOCK: i64 = 7_211_306;

/// The schema that this program works with.
pub const fn schema_version() -> i64 {
    MIGRATIONS[MIGRATIONS.len() - 1].0
}

impl Db {
    /// Brings the schema up to date; refuses a database that a newer program has written.
    pub async fn migrate(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        if matches!(tx, Tx::Pg(..)) {
            tx.script(format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
        }
        tx.script(
            "CREATE TABLE IF NOT EXISTS schema_migration (id BIGINT PRIMARY KEY, checksum BIGINT NOT NULL)"
                .to_owned(),
        )
        .await?;
        let done: Vec<(i64, i64)> =
            (&mut tx).all(q("SELECT id, checksum FROM schema_migration ORDER BY id")).await?;
        let known = schema_version();
        if let Some((found, _)) = done.last().filter(|(id, _)| *id > known) {
            return Err(StoreError::NewerSchema { found: *found, known });
        }
        for (id, sql) in MIGRATIONS {
            let checksum = i64::from(crc32fast::hash(sql.as_bytes()));
            match done.iter().find(|(applied, _)| *applied == id) {
                Some((_, applied)) if *applied != checksum => return Err(StoreError::ChangedMigration(id)),
                Some(_) => {}
                None => {
                    tx.script(sql.to_owned()).await?;
                    tx.execute(
                        q("INSERT INTO schema_migration (id, checksum) VALUES ($1, $2)")
                            .bind(id)
                            .bind(checksum),
                    )
                    .await?;
                }
            }
        }
        tx.commit().await
    }
}
