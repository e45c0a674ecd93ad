//! For machines that crawl: sitemaps and robots.txt.

use std::collections::HashMap;

use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::extract::Language;
use super::page::{Page, Policy};
use super::public::site::Site;
use super::url::{self, Urls};
use super::{AppState, Error};
use crate::domain::album::Album;
use crate::domain::contact::Contact;
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::domain::{Id, Timestamp};
use crate::feed::sitemap::{self, NewsUrl, SitemapUrl};
use crate::store::list::{self, GalleryFilter, ListFilter, Order, ReleaseFilter};

const XML: &str = "application/xml; charset=utf-8";

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/sitemap.xml", get(pages))
        .route("/news-sitemap.xml", get(news))
        .route("/robots.txt", get(robots))
        .route("/.well-known/tdmrep.json", get(mining))
}

/// Every public page with its translations.
async fn pages(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let db = &state.ctx.db;
    let mut urls = Vec::new();
    type Place = fn(&Urls) -> String;
    let standing: [Place; 5] = [Urls::home, Urls::releases, Urls::photos, Urls::events, Urls::contacts];
    for place in standing {
        push_everywhere(&site, &mut urls, None, place);
    }
    let releases = list::releases(db, &ReleaseFilter::public(site.now), sitemap::MAX_URLS, 0).await?;
    urls.extend(release_urls(&site, &releases));
    let albums: Vec<Album> = list::list(db, &ListFilter::public(site.now, Order::Rising), 1000, 0).await?;
    for album in &albums {
        push_everywhere(&site, &mut urls, Some(album.updated_at), |urls| urls.album(&album.slug));
    }
    let contacts: Vec<Contact> =
        list::list(db, &ListFilter::public(site.now, Order::Rising), 1000, 0).await?;
    for contact in &contacts {
        push_everywhere(&site, &mut urls, Some(contact.updated_at), |urls| urls.contact(&contact.slug));
    }
    for page in &site.newsroom.pages {
        let path = Urls::new(&site.newsroom, &page.language).page(&page.slug);
        urls.push(SitemapUrl { path, last_modified: None, alternates: Vec::new(), images: Vec::new() });
    }
    let room = sitemap::MAX_URLS.saturating_sub(urls.len());
    let photos = list::gallery(db, &GalleryFilter::default(), site.now, room, 0).await?;
    for (asset, _) in &photos {
        let mut url = everywhere(&site, Some(asset.updated_at), |urls| urls.photo(&asset.slug));
        url.images = asset
            .rendition("large", Format::Jpeg)
            .map(|rendition| url::rendition(asset, rendition))
            .into_iter()
            .collect();
        urls.push(url);
    }
    Ok(Page::new(XML, sitemap::write(state.base(), &urls), Policy::Revalidate))
}

/// A page that exists in every language, listed once for each.
fn push_everywhere(
    site: &Site,
    urls: &mut Vec<SitemapUrl>,
    modified: Option<Timestamp>,
    path: impl Fn(&Urls) -> String,
) {
    let first = everywhere(site, modified, path);
    for (_, path) in &first.alternates {
        urls.push(SitemapUrl { path: path.clone(), ..first.clone() });
    }
}

fn everywhere(site: &Site, last_modified: Option<Timestamp>, path: impl Fn(&Urls) -> String) -> SitemapUrl {
    let alternates = site.everywhere(&path);
    SitemapUrl { path: path(&site.urls), last_modified, alternates, images: Vec::new() }
}

/// Releases name those that translate each other.
fn release_urls(site: &Site, releases: &[Release]) -> Vec<SitemapUrl> {
    let root = |release: &Release| release.translation_of.unwrap_or(release.id);
    let mut groups: HashMap<Id, Vec<(String, String)>> = HashMap::new();
    for release in releases {
        let entry = (release.language.clone(), url::release(&site.newsroom, release));
        groups.entry(root(release)).or_default().push(entry);
    }
    releases
        .iter()
        .map(|release| SitemapUrl {
            path: url::release(&site.newsroom, release),
            last_modified: Some(release.updated_at.max(release.public_from().unwrap_or(release.updated_at))),
            alternates: groups.get(&root(release)).filter(|g| g.len() > 1).cloned().unwrap_or_default(),
            images: Vec::new(),
        })
        .collect()
}

/// The releases of the last two days.
async fn news(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let releases =
        list::releases(&state.ctx.db, &ReleaseFilter::public(site.now), sitemap::MAX_NEWS, 0).await?;
    let news: Vec<NewsUrl> = releases
        .iter()
        .filter_map(|release| {
            Some(NewsUrl {
                path: url::release(&site.newsroom, release),
                title: release.headline.clone(),
                language: release.language.clone(),
                published: release.public_from()?,
            })
        })
        .collect();
    let name = site.text(&site.newsroom.name);
    // What is news changes by the hour: no page of this may be kept by the house itself.
    Ok(Page::new(XML, sitemap::write_news(state.base(), name, site.now, &news), Policy::Short))
}

/// Those who gather texts to train models and say so by their names.
const TRAINING_CRAWLERS: [&str; 12] = [
    "AI2Bot",
    "Amazonbot",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "cohere-training-data-crawler",
    "Diffbot",
    "Google-Extended",
    "GPTBot",
    "Meta-ExternalAgent",
    "omgili",
];

/// The TDM Reservation Protocol (W3C community group, section 6): for everything, photos and texts.
async fn mining(State(state): State<AppState>) -> Result<Page, Error> {
    if !state.ctx.newsroom().await?.reserve_mining {
        return Err(Error::NotFound);
    }
    let rules = r#"[{"location":"/","tdm-reservation":1}]"#;
    Ok(Page::new("application/json", rules, Policy::Short))
}

async fn robots(State(state): State<AppState>) -> Result<Page, Error> {
    let base = state.base();
    let mut text = String::new();
    if state.ctx.newsroom().await?.reserve_mining {
        for crawler in TRAINING_CRAWLERS {
            text.push_str(&format!("User-agent: {crawler}\n"));
        }
        text.push_str("Disallow: /\n\n");
    }
    text.push_str(&format!(
        "User-agent: *\nDisallow: /admin/\nDisallow: /*selection.zip\nDisallow: /*search.zip\nDisallow: /*photos.zip?person=\n\nSitemap: {base}/sitemap.xml\nSitemap: {base}/news-sitemap.xml\n"
    ));
    Ok(Page::new("text/plain; charset=utf-8", text, Policy::Short))
}
