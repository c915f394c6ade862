//! The client's side of any other request: RFC 3261 §17.1.2.

use cordboard_now::Instant;

use super::{Due, Heard, Repeat, Transaction, earlier, patience_ms};
use crate::config::Times;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Trying,
    Proceeding,
    Completed,
}

#[derive(Clone, Debug)]
pub(crate) struct ClientNonInvite {
    state: State,
    reliable: bool,
    /// Timer E.
    repeat: Option<Repeat>,
    /// Timers F and K.
    end: Instant,
}

impl ClientNonInvite {
    pub fn new(now: Instant, times: &Times, reliable: bool) -> Self {
        let repeat = (!reliable).then(|| Repeat::after(now, times.t1_ms));
        Self { state: State::Trying, reliable, repeat, end: now.plus(patience_ms(times)) }
    }

    pub fn hear(&mut self, now: Instant, times: &Times, status: u16) -> Heard {
        match (self.state, status) {
            (State::Completed, _) => Heard::Drop,
            (_, ..200) => {
                self.state = State::Proceeding;
                Heard::Pass
            }
            _ => {
                self.state = State::Completed;
                self.repeat = None;
                self.end = now.plus(if self.reliable { 0 } else { times.t4_ms });
                Heard::Pass
            }
        }
    }

    pub fn tick(&mut self, now: Instant, times: &Times) -> Due {
        if self.end <= now {
            return if self.is_open() { Due::TimedOut } else { Due::Over };
        }
        match self.repeat {
            Some(repeat) if repeat.at <= now => {
                self.repeat = Some(match self.state {
                    State::Proceeding => Repeat::after(now, times.t2_ms),
                    _ => repeat.next(now, times.t2_ms),
                });
                Due::Repeat
            }
            _ => Due::Nothing,
        }
    }
}

impl Transaction for ClientNonInvite {
    fn due(&self) -> Option<Instant> {
        earlier(self.repeat, Some(self.end))
    }

    fn is_open(&self) -> bool {
        self.state != State::Completed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(machine: &mut ClientNonInvite) -> (Vec<u64>, u64, Due) {
        let mut sent = Vec::new();
        loop {
            let at = machine.due().unwrap();
            match machine.tick(at, &Times::default()) {
                Due::Repeat => sent.push(at.0),
                due => return (sent, at.0, due),
            }
        }
    }

    #[test]
    fn timer_e_doubles_up_to_t2_until_timer_f() {
        let mut machine = ClientNonInvite::new(Instant(0), &Times::default(), false);
        let expected = vec![500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
        assert_eq!(repeats(&mut machine), (expected, 32_000, Due::TimedOut));
    }

    #[test]
    fn timer_e_is_t2_after_a_provisional_response() {
        let mut machine = ClientNonInvite::new(Instant(0), &Times::default(), false);
        assert_eq!(machine.hear(Instant(100), &Times::default(), 100), Heard::Pass);
        let expected = vec![500, 4_500, 8_500, 12_500, 16_500, 20_500, 24_500, 28_500];
        assert_eq!(repeats(&mut machine), (expected, 32_000, Due::TimedOut));
    }

    #[test]
    fn timer_k_absorbs_repeated_responses() {
        let mut machine = ClientNonInvite::new(Instant(0), &Times::default(), false);
        assert_eq!(machine.hear(Instant(10), &Times::default(), 200), Heard::Pass);
        assert_eq!(machine.hear(Instant(20), &Times::default(), 200), Heard::Drop);
        assert_eq!(machine.due(), Some(Instant(5_010)));
        assert_eq!(machine.tick(Instant(5_010), &Times::default()), Due::Over);
    }

    #[test]
    fn timers_e_and_k_do_not_run_over_a_reliable_transport() {
        let mut machine = ClientNonInvite::new(Instant(0), &Times::default(), true);
        assert_eq!(machine.due(), Some(Instant(32_000)));
        machine.hear(Instant(10), &Times::default(), 200);
        assert_eq!(machine.due(), Some(Instant(10)));
    }
}
