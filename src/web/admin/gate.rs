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

const fn allow(tries: f64, refill_secs: f64) -> Allowance {
    Allowance { tries, refill_secs }
}

/// How much is allowed to whom.
#[derive(Debug, Clone, Copy)]
struct Allowances {
    per_address: Allowance,
    per_address_and_email: Allowance,
    per_email: Allowance,
}

const PASSWORDS: Allowances = Allowances {
    per_address: allow(20.0, 6.0),
    per_address_and_email: allow(6.0, 20.0),
    per_email: allow(40.0, 10.0),
};
/// Six digits are found sooner than a password; only who has the password comes here.
const CODES: Allowances = Allowances {
    per_address: allow(20.0, 6.0),
    per_address_and_email: allow(6.0, 60.0),
    per_email: allow(10.0, 300.0),
};
/// Each one may be a mail to somebody who did not ask for it.
const RECOVERIES: Allowances = Allowances {
    per_address: allow(8.0, 60.0),
    per_address_and_email: allow(3.0, 300.0),
    per_email: allow(5.0, 300.0),
};
/// The longest refill of all is 10 tries of 300 seconds.
const FULL_AFTER_SECS: i64 = 3000;

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

#[derive(Debug)]
pub struct Gate {
    allowances: Allowances,
    inner: Mutex<Inner>,
}

impl Gate {
    pub fn for_passwords() -> Self {
        Self { allowances: PASSWORDS, inner: Mutex::default() }
    }

    pub fn for_codes() -> Self {
        Self { allowances: CODES, inner: Mutex::default() }
    }

    pub fn for_recoveries() -> Self {
        Self { allowances: RECOVERIES, inner: Mutex::default() }
    }

    /// Takes one try. `Err` says after how many seconds the next one is allowed.
    pub fn admit(&self, address: Option<&str>, email: &str, now: Timestamp) -> Result<(), u32> {
        let email = email.trim().to_lowercase();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.prune(now);
        let mut keys = Vec::with_capacity(3);
        let mut is_known = false;
        if let Some(address) = address {
            keys.push((Key::Address(address.to_owned()), self.allowances.per_address));
            keys.push((Key::Both(address.to_owned(), email.clone()), self.allowances.per_address_and_email));
            is_known = inner.known.contains_key(&(address.to_owned(), email.clone()));
        }
        if !is_known {
            keys.push((Key::Email(email), self.allowances.per_email));
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

    /// Takes one try of an address where nothing says whose account it is about. What cannot be guessed needs no more.
    pub fn admit_address(&self, address: Option<&str>, now: Timestamp) -> Result<(), u32> {
        let Some(address) = address else { return Ok(()) };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.prune(now);
        let (key, allowance) = (Key::Address(address.to_owned()), self.allowances.per_address);
        let wait = inner.wait_secs(&key, allowance, now);
        if wait > 0.0 {
            return Err(wait.ceil() as u32);
        }
        inner.take(key, allowance, now);
        Ok(())
    }

    /// A sign-in that succeeded gives the tries back and makes the address known.
    pub fn welcome(&self, address: Option<&str>, email: &str, now: Timestamp) {
        let Some(address) = address else { return };
        let email = email.trim().to_lowercase();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
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
        let full_since = now.as_second() - FULL_AFTER_SECS;
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
        let gate = Gate::for_passwords();
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
        let gate = Gate::for_passwords();
        while gate.admit(Some("10.0.0.2"), "a@example.org", at(0)).is_ok() {}
        assert!(gate.admit(Some("10.0.0.2"), "a@example.org", at(19)).is_err());
        assert!(gate.admit(Some("10.0.0.2"), "a@example.org", at(20)).is_ok());
    }
}
