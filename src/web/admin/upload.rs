//! Taking in files at the desk: as many as come in one form, each for itself. One that is refused does not
//! harm the others.

use axum::extract::Multipart;
use serde::{Deserialize, Serialize};

use super::desk::{Desk, DeskResult};
use super::form::{Trouble, explain};
use super::photos::{Outcome, Refusal, after_upload};
use super::picker::Tile;
use crate::domain::asset::Asset;
use crate::domain::release::Release;
use crate::domain::{FieldError, Id};
use crate::newsroom::assets::{self, Received};
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::AssetFields;
use crate::newsroom::{self, UploadFault};
use crate::web::extract::UrlQuery;
use crate::web::{Error, upload};

#[derive(Deserialize)]
pub struct UploadQuery {
    release: Option<String>,
}

/// What the script is told of a file that is in the library.
#[derive(Serialize)]
pub struct Taken {
    id: Id,
    title: String,
    kind: String,
    thumb: Option<String>,
    plate: &'static str,
    /// Whether the library had these bytes already.
    is_twin: bool,
}

impl Taken {
    pub fn new(desk: &Desk, asset: &Asset, is_twin: bool) -> Self {
        let Tile { id, title, kind, thumb, plate, .. } = Tile::new(desk.lang, asset);
        Self { id, title, kind, thumb, plate, is_twin }
    }
}

pub async fn take(
    desk: Desk,
    UrlQuery(query): UrlQuery<UploadQuery>,
    mut multipart: Multipart,
) -> DeskResult {
    let release: Option<Id> = query.release.as_deref().and_then(|id| id.parse().ok());
    let mut outcome = Outcome::default();
    let mut stored: Vec<Asset> = Vec::new();
    loop {
        let part = match upload::next_part(&mut multipart).await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            // What was cut off is the last of it; the files before it are safe.
            Err(error) => {
                outcome.refused.push(refusal(&desk, String::new(), error)?);
                break;
            }
        };
        // A form without a chosen file sends one part without a name.
        let Some(name) = part.file_name().map(str::to_owned).filter(|name| !name.is_empty()) else {
            continue;
        };
        match one(&desk, part, &name).await {
            Ok((asset, is_twin)) => {
                if is_twin {
                    outcome.twins.push(asset.file_name.clone());
                }
                stored.push(asset);
            }
            Err(error) => outcome.refused.push(refusal(&desk, name, error)?),
        }
    }
    if let Some(release) = release
        && !stored.is_empty()
    {
        // The files are safe in the library even when the release does not take them.
        if let Err(error) = put_into(&desk, release, &stored).await {
            outcome.refused.push(refusal(&desk, String::new(), error.into())?);
        }
    }
    outcome.taken = stored.iter().map(|asset| Tile::new(desk.lang, asset)).collect();
    after_upload(&desk, release, outcome).await
}

async fn one(
    desk: &Desk,
    part: axum::extract::multipart::Field<'_>,
    name: &str,
) -> Result<(Asset, bool), Error> {
    let incoming = upload::store(&desk.state, part).await?;
    let received = Received { incoming, file_name: name.to_owned(), fields: AssetFields::default() };
    let (asset, twins) = assets::add(desk.ctx(), &desk.actor, received).await?;
    Ok((asset, !twins.is_empty()))
}

/// Says why a file was not taken. A failure inside is not the file's: it ends the upload.
pub fn refusal(desk: &Desk, name: String, error: Error) -> DeskResult<Refusal> {
    let lang = desk.lang;
    let reason = match error {
        Error::Newsroom(newsroom::Error::Unsupported { code, detail }) => {
            explain(lang, &FieldError::new("file", code, detail))
        }
        Error::Newsroom(newsroom::Error::TooLarge { limit_bytes }) => {
            lang.t_args("desk-error-too-large", &[("size", lang.bytes(limit_bytes).into())])
        }
        Error::Newsroom(newsroom::Error::Upload(UploadFault::TooMany)) => {
            lang.t("desk-error-too-many-uploads")
        }
        Error::BadRequest { .. } | Error::Newsroom(newsroom::Error::Upload(_)) => {
            lang.t("desk-error-upload-broken")
        }
        Error::Newsroom(newsroom::Error::Blob(crate::blob::BlobError::Full)) => lang.t("desk-failure-full"),
        Error::Newsroom(error) => match desk.trouble(error) {
            Trouble::Mistakes(mistakes) => {
                mistakes.summary(lang).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
            }
            Trouble::Refused(text) => text,
            Trouble::Stale { .. } => lang.t("desk-error-upload-broken"),
            Trouble::Other(error) => return Err(error.into()),
        },
        other => return Err(other.into()),
    };
    Ok(Refusal { name, reason })
}

/// Adds the files at the end of a release's photos.
async fn put_into(desk: &Desk, release: Id, stored: &[Asset]) -> newsroom::Result<()> {
    let edit = Edit { actor: &desk.actor, id: release, version: None, action: "edit" };
    content::edit(desk.ctx(), edit, |release: &mut Release, _| {
        for asset in stored {
            if !release.assets.contains(&asset.id) {
                release.assets.push(asset.id);
            }
        }
        Ok(None)
    })
    .await?;
    Ok(())
}
