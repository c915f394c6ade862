//! The server's side of an INVITE: RFC 3261 §17.2.1, RFC 6026 §7.1.

use cordboard_now::Instant;

use super::{Due, Repeat, Transaction, earlier, patience_ms};
use crate::config::Times;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Proceeding,
    Completed,
    Confirmed,
    Accepted,
}

#[derive(Clone, Debug)]
pub(crate) struct ServerInvite {
    state: State,
    reliable: bool,
    /// Timer G.
    repeat: Option<Repeat>,
    /// Timers H, I and L.
    end: Option<Instant>,
}

impl ServerInvite {
    pub fn new(reliable: bool) -> Self {
        Self { state: State::Proceeding, reliable, repeat: None, end: None }
    }

    /// Whether a repeated INVITE is answered with the last response. After a 2xx it is absorbed: the dialog repeats that.
    pub fn repeats_response(&self) -> bool {
        matches!(self.state, State::Proceeding | State::Completed)
    }

    pub fn responded(&mut self, now: Instant, times: &Times, status: u16) {
        match status {
            ..200 => {}
            200..300 => {
                self.state = State::Accepted;
                self.end = Some(now.plus(patience_ms(times)));
            }
            _ => {
                self.state = State::Completed;
                self.repeat = (!self.reliable).then(|| Repeat::after(now, times.t1_ms));
                self.end = Some(now.plus(patience_ms(times)));
            }
        }
    }

    /// The ACK to a response other than 2xx.
    pub fn acknowledged(&mut self, now: Instant, times: &Times) {
        if self.state == State::Completed {
            self.state = State::Confirmed;
            self.repeat = None;
            self.end = Some(now.plus(if self.reliable { 0 } else { times.t4_ms }));
        }
    }

    pub fn tick(&mut self, now: Instant, times: &Times) -> Due {
        if self.end.is_some_and(|end| end <= now) {
            return if self.state == State::Completed { Due::TimedOut } else { Due::Over };
        }
        match self.repeat {
            Some(repeat) if repeat.at <= now => {
                self.repeat = Some(repeat.next(now, times.t2_ms));
                Due::Repeat
            }
            _ => Due::Nothing,
        }
    }
}

impl Transaction for ServerInvite {
    fn due(&self) -> Option<Instant> {
        earlier(self.repeat, self.end)
    }

    fn is_open(&self) -> bool {
        self.state == State::Proceeding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timer_g_repeats_a_refusal_up_to_t2_until_timer_h() {
        let times = Times::default();
        let mut machine = ServerInvite::new(false);
        assert_eq!(machine.due(), None);
        machine.responded(Instant(0), &times, 180);
        assert!(machine.is_open() && machine.due().is_none());
        machine.responded(Instant(0), &times, 486);
        let mut sent = Vec::new();
        let ended = loop {
            let at = machine.due().unwrap();
            match machine.tick(at, &times) {
                Due::Repeat => sent.push(at.0),
                due => break (at.0, due),
            }
        };
        assert_eq!(sent, [500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
        assert_eq!(ended, (32_000, Due::TimedOut));
    }

    #[test]
    fn timer_i_absorbs_repeated_acks() {
        let times = Times::default();
        let mut machine = ServerInvite::new(false);
        machine.responded(Instant(0), &times, 486);
        machine.acknowledged(Instant(10), &times);
        machine.acknowledged(Instant(600), &times);
        assert_eq!(machine.due(), Some(Instant(5_010)));
        assert!(!machine.repeats_response());
        assert_eq!(machine.tick(Instant(5_010), &times), Due::Over);
    }

    #[test]
    fn timers_g_and_i_do_not_run_over_a_reliable_transport() {
        let times = Times::default();
        let mut machine = ServerInvite::new(true);
        machine.responded(Instant(0), &times, 486);
        assert_eq!(machine.due(), Some(Instant(32_000)));
        machine.acknowledged(Instant(10), &times);
        assert_eq!(machine.due(), Some(Instant(10)));
    }

    #[test]
    fn timer_l_absorbs_repeated_invites_after_a_2xx() {
        let times = Times::default();
        let mut machine = ServerInvite::new(false);
        machine.responded(Instant(0), &times, 200);
        assert!(!machine.repeats_response() && !machine.is_open());
        machine.acknowledged(Instant(10), &times);
        assert_eq!(machine.due(), Some(Instant(32_000)));
        assert_eq!(machine.tick(Instant(32_000), &times), Due::Over);
    }
}
