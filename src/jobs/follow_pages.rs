//! Keeps ready pages honest: moves the generation when another node has changed something, and when the
//! clock passes a moment at which something becomes public or ceases to be.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::Timestamp;
use crate::newsroom::Context;
use crate::store;

const POLL: Duration = Duration::from_millis(250);

pub async fn run(ctx: Context, stop: CancellationToken) {
    let mut seen_seq = None;
    let mut seen_until = ctx.now();
    while !stop.is_cancelled() {
        let woken = ctx.signals.changed.notified();
        match look(&ctx, &mut seen_seq, &mut seen_until).await {
            Ok(()) => {}
            // Pages already made stay right until the next turn of the clock, which is known.
            Err(error) => tracing::warn!(%error, "The change log cannot be read"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn look(ctx: &Context, seen_seq: &mut Option<i64>, seen_until: &mut Timestamp) -> store::Result<()> {
    let db = &ctx.db;
    let head = store::change::head(db).await?;
    let now = ctx.now();
    let turned = store::list::has_turned(db, *seen_until, now).await?;
    if turned || seen_seq.is_some_and(|seen| seen != head) {
        ctx.signals.generation.fetch_add(1, Ordering::SeqCst);
    }
    *seen_seq = Some(head);
    *seen_until = now;
    ctx.signals.set_next_turn(store::list::next_turn(db, now).await?);
    Ok(())
}
