//! Puts files in their places. What a run writes is noted before it lies there, so that the next run knows of
//! every file, however this one ends.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// Hidden, as the manifest is. It stays when a run has ended, empty: two runs at once tell by it.
const JOURNAL: &str = ".pressroom-site.journal";
/// Files that are being written, on the file system of their places.
const DRAFTS: &str = ".pressroom-site.drafts";
/// So many files are noted together: one flush to the disk for each would take longer than the files.
const WAITING_AT_MOST: usize = 64;

/// A file that a run meant to put in its place, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub address: String,
    /// Below the target folder.
    pub file: String,
}

pub struct Shelf {
    target: PathBuf,
    /// Also the lock: it is held as long as the file is open.
    journal: File,
    waiting: Vec<(PathBuf, Note)>,
    drafts: usize,
}

impl Shelf {
    /// Also tells what runs that did not come to their end may have left in its place.
    pub fn open(target: &Path) -> anyhow::Result<(Self, Vec<Note>)> {
        std::fs::create_dir_all(target).with_context(|| format!("{} cannot be made", target.display()))?;
        let path = target.join(JOURNAL);
        let journal = File::options()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match journal.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                anyhow::bail!("Another run writes to {} at this moment", target.display());
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        // What stands behind the last whole line was not noted when the run ended, and so is not in its place.
        let left = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let drafts = target.join(DRAFTS);
        match std::fs::remove_dir_all(&drafts) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => std::fs::create_dir(&drafts)?,
        }
        Ok((Self { target: target.to_owned(), journal, waiting: Vec::new(), drafts: 0 }, left))
    }

    /// Where the next file is written before it has its place.
    pub fn draft(&mut self) -> PathBuf {
        self.drafts += 1;
        self.target.join(DRAFTS).join(self.drafts.to_string())
    }

    /// Gives a finished draft its place, at the latest with [`Shelf::settle`].
    pub fn put(&mut self, draft: PathBuf, note: Note) -> anyhow::Result<()> {
        self.waiting.push((draft, note));
        if self.waiting.len() >= WAITING_AT_MOST { self.settle() } else { Ok(()) }
    }

    /// Writes a file unless it is there already; tells whether it was written.
    pub fn put_text(&mut self, note: Note, text: &str) -> anyhow::Result<bool> {
        if std::fs::read(self.target.join(&note.file)).is_ok_and(|there| there == text.as_bytes()) {
            return Ok(false);
        }
        let draft = self.draft();
        std::fs::write(&draft, text).with_context(|| format!("{}", draft.display()))?;
        self.put(draft, note)?;
        Ok(true)
    }

    /// Notes the files that wait, and then puts them in their places.
    pub fn settle(&mut self) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        for (_, note) in &self.waiting {
            serde_json::to_writer(&mut lines, note)?;
            lines.push(b'\n');
        }
        self.journal.write_all(&lines).and_then(|()| self.journal.sync_data()).context("The journal")?;
        for (draft, note) in self.waiting.drain(..) {
            let place = self.target.join(&note.file);
            if let Some(folder) = place.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("{} cannot be made", folder.display()))?;
            }
            std::fs::rename(&draft, &place)
                .with_context(|| format!("{} cannot be written", place.display()))?;
        }
        Ok(())
    }

    /// Forgets the notes: the manifest knows everything now.
    pub fn close(self) -> anyhow::Result<()> {
        std::fs::remove_dir_all(self.target.join(DRAFTS))?;
        self.journal.set_len(0).context("The journal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &str) -> Note {
        Note { address: format!("/{name}"), file: format!("{name}/index.html") }
    }

    #[test]
    fn what_a_run_left_is_known_to_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let (mut shelf, left) = Shelf::open(dir.path()).unwrap();
        assert_eq!(left, []);
        assert!(shelf.put_text(note("a"), "x").unwrap());
        assert!(!dir.path().join("a/index.html").exists(), "it is not noted yet");
        shelf.settle().unwrap();
        assert!(dir.path().join("a/index.html").exists());
        assert!(shelf.put_text(note("b"), "x").unwrap());
        assert!(Shelf::open(dir.path()).is_err(), "one run at a time");
        drop(shelf);

        // A line that was cut off names nothing.
        let mut journal = File::options().append(true).open(dir.path().join(JOURNAL)).unwrap();
        journal.write_all(b"{\"address\":\"/c\",\"fi").unwrap();
        drop(journal);
        let (mut shelf, left) = Shelf::open(dir.path()).unwrap();
        assert_eq!(left, [note("a")]);
        assert!(!shelf.put_text(note("a"), "x").unwrap());
        shelf.close().unwrap();
        let (_, left) = Shelf::open(dir.path()).unwrap();
        assert_eq!(left, []);
    }
}
