//! Accepting connections: time limits for slow clients, a bound on their number, a shutdown that lets
//! downloads finish.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::begun::Begun;
use super::express;
use super::front::Front;
use super::patience::Patience;
use super::tls::Tls;

/// A client that has not sent its headers after this long is let go.
const HEADER_LIMIT: Duration = Duration::from_secs(15);
/// A client that has not agreed on keys after this long is let go.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Connections open at the same time, if the system gives that many file handles …
const MAX_CONNECTIONS: u64 = 10_000;
/// … of which these stay for files, the database and the blob store.
const OTHER_HANDLES: u64 = 256;
/// How long downloads may go on after a stop was asked for: service managers kill after 90 seconds.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(75);
/// What a connection too many is told.
const TOO_MANY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncache-control: no-store\r\n\
                          content-length: 0\r\nconnection: close\r\n\r\n";

/// Serves until `stop` resolves, then takes no new connections and waits for the running answers.
pub async fn serve(
    listener: TcpListener,
    front: Arc<Front>,
    tls: Option<Arc<Tls>>,
    stop: impl Future<Output = ()>,
) {
    let server = Arc::new(http());
    let graceful = GracefulShutdown::new();
    let places = usize::try_from(connections_allowed()).unwrap_or(usize::MAX);
    let room = Arc::new(Semaphore::new(places));
    let stopping = Arc::new(express::Stopping::default());
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
            refuse(stream, tls.is_some());
            continue;
        };
        no_delay(&stream);
        let visit = Visit {
            server: Arc::clone(&server),
            front: Arc::clone(&front),
            watcher: graceful.watcher(),
            stopping: Arc::clone(&stopping),
            peer,
            _place: place,
        };
        match &tls {
            None => drop(tokio::spawn(visit.serve(Patience::new(stream), Protocol::ToBeSeen))),
            Some(tls) => {
                let tls = Arc::clone(tls);
                tokio::spawn(async move {
                    let handshake = tls.accept(Patience::new(stream));
                    match tokio::time::timeout(HANDSHAKE_LIMIT, handshake).await {
                        Ok(Ok(stream)) => {
                            let is_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                            visit
                                .serve(stream, if is_h2 { Protocol::Http2 } else { Protocol::ToBeSeen })
                                .await;
                        }
                        Ok(Err(error)) => tracing::debug!(%error, "A handshake failed"),
                        Err(_) => tracing::debug!("A handshake took too long"),
                    }
                });
            }
        }
    }
    drop(listener);
    stopping.ask();
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(SHUTDOWN_LIMIT) => tracing::warn!("Some answers were cut off by the shutdown"),
    }
}

fn http() -> Builder<TokioExecutor> {
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .keep_alive_timeout(Duration::from_secs(20));
    server
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// The first bytes will tell.
    ToBeSeen,
    /// Agreed on with the keys.
    Http2,
}

/// A connection with all it needs.
struct Visit {
    server: Arc<Builder<TokioExecutor>>,
    front: Arc<Front>,
    /// As long as it exists, a stop waits.
    watcher: Watcher,
    stopping: Arc<express::Stopping>,
    peer: SocketAddr,
    /// Given back when the connection ends.
    _place: OwnedSemaphorePermit,
}

impl Visit {
    async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        self,
        mut stream: S,
        protocol: Protocol,
    ) {
        let mut read = Bytes::new();
        if protocol == Protocol::ToBeSeen {
            let terms =
                express::Terms { peer: self.peer, idle_limit: HEADER_LIMIT, stopping: &self.stopping };
            match express::answer_what_is_ready(&mut stream, &self.front, &terms).await {
                Ok(Some(bytes)) => read = bytes,
                Ok(None) => return,
                Err(error) => return tracing::debug!(%error, "A connection ended early"),
            }
        }
        let service = self.front.of_connection(self.peer);
        let stream = TokioIo::new(Begun { read, stream });
        let connection = self.server.serve_connection(stream, service).into_owned();
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(error, "A connection ended early");
        }
    }
}

/// Raises the number of file handles to what the system allows, and says how many may be connections.
fn connections_allowed() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit
        .maximum
        .map_or(MAX_CONNECTIONS + OTHER_HANDLES, |most| most.min(MAX_CONNECTIONS + OTHER_HANDLES));
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "The number of file handles cannot be raised");
        }
    }
    let handles = getrlimit(Resource::Nofile).current.unwrap_or(wanted);
    handles.saturating_sub(OTHER_HANDLES).clamp(64, MAX_CONNECTIONS)
}

/// Says so in a word and closes: over TLS there is no way to say it before the handshake.
fn refuse(stream: TcpStream, is_tls: bool) {
    tracing::warn!("Too many connections; one was refused");
    // A fresh connection has room for a line, so this does not wait.
    let told =
        stream.into_std().and_then(|mut stream| if is_tls { Ok(()) } else { stream.write_all(TOO_MANY) });
    if let Err(error) = told {
        tracing::debug!(%error, "A refusal could not be sent");
    }
}

/// Answers are written whole; waiting for more to send would only add latency.
fn no_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
}
