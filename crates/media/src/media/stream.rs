use cordboard_now::Instant;

use crate::{io::Unit, rtp::Packet};

/// What a leg sends: one stream with one SSRC whose sequence numbers and timestamps go on over changes of what is heard.
#[derive(Debug)]
pub(super) struct Stream {
    pub ssrc: u32,
    /// Of the last packet.
    sequence: u16,
    timestamp: u32,
    at: Option<Instant>,
    anchor: Option<Anchor>,
    pub packets: u64,
    pub octets: u32,
}

/// How numbers of the present source become ours.
#[derive(Debug)]
struct Anchor {
    source: Unit,
    ssrc: u32,
    sequence_offset: u16,
    timestamp_offset: u32,
}

/// The header of a packet of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
}

impl Head {
    pub fn packet(self, ssrc: u32, payload_type: u8, payload: &[u8]) -> Packet<'_> {
        Packet { marker: self.marker, payload_type, sequence: self.sequence, timestamp: self.timestamp, ssrc, payload }
    }
}

impl Stream {
    /// Numbers begin by chance (RFC 3550 §5.1).
    pub fn new(ssrc: u32, sequence: u16, timestamp: u32) -> Self {
        Self { ssrc, sequence, timestamp, at: None, anchor: None, packets: 0, octets: 0 }
    }

    pub fn last_sent(&self) -> Option<Instant> {
        self.at
    }

    /// The timestamp of a moment.
    pub fn timestamp_at(&self, now: Instant, clock: u32) -> u32 {
        let elapsed = self.at.map_or(0, |at| now.0.saturating_sub(at.0));
        #[allow(clippy::cast_possible_truncation)]
        let ticks = (elapsed.wrapping_mul(u64::from(clock)) / 1000) as u32;
        self.timestamp.wrapping_add(ticks)
    }

    /// What comes next begins anew, with a marker.
    pub fn cut(&mut self) {
        self.anchor = None;
    }

    /// A packet of another leg goes on; gaps and disorder of its source stay what they are. `fresh` if its numbers begin anew.
    pub fn relay(&mut self, now: Instant, source: Unit, packet: &Packet<'_>, fresh: bool, clock: u32) -> Head {
        match &self.anchor {
            Some(anchor) if !fresh && anchor.source == source && anchor.ssrc == packet.ssrc => {
                let sequence = packet.sequence.wrapping_add(anchor.sequence_offset);
                let timestamp = packet.timestamp.wrapping_add(anchor.timestamp_offset);
                if sequence.wrapping_sub(self.sequence) < 1 << 15 {
                    self.sequence = sequence;
                    self.timestamp = timestamp;
                    self.at = Some(now);
                }
                self.count(packet.payload.len());
                Head { marker: packet.marker, sequence, timestamp }
            }
            _ => {
                let head = self.begin(now, clock);
                self.anchor = Some(Anchor {
                    source,
                    ssrc: packet.ssrc,
                    sequence_offset: head.sequence.wrapping_sub(packet.sequence),
                    timestamp_offset: head.timestamp.wrapping_sub(packet.timestamp),
                });
                self.count(packet.payload.len());
                head
            }
        }
    }

    /// A packet that is made here, `ticks` after the one before of the same source.
    pub fn generate(&mut self, now: Instant, source: Unit, ticks: u32, bytes: usize, clock: u32) -> Head {
        let goes_on = self.anchor.as_ref().is_some_and(|anchor| anchor.source == source);
        self.count(bytes);
        if !goes_on {
            self.anchor = Some(Anchor { source, ssrc: 0, sequence_offset: 0, timestamp_offset: 0 });
            return self.begin(now, clock);
        }
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(ticks);
        self.at = Some(now);
        Head { marker: false, sequence: self.sequence, timestamp: self.timestamp }
    }

    /// A packet of an event, whose timestamp stays that of its beginning (RFC 4733 §2.1).
    pub fn event(&mut self, now: Instant, begins: bool, bytes: usize, clock: u32) -> Head {
        self.anchor = None;
        self.count(bytes);
        if begins {
            return self.begin(now, clock);
        }
        self.sequence = self.sequence.wrapping_add(1);
        Head { marker: false, sequence: self.sequence, timestamp: self.timestamp }
    }

    /// Another packet of an event that began at this timestamp, whatever came between.
    pub fn event_at(&mut self, timestamp: u32, bytes: usize) -> Head {
        self.anchor = None;
        self.count(bytes);
        self.sequence = self.sequence.wrapping_add(1);
        Head { marker: false, sequence: self.sequence, timestamp }
    }

    fn begin(&mut self, now: Instant, clock: u32) -> Head {
        // Two packets of one moment must not have one timestamp.
        let timestamp = self.timestamp_at(now, clock);
        self.timestamp = if timestamp == self.timestamp { timestamp.wrapping_add(clock / 50) } else { timestamp };
        self.sequence = self.sequence.wrapping_add(1);
        self.at = Some(now);
        Head { marker: true, sequence: self.sequence, timestamp: self.timestamp }
    }

    fn count(&mut self, bytes: usize) {
        self.packets += 1;
        self.octets = self.octets.wrapping_add(u32::try_from(bytes).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{LegId, PlayerId};

    const LEG: Unit = Unit::Leg(LegId(1));

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Packet<'static> {
        Packet { marker: false, payload_type: 0, sequence, timestamp, ssrc, payload: &[0; 160] }
    }

    #[test]
    fn numbers_go_on_when_what_is_heard_changes() {
        let mut stream = Stream::new(1, u16::MAX, 0);
        let first = stream.relay(Instant(0), LEG, &packet(5, 100, 1000), false, 8000);
        assert_eq!(first, Head { marker: true, sequence: 0, timestamp: 160 });
        assert_eq!(stream.relay(Instant(20), LEG, &packet(5, 102, 1320), false, 8000), Head { marker: false, sequence: 2, timestamp: 480 });
        assert_eq!(stream.relay(Instant(21), LEG, &packet(5, 101, 1160), false, 8000), Head { marker: false, sequence: 1, timestamp: 320 });
        let player = Unit::Player(PlayerId(1));
        assert_eq!(stream.generate(Instant(120), player, 160, 160, 8000), Head { marker: true, sequence: 3, timestamp: 480 + 800 });
        assert_eq!(stream.generate(Instant(140), player, 160, 160, 8000), Head { marker: false, sequence: 4, timestamp: 1440 });
        assert_eq!(stream.relay(Instant(160), LEG, &packet(6, 7, 9), false, 8000), Head { marker: true, sequence: 5, timestamp: 1600 });
        assert_eq!(stream.relay(Instant(180), LEG, &packet(6, 50_000, 9), true, 8000).sequence, 6);
    }

    #[test]
    fn an_event_keeps_its_timestamp() {
        let mut stream = Stream::new(1, 0, 0);
        let player = Unit::Player(PlayerId(1));
        stream.generate(Instant(0), player, 160, 160, 8000);
        let begin = stream.event(Instant(20), true, 4, 8000);
        assert!(begin.marker);
        assert_eq!(stream.event(Instant(40), false, 4, 8000), Head { marker: false, sequence: 3, timestamp: begin.timestamp });
        assert_eq!(stream.generate(Instant(60), player, 160, 160, 8000), Head { marker: true, sequence: 4, timestamp: begin.timestamp + 320 });
    }
}
