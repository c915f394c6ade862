//! What calls of both sides have in common.

use cordboard_now::Instant;

use super::{Agent, Timer, clients::Owner, draft::Fields, flows::Way, receive::Came};
use crate::{
    dialog::Dialog,
    flow::Flow,
    io::{CallId, Credentials, Event, Reply, RequestId, Why},
    message::{Request, Response, reason_phrase},
    transaction::{Repeat, patience_ms},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its INVITE came and has no final answer.
    Incoming,
    /// Its INVITE was sent and has no final answer.
    Placed,
    Established,
}

pub(crate) struct Call {
    pub dialog: Dialog,
    pub stage: Stage,
    /// Its end has been reported; what remains is the peer's business.
    pub left: bool,
    /// The transaction of the INVITE that began it, until that is answered.
    pub invite: Option<u64>,
    pub waiting: Option<Waiting>,
    /// The user's fields of the BYE that follows the ACK (RFC 3261 §15), or of the CANCEL that follows a provisional answer.
    pub farewell: Option<Fields>,
    pub bye_sent: bool,
    /// The peer's INVITE or UPDATE that has no final answer.
    pub pending_in: Option<u64>,
    /// Ours.
    pub pending_out: Option<u64>,
    pub retry: Option<Box<Retry>>,
    /// When the caller hears that its INVITE came, if it has heard nothing by then.
    pub trying: Option<Instant>,
    /// When the last provisional answer is repeated, so that proxies do not give up.
    pub ring: Option<Instant>,
    pub credentials: Option<Credentials>,
    due: Option<Instant>,
}

/// A 2xx of ours that is repeated until its ACK: RFC 3261 §13.3.1.4.
pub(crate) struct Waiting {
    cseq: u32,
    bytes: Vec<u8>,
    flow: Flow,
    repeat: Repeat,
    until: Instant,
}

/// A request of ours that crossed the peer's and is sent again: RFC 3261 §14.1.
pub(crate) struct Retry {
    pub at: Instant,
    pub request: RequestId,
    pub method: String,
    pub fields: Fields,
    pub body: Option<(String, Vec<u8>)>,
    pub tries: u32,
}

/// How often a provisional answer is repeated. RFC 3261 §13.3.1.1.
pub(crate) const RING_MS: u64 = 60_000;

impl Call {
    pub fn new(dialog: Dialog, stage: Stage) -> Self {
        Self {
            dialog,
            stage,
            left: false,
            invite: None,
            waiting: None,
            farewell: None,
            bye_sent: false,
            pending_in: None,
            pending_out: None,
            retry: None,
            trying: None,
            ring: None,
            credentials: None,
            due: None,
        }
    }

    fn due(&self) -> Option<Instant> {
        let waiting = self.waiting.as_ref().map(|waiting| waiting.repeat.at.min(waiting.until));
        let retry = self.retry.as_ref().map(|retry| retry.at);
        [waiting, retry, self.trying, self.ring].into_iter().flatten().min()
    }
}

impl Agent {
    /// The call that a request belongs to: its To tag is ours and the rest agrees. RFC 3261 §12.2.2.
    pub(super) fn call_of(&self, came: &Came) -> Option<CallId> {
        let tag = came.to_tag.as_deref()?;
        let call = CallId(u64::from_str_radix(tag.split_once('-')?.0, 16).ok()?);
        let dialog = &self.calls.get(&call)?.dialog;
        let agrees =
            *dialog.local_tag == *tag && came.request.headers.get("Call-ID") == Some(&dialog.call_id) && *dialog.remote_tag == *came.from.tag().unwrap_or_default();
        agrees.then_some(call)
    }

    pub(super) fn begin_call(&mut self, call: CallId, state: Call) {
        let way = state.dialog.way;
        self.calls.insert(call, Box::new(state));
        self.hold(call, &way);
    }

    /// The connection of a call ends it.
    fn hold(&mut self, call: CallId, way: &Way) {
        if let Way::Flow(flow) = way
            && let Some(connection) = self.connections.get_mut(&flow.connection)
        {
            connection.calls.insert(call);
        }
    }

    fn release(&mut self, call: CallId, way: &Way) {
        if let Way::Flow(flow) = way
            && let Some(connection) = self.connections.get_mut(&flow.connection)
        {
            connection.calls.remove(&call);
        }
    }

    pub(super) fn set_call_way(&mut self, call: CallId, way: Way) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        let before = std::mem::replace(&mut state.dialog.way, way);
        if before != way {
            self.release(call, &before);
        }
        self.hold(call, &way);
    }

    pub(super) fn schedule_call(&mut self, call: CallId) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        let due = state.due();
        self.deadlines.set(Timer::Call(call), &mut state.due, due);
    }

    /// Repeats a 2xx from now on.
    pub(super) fn await_ack(&mut self, call: CallId, cseq: u32, bytes: Vec<u8>, flow: Flow) {
        let (now, times) = (self.now, self.config.times);
        let Some(state) = self.calls.get_mut(&call) else { return };
        state.waiting = Some(Waiting { cseq, bytes, flow, repeat: Repeat::after(now, times.t1_ms), until: now.plus(patience_ms(&times)) });
        self.schedule_call(call);
    }

    pub(super) fn call_acknowledged(&mut self, came: Came) {
        let Some(call) = self.call_of(&came) else { return };
        let Some(state) = self.calls.get_mut(&call) else { return };
        if state.waiting.as_ref().is_none_or(|waiting| waiting.cseq != came.cseq.number) {
            return;
        }
        state.waiting = None;
        let left = state.left;
        self.heard_from(call, &came.flow, came.symmetric);
        self.schedule_call(call);
        if left {
            let fields = self.calls.get_mut(&call).and_then(|state| state.farewell.take()).unwrap_or_default();
            self.say_bye(call, fields);
        } else {
            let body = content(came.request);
            self.event(Event::Acknowledged { call, body });
        }
    }

    /// Remembers the flow of the peer's last message; a response comes from where its sender listens.
    pub(super) fn heard_from(&mut self, call: CallId, flow: &Flow, symmetric: bool) {
        let Some(state) = self.calls.get(&call) else { return };
        let symmetric = symmetric || !state.dialog.routes.is_empty();
        let target = if symmetric { None } else { state.dialog.target.parse().ok() };
        let way = super::flows::way_back(flow, target.as_ref(), symmetric);
        if way != state.dialog.way {
            self.set_call_way(call, way);
        }
    }

    pub(super) fn call_tick(&mut self, call: CallId) {
        let (now, t2_ms) = (self.now, self.config.times.t2_ms);
        let Some(state) = self.calls.get_mut(&call) else { return };
        if let Some(waiting) = &mut state.waiting {
            if waiting.until <= now {
                state.waiting = None;
                let fields = state.farewell.take().unwrap_or_default();
                self.end(call, Why::NoAck, None);
                self.say_bye(call, fields);
                return;
            }
            if waiting.repeat.at <= now {
                waiting.repeat = waiting.repeat.next(now, t2_ms);
                let (flow, bytes) = (waiting.flow, waiting.bytes.clone());
                self.transmit_over(&flow, bytes);
            }
        }
        let Some(state) = self.calls.get_mut(&call) else { return };
        if state.trying.is_some_and(|at| at <= now) {
            self.try_on(call);
        }
        let Some(state) = self.calls.get_mut(&call) else { return };
        if state.ring.is_some_and(|at| at <= now) {
            state.ring = Some(now.plus(RING_MS));
            if let Some(invite) = state.invite {
                self.repeated(invite);
            }
        }
        let Some(state) = self.calls.get_mut(&call) else { return };
        if state.retry.as_ref().is_some_and(|retry| retry.at <= now)
            && let Some(retry) = state.retry.take()
        {
            self.try_inside(call, retry.request, retry.method, retry.fields, retry.body, retry.tries);
        }
        self.schedule_call(call);
    }

    pub(super) fn hang_up(&mut self, call: CallId, headers: Vec<(String, String)>) {
        let Some(state) = self.calls.get_mut(&call).filter(|state| !state.left) else { return };
        match (state.stage, state.invite) {
            (Stage::Incoming, invite) => {
                // 487 would say that the caller gave up (RFC 3261 §21.4.25).
                if let Some(invite) = invite {
                    self.respond(invite, Reply { status: 480, headers, ..Reply::default() });
                }
                self.end(call, Why::Local, None);
                self.forget(call);
            }
            (Stage::Placed, invite) => {
                let fields = Fields::of_user(headers, false);
                state.farewell = Some(fields.clone());
                self.fail(call, 487, "", None);
                match invite {
                    Some(invite) => self.cancel(invite, &fields),
                    None => self.forget(call),
                }
            }
            (Stage::Established, _) => {
                let fields = Fields::of_user(headers, false);
                if state.waiting.is_some() {
                    state.farewell = Some(fields);
                    self.end(call, Why::Local, None);
                } else {
                    self.end(call, Why::Local, None);
                    self.say_bye(call, fields);
                }
            }
        }
    }

    /// Reports the end of a call, once, and closes what is open in it.
    pub(super) fn end(&mut self, call: CallId, why: Why, request: Option<Box<Request>>) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        if !std::mem::replace(&mut state.left, true) {
            self.event(Event::Ended { call, why, request });
        }
        self.wind_up(call);
    }

    /// Reports that a call was not answered, once.
    pub(super) fn fail(&mut self, call: CallId, status: u16, reason: &str, response: Option<Response>) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        if !std::mem::replace(&mut state.left, true) {
            let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
            self.event(Event::Failed { call, status, reason: reason.to_owned(), response: response.map(Box::new) });
        }
        self.wind_up(call);
    }

    fn wind_up(&mut self, call: CallId) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        (state.trying, state.ring) = (None, None);
        let (retry, pending_in) = (state.retry.take(), state.pending_in.take());
        if let Some(retry) = retry {
            self.replied(retry.request, 481, "", None);
        }
        if let Some(pending_in) = pending_in {
            self.respond_plainly(pending_in, 487);
        }
        self.schedule_call(call);
    }

    /// Sends the BYE of a call whose end has been reported; the call is forgotten with its answer.
    pub(super) fn say_bye(&mut self, call: CallId, fields: Fields) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        if std::mem::replace(&mut state.bye_sent, true) {
            return;
        }
        state.dialog.local_cseq += 1;
        let mut draft = state.dialog.draft("BYE", state.dialog.local_cseq);
        draft.extra = fields;
        draft.credentials = state.credentials.clone();
        let way = state.dialog.way;
        if self.start(Box::new(draft), way, Owner::Bye(call)).is_err() {
            self.forget(call);
        }
    }

    pub(super) fn bye_heard(&mut self, client: u64, call: CallId, response: &Response, draft: Option<Box<super::draft::Draft>>) {
        if response.status < 200 {
            return;
        }
        if let Some(mut draft) = draft
            && self.authorize(&mut draft, response)
            && let Some(way) = self.client_way(client)
            && let Some(state) = self.calls.get_mut(&call)
        {
            state.dialog.local_cseq += 1;
            draft.cseq = state.dialog.local_cseq;
            if self.start(draft, way, Owner::Bye(call)).is_ok() {
                return;
            }
        }
        self.forget(call);
    }

    /// The connection of a call is gone.
    pub(super) fn call_lost(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call) else { return };
        match (state.stage, state.invite) {
            (Stage::Incoming, Some(invite)) => self.drop_server(invite),
            (Stage::Placed, _) => self.fail(call, 503, "Connection closed", None),
            _ => {}
        }
        self.end(call, Why::Lost, None);
        self.forget(call);
    }

    /// Takes a call out of the tables.
    pub(super) fn forget(&mut self, call: CallId) {
        self.wind_up(call);
        let Some(mut state) = self.calls.remove(&call) else { return };
        self.deadlines.set(Timer::Call(call), &mut state.due, None);
        let way = state.dialog.way;
        self.release(call, &way);
    }
}

/// Content type and content.
pub(crate) fn content(request: Request) -> Option<(String, Vec<u8>)> {
    if request.body.is_empty() {
        return None;
    }
    Some((request.headers.get("Content-Type").unwrap_or_default().to_owned(), request.body))
}
