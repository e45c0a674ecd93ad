//! What every public page has around its content: head, header, footer.

use crate::i18n::{Lang, direction};
use crate::web::view::contact::PhoneView;

/// A text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub url: String,
    /// Whether it leads to the page or choice one is at.
    pub current: bool,
}

impl Link {
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), url: url.into(), current: false }
    }
}

/// The parts of the newsroom that the header leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Releases,
    Photos,
    Events,
    Contacts,
    Search,
    /// The home page, standing pages and errors: nothing in the header is marked.
    Other,
}

/// The same page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageLink {
    /// BCP 47.
    pub tag: String,
    /// What the language calls itself.
    pub name: String,
    pub url: String,
    pub current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// "Atom", "RSS", "JSON".
    pub label: String,
    pub url: String,
    pub media_type: &'static str,
}

/// The picture that social networks show beside a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocialImage {
    /// Absolute.
    pub url: String,
    pub width: u32,
    pub height: u32,
    pub alt: String,
}

/// The organisation's logo in the head of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    pub url: String,
    pub srcset: String,
    /// For dark grounds, where there is one.
    pub dark_srcset: Option<String>,
    /// Pixels, for the shape of its place.
    pub width: u32,
    pub height: u32,
}

impl Logo {
    /// How wide the head shows it at most, in CSS pixels: as high or as wide as the style sheet lets it be.
    pub fn shown_px(&self) -> u32 {
        const MAX_HEIGHT: f32 = 33.6;
        const MAX_WIDTH: f32 = 128.0;
        (MAX_HEIGHT * self.width as f32 / self.height.max(1) as f32).min(MAX_WIDTH).ceil() as u32
    }
}

/// Addresses of the site's own files, with their content hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticUrls {
    pub css: String,
    pub script: String,
    /// The script that stands in the page and fetches the other.
    pub begin: &'static str,
    pub icon: &'static str,
}

/// What stands in the head for search engines, feed readers and social networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// Without the newsroom's name; empty on the home page.
    pub title: String,
    pub description: String,
    /// Absolute; empty on error pages.
    pub canonical: String,
    /// Absolute addresses by language tag, `x-default` among them. Empty when there is one language only.
    pub alternates: Vec<(String, String)>,
    /// Open Graph: `website`, `article`.
    pub kind: &'static str,
    /// RFC 3339, for articles.
    pub published: String,
    pub modified: String,
    pub image: Option<SocialImage>,
    /// The path of this page's oEmbed answer, without a format.
    pub oembed: String,
    /// JSON-LD documents that are safe inside a script element.
    pub json_ld: Vec<String>,
    /// Keeps search engines away from pages that are no content of their own.
    pub noindex: bool,
}

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    pub lang: Lang,
    /// The language of the page, BCP 47. It may be one the interface is not written in.
    pub language: String,
    pub newsroom: String,
    pub organisation: String,
    pub organisation_url: String,
    pub logo: Option<Logo>,
    /// The mark beside the newsroom's name, where there is no logo.
    pub initial: String,
    /// Text and data mining is reserved.
    pub reserves_mining: bool,
    pub home_url: String,
    pub releases_url: String,
    pub photos_url: String,
    pub events_url: String,
    pub contacts_url: String,
    pub search_url: String,
    pub selection_url: String,
    pub section: Section,
    pub languages: Vec<LanguageLink>,
    /// The phone of the first press contact: one tap away on every page.
    pub phone: Option<PhoneView>,
    pub legal: Vec<Link>,
    /// The feeds of this page, or of the newsroom.
    pub feeds: Vec<FeedLink>,
    pub static_urls: StaticUrls,
    pub meta: Meta,
    /// Set for staff who see what the public does not: why it is not public.
    pub preview: Option<String>,
}

impl Shell {
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    pub fn dir(&self) -> &'static str {
        direction(&self.language)
    }

    /// The title as browsers show it: "Headline | Newsroom".
    pub fn full_title(&self) -> String {
        if self.meta.title.is_empty() {
            self.newsroom.clone()
        } else {
            format!("{} | {}", self.meta.title, self.newsroom)
        }
    }

    /// The header's links in their order.
    pub fn nav(&self) -> Vec<Link> {
        let item = |label: String, url: &str, section| Link {
            label,
            url: url.to_owned(),
            current: self.section == section,
        };
        vec![
            item(self.lang.t("nav-releases"), &self.releases_url, Section::Releases),
            item(self.lang.t("nav-photos"), &self.photos_url, Section::Photos),
            item(self.lang.t("nav-events"), &self.events_url, Section::Events),
            item(self.lang.t("nav-contacts"), &self.contacts_url, Section::Contacts),
        ]
    }

    /// Open Graph wants a territory with each language: the one in which most people speak it, where a tag names none.
    pub fn og_locale(&self) -> String {
        let (language, territory) = self.language.split_once('-').unwrap_or((&self.language, ""));
        let territory = match (language, territory) {
            (_, named) if named.len() == 2 => named.to_uppercase(),
            ("en", _) => "US".to_owned(),
            ("ar", _) => "EG".to_owned(),
            ("sv", _) => "SE".to_owned(),
            ("da", _) => "DK".to_owned(),
            ("cs", _) => "CZ".to_owned(),
            ("uk", _) => "UA".to_owned(),
            ("ja", _) => "JP".to_owned(),
            ("zh", _) => "CN".to_owned(),
            (other, _) => other.to_uppercase(),
        };
        format!("{language}_{territory}")
    }

    /// Whether the header offers a choice of language.
    pub fn has_languages(&self) -> bool {
        self.languages.len() > 1
    }
}

/// Leads through a list that has several pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// "Page 2 of 5".
    pub position: String,
}

impl Pager {
    /// `url_of` gives the address of a page; pages count from 1.
    pub fn new(lang: Lang, page: usize, pages: usize, url_of: impl Fn(usize) -> String) -> Self {
        let position = lang.t_args(
            "pager-position",
            &[("page", lang.number(page as u64).into()), ("pages", lang.number(pages as u64).into())],
        );
        Self {
            previous: (page > 1).then(|| url_of(page - 1)),
            next: (page < pages).then(|| url_of(page + 1)),
            position,
        }
    }

    pub fn is_needed(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}
