//! Reading an uploaded file: streamed into the blob store while it is hashed, whatever its size.

use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use serde_json::Value;

use super::{AppState, Error};
use crate::blob::Incoming;
use crate::domain::{DomainError, FieldError};
use crate::newsroom::assets::Received;
use crate::newsroom::fields::{AssetFields, merge};

/// How much of an upload is taken in before other requests get their turn; bytes.
const TURN_BYTES: u64 = 256 * 1024;
/// A line that is silent for this long is taken for dead.
const SILENCE: Duration = Duration::from_secs(60);
/// The part `metadata` may have this many bytes.
const MAX_METADATA_BYTES: usize = 1 << 20;

/// Takes the parts `file` and `metadata` in any order.
pub async fn receive(state: &AppState, mut multipart: Multipart) -> Result<Received, Error> {
    let mut file: Option<(Incoming, String)> = None;
    let mut fields = AssetFields::default();
    while let Some(part) = within(multipart.next_field()).await? {
        match part.name() {
            Some("file") if file.is_none() => {
                let name = part.file_name().unwrap_or("upload").to_owned();
                let incoming = store(state, part).await?;
                file = Some((incoming, name));
            }
            Some("metadata") => {
                let text = short_text(part).await?;
                let value: Value = serde_json::from_str(&text).map_err(|error| {
                    DomainError::field("metadata", "invalid_json", format!("Not JSON: {error}"))
                })?;
                fields = merge(&fields, &value)?;
            }
            other => {
                let name = other.unwrap_or_default().to_owned();
                let detail = format!("The parts are `file` and `metadata`, not `{name}`");
                return Err(DomainError::Invalid(vec![FieldError::new(name, "unknown_part", detail)]).into());
            }
        }
    }
    let (incoming, file_name) =
        file.ok_or_else(|| DomainError::field("file", "required", "The part `file` is missing"))?;
    Ok(Received { incoming, file_name, fields })
}

/// The next part of a form, or none at its end.
pub async fn next_part(multipart: &mut Multipart) -> Result<Option<Field<'_>>, Error> {
    within(multipart.next_field()).await
}

async fn within<T>(step: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Error> {
    match tokio::time::timeout(SILENCE, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::BadRequest { code: "broken_upload", detail: error.body_text() }),
        Err(_) => Err(Error::BadRequest {
            code: "upload_timed_out",
            detail: format!("Nothing arrived for {} seconds", SILENCE.as_secs()),
        }),
    }
}

/// Streams one part into the blob store; what is cut off leaves nothing behind.
pub async fn store(state: &AppState, mut part: Field<'_>) -> Result<Incoming, Error> {
    let limit_bytes = *state.config.max_upload_bytes;
    let mut incoming = state.ctx.blobs.receive(state.ctx.new_id());
    let mut others_waited_at_bytes = 0;
    while let Some(chunk) = within(part.chunk()).await? {
        if incoming.size_bytes() + chunk.len() as u64 > limit_bytes {
            return Err(crate::newsroom::Error::TooLarge { limit_bytes }.into());
        }
        incoming.push(chunk).await?;
        // A client on a fast line never lets this task wait: hashing would hold the thread for tens of milliseconds.
        if incoming.size_bytes() - others_waited_at_bytes >= TURN_BYTES {
            others_waited_at_bytes = incoming.size_bytes();
            tokio::task::yield_now().await;
        }
    }
    Ok(incoming)
}

/// A part that is small enough to be held in memory.
pub async fn bytes(mut part: Field<'_>, limit_bytes: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = within(part.chunk()).await? {
        if bytes.len() + chunk.len() > limit_bytes {
            return Err(crate::newsroom::Error::TooLarge { limit_bytes: limit_bytes as u64 }.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn short_text(part: Field<'_>) -> Result<String, Error> {
    let bytes = bytes(part, MAX_METADATA_BYTES).await.map_err(|error| match error {
        Error::Newsroom(crate::newsroom::Error::TooLarge { .. }) => {
            DomainError::field("metadata", "too_large", "At most 1 MiB of metadata").into()
        }
        other => other,
    })?;
    String::from_utf8(bytes)
        .map_err(|_| DomainError::field("metadata", "invalid_utf8", "The metadata is not UTF-8").into())
}
