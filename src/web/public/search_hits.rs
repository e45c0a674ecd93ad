//! Hits as rows of the search page.

use crate::domain::Id;
use crate::i18n::Lang;
use crate::search::Hit;
use crate::web::Error;
use crate::web::found::{self, Found};
use crate::web::view::search::HitView;

use super::cards::picture;
use super::site::Site;

pub async fn hits(site: &Site, hits: &[Hit]) -> Result<Vec<HitView>, Error> {
    let found = found::resolve(site, hits).await?;
    let pictures: Vec<Id> = found.iter().filter_map(|(_, found)| picture_id(found)).collect();
    let assets = site.assets(&pictures).await?;
    let rows = found.iter().map(|(hit, found)| {
        let (date, date_iso) = day(site, found);
        HitView {
            kind: kind_label(site.lang, found),
            title_html: hit.title.to_html(),
            url: found.path(site),
            language: match found {
                Found::Release(release) => release.language.clone(),
                _ => site.code.clone(),
            },
            snippet_html: hit.snippet.to_html(),
            date,
            date_iso,
            picture: picture_id(found).and_then(|id| assets.get(&id)).and_then(picture),
        }
    });
    Ok(rows.collect())
}

/// The asset that shows what was found.
fn picture_id(found: &Found) -> Option<Id> {
    match found {
        Found::Release(release) => release.assets.first().copied(),
        Found::Photo(asset) => Some(asset.id),
        Found::Contact(contact) => contact.portrait,
        Found::Album(album) => album.assets.first().copied(),
        Found::Event(_) => None,
    }
}

/// The day that matters to a reader, in words and in ISO 8601; empty where none does.
fn day(site: &Site, found: &Found) -> (String, String) {
    let day = match found {
        Found::Release(release) => site.day_of(release),
        Found::Event(event) => Some(event.starts_at.local.date()),
        Found::Photo(_) | Found::Contact(_) | Found::Album(_) => None,
    };
    day.map(|day| (site.lang.date(day), day.to_string())).unwrap_or_default()
}

fn kind_label(lang: Lang, found: &Found) -> String {
    match found {
        Found::Release(_) => lang.t("kind-release"),
        Found::Photo(_) => lang.t("kind-photo"),
        Found::Contact(_) => lang.t("kind-contact"),
        Found::Album(_) => lang.t("kind-album"),
        Found::Event(_) => lang.t("kind-event"),
    }
}
