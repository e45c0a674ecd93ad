//! Press kits: ZIP archives laid out before their first byte is sent, so that length, ranges and the entity
//! tag are known and a broken download resumes.

use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::get;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Deserialize;

use super::bytes::{Download, allowed_assets, moved};
use super::extract::{Language, MaybeActor, UrlPath, UrlQuery};
use super::page::Policy;
use super::{AppState, Error, url};
use crate::blob::{BlobError, BlobKey, BlobStore};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::domain::visibility::{Access, Exposure, decide};
use crate::domain::{Id, Timestamp};
use crate::kit::layout::{Part, ZipLayout};
use crate::kit::press_kit::{self, KitContents, ReleaseText, Size, Subject};
use crate::store;

/// A selection may name this many photos.
const MAX_SELECTION: usize = 500;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/releases/{slug}/photos.zip", get(of_release))
        .route("/{lang}/releases/{slug}/photos.zip", get(of_release_in_language))
        .route("/selection.zip", get(of_selection))
}

#[derive(Deserialize)]
pub struct SizeChoice {
    /// `web` for pictures of 2560 pixels; anything else is print originals.
    size: Option<String>,
}

impl SizeChoice {
    fn size(&self) -> Size {
        if self.size.as_deref() == Some("web") { Size::Web } else { Size::Print }
    }
}

async fn of_release_in_language(
    state: State<AppState>,
    UrlPath((_, slug)): UrlPath<(String, String)>,
    size: UrlQuery<SizeChoice>,
    actor: MaybeActor,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    of_release(state, UrlPath(slug), size, actor, method, headers).await
}

async fn of_release(
    State(state): State<AppState>,
    UrlPath(slug): UrlPath<String>,
    UrlQuery(size): UrlQuery<SizeChoice>,
    actor: MaybeActor,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let release: Release = store::record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let newsroom = state.ctx.newsroom().await?;
    let access = decide(&release.exposure(), actor.viewer(), state.now());
    match access {
        Access::Hidden => return Err(Error::NotFound),
        Access::Gone => return Err(super::public::release::gone(&state, &newsroom, &release).await?),
        Access::Open | Access::Staff => {}
    }
    if release.slug != slug {
        return Ok(moved(&url::press_kit(&newsroom, &release)));
    }
    let assets = allowed_assets(&state, &release.assets, actor.viewer()).await?;
    let contacts: Vec<Contact> = store::record::find_all(&state.ctx.db, &release.contacts).await?;
    let (title, text) = boilerplate(&newsroom, &release);
    let page_url = format!("{}{}", state.base(), url::release(&newsroom, &release));
    let kit = KitContents {
        organisation: &newsroom.organisation,
        language: &release.language,
        default_language: &newsroom.default_language,
        base: state.base(),
        page_url: &page_url,
        subject: Subject::Release(ReleaseText {
            headline: &release.headline,
            sub_headlines: &release.sub_headlines,
            dateline_place: &release.dateline_place,
            dateline_date: release.dateline_date,
            body: &release.body,
            boilerplate_title: &title,
            boilerplate: &text,
        }),
        contacts: contacts.iter().collect(),
        default_terms: newsroom.default_usage_terms.get(&release.language, &newsroom.default_language),
        size: size.size(),
        modified: latest(release.updated_at, &assets),
        assets: assets.iter().collect(),
    };
    send(&state, &kit, access, &method, &headers).await
}

/// Title and Markdown of a release's boilerplate: looked up by key, or its own words.
pub fn boilerplate(newsroom: &Newsroom, release: &Release) -> (String, String) {
    match newsroom.boilerplate(&release.boilerplate, &release.language) {
        Some(found) => (found.title.clone(), found.text.clone()),
        None => (String::new(), release.boilerplate.clone()),
    }
}

fn latest(first: Timestamp, assets: &[Asset]) -> Timestamp {
    assets.iter().map(|a| a.updated_at).fold(first, Timestamp::max)
}

/// A collection's kit: everything but the text of a release.
async fn of_collection(
    state: &AppState,
    language: &Language,
    title: &str,
    page_url: &str,
    assets: &[Asset],
    access: Access,
    asked: (&SizeChoice, &Method, &HeaderMap),
) -> Result<Response, Error> {
    let newsroom = &language.newsroom;
    let (size, method, headers) = asked;
    let kit = KitContents {
        organisation: &newsroom.organisation,
        language: &language.code,
        default_language: &newsroom.default_language,
        base: state.base(),
        page_url,
        subject: Subject::Collection { title },
        contacts: Vec::new(),
        default_terms: newsroom.default_usage_terms.get(&language.code, &newsroom.default_language),
        size: size.size(),
        modified: latest(Timestamp::UNIX_EPOCH, assets),
        assets: assets.iter().collect(),
    };
    send(state, &kit, access, method, headers).await
}

/// An album's kit; the album page's route leads here when the address ends in `.zip`.
pub async fn of_album(
    state: &AppState,
    language: &Language,
    slug: &str,
    size: &SizeChoice,
    actor: &MaybeActor,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let album: Album = store::record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let exposure = Exposure { public_from: album.public_from(), ..Exposure::default() };
    let access = decide(&exposure, actor.viewer(), state.now());
    if !access.is_allowed() {
        return Err(Error::NotFound);
    }
    if album.slug != slug {
        return Ok(moved(&url::album_kit(&album)));
    }
    let assets = allowed_assets(state, &album.assets, actor.viewer()).await?;
    let newsroom = &language.newsroom;
    let title = album.title.get(&language.code, &newsroom.default_language);
    let urls = url::Urls::new(newsroom, &language.code);
    let page_url = format!("{}{}", state.base(), urls.album(&album.slug));
    of_collection(state, language, title, &page_url, &assets, access, (size, method, headers)).await
}

#[derive(Deserialize)]
struct Selection {
    #[serde(default)]
    photos: String,
    size: Option<String>,
}

async fn of_selection(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(selection): UrlQuery<Selection>,
    actor: MaybeActor,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut ids: Vec<Id> = Vec::new();
    for text in selection.photos.split(',').map(str::trim).filter(|t| !t.is_empty()) {
        let id = text.parse().map_err(|_| Error::BadRequest {
            code: "invalid_selection",
            detail: "The address must name photos by id: /selection.zip?photos=ID,ID".to_owned(),
        })?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() || ids.len() > MAX_SELECTION {
        return Err(Error::BadRequest {
            code: "invalid_selection",
            detail: format!("A selection has between 1 and {MAX_SELECTION} photos"),
        });
    }
    let assets = allowed_assets(&state, &ids, actor.viewer()).await?;
    if assets.len() < ids.len() {
        return Err(Error::NotFound);
    }
    let public = allowed_assets(&state, &ids, crate::domain::visibility::Viewer::Public).await?;
    let access = if public.len() == ids.len() { Access::Open } else { Access::Staff };
    let title = if language.code == "de" { "Auswahl" } else { "Selection" };
    let size = SizeChoice { size: selection.size };
    of_collection(&state, &language, title, "", &assets, access, (&size, &method, &headers)).await
}

async fn send(
    state: &AppState,
    kit: &KitContents<'_>,
    access: Access,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let layout = press_kit::layout(kit).map_err(|error| Error::Internal(error.into()))?;
    let download = Download {
        len_bytes: layout.len(),
        media_type: "application/zip".to_owned(),
        etag: layout.etag().to_owned(),
        modified: kit.modified,
        policy: if access == Access::Open { Policy::Revalidate } else { Policy::NoStore },
        file_name: Some(press_kit::file_name(kit)),
    };
    let keys = blob_keys(kit);
    let blobs = state.ctx.blobs.clone();
    download.answer(method, headers, |range| async move { Ok(body(&layout, range, keys, blobs)) }).await
}

/// Where the bytes lie that the layout knows by their hash.
fn blob_keys(kit: &KitContents<'_>) -> HashMap<String, BlobKey> {
    let mut keys = HashMap::new();
    for asset in &kit.assets {
        let key = BlobKey::download(asset);
        keys.insert(key.sha256().to_owned(), key);
        if let Some(large) = asset.rendition("large", Format::Jpeg) {
            let key = BlobKey::rendition(large);
            keys.insert(key.sha256().to_owned(), key);
        }
    }
    keys
}

fn body(
    layout: &ZipLayout,
    range: std::ops::Range<u64>,
    keys: HashMap<String, BlobKey>,
    blobs: BlobStore,
) -> Body {
    let parts: Vec<Part> = layout.parts(range).collect();
    let pieces = stream::iter(parts).then(move |part| {
        let blobs = blobs.clone();
        let key = match &part {
            Part::Blob { sha256, .. } => keys.get(sha256).cloned(),
            Part::Bytes(_) => None,
        };
        async move {
            match part {
                Part::Bytes(bytes) => Ok(stream::once(async { Ok(bytes) }).boxed()),
                Part::Blob { sha256, range } => {
                    let key = key.ok_or(BlobError::Missing(sha256))?;
                    blobs.read(&key, range).await
                }
            }
        }
    });
    Body::from_stream(pieces.try_flatten())
}
