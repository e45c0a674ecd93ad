//! A release with everything its forms tell: the page, plain text, Markdown, ninjs, JSON-LD.

use std::collections::HashMap;

use crate::domain::Id;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::domain::visibility::Viewer;
use crate::feed::public::{PublicAsset, PublicContact, PublicRelease, Translation};
use crate::kit::press_kit::{KitContents, ReleaseText, Size, Subject};
use crate::newsroom::sight::{self, ReleaseTexts};
use crate::store;
use crate::web::bytes::allowed_assets;
use crate::web::{Error, url};

use super::site::Site;

pub struct ReleaseFacts<'a> {
    pub site: &'a Site,
    pub release: &'a Release,
    /// Without the photos that the viewer may not see.
    pub texts: ReleaseTexts,
    pub contacts: Vec<Contact>,
    pub portraits: HashMap<Id, Asset>,
    /// What the viewer may see, in order.
    pub assets: Vec<Asset>,
    /// What the public may see of the same release in other languages.
    pub translations: Vec<Release>,
    /// The address of the preview below which the release's files are; empty: they are at their own.
    pub below: String,
}

impl<'a> ReleaseFacts<'a> {
    /// The caller has checked that the viewer may see the release.
    pub async fn load(site: &'a Site, release: &'a Release, viewer: Viewer) -> Result<Self, Error> {
        let assets = allowed_assets(&site.state, &release.assets, viewer).await?;
        Self::with(site, release, assets, String::new()).await
    }

    /// With assets that the caller has chosen.
    pub async fn with(
        site: &'a Site,
        release: &'a Release,
        assets: Vec<Asset>,
        below: String,
    ) -> Result<Self, Error> {
        let db = &site.state.ctx.db;
        let texts = sight::texts_of(&site.state.ctx, &site.newsroom, release, &assets, site.now).await?;
        let contacts = site.contacts(&release.contacts).await?;
        let portraits: Vec<Id> = contacts.iter().filter_map(|contact| contact.portrait).collect();
        let mut translations = store::list::translations(db, release).await?;
        translations.retain(|other| site.is_open(&other.exposure()));
        Ok(Self {
            portraits: site.assets(&portraits).await?,
            assets,
            site,
            release,
            texts,
            contacts,
            translations,
            below,
        })
    }

    pub fn kit_url(&self) -> String {
        match self.below.as_str() {
            "" => url::press_kit(&self.site.newsroom, self.release),
            below => format!("{below}/photos.zip"),
        }
    }

    pub fn form_url(&self, extension: &str) -> String {
        match self.below.as_str() {
            "" => url::release_form(&self.site.newsroom, self.release, extension),
            below => format!("{below}/text.{extension}"),
        }
    }

    /// The release with the addresses of its parts, for ninjs and JSON-LD.
    pub fn public(&self) -> PublicRelease<'_> {
        let newsroom = &self.site.newsroom;
        let topics = self.release.topics.iter().filter_map(|slug| self.site.topic(slug));
        PublicRelease {
            release: self.release,
            newsroom,
            path: url::release(newsroom, self.release),
            body: &self.texts.body,
            boilerplate: &self.texts.boilerplate,
            topics: topics.map(|topic| (topic, self.site.urls.topic(&topic.slug))).collect(),
            contacts: self.contacts.iter().map(|contact| self.public_contact(contact)).collect(),
            assets: self.assets.iter().map(|asset| public_asset(self.site, asset)).collect(),
            translations: self
                .translations
                .iter()
                .map(|other| Translation { release: other, path: url::release(newsroom, other) })
                .collect(),
        }
    }

    fn public_contact<'b>(&self, contact: &'b Contact) -> PublicContact<'b> {
        let portrait = contact.portrait.and_then(|id| self.portraits.get(&id));
        public_contact(self.site, contact, portrait)
    }

    /// What the release says, as the press kit tells it.
    pub fn as_kit(&self, page_url: &'a str) -> KitContents<'_> {
        let newsroom = &self.site.newsroom;
        KitContents {
            organisation: &newsroom.organisation,
            language: &self.release.language,
            default_language: &newsroom.default_language,
            zone: &newsroom.time_zone,
            base: self.site.state.base(),
            page_url,
            subject: Subject::Release(ReleaseText {
                headline: &self.release.headline,
                sub_headlines: &self.release.sub_headlines,
                dateline_place: &self.release.dateline_place,
                dateline_date: self.release.dateline_date,
                body: &self.texts.body,
                boilerplate_title: &self.texts.boilerplate_title,
                boilerplate: &self.texts.boilerplate,
            }),
            assets: self.assets.iter().collect(),
            contacts: self.contacts.iter().collect(),
            default_terms: self.site.text(&newsroom.default_usage_terms),
            size: Size::Print,
            modified: self.release.updated_at,
        }
    }
}

/// A contact with its addresses; `portrait` is what the public may see of it.
pub fn public_contact<'a>(site: &Site, contact: &'a Contact, portrait: Option<&Asset>) -> PublicContact<'a> {
    PublicContact { contact, path: site.urls.contact(&contact.slug), portrait_path: portrait_path(portrait) }
}

/// A rendition of a portrait that is large enough for an address book, or nothing.
pub fn portrait_path(portrait: Option<&Asset>) -> String {
    let file = portrait.and_then(|asset| Some((asset, asset.rendition("small", Format::Jpeg)?)));
    file.map(|(asset, rendition)| url::rendition(asset, rendition)).unwrap_or_default()
}

/// An asset with the addresses of its page and its files.
pub fn public_asset<'a>(site: &'a Site, asset: &'a Asset) -> PublicAsset<'a> {
    let own = asset.description.usage_terms.as_str();
    // What an upload was given as the newsroom's terms are those, in any language.
    let terms = &site.newsroom.default_usage_terms;
    let is_default = own.is_empty() || terms.all().iter().any(|text| text.trim() == own.trim());
    PublicAsset {
        asset,
        path: site.urls.photo(&asset.slug),
        original_path: url::original(asset),
        renditions: asset.renditions.iter().map(|r| (r, url::rendition(asset, r))).collect(),
        usage_terms: if is_default { site.text(terms) } else { own },
    }
}
