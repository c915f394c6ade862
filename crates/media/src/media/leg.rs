use std::net::{IpAddr, SocketAddr};

use cordboard_now::Instant;

use super::{
    outbox::Outbox,
    stream::{Head, Stream},
    tap::Tap,
};
use crate::{
    codec::opus,
    event::{self, Crossing, Digits},
    io::{LegId, Statistics},
    rtp,
    sdp::{Agreement, Codec, Description},
    webrtc::Peer,
};

/// What the packets of a payload type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unknown,
    Audio(Codec),
    /// telephone-event of this clock.
    Event(u32),
}

/// What is to be described when the ports are there.
pub(super) enum Pending {
    Answer { offer: Box<Description>, source: IpAddr },
    Offer,
}

/// Packets that go where nobody was heard: ten seconds of sound. A description may name an address of somebody who asked for nothing
/// (the voice hammer, RFC 5245 §18.5.1).
pub(super) const UNHEARD_PACKETS: u16 = 500;

/// Loss beyond which more redundancy takes more from the sound than it saves, percent.
const MOST_LOSS: f32 = 30.0;
/// What a report counts beside those before it, so that one burst in five seconds changes little.
const LOSS_WEIGHT: f32 = 0.25;

/// One end of a call's audio.
pub(super) struct Leg {
    pub id: LegId,
    pub port: u16,
    pub rtcp_port: Option<u16>,
    /// Ports whose binding is not answered yet.
    pub unbound: [Option<u16>; 2],
    pub attempts: u8,
    /// A second address at which its port is bound.
    pub besides: Option<IpAddr>,
    pub pending: Option<Pending>,
    pub session_id: u64,
    pub version: u64,
    /// Our last description.
    pub text: String,
    pub agreement: Option<Agreement>,
    pub peer: Option<Box<Peer>>,
    pub broken: bool,
    pub held: bool,
    /// By payload type.
    pub kinds: [Kind; 128],
    /// Where sound really comes from.
    pub latch: Option<SocketAddr>,
    pub rtcp_latch: Option<SocketAddr>,
    /// Whether the peer is known to be where it says.
    pub proven: bool,
    /// Packets that may still go to a peer of which that is not known.
    pub credit: u16,
    /// Whether the call was answered.
    connected: bool,
    pub receiver: rtp::Receiver,
    pub events: event::Receiver,
    pub tones: bool,
    pub heard_at: Option<Instant>,
    pub silent: bool,
    /// Slots of legs that hear this one.
    pub hearers: Vec<u32>,
    pub stream: Stream,
    pub digits: Digits,
    /// Keys of who it hears, in its own clock.
    pub crossing: Crossing,
    /// Decodes what it says, for who cannot hear it as it is.
    pub tap: Option<Box<Tap>>,
    /// Codes what it hears.
    pub encoder: Option<Box<opus::Encoder>>,
    /// How much of what it is sent is lost on the way, by its reports, smoothed: percent of `MOST_LOSS` at most.
    pub loss: f32,
    pub rtcp_at: Option<Instant>,
    pub last_report: Option<(u32, Instant)>,
}

impl Leg {
    pub fn new(id: LegId, port: u16, rtcp_port: Option<u16>, session_id: u64, stream: Stream) -> Self {
        Self {
            id,
            port,
            rtcp_port,
            unbound: [Some(port), rtcp_port],
            attempts: 0,
            besides: None,
            pending: None,
            session_id,
            version: 1,
            text: String::new(),
            agreement: None,
            peer: None,
            broken: false,
            held: false,
            kinds: [Kind::Unknown; 128],
            latch: None,
            rtcp_latch: None,
            proven: false,
            credit: UNHEARD_PACKETS,
            connected: false,
            receiver: rtp::Receiver::default(),
            events: event::Receiver::default(),
            tones: false,
            heard_at: None,
            silent: false,
            hearers: Vec::new(),
            stream,
            digits: Digits::default(),
            crossing: Crossing::default(),
            tap: None,
            encoder: None,
            loss: 0.0,
            rtcp_at: None,
            last_report: None,
        }
    }

    pub fn codec(&self) -> Codec {
        self.agreement.as_ref().map_or(Codec::Pcmu, |agreement| agreement.codec)
    }

    /// Put an agreement into effect. The latch holds as long as the peer stays where it said it was.
    pub fn adopt(&mut self, agreement: Agreement) {
        let moved = self.agreement.as_ref().is_none_or(|old| (old.remote, old.behind) != (agreement.remote, agreement.behind));
        if moved {
            self.latch = None;
            self.rtcp_latch = None;
            self.proven = false;
        }
        self.proven |= agreement.at_source;
        if self.agreement.as_ref().is_none_or(|old| (old.codec, old.payload) != (agreement.codec, agreement.payload)) {
            self.stream.cut();
        }
        self.kinds = [Kind::Unknown; 128];
        for (payload, codec) in &agreement.receives {
            if let Some(kind) = self.kinds.get_mut(usize::from(*payload)) {
                *kind = Kind::Audio(*codec);
            }
        }
        if let Some((_, ours)) = agreement.event
            && let Some(kind) = self.kinds.get_mut(usize::from(ours))
        {
            *kind = Kind::Event(agreement.codec.clock());
        }
        self.agreement = Some(agreement);
    }

    /// Whether this address may speak (DESIGN §4).
    pub fn admits(&self, from: SocketAddr) -> bool {
        if let Some(latch) = self.latch {
            return latch == from;
        }
        let Some(agreement) = &self.agreement else { return false };
        agreement.remote == Some(from) || agreement.behind == Some(from.ip())
    }

    /// The same for RTCP, which may come from any port of the peer's address until it has one.
    pub fn admits_rtcp(&self, from: SocketAddr) -> bool {
        if let Some(latch) = self.rtcp_latch {
            return latch == from;
        }
        let Some(agreement) = &self.agreement else { return false };
        match self.latch {
            Some(latch) => latch.ip() == from.ip(),
            None => agreement.remote_rtcp == Some(from) || agreement.behind == Some(from.ip()),
        }
    }

    /// Where sound goes now, unless it may not or cannot.
    pub fn remote(&self) -> Option<SocketAddr> {
        let agreement = self.agreement.as_ref().filter(|agreement| agreement.direction.send)?;
        match &self.peer {
            Some(peer) => peer.selected().filter(|_| peer.is_connected()),
            None => self.latch.or(agreement.remote).filter(|_| self.may_send()),
        }
    }

    /// Whether nothing can be sent to it yet: its description, ICE or DTLS is not there.
    pub fn is_opening(&self) -> bool {
        self.agreement.is_none() || self.peer.as_ref().is_some_and(|peer| !peer.is_connected())
    }

    /// Whether anything may go to the address of the description.
    fn may_send(&self) -> bool {
        self.proven || self.credit > 0
    }

    /// A packet goes out.
    pub fn spend(&mut self) {
        if self.peer.is_none() && !self.proven {
            self.credit = self.credit.saturating_sub(1);
        }
    }

    /// The call was answered, and who heard early sound in silence may speak now.
    pub fn connect(&mut self) {
        if !std::mem::replace(&mut self.connected, true) {
            self.credit = UNHEARD_PACKETS;
        }
    }

    /// A packet came in: as many may go to the next address unheard, so that new descriptions alone aim nothing.
    pub fn earn(&mut self, from: SocketAddr) {
        let told = self.agreement.as_ref().and_then(|agreement| agreement.remote);
        self.proven |= self.latch == Some(from) || told.is_some_and(|told| told.ip() == from.ip());
        self.credit = (self.credit + 1).min(UNHEARD_PACKETS);
    }

    /// The peer's report of loss, in 256ths.
    pub fn lose(&mut self, lost: u8) {
        let percent = (f32::from(lost) * 100.0 / 256.0).min(MOST_LOSS);
        self.loss += (percent - self.loss) * LOSS_WEIGHT;
        if let Some(encoder) = &mut self.encoder {
            encoder.set_loss(self.loss);
        }
    }

    pub fn remote_rtcp(&self) -> Option<SocketAddr> {
        let agreement = self.agreement.as_ref()?;
        match &self.peer {
            Some(peer) => peer.selected().filter(|_| peer.is_connected()),
            None if !self.may_send() => None,
            None if agreement.mux => self.latch.or(agreement.remote_rtcp),
            None => self.rtcp_latch.or_else(|| match (self.latch, agreement.remote_rtcp) {
                // Behind a translator the next port is as good a guess as any.
                (Some(latch), Some(rtcp)) if latch.ip() != rtcp.ip() => Some(SocketAddr::new(latch.ip(), latch.port().checked_add(1)?)),
                (_, rtcp) => rtcp,
            }),
        }
    }

    /// Send a packet of RTP: `payload` byte for byte, or each by way of `law`.
    pub fn send(&mut self, out: &mut Outbox, scratch: &mut Vec<u8>, head: Head, payload_type: u8, payload: &[u8], law: Option<&[u8; 256]>) {
        let Some(to) = self.remote() else { return };
        self.spend();
        let ssrc = self.stream.ssrc;
        let write = |bytes: &mut Vec<u8>| match law {
            None => head.packet(ssrc, payload_type, payload).write(bytes),
            Some(law) => {
                head.packet(ssrc, payload_type, &[]).write(bytes);
                bytes.extend(payload.iter().map(|byte| law[usize::from(*byte)]));
            }
        };
        match &mut self.peer {
            None => out.send(self.port, to, write),
            Some(peer) => {
                scratch.clear();
                write(scratch);
                if let Some(to) = peer.protect_rtp(scratch) {
                    out.send(self.port, to, |bytes| bytes.extend_from_slice(scratch));
                }
            }
        }
    }

    pub fn statistics(&self) -> Statistics {
        Statistics { received: self.receiver.received, sent: self.stream.packets, lost: self.receiver.lost(), jitter_ms: self.receiver.jitter_ms(self.codec().clock()) }
    }
}
