//! Mail: written into the outbox by the transaction that causes it, handed over by a job.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MaybeString, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use super::{Context, Error, Result};
use crate::config::{Config, Security, SmtpServer};
use crate::domain::account::{Actor, Role};
use crate::domain::{Id, Timestamp};
use crate::store::Tx;
use crate::store::mail::Outgoing;

/// The job that hands a mail over.
pub const SEND: &str = "mail";
/// Tries before a mail is given up, which takes most of a day.
pub const MAX_ATTEMPTS: i64 = 12;

const MAX_SUBJECT_CHARS: usize = 250;
const MAX_TEXT_BYTES: usize = 256 << 10;
/// The longest silence of the server.
const PATIENCE: Duration = Duration::from_secs(30);

/// After a failed try: half a minute, and twice as long each time.
pub fn pause_secs(attempt: i64) -> i64 {
    15 << attempt.clamp(0, 12)
}

/// A mail to one person.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// An address, or `Name <address>`.
    pub to: String,
    pub subject: String,
    /// Plain text; its lines end as they like.
    pub text: String,
    pub reply_to: Option<String>,
    /// An address that ends, by a POST, what the mail is part of (RFC 8058).
    pub unsubscribe: Option<String>,
    /// When it is too late to send it.
    pub expires_at: Option<Timestamp>,
    /// The text holds a secret: it is forgotten as soon as it is sent.
    pub is_confidential: bool,
}

#[derive(Serialize, Deserialize)]
pub struct SendPayload {
    pub mail: Id,
}

/// How this server sends mail, if it does, and by which address readers reach it.
#[derive(Clone, Default)]
pub struct Mailer {
    pub public_url: Arc<str>,
    door: Option<Arc<Door>>,
}

struct Door {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a mail could not be handed over.
#[derive(Debug)]
pub struct Refused {
    pub reason: String,
    /// Another try would end the same way.
    pub is_final: bool,
}

impl Mailer {
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let public_url: Arc<str> = config.public_url.as_str().into();
        let Some(url) = config.smtp_url.as_deref() else { return Ok(Self { public_url, door: None }) };
        let server = SmtpServer::parse(url).map_err(anyhow::Error::msg)?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .timeout(Some(PATIENCE))
            .tls(match server.security {
                Security::Plain => Tls::None,
                Security::StartTls => Tls::Required(TlsParameters::new(server.host.clone())?),
                Security::Tls => Tls::Wrapper(TlsParameters::new(server.host.clone())?),
            });
        if let Some(url::Host::Domain(name)) = url::Url::parse(&public_url)?.host() {
            builder = builder.hello_name(ClientId::Domain(name.to_owned()));
        }
        if let Some((user, password)) = server.credentials {
            builder = builder.credentials(Credentials::new(user, password));
        }
        let door = Door { transport: builder.build(), from: config.mail_from.parse()? };
        Ok(Self { public_url, door: Some(Arc::new(door)) })
    }

    pub const fn is_configured(&self) -> bool {
        self.door.is_some()
    }

    /// Whether the server answers and takes the password; `None` when there is none.
    pub async fn try_out(&self) -> Option<anyhow::Result<()>> {
        let door = self.door.as_ref()?;
        Some(match door.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(anyhow::anyhow!("The mail server does not answer")),
            Err(error) => Err(anyhow::Error::from(error).context("The mail server does not take our mail")),
        })
    }

    /// Hands a mail over. `sender` is who it comes from, unless the operator has named somebody.
    pub async fn hand_over(&self, mail: &Outgoing, sender: &str) -> std::result::Result<(), Refused> {
        let Some(door) = &self.door else {
            return Err(Refused { reason: "No mail server is configured".to_owned(), is_final: false });
        };
        let message = message(mail, &door.from, sender)
            .map_err(|error| Refused { reason: format!("{error:#}"), is_final: true })?;
        match door.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.status().map(u16::from);
                // What is refused for want of a valid password is the operator's to mend, not the mail's fault.
                let is_about_us = matches!(code, Some(530 | 534 | 535 | 538));
                let is_final = error.is_permanent() && !is_about_us;
                Err(Refused { reason: format!("{:#}", anyhow::Error::from(error)), is_final })
            }
        }
    }
}

/// The same bytes at each try.
fn message(mail: &Outgoing, from: &Mailbox, sender: &str) -> anyhow::Result<Message> {
    let own_name = from.name.clone().or_else(|| Some(one_line(sender)).filter(|name| !name.is_empty()));
    let plain = |name: &'static str, value: String| {
        HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
    };
    let mut builder = Message::builder()
        .from(Mailbox::new(own_name, from.email.clone()))
        .to(mail.recipient.parse()?)
        .subject(mail.subject.clone())
        .date(UNIX_EPOCH + Duration::from_secs(mail.created_at.as_second().unsigned_abs()))
        .message_id(Some(mail.message_id.clone()))
        .raw_header(plain("Auto-Submitted", "auto-generated".to_owned()));
    if !mail.reply_to.is_empty() {
        builder = builder.reply_to(mail.reply_to.parse()?);
    }
    if !mail.unsubscribe.is_empty() {
        builder = builder
            .raw_header(plain("List-Unsubscribe", format!("<{}>", mail.unsubscribe)))
            .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let text =
        SinglePart::builder().header(ContentType::TEXT_PLAIN).body(MaybeString::String(mail.body.clone()));
    Ok(builder.singlepart(text)?)
}

/// Without line ends and other control characters: what stands in a header.
fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address as it may stand in a header.
fn mailbox(field: &'static str, text: &str) -> Result<String> {
    let wrong = || Error::field(field, "invalid", "This is not an e-mail address");
    if text.chars().any(char::is_control) {
        return Err(wrong());
    }
    let mailbox = match text.parse::<Mailbox>() {
        Ok(mailbox) => mailbox,
        // Without a name, an address of other letters than ASCII is fine too.
        Err(_) => Mailbox::new(None, text.parse::<Address>().map_err(|_| wrong())?),
    };
    Ok(mailbox.to_string())
}

/// Puts a mail into the outbox, in the transaction that causes it; `false` when no mail server is configured, and then
/// the words must reach the person in another way. After the commit, [`Context::wake_jobs`] sends it at once.
pub async fn queue(ctx: &Context, tx: &mut Tx, mail: Mail) -> Result<bool> {
    let Some(door) = &ctx.mail.door else { return Ok(false) };
    let id = ctx.new_id();
    if mail.text.len() > MAX_TEXT_BYTES {
        return Err(Error::field("text", "too_long", "A mail has at most 256 kB"));
    }
    let unsubscribe = match mail.unsubscribe {
        Some(address) => url::Url::parse(&address).map_err(anyhow::Error::from)?.to_string(),
        None => String::new(),
    };
    let outgoing = Outgoing {
        id,
        recipient: mailbox("to", &mail.to)?,
        reply_to: mail.reply_to.map_or(Ok(String::new()), |address| mailbox("reply_to", &address))?,
        subject: one_line(&mail.subject).chars().take(MAX_SUBJECT_CHARS).collect(),
        body: mail.text,
        unsubscribe,
        message_id: format!("<{id}@{}>", door.from.email.domain()),
        confidential: mail.is_confidential,
        created_at: ctx.now(),
        expires_at: mail.expires_at,
        sent_at: None,
        failed_at: None,
        error: String::new(),
    };
    tx.insert_mail(&outgoing).await?;
    // What somebody waits for goes before what many get.
    let priority = if outgoing.unsubscribe.is_empty() { 0 } else { 10 };
    enqueue(ctx, tx, id, priority).await?;
    Ok(true)
}

async fn enqueue(ctx: &Context, tx: &mut Tx, mail: Id, priority: i64) -> Result<()> {
    let payload = serde_json::to_string(&SendPayload { mail }).map_err(anyhow::Error::from)?;
    let key = Some(format!("{SEND}:{mail}"));
    Ok(tx.enqueue(ctx.new_id(), SEND, payload, key, priority, ctx.now()).await?)
}

/// Sends a mail again that was given up.
pub async fn retry(ctx: &Context, actor: &Actor, id: Id) -> Result<()> {
    super::require(actor, Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    // One that another admin has taken up meanwhile is on its way already.
    if tx.revive_mail(id).await? {
        enqueue(ctx, &mut tx, id, 0).await?;
    }
    tx.commit().await?;
    ctx.wake_jobs();
    Ok(())
}

/// Forgets a mail that was given up.
pub async fn discard(ctx: &Context, actor: &Actor, id: Id) -> Result<()> {
    super::require(actor, Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    tx.discard_mail(id).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing() -> Outgoing {
        let at: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        Outgoing {
            id: "0193a000-0000-7000-8000-000000000000".parse().unwrap(),
            recipient: "Ada Müster <ada@messe.example>".to_owned(),
            reply_to: String::new(),
            subject: "Grüße".to_owned(),
            body: "Guten Tag\n".to_owned(),
            unsubscribe: "https://press.messe.example/x?y=1".to_owned(),
            message_id: "<1@messe.example>".to_owned(),
            confidential: false,
            created_at: at,
            expires_at: None,
            sent_at: None,
            failed_at: None,
            error: String::new(),
        }
    }

    #[test]
    fn each_try_sends_the_same_bytes() {
        let from: Mailbox = "press@messe.example".parse().unwrap();
        let written = || message(&outgoing(), &from, "Presse").unwrap().formatted();
        assert_eq!(written(), written());
    }

    #[test]
    fn no_line_gets_into_a_header() {
        assert_eq!(one_line("Hallo\r\nBcc: x@y.example\u{0}"), "Hallo Bcc: x@y.example");
        for wrong in ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "", "a", "a b@c.example"]
        {
            assert!(mailbox("to", wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(mailbox("to", "ada@messe.example").unwrap(), "ada@messe.example");
        assert!(mailbox("to", "ada@büro.example").is_ok());
    }
}
