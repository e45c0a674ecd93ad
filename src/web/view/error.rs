//! Pages for what went wrong. They help, and they tell nothing of the inside.

use super::contact::ContactCard;
use super::release::ReleaseTeaser;
use super::shell::Shell;
use crate::i18n::{Lang, direction};
use askama::Template;

/// 404: offers the search and the latest releases.
#[derive(Template)]
#[template(path = "error/not_found.html")]
pub struct NotFoundPage {
    pub shell: Shell,
    /// What the address may have meant, to start a search with.
    pub query: String,
    pub releases: Vec<ReleaseTeaser>,
    /// Whether they are what may have been meant; else the latest.
    pub is_near: bool,
}

/// 410: a withdrawn release with the reason.
#[derive(Template)]
#[template(path = "error/withdrawn.html")]
pub struct WithdrawnPage {
    pub shell: Shell,
    pub headline: String,
    pub reason: String,
    pub date: String,
    pub date_iso: String,
    pub contacts: Vec<ContactCard>,
    pub releases: Vec<ReleaseTeaser>,
}

/// 500, 503 and every refusal without a page of its own. It needs no database.
#[derive(Template)]
#[template(path = "error/failure.html")]
pub struct FailurePage {
    pub lang: Lang,
    pub status: u16,
    pub css_url: String,
    pub icon_url: String,
    pub home_url: String,
    /// What to name when asking for help; empty when there is none.
    pub request_id: String,
}

impl FailurePage {
    pub fn dir(&self) -> &'static str {
        direction(self.lang.tag())
    }

    pub fn title(&self) -> String {
        match self.status {
            400..=499 => self.lang.t("error-request-title"),
            503 => self.lang.t("error-busy-title"),
            _ => self.lang.t("error-title"),
        }
    }

    pub fn text(&self) -> String {
        match self.status {
            400..=499 => self.lang.t("error-request-text"),
            503 => self.lang.t("error-busy-text"),
            _ => self.lang.t("error-text"),
        }
    }
}
