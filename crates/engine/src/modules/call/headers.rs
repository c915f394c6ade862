//! Headers that scenarios give SIP messages (voxengine.md §8).

use serde_json::{Map, Value};

use crate::{host::Host, limits, modules::is_token};

/// What may be sent beside `X-…`: RFC 7433.
const USER_TO_USER: &str = "User-to-User";

/// How long an outgoing call may stay unanswered, seconds (voxengine.md §6).
const CALL_TIMEOUT: &str = "VI-CallTimeout";

/// Why a header is not sent.
fn refusal(name: &str, value: &str, placing: bool) -> Option<String> {
    let allowed = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"))
        || name.eq_ignore_ascii_case(USER_TO_USER)
        || (placing && name.eq_ignore_ascii_case(CALL_TIMEOUT));
    if !allowed || !is_token(name) {
        return Some("its name must begin with 'X-'".to_owned());
    }
    if value.contains(|letter: char| letter.is_control() && letter != '\t') {
        return Some("its value is no line of text".to_owned());
    }
    (name.len() + value.len() + 2 > limits::SIP_HEADER_BYTES).then(|| format!("a header may have {} bytes", limits::SIP_HEADER_BYTES))
}

/// Those that are sent. What is not allowed is left out with a line in the log: headers are often handed on from another call, and an error would end it.
pub fn sent(host: &mut Host, headers: Vec<(String, String)>, placing: bool) -> Vec<(String, String)> {
    let mut bytes = 0;
    let mut kept = Vec::new();
    for (name, value) in headers {
        bytes += name.len() + value.len() + 4;
        let refusal = refusal(&name, &value, placing)
            .or_else(|| (bytes > limits::SIP_HEADERS_BYTES).then(|| format!("the headers of one message may have {} bytes", limits::SIP_HEADERS_BYTES)));
        match refusal {
            None => kept.push((name, value)),
            Some(why) => {
                let name: String = name.chars().take(50).collect();
                host.log(&format!("Header '{name}' is not sent: {why}"));
            }
        }
    }
    kept
}

/// Headers as scenarios see them: an object. RFC 3261 §7.3.1 lets several of one name be one with commas.
pub fn shown(headers: &[(String, String)]) -> Value {
    let mut out = Map::new();
    for (name, value) in headers {
        match out.get_mut(name) {
            Some(Value::String(present)) => {
                present.push_str(", ");
                present.push_str(value);
            }
            _ => {
                out.insert(name.clone(), Value::from(value.as_str()));
            }
        }
    }
    Value::Object(out)
}
