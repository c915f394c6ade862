//! The queue of the switch's thread.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    time::Duration,
};

use cordboard_sip as sip;
use cordboard_switch::Input;

/// Things that wait for the switch at most.
const PLACES: usize = 65_536;

/// Datagrams take places up to here, so that a flood of them leaves room for everything that must not be lost.
const FOR_DATAGRAMS: usize = PLACES / 2;

/// Bytes from the network that wait at most; what comes with them weighs nothing.
const NETWORK_BYTES: usize = 64 * 1024 * 1024;

/// Of them, those of datagrams.
const DATAGRAM_BYTES: usize = NETWORK_BYTES / 2;

#[derive(Clone)]
pub struct Queue {
    sender: SyncSender<Input>,
    waiting: Arc<AtomicUsize>,
    bytes: Arc<AtomicUsize>,
}

fn weight(input: &Input) -> usize {
    match input {
        Input::Sip(sip::Input::Packet { bytes, .. } | sip::Input::Bytes { bytes, .. }) => bytes.len(),
        _ => 0,
    }
}

/// The switch's end.
pub struct Waiting {
    receiver: Receiver<Input>,
    waiting: Arc<AtomicUsize>,
    bytes: Arc<AtomicUsize>,
}

pub fn queue() -> (Queue, Waiting) {
    let (sender, receiver) = sync_channel(PLACES);
    let waiting = Arc::new(AtomicUsize::new(0));
    let bytes = Arc::new(AtomicUsize::new(0));
    (Queue { sender, waiting: waiting.clone(), bytes: bytes.clone() }, Waiting { receiver, waiting, bytes })
}

impl Queue {
    /// Waits where the queue is full.
    pub fn put(&self, input: Input) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(weight(&input), Ordering::Relaxed);
        if self.sender.send(input).is_err() {
            tracing::error!("the switch is gone; calls are not served any more");
        }
    }

    /// Gives the input back where the queue is full.
    pub fn offer(&self, input: Input) -> Result<(), Box<Input>> {
        let weight = weight(&input);
        if weight > 0 && self.bytes.load(Ordering::Relaxed) >= NETWORK_BYTES {
            return Err(Box::new(input));
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(weight, Ordering::Relaxed);
        match self.sender.try_send(input) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(back)) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                self.bytes.fetch_sub(weight, Ordering::Relaxed);
                Err(Box::new(back))
            }
        }
    }

    /// A datagram, which is dropped where too much waits, as a network would.
    pub fn datagram(&self, input: Input) {
        if self.waiting.load(Ordering::Relaxed) < FOR_DATAGRAMS && self.bytes.load(Ordering::Relaxed) < DATAGRAM_BYTES {
            let _ = self.offer(input);
        }
    }
}

impl Waiting {
    pub fn next(&self, pause: Duration) -> Result<Input, RecvTimeoutError> {
        let input = self.receiver.recv_timeout(pause)?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(weight(&input), Ordering::Relaxed);
        Ok(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_datagrams_leaves_room_for_what_must_not_be_lost() {
        let (queue, waiting) = queue();
        for _ in 0..PLACES {
            queue.datagram(Input::Tick);
        }
        assert!(queue.offer(Input::Drain).is_ok());
        for _ in 0..FOR_DATAGRAMS {
            assert!(matches!(waiting.next(Duration::ZERO), Ok(Input::Tick)));
        }
        assert!(matches!(waiting.next(Duration::ZERO), Ok(Input::Drain)));
        assert!(waiting.next(Duration::ZERO).is_err());
    }

    #[test]
    fn large_datagrams_are_bounded_by_their_bytes_and_streams_go_on() {
        let (queue, waiting) = queue();
        let address = ([127, 0, 0, 1], 5060).into();
        let flow = |transport, connection| sip::Flow { transport, local: address, remote: address, connection };
        let datagram = || Input::Sip(sip::Input::Packet { flow: flow(sip::Transport::Udp, 0), bytes: vec![0; 65_000] });
        for _ in 0..2_000 {
            queue.datagram(datagram());
        }
        let most = DATAGRAM_BYTES / 65_000 + 1;
        assert_eq!(queue.waiting.load(Ordering::Relaxed), most);
        assert!(queue.offer(Input::Sip(sip::Input::Bytes { flow: flow(sip::Transport::Tcp, 1), bytes: vec![0; 16_384] })).is_ok());
        while waiting.next(Duration::ZERO).is_ok() {}
        assert_eq!((queue.waiting.load(Ordering::Relaxed), queue.bytes.load(Ordering::Relaxed)), (0, 0));
    }
}
