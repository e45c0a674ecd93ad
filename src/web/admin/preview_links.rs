//! Links to the preview of a release, in its panel: made, shown once, listed, revoked. Neither step touches the text:
//! what stands typed and is not stored yet comes back as it was.

use axum::http::StatusCode;

use super::desk::{Desk, DeskResult, parse_id, see_other};
use super::field::{Choice, Make};
use super::form::Values;
use super::release_edit::{Notes, notes_of, render};
use super::release_form::fill;
use super::{release_times, when};
use crate::domain::preview_link::{DAYS, PreviewLink};
use crate::domain::release::{Release, ReleaseState};
use crate::newsroom::fields::{Fields as _, ReleaseFields};
use crate::newsroom::{content, preview_links};
use crate::store;
use crate::web::extract::{DeskForm, UrlPath};
use crate::web::url;

/// What the form proposes.
const USUAL_DAYS: i64 = 7;

pub struct Links {
    pub rows: Vec<Row>,
    pub inputs: Vec<String>,
    /// The address that was just made.
    pub fresh: String,
    /// A mistake in the inputs.
    pub is_wrong: bool,
    /// The form holds text that is not stored.
    pub is_unsaved: bool,
}

pub struct Row {
    pub id: String,
    pub recipient: String,
    pub made: String,
    pub until: String,
    pub seen: String,
    /// Why it is of no use any more; empty while it is.
    pub ended: String,
}

/// The part of the panel, for a release that is not public yet.
pub async fn panel(desk: &Desk, release: &Release, notes: &Notes) -> DeskResult<Option<Links>> {
    let now = desk.now();
    if matches!(release.state_at(now), ReleaseState::Published | ReleaseState::Withdrawn) {
        return Ok(None);
    }
    let links =
        store::preview_link::of_release(&desk.ctx().db, release.id, now, preview_links::MAX_LISTED).await?;
    let make = Make::new(desk, &notes.mistakes);
    let typed = &notes.typed;
    let chosen = typed.line("link-days").parse().unwrap_or(USUAL_DAYS);
    let days = |days: i64| {
        let name = desk.lang.count("desk-count-days", usize::try_from(days).unwrap_or(0));
        Choice::new(days.to_string(), name, days == chosen)
    };
    // A link that was made has used what was typed for it.
    let recipient = if notes.link.is_empty() { typed.line("link-recipient") } else { String::new() };
    Ok(Some(Links {
        rows: links.iter().map(|link| row(desk, link)).collect(),
        inputs: vec![
            make.line("link-recipient", "desk-field-link-recipient", recipient)
                .hint(desk.lang.t("desk-hint-link-recipient"))
                .html(),
            make.select("link-days", "desk-field-link-days", DAYS.map(days).into()).html(),
        ],
        fresh: notes.link.clone(),
        is_wrong: ["link-recipient", "link-days"]
            .iter()
            .any(|field| notes.mistakes.of(field, desk.lang).is_some()),
        is_unsaved: notes.is_unsaved,
    }))
}

fn row(desk: &Desk, link: &PreviewLink) -> Row {
    let lang = desk.lang;
    let short = |at| when::short(lang, at, desk.zone());
    let times = usize::try_from(link.seen_count).unwrap_or(0);
    Row {
        id: link.id.to_string(),
        recipient: link.recipient.clone(),
        made: lang.t_args(
            "desk-link-made-by",
            &[("who", link.created_by.as_str().into()), ("when", short(link.created_at).into())],
        ),
        until: lang.t_args("desk-link-until", &[("when", short(link.expires_at).into())]),
        seen: match link.seen_at {
            Some(at) => format!("{}, {}", lang.count("desk-link-seen", times), short(at)),
            None => lang.t("desk-link-unseen"),
        },
        ended: match link.revoked_at {
            Some(_) => lang.t("desk-revoked"),
            None if !link.is_live(desk.now()) => lang.t("desk-link-ended"),
            None => String::new(),
        },
    }
}

/// An address that a step left behind leads back.
pub async fn back(UrlPath(id): UrlPath<String>) -> DeskResult {
    Ok(see_other(&format!("/admin/releases/{}", parse_id(&id)?)))
}

pub async fn back_from_link(UrlPath((id, _)): UrlPath<(String, String)>) -> DeskResult {
    back(UrlPath(id)).await
}

pub async fn create(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    let id = parse_id(&id)?;
    let days = values.line("link-days").parse().unwrap_or(0);
    let recipient = values.line("link-recipient");
    let made = preview_links::create(desk.ctx(), &desk.actor, id, &recipient, days).await;
    let (status, notes) = match made {
        Ok((_, secret)) => {
            let link = format!("{}{}", desk.state.base(), url::preview(secret.reveal()));
            (StatusCode::OK, Notes { link, ..Notes::default() })
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, notes_of(&desk, error)?),
    };
    again(&desk, id, values, status, notes).await
}

pub async fn revoke(
    desk: Desk,
    UrlPath((id, link)): UrlPath<(String, String)>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    let (id, link) = (parse_id(&id)?, parse_id(&link)?);
    preview_links::revoke(desk.ctx(), &desk.actor, id, link).await?;
    let notice = desk.lang.t("desk-link-revoked");
    again(&desk, id, values, StatusCode::OK, Notes { notice, ..Notes::default() }).await
}

/// The page of the release with everything as it stood typed.
async fn again(
    desk: &Desk,
    id: crate::domain::Id,
    values: Values,
    status: StatusCode,
    notes: Notes,
) -> DeskResult {
    let release: Release = content::get(desk.ctx(), id).await?;
    let stored = ReleaseFields::of(&release);
    let mut typed = stored.clone();
    if values.has("headline") {
        fill(desk, &values, &mut typed);
        release_times::fill(desk, &values, &mut typed);
    }
    let is_unsaved = typed != stored;
    let notes = Notes { version: values.version(), typed: values, is_unsaved, ..notes };
    render(desk, status, Some(&release), &typed, notes).await
}
