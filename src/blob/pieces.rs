//! Pieces of files on their way in. They are blobs of no area: nobody is given them, and they go when the file is
//! whole or when nobody went on with it.

use bytes::Bytes;
use futures_util::stream::TryStreamExt as _;
use object_store::path::Path as StorePath;
use object_store::{ObjectStoreExt as _, PutPayload};

use super::{BlobError, BlobStore};
use crate::domain::Id;
use crate::domain::upload::Piece;

const FOLDER: &str = "uploads";

/// Two requests never write to one place: each has its own name in it.
fn path(piece: &Piece) -> StorePath {
    let name = format!("{:016}-{}", piece.first_byte, piece.writer);
    StorePath::from_iter([FOLDER, &piece.upload.to_string(), &name])
}

fn folder(upload: Id) -> StorePath {
    StorePath::from_iter([FOLDER, &upload.to_string()])
}

impl BlobStore {
    /// Returns when the bytes are safe.
    pub async fn put_piece(&self, piece: &Piece, bytes: Bytes) -> Result<(), BlobError> {
        self.store.put(&path(piece), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    pub async fn read_piece(&self, piece: &Piece) -> Result<Bytes, BlobError> {
        Ok(self.store.get(&path(piece)).await?.bytes().await?)
    }

    /// Removes all there is of an upload.
    pub async fn delete_pieces(&self, upload: Id) -> Result<(), BlobError> {
        if let Some(root) = &self.folder {
            // With what a killed process was writing, which the store does not list.
            return match tokio::fs::remove_dir_all(root.join(folder(upload).as_ref())).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BlobError::from_io(error)),
                _ => Ok(()),
            };
        }
        let all: Vec<_> = self.store.list(Some(&folder(upload))).try_collect().await?;
        for meta in all {
            match self.store.delete(&meta.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The uploads of which there are pieces older than a day.
    pub async fn old_uploads(&self, now: jiff::Timestamp) -> Result<Vec<Id>, BlobError> {
        let mut ids: Vec<Id> = self
            .store
            .list(Some(&StorePath::from(FOLDER)))
            .try_filter_map(|meta| {
                let is_old = now.as_second() - meta.last_modified.timestamp() > 24 * 60 * 60;
                let id = meta.location.parts().nth(1).and_then(|part| part.as_ref().parse::<Id>().ok());
                std::future::ready(Ok(id.filter(|_| is_old)))
            })
            .try_collect()
            .await?;
        ids.dedup();
        Ok(ids)
    }
}
