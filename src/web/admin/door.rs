//! Who comes to the desk without a session: with a password, a code or a passkey. Each is let in or told what was wrong,
//! and what they had typed before, or where they wanted to go, is kept through all steps.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::desk::{DeskError, DeskResult, Shell, language, see_other};
use super::form::Values;
use super::frame::{Held, held_in, is_inside};
use super::session::{set_cookie, user_agent};
use crate::domain::newsroom::Newsroom;
use crate::i18n::Lang;
use crate::newsroom::accounts::Secret;
use crate::newsroom::passkeys;
use crate::web::AppState;
use crate::web::extract::{ClientAddress, DeskForm};
use crate::web::page::{Page, Policy};

#[derive(askama::Template)]
#[template(path = "admin/sign_in.html")]
pub struct SignInPage {
    shell: Shell,
    next: String,
    held: Option<Held>,
    email: String,
    message: String,
    /// The identity provider, and the way there.
    provider: Option<(String, String)>,
    has_passwords: bool,
    /// Where passkeys are good; empty when this newsroom's address allows none.
    origin: String,
}

impl SignInPage {
    pub fn new(state: &AppState, lang: Lang, newsroom: &Newsroom, next: String, held: Option<Held>) -> Self {
        let shell = Shell::outside(lang, lang.t("desk-sign-in"), newsroom);
        let provider = state.ctx.oidc.as_ref().map(|provider| {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let label = lang.t_args("desk-oidc-sign-in", &[("name", provider.client.name.as_str().into())]);
            (label, format!("/admin/oidc?next={next}"))
        });
        let has_passwords = state.has_passwords();
        // Where passwords are turned off, the provider is the one door.
        let origin = passkeys::origin(&state.ctx).ok().filter(|_| has_passwords).unwrap_or_default();
        let (email, message) = (String::new(), String::new());
        Self { shell, next, held, email, message, provider, has_passwords, origin }
    }

    pub fn with_message(mut self, message: String) -> Self {
        self.message = message;
        self
    }

    /// What was just done, told above the form.
    pub fn after(mut self, done: String) -> Self {
        self.shell.done = done;
        self
    }

    pub fn respond(&self, status: StatusCode) -> Response {
        respond(self, self.shell.lang, status)
    }
}

pub fn respond(template: &impl askama::Template, lang: Lang, status: StatusCode) -> Response {
    match Page::html(template, Policy::NoStore) {
        Ok(page) => page.status(status).language(lang.tag()).into_response(),
        Err(error) => error.into_response(),
    }
}

#[derive(askama::Template)]
#[template(path = "admin/resume.html")]
struct ResumePage {
    shell: Shell,
    held: Held,
}

/// One step of a sign-in, and who takes it.
pub struct Visitor {
    pub state: AppState,
    pub lang: Lang,
    pub newsroom: Newsroom,
    pub headers: HeaderMap,
    pub values: Values,
    /// Where they wanted to go.
    pub next: String,
    /// A form that was sent without a session, and waits.
    pub held: Option<Held>,
    /// The network that they come from, if that is known.
    pub address: Option<String>,
}

impl FromRequest<AppState> for Visitor {
    type Rejection = DeskError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, DeskError> {
        let client = ClientAddress::of(&state.config, request.headers(), request.extensions());
        let headers = request.headers().clone();
        let DeskForm(values) = DeskForm::<Values>::from_request(request, state).await?;
        let newsroom = state.ctx.newsroom().await?;
        let next = Some(values.text("next")).filter(|next| is_inside(next));
        Ok(Self {
            state: state.clone(),
            lang: language(&headers, &newsroom.default_language),
            newsroom,
            next: next.unwrap_or_else(|| "/admin".to_owned()),
            held: held_in(&values),
            headers,
            values,
            address: client.network(),
        })
    }
}

impl Visitor {
    /// The sign-in page again, with what was typed and a sentence about what was wrong.
    pub fn again(&self, email: &str, message: String) -> Response {
        self.page(email, message).respond(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The same for who has guessed too often and must wait.
    pub fn too_soon(&self, email: &str, wait_secs: u32) -> Response {
        self.page(email, self.wait(wait_secs)).respond(StatusCode::TOO_MANY_REQUESTS)
    }

    pub fn wait(&self, wait_secs: u32) -> String {
        self.lang.count("desk-sign-in-wait", wait_secs as usize)
    }

    fn page(&self, email: &str, message: String) -> SignInPage {
        let (next, held) = (self.next.clone(), self.held.clone());
        let page = SignInPage::new(&self.state, self.lang, &self.newsroom, next, held);
        SignInPage { email: email.to_owned(), message, ..page }
    }

    pub fn agent(&self) -> &str {
        user_agent(&self.headers)
    }

    /// Where they wanted to go, with the session's cookie.
    pub fn let_in(self, email: &str, secret: &Secret) -> DeskResult {
        let state = self.state.clone();
        state.gate.welcome(self.address.as_deref(), email, state.now());
        let mut response = self.onward()?;
        set_cookie(&mut response, &state, secret)?;
        Ok(response)
    }

    /// Where they wanted to go; what waited is shown before it is sent.
    pub fn onward(self) -> DeskResult {
        let Some(held) = self.held else { return Ok(see_other(&self.next)) };
        let shell = Shell::outside(self.lang, self.lang.t("desk-resume-title"), &self.newsroom);
        let page = ResumePage { shell, held };
        Ok(Page::html(&page, Policy::NoStore)?.language(self.lang.tag()).into_response())
    }
}
