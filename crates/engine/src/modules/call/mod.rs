//! Calls: what they are, and how they are placed. What is done to them is in `actions`, what happens to them in `events`.

mod actions;
mod events;
mod headers;

use cordboard_now::Instant;
use rquickjs::Ctx;
use serde::Deserialize;

pub use events::{Told, alerting, failed_soon, happened, quality_detected};

use super::{Ops, forward, js, native, thrown};
use crate::{
    host::{Host, Soon},
    io::{Destination, Direction, Leg, Output, Placing},
    limits,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Incoming, unanswered.
    Alerting,
    /// Outgoing, unanswered.
    Progressing,
    Connected,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alerting => "ALERTING",
            Self::Progressing => "PROGRESSING",
            Self::Connected => "CONNECTED",
        }
    }
}

/// What a call that came in hears when the scenario hangs it up without an answer, or ends: 603 Decline. RFC 3261 §21.6.2.
const DECLINED: u16 = 603;
const DECLINE: &str = "Decline";

/// A call that is not over.
pub struct Call {
    /// What scenarios and the log call it.
    pub id: String,
    pub state: State,
    /// As the history will have it.
    pub leg: Leg,
    connected_at: Option<Instant>,
    /// The caller hears something before the answer.
    early: bool,
    answering: bool,
    /// Hung up or rejected; its last event is to come.
    ending: bool,
    /// The peer's re-INVITE waits for an answer.
    /// Which tones the scenario hears of.
    telephone_event: bool,
    info: bool,
    /// What it says or plays by itself.
    pub player: Option<u64>,
    /// It was never placed and fails soon, with this code and reason.
    refused: Option<(u16, String)>,
}

impl Call {
    fn new(id: String, state: State, leg: Leg) -> Self {
        Self { id, state, leg, connected_at: None, early: false, answering: false, ending: false, telephone_event: false, info: false, player: None, refused: None }
    }

    /// Why its peer can hear nothing, now or once an answer is there.
    pub fn inaudible(&self) -> Option<String> {
        if self.ending {
            return Some("the call is being hung up".to_owned());
        }
        let audible = self.state == State::Connected || self.early || self.answering;
        (!audible).then(|| format!("the call is {} and has no early media", self.state.name()))
    }

    /// Whether anybody outside knows of it.
    pub const fn is_placed(&self) -> bool {
        self.refused.is_none()
    }

    /// Writes its end into the history. A duration is whole seconds, rounded up (voxengine.md §11).
    pub fn finish(&mut self, now: Instant, code: i64, reason: &str) {
        if let Some(at) = self.connected_at {
            self.leg.successful = true;
            self.leg.duration_seconds = i64::try_from(now.0.saturating_sub(at.0).div_ceil(1_000)).unwrap_or(i64::MAX);
        }
        self.leg.end_code = code;
        reason.clone_into(&mut self.leg.end_reason);
    }

    /// How the history has a call that the session's end ended, because of a fault of the scenario or without one.
    pub fn released(mut self, now: Instant, fault: Option<&str>, unanswered: impl Fn() -> String) -> Leg {
        // What the scenario ended itself, or was refused, has its reason.
        if !self.ending && self.refused.is_none() {
            let without_fault = || (self.state != State::Connected).then(&unanswered);
            self.leg.explanation = fault.map(str::to_owned).or_else(without_fault);
        }
        let (code, reason) = match (self.refused.take(), self.state) {
            (Some((code, reason)), _) => (i64::from(code), reason),
            (None, State::Connected) => (200, "Normal call clearing".to_owned()),
            (None, State::Alerting) if self.leg.end_code != 0 => {
                let reason = if self.leg.end_reason.is_empty() { "Rejected" } else { &self.leg.end_reason };
                (self.leg.end_code, reason.to_owned())
            }
            (None, State::Alerting) => (i64::from(DECLINED), "The session ended".to_owned()),
            (None, State::Progressing) => (487, "The session ended".to_owned()),
        };
        self.finish(now, code, &reason);
        self.leg
    }
}

/// What a scenario asks for when it places a call.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wish {
    /// `pstn`, `user`, `sip` or `wab`.
    client_type: String,
    to: String,
    callerid: String,
    display_name: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    auth_user: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    out_proxy: Option<String>,
    /// What is wished for and cannot be done.
    #[serde(default)]
    unavailable: Option<String>,
}

fn identifier(host: &mut Host) -> String {
    host.chance.bytes::<16>().iter().map(|byte| format!("{byte:02X}")).collect()
}

fn place(host: &mut Host, wish: Wish) -> Result<u64, String> {
    host.running("A call")?;
    let texts = [Some(&wish.to), Some(&wish.callerid), Some(&wish.display_name), wish.auth_user.as_ref(), wish.password.as_ref(), wish.out_proxy.as_ref()];
    if texts.into_iter().flatten().any(|text| text.len() > limits::DESTINATION_BYTES) {
        return Err(format!("the destination, the caller id and other texts of a call may have {} bytes each", limits::DESTINATION_BYTES));
    }
    let attempts = host.legs.len() + host.calls.len();
    if attempts >= limits::CALLS_REFUSED {
        return Err(format!("a session may attempt {} calls; this one went on far beyond", limits::CALLS));
    }
    let unanswered = host.calls.values().filter(|call| call.is_placed() && call.state != State::Connected).count();
    // Beyond a documented limit a call fails with 403, and the scenario hears of it as of any other failure (voxengine.md §6).
    let refused = if attempts >= limits::CALLS || unanswered >= limits::CALLS_UNANSWERED {
        Some((403, "Call limit reached".to_owned()))
    } else {
        wish.unavailable.as_ref().map(|what| (501, format!("{what} is not yet available in Cordboard")))
    };
    let id = identifier(host);
    let Wish { client_type, to, callerid, display_name, headers, auth_user, password, out_proxy, .. } = wish;
    let kind = if client_type == "wab" { "user" } else { client_type.as_str() };
    let key = host.number();
    let leg = host.leg(key, Direction::Outgoing, &callerid, &to, kind);
    host.log(&format!("Executing JS command: Call with params [id = {id}; type = {client_type}; number = {to}; callerid = {callerid}; ]"));
    let mut call = Call::new(id, State::Progressing, leg);
    if refused.is_some() {
        call.refused = refused;
        host.soon.push_back(Soon::CallFailed(key));
    } else {
        let headers = headers::sent(host, headers, true);
        let bytes = to.len() + callerid.len() + display_name.len() + headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        let to = match client_type.as_str() {
            "pstn" => Destination::Pstn(to),
            "sip" => Destination::Sip { uri: to, auth_user, password, out_proxy },
            _ => Destination::User(to),
        };
        host.call_output(bytes, Output::Place { call: key, placing: Box::new(Placing { to, callerid, display_name, headers }) })?;
    }
    host.calls.insert(key, call);
    Ok(key)
}

/// The ops of `call.js`.
pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    ops.add("callMethods", forward::define_methods)?;
    let host = ops.host();
    ops.add("act", move |ctx: Ctx<'_>, call: f64, name: String, action: String| {
        let action = serde_json::from_str(&action).map_err(|error| error.to_string());
        thrown(&ctx, action.and_then(|action| actions::act(&mut host.lock(), native(call), &name, action)))
    })
}

/// The ops of `actions.js`.
pub fn install_actions(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("qualityDetected", move |call: f64| host.lock().soon.push_back(Soon::QualityDetected(native(call))))?;
    let host = ops.host();
    ops.add("callCustomData", move |ctx: Ctx<'_>, call: f64, text: String| {
        if text.len() > limits::CUSTOM_DATA_BYTES {
            return thrown(&ctx, Err(format!("custom data may have {} bytes", limits::CUSTOM_DATA_BYTES)));
        }
        if let Some(call) = host.lock().calls.get_mut(&native(call)) {
            call.leg.custom_data = Some(text);
        }
        Ok(())
    })
}

/// The ops of `place.js`.
pub fn install_place(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    // What is longer is refused when the call is placed.
    ops.add("hasBlank", |text: String| text.chars().take(limits::DESTINATION_BYTES).any(char::is_whitespace))?;
    let host = ops.host();
    ops.add("call", move |ctx: Ctx<'_>, wish: String| {
        let wish = serde_json::from_str(&wish).map_err(|error| error.to_string());
        thrown(&ctx, wish.and_then(|wish| place(&mut host.lock(), wish)).map(js))
    })?;
    let host = ops.host();
    ops.add("callId", move |call: f64| host.lock().calls.get(&native(call)).map(|call| call.id.clone()))
}

/// The ops of `process.js`.
pub fn install_process(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    ops.add("withoutBlanks", |text: String| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>())
}
