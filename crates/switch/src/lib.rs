//! Which sessions there are, whose they are, and who may have one more.
//!
//! Like every core, [`Switch`] is a value with three functions: `handle` takes one [`Input`], `poll` gives what follows,
//! `deadline` says when to come back. Requests to a session's control URL do not pass here.

pub mod trunk;

use std::collections::{BTreeMap, VecDeque};

use cordboard_engine::{Instant, Now};

/// How many sessions there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of one account.
    pub sessions_per_account: usize,
    /// Of all accounts.
    pub sessions: usize,
    /// Threads of one account that burn in a native function; beyond it the account starts nothing.
    pub stuck_per_account: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sessions_per_account: 10_000, sessions: 50_000, stuck_per_account: 2 }
    }
}

/// Something that happened. A ticket is the asker's own number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// May the account have one more session? An admission counts until the session ends or is forgone.
    Admit { ticket: u64, account_id: i64 },
    /// An admission is not used.
    Forgo { account_id: i64 },
    /// An admitted session begins.
    Begin { ticket: u64, session_id: i64, account_id: i64 },
    /// A session has ended.
    Ended { session_id: i64 },
    /// A session is over, but a thread still burns for it.
    Stuck { session_id: i64 },
    /// A burning thread of this account has come back.
    Released { account_id: i64 },
    /// Somebody of this account wants a session to end.
    Stop { ticket: u64, account_id: i64, session_id: i64 },
    /// The node stops: nothing new begins.
    Drain,
    /// The time of the running sessions is over.
    StopAll { finish_reason: &'static str },
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The answer to `Admit` and `Begin`, and to `Stop`.
    Allowed {
        ticket: u64,
    },
    Refused {
        ticket: u64,
        reason: String,
    },
    /// Tell a session to end.
    Stop {
        session_id: i64,
        finish_reason: &'static str,
    },
    /// No session is left and none can begin.
    Drained,
}

/// The reason of a session that an administrator ended.
pub const STOPPED: &str = "Terminated administratively";

#[derive(Debug, Default)]
struct Account {
    /// Admitted or running.
    sessions: usize,
    stuck: usize,
}

#[derive(Debug)]
pub struct Switch {
    limits: Limits,
    accounts: BTreeMap<i64, Account>,
    sessions: BTreeMap<i64, i64>,
    admitted: usize,
    draining: bool,
    outputs: VecDeque<Output>,
}

impl Switch {
    pub fn new(limits: Limits) -> Self {
        Self { limits, accounts: BTreeMap::new(), sessions: BTreeMap::new(), admitted: 0, draining: false, outputs: VecDeque::new() }
    }

    pub fn handle(&mut self, _now: Now, input: Input) {
        match input {
            Input::Admit { ticket, account_id } => {
                let output = match self.refusal(account_id) {
                    Some(reason) => Output::Refused { ticket, reason },
                    None => {
                        self.accounts.entry(account_id).or_default().sessions += 1;
                        self.admitted += 1;
                        Output::Allowed { ticket }
                    }
                };
                self.outputs.push_back(output);
            }
            Input::Forgo { account_id } => {
                self.admitted = self.admitted.saturating_sub(1);
                self.leave(account_id);
                self.note_drained();
            }
            Input::Begin { ticket, session_id, account_id } => {
                self.admitted = self.admitted.saturating_sub(1);
                if self.draining {
                    self.leave(account_id);
                    self.outputs.push_back(Output::Refused { ticket, reason: draining() });
                    self.note_drained();
                } else {
                    self.sessions.insert(session_id, account_id);
                    self.outputs.push_back(Output::Allowed { ticket });
                }
            }
            Input::Ended { session_id } => {
                if let Some(account_id) = self.sessions.remove(&session_id) {
                    self.leave(account_id);
                }
                self.note_drained();
            }
            Input::Stuck { session_id } => {
                if let Some(account_id) = self.sessions.get(&session_id) {
                    self.accounts.entry(*account_id).or_default().stuck += 1;
                }
            }
            Input::Released { account_id } => {
                if let Some(account) = self.accounts.get_mut(&account_id) {
                    account.stuck = account.stuck.saturating_sub(1);
                }
                self.forget(account_id);
            }
            Input::Stop { ticket, account_id, session_id } => {
                if self.sessions.get(&session_id) == Some(&account_id) {
                    self.outputs.push_back(Output::Stop { session_id, finish_reason: STOPPED });
                    self.outputs.push_back(Output::Allowed { ticket });
                } else {
                    self.outputs.push_back(Output::Refused { ticket, reason: "the account has no such session".to_owned() });
                }
            }
            Input::Drain => {
                self.draining = true;
                self.note_drained();
            }
            Input::StopAll { finish_reason } => {
                self.outputs.extend(self.sessions.keys().map(|session_id| Output::Stop { session_id: *session_id, finish_reason }));
            }
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Nothing here happens by time alone.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        None
    }

    /// The sessions of an account, the oldest first.
    pub fn sessions_of(&self, account_id: i64) -> impl Iterator<Item = i64> {
        self.sessions.iter().filter(move |(_, account)| **account == account_id).map(|(session_id, _)| *session_id)
    }

    fn refusal(&self, account_id: i64) -> Option<String> {
        let (sessions, stuck) = self.accounts.get(&account_id).map_or((0, 0), |account| (account.sessions, account.stuck));
        let limits = &self.limits;
        if self.draining {
            Some(draining())
        } else if stuck >= limits.stuck_per_account {
            Some(format!("{stuck} sessions of this account still burn in a native function after their end; nothing is started until one of them comes back."))
        } else if sessions >= limits.sessions_per_account {
            Some(format!("An account may have {sessions} sessions at once. The operator's setting is limits.sessions."))
        } else if self.sessions.len() + self.admitted >= limits.sessions {
            Some(format!("This server may have {} sessions at once. The operator's setting is sessions.", limits.sessions))
        } else {
            None
        }
    }

    fn leave(&mut self, account_id: i64) {
        if let Some(account) = self.accounts.get_mut(&account_id) {
            account.sessions = account.sessions.saturating_sub(1);
        }
        self.forget(account_id);
    }

    fn forget(&mut self, account_id: i64) {
        if self.accounts.get(&account_id).is_some_and(|account| account.sessions == 0 && account.stuck == 0) {
            self.accounts.remove(&account_id);
        }
    }

    fn note_drained(&mut self) {
        if self.draining && self.sessions.is_empty() && self.admitted == 0 {
            self.outputs.push_back(Output::Drained);
        }
    }
}

fn draining() -> String {
    "The server is stopping; it starts no more sessions.".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now = Now { monotonic: Instant(0), utc_ms: 0 };

    fn switch() -> Switch {
        Switch::new(Limits { sessions_per_account: 2, sessions: 3, stuck_per_account: 2 })
    }

    fn of(switch: &mut Switch, input: Input) -> Vec<Output> {
        switch.handle(NOW, input);
        std::iter::from_fn(|| switch.poll()).collect()
    }

    fn admitted(switch: &mut Switch, account_id: i64) -> bool {
        matches!(of(switch, Input::Admit { ticket: 1, account_id })[..], [Output::Allowed { ticket: 1 }])
    }

    fn begun(switch: &mut Switch, session_id: i64, account_id: i64) {
        assert!(admitted(switch, account_id));
        assert_eq!(of(switch, Input::Begin { ticket: 2, session_id, account_id }), [Output::Allowed { ticket: 2 }]);
    }

    #[test]
    fn an_account_has_no_more_sessions_than_its_limit() {
        let mut switch = switch();
        begun(&mut switch, 10, 1);
        assert!(admitted(&mut switch, 1));
        assert!(!admitted(&mut switch, 1));
        of(&mut switch, Input::Forgo { account_id: 1 });
        assert!(admitted(&mut switch, 1));
        of(&mut switch, Input::Ended { session_id: 10 });
        assert!(admitted(&mut switch, 1));
    }

    #[test]
    fn all_accounts_together_have_a_limit() {
        let mut switch = switch();
        begun(&mut switch, 10, 1);
        begun(&mut switch, 11, 1);
        begun(&mut switch, 12, 2);
        assert!(!admitted(&mut switch, 3));
        of(&mut switch, Input::Ended { session_id: 12 });
        assert!(admitted(&mut switch, 3));
    }

    #[test]
    fn an_account_whose_threads_burn_starts_nothing() {
        let mut switch = switch();
        for session_id in [10, 11] {
            begun(&mut switch, session_id, 1);
            of(&mut switch, Input::Stuck { session_id });
            of(&mut switch, Input::Ended { session_id });
        }
        assert!(!admitted(&mut switch, 1));
        assert!(admitted(&mut switch, 2));
        of(&mut switch, Input::Released { account_id: 1 });
        assert!(admitted(&mut switch, 1));
    }

    #[test]
    fn only_the_accounts_own_session_is_stopped() {
        let mut switch = switch();
        begun(&mut switch, 10, 1);
        assert!(matches!(of(&mut switch, Input::Stop { ticket: 5, account_id: 2, session_id: 10 })[..], [Output::Refused { ticket: 5, .. }]));
        assert_eq!(
            of(&mut switch, Input::Stop { ticket: 5, account_id: 1, session_id: 10 }),
            [Output::Stop { session_id: 10, finish_reason: STOPPED }, Output::Allowed { ticket: 5 }]
        );
    }

    #[test]
    fn a_drained_switch_says_so_once_the_last_session_has_ended() {
        let mut switch = switch();
        begun(&mut switch, 10, 1);
        assert!(admitted(&mut switch, 2));
        assert_eq!(of(&mut switch, Input::Drain), []);
        assert!(!admitted(&mut switch, 1));
        assert!(matches!(of(&mut switch, Input::Begin { ticket: 9, session_id: 11, account_id: 2 })[..], [Output::Refused { ticket: 9, .. }]));
        assert_eq!(of(&mut switch, Input::StopAll { finish_reason: STOPPED }), [Output::Stop { session_id: 10, finish_reason: STOPPED }]);
        assert_eq!(of(&mut switch, Input::Ended { session_id: 10 }), [Output::Drained]);
    }
}
