//! Accounts, sign-in and API tokens.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::ToSpan as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::{Context, Error, Result};
use crate::domain::account::{Account, Actor, ApiToken, LinkPurpose, Role};
use crate::domain::contact::plausible_email;
use crate::domain::{Id, Kind, Timestamp};
use crate::store::access::OpenSession;
use crate::store::audit::Deed;
use crate::store::identity::{self, Removed};
use crate::store::{StoreError, Tx, access};

/// A session ends when it was not used for this long …
const SESSION_IDLE_HOURS: i64 = 12;
/// … and in any case after this long.
const SESSION_HOURS: i64 = 7 * 24;
/// How often a session's last use is written down.
const TOUCH_SECS: i64 = 60;

/// A secret that is shown once; only its hash is kept.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// 256 random bits.
    pub(super) fn random(prefix: &str) -> Result<Self> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes)
            .map_err(|error| Error::Internal(anyhow::anyhow!("no randomness: {error}")))?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The hash under which a secret of full entropy is kept.
pub fn hash_secret(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// A password for people to type once: 4 groups of 4 letters and digits that cannot be confused.
pub fn random_password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Internal(anyhow::anyhow!("no randomness: {error}")))?;
    let mut password = String::with_capacity(19);
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    Ok(password)
}

/// Refuses a password that is too short to be one.
pub(super) fn check_length(password: &str) -> Result<()> {
    if password.chars().count() < 10 {
        return Err(Error::field("password", "too_short", "A password has at least 10 characters"));
    }
    Ok(())
}

pub(super) async fn hash_password(password: String) -> Result<String> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::Internal(anyhow::anyhow!("no randomness: {error}")))?;
    let hash = a_few_at_once(move || -> anyhow::Result<String> {
        let salt = SaltString::encode_b64(&salt)?;
        Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
    })
    .await??;
    Ok(hash)
}

/// Each password that is hashed takes 19 MiB and a processor for a while: who comes in a crowd waits.
static HASHING: Semaphore = Semaphore::const_new(4);

async fn a_few_at_once<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    let place = HASHING.acquire().await?;
    let done = tokio::task::spawn_blocking(move || {
        // Held by the work itself: it goes on when nobody waits for it any more.
        let _place = place;
        work()
    });
    Ok(done.await?)
}

/// What the audit log keeps of an account or a token.
#[derive(Serialize)]
pub(super) struct Known<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
}

impl<'a> From<&'a Removed> for Known<'a> {
    fn from(removed: &'a Removed) -> Self {
        Self { name: &removed.name, email: &removed.email, role: None }
    }
}

impl<'a> From<&'a Account> for Known<'a> {
    fn from(account: &'a Account) -> Self {
        Self { name: &account.name, email: &account.email, role: Some(account.role) }
    }
}

impl<'a> From<&'a ApiToken> for Known<'a> {
    fn from(token: &'a ApiToken) -> Self {
        Self { name: &token.name, email: "", role: Some(token.role) }
    }
}

pub(super) async fn note(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    (action, id): (&'static str, Id),
    before: Option<Known<'_>>,
    after: Option<Known<'_>>,
) -> Result<()> {
    let record_id = id.to_string();
    let deed =
        Deed { id: ctx.new_id(), at: ctx.now(), actor: &actor.name, action, kind: Kind::Newsroom, record_id };
    Ok(tx.audit(deed, before.as_ref(), after.as_ref()).await?)
}

/// Adds an account; an e-mail address has one at most.
pub async fn add_account(
    ctx: &Context,
    actor: &Actor,
    email: &str,
    name: &str,
    role: Role,
    password: &str,
) -> Result<Account> {
    if !plausible_email(email) {
        return Err(Error::field("email", "invalid", "This is not an e-mail address"));
    }
    check_length(password)?;
    let account = Account {
        id: ctx.new_id(),
        email: email.to_lowercase(),
        name: name.trim().to_owned(),
        role,
        password_hash: hash_password(password.to_owned()).await?,
        created_at: ctx.now(),
        has_second_factor: false,
        passkeys: 0,
    };
    let mut tx = ctx.db.begin().await?;
    insert_account(ctx, &mut tx, actor, &account).await?;
    tx.commit().await?;
    Ok(account)
}

pub(super) async fn insert_account(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    account: &Account,
) -> Result<()> {
    match tx.insert_account(account).await {
        // Whoever made it lets them in again.
        Ok(()) => tx.forget_removed(&account.email).await?,
        Err(StoreError::Taken) => return Err(email_taken(&account.email)),
        Err(error) => return Err(error.into()),
    }
    note(ctx, tx, actor, ("account-added", account.id), None, Some(account.into())).await
}

pub(super) fn email_taken(email: &str) -> Error {
    Error::conflict("email_taken", format!("There is an account for {email} already"))
}

/// Gives an account another role. Its sessions go on with what that role may do.
pub async fn set_role(ctx: &Context, actor: &Actor, email: &str, role: Role) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    let account = access::account_by_email(&mut tx, email).await?.ok_or(Error::NotFound)?;
    change_role(ctx, &mut tx, actor, &account, role).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn change_role(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    account: &Account,
    role: Role,
) -> Result<()> {
    if account.role == role {
        return Ok(());
    }
    let after = Account { role, ..account.clone() };
    if role != Role::Admin {
        keep_an_admin(tx, account).await?;
    }
    tx.set_role(account.id, role).await?;
    let change = ("account-role", account.id);
    note(ctx, tx, actor, change, Some(account.into()), Some((&after).into())).await
}

/// Takes an account away with its sessions; what its owner did stays in the audit log. Where an identity provider lets in
/// whom it knows, they stay out until [`readmit`] or another account for their e-mail.
pub async fn remove_account(ctx: &Context, actor: &Actor, email: &str) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    let account = access::account_by_email(&mut tx, email).await?.ok_or(Error::NotFound)?;
    keep_an_admin(&mut tx, &account).await?;
    tx.delete_account(account.id).await?;
    tx.remember_removed(&account, &actor.name, ctx.now()).await?;
    tx.delete_account_links(&account.email, LinkPurpose::Recovery).await?;
    note(ctx, &mut tx, actor, ("account-removed", account.id), Some((&account).into()), None).await?;
    Ok(tx.commit().await?)
}

/// Lets somebody whose account was removed come again, as a stranger.
pub async fn readmit(ctx: &Context, actor: &Actor, account: Id) -> Result<()> {
    super::require(actor, Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    // Asked twice, it is done already.
    let Some(removed) = identity::removed_account(&mut tx, account).await? else { return Ok(()) };
    tx.forget_removed(&removed.email).await?;
    note(ctx, &mut tx, actor, ("account-readmitted", account), None, Some((&removed).into())).await?;
    Ok(tx.commit().await?)
}

/// Refuses what would leave nobody who could add an account.
async fn keep_an_admin(tx: &mut Tx, account: &Account) -> Result<()> {
    if account.role == Role::Admin && !tx.has_other_admin(account.id).await? {
        return Err(Error::conflict("last_admin", "This is the last account of an administrator"));
    }
    Ok(())
}

/// Forgets who an account is at the identity provider. Who comes from there with its e-mail next is linked anew.
pub async fn unlink(ctx: &Context, actor: &Actor, email: &str) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    let account = access::account_by_email(&mut tx, email).await?.ok_or(Error::NotFound)?;
    if tx.unlink_identities(account.id).await? {
        let known = || Some((&account).into());
        note(ctx, &mut tx, actor, ("account-unlinked", account.id), known(), known()).await?;
    }
    Ok(tx.commit().await?)
}

/// Changes the password of an account and ends its sessions.
pub async fn set_password(ctx: &Context, actor: &Actor, email: &str, password: &str) -> Result<()> {
    check_length(password)?;
    let account = access::account_by_email(&ctx.db, email).await?.ok_or(Error::NotFound)?;
    let hash = hash_password(password.to_owned()).await?;
    let mut tx = ctx.db.begin().await?;
    replace_password(ctx, &mut tx, actor, &account, hash).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn replace_password(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    account: &Account,
    hash: String,
) -> Result<()> {
    tx.set_password(account.id, hash).await?;
    // Who could have had a link to a new password has no use for it any more.
    tx.delete_account_links(&account.email, LinkPurpose::Recovery).await?;
    let known = || Some(account.into());
    note(ctx, tx, actor, ("account-password", account.id), known(), known()).await
}

/// Changes one's own password, which ends every session of the account, and opens a new one.
pub async fn change_password(
    ctx: &Context,
    account: &Account,
    current: &str,
    new: &str,
    user_agent: &str,
) -> Result<Secret> {
    confirm_password(ctx, account, current).await?;
    set_password(ctx, &account_actor(account), &account.email, new).await?;
    open_session(ctx, account, user_agent).await
}

/// Refuses when this is not the account's own password.
pub async fn confirm_password(ctx: &Context, account: &Account, password: &str) -> Result<()> {
    match by_password(ctx, &account.email, password).await? {
        Some(_) => Ok(()),
        None => Err(Error::field("current", "wrong_password", "This is not the present password")),
    }
}

/// The account with this password; `None` when e-mail or password are wrong, without telling which.
pub async fn by_password(ctx: &Context, email: &str, password: &str) -> Result<Option<Account>> {
    let account = access::account_by_email(&ctx.db, email).await?;
    // An unknown e-mail costs the same time as a wrong password.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = account.as_ref().map(|a| a.password_hash.as_str()).filter(|hash| !hash.is_empty());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let password = password.to_owned();
    let right = a_few_at_once(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await?;
    Ok(account.filter(|_| right))
}

/// Opens a session for somebody who has shown all that is asked for.
pub async fn open_session(ctx: &Context, account: &Account, user_agent: &str) -> Result<Secret> {
    let mut tx = ctx.db.begin().await?;
    let secret = insert_session(ctx, &mut tx, account, user_agent, false).await?;
    tx.commit().await?;
    Ok(secret)
}

pub(super) async fn insert_session(
    ctx: &Context,
    tx: &mut Tx,
    account: &Account,
    user_agent: &str,
    by_provider: bool,
) -> Result<Secret> {
    let secret = Secret::random("")?;
    let now = ctx.now();
    let agent: String = user_agent.chars().take(200).collect();
    tx.delete_sessions_idle_since(hours_before(now, SESSION_HOURS)).await?;
    tx.insert_session(hash_secret(secret.reveal()), account.id, agent, by_provider, now).await?;
    Ok(secret)
}

pub(super) fn hours_before(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_sub(hours.hours()).unwrap_or(Timestamp::MIN)
}

/// Who a session belongs to.
pub struct SignedIn {
    pub account: Account,
    /// Whether an identity provider let them in, which asks for further steps of its own.
    pub by_provider: bool,
}

/// Whose session this is, if it is alive.
pub async fn session(ctx: &Context, secret: &str) -> Result<Option<SignedIn>> {
    let now = ctx.now();
    let hash = hash_secret(secret);
    let idle = hours_before(now, SESSION_IDLE_HOURS);
    let found = access::session_account(&ctx.db, &hash, idle, hours_before(now, SESSION_HOURS)).await?;
    let Some((account, seen_at, by_provider)) = found else { return Ok(None) };
    if now.as_second() - seen_at.as_second() > TOUCH_SECS {
        let mut tx = ctx.db.begin().await?;
        tx.touch_session(&hash, now).await?;
        tx.commit().await?;
    }
    Ok(Some(SignedIn { account, by_provider }))
}

/// The living sessions of an account.
pub async fn sessions(ctx: &Context, account: &Account) -> Result<Vec<OpenSession>> {
    let (idle, begun) = (hours_before(ctx.now(), SESSION_IDLE_HOURS), hours_before(ctx.now(), SESSION_HOURS));
    Ok(access::sessions_of(&ctx.db, account.id, idle, begun).await?)
}

/// Ends every session of an account but the one with this secret.
pub async fn sign_out_elsewhere(ctx: &Context, account: &Account, secret: &str) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    tx.delete_other_sessions(account.id, &hash_secret(secret)).await?;
    let actor = account_actor(account);
    note(ctx, &mut tx, &actor, ("account-signed-out-elsewhere", account.id), None, None).await?;
    Ok(tx.commit().await?)
}

pub async fn sign_out(ctx: &Context, secret: &str) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    tx.delete_session(&hash_secret(secret)).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes an API token; the secret is told only now.
pub async fn create_token(
    ctx: &Context,
    actor: &Actor,
    name: &str,
    role: Role,
) -> Result<(ApiToken, Secret)> {
    if name.trim().is_empty() {
        return Err(Error::field("name", "required", "A token needs a name"));
    }
    let secret = Secret::random("prt_")?;
    let token = ApiToken {
        id: ctx.new_id(),
        name: name.trim().to_owned(),
        role,
        created_at: ctx.now(),
        last_used_at: None,
        revoked_at: None,
    };
    let mut tx = ctx.db.begin().await?;
    tx.insert_token(&token, hash_secret(secret.reveal())).await?;
    note(ctx, &mut tx, actor, ("token-made", token.id), None, Some((&token).into())).await?;
    tx.commit().await?;
    Ok((token, secret))
}

pub async fn revoke_token(ctx: &Context, actor: &Actor, id: Id) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    if !tx.revoke_token(id, ctx.now()).await? {
        return Err(Error::NotFound);
    }
    note(ctx, &mut tx, actor, ("token-revoked", id), None, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Who a bearer token speaks for; `None` when it is unknown or revoked.
pub async fn token_actor(ctx: &Context, secret: &str) -> Result<Option<Actor>> {
    let token = access::token_by_hash(&ctx.db, &hash_secret(secret)).await?;
    Ok(token.map(|token| Actor { name: format!("token:{}", token.name), role: token.role }))
}

/// Who an account acts as.
pub fn account_actor(account: &Account) -> Actor {
    Actor { name: account.email.clone(), role: account.role }
}
