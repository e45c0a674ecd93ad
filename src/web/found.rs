//! Hits of the index as records. The index says what matched; what is told comes from the records, and of
//! those only what the public may see at this moment, their texts included.

use std::collections::HashMap;

use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::visibility::Exposure;
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::sight::{self, Prose};
use crate::search::Hit;
use crate::store::Record;
use crate::store::record::find_all;

use super::public::site::Site;
use super::{Error, url};

#[derive(Debug, Clone)]
pub enum Found {
    Release(Box<Release>),
    Photo(Box<Asset>),
    Contact(Box<Contact>),
    Album(Box<Album>),
    Event(Box<Event>),
}

impl Found {
    /// The word for it in the API and in search addresses.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Release(_) => "release",
            Self::Photo(_) => "photo",
            Self::Contact(_) => "contact",
            Self::Album(_) => "album",
            Self::Event(_) => "event",
        }
    }

    pub fn path(&self, site: &Site) -> String {
        match self {
            Self::Release(release) => url::release(&site.newsroom, release),
            Self::Photo(asset) => site.urls.photo(&asset.slug),
            Self::Contact(contact) => site.urls.contact(&contact.slug),
            Self::Album(album) => site.urls.album(&album.slug),
            // Events stand on one page; each has a place of its own there.
            Self::Event(event) => format!("{}#{}", site.urls.events(), event.slug),
        }
    }

    /// When it was published; of an event, when it begins.
    pub fn date(&self) -> Timestamp {
        match self {
            Self::Release(release) => release.public_from().unwrap_or(release.created_at),
            Self::Photo(asset) => asset.created_at,
            Self::Contact(contact) => contact.created_at,
            Self::Album(album) => album.public_from().unwrap_or(album.created_at),
            Self::Event(event) => event.starts_at.utc,
        }
    }
}

/// Each hit that is still public with its record, in the order of the hits.
pub async fn resolve<'a>(site: &Site, hits: &'a [Hit]) -> Result<Vec<(&'a Hit, Found)>, Error> {
    let releases: HashMap<Id, Release> = records(site, hits).await?;
    let contacts: HashMap<Id, Contact> = records(site, hits).await?;
    let albums: HashMap<Id, Album> = records(site, hits).await?;
    let events: HashMap<Id, Event> = records(site, hits).await?;
    let photos: Vec<Id> = hits.iter().filter(|hit| hit.kind == Kind::Asset).map(|hit| hit.id).collect();
    let photos = site.assets(&photos).await?;
    let is_open = |from| site.is_open(&Exposure { public_from: from, ..Exposure::default() });
    let found = hits.iter().filter_map(|hit| {
        let id = &hit.id;
        let found = match hit.kind {
            Kind::Release => releases
                .get(id)
                .filter(|r| site.is_open(&r.exposure()))
                .cloned()
                .map(Box::new)
                .map(Found::Release),
            Kind::Asset => photos.get(id).cloned().map(Box::new).map(Found::Photo),
            Kind::Contact => contacts.get(id).cloned().map(Box::new).map(Found::Contact),
            Kind::Album => {
                albums.get(id).filter(|a| is_open(a.public_from())).cloned().map(Box::new).map(Found::Album)
            }
            Kind::Event => {
                events.get(id).filter(|e| is_open(e.public_from())).cloned().map(Box::new).map(Found::Event)
            }
            Kind::Topic | Kind::Newsroom => None,
        };
        found.map(|found| (hit, found))
    });
    Ok(found.collect())
}

async fn records<R: Record + Prose>(site: &Site, hits: &[Hit]) -> Result<HashMap<Id, R>, Error> {
    let ids: Vec<Id> = hits.iter().filter(|hit| hit.kind == R::KIND).map(|hit| hit.id).collect();
    let mut records: Vec<R> = find_all(&site.state.ctx.db, &ids).await?;
    sight::clear(&site.state.ctx, &mut records, &[], site.now).await?;
    Ok(records.into_iter().map(|record| (record.id(), record)).collect())
}
