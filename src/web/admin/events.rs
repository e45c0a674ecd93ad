//! Events.

use super::albums::{badge, publication, publications};
use super::contacts::{contacts, topics};
use super::desk::{Desk, DeskResult, Section};
use super::field::{Choice, Make};
use super::form::{Mistakes, Values};
use super::record::{Family, Row, html};
use super::when;
use crate::domain::event::{Event, EventStatus};
use crate::domain::release::Release;
use crate::domain::{FieldError, Id};
use crate::i18n::Lang;
use crate::newsroom::fields::{EventFields, TimeInput};
use crate::store;
use crate::store::list::{self, Order, ReleaseFilter};

const STATUSES: [(EventStatus, &str, &str); 4] = [
    (EventStatus::Confirmed, "confirmed", "desk-event-confirmed"),
    (EventStatus::Tentative, "tentative", "desk-event-tentative"),
    (EventStatus::Postponed, "postponed", "desk-event-postponed"),
    (EventStatus::Cancelled, "cancelled", "desk-event-cancelled"),
];

pub struct Events;

impl Family for Events {
    type Fields = EventFields;
    const FOLDER: &'static str = "events";
    const SECTION: Section = Section::Events;
    const LIST: &'static str = "desk-events-title";
    const NEW: &'static str = "desk-events-new";
    const NONE: &'static str = "desk-events-none";
    const ORDER: Order = Order::Falling;

    fn title(desk: &Desk, fields: &EventFields) -> String {
        desk.pick(&fields.title).to_owned()
    }

    fn row(desk: &Desk, event: &Event) -> Row {
        let mut facts =
            vec![when::short(desk.lang, event.starts_at.utc, &event.starts_at.zone), event.venue.clone()];
        facts.retain(|fact| !fact.is_empty());
        Row {
            id: event.id,
            title: desk.pick(&event.title).to_owned(),
            facts: facts.join(" · "),
            thumb: None,
            badge: badge(desk, event.state),
        }
    }

    fn fill(desk: &Desk, values: &Values, fields: &mut EventFields) -> Vec<FieldError> {
        let languages = &desk.newsroom.languages;
        fields.title = values.localized("title", languages, &fields.title);
        fields.description = values.localized("description", languages, &fields.description);
        fields.starts_at = time(values, "starts_at", fields.starts_at.as_ref());
        fields.ends_at = time(values, "ends_at", fields.ends_at.as_ref());
        fields.venue = values.line("venue");
        fields.address = values.line("address");
        fields.website = values.line("website");
        let status = values.line("status");
        fields.status =
            STATUSES.iter().find(|(_, name, _)| *name == status).map_or(EventStatus::Confirmed, |(s, ..)| *s);
        fields.contacts = values.ids("contacts");
        fields.releases = values.ids("releases");
        fields.topics = values.all("topics").map(str::to_owned).collect();
        fields.state = publication(values);
        Vec::new()
    }

    async fn inputs(
        desk: &Desk,
        fields: &EventFields,
        mistakes: &Mistakes,
        _query: &str,
    ) -> DeskResult<Vec<String>> {
        let make = Make::new(desk, mistakes);
        let lang = desk.lang;
        let zone = lang.t_args("desk-hint-zone", &[("zone", desk.zone().into())]);
        let mut parts = make.localized(desk, "title", "desk-field-title", &fields.title, 0);
        let starts = make.input(
            "starts_at",
            "desk-field-starts-at",
            "datetime-local",
            local(fields.starts_at.as_ref()),
        );
        parts.push(starts.required().hint(&zone).short());
        let ends =
            make.input("ends_at", "desk-field-ends-at", "datetime-local", local(fields.ends_at.as_ref()));
        parts.push(ends.short());
        parts.push(make.line("venue", "desk-field-venue", &fields.venue).short());
        parts.push(make.line("address", "desk-field-address", &fields.address).short());
        parts.extend(make.localized(desk, "description", "desk-field-description", &fields.description, 4));
        parts.push(make.input("website", "desk-field-website", "url", &fields.website).short());
        let statuses = STATUSES
            .iter()
            .map(|(s, name, key)| Choice::new(*name, lang.t(key), *s == fields.status))
            .collect();
        parts.push(make.select("status", "desk-field-status", statuses).short());
        parts.push(make.select("state", "desk-field-state", publications(desk, fields.state)).short());
        parts.push(make.checks("topics", "desk-field-topics", topics(desk, &fields.topics).await?).short());
        parts.push(
            make.checks("contacts", "desk-field-contacts", contacts(desk, &fields.contacts).await?).short(),
        );
        parts.push(make.checks("releases", "desk-field-releases", releases(desk, &fields.releases).await?));
        Ok(html(&parts))
    }
}

pub fn status_name(lang: Lang, status: EventStatus) -> String {
    STATUSES.iter().find(|(known, ..)| *known == status).map_or_else(String::new, |(_, _, key)| lang.t(key))
}

/// What was typed, in the zone that the stored time has or else the newsroom's.
fn time(values: &Values, name: &str, old: Option<&TimeInput>) -> Option<TimeInput> {
    let local = values.line(name);
    let zone = match old {
        Some(TimeInput::Local { zone, .. }) => zone.clone(),
        _ => None,
    };
    (!local.is_empty()).then_some(TimeInput::Local { local, zone, utc: None })
}

fn local(time: Option<&TimeInput>) -> String {
    match time {
        Some(TimeInput::Local { local, .. }) => local.get(..16).unwrap_or(local).to_owned(),
        Some(TimeInput::Instant(utc)) => utc.to_string(),
        None => String::new(),
    }
}

/// The chosen releases and the newest others as check boxes.
pub async fn releases(desk: &Desk, chosen: &[Id]) -> DeskResult<Vec<Choice>> {
    const OFFERED: usize = 12;
    let db = &desk.ctx().db;
    let label = |release: &Release| format!("{} ({})", release.headline, release.language);
    let mut all: Vec<Choice> = store::record::find_all::<Release>(db, chosen)
        .await?
        .iter()
        .map(|release| Choice::new(release.id.to_string(), label(release), true))
        .collect();
    let newest = list::releases(db, &ReleaseFilter::default(), OFFERED + chosen.len().min(50), 0).await?;
    all.extend(
        newest
            .iter()
            .filter(|release| !chosen.contains(&release.id))
            .take(OFFERED)
            .map(|release| Choice::new(release.id.to_string(), label(release), false)),
    );
    Ok(all)
}
