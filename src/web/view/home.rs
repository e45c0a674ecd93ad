//! The front page.

use super::contact::ContactCard;
use super::event::EventView;
use super::photo::PhotoTile;
use super::release::{Kit, ReleaseTeaser};
use super::shell::Shell;
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
    /// `None` in a newsroom that has published nothing yet.
    pub lead: Option<Lead>,
    pub releases: Vec<ReleaseTeaser>,
    pub photos: Vec<PhotoTile>,
    pub contacts: Vec<ContactCard>,
    pub events: Vec<EventView>,
}
