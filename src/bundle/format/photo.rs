//! `photos/FILE.toml`

use serde::Deserialize;

use super::values::Moment;
use crate::domain::asset::{AssetKind, FocalPoint};
use crate::domain::crop::Crops;
use crate::newsroom::fields::AssetFields;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhotoSheet {
    pub title: Option<String>,
    pub caption: Option<String>,
    pub alt_text: Option<String>,
    pub credit: Option<String>,
    pub copyright_notice: Option<String>,
    pub usage_terms: Option<String>,
    pub rights_url: Option<String>,
    pub creator: Option<String>,
    pub persons: Option<Vec<String>>,
    pub keywords: Option<Vec<String>>,
    pub date_created: Option<Written>,
    pub location: Option<String>,
    pub digital_source_type: Option<String>,
    pub data_mining: Option<String>,
    pub kind: Option<AssetKind>,
    pub focal_point: Option<FocalPoint>,
    pub crops: Option<Crops>,
    pub rights_until: Option<Moment>,
    /// Made from the title or the file name when left out.
    pub slug: Option<String>,
    /// The name the file came with, where the bundle had to give it another one.
    pub file_name: Option<String>,
    pub created_at: Option<Moment>,
    pub earlier_slugs: Vec<String>,
}

/// A date that may stand with or without quotation marks: `"2025"`, `2025-11-03`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct Written(String);

impl TryFrom<toml::Value> for Written {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        match value {
            toml::Value::String(text) => Ok(Self(text)),
            toml::Value::Datetime(date) => Ok(Self(date.to_string())),
            toml::Value::Integer(year) => Ok(Self(year.to_string())),
            other => Err(format!("`{other}` is not a date such as 2025-11-03")),
        }
    }
}

impl PhotoSheet {
    /// Puts what is said over what is there.
    pub fn apply(&self, fields: &mut AssetFields) {
        fn put<T: Clone>(place: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                place.clone_from(value);
            }
        }
        put(&mut fields.title, self.title.as_ref());
        put(&mut fields.caption, self.caption.as_ref());
        put(&mut fields.alt_text, self.alt_text.as_ref());
        put(&mut fields.credit, self.credit.as_ref());
        put(&mut fields.copyright_notice, self.copyright_notice.as_ref());
        put(&mut fields.usage_terms, self.usage_terms.as_ref());
        put(&mut fields.rights_url, self.rights_url.as_ref());
        put(&mut fields.creator, self.creator.as_ref());
        put(&mut fields.persons, self.persons.as_ref());
        put(&mut fields.keywords, self.keywords.as_ref());
        put(&mut fields.date_created, self.date_created.as_ref().map(|date| &date.0));
        put(&mut fields.location, self.location.as_ref());
        put(&mut fields.digital_source_type, self.digital_source_type.as_ref());
        put(&mut fields.data_mining, self.data_mining.as_ref());
        put(&mut fields.focal_point, self.focal_point.as_ref());
        put(&mut fields.crops, self.crops.as_ref());
        if let Some(kind) = self.kind {
            fields.kind = Some(kind);
        }
        if let Some(until) = self.rights_until {
            fields.rights_until = Some(until.0);
        }
    }

    /// Whether every word about the picture is said here, be it an empty one.
    pub fn is_complete(&self) -> bool {
        let texts = [
            &self.title,
            &self.caption,
            &self.alt_text,
            &self.credit,
            &self.copyright_notice,
            &self.usage_terms,
            &self.rights_url,
            &self.creator,
            &self.location,
            &self.digital_source_type,
            &self.data_mining,
        ];
        texts.iter().all(|text| text.is_some())
            && self.persons.is_some()
            && self.keywords.is_some()
            && self.date_created.is_some()
    }
}
