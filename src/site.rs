//! The public site as files: every public address is asked for, as a visitor would, and written under the
//! same path, so that a plain web server can stand in.
//!
//! A page at `/releases/x` becomes `releases/x/index.html`; everything else keeps its name. Addresses whose
//! answer depends on a query (filters, searches, selections) cannot be files and are left out.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Response, StatusCode};
use futures_util::TryStreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tower::ServiceExt as _;

use crate::app;
use crate::config::Config;
use crate::newsroom::Context;
use crate::search::Index;
use crate::web::{self, AppState};

/// Pages larger than this are not searched for links; none is.
const MAX_PAGE_BYTES: usize = 16 << 20;

/// What was written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub files: usize,
    pub bytes: u64,
}

/// Writes the site below `target`, over what is there.
pub async fn write(config: &Config, ctx: &Context, target: &Path) -> anyhow::Result<Written> {
    // An index of its own, in memory: the running server keeps its.
    let index = Index::in_memory()?;
    app::index_follower(ctx, config, index.clone()).fill().await?;
    let state = AppState::new(ctx.clone(), config.clone(), index, None);
    let base = state.base().to_owned();
    let newsroom = ctx.newsroom().await?;
    let router = web::router(state);

    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut queue: VecDeque<String> = VecDeque::new();
    let mut seeds: Vec<String> = ["/", "/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/favicon.ico"]
        .map(ToOwned::to_owned)
        .into();
    for language in &newsroom.languages {
        let prefix = newsroom.prefix(language);
        seeds.push(format!("{prefix}/"));
        seeds.extend(["atom", "rss", "json"].map(|extension| format!("{prefix}/feed.{extension}")));
    }
    for seed in seeds {
        if known.insert(seed.clone()) {
            queue.push_back(seed);
        }
    }
    let mut written = Written::default();
    while let Some(path) = queue.pop_front() {
        let request = Request::get(&path).body(Body::empty())?;
        let Ok(response) = router.clone().oneshot(request).await;
        if response.status() != StatusCode::OK {
            continue;
        }
        let file = target.join(file_name(&path, &response));
        if let Some(parent) = file.parent() {
            tokio::fs::create_dir_all(parent)
                .await
                .with_context(|| format!("{} cannot be made", parent.display()))?;
        }
        let found = save(response, &file, &base).await?;
        written.files += 1;
        written.bytes += found.bytes;
        for link in found.links {
            if known.insert(link.clone()) {
                queue.push_back(link);
            }
        }
    }
    Ok(written)
}

fn media_type(response: &Response<Body>) -> &str {
    response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The file below the target folder, for an address that holds no `..` (the links were checked).
fn file_name(path: &str, response: &Response<Body>) -> PathBuf {
    let path = path.split('?').next().unwrap_or_default().trim_matches('/');
    if media_type(response).starts_with("text/html") {
        Path::new(path).join("index.html")
    } else {
        PathBuf::from(path)
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
    let draft = file.with_extension("part");
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

/// The addresses of this site that a page or a sitemap names.
fn links(text: &str, base: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (opening, closing) in [("=\"", '"'), ("<loc>", '<'), ("<image:loc>", '<')] {
        for piece in text.split(opening).skip(1) {
            let value = piece.split(closing).next().unwrap_or_default().replace("&amp;", "&");
            // `srcset` holds several addresses, each followed by its width.
            for part in value.split(',') {
                let address = part.split_whitespace().next().unwrap_or_default();
                let address = address.strip_prefix(base).unwrap_or(address);
                let address = address.split('#').next().unwrap_or_default();
                if can_be_a_file(address) {
                    found.push(address.to_owned());
                }
            }
        }
    }
    found
}

fn can_be_a_file(address: &str) -> bool {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let dynamic = ["/admin", "/api", "/selection.zip"].iter().any(|area| path.starts_with(area));
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.split('/').any(|segment| segment == "..")
        && !dynamic
        && (query.is_empty() || (query.starts_with("v=") && !query.contains('&')))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_are_found_and_what_cannot_be_a_file_is_left_out() {
        let page = r#"<a href="/releases/a#q1">x</a> <img srcset="/p/t.jpg?v=1 400w, /p/l.jpg?v=2 800w">
            <a href="/releases?topic=x">t</a> <a href="/admin">d</a> <a href="https://other.example/y">o</a>
            <link rel="canonical" href="https://press.example/en/"> <a href="/../etc/passwd">h</a>"#;
        assert_eq!(
            links(page, "https://press.example"),
            ["/releases/a", "/p/t.jpg?v=1", "/p/l.jpg?v=2", "/en/"]
        );
    }
}
