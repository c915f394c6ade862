//! Requests of ours outside of any call.

use super::{
    Agent,
    clients::Owner,
    draft::{Draft, Fields, is_plain},
    placed::{is_address, max_forwards},
};
use crate::{
    io::{Outside, RequestId, Target},
    message::Response,
    syntax::is_token,
};

/// Methods that make calls or belong to them.
const OF_CALLS: [&str; 5] = ["INVITE", "ACK", "CANCEL", "BYE", "PRACK"];

impl Agent {
    pub(super) fn outside(&mut self, request: RequestId, target: &Target, outside: Outside) {
        let series = is_series(outside.series.as_ref());
        if !is_token(&outside.method) || OF_CALLS.contains(&outside.method.as_str()) || !is_address(&outside.from) || !is_address(&outside.to) || !series {
            return self.replied(request, 400, "", None);
        }
        let Some(way) = self.way_to(target) else { return self.replied(request, 503, "No way to the target", None) };
        let (call_id, cseq) = match outside.series {
            Some(series) => series,
            None => (self.new_call_id(), 1),
        };
        let draft = Draft {
            method: outside.method.into(),
            uri: outside.request_uri.to_string().into(),
            from: format!("{};tag={:016x}", outside.from, self.random()).into(),
            to: outside.to.into(),
            call_id: call_id.into(),
            cseq,
            max_forwards: max_forwards(&outside.headers),
            extra: Fields::of_user(outside.headers, outside.contact_user.is_none()),
            contact_user: outside.contact_user.map(Into::into),
            body: outside.body.filter(|(content_type, _)| is_plain(content_type)),
            credentials: outside.credentials,
            ..Draft::default()
        };
        if self.start(Box::new(draft), way, Owner::Outside(request)).is_err() {
            self.replied(request, 503, "", None);
        }
    }

    pub(super) fn outside_heard(&mut self, client: u64, request: RequestId, response: Response, draft: Option<Box<Draft>>) {
        if response.status < 200 {
            return;
        }
        if let Some(mut draft) = draft
            && self.authorize(&mut draft, &response)
            && let Some(way) = self.client_way(client)
        {
            draft.cseq += 1;
            if self.start(draft, way, Owner::Outside(request)).is_err() {
                self.replied(request, 503, "", None);
            }
            return;
        }
        let reason = response.reason.clone();
        self.replied(request, response.status, &reason, Some(response));
    }
}

fn is_series(series: Option<&(String, u32)>) -> bool {
    series.is_none_or(|(call_id, cseq)| !call_id.is_empty() && is_plain(call_id) && !call_id.contains(' ') && *cseq < 1 << 31)
}
