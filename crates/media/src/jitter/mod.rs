//! Waits for what comes late, and makes up for what does not come.
//!
//! Only sound that is decoded here needs it: what a leg of the same kind hears passes on as it came, and the phone's own buffer waits.

mod conceal;

pub use conceal::Conceal;

/// Packets that are kept at most: two seconds.
const MOST_PACKETS: usize = 100;
/// A longer packet is no 20 ms of a call.
const LONGEST_BYTES: usize = 1500;
/// Bounds of the delay that is aimed at, milliseconds.
const SHORTEST_MS: u32 = 20;
const LONGEST_MS: u32 = 300;
/// The delay grows by this for a packet that came too late.
const LATE_MS: u32 = 20;
/// Packets over which it is seen whether less would do.
const PATIENCE: u32 = 100;
/// What was never needed of the delay may be so much, before a packet is left out.
const SLACK_MS: u32 = 60;
/// Losses in a row that are made up for; then it is silence.
const MOST_LOST: u32 = 5;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<'a> {
    Packet(&'a [u8]),
    /// One is missing: make up for it, if the packet after it is there with what that says of it.
    Lost(Option<&'a [u8]>),
    /// Nothing is said.
    Nothing,
}

#[derive(Debug, Default)]
struct Slot {
    sequence: Option<u16>,
    timestamp: u32,
    bytes: Vec<u8>,
}

/// Packets of one source, in their order.
#[derive(Debug)]
pub struct Jitter {
    /// By sequence number.
    slots: Vec<Slot>,
    /// Ticks per millisecond.
    ticks: u32,
    /// Which packet is next; none while it fills.
    next: Option<u16>,
    newest: Option<(u16, u32)>,
    target_ms: u32,
    /// A packet came too late: wait once.
    wait: bool,
    lost: u32,
    played: u32,
    /// The least that was kept since it was looked at, milliseconds.
    least_ms: u32,
}

impl Jitter {
    /// `clock` in ticks per second.
    pub fn new(clock: u32) -> Self {
        let mut slots = Vec::new();
        slots.resize_with(MOST_PACKETS, Slot::default);
        Self { slots, ticks: (clock / 1000).max(1), next: None, newest: None, target_ms: SHORTEST_MS * 2, wait: false, lost: 0, played: 0, least_ms: u32::MAX }
    }

    /// What is aimed at between arrival and playing, milliseconds.
    #[cfg(test)]
    pub fn delay_ms(&self) -> u32 {
        self.target_ms
    }

    /// Forget everything: another source speaks.
    pub fn clear(&mut self) {
        for slot in &mut self.slots {
            slot.sequence = None;
        }
        self.next = None;
        self.newest = None;
        self.lost = 0;
    }

    pub fn push(&mut self, sequence: u16, timestamp: u32, bytes: &[u8]) {
        if bytes.len() > LONGEST_BYTES {
            return;
        }
        if let Some(next) = self.next {
            let ahead = sequence.wrapping_sub(next);
            if ahead >= 1 << 15 {
                if next.wrapping_sub(sequence) < 50 {
                    if !self.wait && self.target_ms < LONGEST_MS {
                        self.wait = true;
                        self.target_ms = (self.target_ms + LATE_MS).min(LONGEST_MS);
                    }
                    return;
                }
                self.clear();
            } else if usize::from(ahead) >= MOST_PACKETS {
                self.clear();
            }
        } else if let Some((newest, _)) = self.newest
            && sequence.wrapping_sub(newest) >= 50
            && newest.wrapping_sub(sequence) >= 50
        {
            self.clear();
        }
        let place = usize::from(sequence) % MOST_PACKETS;
        let Some(slot) = self.slots.get_mut(place) else { return };
        slot.sequence = Some(sequence);
        slot.timestamp = timestamp;
        slot.bytes.clear();
        slot.bytes.extend_from_slice(bytes);
        if self.newest.is_none_or(|(newest, _)| sequence.wrapping_sub(newest) < 1 << 15) {
            self.newest = Some((sequence, timestamp));
        }
    }

    fn at(&self, sequence: u16) -> Option<&Slot> {
        self.slots.get(usize::from(sequence) % MOST_PACKETS).filter(|slot| slot.sequence == Some(sequence))
    }

    /// What lies between this timestamp and the end of the newest packet, taken to be of 20 ms.
    fn kept_ms(&self, timestamp: u32) -> u32 {
        let Some((_, newest)) = self.newest else { return 0 };
        let ticks = newest.wrapping_sub(timestamp);
        if ticks < 1 << 31 { ticks / self.ticks + SHORTEST_MS } else { 0 }
    }

    /// The next packet; to be called when its sound is needed.
    pub fn pull(&mut self) -> Next<'_> {
        let Some(mut next) = self.next.or_else(|| self.begin()) else { return Next::Nothing };
        if self.played >= PATIENCE {
            self.played = 0;
            if self.least_ms > SLACK_MS && self.at(next).is_some() {
                next = self.step(next);
                self.target_ms = self.target_ms.saturating_sub(LATE_MS).max(SHORTEST_MS);
            }
            self.least_ms = u32::MAX;
        }
        if std::mem::take(&mut self.wait) {
            self.next = Some(next);
            return Next::Lost(None);
        }
        if let Some(timestamp) = self.at(next).map(|slot| slot.timestamp) {
            self.played += 1;
            self.lost = 0;
            self.least_ms = self.least_ms.min(self.kept_ms(timestamp));
            self.step(next);
            let slot = &self.slots[usize::from(next) % MOST_PACKETS];
            return Next::Packet(&slot.bytes);
        }
        self.lost += 1;
        let more = self.newest.is_some_and(|(newest, _)| newest != next && newest.wrapping_sub(next) < 1 << 15);
        if more {
            self.step(next);
        } else if self.lost > MOST_LOST {
            self.next = None;
            self.newest = None;
            self.lost = 0;
            return Next::Nothing;
        } else {
            // It may still come: the delay grows by what is made up meanwhile.
            self.least_ms = 0;
            self.next = Some(next);
        }
        if self.lost > MOST_LOST { Next::Nothing } else { Next::Lost(self.at(next.wrapping_add(1)).map(|slot| &slot.bytes[..])) }
    }

    /// The first packet to play, when enough is kept.
    fn begin(&mut self) -> Option<u16> {
        let (newest, _) = self.newest?;
        let mut oldest = None;
        for back in 0..50 {
            let sequence = newest.wrapping_sub(back);
            if let Some(slot) = self.at(sequence) {
                oldest = Some((sequence, slot.timestamp));
            }
        }
        let (sequence, timestamp) = oldest?;
        if self.kept_ms(timestamp) < self.target_ms {
            return None;
        }
        self.next = Some(sequence);
        self.played = 0;
        self.least_ms = u32::MAX;
        Some(sequence)
    }

    fn step(&mut self, from: u16) -> u16 {
        let next = from.wrapping_add(1);
        self.next = Some(next);
        if let Some(slot) = self.slots.get_mut(usize::from(from) % MOST_PACKETS) {
            slot.sequence = None;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Packets of 20 ms that arrive at these moments; what is pulled every 20 ms: the packet's number, −1 for a loss, −2 for nothing.
    fn played(arrivals: &[(u64, u16)], frames: u64) -> (Vec<i32>, Jitter) {
        let mut jitter = Jitter::new(8000);
        let mut out = Vec::new();
        for frame in 0..frames {
            for (_, number) in arrivals.iter().filter(|(at, _)| (frame * 20..(frame + 1) * 20).contains(at)) {
                jitter.push(*number, u32::from(*number) * 160, &number.to_be_bytes());
            }
            out.push(match jitter.pull() {
                Next::Packet(bytes) => i32::from(u16::from_be_bytes([bytes[0], bytes[1]])),
                Next::Lost(_) => -1,
                Next::Nothing => -2,
            });
        }
        (out, jitter)
    }

    #[test]
    fn packets_come_out_in_their_order_after_a_short_wait() {
        let arrivals: Vec<(u64, u16)> = (0..20).map(|number| (u64::from(number) * 20, 65_530u16.wrapping_add(number))).collect();
        let (out, _) = played(&arrivals, 20);
        let expected: Vec<i32> = (0..19).map(|number| i32::from(65_530u16.wrapping_add(number))).collect();
        assert_eq!((out[0], &out[1..]), (-2, &expected[..]));
    }

    #[test]
    fn disorder_and_duplicates_are_undone() {
        let (out, _) = played(&[(0, 0), (1, 0), (25, 2), (35, 1), (60, 3), (80, 4)], 6);
        assert_eq!(out, [-2, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_loss_comes_with_the_packet_after_it() {
        let mut jitter = Jitter::new(8000);
        for number in [0_u16, 1, 3, 6] {
            jitter.push(number, u32::from(number) * 160, &number.to_be_bytes());
        }
        for wanted in [Next::Packet(&[0, 0]), Next::Packet(&[0, 1]), Next::Lost(Some(&[0, 3])), Next::Packet(&[0, 3]), Next::Lost(None), Next::Lost(Some(&[0, 6]))] {
            assert_eq!(jitter.pull(), wanted);
        }
    }

    #[test]
    fn a_lost_packet_is_a_loss_in_its_place() {
        let arrivals: Vec<(u64, u16)> = (0..20).filter(|number| *number != 7).map(|number| (u64::from(number) * 20, number)).collect();
        let (out, _) = played(&arrivals, 20);
        assert_eq!(out[6..10], [5, 6, -1, 8]);
    }

    #[test]
    fn who_ceases_to_speak_is_silent_and_may_begin_again() {
        let mut arrivals: Vec<(u64, u16)> = (0..10).map(|number| (u64::from(number) * 20, number)).collect();
        arrivals.extend((10..20).map(|number| (2000 + u64::from(number) * 20, number)));
        let (out, _) = played(&arrivals, 150);
        assert_eq!(out.iter().filter(|number| **number == -1).count(), 5 + 5);
        assert_eq!(out.iter().filter(|number| **number >= 0).count(), 20);
    }

    #[test]
    fn the_delay_grows_with_jitter_and_shrinks_afterwards() {
        let mut arrivals: Vec<(u64, u16)> = (0..500u16).map(|number| (u64::from(number) * 20 + u64::from(number % 7) * 17, number)).collect();
        arrivals.extend((500..4000u16).map(|number| (u64::from(number) * 20, number)));
        let (out, jitter) = played(&arrivals, 4000);
        let lost = |range: std::ops::Range<usize>| out[range].iter().filter(|number| **number < 0).count();
        assert!(lost(250..500) < 15, "{}", lost(250..500));
        assert_eq!(lost(600..4000), 0);
        assert!(jitter.delay_ms() <= 160, "{}", jitter.delay_ms());
        // In the end the last packet is played at most that much later than it came.
        assert!(out[3999] >= 3995, "{}", out[3999]);
    }

    #[test]
    fn a_source_that_begins_anew_is_followed() {
        let mut arrivals: Vec<(u64, u16)> = (0..10).map(|number| (u64::from(number) * 20, number)).collect();
        arrivals.extend((0..10).map(|number| (200 + u64::from(number) * 20, 30_000 + number)));
        let (out, _) = played(&arrivals, 24);
        assert!(out.contains(&30_000) && out.contains(&30_009), "{out:?}");
    }

    proptest! {
        #[test]
        fn any_packets_harm_nothing(steps in prop::collection::vec((any::<bool>(), any::<u16>(), any::<u32>(), 0usize..2000), 0..200)) {
            let mut jitter = Jitter::new(48_000);
            for (pull, sequence, timestamp, length) in steps {
                if pull {
                    jitter.pull();
                } else {
                    jitter.push(sequence % 300, timestamp, &vec![0; length]);
                }
                prop_assert!((SHORTEST_MS..=LONGEST_MS).contains(&jitter.delay_ms()));
            }
        }
    }
}
