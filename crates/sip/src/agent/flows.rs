//! Connections, the way that messages take, and where peers reach us.

use std::{
    collections::{BTreeSet, VecDeque},
    net::{IpAddr, SocketAddr},
};

use cordboard_now::Instant;

use super::{Agent, Timer, clients::Lost};
use crate::{
    flow::{Flow, Transport},
    framing::{Frame, Framing, PONG},
    io::{CallId, Event, Output, Target},
    message::Message,
    uri::Uri,
};

/// The port of SIP over UDP and TCP, and over TLS. RFC 3261 §19.1.2.
const PORT: u16 = 5_060;

/// How long a connection may take to open, after which what its driver says of it has got lost. Our own bound: a driver gives up before.
const LINK_MS: u64 = 10_000;

/// Where messages of ours go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Flow(Flow),
    /// A connection of ours that may still be opening.
    Link {
        ticket: u64,
        transport: Transport,
        remote: SocketAddr,
    },
}

impl Way {
    pub fn transport(&self) -> Transport {
        match self {
            Self::Flow(flow) => flow.transport,
            Self::Link { transport, .. } => *transport,
        }
    }

    fn remote(&self) -> SocketAddr {
        match self {
            Self::Flow(flow) => flow.remote,
            Self::Link { remote, .. } => *remote,
        }
    }

    pub fn is_reliable(&self) -> bool {
        self.transport() != Transport::Udp
    }
}

/// An open connection and what ends with it.
pub(crate) struct Connection {
    framing: Framing,
    pub calls: BTreeSet<CallId>,
    pub clients: BTreeSet<u64>,
    /// The link that it is, if we opened it.
    ticket: Option<u64>,
}

/// With the name that TLS checks; other connections to one address are one.
pub(crate) type LinkKey = (Transport, SocketAddr, Option<String>);

/// A connection that we asked for.
pub(crate) struct Link {
    key: LinkKey,
    flow: Option<Flow>,
    /// Messages that wait for it to open, each with its transaction if it has one.
    queue: VecDeque<(Option<u64>, Vec<u8>)>,
    /// When it counts as failed.
    due: Option<Instant>,
}

impl Agent {
    pub(super) fn packet(&mut self, flow: Flow, bytes: &[u8]) {
        if flow.connection != 0 && !self.connect(flow, None) {
            return;
        }
        match bytes {
            [] => {}
            // A keep-alive of a phone behind NAT: RFC 5626 §4.4.1 on streams, customary on UDP.
            _ if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) => {
                if bytes.len() >= 4 {
                    self.transmit_over(&flow, PONG.to_vec());
                }
            }
            // STUN begins with two zero bits. RFC 8489 §5.
            [0..=3, ..] => {}
            _ => self.message(flow, bytes),
        }
    }

    pub(super) fn bytes(&mut self, flow: Flow, bytes: &[u8]) {
        if !self.connect(flow, None) {
            return;
        }
        let connection = self.connections.get_mut(&flow.connection);
        if let Some(connection) = connection {
            connection.framing.push(bytes);
        }
        // What a message leads to may end the connection.
        while let Some(connection) = self.connections.get_mut(&flow.connection) {
            match connection.framing.next() {
                Ok(None) => break,
                Ok(Some(Frame::Message(bytes))) => self.message(flow, &bytes),
                Ok(Some(Frame::Ping)) => {
                    self.transmit_over(&flow, PONG.to_vec());
                }
                Ok(Some(Frame::Pong)) => {}
                Err(_) => {
                    self.out.push_back(Output::Close { flow });
                    self.closed(flow);
                }
            }
        }
    }

    fn message(&mut self, flow: Flow, bytes: &[u8]) {
        match Message::parse(bytes) {
            Ok(Message::Request(request)) => self.request_came(flow, request),
            Ok(Message::Response(response)) => self.response_came(flow, response),
            Err(error) => {
                if let Some(mut response) = error.answer {
                    // Where Via cannot be read, as in another version of SIP, the answer goes where the request came from.
                    let mut to = flow;
                    if let Ok(mut via) = response.headers.via_top() {
                        to = super::receive::answer_to(&flow, &mut via);
                        response.headers.set_via_top(&via);
                    }
                    let tag = self.stateless_tag(&[response.headers.get("Call-ID").unwrap_or_default(), response.headers.get("CSeq").unwrap_or_default()]);
                    response.tag_to(&tag);
                    self.transmit_over(&to, response.to_bytes());
                }
            }
        }
    }

    /// Knows a connection from now on; closes it if there are too many.
    fn connect(&mut self, flow: Flow, ticket: Option<u64>) -> bool {
        if self.connections.contains_key(&flow.connection) {
            return true;
        }
        if self.connections.len() >= self.config.limits.connections {
            self.out.push_back(Output::Close { flow });
            return false;
        }
        let connection = Connection { framing: Framing::new(), calls: BTreeSet::new(), clients: BTreeSet::new(), ticket };
        self.connections.insert(flow.connection, Box::new(connection));
        true
    }

    pub(super) fn connected(&mut self, ticket: u64, flow: Flow) {
        if !self.links.contains_key(&ticket) {
            self.out.push_back(Output::Close { flow });
            return;
        }
        if !self.connect(flow, Some(ticket)) {
            self.connect_failed(ticket, "Too many connections");
            return;
        }
        let Some(link) = self.links.get_mut(&ticket) else { return };
        link.flow = Some(flow);
        self.deadlines.set(Timer::Link(ticket), &mut link.due, None);
        for (client, bytes) in std::mem::take(&mut link.queue) {
            self.out.push_back(Output::Send { flow, bytes });
            if let Some(client) = client {
                self.set_client_way(client, Way::Flow(flow));
            }
        }
    }

    pub(super) fn connect_failed(&mut self, ticket: u64, reason: &str) {
        let Some(mut link) = self.links.remove(&ticket) else { return };
        self.deadlines.set(Timer::Link(ticket), &mut link.due, None);
        self.link_keys.remove(&link.key);
        for client in link.queue.into_iter().filter_map(|(client, _)| client) {
            self.client_lost(client, &Lost::Transport(reason.to_owned()));
        }
    }

    /// A connection is gone: what was under way over it, and the calls that it carried.
    pub(super) fn closed(&mut self, flow: Flow) {
        let Some(connection) = self.connections.remove(&flow.connection) else { return };
        if let Some(link) = connection.ticket.and_then(|ticket| self.links.remove(&ticket)) {
            self.link_keys.remove(&link.key);
        }
        for client in connection.clients {
            self.client_lost(client, &Lost::Transport("Connection closed".to_owned()));
        }
        for call in connection.calls {
            self.call_lost(call);
        }
        self.event(Event::FlowClosed { flow });
    }

    /// Sends over a flow; false if its connection is gone.
    pub(super) fn transmit_over(&mut self, flow: &Flow, bytes: Vec<u8>) -> bool {
        if flow.connection != 0 && !self.connections.contains_key(&flow.connection) {
            return false;
        }
        self.out.push_back(Output::Send { flow: *flow, bytes });
        true
    }

    /// Sends, or keeps for a connection that is still opening; false if that is not possible.
    pub(super) fn transmit(&mut self, way: &Way, client: Option<u64>, bytes: Vec<u8>) -> bool {
        match way {
            Way::Flow(flow) => self.transmit_over(flow, bytes),
            Way::Link { ticket, .. } => {
                let Some(link) = self.links.get_mut(ticket) else { return false };
                if let Some(flow) = link.flow {
                    return self.transmit_over(&flow, bytes);
                }
                if link.queue.len() >= self.config.limits.queued {
                    return false;
                }
                link.queue.push_back((client, bytes));
                true
            }
        }
    }

    /// The way to a target; opens a connection if there is none. `None` if there cannot be one.
    pub(super) fn way_to(&mut self, target: &Target) -> Option<Way> {
        match target {
            Target::Flow(flow) => (flow.connection == 0 || self.connections.contains_key(&flow.connection)).then_some(Way::Flow(*flow)),
            Target::Address { transport: Transport::Udp, remote, .. } => {
                let listener = self.config.listener(Transport::Udp, remote.ip())?;
                Some(Way::Flow(Flow { transport: Transport::Udp, local: listener.local, remote: *remote, connection: 0 }))
            }
            Target::Address { transport, remote, host } => {
                let key = (*transport, *remote, matches!(transport, Transport::Tls | Transport::Wss).then(|| host.clone()));
                if let Some(ticket) = self.link_keys.get(&key) {
                    let open = self.links.get(ticket).and_then(|link| link.flow);
                    return Some(open.map_or(Way::Link { ticket: *ticket, transport: *transport, remote: *remote }, Way::Flow));
                }
                if self.links.len() >= self.config.limits.connections {
                    return None;
                }
                let ticket = self.number();
                self.link_keys.insert(key.clone(), ticket);
                let mut link = Link { key, flow: None, queue: VecDeque::new(), due: None };
                self.deadlines.set(Timer::Link(ticket), &mut link.due, Some(self.now.plus(LINK_MS)));
                self.links.insert(ticket, link);
                self.out.push_back(Output::Connect { ticket, transport: *transport, remote: *remote, host: host.clone() });
                Some(Way::Link { ticket, transport: *transport, remote: *remote })
            }
        }
    }

    /// Host and port at which the peer of a way reaches us: the address that its messages come to, or the advertised one where that is
    /// unspecified, or private while the peer's is not.
    fn own_address(&self, way: &Way) -> (String, Option<u16>) {
        let transport = way.transport();
        let remote = way.remote();
        let local = match way {
            Way::Flow(flow) => Some(flow.local),
            Way::Link { .. } => None,
        };
        let of_transport = || self.config.listeners.iter().filter(|listener| listener.transport == transport);
        let listener =
            of_transport().find(|listener| local == Some(listener.local)).or_else(|| self.config.listener(transport, remote.ip())).or_else(|| of_transport().next());
        let port = listener.map(|listener| listener.local.port()).or(local.map(|local| local.port()));
        let ip = local.map(|local| local.ip()).or(listener.map(|listener| listener.local.ip())).filter(|ip| !ip.is_unspecified());
        let advertised =
            listener.and_then(|listener| listener.advertised.as_ref()).or_else(|| self.config.listeners.iter().find_map(|listener| listener.advertised.as_ref()));
        match (ip, advertised) {
            (Some(ip), None) => (ip.to_string(), port),
            (Some(ip), Some(_)) if !is_private(ip) || is_private(remote.ip()) => (ip.to_string(), port),
            // Of another transport's advertised address only the host is meant.
            (_, Some((host, advertised_port))) => (host.clone(), advertised_port.or(port)),
            // A name that nobody has: answers come back over the flow all the same, as RFC 7118 §5 has it for browsers.
            (None, None) => ("cordboard.invalid".to_owned(), port),
        }
    }

    pub(super) fn via(&self, way: &Way, branch: &str) -> String {
        let (host, port) = self.own_address(way);
        let protocol = match way.transport() {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TLS",
            Transport::Ws => "WS",
            Transport::Wss => "WSS",
        };
        format!("SIP/2.0/{protocol} {};branch={branch};rport", Uri::sip(None, &host, port).host_port())
    }

    /// The value of Contact for the peer of a way.
    pub(super) fn contact(&self, way: &Way, user: &str) -> String {
        let (host, port) = self.own_address(way);
        let mut uri = Uri::sip(Some(user).filter(|user| !user.is_empty()), &host, port);
        let parameter = match way.transport() {
            Transport::Udp => None,
            Transport::Tcp => Some("tcp"),
            Transport::Tls => Some("tls"),
            Transport::Ws | Transport::Wss => Some("ws"),
        };
        if parameter.is_some() {
            uri.set_param("transport", parameter);
        }
        format!("<{uri}>")
    }
}

/// The way of requests inside a dialog: the flow of the peer's last message. Only where a request over UDP does not promise that its sender
/// listens where it sends from (`symmetric`) is the port of its Contact taken, if that is at the same address.
pub(crate) fn way_back(flow: &Flow, contact: Option<&Uri>, symmetric: bool) -> Way {
    let mut flow = *flow;
    if flow.transport == Transport::Udp
        && !symmetric
        && let Some(contact) = contact
        && contact.is_sip()
        && contact.host.parse::<IpAddr>() == Ok(flow.remote.ip())
    {
        flow.remote.set_port(contact.port.unwrap_or(PORT));
    }
    Way::Flow(flow)
}

/// Whether an address means something only near by: RFC 1918, RFC 6598, RFC 4193, loopback and link-local.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || (ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_private(IpAddr::V4(ip)),
            None => ip.is_loopback() || ip.segments()[0] & 0xfe00 == 0xfc00 || ip.segments()[0] & 0xffc0 == 0xfe80,
        },
    }
}
