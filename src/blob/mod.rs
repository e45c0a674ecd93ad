//! Bytes: originals and what is derived from them, under the SHA-256 of their content, in a folder or an
//! S3 store. What is written is on disk (fsync) or acknowledged by the store before an answer says so.

mod error;
mod incoming;
mod key;
mod mapped;
mod moved;
mod pieces;

pub use error::BlobError;
pub use incoming::Incoming;
pub use key::{Area, BlobKey};

use std::ops::Range;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as StorePath;
use object_store::prefix::PrefixStore;
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, RetryConfig};
use tokio::io::AsyncReadExt as _;

use crate::domain::Id;
use crate::domain::asset::BlobRef;

/// How much is read from a file at a time, in bytes. Larger pieces are a little quicker, but the allocator
/// keeps one set of them for each thread that ever read a file, and memory grows with the traffic.
const CHUNK_BYTES: usize = 64 * 1024;

/// S3 wants at least 5 MiB in every part of an upload but the last …
const S3_PART_BYTES: usize = 8 * 1024 * 1024;
/// … while a folder takes any: pieces whose memory the allocator uses again.
const FOLDER_PART_BYTES: usize = 256 * 1024;

pub type BlobStream = BoxStream<'static, Result<Bytes, BlobError>>;

#[derive(Clone, Debug)]
pub struct BlobStore {
    store: Arc<dyn ObjectStore>,
    /// The folder, when blobs live in one: files there can be read in place.
    folder: Option<PathBuf>,
    /// Makes addresses at which an S3 store gives out a blob itself, and the prefix of its keys.
    signer: Option<(Arc<dyn Signer>, String)>,
}

/// A blob as a file on this machine; a copy from a remote store goes away when this is dropped.
#[derive(Debug)]
pub struct LocalBlob {
    path: PathBuf,
    _copy: Option<tempfile::TempPath>,
}

impl LocalBlob {
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// An S3 store that does not take a connection in this time, or says nothing for so long, is asked again …
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const SILENCE_LIMIT: Duration = Duration::from_secs(10);
/// … so often, within this time. The transfer itself may take as long as it takes: a reader may be slow.
const RETRIES: usize = 5;
const RETRY_LIMIT: Duration = Duration::from_secs(60);

/// Makes a folder into which only its owner can look, unless it is there; who has one already has chosen its mode.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        done => done,
    }
}

impl BlobStore {
    /// Blobs in a folder, made when it is missing.
    pub fn open_folder(folder: &Path) -> Result<Self, BlobError> {
        make_private_folder(folder).map_err(BlobError::from_io)?;
        let folder = folder.canonicalize().map_err(BlobError::from_io)?;
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_automatic_cleanup(true).with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder), signer: None })
    }

    /// Blobs in an S3 store: `s3://bucket/prefix`, credentials and endpoint from the usual `AWS_*` variables.
    pub fn open_s3(url: &str) -> Result<Self, BlobError> {
        let rest = url.strip_prefix("s3://").unwrap_or(url);
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain_http = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|e| e.starts_with("http://"));
        // `with_client_options` replaces what was set before it, so plain HTTP is allowed inside it.
        let options = ClientOptions::new()
            .with_allow_http(plain_http)
            .with_connect_timeout(CONNECT_LIMIT)
            .with_read_timeout(SILENCE_LIMIT)
            .with_timeout_disabled();
        let retries =
            RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_LIMIT, ..RetryConfig::default() };
        let s3 = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_client_options(options)
            .with_retry(retries)
            .build()?;
        let s3 = Arc::new(s3);
        let prefix = prefix.trim_matches('/');
        let store: Arc<dyn ObjectStore> = if prefix.is_empty() {
            Arc::clone(&s3) as _
        } else {
            Arc::new(PrefixStore::new(Arc::clone(&s3), StorePath::from(prefix)))
        };
        Ok(Self { store, folder: None, signer: Some((s3, prefix.to_owned())) })
    }

    /// Begins to take in a file of unknown length.
    pub fn receive(&self, id: Id) -> Incoming {
        let part_bytes = if self.folder.is_some() { FOLDER_PART_BYTES } else { S3_PART_BYTES };
        Incoming::new(Arc::clone(&self.store), id, part_bytes)
    }

    /// Takes a finished file of this machine in under its content's key; it may be gone from its place then. `made` is
    /// what the render process, which had the bytes in its hands, says of them: that is not worked out again.
    pub async fn take_file(
        &self,
        path: &Path,
        area: Area,
        made: BlobRef,
        id: Id,
    ) -> Result<BlobRef, BlobError> {
        if let Some(folder) = &self.folder
            && moved::into_folder(folder, path, area, &made).await?
        {
            return Ok(made);
        }
        let copied = self.copy_file(path, area, id).await?;
        if copied == made { Ok(copied) } else { Err(BlobError::from_io(moved::changed(path))) }
    }

    async fn copy_file(&self, path: &Path, area: Area, id: Id) -> Result<BlobRef, BlobError> {
        let mut file = tokio::fs::File::open(path).await.map_err(BlobError::from_io)?;
        let mut incoming = self.receive(id);
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let read = file.read(&mut buffer).await.map_err(BlobError::from_io)?;
            if read == 0 {
                break;
            }
            incoming.push(Bytes::copy_from_slice(&buffer[..read])).await?;
        }
        incoming.finish(area).await
    }

    /// Size in bytes, or `None` when there is no such blob.
    pub async fn size(&self, key: &BlobKey) -> Result<Option<u64>, BlobError> {
        match self.store.head(&key.path()).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of a range (half open), in chunks.
    pub async fn read(&self, key: &BlobKey, range: Range<u64>) -> Result<BlobStream, BlobError> {
        if let Some(folder) = &self.folder {
            let path = folder.join(key.path().as_ref());
            return mapped::read(&path, range).await;
        }
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&key.path(), options).await?;
        Ok(found.into_stream().map_err(BlobError::from).boxed())
    }

    /// Where a blob lies below the folder, when blobs live in one.
    pub fn place(&self, key: &BlobKey) -> Option<String> {
        self.folder.as_ref().map(|_| key.path().to_string())
    }

    /// An address at which the S3 store gives the blob to anyone for a while, under a name and a type.
    pub async fn signed_url(
        &self,
        key: &BlobKey,
        disposition: Option<&str>,
        valid: Duration,
    ) -> Result<Option<String>, BlobError> {
        let Some((signer, prefix)) = &self.signer else { return Ok(None) };
        let path = StorePath::from_iter(StorePath::from(prefix.as_str()).parts().chain(key.path().parts()));
        let mut query = vec![("response-content-type", key.media_type())];
        query.extend(disposition.map(|value| ("response-content-disposition", value)));
        let options = SignedUrlOptions::new().with_query(query);
        let url = signer.signed_url_opts(Method::GET, &path, valid, &options).await?;
        Ok(Some(url.to_string()))
    }

    /// The blob as a file: in place from a folder, else a temporary copy in `scratch`.
    pub async fn local(&self, key: &BlobKey, scratch: &Path) -> Result<LocalBlob, BlobError> {
        if let Some(folder) = &self.folder {
            let path = folder.join(key.path().as_ref());
            if !tokio::fs::try_exists(&path).await.map_err(BlobError::from_io)? {
                return Err(BlobError::Missing(key.path().to_string()));
            }
            return Ok(LocalBlob { path, _copy: None });
        }
        let copy = tempfile::NamedTempFile::new_in(scratch).map_err(BlobError::from_io)?.into_temp_path();
        let mut file = tokio::fs::File::create(&copy).await.map_err(BlobError::from_io)?;
        let mut stream = self.store.get(&key.path()).await?.into_stream();
        while let Some(chunk) = stream.try_next().await? {
            tokio::io::AsyncWriteExt::write_all(&mut file, &chunk).await.map_err(BlobError::from_io)?;
        }
        tokio::io::AsyncWriteExt::flush(&mut file).await.map_err(BlobError::from_io)?;
        Ok(LocalBlob { path: copy.to_path_buf(), _copy: Some(copy) })
    }

    /// Every blob of an area: its SHA-256 and its size.
    pub fn list(&self, area: Area) -> BoxStream<'_, Result<(String, u64), BlobError>> {
        self.store
            .list(Some(&StorePath::from(area.folder())))
            .map_err(BlobError::from)
            .try_filter_map(|meta| async move {
                Ok(meta.location.filename().map(|name| (name.to_owned(), meta.size)))
            })
            .boxed()
    }

    pub async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        match self.store.delete(&key.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes uploads that were cut off more than a day ago; returns how many.
    pub async fn sweep_incoming(&self, now: jiff::Timestamp) -> Result<usize, BlobError> {
        let old: Vec<StorePath> = self
            .store
            .list(Some(&StorePath::from(incoming::FOLDER)))
            .try_filter(|meta| {
                let age_secs = now.as_second() - meta.last_modified.timestamp();
                std::future::ready(age_secs > 24 * 60 * 60)
            })
            .map_ok(|meta| meta.location)
            .try_collect()
            .await?;
        for path in &old {
            self.store.delete(path).await?;
        }
        Ok(old.len())
    }

    /// Whether the store answers at all.
    pub async fn ping(&self) -> Result<(), BlobError> {
        match self.store.head(&StorePath::from("ping")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Disks may take their time; the threads that serve must not wait for them.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(BlobError::Io(std::io::Error::other(error))),
    }
}
