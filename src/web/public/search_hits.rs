//! Hits as rows of the search page.

use crate::domain::Id;
use crate::domain::localized::Localized;
use crate::i18n::{Lang, endonym};
use crate::search::{Highlighted, Hit};
use crate::text::{excerpt, photos, plain};
use crate::web::Error;
use crate::web::found::{self, Found};
use crate::web::view::search::HitView;

use super::cards::picture;
use super::site::Site;

/// As long as what the search cuts out.
const SNIPPET_CHARS: usize = 200;

pub async fn hits(site: &Site, hits: &[Hit]) -> Result<Vec<HitView>, Error> {
    let found = found::resolve(site, hits).await?;
    let pictures: Vec<Id> = found.iter().filter_map(|(_, found)| picture_id(found)).collect();
    let assets = site.assets(&pictures).await?;
    let rows = found.iter().map(|(hit, found)| {
        let (date, date_iso) = day(site, found);
        let (title, snippet) = in_readers_language(site, hit, found);
        let language = match found {
            Found::Release(release) => release.language.clone(),
            Found::Photo(_) => site.newsroom.default_language.clone(),
            _ => site.code.clone(),
        };
        let is_foreign = matches!(found, Found::Release(_)) && language != site.code;
        HitView {
            kind: kind_label(site.lang, found),
            title_html: title.to_html(),
            url: found.path(site),
            language_note: if is_foreign { endonym(&language).to_owned() } else { String::new() },
            language,
            snippet_html: snippet.to_html(),
            date,
            date_iso,
            picture: picture_id(found).and_then(|id| assets.get(&id)).and_then(picture),
        }
    });
    Ok(rows.collect())
}

/// Title and snippet. What is one document in all languages is found by any of them, and shown in the reader's.
fn in_readers_language(site: &Site, hit: &Hit, found: &Found) -> (Highlighted, Highlighted) {
    let both = [&hit.title, &hit.snippet];
    let (title, description) = match found {
        Found::Album(album) => (&album.title, &album.description),
        Found::Event(event) => (&event.title, &event.description),
        Found::Contact(contact) => {
            let facts = [site.text(&contact.role), contact.organisation.as_str()];
            let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
            return (hit.title.clone(), marked(&facts.join(site.lang.comma()), &both));
        }
        Found::Release(_) | Found::Photo(_) => return (hit.title.clone(), hit.snippet.clone()),
    };
    let in_one = |text: &Localized| text.all().len() < 2;
    let title = if in_one(title) { hit.title.clone() } else { marked(site.text(title), &both) };
    let own = site.text(description);
    let is_own = plain::for_search(&photos::none(own)).contains(hit.snippet.text.trim_matches(['…', ' ']));
    let snippet = match found {
        _ if is_own => hit.snippet.clone(),
        // What stands beside it are its names in other languages, and where it is.
        Found::Event(event) if own.trim().is_empty() || in_one(description) => {
            let place = [event.venue.as_str(), event.address.as_str()];
            let place: Vec<&str> = place.into_iter().filter(|text| !text.is_empty()).collect();
            marked(&place.join(site.lang.comma()), &both)
        }
        _ if in_one(description) => hit.snippet.clone(),
        _ => marked(&excerpt::excerpt(own, SNIPPET_CHARS), &both),
    };
    (title, snippet)
}

/// A text with what is marked in others marked in it too.
fn marked(text: &str, others: &[&Highlighted]) -> Highlighted {
    let found =
        others.iter().flat_map(|other| other.marks.iter().filter_map(|mark| other.text.get(mark.clone())));
    let mut marks: Vec<_> =
        found.flat_map(|word| text.match_indices(word)).map(|(at, word)| at..at + word.len()).collect();
    marks.sort_by_key(|mark| mark.start);
    marks.dedup();
    Highlighted { text: text.to_owned(), marks }
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
