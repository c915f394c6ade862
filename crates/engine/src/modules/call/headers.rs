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

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use super::*;
    use crate::testing::profile;

    fn kept(names: &[(&str, &str)], placing: bool) -> Vec<String> {
        let mut host = Host::new(profile(""), Arc::new(BTreeMap::new()));
        let headers = names.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        sent(&mut host, headers, placing).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn headers_begin_with_x_but_for_two() {
        let given = [("X-A", "b"), ("x-b", "c"), ("User-to-User", "d"), ("VI-CallTimeout", "30"), ("Contact", "e"), ("", "f"), ("X-", "g"), ("X-Ä", "h"), ("X A", "i")];
        assert_eq!(kept(&given, true), ["X-A", "x-b", "User-to-User", "VI-CallTimeout", "X-"]);
        assert_eq!(kept(&given, false), ["X-A", "x-b", "User-to-User", "X-"]);
    }

    #[test]
    fn a_header_cannot_bring_another_one() {
        assert_eq!(kept(&[("X-A", "b\r\nContact: c"), ("X-B\r\nContact", "d"), ("X-C", "e\0"), ("X-D", "f\tg")], true), ["X-D"]);
    }

    #[test]
    fn headers_are_bounded_alone_and_in_all() {
        assert_eq!(kept(&[("X-A", &"b".repeat(195)), ("X-B", &"b".repeat(196))], true), ["X-A"]);
        let many: Vec<_> = (0..100).map(|_| ("X-A", "0123456789012345678901234567890123456789012345678901234567890123456789")).collect();
        assert_eq!(kept(&many, true).len(), limits::SIP_HEADERS_BYTES / 77);
    }

    #[test]
    fn several_headers_of_one_name_are_one_with_commas() {
        let given = [("X-A", "1"), ("X-a", "2"), ("X-A", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(shown(&given), serde_json::json!({"X-A": "1, 3", "X-a": "2"}));
    }
}
