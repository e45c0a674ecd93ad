//! Press dates as a calendar: iCalendar (RFC 5545), for import and for subscription.
//!
//! Written by hand because every time in a zone needs that zone's rules beside it (section 3.6.5), and because
//! the same event must give the same bytes every time.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::content_line::{list, push, raw, text};
use crate::domain::ZonedTime;
use crate::domain::event::{Event, EventStatus};
use crate::text::plain;

pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// One event with the absolute address of its page.
#[derive(Debug, Clone)]
pub struct CalendarEvent<'a> {
    pub event: &'a Event,
    pub page_url: String,
}

/// A calendar with one event in it. Texts are taken in `language`, else in `fallback`.
pub fn event(event: &CalendarEvent<'_>, language: &str, fallback: &str) -> String {
    calendar("", std::slice::from_ref(event), language, fallback)
}

/// A calendar of several events with a name for subscribers (may be empty).
pub fn calendar(name: &str, events: &[CalendarEvent<'_>], language: &str, fallback: &str) -> String {
    let mut calendar = String::new();
    let out = &mut calendar;
    push(out, "BEGIN", "VCALENDAR");
    push(out, "VERSION", "2.0");
    push(out, "PRODID", "-//pressroom//EN");
    push(out, "CALSCALE", "GREGORIAN");
    push(out, "METHOD", "PUBLISH");
    if !name.is_empty() {
        // RFC 7986 and the older name that most programs read.
        push(out, "NAME", &text(name));
        push(out, "X-WR-CALNAME", &text(name));
    }
    for (zone, from, to) in zones(events) {
        push_zone(out, &zone, from, to);
    }
    for event in events {
        push_event(out, event, language, fallback);
    }
    push(out, "END", "VCALENDAR");
    calendar
}

fn push_event(out: &mut String, event: &CalendarEvent<'_>, language: &str, fallback: &str) {
    let CalendarEvent { event, page_url } = event;
    push(out, "BEGIN", "VEVENT");
    push(out, "UID", &event.id.to_string());
    push(out, "DTSTAMP", &utc(event.updated_at));
    push(out, "CREATED", &utc(event.created_at));
    push(out, "LAST-MODIFIED", &utc(event.updated_at));
    push(out, "SEQUENCE", &event.version.clamp(0, i64::from(i32::MAX)).to_string());
    push_time(out, "DTSTART", &event.starts_at);
    if let Some(end) = &event.ends_at {
        push_time(out, "DTEND", end);
    }
    push(out, "SUMMARY", &text(event.title.get(language, fallback)));
    let mut description = plain::from_markdown(event.description.get(language, fallback));
    if !event.url.is_empty() {
        description = format!("{description}\n\n{}", event.url).trim().to_owned();
    }
    if !description.is_empty() {
        push(out, "DESCRIPTION", &text(&description));
    }
    let place = [event.venue.trim(), event.address.trim()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    if !place.is_empty() {
        push(out, "LOCATION", &text(&place.join(", ")));
    }
    // What is postponed will take place, only not then: calendars know no better word than tentative.
    let status = match event.status {
        EventStatus::Confirmed => "CONFIRMED",
        EventStatus::Tentative | EventStatus::Postponed => "TENTATIVE",
        EventStatus::Cancelled => "CANCELLED",
    };
    push(out, "STATUS", status);
    if !event.topics.is_empty() {
        push(out, "CATEGORIES", &list(event.topics.iter().map(String::as_str)));
    }
    let url = if page_url.is_empty() { &event.url } else { page_url };
    if !url.is_empty() {
        push(out, "URL", &raw(url));
    }
    push(out, "END", "VEVENT");
}

fn push_time(out: &mut String, name: &str, time: &ZonedTime) {
    if is_utc(&time.zone) {
        push(out, name, &utc(time.utc));
    } else {
        let local = time.local.strftime("%Y%m%dT%H%M%S").to_string();
        push(out, &format!("{name};TZID={}", raw(&time.zone)), &local);
    }
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn is_utc(zone: &str) -> bool {
    matches!(zone, "UTC" | "Etc/UTC")
}

/// Every zone the events use, with the first and the last moment it is needed for.
fn zones(events: &[CalendarEvent<'_>]) -> Vec<(String, Timestamp, Timestamp)> {
    let mut zones: Vec<(String, Timestamp, Timestamp)> = Vec::new();
    let times = events.iter().flat_map(|e| std::iter::once(&e.event.starts_at).chain(&e.event.ends_at));
    for time in times.filter(|time| !is_utc(&time.zone)) {
        match zones.iter_mut().find(|(zone, ..)| *zone == time.zone) {
            Some((_, from, to)) => {
                *from = time.utc.min(*from);
                *to = time.utc.max(*to);
            }
            None => zones.push((time.zone.clone(), time.utc, time.utc)),
        }
    }
    zones
}

/// The rules of a zone from the change before `from` to the one after `to`.
fn push_zone(out: &mut String, name: &str, from: Timestamp, to: Timestamp) {
    let Ok(zone) = TimeZone::get(name) else { return };
    push(out, "BEGIN", "VTIMEZONE");
    push(out, "TZID", &raw(name));
    // `preceding` leaves a change at the very moment out.
    let just_after = from.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(from);
    let before = zone.preceding(just_after).next();
    let mut changes: Vec<_> = before.into_iter().collect();
    for change in zone.following(from) {
        let is_last = change.timestamp() > to;
        changes.push(change);
        if is_last {
            break;
        }
    }
    let has_begin = changes.first().is_some_and(|change| change.timestamp() <= from);
    if !has_begin {
        let offset = zone.to_offset(from);
        push_rule(out, "STANDARD", "19700101T000000", offset, offset);
    }
    for change in changes {
        let just_before =
            change.timestamp().saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(change.timestamp());
        let earlier = zone.to_offset(just_before);
        let kind =
            if zone.to_offset_info(change.timestamp()).dst().is_dst() { "DAYLIGHT" } else { "STANDARD" };
        let local = earlier.to_datetime(change.timestamp()).strftime("%Y%m%dT%H%M%S").to_string();
        push_rule(out, kind, &local, earlier, change.offset());
    }
    push(out, "END", "VTIMEZONE");
}

fn push_rule(out: &mut String, kind: &str, local: &str, from: Offset, to: Offset) {
    push(out, "BEGIN", kind);
    push(out, "DTSTART", local);
    push(out, "TZOFFSETFROM", &offset(from));
    push(out, "TZOFFSETTO", &offset(to));
    push(out, "END", kind);
}

fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Localized, Publication};
    use icalendar::{Component, EventLike};

    fn sample(local: &str, zone: &str) -> Event {
        let at = "2026-11-24T12:00:00Z".parse().unwrap();
        Event {
            id: "019a4f00-0000-7000-8000-000000000002".parse().unwrap(),
            slug: "pk".to_owned(),
            version: 7,
            title: Localized::from("Pressekonferenz: Zahlen, Ziele; Größe"),
            description: Localized::from("Mit **Ada**.\n\n- Punkt"),
            starts_at: ZonedTime::resolve("t", local.parse().unwrap(), zone).unwrap(),
            ends_at: None,
            venue: "Halle 4".to_owned(),
            address: "Messeallee 1, Föhrwald".to_owned(),
            url: String::new(),
            status: EventStatus::Confirmed,
            contacts: Vec::new(),
            releases: Vec::new(),
            topics: vec!["energie".to_owned()],
            state: Publication::Published,
            published_at: None,
            created_at: at,
            updated_at: at,
        }
    }

    fn written(event_data: &Event) -> String {
        let page_url = "https://p.example/events/pk".to_owned();
        event(&CalendarEvent { event: event_data, page_url }, "de", "en")
    }

    #[test]
    fn another_program_reads_the_event() {
        let mut data = sample("2027-03-09T10:00", "Europe/Berlin");
        data.ends_at =
            Some(ZonedTime::resolve("t", "2027-03-09T11:30".parse().unwrap(), "Europe/Berlin").unwrap());
        let document = written(&data);
        let read: icalendar::Calendar = document.parse().unwrap();
        let event = read.events().next().unwrap();
        assert_eq!(event.get_summary(), Some("Pressekonferenz: Zahlen, Ziele; Größe"));
        assert_eq!(event.get_location(), Some("Halle 4, Messeallee 1, Föhrwald"));
        assert_eq!(event.get_description(), Some("Mit Ada.\n\n– Punkt"));
        assert_eq!(event.get_uid(), Some("019a4f00-0000-7000-8000-000000000002"));
        assert_eq!(event.get_sequence(), Some(7));
        assert_eq!(event.get_url(), Some("https://p.example/events/pk"));
        assert!(document.contains("DTSTART;TZID=Europe/Berlin:20270309T100000\r\n"), "{document}");
        assert!(document.contains("DTEND;TZID=Europe/Berlin:20270309T113000\r\n"));
        assert!(document.contains("STATUS:CONFIRMED\r\n"));
    }

    #[test]
    fn the_zone_brings_its_rules() {
        let document = written(&sample("2027-03-09T10:00", "Europe/Berlin"));
        let winter = "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD";
        let summer = "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT";
        assert!(document.contains(winter) && document.contains(summer), "{document}");
        let document = written(&sample("2027-03-09T10:00", "Etc/GMT+3"));
        assert!(
            document.contains("DTSTART:19700101T000000\r\nTZOFFSETFROM:-0300\r\nTZOFFSETTO:-0300"),
            "{document}"
        );
        let document = written(&sample("2027-03-09T10:00", "UTC"));
        assert!(document.contains("DTSTART:20270309T100000Z\r\n") && !document.contains("VTIMEZONE"));
    }

    #[test]
    fn the_same_event_gives_the_same_bytes() {
        let mut data = sample("2027-07-09T10:00", "America/New_York");
        assert_eq!(written(&data), written(&data));
        data.status = EventStatus::Cancelled;
        assert!(written(&data).contains("STATUS:CANCELLED"));
        data.status = EventStatus::Postponed;
        assert!(written(&data).contains("STATUS:TENTATIVE"));
    }
}
