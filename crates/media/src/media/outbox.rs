use std::{collections::VecDeque, net::SocketAddr};

use crate::io::{Event, Output};

/// What waits to be polled, in order. Bytes of packets lie one after the other, so that packets cost no allocation.
#[derive(Default)]
pub(super) struct Outbox {
    queue: VecDeque<Queued>,
    arena: Vec<u8>,
}

enum Queued {
    Bind { port: u16, web: bool },
    Unbind(u16),
    Event(Event),
    Send { port: u16, to: SocketAddr, start: usize, end: usize },
}

impl Outbox {
    pub fn bind(&mut self, port: u16, web: bool) {
        self.queue.push_back(Queued::Bind { port, web });
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
            Some(Queued::Bind { port, web }) => Some(Output::Bind { port, web }),
            Some(Queued::Unbind(port)) => Some(Output::Unbind { port }),
            Some(Queued::Event(event)) => Some(Output::Event(event)),
            Some(Queued::Send { port, to, start, end }) => Some(Output::Send { port, to, bytes: self.arena.get(start..end).unwrap_or_default() }),
        }
    }
}
