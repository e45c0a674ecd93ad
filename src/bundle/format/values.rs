//! Values that people write in more than one way.

use jiff::civil::{Date, DateTime, Time};
use serde::Deserialize;
use toml::Value;

use crate::domain::roster::read_clock;
use crate::domain::{DomainError, Localized, Timestamp, ZonedTime};

/// The name of another record, with its place in the file.
pub type Reference = toml::Spanned<String>;

/// A text for all languages, or a table of languages and texts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "Value")]
pub struct Words(pub Localized);

impl TryFrom<Value> for Words {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self(Localized::One(text))),
            Value::Table(table) => table
                .into_iter()
                .map(|(language, text)| match text {
                    Value::String(text) => Ok((language, text)),
                    other => Err(format!("the text for `{language}` is {}, not a text", article(&other))),
                })
                .collect::<Result<_, _>>()
                .map(|texts| Self(Localized::Many(texts))),
            other => Err(format!(
                "{} stands where a text, or a table such as {{ de = \"…\", en = \"…\" }}, is wanted",
                article(&other)
            )),
        }
    }
}

/// An instant: `2025-11-04T09:00:00Z`, with or without quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Moment(pub Timestamp);

impl TryFrom<Value> for Moment {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = text_of(&value);
        text.parse().map(Self).map_err(|_| {
            format!("`{text}` is not a moment such as 2025-11-04T09:00:00Z or 2025-11-04T10:00:00+01:00")
        })
    }
}

/// A calendar day: `2025-11-04`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Day(pub Date);

impl TryFrom<Value> for Day {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = text_of(&value);
        let is_date = text.len() == 10;
        let date = is_date.then(|| text.parse().ok()).flatten();
        date.map(Self).ok_or_else(|| format!("`{text}` is not a day such as 2025-11-04"))
    }
}

/// A time of day: `09:00`, with or without quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Clock(pub Time);

impl TryFrom<Value> for Clock {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = text_of(&value);
        read_clock(&text).map(Self).ok_or_else(|| format!("`{text}` is not a time of day such as 09:00"))
    }
}

/// A moment as a press officer means it: a wall-clock time in a zone (the newsroom's when left out). An
/// instant is taken too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum PlannedTime {
    Instant(Timestamp),
    Local {
        local: DateTime,
        zone: Option<String>,
        /// Needed only where the wall-clock time alone does not say which instant was promised.
        utc: Option<Timestamp>,
    },
}

const PLANNED: &str = "{ local = \"2026-12-01T10:00\", zone = \"Europe/Berlin\" }";

impl TryFrom<Value> for PlannedTime {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let mut table = match value {
            Value::Table(table) => table,
            other => {
                let text = text_of(&other);
                return text
                    .parse()
                    .map(Self::Instant)
                    .map_err(|_| format!("`{text}` is not a time such as {PLANNED}"));
            }
        };
        let local = table.remove("local").ok_or_else(|| format!("`local` is missing, as in {PLANNED}"))?;
        let local = text_of(&local);
        let local =
            local.parse().map_err(|_| format!("`{local}` is not a time of day such as 2026-12-01T10:00"))?;
        let zone = match table.remove("zone") {
            None => None,
            Some(Value::String(zone)) => Some(zone),
            Some(other) => return Err(format!("`zone` is {}, not a text", article(&other))),
        };
        let utc = table.remove("utc").map(Moment::try_from).transpose()?.map(|moment| moment.0);
        match table.keys().next() {
            Some(key) => Err(format!("unknown field `{key}`, expected one of `local`, `zone`, `utc`")),
            None => Ok(Self::Local { local, zone, utc }),
        }
    }
}

impl PlannedTime {
    /// # Errors
    /// A wall-clock time that the zone skips or repeats, an unknown zone, or an instant that cannot be that
    /// time in any zone.
    pub fn resolve(&self, field: &str, default_zone: &str) -> Result<ZonedTime, DomainError> {
        match self {
            Self::Instant(utc) => Ok(ZonedTime::from_instant(*utc, default_zone)),
            Self::Local { local, zone, utc: None } => {
                ZonedTime::resolve(field, *local, zone.as_deref().unwrap_or(default_zone))
            }
            Self::Local { local, zone, utc: Some(utc) } => {
                let zone = zone.as_deref().unwrap_or(default_zone).to_owned();
                // No zone on Earth is farther from UTC than this.
                let distance =
                    utc.to_zoned_datetime(jiff::tz::TimeZone::UTC).datetime().duration_until(*local);
                if distance.abs() > jiff::SignedDuration::from_hours(26) {
                    let detail = "`utc` and `local` are more than a day apart";
                    return Err(DomainError::field(field, "invalid_time", detail));
                }
                Ok(ZonedTime { local: *local, zone, utc: *utc })
            }
        }
    }
}

/// Dates and times as they are written, texts as they are.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn article(value: &Value) -> String {
    let name = value.type_str();
    let an = name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {name}", if an { "an" } else { "a" })
}
