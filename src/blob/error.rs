//! What can go wrong with bytes, told apart by what the caller can do about it.

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("There is no blob {0}")]
    Missing(String),
    #[error("The blob store's disk is full")]
    Full,
    #[error("The blob store failed")]
    Store(#[source] object_store::Error),
    #[error("A file could not be read or written")]
    Io(#[source] std::io::Error),
}

impl BlobError {
    pub(super) fn from_io(error: std::io::Error) -> Self {
        if is_full(&error) { Self::Full } else { Self::Io(error) }
    }
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        if let object_store::Error::NotFound { path, .. } = &error {
            return Self::Missing(path.clone());
        }
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(cause) = source {
            if cause.downcast_ref::<std::io::Error>().is_some_and(is_full) {
                return Self::Full;
            }
            source = cause.source();
        }
        Self::Store(error)
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::QuotaExceeded
            | std::io::ErrorKind::FileTooLarge
    )
}
