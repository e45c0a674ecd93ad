//! The month on the overview: what goes online by itself and the events, on their days in the newsroom's zone.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::desk::Desk;
use super::events::status_name;
use super::release_edit::state_name;
use crate::domain::event::{Event, EventStatus};
use crate::domain::release::Release;
use crate::domain::{Publication, Timestamp, ZonedTime};
use crate::i18n::Lang;
use crate::store::{StoreError, desk};

/// Releases and events that one month shows at most.
const MAX_ENTRIES: usize = 300;
/// An exhibition that is open longer is shown in its first months.
const LONGEST_EVENT_DAYS: i64 = 400;

pub struct Entry {
    pub url: String,
    pub title: String,
    pub language: String,
    /// "10:00"; empty on the further days of an event.
    pub clock: String,
    /// Class and words of its badge.
    pub kind: &'static str,
    pub kind_name: String,
}

pub struct Day {
    pub date: Date,
    /// "Mittwoch, 2. Dezember 2026"
    pub name: String,
    pub is_today: bool,
    pub entries: Vec<Entry>,
}

pub struct Turn {
    pub month: String,
    pub name: String,
}

pub struct Calendar {
    pub name: String,
    /// Short and in full, from Monday on.
    pub weekdays: Vec<(String, &'static str)>,
    /// Weeks from Monday on; days of other months are left out.
    pub weeks: Vec<[Option<Day>; 7]>,
    pub before: Option<Turn>,
    pub after: Option<Turn>,
    pub is_empty: bool,
}

fn turn(lang: Lang, first: Date) -> Turn {
    Turn { month: first.strftime("%Y-%m").to_string(), name: lang.month(first) }
}

/// The first day of a month such as `2026-12`.
fn first_day(text: &str) -> Option<Date> {
    let date: Date = format!("{text}-01").parse().ok()?;
    // Beyond them are typing mistakes, and the ends of time.
    (text.len() == 7 && (1900..2200).contains(&date.year())).then_some(date)
}

impl Calendar {
    /// The asked month, or the present one.
    pub async fn of(desk: &Desk, asked: Option<&str>) -> Result<Self, StoreError> {
        let today = ZonedTime::from_instant(desk.now(), desk.zone()).local.date();
        let first = asked.and_then(first_day).unwrap_or_else(|| today.first_of_month());
        let last = first.last_of_month();
        let tz = TimeZone::get(desk.zone()).unwrap_or(TimeZone::UTC);
        let start = |date: Date| {
            date.to_zoned_datetime(tz.clone()).map_or(Timestamp::MIN, |moment| moment.timestamp())
        };
        let after = last.tomorrow().unwrap_or(last);
        let (from, until) = (start(first), start(after));
        let db = &desk.ctx().db;
        let due = desk::due_between(db, desk.now(), from, until, MAX_ENTRIES).await?;
        // Also those that have begun earlier and go on.
        let since = from.checked_sub((24 * LONGEST_EVENT_DAYS).hours()).unwrap_or(from);
        let events = desk::events_between(db, since, until, MAX_ENTRIES).await?;
        let mut days: BTreeMap<Date, Vec<Entry>> = BTreeMap::new();
        for release in &due {
            let Some(at) = release.publish_at.as_ref().or(release.embargo_until.as_ref()) else { continue };
            let local = ZonedTime::from_instant(at.utc, desk.zone()).local;
            days.entry(local.date()).or_default().push(of_release(
                desk,
                release,
                local.strftime("%H:%M").to_string(),
            ));
        }
        for event in &events {
            let begins = ZonedTime::from_instant(event.starts_at.utc, desk.zone()).local;
            let ends = last_day(event, desk.zone());
            let mut day = begins.date().max(first);
            while day <= ends.min(last) {
                let clock =
                    if day == begins.date() { begins.strftime("%H:%M").to_string() } else { String::new() };
                days.entry(day).or_default().push(of_event(desk, event, clock));
                let Ok(next) = day.tomorrow() else { break };
                day = next;
            }
        }
        for entries in days.values_mut() {
            entries.sort_by(|a, b| a.clock.cmp(&b.clock));
        }
        let is_empty = days.is_empty();
        let lang = desk.lang;
        let monday = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
        let weekdays =
            monday.series(1.day()).take(7).map(|date| (weekday_short(lang, date), lang.weekday(date)));
        let mut weeks = Vec::new();
        let mut dates = monday.series(1.day());
        while weeks.len() < 6 {
            let week: [Option<Day>; 7] = std::array::from_fn(|_| {
                let date = dates.next().filter(|date| (first..=last).contains(date))?;
                Some(Day {
                    date,
                    name: format!("{}, {}", lang.weekday(date), lang.date(date)),
                    is_today: date == today,
                    entries: days.remove(&date).unwrap_or_default(),
                })
            });
            if week.iter().all(Option::is_none) {
                break;
            }
            weeks.push(week);
        }
        Ok(Self {
            name: lang.month(first),
            weekdays: weekdays.collect(),
            weeks,
            before: first.yesterday().ok().map(|date| turn(lang, date.first_of_month())),
            after: Some(turn(lang, after)),
            is_empty,
        })
    }
}

/// "Mo", "Mon"
fn weekday_short(lang: Lang, date: Date) -> String {
    lang.weekday(date).chars().take(if lang == Lang::De { 2 } else { 3 }).collect()
}

/// An event that ends at midnight does not take place on the day that begins then.
fn last_day(event: &Event, zone: &str) -> Date {
    let begins = event.starts_at.utc;
    let end = event.ends_at.as_ref().map_or(begins, |end| end.utc);
    let end = end.checked_sub(1.nanosecond()).unwrap_or(end).max(begins);
    ZonedTime::from_instant(end, zone).local.date()
}

fn of_release(desk: &Desk, release: &Release, clock: String) -> Entry {
    let state = release.state_at(desk.now());
    Entry {
        url: format!("/admin/releases/{}", release.id),
        title: release.headline.clone(),
        language: release.language.clone(),
        clock,
        kind: state.as_str(),
        kind_name: state_name(desk, state),
    }
}

fn of_event(desk: &Desk, event: &Event, clock: String) -> Entry {
    let kind_name = match (event.state, event.status) {
        (Publication::Draft, _) => desk.lang.t("desk-state-draft"),
        (_, EventStatus::Confirmed) => desk.lang.t("desk-calendar-event"),
        (_, other) => status_name(desk.lang, other),
    };
    Entry {
        url: format!("/admin/events/{}", event.id),
        title: desk.pick(&event.title).to_owned(),
        language: desk.lang.tag().to_owned(),
        clock,
        kind: if event.status == EventStatus::Cancelled { "withdrawn" } else { "event" },
        kind_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_months_are_months() {
        assert_eq!(first_day("2026-12"), Some(jiff::civil::date(2026, 12, 1)));
        for wrong in ["2026-13", "2026-1", "", "9999-12", "2026-12-01", "abcd-ef", "-026-12"] {
            assert_eq!(first_day(wrong), None, "{wrong}");
        }
    }
}
