//! The threads that run sessions. A session belongs to no thread: whichever is free takes the next one that has something to do.
//!
//! A supervisor looks at every turn. One that lasts makes room for another thread, so that no session waits for it; one
//! that used its second of processor time has its brake pulled; one that does not come back then is given up: the session
//! is over, and the thread, which nobody can end, burns at the lowest priority until its native function returns.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use cordboard_engine::limits::THREAD_STACK_BYTES;

use super::{cpu::Thread, live::Live, queue::Queue};
use crate::clock;

/// Processor time of a turn.
const TURN: Duration = Duration::from_secs(1);

/// Time that a turn may last however little of the processor it gets.
const LASTING: Duration = Duration::from_secs(30);

/// How long a turn may go on after its brake was pulled.
const BRAKING: Duration = Duration::from_millis(500);

/// A turn that lasts longer than this does not hold up others: another thread takes them.
const LONG: Duration = Duration::from_millis(20);

/// Processor time after which a turn's thread steps back behind all others.
const HEAVY: Duration = Duration::from_millis(200);

/// Priorities of a heavy turn, and of one that was given up: the second runs when nobody else wants the processor.
const BEHIND: i32 = 5;
const LAST: i32 = 19;

/// How often the supervisor looks while sessions run, and while none does.
const LOOK_BUSY: Duration = Duration::from_millis(10);
const LOOK_IDLE: Duration = Duration::from_millis(50);

/// Threads at most, without those that burn for sessions that are over.
const THREADS: usize = 256;

/// What the pool does for the sessions.
pub trait Crew: Send + Sync + 'static {
    /// Runs one turn of a session.
    fn turn(&self, live: &Arc<Live>) -> Turned;
    /// Carries out what a turn that came back in time wants. True when the session has more to do.
    fn apply(&self, live: &Arc<Live>, turned: Turned) -> bool;
    /// A session whose turn panicked is over.
    fn broke(&self, live: &Arc<Live>);
    /// A session whose turn did not come back is over.
    fn give_up(&self, live: &Arc<Live>);
    /// A session is over because every thread that its account may have burns.
    fn strand(&self, live: &Arc<Live>);
    /// Its thread has come back after all.
    fn come_back(&self, live: &Arc<Live>);
}

/// A turn's session and outputs; dropped when the session was given up meanwhile.
pub struct Turned {
    pub session: Option<cordboard_engine::Session>,
    /// Of the turn.
    pub moment: cordboard_api::wire::Utc,
    pub outputs: Vec<cordboard_engine::Output>,
}

pub struct Pool<C: Crew> {
    crew: Arc<C>,
    ready: Mutex<Queue<Live>>,
    wake: Condvar,
    workers: Mutex<Vec<Arc<Worker>>>,
    idle: AtomicUsize,
    usual: usize,
}

struct Worker {
    thread: Thread,
    turn: Mutex<Option<Turn>>,
    /// Set when its priority is gone: it ends after its turn.
    spent: AtomicBool,
    /// Carries out what a turn wants, which may wait for the disk.
    applies: AtomicBool,
}

struct Turn {
    live: Arc<Live>,
    began: Duration,
    used_before: Duration,
    braked: Option<Duration>,
}

impl<C: Crew> Pool<C> {
    /// Begins with as many threads as there are processors.
    pub fn start(crew: Arc<C>) -> std::io::Result<Arc<Self>> {
        let usual = std::thread::available_parallelism().map_or(2, usize::from);
        let pool = Arc::new(Self { crew, ready: Mutex::default(), wake: Condvar::new(), workers: Mutex::default(), idle: AtomicUsize::new(0), usual });
        for _ in 0..usual {
            pool.hire()?;
        }
        let supervised = pool.clone();
        std::thread::Builder::new().name("supervisor".to_owned()).spawn(move || supervised.supervise())?;
        Ok(pool)
    }

    pub fn crew(&self) -> &Arc<C> {
        &self.crew
    }

    /// Lets a session run that has something to do. Each is in the queue once.
    pub fn push(&self, live: Arc<Live>) {
        let begins = live.begins();
        let pushed = lock(&self.ready).push(live.account.id(), live, begins);
        match pushed {
            Ok(()) => self.notify(),
            Err(live) => self.crew.strand(&live),
        }
    }

    fn hire(self: &Arc<Self>) -> std::io::Result<()> {
        let pool = self.clone();
        std::thread::Builder::new().name("sessions".to_owned()).stack_size(THREAD_STACK_BYTES).spawn(move || pool.work()).map(|_| ())
    }

    fn work(self: &Arc<Self>) {
        let worker = Arc::new(Worker { thread: Thread::current(), turn: Mutex::default(), spent: AtomicBool::new(false), applies: AtomicBool::new(false) });
        lock(&self.workers).push(worker.clone());
        while let Some(live) = self.next() {
            *lock(&worker.turn) = Some(Turn { live: live.clone(), began: clock::monotonic(), used_before: worker.thread.used().unwrap_or_default(), braked: None });
            let turned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.crew.turn(&live)));
            // Whoever takes the turn away decides: here it came back, with the supervisor it was given up.
            worker.applies.store(true, Ordering::Relaxed);
            let in_time = lock(&worker.turn).take().is_some();
            if !in_time {
                drop(turned);
                self.changed(|ready| ready.returned(live.account.id()));
                self.crew.come_back(&live);
                break;
            }
            let more = match turned {
                Ok(turned) => self.crew.apply(&live, turned),
                Err(_) => {
                    self.crew.broke(&live);
                    false
                }
            };
            worker.applies.store(false, Ordering::Relaxed);
            self.changed(|ready| ready.release(live.account.id()));
            if more {
                self.push(live);
            }
            if worker.spent.load(Ordering::Relaxed) {
                break;
            }
        }
        lock(&self.workers).retain(|other| !Arc::ptr_eq(other, &worker));
    }

    /// A thread was given back, so another session may have its turn.
    fn changed(&self, change: impl FnOnce(&mut Queue<Live>)) {
        let mut ready = lock(&self.ready);
        change(&mut ready);
        let waits = ready.is_waiting();
        drop(ready);
        if waits {
            self.notify();
        }
    }

    /// Wakes a thread if one sleeps. It counted itself before it let go of the queue, and looked into it before that.
    fn notify(&self) {
        if self.idle.load(Ordering::Relaxed) > 0 {
            self.wake.notify_one();
        }
    }

    /// Waits for a session; `None` when there are more threads than usual and nothing to do.
    fn next(&self) -> Option<Arc<Live>> {
        let mut ready = lock(&self.ready);
        loop {
            if let Some(live) = ready.pop() {
                return Some(live);
            }
            if self.idle.load(Ordering::Relaxed) >= self.usual {
                return None;
            }
            self.idle.fetch_add(1, Ordering::Relaxed);
            ready = self.wake.wait(ready).unwrap_or_else(std::sync::PoisonError::into_inner);
            self.idle.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn supervise(self: &Arc<Self>) {
        loop {
            let busy = self.look(clock::monotonic());
            std::thread::park_timeout(if busy { LOOK_BUSY } else { LOOK_IDLE });
        }
    }

    fn look(self: &Arc<Self>, now: Duration) -> bool {
        let workers = lock(&self.workers).clone();
        let (mut busy, mut free) = (false, workers.is_empty());
        let mut given_up = Vec::new();
        for worker in &workers {
            let mut held = lock(&worker.turn);
            let Some(turn) = held.as_mut() else {
                free |= !worker.spent.load(Ordering::Relaxed) && !worker.applies.load(Ordering::Relaxed);
                continue;
            };
            busy = true;
            let lasted = now.saturating_sub(turn.began);
            if lasted < LONG {
                free = true;
                continue;
            }
            let used = worker.thread.used().unwrap_or_default().saturating_sub(turn.used_before);
            if used >= HEAVY && !worker.spent.swap(true, Ordering::Relaxed) {
                worker.thread.step_back(BEHIND);
            }
            match turn.braked {
                None if used >= TURN || lasted >= LASTING => {
                    turn.live.brake.pull();
                    turn.braked = Some(now);
                }
                Some(since) if now.saturating_sub(since) >= BRAKING => given_up.extend(held.take().map(|turn| (worker.clone(), turn.live))),
                _ => {}
            }
        }
        for (worker, live) in given_up {
            // Its thread is no worker any more.
            lock(&self.workers).retain(|other| !Arc::ptr_eq(other, &worker));
            worker.thread.step_back(LAST);
            let stranded = lock(&self.ready).burns(live.account.id());
            self.crew.give_up(&live);
            for live in stranded {
                self.crew.strand(&live);
            }
        }
        let waiting = lock(&self.ready).is_waiting();
        // Threads that end because they are spent are replaced, too: there are always as many as usual that can take work.
        let hands = lock(&self.workers).len();
        let short = hands < self.usual || (waiting && !free);
        if short
            && hands < THREADS
            && let Err(error) = self.hire()
        {
            tracing::error!("no further thread for sessions: {error}");
        }
        busy || waiting
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
