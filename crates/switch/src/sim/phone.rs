//! Phones, carriers and strangers: each a SIP agent with an address, a way to the switch and manners.

use std::{collections::BTreeMap, net::SocketAddr};

use cordboard_sip::{self as sip, digest};

use super::{APPLICATION, Happening, Link, Nat, OFFER, SWITCH, Who, World, directory::password};

pub type PhoneId = usize;

/// What a phone does by itself.
#[derive(Clone, Debug)]
pub struct Manner {
    /// 180 after so long.
    pub rings_ms: Option<u64>,
    /// It rings with 183 and audio.
    pub early: bool,
    pub then: Then,
    /// It hangs up so long after the answer, whoever called.
    pub talks_ms: Option<u64>,
    /// It gives its own calls up after so long.
    pub cancels_ms: Option<u64>,
    /// The first word of its offers and answers.
    pub says: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub enum Then {
    Answer(u64),
    Refuse(u64, u16),
    Nothing,
}

impl Default for Manner {
    fn default() -> Self {
        Self { rings_ms: Some(100), early: false, then: Then::Answer(1_000), talks_ms: None, cancels_ms: None, says: OFFER }
    }
}

/// Something that a phone is made to do. Without a number it is done to its newest call.
#[derive(Clone, Debug)]
pub enum Deed {
    /// To a SIP URI, or to a user or number of the application.
    Dial(String),
    Answer(sip::CallId, u16),
    HangUp(Option<sip::CallId>),
    /// With this first word in its offer.
    Reinvite(&'static str),
    Inside(&'static str),
    /// With this content type and body.
    With(&'static str, &'static str, &'static str),
    /// For so many seconds.
    Register(u32),
    KeepAlive,
    /// It is not there any more, and says nothing.
    Vanish,
    Return,
    /// It has forgotten everything.
    Restart,
}

#[derive(Debug, Default)]
pub struct Talk {
    pub up: bool,
    /// Where the real audio takes packets for it.
    pub port: Option<u16>,
}

/// The port of a description.
fn port_of(body: &[u8]) -> Option<u16> {
    String::from_utf8_lossy(body).lines().find_map(|line| line.strip_prefix("m=audio ")?.split(' ').next()?.parse().ok())
}

pub struct Phone {
    pub name: String,
    /// What follows its name in From.
    pub domain: String,
    pub agent: sip::Agent,
    pub address: SocketAddr,
    pub transport: sip::Transport,
    pub nat: Option<Nat>,
    pub link: Link,
    pub credentials: Option<sip::Credentials>,
    /// What it asks callers for, if it does.
    pub asks: Option<(Box<digest::Server>, digest::Ha1s)>,
    pub manner: Manner,
    pub gone: bool,
    pub(super) epoch: u32,
    pub calls: BTreeMap<sip::CallId, Talk>,
    /// `> INVITE` is said by it, `< 180` to it; with its moment.
    pub seen: Vec<(u64, String)>,
    /// Bodies of requests inside its calls.
    pub bodies: Vec<String>,
    /// Ends of its calls, in words.
    pub ends: Vec<String>,
    /// Final answers to what it asked outside of calls.
    pub replies: Vec<u16>,
    sequence: u32,
}

impl Phone {
    pub(super) fn speaks(&self, call: u64) -> bool {
        !self.gone && self.calls.contains_key(&sip::CallId(call))
    }

    /// What it saw and said, without moments; the same message again counts.
    pub fn messages(&self) -> Vec<&str> {
        self.seen.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub fn saw(&self, text: &str) -> usize {
        self.seen.iter().filter(|(_, seen)| seen == text).count()
    }
}

fn agent(address: SocketAddr, seed: [u8; 32]) -> sip::Agent {
    let listeners = vec![sip::Listener { transport: sip::Transport::Udp, local: address, advertised: None }];
    sip::Agent::new(sip::Config { listeners, ..sip::Config::default() }, seed)
}

impl World {
    /// A phone of a user of this name, at 198.18.0.0/15 (RFC 2544).
    pub fn phone(&mut self, name: &str, transport: sip::Transport) -> PhoneId {
        let number = self.phones.len();
        let [high, low] = u16::try_from(number + 1).unwrap_or_default().to_be_bytes();
        let address = SocketAddr::from(([198, 18, high, low], 5060));
        let credentials = Some(sip::Credentials { username: name.to_owned(), password: password(name) });
        self.phone_at(name, transport, address, credentials)
    }

    /// The carrier, which asks for the trunk's credentials if it is told to.
    pub fn carrier(&mut self, asks: bool) -> PhoneId {
        let address = SocketAddr::from(([203, 0, 113, 1], 5060));
        self.directory.hosts.insert("carrier.test".to_owned(), vec![address.ip()]);
        let carrier = self.phone_at("carrier", sip::Transport::Udp, address, None);
        let key = self.chance.bytes();
        if let Some(phone) = self.phones.get_mut(carrier).filter(|_| asks) {
            phone.asks = Some((Box::new(digest::Server::new("carrier", key)), digest::Ha1s::new("trunk", "carrier", "carried")));
        }
        carrier
    }

    pub fn phone_at(&mut self, name: &str, transport: sip::Transport, address: SocketAddr, credentials: Option<sip::Credentials>) -> PhoneId {
        let number = self.phones.len();
        let seed = self.chance.bytes();
        self.by_address.insert(address, number);
        self.phones.push(Phone {
            name: name.to_owned(),
            domain: APPLICATION.to_owned(),
            agent: agent(address, seed),
            address,
            transport,
            nat: None,
            link: Link::default(),
            credentials,
            asks: None,
            manner: Manner::default(),
            gone: false,
            epoch: 0,
            calls: BTreeMap::new(),
            seen: Vec::new(),
            bodies: Vec::new(),
            ends: Vec::new(),
            replies: Vec::new(),
            sequence: 0,
        });
        number
    }

    /// Puts a phone behind a NAT: nobody reaches it at its own address.
    pub fn behind_nat(&mut self, phone: PhoneId, nat: Nat) {
        if let Some(phone) = self.phones.get_mut(phone) {
            self.by_address.remove(&phone.address);
            phone.nat = Some(nat);
        }
    }

    pub(super) fn note(&mut self, phone: PhoneId, said: bool, bytes: &[u8]) {
        let passed = self.passed_ms();
        if !self.records {
            return;
        }
        let Some(phone) = self.phones.get_mut(phone) else { return };
        let line = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\r').next().unwrap_or_default()).into_owned();
        let mut words = line.split(' ');
        let short = match (words.next(), words.next()) {
            (Some("SIP/2.0"), Some(status)) => status.to_owned(),
            (Some(method), _) => method.to_owned(),
            _ => return,
        };
        phone.seen.push((passed, format!("{} {short}", if said { '>' } else { '<' })));
    }

    pub(super) fn tell_phone(&mut self, id: PhoneId, input: sip::Input) {
        if let sip::Input::Packet { bytes, .. } = &input {
            self.note(id, false, bytes);
        }
        let now = self.now();
        let Some(phone) = self.phones.get_mut(id) else { return };
        phone.agent.handle(now, input);
        self.drain_phone(id);
    }

    fn drain_phone(&mut self, id: PhoneId) {
        while let Some(output) = self.phones.get_mut(id).and_then(|phone| phone.agent.poll()) {
            self.phone_says(id, output);
        }
        let due = self.phones.get(id).filter(|phone| !phone.gone).and_then(|phone| phone.agent.deadline()).map(|(at, _)| at);
        self.set_due(Who::Phone(id), due);
    }

    fn command(&mut self, id: PhoneId, command: sip::Command) {
        self.tell_phone(id, sip::Input::Do(command));
    }

    /// Something that a phone does later.
    pub fn later(&mut self, phone: PhoneId, ms: u64, deed: Deed) {
        let epoch = self.phones.get(phone).map_or(0, |phone| phone.epoch);
        self.after(ms, Happening::Deed(phone, epoch, deed));
    }

    /// Something that a phone does, also after its restart.
    pub fn act(&mut self, id: PhoneId, deed: Deed) {
        let Some(phone) = self.phones.get_mut(id) else { return };
        let newest = phone.calls.keys().next_back().copied();
        match deed {
            Deed::Return if phone.gone => {
                phone.gone = false;
                self.drain_phone(id);
                self.audio_of(id, None);
            }
            _ if phone.gone => {}
            Deed::Return => {}
            Deed::Dial(to) => {
                self.dial(id, &to);
            }
            Deed::Answer(call, status) => self.answer(id, call, status),
            Deed::HangUp(call) => {
                if let Some(call) = call.or(newest) {
                    self.command(id, sip::Command::Hangup { call, headers: Vec::new() });
                }
            }
            Deed::Reinvite(says) => {
                if let Some(call) = newest {
                    let body = Some(("application/sdp".to_owned(), self.description(says, id, call.0)));
                    self.inside(id, call, "INVITE", body);
                }
            }
            Deed::Inside(method) => {
                if let Some(call) = newest {
                    self.inside(id, call, method, Some(("text/plain".to_owned(), b"words".to_vec())));
                }
            }
            Deed::With(method, mime_type, body) => {
                if let Some(call) = newest {
                    self.inside(id, call, method, Some((mime_type.to_owned(), body.as_bytes().to_vec())));
                }
            }
            Deed::Register(seconds) => self.register(id, seconds),
            Deed::KeepAlive => {
                let flow = sip::Flow { transport: sip::Transport::Udp, local: phone.address, remote: SocketAddr::new(SWITCH, 5060), connection: 0 };
                self.phone_says(id, sip::Output::Send { flow, bytes: b"\r\n\r\n".to_vec() });
            }
            Deed::Vanish => {
                phone.gone = true;
                self.set_due(Who::Phone(id), None);
                self.audio_of(id, None);
            }
            Deed::Restart => {
                let seed = self.chance.bytes();
                let Some(phone) = self.phones.get_mut(id) else { return };
                phone.epoch += 1;
                phone.agent = agent(phone.address, seed);
                phone.calls.clear();
                self.set_due(Who::Phone(id), None);
                self.audio_of(id, None);
                self.close_connections(id);
            }
        }
    }

    fn target(&self, id: PhoneId) -> sip::Target {
        let transport = self.phones.get(id).map_or(sip::Transport::Udp, |phone| phone.transport);
        let port = if matches!(transport, sip::Transport::Ws) { 80 } else { 5060 };
        sip::Target::Address { transport, remote: SocketAddr::new(SWITCH, port), host: "cordboard.test".to_owned() }
    }

    /// Calls a SIP URI, or a user or number of the application.
    pub fn dial(&mut self, id: PhoneId, to: &str) -> sip::CallId {
        let target = self.target(id);
        let to = if to.starts_with("sip:") { to.to_owned() } else { format!("sip:{to}@{APPLICATION}") };
        let Some(phone) = self.phones.get_mut(id) else { return sip::CallId(0) };
        let (call, says) = (phone.agent.call(), phone.manner.says);
        phone.calls.insert(call, Talk::default());
        let Ok(request_uri) = sip::Uri::parse(&to) else { return call };
        let body = Some(("application/sdp".to_owned(), self.description(says, id, call.0)));
        let Some(phone) = self.phones.get_mut(id) else { return call };
        let invite = sip::Invite {
            request_uri,
            from: format!("<sip:{}@{}>", phone.name, phone.domain),
            to: format!("<{to}>"),
            contact_user: phone.name.clone(),
            route: Vec::new(),
            headers: Vec::new(),
            body: body.filter(|_| !phone.manner.says.is_empty()),
            credentials: phone.credentials.clone(),
        };
        let cancels = phone.manner.cancels_ms;
        self.command(id, sip::Command::Invite { call, target, invite: Box::new(invite) });
        if let Some(ms) = cancels {
            self.later(id, ms, Deed::HangUp(Some(call)));
        }
        call
    }

    fn register(&mut self, id: PhoneId, seconds: u32) {
        let target = self.target(id);
        let Some(phone) = self.phones.get_mut(id) else { return };
        let request = phone.agent.request();
        phone.sequence += 10;
        let Ok(request_uri) = sip::Uri::parse(&format!("sip:{APPLICATION}")) else { return };
        let address = format!("<sip:{}@{APPLICATION}>", phone.name);
        let outside = sip::Outside {
            method: "REGISTER".to_owned(),
            request_uri,
            from: address.clone(),
            to: address,
            contact_user: Some(phone.name.clone()),
            series: Some((format!("registration-of-{id}-{}", phone.epoch), phone.sequence)),
            headers: vec![("Expires".to_owned(), seconds.to_string())],
            body: None,
            credentials: phone.credentials.clone(),
        };
        self.command(id, sip::Command::Outside { request, target, outside: Box::new(outside) });
    }

    fn inside(&mut self, id: PhoneId, call: sip::CallId, method: &str, body: Option<(String, Vec<u8>)>) {
        let Some(phone) = self.phones.get_mut(id) else { return };
        let request = phone.agent.request();
        self.command(id, sip::Command::Inside { call, request, method: method.to_owned(), headers: vec![("X-Phone".to_owned(), "yes".to_owned())], body });
    }

    fn answer(&mut self, id: PhoneId, call: sip::CallId, status: u16) {
        let Some(phone) = self.phones.get(id) else { return };
        let body = self.description(phone.manner.says, id, call.0);
        let described = status == 183 || (200..300).contains(&status);
        let body = described.then(|| ("application/sdp".to_owned(), body));
        self.command(id, sip::Command::Answer { call, reply: sip::Reply { status, body, ..sip::Reply::default() } });
    }

    /// What somebody of this user name answers challenges with.
    pub fn credentials(username: &str) -> sip::Credentials {
        sip::Credentials { username: username.to_owned(), password: password(username) }
    }

    pub(super) fn phone_event(&mut self, id: PhoneId, event: sip::Event) {
        use sip::Event;
        let now = self.now();
        let Some(phone) = self.phones.get_mut(id) else { return };
        let (manner, records) = (phone.manner.clone(), self.records);
        match event {
            Event::Incoming { call, request, .. } => {
                phone.calls.insert(call, Talk { up: false, port: port_of(&request.body) });
                self.command(id, sip::Command::Answer { call, reply: sip::Reply { status: 100, ..sip::Reply::default() } });
                let Some(phone) = self.phones.get_mut(id) else { return };
                if let Some((server, ha1)) = &mut phone.asks {
                    let right = server.authorization(&request).is_some_and(|said| server.verify(now, SWITCH, &request, &said, Some(ha1)) == digest::Verdict::Accepted);
                    if !right {
                        let challenges = server.challenges(now, SWITCH, false, None, &mut self.chance);
                        let headers = challenges.into_iter().map(|value| ("Proxy-Authenticate".to_owned(), value)).collect();
                        return self.command(id, sip::Command::Answer { call, reply: sip::Reply { status: 407, headers, ..sip::Reply::default() } });
                    }
                }
                if let Some(ms) = manner.rings_ms {
                    self.later(id, ms, Deed::Answer(call, if manner.early { 183 } else { 180 }));
                }
                match manner.then {
                    Then::Answer(ms) => self.later(id, ms, Deed::Answer(call, 200)),
                    Then::Refuse(ms, status) => self.later(id, ms, Deed::Answer(call, status)),
                    Then::Nothing => {}
                }
            }
            Event::Answered { .. } | Event::Acknowledged { .. } => {
                let (call, port) = match &event {
                    Event::Answered { call, response } => (*call, port_of(&response.body)),
                    Event::Acknowledged { call, .. } => (*call, None),
                    _ => return,
                };
                let Some(talk) = phone.calls.get_mut(&call) else { return };
                talk.port = port.or(talk.port);
                if std::mem::replace(&mut talk.up, true) {
                    return;
                }
                if let Some(ms) = manner.talks_ms {
                    self.later(id, ms, Deed::HangUp(Some(call)));
                }
            }
            Event::Failed { call, status, .. } => {
                phone.calls.remove(&call);
                if records {
                    phone.ends.push(format!("failed {status}"));
                }
                self.audio_of(id, Some(call.0));
            }
            Event::Ended { call, why, request } => {
                phone.calls.remove(&call);
                if records {
                    let reason = request.and_then(|request| Some(format!(" for {}", request.headers.get("Reason")?)));
                    phone.ends.push(format!("ended {why:?}{}", reason.unwrap_or_default()));
                }
                self.audio_of(id, Some(call.0));
            }
            Event::Requested { request, message, call } => {
                if records {
                    phone.bodies.push(String::from_utf8_lossy(&message.body).into_owned());
                }
                let body = self.description(manner.says, id, call.0);
                let body = matches!(message.method.as_str(), "INVITE" | "UPDATE").then(|| ("application/sdp".to_owned(), body));
                self.command(id, sip::Command::Reply { request, reply: sip::Reply { status: 200, body, ..sip::Reply::default() } });
            }
            Event::Outside { request, .. } => self.command(id, sip::Command::Reply { request, reply: sip::Reply { status: 200, ..sip::Reply::default() } }),
            Event::Replied { status, .. } => {
                if records {
                    phone.replies.push(status);
                }
            }
            Event::Progress { .. } | Event::FlowClosed { .. } => {}
        }
    }
}
