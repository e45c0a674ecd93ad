//! What may be written of an album.

use serde::{Deserialize, Serialize};

use super::{COMMON_READ_ONLY, Fields, Setting, distinct};
use crate::domain::album::Album;
use crate::domain::{Id, Localized, Publication};
use crate::newsroom::Result;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlbumFields {
    pub slug: Option<String>,
    pub title: Localized,
    pub description: Localized,
    pub assets: Vec<Id>,
    pub state: Publication,
    pub order: i64,
}

impl Fields for AlbumFields {
    type Record = Album;
    const READ_ONLY: &'static [(&'static str, &'static str)] = COMMON_READ_ONLY;

    fn of(album: &Album) -> Self {
        let a = album.clone();
        Self {
            slug: Some(a.slug),
            title: a.title,
            description: a.description,
            assets: a.assets,
            state: a.state,
            order: a.order,
        }
    }

    fn apply(self, album: &mut Album, setting: Setting<'_>) -> Result<Option<String>> {
        album.title = self.title;
        album.description = self.description;
        album.assets = distinct(self.assets);
        album.order = self.order;
        if self.state == Publication::Published && album.state == Publication::Draft {
            album.published_at = Some(setting.now);
        }
        album.state = self.state;
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Album, Option<String>)> {
        let mut album = Album {
            id,
            slug: String::new(),
            version: 0,
            title: Localized::default(),
            description: Localized::default(),
            assets: Vec::new(),
            state: Publication::Draft,
            published_at: None,
            order: 0,
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut album, setting)?;
        Ok((album, slug))
    }
}
