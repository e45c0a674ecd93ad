//! Feeds of releases and of searches, sitemaps and robots.txt.

use std::collections::HashMap;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Deserialize;

use super::extract::{Language, UrlQuery};
use super::found::{self, Found};
use super::page::{Page, Policy};
use super::public::search::{Asked, run_by_date};
use super::public::site::Site;
use super::{AppState, Error, url};
use crate::domain::asset::Asset;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::rendition::Format;
use crate::domain::{Id, Kind, Timestamp};
use crate::feed::page::{FeedImage, FeedItem, FeedPage, tag_uri};
use crate::feed::{atom, json_feed, rss};
use crate::newsroom::sight;
use crate::store::list::{self, ReleaseFilter};
use crate::text::{excerpt, markdown, plain};

/// Entries of a feed, and tombstones of what was withdrawn.
const ITEMS: usize = 30;
const TOMBSTONES: usize = 20;
/// How long a summary is, in characters.
const SUMMARY: usize = 400;

pub fn router() -> Router<AppState> {
    let mut router = Router::new();
    for form in [Form::Atom, Form::Rss, Form::Json] {
        let extension = form.extension();
        let of_releases = get(move |state, language, query| releases(state, language, query, form));
        let of_search = get(move |state, language, query| search(state, language, query, form));
        for prefix in ["", "/{lang}"] {
            router = router
                .route(&format!("{prefix}/feed.{extension}"), of_releases.clone())
                .route(&format!("{prefix}/search.{extension}"), of_search.clone());
        }
    }
    router
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Atom,
    Rss,
    Json,
}

impl Form {
    const fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    fn write(self, feed: &FeedPage) -> Page {
        let (media_type, body) = match self {
            Self::Atom => (atom::MEDIA_TYPE, atom::write(feed)),
            Self::Rss => (rss::MEDIA_TYPE, rss::write(feed)),
            Self::Json => (json_feed::MEDIA_TYPE, json_feed::write(feed)),
        };
        Page::new(media_type, body, Policy::Revalidate).language(&feed.language).last_modified(feed.updated)
    }
}

#[derive(Deserialize)]
struct Topic {
    #[serde(default)]
    topic: String,
}

/// The latest releases of a language, or of one topic.
async fn releases(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(Topic { topic }): UrlQuery<Topic>,
    form: Form,
) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let db = &state.ctx.db;
    let mut filter = site.releases_here();
    let mut title = site.text(&site.newsroom.name).to_owned();
    let (self_url, html_url) = if topic.is_empty() {
        (site.urls.feed(form.extension()), site.urls.home())
    } else {
        let known = site.topic(&topic).ok_or(Error::NotFound)?;
        title = format!("{title}: {}", site.text(&known.name));
        filter.topic = Some(topic.clone());
        (site.urls.topic_feed(&topic, form.extension()), site.urls.topic(&topic))
    };
    let mut releases = list::releases(db, &filter, ITEMS, 0).await?;
    releases.retain(|release| site.is_open(&release.exposure()));
    let withdrawn =
        ReleaseFilter { public_at: None, state: Some(ReleaseState::Withdrawn.as_str().to_owned()), ..filter };
    let withdrawn = list::releases(db, &withdrawn, TOMBSTONES, 0).await?;
    let assets = assets_of(&site, &releases).await?;
    sight::clear(&state.ctx, &mut releases, &[], site.now).await?;
    let mut items: Vec<FeedItem> = releases.iter().map(|r| release_item(&site, r, &assets)).collect();
    items.extend(withdrawn.iter().map(|release| tombstone(&site, release)));
    Ok(form.write(&feed(&site, title, self_url, html_url, items)))
}

/// The feed of a search: the same words and filters, newest first.
async fn search(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(asked): UrlQuery<Asked>,
    form: Form,
) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let answer = run_by_date(&site, &asked, ITEMS).await?;
    let hits = found::resolve(&site, &answer.hits).await?;
    let releases: Vec<Release> = hits
        .iter()
        .filter_map(|(_, found)| match found {
            Found::Release(release) => Some((**release).clone()),
            _ => None,
        })
        .collect();
    let assets = assets_of(&site, &releases).await?;
    let items = hits
        .iter()
        .map(|(hit, found)| match found {
            Found::Release(release) => release_item(&site, release, &assets),
            other => plain_item(&site, other, hit.id, &hit.title.text, &hit.snippet.text),
        })
        .collect();
    let title = format!("{}: {}", site.text(&site.newsroom.name), asked.words());
    let path = site.urls.search();
    let self_url = asked.url(&format!("{path}.{}", form.extension()));
    Ok(form.write(&feed(&site, title, self_url, asked.url(&path), items)))
}

fn feed(site: &Site, title: String, self_url: String, html_url: String, items: Vec<FeedItem>) -> FeedPage {
    let updated = items.iter().map(|item| item.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let author = match site.newsroom.organisation.as_str() {
        "" => site.text(&site.newsroom.name),
        organisation => organisation,
    };
    FeedPage {
        base: site.state.base().to_owned(),
        title,
        subtitle: site.newsroom.organisation.clone(),
        self_url,
        html_url,
        next_url: None,
        updated,
        language: site.code.clone(),
        author: author.to_owned(),
        items,
    }
}

async fn assets_of(site: &Site, releases: &[Release]) -> Result<HashMap<Id, Asset>, Error> {
    let ids: Vec<Id> = releases.iter().flat_map(|release| release.assets.iter().copied()).collect();
    site.assets(&ids).await
}

/// `release` shows in its texts only what the public may see.
fn release_item(site: &Site, release: &Release, assets: &HashMap<Id, Asset>) -> FeedItem {
    let summary = if release.sub_headlines.is_empty() {
        excerpt::excerpt(&release.body, SUMMARY)
    } else {
        plain::clean(&release.sub_headlines.join(" – "))
    };
    let published = release.public_from().unwrap_or(release.created_at);
    FeedItem {
        id: tag_uri(site.state.base(), Kind::Release, release.id, release.created_at),
        title: release.headline.clone(),
        url: url::release(&site.newsroom, release),
        published,
        // A draft's last edit lies before its publication; readers take that as the beginning.
        updated: release.updated_at.max(published),
        summary,
        html: markdown::to_html(&release.body),
        author: site.newsroom.organisation.clone(),
        topics: release
            .topics
            .iter()
            .filter_map(|slug| Some(site.text(&site.topic(slug)?.name).to_owned()))
            .collect(),
        images: release.assets.iter().filter_map(|id| image(assets.get(id)?)).collect(),
        withdrawn: false,
    }
}

fn image(asset: &Asset) -> Option<FeedImage> {
    let large = asset.rendition("large", Format::Jpeg)?;
    let thumb = asset.rendition("thumb", Format::Jpeg)?;
    Some(FeedImage {
        url: url::rendition(asset, large),
        media_type: large.format.media_type().to_owned(),
        size_bytes: large.size_bytes,
        width: large.width,
        height: large.height,
        credit: asset.description.credit.clone(),
        caption: asset.description.caption.clone(),
        thumb_url: url::rendition(asset, thumb),
    })
}

/// What stands in the feed for a release that was taken back: its identity and the public reason.
fn tombstone(site: &Site, release: &Release) -> FeedItem {
    let at = release.withdrawn_at.unwrap_or(release.updated_at);
    FeedItem {
        id: tag_uri(site.state.base(), Kind::Release, release.id, release.created_at),
        url: url::release(&site.newsroom, release),
        published: at,
        updated: at,
        summary: release.withdrawn_reason.clone(),
        withdrawn: true,
        ..FeedItem::default()
    }
}

fn plain_item(site: &Site, found: &Found, id: Id, title: &str, snippet: &str) -> FeedItem {
    let (kind, created_at) = match found {
        Found::Release(r) => (Kind::Release, r.created_at),
        Found::Photo(a) => (Kind::Asset, a.created_at),
        Found::Contact(c) => (Kind::Contact, c.created_at),
        Found::Album(a) => (Kind::Album, a.created_at),
        Found::Event(e) => (Kind::Event, e.created_at),
    };
    let images = match found {
        Found::Photo(asset) => image(asset).into_iter().collect(),
        _ => Vec::new(),
    };
    FeedItem {
        id: tag_uri(site.state.base(), kind, id, created_at),
        title: title.to_owned(),
        url: found.path(site),
        published: found.date(),
        updated: found.date(),
        summary: snippet.to_owned(),
        author: site.newsroom.organisation.clone(),
        images,
        ..FeedItem::default()
    }
}
