//! The press officers' desk: plain HTML forms over the use cases that the API calls too.

mod account_link;
mod accounts;
mod albums;
mod calendar;
mod conflict;
mod contacts;
mod csv;
mod desk;
mod document;
mod door;
mod editor_words;
mod events;
mod field;
mod form;
mod found;
mod frame;
mod gate;
mod history;
mod look;
mod messages;
mod oidc;
mod overview;
mod passkeys;
mod photo;
mod photo_crops;
mod photo_file;
mod photo_sheet;
mod photo_table;
mod photos;
mod picker;
mod presence;
mod preview;
mod preview_links;
mod probe;
mod record;
mod release_edit;
mod release_form;
mod release_hints;
mod release_steps;
mod release_times;
mod releases;
mod review;
mod roster;
mod second_factor;
mod session;
mod settings;
mod statistics;
mod tokens;
mod told;
mod topics;
mod upload;
mod uploads;
mod when;
mod xlsx;

pub use gate::Gate;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use super::{ANSWER_LIMIT, AppState};

/// A form may have this many bytes: a body of a megabyte, percent-encoded, and once more when it was held
/// over a sign-in.
pub const MAX_FORM_BYTES: usize = 12 << 20;

pub fn router(state: &AppState) -> Router<AppState> {
    let timeout = TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, ANSWER_LIMIT);
    let inside = Router::new()
        .route("/", get(overview::show))
        .route("/mails/{id}/retry", post(overview::retry_mail))
        .route("/mails/{id}/discard", post(overview::discard_mail))
        .route("/releases", get(releases::list))
        .route("/releases/new", get(release_edit::blank).post(release_edit::create))
        .route("/releases/preview", post(preview::typed))
        .route("/releases/from-clipboard", post(document::from_clipboard))
        .route("/releases/{id}", get(release_edit::show).post(release_edit::save))
        .route("/releases/{id}/preview", get(preview::saved))
        .route("/releases/{id}/preview-links", get(preview_links::back).post(preview_links::create))
        .route(
            "/releases/{id}/preview-links/{link}",
            get(preview_links::back_from_link).post(preview_links::revoke),
        )
        .route("/releases/{id}/history", get(history::release))
        .route("/releases/{id}/presence", post(presence::heartbeat))
        .route("/releases/{id}/probe", get(probe::show))
        .route("/statistics", get(statistics::show))
        .route("/statistics/{file}", get(statistics::file))
        .route("/releases/{id}/photos", get(photo_sheet::of_release))
        .route("/releases/{id}/{step}", get(release_steps::back).post(release_steps::take))
        .route("/photos/sheet", get(photo_sheet::show).post(photo_sheet::save))
        .route("/photos/table.csv", get(photo_table::as_csv))
        .route("/photos/table.xlsx", get(photo_table::as_workbook))
        .route("/photos/table", get(photo_table::back).post(photo_table::compare))
        .route("/photos/states", get(photos::states))
        .route("/photos/{id}", get(photo::show).post(photo::save))
        .route("/photos/{id}/history", get(history::asset))
        .route("/photos/{id}/delete", post(photo::delete))
        .merge(record::routes::<contacts::Contacts>())
        .merge(record::routes::<albums::Albums>())
        .merge(record::routes::<events::Events>())
        .merge(record::routes::<topics::Topics>())
        .route("/messages", get(messages::list))
        .route("/messages/{id}/{step}", post(messages::take))
        .route("/settings", get(settings::show).post(settings::save))
        .route("/settings/look", get(look::back).post(look::show))
        .route("/settings/look/page", get(look::page))
        .route("/settings/look/sheet.css", get(look::sheet))
        .route("/settings/look/notes", get(look::notes_of))
        .route("/accounts", get(accounts::list).post(accounts::add))
        .route("/accounts/recovery", post(accounts::make_recovery))
        .route("/accounts/second-factor", post(accounts::reset_second_factor))
        .route("/accounts/passkeys/remove", post(passkeys::remove_of_colleague))
        .route("/accounts/invitations/{id}/revoke", post(accounts::revoke_invitation))
        .route("/accounts/role", post(accounts::change_role))
        .route("/accounts/remove", post(accounts::remove))
        .route("/accounts/removed/{id}/readmit", post(accounts::readmit))
        .route("/account", get(session::account).post(session::change_password))
        .route("/account/second-factor", get(second_factor::show).post(second_factor::take))
        .route("/account/passkeys", get(passkeys::show).post(passkeys::take))
        .route("/account/passkeys/challenge", post(passkeys::adding_challenge))
        .route("/account/sessions", post(session::sign_out_elsewhere))
        .route("/tokens", get(tokens::list).post(tokens::create))
        .route("/tokens/{id}/revoke", post(tokens::revoke))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(timeout)
        // An upload brings its own limits and may take as long as the line needs.
        .route("/photos", get(photos::grid).post(upload::take).layer(DefaultBodyLimit::disable()))
        .route(
            "/photos/{id}/file",
            get(photo_file::back).post(photo_file::replace).layer(DefaultBodyLimit::disable()),
        )
        .merge(uploads::router())
        .route(
            "/releases/from-document",
            get(document::back)
                .post(document::from_file)
                .layer(DefaultBodyLimit::max(document::MAX_DOCUMENT_BYTES + MAX_FORM_BYTES)),
        )
        .fallback(frame::nothing_here)
        .layer(from_fn_with_state(state.clone(), frame::signed_in));
    let outside = Router::new()
        .route("/sign-in", get(session::sign_in_page).post(session::sign_in))
        .route("/sign-in/code", get(session::back_to_sign_in).post(session::sign_in_code))
        .route("/oidc", get(oidc::begin))
        .route("/oidc/callback", get(oidc::callback))
        .route("/sign-in/passkey", get(session::back_to_sign_in).post(passkeys::sign_in))
        .route("/sign-in/passkey/challenge", post(passkeys::sign_in_challenge))
        .route("/sign-out", post(session::sign_out))
        .route("/forgotten", get(account_link::forgotten).post(account_link::send_recovery))
        .route("/link/{secret}", get(account_link::show).post(account_link::redeem))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(timeout);
    outside.merge(inside).layer(same_origin(state)).layer(from_fn_with_state(state.clone(), frame::explain))
}

/// Lets forms of this site through and no others. A proxy may have rewritten `Host`, so the public
/// address counts as this site too.
fn same_origin(state: &AppState) -> CsrfLayer {
    let base = state.base();
    CsrfLayer::new().add_trusted_origin(base).unwrap_or_else(|error| {
        tracing::warn!(%error, base, "The public address is no origin; only the Host header is compared");
        CsrfLayer::new()
    })
}
