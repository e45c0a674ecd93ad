//! Tells readers by mail what they have asked to be told. Every node looks; what one has taken no other takes.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::newsroom::{Context, Result, alerts};
use crate::search::Index;

const POLL: Duration = Duration::from_secs(1);
/// After a failure.
const PAUSE: Duration = Duration::from_secs(10);

pub async fn run(ctx: Context, index: Index, stop: CancellationToken) {
    while !stop.is_cancelled() {
        // What is begun may be dropped at any point: only a commit makes it count.
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = step(&ctx, &index) => done,
        };
        let pause = match done {
            Ok(true) => continue,
            Ok(false) => POLL,
            Err(error) => {
                tracing::warn!(
                    error = format!("{:#}", anyhow::Error::from(error)),
                    "Alerts could not be looked after"
                );
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn step(ctx: &Context, index: &Index) -> Result<bool> {
    let found = alerts::look(ctx, index).await?;
    let told = alerts::tell(ctx).await?;
    Ok(found || told)
}
