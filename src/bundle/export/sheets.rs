//! The text of each kind's file: its path in the bundle and what stands in it.

use super::Called;
use crate::bundle::format::Document;
use crate::domain::album::Album;
use crate::domain::contact::Contact;
use crate::domain::event::{Event, EventStatus};
use crate::domain::newsroom::Newsroom;
use crate::domain::release::{CorrectionKind, Release};
use crate::domain::topic::Topic;
use crate::domain::{Publication, Timestamp};

pub fn newsroom(newsroom: &Newsroom, mut topics: Vec<Topic>) -> String {
    let mut d = Document::default();
    d.words("name", &newsroom.name)
        .text("organisation", &newsroom.organisation)
        .text("organisation_url", &newsroom.organisation_url)
        .text("default_language", &newsroom.default_language)
        .texts("languages", &newsroom.languages)
        .text("time_zone", &newsroom.time_zone)
        .words("default_usage_terms", &newsroom.default_usage_terms)
        .raw("keep_camera_data", &newsroom.keep_camera_data.to_string())
        .text("logo", &newsroom.logo)
        .text("logo_dark", &newsroom.logo_dark)
        .raw("reserve_mining", &newsroom.reserve_mining.to_string())
        .raw("require_approval", &newsroom.require_approval.to_string())
        .number("message_days", newsroom.message_days.into())
        .text("second_factor", newsroom.second_factor.as_str());
    // Empty lists are said too: what is not mentioned would stay as it is.
    if newsroom.colours.is_empty() {
        d.raw("colours", "{}");
    }
    if newsroom.preflight.is_empty() {
        d.raw("preflight", "{}");
    }
    if newsroom.boilerplates.is_empty() {
        d.raw("boilerplates", "[]");
    }
    if newsroom.pages.is_empty() {
        d.raw("pages", "[]");
    }
    if !newsroom.colours.is_empty() {
        d.section("[colours]");
        for (name, colour) in &newsroom.colours {
            d.text(name, colour);
        }
    }
    let style = &newsroom.style;
    d.section("[style]")
        .text("headlines", style.headlines.as_str())
        .text("text", style.text.as_str())
        .text("space", style.space.as_str())
        .text("corners", style.corners.as_str());
    if !newsroom.preflight.is_empty() {
        d.section("[preflight]");
        for (code, weight) in &newsroom.preflight {
            d.text(code, weight.as_str());
        }
    }
    for boilerplate in &newsroom.boilerplates {
        d.section("[[boilerplates]]")
            .text("key", &boilerplate.key)
            .text("language", &boilerplate.language)
            .text("title", &boilerplate.title)
            .text("text", &boilerplate.text);
    }
    topics.sort_by(|a, b| (a.order, &a.slug).cmp(&(b.order, &b.slug)));
    for topic in &topics {
        d.section("[[topics]]")
            .text("slug", &topic.slug)
            .words("name", &topic.name)
            .number("order", topic.order)
            .moment("created_at", topic.created_at)
            .moment("updated_at", topic.updated_at);
    }
    for page in &newsroom.pages {
        d.section("[[pages]]")
            .text("slug", &page.slug)
            .text("language", &page.language)
            .text("title", &page.title)
            .text("body", &page.body);
    }
    for pin in &newsroom.pins {
        d.section("[[pins]]").text("query", &pin.query).texts("records", &pin.records);
    }
    d.finish()
}

pub fn contact(contact: &Contact, called: &Called) -> (String, String) {
    let mut d = Document::default();
    d.text("name", &contact.name)
        .words_if("role", &contact.role)
        .text_if("organisation", &contact.organisation);
    let phones = contact.phones.iter().map(|phone| vec![("type", &phone.kind), ("number", &phone.number)]);
    d.tables_if("phones", phones)
        .text_if("email", &contact.email)
        .texts_if("languages", &contact.languages)
        .texts_if("topics", &contact.topics);
    if let Some(portrait) = contact.portrait.and_then(|id| called.photos.get(&id)) {
        d.text("portrait", portrait);
    }
    d.number("order", contact.order);
    end(&mut d, contact.created_at, contact.updated_at, called.earlier(contact.id));
    let roster = &contact.roster;
    if !roster.zone.is_empty() {
        d.section("[roster]").text("zone", &roster.zone);
    }
    let clock = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    for hours in &roster.hours {
        let days: Vec<&str> = hours.days.iter().map(|day| day.as_str()).collect();
        d.section("[[roster.hours]]")
            .texts("days", &days)
            .text("from", &clock(hours.from))
            .text("until", &clock(hours.until));
    }
    for absence in &roster.absences {
        d.section("[[roster.absences]]")
            .day_if("from", Some(absence.from))
            .day_if("until", Some(absence.until))
            .text_if("stand_in", &absence.stand_in);
    }
    (format!("contacts/{}.toml", contact.slug), d.finish())
}

pub fn release(release: &Release, called: &Called) -> (String, String) {
    let r = release;
    let mut d = Document::default();
    d.text("language", &r.language)
        .text("state", r.state.as_str())
        .text("headline", &r.headline)
        .texts_if("sub_headlines", &r.sub_headlines)
        .text_if("dateline_place", &r.dateline_place)
        .day_if("dateline_date", r.dateline_date)
        .texts_if("topics", &r.topics)
        .texts_if("contacts", &Called::all(&called.contacts, &r.contacts))
        .texts_if("assets", &Called::all(&called.photos, &r.assets))
        .texts_if("related", &Called::all(&called.releases, &r.related));
    if let Some(original) = r.translation_of.and_then(|id| called.releases.get(&id)) {
        d.text("translation_of", original);
    }
    d.text_if("boilerplate", &r.boilerplate)
        .moment_if("published_at", r.published_at)
        .moment("updated_at", r.updated_at)
        .moment("created_at", r.created_at)
        .planned_if("publish_at", r.publish_at.as_ref())
        .planned_if("embargo_until", r.embargo_until.as_ref());
    // Slugs it had once lead to it as aliases do.
    let mut aliases = r.aliases.clone();
    aliases.extend(called.earlier(r.id).iter().filter(|slug| !r.aliases.contains(slug)).cloned());
    let (withdrawn_at, withdrawn_reason) = r.withdrawal();
    d.texts_if("aliases", &aliases)
        .moment_if("withdrawn_at", withdrawn_at)
        .text_if("withdrawn_reason", withdrawn_reason)
        .corrections_if(r.corrections.iter().map(|c| {
            let kind = match c.kind {
                CorrectionKind::Correction => "correction",
                CorrectionKind::Update => "update",
            };
            (c.at, kind, c.note.as_str())
        }))
        .review_if(
            r.review.as_ref().map(|review| (review.at, review.step.as_str(), [&review.by, &review.note])),
        )
        .text_if("edited_by", &r.edited_by)
        .moment_if("edited_at", r.edited_at);
    (format!("releases/{}.md", r.slug), d.front_of(&r.body))
}

pub fn album(album: &Album, called: &Called) -> (String, String) {
    let mut d = Document::default();
    d.words("title", &album.title)
        .words_if("description", &album.description)
        .texts_if("assets", &Called::all(&called.photos, &album.assets))
        .text("state", publication(album.state))
        .moment_if("published_at", album.published_at)
        .number("order", album.order);
    end(&mut d, album.created_at, album.updated_at, called.earlier(album.id));
    (format!("albums/{}.toml", album.slug), d.finish())
}

pub fn event(event: &Event, called: &Called) -> (String, String) {
    let status = match event.status {
        EventStatus::Confirmed => "confirmed",
        EventStatus::Tentative => "tentative",
        EventStatus::Cancelled => "cancelled",
        EventStatus::Postponed => "postponed",
    };
    let mut d = Document::default();
    d.words("title", &event.title)
        .words_if("description", &event.description)
        .planned_if("starts_at", Some(&event.starts_at))
        .planned_if("ends_at", event.ends_at.as_ref())
        .text_if("venue", &event.venue)
        .text_if("address", &event.address)
        .text_if("url", &event.url)
        .text("status", status)
        .texts_if("contacts", &Called::all(&called.contacts, &event.contacts))
        .texts_if("releases", &Called::all(&called.releases, &event.releases))
        .texts_if("topics", &event.topics)
        .text("state", publication(event.state))
        .moment_if("published_at", event.published_at);
    end(&mut d, event.created_at, event.updated_at, called.earlier(event.id));
    (format!("events/{}.toml", event.slug), d.finish())
}

const fn publication(state: Publication) -> &'static str {
    match state {
        Publication::Draft => "draft",
        Publication::Published => "published",
    }
}

fn end(d: &mut Document, created_at: Timestamp, updated_at: Timestamp, earlier_slugs: &[String]) {
    d.moment("created_at", created_at)
        .moment("updated_at", updated_at)
        .texts_if("earlier_slugs", earlier_slugs);
}
