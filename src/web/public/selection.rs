//! What a reader has chosen: a page that is nothing but its address, so that it works without scripts and
//! cookies and can be sent to a colleague.

use axum::extract::{RawQuery, State};

use crate::domain::Id;
use crate::web::extract::Language;
use crate::web::kits::Selection;
use crate::web::page::{Page, Policy};
use crate::web::view::photo::{ChosenPhoto, PhotoTile, SelectionPage};
use crate::web::view::release::Kit;
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error};

use super::cards::kit_size;
use super::site::Site;
use super::with_query;

pub async fn show(
    State(state): State<AppState>,
    language: Language,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    let selection = Selection::parse(query.as_deref().unwrap_or_default())?;
    let site = Site::open(&state, language).await?;
    let found = site.assets(&selection.photos).await?;
    let chosen: Vec<Id> = selection.photos.iter().copied().filter(|id| found.contains_key(id)).collect();
    let ids = Selection::ids(&chosen);
    let named =
        |path: String, name: &str, photos: &[Id]| with_query(&path, &[(name, &Selection::ids(photos))]);
    let assets: Vec<_> = chosen.iter().filter_map(|id| found.get(id)).collect();
    let photos = assets.iter().map(|asset| {
        let rest: Vec<Id> = chosen.iter().copied().filter(|id| *id != asset.id).collect();
        let tile = PhotoTile { is_chosen: true, ..site.tile(asset) };
        ChosenPhoto { tile, without_url: named(site.urls.selection(), "photos", &rest) }
    });
    let meta =
        Meta { title: site.lang.t("selection-title"), kind: "website", noindex: true, ..Meta::default() };
    let here = named(site.urls.selection(), "photos", &chosen);
    let elsewhere = site.everywhere(|urls| named(urls.selection(), "photos", &chosen));
    let view = SelectionPage {
        shell: site.shell(Section::Photos, &here, &elsewhere, meta),
        kit: (!assets.is_empty()).then(|| {
            let url = format!("{}?photos={ids}", site.urls.selection_kit());
            Kit::of_album(site.lang, url, kit_size(assets.iter().copied()))
        }),
        photos: photos.collect(),
        more_url: named(site.urls.photos(), "selection", &chosen),
        missing: chosen.len() < selection.photos.len(),
    };
    // One reader's selection is nobody else's page; the page without one is everybody's.
    let policy = if query.is_none() { Policy::Revalidate } else { Policy::NoStore };
    Ok(Page::html(&view, policy)?.language(&site.code))
}
