//! What an agent is told once, at its start.

use std::net::{IpAddr, SocketAddr};

use crate::flow::Transport;

/// Where the agent can be reached over one transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    pub transport: Transport,
    /// What the socket is bound to; UDP requests to addresses of the same family leave by it.
    pub local: SocketAddr,
    /// Host and port that peers elsewhere can reach: an address or a name. Needed where `local` is unspecified.
    pub advertised: Option<(String, Option<u16>)>,
}

/// The basic times of RFC 3261 §17.1.1.1, in milliseconds; all timers are multiples of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// An estimate of the round trip.
    pub t1_ms: u64,
    /// The longest interval between two retransmissions of a non-INVITE request or an INVITE response.
    pub t2_ms: u64,
    /// How long a message stays in the network.
    pub t4_ms: u64,
    /// How long a call that was placed may go without a new provisional answer. Timer C: over three minutes. RFC 3261 §16.6.
    pub ringing_ms: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self { t1_ms: 500, t2_ms: 4_000, t4_ms: 5_000, ringing_ms: 190_000 }
    }
}

/// How much the tables hold. Beyond it an INVITE gets 503 with Retry-After, another request 503, a connection its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub calls: usize,
    /// Of both sides, those that only wait for retransmissions included: at 32 s each, some eight thousand requests per second.
    pub transactions: usize,
    pub connections: usize,
    /// Messages that wait for one connection to open.
    pub queued: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { calls: 20_000, transactions: 262_144, connections: 20_000, queued: 1_000 }
    }
}

/// What the agent's user takes beside INVITE, ACK, CANCEL and BYE, and so what `Allow` says. Other methods the agent refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Methods {
    /// Of requests inside of calls.
    pub inside: &'static [&'static str],
    /// Of requests outside of calls.
    pub outside: &'static [&'static str],
}

impl Default for Methods {
    fn default() -> Self {
        Self { inside: &["OPTIONS", "INFO", "UPDATE", "MESSAGE", "REFER", "NOTIFY"], outside: &["OPTIONS", "REGISTER", "MESSAGE"] }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The value of `User-Agent` and `Server`; none if empty.
    pub user_agent: String,
    pub listeners: Vec<Listener>,
    pub methods: Methods,
    pub times: Times,
    pub limits: Limits,
}

impl Config {
    /// Where peers at an address reach us over a transport: the first listener of its family.
    pub fn listener(&self, transport: Transport, peer: IpAddr) -> Option<&Listener> {
        self.listeners.iter().find(|listener| listener.transport == transport && listener.local.is_ipv4() == peer.is_ipv4())
    }
}
