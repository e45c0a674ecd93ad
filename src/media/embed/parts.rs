//! A file put together from pieces of another one and from what is new, so that it goes to the disk without ever being
//! held: the pieces of the picture may be larger than memory.

use std::io::Write;
use std::ops::Range;

#[derive(Debug, Default)]
pub struct Parts(Vec<Part>);

#[derive(Debug)]
enum Part {
    /// Bytes of the other file.
    Kept(Range<usize>),
    New(Vec<u8>),
    Zeros(usize),
}

impl Part {
    const fn len(&self) -> usize {
        match self {
            Self::Kept(range) => range.end.saturating_sub(range.start),
            Self::New(bytes) => bytes.len(),
            Self::Zeros(length) => *length,
        }
    }
}

static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

impl Parts {
    pub fn keep(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some(Part::Kept(last)) if last.end == range.start => last.end = range.end,
            _ => self.0.push(Part::Kept(range)),
        }
    }

    pub fn put(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            Some(Part::New(last)) => last.extend_from_slice(bytes),
            _ => self.0.push(Part::New(bytes.to_vec())),
        }
    }

    pub fn blank(&mut self, length: usize) {
        self.0.push(Part::Zeros(length));
    }

    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(Part::len).sum()
    }

    /// The whole file in memory. `None`: a piece lies outside of the other file.
    pub fn joined(&self, from: &[u8]) -> Option<Vec<u8>> {
        let mut whole = Vec::with_capacity(self.len());
        for part in &self.0 {
            match part {
                Part::Kept(range) => whole.extend_from_slice(from.get(range.clone())?),
                Part::New(bytes) => whole.extend_from_slice(bytes),
                Part::Zeros(length) => whole.resize(whole.len() + length, 0),
            }
        }
        Some(whole)
    }

    /// # Errors
    /// If nothing more can be written, or a piece lies outside of the other file.
    pub fn write(&self, from: &[u8], to: &mut impl Write) -> std::io::Result<()> {
        for part in &self.0 {
            match part {
                Part::Kept(range) => {
                    let piece = from.get(range.clone()).ok_or(std::io::ErrorKind::UnexpectedEof)?;
                    to.write_all(piece)?;
                }
                Part::New(bytes) => to.write_all(bytes)?,
                Part::Zeros(length) => {
                    let mut left = *length;
                    while left > 0 {
                        let some = ZEROS.get(..left).unwrap_or(&ZEROS);
                        to.write_all(some)?;
                        left -= some.len();
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the file would be the other one again.
    pub fn is_same_as(&self, other: &[u8]) -> bool {
        let mut at = 0;
        let mut agrees = |part: &Part| {
            let place = at..at + part.len();
            at = place.end;
            match part {
                Part::Kept(range) => *range == place || other.get(range.clone()) == other.get(place),
                Part::New(bytes) => other.get(place) == Some(bytes),
                Part::Zeros(_) => other.get(place).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0)),
            }
        };
        self.0.iter().all(&mut agrees) && at == other.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn pieces_come_in_their_order_and_are_compared_in_place() {
        let from = b"abcdefgh\0\0";
        let mut parts = Parts::default();
        parts.keep(0..2);
        parts.keep(2..4);
        parts.put(b"X");
        parts.put(b"Y");
        parts.blank(70_000);
        parts.keep(6..8);
        let meant = [&b"abcdXY"[..], &[0; 70_000], b"gh"].concat();
        assert_eq!(parts.len(), meant.len());
        assert_eq!(parts.joined(from).unwrap(), meant);
        let mut written = Vec::new();
        parts.write(from, &mut written).unwrap();
        assert_eq!(written, meant);
        assert!(!parts.is_same_as(from));

        let mut same = Parts::default();
        same.keep(0..3);
        same.put(b"de");
        same.keep(5..8);
        same.blank(2);
        assert!(same.is_same_as(from));
        same.put(b"!");
        assert!(!same.is_same_as(from));
        let mut outside = Parts::default();
        outside.keep(8..11);
        assert!(outside.joined(from).is_none() && outside.write(from, &mut Vec::new()).is_err());
    }
}
