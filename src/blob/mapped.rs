//! Blobs of the folder as they are sent: windows of the file mapped into memory, so that no byte is copied on
//! its way to the socket, and the next window is read from the disk while one is sent.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use memmap2::{Advice, Mmap, MmapOptions};

use super::{BlobError, BlobStream, off_thread};

/// How much is mapped at a time. Small enough that a slow reader of a large file holds little, large enough
/// that the hop to another thread costs nothing.
const WINDOW_BYTES: u64 = 2 << 20;
/// Up to here reading is cheaper than mapping.
const SMALL_BYTES: u64 = 128 << 10;
/// How much is read at a time where mapping is not possible.
const PIECE_BYTES: u64 = 256 << 10;

/// The bytes of a range of a file. Its length is checked before the first byte goes out.
pub(super) async fn read(path: &Path, range: Range<u64>) -> Result<BlobStream, BlobError> {
    if range.is_empty() {
        return Ok(stream::empty().boxed());
    }
    let path = path.to_owned();
    let (Opened { file, rest, is_mapped }, first) = off_thread(move || open(&path, &range)).await?;
    let windows = cut(rest, if is_mapped { WINDOW_BYTES } else { PIECE_BYTES });
    let rest = stream::iter(windows)
        .map(move |range| {
            let file = Arc::clone(&file);
            off_thread(move || if is_mapped { map(&file, &range) } else { copy(&file, &range) })
        })
        // One window is sent while the next is fetched.
        .buffered(2);
    Ok(stream::once(async { Ok(first) }).chain(rest).boxed())
}

struct Opened {
    file: Arc<File>,
    /// What is still to come after the first window.
    rest: Range<u64>,
    is_mapped: bool,
}

fn open(path: &Path, range: &Range<u64>) -> Result<(Opened, Bytes), BlobError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => BlobError::Missing(path.display().to_string()),
        _ => BlobError::from_io(error),
    })?;
    if file.metadata().map_err(BlobError::from_io)?.len() < range.end {
        return Err(BlobError::Io(std::io::Error::new(
            std::io::ErrorKind::UnexpectedEof,
            format!("{} is shorter than it was", path.display()),
        )));
    }
    let file = Arc::new(file);
    if range.end - range.start <= SMALL_BYTES {
        let bytes = copy(&file, range)?;
        return Ok((Opened { file, rest: range.end..range.end, is_mapped: false }, bytes));
    }
    let window = range.start..range.end.min(range.start + WINDOW_BYTES);
    match map(&file, &window) {
        Ok(bytes) => Ok((Opened { file, rest: window.end..range.end, is_mapped: true }, bytes)),
        // A file system or a kernel that cannot: reading is slower and always possible.
        Err(BlobError::Io(error)) if error.kind() == std::io::ErrorKind::InvalidInput => {
            let piece = range.start..range.end.min(range.start + PIECE_BYTES);
            let bytes = copy(&file, &piece)?;
            Ok((Opened { file, rest: piece.end..range.end, is_mapped: false }, bytes))
        }
        Err(error) => Err(error),
    }
}

fn cut(range: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let end = range.end;
    let starts = std::iter::successors(Some(range.start), move |start| Some(start + size));
    starts.take_while(move |start| *start < end).map(move |start| start..end.min(start + size))
}

fn length(range: &Range<u64>) -> usize {
    usize::try_from(range.end - range.start).unwrap_or(usize::MAX)
}

fn copy(file: &File, range: &Range<u64>) -> Result<Bytes, BlobError> {
    let mut bytes = vec![0; length(range)];
    file.read_exact_at(&mut bytes, range.start).map_err(BlobError::from_io)?;
    Ok(bytes.into())
}

/// Maps a window and reads it in: what the disk cannot give becomes an error here instead of a signal later.
fn map(file: &File, range: &Range<u64>) -> Result<Bytes, BlobError> {
    let map = map_file(file, range).map_err(BlobError::Io)?;
    map.advise_range(Advice::PopulateRead, 0, map.len()).map_err(BlobError::Io)?;
    Ok(Bytes::from_owner(map))
}

#[expect(
    unsafe_code,
    reason = "A mapped file must not change under its readers. Blobs never do: each is complete before it gets \
              its name, the name is the hash of its content, and nothing writes to it again; removing it only \
              removes the name. A file that somebody cuts short by hand would end the process, as would a disk \
              that fails between reading a window in and sending it, moments later."
)]
fn map_file(file: &File, range: &Range<u64>) -> std::io::Result<Mmap> {
    // SAFETY: see the reason above.
    unsafe { MmapOptions::new().offset(range.start).len(length(range)).map(file) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::TryStreamExt as _;

    async fn read_all(path: &Path, range: Range<u64>) -> Result<Vec<u8>, BlobError> {
        let pieces: Vec<Bytes> = read(path, range).await?.try_collect().await?;
        Ok(pieces.concat())
    }

    #[tokio::test]
    async fn every_range_is_a_slice_of_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("blob");
        let whole: Vec<u8> = (0..5_000_001_u32).flat_map(|n| [n as u8, (n >> 8) as u8]).collect();
        std::fs::write(&path, &whole).unwrap();
        let end = whole.len() as u64;
        for range in [0..end, 0..0, 1..2, 4095..4097, 4097..300_000, 2_097_151..6_291_457, end - 1..end] {
            let read = read_all(&path, range.clone()).await.unwrap();
            let at = |n: u64| usize::try_from(n).unwrap();
            assert!(read == whole[at(range.start)..at(range.end)], "{range:?}");
        }
    }

    #[tokio::test]
    async fn what_is_missing_or_too_short_is_an_error_before_the_first_byte() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("blob");
        assert!(matches!(read(&path, 0..5).await.map(drop), Err(BlobError::Missing(_))));
        std::fs::write(&path, vec![0; 300_000]).unwrap();
        assert!(matches!(read(&path, 0..300_001).await.map(drop), Err(BlobError::Io(_))));
    }
}
