//! Slows down guessing at the sign-in. Kept in memory, bounded, and never a lock: a bucket refills by
//! itself, and an address from which an account was opened before is not stopped by what others do to it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::Timestamp;

/// Buckets kept at most; the ones that are full again go first.
const MAX_BUCKETS: usize = 20_000;

/// A number of tries at once, then one per so many seconds.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    tries: f64,
    refill_secs: f64,
}

const PER_ADDRESS: Allowance = Allowance { tries: 20.0, refill_secs: 6.0 };
const PER_ADDRESS_AND_EMAIL: Allowance = Allowance { tries: 6.0, refill_secs: 20.0 };
const PER_EMAIL: Allowance = Allowance { tries: 40.0, refill_secs: 10.0 };

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(String),
    Both(String, String),
    Email(String),
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

#[derive(Debug, Default)]
struct Inner {
    buckets: HashMap<Key, Bucket>,
    /// Addresses from which an account was opened.
    known: HashMap<(String, String), Timestamp>,
}

#[derive(Debug, Default)]
pub struct Gate(Mutex<Inner>);

impl Gate {
    /// Takes one try. `Err` says after how many seconds the next one is allowed.
    pub fn admit(&self, address: Option<&str>, email: &str, now: Timestamp) -> Result<(), u32> {
        let email = email.trim().to_lowercase();
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.prune(now);
        let mut keys = Vec::with_capacity(3);
        let mut is_known = false;
        if let Some(address) = address {
            keys.push((Key::Address(address.to_owned()), PER_ADDRESS));
            keys.push((Key::Both(address.to_owned(), email.clone()), PER_ADDRESS_AND_EMAIL));
            is_known = inner.known.contains_key(&(address.to_owned(), email.clone()));
        }
        if !is_known {
            keys.push((Key::Email(email), PER_EMAIL));
        }
        let wait =
            keys.iter().map(|(key, allowance)| inner.wait_secs(key, *allowance, now)).fold(0.0, f64::max);
        if wait > 0.0 {
            return Err(wait.ceil() as u32);
        }
        for (key, allowance) in keys {
            inner.take(key, allowance, now);
        }
        Ok(())
    }

    /// A sign-in that succeeded gives the tries back and makes the address known.
    pub fn welcome(&self, address: Option<&str>, email: &str, now: Timestamp) {
        let Some(address) = address else { return };
        let email = email.trim().to_lowercase();
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.buckets.remove(&Key::Both(address.to_owned(), email.clone()));
        inner.buckets.remove(&Key::Address(address.to_owned()));
        inner.known.insert((address.to_owned(), email), now);
    }
}

impl Inner {
    fn left(&self, key: &Key, allowance: Allowance, now: Timestamp) -> f64 {
        self.buckets.get(key).map_or(allowance.tries, |bucket| {
            let passed_secs = (now.as_second() - bucket.at.as_second()).max(0) as f64;
            (bucket.left + passed_secs / allowance.refill_secs).min(allowance.tries)
        })
    }

    fn wait_secs(&self, key: &Key, allowance: Allowance, now: Timestamp) -> f64 {
        let left = self.left(key, allowance, now);
        if left >= 1.0 { 0.0 } else { (1.0 - left) * allowance.refill_secs }
    }

    fn take(&mut self, key: Key, allowance: Allowance, now: Timestamp) {
        let left = self.left(&key, allowance, now) - 1.0;
        self.buckets.insert(key, Bucket { left, at: now });
    }

    fn prune(&mut self, now: Timestamp) {
        // The longest refill of all is 40 tries of 10 seconds.
        let full_since = now.as_second() - 400;
        if self.buckets.len() >= MAX_BUCKETS {
            self.buckets.retain(|_, bucket| bucket.at.as_second() > full_since);
        }
        if self.buckets.len() >= MAX_BUCKETS {
            self.buckets.clear();
        }
        if self.known.len() >= MAX_BUCKETS {
            self.known.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + secs).unwrap()
    }

    #[test]
    fn a_guesser_is_slowed_and_the_owner_is_not() {
        let gate = Gate::default();
        gate.welcome(Some("10.0.0.1"), "a@example.org", at(0));
        for _ in 0..6 {
            assert!(gate.admit(Some("10.0.0.2"), "A@example.org", at(0)).is_ok());
        }
        assert_eq!(gate.admit(Some("10.0.0.2"), "a@example.org", at(0)), Err(20));
        // Many addresses use up the e-mail's own tries …
        for n in 0..40 {
            let _ = gate.admit(Some(&format!("10.0.1.{n}")), "a@example.org", at(0));
        }
        assert!(gate.admit(Some("10.0.2.1"), "a@example.org", at(0)).is_err());
        // … but where the owner sits, the door stays open.
        assert!(gate.admit(Some("10.0.0.1"), "a@example.org", at(0)).is_ok());
    }

    #[test]
    fn waiting_helps() {
        let gate = Gate::default();
        while gate.admit(Some("10.0.0.2"), "a@example.org", at(0)).is_ok() {}
        assert!(gate.admit(Some("10.0.0.2"), "a@example.org", at(19)).is_err());
        assert!(gate.admit(Some("10.0.0.2"), "a@example.org", at(20)).is_ok());
    }
}
