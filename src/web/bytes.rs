//! The bytes of photos: print originals and renditions, with ranges, validators and speaking names.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    LAST_MODIFIED, LINK, LOCATION, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::TryStreamExt as _;
use serde::Deserialize;

use super::conditions::{self, etag_matches};
use super::extract::{MaybeActor, Sight, UrlPath, UrlQuery};
use super::page::{Policy, attachment, http_date, read_http_date};
use super::security::CSP_FILE;
use super::{AppState, Error, handover, tally};
use crate::blob::BlobKey;
use crate::domain::asset::{Asset, extension_of};
use crate::domain::byte_range::{self, Requested};
use crate::domain::rendition::Format;
use crate::domain::visibility::{Access, decide};
use crate::domain::{Id, Kind, Timestamp};
use crate::store;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/photos/{slug}/{file}", get(photo_file))
        .route("/{lang}/photos/{slug}/{file}", get(photo_file_in_language))
}

/// What a download is apart from its bytes.
#[derive(Debug)]
pub struct Download {
    pub len_bytes: u64,
    pub media_type: String,
    /// With quotation marks.
    pub etag: String,
    pub modified: Timestamp,
    pub policy: Policy,
    /// When it may no longer be shown.
    pub until: Option<Timestamp>,
    /// A name makes it a download instead of something to look at.
    pub file_name: Option<String>,
    /// The SHA-256 of the whole, in hexadecimal, where it is known.
    pub sha256: Option<String>,
    /// Where the terms of use are.
    pub license_url: Option<String>,
}

/// RFC 9530
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

impl Download {
    /// Answers conditions and ranges; `body` is asked only for the bytes that go out.
    pub async fn answer<F, B>(
        &self,
        method: &Method,
        asked: &HeaderMap,
        now: Timestamp,
        body: B,
    ) -> Result<Response, Error>
    where
        B: FnOnce(std::ops::Range<u64>) -> F,
        F: Future<Output = Result<Body, Error>>,
    {
        let mut response = Response::new(Body::empty());
        self.describe(response.headers_mut(), now);
        if conditions::forbid(asked, response.headers()) {
            return Ok(conditions::refusal(response.headers()));
        }
        if self.is_known(asked) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        let text = |name: HeaderName| asked.get(name).and_then(|v| v.to_str().ok());
        // Only GET has ranges (RFC 9110, section 14.2).
        let wanted = text(RANGE).filter(|_| *method == Method::GET);
        let range = match byte_range::parse_if(wanted, text(IF_RANGE), &self.etag, self.len_bytes) {
            Requested::Whole => 0..self.len_bytes,
            Requested::Part(range) => {
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                insert(
                    response.headers_mut(),
                    CONTENT_RANGE,
                    &byte_range::content_range(&range, self.len_bytes),
                );
                range
            }
            Requested::Unsatisfiable => {
                *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
                let headers = response.headers_mut();
                insert(headers, CONTENT_RANGE, &byte_range::unsatisfied(self.len_bytes));
                headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
                return Ok(response);
            }
        };
        let length = range.end - range.start;
        if *method != Method::HEAD {
            *response.body_mut() = body(range).await?;
        }
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        Ok(response)
    }

    /// Whether the asker has it already: by its tag, or by its date where they know no tag.
    fn is_known(&self, asked: &HeaderMap) -> bool {
        match (asked.get(IF_NONE_MATCH), asked.get(IF_MODIFIED_SINCE)) {
            (Some(tags), _) => {
                HeaderValue::from_str(&self.etag).is_ok_and(|tag| etag_matches(tags.as_bytes(), &tag))
            }
            // A date says when a file came to be; a kit changes with more than what has a date.
            (None, Some(date)) if self.sha256.is_some() => date
                .to_str()
                .ok()
                .and_then(read_http_date)
                .is_some_and(|date| self.modified.as_second() <= date),
            _ => false,
        }
    }

    /// Whether this house must answer: who sends the bytes in its place has tags of their own, and does not know ours.
    fn is_asked_by_tag(&self, asked: &HeaderMap) -> bool {
        let is_ours = |line: &HeaderValue| line.to_str().is_ok_and(|tags| tags.contains(&self.etag));
        self.is_known(asked)
            || [IF_MATCH, IF_NONE_MATCH, IF_RANGE].iter().any(|name| asked.get_all(name).iter().any(is_ours))
    }

    pub fn describe(&self, headers: &mut HeaderMap, now: Timestamp) {
        insert(headers, CONTENT_TYPE, &self.media_type);
        insert(headers, ETAG, &self.etag);
        insert(headers, LAST_MODIFIED, &http_date(self.modified));
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(CACHE_CONTROL, self.policy.header_until(self.until, now));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP_FILE));
        if let Some(name) = &self.file_name {
            headers.insert(CONTENT_DISPOSITION, attachment(name));
        }
        if let Some(bytes) = self.sha256.as_ref().and_then(|digest| hex::decode(digest).ok()) {
            insert(headers, REPR_DIGEST, &format!("sha-256=:{}:", BASE64.encode(bytes)));
        }
        if let Some(url) = &self.license_url {
            insert(headers, LINK, &format!("<{url}>; rel=\"license\""));
        }
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[derive(Deserialize)]
pub struct Version {
    /// The beginning of the content's SHA-256.
    v: Option<String>,
    /// Present: save it instead of showing it.
    download: Option<String>,
}

async fn photo_file_in_language(
    state: State<AppState>,
    UrlPath((_, slug, file)): UrlPath<(String, String, String)>,
    version: UrlQuery<Version>,
    actor: MaybeActor,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    photo_file(state, UrlPath((slug, file)), version, actor, uri, method, headers).await
}

async fn photo_file(
    State(state): State<AppState>,
    UrlPath((slug, file)): UrlPath<(String, String)>,
    UrlQuery(version): UrlQuery<Version>,
    actor: MaybeActor,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let is_anybody = actor.is_anybody();
    let address = uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let ready = state.offers.get(&address).filter(|offer| {
        is_anybody && offer.generation == state.generation() && state.ctx.signals.is_settled(state.now())
    });
    if let Some(offer) = ready {
        return offer.send(&state, &method, &headers).await;
    }
    // Read before looking: what is found while something changes belongs to the old generation.
    let generation = state.generation();
    let settled = state.ctx.signals.is_settled(state.now());
    let asset: Asset = store::record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let access = asset_sight(&state, &asset, &actor).await?.access();
    if !access.is_allowed() {
        return Err(Error::NotFound);
    }
    if asset.slug != slug {
        return Ok(moved_until(
            &format!("/photos/{}/{file}", asset.slug),
            access,
            asset.rights_until,
            state.now(),
        ));
    }
    if let Some(now) = original_elsewhere(&asset, &file) {
        return Ok(moved_until(&now, access, asset.rights_until, state.now()));
    }
    let offer = Arc::new(Offer::of(&asset, &file, &version, access, generation).ok_or(Error::NotFound)?);
    if is_anybody && settled && access == Access::Open {
        state.offers.insert(address, Arc::clone(&offer));
    }
    offer.send(&state, &method, &headers).await
}

/// Files that lie ready to be sent, by their address: a gallery shows dozens of them at once.
pub type Offers = quick_cache::sync::Cache<String, Arc<Offer>>;
/// A few megabytes at most.
pub const MAX_OFFERS: usize = 8192;

/// A file that somebody may have.
#[derive(Debug)]
pub struct Offer {
    /// Good under the same condition as a ready page.
    generation: u64,
    asset: Id,
    /// The last segment of its address.
    file: String,
    wanted: Wanted,
    download: Download,
    is_counted: bool,
}

impl Offer {
    fn of(asset: &Asset, file: &str, version: &Version, access: Access, generation: u64) -> Option<Self> {
        let (name, extension) = file.rsplit_once('.')?;
        let wanted = choose(asset, name, extension)?;
        let pinned = version.v.as_deref().is_some_and(|v| v.len() >= 8 && wanted.key.sha256().starts_with(v));
        let is_download = wanted.is_original || version.download.is_some();
        let rights_url = &asset.description.rights_url;
        let download = Download {
            len_bytes: wanted.size_bytes,
            media_type: wanted.key.media_type().to_owned(),
            etag: wanted.key.etag(),
            modified: asset.updated_at,
            policy: match access {
                Access::Open if pinned => Policy::Forever,
                Access::Open => Policy::Short,
                _ => Policy::NoStore,
            },
            until: asset.rights_until,
            file_name: is_download.then(|| download_name(asset, name, extension)),
            sha256: Some(wanted.key.sha256().to_owned()),
            license_url: (!rights_url.is_empty()).then(|| rights_url.clone()),
        };
        let is_counted = is_download && access == Access::Open;
        Some(Self { generation, asset: asset.id, file: file.to_owned(), wanted, download, is_counted })
    }

    async fn send(&self, state: &AppState, method: &Method, headers: &HeaderMap) -> Result<Response, Error> {
        let elsewhere = match *method {
            Method::GET if !self.download.is_asked_by_tag(headers) => {
                handover::answer(state, &self.wanted, &self.download).await?
            }
            _ => None,
        };
        let (response, is_begun) = match elsewhere {
            Some(response) => {
                let len_bytes = self.download.len_bytes;
                (response, tally::is_download_elsewhere(method, headers, len_bytes))
            }
            None => {
                let response = self.send_from_here(state, method, headers).await?;
                let is_begun = tally::is_download(method, headers, &response);
                (response, is_begun)
            }
        };
        if self.is_counted && is_begun {
            state.tally.add(Kind::Asset, self.asset, &self.file, state.now());
        }
        Ok(response)
    }

    async fn send_from_here(
        &self,
        state: &AppState,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Response, Error> {
        let (blobs, key) = (&state.ctx.blobs, &self.wanted.key);
        let read = |range| async move { Ok(Body::from_stream(blobs.read(key, range).await?)) };
        self.download.answer(method, headers, state.now(), read).await
    }
}

/// A file of an asset that is not public, for somebody who was let in: not kept, not counted, and not by an address of
/// the store, which would be good for longer than their leave.
pub async fn send_in_confidence(
    state: &AppState,
    asset: &Asset,
    file: &str,
    version: &Version,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let offer = Offer::of(asset, file, version, Access::Staff, state.generation()).ok_or(Error::NotFound)?;
    offer.send_from_here(state, method, headers).await
}

#[derive(Debug)]
pub struct Wanted {
    pub key: BlobKey,
    pub size_bytes: u64,
    pub is_original: bool,
}

fn choose(asset: &Asset, name: &str, extension: &str) -> Option<Wanted> {
    if name == "original" {
        return (extension == asset.extension()).then(|| Wanted {
            key: BlobKey::download(asset),
            size_bytes: asset.download.size_bytes,
            is_original: true,
        });
    }
    let rendition = asset.rendition(name, Format::from_extension(extension)?)?;
    Some(Wanted { key: BlobKey::rendition(rendition), size_bytes: rendition.size_bytes, is_original: false })
}

/// Where the print original is now, when a file of another type took its place.
fn original_elsewhere(asset: &Asset, file: &str) -> Option<String> {
    let extension = file.strip_prefix("original.").filter(|extension| *extension != asset.extension())?;
    let was_here = asset.earlier.iter().any(|earlier| extension_of(&earlier.media_type) == extension);
    was_here.then(|| format!("/photos/{}/original.{}", asset.slug, asset.extension()))
}

/// The name a file gets on the journalist's disk.
fn download_name(asset: &Asset, name: &str, extension: &str) -> String {
    if name == "original" {
        let stem = asset.file_name.rsplit_once('.').map_or(asset.file_name.as_str(), |(stem, _)| stem);
        format!("{stem}.{extension}")
    } else {
        format!("{}-{name}.{extension}", asset.slug)
    }
}

/// May this viewer see the asset? The question every route asks that yields its bytes or facts.
pub async fn asset_sight(state: &AppState, asset: &Asset, actor: &MaybeActor) -> Result<Sight, Error> {
    let shown = store::list::shown_from(&state.ctx.db, &[asset.id]).await?;
    Ok(actor.sight(&asset.exposure(shown.get(&asset.id).copied()), state.now()))
}

/// Of some assets those that this viewer may see, in their order.
pub async fn allowed_assets(
    state: &AppState,
    ids: &[Id],
    viewer: crate::domain::visibility::Viewer,
) -> Result<Vec<Asset>, Error> {
    let mut assets: Vec<Asset> = store::record::find_all(&state.ctx.db, ids).await?;
    let shown = store::list::shown_from(&state.ctx.db, ids).await?;
    let now = state.now();
    assets.retain(|a| decide(&a.exposure(shown.get(&a.id).copied()), viewer, now).is_allowed());
    Ok(assets)
}

/// A small file as a whole; `None` when there is none, or a larger one.
pub async fn small_file(state: &AppState, key: &BlobKey, max_bytes: u64) -> Result<Option<Vec<u8>>, Error> {
    let blobs = &state.ctx.blobs;
    let Some(size) = blobs.size(key).await?.filter(|size| *size <= max_bytes) else { return Ok(None) };
    let parts: Vec<bytes::Bytes> =
        blobs.read(key, 0..size).await?.try_collect().await.map_err(|error| Error::Internal(error.into()))?;
    Ok(Some(parts.concat()))
}

/// Sends the browser on after a form was taken, so that reloading repeats nothing.
pub fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    insert(response.headers_mut(), LOCATION, path);
    response
}

/// A permanent redirect within the site, kept only by those who may know where it leads.
pub fn moved(path: &str, access: Access) -> Response {
    moved_until(path, access, None, Timestamp::MAX)
}

/// The same to what may be shown until a known moment.
pub fn moved_until(path: &str, access: Access, end: Option<Timestamp>, now: Timestamp) -> Response {
    let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
    let headers = response.headers_mut();
    insert(headers, LOCATION, path);
    let policy = if access == Access::Open { Policy::Short } else { Policy::NoStore };
    headers.insert(CACHE_CONTROL, policy.header_until(end, now));
    response
}
