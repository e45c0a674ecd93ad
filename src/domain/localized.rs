//! A text that may exist in several languages.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Either one text for all languages or one per BCP 47 language tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Localized {
    One(String),
    Many(BTreeMap<String, String>),
}

impl Default for Localized {
    fn default() -> Self {
        Self::One(String::new())
    }
}

impl Localized {
    /// The text in `language`, else in `fallback`, else in any language there is.
    pub fn get(&self, language: &str, fallback: &str) -> &str {
        match self {
            Self::One(text) => text,
            Self::Many(texts) => texts
                .get(language)
                .or_else(|| texts.get(fallback))
                .or_else(|| texts.values().next())
                .map_or("", String::as_str),
        }
    }

    /// Whether there is a text in this very language.
    pub fn has(&self, language: &str) -> bool {
        matches!(self, Self::Many(texts) if texts.contains_key(language))
    }

    /// Every text there is, for search.
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts.values().map(String::as_str).collect(),
        }
    }

    pub fn all_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts.values_mut().collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.all().iter().all(|text| text.trim().is_empty())
    }
}

impl From<&str> for Localized {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}
