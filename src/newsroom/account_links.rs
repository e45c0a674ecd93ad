//! Invitations and recoveries: links by which somebody sets a password that nobody else has seen.

use jiff::ToSpan as _;

use super::accounts::{self, Secret, hash_secret};
use super::mail::{self, Mail};
use super::{Context, Error, Result, require};
use crate::domain::account::{Account, AccountLink, Actor, LinkPurpose, Role};
use crate::domain::contact::plausible_email;
use crate::domain::{Id, Kind};
use crate::i18n::Lang;
use crate::store::audit::Deed;
use crate::store::{self, Tx, access};

const INVITATION_HOURS: i64 = 7 * 24;
const RECOVERY_HOURS: i64 = 1;

/// A link that was just made; the secret is told only now.
pub struct Made {
    pub link: AccountLink,
    pub secret: Secret,
    /// Whether it was mailed too.
    pub is_mailed: bool,
}

/// The path of a link's page.
pub fn path(secret: &str) -> String {
    format!("/admin/link/{secret}")
}

/// Invites a colleague; an earlier invitation of the same address ends.
pub async fn invite(
    ctx: &Context,
    actor: &Actor,
    email: &str,
    name: &str,
    role: Role,
    lang: Lang,
) -> Result<Made> {
    require(actor, Role::Admin)?;
    if name.trim().is_empty() {
        return Err(Error::field("name", "required", "A colleague has a name"));
    }
    if !plausible_email(email) {
        return Err(Error::field("email", "invalid", "This is not an e-mail address"));
    }
    let email = email.to_lowercase();
    let mut tx = ctx.db.begin().await?;
    if access::account_by_email(&mut tx, &email).await?.is_some() {
        return Err(accounts::email_taken(&email));
    }
    tx.delete_account_links(&email, LinkPurpose::Invitation).await?;
    let link = link(ctx, LinkPurpose::Invitation, actor, (email, name.trim().to_owned(), role))?;
    let made = make(ctx, &mut tx, link, lang).await?;
    note(ctx, &mut tx, actor, "account-invited", (None, Some(&made.link))).await?;
    tx.commit().await?;
    ctx.wake_jobs();
    Ok(made)
}

/// Takes an invitation back; one that was followed meanwhile is an account already.
pub async fn revoke_invitation(ctx: &Context, actor: &Actor, id: Id) -> Result<()> {
    require(actor, Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    if let Some(link) = tx.delete_invitation(id).await? {
        note(ctx, &mut tx, actor, "invitation-revoked", (Some(&link), None)).await?;
    }
    Ok(tx.commit().await?)
}

/// An admin's way to let somebody in again.
pub async fn make_recovery(ctx: &Context, actor: &Actor, email: &str, lang: Lang) -> Result<Made> {
    require(actor, Role::Admin)?;
    let account = access::account_by_email(&ctx.db, email).await?.ok_or(Error::NotFound)?;
    recover(ctx, actor, account, lang).await
}

/// Mails a link to somebody who says to have forgotten the password, if there is such an account.
pub async fn request_recovery(ctx: &Context, email: &str, lang: Lang) -> Result<()> {
    if !ctx.mail.is_configured() {
        return Ok(());
    }
    let Some(account) = access::account_by_email(&ctx.db, email).await? else { return Ok(()) };
    recover(ctx, &Actor::system("sign-in"), account, lang).await.map(drop)
}

async fn recover(ctx: &Context, actor: &Actor, account: Account, lang: Lang) -> Result<Made> {
    let link = link(ctx, LinkPurpose::Recovery, actor, (account.email, account.name, account.role))?;
    let mut tx = ctx.db.begin().await?;
    let made = make(ctx, &mut tx, link, lang).await?;
    note(ctx, &mut tx, actor, "recovery-link", (None, Some(&made.link))).await?;
    tx.commit().await?;
    ctx.wake_jobs();
    Ok(made)
}

fn link(
    ctx: &Context,
    purpose: LinkPurpose,
    actor: &Actor,
    (email, name, role): (String, String, Role),
) -> Result<AccountLink> {
    let now = ctx.now();
    let hours = match purpose {
        LinkPurpose::Invitation => INVITATION_HOURS,
        LinkPurpose::Recovery => RECOVERY_HOURS,
    };
    let expires_at = now.checked_add(hours.hours()).map_err(anyhow::Error::from)?;
    let created_by = actor.name.clone();
    Ok(AccountLink { id: ctx.new_id(), purpose, email, name, role, created_by, created_at: now, expires_at })
}

/// Stores a link and mails it, if there is mail.
async fn make(ctx: &Context, tx: &mut Tx, link: AccountLink, lang: Lang) -> Result<Made> {
    let secret = Secret::random("")?;
    tx.insert_account_link(&link, hash_secret(secret.reveal())).await?;
    let newsroom = store::setting::newsroom(&mut *tx).await?;
    let address = format!("{}{}", ctx.mail.public_url, path(secret.reveal()));
    let args = [
        ("name", link.name.as_str().into()),
        ("newsroom", newsroom.name.get(lang.tag(), &newsroom.default_language).into()),
        ("who", link.created_by.as_str().into()),
        ("link", address.as_str().into()),
    ];
    let (subject, text) = match link.purpose {
        LinkPurpose::Invitation => (
            lang.t_args("desk-mail-invitation-subject", &args),
            lang.t_args("desk-mail-invitation-text", &args),
        ),
        LinkPurpose::Recovery => {
            (lang.t_args("desk-mail-recovery-subject", &args), lang.t_args("desk-mail-recovery-text", &args))
        }
    };
    let mail = Mail {
        to: link.email.clone(),
        subject,
        text,
        expires_at: Some(link.expires_at),
        is_confidential: true,
        ..Mail::default()
    };
    let is_mailed = mail::queue(ctx, tx, mail).await?;
    Ok(Made { link, secret, is_mailed })
}

/// The living link with this secret. Looking at it uses nothing up: mail filters follow links too.
pub async fn open(ctx: &Context, secret: &str) -> Result<Option<AccountLink>> {
    Ok(store::account_link::live_by_hash(&ctx.db, hash_secret(secret), ctx.now()).await?)
}

/// Uses a link up: the account has this password from here on, and every session it had has ended.
pub async fn redeem(ctx: &Context, secret: &str, password: &str) -> Result<AccountLink> {
    accounts::check_length(password)?;
    // Before the expensive hash, so that guessing at links costs us nothing.
    open(ctx, secret).await?.ok_or(Error::NotFound)?;
    let password_hash = accounts::hash_password(password.to_owned()).await?;
    let mut tx = ctx.db.begin().await?;
    let link = tx.take_account_link(hash_secret(secret), ctx.now()).await?.ok_or(Error::NotFound)?;
    let actor = Actor { name: link.email.clone(), role: link.role };
    match link.purpose {
        LinkPurpose::Invitation => {
            let account = Account {
                id: ctx.new_id(),
                email: link.email.clone(),
                name: link.name.clone(),
                role: link.role,
                password_hash,
                created_at: ctx.now(),
                has_second_factor: false,
                passkeys: 0,
            };
            accounts::insert_account(ctx, &mut tx, &actor, &account).await?;
        }
        LinkPurpose::Recovery => {
            let account = access::account_by_email(&mut tx, &link.email).await?.ok_or(Error::NotFound)?;
            accounts::replace_password(ctx, &mut tx, &actor, &account, password_hash).await?;
        }
    }
    tx.commit().await?;
    Ok(link)
}

async fn note(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    (before, after): (Option<&AccountLink>, Option<&AccountLink>),
) -> Result<()> {
    let record_id = before.or(after).map_or_else(String::new, |link| link.id.to_string());
    let deed =
        Deed { id: ctx.new_id(), at: ctx.now(), actor: &actor.name, action, kind: Kind::Newsroom, record_id };
    Ok(tx.audit(deed, before, after).await?)
}
