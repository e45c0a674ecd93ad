//! Uploads that survive a lost connection, a closed browser and a killed server.
//!
//! What arrives is put into the blob store in pieces, and each piece is written down when it is safe: any node can go
//! on where another one stood. The last piece is held until the whole file has become an asset, in one transaction with
//! it; an upload that is said to be whole is an asset.

use bytes::{Bytes, BytesMut};
use jiff::ToSpan as _;
use sha1::{Digest as _, Sha1};
use sha2::{Digest as _, Sha256};

use super::assets::{Received, give_place, record_in, take_in, take_in_for};
use super::content::{self, Edit, Stamp};
use super::fields::AssetFields;
use super::{Context, Error, Result, UploadFault, require};
use crate::blob::Incoming;
use crate::domain::account::{Actor, Role};
use crate::domain::asset::{Asset, FileInPlace, clean_file_name};
use crate::domain::upload::{KEEP_DAYS, Piece, Upload};
use crate::domain::{Id, Timestamp};
use crate::store::{self, Lease, Tx};

/// A piece is made safe when it has this size …
const PIECE_BYTES: usize = 4 << 20;
/// … or when its first byte has waited for so long: a slow line loses no more than that.
pub const PIECE_SECS: i64 = 5;
/// A request that has brought nothing for so long has gone away, and the next one may go on.
const LEASE_SECS: i64 = 12;
const LEASE: Lease = LEASE_SECS * 1_000_000;
/// Uploads of all people together that are not whole yet, and the bytes that they may be together.
const MAX_OPEN: u64 = 1000;
const MAX_OPEN_BYTES: u64 = 64 << 30;
/// Pieces of one upload: what brings byte after byte in a request of its own is no photo.
const MAX_PIECES: usize = 20_000;

/// What is to be uploaded.
#[derive(Debug, Default)]
pub struct Announced {
    pub file_name: String,
    pub size_bytes: u64,
    /// The SHA-256 of the whole, in hexadecimal.
    pub digest: Option<String>,
    pub fields: AssetFields,
    /// The asset whose file it shall replace; none makes a new asset.
    pub replaces: Option<Id>,
    /// As it was sent.
    pub metadata: String,
}

pub async fn begin(ctx: &Context, actor: &Actor, file: Announced, limit_bytes: u64) -> Result<Upload> {
    require(actor, Role::Author)?;
    if file.size_bytes > limit_bytes {
        return Err(Error::TooLarge { limit_bytes });
    }
    if file.size_bytes == 0 {
        return Err(Error::Unsupported { code: "empty_file", detail: "The file is empty".to_owned() });
    }
    if let Some(id) = file.replaces {
        // Who sends a gigabyte for a photo that is gone is told before.
        content::get::<Asset>(ctx, id).await?;
    }
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    let (open, open_bytes) = store::upload::open_total(&mut tx, now).await?;
    if open >= MAX_OPEN || open_bytes + file.size_bytes > MAX_OPEN_BYTES.max(4 * limit_bytes) {
        return Err(UploadFault::TooMany.into());
    }
    let upload = Upload {
        id: ctx.new_id(),
        owner: actor.name.clone(),
        file_name: clean_file_name(&file.file_name),
        size_bytes: file.size_bytes,
        received_bytes: 0,
        digest: file.digest,
        fields: serde_json::to_string(&file.fields).map_err(anyhow::Error::from)?,
        metadata: file.metadata,
        replaces: file.replaces,
        asset: None,
        is_busy: false,
        created_at: now,
        expires_at: end_of(now),
    };
    tx.insert_upload(&upload).await?;
    tx.commit().await?;
    Ok(upload)
}

fn end_of(now: Timestamp) -> Timestamp {
    now.checked_add((KEEP_DAYS * 24).hours()).unwrap_or(Timestamp::MAX)
}

/// An upload of the actor's own; what others began does not exist for them.
pub async fn find(ctx: &Context, actor: &Actor, id: Id) -> Result<Upload> {
    let upload = store::upload::find(&ctx.db, id, ctx.now()).await?;
    upload.filter(|upload| upload.owner == actor.name).ok_or(Error::NotFound)
}

/// What an upload has become, with the other assets that have the same bytes.
pub async fn outcome(ctx: &Context, upload: &Upload) -> Result<Option<(Asset, Vec<Id>)>> {
    let Some(id) = upload.asset else { return Ok(None) };
    let asset: Asset = content::get(ctx, id).await?;
    let waiting = asset.replacement.as_ref().filter(|_| upload.replaces.is_some());
    let original = waiting.map_or(&asset.original, |file| &file.original);
    let mut twins = store::list::assets_with_digest(&ctx.db, &original.sha256).await?;
    twins.retain(|twin| *twin != id);
    Ok(Some((asset, twins)))
}

/// Whether an upload that has replaced an asset's file brought another one than there was.
pub fn has_changed(upload: &Upload, asset: &Asset) -> bool {
    let came_since = |file: &FileInPlace| file.at >= upload.created_at;
    // One that could not be rendered has left again, and its error stands there.
    asset.replacement.is_some() || asset.error.is_some() || asset.earlier.last().is_some_and(came_since)
}

/// What is known of a file before it is sent: the assets that have these bytes, and the actor's own upload of it, to the
/// same end, that is not whole yet.
pub async fn known(
    ctx: &Context,
    actor: &Actor,
    digest: &str,
    replaces: Option<Id>,
) -> Result<(Vec<Asset>, Option<Upload>)> {
    let ids = store::list::assets_with_digest(&ctx.db, digest).await?;
    let assets = store::record::find_all(&ctx.db, &ids).await?;
    let open = store::upload::open_of(&ctx.db, &actor.name, ctx.now()).await?;
    let is_it = |upload: &Upload| upload.digest.as_deref() == Some(digest) && upload.replaces == replaces;
    Ok((assets, open.into_iter().find(is_it)))
}

/// Gives an upload up; an asset that it has become stays.
pub async fn end(ctx: &Context, upload: &Upload) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    tx.delete_upload(upload.id).await?;
    tx.commit().await?;
    Ok(ctx.blobs.delete_pieces(upload.id).await?)
}

/// Removes what nobody has gone on with, and pieces that nothing knows of; returns of how many uploads.
pub async fn sweep(ctx: &Context) -> Result<usize> {
    let now = ctx.now();
    let gone = store::upload::expired(&ctx.db, now).await?;
    for id in ctx.blobs.old_uploads(now).await? {
        let known = store::upload::find(&ctx.db, id, now).await?;
        if known.is_none_or(|upload| upload.is_done()) {
            ctx.blobs.delete_pieces(id).await?;
        }
    }
    for id in &gone {
        // The bytes first: what is cut off here is found again.
        ctx.blobs.delete_pieces(*id).await?;
        let mut tx = ctx.db.begin().await?;
        tx.delete_upload(*id).await?;
        tx.commit().await?;
    }
    Ok(gone.len())
}

/// The digest of what one request brings, to be compared with what it announced.
#[derive(Debug, Clone)]
pub enum Checksum {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Checksum {
    pub const ALGORITHMS: &str = "sha1,sha256";

    /// `None`: no algorithm of this server.
    pub fn new(algorithm: &str, announced: Vec<u8>) -> Option<Self> {
        match algorithm {
            "sha1" => Some(Self::Sha1(Sha1::new(), announced)),
            "sha256" => Some(Self::Sha256(Sha256::new(), announced)),
            _ => None,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(digest, _) => digest.update(bytes),
            Self::Sha256(digest, _) => digest.update(bytes),
        }
    }

    fn holds(self) -> bool {
        match self {
            Self::Sha1(digest, announced) => digest.finalize()[..] == announced[..],
            Self::Sha256(digest, announced) => digest.finalize()[..] == announced[..],
        }
    }
}

/// How an upload stands when a request has ended.
#[derive(Debug)]
pub enum Standing {
    At(Upload),
    Done(Upload, Box<Asset>),
}

/// One request that brings bytes. It has the upload for itself as long as bytes come.
pub struct Writer {
    ctx: Context,
    actor: Actor,
    upload: Upload,
    id: Id,
    /// Where the next piece begins.
    at: u64,
    pieces: usize,
    buffer: BytesMut,
    /// When the first byte of the buffer came.
    waits_since: Timestamp,
    checksum: Option<Checksum>,
    /// Pieces that are safe and do not count before the checksum holds.
    unchecked: Vec<Piece>,
}

impl Writer {
    pub async fn open(
        ctx: &Context,
        actor: &Actor,
        upload: Upload,
        offset: u64,
        checksum: Option<Checksum>,
    ) -> Result<Self> {
        require(actor, Role::Author)?;
        // Asked first, since the offset moves on while another request writes.
        if upload.is_busy {
            return Err(UploadFault::Busy.into());
        }
        if offset != upload.received_bytes {
            return Err(UploadFault::Elsewhere(upload.received_bytes).into());
        }
        let pieces = store::upload::pieces(&ctx.db, upload.id).await?.len();
        if pieces >= MAX_PIECES {
            return Err(UploadFault::TooMany.into());
        }
        let (id, now) = (ctx.new_id(), ctx.now());
        if !upload.is_done() && !store::upload::lease(&ctx.db, &upload, id, now, LEASE).await? {
            return Err(UploadFault::Busy.into());
        }
        Ok(Self {
            ctx: ctx.clone(),
            actor: actor.clone(),
            id,
            at: upload.received_bytes,
            upload,
            pieces,
            buffer: BytesMut::new(),
            waits_since: now,
            checksum,
            unchecked: Vec::new(),
        })
    }

    fn left_bytes(&self) -> u64 {
        self.upload.size_bytes - self.at
    }

    pub async fn push(&mut self, chunk: Bytes) -> Result<()> {
        if (self.buffer.len() + chunk.len()) as u64 > self.left_bytes() {
            return Err(UploadFault::Excess.into());
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&chunk);
        }
        if self.buffer.is_empty() {
            self.waits_since = self.ctx.now();
        }
        self.buffer.extend_from_slice(&chunk);
        while self.buffer.len() >= PIECE_BYTES && (PIECE_BYTES as u64) < self.left_bytes() {
            let piece = self.buffer.split_to(PIECE_BYTES).freeze();
            self.keep(piece).await?;
        }
        self.wait().await
    }

    /// To be called while nothing comes: what has come is made safe.
    pub async fn wait(&mut self) -> Result<()> {
        let waited = self.ctx.now().as_second() - self.waits_since.as_second();
        let is_last = self.buffer.len() as u64 == self.left_bytes();
        if waited >= PIECE_SECS && !is_last && !self.buffer.is_empty() {
            let piece = self.buffer.split().freeze();
            self.keep(piece).await?;
        }
        Ok(())
    }

    async fn keep(&mut self, bytes: Bytes) -> Result<()> {
        let size_bytes = bytes.len() as u64;
        let piece = Piece { upload: self.upload.id, first_byte: self.at, size_bytes, writer: self.id };
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(UploadFault::TooMany.into());
        }
        self.ctx.blobs.put_piece(&piece, bytes).await?;
        self.at += size_bytes;
        self.waits_since = self.ctx.now();
        if self.checksum.is_none() {
            return self.count(&[piece]).await;
        }
        self.unchecked.push(piece);
        self.renew().await
    }

    /// Writes down that pieces are safe.
    async fn count(&mut self, pieces: &[Piece]) -> Result<()> {
        let now = self.ctx.now();
        let mut tx = self.ctx.db.begin().await?;
        for piece in pieces {
            if !tx.take_piece(piece, now, LEASE, end_of(now)).await? {
                return Err(UploadFault::Busy.into());
            }
        }
        tx.commit().await?;
        if let Some(last) = pieces.last() {
            self.upload.received_bytes = last.first_byte + last.size_bytes;
            self.upload.expires_at = end_of(now);
        }
        Ok(())
    }

    async fn renew(&self) -> Result<()> {
        let ctx = &self.ctx;
        match store::upload::renew(&ctx.db, self.upload.id, self.id, ctx.now(), LEASE).await? {
            true => Ok(()),
            false => Err(UploadFault::Busy.into()),
        }
    }

    /// The end of what the request brings, or of the connection. Keeps what has come; the last byte makes the asset.
    pub async fn close(mut self, is_whole: bool) -> Result<Standing> {
        if self.upload.is_done() {
            return self.done().await;
        }
        let end = self.close_up(is_whole).await;
        match end {
            Ok(Some(asset)) => {
                self.upload.received_bytes = self.upload.size_bytes;
                self.upload.asset = Some(asset.id);
                if let Err(error) = self.ctx.blobs.delete_pieces(self.upload.id).await {
                    tracing::warn!(%error, upload.id = %self.upload.id, "Pieces could not be removed; the sweep will");
                }
                Ok(Standing::Done(self.upload, Box::new(asset)))
            }
            Ok(None) => {
                self.let_go().await;
                Ok(Standing::At(self.upload))
            }
            Err(error) if is_final(&error, &self.upload) => {
                // No other try would end otherwise.
                end_quietly(&self.ctx, &self.upload).await;
                Err(error)
            }
            Err(error) => {
                self.let_go().await;
                Err(error)
            }
        }
    }

    /// The last answer was lost, and the asker asks again.
    async fn done(self) -> Result<Standing> {
        let (asset, _) = outcome(&self.ctx, &self.upload).await?.ok_or(Error::NotFound)?;
        Ok(Standing::Done(self.upload, Box::new(asset)))
    }

    async fn close_up(&mut self, is_whole: bool) -> Result<Option<Asset>> {
        if let Some(checksum) = self.checksum.take() {
            if !is_whole || !checksum.holds() {
                return Err(UploadFault::Checksum.into());
            }
            let pieces = std::mem::take(&mut self.unchecked);
            self.count(&pieces).await?;
        }
        if self.buffer.len() as u64 == self.left_bytes() {
            return self.finish().await.map(Some);
        }
        if !self.buffer.is_empty() {
            let rest = self.buffer.split().freeze();
            self.keep(rest).await?;
        }
        Ok(None)
    }

    /// Puts the file together and makes it an asset.
    async fn finish(&mut self) -> Result<Asset> {
        let ctx = self.ctx.clone();
        let mut incoming = ctx.blobs.receive(ctx.new_id());
        let mut renewed = ctx.now();
        for piece in store::upload::pieces(&ctx.db, self.upload.id).await? {
            if piece.first_byte != incoming.size_bytes() {
                return Err(anyhow::anyhow!("A piece of upload {} is missing", self.upload.id).into());
            }
            incoming.push(ctx.blobs.read_piece(&piece).await?).await?;
            if ctx.now().as_second() - renewed.as_second() >= LEASE_SECS / 3 {
                renewed = ctx.now();
                self.renew().await?;
            }
        }
        incoming.push(self.buffer.split().freeze()).await?;
        if self.upload.digest.as_ref().is_some_and(|told| *told != incoming.sha256()) {
            let detail = "The bytes that arrived are not those that were announced".to_owned();
            return Err(Error::Unsupported { code: "damaged_upload", detail });
        }
        self.renew().await?;
        if let Some(id) = self.upload.replaces {
            return self.replace(id, incoming).await;
        }
        let fields = serde_json::from_str(&self.upload.fields).map_err(anyhow::Error::from)?;
        let received = Received { incoming, file_name: self.upload.file_name.clone(), fields };
        let (mut asset, slug) = take_in(&ctx, received).await?;
        // Photos dropped together keep their order, whichever arrives first.
        (asset.id, asset.created_at) = (self.upload.id, self.upload.created_at);
        let mut tx = ctx.db.begin().await?;
        record_in(&ctx, &mut tx, &self.actor, &mut asset, slug.as_deref()).await?;
        self.end_in(tx, asset.id).await?;
        Ok(asset)
    }

    /// Lets the file take an asset's place.
    async fn replace(&self, id: Id, incoming: Incoming) -> Result<Asset> {
        let ctx = &self.ctx;
        let file = take_in_for(ctx, id, incoming, &self.upload.file_name).await?;
        let edit = Edit { actor: &self.actor, id, version: None, action: "replace" };
        // A rendition that is finished meanwhile raises the version; it is no reason against the new file.
        let mut tries = content::TRIES;
        loop {
            let mut tx = ctx.db.begin().await?;
            let placed = content::edit_in(ctx, &mut tx, edit, Stamp::Now, |asset: &mut Asset, now| {
                give_place(asset, &file, now);
                Ok(None)
            })
            .await;
            match placed {
                Ok((asset, _)) => {
                    self.end_in(tx, id).await?;
                    return Ok(asset);
                }
                Err(Error::Store(error)) if tries > 1 && content::may_be_made_again(&error, None) => {
                    tries -= 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The end of the upload, in the transaction of what it has become.
    async fn end_in(&self, mut tx: Tx, asset: Id) -> Result<()> {
        if !tx.finish_upload(&self.upload, self.id, asset).await? {
            return Err(UploadFault::Busy.into());
        }
        tx.delete_pieces_of(self.upload.id).await?;
        tx.commit().await?;
        self.ctx.announce();
        Ok(())
    }

    /// Lets the next request go on at once.
    pub async fn let_go(&self) {
        if let Err(error) = store::upload::let_go(&self.ctx.db, self.upload.id, self.id).await {
            tracing::debug!(%error, upload.id = %self.upload.id, "A lease runs out by itself");
        }
    }
}

async fn end_quietly(ctx: &Context, upload: &Upload) {
    if let Err(error) = end(ctx, upload).await {
        tracing::warn!(%error, upload.id = %upload.id, "A refused upload could not be removed; the sweep will");
    }
}

/// Whether the file itself is refused, or what it should replace is gone, rather than this try.
const fn is_final(error: &Error, upload: &Upload) -> bool {
    matches!(error, Error::Unsupported { .. } | Error::Domain(_) | Error::TooLarge { .. })
        || (upload.replaces.is_some() && matches!(error, Error::NotFound))
}
