//! Calls on this node: the shell around `switch` and `media`. One thread has the switch and SIP over UDP, one has the media;
//! connections, look-ups and sound reach them over bounded queues. Who finds one full waits, the switch for the media, too; the media,
//! whose packets must not wait, keeps what the switch has no place for and leaves packets with the system then. What
//! sessions hear goes into their mailboxes, which refuse what has no end.

mod connections;
mod look_up;
mod media;
mod queue;
mod registrations;
mod settings;
mod sockets;
mod sound;
mod tcp;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;
mod udp;
mod websocket;

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr, UdpSocket},
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc::TryRecvError,
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result};
use cordboard_api::{Api, calls::Revoked};
use cordboard_engine::Instant;
use cordboard_sip as sip;
use cordboard_switch::{Config, Input, Output, SessionInfo, Switch};
use mio::{Events, Poll, Token, Waker};
use socket2::{Domain, Socket, Type};

pub use self::websocket::routes;
use self::{
    connections::Connections,
    media::MediaThread,
    queue::{Queue, Waiting},
    registrations::Registrations,
    udp::Udp,
};
use crate::{
    clock,
    sessions::{Sessions, lock, moment},
    way_out::WayOut,
};

/// How often the switch looks up without a deadline.
const LONGEST: Duration = Duration::from_secs(60);

/// How much later than due a timer of the switch may ring, milliseconds: many ring at once then, and the shortest of SIP's lasts 200.
const GRAIN_MS: u64 = 5;

/// Inputs of one kind that the switch takes before it looks at the others: a flood of datagrams holds up nothing else for long.
const AT_ONCE: usize = 64;

/// Connections over TCP that wait to be accepted.
const BACKLOG: i32 = 1_024;

/// The queue, and SIP over UDP, as the poll tells them apart.
const QUEUE: Token = Token(0);
const UDP: Token = Token(1);

/// The way to this node's calls.
pub struct Calls {
    pub(self) queue: Queue,
    pub(self) media: MediaThread,
    pub(self) connections: Connections,
    pub(self) way_out: WayOut,
    pub(self) sessions: OnceLock<Arc<Sessions>>,
    pub(self) runtime: tokio::runtime::Handle,
    pub(self) sounds: sound::Sounds,
    /// Whose connections authors take no places of.
    pub(self) trunk_host: Option<String>,
    pub address: SocketAddr,
    stopping: AtomicBool,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What an operator may set about calls.
pub struct Settings {
    pub switch: Config,
    /// The folder in which registrations are kept.
    pub data_dir: PathBuf,
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
            let tcp = socket(address, Type::STREAM).with_context(said)?;
            tcp.listen(BACKLOG)?;
            let tcp = std::net::TcpListener::from(tcp);
            let bound = tcp.local_addr()?;
            match socket(bound, Type::DGRAM).map(UdpSocket::from) {
                Ok(udp) => return Ok(Self { udp, tcp, address: bound }),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| std::io::Error::other("no attempt"))).with_context(said)
    }
}

/// An address of IPv6 takes IPv6 alone: a phone of IPv4 that it took would hear nothing, because media has one address.
fn socket(address: SocketAddr, kind: Type) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), kind, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    if kind == Type::STREAM {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
}

impl Calls {
    pub fn start(settings: Settings, bound: Bound, way_out: WayOut) -> Result<Arc<Self>> {
        let poll = Poll::new().context("the switch's poll")?;
        let (queue, waiting) = queue::queue(Waker::new(poll.registry(), QUEUE).context("the switch's waker")?);
        let media = MediaThread::start(settings.media, settings.media_seed, settings.media_bind, queue.clone())?;
        let udp = Udp::new(bound.udp, bound.address, poll.registry(), UDP).context("SIP over UDP")?;
        let calls = Arc::new(Self {
            queue,
            media,
            connections: Connections::default(),
            way_out,
            sessions: OnceLock::new(),
            runtime: tokio::runtime::Handle::current(),
            sounds: sound::Sounds::new(settings.voice),
            trunk_host: settings.switch.trunk.as_ref().map(|trunk| trunk.host.clone()),
            address: bound.address,
            stopping: AtomicBool::new(false),
            thread: Mutex::new(None),
        });
        let mut switch = Switch::new(settings.switch);
        let registrations = Registrations::restore(settings.data_dir, &mut switch);
        let driver = Driver { calls: calls.clone(), udp, poll, registrations };
        let thread = std::thread::Builder::new().name("switch".to_owned()).spawn(move || driver.run(switch, &waiting)).context("the switch's thread")?;
        *lock(&calls.thread) = Some(thread);
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

    /// Ends the switch's thread, which writes down what a restart wants to know.
    pub async fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.put(Input::Tick);
        let thread = lock(&self.thread).take();
        let joined = tokio::task::spawn_blocking(move || thread.is_none_or(|thread| thread.join().is_ok())).await;
        if !matches!(joined, Ok(true)) {
            tracing::error!("the switch's thread did not end as it should");
        }
    }

    /// Waits where the queue is full: what is put here must not be lost.
    pub(self) fn put(&self, input: Input) {
        self.queue.put(input);
    }
}

/// What a node that stops still holds, for its log: the tables that are not empty. Transactions stay for 32 s, to answer what is sent again.
fn left(switch: &Switch, connections: usize) -> String {
    let sip::Sizes { calls, transactions, connections: known, links, deadlines } = switch.sip_sizes();
    let of_sip = [("SIP calls", calls), ("SIP transactions", transactions), ("SIP connections", known), ("SIP links", links), ("SIP deadlines", deadlines)];
    let others = [("registered devices", switch.registrations()), ("connections", connections)];
    let tables = switch.tables();
    let full = tables.iter().chain(&of_sip).chain(&others).filter(|(_, count)| *count > 0);
    let texts: Vec<String> = full.map(|(name, count)| format!("{name} {count}")).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}

/// The thread of the switch.
struct Driver {
    calls: Arc<Calls>,
    udp: Udp,
    poll: Poll,
    registrations: Registrations,
}

impl Driver {
    fn run(mut self, mut switch: Switch, waiting: &Waiting) {
        let mut ready = Events::with_capacity(2);
        loop {
            let Ok(mut more) = self.queued(&mut switch, waiting) else { return };
            more |= self.received(&mut switch);
            if self.calls.stopping.load(Ordering::Relaxed) {
                tracing::info!("left of calls: {}", left(&switch, self.calls.connections.len()));
                return self.registrations.finish(&switch);
            }
            // What is never empty must not hold up what is due.
            if Self::rings_at(&switch).is_some_and(|at| at <= moment().monotonic) {
                self.step(&mut switch, Input::Tick);
            }
            self.registrations.look(&switch);
            let came = if more { None } else { waiting.may_sleep() };
            if let Some(input) = came {
                self.step(&mut switch, input);
                more = true;
            }
            let pause = if more { Duration::ZERO } else { self.pause(&switch) };
            if let Err(error) = self.poll.poll(&mut ready, Some(pause))
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                tracing::error!("the switch's poll failed: {error}");
                return;
            }
            waiting.woke();
            self.udp.readable |= ready.iter().any(|event| event.token() == UDP);
        }
    }

    fn pause(&self, switch: &Switch) -> Duration {
        let now = moment().monotonic;
        let next = [Self::rings_at(switch), self.registrations.deadline()].into_iter().flatten().min();
        next.map_or(LONGEST, |at| Duration::from_millis(at.0.saturating_sub(now.0)).min(LONGEST))
    }

    fn rings_at(switch: &Switch) -> Option<Instant> {
        switch.deadline().map(|(at, _)| at.plus(GRAIN_MS))
    }

    /// Takes some of what is in the queue. Whether there may be more; an error when nothing can come any more.
    fn queued(&self, switch: &mut Switch, waiting: &Waiting) -> Result<bool, TryRecvError> {
        for _ in 0..AT_ONCE {
            match waiting.next() {
                Ok(input) => self.step(switch, input),
                Err(TryRecvError::Empty) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// The same of datagrams.
    fn received(&mut self, switch: &mut Switch) -> bool {
        for _ in 0..AT_ONCE {
            let Some(input) = self.udp.receive() else { return false };
            self.step(switch, Input::Sip(input));
        }
        true
    }

    /// One change and what follows from it. A call may come to a session that has just ended, and then must not outlive it.
    fn step(&self, switch: &mut Switch, input: Input) {
        let mut over = BTreeSet::new();
        let mut next = Some(input);
        while let Some(input) = next {
            switch.handle(moment(), input);
            while let Some(output) = switch.poll() {
                over.extend(self.carry_out(output));
            }
            next = over.pop_first().map(|session_id| Input::SessionEnded { session_id });
        }
    }

    /// Gives the session for which something was, if it is over.
    fn carry_out(&self, output: Output) -> Option<i64> {
        match output {
            Output::Sip(sip::Output::Send { flow, bytes }) if flow.transport == sip::Transport::Udp => {
                self.udp.send(flow.remote, &bytes);
            }
            Output::Sip(sip::Output::Send { flow, bytes }) => self.calls.connections.send(flow, bytes),
            Output::Sip(sip::Output::Connect { ticket, transport, remote, host }) => tcp::connect(&self.calls, ticket, transport, remote, &host),
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
