//! Moments as the desk shows and takes them: wall-clock time in the newsroom's zone.

use crate::domain::{DomainError, FieldError, Timestamp, ZonedTime};
use crate::i18n::Lang;

/// Short enough for a list: "30.11.2026, 10:00" or "30 Nov 2026, 10:00".
pub fn short(lang: Lang, at: Timestamp, zone: &str) -> String {
    let local = ZonedTime::from_instant(at, zone).local;
    let (date, clock) = (local.date(), local.strftime("%H:%M"));
    match lang {
        Lang::De => format!("{:02}.{:02}.{}, {clock}", date.day(), date.month(), date.year()),
        _ => format!("{} {} {}, {clock}", date.day(), lang.month_short(date), date.year()),
    }
}

/// "14:02"
pub fn clock(at: Timestamp, zone: &str) -> String {
    ZonedTime::from_instant(at, zone).local.strftime("%H:%M").to_string()
}

/// In full, with weekday and zone.
pub fn long(lang: Lang, at: Timestamp, zone: &str) -> String {
    lang.period(&ZonedTime::from_instant(at, zone), None)
}

/// How often somebody in the zone sleeps until then, as a calendar counts days.
pub fn days_between(from: Timestamp, to: Timestamp, zone: &str) -> usize {
    let date = |at: Timestamp| ZonedTime::from_instant(at, zone).local.date();
    let days = date(from).until(date(to)).map_or(0, |span| span.get_days());
    usize::try_from(days).unwrap_or(0)
}

/// A planned moment beside its instant, so that nobody has to trust the zone: "… (MEZ), 09:00 UTC".
pub fn planned(lang: Lang, at: &ZonedTime) -> String {
    format!("{}, {} UTC", lang.period(at, None), at.utc.strftime("%H:%M"))
}

/// The value of a `datetime-local` input.
pub fn input(at: &ZonedTime) -> String {
    at.local.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Reads a `datetime-local` input; empty is none.
pub fn read(field: &str, text: &str, zone: &str) -> Result<Option<ZonedTime>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    ZonedTime::parse_local(field, text)
        .and_then(|local| ZonedTime::resolve(field, local, zone))
        .map(Some)
        .map_err(|error| first(field, error))
}

fn first(field: &str, error: DomainError) -> FieldError {
    match error {
        DomainError::Invalid(mut errors) if !errors.is_empty() => errors.swap_remove(0),
        other => FieldError::new(field, "invalid_time", other.to_string()),
    }
}

/// The last second of a day in the zone, for rights that end with a date.
pub fn end_of_day(field: &str, text: &str, zone: &str) -> Result<Option<Timestamp>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong =
        || FieldError::new(field, "invalid_date", format!("`{text}` is not a date such as 2026-11-30"));
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let tz = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let last = date.at(23, 59, 59, 0).to_zoned_datetime(tz).map_err(|_| wrong())?;
    Ok(Some(last.timestamp()))
}

/// The date input for such an end.
pub fn date_input(at: Timestamp, zone: &str) -> String {
    ZonedTime::from_instant(at, zone).local.date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_read_in_the_newsrooms_zone() {
        let at = read("embargo_until", "2026-11-30T10:00", "Europe/Berlin").unwrap().unwrap();
        assert_eq!(at.utc.to_string(), "2026-11-30T09:00:00Z");
        assert_eq!(input(&at), "2026-11-30T10:00");
        assert_eq!(planned(Lang::De, &at), "Montag, 30. November 2026, 10:00\u{a0}Uhr (MEZ), 09:00 UTC");
        assert_eq!(
            read("embargo_until", "2026-03-29T02:30", "Europe/Berlin").unwrap_err().code,
            "time_skipped"
        );
        assert_eq!(
            read("embargo_until", "2026-10-25T02:30", "Europe/Berlin").unwrap_err().code,
            "time_repeated"
        );
    }

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        let days =
            |from: &str, to: &str| days_between(from.parse().unwrap(), to.parse().unwrap(), "Europe/Berlin");
        // Monday at two in the afternoon to Thursday at nine in the morning: three days, not two and some hours.
        assert_eq!(days("2026-11-30T13:00:00Z", "2026-12-03T08:00:00Z"), 3);
        // Half past eleven at night in UTC is the next day in Berlin.
        assert_eq!(days("2026-11-30T23:30:00Z", "2026-12-03T08:00:00Z"), 2);
        assert_eq!(days("2026-11-30T13:00:00Z", "2027-01-30T13:00:00Z"), 61);
        assert_eq!(days("2026-11-30T13:00:00Z", "2026-11-29T13:00:00Z"), 0);
    }

    #[test]
    fn rights_end_with_the_day() {
        let end = end_of_day("rights_until", "2027-06-30", "Europe/Berlin").unwrap().unwrap();
        assert_eq!(end.to_string(), "2027-06-30T21:59:59Z");
        assert_eq!(date_input(end, "Europe/Berlin"), "2027-06-30");
    }
}
