//! Header lines and file names from strangers.

use super::asset::clean_file_name;
use super::byte_range::{Requested, parse};
use super::slug;
use crate::fuzz_tests::fuzz;

#[test]
fn a_range_is_never_empty_and_never_past_the_end() {
    let good =
        ["bytes=0-499", "bytes=-500", "bytes=9500-", "bytes=0-0, -1"].map(|line| line.as_bytes().to_vec());
    let words: [&[u8]; 8] =
        [b"-", b",", b"=", b" ", b"18446744073709551615", b"99999999999999999999", b"bytes=", b"0"];
    fuzz("range", 20_000, &good, &words, |bytes| {
        let line = String::from_utf8_lossy(bytes);
        for length in [0, 1, 500, u64::MAX] {
            if let Requested::Part(range) = parse(Some(&line), length) {
                assert!(range.start < range.end && range.end <= length, "{line}: {range:?} of {length}");
            }
        }
    });
}

#[test]
fn a_file_name_is_one_and_a_slug_is_one() {
    let good = ["../../Größe ü.jpg", "C:\\a\\b.tif", "x.y.z"].map(|name| name.as_bytes().to_vec());
    let words: [&[u8]; 6] = [b"/", b"..", b"\xe2\x80\xae", b"\0", b"\xf0\x9f\x98\x80", b"."];
    fuzz("names", 10_000, &good, &words, |bytes| {
        let name = String::from_utf8_lossy(bytes);
        let clean = clean_file_name(&name);
        assert!(!clean.is_empty() && clean.len() <= 120, "{clean:?}");
        assert!(!clean.contains(['/', '\\', '\0', '\u{202e}']) && !clean.starts_with('.'), "{clean:?}");
        assert_eq!(clean_file_name(&clean), clean);
        let slug = slug::slugify(&name);
        assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{slug:?}");
    });
}
