//! Codes by time (RFC 6238) as the second step of a sign-in, and recovery codes for who has lost the device.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::ToSpan as _;
use subtle::ConstantTimeEq as _;

use super::accounts::{self, Secret, account_actor, hash_secret};
use super::{Context, Error, Result, require};
use crate::domain::account::{Account, Actor, Role};
use crate::store::{Tx, access, second_factor};

const STEP_SECS: i64 = 30;
/// Steps by which the device's clock may be off.
const SKEW: i64 = 1;
pub const RECOVERY_CODES: usize = 10;
/// How long a sign-in waits for its code.
const TICKET_MINUTES: i64 = 10;
/// Wrong codes before the password is asked for again.
const MISSES_ALLOWED: i64 = 6;

/// The six digits of a time step.
fn code(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<sha1::Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[digest.len() - 1] & 0xf);
    let word = digest[offset..offset + 4].iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// The step after `last` whose code this is, by a clock that may be off a little.
fn step_of(secret: &str, typed: &str, now_secs: i64, last: i64) -> Option<i64> {
    let secret = hex::decode(secret).ok()?;
    let present = now_secs.div_euclid(STEP_SECS);
    (present - SKEW..=present + SKEW)
        .filter(|step| *step > last)
        .find(|step| bool::from(code(&secret, *step).as_bytes().ct_eq(typed.as_bytes())))
}

/// As it was shown, however it was typed.
fn tidy(typed: &str) -> String {
    typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).take(64).collect()
}

/// A secret that is still to be confirmed; each call makes another.
pub async fn begin(ctx: &Context, account: &Account) -> Result<()> {
    let mut bytes = [0u8; 20];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Internal(anyhow::anyhow!("no randomness: {error}")))?;
    let secret = hex::encode(bytes);
    let mut tx = ctx.db.begin().await?;
    if !tx.begin_second_factor(account.id, secret).await? {
        return Err(Error::conflict("has_second_factor", "There is a second factor already"));
    }
    Ok(tx.commit().await?)
}

/// The secret that waits to be confirmed, as authenticator apps take it.
pub async fn begun(ctx: &Context, account: &Account) -> Result<Option<String>> {
    let factor = second_factor::of_account(&ctx.db, account.id).await?;
    Ok(factor.filter(|factor| !factor.is_confirmed).map(|factor| base32(&factor.secret)))
}

/// A secret in base32 (RFC 4648).
fn base32(hexadecimal: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bytes = hex::decode(hexadecimal).unwrap_or_default();
    // Twenty bytes are groups of five without a rest.
    let groups =
        bytes.chunks_exact(5).map(|five| five.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)));
    groups
        .flat_map(|bits| (0..8).rev().map(move |i| char::from(LETTERS[(bits >> (5 * i) & 31) as usize])))
        .collect()
}

/// What authenticator apps read from the picture.
pub fn uri(newsroom: &str, account: &Account, secret: &str) -> String {
    let encode = |text: &str| -> String {
        // A space is `%20` here, not `+`.
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let issuer = encode(&newsroom.replace(':', " "));
    format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", encode(&account.email))
}

/// Puts the factor in force once a code has shown that it works. Gives the recovery codes, which are told only now.
pub async fn confirm(ctx: &Context, account: &Account, typed: &str) -> Result<Vec<String>> {
    let wrong = || Error::field("code", "wrong_code", "This is not the present code");
    let mut tx = ctx.db.begin().await?;
    let factor = second_factor::of_account(&mut tx, account.id).await?.ok_or_else(wrong)?;
    let now_secs = ctx.now().as_second();
    let step = step_of(&factor.secret, &tidy(typed), now_secs, factor.last_step).ok_or_else(wrong)?;
    if !tx.confirm_second_factor(account.id, ctx.now()).await? || !tx.use_step(account.id, step).await? {
        return Err(wrong());
    }
    let codes = put_recovery_codes(&mut tx, account).await?;
    note(ctx, &mut tx, &account_actor(account), "second-factor-added", account).await?;
    tx.commit().await?;
    Ok(codes)
}

/// New recovery codes; the old ones are worth nothing from here on.
pub async fn renew_codes(ctx: &Context, account: &Account) -> Result<Vec<String>> {
    if !account.has_second_factor {
        return Err(Error::NotFound);
    }
    let mut tx = ctx.db.begin().await?;
    let codes = put_recovery_codes(&mut tx, account).await?;
    note(ctx, &mut tx, &account_actor(account), "recovery-codes", account).await?;
    tx.commit().await?;
    Ok(codes)
}

async fn put_recovery_codes(tx: &mut Tx, account: &Account) -> Result<Vec<String>> {
    // Sixteen letters of 32 each: too many to be found from their hashes.
    let codes = (0..RECOVERY_CODES).map(|_| accounts::random_password()).collect::<Result<Vec<_>>>()?;
    tx.replace_recovery_codes(account.id, codes.iter().map(|code| hash_secret(&tidy(code))).collect())
        .await?;
    Ok(codes)
}

/// Takes the factor away from one's own account, unless the newsroom requires one and there is no passkey.
pub async fn remove(ctx: &Context, account: &Account) -> Result<()> {
    if account.passkeys == 0 && ctx.newsroom().await?.second_factor.holds_for(account.role) {
        return Err(Error::conflict("factor_due", "The newsroom requires a second factor"));
    }
    let mut tx = ctx.db.begin().await?;
    take_away(ctx, &mut tx, &account_actor(account), account).await?;
    Ok(tx.commit().await?)
}

/// Takes the factor and all passkeys away from a colleague who has lost the device and the codes.
pub async fn reset(ctx: &Context, actor: &Actor, email: &str) -> Result<()> {
    require(actor, Role::Admin)?;
    let account = access::account_by_email(&ctx.db, email).await?.ok_or(Error::NotFound)?;
    let mut tx = ctx.db.begin().await?;
    take_away(ctx, &mut tx, actor, &account).await?;
    if tx.delete_passkeys_of(account.id).await? > 0 {
        note(ctx, &mut tx, actor, "passkeys-removed", &account).await?;
    }
    Ok(tx.commit().await?)
}

async fn take_away(ctx: &Context, tx: &mut Tx, actor: &Actor, account: &Account) -> Result<()> {
    if tx.delete_second_factor(account.id).await? {
        note(ctx, tx, actor, "second-factor-removed", account).await?;
    }
    Ok(())
}

async fn note(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    account: &Account,
) -> Result<()> {
    accounts::note(ctx, tx, actor, (action, account.id), None, Some(account.into())).await
}

/// A sign-in whose password was right; the ticket stands for that until the code comes.
pub async fn ticket(ctx: &Context, account: &Account) -> Result<Secret> {
    let secret = Secret::random("")?;
    let mut tx = ctx.db.begin().await?;
    tx.delete_tickets_before(ticket_limit(ctx)).await?;
    tx.insert_ticket(hash_secret(secret.reveal()), account.id, ctx.now()).await?;
    tx.commit().await?;
    Ok(secret)
}

fn ticket_limit(ctx: &Context) -> crate::domain::Timestamp {
    ctx.now().checked_sub(TICKET_MINUTES.minutes()).unwrap_or(crate::domain::Timestamp::MIN)
}

/// Whose sign-in waits with this ticket; `None` when it has ended.
pub async fn ticket_account(ctx: &Context, ticket: &str) -> Result<Option<Account>> {
    let limit = ticket_limit(ctx);
    let email = second_factor::ticket_account(&ctx.db, hash_secret(ticket), limit).await?;
    match email {
        Some(email) => Ok(access::account_by_email(&ctx.db, &email).await?),
        None => Ok(None),
    }
}

/// Ends the second step: a session for the right code or an unused recovery code, `None` for any other.
pub async fn pass(
    ctx: &Context,
    account: &Account,
    ticket: &str,
    typed: &str,
    user_agent: &str,
) -> Result<Option<Secret>> {
    let ticket = hash_secret(ticket);
    let typed = tidy(typed);
    let mut tx = ctx.db.begin().await?;
    let factor = second_factor::of_account(&mut tx, account.id).await?.filter(|factor| factor.is_confirmed);
    let step = factor.and_then(|f| step_of(&f.secret, &typed, ctx.now().as_second(), f.last_step));
    let is_right = match step {
        Some(step) => tx.use_step(account.id, step).await?,
        None => {
            let is_recovery = tx.use_recovery_code(account.id, hash_secret(&typed), ctx.now()).await?;
            if is_recovery {
                note(ctx, &mut tx, &account_actor(account), "recovery-code-used", account).await?;
            }
            is_recovery
        }
    };
    if is_right && tx.use_ticket(&ticket).await? {
        let secret = accounts::insert_session(ctx, &mut tx, account, user_agent, false).await?;
        tx.commit().await?;
        return Ok(Some(secret));
    }
    tx.miss_ticket(&ticket, MISSES_ALLOWED).await?;
    tx.commit().await?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_as_apps_take_it() {
        assert_eq!(base32(&hex::encode(b"12345678901234567890")), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (secs, digits) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000_i64, "353130")] {
            assert_eq!(code(secret, secs / 30), digits);
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_short_while() {
        let secret = hex::encode(b"12345678901234567890");
        let step = 1_111_111_109 / 30;
        for off in [-30, 0, 30] {
            assert_eq!(step_of(&secret, "081804", 1_111_111_109 + off, 0), Some(step), "{off}");
        }
        assert_eq!(step_of(&secret, "081804", 1_111_111_109 + 60, 0), None);
        assert_eq!(step_of(&secret, "081804", 1_111_111_109, step), None);
    }
}
