//! The queue of the switch's thread.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    time::Duration,
};

use cordboard_switch::Input;

/// Things that wait for the switch at most.
const PLACES: usize = 65_536;

/// Datagrams take places up to here, so that a flood of them leaves room for everything that must not be lost.
const FOR_DATAGRAMS: usize = PLACES / 2;

#[derive(Clone)]
pub struct Queue {
    sender: SyncSender<Input>,
    waiting: Arc<AtomicUsize>,
}

/// The switch's end.
pub struct Waiting {
    receiver: Receiver<Input>,
    waiting: Arc<AtomicUsize>,
}

pub fn queue() -> (Queue, Waiting) {
    let (sender, receiver) = sync_channel(PLACES);
    let waiting = Arc::new(AtomicUsize::new(0));
    (Queue { sender, waiting: waiting.clone() }, Waiting { receiver, waiting })
}

impl Queue {
    /// Waits where the queue is full.
    pub fn put(&self, input: Input) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.sender.send(input).is_err() {
            tracing::error!("the switch is gone; calls are not served any more");
        }
    }

    /// Gives the input back where the queue is full.
    pub fn offer(&self, input: Input) -> Result<(), Box<Input>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        match self.sender.try_send(input) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(back)) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Err(Box::new(back))
            }
        }
    }

    /// A datagram, which is dropped where too much waits, as a network would.
    pub fn datagram(&self, input: Input) {
        if self.waiting.load(Ordering::Relaxed) < FOR_DATAGRAMS {
            let _ = self.offer(input);
        }
    }
}

impl Waiting {
    pub fn next(&self, pause: Duration) -> Result<Input, RecvTimeoutError> {
        let input = self.receiver.recv_timeout(pause)?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
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
}
