//! Whether everything that the newsroom says it has is there and sound.

mod blobs;
mod records;

use std::fmt;

use super::Result;
use crate::newsroom::Context;
use crate::store;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// What is wrong: one line each that names the record and the file.
    pub findings: Vec<String>,
    /// What is worth knowing and does no harm.
    pub notes: Vec<String>,
    pub records: usize,
    pub blobs: usize,
    /// Of the blobs that were read.
    pub size_bytes: u64,
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        for note in &self.notes {
            writeln!(f, "Note: {note}")?;
        }
        write!(f, "Checked {} records and {} blobs ({} bytes): ", self.records, self.blobs, self.size_bytes)?;
        match self.findings.len() {
            0 => write!(f, "everything is sound"),
            1 => write!(f, "1 finding"),
            n => write!(f, "{n} findings"),
        }
    }
}

/// Reads every record and every byte of every blob; the newsroom may keep running. `indexed_seq` is how far
/// in the change log the search index has come, when the caller knows.
pub async fn check(ctx: &Context, indexed_seq: Option<i64>) -> Result<CheckReport> {
    let mut report = CheckReport::default();
    for line in store::dump::integrity(&ctx.db).await? {
        report.findings.push(format!("database: {line}"));
    }
    let head = store::change::head(&ctx.db).await?;
    match indexed_seq {
        Some(seq) if seq > head => report.findings.push(format!(
            "search index: It has reached change {seq}, but the log ends at {head}; run `pressroom index rebuild`"
        )),
        Some(seq) if seq < head => {
            let behind = head - seq;
            report.notes.push(format!(
                "the search index is {behind} changes behind; a running server brings it up to date"
            ));
        }
        _ => {}
    }
    // Records in one moment of the newsroom's life; blobs are only ever added, so they can be read after it.
    let mut tx = ctx.db.snapshot().await?;
    let parts = records::check(&mut tx, &mut report).await?;
    drop(tx);
    blobs::check(ctx, parts, &mut report).await?;
    Ok(report)
}
