//! The use cases: what people and scripts do with the newsroom. Every write of the desk, the API, the
//! importer and the command line goes through here: one function, one transaction, with its change-log
//! and audit entries and the jobs it causes.

pub mod account_links;
pub mod accounts;
pub mod alerts;
pub mod assets;
pub mod content;
mod error;
pub mod fields;
pub mod forms;
pub mod mail;
pub mod messages;
pub mod oidc;
pub mod passkeys;
pub mod preflight;
pub mod preview_links;
pub mod releases;
pub mod renditions;
pub mod second_factor;
pub mod settings;
pub mod sight;
pub mod uploads;

pub use error::{Error, Result, UploadFault};

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

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
    pub mail: mail::Mailer,
    /// Where people sign in besides here, if anywhere.
    pub oidc: Option<Arc<oidc::Provider>>,
    pub signals: Arc<Signals>,
}

/// Wakes this node's followers and workers at once; other nodes find out by looking.
#[derive(Debug)]
pub struct Signals {
    /// The change log has grown.
    pub changed: tokio::sync::Notify,
    /// A job was enqueued.
    pub job: tokio::sync::Notify,
    /// Pages rendered from what was read before this number moved are stale.
    pub generation: AtomicU64,
    /// The next moment, in microseconds since the epoch, at which the clock alone changes what is public.
    next_turn: AtomicI64,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            changed: tokio::sync::Notify::new(),
            job: tokio::sync::Notify::new(),
            generation: AtomicU64::new(0),
            // Until a follower has looked, nothing may be kept.
            next_turn: AtomicI64::new(i64::MIN),
        }
    }
}

impl Signals {
    /// `None`: the clock changes nothing for now.
    pub fn set_next_turn(&self, turn: Option<Timestamp>) {
        self.next_turn.store(turn.map_or(i64::MAX, Timestamp::as_microsecond), Ordering::SeqCst);
    }

    /// Whether what was rendered in this generation is still right at `now`.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        now.as_microsecond() < self.next_turn.load(Ordering::SeqCst)
    }
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

    /// To be called after a commit that enqueued a job and changed nothing that readers see.
    pub fn wake_jobs(&self) {
        self.signals.job.notify_waiters();
    }

    /// To be called after every commit: what this node shows is fresh from here on.
    pub fn announce(&self) {
        self.signals.generation.fetch_add(1, Ordering::SeqCst);
        self.signals.changed.notify_waiters();
        self.signals.job.notify_waiters();
    }
}

/// Refuses what the actor's role does not allow.
pub fn require(actor: &Actor, role: Role) -> Result<()> {
    if actor.role >= role { Ok(()) } else { Err(Error::Forbidden(role)) }
}
