//! Overload: only so many answers are made at the same time; the rest wait a moment, and when too many wait
//! they are told at once to come back later. Ready pages and the bytes of downloads do not count.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;

use super::AppState;

/// Answers in the making: the database has fewer connections than this.
const AT_ONCE: usize = 64;
/// Requests that may wait for their turn.
const MAX_WAITING: usize = 512;
pub const WAIT_LIMIT: Duration = Duration::from_secs(3);

pub struct Workload {
    places: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Workload {
    fn default() -> Self {
        Self { places: Semaphore::new(AT_ONCE), waiting: AtomicUsize::new(0) }
    }
}

impl Workload {
    /// Waits for a turn; `None` when there is none to be had soon.
    async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        if let Ok(place) = self.places.try_acquire() {
            return Some(place);
        }
        let _counted = Counted::new(&self.waiting)?;
        tokio::time::timeout(WAIT_LIMIT, self.places.acquire()).await.ok()?.ok()
    }
}

/// One who waits; a visitor who leaves while waiting is counted out again.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(waiting: &'a AtomicUsize) -> Option<Self> {
        let counted = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < MAX_WAITING).then_some(counted)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets a reader through when there is room. Writers have shown who they are, and an upload may take its time.
pub async fn admit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match state.workload.turn().await {
        Some(_place) => next.run(request).await,
        None => overloaded(),
    }
}

fn overloaded() -> Response {
    metrics::counter!("pressroom_refused_total").increment(1);
    let text = "The newsroom is very busy. Please try again in a moment.\n";
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("3"));
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_room_is_told_so_and_room_comes_back() {
        let work = Arc::new(Workload::default());
        let mut inside = Vec::new();
        for _ in 0..AT_ONCE {
            inside.push(work.turn().await.unwrap());
        }
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| {
                let work = Arc::clone(&work);
                tokio::spawn(async move { work.turn().await.is_some() })
            })
            .collect();
        while work.waiting.load(Ordering::Relaxed) < MAX_WAITING {
            tokio::task::yield_now().await;
        }
        assert!(work.turn().await.is_none(), "one too many waits");
        drop(inside);
        for one in waiting {
            assert!(one.await.unwrap(), "those who waited had their turn");
        }
        assert!(work.turn().await.is_some());
        assert_eq!(work.waiting.load(Ordering::Relaxed), 0);
    }
}
