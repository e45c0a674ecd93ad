//! When a press contact answers: weekly hours on the clocks of one zone, and who stands in during an absence.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{FieldError, Timestamp};

/// How far ahead is looked for the next time that somebody answers.
const HORIZON_DAYS: i64 = 400;
/// Hours that begin so soon are told by the day of the week, others by their date.
pub const NAMES_WEEKDAY_HOURS: i64 = 6 * 24;
const MAX_HOURS: usize = 28;
const MAX_ABSENCES: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    fn is(self, date: Date) -> bool {
        i64::from(date.weekday().to_monday_zero_offset()) == self as i64
    }
}

/// From when until when on some days of each week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub days: Vec<Day>,
    #[serde(with = "clock")]
    pub from: Time,
    /// Midnight is the end of the day.
    #[serde(with = "clock")]
    pub until: Time,
}

/// Whole days on which somebody does not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    pub from: Date,
    /// The last day of it.
    pub until: Date,
    /// The slug of the contact who answers instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stand_in: String,
}

impl Absence {
    fn holds(&self, date: Date) -> bool {
        (self.from..=self.until).contains(&date)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Roster {
    /// Empty: the newsroom's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zone: String,
    pub hours: Vec<Hours>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Absence>,
}

/// Whether somebody answers at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub is_now: bool,
    /// The absence of this day.
    pub absence: Option<Absence>,
    /// When hours begin next, unless they have.
    pub next: Option<Timestamp>,
    /// When this is no longer so.
    pub turns_at: Option<Timestamp>,
}

impl Roster {
    pub const fn is_empty(&self) -> bool {
        self.hours.is_empty() && self.absences.is_empty()
    }

    pub fn zone_or<'a>(&'a self, newsroom: &'a str) -> &'a str {
        if self.zone.is_empty() { newsroom } else { &self.zone }
    }

    /// Takes out the absences that do not hold on the day of a moment: when somebody will be away is nobody's business.
    pub fn forget_other_absences(&mut self, now: Timestamp, newsroom_zone: &str) {
        let zone = TimeZone::get(self.zone_or(newsroom_zone)).unwrap_or(TimeZone::UTC);
        let today = now.to_zoned_datetime(zone).date();
        self.absences.retain(|absence| absence.holds(today));
    }

    /// What the roster says of a moment; `None` when it says nothing.
    pub fn duty(&self, now: Timestamp, newsroom_zone: &str) -> Option<Duty> {
        if self.is_empty() {
            return None;
        }
        let zone = TimeZone::get(self.zone_or(newsroom_zone)).unwrap_or(TimeZone::UTC);
        let today = now.to_zoned_datetime(zone.clone()).date();
        let absence = self.absences.iter().find(|absence| absence.holds(today)).cloned();
        let mut turns: Vec<Timestamp> = Vec::new();
        for edge in &self.absences {
            turns.extend(start_of(edge.from, &zone));
            turns.extend(edge.until.tomorrow().ok().and_then(|day| start_of(day, &zone)));
        }
        let mut day = today;
        let mut next = None;
        let mut ends = None;
        for _ in 0..HORIZON_DAYS {
            for (from, until) in self.shifts_on(day, &zone) {
                if from <= now && now < until {
                    ends = ends.max(Some(until));
                } else if from > now && ends != Some(from) {
                    next = [next, Some(from)].into_iter().flatten().min();
                } else if ends == Some(from) {
                    ends = Some(until);
                }
            }
            let Ok(tomorrow) = day.tomorrow() else { break };
            day = tomorrow;
            // Hours until midnight may go on with those of the next day.
            if next.is_some() || ends.is_some_and(|end| start_of(day, &zone).is_some_and(|start| end < start))
            {
                break;
            }
        }
        turns.extend(ends.or(next));
        turns.extend(next.and_then(|at| at.checked_sub(NAMES_WEEKDAY_HOURS.hours()).ok()));
        Some(Duty {
            is_now: ends.is_some(),
            absence,
            next: if ends.is_some() { None } else { next },
            turns_at: turns.into_iter().filter(|at| *at > now).min(),
        })
    }

    /// The hours of a day in their order.
    fn shifts_on(&self, day: Date, zone: &TimeZone) -> Vec<(Timestamp, Timestamp)> {
        if self.absences.iter().any(|absence| absence.holds(day)) {
            return Vec::new();
        }
        let at = |time: Time| Some(day.to_datetime(time).to_zoned_datetime(zone.clone()).ok()?.timestamp());
        let of_day = self.hours.iter().filter(|hours| hours.days.iter().any(|d| d.is(day)));
        let mut shifts: Vec<_> = of_day
            .filter_map(|hours| {
                let until = if hours.until == Time::midnight() {
                    start_of(day.tomorrow().ok()?, zone)?
                } else {
                    at(hours.until)?
                };
                Some((at(hours.from)?, until))
            })
            .collect();
        shifts.sort_unstable();
        shifts
    }

    pub fn check(&self, errors: &mut Vec<FieldError>) {
        let mut wrong = |field: String, code: &'static str, detail: String| {
            errors.push(FieldError::new(field, code, detail));
        };
        if !self.zone.is_empty() && TimeZone::get(&self.zone).is_err() {
            let detail = format!("`{}` is not an IANA time zone", self.zone);
            wrong("roster.zone".to_owned(), "unknown_zone", detail);
        }
        if self.hours.len() > MAX_HOURS || self.absences.len() > MAX_ABSENCES {
            let detail = format!("At most {MAX_HOURS} hours and {MAX_ABSENCES} absences are taken");
            wrong("roster".to_owned(), "too_many", detail);
        }
        for (i, hours) in self.hours.iter().enumerate() {
            if hours.days.is_empty() {
                wrong(
                    format!("roster.hours[{i}].days"),
                    "required",
                    "Hours need at least one day".to_owned(),
                );
            }
            if hours.until != Time::midnight() && hours.until <= hours.from {
                let detail = "The hours end before they begin".to_owned();
                wrong(format!("roster.hours[{i}].until"), "before_start", detail);
            }
        }
        for (i, absence) in self.absences.iter().enumerate() {
            if absence.until < absence.from {
                let detail = "The absence ends before it begins".to_owned();
                wrong(format!("roster.absences[{i}].until"), "before_start", detail);
            }
        }
    }

    /// In the order of the calendar.
    pub fn in_order(mut self) -> Self {
        self.absences.sort_by_key(|absence| absence.from);
        for hours in &mut self.hours {
            hours.days.sort_unstable();
            hours.days.dedup();
        }
        self
    }
}

fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.to_zoned_datetime(zone.clone()).ok()?.timestamp())
}

/// A time of day as people write it: `09:00`.
pub mod clock {
    use jiff::civil::Time;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.strftime("%H:%M"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::read_clock(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a time of day such as 09:00")))
    }
}

/// Reads `9:00`, `09:00`, `9`, and `24:00` as midnight.
pub fn read_clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    // Seconds are written by some browsers and mean nothing here.
    let minute = minute.split(':').next()?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    if (hour, minute) == (24, 0) { Some(Time::midnight()) } else { Time::new(hour, minute, 0, 0).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster() -> Roster {
        let text = r#"{"zone":"Europe/Berlin","hours":[
            {"days":["mon","tue","wed","thu","fri"],"from":"09:00","until":"17:00"},
            {"days":["sat"],"from":"20:00","until":"24:00"},{"days":["sun"],"from":"00:00","until":"02:00"}],
            "absences":[{"from":"2026-12-23","until":"2026-12-31","stand_in":"ben"}]}"#;
        serde_json::from_str(text).unwrap()
    }

    fn duty(at: &str) -> Duty {
        roster().duty(at.parse().unwrap(), "UTC").unwrap()
    }

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn hours_begin_and_end_on_the_minute_in_their_zone() {
        let before = duty("2026-11-30T07:59:59.999Z");
        assert!(!before.is_now);
        assert_eq!(before.next, at("2026-11-30T08:00:00Z"));
        assert_eq!(before.turns_at, before.next);
        let within = duty("2026-11-30T08:00:00Z");
        assert!(within.is_now);
        assert_eq!(within.turns_at, at("2026-11-30T16:00:00Z"));
        let after = duty("2026-11-30T16:00:00Z");
        assert_eq!((after.is_now, after.next), (false, at("2026-12-01T08:00:00Z")));
        // Summer time.
        assert_eq!(duty("2026-07-01T06:59:00Z").next, at("2026-07-01T07:00:00Z"));
    }

    #[test]
    fn hours_go_on_over_midnight() {
        let night = duty("2026-11-28T22:00:00Z");
        assert!(night.is_now);
        assert_eq!(night.turns_at, at("2026-11-29T01:00:00Z"));
        assert_eq!(duty("2026-11-29T01:00:00Z").next, at("2026-11-30T08:00:00Z"));
    }

    #[test]
    fn an_absence_begins_and_ends_at_midnight() {
        let eve = duty("2026-12-22T16:30:00Z");
        assert_eq!(eve.absence, None);
        assert_eq!((eve.next, eve.turns_at), (at("2027-01-01T08:00:00Z"), at("2026-12-22T23:00:00Z")));
        let away = duty("2026-12-28T10:00:00Z");
        assert!(!away.is_now);
        assert_eq!(away.absence.unwrap().stand_in, "ben");
        assert_eq!(away.turns_at, at("2026-12-31T23:00:00Z"));
        assert_eq!(duty("2026-12-31T23:00:00Z").absence, None);
    }

    #[test]
    fn only_the_absence_of_the_day_is_kept() {
        // In Vienna the first day of it has begun, in London it has not.
        let night: Timestamp = "2026-12-22T23:30:00Z".parse().unwrap();
        for (zone, left) in [("Europe/Vienna", 1), ("Europe/London", 0)] {
            let mut roster = Roster { zone: String::new(), ..roster() };
            roster.forget_other_absences(night, zone);
            assert_eq!(roster.absences.len(), left, "{zone}");
            assert_eq!(roster.hours.len(), 3);
        }
    }

    #[test]
    fn nothing_is_said_of_nothing_and_nonsense_is_named() {
        assert_eq!(Roster::default().duty(Timestamp::UNIX_EPOCH, "UTC"), None);
        let only_away = Roster { hours: Vec::new(), ..roster() };
        let duty = only_away.duty("2026-11-30T10:00:00Z".parse().unwrap(), "UTC").unwrap();
        assert_eq!((duty.is_now, duty.next), (false, None));
        let mut wrong = roster();
        wrong.zone = "Europe/Atlantis".to_owned();
        wrong.hours[0].until = wrong.hours[0].from;
        wrong.hours[1].days.clear();
        let mut errors = Vec::new();
        wrong.check(&mut errors);
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert_eq!(read_clock("9"), Time::new(9, 0, 0, 0).ok());
        assert!(read_clock("25:00").is_none() && read_clock("").is_none());
        assert!(serde_json::to_string(&roster()).unwrap().contains("\"until\":\"17:00\""));
    }
}
