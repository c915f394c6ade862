//! The thread of the media: UDP sockets, the clock, and the queue of commands.

use std::{
    collections::VecDeque,
    io::ErrorKind,
    net::IpAddr,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use cordboard_media::{Command, Config, Event, Media, Output};
use cordboard_now::Now;
use cordboard_switch as switch;
use mio::{Events, Poll, Token, Waker};

use super::{
    queue::{Queue, Sleep},
    settings::outward,
    sockets::Sockets,
};
use crate::sessions::moment;

/// A packet at most, bytes: more than any link carries.
const PACKET_BYTES: usize = 2_048;

/// When the switch, whose queue was full, is told again.
const AGAIN: Duration = Duration::from_millis(20);

/// The queue's token; `Sockets` has those of the sockets.
const WAKE: Token = Token(usize::MAX);

/// Packets that are read from one socket before it is another's turn.
const AT_ONCE: usize = 64;

/// Commands that wait at most, and events.
const PLACES: usize = 16_384;

pub struct MediaThread {
    commands: SyncSender<Command>,
    sleep: Arc<Sleep>,
}

impl MediaThread {
    pub fn start(config: Config, seed: [u8; 32], bind: IpAddr, events: Queue) -> Result<Self> {
        let poll = Poll::new().context("the media's poll")?;
        let sleep = Sleep::new(Waker::new(poll.registry(), WAKE)?);
        let (commands, waiting) = sync_channel(PLACES);
        let media = Media::new(config, seed);
        let sockets = Sockets::new(poll.registry().try_clone()?, bind, outward);
        let thread = Thread { media, poll, sockets, unread: Vec::new(), binding: VecDeque::new(), events, untold: VecDeque::new(), sleep: sleep.clone() };
        std::thread::Builder::new().name("media".to_owned()).spawn(move || thread.run(&waiting)).context("the media's thread")?;
        Ok(Self { commands, sleep })
    }

    /// Waits for a place where none is left; this thread waits for nobody.
    pub fn command(&self, command: Command) {
        // An answer changes how much is sent to a peer that is never heard, which the next packet finds out.
        let can_wait = matches!(command, Command::Connected { .. });
        let sent = match self.commands.try_send(command) {
            Err(TrySendError::Full(command)) => {
                self.sleep.wake();
                self.commands.send(command).is_ok()
            }
            sent => sent.is_ok(),
        };
        if !sent {
            tracing::error!("the media's thread is gone; calls have no audio any more");
        }
        if !can_wait {
            self.sleep.wake();
        }
    }
}

struct Thread {
    media: Media,
    poll: Poll,
    sockets: Sockets,
    /// Tokens of sockets that may have more.
    unread: Vec<Token>,
    /// Ports that are wanted and not bound yet, and whether for the web.
    binding: VecDeque<(u16, bool)>,
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
            // While the switch does not listen, what comes waits where the system keeps it.
            let listens = self.untold.len() < PLACES;
            let pause = if listens && !self.unread.is_empty() { Some(Duration::ZERO) } else { pause };
            if let Err(error) = self.poll.poll(&mut ready, pause)
                && error.kind() != ErrorKind::Interrupted
            {
                tracing::error!("the media's poll failed: {error}");
                return;
            }
            self.sleep.end();
            self.tell();
            // What is commanded is done before the next sleep.
            let readable = ready.iter().map(mio::event::Event::token).filter(|token| *token != WAKE);
            if listens {
                for token in std::mem::take(&mut self.unread) {
                    self.receive(token, &mut buffer);
                }
                for token in readable {
                    self.receive(token, &mut buffer);
                }
            } else {
                self.unread.extend(readable);
                self.unread.sort_unstable();
                self.unread.dedup();
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

    /// Reads what came to a socket, or so much of it that others have their turn.
    fn receive(&mut self, token: Token, buffer: &mut [u8]) {
        let now = moment();
        for _ in 0..AT_ONCE {
            match self.sockets.receive(token, buffer) {
                Ok((port, length, from)) => {
                    self.media.packet(now, port, from, &mut buffer[..length]);
                    self.drain(now);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // An ICMP error of an earlier packet.
                Err(_) => {}
            }
        }
        self.unread.push(token);
    }

    fn drain(&mut self, now: Now) {
        loop {
            while let Some(output) = self.media.poll() {
                match output {
                    Output::Send { port, to, bytes } => {
                        self.sockets.send(port, to, bytes);
                    }
                    Output::Event(event) => self.untold.push_back(event),
                    Output::Bind { port, web } => self.binding.push_back((port, web)),
                    Output::Unbind { port } => {
                        // It may be given up before its turn came, because the other one of its pair could not be bound.
                        self.binding.retain(|(waiting, _)| *waiting != port);
                        self.sockets.close(port);
                    }
                }
            }
            let Some((port, web)) = self.binding.pop_front() else { break };
            let bound = self.sockets.open(port, web);
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
}
