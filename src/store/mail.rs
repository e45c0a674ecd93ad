//! The outbox: mails that are to be sent, were sent or could not be sent.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::{Id, Timestamp};

#[derive(Debug, Clone)]
pub struct Outgoing {
    pub id: Id,
    pub recipient: String,
    /// Empty: none.
    pub reply_to: String,
    pub subject: String,
    pub body: String,
    /// An address that ends what the mail is part of; empty: none.
    pub unsubscribe: String,
    pub message_id: String,
    /// The text holds a secret and is forgotten as soon as it is sent.
    pub confidential: bool,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    /// Why the last try failed; empty: none did.
    pub error: String,
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    String,
);

fn outgoing(row: Row) -> Option<Outgoing> {
    Some(Outgoing {
        id: row.0.parse().ok()?,
        recipient: row.1,
        reply_to: row.2,
        subject: row.3,
        body: row.4,
        unsubscribe: row.5,
        message_id: row.6,
        confidential: row.7 != 0,
        created_at: instant(row.8),
        expires_at: row.9.map(instant),
        sent_at: row.10.map(instant),
        failed_at: row.11.map(instant),
        error: row.12,
    })
}

const MAIL: &str = "SELECT id, recipient, reply_to, subject, body, unsubscribe, message_id, confidential, created_at, \
                    expires_at, sent_at, failed_at, error FROM mail";

pub async fn find(on: impl Source, id: Id) -> Result<Option<Outgoing>> {
    let row: Option<Row> = on.first(q(format!("{MAIL} WHERE id = $1")).bind(id.to_string())).await?;
    Ok(row.and_then(outgoing))
}

/// Mails that could not be sent yet, newest first.
pub async fn troubled(db: &Db, limit: usize) -> Result<Vec<Outgoing>> {
    let query = q(format!("{MAIL} WHERE sent_at IS NULL AND error <> '' ORDER BY id DESC LIMIT {limit}"));
    let rows: Vec<Row> = db.all(query).await?;
    Ok(rows.into_iter().filter_map(outgoing).collect())
}

impl Tx {
    pub async fn insert_mail(&mut self, mail: &Outgoing) -> Result<()> {
        self.execute(
            q("INSERT INTO mail (id, recipient, reply_to, subject, body, unsubscribe, message_id, confidential, \
               created_at, expires_at, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')")
            .bind(mail.id.to_string())
            .bind(mail.recipient.clone())
            .bind(mail.reply_to.clone())
            .bind(mail.subject.clone())
            .bind(mail.body.clone())
            .bind(mail.unsubscribe.clone())
            .bind(mail.message_id.clone())
            .bind(i64::from(mail.confidential))
            .bind(micros(mail.created_at))
            .bind(mail.expires_at.map(micros)),
        )
        .await?;
        Ok(())
    }

    pub async fn note_mail_sent(&mut self, id: Id, now: Timestamp) -> Result<()> {
        let update = q("UPDATE mail SET sent_at = $1, error = '', \
                        body = CASE WHEN confidential = 1 THEN '' ELSE body END WHERE id = $2");
        self.execute(update.bind(micros(now)).bind(id.to_string())).await?;
        Ok(())
    }

    /// Writes down why a try failed; with `given_up` it was the last one.
    pub async fn note_mail_trouble(
        &mut self,
        id: Id,
        error: &str,
        given_up: Option<Timestamp>,
    ) -> Result<()> {
        let update = q("UPDATE mail SET error = $1, failed_at = $2 WHERE id = $3 AND sent_at IS NULL");
        let update = update.bind(error.to_owned()).bind(given_up.map(micros)).bind(id.to_string());
        self.execute(update).await?;
        Ok(())
    }

    /// Takes up a mail again that was given up; `false` when there is none.
    pub async fn revive_mail(&mut self, id: Id) -> Result<bool> {
        let update =
            q("UPDATE mail SET failed_at = NULL, error = '' WHERE id = $1 AND failed_at IS NOT NULL \
                        AND sent_at IS NULL");
        Ok(self.execute(update.bind(id.to_string())).await? > 0)
    }

    /// Forgets a mail that was given up.
    pub async fn discard_mail(&mut self, id: Id) -> Result<()> {
        let delete = q("DELETE FROM mail WHERE id = $1 AND failed_at IS NOT NULL AND sent_at IS NULL");
        self.execute(delete.bind(id.to_string())).await?;
        Ok(())
    }

    /// Forgets mails that were sent or given up before.
    pub async fn delete_mails_settled_before(&mut self, sent: Timestamp, failed: Timestamp) -> Result<u64> {
        let delete = q("DELETE FROM mail WHERE sent_at < $1 OR (sent_at IS NULL AND failed_at < $2)");
        self.execute(delete.bind(micros(sent)).bind(micros(failed))).await
    }
}
