//! The messages of RFC 4475 and RFC 5118, byte for byte (those of RFC 5118 with CRLF and the Content-Length that belongs to it), and what
//! the RFCs say about each. baddn has the empty line that is missing in the archive.

use std::{collections::BTreeSet, fs, path::Path};

use cordboard_sip::{Contacts, Message, NameAddr, Request, Response};

enum Is {
    /// A message.
    Valid,
    /// Refused with 400 and this reason.
    Bad(&'static str),
    /// Refused with 505.
    Version,
    /// Dropped without an answer.
    Dropped(&'static str),
}

use Is::{Bad, Dropped, Valid, Version};

/// Section, file, what it is.
const RFC_4475: [(&str, &str, Is); 49] = [
    ("3.1.1.1", "wsinv", Valid),
    ("3.1.1.2", "intmeth", Valid),
    ("3.1.1.3", "esc01", Valid),
    ("3.1.1.4", "escnull", Valid),
    ("3.1.1.5", "esc02", Valid),
    ("3.1.1.6", "lwsdisp", Valid),
    ("3.1.1.7", "longreq", Valid),
    ("3.1.1.8", "dblreq", Valid),
    ("3.1.1.9", "semiuri", Valid),
    ("3.1.1.10", "transports", Valid),
    ("3.1.1.11", "mpart01", Valid),
    ("3.1.1.12", "unreason", Valid),
    ("3.1.1.13", "noreason", Valid),
    ("3.1.2.1", "badinv01", Bad("Malformed Via")),
    ("3.1.2.2", "clerr", Bad("Content-Length too large")),
    ("3.1.2.3", "ncl", Bad("Malformed Content-Length")),
    ("3.1.2.4", "scalar02", Bad("Malformed CSeq")),
    ("3.1.2.5", "scalarlg", Dropped("Malformed CSeq")),
    ("3.1.2.6", "quotbal", Bad("Malformed To")),
    ("3.1.2.7", "ltgtruri", Bad("Malformed Request-URI")),
    ("3.1.2.8", "lwsruri", Bad("Malformed Request-URI")),
    ("3.1.2.9", "lwsstart", Bad("Malformed Request-URI")),
    ("3.1.2.10", "trws", Bad("Malformed request line")),
    ("3.1.2.11", "escruri", Bad("Headers in Request-URI")),
    // A server without use for Date may be liberal.
    ("3.1.2.12", "baddate", Valid),
    ("3.1.2.13", "regbadct", Bad("Malformed Contact")),
    // The spaces may be ignored.
    ("3.1.2.14", "badaspec", Valid),
    ("3.1.2.15", "baddn", Bad("Malformed From")),
    ("3.1.2.16", "badvers", Version),
    ("3.1.2.17", "mismatch01", Bad("CSeq method mismatch")),
    ("3.1.2.18", "mismatch02", Bad("CSeq method mismatch")),
    ("3.1.2.19", "bigcode", Dropped("Malformed status line")),
    ("3.2.1", "badbranch", Valid),
    ("3.3.1", "insuf", Bad("Missing From")),
    ("3.3.2", "unkscm", Valid),
    ("3.3.3", "novelsc", Valid),
    ("3.3.4", "unksm2", Valid),
    ("3.3.5", "bext01", Valid),
    ("3.3.6", "invut", Valid),
    ("3.3.7", "regaut01", Valid),
    ("3.3.8", "multi01", Bad("Repeated header field")),
    ("3.3.9", "mcl01", Bad("Repeated header field")),
    ("3.3.10", "bcast", Valid),
    ("3.3.11", "zeromf", Valid),
    ("3.3.12", "cparam01", Valid),
    ("3.3.13", "cparam02", Valid),
    ("3.3.14", "regescrt", Valid),
    ("3.3.15", "sdp01", Valid),
    ("3.4.1", "inv2543", Valid),
];

const RFC_5118: [(&str, &str, Is); 12] = [
    ("4.1", "ipv6-good", Valid),
    ("4.2", "ipv6-bad", Bad("Malformed Request-URI")),
    ("4.3", "port-ambiguous", Valid),
    ("4.4", "port-unambiguous", Valid),
    ("4.5", "via-received-param-with-delim", Valid),
    ("4.5", "via-received-param-no-delim", Valid),
    ("4.6", "ipv6-in-sdp", Valid),
    ("4.7", "mult-ip-in-header", Valid),
    ("4.8", "mult-ip-in-sdp", Valid),
    ("4.9", "ipv4-mapped-ipv6", Valid),
    ("4.10", "ipv6-bug-abnf-3-colons", Valid),
    ("4.10", "ipv6-correct-abnf-2-colons", Valid),
];

pub fn bytes(rfc: &str, name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture").join(rfc).join(format!("{name}.dat"))).unwrap()
}

fn request(rfc: &str, name: &str) -> Request {
    match Message::parse(&bytes(rfc, name)) {
        Ok(Message::Request(request)) => request,
        other => panic!("{name}: {other:?}"),
    }
}

fn response(name: &str) -> Response {
    match Message::parse(&bytes("rfc4475", name)) {
        Ok(Message::Response(response)) => response,
        other => panic!("{name}: {other:?}"),
    }
}

fn some(contacts: Contacts) -> Vec<NameAddr> {
    match contacts {
        Contacts::Some(contacts) => contacts,
        Contacts::All => panic!("all"),
    }
}

#[test]
fn every_message_of_the_rfcs_is_read_or_refused_as_they_say() {
    for (rfc, table) in [("rfc4475", &RFC_4475[..]), ("rfc5118", &RFC_5118[..])] {
        for (section, name, is) in table {
            let place = format!("{rfc} §{section} {name}");
            match (is, Message::parse(&bytes(rfc, name))) {
                (Valid, Ok(message)) => {
                    let again = Message::parse(&message.to_bytes());
                    assert_eq!(again.map(|again| again.to_bytes()), Ok(message.to_bytes()), "{place}");
                }
                (Bad(reason), Err(error)) => {
                    let answer = error.answer.unwrap_or_else(|| panic!("{place}: no answer"));
                    assert_eq!((answer.status, answer.reason.as_str(), error.reason), (400, *reason, *reason), "{place}");
                }
                (Version, Err(error)) => assert_eq!(error.answer.map(|answer| answer.status), Some(505), "{place}"),
                (Dropped(reason), Err(error)) => assert_eq!((error.reason, error.answer), (*reason, None), "{place}"),
                (_, other) => panic!("{place}: {other:?}"),
            }
        }
        let told: BTreeSet<_> = table.iter().map(|(_, name, _)| format!("{name}.dat")).collect();
        let kept: BTreeSet<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture").join(rfc))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(told, kept);
    }
}

#[test]
fn a_short_tortuous_invite_is_understood() {
    let invite = request("rfc4475", "wsinv");
    assert_eq!(invite.uri.params, [("unknownparam".to_owned(), None)]);
    let headers = &invite.headers;
    assert_eq!(headers.to().unwrap().tag(), Some("1918181833n"));
    let from = headers.from().unwrap();
    assert_eq!((from.display_name.as_deref(), from.tag()), (Some("J Rosenberg \\\""), Some("98asjd8")));
    assert_eq!((headers.max_forwards(), headers.cseq().unwrap().number), (Some(68), 9));
    let vias = headers.vias().unwrap();
    assert_eq!(
        vias.iter().map(|via| (via.transport.as_str(), via.host.as_str(), via.branch())).collect::<Vec<_>>(),
        [("UDP", "192.0.2.2", Some("390skdjuw")), ("TCP", "spindle.example.com", Some("z9hG4bK9ikj8")), ("UDP", "192.168.255.111", Some("z9hG4bK30239")),]
    );
    assert_eq!(headers.get("Subject"), Some(""));
    assert_eq!(headers.get("NewFangledHeader"), Some("newfangled value continued newfangled value"));
    assert_eq!(headers.get("UnknownHeaderWithUnusualValue"), Some(";;,,;;,;"));
    assert_eq!(headers.addresses("Route").unwrap().len(), 1);
    let contact = &some(headers.contacts().unwrap())[0];
    assert_eq!(
        (contact.display_name.as_deref(), contact.param("newparam"), contact.param("secondparam"), contact.param("q")),
        (Some("Quoted string \"\""), Some("newvalue"), Some(""), Some("0.33"))
    );
    assert_eq!(invite.body.len(), 150);
}

#[test]
fn every_character_that_may_stand_in_a_part_stands_there() {
    let odd = request("rfc4475", "intmeth");
    assert_eq!(odd.method, "!interesting-Method0123456789_*+`.%indeed'~");
    assert_eq!(odd.uri.user.as_deref(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    assert_eq!(odd.uri.password.as_deref(), Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    assert_eq!(odd.headers.to().unwrap().display_name.as_deref(), Some("BEL:\u{7} NUL:\0 DEL:\u{7f}"));
    let from = odd.headers.from().unwrap();
    assert_eq!(from.display_name.as_deref(), Some("token1~` token2'+_ token3*%!.-"));
    assert_eq!((from.param("fromparam''~+*_!.-%"), from.tag()), (Some("работающий"), Some("_token~1'+`*%!-.")));
    assert_eq!(odd.headers.call_id().unwrap(), "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
    assert_eq!(odd.headers.via_top().unwrap().branch(), Some("z9hG4bK-.!%66*_+`'~"));
}

#[test]
fn escapes_are_undone_in_uris_and_nowhere_else() {
    let invite = request("rfc4475", "esc01");
    assert_eq!((invite.uri.user.as_deref(), invite.uri.host.as_str()), (Some("sips:user@example.com"), "example.net"));
    assert_eq!(invite.uri.to_string(), "sip:sips%3Auser%40example.com@example.net");
    let contact = &some(invite.headers.contacts().unwrap())[0];
    assert_eq!(contact.uri.params, [("lr".to_owned(), None), ("name".to_owned(), Some("value%41".to_owned()))]);
    assert!(contact.uri.to_string().contains("value%2541"));

    let null = request("rfc4475", "escnull");
    assert_eq!(null.headers.to().unwrap().uri.user.as_deref(), Some("null-\0-null"));
    assert_eq!(
        some(null.headers.contacts().unwrap()).iter().map(|contact| contact.uri.to_string()).collect::<Vec<_>>(),
        ["sip:%00@host5.example.com", "sip:%00%00@host5.example.com"]
    );

    let other = request("rfc4475", "esc02");
    assert_eq!((other.method.as_str(), other.headers.to().unwrap().display_name.as_deref()), ("RE%47IST%45R", Some("%Z%45")));
    assert_eq!(some(other.headers.contacts().unwrap()).len(), 2);

    assert_eq!(request("rfc4475", "semiuri").uri.user.as_deref(), Some("user;par=u@example.net"));
}

#[test]
fn the_other_valid_messages_say_what_they_say() {
    let from = request("rfc4475", "lwsdisp").headers.from().unwrap();
    assert_eq!((from.display_name.as_deref(), from.tag()), (Some("caller"), Some("323")));
    assert_eq!(request("rfc4475", "longreq").headers.vias().unwrap().len(), 34);
    // The second message in the datagram is not looked at.
    let register = request("rfc4475", "dblreq");
    assert_eq!((register.method.as_str(), register.body.len()), ("REGISTER", 0));
    let vias = request("rfc4475", "transports").headers.vias().unwrap();
    assert_eq!(vias.iter().map(|via| via.transport.as_str()).collect::<Vec<_>>(), ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
    assert_eq!(request("rfc4475", "mpart01").headers.content_type().as_deref(), Some("multipart/mixed"));
    assert!(response("unreason").reason.starts_with("= 2**3 * 5**2 "));
    assert_eq!((response("noreason").status, response("noreason").reason.as_str()), (100, ""));
    assert_eq!(request("rfc4475", "unkscm").uri.scheme, "nobodyknowsthisscheme");
    assert_eq!(request("rfc4475", "novelsc").uri.scheme, "soap.beep");
    assert_eq!(request("rfc4475", "unksm2").headers.to().unwrap().uri.scheme, "isbn");
    assert_eq!(request("rfc4475", "bext01").headers.values("Require").count(), 2);
    assert_eq!(request("rfc4475", "zeromf").headers.max_forwards(), Some(0));
    let old = request("rfc4475", "inv2543");
    assert_eq!((old.headers.via_top().unwrap().branch(), old.headers.from().unwrap().tag(), old.body.len()), (None, None, 105));
    let first = |name| some(request("rfc4475", name).headers.contacts().unwrap()).remove(0);
    assert_eq!((first("cparam01").param("unknownparam"), first("cparam01").uri.params.len()), (Some(""), 0));
    assert_eq!((first("cparam02").params.len(), first("cparam02").uri.param("unknownparam")), (0, Some("")));
    assert_eq!(first("regescrt").uri.headers, [("Route".to_owned(), "<sip:sip.example.com>".to_owned())]);
}

#[test]
fn ipv6_references_are_told_from_ports() {
    let host = |name| {
        let uri = request("rfc5118", name).uri;
        (uri.host, uri.port)
    };
    assert_eq!(host("ipv6-good"), ("2001:db8::10".to_owned(), None));
    assert_eq!(host("port-ambiguous"), ("2001:db8::10:5070".to_owned(), None));
    assert_eq!(host("port-unambiguous"), ("2001:db8::10".to_owned(), Some(5070)));
    assert_eq!(host("ipv6-bug-abnf-3-colons"), host("ipv6-correct-abnf-2-colons"));
    for (name, received) in [("via-received-param-with-delim", "[2001:db8::9:255]"), ("via-received-param-no-delim", "2001:db8::9:255")] {
        assert_eq!(request("rfc5118", name).headers.via_top().unwrap().param("received"), Some(received));
    }
    let vias = request("rfc5118", "mult-ip-in-header").headers.vias().unwrap();
    assert_eq!(vias.iter().map(|via| via.sent_by()).collect::<Vec<_>>(), ["[2001:db8::9:1]:6050", "192.0.2.1", "[2001:db8::9:255]"]);
    assert_eq!(request("rfc5118", "ipv4-mapped-ipv6").headers.via_top().unwrap().host, "::ffff:192.0.2.10");
}
