//! The queue of the switch's thread.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering, fence},
    mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel},
};

use cordboard_sip as sip;
use cordboard_switch::Input;
use mio::Waker;

/// Things that wait for the switch at most.
const PLACES: usize = 65_536;

/// Bytes from connections that wait at most; what comes with them weighs nothing.
const NETWORK_BYTES: usize = 32 * 1024 * 1024;

#[derive(Clone)]
pub struct Queue {
    sender: SyncSender<Input>,
    bytes: Arc<AtomicUsize>,
    sleep: Arc<Sleep>,
}

/// Whether a thread waits for its queue and the network, and how it is woken then.
pub struct Sleep {
    asleep: AtomicBool,
    waker: Waker,
}

impl Sleep {
    pub fn new(waker: Waker) -> Arc<Self> {
        Arc::new(Self { asleep: AtomicBool::new(false), waker })
    }

    /// After something was put into the queue.
    pub fn wake(&self) {
        // Between what was put and this look, as in `begin` the other way round: one of both threads sees the other.
        fence(Ordering::SeqCst);
        if self.asleep.load(Ordering::Relaxed)
            && self.asleep.swap(false, Ordering::Relaxed)
            && let Err(error) = self.waker.wake()
        {
            tracing::error!("a thread of calls cannot be woken: {error}");
        }
    }

    /// The thread is woken from now on, and looks into its queue once more before it sleeps.
    pub fn begin(&self) {
        self.asleep.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    /// Nobody need wake it any more.
    pub fn end(&self) {
        self.asleep.store(false, Ordering::Relaxed);
    }
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
    bytes: Arc<AtomicUsize>,
    sleep: Arc<Sleep>,
}

pub fn queue(waker: Waker) -> (Queue, Waiting) {
    let (sender, receiver) = sync_channel(PLACES);
    let bytes = Arc::new(AtomicUsize::new(0));
    let sleep = Sleep::new(waker);
    (Queue { sender, bytes: bytes.clone(), sleep: sleep.clone() }, Waiting { receiver, bytes, sleep })
}

impl Queue {
    /// Waits where the queue is full.
    pub fn put(&self, input: Input) {
        self.bytes.fetch_add(weight(&input), Ordering::Relaxed);
        if self.sender.send(input).is_err() {
            tracing::error!("the switch is gone; calls are not served any more");
        }
        self.sleep.wake();
    }

    /// Gives the input back where the queue is full.
    pub fn offer(&self, input: Input) -> Result<(), Box<Input>> {
        let weight = weight(&input);
        if weight > 0 && self.bytes.load(Ordering::Relaxed) >= NETWORK_BYTES {
            return Err(Box::new(input));
        }
        self.bytes.fetch_add(weight, Ordering::Relaxed);
        let sent = self.sender.try_send(input);
        self.sleep.wake();
        match sent {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(back)) => {
                self.bytes.fetch_sub(weight, Ordering::Relaxed);
                Err(Box::new(back))
            }
        }
    }
}

impl Waiting {
    /// What is there; `Disconnected` when nothing can come any more.
    pub fn next(&self) -> Result<Input, TryRecvError> {
        let input = self.receiver.try_recv()?;
        self.bytes.fetch_sub(weight(&input), Ordering::Relaxed);
        Ok(input)
    }

    /// Has the thread woken by what comes from now on. An input that came before is given, and then nobody need wake it.
    pub fn may_sleep(&self) -> Option<Input> {
        self.sleep.begin();
        let input = self.next().ok();
        if input.is_some() {
            self.sleep.end();
        }
        input
    }

    pub fn woke(&self) {
        self.sleep.end();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn alone() -> (Queue, Waiting, mio::Poll) {
        let poll = mio::Poll::new().unwrap();
        let (queue, waiting) = queue(Waker::new(poll.registry(), mio::Token(0)).unwrap());
        (queue, waiting, poll)
    }

    fn woken(poll: &mut mio::Poll) -> bool {
        let mut events = mio::Events::with_capacity(4);
        poll.poll(&mut events, Some(Duration::ZERO)).unwrap();
        !events.is_empty()
    }

    #[test]
    fn what_connections_send_is_bounded_by_its_bytes_and_the_rest_goes_on() {
        let (queue, waiting, _poll) = alone();
        let address = ([127, 0, 0, 1], 5060).into();
        let flow = sip::Flow { transport: sip::Transport::Tcp, local: address, remote: address, connection: 1 };
        let piece = || Input::Sip(sip::Input::Bytes { flow, bytes: vec![0; 65_000] });
        let taken = (0..2_000).filter(|_| queue.offer(piece()).is_ok()).count();
        assert_eq!(taken, NETWORK_BYTES / 65_000 + 1);
        assert!(queue.offer(Input::Drain).is_ok());
        while waiting.next().is_ok() {}
        assert_eq!(queue.bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_full_queue_gives_back_what_is_offered() {
        let (queue, waiting, _poll) = alone();
        assert_eq!((0..PLACES + 10).filter(|_| queue.offer(Input::Drain).is_ok()).count(), PLACES);
        waiting.next().unwrap();
        assert!(queue.offer(Input::Drain).is_ok());
    }

    #[test]
    fn only_a_thread_that_sleeps_is_woken() {
        let (queue, waiting, mut poll) = alone();
        queue.put(Input::Drain);
        assert!(!woken(&mut poll));
        assert!(waiting.may_sleep().is_some() && waiting.may_sleep().is_none());
        queue.put(Input::Drain);
        queue.put(Input::Drain);
        assert!(woken(&mut poll) && !woken(&mut poll));
        waiting.woke();
        assert!(waiting.next().is_ok() && waiting.next().is_ok() && waiting.next().is_err());
    }
}
