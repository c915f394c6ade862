use cordboard_now::Instant;

use super::{Payload, SEGMENT, SHORTEST_MS};

/// Of an event that goes on something comes at least so often: three times the 50 ms that senders are advised to send at
/// (RFC 4733 §2.5.1.2, §2.5.2.2). Then its end is lost.
const PATIENCE_MS: u64 = 150;

/// Events of one clock as events of another, for a hearer whose codec counts otherwise (RFC 4733 §2.1: timestamp and duration are of
/// the stream's clock).
#[derive(Clone, Debug, Default)]
pub struct Crossing {
    current: Option<Current>,
    at: Option<Instant>,
}

#[derive(Clone, Debug)]
struct Current {
    /// Of the sender, the newest.
    ssrc: u32,
    timestamp: u32,
    /// What the segments before this timestamp lasted, and all up to the newest packet, in the sender's ticks.
    before: u64,
    total: u64,
    /// Segments that are over at the hearer.
    segments: u32,
    sent: Payload,
    /// Where the event begins at the hearer, once its first packet has a timestamp.
    begins_at: Option<u32>,
}

/// What goes to the hearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The first packet of an event: take a new timestamp, set the marker, and tell [`Crossing::begun`].
    Begins(Payload),
    /// Another packet of it, of this timestamp.
    Goes { timestamp: u32, payload: Payload },
}

impl Crossing {
    /// Whether a key is down, so that no sound belongs in the stream.
    pub fn is_on(&self, now: Instant) -> bool {
        let open = self.current.as_ref().is_some_and(|current| !current.sent.end);
        open && self.at.is_some_and(|at| now.0.saturating_sub(at.0) < PATIENCE_MS)
    }

    /// The timestamp that the first packet got.
    pub fn begun(&mut self, timestamp: u32) {
        if let Some(current) = &mut self.current {
            current.begins_at = Some(timestamp);
        }
    }

    /// A packet that came from the sender, and what it means to the hearer: nothing if it is late, else one packet, or two where a long
    /// event is divided (RFC 4733 §2.5.1.3). `clocks` are the sender's and the hearer's, in ticks per second.
    pub fn tell(&mut self, now: Instant, ssrc: u32, timestamp: u32, clocks: (u32, u32), bytes: &[u8]) -> [Option<Told>; 2] {
        let Some(payload) = Payload::parse(bytes) else { return [None; 2] };
        let lasted = u64::from(payload.duration);
        let Some(current) = self.current.as_mut().filter(|current| current.ssrc == ssrc) else {
            return self.begin(now, ssrc, timestamp, clocks, payload);
        };
        let ahead = timestamp.wrapping_sub(current.timestamp);
        if ahead > 1 << 31 {
            return [None; 2];
        }
        let (same, near) = (current.sent.code == payload.code, ahead < clocks.0 * SHORTEST_MS / 1000);
        if ahead > 0 && !(same && (near || ahead == SEGMENT && !current.sent.end)) {
            return self.begin(now, ssrc, timestamp, clocks, payload);
        }
        if current.sent.end {
            current.timestamp = timestamp;
            return [payload.end.then(|| current.goes(current.sent)).flatten(), None];
        }
        let total = current.before + u64::from(ahead) + lasted;
        if !same || total <= current.total && !payload.end {
            return [None; 2];
        }
        current.before += u64::from(ahead);
        current.timestamp = timestamp;
        current.total = current.total.max(total);
        let scaled = current.total * u64::from(clocks.1) / u64::from(clocks.0).max(1);
        let rest = scaled.saturating_sub(u64::from(current.segments) * u64::from(SEGMENT));
        self.at = Some(now);
        let mut over = None;
        // One at a time, however much was lost: a hearer takes what does not follow for another key.
        if rest > u64::from(SEGMENT) {
            over = current.goes(Payload { end: false, duration: u16::MAX, ..payload });
            current.segments += 1;
        }
        let rest = if over.is_some() { rest - u64::from(SEGMENT) } else { rest };
        current.sent = Payload { duration: short(rest), ..payload };
        let goes = current.goes(current.sent);
        if over.is_some() { [over, goes] } else { [goes, None] }
    }

    fn begin(&mut self, now: Instant, ssrc: u32, timestamp: u32, clocks: (u32, u32), payload: Payload) -> [Option<Told>; 2] {
        let total = u64::from(payload.duration);
        let sent = Payload { duration: short(total * u64::from(clocks.1) / u64::from(clocks.0).max(1)), ..payload };
        self.current = Some(Current { ssrc, timestamp, before: 0, total, segments: 0, sent, begins_at: None });
        self.at = Some(now);
        [Some(Told::Begins(sent)), None]
    }
}

impl Current {
    fn goes(&self, payload: Payload) -> Option<Told> {
        let timestamp = self.begins_at?.wrapping_add(self.segments.wrapping_mul(SEGMENT));
        Some(Told::Goes { timestamp, payload })
    }
}

fn short(ticks: u64) -> u16 {
    u16::try_from(ticks).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::event::Receiver;

    const NARROW: u32 = 8_000;
    const WIDE: u32 = 48_000;

    /// What a hearer of the crossing gets, by timestamp.
    #[derive(Default)]
    struct Hearer {
        crossing: Crossing,
        next: u32,
        got: Vec<(u32, Payload)>,
    }

    impl Hearer {
        fn give(&mut self, timestamp: u32, clocks: (u32, u32), payload: Payload) -> usize {
            let told = self.crossing.tell(Instant(0), 9, timestamp, clocks, &payload.bytes());
            for told in told.into_iter().flatten() {
                match told {
                    Told::Begins(payload) => {
                        // As far on as no event lasts.
                        self.next = self.next.wrapping_add(10_000_000);
                        self.crossing.begun(self.next);
                        self.got.push((self.next, payload));
                    }
                    Told::Goes { timestamp, payload } => self.got.push((timestamp, payload)),
                }
            }
            told.iter().flatten().count()
        }

        fn keys(&self, clock: u32) -> String {
            let mut receiver = Receiver::default();
            self.got.iter().filter_map(|(timestamp, payload)| receiver.receive(1, *timestamp, clock, &payload.bytes())).collect()
        }
    }

    fn payload(code: u8, end: bool, duration: u16) -> Payload {
        Payload { code, end, volume: 10, duration }
    }

    #[test]
    fn durations_are_those_of_the_hearers_clock() {
        for (clocks, factor) in [((NARROW, WIDE), (6, 1)), ((WIDE, NARROW), (1, 6)), ((NARROW, NARROW), (1, 1))] {
            let mut hearer = Hearer::default();
            let step = u16::try_from(clocks.0 / 50).unwrap();
            for number in 1..=5 {
                hearer.give(u32::MAX, clocks, payload(7, false, number * step));
            }
            for _ in 0..3 {
                hearer.give(u32::MAX, clocks, payload(7, true, 5 * step));
            }
            let durations: Vec<u16> = hearer.got.iter().map(|(_, payload)| payload.duration).collect();
            let scaled: Vec<u16> = [1, 2, 3, 4, 5, 5, 5, 5].iter().map(|number| number * step / factor.1 * factor.0).collect();
            assert_eq!(durations, scaled);
            assert!(hearer.got.iter().all(|(timestamp, _)| *timestamp == hearer.got[0].0));
            assert_eq!(hearer.got.iter().filter(|(_, payload)| payload.end).count(), 3);
        }
    }

    #[test]
    fn a_long_key_is_divided_and_stays_one_key() {
        let mut hearer = Hearer::default();
        for duration in (400..=32_000u16).step_by(400) {
            hearer.give(0, (NARROW, WIDE), payload(5, duration == 32_000, duration));
        }
        assert_eq!(hearer.keys(WIDE), "5");
        let began = hearer.got[0].0;
        let last = hearer.got.last().unwrap();
        assert_eq!((last.0 - began + u32::from(last.1.duration), last.1.end), (192_000, true));
        assert_eq!(hearer.got.iter().filter(|(_, payload)| payload.duration == u16::MAX && !payload.end).count(), 2);
    }

    #[test]
    fn divided_keys_are_joined() {
        let mut hearer = Hearer::default();
        for segment in 0..3u32 {
            for duration in (960..=65_535u16).step_by(960).chain([u16::MAX]) {
                hearer.give(segment * SEGMENT, (WIDE, NARROW), payload(5, segment == 2 && duration == u16::MAX, duration));
            }
        }
        assert_eq!(hearer.keys(NARROW), "5");
        let last = hearer.got.last().unwrap();
        assert_eq!((last.0, last.1), (hearer.got[0].0, payload(5, true, 32_767)));
    }

    #[test]
    fn a_sender_that_moves_the_timestamp_with_each_packet_presses_one_key() {
        let mut hearer = Hearer::default();
        for step in 0..10u32 {
            hearer.give(step * 160, (NARROW, WIDE), payload(3, step > 6, 160));
        }
        assert_eq!((hearer.keys(WIDE).as_str(), hearer.got.last().unwrap().1), ("3", payload(3, true, 960 * 8)));
    }

    #[test]
    fn what_was_lost_in_the_middle_of_a_long_key_makes_no_second_one() {
        let mut hearer = Hearer::default();
        for (duration, end) in [(400, false), (60_000, false), (60_400, false), (60_800, true)] {
            hearer.give(0, (NARROW, WIDE), payload(5, end, duration));
        }
        assert_eq!(hearer.keys(WIDE), "5");
    }

    #[test]
    fn a_key_is_down_until_its_end_or_until_nothing_comes() {
        let mut crossing = Crossing::default();
        let mut tell = |at: u64, timestamp: u32, end| {
            crossing.tell(Instant(at), 9, timestamp, (NARROW, WIDE), &payload(1, end, 160).bytes());
            crossing.begun(1);
            (crossing.is_on(Instant(at + 149)), crossing.is_on(Instant(at + 150)))
        };
        assert_eq!(tell(1_000, 1_000, false), (true, false));
        assert_eq!(tell(1_020, 1_000, true), (false, false));
    }

    proptest! {
        #[test]
        fn keys_survive_loss_duplication_and_reordering(
            keys in prop::collection::vec(0u8..16, 1..12),
            fates in prop::collection::vec((any::<bool>(), 0usize..3), 12 * 8),
            wide in any::<bool>(),
        ) {
            let clocks = if wide { (WIDE, NARROW) } else { (NARROW, WIDE) };
            let ticks = clocks.0 / 50;
            let mut packets = Vec::new();
            for (key, code) in keys.iter().enumerate() {
                let timestamp = u32::MAX.wrapping_add(u32::try_from(key).unwrap() * ticks * 8);
                for step in 1..=8u16 {
                    let (lost, delay) = fates[key * 8 + usize::from(step) - 1];
                    // Of the end one packet arrives, in this net.
                    if step == 8 || !lost {
                        let place = key * 8 + usize::from(step) + delay * usize::from(step < 8);
                        let duration = step.min(5) * u16::try_from(ticks).unwrap();
                        for _ in 0..=usize::from(delay == 2) {
                            packets.push((place, timestamp, payload(*code, step > 5, duration)));
                        }
                    }
                }
            }
            packets.sort_by_key(|packet| packet.0);
            let mut hearer = Hearer::default();
            for (_, timestamp, payload) in &packets {
                prop_assert!(hearer.give(*timestamp, clocks, *payload) <= 1);
            }
            let expected: String = keys.iter().map(|code| char::from(crate::event::KEYS[usize::from(*code)])).collect();
            prop_assert_eq!(hearer.keys(clocks.1), expected);
            // Of each key the end is told with its whole length, and after it nothing else.
            for (timestamp, payload) in &hearer.got {
                let last = hearer.got.iter().rfind(|(other, _)| other == timestamp).unwrap();
                prop_assert!(last.1.end && u32::from(last.1.duration) == clocks.1 / 10 && last.1.duration >= payload.duration);
            }
        }

        #[test]
        fn any_bytes_harm_nothing(packets in prop::collection::vec((any::<u32>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..6)), 0..40)) {
            let mut crossing = Crossing::default();
            for (ssrc, timestamp, bytes) in packets {
                crossing.tell(Instant(0), ssrc % 2, timestamp % 9, (NARROW, WIDE), &bytes);
                crossing.begun(timestamp);
            }
        }
    }
}
