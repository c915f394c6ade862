//! What is between phones and the switch: datagrams that are lost, doubled and late, connections that keep their order, and NAT.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use cordboard_sip as sip;

use super::{Happening, Lane, PhoneId, World};

/// Where the switch is. RFC 5737 §3.
pub const SWITCH: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// The way between a phone and the switch, the same in both directions.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Milliseconds, from and to: datagrams overtake each other where these differ.
    pub latency_ms: (u64, u64),
    /// Of a hundred datagrams.
    pub lost: u64,
    pub doubled: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self { latency_ms: (5, 5), lost: 0, doubled: 0 }
    }
}

/// A translator in front of a phone.
#[derive(Clone, Debug)]
pub struct Nat {
    pub public: IpAddr,
    /// How long it remembers a way that nothing went out by.
    pub remembers_ms: u64,
    binding: Option<(u16, u64)>,
    next_port: u16,
}

impl Nat {
    pub fn new(public: IpAddr, remembers_ms: u64) -> Self {
        Self { public, remembers_ms, binding: None, next_port: 20_000 }
    }
}

#[derive(Debug, Default)]
pub(super) struct Network {
    last_connection: u64,
    connections: BTreeMap<u64, Connection>,
    /// Public addresses of phones behind NAT.
    translated: BTreeMap<SocketAddr, PhoneId>,
}

#[derive(Clone, Copy, Debug)]
struct Connection {
    phone: PhoneId,
    epoch: u32,
    at_phone: sip::Flow,
    at_switch: sip::Flow,
}

impl World {
    /// Where a datagram of a phone seems to come from.
    fn outside(&mut self, phone: PhoneId) -> Option<SocketAddr> {
        let now = self.now_ms;
        let known = self.phones.get_mut(phone)?;
        let Some(nat) = &mut known.nat else { return Some(known.address) };
        let port = match nat.binding {
            Some((port, last)) if now < last + nat.remembers_ms => port,
            forgotten => {
                nat.next_port = nat.next_port.wrapping_add(1);
                if let Some((port, _)) = forgotten {
                    self.network.translated.remove(&SocketAddr::new(nat.public, port));
                }
                nat.next_port
            }
        };
        nat.binding = Some((port, now));
        let public = SocketAddr::new(nat.public, port);
        self.network.translated.insert(public, phone);
        Some(public)
    }

    /// Whose datagrams to an address are.
    fn whose(&self, to: SocketAddr) -> Option<PhoneId> {
        if let Some(phone) = self.by_address.get(&to) {
            return Some(*phone);
        }
        let phone = *self.network.translated.get(&to)?;
        let nat = self.phones.get(phone)?.nat.as_ref()?;
        nat.binding.filter(|(port, last)| *port == to.port() && self.now_ms < last + nat.remembers_ms).map(|_| phone)
    }

    fn copies(&mut self, link: Link) -> usize {
        if self.percent(link.lost) { 0 } else { 1 + usize::from(self.percent(link.doubled)) }
    }

    /// What a phone sends.
    pub(super) fn phone_says(&mut self, phone: PhoneId, output: sip::Output) {
        let Some(known) = self.phones.get(phone) else { return };
        let (link, epoch) = (known.link, known.epoch);
        match output {
            sip::Output::Send { flow, bytes } => {
                self.note(phone, true, &bytes);
                if flow.transport == sip::Transport::Udp {
                    // Phones speak to the switch alone.
                    if flow.remote.ip() != SWITCH {
                        return;
                    }
                    let Some(public) = self.outside(phone) else { return };
                    let arriving = sip::Flow { local: flow.remote, remote: public, ..flow };
                    for _ in 0..self.copies(link) {
                        let after = self.between(link.latency_ms);
                        self.after(after, Happening::ToSwitch(sip::Input::Packet { flow: arriving, bytes: bytes.clone() }));
                    }
                } else if let Some(connection) = self.network.connections.get(&flow.connection).copied() {
                    self.stream(flow.connection, true, link, connection.at_switch, bytes, |_, input| Happening::ToSwitch(input));
                }
            }
            sip::Output::Connect { ticket, transport, remote, .. } => {
                let after = 2 * self.between(link.latency_ms);
                if remote.ip() != SWITCH {
                    return self.after(after, Happening::ToPhone(phone, epoch, sip::Input::ConnectFailed { ticket, reason: "Refused".to_owned() }));
                }
                let flow = self.open(phone, transport, remote);
                self.in_order(Lane::Connection(flow.connection, false), after, Happening::ToPhone(phone, epoch, sip::Input::Connected { ticket, flow }));
            }
            sip::Output::Close { flow } => self.close(flow.connection, true),
            sip::Output::Event(event) => self.phone_event(phone, event),
        }
    }

    /// Makes a connection; gives it as the phone has it.
    fn open(&mut self, phone: PhoneId, transport: sip::Transport, switch: SocketAddr) -> sip::Flow {
        self.network.last_connection += 1;
        let connection = self.network.last_connection;
        let (address, epoch) = self.phones.get(phone).map_or((switch, 0), |phone| (phone.address, phone.epoch));
        let public = self.phones.get(phone).and_then(|phone| phone.nat.as_ref()).map_or(address.ip(), |nat| nat.public);
        // Each connection has a port of its own.
        let port = 30_000 + u16::try_from(connection % 30_000).unwrap_or_default();
        let at_phone = sip::Flow { transport, local: SocketAddr::new(address.ip(), port), remote: switch, connection };
        let at_switch = sip::Flow { transport, local: switch, remote: SocketAddr::new(public, port), connection };
        self.network.connections.insert(connection, Connection { phone, epoch, at_phone, at_switch });
        at_phone
    }

    /// What goes over a connection: whole messages over a WebSocket, pieces of any length over a stream.
    fn stream(&mut self, connection: u64, to_switch: bool, link: Link, flow: sip::Flow, bytes: Vec<u8>, wrap: impl Fn(&mut Self, sip::Input) -> Happening) {
        let lane = Lane::Connection(connection, to_switch);
        if matches!(flow.transport, sip::Transport::Ws | sip::Transport::Wss) {
            let after = self.between(link.latency_ms);
            let happening = wrap(self, sip::Input::Packet { flow, bytes });
            return self.in_order(lane, after, happening);
        }
        let at = if self.percent(20) { usize::try_from(self.below(bytes.len() as u64)).unwrap_or_default() } else { bytes.len() };
        let (first, second) = bytes.split_at(at);
        for piece in [first, second].into_iter().filter(|piece| !piece.is_empty()) {
            let after = self.between(link.latency_ms);
            let happening = wrap(self, sip::Input::Bytes { flow, bytes: piece.to_vec() });
            self.in_order(lane, after, happening);
        }
    }

    /// What the switch sends.
    pub(super) fn switch_says(&mut self, output: sip::Output) {
        match output {
            sip::Output::Send { flow, bytes } if flow.transport == sip::Transport::Udp => {
                let Some(phone) = self.whose(flow.remote) else {
                    // What comes to an address without a phone is lost, and what comes to a NAT that has forgotten.
                    if let Some(kept) = self.letters.get_mut(&flow.remote) {
                        kept.push(String::from_utf8_lossy(&bytes).into_owned());
                    }
                    return;
                };
                let Some(known) = self.phones.get(phone) else { return };
                let (link, epoch, address) = (known.link, known.epoch, known.address);
                let arriving = sip::Flow { local: address, remote: flow.local, ..flow };
                for _ in 0..self.copies(link) {
                    let after = self.between(link.latency_ms);
                    self.after(after, Happening::ToPhone(phone, epoch, sip::Input::Packet { flow: arriving, bytes: bytes.clone() }));
                }
            }
            sip::Output::Send { flow, bytes } => {
                let Some(connection) = self.network.connections.get(&flow.connection).copied() else { return };
                let Some(link) = self.phones.get(connection.phone).map(|phone| phone.link) else { return };
                let (phone, epoch) = (connection.phone, connection.epoch);
                if flow.transport == sip::Transport::Tcp {
                    self.note(phone, false, &bytes);
                }
                self.stream(flow.connection, false, link, connection.at_phone, bytes, |_, input| Happening::ToPhone(phone, epoch, input));
            }
            sip::Output::Connect { ticket, transport, remote, .. } => {
                let target = self.by_address.get(&remote).copied().filter(|phone| self.phones.get(*phone).is_some_and(|phone| !phone.gone));
                match target {
                    Some(phone) => {
                        let at_phone = self.open(phone, transport, SocketAddr::new(SWITCH, 40_000));
                        let Some(flow) = self.network.connections.get(&at_phone.connection).map(|connection| connection.at_switch) else { return };
                        self.in_order(Lane::Connection(flow.connection, true), 10, Happening::ToSwitch(sip::Input::Connected { ticket, flow }));
                    }
                    None => self.after(10, Happening::ToSwitch(sip::Input::ConnectFailed { ticket, reason: "Connection refused".to_owned() })),
                }
            }
            sip::Output::Close { flow } => self.close(flow.connection, false),
            sip::Output::Event(_) => self.ledger.fault("an event of the agent left the switch".to_owned()),
        }
    }

    /// Ends a connection; both sides hear of it.
    fn close(&mut self, connection: u64, by_phone: bool) {
        let Some(Connection { phone, epoch, at_phone, at_switch }) = self.network.connections.remove(&connection) else { return };
        let (near, far) = if by_phone { (0, 5) } else { (5, 0) };
        self.in_order(Lane::Connection(connection, false), near, Happening::ToPhone(phone, epoch, sip::Input::Closed { flow: at_phone }));
        self.in_order(Lane::Connection(connection, true), far, Happening::ToSwitch(sip::Input::Closed { flow: at_switch }));
        self.lanes.remove(&Lane::Connection(connection, false));
        self.lanes.remove(&Lane::Connection(connection, true));
    }

    /// For minutes nothing comes over any connection.
    pub fn fall_idle(&mut self) {
        let flows: Vec<sip::Flow> = self.network.connections.values().map(|connection| connection.at_switch).collect();
        for flow in flows {
            self.tell_switch(crate::Input::Idle { flow });
        }
    }

    /// Ends all connections of a phone, as its restart does.
    pub fn close_connections(&mut self, phone: PhoneId) {
        let of_phone: Vec<u64> = self.network.connections.iter().filter(|(_, connection)| connection.phone == phone).map(|(number, _)| *number).collect();
        for connection in of_phone {
            self.close(connection, true);
        }
    }

    /// The way of a phone is new: what came from its old address comes from another one.
    pub fn forget_nat(&mut self, phone: PhoneId) {
        if let Some(nat) = self.phones.get_mut(phone).and_then(|phone| phone.nat.as_mut())
            && let Some((port, _)) = nat.binding.take()
        {
            self.network.translated.remove(&SocketAddr::new(nat.public, port));
        }
    }

    /// A datagram that no agent made, from any address; what comes back to there is kept.
    pub fn datagram(&mut self, from: SocketAddr, bytes: &[u8]) {
        self.letters.entry(from).or_default();
        let flow = sip::Flow { transport: sip::Transport::Udp, local: SocketAddr::new(SWITCH, 5060), remote: from, connection: 0 };
        self.after(5, Happening::ToSwitch(sip::Input::Packet { flow, bytes: bytes.to_vec() }));
    }
}
