//! The four transactions of RFC 3261 §17, with the Accepted state of RFC 6026, as machines that hold no message: they say
//! what to do with the one at hand.

mod client_invite;
mod client_non_invite;
mod server_invite;
mod server_non_invite;

use cordboard_now::Instant;

use crate::config::Times;

pub(crate) use client_invite::ClientInvite;
pub(crate) use client_non_invite::ClientNonInvite;
pub(crate) use server_invite::ServerInvite;
pub(crate) use server_non_invite::ServerNonInvite;

/// Timers B, F, H, J, L and M, and how long a 2xx is repeated: 64 × T1. RFC 3261 Table 4, RFC 6026 §8.
pub(crate) fn patience_ms(times: &Times) -> u64 {
    times.t1_ms.saturating_mul(64)
}

/// What the four machines have in common.
pub(crate) trait Transaction {
    fn due(&self) -> Option<Instant>;

    /// Whether the final response is still to come, or to be given.
    fn is_open(&self) -> bool;
}

/// The machine of an INVITE, or that of another request.
pub(crate) enum Machine<I, O> {
    Invite(I),
    Other(O),
}

impl<I: Transaction, O: Transaction> Transaction for Machine<I, O> {
    fn due(&self) -> Option<Instant> {
        match self {
            Self::Invite(machine) => machine.due(),
            Self::Other(machine) => machine.due(),
        }
    }

    fn is_open(&self) -> bool {
        match self {
            Self::Invite(machine) => machine.is_open(),
            Self::Other(machine) => machine.is_open(),
        }
    }
}

/// What a timer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    /// Send the last message again.
    Repeat,
    /// Nobody answered; the transaction is over.
    TimedOut,
    /// The transaction is over.
    Over,
}

/// What becomes of a response to a request of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It goes to the transaction's user.
    Pass,
    /// It goes to the transaction's user, after an ACK.
    Acknowledge,
    /// It is a repeated one: the ACK goes out again.
    AcknowledgeAgain,
    Drop,
}

/// A retransmission whose interval doubles up to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    pub at: Instant,
    interval_ms: u64,
}

impl Repeat {
    pub fn after(now: Instant, interval_ms: u64) -> Self {
        // No interval at all would repeat for ever at one moment.
        let interval_ms = interval_ms.max(1);
        Self { at: now.plus(interval_ms), interval_ms }
    }

    /// The next one, counted from when this one was due, so that a late tick does not stretch the series.
    pub fn next(self, now: Instant, limit_ms: u64) -> Self {
        let interval_ms = self.interval_ms.saturating_mul(2).min(limit_ms).max(1);
        let at = self.at.plus(interval_ms);
        Self { at: if at <= now { now.plus(interval_ms) } else { at }, interval_ms }
    }
}

fn earlier(repeat: Option<Repeat>, end: Option<Instant>) -> Option<Instant> {
    match (repeat, end) {
        (Some(repeat), Some(end)) => Some(repeat.at.min(end)),
        (repeat, end) => repeat.map(|repeat| repeat.at).or(end),
    }
}
