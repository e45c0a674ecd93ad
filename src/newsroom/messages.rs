//! Messages from readers to press contacts: stored first, and passed on by mail where there is mail.

use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use super::mail::{self, Mail};
use super::{Context, Error, Result, forms, require};
use crate::domain::account::{Actor, Role};
use crate::domain::contact::Contact;
use crate::domain::message::{Draft, Message};
use crate::domain::{DomainError, Id};
use crate::i18n::Lang;
use crate::store::{self, Tx};

/// Messages of a day: more are no messages.
const MAX_PER_DAY: i64 = 1000;

/// Stores a message. The same form sent twice is one message.
pub async fn send(ctx: &Context, contact: &Contact, form: &str, draft: Draft, language: &str) -> Result<()> {
    let draft = draft.tidied();
    draft.check()?;
    forms::check(ctx, &contact.id.to_string(), form).await?;
    let now = ctx.now();
    let message = Message {
        id: ctx.new_id(),
        contact: contact.id,
        sender: draft.sender,
        email: draft.email,
        outlet: draft.outlet,
        body: draft.body,
        language: language.to_owned(),
        created_at: now,
        read_at: None,
    };
    let mut tx = ctx.db.begin().await?;
    let since = now.checked_sub(SignedDuration::from_hours(24)).map_err(anyhow::Error::from)?;
    if store::message::count_since(&mut tx, since).await? >= MAX_PER_DAY {
        return Err(DomainError::conflict("too_many_messages", "Too many messages have come today").into());
    }
    if tx.insert_message(&message, hex::encode(Sha256::digest(form))).await? {
        pass_on(ctx, &mut tx, contact, &message).await?;
    }
    tx.commit().await?;
    ctx.wake_jobs();
    Ok(())
}

/// Sends a message on to the contact, where there is mail.
async fn pass_on(ctx: &Context, tx: &mut Tx, contact: &Contact, message: &Message) -> Result<()> {
    if contact.email.is_empty() {
        return Ok(());
    }
    let lang = Lang::for_tag(&store::setting::newsroom(&mut *tx).await?.default_language);
    let who = [&message.sender, &message.outlet];
    let who: Vec<&str> = who.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let who = who.join(", ");
    let mail = Mail {
        to: contact.email.clone(),
        subject: lang.t_args("desk-message-subject", &[("who", who.clone().into())]),
        text: format!(
            "{}\n\n{}\n\n{who}\n{}\n\n{}/admin/messages\n",
            lang.t_args("desk-message-for", &[("name", contact.name.clone().into())]),
            message.body,
            message.email,
            ctx.mail.public_url
        ),
        reply_to: Some(message.email.clone()),
        ..Mail::default()
    };
    match mail::queue(ctx, tx, mail.clone()).await {
        // What cannot be answered by a click is passed on all the same.
        Err(Error::Domain(_)) => drop(mail::queue(ctx, tx, Mail { reply_to: None, ..mail }).await),
        other => drop(other?),
    }
    Ok(())
}

/// Marks a message as read or unread.
pub async fn mark(ctx: &Context, actor: &Actor, id: Id, is_read: bool) -> Result<()> {
    require(actor, Role::Editor)?;
    let mut tx = ctx.db.begin().await?;
    let rows = tx.mark_message(id, is_read.then(|| ctx.now())).await?;
    tx.commit().await?;
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn delete(ctx: &Context, actor: &Actor, id: Id) -> Result<()> {
    require(actor, Role::Editor)?;
    let mut tx = ctx.db.begin().await?;
    let rows = tx.delete_message(id).await?;
    tx.commit().await?;
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}
