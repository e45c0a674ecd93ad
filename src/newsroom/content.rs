//! Creating, editing and deleting records of any kind, under optimistic locking and with an audit entry.

use super::assets::{Urgency, enqueue_render};
use super::{Context, Error, Result, require};
use crate::domain::account::{Actor, Role};
use crate::domain::album::Album;
use crate::domain::asset::{Asset, AssetState};
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::topic::Topic;
use crate::domain::{DomainError, FieldError, Id, Kind, Timestamp, slug};
use crate::store::audit::Deed;
use crate::store::{self, Record, Source, StoreError, Tx, q};
use jiff::tz::TimeZone;

/// What differs between kinds when they are written.
pub trait Content: Record {
    /// The slug the record would like to have.
    fn slug_wish(&self) -> String;
    fn validate(&self) -> std::result::Result<(), DomainError>;
    fn touch(&mut self, now: Timestamp);
    /// The role that may write the record as it is now.
    fn role_to_write(&self, now: Timestamp) -> Role;
    /// The fields that name other records, with what they name.
    fn references(&self) -> Vec<(&'static str, Kind, String)>;
    /// Notes who has made the record.
    fn made(&mut self, _by: &Actor, _now: Timestamp) {}
    /// Notes who has changed the record, or refuses the change.
    fn changed(
        &mut self,
        _before: &Self,
        _by: &Actor,
        _newsroom: &Newsroom,
        _now: Timestamp,
    ) -> std::result::Result<(), DomainError> {
        Ok(())
    }
    /// How urgently files must be rendered after this write, if at all. The job is enqueued in the same
    /// transaction, so neither can exist without the other.
    fn render_after(&self, _before: Option<&Self>) -> Option<Urgency> {
        None
    }
}

fn ids(field: &'static str, kind: Kind, ids: &[Id]) -> Vec<(&'static str, Kind, String)> {
    ids.iter().map(|id| (field, kind, id.to_string())).collect()
}

fn topics(slugs: &[String]) -> Vec<(&'static str, Kind, String)> {
    slugs.iter().map(|slug| ("topics", Kind::Topic, slug.clone())).collect()
}

impl Content for Release {
    fn slug_wish(&self) -> String {
        let day =
            self.dateline_date.unwrap_or_else(|| self.created_at.to_zoned_datetime(TimeZone::UTC).date());
        slug::slugify_or(&self.headline, &format!("release-{day}"))
    }

    fn validate(&self) -> std::result::Result<(), DomainError> {
        Self::validate(self)
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn role_to_write(&self, now: Timestamp) -> Role {
        if self.state_at(now) == ReleaseState::Draft { Role::Author } else { Role::Editor }
    }

    fn made(&mut self, by: &Actor, now: Timestamp) {
        if self.edited_by.is_empty() {
            self.edited_by.clone_from(&by.name);
            // What is imported has been written before.
            self.edited_at = (!by.is_system()).then_some(now);
        }
    }

    fn changed(
        &mut self,
        before: &Self,
        by: &Actor,
        newsroom: &Newsroom,
        now: Timestamp,
    ) -> std::result::Result<(), DomainError> {
        let is_planned =
            |state: ReleaseState| matches!(state, ReleaseState::Scheduled | ReleaseState::Embargoed);
        // It would go out at its time as nobody has approved it.
        if newsroom.require_approval
            && !by.is_system()
            && is_planned(before.state_at(now))
            && is_planned(self.state_at(now))
            && !self.says_the_same(before)
        {
            return Err(DomainError::conflict(
                "approved_and_planned",
                "The release was approved and is planned; withdraw the plan to change its text",
            ));
        }
        self.note_edit(before, &by.name, now);
        Ok(())
    }

    fn references(&self) -> Vec<(&'static str, Kind, String)> {
        let mut all = ids("contacts", Kind::Contact, &self.contacts);
        all.extend(ids("assets", Kind::Asset, &self.assets));
        all.extend(ids("related", Kind::Release, &self.related));
        all.extend(self.translation_of.iter().map(|id| ("translation_of", Kind::Release, id.to_string())));
        all.extend(topics(&self.topics));
        all
    }
}

impl Content for Asset {
    fn slug_wish(&self) -> String {
        let stem = self.file_name.rsplit_once('.').map_or(self.file_name.as_str(), |(stem, _)| stem);
        slug::slugify_or(&self.description.title, &slug::slugify_or(stem, self.kind.as_str()))
    }

    fn validate(&self) -> std::result::Result<(), DomainError> {
        Self::validate(self)
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn role_to_write(&self, _now: Timestamp) -> Role {
        Role::Author
    }

    fn references(&self) -> Vec<(&'static str, Kind, String)> {
        Vec::new()
    }

    fn render_after(&self, before: Option<&Self>) -> Option<Urgency> {
        if self.state != AssetState::Processing {
            return None;
        }
        Some(if before.is_none() { Urgency::Upload } else { Urgency::Edit })
    }
}

impl Content for Contact {
    fn slug_wish(&self) -> String {
        slug::slugify_or(&self.name, "contact")
    }

    fn validate(&self) -> std::result::Result<(), DomainError> {
        Self::validate(self)
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn role_to_write(&self, _now: Timestamp) -> Role {
        Role::Editor
    }

    fn references(&self) -> Vec<(&'static str, Kind, String)> {
        let mut all = topics(&self.topics);
        all.extend(self.portrait.iter().map(|id| ("portrait", Kind::Asset, id.to_string())));
        all
    }
}

impl Content for Album {
    fn slug_wish(&self) -> String {
        slug::slugify_or(self.title.get("", ""), "album")
    }

    fn validate(&self) -> std::result::Result<(), DomainError> {
        Self::validate(self)
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn role_to_write(&self, _now: Timestamp) -> Role {
        Role::Editor
    }

    fn references(&self) -> Vec<(&'static str, Kind, String)> {
        ids("assets", Kind::Asset, &self.assets)
    }
}

impl Content for Topic {
    fn slug_wish(&self) -> String {
        slug::slugify_or(self.name.get("", ""), "topic")
    }

    fn validate(&self) -> std::result::Result<(), DomainError> {
        if self.name.is_empty() {
            return Err(DomainError::field("name", "required", "A topic needs a name"));
        }
        Ok(())
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn role_to_write(&self, _now: Timestamp) -> Role {
        Role::Editor
    }

    fn references(&self) -> Vec<(&'static str, Kind, String)> {
        Vec::new()
    }
}

impl Content for Event {
    fn slug_wish(&self) -> String {
        slug::slugify_or(self.title.get("", ""), &format!("event-{}", self.starts_at.local.date()))
    }

    fn validate(&self) -> std::result::Result<(), DomainError> {
        Self::validate(self)
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }

    fn role_to_write(&self, _now: Timestamp) -> Role {
        Role::Editor
    }

    fn references(&self) -> Vec<(&'static str, Kind, String)> {
        let mut all = ids("contacts", Kind::Contact, &self.contacts);
        all.extend(ids("releases", Kind::Release, &self.releases));
        all.extend(topics(&self.topics));
        all
    }
}

/// Refuses references to records that do not exist, naming each. What `before` named already is not asked about: a
/// release can be changed, and taken back, whatever has become of what it names.
async fn check_references<C: Content>(tx: &mut Tx, before: Option<&C>, record: &C) -> Result<()> {
    let known = before.map(Content::references).unwrap_or_default();
    let added: Vec<_> = record.references().into_iter().filter(|one| !known.contains(one)).collect();
    if added.is_empty() {
        return Ok(());
    }
    // Nobody deletes what was found until this transaction ends.
    tx.take_turn().await?;
    let mut errors = Vec::new();
    for (field, kind, target) in added {
        let column = if kind == Kind::Topic { "slug" } else { "id" };
        let found: Option<(String,)> = (&mut *tx)
            .first(
                q(format!("SELECT id FROM record WHERE kind = $1 AND {column} = $2"))
                    .bind(kind.as_str())
                    .bind(target.clone()),
            )
            .await?;
        if found.is_none() {
            let detail = format!("There is no {} `{target}`", kind.as_str());
            errors.push(FieldError::new(field, "unknown_reference", detail));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors).into()) }
}

/// The audit entry of a deed on a record.
pub(super) fn deed<'a, R: Record>(ctx: &Context, actor: &'a Actor, action: &'a str, record: &R) -> Deed<'a> {
    Deed {
        id: ctx.new_id(),
        at: ctx.now(),
        actor: &actor.name,
        action,
        kind: R::KIND,
        record_id: record.id().to_string(),
    }
}

/// Stores a new record within a transaction. `slug` is the slug asked for, if any.
pub async fn create_in<C: Content>(
    ctx: &Context,
    tx: &mut Tx,
    actor: &Actor,
    record: &mut C,
    slug: Option<&str>,
) -> Result<()> {
    let now = ctx.now();
    require(actor, record.role_to_write(now))?;
    record.made(actor, now);
    record.validate()?;
    check_references(tx, None, record).await?;
    let wish = match slug.filter(|s| !s.is_empty()) {
        Some(slug) if slug::is_slug(slug) => slug.to_owned(),
        Some(slug) => return Err(not_a_slug(slug)),
        None => record.slug_wish(),
    };
    tx.insert(record, &wish, now).await.map_err(alias_taken)?;
    tx.audit(deed(ctx, actor, "create", record), None, Some(record)).await?;
    if let Some(urgency) = record.render_after(None) {
        enqueue_render(ctx, tx, record.id(), urgency).await?;
    }
    Ok(())
}

fn not_a_slug(slug: &str) -> Error {
    Error::field("slug", "invalid", format!("`{slug}` may hold only a-z, 0-9 and hyphens"))
}

fn alias_taken(error: StoreError) -> Error {
    match error {
        StoreError::Taken => Error::field("aliases", "taken", "Another record has one of these slugs"),
        other => other.into(),
    }
}

pub async fn create<C: Content>(
    ctx: &Context,
    actor: &Actor,
    mut record: C,
    slug: Option<&str>,
) -> Result<C> {
    let mut tx = ctx.db.begin().await?;
    create_in(ctx, &mut tx, actor, &mut record, slug).await?;
    tx.commit().await?;
    ctx.announce();
    Ok(record)
}

/// A change to a record: whose, which, and which version it was made on.
#[derive(Debug, Clone, Copy)]
pub struct Edit<'a> {
    pub actor: &'a Actor,
    pub id: Id,
    /// The version the change was made on; `None` takes the newest.
    pub version: Option<i64>,
    /// The verb for the audit log.
    pub action: &'static str,
}

/// Reads a record, lets `change` alter it and stores it, all in one transaction. A record that `change`
/// leaves as it was is not written. `change` returns the slug asked for, if the slug shall change.
pub async fn edit<C: Content>(
    ctx: &Context,
    edit: Edit<'_>,
    mut change: impl FnMut(&mut C, Timestamp) -> Result<Option<String>>,
) -> Result<C> {
    let mut tries = TRIES;
    loop {
        let done = edit_once(ctx, edit, &mut change).await;
        match done {
            Err(Error::Store(error)) if tries > 1 && may_be_made_again(&error, edit.version) => tries -= 1,
            other => return other,
        }
    }
}

/// How often an edit is made before it is given up.
pub(super) const TRIES: usize = 3;

/// A change made on no particular version may lose a race, and any may be undone by the database in favour of another.
pub(super) const fn may_be_made_again(error: &StoreError, version: Option<i64>) -> bool {
    match error {
        StoreError::Stale { .. } => version.is_none(),
        StoreError::Contended(_) => true,
        _ => false,
    }
}

async fn edit_once<C: Content>(
    ctx: &Context,
    edit: Edit<'_>,
    change: &mut impl FnMut(&mut C, Timestamp) -> Result<Option<String>>,
) -> Result<C> {
    let mut tx = ctx.db.begin().await?;
    let (record, changed) = edit_in(ctx, &mut tx, edit, Stamp::Now, change).await?;
    if changed {
        tx.commit().await?;
        ctx.announce();
    }
    Ok(record)
}

/// What a changed record says about when it was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    Now,
    /// What the change itself has set: an imported record keeps its history.
    AsGiven,
}

/// The same as [`edit`] within a transaction; also tells whether anything was written.
pub async fn edit_in<C: Content>(
    ctx: &Context,
    tx: &mut Tx,
    edit: Edit<'_>,
    stamp: Stamp,
    mut change: impl FnMut(&mut C, Timestamp) -> Result<Option<String>>,
) -> Result<(C, bool)> {
    let now = ctx.now();
    let before: C = store::record::find(&mut *tx, edit.id).await?.ok_or(Error::NotFound)?;
    require(edit.actor, before.role_to_write(now))?;
    if let Some(expected) = edit.version
        && expected != before.version()
    {
        return Err(StoreError::Stale { expected, current: before.version() }.into());
    }
    let mut record = before.clone();
    let slug = change(&mut record, now)?;
    if record == before && slug.as_deref().is_none_or(|s| s == before.slug()) {
        return Ok((before, false));
    }
    if stamp == Stamp::Now {
        let newsroom = store::setting::newsroom(&mut *tx).await?;
        record.changed(&before, edit.actor, &newsroom, now)?;
    }
    record.validate()?;
    require(edit.actor, record.role_to_write(now))?;
    check_references(tx, Some(&before), &record).await?;
    if let Some(slug) = slug {
        if !slug::is_slug(&slug) {
            return Err(not_a_slug(&slug));
        }
        tx.rename(&mut record, &slug).await?;
    }
    if stamp == Stamp::Now {
        record.touch(now);
    }
    tx.update(&mut record, now).await.map_err(alias_taken)?;
    tx.audit(deed(ctx, edit.actor, edit.action, &record), Some(&before), Some(&record)).await?;
    if let Some(urgency) = record.render_after(Some(&before)) {
        enqueue_render(ctx, tx, record.id(), urgency).await?;
    }
    Ok((record, true))
}

/// Deletes a record that nothing else points at.
pub async fn delete<C: Content>(ctx: &Context, actor: &Actor, id: Id, version: Option<i64>) -> Result<C> {
    let now = ctx.now();
    let mut tx = ctx.db.begin().await?;
    // Nobody begins to use it from here on.
    tx.take_turn().await?;
    let record: C = store::record::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    require(actor, record.role_to_write(now))?;
    if let Some(expected) = version
        && expected != record.version()
    {
        return Err(StoreError::Stale { expected, current: record.version() }.into());
    }
    let target = if C::KIND == Kind::Topic { record.slug().to_owned() } else { id.to_string() };
    let users = store::list::pointing_at(&mut tx, &target).await?;
    if let Some((kind, user)) = users.first() {
        let more = if users.len() > 1 { format!(" and {} more", users.len() - 1) } else { String::new() };
        let detail = format!("The {} {user}{more} still uses it", kind.as_str());
        return Err(Error::conflict("in_use", detail));
    }
    tx.delete::<C>(id, now).await?;
    tx.audit(deed(ctx, actor, "delete", &record), Some(&record), None).await?;
    tx.commit().await?;
    ctx.announce();
    Ok(record)
}

/// Finds a record by id or says that there is none.
pub async fn get<C: Record>(ctx: &Context, id: Id) -> Result<C> {
    store::record::find(&ctx.db, id).await?.ok_or(Error::NotFound)
}
