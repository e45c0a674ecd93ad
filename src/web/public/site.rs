//! What every public page of one request needs: newsroom, language, addresses, topics, the frame around it.

use std::collections::HashMap;

use crate::blob::BlobKey;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::newsroom::Newsroom;
use crate::domain::rendition::{Format, Rendition};
use crate::domain::topic::Topic;
use crate::domain::visibility::{Access, Exposure, Viewer, decide};
use crate::domain::{Id, Localized, Timestamp};
use crate::feed::absolute;
use crate::i18n::{Lang, endonym};
use crate::store::list::{self, ListFilter, Order, ReleaseFilter};
use crate::store::record::find_by_slug;
use crate::web::bytes::allowed_assets;
use crate::web::extract::Language;
use crate::web::url::{self, Urls};
use crate::web::view::shell::{
    FeedLink, LanguageLink, Link, Logo, Meta, Section, Shell, SocialImage, StaticUrls,
};
use crate::web::{AppState, Error, assets, social};

use super::cards::phones;

/// A newsroom has some dozen topics; this bounds what a page can be made to load.
const MAX_TOPICS: usize = 500;
/// The longer edge of the files of a logo that a page head has use for, in pixels.
const MAX_LOGO_EDGE: u32 = 400;

pub struct Site {
    pub state: AppState,
    pub newsroom: Newsroom,
    /// The language of the page, BCP 47.
    pub code: String,
    /// The language of the newsroom under whose addresses the page lives.
    pub room: String,
    /// The language of the interface, which may be another when it is not written in the page's.
    pub lang: Lang,
    pub urls: Urls,
    pub now: Timestamp,
    pub topics: Vec<Topic>,
    first_contact: Option<Contact>,
    logo: Option<SiteLogo>,
}

/// The logo with its files.
pub struct SiteLogo {
    files: LogoFiles,
    dark: Option<LogoFiles>,
}

/// The files of a logo that a page head has use for, as `srcset` wants them, and the larger of them.
struct LogoFiles {
    srcset: String,
    url: String,
    width: u32,
    height: u32,
    key: BlobKey,
}

impl SiteLogo {
    /// Names the picture and its content.
    pub fn url(&self) -> &str {
        &self.files.url
    }

    pub const fn key(&self) -> &BlobKey {
        &self.files.key
    }

    /// Width over height.
    pub fn ratio(&self) -> f32 {
        self.files.width as f32 / self.files.height.max(1) as f32
    }
}

/// The logo, as far as the public may see it.
async fn logo(state: &AppState, newsroom: &Newsroom) -> Result<Option<SiteLogo>, Error> {
    let files = logo_files(state, &newsroom.logo).await?;
    let dark = logo_files(state, &newsroom.logo_dark).await?;
    Ok(files.map(|files| SiteLogo { files, dark }))
}

/// The small files of a photo in the format that keeps what is transparent.
async fn logo_files(state: &AppState, slug: &str) -> Result<Option<LogoFiles>, Error> {
    if slug.is_empty() {
        return Ok(None);
    }
    let Some(found) = find_by_slug::<Asset>(&state.ctx.db, slug).await? else { return Ok(None) };
    let Some(asset) = allowed_assets(state, &[found.id], Viewer::Public).await?.pop() else {
        return Ok(None);
    };
    let whole = asset.renditions.iter().filter(|file| file.format == Format::Webp && file.is_whole());
    let mut small: Vec<&Rendition> =
        whole.filter(|file| file.width.max(file.height) <= MAX_LOGO_EDGE).collect();
    small.sort_by_key(|file| file.width);
    small.dedup_by_key(|file| file.width);
    let address = |file: &Rendition| url::rendition_pinned(&asset, file);
    Ok(small.last().map(|file| LogoFiles {
        srcset: small
            .iter()
            .map(|file| format!("{} {}w", address(file), file.width))
            .collect::<Vec<_>>()
            .join(", "),
        url: address(file),
        width: file.width,
        height: file.height,
        key: BlobKey::rendition(file),
    }))
}

/// Where the same page is in other languages: language and path.
pub type Paths = Vec<(String, String)>;

impl Site {
    pub async fn open(state: &AppState, language: Language) -> Result<Self, Error> {
        let Language { code, newsroom } = language;
        let db = &state.ctx.db;
        let in_order = ListFilter::all(Order::Rising);
        let topics = list::list(db, &in_order, MAX_TOPICS, 0).await?;
        let first_contact = list::list(db, &in_order, 1, 0).await?.pop();
        let room = if newsroom.speaks(&code) { code.clone() } else { newsroom.default_language.clone() };
        let logo = logo(state, &newsroom).await?;
        Ok(Self {
            room,
            logo,
            state: state.clone(),
            lang: Lang::for_tag(&code),
            urls: Urls::new(&newsroom, &code),
            now: state.now(),
            newsroom,
            code,
            topics,
            first_contact,
        })
    }

    /// A text in the language of the page.
    pub fn text<'a>(&self, text: &'a Localized) -> &'a str {
        text.get(&self.code, &self.newsroom.default_language)
    }

    /// The contact to turn to when nothing else is known.
    pub const fn first_contact(&self) -> Option<&Contact> {
        self.first_contact.as_ref()
    }

    /// The logo, if there is one that the public may see.
    pub const fn logo(&self) -> Option<&SiteLogo> {
        self.logo.as_ref()
    }

    /// Whether there is one for dark grounds, which the public may see too.
    pub fn has_dark_logo(&self) -> bool {
        self.logo.as_ref().is_some_and(|logo| logo.dark.is_some())
    }

    /// The mark where there is no logo: the first letter of the organisation.
    pub fn initial(&self) -> String {
        let newsroom = self.text(&self.newsroom.name);
        let name = if self.newsroom.organisation.is_empty() { newsroom } else { &self.newsroom.organisation };
        name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }

    pub fn topic(&self, slug: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.slug == slug)
    }

    /// Links to the archive of each topic that exists.
    pub fn topic_links(&self, slugs: &[String]) -> Vec<Link> {
        slugs
            .iter()
            .filter_map(|slug| self.topic(slug))
            .map(|topic| Link::new(self.text(&topic.name), self.urls.topic(&topic.slug)))
            .collect()
    }

    pub fn absolute(&self, path: &str) -> String {
        absolute(self.state.base(), path)
    }

    /// Where the page at a path is told of by oEmbed; files cannot answer.
    pub fn oembed(&self, path: &str) -> String {
        if self.state.is_live { self.absolute(&url::oembed(&self.absolute(path))) } else { String::new() }
    }

    /// Whether the public may see it now.
    pub fn is_open(&self, exposure: &Exposure) -> bool {
        decide(exposure, Viewer::Public, self.now) == Access::Open
    }

    /// Of some assets those that the public may see.
    pub async fn assets(&self, ids: &[Id]) -> Result<HashMap<Id, Asset>, Error> {
        let assets = allowed_assets(&self.state, ids, Viewer::Public).await?;
        Ok(assets.into_iter().map(|asset| (asset.id, asset)).collect())
    }

    /// The public releases that live under this language. The default language also lists what is written in
    /// a language without a prefix of its own, so that nothing is lost.
    pub fn releases_here(&self) -> ReleaseFilter {
        self.releases_under(&self.room)
    }

    /// Those that live under a language of the newsroom.
    fn releases_under(&self, room: &str) -> ReleaseFilter {
        let mut filter = ReleaseFilter::public(self.now);
        if room == self.newsroom.default_language {
            filter.languages_elsewhere =
                self.newsroom.languages.iter().filter(|language| *language != room).cloned().collect();
        } else {
            filter.language = Some(room.to_owned());
        }
        filter
    }

    /// The lists of releases in other languages, as far as there is something in them.
    pub async fn lists_elsewhere(&self) -> Result<Vec<LanguageLink>, Error> {
        let mut links = Vec::new();
        for code in self.newsroom.languages.iter().filter(|code| **code != self.room) {
            if list::count_releases(&self.state.ctx.db, &self.releases_under(code)).await? > 0 {
                links.push(LanguageLink {
                    tag: code.clone(),
                    name: endonym(code).to_owned(),
                    url: Urls::new(&self.newsroom, code).releases(),
                    current: false,
                });
            }
        }
        Ok(links)
    }

    /// The same page in every language of the newsroom.
    pub fn everywhere(&self, path: impl Fn(&Urls) -> String) -> Paths {
        let languages = self.newsroom.languages.iter();
        languages.map(|code| (code.clone(), path(&Urls::new(&self.newsroom, code)))).collect()
    }

    /// The frame of a page at `path`, which `elsewhere` tells in every language that has it.
    pub fn shell(&self, section: Section, path: &str, elsewhere: &Paths, meta: Meta) -> Shell {
        let newsroom = &self.newsroom;
        let languages = newsroom.languages.iter().map(|code| LanguageLink {
            tag: code.clone(),
            name: endonym(code).to_owned(),
            url: elsewhere
                .iter()
                .find(|(language, _)| language == code)
                .map_or_else(|| Urls::new(newsroom, code).home(), |(_, path)| path.clone()),
            current: *code == self.room,
        });
        let legal = newsroom.pages.iter().filter(|page| page.language == self.room);
        Shell {
            lang: self.lang,
            language: self.code.clone(),
            newsroom: self.text(&newsroom.name).to_owned(),
            organisation: newsroom.organisation.clone(),
            organisation_url: newsroom.organisation_url.clone(),
            initial: self.initial(),
            logo: self.logo.as_ref().map(|logo| Logo {
                url: logo.files.url.clone(),
                srcset: logo.files.srcset.clone(),
                dark_srcset: logo.dark.as_ref().map(|dark| dark.srcset.clone()),
                width: logo.files.width,
                height: logo.files.height,
            }),
            reserves_mining: newsroom.reserve_mining,
            home_url: self.urls.home(),
            releases_url: self.urls.releases(),
            photos_url: self.urls.photos(),
            events_url: self.urls.events(),
            contacts_url: self.urls.contacts(),
            search_url: self.urls.search(),
            selection_url: self.urls.selection(),
            section,
            languages: languages.collect(),
            phone: self.first_contact.as_ref().and_then(|contact| {
                phones(self.lang, contact).into_iter().find(|phone| !phone.url.is_empty())
            }),
            legal: legal.map(|page| Link::new(&page.title, self.urls.page(&page.slug))).collect(),
            feeds: feeds(|extension| self.urls.feed(extension)),
            static_urls: static_urls(newsroom),
            meta: Meta {
                canonical: self.absolute(path),
                alternates: self.alternates(elsewhere),
                image: meta.image.or_else(|| Some(social::section_image(self, section))),
                description: if meta.description.is_empty() { self.description() } else { meta.description },
                ..meta
            },
            preview: None,
        }
    }

    /// What search engines show of a page that has no words of its own.
    fn description(&self) -> String {
        let name = self.text(&self.newsroom.name).to_owned();
        self.lang.t_args("site-description", &[("newsroom", name.into())])
    }

    fn alternates(&self, elsewhere: &Paths) -> Vec<(String, String)> {
        if elsewhere.len() < 2 {
            return Vec::new();
        }
        let fallback = elsewhere.iter().find(|(code, _)| *code == self.newsroom.default_language);
        let fallback = fallback.map(|(_, path)| ("x-default".to_owned(), self.absolute(path)));
        let all = elsewhere.iter().map(|(code, path)| (code.clone(), self.absolute(path)));
        all.chain(fallback).collect()
    }

    /// The picture for social networks.
    pub fn social_image(&self, asset: &Asset) -> Option<SocialImage> {
        let social = asset.rendition("social", Format::Jpeg)?;
        Some(SocialImage {
            url: self.absolute(&url::rendition_pinned(asset, social)),
            width: social.width,
            height: social.height,
            alt: asset.description.alt_text.clone(),
        })
    }
}

/// The three forms of a feed.
pub fn feeds(url_of: impl Fn(&str) -> String) -> Vec<FeedLink> {
    [
        ("Atom", "atom", "application/atom+xml"),
        ("RSS", "rss", "application/rss+xml"),
        ("JSON", "json", "application/feed+json"),
    ]
    .map(|(label, extension, media_type)| FeedLink {
        label: label.to_owned(),
        url: url_of(extension),
        media_type,
    })
    .into()
}

/// The site's own files. The colours change with the newsroom's settings, so their version is in the address.
pub fn static_urls(newsroom: &Newsroom) -> StaticUrls {
    StaticUrls {
        css: assets::site_sheet_path(newsroom.version),
        script: assets::path("app.js"),
        begin: assets::AFTER_PAINT,
        icon: assets::inline_icon(),
    }
}
