//! The server's side of any other request: RFC 3261 §17.2.2.

use cordboard_now::Instant;

use super::{Due, Transaction, patience_ms};
use crate::config::Times;

#[derive(Clone, Debug)]
pub(crate) struct ServerNonInvite {
    open: bool,
    reliable: bool,
    /// Timer J; before the final response the moment after which nobody waits for one any more.
    end: Instant,
}

impl ServerNonInvite {
    pub fn new(now: Instant, times: &Times, reliable: bool) -> Self {
        Self { open: true, reliable, end: now.plus(patience_ms(times)) }
    }

    pub fn responded(&mut self, now: Instant, times: &Times, status: u16) {
        if status >= 200 {
            self.open = false;
            self.end = now.plus(if self.reliable { 0 } else { patience_ms(times) });
        }
    }

    /// Without a response of ours nothing is said at the end: a 408 would come too late. RFC 4320 §4.2.
    pub fn tick(&self, now: Instant) -> Due {
        if self.end > now { Due::Nothing } else { Due::Over }
    }
}

impl Transaction for ServerNonInvite {
    fn due(&self) -> Option<Instant> {
        Some(self.end)
    }

    fn is_open(&self) -> bool {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timer_j_keeps_the_response_for_repeated_requests() {
        let times = Times::default();
        let mut machine = ServerNonInvite::new(Instant(0), &times, false);
        machine.responded(Instant(100), &times, 200);
        assert_eq!(machine.due(), Some(Instant(32_100)));
        assert_eq!(machine.tick(Instant(32_099)), Due::Nothing);
        assert_eq!(machine.tick(Instant(32_100)), Due::Over);
    }

    #[test]
    fn timer_j_is_zero_over_a_reliable_transport() {
        let times = Times::default();
        let mut machine = ServerNonInvite::new(Instant(0), &times, true);
        machine.responded(Instant(100), &times, 200);
        assert_eq!(machine.due(), Some(Instant(100)));
    }

    #[test]
    fn a_request_that_nobody_answers_is_forgotten() {
        let times = Times::default();
        let machine = ServerNonInvite::new(Instant(0), &times, true);
        assert_eq!(machine.tick(Instant(32_000)), Due::Over);
    }
}
