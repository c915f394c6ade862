//! What becomes of a request that came: RFC 3261 §8.2.

use cordboard_now::Instant;

use super::{
    Agent,
    clients::COOKIE,
    draft::{Echo, Fields},
    servers::{Arrival, Asked},
};
use crate::{
    fields::{CSeq, NameAddr, Via},
    flow::{Flow, Transport},
    headers::{Headers, line},
    io::{Event, Reply, RequestId},
    message::Request,
};

/// Methods of SIP, beside those that make calls and end them, that are known where they are not taken. RFC 3261 §21.5.2.
const KNOWN: [&str; 10] = ["OPTIONS", "REGISTER", "MESSAGE", "SUBSCRIBE", "NOTIFY", "PUBLISH", "REFER", "PRACK", "INFO", "UPDATE"];

/// The one content of offers and answers that is understood. RFC 3261 §13.2.1.
const SDP: &str = "application/sdp";

/// Seconds after which a caller that found no room may come again. Our own choice: longer than a transaction lasts.
const RETRY_AFTER_S: &str = "40";

/// A request with what is read of it once.
pub(crate) struct Came {
    pub flow: Flow,
    pub to: Flow,
    pub request: Request,
    pub from: NameAddr,
    pub to_tag: Option<String>,
    /// Whether it asked for its answers where it sent from, and so listens there: RFC 3581 §3.
    pub symmetric: bool,
    pub cseq: CSeq,
    pub at: Instant,
    /// Of the transaction, without the method.
    pub key: String,
}

impl Came {
    fn key_of(&self, method: &str) -> String {
        format!("{}{method}", self.key)
    }

    pub fn arrival(&self, tag: &str, echo: Echo) -> Arrival {
        let timestamp = self.request.headers.get("Timestamp").map(|value| (value.into(), self.at));
        let echo = Echo { head: head(&self.request.headers, self.to_tag.is_none().then_some(tag)), timestamp, ..echo };
        Arrival { key: self.key_of(&self.request.method), merge: self.merge(), flow: self.to, echo, cseq: self.cseq.number }
    }

    fn merge(&self) -> Option<String> {
        if self.to_tag.is_some() {
            return None;
        }
        let call_id = self.request.headers.get("Call-ID").unwrap_or_default();
        Some(format!("{call_id}\n{}\n{} {}", self.from.tag().unwrap_or_default(), self.cseq.number, self.cseq.method))
    }
}

impl Agent {
    pub(super) fn request_came(&mut self, flow: Flow, mut request: Request) {
        let headers = &mut request.headers;
        let (Ok(mut via), Ok(from), Ok(to), Ok(cseq)) = (headers.via_top(), headers.from(), headers.to(), headers.cseq()) else { return };
        let key = transaction_key(&via, &from, &cseq, headers);
        let symmetric = via.param("rport").is_some();
        let reply_to = answer_to(&flow, &mut via);
        headers.set_via_top(&via);
        let to_tag = to.tag().map(str::to_owned);
        let came = Came { flow, to: reply_to, request, from, to_tag, symmetric, cseq, at: self.now, key };
        match came.request.method.as_str() {
            "ACK" => self.ack_came(came),
            "CANCEL" => self.cancel_came(came),
            method => {
                if let Some(id) = self.servers.by_key.get(came.key_of(method).as_str()) {
                    return self.repeated(*id);
                }
                self.new_request(came);
            }
        }
    }

    fn new_request(&mut self, came: Came) {
        let headers = &came.request.headers;
        if !came.request.uri.is_sip() && came.request.uri.scheme != "tel" {
            return self.refuse(&came, 416, &[]);
        }
        if headers.get("Require").is_some() {
            let unsupported: Vec<&str> = headers.values("Require").collect();
            if !unsupported.is_empty() {
                let unsupported = unsupported.join(", ");
                return self.refuse(&came, 420, &[("Unsupported", &unsupported)]);
            }
        }
        if headers.get("Content-Encoding").is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
            return self.refuse(&came, 415, &[("Accept-Encoding", "identity")]);
        }
        if matches!(came.request.method.as_str(), "INVITE" | "UPDATE") && !is_understood(&came.request) {
            return self.refuse(&came, 415, &[("Accept", SDP)]);
        }
        if came.to_tag.is_some() {
            return self.inside_came(came);
        }
        if let Some(merge) = came.merge()
            && self.servers.by_merge.contains_key(merge.as_str())
        {
            return self.refuse(&came, 482, &[]);
        }
        let method = came.request.method.as_str();
        if method == "INVITE" {
            return self.invite_came(came);
        }
        // RFC 3261 §10.2: what is registered is a SIP URI.
        if method == "REGISTER" && !came.request.headers.to().is_ok_and(|to| to.uri.is_sip()) {
            return self.refuse(&came, 400, &[]);
        }
        if self.config.methods.outside.contains(&method) {
            if !self.has_room(false) {
                return self.refuse(&came, 503, &[("Retry-After", RETRY_AFTER_S)]);
            }
            let tag = self.stateless_tag(&[&came.key]);
            let echo = Echo { allow: method == "OPTIONS", ..Echo::default() };
            let id = self.admit(false, came.arrival(&tag, echo), Asked::Outside);
            return self.event(Event::Outside { request: RequestId(id), flow: came.flow, message: Box::new(came.request) });
        }
        match method {
            "BYE" | "UPDATE" | "INFO" | "PRACK" => self.refuse(&came, 481, &[]),
            _ => self.refuse_method(&came),
        }
    }

    fn invite_came(&mut self, came: Came) {
        // The agent's user calls on: a request that may not be forwarded would come back for ever. RFC 7332 §3.
        if came.request.headers.max_forwards() == Some(0) {
            return self.refuse(&came, 483, &[]);
        }
        if self.calls.len() >= self.config.limits.calls || !self.has_room(false) {
            return self.refuse(&came, 503, &[("Retry-After", RETRY_AFTER_S)]);
        }
        self.call_came(came);
    }

    /// A CANCEL concerns the INVITE of its branch. RFC 3261 §9.2.
    fn cancel_came(&mut self, came: Came) {
        let invite = self.servers.by_key.get(came.key_of("INVITE").as_str()).copied();
        let Some(invite) = invite else { return self.refuse(&came, 481, &[]) };
        // The To tag of the answer is the INVITE's. RFC 3261 §9.2.
        let tag = match self.asked(invite) {
            Some(Asked::Call(call)) => self.calls.get(&call).map(|call| call.dialog.local_tag.to_string()),
            _ => None,
        };
        let tag = tag.unwrap_or_else(|| self.stateless_tag(&[&came.key]));
        self.answer_statelessly(&came, 200, &tag, &[]);
        if !self.is_open(invite) {
            return;
        }
        match self.asked(invite) {
            Some(Asked::Call(call)) => self.cancelled(call, invite, came.request),
            Some(Asked::Inside(call)) => {
                self.respond_plainly(invite, 487);
                self.settled(call, invite);
            }
            _ => {}
        }
    }

    fn ack_came(&mut self, came: Came) {
        let invite = self.servers.by_key.get(came.key_of("INVITE").as_str()).copied();
        if invite.is_some_and(|invite| self.acknowledged(invite)) {
            return;
        }
        self.call_acknowledged(came);
    }

    /// Refuses without remembering it: the same request again gets the same answer. RFC 3261 §8.2.7.
    pub(super) fn refuse(&mut self, came: &Came, status: u16, fields: &[(&str, &str)]) {
        let tag = self.stateless_tag(&[&came.key]);
        self.answer_statelessly(came, status, &tag, fields);
    }

    /// Refuses a method that has no place here, with those that have one.
    pub(super) fn refuse_method(&mut self, came: &Came) {
        let status = if KNOWN.contains(&came.request.method.as_str()) { 405 } else { 501 };
        self.refuse(came, status, &[]);
    }

    fn answer_statelessly(&mut self, came: &Came, status: u16, tag: &str, fields: &[(&str, &str)]) {
        let mut own = Fields::default();
        for (name, value) in fields {
            own.push(name, (*value).to_owned());
        }
        let echo = Echo { head: head(&came.request.headers, came.to_tag.is_none().then_some(tag)), ..Echo::default() };
        let allow = if came.to_tag.is_some() { &self.allow.inside } else { &self.allow.outside };
        let bytes = echo.write(status, "", allow, "", &own, None);
        self.transmit_over(&came.to, bytes);
    }

    pub(super) fn reply(&mut self, request: RequestId, reply: Reply) {
        match self.asked(request.0) {
            Some(Asked::Outside) => {
                self.respond(request.0, reply);
            }
            Some(Asked::Inside(call)) => self.inside_replied(call, request.0, reply),
            Some(Asked::Call(_) | Asked::Agent) | None => {}
        }
    }
}

/// Whether the content of a request that makes or changes a session is none, is understood, or need not be. RFC 3261 §8.2.3.
fn is_understood(request: &Request) -> bool {
    let is_optional = |disposition: &str| disposition.split(';').any(|part| part.trim().eq_ignore_ascii_case("handling=optional"));
    request.body.is_empty() || request.headers.content_type().as_deref() == Some(SDP) || request.headers.get("Content-Disposition").is_some_and(is_optional)
}

/// Where the answer to a request goes, and what its Via must say for that: RFC 3261 §18.2, RFC 3581 §4.
pub(crate) fn answer_to(flow: &Flow, via: &mut Via) -> Flow {
    let address = flow.remote.ip().to_string();
    let rport = via.param("rport").is_some();
    if rport {
        via.set_param("rport", Some(&flow.remote.port().to_string()));
    }
    if rport || via.host != address {
        via.set_param("received", Some(&address));
    }
    let mut to = *flow;
    if flow.transport == Transport::Udp && !rport {
        to.remote.set_port(via.port.unwrap_or(5_060));
    }
    to
}

/// What the transactions of a request have in common: branch and sent-by, or the fields that stand for them in requests of before
/// RFC 3261. §17.2.3.
fn transaction_key(via: &Via, from: &NameAddr, cseq: &CSeq, headers: &Headers) -> String {
    match via.branch() {
        Some(branch) if branch.strip_prefix(COOKIE).is_some_and(|rest| !rest.is_empty()) => format!("{branch}\n{}\n", via.sent_by()),
        _ => format!("{via}\n{}\n{}\n{}\n", headers.get("Call-ID").unwrap_or_default(), from.tag().unwrap_or_default(), cseq.number),
    }
}

/// What a response takes over; `tag` is put to a To that has none.
fn head(headers: &Headers, tag: Option<&str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    for via in headers.all("Via") {
        line(&mut out, "Via", via);
    }
    line(&mut out, "From", headers.get("From").unwrap_or_default());
    let to = headers.get("To").unwrap_or_default();
    match tag {
        Some(tag) => line(&mut out, "To", &format!("{to};tag={tag}")),
        None => line(&mut out, "To", to),
    }
    line(&mut out, "Call-ID", headers.get("Call-ID").unwrap_or_default());
    line(&mut out, "CSeq", headers.get("CSeq").unwrap_or_default());
    out
}
