//! Records as the cards, rows and tiles of pages.

use std::collections::HashMap;

use crate::domain::asset::Asset;
use crate::domain::contact::{Contact, Phone};
use crate::domain::event::{Event, EventStatus};
use crate::domain::release::Release;
use crate::domain::{Id, ZonedTime};
use crate::i18n::{Lang, endonym};
use crate::kit::press_kit;
use crate::store;
use crate::text::excerpt;
use crate::web::view::contact::{ContactCard, PhoneView};
use crate::web::view::event::EventView;
use crate::web::view::photo::PhotoTile;
use crate::web::view::release::{KitSize, ReleaseTeaser};
use crate::web::view::{Link, Picture};
use crate::web::{Error, url};

use super::figures::{self, Own};
use super::site::Site;

/// The length of a summary in a list, in characters.
const SUMMARY_CHARS: usize = 150;

/// The picture of an asset, its files under addresses that may be kept for ever.
pub fn picture(asset: &Asset) -> Option<Picture> {
    picture_below("", asset)
}

/// The same below the address of a preview.
pub fn picture_below(below: &str, asset: &Asset) -> Option<Picture> {
    Picture::of(asset, |rendition| format!("{below}{}", url::rendition_pinned(asset, rendition)))
}

/// The name of a photo: its title, else what its file was called.
pub fn title(asset: &Asset) -> String {
    let title = asset.description.title.trim();
    if title.is_empty() { asset.file_name.clone() } else { title.to_owned() }
}

/// How much a kit of these assets holds.
pub fn kit_size<'a>(assets: impl IntoIterator<Item = &'a Asset> + Clone) -> KitSize {
    let pictures = assets.clone().into_iter().filter(|asset| asset.kind.is_picture()).count();
    KitSize {
        photos: pictures,
        documents: assets.clone().into_iter().count() - pictures,
        print_bytes: press_kit::size_bytes(assets.clone(), press_kit::Size::Print),
        web_bytes: press_kit::size_bytes(assets, press_kit::Size::Web),
    }
}

/// "JPEG", "TIFF", from the extension of the print original.
pub fn format_name(asset: &Asset) -> String {
    match asset.extension() {
        "jpg" => "JPEG".to_owned(),
        "tif" => "TIFF".to_owned(),
        "webp" => "WebP".to_owned(),
        other => other.to_uppercase(),
    }
}

/// "6000 × 4000", or nothing for what is no picture.
pub fn pixels(width: Option<u32>, height: Option<u32>) -> String {
    match (width, height) {
        (Some(width), Some(height)) => format!("{width}\u{a0}×\u{a0}{height}"),
        _ => String::new(),
    }
}

pub fn phones(lang: Lang, contact: &Contact) -> Vec<PhoneView> {
    let view = |phone: &Phone| PhoneView {
        label: lang.phone_kind(&phone.kind),
        number: phone.number.clone(),
        url: if phone.is_fax() { String::new() } else { format!("tel:{}", phone.dialable()) },
        is_plain: phone.kind == "work",
    };
    contact.phones.iter().map(view).collect()
}

impl Site {
    /// Releases in a list, each with its first picture.
    pub async fn teasers(&self, releases: &[Release]) -> Result<Vec<ReleaseTeaser>, Error> {
        let ids: Vec<Id> = releases.iter().flat_map(|release| release.assets.iter().copied()).collect();
        let assets = self.assets(&ids).await?;
        Ok(releases.iter().map(|release| self.teaser(release, &assets)).collect())
    }

    /// `assets` holds those of the release that may be seen.
    pub fn teaser(&self, release: &Release, assets: &HashMap<Id, Asset>) -> ReleaseTeaser {
        let shown: Vec<&Asset> = release.assets.iter().filter_map(|id| assets.get(id)).collect();
        let summary = match release.sub_headlines.first() {
            Some(line) => line.clone(),
            None => excerpt::excerpt(&release.body, SUMMARY_CHARS),
        };
        let day = self.day_of(release);
        let elsewhere = release.language != self.code;
        ReleaseTeaser {
            url: url::release(&self.newsroom, release),
            headline: release.headline.clone(),
            language: release.language.clone(),
            language_note: if elsewhere { endonym(&release.language).to_owned() } else { String::new() },
            summary,
            date: day.map(|day| self.lang.date(day)).unwrap_or_default(),
            date_iso: day.map(|day| day.to_string()).unwrap_or_default(),
            topic: self.topic_links(&release.topics).into_iter().next(),
            picture: shown.iter().find_map(|asset| picture(asset)),
            photo_note: match shown.iter().filter(|asset| asset.kind.is_picture()).count() {
                0 => String::new(),
                count => self.lang.count("count-photos", count),
            },
        }
    }

    /// The day a release carries: its dateline's, else that of its publication in the newsroom's zone.
    pub fn day_of(&self, release: &Release) -> Option<jiff::civil::Date> {
        let published = || release.published_at.map(|at| self.local(at).local.date());
        release.dateline_date.or_else(published)
    }

    /// A moment as the newsroom's clocks show it.
    pub fn local(&self, at: crate::domain::Timestamp) -> ZonedTime {
        ZonedTime::from_instant(at, &self.newsroom.time_zone)
    }

    /// The language that photos are described in, where it is not the page's; empty where it is.
    pub fn language_of_words(&self) -> String {
        let written = &self.newsroom.default_language;
        if *written == self.code { String::new() } else { written.clone() }
    }

    pub fn tile(&self, asset: &Asset) -> PhotoTile {
        self.tile_below("", asset)
    }

    /// A tile that leads to the public page of the asset, or to the one below the address of a preview.
    pub fn tile_below(&self, below: &str, asset: &Asset) -> PhotoTile {
        let d = &asset.description;
        let pixels = match pixels(asset.width, asset.height) {
            text if text.is_empty() => String::new(),
            text => format!("{text}\u{a0}px, "),
        };
        let size = self.lang.bytes(asset.download.size_bytes);
        PhotoTile {
            id: asset.id.to_string(),
            is_chosen: false,
            url: if below.is_empty() {
                self.urls.photo(&asset.slug)
            } else {
                format!("{below}/photos/{}", asset.slug)
            },
            title: title(asset),
            is_named: !d.title.trim().is_empty(),
            language: self.language_of_words(),
            caption: d.caption.clone(),
            credit: d.credit.clone(),
            picture: picture_below(below, asset),
            original_url: format!("{below}{}", url::original(asset)),
            original_facts: format!("{}, {pixels}{size}", format_name(asset)),
            extension: format_name(asset),
        }
    }

    /// Contacts with their portraits.
    pub async fn contact_cards(&self, contacts: &[Contact]) -> Result<Vec<ContactCard>, Error> {
        let portraits: Vec<Id> = contacts.iter().filter_map(|contact| contact.portrait).collect();
        let assets = self.assets(&portraits).await?;
        let portrait = |contact: &Contact| contact.portrait.and_then(|id| assets.get(&id)).and_then(picture);
        let mut duties = self.duties(contacts).await?;
        Ok(contacts
            .iter()
            .map(|contact| ContactCard {
                duty: duties.remove(&contact.slug),
                ..self.contact_card(contact, portrait(contact))
            })
            .collect())
    }

    fn contact_card(&self, contact: &Contact, portrait: Option<Picture>) -> ContactCard {
        let languages: Vec<&str> = contact.languages.iter().map(|tag| endonym(tag)).collect();
        ContactCard {
            name: contact.name.clone(),
            role: self.text(&contact.role).to_owned(),
            organisation: contact.organisation.clone(),
            url: self.urls.contact(&contact.slug),
            vcf_url: self.urls.vcard(&contact.slug),
            phones: phones(self.lang, contact),
            email: contact.email.clone(),
            portrait,
            languages: languages.join(self.lang.comma()),
            topics: self.topic_links(&contact.topics),
            duty: None,
        }
    }

    /// Contacts by id, in the order of the ids.
    pub async fn contacts(&self, ids: &[Id]) -> Result<Vec<Contact>, Error> {
        Ok(store::record::find_all(&self.state.ctx.db, ids).await?)
    }

    /// Puts a release's translation into this page's language in its place, where there is one to be seen.
    async fn prefer_own_language(&self, release: &mut Release) -> Result<(), Error> {
        if release.language == self.code {
            return Ok(());
        }
        let others = store::list::translations(&self.state.ctx.db, release).await?;
        let own =
            others.into_iter().find(|other| other.language == self.code && self.is_open(&other.exposure()));
        if let Some(own) = own {
            *release = own;
        }
        Ok(())
    }

    /// `event` shows in its text only what the public may see.
    pub async fn event_view(&self, event: &Event) -> Result<EventView, Error> {
        let db = &self.state.ctx.db;
        let contacts = self.contacts(&event.contacts).await?;
        let mut releases: Vec<Release> = store::record::find_all(db, &event.releases).await?;
        releases.retain(|release| self.is_open(&release.exposure()));
        for release in &mut releases {
            self.prefer_own_language(release).await?;
        }
        let date = event.starts_at.local.date();
        Ok(EventView {
            slug: event.slug.clone(),
            url: format!("{}#{}", self.urls.events(), event.slug),
            title: self.text(&event.title).to_owned(),
            period: self.lang.period(&event.starts_at, event.ends_at.as_ref()),
            starts_iso: event.starts_at.utc.to_string(),
            day: date.day().to_string(),
            month: self.lang.month_short(date).to_owned(),
            year: date.year().to_string(),
            venue: event.venue.clone(),
            address: event.address.clone(),
            website: event.url.clone(),
            description_html: figures::html(self, self.text(&event.description), Own::NONE).await?,
            ics_url: self.urls.ics(&event.slug),
            status: match event.status {
                EventStatus::Confirmed => String::new(),
                EventStatus::Tentative => self.lang.t("event-tentative"),
                EventStatus::Cancelled => self.lang.t("event-cancelled"),
                EventStatus::Postponed => self.lang.t("event-postponed"),
            },
            is_off: event.status == EventStatus::Cancelled,
            contacts: self.contact_cards(&contacts).await?,
            releases: releases
                .iter()
                .map(|release| Link::new(&release.headline, url::release(&self.newsroom, release)))
                .collect(),
        })
    }
}
