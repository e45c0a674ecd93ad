//! stub
use crate::newsroom::Context;
use std::path::Path;
#[derive(Default)]
pub struct CheckReport {
    pub findings: Vec<String>,
}
impl std::fmt::Display for CheckReport {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}
pub async fn check(_ctx: &Context) -> anyhow::Result<CheckReport> {
    Ok(CheckReport::default())
}
pub async fn backup(_ctx: &Context, _f: &Path) -> anyhow::Result<String> {
    Ok(String::new())
}
pub async fn restore(_ctx: &Context, _f: &Path) -> anyhow::Result<String> {
    Ok(String::new())
}
