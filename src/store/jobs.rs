//! The job queue: enqueued inside the transaction that causes the work, claimed by lease, done by any node.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::lease::{Lease, moment};
use super::micros;
use crate::domain::{Id, Timestamp};

/// A job that this node has leased.
#[derive(Debug, Clone)]
pub struct Leased {
    pub id: String,
    pub name: String,
    /// JSON.
    pub payload: String,
    /// 1 on the first try.
    pub attempt: i64,
}

/// Which jobs a worker takes, so that long ones never stand in the way of those that people wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Only(&'static str),
    AllBut(&'static [&'static str]),
}

impl Lane {
    fn condition(self) -> String {
        match self {
            Self::Only(name) => format!("name = '{name}'"),
            Self::AllBut(names) => format!("name NOT IN ('{}')", names.join("', '")),
        }
    }
}

/// Counts for the desk and for `/metrics`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    pub waiting: i64,
    pub running: i64,
    pub failed: i64,
}

impl Tx {
    /// Enqueues unless a job with the same key waits already. A job that is running does not count: what
    /// it has read may be old.
    pub async fn enqueue(
        &mut self,
        id: Id,
        name: &'static str,
        payload: String,
        dedup_key: Option<String>,
        priority: i64,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            q("INSERT INTO job (id, name, payload, dedup_key, state, priority, attempt, run_at, created_at) \
               VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6, $6) ON CONFLICT (dedup_key) DO NOTHING")
            .bind(id.to_string())
            .bind(name)
            .bind(payload)
            .bind(dedup_key)
            .bind(priority)
            .bind(micros(now)),
        )
        .await?;
        Ok(())
    }
}

/// Takes the next job: one that waits, or one whose node has not been heard of since its lease ran out.
pub async fn claim(db: &Db, lane: Lane, owner: &str, now: Timestamp, lease: Lease) -> Result<Option<Leased>> {
    let condition = lane.condition();
    let moment = moment(db.is_postgres(), "$3");
    // On SQLite the one writer makes this safe; on PostgreSQL several nodes skip what another is taking.
    let lock = if db.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
    let query = q(format!(
        "UPDATE job SET state = 'running', attempt = attempt + 1, lease_owner = $1, lease_until = {moment} + $2, \
         dedup_key = NULL WHERE id = (SELECT id FROM job WHERE {condition} AND ((state = 'waiting' AND run_at <= $3) \
         OR (state = 'running' AND lease_until < {moment})) ORDER BY priority, run_at, id LIMIT 1 {lock}) \
         RETURNING id, name, payload, attempt"
    ))
    .bind(owner.to_owned())
    .bind(lease)
    .bind(micros(now));
    let mut tx = db.begin().await?;
    let row: Option<(String, String, String, i64)> = tx.first(query).await?;
    tx.commit().await?;
    Ok(row.map(|(id, name, payload, attempt)| Leased { id, name, payload, attempt }))
}

/// Whether anything could be claimed now: a read, so an idle node does not take the writer.
pub async fn is_any_due(db: &Db, lane: Lane, now: Timestamp) -> Result<bool> {
    let condition = lane.condition();
    let moment = moment(db.is_postgres(), "$1");
    let query = q(format!(
        "SELECT id FROM job WHERE {condition} AND ((state = 'waiting' AND run_at <= $1) \
         OR (state = 'running' AND lease_until < {moment})) LIMIT 1"
    ));
    let row: Option<(String,)> = db.first(query.bind(micros(now))).await?;
    Ok(row.is_some())
}

/// Extends a lease; `false` when another node has taken the job over.
pub async fn heartbeat(db: &Db, job: &Leased, owner: &str, now: Timestamp, lease: Lease) -> Result<bool> {
    let moment = moment(db.is_postgres(), "$5");
    let query = q(format!(
        "UPDATE job SET lease_until = {moment} + $1 \
         WHERE id = $2 AND lease_owner = $3 AND attempt = $4 AND state = 'running'"
    ));
    let rows = db
        .execute(
            query.bind(lease).bind(job.id.clone()).bind(owner.to_owned()).bind(job.attempt).bind(micros(now)),
        )
        .await?;
    Ok(rows > 0)
}

impl Tx {
    /// Ends a job within the transaction that stores its result; `false` when the lease was lost, and then
    /// the result must not be stored.
    pub async fn finish_job(&mut self, job: &Leased, owner: &str, now: Timestamp) -> Result<bool> {
        let rows = self
            .execute(
                q("UPDATE job SET state = 'done', finished_at = $1, lease_owner = NULL, lease_until = NULL, error = NULL \
                   WHERE id = $2 AND lease_owner = $3 AND attempt = $4 AND state = 'running'")
                .bind(micros(now))
                .bind(job.id.clone())
                .bind(owner.to_owned())
                .bind(job.attempt),
            )
            .await?;
        Ok(rows > 0)
    }

    /// Puts a job back for another try, or marks it failed for good when `retry_at` is `None`.
    pub async fn fail_job(
        &mut self,
        job: &Leased,
        owner: &str,
        error: &str,
        retry_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool> {
        let (state, run_at, finished) = match retry_at {
            Some(at) => ("waiting", micros(at), None),
            None => ("failed", micros(now), Some(micros(now))),
        };
        let rows = self
            .execute(
                q("UPDATE job SET state = $1, run_at = $2, finished_at = $3, error = $4, lease_owner = NULL, lease_until = NULL \
                   WHERE id = $5 AND lease_owner = $6 AND attempt = $7 AND state = 'running'")
                .bind(state)
                .bind(run_at)
                .bind(finished)
                .bind(error.to_owned())
                .bind(job.id.clone())
                .bind(owner.to_owned())
                .bind(job.attempt),
            )
            .await?;
        Ok(rows > 0)
    }

    /// Gives back a job whose node stops: any node may take it at once, and the try does not count.
    pub async fn release_job(&mut self, job: &Leased, owner: &str) -> Result<()> {
        self.execute(
            q("UPDATE job SET state = 'waiting', attempt = attempt - 1, lease_owner = NULL, lease_until = NULL \
               WHERE id = $1 AND lease_owner = $2 AND attempt = $3 AND state = 'running'")
            .bind(job.id.clone())
            .bind(owner.to_owned())
            .bind(job.attempt),
        )
        .await?;
        Ok(())
    }

    /// Forgets jobs that were done before `before`; failed ones stay until someone looks.
    pub async fn prune_jobs(&mut self, before: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM job WHERE state = 'done' AND finished_at < $1").bind(micros(before)))
            .await
    }
}

pub async fn backlog(db: &Db) -> Result<Backlog> {
    let rows: Vec<(String, i64)> = db.all(q("SELECT state, COUNT(*) FROM job GROUP BY state")).await?;
    let count = |state: &str| rows.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    Ok(Backlog { waiting: count("waiting"), running: count("running"), failed: count("failed") })
}
