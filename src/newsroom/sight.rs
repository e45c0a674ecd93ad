//! What may be seen of the photos that releases show, beside them and within their text.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Context, Result};
use crate::domain::asset::Asset;
use crate::domain::visibility::{Access, Viewer, decide};
use crate::domain::{Id, Timestamp};
use crate::store;
use crate::text::photos;

/// Of some assets those that are open to the public at a moment, in their order.
pub async fn open_assets(ctx: &Context, ids: &[Id], now: Timestamp) -> Result<Vec<Asset>> {
    let mut assets: Vec<Asset> = store::record::find_all(&ctx.db, ids).await?;
    let shown = store::list::shown_from(&ctx.db, ids).await?;
    assets.retain(|asset| {
        decide(&asset.exposure(shown.get(&asset.id).copied()), Viewer::Public, now) == Access::Open
    });
    Ok(assets)
}

/// The photos within some texts that a reader may see.
#[derive(Debug, Default)]
pub struct PhotosInText {
    /// Each by the slug that stands in a text.
    slugs: HashSet<String>,
}

impl PhotosInText {
    /// Those of `own`, which the reader may see anyhow, and those that are open to the public. Two queries for any
    /// number of texts, and none where no text shows a photo.
    pub async fn of(
        ctx: &Context,
        texts: impl IntoIterator<Item = &str>,
        own: &[Asset],
        now: Timestamp,
    ) -> Result<Self> {
        let mut slugs: Vec<String> = texts.into_iter().flat_map(photos::slugs).collect();
        slugs.sort_unstable();
        slugs.dedup();
        if slugs.is_empty() {
            return Ok(Self::default());
        }
        let found: Vec<(String, Asset)> = store::record::find_all_by_slug(&ctx.db, &slugs).await?;
        let ids: Vec<Id> = found.iter().map(|(_, asset)| asset.id).collect();
        let shown = store::list::shown_from(&ctx.db, &ids).await?;
        let may_be_seen = |asset: &Asset| {
            own.iter().any(|own| own.id == asset.id)
                || decide(&asset.exposure(shown.get(&asset.id).copied()), Viewer::Public, now) == Access::Open
        };
        let slugs = found.into_iter().filter(|(_, asset)| may_be_seen(asset)).map(|(slug, _)| slug).collect();
        Ok(Self { slugs })
    }

    /// The text as the reader may have it: without the other photos and what is said of them.
    pub fn readable<'a>(&self, text: &'a str) -> Cow<'a, str> {
        photos::keep(text, |slug| self.slugs.contains(slug))
    }
}
