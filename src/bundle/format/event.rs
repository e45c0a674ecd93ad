//! `events/SLUG.toml`

use serde::Deserialize;

use super::values::{Moment, PlannedTime, Reference, Words};
use crate::domain::Publication;
use crate::domain::event::EventStatus;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventSheet {
    pub title: Words,
    pub description: Words,
    pub starts_at: Option<PlannedTime>,
    pub ends_at: Option<PlannedTime>,
    pub venue: String,
    pub address: String,
    pub url: String,
    pub status: EventStatus,
    pub contacts: Vec<Reference>,
    pub releases: Vec<Reference>,
    pub topics: Vec<Reference>,
    pub state: Publication,
    pub published_at: Option<Moment>,
    pub created_at: Option<Moment>,
    pub updated_at: Option<Moment>,
    pub earlier_slugs: Vec<String>,
}
