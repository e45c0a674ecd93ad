//! Byte ranges of a download whose length is known (RFC 9110, sections 13.1.5 and 14).
//!
//! One range is answered; several at once are ignored, as section 14.2 allows, because every client that resumes
//! a download asks for one.

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requested {
    /// Answer 200 with everything: there is no range, or none that must be understood.
    Whole,
    /// Answer 206 with these bytes. Never empty, never past the end.
    Part(Range<u64>),
    /// Answer 416 with [`unsatisfied`].
    Unsatisfiable,
}

/// Reads a `Range` header for a representation of `len_bytes` bytes.
pub fn parse(header: Option<&str>, len_bytes: u64) -> Requested {
    let Some((unit, set)) = header.and_then(|value| value.split_once('=')) else { return Requested::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Requested::Whole;
    }
    let mut ranges = set.split(',').map(str::trim).filter(|range| !range.is_empty());
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Requested::Whole };
    let Some((first, last)) = range.split_once('-') else { return Requested::Whole };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Requested::Whole,
        (Some(first), _) if first >= len_bytes && is_number_or_empty(last) => Requested::Unsatisfiable,
        (Some(first), Some(last)) => Requested::Part(first..last.saturating_add(1).min(len_bytes)),
        (Some(first), None) if last.is_empty() => Requested::Part(first..len_bytes),
        (None, Some(0)) if first.is_empty() => Requested::Unsatisfiable,
        // The last bytes of nothing are nothing, which no Content-Range can say.
        (None, Some(_)) if first.is_empty() && len_bytes == 0 => Requested::Whole,
        (None, Some(suffix)) if first.is_empty() => {
            Requested::Part(len_bytes.saturating_sub(suffix)..len_bytes)
        }
        _ => Requested::Whole,
    }
}

/// The same under a condition: when `If-Range` names another version than `etag`, the whole is answered.
/// `etag` is the current strong entity tag with its quotation marks. A date never matches, since a second is
/// too coarse to tell two versions apart.
pub fn parse_if(range: Option<&str>, if_range: Option<&str>, etag: &str, len_bytes: u64) -> Requested {
    match if_range {
        Some(validator) if !is_same_version(validator, etag) => Requested::Whole,
        _ => parse(range, len_bytes),
    }
}

/// Strong comparison (RFC 9110, section 8.8.3.2): a weak tag is never the same.
fn is_same_version(validator: &str, etag: &str) -> bool {
    let validator = validator.trim();
    validator.starts_with('"') && validator == etag
}

/// The `Content-Range` of a 206.
pub fn content_range(range: &Range<u64>, len_bytes: u64) -> String {
    format!("bytes {}-{}/{len_bytes}", range.start, range.end.saturating_sub(1))
}

/// The `Content-Range` of a 416.
pub fn unsatisfied(len_bytes: u64) -> String {
    format!("bytes */{len_bytes}")
}

fn is_number_or_empty(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits only; what is too large for the type is as good as infinite.
fn number(text: &str) -> Option<u64> {
    (!text.is_empty() && is_number_or_empty(text)).then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        let len = 10_000;
        for (header, range) in [
            ("bytes=0-499", 0..500),
            ("bytes=500-999", 500..1000),
            ("bytes=-500", 9500..10_000),
            ("bytes=9500-", 9500..10_000),
            ("bytes=0-0", 0..1),
            ("bytes=-1", 9999..10_000),
            ("bytes=0-99999", 0..10_000),
            ("bytes=-20000", 0..10_000),
            ("Bytes= 5-6 ", 5..7),
            ("bytes=0-18446744073709551615", 0..10_000),
            ("bytes=1-99999999999999999999999", 1..10_000),
        ] {
            assert_eq!(parse(Some(header), len), Requested::Part(range), "{header}");
        }
    }

    #[test]
    fn what_lies_behind_the_end_is_unsatisfiable() {
        for header in ["bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(parse(Some(header), 10_000), Requested::Unsatisfiable, "{header}");
        }
        assert_eq!(parse(Some("bytes=0-"), 0), Requested::Unsatisfiable);
        assert_eq!(parse(Some("bytes=-5"), 0), Requested::Whole);
    }

    #[test]
    fn what_is_not_understood_is_ignored() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=a-b",
            "bytes=1-2,5-6",
            "items=0-5",
            "bytes=+1-2",
            "bytes=10000-x",
            "bytes=1--2",
        ] {
            assert_eq!(parse(Some(header), 10_000), Requested::Whole, "{header}");
        }
        assert_eq!(parse(None, 10), Requested::Whole);
    }

    #[test]
    fn a_changed_file_is_sent_whole() {
        let range = Some("bytes=5-");
        assert_eq!(parse_if(range, Some("\"a\""), "\"a\"", 10), Requested::Part(5..10));
        assert_eq!(parse_if(range, None, "\"a\"", 10), Requested::Part(5..10));
        for other in ["\"b\"", "W/\"a\"", "a", "Wed, 21 Oct 2015 07:28:00 GMT", ""] {
            assert_eq!(parse_if(range, Some(other), "\"a\"", 10), Requested::Whole, "{other}");
        }
        assert_eq!(content_range(&(5..10), 10), "bytes 5-9/10");
        assert_eq!(unsatisfied(10), "bytes */10");
    }
}
