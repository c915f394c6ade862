use std::{collections::VecDeque, net::SocketAddr};

use crate::io::{Event, Output};

/// What waits to be polled, in order. Bytes of packets lie one after the other, so that packets cost no allocation.
#[derive(Default)]
pub(super) struct Outbox {
    queue: VecDeque<Queued>,
    arena: Vec<u8>,
}

enum Queued {
    Bind(u16),
    Unbind(u16),
    Event(Event),
    Send { port: u16, to: SocketAddr, start: usize, end: usize },
}

impl Outbox {
    pub fn bind(&mut self, port: u16) {
        self.queue.push_back(Queued::Bind(port));
    }

    pub fn unbind(&mut self, port: u16) {
        self.queue.push_back(Queued::Unbind(port));
    }

    pub fn event(&mut self, event: Event) {
        self.queue.push_back(Queued::Event(event));
    }

    /// A datagram whose bytes `write` appends.
    pub fn send(&mut self, port: u16, to: SocketAddr, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.arena.len();
        write(&mut self.arena);
        self.queue.push_back(Queued::Send { port, to, start, end: self.arena.len() });
    }

    pub fn poll(&mut self) -> Option<Output<'_>> {
        match self.queue.pop_front() {
            None => {
                self.arena.clear();
                None
            }
            Some(Queued::Bind(port)) => Some(Output::Bind { port }),
            Some(Queued::Unbind(port)) => Some(Output::Unbind { port }),
            Some(Queued::Event(event)) => Some(Output::Event(event)),
            Some(Queued::Send { port, to, start, end }) => Some(Output::Send { port, to, bytes: self.arena.get(start..end).unwrap_or_default() }),
        }
    }
}
