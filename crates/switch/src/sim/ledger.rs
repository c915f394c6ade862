//! What must hold whatever happens, noted as it happens.

use std::collections::{BTreeMap, VecDeque};

use cordboard_engine::{CallEvent, Input};

/// Texts that are kept of each kind at most, the newest.
const KEPT: usize = 100;

/// What the history says of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub finish_reason: String,
    pub calls: usize,
}

/// What a session was told of one of its calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub connected: bool,
    pub over: bool,
    /// Why it did not succeed is in the history.
    pub explained: bool,
}

#[derive(Debug, Default)]
pub struct Ledger {
    pub faults: Vec<String>,
    /// Sessions that began, and their rows.
    pub rows: BTreeMap<i64, Vec<Row>>,
    /// Calls of sessions that run.
    pub calls: BTreeMap<(i64, u64), Told>,
    /// What real sessions wrote.
    pub logs: BTreeMap<i64, Vec<String>>,
    pub explanations: VecDeque<(i64, String)>,
    pub refusals: VecDeque<(u16, String)>,
    /// Calls that were told to be connected, and of sessions that ended.
    pub connected: u64,
    pub ended: u64,
}

impl Ledger {
    pub fn fault(&mut self, text: String) {
        if self.faults.len() < KEPT {
            self.faults.push(text);
        }
    }

    pub(super) fn explained(&mut self, session_id: i64, call: u64, text: String) {
        // A call that ended before its session heard of it is explained all the same.
        if let Some(told) = self.calls.get_mut(&(session_id, call)) {
            told.explained = true;
        }
        if self.explanations.len() >= KEPT {
            self.explanations.pop_front();
        }
        self.explanations.push_back((session_id, text));
    }

    pub(super) fn refused(&mut self, status: u16, why: String) {
        if self.refusals.len() >= KEPT {
            self.refusals.pop_front();
        }
        self.refusals.push_back((status, why));
    }

    pub(super) fn began(&mut self, session_id: i64) {
        self.rows.insert(session_id, Vec::new());
    }

    pub(super) fn placed(&mut self, session_id: i64, call: u64) {
        if self.calls.insert((session_id, call), Told::default()).is_some() {
            self.fault(format!("session {session_id} placed call {call} twice"));
        }
    }

    /// A session is told something.
    pub(super) fn told(&mut self, session_id: i64, input: &Input) {
        match input {
            Input::Alerting { call, .. } => {
                let known = self.calls.insert((session_id, *call), Told::default());
                known.iter().for_each(|_| self.fault(format!("call {call} came to session {session_id} twice")));
            }
            Input::Call { call, event } => {
                let Some(told) = self.calls.get_mut(&(session_id, *call)) else {
                    return self.fault(format!("session {session_id} has no call {call} that has {event:?}"));
                };
                if told.over {
                    return self.fault(format!("call {call} of session {session_id} is over and has {event:?}"));
                }
                match event {
                    CallEvent::Connected { .. } if told.connected => self.fault(format!("call {call} of session {session_id} was answered twice")),
                    CallEvent::Connected { .. } => {
                        told.connected = true;
                        self.connected += 1;
                    }
                    CallEvent::Failed { .. } if told.connected => self.fault(format!("call {call} of session {session_id} was answered and failed")),
                    CallEvent::Failed { code, .. } if *code != 487 && !told.explained => {
                        self.fault(format!("call {call} of session {session_id} failed with {code} unexplained"))
                    }
                    CallEvent::Failed { .. } | CallEvent::Disconnected { .. } => told.over = true,
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// A session has ended: what is left of its calls ends with it.
    pub(super) fn ended(&mut self, session_id: i64, row: Row) {
        self.ended += 1;
        let calls: Vec<_> = self.calls.range((session_id, 0)..=(session_id, u64::MAX)).map(|(key, _)| *key).collect();
        for call in calls {
            self.calls.remove(&call);
        }
        match self.rows.get_mut(&session_id) {
            Some(rows) => rows.push(row),
            None => self.fault(format!("session {session_id} ended and never began")),
        }
    }

    /// Rows that are not exactly one, and calls that are not over.
    pub(super) fn unfinished(&self) -> Vec<String> {
        let rows = self.rows.iter().filter(|(_, rows)| rows.len() != 1).map(|(session_id, rows)| format!("session {session_id} has {} rows", rows.len()));
        rows.chain(self.calls.keys().map(|(session_id, call)| format!("call {call} of session {session_id} waits for ever"))).collect()
    }

    /// Forgets the rows of sessions that ended well, so that a long run stays small.
    pub fn forget_rows(&mut self) {
        self.rows.retain(|_, rows| rows.len() != 1);
    }
}
