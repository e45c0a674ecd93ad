//! Stylesheets, scripts and icons: compiled in, under addresses that name their content.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;

use super::conditions::etag_matches;
use super::extract::{UrlPath, UrlQuery};
use super::page::{Page, Policy, etag_of};
use super::theme::{Scheme, style_css, theme_css};
use super::{AppState, Error};
use crate::domain::newsroom::Newsroom;

#[derive(rust_embed::RustEmbed)]
#[folder = "static/"]
#[exclude = "readme/*"]
#[exclude = "src/*"]
#[exclude = "after-paint.js"]
struct Files;

struct StaticFile {
    body: Bytes,
    hash: String,
    media_type: &'static str,
}

static FILES: LazyLock<HashMap<String, StaticFile>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let file = Files::get(&name)?;
            let hash = hex::encode(&file.metadata.sha256_hash()[..8]);
            let media_type = media_type(&name);
            Some((
                name.into_owned(),
                StaticFile { body: Bytes::from(file.data.into_owned()), hash, media_type },
            ))
        })
        .collect()
});

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}

/// The address of a file of `static/`, with its content's hash, so that it may be kept for ever.
pub fn path(name: &str) -> String {
    match FILES.get(name) {
        Some(file) => format!("/static/{}/{name}", file.hash),
        None => format!("/static/missing/{name}"),
    }
}

/// The site's icon as an address that holds it: browsers ask for an icon with every first page, and it is smaller
/// than the question.
pub fn inline_icon() -> &'static str {
    static ICON: LazyLock<String> = LazyLock::new(|| {
        let file = FILES.get("icon.svg").map(|file| String::from_utf8_lossy(&file.body));
        let mut url = "data:image/svg+xml,".to_owned();
        for letter in file.as_deref().unwrap_or_default().trim().chars() {
            match letter {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | ',' | ':' | ';' | '/' | '=' | '-' | '(' | ')' => {
                    url.push(letter);
                }
                _ => letter.to_string().bytes().for_each(|byte| url.push_str(&format!("%{byte:02X}"))),
            }
        }
        url
    });
    &ICON
}

/// What stands in every public page and fetches its script, named by `data-src`, once the page has been drawn: nothing
/// of the page needs the script, so words and photos have the line and the processor to themselves until then.
pub const AFTER_PAINT: &str = include_str!("../../static/after-paint.js").trim_ascii_end();

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/static/{hash}/{*name}", get(file))
        .route("/favicon.ico", get(favicon))
        .route("/theme.css", get(theme))
        .route("/site.css", get(site_sheet))
}

async fn file(
    UrlPath((hash, name)): UrlPath<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let file = FILES.get(&name).ok_or(Error::NotFound)?;
    // An old page may ask for an old hash: it gets the present file, but must not keep it under that name.
    let policy = if hash == file.hash { Policy::Forever } else { Policy::NoStore };
    let etag = etag_of(file.hash.as_bytes());
    if headers.get(IF_NONE_MATCH).is_some_and(|asked| etag_matches(asked.as_bytes(), &etag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    let mut response = Page::new(file.media_type, file.body.clone(), policy).into_response();
    response.headers_mut().insert(ETAG, etag);
    Ok(response)
}

async fn favicon() -> Result<Response, Error> {
    let file = FILES.get("icon.svg").ok_or(Error::NotFound)?;
    let mut response = Page::new(file.media_type, file.body.clone(), Policy::Short).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    Ok(response)
}

/// The address of the public site's style sheet for a version of the newsroom's settings. One file: a page waits for
/// it before it is drawn, and would wait for a second one as well.
pub fn site_sheet_path(newsroom_version: i64) -> String {
    format!("/site.css?v={}", site_sheet_name(newsroom_version))
}

fn site_sheet_name(newsroom_version: i64) -> String {
    format!("{}-{newsroom_version}", FILES.get("app.css").map_or("missing", |file| file.hash.as_str()))
}

#[derive(serde::Deserialize)]
struct Sheet {
    #[serde(default)]
    v: String,
}

/// The public site's style sheet, and the newsroom's colours and style after it.
async fn site_sheet(State(state): State<AppState>, UrlQuery(asked): UrlQuery<Sheet>) -> Result<Page, Error> {
    let newsroom = state.ctx.newsroom().await?;
    let file = FILES.get("app.css").ok_or(Error::NotFound)?;
    let body = sheet_of(file, &newsroom);
    let policy = if asked.v == site_sheet_name(newsroom.version) { Policy::Forever } else { Policy::Short };
    Ok(Page::new(file.media_type, body, policy))
}

fn sheet_of(file: &StaticFile, newsroom: &Newsroom) -> Vec<u8> {
    let own = without_comments(&String::from_utf8_lossy(&file.body));
    [own, theme_css(&newsroom.colours), style_css(newsroom.style)].concat().into_bytes()
}

/// A style sheet without what only its authors read. None of ours has a comment's signs in a string.
fn without_comments(sheet: &str) -> String {
    let mut rest = sheet;
    let mut kept = String::with_capacity(sheet.len());
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}

/// The public site's style sheet with settings that need not be stored, in one scheme whatever the device asks for.
pub fn site_sheet_in(newsroom: &Newsroom, scheme: Scheme) -> Result<Page, Error> {
    let file = FILES.get("app.css").ok_or(Error::NotFound)?;
    let sheet = sheet_of(file, newsroom);
    Ok(Page::new(file.media_type, scheme.settle(&String::from_utf8_lossy(&sheet)), Policy::NoStore))
}

/// The newsroom's colours as custom properties, for the desk, whose style sheet knows what to do with them.
async fn theme(State(state): State<AppState>) -> Result<Page, Error> {
    let newsroom = state.ctx.newsroom().await?;
    Ok(Page::new("text/css; charset=utf-8", theme_css(&newsroom.colours), Policy::Short))
}
