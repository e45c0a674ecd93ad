//! Accounts, and the links by which colleagues set passwords that nobody else sees.

use axum::http::{HeaderMap, StatusCode};

use super::desk::{Desk, DeskResult, Section, Shell, language, parse_id, role_name, see_other};
use super::field::{Choice, Field, Make};
use super::form::{Mistakes, Trouble, Values};
use super::{passkeys, when};
use crate::domain::Id;
use crate::domain::account::{Account, Role};
use crate::i18n::Lang;
use crate::newsroom::account_links::{self, Made};
use crate::newsroom::{self, accounts, second_factor};
use crate::store::{access, account_link, identity, passkey};
use crate::web::extract::{DeskForm, UrlPath};

struct AccountRow {
    name: String,
    email: String,
    role: String,
    /// The roles to choose from: value, name, whether it is the present one.
    roles: Vec<(&'static str, String, bool)>,
    since: String,
    is_self: bool,
    has_second_factor: bool,
    passkey_count: usize,
    passkeys: Vec<passkeys::Row>,
}

struct InvitationRow {
    id: Id,
    name: String,
    email: String,
    role: String,
    until: String,
    is_over: bool,
}

/// Somebody who was removed, and whom the identity provider would send again.
struct RemovedRow {
    id: Id,
    name: String,
    email: String,
    /// When, and by whom.
    removed: String,
}

/// A link that is told only now.
struct Fresh {
    whose: String,
    address: String,
    until: String,
    is_mailed: bool,
}

impl Fresh {
    fn new(desk: &Desk, made: &Made) -> Self {
        Self {
            whose: made.link.email.clone(),
            address: format!("{}{}", desk.state.base(), account_links::path(made.secret.reveal())),
            until: when::short(desk.lang, made.link.expires_at, desk.zone()),
            is_mailed: made.is_mailed,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "admin/accounts.html")]
struct AccountsPage {
    shell: Shell,
    rows: Vec<AccountRow>,
    inputs: Vec<String>,
    summary: Vec<(String, String)>,
    refusal: String,
    invitations: Vec<InvitationRow>,
    removed: Vec<RemovedRow>,
    fresh: Option<Fresh>,
    sends_mail: bool,
    has_passwords: bool,
}

async fn render(
    desk: &Desk,
    typed: &Values,
    mistakes: &Mistakes,
    refusal: String,
    fresh: Option<Fresh>,
) -> DeskResult {
    desk.require(Role::Admin)?;
    let invitations = account_link::invitations(&desk.ctx().db).await?;
    let all: Vec<Account> = access::accounts(&desk.ctx().db).await?;
    let keys = passkey::all(&desk.ctx().db).await?;
    let make = Make::new(desk, mistakes);
    let chosen = Role::parse(&typed.line("role")).unwrap_or(Role::Editor);
    let roles = Role::ALL
        .into_iter()
        .map(|role| Choice::new(role.as_str(), role_name(desk.lang, role), role == chosen))
        .collect();
    let inputs = [
        make.line("name", "desk-field-name", typed.line("name")).required().short(),
        make.input("email", "desk-field-email", "email", typed.line("email")).required().short(),
        make.select("role", "desk-field-account-role", roles).hint(desk.lang.t("desk-hint-roles")).short(),
    ];
    let is_refused = !mistakes.is_empty() || !refusal.is_empty();
    let page = AccountsPage {
        shell: desk.shell(desk.lang.t("desk-accounts-title"), Section::Accounts),
        rows: all
            .iter()
            .map(|account| AccountRow {
                name: account.name.clone(),
                email: account.email.clone(),
                role: role_name(desk.lang, account.role),
                roles: Role::ALL
                    .map(|role| (role.as_str(), role_name(desk.lang, role), role == account.role))
                    .into(),
                since: when::short(desk.lang, account.created_at, desk.zone()),
                is_self: account.id == desk.account.id,
                has_second_factor: account.has_second_factor,
                passkey_count: account.passkeys,
                passkeys: keys
                    .iter()
                    .filter(|key| key.account == account.id)
                    .map(|key| passkeys::Row::new(desk, key))
                    .collect(),
            })
            .collect(),
        invitations: invitations
            .into_iter()
            .map(|link| InvitationRow {
                id: link.id,
                role: role_name(desk.lang, link.role),
                until: when::short(desk.lang, link.expires_at, desk.zone()),
                is_over: link.expires_at <= desk.now(),
                name: link.name,
                email: link.email,
            })
            .collect(),
        removed: removed_rows(desk).await?,
        inputs: inputs.iter().map(Field::html).collect(),
        summary: mistakes.summary(desk.lang),
        refusal,
        fresh,
        sends_mail: desk.ctx().mail.is_configured(),
        has_passwords: desk.state.has_passwords(),
    };
    desk.page_with(if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// Only where a provider could send them is there anybody to be let in again.
async fn removed_rows(desk: &Desk) -> DeskResult<Vec<RemovedRow>> {
    if desk.ctx().oidc.is_none() {
        return Ok(Vec::new());
    }
    let all = identity::removed_accounts(&desk.ctx().db).await?;
    let row = |removed: identity::Removed| {
        let when = when::short(desk.lang, removed.removed_at, desk.zone());
        let told = [("when", when.into()), ("who", removed.removed_by.into())];
        RemovedRow {
            id: removed.account,
            name: removed.name,
            email: removed.email,
            removed: desk.lang.t_args("desk-removed-when", &told),
        }
    };
    Ok(all.into_iter().map(row).collect())
}

pub async fn list(desk: Desk) -> DeskResult {
    render(&desk, &Values::default(), &Mistakes::default(), String::new(), None).await
}

/// Invites a colleague, who sets an own password.
pub async fn add(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let (email, name) = (values.line("email"), values.line("name"));
    let role = Role::parse(&values.line("role")).unwrap_or(Role::Author);
    let made = account_links::invite(desk.ctx(), &desk.actor, &email, &name, role, own_language(&desk)).await;
    told(desk, &values, made).await
}

/// Makes a link by which somebody who is locked out sets a new password.
pub async fn make_recovery(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let email = values.line("email");
    let made = account_links::make_recovery(desk.ctx(), &desk.actor, &email, own_language(&desk)).await;
    told(desk, &Values::default(), made).await
}

/// What a colleague reads who has not chosen a language yet.
fn own_language(desk: &Desk) -> Lang {
    language(&HeaderMap::new(), &desk.newsroom.default_language)
}

async fn told(desk: Desk, values: &Values, made: newsroom::Result<Made>) -> DeskResult {
    match made {
        Ok(made) => {
            let fresh = Some(Fresh::new(&desk, &made));
            render(&desk, &Values::default(), &Mistakes::default(), String::new(), fresh).await
        }
        Err(error) => match desk.trouble(error) {
            Trouble::Mistakes(mistakes) => render(&desk, values, &mistakes, String::new(), None).await,
            Trouble::Refused(text) => render(&desk, values, &Mistakes::default(), text, None).await,
            Trouble::Stale { .. } => list(desk).await,
            Trouble::Other(error) => Err(error.into()),
        },
    }
}

pub async fn revoke_invitation(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    account_links::revoke_invitation(desk.ctx(), &desk.actor, parse_id(&id)?).await?;
    Ok(see_other("/admin/accounts?done=invitation-revoked"))
}

/// Takes the second factor and all passkeys from a colleague who has lost the device.
pub async fn reset_second_factor(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    let reset = second_factor::reset(desk.ctx(), &desk.actor, &values.line("email")).await;
    settled(desk, reset, "factor-removed").await
}

/// Gives an account another role.
pub async fn change_role(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let role = Role::parse(&values.line("role")).ok_or(crate::web::Error::NotFound)?;
    let changed = accounts::set_role(desk.ctx(), &desk.actor, &values.line("email"), role).await;
    settled(desk, changed, "saved").await
}

pub async fn remove(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let removed = accounts::remove_account(desk.ctx(), &desk.actor, &values.line("email")).await;
    settled(desk, removed, "deleted").await
}

/// Lets somebody who was removed come again.
pub async fn readmit(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    accounts::readmit(desk.ctx(), &desk.actor, parse_id(&id)?).await?;
    Ok(see_other("/admin/accounts?done=readmitted"))
}

async fn settled(desk: Desk, outcome: newsroom::Result<()>, done: &str) -> DeskResult {
    match outcome {
        Ok(()) => Ok(see_other(&format!("/admin/accounts?done={done}"))),
        Err(error) => match desk.trouble(error) {
            Trouble::Refused(text) => {
                render(&desk, &Values::default(), &Mistakes::default(), text, None).await
            }
            Trouble::Other(error) => Err(error.into()),
            Trouble::Mistakes(_) | Trouble::Stale { .. } => list(desk).await,
        },
    }
}
