//! Every path of the site, built in one place; handlers, templates, feeds and the API take theirs from here.

use crate::domain::asset::Asset;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::rendition::Rendition;

/// Paths under one language's prefix: empty for the default language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    prefix: String,
}

impl Urls {
    pub fn new(newsroom: &Newsroom, language: &str) -> Self {
        Self { prefix: newsroom.prefix(language) }
    }

    pub fn home(&self) -> String {
        if self.prefix.is_empty() { "/".to_owned() } else { format!("{}/", self.prefix) }
    }

    pub fn releases(&self) -> String {
        format!("{}/releases", self.prefix)
    }

    pub fn topic(&self, slug: &str) -> String {
        format!("{}/releases?topic={slug}", self.prefix)
    }

    pub fn photos(&self) -> String {
        format!("{}/photos", self.prefix)
    }

    pub fn photo(&self, slug: &str) -> String {
        format!("{}/photos/{slug}", self.prefix)
    }

    pub fn album(&self, slug: &str) -> String {
        format!("{}/albums/{slug}", self.prefix)
    }

    pub fn album_kit(&self, slug: &str) -> String {
        format!("{}/albums/{slug}.zip", self.prefix)
    }

    pub fn contacts(&self) -> String {
        format!("{}/contacts", self.prefix)
    }

    pub fn contact(&self, slug: &str) -> String {
        format!("{}/contacts/{slug}", self.prefix)
    }

    pub fn vcard(&self, slug: &str) -> String {
        format!("{}/contacts/{slug}.vcf", self.prefix)
    }

    pub fn message(&self, slug: &str) -> String {
        format!("{}/contacts/{slug}/message", self.prefix)
    }

    pub fn events(&self) -> String {
        format!("{}/events", self.prefix)
    }

    /// All events for calendars that subscribe.
    pub fn events_calendar(&self) -> String {
        format!("{}/events.ics", self.prefix)
    }

    pub fn event(&self, slug: &str) -> String {
        format!("{}/events/{slug}", self.prefix)
    }

    pub fn ics(&self, slug: &str) -> String {
        format!("{}/events/{slug}.ics", self.prefix)
    }

    /// The picture for social networks of a part of the newsroom.
    pub fn section_card(&self, name: &str) -> String {
        format!("{}/social/{name}.png", self.prefix)
    }

    pub fn search(&self) -> String {
        format!("{}/search", self.prefix)
    }

    pub fn alert(&self) -> String {
        format!("{}/search/alert", self.prefix)
    }

    pub fn selection(&self) -> String {
        format!("{}/selection", self.prefix)
    }

    pub fn selection_kit(&self) -> String {
        format!("{}/selection.zip", self.prefix)
    }

    pub fn search_kit(&self) -> String {
        format!("{}/search.zip", self.prefix)
    }

    /// The photos that name a person.
    pub fn person_kit(&self, name: &str) -> String {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        format!("{}/photos.zip?person={name}", self.prefix)
    }

    pub fn page(&self, slug: &str) -> String {
        format!("{}/pages/{slug}", self.prefix)
    }

    /// `extension`: `atom`, `rss` or `json`.
    pub fn feed(&self, extension: &str) -> String {
        format!("{}/feed.{extension}", self.prefix)
    }

    pub fn topic_feed(&self, slug: &str, extension: &str) -> String {
        format!("{}/feed.{extension}?topic={slug}", self.prefix)
    }
}

/// A release lives under its own language.
pub fn release(newsroom: &Newsroom, release: &Release) -> String {
    format!("{}/releases/{}", newsroom.prefix(&release.language), release.slug)
}

/// The release in another form: `txt`, `md`, `json`.
pub fn release_form(newsroom: &Newsroom, release: &Release, extension: &str) -> String {
    format!("{}.{extension}", self::release(newsroom, release))
}

pub fn press_kit(newsroom: &Newsroom, release: &Release) -> String {
    format!("{}/photos.zip", self::release(newsroom, release))
}

/// The picture for social networks of a release without photos.
pub fn release_card(newsroom: &Newsroom, release: &Release) -> String {
    format!("{}/social.png", self::release(newsroom, release))
}

/// Where oEmbed tells of the page at an absolute address.
pub fn oembed(page: &str) -> String {
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("/oembed?url={page}")
}

/// The page of a release for whoever holds the secret of a link. Below it the release's photos have the paths that
/// they will have on the public site.
pub fn preview(secret: &str) -> String {
    format!("/preview/{secret}")
}

pub fn original(asset: &Asset) -> String {
    format!("/photos/{}/original.{}", asset.slug, asset.extension())
}

/// The stable address of a rendition.
pub fn rendition(asset: &Asset, rendition: &Rendition) -> String {
    format!("/photos/{}/{}.{}", asset.slug, rendition.name, rendition.format.extension())
}

/// The same bytes under an address that names their content, so that it may be kept for ever.
pub fn rendition_pinned(asset: &Asset, rendition: &Rendition) -> String {
    let version = rendition.sha256.get(..12).unwrap_or_default();
    format!("{}?v={version}", self::rendition(asset, rendition))
}
