//! The steps of a release's life at the desk. What stands typed in the form is stored first, so that
//! "publish" publishes what is on the screen.

use axum::http::StatusCode;

use super::conflict;
use super::desk::{Desk, DeskError, DeskResult, parse_id, see_other};
use super::form::{Trouble, Values};
use super::release_edit::{Notes, Saving, again, invalid, notes_of, render, store_values};
use super::release_form::fill;
use super::release_times as times;
use super::when;
use crate::domain::account::Role;
use crate::domain::release::{CorrectionKind, Release, ReleaseState};
use crate::domain::review::ReviewStep;
use crate::domain::{FieldError, Id};
use crate::i18n::Lang;
use crate::newsroom;
use crate::newsroom::content;
use crate::newsroom::fields::{Fields as _, ReleaseFields};
use crate::newsroom::releases::{self, Going, Publish};
use crate::store::{self, StoreError};
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
        "publish" | "schedule" | "embargo" | "correct" | "submit" => written(&desk, id, &step, &values).await,
        "approve" | "return" => judged(&desk, id, &step, &values).await,
        "withdraw" => return withdraw(&desk, id, values).await,
        "delete" => releases::delete(desk.ctx(), &desk.actor, id, values.version()).await.map(|_| "deleted"),
        _ => return Err(DeskError(Error::NotFound)),
    };
    let error = match done {
        Ok("deleted") => return Ok(see_other("/admin/releases?done=deleted")),
        Ok(done) => return Ok(see_other(&format!("/admin/releases/{id}?done={done}"))),
        Err(error) => error,
    };
    let error = match pressed_twice(&desk, id, &step, &values, error).await? {
        Ok(done) => return Ok(see_other(&format!("/admin/releases/{id}?done={done}"))),
        Err(error) => error,
    };
    match error {
        newsroom::Error::Store(StoreError::Stale { expected, .. }) => {
            not_taken(&desk, id, (&step, expected), values).await
        }
        error => again(&desk, id, values, error).await,
    }
}

/// Somebody has written since the form was made. Nothing is stored and no step is taken on a text that the officer has not
/// seen: the page shows it, with what was typed, and says so.
async fn not_taken(desk: &Desk, id: Id, (step, expected): (&str, i64), values: Values) -> DeskResult {
    let together = conflict::reconcile::<ReleaseFields>(desk, id, expected, |fields| {
        fill(desk, &values, fields);
        times::fill(desk, &values, fields);
    })
    .await?;
    let button = desk.lang.t(match step {
        "publish" => "desk-publish-now",
        "schedule" => "desk-schedule-set",
        "embargo" => "desk-embargo-set",
        "correct" => "desk-correct-add",
        "submit" => "desk-review-submit",
        "approve" => "desk-review-approve",
        "return" => "desk-review-return-now",
        _ => "desk-delete-now",
    });
    let refusal = desk.lang.t_args("desk-step-not-taken", &[("button", button.into())]);
    let notes = Notes { refusal, conflict: Some(together.conflict), typed: values, ..Notes::default() };
    render(desk, StatusCode::CONFLICT, Some(&together.record), &together.fields, notes).await
}

/// The same button, pressed twice, is one step. The first press has taken it, or has only stored the text yet (its
/// browser may have hung up on it): then this one takes it on that text. Else it is somebody else's doing, and an error.
async fn pressed_twice(
    desk: &Desk,
    id: Id,
    step: &str,
    values: &Values,
    error: newsroom::Error,
) -> DeskResult<Result<&'static str, newsroom::Error>> {
    let is_stale =
        |error: &newsroom::Error| matches!(error, newsroom::Error::Store(StoreError::Stale { .. }));
    let Some(done) = done_of(step).filter(|_| is_stale(&error)) else { return Ok(Err(error)) };
    let mut now = values.clone();
    // Both may be under way at once: whoever is too late looks again.
    for _ in 0..3 {
        let release: Release = content::get(desk.ctx(), id).await?;
        if !says_what_is_typed(desk, &release, values) {
            break;
        }
        if is_there(desk, &release, step, values) {
            return Ok(Ok(done));
        }
        let expected = values.version().unwrap_or(0);
        let seen = conflict::reconcile::<ReleaseFields>(desk, id, expected, |_| {}).await?;
        // The first press may have come further between two of these looks.
        if seen.record.version != release.version || !seen.conflict.step.is_empty() {
            continue;
        }
        // Only a colleague moves a plan by writing.
        if seen.changed.iter().any(|field| times::FIELDS.contains(&field.as_str())) {
            break;
        }
        now.set("version", release.version.to_string());
        match written(desk, id, step, &now).await {
            Err(error) if is_stale(&error) => {}
            other => return Ok(other),
        }
    }
    Ok(Err(error))
}

/// What the page says when a step that begins with the text has been taken.
fn done_of(step: &str) -> Option<&'static str> {
    Some(match step {
        "publish" => "published",
        "schedule" => "scheduled",
        "embargo" => "embargoed",
        "submit" => "submitted",
        "correct" => "corrected",
        _ => return None,
    })
}

fn says_what_is_typed(desk: &Desk, release: &Release, values: &Values) -> bool {
    let mut typed = ReleaseFields::of(release);
    let errors = fill(desk, values, &mut typed);
    errors.is_empty() && typed == ReleaseFields::of(release)
}

/// Whether a release is where a step leads.
fn is_there(desk: &Desk, release: &Release, step: &str, values: &Values) -> bool {
    let planned = |field: &str| when::read(field, &values.line(field), desk.zone()).ok().flatten();
    match step {
        "publish" => release.state_at(desk.now()) == ReleaseState::Published,
        "schedule" => release.publish_at.is_some() && release.publish_at == planned("publish_at"),
        "embargo" => release.embargo_until.is_some() && release.embargo_until == planned("embargo_until"),
        "submit" => release.review.as_ref().is_some_and(|review| review.step == ReviewStep::Submitted),
        "correct" => release.corrections.last().is_some_and(|c| c.note == values.text("note").trim()),
        _ => false,
    }
}

/// Stores the text, then takes the step on exactly that version. What the step needs is read first: a step
/// that cannot be taken changes nothing.
async fn written(desk: &Desk, id: Id, step: &str, values: &Values) -> newsroom::Result<&'static str> {
    newsroom::require(&desk.actor, if step == "submit" { Role::Author } else { Role::Editor })?;
    let ctx = desk.ctx();
    nothing_aside(desk, id, step, values).await?;
    let time = |field: &'static str| {
        when::read(field, &values.line(field), desk.zone())
            .map_err(|error| invalid(vec![error]))?
            .filter(|at| at.utc > desk.now())
            .ok_or_else(|| time_missing(field, values))
    };
    match step {
        "schedule" => {
            let at = time("publish_at")?;
            let version = store_values(desk, id, values, Saving::Text).await?.version;
            send(desk, (id, version), Going::Schedule(Some(at)), values).await?;
            Ok("scheduled")
        }
        "embargo" => {
            let until = time("embargo_until")?;
            let version = store_values(desk, id, values, Saving::Text).await?.version;
            send(desk, (id, version), Going::Publish(Publish::Embargo(until)), values).await?;
            Ok("embargoed")
        }
        "submit" => {
            let version = store_values(desk, id, values, Saving::Times).await?.version;
            releases::review(ctx, &desk.actor, id, Some(version), ReviewStep::Submitted, "").await?;
            Ok("submitted")
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
            let version = store_values(desk, id, values, Saving::Text).await?.version;
            releases::correct(ctx, &desk.actor, id, Some(version), kind, &note).await?;
            Ok("corrected")
        }
        _ => {
            let version = store_values(desk, id, values, Saving::Text).await?.version;
            send(desk, (id, version), Going::Publish(Publish::Now), values).await?;
            Ok("published")
        }
    }
}

/// Refuses a step that would pass over a time: one that is typed and not set, or one that holds the release back and that
/// the officer has not lifted by its own button. On a form that is not the newest's the step ends by itself.
async fn nothing_aside(desk: &Desk, id: Id, step: &str, values: &Values) -> newsroom::Result<()> {
    let release: Release = content::get(desk.ctx(), id).await?;
    if values.version() != Some(release.version) {
        return Ok(());
    }
    let errors = match step {
        // Saves the times with the text.
        "submit" => return Ok(()),
        "schedule" => times::left_aside(desk, values, &release, "publish_at"),
        "embargo" => times::left_aside(desk, values, &release, "embargo_until"),
        _ => times::left_aside(desk, values, &release, ""),
    };
    if !errors.is_empty() {
        return Err(invalid(errors));
    }
    let plan = times::plan(&release, desk.now());
    if step == "publish" && !plan.is_empty() && values.line("lift") != plan {
        return Err(newsroom::Error::field("lift", "plan_stands", "The release waits for its time"));
    }
    Ok(())
}

/// Sends the release on its way, with its other languages when that is ticked: all of them or none.
async fn send(desk: &Desk, (id, version): (Id, i64), going: Going, values: &Values) -> newsroom::Result<()> {
    let mut set = vec![(id, version)];
    let mut headlines = Vec::new();
    if values.has("with-translations") {
        let release: Release = content::get(desk.ctx(), id).await?;
        let goes_at = match &going {
            Going::Publish(Publish::Embargo(at)) | Going::Schedule(Some(at)) => at.utc.to_string(),
            Going::Publish(Publish::Now | Publish::AsPlanned) | Going::Schedule(None) => String::new(),
        };
        let own = times::plan(&release, desk.now());
        for other in unpublished_translations(desk, &release).await? {
            // A time of its own was set for it by somebody, and is lifted there.
            let theirs = times::plan(&other, desk.now());
            if let Some((_, at)) = times::holding(&other, desk.now())
                && theirs != own
                && theirs != goes_at
            {
                let reason = [("time", when::planned(desk.lang, at).into())];
                let reason = desk.lang.t_args("desk-set-other-time", &reason);
                return Err(set_refused(desk, &other.headline, reason));
            }
            set.push((other.id, other.version));
            headlines.push((other.id, other.headline));
        }
    }
    let sent = releases::send_together(desk.ctx(), &desk.actor, &set, &going).await;
    sent.map_err(|stopped| match headlines.iter().find(|(other, _)| *other == stopped.release) {
        Some((_, headline)) => {
            let reason = match desk.trouble(stopped.error) {
                Trouble::Mistakes(mistakes) => {
                    let all: Vec<String> =
                        mistakes.summary(desk.lang).into_iter().map(|(_, text)| text).collect();
                    all.join(" ")
                }
                Trouble::Refused(reason) => reason,
                Trouble::Stale { .. } => desk.lang.t("desk-set-changed"),
                Trouble::Other(error) => {
                    tracing::error!(?error, "A translation could not be sent on its way");
                    desk.lang.t("desk-set-failed")
                }
            };
            set_refused(desk, headline, reason)
        }
        None => stopped.error,
    })
}

fn set_refused(desk: &Desk, headline: &str, reason: String) -> newsroom::Error {
    let told = [("headline", headline.into()), ("reason", reason.into())];
    newsroom::Error::conflict("translation_refused", desk.lang.t_args("desk-set-refused", &told))
}

/// The other languages of a release that the public does not have yet.
pub async fn unpublished_translations(desk: &Desk, release: &Release) -> Result<Vec<Release>, StoreError> {
    let mut others = store::list::translations(&desk.ctx().db, release).await?;
    let now = desk.now();
    others.retain(|other| !matches!(other.state_at(now), ReleaseState::Published | ReleaseState::Withdrawn));
    Ok(others)
}

/// Approves the release as it is stored, or gives it back. Who has changed the text in the form writes it: that is
/// to be saved, and somebody else's to approve.
async fn judged(desk: &Desk, id: Id, step: &str, values: &Values) -> newsroom::Result<&'static str> {
    newsroom::require(&desk.actor, Role::Editor)?;
    let release: Release = content::get(desk.ctx(), id).await?;
    let mut typed = ReleaseFields::of(&release);
    fill(desk, values, &mut typed);
    let version = values.version().unwrap_or(0);
    if version == release.version && values.has("headline") && typed != ReleaseFields::of(&release) {
        return Err(newsroom::Error::conflict("unsaved_text", "The text in the form is not saved"));
    }
    let unset = times::left_aside(desk, values, &release, "");
    if version == release.version && !unset.is_empty() {
        return Err(invalid(unset));
    }
    let (step, done) = match step {
        "approve" => (ReviewStep::Approved, "approved"),
        _ => (ReviewStep::Returned, "returned"),
    };
    let note = values.text("review-note");
    releases::review(desk.ctx(), &desk.actor, id, Some(version), step, &note).await?;
    Ok(done)
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
    // What was called off has left its time in the form; only another one is typed.
    let mut planned = ReleaseFields::of(&before);
    times::fill(desk, &values, &mut planned);
    if planned != ReleaseFields::of(&before) {
        (typed.publish_at, typed.embargo_until) = (planned.publish_at, planned.embargo_until);
    }
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
