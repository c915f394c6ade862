//! Wrong passwords: whose, and from where. A right password says nothing of what else its address tried, because everybody may have an
//! account of his own; and nobody locks a user out of where he has proved himself.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
};

use cordboard_now::Instant;

use crate::auth::{holder, prefix};

/// Wrong answers for one user from one address until answers for it are refused there unread; and until the address is banned,
/// whomever they name. DESIGN §4.
const FAILURES: u32 = 10;

/// Of one user at most so many count against its address: one phone with an old password does not ban its office.
const OF_ONE_USER: u32 = 3;

/// Wrong answers for one user from the addresses of one network until answers for it are refused from those where it never
/// proved itself.
const OF_NETWORK: u32 = 20;

/// How long wrong answers count, and how long a ban lasts.
const BAN_MS: u64 = 5 * 60 * 1_000;

/// How long an address stays one where a user proved itself: phones do so every hour.
const PROVED_MS: u64 = 24 * 60 * 60 * 1_000;

/// Addresses, and users of a network, whose failures are remembered; beyond it the oldest is forgotten.
const REMEMBERED: usize = 10_000;

/// Users and addresses that are known to belong together, as many as there are registrations.
const PROVED: usize = 100_000;

/// A user of an application, as failures are counted for it, whether there is one or not. A digest, because names come from anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(u64);

/// A table with an end: the entry that was set least recently makes room.
#[derive(Debug)]
struct Recent<K, V> {
    most: usize,
    of: BTreeMap<K, (Instant, V)>,
    order: BTreeSet<(Instant, K)>,
}

impl<K: Ord + Copy, V> Recent<K, V> {
    fn new(most: usize) -> Self {
        Self { most, of: BTreeMap::new(), order: BTreeSet::new() }
    }

    /// What was set less than so long ago.
    fn get(&self, now: Instant, key: &K, ms: u64) -> Option<&V> {
        self.of.get(key).filter(|(at, _)| at.plus(ms) > now).map(|(_, value)| value)
    }

    fn remove(&mut self, key: &K) -> Option<(Instant, V)> {
        let (at, value) = self.of.remove(key)?;
        self.order.remove(&(at, *key));
        Some((at, value))
    }

    fn set(&mut self, now: Instant, key: K, value: V) {
        self.remove(&key);
        if self.of.len() >= self.most
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.of.remove(&oldest);
        }
        self.order.insert((now, key));
        self.of.insert(key, (now, value));
    }
}

pub(crate) struct Guesses {
    /// Of the digests of names: nobody can find two names with one.
    secret: u64,
    /// By address, how many there were for each user; `FAILURES` users at most, because then it is banned.
    addresses: Recent<IpAddr, BTreeMap<Name, u32>>,
    networks: Recent<(Name, IpAddr), u32>,
    proved: Recent<(Name, IpAddr), ()>,
}

impl Guesses {
    pub fn new(secret: u64) -> Self {
        Self { secret, addresses: Recent::new(REMEMBERED), networks: Recent::new(REMEMBERED), proved: Recent::new(PROVED) }
    }

    /// The user that answers a challenge under this name for the application that the domain names.
    pub fn name(&self, domain: &str, username: &str) -> Name {
        let mut hasher = DefaultHasher::new();
        let mut labels = domain.split('.').map(str::to_lowercase);
        (self.secret, labels.next(), labels.next(), username).hash(&mut hasher);
        Name(hasher.finish())
    }

    pub fn is_banned(&self, now: Instant, address: IpAddr) -> bool {
        let failures = self.addresses.get(now, &holder(address), BAN_MS);
        failures.is_some_and(|failures| failures.values().map(|count| OF_ONE_USER.min(*count)).sum::<u32>() >= FAILURES)
    }

    /// Whether answers for a user are not even verified, because there were too many wrong ones: from its address, or from the network
    /// of an address that it never proved itself from.
    pub fn is_refused(&self, now: Instant, name: Name, address: IpAddr) -> bool {
        let here = self.addresses.get(now, &holder(address), BAN_MS).and_then(|failures| failures.get(&name));
        let around = self.networks.get(now, &(name, prefix(address)), BAN_MS);
        here.is_some_and(|count| *count >= FAILURES)
            || (around.is_some_and(|count| *count >= OF_NETWORK) && self.proved.get(now, &(name, holder(address)), PROVED_MS).is_none())
    }

    pub fn wrong(&mut self, now: Instant, name: Name, address: IpAddr) {
        let (address, network) = (holder(address), (name, prefix(address)));
        let mut failures = self.addresses.remove(&address).filter(|(at, _)| at.plus(BAN_MS) > now).map(|(_, failures)| failures).unwrap_or_default();
        *failures.entry(name).or_default() += 1;
        self.addresses.set(now, address, failures);
        let around = self.networks.get(now, &network, BAN_MS).copied().unwrap_or_default();
        self.networks.set(now, network, around.saturating_add(1));
    }

    /// The user proved itself: its own slips from there are forgotten, and nothing else.
    pub fn right(&mut self, now: Instant, name: Name, address: IpAddr) {
        let address = holder(address);
        if let Some((_, failures)) = self.addresses.of.get_mut(&address) {
            failures.remove(&name);
        }
        self.proved.set(now, (name, address), ());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 9));

    fn guesses() -> (Guesses, Name, Name) {
        let guesses = Guesses::new(1);
        let (alice, mallory) = (guesses.name("demo.owner.example", "alice"), guesses.name("demo.owner.example", "mallory"));
        (guesses, alice, mallory)
    }

    fn is_stopped(guesses: &Guesses, now: Instant, name: Name, address: IpAddr) -> bool {
        guesses.is_banned(now, address) || guesses.is_refused(now, name, address)
    }

    #[test]
    fn an_own_account_buys_no_guesses_at_others() {
        let (mut guesses, alice, mallory) = guesses();
        let mut tried = 0;
        while !is_stopped(&guesses, Instant(1), alice, HERE) {
            guesses.wrong(Instant(1), alice, HERE);
            guesses.right(Instant(1), mallory, HERE);
            tried += 1;
        }
        assert_eq!(tried, FAILURES);
    }

    #[test]
    fn whoever_tries_many_users_is_banned_and_a_phone_with_an_old_password_bans_itself_alone() {
        let (mut guesses, alice, mallory) = guesses();
        for _ in 0..FAILURES {
            guesses.wrong(Instant(1), alice, HERE);
        }
        assert_eq!(
            (guesses.is_refused(Instant(1), alice, HERE), guesses.is_refused(Instant(1), mallory, HERE), guesses.is_banned(Instant(1), HERE)),
            (true, false, false)
        );
        for user in 0..7 {
            let name = guesses.name("demo.owner", &user.to_string());
            assert!(!guesses.is_banned(Instant(2), HERE));
            guesses.wrong(Instant(2), name, HERE);
        }
        assert!(guesses.is_banned(Instant(2), HERE));
        assert!(!guesses.is_banned(Instant(2).plus(BAN_MS), HERE));
    }

    #[test]
    fn strangers_all_around_do_not_lock_a_user_out_of_where_it_proved_itself() {
        let (mut guesses, alice, mallory) = guesses();
        guesses.right(Instant(1), alice, HERE);
        let around = |last: u32| IpAddr::from([192, 0, 2, 100 + u8::try_from(last).unwrap()]);
        for last in 0..OF_NETWORK {
            guesses.wrong(Instant(2), alice, around(last));
        }
        assert!(guesses.is_refused(Instant(3), alice, around(99)), "the guesses of a network count together");
        assert!(!guesses.is_refused(Instant(3), alice, HERE));
        assert!(!guesses.is_refused(Instant(3), mallory, around(99)));
        assert!(!guesses.is_refused(Instant(3), alice, "198.51.100.1".parse().unwrap()), "a user calls from elsewhere");
        assert!(!guesses.is_refused(Instant(2).plus(BAN_MS), alice, around(99)));
    }

    #[test]
    fn a_slip_of_its_own_is_forgiven() {
        let (mut guesses, alice, _) = guesses();
        for round in 0..10 {
            for _ in 0..FAILURES - 1 {
                guesses.wrong(Instant(round), alice, HERE);
            }
            assert!(!is_stopped(&guesses, Instant(round), alice, HERE));
            guesses.right(Instant(round), alice, HERE);
        }
    }

    #[test]
    fn the_tables_have_an_end_and_forget_the_oldest() {
        let (mut guesses, alice, _) = guesses();
        let address = |number: u32| IpAddr::from(number.to_be_bytes());
        for number in 0..u32::try_from(REMEMBERED).unwrap() + 10 {
            guesses.wrong(Instant(number.into()), alice, address(number));
            guesses.right(Instant(number.into()), guesses.name("a.b", &number.to_string()), HERE);
        }
        assert_eq!((guesses.addresses.of.len(), guesses.addresses.order.len()), (REMEMBERED, REMEMBERED));
        assert!(guesses.networks.of.len() <= REMEMBERED && guesses.proved.of.len() <= PROVED);
        assert!(!guesses.addresses.of.contains_key(&address(9)) && guesses.addresses.of.contains_key(&address(10)));
    }
}
