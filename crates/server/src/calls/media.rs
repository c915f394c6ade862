//! The thread of the media: UDP sockets, the clock, and the queue of commands.

use std::{
    collections::VecDeque,
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use cordboard_media::{Command, Config, Event, Media, Output, Unbound};
use cordboard_now::Now;
use cordboard_switch as switch;
use mio::{Events, Interest, Poll, Token, Waker, net::UdpSocket};

use super::queue::{Queue, Sleep};
use crate::sessions::moment;

/// A packet at most, bytes: more than any link carries.
const PACKET_BYTES: usize = 2_048;

/// When the switch, whose queue was full, is told again.
const AGAIN: Duration = Duration::from_millis(20);

/// The queue's token; sockets have their ports.
const WAKE: Token = Token(usize::MAX);

pub struct MediaThread {
    commands: Sender<Command>,
    sleep: Arc<Sleep>,
}

impl MediaThread {
    pub fn start(config: Config, seed: [u8; 32], bind: IpAddr, events: Queue) -> Result<Self> {
        let poll = Poll::new().context("the media's poll")?;
        let sleep = Sleep::new(Waker::new(poll.registry(), WAKE)?);
        let (commands, waiting) = channel();
        let media = Media::new(config, seed);
        let thread = Thread { media, poll, sockets: Sockets::default(), binding: VecDeque::new(), bind, events, untold: VecDeque::new(), sleep: sleep.clone() };
        std::thread::Builder::new().name("media".to_owned()).spawn(move || thread.run(&waiting)).context("the media's thread")?;
        Ok(Self { commands, sleep })
    }

    pub fn command(&self, command: Command) {
        // An answer changes how much is sent to a peer that is never heard, which the next packet finds out.
        let can_wait = matches!(command, Command::Connected { .. });
        if self.commands.send(command).is_err() {
            tracing::error!("the media's thread is gone; calls have no audio any more");
        }
        if !can_wait {
            self.sleep.wake();
        }
    }
}

/// Sockets by their ports, found without a search: two are looked up for each packet.
#[derive(Default)]
struct Sockets(Vec<Option<UdpSocket>>);

impl Sockets {
    fn get(&self, port: u16) -> Option<&UdpSocket> {
        self.0.get(usize::from(port))?.as_ref()
    }

    fn put(&mut self, port: u16, socket: UdpSocket) {
        let place = usize::from(port);
        if self.0.len() <= place {
            self.0.resize_with(place + 1, || None);
        }
        self.0[place] = Some(socket);
    }

    fn take(&mut self, port: u16) -> Option<UdpSocket> {
        self.0.get_mut(usize::from(port))?.take()
    }
}

struct Thread {
    media: Media,
    poll: Poll,
    sockets: Sockets,
    /// Ports that are wanted and not bound yet.
    binding: VecDeque<u16>,
    bind: IpAddr,
    events: Queue,
    /// What the switch has no place for yet: packets must not wait for it.
    untold: VecDeque<Event>,
    sleep: Arc<Sleep>,
}

impl Thread {
    fn run(mut self, waiting: &Receiver<Command>) {
        let mut ready = Events::with_capacity(1_024);
        let mut buffer = [0; PACKET_BYTES];
        loop {
            // Until nothing came since it may be woken.
            self.sleep.begin();
            while self.commanded(waiting) {
                self.sleep.begin();
            }
            let now = moment();
            let due = self.media.deadline().map(|(at, _)| Duration::from_millis(at.0.saturating_sub(now.monotonic.0)));
            let pause = if self.untold.is_empty() { due } else { Some(due.unwrap_or(AGAIN).min(AGAIN)) };
            if let Err(error) = self.poll.poll(&mut ready, pause)
                && error.kind() != ErrorKind::Interrupted
            {
                tracing::error!("the media's poll failed: {error}");
                return;
            }
            self.sleep.end();
            self.tell();
            for event in &ready {
                // `WAKE` is no port: what is commanded is done before the next sleep.
                if let Ok(port) = u16::try_from(event.token().0) {
                    self.receive(port, &mut buffer);
                }
            }
            let now = moment();
            if self.media.deadline().is_some_and(|(at, _)| at <= now.monotonic) {
                self.media.tick(now);
                self.drain(now);
            }
        }
    }

    /// Does what is commanded. Whether there was anything.
    fn commanded(&mut self, waiting: &Receiver<Command>) -> bool {
        let mut any = false;
        while let Ok(command) = waiting.try_recv() {
            let now = moment();
            self.media.command(now, command);
            self.drain(now);
            any = true;
        }
        any
    }

    fn receive(&mut self, port: u16, buffer: &mut [u8]) {
        let now = moment();
        loop {
            let Some(socket) = self.sockets.get(port) else { return };
            match socket.recv_from(buffer) {
                Ok((length, from)) => {
                    self.media.packet(now, port, from, &mut buffer[..length]);
                    self.drain(now);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // An ICMP error of an earlier packet.
                Err(_) => {}
            }
        }
    }

    fn drain(&mut self, now: Now) {
        loop {
            while let Some(output) = self.media.poll() {
                match output {
                    Output::Send { port, to, bytes } => {
                        if let Some(socket) = self.sockets.get(port) {
                            // A full buffer drops the packet, as a network would.
                            let _ = socket.send_to(bytes, to);
                        }
                    }
                    Output::Event(event) => self.untold.push_back(event),
                    Output::Bind { port } => self.binding.push_back(port),
                    Output::Unbind { port } => {
                        // It may be given up before its turn came, because the other one of its pair could not be bound.
                        self.binding.retain(|waiting| *waiting != port);
                        if let Some(mut socket) = self.sockets.take(port) {
                            let _ = self.poll.registry().deregister(&mut socket);
                        }
                    }
                }
            }
            let Some(port) = self.binding.pop_front() else { break };
            let bound = self.open(port);
            self.media.bound(now, port, bound);
        }
        self.tell();
    }

    fn tell(&mut self) {
        while let Some(event) = self.untold.pop_front() {
            if let Err(back) = self.events.offer(switch::Input::Media(event)) {
                if let switch::Input::Media(event) = *back {
                    self.untold.push_front(event);
                }
                return;
            }
        }
    }

    fn open(&mut self, port: u16) -> Result<(), Unbound> {
        let mut socket = UdpSocket::bind(SocketAddr::new(self.bind, port)).map_err(|error| unbound(port, &error))?;
        self.poll.registry().register(&mut socket, Token(port.into()), Interest::READABLE).map_err(|error| unbound(port, &error))?;
        self.sockets.put(port, socket);
        Ok(())
    }
}

/// Whether the port is to blame, or whatever else: descriptors, memory, the address.
fn unbound(port: u16, error: &std::io::Error) -> Unbound {
    if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) {
        return Unbound::Taken(error.to_string());
    }
    tracing::warn!("port {port} cannot be opened, and a call has no audio: {error}");
    Unbound::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_port_is_tried_where_the_port_is_to_blame() {
        let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = std::net::UdpSocket::bind(("127.0.0.1", port)).unwrap_err();
        assert!(matches!(unbound(port, &error), Unbound::Taken(_)));
        let (no_descriptors, no_address) = (std::io::Error::from_raw_os_error(24), std::net::UdpSocket::bind(("203.0.113.1", port)).unwrap_err());
        for error in [no_descriptors, no_address] {
            assert!(matches!(unbound(port, &error), Unbound::Failed(_)), "{error}");
        }
    }
}
