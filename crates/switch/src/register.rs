//! Requests outside of calls: REGISTER, OPTIONS, and what is refused.

use std::sync::Arc;

use cordboard_sip as sip;

use crate::{
    auth::{Admit, Denied, serves_one_connection, unavailable},
    io::{Found, Output, Question, User},
    place::aor,
    switch::{Switch, Waiting},
};

/// A request outside of calls that waits for the look-up of its user.
#[derive(Debug)]
pub(crate) struct Pending {
    pub request: sip::RequestId,
    pub flow: sip::Flow,
    pub message: Box<sip::Request>,
    /// The user whose credential is being used up.
    pub taking: Option<Arc<User>>,
}

impl Switch {
    pub(crate) fn outside(&mut self, request: sip::RequestId, flow: sip::Flow, message: Box<sip::Request>) {
        match message.method.as_str() {
            "REGISTER" => self.register(request, flow, message),
            "OPTIONS" => {
                // A carrier asks over its connection whether we are there before it brings calls.
                if self.is_from_trunk(flow) {
                    self.proved(flow);
                }
                self.reply_once(request, 200);
            }
            _ => self.reply_once(request, 405),
        }
    }

    /// Asks devices behind NAT for their abilities, as a keep-alive: any answer keeps the way open, and none is waited for.
    pub(crate) fn keep_ways_open(&mut self) {
        while let Some((flow, contact)) = self.registrar.keep_alive(self.now) {
            let request = self.agent.request();
            let outside = sip::Outside {
                method: "OPTIONS".to_owned(),
                from: format!("<{}>", sip::Uri::sip(None, &self.config.domain, None)),
                to: format!("<{contact}>"),
                request_uri: contact,
                contact_user: None,
                series: None,
                headers: Vec::new(),
                body: None,
                credentials: None,
            };
            self.sip(sip::Command::Outside { request, target: sip::Target::Flow(flow), outside: Box::new(outside) });
        }
    }

    fn reply(&mut self, request: sip::RequestId, status: u16, headers: Vec<(String, String)>) {
        self.sip(sip::Command::Reply { request, reply: sip::Reply { status, headers, ..sip::Reply::default() } });
    }

    /// An answer to anybody, which is not remembered.
    fn reply_once(&mut self, request: sip::RequestId, status: u16) {
        self.sip(sip::Command::Reply { request, reply: sip::Reply { status, forget: true, ..sip::Reply::default() } });
    }

    fn register(&mut self, request: sip::RequestId, flow: sip::Flow, message: Box<sip::Request>) {
        if self.gate.is_banned(self.now.monotonic, flow.remote.ip()) {
            return self.reply_once(request, 403);
        }
        match self.gate.admit(self.now, &message, flow) {
            Admit::LookUp(question) => {
                let pending = Pending { request, flow, message, taking: None };
                if !self.ask(Waiting::Request(Box::new(pending)), question) {
                    self.reply_once(request, 503);
                }
            }
            Admit::Bound(user) => self.request_found(Pending { request, flow, message, taking: None }, Found::User(Some(user))),
            Admit::Refused => self.reply_once(request, 403),
            Admit::Challenge(headers) => self.reply(request, 401, headers),
            Admit::Nobody => {
                let headers = self.gate.challenge(self.now, flow, &message, false);
                self.reply(request, 401, headers);
            }
        }
    }

    /// The next challenge, unless another one would not help. The operator hears of what was wrong.
    pub(crate) fn denied(&mut self, flow: sip::Flow, request: &sip::Request, denied: Denied) -> Option<Vec<(String, String)>> {
        match denied {
            Denied::Again(challenge) => Some(challenge),
            Denied::Wrong { challenge, why } => {
                let status = if request.method == "REGISTER" { 401 } else { 407 };
                self.put(Output::Refused { from: flow.remote, method: request.method.clone(), to: request.uri.to_string(), status, why });
                Some(challenge)
            }
            Denied::Refused => None,
        }
    }

    pub(crate) fn request_found(&mut self, pending: Pending, found: Found) {
        let Pending { request, flow, message, taking } = pending;
        // What a connection is given after its end, nothing would take away.
        if !self.agent.is_connected(&flow) {
            return self.reply(request, 503, Vec::new());
        }
        let user = match (found, taking) {
            (Found::User(user), None) => {
                if let Err(denied) = self.gate.verify(self.now, &message, flow, user.as_deref()) {
                    let headers = self.denied(flow, &message, denied);
                    let status = if headers.is_some() { 401 } else { 403 };
                    return self.reply(request, status, headers.unwrap_or_default());
                }
                user
            }
            (Found::Taken(true), Some(user)) => {
                self.gate.bind(&message, flow, &user);
                Some(user)
            }
            (Found::Failed, _) => return self.sip(sip::Command::Reply { request, reply: unavailable() }),
            // Another request over the same connection was first.
            (Found::Taken(false), Some(user)) if self.gate.serves(&user, flow) => Some(user),
            _ => None,
        };
        let Some(user) = user else { return self.reply(request, 403, Vec::new()) };
        if user.once.is_some() && !serves_one_connection(flow) {
            return self.reply(request, 403, Vec::new());
        }
        if let Some(credential) = user.once.filter(|_| !self.gate.serves(&user, flow)) {
            let pending = Pending { request, flow, message, taking: Some(user) };
            if !self.ask(Waiting::Request(Box::new(pending)), Question::Take { credential }) {
                self.reply(request, 503, Vec::new());
            }
            return;
        }
        self.proved(flow);
        let to = message.headers.to().ok().and_then(|to| to.uri.user.clone()).unwrap_or_default();
        if user.guest || !to.eq_ignore_ascii_case(&user.name) {
            let why = if user.guest { "A guest registers no device." } else { "A user registers its own devices alone." };
            self.put(Output::Refused { from: flow.remote, method: message.method.clone(), to: message.uri.to_string(), status: 403, why: why.to_owned() });
            return self.reply(request, 403, Vec::new());
        }
        let aor = aor(user.account_id, user.application_id, &user.name);
        let reply = match self.registrar.register(self.now, &aor, flow, &message) {
            Ok(registered) => registered.reply(),
            Err(refusal) => refusal.reply(),
        };
        self.sip(sip::Command::Reply { request, reply });
    }
}
