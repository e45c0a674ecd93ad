//! Placeholder of the room that is being built.

use std::path::PathBuf;

use crate::domain::asset::{Description, FocalPoint};
use crate::domain::rendition::Format;

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("x")]
    X,
}
impl MediaError {
    pub fn code(&self) -> &'static str {
        "x"
    }
    pub fn is_final(&self) -> bool {
        true
    }
}
pub fn sniff(_head: &[u8]) -> Option<&'static str> {
    None
}
pub fn refusal(_head: &[u8]) -> String {
    String::new()
}
pub struct RenderRequest {
    pub input: PathBuf,
    pub media_type: String,
    pub focal_point: FocalPoint,
    pub description: Option<Description>,
    pub out_dir: PathBuf,
}
pub struct RenderReport {
    pub width: u32,
    pub height: u32,
    pub description: Description,
    pub placeholder: String,
    pub renditions: Vec<RenderedFile>,
    pub download: Option<RenderedFile>,
}
pub struct RenderedFile {
    pub name: String,
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub path: PathBuf,
    pub size_bytes: u64,
    pub sha256: String,
    pub crc32: u32,
}
