//! Agents in simulated time: one against messages written by hand, and several over a network that loses, doubles and delays.

mod called;
mod calling;
mod connections;
mod hostile;
mod inside;
mod random;
mod registrations;
mod sessions;
mod torture;
mod world;

use std::collections::VecDeque;

use cordboard_now::{Instant, Now};

use crate::*;

/// One agent at 192.0.2.1:5060 and its peer's words.
pub(super) struct Desk {
    pub agent: Agent,
    pub now_ms: u64,
    pub sent: VecDeque<(Flow, Vec<u8>)>,
    pub events: VecDeque<Event>,
    pub connects: VecDeque<(u64, Transport)>,
    pub closes: VecDeque<Flow>,
}

pub(super) const PEER: &str = "192.0.2.99:5060";

pub(super) fn config() -> Config {
    let listener = |transport, local: &str| Listener { transport, local: local.parse().unwrap(), advertised: None };
    Config {
        user_agent: "Cordboard".to_owned(),
        listeners: vec![listener(Transport::Udp, "192.0.2.1:5060"), listener(Transport::Tcp, "192.0.2.1:5060"), listener(Transport::Ws, "192.0.2.1:8080")],
        ..Config::default()
    }
}

pub(super) fn udp(remote: &str) -> Flow {
    Flow { transport: Transport::Udp, local: "192.0.2.1:5060".parse().unwrap(), remote: remote.parse().unwrap(), connection: 0 }
}

pub(super) fn stream(transport: Transport, connection: u64) -> Flow {
    Flow { transport, local: "192.0.2.1:5060".parse().unwrap(), remote: PEER.parse().unwrap(), connection }
}

pub(super) fn now(ms: u64) -> Now {
    Now { monotonic: Instant(ms), utc_ms: 1_700_000_000_000 + i64::try_from(ms).unwrap() }
}

pub(super) fn reply(status: u16) -> Reply {
    Reply { status, ..Reply::default() }
}

pub(super) fn sdp() -> Option<(String, Vec<u8>)> {
    Some(("application/sdp".to_owned(), b"v=0\r\n".to_vec()))
}

pub(super) fn invite() -> Box<Invite> {
    Box::new(Invite {
        request_uri: "sip:bob@192.0.2.99".parse().unwrap(),
        from: "\"Alice\" <sip:alice@192.0.2.1>".to_owned(),
        to: "<sip:bob@192.0.2.99>".to_owned(),
        contact_user: "alice".to_owned(),
        route: Vec::new(),
        headers: vec![("X-Custom".to_owned(), "1".to_owned())],
        body: sdp(),
        credentials: Some(Credentials { username: "alice".to_owned(), password: "secret".to_owned() }),
    })
}

pub(super) fn to_peer() -> Target {
    Target::Address { transport: Transport::Udp, remote: PEER.parse().unwrap(), host: "192.0.2.99".to_owned() }
}

/// A request of the peer. `branch` without the cookie; `to` is the To tag, none if empty.
pub(super) fn request(method: &str, branch: &str, cseq: u32, to: &str, more: &str) -> String {
    let to = if to.is_empty() { String::new() } else { format!(";tag={to}") };
    let (fields, body) = match more.split_once("\r\n\r\n") {
        Some((fields, body)) => (format!("{fields}\r\n"), body),
        None => (more.to_owned(), ""),
    };
    format!(
        "{method} sip:service@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bK{branch};rport\r\nMax-Forwards: 70\r\n\
         From: <sip:bob@192.0.2.99>;tag=peer\r\nTo: <sip:service@192.0.2.1>{to}\r\nCall-ID: c1\r\nCSeq: {cseq} {method}\r\n\
         Contact: <sip:bob@192.0.2.99>\r\n{fields}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A response of the peer to one of the agent's requests, with a To tag.
pub(super) fn response_to(request: &Request, status: u16, tag: &str, more: &[(&str, &str)]) -> String {
    let mut response = Response::new(status, "");
    for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
        response.headers.extend(request.headers.all(name).map(|value| (name, value)));
    }
    if status > 100 {
        response.tag_to(tag);
    }
    if (101..300).contains(&status) {
        response.headers.push("Contact", format!("<sip:bob-{tag}@192.0.2.99>"));
    }
    for (name, value) in more {
        response.headers.push(name, *value);
    }
    String::from_utf8(response.to_bytes()).unwrap()
}

impl Desk {
    pub fn new() -> Self {
        Self::with(config())
    }

    pub fn with(config: Config) -> Self {
        Self { agent: Agent::new(config, [7; 32]), now_ms: 1_000, sent: VecDeque::new(), events: VecDeque::new(), connects: VecDeque::new(), closes: VecDeque::new() }
    }

    pub fn input(&mut self, input: Input) {
        self.agent.handle(now(self.now_ms), input);
        while let Some(output) = self.agent.poll() {
            match output {
                Output::Send { flow, bytes } => self.sent.push_back((flow, bytes)),
                Output::Connect { ticket, transport, .. } => self.connects.push_back((ticket, transport)),
                Output::Close { flow } => self.closes.push_back(flow),
                Output::Event(event) => self.events.push_back(event),
            }
        }
    }

    pub fn hear(&mut self, text: &str) {
        self.hear_from(udp(PEER), text);
    }

    pub fn hear_from(&mut self, flow: Flow, text: &str) {
        self.input(Input::Packet { flow, bytes: text.as_bytes().to_vec() });
    }

    pub fn run(&mut self, command: Command) {
        self.input(Input::Do(command));
    }

    /// Lets time pass, with a tick at each deadline.
    pub fn wait(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        while let Some((at, _)) = self.agent.deadline() {
            if at.0 > until {
                break;
            }
            self.now_ms = self.now_ms.max(at.0);
            self.input(Input::Tick);
        }
        self.now_ms = until;
    }

    pub fn message(&mut self) -> Message {
        let (_, bytes) = self.sent.pop_front().expect("nothing was sent");
        Message::parse(&bytes).expect("what is sent is a message")
    }

    pub fn request(&mut self, method: &str) -> Request {
        match self.message() {
            Message::Request(request) if request.method == method => request,
            other => panic!("{method} expected, not {other:?}"),
        }
    }

    pub fn response(&mut self, status: u16) -> Response {
        match self.message() {
            Message::Response(response) if response.status == status => response,
            other => panic!("{status} expected, not {other:?}"),
        }
    }

    /// First words of all that was sent.
    pub fn said(&mut self) -> Vec<String> {
        let sent = std::mem::take(&mut self.sent);
        sent.iter()
            .map(|(_, bytes)| {
                let line = std::str::from_utf8(bytes).unwrap().split("\r\n").next().unwrap();
                let word = |at| line.split(' ').nth(at).unwrap_or_default().to_owned();
                if line.starts_with("SIP/") { word(1) } else { word(0) }
            })
            .collect()
    }

    /// Statuses of all responses that were sent, each with the value of a field.
    pub fn said_with(&mut self, field: &str) -> Vec<String> {
        let mut said = Vec::new();
        while !self.sent.is_empty() {
            let Message::Response(response) = self.message() else { panic!("a request was sent") };
            said.push(format!("{} {}", response.status, response.headers.get(field).unwrap_or_default()));
        }
        said
    }

    pub fn event(&mut self) -> Event {
        self.events.pop_front().expect("nothing happened")
    }

    /// Names of all that happened, with a status or a reason.
    pub fn happened(&mut self) -> Vec<String> {
        std::mem::take(&mut self.events).iter().map(name).collect()
    }

    pub fn is_empty(&self) -> bool {
        let sizes = self.agent.sizes();
        (sizes.calls, sizes.transactions, sizes.deadlines, self.agent.indices() - sizes.links) == (0, 0, 0, 0)
    }

    /// A call of the peer, unanswered; and its To tag.
    pub fn incoming(&mut self) -> (CallId, String) {
        self.hear(&request("INVITE", "i1", 1, "", ""));
        let Event::Incoming { call, .. } = self.event() else { panic!("no call") };
        self.run(Command::Answer { call, reply: Reply { status: 100, ..Reply::default() } });
        let tag = self.response(100).headers.to().unwrap().tag().unwrap().to_owned();
        (call, tag)
    }

    pub fn answered(&mut self) -> (CallId, String) {
        let (call, tag) = self.incoming();
        self.run(Command::Answer { call, reply: Reply { status: 200, body: sdp(), ..Reply::default() } });
        self.response(200);
        self.hear(&request("ACK", "a1", 1, &tag, ""));
        assert_eq!(self.happened(), ["Acknowledged"]);
        (call, tag)
    }

    /// A call to the peer, and its INVITE.
    pub fn placed(&mut self) -> (CallId, Request) {
        let call = self.agent.call();
        self.run(Command::Invite { call, target: to_peer(), invite: invite() });
        (call, self.request("INVITE"))
    }

    pub fn talking(&mut self) -> (CallId, Request) {
        let (call, sent) = self.placed();
        self.hear(&response_to(&sent, 200, "p", &[]));
        self.request("ACK");
        assert_eq!(self.happened(), ["Answered"]);
        (call, sent)
    }
}

pub(super) fn name(event: &Event) -> String {
    match event {
        Event::Incoming { .. } => "Incoming".to_owned(),
        Event::Progress { response, .. } => format!("Progress {}", response.status),
        Event::Answered { .. } => "Answered".to_owned(),
        Event::Acknowledged { .. } => "Acknowledged".to_owned(),
        Event::Failed { status, .. } => format!("Failed {status}"),
        Event::Ended { why, .. } => format!("Ended {why:?}"),
        Event::Requested { message, .. } => format!("Requested {}", message.method),
        Event::Outside { message, .. } => format!("Outside {}", message.method),
        Event::Replied { status, .. } => format!("Replied {status}"),
        Event::FlowClosed { .. } => "FlowClosed".to_owned(),
    }
}
