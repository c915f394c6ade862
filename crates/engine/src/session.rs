//! A session from its first line to its last (voxengine.md §3 and §5).

mod calls;

use std::sync::Arc;

use cordboard_now::{Instant, Now};
use serde_json::{Value, json};

use crate::{
    host::{Host, Shared, Stage, Watch},
    io::{Answer, AnswerBody, HttpAnswer, Input, Message, Output, Profile, Scenario, is_shown},
    limits,
    memory::Memory,
    modules::{management::Catalogue, net, session::NORMAL, websocket},
    thrown::Thrown,
    vm::{Brake, Fault, Vm},
};

/// What a session whose code failed, or ran too long, is called in the history.
pub const JS_ERROR: &str = "JS session error";

/// What a session that outlived its time without calls is called in the history.
pub const TIMEOUT: &str = "Timeout";

/// What a turn may have; the log and the history say so where one had more.
pub const TURN_TIME: &str = "a turn may use 1 s of processor time";

pub struct Session {
    host: Shared,
    /// To be run by `Input::Start`; a session that waits for long does not keep their texts.
    scenarios: Vec<Scenario>,
    vm: Option<Vm>,
    brake: Brake,
    memory: Arc<Memory>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    New,
    Running {
        idle_at: Instant,
    },
    /// Open requests are waited for.
    Draining {
        until: Instant,
    },
    /// The one request of the `Terminating` handlers is waited for.
    Terminating {
        until: Instant,
    },
    Ended,
}

impl Session {
    /// Makes a session that has done nothing yet.
    pub fn new(mut profile: Profile, catalogue: Arc<Catalogue>) -> Self {
        let scenarios = std::mem::take(&mut profile.scenarios);
        let host = Host::new(profile, catalogue);
        Self { scenarios, brake: host.brake.clone(), memory: Memory::new(usize::MAX), host: Shared::new(host), vm: None, phase: Phase::New }
    }

    /// The same session with a share of a common memory instead of one of its own.
    #[must_use]
    pub fn sharing(mut self, memory: Arc<Memory>) -> Self {
        self.memory = memory;
        self
    }

    /// Ends running JavaScript from another thread; the session ends with `JS session error`.
    pub fn brake(&self) -> Brake {
        self.brake.clone()
    }

    /// What is said in a turn that does not end.
    pub fn watch(&self) -> Watch {
        Watch(self.host.clone())
    }

    pub fn has_ended(&self) -> bool {
        self.phase == Phase::Ended
    }

    /// The next thing that is to be done; `None` until the next change.
    pub fn poll(&mut self) -> Option<Output> {
        self.host.lock().outputs.pop_front()
    }

    /// When to come back at the latest, with `Input::Tick`, and why.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        match self.phase {
            Phase::New | Phase::Ended => None,
            Phase::Draining { until } => Some((until, "open requests")),
            Phase::Terminating { until } => Some((until, "the last request")),
            Phase::Running { idle_at } => {
                let host = self.host.lock();
                if host.net.has_overflowed() || !host.soon.is_empty() {
                    return Some((host.now.monotonic, "an event of the session's own"));
                }
                // While there is a call, only timers count.
                if !host.calls.is_empty() {
                    return host.timers.next().map(|at| (at, "a timer"));
                }
                let timer = host.timers.next().filter(|at| *at <= idle_at);
                Some(timer.map_or((idle_at, "no call"), |at| (at, "a timer")))
            }
        }
    }

    /// Takes one thing that happened.
    pub fn handle(&mut self, now: Now, input: Input) {
        if self.phase == Phase::Ended {
            self.answer_the_dead(&input);
            return;
        }
        {
            let mut host = self.host.lock();
            host.now = now;
            host.socket_turn_bytes = 0;
            host.answer_turn_bytes = 0;
            host.call_turn_bytes = 0;
        }
        let done = self.turn(now, input);
        self.finish_turn(now, done);
    }

    fn turn(&mut self, now: Now, input: Input) -> Result<(), Fault> {
        match input {
            Input::Start => self.start(now),
            Input::Stop { finish_reason } => {
                self.host.lock().end(&finish_reason);
                Ok(())
            }
            Input::Note { text } => {
                self.host.lock().note(&text);
                Ok(())
            }
            Input::Tick => self.tick(now),
            Input::Request { request, method, path, content, headers } => {
                if self.host.lock().stage != Stage::Running {
                    self.refuse(request, 404);
                    return Ok(());
                }
                {
                    let mut host = self.host.lock();
                    if host.owed.len() >= limits::OWED_ANSWERS {
                        drop(host);
                        self.refuse(request, 503);
                        return Ok(());
                    }
                    host.owed.insert(request);
                    host.log(&format!("Sent event to JS Application.HttpRequest with params [method = {method}; path = {path}; ]"));
                }
                let event = json!({"method": method, "path": path, "content": content, "headers": own_headers(&headers)});
                self.deliver("request", Some(request), &event)
            }
            Input::RequestGone { request } => {
                self.host.lock().owed.remove(&request);
                Ok(())
            }
            Input::SocketArrived { arrival, method, path, headers } => self.socket_arrived(arrival, &method, &path, &headers),
            Input::SocketOpened { socket } => self.of_socket(socket, "socketOpened", &Value::Null),
            Input::SocketMessage { socket, message: Message::Text(text) } => self.of_socket(socket, "socketText", &Value::from(text)),
            Input::SocketMessage { socket, message: Message::Bytes(bytes) } => self.of_socket(socket, "socketBytes", &json!(bytes)),
            Input::SocketClosed { socket, code, reason, was_clean } => {
                self.last_of_socket(socket, "socketClosed", &json!({"code": code, "reason": reason, "wasClean": was_clean}))
            }
            Input::SocketFailed { socket, reason } => self.last_of_socket(socket, "socketFailed", &Value::from(reason)),
            Input::HttpAnswered { request, answer } => self.http_answered(request, answer),
            Input::MailSent { mail, code, error } => {
                if !net::mail_sent(&mut self.host.lock(), mail) {
                    return Ok(());
                }
                let result = error.map_or_else(|| json!({"code": code}), |error| json!({"code": code, "error": error}));
                self.settled(mail, true, &result)
            }
            Input::Stored { request, result } => {
                if !self.host.lock().lookups.remove(&request) {
                    return Ok(());
                }
                match result {
                    Ok(value) => self.settled(request, true, &value),
                    Err(reason) => self.settled_with_error(request, &reason),
                }
            }
            Input::Managed { request, answer } => {
                if !self.host.lock().lookups.remove(&request) {
                    return Ok(());
                }
                self.deliver("managed", Some(request), &answer)
            }
            Input::Alerting { call, alerting } => self.alerting(call, *alerting),
            Input::Call { call, event } => self.call_happened(now, call, event),
            Input::Player { player, event } => self.player_happened(player, event),
        }
    }

    fn start(&mut self, now: Now) -> Result<(), Fault> {
        if self.phase != Phase::New {
            return Ok(());
        }
        let profile = self.host.lock().profile.clone();
        self.phase = Phase::Running { idle_at: now.monotonic.plus(profile.idle_ms) };
        let vm = Vm::new(&self.host, self.brake.clone(), self.memory.clone())
            .map_err(|error| Fault::Thrown(Thrown::plain(format!("JavaScript cannot be set up: {error}"))))?;
        let vm = self.vm.insert(vm);
        for scenario in std::mem::take(&mut self.scenarios) {
            self.host.lock().log(&format!("Loading scenario {}", scenario.name));
            vm.run(&scenario.name, &scenario.script)?;
            settle(vm, &self.host)?;
        }
        // Absent is -1 where the original says so.
        let event = json!({
            "accessURL": profile.access_url,
            "accessSecureURL": profile.access_secure_url,
            "accountId": profile.account_id,
            "applicationId": profile.application_id,
            "logURL": profile.log_url,
            "sessionId": profile.session_id,
            "domainName": profile.application_name,
            "dialplanName": profile.rule_name,
            "dialplanId": profile.rule_id,
            "userId": profile.user_id.unwrap_or(-1),
        });
        self.host.lock().log("Sent event to JS Application.Started");
        self.deliver("started", None, &event)
    }

    fn tick(&mut self, now: Now) -> Result<(), Fault> {
        match self.phase {
            Phase::Running { idle_at } => {
                let soon = self.host.lock().soon.pop_front();
                if let Some(soon) = soon {
                    return self.soon(now, soon);
                }
                let overflowed = net::overflow(&mut self.host.lock());
                if let Some((request, result)) = overflowed {
                    return self.settled(request, true, &result);
                }
                let timer = self.host.lock().timers.pop(now.monotonic);
                if let Some(id) = timer {
                    return self.deliver("timer", Some(id), &Value::Null);
                }
                let mut host = self.host.lock();
                if idle_at <= now.monotonic && host.calls.is_empty() {
                    let seconds = host.profile.idle_ms / 1_000;
                    host.log(&format!("The session had no call for {seconds} s"));
                    host.end(TIMEOUT);
                }
                Ok(())
            }
            Phase::New | Phase::Draining { .. } | Phase::Terminating { .. } | Phase::Ended => Ok(()),
        }
    }

    fn socket_arrived(&mut self, arrival: u64, method: &str, path: &str, headers: &[(String, String)]) -> Result<(), Fault> {
        let mut event = json!({"method": method, "path": path, "content": "", "headers": own_headers(headers)});
        let arrived = {
            let mut host = self.host.lock();
            if host.stage == Stage::Running { websocket::arrive(&mut host, arrival) } else { Err("The session is ending.".to_owned()) }
        };
        match arrived {
            Ok(socket) => self.deliver("socketArrived", Some(socket), &event),
            Err(reason) => {
                let mut host = self.host.lock();
                if host.stage != Stage::Running {
                    host.outputs.push_back(Output::SocketRefuse { arrival, reason });
                    return Ok(());
                }
                drop(host);
                event["reason"] = Value::from(reason);
                self.deliver("socketRefused", None, &event)
            }
        }
    }

    fn of_socket(&mut self, socket: u64, what: &str, value: &Value) -> Result<(), Fault> {
        let host = self.host.lock();
        let known = host.sockets.contains_key(&socket) && host.stage == Stage::Running;
        drop(host);
        if known { self.deliver(what, Some(socket), value) } else { Ok(()) }
    }

    /// The socket is gone before its handlers run, so that they may open another in its place.
    fn last_of_socket(&mut self, socket: u64, what: &str, value: &Value) -> Result<(), Fault> {
        let mut host = self.host.lock();
        let known = host.sockets.remove(&socket).is_some() && host.stage == Stage::Running;
        drop(host);
        if known { self.deliver(what, Some(socket), value) } else { Ok(()) }
    }

    fn http_answered(&mut self, request: u64, answer: HttpAnswer) -> Result<(), Fault> {
        let answered = net::answered(&mut self.host.lock(), request, answer);
        let Some((result, data)) = answered else { return Ok(()) };
        let Some(vm) = &self.vm else { return Ok(()) };
        vm.deliver("settled", |ctx, args| {
            args.push_arg(super::modules::js(request))?;
            args.push_arg(true)?;
            let value = ctx.json_parse(result.to_string())?;
            if let (Some(object), Some(data)) = (value.as_object(), data) {
                object.prop("data", rquickjs::object::Property::from(data).writable().enumerable().configurable())?;
            }
            args.push_arg(value)
        })?;
        settle(vm, &self.host)
    }

    /// A promise of the prelude comes true, or not.
    fn settled(&mut self, number: u64, ok: bool, value: &Value) -> Result<(), Fault> {
        let Some(vm) = &self.vm else { return Ok(()) };
        vm.deliver("settled", |ctx, args| {
            args.push_arg(super::modules::js(number))?;
            args.push_arg(ok)?;
            args.push_arg(ctx.json_parse(value.to_string())?)
        })?;
        settle(vm, &self.host)
    }

    fn settled_with_error(&mut self, number: u64, reason: &str) -> Result<(), Fault> {
        let Some(vm) = &self.vm else { return Ok(()) };
        vm.deliver("settled", |ctx, args| {
            args.push_arg(super::modules::js(number))?;
            args.push_arg(false)?;
            args.push_arg(rquickjs::Exception::from_message(ctx.clone(), reason)?)
        })?;
        settle(vm, &self.host)
    }

    fn deliver(&mut self, name: &str, number: Option<u64>, value: &Value) -> Result<(), Fault> {
        let Some(vm) = &self.vm else { return Ok(()) };
        vm.deliver(name, |_, args| {
            args.push_arg(number.map(super::modules::js))?;
            args.push_arg(value.to_string())
        })?;
        settle(vm, &self.host)
    }

    fn refuse(&mut self, request: u64, status: u16) {
        self.host.lock().outputs.push_back(Output::Answer { request, answer: Answer { status, body: AnswerBody::Empty } });
    }

    fn answer_the_dead(&mut self, input: &Input) {
        match input {
            Input::Request { request, .. } => self.refuse(*request, 404),
            Input::SocketArrived { arrival, .. } => {
                self.host.lock().outputs.push_back(Output::SocketRefuse { arrival: *arrival, reason: "The session has ended.".to_owned() });
            }
            Input::Alerting { call, .. } => self.reject(*call),
            _ => {}
        }
    }

    /// What follows from a turn: an error ends the session, and so does a wish to.
    fn finish_turn(&mut self, now: Now, done: Result<(), Fault>) {
        match done {
            Ok(()) => {}
            Err(Fault::Thrown(thrown)) => {
                let mut host = self.host.lock();
                host.log(&format!("Uncaught {}", thrown.log));
                // What the scenario asked for before it failed is not what it ended by, unless it is ending already.
                if host.stage == Stage::Running {
                    host.finish_reason = Some(JS_ERROR.to_owned());
                    host.fail(&format!("The scenario stopped: {}.", thrown.brief.trim_end_matches('.')));
                }
            }
            Err(Fault::Stopped) => {
                self.stopped();
                return;
            }
        }
        self.advance(now);
    }

    /// Takes every step towards the end that nothing holds up.
    fn advance(&mut self, now: Now) {
        loop {
            let (asked, under_way) = {
                let host = self.host.lock();
                (host.finish_reason.is_some(), host.under_way())
            };
            match self.phase {
                Phase::Running { .. } | Phase::New if asked => self.drain(now),
                Phase::Draining { until } if under_way == 0 || until <= now.monotonic => self.terminating(now),
                Phase::Terminating { until } if under_way == 0 || until <= now.monotonic => {
                    self.terminated();
                    return;
                }
                _ => return,
            }
            if self.phase == Phase::Ended {
                return;
            }
        }
    }

    fn drain(&mut self, now: Now) {
        self.phase = Phase::Draining { until: now.monotonic.plus(limits::DRAIN_MS) };
        let mut host = self.host.lock();
        host.stage = Stage::Draining;
        host.timers.clear_all();
        let dropped = host.net.drop_waiting();
        if dropped > 0 {
            host.log(&format!("{dropped} waiting requests were dropped: the session is ending"));
        }
    }

    fn terminating(&mut self, now: Now) {
        self.phase = Phase::Terminating { until: now.monotonic.plus(limits::DRAIN_MS) };
        {
            let mut host = self.host.lock();
            host.stage = Stage::Terminating;
            for socket in std::mem::take(&mut host.sockets).into_keys() {
                host.outputs.push_back(Output::SocketClose { socket, code: 1000, reason: "the session has ended".to_owned() });
            }
            host.lookups.clear();
            host.net.forget();
            host.log("Sent event to JS Application.Terminating");
        }
        let done = self.deliver("terminating", None, &json!({})).and_then(|()| self.stop_players());
        self.last_words(done);
    }

    fn terminated(&mut self) {
        {
            let mut host = self.host.lock();
            host.stage = Stage::Terminated;
            host.log("Sent event to JS Application.Terminated");
        }
        let done = self.deliver("terminated", None, &json!({}));
        self.last_words(done);
        if self.phase != Phase::Ended {
            let reason = self.host.lock().finish_reason.clone().unwrap_or_else(|| NORMAL.to_owned());
            self.over(&reason);
        }
    }

    /// An error in a handler of the end cannot end the session twice.
    fn last_words(&mut self, done: Result<(), Fault>) {
        match done {
            Ok(()) => {}
            Err(Fault::Thrown(thrown)) => self.host.lock().log(&format!("Uncaught {}", thrown.log)),
            Err(Fault::Stopped) => self.stopped(),
        }
    }

    /// The end of a session whose turn did not end by itself.
    fn stopped(&mut self) {
        {
            let mut host = self.host.lock();
            host.log(&format!("The session was stopped: {TURN_TIME}"));
            host.fail(&format!("The scenario was stopped: {TURN_TIME}."));
        }
        self.over(JS_ERROR);
    }

    /// The end: nothing of the session is left but its last outputs.
    fn over(&mut self, finish_reason: &str) {
        self.phase = Phase::Ended;
        self.vm = None;
        let mut host = self.host.lock();
        host.stage = Stage::Terminated;
        host.timers.clear_all();
        host.net = net::Requests::default();
        for socket in std::mem::take(&mut host.sockets).into_keys() {
            host.outputs.push_back(Output::SocketClose { socket, code: 1000, reason: "the session has ended".to_owned() });
        }
        for request in std::mem::take(&mut host.owed) {
            host.outputs.push_back(Output::Answer { request, answer: Answer { status: 404, body: AnswerBody::Empty } });
        }
        host.log(finish_reason);
        host.log("Session terminated");
        let now = host.now.monotonic;
        let end = host.ended(now, finish_reason);
        host.outputs.push_back(Output::Ended(end));
    }
}

/// Promise jobs to the last one. A rejection that nobody handles is logged; it does not end the session.
fn settle(vm: &Vm, host: &Shared) -> Result<(), Fault> {
    for reason in vm.settle()? {
        host.lock().log(&format!("Uncaught (in promise) {reason}"));
    }
    Ok(())
}

/// The headers that scenarios see.
fn own_headers(headers: &[(String, String)]) -> Value {
    headers.iter().filter(|(name, _)| is_shown(name)).map(|(name, value)| json!({"key": name, "value": value})).collect()
}
