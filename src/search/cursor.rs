//! Where the next page of an answer begins: after a number of hits, seen from the moment of the first page, so that what is
//! published in between moves nothing; in a list by date, after the place of the last hit.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::rank::Place;
use crate::domain::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(super) now: Timestamp,
    pub(super) offset: u32,
    pub(super) place: Place,
}

/// The text is no cursor.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is no place in an answer")]
pub struct BadCursor;

/// Distinguishes a cursor from the number of a page.
const MARK: char = 'c';
const BYTES: usize = 36;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend(self.offset.to_be_bytes());
        bytes.extend(self.now.as_microsecond().to_be_bytes());
        bytes.extend(self.place.order.to_be_bytes());
        bytes.extend(self.place.date.to_be_bytes());
        bytes.extend(self.place.tie.to_be_bytes());
        write!(f, "{MARK}{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let bytes =
            text.strip_prefix(MARK).and_then(|rest| URL_SAFE_NO_PAD.decode(rest).ok()).ok_or(BadCursor)?;
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| BadCursor)?;
        let part = |at: usize| -> [u8; 8] {
            let mut out = [0; 8];
            out.copy_from_slice(&bytes[4 + at * 8..12 + at * 8]);
            out
        };
        let now = Timestamp::from_microsecond(i64::from_be_bytes(part(0))).map_err(|_| BadCursor)?;
        let order = f64::from_be_bytes(part(1));
        if !order.is_finite() {
            return Err(BadCursor);
        }
        let place = Place { order, date: i64::from_be_bytes(part(2)), tie: u64::from_be_bytes(part(3)) };
        let offset = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        Ok(Self { now, offset, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let place = Place { order: 3.25, date: -7, tie: u64::MAX };
        let cursor = Cursor { now: "2026-01-15T12:00:00.000001Z".parse().unwrap(), offset: 40, place };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "2", "c", "cAAAA", "c!!", &cursor.to_string()[1..]] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }
}
