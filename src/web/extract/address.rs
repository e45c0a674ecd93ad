//! Where a request came from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName};

use crate::config::Config;
use crate::web::AppState;
use crate::web::limits::network_of;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address a request came from, if it is known; behind a trusted proxy, what the proxy says.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub Option<IpAddr>);

impl ClientAddress {
    pub fn of(config: &Config, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        if *config.trust_proxy {
            // The last entry is the proxy's own; what stands before it came with the request.
            return match forwarded(headers).next() {
                Some(told) => Self(told.or(peer.map(behind))),
                None => Self(peer),
            };
        }
        let Some(mut address) = peer else { return Self(None) };
        // From the nearest hop on: whoever is trusted tells truly who asked them.
        let mut hops = forwarded(headers);
        while config.trusted_proxies.contains(address) {
            match hops.next() {
                Some(Some(before)) => address = before,
                Some(None) => return Self(Some(behind(address))),
                None => break,
            }
        }
        Self(Some(address))
    }

    /// What guesses are counted by: one visitor may have every address of an IPv6 network.
    pub fn network(self) -> Option<String> {
        self.0.map(|address| network_of(address).to_string())
    }
}

/// Somebody behind a proxy who cannot be told from others: the proxy's address, but never this machine's own, to which
/// no limits hold.
fn behind(proxy: IpAddr) -> IpAddr {
    if proxy.to_canonical().is_loopback() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { proxy }
}

/// An address as proxies write it: alone or with a port, one of IPv6 with or without brackets.
fn read(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    let address = hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip())).or_else(bracketed);
    address.map(|address: IpAddr| address.to_canonical())
}

/// The hops of `X-Forwarded-For`, the nearest first; `None` is one that cannot be read.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    hops.into_iter().rev().map(read)
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&state.config, &parts.headers, &parts.extensions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    fn told(config: &Config, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        ClientAddress::of(config, &headers, &extensions).0.unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::load(dir.path(), &Flags::default()).unwrap();
        assert_eq!(told(&config, "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        config.trusted_proxies.value = "10.0.0.0/8".parse().unwrap();
        assert_eq!(told(&config, "10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(told(&config, "9.9.9.9", &["1.2.3.4"]), "9.9.9.9");
        // Two proxies of ours; what a visitor wrote in front of them counts for nothing.
        assert_eq!(told(&config, "10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(told(&config, "10.0.0.1", &["6.6.6.6", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(told(&config, "10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(told(&config, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::load(dir.path(), &Flags::default()).unwrap();
        let written: [(&[&str], &str); 7] = [
            (&["1.2.3.4:51234"], "1.2.3.4"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["[2001:db8::1]:443"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["::ffff:1.2.3.4"], "1.2.3.4"),
            (&["6.6.6.6:1, 1.2.3.4:51234"], "1.2.3.4"),
            // Nobody is taken for this machine because their address cannot be read.
            (&["unknown"], "0.0.0.0"),
        ];
        config.trusted_proxies.value = "127.0.0.1".parse().unwrap();
        for (lines, address) in written {
            assert_eq!(told(&config, "127.0.0.1", lines), address, "{lines:?}");
        }
        assert_eq!(told(&config, "127.0.0.1", &["1.2.3.4, 127.0.0.1:80"]), "1.2.3.4");
        config.trust_proxy.value = true;
        for (lines, address) in written {
            assert_eq!(told(&config, "127.0.0.1", lines), address, "{lines:?}");
        }
        assert_eq!(told(&config, "127.0.0.1", &[]), "127.0.0.1");
    }
}
