//! A file on its way in: begun, interrupted as often as it may be, and gone on with where it stood.

use super::{Id, Timestamp};

/// How long an upload that nobody goes on with is kept; it outlives a long weekend.
pub const KEEP_DAYS: i64 = 7;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Also the id of the asset that it becomes, if it is to become one: one upload never makes two.
    pub id: Id,
    /// Who began it, as the audit log names them.
    pub owner: String,
    pub file_name: String,
    pub size_bytes: u64,
    /// So much has arrived and is safe.
    pub received_bytes: u64,
    /// The SHA-256 of the whole file, where the sender has told it.
    pub digest: Option<String>,
    /// What the sender said of the file, as JSON.
    pub fields: String,
    /// What the sender wrote in `Upload-Metadata`.
    pub metadata: String,
    /// The asset whose file it shall replace; none makes a new asset.
    pub replaces: Option<Id>,
    /// What it has become: a new asset, or the one whose file it has replaced.
    pub asset: Option<Id>,
    /// Whether a request that writes was believed to live when it was read.
    pub is_busy: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Upload {
    pub const fn is_done(&self) -> bool {
        self.asset.is_some()
    }
}

/// A part of a file that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub upload: Id,
    pub first_byte: u64,
    pub size_bytes: u64,
    /// The request that wrote it.
    pub writer: Id,
}
