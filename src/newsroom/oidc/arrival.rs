//! Whom the provider sends: which account is theirs, whether they get one, and as what.

use serde::Serialize;
use serde_json::Value;

use super::Refusal;
use super::token::Claims;
use crate::config::OidcClient;
use crate::domain::Kind;
use crate::domain::account::{Account, Actor, Role};
use crate::domain::contact::plausible_email;
use crate::newsroom::accounts::{self, Secret};
use crate::newsroom::{Context, Error};
use crate::store::audit::Deed;
use crate::store::{Tx, access, identity};

/// As long as a subject may be (OpenID Connect Core 1.0, section 2).
const MAX_SUBJECT_BYTES: usize = 255;
const MAX_NAME_CHARS: usize = 200;

/// Somebody as the provider knows them.
pub struct Person {
    subject: String,
    /// In lower case; only one that the provider vouches for.
    email: Option<String>,
    name: Option<String>,
    groups: Vec<String>,
}

impl Person {
    pub fn read(client: &OidcClient, claims: &Claims) -> Result<Self, Refusal> {
        let text =
            |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
        let subject = text("sub").filter(|subject| subject.len() <= MAX_SUBJECT_BYTES);
        let subject = subject.ok_or_else(|| Refusal::Wrong("There is no usable subject".to_owned()))?;
        let is_verified = match claims.get("email_verified") {
            Some(Value::Bool(is_verified)) => *is_verified,
            // Some providers write it as text.
            Some(Value::String(text)) => text == "true",
            _ => false,
        };
        let email = text("email").filter(|email| plausible_email(email));
        Ok(Self {
            subject: subject.to_owned(),
            email: email.filter(|_| is_verified || client.trusts_email).map(str::to_lowercase),
            name: text("name").map(|name| name.chars().take(MAX_NAME_CHARS).collect()),
            groups: groups(claims, &client.role_claim),
        })
    }

    /// What the groups say; `None` when they have no say.
    fn role(&self, client: &OidcClient) -> Result<Option<Role>, Refusal> {
        if client.roles.is_empty() {
            return Ok(None);
        }
        let roles =
            client.roles.iter().filter(|(group, _)| self.groups.contains(group)).map(|(_, role)| *role);
        roles.max().or(client.default_role).map(Some).ok_or(Refusal::NoRole)
    }
}

/// The texts of a claim, be it one or a list; the claim may lie inside others (`realm_access.roles`).
pub fn groups(claims: &Claims, path: &str) -> Vec<String> {
    let inside = || {
        let mut names = path.split('.');
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    };
    match claims.get(path).or_else(inside) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

/// What the audit log keeps.
#[derive(Serialize)]
struct Arrived<'a> {
    issuer: &'a str,
    subject: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

/// Opens a session for somebody whom the provider vouches for, in one transaction with all that it takes.
pub async fn let_in(
    ctx: &Context,
    client: &OidcClient,
    person: &Person,
    user_agent: &str,
) -> Result<(Account, Secret), Refusal> {
    let role = person.role(client)?;
    let mut tx = ctx.db.begin().await?;
    let found = identity::account_of(&mut tx, &client.issuer, &person.subject).await?;
    let known = match found.flatten() {
        Some(id) => access::account_by_id(&mut tx, id).await?,
        None => None,
    };
    let account = match known {
        Some(account) => account,
        None => {
            let account = first_arrival(ctx, &mut tx, client, person, (role, found.is_some())).await?;
            if !tx.link_identity(account.id, &client.issuer, &person.subject, ctx.now()).await? {
                return Err(Refusal::Ended);
            }
            note(ctx, &mut tx, "account-linked", &account, client, person).await?;
            account
        }
    };
    let account = match role.filter(|role| *role != account.role) {
        Some(role) => {
            match accounts::change_role(ctx, &mut tx, &Actor::system("oidc"), &account, role).await {
                Ok(()) => Account { role, ..account },
                // The newsroom keeps its last admin, whatever the groups say.
                Err(Error::Domain(error)) => {
                    tracing::warn!(account = account.email, %error, "A role by group was not given");
                    account
                }
                Err(error) => return Err(error.into()),
            }
        }
        None => account,
    };
    note(ctx, &mut tx, "account-signed-in", &account, client, person).await?;
    let secret = accounts::insert_session(ctx, &mut tx, &account, user_agent, true).await?;
    tx.commit().await?;
    Ok((account, secret))
}

/// The account with the person's e-mail, or a new one for who was invited, or for anybody where that is configured.
async fn first_arrival(
    ctx: &Context,
    tx: &mut Tx,
    client: &OidcClient,
    person: &Person,
    (role, was_removed): (Option<Role>, bool),
) -> Result<Account, Refusal> {
    let email = person.email.as_deref().ok_or(Refusal::NoEmail)?;
    if let Some(account) = access::account_by_email(&mut *tx, email).await? {
        // An address may be given to somebody else one day.
        if tx.has_identity(account.id, &client.issuer).await? {
            return Err(Refusal::SomebodyElse(email.to_owned()));
        }
        return Ok(account);
    }
    let (name, role) = match tx.take_invitation(email, ctx.now()).await? {
        Some(invitation) => (invitation.name, role.unwrap_or(invitation.role)),
        None => {
            // Who was taken away here does not come back by what is known of them there.
            let is_out = was_removed || tx.was_removed(email).await?;
            let role = role.or(client.default_role).filter(|_| !is_out);
            let name = person.name.clone().unwrap_or_else(|| email.to_owned());
            (name, role.ok_or_else(|| Refusal::Unknown(email.to_owned()))?)
        }
    };
    let account = Account {
        id: ctx.new_id(),
        email: email.to_owned(),
        name,
        role,
        password_hash: String::new(),
        created_at: ctx.now(),
        has_second_factor: false,
        passkeys: 0,
    };
    accounts::insert_account(ctx, tx, &Actor::system("oidc"), &account).await?;
    Ok(account)
}

async fn note(
    ctx: &Context,
    tx: &mut Tx,
    action: &'static str,
    account: &Account,
    client: &OidcClient,
    person: &Person,
) -> Result<(), Refusal> {
    let (id, record_id) = (ctx.new_id(), account.id.to_string());
    let deed = Deed { id, at: ctx.now(), actor: &account.email, action, kind: Kind::Newsroom, record_id };
    let email = person.email.as_deref();
    let arrived = Arrived { issuer: &client.issuer, subject: &person.subject, email };
    Ok(tx.audit(deed, None, Some(&arrived)).await?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_are_found_where_providers_put_them() {
        let claims = json!({"groups": ["a", 7, "b"], "https://x.example/roles": "c", "realm_access": {"roles": ["d"]}});
        let Value::Object(claims) = claims else { unreachable!() };
        assert_eq!(groups(&claims, "groups"), ["a", "b"]);
        assert_eq!(groups(&claims, "https://x.example/roles"), ["c"]);
        assert_eq!(groups(&claims, "realm_access.roles"), ["d"]);
        assert!(groups(&claims, "realm_access").is_empty() && groups(&claims, "").is_empty());
    }
}
