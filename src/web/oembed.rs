//! oEmbed (oembed.com): what another site needs to show a release or a photo that somebody linked to. Only what is
//! public is told, whoever asks.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::extract::{Language, UrlQuery};
use super::page::{Page, Policy};
use super::public::site::Site;
use super::view::shell::SocialImage;
use super::{AppState, Error, social, url};
use crate::domain::Timestamp;
use crate::domain::asset::Asset;
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::domain::visibility::Viewer;
use crate::store::record;
use crate::text::excerpt;

/// How wide a release is shown where nobody says otherwise, and how tall.
const WIDTH: u32 = 600;
const HEIGHT: u32 = 220;
const SUMMARY_CHARS: usize = 240;
/// Seconds for which an answer may be kept.
const CACHE_AGE: u32 = 3600;

pub fn router() -> Router<AppState> {
    Router::new().route("/oembed", get(answer))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    url: String,
    #[serde(default)]
    format: String,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

impl Asked {
    fn holds(&self, width: u32, height: u32) -> bool {
        width <= self.maxwidth.unwrap_or(u32::MAX) && height <= self.maxheight.unwrap_or(u32::MAX)
    }
}

/// What an address of this newsroom leads to.
enum Place<'a> {
    Release(&'a str),
    Photo(&'a str),
}

/// The language of an address and what it leads to; `None` for addresses of others and for all other pages.
fn place<'a>(
    asked: &'a str,
    base: &str,
    speaks: impl Fn(&str) -> bool,
) -> Option<(Option<&'a str>, Place<'a>)> {
    let path = asked.strip_prefix(base)?.strip_prefix('/')?;
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let (language, rest) = match parts.as_slice() {
        [language, rest @ ..] if speaks(language) => (Some(*language), rest),
        rest => (None, rest),
    };
    match rest {
        ["releases", slug] => Some((language, Place::Release(slug))),
        ["photos", slug] => Some((language, Place::Photo(slug))),
        _ => None,
    }
}

async fn answer(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(asked): UrlQuery<Asked>,
) -> Result<Response, Error> {
    let Language { newsroom, .. } = language;
    if asked.url.trim().is_empty() {
        let text = "Which page? Add its address: /oembed?url=https://…\n";
        return Ok((StatusCode::BAD_REQUEST, text).into_response());
    }
    let found = place(&asked.url, state.base(), |tag| newsroom.speaks(tag)).ok_or(Error::NotFound)?;
    let code = found.0.unwrap_or(&newsroom.default_language).to_owned();
    let (mut about, end) = match found.1 {
        Place::Release(slug) => {
            let release: Release = record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
            let here = Language { code: release.language.clone(), newsroom };
            let site = Site::open(&state, here).await?;
            if !site.is_open(&release.exposure()) {
                return Err(Error::NotFound);
            }
            of_release(&site, &release, &asked).await?
        }
        Place::Photo(slug) => {
            let asset: Asset = record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
            let allowed = super::bytes::allowed_assets(&state, &[asset.id], Viewer::Public).await?;
            let asset = allowed.first().ok_or(Error::NotFound)?;
            let site = Site::open(&state, Language { code, newsroom }).await?;
            (of_photo(&site, asset, &asked).ok_or(Error::NotFound)?, asset.rights_until)
        }
    };
    let now = state.now();
    if let Some(end) = end {
        let left_secs = end.duration_since(now).as_secs().clamp(0, i64::from(CACHE_AGE));
        about.insert("cache_age".to_owned(), left_secs.into());
    }
    let page = match asked.format.as_str() {
        "" | "json" => {
            let body = serde_json::to_vec(&about).map_err(|error| Error::Internal(error.into()))?;
            Page::new("application/json", body, Policy::Short)
        }
        "xml" => Page::new("text/xml; charset=utf-8", xml(&about), Policy::Short),
        // The status that the specification wants.
        _ => {
            let text = "There is json and xml\n";
            return Ok((StatusCode::NOT_IMPLEMENTED, text).into_response());
        }
    };
    Ok(page.until(end, now).into_response())
}

fn begin(site: &Site, kind: &str, title: &str) -> Map<String, Value> {
    let mut about = Map::new();
    about.insert("version".to_owned(), "1.0".into());
    about.insert("type".to_owned(), kind.into());
    about.insert("title".to_owned(), title.into());
    about.insert("provider_name".to_owned(), site.text(&site.newsroom.name).into());
    about.insert("provider_url".to_owned(), site.absolute(&site.urls.home()).into());
    about.insert("cache_age".to_owned(), CACHE_AGE.into());
    about
}

/// Also tells when the photo that is shown may no longer be.
async fn of_release(
    site: &Site,
    release: &Release,
    asked: &Asked,
) -> Result<(Map<String, Value>, Option<Timestamp>), Error> {
    let mut about = begin(site, "rich", &release.headline);
    let page = site.absolute(&url::release(&site.newsroom, release));
    let name = site.text(&site.newsroom.name);
    if !site.newsroom.organisation.is_empty() {
        about.insert("author_name".to_owned(), site.newsroom.organisation.clone().into());
        about.insert("author_url".to_owned(), site.absolute(&site.urls.home()).into());
    }
    let html = format!(
        "<blockquote lang=\"{}\" cite=\"{page}\"><p><strong><a href=\"{page}\">{}</a></strong></p><p>{}</p>\
         <footer>{}</footer></blockquote>",
        escaped(&release.language),
        escaped(&release.headline),
        escaped(&excerpt::excerpt(&release.body, SUMMARY_CHARS)),
        escaped(name)
    );
    about.insert("html".to_owned(), html.into());
    about.insert("width".to_owned(), asked.maxwidth.unwrap_or(WIDTH).min(WIDTH).into());
    about.insert("height".to_owned(), asked.maxheight.unwrap_or(HEIGHT).min(HEIGHT).into());
    let photo = super::public::release::lead_image(site, release).await?;
    let (SocialImage { url, width, height, .. }, end) =
        photo.unwrap_or_else(|| (social::release_image(site, release), None));
    if asked.holds(width, height) {
        about.insert("thumbnail_url".to_owned(), url.into());
        about.insert("thumbnail_width".to_owned(), width.into());
        about.insert("thumbnail_height".to_owned(), height.into());
    }
    Ok((about, end))
}

/// The largest picture for the web that fits; `None` for what has none.
fn of_photo(site: &Site, asset: &Asset, asked: &Asked) -> Option<Map<String, Value>> {
    let files = asset.renditions.iter().filter(|file| file.format == Format::Jpeg && file.is_whole());
    let fitting = files.clone().filter(|file| asked.holds(file.width, file.height));
    let file = fitting.max_by_key(|file| file.width).or_else(|| files.min_by_key(|file| file.width))?;
    let d = &asset.description;
    let object = super::public::release_facts::public_asset(site, asset);
    let title = if d.title.is_empty() { &asset.file_name } else { &d.title };
    let mut about = begin(site, "photo", title);
    about.insert("url".to_owned(), site.absolute(&url::rendition(asset, file)).into());
    about.insert("width".to_owned(), file.width.into());
    about.insert("height".to_owned(), file.height.into());
    let author = if d.creator.is_empty() { &d.credit } else { &d.creator };
    for (name, text) in [
        ("author_name", author.as_str()),
        ("web_page", &site.absolute(&object.path)),
        // Beyond the specification, under the names that large providers use.
        ("description", &d.caption),
        ("credit", &d.credit),
        ("copyright", &d.copyright_notice),
        ("license", object.usage_terms),
        ("license_url", &d.rights_url),
    ] {
        if !text.is_empty() {
            about.insert(name.to_owned(), text.into());
        }
    }
    Some(about)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn xml(about: &Map<String, Value>) -> String {
    let mut document = "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>".to_owned();
    for (name, value) in about {
        let text = value.as_str().map_or_else(|| value.to_string(), crate::feed::clean_xml);
        document.push_str(&format!("<{name}>{}</{name}>", escaped(&text)));
    }
    document + "</oembed>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_releases_and_photos_of_this_house_are_places() {
        let at = |asked| place(asked, "https://press.example", |tag| tag == "en");
        let found = at("https://press.example/en/releases/a?x=1#q").map(|(language, place)| match place {
            Place::Release(slug) => (language, slug),
            Place::Photo(_) => (None, ""),
        });
        assert_eq!(found, Some((Some("en"), "a")));
        assert!(at("https://press.example/photos/b").is_some());
        for other in [
            "https://press.example.evil/releases/a",
            "https://other.example/releases/a",
            "https://press.example/releases",
            "https://press.example/releases/a/photos.zip",
            "https://press.example/xx/releases/a",
            "/releases/a",
            "",
        ] {
            assert!(at(other).is_none(), "{other}");
        }
    }
}
