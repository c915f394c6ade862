//! Agents joined by a network that loses, doubles and delays datagrams, by a seed.

use std::collections::BTreeMap;

use super::*;

pub(super) struct World {
    pub agents: Vec<Agent>,
    pub now_ms: u64,
    /// What is under way, by arrival and number, and to whom.
    wire: BTreeMap<(u64, u64), (usize, Input)>,
    /// Open connections by number, each with who opened it and who accepted it.
    pub connections: BTreeMap<u64, (usize, usize)>,
    numbers: u64,
    chance: cordboard_now::Chance,
    pub transport: Transport,
    /// Of a hundred datagrams so many are lost, and so many come twice; of a hundred connections so many cannot be opened.
    pub lost: u64,
    pub doubled: u64,
    /// Of a hundred messages so many have a few bytes changed.
    pub garbled: u64,
    pub latency_ms: std::ops::RangeInclusive<u64>,
    pub events: Vec<(usize, Event)>,
}

pub(super) fn address(agent: usize) -> std::net::SocketAddr {
    format!("192.0.2.{}:5060", agent + 1).parse().unwrap()
}

impl World {
    pub fn new(agents: usize, seed: u8) -> Self {
        let agents = (0..agents)
            .map(|agent| {
                let listeners = [Transport::Udp, Transport::Tcp].map(|transport| Listener { transport, local: address(agent), advertised: None }).to_vec();
                Agent::new(Config { listeners, ..Config::default() }, [seed.wrapping_add(u8::try_from(agent).unwrap()); 32])
            })
            .collect();
        Self {
            agents,
            now_ms: 1_000,
            wire: BTreeMap::new(),
            connections: BTreeMap::new(),
            transport: Transport::Udp,
            numbers: 0,
            chance: cordboard_now::Chance::new(&[seed; 32]),
            lost: 0,
            doubled: 0,
            garbled: 0,
            latency_ms: 10..=10,
            events: Vec::new(),
        }
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        u64::from_le_bytes(self.chance.bytes()) % limit
    }

    pub fn input(&mut self, agent: usize, input: Input) {
        self.agents[agent].handle(now(self.now_ms), input);
        self.drain(agent);
    }

    pub fn run(&mut self, agent: usize, command: Command) {
        self.input(agent, Input::Do(command));
    }

    fn drain(&mut self, agent: usize) {
        while let Some(output) = self.agents[agent].poll() {
            match output {
                Output::Send { flow, bytes } if flow.connection == 0 => self.send(flow, bytes),
                Output::Send { flow, bytes } => self.stream(agent, flow, bytes),
                Output::Event(event) => self.events.push((agent, event)),
                Output::Connect { ticket, remote, .. } => self.connect(agent, ticket, remote),
                Output::Close { flow } => self.cut(flow.connection),
            }
        }
    }

    fn put(&mut self, at: u64, agent: usize, input: Input) {
        self.numbers += 1;
        self.wire.insert((at, self.numbers), (agent, input));
    }

    fn connect(&mut self, agent: usize, ticket: u64, remote: std::net::SocketAddr) {
        let at = self.now_ms + *self.latency_ms.end();
        let accepting = (0..self.agents.len()).find(|other| address(*other) == remote);
        match accepting {
            Some(accepting) if self.below(100) >= self.lost => {
                self.numbers += 1;
                let connection = self.numbers;
                self.connections.insert(connection, (agent, accepting));
                self.put(at, agent, Input::Connected { ticket, flow: self.side(connection, agent) });
            }
            // Half of what fails does so without a word.
            _ if self.below(2) == 0 => {}
            _ => self.put(at, agent, Input::ConnectFailed { ticket, reason: "refused".to_owned() }),
        }
    }

    /// A connection as one of its ends sees it.
    fn side(&self, connection: u64, agent: usize) -> Flow {
        let (opened, accepted) = self.connections[&connection];
        let mut opener = address(opened);
        opener.set_port(40_000 + u16::try_from(connection % 10_000).unwrap());
        let (local, remote) = if agent == opened { (opener, address(accepted)) } else { (address(accepted), opener) };
        Flow { transport: Transport::Tcp, local, remote, connection }
    }

    fn stream(&mut self, agent: usize, flow: Flow, bytes: Vec<u8>) {
        let Some((opened, accepted)) = self.connections.get(&flow.connection).copied() else { return };
        let other = if agent == opened { accepted } else { opened };
        let bytes = self.garble(bytes);
        let at = self.now_ms + *self.latency_ms.start();
        self.put(at, other, Input::Bytes { flow: self.side(flow.connection, other), bytes });
    }

    /// Ends a connection at both ends; what is under way over it is lost.
    pub fn cut(&mut self, connection: u64) {
        let Some((opened, accepted)) = self.connections.get(&connection).copied() else { return };
        let sides = [opened, accepted].map(|agent| (agent, self.side(connection, agent)));
        self.wire.retain(|_, (_, input)| !matches!(input, Input::Bytes { flow, .. } if flow.connection == connection));
        self.connections.remove(&connection);
        let at = self.now_ms + *self.latency_ms.end();
        for (agent, flow) in sides {
            self.put(at, agent, Input::Closed { flow });
        }
    }

    fn garble(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.below(100) >= self.garbled {
            return bytes;
        }
        for _ in 0..=self.below(3) {
            let length = u64::try_from(bytes.len()).unwrap().max(1);
            let at = usize::try_from(self.below(length)).unwrap();
            let byte = b"\r\n\t :;,=<>\"@%*0179azAZ\0\xff"[usize::try_from(self.below(24)).unwrap()];
            match self.below(4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                _ if at < bytes.len() => bytes[at] = byte,
                _ => {}
            }
        }
        bytes
    }

    fn send(&mut self, flow: Flow, bytes: Vec<u8>) {
        let bytes = self.garble(bytes);
        let copies = if self.below(100) < self.lost { 0 } else { 1 + u64::from(self.below(100) < self.doubled) };
        let arriving = Flow { local: flow.remote, remote: flow.local, ..flow };
        for _ in 0..copies {
            let (from, to) = (*self.latency_ms.start(), *self.latency_ms.end());
            let at = self.now_ms + from + self.below(to - from + 1);
            if let Some(agent) = (0..self.agents.len()).find(|agent| address(*agent) == arriving.local) {
                self.put(at, agent, Input::Packet { flow: arriving, bytes: bytes.clone() });
            }
        }
    }

    /// The next thing that happens until a moment. False if there is none.
    pub fn step(&mut self, until_ms: u64) -> bool {
        let packet = self.wire.first_key_value().map(|(key, _)| *key);
        let due = (0..self.agents.len()).filter_map(|agent| Some((self.agents[agent].deadline()?.0.0, agent))).min();
        match (packet, due) {
            (Some((at, number)), due) if at <= until_ms && due.is_none_or(|(due, _)| at <= due) => {
                self.now_ms = self.now_ms.max(at);
                let Some((agent, input)) = self.wire.remove(&(at, number)) else { return false };
                self.input(agent, input);
                true
            }
            (_, Some((at, agent))) if at <= until_ms => {
                self.now_ms = self.now_ms.max(at);
                self.input(agent, Input::Tick);
                true
            }
            _ => {
                self.now_ms = until_ms;
                false
            }
        }
    }

    pub fn wait(&mut self, ms: u64) {
        let until_ms = self.now_ms + ms;
        while self.step(until_ms) {}
    }

    pub fn place(&mut self, from: usize, to: usize) -> CallId {
        let call = self.agents[from].call();
        let host = address(to).ip().to_string();
        let invite = Invite {
            request_uri: Uri::sip(Some("callee"), &host, None),
            from: format!("<sip:caller@{}>", address(from).ip()),
            to: format!("<sip:callee@{host}>"),
            ..*invite()
        };
        let target = Target::Address { transport: self.transport, remote: address(to), host };
        self.run(from, Command::Invite { call, target, invite: Box::new(invite) });
        call
    }

    pub fn take(&mut self) -> Vec<(usize, Event)> {
        std::mem::take(&mut self.events)
    }

    pub fn happened(&mut self) -> Vec<(usize, String)> {
        self.take().iter().map(|(agent, event)| (*agent, name(event))).collect()
    }

    /// The call that came to an agent, whose event is taken.
    pub fn incoming(&mut self, agent: usize) -> CallId {
        let at = self.events.iter().position(|(at, event)| *at == agent && matches!(event, Event::Incoming { .. })).expect("no call came");
        let (_, Event::Incoming { call, .. }) = self.events.remove(at) else { unreachable!() };
        call
    }

    pub fn answer(&mut self, agent: usize, call: CallId, status: u16) {
        self.run(agent, Command::Answer { call, reply: Reply { status, body: sdp(), ..Reply::default() } });
    }

    pub fn hang_up(&mut self, agent: usize, call: CallId) {
        self.run(agent, Command::Hangup { call, headers: Vec::new() });
    }

    pub fn assert_empty(&self) {
        for agent in &self.agents {
            assert_eq!((agent.sizes(), agent.indices()), (Sizes::default(), 0));
        }
    }
}

/// A call with much loss, doubling and reordering is answered and ended by both sides' words, or ends in a named way.
#[test]
fn a_call_over_a_bad_network_ends_on_both_sides() {
    for seed in 0..200 {
        let mut world = World::new(2, seed);
        (world.lost, world.doubled, world.latency_ms) = (30, 20, 5..=400);
        let placed = world.place(0, 1);
        let mut ended = [0, 0];
        let mut began = [1, 0];
        for second in 0..400 {
            world.wait(1_000);
            for (agent, event) in world.take() {
                match event {
                    Event::Incoming { call, .. } => {
                        began[agent] += 1;
                        world.answer(agent, call, 180);
                        world.answer(agent, call, 200);
                    }
                    Event::Failed { .. } | Event::Ended { .. } => ended[agent] += 1,
                    _ => {}
                }
            }
            if second == 60 {
                world.hang_up(0, placed);
            }
        }
        assert_eq!(ended, began, "seed {seed}");
        world.assert_empty();
    }
}
