use super::*;

fn ask(desk: &mut Desk, call: CallId, method: &str) -> RequestId {
    let request = desk.agent.request();
    desk.run(Command::Inside { call, request, method: method.to_owned(), headers: Vec::new(), body: sdp() });
    request
}

/// A request of the called peer of `talking`.
fn peers(sent: &Request, method: &str, branch: &str, cseq: u32) -> String {
    let tag = sent.headers.from().unwrap().tag().unwrap().to_owned();
    request(method, branch, cseq, &tag, "").replace("tag=peer", "tag=p").replace("Call-ID: c1", &format!("Call-ID: {}", sent.headers.call_id().unwrap()))
}

#[test]
fn requests_inside_a_call_wait_for_the_users_reply() {
    for method in ["INFO", "MESSAGE", "UPDATE", "REFER", "NOTIFY", "OPTIONS"] {
        let mut desk = Desk::new();
        let (_, tag) = desk.answered();
        desk.hear(&request(method, "m1", 2, &tag, ""));
        let Event::Requested { request: id, message, .. } = desk.event() else { panic!() };
        assert_eq!(message.method, method);
        assert!(desk.said().is_empty());
        desk.run(Command::Reply { request: id, reply: reply(202) });
        desk.run(Command::Reply { request: id, reply: reply(500) });
        desk.hear(&request(method, "m1", 2, &tag, ""));
        assert_eq!(desk.said(), ["202", "202"]);
    }
}

#[test]
fn a_request_that_the_user_forgets_is_forgotten() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("UPDATE", "m1", 2, &tag, ""));
    desk.wait(33_000);
    desk.events.clear();
    desk.hear(&request("UPDATE", "m2", 3, &tag, ""));
    assert_eq!(desk.happened(), ["Requested UPDATE"]);
}

#[test]
fn requests_out_of_order_or_of_another_dialog_are_refused() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("INFO", "m1", 10, &tag, ""));
    desk.hear(&request("INFO", "m2", 9, &tag, ""));
    desk.hear(&request("INFO", "m3", 11, &tag, "").replace("tag=peer", "tag=other"));
    desk.hear(&request("INFO", "m4", 11, &tag, "").replace("Call-ID: c1", "Call-ID: c2"));
    desk.hear(&request("INFO", "m5", 11, "1-0123456789abcdef", ""));
    desk.hear(&request("PRACK", "m6", 11, &tag, ""));
    desk.hear(&request("DANCE", "m7", 11, &tag, ""));
    assert_eq!((desk.said(), desk.happened()), (["500", "481", "481", "481", "405", "501"].map(str::to_owned).to_vec(), vec!["Requested INFO".to_owned()]));
}

#[test]
fn a_re_invite_is_answered_and_moves_the_target() {
    let mut desk = Desk::new();
    let (call, tag) = desk.answered();
    desk.hear(&request("INVITE", "r1", 2, &tag, "").replace("Contact: <sip:bob@192.0.2.99>", "Contact: <sip:moved@192.0.2.99>"));
    desk.response(100);
    let Event::Requested { request: id, .. } = desk.event() else { panic!() };
    desk.run(Command::Reply { request: id, reply: Reply { status: 200, body: sdp(), ..Reply::default() } });
    desk.wait(600);
    assert_eq!(desk.said(), ["200", "200"]);
    desk.hear(&request("ACK", "a2", 2, &tag, ""));
    assert_eq!(desk.happened(), ["Acknowledged"]);
    desk.wait(10_000);
    desk.run(Command::Hangup { call, headers: Vec::new() });
    assert_eq!(desk.request("BYE").uri.to_string(), "sip:moved@192.0.2.99");
}

#[test]
fn a_re_invite_whose_2xx_nobody_acknowledges_ends_the_call() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("INVITE", "r1", 2, &tag, ""));
    let Event::Requested { request: id, .. } = desk.event() else { panic!() };
    desk.run(Command::Reply { request: id, reply: reply(200) });
    desk.wait(32_000);
    assert_eq!(desk.happened(), ["Ended NoAck"]);
}

#[test]
fn a_second_re_invite_has_to_wait() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("INVITE", "r1", 2, &tag, ""));
    desk.hear(&request("INVITE", "r2", 3, &tag, ""));
    desk.hear(&request("UPDATE", "u1", 4, &tag, ""));
    desk.response(100);
    assert!(desk.response(500).headers.get("Retry-After").is_some());
    assert!(desk.response(500).headers.get("Retry-After").is_some());
    assert_eq!(desk.happened(), ["Requested INVITE"]);
}

#[test]
fn a_cancelled_re_invite_leaves_the_call() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("INVITE", "r1", 2, &tag, ""));
    desk.events.clear();
    desk.hear(&request("CANCEL", "r1", 2, &tag, ""));
    assert_eq!((desk.said(), desk.events.len()), (["100", "200", "487"].map(str::to_owned).to_vec(), 0));
    desk.hear(&request("INVITE", "r2", 3, &tag, ""));
    assert_eq!(desk.happened(), ["Requested INVITE"]);
}

#[test]
fn a_re_invite_that_crosses_ours_is_491() {
    let mut desk = Desk::new();
    let (call, sent) = desk.talking();
    ask(&mut desk, call, "INVITE");
    desk.sent.clear();
    desk.hear(&peers(&sent, "INVITE", "r1", 1));
    desk.hear(&peers(&sent, "UPDATE", "r2", 2));
    assert_eq!(desk.said(), ["491", "491"]);
}

#[test]
fn our_re_invite_that_crossed_is_sent_again_after_its_time() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    ask(&mut desk, call, "INVITE");
    let ours = desk.request("INVITE");
    desk.hear(&response_to(&ours, 491, "p", &[]));
    assert_eq!(desk.said(), ["ACK"]);
    desk.wait(2_099);
    assert!(desk.said().is_empty(), "the side that chose the Call-ID waits 2.1 s at least");
    desk.wait(1_901);
    let again = desk.request("INVITE");
    assert_eq!(again.headers.cseq().unwrap().number, 3);
    assert_eq!(again.body, ours.body);
    desk.sent.clear();
    desk.hear(&response_to(&again, 200, "p", &[]));
    assert_eq!((desk.said(), desk.happened()), (vec!["ACK".to_owned()], vec!["Replied 200".to_owned()]));
}

#[test]
fn a_request_that_always_crosses_is_given_up() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    ask(&mut desk, call, "UPDATE");
    for _ in 0..5 {
        desk.wait(4_000);
        let Some(Message::Request(ours)) = desk.sent.pop_back().map(|(_, bytes)| Message::parse(&bytes).unwrap()) else { panic!() };
        desk.sent.clear();
        desk.hear(&response_to(&ours, 491, "p", &[]));
    }
    assert_eq!(desk.happened(), ["Replied 491"]);
}

#[test]
fn our_offer_waits_until_the_peers_is_answered() {
    let mut desk = Desk::new();
    let (call, tag) = desk.answered();
    desk.hear(&request("UPDATE", "u1", 2, &tag, ""));
    let Event::Requested { request: id, .. } = desk.event() else { panic!() };
    ask(&mut desk, call, "INVITE");
    assert!(desk.said().is_empty());
    desk.run(Command::Reply { request: id, reply: reply(200) });
    desk.wait(2_000);
    assert_eq!(desk.said()[..2], ["200", "INVITE"]);
}

#[test]
fn a_request_is_replied_and_a_challenge_in_between_answered() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    ask(&mut desk, call, "INFO");
    let info = desk.request("INFO");
    desk.hear(&response_to(&info, 401, "p", &[("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\"")]));
    let info = desk.request("INFO");
    assert_eq!(info.headers.cseq().unwrap().number, 3);
    desk.hear(&response_to(&info, 200, "p", &[]));
    assert_eq!(desk.happened(), ["Replied 200"]);
}

#[test]
fn a_peer_that_knows_no_call_loses_it() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    ask(&mut desk, call, "INFO");
    let info = desk.request("INFO");
    desk.hear(&response_to(&info, 481, "p", &[]));
    assert_eq!((desk.said().len(), desk.happened()), (0, vec!["Replied 481".to_owned(), "Ended Lost".to_owned()]));
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn a_peer_that_does_not_answer_a_request_loses_the_call() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    ask(&mut desk, call, "INFO");
    desk.wait(32_000);
    assert_eq!(desk.happened(), ["Replied 408", "Ended Lost"]);
    assert_eq!(desk.said().last().unwrap(), "BYE");
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn a_request_in_a_call_that_is_over_is_481() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    desk.run(Command::Hangup { call, headers: Vec::new() });
    desk.events.clear();
    ask(&mut desk, call, "INFO");
    assert_eq!(desk.happened(), ["Replied 481"]);
}

#[test]
fn methods_of_the_agent_are_not_the_users() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    for method in ["BYE", "ACK", "CANCEL", "PRACK", "A B", "X\r\nY"] {
        ask(&mut desk, call, method);
        assert_eq!((desk.said().len(), desk.happened()), (0, vec!["Replied 400".to_owned()]));
    }
}

#[test]
fn an_update_before_the_answer_is_taken_without_an_offer_only() {
    let mut desk = Desk::new();
    let (call, tag) = desk.incoming();
    desk.run(Command::Answer { call, reply: reply(183) });
    desk.sent.clear();
    desk.hear(&request("UPDATE", "u1", 2, &tag, "Content-Type: application/sdp\r\n\r\nv=0\r\n"));
    assert_eq!(desk.said(), ["500"]);
    desk.hear(&request("UPDATE", "u2", 3, &tag, ""));
    assert_eq!(desk.happened(), ["Requested UPDATE"]);
}

#[test]
fn what_is_open_in_a_call_ends_with_it() {
    let mut desk = Desk::new();
    let (_, tag) = desk.answered();
    desk.hear(&request("INVITE", "r1", 2, &tag, ""));
    desk.hear(&request("BYE", "b1", 3, &tag, ""));
    assert_eq!(desk.said(), ["100", "200", "487"]);
    assert_eq!(desk.happened(), ["Requested INVITE", "Ended Bye"]);
}
