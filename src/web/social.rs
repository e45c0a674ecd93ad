//! The picture that stands for a page without a photo where links are shared: drawn when it is first asked for, under
//! an address that names what is on it, and given only to whom the page itself is.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::bytes::{moved, small_file};
use super::extract::{Language, MaybeActor, UrlPath};
use super::page::{Page, Policy};
use super::public::Slug;
use super::public::site::Site;
use super::theme::accent_pair;
use super::view::shell::{Section, SocialImage};
use super::{AppState, Error, url};
use crate::domain::release::Release;
use crate::domain::visibility::Access;
use crate::i18n::direction;
use crate::media::card::{Card, HEIGHT, LAYOUT, Mark, WIDTH, draw};
use crate::store::record;

/// Drawn at the same time: each takes one processor for some ten milliseconds.
const AT_ONCE: usize = 2;
const MAX_KEPT_BYTES: u64 = 16 << 20;
/// A logo larger than this is left out.
const MAX_LOGO_BYTES: u64 = 1 << 20;

pub fn router() -> Router<AppState> {
    let mut router = Router::new();
    for prefix in ["", "/{lang}"] {
        router = router
            .route(&format!("{prefix}/releases/{{slug}}/social.png"), get(of_release))
            .route(&format!("{prefix}/social/{{slug}}"), get(of_section));
    }
    router
}

#[derive(Clone)]
struct BySize;

impl Weighter<String, Bytes> for BySize {
    fn weight(&self, key: &String, picture: &Bytes) -> u64 {
        (key.len() + picture.len()) as u64
    }
}

/// The pictures drawn so far, by what is on them.
pub struct Cards {
    drawn: Cache<String, Bytes, BySize>,
    turns: Semaphore,
}

impl Default for Cards {
    fn default() -> Self {
        Self { drawn: Cache::with_weighter(256, MAX_KEPT_BYTES, BySize), turns: Semaphore::new(AT_ONCE) }
    }
}

/// What is on a picture.
struct Words {
    name: String,
    headline: String,
    date: String,
    language: String,
}

impl Words {
    fn of_release(site: &Site, release: &Release) -> Self {
        Self {
            name: site.text(&site.newsroom.name).to_owned(),
            headline: release.headline.clone(),
            date: site.day_of(release).map(|day| site.lang.date(day)).unwrap_or_default(),
            language: release.language.clone(),
        }
    }

    fn of_section(site: &Site, section: Section) -> Self {
        let newsroom = site.text(&site.newsroom.name);
        let (name, headline) = match section {
            Section::Other => (site.newsroom.organisation.as_str(), newsroom.to_owned()),
            Section::Releases => (newsroom, site.lang.t("nav-releases")),
            Section::Photos => (newsroom, site.lang.t("nav-photos")),
            Section::Events => (newsroom, site.lang.t("nav-events")),
            Section::Contacts => (newsroom, site.lang.t("nav-contacts")),
            Section::Search => (newsroom, site.lang.t("nav-search")),
        };
        Self { name: name.to_owned(), headline, date: String::new(), language: site.code.clone() }
    }

    /// Names all that is on the picture.
    fn version(&self, site: &Site) -> String {
        let logo = site.logo().map(|logo| logo.url()).unwrap_or_default();
        let initial = site.initial();
        let colours = accent_pair(&site.newsroom.colours);
        let all = [&self.name, &self.headline, &self.date, &self.language, &colours.0, &initial, logo];
        let mut hash = Sha256::new_with_prefix([LAYOUT]);
        for text in all {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        hex::encode(&hash.finalize()[..6])
    }

    fn image(&self, site: &Site, path: &str) -> SocialImage {
        SocialImage {
            url: site.absolute(&format!("{path}?v={}", self.version(site))),
            width: WIDTH,
            height: HEIGHT,
            alt: match self.name.as_str() {
                "" => self.headline.clone(),
                name => format!("{name}: {}", self.headline),
            },
        }
    }
}

/// The picture of a release without photos.
pub fn release_image(site: &Site, release: &Release) -> SocialImage {
    Words::of_release(site, release).image(site, &url::release_card(&site.newsroom, release))
}

/// The picture of all other pages.
pub fn section_image(site: &Site, section: Section) -> SocialImage {
    Words::of_section(site, section).image(site, &site.urls.section_card(name_of(section)))
}

const SECTIONS: [Section; 6] =
    [Section::Releases, Section::Photos, Section::Events, Section::Contacts, Section::Search, Section::Other];

const fn name_of(section: Section) -> &'static str {
    match section {
        Section::Releases => "releases",
        Section::Photos => "photos",
        Section::Events => "events",
        Section::Contacts => "contacts",
        Section::Search => "search",
        Section::Other => "home",
    }
}

async fn of_release(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
    actor: MaybeActor,
) -> Result<Response, Error> {
    let release: Release = record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let sight = actor.sight(&release.exposure(), state.now());
    let access = sight.access();
    let newsroom = language.newsroom;
    match access {
        Access::Hidden => return Err(Error::NotFound),
        Access::Gone => return Err(super::public::release::gone(&state, &newsroom, &release).await?),
        Access::Open | Access::Staff => {}
    }
    if release.slug != slug || newsroom.prefix(&language.code) != newsroom.prefix(&release.language) {
        return Ok(moved(&url::release_card(&newsroom, &release), access));
    }
    let policy = sight.policy(Policy::Revalidate);
    let site = Site::open(&state, Language { code: release.language.clone(), newsroom }).await?;
    let words = Words::of_release(&site, &release);
    Ok(picture(&site, words, policy).await?.into_response())
}

async fn of_section(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
) -> Result<Page, Error> {
    let named = |section: &Section| slug.strip_suffix(".png") == Some(name_of(*section));
    let section = SECTIONS.into_iter().find(named).ok_or(Error::NotFound)?;
    let site = Site::open(&state, language).await?;
    let words = Words::of_section(&site, section);
    picture(&site, words, Policy::Revalidate).await
}

async fn picture(site: &Site, words: Words, policy: Policy) -> Result<Page, Error> {
    let state = &site.state;
    let version = words.version(site);
    if let Some(drawn) = state.cards.drawn.get(&version) {
        return Ok(Page::new("image/png", drawn, policy));
    }
    let busy = || Error::TooMany { retry_after_secs: 3 };
    let turn = tokio::time::timeout(super::busy::WAIT_LIMIT, state.cards.turns.acquire()).await;
    let _turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
    // Another may have drawn it while this one waited.
    if let Some(drawn) = state.cards.drawn.get(&version) {
        return Ok(Page::new("image/png", drawn, policy));
    }
    let (ground, ink) = accent_pair(&site.newsroom.colours);
    let card = Card {
        ground,
        ink,
        mark: mark(site).await?,
        name: words.name,
        headline: words.headline,
        date: words.date,
        right_to_left: direction(&words.language) == "rtl",
    };
    let drawn = tokio::task::spawn_blocking(move || draw(&card)).await;
    let drawn = drawn.map_err(|error| Error::Internal(error.into()))?;
    let drawn = Bytes::from(drawn.map_err(|error| Error::Internal(error.into()))?);
    state.cards.drawn.insert(version, drawn.clone());
    Ok(Page::new("image/png", drawn, policy))
}

/// The logo as far as the public may see it, else a letter.
async fn mark(site: &Site) -> Result<Mark, Error> {
    if let Some(logo) = site.logo()
        && let Some(webp) = small_file(&site.state, logo.key(), MAX_LOGO_BYTES).await?
    {
        return Ok(Mark::Logo { webp, ratio: logo.ratio() });
    }
    Ok(Mark::Initial(site.initial()))
}
