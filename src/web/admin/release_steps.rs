//! The steps of a release's life at the desk. What stands typed in the form is stored first, so that
//! "publish" publishes what is on the screen.

use axum::http::StatusCode;

use super::desk::{Desk, DeskError, DeskResult, parse_id, see_other};
use super::form::Values;
use super::release_edit::{Notes, again, invalid, notes_of, render, store_values};
use super::release_form::fill;
use super::when;
use crate::domain::release::{CorrectionKind, Release, ReleaseState};
use crate::domain::{FieldError, Id};
use crate::i18n::Lang;
use crate::newsroom;
use crate::newsroom::content;
use crate::newsroom::fields::{Fields as _, ReleaseFields};
use crate::newsroom::releases::{self, Publish};
use crate::store::StoreError;
use crate::web::Error;
use crate::web::extract::{DeskForm, UrlPath};

pub fn kind_name(lang: Lang, kind: CorrectionKind) -> String {
    lang.t(match kind {
        CorrectionKind::Correction => "desk-correction",
        CorrectionKind::Update => "desk-update",
    })
}

/// Where a refused step leaves the address: opened again it leads back to the release.
pub async fn back(UrlPath((id, _)): UrlPath<(String, String)>) -> DeskResult {
    Ok(see_other(&format!("/admin/releases/{}", parse_id(&id)?)))
}

pub async fn take(
    desk: Desk,
    UrlPath((id, step)): UrlPath<(String, String)>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    let id = parse_id(&id)?;
    let done = match step.as_str() {
        "publish" | "schedule" | "embargo" | "correct" => written(&desk, id, &step, &values).await,
        "withdraw" => return withdraw(&desk, id, values).await,
        "delete" => releases::delete(desk.ctx(), &desk.actor, id, values.version()).await.map(|_| "deleted"),
        _ => return Err(DeskError(Error::NotFound)),
    };
    match done {
        Ok("deleted") => Ok(see_other("/admin/releases?done=deleted")),
        Ok(done) => Ok(see_other(&format!("/admin/releases/{id}?done={done}"))),
        Err(error) if is_done_already(&desk, id, &step, &values, &error).await? => {
            Ok(see_other(&format!("/admin/releases/{id}?done=saved")))
        }
        Err(error) => again(&desk, id, values, error).await,
    }
}

/// Whether the same button was pressed twice: the release is where the step leads, with the text as typed.
async fn is_done_already(
    desk: &Desk,
    id: Id,
    step: &str,
    values: &Values,
    error: &newsroom::Error,
) -> DeskResult<bool> {
    if !matches!(error, newsroom::Error::Store(StoreError::Stale { .. })) {
        return Ok(false);
    }
    let release: Release = content::get(desk.ctx(), id).await?;
    let mut typed = ReleaseFields::of(&release);
    fill(desk, values, &mut typed);
    let planned = |field: &str| when::read(field, &values.line(field), desk.zone()).ok().flatten();
    let is_there = match step {
        "publish" => release.state_at(desk.now()) == ReleaseState::Published,
        "schedule" => release.publish_at.is_some() && release.publish_at == planned("publish_at"),
        "embargo" => release.embargo_until.is_some() && release.embargo_until == planned("embargo_until"),
        "correct" => release.corrections.last().is_some_and(|c| c.note == values.text("note").trim()),
        _ => false,
    };
    Ok(is_there && typed == ReleaseFields::of(&release))
}

/// Stores the text, then takes the step on exactly that version. What the step needs is read first: a step
/// that cannot be taken changes nothing.
async fn written(desk: &Desk, id: Id, step: &str, values: &Values) -> newsroom::Result<&'static str> {
    newsroom::require(&desk.actor, crate::domain::account::Role::Editor)?;
    let ctx = desk.ctx();
    let time = |field: &'static str| {
        when::read(field, &values.line(field), desk.zone())
            .map_err(|error| invalid(vec![error]))?
            .filter(|at| at.utc > desk.now())
            .ok_or_else(|| time_missing(field, values))
    };
    match step {
        "schedule" => {
            let at = time("publish_at")?;
            let version = store_values(desk, id, values).await?.version;
            releases::schedule(ctx, &desk.actor, id, Some(version), Some(at)).await?;
            Ok("scheduled")
        }
        "embargo" => {
            let until = time("embargo_until")?;
            let version = store_values(desk, id, values).await?.version;
            releases::publish(ctx, &desk.actor, id, Some(version), Publish::Embargo(until)).await?;
            Ok("embargoed")
        }
        "correct" => {
            let note = values.text("note");
            if note.trim().is_empty() {
                return Err(newsroom::Error::field("note", "required", "Say what was changed"));
            }
            let kind = match values.line("correction-kind").as_str() {
                "update" => CorrectionKind::Update,
                _ => CorrectionKind::Correction,
            };
            let version = store_values(desk, id, values).await?.version;
            releases::correct(ctx, &desk.actor, id, Some(version), kind, &note).await?;
            Ok("corrected")
        }
        _ => {
            let version = store_values(desk, id, values).await?.version;
            releases::publish(ctx, &desk.actor, id, Some(version), Publish::Now).await?;
            Ok("published")
        }
    }
}

fn time_missing(field: &'static str, values: &Values) -> newsroom::Error {
    let code = if values.line(field).is_empty() { "required" } else { "in_the_past" };
    invalid(vec![FieldError::new(field, code, "Give a time that lies ahead")])
}

/// Takes a release back whatever its version is: in an emergency nobody shall be held up by a colleague's
/// edit. Text that was not stored yet stays on the screen.
async fn withdraw(desk: &Desk, id: Id, values: Values) -> DeskResult {
    let before: Release = content::get(desk.ctx(), id).await?;
    let was_public = before.state_at(desk.now()) == ReleaseState::Published;
    let reason = values.text("reason");
    let release = match releases::withdraw(desk.ctx(), &desk.actor, id, None, &reason).await {
        Ok(release) => release,
        Err(error) => return again(desk, id, values, error).await,
    };
    let done = if was_public { "withdrawn" } else { "recalled" };
    let mut typed = ReleaseFields::of(&release);
    let stored = typed.clone();
    fill(desk, &values, &mut typed);
    let is_form = values.has("headline");
    if !is_form || typed == stored {
        return Ok(see_other(&format!("/admin/releases/{id}?done={done}")));
    }
    let refusal = desk.lang.t("desk-withdrawn-unsaved");
    // Only this step has raised the version since the form was made: the text may be stored on top of it.
    let is_current = values.version() == Some(before.version);
    if is_current {
        let notes = Notes { refusal, typed: values, ..Notes::default() };
        return render(desk, StatusCode::OK, Some(&release), &typed, notes).await;
    }
    let expected = values.version().unwrap_or(0);
    let mut notes = notes_of(desk, StoreError::Stale { expected, current: release.version }.into())?;
    notes.version = values.version();
    notes.typed = values;
    render(desk, StatusCode::OK, Some(&release), &typed, notes).await
}
