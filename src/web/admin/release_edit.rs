//! The page of one release: writing it, and the panel with its next steps.

use axum::http::StatusCode;
use serde::Deserialize;

use super::conflict::{self, Conflict};
use super::desk::{Desk, DeskError, DeskResult, Section, Shell, parse_id, see_other};
use super::document::{self, Reading};
use super::field::{Choice, Make};
use super::form::{Mistakes, Trouble, Values};
use super::found;
use super::presence;
use super::preview_links::{self, Links};
use super::release_form::{Inputs, fill};
use super::release_hints::{self, Hint};
use super::release_times as times;
use super::when;
use crate::domain::account::Role;
use crate::domain::preflight::stale_pairs;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::{DomainError, FieldError, Id};
use crate::manuscript::FoundContact;
use crate::newsroom;
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::{Fields as _, ReleaseFields, TimeInput};
use crate::newsroom::preflight;
use crate::store::{self, StoreError, audit, list};
use crate::web::Error;
use crate::web::extract::{DeskForm, UrlPath, UrlQuery};
use crate::web::url;

/// A language in which the release exists or could be written.
pub struct Sibling {
    pub language: String,
    pub url: String,
    pub headline: String,
    /// Its source was changed after it.
    pub is_stale: bool,
}

pub struct Panel {
    pub state: ReleaseState,
    pub state_name: String,
    /// When it becomes, became or ceased to be public, in words.
    pub state_note: String,
    pub can_publish: bool,
    /// What is said of the approval, rendered; empty where none is needed.
    pub review: String,
    /// It may not go out before somebody has approved it.
    pub lacks_approval: bool,
    /// The other languages that could go out with it.
    pub set: String,
    pub is_stale: bool,
    pub can_withdraw: bool,
    pub is_planned: bool,
    pub can_delete: bool,
    pub steps: Steps,
    /// All that holds it back, for the button that lifts it; empty where nothing does.
    pub plan: String,
    /// The field of the time that holds it back.
    pub holding: &'static str,
    /// Its times are only noted, by whoever writes it.
    pub may_note: bool,
    /// The step whose inputs have a mistake; its part of the page is unfolded.
    pub wrong_step: &'static str,
    pub corrections: Vec<(String, String, String)>,
    pub public_url: String,
    pub siblings: Vec<Sibling>,
    pub translations_to_write: Vec<Sibling>,
    pub preflight: Vec<Hint>,
    pub links: Option<Links>,
}

/// The inputs of the steps, rendered.
#[derive(Default)]
pub struct Steps {
    pub publish_at: String,
    pub embargo_until: String,
    pub reason: String,
    pub correction_kind: String,
    pub note: String,
}

#[derive(askama::Template)]
#[template(path = "admin/release.html")]
struct ReleasePage {
    shell: Shell,
    /// None while it is not stored.
    id: Option<Id>,
    /// For a new one: the id it will get, so that sending the form twice makes one release.
    new_id: String,
    version: i64,
    inputs: Inputs,
    panel: Option<Panel>,
    summary: Vec<(String, String)>,
    refusal: String,
    notice: String,
    /// What was read of the document that the form is filled from.
    reading: Option<Reading>,
    /// For a new one: the embargo that is noted with it, rendered.
    embargo: String,
    /// Contacts that could be made, rendered.
    found: String,
    /// Nothing is written yet: a document may fill the form.
    is_empty: bool,
    conflict: Option<Conflict>,
    may_write: bool,
    is_public: bool,
    /// Who else has it open.
    present: Vec<String>,
}

/// What the page shows beside the fields.
#[derive(Default)]
pub struct Notes {
    pub mistakes: Mistakes,
    pub refusal: String,
    /// What the officer should know and is no trouble.
    pub notice: String,
    pub reading: Option<Reading>,
    pub proposals: Vec<FoundContact>,
    pub conflict: Option<Conflict>,
    /// What was typed into the steps and the search for photos.
    pub typed: Values,
    /// The version the form was made from, when that is not the newest.
    pub version: Option<i64>,
    /// The address of a preview that was just made.
    pub link: String,
    /// What stands in the form is not stored, without there being any trouble.
    pub is_unsaved: bool,
}

pub async fn render(
    desk: &Desk,
    status: StatusCode,
    release: Option<&Release>,
    fields: &ReleaseFields,
    notes: Notes,
) -> DeskResult {
    let id = release.map(|release| release.id);
    let now = desk.now();
    let panel = match release {
        Some(release) => Some(panel(desk, release, fields, &notes).await?),
        None => None,
    };
    let title = match release {
        Some(release) => release.headline.clone(),
        None => desk.lang.t("desk-releases-new"),
    };
    let new_id = match notes.typed.line("new_id") {
        id if id.is_empty() => desk.ctx().new_id().to_string(),
        id => id,
    };
    let query = notes.typed.line("photo-query");
    let (proposals, chosen) = match id {
        Some(_) => (Vec::new(), Vec::new()),
        None if notes.proposals.is_empty() => found::typed(&notes.typed),
        None => (notes.proposals, Vec::new()),
    };
    let page = ReleasePage {
        shell: desk.shell(title, Section::Releases),
        id,
        new_id,
        version: notes.version.or(release.map(|r| r.version)).unwrap_or(0),
        inputs: Inputs::new(desk, id, fields, &notes.mistakes, &query).await?,
        panel,
        summary: notes.mistakes.summary(desk.lang),
        refusal: notes.refusal,
        notice: notes.notice,
        reading: notes.reading,
        embargo: {
            let make = Make::new(desk, &notes.mistakes);
            let name = ("embargo_until", "desk-field-embargo-until");
            let field = times::input(desk, &make, &notes.typed, name, fields.embargo_until.as_ref());
            let zone = desk.lang.t_args("desk-hint-zone", &[("zone", desk.zone().into())]);
            field.hint(format!("{zone}. {}", desk.lang.t("desk-hint-noted"))).html()
        },
        found: found::html(desk, &proposals, &chosen),
        is_empty: id.is_none() && fields.headline.is_empty() && fields.body.is_empty(),
        conflict: notes.conflict,
        may_write: release.is_none_or(|r| desk.is(content::Content::role_to_write(r, now))),
        present: match id {
            Some(id) => presence::look(desk, id).await?,
            None => Vec::new(),
        },
        is_public: release.is_some_and(|r| r.state_at(now) == ReleaseState::Published),
    };
    desk.page_with(status, &page)
}

pub fn state_name(desk: &Desk, state: ReleaseState) -> String {
    desk.lang.t(match state {
        ReleaseState::Draft => "desk-state-draft",
        ReleaseState::Scheduled => "desk-state-scheduled",
        ReleaseState::Embargoed => "desk-state-embargoed",
        ReleaseState::Published => "desk-state-published",
        ReleaseState::Withdrawn => "desk-state-withdrawn",
    })
}

async fn panel(desk: &Desk, release: &Release, fields: &ReleaseFields, notes: &Notes) -> DeskResult<Panel> {
    let (lang, now, zone) = (desk.lang, desk.now(), desk.zone());
    let state = release.state_at(now);
    let planned = release.publish_at.as_ref().or(release.embargo_until.as_ref());
    let state_note = match state {
        ReleaseState::Scheduled | ReleaseState::Embargoed => {
            planned.map_or_else(String::new, |at| when::planned(lang, at))
        }
        ReleaseState::Published => {
            release.public_from().map_or_else(String::new, |at| when::long(lang, at, zone))
        }
        ReleaseState::Withdrawn => {
            release.withdrawn_at.map_or_else(String::new, |at| when::long(lang, at, zone))
        }
        ReleaseState::Draft => times::noted(desk, release),
    };
    let is_editor = desk.is(Role::Editor);
    let is_planned = matches!(state, ReleaseState::Scheduled | ReleaseState::Embargoed);
    let siblings = list::translations(&desk.ctx().db, release).await?;
    let known: Vec<&str> =
        siblings.iter().map(|s| s.language.as_str()).chain([release.language.as_str()]).collect();
    let root = release.translation_of.unwrap_or(release.id);
    let translations_to_write = desk
        .newsroom
        .languages
        .iter()
        .filter(|tag| !known.contains(&tag.as_str()))
        .map(|tag| Sibling {
            language: crate::i18n::endonym(tag).to_owned(),
            url: format!("/admin/releases/new?translation_of={root}&from={}&language={tag}", release.id),
            headline: String::new(),
            is_stale: false,
        })
        .collect();
    let stale: Vec<Id> = stale_pairs(release, &siblings).iter().map(|(older, _)| older.id).collect();
    let set: Vec<String> = siblings
        .iter()
        .filter(|other| !matches!(other.state_at(now), ReleaseState::Published | ReleaseState::Withdrawn))
        .map(|other| format!("{}: {}", crate::i18n::endonym(&other.language), other.headline))
        .collect();
    Ok(Panel {
        review: super::review::panel(desk, release, notes),
        lacks_approval: desk.newsroom.require_approval && !release.is_approved(),
        set: set.join(", "),
        is_stale: stale.contains(&release.id),
        state,
        state_name: state_name(desk, state),
        state_note,
        can_publish: is_editor && state != ReleaseState::Published,
        can_withdraw: is_editor && state == ReleaseState::Published,
        is_planned: is_editor && is_planned,
        can_delete: matches!(state, ReleaseState::Draft) || (is_editor && is_planned),
        steps: steps(desk, fields, notes),
        plan: times::plan(release, now),
        holding: times::holding(release, now).map_or("", |(field, _)| field),
        may_note: state == ReleaseState::Draft,
        wrong_step: STEP_FIELDS
            .iter()
            .find(|(field, _)| notes.mistakes.of(field, lang).is_some())
            .map_or("", |(_, step)| step),
        corrections: corrections(desk, release),
        public_url: url::release(&desk.newsroom, release),
        siblings: siblings
            .iter()
            .map(|sibling| Sibling {
                language: crate::i18n::endonym(&sibling.language).to_owned(),
                url: format!("/admin/releases/{}", sibling.id),
                headline: sibling.headline.clone(),
                is_stale: stale.contains(&sibling.id),
            })
            .collect(),
        translations_to_write,
        preflight: if matches!(state, ReleaseState::Withdrawn) {
            Vec::new()
        } else {
            let at = planned.map_or(now, |at| at.utc.max(now));
            release_hints::of(desk, release.id, &preflight::findings(desk.ctx(), release, at).await?)
        },
        links: preview_links::panel(desk, release, notes).await?,
    })
}

/// The inputs of the steps, and the step that each belongs to.
const STEP_FIELDS: [(&str, &str); 5] = [
    ("lift", "now"),
    ("embargo_until", "embargo"),
    ("publish_at", "schedule"),
    ("note", "correct"),
    ("reason", "withdraw"),
];

fn corrections(desk: &Desk, release: &Release) -> Vec<(String, String, String)> {
    release
        .corrections
        .iter()
        .map(|correction| {
            let kind = super::release_steps::kind_name(desk.lang, correction.kind);
            (when::short(desk.lang, correction.at, desk.zone()), kind, correction.note.clone())
        })
        .collect()
}

fn steps(desk: &Desk, fields: &ReleaseFields, notes: &Notes) -> Steps {
    let make = Make::new(desk, &notes.mistakes);
    let typed = &notes.typed;
    let time = |name: &str, label: &str, time: Option<&TimeInput>| {
        times::input(desk, &make, typed, (name, label), time).html()
    };
    let kind = typed.line("correction-kind");
    Steps {
        publish_at: time("publish_at", "desk-field-publish-at", fields.publish_at.as_ref()),
        embargo_until: time("embargo_until", "desk-field-embargo-until", fields.embargo_until.as_ref()),
        reason: make
            .area("reason", "desk-field-reason", typed.text("reason"), 2)
            .hint(desk.lang.t("desk-hint-reason"))
            .html(),
        correction_kind: make
            .select(
                "correction-kind",
                "desk-field-correction-kind",
                vec![
                    Choice::new("correction", desk.lang.t("desk-correction"), kind != "update"),
                    Choice::new("update", desk.lang.t("desk-update"), kind == "update"),
                ],
            )
            .html(),
        note: make
            .area("note", "desk-field-note", typed.text("note"), 2)
            .hint(desk.lang.t("desk-hint-note"))
            .html(),
    }
}

#[derive(Deserialize)]
pub struct NewQuery {
    language: Option<String>,
    translation_of: Option<String>,
    /// The release whose text a translation starts from.
    from: Option<String>,
}

pub async fn blank(desk: Desk, UrlQuery(query): UrlQuery<NewQuery>) -> DeskResult {
    let mut fields = match query.from.as_deref().and_then(|id| id.parse().ok()) {
        Some(from) => {
            let source: Release = content::get(desk.ctx(), from).await?;
            ReleaseFields {
                slug: None,
                aliases: Vec::new(),
                publish_at: None,
                embargo_until: None,
                ..ReleaseFields::of(&source)
            }
        }
        None => document::blank_fields(&desk),
    };
    if let Some(language) = query.language.filter(|language| desk.newsroom.speaks(language)) {
        fields.language = language;
    }
    fields.translation_of = query.translation_of.as_deref().and_then(|id| id.parse().ok());
    render(&desk, StatusCode::OK, None, &fields, Notes::default()).await
}

pub async fn create(desk: Desk, DeskForm(mut values): DeskForm<Values>) -> DeskResult {
    let mut fields = ReleaseFields::default();
    let mut errors = fill(&desk, &values, &mut fields);
    times::fill(&desk, &values, &mut fields);
    if values.has("look") {
        let notes = Notes { typed: values, ..Notes::default() };
        return render(&desk, StatusCode::OK, None, &fields, notes).await;
    }
    errors.extend(times::of_new(&desk, &values));
    let id: Id = values.line("new_id").parse().unwrap_or_else(|_| desk.ctx().new_id());
    // Contacts are made only for a release that will be taken. Sent twice, the form means the same ones.
    if errors.is_empty() && !fields.headline.is_empty() {
        match found::take(&desk, &values, &fields.language).await {
            Ok(contacts) => contacts.iter().for_each(|id| values.add("contacts", id.to_string())),
            Err(DeskError(Error::Newsroom(error))) => {
                let notes = Notes { typed: values, ..notes_of(&desk, error)? };
                return render(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, &fields, notes).await;
            }
            Err(error) => return Err(error),
        }
        fill(&desk, &values, &mut fields);
    }
    let made = if errors.is_empty() { store_new(&desk, id, &fields).await } else { Err(invalid(errors)) };
    let error = match made {
        Ok(()) => {
            let done = if fields.embargo_until.is_some() { "noted" } else { "created" };
            return Ok(see_other(&format!("/admin/releases/{id}?done={done}")));
        }
        Err(error) => error,
    };
    // The same form, sent twice: the first one has made the release.
    if store::record::find::<Release>(&desk.ctx().db, id).await?.is_some() {
        return save_values(&desk, id, values).await;
    }
    let mut notes = notes_of(&desk, error)?;
    notes.typed = values;
    render(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, &fields, notes).await
}

pub fn invalid(errors: Vec<FieldError>) -> newsroom::Error {
    DomainError::Invalid(errors).into()
}

async fn store_new(desk: &Desk, id: Id, fields: &ReleaseFields) -> newsroom::Result<()> {
    let (release, slug) = fields.clone().create(id, desk.setting())?;
    content::create(desk.ctx(), &desk.actor, release, slug.as_deref()).await?;
    Ok(())
}

/// What the same page can say of a failure; anything else is one for the layer outside.
pub fn notes_of(desk: &Desk, error: newsroom::Error) -> DeskResult<Notes> {
    match desk.trouble(error) {
        Trouble::Mistakes(mistakes) => Ok(Notes { mistakes, ..Notes::default() }),
        Trouble::Refused(refusal) => Ok(Notes { refusal, ..Notes::default() }),
        Trouble::Other(error) => Err(error.into()),
        Trouble::Stale { expected, current } => {
            let versions = [("expected", expected.into()), ("current", current.into())];
            Ok(Notes { refusal: desk.lang.t_args("desk-stale", &versions), ..Notes::default() })
        }
    }
}

#[derive(Deserialize)]
pub struct VersionQuery {
    /// An earlier version, whose text shall stand in the form.
    version: Option<i64>,
}

pub async fn show(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    UrlQuery(asked): UrlQuery<VersionQuery>,
) -> DeskResult {
    let release: Release = content::get(desk.ctx(), parse_id(&id)?).await?;
    let mut fields = ReleaseFields::of(&release);
    let mut notes = Notes::default();
    if let Some(version) = asked.version {
        let left = audit::version_of(&desk.ctx().db, release.id, version).await?;
        let earlier: Option<Release> = left.and_then(|document| serde_json::from_value(document).ok());
        let earlier = earlier.ok_or(Error::NotFound)?;
        // Its address and when it becomes public are no text to be taken back.
        fields = ReleaseFields {
            slug: fields.slug,
            aliases: fields.aliases,
            publish_at: fields.publish_at,
            embargo_until: fields.embargo_until,
            ..ReleaseFields::of(&earlier)
        };
        notes.notice = desk.lang.t_args("desk-version-taken", &[("version", version.into())]);
    }
    render(&desk, StatusCode::OK, Some(&release), &fields, notes).await
}

pub async fn save(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    save_values(&desk, parse_id(&id)?, values).await
}

async fn save_values(desk: &Desk, id: Id, values: Values) -> DeskResult {
    if values.has("look") {
        let release: Release = content::get(desk.ctx(), id).await?;
        let mut typed = ReleaseFields::of(&release);
        fill(desk, &values, &mut typed);
        times::fill(desk, &values, &mut typed);
        let notes = Notes { version: values.version(), typed: values, ..Notes::default() };
        return render(desk, StatusCode::OK, Some(&release), &typed, notes).await;
    }
    let before: Release = content::get(desk.ctx(), id).await?;
    match store_values(desk, id, &values, Saving::Times).await {
        Ok(release) => {
            let is_moved = times::plan(&before, desk.now()) != times::plan(&release, desk.now());
            let done = match release.state_at(desk.now()) {
                ReleaseState::Draft if is_moved && times::holding(&release, desk.now()).is_some() => "noted",
                ReleaseState::Scheduled | ReleaseState::Embargoed if is_moved => "moved",
                _ => "saved",
            };
            Ok(see_other(&format!("/admin/releases/{id}?done={done}")))
        }
        Err(error) => again(desk, id, values, error).await,
    }
}

/// How much of the form is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// A step follows that sets the times itself.
    Text,
    Times,
}

/// Writes what was typed, on the version that the form was made from.
pub async fn store_values(desk: &Desk, id: Id, values: &Values, saving: Saving) -> newsroom::Result<Release> {
    let edit = Edit { actor: &desk.actor, id, version: Some(values.version().unwrap_or(0)), action: "edit" };
    content::edit(desk.ctx(), edit, |release: &mut Release, now| {
        let mut fields = ReleaseFields::of(release);
        let mut errors = fill(desk, values, &mut fields);
        if saving == Saving::Times {
            errors.extend(times::save(desk, values, release, &mut fields, now));
        }
        if !errors.is_empty() {
            return Err(invalid(errors));
        }
        fields.apply(release, desk.setting())
    })
    .await
}

/// The page again, with everything typed still there, and why it was not taken.
pub async fn again(desk: &Desk, id: Id, values: Values, error: newsroom::Error) -> DeskResult {
    if let newsroom::Error::Store(StoreError::Stale { expected, .. }) = error {
        let together = conflict::reconcile::<ReleaseFields>(desk, id, expected, |fields| {
            fill(desk, &values, fields);
            times::fill(desk, &values, fields);
        })
        .await?;
        // The same form, sent twice: what it wants is there already.
        if together.fields == ReleaseFields::of(&together.record) && together.conflict.step.is_empty() {
            return Ok(see_other(&format!("/admin/releases/{id}?done=saved")));
        }
        let notes = Notes { conflict: Some(together.conflict), typed: values, ..Notes::default() };
        return render(desk, StatusCode::CONFLICT, Some(&together.record), &together.fields, notes).await;
    }
    let mut notes = notes_of(desk, error)?;
    let release: Release = content::get(desk.ctx(), id).await?;
    let mut typed = ReleaseFields::of(&release);
    fill(desk, &values, &mut typed);
    // When the text was stored and only the step behind it failed, the form is the newest version's.
    notes.version = values.version().filter(|_| typed != ReleaseFields::of(&release));
    times::fill(desk, &values, &mut typed);
    notes.typed = values;
    render(desk, StatusCode::UNPROCESSABLE_ENTITY, Some(&release), &typed, notes).await
}
