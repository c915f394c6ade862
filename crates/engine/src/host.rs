//! What a session keeps beside its JavaScript: what ops read and change, and the outputs they make.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};

use cordboard_now::{Chance, Instant, Now};

use crate::{
    io::{Direction, End, Leg, Output, Profile},
    limits,
    memory::Heap,
    modules::{call::Call, management::Catalogue, net, player::Player, timers::Timers},
    vm::Brake,
};

/// What ops may still do. Each step allows less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Running,
    /// `terminate` was called; open requests are waited for, nothing new begins.
    Draining,
    /// The `Terminating` handlers run: one HTTP request may begin.
    Terminating,
    /// The `Terminated` handlers run: only the log works.
    Terminated,
}

pub struct Host {
    pub profile: Arc<Profile>,
    pub catalogue: Arc<Catalogue>,
    pub now: Now,
    pub chance: Chance,
    pub brake: Brake,
    pub heap: Heap,
    pub stage: Stage,
    pub outputs: VecDeque<Output>,
    pub custom_data: String,
    pub timers: Timers,
    pub net: net::Requests,
    pub sockets: BTreeMap<u64, Socket>,
    pub sockets_allowed: bool,
    pub socket_turn_bytes: usize,
    pub answer_turn_bytes: usize,
    /// Calls that are not over.
    pub calls: BTreeMap<u64, Call>,
    /// Calls that are over.
    pub legs: Vec<Leg>,
    /// Players that may still play, those of calls among them.
    pub players: BTreeMap<u64, Player>,
    /// What happens in turns of its own, without anybody outside.
    pub soon: VecDeque<Soon>,
    pub call_turn_bytes: usize,
    pub tones_hidden: bool,
    /// What the log has told once.
    pub mentioned: BTreeSet<String>,
    /// Requests of the control URL that wait for their answer.
    pub owed: BTreeSet<u64>,
    /// Storage operations and API calls under way.
    pub lookups: BTreeSet<u64>,
    /// Set by `terminate`: the reason to end with.
    pub finish_reason: Option<String>,
    /// Why the scenario does not end by its own will, a sentence for the history.
    pub fault: Option<String>,
    log_bytes: usize,
    last_number: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Socket {
    Incoming,
    Outgoing,
}

/// What the session itself brings about, each in a turn of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Soon {
    /// A call fails that was never placed.
    CallFailed(u64),
    /// The quality of an answered call's sound is told.
    QualityDetected(u64),
    /// What a call should have said or played is over before it began.
    NotPlayed {
        call: u64,
        error: String,
    },
    PlayerCreated(u64),
    PlayerStopped(u64),
    PlayerFailed {
        player: u64,
        error: String,
    },
}

impl Host {
    pub fn new(profile: Profile, catalogue: Arc<Catalogue>) -> Self {
        Self {
            now: Now { monotonic: Instant(0), utc_ms: 0 },
            chance: Chance::new(&profile.seed),
            brake: Brake::default(),
            heap: Heap::default(),
            stage: Stage::Running,
            outputs: VecDeque::new(),
            custom_data: profile.custom_data.clone(),
            timers: Timers::default(),
            net: net::Requests::default(),
            sockets: BTreeMap::new(),
            sockets_allowed: false,
            socket_turn_bytes: 0,
            answer_turn_bytes: 0,
            calls: BTreeMap::new(),
            legs: Vec::new(),
            players: BTreeMap::new(),
            soon: VecDeque::new(),
            call_turn_bytes: 0,
            tones_hidden: false,
            mentioned: BTreeSet::new(),
            owed: BTreeSet::new(),
            lookups: BTreeSet::new(),
            finish_reason: None,
            fault: None,
            log_bytes: 0,
            last_number: 0,
            profile: Arc::new(profile),
            catalogue,
        }
    }

    /// A number for a request, socket, timer or call; no two things of a session share one.
    pub fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Writes to the log. A line that is too long is cut, a log that is full says so once; neither passes in silence.
    pub fn log(&mut self, text: &str) {
        if self.log_bytes >= limits::LOG_BYTES {
            return;
        }
        let mut line = self.without_token(text);
        if let Some((at, _)) = line.char_indices().nth(limits::LOG_LINE_CHARACTERS) {
            line.truncate(at);
            line.push_str(&format!(" … (cut: a log message may have {} characters)", limits::LOG_LINE_CHARACTERS));
        }
        self.log_bytes += line.len() + 1;
        self.outputs.push_back(Output::Log(line));
        if self.log_bytes >= limits::LOG_BYTES {
            self.outputs.push_back(Output::Log(format!("The log of this session is full: it may have {} bytes. Later lines are not kept.", limits::LOG_BYTES)));
        }
    }

    fn without_token(&self, text: &str) -> String {
        let token = &self.profile.token;
        if token.is_empty() { text.to_owned() } else { text.replace(token.as_str(), "***") }
    }

    /// Notes why the scenario does not end by its own will; the first reason stays.
    pub fn fail(&mut self, why: &str) {
        if self.fault.is_none() {
            self.fault = Some(self.without_token(why));
        }
    }

    /// Asks for the end; the first reason stays.
    pub fn end(&mut self, finish_reason: &str) {
        if self.finish_reason.is_none() {
            self.finish_reason = Some(finish_reason.to_owned());
        }
    }

    /// Fails unless new things may begin.
    pub fn running(&self, what: &str) -> Result<(), String> {
        if self.stage == Stage::Running { Ok(()) } else { Err(format!("{what} is not possible: the session is ending")) }
    }

    pub fn outgoing_sockets(&self) -> usize {
        self.sockets.values().filter(|socket| **socket == Socket::Outgoing).count()
    }

    pub fn incoming_sockets(&self) -> usize {
        self.sockets.len() - self.outgoing_sockets()
    }

    /// Everything outside that still runs for this session.
    pub fn under_way(&self) -> usize {
        self.net.active() + self.lookups.len()
    }

    /// Ends the calls that are left, and gives what the history keeps of the session. Who asks again, as another thread may that gave
    /// the session up just when it ended, gets the same calls.
    pub fn ended(&mut self, now: Instant, finish_reason: &str) -> End {
        let fault = self.fault.clone();
        let unanswered = || format!("The session ended before the call was answered: {finish_reason}.");
        let left = std::mem::take(&mut self.calls);
        self.legs.extend(left.into_values().map(|call| call.released(now, fault.as_deref(), unanswered)));
        self.players.clear();
        self.soon.clear();
        let mut calls = self.legs.clone();
        // They stand there in the order in which they ended.
        calls.sort_by_key(|leg| (leg.started_at_ms, leg.direction == Direction::Outgoing, leg.call));
        End { finish_reason: finish_reason.to_owned(), custom_data: self.custom_data.clone(), fault, calls }
    }

    /// Says once in a session that something has no effect yet.
    pub fn mention(&mut self, what: &str) {
        self.note(&format!("{what} is not yet available in Cordboard: it has no effect"));
    }

    /// Says something once in a session.
    pub fn note(&mut self, text: &str) {
        let text: String = text.chars().take(limits::MENTION_CHARACTERS).collect();
        if self.mentioned.len() < limits::MENTIONS && !self.mentioned.contains(&text) {
            self.log(&text);
            self.mentioned.insert(text);
        }
    }

    /// Takes account of what a turn does to calls and players.
    pub fn call_output(&mut self, bytes: usize, output: Output) -> Result<(), String> {
        self.call_turn_bytes += bytes + limits::CALL_ACTION_BYTES;
        if self.call_turn_bytes > limits::CALL_TURN_BYTES {
            return Err(format!(
                "one turn may do things to calls and players with {} bytes in all, counting {} for each",
                limits::CALL_TURN_BYTES,
                limits::CALL_ACTION_BYTES
            ));
        }
        self.outputs.push_back(output);
        Ok(())
    }

    pub fn leg(&self, call: u64, direction: Direction, local_number: &str, remote_number: &str, remote_number_type: &str) -> Leg {
        Leg {
            call,
            direction,
            started_at_ms: self.now.utc_ms,
            duration_seconds: 0,
            local_number: local_number.to_owned(),
            remote_number: remote_number.to_owned(),
            remote_number_type: remote_number_type.to_owned(),
            successful: false,
            custom_data: None,
            end_code: 0,
            end_reason: String::new(),
            explanation: None,
        }
    }
}

/// The host as ops and the session share it. No lock is held while author code can run.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Host>>);

impl Shared {
    pub fn new(host: Host) -> Self {
        Self(Arc::new(Mutex::new(host)))
    }

    /// How many share it.
    #[cfg(test)]
    pub fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    pub fn lock(&self) -> MutexGuard<'_, Host> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Reaches a session whose turn does not end, from another thread.
#[derive(Clone)]
pub struct Watch(pub(crate) Shared);

impl Watch {
    /// Takes the lines of the log that the unfinished turn has written so far. Its other outputs never happen.
    pub fn take_log(&self) -> Vec<String> {
        let outputs = std::mem::take(&mut self.0.lock().outputs);
        outputs.into_iter().filter_map(|output| if let Output::Log(line) = output { Some(line) } else { None }).collect()
    }

    /// The session's custom data as it is now.
    pub fn custom_data(&self) -> String {
        self.0.lock().custom_data.clone()
    }

    /// What the history keeps of the session, which is over whatever its turn does. `fault` is why the scenario does not end by its
    /// own will, a sentence, unless that is known already.
    pub fn end(&self, now: Instant, finish_reason: &str, fault: Option<&str>) -> End {
        let mut host = self.0.lock();
        if let Some(fault) = fault {
            host.fail(fault);
        }
        host.ended(now, finish_reason)
    }
}
