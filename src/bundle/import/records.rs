//! Settings, topics, contacts, albums and events.

use super::batch::Wish;
use super::names::Lookup;
use super::{Importer, Parsed, Result, mistakes, stamp};
use crate::bundle::format::{AlbumSheet, ContactSheet, EventSheet, Moment, NewsroomSheet, Sheet, TopicEntry};
use crate::bundle::import::Fate;
use crate::domain::album::Album;
use crate::domain::contact::{Contact, Phone};
use crate::domain::event::Event;
use crate::domain::topic::Topic;
use crate::domain::{Kind, Publication, Timestamp, ZonedTime};
use crate::newsroom::fields::{AlbumFields, ContactFields, EventFields, Fields as _, Setting, TimeInput};
use crate::newsroom::settings;

const SETTINGS: &str = "newsroom.toml";

impl Importer<'_> {
    pub(super) async fn settings(&mut self) -> Result<()> {
        if !self.reader.contains(SETTINGS) {
            return Ok(());
        }
        let Some(text) = self.text(SETTINGS) else { return Ok(()) };
        let sheet = Sheet::new(SETTINGS, text);
        let mut content: NewsroomSheet = match sheet.read() {
            Ok(content) => content,
            Err(problems) => {
                self.note(problems);
                return Ok(());
            }
        };
        for topic in &content.topics {
            self.names.announce(Kind::Topic, topic.slug.get_ref());
        }
        let topics = std::mem::take(&mut content.topics);
        let before = self.newsroom.version;
        let edited = settings::edit(self.ctx, self.actor, None, |newsroom| {
            content.apply(newsroom);
            Ok(())
        })
        .await;
        match edited {
            Ok(newsroom) => {
                let fate = match (before, newsroom.version) {
                    (0, 1..) => Fate::Created,
                    (before, after) if before != after => Fate::Changed,
                    _ => Fate::Unchanged,
                };
                self.report.count(Kind::Newsroom, fate);
                self.newsroom = newsroom;
            }
            Err(error) => {
                let problems: Vec<_> = mistakes(error)?.iter().map(|m| sheet.problem_in(m)).collect();
                self.note(problems);
            }
        }
        self.topics(&sheet, topics).await
    }

    async fn topics(&mut self, sheet: &Sheet, topics: Vec<TopicEntry>) -> Result<()> {
        let mut batch = self.batch();
        for (place, entry) in (1i64..).zip(topics) {
            let slug = entry.slug.get_ref().clone();
            let at = entry.slug.span().start;
            let existing = match self.names.owner(Kind::Topic, &slug) {
                Ok(existing) => existing,
                Err(detail) => {
                    self.note([sheet.problem_at(at, detail)]);
                    continue;
                }
            };
            let now = self.ctx.now();
            let blank = Topic {
                id: self.ctx.new_id(),
                slug: String::new(),
                version: 0,
                name: entry.name.0.clone(),
                order: 0,
                created_at: entry.created_at.map_or(now, |at| at.0),
                updated_at: entry.created_at.map_or(now, |at| at.0),
            };
            let stamp = stamp(entry.updated_at);
            let wish = Wish { existing, slug: &slug, earlier_slugs: &[], blank, stamp };
            let done = batch
                .put(wish, |topic: &mut Topic, _| {
                    topic.name = entry.name.0.clone();
                    topic.order = entry.order.unwrap_or(place);
                    put_moment(&mut topic.updated_at, entry.updated_at);
                    Ok(())
                })
                .await;
            match done {
                Ok((id, fate)) => {
                    self.names.add(Kind::Topic, &slug, id);
                    self.report.count(Kind::Topic, fate);
                }
                Err(error) => {
                    let details: Vec<_> =
                        mistakes(error)?.into_iter().map(|m| sheet.problem_at(at, m.detail)).collect();
                    self.note(details);
                }
            }
        }
        Ok(batch.finish().await?)
    }

    pub(super) async fn contacts(&mut self) -> Result<()> {
        let mut batch = self.batch();
        for file in self.parse_folder("contacts", |c: &ContactSheet| c.created_at) {
            let Parsed { sheet, slug, content: c } = file;
            let Some(existing) = self.existing(Kind::Contact, &slug, &sheet) else { continue };
            let mut lookup = Lookup::new(&self.names, &sheet);
            let fields = ContactFields {
                slug: None,
                name: c.name,
                role: c.role.0,
                organisation: c.organisation,
                phones: c.phones.into_iter().map(Phone::from).collect(),
                email: c.email,
                languages: c.languages,
                topics: lookup.topics(&c.topics),
                portrait: c.portrait.as_ref().and_then(|file| lookup.one("portrait", Kind::Asset, file)),
                order: c.order,
                roster: c.roster.into(),
            };
            if !self.all_found(lookup.problems, lookup.left_out) {
                continue;
            }
            let setting = self.setting();
            let (mut blank, _) = ContactFields::default().create(self.ctx.new_id(), setting)?;
            begin(&mut blank.created_at, &mut blank.updated_at, c.created_at);
            let wish = Wish {
                existing,
                slug: &slug,
                earlier_slugs: &c.earlier_slugs,
                blank,
                stamp: stamp(c.updated_at),
            };
            let done = batch
                .put(wish, |contact: &mut Contact, _| {
                    fields.clone().apply(contact, setting)?;
                    put_moment(&mut contact.updated_at, c.updated_at);
                    Ok(())
                })
                .await;
            self.settle(Kind::Contact, &slug, &sheet, done)?;
        }
        Ok(batch.finish().await?)
    }

    pub(super) async fn albums(&mut self) -> Result<()> {
        let mut batch = self.batch();
        for file in self.parse_folder("albums", |a: &AlbumSheet| a.created_at) {
            let Parsed { sheet, slug, content: a } = file;
            let Some(existing) = self.existing(Kind::Album, &slug, &sheet) else { continue };
            let mut lookup = Lookup::new(&self.names, &sheet);
            let fields = AlbumFields {
                slug: None,
                title: a.title.0,
                description: a.description.0,
                assets: lookup.all("assets", Kind::Asset, &a.assets),
                state: a.state,
                order: a.order,
            };
            if !self.all_found(lookup.problems, lookup.left_out) {
                continue;
            }
            let setting = self.setting();
            let (mut blank, _) = AlbumFields::default().create(self.ctx.new_id(), setting)?;
            begin(&mut blank.created_at, &mut blank.updated_at, a.created_at);
            let wish = Wish {
                existing,
                slug: &slug,
                earlier_slugs: &a.earlier_slugs,
                blank,
                stamp: stamp(a.updated_at),
            };
            let done = batch
                .put(wish, |album: &mut Album, _| {
                    fields.clone().apply(album, setting)?;
                    put_publication(&mut album.published_at, album.state, a.published_at);
                    put_moment(&mut album.updated_at, a.updated_at);
                    Ok(())
                })
                .await;
            self.settle(Kind::Album, &slug, &sheet, done)?;
        }
        Ok(batch.finish().await?)
    }

    pub(super) async fn events(&mut self) -> Result<()> {
        let mut batch = self.batch();
        for file in self.parse_folder("events", |e: &EventSheet| e.created_at) {
            let Parsed { sheet, slug, content: e } = file;
            let Some(existing) = self.existing(Kind::Event, &slug, &sheet) else { continue };
            let mut lookup = Lookup::new(&self.names, &sheet);
            let contacts = lookup.all("contacts", Kind::Contact, &e.contacts);
            let releases = lookup.all("releases", Kind::Release, &e.releases);
            let topics = lookup.topics(&e.topics);
            let (problems, left_out) = (lookup.problems, lookup.left_out);
            let zone = &self.newsroom.time_zone;
            let starts_at = match &e.starts_at {
                Some(time) => time.resolve("starts_at", zone).map(Some),
                None => Ok(None),
            };
            let ends_at = e.ends_at.as_ref().map(|time| time.resolve("ends_at", zone)).transpose();
            let (starts_at, ends_at) = match starts_at.and_then(|start| Ok((start, ends_at?))) {
                Ok(times) => times,
                Err(error) => {
                    self.note(problems);
                    self.settle(Kind::Event, &slug, &sheet, Err(error.into()))?;
                    continue;
                }
            };
            if !self.all_found(problems, left_out) {
                continue;
            }
            // The times are put in below: an hour that happens twice cannot be said in fields.
            let start_field = starts_at.as_ref().map(|time: &ZonedTime| TimeInput::Instant(time.utc));
            let fields = EventFields {
                slug: None,
                title: e.title.0,
                description: e.description.0,
                starts_at: start_field,
                ends_at: None,
                venue: e.venue,
                address: e.address,
                website: e.url,
                status: e.status,
                contacts,
                releases,
                topics,
                state: e.state,
            };
            let setting = self.setting();
            let now_field = Some(TimeInput::Instant(setting.now));
            let blank_fields = EventFields { starts_at: now_field, ..EventFields::default() };
            let (mut blank, _) = blank_fields.create(self.ctx.new_id(), setting)?;
            begin(&mut blank.created_at, &mut blank.updated_at, e.created_at);
            let wish = Wish {
                existing,
                slug: &slug,
                earlier_slugs: &e.earlier_slugs,
                blank,
                stamp: stamp(e.updated_at),
            };
            let done = batch
                .put(wish, |event: &mut Event, _| {
                    fields.clone().apply(event, setting)?;
                    if let Some(start) = &starts_at {
                        event.starts_at = start.clone();
                    }
                    event.ends_at.clone_from(&ends_at);
                    put_publication(&mut event.published_at, event.state, e.published_at);
                    put_moment(&mut event.updated_at, e.updated_at);
                    Ok(())
                })
                .await;
            self.settle(Kind::Event, &slug, &sheet, done)?;
        }
        Ok(batch.finish().await?)
    }

    /// Notes the references that lead nowhere; `false` when there are any.
    pub(super) fn all_found(&mut self, problems: Vec<super::Problem>, left_out: usize) -> bool {
        let found = problems.is_empty();
        if found {
            self.report.left_out += left_out;
        }
        self.note(problems);
        found
    }

    fn setting(&self) -> Setting<'static> {
        // Times are resolved before they become fields, so neither zone nor language is asked for.
        Setting { time_zone: "UTC", default_language: "", now: self.ctx.now() }
    }
}

/// When a new record was made, and changed for the first time.
fn begin(created_at: &mut Timestamp, updated_at: &mut Timestamp, given: Option<Moment>) {
    if let Some(given) = given {
        *created_at = given.0;
        *updated_at = given.0;
    }
}

pub(super) fn put_moment(place: &mut Timestamp, given: Option<Moment>) {
    if let Some(given) = given {
        *place = given.0;
    }
}

/// What is published keeps the moment it has unless the file names one; a draft has the one in the file.
fn put_publication(place: &mut Option<Timestamp>, state: Publication, given: Option<Moment>) {
    match (state, given) {
        (_, Some(given)) => *place = Some(given.0),
        (Publication::Draft, None) => *place = None,
        (Publication::Published, None) => {}
    }
}
