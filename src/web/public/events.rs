//! Dates for the press, with calendar files.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::domain::event::Event;
use crate::domain::visibility::Exposure;
use crate::feed::{ics, jsonld};
use crate::newsroom::sight::clear;
use crate::store::list::{self, ListFilter, Order};
use crate::store::record;
use crate::web::bytes::moved;
use crate::web::extract::{Language, MaybeActor, UrlPath};
use crate::web::page::{Page, Policy};
use crate::web::view::event::{EventView, EventsPage};
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error, url};

use super::Slug;
use super::site::Site;

const MAX_EVENTS: usize = 200;

fn exposure(event: &Event) -> Exposure {
    Exposure { public_from: event.public_from(), ..Exposure::default() }
}

/// Public events as the public may read them, the latest start first.
async fn all(site: &Site) -> Result<Vec<Event>, Error> {
    let filter = ListFilter::public(site.now, Order::Falling);
    let mut events: Vec<Event> = list::list(&site.state.ctx.db, &filter, MAX_EVENTS, 0).await?;
    events.retain(|event| site.is_open(&exposure(event)));
    clear(&site.state.ctx, &mut events, &[], site.now).await?;
    Ok(events)
}

/// The address of a calendar as programs take it to subscribe.
fn webcal(url: &str) -> String {
    url.split_once("://").map_or_else(|| url.to_owned(), |(_, rest)| format!("webcal://{rest}"))
}

/// What is not over yet, the next one first.
pub async fn upcoming(site: &Site) -> Result<Vec<Event>, Error> {
    let mut events = all(site).await?;
    events.retain(|event| event.over_at() > site.now);
    events.sort_by_key(|event| event.starts_at.utc);
    Ok(events)
}

pub async fn list(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let events = all(&site).await?;
    let path = site.urls.events();
    let json_ld = events.iter().filter(|event| event.over_at() > site.now).map(|event| {
        let path = site.urls.event(&event.slug);
        jsonld::to_script(&jsonld::event(event, &site.newsroom, &path, state.base(), &site.code))
    });
    let meta = Meta {
        title: site.lang.t("events-title"),
        kind: "website",
        json_ld: json_ld.collect(),
        ..Meta::default()
    };
    let shell = site.shell(Section::Events, &path, &site.everywhere(url::Urls::events), meta);
    let (mut upcoming, mut past) = (Vec::<EventView>::new(), Vec::new());
    for event in &events {
        let view = site.event_view(event).await?;
        if event.over_at() > site.now { upcoming.push(view) } else { past.push(view) }
    }
    upcoming.reverse();
    let calendar = site.absolute(&site.urls.events_calendar());
    Ok(Page::html(
        &EventsPage { shell, calendar_url: webcal(&calendar), upcoming, past },
        Policy::Revalidate,
    )?
    .language(&site.code))
}

/// All public events as one calendar, for programs that subscribe to it.
pub async fn calendar(State(state): State<AppState>, language: Language) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let events = all(&site).await?;
    let entry = |event| ics::CalendarEvent { event, page_url: String::new() };
    let mut entries: Vec<_> = events.iter().map(entry).collect();
    for entry in &mut entries {
        entry.page_url = site.absolute(&site.urls.event(&entry.event.slug));
    }
    let name = format!("{}: {}", site.text(&site.newsroom.name), site.lang.t("events-title"));
    let text = ics::calendar(&name, &entries, &site.code, &site.newsroom.default_language);
    let page = Page::new(ics::MEDIA_TYPE, text, Policy::Revalidate).language(&site.code);
    Ok(match events.iter().map(|event| event.updated_at).max() {
        Some(changed) => page.last_modified(changed),
        None => page,
    })
}

/// An event's place on the page of events, or its calendar file.
pub async fn show(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
    actor: MaybeActor,
) -> Result<Response, Error> {
    let (slug, is_calendar) = match slug.strip_suffix(".ics") {
        Some(slug) => (slug, true),
        None => (slug.as_str(), false),
    };
    let mut event: Event = record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let sight = actor.sight(&exposure(&event), state.now());
    let access = sight.access();
    if !access.is_allowed() {
        return Err(Error::NotFound);
    }
    let site = Site::open(&state, language).await?;
    if !is_calendar {
        return Ok(moved(&format!("{}#{}", site.urls.events(), event.slug), access));
    }
    if event.slug != slug {
        return Ok(moved(&site.urls.ics(&event.slug), access));
    }
    let policy = sight.policy(Policy::Revalidate);
    clear(&state.ctx, std::slice::from_mut(&mut event), &[], site.now).await?;
    let page_url = site.absolute(&site.urls.event(&event.slug));
    let calendar = ics::CalendarEvent { event: &event, page_url };
    let text = ics::event(&calendar, &site.code, &site.newsroom.default_language);
    let page = Page::new(ics::MEDIA_TYPE, text, policy).last_modified(event.updated_at);
    Ok(page.download_as(format!("{}.ics", event.slug)).into_response())
}
