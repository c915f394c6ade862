//! Calls that come in: who calls, whom, and which session takes it.

use std::sync::Arc;

use cordboard_engine::{self as engine, Alerting, CallEvent};
use cordboard_sip as sip;

use crate::{
    auth::{Admit, holder, serves_one_connection, unavailable},
    call::{ANSWER_MS, Branch, Call, DECLINED, description, line, shown},
    io::{Answer, Bound, Caller, Found, Origin, Output, Question, SessionInfo, User},
    place::same_application,
    switch::{Key, LOOKUPS, Switch, Waiting},
};

/// Calls from one address that wait for their rule; more are refused with 503.
pub(crate) const ARRIVALS_PER_ADDRESS: usize = 1_000;

/// Look-ups under way from which on those of strangers are refused with 503, so that users have room.
const STRANGERS_LOOKUPS: usize = LOOKUPS / 2;

/// Hops of a request that says nothing of them. RFC 3261 §16.6 step 3.
const MAX_FORWARDS: u8 = 70;

/// A call that came in and has no session yet.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub flow: sip::Flow,
    pub request: Box<sip::Request>,
    step: Step,
    /// The caller has given up; a session that begins meanwhile hears of it.
    cancelled: bool,
}

#[derive(Debug)]
enum Step {
    /// The caller's credentials are looked up.
    Authenticating,
    /// Its credential is used up, which works once.
    Taking(Arc<User>),
    /// Whether its address may call in is looked up.
    Listing,
    /// Its rule is looked for.
    Routing(Caller),
}

impl Arrival {
    /// The user whose credential is being used up.
    pub fn taker(&self) -> Option<&User> {
        if let Step::Taking(user) = &self.step { Some(user) } else { None }
    }
}

impl Switch {
    pub(crate) fn arrive(&mut self, dialog: sip::CallId, flow: sip::Flow, request: Box<sip::Request>) {
        let source = flow.remote.ip();
        let counted = holder(source);
        let refuse = |switch: &mut Self, status: u16, why: &str| switch.turn_away(dialog, &flow, &request, status, why);
        if self.draining {
            return refuse(self, 503, "The server is stopping.");
        }
        if self.arriving.get(&counted).is_some_and(|count| *count >= ARRIVALS_PER_ADDRESS) {
            return refuse(self, 503, "Too many calls of this address wait for their rule.");
        }
        let web = is_web(flow);
        // A trunk is never banned (DESIGN §4).
        if let Some(trunk) = self.config.trunk.as_ref().filter(|_| self.is_from_trunk(flow)) {
            let line = trunk.policy.line(&user(request.uri.user.as_deref()));
            match line.map(|line| Bound { application: line.application.clone(), rule: line.rule.clone() }) {
                Some(bound) => return self.route(dialog, flow, request, Caller::Trunk, Some(bound)),
                // Phones on the same machine, or behind the same router, have its address and prove who they are.
                None if within_application(&request) => {}
                None => return refuse(self, 404, "The number is not bound to an application. The operator's setting is trunk.numbers."),
            }
        }
        if self.gate.is_banned(self.now.monotonic, source) {
            return self.brush_off(dialog, 403);
        }
        let domain = request.uri.host.clone();
        if !domain.contains('.') || domain.parse::<std::net::IpAddr>().is_ok() || request.uri.user.is_none() {
            return refuse(self, 404, "The request URI names no application; one looks like sip:destination@application.account.domain.");
        }
        match self.gate.admit(self.now, &request, flow) {
            Admit::LookUp(question) => {
                self.wait(dialog, Arrival { flow, request, step: Step::Authenticating, cancelled: false });
                self.ask_for(dialog, question);
            }
            // A credential is one of a user of one application, whatever else the request names.
            Admit::Bound(user) if !same_application(&domain, &user.application) => refuse(self, 403, "A call credential calls its own application alone."),
            Admit::Bound(user) => {
                self.wait(dialog, Arrival { flow, request, step: Step::Authenticating, cancelled: false });
                self.arrival_found(dialog, Found::User(Some(user)));
            }
            Admit::Refused => self.brush_off(dialog, 403),
            Admit::Challenge(headers) => self.challenge(dialog, headers),
            Admit::Nobody => {
                let from = request.headers.from().ok().map(|from| from.uri.host.clone()).unwrap_or_default();
                // A page of any site can open a WebSocket from an address that is on a list.
                if web || same_application(&from, &domain) {
                    let headers = self.gate.challenge(self.now, flow, &request, false);
                    return self.challenge(dialog, headers);
                }
                if self.waiting.len() >= STRANGERS_LOOKUPS || !self.gate.may_ask(self.now.monotonic, source) {
                    return self.brush_off(dialog, 503);
                }
                let origin = Box::new(origin(flow, &request, Caller::Stranger, None));
                self.wait(dialog, Arrival { flow, request, step: Step::Listing, cancelled: false });
                self.ask_for(dialog, Question::Listed(origin));
            }
        }
    }

    /// Whether a message comes from where the trunk's do. Browsers that come through a proxy have its address, which the trunk may share.
    pub(crate) fn is_from_trunk(&self, flow: sip::Flow) -> bool {
        let source = flow.remote.ip().to_canonical();
        !is_web(flow) && self.config.trunk.as_ref().is_some_and(|trunk| trunk.sources.iter().any(|network| network.contains(&source)))
    }

    fn wait(&mut self, dialog: sip::CallId, arrival: Arrival) {
        *self.arriving.entry(holder(arrival.flow.remote.ip())).or_default() += 1;
        self.arrivals.insert(dialog, arrival);
    }

    fn no_longer(&mut self, dialog: sip::CallId) -> Option<Arrival> {
        let arrival = self.arrivals.remove(&dialog)?;
        let source = holder(arrival.flow.remote.ip());
        if let Some(count) = self.arriving.get_mut(&source) {
            *count -= 1;
            if *count == 0 {
                self.arriving.remove(&source);
            }
        }
        Some(arrival)
    }

    fn ask_for(&mut self, dialog: sip::CallId, question: Question) {
        if !self.ask(Waiting::Arrival(dialog), question) {
            self.no_longer(dialog);
            self.brush_off(dialog, 503);
        }
    }

    fn answer(&mut self, call: sip::CallId, status: u16) {
        self.sip(sip::Command::Answer { call, reply: sip::Reply { status, ..sip::Reply::default() } });
    }

    /// A bare code for a stranger, which is not remembered.
    fn brush_off(&mut self, call: sip::CallId, status: u16) {
        self.sip(sip::Command::Answer { call, reply: sip::Reply { status, forget: true, ..sip::Reply::default() } });
    }

    fn challenge(&mut self, call: sip::CallId, headers: Vec<(String, String)>) {
        self.sip(sip::Command::Answer { call, reply: sip::Reply { status: 407, headers, ..sip::Reply::default() } });
    }

    /// A bare code for the caller, the reason for the operator.
    fn turn_away(&mut self, dialog: sip::CallId, flow: &sip::Flow, request: &sip::Request, status: u16, why: &str) {
        self.brush_off(dialog, status);
        self.put(Output::Refused { from: flow.remote, method: request.method.clone(), to: request.uri.to_string(), status, why: why.to_owned() });
    }

    pub(crate) fn arrival_found(&mut self, dialog: sip::CallId, found: Found) {
        let Some(arrival) = self.no_longer(dialog) else { return };
        // Only a session that has begun must hear of a call whose caller is gone.
        if arrival.cancelled && !matches!(found, Found::Routed(Ok(_))) {
            return;
        }
        match (arrival.step, found) {
            (Step::Authenticating, Found::User(user)) => match self.gate.verify(self.now, &arrival.request, arrival.flow, user.as_deref()) {
                Ok(()) => match user {
                    Some(user) if user.once.is_some() && !serves_one_connection(arrival.flow) => self.answer(dialog, 403),
                    Some(user) if user.once.is_some() && !self.gate.serves(&user, arrival.flow) => {
                        let question = Question::Take { credential: user.once.unwrap_or_default() };
                        self.wait(dialog, Arrival { step: Step::Taking(user), ..arrival });
                        self.ask_for(dialog, question);
                    }
                    Some(user) => self.route(dialog, arrival.flow, arrival.request, Caller::User(user), None),
                    None => self.answer(dialog, 403),
                },
                Err(denied) => match self.denied(arrival.flow, &arrival.request, denied) {
                    Some(headers) => self.challenge(dialog, headers),
                    None => self.answer(dialog, 403),
                },
            },
            (Step::Authenticating | Step::Taking(_), Found::Failed) => self.sip(sip::Command::Answer { call: dialog, reply: unavailable() }),
            // Another request over the same connection was first.
            (Step::Taking(user), Found::Taken(false)) if self.gate.serves(&user, arrival.flow) => {
                self.route(dialog, arrival.flow, arrival.request, Caller::User(user), None);
            }
            (Step::Taking(user), Found::Taken(true)) => {
                self.gate.bind(&arrival.request, arrival.flow, &user);
                self.route(dialog, arrival.flow, arrival.request, Caller::User(user), None);
            }
            (Step::Taking(_), Found::Taken(false)) => self.answer(dialog, 403),
            (Step::Listing, Found::Listed(answer)) if answer.allowed => {
                self.gate.is_known(arrival.flow.remote.ip());
                self.route(dialog, arrival.flow, arrival.request, Caller::Listed, None);
            }
            // What an account's list refuses is in its history; another answer means that no account was found, which is not the stranger's
            // business.
            (Step::Listing, Found::Listed(Answer { status: 403, .. })) => self.brush_off(dialog, 403),
            (Step::Listing, Found::Listed(Answer { status, why, .. })) => {
                self.turn_away(dialog, &arrival.flow, &arrival.request, if status == 404 { 403 } else { status }, &why);
            }
            (Step::Routing(_), Found::Routed(Ok(session))) if self.has_ended(session.session_id) => self.answer(dialog, DECLINED),
            (Step::Routing(caller), Found::Routed(Ok(session))) => self.alert(dialog, arrival.flow, &arrival.request, &caller, &session, arrival.cancelled),
            (Step::Routing(_), Found::Routed(Err(Answer { status, .. }))) => self.answer(dialog, status),
            _ => {}
        }
    }

    fn route(&mut self, dialog: sip::CallId, flow: sip::Flow, request: Box<sip::Request>, caller: Caller, trunk: Option<Bound>) {
        self.proved(flow);
        let origin = origin(flow, &request, caller.clone(), trunk);
        self.wait(dialog, Arrival { flow, request, step: Step::Routing(caller), cancelled: false });
        self.ask_for(dialog, Question::Route(Box::new(origin)));
    }

    /// The dialog of a call without a session is over: the caller gave up.
    pub(crate) fn arrival_ended(&mut self, dialog: sip::CallId) -> bool {
        match self.arrivals.get_mut(&dialog) {
            Some(arrival) => {
                arrival.cancelled = true;
                true
            }
            None => false,
        }
    }

    /// The call has its session, which hears of it.
    fn alert(&mut self, dialog: sip::CallId, flow: sip::Flow, request: &sip::Request, caller: &Caller, session: &Arc<SessionInfo>, cancelled: bool) {
        let number = self.incoming_number();
        let key = Key { session_id: session.session_id, call: number };
        let from = request.headers.from().ok();
        let callerid = callerid(request, caller);
        let shown_name = from.as_ref().and_then(|from| from.display_name.clone()).filter(|name| !name.is_empty());
        let (kind, own_name) = match caller {
            Caller::User(user) => ("user", user.display_name.clone()),
            Caller::Listed | Caller::Stranger => ("sip", String::new()),
            Caller::Trunk => ("pstn", String::new()),
        };
        let display_name = line(Some(&shown_name.unwrap_or(own_name)));
        let alerting = Alerting {
            callerid: callerid.clone(),
            destination: user(request.uri.user.as_deref()),
            display_name: display_name.clone(),
            to_uri: request.headers.to().map(|to| to.uri.to_string()).unwrap_or_default(),
            from_uri: from.map(|from| from.uri.to_string()).unwrap_or_default(),
            headers: shown(&request.headers),
            custom_data: line(request.headers.get("VI-CallData")),
            client_type: kind.to_owned(),
        };
        self.put(Output::Session { session_id: key.session_id, input: engine::Input::Alerting { call: number, alerting: Box::new(alerting) } });
        if cancelled {
            self.tell(key, CallEvent::Disconnected { reason: "Request Terminated".to_owned(), internal_code: 487, headers: Vec::new() });
            return;
        }
        let held = self.sessions.entry(key.session_id).or_default();
        held.alerted = true;
        held.calls.insert(number);
        let hops = request.headers.max_forwards().unwrap_or(MAX_FORWARDS).saturating_sub(1);
        held.hops = Some(held.hops.map_or(hops, |known| known.min(hops)));
        // Only the trunk says truly who calls: what a user or a listed address writes into From may be anybody's number.
        if *caller == Caller::Trunk {
            held.callerids.insert(callerid);
        }
        self.dialogs.insert(dialog, key);
        let branch = Branch::new(dialog, flow.transport, flow.remote.ip());
        let call = Call {
            branches: vec![branch],
            offer: description(&request.headers, &request.body),
            sip_call_id: request.headers.get("Call-ID").unwrap_or_default().to_owned(),
            display_name,
            called: request.headers.to().map(|to| to.uri).ok(),
            ..Call::new(kind, true, self.now.monotonic)
        };
        self.calls.insert(key, call);
        self.set_due(key, Some(self.now.monotonic.plus(ANSWER_MS)));
    }
}

fn is_web(flow: sip::Flow) -> bool {
    matches!(flow.transport, sip::Transport::Ws | sip::Transport::Wss)
}

/// Whether a call goes from somebody to somebody of one domain that is a name.
fn within_application(request: &sip::Request) -> bool {
    let domain = &request.uri.host;
    domain.parse::<std::net::IpAddr>().is_err() && request.headers.from().is_ok_and(|from| same_application(&from.uri.host, domain))
}

/// The call as it is looked for a rule.
fn origin(flow: sip::Flow, request: &sip::Request, from: Caller, trunk: Option<Bound>) -> Origin {
    Origin { domain: request.uri.host.clone(), destination: user(request.uri.user.as_deref()), callerid: callerid(request, &from), source: flow.remote.ip(), trunk, from }
}

/// Who calls, as scenarios and rules see it: an authenticated user by name, others by the user part of From.
fn callerid(request: &sip::Request, caller: &Caller) -> String {
    match caller {
        Caller::User(user) => user.name.clone(),
        Caller::Listed | Caller::Stranger | Caller::Trunk => user(request.headers.from().ok().and_then(|from| from.uri.user).as_deref()),
    }
}

/// The user part of a URI; of a telephone number without its parameters (RFC 3966 §3), which carriers add (RFC 4694).
fn user(user: Option<&str>) -> String {
    let user = line(user);
    match user.split_once(';') {
        Some((number, _)) if !number.is_empty() && number.chars().all(|letter| letter.is_ascii_digit() || "+-.()*#".contains(letter)) => number.to_owned(),
        _ => user,
    }
}
