//! The search page: complete without scripts, every state of it an address.

use super::contact::ContactCard;
use super::picture::Picture;
use super::release::ReleaseTeaser;
use super::shell::{Link, Pager, Shell};
use askama::Template;

/// One choice of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetChoice {
    pub label: String,
    pub count: String,
    /// Adds the choice to the search, or takes it back when it is the current one.
    pub url: String,
    pub current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    pub title: String,
    pub choices: Vec<FacetChoice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitView {
    /// "Meldung", "Foto", "Kontakt".
    pub kind: String,
    /// Escaped, with `<mark>` around what was found.
    pub title_html: String,
    pub url: String,
    /// BCP 47; empty when unknown.
    pub language: String,
    /// What the language calls itself, when it is not the page's language.
    pub language_note: String,
    /// Escaped, with `<mark>` around what was found.
    pub snippet_html: String,
    pub date: String,
    pub date_iso: String,
    pub picture: Option<Picture>,
}

/// A part of the query that is not typed and must survive a new submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenField {
    pub name: &'static str,
    pub value: String,
}

#[derive(Template)]
#[template(path = "public/search.html")]
pub struct SearchPage {
    pub shell: Shell,
    pub query: String,
    /// Whether something was asked, by words or filters.
    pub asked: bool,
    pub from: String,
    pub to: String,
    pub hidden: Vec<HiddenField>,
    /// "12 Treffer für „Messe“".
    pub total: String,
    pub did_you_mean: Option<Link>,
    pub facets: Vec<Facet>,
    /// By relevance, by date.
    pub orders: Vec<FacetChoice>,
    /// Takes one filter back each.
    pub active: Vec<Link>,
    /// Set when the search cannot be answered right now.
    pub trouble: bool,
    pub hits: Vec<HitView>,
    /// The photos among the hits as a ZIP; empty when there are none.
    pub photos_kit_url: String,
    /// Where the search can be followed by mail; empty where it cannot.
    pub alert_url: String,
    pub pager: Pager,
    /// For the empty state.
    pub topics: Vec<Link>,
    pub latest: Vec<ReleaseTeaser>,
    pub contact: Option<ContactCard>,
}

impl SearchPage {
    pub fn found_nothing(&self) -> bool {
        self.asked && !self.trouble && self.hits.is_empty()
    }
}
