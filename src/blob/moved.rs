//! A finished file of this machine becomes a blob without being copied, where blobs live in a folder.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::key::{self, Area};
use super::{BlobError, off_thread};
use crate::domain::asset::BlobRef;

const PIECE_BYTES: usize = 256 * 1024;

/// Moves a file that nobody writes to any more under the key of its content. `None` if the folder lies on another
/// disk: then it has to be copied, and is still where it was.
pub(super) async fn into_folder(
    folder: &Path,
    path: &Path,
    area: Area,
) -> Result<Option<BlobRef>, BlobError> {
    let (folder, path) = (folder.to_owned(), path.to_owned());
    off_thread(move || move_in(&folder, &path, area).map_err(BlobError::from_io)).await
}

fn move_in(folder: &Path, path: &Path, area: Area) -> std::io::Result<Option<BlobRef>> {
    let file = File::open(path)?;
    let blob = read_through(&file)?;
    let target = folder.join(key::path(area, &blob.sha256).as_ref());
    if fs::metadata(&target).is_ok_and(|known| known.len() == blob.size_bytes) {
        // The same bytes are safe already.
        return Ok(Some(blob));
    }
    file.sync_all()?;
    let new_folders = make_folders(&target)?;
    match fs::rename(path, &target) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => return Ok(None),
        Err(error) => return Err(error),
    }
    // A name is safe with the folder that holds it, and that with its own.
    for changed in target.ancestors().skip(1).take(1 + new_folders) {
        File::open(changed)?.sync_all()?;
    }
    Ok(Some(blob))
}

fn read_through(mut file: &File) -> std::io::Result<BlobRef> {
    let (mut sha256, mut crc32, mut size_bytes) = (Sha256::new(), crc32fast::Hasher::new(), 0);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => {
                sha256.update(&piece[..read]);
                crc32.update(&piece[..read]);
                size_bytes += read as u64;
            }
        }
    }
    Ok(BlobRef { sha256: hex::encode(sha256.finalize()), size_bytes, crc32: crc32.finalize() })
}

/// Makes the folders that a file needs, and says how many there were not.
fn make_folders(target: &Path) -> std::io::Result<usize> {
    let missing: Vec<PathBuf> =
        target.ancestors().skip(1).take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    if let Some(last) = missing.first() {
        fs::create_dir_all(last)?;
    }
    Ok(missing.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 (from FIPS 180-2) and CRC-32 of "abc".
    const ABC: (&str, u32) =
        ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 0x3524_41C2);

    fn file_with(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("made.bin");
        fs::write(&path, text).unwrap();
        path
    }

    #[tokio::test]
    async fn a_file_is_moved_under_the_hash_of_its_content_once() {
        let (scratch, store) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = file_with(scratch.path(), "abc");
        let blob = into_folder(store.path(), &path, Area::Derived).await.unwrap().unwrap();
        assert_eq!((blob.sha256.as_str(), blob.crc32, blob.size_bytes), (ABC.0, ABC.1, 3));
        assert!(!path.exists(), "moved, not copied");
        let place = store.path().join(key::path(Area::Derived, ABC.0).as_ref());
        assert_eq!(fs::read_to_string(&place).unwrap(), "abc");

        let again = file_with(scratch.path(), "abc");
        assert_eq!(into_folder(store.path(), &again, Area::Derived).await.unwrap().unwrap(), blob);
        // A blob that a dying machine has cut short is made whole.
        fs::write(&place, "a").unwrap();
        into_folder(store.path(), &again, Area::Derived).await.unwrap().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "abc");
    }

    #[tokio::test]
    async fn a_file_of_another_disk_is_left_to_be_copied() {
        use std::os::unix::fs::MetadataExt as _;
        let store = tempfile::tempdir().unwrap();
        let here = store.path().metadata().unwrap().dev();
        let folders = ["/dev/shm", "/tmp", "/var/tmp", env!("CARGO_MANIFEST_DIR")].map(Path::new);
        let other = folders.iter().filter(|folder| folder.metadata().is_ok_and(|meta| meta.dev() != here));
        for folder in other {
            let folder = tempfile::tempdir_in(folder).unwrap();
            let path = file_with(folder.path(), "abc");
            assert_eq!(into_folder(store.path(), &path, Area::Derived).await.unwrap(), None);
            assert!(path.exists(), "{}", path.display());
        }
    }

    #[tokio::test]
    async fn what_is_missing_is_an_error() {
        let store = tempfile::tempdir().unwrap();
        let missing = store.path().join("nothing");
        assert!(into_folder(store.path(), &missing, Area::Derived).await.is_err());
    }
}
