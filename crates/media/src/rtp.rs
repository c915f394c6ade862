//! Packets of RTP (RFC 3550 §5) and what a receiver keeps of them.

/// Version 2, without padding, extension and sources.
const FIRST_BYTE: u8 = 0x80;
/// The header without sources and extension.
pub const HEADER_BYTES: usize = 12;
/// A jump forward of fewer packets is loss (RFC 3550 §A.1).
const MAX_DROPOUT: u16 = 3000;
/// A step back of fewer packets is reordering (RFC 3550 §A.1).
const MAX_MISORDER: u16 = 100;

/// Where RTP and RTCP share a port, the second byte tells them apart (RFC 5761 §4).
pub fn is_rtcp(bytes: &[u8]) -> bool {
    bytes.len() >= 2 && (192..224).contains(&bytes[1])
}

/// A packet, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Nothing for what is no packet of RTP.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let head: &[u8; HEADER_BYTES] = bytes.first_chunk()?;
        if head[0] >> 6 != 2 {
            return None;
        }
        let mut start = HEADER_BYTES + 4 * usize::from(head[0] & 0x0f);
        if head[0] & 0x10 != 0 {
            let extension = bytes.get(start..start + 4)?;
            start += 4 + 4 * usize::from(u16::from_be_bytes([extension[2], extension[3]]));
        }
        let mut end = bytes.len();
        if head[0] & 0x20 != 0 {
            let padding = usize::from(*bytes.last()?);
            if padding == 0 {
                return None;
            }
            end = end.checked_sub(padding)?;
        }
        Some(Self {
            marker: head[1] & 0x80 != 0,
            payload_type: head[1] & 0x7f,
            sequence: u16::from_be_bytes([head[2], head[3]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
            payload: bytes.get(start..end)?,
        })
    }

    /// Append to bytes that are to be sent.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(FIRST_BYTE);
        out.push(u8::from(self.marker) << 7 | self.payload_type & 0x7f);
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&self.ssrc.to_be_bytes());
        out.extend_from_slice(self.payload);
    }
}

/// What a report says of one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    pub ssrc: u32,
    /// In 256ths, since the last report.
    pub fraction_lost: u8,
    pub cumulative_lost: i32,
    pub highest_sequence: u32,
    /// In ticks of the timestamp.
    pub jitter: u32,
}

/// How a packet relates to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first of its source.
    Fresh,
    Next,
    /// Late, or a duplicate; the receiver keeps no list of what it has heard.
    Late,
    /// So far away that it counts only if its successor follows (RFC 3550 §A.1).
    Stray,
}

/// What is known of the source that is heard; a new source begins anew.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    source: Option<Source>,
    /// Of sources before.
    past_lost: u64,
    pub received: u64,
}

#[derive(Clone, Debug)]
struct Source {
    ssrc: u32,
    base: u32,
    /// The highest sequence number, extended by its wraps.
    highest: u32,
    received: u32,
    /// The one that would follow a stray.
    bad: Option<u16>,
    transit: i64,
    /// In 16ths of a tick (RFC 3550 §A.8).
    jitter_16: u64,
    expected_prior: u32,
    received_prior: u32,
}

impl Source {
    fn new(packet: &Packet<'_>) -> Self {
        let base = u32::from(packet.sequence);
        Self { ssrc: packet.ssrc, base, highest: base, received: 1, bad: None, transit: 0, jitter_16: 0, expected_prior: 0, received_prior: 0 }
    }

    fn expected(&self) -> u32 {
        self.highest.wrapping_sub(self.base).wrapping_add(1)
    }

    fn lost(&self) -> i64 {
        i64::from(self.expected()) - i64::from(self.received)
    }
}

impl Receiver {
    /// Count a packet that came at `arrival_ms`; `clock` in ticks per second.
    pub fn receive(&mut self, packet: &Packet<'_>, arrival_ms: u64, clock: u32) -> Order {
        // Ticks, modulo 2^32 like timestamps.
        let arrival = arrival_ms.wrapping_mul(u64::from(clock)) / 1000;
        #[allow(clippy::cast_possible_truncation)]
        let transit = i64::from((arrival as u32).wrapping_sub(packet.timestamp));
        let source = match &mut self.source {
            Some(source) if source.ssrc == packet.ssrc => source,
            slot => {
                self.past_lost += slot.as_ref().map_or(0, |source| u64::try_from(source.lost()).unwrap_or(0));
                self.received += 1;
                *slot = Some(Source { transit, ..Source::new(packet) });
                return Order::Fresh;
            }
        };
        #[allow(clippy::cast_possible_truncation)]
        let ahead = packet.sequence.wrapping_sub(source.highest as u16);
        let order = if ahead != 0 && ahead < MAX_DROPOUT {
            source.highest = source.highest.wrapping_add(u32::from(ahead));
            Order::Next
        } else if ahead == 0 || ahead > u16::MAX - MAX_MISORDER {
            Order::Late
        } else if source.bad == Some(packet.sequence) {
            // The sender began anew without telling.
            self.past_lost += u64::try_from(source.lost()).unwrap_or(0);
            self.received += 1;
            *source = Source { transit, ..Source::new(packet) };
            return Order::Fresh;
        } else {
            source.bad = Some(packet.sequence.wrapping_add(1));
            return Order::Stray;
        };
        source.bad = None;
        source.received = source.received.wrapping_add(1);
        self.received += 1;
        let mut difference = (transit - source.transit).unsigned_abs();
        // Transits wrap like timestamps.
        difference = difference.min((1 << 32) - difference.min(1 << 32));
        source.transit = transit;
        source.jitter_16 = (source.jitter_16 + difference).saturating_sub((source.jitter_16 + 8) >> 4);
        order
    }

    /// What the next report says, once something came.
    pub fn report(&mut self) -> Option<Reception> {
        let source = self.source.as_mut()?;
        let expected = source.expected();
        let expected_now = expected.wrapping_sub(source.expected_prior);
        let received_now = source.received.wrapping_sub(source.received_prior);
        source.expected_prior = expected;
        source.received_prior = source.received;
        let lost_now = expected_now.saturating_sub(received_now);
        let fraction_lost = (u64::from(lost_now) * 256).checked_div(u64::from(expected_now)).unwrap_or(0).min(255);
        Some(Reception {
            ssrc: source.ssrc,
            fraction_lost: u8::try_from(fraction_lost).unwrap_or(u8::MAX),
            // 24 bits (RFC 3550 §6.4.1).
            cumulative_lost: i32::try_from(source.lost().clamp(-0x80_0000, 0x7f_ffff)).unwrap_or(0),
            highest_sequence: source.highest,
            jitter: u32::try_from(source.jitter_16 >> 4).unwrap_or(u32::MAX),
        })
    }

    pub fn lost(&self) -> u64 {
        self.past_lost + self.source.as_ref().map_or(0, |source| u64::try_from(source.lost()).unwrap_or(0))
    }

    /// Milliseconds at `clock` ticks per second.
    pub fn jitter_ms(&self, clock: u32) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let ticks = self.source.as_ref().map_or(0.0, |source| source.jitter_16 as f64 / 16.0);
        ticks * 1000.0 / f64::from(clock)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet(sequence: u16, timestamp: u32) -> Packet<'static> {
        Packet { marker: false, payload_type: 0, sequence, timestamp, ssrc: 9, payload: &[1, 2, 3] }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        let packet = Packet { marker: true, payload_type: 101, ..packet(65_535, 7) };
        packet.write(&mut bytes);
        assert_eq!(Packet::parse(&bytes), Some(packet));
        assert!(!is_rtcp(&bytes));
    }

    #[test]
    fn sources_extension_and_padding_are_no_payload() {
        let mut bytes = vec![0xb1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        bytes.extend([0, 0, 0, 4]);
        bytes.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4]);
        bytes.extend([7, 8, 0, 0, 3]);
        assert_eq!(Packet::parse(&bytes).unwrap().payload, [7, 8]);
        for cut in 0..20 {
            let _ = Packet::parse(&bytes[..cut]);
        }
    }

    #[test]
    fn what_claims_more_than_it_holds_is_nothing() {
        for bytes in [&[0x80; 11][..], &[0x40; 20], &[0x8f; 20], &[0x90; 14], &[0xa0; 12], &{
            let mut padded = [0xa0; 13];
            padded[12] = 0;
            padded
        }] {
            assert_eq!(Packet::parse(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn loss_is_counted_over_a_wrap() {
        let mut receiver = Receiver::default();
        for (sequence, time) in [(65_533, 0), (65_534, 20), (1, 100), (2, 120)] {
            receiver.receive(&packet(sequence, 0), time, 8000);
        }
        assert_eq!(receiver.lost(), 2);
        let report = receiver.report().unwrap();
        assert_eq!((report.fraction_lost, report.cumulative_lost, report.highest_sequence), (85, 2, 65_538));
        assert_eq!(receiver.report().unwrap().fraction_lost, 0);
    }

    #[test]
    fn jitter_is_that_of_rfc_3550() {
        let mut receiver = Receiver::default();
        for index in 0..2000u32 {
            // Every second packet is 10 ms late: differences of 80 ticks.
            let arrival = u64::from(index) * 20 + u64::from(index % 2) * 10;
            receiver.receive(&packet(u16::try_from(index).unwrap(), index * 160), arrival, 8000);
        }
        assert!((receiver.jitter_ms(8000) - 10.0).abs() < 0.2, "{}", receiver.jitter_ms(8000));
    }

    #[test]
    fn a_sender_that_begins_anew_is_believed_at_its_second_packet() {
        let mut receiver = Receiver::default();
        let orders: Vec<Order> = [10, 11, 30_000, 30_001, 30_002, 30_002].map(|sequence| receiver.receive(&packet(sequence, 0), 0, 8000)).into();
        assert_eq!(orders, [Order::Fresh, Order::Next, Order::Stray, Order::Fresh, Order::Next, Order::Late]);
    }

    proptest! {
        #[test]
        fn any_bytes_and_any_order_harm_nothing(packets in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), any::<u64>()), 0..60)) {
            let mut receiver = Receiver::default();
            for (mut bytes, time) in packets {
                if let Some(first) = bytes.first_mut() {
                    *first = 0x80 | (*first & 0x3f);
                }
                if let Some(packet) = Packet::parse(&bytes) {
                    receiver.receive(&packet, time, 48_000);
                    receiver.report();
                    receiver.lost();
                }
            }
        }
    }
}
