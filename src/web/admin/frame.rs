//! The layers around the desk: only forms of this site, only people who signed in, and failures told as
//! pages on which nothing typed is lost.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tower_http::csrf::ProtectionError;

use super::MAX_FORM_BYTES;
use super::desk::{Desk, DeskError, Failure, Seat, Shell, language, see_other};
use super::door::SignInPage;
use super::form::Values;
use crate::domain::newsroom::Newsroom;
use crate::newsroom::accounts;
use crate::web::error::Problem;
use crate::web::extract::session_secret;
use crate::web::page::{Page, Policy};
use crate::web::{AppState, Error};

/// A form that could not be taken, to be sent again when the obstacle is gone.
#[derive(Debug, Clone)]
pub struct Held {
    /// Path and query it was sent to; always within the desk.
    pub path: String,
    /// As the browser encoded it.
    pub body: String,
}

impl Held {
    /// Takes only paths of the desk: it is where the browser will be sent.
    pub fn new(path: &str, body: String) -> Option<Self> {
        is_inside(path).then(|| Self { path: path.to_owned(), body })
    }

    pub fn pairs(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

/// Whether a path leads to the desk and nowhere else.
pub fn is_inside(path: &str) -> bool {
    (path == "/admin" || path.starts_with("/admin/") || path.starts_with("/admin?"))
        && !path.contains(['\\', '\r', '\n'])
}

fn original_path(request: &Request) -> String {
    let uri = request
        .extensions()
        .get::<axum::extract::OriginalUri>()
        .map_or_else(|| request.uri().clone(), |uri| uri.0.clone());
    uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string)
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// Lets in who has a session and puts the [`Desk`] beside the request.
pub async fn signed_in(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = original_path(&request);
    let held = if is_plain_form(&request) {
        let (parts, body) = request.into_parts();
        let bytes = match axum::body::to_bytes(body, MAX_FORM_BYTES).await {
            Ok(bytes) => bytes,
            Err(_) => {
                let limit_bytes = MAX_FORM_BYTES as u64;
                return DeskError::from(crate::newsroom::Error::TooLarge { limit_bytes }).into_response();
            }
        };
        request = Request::from_parts(parts, Body::from(bytes.clone()));
        Some(bytes)
    } else {
        None
    };
    // A request cannot be borrowed across a wait: its body may not be shared between threads.
    let headers = request.headers().clone();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let seat = match find_seat(&state, &headers, &query).await {
        Ok(Some(seat)) => seat,
        Ok(None) => return turn_away(&state, &headers, request.method().clone(), path, held).await,
        Err(error) => return hold(DeskError(error).into_response(), &path, held),
    };
    if request.method() == Method::GET && !path.starts_with("/admin/account") && lacks_second_factor(&seat) {
        return see_other("/admin/account/second-factor?done=factor-due");
    }
    request.extensions_mut().insert(Desk(std::sync::Arc::new(seat)));
    let response = next.run(request).await;
    hold(response, &path, held)
}

/// Whoever must have a second factor is led to it from every page. Forms go through: what was typed before the rule came
/// is not lost, and who has no factor yet could set one up as well. What an identity provider asks for is its own business.
fn lacks_second_factor(seat: &Seat) -> bool {
    let account = &seat.account;
    !seat.by_provider && !account.has_strong_sign_in() && seat.newsroom.second_factor.holds_for(account.role)
}

fn is_plain_form(request: &Request) -> bool {
    request.method() == Method::POST
        && request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

async fn find_seat(state: &AppState, headers: &HeaderMap, query: &str) -> Result<Option<Seat>, Error> {
    let Some(secret) = session_secret(headers) else { return Ok(None) };
    let Some(accounts::SignedIn { account, by_provider }) = accounts::session(&state.ctx, secret).await?
    else {
        return Ok(None);
    };
    let newsroom = state.ctx.newsroom().await?;
    let lang = language(headers, &newsroom.default_language);
    let actor = accounts::account_actor(&account);
    let done = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "done")
        .map_or_else(String::new, |(_, value)| value.into_owned());
    Ok(Some(Seat { state: state.clone(), account, by_provider, actor, lang, newsroom, done }))
}

/// Keeps a form whose answer failed inside, so that the failure page can offer it again.
fn hold(mut response: Response, path: &str, body: Option<Bytes>) -> Response {
    // The time limit answers without a word.
    if response.status() == StatusCode::SERVICE_UNAVAILABLE
        && response.extensions().get::<Failure>().is_none()
    {
        let problem =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_unavailable", "The answer took too long");
        response.extensions_mut().insert(Failure(problem));
    }
    if response.status().is_server_error() && response.extensions().get::<Failure>().is_some() {
        let text = body.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        if let Some(held) = text.and_then(|text| Held::new(path, text)) {
            response.extensions_mut().insert(held);
        }
    }
    response
}

/// Sends a reader to the sign-in, and shows it at once to a writer, with what they wrote.
async fn turn_away(
    state: &AppState,
    headers: &HeaderMap,
    method: Method,
    path: String,
    body: Option<Bytes>,
) -> Response {
    if wants_json(headers) {
        return problem_document(&Problem::new(StatusCode::UNAUTHORIZED, "signed_out", "Sign in again"));
    }
    if method == Method::GET || method == Method::HEAD {
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        return see_other(&format!("/admin/sign-in?next={next}"));
    }
    let text = body.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let held = text.and_then(|text| Held::new(&path, text));
    let newsroom = state.ctx.newsroom().await.unwrap_or_default();
    let lang = language(headers, &newsroom.default_language);
    let message = lang.t(if held.is_some() { "desk-session-ended-held" } else { "desk-session-ended" });
    SignInPage::new(state, lang, &newsroom, path, held)
        .with_message(message)
        .respond(StatusCode::UNAUTHORIZED)
}

#[derive(askama::Template)]
#[template(path = "admin/failure.html")]
struct FailurePage {
    shell: Shell,
    text: String,
    reference: String,
    held: Option<Held>,
}

/// Makes a page, or a problem document for scripts, of what failed.
pub async fn explain(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        let problem =
            Problem::new(StatusCode::FORBIDDEN, "cross_site", "Forms are taken from this site only");
        response.extensions_mut().insert(Failure(problem));
    }
    let Some(Failure(problem)) = response.extensions_mut().remove::<Failure>() else { return response };
    if wants_json(&headers) {
        return problem_document(&problem);
    }
    let newsroom: Newsroom = state.ctx.newsroom().await.unwrap_or_default();
    let lang = language(&headers, &newsroom.default_language);
    let text = lang.t(match problem.code {
        "not_found" => "desk-failure-not-found",
        "forbidden" => "desk-failure-forbidden",
        "cross_site" => "desk-failure-cross-site",
        "store_unavailable" | "blobs_unavailable" => "desk-failure-unavailable",
        "contended" => "desk-failure-contended",
        "storage_full" => "desk-failure-full",
        "too_large" => "desk-failure-too-large",
        _ => "desk-failure-inside",
    });
    let page = FailurePage {
        shell: Shell::outside(lang, lang.t("desk-failure-title"), &newsroom),
        text,
        reference: problem.reference.clone().unwrap_or_default(),
        held: response.extensions_mut().remove::<Held>(),
    };
    match Page::html(&page, Policy::NoStore) {
        Ok(page) => page.status(problem.status_code()).language(lang.tag()).into_response(),
        Err(error) => error.into_response(),
    }
}

fn problem_document(problem: &Problem) -> Response {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (problem.status_code(), body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Whatever no route of the desk knows.
pub async fn nothing_here() -> DeskError {
    DeskError(Error::NotFound)
}

/// The form that [`Held`] keeps, as the sign-in sends it along.
pub fn held_in(values: &Values) -> Option<Held> {
    values.has("held_path").then(|| Held::new(&values.text("held_path"), values.text("held_body"))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_desk_is_a_way_back() {
        assert!(is_inside("/admin") && is_inside("/admin/releases?state=draft") && is_inside("/admin?x=1"));
        assert!(
            !is_inside("/administrator") && !is_inside("//evil.example/admin") && !is_inside("https://evil")
        );
        assert!(!is_inside("/admin/\\evil") && !is_inside("/admin/\r\nSet-Cookie:x"));
    }
}
