//! Keeps ready pages honest: moves the generation when another node has changed something, and when the
//! clock passes a moment at which something becomes public or ceases to be, or a contact begins or ceases
//! to answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::Timestamp;
use crate::domain::contact::Contact;
use crate::newsroom::Context;
use crate::store::list::{ListFilter, Order};
use crate::store::{self, Db};

const POLL: Duration = Duration::from_millis(250);
const MAX_CONTACTS: usize = 10_000;

pub async fn run(ctx: Context, stop: CancellationToken) {
    let mut seen = Seen { seq: None, until: ctx.now(), roster_turn: None };
    while !stop.is_cancelled() {
        let woken = ctx.signals.changed.notified();
        match look(&ctx, &mut seen).await {
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

/// What the last look has found.
struct Seen {
    seq: Option<i64>,
    until: Timestamp,
    /// When some contact begins or ceases to answer.
    roster_turn: Option<Timestamp>,
}

async fn look(ctx: &Context, seen: &mut Seen) -> store::Result<()> {
    let db = &ctx.db;
    let head = store::change::head(db).await?;
    let now = ctx.now();
    let roster_turned = seen.roster_turn.is_some_and(|turn| turn <= now);
    let turned = roster_turned || store::list::has_turned(db, seen.until, now).await?;
    let changed = seen.seq != Some(head);
    // Rosters are read only when one may say something new.
    let roster_turn =
        if changed || roster_turned { next_roster_turn(db, now).await? } else { seen.roster_turn };
    if turned || changed && seen.seq.is_some() {
        ctx.signals.generation.fetch_add(1, Ordering::SeqCst);
    }
    let record_turn = store::list::next_turn(db, now).await?;
    *seen = Seen { seq: Some(head), until: now, roster_turn };
    ctx.signals.set_next_turn(record_turn.into_iter().chain(roster_turn).min());
    Ok(())
}

async fn next_roster_turn(db: &Db, now: Timestamp) -> store::Result<Option<Timestamp>> {
    let zone = store::setting::newsroom(db).await?.time_zone;
    let contacts: Vec<Contact> =
        store::list::list(db, &ListFilter::all(Order::Rising), MAX_CONTACTS, 0).await?;
    Ok(contacts.iter().filter_map(|contact| contact.roster.duty(now, &zone)?.turns_at).min())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::ToSpan as _;

    use super::*;
    use crate::blob::BlobStore;
    use crate::domain::account::Actor;
    use crate::domain::clock::{ManualClock, SharedClock};
    use crate::newsroom::fields::{ContactFields, Fields as _, Setting};
    use crate::newsroom::{Signals, content};

    #[tokio::test]
    async fn pages_are_made_anew_when_a_contact_begins_to_answer() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("pressroom.db")).await.unwrap();
        db.migrate().await.unwrap();
        // A Monday, one minute before the hours begin in Berlin.
        let clock = Arc::new(ManualClock::at("2026-11-30T07:59:00Z".parse().unwrap()));
        let shared: SharedClock = Arc::<ManualClock>::clone(&clock);
        let blobs = BlobStore::open_folder(&folder.path().join("blobs")).unwrap();
        let signals = Arc::new(Signals::default());
        let mail = crate::newsroom::mail::Mailer::default();
        let ctx = Context {
            db,
            blobs,
            clock: shared,
            scratch: folder.path().to_owned(),
            mail,
            oidc: None,
            signals,
        };
        let roster = r#"{"hours":[{"days":["mon"],"from":"09:00","until":"17:00"}]}"#;
        let fields = ContactFields {
            name: "Ada Muster".to_owned(),
            roster: serde_json::from_str(roster).unwrap(),
            ..ContactFields::default()
        };
        let setting = Setting { time_zone: "Europe/Berlin", default_language: "de", now: ctx.now() };
        let (contact, slug) = fields.create(ctx.new_id(), setting).unwrap();
        content::create(&ctx, &Actor::system("test"), contact, slug.as_deref()).await.unwrap();
        let mut seen = Seen { seq: None, until: ctx.now(), roster_turn: None };
        let generation = || ctx.signals.generation.load(Ordering::SeqCst);
        look(&ctx, &mut seen).await.unwrap();
        let before = generation();
        look(&ctx, &mut seen).await.unwrap();
        assert_eq!(generation(), before);
        assert!(ctx.signals.is_settled(ctx.now()));
        clock.set(ctx.now().checked_add(60.seconds()).unwrap());
        // Even before anybody has looked, what was made before is not given any more.
        assert!(!ctx.signals.is_settled(ctx.now()));
        look(&ctx, &mut seen).await.unwrap();
        assert_eq!(generation(), before + 1);
        assert!(ctx.signals.is_settled(ctx.now()));
        assert_eq!(seen.roster_turn, Some("2026-11-30T16:00:00Z".parse().unwrap()));
    }
}
