//! What a run has written, kept beside the site, so that the next one writes only what has changed and removes
//! what is public no more.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::shelf::Note;

/// Hidden, so that no web server shows it by default; it holds nothing that is not public.
const NAME: &str = ".pressroom-site.json";

/// One address and its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Below the target folder.
    pub file: String,
    pub etag: String,
    pub bytes: u64,
    /// Addresses that the page names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

impl Entry {
    pub fn of_own(file: &str, bytes: u64) -> Self {
        Self { file: file.to_owned(), bytes, ..Self::default() }
    }
}

/// By address.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Manifest {
    entries: BTreeMap<String, Entry>,
    /// Files of ours that no address has any more.
    #[serde(skip)]
    loose: BTreeSet<String>,
}

impl Manifest {
    pub fn read(target: &Path) -> anyhow::Result<Self> {
        match std::fs::read(target.join(NAME)) {
            // A manifest that cannot be read costs a full run, no more.
            Ok(text) => Ok(serde_json::from_slice(&text).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => {
                Err(error).with_context(|| format!("{} cannot be read", target.join(NAME).display()))
            }
        }
    }

    pub fn write(&self, target: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(target)?;
        let draft = target.join(format!("{NAME}.part"));
        let text = serde_json::to_vec(self)?;
        // On the disk before the journal is emptied, which knows the same.
        std::fs::File::create(&draft)
            .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&draft, target.join(NAME)))
            .with_context(|| format!("{} cannot be written", target.join(NAME).display()))
    }

    /// Takes in what runs left that did not come to their end: those files may lie there, with whatever content.
    pub fn doubt(&mut self, left: Vec<Note>) {
        for Note { address, file } in left {
            match self.entries.get_mut(&address) {
                Some(entry) if entry.file == file => entry.etag.clear(),
                Some(_) => drop(self.loose.insert(file)),
                None => drop(self.entries.insert(address, Entry::of_own(&file, 0))),
            }
        }
        // Another address may share the file.
        let doubtful: BTreeSet<String> = self
            .entries
            .values()
            .filter(|entry| entry.etag.is_empty())
            .map(|entry| entry.file.clone())
            .collect();
        self.entries
            .values_mut()
            .filter(|entry| doubtful.contains(&entry.file))
            .for_each(|entry| entry.etag.clear());
    }

    pub fn addresses(&self) -> impl Iterator<Item = &String> {
        self.entries.keys()
    }

    pub fn get(&self, address: &str) -> Option<&Entry> {
        self.entries.get(address)
    }

    pub fn insert(&mut self, address: String, entry: Entry) {
        self.entries.insert(address, entry);
    }

    /// Several addresses may share a file: a rendition with and without its version.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.entries.values().map(|entry| entry.file.as_str()).collect::<BTreeSet<_>>().into_iter()
    }

    pub fn bytes(&self) -> u64 {
        let sizes: BTreeMap<&str, u64> =
            self.entries.values().map(|entry| (entry.file.as_str(), entry.bytes)).collect();
        sizes.values().sum()
    }

    /// Removes the files of this run that `now` has no longer; a folder goes with its last file.
    pub fn remove_stale(&self, now: &Self, target: &Path) -> anyhow::Result<usize> {
        let kept: BTreeSet<&str> = now.files().collect();
        let mut removed = 0;
        let loose = self.loose.iter().map(String::as_str);
        let ours: BTreeSet<&str> = self.files().chain(loose).collect();
        for file in ours.difference(&kept) {
            let path = target.join(file);
            match std::fs::remove_file(&path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("{} cannot be removed", path.display()));
                }
            }
            for folder in path.ancestors().skip(1).take_while(|folder| *folder != target) {
                if std::fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_unfinished_run_left_is_ours_and_not_believed() {
        let entry = |file: &str| Entry { etag: "\"1\"".to_owned(), ..Entry::of_own(file, 1) };
        let mut before = Manifest::default();
        for (address, file) in [("/a", "a"), ("/b", "b.jpg"), ("/b?v=1", "b.jpg"), ("/c", "c")] {
            before.insert(address.to_owned(), entry(file));
        }
        let note = |address: &str, file: &str| Note { address: address.to_owned(), file: file.to_owned() };
        before.doubt(vec![note("/b?v=1", "b.jpg"), note("/c", "c/index.html"), note("/d", "d")]);
        let etag = |address: &str| before.get(address).unwrap().etag.as_str();
        assert_eq!((etag("/a"), etag("/b"), etag("/b?v=1"), etag("/d")), ("\"1\"", "", "", ""));

        let dir = tempfile::tempdir().unwrap();
        for file in ["a", "b.jpg", "c", "d", "own"] {
            std::fs::write(dir.path().join(file), "x").unwrap();
        }
        assert_eq!(before.remove_stale(&Manifest::default(), dir.path()).unwrap(), 4);
        assert!(dir.path().join("own").exists());
    }

    #[test]
    fn what_is_public_no_more_goes_and_what_is_foreign_stays() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["releases/a/index.html", "releases/b/index.html", "own.txt"] {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let mut before = Manifest::default();
        for slug in ["a", "b"] {
            before.insert(
                format!("/releases/{slug}"),
                Entry::of_own(&format!("releases/{slug}/index.html"), 1),
            );
        }
        before.write(dir.path()).unwrap();
        let before = Manifest::read(dir.path()).unwrap();
        let mut now = Manifest::default();
        now.insert("/releases/a".to_owned(), Entry::of_own("releases/a/index.html", 1));
        assert_eq!(before.remove_stale(&now, dir.path()).unwrap(), 1);
        assert!(dir.path().join("releases/a/index.html").exists());
        assert!(!dir.path().join("releases/b").exists());
        assert!(dir.path().join("own.txt").exists());
    }
}
