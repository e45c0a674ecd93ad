//! A blob on its way in: hashed while it streams, in constant memory, invisible until it is complete.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use object_store::path::Path as StorePath;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload};
use sha2::{Digest as _, Sha256};

use super::BlobError;
use super::key::{self, Area};
use crate::domain::Id;
use crate::domain::asset::BlobRef;

/// Uploads in progress lie here until their content's hash is known.
pub(super) const FOLDER: &str = "incoming";

/// Enough of the beginning to tell the media type.
const HEAD_BYTES: usize = 64 * 1024;

pub struct Incoming {
    store: Arc<dyn ObjectStore>,
    path: StorePath,
    upload: Option<Box<dyn MultipartUpload>>,
    buffer: BytesMut,
    /// How much is sent to the store at a time.
    part_bytes: usize,
    head: Vec<u8>,
    sha256: Sha256,
    crc32: crc32fast::Hasher,
    size_bytes: u64,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("path", &self.path).field("size_bytes", &self.size_bytes).finish()
    }
}

impl Incoming {
    pub(super) fn new(store: Arc<dyn ObjectStore>, id: Id, part_bytes: usize) -> Self {
        Self {
            store,
            path: StorePath::from_iter([FOLDER, &id.to_string()]),
            upload: None,
            buffer: BytesMut::new(),
            part_bytes,
            head: Vec::new(),
            sha256: Sha256::new(),
            crc32: crc32fast::Hasher::new(),
            size_bytes: 0,
        }
    }

    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The first 64 KiB, or all there is so far.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The digest of what has come so far, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        hex::encode(self.sha256.clone().finalize())
    }

    pub async fn push(&mut self, chunk: Bytes) -> Result<(), BlobError> {
        self.sha256.update(&chunk);
        self.crc32.update(&chunk);
        self.size_bytes += chunk.len() as u64;
        let missing = HEAD_BYTES.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..missing]);
        self.buffer.extend_from_slice(&chunk);
        while self.buffer.len() >= self.part_bytes {
            let part = self.buffer.split_to(self.part_bytes).freeze();
            self.send(part).await?;
        }
        Ok(())
    }

    async fn send(&mut self, part: Bytes) -> Result<(), BlobError> {
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => none.insert(self.store.put_multipart(&self.path).await?),
        };
        upload.put_part(PutPayload::from_bytes(part)).await?;
        Ok(())
    }

    /// Makes the bytes safe under their content's key and tells what they are.
    pub async fn finish(mut self, area: Area) -> Result<BlobRef, BlobError> {
        let sha256 = self.sha256();
        let crc32 = self.crc32.clone().finalize();
        let target = key::path(area, &sha256);
        let rest = self.buffer.split().freeze();
        let known = match self.store.head(&target).await {
            Ok(meta) => meta.size == self.size_bytes,
            Err(object_store::Error::NotFound { .. }) => false,
            Err(error) => {
                self.abort().await;
                return Err(error.into());
            }
        };
        if known {
            // The same bytes are safe already.
            self.abort().await;
        } else if self.upload.is_some() {
            let stored = self.complete(rest, &target).await;
            if stored.is_err() {
                self.abort().await;
            }
            stored?;
        } else {
            self.store.put(&target, PutPayload::from_bytes(rest)).await?;
        }
        Ok(BlobRef { sha256, size_bytes: self.size_bytes, crc32 })
    }

    async fn complete(&mut self, rest: Bytes, target: &StorePath) -> Result<(), BlobError> {
        if !rest.is_empty() {
            self.send(rest).await?;
        }
        if let Some(upload) = &mut self.upload {
            upload.complete().await?;
            self.store.rename(&self.path, target).await?;
        }
        self.upload = None;
        Ok(())
    }

    /// Lets go of what has been sent so far.
    pub async fn abort(&mut self) {
        if let Some(mut upload) = self.upload.take()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, path = %self.path, "An unfinished upload could not be removed; the sweep will");
        }
    }
}

/// An upload that is let go of without an end (the client went away) is taken back from the store.
impl Drop for Incoming {
    fn drop(&mut self) {
        if let Some(mut upload) = self.upload.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "An unfinished upload could not be removed; the sweep will");
                }
            });
        }
    }
}
