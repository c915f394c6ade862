use super::*;

fn bounded(calls: usize, transactions: usize) -> Desk {
    Desk::with(Config { limits: Limits { calls, transactions, connections: 3, queued: 2 }, ..config() })
}

#[test]
fn calls_over_the_bound_are_refused_without_being_remembered() {
    let mut desk = bounded(2, 100);
    for call in 0..50 {
        desk.hear(&request("INVITE", &format!("i{call}"), 1, "", "").replace("c1", &format!("c{call}")));
    }
    assert_eq!((desk.events.len(), desk.agent.sizes().calls, desk.agent.sizes().transactions), (2, 2, 2));
    desk.sent.drain(..2);
    assert!(desk.response(503).headers.get("Retry-After").is_some());
    assert!(desk.said().iter().all(|said| said == "503"));
    let call = desk.agent.call();
    desk.events.clear();
    desk.run(Command::Invite { call, target: to_peer(), invite: invite() });
    assert_eq!(desk.happened(), ["Failed 503"]);
}

#[test]
fn a_flood_of_requests_fills_no_table_and_calls_still_end() {
    let mut desk = bounded(10, 16);
    let (call, tag) = desk.answered();
    for number in 0..1_000 {
        desk.hear(&request("OPTIONS", &format!("o{number}"), number, "", "").replace("c1", "c2"));
    }
    assert!(desk.agent.sizes().transactions <= 16);
    desk.sent.clear();
    desk.events.clear();
    desk.hear(&request("BYE", "b1", 2, &tag, ""));
    assert_eq!((desk.said(), desk.happened()), (vec!["200".to_owned()], vec!["Ended Bye".to_owned()]));
    desk.run(Command::Hangup { call, headers: Vec::new() });
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn a_repeated_refusal_has_the_same_tag() {
    let mut desk = Desk::new();
    desk.hear(&request("INFO", "x", 1, "", ""));
    desk.hear(&request("INFO", "x", 1, "", ""));
    assert_eq!(desk.response(481), desk.response(481));
}

#[test]
fn connections_over_the_bound_are_closed() {
    let mut desk = bounded(10, 10);
    for connection in 1..=5 {
        desk.input(Input::Bytes { flow: stream(Transport::Tcp, connection), bytes: b"\r\n\r\n".to_vec() });
    }
    assert_eq!((desk.closes.len(), desk.agent.sizes().connections), (2, 3));
}

#[test]
fn what_waits_for_a_connection_is_bounded() {
    let mut desk = bounded(10, 100);
    for _ in 0..4 {
        let call = desk.agent.call();
        let target = Target::Address { transport: Transport::Tcp, remote: PEER.parse().unwrap(), host: String::new() };
        desk.run(Command::Invite { call, target, invite: invite() });
    }
    assert_eq!(desk.happened(), ["Failed 503", "Failed 503"]);
}

#[test]
fn stray_messages_are_dropped() {
    let mut desk = Desk::new();
    desk.hear(&request("ACK", "a1", 1, "", ""));
    desk.hear(&request("ACK", "a1", 1, "1-0123456789abcdef", ""));
    let (_, sent) = desk.placed();
    let ok = response_to(&sent, 200, "p", &[]);
    let branch = sent.headers.via_top().unwrap().branch().unwrap().to_owned();
    for wrong in ["z9hG4bK", "z9hG4bK1-0", "z9hG4bKffffffffffffffffff-0", "x", "z9hG4bK-"] {
        desk.hear(&ok.replace(&branch, wrong));
    }
    desk.hear(&ok.replace("CSeq: 1 INVITE", "CSeq: 1 OPTIONS"));
    desk.hear(&ok.replace("CSeq: 1 INVITE", "CSeq: 1 CANCEL"));
    desk.hear(&ok.replacen("Via:", "Via: SIP/2.0/UDP other;branch=z9hG4bKother\r\nVia:", 1));
    assert!(desk.said().is_empty() && desk.events.is_empty());
    desk.hear(&ok);
    assert_eq!(desk.happened(), ["Answered"]);
}

#[test]
fn what_is_no_message_is_dropped_and_a_broken_request_told_so() {
    let mut desk = Desk::new();
    for text in ["x", "INVITE", "SIP/2.0 200 OK\r\n\r\n", "INVITE sip:a SIP/2.0\r\n\r\n"] {
        desk.hear(text);
    }
    assert!(desk.said().is_empty());
    desk.hear(&request("INVITE", "i1", 1, "", "").replace("CSeq: 1 INVITE", "CSeq: 1 BYE"));
    desk.hear(&request("INVITE", "i1", 1, "", "").replace("Contact: <sip:bob@192.0.2.99>\r\n", ""));
    desk.hear(&request("INVITE", "i1", 1, "", "").replace("SIP/2.0\r\nVia", "SIP/3.0\r\nVia"));
    assert_eq!(desk.said(), ["400", "400", "505"]);
    assert!(desk.events.is_empty() && desk.is_empty());
}

#[test]
fn a_route_set_without_end_is_refused() {
    let mut desk = Desk::new();
    let routes = "Record-Route: <sip:0123456789012345678901234567890123456789012345678901234567890123456789;lr>\r\n".repeat(100);
    desk.hear(&request("INVITE", "i1", 1, "", &routes));
    assert_eq!(desk.said(), ["513"]);
    assert!(desk.is_empty());
}

#[test]
fn commands_for_calls_that_there_are_not_do_nothing() {
    let mut desk = Desk::new();
    let call = CallId(77);
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.run(Command::Hangup { call, headers: Vec::new() });
    desk.run(Command::Reply { request: RequestId(78), reply: reply(200) });
    assert!(desk.said().is_empty() && desk.events.is_empty());
}

#[test]
fn a_clock_that_goes_back_is_as_good_as_one_that_stands() {
    let mut desk = Desk::new();
    desk.incoming();
    desk.agent.handle(now(0), Input::Tick);
    desk.hear(&request("CANCEL", "i1", 1, "", ""));
    desk.wait(33_000);
    assert!(desk.is_empty());
}
