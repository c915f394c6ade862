//! Failed logins are counted per address and per account; after too many, both are refused for a while (DESIGN §4).

use std::{collections::BTreeMap, net::IpAddr, sync::Mutex};

/// Failures within the window that are forgiven. Semantics §4.13.
const FORGIVEN: usize = 10;

/// The window, milliseconds.
const WINDOW_MS: i64 = 5 * 60 * 1_000;

/// The same for codes: six digits, three of which are right at a time, must last for more than a year against who has the password.
const FORGIVEN_CODES: usize = 5;

/// The window of codes, milliseconds.
const CODES_WINDOW_MS: i64 = 15 * 60 * 1_000;

/// Addresses and accounts that are remembered; of those that are easiest to come by, the oldest is forgotten first.
const REMEMBERED: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspect {
    /// An IPv4 address, or the /64 of an IPv6 address.
    Address(IpAddr),
    /// The password of an account.
    Account(i64),
    /// The password of a subuser, by account and login.
    Subuser(i64, String),
    /// What a caller called an account that is not there.
    Unknown(String),
    /// The second factor of an account, or of the subuser with this id.
    Code(i64, Option<i64>),
}

impl Suspect {
    pub fn address(ip: IpAddr) -> Self {
        Self::Address(match ip {
            IpAddr::V4(_) => ip,
            IpAddr::V6(v6) => IpAddr::V6(std::net::Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        })
    }

    /// What making one more of the kind costs: an address next to nothing, a name a hashed password, and an account or a second
    /// factor must be there.
    fn price(&self) -> u8 {
        match self {
            Self::Address(_) => 0,
            Self::Subuser(..) | Self::Unknown(_) => 1,
            Self::Account(_) | Self::Code(..) => 2,
        }
    }

    fn forgiven(&self) -> usize {
        if matches!(self, Self::Code(..)) { FORGIVEN_CODES } else { FORGIVEN }
    }

    fn window_ms(&self) -> i64 {
        if matches!(self, Self::Code(..)) { CODES_WINDOW_MS } else { WINDOW_MS }
    }
}

#[derive(Default)]
pub struct Limiter(Mutex<BTreeMap<Suspect, Vec<i64>>>);

/// An attempt that counts as failed until it is taken back, so that attempts in parallel count, too.
#[derive(Debug)]
pub struct Attempt {
    suspects: Vec<Suspect>,
    at_ms: i64,
}

impl Limiter {
    /// Says how many milliseconds an attempt must wait, and counts nothing.
    pub fn check(&self, suspects: &[Suspect], now_ms: i64) -> Result<(), i64> {
        match self.0.lock() {
            Ok(mut failures) => may_try(&mut failures, suspects, now_ms),
            Err(_) => Ok(()),
        }
    }

    /// Counts an attempt, or says how many milliseconds it must wait.
    pub fn attempt(&self, suspects: Vec<Suspect>, now_ms: i64) -> Result<Attempt, i64> {
        let attempt = Attempt { suspects, at_ms: now_ms };
        let Ok(mut failures) = self.0.lock() else { return Ok(attempt) };
        may_try(&mut failures, &attempt.suspects, now_ms)?;
        for suspect in &attempt.suspects {
            if failures.len() >= REMEMBERED && !failures.contains_key(suspect) {
                make_room(&mut failures, now_ms);
            }
            failures.entry(suspect.clone()).or_default().push(now_ms);
        }
        Ok(attempt)
    }

    /// Verifies a password: an attempt that counts unless it is right. It takes some 20 ms of a processor.
    pub fn is_right(&self, suspects: Vec<Suspect>, now_ms: i64, password: &str, hash: &str) -> Result<bool, i64> {
        let attempt = self.attempt(suspects, now_ms)?;
        let right = crate::password::verify(password, hash);
        if right {
            self.succeeded(&attempt);
        }
        Ok(right)
    }

    /// The attempt was right: it does not count.
    pub fn succeeded(&self, attempt: &Attempt) {
        let Ok(mut failures) = self.0.lock() else { return };
        for suspect in &attempt.suspects {
            let Some(times) = failures.get_mut(suspect) else { continue };
            if let Some(at) = times.iter().rposition(|at| *at == attempt.at_ms) {
                times.remove(at);
            }
            if times.is_empty() {
                failures.remove(suspect);
            }
        }
    }
}

fn may_try(failures: &mut BTreeMap<Suspect, Vec<i64>>, suspects: &[Suspect], now_ms: i64) -> Result<(), i64> {
    for suspect in suspects {
        let Some(times) = failures.get_mut(suspect) else { continue };
        let (forgiven, window_ms) = (suspect.forgiven(), suspect.window_ms());
        times.retain(|at| now_ms - at < window_ms);
        if times.len() >= forgiven {
            return Err(times[times.len() - forgiven] + window_ms - now_ms);
        }
    }
    Ok(())
}

/// Forgets what is old, or else a tenth, so that a flood pays for the search only now and then. The cheapest go first and of
/// those the oldest: a flood of addresses must not make guesses at an account forgotten.
fn make_room(failures: &mut BTreeMap<Suspect, Vec<i64>>, now_ms: i64) {
    failures.retain(|suspect, times| times.last().is_some_and(|at| now_ms - at < suspect.window_ms()));
    if failures.len() < REMEMBERED {
        return;
    }
    let rank = |suspect: &Suspect, times: &[i64]| (suspect.price(), times.last().copied().unwrap_or_default());
    let mut ranks: Vec<(u8, i64)> = failures.iter().map(|(suspect, times)| rank(suspect, times)).collect();
    ranks.sort_unstable();
    let (limit, mut surplus) = (ranks[REMEMBERED / 10], REMEMBERED / 10);
    failures.retain(|suspect, times| {
        let goes = surplus > 0 && rank(suspect, times) <= limit;
        surplus -= usize::from(goes);
        !goes
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Vec<Suspect> {
        vec![Suspect::Unknown(name.to_owned())]
    }

    #[test]
    fn the_eleventh_try_waits_until_the_first_failure_is_old() {
        let limiter = Limiter::default();
        for at in 0..10 {
            assert!(limiter.attempt(account("acme"), at).is_ok());
        }
        assert_eq!(limiter.attempt(account("acme"), 10).err(), Some(WINDOW_MS - 10));
        assert!(limiter.attempt(account("other"), 10).is_ok());
        assert!(limiter.attempt(account("acme"), WINDOW_MS).is_ok());
    }

    #[test]
    fn codes_are_forgiven_less_and_remembered_longer() {
        let (limiter, code) = (Limiter::default(), || vec![Suspect::Code(1, None)]);
        for at in 0..5 {
            assert!(limiter.attempt(code(), at).is_ok());
        }
        assert_eq!(limiter.attempt(code(), WINDOW_MS).err(), Some(2 * WINDOW_MS));
        for other in [Suspect::Code(1, Some(1)), Suspect::Account(1)] {
            assert!(limiter.attempt(vec![other], 5).is_ok());
        }
        assert!(limiter.attempt(code(), 3 * WINDOW_MS).is_ok());
    }

    #[test]
    fn what_succeeds_does_not_count_and_forgives_nothing() {
        let limiter = Limiter::default();
        for at in 0..100 {
            let attempt = limiter.attempt(account("acme"), at);
            limiter.succeeded(attempt.as_ref().expect("allowed"));
        }
        for at in 0..10 {
            assert!(limiter.attempt(account("acme"), at).is_ok());
        }
        assert!(limiter.attempt(account("acme"), 11).is_err());
    }

    #[test]
    fn a_flood_of_names_does_not_grow_the_table() {
        let limiter = Limiter::default();
        for n in 0..REMEMBERED + REMEMBERED / 5 {
            assert!(limiter.attempt(account(&n.to_string()), 0).is_ok());
        }
        assert!(limiter.0.lock().is_ok_and(|failures| failures.len() <= REMEMBERED));
    }

    #[test]
    fn a_flood_of_addresses_makes_no_guesses_forgotten() {
        let limiter = Limiter::default();
        let guessed = [Suspect::Account(1), Suspect::Subuser(1, "alice".to_owned()), Suspect::Unknown("nobody".to_owned()), Suspect::Code(1, None)];
        for suspect in guessed.iter().cycle().take(10 * guessed.len()) {
            let _ = limiter.attempt(vec![suspect.clone()], 0);
        }
        for n in 0..3 * REMEMBERED as u128 {
            assert!(limiter.attempt(vec![Suspect::address(std::net::Ipv6Addr::from_bits(n << 64).into())], 1).is_ok());
        }
        assert!(limiter.0.lock().is_ok_and(|failures| failures.len() <= REMEMBERED));
        for suspect in guessed {
            assert!(limiter.check(std::slice::from_ref(&suspect), 1).is_err(), "{suspect:?}");
        }
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one_suspect() {
        let address = |text: &str| text.parse().map(Suspect::address);
        assert_eq!(address("2001:db8::1"), address("2001:db8::2"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
    }
}
