//! What may be written of an asset.

use serde::{Deserialize, Serialize};

use super::{Fields, NEVER, Setting};
use crate::domain::asset::{Asset, AssetKind, Description, FocalPoint, data_mining_term};
use crate::domain::crop::Crops;
use crate::domain::{Id, Timestamp};
use crate::newsroom::{Error, Result};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssetFields {
    pub slug: Option<String>,
    pub kind: Option<AssetKind>,
    pub title: String,
    pub caption: String,
    pub alt_text: String,
    pub credit: String,
    pub copyright_notice: String,
    pub usage_terms: String,
    pub rights_url: String,
    pub creator: String,
    pub persons: Vec<String>,
    pub keywords: Vec<String>,
    pub date_created: String,
    pub location: String,
    pub digital_source_type: String,
    pub data_mining: String,
    pub focal_point: FocalPoint,
    pub crops: Crops,
    pub rights_until: Option<Timestamp>,
}

impl AssetFields {
    pub fn description(self) -> Description {
        Description {
            title: self.title,
            caption: self.caption,
            alt_text: self.alt_text,
            credit: self.credit,
            copyright_notice: self.copyright_notice,
            usage_terms: self.usage_terms,
            rights_url: self.rights_url,
            creator: self.creator,
            persons: self.persons,
            keywords: self.keywords,
            date_created: self.date_created,
            location: self.location,
            digital_source_type: self.digital_source_type,
            // The short form is what people write; what is neither is refused with the rest.
            data_mining: data_mining_term(&self.data_mining).unwrap_or(self.data_mining),
        }
    }
}

impl Fields for AssetFields {
    type Record = Asset;
    const READ_ONLY: &'static [(&'static str, &'static str)] = &[
        ("id", NEVER),
        ("url", NEVER),
        ("state", NEVER),
        ("visibility", "An asset becomes public through the release or album that shows it"),
        ("file_name", NEVER),
        ("media_type", NEVER),
        ("size_bytes", NEVER),
        ("sha256", NEVER),
        ("width", NEVER),
        ("height", NEVER),
        ("error", NEVER),
        ("original", NEVER),
        ("renditions", NEVER),
        ("duplicate_of", NEVER),
        ("created_at", NEVER),
        ("updated_at", NEVER),
    ];

    fn of(asset: &Asset) -> Self {
        let d = asset.description.clone();
        Self {
            slug: Some(asset.slug.clone()),
            kind: Some(asset.kind),
            title: d.title,
            caption: d.caption,
            alt_text: d.alt_text,
            credit: d.credit,
            copyright_notice: d.copyright_notice,
            usage_terms: d.usage_terms,
            rights_url: d.rights_url,
            creator: d.creator,
            persons: d.persons,
            keywords: d.keywords,
            date_created: d.date_created,
            location: d.location,
            digital_source_type: d.digital_source_type,
            data_mining: d.data_mining,
            focal_point: asset.focal_point,
            crops: asset.crops.clone(),
            rights_until: asset.rights_until,
        }
    }

    fn apply(self, asset: &mut Asset, _setting: Setting<'_>) -> Result<Option<String>> {
        if let Some(kind) = self.kind {
            if kind.is_picture() != asset.kind.is_picture() && kind != asset.kind {
                return Err(Error::field("kind", "wrong_media", "The file's content does not fit this kind"));
            }
            asset.kind = kind;
        }
        asset.focal_point = self.focal_point;
        asset.crops.clone_from(&self.crops);
        asset.rights_until = self.rights_until;
        let slug = self.slug.clone();
        asset.description = self.description();
        Ok(slug)
    }

    fn create(self, _id: Id, _setting: Setting<'_>) -> Result<(Asset, Option<String>)> {
        Err(Error::field("file", "required", "An asset begins with a file"))
    }
}
