//! Accepting connections: time limits for slow clients, a bound on their number, a shutdown that lets
//! downloads finish.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::{Service as _, ServiceExt as _};

/// A client that has not sent its headers after this long is let go.
const HEADER_LIMIT: Duration = Duration::from_secs(15);
/// Connections open at the same time.
const MAX_CONNECTIONS: usize = 10_000;
/// How long downloads may go on after a stop was asked for.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(30);

/// Serves until `stop` resolves, then takes no new connections and waits for the running answers.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT).pipeline_flush(true);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(Some(Duration::from_secs(30)));
    let server = Arc::new(server);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut make_service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, or the peer was gone already: neither ends the server.
                    tracing::warn!(%error, "A connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            tracing::warn!("Too many connections; one was refused");
            continue;
        };
        no_delay(&stream);
        let connected = make_service.call(peer).await;
        let Ok(service) = connected;
        let service = TowerToHyperService::new(service.map_request(
            |request: hyper::Request<hyper::body::Incoming>| request.map(axum::body::Body::new),
        ));
        let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(error, "A connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(SHUTDOWN_LIMIT) => tracing::warn!("Some answers were cut off by the shutdown"),
    }
}

/// Answers are written whole; waiting for more to send would only add latency.
fn no_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
}
