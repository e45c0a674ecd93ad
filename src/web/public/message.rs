//! A message to a press contact. The form stands on a page of its own, which is never kept: it says, signed, when it was
//! made. No cookie, no script, no riddle.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::domain::DomainError;
use crate::domain::contact::Contact;
use crate::domain::message::{Draft, MAX_BODY_CHARS, MAX_LINE_CHARS};
use crate::domain::visibility::Access;
use crate::newsroom::{self, forms, messages};
use crate::store::record;
use crate::web::extract::{ClientAddress, Language, PublicForm, UrlPath, UrlQuery};
use crate::web::page::{Page, Policy};
use crate::web::view::contact::{MessagePage, Wrong};
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error};

use super::Slug;
use super::site::Site;

/// A form with its text percent-encoded has at most this many bytes.
pub const MAX_FORM_BYTES: usize = 160 << 10;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    form: String,
    name: String,
    email: String,
    outlet: String,
    message: String,
    /// Nobody sees this field; programs fill it.
    website: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    sent: Option<String>,
}

pub async fn show(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
    UrlQuery(done): UrlQuery<Done>,
) -> Result<Response, Error> {
    let contact: Contact = record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let site = Site::open(&state, language).await?;
    if contact.slug != slug {
        return Ok(crate::web::bytes::moved(&site.urls.message(&contact.slug), Access::Open));
    }
    let form = forms::form(&state.ctx, &contact.id.to_string()).await?;
    let typed = Typed { form, ..Typed::default() };
    Ok(page(&site, &contact, typed, Vec::new(), done.sent.is_some()).await?.into_response())
}

pub async fn send(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
    client: ClientAddress,
    PublicForm(mut typed): PublicForm<Typed>,
) -> Result<Response, Error> {
    let contact: Contact = record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let site = Site::open(&state, language).await?;
    let mut wrong = Vec::new();
    if typed.website.is_empty() {
        if let Some(address) = client.0
            && let Err(retry_after_secs) = state.message_limits.take(address)
        {
            return Err(Error::TooMany { retry_after_secs });
        }
        let draft = Draft {
            sender: typed.name.clone(),
            email: typed.email.clone(),
            outlet: typed.outlet.clone(),
            body: typed.message.clone(),
        };
        match messages::send(&state.ctx, &contact, &typed.form, draft, &site.code).await {
            Ok(()) => {
                let sent = format!("{}?sent=1", site.urls.message(&contact.slug));
                return Ok(crate::web::bytes::see_other(&sent));
            }
            Err(newsroom::Error::Domain(DomainError::Invalid(errors))) => {
                wrong.extend(errors.iter().map(|error| explain(&site, &error.field, error.code)));
                if errors.iter().any(|error| error.code == "expired") {
                    typed.form = forms::form(&state.ctx, &contact.id.to_string()).await?;
                }
            }
            Err(newsroom::Error::Domain(DomainError::Conflict { .. })) => {
                wrong.push(Wrong { field: String::new(), text: site.lang.t("message-error-full") });
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        typed.website.clear();
        wrong.push(Wrong { field: "website".to_owned(), text: site.lang.t("message-error-trap") });
    }
    let page = page(&site, &contact, typed, wrong, false).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

fn explain(site: &Site, field: &str, code: &str) -> Wrong {
    let key = match (field, code) {
        ("name", "required") => "message-error-name",
        ("email", "invalid") => "message-error-email",
        ("message", "only_links") => "message-error-links",
        ("message", "required") => "message-error-text",
        (_, "too_long") => "message-error-long",
        (_, "too_fast") => "message-error-fast",
        _ => "message-error-expired",
    };
    Wrong { field: field.to_owned(), text: site.lang.t(key) }
}

async fn page(
    site: &Site,
    contact: &Contact,
    typed: Typed,
    wrong: Vec<Wrong>,
    is_sent: bool,
) -> Result<Page, Error> {
    let lang = site.lang;
    let title = lang.t_args("message-title", &[("name", contact.name.clone().into())]);
    let path = site.urls.message(&contact.slug);
    let meta = Meta { title: title.clone(), kind: "website", noindex: true, ..Meta::default() };
    let elsewhere = site.everywhere(|urls| urls.message(&contact.slug));
    let days = lang.count("count-days", usize::from(site.newsroom.message_days));
    let mut cards = site.contact_cards(std::slice::from_ref(contact)).await?;
    let view = MessagePage {
        shell: site.shell(Section::Contacts, &path, &elsewhere, meta),
        title,
        contact: cards.pop().ok_or(Error::NotFound)?,
        action: path,
        form: typed.form,
        name: typed.name,
        email: typed.email,
        outlet: typed.outlet,
        message: typed.message,
        keeps: lang.t_args("message-keeps", &[("days", days.into())]),
        max_line_chars: MAX_LINE_CHARS,
        max_body_chars: MAX_BODY_CHARS,
        wrong,
        is_sent,
    };
    Ok(Page::html(&view, Policy::NoStore)?.language(&site.code))
}
