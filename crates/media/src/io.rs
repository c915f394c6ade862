//! What comes into `Media` and what goes out of it.
//!
//! The user (the switch) sends [`Command`]s and hears [`Event`]s over bounded queues; descriptions are opaque bytes to it.
//! The driver gives packets and the time, and carries [`Output`]s out.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// One end of a call's audio; its user numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId(pub u64);

/// Something that plays; its user numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerId(pub u64);

/// What sound comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Leg(LegId),
    Player(PlayerId),
}

/// Mono sound, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// Samples per second.
    pub rate: u32,
    pub samples: Vec<i16>,
}

/// What the user wants.
#[derive(Clone, Debug)]
pub enum Command {
    /// Make a leg for this offer and answer it, or answer a new offer (re-INVITE) on a leg that is there. `Described` brings
    /// the answer; `Refused` says why there is none, and a leg that was there stays as it was. `source` is where the
    /// signalling came from: private addresses of an offer that comes from elsewhere are replaced by it (DESIGN §4).
    Answer {
        leg: LegId,
        offer: Vec<u8>,
        source: IpAddr,
    },
    /// Make a leg and offer it, or offer again (`Described` brings the offer). `web` offers ICE and DTLS-SRTP.
    Offer {
        leg: LegId,
        web: bool,
    },
    /// The answer to `Offer`, provisional or final; the same again is no error. `Refused` if it cannot be taken, else `Agreed`.
    Take {
        leg: LegId,
        answer: Vec<u8>,
        source: IpAddr,
    },
    /// The leg's call was answered: what may be sent to a peer that is not heard begins anew, once.
    Connected {
        leg: LegId,
    },
    /// The leg is over. `Closed` follows. What is wired to it is unwired.
    Close {
        leg: LegId,
    },
    /// `to` hears `from` in place of what it heard (the one-source rule, voxengine.md §12). Wiring to a leg without
    /// a description yet is remembered.
    Wire {
        from: Unit,
        to: LegId,
    },
    /// `to` hears nothing, if it hears `from`.
    Unwire {
        from: Unit,
        to: LegId,
    },
    /// Make a player. It starts by itself when it has its audio, unless `paused`; one that `waits` not before one of the legs that it is
    /// wired to can be sent to.
    Player {
        player: PlayerId,
        looped: bool,
        paused: bool,
        waits: bool,
    },
    /// What the player plays, or why there is nothing. With `again` it goes on from that sample after its end, for ever.
    Load {
        player: PlayerId,
        audio: Result<Arc<Audio>, String>,
        again: Option<usize>,
    },
    Pause {
        player: PlayerId,
    },
    Resume {
        player: PlayerId,
    },
    /// A marker at this moment, from the end if negative.
    Mark {
        player: PlayerId,
        offset_ms: i64,
    },
    /// End and forget the player; no event follows.
    Stop {
        player: PlayerId,
    },
    /// Whether telephone-events of the leg are reported. They are taken out of the audio then.
    Tones {
        leg: LegId,
        on: bool,
    },
    /// Send digits `0-9*#ABCD` and pauses `p`. A leg without telephone-event gives `DigitsRefused`.
    Digits {
        leg: LegId,
        digits: String,
    },
}

/// What is told to the user.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The answer or offer that `Command::Answer` or `Offer` asked for.
    Described {
        leg: LegId,
        sdp: Vec<u8>,
        encrypted: bool,
    },
    /// The answer of the peer is taken.
    Agreed {
        leg: LegId,
        encrypted: bool,
    },
    /// Why an offer or answer cannot be taken, with the SIP status that says so: 488, or 400 for what is no SDP, or 503 without ports.
    Refused {
        leg: LegId,
        status: u16,
        reason: String,
    },
    /// The first packet of the leg.
    FirstPacket {
        leg: LegId,
    },
    /// The peer's direction changed by its description: hold or not.
    Held {
        leg: LegId,
        on: bool,
    },
    /// No packet for 7 s, or one again.
    Silent {
        leg: LegId,
        on: bool,
    },
    /// One digit, once.
    Tone {
        leg: LegId,
        tone: char,
    },
    DigitsRefused {
        leg: LegId,
    },
    /// The player has its audio.
    Ready {
        player: PlayerId,
        duration_ms: u64,
    },
    Started {
        player: PlayerId,
        duration_ms: u64,
    },
    Marked {
        player: PlayerId,
        offset_ms: i64,
    },
    /// It came to its end, or failed with these words.
    Finished {
        player: PlayerId,
        error: Option<String>,
    },
    /// ICE or DTLS failed, or the leg's port is gone: no audio will come.
    Broken {
        leg: LegId,
        reason: String,
    },
    Closed {
        leg: LegId,
        statistics: Statistics,
    },
}

/// What went over a leg.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    pub received: u64,
    pub sent: u64,
    pub lost: u64,
    /// RFC 3550 §6.4.1, milliseconds.
    pub jitter_ms: f64,
}

/// Why a port cannot be bound, or is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unbound {
    /// Somebody else has it: another port may do.
    Taken(String),
    /// No port would fare better: the process has no descriptors left, say.
    Failed(String),
}

/// What is wanted of the driver. Bytes are lent until the next call.
#[derive(Debug)]
pub enum Output<'a> {
    /// Bind this UDP port of the media address; `Media::bound` says how it went. Where browsers do not reach that address, a `web` leg's
    /// port may be bound at a second one too.
    Bind {
        port: u16,
        web: bool,
    },
    Unbind {
        port: u16,
    },
    Send {
        port: u16,
        to: SocketAddr,
        bytes: &'a [u8],
    },
    Event(Event),
}
