//! Session descriptions (RFC 8866) and how two of them come to an agreement (RFC 3264).

mod agree;
mod parse;
#[cfg(test)]
mod tests;
mod write;

use std::net::IpAddr;

pub use agree::{Agreement, Local, LocalSecure, Refusal, Web, answer, offer, take};
pub use parse::parse;

/// What a leg's sound is coded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    Pcmu,
    Pcma,
    Opus,
}

impl Codec {
    /// Ticks of the RTP timestamp per second (RFC 3551 §6, RFC 7587 §4.1).
    pub fn clock(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma => 8000,
            Self::Opus => 48_000,
        }
    }

    fn encoding(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU/8000",
            Self::Pcma => "PCMA/8000",
            Self::Opus => "opus/48000/2",
        }
    }
}

/// Who sends (RFC 8866 §6.7), seen by the one who describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Direction {
    pub send: bool,
    pub receive: bool,
}

impl Direction {
    pub const BOTH: Self = Self { send: true, receive: true };

    /// The same from the other side.
    pub fn reversed(self) -> Self {
        Self { send: self.receive, receive: self.send }
    }

    fn name(self) -> &'static str {
        match (self.send, self.receive) {
            (true, true) => "sendrecv",
            (true, false) => "sendonly",
            (false, true) => "recvonly",
            (false, false) => "inactive",
        }
    }
}

/// Who begins the DTLS handshake (RFC 8842 §5.3, RFC 4145 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setup {
    Actpass,
    Active,
    Passive,
}

impl Setup {
    fn name(self) -> &'static str {
        match self {
            Self::Actpass => "actpass",
            Self::Active => "active",
            Self::Passive => "passive",
        }
    }
}

/// Where a description wants packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    Address(IpAddr),
    /// A name, which is not looked up.
    Name,
}

/// What may stand in the session's part and in each media section; a section's own goes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    pub connection: Option<Connection>,
    pub direction: Option<Direction>,
    pub ice_ufrag: Option<String>,
    pub ice_pwd: Option<String>,
    /// SHA-256 of the certificate.
    pub fingerprint: Option<[u8; 32]>,
    pub setup: Option<Setup>,
}

/// One `m=` section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// `audio`, `video`, `application`, …
    pub kind: String,
    pub port: u16,
    pub protocol: String,
    /// Payload types or, for what is not RTP, words.
    pub formats: Vec<String>,
    pub attributes: Attributes,
    /// Payload type, then `name/rate` or `name/rate/channels` in lower case.
    pub encodings: Vec<(u8, String)>,
    pub rtcp_mux: bool,
    /// `a=rtcp` (RFC 3605).
    pub rtcp_port: Option<u16>,
    pub mid: Option<String>,
}

/// A description as its sender wrote it, as far as it concerns us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    pub attributes: Attributes,
    /// The mids of `a=group:BUNDLE` (RFC 9143).
    pub bundle: Vec<String>,
    pub sections: Vec<Section>,
}
