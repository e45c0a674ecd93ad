//! What of each record can be found.

use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::domain::visibility::{Access, Exposure, Viewer, decide};
use crate::domain::{Kind, Timestamp, ZonedTime};
use crate::newsroom::Context;
use crate::newsroom::sight::{self, PhotosInText};
use crate::search::Document;
use crate::store::{self, Record};
use crate::text::{photos, plain};

/// How many releases an asset is asked for its topics and language.
const SHOWN_IN: usize = 20;
/// Days of an event on which it can be found; what takes longer is looked for by its beginning.
const MOST_DAYS: usize = 31;

pub trait Searchable: Record {
    /// The document, or `None` while the public may not see the record.
    fn document(
        &self,
        ctx: &Context,
        now: Timestamp,
    ) -> impl Future<Output = anyhow::Result<Option<Document>>> + Send;
}

/// From when it is public, if it is public at `now`.
fn public_from(exposure: &Exposure, now: Timestamp) -> Option<Timestamp> {
    (decide(exposure, Viewer::Public, now) == Access::Open).then_some(exposure.public_from).flatten()
}

impl Searchable for Release {
    async fn document(&self, ctx: &Context, now: Timestamp) -> anyhow::Result<Option<Document>> {
        let Some(from) = public_from(&self.exposure(), now) else { return Ok(None) };
        let published = self.published_at.unwrap_or(from);
        let day = match self.dateline_date {
            Some(day) => day,
            None => ZonedTime::from_instant(published, &ctx.newsroom().await?.time_zone).local.date(),
        };
        let mut side = vec![self.dateline_place.clone()];
        let mut persons = Vec::new();
        // Those that are not open yet come in when they open: that is a change of theirs, or this very moment.
        let assets = sight::open_assets(ctx, &self.assets, now).await?;
        // Nothing is noticed when another photo opens or closes, so no word of one is taken in.
        let photos = PhotosInText::of_own(ctx, &self.body, &assets).await?;
        for asset in &assets {
            side.push(asset.description.caption.clone());
            persons.extend(asset.description.persons.iter().cloned());
        }
        let contacts: Vec<Contact> = store::record::find_all(&ctx.db, &self.contacts).await?;
        side.extend(contacts.into_iter().map(|contact| contact.name));
        for slug in &self.topics {
            if let Some(topic) = store::record::find_by_slug::<Topic>(&ctx.db, slug).await? {
                side.push(topic.name.get(&self.language, &self.language).to_owned());
            }
        }
        Ok(Some(Document {
            id: self.id,
            kind: Kind::Release,
            language: self.language.clone(),
            title: self.headline.clone(),
            sub: self.sub_headlines.clone(),
            body: plain::for_search(&photos.readable(&self.body)),
            side,
            persons,
            topics: self.topics.clone(),
            date: published,
            days: vec![day],
            public_from: from,
        }))
    }
}

impl Searchable for Asset {
    async fn document(&self, ctx: &Context, now: Timestamp) -> anyhow::Result<Option<Document>> {
        let shown = store::list::shown_from(&ctx.db, &[self.id]).await?;
        let exposure = self.exposure(shown.get(&self.id).copied());
        let Some(from) = public_from(&exposure, now) else { return Ok(None) };
        let id = self.id.to_string();
        let mut releases: Vec<Release> =
            store::list::sources_of(&ctx.db, (&id, "asset"), Some(now), SHOWN_IN).await?;
        releases.retain(|release| public_from(&release.exposure(), now).is_some());
        let newsroom = ctx.newsroom().await?;
        let language = releases.first().map_or(newsroom.default_language, |release| release.language.clone());
        let mut topics: Vec<String> = releases.into_iter().flat_map(|release| release.topics).collect();
        topics.sort_unstable();
        topics.dedup();
        let d = &self.description;
        let title = if d.title.is_empty() { self.file_name.clone() } else { d.title.clone() };
        let mut side = vec![d.location.clone(), d.credit.clone(), d.creator.clone(), d.alt_text.clone()];
        side.extend(d.keywords.iter().cloned());
        side.extend(d.persons.iter().cloned());
        Ok(Some(Document {
            id: self.id,
            kind: Kind::Asset,
            language,
            title,
            sub: Vec::new(),
            body: d.caption.clone(),
            side,
            persons: d.persons.clone(),
            topics,
            date: from,
            days: Vec::new(),
            public_from: from,
        }))
    }
}

impl Searchable for Contact {
    async fn document(&self, ctx: &Context, now: Timestamp) -> anyhow::Result<Option<Document>> {
        let exposure = Exposure { public_from: self.columns().public_from, ..Exposure::default() };
        let Some(from) = public_from(&exposure, now) else { return Ok(None) };
        let newsroom = ctx.newsroom().await?;
        let mut side: Vec<String> = self.role.all().into_iter().map(ToOwned::to_owned).collect();
        side.extend([self.organisation.clone(), self.email.clone()]);
        side.extend(self.phones.iter().map(|phone| phone.number.clone()));
        Ok(Some(Document {
            id: self.id,
            kind: Kind::Contact,
            language: newsroom.default_language,
            title: self.name.clone(),
            sub: Vec::new(),
            body: String::new(),
            side,
            persons: vec![self.name.clone()],
            topics: self.topics.clone(),
            date: self.updated_at,
            days: Vec::new(),
            public_from: from,
        }))
    }
}

impl Searchable for Album {
    async fn document(&self, ctx: &Context, now: Timestamp) -> anyhow::Result<Option<Document>> {
        let exposure = Exposure { public_from: self.public_from(), ..Exposure::default() };
        let Some(from) = public_from(&exposure, now) else { return Ok(None) };
        let newsroom = ctx.newsroom().await?;
        let language = newsroom.default_language;
        Ok(Some(Document {
            id: self.id,
            kind: Kind::Album,
            title: self.title.get(&language, &language).to_owned(),
            sub: Vec::new(),
            body: plain::for_search(&photos::none(&self.description.all().join("\n\n"))),
            side: self.title.all().into_iter().map(ToOwned::to_owned).collect(),
            language,
            persons: Vec::new(),
            topics: Vec::new(),
            date: from,
            days: Vec::new(),
            public_from: from,
        }))
    }
}

impl Searchable for Event {
    async fn document(&self, ctx: &Context, now: Timestamp) -> anyhow::Result<Option<Document>> {
        let exposure = Exposure { public_from: self.public_from(), ..Exposure::default() };
        let Some(from) = public_from(&exposure, now) else { return Ok(None) };
        let newsroom = ctx.newsroom().await?;
        let language = newsroom.default_language;
        let mut side: Vec<String> = self.title.all().into_iter().map(ToOwned::to_owned).collect();
        side.extend([self.venue.clone(), self.address.clone()]);
        Ok(Some(Document {
            id: self.id,
            kind: Kind::Event,
            title: self.title.get(&language, &language).to_owned(),
            sub: Vec::new(),
            body: plain::for_search(&photos::none(&self.description.all().join("\n\n"))),
            side,
            language,
            persons: Vec::new(),
            topics: self.topics.clone(),
            date: self.starts_at.utc,
            days: self.days().take(MOST_DAYS).collect(),
            public_from: from,
        }))
    }
}
