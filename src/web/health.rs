//! For machines that watch: is it alive, is it ready, how is it doing.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::AppState;
use crate::store;

pub fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// The process runs and answers.
async fn alive() -> &'static str {
    "ok\n"
}

/// The process can do its work: database and blob store answer.
async fn ready(State(state): State<AppState>) -> Response {
    if let Err(error) = state.ctx.db.ping().await {
        tracing::warn!(%error, "Not ready: database");
        return (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response();
    }
    if let Err(error) = state.ctx.blobs.ping().await {
        tracing::warn!(%error, "Not ready: blob store");
        return (StatusCode::SERVICE_UNAVAILABLE, "blobs\n").into_response();
    }
    "ok\n".into_response()
}

/// Prometheus text format.
async fn metrics(State(state): State<AppState>) -> Response {
    if let Ok(backlog) = store::jobs::backlog(&state.ctx.db).await {
        for (name, count) in
            [("waiting", backlog.waiting), ("running", backlog.running), ("failed", backlog.failed)]
        {
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
            metrics::gauge!("pressroom_jobs", "state" => name).set(count as f64);
        }
    }
    let text = state.metrics.as_ref().map_or_else(String::new, |handle| handle.render());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
