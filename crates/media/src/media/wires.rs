use std::collections::BTreeMap;

use super::Media;
use crate::{
    event::Crossing,
    io::{LegId, Unit},
};

/// Wires per pair of ports, so that wires of legs that are never made are bounded.
const WIRES_PER_PAIR: usize = 8;

/// What each leg hears, whether or not both ends are there yet.
#[derive(Default)]
pub(super) struct Wires {
    heard: BTreeMap<LegId, Unit>,
    hearers: BTreeMap<Unit, Vec<LegId>>,
}

impl Wires {
    pub fn heard_by(&self, to: LegId) -> Option<Unit> {
        self.heard.get(&to).copied()
    }

    pub fn hearers_of(&self, from: Unit) -> Vec<LegId> {
        self.hearers.get(&from).cloned().unwrap_or_default()
    }

    fn insert(&mut self, from: Unit, to: LegId) {
        self.heard.insert(to, from);
        self.hearers.entry(from).or_default().push(to);
    }

    fn remove(&mut self, to: LegId) -> Option<Unit> {
        let from = self.heard.remove(&to)?;
        if let Some(hearers) = self.hearers.get_mut(&from) {
            hearers.retain(|hearer| *hearer != to);
            if hearers.is_empty() {
                self.hearers.remove(&from);
            }
        }
        Some(from)
    }
}

impl Media {
    /// `to` hears `from` and nothing else (voxengine.md §12).
    pub(super) fn wire(&mut self, from: Unit, to: LegId) {
        if self.wires.heard_by(to) == Some(from) {
            return;
        }
        self.unwire(to);
        // A player that came to its end is heard as nothing.
        let gone = matches!(from, Unit::Player(player) if !self.players.contains_key(&player));
        if gone || self.wires.heard.len() >= self.ports.pairs() * WIRES_PER_PAIR {
            return;
        }
        self.wires.insert(from, to);
        if let Some(slot) = self.legs.slot(to) {
            self.connect(from, slot);
        }
    }

    pub(super) fn unwire(&mut self, to: LegId) {
        let Some(from) = self.wires.remove(to) else { return };
        let Some(slot) = self.legs.slot(to) else { return };
        self.disconnect(from, slot);
        if let Some(leg) = self.legs.get(slot) {
            leg.crossing = Crossing::default();
        }
    }

    fn hearers(&mut self, from: Unit) -> Option<&mut Vec<u32>> {
        match from {
            Unit::Leg(from) => self.legs.by_id(from).map(|from| &mut from.hearers),
            Unit::Player(from) => self.players.get_mut(&from).map(|from| &mut from.hearers),
        }
    }

    fn connect(&mut self, from: Unit, slot: u32) {
        if let Some(hearers) = self.hearers(from) {
            hearers.push(slot);
        }
    }

    pub(super) fn disconnect(&mut self, from: Unit, slot: u32) {
        if let Some(hearers) = self.hearers(from) {
            hearers.retain(|hearer| *hearer != slot);
        }
    }

    /// A leg was made: what was wired before takes effect.
    pub(super) fn connect_new(&mut self, id: LegId, slot: u32) {
        if let Some(from) = self.wires.heard_by(id) {
            self.connect(from, slot);
        }
        for to in self.wires.hearers_of(Unit::Leg(id)) {
            if to != id
                && let (Some(to), Some(leg)) = (self.legs.slot(to), self.legs.get(slot))
            {
                leg.hearers.push(to);
            }
        }
    }

    /// Nobody hears this any more.
    pub(super) fn unwire_all_from(&mut self, from: Unit) {
        for to in self.wires.hearers_of(from) {
            self.unwire(to);
        }
    }
}
