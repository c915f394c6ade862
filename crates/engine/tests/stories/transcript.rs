//! Outputs as a person reads them, one or more indented lines each.

use std::fmt::Write as _;

use cordboard_engine::{Answer, AnswerBody, CallAction, Destination, Direction, HttpRequest, Leg, Message, Output, Placing, Play, PlayerAction, Sound, Unit};

pub fn lines(output: &Output) -> String {
    match output {
        Output::Log(line) => entry(&format!("log {}", readable(line))),
        Output::Answer { request, answer } => entry(&format!("answer {request} {}", answered(answer))),
        Output::SocketAccept { arrival, socket } => entry(&format!("accept {arrival} as {socket}")),
        Output::SocketRefuse { arrival, reason } => entry(&format!("refuse {arrival} {reason}")),
        Output::SocketConnect { socket, request } => {
            let mut out = entry(&format!("connect {socket} {} protocols {}", request.url, request.protocols.join(", ")));
            pairs(&mut out, "header", &request.headers);
            out
        }
        Output::SocketSend { socket, message: Message::Text(text) } => entry(&format!("send {socket} text {}", short(text))),
        Output::SocketSend { socket, message: Message::Bytes(bytes) } => entry(&format!("send {socket} bytes {bytes:?}")),
        Output::SocketClose { socket, code, reason } => entry(&format!("close {socket} {code} {reason}")),
        Output::Http { request, http } => sent(*request, http),
        Output::Mail { mail, message } => entry(&format!("mail {mail} {}", serde_json::to_string(message).unwrap())),
        Output::Store { request, operation } => entry(&format!("store {request} {operation:?}")),
        Output::Manage { request, method, parameters } => {
            let mut out = entry(&format!("manage {request} {method}"));
            pairs(&mut out, "parameter", parameters);
            out
        }
        Output::Place { call, placing } => placed(*call, placing),
        Output::Call { call, action } => done(*call, action),
        Output::Play { player, play } => played(*player, play),
        Output::Player { player, action } => entry(&match action {
            PlayerAction::Pause => format!("pause {player}"),
            PlayerAction::Resume => format!("resume {player}"),
            PlayerAction::Mark { offset_ms } => format!("mark {player} at {offset_ms} ms"),
            PlayerAction::Stop => format!("stop {player}"),
        }),
        Output::Wire { from, to } => entry(&format!("wire {} to {to}", source(*from))),
        Output::Unwire { from, to } => entry(&format!("unwire {} to {to}", source(*from))),
        Output::Ended(end) => {
            let mut out = entry(&format!("ended {}", end.finish_reason));
            if !end.custom_data.is_empty() {
                let _ = writeln!(out, "    custom data {}", end.custom_data);
            }
            if let Some(fault) = &end.fault {
                let _ = writeln!(out, "    {fault}");
            }
            for leg in &end.calls {
                let _ = writeln!(out, "    {}", call(leg));
                if let Some(why) = &leg.explanation {
                    let _ = writeln!(out, "      {why}");
                }
            }
            out
        }
    }
}

/// An entry of several lines goes on with `|`.
fn entry(text: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        let _ = writeln!(out, "{}", format!("  {}{line}", if at == 0 { "" } else { "| " }).trim_end());
    }
    out
}

fn pairs(out: &mut String, what: &str, pairs: &[(String, String)]) {
    for (name, value) in pairs {
        let _ = writeln!(out, "{}", format!("    {what} {name}: {value}").trim_end());
    }
}

/// What is long stands with its length.
fn short(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{}… ({} bytes)", &text[..at], text.len()),
        None => text.to_owned(),
    }
}

/// A log line, not longer than a person reads.
fn readable(line: &str) -> String {
    match line.char_indices().nth(2_000) {
        Some((at, _)) => {
            let tail: String = line.chars().skip(line.chars().count() - 80).collect();
            format!("{} … {tail} ({} characters)", &line[..at.min(100)], line.chars().count())
        }
        None => line.to_owned(),
    }
}

fn answered(answer: &Answer) -> String {
    match &answer.body {
        AnswerBody::Empty => format!("{} empty", answer.status),
        AnswerBody::Text(text) => format!("{} text {}", answer.status, short(text)),
        AnswerBody::Json(json) => format!("{} json {}", answer.status, short(json)),
    }
}

fn sent(request: u64, http: &HttpRequest) -> String {
    let mut out = entry(&format!("http {request} {} {}", http.method, http.url));
    if (http.timeout_ms, http.connect_timeout_ms) != (90_000, 6_000) {
        let _ = writeln!(out, "    within {} ms, connected within {} ms", http.timeout_ms, http.connect_timeout_ms);
    }
    pairs(&mut out, "header", &http.headers);
    pairs(&mut out, "param", &http.params);
    match http.body.as_ref().map(|body| std::str::from_utf8(body).map(short)) {
        None => {}
        Some(Ok(text)) if !text.contains(char::is_control) => {
            let _ = writeln!(out, "    body {text}");
        }
        Some(_) => {
            let _ = writeln!(out, "    body bytes {:?}", http.body.as_ref().unwrap());
        }
    }
    out
}

fn source(unit: Unit) -> String {
    match unit {
        Unit::Call(call) => format!("call {call}"),
        Unit::Player(player) => format!("player {player}"),
    }
}

fn placed(call: u64, placing: &Placing) -> String {
    let Placing { to, callerid, display_name, headers } = placing;
    let to = match to {
        Destination::Pstn(number) => format!("pstn {number}"),
        Destination::User(name) => format!("user {name}"),
        Destination::Sip { uri, auth_user, password, out_proxy } => {
            let or = |text: &Option<String>| text.clone().unwrap_or_default();
            format!("sip {uri} as '{}' with '{}' through '{}'", or(auth_user), or(password), or(out_proxy))
        }
    };
    let mut out = entry(&format!("place {call} {to} by '{callerid}' called '{display_name}'"));
    pairs(&mut out, "header", headers);
    out
}

fn done(call: u64, action: &CallAction) -> String {
    let none = Vec::new();
    let (what, headers) = match action {
        CallAction::Ring { headers } => ("ring".to_owned(), headers),
        CallAction::EarlyMedia { headers } => ("early media".to_owned(), headers),
        CallAction::Answer { headers, display_name } => (format!("answer as '{display_name}'"), headers),
        CallAction::Reject { code, headers } => (format!("reject {code}"), headers),
        CallAction::Hangup { headers } => ("hang up".to_owned(), headers),
        CallAction::Tones { telephone_event, info } => (format!("tones telephone-event {telephone_event} info {info}"), &none),
        CallAction::Digits { digits } => (format!("digits {digits}"), &none),
        CallAction::Message { text } => (format!("message {}", short(text)), &none),
        CallAction::Info { mime_type, body, headers } => (format!("info {mime_type} {}", short(body)), headers),
        CallAction::ReInvite { mime_type, body, headers } => (format!("re-invite {mime_type} {}", short(body)), headers),
        CallAction::AcceptReInvite { mime_type, body, headers } => (format!("accept re-invite {mime_type} {}", short(body)), headers),
        CallAction::RejectReInvite { code, headers } => (format!("reject re-invite {code}"), headers),
    };
    let mut out = entry(&format!("call {call} {what}"));
    pairs(&mut out, "header", headers);
    out
}

fn played(player: u64, play: &Play) -> String {
    let how = format!("{}{}", if play.looped { " for ever" } else { "" }, if play.paused { " paused" } else { "" });
    match &play.what {
        Sound::Speech { text, voice } => entry(&format!("play {player}{how} speech '{}' by '{voice}'", short(text))),
        Sound::Tone { script } => entry(&format!("play {player}{how} tone {script}")),
        Sound::Url { url, method, headers, body } => {
            let mut out = entry(&format!("play {player}{how} {method} {url}"));
            pairs(&mut out, "header", headers);
            if let Some(body) = body {
                let _ = writeln!(out, "    body {}", short(&String::from_utf8_lossy(body)));
            }
            out
        }
    }
}

fn call(leg: &Leg) -> String {
    let direction = if leg.direction == Direction::Incoming { "from" } else { "to" };
    let custom = leg.custom_data.as_ref().map(|data| format!(", custom data {data}")).unwrap_or_default();
    format!(
        "call {direction} {} {} by '{}' after {} s: {} {}, {}{custom}",
        leg.remote_number_type,
        leg.remote_number,
        leg.local_number,
        leg.duration_seconds,
        leg.end_code,
        leg.end_reason,
        if leg.successful { "successful" } else { "not successful" }
    )
}
