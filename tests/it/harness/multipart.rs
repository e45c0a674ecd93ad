//! Multipart bodies written by hand: a test must be able to send names, sizes and breaks that no well-behaved
//! client would.

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::Value;

pub type Chunks = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// What is in a part.
pub enum Filling {
    Bytes(Bytes),
    /// Made while it is sent.
    Stream(Chunks),
}

impl Filling {
    /// `first` and then zero bytes, `size_bytes` in all, without ever holding them.
    pub fn zeros_after(first: Bytes, size_bytes: u64) -> Self {
        const CHUNK: u64 = 256 * 1024;
        let rest = size_bytes - first.len() as u64;
        let zeros = Bytes::from(vec![0; CHUNK as usize]);
        let counts = (0..rest.div_ceil(CHUNK)).map(move |i| CHUNK.min(rest - i * CHUNK));
        let chunks = counts.map(move |count| Ok(zeros.slice(..count as usize)));
        Self::Stream(stream::iter(std::iter::once(Ok(first)).chain(chunks)).boxed())
    }

    /// `first`, and then the connection breaks.
    pub fn cut_after(first: Bytes) -> Self {
        let broken = stream::once(async {
            // What was sent before must arrive before the break does.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            Err(std::io::Error::other("cut in the middle"))
        });
        Self::Stream(stream::iter([Ok(first)]).chain(broken).boxed())
    }
}

pub struct Part {
    head: String,
    filling: Filling,
}

impl Part {
    /// The part named `file`. The name goes into the header as browsers send it: UTF-8, with `"`, CR and LF
    /// percent-encoded.
    pub fn file(file_name: &str, filling: Filling) -> Self {
        Self::named("file", file_name, "application/octet-stream", filling)
    }

    pub fn named(field: &str, file_name: &str, content_type: &str, filling: Filling) -> Self {
        let name = file_name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let head = format!(
            "Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {content_type}\r\n"
        );
        Self { head, filling }
    }

    pub fn json(field: &str, value: &Value) -> Self {
        let head =
            format!("Content-Disposition: form-data; name=\"{field}\"\r\nContent-Type: application/json\r\n");
        Self { head, filling: Filling::Bytes(value.to_string().into()) }
    }
}

/// The content type and the body of a multipart form.
pub fn multipart(parts: Vec<Part>) -> (String, reqwest::Body) {
    const BOUNDARY: &str = "----pressroom-test-7f3a9c";
    let mut chunks: Chunks = stream::empty().boxed();
    for part in parts {
        let head = Bytes::from(format!("--{BOUNDARY}\r\n{}\r\n", part.head));
        let filling = match part.filling {
            Filling::Bytes(bytes) => stream::iter([Ok(bytes)]).boxed(),
            Filling::Stream(chunks) => chunks,
        };
        chunks = chunks
            .chain(stream::iter([Ok(head)]))
            .chain(filling)
            .chain(stream::iter([Ok(Bytes::from_static(b"\r\n"))]))
            .boxed();
    }
    let end = Bytes::from(format!("--{BOUNDARY}--\r\n"));
    let body = reqwest::Body::wrap_stream(chunks.chain(stream::iter([Ok(end)])));
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
