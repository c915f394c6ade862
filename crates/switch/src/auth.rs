//! Who may speak: challenges, their answers, bans, and credentials that serve one connection.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use cordboard_now::{Chance, Instant, Now};
use cordboard_sip::{self as sip, digest};

use crate::{
    call::line,
    guesses::Guesses,
    io::{Question, User},
    place::same_application,
};

/// Addresses of strangers that are counted.
const ADDRESSES: usize = 10_000;

/// What becomes of a request, as far as it says who sends it.
pub(crate) enum Admit {
    /// It answers a challenge of ours: the digests behind this name are needed.
    LookUp(Question),
    /// It answers a challenge of ours on the connection that this user's credential serves.
    Bound(Arc<User>),
    /// It uses a credential that serves another connection, or names a user for whom too many wrong answers came.
    Refused,
    /// It answers none, or an old one: it is challenged (again).
    Challenge(Vec<(String, String)>),
    /// It says nothing of who sends it.
    Nobody,
}

/// Strangers of one address that are looked up at once, and then how many a second; more get 503 without a look-up. Those
/// that are on a list do not count.
const STRANGERS: u64 = 100;
const STRANGERS_PER_SECOND: u64 = 20;

/// When somebody may try again whose user could not be looked up: a database is away for a moment, or for longer.
const RETRY_AFTER_SECONDS: u32 = 10;

/// How often the full table of strangers is searched for those that ask no more, milliseconds.
const SWEEP_MS: u64 = 1_000;

/// What strangers of an address may still ask.
#[derive(Debug)]
struct Allowance {
    /// Thousandths of a look-up.
    left: u64,
    since: Instant,
}

/// Why an answer to a challenge is not taken.
#[derive(Debug)]
pub(crate) enum Denied {
    /// It is to be given again, and was no guess.
    Again(Vec<(String, String)>),
    /// It may be given again; `why` is the operator's to know.
    Wrong { challenge: Vec<(String, String)>, why: String },
    /// Too many were wrong.
    Refused,
}

pub(crate) struct Gate {
    server: digest::Server,
    /// Names and addresses of this server, which some phones sign in place of the Request-URI.
    hosts: Vec<String>,
    chance: Chance,
    guesses: Guesses,
    strangers: BTreeMap<IpAddr, Allowance>,
    /// When full allowances were last forgotten, because the table was full.
    swept: Instant,
    /// Credentials that serve one connection, by their user name.
    once: BTreeMap<String, (sip::Flow, Arc<User>)>,
}

impl Gate {
    pub fn new(secret: [u8; 32], realm: &str, hosts: Vec<String>, seed: [u8; 32]) -> Self {
        let mut chance = Chance::new(&seed);
        Self {
            hosts,
            server: digest::Server::new(realm, secret),
            guesses: Guesses::new(u64::from_le_bytes(chance.bytes())),
            chance,
            strangers: BTreeMap::new(),
            swept: Instant(0),
            once: BTreeMap::new(),
        }
    }

    pub fn is_banned(&self, now: Instant, address: IpAddr) -> bool {
        self.guesses.is_banned(now, address)
    }

    /// The headers of a 407, or of a 401 to a REGISTER.
    pub fn challenge(&mut self, now: Now, flow: sip::Flow, request: &sip::Request, stale: bool) -> Vec<(String, String)> {
        let name = if request.method == "REGISTER" { "WWW-Authenticate" } else { "Proxy-Authenticate" };
        let mut challenges = self.server.challenges(now, flow.remote.ip(), stale, request.headers.get("User-Agent"), &mut self.chance);
        // JsSIP, which knows MD5 alone, reads the last challenge of several where phones read the first.
        if matches!(flow.transport, sip::Transport::Ws | sip::Transport::Wss) {
            challenges.reverse();
        }
        challenges.into_iter().map(|value| (name.to_owned(), value)).collect()
    }

    /// Who answers a challenge with this request, if it says so.
    pub fn question(&self, request: &sip::Request) -> Option<Question> {
        let username = self.server.authorization(request)?.username;
        let named = if request.method == "REGISTER" { request.headers.to() } else { request.headers.from() };
        let as_user = named.ok().and_then(|named| named.uri.user).unwrap_or_default();
        Some(Question::User { domain: request.uri.host.clone(), username, as_user })
    }

    /// What can be said before the user is looked up.
    pub fn admit(&mut self, now: Now, request: &sip::Request, flow: sip::Flow) -> Admit {
        match self.server.authorization(request) {
            None => Admit::Nobody,
            Some(authorization) if self.server.is_asked(&authorization, flow.remote.ip()) => {
                let name = self.guesses.name(&request.uri.host, &authorization.username);
                match self.once.get(&authorization.username) {
                    _ if self.guesses.is_refused(now.monotonic, name, flow.remote.ip()) => Admit::Refused,
                    Some((bound, user)) if *bound == flow => Admit::Bound(user.clone()),
                    Some(_) => Admit::Refused,
                    None => self.question(request).map_or(Admit::Nobody, Admit::LookUp),
                }
            }
            Some(_) => Admit::Challenge(self.challenge(now, flow, request, false)),
        }
    }

    /// Whether the answer to the challenge is right; takes the same time for nobody.
    pub fn verify(&mut self, now: Now, request: &sip::Request, flow: sip::Flow, user: Option<&User>) -> Result<(), Denied> {
        let Some(authorization) = self.server.authorization(request) else { return Err(Denied::Refused) };
        let name = self.guesses.name(&request.uri.host, &authorization.username);
        // Many answers may have been looked up at once, before the first of them was found wrong.
        if self.is_banned(now.monotonic, flow.remote.ip()) || self.guesses.is_refused(now.monotonic, name, flow.remote.ip()) {
            return Err(Denied::Refused);
        }
        let why = match self.server.verify(now, flow.remote.ip(), request, &authorization, user.map(|user| &user.ha1)) {
            digest::Verdict::Accepted if self.is_for_us(&authorization, request, flow) => {
                self.guesses.right(now.monotonic, name, flow.remote.ip());
                return Ok(());
            }
            digest::Verdict::Stale => return Err(Denied::Again(self.challenge(now, flow, request, true))),
            digest::Verdict::Foreign => return Err(Denied::Again(self.challenge(now, flow, request, false))),
            digest::Verdict::Accepted => "The answer to the challenge is meant for another server",
            digest::Verdict::Wrong if user.is_some() => "Wrong password",
            digest::Verdict::Wrong => "No active user of this name in an application of this domain",
        };
        self.guesses.wrong(now.monotonic, name, flow.remote.ip());
        let then = match (self.is_banned(now.monotonic, flow.remote.ip()), self.guesses.is_refused(now.monotonic, name, flow.remote.ip())) {
            (true, _) => " The address is refused for 5 minutes now.",
            (false, true) => " Answers for this user are refused there for 5 minutes now.",
            (false, false) => "",
        };
        let why = format!("{why}: '{}' of '{}'.{then}", line(Some(&authorization.username)), line(Some(&request.uri.host)));
        Err(Denied::Wrong { challenge: self.challenge(now, flow, request, false), why })
    }

    /// Whether what was signed names the same application or this server. A user that calls a stranger must not sign for it what opens
    /// this server.
    fn is_for_us(&self, authorization: &digest::Authorization, request: &sip::Request, flow: sip::Flow) -> bool {
        let Some(host) = authorization.host() else { return false };
        host == request.uri.host || same_application(&host, &request.uri.host) || self.hosts.contains(&host) || host.parse() == Ok(flow.local.ip())
    }

    /// A credential was used up: it serves this connection from now on.
    pub fn bind(&mut self, request: &sip::Request, flow: sip::Flow, user: &Arc<User>) {
        if let Some(authorization) = self.server.authorization(request) {
            self.once.insert(authorization.username, (flow, user.clone()));
        }
    }

    /// Whether the user's credential serves this connection already.
    pub fn serves(&self, user: &User, flow: sip::Flow) -> bool {
        self.once.values().any(|(bound, known)| *bound == flow && known.once == user.once)
    }

    /// Connections that credentials of some users serve.
    pub fn bound(&self, of: impl Fn(&User) -> bool) -> Vec<sip::Flow> {
        self.once.values().filter(|(_, user)| of(user)).map(|(flow, _)| *flow).collect()
    }

    /// A connection is gone, and what served it alone.
    pub fn closed(&mut self, flow: sip::Flow) {
        self.once.retain(|_, (bound, _)| *bound != flow);
    }

    /// Whether a stranger of this address is worth a look-up.
    pub fn may_ask(&mut self, now: Instant, address: IpAddr) -> bool {
        const FULL: u64 = STRANGERS * 1_000;
        let refilled = |allowance: &Allowance| FULL.min(allowance.left.saturating_add(now.0.saturating_sub(allowance.since.0).saturating_mul(STRANGERS_PER_SECOND)));
        let address = holder(address);
        if self.strangers.len() >= ADDRESSES && !self.strangers.contains_key(&address) {
            // Not for each one of a flood from forged addresses.
            if now >= self.swept.plus(SWEEP_MS) {
                self.swept = now;
                self.strangers.retain(|_, allowance| refilled(allowance) < FULL);
            }
            if self.strangers.len() >= ADDRESSES {
                return false;
            }
        }
        let allowance = self.strangers.entry(address).or_insert(Allowance { left: FULL, since: now });
        *allowance = Allowance { left: refilled(allowance), since: now };
        let may = allowance.left >= 1_000;
        if may {
            allowance.left -= 1_000;
        }
        may
    }

    /// The stranger was none: its look-up does not count.
    pub fn is_known(&mut self, address: IpAddr) {
        if let Some(allowance) = self.strangers.get_mut(&holder(address)) {
            allowance.left = (STRANGERS * 1_000).min(allowance.left + 1_000);
        }
    }
}

/// What is told while the user cannot be looked up: that says nothing of its password. It is not remembered, so that the same request again
/// is looked up again.
pub(crate) fn unavailable() -> sip::Reply {
    sip::Reply { status: 503, headers: vec![("Retry-After".to_owned(), RETRY_AFTER_SECONDS.to_string())], forget: true, ..sip::Reply::default() }
}

/// Whether a credential for one connection can be used over a flow: datagrams are none, and nobody would hear of its end.
pub(crate) fn serves_one_connection(flow: sip::Flow) -> bool {
    flow.connection != 0
}

/// An address as its holder is counted: of IPv6 the first 64 bits, which one holder has all of.
pub fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        canonical => canonical,
    }
}

/// The network of an address, as far as one holder may have many of them: of IPv4 256, of IPv6 what a customer is given (RFC 6177).
pub fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4((u32::from(address) >> 8 << 8).into()),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 72 << 72).into()),
    }
}
