//! A simulated world: one switch, phones and a carrier with SIP of their own, a network that loses, doubles, delays and
//! translates, scripted audio, look-ups and sessions, and a clock that anybody may move.
//!
//! Everything happens in the order of one queue and all chance comes from one seed, so a story is its seed. The world keeps a
//! ledger of what must hold whatever happens ([`World::faults`]): a leg is closed once, a call of a session ends once and says
//! nothing after its end, a session has one history row, and when all is quiet nothing is kept.

mod directory;
mod ledger;
mod media;
mod network;
mod phone;
pub mod random;
mod real;
mod session;
#[cfg(test)]
mod stories;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};

use cordboard_engine as engine;
use cordboard_media as audio;
use cordboard_now::{Chance, Instant, Now};
use cordboard_sip as sip;

pub use self::{
    directory::{APPLICATION, Directory, REALM},
    ledger::Row,
    media::{Audio, GARBAGE, HOLD, NO_CODEC, OFFER},
    network::{Link, Nat, SWITCH},
    phone::{Deed, Manner, Phone, PhoneId, Then},
    session::{Mind, Plan, Step, to_number, to_uri, to_user},
};
use crate::{Config, Found, Input, Output, SessionInfo, Switch, Ticket, Trunk};

/// The first moment of every world, milliseconds since 1970.
const BEGINNING_UTC_MS: i64 = 1_700_000_000_000;

/// The carrier's network, from which calls to numbers of the trunk come.
pub const CARRIER: &str = "203.0.113.0/24";

/// One thing that will happen.
#[derive(Debug)]
enum Happening {
    ToSwitch(sip::Input),
    /// Only for a phone that has not been restarted since.
    ToPhone(PhoneId, u32, sip::Input),
    Media(audio::Event),
    Found(Ticket, Found),
    ToSession(i64, engine::Input),
    FromSession(i64, Box<engine::Output>),
    SessionEnded(i64),
    /// A scripted session goes on.
    Plan(i64, Step),
    Deed(PhoneId, u32, Deed),
    /// The audio of a leg may have stopped for good.
    Silence(audio::LegId),
}

/// Who has a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Switch,
    Phone(PhoneId),
    Session(i64),
    Media,
}

/// How long what is not the network takes, milliseconds, from and to.
#[derive(Clone, Copy, Debug)]
pub struct Delays {
    pub media: (u64, u64),
    pub look_up: (u64, u64),
    pub session: (u64, u64),
}

impl Default for Delays {
    fn default() -> Self {
        Self { media: (1, 1), look_up: (2, 2), session: (1, 1) }
    }
}

pub struct World {
    pub switch: Switch,
    config: Config,
    now_ms: u64,
    utc_offset_ms: i64,
    chance: Chance,
    queue: BTreeMap<(u64, u64), Happening>,
    numbers: u64,
    due: BTreeSet<(Instant, Who)>,
    due_of: BTreeMap<Who, Instant>,
    /// Where queues that keep their order have come to.
    lanes: BTreeMap<Lane, u64>,
    pub phones: Vec<Phone>,
    by_address: BTreeMap<SocketAddr, PhoneId>,
    network: network::Network,
    pub audio: Audio,
    real: Option<real::Real>,
    /// What came to addresses that datagrams were sent from by hand.
    pub letters: BTreeMap<SocketAddr, Vec<String>>,
    pub directory: Directory,
    sessions: BTreeMap<i64, session::Session>,
    pub delays: Delays,
    pub ledger: ledger::Ledger,
    /// Whether what phones see and say is kept.
    pub records: bool,
    last_session: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    Media,
    ToSession(i64),
    FromSession(i64),
    /// One direction of a connection: towards the switch or not.
    Connection(u64, bool),
}

impl World {
    /// A world with nobody in it; the trunk's carrier is at 203.0.113.1 and asks for nothing.
    pub fn new(seed: u64) -> Self {
        Self::with(seed, |_| {})
    }

    /// The same, with settings of the switch changed.
    pub fn with(seed: u64, change: impl FnOnce(&mut Config)) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut chance = Chance::new(&bytes);
        let listener = |transport, port| sip::Listener { transport, local: SocketAddr::new(SWITCH, port), advertised: None };
        let listeners = vec![listener(sip::Transport::Udp, 5060), listener(sip::Transport::Tcp, 5060), listener(sip::Transport::Ws, 80)];
        let mut config = Config {
            sip: sip::Config { listeners, ..sip::Config::default() },
            realm: REALM.to_owned(),
            domain: "cordboard.test".to_owned(),
            trunk: Some(Trunk {
                host: "carrier.test".to_owned(),
                port: None,
                transport: sip::Transport::Udp,
                credentials: Some(sip::Credentials { username: "trunk".to_owned(), password: "carried".to_owned() }),
                sources: CARRIER.parse().into_iter().collect(),
                policy: crate::trunk::Trunk::new(
                    crate::trunk::Line::parse("+15550100=demo").into_iter().collect(),
                    crate::trunk::Allowed::parse("+1555*").into_iter().collect(),
                    1,
                ),
            }),
            secret: chance.bytes(),
            seed: chance.bytes(),
        };
        change(&mut config);
        Self {
            switch: Switch::new(config.clone()),
            config,
            now_ms: 1_000,
            utc_offset_ms: BEGINNING_UTC_MS,
            chance,
            queue: BTreeMap::new(),
            numbers: 0,
            due: BTreeSet::new(),
            due_of: BTreeMap::new(),
            lanes: BTreeMap::new(),
            phones: Vec::new(),
            by_address: BTreeMap::new(),
            network: network::Network::default(),
            audio: Audio::default(),
            real: None,
            letters: BTreeMap::new(),
            directory: Directory { hosts: [("carrier.test".to_owned(), vec![std::net::IpAddr::from([203, 0, 113, 1])])].into(), ..Directory::default() },
            sessions: BTreeMap::new(),
            delays: Delays::default(),
            ledger: ledger::Ledger::default(),
            records: true,
            last_session: 0,
        }
    }

    pub fn now(&self) -> Now {
        let passed = i64::try_from(self.now_ms).unwrap_or(i64::MAX);
        Now { monotonic: Instant(self.now_ms), utc_ms: self.utc_offset_ms.saturating_add(passed) }
    }

    /// Milliseconds since the world began.
    pub fn passed_ms(&self) -> u64 {
        self.now_ms - 1_000
    }

    /// The calendar is set anew.
    pub fn jump_utc(&mut self, ms: i64) {
        self.utc_offset_ms += ms;
    }

    /// Everybody's machine stood still: what was due meanwhile happens late and at once.
    pub fn stand_still(&mut self, ms: u64) {
        self.now_ms += ms;
    }

    /// The node is started again: calls, sessions, registrations and connections are gone, and what is under way comes to one that knows
    /// nothing of it.
    pub fn restart_node(&mut self) {
        self.config.seed = self.chance.bytes();
        self.switch = Switch::new(self.config.clone());
        self.audio.forget();
        if self.real.is_some() {
            self.set_due(Who::Media, None);
            self.hear();
        }
        self.queue.retain(|_, happening| matches!(happening, Happening::ToSwitch(_) | Happening::ToPhone(..) | Happening::Deed(..)));
        for (session_id, session) in std::mem::take(&mut self.sessions) {
            self.set_due(Who::Session(session_id), None);
            if !session.ended {
                self.ledger.ended(session_id, Row { finish_reason: "Cut off".to_owned(), calls: 0 });
            }
        }
        self.lanes.retain(|lane, _| matches!(lane, Lane::Connection(..)));
        self.set_due(Who::Switch, None);
        for phone in 0..self.phones.len() {
            self.close_connections(phone);
        }
    }

    fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { u64::from_le_bytes(self.chance.bytes()) % limit }
    }

    fn between(&mut self, (from, to): (u64, u64)) -> u64 {
        if from >= to { from } else { from + self.below(to - from + 1) }
    }

    fn percent(&mut self, of_hundred: u64) -> bool {
        of_hundred > 0 && self.below(100) < of_hundred
    }

    fn put(&mut self, at_ms: u64, happening: Happening) {
        self.numbers += 1;
        self.queue.insert((at_ms, self.numbers), happening);
    }

    fn after(&mut self, ms: u64, happening: Happening) {
        self.put(self.now_ms + ms, happening);
    }

    /// Not before what went over the same lane.
    fn in_order(&mut self, lane: Lane, ms: u64, happening: Happening) {
        let at = self.lanes.get(&lane).copied().unwrap_or_default().max(self.now_ms + ms);
        self.lanes.insert(lane, at);
        self.put(at, happening);
    }

    fn set_due(&mut self, who: Who, due: Option<Instant>) {
        let before = match due {
            Some(due) => self.due_of.insert(who, due),
            None => self.due_of.remove(&who),
        };
        if before != due {
            before.map(|before| self.due.remove(&(before, who)));
            due.map(|due| self.due.insert((due, who)));
        }
    }

    /// Lets time pass.
    pub fn run(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        while self.step(until) {}
        self.now_ms = self.now_ms.max(until);
    }

    /// Lets time pass until nothing is under way or due, for two hours at most; false if something still is.
    pub fn settle(&mut self) -> bool {
        let until = self.now_ms + 7_200_000;
        while self.step(until) {}
        self.queue.is_empty() && self.due.is_empty()
    }

    /// The next thing that happens until a moment; false if there is none.
    fn step(&mut self, until_ms: u64) -> bool {
        let queued = self.queue.first_key_value().map(|(key, _)| key.0);
        let due = self.due.first().map(|(at, who)| (at.0, *who));
        match (queued, due) {
            (Some(at), due) if at <= until_ms && due.is_none_or(|(due, _)| at <= due) => {
                self.now_ms = self.now_ms.max(at);
                if let Some((_, happening)) = self.queue.pop_first() {
                    self.happen(happening);
                }
                true
            }
            (_, Some((at, who))) if at <= until_ms => {
                self.now_ms = self.now_ms.max(at);
                match who {
                    Who::Switch => self.tell_switch(Input::Tick),
                    Who::Phone(phone) => self.tell_phone(phone, sip::Input::Tick),
                    Who::Session(session_id) => self.tell_session(session_id, engine::Input::Tick),
                    Who::Media => self.tick_media(),
                }
                true
            }
            _ => false,
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::ToSwitch(input) => self.tell_switch(Input::Sip(input)),
            Happening::ToPhone(phone, epoch, input) => {
                if self.phones.get(phone).is_some_and(|phone| phone.epoch == epoch && !phone.gone) {
                    self.tell_phone(phone, input);
                }
            }
            Happening::Media(event) => self.tell_switch(Input::Media(event)),
            Happening::Found(ticket, found) => self.tell_switch(Input::Found { ticket, found }),
            Happening::ToSession(session_id, input) => self.tell_session(session_id, input),
            Happening::FromSession(session_id, output) => {
                if let Some(session) = self.sessions.get(&session_id) {
                    let session = session.info.clone();
                    self.tell_switch(Input::Session { session, output: *output });
                }
            }
            Happening::SessionEnded(session_id) => {
                self.sessions.remove(&session_id);
                self.lanes.remove(&Lane::ToSession(session_id));
                self.lanes.remove(&Lane::FromSession(session_id));
                self.tell_switch(Input::SessionEnded { session_id });
            }
            Happening::Plan(session_id, step) => self.go_on(session_id, step),
            Happening::Deed(phone, epoch, deed) => {
                if self.phones.get(phone).is_some_and(|phone| phone.epoch == epoch) {
                    self.act(phone, deed);
                }
            }
            Happening::Silence(leg) => self.fall_silent(leg),
        }
    }

    /// Gives the switch one input and carries out what follows. A call may come to a session that has just ended, and then must not outlive
    /// it.
    pub fn tell_switch(&mut self, input: Input) {
        let mut over = BTreeSet::new();
        let mut next = Some(input);
        while let Some(input) = next {
            self.switch.handle(self.now(), input);
            while let Some(output) = self.switch.poll() {
                over.extend(self.carry_out(output));
            }
            next = over.pop_first().map(|session_id| Input::SessionEnded { session_id });
        }
        let due = self.switch.deadline().map(|(at, _)| at);
        self.set_due(Who::Switch, due);
    }

    /// Gives the session for which something was, if it is over.
    fn carry_out(&mut self, output: Output) -> Option<i64> {
        match output {
            Output::Sip(output) => self.switch_says(output),
            Output::Proved { .. } => {}
            Output::Media(command) if self.real.is_some() => self.real_command(command),
            Output::Media(command) => self.media_command(command),
            Output::Fetch { session_id, .. } if !self.runs(session_id) => return Some(session_id),
            Output::Fetch { player, .. } => self.fetched(player),
            Output::Session { session_id, .. } if !self.runs(session_id) => return Some(session_id),
            Output::Session { session_id, input } => self.post(session_id, input),
            Output::Ask { ticket, question } => {
                let found = self.look_up(question);
                let after = self.between(self.delays.look_up);
                self.after(after, Happening::Found(ticket, found));
            }
            Output::Explain { session_id, call, text } => self.ledger.explained(session_id, call, text),
            Output::Refused { status, why, .. } => self.ledger.refused(status, why),
        }
        None
    }

    /// What went wrong, and what is still kept although nobody calls any more. To be asked when all is quiet.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.ledger.faults.clone();
        let mut expect = |what: &str, empty: bool, kept: String| {
            if !empty {
                faults.push(format!("{what} kept {kept}"));
            }
        };
        for (table, entries) in self.switch.tables() {
            expect("the switch", entries == 0, format!("{entries} {table}"));
        }
        let sizes = self.switch.sip_sizes();
        expect("the agent", sizes.calls + sizes.transactions + sizes.deadlines == 0, format!("{sizes:?}"));
        expect("the audio", self.audio.is_empty(), self.audio.kept());
        expect("the real audio", self.real.as_ref().is_none_or(real::Real::is_empty), String::new());
        expect("the registrar", self.switch.registrations() == 0, self.switch.registrations().to_string());
        expect("sessions", self.sessions.is_empty(), format!("{:?}", self.sessions.keys().collect::<Vec<_>>()));
        for phone in self.phones.iter().filter(|phone| !phone.gone) {
            let sizes = phone.agent.sizes();
            expect(&phone.name, sizes.calls + sizes.transactions + sizes.deadlines == 0, format!("{sizes:?}"));
        }
        faults.extend(self.ledger.unfinished());
        faults
    }

    /// How many sessions run.
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    fn info(&self, session_id: i64, guest: bool) -> Arc<SessionInfo> {
        Arc::new(SessionInfo { session_id, account_id: 1, application_id: 1, application: APPLICATION.to_owned(), guest })
    }
}
