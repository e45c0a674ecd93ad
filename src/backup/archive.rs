//! What is where in a backup file.

use std::collections::BTreeMap;
use std::io::{Result as IoResult, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::blob::{Area, BlobKey};
use crate::domain::Timestamp;

pub const FORMAT: u32 = 1;
pub const MANIFEST: &str = "manifest.json";
pub const BLOBS: &str = "blobs.jsonl";

pub fn table_entry(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// Written last: a file without it is not complete.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    pub made_at: Timestamp,
    pub schema: i64,
    pub tables: BTreeMap<String, Sum>,
    /// Of the list of blobs.
    pub blobs: Sum,
    pub blobs_bytes: u64,
    /// What records name and the blob store did not have.
    pub missing: Vec<String>,
}

/// What a list of lines must add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub rows: u64,
    /// Of the lines with their ends, in lower-case hexadecimal.
    pub sha256: String,
}

/// One blob in the list of blobs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobLine {
    pub area: String,
    pub sha256: String,
    pub size_bytes: u64,
}

impl BlobLine {
    pub fn entry(&self) -> String {
        format!("blobs/{}/{}", self.area, self.sha256)
    }

    /// `None` for an area that this program does not know.
    pub fn key(&self) -> Option<BlobKey> {
        let area = Area::ALL.into_iter().find(|area| area.folder() == self.area)?;
        Some(BlobKey::new(area, &self.sha256, ""))
    }
}

/// Counts and hashes lines on their way.
pub struct Lines<W> {
    inner: W,
    sha256: Sha256,
    rows: u64,
}

impl<W: Write> Lines<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, sha256: Sha256::new(), rows: 0 }
    }

    pub fn put(&mut self, line: &str) -> IoResult<()> {
        self.sha256.update(line.as_bytes());
        self.sha256.update(b"\n");
        self.rows += 1;
        self.inner.write_all(line.as_bytes())?;
        self.inner.write_all(b"\n")
    }

    pub fn sum(self) -> Sum {
        Sum { rows: self.rows, sha256: hex::encode(self.sha256.finalize()) }
    }
}
