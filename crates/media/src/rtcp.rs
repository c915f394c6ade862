//! Reports of RTCP (RFC 3550 §6).

use crate::rtp::Reception;

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const GOODBYE: u8 = 203;
const CNAME: u8 = 1;
/// Seconds from 1900 to 1970.
const NTP_OFFSET: u64 = 2_208_988_800;
/// What a report says of one source.
const BLOCK_BYTES: usize = 24;
/// Packets of one compound packet that are read.
const MOST_PACKETS: usize = 16;

/// What a sender tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    pub utc_ms: i64,
    /// The timestamp of this moment.
    pub timestamp: u32,
    pub packets: u32,
    pub octets: u32,
}

/// The last report of the peer's sending, and how long ago, for its round trip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastReport {
    /// The middle 32 bits of its NTP time.
    pub middle: u32,
    /// In 65,536ths of a second.
    pub delay: u32,
}

/// Append a compound packet: a report, our name and, at the end, farewell.
pub fn write(out: &mut Vec<u8>, ssrc: u32, sending: Option<&Sending>, reception: Option<(&Reception, LastReport)>, cname: &str, goodbye: bool) {
    let start = head(out, if sending.is_some() { SENDER_REPORT } else { RECEIVER_REPORT }, u8::from(reception.is_some()));
    put(out, ssrc);
    if let Some(sending) = sending {
        let ms = u64::try_from(sending.utc_ms).unwrap_or(0);
        // Seconds since 1900 are modulo 2^32 by definition.
        #[allow(clippy::cast_possible_truncation)]
        put(out, (ms / 1000 + NTP_OFFSET) as u32);
        put(out, u32::try_from(((ms % 1000) << 32) / 1000).unwrap_or(0));
        put(out, sending.timestamp);
        put(out, sending.packets);
        put(out, sending.octets);
    }
    if let Some((reception, last)) = reception {
        put(out, reception.ssrc);
        put(out, u32::from(reception.fraction_lost) << 24 | reception.cumulative_lost.cast_unsigned() & 0x00ff_ffff);
        put(out, reception.highest_sequence);
        put(out, reception.jitter);
        put(out, last.middle);
        put(out, last.delay);
    }
    finish(out, start);
    let start = head(out, SOURCE_DESCRIPTION, 1);
    put(out, ssrc);
    let name = &cname.as_bytes()[..cname.len().min(255)];
    out.push(CNAME);
    out.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(name);
    out.push(0);
    while !(out.len() - start).is_multiple_of(4) {
        out.push(0);
    }
    finish(out, start);
    if goodbye {
        let start = head(out, GOODBYE, 1);
        put(out, ssrc);
        finish(out, start);
    }
}

fn head(out: &mut Vec<u8>, kind: u8, count: u8) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0x80 | count, kind, 0, 0]);
    start
}

fn put(out: &mut Vec<u8>, word: u32) {
    out.extend_from_slice(&word.to_be_bytes());
}

fn finish(out: &mut [u8], start: usize) {
    let words = u16::try_from((out.len() - start) / 4 - 1).unwrap_or(u16::MAX);
    out[start + 2..start + 4].copy_from_slice(&words.to_be_bytes());
}

/// What concerns us of a compound packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The middle 32 bits of the NTP time in a sender's report.
    pub sender_middle: Option<u32>,
    /// How much of what we sent was lost since the report before, in 256ths.
    pub our_loss: Option<u8>,
    pub goodbye: bool,
}

/// `ssrc` is ours. Nothing for what is no RTCP. Lengths that promise more than there is end the reading.
pub fn parse(bytes: &[u8], ssrc: u32) -> Option<Heard> {
    let mut heard = Heard::default();
    let mut rest = bytes;
    for position in 0..MOST_PACKETS {
        let Some(&[first, kind, high, low]) = rest.first_chunk() else { break };
        let length = 4 + 4 * usize::from(u16::from_be_bytes([high, low]));
        if first >> 6 != 2 || !(192..224).contains(&kind) || rest.len() < length {
            return (position > 0).then_some(heard);
        }
        let blocks = match kind {
            SENDER_REPORT => rest.get(28..length),
            RECEIVER_REPORT => rest.get(8..length),
            _ => None,
        };
        let ours = blocks.unwrap_or_default().chunks_exact(BLOCK_BYTES).take(usize::from(first & 0x1f)).find(|block| block[..4] == ssrc.to_be_bytes());
        heard.our_loss = ours.map(|block| block[4]).or(heard.our_loss);
        match kind {
            SENDER_REPORT if length >= 28 => heard.sender_middle = Some(u32::from_be_bytes([rest[10], rest[11], rest[12], rest[13]])),
            GOODBYE => heard.goodbye = true,
            _ => {}
        }
        rest = &rest[length..];
    }
    (rest.len() < bytes.len()).then_some(heard)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SENDING: Sending = Sending { utc_ms: 1_500, timestamp: 160, packets: 1, octets: 160 };
    const RECEPTION: Reception = Reception { ssrc: 5, fraction_lost: 1, cumulative_lost: -1, highest_sequence: 9, jitter: 3 };

    #[test]
    fn a_senders_report_has_the_layout_of_the_rfc() {
        let mut out = Vec::new();
        write(&mut out, 7, Some(&SENDING), Some((&RECEPTION, LastReport { middle: 1, delay: 2 })), "abc", true);
        assert_eq!(out[..4], [0x81, 200, 0, 12]);
        assert_eq!(out[8..16], [0x83, 0xaa, 0x7e, 0x81, 0x80, 0, 0, 0]);
        assert_eq!(out[28..36], [0, 0, 0, 5, 1, 0xff, 0xff, 0xff]);
        assert_eq!(out[52..68], [0x81, 202, 0, 3, 0, 0, 0, 7, 1, 3, b'a', b'b', b'c', 0, 0, 0]);
        assert_eq!(out[68..], [0x81, 203, 0, 1, 0, 0, 0, 7]);
        assert!(crate::rtp::is_rtcp(&out));
        assert_eq!(parse(&out, 6), Some(Heard { sender_middle: Some(0x7e81_8000), our_loss: None, goodbye: true }));
        assert_eq!(parse(&out, 5).unwrap().our_loss, Some(1));
    }

    #[test]
    fn a_report_on_several_sources_tells_of_ours() {
        let mut out = vec![0x82, 201, 0, 13, 0, 0, 0, 7];
        for (ssrc, lost) in [(5u32, 10), (6, 20), (8, 30)] {
            out.extend(ssrc.to_be_bytes());
            out.push(lost);
            out.extend([0; 19]);
        }
        let said = |bytes: &[u8], ssrc| parse(bytes, ssrc).and_then(|heard| heard.our_loss);
        // The count is two, whatever follows.
        assert_eq!((said(&out[..56], 5), said(&out[..56], 6), said(&out, 8)), (Some(10), Some(20), None));
        out[3] = 7;
        assert_eq!((said(&out, 5), said(&out, 6)), (Some(10), None), "cut off");
        out[1] = 200;
        assert_eq!(said(&out, 5), None);
    }

    #[test]
    fn who_has_sent_nothing_reports_what_it_receives() {
        let mut out = Vec::new();
        write(&mut out, 7, None, None, "ab", false);
        assert_eq!(out[..8], [0x80, 201, 0, 1, 0, 0, 0, 7]);
        assert!(out.len().is_multiple_of(4));
        assert_eq!(parse(&out, 7), Some(Heard::default()));
    }

    #[test]
    fn what_is_no_rtcp_is_nothing() {
        for bytes in [&[][..], &[0x80, 200], &[0x80, 200, 0xff, 0xff], &[0x80, 0, 0, 0], &[0x40, 200, 0, 0]] {
            assert_eq!(parse(bytes, 0), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_harm_nothing(mut bytes in prop::collection::vec(any::<u8>(), 0..80), kind in 192u8..224) {
            if bytes.len() > 3 {
                bytes[0] |= 0x80;
                bytes[1] = kind;
                bytes[2] = 0;
                bytes[3] %= 8;
            }
            let _ = parse(&bytes, 0);
        }
    }
}
