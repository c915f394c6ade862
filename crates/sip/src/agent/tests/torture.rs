//! What the agent answers to the messages of RFC 4475 and RFC 5118, each alone in a datagram.

use std::{fs, path::Path};

use super::*;

/// What is sent, and what the user hears.
const RFC_4475: [(&str, &str); 49] = [
    ("wsinv", "481"),
    ("intmeth", "501"),
    ("esc01", "Incoming"),
    ("escnull", "Outside REGISTER"),
    // A method is not unescaped.
    ("esc02", "501"),
    ("lwsdisp", "Outside OPTIONS"),
    ("longreq", "Incoming"),
    ("dblreq", "Outside REGISTER"),
    ("semiuri", "Outside OPTIONS"),
    ("transports", "Outside OPTIONS"),
    ("mpart01", "Outside MESSAGE"),
    ("unreason", ""),
    ("noreason", ""),
    ("badinv01", "400"),
    ("clerr", "400"),
    ("ncl", "400"),
    ("scalar02", "400"),
    ("scalarlg", ""),
    ("quotbal", "400"),
    ("ltgtruri", "400"),
    ("lwsruri", "400"),
    ("lwsstart", "400"),
    ("trws", "400"),
    ("escruri", "400"),
    ("baddate", "Incoming"),
    ("regbadct", "400"),
    ("badaspec", "Outside OPTIONS"),
    ("baddn", "400"),
    ("badvers", "505"),
    ("mismatch01", "400"),
    ("mismatch02", "400"),
    ("bigcode", ""),
    ("badbranch", "Outside OPTIONS"),
    ("insuf", "400"),
    ("unkscm", "416"),
    ("novelsc", "416"),
    ("unksm2", "400"),
    ("bext01", "420"),
    ("invut", "415"),
    // Who does not understand the credentials asks for others.
    ("regaut01", "Outside REGISTER"),
    ("multi01", "400"),
    ("mcl01", "400"),
    ("bcast", ""),
    // It is for us, and goes no further.
    ("zeromf", "Outside OPTIONS"),
    ("cparam01", "Outside REGISTER"),
    ("cparam02", "Outside REGISTER"),
    ("regescrt", "Outside REGISTER"),
    // Whoever offers SDP can read the answer, whatever its Accept says.
    ("sdp01", "Incoming"),
    // Without Contact there can be no dialog.
    ("inv2543", "400"),
];

const RFC_5118: [(&str, &str); 12] = [
    ("ipv6-good", "Outside REGISTER"),
    ("ipv6-bad", "400"),
    ("port-ambiguous", "Outside REGISTER"),
    ("port-unambiguous", "Outside REGISTER"),
    ("via-received-param-with-delim", "481"),
    ("via-received-param-no-delim", "Outside OPTIONS"),
    ("ipv6-in-sdp", "Incoming"),
    ("mult-ip-in-header", "481"),
    ("mult-ip-in-sdp", "Incoming"),
    ("ipv4-mapped-ipv6", "Incoming"),
    ("ipv6-bug-abnf-3-colons", "Outside OPTIONS"),
    ("ipv6-correct-abnf-2-colons", "Outside OPTIONS"),
];

fn bytes(rfc: &str, name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture").join(rfc).join(format!("{name}.dat"))).unwrap()
}

/// A desk that one of the messages came to.
fn heard(rfc: &str, name: &str) -> Desk {
    let mut desk = Desk::new();
    desk.input(Input::Packet { flow: udp(PEER), bytes: bytes(rfc, name) });
    desk
}

#[test]
fn every_message_of_the_rfcs_is_answered_as_they_say() {
    for (rfc, table) in [("rfc4475", &RFC_4475[..]), ("rfc5118", &RFC_5118[..])] {
        for (name, expected) in table {
            let mut desk = heard(rfc, name);
            assert!(desk.sent.iter().all(|(flow, _)| flow.remote.ip() == udp(PEER).remote.ip()), "{name}");
            let outcome: Vec<String> = desk.said().into_iter().chain(desk.happened()).collect();
            assert_eq!(outcome.join(", "), *expected, "{rfc} {name}");
        }
    }
}

#[test]
fn a_refusal_says_what_is_not_understood() {
    assert_eq!(heard("rfc4475", "bext01").response(420).headers.get("Unsupported"), Some("nothingSupportsThis, nothingSupportsThisEither"));
    assert_eq!(heard("rfc4475", "invut").response(415).headers.get("Accept"), Some("application/sdp"));
    assert!(heard("rfc4475", "intmeth").response(501).headers.get("Allow").unwrap().starts_with("INVITE, "));
}

/// Where it cannot be read whom to answer, the answer goes where the request came from, with what there was of it.
#[test]
fn a_request_whose_via_cannot_be_read_is_answered_where_it_came_from() {
    for (name, via) in [("badinv01", "SIP/2.0/UDP 192.0.2.15;;,;,,"), ("badvers", "SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw")] {
        let mut desk = heard("rfc4475", name);
        let (flow, answer) = desk.sent.pop_front().unwrap();
        assert_eq!(flow, udp(PEER));
        assert!(String::from_utf8(answer).unwrap().contains(&format!("\r\nVia: {via}\r\n")), "{name}");
    }
}

#[test]
fn requests_whose_branch_says_nothing_are_told_apart_by_their_calls() {
    let mut desk = heard("rfc4475", "badbranch");
    let again = String::from_utf8(bytes("rfc4475", "badbranch")).unwrap();
    desk.hear(&again);
    assert_eq!(desk.happened(), ["Outside OPTIONS"]);
    desk.hear(&again.replace("badbranch.", "another."));
    assert_eq!(desk.happened(), ["Outside OPTIONS"]);
}

#[test]
fn a_content_that_need_not_be_understood_is_left_out() {
    let invite = String::from_utf8(bytes("rfc4475", "invut")).unwrap();
    for (disposition, outcome) in [("render;handling=required", "415"), ("render", "415"), ("render; Handling=Optional", "Incoming")] {
        let mut desk = Desk::new();
        desk.hear(&invite.replace("Content-Type", &format!("Content-Disposition: {disposition}\r\nContent-Type")));
        assert_eq!([desk.said(), desk.happened()].concat(), [outcome]);
    }
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    for (branch, method) in [("r1", "INVITE"), ("r2", "UPDATE")] {
        desk.hear(&request(method, branch, 2, &tag, "Content-Type: multipart/mixed;boundary=b\r\n\r\nx"));
        assert_eq!((desk.said(), desk.happened()), (vec!["415".to_owned()], Vec::new()));
    }
    desk.hear(&request("INFO", "m1", 2, &tag, "Content-Type: application/dtmf\r\n\r\n1"));
    assert_eq!(desk.happened(), ["Requested INFO"]);
}
