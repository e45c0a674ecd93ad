//! A body in pieces that HTTP/2 over TLS sends without waste: frame and frame header fill one record.
//!
//! A frame has at most 16,384 bytes where the client has not asked for more (RFC 9113, section 4.2), as has what is
//! encrypted at once (RFC 8446, section 5.1). Whole frames would leave their last nine bytes to a record of their own,
//! which costs who sends and who receives nearly as much as the rest.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::Error;
use axum::body::Body as Whole;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// A record without the header of the frame in it; bytes.
const PIECE: usize = 16_384 - 9;

/// The pieces of a body.
pub struct Pieces {
    body: Whole,
    /// Taken out of the body, and not yet handed on.
    rest: Bytes,
}

impl Pieces {
    pub fn of(body: Whole) -> Self {
        Self { body, rest: Bytes::new() }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let size = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (body, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut both = SizeHint::new();
        both.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            both.set_upper(upper + rest);
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn the_pieces_are_the_body() {
        let text: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
        let mut pieces = Pieces::of(Whole::from(text.clone()));
        let (mut read, mut sizes) = (Vec::new(), Vec::new());
        while let Some(frame) = pieces.frame().await {
            let data = frame.unwrap().into_data().unwrap();
            sizes.push(data.len());
            read.extend_from_slice(&data);
            assert_eq!(pieces.size_hint().exact(), Some((text.len() - read.len()) as u64));
        }
        assert!(read == text && pieces.is_end_stream());
        assert_eq!(sizes, [16_375, 16_375, 16_375, 16_375, 16_375, 16_375, 1_750]);
    }

    #[tokio::test]
    async fn nothing_is_no_piece() {
        assert!(Pieces::of(Whole::empty()).is_end_stream());
        assert!(Pieces::of(Whole::empty()).frame().await.is_none());
    }
}
