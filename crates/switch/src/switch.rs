//! The switch: what it holds, and which part takes an input.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
    sync::Arc,
};

use cordboard_engine as engine;
use cordboard_media as media;
use cordboard_now::{Chance, Instant, Now};
use cordboard_sip as sip;

use crate::{
    arrival::Arrival,
    auth::Gate,
    call::Call,
    io::{Config, Found, Input, Output, Question, SessionInfo, Ticket},
    register::Pending,
    revoke::Outdated,
};

/// Numbers of calls that come in begin here; those that sessions place stay far below.
const FIRST_INCOMING: u64 = 1 << 40;

/// Look-ups under way at once; more are refused with 503.
pub(crate) const LOOKUPS: usize = 10_000;

/// Sessions that ended before a call of theirs was told, at most; and how long they are remembered.
const ENDED: usize = 10_000;
const ENDED_MS: u64 = 60_000;

/// What is taken beside calls themselves. REFER comes with transfers: a phone that reads of it shows a key that would always fail.
const METHODS: sip::Methods = sip::Methods { inside: &["OPTIONS", "INFO", "UPDATE", "MESSAGE"], outside: &["OPTIONS", "REGISTER"] };

/// One call of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub session_id: i64,
    /// The session's number of the call.
    pub call: u64,
}

/// What waits for a look-up.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// A call that came in.
    Arrival(sip::CallId),
    Request(Box<Pending>),
    /// A call that a session places: whether its user exists, or where it goes.
    Placing(Key),
}

/// What a session has of calls.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub calls: BTreeSet<u64>,
    /// The session's numbers of players.
    pub players: BTreeMap<u64, media::PlayerId>,
    /// A call that came in was told.
    pub alerted: bool,
    /// Caller ids of calls that came in: a session may pass them on.
    pub callerids: BTreeSet<String>,
    /// How many hops a call that it places may take, once one came in: the fewest of theirs, less one. RFC 3261 §16.6 step 3.
    pub hops: Option<u8>,
}

pub struct Switch {
    pub(crate) config: Config,
    pub(crate) agent: sip::Agent,
    pub(crate) registrar: sip::registrar::Registrar,
    pub(crate) gate: Gate,
    pub(crate) arrivals: BTreeMap<sip::CallId, Arrival>,
    /// How many of them each address has.
    pub(crate) arriving: BTreeMap<IpAddr, usize>,
    pub(crate) calls: BTreeMap<Key, Call>,
    pub(crate) sessions: BTreeMap<i64, Held>,
    pub(crate) dialogs: BTreeMap<sip::CallId, Key>,
    pub(crate) legs: BTreeMap<media::LegId, Key>,
    pub(crate) players: BTreeMap<media::PlayerId, (i64, u64)>,
    pub(crate) waiting: BTreeMap<Ticket, Waiting>,
    /// Requests inside dialogs that sessions sent, by what is to be told of them.
    pub(crate) asked: BTreeMap<sip::RequestId, Key>,
    pub(crate) timers: BTreeSet<(Instant, Key)>,
    /// Sessions that ended without the call that began them, while calls were looked for their rule; and when they did.
    ended: BTreeSet<i64>,
    ends: VecDeque<(Instant, i64)>,
    pub(crate) outdated: Outdated,
    /// What the trunk's host was found at, the newest last.
    pub(crate) trunk_addresses: Vec<IpAddr>,
    pub(crate) draining: bool,
    pub(crate) now: Now,
    last_number: u64,
    outputs: VecDeque<Output>,
}

/// Under which hosts peers know this server.
fn own_hosts(config: &Config) -> Vec<String> {
    let hosts =
        config.sip.listeners.iter().flat_map(|listener| [Some(listener.local.ip().to_string()), listener.advertised.as_ref().map(|(host, _)| host.to_lowercase())]);
    hosts.flatten().chain([config.domain.to_lowercase()]).collect()
}

impl Switch {
    pub fn new(config: Config) -> Self {
        // What peers see of one stream says nothing of the other.
        let mut seeds = Chance::new(&config.seed);
        Self {
            agent: sip::Agent::new(sip::Config { methods: METHODS, ..config.sip.clone() }, seeds.bytes()),
            registrar: sip::registrar::Registrar::new(),
            gate: Gate::new(config.secret, &config.realm, own_hosts(&config), seeds.bytes()),
            arrivals: BTreeMap::new(),
            arriving: BTreeMap::new(),
            calls: BTreeMap::new(),
            sessions: BTreeMap::new(),
            dialogs: BTreeMap::new(),
            legs: BTreeMap::new(),
            players: BTreeMap::new(),
            waiting: BTreeMap::new(),
            asked: BTreeMap::new(),
            timers: BTreeSet::new(),
            ended: BTreeSet::new(),
            ends: VecDeque::new(),
            outdated: Outdated::default(),
            trunk_addresses: Vec::new(),
            draining: false,
            now: Now { monotonic: Instant(0), utc_ms: 0 },
            last_number: 0,
            outputs: VecDeque::new(),
            config,
        }
    }

    pub fn handle(&mut self, now: Now, input: Input) {
        debug_assert!(self.outputs.is_empty(), "what followed from the input before was not taken");
        self.now = now;
        match input {
            Input::Sip(input) => self.agent.handle(now, input),
            Input::Media(event) => self.media_event(event),
            Input::Session { session, output } => self.session_wants(&session, output),
            Input::SessionEnded { session_id } => self.session_ended(session_id),
            Input::Found { ticket, found } => self.found(ticket, found),
            Input::Revoked(revoked) => self.revoke(&revoked),
            Input::Idle { flow } => self.idle(flow),
            Input::Tick => self.tick(),
            Input::Drain => self.draining = true,
        }
        self.pump();
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        let call = self.timers.first().map(|(at, _)| (*at, "an unanswered call"));
        [self.agent.deadline(), self.registrar.deadline(), call].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// Calls that came in, are placed or talk.
    pub fn calls(&self) -> usize {
        self.calls.len() + self.arrivals.len()
    }

    /// Everything that is kept for calls; 0 when there is none.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.tables().iter().map(|(_, entries)| entries).sum()
    }

    /// How much each table holds that is empty without calls.
    pub fn tables(&self) -> [(&'static str, usize); 10] {
        [
            ("arrivals", self.arrivals.len()),
            ("arriving addresses", self.arriving.len()),
            ("calls", self.calls.len()),
            ("sessions", self.sessions.len()),
            ("dialogs", self.dialogs.len()),
            ("legs", self.legs.len()),
            ("players", self.players.len()),
            ("look-ups", self.waiting.len()),
            ("requests", self.asked.len()),
            ("timers", self.timers.len()),
        ]
    }

    /// How much the tables of the SIP agent hold.
    pub fn sip_sizes(&self) -> sip::Sizes {
        self.agent.sizes()
    }

    /// Registered devices.
    pub fn registrations(&self) -> usize {
        self.registrar.len()
    }

    /// Grows with each change of `kept_registrations`.
    pub fn registration_changes(&self) -> u64 {
        self.registrar.changes()
    }

    /// What `restore_registrations` is to be given after a restart.
    pub fn kept_registrations(&self, now: Now) -> Vec<sip::registrar::Kept> {
        self.registrar.kept(now)
    }

    /// Devices that were registered before a restart. Whether there still is such a user is looked up with each call.
    pub fn restore_registrations(&mut self, now: Now, kept: impl Iterator<Item = sip::registrar::Kept>) {
        let udp = self.config.sip.listeners.iter().find(|listener| listener.transport == sip::Transport::Udp);
        if let Some(local) = udp.map(|listener| listener.local) {
            kept.for_each(|kept| self.registrar.restore(now, local, kept));
        }
    }

    /// What the agent has to say, and what follows from that, to the last.
    fn pump(&mut self) {
        while let Some(output) = self.agent.poll() {
            match output {
                sip::Output::Event(event) => self.sip_event(event),
                other => self.outputs.push_back(Output::Sip(other)),
            }
        }
    }

    fn tick(&mut self) {
        self.agent.handle(self.now, sip::Input::Tick);
        self.registrar.tick(self.now);
        self.keep_ways_open();
        while let Some((at, key)) = self.timers.first().copied() {
            if at > self.now.monotonic {
                break;
            }
            self.timers.remove(&(at, key));
            self.call_due(key);
        }
    }

    fn sip_event(&mut self, event: sip::Event) {
        use sip::Event;
        match event {
            Event::Incoming { call, flow, request } => self.arrive(call, flow, request),
            Event::Progress { call, response } => self.progress(call, &response),
            Event::Answered { call, response } => self.answered(call, &response),
            Event::Acknowledged { call, body } => self.acknowledged(call, body),
            Event::Failed { call, status, reason, response } => self.failed(call, status, &reason, response.as_deref()),
            Event::Ended { call, why, request } => self.ended(call, why, request.as_deref()),
            Event::Requested { call, request, message } => self.requested(call, request, &message),
            Event::Outside { request, flow, message } => self.outside(request, flow, message),
            Event::Replied { request, .. } => self.replied(request),
            Event::FlowClosed { flow } => {
                self.registrar.closed(flow);
                self.gate.closed(flow);
            }
        }
    }

    fn found(&mut self, ticket: Ticket, found: Found) {
        let Some(waiting) = self.waiting.remove(&ticket) else { return };
        let found = match self.still(ticket, &waiting, found) {
            Ok(found) => found,
            // It has the place among the look-ups that it just left.
            Err(question) => {
                self.ask(waiting, question);
                return;
            }
        };
        match waiting {
            Waiting::Arrival(call) => self.arrival_found(call, found),
            Waiting::Request(pending) => self.request_found(*pending, found),
            Waiting::Placing(key) => self.placing_found(key, found),
        }
    }

    /// Asks, unless too much is asked already.
    pub(crate) fn ask(&mut self, waiting: Waiting, question: Question) -> bool {
        if self.waiting.len() >= LOOKUPS {
            return false;
        }
        let ticket = Ticket(self.number());
        self.waiting.insert(ticket, waiting);
        self.outputs.push_back(Output::Ask { ticket, question });
        true
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// A session's number for a call that came in.
    pub(crate) fn incoming_number(&mut self) -> u64 {
        FIRST_INCOMING + self.number()
    }

    pub(crate) fn put(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    pub(crate) fn proved(&mut self, flow: sip::Flow) {
        if flow.connection != 0 {
            self.put(Output::Proved { flow });
        }
    }

    fn idle(&mut self, flow: sip::Flow) {
        if !self.agent.is_used(&flow) && !self.registrar.is_used(&flow) {
            self.close(flow);
        }
    }

    pub(crate) fn close(&mut self, flow: sip::Flow) {
        self.put(Output::Sip(sip::Output::Close { flow }));
        self.agent.handle(self.now, sip::Input::Closed { flow });
    }

    pub(crate) fn media(&mut self, command: media::Command) {
        self.outputs.push_back(Output::Media(command));
    }

    pub(crate) fn sip(&mut self, command: sip::Command) {
        self.agent.handle(self.now, sip::Input::Do(command));
    }

    /// Tells a session something of a call.
    pub(crate) fn tell(&mut self, key: Key, event: engine::CallEvent) {
        self.outputs.push_back(Output::Session { session_id: key.session_id, input: engine::Input::Call { call: key.call, event } });
    }

    fn session_wants(&mut self, session: &Arc<SessionInfo>, output: engine::Output) {
        use engine::Output as Wanted;
        let session_id = session.session_id;
        match output {
            Wanted::Place { call, placing } => self.place(session, call, *placing),
            Wanted::Call { call, action } => self.act(Key { session_id, call }, action),
            Wanted::Play { player, play } => self.play(session_id, player, play),
            Wanted::Player { player, action } => self.player_act(session_id, player, action),
            Wanted::Wire { from, to } => self.wire(Key { session_id, call: to }, from),
            Wanted::Unwire { from, to } => self.unwire(Key { session_id, call: to }, from),
            _ => {}
        }
    }

    /// Whether a session that was begun for a call is over already.
    pub(crate) fn has_ended(&self, session_id: i64) -> bool {
        self.ended.contains(&session_id)
    }

    fn forget_ended(&mut self) {
        while let Some((at, session_id)) = self.ends.front().copied() {
            if at.plus(ENDED_MS) > self.now.monotonic && self.ends.len() < ENDED {
                break;
            }
            self.ends.pop_front();
            self.ended.remove(&session_id);
        }
    }

    fn session_ended(&mut self, session_id: i64) {
        // Its call may be on its way through the look-ups still.
        if !self.arrivals.is_empty() && self.sessions.get(&session_id).is_none_or(|held| !held.alerted) {
            self.forget_ended();
            if self.ended.insert(session_id) {
                self.ends.push_back((self.now.monotonic, session_id));
            }
        }
        let Some(held) = self.sessions.get(&session_id) else { return };
        for call in held.calls.clone() {
            self.release(Key { session_id, call }, Vec::new());
        }
        if let Some(held) = self.sessions.remove(&session_id) {
            for player in held.players.into_values() {
                self.players.remove(&player);
                self.media(media::Command::Stop { player });
            }
        }
    }
}
