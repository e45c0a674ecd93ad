//! Addresses and networks, as an operator writes them: `127.0.0.1, 10.0.0.0/8, fd00::/8`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    pub fn contains(&self, address: IpAddr) -> bool {
        // A socket that hears both families shows IPv4 peers as `::ffff:1.2.3.4`.
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for Networks {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
        let network = |piece: &str| {
            piece.parse::<IpNet>().ok().or_else(|| piece.parse::<IpAddr>().ok().map(IpNet::from)).ok_or(())
        };
        pieces.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Networks;

    #[test]
    fn an_address_alone_is_a_network_of_one() {
        let networks: Networks = "127.0.0.1, 10.0.0.0/8,fd00::/8".parse().unwrap();
        for inside in ["127.0.0.1", "10.9.8.7", "fd00::1", "::ffff:10.1.1.1"] {
            assert!(networks.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["127.0.0.2", "11.0.0.1", "fe80::1"] {
            assert!(!networks.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!("10.0.0.0/33".parse::<Networks>().is_err());
        assert!(!Networks::default().contains("127.0.0.1".parse().unwrap()));
    }
}
