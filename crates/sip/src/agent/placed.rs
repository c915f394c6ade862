//! Calls that are placed.

use super::{
    Agent,
    calls::{Call, Stage},
    clients::{Lost, Owner},
    draft::{Draft, Fields, MAX_FORWARDS, is_plain},
    flows::Way,
};
use crate::{
    dialog::{Dialog, to_tag},
    fields::NameAddr,
    flow::Flow,
    io::{CallId, Event, Invite, Target},
    message::{Response, reason_phrase},
};

impl Agent {
    pub(super) fn place(&mut self, call: CallId, target: &Target, invite: Invite) {
        if self.calls.contains_key(&call) {
            return;
        }
        if self.calls.len() >= self.config.limits.calls {
            return self.refuse_to_place(call, 503, "Too many calls");
        }
        if !is_address(&invite.from) || !is_address(&invite.to) || !invite.route.iter().all(|route| is_plain(route)) {
            return self.refuse_to_place(call, 400, "");
        }
        let Some(way) = self.way_to(target) else { return self.refuse_to_place(call, 503, "No way to the target") };
        let tag = self.tag_of(call);
        let max_forwards = max_forwards(&invite.headers);
        let draft = Draft {
            method: "INVITE".into(),
            uri: invite.request_uri.to_string().into(),
            from: format!("{};tag={tag}", invite.from).into(),
            to: invite.to.into(),
            call_id: self.new_call_id().into(),
            cseq: 1,
            max_forwards,
            routes: invite.route.into_iter().map(Into::into).collect(),
            contact_user: Some(invite.contact_user.as_str().into()),
            extra: Fields::of_user(invite.headers, false),
            body: invite.body.filter(|(content_type, _)| is_plain(content_type)),
            credentials: invite.credentials.clone(),
            ..Draft::default()
        };
        let mut state = Call::new(Dialog::calling(&draft, &tag, &invite.contact_user, way), Stage::Placed);
        state.credentials = invite.credentials;
        self.begin_call(call, state);
        match self.start(Box::new(draft), way, Owner::Placed(call)) {
            Ok(client) => {
                if let Some(state) = self.calls.get_mut(&call) {
                    state.invite = Some(client);
                }
            }
            Err(_) => self.placed_lost(call, &Lost::Transport(reason_phrase(503).to_owned())),
        }
    }

    fn refuse_to_place(&mut self, call: CallId, status: u16, reason: &str) {
        let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
        self.event(Event::Failed { call, status, reason: reason.to_owned(), response: None });
    }

    /// Never the same twice, and nothing of this machine in it.
    pub(super) fn new_call_id(&mut self) -> String {
        format!("{:016x}{:016x}", self.random(), self.random())
    }

    pub(super) fn placed_heard(&mut self, client: u64, call: CallId, flow: Flow, response: Response, draft: Option<Box<Draft>>) {
        let status = response.status;
        let Some(state) = self.calls.get_mut(&call).filter(|state| state.stage == Stage::Placed) else {
            if (200..300).contains(&status) {
                self.dismiss(client, flow, &response);
            }
            return;
        };
        match status {
            ..200 => {
                if !to_tag(&response.headers).is_empty() {
                    let way = state.dialog.way;
                    state.dialog.answered(&response, way);
                }
                if state.left {
                    let fields = state.farewell.clone().unwrap_or_default();
                    self.cancel(client, &fields);
                } else if status > 100 {
                    self.event(Event::Progress { call, response: Box::new(response) });
                }
            }
            200..300 => {
                let way = state.dialog.way;
                state.dialog.answered(&response, way);
                state.stage = Stage::Established;
                state.invite = None;
                let (left, farewell) = (state.left, state.farewell.take());
                self.heard_from(call, &flow, true);
                self.acknowledge_answer(client, call, &response);
                if left {
                    self.say_bye(call, farewell.unwrap_or_default());
                } else {
                    self.event(Event::Answered { call, response: Box::new(response) });
                }
            }
            _ => {
                if !state.left
                    && let Some(mut draft) = draft
                    && self.authorize(&mut draft, &response)
                {
                    return self.place_again(client, call, draft);
                }
                let reason = response.reason.clone();
                self.fail(call, status, &reason, Some(response));
                self.forget(call);
            }
        }
    }

    fn place_again(&mut self, client: u64, call: CallId, mut draft: Box<Draft>) {
        let before = self.client_way(client);
        let Some(state) = self.calls.get_mut(&call) else { return };
        draft.cseq = state.dialog.local_cseq + 1;
        state.dialog = Dialog::calling(&draft, &state.dialog.local_tag, &state.dialog.contact_user, state.dialog.way);
        let way = before.unwrap_or(state.dialog.way);
        match self.start(draft, way, Owner::Placed(call)) {
            Ok(client) => {
                if let Some(state) = self.calls.get_mut(&call) {
                    state.invite = Some(client);
                }
            }
            Err(_) => self.placed_lost(call, &Lost::Transport(reason_phrase(503).to_owned())),
        }
    }

    fn acknowledge_answer(&mut self, client: u64, call: CallId, response: &Response) {
        let Some(of_invite) = self.client_draft(client) else { return };
        let (cseq, answered) = (of_invite.cseq, of_invite.answered.clone());
        let Some(state) = self.calls.get(&call) else { return };
        let mut draft = state.dialog.draft("ACK", cseq);
        draft.answered = answered;
        let way = state.dialog.way;
        self.acknowledge(client, to_tag(&response.headers), &draft, way);
    }

    /// Ends the branch of an answer that came after another one, or after our hang-up. RFC 3261 §13.2.2.4.
    fn dismiss(&mut self, client: u64, flow: Flow, response: &Response) {
        let Some(of_invite) = self.client_draft(client) else { return };
        let answered = of_invite.answered.clone();
        let cseq = of_invite.cseq;
        let mut dialog = Dialog::calling(of_invite, "", "", Way::Flow(flow));
        dialog.answered(response, Way::Flow(flow));
        let way = Way::Flow(flow);
        let mut draft = dialog.draft("ACK", cseq);
        draft.answered = answered;
        self.acknowledge(client, to_tag(&response.headers), &draft, way);
        let draft = dialog.draft("BYE", cseq + 1);
        // Without room for it the peer finds out by itself.
        let _ = self.start(Box::new(draft), way, Owner::Nobody);
    }

    /// The INVITE has no answer.
    pub(super) fn placed_lost(&mut self, call: CallId, lost: &Lost) {
        self.fail(call, lost.status(), lost.reason(), None);
        self.forget(call);
    }

    /// It rang too long; the CANCEL is under way.
    pub(super) fn placed_given_up(&mut self, call: CallId) {
        self.fail(call, 408, "", None);
    }
}

/// Whether text is an address without a tag that can go out as From or To.
pub(crate) fn is_address(text: &str) -> bool {
    is_plain(text) && NameAddr::parse(text).is_ok_and(|address| address.param("tag").is_none())
}

/// The user may lower the number of hops: a call that is forwarded takes it from the call that came, less one. RFC 7332 §3.
pub(crate) fn max_forwards(headers: &[(String, String)]) -> u8 {
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("Max-Forwards"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .map_or(MAX_FORWARDS, |hops: u8| hops.min(MAX_FORWARDS))
}
