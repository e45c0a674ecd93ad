//! The front page.

use axum::extract::State;
use axum::response::Response;

use crate::domain::asset::AssetKind;
use crate::domain::contact::Contact;
use crate::domain::release::Release;
use crate::domain::visibility::Access;
use crate::feed::jsonld;
use crate::store::list::{self, GalleryFilter, ListFilter, Order};
use crate::web::bytes::moved;
use crate::web::extract::Language;
use crate::web::page::{Page, Policy};
use crate::web::theme::Scheme;
use crate::web::view::home::{HomePage, Lead};
use crate::web::view::release::Kit;
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error, url};

use super::site::Site;

const RELEASES: usize = 7;
const PHOTOS: usize = 9;
/// Photos that are looked at to find those.
const CANDIDATES: usize = 40;
const CONTACTS: usize = 8;
const EVENTS: usize = 4;

pub async fn show(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    Ok(Page::html(&view(&site).await?, Policy::Revalidate)?.language(&site.code))
}

/// The page with a style sheet of its own, for looking at: it says nothing to search engines and runs no script.
pub async fn in_style(site: &Site, scheme: Scheme, sheet: String) -> Result<Page, Error> {
    let mut page = view(site).await?;
    page.shell.static_urls.css = sheet;
    page.shell.meta = Meta { noindex: true, ..Meta::default() };
    let script = format!("<script src=\"{}\" defer></script>", page.shell.static_urls.script);
    let page = Page::html(&page, Policy::NoStore)?.language(&site.code);
    // Its links open beside it: this is a page to look at.
    let body = String::from_utf8_lossy(&page.body).replace(&script, "<base target=\"_blank\">");
    Ok(Page { body: scheme.settle(&body).into(), ..page })
}

async fn view(site: &Site) -> Result<HomePage, Error> {
    let state = &site.state;
    let db = &state.ctx.db;
    let mut releases = list::releases(db, &site.releases_here(), RELEASES, 0).await?;
    releases.retain(|release| site.is_open(&release.exposure()));
    let mut teasers = site.teasers(&releases).await?;
    let lead = match releases.first() {
        Some(first) => Some(lead(site, first, teasers.remove(0)).await?),
        None => None,
    };
    let photos_only =
        GalleryFilter { form: Some(AssetKind::Photo.as_str().to_owned()), ..GalleryFilter::default() };
    let gallery = list::gallery(db, &photos_only, site.now, CANDIDATES, 0).await?;
    let photos = gallery
        .iter()
        .filter(|(asset, shown)| site.is_open(&asset.exposure(Some(*shown))))
        .map(|(asset, _)| site.tile(asset))
        // Wide pictures make even rows; portraits have their place beside the contacts.
        .filter(|tile| tile.picture.as_ref().is_some_and(|picture| picture.ratio() > 1.2));
    let photos = photos.take(PHOTOS).collect();
    let contacts: Vec<Contact> = list::list(db, &ListFilter::all(Order::Rising), CONTACTS, 0).await?;
    let contacts = site.contact_cards(&contacts).await?;
    let mut events = Vec::new();
    for event in super::events::upcoming(site).await?.iter().take(EVENTS) {
        events.push(site.event_view(event).await?);
    }
    let meta = Meta {
        kind: "website",
        image: match releases.first() {
            Some(first) => super::release::lead_image(site, first).await?.map(|(image, _)| image),
            None => None,
        },
        json_ld: vec![jsonld::to_script(&super::with_context(jsonld::organization(
            &site.newsroom,
            state.base(),
        )))],
        ..Meta::default()
    };
    let shell = site.shell(Section::Other, &site.urls.home(), &site.everywhere(url::Urls::home), meta);
    let elsewhere = if lead.is_none() { site.lists_elsewhere().await? } else { Vec::new() };
    Ok(HomePage { shell, lead, elsewhere, releases: teasers, photos, contacts, events })
}

async fn lead(
    site: &Site,
    release: &Release,
    teaser: crate::web::view::ReleaseTeaser,
) -> Result<Lead, Error> {
    let assets = site.assets(&release.assets).await?;
    let kit = (!assets.is_empty()).then(|| {
        let url = url::press_kit(&site.newsroom, release);
        Kit::of_release(site.lang, url, super::cards::kit_size(assets.values()))
    });
    Ok(Lead { release: teaser, sub_headlines: release.sub_headlines.clone(), kit })
}

/// The address of a language without its slash leads to the one with it.
pub async fn without_slash(language: Language) -> Response {
    moved(&url::Urls::new(&language.newsroom, &language.code).home(), Access::Open)
}
