//! stub
use crate::newsroom::Context;
use std::path::Path;
#[derive(Default)]
pub struct ImportReport {
    pub problems: Vec<String>,
}
impl std::fmt::Display for ImportReport {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}
pub async fn import(_ctx: &Context, _f: &Path) -> anyhow::Result<ImportReport> {
    Ok(ImportReport::default())
}
pub async fn export(_ctx: &Context, _f: &Path) -> anyhow::Result<String> {
    Ok(String::new())
}
