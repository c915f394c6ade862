//! What happens to calls, in the words of scenarios (voxengine.md §9, §11).

use serde_json::{Value, json};

use super::{Call, DECLINE, DECLINED, State, headers::shown, identifier};
use crate::{
    host::{Host, Stage},
    io::{Alerting, CallAction, CallEvent, Direction, Leg, Output},
    limits,
};

/// What a scenario is told: the event's name behind `Call.`, its own fields, and whether the call is over.
pub struct Told {
    pub name: &'static str,
    pub fields: Value,
    pub is_last: bool,
}

/// Takes in a call that came in, and gives what `CallAlerting` says of it. What the session cannot take is refused.
pub fn alerting(host: &mut Host, number: u64, alerting: Alerting) -> Option<Value> {
    if host.calls.contains_key(&number) {
        return None;
    }
    let Alerting { callerid, destination, display_name, to_uri, from_uri, headers, custom_data, client_type } = alerting;
    let mut leg = host.leg(number, Direction::Incoming, &destination, &callerid, &client_type);
    leg.custom_data = (!custom_data.is_empty()).then(|| custom_data.clone());
    if host.stage != Stage::Running || host.legs.len() + host.calls.len() >= limits::CALLS {
        refuse(host, leg);
        return None;
    }
    let id = identifier(host);
    host.log(&format!(
        "Sent event to JS Application.CallAlerting with params [id = {id}; callerid = {callerid}; destination = {destination}; displayName = {display_name}; fromURI = {from_uri}; toURI = {to_uri}; ]"
    ));
    host.calls.insert(number, Call::new(id.clone(), State::Alerting, leg));
    Some(json!({
        "id": id,
        "clientType": client_type,
        "callerid": callerid,
        "destination": destination,
        "displayName": display_name,
        "toURI": to_uri,
        "fromURI": from_uri,
        "headers": shown(&headers),
        "customData": custom_data,
        "scheme": {},
    }))
}

/// Refuses a call that came in to a session which ends, or has had its calls.
fn refuse(host: &mut Host, leg: Leg) {
    let (code, reason, why) = if host.stage == Stage::Running {
        (403, "Call limit reached", format!("A session may attempt {} calls; those that come in count.", limits::CALLS))
    } else {
        (480, "The session ended", host.fault.clone().unwrap_or_else(|| "The session was ending when the call came in.".to_owned()))
    };
    host.outputs.push_back(Output::Call { call: leg.call, action: CallAction::Reject { code, headers: Vec::new() } });
    if host.legs.len() + host.calls.len() < limits::CALLS_REFUSED {
        host.legs.push(Leg { end_code: i64::from(code), end_reason: reason.to_owned(), explanation: Some(why), ..leg });
    }
}

/// Takes what happened to a call, unless it is over or the event tells nothing.
pub fn happened(host: &mut Host, number: u64, event: CallEvent) -> Option<Told> {
    let now = host.now.monotonic;
    let call = host.calls.get_mut(&number)?;
    let told = |name: &'static str, fields: Value| Some(Told { name, fields, is_last: false });
    let told = match event {
        CallEvent::Ringing { headers } => told("Ringing", json!({"headers": shown(&headers)})),
        CallEvent::AudioStarted { code, headers, transport } => told("AudioStarted", json!({"code": code, "headers": shown(&headers), "sipTransport": transport})),
        CallEvent::FirstAudioPacketReceived => told("FirstAudioPacketReceived", json!({})),
        CallEvent::Connected { .. } if call.state == State::Connected => None,
        CallEvent::Connected { sip_call_id, display_name, headers, encrypted, transport } => {
            call.state = State::Connected;
            call.connected_at = Some(now);
            told(
                "Connected",
                json!({"sipCallId": sip_call_id, "displayName": display_name, "headers": shown(&headers), "encrypted": encrypted, "sipTransport": transport, "scheme": {}}),
            )
        }
        CallEvent::Failed { code, reason, headers } => {
            call.finish(now, i64::from(code), &reason);
            Some(Told { name: "Failed", fields: json!({"code": code, "reason": reason, "headers": shown(&headers)}), is_last: true })
        }
        CallEvent::Disconnected { reason, internal_code, headers } => Some(disconnected(host, number, &reason, internal_code, headers)?),
        CallEvent::Tone { tone, kind } => {
            let heard = !call.ending && ((kind == 1 && call.telephone_event) || (kind == 3 && call.info));
            if heard { told("ToneReceived", json!({"tone": tone.to_string(), "type": kind})) } else { None }
        }
        CallEvent::Message { text, headers } => told("MessageReceived", json!({"text": text, "headers": shown(&headers)})),
        CallEvent::Info { mime_type, body, headers } => told("InfoReceived", json!({"mimeType": mime_type, "body": body, "headers": shown(&headers)})),
        CallEvent::Held { on } => told(if on { "OnHold" } else { "OffHold" }, json!({})),
        CallEvent::Silent { on } => told(if on { "RtpStopped" } else { "RtpResumed" }, json!({})),
        CallEvent::ReInvite { mime_type, body, headers } => told("ReInviteReceived", json!({"mimeType": mime_type, "body": body, "headers": shown(&headers)})),
        CallEvent::ReInviteAccepted { mime_type, body, headers } => told("ReInviteAccepted", json!({"mimeType": mime_type, "body": body, "headers": shown(&headers)})),
        CallEvent::ReInviteRejected { code, headers } => told("ReInviteRejected", json!({"code": code, "headers": shown(&headers)})),
    }?;
    log(host, number, &told);
    if told.is_last {
        over(host, number);
    }
    Some(told)
}

fn disconnected(host: &mut Host, number: u64, mut reason: &str, mut internal_code: u16, mut headers: Vec<(String, String)>) -> Option<Told> {
    let now = host.now.monotonic;
    let call = host.calls.get_mut(&number)?;
    // Nothing was cleared that was never answered: the caller got a refusal.
    if call.state == State::Alerting && call.leg.end_reason == DECLINE && internal_code < 300 {
        (reason, internal_code) = (DECLINE, DECLINED);
    }
    let code = match call.state {
        State::Connected => 200,
        // What was sent, or what the switch says of a caller who gave up.
        _ if internal_code >= 300 => i64::from(internal_code),
        _ if call.leg.end_code != 0 => call.leg.end_code,
        _ => 487,
    };
    call.finish(now, code, reason);
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Reason")) {
        // RFC 3326. A code of the public network is one of Q.850.
        let protocol = if call.leg.remote_number_type == "pstn" && internal_code < 128 { "Q.850" } else { "SIP" };
        headers.push(("Reason".to_owned(), format!("{protocol};cause={internal_code};text=\"{}\"", reason.replace(['"', '\\'], ""))));
    }
    let fields = json!({
        "duration": call.leg.duration_seconds,
        "cost": 0,
        "direction": "",
        "internalCode": internal_code,
        "reason": reason,
        "headers": shown(&headers),
    });
    Some(Told { name: "Disconnected", fields, is_last: true })
}

/// A call that was never placed fails.
pub fn failed_soon(host: &mut Host, number: u64) -> Option<Told> {
    let (code, reason) = host.calls.get(&number)?.refused.clone()?;
    happened(host, number, CallEvent::Failed { code, reason, headers: Vec::new() })
}

/// `CallAudioQuality.STANDARD`, as the history has it of every call.
const QUALITY: &str = "Standard";

/// What follows `Connected` for those who listen (voxengine.md §9).
pub fn quality_detected(host: &mut Host, number: u64) -> Option<Told> {
    host.calls.get(&number).filter(|call| !call.ending)?;
    let told = Told { name: "AudioQualityDetected", fields: json!({"quality": QUALITY}), is_last: false };
    log(host, number, &told);
    Some(told)
}

/// Moves a call into the history, and ends what it said.
fn over(host: &mut Host, number: u64) {
    let Some(call) = host.calls.remove(&number) else { return };
    if let Some(player) = call.player
        && host.players.remove(&player).is_some()
    {
        host.outputs.push_back(Output::Player { player, action: crate::io::PlayerAction::Stop });
    }
    host.legs.push(call.leg);
}

/// One line for an event, with what is said of it in numbers.
fn log(host: &mut Host, number: u64, told: &Told) {
    let Some(call) = host.calls.get(&number) else { return };
    let mut line = format!("Sent event to JS Call.{} with params [id = {}; ", told.name, call.id);
    for field in ["code", "duration", "internalCode", "reason", "sipCallId", "sipTransport", "mimeType", "tone", "type", "quality"] {
        match &told.fields[field] {
            Value::Null => {}
            Value::String(_) if field == "tone" && host.tones_hidden => line.push_str("tone = hidden; "),
            Value::String(text) => line.push_str(&format!("{field} = {text}; ")),
            other => line.push_str(&format!("{field} = {other}; ")),
        }
    }
    line.push(']');
    host.log(&line);
}
