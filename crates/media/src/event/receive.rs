use super::{Payload, SEGMENT, SHORTEST_MS};

/// Tells each key once, when its first packet comes, whatever is lost, duplicated or comes late.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    last: Option<Last>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    ssrc: u32,
    timestamp: u32,
    code: u8,
    ended: bool,
}

impl Receiver {
    /// `clock` in ticks per second.
    pub fn receive(&mut self, ssrc: u32, timestamp: u32, clock: u32, bytes: &[u8]) -> Option<char> {
        let payload = Payload::parse(bytes)?;
        let key = payload.key()?;
        let new = Last { ssrc, timestamp, code: payload.code, ended: payload.end };
        let Some(last) = self.last.as_mut().filter(|last| last.ssrc == ssrc) else {
            self.last = Some(new);
            return Some(key);
        };
        let ahead = timestamp.wrapping_sub(last.timestamp);
        if ahead == 0 {
            last.ended |= payload.end;
            return None;
        }
        // Behind: a late packet of a key that was told.
        if ahead > 1 << 31 {
            return None;
        }
        let goes_on = !last.ended && last.code == payload.code && ahead == SEGMENT;
        *last = new;
        (!goes_on && ahead >= clock * SHORTEST_MS / 1000).then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn payload(code: u8, end: bool, duration: u16) -> [u8; 4] {
        Payload { code, end, volume: 10, duration }.bytes()
    }

    #[test]
    fn a_key_is_told_once() {
        let mut receiver = Receiver::default();
        let mut told = Vec::new();
        for (timestamp, code) in [(1000, 1), (2500, 1), (4000, 11)] {
            for step in 1..=5u16 {
                told.extend(receiver.receive(9, timestamp, 8000, &payload(code, false, step * 160)));
            }
            for _ in 0..3 {
                told.extend(receiver.receive(9, timestamp, 8000, &payload(code, true, 800)));
            }
        }
        assert_eq!(told, ['1', '1', '#']);
    }

    #[test]
    fn one_packet_of_a_key_is_enough() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.receive(9, 1000, 8000, &payload(15, true, 800)), Some('D'));
        assert_eq!(receiver.receive(9, 4000, 8000, &payload(10, true, 800)), Some('*'));
    }

    #[test]
    fn late_packets_of_told_keys_are_silent() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.receive(9, u32::MAX - 100, 8000, &payload(1, false, 160)), Some('1'));
        assert_eq!(receiver.receive(9, 2000, 8000, &payload(2, false, 160)), Some('2'));
        assert_eq!(receiver.receive(9, u32::MAX - 100, 8000, &payload(1, true, 800)), None);
        assert_eq!(receiver.receive(9, 2000, 8000, &payload(2, true, 800)), None);
    }

    #[test]
    fn a_key_held_for_twenty_seconds_is_one_key() {
        let mut receiver = Receiver::default();
        let mut told = Vec::new();
        for segment in 0..3u32 {
            for duration in (160..=65_440).step_by(160) {
                told.extend(receiver.receive(9, segment * 0xffff, 8000, &payload(5, segment == 2 && duration == 65_440, duration)));
            }
        }
        assert_eq!(told, ['5']);
    }

    #[test]
    fn a_sender_that_moves_the_timestamp_with_each_packet_presses_one_key() {
        let mut receiver = Receiver::default();
        let told: Vec<char> = (0..10u32).filter_map(|step| receiver.receive(9, step * 160, 8000, &payload(3, false, 160))).collect();
        assert_eq!(told, ['3']);
    }

    #[test]
    fn what_is_no_key_is_silent() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.receive(9, 0, 8000, &payload(16, false, 160)), None);
        assert_eq!(receiver.receive(9, 0, 8000, &[1, 2, 3]), None);
    }

    proptest! {
        #[test]
        fn keys_survive_loss_duplication_and_reordering(
            keys in prop::collection::vec(0u8..16, 1..12),
            fates in prop::collection::vec((any::<bool>(), 0usize..3), 12 * 8),
        ) {
            let mut packets = Vec::new();
            for (key, code) in keys.iter().enumerate() {
                let timestamp = u32::MAX.wrapping_add(u32::try_from(key * 1280).unwrap());
                for step in 1..=8u16 {
                    let (lost, delay) = fates[key * 8 + usize::from(step) - 1];
                    // The first packet always arrives, in this net.
                    if step == 1 || !lost {
                        packets.push((key * 8 + usize::from(step) + delay * usize::from(step > 1), timestamp, payload(*code, step > 5, step.min(5) * 160)));
                        packets.push((key * 8 + usize::from(step) + delay * usize::from(step > 1), timestamp, payload(*code, step > 5, step.min(5) * 160)));
                    }
                }
            }
            packets.sort_by_key(|packet| packet.0);
            let mut receiver = Receiver::default();
            let told: String = packets.iter().filter_map(|(_, timestamp, bytes)| receiver.receive(9, *timestamp, 8000, bytes)).collect();
            let expected: String = keys.iter().map(|code| char::from(b"0123456789*#ABCD"[usize::from(*code)])).collect();
            prop_assert_eq!(told, expected);
        }

        #[test]
        fn any_bytes_harm_nothing(packets in prop::collection::vec((any::<u32>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..6)), 0..40)) {
            let mut receiver = Receiver::default();
            for (ssrc, timestamp, bytes) in packets {
                let _ = receiver.receive(ssrc % 2, timestamp, 48_000, &bytes);
            }
        }
    }
}
