//! Everything to be asked about a release.

use std::collections::{HashMap, HashSet};

use super::Should;
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::domain::visibility::{Access, Viewer, decide};
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::Context;
use crate::store::{list, record};
use crate::text;
use crate::web::public::release_forms::FORMS;
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

pub async fn about(
    ctx: &Context,
    base: &str,
    release: &Release,
    now: Timestamp,
) -> anyhow::Result<Vec<Question>> {
    let newsroom = ctx.newsroom().await?;
    let assets: Vec<Asset> = record::find_all(&ctx.db, &release.assets).await?;
    let shown = list::shown_from(&ctx.db, &release.assets).await?;
    let mut list = Questions { base, out: Vec::new() };
    let access = decide(&release.exposure(), Viewer::Public, now);
    let should = if access == Access::Open { Should::BeOpen } else { Should::BeClosed };
    let is_open = |asset: &Asset| {
        decide(&asset.exposure(shown.get(&asset.id).copied()), Viewer::Public, now) == Access::Open
    };
    let mut closed = Closed::default();
    for asset in assets.iter().filter(|asset| !is_open(asset)) {
        closed.names.extend(named_asset(asset));
        closed.hashes.extend(own_hashes(ctx, asset).await?);
        closed.ids.push(asset.id);
    }
    list.release(&newsroom, release, should);
    for slug in old_slugs(ctx, release).await? {
        list.status(slug, should);
    }
    for asset in &assets {
        list.asset(&newsroom, asset, if is_open(asset) { Should::BeOpen } else { Should::BeClosed });
    }
    let mention = Mention {
        words: named_release(&newsroom, release),
        closed,
        is_open: should == Should::BeOpen,
        is_withdrawn: access == Access::Gone,
    };
    if mention.is_open {
        list.closed_within(&newsroom, release, &mention.closed);
        for asset in assets.iter().filter(|asset| is_open(asset)) {
            list.names_closed(Urls::new(&newsroom, &release.language).photo(&asset.slug), &mention.closed);
        }
    }
    list.lists(&newsroom, release, &mention);
    list.searches(&newsroom, release, &assets, &mention);
    let near = neighbours(ctx, &newsroom, release, &mention.closed).await?;
    for path in near.pages {
        list.mention(path, &mention, Should::Either);
    }
    for path in near.kits {
        list.kit(path, &mention.closed);
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

/// The hashes of an asset's files that stand in the checksums of a kit, unless another asset has the same bytes.
async fn own_hashes(ctx: &Context, asset: &Asset) -> anyhow::Result<Vec<String>> {
    if list::assets_with_digest(&ctx.db, &asset.original.sha256).await?.len() > 1 {
        return Ok(Vec::new());
    }
    let large = asset.rendition("large", Format::Jpeg).map(|file| file.sha256.clone());
    Ok(std::iter::once(asset.download.sha256.clone()).chain(large).collect())
}

/// What gives the release's closed photos away. Whatever speaks of one of them tells as much as what speaks of the release.
#[derive(Default)]
struct Closed {
    names: Vec<String>,
    /// A kit knows its files by these.
    hashes: Vec<String>,
    ids: Vec<Id>,
}

struct Mention {
    /// What names the release.
    words: Vec<String>,
    closed: Closed,
    is_open: bool,
    is_withdrawn: bool,
}

struct Questions<'a> {
    /// The public address of the newsroom.
    base: &'a str,
    out: Vec<Question>,
}

impl Questions<'_> {
    fn status(&mut self, path: String, should: Should) {
        self.out.push(Question { path, tell: Tell::Status, should });
    }

    /// A page that speaks of many things; `open` says whether it must speak of this release once that is public. Of its
    /// closed photos it must never speak.
    fn mention(&mut self, path: String, mention: &Mention, open: Should) {
        if !mention.is_open {
            let words = [mention.words.as_slice(), &mention.closed.names].concat();
            self.out.push(Question { path, tell: Tell::Words(words), should: Should::BeClosed });
            return;
        }
        self.names_closed(path.clone(), &mention.closed);
        // What is right either way is asked only where nothing else is.
        if open != Should::Either || mention.closed.names.is_empty() {
            self.out.push(Question { path, tell: Tell::Words(mention.words.clone()), should: open });
        }
    }

    fn names_closed(&mut self, path: String, closed: &Closed) {
        if !closed.names.is_empty() {
            self.out.push(Question {
                path,
                tell: Tell::Words(closed.names.clone()),
                should: Should::BeClosed,
            });
        }
    }

    /// A kit of photos that are not only the release's; it holds no closed one in either size.
    fn kit(&mut self, path: String, closed: &Closed) {
        if closed.hashes.is_empty() {
            return;
        }
        let web = format!("{path}{}size=web", if path.contains('?') { '&' } else { '?' });
        for path in [path, web] {
            let words = [closed.hashes.as_slice(), &closed.names].concat();
            self.out.push(Question { path, tell: Tell::Words(words), should: Should::BeClosed });
        }
    }

    /// The open release itself, in all its forms: none of them has a closed photo.
    fn closed_within(&mut self, newsroom: &Newsroom, release: &Release, closed: &Closed) {
        let page = url::release(newsroom, release);
        self.names_closed(self.oembed(&page), closed);
        self.names_closed(page, closed);
        for (extension, _) in FORMS {
            self.names_closed(url::release_form(newsroom, release, extension), closed);
        }
        self.names_closed(format!("/api/v1/releases/{}", release.id), closed);
        self.kit(url::press_kit(newsroom, release), closed);
    }

    fn oembed(&self, path: &str) -> String {
        url::oembed(&format!("{}{path}", self.base))
    }

    fn release(&mut self, newsroom: &Newsroom, release: &Release, should: Should) {
        let page = url::release(newsroom, release);
        // A server knows its pages by the public address that it was started with, and no others.
        self.status(self.oembed(&page), if should == Should::BeOpen { Should::Either } else { should });
        self.status(page, should);
        for (extension, _) in FORMS {
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
        // The page of a selection answers whatever it names, and shows what is open.
        let shown = Tell::Words(vec![format!("/photos/{}", asset.slug)]);
        self.out.push(Question { path: format!("/selection?photos={}", asset.id), tell: shown, should });
        let told = if should == Should::BeOpen { Should::Either } else { should };
        self.status(self.oembed(&format!("/photos/{}", asset.slug)), told);
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
            let words: String = encoded(&words);
            self.mention(format!("{prefix}/search?q={words}&kind=release"), mention, open);
            self.mention(format!("{prefix}/search?q={words}"), mention, Should::Either);
            for form in ["atom", "rss", "json"] {
                self.mention(format!("{prefix}/search.{form}?q={words}"), mention, Should::Either);
            }
            self.mention(format!("/api/v1/search?q={words}"), mention, Should::Either);
            self.mention(format!("/api/v1/suggest?q={words}"), mention, Should::Either);
            self.kit(format!("{prefix}/search.zip?q={words}"), &mention.closed);
        }
        let mut persons: Vec<&str> =
            assets.iter().flat_map(|asset| &asset.description.persons).map(|name| name.trim()).collect();
        persons.sort_unstable();
        persons.dedup();
        for name in persons.into_iter().filter(|name| !name.is_empty()) {
            let name = encoded(name);
            self.mention(format!("{prefix}/photos?person={name}"), mention, Should::Either);
            self.kit(format!("{prefix}/photos.zip?person={name}"), &mention.closed);
            self.kit(format!("{prefix}/search.zip?person={name}"), &mention.closed);
        }
    }
}

fn encoded(text: &str) -> String {
    ::url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The addresses a release had before, with those of other systems.
async fn old_slugs(ctx: &Context, release: &Release) -> anyhow::Result<Vec<String>> {
    let slugs = record::slugs(&ctx.db, Kind::Release).await?;
    let own = slugs.into_iter().filter(|owner| owner.record == release.id && !owner.is_current);
    let path = |slug: String| if slug.starts_with('/') { slug } else { format!("/releases/{slug}") };
    Ok(own.map(|owner| path(owner.slug)).collect())
}

struct Near {
    pages: Vec<String>,
    kits: Vec<String>,
}

/// Public pages that could name the release or its photos, and kits that could hold them: what points at them, and what
/// they point at.
async fn neighbours(
    ctx: &Context,
    newsroom: &Newsroom,
    release: &Release,
    closed: &Closed,
) -> anyhow::Result<Near> {
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
    releases.truncate(NEIGHBOURS);
    releases.extend(picturing(ctx, &closed.ids).await?);
    releases.retain(|other| other.id != release.id);
    paths.extend(releases.iter().map(|other| url::release(newsroom, other)));
    paths.extend(albums.values().map(|album| urls.album(&album.slug)));
    let mut kits: Vec<String> = releases.iter().map(|other| url::press_kit(newsroom, other)).collect();
    kits.extend(albums.values().map(|album| urls.album_kit(&album.slug)));
    kits.sort();
    kits.dedup();
    let contacts: Vec<Contact> = record::find_all(db, &release.contacts).await?;
    paths.extend(contacts.iter().map(|contact| urls.contact(&contact.slug)));
    // Whose texts may show a photo.
    let newest = list::ListFilter::all(list::Order::Falling);
    let events: Vec<Event> = list::list(db, &newest, NEIGHBOURS, 0).await?;
    paths.extend(events.iter().flat_map(|event| [urls.event(&event.slug), urls.ics(&event.slug)]));
    let albums: Vec<Album> = list::list(db, &newest, NEIGHBOURS, 0).await?;
    paths.extend(albums.iter().map(|album| urls.album(&album.slug)));
    paths.extend(newsroom.pages.iter().map(|page| urls.page(&page.slug)));
    paths.sort();
    paths.dedup();
    Ok(Near { pages: paths, kits })
}

/// Releases whose texts show one of these photos.
async fn picturing(ctx: &Context, photos: &[Id]) -> anyhow::Result<Vec<Release>> {
    const AT_ONCE: usize = 200;
    if photos.is_empty() {
        return Ok(Vec::new());
    }
    // Also by a slug that a photo had once.
    let slugs = record::slugs(&ctx.db, Kind::Asset).await?.into_iter();
    let slugs = slugs.filter(|owner| photos.contains(&owner.record)).map(|owner| owner.slug);
    let slugs: HashSet<String> = slugs.collect();
    let mut found = Vec::new();
    let mut before = None;
    while found.len() < NEIGHBOURS {
        let some = list::releases_that_say(&ctx.db, "photos/", before, AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        before = Some(last.id);
        found.extend(some.into_iter().filter(|release| {
            let texts = [&release.body, &release.boilerplate].into_iter();
            texts.flat_map(|text| text::photos::slugs(text)).any(|slug| slugs.contains(&slug))
        }));
    }
    found.truncate(NEIGHBOURS);
    Ok(found)
}

/// The release that an id, a slug or an address names.
pub async fn find(ctx: &Context, name: &str) -> anyhow::Result<Option<Release>> {
    if let Ok(id) = name.parse::<Id>() {
        return Ok(record::find(&ctx.db, id).await?);
    }
    let slug = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
    Ok(record::find_by_slug(&ctx.db, slug).await?)
}
