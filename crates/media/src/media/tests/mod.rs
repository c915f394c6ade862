mod bridges;
mod descriptions;
mod hammer;
mod hostile;
mod keys;
mod players;
mod reports;
mod web;

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use cordboard_now::{Instant, Now};

use super::{Config, Media};
use crate::{
    io::{Audio, Command, Event, LegId, Output, PlayerId, Unbound, Unit},
    rtp::Packet,
};

const A: LegId = LegId(1);
const B: LegId = LegId(2);
const PLAYER: PlayerId = PlayerId(1);

struct Sent {
    port: u16,
    to: SocketAddr,
    bytes: Vec<u8>,
}

impl Sent {
    fn packet(&self) -> Packet<'_> {
        Packet::parse(&self.bytes).unwrap()
    }
}

/// A driver without sockets, and a clock.
struct World {
    media: Media,
    now: Now,
    events: Vec<Event>,
    sent: Vec<Sent>,
    bound: BTreeSet<u16>,
    /// Ports that other programs have.
    foreign: BTreeSet<u16>,
    /// Sockets that there may be at once.
    descriptors: usize,
    /// How often a port was asked for.
    asked: usize,
    /// A second address at which ports of web legs are bound.
    besides: Option<IpAddr>,
}

impl World {
    fn new() -> Self {
        Self::with(20_000, 20_063)
    }

    fn with(from: u16, to: u16) -> Self {
        let config = Config { address: ip("192.0.2.1"), ports: from..=to, identity: None };
        let now = Now { monotonic: Instant(1_000_000), utc_ms: 1_700_000_000_000 };
        Self {
            media: Media::new(config, [7; 32]),
            now,
            events: Vec::new(),
            sent: Vec::new(),
            bound: BTreeSet::new(),
            foreign: BTreeSet::new(),
            descriptors: usize::MAX,
            asked: 0,
            besides: None,
        }
    }

    fn drain(&mut self) {
        loop {
            let mut binding = Vec::new();
            while let Some(output) = self.media.poll() {
                match output {
                    Output::Bind { port, web } => binding.push((port, web)),
                    Output::Unbind { port } => {
                        self.bound.remove(&port);
                    }
                    Output::Send { port, to, bytes } => {
                        assert!(self.bound.contains(&port), "{port} is not bound");
                        self.sent.push(Sent { port, to, bytes: bytes.to_vec() });
                    }
                    Output::Event(event) => self.events.push(event),
                }
            }
            if binding.is_empty() {
                return;
            }
            for (port, web) in binding {
                self.asked += 1;
                if self.foreign.contains(&port) {
                    self.media.bound(self.now, port, Err(Unbound::Taken("Address already in use".into())));
                } else if self.bound.len() >= self.descriptors {
                    self.media.bound(self.now, port, Err(Unbound::Failed("Too many open files".into())));
                } else {
                    assert!(self.bound.insert(port), "{port} is bound twice");
                    self.media.bound(self.now, port, Ok(self.besides.filter(|_| web)));
                }
            }
        }
    }

    fn command(&mut self, command: Command) {
        self.media.command(self.now, command);
        self.drain();
    }

    fn advance(&mut self, ms: u64) {
        let end = self.now.monotonic.plus(ms);
        while let Some((at, _)) = self.media.deadline().filter(|(at, _)| *at <= end) {
            self.pass(at.0.saturating_sub(self.now.monotonic.0));
            self.media.tick(self.now);
            self.drain();
            assert!(self.media.deadline().is_none_or(|(next, _)| next > at), "a deadline stands still");
        }
        self.pass(end.0 - self.now.monotonic.0);
    }

    fn pass(&mut self, ms: u64) {
        self.now.monotonic = self.now.monotonic.plus(ms);
        self.now.utc_ms += i64::try_from(ms).unwrap();
    }

    fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    fn sent(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.sent)
    }

    /// Answer this offer; our port.
    fn answer(&mut self, leg: LegId, offer: &str) -> u16 {
        self.command(Command::Answer { leg, offer: offer.as_bytes().to_vec(), source: ip("198.51.100.1") });
        let text = self.description();
        let port = text.split("m=audio ").nth(1).unwrap().split(' ').next().unwrap();
        port.parse().unwrap()
    }

    fn description(&mut self) -> String {
        let events = self.events();
        let Some(Event::Described { sdp, .. }) = events.iter().find(|event| matches!(event, Event::Described { .. })) else { panic!("{events:?}") };
        String::from_utf8(sdp.clone()).unwrap()
    }

    fn hears(&mut self, port: u16, from: &str, packet: &Packet<'_>) {
        let mut bytes = Vec::new();
        packet.write(&mut bytes);
        self.hears_bytes(port, from, &bytes);
    }

    fn hears_bytes(&mut self, port: u16, from: &str, bytes: &[u8]) {
        self.media.packet(self.now, port, from.parse().unwrap(), &mut bytes.to_vec());
        self.drain();
    }

    /// A packet of 20 ms, after 20 ms.
    fn speaks(&mut self, port: u16, from: &str, payload_type: u8, number: u16) {
        self.advance(20);
        let payload = [u8::try_from(number % 256).unwrap(); 160];
        self.hears(port, from, &packet(payload_type, number, &payload));
    }
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn offer(address: &str, port: u16, formats: &str) -> String {
    format!("v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\na=rtpmap:101 telephone-event/8000\r\n")
}

fn packet(payload_type: u8, number: u16, payload: &[u8]) -> Packet<'_> {
    Packet { marker: false, payload_type, sequence: number, timestamp: u32::from(number) * 160, ssrc: 55, payload }
}

fn audio(ms: usize, value: i16) -> Arc<Audio> {
    Arc::new(Audio { rate: 8000, samples: vec![value; ms * 8] })
}

fn wire(from: LegId, to: LegId) -> Command {
    Command::Wire { from: Unit::Leg(from), to }
}

const PHONE_A: &str = "198.51.100.1:4000";
const PHONE_B: &str = "198.51.100.2:5000";

/// Two legs of PCMU that are wired to each other and have heard one packet; their ports.
fn bridge(world: &mut World, formats_b: &str) -> (u16, u16) {
    let a = world.answer(A, &offer("198.51.100.1", 4000, "0 101"));
    let b = world.answer(B, &offer("198.51.100.2", 5000, formats_b));
    world.command(wire(A, B));
    world.command(wire(B, A));
    (a, b)
}
