//! Whole tables, in and out, for backups that fit either engine.
//!
//! Every value is read and written as text: both engines turn their numbers into the same text and back.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

use super::db::{Db, Source, Tx, q};
use super::error::{Result, StoreError};

/// A table with what a backup must know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// Orders the rows; unique.
    pub key: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub is_number: bool,
}

const fn text(name: &'static str) -> Column {
    Column { name, is_number: false }
}

const fn number(name: &'static str) -> Column {
    Column { name, is_number: true }
}

/// Tables of what is under way only: a sender whose file was half here when the backup was made begins again, and who had
/// a release open has long closed it.
#[cfg(test)]
const UNDER_WAY: [&str; 3] = ["upload", "upload_piece", "presence"];

/// Tables that are made of the records, anew when a backup is restored.
#[cfg(test)]
const DERIVED: [&str; 3] = ["gallery", "heading", "release_photo_count"];

/// Every table but those, and but the list of applied schema steps, which belongs to the program.
pub const TABLES: [Table; 27] = [
    Table {
        name: "record",
        columns: &[
            text("id"),
            text("kind"),
            text("slug"),
            text("state"),
            text("form"),
            text("language"),
            text("title"),
            number("sort_key"),
            number("public_from"),
            number("public_until"),
            text("digest"),
            number("version"),
            number("created_at"),
            number("updated_at"),
            text("doc"),
        ],
        key: "id",
    },
    Table { name: "slug", columns: &[text("kind"), text("slug"), text("record_id")], key: "kind, slug" },
    Table {
        name: "link",
        columns: &[text("source"), text("rel"), text("target"), number("position")],
        key: "source, rel, target",
    },
    Table { name: "setting", columns: &[text("name"), number("version"), text("doc")], key: "name" },
    Table { name: "sequence", columns: &[text("name"), number("value")], key: "name" },
    Table {
        name: "change_log",
        columns: &[number("seq"), number("at"), text("kind"), text("record_id"), text("action")],
        key: "seq",
    },
    Table {
        name: "audit_log",
        columns: &[
            text("id"),
            number("at"),
            text("actor"),
            text("action"),
            text("kind"),
            text("record_id"),
            text("before"),
            text("after"),
        ],
        key: "id",
    },
    Table {
        name: "account",
        columns: &[
            text("id"),
            text("email"),
            text("name"),
            text("role"),
            text("password_hash"),
            number("created_at"),
        ],
        key: "id",
    },
    Table {
        name: "api_token",
        columns: &[
            text("id"),
            text("name"),
            text("role"),
            text("secret_hash"),
            number("created_at"),
            number("last_used_at"),
            number("revoked_at"),
        ],
        key: "id",
    },
    Table {
        name: "session",
        columns: &[
            text("secret_hash"),
            text("account_id"),
            number("created_at"),
            number("seen_at"),
            text("user_agent"),
            number("by_provider"),
        ],
        key: "secret_hash",
    },
    Table {
        name: "account_identity",
        columns: &[text("issuer"), text("subject"), text("account_id"), number("linked_at")],
        key: "issuer, subject",
    },
    Table {
        name: "removed_account",
        columns: &[text("account_id"), text("email"), text("name"), text("removed_by"), number("removed_at")],
        key: "account_id",
    },
    Table {
        name: "job",
        columns: &[
            text("id"),
            text("name"),
            text("payload"),
            text("dedup_key"),
            text("state"),
            number("priority"),
            number("attempt"),
            number("run_at"),
            text("lease_owner"),
            number("lease_until"),
            text("error"),
            number("created_at"),
            number("finished_at"),
        ],
        key: "id",
    },
    Table {
        name: "download_count",
        columns: &[text("day"), text("kind"), text("record_id"), text("form"), number("count")],
        key: "day, record_id, form",
    },
    Table {
        name: "message",
        columns: &[
            text("id"),
            text("contact_id"),
            text("form_hash"),
            text("sender"),
            text("email"),
            text("outlet"),
            text("body"),
            text("language"),
            number("created_at"),
            number("read_at"),
        ],
        key: "id",
    },
    Table {
        name: "alert",
        columns: &[
            text("id"),
            text("form_hash"),
            text("email"),
            text("search"),
            text("language"),
            number("created_at"),
            number("confirmed_at"),
            number("sent_at"),
        ],
        key: "id",
    },
    Table {
        name: "alert_hit",
        columns: &[text("alert_id"), text("release_id")],
        key: "alert_id, release_id",
    },
    Table { name: "alert_release", columns: &[text("release_id"), number("public_from")], key: "release_id" },
    Table { name: "search_miss", columns: &[text("day"), text("query"), number("count")], key: "day, query" },
    Table {
        name: "preview_link",
        columns: &[
            text("id"),
            text("release_id"),
            text("secret_hash"),
            text("recipient"),
            text("created_by"),
            number("created_at"),
            number("expires_at"),
            number("revoked_at"),
            number("seen_at"),
            number("seen_count"),
        ],
        key: "id",
    },
    Table {
        name: "mail",
        columns: &[
            text("id"),
            text("recipient"),
            text("reply_to"),
            text("subject"),
            text("body"),
            text("unsubscribe"),
            text("message_id"),
            number("confidential"),
            number("created_at"),
            number("expires_at"),
            number("sent_at"),
            number("failed_at"),
            text("error"),
        ],
        key: "id",
    },
    Table {
        name: "account_link",
        columns: &[
            text("id"),
            text("purpose"),
            text("email"),
            text("name"),
            text("role"),
            text("secret_hash"),
            text("created_by"),
            number("created_at"),
            number("expires_at"),
        ],
        key: "id",
    },
    Table {
        name: "second_factor",
        columns: &[text("account_id"), text("secret"), number("confirmed_at"), number("last_step")],
        key: "account_id",
    },
    Table {
        name: "recovery_code",
        columns: &[text("account_id"), text("code_hash"), number("used_at")],
        key: "account_id, code_hash",
    },
    Table {
        name: "sign_in_ticket",
        columns: &[text("secret_hash"), text("account_id"), number("created_at"), number("misses")],
        key: "secret_hash",
    },
    Table {
        name: "passkey",
        columns: &[
            text("id"),
            text("account_id"),
            text("name"),
            text("credential_id"),
            text("public_key"),
            number("algorithm"),
            number("counter"),
            number("created_at"),
            number("last_used_at"),
        ],
        key: "id",
    },
    Table {
        name: "passkey_challenge",
        columns: &[text("challenge_hash"), number("used_at")],
        key: "challenge_hash",
    },
];

/// Rows written by one statement.
const ROWS_PER_INSERT: usize = 40;

/// A row of any table: its values as text.
pub struct TextRow(pub Vec<Option<String>>);

impl FromRow<'_, SqliteRow> for TextRow {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        (0..row.len()).map(|i| row.try_get(i)).collect::<sqlx::Result<_>>().map(Self)
    }
}

impl FromRow<'_, PgRow> for TextRow {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        (0..row.len()).map(|i| row.try_get(i)).collect::<sqlx::Result<_>>().map(Self)
    }
}

/// A row as it stands in a backup: one JSON object by column name.
pub type JsonRow = BTreeMap<String, serde_json::Value>;

impl Table {
    pub fn by_name(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    fn json(&self, row: TextRow) -> Result<JsonRow> {
        let value = |column: &Column, value: Option<String>| -> Result<serde_json::Value> {
            match value {
                None => Ok(serde_json::Value::Null),
                Some(number) if column.is_number => Ok(serde_json::from_str(&number)?),
                Some(text) => Ok(serde_json::Value::String(text)),
            }
        };
        self.columns
            .iter()
            .zip(row.0)
            .map(|(column, text)| Ok((column.name.to_owned(), value(column, text)?)))
            .collect()
    }
}

/// Hands every row of a table to `take`, in the order of its key.
pub async fn read_table<E: From<StoreError>>(
    tx: &mut Tx,
    table: &Table,
    mut take: impl FnMut(JsonRow) -> std::result::Result<(), E> + Send,
) -> std::result::Result<(), E> {
    let columns: Vec<String> =
        table.columns.iter().map(|column| format!("CAST({} AS TEXT)", column.name)).collect();
    let query = q(format!("SELECT {} FROM {} ORDER BY {}", columns.join(", "), table.name, table.key));
    tx.each(query, |row: TextRow| take(table.json(row)?)).await
}

/// Writes rows into a table. Columns that the rows do not have are left to the table's own defaults.
pub async fn write_rows(tx: &mut Tx, table: &Table, rows: &[JsonRow]) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let columns: Vec<&Column> =
        table.columns.iter().filter(|column| first.contains_key(column.name)).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let mut place = 0;
        let mut tuples = Vec::with_capacity(chunk.len());
        for _ in chunk {
            let values: Vec<String> = columns
                .iter()
                .map(|column| {
                    place += 1;
                    if column.is_number { format!("CAST(${place} AS BIGINT)") } else { format!("${place}") }
                })
                .collect();
            tuples.push(format!("({})", values.join(", ")));
        }
        let mut insert =
            q(format!("INSERT INTO {} ({}) VALUES {}", table.name, names.join(", "), tuples.join(", ")));
        for row in chunk {
            for column in &columns {
                insert = insert.bind(match row.get(column.name) {
                    None | Some(serde_json::Value::Null) => None,
                    Some(serde_json::Value::String(text)) => Some(text.clone()),
                    Some(other) => Some(other.to_string()),
                });
            }
        }
        tx.execute(insert).await?;
    }
    Ok(())
}

/// The first table that holds something, counters that stand at zero aside.
pub async fn first_filled(on: &Db) -> Result<Option<&'static str>> {
    for table in &TABLES {
        let condition = if table.name == "sequence" { "WHERE value <> 0" } else { "" };
        let row: Option<(String,)> = on
            .first(q(format!(
                "SELECT CAST({} AS TEXT) FROM {} {condition} LIMIT 1",
                table.columns[0].name, table.name
            )))
            .await?;
        if row.is_some() {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

/// Empties the counters, which an empty database has too.
pub async fn clear_counters(tx: &mut Tx) -> Result<()> {
    tx.execute(q("DELETE FROM sequence")).await?;
    Ok(())
}

/// What the database engine itself finds wrong with its file; PostgreSQL checks its pages by itself.
pub async fn integrity(db: &Db) -> Result<Vec<String>> {
    if db.is_postgres() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String,)> = db.all(q("PRAGMA integrity_check")).await?;
    Ok(rows.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_list_names_every_table_and_column_there_is() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("x.db")).await.unwrap();
        db.migrate().await.unwrap();
        let tables: Vec<(String,)> = db
            .all(q("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration' \
                    AND name NOT LIKE 'sqlite_%' ORDER BY name"))
            .await
            .unwrap();
        let others = UNDER_WAY.into_iter().chain(DERIVED);
        let mut listed: Vec<&str> = TABLES.iter().map(|table| table.name).chain(others).collect();
        listed.sort_unstable();
        assert_eq!(tables.iter().map(|(name,)| name.as_str()).collect::<Vec<_>>(), listed);
        for table in &TABLES {
            let there: Vec<(String, String)> = db
                .all(q(format!("SELECT name, type FROM pragma_table_info('{}') ORDER BY cid", table.name)))
                .await
                .unwrap();
            let listed: Vec<(String, String)> = table
                .columns
                .iter()
                .map(|c| (c.name.to_owned(), if c.is_number { "BIGINT" } else { "TEXT" }.to_owned()))
                .collect();
            assert_eq!(there, listed, "{}", table.name);
        }
    }
}
