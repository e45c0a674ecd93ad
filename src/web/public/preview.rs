//! A release before it is public, for whoever holds the secret of a link: the page as it will be, its photos and its
//! files. Everything is below the address of the link and is asked for anew each time; the public addresses know
//! nothing of it. A link that never was, has ended or was revoked, and one to a release that is gone, answer alike.

use axum::Router;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::domain::Id;
use crate::domain::asset::Asset;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::visibility::{Access, Viewer, decide};
use crate::newsroom::preview_links;
use crate::store::record;
use crate::web::bytes::{Version, send_in_confidence};
use crate::web::extract::{Language, UrlPath, UrlQuery};
use crate::web::kits::{self, SizeChoice};
use crate::web::page::{Page, Policy};
use crate::web::view::shell::{Link, Meta, Section, Shell};
use crate::web::{AppState, Error, tally, url};

use super::photos;
use super::release::{self as release_page, split_form};
use super::release_facts::ReleaseFacts;
use super::release_forms;
use super::site::Site;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/preview/{secret}", get(show))
        .route("/preview/{secret}/{file}", get(form_or_kit))
        .route("/preview/{secret}/photos/{slug}", get(photo))
        .route("/preview/{secret}/photos/{slug}/{file}", get(photo_file))
}

/// A release that a living link leads to.
struct Shown {
    link: Id,
    /// The address of the link.
    below: String,
    newsroom: Newsroom,
    release: Release,
}

enum Opened {
    Shown(Box<Shown>),
    /// The release has become public: to its own address, which says so when it was taken back.
    Elsewhere(Response),
}

/// `path` is the public address of what was asked for.
async fn open(
    state: &AppState,
    secret: &str,
    path: impl FnOnce(&Newsroom, &Release) -> String,
) -> Result<Opened, Error> {
    let link = preview_links::open(&state.ctx, secret).await?.ok_or(Error::NotFound)?;
    let release: Release = record::find(&state.ctx.db, link.release).await?.ok_or(Error::NotFound)?;
    let newsroom = state.ctx.newsroom().await?;
    match decide(&release.exposure(), Viewer::Public, state.now()) {
        Access::Open | Access::Gone => {
            let mut response = StatusCode::SEE_OTHER.into_response();
            let path = path(&newsroom, &release);
            let path = HeaderValue::from_str(&path).map_err(|error| Error::Internal(error.into()))?;
            response.headers_mut().insert(LOCATION, path);
            Ok(Opened::Elsewhere(response))
        }
        Access::Staff | Access::Hidden => {
            let below = url::preview(secret);
            Ok(Opened::Shown(Box::new(Shown { link: link.id, below, newsroom, release })))
        }
    }
}

/// What may be shown of some assets once the release is public; their own rights hold before it too.
fn will_be_public(state: &AppState, asset: &Asset) -> bool {
    let now = state.now();
    decide(&asset.exposure(Some(now)), Viewer::Public, now) == Access::Open
}

impl Shown {
    async fn site(&self, state: &AppState) -> Result<Site, Error> {
        let code = self.release.language.clone();
        Site::open(state, Language { code, newsroom: self.newsroom.clone() }).await
    }

    async fn assets(&self, state: &AppState) -> Result<Vec<Asset>, Error> {
        let mut assets: Vec<Asset> = record::find_all(&state.ctx.db, &self.release.assets).await?;
        assets.retain(|asset| will_be_public(state, asset));
        Ok(assets)
    }

    /// A photo of the release as it is stored now.
    async fn asset(&self, state: &AppState, slug: &str) -> Result<Asset, Error> {
        let asset: Option<Asset> = record::find_by_slug(&state.ctx.db, slug).await?;
        let is_shown =
            |asset: &Asset| self.release.assets.contains(&asset.id) && will_be_public(state, asset);
        asset.filter(is_shown).ok_or(Error::NotFound)
    }

    /// Says on the page what it is, and takes out what is meant for search engines and social networks: the programs
    /// of chats read it too.
    fn mark(&self, site: &Site, shell: &mut Shell) {
        let mut notice = site.lang.t("preview-shared");
        let planned = [
            ("preview-embargo", &self.release.embargo_until),
            ("preview-scheduled", &self.release.publish_at),
        ];
        for (key, at) in planned {
            if let Some(at) = at.as_ref().filter(|at| at.utc > site.now) {
                let time = site.lang.period(at, None);
                notice.push(' ');
                notice.push_str(&site.lang.t_args(key, &[("time", time.into())]));
            }
        }
        shell.preview = Some(notice);
        shell.meta = Meta { title: std::mem::take(&mut shell.meta.title), noindex: true, ..Meta::default() };
    }
}

async fn show(
    State(state): State<AppState>,
    UrlPath(secret): UrlPath<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let shown = match open(&state, &secret, url::release).await? {
        Opened::Shown(shown) => shown,
        Opened::Elsewhere(response) => return Ok(response),
    };
    let site = shown.site(&state).await?;
    let assets = shown.assets(&state).await?;
    let facts = ReleaseFacts::with(&site, &shown.release, assets, shown.below.clone()).await?;
    let mut page = release_page::view(&facts).await?;
    for asset in &facts.assets {
        // A picture within the text stands there with its public address.
        for attribute in ["src", "href"] {
            let public = format!("{attribute}=\"/photos/{}/", asset.slug);
            let here = format!("{attribute}=\"{}/photos/{}/", shown.below, asset.slug);
            page.body_html = page.body_html.replace(&public, &here);
            if let Some(text) = &mut page.boilerplate {
                text.html = text.html.replace(&public, &here);
            }
        }
    }
    shown.mark(&site, &mut page.shell);
    if tally::is_reader(&method, &headers)
        && let Err(error) = preview_links::note_seen(&state.ctx, shown.link).await
    {
        tracing::warn!(%error, "That a preview was opened could not be counted");
    }
    Ok(Page::html(&page, Policy::NoStore)?.language(&shown.release.language).into_response())
}

/// The press kit, or the text in one of its other forms.
async fn form_or_kit(
    State(state): State<AppState>,
    UrlPath((secret, file)): UrlPath<(String, String)>,
    UrlQuery(size): UrlQuery<SizeChoice>,
    asked: kits::Asked,
) -> Result<Response, Error> {
    let form = split_form(&file);
    let is_kit = file == "photos.zip";
    if !is_kit && (form.0, form.1.is_some()) != ("text", true) {
        return Err(Error::NotFound);
    }
    let path = |newsroom: &Newsroom, release: &Release| match form.1 {
        Some(extension) => url::release_form(newsroom, release, extension),
        None => url::press_kit(newsroom, release),
    };
    let shown = match open(&state, &secret, path).await? {
        Opened::Shown(shown) => shown,
        Opened::Elsewhere(response) => return Ok(response),
    };
    let assets = shown.assets(&state).await?;
    let Some(extension) = form.1 else {
        return kits::of_preview(&state, &shown.newsroom, &shown.release, &assets, &size, &asked).await;
    };
    let site = shown.site(&state).await?;
    let facts = ReleaseFacts::with(&site, &shown.release, assets, shown.below.clone()).await?;
    let page = release_forms::page(&facts, extension, Policy::NoStore).ok_or(Error::NotFound)?;
    Ok(page.into_response())
}

async fn photo(
    State(state): State<AppState>,
    UrlPath((secret, slug)): UrlPath<(String, String)>,
) -> Result<Response, Error> {
    let path =
        |newsroom: &Newsroom, release: &Release| url::Urls::new(newsroom, &release.language).photo(&slug);
    let shown = match open(&state, &secret, path).await? {
        Opened::Shown(shown) => shown,
        Opened::Elsewhere(response) => return Ok(response),
    };
    let asset = shown.asset(&state, &slug).await?;
    let row = shown.assets(&state).await?;
    let site = shown.site(&state).await?;
    let meta = Meta { title: super::cards::title(&asset), ..Meta::default() };
    let mut shell = site.shell(Section::Photos, "", &Vec::new(), meta);
    shown.mark(&site, &mut shell);
    // The way back stands where the gallery is on the public site.
    shell.photos_url.clone_from(&shown.below);
    let here = row.iter().position(|other| other.id == asset.id).unwrap_or(0);
    let link = |other: &Asset| {
        Link::new(super::cards::title(other), format!("{}/photos/{}", shown.below, other.slug))
    };
    let mut page = photos::facts(&site, shell, &asset, &shown.below);
    page.previous = here.checked_sub(1).and_then(|index| row.get(index)).map(link);
    page.next = row.get(here + 1).map(link);
    Ok(Page::html(&page, Policy::NoStore)?.language(&shown.release.language).into_response())
}

async fn photo_file(
    State(state): State<AppState>,
    UrlPath((secret, slug, file)): UrlPath<(String, String, String)>,
    UrlQuery(version): UrlQuery<Version>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let shown = match open(&state, &secret, |_, _| format!("/photos/{slug}/{file}")).await? {
        Opened::Shown(shown) => shown,
        Opened::Elsewhere(response) => return Ok(response),
    };
    let asset = shown.asset(&state, &slug).await?;
    send_in_confidence(&state, &asset, &file, &version, &method, &headers).await
}
