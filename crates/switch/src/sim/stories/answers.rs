//! Called peers that answer oddly, written by hand.

use super::*;

const CALLED: &str = "198.51.100.7:5060";

fn called() -> SocketAddr {
    CALLED.parse().unwrap()
}

/// A session calls the peer, whose INVITE this is.
fn invited(hangs_up_ms: u64) -> (World, String) {
    let mut world = world();
    world.letters.entry(called()).or_default();
    let plan = Plan { places: vec![to_uri("sip:carol@198.51.100.7")], hangs_up_ms: Some(hangs_up_ms), ..Plan::default() };
    world.begin_session(Mind::Plan(plan), false);
    world.run(100);
    let invite = world.letters[&called()][0].clone();
    assert!(invite.starts_with("INVITE "), "{invite}");
    (world, invite)
}

fn respond(world: &mut World, request: &str, status: u16, tag: &str, more: &str, body: &str) {
    let mut text = format!("SIP/2.0 {status} Said\r\n");
    for line in request.lines().filter(|line| ["Via:", "From:", "Call-ID:", "CSeq:"].iter().any(|name| line.starts_with(name))) {
        text += &format!("{line}\r\n");
    }
    let to = request.lines().find(|line| line.starts_with("To:")).unwrap();
    let tag = if tag.is_empty() || to.contains(";tag=") { String::new() } else { format!(";tag={tag}") };
    text += &format!("{to}{tag}\r\nContact: <sip:carol@{CALLED}>\r\n{more}");
    if !body.is_empty() {
        text += "Content-Type: application/sdp\r\n";
    }
    text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    world.datagram(called(), text.as_bytes());
    world.run(50);
}

/// Answers what is due still, so that nothing is left.
fn obey(world: &mut World) {
    for _ in 0..3 {
        let letters = world.letters[&called()].clone();
        for letter in letters.iter().filter(|letter| letter.starts_with("BYE ") || letter.starts_with("CANCEL ") || letter.starts_with("OPTIONS ")) {
            respond(world, letter, 200, "x", "", "");
        }
        world.run(5_000);
    }
    quiet(world);
}

fn count(world: &World, start: &str) -> usize {
    let mut letters: Vec<&String> = world.letters[&called()].iter().filter(|letter| letter.starts_with(start)).collect();
    letters.sort();
    letters.dedup();
    letters.len()
}

#[test]
fn a_description_in_183_need_not_come_again_with_200() {
    let (mut world, invite) = invited(1_000);
    respond(&mut world, &invite, 183, "a", "", "sound 0 0 0");
    respond(&mut world, &invite, 200, "a", "", "");
    world.run(2_000);
    assert_eq!(world.ledger.connected, 1);
    obey(&mut world);
    assert_eq!((count(&world, "ACK"), count(&world, "BYE")), (1, 1));
}

#[test]
fn an_answer_without_any_description_ends_the_call() {
    let (mut world, invite) = invited(1_000);
    respond(&mut world, &invite, 200, "a", "", "");
    obey(&mut world);
    assert_eq!((world.ledger.connected, count(&world, "ACK"), count(&world, "BYE")), (0, 1, 1));
    assert_eq!(explained(&world), ["The peer answered without a description of its audio."]);
}

#[test]
fn of_two_answers_with_two_tags_one_is_the_call() {
    let (mut world, invite) = invited(1_000);
    respond(&mut world, &invite, 180, "a", "", "");
    respond(&mut world, &invite, 183, "b", "", "sound 0 0 0");
    respond(&mut world, &invite, 200, "c", "", "sound 0 0 0");
    respond(&mut world, &invite, 200, "d", "", "sound 0 0 0");
    respond(&mut world, &invite, 200, "c", "", "sound 0 0 0");
    obey(&mut world);
    // One is ended at once, the other a second later.
    assert_eq!((world.ledger.connected, count(&world, "ACK"), count(&world, "BYE")), (1, 2, 2));
}

#[test]
fn a_redirection_is_a_failure() {
    let (mut world, invite) = invited(0);
    respond(&mut world, &invite, 302, "a", "", "");
    obey(&mut world);
    assert_eq!((explained(&world), count(&world, "INVITE")), (vec!["The called side answered 302 Said."], 1));
}

#[test]
fn a_challenge_that_nobody_can_answer_is_a_failure() {
    let (mut world, invite) = invited(0);
    respond(&mut world, &invite, 407, "a", "Proxy-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n", "");
    obey(&mut world);
    assert_eq!((explained(&world), count(&world, "INVITE")), (vec!["The called side answered 407 Said."], 1));
}

#[test]
fn a_peer_that_only_tries_is_given_up_after_60_s() {
    for status in [100, 180, 183] {
        let (mut world, invite) = invited(0);
        respond(&mut world, &invite, status, "a", "", "");
        world.run(61_000);
        let cancel = world.letters[&called()].iter().find(|letter| letter.starts_with("CANCEL ")).unwrap().clone();
        respond(&mut world, &cancel, 200, "a", "", "");
        // The INVITE is never answered.
        quiet(&mut world);
        assert_eq!(explained(&world), ["Nobody answered in time."]);
    }
}

#[test]
fn an_answer_that_crosses_the_cancel_is_taken_and_ended() {
    let (mut world, invite) = invited(0);
    respond(&mut world, &invite, 180, "a", "", "");
    world.run(61_000);
    respond(&mut world, &invite, 200, "a", "", "sound 0 0 0");
    obey(&mut world);
    assert_eq!((world.ledger.connected, count(&world, "CANCEL"), count(&world, "ACK"), count(&world, "BYE")), (0, 1, 1, 1));
}

#[test]
fn a_reinvite_of_the_called_side_is_answered() {
    let (mut world, invite) = invited(20_000);
    respond(&mut world, &invite, 200, "a", "", "sound 0 0 0");
    let line = |name: &str| invite.lines().find(|line| line.starts_with(name)).unwrap().split_once(": ").unwrap().1.to_owned();
    for (cseq, body) in [(1, "hold 0 0 0"), (2, "sound 0 0 0"), (3, "nothing 0 0 0")] {
        let text = format!(
            "INVITE sip:x@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP {CALLED};branch=z9hG4bKr{cseq};rport\r\nFrom: {};tag=a\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {cseq} INVITE\r\n\
             Contact: <sip:carol@{CALLED}>\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            line("To:"),
            line("From:"),
            line("Call-ID:"),
            body.len()
        );
        world.datagram(called(), text.as_bytes());
        world.run(200);
        let ack = text
            .replace("INVITE", "ACK")
            .replace("z9hG4bKr", if cseq == 3 { "z9hG4bKr" } else { "z9hG4bKs" })
            .replace(body, "")
            .replace("Content-Type: application/sdp\r\n", "");
        let ack = ack.split("Content-Length").next().unwrap().to_owned() + "Content-Length: 0\r\n\r\n";
        world.datagram(called(), ack.as_bytes());
        world.run(200);
    }
    assert_eq!((count(&world, "SIP/2.0 200"), count(&world, "SIP/2.0 488"), world.switch.calls()), (2, 1, 1));
    world.run(20_000);
    obey(&mut world);
    assert_eq!(explained(&world), Vec::<&str>::new());
}

#[test]
fn a_scenario_hears_by_name_who_answers() {
    let to = "To: \"Carol of To\" <sip:carol@198.51.100.7>";
    for (more, name) in
        [("P-Asserted-Identity: \"Carol\" <sip:carol@198.51.100.7>, <tel:+1555>\r\n", "Carol"), ("P-Asserted-Identity: <<>\r\n", "Carol of To"), ("", "Carol of To")]
    {
        let mut world = world();
        world.letters.entry(called()).or_default();
        let text = "const call = VoxEngine.callSIP('sip:carol@198.51.100.7', { callerid: '15550100' });
          call.addEventListener(CallEvents.Connected, (e) => { Logger.write(`@ ${e.displayName}`); call.hangup(); });
          call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);";
        world.begin_session(Mind::Script(text.to_owned()), false);
        world.run(100);
        let invite = world.letters[&called()][0].clone();
        let told = invite.lines().find(|line| line.starts_with("To:")).unwrap();
        respond(&mut world, &invite.replace(told, to), 200, "a", more, "sound 0 0 0");
        obey(&mut world);
        assert!(world.ledger.logs[&1].contains(&format!("@ {name}")), "{:?}", world.ledger.logs);
    }
}

/// What a scenario hears of a call to the peer, which answers like this.
fn hears(answers: impl FnOnce(&mut World, &str)) -> Vec<String> {
    let mut world = world();
    world.letters.entry(called()).or_default();
    let text = "VoxEngine.addEventListener(AppEvents.Started, () => {
      const out = VoxEngine.callSIP('sip:carol@198.51.100.7', { callerid: '1', outProxy: '', authUser: '', password: '' });
      for (const event of ['Ringing', 'AudioStarted', 'Connected', 'Failed'])
        out.addEventListener(CallEvents[event], (e) => Logger.write(`@ ${event} ${e.code ?? ''}${e.headers && e.headers['X-Why'] || ''}${e.headers && e.headers.Reason || ''}`));
    });";
    let session_id = world.begin_session(Mind::Script(text.to_owned()), false);
    world.run(100);
    let invite = world.letters[&called()][0].clone();
    answers(&mut world, &invite);
    obey(&mut world);
    world.ledger.logs[&session_id].iter().filter_map(|line| Some(line.strip_prefix("@ ")?.trim().to_owned())).collect()
}

#[test]
fn a_refusal_comes_with_its_headers_whatever_its_class() {
    for status in [486, 603] {
        let heard = hears(|world, invite| respond(world, invite, status, "a", "X-Why: busy\r\nReason: Q.850;cause=17\r\n", ""));
        assert_eq!(heard, [format!("Failed {status}busyQ.850;cause=17")]);
    }
}

#[test]
fn ringing_is_told_once_and_not_over_an_announcement() {
    let heard = hears(|world, invite| {
        respond(world, invite, 180, "a", "", "");
        respond(world, invite, 180, "a", "", "");
        respond(world, invite, 183, "a", "", "sound 0 0 0");
        respond(world, invite, 180, "a", "", "");
        respond(world, invite, 486, "a", "", "");
    });
    assert_eq!(heard, ["Ringing", "AudioStarted 183", "Failed 486"]);
}
