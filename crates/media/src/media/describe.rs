use std::net::IpAddr;

use cordboard_now::{Instant, Now};

use super::{
    Media,
    leg::{Leg, Pending},
    stream::Stream,
};
use crate::{
    io::{Event, LegId, Unbound},
    sdp::{self, Agreement, Codec, Description, Local, LocalSecure, Refusal},
    webrtc::{Fingerprint, Output as PeerOutput, Peer, Remote, Setup},
};

/// Ports that are tried for one leg.
const MOST_ATTEMPTS: u8 = 20;

impl Media {
    pub(super) fn answer(&mut self, now: Now, id: LegId, offer: &[u8], source: IpAddr) {
        let offer = match sdp::parse(offer) {
            Ok(offer) => offer,
            Err(reason) => return self.refuse(id, Refusal { status: 400, reason }),
        };
        if let Some(slot) = self.legs.slot(id) {
            return self.begin(now, slot, Pending::Answer { offer: Box::new(offer), source });
        }
        // What will be refused anyway takes no ports.
        let judged =
            sdp::answer(&offer, &Local { opus: true, ..self.local(None) }, source).and_then(|(agreement, _)| self.possible(agreement.web.is_some()).map(|()| agreement));
        let made = judged.and_then(|agreement| self.make(now.monotonic, id, agreement.web.is_some(), agreement.mux));
        match made {
            Ok(slot) => self.begin(now, slot, Pending::Answer { offer: Box::new(offer), source }),
            Err(refusal) => self.refuse(id, refusal),
        }
    }

    pub(super) fn offer(&mut self, now: Now, id: LegId, web: bool) {
        let made = match self.legs.slot(id) {
            Some(slot) => Ok(slot),
            None => self.possible(web).and_then(|()| self.make(now.monotonic, id, web, web)),
        };
        match made {
            Ok(slot) => self.begin(now, slot, Pending::Offer),
            Err(refusal) => self.refuse(id, refusal),
        }
    }

    fn possible(&self, web: bool) -> Result<(), Refusal> {
        if web && self.config.identity.is_none() { Err(Refusal { status: 488, reason: "DTLS is switched off".into() }) } else { Ok(()) }
    }

    fn refuse(&mut self, leg: LegId, Refusal { status, reason }: Refusal) {
        self.out.event(Event::Refused { leg, status, reason });
    }

    /// What we say of a leg, or would say.
    fn local<'a>(&'a self, leg: Option<(&'a Leg, Option<&'a LocalSecure<'a>>)>) -> Local<'a> {
        Local {
            address: self.config.address,
            port: leg.map_or(9, |(leg, _)| leg.port),
            rtcp_port: leg.and_then(|(leg, _)| leg.rtcp_port),
            session_id: leg.map_or(0, |(leg, _)| leg.session_id),
            version: leg.map_or(0, |(leg, _)| leg.version),
            ssrc: leg.map_or(0, |(leg, _)| leg.stream.ssrc),
            cname: &self.cname,
            // The last choice of a first offer, for phones that have nothing else; then for those that chose it alone.
            opus: leg.is_none_or(|(leg, _)| leg.agreement.is_none() || leg.codec() == Codec::Opus),
            secure: leg.and_then(|(_, secure)| secure.cloned()),
        }
    }

    fn make(&mut self, at: Instant, id: LegId, web: bool, mux: bool) -> Result<u32, Refusal> {
        let slot = self.legs.next_slot();
        let Some(port) = self.ports.take(at, slot) else {
            return Err(Refusal { status: 503, reason: "All media ports are taken".into() });
        };
        let rtcp_port = (!mux).then_some(port + 1);
        let [a, b, c, d] = self.chance.bytes();
        // In the lower half: who misses packets up to a turn from 65,535 to 0 counts no turn, and cannot decrypt what follows (RFC 3711 §3.3.1).
        let sequence = u16::from_be_bytes(self.chance.bytes()) >> 1;
        let stream = Stream::new(u32::from_be_bytes([a, b, c, d]), sequence, u32::from_be_bytes(self.chance.bytes()));
        // 63 bits, as some read it as a signed number (RFC 8866 §5.2 advises an NTP time).
        let session_id = u64::from_be_bytes(self.chance.bytes()) >> 2;
        let mut leg = Leg::new(id, port, rtcp_port, session_id, stream);
        if let Some(identity) = self.config.identity.as_ref().filter(|_| web) {
            leg.peer = Some(Box::new(Peer::new(identity, &mut self.chance)));
        }
        let slot = self.legs.insert(leg);
        self.out.bind(port, web);
        if let Some(port) = rtcp_port {
            self.out.bind(port, web);
        }
        self.connect_new(id, slot);
        Ok(slot)
    }

    /// Describe the leg, at once or when its ports are there.
    fn begin(&mut self, now: Now, slot: u32, pending: Pending) {
        let Some(leg) = self.legs.get(slot) else { return };
        leg.pending = Some(pending);
        if leg.unbound == [None; 2] {
            self.describe(now, slot);
        }
    }

    /// How the driver fared with a port, and the second address at which it is bound, if there is one.
    pub fn bound(&mut self, now: Now, port: u16, result: Result<Option<IpAddr>, Unbound>) {
        let Some(slot) = self.ports.owner(port) else { return };
        let Some(leg) = self.legs.get(slot) else { return };
        let awaited = leg.unbound.contains(&Some(port));
        match result {
            Ok(besides) if awaited => {
                leg.besides = besides.or(leg.besides);
                for waiting in &mut leg.unbound {
                    waiting.take_if(|waiting| *waiting == port);
                }
                if leg.unbound == [None; 2] {
                    self.describe(now, slot);
                }
            }
            Ok(_) => {}
            Err(Unbound::Taken(_)) if awaited => self.next_port(now, slot, port),
            Err(Unbound::Failed(reason)) if awaited => self.no_port(slot, port, reason),
            Err(Unbound::Taken(reason) | Unbound::Failed(reason)) => self.broken(slot, format!("Port {port} is gone: {reason}")),
        }
        self.schedule(now.monotonic);
    }

    fn next_port(&mut self, now: Now, slot: u32, failed: u16) {
        let Some(leg) = self.legs.get(slot) else { return };
        let (old, had_rtcp, web) = (leg.port, leg.rtcp_port.is_some(), leg.peer.is_some());
        leg.attempts += 1;
        let next = if leg.attempts < MOST_ATTEMPTS { self.ports.take(now.monotonic, slot) } else { None };
        self.ports.set_aside(now.monotonic, old);
        self.unbind_other(slot, failed);
        let Some(port) = next else { return self.without_port(slot, "No media port could be bound".into()) };
        let Some(leg) = self.legs.get(slot) else { return };
        leg.port = port;
        leg.rtcp_port = had_rtcp.then_some(port + 1);
        leg.besides = None;
        leg.unbound = [Some(port), leg.rtcp_port];
        self.out.bind(port, web);
        if had_rtcp {
            self.out.bind(port + 1, web);
        }
    }

    /// No port can be bound now: others are not tried, and none is kept from calls that come when it can.
    fn no_port(&mut self, slot: u32, failed: u16, reason: String) {
        let Some(leg) = self.legs.get(slot) else { return };
        let port = leg.port;
        self.unbind_other(slot, failed);
        self.ports.put_back(port);
        self.without_port(slot, format!("No media port could be bound: {reason}"));
    }

    /// Give up the one of a leg's ports that did not fail.
    fn unbind_other(&mut self, slot: u32, failed: u16) {
        let Some(leg) = self.legs.get(slot) else { return };
        for port in [Some(leg.port), leg.rtcp_port].into_iter().flatten().filter(|port| *port != failed) {
            self.out.unbind(port);
        }
    }

    /// Forget a leg whose ports are given up already.
    fn without_port(&mut self, slot: u32, reason: String) {
        let Some(leg) = self.legs.remove(slot) else { return };
        if let Some(from) = self.wires.heard_by(leg.id) {
            self.disconnect(from, slot);
        }
        self.refuse(leg.id, Refusal { status: 503, reason });
    }

    fn describe(&mut self, now: Now, slot: u32) {
        let Some(leg) = self.legs.get(slot) else { return };
        match leg.pending.take() {
            None => {}
            Some(Pending::Offer) => {
                let text = self.write(slot, |local, last| Ok(((), sdp::offer(local, last))));
                if let Some(Ok(((), text))) = text {
                    self.described(slot, text);
                }
            }
            Some(Pending::Answer { offer, source }) => self.describe_answer(now, slot, &offer, source),
        }
    }

    fn describe_answer(&mut self, now: Now, slot: u32, offer: &Description, source: IpAddr) {
        let answer = |local: &Local<'_>, _: Option<&Agreement>| {
            let (agreement, text) = sdp::answer(offer, &Local { opus: true, ..local.clone() }, source)?;
            if agreement.web.is_some() != local.secure.is_some() {
                return Err(Refusal { status: 488, reason: "A call cannot change between DTLS and plain RTP".into() });
            }
            Ok((agreement, text))
        };
        let mut answered = self.write(slot, answer);
        let Some(leg) = self.legs.get(slot) else { return };
        if let (Some(Ok((Agreement { web: Some(web), .. }, _))), Some(peer), true) = (&answered, &mut leg.peer, leg.agreement.is_some())
            && !peer.is_remote(&web.ufrag)
        {
            peer.restart(&mut self.chance);
            answered = self.write(slot, answer);
        }
        match answered {
            None => {}
            Some(Ok((agreement, text))) => {
                self.described_as(slot, text, agreement.web.is_some());
                self.adopt(now, slot, agreement);
            }
            Some(Err(refusal)) => {
                let Some(leg) = self.legs.get(slot) else { return };
                let (id, new) = (leg.id, leg.text.is_empty());
                if new {
                    self.remove(now.monotonic, slot);
                }
                self.refuse(id, refusal);
            }
        }
    }

    /// Write a description, with a new version if it is another than the last.
    fn write<T>(&mut self, slot: u32, write: impl Fn(&Local<'_>, Option<&Agreement>) -> Result<(T, String), Refusal>) -> Option<Result<(T, String), Refusal>> {
        let leg = self.legs.peek(slot)?;
        // A foundation each (RFC 8445 §5.1.1.3), and the greatest priorities of hosts (§5.1.2.1).
        let candidates: Vec<String> = [(1, 2_130_706_431, Some(self.config.address)), (2, 2_130_706_175, leg.besides)]
            .into_iter()
            .filter_map(|(foundation, priority, address)| Some(format!("{foundation} 1 udp {priority} {} {} typ host", address?, leg.port)))
            .collect();
        let secure = leg.peer.as_ref().zip(self.config.identity.as_ref()).map(|(peer, identity)| LocalSecure {
            ufrag: &peer.credentials().ufrag,
            pwd: &peer.credentials().password,
            fingerprint: identity.fingerprint(),
            candidates: &candidates,
        });
        let mut local = self.local(Some((leg, secure.as_ref())));
        let mut written = write(&local, leg.agreement.as_ref());
        if let Ok((_, text)) = &written
            && !leg.text.is_empty()
            && *text != leg.text
        {
            local.version += 1;
            written = write(&local, leg.agreement.as_ref());
        }
        let version = local.version;
        if written.is_ok()
            && let Some(leg) = self.legs.get(slot)
        {
            leg.version = version;
        }
        Some(written)
    }

    fn described(&mut self, slot: u32, text: String) {
        let encrypted = self.legs.get(slot).is_some_and(|leg| leg.peer.is_some());
        self.described_as(slot, text, encrypted);
    }

    fn described_as(&mut self, slot: u32, text: String, encrypted: bool) {
        let Some(leg) = self.legs.get(slot) else { return };
        leg.text.clone_from(&text);
        self.out.event(Event::Described { leg: leg.id, sdp: text.into_bytes(), encrypted });
    }

    pub(super) fn take(&mut self, now: Now, id: LegId, answer: &[u8], source: IpAddr) {
        let slot = self.legs.slot(id).filter(|slot| self.legs.peek(*slot).is_some_and(|leg| !leg.text.is_empty()));
        let Some(slot) = slot else {
            return self.refuse(id, Refusal { status: 488, reason: "There is no offer to answer".into() });
        };
        let answer = match sdp::parse(answer) {
            Ok(answer) => answer,
            Err(reason) => return self.refuse(id, Refusal { status: 400, reason }),
        };
        let Some(leg) = self.legs.peek(slot) else { return };
        let nothing = LocalSecure { ufrag: "", pwd: "", fingerprint: "", candidates: &[] };
        let local = self.local(Some((leg, leg.peer.as_ref().map(|_| &nothing))));
        match sdp::take(&answer, &local, leg.agreement.as_ref(), source) {
            Err(refusal) => self.refuse(id, refusal),
            Ok(agreement) => {
                self.out.event(Event::Agreed { leg: id, encrypted: agreement.web.is_some() });
                self.adopt(now, slot, agreement);
            }
        }
    }

    fn adopt(&mut self, now: Now, slot: u32, agreement: Agreement) {
        let rtcp_at = self.next_report(now.monotonic);
        let Some(leg) = self.legs.get(slot) else { return };
        leg.rtcp_at.get_or_insert(rtcp_at);
        let held = agreement.held();
        if let (Some(web), Some(peer)) = (&agreement.web, &mut leg.peer)
            && let Some(fingerprint) = Fingerprint::parse(&web.fingerprint)
        {
            let role = if web.active { Setup::Active } else { Setup::Passive };
            self.handshakes = true;
            peer.connect(now.monotonic, Remote { ufrag: &web.ufrag, fingerprint, role });
        }
        leg.adopt(agreement);
        if leg.held != held {
            leg.held = held;
            self.out.event(Event::Held { leg: leg.id, on: held });
        }
        self.drain_peer(slot);
    }

    /// Carry out what ICE and DTLS want.
    pub(super) fn drain_peer(&mut self, slot: u32) {
        let mut failure = None;
        let Some(leg) = self.legs.get(slot) else { return };
        let port = leg.port;
        let Some(peer) = &mut leg.peer else { return };
        while let Some(output) = peer.poll() {
            match output {
                PeerOutput::Send { to, bytes } => self.out.send(port, to, |out| out.extend_from_slice(&bytes)),
                PeerOutput::Connected => {}
                PeerOutput::Failed(reason) => failure = Some(reason.to_string()),
            }
        }
        if let Some(reason) = failure {
            self.broken(slot, reason);
        }
    }

    fn broken(&mut self, slot: u32, reason: String) {
        let Some(leg) = self.legs.get(slot) else { return };
        if !leg.broken {
            leg.broken = true;
            self.out.event(Event::Broken { leg: leg.id, reason });
        }
    }
}
