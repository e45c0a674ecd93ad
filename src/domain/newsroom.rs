//! The newsroom's own settings: who it is, which languages it speaks, how it looks.

use super::account::FactorDuty;
use super::preflight::{Rule, Weights};
use super::slug::slugify;
use super::style::Style;
use super::{DomainError, FieldError, Localized};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boilerplate {
    pub key: String,
    pub language: String,
    pub title: String,
    /// Markdown.
    pub text: String,
}

/// A legal or other standing page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingPage {
    pub slug: String,
    pub language: String,
    pub title: String,
    /// Markdown.
    pub body: String,
}

/// What stands first when a reader asks for these words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    pub query: String,
    /// What to show, best first, by its address: `releases/slug`, `albums/slug`, `contacts/slug`, `events/slug`,
    /// `photos/slug`.
    pub records: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Newsroom {
    #[serde(default)]
    pub version: i64,
    pub name: Localized,
    pub organisation: String,
    #[serde(default)]
    pub organisation_url: String,
    pub default_language: String,
    pub languages: Vec<String>,
    pub time_zone: String,
    #[serde(default)]
    pub default_usage_terms: Localized,
    /// The slug of the photo that stands as the logo in the head of every page, once the public may see it; and of the
    /// one for dark grounds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub logo: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub logo_dark: String,
    /// Whether text and data mining, and so the training of models, is reserved: TDM Reservation Protocol, robots.txt.
    #[serde(default)]
    pub reserve_mining: bool,
    /// Whether a release goes out only when somebody else than who last changed it has approved it.
    #[serde(default)]
    pub require_approval: bool,
    /// Days after which messages to contacts are deleted.
    #[serde(default = "usual_message_days")]
    pub message_days: u16,
    /// Colour tokens by name, as CSS colours in hexadecimal form: `accent = "#0b5c6b"`.
    #[serde(default)]
    pub colours: BTreeMap<String, String>,
    /// Typefaces, room and corners of the public site.
    #[serde(default)]
    pub style: Style,
    #[serde(default)]
    pub boilerplates: Vec<Boilerplate>,
    #[serde(default)]
    pub pages: Vec<StandingPage>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// Whether the photos that are offered keep where they were taken and with whose camera.
    #[serde(default)]
    pub keep_camera_data: bool,
    /// What the newsroom makes of the rules before publication; what is not named is a hint.
    #[serde(default, skip_serializing_if = "Weights::is_empty")]
    pub preflight: Weights,
    /// Who must have a second factor at the desk's sign-in.
    #[serde(default)]
    pub second_factor: FactorDuty,
}

const fn usual_message_days() -> u16 {
    90
}

impl Default for Newsroom {
    fn default() -> Self {
        let mut name = BTreeMap::new();
        name.insert("de".to_owned(), "Presseraum".to_owned());
        name.insert("en".to_owned(), "Press room".to_owned());
        Self {
            version: 0,
            name: Localized::Many(name),
            organisation: String::new(),
            organisation_url: String::new(),
            default_language: "de".to_owned(),
            languages: vec!["de".to_owned(), "en".to_owned()],
            time_zone: "Europe/Berlin".to_owned(),
            default_usage_terms: Localized::default(),
            logo: String::new(),
            logo_dark: String::new(),
            reserve_mining: false,
            require_approval: false,
            message_days: usual_message_days(),
            colours: BTreeMap::new(),
            style: Style::default(),
            boilerplates: Vec::new(),
            pages: Vec::new(),
            pins: Vec::new(),
            keep_camera_data: false,
            preflight: Weights::new(),
            second_factor: FactorDuty::default(),
        }
    }
}

impl Newsroom {
    /// The path prefix of a language: empty for the default one and for languages the newsroom does not have.
    pub fn prefix(&self, language: &str) -> String {
        if language == self.default_language || !self.speaks(language) {
            String::new()
        } else {
            format!("/{language}")
        }
    }

    pub fn speaks(&self, language: &str) -> bool {
        self.languages.iter().any(|l| l == language)
    }

    /// The records pinned to a query, however it is spelled in case, umlauts and punctuation.
    pub fn pinned(&self, query: &str) -> Vec<&str> {
        let asked = slugify(query);
        if asked.is_empty() {
            return Vec::new();
        }
        let pins = self.pins.iter().filter(|pin| slugify(&pin.query) == asked);
        pins.flat_map(|pin| pin.records.iter().map(String::as_str)).collect()
    }

    pub fn boilerplate(&self, key: &str, language: &str) -> Option<&Boilerplate> {
        let of_key = |b: &&Boilerplate| b.key == key;
        self.boilerplates
            .iter()
            .filter(of_key)
            .find(|b| b.language == language)
            .or_else(|| self.boilerplates.iter().find(of_key))
    }

    pub fn validate(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        if !self.speaks(&self.default_language) {
            errors.push(FieldError::new(
                "default_language",
                "not_listed",
                format!("`{}` must be one of the languages", self.default_language),
            ));
        }
        for language in &self.languages {
            if !is_language(language) {
                errors.push(FieldError::new(
                    "languages",
                    "invalid",
                    format!("`{language}` is not a language tag"),
                ));
            }
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            errors.push(FieldError::new(
                "time_zone",
                "unknown_zone",
                format!("`{}` is not an IANA time zone", self.time_zone),
            ));
        }
        if !(1..=3650).contains(&self.message_days) {
            let detail = "Messages are kept for 1 to 3650 days";
            errors.push(FieldError::new("message_days", "not_listed_days", detail));
        }
        for (field, slug) in [("logo", &self.logo), ("logo_dark", &self.logo_dark)] {
            if !slug.is_empty() && slugify(slug) != *slug {
                errors.push(FieldError::new(
                    field,
                    "invalid",
                    format!("`{slug}` is not the slug of a photo"),
                ));
            }
        }
        for (name, colour) in &self.colours {
            let plain_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            if !plain_name || !is_colour(colour) {
                errors.push(FieldError::new(
                    format!("colours.{name}"),
                    "invalid",
                    format!("`{colour}` is not a colour such as #0b5c6b"),
                ));
            }
        }
        for code in self.preflight.keys() {
            if !Rule::ALL.iter().any(|rule| rule.code() == code) {
                let detail = format!("There is no rule `{code}`");
                errors.push(FieldError::new(format!("preflight.{code}"), "invalid", detail));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }
}

/// A language tag as it may stand in a path: `de`, `en`, `pt-br`.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
