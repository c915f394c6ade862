//! A party of SIP over UDP: `sip::Agent` with one socket and one thread, and nothing else.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Result;
use cordboard_now::{Instant as Moment, Now};
use cordboard_sip::{Agent, Command, Config, Event, Flow, Input, Limits, Listener, Output, Transport};
use mio::{Events, Interest, Poll, Token, net::UdpSocket};

/// A description of a peer that speaks G.711; `port` is where it hears.
pub fn description(port: u16) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 8 101\r\n\
         a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
    )
}

/// The port that a description names.
pub fn media_port(description: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(description).ok()?;
    text.split("m=audio ").nth(1)?.split(' ').next()?.parse().ok()
}

/// What happened, and when its message was read.
pub type Happened = (Instant, Event);

pub struct Party {
    pub agent: Agent,
    pub local: SocketAddr,
    socket: UdpSocket,
    poll: Poll,
    ready: Events,
    began: Instant,
    buffer: Vec<u8>,
}

impl Party {
    /// Port 0 picks a free one.
    pub fn bind(port: u16) -> Result<Self> {
        let mut socket = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], port)))?;
        let local = socket.local_addr()?;
        let poll = Poll::new()?;
        poll.registry().register(&mut socket, Token(0), Interest::READABLE)?;
        let config = Config {
            user_agent: "cordboard-bench".to_owned(),
            listeners: vec![Listener { transport: Transport::Udp, local, advertised: None }],
            limits: Limits { calls: 1_000_000, transactions: 10_000_000, ..Limits::default() },
            ..Config::default()
        };
        // Another run from the same port must not look like retransmissions of this one.
        let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos().to_be_bytes();
        let seed = std::array::from_fn(|at| nanos.get(at).copied().unwrap_or(7));
        Ok(Self { agent: Agent::new(config, seed), local, socket, poll, ready: Events::with_capacity(16), began: Instant::now(), buffer: vec![0; 65_535] })
    }

    fn now(&self) -> Now {
        Now { monotonic: Moment(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)), utc_ms: 0 }
    }

    pub fn command(&mut self, command: Command, happened: &mut Vec<Happened>) {
        self.agent.handle(self.now(), Input::Do(command));
        self.drain(Instant::now(), happened);
    }

    fn drain(&mut self, at: Instant, happened: &mut Vec<Happened>) {
        while let Some(output) = self.agent.poll() {
            match output {
                // What the network drops SIP repeats.
                Output::Send { flow, bytes } => drop(self.socket.send_to(&bytes, flow.remote)),
                Output::Event(event) => happened.push((at, event)),
                Output::Connect { .. } | Output::Close { .. } => {}
            }
        }
    }

    /// Takes what has come, and waits for it for so long at most.
    pub fn wait(&mut self, longest: Duration, happened: &mut Vec<Happened>) -> Result<()> {
        if !self.receive(happened) {
            let due = self.agent.deadline().map_or(longest, |(at, _)| Duration::from_millis(at.0.saturating_sub(self.now().monotonic.0)));
            match self.poll.poll(&mut self.ready, Some(longest.min(due))) {
                Err(error) if error.kind() != std::io::ErrorKind::Interrupted => return Err(error.into()),
                _ => {}
            }
            self.receive(happened);
        }
        if self.agent.deadline().is_some_and(|(at, _)| at <= self.now().monotonic) {
            self.agent.handle(self.now(), Input::Tick);
            self.drain(Instant::now(), happened);
        }
        Ok(())
    }

    fn receive(&mut self, happened: &mut Vec<Happened>) -> bool {
        let mut any = false;
        while let Ok((length, remote)) = self.socket.recv_from(&mut self.buffer) {
            any = true;
            let at = Instant::now();
            let flow = Flow { transport: Transport::Udp, local: self.local, remote, connection: 0 };
            let bytes = self.buffer.get(..length).unwrap_or_default().to_vec();
            self.agent.handle(self.now(), Input::Packet { flow, bytes });
            self.drain(at, happened);
        }
        any
    }
}
