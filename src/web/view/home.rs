//! The front page.

use super::contact::ContactCard;
use super::event::EventView;
use super::photo::PhotoTile;
use super::release::{Kit, ReleaseTeaser};
use super::shell::{LanguageLink, Shell};
use askama::Template;

/// The newest release, told large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub release: ReleaseTeaser,
    pub sub_headlines: Vec<String>,
    pub kit: Option<Kit>,
}

#[derive(Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    pub shell: Shell,
    /// `None` where nothing has been published yet in this language.
    pub lead: Option<Lead>,
    /// Where the releases in other languages are listed; empty while there are some in this one.
    pub elsewhere: Vec<LanguageLink>,
    pub releases: Vec<ReleaseTeaser>,
    pub photos: Vec<PhotoTile>,
    pub contacts: Vec<ContactCard>,
    pub events: Vec<EventView>,
}
