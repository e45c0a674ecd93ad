//! What may be written of an event.

use serde::{Deserialize, Serialize};

use super::{COMMON_READ_ONLY, Fields, Setting, TimeInput, distinct};
use crate::domain::event::{Event, EventStatus};
use crate::domain::{Id, Localized, Publication, ZonedTime};
use crate::newsroom::{Error, Result};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventFields {
    pub slug: Option<String>,
    pub title: Localized,
    pub description: Localized,
    pub starts_at: Option<TimeInput>,
    pub ends_at: Option<TimeInput>,
    pub venue: String,
    pub address: String,
    /// The event's own page elsewhere; the record's path here is not writable.
    pub website: String,
    pub status: EventStatus,
    pub contacts: Vec<Id>,
    pub releases: Vec<Id>,
    pub topics: Vec<String>,
    pub state: Publication,
}

impl Fields for EventFields {
    type Record = Event;
    const READ_ONLY: &'static [(&'static str, &'static str)] = COMMON_READ_ONLY;

    fn of(event: &Event) -> Self {
        let e = event.clone();
        Self {
            slug: Some(e.slug),
            title: e.title,
            description: e.description,
            starts_at: Some(TimeInput::from(&e.starts_at)),
            ends_at: e.ends_at.as_ref().map(TimeInput::from),
            venue: e.venue,
            address: e.address,
            website: e.url,
            status: e.status,
            contacts: e.contacts,
            releases: e.releases,
            topics: e.topics,
            state: e.state,
        }
    }

    fn apply(self, event: &mut Event, setting: Setting<'_>) -> Result<Option<String>> {
        let Some(starts_at) = self.starts_at else {
            return Err(Error::field("starts_at", "required", "Say when the event begins"));
        };
        event.starts_at = starts_at.resolve("starts_at", setting.time_zone)?;
        event.ends_at = self.ends_at.map(|end| end.resolve("ends_at", setting.time_zone)).transpose()?;
        event.title = self.title;
        event.description = self.description;
        event.venue = self.venue;
        event.address = self.address;
        event.url = self.website;
        event.status = self.status;
        event.contacts = distinct(self.contacts);
        event.releases = distinct(self.releases);
        event.topics = distinct(self.topics);
        if self.state == Publication::Published && event.state == Publication::Draft {
            event.published_at = Some(setting.now);
        }
        event.state = self.state;
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Event, Option<String>)> {
        let mut event = Event {
            id,
            slug: String::new(),
            version: 0,
            title: Localized::default(),
            description: Localized::default(),
            starts_at: ZonedTime::from_instant(setting.now, setting.time_zone),
            ends_at: None,
            venue: String::new(),
            address: String::new(),
            url: String::new(),
            status: EventStatus::Confirmed,
            contacts: Vec::new(),
            releases: Vec::new(),
            topics: Vec::new(),
            state: Publication::Draft,
            published_at: None,
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut event, setting)?;
        Ok((event, slug))
    }
}
