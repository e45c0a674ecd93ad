//! How the public site looks: the part of the settings that is chosen by eye, with the front page as it would be beside
//! it. What is typed there is in the addresses of the frames; nothing is stored before the settings are saved.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::desk::{Desk, DeskResult, Seat, Section, Shell, see_other};
use super::field::{Choice, Field, Make};
use super::form::{Mistakes, Values};
use crate::domain::account::Role;
use crate::domain::newsroom::Newsroom;
use crate::domain::style::{Corners, Space, Style, Typeface};
use crate::i18n::Lang;
use crate::web::extract::{DeskForm, Language, UrlQuery};
use crate::web::page::{Page, Policy};
use crate::web::public::{home, site::Site};
use crate::web::theme::{Scheme, moved_accents};
use crate::web::{Error, assets};

/// The colours that the public site knows, with the key of their label.
const COLOURS: [(&str, &str); 1] = [("accent", "desk-colour-accent")];
/// A page of this house may stand in frames of this house only, and runs no script there.
const FRAMED: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'none'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'self'",
);

pub struct Colour {
    pub name: String,
    pub label: String,
    pub value: String,
}

/// The front page in a scheme and at a width.
pub struct Frame {
    pub scheme: &'static str,
    pub width: &'static str,
    pub title: String,
    pub url: String,
}

/// The inputs, and the pages beside them.
pub struct Look {
    pub colours: Vec<Colour>,
    pub colour_error: Option<String>,
    pub inputs: Vec<String>,
    pub frames: Vec<Frame>,
    pub notes: Vec<String>,
}

/// Puts what was typed over the settings.
pub fn fill(values: &Values, newsroom: &mut Newsroom) {
    newsroom.colours = colours(values, &newsroom.colours);
    for (name, slug) in [("logo", &mut newsroom.logo), ("logo_dark", &mut newsroom.logo_dark)] {
        if values.has(name) {
            // Who copies the photo's address from the browser means the same.
            *slug = values.line(name).trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        }
    }
    let style = newsroom.style;
    newsroom.style = Style {
        headlines: Typeface::parse(&values.line("headlines")).unwrap_or(style.headlines),
        text: Typeface::parse(&values.line("text")).unwrap_or(style.text),
        space: Space::parse(&values.line("space")).unwrap_or(style.space),
        corners: Corners::parse(&values.line("corners")).unwrap_or(style.corners),
    };
}

fn colours(values: &Values, old: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut colours = old.clone();
    for name in old.keys().map(String::as_str).chain(COLOURS.iter().map(|(name, _)| *name)) {
        let field = format!("colour-{name}");
        if !values.has(&field) {
            continue;
        }
        match values.line(&field) {
            value if value.is_empty() => colours.remove(name),
            value => colours.insert(name.to_owned(), value.to_lowercase()),
        };
    }
    colours
}

/// The look of settings that need not be stored.
pub async fn of(desk: &Seat, newsroom: &Newsroom, mistakes: &Mistakes) -> Result<Look, Error> {
    let lang = desk.lang;
    let known = |name: &str| COLOURS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
    let unset = COLOURS.iter().map(|(name, _)| *name).filter(|name| !newsroom.colours.contains_key(*name));
    let colours = unset.chain(newsroom.colours.keys().map(String::as_str)).map(|name| Colour {
        name: name.to_owned(),
        label: known(name).map_or_else(|| name.to_owned(), |key| lang.t(key)),
        value: newsroom.colours.get(name).cloned().unwrap_or_default(),
    });
    Ok(Look {
        colours: colours.collect(),
        colour_error: mistakes.of("colours", lang),
        inputs: inputs(desk, newsroom, mistakes).iter().map(Field::html).collect(),
        frames: frames(lang, newsroom),
        notes: notes(desk, newsroom).await?,
    })
}

fn inputs(desk: &Seat, newsroom: &Newsroom, mistakes: &Mistakes) -> Vec<Field> {
    let make = Make::new(desk, mistakes);
    let lang = desk.lang;
    let style = newsroom.style;
    let typefaces = |chosen: Typeface| {
        let choice = |each: Typeface| {
            let name = match each {
                Typeface::Serif => "desk-style-serif",
                Typeface::Sans => "desk-style-sans",
            };
            Choice::new(each.as_str(), lang.t(name), each == chosen)
        };
        Typeface::ALL.map(choice).to_vec()
    };
    let spaces = Space::ALL.map(|each| {
        let name = match each {
            Space::Dense => "desk-style-dense",
            Space::Normal => "desk-style-normal",
            Space::Airy => "desk-style-airy",
        };
        Choice::new(each.as_str(), lang.t(name), each == style.space)
    });
    let corners = Corners::ALL.map(|each| {
        let name = match each {
            Corners::Square => "desk-style-square",
            Corners::Soft => "desk-style-soft",
            Corners::Round => "desk-style-round",
        };
        Choice::new(each.as_str(), lang.t(name), each == style.corners)
    });
    vec![
        make.line("logo", "desk-field-logo", &newsroom.logo).hint(lang.t("desk-hint-logo")),
        make.line("logo_dark", "desk-field-logo-dark", &newsroom.logo_dark),
        make.select("headlines", "desk-field-headlines", typefaces(style.headlines)).short(),
        make.select("text", "desk-field-running-text", typefaces(style.text)).short(),
        make.select("space", "desk-field-space", spaces.into()).short(),
        make.select("corners", "desk-field-corners", corners.into()).short(),
    ]
}

/// The settings as the addresses of the frames carry them.
fn query(newsroom: &Newsroom, scheme: Scheme) -> String {
    let mut query = ::url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("scheme", scheme.as_str());
    for (name, _) in COLOURS {
        query.append_pair(&format!("colour-{name}"), newsroom.colours.get(name).map_or("", String::as_str));
    }
    for (name, colour) in &newsroom.colours {
        if !COLOURS.iter().any(|(known, _)| known == name) {
            query.append_pair(&format!("colour-{name}"), colour);
        }
    }
    let style = newsroom.style;
    query
        .append_pair("logo", &newsroom.logo)
        .append_pair("logo_dark", &newsroom.logo_dark)
        .append_pair("headlines", style.headlines.as_str())
        .append_pair("text", style.text.as_str())
        .append_pair("space", style.space.as_str())
        .append_pair("corners", style.corners.as_str());
    query.finish()
}

fn frames(lang: Lang, newsroom: &Newsroom) -> Vec<Frame> {
    let places = [
        (Scheme::Light, "wide", "desk-look-light-wide"),
        (Scheme::Light, "phone", "desk-look-light-phone"),
        (Scheme::Dark, "wide", "desk-look-dark-wide"),
        (Scheme::Dark, "phone", "desk-look-dark-phone"),
    ];
    let frame = |(scheme, width, title): (Scheme, &'static str, &str)| Frame {
        scheme: scheme.as_str(),
        width,
        title: lang.t(title),
        url: format!("/admin/settings/look/page?{}", query(newsroom, scheme)),
    };
    places.map(frame).into()
}

async fn site(desk: &Seat, newsroom: &Newsroom) -> Result<Site, Error> {
    let code = newsroom.default_language.clone();
    Site::open(&desk.state, Language { code, newsroom: newsroom.clone() }).await
}

/// What somebody who chooses should know: where the pages will not show what was asked for.
async fn notes(desk: &Seat, newsroom: &Newsroom) -> Result<Vec<String>, Error> {
    let lang = desk.lang;
    let mut notes = Vec::new();
    for moved in moved_accents(&newsroom.colours) {
        // Never rounded up to what would do.
        let ratio = format!("{:.1}", (moved.contrast * 10.0).floor() / 10.0);
        let ratio = if lang == Lang::De { ratio.replace('.', ",") } else { ratio };
        let told = [("asked", moved.asked.into()), ("ratio", ratio.into()), ("taken", moved.taken.into())];
        notes.push(match moved.scheme {
            Scheme::Light => lang.t_args("desk-look-too-light", &told),
            Scheme::Dark => lang.t_args("desk-look-too-dark", &told),
        });
    }
    let site = site(desk, newsroom).await?;
    let has = [(site.logo().is_some(), &newsroom.logo), (site.has_dark_logo(), &newsroom.logo_dark)];
    for (is_seen, slug) in has {
        if !is_seen && !slug.is_empty() {
            notes.push(lang.t_args("desk-look-no-logo", &[("slug", slug.as_str().into())]));
        }
    }
    Ok(notes)
}

fn typed(desk: &Desk, values: &Values) -> DeskResult<Newsroom> {
    desk.require(Role::Admin)?;
    let mut newsroom = desk.newsroom.clone();
    fill(values, &mut newsroom);
    Ok(newsroom)
}

fn scheme(values: &Values) -> Scheme {
    let asked = values.line("scheme");
    Scheme::ALL.into_iter().find(|scheme| scheme.as_str() == asked).unwrap_or(Scheme::Light)
}

#[derive(askama::Template)]
#[template(path = "admin/look.html")]
struct LookPage {
    shell: Shell,
    look: Look,
}

/// Whoever reloads is back at the settings.
pub async fn back(desk: Desk) -> DeskResult {
    desk.require(Role::Admin)?;
    Ok(see_other("/admin/settings"))
}

/// What stands typed in the settings, on a page of its own.
pub async fn show(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    let newsroom = typed(&desk, &values)?;
    let look = of(&desk, &newsroom, &Mistakes::default()).await?;
    desk.page(&LookPage { shell: desk.shell(desk.lang.t("desk-look-title"), Section::Settings), look })
}

/// The front page as the public would see it, to stand in a frame.
pub async fn page(desk: Desk, UrlQuery(values): UrlQuery<Values>) -> DeskResult {
    let newsroom = typed(&desk, &values)?;
    let scheme = scheme(&values);
    let sheet = format!("/admin/settings/look/sheet.css?{}", query(&newsroom, scheme));
    let page = home::in_style(&site(&desk, &newsroom).await?, scheme, sheet).await?;
    let mut response: Response = page.into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, FRAMED);
    response.headers_mut().insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

pub async fn sheet(desk: Desk, UrlQuery(values): UrlQuery<Values>) -> DeskResult {
    let newsroom = typed(&desk, &values)?;
    Ok(assets::site_sheet_in(&newsroom, scheme(&values))?.into_response())
}

/// The notes alone, for the script that lets the frames follow.
pub async fn notes_of(desk: Desk, UrlQuery(values): UrlQuery<Values>) -> DeskResult {
    let newsroom = typed(&desk, &values)?;
    let told = json!({ "notes": notes(&desk, &newsroom).await? });
    Ok(Page::new("application/json", told.to_string(), Policy::NoStore).into_response())
}
