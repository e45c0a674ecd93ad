//! The protocol of resumable uploads, tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation,
//! creation-with-upload, expiration, checksum, termination. The desk and the API have it under addresses of their own.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

use super::{AppState, Error};
use crate::domain::account::Actor;
use crate::domain::upload::Upload;
use crate::domain::{DomainError, Id};
use crate::newsroom::fields::{AssetFields, merge};
use crate::newsroom::uploads::{self, Announced, Checksum, PIECE_SECS, Standing, Writer};
use crate::newsroom::{self, UploadFault};

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const EXTENSIONS: HeaderValue =
    HeaderValue::from_static("creation,creation-with-upload,expiration,checksum,termination");
const OFFSET_TYPE: &str = "application/offset+octet-stream";
/// So much is read of a body that is refused already.
const MAX_UNHEARD_BYTES: usize = 16 << 20;
/// `Upload-Metadata` may have this many bytes.
const MAX_METADATA_BYTES: usize = 32 * 1024;

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// Ours: the asset that the upload has become.
const ASSET: HeaderName = HeaderName::from_static("pressroom-asset");

/// Every answer says which protocol it speaks.
pub async fn stamp(mut response: Response) -> Response {
    response.headers_mut().insert(RESUMABLE, VERSION);
    response.headers_mut().insert(HeaderName::from_static("tus-version"), VERSION);
    response
}

/// What this server can do.
pub fn options(state: &AppState) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("tus-extension"), EXTENSIONS);
    headers.insert(HeaderName::from_static("tus-max-size"), (*state.config.max_upload_bytes).into());
    headers.insert(
        HeaderName::from_static("tus-checksum-algorithm"),
        HeaderValue::from_static(Checksum::ALGORITHMS),
    );
    response
}

/// Refuses who speaks another version.
pub fn check_version(headers: &HeaderMap) -> Result<(), Error> {
    if headers.get(RESUMABLE).is_some_and(|told| told == VERSION) { Ok(()) } else { Err(Error::TusVersion) }
}

fn wrong(code: &'static str, detail: impl Into<String>) -> Error {
    Error::BadRequest { code, detail: detail.into() }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Error> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| wrong("invalid_upload_header", format!("{name} must be a number of bytes")))
}

/// Key and value pairs; a value is Base64, a key alone has none.
fn metadata(text: &str) -> Result<Map<String, Value>, Error> {
    let bad =
        || wrong("invalid_upload_metadata", "Upload-Metadata must be pairs of a key and Base64 of UTF-8");
    let mut values = Map::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let bytes = BASE64.decode(value.trim()).map_err(|_| bad())?;
        let value = String::from_utf8(bytes).map_err(|_| bad())?;
        if values.insert(key.to_owned(), Value::String(value)).is_some() {
            return Err(bad());
        }
    }
    Ok(values)
}

fn announced(headers: &HeaderMap) -> Result<Announced, Error> {
    if headers.contains_key("upload-defer-length") {
        return Err(wrong("length_required", "The length must be told with Upload-Length"));
    }
    let text = headers.get(UPLOAD_METADATA).map_or(Ok(""), HeaderValue::to_str);
    let text = text.map_err(|_| wrong("invalid_upload_metadata", "Upload-Metadata must be ASCII"))?;
    if text.len() > MAX_METADATA_BYTES {
        let detail = format!("Upload-Metadata may have {MAX_METADATA_BYTES} bytes");
        return Err(wrong("invalid_upload_metadata", detail));
    }
    let values = metadata(text)?;
    let value = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = [value("filename"), value("name")].into_iter().find(|name| !name.is_empty());
    let digest = value("sha256").to_ascii_lowercase();
    if !digest.is_empty() && !is_sha256(&digest) {
        return Err(wrong("invalid_upload_metadata", "`sha256` must be 64 hexadecimal digits"));
    }
    let mut fields = AssetFields::default();
    if !value("metadata").is_empty() {
        let told: Value = serde_json::from_str(value("metadata"))
            .map_err(|error| DomainError::field("metadata", "invalid_json", format!("Not JSON: {error}")))?;
        fields = merge(&fields, &told)?;
    }
    let replaces = match value("replaces") {
        "" => None,
        id => Some(
            id.parse()
                .map_err(|_| wrong("invalid_upload_metadata", "`replaces` must be the id of an asset"))?,
        ),
    };
    if replaces.is_some() && !value("metadata").is_empty() {
        let detail = "`metadata` is for new assets: what `replaces` keeps what is said of it";
        return Err(wrong("invalid_upload_metadata", detail));
    }
    Ok(Announced {
        file_name: name.unwrap_or("upload").to_owned(),
        size_bytes: number(headers, &UPLOAD_LENGTH)?,
        digest: Some(digest).filter(|digest| !digest.is_empty()),
        fields,
        replaces,
        metadata: text.to_owned(),
    })
}

pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Begins an upload below `place`; a body is its first bytes.
pub async fn create(
    state: &AppState,
    actor: &Actor,
    place: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    check_version(headers)?;
    let upload =
        uploads::begin(&state.ctx, actor, announced(headers)?, *state.config.max_upload_bytes).await?;
    let location = format!("{place}/{}", upload.id);
    let brings_bytes = headers.get(CONTENT_TYPE).is_some_and(|value| value == OFFSET_TYPE);
    let standing = if brings_bytes {
        let writer = Writer::open(&state.ctx, actor, upload, 0, checksum(headers)?).await?;
        take(writer, body).await?
    } else {
        Standing::At(upload)
    };
    let mut response = answer(StatusCode::CREATED, &standing);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Goes on with an upload.
pub async fn append(
    state: &AppState,
    actor: &Actor,
    id: Id,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    match writer(state, actor, id, headers).await {
        Ok(writer) => Ok(answer(StatusCode::NO_CONTENT, &take(writer, body).await?)),
        Err(error) => {
            read_unheard(body).await;
            Err(error)
        }
    }
}

async fn writer(state: &AppState, actor: &Actor, id: Id, headers: &HeaderMap) -> Result<Writer, Error> {
    check_version(headers)?;
    if headers.get(CONTENT_TYPE).is_none_or(|value| value != OFFSET_TYPE) {
        let detail = format!("The body must be {OFFSET_TYPE}");
        return Err(newsroom::Error::Unsupported { code: "unsupported_body", detail }.into());
    }
    let offset = number(headers, &UPLOAD_OFFSET)?;
    let checksum = checksum(headers)?;
    let upload = uploads::find(&state.ctx, actor, id).await?;
    Ok(Writer::open(&state.ctx, actor, upload, offset, checksum).await?)
}

/// A client that is still sending would not hear why it is refused.
async fn read_unheard(body: Body) {
    let mut body = body.into_data_stream();
    let mut unheard_bytes = 0;
    while let Some(Ok(chunk)) = body.next().await {
        unheard_bytes += chunk.len();
        if unheard_bytes > MAX_UNHEARD_BYTES {
            break;
        }
    }
}

/// Asks how an upload stands before going on with it: one that another request is writing to has to wait.
pub fn check_free(method: &Method, upload: &Upload) -> Result<(), Error> {
    let is_busy = *method == Method::HEAD && upload.is_busy;
    if is_busy { Err(newsroom::Error::from(UploadFault::Busy).into()) } else { Ok(()) }
}

pub async fn end(state: &AppState, actor: &Actor, id: Id, headers: &HeaderMap) -> Result<Response, Error> {
    check_version(headers)?;
    uploads::end(&state.ctx, &uploads::find(&state.ctx, actor, id).await?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// For clients that can only POST.
pub async fn overridden(
    state: &AppState,
    actor: &Actor,
    id: Id,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let method = headers.get("x-http-method-override").map_or(&b""[..], HeaderValue::as_bytes);
    match method.to_ascii_uppercase().as_slice() {
        b"PATCH" => append(state, actor, id, headers, body).await,
        b"DELETE" => end(state, actor, id, headers).await,
        _ => Err(Error::MethodNotAllowed),
    }
}

fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Error> {
    let Some(value) = headers.get("upload-checksum") else { return Ok(None) };
    let parts = value.to_str().ok().and_then(|text| text.split_once(' '));
    parts
        .and_then(|(algorithm, digest)| Checksum::new(algorithm, BASE64.decode(digest).ok()?))
        .map(Some)
        .ok_or_else(|| wrong("invalid_checksum", "Upload-Checksum must be sha1 or sha256 and its Base64"))
}

/// Reads a request's bytes in a task of its own: when the line breaks, what has come is still made safe.
async fn take(writer: Writer, body: Body) -> Result<Standing, Error> {
    let (send, receive) = mpsc::channel(2);
    let task = tokio::spawn(write(writer, receive));
    let mut body = body.into_data_stream();
    let mut unheard_bytes = 0;
    // The channel that ends without an end of the body tells of a broken line.
    while let Ok(chunk) = body.next().await.transpose() {
        let is_end = chunk.is_none();
        let len_bytes = chunk.as_ref().map_or(0, Bytes::len);
        if send.send(chunk).await.is_err() {
            // The writer has given up. A client that is still sending would not hear why.
            unheard_bytes += len_bytes;
        }
        if is_end || unheard_bytes > MAX_UNHEARD_BYTES {
            break;
        }
    }
    drop(send);
    let standing = task.await.map_err(|error| Error::Internal(error.into()))??;
    Ok(standing)
}

async fn write(mut writer: Writer, mut receive: mpsc::Receiver<Option<Bytes>>) -> newsroom::Result<Standing> {
    let patience = Duration::from_secs(PIECE_SECS.unsigned_abs());
    loop {
        let step = match tokio::time::timeout(patience, receive.recv()).await {
            Ok(Some(Some(chunk))) => writer.push(chunk).await,
            Ok(Some(None)) => return writer.close(true).await,
            Ok(None) => return writer.close(false).await,
            Err(_) => writer.wait().await,
        };
        if let Err(error) = step {
            writer.let_go().await;
            return Err(error);
        }
    }
}

fn answer(status: StatusCode, standing: &Standing) -> Response {
    let mut response = status.into_response();
    match standing {
        Standing::At(upload) | Standing::Done(upload, _) => describe(response.headers_mut(), upload),
    }
    response
}

/// Says how an upload stands.
pub fn describe(headers: &mut HeaderMap, upload: &Upload) {
    headers.insert(UPLOAD_OFFSET, upload.received_bytes.into());
    headers.insert(UPLOAD_LENGTH, upload.size_bytes.into());
    let told = [
        (UPLOAD_EXPIRES, upload.expires_at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        (UPLOAD_METADATA, upload.metadata.clone()),
        (ASSET, upload.asset.map(|id| id.to_string()).unwrap_or_default()),
    ];
    for (name, text) in told {
        if let Ok(value) = HeaderValue::from_str(&text)
            && !text.is_empty()
        {
            headers.insert(name, value);
        }
    }
}

/// The same as JSON.
pub fn json_of(upload: &Upload) -> Value {
    json!({
        "id": upload.id,
        "file_name": upload.file_name,
        "size_bytes": upload.size_bytes,
        "received_bytes": upload.received_bytes,
        "created_at": upload.created_at,
        "expires_at": upload.expires_at,
        "replaces": upload.replaces,
        "asset": upload.asset,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_announced_is_read_or_refused() {
        let read = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            announced(&headers)
        };
        let meta = format!(
            "filename {}, relativePath,metadata {},sha256 {}",
            BASE64.encode("größe.jpg"),
            BASE64.encode(r#"{"title":"Kran"}"#),
            BASE64.encode("A".repeat(64))
        );
        let file = read(&[("upload-length", "12"), ("upload-metadata", &meta)]).unwrap();
        assert_eq!((file.file_name.as_str(), file.size_bytes), ("größe.jpg", 12));
        assert_eq!(file.fields.title, "Kran");
        assert_eq!(file.digest, Some("a".repeat(64)));
        for (length, meta) in [
            ("-1", ""),
            ("+1", ""),
            ("", ""),
            ("99999999999999999999999", ""),
            ("1", "filename ???"),
            ("1", "filename /w=="),
            ("1", "a YQ==,a YQ=="),
            ("1", "sha256 YQ=="),
            ("1", "metadata YQ=="),
            ("1", "replaces YQ=="),
        ] {
            assert!(
                read(&[("upload-length", length), ("upload-metadata", meta)]).is_err(),
                "{length} {meta}"
            );
        }
        assert!(read(&[("upload-defer-length", "1")]).is_err());
    }
}
