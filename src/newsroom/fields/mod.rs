//! What may be written of each kind of record, as one JSON shape for the API, the desk and scripts.
//! A change is a JSON merge patch (RFC 7396) on that shape; unknown and read-only fields are refused by name.

mod album;
mod asset;
mod contact;
mod event;
mod release;
mod topic;

pub use album::AlbumFields;
pub use asset::AssetFields;
pub use contact::ContactFields;
pub use event::EventFields;
pub use release::ReleaseFields;
pub use topic::TopicFields;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::content::Content;
use super::{Error, Result};
use crate::domain::{DomainError, FieldError, Id, Timestamp, ZonedTime};

/// A moment as it is written: an instant, or wall-clock time with a zone (the newsroom's when left out).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TimeInput {
    Instant(Timestamp),
    Local {
        local: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
        /// Told in answers; what is written is worked out from the other two.
        #[serde(default, skip_serializing)]
        utc: Option<Timestamp>,
    },
}

impl TimeInput {
    /// # Errors
    /// A time that the zone skips or repeats, or a zone that does not exist.
    pub fn resolve(&self, field: &str, default_zone: &str) -> std::result::Result<ZonedTime, DomainError> {
        match self {
            Self::Instant(utc) => Ok(ZonedTime::from_instant(*utc, default_zone)),
            Self::Local { local, zone, .. } => {
                let local = ZonedTime::parse_local(field, local)?;
                ZonedTime::resolve(field, local, zone.as_deref().unwrap_or(default_zone))
            }
        }
    }
}

impl From<&ZonedTime> for TimeInput {
    fn from(time: &ZonedTime) -> Self {
        Self::Local { local: time.local.to_string(), zone: Some(time.zone.clone()), utc: None }
    }
}

/// What an application of fields needs to know beside them.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    pub time_zone: &'a str,
    pub default_language: &'a str,
    pub now: Timestamp,
}

/// The writable part of a record.
pub trait Fields: Serialize + DeserializeOwned + Default {
    type Record: Content;
    /// Names that answers carry and that nobody may write; the message says what to do instead.
    const READ_ONLY: &'static [(&'static str, &'static str)];

    fn of(record: &Self::Record) -> Self;

    /// Puts the fields into the record; returns the slug asked for.
    fn apply(self, record: &mut Self::Record, setting: Setting<'_>) -> Result<Option<String>>;

    /// A new record from the fields alone.
    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Self::Record, Option<String>)>;
}

/// Reads fields from a JSON object over the ones there are (the defaults for a new record).
pub fn merge<F: Fields>(base: &F, patch: &Value) -> Result<F> {
    let Value::Object(changes) = patch else {
        return Err(Error::field("", "invalid", "The body must be a JSON object"));
    };
    let mut document = serde_json::to_value(base).map_err(anyhow::Error::from)?;
    let mut errors = Vec::new();
    for name in changes.keys() {
        if let Some((_, instead)) = F::READ_ONLY.iter().find(|(field, _)| field == name) {
            errors.push(FieldError::new(name, "read_only", *instead));
        } else if document.get(name).is_none() {
            errors.push(FieldError::new(name, "unknown_field", format!("There is no field `{name}`")));
        }
    }
    if !errors.is_empty() {
        return Err(DomainError::Invalid(errors).into());
    }
    merge_patch(&mut document, patch);
    serde_path_to_error::deserialize(document).map_err(|error| {
        let field = error.path().to_string();
        Error::field(field, "invalid", error.into_inner().to_string())
    })
}

/// JSON merge patch, RFC 7396 section 2.
fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(object) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            object.remove(name);
        } else {
            merge_patch(object.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

const NEVER: &str = "This field is set by the server";

const COMMON_READ_ONLY: &[(&str, &str)] =
    &[("id", NEVER), ("url", NEVER), ("created_at", NEVER), ("updated_at", NEVER), ("published_at", NEVER)];

fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut seen = Vec::with_capacity(values.len());
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}
