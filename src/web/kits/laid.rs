//! Kits that are laid out, kept for a while, and sent.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::response::Response;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Asked;
use crate::blob::{BlobError, BlobKey, BlobStore, BlobStream};
use crate::domain::rendition::Format;
use crate::domain::visibility::Access;
use crate::domain::{Id, Kind, Timestamp};
use crate::kit::layout::{Part, Source, ZipLayout};
use crate::kit::press_kit::{self, KitContents, Size};
use crate::web::bytes::Download;
use crate::web::page::Policy;
use crate::web::{AppState, Error, tally};

/// Memory for layouts: that of 2,000 photos takes about two megabytes.
const CACHE_BYTES: u64 = 16 << 20;
/// Parts of an archive that are fetched while one is sent: two files with what stands between them.
const AHEAD: usize = 4;

/// A kit without its photos' bytes.
#[derive(Debug)]
pub struct Laid {
    generation: u64,
    layout: ZipLayout,
    /// Where the bytes lie that the layout knows by their hash.
    keys: HashMap<String, BlobKey>,
    modified: Timestamp,
    file_name: String,
    size: Size,
    /// What is counted when it is downloaded.
    subject: Option<(Kind, Id)>,
    photos: Vec<Id>,
}

impl Laid {
    pub fn new(kit: &KitContents<'_>, subject: Option<(Kind, Id)>) -> Result<Self, Error> {
        let layout = press_kit::layout(kit).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self {
            generation: 0,
            layout,
            keys: blob_keys(kit),
            modified: kit.modified,
            file_name: press_kit::file_name(kit),
            size: kit.size,
            subject,
            photos: kit.assets.iter().map(|asset| asset.id).collect(),
        })
    }

    fn weight(&self) -> u64 {
        let entries = self.layout.entries().iter().map(|entry| match &entry.source {
            Source::Inline(bytes) => 400 + bytes.len() as u64,
            Source::Blob { .. } => 700,
        });
        1024 + entries.sum::<u64>()
    }

    fn count(&self, state: &AppState) {
        let form = match self.size {
            Size::Print => "kit-print",
            Size::Web => "kit-web",
        };
        let now = state.now();
        if let Some((kind, id)) = self.subject {
            state.tally.add(kind, id, form, now);
        }
        for photo in &self.photos {
            state.tally.add(Kind::Asset, *photo, "in-kit", now);
        }
    }
}

#[derive(Clone)]
struct ByWeight;

impl Weighter<String, Arc<Laid>> for ByWeight {
    fn weight(&self, key: &String, kit: &Arc<Laid>) -> u64 {
        key.len() as u64 + kit.weight()
    }
}

/// Public kits by their address; good under the same condition as a ready page.
pub struct KitCache(Cache<String, Arc<Laid>, ByWeight>);

impl Default for KitCache {
    fn default() -> Self {
        Self(Cache::with_weighter(256, CACHE_BYTES, ByWeight))
    }
}

/// What came of looking for a kit.
pub enum Outcome {
    Kit(Laid, Access),
    Elsewhere(Response),
}

/// Answers with the kit that `make` lays out, or with the one that lies ready.
pub async fn answer(
    state: &AppState,
    asked: &Asked,
    make: impl Future<Output = Result<Outcome, Error>>,
) -> Result<Response, Error> {
    let is_anybody = is_anybody(&asked.headers);
    if is_anybody
        && let Some(kit) = state.kits.0.get(&asked.address)
        && kit.generation == state.generation()
        && state.ctx.signals.is_settled(state.now())
    {
        return send(state, asked, kit, Access::Open).await;
    }
    // Read before the kit is laid out: what is laid out while something changes belongs to the old generation.
    let generation = state.generation();
    let settled = state.ctx.signals.is_settled(state.now());
    let (kit, access) = match make.await? {
        Outcome::Kit(kit, access) => (Arc::new(Laid { generation, ..kit }), access),
        Outcome::Elsewhere(response) => return Ok(response),
    };
    if is_anybody && settled && access == Access::Open {
        state.kits.0.insert(asked.address.clone(), Arc::clone(&kit));
    }
    send(state, asked, kit, access).await
}

/// Whether nothing in the request could make its sender more than the public.
fn is_anybody(headers: &HeaderMap) -> bool {
    !headers.contains_key(AUTHORIZATION) && !headers.contains_key(COOKIE)
}

async fn send(state: &AppState, asked: &Asked, kit: Arc<Laid>, access: Access) -> Result<Response, Error> {
    let download = Download {
        len_bytes: kit.layout.len(),
        media_type: "application/zip".to_owned(),
        etag: kit.layout.etag().to_owned(),
        modified: kit.modified,
        until: None,
        policy: if access == Access::Open { Policy::Revalidate } else { Policy::NoStore },
        file_name: Some(kit.file_name.clone()),
        sha256: None,
        license_url: None,
    };
    let blobs = state.ctx.blobs.clone();
    let body_of = Arc::clone(&kit);
    let response = download
        .answer(&asked.method, &asked.headers, state.now(), |range| async move {
            Ok(body(&body_of, range, blobs))
        })
        .await?;
    if access == Access::Open && tally::is_download(&asked.method, &asked.headers, &response) {
        kit.count(state);
    }
    Ok(response)
}

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

/// The bytes of a range. Files ahead are opened on tasks of their own, so that a store far away has begun to
/// send the next one before this one ends.
fn body(kit: &Laid, range: Range<u64>, blobs: BlobStore) -> Body {
    let parts: Vec<(Part, Option<BlobKey>)> = kit
        .layout
        .parts(range)
        .map(|part| {
            let key = match &part {
                Part::Blob { sha256, .. } => kit.keys.get(sha256).cloned(),
                Part::Bytes(_) => None,
            };
            (part, key)
        })
        .collect();
    let pieces = stream::iter(parts)
        .map(move |(part, key)| {
            let opening = tokio::spawn(open(part, key, blobs.clone()));
            async move { opening.await.map_err(|error| BlobError::Io(std::io::Error::other(error)))? }
        })
        .buffered(AHEAD);
    Body::from_stream(pieces.try_flatten())
}

async fn open(part: Part, key: Option<BlobKey>, blobs: BlobStore) -> Result<BlobStream, BlobError> {
    match part {
        Part::Bytes(bytes) => Ok(stream::once(async { Ok(bytes) }).boxed()),
        Part::Blob { sha256, range } => {
            let key = key.ok_or(BlobError::Missing(sha256))?;
            blobs.read(&key, range).await
        }
    }
}
