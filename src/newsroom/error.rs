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
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("Something inside failed")]
    Internal(#[from] anyhow::Error),
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
