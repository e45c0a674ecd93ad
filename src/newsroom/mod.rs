//! The use cases: what people and scripts do with the newsroom. Every write of the desk, the API, the
//! importer and the command line goes through here: one function, one transaction, with its change-log
//! and audit entries and the jobs it causes.

pub mod accounts;
pub mod assets;
pub mod content;
mod error;
pub mod fields;
pub mod releases;
pub mod renditions;
pub mod settings;

pub use error::{Error, Result};

use std::path::PathBuf;
use std::sync::Arc;

use crate::blob::BlobStore;
use crate::domain::account::{Actor, Role};
use crate::domain::clock::SharedClock;
use crate::domain::newsroom::Newsroom;
use crate::domain::{Id, Timestamp};
use crate::store::{self, Db};

/// What every use case needs.
#[derive(Clone)]
pub struct Context {
    pub db: Db,
    pub blobs: BlobStore,
    pub clock: SharedClock,
    /// A folder of this machine for work in progress.
    pub scratch: PathBuf,
    pub signals: Arc<Signals>,
}

/// Wakes this node's followers and workers at once; other nodes find out by looking.
#[derive(Debug, Default)]
pub struct Signals {
    /// The change log has grown.
    pub changed: tokio::sync::Notify,
    /// A job was enqueued.
    pub job: tokio::sync::Notify,
    /// Pages rendered from what was read before this number moved are stale.
    pub generation: std::sync::atomic::AtomicU64,
}

impl Context {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn new_id(&self) -> Id {
        Id::new(&*self.clock)
    }

    pub async fn newsroom(&self) -> Result<Newsroom> {
        Ok(store::setting::newsroom(&self.db).await?)
    }

    /// To be called after every commit: what this node shows is fresh from here on.
    pub fn announce(&self) {
        self.signals.generation.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.signals.changed.notify_waiters();
        self.signals.job.notify_waiters();
    }
}

/// Refuses what the actor's role does not allow.
pub fn require(actor: &Actor, role: Role) -> Result<()> {
    if actor.role >= role { Ok(()) } else { Err(Error::Forbidden(role)) }
}
