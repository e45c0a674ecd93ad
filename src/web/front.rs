//! In front of the router: what lies ready in memory is answered before anything is routed; all else goes on.

use std::convert::Infallible;
use std::future::{Ready as ReadyFuture, ready};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body as RouterBody;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, Version};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper::body::Incoming;
use tower::ServiceExt as _;

use super::AppState;
use super::cache::is_cachable;
use super::frames::Pieces;
use super::ready::Ready;
use crate::domain::Timestamp;

/// Answers the requests of all connections.
pub struct Front {
    state: AppState,
    router: Router,
    fresh: metrics::Counter,
    known: metrics::Counter,
}

impl Front {
    pub fn new(state: AppState, router: Router) -> Arc<Self> {
        // The handles are looked up once: on this path that would be a tenth of the work.
        let fresh = metrics::counter!("pressroom_requests_total", "status" => "200");
        let known = metrics::counter!("pressroom_requests_total", "status" => "304");
        Arc::new(Self { state, router, fresh, known })
    }

    /// The service of one connection.
    pub fn of_connection(self: &Arc<Self>, peer: SocketAddr) -> Connection {
        Connection { front: Arc::clone(self), peer }
    }

    fn answer_ready(&self, request: &Request<Incoming>) -> Option<Response<Bytes>> {
        if !is_cachable(request.method(), request.headers()) {
            return None;
        }
        let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
        let response = self.state.ready(address)?.answer(request.method(), request.headers());
        // Refused: as seldom as any other trouble, and told like it.
        if response.status() == StatusCode::PRECONDITION_FAILED {
            return None;
        }
        self.note(address, response.status() == StatusCode::NOT_MODIFIED);
        Some(response)
    }

    pub fn now(&self) -> Timestamp {
        self.state.now()
    }

    /// The ready page at an address, for a GET or HEAD without credentials.
    pub fn ready(&self, address: &str, now: Timestamp) -> Option<Arc<Ready>> {
        self.state.ready_at(address, now)
    }

    /// Renders a page anew that has become stale; `None` if nothing ready comes of it.
    pub async fn renewed(&self, request: Request<RouterBody>) -> Option<Arc<Ready>> {
        let address = request.uri().path_and_query()?.as_str().to_owned();
        if !self.state.was_ready(&address) {
            return None;
        }
        let Ok(_) = self.router.clone().oneshot(request).await;
        self.state.ready(&address)
    }

    /// Counts a ready answer.
    pub fn note(&self, address: &str, is_known: bool) {
        let (count, status) = if is_known { (&self.known, 304) } else { (&self.fresh, 200) };
        count.increment(1);
        super::gather::note();
        tracing::debug!(http.path = address, http.status = status, "Ready page");
    }
}

/// One connection's way to the front.
#[derive(Clone)]
pub struct Connection {
    front: Arc<Front>,
    peer: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for Connection {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, mut request: Request<Incoming>) -> Answering {
        if let Some(response) = self.front.answer_ready(&request) {
            return Answering::Ready(ready(Ok(response.map(|bytes| Answer::Ready(Full::new(bytes))))));
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let router = self.front.router.clone();
        let is_in_frames = request.version() == Version::HTTP_2;
        Answering::Routed(Box::pin(async move {
            let Ok(response) = router.oneshot(request.map(RouterBody::new)).await;
            Ok(response.map(|body| match is_in_frames {
                true => Answer::InFrames(Pieces::of(body)),
                false => Answer::Routed(body),
            }))
        }))
    }
}

type Outcome = Result<Response<Answer>, Infallible>;

/// An answer on its way.
pub enum Answering {
    Ready(ReadyFuture<Outcome>),
    Routed(Pin<Box<dyn Future<Output = Outcome> + Send>>),
}

impl Future for Answering {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        match self.get_mut() {
            Self::Ready(response) => Pin::new(response).poll(cx),
            Self::Routed(response) => response.as_mut().poll(cx),
        }
    }
}

/// The body of an answer; a ready one costs no allocation.
pub enum Answer {
    Ready(Full<Bytes>),
    Routed(RouterBody),
    InFrames(Pieces),
}

impl Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.get_mut() {
            Self::Ready(body) => Pin::new(body).poll_frame(cx).map_err(|never| match never {}),
            Self::Routed(body) => Pin::new(body).poll_frame(cx),
            Self::InFrames(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Ready(body) => body.is_end_stream(),
            Self::Routed(body) => body.is_end_stream(),
            Self::InFrames(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Ready(body) => body.size_hint(),
            Self::Routed(body) => body.size_hint(),
            Self::InFrames(body) => body.size_hint(),
        }
    }
}
