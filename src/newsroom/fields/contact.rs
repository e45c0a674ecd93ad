//! What may be written of a contact.

use serde::{Deserialize, Serialize};

use super::{COMMON_READ_ONLY, Fields, Setting, distinct};
use crate::domain::contact::{Contact, Phone};
use crate::domain::roster::Roster;
use crate::domain::{Id, Localized};
use crate::newsroom::Result;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactFields {
    pub slug: Option<String>,
    pub name: String,
    pub role: Localized,
    pub organisation: String,
    pub phones: Vec<Phone>,
    pub email: String,
    pub languages: Vec<String>,
    pub topics: Vec<String>,
    pub portrait: Option<Id>,
    pub order: i64,
    pub roster: Roster,
}

impl Fields for ContactFields {
    type Record = Contact;
    const READ_ONLY: &'static [(&'static str, &'static str)] = COMMON_READ_ONLY;

    fn of(contact: &Contact) -> Self {
        let c = contact.clone();
        Self {
            slug: Some(c.slug),
            name: c.name,
            role: c.role,
            organisation: c.organisation,
            phones: c.phones,
            email: c.email,
            languages: c.languages,
            topics: c.topics,
            portrait: c.portrait,
            order: c.order,
            roster: c.roster,
        }
    }

    fn apply(self, contact: &mut Contact, _setting: Setting<'_>) -> Result<Option<String>> {
        contact.name = self.name.trim().to_owned();
        contact.role = self.role;
        contact.organisation = self.organisation;
        contact.phones = self.phones;
        contact.email = self.email.trim().to_owned();
        contact.languages = self.languages;
        contact.topics = distinct(self.topics);
        contact.portrait = self.portrait;
        contact.order = self.order;
        contact.roster = self.roster.in_order();
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Contact, Option<String>)> {
        let mut contact = Contact {
            id,
            slug: String::new(),
            version: 0,
            name: String::new(),
            role: Localized::default(),
            organisation: String::new(),
            phones: Vec::new(),
            email: String::new(),
            languages: Vec::new(),
            topics: Vec::new(),
            portrait: None,
            order: 0,
            roster: Roster::default(),
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut contact, setting)?;
        Ok((contact, slug))
    }
}
