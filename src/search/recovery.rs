//! Opening the index folder. Whatever is wrong with it is no reason to stop: the index can be rebuilt, so a
//! damaged, foreign or outdated one is put aside and an empty one takes its place.

use std::path::{Path, PathBuf};

use tantivy::directory::{INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::schema::Schema;
use tantivy::{Directory, Index, IndexBuilder};

use super::SearchError;
use super::schema::{format_name, settings};

/// What a commit says about itself.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct CommitNote {
    pub format: String,
    /// Last change-log sequence the commit contains.
    pub sequence: i64,
}

/// The index in `dir` and the sequence it holds, 0 for one that was just made.
pub fn open_or_replace(dir: &Path, schema: &Schema) -> Result<(Index, i64), SearchError> {
    std::fs::create_dir_all(dir)?;
    if std::fs::read_dir(dir)?.next().is_none() {
        return Ok((create(dir, schema)?, 0));
    }
    match open(dir, schema) {
        Ok(opened) => Ok(opened),
        Err(reason) => {
            set_aside(dir, &reason)?;
            std::fs::create_dir_all(dir)?;
            Ok((create(dir, schema)?, 0))
        }
    }
}

fn create(dir: &Path, schema: &Schema) -> tantivy::Result<Index> {
    IndexBuilder::new().schema(schema.clone()).settings(settings()).create_in_dir(dir)
}

/// Opens an index that passes every check, or says what is wrong.
fn open(dir: &Path, schema: &Schema) -> Result<(Index, i64), String> {
    let text = |error: tantivy::TantivyError| error.to_string();
    // A first handle reads every byte and is dropped, so that the mappings it made do not stay.
    let damaged = Index::open_in_dir(dir).map_err(text)?.validate_checksum().map_err(text)?;
    if !damaged.is_empty() {
        return Err(format!("Damaged files: {damaged:?}"));
    }
    let index = Index::open_in_dir(dir).map_err(text)?;
    if index.schema() != *schema {
        return Err("It has other fields".to_owned());
    }
    let meta = index.load_metas().map_err(text)?;
    let sequence = match &meta.payload {
        None if meta.segments.is_empty() => 0,
        None => return Err("It was made by another program".to_owned()),
        Some(payload) => {
            let note: CommitNote = serde_json::from_str(payload).map_err(|error| error.to_string())?;
            if note.format != format_name() {
                return Err(format!("It has format {}", note.format));
            }
            note.sequence
        }
    };
    Ok((index, sequence))
}

/// Moves the folder to its name with `.set-aside`, in place of one put there earlier.
fn set_aside(dir: &Path, reason: &str) -> Result<(), SearchError> {
    let busy = MmapDirectory::open(dir).is_ok_and(|folder| folder.acquire_lock(&INDEX_WRITER_LOCK).is_err());
    if busy {
        // Files come and go under a running writer; nothing can be said about the index.
        return Err(SearchError::Busy);
    }
    let aside = beside(dir, "set-aside");
    if aside.exists() {
        std::fs::remove_dir_all(&aside)?;
    }
    std::fs::rename(dir, &aside)?;
    tracing::warn!(reason, aside = %aside.display(), "The search index was set aside and will be rebuilt");
    Ok(())
}

/// The folder's name with an ending of its own.
pub fn beside(dir: &Path, ending: &str) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    dir.with_file_name(name)
}

/// Lets two folders change names at once, so that a crash leaves the one or the other complete.
pub fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    if renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok() {
        return Ok(());
    }
    // A file system that cannot: an interruption in between leaves no index, and an empty one is filled anew.
    let aside = beside(b, "set-aside");
    if aside.exists() {
        std::fs::remove_dir_all(&aside)?;
    }
    std::fs::rename(b, &aside)?;
    std::fs::rename(a, b)?;
    std::fs::rename(aside, a)
}
