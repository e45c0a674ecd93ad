//! Where a blob lies and what it is: nobody else builds paths or guesses media types.

use object_store::path::Path as StorePath;

use crate::domain::asset::Asset;
use crate::domain::rendition::Rendition;

/// Originals cannot be made again; everything derived can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    Original,
    Derived,
}

impl Area {
    pub const ALL: [Self; 2] = [Self::Original, Self::Derived];

    pub const fn folder(self) -> &'static str {
        match self {
            Self::Original => "originals",
            Self::Derived => "derived",
        }
    }
}

/// The key of a blob: its area and the SHA-256 of its content, with the media type it is served as.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BlobKey {
    area: Area,
    sha256: String,
    media_type: String,
}

impl BlobKey {
    pub fn new(area: Area, sha256: &str, media_type: &str) -> Self {
        Self { area, sha256: sha256.to_owned(), media_type: media_type.to_owned() }
    }

    /// The bytes as they were uploaded.
    pub fn original(asset: &Asset) -> Self {
        Self::new(Area::Original, &asset.original.sha256, &asset.media_type)
    }

    /// The print original as it is offered: the upload itself, or the upload with metadata written into it.
    pub fn download(asset: &Asset) -> Self {
        let area =
            if asset.download.sha256 == asset.original.sha256 { Area::Original } else { Area::Derived };
        Self::new(area, &asset.download.sha256, &asset.media_type)
    }

    pub fn rendition(rendition: &Rendition) -> Self {
        Self::new(Area::Derived, &rendition.sha256, rendition.format.media_type())
    }

    pub const fn area(&self) -> Area {
        self.area
    }

    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Strong, because the content is the key (RFC 9110, section 8.8.3).
    pub fn etag(&self) -> String {
        format!("\"{}\"", self.sha256.get(..32).unwrap_or(&self.sha256))
    }

    /// Two levels of folders keep any one of them small.
    pub(super) fn path(&self) -> StorePath {
        path(self.area, &self.sha256)
    }
}

pub(super) fn path(area: Area, sha256: &str) -> StorePath {
    let shard = sha256.get(..2).unwrap_or("00");
    StorePath::from_iter([area.folder(), shard, sha256])
}
