//! Writes records many to a transaction, each for itself: what is wrong with one undoes that one only.

use super::report::Fate;
use crate::domain::account::Actor;
use crate::domain::{DomainError, FieldError, Id, Timestamp};
use crate::newsroom::content::{Content, Edit, Stamp, create_in, edit_in};
use crate::newsroom::{Context, Error, Result};
use crate::store::{StoreError, Tx};

/// Enough that a flush to disk per transaction is cheap, few enough that a running server's writers need
/// not wait long.
const RECORDS_PER_TRANSACTION: usize = 100;

/// A record as its file wants it.
pub struct Wish<'a, C> {
    /// The record that is there already.
    pub existing: Option<Id>,
    pub slug: &'a str,
    /// Other slugs that shall lead to the record.
    pub earlier_slugs: &'a [String],
    /// What to begin with when there is no record yet.
    pub blank: C,
    pub stamp: Stamp,
}

pub struct Batch<'a> {
    ctx: &'a Context,
    actor: &'a Actor,
    tx: Option<Tx>,
    written: usize,
}

impl<'a> Batch<'a> {
    pub const fn new(ctx: &'a Context, actor: &'a Actor) -> Self {
        Self { ctx, actor, tx: None, written: 0 }
    }

    /// For a record that may have to be made.
    pub fn new_id(&self) -> (Id, Timestamp) {
        (self.ctx.new_id(), self.ctx.now())
    }

    /// Creates or changes a record. An error of the domain leaves the record as it was and the batch usable;
    /// any other ends the import.
    pub async fn put<C: Content>(
        &mut self,
        wish: Wish<'_, C>,
        fill: impl FnMut(&mut C, Timestamp) -> Result<()>,
    ) -> Result<(Id, Fate)> {
        let mut tx = match self.tx.take() {
            Some(tx) => tx,
            None => {
                let mut tx = self.ctx.db.begin().await?;
                // A turn taken behind a savepoint would be given back with the first record that is refused.
                tx.take_turn().await?;
                tx
            }
        };
        tx.savepoint().await?;
        let done = self.put_in(&mut tx, wish, fill).await;
        if done.is_ok() {
            tx.keep().await?;
        } else {
            tx.undo().await?;
        }
        self.tx = Some(tx);
        self.written += 1;
        if self.written >= RECORDS_PER_TRANSACTION {
            self.finish().await?;
        }
        done
    }

    async fn put_in<C: Content>(
        &self,
        tx: &mut Tx,
        wish: Wish<'_, C>,
        mut fill: impl FnMut(&mut C, Timestamp) -> Result<()>,
    ) -> Result<(Id, Fate)> {
        let (id, fate) = match wish.existing {
            None => {
                let mut record = wish.blank;
                fill(&mut record, self.ctx.now())?;
                create_in(self.ctx, tx, self.actor, &mut record, Some(wish.slug)).await?;
                if record.slug() != wish.slug {
                    return Err(taken("slug", wish.slug));
                }
                (record.id(), Fate::Created)
            }
            Some(id) => {
                let edit = Edit { actor: self.actor, id, version: None, action: "import" };
                let (_, changed) = edit_in(self.ctx, tx, edit, wish.stamp, |record, now| {
                    fill(record, now)?;
                    Ok(None)
                })
                .await?;
                (id, if changed { Fate::Changed } else { Fate::Unchanged })
            }
        };
        for slug in wish.earlier_slugs {
            tx.lead_here::<C>(id, slug).await.map_err(|error| match error {
                StoreError::Taken => taken("earlier_slugs", slug),
                other => other.into(),
            })?;
        }
        Ok((id, fate))
    }

    /// Makes everything so far last.
    pub async fn finish(&mut self) -> Result<()> {
        self.written = 0;
        if let Some(tx) = self.tx.take() {
            tx.commit().await?;
            self.ctx.announce();
        }
        Ok(())
    }
}

fn taken(field: &str, slug: &str) -> Error {
    Error::field(field, "taken", format!("`{slug}` leads to another record already"))
}

/// The mistakes that the person who wrote the file can mend; anything else is handed back.
pub fn mistakes(error: Error) -> Result<Vec<FieldError>> {
    match error {
        Error::Domain(DomainError::Invalid(fields)) => Ok(fields),
        Error::Domain(DomainError::Conflict { code, detail }) => Ok(vec![FieldError::new("", code, detail)]),
        Error::Unsupported { code, detail } => Ok(vec![FieldError::new("", code, detail)]),
        Error::Store(StoreError::Stale { .. }) => {
            let detail = "Someone changed the record at this moment; import again";
            Ok(vec![FieldError::new("", "stale", detail)])
        }
        other => Err(other),
    }
}
