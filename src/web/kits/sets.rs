//! Which photos a kit holds: those of a release, of an album, of a reader's own selection, of a search, of a person.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::Deserialize;

use super::laid::{Laid, Outcome, answer};
use super::selection::{MAX_SELECTION, Selection};
use super::{Asked, SizeChoice};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::visibility::{Access, Exposure, Viewer};
use crate::domain::{Id, Kind, Timestamp};
use crate::kit::press_kit::{KitContents, ReleaseText, Size, Subject};
use crate::newsroom::sight;
use crate::store;
use crate::web::bytes::{allowed_assets, moved};
use crate::web::extract::{Language, MaybeActor, UrlPath, UrlQuery};
use crate::web::public::search;
use crate::web::public::site::Site;
use crate::web::{AppState, Error, url};

/// The last segment but one of a path, whether or not a language stands before it.
#[derive(Debug, Deserialize)]
pub struct Slug {
    slug: String,
}

pub async fn of_release(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    UrlQuery(size): UrlQuery<SizeChoice>,
    actor: MaybeActor,
    asked: Asked,
) -> Result<Response, Error> {
    answer(&state, &asked, lay_release(&state, &slug, size.size(), &actor)).await
}

/// A kit that a page leads to.
pub enum Linked {
    OfRelease { slug: String },
    OfAlbum { slug: String, language: Box<Language> },
}

/// Lays a kit out in the background, in both sizes: who reads the page may want one next, and with thousands of photos
/// that takes a tenth of a second.
pub fn lay_ahead(state: &AppState, address: String, linked: Linked) {
    let state = state.clone();
    tokio::spawn(async move {
        for (size, query) in [(Size::Print, ""), (Size::Web, "?size=web")] {
            let address = format!("{address}{query}");
            let asked = Asked { method: Method::HEAD, headers: HeaderMap::new(), address };
            let laid = match &linked {
                Linked::OfRelease { slug } => {
                    answer(&state, &asked, lay_release(&state, slug, size, &MaybeActor::NOBODY)).await
                }
                Linked::OfAlbum { slug, language } => {
                    answer(&state, &asked, lay_album(&state, language, slug, size, &MaybeActor::NOBODY)).await
                }
            };
            if let Err(error) = laid {
                tracing::debug!(?error, "A kit could not be laid out ahead");
            }
        }
    });
}

async fn lay_release(state: &AppState, slug: &str, size: Size, actor: &MaybeActor) -> Result<Outcome, Error> {
    let release: Release = store::record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let newsroom = state.ctx.newsroom().await?;
    let sight = actor.sight(&release.exposure(), state.now());
    let access = sight.access();
    match access {
        Access::Hidden => return Err(Error::NotFound),
        Access::Gone => return Err(crate::web::public::release::gone(state, &newsroom, &release).await?),
        Access::Open | Access::Staff => {}
    }
    if release.slug != slug {
        return Ok(Outcome::Elsewhere(moved(&url::press_kit(&newsroom, &release), access)));
    }
    let assets = allowed_assets(state, &release.assets, sight.viewer()).await?;
    let kit = lay_text_and_photos(state, &newsroom, &release, &assets, size).await?;
    Ok(Outcome::Kit(kit, access))
}

/// The kit of a release that is not public, with the photos that the holder of a link may have.
pub async fn of_preview(
    state: &AppState,
    newsroom: &Newsroom,
    release: &Release,
    assets: &[Asset],
    size: &SizeChoice,
    asked: &Asked,
) -> Result<Response, Error> {
    let make = async {
        let kit = lay_text_and_photos(state, newsroom, release, assets, size.size()).await?;
        Ok(Outcome::Kit(kit, Access::Staff))
    };
    answer(state, asked, make).await
}

async fn lay_text_and_photos(
    state: &AppState,
    newsroom: &Newsroom,
    release: &Release,
    assets: &[Asset],
    size: Size,
) -> Result<Laid, Error> {
    let contacts: Vec<Contact> = store::record::find_all(&state.ctx.db, &release.contacts).await?;
    let texts = sight::texts_of(&state.ctx, newsroom, release, assets, state.now()).await?;
    let page_url = format!("{}{}", state.base(), url::release(newsroom, release));
    let kit = KitContents {
        organisation: &newsroom.organisation,
        language: &release.language,
        default_language: &newsroom.default_language,
        zone: &newsroom.time_zone,
        base: state.base(),
        page_url: &page_url,
        subject: Subject::Release(ReleaseText {
            headline: &release.headline,
            sub_headlines: &release.sub_headlines,
            dateline_place: &release.dateline_place,
            dateline_date: release.dateline_date,
            body: &texts.body,
            boilerplate_title: &texts.boilerplate_title,
            boilerplate: &texts.boilerplate,
        }),
        contacts: contacts.iter().collect(),
        default_terms: newsroom.default_usage_terms.get(&release.language, &newsroom.default_language),
        size,
        modified: latest(release.updated_at, assets),
        assets: assets.iter().collect(),
    };
    Laid::new(&kit, Some((Kind::Release, release.id)))
}

fn latest(first: Timestamp, assets: &[Asset]) -> Timestamp {
    assets.iter().map(|a| a.updated_at).fold(first, Timestamp::max)
}

/// Photos that somebody or something has put together.
struct Collection<'a> {
    title: &'a str,
    /// Where the collection is shown, as a path; may be empty.
    path: &'a str,
    subject: Option<(Kind, Id)>,
    assets: &'a [Asset],
    size: Size,
}

/// A collection's kit: everything but the text of a release.
fn lay_collection(state: &AppState, language: &Language, set: &Collection<'_>) -> Result<Laid, Error> {
    let newsroom = &language.newsroom;
    let page_url = if set.path.is_empty() { String::new() } else { format!("{}{}", state.base(), set.path) };
    let kit = KitContents {
        organisation: &newsroom.organisation,
        language: &language.code,
        default_language: &newsroom.default_language,
        zone: &newsroom.time_zone,
        base: state.base(),
        page_url: &page_url,
        subject: Subject::Collection { title: set.title },
        contacts: Vec::new(),
        default_terms: newsroom.default_usage_terms.get(&language.code, &newsroom.default_language),
        size: set.size,
        modified: latest(Timestamp::UNIX_EPOCH, set.assets),
        assets: set.assets.iter().collect(),
    };
    Laid::new(&kit, set.subject)
}

/// An album's kit; the album page's route leads here when the address ends in `.zip`.
pub async fn of_album(
    state: &AppState,
    language: &Language,
    slug: &str,
    size: &SizeChoice,
    actor: &MaybeActor,
    asked: &Asked,
) -> Result<Response, Error> {
    answer(state, asked, lay_album(state, language, slug, size.size(), actor)).await
}

async fn lay_album(
    state: &AppState,
    language: &Language,
    slug: &str,
    size: Size,
    actor: &MaybeActor,
) -> Result<Outcome, Error> {
    let urls = url::Urls::new(&language.newsroom, &language.code);
    let album: Album = store::record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let exposure = Exposure { public_from: album.public_from(), ..Exposure::default() };
    let sight = actor.sight(&exposure, state.now());
    let access = sight.access();
    if !access.is_allowed() {
        return Err(Error::NotFound);
    }
    if album.slug != slug {
        return Ok(Outcome::Elsewhere(moved(&urls.album_kit(&album.slug), access)));
    }
    let assets = allowed_assets(state, &album.assets, sight.viewer()).await?;
    let path = urls.album(&album.slug);
    let set = Collection {
        title: album.title.get(&language.code, &language.newsroom.default_language),
        path: &path,
        subject: Some((Kind::Album, album.id)),
        assets: &assets,
        size,
    };
    Ok(Outcome::Kit(lay_collection(state, language, &set)?, access))
}

pub async fn of_selection(
    State(state): State<AppState>,
    language: Language,
    RawQuery(query): RawQuery,
    actor: MaybeActor,
    asked: Asked,
) -> Result<Response, Error> {
    let selection = Selection::parse_filled(query.as_deref().unwrap_or_default())?;
    let make = async {
        let mut assets = allowed_assets(&state, &selection.photos, Viewer::Public).await?;
        let is_open = assets.len() == selection.photos.len();
        if !is_open {
            assets = allowed_assets(&state, &selection.photos, actor.viewer()).await?;
        }
        if assets.len() < selection.photos.len() {
            return Err(Error::NotFound);
        }
        let access = if is_open { Access::Open } else { Access::Staff };
        let title = if language.code == "de" { "Auswahl" } else { "Selection" };
        let set = Collection { title, path: "", subject: None, assets: &assets, size: selection.size };
        Ok(Outcome::Kit(lay_collection(&state, &language, &set)?, access))
    };
    answer(&state, &asked, make).await
}

/// The photos that a search finds, newest first, as many as a selection may have.
pub async fn of_search(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(size): UrlQuery<SizeChoice>,
    UrlQuery(query): UrlQuery<search::Asked>,
    asked: Asked,
) -> Result<Response, Error> {
    let query = query.for_photos();
    let site = Site::open(&state, language.clone()).await?;
    let make = async {
        let assets = found_photos(&site, &query).await?;
        let path = query.url(&site.urls.search());
        let title =
            if query.words().is_empty() { site.lang.t("nav-photos") } else { query.words().to_owned() };
        lay_found(&state, &language, &title, &path, &assets, size.size())
    };
    answer(&state, &asked, make).await
}

#[derive(Debug, Deserialize)]
pub struct Person {
    #[serde(default)]
    person: String,
}

/// The photos that show somebody, by the name that stands in them.
pub async fn of_person(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(size): UrlQuery<SizeChoice>,
    UrlQuery(Person { person }): UrlQuery<Person>,
    asked: Asked,
) -> Result<Response, Error> {
    let site = Site::open(&state, language.clone()).await?;
    let make = async {
        let assets = photos_of(&site, &person).await?;
        let path = search::Asked::of_words(&person).url(&site.urls.search());
        lay_found(&state, &language, person.trim(), &path, &assets, size.size())
    };
    answer(&state, &asked, make).await
}

fn lay_found(
    state: &AppState,
    language: &Language,
    title: &str,
    path: &str,
    assets: &[Asset],
    size: Size,
) -> Result<Outcome, Error> {
    if assets.is_empty() {
        return Err(Error::NotFound);
    }
    let set = Collection { title, path, subject: None, assets, size };
    Ok(Outcome::Kit(lay_collection(state, language, &set)?, Access::Open))
}

/// What a search for photos finds, as far as the public may see it now.
pub async fn found_photos(site: &Site, query: &search::Asked) -> Result<Vec<Asset>, Error> {
    let answer = search::run_by_date(site, query, MAX_SELECTION).await?;
    let ids: Vec<Id> = answer.hits.iter().map(|hit| hit.id).collect();
    allowed_assets(&site.state, &ids, Viewer::Public).await
}

/// The public photos that name a person as being in the picture.
pub async fn photos_of(site: &Site, person: &str) -> Result<Vec<Asset>, Error> {
    let name = person.trim().to_lowercase();
    if name.is_empty() {
        return Ok(Vec::new());
    }
    // The index finds whoever is written about; the photo itself says who is in it.
    let words = search::Asked::of_words(&format!("\"{}\"", name.replace('"', " "))).for_photos();
    let mut assets = found_photos(site, &words).await?;
    assets.retain(|asset| asset.description.persons.iter().any(|shown| shown.trim().to_lowercase() == name));
    Ok(assets)
}
