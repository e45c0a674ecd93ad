//! What the API says of each record.

use serde::Serialize;

use crate::domain::album::Album;
use crate::domain::asset::{Asset, AssetError, AssetKind, AssetState, FocalPoint};
use crate::domain::contact::{Contact, Phone};
use crate::domain::crop::Crops;
use crate::domain::event::{Event, EventStatus};
use crate::domain::newsroom::Newsroom;
use crate::domain::release::{Correction, Release, ReleaseState};
use crate::domain::rendition::Format;
use crate::domain::roster::Roster;
use crate::domain::topic::Topic;
use crate::domain::{Id, Localized, Publication, Timestamp, ZonedTime};
use crate::web::url;

#[derive(Debug, Serialize)]
pub struct ReleaseDto {
    pub id: Id,
    pub slug: String,
    pub url: String,
    pub language: String,
    /// As the clock has it now.
    pub state: ReleaseState,
    pub version: i64,
    pub headline: String,
    pub sub_headlines: Vec<String>,
    pub dateline_place: String,
    pub dateline_date: Option<jiff::civil::Date>,
    pub body: String,
    pub boilerplate: String,
    pub topics: Vec<String>,
    pub contacts: Vec<Id>,
    pub assets: Vec<Id>,
    pub related: Vec<Id>,
    pub translation_of: Option<Id>,
    pub publish_at: Option<Timestamp>,
    pub embargo_until: Option<Timestamp>,
    /// The same as wall-clock time with its zone.
    pub publish_at_local: Option<ZonedTime>,
    pub embargo_until_local: Option<ZonedTime>,
    pub published_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    pub created_at: Timestamp,
    pub aliases: Vec<String>,
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_reason: String,
    pub corrections: Vec<Correction>,
}

impl ReleaseDto {
    pub fn new(newsroom: &Newsroom, release: &Release, now: Timestamp) -> Self {
        let r = release.clone();
        let state = r.state_at(now);
        // A time that lies ahead is a plan, not a publication.
        let published_at = r.published_at.filter(|at| *at <= now && state != ReleaseState::Draft);
        let withdrawal = release.withdrawal();
        Self {
            url: url::release(newsroom, release),
            state,
            published_at,
            id: r.id,
            slug: r.slug,
            language: r.language,
            version: r.version,
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
            publish_at: r.publish_at.as_ref().map(|t| t.utc),
            embargo_until: r.embargo_until.as_ref().map(|t| t.utc),
            publish_at_local: r.publish_at,
            embargo_until_local: r.embargo_until,
            updated_at: r.updated_at,
            created_at: r.created_at,
            aliases: r.aliases,
            withdrawn_at: withdrawal.0,
            withdrawn_reason: withdrawal.1.to_owned(),
            corrections: r.corrections,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct OriginalDto {
    pub url: String,
    pub size_bytes: u64,
}

#[derive(Debug, Serialize)]
pub struct RenditionDto {
    pub name: String,
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub size_bytes: u64,
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    Private,
    Public,
}

#[derive(Debug, Serialize)]
pub struct AssetDto {
    pub id: Id,
    pub slug: String,
    pub url: String,
    pub version: i64,
    pub kind: AssetKind,
    pub state: AssetState,
    pub visibility: Visibility,
    pub file_name: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub sha256: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Of the original, as its profile calls itself; empty when it is not told.
    pub colour_space: String,
    pub error: Option<AssetError>,
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
    pub data_mining: String,
    pub focal_point: FocalPoint,
    pub crops: Crops,
    pub rights_until: Option<Timestamp>,
    pub original: OriginalDto,
    pub renditions: Vec<RenditionDto>,
    /// Told on upload: assets that have the same bytes already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duplicate_of: Vec<Id>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl AssetDto {
    pub fn new(asset: &Asset, public: bool, duplicate_of: Vec<Id>) -> Self {
        let a = asset.clone();
        let d = a.description;
        Self {
            url: format!("/photos/{}", a.slug),
            visibility: if public { Visibility::Public } else { Visibility::Private },
            original: OriginalDto { url: url::original(asset), size_bytes: asset.download.size_bytes },
            renditions: asset
                .renditions
                .iter()
                .map(|r| RenditionDto {
                    name: r.name.clone(),
                    format: r.format,
                    width: r.width,
                    height: r.height,
                    size_bytes: r.size_bytes,
                    url: url::rendition(asset, r),
                })
                .collect(),
            duplicate_of,
            id: a.id,
            slug: a.slug,
            version: a.version,
            kind: a.kind,
            state: a.state,
            file_name: a.file_name,
            media_type: a.media_type,
            size_bytes: a.original.size_bytes,
            sha256: a.original.sha256,
            width: a.width,
            height: a.height,
            colour_space: a.colour_space,
            error: a.error,
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
            data_mining: d.data_mining,
            focal_point: a.focal_point,
            crops: a.crops,
            rights_until: a.rights_until,
            created_at: a.created_at,
            updated_at: a.updated_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct ContactDto {
    pub id: Id,
    pub slug: String,
    pub url: String,
    pub version: i64,
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
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<&Contact> for ContactDto {
    fn from(contact: &Contact) -> Self {
        let c = contact.clone();
        Self {
            url: format!("/contacts/{}", c.slug),
            id: c.id,
            slug: c.slug,
            version: c.version,
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
            created_at: c.created_at,
            updated_at: c.updated_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct AlbumDto {
    pub id: Id,
    pub slug: String,
    pub url: String,
    pub version: i64,
    pub title: Localized,
    pub description: Localized,
    pub assets: Vec<Id>,
    pub state: Publication,
    pub published_at: Option<Timestamp>,
    pub order: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<&Album> for AlbumDto {
    fn from(album: &Album) -> Self {
        let a = album.clone();
        Self {
            url: format!("/albums/{}", a.slug),
            id: a.id,
            slug: a.slug,
            version: a.version,
            title: a.title,
            description: a.description,
            assets: a.assets,
            state: a.state,
            published_at: a.published_at,
            order: a.order,
            created_at: a.created_at,
            updated_at: a.updated_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct TopicDto {
    pub id: Id,
    pub slug: String,
    pub url: String,
    pub version: i64,
    pub name: Localized,
    pub order: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<&Topic> for TopicDto {
    fn from(topic: &Topic) -> Self {
        let t = topic.clone();
        Self {
            url: format!("/releases?topic={}", t.slug),
            id: t.id,
            slug: t.slug,
            version: t.version,
            name: t.name,
            order: t.order,
            created_at: t.created_at,
            updated_at: t.updated_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct EventDto {
    pub id: Id,
    pub slug: String,
    pub url: String,
    pub version: i64,
    pub title: Localized,
    pub description: Localized,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub starts_at_local: ZonedTime,
    pub ends_at_local: Option<ZonedTime>,
    pub venue: String,
    pub address: String,
    pub website: String,
    pub status: EventStatus,
    pub contacts: Vec<Id>,
    pub releases: Vec<Id>,
    pub topics: Vec<String>,
    pub state: Publication,
    pub published_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<&Event> for EventDto {
    fn from(event: &Event) -> Self {
        let e = event.clone();
        Self {
            url: format!("/events#{}", e.slug),
            id: e.id,
            slug: e.slug,
            version: e.version,
            title: e.title,
            description: e.description,
            starts_at: e.starts_at.utc,
            ends_at: e.ends_at.as_ref().map(|t| t.utc),
            starts_at_local: e.starts_at,
            ends_at_local: e.ends_at,
            venue: e.venue,
            address: e.address,
            website: e.url,
            status: e.status,
            contacts: e.contacts,
            releases: e.releases,
            topics: e.topics,
            state: e.state,
            published_at: e.published_at,
            created_at: e.created_at,
            updated_at: e.updated_at,
        }
    }
}
