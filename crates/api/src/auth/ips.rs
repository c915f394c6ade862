use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;

use crate::store::authorized_ips::Entry;

/// An IPv4 network: `A.B.C.D`, `A.B.C.D/L` or `A.B.C.D/a.b.c.d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub Ipv4Net);

impl Network {
    /// Parses and normalises; host bits are cut. The error continues a sentence that begins with the parameter's name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("must be an IPv4 address or network such as 192.0.2.0/24, not {}.", crate::error::quote(text));
        let text = text.trim();
        let (address, length) = match text.split_once('/') {
            None => (text, 32),
            Some((address, mask)) if mask.contains('.') => {
                let mask: Ipv4Addr = mask.parse().map_err(|_| wrong())?;
                (address, ipnet::ipv4_mask_to_prefix(mask).map_err(|_| wrong())?)
            }
            Some((address, length)) => (address, length.parse().map_err(|_| wrong())?),
        };
        let address: Ipv4Addr = address.parse().map_err(|_| wrong())?;
        Ipv4Net::new(address, length).map(|network| Self(network.trunc())).map_err(|_| wrong())
    }

    /// As it is stored and shown: a single address has no length.
    pub fn text(self) -> String {
        if self.0.prefix_len() == 32 { self.0.addr().to_string() } else { self.0.to_string() }
    }

    pub fn contains(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }
}

/// Whether an address may call, and the entry that decides: a forbidding one before an allowing one.
/// Without an allowing entry everything that is not forbidden may call (semantics §25.1).
pub fn verdict(entries: &[Entry], ip: IpAddr) -> (bool, Option<&Entry>) {
    let network = match ip.to_canonical() {
        IpAddr::V4(v4) => Some(Network(Ipv4Net::from(v4))),
        IpAddr::V6(_) => None,
    };
    network_verdict(entries, network)
}

/// The same for a network, which an entry holds only whole. `None` is an address that no entry can hold.
pub fn network_verdict(entries: &[Entry], network: Option<Network>) -> (bool, Option<&Entry>) {
    let holds = |entry: &&Entry| network.zip(Network::parse(&entry.network).ok()).is_some_and(|(network, of_entry)| of_entry.contains(network));
    if let Some(entry) = entries.iter().filter(|entry| !entry.allowed).find(holds) {
        return (false, Some(entry));
    }
    if let Some(entry) = entries.iter().filter(|entry| entry.allowed).find(holds) {
        return (true, Some(entry));
    }
    (!entries.iter().any(|entry| entry.allowed), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Utc;

    fn entry(network: &str, allowed: bool) -> Entry {
        Entry { id: 1, network: network.to_owned(), allowed, created_at: Utc(0) }
    }

    #[test]
    fn a_network_is_normalised() {
        for (text, wanted) in [("192.0.2.7", "192.0.2.7"), ("192.0.2.7/24", "192.0.2.0/24"), ("192.0.2.7/255.255.0.0", "192.0.0.0/16"), ("0.0.0.0/0", "0.0.0.0/0")] {
            assert_eq!(Network::parse(text).map(Network::text), Ok(wanted.to_owned()));
        }
        for text in ["192.0.2", "192.0.2.0/33", "192.0.2.0/255.0.255.0", "::1", "example.org", "192.0.2.0/-1"] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_forbidding_entry_wins_and_an_allowing_one_closes_the_rest() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let entries = [entry("10.0.0.0/8", true), entry("10.1.0.0/16", false)];
        assert!(verdict(&entries, ip("10.2.0.1")).0);
        assert!(!verdict(&entries, ip("10.1.0.1")).0);
        assert!(!verdict(&entries, ip("192.0.2.1")).0);
        assert!(!verdict(&entries, ip("2001:db8::1")).0);
        assert!(verdict(&entries, ip("::ffff:10.2.0.1")).0);
        assert!(verdict(&entries[1..], ip("192.0.2.1")).0);
        assert!(verdict(&[], ip("2001:db8::1")).0);
    }
}
