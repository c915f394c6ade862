use std::collections::BTreeMap;

use super::leg::Leg;
use crate::io::LegId;

/// All legs, in slots that ports and hearers name.
#[derive(Default)]
pub(super) struct Legs {
    slots: Vec<Option<Box<Leg>>>,
    free: Vec<u32>,
    by_id: BTreeMap<LegId, u32>,
}

impl Legs {
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn slot(&self, id: LegId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// Where the next leg comes.
    pub fn next_slot(&self) -> u32 {
        self.free.last().copied().unwrap_or_else(|| u32::try_from(self.slots.len()).unwrap_or(u32::MAX))
    }

    /// Into `next_slot`.
    pub fn insert(&mut self, leg: Leg) -> u32 {
        let slot = self.next_slot();
        self.by_id.insert(leg.id, slot);
        if self.free.pop().is_some() {
            self.slots[slot as usize] = Some(Box::new(leg));
        } else {
            self.slots.push(Some(Box::new(leg)));
        }
        slot
    }

    pub fn remove(&mut self, slot: u32) -> Option<Box<Leg>> {
        let leg = self.slots.get_mut(slot as usize)?.take()?;
        self.by_id.remove(&leg.id);
        self.free.push(slot);
        Some(leg)
    }

    pub fn get(&mut self, slot: u32) -> Option<&mut Leg> {
        self.slots.get_mut(slot as usize)?.as_deref_mut()
    }

    pub fn peek(&self, slot: u32) -> Option<&Leg> {
        self.slots.get(slot as usize)?.as_deref()
    }

    pub fn by_id(&mut self, id: LegId) -> Option<&mut Leg> {
        let slot = self.slot(id)?;
        self.get(slot)
    }

    /// One past the last slot.
    pub fn end(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }
}
