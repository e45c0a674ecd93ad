//! Makes a backup while the newsroom runs.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::archive::{BLOBS, BlobLine, FORMAT, Lines, MANIFEST, Manifest, Sum, table_entry};
use super::parts::parts_of;
use super::{BackupError, Result};
use crate::blob::{BlobError, BlobKey};
use crate::domain::asset::Asset;
use crate::newsroom::Context;
use crate::store::dump::{self, JsonRow, TABLES, Table};
use crate::store::{self, Tx};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackupReport {
    pub rows: u64,
    pub blobs: u64,
    /// Of the blobs.
    pub size_bytes: u64,
    /// What records name and the blob store could not give; the rest of the backup is whole.
    pub missing: Vec<String>,
}

impl fmt::Display for BackupReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.missing {
            writeln!(f, "{line}")?;
        }
        write!(f, "Saved {} rows and {} blobs ({} bytes)", self.rows, self.blobs, self.size_bytes)?;
        if !self.missing.is_empty() {
            write!(f, "; {} blobs could not be saved", self.missing.len())?;
        }
        Ok(())
    }
}

/// Blobs to be saved, with the records that name them.
type Wanted = BTreeMap<(&'static str, String), (BlobKey, u64, String)>;

/// Writes everything into one file. It has its name only when it is complete; an earlier backup under the
/// name stays until then.
pub async fn backup(ctx: &Context, file: &Path) -> Result<BackupReport> {
    let mut out = Outgoing::create(file)?;
    let mut manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: ctx.now(),
        schema: store::schema_version(),
        tables: BTreeMap::new(),
        blobs: Sum { rows: 0, sha256: String::new() },
        blobs_bytes: 0,
        missing: Vec::new(),
    };
    let mut wanted = Wanted::new();
    // One moment for all tables. Blobs can wait: their content is their name, and nothing deletes them.
    let mut tx = ctx.db.snapshot().await?;
    for table in &TABLES {
        let sum = out.table(&mut tx, table, &mut wanted).await?;
        manifest.tables.insert(table.name.to_owned(), sum);
    }
    drop(tx);

    let mut saved = Vec::with_capacity(wanted.len());
    for ((area, sha256), (key, size_bytes, what)) in wanted {
        let line = BlobLine { area: area.to_owned(), sha256, size_bytes };
        match out.blob(ctx, &key, &line).await? {
            None => {
                manifest.blobs_bytes += size_bytes;
                saved.push(line);
            }
            Some(reason) => manifest.missing.push(format!("{what}: {reason} ({})", line.entry())),
        }
    }
    manifest.blobs = out.blob_list(&saved)?;
    let report = BackupReport {
        rows: manifest.tables.values().map(|sum| sum.rows).sum(),
        blobs: manifest.blobs.rows,
        size_bytes: manifest.blobs_bytes,
        missing: manifest.missing.clone(),
    };
    out.finish(&manifest)?;
    Ok(report)
}

/// A backup that is being written under a working name.
struct Outgoing {
    /// Goes away with what is in it unless the backup was finished.
    workshop: tempfile::TempDir,
    target: PathBuf,
    zip: ZipWriter<BufWriter<File>>,
}

impl Outgoing {
    fn create(target: &Path) -> Result<Self> {
        let beside = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let workshop = tempfile::Builder::new()
            .prefix(".pressroom-backup-")
            .tempdir_in(beside)
            .map_err(BackupError::file(beside))?;
        // What it holds is as secret as the database: hashes of passwords, and what makes the codes of second factors.
        let mut open = OpenOptions::new();
        let file = open.write(true).create_new(true).mode(0o600).open(workshop.path().join("backup"));
        let file = file.map_err(BackupError::file(target))?;
        let zip = ZipWriter::new(BufWriter::with_capacity(1 << 20, file));
        Ok(Self { workshop, target: target.to_owned(), zip })
    }

    async fn table(&mut self, tx: &mut Tx, table: &Table, wanted: &mut Wanted) -> Result<Sum> {
        self.zip
            .start_file(table_entry(table.name), options(CompressionMethod::Deflated).large_file(true))?;
        let target = &self.target;
        let mut lines = Lines::new(&mut self.zip);
        dump::read_table(tx, table, |row| {
            if table.name == "record" {
                want(wanted, &row);
            }
            lines.put(&serde_json::to_string(&row)?).map_err(BackupError::file(target))
        })
        .await?;
        Ok(lines.sum())
    }

    /// Copies a blob; says why when that cannot be done, and then it is not in the list of blobs.
    async fn blob(&mut self, ctx: &Context, key: &BlobKey, line: &BlobLine) -> Result<Option<&'static str>> {
        match ctx.blobs.size(key).await? {
            None => return Ok(Some("The blob is missing")),
            Some(size) if size != line.size_bytes => return Ok(Some("The blob has another size")),
            Some(_) => {}
        }
        let mut bytes = match ctx.blobs.read(key, 0..line.size_bytes).await {
            Ok(bytes) => bytes,
            Err(BlobError::Missing(_)) => return Ok(Some("The blob is missing")),
            Err(error) => return Err(error.into()),
        };
        let large = line.size_bytes >= u64::from(u32::MAX);
        self.zip.start_file(line.entry(), options(CompressionMethod::Stored).large_file(large))?;
        let mut sha256 = Sha256::new();
        while let Some(chunk) = bytes.try_next().await? {
            sha256.update(&chunk);
            self.zip.write_all(&chunk).map_err(BackupError::file(&self.target))?;
        }
        let is_sound = hex::encode(sha256.finalize()) == line.sha256;
        Ok((!is_sound).then_some("The blob is damaged"))
    }

    fn blob_list(&mut self, saved: &[BlobLine]) -> Result<Sum> {
        self.zip.start_file(BLOBS, options(CompressionMethod::Deflated).large_file(true))?;
        let mut lines = Lines::new(&mut self.zip);
        for line in saved {
            lines.put(&serde_json::to_string(line)?).map_err(BackupError::file(&self.target))?;
        }
        Ok(lines.sum())
    }

    fn finish(mut self, manifest: &Manifest) -> Result<()> {
        self.zip.start_file(MANIFEST, options(CompressionMethod::Deflated))?;
        let text = serde_json::to_string_pretty(manifest)?;
        self.zip.write_all(text.as_bytes()).map_err(BackupError::file(&self.target))?;
        let file = self.zip.finish()?.into_inner();
        let file = file.map_err(|error| BackupError::file(&self.target)(error.into_error()))?;
        file.sync_all().map_err(BackupError::file(&self.target))?;
        let rename = || {
            std::fs::rename(self.workshop.path().join("backup"), &self.target)?;
            // The name is on disk when the folder is.
            let beside = self.target.parent().filter(|parent| !parent.as_os_str().is_empty());
            File::open(beside.unwrap_or(Path::new(".")))?.sync_all()
        };
        rename().map_err(BackupError::file(&self.target))
    }
}

fn want(wanted: &mut Wanted, row: &JsonRow) {
    let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str);
    if text("kind") != Some("asset") {
        return;
    }
    // A document that cannot be read is saved as it is; `check` names it.
    let Some(asset) = text("doc").and_then(|doc| serde_json::from_str::<Asset>(doc).ok()) else { return };
    for part in parts_of(&asset) {
        let name = (part.key.area().folder(), part.key.sha256().to_owned());
        let what = format!("asset `{}` ({}), {}", asset.slug, asset.file_name, part.what);
        wanted.entry(name).or_insert((part.key, part.size_bytes, what));
    }
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600)
}
