//! Without a session: setting a password by a link, and asking for such a link.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::desk::{DeskResult, Shell, language, see_other};
use super::form::{Mistakes, Trouble, Values};
use crate::domain::FieldError;
use crate::domain::account::{AccountLink, LinkPurpose};
use crate::domain::newsroom::Newsroom;
use crate::i18n::Lang;
use crate::newsroom::account_links;
use crate::web::AppState;
use crate::web::extract::{ClientAddress, DeskForm, UrlPath};
use crate::web::page::{Page, Policy};

#[derive(askama::Template)]
#[template(path = "admin/account_link.html")]
struct LinkPage {
    shell: Shell,
    path: String,
    lead: String,
    email: String,
    new_error: Option<String>,
    repeat_error: Option<String>,
    summary: Vec<(String, String)>,
    refusal: String,
}

#[derive(askama::Template)]
#[template(path = "admin/link_ended.html")]
struct EndedPage {
    shell: Shell,
}

fn respond(template: &impl askama::Template, lang: Lang, status: StatusCode) -> DeskResult {
    Ok(Page::html(template, Policy::NoStore)?.status(status).language(lang.tag()).into_response())
}

struct Frame {
    lang: Lang,
    newsroom: Newsroom,
}

impl Frame {
    async fn new(state: &AppState, headers: &HeaderMap) -> DeskResult<Self> {
        let newsroom = state.ctx.newsroom().await?;
        Ok(Self { lang: language(headers, &newsroom.default_language), newsroom })
    }

    fn page(&self, secret: &str, link: &AccountLink, mistakes: &Mistakes, refusal: String) -> DeskResult {
        let lang = self.lang;
        let (title, lead) = match link.purpose {
            LinkPurpose::Invitation => (
                "desk-welcome-title",
                lang.t_args("desk-welcome-lead", &[("name", link.name.as_str().into())]),
            ),
            LinkPurpose::Recovery => ("desk-recover-title", lang.t("desk-recover-lead")),
        };
        let page = LinkPage {
            shell: Shell::outside(lang, lang.t(title), &self.newsroom),
            path: account_links::path(secret),
            lead,
            email: link.email.clone(),
            new_error: mistakes.of("password", lang),
            repeat_error: mistakes.of("repeat", lang),
            summary: mistakes.summary(lang),
            refusal,
        };
        let is_good = mistakes.is_empty() && page.refusal.is_empty();
        respond(&page, lang, if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY })
    }

    fn ended(&self) -> DeskResult {
        let title = self.lang.t("desk-link-ended-title");
        let page = EndedPage { shell: Shell::outside(self.lang, title, &self.newsroom) };
        respond(&page, self.lang, StatusCode::NOT_FOUND)
    }
}

pub async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    UrlPath(secret): UrlPath<String>,
) -> DeskResult {
    if !state.has_passwords() {
        return Ok(see_other("/admin/sign-in"));
    }
    let frame = Frame::new(&state, &headers).await?;
    match account_links::open(&state.ctx, &secret).await? {
        Some(link) => frame.page(&secret, &link, &Mistakes::default(), String::new()),
        None => frame.ended(),
    }
}

pub async fn redeem(
    State(state): State<AppState>,
    headers: HeaderMap,
    UrlPath(secret): UrlPath<String>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    if !state.has_passwords() {
        return Ok(see_other("/admin/sign-in"));
    }
    let frame = Frame::new(&state, &headers).await?;
    let Some(link) = account_links::open(&state.ctx, &secret).await? else { return frame.ended() };
    let password = values.text("password");
    if password != values.text("repeat") {
        let mistake = FieldError::new("repeat", "passwords_differ", "The passwords differ");
        return frame.page(&secret, &link, &Mistakes::new(vec![mistake]), String::new());
    }
    match account_links::redeem(&state.ctx, &secret, &password).await {
        Ok(_) => Ok(see_other("/admin/sign-in?done=password-set")),
        Err(crate::newsroom::Error::NotFound) => frame.ended(),
        Err(error) => match Trouble::of(error, frame.lang) {
            Trouble::Mistakes(mistakes) => frame.page(&secret, &link, &mistakes, String::new()),
            Trouble::Refused(text) => frame.page(&secret, &link, &Mistakes::default(), text),
            Trouble::Stale { .. } => frame.ended(),
            Trouble::Other(error) => Err(error.into()),
        },
    }
}

#[derive(askama::Template)]
#[template(path = "admin/forgotten.html")]
struct ForgottenPage {
    shell: Shell,
    /// Without mail, only an admin can help.
    sends_mail: bool,
    is_sent: bool,
    message: String,
}

fn forgotten_page(state: &AppState, frame: &Frame, is_sent: bool, message: String) -> DeskResult<Response> {
    let status = if message.is_empty() { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
    let shell = Shell::outside(frame.lang, frame.lang.t("desk-forgotten-title"), &frame.newsroom);
    let page = ForgottenPage { shell, sends_mail: state.ctx.mail.is_configured(), is_sent, message };
    respond(&page, frame.lang, status)
}

pub async fn forgotten(State(state): State<AppState>, headers: HeaderMap) -> DeskResult {
    if !state.has_passwords() {
        return Ok(see_other("/admin/sign-in"));
    }
    let frame = Frame::new(&state, &headers).await?;
    forgotten_page(&state, &frame, false, String::new())
}

/// The answer is the same, in words and in time, whether there is such an account.
pub async fn send_recovery(
    State(state): State<AppState>,
    client: ClientAddress,
    headers: HeaderMap,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    if !state.has_passwords() {
        return Ok(see_other("/admin/sign-in"));
    }
    let frame = Frame::new(&state, &headers).await?;
    let email = values.line("email");
    if let Err(wait_secs) = state.recovery_gate.admit(client.network().as_deref(), &email, state.now()) {
        let message = frame.lang.count("desk-sign-in-wait", wait_secs as usize);
        return forgotten_page(&state, &frame, false, message);
    }
    let (ctx, lang) = (state.ctx.clone(), frame.lang);
    tokio::spawn(async move {
        if let Err(error) = account_links::request_recovery(&ctx, &email, lang).await {
            tracing::warn!(%error, "A link to a new password could not be made");
        }
    });
    forgotten_page(&state, &frame, true, String::new())
}
