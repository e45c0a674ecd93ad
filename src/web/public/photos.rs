//! The gallery, one photo with its facts, albums.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::domain::Id;
use crate::domain::album::Album;
use crate::domain::asset::{Asset, Orientation};
use crate::domain::release::Release;
use crate::domain::rendition::{Format, LADDER, Rendition};
use crate::domain::visibility::{Access, Exposure};
use crate::feed::jsonld;
use crate::newsroom::sight::clear;
use crate::store::list::{self, GalleryFilter, ListFilter, Order};
use crate::store::record;
use crate::web::bytes::{allowed_assets, asset_sight, moved, moved_until};
use crate::web::extract::{Language, MaybeActor, Sight, UrlPath, UrlQuery};
use crate::web::kits::{self, Linked, Selection, SizeChoice};
use crate::web::page::{Page, Policy};
use crate::web::view::photo::{AlbumPage, AlbumTeaser, Download, Filter, GalleryPage, PhotoPage, PrintSize};
use crate::web::view::release::Kit;
use crate::web::view::shell::{Link, Meta, Pager, Section, Shell};
use crate::web::{AppState, Error, url};

use super::cards::{format_name, kit_size, picture, picture_below, pixels, title};
use super::figures::{self, Own};
use super::release_facts::public_asset;
use super::site::Site;
use super::{Slug, page_number, with_context, with_query};

const PER_PAGE: usize = 60;
const MAX_ALBUMS: usize = 100;
/// Choices of one filter.
const MAX_CHOICES: usize = 200;
const RELEASES: usize = 5;
/// The first photos of an album, of which the first that can be shown stands for it.
const COVERS: usize = 6;

#[derive(Deserialize)]
pub struct Place {
    #[serde(default)]
    page: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    year: String,
    /// `landscape`, `portrait` or `square`.
    #[serde(default)]
    stands: String,
    /// The least size of paper that it fills: `a5`, `a4` …
    #[serde(default)]
    fills: String,
    /// Photos chosen before, by id.
    #[serde(default)]
    selection: String,
}

pub async fn gallery(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(place): UrlQuery<Place>,
) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let db = &state.ctx.db;
    let filter = place.filter();
    let total = list::count_gallery(db, &filter, site.now).await?;
    let pages = total.div_ceil(PER_PAGE).max(1);
    let page = page_number(&place.page, pages)?;
    let photos = list::gallery(db, &filter, site.now, PER_PAGE, (page - 1) * PER_PAGE).await?;
    let open = photos.iter().filter(|(asset, shown)| site.is_open(&asset.exposure(Some(*shown))));
    let mut photos: Vec<_> = open.map(|(asset, _)| site.tile(asset)).collect();
    let mut chosen =
        Selection::parse(&with_query("", &[("photos", &place.selection)]).replace('?', ""))?.photos;
    for photo in &mut photos {
        let before = chosen.len();
        chosen.retain(|id| id.to_string() != photo.id);
        photo.is_chosen = chosen.len() < before;
    }
    let address = |path: String, page: usize| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let mut pairs = place.choices().to_vec();
        pairs.extend([("page", page.as_str()), ("selection", place.selection.as_str())]);
        with_query(&path, &pairs)
    };
    let is_filtered = place.choices().iter().any(|(_, value)| !value.is_empty());
    let person = place.only_person();
    let kit = match person {
        Some(name) => {
            let photos = kits::photos_of(&site, name).await?;
            (!photos.is_empty())
                .then(|| Kit::of_album(site.lang, site.urls.person_kit(name), kit_size(&photos)))
        }
        None => None,
    };
    let title = match person.filter(|_| kit.is_some()) {
        Some(name) => name.to_owned(),
        None => site.lang.t("gallery-title"),
    };
    let meta = Meta {
        title: title.clone(),
        kind: "website",
        noindex: !place.selection.is_empty() || is_filtered && kit.is_none(),
        ..Meta::default()
    };
    let here = address(site.urls.photos(), page);
    let view = GalleryPage {
        shell: site.shell(Section::Photos, &here, &site.everywhere(|urls| address(urls.photos(), 1)), meta),
        title,
        kit,
        total: site.lang.count("count-photos", total),
        albums: if page == 1 && !is_filtered { albums(&site).await? } else { Vec::new() },
        filters: filters(&site, &place).await?,
        is_filtered,
        selection: place.selection.clone(),
        photos,
        chosen: Selection::ids(&chosen),
        pager: Pager::new(site.lang, page, pages, |page| address(site.urls.photos(), page)),
    };
    // One reader's selection is nobody else's page.
    let policy = if place.selection.is_empty() { Policy::Revalidate } else { Policy::NoStore };
    Ok(Page::html(&view, policy)?.language(&site.code))
}

impl Place {
    /// The filters by the names that they have in an address.
    fn choices(&self) -> [(&'static str, &str); 5] {
        [
            ("topic", &self.topic),
            ("person", &self.person),
            ("year", &self.year),
            ("stands", &self.stands),
            ("fills", &self.fills),
        ]
    }

    /// The person, where nothing else narrows the photos: that gallery is the person's own page.
    fn only_person(&self) -> Option<&str> {
        let others = self.choices().iter().any(|(name, value)| *name != "person" && !value.is_empty());
        Some(self.person.as_str()).filter(|name| !name.is_empty() && !others)
    }

    fn filter(&self) -> GalleryFilter {
        let links =
            [("shows", &self.person), ("year", &self.year), ("stands", &self.stands), ("fills", &self.fills)];
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        GalleryFilter {
            topic: given(&self.topic),
            form: None,
            links: links.into_iter().filter_map(|(rel, text)| Some((rel, given(text)?))).collect(),
        }
    }
}

/// What the gallery can be filtered by: of all photos, so that one choice never hides the others.
async fn filters(site: &Site, place: &Place) -> Result<Vec<Filter>, Error> {
    let db = &site.state.ctx.db;
    let mut filters = Vec::new();
    for ((name, chosen), (rel, label)) in place.choices().into_iter().zip([
        ("topic", "filter-topic"),
        ("shows", "filter-person"),
        ("year", "filter-year"),
        ("stands", "filter-stands"),
        ("fills", "filter-fills"),
    ]) {
        let mut found = list::gallery_choices(db, rel, site.now, MAX_CHOICES).await?;
        match rel {
            // The latest year first, and A6 before A3.
            "year" | "fills" => found.sort_by(|a, b| b.cmp(a)),
            "shows" => found.sort_by_key(|name| name.to_lowercase()),
            "topic" => found.sort_by_key(|slug| site.topics.iter().position(|topic| topic.slug == *slug)),
            _ => {}
        }
        let name_of = |value: &str| match rel {
            "topic" => site.topic(value).map(|topic| site.text(&topic.name).to_owned()),
            "stands" => {
                let how = Orientation::ALL.into_iter().find(|how| how.as_str() == value)?;
                Some(site.lang.t(match how {
                    Orientation::Landscape => "stands-landscape",
                    Orientation::Portrait => "stands-portrait",
                    Orientation::Square => "stands-square",
                }))
            }
            "fills" => Some(site.lang.t_args("fills-paper", &[("paper", value.to_uppercase().into())])),
            _ => Some(value.to_owned()),
        };
        let choices: Vec<(String, String, bool)> = found
            .iter()
            .filter_map(|value| Some((value.clone(), name_of(value)?, value == chosen)))
            .collect();
        // One choice is none, unless it is made.
        if choices.len() > 1 || !chosen.is_empty() && !choices.is_empty() {
            filters.push(Filter { name, label: site.lang.t(label), choices });
        }
    }
    Ok(filters)
}

async fn albums(site: &Site) -> Result<Vec<AlbumTeaser>, Error> {
    let albums: Vec<Album> =
        list::list(&site.state.ctx.db, &ListFilter::public(site.now, Order::Rising), MAX_ALBUMS, 0).await?;
    let ids: Vec<Id> = albums.iter().map(|album| album.id).collect();
    let counts = list::count_listed(&site.state.ctx.db, &ids, site.now).await?;
    let first = |album: &Album| album.assets.iter().copied().take(COVERS).collect::<Vec<Id>>();
    let assets = site.assets(&albums.iter().flat_map(first).collect::<Vec<Id>>()).await?;
    let teaser = |album: &Album| {
        let count = counts.get(&album.id).copied().unwrap_or_default();
        AlbumTeaser {
            url: site.urls.album(&album.slug),
            title: site.text(&album.title).to_owned(),
            count: site.lang.count("count-photos", count),
            picture: first(album).iter().filter_map(|id| assets.get(id)).find_map(picture),
        }
    };
    Ok(albums.iter().filter(|album| site.is_open(&exposure(album))).map(teaser).collect())
}

fn exposure(album: &Album) -> Exposure {
    Exposure { public_from: album.public_from(), ..Exposure::default() }
}

pub async fn album(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
    UrlQuery(size): UrlQuery<SizeChoice>,
    actor: MaybeActor,
    asked: kits::Asked,
) -> Result<Response, Error> {
    if let Some(slug) = slug.strip_suffix(".zip") {
        return kits::of_album(&state, &language, slug, &size, &actor, &asked).await;
    }
    let mut album: Album = record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let sight = actor.sight(&exposure(&album), state.now());
    let access = sight.access();
    if !access.is_allowed() {
        return Err(Error::NotFound);
    }
    let site = Site::open(&state, language).await?;
    if album.slug != slug {
        return Ok(moved(&site.urls.album(&album.slug), access));
    }
    let assets = allowed_assets(&state, &album.assets, sight.viewer()).await?;
    clear(&state.ctx, std::slice::from_mut(&mut album), &assets, site.now).await?;
    let title = site.text(&album.title).to_owned();
    let description = site.text(&album.description);
    let meta = Meta {
        title: title.clone(),
        description: crate::text::excerpt::excerpt(description, 200),
        kind: "website",
        image: assets.iter().find_map(|asset| site.social_image(asset)),
        ..Meta::default()
    };
    let path = site.urls.album(&album.slug);
    let mut shell =
        site.shell(Section::Photos, &path, &site.everywhere(|urls| urls.album(&album.slug)), meta);
    let policy = note_preview(&site, sight, &mut shell);
    let kit = (!assets.is_empty()).then(|| site.urls.album_kit(&album.slug));
    if let Some(address) = kit.clone().filter(|_| access == Access::Open) {
        let language = Language { code: site.code.clone(), newsroom: site.newsroom.clone() };
        let linked = Linked::OfAlbum { slug: album.slug.clone(), language: Box::new(language) };
        kits::lay_ahead(&state, address, linked);
    }
    let view = AlbumPage {
        shell,
        title,
        description_html: figures::html(&site, description, Own { assets: &assets, below: "" }).await?,
        kit: kit.map(|address| Kit::of_album(site.lang, address, kit_size(&assets))),
        photos: assets.iter().map(|asset| site.tile(asset)).collect(),
    };
    Ok(Page::html(&view, policy)?.language(&site.code).last_modified(album.updated_at).into_response())
}

/// Marks a page that only staff can see, and says whether it may be kept.
fn note_preview(site: &Site, sight: Sight, shell: &mut Shell) -> Policy {
    if sight.access() != Access::Open {
        shell.preview = Some(site.lang.t("preview-notice"));
        shell.meta.noindex = true;
    }
    sight.policy(Policy::Revalidate)
}

pub async fn show(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
    actor: MaybeActor,
) -> Result<Response, Error> {
    let asset: Asset = record::find_by_slug(&state.ctx.db, &slug).await?.ok_or(Error::NotFound)?;
    let sight = asset_sight(&state, &asset, &actor).await?;
    let access = sight.access();
    if !access.is_allowed() {
        return Err(Error::NotFound);
    }
    let site = Site::open(&state, language).await?;
    if asset.slug != slug {
        return Ok(moved_until(&site.urls.photo(&asset.slug), access, asset.rights_until, site.now));
    }
    let id = asset.id.to_string();
    let mut releases: Vec<Release> =
        list::sources_of(&state.ctx.db, (&id, "asset"), Some(site.now), RELEASES).await?;
    releases.retain(|release| site.is_open(&release.exposure()));
    let mut albums: Vec<Album> =
        list::sources_of(&state.ctx.db, (&id, "asset"), Some(site.now), RELEASES).await?;
    albums.retain(|album| site.is_open(&exposure(album)));
    let (previous, next) = neighbours(&site, &asset, &releases, &albums).await?;
    let object = public_asset(&site, &asset);
    let meta = Meta {
        title: title(&asset),
        description: asset.description.caption.clone(),
        kind: "website",
        image: site.social_image(&asset),
        oembed: site.oembed(&site.urls.photo(&asset.slug)),
        json_ld: vec![jsonld::to_script(&with_context(jsonld::image_object(&object, state.base())))],
        ..Meta::default()
    };
    let path = site.urls.photo(&asset.slug);
    let mut shell =
        site.shell(Section::Photos, &path, &site.everywhere(|urls| urls.photo(&asset.slug)), meta);
    let policy = note_preview(&site, sight, &mut shell);
    // Those that the reader has come to read come first.
    releases.sort_by_key(|release| release.language != site.code);
    let releases = site.teasers(&releases).await?;
    let album = |album: &Album| Link::new(site.text(&album.title), site.urls.album(&album.slug));
    let albums = albums.iter().map(album).collect();
    let view = PhotoPage { releases, albums, previous, next, ..facts(&site, shell, &asset, "") };
    Ok(Page::html(&view, policy)?.language(&site.code).last_modified(asset.updated_at).into_response())
}

/// What is known of a photo, its files below the address of a preview or, if that is empty, at their own; without what
/// stands around it.
pub(super) fn facts(site: &Site, shell: Shell, asset: &Asset, below: &str) -> PhotoPage {
    let search = |word: &String| Link::new(word, with_query(&site.urls.search(), &[("q", word)]));
    let person = |name: &String| Link::new(name, with_query(&site.urls.photos(), &[("person", name)]));
    let d = &asset.description;
    let size = asset.width.zip(asset.height);
    let language = site.language_of_words();
    let own_terms = public_asset(site, asset).usage_terms == d.usage_terms;
    let terms_here = !own_terms && site.newsroom.default_usage_terms.has(&site.code);
    PhotoPage {
        shell,
        terms_language: if terms_here { String::new() } else { language.clone() },
        language,
        title: title(asset),
        caption: d.caption.clone(),
        credit: d.credit.clone(),
        copyright_notice: d.copyright_notice.clone(),
        usage_terms: public_asset(site, asset).usage_terms.to_owned(),
        rights_url: d.rights_url.clone(),
        creator: d.creator.clone(),
        persons: d.persons.iter().map(person).collect(),
        keywords: d.keywords.iter().map(search).collect(),
        date_created: site.lang.day_of(&d.date_created),
        location: d.location.clone(),
        picture: picture_below(below, asset),
        downloads: downloads(site, asset, below),
        print_sizes: size.map_or_else(Vec::new, |(width, height)| PrintSize::of(site.lang, width, height)),
        print_formats: size
            .map_or_else(Vec::new, |(width, height)| PrintSize::in_formats(site.lang, width, height)),
        releases: Vec::new(),
        albums: Vec::new(),
        previous: None,
        next: None,
    }
}

/// The photos before and after this one in the release that shows it, else in its album.
async fn neighbours(
    site: &Site,
    asset: &Asset,
    releases: &[Release],
    albums: &[Album],
) -> Result<(Option<Link>, Option<Link>), Error> {
    let shown_in = releases.iter().map(|release| &release.assets).chain(albums.iter().map(|a| &a.assets));
    let Some(ids) = shown_in.max_by_key(|ids| ids.len()) else { return Ok((None, None)) };
    let assets = site.assets(ids).await?;
    let row: Vec<&Asset> = ids.iter().filter_map(|id| assets.get(id)).collect();
    let Some(here) = row.iter().position(|other| other.id == asset.id) else { return Ok((None, None)) };
    let link = |other: &&Asset| Link::new(title(other), site.urls.photo(&other.slug));
    Ok((here.checked_sub(1).and_then(|i| row.get(i)).map(link), row.get(here + 1).map(link)))
}

/// The print original first, then every rendition from the largest down.
fn downloads(site: &Site, asset: &Asset, below: &str) -> Vec<Download> {
    let original = Download {
        label: site.lang.t("rendition-original"),
        format: format_name(asset),
        pixels: pixels(asset.width, asset.height),
        colour_space: asset.colour_space.clone(),
        size: site.lang.bytes(asset.download.size_bytes),
        url: format!("{below}{}", url::original(asset)),
        is_original: true,
    };
    let mut renditions: Vec<_> = asset.renditions.iter().collect();
    let rung = |r: &Rendition| LADDER.iter().position(|preset| preset.name == r.name);
    renditions.sort_by_key(|r| (r.name == "social", std::cmp::Reverse(r.width), rung(r), r.format));
    let rendition = |r: &Rendition| Download {
        label: match r.name.as_str() {
            "large" => site.lang.t("rendition-large"),
            "medium" => site.lang.t("rendition-medium"),
            "small" => site.lang.t("rendition-small"),
            "thumb" => site.lang.t("rendition-thumb"),
            "mini" => site.lang.t("rendition-mini"),
            "social" => site.lang.t("rendition-social"),
            "print" => site.lang.t("rendition-print"),
            other => other.to_owned(),
        },
        format: match r.format {
            Format::Jpeg => "JPEG",
            Format::Webp => "WebP",
            Format::Avif => "AVIF",
            Format::Png => "PNG",
        }
        .to_owned(),
        pixels: pixels(Some(r.width), Some(r.height)),
        colour_space: "sRGB".to_owned(),
        size: site.lang.bytes(r.size_bytes),
        url: format!("{below}{}?download", url::rendition(asset, r)),
        is_original: false,
    };
    std::iter::once(original).chain(renditions.into_iter().map(rendition)).collect()
}
