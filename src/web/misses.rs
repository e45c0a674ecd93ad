//! Counts the searches that found nothing, without knowing anybody: which words, which day. Kept in memory and written
//! with the downloads every few seconds.
//!
//! Results come while one types, so the beginnings of a word are asked for too: what the same address goes on typing
//! takes the place of what it typed before. For that an address is held for a moment as a number that means nothing
//! outside this process; nothing of it is stored.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::limits::network_of;
use crate::domain::Timestamp;
use crate::store::{Db, Result, search_misses};

/// Longer ones are no search for something.
const MAX_CHARS: usize = 80;
/// More digits make a telephone number, or somebody's number of another kind.
const MAX_DIGITS: usize = 6;
/// Who has typed nothing more for so long has typed it to its end.
const PAUSE_SECS: i64 = 10;
/// Different words of one address that count on one day.
const MAX_PER_ADDRESS: u16 = 30;
/// What comes from this machine comes from its own proxy, for many people.
const EVERYBODY: u64 = 0;
/// Addresses and words that are held at most.
const MAX_HELD: usize = 20_000;

#[derive(Debug, Default)]
pub struct Misses {
    hasher: RandomState,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// What each address typed last and did not find.
    pending: HashMap<u64, (String, Timestamp)>,
    counts: HashMap<(Date, String), i64>,
    /// The day that the next two speak of.
    day: Option<Date>,
    /// An address and its words: once a day.
    seen: HashSet<u64>,
    by_address: HashMap<u64, u16>,
}

/// The words in the form in which they are counted, if they are to be counted.
fn normalized(words: &str) -> Option<String> {
    let text = words.to_lowercase();
    let text = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let text = text.collect::<Vec<_>>().join(" ");
    let is_somebodys = text.contains('@') || text.chars().filter(char::is_ascii_digit).count() > MAX_DIGITS;
    let length = text.chars().count();
    (!is_somebodys && (2..=MAX_CHARS).contains(&length)).then_some(text)
}

impl Misses {
    /// Notes how a search ended.
    pub fn note(&self, address: Option<IpAddr>, words: &str, has_found: bool, now: Timestamp) {
        let Some(words) = normalized(words) else { return };
        let address = match address {
            Some(address) if address.is_loopback() => EVERYBODY,
            address => self.hasher.hash_one(address.map(network_of)),
        };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, at)) = inner.pending.remove(&address)
            && !continues(&before, &words)
        {
            self.count(&mut inner, address, before, at);
        }
        if !has_found && inner.pending.len() < MAX_HELD {
            inner.pending.insert(address, (words, now));
        }
    }

    fn count(&self, inner: &mut Inner, address: u64, words: String, at: Timestamp) {
        let day = TimeZone::UTC.to_datetime(at).date();
        if inner.day != Some(day) {
            inner.day = Some(day);
            inner.seen.clear();
            inner.by_address.clear();
        }
        if inner.counts.len() >= MAX_HELD || (address != EVERYBODY && !inner.may_count(address, &words, self))
        {
            return;
        }
        *inner.counts.entry((day, words)).or_default() += 1;
    }

    /// Writes what was counted since the last time; with `and_pending` also what may still be typed on. What cannot be
    /// written is kept for the next time.
    pub async fn store(&self, db: &Db, now: Timestamp, and_pending: bool) -> Result<()> {
        let counts = {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            let is_over = |at: &Timestamp| and_pending || now.as_second() - at.as_second() >= PAUSE_SECS;
            let over: Vec<(u64, (String, Timestamp))> =
                inner.pending.extract_if(|_, (_, at)| is_over(at)).collect();
            for (address, (words, at)) in over {
                self.count(&mut inner, address, words, at);
            }
            std::mem::take(&mut inner.counts)
        };
        if counts.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = counts.iter().map(|((day, words), count)| (*day, words.clone(), *count)).collect();
        let written = search_misses::add(db, rows).await;
        if written.is_err() {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, count) in counts {
                *inner.counts.entry(key).or_default() += count;
            }
        }
        written
    }
}

impl Inner {
    /// Whether an address has not asked for these words today, nor for too many others.
    fn may_count(&mut self, address: u64, words: &str, misses: &Misses) -> bool {
        if self.seen.len() >= MAX_HELD || !self.seen.insert(misses.hasher.hash_one((address, words))) {
            return false;
        }
        let so_far = self.by_address.entry(address).or_default();
        *so_far = so_far.saturating_add(1);
        *so_far <= MAX_PER_ADDRESS
    }
}

/// Whether one is the other while it is being typed or taken back.
fn continues(before: &str, after: &str) -> bool {
    after.starts_with(before) || before.starts_with(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(misses: &Misses, now: Timestamp) -> Vec<(String, i64)> {
        let mut inner = misses.inner.lock().unwrap();
        let pending: Vec<_> = inner.pending.drain().collect();
        for (address, (words, _)) in pending {
            misses.count(&mut inner, address, words, now);
        }
        let mut counts: Vec<_> = inner.counts.iter().map(|((_, words), n)| (words.clone(), *n)).collect();
        counts.sort();
        counts
    }

    #[test]
    fn what_is_typed_counts_once_as_a_whole() {
        let (misses, now) = (Misses::default(), Timestamp::UNIX_EPOCH);
        let address: Option<IpAddr> = Some("9.9.9.9".parse().unwrap());
        for (words, has_found) in
            [("ze", true), ("Zeb", false), ("zebraf", false), ("  Zebrafink ", false), ("kran", true)]
        {
            misses.note(address, words, has_found, now);
        }
        // The beginning of what was found in the end is no miss.
        misses.note(address, "leuchtr", false, now);
        misses.note(address, "leuchtrakete", true, now);
        misses.note(address, "zebrafink", false, now);
        misses.note(Some("9.9.9.8".parse().unwrap()), "zebrafink", false, now);
        assert_eq!(counted(&misses, now), [("zebrafink".to_owned(), 2)]);
    }

    #[test]
    fn nobody_is_written_down_and_nobody_floods() {
        for (words, kept) in [
            ("rita@messe.example", None),
            ("0170 1234567", None),
            ("messe 2026", Some("messe 2026")),
            ("x", None),
            ("Größe\n\u{0}XL", Some("größe xl")),
        ] {
            assert_eq!(normalized(words).as_deref(), kept, "{words}");
        }
        assert_eq!(normalized(&"ä".repeat(81)), None);
        let (misses, now) = (Misses::default(), Timestamp::UNIX_EPOCH);
        for n in 0..1000 {
            misses.note(None, &format!("{n} wort"), false, now);
        }
        assert_eq!(counted(&misses, now).len(), usize::from(MAX_PER_ADDRESS));
    }
}
