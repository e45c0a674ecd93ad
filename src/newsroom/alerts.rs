//! Searches that readers follow by mail: asked for, confirmed, answered and ended without an account.
//!
//! Each release is put to all alerts once, when it becomes public; what an alert has found waits in `alert_hit` until it is
//! told. Both steps claim their rows in the transaction that does the work, so any number of nodes tells everything once.

use std::collections::BTreeMap;

use jiff::{SignedDuration, ToSpan as _};
use sha2::{Digest as _, Sha256};

use super::mail::{self, Mail};
use super::{Context, Error, Result, forms};
use crate::domain::alert::{Alert, Search, check};
use crate::domain::dateline::dateline;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::domain::visibility::{Access, Viewer, decide};
use crate::domain::{DomainError, Id, Kind, Timestamp};
use crate::i18n::{Lang, endonym};
use crate::search::{Index, Query};
use crate::store::{self, alert as stored};

/// What forms for alerts are signed for, and what links of alerts are.
pub const FORM: &str = "alert";
const LINK: &str = "alert-link";

/// How long a request waits for its confirmation.
pub const CONFIRM_HOURS: i64 = 48;
/// Alerts of one address …
const MAX_OF_ADDRESS: usize = 20;
/// … requests to confirm that it is sent in a day, whoever asks for them …
const MAX_REQUESTS: usize = 5;
/// … and requests of a day to anybody.
const MAX_PER_DAY: i64 = 1000;
/// Mails of one alert are at least so far apart.
const PAUSE_MINUTES: i64 = 60;
/// Releases that one mail tells of.
const MAX_TOLD: usize = 50;
/// How far back a clock of another node or a slow transaction may put what has just become public.
const SLACK: SignedDuration = SignedDuration::from_mins(15);
/// What one run looks at.
const MAX_RELEASES: i64 = 50;
const MAX_ALERTS: i64 = 500;
const MAX_MAILS: i64 = 100;

/// Stores a request for an alert and mails a link that confirms it. Where an address has all it may have, nothing happens,
/// and nobody is told: what is known of an address is not for whoever types it.
pub async fn subscribe(ctx: &Context, form: &str, email: &str, search: Search, language: &str) -> Result<()> {
    let email = email.trim().to_lowercase();
    let search = search.tidied();
    check(&email, &search)?;
    forms::check(ctx, FORM, form).await?;
    let now = ctx.now();
    let alert = Alert {
        id: ctx.new_id(),
        email,
        search,
        language: language.to_owned(),
        created_at: now,
        confirmed_at: None,
    };
    let link = link(ctx, &alert).await?;
    let day_ago = now.checked_sub(24.hours()).map_err(anyhow::Error::from)?;
    let mut tx = ctx.db.begin().await?;
    if stored::count_since(&mut tx, day_ago).await? >= MAX_PER_DAY {
        return Err(DomainError::conflict("too_many_alerts", "Too many alerts were asked for today").into());
    }
    let others = stored::of_address(&mut tx, &alert.email).await?;
    let lately = others.iter().filter(|other| other.created_at >= day_ago).count();
    let is_known = others.iter().any(|other| other.confirmed_at.is_some() && other.search == alert.search);
    if is_known || lately >= MAX_REQUESTS || others.len() >= MAX_OF_ADDRESS {
        return Ok(());
    }
    let text = stored::encode(&alert.search)?;
    if tx.insert_alert(&alert, text, hex::encode(Sha256::digest(form))).await? {
        let newsroom = store::setting::newsroom(&mut tx).await?;
        let lang = Lang::for_tag(language);
        // Not a word of what was typed: the mail may reach somebody who has not asked for it.
        let who = newsroom.name.get(language, &newsroom.default_language);
        let text = lang.t_args("alert-request-text", &[("newsroom", who.into())]);
        let request = Mail {
            to: alert.email.clone(),
            subject: lang.t_args("alert-request-subject", &[("newsroom", who.into())]),
            text: format!("{text}\n\n{link}\n\n{}\n", lang.t("alert-request-otherwise")),
            expires_at: now.checked_add(CONFIRM_HOURS.hours()).ok(),
            is_confidential: true,
            ..Mail::default()
        };
        mail::queue(ctx, &mut tx, request).await?;
    }
    tx.commit().await?;
    ctx.wake_jobs();
    Ok(())
}

/// The address of the page that confirms and ends an alert.
async fn link(ctx: &Context, alert: &Alert) -> Result<String> {
    let proof = forms::proof(ctx, LINK, &alert.id.to_string()).await?;
    let address = format!("{}/alerts/{}.{proof}", ctx.mail.public_url, alert.id);
    // As the outbox writes it, where it is looked for when the alert ends.
    Ok(url::Url::parse(&address).map_err(anyhow::Error::from)?.to_string())
}

/// The alert that a link is for; one that has ended is like one that never was.
pub async fn find(ctx: &Context, token: &str) -> Result<Option<Alert>> {
    let Some((id, proof)) = token.split_once('.') else { return Ok(None) };
    let Ok(id) = id.parse::<Id>() else { return Ok(None) };
    if !forms::is_same(&forms::proof(ctx, LINK, &id.to_string()).await?, proof) {
        return Ok(None);
    }
    let oldest = ctx.now().checked_sub(CONFIRM_HOURS.hours()).map_err(anyhow::Error::from)?;
    let alert = stored::find(&ctx.db, id).await?;
    Ok(alert.filter(|alert| alert.confirmed_at.is_some() || alert.created_at >= oldest))
}

pub async fn confirm(ctx: &Context, alert: &Alert) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    tx.confirm_alert(alert.id, ctx.now()).await?;
    // Requests for the same that were not answered.
    for other in stored::of_address(&mut tx, &alert.email).await? {
        if other.id != alert.id && other.confirmed_at.is_none() && other.search == alert.search {
            tx.delete_alert(other.id, &link(ctx, &other).await?).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Ends an alert; the address goes with it, and so does what waits to be sent.
pub async fn end(ctx: &Context, alert: &Alert) -> Result<()> {
    let link = link(ctx, alert).await?;
    let mut tx = ctx.db.begin().await?;
    tx.delete_alert(alert.id, &link).await?;
    Ok(tx.commit().await?)
}

/// What an alert is for, as people say it; empty: every release.
pub async fn describe(ctx: &Context, search: &Search, newsroom: &Newsroom, language: &str) -> Result<String> {
    let topic: Option<Topic> = match search.topic.as_str() {
        "" => None,
        slug => store::record::find_by_slug(&ctx.db, slug).await?,
    };
    let topic = topic.map_or_else(
        || search.topic.clone(),
        |t| t.name.get(language, &newsroom.default_language).to_owned(),
    );
    let spoken = if search.language.is_empty() { "" } else { endonym(&search.language) };
    let parts = [&search.words, &topic, &search.person, spoken];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
}

/// Puts what has become public to all alerts; returns whether there was anything to do. Waits for the index of this node
/// where it does not know yet what has happened.
pub async fn look(ctx: &Context, index: &Index) -> Result<bool> {
    let now = ctx.now();
    let Some((first, last)) = stored::watched_since(&ctx.db).await? else { return Ok(false) };
    let from = last.and_then(|last| last.checked_sub(SLACK).ok()).map_or(first, |last| last.max(first));
    let head = store::change::head(&ctx.db).await?;
    let fresh = stored::untold(&ctx.db, from, now, MAX_RELEASES).await?;
    if fresh.is_empty() || index.sequence() < head {
        return Ok(false);
    }
    let ids: Vec<Id> = fresh.iter().map(|(id, _)| *id).collect();
    let indexed = matching(index, Query::everything(now), ids).await?;
    let fresh: BTreeMap<Id, Timestamp> = fresh.into_iter().filter(|(id, _)| indexed.contains(id)).collect();
    if fresh.is_empty() {
        return Ok(false);
    }
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let alerts = stored::walk_confirmed(&ctx.db, after, MAX_ALERTS).await?;
        let Some(end) = alerts.last() else { break };
        after = Some(end.id);
        for alert in alerts {
            let since = alert.confirmed_at.unwrap_or(now);
            let ids: Vec<Id> = fresh.iter().filter(|(_, at)| **at >= since).map(|(id, _)| *id).collect();
            let hits = matching(index, query(&alert, now), ids).await?;
            found.extend(hits.into_iter().map(|release| (alert.id, release)));
        }
    }
    let mut tx = ctx.db.begin().await?;
    let mut taken = Vec::new();
    for (id, public_from) in &fresh {
        if tx.take_release(*id, *public_from).await? {
            taken.push(*id);
        }
    }
    for (alert, release) in found {
        if taken.contains(&release) {
            tx.insert_alert_hit(alert, release).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

fn query(alert: &Alert, now: Timestamp) -> Query {
    let chosen = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let search = &alert.search;
    Query {
        text: search.words.clone(),
        kinds: vec![Kind::Release],
        topic: chosen(&search.topic),
        person: chosen(&search.person),
        language: chosen(&search.language),
        reader_language: alert.language.clone(),
        ..Query::everything(now)
    }
}

/// The index reads files; the runtime's threads must not wait for them.
async fn matching(index: &Index, query: Query, ids: Vec<Id>) -> Result<Vec<Id>> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let index = index.clone();
    let found = tokio::task::spawn_blocking(move || index.matching(&query, &ids)).await;
    Ok(found.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?)
}

/// Mails what alerts have found; returns whether there was anything to send.
pub async fn tell(ctx: &Context) -> Result<bool> {
    if !ctx.mail.is_configured() {
        return Ok(false);
    }
    let before = ctx.now().checked_sub(PAUSE_MINUTES.minutes()).map_err(anyhow::Error::from)?;
    let due = stored::due(&ctx.db, before, MAX_MAILS).await?;
    for alert in &due {
        tell_one(ctx, alert).await?;
    }
    if !due.is_empty() {
        ctx.wake_jobs();
    }
    Ok(!due.is_empty())
}

async fn tell_one(ctx: &Context, alert: &Alert) -> Result<()> {
    let now = ctx.now();
    let newsroom = ctx.newsroom().await?;
    let link = link(ctx, alert).await?;
    let what = describe(ctx, &alert.search, &newsroom, &alert.language).await?;
    let mut tx = ctx.db.begin().await?;
    let ids = tx.take_alert_hits(alert.id).await?;
    let mut releases: Vec<Release> = store::record::find_all(&ctx.db, &ids).await?;
    // What was withdrawn in the meantime is not told.
    releases.retain(|release| decide(&release.exposure(), Viewer::Public, now) == Access::Open);
    releases.sort_by_key(|release| std::cmp::Reverse(release.public_from()));
    // Somebody may have ended it a moment ago.
    let is_alive = stored::find(&mut tx, alert.id).await?.is_some();
    if is_alive && !releases.is_empty() {
        let mut mail = digest(ctx, alert, &newsroom, &what, &releases);
        mail.text.push_str(&format!("\n{link}\n"));
        mail.unsubscribe = Some(link);
        match mail::queue(ctx, &mut tx, mail).await {
            // An address that no mail can carry must not hold up the others.
            Err(Error::Domain(error)) => {
                tracing::warn!(%error, alert.id = %alert.id, "An alert cannot be sent");
            }
            other => drop(other?),
        }
        tx.note_alert_sent(alert.id, now).await?;
    }
    Ok(tx.commit().await?)
}

/// The mail, but for the link that ends the alert.
fn digest(ctx: &Context, alert: &Alert, newsroom: &Newsroom, what: &str, releases: &[Release]) -> Mail {
    let lang = Lang::for_tag(&alert.language);
    let who = newsroom.name.get(&alert.language, &newsroom.default_language);
    let about = match releases {
        [only] => only.headline.clone(),
        many => lang.count("count-releases", many.len()),
    };
    let mut text = match what {
        "" => lang.t("alert-news-all"),
        what => lang.t_args("alert-news", &[("what", what.into())]),
    };
    for release in releases.iter().take(MAX_TOLD) {
        let place = dateline(&release.dateline_place, release.dateline_date, &release.language);
        let prefix = newsroom.prefix(&release.language);
        let url = format!("{}{prefix}/releases/{}", ctx.mail.public_url, release.slug);
        let lines = [release.headline.as_str(), &place, &url];
        text.push_str("\n\n");
        text.push_str(&lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"));
    }
    text.push_str(&format!("\n\n-- \n{}", lang.t("alert-news-end")));
    Mail {
        to: alert.email.clone(),
        subject: format!("{who}: {about}"),
        text,
        expires_at: ctx.now().checked_add(24.hours()).ok(),
        is_confidential: true,
        ..Mail::default()
    }
}
