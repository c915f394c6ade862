//! The client's side of an INVITE: RFC 3261 §17.1.1, RFC 6026 §7.2.

use cordboard_now::Instant;

use super::{Due, Heard, Repeat, Transaction, earlier, patience_ms};
use crate::config::Times;

/// Timer D: at least 32 s where messages may be lost. RFC 3261 §17.1.1.2.
const TIMER_D_MS: u64 = 32_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Calling,
    Proceeding,
    Completed,
    Accepted,
}

#[derive(Clone, Debug)]
pub(crate) struct ClientInvite {
    state: State,
    reliable: bool,
    /// Timer A.
    repeat: Option<Repeat>,
    /// Timers B, D and M; while it rings, what bounds that.
    end: Instant,
    cancelled: bool,
}

impl ClientInvite {
    pub fn new(now: Instant, times: &Times, reliable: bool) -> Self {
        let repeat = (!reliable).then(|| Repeat::after(now, times.t1_ms));
        Self { state: State::Calling, reliable, repeat, end: now.plus(patience_ms(times)), cancelled: false }
    }

    /// Whether a provisional response has come: only then may a CANCEL follow. RFC 3261 §9.1.
    pub fn is_proceeding(&self) -> bool {
        self.state == State::Proceeding
    }

    /// Bounds the wait for a final response after a CANCEL. RFC 3261 §9.1.
    pub fn cancelled(&mut self, now: Instant, times: &Times) {
        if self.state == State::Proceeding {
            self.cancelled = true;
            self.end = now.plus(patience_ms(times));
        }
    }

    pub fn hear(&mut self, now: Instant, times: &Times, status: u16) -> Heard {
        match (self.state, status) {
            (State::Calling | State::Proceeding, ..200) => {
                self.state = State::Proceeding;
                self.repeat = None;
                if !self.cancelled {
                    self.end = now.plus(times.ringing_ms);
                }
                Heard::Pass
            }
            (State::Calling | State::Proceeding, 200..300) => {
                self.state = State::Accepted;
                self.repeat = None;
                self.end = now.plus(patience_ms(times));
                Heard::Pass
            }
            (State::Accepted, 200..300) => Heard::Pass,
            (State::Calling | State::Proceeding, 300..) => {
                self.state = State::Completed;
                self.repeat = None;
                self.end = now.plus(if self.reliable { 0 } else { TIMER_D_MS });
                Heard::Acknowledge
            }
            (State::Completed, 300..) => Heard::AcknowledgeAgain,
            _ => Heard::Drop,
        }
    }

    pub fn tick(&mut self, now: Instant) -> Due {
        if self.end <= now {
            return if self.is_open() { Due::TimedOut } else { Due::Over };
        }
        match self.repeat {
            Some(repeat) if repeat.at <= now => {
                self.repeat = Some(repeat.next(now, u64::MAX / 4));
                Due::Repeat
            }
            _ => Due::Nothing,
        }
    }
}

impl Transaction for ClientInvite {
    fn due(&self) -> Option<Instant> {
        earlier(self.repeat, Some(self.end))
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Calling | State::Proceeding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn udp() -> ClientInvite {
        ClientInvite::new(Instant(0), &Times::default(), false)
    }

    fn hear(machine: &mut ClientInvite, at: u64, status: u16) -> Heard {
        machine.hear(Instant(at), &Times::default(), status)
    }

    #[test]
    fn timer_a_doubles_without_a_limit_until_timer_b() {
        let mut machine = udp();
        let mut sent = Vec::new();
        let ended = loop {
            let at = machine.due().unwrap();
            match machine.tick(at) {
                Due::Repeat => sent.push(at.0),
                due => break (at.0, due),
            }
        };
        assert_eq!(sent, [500, 1_500, 3_500, 7_500, 15_500, 31_500]);
        assert_eq!(ended, (32_000, Due::TimedOut));
    }

    #[test]
    fn timer_a_does_not_run_over_a_reliable_transport() {
        let machine = ClientInvite::new(Instant(0), &Times::default(), true);
        assert_eq!(machine.due(), Some(Instant(32_000)));
    }

    #[test]
    fn a_provisional_response_stops_timers_a_and_b() {
        let mut machine = udp();
        assert_eq!(hear(&mut machine, 10, 100), Heard::Pass);
        assert_eq!(machine.due(), Some(Instant(190_010)));
        assert!(machine.is_proceeding());
    }

    #[test]
    fn a_peer_that_rings_for_ever_times_out_unless_it_says_so_again() {
        let mut machine = udp();
        hear(&mut machine, 10, 180);
        assert_eq!(hear(&mut machine, 60_010, 180), Heard::Pass);
        assert_eq!(machine.tick(Instant(190_010)), Due::Nothing);
        assert_eq!(machine.tick(Instant(250_010)), Due::TimedOut);
    }

    #[test]
    fn timer_d_keeps_a_refused_invite_to_acknowledge_again() {
        let mut machine = udp();
        assert_eq!(hear(&mut machine, 10, 486), Heard::Acknowledge);
        assert_eq!(hear(&mut machine, 20, 486), Heard::AcknowledgeAgain);
        assert_eq!(hear(&mut machine, 20, 180), Heard::Drop);
        assert_eq!(hear(&mut machine, 20, 200), Heard::Drop);
        assert_eq!(machine.due(), Some(Instant(32_010)));
        assert_eq!(machine.tick(Instant(32_010)), Due::Over);
    }

    #[test]
    fn timer_d_is_zero_over_a_reliable_transport() {
        let mut machine = ClientInvite::new(Instant(0), &Times::default(), true);
        assert_eq!(hear(&mut machine, 10, 486), Heard::Acknowledge);
        assert_eq!(machine.due(), Some(Instant(10)));
    }

    #[test]
    fn timer_m_keeps_an_accepted_invite_for_further_answers() {
        let mut machine = udp();
        assert_eq!(hear(&mut machine, 10, 200), Heard::Pass);
        assert_eq!(hear(&mut machine, 900, 200), Heard::Pass);
        assert_eq!(hear(&mut machine, 900, 486), Heard::Drop);
        assert_eq!(machine.due(), Some(Instant(32_010)));
        assert_eq!(machine.tick(Instant(32_010)), Due::Over);
    }

    #[test]
    fn a_cancelled_invite_does_not_wait_for_ever() {
        let mut machine = udp();
        hear(&mut machine, 10, 180);
        machine.cancelled(Instant(1_000), &Times::default());
        assert_eq!(machine.tick(Instant(33_000)), Due::TimedOut);
    }
}
