//! Black and white as fax machines send it: rows of run lengths (ITU-T T.4), each by itself or told by what differs from
//! the row above.

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, Bits};
use std::convert::Infallible;
use std::io::{Error, ErrorKind, Read};

/// How rows are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// By themselves, without marks, each from a whole byte (`Compression` 2).
    Bare,
    /// By themselves, with a mark before each (`Compression` 3).
    Marked,
    /// Mostly by the row above; the mark tells which (`Compression` 3, `T4Options` 1).
    Related,
}

/// A strip or tile of fax rows as packed pixels: 1 is black.
pub struct Fax<R> {
    bits: Stream<R>,
    rows: Rows,
    width: u16,
    /// Where the colour changes in the row above, beginning with white.
    above: Vec<u16>,
    row: Vec<u8>,
    at: usize,
}

impl<R: Read> Fax<R> {
    pub fn new(from: R, rows: Rows, width: u16) -> Self {
        let row = vec![0; usize::from(width).div_ceil(8)];
        let at = row.len();
        Self { bits: Stream::new(from), rows, width, above: Vec::new(), row, at }
    }

    fn next_row(&mut self) -> std::io::Result<()> {
        let is_related = self.begin()?;
        let changes = if is_related { self.by_the_row_above() } else { self.by_runs() };
        self.above = match changes {
            Some(changes) => changes,
            None if self.bits.is_used_up() => return Err(ErrorKind::UnexpectedEof.into()),
            None => return Err(Error::new(ErrorKind::InvalidData, "a fax row of no known code")),
        };
        self.bits.check()?;
        if self.rows == Rows::Bare {
            let rest = self.bits.bits_to_byte_boundary();
            self.bits.skip(rest);
        }
        self.row.fill(0);
        for run in self.above.chunks(2) {
            let [start, end @ ..] = run else { continue };
            let end = end.first().copied().unwrap_or(self.width).min(self.width);
            for column in *start..end {
                if let Some(byte) = self.row.get_mut(usize::from(column / 8)) {
                    *byte |= 0x80 >> (column % 8);
                }
            }
        }
        self.at = 0;
        Ok(())
    }

    /// Goes to the first code of a row: whether that is told by the row above.
    fn begin(&mut self) -> std::io::Result<bool> {
        if self.rows == Rows::Bare {
            return Ok(false);
        }
        let mut is_related = false;
        // No code begins with so many zeros: they are a mark, perhaps filled up in front.
        while self.bits.next_are(11, 0) {
            while self.bits.next_are(1, 0) && !self.bits.is_used_up() {
                self.bits.skip(1);
            }
            self.bits.skip(1);
            if self.rows == Rows::Related {
                is_related = self.bits.next_are(1, 0);
                self.bits.skip(1);
            }
            self.bits.check()?;
            if self.bits.is_used_up() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(is_related)
    }

    fn run(&mut self, is_black: bool) -> Option<u16> {
        let mut sum: u16 = 0;
        loop {
            let length =
                if is_black { black::decode(&mut self.bits) } else { white::decode(&mut self.bits) }?;
            sum = sum.checked_add(length)?;
            if length < 64 {
                return Some(sum);
            }
        }
    }

    fn by_runs(&mut self) -> Option<Vec<u16>> {
        let (mut changes, mut at, mut is_black) = (Vec::new(), 0_u16, false);
        while at < self.width && changes.len() <= usize::from(self.width) {
            at = at.checked_add(self.run(is_black)?)?.min(self.width);
            changes.push(at);
            is_black = !is_black;
        }
        (at >= self.width).then_some(changes)
    }

    fn by_the_row_above(&mut self) -> Option<Vec<u16>> {
        let mut changes: Vec<u16> = Vec::new();
        let (mut at, mut is_black, mut is_start) = (0_u16, false, true);
        let mut beside = 0;
        while at < self.width && changes.len() <= usize::from(self.width) {
            // The first change of the row above to the right of here that begins the other colour, and the next one.
            let is_left = |change: &u16| if is_start { *change < at } else { *change <= at };
            while self.above.get(beside).is_some_and(is_left) {
                beside += 1;
            }
            let other = if (beside % 2 == 1) == is_black { beside } else { beside + 1 };
            let change = |index: usize| self.above.get(index).copied().unwrap_or(self.width);
            let (first, second) = (change(other), change(other + 1));
            match mode::decode(&mut self.bits)? {
                Mode::Pass => at = second,
                Mode::Vertical(by) => {
                    let to = first.checked_add_signed(i16::from(by))?;
                    if to < at || to > self.width {
                        return None;
                    }
                    at = to;
                    changes.push(at);
                    is_black = !is_black;
                }
                Mode::Horizontal => {
                    for colour in [is_black, !is_black] {
                        at = at.checked_add(self.run(colour)?)?.min(self.width);
                        changes.push(at);
                    }
                }
                Mode::Extension | Mode::EOF => return None,
            }
            is_start = false;
        }
        (at >= self.width).then_some(changes)
    }
}

impl<R: Read> Read for Fax<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.row.len() {
            self.next_row()?;
        }
        let ready = self.row.get(self.at..).unwrap_or_default();
        let length = ready.len().min(buffer.len());
        if let (Some(into), Some(from)) = (buffer.get_mut(..length), ready.get(..length)) {
            into.copy_from_slice(from);
        }
        self.at += length;
        Ok(length)
    }
}

/// The bits of a stream, behind whose end are zeros: codes are looked up by more bits than they have.
struct Stream<R> {
    from: R,
    ahead: u64,
    /// How many of the lower bits of `ahead` are to be read.
    valid: u8,
    /// How many of those lie behind the end.
    behind: u32,
    error: Option<Error>,
}

impl<R: Read> Stream<R> {
    fn new(from: R) -> Self {
        let mut stream = Self { from, ahead: 0, valid: 0, behind: 0, error: None };
        stream.fill();
        stream
    }

    fn fill(&mut self) {
        while self.valid <= 48 {
            let mut byte = [0];
            match self.from.read(&mut byte) {
                Ok(0) => self.behind += 8,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.error.get_or_insert(error);
                    self.behind += 8;
                }
            }
            self.ahead = self.ahead << 8 | u64::from(byte[0]);
            self.valid += 8;
        }
    }

    /// Whether more was read than there is.
    const fn is_used_up(&self) -> bool {
        self.behind > self.valid as u32
    }

    fn check(&mut self) -> std::io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }

    fn next_are(&self, count: u8, bits: u16) -> bool {
        self.peek(count) == Some(bits)
    }

    fn skip(&mut self, bits: u8) {
        self.valid = self.valid.saturating_sub(bits);
        self.fill();
    }
}

impl<R: Read> BitReader for Stream<R> {
    type Error = Infallible;

    fn peek(&self, bits: u8) -> Option<u16> {
        let shift = self.valid.checked_sub(bits)?;
        let mask = 1_u64.checked_shl(u32::from(bits))? - 1;
        u16::try_from(self.ahead >> shift & mask).ok()
    }

    fn consume(&mut self, bits: u8) -> Result<(), Infallible> {
        self.skip(bits);
        Ok(())
    }

    fn expect(&mut self, bits: Bits) -> Result<(), Option<Bits>> {
        match self.peek(bits.len) {
            Some(found) if found == bits.data => Ok(()),
            found => Err(found.map(|data| Bits { data, len: bits.len })),
        }
    }

    fn bits_to_byte_boundary(&self) -> u8 {
        self.valid % 8
    }
}
