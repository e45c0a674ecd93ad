//! Searches whose new hits readers get by mail.

use super::db::{Db, Query, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::alert::{Alert, Search};
use crate::domain::{Id, Timestamp};

type Row = (String, String, String, String, i64, Option<i64>);

const ALERT: &str = "SELECT a.id, a.email, a.search, a.language, a.created_at, a.confirmed_at FROM alert a";

fn alert((id, email, search, language, created, confirmed): Row) -> Option<Alert> {
    Some(Alert {
        id: id.parse().ok()?,
        email,
        search: serde_json::from_str(&search).ok()?,
        language,
        created_at: instant(created),
        confirmed_at: confirmed.map(instant),
    })
}

async fn alerts(on: impl Source, query: Query) -> Result<Vec<Alert>> {
    let rows: Vec<Row> = on.all(query).await?;
    Ok(rows.into_iter().filter_map(alert).collect())
}

async fn number(on: impl Source, query: Query) -> Result<i64> {
    let row: Option<(i64,)> = on.first(query).await?;
    Ok(row.map_or(0, |(count,)| count))
}

pub async fn find(on: impl Source, id: Id) -> Result<Option<Alert>> {
    let query = q(format!("{ALERT} WHERE a.id = $1")).bind(id.to_string());
    Ok(alerts(on, query).await?.pop())
}

/// All alerts of an address.
pub async fn of_address(on: impl Source, email: &str) -> Result<Vec<Alert>> {
    alerts(on, q(format!("{ALERT} WHERE a.email = $1")).bind(email.to_owned())).await
}

/// How many were asked for since a moment, by anybody.
pub async fn count_since(on: impl Source, since: Timestamp) -> Result<i64> {
    number(on, q("SELECT COUNT(*) FROM alert WHERE created_at >= $1").bind(micros(since))).await
}

pub async fn count_confirmed(db: &Db) -> Result<i64> {
    number(db, q("SELECT COUNT(*) FROM alert WHERE confirmed_at IS NOT NULL")).await
}

/// Confirmed ones after `after` in the order of their ids.
pub async fn walk_confirmed(db: &Db, after: Option<Id>, limit: i64) -> Result<Vec<Alert>> {
    let query = q(format!("{ALERT} WHERE a.confirmed_at IS NOT NULL AND a.id > $1 ORDER BY a.id LIMIT $2"));
    let after = after.map_or_else(String::new, |id| id.to_string());
    alerts(db, query.bind(after).bind(limit)).await
}

/// Confirmed ones that have something to tell and have not told anything since `before`.
pub async fn due(db: &Db, before: Timestamp, limit: i64) -> Result<Vec<Alert>> {
    let query = q(format!(
        "{ALERT} WHERE a.confirmed_at IS NOT NULL AND (a.sent_at IS NULL OR a.sent_at <= $1) \
         AND EXISTS (SELECT 1 FROM alert_hit h WHERE h.alert_id = a.id) ORDER BY a.id LIMIT $2"
    ));
    alerts(db, query.bind(micros(before)).bind(limit)).await
}

/// Since when releases that become public matter to some alert: not before the first was confirmed, and not long before
/// what was looked at last. `None`: nobody waits for anything.
pub async fn watched_since(db: &Db) -> Result<Option<(Timestamp, Option<Timestamp>)>> {
    let query = q("SELECT (SELECT MIN(confirmed_at) FROM alert WHERE confirmed_at IS NOT NULL), \
                   (SELECT MAX(public_from) FROM alert_release)");
    let row: Option<(Option<i64>, Option<i64>)> = db.first(query).await?;
    Ok(row.and_then(|(first, last)| Some((instant(first?), last.map(instant)))))
}

/// Releases that became public within `[from, now]` and that alerts were not asked about, oldest first.
pub async fn untold(db: &Db, from: Timestamp, now: Timestamp, limit: i64) -> Result<Vec<(Id, Timestamp)>> {
    let rows: Vec<(String, i64)> = db
        .all(
            q("SELECT r.id, r.public_from FROM record r WHERE r.kind = 'release' AND r.public_from >= $1 \
               AND r.public_from <= $2 AND NOT EXISTS (SELECT 1 FROM alert_release t WHERE t.release_id = r.id) \
               ORDER BY r.public_from, r.id LIMIT $3")
            .bind(micros(from))
            .bind(micros(now))
            .bind(limit),
        )
        .await?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id.parse().ok()?, instant(at)))).collect())
}

impl Tx {
    /// `false`: what was typed in this form is stored already.
    pub async fn insert_alert(&mut self, alert: &Alert, search: String, form_hash: String) -> Result<bool> {
        let rows = self
            .execute(
                q("INSERT INTO alert (id, form_hash, email, search, language, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (form_hash) DO NOTHING")
                .bind(alert.id.to_string())
                .bind(form_hash)
                .bind(alert.email.clone())
                .bind(search)
                .bind(alert.language.clone())
                .bind(micros(alert.created_at)),
            )
            .await?;
        Ok(rows > 0)
    }

    /// One that is confirmed already stays as it is.
    pub async fn confirm_alert(&mut self, id: Id, now: Timestamp) -> Result<()> {
        let update = q("UPDATE alert SET confirmed_at = $1 WHERE id = $2 AND confirmed_at IS NULL");
        self.execute(update.bind(micros(now)).bind(id.to_string())).await?;
        Ok(())
    }

    /// With what it had still to tell, and the mails that carry `link`.
    pub async fn delete_alert(&mut self, id: Id, link: &str) -> Result<()> {
        self.execute(q("DELETE FROM alert WHERE id = $1").bind(id.to_string())).await?;
        self.execute(q("DELETE FROM alert_hit WHERE alert_id = $1").bind(id.to_string())).await?;
        self.execute(q("DELETE FROM mail WHERE unsubscribe = $1").bind(link.to_owned())).await?;
        Ok(())
    }

    /// Alerts that nobody has confirmed in time, and what is left of ended ones.
    pub async fn delete_alerts_unconfirmed_since(&mut self, time: Timestamp) -> Result<()> {
        let delete = q("DELETE FROM alert WHERE confirmed_at IS NULL AND created_at < $1");
        self.execute(delete.bind(micros(time))).await?;
        self.execute(q("DELETE FROM alert_hit WHERE alert_id NOT IN (SELECT id FROM alert)")).await?;
        Ok(())
    }

    /// Takes it upon this transaction to ask all alerts about a release; `false` when another has.
    pub async fn take_release(&mut self, id: Id, public_from: Timestamp) -> Result<bool> {
        let insert = q("INSERT INTO alert_release (release_id, public_from) VALUES ($1, $2) \
                        ON CONFLICT (release_id) DO NOTHING");
        Ok(self.execute(insert.bind(id.to_string()).bind(micros(public_from))).await? > 0)
    }

    pub async fn insert_alert_hit(&mut self, alert: Id, release: Id) -> Result<()> {
        let insert = q("INSERT INTO alert_hit (alert_id, release_id) VALUES ($1, $2) \
                        ON CONFLICT (alert_id, release_id) DO NOTHING");
        self.execute(insert.bind(alert.to_string()).bind(release.to_string())).await?;
        Ok(())
    }

    /// What an alert has to tell. Whoever takes it has to tell it.
    pub async fn take_alert_hits(&mut self, alert: Id) -> Result<Vec<Id>> {
        let delete = q("DELETE FROM alert_hit WHERE alert_id = $1 RETURNING release_id");
        let rows: Vec<(String,)> = self.all(delete.bind(alert.to_string())).await?;
        Ok(rows.into_iter().filter_map(|(id,)| id.parse().ok()).collect())
    }

    pub async fn note_alert_sent(&mut self, id: Id, now: Timestamp) -> Result<()> {
        let update = q("UPDATE alert SET sent_at = $1 WHERE id = $2");
        self.execute(update.bind(micros(now)).bind(id.to_string())).await?;
        Ok(())
    }
}

/// The search as it is stored.
pub fn encode(search: &Search) -> Result<String> {
    Ok(serde_json::to_string(search)?)
}
