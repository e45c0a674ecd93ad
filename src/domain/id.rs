//! Record identity: UUIDv7 (RFC 9562, section 5.7), so ids sort by the time they were made.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::{NoContext, Timestamp as UuidTimestamp, Uuid};

use super::clock::Clock;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A new id whose time part is the clock's.
    pub fn new(clock: &dyn Clock) -> Self {
        let now = clock.now();
        let seconds = now.as_second().max(0).unsigned_abs();
        let nanos = now.subsec_nanosecond().max(0).unsigned_abs();
        Self(Uuid::new_v7(UuidTimestamp::from_unix(NoContext, seconds, nanos)))
    }

    /// The id as raw bytes, for hashing.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}
