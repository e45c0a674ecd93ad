//! To the organisation's identity provider and back.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{DeskResult, language, see_other};
use super::door::SignInPage;
use super::frame::is_inside;
use super::session;
use crate::i18n::Lang;
use crate::newsroom::accounts;
use crate::newsroom::oidc::{self, BEGUN_SECS, Brought, Provider, Refusal};
use crate::web::extract::{ClientAddress, UrlQuery, cookie_value, session_secret};
use crate::web::{AppState, Error};

/// What a sign-in that has begun keeps in the browser. It comes back by a link on the provider's page, hence `Lax`.
const COOKIE: &str = "pressroom_oidc";
const PATH: &str = "/admin/oidc";

fn put_cookie(
    response: &mut Response,
    state: &AppState,
    value: &str,
    max_age_secs: i64,
) -> Result<(), Error> {
    let secure = if state.config.is_https() { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={value}; Path={PATH}; Max-Age={max_age_secs}; HttpOnly; SameSite=Lax{secure}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| Error::Internal(error.into()))?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(())
}

#[derive(Deserialize)]
pub struct BeginQuery {
    next: Option<String>,
}

pub async fn begin(
    State(state): State<AppState>,
    headers: HeaderMap,
    UrlQuery(query): UrlQuery<BeginQuery>,
) -> DeskResult {
    let Some(provider) = &state.ctx.oidc else { return Ok(see_other("/admin/sign-in")) };
    let next = query.next.filter(|next| is_inside(next)).unwrap_or_else(|| "/admin".to_owned());
    match oidc::begin(&state.ctx, provider, &next).await {
        Ok((url, kept)) => {
            let mut response = see_other(url.as_str());
            put_cookie(&mut response, &state, &kept, BEGUN_SECS)?;
            Ok(response)
        }
        Err(refusal) => refused(&state, provider, &headers, refusal).await,
    }
}

pub async fn callback(
    State(state): State<AppState>,
    client: ClientAddress,
    headers: HeaderMap,
    UrlQuery(brought): UrlQuery<Brought>,
) -> DeskResult {
    let Some(provider) = &state.ctx.oidc else { return Ok(see_other("/admin/sign-in")) };
    let kept = cookie_value(&headers, COOKIE).unwrap_or_default();
    let agent = session::user_agent(&headers);
    let mut response = match oidc::finish(&state.ctx, provider, (kept, brought), agent).await {
        Ok(welcome) => {
            state.gate.welcome(client.network().as_deref(), &welcome.account.email, state.now());
            let mut response = see_other(&welcome.next);
            session::set_cookie(&mut response, &state, &welcome.secret)?;
            response
        }
        Err(refusal) => {
            let is_late = matches!(refusal, Refusal::Ended);
            if is_late && is_signed_in(&state, &headers).await? {
                see_other("/admin")
            } else {
                refused(&state, provider, &headers, refusal).await?
            }
        }
    };
    put_cookie(&mut response, &state, "", 0)?;
    Ok(response)
}

/// Whoever reloads the page on which they came back, or goes back to it, is in already.
async fn is_signed_in(state: &AppState, headers: &HeaderMap) -> Result<bool, Error> {
    match session_secret(headers) {
        Some(secret) => Ok(accounts::session(&state.ctx, secret).await?.is_some()),
        None => Ok(false),
    }
}

/// The sign-in page, with a sentence about what was in the way.
async fn refused(state: &AppState, provider: &Provider, headers: &HeaderMap, refusal: Refusal) -> DeskResult {
    if let Refusal::Inside(error) = refusal {
        return Err(error.into());
    }
    match refusal {
        Refusal::Unreachable(_) | Refusal::Wrong(_) => {
            tracing::warn!(%refusal, "The identity provider let nobody in");
        }
        _ => tracing::info!(%refusal, "A sign-in by the identity provider was refused"),
    }
    let newsroom = state.ctx.newsroom().await?;
    let lang = language(headers, &newsroom.default_language);
    let status = match refusal {
        Refusal::Unreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = SignInPage::new(state, lang, &newsroom, "/admin".to_owned(), None);
    Ok(page.with_message(sentence(lang, &provider.client.name, &refusal)).respond(status))
}

fn sentence(lang: Lang, name: &str, refusal: &Refusal) -> String {
    let (key, email) = match refusal {
        Refusal::Unreachable(_) | Refusal::Inside(_) => ("desk-oidc-unreachable", ""),
        Refusal::Wrong(_) => ("desk-oidc-wrong", ""),
        Refusal::Denied(_) => ("desk-oidc-denied", ""),
        Refusal::Ended => ("desk-oidc-ended", ""),
        Refusal::NoEmail => ("desk-oidc-no-email", ""),
        Refusal::Unknown(email) => ("desk-oidc-unknown", email.as_str()),
        Refusal::SomebodyElse(email) => ("desk-oidc-somebody-else", email.as_str()),
        Refusal::NoRole => ("desk-oidc-no-role", ""),
    };
    lang.t_args(key, &[("name", name.into()), ("email", email.into())])
}
