//! How much processor time a thread has used, seen from another thread, and how to make it step back.

use std::time::Duration;

/// A thread of this process.
#[derive(Clone, Copy, Debug)]
pub struct Thread(i32);

#[cfg(target_os = "linux")]
impl Thread {
    pub fn current() -> Self {
        Self(nix::unistd::gettid().as_raw())
    }

    /// Processor time since the thread began; `None` when it is gone.
    pub fn used(self) -> Option<Duration> {
        // A thread's clock, as linux/posix-timers.h numbers it: the complement of its id, and CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED.
        let clock = nix::time::ClockId::from_raw((!self.0 << 3) | 6);
        nix::time::clock_gettime(clock).ok().map(Duration::from)
    }

    /// Lets other threads go first, up to 19. It cannot be taken back, so the thread should end after this work.
    pub fn step_back(self, nice: i32) {
        if let Some(pid) = rustix::process::Pid::from_raw(self.0)
            && let Err(error) = rustix::process::setpriority_process(Some(pid), nice)
        {
            tracing::warn!("a thread that burns keeps its priority: {error}");
        }
    }
}

/// Elsewhere the time that passed stands for the time that was used.
#[cfg(not(target_os = "linux"))]
impl Thread {
    pub fn current() -> Self {
        Self(0)
    }

    pub fn used(self) -> Option<Duration> {
        Some(crate::clock::monotonic())
    }

    pub fn step_back(self, _: i32) {}
}
