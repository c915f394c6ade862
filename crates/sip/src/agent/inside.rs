//! Requests inside calls, of both sides.

use super::{
    Agent,
    calls::{Retry, Stage},
    clients::{Lost, Owner},
    draft::{Draft, Echo, Fields, is_plain},
    receive::Came,
    servers::Asked,
};
use crate::{
    dialog::to_tag,
    flow::Flow,
    io::{CallId, Event, Reply, RequestId, Why},
    message::Response,
    syntax::is_token,
};

/// How often a request that crosses the peer's is tried before the user is told. Our own bound.
const MOST_TRIES: u32 = 4;

impl Agent {
    pub(super) fn inside_came(&mut self, came: Came) {
        let Some(call) = self.call_of(&came) else { return self.refuse(&came, 481, &[]) };
        let Some(state) = self.calls.get(&call) else { return };
        let method = came.request.method.as_str();
        if state.dialog.remote_cseq.is_some_and(|known| came.cseq.number < known) {
            return self.refuse(&came, 500, &[]);
        }
        if !self.has_room(true) {
            return self.refuse(&came, 503, &[]);
        }
        if method == "BYE" {
            return self.bye_came(call, came);
        }
        if state.left {
            return self.refuse(&came, 481, &[]);
        }
        if method != "INVITE" && !self.config.methods.inside.contains(&method) {
            return self.refuse_method(&came);
        }
        let offers = matches!(method, "INVITE" | "UPDATE");
        if offers {
            let early = state.stage != Stage::Established;
            let (pending_in, pending_out) = (state.pending_in.is_some(), state.pending_out.is_some());
            // An INVITE before ours is answered, or while ours is under way: RFC 3261 §14.2; UPDATE: RFC 3311 §5.2.
            if pending_out || (early && method == "INVITE" && state.stage == Stage::Placed) {
                return self.refuse(&came, 491, &[]);
            }
            if pending_in || (early && (method == "INVITE" || !came.request.body.is_empty())) {
                let seconds = (self.random() % 11).to_string();
                return self.refuse(&came, 500, &[("Retry-After", &seconds)]);
            }
        }
        let invite = method == "INVITE";
        let allow = matches!(method, "INVITE" | "OPTIONS");
        if let Some(state) = self.calls.get_mut(&call) {
            state.dialog.remote_cseq = Some(came.cseq.number);
            if offers {
                state.dialog.refresh(&came.request.headers);
            }
        }
        self.heard_from(call, &came.flow, came.symmetric);
        let Some(state) = self.calls.get(&call) else { return };
        let contact = offers.then(|| self.contact(&state.dialog.way, &state.dialog.contact_user).into());
        let id = self.admit(invite, came.arrival("", Echo { contact, allow, ..Echo::default() }), Asked::Inside(call));
        if offers && let Some(state) = self.calls.get_mut(&call) {
            state.pending_in = Some(id);
        }
        if invite {
            self.respond_plainly(id, 100);
        }
        self.event(Event::Requested { call, request: RequestId(id), message: Box::new(came.request) });
    }

    fn bye_came(&mut self, call: CallId, came: Came) {
        let Some(state) = self.calls.get_mut(&call) else { return };
        if state.stage == Stage::Placed {
            return self.refuse(&came, 481, &[]);
        }
        state.dialog.remote_cseq = Some(came.cseq.number);
        let invite = state.invite;
        let id = self.admit(false, came.arrival("", Echo::default()), Asked::Agent);
        self.respond_plainly(id, 200);
        // A caller may end a call that is not answered yet: RFC 3261 §15.1.2.
        if let Some(invite) = invite {
            self.respond_plainly(invite, 487);
        }
        self.end(call, Why::Bye, Some(Box::new(came.request)));
        self.forget(call);
    }

    /// A request of the peer is answered or forgotten.
    pub(super) fn settled(&mut self, call: CallId, id: u64) {
        if let Some(state) = self.calls.get_mut(&call)
            && state.pending_in == Some(id)
        {
            state.pending_in = None;
        }
    }

    pub(super) fn inside_replied(&mut self, call: CallId, id: u64, reply: Reply) {
        let cseq = self.servers.of.get(&id).map_or(0, |server| server.cseq);
        if let Some((bytes, flow)) = self.respond(id, reply) {
            self.await_ack(call, cseq, bytes, flow);
        }
        if !self.is_open(id) {
            self.settled(call, id);
        }
    }

    pub(super) fn inside(&mut self, call: CallId, request: RequestId, method: String, headers: Vec<(String, String)>, body: Option<(String, Vec<u8>)>) {
        if !is_token(&method) || matches!(method.as_str(), "ACK" | "CANCEL" | "BYE" | "PRACK") || body.as_ref().is_some_and(|(content_type, _)| !is_plain(content_type)) {
            return self.replied(request, 400, "", None);
        }
        let contact = !matches!(method.as_str(), "INVITE" | "UPDATE" | "REFER" | "NOTIFY");
        self.try_inside(call, request, method, Fields::of_user(headers, contact), body, 0);
    }

    pub(super) fn try_inside(&mut self, call: CallId, request: RequestId, method: String, fields: Fields, body: Option<(String, Vec<u8>)>, tries: u32) {
        let Some(state) = self.calls.get_mut(&call).filter(|state| !state.left && (state.stage != Stage::Placed || !state.dialog.remote_tag.is_empty())) else {
            return self.replied(request, 481, "", None);
        };
        let offers = matches!(method.as_str(), "INVITE" | "UPDATE");
        if method == "INVITE" && state.stage != Stage::Established {
            return self.replied(request, 491, "", None);
        }
        if offers && (state.pending_in.is_some() || state.pending_out.is_some() || state.waiting.is_some()) {
            return self.try_later(call, request, method, fields, body, tries);
        }
        state.dialog.local_cseq += 1;
        let mut draft = state.dialog.draft(&method, state.dialog.local_cseq);
        draft.extra = fields;
        draft.body = body;
        draft.tries = tries;
        draft.credentials = state.credentials.clone();
        let way = state.dialog.way;
        match self.start(Box::new(draft), way, Owner::Inside(call, request)) {
            Ok(client) => {
                if offers && let Some(state) = self.calls.get_mut(&call) {
                    state.pending_out = Some(client);
                }
            }
            Err(_) => self.replied(request, 503, "", None),
        }
    }

    /// After a time that differs between the sides: RFC 3261 §14.1.
    fn try_later(&mut self, call: CallId, request: RequestId, method: String, fields: Fields, body: Option<(String, Vec<u8>)>, tries: u32) {
        let steps = self.random();
        let now = self.now;
        let Some(state) = self.calls.get_mut(&call).filter(|state| tries < MOST_TRIES && state.retry.is_none()) else {
            return self.replied(request, 491, "", None);
        };
        // In steps of 10 ms: 2.1 to 4 s for the side that chose the Call-ID, 0 to 2 s for the other.
        let after_ms = if state.dialog.placed { 2_100 + steps % 191 * 10 } else { steps % 201 * 10 };
        state.retry = Some(Box::new(Retry { at: now.plus(after_ms), request, method, fields, body, tries: tries + 1 }));
        self.schedule_call(call);
    }

    pub(super) fn inside_heard(&mut self, client: u64, call: CallId, request: RequestId, flow: Flow, response: Response, draft: Option<Box<Draft>>) {
        let status = response.status;
        if status < 200 {
            return;
        }
        let is_first = self.is_unanswered(client);
        if let Some(state) = self.calls.get_mut(&call)
            && state.pending_out == Some(client)
        {
            state.pending_out = None;
        }
        if status < 300 {
            let Some(sent) = self.client_draft(client) else { return };
            let invite = &*sent.method == "INVITE";
            if (invite || &*sent.method == "UPDATE")
                && is_first
                && let Some(state) = self.calls.get_mut(&call)
            {
                state.dialog.refresh(&response.headers);
                self.heard_from(call, &flow, true);
            }
            if invite {
                self.acknowledge_inside(client, &response);
                if !is_first {
                    return;
                }
            }
        }
        if let Some(mut draft) = draft {
            if self.authorize(&mut draft, &response) {
                return self.ask_again(client, call, request, draft);
            }
            if status == 491 && matches!(&*draft.method, "INVITE" | "UPDATE") && self.calls.get(&call).is_some_and(|state| !state.left) {
                return self.try_later(call, request, draft.method.to_string(), draft.extra, draft.body, draft.tries);
            }
        }
        let reason = response.reason.clone();
        self.replied(request, status, &reason, Some(response));
        // The peer does not know the call, or does not answer: RFC 3261 §12.2.1.2.
        match status {
            481 if self.calls.get(&call).is_some_and(|state| state.stage == Stage::Established && !state.left) => {
                self.end(call, Why::Lost, None);
                self.forget(call);
            }
            408 => self.lose(call),
            _ => {}
        }
    }

    fn ask_again(&mut self, client: u64, call: CallId, request: RequestId, mut draft: Box<Draft>) {
        let way = self.client_way(client);
        let (Some(state), Some(way)) = (self.calls.get_mut(&call).filter(|state| !state.left), way) else {
            return self.replied(request, 481, "", None);
        };
        state.dialog.local_cseq += 1;
        draft.cseq = state.dialog.local_cseq;
        let offers = matches!(&*draft.method, "INVITE" | "UPDATE");
        match self.start(draft, way, Owner::Inside(call, request)) {
            Ok(client) => {
                if offers && let Some(state) = self.calls.get_mut(&call) {
                    state.pending_out = Some(client);
                }
            }
            Err(_) => self.replied(request, 503, "", None),
        }
    }

    /// The ACK to the 2xx of a re-INVITE, which is due even if the call has ended meanwhile.
    fn acknowledge_inside(&mut self, client: u64, response: &Response) {
        let (Some(sent), Some(way)) = (self.client_draft(client), self.client_way(client)) else { return };
        let contact = response.headers.contact().ok().flatten().filter(|contact| contact.uri.is_sip());
        let draft = Draft {
            method: "ACK".into(),
            uri: match contact {
                Some(contact) if sent.routes.is_empty() => contact.uri.to_string().into(),
                _ => sent.uri.clone(),
            },
            from: sent.from.clone(),
            to: sent.to.clone(),
            call_id: sent.call_id.clone(),
            cseq: sent.cseq,
            routes: sent.routes.clone(),
            answered: sent.answered.clone(),
            ..Draft::default()
        };
        self.acknowledge(client, to_tag(&response.headers), &draft, way);
    }

    pub(super) fn inside_lost(&mut self, client: u64, call: CallId, request: RequestId, lost: &Lost) {
        if let Some(state) = self.calls.get_mut(&call)
            && state.pending_out == Some(client)
        {
            state.pending_out = None;
        }
        self.replied(request, lost.status(), lost.reason(), None);
        self.lose(call);
    }

    /// Gives a call up whose peer does not answer; it is told all the same.
    fn lose(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).filter(|state| !state.left) else { return };
        match state.stage {
            Stage::Established => {
                self.end(call, Why::Lost, None);
                self.say_bye(call, Fields::default());
            }
            // The INVITE has its own end.
            Stage::Incoming | Stage::Placed => {}
        }
    }
}
