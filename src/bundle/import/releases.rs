//! Releases: first each by itself, then what they say about each other.

use super::batch::{Batch, Wish};
use super::names::Lookup;
use super::records::put_moment;
use super::{Fate, Importer, Result, made_at, stamp};
use crate::bundle::format::{PlannedTime, ReleaseSheet, Sheet};
use crate::domain::release::{Correction, Release, ReleaseState};
use crate::domain::review::Review;
use crate::domain::{DomainError, FieldError, Id, Kind, Timestamp, ZonedTime};
use crate::newsroom::content::Stamp;

/// A release as its file says it.
struct Draft {
    sheet: Sheet,
    slug: String,
    content: ReleaseSheet,
    corrections: Vec<Correction>,
    body: String,
}

impl Draft {
    fn names_others(&self) -> bool {
        !self.content.related.is_empty() || self.content.translation_of.is_some()
    }
}

/// The same with its references followed and its times worked out.
struct Resolved {
    draft: Draft,
    existing: Option<Id>,
    language: String,
    topics: Vec<String>,
    contacts: Vec<Id>,
    assets: Vec<Id>,
    aliases: Vec<String>,
    /// Aliases of the file that lead to the release already, as earlier slugs that its record need not list.
    known_aliases: Vec<String>,
    publish_at: Option<ZonedTime>,
    embargo_until: Option<ZonedTime>,
}

/// What a release says about other releases.
struct Others {
    related: Vec<Id>,
    translation_of: Option<Id>,
}

impl Importer<'_> {
    pub(super) async fn releases(&mut self) -> Result<()> {
        let mut batch = self.batch();
        let mut unfinished = Vec::new();
        for draft in self.drafts() {
            let Some(mut release) = self.resolve(draft) else { continue };
            let done = put(&mut batch, &release, None, stamp(release.draft.content.updated_at)).await;
            match done {
                Ok((id, fate)) if release.draft.names_others() => {
                    self.names.add(Kind::Release, &release.draft.slug, id);
                    release.existing = Some(id);
                    unfinished.push((release, id, fate));
                }
                done => {
                    self.settle(Kind::Release, &release.draft.slug, &release.draft.sheet, done)?;
                }
            }
        }
        for (release, id, fate) in unfinished {
            self.relate(&mut batch, &release, id, fate).await?;
        }
        Ok(batch.finish().await?)
    }

    /// Reads every release, the ones that were made first first.
    fn drafts(&mut self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for path in self.reader.paths_in("releases") {
            let Some(slug) = self.slug_of(&path) else { continue };
            let Some(text) = self.text(&path) else { continue };
            let (sheet, body) = match Sheet::with_body(&path, &text) {
                Ok(parts) => parts,
                Err(problem) => {
                    self.note([problem]);
                    continue;
                }
            };
            match sheet.read::<ReleaseSheet>() {
                Ok(mut content) => {
                    let corrections =
                        std::mem::take(&mut content.corrections).into_iter().map(Correction::from).collect();
                    drafts.push(Draft { sheet, slug, content, corrections, body });
                }
                Err(problems) => self.note(problems),
            }
        }
        drafts.sort_by_key(|draft| made_at(draft.content.created_at.or(draft.content.published_at)));
        drafts
    }

    /// Follows references and works out times; `None` with the mistakes noted.
    fn resolve(&mut self, draft: Draft) -> Option<Resolved> {
        let existing = self.existing(Kind::Release, &draft.slug, &draft.sheet)?;
        let c = &draft.content;
        let mut lookup = Lookup::new(&self.names, &draft.sheet);
        let topics = lookup.topics(&c.topics);
        let contacts = lookup.all("contacts", Kind::Contact, &c.contacts);
        let assets = lookup.all("assets", Kind::Asset, &c.assets);
        let (mut problems, left_out) = (lookup.problems, lookup.left_out);
        let zone = &self.newsroom.time_zone;
        let mut time = |field: &str, planned: &Option<PlannedTime>| {
            let resolved = planned.as_ref().map(|time| time.resolve(field, zone)).transpose();
            resolved.unwrap_or_else(|error| {
                if let DomainError::Invalid(mistakes) = error {
                    problems.extend(mistakes.iter().map(|mistake| draft.sheet.problem_in(mistake)));
                }
                None
            })
        };
        let publish_at = time("publish_at", &c.publish_at);
        let embargo_until = time("embargo_until", &c.embargo_until);
        if let Some(key) = &c.boilerplate {
            let name = key.get_ref();
            let is_key = !name.is_empty() && !name.contains(char::is_whitespace);
            if is_key && !self.newsroom.boilerplates.iter().any(|b| b.key == *name) {
                let detail = format!("boilerplate: There is no boilerplate `{name}` in newsroom.toml");
                problems.push(draft.sheet.problem_at(key.span().start, detail));
            }
        }
        if !self.all_found(problems, left_out) {
            return None;
        }
        let leads_here =
            |alias: &&String| existing.is_some_and(|id| self.names.leads_to(Kind::Release, alias, id));
        Some(Resolved {
            existing,
            language: c.language.clone().unwrap_or_else(|| self.newsroom.default_language.clone()),
            topics,
            contacts,
            assets,
            aliases: c.aliases.clone(),
            known_aliases: c.aliases.iter().filter(leads_here).cloned().collect(),
            publish_at,
            embargo_until,
            draft,
        })
    }

    /// The second pass over a release that is there now: the releases it names.
    async fn relate(&mut self, batch: &mut Batch<'_>, release: &Resolved, id: Id, first: Fate) -> Result<()> {
        let Draft { sheet, slug, content: c, .. } = &release.draft;
        let mut lookup = Lookup::new(&self.names, sheet);
        let related = lookup.all("related", Kind::Release, &c.related);
        let translation_of =
            c.translation_of.as_ref().and_then(|slug| lookup.one("translation_of", Kind::Release, slug));
        let (mut problems, left_out) = (lookup.problems, lookup.left_out);
        if let Some(own) = c.translation_of.as_ref().filter(|_| translation_of == Some(id)) {
            let detail = "translation_of: A release cannot be the translation of itself";
            problems.push(sheet.problem_at(own.span().start, detail));
        }
        if !self.all_found(problems, left_out) {
            self.report.count(Kind::Release, first);
            return Ok(());
        }
        // A release that was made a moment ago is being finished, not changed.
        let stamp = if first == Fate::Created { Stamp::AsGiven } else { stamp(c.updated_at) };
        let done = put(batch, release, Some(&Others { related, translation_of }), stamp).await;
        let done = done.map(|(id, second)| (id, if first == Fate::Unchanged { second } else { first }));
        self.settle(Kind::Release, slug, sheet, done)?;
        Ok(())
    }
}

/// Writes a release. Without `others`, a release that names some keeps those it has until the second pass.
async fn put(
    batch: &mut Batch<'_>,
    release: &Resolved,
    others: Option<&Others>,
    stamp: Stamp,
) -> crate::newsroom::Result<(Id, Fate)> {
    let (id, now) = batch.new_id();
    let Draft { slug, content: c, .. } = &release.draft;
    let published_at = c.published_at.map(|at| at.0).filter(|at| *at < now);
    let created_at = c.created_at.map(|at| at.0).or(published_at).unwrap_or(now);
    let mut blank = Release::draft(id, &release.language, &c.headline, created_at);
    blank.updated_at = published_at.unwrap_or(created_at);
    let wish = Wish { existing: release.existing, slug, earlier_slugs: &[], blank, stamp };
    batch
        .put(wish, |record: &mut Release, now| {
            fill(record, release);
            match others {
                Some(others) => {
                    record.related.clone_from(&others.related);
                    record.translation_of = others.translation_of;
                }
                None if !release.draft.names_others() => {
                    record.related.clear();
                    record.translation_of = None;
                }
                None => {}
            }
            put_state(record, c, now)
        })
        .await
}

fn fill(record: &mut Release, release: &Resolved) {
    let Draft { content: c, corrections, body, .. } = &release.draft;
    record.language.clone_from(&release.language);
    record.headline = c.headline.trim().to_owned();
    record.sub_headlines.clone_from(&c.sub_headlines);
    record.dateline_place.clone_from(&c.dateline_place);
    record.dateline_date = c.dateline_date.map(|day| day.0);
    record.body.clone_from(body);
    record.boilerplate = c.boilerplate.as_ref().map_or_else(String::new, |key| key.get_ref().clone());
    record.topics.clone_from(&release.topics);
    record.contacts.clone_from(&release.contacts);
    record.assets.clone_from(&release.assets);
    record.publish_at.clone_from(&release.publish_at);
    record.embargo_until.clone_from(&release.embargo_until);
    let mut aliases = release.aliases.clone();
    aliases.retain(|alias| record.aliases.contains(alias) || !release.known_aliases.contains(alias));
    record.aliases = aliases;
    record.withdrawn_reason.clone_from(&c.withdrawn_reason);
    record.corrections.clone_from(corrections);
    record.review = c.review.clone().map(Review::from);
    if !c.edited_by.is_empty() {
        record.edited_by.clone_from(&c.edited_by);
    }
    record.edited_at = c.edited_at.map(|at| at.0).or(record.edited_at);
    put_moment(&mut record.updated_at, c.updated_at);
}

/// Sets the state as it was decided elsewhere, with the moments that belong to it.
fn put_state(record: &mut Release, c: &ReleaseSheet, now: Timestamp) -> crate::newsroom::Result<()> {
    record.state = c.state;
    let given = c.published_at.map(|at| at.0);
    let withdrawn_at = c.withdrawn_at.map(|at| at.0);
    let lacks = |what: &str| DomainError::Invalid(vec![FieldError::new("state", "incomplete", what)]);
    match c.state {
        ReleaseState::Draft => record.published_at = given,
        ReleaseState::Scheduled => {
            let planned = record.publish_at.as_ref().ok_or_else(|| lacks("`scheduled` needs publish_at"))?;
            record.published_at = given.or(Some(planned.utc));
        }
        ReleaseState::Embargoed => {
            let until =
                record.embargo_until.as_ref().ok_or_else(|| lacks("`embargoed` needs embargo_until"))?;
            record.published_at = given.or(Some(until.utc));
        }
        ReleaseState::Published => {
            let known = record.published_at.filter(|at| *at <= now);
            record.published_at = given.or(known).or(Some(now));
        }
        ReleaseState::Withdrawn => {
            if record.withdrawn_reason.trim().is_empty() {
                return Err(lacks("`withdrawn` needs withdrawn_reason: the public reads it").into());
            }
            record.published_at = given.or(record.published_at);
        }
    }
    record.withdrawn_at = match c.state {
        ReleaseState::Withdrawn => {
            withdrawn_at.or(record.withdrawn_at).or(c.updated_at.map(|at| at.0)).or(Some(now))
        }
        _ => withdrawn_at,
    };
    if c.state != ReleaseState::Draft {
        record.ready_for_the_public()?;
    }
    Ok(())
}
