//! Parsers meet bytes that nobody wrote: good inputs, broken in ways that break parsers.
//!
//! Each run is the same as the last one, so that a failure stays one. `PRESSROOM_FUZZ_ROUNDS=1000000` searches
//! longer and `PRESSROOM_FUZZ_SEED=N` elsewhere; a failure says which input it was and keeps it in a file.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// Far beyond what any input of this size may take, even on a busy machine without optimisation.
const HANGS_AFTER: Duration = Duration::from_secs(20);
const LONGEST_INPUT_BYTES: usize = 200_000;

/// Hands broken versions of the good inputs to `check`, which panics when something is wrong. `words` are bytes
/// that mean something to the parser.
pub fn fuzz(name: &str, rounds: u64, good: &[Vec<u8>], words: &[&[u8]], check: impl Fn(&[u8])) {
    let number = |variable: &str| std::env::var(variable).ok().and_then(|text| text.parse::<u64>().ok());
    let rounds = number("PRESSROOM_FUZZ_ROUNDS").unwrap_or(rounds);
    let seed = number("PRESSROOM_FUZZ_SEED").unwrap_or(1);
    for (index, input) in good.iter().enumerate() {
        judge(name, &format!("good input {index}"), input, &check);
    }
    for round in 0..rounds {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ round);
        let input = broken(&mut random, good, words);
        judge(name, &format!("seed {seed}, round {round}"), &input, &check);
    }
}

fn judge(name: &str, which: &str, input: &[u8], check: &impl Fn(&[u8])) {
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| check(input)));
    let hung = began.elapsed() > HANGS_AFTER;
    if outcome.is_ok() && !hung {
        return;
    }
    let file = std::env::temp_dir().join(format!("pressroom-fuzz-{name}"));
    std::fs::write(&file, input).unwrap();
    eprintln!("{name}: {which}, {} bytes, kept in {}", input.len(), file.display());
    match outcome {
        Err(payload) => resume_unwind(payload),
        Ok(()) => panic!("{name}: {which} took {:?}", began.elapsed()),
    }
}

/// SplitMix64: small, and every seed gives another good sequence.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `limit`, and 0 for a limit of 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % (limit.max(1) as u64)) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

fn broken(random: &mut Random, good: &[Vec<u8>], words: &[&[u8]]) -> Vec<u8> {
    let mut input = random.pick(good).cloned().unwrap_or_default();
    // One change finds the simple mistakes; several at once get past the first check.
    for _ in 0..=random.below(4) {
        change(random, &mut input, good, words);
    }
    input.truncate(LONGEST_INPUT_BYTES);
    input
}

fn change(random: &mut Random, input: &mut Vec<u8>, good: &[Vec<u8>], words: &[&[u8]]) {
    let at = random.below(input.len());
    match random.below(10) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = random.next() as u8;
            }
        }
        // Lengths, counts and offsets, which are where parsers go wrong.
        2..=4 => {
            let length = input.len() as u64;
            let numbers = [
                0,
                1,
                2,
                3,
                4,
                7,
                8,
                0x7F,
                0x80,
                0xFF,
                0x7FFF,
                0x8000,
                0xFFFF,
                0x7FFF_FFFF,
                0x8000_0000,
                0xFFFF_FFFF,
                u64::MAX,
                u64::MAX / 2,
                length,
                length.wrapping_sub(1),
                at as u64,
            ];
            let number = numbers[random.below(numbers.len())];
            let size = [1, 2, 4, 8][random.below(4)];
            let little = number.to_le_bytes();
            let big = number.to_be_bytes();
            let bytes = if random.below(2) == 0 { &little[..size] } else { &big[8 - size..] };
            for (place, byte) in input.iter_mut().skip(at).zip(bytes) {
                *place = *byte;
            }
        }
        5 => {
            let end = (at + 1 + random.below(64)).min(input.len());
            input.drain(at.min(end)..end);
        }
        6 => {
            let end = (at + 1 + random.below(256)).min(input.len());
            let piece = input[at.min(end)..end].to_vec();
            let to = random.below(input.len() + 1);
            input.splice(to..to, piece);
        }
        7 => {
            let word = random.pick(words).copied().unwrap_or_default();
            input.splice(at..at, word.iter().copied());
        }
        8 => {
            if let Some(other) = random.pick(good) {
                let from = random.below(other.len());
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
        _ => input.truncate(at),
    }
}
