use std::{collections::VecDeque, net::SocketAddr, sync::Arc};

use cordboard_now::{Chance, Instant};

use super::{
    Failure, Fingerprint, Identity, Setup,
    dtls::{Association, Session},
    ice::{Agent, CONSENT_MS, Credentials},
};

/// The most that protection adds to a packet: tag and index of SRTCP. RFC 7714 §9.
pub const PROTECTION_BYTES: usize = 20;
/// How long a peer may take to reach us after the descriptions were exchanged, milliseconds. As long as consent lasts (RFC 7675).
const REACH_MS: u64 = CONSENT_MS;

/// What the other description says.
#[derive(Clone, Debug)]
pub struct Remote<'a> {
    /// `a=ice-ufrag`. The password is for checks of our own, of which a lite agent makes none.
    pub ufrag: &'a str,
    pub fingerprint: Fingerprint,
    /// What we are in the handshake.
    pub role: Setup,
}

/// What a datagram was.
#[derive(Debug, PartialEq, Eq)]
pub enum Received<'a> {
    Rtp(&'a [u8]),
    Rtcp(&'a [u8]),
    /// Used up here, or thrown away.
    Nothing,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    Send {
        to: SocketAddr,
        bytes: Vec<u8>,
    },
    /// RTP can be sent from now on.
    Connected,
    Failed(Failure),
}

/// The transport of one leg. See the module.
pub struct Peer {
    identity: Arc<Identity>,
    ice: Agent,
    remote: Option<(Fingerprint, Setup)>,
    /// When the descriptions were exchanged.
    since: Option<Instant>,
    association: Option<Association>,
    session: Option<Box<Session>>,
    connected: bool,
    over: bool,
    outputs: VecDeque<Output>,
}

impl Peer {
    pub fn new(identity: &Arc<Identity>, chance: &mut Chance) -> Self {
        Self {
            identity: Arc::clone(identity),
            ice: Agent::new(Credentials::draw(chance)),
            remote: None,
            since: None,
            association: None,
            session: None,
            connected: false,
            over: false,
            outputs: VecDeque::new(),
        }
    }

    /// What the description says of our side.
    pub fn credentials(&self) -> &Credentials {
        self.ice.credentials()
    }

    /// Whether RTP can be sent.
    pub fn is_connected(&self) -> bool {
        self.connected && !self.over
    }

    /// Where packets go: the path that the peer chose.
    pub fn selected(&self) -> Option<SocketAddr> {
        self.ice.selected()
    }

    /// Whether this is the ICE generation that is in use.
    pub fn is_remote(&self, ufrag: &str) -> bool {
        self.ice.is_remote(ufrag)
    }

    /// Begin an ICE restart: new credentials of ours. Packets flow on meanwhile.
    pub fn restart(&mut self, chance: &mut Chance) {
        self.ice.restart(Credentials::draw(chance));
    }

    /// Take the other description, for the first time or again.
    pub fn connect(&mut self, now: Instant, remote: Remote<'_>) {
        if self.over {
            return;
        }
        self.ice.set_remote(remote.ufrag);
        self.since = Some(now);
        let new = self.remote.as_ref().is_none_or(|(fingerprint, _)| *fingerprint != remote.fingerprint);
        if new {
            self.association = None;
            self.session = None;
            self.connected = false;
            self.remote = Some((remote.fingerprint, remote.role));
        }
        self.handshake(now, None);
    }

    /// Give it a datagram of the leg's port.
    pub fn packet<'a>(&mut self, now: Instant, from: SocketAddr, bytes: &'a mut [u8]) -> Received<'a> {
        if self.over {
            return Received::Nothing;
        }
        // RFC 7983 §7.
        match bytes.first() {
            Some(128..=191) => {
                if !self.ice.knows(from) {
                    return Received::Nothing;
                }
                let Some(session) = &mut self.session else { return Received::Nothing };
                // RFC 5761 §4.
                let opened =
                    if matches!(bytes.get(1), Some(192..=223)) { session.opener.rtcp(bytes).map(Received::Rtcp) } else { session.opener.rtp(bytes).map(Received::Rtp) };
                return opened.unwrap_or(Received::Nothing);
            }
            Some(20..=63) if self.ice.knows(from) => self.handshake(now, Some((from, bytes))),
            Some(0..=3) => {
                if let Some(answer) = self.ice.check(now, from, bytes) {
                    self.outputs.push_back(Output::Send { to: from, bytes: answer });
                    self.handshake(now, None);
                }
            }
            _ => {}
        }
        Received::Nothing
    }

    /// Make SRTP of RTP and say where it goes. `None` (the packet is spoilt then) before the connection, after its end, for what is
    /// no RTP, and for a sequence number
    /// that was used or lies 128 or more behind the greatest.
    pub fn protect_rtp(&mut self, packet: &mut Vec<u8>) -> Option<SocketAddr> {
        let to = self.ready()?;
        self.session.as_mut()?.protector.rtp(packet)?;
        Some(to)
    }

    /// The same for RTCP.
    pub fn protect_rtcp(&mut self, packet: &mut Vec<u8>) -> Option<SocketAddr> {
        let to = self.ready()?;
        self.session.as_mut()?.protector.rtcp(packet)?;
        Some(to)
    }

    fn ready(&self) -> Option<SocketAddr> {
        if self.is_connected() { self.ice.selected() } else { None }
    }

    /// Time has come.
    pub fn timeout(&mut self, now: Instant) {
        if self.over {
            return;
        }
        if self.consent_ends().is_some_and(|at| at <= now) {
            let reached = self.ice.heard.is_some();
            return self.fail(if reached { Failure::ConsentLost } else { Failure::Unreached });
        }
        self.handshake(now, None);
    }

    /// When to call `timeout`.
    pub fn deadline(&self) -> Option<Instant> {
        if self.over {
            return None;
        }
        let handshake = self.association.as_ref().and_then(|association| association.deadline);
        self.consent_ends().into_iter().chain(handshake).min()
    }

    fn consent_ends(&self) -> Option<Instant> {
        let since = self.since?.plus(REACH_MS);
        Some(self.ice.heard.map_or(since, |heard| heard.plus(CONSENT_MS).max(since)))
    }

    /// Say good-bye to the peer; nothing but the packet for that follows.
    pub fn close(&mut self, now: Instant) {
        if !self.over && self.connected {
            let said = self.association.as_mut().is_some_and(|association| association.close().is_ok());
            if said {
                self.handshake(now, None);
            }
        }
        self.over = true;
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Bring the association on by a datagram, or by what changed otherwise.
    fn handshake(&mut self, now: Instant, datagram: Option<(SocketAddr, &[u8])>) {
        let Some((fingerprint, role)) = &self.remote else { return };
        let to = self.ice.selected().or(datagram.map(|(from, _)| from));
        // The client begins when there is a path, the server when it is spoken to.
        let begins = match role {
            Setup::Active => self.ice.selected().is_some(),
            Setup::Passive => datagram.is_some(),
        };
        if self.association.is_none() && begins {
            self.association = Some(Association::new(&self.identity, now, *role));
        }
        let Some(association) = &mut self.association else { return };
        let due = association.deadline.is_none_or(|at| at <= now);
        let done = match datagram {
            Some((_, bytes)) => association.packet(&self.identity, now, bytes),
            None if due => association.timeout(&self.identity, now),
            None => Ok(()),
        };
        let mut packets = VecDeque::new();
        let drained = done.and_then(|()| association.drain(&self.identity, fingerprint, &mut packets));
        // The library counts finer than milliseconds: what is due within this one is due in the next.
        association.deadline = association.deadline.map(|at| at.max(now.plus(1)));
        if let Some(to) = to {
            self.outputs.extend(packets.into_iter().map(|bytes| Output::Send { to, bytes }));
        }
        match drained {
            Ok(Some(session)) => self.session = Some(Box::new(session)),
            Ok(None) => {}
            Err(failure) => return self.fail(failure),
        }
        if self.session.is_some() && self.ice.selected().is_some() && !self.connected {
            self.connected = true;
            self.outputs.push_back(Output::Connected);
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.over = true;
        self.outputs.push_back(Output::Failed(failure));
    }
}

#[cfg(test)]
mod tests;
