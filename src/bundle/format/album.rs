//! `albums/SLUG.toml`

use serde::Deserialize;

use super::values::{Moment, Reference, Words};
use crate::domain::Publication;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlbumSheet {
    pub title: Words,
    pub description: Words,
    /// Files in photos/, in order.
    pub assets: Vec<Reference>,
    pub state: Publication,
    pub published_at: Option<Moment>,
    pub order: i64,
    pub created_at: Option<Moment>,
    pub updated_at: Option<Moment>,
    pub earlier_slugs: Vec<String>,
}
