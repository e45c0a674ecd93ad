//! Fills an empty newsroom from a backup.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::archive::{BLOBS, BlobLine, FORMAT, MANIFEST, Manifest, Sum, table_entry};
use super::{BackupError, Result};
use crate::blob::{Area, BlobKey};
use crate::newsroom::Context;
use crate::store::dump::{self, JsonRow, Table};
use crate::store::{self, Tx};

const CHUNK_BYTES: usize = 256 * 1024;
/// Rows held in memory at a time.
const ROWS: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RestoreReport {
    pub rows: u64,
    pub blobs: u64,
    /// Of the blobs.
    pub size_bytes: u64,
    /// What was missing already when the backup was made.
    pub missing: Vec<String>,
}

impl fmt::Display for RestoreReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.missing {
            writeln!(f, "Missing already in the backup: {line}")?;
        }
        write!(f, "Restored {} rows and {} blobs ({} bytes)", self.rows, self.blobs, self.size_bytes)
    }
}

type Archive = ZipArchive<BufReader<File>>;

/// Restores a backup, on whatever engine and blob store the newsroom is configured. The database is filled
/// in one transaction. Refused when the newsroom holds anything that the backup does not.
pub async fn restore(ctx: &Context, file: &Path) -> Result<RestoreReport> {
    let not_a_backup = |detail: String| BackupError::NotABackup { path: file.to_owned(), detail };
    let opened = File::open(file).map_err(BackupError::file(file))?;
    let mut archive =
        ZipArchive::new(BufReader::new(opened)).map_err(|error| not_a_backup(error.to_string()))?;
    let manifest = read_manifest(&mut archive).map_err(not_a_backup)?;
    let known = store::schema_version();
    if manifest.schema > known {
        return Err(BackupError::NewerSchema { found: manifest.schema, known });
    }
    let blobs = read_blob_list(&mut archive, &manifest.blobs)?;
    refuse_unless_empty(ctx, &blobs).await?;

    let mut written = Vec::with_capacity(blobs.len());
    let done = fill(ctx, &mut archive, &manifest, &blobs, &mut written).await;
    if let Err(error) = done {
        // A second try, or another backup, shall find the newsroom empty again.
        for key in &written {
            if let Err(error) = ctx.blobs.delete(key).await {
                tracing::warn!(%error, "A blob of the failed restore could not be removed");
            }
        }
        return Err(error);
    }
    ctx.announce();
    Ok(RestoreReport {
        rows: manifest.tables.values().map(|sum| sum.rows).sum(),
        blobs: manifest.blobs.rows,
        size_bytes: manifest.blobs_bytes,
        missing: manifest.missing,
    })
}

async fn fill(
    ctx: &Context,
    archive: &mut Archive,
    manifest: &Manifest,
    blobs: &[BlobLine],
    written: &mut Vec<BlobKey>,
) -> Result<()> {
    for line in blobs {
        restore_blob(ctx, archive, line, written).await?;
    }
    let mut tx = ctx.db.begin().await?;
    dump::clear_counters(&mut tx).await?;
    for (name, sum) in &manifest.tables {
        let Some(table) = Table::by_name(name) else {
            return Err(BackupError::Damaged(format!("this program knows no table `{name}`")));
        };
        restore_table(&mut tx, archive, table, sum).await?;
    }
    tx.derive_all().await?;
    tx.commit().await?;
    Ok(())
}

fn read_manifest(archive: &mut Archive) -> std::result::Result<Manifest, String> {
    let mut text = String::new();
    archive
        .by_name(MANIFEST)
        .map_err(|_| "it has no manifest".to_owned())?
        .take(64 << 20)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if manifest.format == FORMAT {
        Ok(manifest)
    } else {
        Err(format!("it has format {}, this program knows {FORMAT}", manifest.format))
    }
}

fn read_blob_list(archive: &mut Archive, sum: &Sum) -> Result<Vec<BlobLine>> {
    let mut lines = SummedLines::open(archive, BLOBS)?;
    let mut blobs = Vec::new();
    while let Some(line) = lines.next()? {
        blobs.push(serde_json::from_str(&line)?);
    }
    lines.end(sum)?;
    Ok(blobs)
}

async fn refuse_unless_empty(ctx: &Context, blobs: &[BlobLine]) -> Result<()> {
    if let Some(table) = dump::first_filled(&ctx.db).await? {
        return Err(BackupError::NotEmpty(format!("rows in the table `{table}`")));
    }
    // Blobs of a restore that was cut off may lie there; they are in the backup.
    let ours: HashSet<(&str, &str)> =
        blobs.iter().map(|line| (line.area.as_str(), line.sha256.as_str())).collect();
    for area in Area::ALL {
        let mut found = ctx.blobs.list(area);
        while let Some((sha256, _)) = found.try_next().await? {
            if !ours.contains(&(area.folder(), sha256.as_str())) {
                return Err(BackupError::NotEmpty(format!("the blob {}/{sha256}", area.folder())));
            }
        }
    }
    Ok(())
}

async fn restore_blob(
    ctx: &Context,
    archive: &mut Archive,
    line: &BlobLine,
    written: &mut Vec<BlobKey>,
) -> Result<()> {
    let damaged = |detail: &str| BackupError::Damaged(format!("{}: {detail}", line.entry()));
    let key = line.key().ok_or_else(|| damaged("an unknown kind of blob"))?;
    let mut entry = archive.by_name(&line.entry()).map_err(|error| damaged(&error.to_string()))?;
    let mut incoming = ctx.blobs.receive(ctx.new_id());
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut sha256 = Sha256::new();
    loop {
        let read = match entry.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) => {
                incoming.abort().await;
                return Err(damaged(&error.to_string()));
            }
        };
        sha256.update(&buffer[..read]);
        incoming.push(Bytes::copy_from_slice(&buffer[..read])).await?;
    }
    if incoming.size_bytes() != line.size_bytes || hex::encode(sha256.finalize()) != line.sha256 {
        incoming.abort().await;
        return Err(damaged("the bytes are not those that were saved"));
    }
    incoming.finish(key.area()).await?;
    written.push(key);
    Ok(())
}

async fn restore_table(tx: &mut Tx, archive: &mut Archive, table: &Table, sum: &Sum) -> Result<()> {
    let mut lines = SummedLines::open(archive, &table_entry(table.name))?;
    let mut rows: Vec<JsonRow> = Vec::with_capacity(ROWS);
    while let Some(line) = lines.next()? {
        rows.push(serde_json::from_str(&line)?);
        if rows.len() == ROWS {
            dump::write_rows(tx, table, &rows).await?;
            rows.clear();
        }
    }
    lines.end(sum)?;
    Ok(dump::write_rows(tx, table, &rows).await?)
}

/// Reads lines and adds them up on the way.
struct SummedLines<'a> {
    reader: BufReader<Box<dyn Read + Send + 'a>>,
    entry: String,
    sha256: Sha256,
    rows: u64,
}

impl<'a> SummedLines<'a> {
    fn open(archive: &'a mut Archive, entry: &str) -> Result<Self> {
        let file =
            archive.by_name(entry).map_err(|error| BackupError::Damaged(format!("{entry}: {error}")))?;
        let reader = BufReader::new(Box::new(file) as Box<dyn Read + Send + 'a>);
        Ok(Self { reader, entry: entry.to_owned(), sha256: Sha256::new(), rows: 0 })
    }

    fn next(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line);
        if read.map_err(|error| BackupError::Damaged(format!("{}: {error}", self.entry)))? == 0 {
            return Ok(None);
        }
        self.sha256.update(line.as_bytes());
        self.rows += 1;
        Ok(Some(line))
    }

    fn end(self, wanted: &Sum) -> Result<()> {
        let found = Sum { rows: self.rows, sha256: hex::encode(self.sha256.finalize()) };
        if found == *wanted {
            return Ok(());
        }
        let detail = format!("{}: {} lines that are not those that were saved", self.entry, found.rows);
        Err(BackupError::Damaged(detail))
    }
}
