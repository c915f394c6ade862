//! A session's inputs as they were, to be played again.

use std::sync::Arc;

use cordboard_now::Now;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    io::{Alerting, CallEvent, HttpAnswer, Input, Message, Output, PlayerEvent, Profile, Scenario},
    modules::management::Catalogue,
    redact::Placeholders,
    session::Session,
};

/// Everything that decided what a session did: its profile, with what authors see of chance, and each input with its moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recording {
    pub profile: Profile,
    pub frames: Vec<Frame>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub now: Now,
    pub input: Input,
}

impl Recording {
    /// Plays the session again: the outputs of each frame.
    ///
    /// The same build gives what the session gave, unless the brake stopped it: that depends on the machine's speed.
    pub fn replay(&self, catalogue: Arc<Catalogue>) -> Vec<Vec<Output>> {
        let mut session = Session::new(self.profile.clone(), catalogue);
        let mut play = |frame: &Frame| {
            session.handle(frame.now, frame.input.clone());
            std::iter::from_fn(|| session.poll()).collect()
        };
        self.frames.iter().map(&mut play).collect()
    }

    /// The same without the values of secrets: wherever one stands in the profile or in an input, `secret:NAME` does instead, and
    /// `control-url-token` for the control URL's token.
    ///
    /// Its replay gives the same outputs with the same replacement, as long as the scenario only hands secrets on and sizes are not compared. What it makes
    /// of their letters (lengths, hashes, base64 of a secret with something else) comes out of the placeholder then, and is
    /// not found in inputs. Values shorter than six bytes stand in ordinary words too often: they go from the
    /// table of secrets and where a whole text is nothing else, but not from within a text.
    #[must_use]
    pub fn redacted(&self) -> Self {
        let placeholders = Placeholders::new(&self.profile.secrets, &self.profile.token);
        let text = |value: &mut String| *value = placeholders.text(value);
        let mut profile = self.profile.clone();
        for field in [
            &mut profile.application_name,
            &mut profile.rule_name,
            &mut profile.custom_data,
            &mut profile.access_url,
            &mut profile.access_secure_url,
            &mut profile.log_url,
            &mut profile.token,
        ] {
            text(field);
        }
        for Scenario { name, script } in &mut profile.scenarios {
            text(name);
            text(script);
        }
        for (name, value) in &mut profile.secrets {
            *value = Placeholders::of(name);
        }
        let mut frames = self.frames.clone();
        for frame in &mut frames {
            redact(&mut frame.input, &placeholders);
        }
        Self { profile, frames }
    }
}

fn redact(input: &mut Input, placeholders: &Placeholders) {
    let text = |value: &mut String| *value = placeholders.text(value);
    let pairs = |headers: &mut Vec<(String, String)>| {
        for (name, value) in headers {
            text(name);
            text(value);
        }
    };
    match input {
        Input::Start | Input::Tick | Input::RequestGone { .. } | Input::SocketOpened { .. } => {}
        Input::Alerting { call: _, alerting } => {
            let Alerting { callerid, destination, display_name, to_uri, from_uri, headers, custom_data, client_type: _ } = &mut **alerting;
            for field in [callerid, destination, display_name, to_uri, from_uri, custom_data] {
                text(field);
            }
            pairs(headers);
        }
        Input::Call { call: _, event } => redact_call(event, placeholders),
        Input::Player { player: _, event: PlayerEvent::Finished { error: Some(error) } } => text(error),
        Input::Player { .. } => {}
        Input::Request { request: _, method, path, content, headers } => {
            text(method);
            text(path);
            text(content);
            pairs(headers);
        }
        Input::SocketArrived { arrival: _, method, path, headers } => {
            text(method);
            text(path);
            pairs(headers);
        }
        Input::SocketMessage { socket: _, message } => match message {
            Message::Text(content) => text(content),
            Message::Bytes(bytes) => *bytes = placeholders.bytes(bytes),
        },
        Input::SocketClosed { reason, .. } | Input::SocketFailed { reason, .. } | Input::Stop { finish_reason: reason } | Input::Note { text: reason } => text(reason),
        Input::HttpAnswered { request: _, answer: HttpAnswer::Answered { status: _, headers, raw_headers, body } } => {
            pairs(headers);
            text(raw_headers);
            *body = placeholders.bytes(body);
        }
        Input::HttpAnswered { request: _, answer: HttpAnswer::Failed { code: _, error } } => text(error),
        Input::MailSent { mail: _, code: _, error } => {
            if let Some(error) = error {
                text(error);
            }
        }
        Input::Stored { request: _, result } => match result {
            Ok(value) => redact_json(value, placeholders),
            Err(reason) => text(reason),
        },
        Input::Managed { request: _, answer } => redact_json(answer, placeholders),
    }
}

fn redact_call(event: &mut CallEvent, placeholders: &Placeholders) {
    let text = |value: &mut String| *value = placeholders.text(value);
    let pairs = |headers: &mut Vec<(String, String)>| {
        for (name, value) in headers {
            text(name);
            text(value);
        }
    };
    match event {
        CallEvent::FirstAudioPacketReceived | CallEvent::Tone { .. } | CallEvent::Held { .. } | CallEvent::Silent { .. } => {}
        CallEvent::Ringing { headers } | CallEvent::AudioStarted { headers, .. } | CallEvent::ReInviteRejected { headers, .. } => pairs(headers),
        CallEvent::Connected { sip_call_id, display_name, headers, .. } => {
            text(sip_call_id);
            text(display_name);
            pairs(headers);
        }
        CallEvent::Failed { reason, headers, .. } | CallEvent::Disconnected { reason, headers, .. } => {
            text(reason);
            pairs(headers);
        }
        CallEvent::Message { text: message, headers } => {
            text(message);
            pairs(headers);
        }
        CallEvent::Info { mime_type, body, headers } | CallEvent::ReInvite { mime_type, body, headers } | CallEvent::ReInviteAccepted { mime_type, body, headers } => {
            text(mime_type);
            text(body);
            pairs(headers);
        }
    }
}

fn redact_json(value: &mut Value, placeholders: &Placeholders) {
    match value {
        Value::String(text) => *text = placeholders.text(text),
        Value::Array(list) => list.iter_mut().for_each(|item| redact_json(item, placeholders)),
        Value::Object(fields) => {
            *fields = std::mem::take(fields)
                .into_iter()
                .map(|(name, mut value)| {
                    redact_json(&mut value, placeholders);
                    (placeholders.text(&name), value)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
