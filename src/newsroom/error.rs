//! How a use case can end otherwise than wished.

use crate::blob::BlobError;
use crate::domain::account::Role;
use crate::domain::{DomainError, FieldError};
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("There is no such record")]
    NotFound,
    /// The role that would be needed.
    #[error("This needs the role {}", .0.as_str())]
    Forbidden(Role),
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// The uploaded bytes cannot be taken.
    #[error("{detail}")]
    Unsupported { code: &'static str, detail: String },
    #[error("A file may have at most {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    #[error(transparent)]
    Upload(#[from] UploadFault),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("Something inside failed")]
    Internal(#[from] anyhow::Error),
}

/// Why an upload does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadFault {
    #[error("Another request is writing to this upload")]
    Busy,
    #[error("The upload stands at {0} bytes")]
    Elsewhere(u64),
    #[error("More has come than was announced")]
    Excess,
    #[error("What has come is not what the checksum says; nothing of it was kept")]
    Checksum,
    #[error("Too many uploads are under way")]
    TooMany,
}

impl Error {
    pub fn field(field: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Domain(DomainError::Invalid(vec![FieldError::new(field, code, detail)]))
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Domain(DomainError::conflict(code, detail))
    }
}

pub type Result<T> = std::result::Result<T, Error>;
