//! Error pages. What fails anywhere becomes a page that needs no database; on the way out a layer turns it into
//! the reader's language and, where something is missing, into the way to where it is now or a page that helps to
//! find it.

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::domain::newsroom::Newsroom;
use crate::i18n::Lang;
use crate::store::list;
use crate::web::error::Problem;
use crate::web::extract::{ClientAddress, Language};
use crate::web::page::{Page, Policy};
use crate::web::view::shell::{Meta, Section};
use crate::web::view::{FailurePage, NotFoundPage};
use crate::web::{AppState, assets};

use super::site::Site;
use super::{nearest, old_addresses};

const OFFERED: usize = 3;
/// The style sheet where the newsroom's settings are not at hand.
const PLAIN_SHEET: &str = "/site.css";

/// A page for a failure that needs nothing but the program itself.
pub fn page(problem: &Problem) -> Page {
    failure(problem, Lang::En, "/", PLAIN_SHEET)
}

fn failure(problem: &Problem, lang: Lang, home_url: &str, css_url: &str) -> Page {
    let view = FailurePage {
        lang,
        status: problem.status,
        css_url: css_url.to_owned(),
        icon_url: assets::inline_icon().to_owned(),
        home_url: home_url.to_owned(),
        request_id: problem.reference.clone().unwrap_or_default(),
    };
    let page = Page::html(&view, Policy::NoStore)
        .unwrap_or_else(|_| Page::new("text/plain; charset=utf-8", problem.detail.clone(), Policy::NoStore));
    page.status(problem.status_code()).language(lang.tag())
}

/// Tells failures of the public site in the language of their address.
pub async fn in_readers_language(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let path = uri.path();
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let own_route = route.unwrap_or_default().to_owned();
    let may_be_old = old_addresses::may_be_one(request.method(), path, route);
    let headers = request.headers().clone();
    let client = ClientAddress::of(&state.config, &headers, request.extensions());
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    // Nobody reads a page that stands in the place of a picture.
    let wants_picture =
        headers.get(ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("image/"));
    if wants_picture {
        return response;
    }
    let is_missing = problem.status_code() == StatusCode::NOT_FOUND;
    if is_missing
        && may_be_old
        && let Ok(Some(elsewhere)) = old_addresses::lead_on(&state, &uri).await
    {
        return elsewhere;
    }
    let newsroom = state.ctx.newsroom().await.ok();
    if is_missing
        && may_be_old
        && let Some(newsroom) = &newsroom
        && let Ok(Some(here)) =
            old_addresses::without_default_language(&state, newsroom, &uri, &own_route).await
    {
        return here;
    }
    let page = match &newsroom {
        Some(newsroom) => {
            let code = code_of(newsroom, path);
            if is_missing && let Some(page) = not_found(&state, newsroom, code, path, client).await {
                page
            } else {
                let urls = crate::web::url::Urls::new(newsroom, code);
                let css = super::site::static_urls(newsroom).css;
                failure(&problem, Lang::for_tag(code), &urls.home(), &css)
            }
        }
        None => failure(&problem, accepted(&headers), "/", PLAIN_SHEET),
    };
    let mut told = page.into_response();
    if let Some(secs) = response.headers().get(RETRY_AFTER) {
        told.headers_mut().insert(RETRY_AFTER, secs.clone());
    }
    told
}

/// The language of an address.
fn code_of<'a>(newsroom: &'a Newsroom, path: &str) -> &'a str {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    newsroom.languages.iter().find(|code| *code == first).unwrap_or(&newsroom.default_language)
}

/// The first language of `Accept-Language` that the interface is written in.
fn accepted(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let tags = wanted.split(',').filter_map(|part| part.split(['-', ';']).next()).map(str::trim);
    tags.filter_map(|tag| Lang::ALL.into_iter().find(|lang| lang.tag() == tag)).next().unwrap_or(Lang::En)
}

async fn not_found(
    state: &AppState,
    newsroom: &Newsroom,
    code: &str,
    path: &str,
    client: ClientAddress,
) -> Option<Page> {
    let language = Language { code: code.to_owned(), newsroom: newsroom.clone() };
    let site = Site::open(state, language).await.ok()?;
    let query = words_of(path);
    // A search like any other: who has had his share gets the latest.
    let may_search = client.0.is_none_or(|address| state.limits.take(address).is_ok());
    let near = if may_search { nearest::releases(&site, &query, OFFERED).await } else { Vec::new() };
    let is_near = !near.is_empty();
    let offered = if is_near {
        near
    } else {
        list::releases(&state.ctx.db, &site.releases_here(), OFFERED, 0).await.ok()?
    };
    let meta = Meta { title: site.lang.t("not-found-title"), noindex: true, ..Meta::default() };
    let mut shell = site.shell(Section::Other, "", &Vec::new(), meta);
    shell.meta.canonical.clear();
    let releases = site.teasers(&offered).await.ok()?;
    let view = NotFoundPage { shell, query, releases, is_near };
    Some(Page::html(&view, Policy::NoStore).ok()?.status(StatusCode::NOT_FOUND).language(code))
}

/// What the last part of an address may have meant, in words.
fn words_of(path: &str) -> String {
    // What stood there is a key, not a word.
    if path.starts_with("/preview/") {
        return String::new();
    }
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    let plain = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if plain { stem.replace(['-', '_'], " ") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_what_was_looked_for() {
        assert_eq!(words_of("/releases/messe-elsmuende-2026"), "messe elsmuende 2026");
        assert_eq!(words_of("/photos/halle_4/large.jpg"), "large");
        assert_eq!(words_of("/releases/%3Cscript%3E"), "");
        assert_eq!(words_of("/"), "");
        assert_eq!(words_of("/preview/abc-def"), "");
    }

    #[test]
    fn the_browser_chooses_when_the_newsroom_cannot() {
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, value.parse().unwrap());
            accepted(&headers)
        };
        assert_eq!(asked("sv-SE,de-DE;q=0.8,en;q=0.5"), Lang::De);
        assert_eq!(asked("en-GB,de;q=0.8"), Lang::En);
        assert_eq!(accepted(&HeaderMap::new()), Lang::En);
    }
}
