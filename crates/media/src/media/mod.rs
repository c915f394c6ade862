//! [`Media`]: legs, who hears whom, and what is played to them.
//!
//! # Driving
//!
//! Give it commands, packets, results of binding and, at [`Media::deadline`], the time; after each of these drain
//! [`Media::poll`] to `None`. Sockets are the driver's: [`Output::Bind`] asks for one, [`Media::bound`] answers, and
//! [`Output::Send`] names the port it goes out from. A result `Err` for a port that was bound before says that it is gone.

mod describe;
mod frames;
mod leg;
mod legs;
mod outbox;
mod packets;
mod players;
mod ports;
mod stream;
mod sweep;
mod tap;
#[cfg(test)]
mod tests;
mod wires;

use std::{collections::BTreeMap, net::IpAddr, ops::RangeInclusive, sync::Arc};

use cordboard_now::{Chance, Instant, Now};

pub use self::players::PLAYED_RATE;
use self::{legs::Legs, outbox::Outbox, players::Player, ports::Ports, wires::Wires};
use crate::{
    io::{Command, Event, LegId, Output, PlayerId, Statistics, Unit},
    webrtc::Identity,
};

/// What the operator decides.
#[derive(Clone)]
pub struct Config {
    /// The address that descriptions name.
    pub address: IpAddr,
    /// Ports for media; each leg takes a pair.
    pub ports: RangeInclusive<u16>,
    /// Whose certificate DTLS shows; without one, web legs are refused.
    pub identity: Option<Arc<Identity>>,
}

/// The audio of all calls of a node.
pub struct Media {
    config: Config,
    chance: Chance,
    cname: String,
    ports: Ports,
    legs: Legs,
    players: BTreeMap<PlayerId, Player>,
    wires: Wires,
    out: Outbox,
    /// A packet in the making.
    scratch: Vec<u8>,
    /// Slots of legs that are sending keys.
    dialling: Vec<u32>,
    /// Slots of legs that are decoded.
    tapped: Vec<u32>,
    /// Whether a DTLS handshake is under way.
    handshakes: bool,
    /// When the next frame of what is made here is due; kept while something is.
    frame_at: Option<Instant>,
    sweep_at: Option<Instant>,
}

impl Media {
    /// `seed` is of the secret stream of chance.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut chance = Chance::new(&seed);
        // RFC 7022 §4.2: 96 bits by chance.
        let cname = chance.bytes::<12>().iter().map(|byte| format!("{byte:02x}")).collect();
        let ports = Ports::new(&config.ports, &mut chance);
        Self {
            config,
            chance,
            cname,
            ports,
            legs: Legs::default(),
            players: BTreeMap::new(),
            wires: Wires::default(),
            out: Outbox::default(),
            scratch: Vec::with_capacity(1500),
            dialling: Vec::new(),
            tapped: Vec::new(),
            handshakes: false,
            frame_at: None,
            sweep_at: None,
        }
    }

    pub fn command(&mut self, now: Now, command: Command) {
        match command {
            Command::Answer { leg, offer, source } => self.answer(now, leg, &offer, source),
            Command::Offer { leg, web } => self.offer(now, leg, web),
            Command::Take { leg, answer, source } => self.take(now, leg, &answer, source),
            Command::Connected { leg } => {
                if let Some(leg) = self.legs.by_id(leg) {
                    leg.connect();
                }
            }
            Command::Close { leg } => self.close(now, leg),
            Command::Wire { from, to } => self.wire(from, to),
            Command::Unwire { from, to } => {
                if self.wires.heard_by(to) == Some(from) {
                    self.unwire(to);
                }
            }
            Command::Player { player, looped, paused, waits } => self.make_player(player, looped, paused, waits),
            Command::Load { player, audio, again } => self.load(player, audio, again),
            Command::Pause { player } => {
                if let Some(player) = self.players.get_mut(&player) {
                    player.paused = true;
                }
            }
            Command::Resume { player } => self.resume(player),
            Command::Mark { player, offset_ms } => self.mark(player, offset_ms),
            Command::Stop { player } => self.forget_player(player),
            Command::Tones { leg, on } => {
                if let Some(leg) = self.legs.by_id(leg) {
                    leg.tones = on;
                }
            }
            Command::Digits { leg, digits } => self.digits(now, leg, &digits),
        }
        self.schedule(now.monotonic);
    }

    /// Time passed.
    pub fn tick(&mut self, now: Now) {
        self.frames(now);
        self.sweep(now);
        self.schedule(now.monotonic);
    }

    /// What is wanted. To be drained after each call of another function.
    pub fn poll(&mut self) -> Option<Output<'_>> {
        self.out.poll()
    }

    /// When to call `tick`, and why.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        let frame = self.frame_at.map(|at| (at, "a frame is due"));
        let sweep = self.sweep_at.map(|at| (at, "legs are looked after"));
        frame.into_iter().chain(sweep).min_by_key(|(at, _)| *at)
    }

    /// How many legs there are.
    pub fn legs(&self) -> usize {
        self.legs.len()
    }

    /// How many players there are.
    pub fn players(&self) -> usize {
        self.players.len()
    }

    fn close(&mut self, now: Now, id: LegId) {
        self.unwire(id);
        self.unwire_all_from(Unit::Leg(id));
        let statistics = match self.legs.slot(id) {
            Some(slot) => {
                self.farewell(now, slot);
                self.remove(now.monotonic, slot)
            }
            None => Statistics::default(),
        };
        self.out.event(Event::Closed { leg: id, statistics });
    }

    /// Forget a leg and give its ports back; its wires, as a hearer, stay.
    fn remove(&mut self, at: Instant, slot: u32) -> Statistics {
        let Some(leg) = self.legs.remove(slot) else { return Statistics::default() };
        self.dialling.retain(|dialling| *dialling != slot);
        self.tapped.retain(|tapped| *tapped != slot);
        if let Some(from) = self.wires.heard_by(leg.id) {
            self.disconnect(from, slot);
        }
        self.out.unbind(leg.port);
        if let Some(port) = leg.rtcp_port {
            self.out.unbind(port);
        }
        self.ports.give_back(at, leg.port);
        leg.statistics()
    }
}
