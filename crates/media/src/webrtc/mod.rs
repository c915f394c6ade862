//! The transport of a WebRTC leg: ICE, DTLS and SRTP as one value per leg, a [`Peer`].
//!
//! RTP in, RTP out, with any payload type: what is said in SDP and what the packets mean is the leg's business. The peer is a
//! lite agent of ICE (RFC 8445 §2.5) with one component (`a=rtcp-mux`, one `m=` line or a bundle on one port).
//!
//! # Construction
//!
//! The shell makes one [`Identity`] and gives it to the core. A leg draws a [`Peer`] with [`Peer::new`], before it writes
//! its offer or its answer, and writes into the description:
//!
//! * at session level `a=ice-lite`;
//! * `a=ice-ufrag` and `a=ice-pwd` from [`Peer::credentials`], `a=fingerprint` from [`Identity::fingerprint`];
//! * `a=setup:actpass` in an offer; in an answer `a=setup:passive` to `actpass` or `active`, and `a=setup:active` to `passive`
//!   (a lite agent had better be passive, since the peer's path is ready first);
//! * one `a=candidate:1 1 udp 2130706431 <address> <port> typ host` for each address at which the port is bound, and `a=end-of-candidates`;
//! * `a=rtcp-mux`, `UDP/TLS/RTP/SAVPF` (or the profile that was offered).
//!
//! Candidates of the peer are not needed: it finds us, and its address is learnt from its checks. Chromium on the same machine reaches
//! a loopback address of ours from any other interface; where there is none at all it makes no call, unless it is started with
//! `--allow-loopback-in-peer-connection`. Firefox pairs no loopback address at all, so that a second candidate is needed there.
//!
//! When the other description is there, [`Peer::connect`] takes from it what [`Remote`] names. Media-level attributes
//! win over those of the session. `role` is what *we* are: `Passive` if the peer is `active` or if we answered `passive`. Packets of a peer
//! that is quicker than its answer are dealt with as far as they can be; the rest is repeated by the peer.
//!
//! A new description of the same peer: if its ufrag changed, it restarts ICE: call [`Peer::restart`] before the answer is written, and
//! `connect` again. With another fingerprint `connect` begins a new association; with the same one it leaves everything alone.
//!
//! # Driving
//!
//! * Every datagram of the leg's port goes to [`Peer::packet`], which returns decrypted RTP or RTCP in the datagram's own bytes.
//! * [`Peer::protect_rtp`] and [`Peer::protect_rtcp`] make the datagram of a packet in its own vector and say where it goes;
//!   `None` while there is no connection. Reserve [`PROTECTION_BYTES`] to spare an allocation. No sequence number of a stream is sent twice; disorder may go on.
//! * After each call of `packet`, `timeout`, `connect` or `close`, drain [`Peer::poll`].
//! * [`Peer::timeout`] wants to be called at [`Peer::deadline`].
//!
//! [`Output::Connected`] comes once; after [`Output::Failed`] nothing comes any more. A leg that ends calls [`Peer::close`], drains and drops it.
//!
//! # What is not pure here
//!
//! dimpl draws keys and randoms of its handshake itself, and takes a `std::time::Instant`, which is made from ours.

mod dtls;
mod ice;
mod identity;
mod peer;
mod srtp;
mod stun;

pub use dtls::Fingerprint;
pub use ice::Credentials;
pub use identity::Identity;
pub use peer::{Output, PROTECTION_BYTES, Peer, Received, Remote};
#[cfg(test)]
pub(crate) use stun::check;

/// Who begins the handshake; `a=setup` of RFC 4145 §4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    Active,
    Passive,
}

/// Why there is no connection (any more).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No check came within 30 s.
    Unreached,
    /// The checks of the peer ceased for 30 s (RFC 7675).
    ConsentLost,
    /// The certificate is not the one that was described.
    Fingerprint,
    /// No SRTP was agreed.
    Profile,
    /// The handshake failed, with the library's words.
    Dtls(String),
    /// The peer closed the association.
    Closed,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreached => f.write_str("ICE: the peer did not reach us"),
            Self::ConsentLost => f.write_str("ICE: the peer is gone"),
            Self::Fingerprint => f.write_str("DTLS: the certificate is not the described one"),
            Self::Profile => f.write_str("DTLS: no SRTP was agreed"),
            Self::Dtls(error) => write!(f, "DTLS: {error}"),
            Self::Closed => f.write_str("DTLS: the peer closed the connection"),
        }
    }
}
