//! Passkeys: added and removed by their owners, and the way in with one. A script asks the browser for them.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use serde::Serialize;

use super::desk::{Desk, DeskResult, Section, Shell, parse_id, see_other};
use super::door::Visitor;
use super::form::{Mistakes, Trouble, Values};
use super::session::{program, user_agent};
use super::when;
use crate::domain::account::{Passkey, Role};
use crate::i18n::Lang;
use crate::newsroom::passkeys::{self, Obstacle};
use crate::newsroom::{self, accounts};
use crate::store::passkey;
use crate::web::extract::DeskForm;
use crate::web::{AppState, Error};

pub struct Row {
    pub id: String,
    pub name: String,
    pub made: String,
    /// Empty when it was not used yet.
    pub used: String,
}

impl Row {
    pub fn new(desk: &Desk, key: &Passkey) -> Self {
        let short = |at| when::short(desk.lang, at, desk.zone());
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            made: short(key.created_at),
            used: key.last_used_at.map(short).unwrap_or_default(),
        }
    }

    /// "Added …, last used …"
    pub fn times(&self, lang: &Lang) -> String {
        let args = [("made", self.made.as_str().into()), ("used", self.used.as_str().into())];
        lang.t_args(if self.used.is_empty() { "desk-passkey-unused" } else { "desk-passkey-times" }, &args)
    }
}

#[derive(askama::Template)]
#[template(path = "admin/passkeys.html")]
struct PasskeysPage {
    shell: Shell,
    rows: Vec<Row>,
    /// Where the browser must be; empty when no address would do.
    origin: String,
    obstacle: String,
    name: String,
    name_error: Option<String>,
    current_error: Option<String>,
    summary: Vec<(String, String)>,
    refusal: String,
}

async fn render(desk: &Desk, headers: &HeaderMap, mistakes: &Mistakes, refusal: String) -> DeskResult {
    let (origin, obstacle) = match passkeys::origin(desk.ctx()) {
        Ok(origin) => (origin, String::new()),
        Err(obstacle) => (String::new(), explain(desk, obstacle)),
    };
    let keys = passkey::of_account(&desk.ctx().db, desk.account.id).await?;
    let page = PasskeysPage {
        shell: desk.shell(desk.lang.t("desk-passkeys-title"), Section::Account),
        rows: keys.iter().map(|key| Row::new(desk, key)).collect(),
        origin,
        obstacle,
        name: program(user_agent(headers)),
        name_error: mistakes.of("name", desk.lang),
        current_error: mistakes.of("current", desk.lang),
        summary: mistakes.summary(desk.lang),
        refusal,
    };
    let is_good = mistakes.is_empty() && page.refusal.is_empty();
    desk.page_with(if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page)
}

fn explain(desk: &Desk, obstacle: Obstacle) -> String {
    let key = match obstacle {
        Obstacle::NoName => "desk-passkeys-no-name",
        Obstacle::NoTls => "desk-passkeys-no-tls",
    };
    desk.lang.t_args(key, &[("address", desk.state.base().into())])
}

/// Where passwords are turned off, the identity provider is the one door.
fn require_passwords(state: &AppState) -> Result<(), Error> {
    if state.has_passwords() { Ok(()) } else { Err(Error::NotFound) }
}

pub async fn show(desk: Desk, headers: HeaderMap) -> DeskResult {
    require_passwords(&desk.state)?;
    render(&desk, &headers, &Mistakes::default(), String::new()).await
}

/// Takes what the browser has made, or takes a passkey away.
pub async fn take(
    desk: Desk,
    State(state): State<AppState>,
    headers: HeaderMap,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    require_passwords(&state)?;
    let (ctx, account) = (desk.ctx(), &desk.account);
    let changed = match values.line("step").as_str() {
        // The password was asked for with the challenge.
        "add" => {
            let added = passkeys::add(ctx, account, &values.text("answer"), &values.line("name")).await;
            added.map(|()| "passkey-added")
        }
        "remove" => {
            if let Err(wait) = confirmed(&desk, &state, &values).await {
                return refused(&desk, &headers, wait).await;
            }
            passkeys::remove(ctx, account, parse_id(&values.line("id"))?).await.map(|()| "passkey-removed")
        }
        _ => Err(newsroom::Error::NotFound),
    };
    match changed {
        Ok(done) => Ok(see_other(&format!("/admin/account/passkeys?done={done}"))),
        Err(error) => refused(&desk, &headers, desk.trouble(error)).await,
    }
}

async fn refused(desk: &Desk, headers: &HeaderMap, trouble: Trouble) -> DeskResult {
    match trouble {
        Trouble::Mistakes(mistakes) => render(desk, headers, &mistakes, String::new()).await,
        Trouble::Refused(text) => render(desk, headers, &Mistakes::default(), text).await,
        Trouble::Stale { .. } => show(desk.clone(), headers.clone()).await,
        Trouble::Other(error) => Err(error.into()),
    }
}

/// Whoever finds a browser unattended has no password; guesses are slowed down like those at the sign-in.
async fn confirmed(desk: &Desk, state: &AppState, values: &Values) -> Result<(), Trouble> {
    if let Err(wait_secs) = state.gate.admit(None, &desk.account.email, state.now()) {
        return Err(Trouble::Refused(desk.lang.count("desk-sign-in-wait", wait_secs as usize)));
    }
    let confirmed = accounts::confirm_password(desk.ctx(), &desk.account, &values.text("current")).await;
    confirmed.map_err(|error| desk.trouble(error))
}

/// What the script asks the browser; what it cannot have, in words to be shown.
pub async fn adding_challenge(
    desk: Desk,
    State(state): State<AppState>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    require_passwords(&state)?;
    let begun = match confirmed(&desk, &state, &values).await {
        Ok(()) => {
            passkeys::begin_adding(desk.ctx(), &desk.account).await.map_err(|error| desk.trouble(error))
        }
        Err(trouble) => Err(trouble),
    };
    match begun {
        Ok(options) => told(StatusCode::OK, &options),
        Err(Trouble::Refused(text)) => words(&text),
        Err(Trouble::Mistakes(mistakes)) => words(&mistakes.of("current", desk.lang).unwrap_or_default()),
        Err(Trouble::Stale { .. }) => Err(Error::NotFound.into()),
        Err(Trouble::Other(error)) => Err(error.into()),
    }
}

fn told(status: StatusCode, what: &impl Serialize) -> DeskResult {
    let body = serde_json::to_vec(what).map_err(|error| Error::Internal(error.into()))?;
    Ok((status, [(CONTENT_TYPE, "application/json")], body).into_response())
}

fn words(message: &str) -> DeskResult {
    told(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!({ "message": message }))
}

/// The same for whoever wants in.
pub async fn sign_in_challenge(State(state): State<AppState>) -> DeskResult {
    require_passwords(&state)?;
    told(StatusCode::OK, &passkeys::begin_sign_in(&state.ctx).await?)
}

pub async fn sign_in(visitor: Visitor) -> DeskResult {
    let Visitor { state, lang, values, .. } = &visitor;
    if !state.has_passwords() {
        return Ok(visitor.again("", lang.t("desk-oidc-only")));
    }
    if let Err(wait_secs) = state.gate.admit_address(visitor.address.as_deref(), state.now()) {
        return Ok(visitor.too_soon("", wait_secs));
    }
    match passkeys::sign_in(&state.ctx, &values.text("answer"), visitor.agent()).await? {
        Some((account, secret)) => visitor.let_in(&account.email, &secret),
        None => Ok(visitor.again("", lang.t("desk-passkey-wrong"))),
    }
}

/// Takes a passkey away from a colleague.
pub async fn remove_of_colleague(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    passkeys::take_away(desk.ctx(), &desk.actor, parse_id(&values.line("id"))?).await?;
    Ok(see_other("/admin/accounts?done=passkey-removed"))
}
