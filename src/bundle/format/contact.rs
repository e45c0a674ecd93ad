//! `contacts/SLUG.toml`

use serde::Deserialize;

use super::values::{Moment, Reference, Words};
use crate::domain::contact::Phone;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactSheet {
    pub name: String,
    pub role: Words,
    pub organisation: String,
    pub phones: Vec<PhoneEntry>,
    pub email: String,
    pub languages: Vec<String>,
    pub topics: Vec<Reference>,
    /// A file in photos/.
    pub portrait: Option<Reference>,
    pub order: i64,
    pub created_at: Option<Moment>,
    pub updated_at: Option<Moment>,
    pub earlier_slugs: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneEntry {
    #[serde(rename = "type")]
    kind: Option<String>,
    number: String,
}

impl From<PhoneEntry> for Phone {
    fn from(entry: PhoneEntry) -> Self {
        Self { kind: entry.kind.unwrap_or_else(|| "work".to_owned()), number: entry.number }
    }
}
