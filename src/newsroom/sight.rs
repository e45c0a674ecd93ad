//! What may be seen of the photos that records show, beside them and within their texts. Every text leaves the house
//! through here: a page, a file, a feed, the API, the index.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Context, Result};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
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

    /// Only those of `own`.
    pub async fn of_own(ctx: &Context, text: &str, own: &[Asset]) -> Result<Self> {
        let slugs = photos::slugs(text);
        if own.is_empty() || slugs.is_empty() {
            return Ok(Self::default());
        }
        let found: Vec<(String, Asset)> = store::record::find_all_by_slug(&ctx.db, &slugs).await?;
        let is_own = |asset: &Asset| own.iter().any(|own| own.id == asset.id);
        let slugs = found.into_iter().filter(|(_, asset)| is_own(asset)).map(|(slug, _)| slug).collect();
        Ok(Self { slugs })
    }

    /// The text as the reader may have it: without the other photos and what is said of them.
    pub fn readable<'a>(&self, text: &'a str) -> Cow<'a, str> {
        photos::keep(text, |slug| self.slugs.contains(slug))
    }
}

/// A record with Markdown in it, which may show photos.
pub trait Prose {
    fn prose(&mut self) -> Vec<&mut String>;
}

impl Prose for Release {
    fn prose(&mut self) -> Vec<&mut String> {
        vec![&mut self.body, &mut self.boilerplate]
    }
}

impl Prose for Album {
    fn prose(&mut self) -> Vec<&mut String> {
        self.description.all_mut()
    }
}

impl Prose for Event {
    fn prose(&mut self) -> Vec<&mut String> {
        self.description.all_mut()
    }
}

impl Prose for Contact {
    fn prose(&mut self) -> Vec<&mut String> {
        Vec::new()
    }
}

impl Prose for Topic {
    fn prose(&mut self) -> Vec<&mut String> {
        Vec::new()
    }
}

/// A text by itself.
impl Prose for String {
    fn prose(&mut self) -> Vec<&mut String> {
        vec![self]
    }
}

/// Takes the photos that a reader may not see out of all texts of some records, with what is said of them; `own` are
/// those that the reader may see anyhow.
pub async fn clear<P: Prose + Send>(
    ctx: &Context,
    records: &mut [P],
    own: &[Asset],
    now: Timestamp,
) -> Result<()> {
    let mut texts: Vec<&mut String> = records.iter_mut().flat_map(Prose::prose).collect();
    let photos = PhotosInText::of(ctx, texts.iter().map(|text| text.as_str()), own, now).await?;
    for text in &mut texts {
        if let Cow::Owned(kept) = photos.readable(text) {
            **text = kept;
        }
    }
    Ok(())
}

/// The texts of a release as its reader may have them.
#[derive(Debug)]
pub struct ReleaseTexts {
    /// Markdown.
    pub body: String,
    pub boilerplate_title: String,
    /// Markdown: looked up by its key, or the release's own.
    pub boilerplate: String,
}

/// `own` are the photos of the release that the reader may see.
pub async fn texts_of(
    ctx: &Context,
    newsroom: &Newsroom,
    release: &Release,
    own: &[Asset],
    now: Timestamp,
) -> Result<ReleaseTexts> {
    let (boilerplate_title, boilerplate) = match newsroom.boilerplate(&release.boilerplate, &release.language)
    {
        Some(found) => (found.title.clone(), found.text.clone()),
        None => (String::new(), release.boilerplate.clone()),
    };
    let mut texts = [release.body.clone(), boilerplate];
    clear(ctx, &mut texts, own, now).await?;
    let [body, boilerplate] = texts;
    Ok(ReleaseTexts { body, boilerplate_title, boilerplate })
}
