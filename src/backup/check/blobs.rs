//! Every blob that a record names, byte by byte, and those that none names.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use super::CheckReport;
use crate::backup::Result;
use crate::backup::parts::Part;
use crate::blob::{Area, BlobError, BlobKey};
use crate::newsroom::Context;

/// A blob that records name.
pub struct Named {
    key: BlobKey,
    size_bytes: u64,
    /// The records, in words.
    by: Vec<String>,
}

/// Blobs by area and SHA-256.
#[derive(Default)]
pub struct Parts(BTreeMap<(&'static str, String), Named>);

impl Parts {
    /// Notes that a record names a blob; two that differ about its size are a finding.
    pub fn add(&mut self, part: Part, record: &str, report: &mut CheckReport) {
        let place = (part.key.area().folder(), part.key.sha256().to_owned());
        let by = format!("{record}, {}", part.what);
        let named = self.0.entry(place).or_insert_with(|| Named {
            key: part.key,
            size_bytes: part.size_bytes,
            by: Vec::new(),
        });
        if named.size_bytes != part.size_bytes {
            report.findings.push(format!(
                "{by}: It is said to have {} bytes, elsewhere {}",
                part.size_bytes, named.size_bytes
            ));
        }
        named.by.push(by);
    }
}

pub async fn check(ctx: &Context, parts: Parts, report: &mut CheckReport) -> Result<()> {
    for ((area, sha256), named) in &parts.0 {
        let wrong = match read(ctx, named).await? {
            Read::Sound => {
                report.blobs += 1;
                report.size_bytes += named.size_bytes;
                continue;
            }
            Read::Missing => "The blob is missing".to_owned(),
            Read::Size(size) => format!("The blob has {size} bytes instead of {}", named.size_bytes),
            Read::Damaged => "The blob is damaged: its bytes are not those that were stored".to_owned(),
        };
        for by in &named.by {
            report.findings.push(format!("{by}: {wrong} ({area}/{sha256})"));
        }
    }
    for area in Area::ALL {
        let mut listed = ctx.blobs.list(area);
        while let Some((sha256, size_bytes)) = listed.try_next().await? {
            if !parts.0.contains_key(&(area.folder(), sha256.clone())) {
                report.notes.push(format!(
                    "no record names the blob {}/{sha256} ({size_bytes} bytes)",
                    area.folder()
                ));
            }
        }
    }
    Ok(())
}

enum Read {
    Sound,
    Missing,
    /// It has this many bytes instead.
    Size(u64),
    Damaged,
}

async fn read(ctx: &Context, named: &Named) -> Result<Read> {
    match ctx.blobs.size(&named.key).await? {
        None => return Ok(Read::Missing),
        Some(size) if size != named.size_bytes => return Ok(Read::Size(size)),
        Some(_) => {}
    }
    let mut bytes = match ctx.blobs.read(&named.key, 0..named.size_bytes).await {
        Ok(bytes) => bytes,
        Err(BlobError::Missing(_)) => return Ok(Read::Missing),
        Err(error) => return Err(error.into()),
    };
    let mut sha256 = Sha256::new();
    while let Some(chunk) = bytes.try_next().await? {
        sha256.update(&chunk);
    }
    let is_sound = hex::encode(sha256.finalize()) == named.key.sha256();
    Ok(if is_sound { Read::Sound } else { Read::Damaged })
}
