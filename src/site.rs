//! The public site as files: every public address is asked for, as a visitor would, and written under the
//! same path, so that a plain web server can stand in.
//!
//! A page at `/releases/x` becomes `releases/x/index.html`; everything else keeps its name. Addresses whose
//! answer depends on a query (filters, selections) cannot be files and are left out; for the search there is
//! an index that the search page reads by itself. Where the server leads on to another address, a small page does.
//! Written again, only what has changed is written. What is public no more is removed, on a clear answer only.

mod crawl;
mod leads;
mod manifest;
mod search_index;
mod shelf;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{Method, Request, Response, StatusCode, Uri};
use futures_util::TryStreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tower::ServiceExt as _;

use crate::app;
use crate::config::Config;
use crate::newsroom::Context;
use crate::search::Index;
use crate::web::{self, AppState};

use crawl::{Crawl, as_file, links};
use manifest::{Entry, Manifest};
use shelf::{Note, Shelf};

/// Pages larger than this are not searched for links; none is.
const MAX_PAGE_BYTES: usize = 16 << 20;

/// When so many addresses in a row have given no answer, and that took so long, the rest is not asked.
const VAIN_IN_A_ROW: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);

/// What was done.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// Files of the site, whether written now or before.
    pub files: usize,
    pub bytes: u64,
    /// Files that had to be written.
    pub changed: usize,
    /// Files of addresses that are public no more.
    pub removed: usize,
    /// Addresses without an answer that says what is public there, and what came instead. Their files are as they were.
    pub failures: Vec<(String, String)>,
}

/// Writes the site below `target`. What another run has written there is brought up to date; files that no run
/// has written are not touched.
pub async fn write(config: &Config, ctx: &Context, target: &Path) -> anyhow::Result<Written> {
    // An index of its own, in memory: the running server keeps its.
    let index = Index::in_memory()?;
    app::index_follower(ctx, config, index.clone()).fill().await?;
    let state = AppState::for_files(ctx.clone(), config.clone(), index);
    let newsroom = ctx.newsroom().await?;
    let mut crawl = Crawl::from_seeds(&newsroom);
    crawl.add(&leads::old_addresses(ctx, &newsroom).await?);
    let (shelf, left) = Shelf::open(target)?;
    let mut before = Manifest::read(target)?;
    before.doubt(left);
    let mut export = Export {
        base: state.base().to_owned(),
        router: web::router(state),
        target: target.to_owned(),
        before,
        now: Manifest::default(),
        shelf,
        changed: 0,
        failures: Vec::new(),
    };
    export.walk(&mut crawl).await?;
    match search_index::files(ctx, &newsroom).await {
        Ok(files) => export.put_own(files)?,
        Err(error) => {
            for name in newsroom.languages.iter().map(|language| search_index::name(&newsroom, language)) {
                export.keep(&format!("/{name}"), format!("{error:#}"));
            }
        }
    }
    export.finish()
}

struct Export {
    base: String,
    router: axum::Router,
    target: PathBuf,
    before: Manifest,
    now: Manifest,
    shelf: Shelf,
    changed: usize,
    failures: Vec<(String, String)>,
}

/// What there is at an address.
enum Found {
    /// The file as it was written before.
    Unchanged(Entry),
    Written(Entry),
    /// It leads to another address of the site.
    Elsewhere(String),
    Nothing,
    /// No answer that says what is public there.
    Unclear(String),
}

impl Export {
    /// Asks for every address that there is.
    async fn walk(&mut self, crawl: &mut Crawl) -> anyhow::Result<()> {
        let mut leading = Vec::new();
        let mut vain = 0;
        let mut waited = Duration::ZERO;
        let mut asked_all = false;
        loop {
            let Some(address) = crawl.next() else {
                if self.failures.is_empty() || asked_all {
                    break;
                }
                // A page that did not answer may name what no other names: that is asked for by itself.
                asked_all = true;
                let known: Vec<String> = self.before.addresses().cloned().collect();
                crawl.add(&known);
                continue;
            };
            let began = Instant::now();
            let found = if vain < VAIN_IN_A_ROW || waited < PATIENCE {
                self.take(&address).await?
            } else {
                Found::Unclear("not asked any more".to_owned())
            };
            if matches!(found, Found::Unclear(_)) {
                vain += 1;
                waited += began.elapsed();
            } else {
                (vain, waited) = (0, Duration::ZERO);
            }
            match found {
                Found::Unchanged(entry) => {
                    crawl.add(&entry.links);
                    self.now.insert(address, entry);
                }
                Found::Written(entry) => {
                    self.changed += 1;
                    crawl.add(&entry.links);
                    self.now.insert(address, entry);
                }
                Found::Elsewhere(to) => {
                    crawl.add(&as_file(without_fragment(&to)).into_iter().collect::<Vec<_>>());
                    leading.push((address, to));
                }
                Found::Nothing => {}
                Found::Unclear(why) => {
                    if let Some(entry) = self.keep(&address, why) {
                        crawl.add(&entry.links);
                    }
                }
            }
        }
        self.lead_on(leading)
    }

    /// Leaves what lies at an address as it is, and remembers that it could not be looked after.
    fn keep(&mut self, address: &str, why: String) -> Option<Entry> {
        self.failures.push((address.to_owned(), why));
        let entry = self.before.get(address).filter(|entry| self.target.join(&entry.file).is_file())?.clone();
        self.now.insert(address.to_owned(), entry.clone());
        Some(entry)
    }

    /// Writes a page for each address that leads to a page.
    fn lead_on(&mut self, leading: Vec<(String, String)>) -> anyhow::Result<()> {
        let unclear: BTreeSet<String> = self.failures.iter().map(|(address, _)| address.clone()).collect();
        let mut files: BTreeSet<String> = self.now.files().map(ToOwned::to_owned).collect();
        for (address, to) in leading {
            let is_page = self.now.get(without_fragment(&to)).map(|entry| entry.file.ends_with(".html"));
            match (is_page, leads::file_for(&address)) {
                (Some(true), Some(file)) if leads::has_room(&file, &files) => {
                    let text = leads::page(&self.base, &to);
                    let note = Note { address: address.clone(), file: file.clone() };
                    self.changed += usize::from(self.shelf.put_text(note, &text)?);
                    self.now.insert(address, Entry::of_own(&file, text.len() as u64));
                    files.insert(file);
                }
                // As long as nobody knows what is there, the way to it stays as it was.
                (None, _) if unclear.contains(without_fragment(&to)) => {
                    if let Some(entry) = self.before.get(&address) {
                        self.now.insert(address, entry.clone());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes files that no address of the server gives.
    fn put_own(&mut self, files: Vec<(String, String)>) -> anyhow::Result<()> {
        for (file, text) in files {
            let entry = Entry::of_own(&file, text.len() as u64);
            let address = format!("/{file}");
            self.changed += usize::from(self.shelf.put_text(Note { address: address.clone(), file }, &text)?);
            self.now.insert(address, entry);
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Written> {
        self.shelf.settle()?;
        let removed = self.before.remove_stale(&self.now, &self.target)?;
        self.now.write(&self.target)?;
        self.shelf.close()?;
        Ok(Written {
            files: self.now.files().count(),
            bytes: self.now.bytes(),
            changed: self.changed,
            removed,
            failures: self.failures,
        })
    }

    /// Brings the file of one address up to date.
    async fn take(&mut self, address: &str) -> anyhow::Result<Found> {
        let known = self.before.get(address).filter(|entry| self.target.join(&entry.file).is_file());
        let Ok(uri) = address.parse::<Uri>() else { return Ok(Found::Nothing) };
        // What lies on the disk is not read again, not even by the server.
        let mut ask = Request::builder().method(Method::GET).uri(uri);
        if let Some(entry) = known.filter(|entry| !entry.etag.is_empty()) {
            ask = ask.header(IF_NONE_MATCH, &entry.etag);
        }
        let Ok(response) = self.router.clone().oneshot(ask.body(Body::empty())?).await;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED => {
                return Ok(known.map_or(Found::Nothing, |entry| Found::Unchanged(entry.clone())));
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Found::Nothing),
            status if status.is_redirection() => {
                let to =
                    header(&response, LOCATION).filter(|to| to.starts_with('/') && !to.starts_with("//"));
                return Ok(to.map_or(Found::Nothing, |to| Found::Elsewhere(to.to_owned())));
            }
            status => {
                // Some addresses answer to more than a plain question only, and never were files.
                let is_ours = status.is_server_error()
                    || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
                let is_unclear = is_ours || known.is_some();
                return Ok(if is_unclear { Found::Unclear(status.to_string()) } else { Found::Nothing });
            }
        }
        let etag = header(&response, ETAG).unwrap_or_default().to_owned();
        let file = file_name(address, &response);
        let draft = self.shelf.draft();
        let saved = match save(response, &draft, &self.base).await? {
            Ok(saved) => saved,
            Err(error) => return Ok(Found::Unclear(error.to_string())),
        };
        self.shelf.put(draft, Note { address: address.to_owned(), file: file.clone() })?;
        Ok(Found::Written(Entry { file, etag, bytes: saved.bytes, links: saved.links }))
    }
}

fn header(response: &Response<Body>, name: axum::http::HeaderName) -> Option<&str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

fn media_type(response: &Response<Body>) -> &str {
    header(response, CONTENT_TYPE).unwrap_or_default()
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

/// Streams the answer into a file; the inner error is the answer's own.
async fn save(
    response: Response<Body>,
    draft: &Path,
    base: &str,
) -> anyhow::Result<Result<Saved, axum::Error>> {
    let has_links =
        ["text/html", "application/xml"].iter().any(|kind| media_type(&response).starts_with(kind));
    let mut out = tokio::fs::File::create(draft).await.with_context(|| format!("{}", draft.display()))?;
    let mut text = Vec::new();
    let mut bytes = 0;
    let mut body = response.into_body().into_data_stream();
    loop {
        let chunk = match body.try_next().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) => return Ok(Err(error)),
        };
        bytes += chunk.len() as u64;
        if has_links && text.len() < MAX_PAGE_BYTES {
            text.extend_from_slice(&chunk);
        }
        out.write_all(&chunk).await?;
    }
    out.flush().await?;
    Ok(Ok(Saved { bytes, links: links(&String::from_utf8_lossy(&text), base) }))
}
