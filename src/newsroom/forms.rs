//! Forms for everybody: they carry, signed, what they are for and when they were made. No cookie, no riddle.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Context, Error, Result};
use crate::store;

/// A person needs longer than this to write.
const MIN_AGE: SignedDuration = SignedDuration::from_secs(3);
/// How long a form can stand open.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(12);
/// The name under which the key that signs forms is kept.
const KEY: &str = "form-key";

/// What a form carries: when it was made, and the proof that it was made here for this purpose.
pub async fn form(ctx: &Context, subject: &str) -> Result<String> {
    let mut nonce = [0u8; 8];
    getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("No random numbers: {error}"))?;
    let told = format!("{}.{}", ctx.now().as_second(), hex::encode(nonce));
    let proof = sign(&key(ctx).await?, &told, subject);
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
fn sign(key: &str, told: &str, subject: &str) -> String {
    let padded = |pad: u8| -> Vec<u8> {
        let mut block = [0u8; 64];
        block.iter_mut().zip(key.bytes()).for_each(|(to, from)| *to = from);
        block.iter().map(|byte| byte ^ pad).collect()
    };
    let inner = Sha256::new_with_prefix(padded(0x36)).chain_update(format!("{told}|{subject}")).finalize();
    hex::encode(Sha256::new_with_prefix(padded(0x5c)).chain_update(inner).finalize())
}

/// Whether a form was made here, for this purpose, and stood open as long as writing takes.
pub async fn check(ctx: &Context, subject: &str, form: &str) -> Result<()> {
    let refused = |code, detail| Error::field("form", code, detail);
    let made_here = || refused("expired", "The form is too old; send it again");
    let (told, proof) = form.rsplit_once('.').ok_or_else(made_here)?;
    let right = sign(&key(ctx).await?, told, subject);
    if !is_same(&right, proof) {
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

/// The proof that a link was made here. Who has not been given it cannot know it.
pub async fn proof(ctx: &Context, purpose: &str, id: &str) -> Result<String> {
    Ok(sign(&key(ctx).await?, purpose, id))
}

/// Whether two proofs are the same, without telling by the time it takes where they differ.
pub fn is_same(one: &str, other: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(one.as_bytes(), other.as_bytes()).into()
}
