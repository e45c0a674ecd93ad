//! Accounts. A password made here is shown once, to be handed over and changed.

use axum::http::StatusCode;

use super::desk::{Desk, DeskResult, Section, Shell, role_name, see_other};
use super::field::{Choice, Field, Make};
use super::form::{Mistakes, Trouble, Values};
use super::when;
use crate::domain::account::{Account, Role};
use crate::newsroom::{self, accounts};
use crate::store::access;
use crate::web::extract::DeskForm;

struct AccountRow {
    name: String,
    email: String,
    role: String,
    /// The roles to choose from: value, name, whether it is the present one.
    roles: Vec<(&'static str, String, bool)>,
    since: String,
    is_self: bool,
}

/// What is told only now.
struct Secret {
    whose: String,
    password: String,
}

#[derive(askama::Template)]
#[template(path = "admin/accounts.html")]
struct AccountsPage {
    shell: Shell,
    rows: Vec<AccountRow>,
    inputs: Vec<String>,
    summary: Vec<(String, String)>,
    refusal: String,
    secret: Option<Secret>,
}

async fn render(
    desk: &Desk,
    typed: &Values,
    mistakes: &Mistakes,
    refusal: String,
    secret: Option<Secret>,
) -> DeskResult {
    desk.require(Role::Admin)?;
    let all: Vec<Account> = access::accounts(&desk.ctx().db).await?;
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
            })
            .collect(),
        inputs: inputs.iter().map(Field::html).collect(),
        summary: mistakes.summary(desk.lang),
        refusal,
        secret,
    };
    desk.page_with(if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

pub async fn list(desk: Desk) -> DeskResult {
    render(&desk, &Values::default(), &Mistakes::default(), String::new(), None).await
}

pub async fn add(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let (email, name) = (values.line("email"), values.line("name"));
    let role = Role::parse(&values.line("role")).unwrap_or(Role::Author);
    let password = accounts::random_password()?;
    match accounts::add_account(desk.ctx(), &desk.actor, &email, &name, role, &password).await {
        Ok(account) => {
            let secret = Secret { whose: account.email, password };
            render(&desk, &Values::default(), &Mistakes::default(), String::new(), Some(secret)).await
        }
        Err(error) => match desk.trouble(error) {
            Trouble::Mistakes(mistakes) => render(&desk, &values, &mistakes, String::new(), None).await,
            Trouble::Refused(text) => render(&desk, &values, &Mistakes::default(), text, None).await,
            Trouble::Stale { .. } => list(desk).await,
            Trouble::Other(error) => Err(error.into()),
        },
    }
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

/// Gives an account a new password and ends its sessions.
pub async fn reset_password(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let whose = values.line("email");
    let password = accounts::random_password()?;
    accounts::set_password(desk.ctx(), &desk.actor, &whose, &password).await?;
    let secret = Some(Secret { whose, password });
    render(&desk, &Values::default(), &Mistakes::default(), String::new(), secret).await
}
