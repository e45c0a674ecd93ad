//! What a newsroom is made of, as plain values and pure rules: no async, no I/O, no SQL, no HTTP.
//! Time comes in as a parameter ([`clock::Clock`] or a `Timestamp`), so every rule can be tested at any hour.

pub mod account;
pub mod album;
pub mod alert;
pub mod asset;
pub mod byte_range;
pub mod clock;
pub mod contact;
pub mod crop;
pub mod dateline;
pub mod error;
pub mod event;
#[cfg(test)]
mod fuzz_tests;
pub mod id;
pub mod localized;
pub mod message;
pub mod newsroom;
pub mod preflight;
pub mod preview_link;
pub mod release;
pub mod rendition;
pub mod review;
pub mod roster;
pub mod slug;
pub mod style;
pub mod topic;
pub mod upload;
pub mod visibility;
pub mod zoned;

pub use error::{DomainError, FieldError};
pub use id::Id;
pub use jiff::Timestamp;
pub use localized::Localized;
pub use zoned::ZonedTime;

use serde::{Deserialize, Serialize};

/// The kinds of record a newsroom keeps under a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Release,
    Contact,
    Asset,
    Album,
    Topic,
    Event,
    /// The newsroom's own settings; there is one such record.
    Newsroom,
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::Release, Self::Contact, Self::Asset, Self::Album, Self::Topic, Self::Event, Self::Newsroom];

    /// The name as it stands in the database, the change log and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Contact => "contact",
            Self::Asset => "asset",
            Self::Album => "album",
            Self::Topic => "topic",
            Self::Event => "event",
            Self::Newsroom => "newsroom",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whether an album or an event is shown to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Publication {
    #[default]
    Draft,
    Published,
}
