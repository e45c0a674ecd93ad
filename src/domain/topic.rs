//! A topic under which releases are grouped. Its slug is its identity: it stands in URLs and in records.

use super::{Id, Localized, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    pub id: Id,
    pub slug: String,
    #[serde(default)]
    pub version: i64,
    pub name: Localized,
    #[serde(default)]
    pub order: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
