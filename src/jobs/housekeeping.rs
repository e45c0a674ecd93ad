//! Cleaning up, once an hour.

use std::time::Duration;

use jiff::ToSpan as _;
use tokio_util::sync::CancellationToken;

use crate::newsroom::{Context, alerts, uploads};

const EVERY: Duration = Duration::from_secs(3600);
/// How long done jobs can be looked at.
const KEEP_JOBS_HOURS: i64 = 7 * 24;
/// How long a link to a preview that has ended is listed.
const KEEP_LINKS_HOURS: i64 = 90 * 24;
/// How long a sent mail can be looked at, and one that was given up can be sent again.
const KEEP_SENT_HOURS: i64 = 7 * 24;
const KEEP_UNSENT_HOURS: i64 = 30 * 24;
/// How long it is known what was searched for in vain: a year and a month, to compare with the last one.
const KEEP_MISSES_DAYS: i64 = 396;

pub async fn run(ctx: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = tidy(&ctx).await {
            tracing::warn!(error = format!("{error:#}"), "Cleaning up failed");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn tidy(ctx: &Context) -> anyhow::Result<()> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    tx.prune_jobs(now.checked_sub(KEEP_JOBS_HOURS.hours())?).await?;
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    tx.delete_search_misses_before(today.checked_sub(KEEP_MISSES_DAYS.days())?).await?;
    let message_days = crate::store::setting::newsroom(&mut tx).await?.message_days;
    tx.delete_messages_before(now.checked_sub((i64::from(message_days) * 24).hours())?).await?;
    tx.delete_alerts_unconfirmed_since(now.checked_sub(alerts::CONFIRM_HOURS.hours())?).await?;
    tx.delete_preview_links_ended_before(now.checked_sub(KEEP_LINKS_HOURS.hours())?).await?;
    tx.delete_presence_before(now.checked_sub(1.hours())?).await?;
    let (sent, unsent) =
        (now.checked_sub(KEEP_SENT_HOURS.hours())?, now.checked_sub(KEEP_UNSENT_HOURS.hours())?);
    tx.delete_mails_settled_before(sent, unsent).await?;
    // One that has ended is listed for a week, to be sent again.
    tx.delete_account_links_ended_before(now.checked_sub(KEEP_SENT_HOURS.hours())?).await?;
    tx.commit().await?;
    ctx.db.gather_statistics().await?;
    let swept = ctx.blobs.sweep_incoming(now).await? + uploads::sweep(ctx).await?;
    if swept > 0 {
        tracing::info!(swept, "Removed uploads that were cut off");
    }
    Ok(())
}

/// At start: nobody else uses this node's scratch folder, so what lies in it is left over from a crash.
pub fn clear_scratch(ctx: &Context) -> std::io::Result<()> {
    if ctx.scratch.exists() {
        std::fs::remove_dir_all(&ctx.scratch)?;
    }
    std::fs::create_dir_all(&ctx.scratch)
}
