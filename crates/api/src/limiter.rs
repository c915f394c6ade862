//! Failed logins are counted per address and per account; after too many, both are refused for a while (DESIGN §4).

use std::{collections::BTreeMap, net::IpAddr, sync::Mutex};

/// Failures within the window that are forgiven. Semantics §4.13.
const FORGIVEN: usize = 10;

/// The window, milliseconds.
const WINDOW_MS: i64 = 5 * 60 * 1_000;

/// Addresses and accounts that are remembered; the oldest is forgotten first.
const REMEMBERED: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspect {
    /// An IPv4 address, or the /64 of an IPv6 address.
    Address(IpAddr),
    /// What the caller called the account, folded.
    Account(String),
}

impl Suspect {
    pub fn address(ip: IpAddr) -> Self {
        Self::Address(match ip {
            IpAddr::V4(_) => ip,
            IpAddr::V6(v6) => IpAddr::V6(std::net::Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        })
    }
}

#[derive(Default)]
pub struct Limiter(Mutex<BTreeMap<Suspect, Vec<i64>>>);

impl Limiter {
    /// Milliseconds until this suspect may try again, if it must wait.
    pub fn wait_ms(&self, suspect: &Suspect, now_ms: i64) -> Option<i64> {
        let failures = self.0.lock().ok()?;
        let recent: Vec<i64> = failures.get(suspect)?.iter().copied().filter(|at| now_ms - at < WINDOW_MS).collect();
        (recent.len() >= FORGIVEN).then(|| recent[recent.len() - FORGIVEN] + WINDOW_MS - now_ms)
    }

    pub fn failed(&self, suspect: Suspect, now_ms: i64) {
        let Ok(mut failures) = self.0.lock() else { return };
        if failures.len() >= REMEMBERED && !failures.contains_key(&suspect) {
            failures.retain(|_, times| times.last().is_some_and(|at| now_ms - at < WINDOW_MS));
            if failures.len() >= REMEMBERED {
                let oldest = failures.iter().min_by_key(|(_, times)| times.last().copied()).map(|(suspect, _)| suspect.clone());
                oldest.and_then(|suspect| failures.remove(&suspect));
            }
        }
        let times = failures.entry(suspect).or_default();
        times.retain(|at| now_ms - at < WINDOW_MS);
        times.push(now_ms);
        if times.len() > 2 * FORGIVEN {
            times.remove(0);
        }
    }

    pub fn succeeded(&self, suspect: &Suspect) {
        if let Ok(mut failures) = self.0.lock() {
            failures.remove(suspect);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_try_waits_until_the_first_failure_is_old() {
        let limiter = Limiter::default();
        let suspect = Suspect::Account("acme".to_owned());
        for at in 0..10 {
            assert_eq!(limiter.wait_ms(&suspect, at), None);
            limiter.failed(suspect.clone(), at);
        }
        assert_eq!(limiter.wait_ms(&suspect, 10), Some(WINDOW_MS - 10));
        assert_eq!(limiter.wait_ms(&suspect, WINDOW_MS), None);
        assert_eq!(limiter.wait_ms(&Suspect::Account("other".to_owned()), 10), None);
    }

    #[test]
    fn a_flood_of_names_does_not_grow_the_table() {
        let limiter = Limiter::default();
        for n in 0..REMEMBERED + 10 {
            limiter.failed(Suspect::Account(n.to_string()), 0);
        }
        assert!(limiter.0.lock().is_ok_and(|failures| failures.len() == REMEMBERED));
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one_suspect() {
        let address = |text: &str| text.parse().map(Suspect::address);
        assert_eq!(address("2001:db8::1"), address("2001:db8::2"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
    }
}
