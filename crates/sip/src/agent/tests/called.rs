use super::*;

#[test]
fn an_invite_is_answered_with_100_when_the_user_says_so_and_again_when_it_is_repeated() {
    let mut desk = Desk::new();
    desk.incoming();
    desk.hear(&request("INVITE", "i1", 1, "", ""));
    assert_eq!(desk.said(), ["100"]);
    assert!(desk.events.is_empty());
}

/// RFC 3261 §17.2.1.
#[test]
fn an_invite_without_any_answer_gets_100_after_200_ms() {
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", ""));
    desk.wait(199);
    desk.hear(&request("INVITE", "i1", 1, "", ""));
    assert_eq!(desk.said(), Vec::<String>::new());
    desk.wait(1);
    assert_eq!(desk.said(), ["100"]);
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    for status in [100, 180, 100] {
        desk.run(Command::Answer { call, reply: reply(status) });
    }
    desk.wait(1_000);
    assert_eq!(desk.said(), ["180"]);
    desk.run(Command::Hangup { call, headers: Vec::new() });
    desk.wait(100_000);
    assert!(desk.is_empty());
}

/// Whoever a forged address belongs to gets one message for one.
#[test]
fn a_refused_invite_gets_one_answer_and_of_us_no_word_too_many() {
    for status in [401, 403, 407] {
        let mut desk = Desk::new();
        desk.hear(&request("INVITE", "i1", 1, "", ""));
        let Event::Incoming { call, .. } = desk.event() else { panic!() };
        desk.run(Command::Answer { call, reply: Reply { forget: true, ..reply(status) } });
        desk.wait(100_000);
        assert_eq!((desk.sent.len(), desk.response(status).headers.get("Server")), (1, None));
        assert!(desk.is_empty());
    }
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", "").replace("Max-Forwards: 70", "Max-Forwards: 0"));
    assert_eq!(desk.response(483).headers.get("Server"), None);
}

#[test]
fn a_repeated_invite_gets_the_last_provisional_answer() {
    let mut desk = Desk::new();
    let (call, _) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(180) });
    desk.hear(&request("INVITE", "i1", 1, "", ""));
    assert_eq!(desk.said(), ["180", "180"]);
}

#[test]
fn ringing_is_said_again_every_minute() {
    let mut desk = Desk::new();
    let (call, _) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(180) });
    desk.wait(125_000);
    assert_eq!(desk.said(), ["180", "180", "180"]);
}

#[test]
fn a_2xx_is_repeated_until_its_ack() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.wait(8_000);
    assert_eq!(desk.said(), ["200"; 5]);
    desk.hear(&request("INVITE", "i1", 1, "", ""));
    assert!(desk.said().is_empty(), "the dialog repeats the answer, not the transaction");
    desk.hear(&request("ACK", "a1", 1, &tag, "Content-Type: application/sdp\r\n\r\nv=0\r\n"));
    desk.wait(30_000);
    assert!(desk.said().is_empty());
    let Event::Acknowledged { body, .. } = desk.event() else { panic!() };
    assert_eq!(body, sdp());
}

#[test]
fn a_call_whose_2xx_nobody_acknowledges_ends_with_bye() {
    let mut desk = Desk::new();
    let (call, _) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.wait(32_000);
    assert_eq!(desk.happened(), ["Ended NoAck"]);
    assert_eq!(desk.said().last().unwrap(), "BYE");
    desk.wait(40_000);
    assert!(desk.is_empty());
}

#[test]
fn a_2xx_has_contact_allow_record_route_and_the_users_fields() {
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", "Record-Route: <sip:p2;lr>, <sip:p1;lr>\r\n"));
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    desk.sent.clear();
    let headers = vec![("X-A".to_owned(), "1".to_owned()), ("To".to_owned(), "<sip:evil>".to_owned()), ("X-B".to_owned(), "1\r\nX-C: 2".to_owned())];
    desk.run(Command::Answer { call, reply: Reply { status: 200, headers, body: sdp(), ..Reply::default() } });
    let ok = desk.response(200);
    assert_eq!(ok.headers.get("Contact"), Some("<sip:service@192.0.2.1:5060>"));
    assert_eq!(ok.headers.get("Record-Route"), Some("<sip:p2;lr>, <sip:p1;lr>"));
    assert_eq!(ok.headers.get("Server"), Some("Cordboard"));
    assert_eq!(ok.headers.get("X-A"), Some("1"));
    assert!(ok.headers.get("Allow").is_some() && ok.headers.get("X-B").is_none() && ok.headers.get("X-C").is_none());
    assert_eq!(ok.headers.all("To").count(), 1);
    assert_eq!(ok.body, b"v=0\r\n");
}

#[test]
fn requests_inside_a_call_follow_its_route_set() {
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\n"));
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    desk.wait(200);
    let tag = desk.response(100).headers.to().unwrap().tag().unwrap().to_owned();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.hear(&request("ACK", "a1", 1, &tag, ""));
    desk.sent.clear();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    let bye = desk.request("BYE");
    assert_eq!(bye.uri.to_string(), "sip:bob@192.0.2.99");
    assert_eq!(bye.headers.all("Route").collect::<Vec<_>>(), ["<sip:p1;lr>", "<sip:p2;lr>"]);
}

#[test]
fn a_strict_router_is_the_request_uri() {
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", "Record-Route: <sip:p1>, <sip:p2;lr>\r\n"));
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    desk.wait(200);
    let tag = desk.response(100).headers.to().unwrap().tag().unwrap().to_owned();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.hear(&request("ACK", "a1", 1, &tag, ""));
    desk.sent.clear();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    let bye = desk.request("BYE");
    assert_eq!(bye.uri.to_string(), "sip:p1");
    assert_eq!(bye.headers.all("Route").collect::<Vec<_>>(), ["<sip:p2;lr>", "<sip:bob@192.0.2.99>"]);
}

#[test]
fn a_refused_call_is_over_and_its_answer_repeated_until_the_ack() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(486) });
    assert_eq!(desk.happened(), ["Ended Local"]);
    desk.wait(4_000);
    assert_eq!(desk.said(), ["486"; 4]);
    desk.hear(&request("ACK", "i1", 1, &tag, ""));
    desk.wait(10_000);
    assert!(desk.said().is_empty() && desk.events.is_empty() && desk.is_empty());
}

#[test]
fn a_redirection_takes_the_users_contact() {
    let mut desk = Desk::new();
    let (call, _) = desk.incoming();
    let headers = vec![("Contact".to_owned(), "<sip:elsewhere@192.0.2.50>".to_owned())];
    desk.run(Command::Answer { call, reply: Reply { status: 302, headers, ..Reply::default() } });
    assert_eq!(desk.response(302).headers.get("Contact"), Some("<sip:elsewhere@192.0.2.50>"));
}

#[test]
fn cancel_ends_a_call_that_is_not_answered() {
    let mut desk = Desk::new();
    desk.incoming();
    desk.hear(&request("CANCEL", "i1", 1, "", "Reason: SIP;cause=200\r\n"));
    assert_eq!(desk.said(), ["200", "487"]);
    let Event::Ended { why: Why::Cancelled, request: Some(cancel), .. } = desk.event() else { panic!() };
    assert_eq!(cancel.headers.get("Reason"), Some("SIP;cause=200"));
    desk.hear(&request("CANCEL", "i1", 1, "", ""));
    assert_eq!(desk.said(), ["200"]);
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn cancel_after_the_answer_changes_nothing() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.sent.clear();
    desk.hear(&request("CANCEL", "i1", 1, "", ""));
    assert_eq!(desk.said(), ["200"]);
    desk.hear(&request("ACK", "a1", 1, &tag, ""));
    assert_eq!(desk.happened(), ["Acknowledged"]);
}

#[test]
fn cancel_of_nothing_is_481() {
    let mut desk = Desk::new();
    desk.hear(&request("CANCEL", "i1", 1, "", ""));
    assert_eq!(desk.said(), ["481"]);
    assert!(desk.is_empty());
}

#[test]
fn an_answer_after_cancel_is_too_late() {
    let mut desk = Desk::new();
    let (call, _) = desk.incoming();
    desk.hear(&request("CANCEL", "i1", 1, "", ""));
    desk.sent.clear();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.run(Command::Hangup { call, headers: Vec::new() });
    assert!(desk.said().is_empty());
}

#[test]
fn hanging_up_a_call_that_rings_is_480() {
    let mut desk = Desk::new();
    let (call, _) = desk.incoming();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    assert_eq!((desk.said(), desk.happened()), (vec!["480".to_owned()], vec!["Ended Local".to_owned()]));
}

#[test]
fn bye_waits_for_the_ack() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.run(Command::Hangup { call, headers: vec![("X-Why".to_owned(), "bored".to_owned())] });
    assert_eq!((desk.said(), desk.happened()), (vec!["200".to_owned()], vec!["Ended Local".to_owned()]));
    desk.hear(&request("ACK", "a1", 1, &tag, ""));
    let bye = desk.request("BYE");
    assert_eq!(bye.headers.get("X-Why"), Some("bored"));
    desk.hear(&response_to(&bye, 200, "x", &[]));
    assert!(desk.events.is_empty());
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn bye_before_the_answer_ends_the_invite_too() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(180) });
    desk.sent.clear();
    desk.hear(&request("BYE", "b1", 2, &tag, ""));
    assert_eq!((desk.said(), desk.happened()), (vec!["200".to_owned(), "487".to_owned()], vec!["Ended Bye".to_owned()]));
}

#[test]
fn a_repeated_bye_is_answered_again() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("BYE", "b1", 2, &tag, ""));
    desk.hear(&request("BYE", "b1", 2, &tag, ""));
    assert_eq!((desk.said(), desk.happened()), (vec!["200".to_owned(), "200".to_owned()], vec!["Ended Bye".to_owned()]));
    desk.hear(&request("BYE", "b2", 3, &tag, ""));
    assert_eq!(desk.said(), ["481"]);
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn crossing_byes_are_both_answered() {
    let mut desk = Desk::new();
    let (call, tag) = desk.answered();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    let bye = desk.request("BYE");
    desk.hear(&request("BYE", "b1", 2, &tag, ""));
    desk.response(200);
    desk.hear(&response_to(&bye, 481, "x", &[]));
    assert_eq!(desk.happened(), ["Ended Local"]);
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn the_same_invite_over_another_path_is_482() {
    let mut desk = Desk::new();
    desk.incoming();
    desk.hear(&request("INVITE", "i2", 1, "", ""));
    assert_eq!(desk.said(), ["482"]);
    assert!(desk.events.is_empty());
}

#[test]
fn what_cannot_be_served_is_refused_by_its_code() {
    for (method, more, status) in
        [("INVITE", "Require: 100rel, timer\r\n", "420"), ("INVITE", "Content-Encoding: gzip\r\n", "415"), ("INFO", "", "481"), ("BYE", "", "481")]
    {
        let mut desk = Desk::new();
        desk.hear(&request(method, "x", 1, "", more));
        assert_eq!(desk.said(), [status], "{method} {more}");
        assert!(desk.events.is_empty() && desk.is_empty());
    }
}

#[test]
fn a_method_that_the_user_does_not_take_is_refused_with_those_that_it_takes() {
    let methods = Methods { inside: &["OPTIONS", "INFO"], outside: &["OPTIONS", "REGISTER"] };
    let mut desk = Desk::with(Config { methods, ..config() });
    let said = |desk: &mut Desk, method: &str, branch: &str, tag: &str| {
        desk.hear(&request(method, branch, 2, tag, ""));
        desk.said_with("Allow")
    };
    let outside = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER";
    for (method, status) in [("NOTIFY", "405"), ("SUBSCRIBE", "405"), ("MESSAGE", "405"), ("DANCE", "501")] {
        assert_eq!(said(&mut desk, method, method, ""), [format!("{status} {outside}")]);
    }
    assert!(desk.events.is_empty() && desk.is_empty());
    let (_, tag) = desk.answered();
    let inside = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO";
    for (method, status) in [("REFER", "405"), ("MESSAGE", "405"), ("REGISTER", "405"), ("dance", "501")] {
        assert_eq!(said(&mut desk, method, &format!("i{method}"), &tag), [format!("{status} {inside}")]);
    }
    assert!(desk.events.is_empty());
    desk.hear(&request("INVITE", "r1", 3, &tag, ""));
    let Event::Requested { request: id, .. } = desk.event() else { panic!() };
    desk.run(Command::Reply { request: id, reply: reply(200) });
    assert_eq!(desk.said_with("Allow"), ["100 ".to_owned(), format!("200 {inside}")]);
    desk.hear(&request("OPTIONS", "o1", 1, "", ""));
    let Event::Outside { request: id, .. } = desk.event() else { panic!() };
    desk.run(Command::Reply { request: id, reply: reply(200) });
    assert_eq!(desk.said_with("Allow"), [format!("200 {inside}, REGISTER")]);
    assert_eq!(desk.placed().1.headers.get("Allow"), Some(inside));
}

#[test]
fn a_100_says_when_its_invite_was_sent_and_how_long_it_waited() {
    for (field, value) in [("Timestamp: 54\r\n", Some("54 0.200")), ("", None)] {
        let mut desk = Desk::new();
        desk.hear(&request("INVITE", "i1", 1, "", field));
        desk.wait(200);
        assert_eq!(desk.response(100).headers.get("Timestamp"), value);
        let Event::Incoming { call, .. } = desk.event() else { panic!() };
        desk.run(Command::Answer { call, reply: reply(180) });
        assert_eq!(desk.response(180).headers.get("Timestamp"), None);
    }
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("INVITE", "r1", 2, &tag, "Timestamp: 54.5\r\n"));
    assert_eq!(desk.response(100).headers.get("Timestamp"), Some("54.5"));
}

#[test]
fn an_unsupported_option_is_named() {
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", "Require: 100rel, timer\r\n"));
    assert_eq!(desk.response(420).headers.get("Unsupported"), Some("100rel, timer"));
}

#[test]
fn an_invite_without_hops_is_483() {
    let mut desk = Desk::new();
    desk.hear(&request("INVITE", "i1", 1, "", "").replace("Max-Forwards: 70", "Max-Forwards: 0"));
    assert_eq!(desk.said(), ["483"]);
}

#[test]
fn an_answer_goes_where_the_request_came_from() {
    let mut desk = Desk::new();
    let behind_nat = udp("203.0.113.7:40000");
    desk.hear_from(behind_nat, &request("INVITE", "i1", 1, "", "").replace("192.0.2.99", "10.0.0.5"));
    desk.wait(200);
    let (flow, bytes) = desk.sent.pop_front().unwrap();
    assert_eq!(flow, behind_nat);
    let Message::Response(trying) = Message::parse(&bytes).unwrap() else { panic!() };
    let via = trying.headers.via_top().unwrap();
    assert_eq!((via.param("received"), via.param("rport")), (Some("203.0.113.7"), Some("40000")));
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    let tag = trying.headers.to().unwrap().tag().unwrap().to_owned();
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.hear_from(behind_nat, &request("ACK", "a1", 1, &tag, "").replace("192.0.2.99", "10.0.0.5"));
    desk.sent.clear();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    let (flow, bytes) = desk.sent.pop_front().unwrap();
    assert_eq!(flow, behind_nat, "the BYE follows the flow, not the private Contact");
    assert!(bytes.starts_with(b"BYE sip:bob@10.0.0.5 SIP/2.0\r\n"));
}

#[test]
fn a_peer_without_rport_is_answered_at_the_port_of_its_via() {
    let mut desk = Desk::new();
    desk.hear_from(udp("192.0.2.99:40000"), &request("OPTIONS", "o1", 1, "", "").replace(";rport", ""));
    let Event::Outside { request, .. } = desk.event() else { panic!() };
    desk.run(Command::Reply { request, reply: reply(200) });
    assert_eq!(desk.sent[0].0.remote, PEER.parse().unwrap());
}

#[test]
fn a_request_of_before_rfc_3261_is_served() {
    let mut desk = Desk::new();
    let old = |method, cseq| request(method, "", cseq, "", "").replace(";branch=z9hG4bK;rport", "");
    desk.hear(&old("INVITE", 1));
    desk.wait(200);
    desk.hear(&old("INVITE", 1));
    assert_eq!((desk.said(), desk.happened()), (vec!["100".to_owned(), "100".to_owned()], vec!["Incoming".to_owned()]));
    desk.hear(&old("CANCEL", 1));
    assert_eq!(desk.said(), ["200", "487"]);
}

#[test]
fn a_peer_that_sends_from_one_port_and_listens_at_another_is_told_there() {
    let mut desk = Desk::new();
    let asymmetric = |text: String| text.replace(";rport", "").replace("<sip:bob@192.0.2.99>\r\nContent", "<sip:bob@192.0.2.99:5062>\r\nContent");
    desk.hear_from(udp("192.0.2.99:40000"), &asymmetric(request("INVITE", "i1", 1, "", "")));
    desk.wait(200);
    let tag = desk.response(100).headers.to().unwrap().tag().unwrap().to_owned();
    let Event::Incoming { call, .. } = desk.event() else { panic!() };
    desk.run(Command::Answer { call, reply: reply(200) });
    desk.hear_from(udp("192.0.2.99:40000"), &asymmetric(request("ACK", "a1", 1, &tag, "")));
    desk.sent.clear();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    assert_eq!(desk.sent[0].0, udp("192.0.2.99:5062"));
}
