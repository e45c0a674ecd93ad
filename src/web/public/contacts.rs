//! Press contacts: the list, each with a page and an address card.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::blob::BlobKey;
use crate::domain::contact::Contact;
use crate::domain::rendition::Format;
use crate::domain::visibility::Access;
use crate::feed::{jsonld, vcard};
use crate::store::list::{self, ListFilter, Order};
use crate::store::record;
use crate::web::bytes::{moved, small_file};
use crate::web::extract::{Language, UrlPath};
use crate::web::kits;
use crate::web::page::{Page, Policy};
use crate::web::qr::Qr;
use crate::web::view::contact::{ContactPage, ContactsPage};
use crate::web::view::release::Kit;
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error, url};

use super::cards::kit_size;
use super::release_facts::{portrait_path, public_contact};
use super::site::Site;
use super::{Slug, with_context};

const MAX_CONTACTS: usize = 200;
/// The least side of the picture in an address card, and the most bytes of it.
const CARD_PHOTO_PX: u32 = 160;
const MAX_CARD_PHOTO_BYTES: u64 = 96 << 10;
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
        return Ok(moved(&here, Access::Open));
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
        message_url: if site.state.is_live { site.urls.message(&contact.slug) } else { String::new() },
        hours: site.hours(contact),
        qr: Qr::of(&vcard::brief(
            contact,
            &site.code,
            &site.newsroom.default_language,
            &site.absolute(&path),
        )),
        portrait_url: portrait.map(|asset| site.urls.photo(&asset.slug)),
        releases: site.teasers(&releases).await?,
    };
    Ok(Page::html(&view, Policy::Revalidate)?.language(&site.code).last_modified(contact.updated_at))
}

async fn card(site: &Site, contact: &Contact) -> Result<Page, Error> {
    let portraits = site.assets(contact.portrait.as_slice()).await?;
    let portrait = contact.portrait.and_then(|id| portraits.get(&id));
    // A card is read where there may be no network: it carries a small picture with it.
    let small = portrait.and_then(|asset| {
        let files = asset.renditions.iter().filter(|file| file.format == Format::Jpeg && file.is_whole());
        files.filter(|file| file.width.min(file.height) >= CARD_PHOTO_PX).min_by_key(|file| file.width)
    });
    let inline = match small {
        Some(file) => small_file(&site.state, &BlobKey::rendition(file), MAX_CARD_PHOTO_BYTES).await?,
        None => None,
    };
    let photo_url = match inline {
        Some(jpeg) => format!("data:image/jpeg;base64,{}", BASE64.encode(jpeg)),
        None => match portrait_path(portrait) {
            path if path.is_empty() => path,
            path => site.absolute(&path),
        },
    };
    let page_url = site.absolute(&site.urls.contact(&contact.slug));
    let links = vcard::Links { page_url: &page_url, photo_url: &photo_url };
    let text = vcard::contact(contact, &site.code, &site.newsroom.default_language, &links);
    let page = Page::new(vcard::MEDIA_TYPE, text, Policy::Revalidate);
    Ok(page.last_modified(contact.updated_at).download_as(format!("{}.vcf", contact.slug)))
}
