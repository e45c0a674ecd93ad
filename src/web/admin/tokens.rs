//! API tokens for scripts. The secret is shown once.

use axum::http::StatusCode;

use super::desk::{Desk, DeskResult, Section, Shell, parse_id, role_name, see_other};
use super::field::{Choice, Field, Make};
use super::form::{Mistakes, Trouble, Values};
use super::when;
use crate::domain::Id;
use crate::domain::account::Role;
use crate::newsroom::accounts;
use crate::store::access;
use crate::web::extract::{DeskForm, UrlPath};

struct TokenRow {
    id: Id,
    name: String,
    role: String,
    since: String,
    /// Empty while it is valid.
    revoked: String,
}

#[derive(askama::Template)]
#[template(path = "admin/tokens.html")]
struct TokensPage {
    shell: Shell,
    rows: Vec<TokenRow>,
    inputs: Vec<String>,
    summary: Vec<(String, String)>,
    /// Name and secret of the token that was just made.
    secret: Option<(String, String)>,
}

async fn render(
    desk: &Desk,
    typed: &Values,
    mistakes: &Mistakes,
    secret: Option<(String, String)>,
) -> DeskResult {
    desk.require(Role::Admin)?;
    let all = access::tokens(&desk.ctx().db).await?;
    let make = Make::new(desk, mistakes);
    let chosen = Role::parse(&typed.line("role")).unwrap_or(Role::Author);
    let roles = Role::ALL
        .into_iter()
        .map(|role| Choice::new(role.as_str(), role_name(desk.lang, role), role == chosen))
        .collect();
    let inputs = [
        make.line("name", "desk-field-name", typed.line("name")).required().short(),
        make.select("role", "desk-field-account-role", roles).short(),
    ];
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let short = |at| when::short(desk.lang, at, desk.zone());
    let page = TokensPage {
        shell: desk.shell(desk.lang.t("desk-tokens-title"), Section::Tokens),
        rows: all
            .iter()
            .rev()
            .map(|token| TokenRow {
                id: token.id,
                name: token.name.clone(),
                role: role_name(desk.lang, token.role),
                since: short(token.created_at),
                revoked: token.revoked_at.map_or_else(String::new, short),
            })
            .collect(),
        inputs: inputs.iter().map(Field::html).collect(),
        summary: mistakes.summary(desk.lang),
        secret,
    };
    desk.page_with(status, &page)
}

pub async fn list(desk: Desk) -> DeskResult {
    render(&desk, &Values::default(), &Mistakes::default(), None).await
}

pub async fn create(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let role = Role::parse(&values.line("role")).unwrap_or(Role::Author);
    match accounts::create_token(desk.ctx(), &desk.actor, &values.line("name"), role).await {
        Ok((token, secret)) => {
            let told = Some((token.name, secret.reveal().to_owned()));
            render(&desk, &Values::default(), &Mistakes::default(), told).await
        }
        Err(error) => match desk.trouble(error) {
            Trouble::Mistakes(mistakes) => render(&desk, &values, &mistakes, None).await,
            Trouble::Other(error) => Err(error.into()),
            Trouble::Refused(_) | Trouble::Stale { .. } => list(desk).await,
        },
    }
}

pub async fn revoke(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    desk.require(Role::Admin)?;
    accounts::revoke_token(desk.ctx(), &desk.actor, parse_id(&id)?).await?;
    Ok(see_other("/admin/tokens?done=revoked"))
}
