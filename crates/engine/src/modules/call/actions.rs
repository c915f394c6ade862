//! What a scenario does to a call. Wrong arguments are errors; what comes at the wrong moment is a line in the log, because the peer
//! decides about moments, and an error would end the session.

use super::{Call, DECLINE, DECLINED, State, headers};
use crate::{
    host::{Host, Stage},
    io::{CallAction, Output},
    limits,
};

/// What `sendDigits` takes: voxengine.md §10, and the four keys that RFC 4733 §3.2 has beside.
const DIGITS: &str = "0123456789*#ABCDabcdpP";

/// Does it, or says in the log why it has no effect.
pub fn act(host: &mut Host, number: u64, name: &str, mut action: CallAction) -> Result<(), String> {
    check(&action)?;
    if host.stage > Stage::Draining {
        host.log(&format!("Call.{name} has no effect: the session is ending"));
        return Ok(());
    }
    let Some(call) = host.calls.get_mut(&number) else {
        // Hanging up what is over already is what careful scenarios do.
        if !matches!(action, CallAction::Hangup { .. } | CallAction::Tones { .. }) {
            host.log(&format!("Call.{name} has no effect: the call is TERMINATED"));
        }
        return Ok(());
    };
    if let Some(refused) = &mut call.refused {
        // It fails in a moment; hung up before, it fails as a cancelled call does.
        if matches!(action, CallAction::Hangup { .. }) {
            *refused = (487, "Request Terminated".to_owned());
        }
        return Ok(());
    }
    if call.ending && matches!(action, CallAction::Hangup { .. }) {
        return Ok(());
    }
    if let Err(why) = possible(call, &action) {
        let id = call.id.clone();
        host.log(&format!("CallId={id}: Call.{name} has no effect: {why}"));
        return Ok(());
    }
    if let CallAction::Digits { digits } = &mut action {
        let given = digits.len();
        digits.retain(|digit| DIGITS.contains(digit));
        if digits.len() < given {
            host.note(&format!("Call.{name} sends 0 to 9, *, #, A to D, and p for a pause: other characters are left out"));
        }
        if digits.is_empty() {
            return Ok(());
        }
    }
    let Some(call) = host.calls.get_mut(&number) else { return Ok(()) };
    note(call, &action);
    let (id, shown) = (call.id.clone(), params(&action, host.tones_hidden));
    host.log(&format!(
        "Executing JS command: {}{} with params [id = {id}; {shown}]",
        name.get(..1).unwrap_or_default().to_uppercase(),
        name.get(1..).unwrap_or_default()
    ));
    let bytes = size(&action);
    if let Some(of_action) = headers_of(&mut action) {
        let given = std::mem::take(of_action);
        let kept = headers::sent(host, given, false);
        if let Some(of_action) = headers_of(&mut action) {
            *of_action = kept;
        }
    }
    host.call_output(bytes, Output::Call { call: number, action })
}

/// What is wrong whatever the call's state.
fn check(action: &CallAction) -> Result<(), String> {
    let message = |what: &str, text: &str| {
        if text.len() > limits::CALL_MESSAGE_BYTES { Err(format!("{what} may have {} bytes", limits::CALL_MESSAGE_BYTES)) } else { Ok(()) }
    };
    match action {
        CallAction::Reject { code, .. } if !(300..=699).contains(code) => Err(format!("a call is rejected with a code from 300 to 699, not {code}")),
        CallAction::Answer { display_name, .. } if display_name.len() > limits::DESTINATION_BYTES => {
            Err(format!("a display name may have {} bytes", limits::DESTINATION_BYTES))
        }
        CallAction::Digits { digits } if digits.len() > limits::DIGITS => Err(format!("at most {} digits are sent at once", limits::DIGITS)),
        CallAction::Message { text } => message("a message", text),
        CallAction::Info { mime_type, body, .. } => {
            if mime_type.len() > limits::SIP_HEADER_BYTES || mime_type.contains(char::is_control) {
                return Err(format!("a MIME type is a line of {} bytes", limits::SIP_HEADER_BYTES));
            }
            message("the body", body)
        }
        _ => Ok(()),
    }
}

/// Whether the moment is right.
fn possible(call: &Call, action: &CallAction) -> Result<(), String> {
    let is = |right: bool, why: &str| if right { Ok(()) } else { Err(format!("the call is {}{why}", call.state.name())) };
    if call.ending {
        return Err("the call is being hung up".to_owned());
    }
    match action {
        CallAction::Ring { .. } | CallAction::EarlyMedia { .. } | CallAction::Answer { .. } | CallAction::Reject { .. } => {
            if call.answering && call.state == State::Alerting {
                return Err("the call is being answered".to_owned());
            }
            is(call.state == State::Alerting, ", not an incoming one without answer")
        }
        CallAction::Hangup { .. } | CallAction::Tones { .. } => Ok(()),
        CallAction::Digits { .. } | CallAction::Message { .. } | CallAction::Info { .. } => is(call.state == State::Connected, ""),
        CallAction::ReInvite { .. } | CallAction::AcceptReInvite { .. } | CallAction::RejectReInvite { .. } => {
            Err("the platform agrees on descriptions by itself".to_owned())
        }
    }
}

/// What it changes here.
fn note(call: &mut Call, action: &CallAction) {
    match action {
        CallAction::EarlyMedia { .. } => call.early = true,
        CallAction::Answer { .. } => call.answering = true,
        CallAction::Hangup { .. } => {
            call.ending = true;
            if call.state == State::Alerting && !call.answering {
                call.leg.end_code = i64::from(DECLINED);
                DECLINE.clone_into(&mut call.leg.end_reason);
            }
        }
        CallAction::Reject { code, .. } => {
            call.ending = true;
            call.leg.end_code = *code as i64;
        }
        CallAction::Tones { telephone_event, info } => {
            call.telephone_event = *telephone_event;
            call.info = *info;
        }
        _ => {}
    }
}

const fn headers_of(action: &mut CallAction) -> Option<&mut Vec<(String, String)>> {
    match action {
        CallAction::Ring { headers }
        | CallAction::EarlyMedia { headers }
        | CallAction::Answer { headers, .. }
        | CallAction::Reject { headers, .. }
        | CallAction::Hangup { headers }
        | CallAction::Info { headers, .. }
        | CallAction::ReInvite { headers, .. }
        | CallAction::AcceptReInvite { headers, .. }
        | CallAction::RejectReInvite { headers, .. } => Some(headers),
        CallAction::Tones { .. } | CallAction::Digits { .. } | CallAction::Message { .. } => None,
    }
}

fn size(action: &CallAction) -> usize {
    match action {
        CallAction::Message { text } => text.len(),
        CallAction::Info { body, .. } => body.len() + limits::SIP_HEADERS_BYTES,
        CallAction::Tones { .. } | CallAction::Digits { .. } => 0,
        _ => limits::SIP_HEADERS_BYTES,
    }
}

/// What the log shows of it: no texts that people send each other, and not how long they are, which a redacted recording does not know.
fn params(action: &CallAction, tones_hidden: bool) -> String {
    match action {
        CallAction::Reject { code, .. } => format!("code = {code}; "),
        CallAction::Digits { .. } if tones_hidden => "digits = hidden; ".to_owned(),
        CallAction::Digits { digits } => format!("digits = {digits}; "),
        CallAction::Info { mime_type, .. } => format!("mimeType = {mime_type}; "),
        CallAction::Tones { telephone_event, info } => format!("telephoneEvent = {telephone_event}; info = {info}; "),
        _ => String::new(),
    }
}
