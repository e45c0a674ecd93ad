//! Bytes that somebody else sends: a proxy in front that reads the same folder, or the S3 store itself. Who may
//! have them is decided here all the same. Both are off unless they are configured.

use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::bytes::{Download, Wanted};
use super::page::Policy;
use super::{AppState, Error};

/// nginx calls it so; Caddy, Apache (`X-Sendfile`) and others can be told to listen to it.
const ACCEL_REDIRECT: HeaderName = HeaderName::from_static("x-accel-redirect");
/// How long an address of the store is good for: as long as a stable address may be kept.
const VALID: Duration = Duration::from_secs(300);

/// The answer that sends the asker, or the proxy, to the bytes; `None` when they are sent from here.
pub async fn answer(
    state: &AppState,
    wanted: &Wanted,
    download: &Download,
) -> Result<Option<Response>, Error> {
    // Files of the site are written from what comes from here.
    if !state.is_live {
        return Ok(None);
    }
    let blobs = &state.ctx.blobs;
    if let Some(location) = state.config.accel_redirect.as_deref()
        && let Some(place) = blobs.place(&wanted.key)
    {
        let mut response = StatusCode::OK.into_response();
        download.describe(response.headers_mut(), state.now());
        let target = HeaderValue::from_str(&format!("{location}{place}"));
        let target = target.map_err(|error| Error::Internal(error.into()))?;
        response.headers_mut().insert(ACCEL_REDIRECT, target);
        return Ok(Some(response));
    }
    // What is small costs more to send somebody elsewhere for than to send.
    if !*state.config.s3_redirect || !wanted.is_original {
        return Ok(None);
    }
    let mut described = axum::http::HeaderMap::new();
    download.describe(&mut described, state.now());
    let disposition = described.get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    let left = download.until.map(|end| end.duration_since(state.now()).unsigned_abs());
    let valid = left.map_or(VALID, |left| left.clamp(Duration::from_secs(1), VALID));
    let Some(url) = blobs.signed_url(&wanted.key, disposition, valid).await? else { return Ok(None) };
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::from_str(&url).map_err(|error| Error::Internal(error.into()))?);
    // The address carries a signature that runs out.
    headers.insert(CACHE_CONTROL, Policy::NoStore.header());
    Ok(Some(response))
}
