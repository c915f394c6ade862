//! What happens to calls and players, as stories write it.

use cordboard_engine::{Alerting, CallEvent, PlayerEvent};

use crate::story::{headers, number, word};

/// `TYPE CALLERID DESTINATION [X-A: b] [VI-CallData: custom data] display name`
pub fn alerting(rest: &mut &str) -> Option<Alerting> {
    let (client_type, callerid, destination) = (word(rest)?.to_owned(), word(rest)?.to_owned(), word(rest)?.to_owned());
    let (data, headers): (Vec<_>, Vec<_>) = headers(rest).into_iter().partition(|(name, _)| name == "VI-CallData");
    Some(Alerting {
        to_uri: format!("sip:{destination}@shop.acme.cordboard"),
        from_uri: format!("sip:{callerid}@sip.example"),
        callerid,
        destination,
        display_name: (*rest).to_owned(),
        headers,
        custom_data: data.into_iter().next().map(|(_, value)| value).unwrap_or_default(),
        client_type,
    })
}

/// The event's name, what it needs, headers, and a text if it has one.
pub fn of_call(rest: &mut &str) -> Option<CallEvent> {
    let text = |rest: &mut &str| (*rest).to_owned();
    let body = |rest: &mut &str| Some((word(rest)?.to_owned(), headers(rest), (*rest).to_owned()));
    let transport = || "udp".to_owned();
    Some(match word(rest)? {
        "ringing" => CallEvent::Ringing { headers: headers(rest) },
        "audio" => CallEvent::AudioStarted { code: number(rest)?, headers: headers(rest), transport: transport() },
        "packet" => CallEvent::FirstAudioPacketReceived,
        "connected" => CallEvent::Connected {
            sip_call_id: "a1b2@sip.example".to_owned(),
            headers: headers(rest),
            display_name: text(rest),
            encrypted: false,
            transport: transport(),
        },
        "failed" => CallEvent::Failed { code: number(rest)?, headers: headers(rest), reason: text(rest) },
        "disconnected" => CallEvent::Disconnected { internal_code: number(rest)?, headers: headers(rest), reason: text(rest) },
        "tone" => CallEvent::Tone { tone: word(rest)?.chars().next()?, kind: number(rest)? },
        "message" => CallEvent::Message { headers: headers(rest), text: text(rest) },
        "info" => {
            let (mime_type, headers, body) = body(rest)?;
            CallEvent::Info { mime_type, body, headers }
        }
        "held" => CallEvent::Held { on: word(rest)? == "on" },
        "silent" => CallEvent::Silent { on: word(rest)? == "on" },
        "re-invite" => {
            let (mime_type, headers, body) = body(rest)?;
            CallEvent::ReInvite { mime_type, body, headers }
        }
        "re-invite-accepted" => {
            let (mime_type, headers, body) = body(rest)?;
            CallEvent::ReInviteAccepted { mime_type, body, headers }
        }
        "re-invite-rejected" => CallEvent::ReInviteRejected { code: number(rest)?, headers: headers(rest) },
        _ => return None,
    })
}

pub fn of_player(rest: &mut &str) -> Option<PlayerEvent> {
    Some(match word(rest)? {
        "ready" => PlayerEvent::Ready { duration_ms: number(rest)? },
        "started" => PlayerEvent::Started { duration_ms: number(rest)? },
        "marked" => PlayerEvent::Marked { offset_ms: number(rest)? },
        "finished" => PlayerEvent::Finished { error: (!rest.is_empty()).then(|| (*rest).to_owned()) },
        _ => return None,
    })
}
