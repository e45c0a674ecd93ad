//! Passkeys (WebAuthn): keys in devices and password managers. One signs in without password and code, for the device
//! asks for a finger, a face or a PIN before it answers.
//!
//! A challenge says, signed, what it is for and when it was made, so that asking for one fills nothing up. One that was
//! answered rightly is written down: no answer is taken twice.

mod ceremony;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::ToSpan as _;
use serde_json::{Value, json};
use url::{Host, Url};

use self::ceremony::{ALGORITHMS, Answer, Key, Made, Refusal, Signed};
use super::accounts::{self, Secret, account_actor, hash_secret};
use super::{Context, Error, Result, forms, require};
use crate::domain::account::{Account, Actor, Passkey, Role};
use crate::domain::{Id, Timestamp};
use crate::store::{StoreError, Tx, access, passkey};

/// Passkeys of one account.
const MAX_PASSKEYS: usize = 20;
const MAX_NAME_CHARS: usize = 60;
/// How long a browser waits for its user …
const ANSWER_SECS: i64 = 300;
/// … and how long a challenge is good.
const CHALLENGE_SECS: i64 = 600;
/// What challenges are signed for.
const SIGNING_IN: &str = "passkey:sign-in";

fn adding(account: &Account) -> String {
    format!("passkey:adding:{}", account.id)
}

/// Why there are no passkeys at this newsroom's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// It is a number, and keys belong to a name.
    NoName,
    /// Browsers tell no keys to who could be anybody.
    NoTls,
}

/// The name that keys belong to, and the one origin where they are used.
#[derive(Debug, PartialEq, Eq)]
struct Site {
    id: String,
    origin: String,
}

impl Site {
    fn at(public_url: &str) -> std::result::Result<Self, Obstacle> {
        let url = Url::parse(public_url).map_err(|_| Obstacle::NoName)?;
        let Some(Host::Domain(name)) = url.host() else { return Err(Obstacle::NoName) };
        let is_own_machine = name == "localhost" || name.ends_with(".localhost");
        if url.scheme() != "https" && !is_own_machine {
            return Err(Obstacle::NoTls);
        }
        Ok(Self { id: name.to_owned(), origin: url.origin().ascii_serialization() })
    }

    fn of(ctx: &Context) -> Result<Self> {
        Self::at(&ctx.mail.public_url).map_err(|_| {
            Error::conflict("no_passkeys_here", "Passkeys need an address with a name and https://")
        })
    }

    fn asked(&self) -> ceremony::Site<'_> {
        ceremony::Site { id: &self.id, origin: &self.origin }
    }
}

/// Where passkeys can be used, as browsers write it.
pub fn origin(ctx: &Context) -> std::result::Result<String, Obstacle> {
    Site::at(&ctx.mail.public_url).map(|site| site.origin)
}

/// A challenge: the second in which it was made, a number of its own, and the proof that it was made here for this.
async fn challenge(ctx: &Context, purpose: &str) -> Result<String> {
    let nonce = Secret::random("")?;
    let told = format!("{}.{}", ctx.now().as_second(), nonce.reveal());
    let proof = forms::proof(ctx, &told, purpose).await?;
    Ok(URL_SAFE_NO_PAD.encode(format!("{told}.{proof}")))
}

/// Whether a challenge was made here, for this purpose, and not too long ago.
async fn is_ours(ctx: &Context, purpose: &str, challenge: &[u8]) -> Result<bool> {
    let Ok(text) = std::str::from_utf8(challenge) else { return Ok(false) };
    let Some((told, proof)) = text.rsplit_once('.') else { return Ok(false) };
    if !forms::is_same(&forms::proof(ctx, told, purpose).await?, proof) {
        return Ok(false);
    }
    let made_secs = told.split('.').next().and_then(|secs| secs.parse::<i64>().ok());
    Ok(made_secs.is_some_and(|made| made >= ctx.now().as_second().saturating_sub(CHALLENGE_SECS)))
}

/// Notes that a challenge was answered; `false` when that was done before.
async fn use_up(ctx: &Context, tx: &mut Tx, challenge: &[u8]) -> Result<bool> {
    let now = ctx.now();
    // Kept beyond the time in which another node's clock still takes an answer.
    let limit = now.checked_sub((2 * CHALLENGE_SECS).seconds()).unwrap_or(Timestamp::MIN);
    let hash = hash_secret(&String::from_utf8_lossy(challenge));
    Ok(tx.use_passkey_challenge(hash, now, limit).await?)
}

/// What a browser is asked for a new passkey; whoever asks has just shown the password.
pub async fn begin_adding(ctx: &Context, account: &Account) -> Result<Value> {
    let site = Site::of(ctx)?;
    let known = passkey::of_account(&ctx.db, account.id).await?;
    if known.len() >= MAX_PASSKEYS {
        return Err(too_many());
    }
    let named = |id: &[u8]| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(id) });
    let known = known.iter().map(|key| named(&hex::decode(&key.credential_id).unwrap_or_default()));
    let newsroom = ctx.newsroom().await?;
    let name = newsroom.name.get(&newsroom.default_language, &newsroom.default_language);
    Ok(json!({
        "rp": { "id": site.id, "name": name },
        // The id tells nothing of the person to whoever finds the device.
        "user": {
            "id": URL_SAFE_NO_PAD.encode(account.id.as_bytes()),
            "name": account.email,
            "displayName": account.name,
        },
        "challenge": challenge(ctx, &adding(account)).await?,
        "pubKeyCredParams": ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg })),
        "excludeCredentials": known.collect::<Vec<_>>(),
        // Whoever signs in types no name: the device must find the key by itself.
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
        "timeout": ANSWER_SECS * 1000,
    }))
}

fn too_many() -> Error {
    Error::conflict("too_many_passkeys", format!("An account has at most {MAX_PASSKEYS} passkeys"))
}

/// Adds the passkey that the browser has made.
pub async fn add(ctx: &Context, account: &Account, answer: &str, name: &str) -> Result<()> {
    let name: String = name.trim().chars().take(MAX_NAME_CHARS).collect();
    if name.is_empty() {
        return Err(Error::field("name", "required", "A passkey has a name"));
    }
    let refused = || Error::conflict("passkey_refused", "This passkey cannot be added; begin again");
    let site = Site::of(ctx)?;
    let made = Answer::<Made>::parse(answer).and_then(|answer| answer.verify(&site.asked()));
    let (challenge, key) = made.map_err(|error| {
        tracing::info!(%error, account = account.email, "A new passkey was refused");
        refused()
    })?;
    if !is_ours(ctx, &adding(account), &challenge).await? {
        return Err(refused());
    }
    let new = Passkey {
        id: ctx.new_id(),
        account: account.id,
        name,
        credential_id: hex::encode(&key.credential_id),
        public_key: hex::encode(&key.public_key),
        algorithm: key.algorithm,
        counter: key.counter,
        created_at: ctx.now(),
        last_used_at: None,
    };
    let mut tx = ctx.db.begin().await?;
    if !use_up(ctx, &mut tx, &challenge).await? {
        return Err(refused());
    }
    if passkey::of_account(&mut tx, account.id).await?.len() >= MAX_PASSKEYS {
        return Err(too_many());
    }
    match tx.insert_passkey(&new).await {
        Ok(()) => {}
        Err(StoreError::Taken) => {
            return Err(Error::conflict("passkey_known", "This passkey is known already"));
        }
        Err(error) => return Err(error.into()),
    }
    note(ctx, &mut tx, &account_actor(account), "passkey-added", account).await?;
    Ok(tx.commit().await?)
}

/// What a browser is asked at the sign-in; nothing is known of who it is.
pub async fn begin_sign_in(ctx: &Context) -> Result<Value> {
    let site = Site::of(ctx)?;
    Ok(json!({
        "rpId": site.id,
        "challenge": challenge(ctx, SIGNING_IN).await?,
        "userVerification": "required",
        "timeout": ANSWER_SECS * 1000,
    }))
}

/// A session for the right answer; `None` for any other, without telling what is wrong with it.
pub async fn sign_in(ctx: &Context, answer: &str, user_agent: &str) -> Result<Option<(Account, Secret)>> {
    let site = Site::of(ctx)?;
    let Ok(answer) = Answer::<Signed>::parse(answer) else { return Ok(None) };
    let stored = passkey::by_credential(&ctx.db, hex::encode(answer.credential_id())).await?;
    let Some(stored) = stored.filter(|stored| stored.account.as_bytes() == answer.user()) else {
        return Ok(None);
    };
    let Some(account) = access::account_by_id(&ctx.db, stored.account).await? else { return Ok(None) };
    let key = Key {
        credential_id: answer.credential_id().to_vec(),
        public_key: hex::decode(&stored.public_key).map_err(anyhow::Error::from)?,
        algorithm: stored.algorithm,
        counter: stored.counter,
    };
    let verified = answer.verify(&site.asked(), &key);
    if let Err(error) = verified {
        tracing::info!(%error, account = account.email, "A passkey was refused");
    }
    if verified == Err(Refusal::CounterBehind) {
        let mut tx = ctx.db.begin().await?;
        note(ctx, &mut tx, &account_actor(&account), "passkey-copied", &account).await?;
        tx.commit().await?;
    }
    let Ok((challenge, counter)) = verified else { return Ok(None) };
    if !is_ours(ctx, SIGNING_IN, &challenge).await? {
        return Ok(None);
    }
    let mut tx = ctx.db.begin().await?;
    if !use_up(ctx, &mut tx, &challenge).await? || !tx.touch_passkey(&stored, counter, ctx.now()).await? {
        return Ok(None);
    }
    let secret = accounts::insert_session(ctx, &mut tx, &account, user_agent, false).await?;
    tx.commit().await?;
    Ok(Some((account, secret)))
}

/// Takes a passkey of one's own away, unless it is the second factor that the newsroom requires.
pub async fn remove(ctx: &Context, account: &Account, id: Id) -> Result<()> {
    let is_due = ctx.newsroom().await?.second_factor.holds_for(account.role);
    let mut tx = ctx.db.begin().await?;
    let own = passkey::of_account(&mut tx, account.id).await?;
    if !own.iter().any(|key| key.id == id) {
        return Err(Error::NotFound);
    }
    if is_due && own.len() == 1 && !account.has_second_factor {
        return Err(Error::conflict("factor_due", "The newsroom requires a second factor"));
    }
    if tx.delete_passkey(id).await? {
        note(ctx, &mut tx, &account_actor(account), "passkey-removed", account).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a passkey away from a colleague; one that is gone already is no mistake.
pub async fn take_away(ctx: &Context, actor: &Actor, id: Id) -> Result<()> {
    require(actor, Role::Admin)?;
    let mut tx = ctx.db.begin().await?;
    let Some(key) = passkey::by_id(&mut tx, id).await? else { return Ok(()) };
    let account = access::account_by_id(&mut tx, key.account).await?.ok_or(Error::NotFound)?;
    if tx.delete_passkey(id).await? {
        note(ctx, &mut tx, actor, "passkey-removed", &account).await?;
    }
    Ok(tx.commit().await?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_belong_to_a_name_that_nobody_can_take_on() {
        let site = Site::at("https://presse.messe.example/raum").unwrap();
        assert_eq!(
            (site.id.as_str(), site.origin.as_str()),
            ("presse.messe.example", "https://presse.messe.example")
        );
        assert_eq!(Site::at("http://localhost:8080").unwrap().origin, "http://localhost:8080");
        assert_eq!(Site::at("http://127.0.0.1:8080"), Err(Obstacle::NoName));
        assert_eq!(Site::at("https://[2001:db8::1]"), Err(Obstacle::NoName));
        assert_eq!(Site::at("http://presse.messe.example"), Err(Obstacle::NoTls));
        assert_eq!(Site::at("http://notlocalhost"), Err(Obstacle::NoTls));
    }
}
