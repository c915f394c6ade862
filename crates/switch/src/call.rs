//! A call of a session, from its first message to its last.

use std::collections::VecDeque;

use cordboard_engine::{self as engine, CallEvent, Unit};
use cordboard_media as media;
use cordboard_now::Instant;
use cordboard_sip as sip;

use crate::{
    io::Output,
    switch::{Key, Switch},
};

/// How long a call that came in waits for its answer, and how long one that was placed rings. voxengine.md §6.
pub(crate) const ANSWER_MS: u64 = 60_000;

/// What a caller hears of a call that a session hangs up on, or ends with. voxengine.md §8.
pub(crate) const DECLINED: u16 = 603;

/// A leg that takes no digits says so within this time. Our own bound.
const REFUSAL_MS: u64 = 1_000;

/// Digits that wait for those before at most. Our own bound.
const MOST_DIGITS: usize = 1_000;

/// How often a peer of an answered call whose audio does not say that it lives is asked whether it is there.
const SILENCE_MS: u64 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It came in, or was placed, and is not answered.
    Unanswered,
    /// Our 200 is on its way.
    Answering,
    Connected,
}

/// What an incoming call does with its description once it is there.
#[derive(Debug)]
pub(crate) enum Want {
    EarlyMedia { headers: Vec<(String, String)> },
    Answer { headers: Vec<(String, String)> },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Reinvite {
    pub request: sip::RequestId,
    /// It brought an offer. Without one ours goes with the 200, and its ACK brings the answer (RFC 3261 §14.1).
    pub offers: bool,
}

/// One dialog of a call: an incoming call has one, a call to a user has one for each device until one of them answers.
#[derive(Debug)]
pub(crate) struct Branch {
    pub dialog: sip::CallId,
    pub leg: Option<media::LegId>,
    /// Where the call goes if nobody is where this one goes.
    pub elsewhere: Option<Box<crate::place::Placing>>,
    /// What is sent once the offer is there.
    pub invite: Option<(sip::Target, Box<sip::Invite>)>,
    /// The peer's description is taken.
    pub agreed: bool,
    /// Descriptions that were asked for and are not there. Only the last one counts: a peer may have cancelled what the others answer.
    pub describing: u32,
    /// A re-INVITE that waits for our description.
    pub reinvite: Option<Reinvite>,
    /// Our description as it was sent last.
    pub described: Option<Vec<u8>>,
    pub transport: sip::Transport,
    /// Where its signalling comes from.
    pub source: std::net::IpAddr,
    /// Whether what we offered is encrypted.
    pub encrypted: bool,
    /// It has said that it rings.
    pub rang: bool,
    /// Its first packet came.
    pub heard: bool,
    /// No audio comes any more.
    pub silent: bool,
    /// The peer does not want to be heard for now.
    pub held: bool,
}

impl Branch {
    pub fn new(dialog: sip::CallId, transport: sip::Transport, source: std::net::IpAddr) -> Self {
        Self {
            dialog,
            leg: None,
            elsewhere: None,
            invite: None,
            agreed: false,
            describing: 0,
            reinvite: None,
            described: None,
            transport,
            source,
            encrypted: false,
            rang: false,
            heard: false,
            silent: false,
            held: false,
        }
    }

    /// Browsers speak with ICE and DTLS-SRTP.
    pub fn is_web(&self) -> bool {
        matches!(self.transport, sip::Transport::Ws | sip::Transport::Wss)
    }
}

/// What a device answered that did not take the call.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub status: u16,
    pub reason: String,
    pub headers: Vec<(String, String)>,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub phase: Phase,
    pub incoming: bool,
    /// `pstn`, `user` or `sip`.
    pub kind: &'static str,
    pub branches: Vec<Branch>,
    /// The worst that a branch ended with so far.
    pub failure: Option<Failure>,
    /// What a placed call waits for before it has branches.
    pub placing: Option<Box<crate::place::Placing>>,
    /// The offer of an incoming call that is not described yet.
    pub offer: Option<Vec<u8>>,
    pub want: Option<Want>,
    /// Whether the description left already, with 183.
    pub early: bool,
    /// What it hears.
    pub hears: Option<Unit>,
    pub telephone_event: bool,
    pub info_tones: bool,
    /// What was sent last and not by INFO, for a peer that takes it by INFO alone.
    pub digits: VecDeque<char>,
    pub digits_at: Instant,
    pub encrypted: bool,
    pub due: Option<Instant>,
    pub sip_call_id: String,
    /// Of the caller, where the call came in.
    pub display_name: String,
    /// Whom an incoming call is for.
    pub called: Option<sip::Uri>,
    pub audio_started: bool,
}

impl Call {
    pub fn new(kind: &'static str, incoming: bool, now: Instant) -> Self {
        Self {
            phase: Phase::Unanswered,
            incoming,
            kind,
            branches: Vec::new(),
            failure: None,
            placing: None,
            offer: None,
            want: None,
            early: false,
            hears: None,
            telephone_event: false,
            info_tones: false,
            digits: VecDeque::new(),
            digits_at: now,
            encrypted: false,
            due: None,
            sip_call_id: String::new(),
            display_name: String::new(),
            called: None,
            audio_started: false,
        }
    }

    /// The leg that the call's audio goes over, once it is sure which.
    pub fn leg(&self) -> Option<media::LegId> {
        match &self.branches[..] {
            [only] => only.leg,
            _ => None,
        }
    }

    pub fn branch(&mut self, dialog: sip::CallId) -> Option<&mut Branch> {
        self.branches.iter_mut().find(|branch| branch.dialog == dialog)
    }

    pub fn dialog(&self) -> Option<sip::CallId> {
        match &self.branches[..] {
            [only] => Some(only.dialog),
            _ => None,
        }
    }
}

/// Headers of one message that a scenario sees, bytes; the rest is left out. Twice what it may write: voxengine.md §6.
const SHOWN_BYTES: usize = 8_190;

/// Who speaks, as the network knows it. RFC 3325 §9.1.
const ASSERTED: &str = "P-Asserted-Identity";

/// Body of an INFO or a MESSAGE of a peer, bytes, else 413. Twice what a scenario may send: voxengine.md §6.
const BODY_BYTES: usize = 16_384;

/// A text of a peer as one line: logs are lines, PostgreSQL's texts have no NUL, and a URI brings either as `%0A` or `%00`.
pub(crate) fn line(text: Option<&str>) -> String {
    text.unwrap_or_default().chars().map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

/// Headers that scenarios see: `X-…` and `User-to-User`, in the sender's spelling. voxengine.md §3.
pub(crate) fn shown(headers: &sip::Headers) -> Vec<(String, String)> {
    let shown = headers.iter().filter(|(name, _)| engine::is_shown(name) || name.eq_ignore_ascii_case("User-to-User"));
    let mut room = SHOWN_BYTES;
    shown
        .map_while(|(name, value)| {
            room = room.checked_sub(name.len() + value.len())?;
            Some((name.to_owned(), line(Some(value))))
        })
        .collect()
}

/// The same with the `Reason` that ended the call.
pub(crate) fn shown_at_end(headers: &sip::Headers) -> Vec<(String, String)> {
    let mut shown = shown(headers);
    shown.extend(headers.get("Reason").map(|reason| ("Reason".to_owned(), line(Some(reason)))));
    shown
}

/// Who answers, by a name for the caller's display (RFC 3325 §9.1, in responses RFC 5876 §3.1). Nothing without a name.
fn identity(name: &str, called: sip::Uri) -> Option<(String, String)> {
    let name = line(Some(name));
    let asserted = sip::NameAddr { display_name: Some(name.clone()), uri: sip::Uri::sip(called.user.as_deref(), &called.host, called.port), params: Vec::new() };
    (!name.is_empty()).then(|| (ASSERTED.to_owned(), asserted.to_string()))
}

/// The name of who answered: as its network says, or else as the peer wrote it behind our own.
pub(crate) fn answered_by(headers: &sip::Headers) -> String {
    let asserted = headers.addresses(ASSERTED).unwrap_or_default().into_iter().find_map(|address| address.display_name);
    let name = asserted.or_else(|| headers.to().ok()?.display_name);
    line(name.as_deref())
}

/// The body if it is a session description.
pub(crate) fn description(headers: &sip::Headers, body: &[u8]) -> Option<Vec<u8>> {
    (!body.is_empty() && headers.content_type().as_deref() == Some("application/sdp")).then(|| body.to_vec())
}

pub(crate) fn sdp(bytes: Vec<u8>) -> Option<(String, Vec<u8>)> {
    Some(("application/sdp".to_owned(), bytes))
}

pub(crate) fn transport_name(transport: sip::Transport) -> String {
    match transport {
        sip::Transport::Udp => "UDP",
        sip::Transport::Tcp => "TCP",
        sip::Transport::Tls => "TLS",
        sip::Transport::Ws => "WS",
        sip::Transport::Wss => "WSS",
    }
    .to_owned()
}

impl Switch {
    pub(crate) fn key_of(&self, dialog: sip::CallId) -> Option<Key> {
        self.dialogs.get(&dialog).copied()
    }

    /// When the call is looked at again.
    pub(crate) fn set_due(&mut self, key: Key, due: Option<Instant>) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        if let Some(before) = std::mem::replace(&mut call.due, due) {
            self.timers.remove(&(before, key));
        }
        if let Some(at) = due {
            self.timers.insert((at, key));
        }
    }

    /// A new leg of the call's audio.
    pub(crate) fn new_leg(&mut self, key: Key) -> media::LegId {
        let leg = media::LegId(self.number());
        self.legs.insert(leg, key);
        leg
    }

    /// Forgets a branch and its audio; its dialog is ended if it still lives.
    pub(crate) fn drop_branch(&mut self, branch: &Branch, hang_up: Option<Vec<(String, String)>>) {
        self.dialogs.remove(&branch.dialog);
        if let Some(headers) = hang_up.filter(|_| branch.invite.is_none()) {
            self.sip(sip::Command::Hangup { call: branch.dialog, headers });
        }
        if let Some(leg) = branch.leg {
            self.legs.remove(&leg);
            self.media(media::Command::Close { leg });
        }
    }

    /// Forgets a call, ending what lives of it: a call that came in and has no final answer is declined. Nothing is told.
    pub(crate) fn release(&mut self, key: Key, headers: Vec<(String, String)>) -> Option<Call> {
        self.set_due(key, None);
        let call = self.calls.remove(&key)?;
        if let Some(dialog) = call.dialog().filter(|_| call.incoming && call.phase != Phase::Connected) {
            self.sip(sip::Command::Answer { call: dialog, reply: sip::Reply { status: DECLINED, headers: headers.clone(), ..sip::Reply::default() } });
        }
        for branch in &call.branches {
            self.drop_branch(branch, Some(headers.clone()));
        }
        self.forget(key);
        Some(call)
    }

    /// Forgets a call whose dialogs have ended.
    fn over(&mut self, key: Key) -> Option<Call> {
        self.set_due(key, None);
        let call = self.calls.remove(&key)?;
        for branch in &call.branches {
            self.drop_branch(branch, None);
        }
        self.forget(key);
        Some(call)
    }

    fn forget(&mut self, key: Key) {
        let unit = Unit::Call(key.call);
        let calls = match self.sessions.get_mut(&key.session_id) {
            Some(held) => {
                held.calls.remove(&key.call);
                held.calls.clone()
            }
            None => return,
        };
        for call in calls {
            if let Some(other) = self.calls.get_mut(&Key { call, ..key })
                && other.hears == Some(unit)
            {
                other.hears = None;
            }
        }
    }

    /// An outgoing call is not answered: told, explained, forgotten.
    pub(crate) fn fail(&mut self, key: Key, code: u16, reason: &str, headers: Vec<(String, String)>, why: Option<String>) {
        self.release(key, Vec::new());
        if let Some(text) = why {
            self.put(Output::Explain { session_id: key.session_id, call: key.call, text });
        }
        self.tell(key, CallEvent::Failed { code, reason: reason.to_owned(), headers });
    }

    /// An answered call has no time limit, but a peer whose audio does not say that it lives is asked: one that fell silent, was never
    /// heard, or is on hold.
    pub(crate) fn look_after(&mut self, key: Key) {
        let lives = |branch: &Branch| branch.heard && !branch.silent && !branch.held;
        let is_heard = self.calls.get(&key).is_some_and(|call| call.branches.iter().any(lives));
        self.set_due(key, (!is_heard).then(|| self.now.monotonic.plus(SILENCE_MS)));
    }

    pub(crate) fn call_due(&mut self, key: Key) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        call.due = None;
        match call.phase {
            Phase::Unanswered | Phase::Answering if call.incoming => {
                let dialog = call.dialog();
                if let Some(dialog) = dialog {
                    self.sip(sip::Command::Answer { call: dialog, reply: sip::Reply { status: 480, ..sip::Reply::default() } });
                }
                self.release(key, Vec::new());
                let text = format!("The scenario did not answer the call within {} s.", ANSWER_MS / 1_000);
                self.put(Output::Explain { session_id: key.session_id, call: key.call, text });
                self.tell(key, CallEvent::Disconnected { reason: "Temporarily Unavailable".to_owned(), internal_code: 480, headers: Vec::new() });
            }
            Phase::Unanswered | Phase::Answering => self.fail(key, 408, "Request Timeout", Vec::new(), Some("Nobody answered in time.".to_owned())),
            Phase::Connected => self.probe(key),
        }
    }

    /// Asks a silent peer whether it is there; the agent reports `Lost` if nobody answers.
    fn probe(&mut self, key: Key) {
        let Some(dialog) = self.calls.get(&key).and_then(Call::dialog) else { return };
        let request = self.agent.request();
        self.sip(sip::Command::Inside { call: dialog, request, method: "OPTIONS".to_owned(), headers: Vec::new(), body: None });
        self.set_due(key, Some(self.now.monotonic.plus(SILENCE_MS)));
    }

    /// A dialog is over without our doing, or by an end of ours that nobody waits for any more.
    pub(crate) fn ended(&mut self, dialog: sip::CallId, why: sip::Why, request: Option<&sip::Request>) {
        if self.arrival_ended(dialog) {
            return;
        }
        let Some(key) = self.key_of(dialog) else { return };
        let Some(call) = self.over(key) else { return };
        let pstn = call.kind == "pstn";
        let (reason, internal_code) = match why {
            sip::Why::Cancelled => ("Request Terminated", 487),
            sip::Why::Bye | sip::Why::Local => {
                let cause = request.filter(|_| pstn).and_then(|request| q850(&request.headers));
                ("Normal call clearing", cause.unwrap_or(if pstn { 16 } else { 200 }))
            }
            sip::Why::NoAck => ("The answer was not acknowledged", 408),
            sip::Why::Lost => ("The peer is gone", 408),
        };
        if matches!(why, sip::Why::NoAck | sip::Why::Lost) {
            self.put(Output::Explain { session_id: key.session_id, call: key.call, text: format!("A call ended because of this: {}.", reason.to_lowercase()) });
        }
        let headers = request.map(|request| shown_at_end(&request.headers)).unwrap_or_default();
        if call.incoming || call.phase == Phase::Connected {
            self.tell(key, CallEvent::Disconnected { reason: reason.to_owned(), internal_code, headers });
        } else {
            self.tell(key, CallEvent::Failed { code: 503, reason: reason.to_owned(), headers });
        }
    }

    /// What a scenario does to a call.
    pub(crate) fn act(&mut self, key: Key, action: engine::CallAction) {
        use engine::CallAction as Act;
        let Some(call) = self.calls.get_mut(&key) else { return };
        let (incoming, phase) = (call.incoming, call.phase);
        let dialog = call.dialog();
        match action {
            Act::Ring { headers } => {
                if let (true, Phase::Unanswered, Some(call)) = (incoming, phase, dialog) {
                    self.sip(sip::Command::Answer { call, reply: sip::Reply { status: 180, headers, ..sip::Reply::default() } });
                }
            }
            Act::EarlyMedia { headers } if incoming && phase == Phase::Unanswered => self.describe(key, Want::EarlyMedia { headers }),
            Act::Answer { mut headers, display_name } if incoming && phase == Phase::Unanswered => {
                call.phase = Phase::Answering;
                // `easyProcess` hands on the name that the other call was placed with, which is the caller's own where it was forwarded.
                let called = call.called.take().filter(|_| line(Some(&display_name)) != call.display_name);
                headers.extend(called.and_then(|called| identity(&display_name, called)));
                // The ACK may come after the time for the answer; without one the agent ends the call.
                self.set_due(key, Some(self.now.monotonic.plus(ANSWER_MS)));
                self.describe(key, Want::Answer { headers });
            }
            Act::EarlyMedia { .. } | Act::Answer { .. } => {}
            Act::Reject { code, headers } => {
                if let (true, Phase::Unanswered, Some(call)) = (incoming, phase, dialog) {
                    self.sip(sip::Command::Answer { call, reply: sip::Reply { status: code, headers, ..sip::Reply::default() } });
                    self.over(key);
                    self.tell(key, CallEvent::Disconnected { reason: "Rejected by the scenario".to_owned(), internal_code: code, headers: Vec::new() });
                }
            }
            Act::Hangup { headers } => {
                let pstn = call.kind == "pstn";
                self.release(key, headers);
                let event = if incoming && phase != Phase::Connected {
                    CallEvent::Disconnected { reason: "Decline".to_owned(), internal_code: DECLINED, headers: Vec::new() }
                } else if phase == Phase::Connected {
                    CallEvent::Disconnected { reason: "Normal call clearing".to_owned(), internal_code: if pstn { 16 } else { 200 }, headers: Vec::new() }
                } else {
                    CallEvent::Failed { code: 487, reason: "Request Terminated".to_owned(), headers: Vec::new() }
                };
                self.tell(key, event);
            }
            Act::Tones { telephone_event, info } => {
                (call.telephone_event, call.info_tones) = (telephone_event, info);
                let legs: Vec<_> = call.branches.iter().filter_map(|branch| branch.leg).collect();
                for leg in legs {
                    self.media(media::Command::Tones { leg, on: telephone_event });
                }
            }
            Act::Digits { digits } => {
                if let Some(leg) = call.leg() {
                    // Those before may be on their way still: by INFO, or to the leg that will refuse them.
                    let before = std::mem::replace(&mut call.digits_at, self.now.monotonic);
                    if before.plus(REFUSAL_MS) < self.now.monotonic && !self.asked.values().any(|asking| *asking == key) {
                        call.digits.clear();
                    }
                    call.digits.extend(digits.chars().filter(|digit| !matches!(digit, 'p' | 'P')).take(MOST_DIGITS.saturating_sub(call.digits.len())));
                    self.media(media::Command::Digits { leg, digits });
                }
            }
            Act::Message { text } => {
                self.inside(key, "MESSAGE", Vec::new(), Some(("text/plain;charset=UTF-8".to_owned(), text.into_bytes())));
            }
            Act::Info { mime_type, body, headers } => {
                self.inside(key, "INFO", headers, Some((mime_type, body.into_bytes())));
            }
            // Descriptions are ours to agree on, so that a peer never waits for a scenario that does not listen.
            Act::ReInvite { .. } | Act::AcceptReInvite { .. } | Act::RejectReInvite { .. } => {}
        }
    }

    pub(crate) fn inside(&mut self, key: Key, method: &str, headers: Vec<(String, String)>, body: Option<(String, Vec<u8>)>) -> Option<sip::RequestId> {
        let call = self.calls.get(&key).and_then(Call::dialog)?;
        let request = self.agent.request();
        self.sip(sip::Command::Inside { call, request, method: method.to_owned(), headers, body });
        Some(request)
    }

    pub(crate) fn replied(&mut self, request: sip::RequestId) {
        if let Some(key) = self.asked.remove(&request) {
            self.next_digit(key);
        }
    }

    /// A request inside a call.
    pub(crate) fn requested(&mut self, dialog: sip::CallId, request: sip::RequestId, message: &sip::Request) {
        let reply = |status: u16| sip::Reply { status, ..sip::Reply::default() };
        let Some(key) = self.key_of(dialog) else {
            self.sip(sip::Command::Reply { request, reply: reply(481) });
            return;
        };
        let text = || String::from_utf8_lossy(&message.body).into_owned();
        let mime_type = line(message.headers.get("Content-Type"));
        match message.method.as_str() {
            // A session's mailbox holds thousands of them.
            "INFO" | "MESSAGE" if message.body.len() > BODY_BYTES => self.sip(sip::Command::Reply { request, reply: reply(413) }),
            "INFO" => {
                self.sip(sip::Command::Reply { request, reply: reply(200) });
                let info_tones = self.calls.get(&key).is_some_and(|call| call.info_tones);
                match dtmf(&mime_type, &text()).filter(|_| info_tones) {
                    Some(tone) => self.tell(key, CallEvent::Tone { tone, kind: 3 }),
                    // A key that is none to the scenario is handed on by who hands on what comes.
                    None => self.tell(key, CallEvent::Info { mime_type, body: text(), headers: shown(&message.headers) }),
                }
            }
            // Notes that somebody is typing, and files, are no messages of scenarios (RFC 3428 §7).
            "MESSAGE" if !is_text(&mime_type) => {
                let headers = vec![("Accept".to_owned(), "text/plain".to_owned())];
                self.sip(sip::Command::Reply { request, reply: sip::Reply { status: 415, headers, ..sip::Reply::default() } });
            }
            "MESSAGE" => {
                self.sip(sip::Command::Reply { request, reply: reply(200) });
                self.tell(key, CallEvent::Message { text: text(), headers: shown(&message.headers) });
            }
            "INVITE" | "UPDATE" => self.reinvited(key, dialog, request, message),
            "OPTIONS" => self.sip(sip::Command::Reply { request, reply: reply(200) }),
            _ => self.sip(sip::Command::Reply { request, reply: reply(405) }),
        }
    }
}

/// The cause with which a telephone network ended the call (RFC 3326 §2): `Q.850;cause=16;text="…"`.
fn q850(headers: &sip::Headers) -> Option<u16> {
    headers.all("Reason").flat_map(|value| value.split(',')).find_map(|value| {
        let mut words = value.split(';').map(str::trim);
        let cause = words.next()?.eq_ignore_ascii_case("Q.850").then(|| words.find_map(|word| word.strip_prefix("cause=")))??;
        cause.trim().parse().ok().filter(|cause| (1..=127).contains(cause))
    })
}

/// Whether a MESSAGE is to be read by people; one without a type is plain text.
fn is_text(mime_type: &str) -> bool {
    mime_type.is_empty() || mime_type.get(..5).is_some_and(|kind| kind.eq_ignore_ascii_case("text/"))
}

/// A digit of an INFO: `application/dtmf-relay` with `Signal=5`, or `application/dtmf` with the digit alone.
fn dtmf(mime_type: &str, body: &str) -> Option<char> {
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    let signal = if essence.eq_ignore_ascii_case("application/dtmf-relay") {
        let line = body.lines().find_map(|line| line.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("signal")))?;
        line.1.trim().to_owned()
    } else if essence.eq_ignore_ascii_case("application/dtmf") {
        body.trim().to_owned()
    } else {
        return None;
    };
    match signal.as_str() {
        "10" => Some('*'),
        "11" => Some('#'),
        _ => signal.chars().next().map(|tone| tone.to_ascii_uppercase()).filter(|tone| signal.len() == 1 && "0123456789*#ABCD".contains(*tone)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_networks_cause_is_read_from_among_other_reasons() {
        let cause = |value: &str| {
            let text = format!(
                "BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\nReason: {value}\r\n\r\n"
            );
            let sip::Message::Request(request) = sip::Message::parse(text.as_bytes()).unwrap() else { unreachable!() };
            q850(&request.headers)
        };
        assert_eq!(cause("Q.850;cause=31;text=\"Normal, unspecified\""), Some(31));
        assert_eq!(cause("SIP ;cause=200, q.850 ; text=\"x\" ; cause=17"), Some(17));
        for none in ["SIP;cause=200", "Q.850", "Q.850;cause=", "Q.850;cause=0", "Q.850;cause=999", ""] {
            assert_eq!(cause(none), None, "{none}");
        }
    }
}
