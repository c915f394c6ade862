//! One clock for all sessions: a heap of deadlines, and a thread that waits for the first.

use std::{
    collections::BTreeSet,
    sync::{Condvar, Mutex},
    time::Duration,
};

use cordboard_engine::Instant;

use super::pool::lock;
use crate::clock;

#[derive(Default)]
pub struct Alarm {
    due: Mutex<Due>,
    sooner: Condvar,
}

struct Due {
    deadlines: BTreeSet<(Instant, i64)>,
    /// When the thread looks again by itself. It may find that nothing is due: waking it costs more than that.
    looks: Instant,
}

impl Default for Due {
    fn default() -> Self {
        Self { deadlines: BTreeSet::new(), looks: Instant(u64::MAX) }
    }
}

impl Alarm {
    /// Moves a session's deadline.
    pub fn set(&self, session_id: i64, before: Option<Instant>, after: Option<Instant>) {
        let mut due = lock(&self.due);
        if let Some(before) = before {
            due.deadlines.remove(&(before, session_id));
        }
        if let Some(after) = after {
            due.deadlines.insert((after, session_id));
            if after < due.looks {
                due.looks = after;
                self.sooner.notify_one();
            }
        }
    }

    /// Rings for every deadline when it comes, for ever.
    pub fn run(&self, ring: impl Fn(i64)) {
        let mut due = lock(&self.due);
        loop {
            let now = clock::monotonic();
            let moment = Instant(u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
            let first = due.deadlines.first().copied();
            due.looks = first.map_or(Instant(u64::MAX), |(at, _)| at);
            let wait = match first {
                Some((at, session_id)) if at <= moment => {
                    due.deadlines.remove(&(at, session_id));
                    drop(due);
                    ring(session_id);
                    due = lock(&self.due);
                    continue;
                }
                // The clock has a finer grain than deadlines; a moment too early is a turn for nothing.
                Some((at, _)) => Duration::from_millis(at.0).saturating_sub(now),
                None => Duration::from_secs(3_600),
            };
            due = self.sooner.wait_timeout(due, wait).map_or_else(|error| error.into_inner().0, |(due, _)| due);
        }
    }
}
