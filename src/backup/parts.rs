//! The blobs that an asset is made of.

use crate::blob::{Area, BlobKey};
use crate::domain::asset::{Asset, BlobRef};

/// A blob as a record names it.
#[derive(Debug, Clone)]
pub struct Part {
    /// In words, for the operator: `original`, `rendition large.jpg`.
    pub what: String,
    pub key: BlobKey,
    pub size_bytes: u64,
}

pub fn parts_of(asset: &Asset) -> Vec<Part> {
    let part = |what: &str, key: BlobKey, blob: &BlobRef| Part {
        what: what.to_owned(),
        key,
        size_bytes: blob.size_bytes,
    };
    let mut parts = vec![part("original", BlobKey::original(asset), &asset.original)];
    if asset.download.sha256 != asset.original.sha256 {
        parts.push(part("download", BlobKey::download(asset), &asset.download));
    }
    for file in asset.replacement.iter().chain(&asset.earlier) {
        let key = BlobKey::new(Area::Original, &file.original.sha256, &file.media_type);
        parts.push(part("original of another file", key, &file.original));
    }
    parts.extend(asset.renditions.iter().map(|rendition| Part {
        what: format!("rendition {}.{}", rendition.name, rendition.format.extension()),
        key: BlobKey::rendition(rendition),
        size_bytes: rendition.size_bytes,
    }));
    parts
}
