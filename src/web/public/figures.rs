//! Photos within texts: their files, caption and credit, as the reader may see them.

use askama::Template;

use crate::domain::asset::Asset;
use crate::domain::visibility::Viewer;
use crate::store;
use crate::text::markdown;
use crate::web::Error;
use crate::web::bytes::allowed_assets;
use crate::web::view::PhotoTile;

use super::site::Site;

#[derive(Template)]
#[template(path = "partial/figure.html")]
struct TextFigure {
    photo: PhotoTile,
    /// HTML that stands in the text instead of the photo's own caption.
    caption_html: String,
}

/// The photos that a text's reader may see whether or not they are public, and the address below which their files are;
/// empty: they are at their own.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    pub assets: &'a [Asset],
    pub below: &'a str,
}

impl Own<'_> {
    pub const NONE: Self = Self { assets: &[], below: "" };
}

/// Markdown as HTML with its photos. The text was cleared of those that are not to be seen; what is neither among `own`
/// nor public is left out here too, with its words.
pub async fn html(site: &Site, text: &str, own: Own<'_>) -> Result<String, Error> {
    let html = site.prose(text);
    let (figures, rest) = markdown::figures(&html);
    let mut out = String::with_capacity(html.len() + 1500 * figures.len());
    for (before, figure) in figures {
        out.push_str(before);
        let Some((below, asset)) = photo(site, &figure.slug, own).await? else { continue };
        let mut photo = site.tile_below(below, &asset);
        let Some(picture) = &mut photo.picture else { continue };
        if !figure.alt.is_empty() {
            picture.alt = figure.alt;
        }
        let figure = TextFigure { photo, caption_html: figure.caption };
        out.push_str(&figure.render().map_err(|error| Error::Internal(error.into()))?);
    }
    out.push_str(rest);
    Ok(out)
}

/// The photo of a slug, and the address below which its files are.
async fn photo<'a>(site: &Site, slug: &str, own: Own<'a>) -> Result<Option<(&'a str, Asset)>, Error> {
    if let Some(asset) = own.assets.iter().find(|asset| asset.slug == slug) {
        return Ok(Some((own.below, asset.clone())));
    }
    let state = &site.state;
    let Some(asset) = store::record::find_by_slug::<Asset>(&state.ctx.db, slug).await? else {
        return Ok(None);
    };
    if let Some(asset) = own.assets.iter().find(|own| own.id == asset.id) {
        return Ok(Some((own.below, asset.clone())));
    }
    let public = allowed_assets(state, &[asset.id], Viewer::Public).await?;
    Ok(public.into_iter().next().map(|asset| ("", asset)))
}
