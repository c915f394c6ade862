//! Calls that come in.

use super::{
    Agent,
    calls::{Call, RING_MS, Stage},
    draft::Echo,
    flows::way_back,
    receive::Came,
    servers::Asked,
};
use crate::{
    dialog::Dialog,
    headers::{Headers, line},
    io::{CallId, Event, Reply, Why},
    message::Request,
};

/// How long an INVITE may go without any answer. RFC 3261 §17.2.1. What is answered before takes one message and not two, and a refusal
/// costs its sender, who may be somebody else than it seems, no more than that.
const TRYING_MS: u64 = 200;

impl Agent {
    pub(super) fn call_came(&mut self, came: Came) {
        let headers = &came.request.headers;
        let Ok(Some(contact)) = headers.contact() else { return self.refuse(&came, 400, &[]) };
        if !contact.uri.is_sip() {
            return self.refuse(&came, 400, &[]);
        }
        let call = CallId(self.number());
        let tag = self.tag_of(call);
        let way = way_back(&came.flow, Some(&contact.uri), came.symmetric || headers.get("Record-Route").is_some());
        let Some(dialog) = Dialog::called(&came.request, &came.from, came.cseq.number, &tag, contact.uri.to_string(), way) else {
            return self.refuse(&came, 513, &[]);
        };
        let contact = self.contact(&way, &dialog.contact_user);
        let echo = Echo { record_routes: record_route_lines(headers), contact: Some(contact.into()), allow: true, ..Echo::default() };
        let invite = self.admit(true, came.arrival(&tag, echo), Asked::Call(call));
        let mut state = Call::new(dialog, Stage::Incoming);
        state.invite = Some(invite);
        state.trying = Some(self.now.plus(TRYING_MS));
        self.begin_call(call, state);
        self.schedule_call(call);
        self.event(Event::Incoming { call, flow: came.flow, request: Box::new(came.request) });
    }

    pub(super) fn answer(&mut self, call: CallId, reply: Reply) {
        let now = self.now;
        let Some(state) = self.calls.get_mut(&call).filter(|state| state.stage == Stage::Incoming && !state.left) else { return };
        let Some(invite) = state.invite else { return };
        match reply.status {
            ..100 => {}
            100 => self.try_on(call),
            101..200 => {
                state.trying = None;
                state.ring = Some(now.plus(RING_MS));
                self.respond(invite, reply);
                self.schedule_call(call);
            }
            200..300 => {
                let cseq = state.dialog.remote_cseq.unwrap_or_default();
                state.stage = Stage::Established;
                state.invite = None;
                (state.trying, state.ring) = (None, None);
                let cseq = self.servers.of.get(&invite).map_or(cseq, |server| server.cseq);
                if let Some((bytes, flow)) = self.respond(invite, reply) {
                    self.await_ack(call, cseq, bytes, flow);
                }
            }
            _ => {
                self.respond(invite, reply);
                self.end(call, Why::Local, None);
                self.forget(call);
            }
        }
    }

    /// Says that the INVITE came, unless something was said of it.
    pub(super) fn try_on(&mut self, call: CallId) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        if state.trying.take().is_some()
            && let Some(invite) = state.invite
        {
            self.respond_plainly(invite, 100);
        }
        self.schedule_call(call);
    }

    /// The caller does not wait any more.
    pub(super) fn cancelled(&mut self, call: CallId, invite: u64, request: Request) {
        self.respond_plainly(invite, 487);
        self.end(call, Why::Cancelled, Some(Box::new(request)));
        self.forget(call);
    }
}

fn record_route_lines(headers: &Headers) -> Vec<u8> {
    let mut out = Vec::new();
    for value in headers.all("Record-Route") {
        line(&mut out, "Record-Route", value);
    }
    out
}
