//! A moment as a press officer means it: a wall-clock time in a zone, and the instant that this resolved to.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::DomainError;

/// Local time, IANA zone and resolved UTC together: the zone's rules may change later, the promise given may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZonedTime {
    pub local: DateTime,
    pub zone: String,
    pub utc: Timestamp,
}

impl ZonedTime {
    /// Resolves a wall-clock time. Times that daylight saving skips or repeats are refused, because
    /// nobody can say which moment was meant.
    pub fn resolve(field: &str, local: DateTime, zone: &str) -> Result<Self, DomainError> {
        let tz = TimeZone::get(zone).map_err(|_| {
            DomainError::field(field, "unknown_zone", format!("`{zone}` is not an IANA time zone"))
        })?;
        let ambiguous = tz.to_ambiguous_timestamp(local);
        let clock = local.strftime("%H:%M");
        let date = local.date();
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => {}
            AmbiguousOffset::Gap { .. } => {
                return Err(DomainError::field(
                    field,
                    "time_skipped",
                    format!("{clock} does not exist on {date} in {zone}: the clocks go forward then"),
                ));
            }
            AmbiguousOffset::Fold { .. } => {
                return Err(DomainError::field(
                    field,
                    "time_repeated",
                    format!("{clock} happens twice on {date} in {zone}: the clocks go back then"),
                ));
            }
        }
        let utc = ambiguous
            .unambiguous()
            .map_err(|_| DomainError::field(field, "out_of_range", "The time is out of range"))?;
        Ok(Self { local, zone: zone.to_owned(), utc })
    }

    /// An instant, told as wall-clock time in `zone` (UTC when the zone is unknown).
    pub fn from_instant(utc: Timestamp, zone: &str) -> Self {
        let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let zone = if TimeZone::get(zone).is_ok() { zone } else { "UTC" };
        Self { local: utc.to_zoned_datetime(tz).datetime(), zone: zone.to_owned(), utc }
    }

    /// The first instant of the next day on the same clocks.
    pub fn end_of_day(&self) -> Timestamp {
        let next_day = || {
            let day = self.local.date().tomorrow().ok()?;
            Some(day.to_zoned_datetime(TimeZone::get(&self.zone).ok()?).ok()?.timestamp())
        };
        next_day().unwrap_or(self.utc)
    }

    /// Reads what forms and documents carry: `2026-11-30T10:00`, with or without seconds.
    pub fn parse_local(field: &str, text: &str) -> Result<DateTime, DomainError> {
        text.trim().parse::<DateTime>().map_err(|_| {
            DomainError::field(
                field,
                "invalid_time",
                format!("`{text}` is not a time such as 2026-11-30T10:00"),
            )
        })
    }
}

/// The first instant of a calendar year and of the next one in a zone, for archive filters.
pub fn year_bounds(year: i16, zone: &str) -> Option<(Timestamp, Timestamp)> {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let first = jiff::civil::Date::new(year, 1, 1).ok()?;
    let next = first.checked_add(1.year()).ok()?;
    let start = first.to_zoned_datetime(tz.clone()).ok()?.timestamp();
    Some((start, next.to_zoned_datetime(tz).ok()?.timestamp()))
}

/// The first instant of a day (ISO 8601) in a zone, or of a day that comes later.
pub fn day_start(day: &str, zone: &str, later_days: i64) -> Option<Timestamp> {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day: jiff::civil::Date = day.parse().ok()?;
    let day = day.checked_add(later_days.days()).ok()?;
    Some(day.to_zoned_datetime(tz).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(local: &str) -> Result<ZonedTime, DomainError> {
        ZonedTime::resolve("embargo_until", local.parse().unwrap(), "Europe/Berlin")
    }

    #[test]
    fn winter_and_summer_time_resolve_to_their_offsets() {
        assert_eq!(berlin("2026-11-30T10:00").unwrap().utc, "2026-11-30T09:00:00Z".parse().unwrap());
        assert_eq!(berlin("2026-07-01T10:00").unwrap().utc, "2026-07-01T08:00:00Z".parse().unwrap());
    }

    #[test]
    fn the_skipped_and_the_repeated_hour_are_refused_in_words() {
        let skipped = berlin("2026-03-29T02:30").unwrap_err().to_string();
        assert!(skipped.contains("does not exist on 2026-03-29"), "{skipped}");
        let repeated = berlin("2026-10-25T02:30").unwrap_err().to_string();
        assert!(repeated.contains("happens twice on 2026-10-25"), "{repeated}");
        assert!(ZonedTime::resolve("t", "2026-01-01T00:00".parse().unwrap(), "Europe/Atlantis").is_err());
    }

    #[test]
    fn a_year_begins_at_local_midnight() {
        let (start, end) = year_bounds(2025, "Europe/Berlin").unwrap();
        assert_eq!(start, "2024-12-31T23:00:00Z".parse().unwrap());
        assert_eq!(end, "2025-12-31T23:00:00Z".parse().unwrap());
    }
}
