//! The moment a picture was taken, from the notations of three standards to ISO 8601.

use jiff::civil::{Date, Time};

/// An XMP date: already ISO 8601, of any exactness; checked and taken over, or `None`. Some programs write it as EXIF
/// does, and agencies put a space before the zone.
pub fn from_xmp(text: &str) -> Option<String> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time)));
    let date = checked_date(&with_hyphens(date))?;
    let Some(time) = time else { return Some(date) };
    let time: String = time.split_whitespace().collect();
    let time = time.as_str();
    let (clock, zone) = time
        .find(['Z', '+', '-'])
        .map_or((time, ""), |at| (time.get(..at).unwrap_or_default(), time.get(at..).unwrap_or_default()));
    Some(joined(date, checked_clock(clock), zone))
}

/// IIM writes `20251103` and, apart from it, `140500+0100`; agencies also write `2025-11-03` and `14:05:00+01:00`.
pub fn from_iim(date: &str, time: &str) -> Option<String> {
    let date = date.trim();
    let date = checked_date(&spaced(date, &[4, 2, 2], '-').unwrap_or_else(|| with_hyphens(date)))?;
    let time = time.trim().replace(':', "");
    let (clock, zone) = time.split_at_checked(6).unwrap_or_default();
    let clock = spaced(clock, &[2, 2, 2], ':').and_then(|clock| checked_clock(&clock));
    Some(joined(date, clock, zone))
}

/// EXIF writes `2025:11:03 14:05:00` and, in a field of its own, the offset from UTC as `+01:00`.
pub fn from_exif(date_time: &str, offset: &str) -> Option<String> {
    let text = date_time.trim();
    // Some cameras put a colon between date and time too.
    let third_colon = || text.split_at_checked(text.match_indices(':').nth(2)?.0);
    let (date, time) = text.split_once(' ').or_else(third_colon).unwrap_or((text, ""));
    let date = checked_date(&with_hyphens(date))?;
    Some(joined(date, checked_clock(time.trim_start_matches(':')), offset.trim()))
}

fn with_hyphens(date: &str) -> String {
    date.replace([':', '/'], "-")
}

/// A zone without a valid time of day says nothing, and neither does a malformed zone.
fn joined(date: String, clock: Option<String>, zone: &str) -> String {
    match clock {
        Some(clock) if date.len() == 10 => {
            format!("{date}T{clock}{}", checked_zone(zone).unwrap_or_default())
        }
        _ => date,
    }
}

/// `2025`, `2025-11` or `2025-11-03`, if such a day exists; placeholders of zeros are no dates. Some programs
/// write `00` for an unknown month or day, which leaves the year.
fn checked_date(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4).filter(|year| *year > 0)?;
    let month = parts.next().map_or(Some(0), |part| number(part, 2))?;
    let day = parts.next().map_or(Some(0), |part| number(part, 2))?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month.max(1) as i8, day.max(1) as i8).ok()?;
    Some(match (month, day) {
        (0, _) => format!("{year:04}"),
        (_, 0) => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    })
}

/// `14:05`, `14:05:00` or `14:05:00.25`, to full seconds.
fn checked_clock(text: &str) -> Option<String> {
    let whole = text.split('.').next()?;
    let mut parts = whole.split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |part| number(part, 2))?;
    Time::new(hour as i8, minute as i8, second as i8, 0).ok()?;
    Some(format!("{hour:02}:{minute:02}:{second:02}"))
}

/// `Z`, `+01:00` or `+0100`.
fn checked_zone(text: &str) -> Option<String> {
    if text == "Z" {
        return Some(text.to_owned());
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let digits = rest.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2)?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let valid = matches!(sign, "+" | "-") && hours <= 14 && minutes < 60;
    valid.then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

/// A number of exactly so many ASCII digits.
fn number(text: &str, digits: usize) -> Option<i16> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Cuts a run of digits into groups.
fn spaced(text: &str, groups: &[usize], separator: char) -> Option<String> {
    let mut rest = text;
    let mut result = String::new();
    for length in groups {
        let (group, after) = rest.split_at_checked(*length)?;
        if !result.is_empty() {
            result.push(separator);
        }
        result.push_str(group);
        rest = after;
    }
    rest.is_empty().then_some(result)
}

#[cfg(test)]
mod tests {
    use super::{from_exif, from_iim, from_xmp};

    #[test]
    fn dates_are_as_exact_as_they_are_known() {
        let xmp: [(&str, Option<&str>); 13] = [
            ("2025", Some("2025")),
            ("2025-11", Some("2025-11")),
            ("2025-11-03", Some("2025-11-03")),
            ("2025-11-03T14:05", Some("2025-11-03T14:05:00")),
            ("2025-11-03T14:05:00.25+01:00", Some("2025-11-03T14:05:00+01:00")),
            ("2025-11-03T14:05:00Z", Some("2025-11-03T14:05:00Z")),
            ("2025-11-03T99:05:00Z", Some("2025-11-03")),
            ("2025-11-03T14:05:00 +01:00", Some("2025-11-03T14:05:00+01:00")),
            ("2025:11:03 14:05:00", Some("2025-11-03T14:05:00")),
            ("2025-11-03 14:05:00Z", Some("2025-11-03T14:05:00Z")),
            ("2025-02-30", None),
            ("0000-00-00T00:00:00", None),
            ("last summer", None),
        ];
        for (text, expected) in xmp {
            assert_eq!(from_xmp(text).as_deref(), expected, "{text}");
        }
        assert_eq!(from_iim("20251103", "140500+0100").as_deref(), Some("2025-11-03T14:05:00+01:00"));
        assert_eq!(from_iim("20251103", "").as_deref(), Some("2025-11-03"));
        assert_eq!(from_iim("20250000", "").as_deref(), Some("2025"));
        assert_eq!(from_iim("2025-11-03", "14:05:00+01:00").as_deref(), Some("2025-11-03T14:05:00+01:00"));
        assert_eq!(from_iim("ÄÖÜ", "ß"), None);
        let exif = "2025:11:03 14:05:00";
        assert_eq!(from_exif(exif, "+01:00").as_deref(), Some("2025-11-03T14:05:00+01:00"));
        assert_eq!(from_exif(exif, "").as_deref(), Some("2025-11-03T14:05:00"));
        assert_eq!(from_exif("2025:11:03:14:05:00", "").as_deref(), Some("2025-11-03T14:05:00"));
        assert_eq!(from_exif("2025:11:03", "").as_deref(), Some("2025-11-03"));
        assert_eq!(from_exif("2025/11/03 14:05:00", "").as_deref(), Some("2025-11-03T14:05:00"));
        assert_eq!(from_exif("0000:00:00 00:00:00", ""), None);
        assert_eq!(from_exif("    :  :     :  :  ", ""), None);
    }
}
