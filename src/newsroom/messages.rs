//! Messages from readers to press contacts: stored first, and passed on by mail where there is mail.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::mail::{self, Mail};
use super::{Context, Error, Result, require};
use crate::domain::account::{Actor, Role};
use crate::domain::contact::Contact;
use crate::domain::message::{Draft, Message};
use crate::domain::{DomainError, Id};
use crate::i18n::Lang;
use crate::store::{self, Tx};

/// A person needs longer than this to write.
const MIN_AGE: SignedDuration = SignedDuration::from_secs(3);
/// How long a form can stand open.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(12);
/// Messages of a day: more are no messages.
const MAX_PER_DAY: i64 = 1000;
/// The name under which the key that signs forms is kept.
const KEY: &str = "form-key";

/// What a form carries: when it was made, and the proof that it was made here for this contact.
pub async fn form(ctx: &Context, contact: Id) -> Result<String> {
    let mut nonce = [0u8; 8];
    getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("No random numbers: {error}"))?;
    let told = format!("{}.{}", ctx.now().as_second(), hex::encode(nonce));
    let proof = sign(&key(ctx).await?, &told, contact);
    Ok(format!("{told}.{proof}"))
}

/// The key is made once and shared by all nodes.
async fn key(ctx: &Context) -> Result<String> {
    if let Some(key) = store::setting::value(&ctx.db, KEY).await? {
        return Ok(key);
    }
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("No random numbers: {error}"))?;
    let mut tx = ctx.db.begin().await?;
    tx.keep_value(KEY, &hex::encode(bytes)).await?;
    let kept = store::setting::value(&mut tx, KEY).await?;
    tx.commit().await?;
    kept.ok_or(Error::NotFound)
}

/// HMAC-SHA256 (RFC 2104) of what a form tells.
fn sign(key: &str, told: &str, contact: Id) -> String {
    let padded = |pad: u8| -> Vec<u8> {
        let mut block = [0u8; 64];
        block.iter_mut().zip(key.bytes()).for_each(|(to, from)| *to = from);
        block.iter().map(|byte| byte ^ pad).collect()
    };
    let inner = Sha256::new_with_prefix(padded(0x36)).chain_update(format!("{told}|{contact}")).finalize();
    hex::encode(Sha256::new_with_prefix(padded(0x5c)).chain_update(inner).finalize())
}

/// Whether a form was made here, for this contact, and stood open as long as writing takes.
async fn check(ctx: &Context, contact: Id, form: &str) -> Result<()> {
    let refused = |code, detail| Error::field("form", code, detail);
    let made_here = || refused("expired", "The form is too old; send it again");
    let (told, proof) = form.rsplit_once('.').ok_or_else(made_here)?;
    let right = sign(&key(ctx).await?, told, contact);
    if !bool::from(subtle::ConstantTimeEq::ct_eq(right.as_bytes(), proof.as_bytes())) {
        return Err(made_here());
    }
    let made = told.split('.').next().and_then(|secs| secs.parse().ok());
    let made = made.and_then(|secs| Timestamp::from_second(secs).ok()).ok_or_else(made_here)?;
    let age = ctx.now().duration_since(made);
    if age > MAX_AGE {
        return Err(made_here());
    }
    if age < MIN_AGE {
        return Err(refused("too_fast", "That was very quick; send it once more"));
    }
    Ok(())
}

/// Stores a message. The same form sent twice is one message.
pub async fn send(ctx: &Context, contact: &Contact, form: &str, draft: Draft, language: &str) -> Result<()> {
    let draft = draft.tidied();
    draft.check()?;
    check(ctx, contact.id, form).await?;
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
