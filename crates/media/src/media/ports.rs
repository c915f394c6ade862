use std::{collections::VecDeque, ops::RangeInclusive};

use cordboard_now::{Chance, Instant};

/// What is still on its way to a port of a call that is over must not reach the next one, milliseconds.
const REST_MS: u64 = 10_000;
/// The least of it, milliseconds: a call is worth more than the rest of a rest when no other port is left.
const LEAST_REST_MS: u64 = 2_000;
/// A port that another program has, milliseconds.
const FOREIGN_REST_MS: u64 = 60_000;
const NOBODY: u32 = u32::MAX;

/// Pairs of an even port for RTP and the odd one above it for RTCP (RFC 3550 §11), and who has them.
pub(super) struct Ports {
    first: u16,
    /// By distance from the first port.
    owners: Vec<u32>,
    /// In an order that strangers cannot guess; what was used last comes last.
    free: VecDeque<u16>,
    resting: VecDeque<(Instant, u16)>,
}

impl Ports {
    pub fn new(range: &RangeInclusive<u16>, chance: &mut Chance) -> Self {
        let first = range.start().saturating_add(range.start() % 2);
        let mut free: Vec<u16> = (first..*range.end()).step_by(2).collect();
        for place in (1..free.len()).rev() {
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
            let other = (chance.fraction() * (place + 1) as f64) as usize;
            free.swap(place, other.min(place));
        }
        Self { first, owners: vec![NOBODY; free.len() * 2], free: free.into(), resting: VecDeque::new() }
    }

    pub fn pairs(&self) -> usize {
        self.owners.len() / 2
    }

    /// The even port of a pair that has rested, or at least rested longest.
    pub fn take(&mut self, now: Instant, owner: u32) -> Option<u16> {
        let rested = self.resting.iter().take_while(|(until, _)| *until <= now).count();
        self.free.extend(self.resting.drain(..rested).map(|(_, port)| port));
        let enough = now.plus(REST_MS - LEAST_REST_MS);
        let port = self.free.pop_front().or_else(|| self.resting.pop_front_if(|(until, _)| *until <= enough).map(|(_, port)| port))?;
        self.set(port, owner);
        Some(port)
    }

    pub fn give_back(&mut self, now: Instant, port: u16) {
        self.rest(now.plus(REST_MS), port);
    }

    /// Nothing came to or from it: it need not rest.
    pub fn put_back(&mut self, port: u16) {
        self.set(port, NOBODY);
        self.free.push_back(port);
    }

    /// A port could not be bound.
    pub fn set_aside(&mut self, now: Instant, port: u16) {
        self.rest(now.plus(FOREIGN_REST_MS), port);
    }

    fn rest(&mut self, until: Instant, port: u16) {
        self.set(port, NOBODY);
        let place = self.resting.partition_point(|(other, _)| *other <= until);
        self.resting.insert(place, (until, port));
    }

    fn set(&mut self, port: u16, owner: u32) {
        let place = usize::from(port - self.first);
        if let Some(pair) = self.owners.get_mut(place..place + 2) {
            pair.fill(owner);
        }
    }

    pub fn owner(&self, port: u16) -> Option<u32> {
        let place = usize::from(port.checked_sub(self.first)?);
        self.owners.get(place).copied().filter(|owner| *owner != NOBODY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_rests_after_its_call() {
        let mut ports = Ports::new(&(10_001..=10_005), &mut Chance::new(&[1; 32]));
        assert_eq!(ports.pairs(), 2);
        let now = Instant(0);
        let (one, two) = (ports.take(now, 5).unwrap(), ports.take(now, 6).unwrap());
        assert!(one % 2 == 0 && two % 2 == 0 && one != two);
        assert_eq!((ports.owner(one), ports.owner(two + 1), ports.owner(9)), (Some(5), Some(6), None));
        assert_eq!(ports.take(now, 7), None);
        ports.set_aside(now, two);
        ports.give_back(now, one);
        assert_eq!((ports.owner(one), ports.take(Instant(1_999), 7)), (None, None));
        assert_eq!(ports.take(Instant(10_000), 7), Some(one));
        assert_eq!(ports.take(Instant(51_999), 8), None);
        assert_eq!(ports.take(Instant(60_000), 8), Some(two));
        ports.put_back(one);
        assert_eq!((ports.owner(one), ports.take(Instant(60_000), 9)), (None, Some(one)));
    }

    #[test]
    fn a_rest_is_cut_short_only_where_no_other_port_is_left() {
        let mut ports = Ports::new(&(10_000..=10_005), &mut Chance::new(&[1; 32]));
        let (one, two, three) = (ports.take(Instant(0), 1).unwrap(), ports.take(Instant(0), 1).unwrap(), ports.take(Instant(0), 1).unwrap());
        ports.give_back(Instant(0), one);
        ports.give_back(Instant(500), two);
        ports.put_back(three);
        assert_eq!(ports.take(Instant(5_000), 2), Some(three));
        assert_eq!(ports.take(Instant(5_000), 3), Some(one));
        assert_eq!(ports.take(Instant(2_499), 4), None);
        assert_eq!(ports.take(Instant(2_500), 4), Some(two));
    }

    #[test]
    fn ranges_at_the_ends_are_no_mistake() {
        let mut chance = Chance::new(&[1; 32]);
        assert_eq!(Ports::new(&(65_534..=65_535), &mut chance).pairs(), 1);
        assert_eq!(Ports::new(&(65_535..=65_535), &mut chance).pairs(), 0);
        assert_eq!(Ports::new(&(0..=65_535), &mut chance).pairs(), 32_768);
    }
}
