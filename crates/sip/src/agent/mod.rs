//! The agent: transactions, dialogs and connections, as one value.
//!
//! `handle` takes one input, after which `poll` is drained; `deadline` says when the next `Input::Tick` is due. The end of a call
//! is reported exactly once, by `Ended` or `Failed`; the agent then still finishes what the peer has to hear (BYE, CANCEL, the ACK of
//! a late answer) by itself.

mod authorization;
mod calls;
mod clients;
pub(crate) mod draft;
pub(crate) mod flows;
mod incoming;
mod inside;
mod outside;
mod placed;
mod receive;
mod servers;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use cordboard_now::{Chance, Instant, Now};

use self::{
    calls::Call,
    clients::Clients,
    draft::Allow,
    flows::{Connection, Link, LinkKey},
    servers::Servers,
};
use crate::{
    config::Config,
    deadlines::Deadlines,
    flow::Flow,
    io::{CallId, Command, Event, Input, Output, RequestId},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    Server(u64),
    Client(u64),
    Call(CallId),
    Link(u64),
}

/// How much the tables of an agent hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    pub calls: usize,
    /// Of both sides.
    pub transactions: usize,
    pub connections: usize,
    /// Connections of ours, those that are still opening included.
    pub links: usize,
    pub deadlines: usize,
}

/// One party of SIP, with any number of calls and connections.
pub struct Agent {
    config: Config,
    allow: Allow,
    chance: Chance,
    /// What tags of answers that nobody remembers are made from.
    secret: u64,
    now: Instant,
    numbers: u64,
    out: VecDeque<Output>,
    deadlines: Deadlines<Timer>,
    calls: HashMap<CallId, Box<Call>>,
    servers: Servers,
    clients: Clients,
    connections: HashMap<u64, Box<Connection>>,
    links: HashMap<u64, Link>,
    link_keys: BTreeMap<LinkKey, u64>,
}

impl Agent {
    /// `seed` is a secret: tags, branches and nonces of clients come from it.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut chance = Chance::new(&seed);
        let secret = u64::from_le_bytes(chance.bytes());
        Self {
            allow: Allow::new(&config.methods),
            config,
            chance,
            secret,
            now: Instant(0),
            numbers: 0,
            out: VecDeque::new(),
            deadlines: Deadlines::new(),
            calls: HashMap::new(),
            servers: Servers::default(),
            clients: Clients::default(),
            connections: HashMap::new(),
            links: HashMap::new(),
            link_keys: BTreeMap::new(),
        }
    }

    /// A number for a call that will be placed.
    pub fn call(&mut self) -> CallId {
        CallId(self.number())
    }

    /// A number for a request that will be sent.
    pub fn request(&mut self) -> RequestId {
        RequestId(self.number())
    }

    pub fn handle(&mut self, now: Now, input: Input) {
        self.now = self.now.max(now.monotonic);
        match input {
            Input::Packet { flow, bytes } => self.packet(flow, &bytes),
            Input::Bytes { flow, bytes } => self.bytes(flow, &bytes),
            Input::Connected { ticket, flow } => self.connected(ticket, flow),
            Input::ConnectFailed { ticket, reason } => self.connect_failed(ticket, &reason),
            Input::Closed { flow } => self.closed(flow),
            Input::Tick => self.tick(),
            Input::Do(command) => self.command(command),
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When `Input::Tick` is due next, and what for.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        self.deadlines.first().map(|(at, timer)| {
            (
                at,
                match timer {
                    Timer::Server(_) => "SIP server transaction",
                    Timer::Client(_) => "SIP client transaction",
                    Timer::Call(_) => "SIP call",
                    Timer::Link(_) => "SIP connection that opens",
                },
            )
        })
    }

    /// Whether messages can go over a flow: its connection is open, or it needs none.
    pub fn is_connected(&self, flow: &Flow) -> bool {
        flow.connection == 0 || self.connections.contains_key(&flow.connection)
    }

    /// Whether a call or a request of ours goes over a connection.
    pub fn is_used(&self, flow: &Flow) -> bool {
        self.connections.get(&flow.connection).is_some_and(|connection| !connection.calls.is_empty() || !connection.clients.is_empty())
    }

    pub fn sizes(&self) -> Sizes {
        Sizes {
            calls: self.calls.len(),
            transactions: self.servers.of.len() + self.clients.len(),
            connections: self.connections.len(),
            links: self.links.len(),
            deadlines: self.deadlines.len(),
        }
    }

    /// Entries of all tables that only find others.
    #[cfg(test)]
    fn indices(&self) -> usize {
        let of_connections: usize = self.connections.values().map(|connection| connection.calls.len() + connection.clients.len()).sum();
        self.servers.by_key.len() + self.servers.by_merge.len() + self.link_keys.len() + of_connections
    }

    fn tick(&mut self) {
        while let Some((at, timer)) = self.deadlines.first() {
            if at > self.now {
                break;
            }
            match timer {
                Timer::Server(id) => self.server_tick(id),
                Timer::Client(id) => self.client_tick(id),
                Timer::Call(call) => self.call_tick(call),
                Timer::Link(ticket) => self.connect_failed(ticket, "The connection did not open in time"),
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Invite { call, target, invite } => self.place(call, &target, *invite),
            Command::Answer { call, reply } => self.answer(call, reply),
            Command::Hangup { call, headers } => self.hang_up(call, headers),
            Command::Inside { call, request, method, headers, body } => self.inside(call, request, method, headers, body),
            Command::Outside { request, target, outside } => self.outside(request, &target, *outside),
            Command::Reply { request, reply } => self.reply(request, reply),
        }
    }

    fn event(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn random(&mut self) -> u64 {
        u64::from_le_bytes(self.chance.bytes())
    }

    /// Whether one more transaction may begin. What belongs to calls that there are (`own`) may take an eighth more, so that
    /// strangers cannot keep them from ending.
    fn has_room(&self, own: bool) -> bool {
        let limit = self.config.limits.transactions;
        self.servers.of.len() + self.clients.len() < if own { limit + limit / 8 } else { limit }
    }

    /// A tag that is the same whenever it is asked for the same request, and that nobody else can tell.
    fn stateless_tag(&self, of: &[&str]) -> String {
        let mut hasher = DefaultHasher::new();
        (self.secret, of).hash(&mut hasher);
        format!("s-{:016x}", hasher.finish())
    }

    /// A tag of ours, which finds its call again.
    fn tag_of(&mut self, call: CallId) -> String {
        format!("{:x}-{:016x}", call.0, self.random())
    }
}
