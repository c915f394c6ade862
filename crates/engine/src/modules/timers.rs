//! Timers: `setTimeout` and `setInterval` (voxengine.md §6). Their JavaScript is in `session/timers.js`.

use std::collections::{BTreeMap, BTreeSet};

use cordboard_now::Instant;
use rquickjs::Ctx;

use super::{Ops, js, native, thrown};
use crate::{host::Stage, limits};

#[derive(Default)]
pub struct Timers {
    /// By time, then by the order in which they were set.
    due: BTreeSet<(Instant, u64)>,
    by_id: BTreeMap<u64, Timer>,
}

#[derive(Clone, Copy)]
struct Timer {
    at: Instant,
    every_ms: Option<u64>,
}

impl Timers {
    pub fn next(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes the first timer that is due. An interval is set again from now, so that a late one does not fire twice.
    pub fn pop(&mut self, now: Instant) -> Option<u64> {
        let (at, id) = *self.due.first()?;
        if at > now {
            return None;
        }
        self.due.remove(&(at, id));
        let every = self.by_id.get(&id).and_then(|timer| timer.every_ms);
        match every {
            Some(ms) => {
                let at = now.plus(ms);
                self.by_id.insert(id, Timer { at, every_ms: Some(ms) });
                self.due.insert((at, id));
            }
            None => {
                self.by_id.remove(&id);
            }
        }
        Some(id)
    }

    fn set(&mut self, id: u64, at: Instant, every_ms: Option<u64>) {
        self.by_id.insert(id, Timer { at, every_ms });
        self.due.insert((at, id));
    }

    fn clear(&mut self, id: u64) {
        if let Some(timer) = self.by_id.remove(&id) {
            self.due.remove(&(timer.at, id));
        }
    }

    pub fn clear_all(&mut self) {
        self.due.clear();
        self.by_id.clear();
    }
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("timer", move |ctx: Ctx<'_>, delay: f64, repeats: bool| {
        let mut host = host.lock();
        let ms = native(delay.max(0.0));
        let ms = if repeats { ms.max(limits::INTERVAL_MS) } else { ms };
        // Timers are dead once a session ends (voxengine.md §5): one that is set then is no error, it does not fire.
        if host.stage != Stage::Running {
            host.log("A timer was set that will not fire: the session is ending");
            return Ok(js(host.number()));
        }
        let checked = if host.timers.by_id.len() >= limits::TIMERS { Err(format!("there may be at most {} active timers", limits::TIMERS)) } else { Ok(()) };
        thrown(&ctx, checked)?;
        let id = host.number();
        let at = host.now.monotonic.plus(ms);
        host.timers.set(id, at, repeats.then_some(ms));
        Ok::<f64, rquickjs::Error>(js(id))
    })?;
    let host = ops.host();
    ops.add("clearTimer", move |id: f64| {
        host.lock().timers.clear(native(id));
    })
}
