//! Press contacts: the list, each with a page and an address card.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::domain::contact::Contact;
use crate::feed::{jsonld, vcard};
use crate::store::list::{self, ListFilter, Order};
use crate::store::record;
use crate::web::bytes::moved;
use crate::web::extract::{Language, UrlPath};
use crate::web::kits;
use crate::web::page::{Page, Policy};
use crate::web::view::contact::{ContactPage, ContactsPage};
use crate::web::view::release::Kit;
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error, url};

use super::cards::kit_size;
use super::release_facts::{portrait_path, public_contact};
use super::site::Site;
use super::{Slug, with_context};

const MAX_CONTACTS: usize = 200;
const RELEASES: usize = 10;

pub async fn list(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let contacts: Vec<Contact> =
        list::list(&state.ctx.db, &ListFilter::all(Order::Rising), MAX_CONTACTS, 0).await?;
    let meta = Meta { title: site.lang.t("contacts-title"), kind: "website", ..Meta::default() };
    let path = site.urls.contacts();
    let view = ContactsPage {
        shell: site.shell(Section::Contacts, &path, &site.everywhere(url::Urls::contacts), meta),
        contacts: site.contact_cards(&contacts).await?,
    };
    Ok(Page::html(&view, Policy::Revalidate)?.language(&site.code))
}

pub async fn show(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
) -> Result<Response, Error> {
    let (slug, is_card) = match slug.strip_suffix(".vcf") {
        Some(slug) => (slug, true),
        None => (slug.as_str(), false),
    };
    let contact: Contact = record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let site = Site::open(&state, language).await?;
    if contact.slug != slug {
        let here = if is_card { site.urls.vcard(&contact.slug) } else { site.urls.contact(&contact.slug) };
        return Ok(moved(&here));
    }
    if is_card {
        return Ok(card(&site, &contact).await?.into_response());
    }
    Ok(page(&site, &contact).await?.into_response())
}

async fn page(site: &Site, contact: &Contact) -> Result<Page, Error> {
    let db = &site.state.ctx.db;
    let mut filter = site.releases_here();
    filter.contact = Some(contact.id);
    let mut releases = list::releases(db, &filter, RELEASES, 0).await?;
    releases.retain(|release| site.is_open(&release.exposure()));
    let mut cards = site.contact_cards(std::slice::from_ref(contact)).await?;
    let card = cards.pop().ok_or(Error::NotFound)?;
    let portraits = site.assets(contact.portrait.as_slice()).await?;
    let portrait = contact.portrait.and_then(|id| portraits.get(&id));
    let object = public_contact(site, contact, portrait);
    let value = jsonld::contact(&object, site.state.base(), &site.code, &site.newsroom.default_language);
    let meta = Meta {
        title: contact.name.clone(),
        description: site.text(&contact.role).to_owned(),
        kind: "profile",
        image: portrait.and_then(|asset| site.social_image(asset)),
        json_ld: vec![jsonld::to_script(&with_context(value))],
        ..Meta::default()
    };
    let path = site.urls.contact(&contact.slug);
    let elsewhere = site.everywhere(|urls| urls.contact(&contact.slug));
    let photos = kits::photos_of(site, &contact.name).await?;
    let view = ContactPage {
        shell: site.shell(Section::Contacts, &path, &elsewhere, meta),
        contact: card,
        photos_kit: (!photos.is_empty())
            .then(|| Kit::of_album(site.lang, site.urls.person_kit(&contact.name), kit_size(&photos))),
        portrait_url: portrait.map(|asset| site.urls.photo(&asset.slug)),
        releases: site.teasers(&releases).await?,
    };
    Ok(Page::html(&view, Policy::Revalidate)?.language(&site.code).last_modified(contact.updated_at))
}

async fn card(site: &Site, contact: &Contact) -> Result<Page, Error> {
    let portraits = site.assets(contact.portrait.as_slice()).await?;
    let portrait = portrait_path(contact.portrait.and_then(|id| portraits.get(&id)));
    let photo_url = if portrait.is_empty() { String::new() } else { site.absolute(&portrait) };
    let page_url = site.absolute(&site.urls.contact(&contact.slug));
    let links = vcard::Links { page_url: &page_url, photo_url: &photo_url };
    let text = vcard::contact(contact, &site.code, &site.newsroom.default_language, &links);
    let page = Page::new(vcard::MEDIA_TYPE, text, Policy::Revalidate);
    Ok(page.last_modified(contact.updated_at).download_as(format!("{}.vcf", contact.slug)))
}
