//! Signing in and out, and one's own password.

use axum::extract::State;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{Desk, DeskResult, Section, Shell, language, see_other};
use super::door::{SignInPage, Visitor, respond};
use super::form::{Mistakes, Trouble, Values};
use super::frame::{Held, is_inside};
use super::when;
use crate::domain::FieldError;
use crate::newsroom::accounts::{self, Secret};
use crate::newsroom::second_factor;
use crate::web::extract::{DeskForm, SESSION_COOKIE, UrlQuery, session_secret};
use crate::web::{AppState, Error};

#[derive(Deserialize)]
pub struct SignInQuery {
    next: Option<String>,
    done: Option<String>,
}

pub async fn sign_in_page(
    State(state): State<AppState>,
    headers: HeaderMap,
    UrlQuery(query): UrlQuery<SignInQuery>,
) -> DeskResult {
    let newsroom = state.ctx.newsroom().await?;
    let lang = language(&headers, &newsroom.default_language);
    let next = query.next.filter(|next| is_inside(next)).unwrap_or_else(|| "/admin".to_owned());
    if let Some(secret) = session_secret(&headers)
        && accounts::session(&state.ctx, secret).await?.is_some()
    {
        return Ok(see_other(&next));
    }
    let done = match query.done.as_deref() {
        Some("signed-out") => lang.t("desk-done-signed-out"),
        Some("password-set") => lang.t("desk-done-password-set"),
        _ => String::new(),
    };
    Ok(SignInPage::new(&state, lang, &newsroom, next, None).after(done).respond(StatusCode::OK))
}

pub async fn sign_in(visitor: Visitor) -> DeskResult {
    let Visitor { state, lang, values, .. } = &visitor;
    let email = values.line("email");
    // Signed in meanwhile in another tab, by the identity provider: what waits here goes on.
    if values.has("signed_in") {
        let secret = session_secret(&visitor.headers).unwrap_or_default();
        return match accounts::session(&state.ctx, secret).await? {
            Some(_) => visitor.onward(),
            None => Ok(visitor.again(&email, lang.t("desk-oidc-not-yet"))),
        };
    }
    if !state.has_passwords() {
        return Ok(visitor.again(&email, lang.t("desk-oidc-only")));
    }
    if let Err(wait_secs) = state.gate.admit(visitor.address.as_deref(), &email, state.now()) {
        return Ok(visitor.too_soon(&email, wait_secs));
    }
    let found = accounts::by_password(&state.ctx, &email, &values.text("password")).await?;
    let Some(account) = found else {
        tracing::info!(address = visitor.address, "A sign-in was refused");
        return Ok(visitor.again(&email, lang.t("desk-sign-in-wrong")));
    };
    let is_due = visitor.newsroom.second_factor.holds_for(account.role);
    if !account.has_second_factor && account.passkeys > 0 && is_due {
        return Ok(visitor.again(&email, lang.t("desk-passkey-due")));
    }
    if account.has_second_factor {
        let ticket = second_factor::ticket(&state.ctx, &account).await?;
        return Ok(code_page(&visitor, ticket.reveal(), String::new(), StatusCode::OK));
    }
    let secret = accounts::open_session(&state.ctx, &account, visitor.agent()).await?;
    visitor.let_in(&account.email, &secret)
}

pub fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The second step: the password was right, a code is to come.
#[derive(askama::Template)]
#[template(path = "admin/sign_in_code.html")]
struct CodePage {
    shell: Shell,
    next: String,
    held: Option<Held>,
    ticket: String,
    message: String,
}

fn code_page(visitor: &Visitor, ticket: &str, message: String, status: StatusCode) -> Response {
    let lang = visitor.lang;
    let page = CodePage {
        shell: Shell::outside(lang, lang.t("desk-code-title"), &visitor.newsroom),
        next: visitor.next.clone(),
        held: visitor.held.clone(),
        ticket: ticket.to_owned(),
        message,
    };
    respond(&page, lang, status)
}

/// Who comes here by the browser's "back" begins anew.
pub async fn back_to_sign_in() -> Response {
    see_other("/admin/sign-in")
}

pub async fn sign_in_code(visitor: Visitor) -> DeskResult {
    let Visitor { state, lang, values, .. } = &visitor;
    let address = visitor.address.as_deref();
    let (ticket, code) = (values.line("ticket"), values.line("code"));
    let again = |message, status| code_page(&visitor, &ticket, message, status);
    let Some(account) = second_factor::ticket_account(&state.ctx, &ticket).await? else {
        return Ok(visitor.again("", lang.t("desk-code-ended")));
    };
    if !state.has_passwords() {
        return Ok(see_other("/admin/sign-in"));
    }
    if let Err(wait_secs) = state.code_gate.admit(address, &account.email, state.now()) {
        return Ok(again(visitor.wait(wait_secs), StatusCode::TOO_MANY_REQUESTS));
    }
    match second_factor::pass(&state.ctx, &account, &ticket, &code, visitor.agent()).await? {
        Some(secret) => {
            state.code_gate.welcome(address, &account.email, state.now());
            visitor.let_in(&account.email, &secret)
        }
        None => {
            tracing::info!(address, "A code was refused");
            match second_factor::ticket_account(&state.ctx, &ticket).await? {
                Some(_) => Ok(again(lang.t("desk-error-code"), StatusCode::UNPROCESSABLE_ENTITY)),
                None => Ok(visitor.again(&account.email, lang.t("desk-code-ended"))),
            }
        }
    }
}

pub fn set_cookie(response: &mut Response, state: &AppState, secret: &Secret) -> Result<(), Error> {
    let cookie = cookie(secret.reveal(), state.config.is_https(), "");
    let value = HeaderValue::from_str(&cookie).map_err(|error| Error::Internal(error.into()))?;
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}

fn cookie(value: &str, is_https: bool, more: &str) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}")
}

pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> DeskResult {
    if let Some(secret) = session_secret(&headers) {
        accounts::sign_out(&state.ctx, secret).await?;
    }
    let mut response = see_other("/admin/sign-in?done=signed-out");
    let cookie = cookie("", state.config.is_https(), "; Max-Age=0");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    Ok(response)
}

#[derive(askama::Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    shell: Shell,
    email: String,
    current_error: Option<String>,
    new_error: Option<String>,
    repeat_error: Option<String>,
    summary: Vec<(String, String)>,
    sessions: Vec<SessionRow>,
    has_second_factor: bool,
    /// Why there is no password to change; empty where there is one.
    without_password: String,
    passkeys: usize,
}

struct SessionRow {
    /// "Firefox, Linux"
    program: String,
    since: String,
    seen: String,
    is_this: bool,
}

/// The browser and the system that a user agent names, as people call them.
pub fn program(user_agent: &str) -> String {
    // Each names the ones that stand below it too.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

async fn account_page(desk: &Desk, headers: &HeaderMap, mistakes: &Mistakes) -> DeskResult<AccountPage> {
    let own = session_secret(headers).map(accounts::hash_secret);
    let short = |at| when::short(desk.lang, at, desk.zone());
    let sessions = accounts::sessions(desk.ctx(), &desk.account).await?;
    let sessions = sessions.into_iter().map(|session| SessionRow {
        program: program(&session.user_agent),
        since: short(session.created_at),
        seen: short(session.seen_at),
        is_this: own.as_ref() == Some(&session.secret_hash),
    });
    let has_password = desk.state.has_passwords() && !desk.account.password_hash.is_empty();
    let provider = desk.ctx().oidc.as_ref().map_or("", |provider| provider.client.name.as_str());
    let without_password = || desk.lang.t_args("desk-oidc-no-password", &[("name", provider.into())]);
    Ok(AccountPage {
        without_password: if has_password { String::new() } else { without_password() },
        sessions: sessions.collect(),
        has_second_factor: desk.account.has_second_factor,
        passkeys: desk.account.passkeys,
        shell: desk.shell(desk.lang.t("desk-account-title"), Section::Account),
        email: desk.account.email.clone(),
        current_error: mistakes.of("current", desk.lang),
        new_error: mistakes.of("password", desk.lang),
        repeat_error: mistakes.of("repeat", desk.lang),
        summary: mistakes.summary(desk.lang),
    })
}

pub async fn account(desk: Desk, headers: HeaderMap) -> DeskResult {
    desk.page(&account_page(&desk, &headers, &Mistakes::default()).await?)
}

/// Ends the sessions in other browsers.
pub async fn sign_out_elsewhere(desk: Desk, headers: HeaderMap) -> DeskResult {
    let secret = session_secret(&headers).unwrap_or_default();
    accounts::sign_out_elsewhere(desk.ctx(), &desk.account, secret).await?;
    Ok(see_other("/admin/account?done=signed-out-elsewhere"))
}

pub async fn change_password(
    desk: Desk,
    State(state): State<AppState>,
    headers: HeaderMap,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    let new = values.text("password");
    let refused = async |mistakes: Mistakes| {
        let page = account_page(&desk, &headers, &mistakes).await?;
        desk.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let mistake = |mistake: FieldError| Mistakes::new(vec![mistake]);
    if new != values.text("repeat") {
        return refused(mistake(FieldError::new("repeat", "passwords_differ", "The passwords differ"))).await;
    }
    if let Err(wait_secs) = state.gate.admit(None, &desk.account.email, state.now()) {
        let message = desk.lang.count("desk-sign-in-wait", wait_secs as usize);
        return refused(mistake(FieldError::new("current", "wait", message))).await;
    }
    let agent = user_agent(&headers);
    match accounts::change_password(desk.ctx(), &desk.account, &values.text("current"), &new, agent).await {
        Ok(secret) => {
            let mut response = see_other("/admin/account?done=password");
            set_cookie(&mut response, &state, &secret)?;
            Ok(response)
        }
        Err(error) => match desk.trouble(error) {
            Trouble::Mistakes(mistakes) => refused(mistakes).await,
            Trouble::Other(error) => Err(error.into()),
            Trouble::Refused(text) => refused(mistake(FieldError::new("current", "refused", text))).await,
            Trouble::Stale { .. } => {
                refused(mistake(FieldError::new("current", "refused", String::new()))).await
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_called_what_people_call_it() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        assert_eq!(program(edge), "Edge, Windows");
        assert_eq!(
            program("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox, Linux"
        );
        assert_eq!(program("curl/8"), "curl/8");
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let plain = cookie("s", false, "");
        assert_eq!(plain, "pressroom_session=s; Path=/; HttpOnly; SameSite=Lax");
        assert!(cookie("s", true, "").ends_with("; Secure"));
    }
}
