//! Agents joined by a network that loses, doubles and delays datagrams, by a seed.

use std::collections::BTreeMap;

use super::*;

pub(super) struct World {
    pub agents: Vec<Agent>,
    pub now_ms: u64,
    /// What is under way, by arrival and number.
    wire: BTreeMap<(u64, u64), (Flow, Vec<u8>)>,
    numbers: u64,
    chance: cordboard_now::Chance,
    /// Of a hundred datagrams so many are lost, and so many come twice.
    pub lost: u64,
    pub doubled: u64,
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
                let listeners = vec![Listener { transport: Transport::Udp, local: address(agent), advertised: None }];
                Agent::new(Config { listeners, ..Config::default() }, [seed.wrapping_add(u8::try_from(agent).unwrap()); 32])
            })
            .collect();
        Self {
            agents,
            now_ms: 1_000,
            wire: BTreeMap::new(),
            numbers: 0,
            chance: cordboard_now::Chance::new(&[seed; 32]),
            lost: 0,
            doubled: 0,
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
                Output::Send { flow, bytes } => self.send(flow, bytes),
                Output::Event(event) => self.events.push((agent, event)),
                other => panic!("{other:?}"),
            }
        }
    }

    fn send(&mut self, flow: Flow, bytes: Vec<u8>) {
        let copies = if self.below(100) < self.lost { 0 } else { 1 + u64::from(self.below(100) < self.doubled) };
        let arriving = Flow { local: flow.remote, remote: flow.local, ..flow };
        for _ in 0..copies {
            let (from, to) = (*self.latency_ms.start(), *self.latency_ms.end());
            let at = self.now_ms + from + self.below(to - from + 1);
            self.numbers += 1;
            self.wire.insert((at, self.numbers), (arriving, bytes.clone()));
        }
    }

    /// The next thing that happens until a moment. False if there is none.
    pub fn step(&mut self, until_ms: u64) -> bool {
        let packet = self.wire.first_key_value().map(|(key, _)| *key);
        let due = (0..self.agents.len()).filter_map(|agent| Some((self.agents[agent].deadline()?.0.0, agent))).min();
        match (packet, due) {
            (Some((at, number)), due) if at <= until_ms && due.is_none_or(|(due, _)| at <= due) => {
                self.now_ms = self.now_ms.max(at);
                let Some((flow, bytes)) = self.wire.remove(&(at, number)) else { return false };
                if let Some(agent) = (0..self.agents.len()).find(|agent| address(*agent) == flow.local) {
                    self.input(agent, Input::Packet { flow, bytes });
                }
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
        self.run(from, Command::Invite { call, target: Target::Address { transport: Transport::Udp, remote: address(to), host }, invite: Box::new(invite) });
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
            assert_eq!(agent.sizes(), Sizes::default());
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
