use std::net::SocketAddr;

use cordboard_now::Now;

use super::{Media, leg::Kind, tap::Tap};
use crate::{
    codec::g711::{ALAW_TO_ULAW, ULAW_TO_ALAW},
    event::{Crossing, Told},
    io::{Event, Unit},
    rtcp,
    rtp::{Order, Packet, is_rtcp},
    sdp::Codec,
    webrtc::Received,
};

impl Media {
    /// A datagram came to a port of ours. Its bytes are changed.
    pub fn packet(&mut self, now: Now, port: u16, from: SocketAddr, bytes: &mut [u8]) {
        let Some(slot) = self.ports.owner(port) else { return };
        let Some(leg) = self.legs.get(slot) else { return };
        let from = SocketAddr::new(from.ip().to_canonical(), from.port());
        if let Some(peer) = &mut leg.peer {
            match peer.packet(now.monotonic, from, bytes) {
                Received::Rtp(bytes) => self.rtp(now, slot, from, bytes),
                Received::Rtcp(bytes) => self.rtcp(now, slot, from, bytes),
                Received::Nothing => self.drain_peer(slot),
            }
        } else if port != leg.port || (is_rtcp(bytes) && leg.agreement.as_ref().is_some_and(|agreement| agreement.mux)) {
            if leg.admits_rtcp(from) {
                self.rtcp(now, slot, from, bytes);
            }
        } else if leg.admits(from) {
            self.rtp(now, slot, from, bytes);
        }
    }

    fn rtp(&mut self, now: Now, slot: u32, from: SocketAddr, bytes: &[u8]) {
        let at = now.monotonic;
        let Some(leg) = self.legs.get(slot) else { return };
        let Some(packet) = Packet::parse(bytes) else { return };
        let kind = leg.kinds[usize::from(packet.payload_type & 0x7f)];
        if kind != Kind::Unknown {
            leg.latch = Some(from);
        }
        // Comfort noise says as much, whether or not it was agreed on.
        leg.earn(from);
        if kind == Kind::Unknown {
            return;
        }
        let order = leg.receiver.receive(&packet, at.0, leg.codec().clock());
        if order == Order::Stray {
            return;
        }
        if leg.heard_at.is_none() {
            self.out.event(Event::FirstPacket { leg: leg.id });
        } else if leg.silent {
            leg.silent = false;
            self.out.event(Event::Silent { leg: leg.id, on: false });
        }
        leg.heard_at = Some(at);
        if let Kind::Event(clock) = kind
            && leg.tones
        {
            if let Some(tone) = leg.events.receive(packet.ssrc, packet.timestamp, clock, packet.payload) {
                self.out.event(Event::Tone { leg: leg.id, tone });
            }
            return;
        }
        if leg.hearers.is_empty() {
            return;
        }
        let source = Unit::Leg(leg.id);
        let hearers = std::mem::take(&mut leg.hearers);
        let mut undecoded = false;
        for hearer in &hearers {
            undecoded |= !self.relay(now, *hearer, source, kind, &packet, order == Order::Fresh);
        }
        let Some(leg) = self.legs.get(slot) else { return };
        leg.hearers = hearers;
        if undecoded && let Kind::Audio(codec) = kind {
            let tap = match &mut leg.tap {
                Some(tap) if tap.codec == codec => tap,
                other => other.insert(Box::new(Tap::new(codec))),
            };
            tap.push(packet.sequence, packet.timestamp, packet.payload, order == Order::Fresh);
            if !self.tapped.contains(&slot) {
                self.tapped.push(slot);
                self.schedule(at);
            }
        }
    }

    /// Pass a packet on; whether nothing is left to do but decoding.
    fn relay(&mut self, now: Now, hearer: u32, source: Unit, kind: Kind, packet: &Packet<'_>, fresh: bool) -> bool {
        let Some(leg) = self.legs.get(hearer) else { return true };
        // Our own keys have the leg's sequence numbers for themselves.
        if leg.remote().is_none() || !leg.digits.is_idle() {
            return true;
        }
        let Some(agreement) = &leg.agreement else { return true };
        let clock = agreement.codec.clock();
        let (payload_type, law) = match kind {
            Kind::Unknown => return true,
            Kind::Event(source_clock) => match agreement.event {
                Some((theirs, _)) if source_clock == clock => (theirs, None),
                Some((theirs, _)) => {
                    self.cross(now, hearer, theirs, (source_clock, clock), packet, fresh);
                    return true;
                }
                None => return true,
            },
            Kind::Audio(codec) => {
                let law = match (codec, agreement.codec) {
                    (from, to) if from == to => None,
                    (Codec::Pcmu, Codec::Pcma) => Some(&ULAW_TO_ALAW),
                    (Codec::Pcma, Codec::Pcmu) => Some(&ALAW_TO_ULAW),
                    _ => return false,
                };
                (agreement.payload, law)
            }
        };
        let head = leg.stream.relay(now.monotonic, source, packet, fresh, clock);
        leg.send(&mut self.out, &mut self.scratch, head, payload_type, packet.payload, law);
        true
    }

    /// A packet of a key for a leg that counts by another clock.
    fn cross(&mut self, now: Now, hearer: u32, payload_type: u8, clocks: (u32, u32), packet: &Packet<'_>, fresh: bool) {
        let Some(leg) = self.legs.get(hearer) else { return };
        if fresh {
            leg.crossing = Crossing::default();
        }
        for told in leg.crossing.tell(now.monotonic, packet.ssrc, packet.timestamp, clocks, packet.payload).into_iter().flatten() {
            let (head, payload) = match told {
                Told::Begins(payload) => {
                    let bytes = payload.bytes();
                    let head = leg.stream.event(now.monotonic, true, bytes.len(), clocks.1);
                    leg.crossing.begun(head.timestamp);
                    (head, bytes)
                }
                Told::Goes { timestamp, payload } => {
                    let bytes = payload.bytes();
                    (leg.stream.event_at(timestamp, bytes.len()), bytes)
                }
            };
            leg.send(&mut self.out, &mut self.scratch, head, payload_type, &payload, None);
        }
    }

    fn rtcp(&mut self, now: Now, slot: u32, from: SocketAddr, bytes: &[u8]) {
        let Some(leg) = self.legs.get(slot) else { return };
        let Some(heard) = rtcp::parse(bytes, leg.stream.ssrc) else { return };
        leg.rtcp_latch = Some(from);
        leg.earn(from);
        if let Some(middle) = heard.sender_middle {
            leg.last_report = Some((middle, now.monotonic));
        }
        if let Some(lost) = heard.our_loss {
            leg.lose(lost);
        }
    }
}
