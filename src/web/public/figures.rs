//! Photos within the text of a release: their files, caption and credit, as the reader may see them.

use askama::Template;

use crate::domain::asset::Asset;
use crate::domain::visibility::Viewer;
use crate::store;
use crate::text::markdown;
use crate::web::Error;
use crate::web::bytes::allowed_assets;
use crate::web::view::PhotoTile;

use super::release_facts::ReleaseFacts;

#[derive(Template)]
#[template(path = "partial/figure.html")]
struct BodyFigure {
    photo: PhotoTile,
    /// HTML that stands in the text instead of the photo's own caption.
    caption_html: String,
}

/// Puts the photos into a text. What is neither among the release's files nor public is left out, with its words.
pub async fn place(facts: &ReleaseFacts<'_>, html: &str) -> Result<String, Error> {
    let (figures, rest) = markdown::figures(html);
    let mut out = String::with_capacity(html.len() + 1500 * figures.len());
    for (before, figure) in figures {
        out.push_str(before);
        let Some((below, asset)) = photo(facts, &figure.slug).await? else { continue };
        let mut photo = facts.site.tile_below(below, &asset);
        let Some(picture) = &mut photo.picture else { continue };
        if !figure.alt.is_empty() {
            picture.alt = figure.alt;
        }
        let figure = BodyFigure { photo, caption_html: figure.caption };
        out.push_str(&figure.render().map_err(|error| Error::Internal(error.into()))?);
    }
    out.push_str(rest);
    Ok(out)
}

/// The photo of a slug, and the address below which its files are.
async fn photo<'a>(facts: &'a ReleaseFacts<'_>, slug: &str) -> Result<Option<(&'a str, Asset)>, Error> {
    if let Some(asset) = facts.assets.iter().find(|asset| asset.slug == slug) {
        return Ok(Some((&facts.below, asset.clone())));
    }
    let state = &facts.site.state;
    let Some(asset) = store::record::find_by_slug::<Asset>(&state.ctx.db, slug).await? else {
        return Ok(None);
    };
    if let Some(asset) = facts.assets.iter().find(|own| own.id == asset.id) {
        return Ok(Some((&facts.below, asset.clone())));
    }
    let public = allowed_assets(state, &[asset.id], Viewer::Public).await?;
    Ok(public.into_iter().next().map(|asset| ("", asset)))
}
