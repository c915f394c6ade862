//! SRTP and SRTCP (RFC 3711, RFC 7714), in place; the ciphers are aws-lc's.

mod cipher;
mod index;

use cipher::{Cipher, Keys, Kind};
use index::Window;

pub(super) use cipher::Profile;

/// A browser sends one stream, and a digit is no stream of its own. Of what comes the stream that was silent longest is forgotten
/// beyond this; a further one of our own is refused, because the same key must not be used from index zero twice.
const MAX_STREAMS: usize = 16;
/// RFC 3550 §5.1.
const RTP_HEADER_BYTES: usize = 12;
/// The part of RTCP that stays readable. RFC 3711 §3.4.
const RTCP_HEADER_BYTES: usize = 8;
/// The E flag and the index of SRTCP. RFC 3711 §3.4.
const RTCP_INDEX_BYTES: usize = 4;
const RTCP_ENCRYPTED: u32 = 1 << 31;

/// One direction of one peer.
pub(super) struct Protector {
    rtp: Cipher,
    rtcp: Cipher,
    streams: Vec<(u32, Window)>,
    /// One counter for all streams, which only grows. RFC 3711 §3.4.
    rtcp_index: u32,
}

/// The other direction.
pub(super) struct Opener {
    rtp: Cipher,
    rtcp: Cipher,
    streams: Vec<(u32, Window)>,
    rtcp_streams: Vec<(u32, Window)>,
}

impl Protector {
    pub fn new(profile: Profile, key: &[u8], salt: &[u8]) -> Option<Self> {
        let keys = Keys::new(profile, key, salt)?;
        Some(Self { rtp: keys.cipher(Kind::Rtp)?, rtcp: keys.cipher(Kind::Rtcp)?, streams: Vec::new(), rtcp_index: 0 })
    }

    /// Make SRTP of RTP. `None`, with the bytes in an undefined state, for what is no RTP.
    pub fn rtp(&mut self, packet: &mut Vec<u8>) -> Option<()> {
        let header = rtp_header_bytes(packet)?;
        let ssrc = word(packet, 8)?;
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        let at = match self.streams.iter().position(|(known, _)| *known == ssrc) {
            Some(at) => at,
            None if self.streams.len() == MAX_STREAMS => return None,
            None => {
                self.streams.push((ssrc, Window::default()));
                self.streams.len() - 1
            }
        };
        let window = &mut self.streams[at].1;
        let index = window.estimate(sequence)?;
        *window = window.with(index);
        self.rtp.protect_rtp(packet, header, ssrc, index)
    }

    pub fn rtcp(&mut self, packet: &mut Vec<u8>) -> Option<()> {
        let ssrc = word(packet, 4)?;
        let index = self.rtcp_index;
        // A key is used for 2³¹ packets at most. RFC 3711 §9.2.
        self.rtcp_index = index.checked_add(1).filter(|next| next & RTCP_ENCRYPTED == 0)?;
        self.rtcp.protect_rtcp(packet, ssrc, index)
    }
}

impl Opener {
    pub fn new(profile: Profile, key: &[u8], salt: &[u8]) -> Option<Self> {
        let keys = Keys::new(profile, key, salt)?;
        Some(Self { rtp: keys.cipher(Kind::Rtp)?, rtcp: keys.cipher(Kind::Rtcp)?, streams: Vec::new(), rtcp_streams: Vec::new() })
    }

    /// The RTP packet, which lies in the same bytes. `None` for what is forged, cut, repeated or too old.
    pub fn rtp<'a>(&mut self, packet: &'a mut [u8]) -> Option<&'a [u8]> {
        let header = rtp_header_bytes(packet)?;
        let ssrc = word(packet, 8)?;
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        let at = self.streams.iter().position(|(known, _)| *known == ssrc);
        let window = at.map_or_else(Window::default, |at| self.streams[at].1);
        let index = window.estimate(sequence)?;
        let length = self.rtp.open_rtp(packet, header, ssrc, index)?;
        remember(&mut self.streams, at, ssrc, window.with(index));
        packet.get(..length)
    }

    pub fn rtcp<'a>(&mut self, packet: &'a mut [u8]) -> Option<&'a [u8]> {
        let ssrc = word(packet, 4)?;
        let at = self.rtcp_streams.iter().position(|(known, _)| *known == ssrc);
        let window = at.map_or_else(Window::default, |at| self.rtcp_streams[at].1);
        let word = word(packet, self.rtcp.rtcp_index_at(packet.len())?)?;
        let index = u64::from(word & !RTCP_ENCRYPTED);
        if !window.is_new(index) {
            return None;
        }
        let length = self.rtcp.open_rtcp(packet, ssrc, word)?;
        remember(&mut self.rtcp_streams, at, ssrc, window.with(index));
        packet.get(..length)
    }
}

/// Only packets that proved to be the peer's come here.
fn remember(streams: &mut Vec<(u32, Window)>, at: Option<usize>, ssrc: u32, window: Window) {
    match at {
        // The last one is the one that was heard last.
        Some(at) if at + 1 == streams.len() => streams[at].1 = window,
        Some(at) => {
            streams.remove(at);
            streams.push((ssrc, window));
        }
        None => {
            if streams.len() == MAX_STREAMS {
                streams.remove(0);
            }
            streams.push((ssrc, window));
        }
    }
}

/// Fixed header, contributing sources and extension, all of which stay readable. RFC 3550 §5.1, §5.3.1.
fn rtp_header_bytes(packet: &[u8]) -> Option<usize> {
    let first = *packet.first()?;
    let mut length = RTP_HEADER_BYTES + 4 * usize::from(first & 0x0F);
    if first & 0x10 != 0 {
        let words = u16::from_be_bytes([*packet.get(length + 2)?, *packet.get(length + 3)?]);
        length += 4 + 4 * usize::from(words);
    }
    (first >> 6 == 2 && length <= packet.len()).then_some(length)
}

fn word(packet: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(packet.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
