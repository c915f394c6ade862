use super::*;

fn hang_up(desk: &mut Desk, call: CallId) {
    desk.run(Command::Hangup { call, headers: vec![("X-Why".to_owned(), "bored".to_owned())] });
}

const CHALLENGE: &str = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5";

#[test]
fn an_invite_has_what_a_peer_needs_and_nothing_that_the_user_may_not_say() {
    let mut desk = Desk::new();
    let call = desk.agent.call();
    let mut asked = invite();
    asked.headers = vec![
        ("X-Custom".to_owned(), "1".to_owned()),
        ("From".to_owned(), "<sip:evil@evil>".to_owned()),
        ("i".to_owned(), "evil".to_owned()),
        ("X-Split".to_owned(), "1\r\nRoute: <sip:evil>".to_owned()),
        ("Max-Forwards".to_owned(), "12".to_owned()),
    ];
    desk.run(Command::Invite { call, target: to_peer(), invite: asked });
    assert_eq!(desk.sent[0].0, udp(PEER));
    let sent = desk.request("INVITE");
    assert_eq!(sent.headers.get("Contact"), Some("<sip:alice@192.0.2.1:5060>"));
    assert_eq!(sent.headers.get("Max-Forwards"), Some("12"));
    assert_eq!(sent.headers.get("User-Agent"), Some("Cordboard"));
    assert_eq!(sent.headers.get("Content-Type"), Some("application/sdp"));
    let via = sent.headers.via_top().unwrap();
    assert!(via.branch().unwrap().starts_with("z9hG4bK") && via.param("rport").is_some());
    assert!(sent.headers.get("From").unwrap().starts_with("\"Alice\" <sip:alice@192.0.2.1>;tag="));
    assert!(sent.headers.get("X-Split").is_none() && sent.headers.get("Route").is_none());
    assert_eq!((sent.headers.all("From").count(), sent.headers.all("Call-ID").count()), (1, 1));
}

#[test]
fn an_address_that_would_split_its_line_is_refused() {
    for break_it in [|asked: &mut Invite| asked.from.push_str("\r\nX: y"), |asked: &mut Invite| asked.to = "<sip:a@b>;tag=x".to_owned()] {
        let mut desk = Desk::new();
        let call = desk.agent.call();
        let mut asked = invite();
        break_it(&mut asked);
        desk.run(Command::Invite { call, target: to_peer(), invite: asked });
        assert_eq!((desk.said().len(), desk.happened()), (0, vec!["Failed 400".to_owned()]));
    }
}

#[test]
fn a_call_that_nobody_hears_fails_after_timer_b() {
    let mut desk = Desk::new();
    desk.placed();
    desk.wait(31_999);
    assert_eq!(desk.said(), ["INVITE"; 6]);
    assert!(desk.events.is_empty());
    desk.wait(1);
    assert_eq!(desk.happened(), ["Failed 408"]);
    assert!(desk.is_empty());
}

#[test]
fn a_call_that_rings_for_ever_is_cancelled() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    desk.hear(&response_to(&sent, 180, "p", &[]));
    assert_eq!(desk.happened(), ["Progress 180"]);
    desk.wait(190_000);
    assert_eq!((desk.said(), desk.happened()), (vec!["CANCEL".to_owned()], vec!["Failed 408".to_owned()]));
    desk.wait(65_000);
    assert!(desk.is_empty());
}

#[test]
fn a_2xx_is_acknowledged_each_time_it_comes() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    let ok = response_to(&sent, 200, "p", &[("Record-Route", "<sip:p2;lr>, <sip:p1;lr>")]);
    desk.hear(&ok);
    desk.hear(&ok);
    let (first, second) = (desk.request("ACK"), desk.request("ACK"));
    assert_eq!(first, second);
    assert_eq!(first.uri.to_string(), "sip:bob-p@192.0.2.99");
    assert_eq!(first.headers.all("Route").collect::<Vec<_>>(), ["<sip:p1;lr>", "<sip:p2;lr>"]);
    assert_eq!(first.headers.cseq().unwrap().number, 1);
    assert_ne!(first.headers.via_top().unwrap().branch(), sent.headers.via_top().unwrap().branch());
    assert_eq!(desk.happened(), ["Answered"]);
}

#[test]
fn a_refusal_is_acknowledged_in_its_transaction() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    let busy = response_to(&sent, 486, "p", &[]);
    desk.hear(&busy);
    desk.hear(&busy);
    let ack = desk.request("ACK");
    assert_eq!(ack, desk.request("ACK"));
    assert_eq!(ack.headers.via_top().unwrap().branch(), sent.headers.via_top().unwrap().branch());
    assert_eq!(ack.headers.to().unwrap().tag(), Some("p"));
    assert_eq!(ack.uri, sent.uri);
    assert_eq!(desk.happened(), ["Failed 486"]);
    desk.wait(32_000);
    assert!(desk.is_empty());
}

#[test]
fn the_first_branch_wins_and_another_is_ended() {
    let mut desk = Desk::new();
    let (call, sent) = desk.placed();
    desk.hear(&response_to(&sent, 180, "a", &[]));
    desk.hear(&response_to(&sent, 183, "b", &[]));
    assert_eq!(desk.happened(), ["Progress 180", "Progress 183"]);
    desk.hear(&response_to(&sent, 200, "a", &[]));
    assert_eq!((desk.said(), desk.happened()), (vec!["ACK".to_owned()], vec!["Answered".to_owned()]));
    desk.hear(&response_to(&sent, 200, "b", &[]));
    let (ack, bye) = (desk.request("ACK"), desk.request("BYE"));
    assert_eq!((ack.headers.to().unwrap().tag(), bye.headers.to().unwrap().tag()), (Some("b"), Some("b")));
    assert_eq!(bye.uri.to_string(), "sip:bob-b@192.0.2.99");
    desk.hear(&response_to(&sent, 200, "b", &[]));
    assert_eq!(desk.said(), ["ACK"]);
    desk.hear(&response_to(&bye, 200, "b", &[]));
    assert!(desk.events.is_empty());
    hang_up(&mut desk, call);
    assert_eq!(desk.request("BYE").headers.to().unwrap().tag(), Some("a"));
}

#[test]
fn branches_without_end_are_not_all_remembered() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    for tag in 0..100 {
        desk.hear(&response_to(&sent, 200, &format!("t{tag}"), &[]));
    }
    assert_eq!(desk.said().len(), 1 + 7 * 2);
    desk.wait(70_000);
    assert_eq!(desk.agent.sizes().transactions, 0);
}

#[test]
fn cancel_waits_for_a_provisional_answer() {
    let mut desk = Desk::new();
    let (call, sent) = desk.placed();
    hang_up(&mut desk, call);
    assert_eq!((desk.said().len(), desk.happened()), (0, vec!["Failed 487".to_owned()]));
    desk.hear(&response_to(&sent, 100, "", &[]));
    let cancel = desk.request("CANCEL");
    assert_eq!(cancel.headers.via_top(), sent.headers.via_top());
    assert_eq!(cancel.headers.get("X-Why"), Some("bored"));
    assert_eq!((cancel.headers.get("To"), cancel.headers.get("From")), (sent.headers.get("To"), sent.headers.get("From")));
    desk.hear(&response_to(&cancel, 200, "p", &[]));
    desk.hear(&response_to(&sent, 487, "p", &[]));
    assert_eq!((desk.said(), desk.events.len()), (vec!["ACK".to_owned()], 0));
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn a_cancel_that_nobody_answers_is_repeated_and_the_invite_given_up() {
    let mut desk = Desk::new();
    let (call, sent) = desk.placed();
    desk.hear(&response_to(&sent, 180, "p", &[]));
    hang_up(&mut desk, call);
    desk.wait(32_000);
    assert_eq!(desk.said()[..3], ["CANCEL", "CANCEL", "CANCEL"]);
    assert_eq!(desk.happened(), ["Progress 180", "Failed 487"]);
    assert!(desk.is_empty());
}

#[test]
fn a_2xx_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let mut desk = Desk::new();
    let (call, sent) = desk.placed();
    desk.hear(&response_to(&sent, 180, "p", &[]));
    hang_up(&mut desk, call);
    desk.hear(&response_to(&sent, 200, "p", &[]));
    assert_eq!(desk.said(), ["CANCEL", "ACK", "BYE"]);
    assert_eq!(desk.happened(), ["Progress 180", "Failed 487"]);
}

#[test]
fn a_2xx_without_any_provisional_answer_after_the_hang_up_is_ended_too() {
    let mut desk = Desk::new();
    let (call, sent) = desk.placed();
    hang_up(&mut desk, call);
    desk.hear(&response_to(&sent, 200, "p", &[]));
    assert_eq!(desk.said(), ["ACK", "BYE"]);
    assert_eq!(desk.happened(), ["Failed 487"]);
}

#[test]
fn a_challenge_is_answered_once_with_a_new_number() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    desk.hear(&response_to(&sent, 401, "p", &[("WWW-Authenticate", CHALLENGE)]));
    desk.request("ACK");
    let again = desk.request("INVITE");
    assert_eq!(again.headers.get("Call-ID"), sent.headers.get("Call-ID"));
    assert_eq!(again.headers.get("From"), sent.headers.get("From"));
    assert_eq!(again.headers.cseq().unwrap().number, 2);
    assert!(again.headers.to().unwrap().tag().is_none());
    assert!(again.headers.get("Authorization").unwrap().starts_with("Digest username=\"alice\""));
    assert_eq!(again.body, sent.body);
    desk.hear(&response_to(&again, 407, "p", &[("Proxy-Authenticate", "Digest realm=\"q\", nonce=\"m\"")]));
    desk.request("ACK");
    let third = desk.request("INVITE");
    assert!(third.headers.get("Authorization").is_some() && third.headers.get("Proxy-Authorization").is_some());
    assert!(desk.events.is_empty());
    desk.hear(&response_to(&third, 401, "p", &[("WWW-Authenticate", CHALLENGE)]));
    assert_eq!((desk.said(), desk.happened()), (vec!["ACK".to_owned()], vec!["Failed 401".to_owned()]));
}

#[test]
fn a_stale_nonce_is_answered_once_more() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    desk.hear(&response_to(&sent, 401, "p", &[("WWW-Authenticate", CHALLENGE)]));
    desk.request("ACK");
    let again = desk.request("INVITE");
    let stale = format!("{CHALLENGE}, stale=true");
    desk.hear(&response_to(&again, 401, "p", &[("WWW-Authenticate", &stale)]));
    desk.request("ACK");
    let third = desk.request("INVITE");
    assert_eq!(third.headers.all("Authorization").count(), 1);
    desk.hear(&response_to(&third, 401, "p", &[("WWW-Authenticate", &stale)]));
    assert_eq!(desk.happened(), ["Failed 401"]);
}

#[test]
fn a_challenge_after_the_hang_up_is_not_answered() {
    let mut desk = Desk::new();
    let (call, sent) = desk.placed();
    hang_up(&mut desk, call);
    desk.hear(&response_to(&sent, 401, "p", &[("WWW-Authenticate", CHALLENGE)]));
    assert_eq!((desk.said(), desk.happened()), (vec!["ACK".to_owned()], vec!["Failed 487".to_owned()]));
}

#[test]
fn a_redirection_is_reported_with_its_answer() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    desk.hear(&response_to(&sent, 302, "p", &[("Contact", "<sip:carol@192.0.2.98>")]));
    let Event::Failed { status: 302, response: Some(response), .. } = desk.event() else { panic!() };
    assert_eq!(response.headers.get("Contact"), Some("<sip:carol@192.0.2.98>"));
}

#[test]
fn late_and_repeated_answers_change_nothing() {
    let mut desk = Desk::new();
    let (_, sent) = desk.placed();
    desk.hear(&response_to(&sent, 486, "p", &[]));
    desk.hear(&response_to(&sent, 200, "p", &[]));
    desk.hear(&response_to(&sent, 180, "p", &[]));
    assert_eq!((desk.said(), desk.happened()), (vec!["ACK".to_owned()], vec!["Failed 486".to_owned()]));
    desk.wait(40_000);
    desk.hear(&response_to(&sent, 200, "p", &[]));
    assert!(desk.said().is_empty() && desk.events.is_empty() && desk.is_empty());
}

#[test]
fn a_challenged_bye_is_said_again() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    hang_up(&mut desk, call);
    let bye = desk.request("BYE");
    desk.hear(&response_to(&bye, 407, "p", &[("Proxy-Authenticate", CHALLENGE)]));
    let again = desk.request("BYE");
    assert!(again.headers.get("Proxy-Authorization").is_some());
    desk.hear(&response_to(&again, 200, "p", &[]));
    assert_eq!(desk.happened(), ["Ended Local"]);
    desk.wait(33_000);
    assert!(desk.is_empty());
}

#[test]
fn a_bye_that_nobody_answers_ends_all_the_same() {
    let mut desk = Desk::new();
    let (call, _) = desk.talking();
    hang_up(&mut desk, call);
    assert_eq!(desk.happened(), ["Ended Local"]);
    desk.wait(33_000);
    assert!(desk.is_empty());
}
