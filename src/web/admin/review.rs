//! What the page of a release says of its approval, with the buttons for the next step towards it.

use askama::Template as _;

use super::desk::Desk;
use super::field::Make;
use super::release_edit::Notes;
use super::when;
use crate::domain::Id;
use crate::domain::account::Role;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::review::{Review, ReviewStep};
use crate::i18n::Lang;

#[derive(askama::Template)]
#[template(path = "admin/review.html")]
struct ReviewPart {
    lang: Lang,
    id: Id,
    /// How far it has come.
    told: String,
    /// What whoever gave it back wants changed.
    wish: String,
    can_submit: bool,
    can_approve: bool,
    can_return: bool,
    /// Who looks at it wrote it.
    is_own: bool,
    is_wrong: bool,
    note: String,
}

/// The part of the page, rendered; empty where the newsroom asks for no approval.
pub fn panel(desk: &Desk, release: &Release, notes: &Notes) -> String {
    if !desk.newsroom.require_approval {
        return String::new();
    }
    let is_open = matches!(release.state_at(desk.now()), ReleaseState::Draft | ReleaseState::Withdrawn);
    let is_editor = desk.is(Role::Editor);
    let step = release.review.as_ref().map(|review| review.step);
    let is_own = release.edited_by == desk.actor.name;
    let make = Make::new(desk, &notes.mistakes);
    let part = ReviewPart {
        lang: desk.lang,
        id: release.id,
        told: told(desk, release.review.as_ref()),
        wish: release.review.as_ref().map_or_else(String::new, |review| review.note.clone()),
        can_submit: is_open
            && !release.is_approved()
            && step != Some(ReviewStep::Submitted)
            && (is_editor || release.state == ReleaseState::Draft),
        can_approve: is_open && is_editor && !is_own && !release.is_approved(),
        can_return: is_open
            && is_editor
            && matches!(step, Some(ReviewStep::Submitted | ReviewStep::Approved)),
        is_own: is_open && is_own && !release.is_approved(),
        is_wrong: notes.mistakes.of("review-note", desk.lang).is_some(),
        note: make.area("review-note", "desk-field-review-note", notes.typed.text("review-note"), 2).html(),
    };
    part.render().unwrap_or_default()
}

fn told(desk: &Desk, review: Option<&Review>) -> String {
    let Some(review) = review else { return desk.lang.t("desk-review-open") };
    let key = match review.step {
        ReviewStep::Submitted => "desk-review-submitted",
        ReviewStep::Approved => "desk-review-approved",
        ReviewStep::Returned => "desk-review-returned",
    };
    let when = when::short(desk.lang, review.at, desk.zone());
    desk.lang.t_args(key, &[("who", review.by.as_str().into()), ("when", when.into())])
}
