//! The public site as files: every public address is asked for, as a visitor would, and written under the
//! same path, so that a plain web server can stand in.
//!
//! A page at `/releases/x` becomes `releases/x/index.html`; everything else keeps its name. Addresses whose
//! answer depends on a query (filters, selections) cannot be files and are left out; for the search there is
//! an index that the search page reads by itself. Written again, only what has changed is written.

mod crawl;
mod manifest;
mod search_index;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{Method, Request, Response, StatusCode};
use futures_util::TryStreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tower::ServiceExt as _;

use crate::app;
use crate::config::Config;
use crate::newsroom::Context;
use crate::search::Index;
use crate::web::{self, AppState};

use crawl::{Crawl, links};
use manifest::{Entry, Manifest};

/// Pages larger than this are not searched for links; none is.
const MAX_PAGE_BYTES: usize = 16 << 20;

/// What was done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files of the site, whether written now or before.
    pub files: usize,
    pub bytes: u64,
    /// Files that had to be written.
    pub changed: usize,
    /// Files of addresses that are public no more.
    pub removed: usize,
}

/// Writes the site below `target`. What another run has written there is brought up to date; files that no run
/// has written are not touched.
pub async fn write(config: &Config, ctx: &Context, target: &Path) -> anyhow::Result<Written> {
    // An index of its own, in memory: the running server keeps its.
    let index = Index::in_memory()?;
    app::index_follower(ctx, config, index.clone()).fill().await?;
    let state = AppState::for_files(ctx.clone(), config.clone(), index);
    let newsroom = ctx.newsroom().await?;
    let export = Export {
        base: state.base().to_owned(),
        router: web::router(state),
        target: target.to_owned(),
        before: Manifest::read(target)?,
    };
    let mut crawl = Crawl::from_seeds(&newsroom);
    let mut now = Manifest::default();
    let mut written = Written::default();
    while let Some(address) = crawl.next() {
        let Some((entry, is_new)) = export.take(&address).await? else { continue };
        written.changed += usize::from(is_new);
        crawl.add(&entry.links);
        now.insert(address, entry);
    }
    for (name, text) in search_index::files(ctx, &newsroom).await? {
        written.changed += usize::from(export.put_text(&name, &text).await?);
        now.insert(format!("/{name}"), Entry::of_own(&name, text.len() as u64));
    }
    written.removed = export.before.remove_stale(&now, target)?;
    now.write(target)?;
    written.files = now.files().count();
    written.bytes = now.bytes();
    Ok(written)
}

struct Export {
    base: String,
    router: axum::Router,
    target: PathBuf,
    before: Manifest,
}

impl Export {
    /// Brings the file of one address up to date. `None`: there is nothing public at it.
    async fn take(&self, address: &str) -> anyhow::Result<Option<(Entry, bool)>> {
        let known = self.before.get(address).filter(|entry| self.target.join(&entry.file).is_file());
        // What lies on the disk is not read again, not even by the server.
        let mut ask = Request::builder().method(Method::GET).uri(address);
        if let Some(entry) = known.filter(|entry| !entry.etag.is_empty()) {
            ask = ask.header(IF_NONE_MATCH, &entry.etag);
        }
        let Ok(response) = self.router.clone().oneshot(ask.body(Body::empty())?).await;
        if response.status() == StatusCode::NOT_MODIFIED
            && let Some(entry) = known
        {
            return Ok(Some((entry.clone(), false)));
        }
        if response.status() != StatusCode::OK {
            return Ok(None);
        }
        let etag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
        let (etag, file) = (etag.to_owned(), file_name(address, &response));
        let path = self.target.join(&file);
        if let Some(parent) = path.parent() {
            tokio::fs::create_dir_all(parent)
                .await
                .with_context(|| format!("{} cannot be made", parent.display()))?;
        }
        let saved = save(response, &path, &self.base).await?;
        Ok(Some((Entry { file, etag, bytes: saved.bytes, links: saved.links }, true)))
    }

    /// Writes a file of the export's own, unless it is there already.
    async fn put_text(&self, name: &str, text: &str) -> anyhow::Result<bool> {
        let path = self.target.join(name);
        if tokio::fs::read(&path).await.is_ok_and(|there| there == text.as_bytes()) {
            return Ok(false);
        }
        let draft = path.with_extension("part");
        tokio::fs::write(&draft, text).await.with_context(|| format!("{}", draft.display()))?;
        tokio::fs::rename(&draft, &path).await?;
        Ok(true)
    }
}

fn media_type(response: &Response<Body>) -> &str {
    response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The file below the target folder, for an address that holds no `..` (the links were checked).
fn file_name(address: &str, response: &Response<Body>) -> String {
    let path = address.split('?').next().unwrap_or_default().trim_matches('/');
    if !media_type(response).starts_with("text/html") {
        path.to_owned()
    } else if path.is_empty() {
        "index.html".to_owned()
    } else {
        format!("{path}/index.html")
    }
}

struct Saved {
    bytes: u64,
    links: Vec<String>,
}

/// Streams the answer into a file beside its place and moves it there when it is complete.
async fn save(response: Response<Body>, file: &Path, base: &str) -> anyhow::Result<Saved> {
    let has_links =
        ["text/html", "application/xml"].iter().any(|kind| media_type(&response).starts_with(kind));
    let mut draft = file.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    let mut out = tokio::fs::File::create(&draft).await.with_context(|| format!("{}", draft.display()))?;
    let mut text = Vec::new();
    let mut bytes = 0;
    let mut body = response.into_body().into_data_stream();
    while let Some(chunk) = body.try_next().await? {
        bytes += chunk.len() as u64;
        if has_links && text.len() < MAX_PAGE_BYTES {
            text.extend_from_slice(&chunk);
        }
        out.write_all(&chunk).await?;
    }
    out.flush().await?;
    tokio::fs::rename(&draft, file).await?;
    Ok(Saved { bytes, links: links(&String::from_utf8_lossy(&text), base) })
}
