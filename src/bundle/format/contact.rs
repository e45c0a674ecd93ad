//! `contacts/SLUG.toml`

use serde::Deserialize;

use super::values::{Clock, Day, Moment, Reference, Words};
use crate::domain::contact::Phone;
use crate::domain::roster::{self, Absence, Hours, Roster};

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
    pub roster: RosterEntry,
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

/// When the contact answers, as `[roster]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RosterEntry {
    zone: String,
    hours: Vec<HoursEntry>,
    absences: Vec<AbsenceEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursEntry {
    days: Vec<roster::Day>,
    from: Clock,
    until: Clock,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AbsenceEntry {
    from: Day,
    until: Day,
    /// The slug of a contact.
    #[serde(default)]
    stand_in: String,
}

impl From<RosterEntry> for Roster {
    fn from(entry: RosterEntry) -> Self {
        let hours = |h: HoursEntry| Hours { days: h.days, from: h.from.0, until: h.until.0 };
        let absence = |a: AbsenceEntry| Absence { from: a.from.0, until: a.until.0, stand_in: a.stand_in };
        Self {
            zone: entry.zone,
            hours: entry.hours.into_iter().map(hours).collect(),
            absences: entry.absences.into_iter().map(absence).collect(),
        }
    }
}
