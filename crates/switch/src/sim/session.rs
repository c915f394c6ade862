//! Sessions: cheap ones that follow a plan, for many calls, and real ones with JavaScript, for the order of events.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordboard_engine::{self as engine, CallAction, CallEvent, Input, Output, Unit};

use super::{Happening, Lane, Row, Who, World};
use crate::SessionInfo;

/// A session without a call ends after so long. voxengine.md §5.
const IDLE_MS: u64 = 60_000;

/// What a session does with its calls.
#[derive(Clone, Debug)]
pub enum Mind {
    Plan(Plan),
    /// JavaScript.
    Script(String),
}

/// A plan; times are milliseconds from what they follow.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub rings_ms: Option<u64>,
    pub early_ms: Option<u64>,
    pub answers_ms: Option<u64>,
    /// With this code.
    pub rejects: Option<(u64, u16)>,
    pub plays: bool,
    /// Placed at the start of a session that no call began, or once the call that came in is answered; what answers is joined with it.
    pub places: Vec<engine::Placing>,
    /// Placed calls begin while the call that came in still rings, which is answered when one of them is.
    pub forwards: bool,
    /// It hangs up so long after an answer.
    pub hangs_up_ms: Option<u64>,
    /// It ends so long after its start, whatever calls there are.
    pub ends_ms: Option<u64>,
}

/// What a plan goes on with.
#[derive(Clone, Debug)]
pub enum Step {
    Say(Box<Output>),
    /// End if there is no call.
    Idle,
    End,
}

enum Kind {
    Plan { plan: Box<Plan>, incoming: Option<u64>, live: BTreeSet<u64>, up: BTreeSet<u64>, last: u64 },
    Script(Box<engine::Session>),
}

pub(super) struct Session {
    pub info: Arc<SessionInfo>,
    kind: Kind,
    pub ended: bool,
}

fn profile(info: &SessionInfo, script: String, seed: [u8; 32]) -> engine::Profile {
    engine::Profile {
        session_id: info.session_id,
        account_id: info.account_id,
        application_id: info.application_id,
        application_name: info.application.clone(),
        rule_id: 1,
        rule_name: "rule".to_owned(),
        user_id: None,
        scenarios: vec![engine::Scenario { name: "scenario".to_owned(), script }],
        custom_data: String::new(),
        access_url: String::new(),
        access_secure_url: String::new(),
        log_url: String::new(),
        token: "token".to_owned(),
        secrets: BTreeMap::new(),
        may_manage: false,
        idle_ms: IDLE_MS,
        seed,
    }
}

impl World {
    pub(super) fn make_session(&mut self, info: Arc<SessionInfo>, mind: Mind) -> Session {
        let kind = match mind {
            Mind::Plan(plan) => Kind::Plan { plan: Box::new(plan), incoming: None, live: BTreeSet::new(), up: BTreeSet::new(), last: 0 },
            Mind::Script(script) => {
                let seed = self.chance.bytes();
                Kind::Script(Box::new(engine::Session::new(profile(&info, script, seed), Arc::new(BTreeMap::new()))))
            }
        };
        Session { info, kind, ended: false }
    }

    /// Whether a session takes what comes to it.
    pub(super) fn runs(&self, session_id: i64) -> bool {
        self.sessions.get(&session_id).is_some_and(|session| !session.ended)
    }

    /// Puts something into a session's mailbox.
    pub(super) fn post(&mut self, session_id: i64, input: Input) {
        if self.runs(session_id) {
            let after = self.between(self.delays.session);
            self.in_order(Lane::ToSession(session_id), after, Happening::ToSession(session_id, input));
        }
    }

    /// An administrator ends a session.
    pub fn stop_session(&mut self, session_id: i64) {
        self.post(session_id, Input::Stop { finish_reason: "Terminated administratively".to_owned() });
    }

    pub(super) fn tell_session(&mut self, session_id: i64, input: Input) {
        let now = self.now();
        let Some(session) = self.sessions.get_mut(&session_id).filter(|session| !session.ended) else { return };
        self.ledger.told(session_id, &input);
        let mut wants = Vec::new();
        match &mut session.kind {
            Kind::Script(script) => {
                script.handle(now, input);
                while let Some(output) = script.poll() {
                    wants.push(output);
                }
                let due = script.deadline().map(|(at, _)| at);
                self.set_due(Who::Session(session_id), due);
            }
            Kind::Plan { .. } => return self.plan(session_id, input),
        }
        for output in wants {
            self.want(session_id, output);
        }
    }

    /// Something that a session wants.
    fn want(&mut self, session_id: i64, output: Output) {
        match output {
            Output::Log(line) if self.records => self.ledger.logs.entry(session_id).or_default().push(line),
            Output::Ended(end) => self.end_session(session_id, &end.finish_reason, end.calls.len()),
            Output::Place { call, .. } => {
                self.ledger.placed(session_id, call);
                self.request(session_id, output);
            }
            Output::Call { .. } | Output::Play { .. } | Output::Player { .. } | Output::Wire { .. } | Output::Unwire { .. } => self.request(session_id, output),
            _ => {}
        }
    }

    pub(super) fn request(&mut self, session_id: i64, output: Output) {
        let after = self.between(self.delays.session);
        self.in_order(Lane::FromSession(session_id), after, Happening::FromSession(session_id, Box::new(output)));
    }

    fn end_session(&mut self, session_id: i64, finish_reason: &str, calls: usize) {
        let Some(session) = self.sessions.get_mut(&session_id) else { return };
        if std::mem::replace(&mut session.ended, true) {
            return;
        }
        self.set_due(Who::Session(session_id), None);
        self.ledger.ended(session_id, Row { finish_reason: finish_reason.to_owned(), calls });
        let after = self.between(self.delays.session);
        self.in_order(Lane::FromSession(session_id), after, Happening::SessionEnded(session_id));
    }

    pub(super) fn go_on(&mut self, session_id: i64, step: Step) {
        let Some(session) = self.sessions.get(&session_id).filter(|session| !session.ended) else { return };
        let Kind::Plan { live, .. } = &session.kind else { return };
        let calls = live.len();
        match step {
            Step::Say(output) => {
                // A call may be over by now.
                let is_live = match &*output {
                    Output::Call { call, .. } => live.contains(call),
                    _ => true,
                };
                if is_live {
                    self.want(session_id, *output);
                }
            }
            Step::Idle if calls > 0 => {}
            Step::Idle => self.end_session(session_id, "Timeout", 0),
            Step::End => self.end_session(session_id, "Normal termination", calls),
        }
    }

    fn soon(&mut self, session_id: i64, ms: u64, call: u64, action: CallAction) {
        self.after(ms, Happening::Plan(session_id, Step::Say(Box::new(Output::Call { call, action }))));
    }

    fn plan(&mut self, session_id: i64, input: Input) {
        let Some(session) = self.sessions.get_mut(&session_id) else { return };
        let Kind::Plan { plan, incoming, live, up, last } = &mut session.kind else { return };
        let mut places = Vec::new();
        match input {
            Input::Start => {
                // A call that came in is told next; a session of its own begins at once.
                let begins = plan.answers_ms.is_none() && plan.rejects.is_none() && !plan.forwards;
                if begins {
                    places.clone_from(&plan.places);
                }
                let ends = plan.ends_ms;
                self.after(IDLE_MS, Happening::Plan(session_id, Step::Idle));
                if let Some(ms) = ends {
                    self.after(ms, Happening::Plan(session_id, Step::End));
                }
            }
            Input::Stop { finish_reason } => return self.end_session(session_id, &finish_reason, 0),
            Input::Alerting { call, .. } => {
                *incoming = Some(call);
                live.insert(call);
                let (rings, early, answers, rejects) = (plan.rings_ms, plan.early_ms, plan.answers_ms, plan.rejects);
                if plan.forwards {
                    places.clone_from(&plan.places);
                }
                if let Some(ms) = rings {
                    self.soon(session_id, ms, call, CallAction::Ring { headers: Vec::new() });
                }
                if let Some(ms) = early {
                    self.soon(session_id, ms, call, CallAction::EarlyMedia { headers: Vec::new() });
                }
                if let Some(ms) = answers {
                    self.soon(session_id, ms, call, CallAction::Answer { headers: Vec::new(), display_name: String::new() });
                }
                if let Some((ms, code)) = rejects {
                    self.soon(session_id, ms, call, CallAction::Reject { code, headers: Vec::new() });
                }
            }
            Input::Call { call, event: CallEvent::Connected { .. } } => {
                up.insert(call);
                let (hangs_up, plays, other) = (plan.hangs_up_ms, plan.plays, incoming.filter(|incoming| *incoming != call));
                if *incoming == Some(call) && !plan.forwards {
                    places.clone_from(&plan.places);
                }
                *last += 1;
                let player = 10_000 + *last;
                let answers = plan.forwards && other.is_some_and(|other| !up.contains(&other));
                if let Some(other) = other.filter(|other| live.contains(other)) {
                    if answers {
                        self.soon(session_id, 0, other, CallAction::Answer { headers: Vec::new(), display_name: String::new() });
                    }
                    self.want(session_id, Output::Wire { from: Unit::Call(call), to: other });
                    self.want(session_id, Output::Wire { from: Unit::Call(other), to: call });
                }
                if plays {
                    let what = engine::Sound::Tone { script: "440".to_owned() };
                    self.want(session_id, Output::Play { player, play: engine::Play { what, looped: false, paused: false, waits: true } });
                    self.want(session_id, Output::Wire { from: Unit::Player(player), to: call });
                }
                if let Some(ms) = hangs_up {
                    self.soon(session_id, ms, call, CallAction::Hangup { headers: Vec::new() });
                }
            }
            Input::Call { call, event: CallEvent::Failed { .. } | CallEvent::Disconnected { .. } } => {
                live.remove(&call);
                let was_up = up.remove(&call);
                let others: Vec<u64> = live.iter().copied().collect();
                if others.is_empty() {
                    return self.end_session(session_id, "Normal termination", 1);
                }
                // Who was joined with it goes, too, and a caller whom nobody is left to answer; others go on.
                let is_last = plan.forwards && up.is_empty() && others.len() == 1 && Some(others[0]) == *incoming;
                if !was_up && !is_last && *incoming != Some(call) {
                    return;
                }
                for other in others {
                    self.soon(session_id, 0, other, CallAction::Hangup { headers: Vec::new() });
                }
            }
            _ => {}
        }
        for placing in places {
            let Some(Kind::Plan { live, last, .. }) = self.sessions.get_mut(&session_id).map(|session| &mut session.kind) else { return };
            *last += 1;
            let call = *last;
            live.insert(call);
            self.want(session_id, Output::Place { call, placing: Box::new(placing) });
        }
    }
}

/// A call to a user.
pub fn to_user(name: &str) -> engine::Placing {
    placing(engine::Destination::User(name.to_owned()))
}

/// A call over the trunk, as one of its numbers.
pub fn to_number(number: &str) -> engine::Placing {
    placing(engine::Destination::Pstn(number.to_owned()))
}

/// A call to a SIP address.
pub fn to_uri(uri: &str) -> engine::Placing {
    placing(engine::Destination::Sip { uri: uri.to_owned(), auth_user: None, password: None, out_proxy: None })
}

fn placing(to: engine::Destination) -> engine::Placing {
    engine::Placing { to, callerid: "15550100".to_owned(), display_name: String::new(), headers: Vec::new() }
}
