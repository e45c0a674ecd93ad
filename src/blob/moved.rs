//! A finished file of this machine becomes a blob without being copied or read, where blobs live in a folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::key::{self, Area};
use super::{BlobError, off_thread};
use crate::domain::asset::BlobRef;

/// Moves a file that nobody writes to any more under the key of its content. `false` if the folder lies on another
/// disk: then it has to be copied, and is still where it was.
pub(super) async fn into_folder(
    folder: &Path,
    path: &Path,
    area: Area,
    made: &BlobRef,
) -> Result<bool, BlobError> {
    let (path, size_bytes) = (path.to_owned(), made.size_bytes);
    let target = folder.join(key::path(area, &made.sha256).as_ref());
    off_thread(move || move_in(&path, &target, size_bytes).map_err(BlobError::from_io)).await
}

fn move_in(path: &Path, target: &Path, size_bytes: u64) -> std::io::Result<bool> {
    let file = File::open(path)?;
    if file.metadata()?.len() != size_bytes {
        return Err(changed(path));
    }
    if fs::metadata(target).is_ok_and(|known| known.len() == size_bytes) {
        // The same bytes are safe already.
        return Ok(true);
    }
    file.sync_all()?;
    let new_folders = make_folders(target)?;
    match fs::rename(path, target) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => return Ok(false),
        Err(error) => return Err(error),
    }
    // A name is safe with the folder that holds it, and that with its own.
    for changed in target.ancestors().skip(1).take(1 + new_folders) {
        File::open(changed)?.sync_all()?;
    }
    Ok(true)
}

pub(super) fn changed(path: &Path) -> std::io::Error {
    std::io::Error::other(format!("{} is no longer what was made", path.display()))
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
    fn abc() -> BlobRef {
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        BlobRef { sha256: sha256.to_owned(), size_bytes: 3, crc32: 0x3524_41C2 }
    }

    fn file_with(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("made.bin");
        fs::write(&path, text).unwrap();
        path
    }

    #[tokio::test]
    async fn a_file_is_moved_under_the_hash_of_its_content_once() {
        let (scratch, store) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let move_in = async |path: &Path| into_folder(store.path(), path, Area::Derived, &abc()).await;
        let path = file_with(scratch.path(), "abc");
        assert!(move_in(&path).await.unwrap());
        assert!(!path.exists(), "moved, not copied");
        let place = store.path().join(key::path(Area::Derived, &abc().sha256).as_ref());
        assert_eq!(fs::read_to_string(&place).unwrap(), "abc");

        let again = file_with(scratch.path(), "abc");
        assert!(move_in(&again).await.unwrap());
        // A blob that a dying machine has cut short is made whole.
        fs::write(&place, "a").unwrap();
        assert!(move_in(&again).await.unwrap());
        assert_eq!(fs::read_to_string(&place).unwrap(), "abc");
        let cut = file_with(scratch.path(), "ab");
        assert!(move_in(&cut).await.is_err(), "it is not what was made");
        assert!(cut.exists());
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
            assert!(!into_folder(store.path(), &path, Area::Derived, &abc()).await.unwrap());
            assert!(path.exists(), "{}", path.display());
        }
    }

    #[tokio::test]
    async fn what_is_missing_is_an_error() {
        let store = tempfile::tempdir().unwrap();
        let missing = store.path().join("nothing");
        assert!(into_folder(store.path(), &missing, Area::Derived, &abc()).await.is_err());
    }
}
