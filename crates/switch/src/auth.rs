//! Who may speak: challenges, their answers, bans, and credentials that serve one connection.

use std::{collections::BTreeMap, net::IpAddr};

use cordboard_now::{Chance, Instant, Now};
use cordboard_sip::{self as sip, digest};

use crate::io::User;

/// Wrong answers to our nonces from one address until it is banned. DESIGN §4.
const FAILURES: u32 = 10;

/// How long wrong answers count, and how long a ban lasts.
const BAN_MS: u64 = 5 * 60 * 1_000;

/// Addresses whose failures are remembered; beyond it the oldest is forgotten.
const ADDRESSES: usize = 10_000;

/// What becomes of a request, as far as it says who sends it.
pub(crate) enum Admit {
    /// It answers a challenge of ours: this user's digests are needed.
    LookUp { user: String },
    /// It answers none, or an old one: it is challenged (again).
    Challenge(Vec<(String, String)>),
    /// It says nothing of who sends it.
    Nobody,
}

#[derive(Debug)]
struct Failures {
    count: u32,
    until: Instant,
}

pub(crate) struct Gate {
    server: digest::Server,
    chance: Chance,
    failures: BTreeMap<IpAddr, Failures>,
    /// Credentials that serve one connection, by their user name.
    once: BTreeMap<String, sip::Flow>,
}

impl Gate {
    pub fn new(secret: [u8; 32], realm: &str, seed: [u8; 32]) -> Self {
        Self { server: digest::Server::new(realm, secret), chance: Chance::new(&seed), failures: BTreeMap::new(), once: BTreeMap::new() }
    }

    pub fn is_banned(&self, now: Instant, address: IpAddr) -> bool {
        self.failures.get(&address).is_some_and(|failures| failures.count >= FAILURES && failures.until > now)
    }

    /// The headers of a 407, or of a 401 to a REGISTER.
    pub fn challenge(&mut self, now: Now, flow: sip::Flow, method: &str, stale: bool) -> Vec<(String, String)> {
        let name = if method == "REGISTER" { "WWW-Authenticate" } else { "Proxy-Authenticate" };
        self.server.challenges(now, flow.remote.ip(), stale, &mut self.chance).into_iter().map(|value| (name.to_owned(), value)).collect()
    }

    /// What can be said before the user is looked up.
    pub fn admit(&mut self, now: Now, request: &sip::Request, flow: sip::Flow) -> Admit {
        match self.server.authorization(request) {
            None => Admit::Nobody,
            Some(authorization) if self.server.is_asked(&authorization, flow.remote.ip()) => Admit::LookUp { user: authorization.username },
            Some(_) => Admit::Challenge(self.challenge(now, flow, &request.method, false)),
        }
    }

    /// Whether the answer to the challenge is right; takes the same time for nobody. The error is the next challenge, or
    /// `None` where another one would not help.
    pub fn verify(&mut self, now: Now, request: &sip::Request, flow: sip::Flow, user: Option<&User>) -> Result<(), Option<Vec<(String, String)>>> {
        let Some(authorization) = self.server.authorization(request) else { return Err(None) };
        match self.server.verify(now, flow.remote.ip(), request, &authorization, user.map(|user| &user.ha1)) {
            digest::Verdict::Accepted => {}
            digest::Verdict::Stale => return Err(Some(self.challenge(now, flow, &request.method, true))),
            digest::Verdict::Foreign => return Err(Some(self.challenge(now, flow, &request.method, false))),
            digest::Verdict::Wrong => {
                self.failed(now.monotonic, flow.remote.ip());
                return Err(Some(self.challenge(now, flow, &request.method, false)));
            }
        }
        self.failures.remove(&flow.remote.ip());
        if user.is_some_and(|user| user.once) {
            let bound = *self.once.entry(authorization.username).or_insert(flow);
            if bound != flow {
                return Err(None);
            }
        }
        Ok(())
    }

    fn failed(&mut self, now: Instant, address: IpAddr) {
        if self.failures.len() >= ADDRESSES && !self.failures.contains_key(&address) {
            let oldest = self.failures.iter().min_by_key(|(_, failures)| failures.until).map(|(address, _)| *address);
            oldest.map(|address| self.failures.remove(&address));
        }
        let failures = self.failures.entry(address).or_insert(Failures { count: 0, until: now });
        if failures.until <= now {
            failures.count = 0;
        }
        failures.count += 1;
        failures.until = now.plus(BAN_MS);
    }
}
