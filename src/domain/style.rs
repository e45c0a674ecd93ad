//! How the public site is set, beside its colours: typefaces, room, corners. Few choices, each of which goes with the others.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Style {
    pub headlines: Typeface,
    pub text: Typeface,
    pub space: Space,
    pub corners: Corners,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            headlines: Typeface::Serif,
            text: Typeface::Sans,
            space: Space::Normal,
            corners: Corners::Soft,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Typeface {
    Serif,
    Sans,
}

/// Between the parts of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Space {
    Dense,
    Normal,
    Airy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Corners {
    Square,
    Soft,
    Round,
}

impl Typeface {
    pub const ALL: [Self; 2] = [Self::Serif, Self::Sans];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Serif => "serif",
            Self::Sans => "sans",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

impl Space {
    pub const ALL: [Self; 3] = [Self::Dense, Self::Normal, Self::Airy];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Normal => "normal",
            Self::Airy => "airy",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

impl Corners {
    pub const ALL: [Self; 3] = [Self::Square, Self::Soft, Self::Round];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Soft => "soft",
            Self::Round => "round",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}
