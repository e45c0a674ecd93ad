//! What may be written of each kind of record, as one JSON shape for the API, the desk and scripts.
//! A change is a JSON merge patch (RFC 7396) on that shape; unknown and read-only fields are refused by name.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::content::Content;
use super::{Error, Result};
use crate::domain::album::Album;
use crate::domain::asset::{Asset, AssetKind, Description, FocalPoint};
use crate::domain::contact::{Contact, Phone};
use crate::domain::event::{Event, EventStatus};
use crate::domain::release::{Release, ReleaseState};
use crate::domain::topic::Topic;
use crate::domain::{DomainError, FieldError, Id, Localized, Publication, Timestamp, ZonedTime};

/// A moment as it is written: an instant, or wall-clock time with a zone (the newsroom's when left out).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TimeInput {
    Instant(Timestamp),
    Local {
        local: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
        /// Told in answers; what is written is worked out from the other two.
        #[serde(default, skip_serializing)]
        utc: Option<Timestamp>,
    },
}

impl TimeInput {
    /// # Errors
    /// A time that the zone skips or repeats, or a zone that does not exist.
    pub fn resolve(&self, field: &str, default_zone: &str) -> std::result::Result<ZonedTime, DomainError> {
        match self {
            Self::Instant(utc) => Ok(ZonedTime::from_instant(*utc, default_zone)),
            Self::Local { local, zone, .. } => {
                let local = ZonedTime::parse_local(field, local)?;
                ZonedTime::resolve(field, local, zone.as_deref().unwrap_or(default_zone))
            }
        }
    }
}

impl From<&ZonedTime> for TimeInput {
    fn from(time: &ZonedTime) -> Self {
        Self::Local { local: time.local.to_string(), zone: Some(time.zone.clone()), utc: None }
    }
}

/// What an application of fields needs to know beside them.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    pub time_zone: &'a str,
    pub default_language: &'a str,
    pub now: Timestamp,
}

/// The writable part of a record.
pub trait Fields: Serialize + DeserializeOwned + Default {
    type Record: Content;
    /// Names that answers carry and that nobody may write; the message says what to do instead.
    const READ_ONLY: &'static [(&'static str, &'static str)];

    fn of(record: &Self::Record) -> Self;

    /// Puts the fields into the record; returns the slug asked for.
    fn apply(self, record: &mut Self::Record, setting: Setting<'_>) -> Result<Option<String>>;

    /// A new record from the fields alone.
    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Self::Record, Option<String>)>;
}

/// Reads fields from a JSON object over the ones there are (the defaults for a new record).
pub fn merge<F: Fields>(base: &F, patch: &Value) -> Result<F> {
    let Value::Object(changes) = patch else {
        return Err(Error::field("", "invalid", "The body must be a JSON object"));
    };
    let mut document = serde_json::to_value(base).map_err(anyhow::Error::from)?;
    let mut errors = Vec::new();
    for name in changes.keys() {
        if let Some((_, instead)) = F::READ_ONLY.iter().find(|(field, _)| field == name) {
            errors.push(FieldError::new(name, "read_only", *instead));
        } else if document.get(name).is_none() {
            errors.push(FieldError::new(name, "unknown_field", format!("There is no field `{name}`")));
        }
    }
    if !errors.is_empty() {
        return Err(DomainError::Invalid(errors).into());
    }
    merge_patch(&mut document, patch);
    serde_path_to_error::deserialize(document).map_err(|error| {
        let field = error.path().to_string();
        Error::field(field, "invalid", error.into_inner().to_string())
    })
}

/// JSON merge patch, RFC 7396 section 2.
fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(object) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            object.remove(name);
        } else {
            merge_patch(object.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

const NEVER: &str = "This field is set by the server";

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReleaseFields {
    pub slug: Option<String>,
    pub language: String,
    pub headline: String,
    pub sub_headlines: Vec<String>,
    pub dateline_place: String,
    pub dateline_date: Option<Date>,
    pub body: String,
    pub boilerplate: String,
    pub topics: Vec<String>,
    pub contacts: Vec<Id>,
    pub assets: Vec<Id>,
    pub related: Vec<Id>,
    pub translation_of: Option<Id>,
    pub publish_at: Option<TimeInput>,
    pub embargo_until: Option<TimeInput>,
    pub aliases: Vec<String>,
}

impl Fields for ReleaseFields {
    type Record = Release;
    const READ_ONLY: &'static [(&'static str, &'static str)] = &[
        ("id", NEVER),
        ("url", NEVER),
        ("state", "Use /publish, /schedule or /withdraw"),
        ("published_at", NEVER),
        ("updated_at", NEVER),
        ("created_at", NEVER),
        ("withdrawn_at", NEVER),
        ("withdrawn_reason", "Use /withdraw"),
        ("corrections", "Use /correct"),
    ];

    fn of(release: &Release) -> Self {
        let r = release.clone();
        Self {
            slug: Some(r.slug),
            language: r.language,
            headline: r.headline,
            sub_headlines: r.sub_headlines,
            dateline_place: r.dateline_place,
            dateline_date: r.dateline_date,
            body: r.body,
            boilerplate: r.boilerplate,
            topics: r.topics,
            contacts: r.contacts,
            assets: r.assets,
            related: r.related,
            translation_of: r.translation_of,
            publish_at: r.publish_at.as_ref().map(TimeInput::from),
            embargo_until: r.embargo_until.as_ref().map(TimeInput::from),
            aliases: r.aliases,
        }
    }

    fn apply(self, release: &mut Release, setting: Setting<'_>) -> Result<Option<String>> {
        let time = |input: &Option<TimeInput>, field| {
            input.as_ref().map(|time| time.resolve(field, setting.time_zone)).transpose()
        };
        let publish_at = time(&self.publish_at, "publish_at")?;
        let embargo_until = time(&self.embargo_until, "embargo_until")?;
        if publish_at != release.publish_at || embargo_until != release.embargo_until {
            change_plan(release, publish_at, embargo_until, setting.now)?;
        }
        if !self.language.is_empty() {
            release.language = self.language;
        }
        release.headline = self.headline.trim().to_owned();
        release.sub_headlines =
            self.sub_headlines.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect();
        release.dateline_place = self.dateline_place.trim().to_owned();
        release.dateline_date = self.dateline_date;
        release.body = self.body;
        release.boilerplate = self.boilerplate;
        release.topics = distinct(self.topics);
        release.contacts = distinct(self.contacts);
        release.assets = distinct(self.assets);
        release.related = distinct(self.related);
        release.translation_of = self.translation_of.filter(|id| *id != release.id);
        release.aliases = distinct(self.aliases);
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Release, Option<String>)> {
        let mut release = Release::draft(id, setting.default_language, "", setting.now);
        let slug = self.apply(&mut release, setting)?;
        Ok((release, slug))
    }
}

/// Other times for a release: plans of a draft are notes, those of a scheduled or embargoed one move its
/// publication, those of a public one can no longer be changed.
fn change_plan(
    release: &mut Release,
    publish_at: Option<ZonedTime>,
    embargo_until: Option<ZonedTime>,
    now: Timestamp,
) -> Result<()> {
    match release.state_at(now) {
        ReleaseState::Draft => {}
        ReleaseState::Scheduled if publish_at.as_ref().is_some_and(|at| at.utc > now) => {
            release.published_at = publish_at.as_ref().map(|at| at.utc);
        }
        ReleaseState::Embargoed if embargo_until.as_ref().is_some_and(|until| until.utc > now) => {
            release.published_at = embargo_until.as_ref().map(|until| until.utc);
        }
        ReleaseState::Scheduled | ReleaseState::Embargoed => {
            return Err(Error::conflict(
                "plan_needed",
                "A planned publication needs a time that lies ahead; publish now or withdraw instead",
            ));
        }
        ReleaseState::Published | ReleaseState::Withdrawn => {
            return Err(Error::conflict(
                "already_published",
                "The time of a past publication cannot be changed",
            ));
        }
    }
    release.publish_at = publish_at;
    release.embargo_until = embargo_until;
    Ok(())
}

fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut seen = Vec::with_capacity(values.len());
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssetFields {
    pub slug: Option<String>,
    pub kind: Option<AssetKind>,
    pub title: String,
    pub caption: String,
    pub alt_text: String,
    pub credit: String,
    pub copyright_notice: String,
    pub usage_terms: String,
    pub rights_url: String,
    pub creator: String,
    pub persons: Vec<String>,
    pub keywords: Vec<String>,
    pub date_created: String,
    pub location: String,
    pub digital_source_type: String,
    pub focal_point: FocalPoint,
    pub rights_until: Option<Timestamp>,
}

impl AssetFields {
    pub fn description(self) -> Description {
        Description {
            title: self.title,
            caption: self.caption,
            alt_text: self.alt_text,
            credit: self.credit,
            copyright_notice: self.copyright_notice,
            usage_terms: self.usage_terms,
            rights_url: self.rights_url,
            creator: self.creator,
            persons: self.persons,
            keywords: self.keywords,
            date_created: self.date_created,
            location: self.location,
            digital_source_type: self.digital_source_type,
        }
    }
}

impl Fields for AssetFields {
    type Record = Asset;
    const READ_ONLY: &'static [(&'static str, &'static str)] = &[
        ("id", NEVER),
        ("url", NEVER),
        ("state", NEVER),
        ("visibility", "An asset becomes public through the release or album that shows it"),
        ("file_name", NEVER),
        ("media_type", NEVER),
        ("size_bytes", NEVER),
        ("sha256", NEVER),
        ("width", NEVER),
        ("height", NEVER),
        ("error", NEVER),
        ("original", NEVER),
        ("renditions", NEVER),
        ("duplicate_of", NEVER),
        ("created_at", NEVER),
        ("updated_at", NEVER),
    ];

    fn of(asset: &Asset) -> Self {
        let d = asset.description.clone();
        Self {
            slug: Some(asset.slug.clone()),
            kind: Some(asset.kind),
            title: d.title,
            caption: d.caption,
            alt_text: d.alt_text,
            credit: d.credit,
            copyright_notice: d.copyright_notice,
            usage_terms: d.usage_terms,
            rights_url: d.rights_url,
            creator: d.creator,
            persons: d.persons,
            keywords: d.keywords,
            date_created: d.date_created,
            location: d.location,
            digital_source_type: d.digital_source_type,
            focal_point: asset.focal_point,
            rights_until: asset.rights_until,
        }
    }

    fn apply(self, asset: &mut Asset, _setting: Setting<'_>) -> Result<Option<String>> {
        if let Some(kind) = self.kind {
            if kind.is_picture() != asset.kind.is_picture() && kind != asset.kind {
                return Err(Error::field("kind", "wrong_media", "The file's content does not fit this kind"));
            }
            asset.kind = kind;
        }
        asset.focal_point = self.focal_point;
        asset.rights_until = self.rights_until;
        let slug = self.slug.clone();
        asset.description = self.description();
        Ok(slug)
    }

    fn create(self, _id: Id, _setting: Setting<'_>) -> Result<(Asset, Option<String>)> {
        Err(Error::field("file", "required", "An asset begins with a file"))
    }
}

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
}

const COMMON_READ_ONLY: &[(&str, &str)] =
    &[("id", NEVER), ("url", NEVER), ("created_at", NEVER), ("updated_at", NEVER), ("published_at", NEVER)];

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
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut contact, setting)?;
        Ok((contact, slug))
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlbumFields {
    pub slug: Option<String>,
    pub title: Localized,
    pub description: Localized,
    pub assets: Vec<Id>,
    pub state: Publication,
    pub order: i64,
}

impl Fields for AlbumFields {
    type Record = Album;
    const READ_ONLY: &'static [(&'static str, &'static str)] = COMMON_READ_ONLY;

    fn of(album: &Album) -> Self {
        let a = album.clone();
        Self {
            slug: Some(a.slug),
            title: a.title,
            description: a.description,
            assets: a.assets,
            state: a.state,
            order: a.order,
        }
    }

    fn apply(self, album: &mut Album, setting: Setting<'_>) -> Result<Option<String>> {
        album.title = self.title;
        album.description = self.description;
        album.assets = distinct(self.assets);
        album.order = self.order;
        if self.state == Publication::Published && album.state == Publication::Draft {
            album.published_at = Some(setting.now);
        }
        album.state = self.state;
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Album, Option<String>)> {
        let mut album = Album {
            id,
            slug: String::new(),
            version: 0,
            title: Localized::default(),
            description: Localized::default(),
            assets: Vec::new(),
            state: Publication::Draft,
            published_at: None,
            order: 0,
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut album, setting)?;
        Ok((album, slug))
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopicFields {
    pub slug: Option<String>,
    pub name: Localized,
    pub order: i64,
}

impl Fields for TopicFields {
    type Record = Topic;
    const READ_ONLY: &'static [(&'static str, &'static str)] = COMMON_READ_ONLY;

    fn of(topic: &Topic) -> Self {
        Self { slug: Some(topic.slug.clone()), name: topic.name.clone(), order: topic.order }
    }

    fn apply(self, topic: &mut Topic, _setting: Setting<'_>) -> Result<Option<String>> {
        let new = topic.slug.is_empty();
        if !new && self.slug.as_deref().is_some_and(|slug| slug != topic.slug) {
            return Err(Error::field(
                "slug",
                "read_only",
                "A topic's slug stands in releases and cannot change",
            ));
        }
        topic.name = self.name;
        topic.order = self.order;
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Topic, Option<String>)> {
        let mut topic = Topic {
            id,
            slug: String::new(),
            version: 0,
            name: Localized::default(),
            order: 0,
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut topic, setting)?;
        Ok((topic, slug))
    }
}

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
