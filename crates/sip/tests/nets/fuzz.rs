//! Parsers never panic, and what they take they write so that it is taken as the same again. `FUZZ_ROUNDS=100` tries a hundred times as much.

use std::{
    fmt::{Debug, Display},
    path::Path,
};

use cordboard_fuzzing::{Target, files};
use cordboard_now::{Chance, Instant, Now};
use cordboard_sip::{
    CSeq, Credentials, Flow, Frame, Framing, Malformed, Message, NameAddr, Registrar, Request, Response, Transport, Uri, Via,
    digest::{Params, Server, challenges},
};

/// Pieces that parsers of SIP stumble over.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc3",
    b"%",
    b"%0",
    b"%00",
    b"%ff",
    b"%23",
    b";",
    b";;",
    b",",
    b"=",
    b"@",
    b"<",
    b">",
    b"[",
    b"]",
    b":::",
    b"\r\n",
    b"\r\n ",
    b"\n\n",
    b"\r",
    b"\r\n\r\n",
    b"\"",
    b"\\",
    b"\\\"",
    b"*",
    b"?",
    b"-1",
    b"4294967296",
    b"99999999999999999999",
    b"SIP/2.0",
    b"Content-Length: 7\r\n",
    b"l:0\r\n",
    "\u{10ffff}".as_bytes(),
    "\u{1f600}".as_bytes(),
];

fn target(name: &'static str) -> Target {
    Target::new(env!("CARGO_MANIFEST_DIR"), name, PIECES)
}

fn torture() -> Vec<Vec<u8>> {
    ["rfc4475", "rfc5118"].map(|rfc| files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture").join(rfc))).concat()
}

/// Text of one line.
fn line(input: &[u8]) -> String {
    String::from_utf8_lossy(input).replace(['\r', '\n'], " ")
}

/// What is read is written so that it is read alike.
fn comes_back<T: PartialEq + Debug + Display>(text: &str, parse: impl Fn(&str) -> Result<T, Malformed>) -> Option<T> {
    let value = parse(text).ok()?;
    assert_eq!(parse(&value.to_string()).as_ref(), Ok(&value), "{text:?}");
    Some(value)
}

fn flow() -> Flow {
    Flow { transport: Transport::Tcp, local: "127.0.0.1:5060".parse().unwrap(), remote: "127.0.0.1:1".parse().unwrap(), connection: 1 }
}

#[test]
fn a_message_is_read_or_refused() {
    let server = Server::new("example", [0; 32]);
    target("message").and(torture()).fuzz(20_000, |input, _| match Message::parse(input) {
        Ok(message) => {
            let written = message.to_bytes();
            let again = Message::parse(&written).unwrap();
            assert_eq!(again.to_bytes(), written);
            let headers = message.headers();
            headers.vias().unwrap();
            let (_, _, _) = (headers.addresses("Record-Route"), headers.contact(), headers.addresses("P-Asserted-Identity"));
            let (_, _, _) = (headers.expires(), headers.content_type(), headers.lists("Require", "100rel"));
            match message {
                Message::Request(request) => {
                    headers_of_answer(&Response { headers: request.headers.clone(), ..Response::new(200, "") });
                    server.authorization(&request);
                    let mut registrar = Registrar::new();
                    let _ = registrar.register(Now { monotonic: Instant(0), utc_ms: 0 }, "bob", flow(), &request);
                    registrar.tick(Now { monotonic: Instant(u64::MAX), utc_ms: 0 });
                    assert!(registrar.is_empty());
                }
                Message::Response(response) => drop(challenges(&response)),
            }
        }
        Err(error) => {
            if let Some(answer) = error.answer {
                assert!(matches!(answer.status, 400 | 505));
                answer.to_bytes();
            }
        }
    });
}

fn headers_of_answer(response: &Response) {
    let mut response = response.clone();
    response.tag_to("x");
    assert!(response.headers.to().unwrap().tag().is_some());
    let via = response.headers.via_top().unwrap();
    response.headers.set_via_top(&via);
    assert_eq!(response.headers.via_top(), Ok(via));
}

#[test]
fn a_uri_is_read_or_refused() {
    target("uri").fuzz(50_000, |input, _| {
        if let Some(uri) = comes_back(&line(input), Uri::parse) {
            assert!(uri.equivalent(&uri));
        }
    });
}

#[test]
fn an_address_is_read_or_refused() {
    target("name_addr").fuzz(50_000, |input, _| {
        comes_back(&line(input), NameAddr::parse);
        comes_back(&line(input), CSeq::parse);
    });
}

#[test]
fn a_via_is_read_or_refused() {
    target("via").fuzz(50_000, |input, _| drop(comes_back(&line(input), Via::parse)));
}

#[test]
fn digest_fields_are_read_or_refused() {
    let mut chance = Chance::new(&[0; 32]);
    let mut server = Server::new("example", [0; 32]);
    let credentials = Credentials { username: "a\"b".to_owned(), password: "p".to_owned() };
    target("digest").fuzz(4_000, |input, _| {
        let value = line(input);
        let _ = Params::parse(&value);
        let mut response = Response::new(401, "");
        response.headers.push("WWW-Authenticate", value.as_str());
        for challenge in challenges(&response) {
            let (_, answer) = challenge.answer("INVITE", &Uri::sip(None, "h", None), &credentials, 1, &mut chance);
            let params = Params::parse(&answer).unwrap().unwrap();
            assert_eq!((params.get("username"), params.get("nonce")), (Some("a\"b"), Some(challenge.nonce.as_str())));
        }
        let mut request = Request::new("INVITE", Uri::sip(None, "h", None));
        request.headers.push("Authorization", value);
        if let Some(authorization) = server.authorization(&request) {
            server.verify(Now { monotonic: Instant(0), utc_ms: 0 }, flow().remote.ip(), &request, &authorization, None);
        }
    });
}

#[test]
fn a_stream_gives_the_same_messages_however_it_is_cut() {
    fn messages(framing: &mut Framing, into: &mut Vec<Vec<u8>>) -> bool {
        loop {
            match framing.next() {
                Ok(Some(Frame::Message(message))) => into.push(message),
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }
    target("stream").and(torture()).fuzz(10_000, |input, draw| {
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        let mut framing = Framing::new();
        framing.push(input);
        let ended = messages(&mut framing, &mut whole);
        let mut framing = Framing::new();
        let mut rest = input;
        let mut went_on = true;
        while !rest.is_empty() && went_on {
            let (piece, after) = rest.split_at(1 + draw.below(rest.len().min(64)));
            framing.push(piece);
            went_on = messages(&mut framing, &mut parts);
            rest = after;
        }
        assert_eq!((&whole, ended), (&parts, went_on));
    });
}
