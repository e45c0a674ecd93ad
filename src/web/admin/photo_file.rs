//! Another file for a photo whose address, words and places stay.

use axum::extract::Multipart;
use axum::response::Response;

use super::desk::{Desk, DeskResult, parse_id, see_other};
use super::photo;
use super::upload::refusal;
use crate::newsroom::assets;
use crate::newsroom::content::Edit;
use crate::web::extract::UrlPath;
use crate::web::{Error, upload};

/// Whoever reloads after a refusal is back at the photo.
pub async fn back(_desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult<Response> {
    Ok(see_other(&format!("/admin/photos/{}", parse_id(&id)?)))
}

pub async fn replace(desk: Desk, UrlPath(id): UrlPath<String>, mut multipart: Multipart) -> DeskResult {
    let id = parse_id(&id)?;
    let done = match take(&desk, id, &mut multipart).await {
        Ok(is_other) => is_other,
        Err(error) => {
            let reason = refusal(&desk, String::new(), error)?.reason;
            return photo::refused(&desk, id, reason).await;
        }
    };
    let done = if done { "replaced" } else { "same-file" };
    Ok(see_other(&format!("/admin/photos/{id}?done={done}")))
}

/// Whether the file is another one than there was.
async fn take(desk: &Desk, id: crate::domain::Id, multipart: &mut Multipart) -> Result<bool, Error> {
    while let Some(part) = upload::next_part(multipart).await? {
        // A form without a chosen file sends one part without a name.
        let Some(name) = part.file_name().map(str::to_owned).filter(|name| !name.is_empty()) else {
            continue;
        };
        let incoming = upload::store(&desk.state, part).await?;
        let edit = Edit { actor: &desk.actor, id, version: None, action: "replace" };
        let (asset, _) = assets::replace(desk.ctx(), edit, incoming, &name).await?;
        return Ok(asset.replacement.is_some() || !asset.is_processed());
    }
    let detail = "No file was chosen".to_owned();
    Err(crate::newsroom::Error::Unsupported { code: "empty_file", detail }.into())
}
