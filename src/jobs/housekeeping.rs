//! Cleaning up, once an hour.

use std::io::ErrorKind;
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
    let mut gone = std::fs::remove_dir_all(&ctx.scratch);
    // A render process whose server was killed may have written a last file meanwhile, before it heard of that.
    for _ in 0..20 {
        if !matches!(&gone, Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        gone = std::fs::remove_dir_all(&ctx.scratch);
    }
    match gone {
        // What is left over takes room and does no other harm: names are never used again.
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(%error, folder = %ctx.scratch.display(), "Left-over scratch files cannot be removed");
        }
        _ => {}
    }
    std::fs::create_dir_all(&ctx.scratch)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::blob::BlobStore;
    use crate::domain::Id;
    use crate::domain::account::{Actor, Role};
    use crate::domain::clock::{ManualClock, SharedClock};
    use crate::newsroom::uploads::{Announced, Writer};
    use crate::newsroom::{Error, Signals};
    use crate::store::Db;

    /// Begins an upload of a hundred bytes, or goes on with one, and brings ten.
    async fn bring(ctx: &Context, actor: &Actor, id: Option<Id>) -> Id {
        let upload = match id {
            Some(id) => uploads::find(ctx, actor, id).await.unwrap(),
            None => {
                let file =
                    Announced { file_name: "kran.jpg".to_owned(), size_bytes: 100, ..Announced::default() };
                uploads::begin(ctx, actor, file, 1 << 20).await.unwrap()
            }
        };
        let (id, at) = (upload.id, upload.received_bytes);
        let mut writer = Writer::open(ctx, actor, upload, at, None).await.unwrap();
        writer.push(Bytes::from_static(b"ten bytes.")).await.unwrap();
        writer.close(true).await.unwrap();
        id
    }

    #[tokio::test]
    async fn an_upload_that_nobody_goes_on_with_is_gone_after_a_week() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("pressroom.db")).await.unwrap();
        db.migrate().await.unwrap();
        // Ahead of the machine's clock, by which files know when they were written.
        let clock = Arc::new(ManualClock::at("2099-11-24T12:00:00Z".parse().unwrap()));
        let shared: SharedClock = Arc::<ManualClock>::clone(&clock);
        let ctx = Context {
            db,
            blobs: BlobStore::open_folder(&folder.path().join("blobs")).unwrap(),
            clock: shared,
            scratch: folder.path().to_owned(),
            mail: crate::newsroom::mail::Mailer::default(),
            oidc: None,
            signals: Arc::new(Signals::default()),
        };
        let actor = Actor { role: Role::Author, ..Actor::system("rita") };
        let pieces = || walk(&folder.path().join("blobs/uploads"));
        let later = |hours: i64| clock.set(ctx.now().checked_add(hours.hours()).unwrap());

        let left = bring(&ctx, &actor, None).await;
        let gone_on_with = bring(&ctx, &actor, None).await;
        assert_eq!(pieces(), 2);
        later(7 * 24 - 1);
        tidy(&ctx).await.unwrap();
        bring(&ctx, &actor, Some(gone_on_with)).await;
        assert_eq!(uploads::find(&ctx, &actor, left).await.unwrap().received_bytes, 10);
        later(2);
        // Nobody can go on with it from this moment on, whether or not it has been cleared away.
        assert!(matches!(uploads::find(&ctx, &actor, left).await, Err(Error::NotFound)));
        tidy(&ctx).await.unwrap();
        assert_eq!(pieces(), 2, "only those of the one that is gone on with");
        assert_eq!(uploads::find(&ctx, &actor, gone_on_with).await.unwrap().received_bytes, 20);
        later(7 * 24);
        tidy(&ctx).await.unwrap();
        assert_eq!(pieces(), 0);
        assert!(matches!(uploads::find(&ctx, &actor, gone_on_with).await, Err(Error::NotFound)));
    }

    fn walk(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        entries
            .map(|entry| entry.unwrap().path())
            .map(|path| if path.is_dir() { walk(&path) } else { 1 })
            .sum()
    }
}
