//! A search that a reader follows by mail: the form that asks for it, and the page behind the link in each mail. Both are
//! never kept. Whoever only follows a link changes nothing: programs that look through mail follow all of them.

use ::url::form_urlencoded;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::domain::DomainError;
use crate::domain::alert::{Alert, MAX_EMAIL_CHARS, Search};
use crate::newsroom::{self, alerts, forms};
use crate::web::bytes::see_other;
use crate::web::extract::{ClientAddress, Language, PublicForm, UrlPath, UrlQuery};
use crate::web::page::{Page, Policy};
use crate::web::view::alert::{AlertPage, Step};
use crate::web::view::contact::Wrong;
use crate::web::view::search::HiddenField;
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error};

use super::search::Asked;
use super::site::Site;
use super::with_query;

/// What is asked for, and by whom.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    q: String,
    topic: String,
    person: String,
    lang: String,
    form: String,
    email: String,
    /// Nobody sees this field; programs fill it.
    website: String,
    sent: String,
}

impl Typed {
    fn search(&self) -> Search {
        let (words, topic) = (self.q.clone(), self.topic.clone());
        Search { words, topic, person: self.person.clone(), language: self.lang.clone() }.tidied()
    }
}

/// The parts of an address that stand for a search.
fn pairs(search: &Search) -> [(&'static str, &str); 4] {
    [("q", &search.words), ("topic", &search.topic), ("person", &search.person), ("lang", &search.language)]
}

/// Where the search of the page can be followed by mail; empty where it cannot.
pub fn url(site: &Site, asked: &Asked) -> String {
    let is_offered = site.state.is_live && site.state.ctx.mail.is_configured();
    match asked.followed().filter(|_| is_offered) {
        Some(search) => with_query(&site.urls.alert(), &pairs(&search)),
        None => String::new(),
    }
}

/// The search itself, among releases.
fn search_url(site: &Site, search: &Search) -> String {
    let [words, topic, person, language] = pairs(search);
    with_query(&site.urls.search(), &[words, ("kind", "release"), topic, person, language])
}

pub async fn show(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(mut typed): UrlQuery<Typed>,
) -> Result<Response, Error> {
    let site = Site::open(&state, language).await?;
    let search = typed.search();
    if !state.ctx.mail.is_configured() {
        return Ok(see_other(&search_url(&site, &search)));
    }
    if !typed.sent.is_empty() {
        return Ok(page(&site, &search, Step::Sent).await?.into_response());
    }
    typed.form = forms::form(&state.ctx, alerts::FORM).await?;
    Ok(form(&site, &search, typed, Vec::new()).await?.into_response())
}

pub async fn ask(
    State(state): State<AppState>,
    language: Language,
    client: ClientAddress,
    PublicForm(mut typed): PublicForm<Typed>,
) -> Result<Response, Error> {
    let site = Site::open(&state, language).await?;
    let search = typed.search();
    if !state.ctx.mail.is_configured() {
        return Ok(see_other(&search_url(&site, &search)));
    }
    let mut wrong = Vec::new();
    let mut add = |field: &str, key: &str| {
        wrong.push(Wrong { field: field.to_owned(), text: site.lang.t(key) });
    };
    if typed.website.is_empty() {
        if let Some(address) = client.0
            && let Err(retry_after_secs) = state.message_limits.take(address)
        {
            return Err(Error::TooMany { retry_after_secs });
        }
        match alerts::subscribe(&state.ctx, &typed.form, &typed.email, search.clone(), &site.room).await {
            Ok(()) => {
                let [words, topic, person, language] = pairs(&search);
                let pairs = [words, topic, person, language, ("sent", "1")];
                return Ok(see_other(&with_query(&site.urls.alert(), &pairs)));
            }
            Err(newsroom::Error::Domain(DomainError::Invalid(errors))) => {
                for error in &errors {
                    match error.code {
                        "invalid" => add("email", "alert-error-email"),
                        "too_long" => add("", "message-error-long"),
                        "too_fast" => add("", "message-error-fast"),
                        _ => add("", "message-error-expired"),
                    }
                }
                if errors.iter().any(|error| error.code == "expired") {
                    typed.form = forms::form(&state.ctx, alerts::FORM).await?;
                }
            }
            Err(newsroom::Error::Domain(DomainError::Conflict { .. })) => add("", "alert-error-full"),
            Err(error) => return Err(error.into()),
        }
    } else {
        typed.website.clear();
        add("website", "message-error-trap");
    }
    let page = form(&site, &search, typed, wrong).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

async fn form(site: &Site, search: &Search, typed: Typed, wrong: Vec<Wrong>) -> Result<Page, Error> {
    let fields = pairs(search).into_iter().filter(|(_, value)| !value.is_empty());
    let hidden = fields.map(|(name, value)| HiddenField { name, value: value.to_owned() }).collect();
    page(site, search, Step::Ask { hidden, form: typed.form, email: typed.email, wrong }).await
}

#[derive(Debug, Deserialize)]
pub struct Token {
    token: String,
}

pub async fn open(
    State(state): State<AppState>,
    UrlPath(Token { token }): UrlPath<Token>,
) -> Result<Response, Error> {
    let alert = alerts::find(&state.ctx, &token).await?;
    let site = site_of(&state, alert.as_ref()).await?;
    Ok(match &alert {
        Some(alert) if alert.confirmed_at.is_none() => page(&site, &alert.search, Step::Confirm).await?,
        Some(alert) => page(&site, &alert.search, Step::End).await?,
        None => page(&site, &Search::default(), Step::Ended).await?,
    }
    .into_response())
}

/// The button that confirms says so. Anything else ends the alert: mail programs send one of two kinds of forms, and
/// nobody to whom the link was not mailed (RFC 8058).
pub async fn press(
    State(state): State<AppState>,
    UrlPath(Token { token }): UrlPath<Token>,
    body: Bytes,
) -> Result<Response, Error> {
    let found = alerts::find(&state.ctx, &token).await?;
    let site = site_of(&state, found.as_ref()).await?;
    let Some(alert) = found else {
        return Ok(page(&site, &Search::default(), Step::Ended).await?.into_response());
    };
    let step = if form_urlencoded::parse(&body).any(|(name, _)| name == "confirm") {
        alerts::confirm(&state.ctx, &alert).await?;
        Step::Confirmed
    } else {
        alerts::end(&state.ctx, &alert).await?;
        Step::Ended
    };
    Ok(page(&site, &alert.search, step).await?.into_response())
}

/// The site in the language of an alert.
async fn site_of(state: &AppState, alert: Option<&Alert>) -> Result<Site, Error> {
    let newsroom = state.ctx.newsroom().await?;
    let code = alert.map_or_else(|| newsroom.default_language.clone(), |alert| alert.language.clone());
    Site::open(state, Language { code, newsroom }).await
}

async fn page(site: &Site, search: &Search, step: Step) -> Result<Page, Error> {
    let title = site.lang.t("alert-title");
    let path = site.urls.alert();
    let meta = Meta { title: title.clone(), kind: "website", noindex: true, ..Meta::default() };
    let elsewhere = site.everywhere(|urls| with_query(&urls.alert(), &pairs(search)));
    let view = AlertPage {
        shell: site.shell(Section::Search, &path, &elsewhere, meta),
        title,
        what: alerts::describe(&site.state.ctx, search, &site.newsroom, &site.code).await?,
        search_url: search_url(site, search),
        action: path,
        max_email_chars: MAX_EMAIL_CHARS,
        step,
    };
    Ok(Page::html(&view, Policy::NoStore)?.language(&site.code))
}
