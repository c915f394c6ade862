//! What is written is read as what it was.

use cordboard_sip::{CSeq, Message, NameAddr, Request, Response, Uri, Via};
use proptest::prelude::*;

/// Any text but the characters that stand for bytes beyond UTF-8.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9#+*:;@&=%,/?]{1,12}", "\\PC{1,8}", any::<String>()]
        .prop_map(|text| text.chars().filter(|letter| u32::from(*letter) < 0x0010_ff00).collect::<String>())
        .prop_filter("empty", |text| !text.is_empty())
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?",
        any::<std::net::Ipv6Addr>().prop_map(|address| address.to_string()),
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string())
    ]
}

fn token() -> impl Strategy<Value = String> {
    "[a-z0-9.!%*_+`'~-]{1,8}"
}

fn uri() -> impl Strategy<Value = Uri> {
    let user = proptest::option::of((text(), proptest::option::of(prop_oneof![Just(String::new()), text()])));
    let params = proptest::collection::vec((text(), proptest::option::of(text())), 0..4);
    let headers = proptest::collection::vec((text(), prop_oneof![Just(String::new()), text()]), 0..3);
    ("sips?", user, host(), proptest::option::of(any::<u16>()), params, headers).prop_map(|(scheme, user, host, port, params, headers)| {
        let (user, password) = user.map_or((None, None), |(user, password)| (Some(user), password));
        let params = params.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        Uri { scheme, user, password, host, port, params, headers }
    })
}

/// Parameters of a header field.
fn params() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    let value = prop_oneof![Just(String::new()), token(), host(), one_line()];
    proptest::collection::vec((token(), proptest::option::of(value)), 0..4)
}

fn one_line() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace(['\r', '\n'], ""))
}

fn name_addr() -> impl Strategy<Value = NameAddr> {
    (proptest::option::of(one_line()), uri(), params()).prop_map(|(display_name, uri, params)| NameAddr { display_name, uri, params })
}

fn via() -> impl Strategy<Value = Via> {
    ("[A-Z0-9.-]{1,6}", host(), proptest::option::of(any::<u16>()), params()).prop_map(|(transport, host, port, params)| Via { transport, host, port, params })
}

fn field_value() -> impl Strategy<Value = String> {
    one_line().prop_map(|text| text.trim_matches([' ', '\t']).to_owned())
}

proptest! {
    // The same cases in every run: a failure is a change of the code.
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_uri_comes_back(uri in uri()) {
        prop_assert_eq!(Uri::parse(&uri.to_string()), Ok(uri.clone()));
        prop_assert!(uri.equivalent(&uri));
    }

    #[test]
    fn an_address_comes_back(address in name_addr()) {
        prop_assert_eq!(NameAddr::parse(&address.to_string()), Ok(address));
    }

    #[test]
    fn a_via_comes_back(via in via()) {
        prop_assert_eq!(Via::parse(&via.to_string()), Ok(via));
    }

    #[test]
    fn a_message_comes_back(
        uri in uri(),
        method in "[A-Z]{1,9}",
        number in 0_u32..1 << 31,
        vias in proptest::collection::vec(via(), 1..4),
        (from, to) in (name_addr(), name_addr()),
        call_id in "[!-~]{1,20}",
        others in proptest::collection::vec(("X-[a-z0-9.!%*_+`'~-]{1,8}", field_value()), 0..6),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        status in 100_u16..700,
        reason in one_line(),
    ) {
        let mut request = Request::new(&method, Uri { headers: Vec::new(), ..uri });
        request.headers.extend(vias.iter().map(|via| ("Via", via.to_string())));
        request.headers.extend([("From", from.to_string()), ("To", to.to_string()), ("Call-ID", call_id)]);
        request.headers.push("CSeq", CSeq { number, method }.to_string());
        request.headers.extend(others);
        request.body = body;
        let mut response = Response { status, reason, headers: request.headers.clone(), body: Vec::new() };
        response.body.clone_from(&request.body);
        for message in [Message::Request(request), Message::Response(response)] {
            let Ok(mut again) = Message::parse(&message.to_bytes()) else { return Err(TestCaseError::fail(format!("{message:?}"))) };
            prop_assert_eq!(again.headers().get("Content-Length").and_then(|value| value.parse().ok()), Some(match &message {
                Message::Request(request) => request.body.len(),
                Message::Response(response) => response.body.len(),
            }));
            match &mut again {
                Message::Request(request) => request.headers.remove("Content-Length"),
                Message::Response(response) => response.headers.remove("Content-Length"),
            };
            prop_assert_eq!(again, message);
        }
    }
}
