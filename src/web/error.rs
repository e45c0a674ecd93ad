//! How failures are told: a page for people, a problem document (RFC 9457) for scripts. What went wrong
//! inside goes to the log under a reference; the visitor gets the reference.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::page::Page;
use crate::blob::BlobError;
use crate::domain::{DomainError, FieldError};
use crate::newsroom::{self, UploadFault};
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("There is nothing at this address")]
    NotFound,
    /// It was public and was withdrawn; the page that says why.
    #[error("This was withdrawn")]
    Gone(Box<Page>),
    #[error("{detail}")]
    BadRequest { code: &'static str, detail: String },
    #[error("This address takes other methods")]
    MethodNotAllowed,
    #[error("The header Tus-Resumable must say 1.0.0")]
    TusVersion,
    #[error("Sign in first")]
    Unauthorized,
    #[error("Too many requests")]
    TooMany { retry_after_secs: u32 },
    #[error(transparent)]
    Newsroom(#[from] newsroom::Error),
    #[error("Something inside failed")]
    Internal(#[source] anyhow::Error),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Newsroom(error.into())
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        Self::Newsroom(error.into())
    }
}

impl From<crate::search::SearchError> for Error {
    fn from(error: crate::search::SearchError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<DomainError> for Error {
    fn from(error: DomainError) -> Self {
        Self::Newsroom(error.into())
    }
}

/// What may be told of a failure.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    pub title: &'static str,
    pub status: u16,
    /// Stable, for programs.
    pub code: &'static str,
    pub detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// On a version conflict: the version the change was made on, and the one there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_version: Option<i64>,
    /// Under which the log has more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            fields: Vec::new(),
            expected_version: None,
            current_version: None,
            reference: None,
        }
    }

    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Logs what must not be told and makes up the reference that connects the two.
fn internal(error: &dyn std::error::Error) -> Problem {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    let mut bytes = [0u8; 5];
    let reference = getrandom::fill(&mut bytes).map_or_else(|_| "none".to_owned(), |()| hex::encode(bytes));
    tracing::error!(reference, error = chain, "A request failed");
    let mut problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something inside failed");
    problem.reference = Some(reference);
    problem
}

fn away(code: &'static str, error: &dyn std::error::Error) -> Problem {
    tracing::warn!(error = %error, source = ?error.source().map(ToString::to_string), "A backing store is not available");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        code,
        "The newsroom's store cannot be reached at the moment",
    )
}

/// 460 is tus's own; HTTP has no name for it.
fn checksum_mismatch() -> StatusCode {
    StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST)
}

impl Error {
    /// The one place where outcomes become status codes.
    pub fn problem(&self) -> Problem {
        use newsroom::Error as N;
        match self {
            Self::NotFound | Self::Newsroom(N::NotFound) => {
                Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address")
            }
            Self::Gone(_) => Problem::new(StatusCode::GONE, "withdrawn", "This was withdrawn"),
            Self::BadRequest { code, detail } => Problem::new(StatusCode::BAD_REQUEST, code, detail),
            Self::MethodNotAllowed => Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This address takes other methods",
            ),
            Self::TusVersion => {
                Problem::new(StatusCode::PRECONDITION_FAILED, "unsupported_tus_version", self.to_string())
            }
            Self::Unauthorized => {
                Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "This needs a valid API token")
            }
            Self::TooMany { .. } => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Try again in a moment")
            }
            Self::Newsroom(N::Forbidden(role)) => Problem::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                format!("This needs the role {}", role.as_str()),
            ),
            Self::Newsroom(N::Domain(DomainError::Invalid(fields))) => {
                let mut problem = Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid",
                    DomainError::Invalid(fields.clone()).to_string(),
                );
                problem.fields.clone_from(fields);
                problem
            }
            Self::Newsroom(N::Domain(DomainError::Conflict { code, detail })) => {
                Problem::new(StatusCode::CONFLICT, code, detail)
            }
            Self::Newsroom(N::Unsupported { code, detail }) => {
                let status = if *code == "empty_file" {
                    StatusCode::UNPROCESSABLE_ENTITY
                } else {
                    StatusCode::UNSUPPORTED_MEDIA_TYPE
                };
                Problem::new(status, code, detail)
            }
            Self::Newsroom(N::TooLarge { limit_bytes }) => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                format!("A file may have at most {limit_bytes} bytes"),
            ),
            Self::Newsroom(N::Upload(fault)) => {
                let (status, code) = match fault {
                    UploadFault::Busy => (StatusCode::LOCKED, "upload_busy"),
                    UploadFault::Elsewhere(_) => (StatusCode::CONFLICT, "offset_mismatch"),
                    UploadFault::Excess => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
                    UploadFault::Checksum => (checksum_mismatch(), "checksum_mismatch"),
                    UploadFault::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many_uploads"),
                };
                Problem::new(status, code, fault.to_string())
            }
            Self::Newsroom(N::Store(StoreError::Stale { expected, current })) => {
                let detail =
                    format!("The change was made on version {expected}, but version {current} is there now");
                let mut problem = Problem::new(StatusCode::CONFLICT, "version_conflict", detail);
                problem.expected_version = Some(*expected);
                problem.current_version = Some(*current);
                problem
            }
            Self::Newsroom(N::Store(error @ StoreError::Unavailable(_))) => away("store_unavailable", error),
            Self::Newsroom(N::Store(StoreError::Contended(_))) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "contended",
                "Others were writing at this moment; nothing was kept of this request, send it again",
            ),
            Self::Newsroom(N::Store(StoreError::Full(_)) | N::Blob(BlobError::Full)) => Problem::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "storage_full",
                "The disk is full; nothing was kept of this request",
            ),
            Self::Newsroom(N::Blob(error @ BlobError::Store(_))) => away("blobs_unavailable", error),
            Self::Newsroom(N::Blob(error @ BlobError::Missing(_))) => {
                let mut problem = internal(error);
                problem.code = "blob_missing";
                problem.detail = "The bytes behind this address are missing".to_owned();
                problem
            }
            Self::Newsroom(error) => internal(error),
            Self::Internal(error) => internal(error.as_ref()),
        }
    }

    fn retry_after_secs(&self) -> Option<u32> {
        match self {
            Self::TooMany { retry_after_secs } => Some(*retry_after_secs),
            Self::Newsroom(newsroom::Error::Store(StoreError::Unavailable(_))) => Some(5),
            Self::Newsroom(newsroom::Error::Store(StoreError::Contended(_))) => Some(1),
            _ => None,
        }
    }
}

/// For the public site: a page in the visitor's layout.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Gone(page) = self {
            return (*page).into_response();
        }
        let retry = self.retry_after_secs();
        let problem = self.problem();
        let mut response = super::public::errors::page(&problem).into_response();
        // `errors::in_readers_language` tells it again, in the language of the address.
        response.extensions_mut().insert(problem);
        if let Some(secs) = retry {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}

/// For the API: the same failure as `application/problem+json`.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry = self.0.retry_after_secs();
        let problem = self.0.problem();
        let status = problem.status_code();
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"pressroom\""));
        }
        if let Some(secs) = retry {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}

/// For what fails before a handler could say anything.
pub fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "Service unavailable").into_response()
}

/// A panic is a defect; the visitor gets a plain page, the log gets the message.
#[expect(clippy::needless_pass_by_value, reason = "the signature is the layer's")]
pub fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(message, "A handler panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "Internal server error").into_response()
}
