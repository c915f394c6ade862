//! Calls on this node: the shell around `switch` and `media`. One thread has the switch, one has the media; sockets,
//! look-ups and sound reach them over bounded queues.

mod connections;
mod look_up;
mod media;
mod queue;
mod settings;
mod sound;
mod tcp;
mod udp;
mod websocket;

use std::{
    net::{IpAddr, SocketAddr, UdpSocket},
    sync::{Arc, OnceLock, mpsc::RecvTimeoutError},
    time::Duration,
};

use anyhow::{Context, Result};
use cordboard_api::{Api, calls::Revoked};
use cordboard_sip as sip;
use cordboard_switch::{Config, Input, Output, SessionInfo, Switch};

pub use self::websocket::routes;
use self::{
    connections::Connections,
    media::MediaThread,
    queue::{Queue, Waiting},
};
use crate::{
    clock,
    sessions::{Sessions, moment},
    way_out::WayOut,
};

/// How often the switch looks up without a deadline.
const LONGEST: Duration = Duration::from_secs(60);

/// The way to this node's calls.
pub struct Calls {
    pub(self) queue: Queue,
    pub(self) media: MediaThread,
    pub(self) connections: Connections,
    pub(self) way_out: WayOut,
    pub(self) sessions: OnceLock<Arc<Sessions>>,
    pub(self) runtime: tokio::runtime::Handle,
    pub(self) sounds: sound::Sounds,
    pub address: SocketAddr,
}

/// What an operator may set about calls.
pub struct Settings {
    pub switch: Config,
    /// Where media are sent from, and what is announced.
    pub media_bind: IpAddr,
    pub media: cordboard_media::Config,
    pub media_seed: [u8; 32],
    pub voice: crate::voice::Voice,
}

/// The sockets of SIP, bound before anything else is made.
pub struct Bound {
    udp: UdpSocket,
    tcp: std::net::TcpListener,
    pub address: SocketAddr,
}

impl Bound {
    /// The same port of UDP and TCP.
    pub fn bind(address: SocketAddr) -> Result<Self> {
        let said = || format!("--sip {address} cannot be opened; another program may use it. Choose another address, or port 0 for a free one");
        // Port 0 picks one that UDP and TCP both have.
        let attempts = if address.port() == 0 { 50 } else { 1 };
        let mut last = None;
        for _ in 0..attempts {
            let tcp = std::net::TcpListener::bind(address).with_context(said)?;
            let bound = tcp.local_addr()?;
            match UdpSocket::bind(bound) {
                Ok(udp) => return Ok(Self { udp, tcp, address: bound }),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| std::io::Error::other("no attempt"))).with_context(said)
    }
}

impl Calls {
    pub fn start(settings: Settings, bound: Bound, way_out: WayOut) -> Result<Arc<Self>> {
        let (queue, waiting) = queue::queue();
        let media = MediaThread::start(settings.media, settings.media_seed, settings.media_bind, queue.clone())?;
        let udp = Arc::new(bound.udp);
        let calls = Arc::new(Self {
            queue,
            media,
            connections: Connections::default(),
            way_out,
            sessions: OnceLock::new(),
            runtime: tokio::runtime::Handle::current(),
            sounds: sound::Sounds::new(settings.voice),
            address: bound.address,
        });
        let switch = Switch::new(settings.switch);
        let driver = Driver { calls: calls.clone(), udp: udp.clone() };
        std::thread::Builder::new().name("switch".to_owned()).spawn(move || driver.run(switch, &waiting)).context("the switch's thread")?;
        udp::start(udp, bound.address, calls.queue.clone())?;
        tcp::listen(calls.clone(), bound.tcp)?;
        Ok(calls)
    }

    /// Whose sessions these are; sessions and calls know each other, so the second one is given after both are made.
    pub fn know(&self, sessions: Arc<Sessions>) {
        let _ = self.sessions.set(sessions);
    }

    /// What a session wants of its calls.
    pub fn session_wants(&self, session: &Arc<SessionInfo>, output: cordboard_engine::Output) {
        self.put(Input::Session { session: session.clone(), output });
    }

    pub fn session_ended(&self, session_id: i64) {
        self.put(Input::SessionEnded { session_id });
    }

    /// Passes on which users must prove themselves again.
    pub async fn hear_revocations(self: Arc<Self>, api: Arc<Api>) {
        loop {
            for revoked in api.revoked().await {
                let revoked = match revoked {
                    Revoked::User { account_id, application_id, user_id, name } => cordboard_switch::Revoked::User { account_id, application_id, user_id, name },
                    Revoked::Application { account_id, application_id } => cordboard_switch::Revoked::Application { account_id, application_id },
                    Revoked::Account { account_id } => cordboard_switch::Revoked::Account { account_id },
                };
                connections::put(&self, Input::Revoked(revoked)).await;
            }
        }
    }

    pub fn drain(&self) {
        self.put(Input::Drain);
    }

    /// Waits where the queue is full: what is put here must not be lost.
    pub(self) fn put(&self, input: Input) {
        self.queue.put(input);
    }

    /// From a task, whose thread must not wait. False when the queue is full.
    pub(self) fn offer(&self, input: Input) -> bool {
        self.queue.offer(input).is_ok()
    }
}

/// The thread of the switch.
struct Driver {
    calls: Arc<Calls>,
    udp: Arc<UdpSocket>,
}

impl Driver {
    fn run(self, mut switch: Switch, waiting: &Waiting) {
        loop {
            let now = moment();
            let pause = switch.deadline().map_or(LONGEST, |(at, _)| Duration::from_millis(at.0.saturating_sub(now.monotonic.0)).min(LONGEST));
            let input = match waiting.next(pause) {
                Ok(input) => input,
                Err(RecvTimeoutError::Timeout) => Input::Tick,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            self.step(&mut switch, input);
            // A queue that is never empty must not hold up what is due.
            let now = moment();
            if switch.deadline().is_some_and(|(at, _)| at <= now.monotonic) {
                self.step(&mut switch, Input::Tick);
            }
        }
    }

    /// One change and what follows from it. A call may come to a session that has just ended, and then must not outlive it.
    fn step(&self, switch: &mut Switch, input: Input) {
        switch.handle(moment(), input);
        while let Some(output) = switch.poll() {
            if let Some(session_id) = self.carry_out(output) {
                switch.handle(moment(), Input::SessionEnded { session_id });
            }
        }
    }

    /// Gives the session for which something was, if it is over.
    fn carry_out(&self, output: Output) -> Option<i64> {
        match output {
            Output::Sip(sip::Output::Send { flow, bytes }) if flow.transport == sip::Transport::Udp => {
                // What cannot be sent now is lost as on any network; SIP repeats it.
                if let Err(error) = self.udp.send_to(&bytes, flow.remote) {
                    tracing::debug!("SIP to {} was not sent: {error}", flow.remote);
                }
            }
            Output::Sip(sip::Output::Send { flow, bytes }) => self.calls.connections.send(flow, bytes),
            Output::Sip(sip::Output::Connect { ticket, transport, remote, host: _ }) => tcp::connect(&self.calls, ticket, transport, remote),
            Output::Sip(sip::Output::Close { flow }) => self.calls.connections.close(flow),
            Output::Sip(sip::Output::Event(_)) => {}
            Output::Proved { flow } => self.calls.connections.proved(flow),
            Output::Media(command) => self.calls.media.command(command),
            Output::Fetch { player, session_id, sound } => return (!sound::fetch(&self.calls, player, session_id, sound)).then_some(session_id),
            Output::Session { session_id, input } => {
                let taken = self.calls.sessions.get().is_some_and(|sessions| sessions.call_input(session_id, input));
                return (!taken).then_some(session_id);
            }
            Output::Ask { ticket, question } => look_up::ask(&self.calls, ticket, question),
            Output::Explain { session_id, call, text } => {
                if let Some(sessions) = self.calls.sessions.get() {
                    sessions.explain(session_id, call, &text);
                }
            }
            Output::Refused { from, method, to, status, why } => {
                if let Some(sessions) = self.calls.sessions.get() {
                    sessions.api().stranger_refused(from, &method, &to, status, &why, clock::now());
                }
            }
        }
        None
    }
}
