//! Ready pages straight from the connection: an ordinary request for a page that lies ready is answered with bytes
//! that were put together ahead, and one for a page that has become stale waits until it is rendered. The first request
//! that is anything else takes the connection to hyper, with what has been read of it, and there it stays.
//!
//! Understood is only what cannot be misunderstood: a whole GET or HEAD in HTTP/1.1 without a body, read in one
//! piece. While a connection waits for its next request it holds no buffer.

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::front::Front;
use super::page::http_date;
use super::ready::{Asked, Written};
use crate::domain::Timestamp;

/// A longer head is for hyper; bytes.
const HEAD_BYTES: usize = 8 * 1024;
/// So is one with more lines than this.
const HEAD_LINES: usize = 64;
/// `date: Sun, 06 Nov 1994 08:49:37 GMT` and two line ends.
const DATE_LINE: usize = 39;
/// An answer of at most so many bytes is copied together: that costs less than telling the system of its pieces.
const WRITTEN_AS_ONE: usize = 2 * 1024;

/// Whose connection it is, how long to wait for a request, and until when to take any.
pub struct Terms<'a> {
    pub peer: SocketAddr,
    /// A connection that asks nothing is ended after one to two of these.
    pub idle_limit: Duration,
    pub stopping: &'a Stopping,
}

/// Whether the server takes no more requests.
#[derive(Debug, Default)]
pub struct Stopping {
    /// Wakes who waits …
    token: CancellationToken,
    /// … and this is looked at with every request: all connections share it, and none must wait for a lock.
    is_asked: AtomicBool,
}

impl Stopping {
    pub fn ask(&self) {
        self.is_asked.store(true, Ordering::Release);
        self.token.cancel();
    }
}

/// Answers as long as what is asked for lies ready. Returns the bytes that were read and not answered, or `None`
/// when the connection has ended.
pub async fn answer_what_is_ready<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    front: &Front,
    terms: &Terms<'_>,
) -> io::Result<Option<Bytes>> {
    let mut limit = pin!(sleep(terms.idle_limit));
    let mut stopping = pin!(terms.stopping.token.cancelled());
    let mut has_asked = false;
    let mut is_watched = false;
    loop {
        let next = poll_fn(|cx| {
            if terms.stopping.is_asked.load(Ordering::Acquire) {
                return Poll::Ready(Ok(Next::End));
            }
            let mut space = [MaybeUninit::<u8>::uninit(); HEAD_BYTES];
            let mut buffer = ReadBuf::uninit(&mut space);
            if Pin::new(&mut *stream).poll_read(cx, &mut buffer)?.is_ready() {
                return Poll::Ready(next(stream, cx, buffer.filled(), front));
            }
            // To set a clock and a bell for each request, or to ask for the time, would be a good part of its cost.
            // Both are set once, keep the waker of this task, and are then only looked at.
            let is_over = limit.is_elapsed();
            if is_over && !std::mem::take(&mut has_asked) {
                return Poll::Ready(Ok(Next::End));
            }
            if !is_watched || is_over {
                is_watched = true;
                limit.as_mut().reset(Instant::now() + terms.idle_limit);
                if limit.as_mut().poll(cx).is_ready() || stopping.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Ok(Next::End));
                }
            }
            Poll::Pending
        });
        match next.await? {
            Next::Answered => {}
            Next::Begun(rest) => finish(stream, &rest).await?,
            Next::Other(read) => match renewed(&read, front, terms.peer).await {
                Some(rest) => finish(stream, &rest).await?,
                None => return Ok(Some(read)),
            },
            Next::End => {
                stream.shutdown().await?;
                return Ok(None);
            }
        }
        has_asked = true;
    }
}

enum Next {
    Answered,
    /// The line did not take all of it at once.
    Begun(Rest),
    Other(Bytes),
    End,
}

/// An answer of which something is still to be sent.
struct Rest {
    head: Bytes,
    date: [u8; DATE_LINE],
    body: Bytes,
    sent: usize,
}

impl Rest {
    fn of(answer: &Written<'_>, now: Timestamp, sent: usize) -> Self {
        Self {
            head: answer.head.clone(),
            date: date_line(now),
            body: answer.body.cloned().unwrap_or_default(),
            sent,
        }
    }
}

/// Answers what was read. Nearly always the line takes all of it at once: then nothing has to be kept.
fn next<S: AsyncWrite + Unpin>(
    stream: &mut S,
    cx: &mut Context<'_>,
    read: &[u8],
    front: &Front,
) -> io::Result<Next> {
    if read.is_empty() {
        return Ok(Next::End);
    }
    let Some((address, asked)) = understand(read) else {
        return Ok(Next::Other(Bytes::copy_from_slice(read)));
    };
    let now = front.now();
    let Some(page) = front.ready(address, now) else { return Ok(Next::Other(Bytes::copy_from_slice(read))) };
    let answer = page.written(&asked);
    front.note(address, answer.is_known);
    let sent = begin(stream, cx, &answer, now)?;
    let is_sent = sent == answer.size() + DATE_LINE && Pin::new(stream).poll_flush(cx)?.is_ready();
    Ok(if is_sent { Next::Answered } else { Next::Begun(Rest::of(&answer, now, sent)) })
}

/// The answer to a request for a page that has become stale.
async fn renewed(read: &[u8], front: &Front, peer: SocketAddr) -> Option<Rest> {
    let (address, asked) = understand(read)?;
    let mut lines = [httparse::EMPTY_HEADER; HEAD_LINES];
    let mut head = httparse::Request::new(&mut lines);
    head.parse(read).ok()?;
    let mut request = Request::builder().method(head.method?).uri(address).extension(ConnectInfo(peer));
    for line in head.headers.iter() {
        request = request.header(line.name, line.value);
    }
    let page = front.renewed(request.body(Body::empty()).ok()?).await?;
    let answer = page.written(&asked);
    front.note(address, answer.is_known);
    Some(Rest::of(&answer, front.now(), 0))
}

/// The address (path and query) and what is asked about it, if this is all of a plain request and nothing more.
fn understand(read: &[u8]) -> Option<(&str, Asked<'_>)> {
    let mut lines = [MaybeUninit::uninit(); HEAD_LINES];
    let mut head = httparse::Request::new(&mut []);
    let parsed = head.parse_with_uninit_headers(read, &mut lines).ok()?;
    if parsed != httparse::Status::Complete(read.len()) || head.version != Some(1) {
        return None;
    }
    let mut asked = Asked { is_head: head.method == Some("HEAD"), ..Asked::default() };
    if !asked.is_head && head.method != Some("GET") {
        return None;
    }
    let mut has_host = false;
    for line in head.headers.iter() {
        let is = |name: &str| line.name.eq_ignore_ascii_case(name);
        // Told apart by length first: of a browser's twenty lines few are compared.
        match line.name.len() {
            4 if is("host") && !has_host => has_host = true,
            4 if is("host") => return None,
            6 if is("expect") => return None,
            7 if is("upgrade") => return None,
            8 if is("if-match") => return None,
            10 if is("connection") && !line.value.eq_ignore_ascii_case(b"keep-alive") => return None,
            13 if is("authorization") => return None,
            13 if is("if-none-match") && asked.known.replace(line.value).is_some() => return None,
            14 if is("content-length") => return None,
            15 if is("accept-encoding") && asked.encodings.replace(line.value).is_some() => return None,
            17 if is("transfer-encoding") => return None,
            19 if is("if-unmodified-since") => return None,
            _ => {}
        }
    }
    has_host.then_some((head.path?, asked))
}

/// Writes as much of an answer as the line takes at once, and says how much that was.
fn begin<S: AsyncWrite + Unpin>(
    stream: &mut S,
    cx: &mut Context<'_>,
    answer: &Written<'_>,
    now: Timestamp,
) -> io::Result<usize> {
    let date = date_line(now);
    let body = answer.body.map_or(&[][..], |body| body);
    let taken = if answer.size() + date.len() <= WRITTEN_AS_ONE {
        let mut space = [MaybeUninit::<u8>::uninit(); WRITTEN_AS_ONE];
        let mut whole = ReadBuf::uninit(&mut space);
        for piece in [answer.head, &date[..], body] {
            whole.put_slice(piece);
        }
        Pin::new(stream).poll_write(cx, whole.filled())
    } else {
        let pieces = [IoSlice::new(answer.head), IoSlice::new(&date), IoSlice::new(body)];
        Pin::new(stream).poll_write_vectored(cx, &pieces)
    };
    match taken? {
        Poll::Ready(0) => Err(io::ErrorKind::WriteZero.into()),
        Poll::Ready(count) => Ok(count),
        Poll::Pending => Ok(0),
    }
}

async fn finish<S: AsyncWrite + Unpin>(stream: &mut S, rest: &Rest) -> io::Result<()> {
    let mut pieces = [IoSlice::new(&rest.head), IoSlice::new(&rest.date), IoSlice::new(&rest.body)];
    let mut left = &mut pieces[..];
    IoSlice::advance_slices(&mut left, rest.sent);
    while !left.iter().all(|piece| piece.is_empty()) {
        match poll_fn(|cx| Pin::new(&mut *stream).poll_write_vectored(cx, left)).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => IoSlice::advance_slices(&mut left, count),
        }
    }
    stream.flush().await
}

/// Ends a head. Every answer has the same within a second.
fn date_line(now: Timestamp) -> [u8; DATE_LINE] {
    thread_local! {
        static LINE: Cell<(i64, [u8; DATE_LINE])> = const { Cell::new((i64::MIN, [0; DATE_LINE])) };
    }
    LINE.with(|line| {
        let (second, kept) = line.get();
        if second == now.as_second() {
            return kept;
        }
        let mut made = [b' '; DATE_LINE];
        for (place, byte) in made.iter_mut().zip(format!("date: {}\r\n\r\n", http_date(now)).bytes()) {
            *place = byte;
        }
        line.set((now.as_second(), made));
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "1994-11-06T08:49:37Z";

    #[test]
    fn a_browsers_request_is_understood() {
        let request = b"GET /releases/a?x=1 HTTP/1.1\r\nHost: example.org\r\nConnection: keep-alive\r\n\
                        Accept-Encoding: gzip, br\r\nIF-NONE-MATCH: \"abc-br\"\r\nAccept: */*\r\n\r\n";
        let (address, asked) = understand(request).unwrap();
        assert_eq!(address, "/releases/a?x=1");
        assert!(!asked.is_head);
        assert_eq!(asked.encodings, Some(&b"gzip, br"[..]));
        assert_eq!(asked.known, Some(&b"\"abc-br\""[..]));
        assert!(understand(b"HEAD / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap().1.is_head);
    }

    #[test]
    fn what_could_be_misunderstood_is_left_to_hyper() {
        for request in [
            "GET / HTTP/1.0\r\nhost: x\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody",
            "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nif-none-match: \"a\"\r\nif-none-match: \"b\"\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nif-match: \"a\"\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nif-unmodified-since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "nonsense",
        ] {
            assert!(understand(request.as_bytes()).is_none(), "{request:?}");
        }
        let long = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(HEAD_LINES));
        assert!(understand(long.as_bytes()).is_none());
    }

    #[tokio::test]
    async fn answers_short_and_long_are_written_whole_through_a_narrow_pipe() {
        let (mut near, mut far) = tokio::io::duplex(7);
        let page = "The page".repeat(1000);
        let writing = tokio::spawn({
            let pages = [page[..8].to_owned(), page.clone()].map(Bytes::from);
            async move {
                let (head, now) = (Bytes::from_static(b"HTTP/1.1 200 OK\r\n"), NOW.parse().unwrap());
                for page in &pages {
                    let answer = Written { is_known: false, head: &head, body: Some(page) };
                    let sent = poll_fn(|cx| Poll::Ready(begin(&mut near, cx, &answer, now))).await.unwrap();
                    assert!(sent <= 7, "the pipe is narrow");
                    finish(&mut near, &Rest::of(&answer, now, sent)).await.unwrap();
                }
            }
        });
        let mut text = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut far, &mut text).await.unwrap();
        writing.await.unwrap();
        let head = "HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
        assert_eq!(text, format!("{head}The page{head}{page}"));
    }
}
