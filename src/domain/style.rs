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
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Serif => "serif",
            Self::Sans => "sans",
        }
    }
}

impl Space {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Normal => "normal",
            Self::Airy => "airy",
        }
    }
}

impl Corners {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Soft => "soft",
            Self::Round => "round",
        }
    }
}
