//! The addresses that releases had before they came here, and those under the default language's prefix. What no page
//! answers to may be one of them.

use axum::http::{Method, Uri};
use axum::response::Response;
use percent_encoding::percent_decode_str;

use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::visibility::{Access, Exposure, Viewer, decide};
use crate::domain::{Id, Timestamp};
use crate::store::record::{find_all_by_slug, find_by_slug};
use crate::store::{Db, Record, list};
use crate::web::bytes::{moved, moved_until};
use crate::web::{AppState, Error, url};

use super::release::split_form;

/// Below them is nothing that ever stood elsewhere.
const OWN_AREAS: [&str; 5] = ["/admin", "/api", "/static", "/preview", "/alerts"];
/// The files of photos are fetched by the dozen, from pages that may be old.
const PHOTO_FILE: &str = "/photos/{slug}/{file}";

/// Whether a request that found nothing may have meant an address of old; `route` is the one that it took, if any.
pub fn may_be_one(method: &Method, path: &str, route: Option<&str>) -> bool {
    let is_below =
        |area: &&str| path.strip_prefix(*area).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    matches!(*method, Method::GET | Method::HEAD)
        && !OWN_AREAS.iter().any(is_below)
        && !route.is_some_and(|route| route.ends_with(PHOTO_FILE))
}

/// On to the public release that an address of old leads to, if there is one.
pub async fn lead_on(state: &AppState, uri: &Uri) -> Result<Option<Response>, Error> {
    let spellings = spellings(uri.path());
    let found: Vec<(String, Release)> = find_all_by_slug(&state.ctx.db, &spellings).await?;
    let now = state.now();
    let leads = |slug: &String, release: &Release| {
        // Its present name is no address by itself. What was taken back says so at its own address.
        release.slug != *slug
            && matches!(decide(&release.exposure(), Viewer::Public, now), Access::Open | Access::Gone)
    };
    let first = spellings
        .iter()
        .find_map(|one| found.iter().find(|(slug, release)| slug == one && leads(slug, release)));
    let Some((_, release)) = first else { return Ok(None) };
    let newsroom = state.ctx.newsroom().await?;
    Ok(Some(moved(&url::release(&newsroom, release), Access::Open)))
}

/// The default language has no prefix of its own: on to the page that was asked for under one. `route` is the one that
/// the request took. What nobody may see is not told to be elsewhere.
pub async fn without_default_language(
    state: &AppState,
    newsroom: &Newsroom,
    uri: &Uri,
    route: &str,
) -> Result<Option<Response>, Error> {
    let Some(here) = without_prefix(newsroom, uri).filter(|_| route.starts_with("/{lang}")) else {
        return Ok(None);
    };
    let now = state.now();
    let exposure = if route.contains("{slug}") { exposure_of(state, newsroom, &here).await? } else { OPEN };
    let is_open = decide(&exposure, Viewer::Public, now) == Access::Open;
    Ok(is_open.then(|| moved_until(&here, Access::Open, exposure.until, now)))
}

/// Of what everybody may see at any time.
const OPEN: Exposure = Exposure { public_from: Some(Timestamp::UNIX_EPOCH), withdrawn: false, until: None };

/// Of the record whose page or file is at an address; of none, that of what nobody may see.
async fn exposure_of(state: &AppState, newsroom: &Newsroom, here: &str) -> Result<Exposure, Error> {
    let path = here.split('?').next().unwrap_or_default();
    let mut segments = path.trim_start_matches('/').split('/');
    let (folder, file) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let without = |suffix: &str| file.strip_suffix(suffix).unwrap_or(file);
    let db = &state.ctx.db;
    let id = match folder {
        "releases" => id_of::<Release>(db, split_form(file).0).await?,
        "photos" => id_of::<Asset>(db, file).await?,
        "albums" => id_of::<Album>(db, without(".zip")).await?,
        "contacts" => id_of::<Contact>(db, without(".vcf")).await?,
        "events" => id_of::<Event>(db, without(".ics")).await?,
        "pages" if newsroom.pages.iter().any(|page| page.slug == file) => return Ok(OPEN),
        _ => None,
    };
    let Some(id) = id else { return Ok(Exposure::default()) };
    Ok(list::exposures(db, &[id]).await?.remove(&id).unwrap_or_default())
}

async fn id_of<R: Record>(db: &Db, slug: &str) -> Result<Option<Id>, Error> {
    Ok(find_by_slug::<R>(db, slug).await?.map(|record| record.id()))
}

fn without_prefix(newsroom: &Newsroom, uri: &Uri) -> Option<String> {
    let rest = uri.path().strip_prefix('/')?.strip_prefix(newsroom.default_language.as_str())?;
    if !(rest.is_empty() || rest.starts_with('/')) {
        return None;
    }
    // Two slashes at the beginning would name another host.
    let path = rest.trim_start_matches('/');
    Some(uri.query().map_or_else(|| format!("/{path}"), |query| format!("/{path}?{query}")))
}

/// How a path may have been written down: as people read it or as it travels, with the slash at its beginning or without.
fn spellings(path: &str) -> Vec<String> {
    let read = percent_decode_str(path).decode_utf8().ok();
    let mut all = Vec::with_capacity(4);
    for path in read.as_deref().into_iter().chain([path]) {
        for one in [path, path.trim_start_matches('/')] {
            // PostgreSQL knows no text with a NUL in it.
            if !one.is_empty() && !one.contains('\0') && !all.iter().any(|other| other == one) {
                all.push(one.to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_looked_for_as_it_may_have_been_written_down() {
        assert_eq!(spellings("/alt.html"), ["/alt.html", "alt.html"]);
        assert_eq!(
            spellings("/presse/gr%C3%BC%C3%9Fe.html"),
            [
                "/presse/grüße.html",
                "presse/grüße.html",
                "/presse/gr%C3%BC%C3%9Fe.html",
                "presse/gr%C3%BC%C3%9Fe.html"
            ]
        );
        assert_eq!(spellings("/%FF"), ["/%FF", "%FF"], "not UTF-8");
        assert_eq!(spellings("/a%00"), ["/a%00", "a%00"]);
        assert_eq!(spellings("/"), ["/"]);
    }

    #[test]
    fn the_default_language_is_left_out_of_an_address() {
        let newsroom = Newsroom::default();
        let without = |uri: &str| without_prefix(&newsroom, &uri.parse().unwrap());
        let here = |path: &str| format!("/{}{path}", newsroom.default_language);
        assert_eq!(without(&here("")).as_deref(), Some("/"));
        assert_eq!(without(&here("/photos?page=2")).as_deref(), Some("/photos?page=2"));
        assert_eq!(without(&here("//example.org/x")).as_deref(), Some("/example.org/x"), "not another host");
        assert_eq!(without(&here("x/photos")), None);
        assert_eq!(without("/photos"), None);
    }

    #[test]
    fn only_what_may_have_stood_elsewhere_is_looked_for() {
        let may = |path: &str, route: Option<&str>| may_be_one(&Method::GET, path, route);
        assert!(may("/alt.html", Some("/{lang}")));
        assert!(may("/presse/photos", Some("/{lang}/photos")));
        assert!(may("/administration/alt", None));
        assert!(!may("/admin/x", None));
        assert!(!may("/api/alt", None));
        assert!(!may("/photos/a/thumb.jpg", Some("/photos/{slug}/{file}")));
        assert!(!may("/en/photos/a/thumb.jpg", Some("/{lang}/photos/{slug}/{file}")));
        assert!(!may_be_one(&Method::POST, "/alt.html", None));
    }
}
