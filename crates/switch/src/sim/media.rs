//! Audio without sound: answers every command as the real one would, and notices what the real one would suffer from.
//!
//! Descriptions are words. What phones say ends with who says it, so that a leg knows whose audio it hears: its first packet
//! comes when the phone's call is up, and it falls silent some seconds after the phone has gone.

use std::collections::BTreeMap;

use cordboard_media::{Command, Event, LegId, PlayerId, Statistics, Unit};

use super::{Happening, Lane, PhoneId, World};

/// What phones offer and answer, followed by who does.
pub const OFFER: &str = "sound";
/// The same with the direction of hold.
pub const HOLD: &str = "hold";
/// A description without a common codec.
pub const NO_CODEC: &str = "nothing";
/// What is no description.
pub const GARBAGE: &str = "rubbish";

/// No packet for so long is silence. voxengine.md §8.
const SILENT_MS: u64 = 7_000;

/// When the first packet after an agreement is there.
const FIRST_MS: u64 = 40;

/// How long players play.
const SOUND_MS: u64 = 3_000;

#[derive(Debug, Default)]
struct Leg {
    /// Whether we described ourselves, so that there is something to answer, any number of times.
    described: bool,
    peer: Option<Peer>,
    heard: bool,
    silent: bool,
    held: bool,
    hears: Option<Unit>,
}

#[derive(Debug, Default)]
struct Player {
    looped: bool,
    paused: bool,
    loaded: bool,
    started: bool,
}

#[derive(Debug, Default)]
pub struct Audio {
    legs: BTreeMap<LegId, Leg>,
    players: BTreeMap<PlayerId, Player>,
    last_leg: u64,
    /// Whether legs fall silent and hear first packets; a run for figures needs none of it.
    pub packets: bool,
    pub made: u64,
    /// Where answers were said to come from, the newest last.
    pub sources: Vec<std::net::IpAddr>,
    pub closed: u64,
}

impl Audio {
    pub fn is_empty(&self) -> bool {
        self.legs.is_empty() && self.players.is_empty()
    }

    /// Another process begins without any.
    pub(super) fn forget(&mut self) {
        self.legs.clear();
        self.players.clear();
        self.last_leg = 0;
    }

    pub fn kept(&self) -> String {
        format!("{:?} {:?}", self.legs.keys().collect::<Vec<_>>(), self.players.keys().collect::<Vec<_>>())
    }

    /// Legs that hear something.
    pub fn hearing(&self) -> usize {
        self.legs.values().filter(|leg| leg.hears.is_some()).count()
    }

    /// Pairs of legs that hear each other.
    pub fn bridges(&self) -> usize {
        let hears = |leg: LegId, other: LegId| self.legs.get(&leg).is_some_and(|leg| leg.hears == Some(Unit::Leg(other)));
        let both = self.legs.iter().filter(|(leg, state)| matches!(state.hears, Some(Unit::Leg(other)) if hears(other, **leg)));
        both.count() / 2
    }
}

/// Whose audio a leg hears: a call of a phone, which numbers its calls anew when it is started again.
#[derive(Clone, Copy, Debug)]
struct Peer {
    phone: PhoneId,
    call: u64,
    epoch: u32,
}

/// Who speaks by a description.
fn peer_of(description: &str) -> Option<Peer> {
    let mut words = description.split(' ').skip(1);
    Some(Peer { phone: words.next()?.parse().ok()?, call: words.next()?.parse().ok()?, epoch: words.next()?.parse().ok()? })
}

impl World {
    pub(super) fn say(&mut self, event: Event) {
        let after = self.between(self.delays.media);
        self.in_order(Lane::Media, after, Happening::Media(event));
    }

    pub(super) fn media_command(&mut self, command: Command) {
        match command {
            Command::Answer { leg, offer, .. } => {
                let offer = String::from_utf8_lossy(&offer).into_owned();
                let known = self.audio.legs.contains_key(&leg);
                match self.judge(&offer) {
                    Err((status, reason)) => self.say(Event::Refused { leg, status, reason }),
                    Ok(()) => {
                        self.make_leg(leg, known);
                        let word = offer.split(' ').next().unwrap_or_default();
                        self.say(Event::Described { leg, sdp: format!("answer {} to {word}", leg.0).into_bytes(), encrypted: false });
                        self.agree(leg, &offer);
                    }
                }
            }
            Command::Offer { leg, web } => {
                let known = self.audio.legs.contains_key(&leg);
                self.make_leg(leg, known);
                self.say(Event::Described { leg, sdp: format!("offer {}", leg.0).into_bytes(), encrypted: web });
            }
            Command::Take { leg, answer, source } => {
                if self.records {
                    self.audio.sources.push(source);
                }
                let answer = String::from_utf8_lossy(&answer).into_owned();
                let described = self.audio.legs.get(&leg).is_some_and(|leg| leg.described);
                match self.judge(&answer) {
                    _ if !described => self.say(Event::Refused { leg, status: 488, reason: "There is no offer to answer".to_owned() }),
                    Err((status, reason)) => self.say(Event::Refused { leg, status, reason }),
                    Ok(()) => {
                        self.say(Event::Agreed { leg, encrypted: false });
                        self.agree(leg, &answer);
                    }
                }
            }
            Command::Close { leg } => {
                if self.audio.legs.remove(&leg).is_some() {
                    self.audio.closed += 1;
                }
                for other in self.audio.legs.values_mut().filter(|other| other.hears == Some(Unit::Leg(leg))) {
                    other.hears = None;
                }
                self.say(Event::Closed { leg, statistics: Statistics::default() });
            }
            Command::Wire { from, to } => {
                // Legs of refused offers are gone.
                if let Some(leg) = self.audio.legs.get_mut(&to) {
                    leg.hears = Some(from);
                }
            }
            Command::Unwire { from, to } => {
                if let Some(leg) = self.audio.legs.get_mut(&to).filter(|leg| leg.hears == Some(from)) {
                    leg.hears = None;
                }
            }
            Command::Player { player, looped, paused, .. } => {
                if self.audio.players.insert(player, Player { looped, paused, ..Player::default() }).is_some() {
                    self.ledger.fault(format!("{player:?} was made twice"));
                }
            }
            Command::Load { player, audio, .. } => self.load(player, audio.is_ok()),
            Command::Pause { player } => self.of_player(player, |player| player.paused = true),
            Command::Resume { player } => {
                self.of_player(player, |player| player.paused = false);
                self.start_player(player);
            }
            Command::Mark { player, offset_ms } => self.say(Event::Marked { player, offset_ms }),
            Command::Stop { player } => {
                self.audio.players.remove(&player);
            }
            Command::Tones { .. } | Command::Connected { .. } => {}
            Command::Digits { leg, .. } => self.say(Event::DigitsRefused { leg }),
        }
    }

    fn judge(&mut self, description: &str) -> Result<(), (u16, String)> {
        match description.split(' ').next() {
            Some(NO_CODEC) => Err((488, "No common codec".to_owned())),
            Some(OFFER | HOLD) => Ok(()),
            _ => Err((400, "This is no SDP".to_owned())),
        }
    }

    fn make_leg(&mut self, leg: LegId, known: bool) {
        if known {
            return;
        }
        if leg.0 <= self.audio.last_leg {
            self.ledger.fault(format!("{leg:?} was made again"));
        }
        self.audio.last_leg = leg.0;
        self.audio.made += 1;
        self.audio.legs.insert(leg, Leg { described: true, ..Leg::default() });
    }

    /// What the peer says is taken.
    fn agree(&mut self, id: LegId, description: &str) {
        let Some(leg) = self.audio.legs.get_mut(&id) else { return };
        leg.peer = peer_of(description);
        let held = description.starts_with(HOLD);
        let changed = std::mem::replace(&mut leg.held, held) != held;
        if !self.audio.packets {
            return;
        }
        if changed {
            self.say(Event::Held { leg: id, on: held });
        }
        self.after(FIRST_MS, Happening::Silence(id));
    }

    /// Legs that hear a phone's call, or any of its calls, are looked at again.
    pub(super) fn audio_of(&mut self, phone: PhoneId, call: Option<u64>) {
        if !self.audio.packets {
            return;
        }
        let is_meant = |leg: &Leg| leg.peer.is_some_and(|peer| peer.phone == phone && call.is_none_or(|call| call == peer.call));
        let legs: Vec<LegId> = self.audio.legs.iter().filter(|(_, leg)| is_meant(leg)).map(|(leg, _)| *leg).collect();
        for leg in legs {
            self.after(SILENT_MS, Happening::Silence(leg));
        }
    }

    /// Whether a leg hears its peer still.
    pub(super) fn fall_silent(&mut self, id: LegId) {
        let Some(leg) = self.audio.legs.get(&id) else { return };
        let speaks = leg.peer.is_some_and(|peer| self.phones.get(peer.phone).is_some_and(|phone| phone.epoch == peer.epoch && phone.speaks(peer.call)));
        let Some(leg) = self.audio.legs.get_mut(&id) else { return };
        // Who was never heard is not silent, and who is on hold need not speak.
        match leg.heard {
            false if speaks => {
                leg.heard = true;
                self.say(Event::FirstPacket { leg: id });
            }
            true if leg.silent == speaks && (speaks || !leg.held) => {
                leg.silent = !speaks;
                self.say(Event::Silent { leg: id, on: !speaks });
            }
            _ => {}
        }
    }

    fn of_player(&mut self, player: PlayerId, change: impl FnOnce(&mut Player)) {
        if let Some(player) = self.audio.players.get_mut(&player) {
            change(player);
        }
    }

    /// The sound of a player is there.
    pub(super) fn fetched(&mut self, player: PlayerId) {
        if self.real.is_some() {
            return self.load_real(player);
        }
        self.load(player, true);
    }

    fn load(&mut self, player: PlayerId, is_sound: bool) {
        let Some(state) = self.audio.players.get_mut(&player) else { return };
        state.loaded = is_sound;
        if is_sound {
            self.say(Event::Ready { player, duration_ms: SOUND_MS });
            self.start_player(player);
        } else {
            self.say(Event::Finished { player, error: Some("There is nothing to play".to_owned()) });
        }
    }

    fn start_player(&mut self, player: PlayerId) {
        let Some(state) = self.audio.players.get_mut(&player) else { return };
        if !state.loaded || state.paused || std::mem::replace(&mut state.started, true) {
            return;
        }
        let looped = state.looped;
        self.say(Event::Started { player, duration_ms: SOUND_MS });
        if !looped {
            self.after(SOUND_MS, Happening::Media(Event::Finished { player, error: None }));
        }
    }

    /// The audio of a leg breaks, as when its port is gone; false if there is no leg.
    pub fn break_a_leg(&mut self) -> bool {
        let Some(leg) = self.audio.legs.keys().next().copied() else { return false };
        self.say(Event::Broken { leg, reason: "DTLS failed".to_owned() });
        true
    }
}
