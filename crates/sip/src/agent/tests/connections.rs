use super::*;

fn over(transport: Transport) -> Target {
    Target::Address { transport, remote: PEER.parse().unwrap(), host: "peer.example".to_owned() }
}

fn place_over(desk: &mut Desk, target: Target) -> CallId {
    let call = desk.agent.call();
    desk.run(Command::Invite { call, target, invite: invite() });
    call
}

#[test]
fn a_connection_is_opened_once_and_what_waits_for_it_is_sent() {
    let mut desk = Desk::new();
    place_over(&mut desk, over(Transport::Tcp));
    place_over(&mut desk, over(Transport::Tcp));
    let (ticket, _) = desk.connects.pop_front().unwrap();
    assert!(desk.connects.is_empty() && desk.sent.is_empty());
    desk.input(Input::Connected { ticket, flow: stream(Transport::Tcp, 5) });
    place_over(&mut desk, over(Transport::Tcp));
    assert!(desk.connects.is_empty());
    let sent = desk.request("INVITE");
    assert_eq!(sent.headers.get("Contact"), Some("<sip:alice@192.0.2.1:5060;transport=tcp>"));
    assert!(sent.headers.get("Via").unwrap().starts_with("SIP/2.0/TCP 192.0.2.1:5060;"));
    desk.wait(20_000);
    assert_eq!(desk.said(), ["INVITE"; 2], "nothing is repeated on a connection");
}

#[test]
fn a_connection_that_cannot_be_opened_fails_what_waits_for_it() {
    let mut desk = Desk::new();
    place_over(&mut desk, over(Transport::Tls));
    let (ticket, _) = desk.connects.pop_front().unwrap();
    desk.input(Input::ConnectFailed { ticket, reason: "refused".to_owned() });
    let Event::Failed { status: 503, reason, .. } = desk.event() else { panic!() };
    assert_eq!(reason, "refused");
    assert!(desk.is_empty() && desk.agent.sizes().links == 0);
    place_over(&mut desk, over(Transport::Tls));
    assert_eq!(desk.connects.len(), 1, "the next one tries again");
}

#[test]
fn a_connection_that_does_not_open_in_time_counts_as_failed() {
    let mut desk = Desk::new();
    place_over(&mut desk, over(Transport::Tcp));
    let (ticket, _) = desk.connects.pop_front().unwrap();
    desk.wait(9_999);
    place_over(&mut desk, over(Transport::Tcp));
    assert!(desk.connects.is_empty() && desk.events.is_empty());
    desk.wait(1);
    assert_eq!(desk.happened(), ["Failed 503", "Failed 503"]);
    assert!(desk.is_empty() && desk.agent.sizes().links == 0);
    // It opens after all, and nobody needs it.
    let late = stream(Transport::Tcp, 5);
    desk.input(Input::Connected { ticket, flow: late });
    assert_eq!(desk.closes, [late]);
    place_over(&mut desk, over(Transport::Tcp));
    assert_eq!(desk.connects.len(), 1);
}

#[test]
fn a_connection_that_has_opened_has_no_deadline() {
    let mut desk = Desk::new();
    place_over(&mut desk, over(Transport::Tcp));
    let (ticket, _) = desk.connects.pop_front().unwrap();
    let flow = stream(Transport::Tcp, 5);
    desk.input(Input::Connected { ticket, flow });
    desk.wait(40_000);
    assert_eq!((desk.happened(), desk.agent.sizes().links), (vec!["Failed 408".to_owned()], 1));
    assert!(desk.is_empty());
}

#[test]
fn hosts_at_one_address_share_a_connection_unless_tls_checks_their_names() {
    for (transport, connections) in [(Transport::Tcp, 1), (Transport::Tls, 3)] {
        let mut desk = Desk::new();
        for host in ["a.example", "b.example", "c.example", "a.example"] {
            place_over(&mut desk, Target::Address { transport, remote: PEER.parse().unwrap(), host: host.to_owned() });
        }
        assert_eq!((desk.connects.len(), desk.agent.sizes().links), (connections, connections));
    }
}

#[test]
fn a_closed_connection_loses_its_calls_and_requests() {
    let mut desk = Desk::new();
    place_over(&mut desk, over(Transport::Tcp));
    let flow = stream(Transport::Tcp, 5);
    let (ticket, _) = desk.connects.pop_front().unwrap();
    desk.input(Input::Connected { ticket, flow });
    let sent = desk.request("INVITE");
    let ok = response_to(&sent, 200, "p", &[]);
    desk.input(Input::Bytes { flow, bytes: ok.into_bytes() });
    let info = desk.agent.request();
    let Event::Answered { call, .. } = desk.event() else { panic!() };
    desk.run(Command::Inside { call, request: info, method: "INFO".to_owned(), headers: Vec::new(), body: None });
    place_over(&mut desk, over(Transport::Tcp));
    desk.input(Input::Closed { flow });
    let mut happened = desk.happened();
    happened.sort();
    assert_eq!(happened, ["Ended Lost", "Failed 503", "FlowClosed", "Replied 503"]);
    assert!(desk.is_empty());
    assert_eq!((desk.agent.sizes().connections, desk.agent.sizes().links), (0, 0));
    desk.input(Input::Closed { flow });
    assert!(desk.events.is_empty());
}

#[test]
fn a_closed_connection_ends_a_call_that_rings_here() {
    let mut desk = Desk::new();
    let flow = stream(Transport::Tcp, 9);
    let text = request("INVITE", "i1", 1, "", "").replace("/UDP", "/TCP");
    desk.input(Input::Bytes { flow, bytes: text.into_bytes() });
    desk.wait(200);
    assert_eq!(desk.said(), ["100"]);
    desk.input(Input::Closed { flow });
    assert_eq!(desk.happened(), ["Incoming", "Ended Lost", "FlowClosed"]);
    assert!(desk.is_empty());
}

#[test]
fn a_message_in_pieces_is_one_and_two_in_one_piece_are_two() {
    let mut desk = Desk::new();
    let flow = stream(Transport::Tcp, 9);
    let text = request("OPTIONS", "o1", 1, "", "") + &request("OPTIONS", "o2", 2, "", "");
    for piece in text.as_bytes().chunks(100) {
        desk.input(Input::Bytes { flow, bytes: piece.to_vec() });
    }
    assert_eq!(desk.happened(), ["Outside OPTIONS", "Outside OPTIONS"]);
}

#[test]
fn a_stream_that_is_not_sip_is_closed() {
    let mut desk = Desk::new();
    let flow = stream(Transport::Tcp, 9);
    desk.input(Input::Bytes { flow, bytes: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec() });
    assert_eq!(desk.closes, [flow]);
    assert_eq!(desk.happened(), ["FlowClosed"]);
    assert_eq!(desk.agent.sizes().connections, 0);
}

#[test]
fn keep_alives_are_answered_and_stun_is_not() {
    let mut desk = Desk::new();
    for flow in [udp(PEER), stream(Transport::Ws, 3)] {
        desk.input(Input::Packet { flow, bytes: b"\r\n\r\n".to_vec() });
        assert_eq!(desk.sent.pop_front(), Some((flow, b"\r\n".to_vec())));
    }
    let flow = stream(Transport::Tcp, 9);
    desk.input(Input::Bytes { flow, bytes: b"\r\n\r\n".to_vec() });
    assert_eq!(desk.sent.pop_front(), Some((flow, b"\r\n".to_vec())));
    for quiet in [&b"\r\n"[..], b"\0", b"", b"\0\x01\0\0\x21\x12\xa4\x42aaaaaaaaaaaa"] {
        desk.input(Input::Packet { flow: udp(PEER), bytes: quiet.to_vec() });
    }
    assert!(desk.sent.is_empty());
}

#[test]
fn a_browser_is_called_over_its_websocket() {
    let mut desk = Desk::new();
    let flow = stream(Transport::Ws, 3);
    desk.hear_from(flow, &request("REGISTER", "r1", 1, "", "").replace("/UDP 192.0.2.99", "/WS df7jal23ls0d.invalid"));
    let Event::Outside { request, .. } = desk.event() else { panic!() };
    let headers = vec![("Contact".to_owned(), "<sip:bob@df7jal23ls0d.invalid;transport=ws>;expires=600".to_owned())];
    desk.run(Command::Reply { request, reply: Reply { status: 200, headers, ..Reply::default() } });
    let ok = desk.response(200);
    assert_eq!(ok.headers.get("Contact"), Some("<sip:bob@df7jal23ls0d.invalid;transport=ws>;expires=600"));
    place_over(&mut desk, Target::Flow(flow));
    assert_eq!(desk.sent[0].0, flow);
    let sent = desk.request("INVITE");
    assert!(sent.headers.get("Via").unwrap().starts_with("SIP/2.0/WS 192.0.2.1:8080;"));
    assert_eq!(sent.headers.get("Contact"), Some("<sip:alice@192.0.2.1:8080;transport=ws>"));
    desk.input(Input::Closed { flow });
    assert_eq!(desk.happened(), ["Failed 503", "FlowClosed"]);
    place_over(&mut desk, Target::Flow(flow));
    assert_eq!(desk.happened(), ["Failed 503"]);
}

#[test]
fn the_advertised_address_is_named_where_the_local_one_says_nothing() {
    let mut config = config();
    config.listeners[0].local = "0.0.0.0:5060".parse().unwrap();
    config.listeners[0].advertised = Some(("sip.example".to_owned(), Some(5_070)));
    let mut desk = Desk::with(config);
    desk.placed();
    let call = desk.agent.call();
    desk.run(Command::Invite { call, target: to_peer(), invite: invite() });
    assert_eq!(desk.request("INVITE").headers.get("Contact"), Some("<sip:alice@sip.example:5070>"));
}

#[test]
fn a_private_address_is_not_named_to_the_world() {
    let mut config = config();
    config.listeners[0].local = "10.0.0.1:5060".parse().unwrap();
    config.listeners[0].advertised = Some(("203.0.113.1".to_owned(), None));
    let mut desk = Desk::with(config);
    desk.placed();
    let call = desk.agent.call();
    let near = Target::Address { transport: Transport::Udp, remote: "10.0.0.9:5060".parse().unwrap(), host: String::new() };
    desk.run(Command::Invite { call, target: near, invite: invite() });
    assert_eq!(desk.request("INVITE").headers.get("Contact"), Some("<sip:alice@10.0.0.1:5060>"));
    let call = desk.agent.call();
    desk.run(Command::Invite { call, target: to_peer(), invite: invite() });
    assert_eq!(desk.request("INVITE").headers.get("Contact"), Some("<sip:alice@203.0.113.1:5060>"));
}

#[test]
fn a_target_without_a_socket_fails() {
    let mut desk = Desk::new();
    place_over(&mut desk, Target::Address { transport: Transport::Udp, remote: "[2001:db8::1]:5060".parse().unwrap(), host: String::new() });
    assert_eq!(desk.happened(), ["Failed 503"]);
}

#[test]
fn a_call_that_moved_to_another_connection_outlives_the_first() {
    let mut desk = Desk::new();
    let (first, second) = (stream(Transport::Tcp, 5), stream(Transport::Tcp, 6));
    let over_tcp = |text: String| text.replace("/UDP", "/TCP").into_bytes();
    desk.input(Input::Bytes { flow: first, bytes: over_tcp(request("INVITE", "i1", 1, "", "")) });
    desk.wait(200);
    let tag = desk.response(100).headers.to().unwrap().tag().unwrap().to_owned();
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.input(Input::Bytes { flow: second, bytes: over_tcp(request("ACK", "a1", 1, &tag, "")) });
    desk.sent.clear();
    desk.input(Input::Closed { flow: first });
    assert_eq!(desk.happened(), ["Acknowledged", "FlowClosed"]);
    desk.run(Command::Hangup { call, headers: Vec::new() });
    assert_eq!(desk.sent[0].0, second);
}

#[test]
fn a_cancelled_call_over_a_connection_leaves_nothing() {
    let mut desk = Desk::new();
    let call = place_over(&mut desk, over(Transport::Tcp));
    let flow = stream(Transport::Tcp, 5);
    let (ticket, _) = desk.connects.pop_front().unwrap();
    desk.input(Input::Connected { ticket, flow });
    let sent = desk.request("INVITE");
    desk.input(Input::Bytes { flow, bytes: response_to(&sent, 180, "p", &[]).into_bytes() });
    desk.run(Command::Hangup { call, headers: Vec::new() });
    desk.input(Input::Bytes { flow, bytes: response_to(&sent, 487, "p", &[]).into_bytes() });
    assert_eq!(desk.said(), ["CANCEL", "ACK"]);
    assert!(desk.is_empty());
}
