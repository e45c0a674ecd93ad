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
    let mut router = Router::new();
    for part in 0..MAX_PARTS {
        let address = part_path(part);
        router = router.route(&address, get(move |state, language| one_part(state, language, part)));
    }
    router
        .route("/sitemap.xml", get(pages))
        .route("/news-sitemap.xml", get(news))
        .route("/robots.txt", get(robots))
        .route("/.well-known/tdmrep.json", get(mining))
}

/// Where a newsroom has more pages than one sitemap may list: parts of so many, a million pages in all.
const MAX_PARTS: usize = 20;
const MAX_RELEASES: usize = 200_000;

fn part_path(part: usize) -> String {
    format!("/sitemap-{}.xml", part + 1)
}

/// How many parts so many pages need.
const fn parts(urls: usize) -> usize {
    urls.div_ceil(sitemap::MAX_URLS)
}

/// Every public page with its translations; of more than one sitemap may list, the index of the parts.
async fn pages(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let urls = urls_but_photos(&site).await?;
    let photos = list::count_gallery(&state.ctx.db, &GalleryFilter::default(), site.now).await?;
    let parts = parts(urls.len() + photos);
    let text = if parts > 1 {
        let index: Vec<_> = (0..parts.min(MAX_PARTS)).map(|part| (part_path(part), None)).collect();
        sitemap::write_index(state.base(), &index)
    } else {
        sitemap::write(state.base(), &part_of(&site, urls, 0).await?)
    };
    Ok(Page::new(XML, text, Policy::Revalidate))
}

async fn one_part(State(state): State<AppState>, language: Language, part: usize) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let urls = part_of(&site, urls_but_photos(&site).await?, part).await?;
    if urls.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Page::new(XML, sitemap::write(state.base(), &urls), Policy::Revalidate))
}

/// The pages of one part: photos come after all others.
async fn part_of(site: &Site, others: Vec<SitemapUrl>, part: usize) -> Result<Vec<SitemapUrl>, Error> {
    let (skipped, count) = (part * sitemap::MAX_URLS, others.len());
    let mut urls: Vec<_> = others.into_iter().skip(skipped).take(sitemap::MAX_URLS).collect();
    let (room, offset) = (sitemap::MAX_URLS - urls.len(), skipped.saturating_sub(count));
    let photos = list::gallery(&site.state.ctx.db, &GalleryFilter::default(), site.now, room, offset).await?;
    for (asset, _) in &photos {
        let mut url = everywhere(site, Some(asset.updated_at), |urls| urls.photo(&asset.slug));
        url.images = asset
            .rendition("large", Format::Jpeg)
            .map(|rendition| url::rendition(asset, rendition))
            .into_iter()
            .collect();
        urls.push(url);
    }
    Ok(urls)
}

async fn urls_but_photos(site: &Site) -> Result<Vec<SitemapUrl>, Error> {
    let db = &site.state.ctx.db;
    let mut urls = Vec::new();
    type Place = fn(&Urls) -> String;
    let standing: [Place; 5] = [Urls::home, Urls::releases, Urls::photos, Urls::events, Urls::contacts];
    for place in standing {
        push_everywhere(site, &mut urls, None, place);
    }
    let releases = list::releases(db, &ReleaseFilter::public(site.now), MAX_RELEASES, 0).await?;
    urls.extend(release_urls(site, &releases));
    let albums: Vec<Album> = list::list(db, &ListFilter::public(site.now, Order::Rising), 1000, 0).await?;
    for album in &albums {
        push_everywhere(site, &mut urls, Some(album.updated_at), |urls| urls.album(&album.slug));
    }
    let contacts: Vec<Contact> =
        list::list(db, &ListFilter::public(site.now, Order::Rising), 1000, 0).await?;
    for contact in &contacts {
        push_everywhere(site, &mut urls, Some(contact.updated_at), |urls| urls.contact(&contact.slug));
    }
    for page in &site.newsroom.pages {
        let path = Urls::new(&site.newsroom, &page.language).page(&page.slug);
        urls.push(SitemapUrl { path, last_modified: None, alternates: Vec::new(), images: Vec::new() });
    }
    Ok(urls)
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
        "User-agent: *\nDisallow: /admin/\nDisallow: /*search/alert\nDisallow: /alerts/\nDisallow: /*selection.zip\nDisallow: /*search.zip\nDisallow: /*photos.zip?person=\n\nSitemap: {base}/sitemap.xml\nSitemap: {base}/news-sitemap.xml\n"
    ));
    Ok(Page::new("text/plain; charset=utf-8", text, Policy::Short))
}
