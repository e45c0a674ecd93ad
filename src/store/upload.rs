//! Files on their way in. A request that writes holds a lease; each of its writes names it, so that one that was
//! taken for dead cannot harm the one that took over.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::lease::{Lease, moment};
use super::{instant, micros};
use crate::domain::upload::{Piece, Upload};
use crate::domain::{Id, Timestamp};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    owner: String,
    file_name: String,
    size_bytes: i64,
    received_bytes: i64,
    digest: Option<String>,
    fields: String,
    metadata: String,
    replaces: Option<String>,
    asset_id: Option<String>,
    is_busy: i64,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn upload(self) -> Option<Upload> {
        Some(Upload {
            id: self.id.parse().ok()?,
            owner: self.owner,
            file_name: self.file_name,
            size_bytes: self.size_bytes.unsigned_abs(),
            received_bytes: self.received_bytes.unsigned_abs(),
            digest: self.digest,
            fields: self.fields,
            metadata: self.metadata,
            replaces: self.replaces.and_then(|id| id.parse().ok()),
            asset: self.asset_id.and_then(|id| id.parse().ok()),
            is_busy: self.is_busy != 0,
            created_at: instant(self.created_at),
            expires_at: instant(self.expires_at),
        })
    }
}

/// The second value of a query is the moment.
fn upload(db: &Db) -> String {
    let moment = moment(db.is_postgres(), "$2");
    format!(
        "SELECT id, owner, file_name, size_bytes, received_bytes, digest, fields, metadata, replaces, asset_id, \
         CAST(CASE WHEN writer_until >= {moment} THEN 1 ELSE 0 END AS BIGINT) AS is_busy, created_at, expires_at \
         FROM upload"
    )
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

pub async fn find(db: &Db, id: Id, now: Timestamp) -> Result<Option<Upload>> {
    let query = q(format!("{} WHERE id = $1 AND expires_at > $2", upload(db)));
    let row: Option<Row> = db.first(query.bind(id.to_string()).bind(micros(now))).await?;
    Ok(row.and_then(Row::upload))
}

/// Somebody's uploads that are not whole yet, the newest first.
pub async fn open_of(db: &Db, owner: &str, now: Timestamp) -> Result<Vec<Upload>> {
    let query = q(format!(
        "{} WHERE owner = $1 AND asset_id IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT 500",
        upload(db)
    ));
    let rows: Vec<Row> = db.all(query.bind(owner.to_owned()).bind(micros(now))).await?;
    Ok(rows.into_iter().filter_map(Row::upload).collect())
}

/// How many uploads are not whole yet, and how many bytes they will be together.
pub async fn open_total(on: impl Source, now: Timestamp) -> Result<(u64, u64)> {
    let query = q("SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM upload \
                   WHERE asset_id IS NULL AND expires_at > $1");
    let row: Option<(i64, i64)> = on.first(query.bind(micros(now))).await?;
    Ok(row.map_or((0, 0), |(count, bytes)| (count.unsigned_abs(), bytes.unsigned_abs())))
}

/// Those that nobody has gone on with.
pub async fn expired(on: impl Source, now: Timestamp) -> Result<Vec<Id>> {
    let query = q("SELECT id FROM upload WHERE expires_at <= $1 ORDER BY id");
    let rows: Vec<(String,)> = on.all(query.bind(micros(now))).await?;
    Ok(rows.into_iter().filter_map(|(id,)| id.parse().ok()).collect())
}

/// The pieces that have arrived, in their order.
pub async fn pieces(on: impl Source, upload: Id) -> Result<Vec<Piece>> {
    let query =
        q("SELECT first_byte, size_bytes, writer FROM upload_piece WHERE upload_id = $1 ORDER BY first_byte");
    let rows: Vec<(i64, i64, String)> = on.all(query.bind(upload.to_string())).await?;
    let piece = |(first, size, writer): (i64, i64, String)| {
        Some(Piece {
            upload,
            first_byte: first.unsigned_abs(),
            size_bytes: size.unsigned_abs(),
            writer: writer.parse().ok()?,
        })
    };
    Ok(rows.into_iter().filter_map(piece).collect())
}

/// Takes the lease of an upload; `false` while another request has it, or when the upload has gone on meanwhile.
pub async fn lease(db: &Db, upload: &Upload, writer: Id, now: Timestamp, lease: Lease) -> Result<bool> {
    let moment = moment(db.is_postgres(), "$5");
    let update = q(format!(
        "UPDATE upload SET writer = $1, writer_until = {moment} + $2 WHERE id = $3 AND received_bytes = $4 \
         AND asset_id IS NULL AND (writer IS NULL OR writer_until < {moment})"
    ));
    let update = update
        .bind(writer.to_string())
        .bind(lease)
        .bind(upload.id.to_string())
        .bind(signed(upload.received_bytes))
        .bind(micros(now));
    Ok(db.execute(update).await? == 1)
}

/// Extends a lease; `false` when another request has taken it over.
pub async fn renew(db: &Db, upload: Id, writer: Id, now: Timestamp, lease: Lease) -> Result<bool> {
    let moment = moment(db.is_postgres(), "$4");
    let update = q(format!("UPDATE upload SET writer_until = {moment} + $1 WHERE id = $2 AND writer = $3"));
    let update = update.bind(lease).bind(upload.to_string()).bind(writer.to_string()).bind(micros(now));
    Ok(db.execute(update).await? == 1)
}

/// Gives a lease back.
pub async fn let_go(db: &Db, upload: Id, writer: Id) -> Result<()> {
    let update = q("UPDATE upload SET writer = NULL, writer_until = NULL WHERE id = $1 AND writer = $2");
    db.execute(update.bind(upload.to_string()).bind(writer.to_string())).await?;
    Ok(())
}

impl Tx {
    pub async fn insert_upload(&mut self, upload: &Upload) -> Result<()> {
        self.execute(
            q("INSERT INTO upload (id, owner, file_name, size_bytes, received_bytes, digest, fields, metadata, \
               replaces, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind(upload.id.to_string())
            .bind(upload.owner.clone())
            .bind(upload.file_name.clone())
            .bind(signed(upload.size_bytes))
            .bind(signed(upload.received_bytes))
            .bind(upload.digest.clone())
            .bind(upload.fields.clone())
            .bind(upload.metadata.clone())
            .bind(upload.replaces.map(|id| id.to_string()))
            .bind(micros(upload.created_at))
            .bind(micros(upload.expires_at)),
        )
        .await?;
        Ok(())
    }

    /// Writes down that a piece is safe, behind all that was, and extends the lease; `false` when it was lost.
    pub async fn take_piece(
        &mut self,
        piece: &Piece,
        now: Timestamp,
        lease: Lease,
        expires: Timestamp,
    ) -> Result<bool> {
        let moment = moment(self.is_postgres(), "$7");
        let update = q(format!(
            "UPDATE upload SET received_bytes = $1, writer_until = {moment} + $2, expires_at = $3 \
             WHERE id = $4 AND writer = $5 AND received_bytes = $6 AND asset_id IS NULL"
        ));
        let update = update
            .bind(signed(piece.first_byte + piece.size_bytes))
            .bind(lease)
            .bind(micros(expires))
            .bind(piece.upload.to_string())
            .bind(piece.writer.to_string())
            .bind(signed(piece.first_byte))
            .bind(micros(now));
        if self.execute(update).await? != 1 {
            return Ok(false);
        }
        self.execute(
            q("INSERT INTO upload_piece (upload_id, first_byte, size_bytes, writer) VALUES ($1, $2, $3, $4)")
                .bind(piece.upload.to_string())
                .bind(signed(piece.first_byte))
                .bind(signed(piece.size_bytes))
                .bind(piece.writer.to_string()),
        )
        .await?;
        Ok(true)
    }

    /// Writes down what an upload has become; `false` when the lease was lost.
    pub async fn finish_upload(&mut self, upload: &Upload, writer: Id, asset: Id) -> Result<bool> {
        let update = q("UPDATE upload SET received_bytes = size_bytes, asset_id = $1, writer = NULL, \
                        writer_until = NULL WHERE id = $2 AND writer = $3 AND asset_id IS NULL");
        let update = update.bind(asset.to_string()).bind(upload.id.to_string()).bind(writer.to_string());
        Ok(self.execute(update).await? == 1)
    }

    pub async fn delete_pieces_of(&mut self, upload: Id) -> Result<()> {
        self.execute(q("DELETE FROM upload_piece WHERE upload_id = $1").bind(upload.to_string())).await?;
        Ok(())
    }

    pub async fn delete_upload(&mut self, upload: Id) -> Result<()> {
        self.delete_pieces_of(upload).await?;
        self.execute(q("DELETE FROM upload WHERE id = $1").bind(upload.to_string())).await?;
        Ok(())
    }
}
