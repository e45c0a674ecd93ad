//! Everything to be asked about a release.

use std::collections::HashMap;

use super::Should;
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::visibility::{Access, Viewer, decide};
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::Context;
use crate::store::{list, record};
use crate::web::url::{self, Urls};

/// Releases, albums and events that could name this one; more are not asked.
const NEIGHBOURS: usize = 50;

/// How an answer tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tell {
    /// By being there.
    Status,
    /// By naming one of these.
    Words(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub path: String,
    pub tell: Tell,
    pub should: Should,
}

pub async fn about(ctx: &Context, release: &Release, now: Timestamp) -> anyhow::Result<Vec<Question>> {
    let newsroom = ctx.newsroom().await?;
    let assets: Vec<Asset> = record::find_all(&ctx.db, &release.assets).await?;
    let shown = list::shown_from(&ctx.db, &release.assets).await?;
    let mut list = Questions { out: Vec::new() };
    let access = decide(&release.exposure(), Viewer::Public, now);
    let should = if access == Access::Open { Should::BeOpen } else { Should::BeClosed };
    list.release(&newsroom, release, should);
    for slug in old_slugs(ctx, release).await? {
        list.status(slug, should);
    }
    for asset in &assets {
        let exposure = asset.exposure(shown.get(&asset.id).copied());
        let is_open = decide(&exposure, Viewer::Public, now) == Access::Open;
        list.asset(&newsroom, asset, if is_open { Should::BeOpen } else { Should::BeClosed });
    }
    // Whatever speaks of a closed photo gives it away as much as what speaks of the release.
    let mut closed = named_release(&newsroom, release);
    for asset in &assets {
        let exposure = asset.exposure(shown.get(&asset.id).copied());
        if decide(&exposure, Viewer::Public, now) != Access::Open {
            closed.extend(named_asset(asset));
        }
    }
    let mention = Mention {
        words: if should == Should::BeOpen { named_release(&newsroom, release) } else { closed },
        is_open: should == Should::BeOpen,
        is_withdrawn: access == Access::Gone,
    };
    list.lists(&newsroom, release, &mention);
    list.searches(&newsroom, release, &assets, &mention);
    for path in neighbours(ctx, &newsroom, release).await? {
        list.mention(path, &mention, Should::Either);
    }
    list.out.dedup();
    Ok(list.out)
}

/// What gives a release away: its address and its id.
fn named_release(newsroom: &Newsroom, release: &Release) -> Vec<String> {
    vec![url::release(newsroom, release), release.id.to_string()]
}

fn named_asset(asset: &Asset) -> [String; 2] {
    [format!("/photos/{}", asset.slug), asset.id.to_string()]
}

struct Mention {
    words: Vec<String>,
    is_open: bool,
    is_withdrawn: bool,
}

struct Questions {
    out: Vec<Question>,
}

impl Questions {
    fn status(&mut self, path: String, should: Should) {
        self.out.push(Question { path, tell: Tell::Status, should });
    }

    /// A page that speaks of many things; `open` says whether it must speak of this one once it is public.
    fn mention(&mut self, path: String, mention: &Mention, open: Should) {
        let should = if mention.is_open { open } else { Should::BeClosed };
        self.out.push(Question { path, tell: Tell::Words(mention.words.clone()), should });
    }

    fn release(&mut self, newsroom: &Newsroom, release: &Release, should: Should) {
        let page = url::release(newsroom, release);
        self.status(page, should);
        for extension in ["txt", "md", "json"] {
            self.status(url::release_form(newsroom, release, extension), should);
        }
        let kit = url::press_kit(newsroom, release);
        let has_kit =
            if release.assets.is_empty() && should == Should::BeOpen { Should::Either } else { should };
        self.status(format!("{kit}?size=web"), has_kit);
        self.status(kit, has_kit);
        self.status(url::release_card(newsroom, release), should);
        // Under the other languages it may lead to its own; closed, it leads nowhere.
        let elsewhere = if should == Should::BeOpen { Should::Either } else { should };
        for language in newsroom.languages.iter().filter(|code| **code != release.language) {
            let prefix = newsroom.prefix(language);
            self.status(format!("{prefix}/releases/{}", release.slug), elsewhere);
            self.status(format!("{prefix}/releases/{}/photos.zip", release.slug), elsewhere);
            self.status(format!("{prefix}/releases/{}/social.png", release.slug), elsewhere);
        }
        self.status(format!("/api/v1/releases/{}", release.id), should);
    }

    fn asset(&mut self, newsroom: &Newsroom, asset: &Asset, should: Should) {
        for language in &newsroom.languages {
            self.status(Urls::new(newsroom, language).photo(&asset.slug), should);
        }
        let original = url::original(asset);
        self.status(format!("{original}?download"), should);
        self.status(original, should);
        for rendition in &asset.renditions {
            self.status(url::rendition(asset, rendition), should);
            self.status(url::rendition_pinned(asset, rendition), should);
        }
        self.status(format!("/selection.zip?photos={}", asset.id), should);
        self.status(format!("/api/v1/assets/{}", asset.id), should);
    }

    fn lists(&mut self, newsroom: &Newsroom, release: &Release, mention: &Mention) {
        for language in &newsroom.languages {
            let urls = Urls::new(newsroom, language);
            for path in [urls.home(), urls.releases(), urls.photos(), urls.contacts(), urls.events()] {
                self.mention(path, mention, Should::Either);
            }
            for topic in &release.topics {
                self.mention(urls.topic(topic), mention, Should::Either);
            }
            // Feeds tell their readers that something was withdrawn.
            if mention.is_withdrawn {
                continue;
            }
            for extension in ["atom", "rss", "json"] {
                self.mention(urls.feed(extension), mention, Should::Either);
                for topic in &release.topics {
                    self.mention(urls.topic_feed(topic, extension), mention, Should::Either);
                }
            }
        }
        self.mention("/sitemap.xml".to_owned(), mention, Should::BeOpen);
        self.mention("/news-sitemap.xml".to_owned(), mention, Should::Either);
        for path in ["releases", "assets", "albums", "events", "contacts"] {
            self.mention(format!("/api/v1/{path}"), mention, Should::Either);
        }
        self.status("/api/v1/changes".to_owned(), Should::BeClosed);
    }

    fn searches(&mut self, newsroom: &Newsroom, release: &Release, assets: &[Asset], mention: &Mention) {
        let mut asked = vec![release.headline.clone()];
        asked.extend(assets.iter().map(|asset| asset.description.title.clone()));
        asked.extend(assets.iter().flat_map(|asset| asset.description.persons.iter().cloned()));
        asked.retain(|words| !words.trim().is_empty());
        asked.sort();
        asked.dedup();
        let prefix = newsroom.prefix(&release.language);
        for words in asked {
            let open = if words == release.headline { Should::BeOpen } else { Should::Either };
            let words: String = ::url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
            self.mention(format!("{prefix}/search?q={words}&kind=release"), mention, open);
            self.mention(format!("{prefix}/search?q={words}"), mention, Should::Either);
            for form in ["atom", "rss", "json"] {
                self.mention(format!("{prefix}/search.{form}?q={words}"), mention, Should::Either);
            }
            self.mention(format!("/api/v1/search?q={words}"), mention, Should::Either);
            self.mention(format!("/api/v1/suggest?q={words}"), mention, Should::Either);
        }
    }
}

/// The addresses a release had before, with those of other systems.
async fn old_slugs(ctx: &Context, release: &Release) -> anyhow::Result<Vec<String>> {
    let slugs = record::slugs(&ctx.db, Kind::Release).await?;
    let own = slugs.into_iter().filter(|owner| owner.record == release.id && !owner.is_current);
    let path = |slug: String| if slug.starts_with('/') { slug } else { format!("/releases/{slug}") };
    Ok(own.map(|owner| path(owner.slug)).collect())
}

/// Public pages that could name the release or its photos: what points at them, and what they point at.
async fn neighbours(ctx: &Context, newsroom: &Newsroom, release: &Release) -> anyhow::Result<Vec<String>> {
    let db = &ctx.db;
    let id = release.id.to_string();
    let urls = Urls::new(newsroom, &newsroom.default_language);
    let mut paths = Vec::new();
    let mut releases: Vec<Release> = list::sources_of(db, (&id, "related"), None, NEIGHBOURS).await?;
    releases.extend(list::translations(db, release).await?);
    releases.extend(record::find_all::<Release>(db, &release.related).await?);
    let mut albums: HashMap<Id, Album> = HashMap::new();
    for asset in &release.assets {
        let asset = asset.to_string();
        releases.extend(list::sources_of::<Release>(db, (&asset, "asset"), None, NEIGHBOURS).await?);
        let found: Vec<Album> = list::sources_of(db, (&asset, "asset"), None, NEIGHBOURS).await?;
        albums.extend(found.into_iter().map(|album| (album.id, album)));
    }
    releases.retain(|other| other.id != release.id);
    releases.truncate(NEIGHBOURS);
    paths.extend(releases.iter().map(|other| url::release(newsroom, other)));
    paths.extend(albums.values().map(|album| urls.album(&album.slug)));
    let contacts: Vec<Contact> = record::find_all(db, &release.contacts).await?;
    paths.extend(contacts.iter().map(|contact| urls.contact(&contact.slug)));
    let events: Vec<Event> =
        list::list(db, &list::ListFilter::all(list::Order::Falling), NEIGHBOURS, 0).await?;
    paths.extend(events.iter().map(|event| urls.event(&event.slug)));
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The release that an id, a slug or an address names.
pub async fn find(ctx: &Context, name: &str) -> anyhow::Result<Option<Release>> {
    if let Ok(id) = name.parse::<Id>() {
        return Ok(record::find(&ctx.db, id).await?);
    }
    let slug = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
    Ok(record::find_by_slug(&ctx.db, slug).await?)
}
