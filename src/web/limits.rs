//! What costs much to answer is answered each address only so often.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::ApiError;
use super::extract::ClientAddress;
use super::{AppState, Error};

/// A reader who types, pages and filters comes in bursts: so much of a minute's share at once.
const BURST_SHARE: u32 = 4;

/// The allowance of each address for searches, own selections and the photos of a person.
pub struct Limits(Option<DefaultKeyedRateLimiter<IpAddr>>);

impl Limits {
    /// `per_minute` 0: no limit.
    pub fn new(per_minute: u32) -> Self {
        Self(NonZeroU32::new(per_minute).map(|rate| {
            let burst = NonZeroU32::new((per_minute / BURST_SHARE).max(5)).unwrap_or(rate);
            RateLimiter::keyed(Quota::per_minute(rate).allow_burst(burst))
        }))
    }

    /// For what nobody does often.
    pub fn per_hour(count: u32) -> Self {
        Self(NonZeroU32::new(count).map(|rate| RateLimiter::keyed(Quota::per_hour(rate).allow_burst(rate))))
    }

    /// `Err`: after how many seconds the address may ask again.
    pub fn take(&self, address: IpAddr) -> Result<(), u32> {
        // What comes from this machine is its own proxy, or its own people.
        let Some(limiter) = self.0.as_ref().filter(|_| !address.is_loopback()) else { return Ok(()) };
        limiter.check_key(&network_of(address)).map_err(|refusal| {
            let wait = refusal.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)
        })
    }

    /// Forgets the addresses that have their whole allowance again.
    pub fn tidy(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// An IPv6 visitor owns a whole /64.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

/// Whether an address asks the search index, or for a ZIP that nobody has laid out before.
fn is_costly(path: &str, query: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    // The gallery of a person has a kit, and that is found by searching.
    let is_person = || {
        url::form_urlencoded::parse(query.as_bytes())
            .any(|(name, value)| name == "person" && !value.is_empty())
    };
    matches!(stem, "search" | "suggest" | "selection")
        || last == "photos" && is_person()
        || last == "photos.zip" && !path.contains("/releases/")
}

/// Lets through what is cheap, and of the rest so much as each address may have.
pub async fn costly(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if is_costly(path, request.uri().query().unwrap_or_default()) {
        let client = ClientAddress::of(&state.config, request.headers(), request.extensions());
        if let Some(address) = client.0
            && let Err(retry_after_secs) = state.limits.take(address)
        {
            let error = Error::TooMany { retry_after_secs };
            let is_api = path.starts_with("/api/");
            return if is_api { ApiError(error).into_response() } else { error.into_response() };
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_costs_is_counted() {
        for path in ["/search", "/en/search.atom", "/api/v1/search", "/selection.zip", "/photos.zip"] {
            assert!(is_costly(path, ""), "{path}");
        }
        for query in ["person=Ada", "topic=&%70erson=%20", "person=&person=Ada"] {
            assert!(is_costly("/en/photos", query), "{query}");
            assert!(!is_costly("/releases", query), "{query}");
        }
        assert!(!is_costly("/photos", "topic=bau&person=&page=2"));
        for path in ["/", "/releases/search-for-x", "/releases/a/photos.zip", "/photos", "/albums/a.zip"] {
            assert!(!is_costly(path, ""), "{path}");
        }
    }

    #[test]
    fn each_address_has_its_own_allowance() {
        let limits = Limits::new(60);
        let (one, other): (IpAddr, IpAddr) = ("9.9.9.9".parse().unwrap(), "9.9.9.8".parse().unwrap());
        let allowed = (0..100).take_while(|_| limits.take(one).is_ok()).count();
        assert_eq!(allowed, 15);
        assert!(limits.take(one).is_err_and(|secs| (1..=2).contains(&secs)));
        assert!(limits.take(other).is_ok());
        assert!(limits.take("127.0.0.1".parse().unwrap()).is_ok());
        let (v6, neighbour) = ("2001:db8::1".parse().unwrap(), "2001:db8::ffff:1".parse().unwrap());
        while limits.take(v6).is_ok() {}
        assert!(limits.take(neighbour).is_err(), "one visitor has a whole network");
        assert!(Limits::new(0).take(one).is_ok());
    }
}
