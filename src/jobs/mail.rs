//! The job that hands one mail over.

use super::runner::{Outcome, Runner};
use crate::newsroom::mail::{MAX_ATTEMPTS, SendPayload};
use crate::store;
use crate::store::jobs::Leased;

pub async fn run(runner: &Runner, job: &Leased) -> Outcome {
    match try_run(runner, job).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::Retry(format!("{error:#}")),
    }
}

async fn try_run(runner: &Runner, job: &Leased) -> anyhow::Result<Outcome> {
    let ctx = &runner.ctx;
    let payload: SendPayload = serde_json::from_str(&job.payload)?;
    let mail = store::mail::find(&ctx.db, payload.mail).await?;
    let Some(mail) = mail.filter(|mail| mail.sent_at.is_none()) else {
        let mut tx = ctx.db.begin().await?;
        tx.finish_job(job, &runner.owner, ctx.now()).await?;
        tx.commit().await?;
        return Ok(Outcome::Settled);
    };
    if mail.expires_at.is_some_and(|end| ctx.now() >= end) {
        let reason = if mail.error.is_empty() { "It was too late to send it" } else { &mail.error };
        give_up(runner, job, reason).await?;
        return Ok(Outcome::Settled);
    }
    let newsroom = ctx.newsroom().await?;
    let sender = newsroom.name.get(&newsroom.default_language, &newsroom.default_language);
    match ctx.mail.hand_over(&mail, sender).await {
        Ok(()) => {
            let mut tx = ctx.db.begin().await?;
            // Even if another node has taken the job over: it is sent, and must not be sent again.
            tx.note_mail_sent(mail.id, ctx.now()).await?;
            tx.finish_job(job, &runner.owner, ctx.now()).await?;
            tx.commit().await?;
            Ok(Outcome::Settled)
        }
        Err(refused) if refused.is_final || job.attempt >= MAX_ATTEMPTS => {
            give_up(runner, job, &refused.reason).await?;
            Ok(Outcome::Settled)
        }
        Err(refused) => {
            let mut tx = ctx.db.begin().await?;
            tx.note_mail_trouble(mail.id, &refused.reason, None).await?;
            tx.commit().await?;
            Ok(Outcome::Retry(refused.reason))
        }
    }
}

/// Ends the job; the mail waits at the desk for somebody's decision.
pub async fn give_up(runner: &Runner, job: &Leased, reason: &str) -> anyhow::Result<()> {
    let ctx = &runner.ctx;
    let payload: SendPayload = serde_json::from_str(&job.payload)?;
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    if tx.finish_job(job, &runner.owner, now).await? {
        tx.note_mail_trouble(payload.mail, reason, Some(now)).await?;
        tracing::warn!(mail.id = %payload.mail, reason, "A mail was given up");
    }
    Ok(tx.commit().await?)
}
