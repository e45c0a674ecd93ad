//! The public site. Each page is at its path in the default language and, under `/{lang}`, in the others.

mod alert;
mod archive;
mod cards;
mod contacts;
mod duty;
pub mod errors;
mod events;
mod figures;
pub mod home;
mod message;
mod nearest;
mod old_addresses;
mod photos;
pub mod preview;
mod prose;
pub mod release;
pub mod release_facts;
pub mod release_forms;
pub mod search;
mod search_hits;
mod selection;
pub mod site;
mod standing;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get};
use serde_json::Value;

use super::{AppState, Error};

pub fn router() -> Router<AppState> {
    let pages: [(&str, MethodRouter<AppState>); 11] = [
        ("/releases", get(archive::list)),
        ("/releases/{slug}", get(release::show)),
        ("/photos", get(photos::gallery)),
        ("/photos/{slug}", get(photos::show)),
        ("/albums/{slug}", get(photos::album)),
        ("/contacts", get(contacts::list)),
        ("/contacts/{slug}", get(contacts::show)),
        ("/events", get(events::list)),
        ("/events/{slug}", get(events::show)),
        ("/pages/{slug}", get(standing::show)),
        ("/selection", get(selection::show)),
    ];
    let mut router = Router::new()
        .route("/", get(home::show))
        .route("/{lang}/", get(home::show))
        .route("/{lang}", get(home::without_slash))
        .route("/contacts/{slug}/message", message_form())
        .route("/{lang}/contacts/{slug}/message", message_form())
        .route("/events.ics", get(events::calendar))
        .route("/{lang}/events.ics", get(events::calendar))
        .route("/search/alert", alert_form())
        .route("/{lang}/search/alert", alert_form())
        .route("/alerts/{token}", get(alert::open).post(alert::press))
        .route("/search", get(search::show))
        .route("/{lang}/search", get(search::show));
    for (path, handler) in pages {
        router = router.route(path, handler.clone()).route(&format!("/{{lang}}{path}"), handler);
    }
    router
}

fn message_form() -> MethodRouter<AppState> {
    get(message::show).post(message::send).layer(DefaultBodyLimit::max(message::MAX_FORM_BYTES))
}

fn alert_form() -> MethodRouter<AppState> {
    get(alert::show).post(alert::ask).layer(DefaultBodyLimit::max(message::MAX_FORM_BYTES))
}

/// Whatever no route knows; `errors::in_readers_language` may still know better.
pub async fn not_found() -> Error {
    Error::NotFound
}

/// The last segment of a path: the slug, whether or not a language stands before it.
#[derive(Debug, serde::Deserialize)]
pub struct Slug {
    pub slug: String,
}

/// An address with the parts of its query that say something.
fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = ::url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    match query.finish() {
        text if text.is_empty() => path.to_owned(),
        text => format!("{path}?{text}"),
    }
}

/// The page asked for, from 1; a page that does not exist is no address.
fn page_number(text: &str, pages: usize) -> Result<usize, Error> {
    match text {
        "" => Ok(1),
        text => text.parse().ok().filter(|page| (1..=pages).contains(page)).ok_or(Error::NotFound),
    }
}

/// A JSON-LD node as a document of its own.
fn with_context(mut node: Value) -> Value {
    if let Some(fields) = node.as_object_mut() {
        fields.entry("@context").or_insert("https://schema.org".into());
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_leave_out_what_is_empty_and_encode_the_rest() {
        assert_eq!(
            with_query("/search", &[("q", "Größe & Maß"), ("topic", "")]),
            "/search?q=Gr%C3%B6%C3%9Fe+%26+Ma%C3%9F"
        );
        assert_eq!(with_query("/releases", &[("page", "")]), "/releases");
    }

    #[test]
    fn pages_are_counted_from_one_to_the_last() {
        assert_eq!(page_number("", 3).unwrap(), 1);
        assert_eq!(page_number("3", 3).unwrap(), 3);
        for wrong in ["0", "4", "x", "-1"] {
            assert!(page_number(wrong, 3).is_err(), "{wrong}");
        }
    }
}
