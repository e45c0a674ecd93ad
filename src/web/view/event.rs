//! Dates for the press.

use super::contact::ContactCard;
use super::shell::{Link, Shell};
use askama::Template;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// The slug; it is the anchor on the page of events.
    pub slug: String,
    pub url: String,
    pub title: String,
    /// "Dienstag, 9. Februar 2027, 10:00–11:30 Uhr (MEZ)".
    pub period: String,
    /// RFC 3339.
    pub starts_iso: String,
    /// For the calendar leaf: "9", "Feb", "2027".
    pub day: String,
    pub month: String,
    pub year: String,
    pub venue: String,
    pub address: String,
    /// The event's own site.
    pub website: String,
    /// Sanitised.
    pub description_html: String,
    pub ics_url: String,
    /// "Abgesagt", "Verschoben"; empty when it takes place as planned.
    pub status: String,
    pub is_off: bool,
    pub contacts: Vec<ContactCard>,
    pub releases: Vec<Link>,
}

#[derive(Template)]
#[template(path = "public/events.html")]
pub struct EventsPage {
    pub shell: Shell,
    /// To subscribe to.
    pub calendar_url: String,
    pub upcoming: Vec<EventView>,
    /// Newest first.
    pub past: Vec<EventView>,
}
