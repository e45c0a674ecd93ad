//! Runs jobs: claims one by lease, keeps the lease alive while it works, ends it in the transaction that
//! stores its result. A node that dies lets its lease run out, and any node does the job again.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::{mail as mail_job, render};
use crate::domain::rendition::Pass;
use crate::newsroom::{Context, assets, mail};
use crate::store;
use crate::store::jobs::{Lane, Leased};

/// How long a node may be silent before its job goes to another.
const LEASE: store::Lease = 15_000_000;
const HEARTBEAT: Duration = Duration::from_secs(5);
/// What a work that lost its job may still take: if it ended the job itself, it is as good as done.
const LAST_STEP: Duration = Duration::from_secs(1);
/// How often a node looks for work that another one has enqueued.
const POLL: Duration = Duration::from_millis(1000);
/// How long a job may go on after a stop was asked for; then it is given back.
const STOP_LIMIT: Duration = Duration::from_secs(5);
/// Tries before a job is given up.
fn max_attempts(job: &Leased) -> i64 {
    if job.name == mail::SEND { mail::MAX_ATTEMPTS } else { 5 }
}

fn pause_secs(job: &Leased) -> i64 {
    if job.name == mail::SEND { mail::pause_secs(job.attempt) } else { 2i64 << job.attempt.clamp(0, 8) }
}

/// How a try ended.
#[derive(Debug)]
pub enum Outcome {
    /// The result is stored and the job with it, or another node has taken the job over.
    Settled,
    /// Something around the work failed; another try may help.
    Retry(String),
}

#[derive(Clone)]
pub struct Runner {
    pub ctx: Context,
    /// Unique per process, so that a restarted node does not mistake an old lease for its own.
    pub owner: Arc<str>,
    pub lane: Lane,
    /// As long as a job waits there, none is begun here.
    pub gives_way_to: Option<Lane>,
    pub limits: Arc<crate::media::WorkerLimits>,
    /// Shared by all runners of this process.
    pub memory: Memory,
    /// How many render processes of this lane may run at once, if it has more runners than that: while one stores
    /// what was made, or fetches what is next, the processor goes on with another.
    pub processes: Arc<Semaphore>,
}

/// The memory that all render processes of this node may use together.
#[derive(Debug, Clone)]
pub struct Memory {
    free_mib: Arc<Semaphore>,
    total_mib: u32,
}

impl Memory {
    pub fn new(total_mib: u32) -> Self {
        Self { free_mib: Arc::new(Semaphore::new(total_mib as usize)), total_mib }
    }

    /// Waits until a job of this size fits beside those that run; one that alone is larger than everything
    /// waits until it is alone.
    pub async fn room_for(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let mib = u32::try_from(bytes.div_ceil(1024 * 1024)).unwrap_or(u32::MAX).clamp(1, self.total_mib);
        // Only a closed semaphore refuses, and nobody closes it.
        Arc::clone(&self.free_mib).acquire_many_owned(mib).await.ok()
    }
}

impl Runner {
    /// Works until asked to stop; what is in hand then is finished if that is soon.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let woken = self.ctx.signals.job.notified();
            match self.step(&stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "The job queue cannot be read"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = woken => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Does one job if there is one.
    async fn step(&self, stop: &CancellationToken) -> store::Result<bool> {
        let now = self.ctx.now();
        if !store::jobs::is_any_due(&self.ctx.db, self.lane, now).await? {
            return Ok(false);
        }
        if let Some(first) = self.gives_way_to
            && store::jobs::is_any_due(&self.ctx.db, first, now).await?
        {
            return Ok(false);
        }
        let Some(job) = store::jobs::claim(&self.ctx.db, self.lane, &self.owner, now, LEASE).await? else {
            return Ok(false);
        };
        let started = std::time::Instant::now();
        let outcome = if job.attempt > max_attempts(&job) {
            Some(Outcome::Retry("The job was begun several times and never came to an end".to_owned()))
        } else {
            tokio::select! {
                outcome = self.work_under_lease(&job) => outcome,
                () = some_time_after(stop) => {
                    let mut tx = self.ctx.db.begin().await?;
                    tx.release_job(&job, &self.owner).await?;
                    tx.commit().await?;
                    tracing::info!(job.name = job.name, job.id = job.id, "Job given back");
                    return Ok(true);
                }
            }
        };
        let duration_ms = started.elapsed().as_millis();
        match outcome {
            Some(Outcome::Settled) => {
                tracing::info!(job.name = job.name, job.id = job.id, duration_ms, "Job done");
            }
            Some(Outcome::Retry(error)) => self.put_back(&job, &error).await?,
            None => tracing::warn!(job.id = job.id, "The lease was lost; another node does the job"),
        }
        Ok(true)
    }

    /// `None` when the lease was lost meanwhile; the work is dropped then.
    async fn work_under_lease(&self, job: &Leased) -> Option<Outcome> {
        beating(Box::pin(self.work(job)), HEARTBEAT, || async {
            match store::jobs::heartbeat(&self.ctx.db, job, &self.owner, self.ctx.now(), LEASE).await {
                Ok(is_ours) => is_ours,
                Err(error) => {
                    tracing::warn!(%error, "A heartbeat failed");
                    true
                }
            }
        })
        .await
    }

    async fn work(&self, job: &Leased) -> Outcome {
        match job.name.as_str() {
            assets::RENDER => render::run(self, job, Pass::First).await,
            assets::RENDER_LATER => render::run(self, job, Pass::Later).await,
            mail::SEND => mail_job::run(self, job).await,
            assets::REWRITE_DOWNLOADS => {
                let done = assets::rewrite_downloads(&self.ctx, job, &self.owner).await;
                done.map_or_else(|error| Outcome::Retry(error.to_string()), |()| Outcome::Settled)
            }
            other => Outcome::Retry(format!("This version does not know the job `{other}`")),
        }
    }

    /// Tries again later, each time after a longer wait, or gives up in the open.
    async fn put_back(&self, job: &Leased, error: &str) -> store::Result<()> {
        let now = self.ctx.now();
        tracing::warn!(
            job.name = job.name,
            job.id = job.id,
            job.attempt = job.attempt,
            error,
            "A job failed"
        );
        if job.attempt >= max_attempts(job) {
            if job.name == assets::RENDER {
                render::give_up(self, job, error).await;
            } else if job.name == mail::SEND
                && let Err(error) = mail_job::give_up(self, job, error).await
            {
                tracing::error!(%error, "That a mail was given up could not be written down");
            }
            let mut tx = self.ctx.db.begin().await?;
            tx.fail_job(job, &self.owner, error, None, now).await?;
            return tx.commit().await;
        }
        let retry_at = now.checked_add(pause_secs(job).seconds()).unwrap_or(now);
        let mut tx = self.ctx.db.begin().await?;
        tx.fail_job(job, &self.owner, error, Some(retry_at), now).await?;
        tx.commit().await
    }
}

/// Does the work and asks every so often whether it may go on; `None` when it may not. The work goes on while it is
/// asked: its last transaction holds the row that the heartbeat waits for.
async fn beating<T, F: Future<Output = bool>>(
    work: impl Future<Output = T>,
    every: Duration,
    may_go_on: impl Fn() -> F,
) -> Option<T> {
    let mut work = std::pin::pin!(work);
    loop {
        let beat = async {
            tokio::time::sleep(every).await;
            may_go_on().await
        };
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            may_go_on = beat => {
                if !may_go_on {
                    // Nor is it ours when it has just been ended, by this work itself.
                    return tokio::time::timeout(LAST_STEP, &mut work).await.ok();
                }
            }
        }
    }
}

async fn some_time_after(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(STOP_LIMIT).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn a_heartbeat_that_waits_for_the_work_does_not_stop_it() {
        let row = tokio::sync::Mutex::new(());
        let work = async {
            let held = row.lock().await;
            tokio::time::sleep(Duration::from_millis(60)).await;
            drop(held);
            7
        };
        let done = beating(work, Duration::from_millis(5), || async {
            drop(row.lock().await);
            true
        });
        assert_eq!(tokio::time::timeout(LONG, done).await, Ok(Some(7)));
    }

    #[tokio::test]
    async fn a_work_ends_with_its_lease_unless_it_has_just_ended_itself() {
        let lost = beating(std::future::pending::<()>(), Duration::from_millis(5), || async { false });
        assert_eq!(tokio::time::timeout(LONG, lost).await, Ok(None));
        let work = tokio::time::sleep(Duration::from_millis(100));
        let done = beating(work, Duration::from_millis(50), || async { false });
        assert_eq!(tokio::time::timeout(LONG, done).await, Ok(Some(())));
    }
}
