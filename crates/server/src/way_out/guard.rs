//! Which addresses may be reached: those that are globally routable, and those of networks that the operator allows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// IPv4 networks that are not globally routable (IANA IPv4 special-purpose registry), and one that is and must not be reached.
const REFUSED_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    // Azure answers metadata to its machines on this public address.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// The only IPv6 space that IANA has given out for global unicast.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Networks inside `GLOBAL_V6` that are not globally routable: protocol assignments with Teredo, documentation, 6to4.
const REFUSED_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// NAT64, RFC 6052 §2.1.
const NAT64: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// NAT64 with a prefix of the network's own, RFC 8215.
const NAT64_LOCAL: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48);

/// Teredo, RFC 4380.
const TEREDO: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32);

/// 6to4, RFC 3056.
const SIX_TO_FOUR: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16);

/// IPv4-compatible, RFC 4291 §2.5.5.1.
const COMPATIBLE: (Ipv6Addr, u8) = (Ipv6Addr::UNSPECIFIED, 96);

/// The judge of addresses.
#[derive(Clone, Debug)]
pub struct Guard {
    allow: Vec<IpNet>,
}

impl Guard {
    pub fn new(allow: &[IpNet]) -> Self {
        Self { allow: allow.iter().map(canonical_net).collect() }
    }

    /// Whether the address is globally routable or allowed, and every address it embeds is, too.
    pub fn permits(&self, address: IpAddr) -> bool {
        let canonical = address.to_canonical();
        if self.allow.iter().any(|net| net.contains(&canonical)) {
            return embedded(canonical).into_iter().all(|inner| self.permits(inner.into()));
        }
        // The mapped form of a public address is no address of the public network.
        canonical == address && is_global(address)
    }
}

fn canonical_net(net: &IpNet) -> IpNet {
    if let IpNet::V6(v6) = net
        && let Some(mapped) = v6.network().to_ipv4_mapped()
        && let Some(length) = v6.prefix_len().checked_sub(96)
        && let Ok(v4) = Ipv4Net::new(mapped, length)
    {
        return v4.into();
    }
    *net
}

fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !REFUSED_V4.iter().any(|(network, length)| Ipv4Net::new(*network, *length).is_ok_and(|net| net.contains(&v4))),
        // The refused networks hold every form that embeds an address, except ISATAP.
        IpAddr::V6(v6) => {
            within(v6, GLOBAL_V6) && !REFUSED_V6.iter().any(|network| within(v6, *network)) && embedded(address).into_iter().all(|inner| is_global(inner.into()))
        }
    }
}

fn within(address: Ipv6Addr, (network, length): (Ipv6Addr, u8)) -> bool {
    Ipv6Net::new(network, length).is_ok_and(|net| net.contains(&address))
}

/// The IPv4 addresses that a packet to this address may end at.
fn embedded(address: IpAddr) -> Vec<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return Vec::new() };
    let bytes = v6.octets();
    let v4 = |places: [usize; 4]| Ipv4Addr::from(places.map(|place| bytes[place]));
    let last = v4([12, 13, 14, 15]);
    let segments = v6.segments();
    if matches!(segments[4], 0 | 0x200) && segments[5] == 0x5efe {
        // ISATAP, RFC 5214 §6.1.
        vec![last]
    } else if within(v6, NAT64) {
        vec![last]
    } else if within(v6, NAT64_LOCAL) {
        // The length of the network's prefix is unknown here, so every place of RFC 6052 §2.2 counts where it is filled.
        [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]].map(v4).into_iter().filter(|inner| inner.octets()[0] != 0).collect()
    } else if within(v6, TEREDO) {
        vec![v4([4, 5, 6, 7]), Ipv4Addr::from(last.octets().map(|byte| !byte))]
    } else if within(v6, SIX_TO_FOUR) {
        vec![v4([2, 3, 4, 5])]
    } else if within(v6, COMPATIBLE) && !v6.is_unspecified() && !v6.is_loopback() {
        vec![last]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn guard(allow: &[&str]) -> Guard {
        Guard::new(&allow.iter().map(|net| net.parse().unwrap()).collect::<Vec<_>>())
    }

    fn permits(guard: &Guard, address: &str) -> bool {
        guard.permits(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_permitted() {
        let guard = guard(&[]);
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2001:db7:ffff::1",
            "2606:4700::1111",
            "2a00:1450:4001::5efe:808:808",
            "3ffe:ffff::1",
            "3fff:1000::1",
        ] {
            assert!(permits(&guard, address), "{address}");
        }
    }

    #[test]
    fn addresses_that_are_not_globally_routable_are_refused() {
        let guard = guard(&[]);
        for address in [
            // This network, private, carriers' NAT, loopback, link-local with metadata.
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.1",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.1",
            "192.168.255.255",
            // Protocol assignments, documentation, benchmarking, relays, metadata on a public address.
            "192.0.0.1",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "168.63.129.16",
            // Multicast, reserved, broadcast.
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.254",
            "255.255.255.255",
            // Unspecified, loopback, discard, ULA with metadata, link-local, site-local, multicast.
            "::",
            "::1",
            "100::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
            // Outside what IANA has given out.
            "4000::1",
            "5f00::1",
            "1fff:ffff::1",
            // Protocol assignments with Teredo, benchmarking and ORCHID; documentation.
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "3fff::1",
            "3fff:fff::1",
            // Mapped, compatible, translated, tunnelled: also where what they embed is public.
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:8.8.8.8",
            "::ffff:0:8.8.8.8",
            "::127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::127.0.0.1",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::10.0.0.1",
            "64:ff9b:1:808:8:800::",
            "2002:7f00:1::",
            "2002:808:808::1",
            "2001:0:808:808::1",
            "2a00:1450:4001::5efe:a00:1",
            "2a00:1450:4001:0:200:5efe:7f00:1",
        ] {
            assert!(!permits(&guard, address), "{address}");
        }
    }

    #[test]
    fn an_allowed_network_is_permitted_in_its_mapped_form_too() {
        let guard = guard(&["10.1.0.0/16", "::ffff:172.16.5.0/120", "fd12::/16", "::1/128"]);
        for address in ["10.1.0.1", "10.1.255.255", "::ffff:10.1.2.3", "172.16.5.9", "::ffff:172.16.5.9", "fd12:ffff::1", "::1", "8.8.8.8"] {
            assert!(permits(&guard, address), "{address}");
        }
        for address in ["10.0.255.255", "10.2.0.0", "::ffff:10.2.0.0", "172.16.6.0", "fd13::1", "::2", "127.0.0.1", "::ffff:8.8.8.8", "::10.1.0.1", "2002:a01:1::"] {
            assert!(!permits(&guard, address), "{address}");
        }
    }

    #[test]
    fn an_allowed_translation_is_judged_by_what_it_embeds() {
        let guard = guard(&["64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "10.1.0.0/16"]);
        for address in [
            "64:ff9b::8.8.8.8",
            "64:ff9b::10.1.0.1",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b:1:808:8:800::",
            "2002:808:808::1",
            "2001:0:808:808:0:0:f7f7:f7f7",
            "::8.8.8.8",
            "::1",
        ] {
            assert!(permits(&guard, address), "{address}");
        }
        for address in [
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.2.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::192.168.0.1",
            "64:ff9b:1:a02:0:100::",
            "64:ff9b:1:a02:0:100:808:808",
            "2002:7f00:1::",
            // Teredo: a private server, then a private client behind a public one.
            "2001:0:a02:1:0:0:f7f7:f7f7",
            "2001:0:808:808:0:0:3f57:fffe",
            "::10.2.0.1",
            "::ffff:10.2.0.1",
        ] {
            assert!(!permits(&guard, address), "{address}");
        }
    }
}
