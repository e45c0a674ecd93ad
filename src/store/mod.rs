//! The database: one set of queries for SQLite and PostgreSQL.
//!
//! A record of the newsroom is a JSON document beside the few columns that queries need (slug, state,
//! language, when it becomes public). References between records stand in `link`, so "who shows this
//! photo?" is one indexed look-up. Reads run on [`Db`], writes inside a [`Tx`]; both are a [`Source`].

pub mod access;
pub mod account_link;
pub mod alert;
pub mod audit;
pub mod change;
pub mod db;
mod derived;
pub mod desk;
pub mod downloads;
pub mod dump;
mod error;
pub mod identity;
pub mod jobs;
mod lease;
pub mod list;
pub mod mail;
pub mod message;
mod migration;
pub mod passkey;
pub mod presence;
pub mod preview_link;
pub mod record;
pub mod search_misses;
pub mod second_factor;
pub mod setting;
pub mod upload;

pub use db::{Db, Source, Tx, q};
pub use error::{Result, StoreError};
pub use lease::Lease;
pub use migration::schema_version;
pub use record::Record;

use crate::domain::Timestamp;

/// Instants are stored as microseconds since the epoch: they sort, and both databases keep them exactly.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(crate) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
