//! What can go wrong in the database, told apart by what the caller can do about it.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else changed the record since it was read.
    #[error("The record has version {current}, not {expected}")]
    Stale { expected: i64, current: i64 },
    /// A value that must be unique is taken.
    #[error("The value is taken already")]
    Taken,
    /// The database cannot be reached or is out of connections; trying again may help.
    #[error("The database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// Another transaction stood in the way of this one, which was undone as a whole; it may simply be made again.
    #[error("Another transaction stood in the way")]
    Contended(#[source] sqlx::Error),
    /// The disk under the database is full.
    #[error("The database's disk is full")]
    Full(#[source] sqlx::Error),
    /// The database was written by a newer program.
    #[error(
        "The database has schema {found}, this program knows up to {known}: start the newer version of pressroom again"
    )]
    NewerSchema { found: i64, known: i64 },
    #[error("Migration {0} was changed after it was applied")]
    ChangedMigration(i64),
    #[error("A stored document cannot be read")]
    Document(#[from] serde_json::Error),
    #[error("The database refused a statement")]
    Sql(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Tls(_) | E::Protocol(_) => {
                Self::Unavailable(error)
            }
            E::Database(db) if db.is_unique_violation() => Self::Taken,
            E::Database(db) => {
                let code = db.code().unwrap_or_default().into_owned();
                match code.as_str() {
                    // SQLITE_FULL, SQLITE_IOERR_WRITE; PostgreSQL class 53 "disk full"
                    "13" | "778" | "53100" => Self::Full(error),
                    // PostgreSQL: serialization failure, deadlock
                    "40001" | "40P01" => Self::Contended(error),
                    // SQLITE_BUSY, SQLITE_CANTOPEN; PostgreSQL: shutting down, cannot connect, too many connections
                    "5" | "14" | "57P01" | "57P02" | "57P03" | "53300" => Self::Unavailable(error),
                    _ => Self::Sql(error),
                }
            }
            _ => Self::Sql(error),
        }
    }
}

pub type Result<T> = std::result::Result<T, StoreError>;
