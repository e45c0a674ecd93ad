//! Who sits at the desk, in which language, and the frame around each of its pages.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::form::Trouble;
use crate::domain::account::{Account, Actor, Role};
use crate::domain::newsroom::Newsroom;
use crate::domain::{Id, Timestamp};
use crate::i18n::Lang;
use crate::newsroom::fields::Setting;
use crate::newsroom::{self, Context};
use crate::web::error::Problem;
use crate::web::page::{Page, Policy};
use crate::web::{AppState, Error, assets};

/// A signed-in request. Only the layer around the desk makes one.
#[derive(Clone)]
pub struct Desk(pub Arc<Seat>);

pub struct Seat {
    pub state: AppState,
    pub account: Account,
    /// Whether an identity provider let them in.
    pub by_provider: bool,
    pub actor: Actor,
    pub lang: Lang,
    pub newsroom: Newsroom,
    /// What was just done, by a code in the address, to be confirmed on the page.
    pub done: String,
}

impl Deref for Desk {
    type Target = Seat;

    fn deref(&self) -> &Seat {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = DeskError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, DeskError> {
        parts.extensions.get::<Self>().cloned().ok_or(DeskError(Error::Unauthorized))
    }
}

impl Seat {
    pub fn ctx(&self) -> &Context {
        &self.state.ctx
    }

    pub fn now(&self) -> Timestamp {
        self.state.now()
    }

    pub fn zone(&self) -> &str {
        &self.newsroom.time_zone
    }

    pub fn is(&self, role: Role) -> bool {
        self.actor.role >= role
    }

    /// Refuses who may not.
    pub fn require(&self, role: Role) -> Result<(), DeskError> {
        Ok(newsroom::require(&self.actor, role)?)
    }

    pub fn setting(&self) -> Setting<'_> {
        Setting {
            time_zone: &self.newsroom.time_zone,
            default_language: &self.newsroom.default_language,
            now: self.now(),
        }
    }

    /// A text in the desk's language, with the newsroom's default language behind it.
    pub fn pick<'a>(&self, text: &'a crate::domain::Localized) -> &'a str {
        text.get(self.lang.tag(), &self.newsroom.default_language)
    }

    pub fn trouble(&self, error: newsroom::Error) -> Trouble {
        Trouble::of(error, self.lang)
    }

    pub fn shell(&self, title: impl Into<String>, section: Section) -> Shell {
        Shell {
            account: Some((self.account.name.clone(), self.actor.role)),
            section: Some(section),
            done: done_text(self.lang, &self.done).unwrap_or_default(),
            ..Shell::outside(self.lang, title, &self.newsroom)
        }
    }

    pub fn page(&self, template: &impl askama::Template) -> DeskResult {
        self.page_with(StatusCode::OK, template)
    }

    pub fn page_with(&self, status: StatusCode, template: &impl askama::Template) -> DeskResult {
        let page = Page::html(template, Policy::NoStore)?.status(status).language(self.lang.tag());
        Ok(page.into_response())
    }
}

/// An id from a path; what is no id names nothing.
pub fn parse_id(text: &str) -> Result<Id, DeskError> {
    text.parse().map_err(|_| DeskError(Error::NotFound))
}

/// Sends the browser on after a write, so that reloading repeats nothing.
pub fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

/// A failure that the layer around the desk makes a page of, or a problem document for scripts.
#[derive(Debug)]
pub struct DeskError(pub Error);

pub type DeskResult<T = Response> = Result<T, DeskError>;

impl<E: Into<Error>> From<E> for DeskError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Rides on an answer until a page is made of it.
#[derive(Debug, Clone)]
pub struct Failure(pub Problem);

impl IntoResponse for DeskError {
    fn into_response(self) -> Response {
        let problem = self.0.problem();
        let mut response = problem.status_code().into_response();
        response.extensions_mut().insert(Failure(problem));
        response
    }
}

/// The parts of the desk, as its navigation names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Releases,
    Photos,
    Contacts,
    Albums,
    Events,
    Topics,
    Statistics,
    Messages,
    Settings,
    Accounts,
    Tokens,
    Account,
}

pub struct NavItem {
    pub url: &'static str,
    pub label: String,
    pub is_current: bool,
}

/// What the layout of every desk page needs.
pub struct Shell {
    pub lang: Lang,
    pub title: String,
    pub newsroom: String,
    pub account: Option<(String, Role)>,
    pub section: Option<Section>,
    /// A confirmation at the top of the page; empty is none.
    pub done: String,
}

impl Shell {
    /// For pages that are shown without a session.
    pub fn outside(lang: Lang, title: impl Into<String>, newsroom: &Newsroom) -> Self {
        Self {
            lang,
            title: title.into(),
            newsroom: newsroom.name.get(lang.tag(), &newsroom.default_language).to_owned(),
            account: None,
            section: None,
            done: String::new(),
        }
    }

    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    pub fn count(&self, key: &str, count: &usize) -> String {
        self.lang.count(key, *count)
    }

    pub fn asset(&self, name: &str) -> String {
        assets::path(name)
    }

    pub fn role(&self) -> String {
        self.account.as_ref().map_or_else(String::new, |(_, role)| role_name(self.lang, *role))
    }

    pub fn nav(&self) -> Vec<NavItem> {
        let Some((_, role)) = &self.account else { return Vec::new() };
        let item = |section: Section, url, key: &str| NavItem {
            url,
            label: self.lang.t(key),
            is_current: self.section == Some(section),
        };
        let mut items = vec![
            item(Section::Overview, "/admin", "desk-nav-overview"),
            item(Section::Releases, "/admin/releases", "desk-nav-releases"),
            item(Section::Photos, "/admin/photos", "desk-nav-photos"),
            item(Section::Contacts, "/admin/contacts", "desk-nav-contacts"),
            item(Section::Albums, "/admin/albums", "desk-nav-albums"),
            item(Section::Events, "/admin/events", "desk-nav-events"),
            item(Section::Topics, "/admin/topics", "desk-nav-topics"),
            item(Section::Statistics, "/admin/statistics", "desk-statistics"),
        ];
        if *role >= Role::Editor {
            items.push(item(Section::Messages, "/admin/messages", "desk-messages-title"));
        }
        if *role >= Role::Admin {
            items.push(item(Section::Settings, "/admin/settings", "desk-nav-settings"));
            items.push(item(Section::Accounts, "/admin/accounts", "desk-nav-accounts"));
            items.push(item(Section::Tokens, "/admin/tokens", "desk-nav-tokens"));
        }
        items
    }
}

pub fn role_name(lang: Lang, role: Role) -> String {
    lang.t(match role {
        Role::Author => "desk-role-author",
        Role::Editor => "desk-role-editor",
        Role::Admin => "desk-role-admin",
    })
}

fn done_text(lang: Lang, code: &str) -> Option<String> {
    let key = match code {
        "saved" => "desk-done-saved",
        "noted" => "desk-done-noted",
        "moved" => "desk-done-moved",
        "created" => "desk-done-created",
        "deleted" => "desk-done-deleted",
        "published" => "desk-done-published",
        "scheduled" => "desk-done-scheduled",
        "embargoed" => "desk-done-embargoed",
        "withdrawn" => "desk-done-withdrawn",
        "recalled" => "desk-done-recalled",
        "submitted" => "desk-done-submitted",
        "approved" => "desk-done-approved",
        "returned" => "desk-done-returned",
        "corrected" => "desk-done-corrected",
        "password" => "desk-done-password",
        "replaced" => "desk-done-replaced",
        "same-file" => "desk-done-same-file",
        "revoked" => "desk-done-revoked",
        "signed-out-elsewhere" => "desk-done-signed-out-elsewhere",
        "signed-out" => "desk-done-signed-out",
        "mail-retried" => "desk-done-mail-retried",
        "invitation-revoked" => "desk-done-invitation-revoked",
        "readmitted" => "desk-done-readmitted",
        "passkey-added" => "desk-done-passkey-added",
        "passkey-removed" => "desk-done-passkey-removed",
        "factor-removed" => "desk-done-factor-removed",
        "factor-due" => "desk-done-factor-due",
        _ => return None,
    };
    Some(lang.t(key))
}

/// The interface's language: the first of the browser's languages that the desk is written in, else the
/// newsroom's own.
pub fn language(headers: &HeaderMap, default: &str) -> Lang {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wishes: Vec<(f32, &str)> = header
        .split(',')
        .filter_map(|part| {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next()?.trim();
            let weight =
                pieces.find_map(|p| p.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            Some((weight, tag))
        })
        .collect();
    // Stable, so that equal weights keep the browser's order.
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    wishes
        .iter()
        .find_map(|(_, tag)| {
            let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            Lang::DESK.into_iter().find(|lang| lang.tag() == primary)
        })
        .unwrap_or_else(|| {
            Some(Lang::for_tag(default)).filter(|lang| Lang::DESK.contains(lang)).unwrap_or(Lang::En)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &'static str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(value));
        language(&headers, "de")
    }

    #[test]
    fn the_browsers_wish_decides_then_the_newsroom() {
        assert_eq!(asked("fr, en-GB;q=0.8, de;q=0.3"), Lang::En);
        assert_eq!(asked("de-CH,en;q=0.5"), Lang::De);
        assert_eq!(asked("fr"), Lang::De);
        assert_eq!(language(&HeaderMap::new(), "en"), Lang::En);
    }
}
