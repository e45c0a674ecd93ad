//! Messages to press contacts.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::message::Message;
use crate::domain::{Id, Timestamp};

type Row = (String, String, String, String, String, String, String, i64, Option<i64>);

const MESSAGE: &str =
    "SELECT id, contact_id, sender, email, outlet, body, language, created_at, read_at FROM message";

fn message((id, contact, sender, email, outlet, body, language, made, read): Row) -> Option<Message> {
    Some(Message {
        id: id.parse().ok()?,
        contact: contact.parse().ok()?,
        sender,
        email,
        outlet,
        body,
        language,
        created_at: instant(made),
        read_at: read.map(instant),
    })
}

/// Those that nobody has read first, each newest first.
pub async fn list(db: &Db, limit: usize, offset: usize) -> Result<Vec<Message>> {
    let query = q(format!(
        "{MESSAGE} ORDER BY CASE WHEN read_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT {limit} OFFSET {offset}"
    ));
    let rows: Vec<Row> = db.all(query).await?;
    Ok(rows.into_iter().filter_map(message).collect())
}

pub async fn get(on: impl Source, id: Id) -> Result<Option<Message>> {
    let row: Option<Row> = on.first(q(format!("{MESSAGE} WHERE id = $1")).bind(id.to_string())).await?;
    Ok(row.and_then(message))
}

/// All messages, and those that nobody has read.
pub async fn counts(db: &Db) -> Result<(usize, usize)> {
    let row: Option<(i64, i64)> =
        db.first(q("SELECT COUNT(*), COUNT(*) - COUNT(read_at) FROM message")).await?;
    let count = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(row.map_or((0, 0), |(all, unread)| (count(all), count(unread))))
}

/// How many have come since a moment.
pub async fn count_since(on: impl Source, since: Timestamp) -> Result<i64> {
    let query = q("SELECT COUNT(*) FROM message WHERE created_at >= $1").bind(micros(since));
    let row: Option<(i64,)> = on.first(query).await?;
    Ok(row.map_or(0, |(count,)| count))
}

impl Tx {
    /// `false`: what was typed in this form is stored already.
    pub async fn insert_message(&mut self, message: &Message, form_hash: String) -> Result<bool> {
        let rows = self
            .execute(
                q("INSERT INTO message (id, contact_id, form_hash, sender, email, outlet, body, language, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form_hash) DO NOTHING")
                .bind(message.id.to_string())
                .bind(message.contact.to_string())
                .bind(form_hash)
                .bind(message.sender.clone())
                .bind(message.email.clone())
                .bind(message.outlet.clone())
                .bind(message.body.clone())
                .bind(message.language.clone())
                .bind(micros(message.created_at)),
            )
            .await?;
        Ok(rows > 0)
    }

    pub async fn mark_message(&mut self, id: Id, read_at: Option<Timestamp>) -> Result<u64> {
        let update = q("UPDATE message SET read_at = $1 WHERE id = $2");
        self.execute(update.bind(read_at.map(micros)).bind(id.to_string())).await
    }

    pub async fn delete_message(&mut self, id: Id) -> Result<u64> {
        self.execute(q("DELETE FROM message WHERE id = $1").bind(id.to_string())).await
    }

    pub async fn delete_messages_before(&mut self, time: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM message WHERE created_at < $1").bind(micros(time))).await
    }
}
